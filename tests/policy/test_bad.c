/* One fault per bad file: the table in bad/expected.md says which fault, where,
 * and what its message must name. */
#include "support.h"

#include <locale.h>
#include "policy/policy.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
  char *file, *stands_for, *code, *words;
  unsigned line;
} Row;

static void
copy_file (const char *from, const char *to)
{
  gsize len;
  g_autofree char *bytes = support_read (from, &len);
  GError *error = NULL;
  g_file_set_contents (to, bytes, (gssize)len, &error);
  g_assert_no_error (error);
}

static void
copy_folder (const char *from, const char *to)
{
  g_assert_cmpint (g_mkdir_with_parents (to, 0755), ==, 0);
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *source = g_build_filename (from, name, NULL),
                    *target = g_build_filename (to, name, NULL);
    if (g_file_test (source, G_FILE_TEST_IS_DIR))
      copy_folder (source, target);
    else
      copy_file (source, target);
  }
}

static bool
names_all (const char *message, const char *words)
{
  g_auto (GStrv) list = g_strsplit (words, ",", -1);
  for (char **word = list; *word; word++)
    if (!strstr (message, g_strstrip (*word)))
      return false;
  return true;
}

static bool
is_expected (const DmnFault *fault, const Row *row)
{
  return fault->severity == DMN_ERROR && g_str_has_suffix (fault->origin, row->stands_for)
         && fault->line == row->line && g_str_equal (fault->code, row->code)
         && names_all (fault->message, row->words);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *good = support_source ("tests/policy/good"), *bad = support_source ("tests/policy/bad");
  g_autofree char *folder = support_folder (), *broken = g_build_filename (bad, row->file, NULL);
  g_autofree char *target = g_build_filename (folder, row->stands_for, NULL);
  copy_folder (good, folder);
  copy_file (broken, target);
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  GError *error = NULL;
  g_autoptr (PolicyPackage) package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  g_assert_nonnull (package); /* faults are told, and what can be read is */
  size_t n, found = 0;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++) {
    found += is_expected (&list[i], row);
    g_test_message ("%s:%u:%u: %s [%s]", list[i].origin, list[i].line, list[i].column, list[i].message,
                    list[i].code);
  }
  support_remove (folder);
  g_assert_cmpuint (found, ==, 1);
}

static void
test_good (void)
{
  g_autofree char *folder = support_source ("tests/policy/good");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  GError *error = NULL;
  g_autoptr (PolicyPackage) package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const DmnExampleResult *results = policy_test (package, arena, NULL, &n);
  g_assert_cmpuint (n, >, 0);
  for (size_t i = 0; i < n; i++)
    g_assert_true (results[i].passed);
}

/* Each provision has its own subject, purpose and time; they share one page. */
static void
test_provisions (void)
{
  g_autofree char *folder = support_source ("tests/policy/good");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) package = policy_load (folder, faults, NULL);
  g_autoptr (Arena) arena = arena_new ();
  const PolicyClause *clause = policy_clause (package, 2);
  const PolicyProvision *visit = policy_provision (clause, "visit"),
                        *fuel = policy_provision (clause, "fuel");
  g_assert_cmpuint (clause->n_provisions, ==, 2);
  g_assert_cmpstr (visit->subject->id, ==, "resident");
  g_assert_cmpstr (fuel->applicant->id, ==, "household");
  g_assert_null (visit->amount);
  g_assert_cmpint (visit->strength, ==, POLICY_ENCOURAGED);
  g_assert_cmpint (visit->in_force_from, ==, civil_to_day (2021, 1, 1));
  g_assert_cmpint (fuel->in_force_from, ==, civil_to_day (2022, 1, 1));
  size_t n_visit, n_fuel, n_all;
  policy_provision_purpose (package, arena, visit, &n_visit); /* age, household, upland */
  policy_provision_purpose (package, arena, fuel, &n_fuel);   /* upland */
  policy_clause_purpose (package, arena, clause, &n_all);
  g_assert_cmpuint (n_visit, ==, 3);
  g_assert_cmpuint (n_fuel, ==, 1);
  g_assert_cmpuint (n_all, ==, 5); /* and income and beds, for the allocation */
}

/* A matter has its elements; its limits are the parameters in force at a date. */
static void
test_matters (void)
{
  g_autofree char *folder = support_source ("tests/policy/good");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) package = policy_load (folder, faults, NULL);
  size_t n;
  const PolicyMatter *const *all = policy_matters (package, &n);
  g_assert_cmpuint (n, ==, 3);
  const PolicyMatter *visit = policy_matter (package, "2/visit"), *both = policy_matter (package, "2/both");
  g_assert_true (all[0] == visit && visit->provision == policy_provision (visit->clause, "visit"));
  g_assert_cmpstr (visit->key, ==, "2/visit");
  g_assert_cmpstr (visit->first->unit->origin, ==, visit->clause->origin);
  g_assert_cmpstr (visit->materials[0].attribute->id, ==, "name");
  g_assert_true (visit->materials[0].required && !visit->materials[1].required);
  g_assert_null (visit->materials[1].attribute);
  g_assert_nonnull (visit->materials[1].when);
  g_assert_cmpint (policy_matter (package, "2/fuel")->fee_fen, ==, 200);
  g_assert_cmpuint (both->n_parts, ==, 2);
  g_assert_true (both->parts[0] == visit);
  static const char *const none[] = { "2/other", "9/visit", "2", "/visit", "visit", "", "2/" };
  for (size_t i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (policy_matter (package, none[i]));
  static const struct {
    int year, expected;
  } dates[] = { { 2020, -1 }, { 2021, 10 }, { 2022, 5 }, { 2023, -1 } };
  for (size_t i = 0; i < G_N_ELEMENTS (dates); i++) {
    PolicyTimeUnit unit;
    Day day = civil_to_day (dates[i].year, 6, 1);
    g_assert_cmpint (policy_limit_at (&visit->limits[POLICY_LIMIT_PROMISED], day, &unit), ==,
                     dates[i].expected);
    g_assert_cmpint (unit, ==, POLICY_WORKING_DAYS);
    g_assert_cmpint (policy_limit_at (&visit->limits[POLICY_LIMIT_APPEAL], day, &unit), ==, -1);
  }
}

static bool
has_fault (DmnFaults *faults, const char *code, const char *path)
{
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (list[i].code, code) && g_str_equal (list[i].origin, path))
      return true;
  return false;
}

/* NEW in the file at PATH in the place of the first OLD; how often it was there. */
static guint
replace_in (const char *path, const char *old, const char *new)
{
  gsize len;
  g_autofree char *text = support_read (path, &len);
  g_autoptr (GString) changed = g_string_new_len (text, (gssize)len);
  guint n = g_string_replace (changed, old, new, 1);
  g_assert_true (g_file_set_contents (path, changed->str, (gssize)changed->len, NULL));
  return n;
}

/* What a check says of matters, with one thing of the good file changed. */
static void
test_matter_check (void)
{
  static const char *const carries = "carries: {\"2.1\": [\"service:visit\"]}\nlabels:";
  static const struct {
    const char *old, *new, *code; /* NULL: none of the three */
    int year;
  } rows[] = {
    { "labels:", carries, NULL, 2022 },
    { "  - id: visit\n    code:", "  - id: call\n    provision: visit\n    code:", NULL, 2022 },
    { "    body: 县民政局", "    body: 县水利局", "unknown-body", 2022 },
    { "{promised: 上门工作日}", "{promised: 上门工作日, statutory: 上门小时}", "promise-too-long", 2022 },
    { "{promised: 上门工作日}", "{promised: 上门工作日, statutory: 上门小时}", NULL, 2023 },
    { "{promised: 上门工作日}", "{promised: 上门小时, statutory: 上门工作日}", NULL, 2022 },
    { "{promised: 上门工作日}", "{promised: 上门工作日, statutory: 上门工作日}", NULL, 2022 },
    { "matters:\n  - id: visit\n    code:",
      "carries: {\"2.1\": [\"service:visit\"]}\nmatters:\n  - id: call\n    provision: visit\n    code:",
      "no-matter", 2022 },
  };
  static const char *const codes[] = { "unknown-body", "promise-too-long", "no-matter" };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *good = support_source ("tests/policy/good"), *folder = support_folder ();
    g_autofree char *path = g_build_filename (folder, "clauses", "02-help.md", NULL);
    copy_folder (good, folder);
    g_assert_cmpuint (replace_in (path, rows[i].old, rows[i].new), ==, 1);
    replace_in (path, "parts: [2/visit, 2/fuel]", "parts: [2/fuel]");
    g_autoptr (DmnFaults) faults = dmn_faults_new ();
    g_autoptr (PolicyPackage) package = policy_load (folder, faults, NULL);
    g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
    policy_check (package, civil_to_day (rows[i].year, 6, 1), faults);
    for (size_t k = 0; k < G_N_ELEMENTS (codes); k++)
      g_assert_cmpint (has_fault (faults, codes[k], path), ==, g_strcmp0 (rows[i].code, codes[k]) == 0);
    support_remove (folder);
  }
}

/* Who carries an action out is there, whatever it is; what is not is named where it is written. */
static void
test_carriers (void)
{
  static const struct {
    const char *carrier;
    bool there;
  } rows[] = { { "service:visit", true },           { "service:call", false },
               { "register:household", true },      { "register:household.beds", true },
               { "register:household.car", false }, { "register:ship", false },
               { "decision:没有", false },          { "target:none", false },
               { "allocation:none", false },        { "market:none", false },
               { "pathway:anything", true },        { "carrier-pigeon", false } };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *good = support_source ("tests/policy/good"), *folder = support_folder ();
    g_autofree char *path = g_build_filename (folder, "clauses", "02-help.md", NULL);
    copy_folder (good, folder);
    g_autofree char *carries = g_strdup_printf ("carries:\n  \"2.1\": [\"%s\"]\nlabels:", rows[i].carrier);
    g_assert_cmpuint (replace_in (path, "labels:", carries), ==, 1);
    gsize len;
    g_autofree char *text = support_read (path, &len);
    unsigned line = 1;
    for (const char *p = text; p < strstr (text, "  \"2.1\""); p++)
      line += *p == '\n';
    g_autoptr (DmnFaults) faults = dmn_faults_new ();
    g_autoptr (PolicyPackage) package = policy_load (folder, faults, NULL);
    g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
    policy_check (package, civil_to_day (2022, 6, 1), faults);
    g_assert_cmpint (has_fault (faults, "unknown-carrier", path), ==, !rows[i].there);
    size_t n;
    const DmnFault *list = dmn_faults_list (faults, &n);
    for (size_t f = 0; f < n; f++)
      if (g_str_equal (list[f].code, "unknown-carrier")) {
        g_assert_cmpuint (list[f].line, ==, line);
        g_assert_nonnull (strstr (list[f].message, rows[i].carrier));
      }
    support_remove (folder);
  }
}

/* A limit of half a day, of none or of a century is a fault of the matter that names it. */
static void
test_matter_limit (void)
{
  static const struct {
    const char *value;
    bool fine;
  } rows[] = { { "10", true }, { "1", true },   { "0.5", false },
               { "0", false }, { "-3", false }, { "40000", false } };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *good = support_source ("tests/policy/good"), *folder = support_folder ();
    g_autofree char *path = g_build_filename (folder, "parameters", "aid.yaml", NULL),
                    *matters = g_build_filename (folder, "clauses", "02-help.md", NULL);
    copy_folder (good, folder);
    g_autofree char *value = g_strdup_printf ("value: %s,", rows[i].value);
    g_assert_cmpuint (replace_in (path, "value: 10,", value), ==, 1);
    g_autoptr (DmnFaults) faults = dmn_faults_new ();
    g_autoptr (PolicyPackage) package = policy_load (folder, faults, NULL);
    g_test_message ("%s", rows[i].value);
    g_assert_cmpint (has_fault (faults, "front-matter", matters), ==, !rows[i].fine);
    support_remove (folder);
  }
}

/* What cannot be read would be left out in silence, and the hash tell of less. */
static void
test_unreadable (void)
{
  g_autofree char *good = support_source ("tests/policy/good"), *folder = support_folder ();
  g_autofree char *dangling = g_build_filename (folder, "notes.txt", NULL),
                  *parameters = g_build_filename (folder, "parameters", NULL),
                  *elsewhere = g_build_filename (folder, "elsewhere", NULL);
  copy_folder (good, folder);
  g_assert_cmpint (symlink ("/nowhere/notes.txt", dangling), ==, 0);
  g_assert_cmpint (g_rename (parameters, elsewhere), ==, 0);
  g_assert_true (g_file_set_contents (parameters, "", 0, NULL));
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  GError *error = NULL;
  g_autoptr (PolicyPackage) package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  g_assert_nonnull (package);
  g_assert_true (has_fault (faults, "unreadable", dangling));
  g_assert_true (has_fault (faults, "unreadable", parameters));
  support_remove (folder);
}

/* A circular.yaml that cannot be read is one fault, not one more for every clause. */
static void
test_circular_broken (void)
{
  g_autofree char *good = support_source ("tests/policy/good"), *folder = support_folder ();
  g_autofree char *path = g_build_filename (folder, "circular.yaml", NULL);
  copy_folder (good, folder);
  g_assert_true (g_file_set_contents (path, "sections: [", -1, NULL));
  for (int gone = 0; gone <= 1; gone++) {
    g_autoptr (DmnFaults) faults = dmn_faults_new ();
    GError *error = NULL;
    g_autoptr (PolicyPackage) package = policy_load (folder, faults, &error);
    g_assert_no_error (error);
    g_assert_nonnull (package);
    g_assert_true (has_fault (faults, gone ? "missing-file" : "yaml", path));
    g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 1);
    g_assert_cmpint (g_remove (path), ==, gone ? -1 : 0);
  }
  support_remove (folder);
}

/* "| a | b |" into its cells, or NULL for what is no row of the table. */
static Row *
read_row (const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line, "|", -1);
  if (g_strv_length (cells) != 7)
    return NULL;
  for (char **cell = cells; *cell; cell++)
    g_strstrip (*cell);
  unsigned number = (unsigned)g_ascii_strtoull (cells[3], NULL, 10);
  if (number == 0)
    return NULL;
  Row *row = g_new0 (Row, 1);
  *row = (Row){ g_strdup (cells[1]), g_strdup (cells[2]), g_strdup (cells[4]), g_strdup (cells[5]), number };
  return row;
}

static void
free_row (gpointer data)
{
  Row *row = data;
  g_free (row->file);
  g_free (row->stands_for);
  g_free (row->code);
  g_free (row->words);
  g_free (row);
}

/* What a clause settles of how places are shared out, with every name resolved. */
static void
test_allocation (void)
{
  g_autofree char *folder = support_source ("tests/policy/good");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) package = policy_load (folder, faults, NULL);
  const PolicyClause *clause = policy_clause (package, 2);
  const PolicyAllocation *homes = policy_allocation (clause, "homes");
  g_assert_null (policy_allocation (clause, "houses"));
  g_assert_cmpstr (homes->applicant->id, ==, "resident");
  g_assert_cmpstr (homes->place->id, ==, "household");
  g_assert_cmpstr (homes->capacity.attribute->id, ==, "beds");
  g_assert_true (homes->eligible == policy_provision (clause, "visit")->eligible);
  g_assert_cmpstr (policy_method_id (homes->method), ==, "deferred-acceptance");
  g_assert_cmpuint (homes->n_priorities, ==, 2);
  g_assert_false (homes->priorities[0].ascending);
  g_assert_true (homes->priorities[1].ascending);
  g_assert_true (text_equal (homes->priorities[1].decision->name, text_of ("收入")));
  g_assert_cmpstr (policy_ties_id (homes->ties), ==, "lottery");
  g_assert_cmpuint (homes->n_reserves, ==, 1);
  g_assert_cmpstr (policy_reserve_kind_id (homes->reserves[0].kind), ==, "minimum");
  g_assert_true (text_equal (homes->reserves[0].members->name, text_of ("高龄")));
  g_assert_true (text_equal (homes->reserves[0].number.decision->name, text_of ("高龄床位")));
  g_assert_cmpstr (homes->objection_days->id, ==, "aid");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_set_nonfatal_assertions ();
  g_test_add_func ("/policy/bad/the-good-one", test_good);
  g_test_add_func ("/policy/bad/provisions", test_provisions);
  g_test_add_func ("/policy/bad/matters", test_matters);
  g_test_add_func ("/policy/bad/matter-check", test_matter_check);
  g_test_add_func ("/policy/bad/carriers", test_carriers);
  g_test_add_func ("/policy/bad/matter-limit", test_matter_limit);
  g_test_add_func ("/policy/allocation", test_allocation);
  g_test_add_func ("/policy/bad/unreadable", test_unreadable);
  g_test_add_func ("/policy/bad/circular-broken", test_circular_broken);
  g_autofree char *path = support_source ("tests/policy/bad/expected.md");
  g_autofree char *table = support_read (path, NULL);
  g_auto (GStrv) lines = g_strsplit (table, "\n", -1);
  for (char **line = lines; *line; line++) {
    Row *row = read_row (*line);
    g_autofree char *name = row ? g_strconcat ("/policy/bad/", row->file, NULL) : NULL;
    if (row)
      g_test_add_data_func_full (name, row, test_row, free_row);
  }
  return g_test_run ();
}
