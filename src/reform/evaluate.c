/* Answers under one set of rules: a program of columns/ for what compiles, dmn/ row by row for the rest. */
#include "reform_private.h"

/* One provision's decisions among the program's answers. */
typedef struct {
  size_t eligible, amount; /* AMOUNT: of no account where the provision has none */
  const char *why_eligible, *why_amount;
  FeelKind kind; /* of the amount's answer */
  unsigned scale;
} Asked;

struct Evaluation {
  Question question;
  Arena *arena;
  const ColumnsWorld *world;
  ColumnsProgram *program;
  Asked *asked;
  bool is_row_by_row; /* something is, and then it reads PATHS */
  FeelPath *paths;    /* of those decisions */
  size_t n_paths;
};

/* ---- what is asked ------------------------------------------------------------ */

static void
add_paths (Evaluation *e, const PolicyProvision *p, const DmnDecision *decision, GArray *paths)
{
  size_t n = 0;
  const FeelPath *own
      = decision ? policy_decision_paths (e->question.package, e->arena, p->subject, decision, &n) : NULL;
  if (n)
    g_array_append_vals (paths, own, (guint)n);
}

/* The table with what the provisions may read, and nothing else. */
static void
narrow_table (Evaluation *e)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  for (size_t i = 0; i < e->question.n; i++) {
    add_paths (e, e->question.provisions[i], e->question.provisions[i]->eligible, paths);
    add_paths (e, e->question.provisions[i], e->question.provisions[i]->amount, paths);
  }
  e->question.table
      = columns_table_view (e->question.table, (const FeelPath *)paths->data, paths->len, e->arena);
}

static void
read_program (Evaluation *e)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  for (size_t i = 0; i < e->question.n; i++) {
    const PolicyProvision *p = e->question.provisions[i];
    Asked *asked = &e->asked[i];
    asked->why_eligible = columns_program_why (e->program, asked->eligible);
    asked->why_amount = p->amount ? columns_program_why (e->program, asked->amount) : NULL;
    if (asked->why_eligible)
      add_paths (e, p, p->eligible, paths);
    if (asked->why_amount)
      add_paths (e, p, p->amount, paths);
    e->is_row_by_row |= evaluation_why (e, i) != NULL;
    if (p->amount && !asked->why_amount)
      asked->kind = columns_program_kind (e->program, asked->amount, &asked->scale);
  }
  e->n_paths = paths->len;
  e->paths = arena_copy (e->arena, paths->data, paths->len * sizeof (FeelPath));
}

Evaluation *
evaluation_new (const Question *question)
{
  Evaluation *e = g_new0 (Evaluation, 1);
  *e = (Evaluation){ .question = *question, .arena = arena_new () };
  narrow_table (e);
  e->asked = arena_new0 (e->arena, Asked, question->n);
  const DmnDecision **decisions = arena_new0 (e->arena, const DmnDecision *, 2 * question->n);
  size_t n = 0;
  for (size_t i = 0; i < question->n; i++) {
    const PolicyProvision *p = question->provisions[i];
    e->asked[i].eligible = n;
    decisions[n++] = p->eligible;
    e->asked[i].amount = n;
    if (p->amount)
      decisions[n++] = p->amount;
  }
  FeelEntry *constants = arena_new0 (e->arena, FeelEntry, 2);
  constants[0] = (FeelEntry){ TEXT_LITERAL (POLICY_PARAMETERS), question->parameters };
  constants[1] = (FeelEntry){ TEXT_LITERAL (POLICY_DATE), feel_date (question->as_of) };
  ColumnsWorld *world = arena_new0 (e->arena, ColumnsWorld, 1);
  *world = (ColumnsWorld){ question->subject, e->question.table, constants, 2, .answers_alone = true };
  e->world = world;
  e->program = columns_compile (world, decisions, NULL, n);
  read_program (e);
  return e;
}

void
evaluation_free (Evaluation *e)
{
  columns_program_free (e->program);
  arena_free (e->arena);
  g_free (e);
}

const char *
evaluation_why (const Evaluation *e, size_t i)
{
  return e->asked[i].why_eligible ? e->asked[i].why_eligible : e->asked[i].why_amount;
}

bool
evaluation_is_exact (const Evaluation *e, size_t i, unsigned *scale)
{
  *scale = e->asked[i].scale;
  return e->asked[i].why_amount != NULL;
}

/* ---- a row by dmn/ -------------------------------------------------------------- */

typedef struct {
  const Evaluation *evaluation;
  EvaluateTake take;
  void *host;
  struct Worker *workers; /* by thread */
} Run;

/* One thread's own. */
typedef struct Worker {
  const Evaluation *evaluation;
  Arena *arena; /* for a row */
  ColumnsRows *rows;
  DmnRun *run;   /* about the row at hand */
  guint8 *codes; /* provision × row of the chunk */
  gint64 *amounts;
  Decimal *exact;
} Worker;

static void
worker_open (Worker *w, const Evaluation *e)
{
  size_t n = e->question.n * COLUMNS_CHUNK;
  *w = (Worker){ .evaluation = e, .arena = arena_new () };
  w->codes = g_new (guint8, n);
  w->amounts = g_new (gint64, n);
  w->exact = g_new0 (Decimal, n);
  w->rows = columns_rows_new (e->world, policy_model (e->question.package), DMN_PLAIN);
}

static void
worker_close (Worker *w)
{
  if (!w->evaluation)
    return;
  columns_rows_free (w->rows);
  arena_free (w->arena);
  g_free (w->codes);
  g_free (w->amounts);
  g_free (w->exact);
}

static void
ask_row (Worker *w, size_t i, size_t r)
{
  const Asked *asked = &w->evaluation->asked[i];
  const PolicyProvision *p = w->evaluation->question.provisions[i];
  guint8 *code = &w->codes[i * COLUMNS_CHUNK + r];
  if (asked->why_eligible) {
    FeelValue v = dmn_run_decision (w->run, p->eligible);
    *code = feel_is_true (v) ? POLICY_YES : feel_is_false (v) ? POLICY_NO : POLICY_UNDETERMINED;
  }
  if (!asked->why_amount || *code != POLICY_YES)
    return;
  FeelValue v = dmn_run_decision (w->run, p->amount);
  if (v.kind == FEEL_NUMBER)
    w->exact[i * COLUMNS_CHUNK + r] = v.number;
  else
    *code = ANSWER_OPEN;
}

/* Whether row R is to be asked: an amount alone is asked of those who qualify. */
static bool
is_open_row (const Worker *w, size_t r)
{
  const Evaluation *e = w->evaluation;
  for (size_t i = 0; i < e->question.n; i++)
    if (e->asked[i].why_eligible || (e->asked[i].why_amount && w->codes[i * COLUMNS_CHUNK + r] == POLICY_YES))
      return true;
  return false;
}

static void
ask_rows (Worker *w, size_t first, size_t n)
{
  const Evaluation *e = w->evaluation;
  for (size_t r = 0; r < n; r++) {
    if (!is_open_row (w, r))
      continue;
    arena_reset (w->arena);
    w->run = columns_rows_turn (w->rows, first + r, e->paths, e->n_paths, w->arena);
    for (size_t i = 0; i < e->question.n; i++)
      if (evaluation_why (e, i))
        ask_row (w, i, r);
  }
}

/* ---- a chunk by columns/ ---------------------------------------------------------- */

static const guint8 nowhere[COLUMNS_CHUNK];

static const guint8 *
mask_of (const guint8 *mask)
{
  return mask ? mask : nowhere;
}

/* Who is neither yes nor no is undetermined, also where the answer is none (as population/ counts). */
static void
read_outcomes (const ColumnsAnswer *a, guint8 *restrict codes, size_t n)
{
  const guint8 *truths = mask_of (a->truths), *none = mask_of (a->none), *unknown = mask_of (a->unknown);
  for (size_t r = 0; r < n; r++) {
    guint8 open = (guint8)(none[r] | unknown[r]);
    guint8 yes_or_no = truths[r] ? POLICY_YES : POLICY_NO;
    codes[r] = open ? POLICY_UNDETERMINED : yes_or_no;
  }
}

static void
read_amounts (const Asked *asked, const ColumnsAnswer *a, guint8 *restrict codes, gint64 *restrict amounts,
              size_t n)
{
  bool is_number = asked->kind == FEEL_NUMBER && a->numbers;
  const guint8 *none = mask_of (a->none), *unknown = mask_of (a->unknown);
  for (size_t r = 0; r < n; r++) {
    bool yes = codes[r] == POLICY_YES, known = is_number && !(none[r] | unknown[r]);
    amounts[r] = yes && known ? a->numbers[r] : 0;
    codes[r] = yes && !known ? ANSWER_OPEN : codes[r];
  }
}

static void
take_chunk (void *data, const ColumnsChunk *chunk)
{
  Run *run = data;
  const Evaluation *e = run->evaluation;
  Worker *w = &run->workers[chunk->thread];
  if (!w->evaluation)
    worker_open (w, e);
  for (size_t i = 0; i < e->question.n; i++)
    if (!e->asked[i].why_eligible)
      read_outcomes (&chunk->answers[e->asked[i].eligible], &w->codes[i * COLUMNS_CHUNK], chunk->n);
  if (e->is_row_by_row)
    ask_rows (w, chunk->first, chunk->n);
  for (size_t i = 0; i < e->question.n; i++) {
    const Asked *asked = &e->asked[i];
    bool has_amount = e->question.provisions[i]->amount != NULL;
    size_t at = i * COLUMNS_CHUNK;
    Answers answers = { .codes = &w->codes[at], .scale = asked->scale };
    if (has_amount && asked->why_amount)
      answers.exact = &w->exact[at];
    else if (has_amount) {
      answers.amounts = &w->amounts[at];
      read_amounts (asked, &chunk->answers[asked->amount], answers.codes, answers.amounts, chunk->n);
    }
    run->take (run->host, chunk->thread, i, chunk->first, chunk->n, &answers);
  }
}

void
evaluation_run (const Evaluation *e, unsigned n_threads, EvaluateTake take, void *host)
{
  g_autofree Worker *workers = g_new0 (Worker, n_threads);
  Run run = { e, take, host, workers };
  columns_run (e->program, n_threads, take_chunk, &run);
  for (unsigned i = 0; i < n_threads; i++)
    worker_close (&workers[i]);
}
