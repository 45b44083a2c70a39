/* Who is due: a clause's decisions over the county's columns, and the list in the store. */
#include "columns/columns.h"
#include "due/due_private.h"
#include "population/population.h"

#include <string.h>

enum { DEFAULT_THREADS = 2, MOST_THREADS = 16, LINES_AT_ONCE = 5000 };
enum { KILLED_AFTER = 3600 }; /* seconds: what is not complete by then was left by a run that was killed */

/* One thread's. */
typedef struct {
  GArray *found; /* DueFound */
  gint64 undetermined;
} Share;

typedef struct {
  Due *due;
  Arena *arena;
  const AccessAccount *who;
  const PolicyProvision *provision;
  const DueRun *run;
  const DmnDecision *decisions[3]; /* eligible, then amount and unserved where there are any */
  size_t n_decisions;
  int amount, unserved; /* their places; -1 */
  const FeelPath *paths;
  size_t n_paths;
  const County *county;
  const ColumnsTable *view;
  FeelEntry constants[2];
  ColumnsProgram *program;
  size_t n_subjects;
  const ColumnsColumn *township;
  Share shares[MOST_THREADS];
  DueList *list;
} Finding;

/* ---- what is asked --------------------------------------------------------------- */

static int
ask (Finding *f, const DmnDecision *decision)
{
  if (!decision)
    return -1;
  f->decisions[f->n_decisions] = decision;
  return (int)f->n_decisions++;
}

static void
choose_decisions (Finding *f)
{
  const PolicyProvision *p = f->provision;
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  ask (f, p->eligible);
  f->amount = ask (f, p->amount);
  f->unserved = ask (f, p->unserved);
  for (size_t i = 0; i < f->n_decisions; i++) {
    size_t n;
    const FeelPath *own
        = policy_decision_paths (f->due->options.package, f->arena, p->subject, f->decisions[i], &n);
    if (n)
      g_array_append_vals (paths, own, (guint)n);
  }
  f->n_paths = paths->len;
  f->paths = arena_copy (f->arena, paths->data, paths->len * sizeof (FeelPath));
}

/* What the county must hold: the attributes that the paths lead through, and the township. */
static County *
read_county (const Finding *f, GError **error)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  if (f->provision->subject->township)
    g_ptr_array_add (wanted, (gpointer)f->provision->subject->township);
  for (size_t p = 0; p < f->n_paths; p++) {
    const RegistryEntity *entity = f->provision->subject;
    for (size_t i = 0; i < f->paths[p].n && entity; i++) {
      const RegistryAttribute *a
          = registry_entity_attribute (entity, arena_text (f->arena, f->paths[p].members[i]));
      if (a && !g_ptr_array_find (wanted, a, NULL))
        g_ptr_array_add (wanted, (gpointer)a);
      entity = a ? a->target : NULL;
    }
  }
  CountyOptions options = { .registry = f->due->options.registry,
                            .as_of = f->run->as_of,
                            .attributes = (const RegistryAttribute *const *)wanted->pdata,
                            .n_attributes = wanted->len,
                            .threads = f->run->threads };
  return county_open (&options, error);
}

/* Before it stands in the log no program sees anybody's facts. */
static bool
log_run (const Finding *f, GError **error)
{
  g_autoptr (AuditSet) everybody = audit_set_new ();
  for (size_t row = 0; row < f->n_subjects; row++)
    audit_set_add (everybody, county_subject (f->county, f->provision->subject, row));
  g_autoptr (AccessRun) run = access_run_new (
      f->due->options.access, f->who, f->provision->clause->purpose->id, f->provision->subject, f->paths,
      f->n_paths, everybody,
      population_detail (f->arena, f->provision->subject, f->run->as_of, f->who, "unserved"), error);
  return run != NULL;
}

/* ---- answers ------------------------------------------------------------------------ */

typedef enum { ANSWER_NO, ANSWER_OPEN, ANSWER_YES } Answer;

static Answer
both (Answer a, Answer b)
{
  return MIN (a, b);
}

static Text
township_of (const Finding *f, size_t row)
{
  const ColumnsColumn *c = f->township;
  if (!c || (c->none && c->none[row]) || (c->unknown && c->unknown[row]))
    return (Text){ NULL, 0 };
  gint64 place = 0;
  switch (c->width) {
  case 1: place = ((const gint8 *)c->values)[row]; break;
  case 2: place = ((const gint16 *)c->values)[row]; break;
  case 4: place = ((const gint32 *)c->values)[row]; break;
  default: place = ((const gint64 *)c->values)[row];
  }
  return c->texts[place];
}

static void
take (Finding *f, unsigned thread, size_t row, Answer answer, Decimal amount, bool has_amount)
{
  Share *share = &f->shares[thread];
  share->undetermined += answer == ANSWER_OPEN;
  if (answer != ANSWER_YES)
    return;
  DueFound found = { .subject = county_subject (f->county, f->provision->subject, row),
                     .township = township_of (f, row) };
  found.has_amount
      = has_amount
        && decimal_to_scaled (decimal_round (amount, 2, DECIMAL_ROUND_HALF_UP), 2, &found.amount_fen);
  g_array_append_val (share->found, found);
}

static Answer
answer_at (const ColumnsAnswer *a, size_t i)
{
  if (a->unknown && a->unknown[i])
    return ANSWER_OPEN;
  return (a->none && a->none[i]) || !a->truths[i] ? ANSWER_NO : ANSWER_YES;
}

static void
take_chunk (void *data, const ColumnsChunk *chunk)
{
  Finding *f = data;
  unsigned scale = 0;
  const ColumnsAnswer *amount = f->amount >= 0 ? &chunk->answers[f->amount] : NULL;
  if (amount)
    columns_program_kind (f->program, (size_t)f->amount, &scale);
  for (size_t i = 0; i < chunk->n && chunk->first + i < f->n_subjects; i++) {
    Answer answer = answer_at (&chunk->answers[0], i);
    if (f->unserved >= 0)
      answer = both (answer, answer_at (&chunk->answers[f->unserved], i));
    bool has = answer == ANSWER_YES && amount && amount->numbers && !(amount->none && amount->none[i])
               && !(amount->unknown && amount->unknown[i]);
    take (f, chunk->thread, chunk->first + i, answer,
          has ? decimal_from_scaled (amount->numbers[i], (int)scale) : decimal_from_int64 (0), has);
  }
}

static Answer
answer_of (FeelValue value)
{
  return feel_is_true (value) ? ANSWER_YES : feel_is_false (value) ? ANSWER_NO : ANSWER_OPEN;
}

/* What columns/ does not compile. */
static void
take_rows (Finding *f, const ColumnsWorld *world)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (ColumnsRows) rows = columns_rows_new (world, policy_model (f->due->options.package), DMN_PLAIN);
  for (size_t row = 0; row < f->n_subjects; row++) {
    arena_reset (arena);
    DmnRun *run = columns_rows_turn (rows, row, f->paths, f->n_paths, arena);
    Answer answer = answer_of (dmn_run_decision (run, f->decisions[0]));
    if (f->unserved >= 0)
      answer = both (answer, answer_of (dmn_run_decision (run, f->decisions[f->unserved])));
    FeelValue amount = answer == ANSWER_YES && f->amount >= 0
                           ? dmn_run_decision (run, f->decisions[f->amount])
                           : feel_null ();
    bool has = amount.kind == FEEL_NUMBER;
    take (f, 0, row, answer, has ? amount.number : decimal_from_int64 (0), has);
  }
}

/* Parameters without a value that keep somebody's answer open. */
static const char *
missing_parameters (const Finding *f)
{
  g_autoptr (GString) names = g_string_new (NULL);
  static const char prefix[] = POLICY_PARAMETERS ".";
  for (size_t i = 0; i < f->n_decisions; i++) {
    size_t n;
    const ColumnsNeed *needs = columns_program_needs (f->program, i, &n);
    for (size_t k = 0; k < n; k++) {
      const char *name = arena_text (f->arena, needs[k].name);
      if (!needs[k].is_parameter || !g_str_has_prefix (name, prefix) || strstr (names->str, name))
        continue;
      const PolicyParameter *p = policy_parameter (f->due->options.package, name + strlen (prefix));
      const PolicyParameterValue *value = p ? policy_parameter_at (p, f->run->as_of) : NULL;
      if (!value || value->confidence == POLICY_MISSING)
        g_string_append_printf (names, "%s%s", names->len ? "、" : "", name);
    }
  }
  return arena_text (f->arena, (Text){ names->str, names->len });
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const DueFound *x = a, *y = b;
  return (x->subject > y->subject) - (x->subject < y->subject);
}

/* All shares in the first, by subject. */
static void
gather (Finding *f)
{
  GArray *all = f->shares[0].found;
  f->list->undetermined = f->shares[0].undetermined;
  for (size_t i = 1; i < MOST_THREADS; i++) {
    if (f->shares[i].found->len)
      g_array_append_vals (all, f->shares[i].found->data, f->shares[i].found->len);
    f->list->undetermined += f->shares[i].undetermined;
  }
  g_array_sort (all, compare_found);
  f->list->looked_at = (gint64)f->n_subjects;
  f->list->found = all->len;
}

/* Both are in order. */
static bool
drop_served (Finding *f, GError **error)
{
  const PolicyMatter *matter = due_matter (f->provision);
  GArray *all = f->shares[0].found;
  if (!matter || !f->due->options.cases)
    return true;
  g_autoptr (GArray) served = g_array_new (FALSE, FALSE, sizeof (Subject));
  g_autoptr (StoreReader) reader = store_reader (f->due->store, error);
  if (!reader || !cases_served_all (store_reader_db (reader), matter->key, served, error))
    return false;
  guint kept = 0, s = 0;
  for (guint i = 0; i < all->len; i++) {
    DueFound found = g_array_index (all, DueFound, i);
    while (s < served->len && g_array_index (served, Subject, s) < found.subject)
      s++;
    if (s == served->len || g_array_index (served, Subject, s) != found.subject)
      g_array_index (all, DueFound, kept++) = found;
  }
  g_array_set_size (all, kept);
  f->list->found = kept;
  return true;
}

static void
compute (Finding *f)
{
  const PolicyPackage *package = f->due->options.package;
  const RegistryEntity *entity = f->provision->subject;
  const ColumnsTable *table = county_table (f->county, entity);
  static const bool asks[] = { true, false, true };
  gint64 since = g_get_monotonic_time ();
  if (!table)
    return;
  f->view = columns_table_view (table, f->paths, f->n_paths, f->arena);
  f->constants[0] = (FeelEntry){ text_of (POLICY_PARAMETERS),
                                 policy_parameters_value (package, f->arena, f->run->as_of) };
  f->constants[1] = (FeelEntry){ text_of (POLICY_DATE), feel_date (f->run->as_of) };
  ColumnsWorld world = { entity->zh, f->view, f->constants, G_N_ELEMENTS (f->constants), true };
  bool inside = true;
  f->township = entity->township ? county_column (f->county, entity->township) : NULL;
  f->program = columns_compile (&world, f->decisions, asks, f->n_decisions);
  for (size_t i = 0; i < f->n_decisions; i++)
    inside &= columns_program_why (f->program, i) == NULL;
  if (inside)
    columns_run (f->program, CLAMP (f->run->threads ? f->run->threads : DEFAULT_THREADS, 1, MOST_THREADS),
                 take_chunk, f);
  else
    take_rows (f, &world);
  gather (f);
  f->list->missing = f->list->undetermined ? missing_parameters (f) : "";
  f->list->seconds = (double)(g_get_monotonic_time () - since) / G_USEC_PER_SEC;
}

/* ---- the list in the store ------------------------------------------------------------ */

static bool
begin_list (StoreConnection *db, gpointer data, GError **error)
{
  Finding *f = data;
  DueList *list = f->list;
  StoreStatement *old
      = store_statement (db, "DELETE FROM due_list WHERE complete = 0 AND made_at < ?1", error);
  if (!old)
    return false;
  store_bind_integer (old, 1, list->made_at - KILLED_AFTER);
  if (!store_run (old, error)
      || !store_execute (db, "DELETE FROM due_line WHERE list NOT IN (SELECT id FROM due_list)", error)
      || !store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM due_list", 1, &list->id, error))
    return false;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO due_list (id, provision, as_of, made_at, made_by, package, looked_at, found, undetermined,"
      " missing, complete) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, list->id);
  store_bind_text (s, 2, list->key);
  store_bind_integer (s, 3, list->as_of);
  store_bind_integer (s, 4, list->made_at);
  store_bind_text (s, 5, list->made_by);
  store_bind_text (s, 6, list->package_hash);
  store_bind_integer (s, 7, list->looked_at);
  store_bind_integer (s, 8, list->found);
  store_bind_integer (s, 9, list->undetermined);
  store_bind_text (s, 10, list->missing);
  return store_run (s, error);
}

typedef struct {
  const Finding *finding;
  guint from, to;
} Lines;

static bool
write_lines (StoreConnection *db, gpointer data, GError **error)
{
  const Lines *lines = data;
  StoreStatement *s = store_statement (
      db, "INSERT INTO due_line (list, subject, township, amount) VALUES (?1, ?2, ?3, ?4)", error);
  for (guint i = lines->from; s && i < lines->to; i++) {
    const DueFound *found = &g_array_index (lines->finding->shares[0].found, DueFound, i);
    store_bind_integer (s, 1, lines->finding->list->id);
    store_bind_integer (s, 2, found->subject);
    store_bind_slice (s, 3, found->township.bytes ? found->township : text_of (""));
    if (found->has_amount)
      store_bind_integer (s, 4, found->amount_fen);
    else
      store_bind_null (s, 4);
    if (!store_run (s, error))
      return false;
  }
  return s != NULL;
}

/* From here on it is the provision's list, and the one before is gone. */
static bool
end_list (StoreConnection *db, gpointer data, GError **error)
{
  const DueList *list = ((Finding *)data)->list;
  static const char *const statements[]
      = { "DELETE FROM due_line WHERE list IN (SELECT id FROM due_list WHERE provision = ?2 AND id <> ?1)",
          "DELETE FROM due_list WHERE provision = ?2 AND id <> ?1",
          "UPDATE due_list SET complete = 1 WHERE id = ?1 AND provision = ?2" };
  for (size_t i = 0; i < G_N_ELEMENTS (statements); i++) {
    StoreStatement *s = store_statement (db, statements[i], error);
    if (!s)
      return false;
    store_bind_integer (s, 1, list->id);
    store_bind_text (s, 2, list->key);
    if (!store_run (s, error))
      return false;
  }
  if (store_changes (db) == 1)
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT,
               "somebody else looked for the same at the same time: their list stands");
  return false;
}

static bool
write_list (Finding *f, GError **error)
{
  guint n = f->shares[0].found->len;
  if (!store_write (f->due->store, begin_list, f, error))
    return false;
  for (guint from = 0; from < n; from += LINES_AT_ONCE) {
    Lines lines = { f, from, MIN (from + LINES_AT_ONCE, n) };
    if (!store_write (f->due->store, write_lines, &lines, error))
      return false;
  }
  return store_write (f->due->store, end_list, f, error);
}

/* ---- the call --------------------------------------------------------------------------- */

static bool
find_all (Finding *f, GError **error)
{
  g_autoptr (County) own = f->run->county ? NULL : read_county (f, error);
  f->county = f->run->county ? f->run->county : own;
  if (!f->county)
    return false;
  f->n_subjects = county_subjects (f->county, f->provision->subject);
  if (!log_run (f, error))
    return false;
  compute (f);
  return drop_served (f, error) && write_list (f, error);
}

static bool
check_run (const AccessAccount *who, const PolicyProvision *p, const DueRun *run, GError **error)
{
  if (!due_check (who, p->clause, error))
    return false;
  if (run->as_of >= p->in_force_from && run->as_of <= p->in_force_to && p->eligible)
    return true;
  g_set_error (error, FAULT, FAULT_USAGE, "%s of clause %d is not in force on that day", p->outcome.zh,
               p->clause->number);
  return false;
}

const DueList *
due_find (Due *due, Arena *arena, const AccessAccount *who, const PolicyProvision *provision,
          const DueRun *run, GError **error)
{
  if (!check_run (who, provision, run, error))
    return NULL;
  Finding f = { .due = due, .arena = arena, .who = who, .provision = provision, .run = run };
  f.list = arena_new0 (arena, DueList, 1);
  *f.list = (DueList){ .provision = provision,
                       .key = due_key (arena, provision),
                       .as_of = run->as_of,
                       .made_at = due_now (due),
                       .made_by = who->name,
                       .package_hash = policy_hash (due->options.package),
                       .missing = "" };
  choose_decisions (&f);
  for (size_t i = 0; i < MOST_THREADS; i++)
    f.shares[i].found = g_array_new (FALSE, FALSE, sizeof (DueFound));
  bool done = find_all (&f, error);
  for (size_t i = 0; i < MOST_THREADS; i++)
    g_array_unref (f.shares[i].found);
  g_clear_pointer (&f.program, columns_program_free);
  return done ? f.list : NULL;
}
