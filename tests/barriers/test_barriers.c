/* Whom one fact keeps out, held against everybody asked one by one with that fact another: over the
 * demo county, and over random facts with much that is none or unknown. */
#include "town.h"

#include <locale.h>
#include <string.h>
#include "barriers/barriers.h"

enum { DEMO_RESIDENTS = 120, RANDOM_RESIDENTS = 60, RANDOM_OTHERS = 14, DAYS_TRIED = 12 };

static PolicyPackage *package; /* the county's, but that what follows from sex is recomputed, to be tried */
static GRand *random_;
static Day as_of;

static const char held[] = "barrier: { kind: sex, held: [left_behind_woman, retires_as_cadre] }",
                  derived[] = "barrier: { kind: sex, recomputed: { retires_as_cadre: '值 = \"女\"' }, "
                              "held: [left_behind_woman] }";

/* ---- random facts ------------------------------------------------------------- */

static size_t
n_of (const RegistryEntity *entity)
{
  return g_str_equal (entity->id, "resident") ? RANDOM_RESIDENTS : RANDOM_OTHERS;
}

static RegistryFact
random_fact (const RegistryAttribute *a)
{
  static const char *const words[] = { "350121101", "350121102", "甲", "软件开发" };
  RegistryFact fact
      = { .attribute = a, .state = g_rand_int_range (random_, 0, 8) ? REGISTRY_VALUE : REGISTRY_NONE };
  gint64 low = a->has_min ? a->min : 0, high = a->has_max ? a->max : 100000,
         day = g_rand_int_range (random_, -6000, 20300), number = g_rand_int_range (random_, 0, 1000);
  if (fact.state == REGISTRY_NONE)
    return fact;
  switch (a->kind) {
  case REGISTRY_BOOLEAN: fact.integer = g_rand_boolean (random_); break;
  case REGISTRY_TEXT:
    fact.text = text_of (a->values ? a->values[g_rand_int_range (random_, 0, (gint32)a->n_values)]
                                   : words[g_rand_int_range (random_, 0, G_N_ELEMENTS (words))]);
    break;
  case REGISTRY_DATE: fact.integer = CLAMP (day, a->has_min ? low : day, a->has_max ? high : day); break;
  case REGISTRY_REFERENCE:
    fact.integer = subject_make (a->target, 1 + g_rand_int_range (random_, 0, (gint32)n_of (a->target)));
    break;
  default: fact.integer = CLAMP (number, low, high);
  }
  return fact;
}

static void
write_entity (RegistryWriter *writer, const RegistryEntity *entity)
{
  GError *error = NULL;
  RegistryBatch about = { .source = entity->attributes[0].source,
                          .actor = "test",
                          .recorded_at = 1640995200,
                          .complete_of = entity->id };
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  for (size_t i = 0; i < n_of (entity); i++) {
    RegistryFact facts[256];
    size_t n = 0;
    for (size_t k = 0; k < entity->n; k++)
      if (entity->attributes[k].kind != REGISTRY_COLLECTION && g_rand_int_range (random_, 0, 5))
        facts[n++] = random_fact (&entity->attributes[k]);
    registry_writer_append (writer, batch, subject_make (entity, (gint64)i + 1), REGISTRY_EVER,
                            REGISTRY_FOREVER, facts, n, &error);
    g_assert_no_error (error);
  }
}

static void
write_random (Registry *registry)
{
  GError *error = NULL;
  g_autoptr (RegistryWriter) writer = registry_writer_new (registry, &error);
  const RegistrySchema *schema = policy_schema (package);
  for (size_t e = 0; e < registry_schema_size (schema); e++)
    write_entity (writer, registry_schema_entity_at (schema, e));
  registry_writer_commit (writer, &error);
  g_assert_no_error (error);
}

static const BarriersClause *
run (const Town *town, Arena *arena, const PolicyClause *const *clauses, size_t n, unsigned threads)
{
  GError *error = NULL;
  BarriersOptions options = { .package = package,
                              .registry = town->registry,
                              .access = town->access,
                              .who = access_operator (arena, "test"),
                              .as_of = as_of,
                              .threads = threads };
  const BarriersClause *found = barriers_run (&options, arena, clauses, n, &error);
  g_assert_no_error (error);
  return found;
}

/* ---- one by one ------------------------------------------------------------------- */

typedef struct {
  const Town *town;
  Arena *arena;
  const PolicyProvision *provision;
  const RegistryAttribute *attribute; /* that is varied */
  const FeelPath *path;
  FeelValue subject; /* as asked */
} Naive;

static FeelValue
bind (void *data, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Naive *n = data;
  if (g_str_equal (variable->name, POLICY_PARAMETERS))
    return policy_parameters_value (package, n->arena, as_of);
  return g_str_equal (variable->name, POLICY_DATE) ? feel_date (as_of) : n->subject;
}

static char
ask (Naive *n, FeelValue subject)
{
  n->subject = subject;
  DmnRun *run = dmn_run_new (policy_model (package), n->arena, bind, n, DMN_PLAIN);
  FeelValue v = dmn_run_decision (run, n->provision->eligible);
  return feel_is_true (v) ? 'y' : feel_is_false (v) ? 'n' : '?';
}

static const RegistryRecomputed *
follower (const Naive *n, Text name)
{
  const RegistryBarrier *b = n->attribute->barrier;
  for (size_t i = 0; i < b->n_recomputed; i++)
    if (text_equal (name, text_of (b->recomputed[i].attribute->zh)))
      return &b->recomputed[i];
  return NULL;
}

static bool
is_same (const Naive *n, FeelValue a, FeelValue b)
{
  return a.kind == b.kind && feel_is_true (feel_equal (n->arena, a, b));
}

/* OBJECT with the fact at the end of the path, and what follows, as VALUE has it; LEAF: its last member. */
static FeelValue
changed_leaf (Naive *n, FeelValue object, FeelValue own, FeelValue value)
{
  size_t size = object.context->n;
  FeelEntry *entries = arena_copy (n->arena, object.context->entries, size * sizeof *entries);
  for (size_t i = 0; i < size; i++) {
    const RegistryRecomputed *recomputed = follower (n, entries[i].name);
    if (text_equal (entries[i].name, text_of (n->attribute->zh)))
      entries[i].value = value;
    else if (recomputed && !is_same (n, own, value))
      entries[i].value = registry_recomputed_value (n->arena, recomputed, value);
  }
  return feel_context (n->arena, entries, size);
}

static FeelValue
changed (Naive *n, FeelValue object, size_t depth, FeelValue value)
{
  if (object.kind == FEEL_LIST) {
    FeelValue *items = arena_new0 (n->arena, FeelValue, object.list->n);
    for (size_t i = 0; i < object.list->n; i++)
      items[i] = changed (n, object.list->items[i], depth, value);
    return feel_list (n->arena, items, object.list->n);
  }
  if (object.kind != FEEL_CONTEXT)
    return object;
  const FeelValue *member = feel_context_get (object.context, n->path->members[depth]);
  g_assert_nonnull (member);
  if (depth + 1 == n->path->n)
    return changed_leaf (n, object, *member, value);
  size_t size = object.context->n;
  FeelEntry *entries = arena_copy (n->arena, object.context->entries, size * sizeof *entries);
  for (size_t i = 0; i < size; i++)
    if (text_equal (entries[i].name, n->path->members[depth]))
      entries[i].value = changed (n, entries[i].value, depth + 1, value);
  return feel_context (n->arena, entries, size);
}

/* What the provision, the path, the township and MORE read of SUBJECT. */
static FeelValue
read_facts (const Naive *n, Subject subject)
{
  const RegistryEntity *entity = n->provision->subject;
  size_t n_paths;
  const FeelPath *own = policy_decision_paths (package, n->arena, entity, n->provision->eligible, &n_paths);
  FeelPath *paths = arena_new0 (n->arena, FeelPath, n_paths + 2);
  memcpy (paths, own, n_paths * sizeof *paths);
  paths[n_paths++] = *n->path;
  if (entity->township) {
    Text *name = arena_new0 (n->arena, Text, 1);
    *name = text_of (entity->township->zh);
    paths[n_paths++] = (FeelPath){ .n = 1, .members = name };
  }
  GError *error = NULL;
  RegistryMoment now = { as_of, G_MAXINT64 };
  const RegistryReading *reading
      = registry_read (n->town->registry, n->arena, subject, paths, n_paths, now, &error);
  g_assert_no_error (error);
  return registry_reading_value (reading);
}

static const char *
township_of (const Naive *n, FeelValue subject)
{
  const RegistryAttribute *a = n->provision->subject->township;
  const FeelValue *v = a ? feel_context_get (subject.context, text_of (a->zh)) : NULL;
  return v && v->kind == FEEL_STRING ? arena_text (n->arena, v->string) : "";
}

static void
add (BarriersCount *count, char base)
{
  count->no += base == 'n';
  count->open += base == '?';
}

static void
assert_count (const Naive *n, const char *what, BarriersCount expected, BarriersCount found)
{
  if (expected.no != found.no || expected.open != found.open)
    g_error ("%d %s, %s %s: %d and %d expected, %d and %d found", n->provision->clause->number,
             n->provision->id, policy_path_text (n->arena, n->provision->subject, n->path), what,
             (int)expected.no, (int)expected.open, (int)found.no, (int)found.open);
}

/* A day of the attribute's, which no case may have missed: who becomes a yes by it, is among those found. */
static void
try_days (Naive *n, const BarriersFinding *f, FeelValue subject, bool found)
{
  const RegistryAttribute *a = f->barrier->attribute;
  for (int i = 0; a->kind == REGISTRY_DATE && f->all && !found && i < DAYS_TRIED; i++) {
    gint64 high = MIN (a->max, as_of);
    FeelValue day = feel_date (a->min + g_rand_int_range (random_, 0, (gint32)(high - a->min) + 1));
    char outcome = ask (n, changed (n, subject, 0, day));
    g_assert_true (outcome != 'y');
  }
}

static size_t
place_of (const BarriersFinding *f, const char *township)
{
  size_t i = 0;
  while (i < f->n_townships && strcmp (f->townships[i].id, township) != 0)
    i++;
  g_assert_cmpuint (i, <, f->n_townships);
  return i;
}

/* What F says, from everybody one by one; gives how many it keeps out. */
static gint64
check_finding (const Town *town, const BarriersFinding *f)
{
  g_autoptr (Arena) arena = arena_new ();
  Naive n = { town, arena, f->barrier->provision, f->barrier->attribute, &f->barrier->path, { 0 } };
  BarriersCount whole = { 0 }, values[512] = { 0 }, townships[64] = { 0 };
  gint64 subjects = 0, yes = 0;
  GError *error = NULL;
  g_autoptr (RegistryScan) scan = registry_scan_new (town->registry, n.provision->subject, &error);
  for (Subject subject; registry_scan_next (scan, &subject, &error);) {
    arena_reset (arena);
    FeelValue facts = read_facts (&n, subject);
    char base = ask (&n, facts);
    bool found = false;
    for (size_t i = 0; i < f->n_values && base != 'y'; i++) {
      if (ask (&n, changed (&n, facts, 0, f->values[i].from)) != 'y')
        continue;
      add (&values[i], base);
      found = true;
    }
    subjects++;
    yes += base == 'y';
    if (found)
      add (&whole, base);
    if (found && f->n_townships)
      add (&townships[place_of (f, township_of (&n, facts))], base);
    if (base != 'y')
      try_days (&n, f, facts, found);
  }
  arena_reset (arena);
  g_assert_cmpint (subjects, ==, f->now.subjects);
  g_assert_cmpint (yes, ==, f->now.yes);
  assert_count (&n, "in all", whole, f->count);
  for (size_t i = 0; i < f->n_values; i++)
    assert_count (&n, f->values[i].name.en, values[i], f->values[i].count);
  for (size_t i = 0; i < f->n_townships; i++)
    assert_count (&n, f->townships[i].id, townships[i], f->townships[i].count);
  return whole.no + whole.open;
}

static gint64
check_parity (const Town *town, const BarriersParity *p)
{
  g_autoptr (Arena) arena = arena_new ();
  Text name = text_of (p->origin->zh);
  FeelPath path = { .n = 1, .members = &name };
  Naive n = { town, arena, p->provision, p->origin, &path, { 0 } };
  BarriersCount gap = { 0 };
  gint64 subjects = 0, yes = 0;
  GError *error = NULL;
  g_autoptr (RegistryScan) scan = registry_scan_new (town->registry, p->provision->subject, &error);
  for (Subject subject; registry_scan_next (scan, &subject, &error);) {
    arena_reset (arena);
    FeelValue facts = read_facts (&n, subject);
    if (!feel_is_true (*feel_context_get (facts.context, name)))
      continue;
    char base = ask (&n, facts);
    subjects++;
    yes += base == 'y';
    if (base != 'y' && ask (&n, changed (&n, facts, 0, feel_boolean (false))) == 'y')
      add (&gap, base);
  }
  g_assert_cmpint (subjects, ==, p->now.subjects);
  g_assert_cmpint (yes, ==, p->now.yes);
  assert_count (&n, "parity", gap, p->gap);
  return gap.no;
}

static void
test_one_by_one (gconstpointer demo)
{
  Town town;
  if (demo)
    town_open_demo (&town, package, DEMO_RESIDENTS, 3);
  else {
    town_open (&town, package);
    write_random (town.registry);
  }
  g_autoptr (Arena) arena = arena_new ();
  size_t n, counted = 0, by_rows = 0;
  gint64 found_in_all = 0, gaps = 0;
  const PolicyClause *const *pages = policy_pages (package, &n);
  const BarriersClause *found = run (&town, arena, pages, n, 2);
  for (size_t c = 0; c < n; c++) {
    for (size_t i = 0; i < found[c].n_findings; i++)
      if (found[c].findings[i].counted) {
        found_in_all += check_finding (&town, &found[c].findings[i]);
        by_rows += found[c].findings[i].why != NULL;
        counted++;
      }
    for (size_t i = 0; i < found[c].n_parity; i++)
      gaps += check_parity (&town, &found[c].parity[i]);
  }
  g_test_message ("%zu counted, %zu row by row; %d kept out, %d for being from Taiwan", counted, by_rows,
                  (int)found_in_all, (int)gaps);
  g_assert_cmpuint (counted, >, 100);
  g_assert_cmpint (found_in_all, >, 100);
  g_assert_true (demo || gaps > 0);
  town_close (&town);
}

/* ---- threads, the log, who may, small numbers ----------------------------------------- */

static char *
as_json (const BarriersClause *found, size_t n)
{
  GString *out = g_string_new (NULL);
  JsonWriter *writer = json_writer_new (out, 1);
  barriers_write (writer, package, found, n, as_of);
  json_writer_free (writer);
  return g_string_free (out, FALSE);
}

static size_t
n_entries (const Town *town, AuditAct act, const AuditRecord **newest, Arena *arena)
{
  size_t n;
  AuditFilter query = { .act = &act, .limit = 10000 };
  *newest = audit_entries (registry_store (town->registry), arena, &query, &n, NULL);
  return n;
}

/* The same with any number of threads, and one entry per kind of subject that something is counted of. */
static void
test_threads_and_log (void)
{
  Town town;
  town_open_demo (&town, package, DEMO_RESIDENTS, 3);
  g_autoptr (Arena) arena = arena_new ();
  const AuditRecord *runs;
  const PolicyClause *clauses[] = { policy_clause (package, 4), policy_clause (package, 17) };
  g_autofree char *one = as_json (run (&town, arena, clauses, 2, 1), 2);
  size_t before = n_entries (&town, AUDIT_RUN, &runs, arena);
  g_autofree char *three = as_json (run (&town, arena, clauses, 2, 3), 2);
  g_assert_cmpstr (one, ==, three);
  size_t n = n_entries (&town, AUDIT_RUN, &runs, arena), residents = 0;
  g_assert_cmpuint (n - before, ==, 5);   /* residents, posts, enrolments; residents, households */
  for (size_t i = 0; i < n - before; i++) /* the newest first */
    residents += g_str_equal (runs[i].entry.purpose, "clause-4") && runs[i].n_subjects == DEMO_RESIDENTS
                 && strstr (runs[i].entry.detail, "\"居民.台湾居民\"")
                 && strstr (runs[i].entry.detail, "\"resident.township\"")
                 && strstr (runs[i].entry.detail, "\"reason\":\"test\"");
  g_assert_cmpuint (residents, ==, 1);
  town_close (&town);
}

static void
test_refused (void)
{
  Town town;
  town_open_demo (&town, package, DEMO_RESIDENTS, 3);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  AccessAccount clerk = { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = "县人社局" };
  const PolicyClause *clause = policy_clause (package, 4);
  BarriersOptions options = { package, town.registry, town.access, &clerk, as_of };
  g_assert_null (barriers_run (&options, arena, &clause, 1, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  gint stop = 1;
  options.who = access_operator (arena, "test");
  options.stop = &stop;
  g_assert_null (barriers_run (&options, arena, &clause, 1, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  town_close (&town);
}

static void
check_told (gint64 n)
{
  g_assert_true (n <= 0 || n >= POPULATION_LEAST);
}

/* No small number is told, nor can it be had from a row, a column, or the values. */
static void
check_hidden (const BarriersFinding *f)
{
  size_t hidden = 0, told = 0;
  const gint64 *whole[] = { &f->count.no, &f->count.open };
  for (size_t i = 0; i < f->n_townships; i++) {
    const BarriersTownship *t = &f->townships[i];
    check_told (t->count.no);
    check_told (t->count.open);
    hidden += t->count.no < 0;
    told += t->count.no > 0;
  }
  g_assert_false (f->count.no >= 0 && hidden == 1 && told > 0);
  for (size_t k = 0; k < 2; k++)
    check_told (*whole[k]);
  for (size_t i = 0; i < f->n_values; i++) {
    check_told (f->values[i].count.no);
    check_told (f->values[i].count.open);
    g_assert_true (f->count.no >= 0 || f->values[i].count.no <= 0);
  }
}

static void
test_hidden (void)
{
  Town town;
  town_open_demo (&town, package, DEMO_RESIDENTS, 3);
  g_autoptr (Arena) arena = arena_new ();
  size_t n, people = 0, few = 0;
  const PolicyClause *const *pages = policy_pages (package, &n);
  const BarriersClause *found = run (&town, arena, pages, n, 2);
  for (size_t c = 0; c < n; c++) {
    const BarriersClause *hidden = barriers_hide (arena, &found[c]);
    for (size_t i = 0; i < hidden->n_findings; i++)
      if (g_str_equal (hidden->findings[i].barrier->root->id, "resident")) {
        check_hidden (&hidden->findings[i]);
        people++;
        few += hidden->findings[i].count.no == POPULATION_FEW;
      }
    for (size_t i = 0; i < hidden->n_parity; i++)
      check_told (hidden->parity[i].gap.no);
    size_t n_rows;
    const char *const *const *rows = barriers_rows (arena, hidden, &n_rows);
    for (size_t r = 0; r < n_rows; r++)
      g_assert_nonnull (rows[r][BARRIERS_COLUMNS - 1]);
  }
  g_assert_cmpuint (people, >, 50);
  g_assert_cmpuint (few, >, 5);
  town_close (&town);
}

/* What one number tells by others: those who are not refused by those who are, one value's by the other's. */
static void
test_differences (void)
{
  static const struct {
    BarriersStanding now;
    BarriersCount count, values[2];
    bool yes, value; /* whether these are told: how many are answered yes, and the second value's NO */
  } rows[] = {
    { { 100, 60, 40, 0 }, { 20, 0 }, { { 10, 0 }, { 10, 0 } }, true, true },
    { { 100, 97, 3, 0 }, { 0, 0 }, { { 0, 0 }, { 0, 0 } }, false, true },
    { { 100, 20, 3, 77 }, { 0, 0 }, { { 0, 0 }, { 0, 0 } }, false, true },
    { { 100, 60, 40, 0 }, { 13, 0 }, { { 3, 0 }, { 10, 0 } }, true, false },
    { { 100, 60, 40, 0 }, { 4, 0 }, { { 0, 0 }, { 4, 0 } }, true, false },
  };
  static const RegistryAttribute name = { .sensitivity = REGISTRY_PERSONAL };
  static const RegistryEntity resident = { .id = "resident", .label = &name };
  static const PolicyProvision provision = { .subject = &resident };
  static const RegistryAttribute truth = { .kind = REGISTRY_BOOLEAN }, code = { .kind = REGISTRY_TEXT };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Arena) arena = arena_new ();
    BarriersValue values[2] = { { .count = rows[i].values[0] }, { .count = rows[i].values[1] } };
    PolicyBarrier barrier = { .provision = &provision, .attribute = &truth };
    BarriersFinding finding = { .barrier = &barrier,
                                .counted = true,
                                .now = rows[i].now,
                                .count = rows[i].count,
                                .n_values = 2,
                                .values = values };
    BarriersParity parity = { .provision = &provision, .now = rows[i].now, .gap = rows[i].count };
    BarriersClause clause = { NULL, 1, &finding, 1, &parity };
    const BarriersClause *told = barriers_hide (arena, &clause);
    g_assert_cmpint (told->findings[0].now.yes >= 0, ==, rows[i].yes);
    g_assert_cmpint (told->parity[0].now.yes >= 0, ==, rows[i].yes);
    g_assert_cmpint (told->findings[0].values[1].count.no >= 0, ==, rows[i].value);
    barrier.attribute = &code; /* free texts on record that help nobody are not listed */
    size_t helping = (rows[i].values[0].no > 0) + (rows[i].values[1].no > 0);
    g_assert_cmpuint (barriers_hide (arena, &clause)->findings[0].n_values, ==, helping);
  }
}

/* A copy of the county's package in FOLDER, in which sex has a consequence. */
static char *
changed_package (const char *folder)
{
  g_autofree char *source = support_source ("policy/minhou-2021-81");
  const char *copy[] = { "cp", "-r", source, folder, NULL };
  GError *error = NULL;
  g_assert_true (
      g_spawn_sync (NULL, (char **)copy, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, &error));
  char *policy = g_build_filename (folder, "minhou-2021-81", NULL);
  g_autofree char *path = g_build_filename (policy, "registry.yaml", NULL), *text = support_read (path, NULL);
  g_auto (GStrv) parts = g_strsplit (text, held, 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_autofree char *changed = g_strjoinv (derived, parts);
  g_assert_true (g_file_set_contents (path, changed, -1, &error));
  return policy;
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  g_autofree char *folder = support_folder (), *policy = changed_package (folder);
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  as_of = civil_today ();
  random_ = g_rand_new_with_seed (20261122);
  package = policy_load (policy, faults, &error);
  g_assert_no_error (error);
  g_test_add_data_func ("/barriers/one-by-one/demo", "demo", test_one_by_one);
  g_test_add_data_func ("/barriers/one-by-one/random", NULL, test_one_by_one);
  g_test_add_func ("/barriers/threads-and-log", test_threads_and_log);
  g_test_add_func ("/barriers/refused", test_refused);
  g_test_add_func ("/barriers/hidden", test_hidden);
  g_test_add_func ("/barriers/differences", test_differences);
  int status = g_test_run ();
  policy_free (package);
  g_rand_free (random_);
  support_remove (folder);
  return status;
}
