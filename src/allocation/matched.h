/* A run of slots that guarantees seats to several traits at once.
 *
 * Each trait has so many seats; a holder fills one seat of one trait that they have.  Which sets can sit so
 * is Hall's condition (1935): for every set of traits no more sit there who have none but these, than these
 * have seats.  First comes the best such set by claims, which is also the largest (greedy on a transversal
 * matroid: Edmonds and Fulkerson 1965; for reserves Sönmez and Yenmez 2022); then the best of all others, as
 * many as there are seats left.  Neither depends on the order in which claims come.
 *
 *     Matched *matched = matched_new (slots);
 *     guint32 on = matched_ask (matched, key, mask, applicant);     … goes on, unless nobody does
 *     matched_free (matched);
 *
 * A mask says which of the run's traits somebody has: bit s is that of slots->seats[s].  With 8 traits there
 * are 256 masks, so an asker costs the same whether a hundred or a million hold a seat. */
#pragma once

#include "allocation/allocation.h"

typedef struct {
  guint64 key; /* the lesser the better; no two are equal */
  guint32 applicant;
  guint8 mask;
} MatchedClaim;

typedef struct Matched Matched;

/* SLOTS, of ALLOCATION_MATCHED, must outlive it. */
Matched *matched_new (const AllocationSlots *slots);
void matched_free (Matched *matched);
/* Which of the run's traits are among TRAITS. */
guint8 matched_mask (const AllocationSlots *slots, guint64 traits);
/* A claim asks for a slot.  Who has none then: the asker, who was pushed out, or ALLOCATION_NOWHERE. */
guint32 matched_ask (Matched *matched, guint64 key, guint8 mask, guint32 applicant);
/* Appends all holders (MatchedClaim) to OUT: first those of traits' seats, how many is returned; then others.
 */
guint32 matched_holders (const Matched *matched, GArray *out);
/* Whom a claim with MASK that was refused would have to pass for a slot: the least of those in its way.
 * NULL: no claim would be enough, for all slots are held by traits that they have not. */
const MatchedClaim *matched_in_the_way (const Matched *matched, guint8 mask);

/* The same choice by moving people along chains of seats, for the certificate: CLAIMS, the best first, may
 * sit; marks in CHOSEN (one per claim, zeroed) who does. */
void matched_choose (const AllocationSlots *slots, const guint8 *masks, guint32 n, bool *chosen);
