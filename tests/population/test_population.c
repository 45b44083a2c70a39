/* Clauses over a small county, held against determinations asked one by one; also run under
 * ThreadSanitizer. */
#include "common.h"
#include "town.h"

#include <locale.h>
#include <string.h>

enum { RESIDENTS = 150, TOO_MANY = 400 };

static PolicyPackage *package;
static Town town;
static Day as_of;

static const PopulationClause *
run (Arena *arena, const PolicyClause *const *clauses, size_t n, unsigned threads)
{
  GError *error = NULL;
  PopulationOptions options = { .package = package,
                                .registry = town.registry,
                                .access = town.access,
                                .who = access_operator (arena, "test"),
                                .as_of = as_of,
                                .threads = threads };
  const PopulationClause *found = population_run (&options, arena, clauses, n, &error);
  g_assert_no_error (error);
  return found;
}

static void
test_threads (void)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  g_autofree char *one = population_text (package, run (arena, pages, n, 1), n, as_of),
                  *two = population_text (package, run (arena, pages, n, 2), n, as_of),
                  *five = population_text (package, run (arena, pages, n, 5), n, as_of);
  g_assert_cmpstr (one, ==, two);
  g_assert_cmpstr (one, ==, five);
}

/* ---- one by one ---------------------------------------------------------- */

/* Figures of one provision by name: "yes", "township/350121001/no", "gave/表/2", "needs/居民.年龄" … */
typedef struct {
  GHashTable *figures; /* name → gint64 */
  Decimal amount;
} Naive;

static void
count (Naive *naive, gint64 n, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *name = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  gint64 before = (gint64)(gsize)g_hash_table_lookup (naive->figures, name);
  g_hash_table_insert (naive->figures, name, (gpointer)(gsize)(before + n));
}

static gint64
figure (const Naive *naive, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *name = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return (gint64)(gsize)g_hash_table_lookup (naive->figures, name);
}

/* The group of the scan's subject, in another way than the module's. */
static const char *
group_of (const RegistryScan *scan, const RegistryEntity *entity, const char *by, Arena *arena)
{
  static const char *const ids[][2]
      = { { "township", "township" }, { "sex", "sex" }, { "hukou", "hukou_place" }, { "park", "name" } };
  gint64 y, born_y;
  int m, d, born_m, born_d;
  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    if (g_str_equal (by, ids[i][0])) {
      RegistryFact fact = registry_scan_fact (scan, registry_entity_attribute (entity, ids[i][1]));
      return fact.state == REGISTRY_VALUE ? arena_text (arena, fact.text) : "";
    }
  g_assert_cmpstr (by, ==, "age");
  RegistryFact born = registry_scan_fact (scan, registry_entity_attribute (entity, "birth_date"));
  if (born.state != REGISTRY_VALUE || born.integer > as_of)
    return "";
  civil_from_day (as_of, &y, &m, &d);
  civil_from_day (born.integer, &born_y, &born_m, &born_d);
  gint64 age = y - born_y - (m < born_m || (m == born_m && d < born_d));
  return age >= 60   ? "60+"
         : age >= 45 ? "45-59"
         : age >= 35 ? "35-44"
         : age >= 25 ? "25-34"
         : age >= 16 ? "16-24"
         : age >= 6  ? "6-15"
                     : "0-5";
}

static bool
is_behind (const DmnDecision *decision, const DmnDecision *wanted)
{
  bool found = decision == wanted;
  for (size_t i = 0; i < decision->n_requires && !found; i++)
    found = is_behind (decision->requires_[i], wanted);
  return found;
}

static void
count_reason (Naive *naive, const PolicyDetermination *d, const PolicyReason *reason)
{
  const DmnDecision *decision = reason->decision;
  if (!decision->table || decision->role != DMN_DECISION || !is_behind (d->provision->eligible, decision))
    return;
  for (size_t r = 0; r < reason->n_rules; r++) {
    const PolicyRuleTrace *rule = &reason->rules[r];
    count (naive, rule->matched, "gave/%p", rule->rule);
    for (size_t c = 0; c < rule->n_conditions; c++)
      if (d->outcome == POLICY_NO && rule->status == DMN_NOT_MET && rule->conditions[c].status == DMN_NOT_MET)
        count (naive, 1, "failed/%p/%p", rule->rule, rule->conditions[c].input);
  }
}

/* Each name once, without the numbers of members. */
static void
count_missing (Naive *naive, const PolicyDetermination *d)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GRegex) index = g_regex_new ("\\[[0-9]+\\]", 0, 0, NULL);
  for (size_t i = 0; i < d->n_needs; i++)
    g_hash_table_add (names, g_regex_replace_literal (index, d->needs[i].name, -1, 0, "", 0, NULL));
  GHashTableIter i;
  gpointer name;
  g_hash_table_iter_init (&i, names);
  while (g_hash_table_iter_next (&i, &name, NULL))
    count (naive, 1, "needs/%s", (const char *)name);
}

static void
count_one (Naive *naive, const PolicyDetermination *d, const PopulationProvision *p, const RegistryScan *scan,
           Arena *arena)
{
  const char *outcome = policy_outcome_id (d->outcome);
  count (naive, 1, "%s", outcome);
  for (size_t i = 0; i < p->n_dimensions; i++)
    count (naive, 1, "%s/%s/%s", p->dimensions[i].id,
           group_of (scan, d->provision->subject, p->dimensions[i].id, arena), outcome);
  if (d->amount.kind == FEEL_NUMBER)
    naive->amount = decimal_add (naive->amount, d->amount.number);
  for (size_t i = 0; i < d->n_reasons; i++)
    count_reason (naive, d, &d->reasons[i]);
  if (d->outcome == POLICY_UNDETERMINED)
    count_missing (naive, d);
}

/* Everybody, asked one by one. */
static void
ask_all (Naive *naive, const PopulationProvision *p)
{
  GError *error = NULL;
  RegistryMoment at = { as_of, G_MAXINT64 };
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (Arena) kept = arena_new ();
  const AccessAccount *who = access_operator (kept, "test");
  g_autoptr (RegistryScan) scan = registry_scan_new (town.registry, p->provision->subject, &error);
  for (Subject subject; registry_scan_next (scan, &subject, &error);) {
    arena_reset (arena);
    const AccessPermit *permit
        = policy_permit (town.access, arena, who, p->provision->clause, subject, &error);
    g_assert_no_error (error);
    const PolicyDetermination *d = policy_determine (package, permit, arena, p->provision, as_of, at, &error);
    g_assert_no_error (error);
    count_one (naive, d, p, scan, arena);
  }
  g_assert_no_error (error);
}

static void
check_groups (const Naive *naive, const PopulationProvision *p)
{
  for (size_t i = 0; i < p->n_dimensions; i++) {
    const PopulationDimension *dimension = &p->dimensions[i];
    PopulationCount sum = { 0 };
    for (size_t g = 0; g < dimension->n; g++) {
      const PopulationGroup *group = &dimension->groups[g];
      g_assert_cmpint (group->count.yes, ==, figure (naive, "%s/%s/yes", dimension->id, group->id));
      g_assert_cmpint (group->count.no, ==, figure (naive, "%s/%s/no", dimension->id, group->id));
      g_assert_cmpint (group->count.undetermined, ==,
                       figure (naive, "%s/%s/undetermined", dimension->id, group->id));
      sum.subjects += group->count.subjects;
    }
    g_assert_cmpint (sum.subjects, ==, p->count.subjects);
  }
}

static void
check_reasons (const Naive *naive, const PopulationProvision *p)
{
  for (size_t t = 0; t < p->n_tables; t++) {
    const DmnTable *table = p->tables[t].decision->table;
    for (size_t r = 0; r < table->n_rules; r++) {
      const PopulationRule *rule = &p->tables[t].rules[r];
      g_assert_cmpint (rule->gave, ==, figure (naive, "gave/%p", rule->rule));
      for (size_t i = 0; i < table->n_inputs; i++)
        g_assert_cmpint (rule->failed[i], ==, figure (naive, "failed/%p/%p", rule->rule, &table->inputs[i]));
    }
  }
  for (size_t i = 0; i < p->n_needs; i++)
    g_assert_cmpint (p->needs[i].n, ==, figure (naive, "needs/%s", p->needs[i].name));
}

static void
check_provision (const PopulationProvision *p)
{
  GError *error = NULL;
  gint64 there;
  g_assert_true (registry_count (town.registry, p->provision->subject, &there, &error));
  if (there > TOO_MANY)
    return; /* registers that the demo fills however few live there */
  g_autoptr (GHashTable) figures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Naive naive = { figures, decimal_from_int64 (0) };
  ask_all (&naive, p);
  g_test_message ("clause %d, %s: %d", p->provision->clause->number, p->provision->id, (int)there);
  g_assert_cmpint (p->count.yes, ==, figure (&naive, "yes"));
  g_assert_cmpint (p->count.no, ==, figure (&naive, "no"));
  g_assert_cmpint (p->count.undetermined, ==, figure (&naive, "undetermined"));
  g_assert_cmpint (p->count.subjects, ==, there - figure (&naive, "not_in_force"));
  g_assert_true (decimal_equal (p->count.amount, naive.amount));
  size_t n_missing = 0;
  GHashTableIter i;
  gpointer name;
  g_hash_table_iter_init (&i, figures);
  while (g_hash_table_iter_next (&i, &name, NULL))
    n_missing += g_str_has_prefix (name, "needs/");
  g_assert_cmpuint (p->n_needs, ==, n_missing);
  check_groups (&naive, p);
  check_reasons (&naive, p);
}

static void
test_one_by_one (void)
{
  static const int numbers[] = { 13, 15, 17, 23 };
  g_autoptr (Arena) arena = arena_new ();
  const PolicyClause *clauses[G_N_ELEMENTS (numbers)];
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    clauses[i] = policy_clause (package, numbers[i]);
  const PopulationClause *found = run (arena, clauses, G_N_ELEMENTS (numbers), 2);
  size_t dimensions = 0, needs = 0, gave = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    for (size_t k = 0; k < clauses[i]->n_provisions; k++) {
      const PopulationProvision *p = &found[i].provisions[k];
      check_provision (p);
      dimensions = MAX (dimensions, p->n_dimensions);
      needs += p->n_needs;
      for (size_t t = 0; t < p->n_tables; t++)
        gave += p->tables[t].rules[0].gave > 0;
    }
  g_assert_cmpuint (dimensions, ==, 4); /* of residents */
  g_assert_cmpuint (needs, >, 0);
  g_assert_cmpuint (gave, >, 0);
}

/* ---- the log, stopping, and who may -------------------------------------- */

static size_t
n_entries (AuditAct act, const AuditRecord **newest, Arena *arena)
{
  size_t n;
  AuditFilter query = { .act = &act, .limit = 10000 };
  *newest = audit_entries (registry_store (town.registry), arena, &query, &n, NULL);
  return n;
}

/* One entry per clause and kind of subject, with the set and what groups are made of. */
static void
test_log (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const AuditRecord *runs;
  size_t n, before = n_entries (AUDIT_RUN, &runs, arena), kinds = 0;
  const PolicyClause *const *pages = policy_pages (package, &n);
  run (arena, pages, n, 2);
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < pages[c]->n_provisions; i++) {
      bool first = true;
      for (size_t k = 0; k < i; k++)
        first &= pages[c]->provisions[k].subject != pages[c]->provisions[i].subject;
      kinds += first;
    }
  g_assert_cmpuint (n_entries (AUDIT_RUN, &runs, arena) - before, ==, kinds);
  const PolicyClause *clause = policy_clause (package, 13);
  run (arena, &clause, 1, 2);
  before = n_entries (AUDIT_RUN, &runs, arena);
  bool found = false;
  for (size_t i = 0; i < before && !found; i++) /* the newest first */
    found = g_str_equal (runs[i].entry.purpose, "clause-13") && runs[i].n_subjects == RESIDENTS
            && strstr (runs[i].entry.detail, "\"resident.birth_date\"")
            && strstr (runs[i].entry.detail, "\"reason\":\"test\"");
  g_assert_true (found);
}

static void
test_stop (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  gint stop = 1;
  const PolicyClause *clause = policy_clause (package, 13);
  PopulationOptions options = { package, town.registry, town.access, access_operator (arena, NULL), as_of };
  options.stop = &stop;
  const PopulationClause *found = population_run (&options, arena, &clause, 1, &error);
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_assert_null (found);
  g_clear_error (&error);
}

static void
step (gint64 done, gint64 total, gpointer data)
{
  gint64 *last = data;
  g_assert_cmpint (done, >, 0);
  g_assert_cmpint (done, <=, total);
  *last = MAX (*last, done);
}

static void
test_progress (void)
{
  g_autoptr (Arena) arena = arena_new ();
  gint64 last = 0;
  const PolicyClause *clause = policy_clause (package, 13);
  PopulationOptions options = { package, town.registry, town.access, access_operator (arena, NULL), as_of };
  options.threads = 1;
  options.progress = step;
  options.data = &last;
  g_assert_nonnull (population_run (&options, arena, &clause, 1, NULL));
  g_assert_cmpint (last, >=, RESIDENTS);
}

static void
test_refused (void)
{
  static const struct {
    AccessAccount who;
    bool may;
  } rows[] = { { { .name = "resident", .role = ACCESS_RESIDENT }, false },
               { { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = "县人社局" }, false },
               { { .name = "forester", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" }, false },
               { { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县人社局" }, true },
               { { .name = "steward", .role = ACCESS_STEWARD }, false },
               { { .name = "analyst", .role = ACCESS_ANALYST }, true } };
  g_autoptr (Arena) arena = arena_new ();
  const PolicyClause *clause = policy_clause (package, 13);
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    const AuditRecord *refused;
    size_t before = n_entries (AUDIT_REFUSED, &refused, arena);
    PopulationOptions options = { package, town.registry, town.access, &rows[i].who, as_of };
    const PopulationClause *found = population_run (&options, arena, &clause, 1, &error);
    g_assert_true ((found != NULL) == rows[i].may);
    if (!rows[i].may)
      g_assert_error (error, FAULT, FAULT_DENIED);
    g_assert_cmpuint (n_entries (AUDIT_REFUSED, &refused, arena), ==, before + !rows[i].may);
  }
}

/* ---- small numbers -------------------------------------------------------- */

/* One hidden number of a row or column would be told by the others and their sum. */
static void
check_hidden (const PopulationProvision *p)
{
  for (size_t d = 0; d < p->n_dimensions; d++) {
    size_t hidden[3] = { 0 }, others[3] = { 0 }, subjects = 0;
    for (size_t g = 0; g < p->dimensions[d].n; g++) {
      const PopulationCount *c = &p->dimensions[d].groups[g].count;
      const gint64 parts[] = { c->yes, c->no, c->undetermined };
      size_t row = 0;
      for (size_t i = 0; i < 3; i++) {
        g_assert_true (parts[i] <= 0 || parts[i] >= POPULATION_LEAST);
        hidden[i] += parts[i] < 0;
        others[i] += parts[i] > 0;
        row += parts[i] < 0;
      }
      g_assert_false (c->subjects >= 0 && row == 1);
      subjects += c->subjects < 0;
      g_assert_true (c->sum_alone);
    }
    g_assert_true (p->dimensions[d].n < 2 || subjects != 1);
    const gint64 whole[] = { p->count.yes, p->count.no, p->count.undetermined };
    for (size_t i = 0; i < 3; i++)
      g_assert_false (whole[i] >= 0 && hidden[i] == 1 && others[i] > 0);
  }
}

static void
test_few (void)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n, people = 0;
  const PolicyClause *const *pages = policy_pages (package, &n);
  const PopulationClause *found = run (arena, pages, n, 2);
  for (size_t c = 0; c < n; c++) {
    const PopulationClause *hidden = population_hide_clause (arena, &found[c]);
    for (size_t i = 0; i < pages[c]->n_provisions; i++)
      if (g_str_equal (pages[c]->provisions[i].subject->id, "resident")) {
        check_hidden (&hidden->provisions[i]);
        people++;
      } else if (g_str_equal (pages[c]->provisions[i].subject->id, "park"))
        g_assert_true (hidden->provisions[i].dimensions == found[c].provisions[i].dimensions);
  }
  g_assert_cmpuint (people, >, 10);
}

/* Who is told less exactly: people, and what nothing names and is of people. */
static void
test_of_people (void)
{
  static const struct {
    const char *entity;
    bool of_people;
  } cases[]
      = { { "resident", true },    { "household", true }, { "enrolment", true },     { "work_spell", true },
          { "arbitration", true }, { "park", false },     { "organisation", false }, { "flow", false } };
  const RegistrySchema *schema = registry_schema (town.registry);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    const RegistryEntity *entity = registry_schema_entity (schema, cases[i].entity);
    g_assert_nonnull (entity);
    if (population_of_people (entity) != cases[i].of_people)
      g_test_message ("%s", cases[i].entity);
    g_assert_true (population_of_people (entity) == cases[i].of_people);
  }
}

/* Rows for a table: as many as provisions and group values, the whole first. */
static void
test_rows (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const PolicyClause *clause = policy_clause (package, 13);
  const PopulationClause *found = run (arena, &clause, 1, 2);
  size_t n, expected = 0;
  const char *const *const *rows = population_rows (arena, found, &n);
  for (size_t i = 0; i < clause->n_provisions; i++) {
    expected++;
    for (size_t d = 0; d < found->provisions[i].n_dimensions; d++)
      expected += found->provisions[i].dimensions[d].n;
  }
  g_assert_cmpuint (n, ==, expected);
  g_assert_cmpstr (rows[0][0], ==, "13");
  g_assert_cmpstr (rows[0][4], ==, "");
  g_assert_cmpstr (rows[1][4], ==, "township");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  package = town_package ();
  town_open_demo (&town, package, RESIDENTS, 1);
  as_of = civil_today ();
  g_test_add_func ("/population/threads", test_threads);
  g_test_add_func ("/population/one-by-one", test_one_by_one);
  g_test_add_func ("/population/log", test_log);
  g_test_add_func ("/population/stop", test_stop);
  g_test_add_func ("/population/progress", test_progress);
  g_test_add_func ("/population/refused", test_refused);
  g_test_add_func ("/population/few", test_few);
  g_test_add_func ("/population/of-people", test_of_people);
  g_test_add_func ("/population/rows", test_rows);
  int status = g_test_run ();
  town_close (&town);
  policy_free (package);
  return status;
}
