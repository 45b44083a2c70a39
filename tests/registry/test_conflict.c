/* Conflicts: the cases of conflicts.yaml, decisions, pages of them. */
#include "harness.h"

typedef struct {
  YamlFile *file;
  const yaml_node_t *node;
} Case;

static const char *
text_at (YamlFile *file, const yaml_node_t *mapping, const char *key)
{
  Text text = { 0 };
  GError *error = NULL;
  yaml_get_text (file, mapping, key, false, &text, &error);
  g_assert_no_error (error);
  return text.len ? text.bytes : NULL;
}

/* The one fact, with what contradicts it. */
static const RegistryProvenance *
read_one (County *county, Arena *arena, const char *subject, const char *id, RegistryMoment at)
{
  GError *error = NULL;
  Subject s = county_subject (county, subject);
  const RegistryAttribute *a = registry_entity_attribute (registry_subject_entity (county->schema, s), id);
  Text name = text_of (a->zh);
  const RegistryReading *reading
      = registry_read (county->registry, arena, s, &(FeelPath){ .members = &name, .n = 1 }, 1, at, &error);
  g_assert_no_error (error);
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  g_assert_cmpuint (n, ==, 1);
  return facts[0];
}

static void
check_read (County *county, YamlFile *file, const yaml_node_t *read)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *valid = text_at (file, read, "valid"), *known = text_at (file, read, "known");
  const char *rivals = text_at (file, read, "rivals");
  RegistryMoment at
      = { county_day (valid ? valid : "2022-01-01"), known ? county_instant (known) + 86399 : G_MAXINT64 };
  const RegistryProvenance *fact
      = read_one (county, arena, text_at (file, read, "of"), text_at (file, read, "attribute"), at);
  g_autofree char *value = county_show (fact->value), *got = county_rivals (fact);
  if (!g_str_equal (value, text_at (file, read, "expect")) || !g_str_equal (got, rivals ? rivals : ""))
    g_error ("line %zu: read \"%s\" against \"%s\"", read->start_mark.line + 1, value, got);
}

static void
check_listed (County *county, YamlFile *file, const yaml_node_t *listed)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  const RegistryConflict *list = registry_conflicts (county->registry, arena, NULL, NULL, 10, &n, &error);
  g_assert_no_error (error);
  size_t i = 0;
  for (yaml_node_item_t *l = listed->data.sequence.items.start; l < listed->data.sequence.items.top; l++) {
    g_assert_cmpuint (i, <, n);
    g_autofree char *got = g_strdup_printf (
        "%s %s", registry_subject_format (arena, county->schema, list[i].subject), list[i].attribute->id);
    g_assert_cmpstr (got, ==, (char *)yaml_file_node (file, *l)->data.scalar.value);
    i++;
  }
  g_assert_cmpuint (i, ==, n);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  County county = { 0 };
  county_open (&county, NULL);
  county_apply (&county, c->file, yaml_get (c->file, c->node, "batches"));
  const yaml_node_t *reads = yaml_get (c->file, c->node, "reads");
  for (yaml_node_item_t *r = reads->data.sequence.items.start; r < reads->data.sequence.items.top; r++)
    check_read (&county, c->file, yaml_file_node (c->file, *r));
  check_listed (&county, c->file, yaml_get (c->file, c->node, "listed"));
  county_close (&county, NULL);
}

static void
add_cases (YamlFile *file)
{
  const yaml_node_t *cases = yaml_get (file, yaml_file_root (file), "cases");
  for (yaml_node_item_t *i = cases->data.sequence.items.start; i < cases->data.sequence.items.top; i++) {
    Case *c = g_new (Case, 1);
    *c = (Case){ file, yaml_file_node (file, *i) };
    g_autofree char *title = g_strconcat ("/registry/conflict/", text_at (file, c->node, "name"), NULL);
    g_test_add_data_func_full (title, c, test_case, g_free);
  }
}

/* ---- deciding ---------------------------------------------------------- */

static void
disagree (County *county, const char *subject)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId first = county_batch (w, "民政局", "2021-10-01", NULL);
  RegistryBatchId second = county_batch (w, "人社局", "2021-10-01", NULL);
  county_state (county, w, first, subject, "income", "100");
  county_state (county, w, second, subject, "income", "200");
  county_commit (w);
}

static void
test_settle (County *county, gconstpointer unused)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  disagree (county, "person-1");
  const RegistryAttribute *income = county_attribute (county, "person", "income");
  Subject person = county_subject (county, "person-1");
  RegistryBatch about = { "民政局", "steward", NULL, county_instant ("2021-10-05"), NULL, false };
  g_assert_false (registry_settle (county->registry, person, income, 1, &about, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
  about.evidence = "工资单 2021-09";
  g_assert_false (registry_settle (county->registry, person, income, 7, &about, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (registry_settle (county->registry, person, income, 1, &about, &error));
  g_assert_no_error (error);
  RegistryMoment now = { county_day ("2021-10-06"), G_MAXINT64 };
  const RegistryProvenance *fact = read_one (county, arena, "person-1", "income", now);
  g_autofree char *value = county_show (fact->value);
  g_assert_cmpstr (value, ==, "100.00");
  g_assert_cmpuint (fact->n_rivals, ==, 0);
  g_assert_cmpint (fact->batch, ==, 3);
  /* before the decision it stood as it stood */
  now.known_at = county_instant ("2021-10-04");
  fact = read_one (county, arena, "person-1", "income", now);
  g_assert_cmpuint (fact->n_rivals, ==, 1);
  g_assert_cmpstr (fact->rivals[0].source, ==, "民政局");
  g_assert_cmpint (fact->rivals[0].recorded_at, ==, county_instant ("2021-10-01"));
  gint64 n;
  g_assert_true (registry_conflict_count (county->registry, &n, &error));
  g_assert_cmpint (n, ==, 0);
}

/* Each kind of value survives being chosen. */
static void
test_settle_kinds (County *county, gconstpointer unused)
{
  static const char *const values[][3]
      = { { "name", "甲", "乙" },    { "born", "1990-02-28", "1991-01-01" }, { "home", "home-1", "home-2" },
          { "height", "-1.5", "7" }, { "veteran", "true", "false" },         { "degree", "本科", "小学" },
          { "illness", "~", "甲" } };
  RegistryWriter *w = county_writer (county);
  RegistryBatchId first = county_batch (w, "甲局", "2021-10-01", NULL);
  RegistryBatchId second = county_batch (w, "乙局", "2021-10-01", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (values); i++) {
    county_state (county, w, first, "person-1", values[i][0], values[i][1]);
    county_state (county, w, second, "person-1", values[i][0], values[i][2]);
  }
  county_commit (w);
  g_autoptr (Arena) arena = arena_new ();
  RegistryBatch about = { "公安局", "steward", "核对", county_instant ("2021-10-05"), NULL, false };
  for (size_t i = 0; i < G_N_ELEMENTS (values); i++) {
    GError *error = NULL;
    registry_settle (county->registry, county_subject (county, "person-1"),
                     county_attribute (county, "person", values[i][0]), first, &about, &error);
    g_assert_no_error (error);
    const RegistryProvenance *fact = read_one (county, arena, "person-1", values[i][0],
                                               (RegistryMoment){ county_day ("2021-10-06"), G_MAXINT64 });
    g_autofree char *value = county_show (fact->value);
    g_assert_cmpstr (value, ==, g_str_equal (values[i][1], "~") ? "none" : values[i][1]);
    g_assert_cmpuint (fact->n_rivals, ==, 0);
  }
}

static void
test_department (County *county, gconstpointer unused)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  disagree (county, "person-1");
  disagree (county, "person-2");
  RegistryWriter *w = county_writer (county);
  county_state (county, w, county_batch (w, "公安局", "2021-10-02", NULL), "person-1", "height", "1");
  county_state (county, w, county_batch (w, "卫健局", "2021-10-02", NULL), "person-1", "height", "2");
  county_commit (w);
  size_t n;
  const RegistryConflict *list = registry_conflicts (county->registry, arena, "民政局", NULL, 10, &n, &error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (list[0].subject == county_subject (county, "person-1")
                 && list[1].subject == county_subject (county, "person-2"));
  registry_conflicts (county->registry, arena, "卫健局", NULL, 10, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  list = registry_conflicts (county->registry, arena, "民政局", list, 10, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (list[0].subject == county_subject (county, "person-2"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *path = support_source ("tests/registry/conflicts.yaml");
  g_autofree char *bytes = support_read (path, NULL);
  GError *error = NULL;
  YamlFile file;
  yaml_file_parse (&file, path, text_of (bytes), &error);
  g_assert_no_error (error);
  add_cases (&file);
  g_test_add ("/registry/conflict/settle", County, NULL, county_open, test_settle, county_close);
  g_test_add ("/registry/conflict/settle every kind", County, NULL, county_open, test_settle_kinds,
              county_close);
  g_test_add ("/registry/conflict/department", County, NULL, county_open, test_department, county_close);
  int status = g_test_run ();
  yaml_file_clear (&file);
  return status;
}
