/* Transcript: the papers of a draw in one file, by which anybody can draw it again.  A line is one JSON
 * object in one exact spelling; hashes are over the lines as they stand, each with its line feed.
 * docs/allocation.md lists them.  Application ids only: no name, no number of anybody's card. */
#pragma once

#include "allocation/siblings.h"
#include "allocation/spec.h"
#include "sheet/sheet.h"

typedef struct {
  const guint8 (*tickets)[LOTTERY_BYTES]; /* per application; NULL without a lottery */
  const guint32 *unit_of, *slots_of;      /* per application: the unit, and which of its runs of slots; or
                                             ALLOCATION_NOWHERE */
} AllocationOutcome;

/* The rules and applications, as the transcript begins: what `rules` of the announcement is the hash of. */
void allocation_problem_text (const AllocationSpec *spec, GString *out);
/* Closes the list: sets list and rules of the announcement.  Faults as lottery_list. */
bool allocation_close (AllocationSpec *spec, GError **error);
/* The tickets of a closed and revealed spec, in ARENA; faults as lottery_seed. */
bool allocation_draw (const AllocationSpec *spec, Arena *arena, unsigned threads,
                      const guint8 (**tickets)[LOTTERY_BYTES], GError **error);
/* The whole transcript of a closed spec, onto OUT.  Faults as lottery_seed. */
bool allocation_transcript (const AllocationSpec *spec, const AllocationOutcome *outcome, GString *out,
                            GError **error);

typedef struct {
  AllocationSpec *spec; /* as the transcript says it: its hashes are still to be checked */
  AllocationOutcome outcome;
  size_t n_problem;     /* lines before the closing */
  const guint32 *order; /* of applications, as they are listed with their places */
} AllocationTranscript;

/* FAULT_INPUT names ORIGIN and the row. */
bool allocation_transcript_read (Arena *arena, Text text, const char *origin,
                                 AllocationTranscript *transcript, GError **error);

typedef struct {
  const char *what;  /* "the seed comes of the announcement, the secret and the public value" */
  const char *fault; /* NULL: it holds; else what does not, and in which row */
} AllocationCheck;

/* Draws the transcript TEXT again and compares; PUBLISHED is the announcement as it was published when the
 * list was closed, or NULL where nobody kept it.  Checks go on until one does not hold: *N of them, in ARENA.
 */
const AllocationCheck *allocation_verify (Arena *arena, Text text, const char *origin,
                                          const LotteryHash *published, size_t *n);

/* The result as JSON (docs/api/openapi.yaml, AllocationRun); RESULT NULL: closed, and still to be drawn.
 * PROBLEM and SIBLINGS (may be NULL) are allocation_spec_run's.  EXPLAIN: with each refusal, by which key and
 * what the last who was admitted had. */
void allocation_write (JsonWriter *w, const AllocationSpec *spec, const AllocationProblem *problem,
                       const AllocationResult *result, const AllocationSiblings *siblings, bool explain);
/* Who has which place, a row for each application.  Faults of the writer. */
bool allocation_write_csv (SheetWriter *out, const AllocationSpec *spec, const AllocationProblem *problem,
                           const AllocationResult *result, GError **error);
