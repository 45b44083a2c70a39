/* A draw with its names: what a SPEC.yaml says, what a transcript repeats, and what a module fills in
 * that holds its applications elsewhere.  The mechanisms see numbers only (AllocationProblem); here are the
 * ids, the names of keys and traits, and the lottery's papers.  docs/allocation.md describes both files. */
#pragma once

#include "lottery/lottery.h"

enum { ALLOCATION_TRAITS_MAX = 64, ALLOCATION_DECIMALS_MAX = 6 };

typedef struct {
  const char *name;
  bool of_choice, ascending; /* a value for each choice; the lesser comes first */
  unsigned decimals;         /* 85.5 with one is kept as 855 */
} AllocationSpecKey;

typedef struct {
  const char *pool;
  AllocationMechanism mechanism;
  AllocationTies ties;
  size_t n_keys, n_traits, n_regions, n_units, n_slots, n;
  const AllocationSpecKey *keys;
  const char *const *traits;
  const AllocationRegion *regions;
  const AllocationUnit *units;
  const AllocationSlots *slots;
  const char *const *ids; /* of the N applications, sorted by their bytes */
  const guint32 *starts, *choices;
  const gint64 *const *values; /* per key: N values, or one for each choice */
  const guint64 *traits_of;
  const guint32 *family_of;         /* with siblings together: as allocation_siblings wants them; else NULL */
  bool has_lottery, is_drawn;       /* announced; revealed */
  LotteryAnnouncement announcement; /* list and rules are set by allocation_close */
  LotteryReveal reveal;
} AllocationSpec;

/* Reads SPEC.yaml and the tables that it names, into ARENA.  NULL with FAULT_NOT_FOUND, FAULT_INPUT (file,
 * line or row, and what is wrong there). */
AllocationSpec *allocation_spec_read (Arena *arena, const char *path, GError **error);
/* The numbers of SPEC, in ARENA and SPEC's own; TICKETS may be NULL. */
AllocationProblem allocation_spec_problem (const AllocationSpec *spec, Arena *arena,
                                           const guint8 (*tickets)[LOTTERY_BYTES]);
/* A value of KEY as people write it, "85.5", in ARENA. */
const char *allocation_value_text (Arena *arena, const AllocationSpecKey *key, gint64 value);
