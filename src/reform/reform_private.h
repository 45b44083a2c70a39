/* reform, inside.
 *
 *   change.c    what is set otherwise: read, and laid over the parameters
 *   affected.c  the provisions that a change can reach
 *   rules.c     decisions compared as they are written
 *   evaluate.c  answers of one kind of subject under one set of rules, chunk by chunk
 *   compare.c   two answers of a subject, counted
 *   baseline.c  kinds of subjects, the log, the answers that are kept
 *   reform.c    one change from end to end
 *   hide.c      small numbers
 *   write.c     JSON and rows
 */
#pragma once

#include "reform.h"

#include "columns/columns.h"

#include <pthread.h>

/* A subject's answer, as it is kept: a PolicyOutcome, or yes with an amount that cannot be computed. */
enum { ANSWER_OPEN = REFORM_OUTCOMES, ANSWERS };

static inline PolicyOutcome
answer_outcome (int answer)
{
  return answer == ANSWER_OPEN ? POLICY_YES : (PolicyOutcome)answer;
}

/* ---- change.c ------------------------------------------------------------ */

/* PACKAGE's parameters on AS_OF as the FEEL context 参数, with SETTINGS over them. */
FeelValue change_parameters (const PolicyPackage *package, Arena *arena, Day as_of,
                             const ReformSetting *settings, size_t n);

/* ---- affected.c, rules.c -------------------------------------------------- */

typedef struct {
  const PolicyProvision *before, *after; /* as in ReformProvision */
  size_t n_decisions;
  const DmnDecision *const *decisions;
} Affected;

bool is_in_force (const PolicyProvision *provision, Day as_of);
/* What each provision of the baseline reads of the parameters. */
void affected_read (ReformBaseline *baseline);
const Affected *affected_by_settings (const ReformBaseline *baseline, Arena *arena,
                                      const ReformChange *change, int clause, size_t *n);
const Affected *affected_by_draft (const PolicyPackage *package, const PolicyPackage *draft, Day as_of,
                                   Arena *arena, int clause, size_t *n);

/* Decisions of two packages compared with what they require: as they are written, and by the
 * values of the parameters that they read. */
typedef struct Rules Rules;
Rules *rules_new (const PolicyPackage *package, Day as_of);
void rules_free (Rules *rules);
/* What DECISION says by itself, and with all that it requires; equal where those are.  NULL: "". */
const char *rules_own (Rules *rules, const DmnDecision *decision);
const char *rules_all (Rules *rules, const DmnDecision *decision);

/* ---- evaluate.c ------------------------------------------------------------ */

/* Answers of so many rows. */
typedef struct {
  guint8 *codes;
  gint64 *amounts; /* NULL: none, or EXACT; where the answer is POLICY_YES, times 10^SCALE; else 0 */
  Decimal *exact;  /* the same, where columns/ does not compute them */
  unsigned scale;
} Answers;

/* Provisions of one kind under one set of rules. */
typedef struct {
  const PolicyPackage *package;
  FeelValue parameters; /* as the rules want them */
  Day as_of;
  const char *subject; /* how decisions call it: 居民 */
  const ColumnsTable *table;
  size_t n;
  const PolicyProvision *const *provisions;
} Question;

/* Called by several threads at once, with the answers to PROVISION for rows FIRST to FIRST + N; they are
 * gone afterwards. */
typedef void (*EvaluateTake) (void *host, unsigned thread, size_t provision, size_t first, size_t n,
                              const Answers *answers);

typedef struct Evaluation Evaluation;
Evaluation *evaluation_new (const Question *question);
void evaluation_free (Evaluation *evaluation);
/* Why provision I goes row by row, "name: why"; NULL when it does not. */
const char *evaluation_why (const Evaluation *evaluation, size_t i);
/* Whether its amounts are EXACT, and their SCALE where they are not. */
bool evaluation_is_exact (const Evaluation *evaluation, size_t i, unsigned *scale);
void evaluation_run (const Evaluation *evaluation, unsigned n_threads, EvaluateTake take, void *host);

/* ---- compare.c --------------------------------------------------------------- */

/* How it stands: before. */
typedef struct {
  gint64 n[ANSWERS];
  Decimal sum;
} Standing;

/* Those whose answer or amount changes. */
typedef struct {
  gint64 moved[ANSWERS][ANSWERS];
  ReformEffect effects[REFORM_KINDS];
  Decimal difference;
} Moves;

/* What changes for one subject. */
typedef struct {
  int was, is;     /* answers */
  int kind;        /* ReformKind; −1: none of them */
  bool has_amount; /* AMOUNT is known */
  Decimal amount, difference;
} Move;

/* Nobody. */
void standing_clear (Standing *standing);
void moves_clear (Moves *moves);
/* ALL from row FIRST on. */
Answers answers_from (const Answers *all, size_t first);
/* Whether N rows are answered alike, when that is quickly seen; for row R exactly. */
bool is_same_chunk (const Answers *before, const Answers *after, size_t n);
bool is_changed (const Answers *before, const Answers *after, size_t r);
/* Of row R, which is_changed. */
Move move_of (const Answers *before, const Answers *after, size_t r);
void moves_count (Moves *moves, const Move *move);
void moves_add (Moves *to, const Moves *from);
void standing_count (Standing *standing, const Answers *answers, size_t r);
void standing_add (Standing *to, const Standing *from);
/* Of those who stand so and move so; AMOUNT_BEFORE, AMOUNT_AFTER: the provision has one. */
ReformCount count_of (const Standing *standing, const Moves *moves, bool amount_before, bool amount_after);

/* ---- baseline.c ---------------------------------------------------------------- */

enum { REFORM_THREADS = 16 };

/* The subjects of one entity: the first N rows of TABLE, which is NULL where nothing is held. */
typedef struct {
  const RegistryEntity *entity;
  size_t n;
  const ColumnsTable *table;
  AuditSet *set;
  size_t n_groupings, n_groups; /* groups of all groupings, one after the other */
  const PopulationGrouping *groupings;
} Kind;

/* How one provision is answered today. */
typedef struct {
  const PolicyProvision *provision;
  Answers answers; /* of every subject */
  const char *row_by_row;
  Standing *standings; /* all, then group by group */
} Kept;

struct ReformBaseline {
  ReformOptions options;
  Arena *arena;
  pthread_mutex_t mutex; /* one computes at a time */
  FeelValue parameters;
  GHashTable *kinds;  /* RegistryEntity * → Kind * */
  GHashTable *kept;   /* PolicyProvision * → Kept * */
  GHashTable *logged; /* "clause-23/resident" */
  size_t n_reads;
  const struct ParameterReads *reads; /* of every provision in force */
  size_t bytes;
};

Kind *baseline_kind (ReformBaseline *baseline, const RegistryEntity *entity);
/* The entry about what CLAUSE of PACKAGE reads of KIND. */
bool baseline_log (ReformBaseline *baseline, const PolicyPackage *package, Access *access,
                   const PolicyClause *clause, Kind *kind, GError **error);
/* PROVISIONS, all about KIND, answered and logged, as far as they are not yet. */
bool baseline_keep (ReformBaseline *baseline, Kind *kind, const PolicyProvision *const *provisions, size_t n,
                    GError **error);
/* NULL where nobody is there to be asked. */
const Kept *baseline_kept (const ReformBaseline *baseline, const PolicyProvision *provision);
