/* What the parts of jobs share that bring people and posts together.
 *
 *     advertisement ──meaning──> row ─┐
 *                                     ├─ board ──> a market's run ──> matches, reasons
 *     profile and record ──meaning─> row ─┘
 *
 * Rows are what a market's file (markets/jobs.yaml) asks of either side: numbers, and concepts of the
 * vocabulary.  They are made once and kept; a run is put together from them for one question. */
#pragma once

#include "fulltext/fulltext.h"
#include "jobs/jobs_private.h"
#include "market/market.h"
#include "vocabulary/vocabulary.h"

/* ---- search.c -------------------------------------------------------------------------- */

/* Open advertisements in which any of the WISHES' words stand, the best first: also where the vocabulary has
 * no name for them. */
const FulltextAnswer *search_wishes (Jobs *jobs, StoreConnection *db, Arena *arena, const char *const *wishes,
                                     GError **error);

/* ---- meaning.c ------------------------------------------------------------------------- */

/* The spaces of the market: concepts of the vocabulary, and of texts that it does not know. */
typedef struct Meaning Meaning;
/* NULL with the errors of vocabulary_load. */
Meaning *meaning_new (const char *folder, GError **error);
void meaning_free (Meaning *meaning); /* NULL is ignored */

const Vocabulary *meaning_words (const Meaning *meaning);

/* Spaces in the order of these; those that grow have every text so far. */
enum { SPACE_OCCUPATION, SPACE_SKILL, SPACE_CERTIFICATE, SPACE_TOWNSHIP, SPACES };
/* In ARENA, whose names are the meaning's own. */
const MarketSpace *meaning_spaces (const Meaning *meaning, Arena *arena);

/* What is said, as columns of the market know it. */
enum {
  SAID_WANTED,
  SAID_TRADES,
  SAID_SKILLS,
  SAID_CERTIFICATES,
  SAID_EDUCATION,
  SAID_SKILL_LEVEL,
  SAID_BIRTH_DATE,
  SAID_TOWNSHIPS,
  SAID_PAY_FROM,
  SAID_HARD_TO_EMPLOY,
  SAID_HOME,
  SAID_OCCUPATION,
  SAID_KIND,
  SAID_PAY_TO,
  SAID_PUBLISHED_ON,
  SAID_CLOSES_ON,
  SAYINGS,
};
const char *said_id (int said); /* "wanted" … */

typedef struct {
  gint64 values[SAYINGS];
  GArray *concepts[SAYINGS]; /* guint32, each once */
} Said;
void said_open (Said *said);
void said_close (Said *said);

/* Into SAID (opened).  Under the board's lock: texts that are new get a concept. */
void meaning_of_post (Meaning *meaning, const Jobs *jobs, const JobsPost *post, Said *said);
void meaning_of_seeker (Meaning *meaning, const Jobs *jobs, const JobsProfile *profile,
                        const SeekerRecord *record, Said *said);
/* As if the seeker had all there are so far. */
void meaning_every_certificate (const Meaning *meaning, Said *said);
/* How many texts have become concepts so far: spaces made before have no more. */
guint32 meaning_grown (const Meaning *meaning);
const VocabularyConcept *meaning_concept (const Meaning *meaning, int space, guint32 concept);

/* ---- board.c --------------------------------------------------------------------------- */

/* Of a side, by its columns: one block. */
typedef struct {
  gint64 id, version;
  bool shown, alerts; /* of a seeker: to employers; they want to be told */
  gint64 *values;
  guint32 *starts, *concepts; /* of column c: starts[c] … starts[c + 1] */
} Row;

/* NULL with FAULT_INPUT (the market's file; a column that nothing fills); *BOARD NULL where there is none. */
bool board_open (Jobs *jobs, Board **board, GError **error);
void board_free (Board *board); /* NULL is ignored */
const Market *board_market (const Board *board);
const Meaning *board_meaning (const Board *board);

/* A market of either side, or of one that looks and the other side: its own, it needs no lock. */
typedef struct {
  Arena *arena;
  MarketInput input;
  MarketRun *run;
  gint64 *ids[2];   /* of the rows */
  gint64 *versions; /* of the posts */
  bool *alerts;     /* of the seekers: they want to be told */
  gpointer base;    /* board.c: whose posts it uses; NULL: its own */
} BoardRun;
void board_run_free (BoardRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoardRun, board_run_free)

/* Who meets whom. */
typedef struct {
  bool everybody; /* all seekers on the board, shown to employers or not: for what they themselves are told */
  const JobsProfile *profile; /* the seeker, with RECORD: row 0, and as row 1 with every certificate; NULL:
                                 those shown */
  const SeekerRecord *record;
  const JobsPost *post; /* the post; NULL: those that take applications */
} BoardAsk;
BoardRun *board_run (Jobs *jobs, StoreConnection *db, const BoardAsk *ask, GError **error);
