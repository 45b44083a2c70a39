/* The decisions of a clause about one kind of subject, as things are and with one fact another. */
#include "barriers_private.h"

#include <string.h>

enum { FOUND_NO = 1, FOUND_OPEN = 2 };

struct Trial {
  const BarriersOptions *options;
  Arena *arena; /* of the results */
  Arena *own;   /* until the end of the trial */
  Question question;
  const ColumnsTable *table;
  size_t n;
  const PolicyProvision *const *provisions;
  const DmnDecision **eligible; /* theirs */
  guint8 **base;                /* outcomes as things are, by provision and row */
  const ColumnsColumn *township, *origin;
};

/* ---- as things are ------------------------------------------------------------- */

static void
take_base (void *host, unsigned thread, size_t first, size_t n, const guint8 *const *outcomes)
{
  Trial *t = host;
  for (size_t i = 0; i < t->n; i++)
    memcpy (t->base[i] + first, outcomes[i], n);
}

static void
add_constants (Trial *t)
{
  FeelEntry *constants = arena_new0 (t->own, FeelEntry, 2);
  constants[0] = (FeelEntry){ text_of (POLICY_PARAMETERS),
                              policy_parameters_value (t->options->package, t->own, t->options->as_of) };
  constants[1] = (FeelEntry){ text_of (POLICY_DATE), feel_date (t->options->as_of) };
  t->question.constants = constants;
  t->question.n_constants = 2;
}

static void
ask_base (Trial *t)
{
  t->base = arena_new0 (t->own, guint8 *, t->n);
  for (size_t i = 0; i < t->n; i++)
    t->base[i] = g_malloc0 (t->question.n_rows + 1);
  Asker *asker = asker_new (&t->question, t->table, t->eligible, t->n);
  asker_run (asker, NULL, take_base, t);
  asker_free (asker);
}

Trial *
trial_new (const BarriersOptions *options, Arena *arena, const County *county, const RegistryEntity *entity,
           const PolicyProvision *const *provisions, size_t n, const FeelPath *paths, size_t n_paths)
{
  const ColumnsTable *held = county_table (county, entity);
  const RegistryAttribute *origin = barriers_origin (entity);
  Trial *t = g_new0 (Trial, 1);
  *t = (Trial){ .options = options, .arena = arena, .own = arena_new (), .n = n, .provisions = provisions };
  t->eligible = arena_new0 (t->own, const DmnDecision *, n);
  for (size_t i = 0; i < n; i++)
    t->eligible[i] = provisions[i]->eligible;
  t->question = (Question){ .options = options, .variable = entity->zh };
  if (!held)
    return t; /* nobody */
  t->table = columns_table_view (held, paths, n_paths, t->own);
  t->question.n_rows = held->n_rows;
  t->question.n_subjects = county_subjects (county, entity);
  t->township = entity->township ? county_column (county, entity->township) : NULL;
  t->origin = origin ? county_column (county, origin) : NULL;
  add_constants (t);
  ask_base (t);
  return t;
}

void
trial_free (Trial *t)
{
  for (size_t i = 0; t->base && i < t->n; i++)
    g_free (t->base[i]);
  arena_free (t->own);
  g_free (t);
}

/* ---- with one fact another --------------------------------------------------------- */

/* One fact varied, for some of the provisions. */
typedef struct {
  const Trial *trial;
  size_t n;
  const guint8 **base;                      /* theirs */
  const guint8 *among;                      /* 1 for rows that count; NULL: all */
  guint8 **skip;                            /* rows not to be asked one by one; NULL for what is not */
  guint8 **found;                           /* FOUND_NO or FOUND_OPEN for those whom some value made a yes */
  BarriersCount *counts[ASKER_THREADS_MAX]; /* by provision: of the value at hand */
} Varying;

/* The inner loop: over rows, for a provision and a value. */
static void
compare_chunk (const guint8 *restrict base, const guint8 *restrict outcomes, const guint8 *among,
               guint8 *restrict found, size_t n, BarriersCount *count)
{
  guint16 no = 0, open = 0; /* a chunk's rows fit */
  for (size_t i = 0; i < n; i++) {
    guint8 yes = (outcomes[i] == OUTCOME_YES) & (among ? among[i] : 1);
    guint8 was_no = yes & (base[i] == OUTCOME_NO), was_open = yes & (base[i] == OUTCOME_OPEN);
    found[i] |= (guint8)(was_no * FOUND_NO | was_open * FOUND_OPEN);
    no = (guint16)(no + was_no);
    open = (guint16)(open + was_open);
  }
  count->no += no;
  count->open += open;
}

static void
take_varied (void *host, unsigned thread, size_t first, size_t n, const guint8 *const *outcomes)
{
  Varying *v = host;
  for (size_t i = 0; i < v->n; i++)
    compare_chunk (v->base[i] + first, outcomes[i], v->among ? v->among + first : NULL, v->found[i] + first,
                   n, &v->counts[thread][i]);
}

/* Rows that some value may make a yes.  What is answered no although nobody has said what the fact is, is
 * no for every value (a determined answer never changes when an unknown becomes known): those are
 * asked once, and not once per value. */
static void
take_hopeless (void *host, unsigned thread, size_t first, size_t n, const guint8 *const *outcomes)
{
  Varying *v = host;
  for (size_t i = 0; i < v->n; i++)
    for (size_t row = 0; v->skip[i] && row < n; row++)
      v->skip[i][first + row] |= outcomes[i][row] == OUTCOME_NO;
}

/* For decisions that are asked row by row, what need not be. */
static void
skip_hopeless (Varying *v, Asker *asker, Variation *variation)
{
  bool any = false;
  for (size_t i = 0; i < v->n; i++) {
    if (!asker_why (asker, i))
      continue;
    any = true;
    v->skip[i] = g_malloc0 (v->trial->question.n_rows + 1);
    for (size_t row = 0; row < v->trial->question.n_subjects; row++)
      v->skip[i][row] = v->base[i][row] == OUTCOME_YES || (v->among && !v->among[row]);
  }
  if (!any)
    return;
  vary_to_unknown (variation);
  asker_run (asker, (const guint8 *const *)v->skip, take_hopeless, v);
}

static void
varying_open (Varying *v, const Trial *t, const size_t *places, size_t n, const guint8 *among)
{
  *v = (Varying){ .trial = t, .n = n, .among = among };
  v->base = g_new0 (const guint8 *, n + 1);
  v->found = g_new0 (guint8 *, n + 1);
  v->skip = g_new0 (guint8 *, n + 1);
  for (size_t i = 0; i < n; i++) {
    v->base[i] = t->base[places[i]];
    v->found[i] = g_malloc0 (t->question.n_rows + 1);
  }
  for (unsigned k = 0; k < asker_threads (t->options); k++)
    v->counts[k] = g_new0 (BarriersCount, n + 1);
}

static void
varying_close (Varying *v)
{
  for (size_t i = 0; i < v->n; i++) {
    g_free (v->found[i]);
    g_free (v->skip[i]);
  }
  for (unsigned k = 0; k < asker_threads (v->trial->options); k++)
    g_free (v->counts[k]);
  g_free (v->base);
  g_free (v->found);
  g_free (v->skip);
}

/* What the threads have counted of provision I, which begins anew. */
static BarriersCount
varying_told (Varying *v, size_t i)
{
  BarriersCount sum = { 0 };
  for (unsigned k = 0; k < asker_threads (v->trial->options); k++) {
    sum.no += v->counts[k][i].no;
    sum.open += v->counts[k][i].open;
    v->counts[k][i] = (BarriersCount){ 0 };
  }
  return sum;
}

static void
add_found (BarriersCount *count, guint8 found)
{
  count->no += found == FOUND_NO;
  count->open += found == FOUND_OPEN;
}

/* ---- townships ------------------------------------------------------------------------ */

static gint64
place_at (const ColumnsColumn *column, size_t row)
{
  if ((column->none && column->none[row]) || (column->unknown && column->unknown[row]))
    return (gint64)column->n_texts;
  switch (column->width) {
  case 1: return ((const gint8 *)column->values)[row];
  case 2: return ((const gint16 *)column->values)[row];
  default: return ((const gint32 *)column->values)[row];
  }
}

static PolicyText
township_name (const Trial *t, const char *id)
{
  const RegistryDivisions *divisions = policy_divisions (t->options->package);
  const char *name = divisions && *id ? registry_division_name (divisions, id, t->options->as_of) : NULL;
  if (!*id)
    return (PolicyText){ "未登记", "Not on record" };
  return (PolicyText){ name ? name : id, name ? name : id };
}

static int
compare_townships (gconstpointer a, gconstpointer b)
{
  const BarriersTownship *x = a, *y = b;
  if (!*x->id || !*y->id)
    return !*x->id - !*y->id;
  return strcmp (x->id, y->id);
}

/* Where those found live: townships in the order of their codes, those without one last. */
static void
tell_townships (const Trial *t, const guint8 *found, BarriersFinding *finding)
{
  const ColumnsColumn *column = t->township;
  size_t n = column ? column->n_texts + 1 : 0, kept = 0;
  BarriersTownship *all = arena_new0 (t->arena, BarriersTownship, n);
  for (size_t i = 0; i < n; i++) {
    all[i].id = i + 1 < n ? arena_text (t->arena, column->texts[i]) : "";
    all[i].name = township_name (t, all[i].id);
  }
  for (size_t row = 0; row < t->question.n_subjects; row++) {
    add_found (&finding->count, found[row]);
    if (!column)
      continue;
    BarriersTownship *township = &all[place_at (column, row)];
    township->subjects++;
    add_found (&township->count, found[row]);
  }
  for (size_t i = 0; i < n; i++)
    if (all[i].subjects)
      all[kept++] = all[i];
  if (kept)
    qsort (all, kept, sizeof *all, compare_townships);
  finding->townships = all;
  finding->n_townships = kept;
}

/* ---- findings ---------------------------------------------------------------------------- */

static size_t
place_of (const Trial *t, const PolicyProvision *provision)
{
  size_t i = 0;
  while (t->provisions[i] != provision)
    i++;
  return i;
}

/* All, or those AMONG, as they are answered. */
static BarriersStanding
standing_of (const Trial *t, size_t place, const guint8 *among)
{
  BarriersStanding s = { 0 };
  for (size_t row = 0; row < t->question.n_subjects; row++) {
    guint8 outcome = t->base[place][row];
    bool counts = !among || among[row];
    s.subjects += counts;
    s.yes += counts && outcome == OUTCOME_YES;
    s.no += counts && outcome == OUTCOME_NO;
  }
  s.open = s.subjects - s.yes - s.no;
  return s;
}

/* What is tried: a table, the decisions over it, and which values. */
typedef struct {
  Variation *variation;
  Asker *asker;
  Values values;
  const DmnDecision **decisions;
  bool *all; /* by decision: every value or case is among them */
} Attempt;

static bool
attempt_open (Attempt *a, const Trial *t, const FeelPath *path, const RegistryAttribute *attribute,
              const size_t *places, size_t n)
{
  const ColumnsColumn *own = vary_own (t->table, path);
  bool listed = attribute->kind == REGISTRY_BOOLEAN || attribute->kind == REGISTRY_TEXT;
  gint64 low = 0, high = 0;
  *a = (Attempt){ 0 };
  if (!own)
    own = t->origin; /* the mark of parity, which the clause itself need not read */
  if (!own)
    return false;
  if (listed)
    a->values = values_listed (t->arena, attribute, own);
  else
    values_bounds (attribute, own, t->options->as_of, &low, &high);
  size_t n_tried = listed ? a->values.n : 2;
  FeelValue *tried = arena_new0 (t->own, FeelValue, n_tried);
  for (size_t i = 0; i < n_tried; i++)
    tried[i] = listed ? a->values.values[i].from : values_value (attribute, i ? high : low);
  a->decisions = arena_new0 (t->own, const DmnDecision *, n);
  a->all = arena_new0 (t->own, bool, n);
  for (size_t i = 0; i < n; i++) {
    a->decisions[i] = t->eligible[places[i]];
    a->all[i] = attribute->kind == REGISTRY_BOOLEAN || attribute->values;
  }
  a->variation = vary_new (t->own, t->table, path, attribute, own, tried, n_tried);
  if (!a->variation)
    return false;
  a->asker = asker_new (&t->question, a->variation->table, a->decisions, n);
  if (!listed)
    a->values = values_of_cases (t->arena, &t->question, a->variation, a->decisions, n, low, high, a->all);
  return true;
}

static void
attempt_close (Attempt *a)
{
  if (a->asker)
    asker_free (a->asker);
  if (a->variation)
    vary_free (a->variation);
}

/* VALUES, each with what it came to for every one of FINDINGS. */
static void
try_values (const Trial *t, Attempt *a, Varying *v, BarriersFinding *const *findings)
{
  size_t n = a->values.n;
  for (size_t i = 0; i < v->n; i++) {
    findings[i]->values = arena_copy (t->arena, a->values.values, n * sizeof (BarriersValue));
    findings[i]->n_values = n;
    findings[i]->all = a->all[i];
  }
  skip_hopeless (v, a->asker, a->variation);
  for (size_t k = 0; k < n; k++) {
    vary_to (a->variation, a->values.values[k].from);
    asker_run (a->asker, (const guint8 *const *)v->skip, take_varied, v);
    for (size_t i = 0; i < v->n; i++)
      ((BarriersValue *)findings[i]->values)[k].count = varying_told (v, i);
  }
}

void
trial_findings (const Trial *t, BarriersFinding *const *findings, size_t n)
{
  const PolicyBarrier *barrier = findings[0]->barrier;
  g_autofree size_t *places = g_new0 (size_t, n);
  Attempt a;
  Varying v;
  if (!t->table)
    return;
  for (size_t i = 0; i < n; i++)
    places[i] = place_of (t, findings[i]->barrier->provision);
  if (attempt_open (&a, t, &barrier->path, barrier->attribute, places, n)) {
    varying_open (&v, t, places, n, NULL);
    try_values (t, &a, &v, findings);
    for (size_t i = 0; i < n; i++) {
      const char *why = asker_why (a.asker, i);
      findings[i]->why = why ? arena_text (t->arena, text_of (why)) : NULL;
      findings[i]->now = standing_of (t, places[i], NULL);
      tell_townships (t, v.found[i], findings[i]);
    }
    varying_close (&v);
  }
  attempt_close (&a);
}

/* ---- parity ------------------------------------------------------------------------------- */

/* 1 for the rows that the origin is true of. */
static guint8 *
marked_rows (const Trial *t)
{
  guint8 *marked = g_malloc0 (t->question.n_rows + 1);
  const ColumnsColumn *c = t->origin;
  for (size_t row = 0; row < t->question.n_subjects; row++)
    marked[row]
        = ((const gint8 *)c->values)[row] && !(c->none && c->none[row]) && !(c->unknown && c->unknown[row]);
  return marked;
}

void
trial_parity (const Trial *t, BarriersParity *const *parity, size_t n)
{
  g_autofree size_t *places = g_new0 (size_t, n + 1);
  Attempt a;
  Varying v;
  if (!t->table || !t->origin || !n)
    return;
  Text name = text_of (parity[0]->origin->zh);
  FeelPath path = { .n = 1, .members = &name };
  g_autofree guint8 *marked = marked_rows (t);
  for (size_t i = 0; i < n; i++)
    places[i] = place_of (t, parity[i]->provision);
  if (attempt_open (&a, t, &path, parity[0]->origin, places, n)) {
    varying_open (&v, t, places, n, marked);
    skip_hopeless (&v, a.asker, a.variation);
    vary_to (a.variation, feel_boolean (false));
    asker_run (a.asker, (const guint8 *const *)v.skip, take_varied, &v);
    for (size_t i = 0; i < n; i++) {
      parity[i]->gap = varying_told (&v, i);
      parity[i]->now = standing_of (t, places[i], marked);
    }
    varying_close (&v);
  }
  attempt_close (&a);
}
