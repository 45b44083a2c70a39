/* The lines of a transcript, for who writes and who checks them. */
#pragma once

#include "allocation/allocation.h"

/* Names as the files say them. */
/* Members of matched slots, of their entry. */
void transcript_seats (JsonWriter *w, const AllocationSpec *spec, const AllocationSlots *slots);
extern const char *const allocation_tie_names[];       /* by AllocationTies, NULL-terminated */
extern const char *const allocation_slot_kind_names[]; /* by AllocationSlotKind, NULL-terminated */

/* The member "seats" of matched slots; of others nothing. */
void transcript_seats (JsonWriter *w, const AllocationSpec *spec, const AllocationSlots *slots);
/* The line "closing" of a closed spec.  Faults as lottery_announce. */
bool transcript_closing (const AllocationSpec *spec, GString *out, GError **error);
/* The line "drawing" of a revealed spec.  Faults as lottery_seed. */
bool transcript_drawing (const AllocationSpec *spec, GString *out, GError **error);
/* The line of the application I; TICKET may be NULL. */
void transcript_placed (const AllocationSpec *spec, size_t i, const guint8 *ticket,
                        const AllocationOutcome *outcome, GString *out);
/* The line "result" over PLACED, the lines before it. */
void transcript_result (const AllocationSpec *spec, const AllocationOutcome *outcome, Text placed,
                        GString *out);
/* The last line over all that OUT holds. */
void transcript_end (GString *out);
/* In which order applications are listed with their places: of tickets, or of ids. */
void transcript_order (const AllocationSpec *spec, const guint8 (*tickets)[LOTTERY_BYTES], guint32 *order);
