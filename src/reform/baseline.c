/* What is kept between one change and the next: kinds of subjects with their groups, the log's entries,
 * and how everything stands today. */
#include "reform_private.h"

ReformBaseline *
reform_baseline_new (const ReformOptions *options)
{
  ReformBaseline *b = g_new0 (ReformBaseline, 1);
  *b = (ReformBaseline){ .options = *options, .arena = arena_new () };
  b->options.threads = CLAMP (options->threads ? options->threads : 2, 1, REFORM_THREADS);
  pthread_mutex_init (&b->mutex, NULL);
  b->parameters = policy_parameters_value (options->package, b->arena, options->as_of);
  b->kinds = g_hash_table_new (NULL, NULL);
  b->kept = g_hash_table_new (NULL, NULL);
  b->logged = g_hash_table_new (g_str_hash, g_str_equal);
  affected_read (b);
  return b;
}

static void
kept_free (Kept *k)
{
  g_free (k->answers.codes);
  g_free (k->answers.amounts);
  g_free (k->answers.exact);
}

void
reform_baseline_free (ReformBaseline *b)
{
  if (!b)
    return;
  GHashTableIter i;
  gpointer value;
  g_hash_table_iter_init (&i, b->kept);
  while (g_hash_table_iter_next (&i, NULL, &value))
    kept_free (value);
  g_hash_table_iter_init (&i, b->kinds);
  while (g_hash_table_iter_next (&i, NULL, &value))
    audit_set_free (((Kind *)value)->set);
  g_hash_table_unref (b->kinds);
  g_hash_table_unref (b->kept);
  g_hash_table_unref (b->logged);
  pthread_mutex_destroy (&b->mutex);
  arena_free (b->arena);
  g_free (b);
}

size_t
reform_baseline_bytes (ReformBaseline *b)
{
  pthread_mutex_lock (&b->mutex);
  size_t bytes = b->bytes;
  pthread_mutex_unlock (&b->mutex);
  return bytes;
}

/* ---- kinds of subjects ---------------------------------------------------------- */

Kind *
baseline_kind (ReformBaseline *b, const RegistryEntity *entity)
{
  Kind *kind = g_hash_table_lookup (b->kinds, entity);
  if (kind)
    return kind;
  kind = arena_new0 (b->arena, Kind, 1);
  *kind = (Kind){ .entity = entity,
                  .n = county_subjects (b->options.county, entity),
                  .table = county_table (b->options.county, entity),
                  .set = audit_set_new () };
  for (size_t r = 0; r < kind->n; r++)
    audit_set_add (kind->set, county_subject (b->options.county, entity, r));
  g_hash_table_insert (b->kinds, (gpointer)entity, kind);
  return kind;
}

/* After the entry that names what groups are made of. */
static void
read_groups (ReformBaseline *b, Kind *kind)
{
  if (kind->groupings)
    return;
  kind->groupings = population_groupings (b->options.package, b->options.county, kind->entity,
                                          b->options.as_of, b->arena, &kind->n_groupings);
  for (size_t g = 0; g < kind->n_groupings; g++)
    kind->n_groups += kind->groupings[g].n;
}

/* ---- the log ----------------------------------------------------------------------- */

static void
add_paths (GArray *paths, const PolicyPackage *package, Arena *arena, const PolicyProvision *p,
           const DmnDecision *decision)
{
  size_t n = 0;
  const FeelPath *own = decision ? policy_decision_paths (package, arena, p->subject, decision, &n) : NULL;
  if (n)
    g_array_append_vals (paths, own, (guint)n);
}

bool
baseline_log (ReformBaseline *b, const PolicyPackage *package, Access *access, const PolicyClause *clause,
              Kind *kind, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  const RegistryEntity *entity = NULL;
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *p = &clause->provisions[i];
    if (strcmp (p->subject->id, kind->entity->id) != 0 || !is_in_force (p, b->options.as_of))
      continue;
    entity = p->subject;
    add_paths (paths, package, arena, p, p->eligible);
    add_paths (paths, package, arena, p, p->amount);
  }
  g_autoptr (AccessRun) run = access_run_new (
      access, b->options.who, clause->purpose->id, entity, (const FeelPath *)paths->data, paths->len,
      kind->set, population_detail (arena, kind->entity, b->options.as_of, b->options.who, "reform"), error);
  if (run)
    read_groups (b, kind);
  return run != NULL;
}

/* An entry holds for whatever is tried of the clause later. */
static bool
log_once (ReformBaseline *b, const PolicyProvision *p, Kind *kind, GError **error)
{
  const char *key = arena_printf (b->arena, "%s/%s", p->clause->purpose->id, kind->entity->id);
  if (g_hash_table_contains (b->logged, key))
    return true;
  if (!baseline_log (b, b->options.package, b->options.access, p->clause, kind, error))
    return false;
  g_hash_table_add (b->logged, (gpointer)key);
  return true;
}

/* ---- answers ------------------------------------------------------------------------ */

typedef struct {
  const Kind *kind;
  size_t n;
  Kept **kept;
  Standing *standings; /* [thread × provision × (1 + groups)] */
} Keeping;

static Standing *
standings_of (const Keeping *k, unsigned thread, size_t provision)
{
  return k->standings + (thread * k->n + provision) * (1 + k->kind->n_groups);
}

static void
copy_answers (Answers *to, const Answers *from, size_t first, size_t n)
{
  memcpy (to->codes + first, from->codes, n);
  if (to->amounts)
    memcpy (to->amounts + first, from->amounts, n * sizeof (gint64));
  if (to->exact)
    memcpy (to->exact + first, from->exact, n * sizeof (Decimal));
}

static void
keep_chunk (void *host, unsigned thread, size_t provision, size_t first, size_t n, const Answers *answers)
{
  const Keeping *k = host;
  const Kind *kind = k->kind;
  if (first >= kind->n)
    return;
  n = MIN (n, kind->n - first);
  copy_answers (&k->kept[provision]->answers, answers, first, n);
  Standing *whole = standings_of (k, thread, provision), *group = whole + 1;
  for (size_t r = 0; r < n; r++)
    standing_count (whole, answers, r);
  for (size_t g = 0; g < kind->n_groupings; group += kind->groupings[g++].n)
    for (size_t r = 0; r < n && kind->groupings[g].n; r++)
      standing_count (&group[kind->groupings[g].of[first + r]], answers, r);
}

static Kept *
kept_new (ReformBaseline *b, const Kind *kind, const PolicyProvision *p, const Evaluation *e, size_t i)
{
  Kept *kept = arena_new0 (b->arena, Kept, 1);
  const char *why = evaluation_why (e, i);
  *kept = (Kept){ .provision = p, .row_by_row = why ? arena_text (b->arena, text_of (why)) : NULL };
  bool exact = evaluation_is_exact (e, i, &kept->answers.scale);
  kept->answers.codes = g_new (guint8, MAX (kind->n, 1));
  if (p->amount && exact)
    kept->answers.exact = g_new (Decimal, MAX (kind->n, 1));
  else if (p->amount)
    kept->answers.amounts = g_new (gint64, MAX (kind->n, 1));
  size_t each = 1 + (!p->amount ? 0 : exact ? sizeof (Decimal) : sizeof (gint64));
  b->bytes += kind->n * each;
  g_hash_table_insert (b->kept, (gpointer)p, kept);
  return kept;
}

static void
keep_all (ReformBaseline *b, const Kind *kind, const PolicyProvision *const *provisions, size_t n)
{
  Question question
      = { b->options.package, b->parameters, b->options.as_of, kind->entity->zh, kind->table, n, provisions };
  Evaluation *e = evaluation_new (&question);
  size_t n_each = 1 + kind->n_groups, n_all = b->options.threads * n * n_each;
  g_autofree Kept **kept = g_new (Kept *, n);
  g_autofree Standing *standings = g_new (Standing, n_all);
  for (size_t i = 0; i < n; i++)
    kept[i] = kept_new (b, kind, provisions[i], e, i);
  for (size_t i = 0; i < n_all; i++)
    standing_clear (&standings[i]);
  Keeping keeping = { kind, n, kept, standings };
  evaluation_run (e, b->options.threads, keep_chunk, &keeping);
  for (size_t i = 0; i < n; i++) {
    kept[i]->standings = arena_copy (b->arena, standings_of (&keeping, 0, i), n_each * sizeof (Standing));
    for (unsigned t = 1; t < b->options.threads; t++)
      for (size_t s = 0; s < n_each; s++)
        standing_add (&kept[i]->standings[s], &standings_of (&keeping, t, i)[s]);
  }
  evaluation_free (e);
}

bool
baseline_keep (ReformBaseline *b, Kind *kind, const PolicyProvision *const *provisions, size_t n,
               GError **error)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  for (size_t i = 0; i < n; i++) {
    if (!log_once (b, provisions[i], kind, error))
      return false;
    if (!g_hash_table_contains (b->kept, provisions[i]))
      g_ptr_array_add (missing, (gpointer)provisions[i]);
  }
  if (missing->len && kind->table)
    keep_all (b, kind, (const PolicyProvision *const *)missing->pdata, missing->len);
  return true;
}

const Kept *
baseline_kept (const ReformBaseline *b, const PolicyProvision *p)
{
  return g_hash_table_lookup (b->kept, p);
}
