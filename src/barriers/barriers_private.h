/* What the parts of barriers share.
 *
 *   barriers.c  clause by clause and kind by kind: what to try, the log, the results
 *   vary.c      a table in which one fact is another for everybody
 *   values.c    which values are tried
 *   trial.c     the decisions as things are, and value by value
 *   ask.c       decisions over the rows of a table
 *   hide.c      small numbers
 *   write.c     JSON and rows */
#pragma once

#include "barriers.h"
#include "columns/columns.h"
#include "county/county.h"

/* ---- vary.c --------------------------------------------------------------- */

/* A column that follows from the varied one. */
typedef struct {
  const RegistryRecomputed *recomputed;
  const ColumnsColumn *own; /* as things are */
  ColumnsColumn *column;    /* in the varied table */
  guint8 *none, *unknown;   /* its masks */
} VaryFollower;

/* A table in which the fact at the end of a path is one value for all rows that the path
 * leads to, and what follows from it is recomputed.  On every other way the rows are as they are. */
typedef struct {
  Arena *arena;
  const RegistryAttribute *attribute;
  const ColumnsTable *table; /* the subject's */
  const ColumnsColumn *own;  /* the fact as it is */
  ColumnsColumn *column;     /* the same, varied; NULL where nobody reads it, but what follows from it */
  size_t n_rows, n_followers;
  VaryFollower *followers;
  guint8 *everywhere; /* a mask of all rows, once it is needed */
} Variation;

/* TABLE with the fact of ATTRIBUTE at the end of PATH varied; TRIED are all values that vary_to
 * will be given, of a date or number two: the lowest and the highest.  OWN: its column, where TABLE does not
 * show it.  NULL where the path leads through what TABLE has not. */
Variation *vary_new (Arena *arena, const ColumnsTable *table, const FeelPath *path,
                     const RegistryAttribute *attribute, const ColumnsColumn *own, const FeelValue *tried,
                     size_t n_tried);
/* From now on the fact is VALUE. */
void vary_to (Variation *v, FeelValue value);
/* From now on nobody has said what the fact is, nor what follows from it, as far as rows are read one by one.
 */
void vary_to_unknown (Variation *v);
void vary_free (Variation *v); /* its arrays */
/* The column of ATTRIBUTE at the end of PATH as it is; NULL where TABLE has none. */
const ColumnsColumn *vary_own (const ColumnsTable *table, const FeelPath *path);

/* ---- values.c ------------------------------------------------------------- */

/* What is tried of a fact. */
typedef struct {
  size_t n;
  const BarriersValue *values; /* without counts */
} Values;

/* The values a text or truth may have: those allowed, else those on record; none where these are more
 * than can be tried. */
Values values_listed (Arena *arena, const RegistryAttribute *attribute, const ColumnsColumn *own);
/* The lowest and highest value that a date or number may have on AS_OF. */
void values_bounds (const RegistryAttribute *attribute, const ColumnsColumn *own, Day as_of, gint64 *low,
                    gint64 *high);
const char *barriers_value_text (Arena *arena, FeelValue value);
FeelValue values_value (const RegistryAttribute *attribute, gint64 value);
/* Decisions about one kind of subject, asked over a table. */
typedef struct {
  const BarriersOptions *options;
  const char *variable;
  size_t n_rows, n_subjects; /* rows of the table; the first of them that count */
  const FeelEntry *constants;
  size_t n_constants;
} Question;

/* The cases that N decisions about V's table make of it from LOW to HIGH.  ALL gets for each decision whether
 * it has no others; where one may, more values are tried. */
Values values_of_cases (Arena *arena, const Question *question, const Variation *v,
                        const DmnDecision *const *decisions, size_t n, gint64 low, gint64 high, bool *all);

/* ---- ask.c --------------------------------------------------------------- */

typedef enum { OUTCOME_NO, OUTCOME_OPEN, OUTCOME_YES } Outcome;

ColumnsProgram *question_compile (const Question *question, const ColumnsTable *table,
                                  const DmnDecision *const *decisions, size_t n);
/* The decisions' programs over TABLE; those outside the subset are asked through dmn/. */
typedef struct Asker Asker;
Asker *asker_new (const Question *question, const ColumnsTable *table, const DmnDecision *const *decisions,
                  size_t n);
void asker_free (Asker *asker);
const char *asker_why (const Asker *asker, size_t i); /* why decision I is asked row by row; or NULL */
/* Called per chunk by several threads at once: OUTCOMES by decision of rows FIRST to FIRST + N. */
typedef void (*AskerTake) (void *host, unsigned thread, size_t first, size_t n,
                           const guint8 *const *outcomes);
/* Rows of a decision outside the subset for which SKIP (by decision; may be NULL, or have NULL) is
 * not 0 are not asked: their outcome is told as NO. */
void asker_run (Asker *asker, const guint8 *const *skip, AskerTake take, void *host);
enum { ASKER_THREADS_MAX = 16 };
unsigned asker_threads (const BarriersOptions *options);

/* ---- trial.c ---------------------------------------------------------------- */

/* A clause's provisions about one kind of subject, asked as things are. */
typedef struct Trial Trial;
/* PROVISIONS must stay, as must COUNTY; what is told goes to ARENA. */
Trial *trial_new (const BarriersOptions *options, Arena *arena, const County *county,
                  const RegistryEntity *entity, const PolicyProvision *const *provisions, size_t n,
                  const FeelPath *paths, size_t n_paths);
void trial_free (Trial *trial);
/* Counts N findings about one and the same fact. */
void trial_findings (const Trial *trial, BarriersFinding *const *findings, size_t n);
void trial_parity (const Trial *trial, BarriersParity *const *parity, size_t n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Trial, trial_free)

/* ---- barriers.c --------------------------------------------------------------- */

/* A yes-or-no mark of origin of ENTITY itself, for which parity is asked; or NULL. */
const RegistryAttribute *barriers_origin (const RegistryEntity *entity);
