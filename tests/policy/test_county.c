/* The county's own package: no faults, every example a test. */
#include "support.h"

#include <locale.h>
#include "policy/policy.h"

static PolicyPackage *package;
static DmnFaults *faults;

static void
test_no_faults (void)
{
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++)
    g_test_message ("%s:%u:%u: %s [%s]", list[i].origin, list[i].line, list[i].column, list[i].message,
                    list[i].code);
  g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
}

static void
test_shape (void)
{
  size_t n;
  const PolicyClause *const *clauses = policy_clauses (package, &n);
  g_assert_cmpuint (n, ==, 24);
  for (size_t i = 0; i < n; i++) {
    g_assert_cmpint (clauses[i]->number, ==, (int)i + 1);
    g_assert_cmpuint (clauses[i]->n_actions, >, 0);
    g_assert_cmpstr (clauses[i]->lead, !=, "");
  }
  g_assert_cmpuint (policy_circular (package)->n_sections, ==, 8);
  g_assert_cmpstr (policy_circular (package)->number, ==, "侯政办〔2021〕81号");
  g_assert_cmpstr (policy_clause (package, 15)->label, ==, "十五");
  g_assert_cmpstr (policy_clause (package, 20)->label, ==, "二十");
  g_assert_null (policy_clause (package, 25));
}

/* Whether CLAUSE's service declares what M shows as material. */
static bool
is_declared (const PolicyClause *clause, const PolicyMaterial *m)
{
  for (size_t i = 0; i < clause->n_fields; i++)
    if (clause->fields[i].use == POLICY_MATERIAL && clause->fields[i].attribute == m->attribute
        && clause->fields[i].root == m->root)
      return true;
  return false;
}

/* What people apply for is complete: every service has its matter, no promise is longer than the law's
 * limit as years go by, and what makes a paper needless may be read. */
static void
test_matters (void)
{
  static const char *const codes[] = { "no-matter", "unknown-body", "promise-too-long" };
  for (int year = 2021; year <= 2027; year += 3) {
    g_autoptr (DmnFaults) found = dmn_faults_new ();
    size_t n;
    policy_check (package, civil_to_day (year, 12, 1), found);
    const DmnFault *list = dmn_faults_list (found, &n);
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < G_N_ELEMENTS (codes); k++)
        g_assert_cmpstr (list[i].code, !=, codes[k]);
  }
  size_t n;
  const PolicyMatter *const *matters = policy_matters (package, &n);
  g_assert_cmpuint (n, >=, 50);
  for (size_t i = 0; i < n; i++) {
    const PolicyMatter *m = matters[i];
    g_assert_true (policy_matter (package, m->key) == m);
    g_assert_true (m->provision->audience == POLICY_FOR_SUBJECT && m->n_basis && *m->result.en);
    g_assert_true (g_str_has_prefix (m->code, POLICY_OWN_CODE));
    for (size_t k = 0; k < m->n_materials; k++)
      g_assert_true (!m->materials[k].attribute || is_declared (m->clause, &m->materials[k]));
  }
  const PolicyMatter *open = policy_matter (package, "9/open");
  PolicyTimeUnit unit;
  g_assert_cmpint (policy_limit_at (&open->limits[POLICY_LIMIT_PROMISED], civil_to_day (2026, 11, 2), &unit),
                   ==, 4);
  g_assert_cmpint (unit, ==, POLICY_WORKING_HOURS);
  g_assert_cmpuint (open->n_parts, ==, 6);
}

/* The catalogue has what the purpose has, and says for each fact which decision reads it. */
static void
test_uses (void)
{
  static const struct {
    int clause;
    const char *entity, *attribute, *decision;
  } known[] = {
    { 15, "park", "county_nominated", "符合奖励条件" },
    { 15, "park", "county_award_paid", "应发配套奖励" },
    { 13, "work_spell", "rural", "农村时段" },
    { 13, "resident", "work_history", "农村时段" },
  };
  g_autoptr (Arena) arena = arena_new ();
  size_t n_clauses, found = 0;
  const PolicyClause *const *clauses = policy_clauses (package, &n_clauses);
  for (size_t c = 0; c < n_clauses; c++) {
    size_t n, n_purpose;
    const PolicyUse *uses = policy_clause_uses (package, arena, clauses[c], &n);
    const RegistryAttribute *const *purpose = policy_clause_purpose (package, arena, clauses[c], &n_purpose);
    g_assert_cmpuint (n, >=, n_purpose);
    for (size_t i = 0; i < n; i++) {
      g_assert_true (uses[i].clause == clauses[c] && (i >= n_purpose || uses[i].attribute == purpose[i]));
      bool declared = uses[i].declared[POLICY_IDENTITY] || uses[i].declared[POLICY_CONTACT]
                      || uses[i].declared[POLICY_MATERIAL];
      g_assert_true (uses[i].n_decisions || declared);
      g_assert_true (i < n_purpose || !uses[i].n_decisions);
      for (size_t k = 0; k < G_N_ELEMENTS (known); k++)
        for (size_t d = 0; d < uses[i].n_decisions; d++)
          found += known[k].clause == clauses[c]->number
                   && g_str_equal (known[k].entity, uses[i].attribute->entity->id)
                   && g_str_equal (known[k].attribute, uses[i].attribute->id)
                   && text_equal (uses[i].decisions[d]->name, text_of (known[k].decision));
    }
  }
  g_assert_cmpuint (found, ==, G_N_ELEMENTS (known));
  const PolicyClause *award = policy_clause (package, 15);
  g_assert_true (policy_clause_is_answered_by (award, "县人社局"));
  g_assert_true (policy_clause_is_answered_by (award, "县财政局"));
  g_assert_false (policy_clause_is_answered_by (award, "县民政局"));
}

/* Dated parameters switch on their day and not before. */
static void
test_boundaries (void)
{
  static const struct {
    const char *day, *value;
  } rows[] = { { "2019-12-31", "1650" }, { "2020-01-01", "1720" }, { "2022-03-31", "1720" },
               { "2022-04-01", "1960" }, { "2025-03-31", "1960" }, { "2025-04-01", "2195" },
               { "2026-11-22", "2195" } };
  const PolicyParameter *wage = policy_parameter (package, "最低工资标准");
  g_assert_nonnull (wage);
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    Day day;
    g_assert_true (civil_parse (text_of (rows[i].day), &day));
    const PolicyParameterValue *value = policy_parameter_at (wage, day);
    g_assert_nonnull (value);
    g_assert_cmpstr (value->value_text, ==, rows[i].value);
    g_assert_cmpstr (value->reference, !=, "");
  }
  g_assert_null (policy_parameter_at (wage, civil_to_day (1990, 1, 1)));
}

/* Purpose is computed: clause 15 reads the park's listing, and nothing about people. */
static void
test_purpose (void)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const RegistryAttribute *const *purpose
      = policy_clause_purpose (package, arena, policy_clause (package, 15), &n);
  bool level = false;
  for (size_t i = 0; i < n; i++) {
    g_assert_cmpstr (purpose[i]->entity->id, !=, "resident");
    g_assert_cmpstr (purpose[i]->entity->id, !=, "household");
    level |= g_str_equal (purpose[i]->zh, "认定级别");
  }
  g_assert_true (level);
}

static void
check_example (gconstpointer data)
{
  const DmnExampleResult *r = data;
  if (!r->passed)
    g_test_message ("%s:%u: expected %s, got %s", r->decision->unit->origin, r->example->line, r->expected,
                    r->actual);
  g_assert_true (r->passed);
}

static void
add_examples (Arena *arena)
{
  size_t n;
  const DmnExampleResult *results = policy_test (package, arena, NULL, &n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *path = g_strdup_printf ("/policy/county/examples/%s/%u-%zu",
                                             results[i].decision->unit->id, results[i].example->line, i);
    g_test_add_data_func (path, &results[i], check_example);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_set_nonfatal_assertions ();
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  g_autoptr (GError) error = NULL;
  faults = dmn_faults_new ();
  package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  g_test_add_func ("/policy/county/no-faults", test_no_faults);
  if (dmn_faults_count (faults, DMN_ERROR) == 0) {
    g_test_add_func ("/policy/county/shape", test_shape);
    g_test_add_func ("/policy/county/uses", test_uses);
    g_test_add_func ("/policy/county/matters", test_matters);
    g_test_add_func ("/policy/county/boundaries", test_boundaries);
    g_test_add_func ("/policy/county/purpose", test_purpose);
    add_examples (arena);
  }
  int status = g_test_run ();
  policy_free (package);
  dmn_faults_free (faults);
  return status;
}
