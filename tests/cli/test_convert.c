/* Pages through DMN and back: the same text, and the same answers on the way. */
#include "support.h"

#include "policy/policy.h"

static const char package_folder[] = "policy/minhou-2021-81";

/* liudong convert ARGUMENTS; asserts the exit status and gives standard output. */
static char *
convert (const char *file, const char *to, const char *out, int expected)
{
  char *text = NULL;
  g_autofree char *said = NULL;
  const char *argv[] = { "liudong", "convert", file, "--to", to, out ? "--out" : NULL, out, NULL };
  int status = support_run (argv, &text, &said);
  if (status != expected)
    g_test_message ("%s --to %s: %s", file, to, said);
  g_assert_cmpint (status, ==, expected);
  return text;
}

/* ---- examples asked of the DMN file ------------------------------------ */

typedef struct {
  Arena *arena;
  const PolicyPackage *package; /* NULL: nothing but what the example states */
  const DmnUnit *page, *file;
  const DmnModel *read, *model; /* of PAGE, of FILE */
  GArray *reads;                /* Read */
  unsigned asked;
} Asking;

/* None for unknown: where the answer is determined, every completion gives it. */
static FeelValue
cell_value (Arena *arena, Text text)
{
  Day day;
  if (civil_parse (text, &day))
    return feel_date (day);
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, TEXT_LITERAL ("未知"), NULL);
  FeelValue none = feel_null ();
  FeelRun run = { .arena = arena, .slots = &none };
  const FeelExpression *e = text.len ? feel_compile (arena, text, scope, NULL, NULL) : NULL;
  return e ? feel_evaluate (e, &run) : none;
}

static FeelValue
put (Arena *arena, FeelValue into, char *const *path, FeelValue value)
{
  if (!*path)
    return value;
  size_t n = into.kind == FEEL_CONTEXT ? into.context->n : 0, at = n;
  FeelEntry *entries = arena_new0 (arena, FeelEntry, n + 1);
  for (size_t i = 0; i < n; i++) {
    entries[i] = into.context->entries[i];
    if (text_equal (entries[i].name, text_of (*path)))
      at = i;
  }
  FeelValue inner = at < n ? entries[at].value : feel_null ();
  entries[at] = (FeelEntry){ arena_text_copy (arena, text_of (*path)), put (arena, inner, path + 1, value) };
  return feel_context (arena, entries, MAX (n, at + 1));
}

/* A DMN input is a whole: what a page leaves open on PATH must be there as null. */
static FeelValue
fill (Arena *arena, FeelValue value, const Text *path, size_t n)
{
  if (n == 0)
    return value;
  if (value.kind == FEEL_LIST) {
    FeelValue *items = arena_new0 (arena, FeelValue, value.list->n);
    for (size_t i = 0; i < value.list->n; i++)
      items[i] = fill (arena, value.list->items[i], path, n);
    return feel_list (arena, items, value.list->n);
  }
  if (value.kind != FEEL_CONTEXT)
    return value;
  const FeelValue *member = feel_context_get (value.context, path[0]);
  char *name[] = { arena_text (arena, path[0]), NULL };
  return put (arena, value, name, fill (arena, member ? *member : feel_null (), path + 1, n - 1));
}

/* A path that may be read, from the variable NAME on. */
typedef struct {
  const char *name;
  FeelPath path;
} Read;

static void
add_reads (const DmnModel *model, Arena *arena, const DmnUnit *unit, GArray *reads)
{
  for (size_t i = 0; i < unit->n_decisions; i++) {
    size_t n;
    const FeelPath *paths = dmn_decision_closure (model, arena, unit->decisions[i], &n);
    for (size_t p = 0; p < n; p++) {
      Read read = { unit->variables[paths[p].slot].name, paths[p] };
      g_array_append_val (reads, read);
    }
  }
}

/* What the page reads, and what the units that it uses read: an import takes the inputs of
 * the same name, and wants them whole as well. */
static void
collect_reads (Asking *a)
{
  size_t n;
  const DmnUnit *const *units = dmn_model_units (a->read, &n);
  add_reads (a->read, a->arena, a->page, a->reads);
  for (size_t i = 0; a->package && i < n; i++)
    if (!g_str_has_prefix (units[i]->id, "条款"))
      add_reads (a->read, a->arena, units[i], a->reads);
}

static FeelValue
fill_all (const Asking *a, FeelValue inputs)
{
  for (guint i = 0; i < a->reads->len; i++) {
    const Read *read = &g_array_index (a->reads, Read, i);
    const FeelValue *value = feel_context_get (inputs.context, text_of (read->name));
    char *at[] = { (char *)read->name, NULL };
    FeelValue whole = value ? *value : feel_context (a->arena, NULL, 0);
    inputs = put (a->arena, inputs, at, fill (a->arena, whole, read->path.members, read->path.n));
  }
  return inputs;
}

static Day
date_of (const Asking *a, const DmnExample *x)
{
  Day day = civil_today ();
  size_t n;
  const PolicyClause *const *clauses = policy_pages (a->package, &n);
  for (size_t i = 0; i < n; i++)
    if (clauses[i]->unit == a->page)
      day = clauses[i]->examples_at;
  for (size_t i = 0; i < x->n_inputs; i++)
    if (text_equal (x->input_heads[i].text, TEXT_LITERAL ("基准日")))
      g_assert_true (civil_parse (x->inputs[i].text, &day));
  return day;
}

static FeelValue
inputs_of (const Asking *a, const DmnExample *x)
{
  FeelValue inputs = feel_context (a->arena, NULL, 0);
  if (a->package) {
    char *parameters[] = { (char *)"参数", NULL }, *date[] = { (char *)"基准日", NULL };
    Day day = date_of (a, x);
    inputs = put (a->arena, inputs, parameters, policy_parameters_value (a->package, a->arena, day));
    inputs = put (a->arena, inputs, date, feel_date (day));
  }
  for (size_t i = 0; i < x->n_inputs; i++) {
    g_autofree char *head = g_strndup (x->input_heads[i].text.bytes, x->input_heads[i].text.len);
    g_auto (GStrv) path = g_strsplit (head, ".", -1);
    inputs = put (a->arena, inputs, path, cell_value (a->arena, x->inputs[i].text));
  }
  return inputs;
}

static void
ask_example (Asking *a, const DmnExample *x)
{
  DmnInputs inputs = { .values = fill_all (a, inputs_of (a, x)) };
  DmnRun *run = dmn_run_new_inputs (a->model, a->arena, &inputs, DMN_PLAIN);
  for (size_t i = 0; i < x->n_expected; i++) {
    if (text_starts_with (x->expected[i].text, "待定"))
      continue;
    const DmnDecision *d = dmn_unit_find (a->file, x->expected_heads[i].text);
    g_assert_nonnull (d);
    FeelValue expected = cell_value (a->arena, x->expected[i].text), got = dmn_run_decision (run, d);
    bool same = expected.kind == FEEL_NULL ? got.kind == FEEL_NULL
                                           : feel_is_true (feel_equal (a->arena, expected, got));
    if (!same)
      g_test_message ("%s:%u: expected %s, got %s", a->page->origin, x->line,
                      feel_display (a->arena, expected), feel_display (a->arena, got));
    g_assert_true (same);
    a->asked++;
  }
}

static unsigned
ask_examples (const PolicyPackage *package, const DmnModel *read, const DmnUnit *page, const char *path)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnXmlSource source = { .path = path };
  Asking a = { .arena = arena, .package = package, .page = page, .read = read, .model = model };
  a.reads = g_array_new (FALSE, FALSE, sizeof (Read));
  collect_reads (&a);
  a.file = dmn_model_read_xml (model, &source, faults);
  g_assert_nonnull (a.file);
  dmn_model_link (model, faults);
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++)
    g_test_message ("%s:%u: %s", list[i].origin, list[i].line, list[i].message);
  g_assert_cmpuint (n, ==, 0);
  for (size_t i = 0; i < page->n_decisions; i++)
    for (size_t e = 0; e < page->decisions[i]->n_examples; e++)
      ask_example (&a, &page->decisions[i]->examples[e]);
  g_array_unref (a.reads);
  return a.asked;
}

/* ---- pages of the package ---------------------------------------------- */

static char *
dmn_beside (const char *folder, const char *page)
{
  g_autofree char *name = g_path_get_basename (page);
  *strrchr (name, '.') = 0;
  return g_strdup_printf ("%s/%s.dmn", folder, name);
}

static void
test_package (void)
{
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autofree char *source = support_source (package_folder), *folder = support_folder ();
  g_autoptr (PolicyPackage) package = policy_load (source, faults, NULL);
  g_assert_nonnull (package);
  size_t n;
  const DmnUnit *const *units = dmn_model_units (policy_model (package), &n);
  g_assert_cmpuint (n, >=, 4);
  for (size_t i = 0; i < n; i++) { /* all first: they import each other */
    g_autofree char *dmn = dmn_beside (folder, units[i]->origin);
    g_free (convert (units[i]->origin, "dmn", dmn, 0));
  }
  unsigned asked = 0;
  for (size_t i = 0; i < n; i++) {
    g_autofree char *dmn = dmn_beside (folder, units[i]->origin);
    g_autofree char *text = support_read (units[i]->origin, NULL);
    g_autofree char *canonical = convert (units[i]->origin, "md", NULL, 0);
    g_autofree char *back = convert (dmn, "md", NULL, 0);
    g_assert_cmpstr (canonical, ==, text);
    g_assert_cmpstr (back, ==, canonical);
    asked += ask_examples (package, policy_model (package), units[i], dmn);
  }
  g_assert_cmpuint (asked, >, 90);
  support_remove (folder);
}

/* ---- the cases of tests/dmn -------------------------------------------- */

static const DmnVariable input = { "输入", &feel_type_any };

static const DmnUnit *
read_page (DmnModel *model, const char *path, Text body)
{
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnClauseSource source
      = { .id = "页", .origin = path, .body = body, .first_line = 1, .variables = &input, .n_variables = 1 };
  const DmnUnit *unit = dmn_model_read_clause (model, &source, faults);
  g_assert_true (dmn_model_link (model, faults));
  return unit;
}

static char *
canonical_of (const char *path, Text body)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  const DmnUnit *unit = read_page (model, path, body);
  return dmn_write_clause (dmn_page_of_clause (arena, unit, TEXT_LITERAL (""), body, 1));
}

static char *
page_of_dmn (const char *path)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  const DmnUnit *unit = dmn_model_read_xml (model, &(DmnXmlSource){ .path = path }, faults);
  g_assert_true (unit && dmn_model_link (model, faults));
  size_t n;
  dmn_losses (arena, unit, &n);
  g_assert_cmpuint (n, ==, 0);
  return dmn_write_clause (dmn_page_of_xml (arena, unit));
}

static void
test_case (gconstpointer data)
{
  const char *path = data;
  gsize len;
  g_autofree char *text = support_read (path, &len), *folder = support_folder (),
                  *dmn = dmn_beside (folder, path);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  const DmnUnit *unit = read_page (model, path, (Text){ text, len });
  const DmnPage *page = dmn_page_of_clause (arena, unit, TEXT_LITERAL (""), (Text){ text, len }, 1);
  DmnFacts facts = { .name = "case", .namespace_ = "urn:case" };
  g_autofree char *xml = dmn_write_xml (model, unit, page, &facts, NULL),
                  *canonical = dmn_write_clause (page);
  g_assert_nonnull (xml);
  g_assert_true (g_file_set_contents (dmn, xml, -1, NULL));
  g_autofree char *back = page_of_dmn (dmn), *again = canonical_of (path, text_of (canonical));
  g_assert_cmpstr (back, ==, canonical);
  g_assert_cmpstr (again, ==, canonical);
  g_assert_cmpuint (ask_examples (NULL, model, unit, dmn), >, 0);
  support_remove (folder);
}

/* ---- models of the TCK ------------------------------------------------- */

static void
tck_report (const char *folder, char **out)
{
  const char *argv[] = { "liudong", "tck", folder, NULL };
  support_run (argv, out, NULL);
}

/* The line of a report that counts all cases. */
static const char *
all_of (const char *report)
{
  const char *line = strstr (report, "\nall ");
  g_assert_nonnull (line);
  return line;
}

static void
copy_cases (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *source = g_build_filename (from, name, NULL),
                    *target = g_build_filename (to, name, NULL);
    gsize len;
    if (!g_str_has_suffix (name, ".xml"))
      continue;
    g_autofree char *text = support_read (source, &len);
    g_assert_true (g_file_set_contents (target, text, (gssize)len, NULL));
  }
}

/* Whether the only model of FOLDER went to a page and back without loss, with the
 * same results. */
static bool
convert_model (const char *folder, const char *model)
{
  g_autofree char *scratch = support_folder (), *inner = g_build_filename (scratch, "cases", NULL);
  g_assert_cmpint (g_mkdir_with_parents (inner, 0700), ==, 0);
  g_autofree char *source = g_build_filename (folder, model, NULL),
                  *target = g_build_filename (inner, model, NULL),
                  *page = g_build_filename (scratch, "page.md", NULL), *said = NULL;
  const char *argv[] = { "liudong", "convert", source, "--to", "md", "--out", page, NULL };
  int status = support_run (argv, NULL, &said);
  if (status)
    g_assert_nonnull (strstr (said, status == 1 ? ": lost: " : ": error: "));
  else {
    g_free (convert (page, "dmn", target, 0));
    g_autofree char *again = convert (target, "md", NULL, 0), *text = support_read (page, NULL);
    g_assert_cmpstr (again, ==, text);
    copy_cases (folder, inner);
    g_autofree char *before = NULL, *after = NULL;
    tck_report (folder, &before);
    tck_report (inner, &after);
    g_assert_cmpstr (all_of (before), ==, all_of (after));
  }
  support_remove (scratch);
  return status == 0;
}

static unsigned
convert_below (const char *folder)
{
  unsigned converted = 0, models = 0;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *model = NULL;
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      converted += convert_below (path);
    else if (g_str_has_suffix (name, ".dmn") && models++ == 0)
      model = g_strdup (name);
  }
  return converted + (models == 1 && convert_model (folder, model));
}

static void
test_tck (void)
{
  g_autofree char *root = support_shared ("dmn-tck/TestCases");
  if (root)
    g_assert_cmpuint (convert_below (root), >=, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/convert/package", test_package);
  g_autofree char *cases = support_source ("tests/dmn/cases");
  g_autoptr (GDir) dir = g_dir_open (cases, 0, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; (name = g_dir_read_name (dir));)
    if (g_str_has_suffix (name, ".md")) {
      g_autofree char *test = g_strdup_printf ("/convert/cases/%s", name);
      g_ptr_array_add (paths, g_build_filename (cases, name, NULL));
      g_test_add_data_func (test, paths->pdata[paths->len - 1], test_case);
    }
  g_test_add_func ("/convert/tck", test_tck);
  return g_test_run ();
}
