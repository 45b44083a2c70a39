/* Decisions over the rows of a table: by columns/, and through dmn/ row by row what it does not take. */
#include "barriers_private.h"

#include <string.h>

enum { DEFAULT_THREADS = 2 };

/* A decision that is not in the program. */
typedef struct {
  size_t i;
  const char *why;
  const FeelPath *paths;
  size_t n_paths;
} Outside;

struct Asker {
  const Question *question;
  Arena *arena;
  const ColumnsTable *table;
  const DmnDecision *const *decisions;
  size_t n, n_outside;
  Outside *outside;
  ColumnsProgram *program;
  unsigned n_threads;
  ColumnsRows *rows[ASKER_THREADS_MAX]; /* by thread; where something is asked row by row */
  Arena *row_arenas[ASKER_THREADS_MAX];
  guint8 **outcomes[ASKER_THREADS_MAX]; /* by thread and decision: of a chunk */
  const guint8 *const *skip;
  AskerTake take;
  void *host;
};

unsigned
asker_threads (const BarriersOptions *options)
{
  return MIN (options->threads ? options->threads : DEFAULT_THREADS, ASKER_THREADS_MAX);
}

/* ---- row by row ---------------------------------------------------------------- */

static Outcome
ask_row (const Asker *a, unsigned thread, const Outside *outside, size_t row)
{
  Arena *arena = a->row_arenas[thread];
  arena_reset (arena);
  DmnRun *run = columns_rows_turn (a->rows[thread], row, outside->paths, outside->n_paths, arena);
  FeelValue v = dmn_run_decision (run, a->decisions[outside->i]);
  return feel_is_true (v) ? OUTCOME_YES : feel_is_false (v) ? OUTCOME_NO : OUTCOME_OPEN;
}

static void
ask_rows (const Asker *a, const ColumnsChunk *chunk, const Outside *outside)
{
  guint8 *outcomes = a->outcomes[chunk->thread][outside->i];
  const guint8 *skip = a->skip ? a->skip[outside->i] : NULL;
  for (size_t i = 0; i < chunk->n; i++)
    outcomes[i]
        = skip && skip[chunk->first + i] ? OUTCOME_NO : ask_row (a, chunk->thread, outside, chunk->first + i);
}

/* ---- by columns ------------------------------------------------------------------ */

static void
tell_outcomes (const ColumnsAnswer *answer, guint8 *restrict outcomes, size_t n)
{
  const guint8 *truths = answer->truths, *none = answer->none, *unknown = answer->unknown;
  for (size_t i = 0; i < n; i++)
    outcomes[i] = truths[i] & OUTCOME_YES;
  for (size_t i = 0; none && i < n; i++)
    outcomes[i] |= none[i] & OUTCOME_OPEN;
  for (size_t i = 0; unknown && i < n; i++)
    outcomes[i] |= unknown[i] & OUTCOME_OPEN;
}

static void
take_chunk (void *host, const ColumnsChunk *chunk)
{
  const Asker *a = host;
  if (a->question->options->stop && g_atomic_int_get (a->question->options->stop))
    return;
  guint8 **outcomes = a->outcomes[chunk->thread];
  for (size_t i = 0; i < a->n; i++)
    if (!columns_program_why (a->program, i))
      tell_outcomes (&chunk->answers[i], outcomes[i], chunk->n);
  for (size_t i = 0; i < a->n_outside; i++)
    ask_rows (a, chunk, &a->outside[i]);
  size_t n
      = chunk->first < a->question->n_subjects ? MIN (chunk->n, a->question->n_subjects - chunk->first) : 0;
  a->take (a->host, chunk->thread, chunk->first, n, (const guint8 *const *)outcomes);
}

/* ---- all together ------------------------------------------------------------------ */

static void
add_outside (Asker *a, size_t i)
{
  const char *why = columns_program_why (a->program, i);
  Outside *outside = &a->outside[a->n_outside];
  if (!why)
    return;
  size_t n;
  const PolicyPackage *package = a->question->options->package;
  const RegistryEntity *root = registry_schema_entity (policy_schema (package), a->question->variable);
  outside->paths = policy_decision_paths (package, a->arena, root, a->decisions[i], &n);
  outside->n_paths = n;
  outside->i = i;
  outside->why = why;
  a->n_outside++;
}

static ColumnsWorld
world_of (const Question *question, const ColumnsTable *table)
{
  return (ColumnsWorld){ question->variable, table, question->constants, question->n_constants, true };
}

static void
open_rows (Asker *a, unsigned thread)
{
  ColumnsWorld world = world_of (a->question, a->table);
  a->rows[thread] = columns_rows_new (&world, policy_model (a->question->options->package), DMN_PLAIN);
  a->row_arenas[thread] = arena_new ();
}

ColumnsProgram *
question_compile (const Question *question, const ColumnsTable *table, const DmnDecision *const *decisions,
                  size_t n)
{
  ColumnsWorld world = world_of (question, table);
  return columns_compile (&world, decisions, NULL, n);
}

Asker *
asker_new (const Question *question, const ColumnsTable *table, const DmnDecision *const *decisions, size_t n)
{
  Asker *a = g_new0 (Asker, 1);
  *a = (Asker){ .question = question, .arena = arena_new (), .table = table, .decisions = decisions, .n = n };
  a->program = question_compile (question, table, decisions, n);
  a->outside = arena_new0 (a->arena, Outside, n + 1);
  for (size_t i = 0; i < n; i++)
    add_outside (a, i);
  a->n_threads = asker_threads (question->options);
  for (unsigned t = 0; t < a->n_threads; t++) {
    if (a->n_outside)
      open_rows (a, t);
    a->outcomes[t] = arena_new0 (a->arena, guint8 *, n + 1);
    for (size_t i = 0; i < n; i++)
      a->outcomes[t][i] = arena_new0 (a->arena, guint8, COLUMNS_CHUNK);
  }
  return a;
}

void
asker_free (Asker *a)
{
  columns_program_free (a->program);
  for (unsigned t = 0; t < a->n_threads && a->n_outside; t++) {
    columns_rows_free (a->rows[t]);
    arena_free (a->row_arenas[t]);
  }
  arena_free (a->arena);
  g_free (a);
}

const char *
asker_why (const Asker *a, size_t i)
{
  return columns_program_why (a->program, i);
}

void
asker_run (Asker *a, const guint8 *const *skip, AskerTake take, void *host)
{
  a->skip = skip;
  a->take = take;
  a->host = host;
  columns_run (a->program, a->n_threads, take_chunk, a);
}
