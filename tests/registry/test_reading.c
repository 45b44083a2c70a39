/* Reading: the cases of reading.yaml, and what does not fit a table. */
#include "harness.h"

/* ---- the table --------------------------------------------------------- */

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

static void
check_read (County *county, YamlFile *file, const yaml_node_t *read)
{
  const char *valid = text_at (file, read, "valid"), *known = text_at (file, read, "known");
  const char *source = text_at (file, read, "source"), *expect = text_at (file, read, "expect");
  bool assumed;
  g_autofree char *sources = NULL;
  g_autofree char *got
      = county_read (county, text_at (file, read, "of"), text_at (file, read, "path"),
                     county_day (valid ? valid : "2022-01-01"),
                     known ? county_instant (known) + 86399 : G_MAXINT64, &sources, &assumed);
  g_autofree char *said = g_strconcat (got, assumed ? " assumed" : "", NULL);
  if (!g_str_equal (said, expect) || (source && !g_str_equal (source, sources)))
    g_error ("line %zu: read \"%s\" from %s, expected \"%s\" from %s", read->start_mark.line + 1, said,
             sources, expect, source ? source : "anyone");
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
  county_close (&county, NULL);
}

static void
add_cases (YamlFile *file)
{
  const yaml_node_t *cases = yaml_get (file, yaml_file_root (file), "cases");
  for (yaml_node_item_t *i = cases->data.sequence.items.start; i < cases->data.sequence.items.top; i++) {
    Case *c = g_new (Case, 1);
    *c = (Case){ file, yaml_file_node (file, *i) };
    g_autofree char *title = g_strconcat ("/registry/reading/", text_at (file, c->node, "name"), NULL);
    g_test_add_data_func_full (title, c, test_case, g_free);
  }
}

/* ---- more -------------------------------------------------------------- */

static const RegistryMoment now = { 19000, G_MAXINT64 };

static void
test_not_found (County *county, gconstpointer unused)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  g_assert_null (
      registry_read (county->registry, arena, county_subject (county, "person-7"), NULL, 0, now, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "person-7: no such subject in the registry");
  g_clear_error (&error);
  g_assert_null (registry_read (county->registry, arena, -5, NULL, 0, now, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);

  RegistryWriter *w = county_writer (county);
  county_state (county, w, county_batch (w, "公安局", "2021-10-01", NULL), "person-7", "name", "甲");
  county_commit (w);
  RegistryMoment before = { 19000, county_instant ("2021-09-30") };
  g_assert_null (
      registry_read (county->registry, arena, county_subject (county, "person-7"), NULL, 0, before, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "person-7: no such subject in the registry at that time");
}

static void
test_bad_path (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  county_state (county, w, county_batch (w, "公安局", "2021-10-01", NULL), "person-1", "name", "甲");
  county_commit (w);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  Text members[] = { TEXT_LITERAL ("户"), TEXT_LITERAL ("层数") };
  FeelPath path = { 0, 2, members };
  g_assert_null (
      registry_read (county->registry, arena, county_subject (county, "person-1"), &path, 1, now, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_nonnull (strstr (error->message, "户 has no attribute \"层数\""));
}

/* Only what is asked is read, of whomever it is asked. */
static void
test_only_what_is_asked (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", "person");
  county_state (county, w, b, "home-1", "area", "50");
  for (int i = 1; i <= 2; i++) {
    g_autofree char *id = g_strdup_printf ("person-%d", i);
    county_state (county, w, b, id, "home", "home-1");
    county_state (county, w, b, id, "code", "secret");
    county_state (county, w, b, id, "income", "5");
  }
  county_commit (w);
  g_autoptr (Arena) arena = arena_new ();
  Text own[] = { TEXT_LITERAL ("号码") },
       members[] = { TEXT_LITERAL ("户"), TEXT_LITERAL ("成员"), TEXT_LITERAL ("月收入") };
  FeelPath paths[] = { { 0, 1, own }, { 0, 3, members } };
  GError *error = NULL;
  const RegistryReading *r
      = registry_read (county->registry, arena, county_subject (county, "person-1"), paths, 2, now, &error);
  g_assert_no_error (error);
  FeelValue v = registry_reading_value (r);
  g_assert_cmpuint (v.context->n, ==, 2);
  const FeelValue *home = feel_context_get (v.context, text_of ("户"));
  g_assert_cmpuint (home->context->n, ==, 1);
  const FeelValue *list = feel_context_get (home->context, text_of ("成员"));
  g_assert_cmpuint (list->list->n, ==, 2);
  for (int i = 0; i < 2; i++)
    g_assert_cmpuint (list->list->items[i].context->n, ==, 1);
  size_t n = 0, codes = 0;
  const RegistryProvenance *const *facts = registry_reading_facts (r, &n);
  for (size_t i = 0; i < n; i++)
    codes += g_str_equal (facts[i]->attribute->id, "code");
  g_assert_cmpuint (codes, ==, 1);
  g_assert_cmpuint (n, ==, 5); /* number, home, members, two incomes */
}

static const RegistryProvenance *
fact_named (const RegistryReading *r, const char *id)
{
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (r, &n);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (facts[i]->attribute->id, id))
      return facts[i];
  return NULL;
}

static void
test_provenance (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId first = county_batch (w, "公安局", "2021-10-01", NULL);
  RegistryBatchId second = county_batch (w, "民政局", "2021-10-05", "person");
  Subject s = county_subject (county, "person-1");
  RegistryFact income = { county_attribute (county, "person", "income"), REGISTRY_VALUE, 123 };
  GError *error = NULL;
  g_assert_true (registry_writer_append (w, second, s, 18000, 19500, &income, 1, &error));
  county_state (county, w, first, "person-1", "home", "home-4");
  county_state (county, w, first, "person-1", "degree", "~");
  county_commit (w);
  g_autoptr (Arena) arena = arena_new ();
  const RegistryReading *r = registry_read (county->registry, arena, s, NULL, 0, now, &error);
  g_assert_no_error (error);

  const RegistryProvenance *p = fact_named (r, "income");
  g_assert_true (p->state == REGISTRY_VALUE && !p->assumed && p->batch == second && p->subject == s);
  g_assert_cmpstr (p->source, ==, "民政局");
  g_assert_cmpint (p->recorded_at, ==, county_instant ("2021-10-05"));
  g_assert_true (p->valid_from == 18000 && p->valid_to == 19500);
  p = fact_named (r, "home");
  g_assert_true (p->batch == first && p->target == county_subject (county, "home-4"));
  g_assert_true (p->valid_from == REGISTRY_EVER && p->valid_to == REGISTRY_FOREVER);
  p = fact_named (r, "degree");
  g_assert_true (p->state == REGISTRY_NONE && p->value.kind == FEEL_NULL && !p->assumed);
  p = fact_named (r, "allowance");
  g_assert_true (p->state == REGISTRY_UNSTATED && p->assumed && p->batch == second);
  p = fact_named (r, "height");
  g_assert_true (p->state == REGISTRY_UNSTATED && !p->assumed && p->batch == 0
                 && p->value.kind == FEEL_UNKNOWN);
  g_assert_true (p->value.unknown->needs[0]->host == p);
  g_assert_cmpstr (p->source, ==, "卫健局");
  g_assert_null (fact_named (r, "history"));
}

static bool
damage_record (StoreConnection *db, gpointer facts, GError **error)
{
  return store_execute (db, facts, NULL);
}

static void
test_damaged (County *county, gconstpointer unused)
{
  static const char *const damages[] = { "UPDATE record SET facts = x'05'",       /* cut short */
                                         "UPDATE record SET facts = x'fd0301'",   /* no such attribute */
                                         "UPDATE record SET facts = x'0bff7f'" }; /* no such word */
  RegistryWriter *w = county_writer (county);
  county_state (county, w, county_batch (w, "公安局", "2021-10-01", NULL), "person-1", "name", "甲");
  county_commit (w);
  for (size_t i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_assert_true (
        store_write (registry_store (county->registry), damage_record, (gpointer)damages[i], NULL));
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    g_assert_null (
        registry_read (county->registry, arena, county_subject (county, "person-1"), NULL, 0, now, &error));
    g_assert_error (error, FAULT, FAULT_SYSTEM);
    g_assert_nonnull (strstr (error->message, "a record of person cannot be read"));
  }
}

/* A fact read on two ways is one fact. */
static void
test_shared (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", "person");
  county_state (county, w, b, "person-1", "home", "home-1");
  county_commit (w);
  g_autoptr (Arena) arena = arena_new ();
  Text own[] = { TEXT_LITERAL ("月收入") },
       members[] = { TEXT_LITERAL ("户"), TEXT_LITERAL ("成员"), TEXT_LITERAL ("月收入") };
  FeelPath paths[] = { { 0, 1, own }, { 0, 3, members } };
  const RegistryReading *r
      = registry_read (county->registry, arena, county_subject (county, "person-1"), paths, 2, now, NULL);
  size_t n, m;
  const RegistryProvenance *const *a = registry_reading_path (r, arena, &paths[0], &n);
  const RegistryProvenance *const *b2 = registry_reading_path (r, arena, &paths[1], &m);
  g_assert_true (n == 1 && m == 1 && a[0] == b2[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/registry/reading/" name, County, NULL, county_open, test, county_close)
  CASE ("no such subject", test_not_found);
  CASE ("no such attribute", test_bad_path);
  CASE ("only what is asked", test_only_what_is_asked);
  CASE ("provenance", test_provenance);
  CASE ("a fact read on two ways", test_shared);
  CASE ("a damaged record", test_damaged);
  g_autofree char *path = support_source ("tests/registry/reading.yaml");
  gsize len;
  g_autofree char *bytes = support_read (path, &len);
  YamlFile file;
  GError *error = NULL;
  yaml_file_parse (&file, path, (Text){ bytes, len }, &error);
  g_assert_no_error (error);
  add_cases (&file);
  int status = g_test_run ();
  yaml_file_clear (&file);
  return status;
}
