/* Every row of the 样例 tables below cases/ is a test (see README.md). */
#include "support.h"

#include <locale.h>
#include "dmn/dmn.h"

static const DmnVariable input = { "输入", &feel_type_any };

static FeelValue
nothing_stated (void *host, const DmnUnit *unit, const DmnVariable *variable, Text date, Arena *arena)
{
  return feel_null ();
}

static void
check_result (gconstpointer data)
{
  const DmnExampleResult *r = data;
  if (!r->passed)
    g_test_message ("%s:%u: expected %s, got %s", r->decision->unit->origin, r->example->line, r->expected,
                    r->actual);
  g_assert_true (r->passed);
}

static void
check_faults (gconstpointer data)
{
  size_t n;
  const DmnFault *faults = dmn_faults_list ((DmnFaults *)data, &n);
  for (size_t i = 0; i < n; i++)
    g_test_message ("%s:%u:%u: %s", faults[i].origin, faults[i].line, faults[i].column, faults[i].message);
  g_assert_cmpuint (n, ==, 0);
}

static void
add_file (const char *name, DmnModel *model, DmnFaults *faults, GPtrArray *units)
{
  g_autofree char *relative = g_build_filename ("tests/dmn/cases", name, NULL);
  g_autofree char *path = support_source (relative);
  gsize len;
  g_autofree char *text = support_read (path, &len);
  DmnClauseSource source = {
    .id = name, .origin = name, .body = { text, len }, .first_line = 1, .variables = &input, .n_variables = 1
  };
  const DmnUnit *unit = dmn_model_read_clause (model, &source, faults);
  g_assert_nonnull (unit);
  g_ptr_array_add (units, (gpointer)unit);
}

static void
add_results (const DmnModel *model, const DmnUnit *unit, Arena *arena)
{
  size_t n;
  const DmnExampleResult *results = dmn_unit_test (model, unit, arena, nothing_stated, NULL, NULL, &n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *path = g_strdup_printf ("/dmn/cases/%s/%u-%zu", unit->id, results[i].example->line, i);
    g_test_add_data_func (path, &results[i], check_result);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_set_nonfatal_assertions ();
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (GPtrArray) units = g_ptr_array_new ();
  g_autofree char *folder = support_source ("tests/dmn/cases");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));)
    if (g_str_has_suffix (name, ".md"))
      add_file (name, model, faults, units);
  bool linked = dmn_model_link (model, faults);
  g_test_add_data_func ("/dmn/cases/no-faults", faults, check_faults);
  for (guint i = 0; linked && i < units->len; i++)
    add_results (model, units->pdata[i], arena);
  return g_test_run ();
}
