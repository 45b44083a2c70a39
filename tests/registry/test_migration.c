/* The schema changes under a store: what is added comes, what would break is
 * refused with its reason and leaves the file as it was. */
#include "harness.h"

typedef struct {
  const char *find, *put; /* in county.yaml */
  const char *words;      /* of the refusal; NULL: it is taken */
} Change;

static char *
changed_schema (const char *folder, const char *find, const char *put)
{
  g_autofree char *original = support_source ("tests/registry/county.yaml");
  g_autofree char *bytes = support_read (original, NULL);
  g_auto (GStrv) parts = g_strsplit (bytes, find, 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_autofree char *text = g_strjoinv (put, parts);
  char *path = g_build_filename (folder, "changed.yaml", NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
fill (County *county)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", "person");
  county_state (county, w, b, "person-1", "name", "甲");
  county_state (county, w, b, "person-1", "income", "12.34");
  county_state (county, w, b, "person-1", "degree", "本科");
  county_state (county, w, b, "person-1", "home", "home-1");
  county_state (county, w, b, "home-1", "area", "7");
  county_commit (w);
}

static void
reopen (County *county, const char *path, StoreFlags flags, GError **error)
{
  registry_close (county->registry);
  registry_schema_free (county->schema);
  county->registry = NULL;
  GError *fault = NULL;
  county->schema = registry_schema_load (path, &fault);
  g_assert_no_error (fault);
  county->registry = registry_open (county->path, flags, county->schema, error);
}

static void
assert_read (County *county, const char *subject, const char *path, const char *expected)
{
  bool assumed;
  g_autofree char *sources = NULL;
  g_autofree char *got = county_read (county, subject, path, 19000, G_MAXINT64, &sources, &assumed);
  g_assert_cmpstr (got, ==, expected);
}

static void
assert_all_there (County *county)
{
  assert_read (county, "person-1", "姓名", "甲");
  assert_read (county, "person-1", "月收入", "12.34");
  assert_read (county, "person-1", "学历", "本科");
  assert_read (county, "home-1", "成员.月收入", "[12.34]");
}

static const char income_line[]
    = "      - { id: income, zh: 月收入, en: Income, type: money, min: 0, max: 99999.99, "
      "unit: 元/月, source: 民政局 }\n";
static const char name_line[] = "      - { id: name, zh: 姓名, en: Name, type: text }\n";

static const Change changes[] = {
  { "zh: 月收入, en: Income", "zh: 每月收入, en: Monthly income", NULL },
  { "小学: Primary, 本科: Bachelor", "本科: Bachelor, 大专: College, 小学: Primary", NULL },
  { "values: { 小学: Primary, 本科: Bachelor, 博士: Doctor }, ", "", NULL },
  { "max: 99999.99", "max: 20", NULL },
  { "max: 99999.99", "max: 10",
    "the most allowed was 99999.99 and is 10.00, and 1 current values stand against it (the first: "
    "person-1)" },
  { "小学: Primary, 本科: Bachelor, ", "小学: Primary, ",
    "no longer allowed: 本科, and 1 current values stand against it" },
  { income_line, "", "the attribute person.income is gone: put it back, its facts are kept" },
  { "type: money, min: 0, max: 99999.99, unit: 元/月", "type: text",
    "the type of person.income has changed" },
  { "type: number, scale: 1", "type: number, scale: 2", "the scale of person.height was 1 and is 2" },
  { "{ id: employer, zh: 单位, en: Employer, type: reference, to: firm",
    "{ id: employer, zh: 单位, en: Employer, type: reference, to: home",
    "person.employer led to firm and leads to home" },
  { "  - id: spell\n    zh: 经历\n    en: Spell\n    source: 人社局\n",
    "  - id: pet\n    zh: 宠物\n    en: Pet\n    source: 局\n    attributes: [{ id: a, zh: 甲, en: A, type: "
    "text }]\n"
    "  - id: spell\n    zh: 经历\n    en: Spell\n    source: 人社局\n",
    "entity 3 was \"spell\" and is \"pet\"" },
};

static void
test_change (County *county, gconstpointer data)
{
  const Change *change = data;
  county_open (county, NULL);
  fill (county);
  g_autofree char *path = changed_schema (county->folder, change->find, change->put);
  g_autofree char *original = support_source ("tests/registry/county.yaml");
  g_autoptr (GError) error = NULL;
  reopen (county, path, 0, &error);
  if (change->words) {
    g_assert_null (county->registry);
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_true (g_str_has_prefix (error->message, path));
    if (!strstr (error->message, change->words))
      g_error ("\"%s\" does not say \"%s\"", error->message, change->words);
  } else
    g_assert_no_error (error);
  g_clear_error (&error);
  reopen (county, original, 0, &error);
  g_assert_no_error (error);
  assert_all_there (county);
}

/* New attributes in the middle, and a new entity at the end, which refers to people. */
static void
test_additions (County *county, gconstpointer unused)
{
  fill (county);
  g_autofree char *put
      = g_strconcat ("      - { id: nick, zh: 昵称, en: Nickname, type: text, absence: none }\n", name_line,
                     "      - { id: cars, zh: 车, en: Cars, type: collection, to: car, via: owner }\n", NULL);
  g_autofree char *path = changed_schema (county->folder, name_line, put);
  g_autofree char *text = support_read (path, NULL);
  g_autofree char *more
      = g_strconcat (text,
                     "  - id: car\n    zh: 车\n    en: Car\n    source: 公安局\n    attributes:\n"
                     "      - { id: owner, zh: 车主, en: Owner, type: reference, to: person }\n",
                     NULL);
  g_assert_true (g_file_set_contents (path, more, -1, NULL));
  g_autoptr (GError) error = NULL;
  reopen (county, path, STORE_READ_ONLY, &error);
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_nonnull (strstr (error->message, "open it once with write access"));
  g_clear_error (&error);
  reopen (county, path, 0, &error);
  g_assert_no_error (error);
  assert_all_there (county);
  assert_read (county, "person-1", "昵称", "none");
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-02", "car");
  county_state (county, w, b, "person-1", "nick", "小甲");
  county_state (county, w, b, "car-1", "owner", "person-1");
  county_commit (w);
  assert_read (county, "person-1", "昵称", "小甲");
  assert_read (county, "person-1", "车", "[{}]");
  assert_all_there (county);
  reopen (county, path, STORE_READ_ONLY, &error);
  g_assert_no_error (error);
  assert_read (county, "person-1", "昵称", "小甲");
}

/* A value that is no longer allowed stays readable in the past, and cannot be stated again. */
static void
test_value_withdrawn (County *county, gconstpointer unused)
{
  fill (county);
  RegistryWriter *w = county_writer (county);
  county_state (county, w, county_batch (w, "教育局", "2021-10-02", NULL), "person-1", "degree", "博士");
  county_commit (w);
  g_autofree char *path
      = changed_schema (county->folder, "小学: Primary, 本科: Bachelor, ", "小学: Primary, ");
  GError *error = NULL;
  reopen (county, path, 0, &error);
  g_assert_no_error (error);
  bool assumed;
  g_autofree char *sources = NULL;
  g_autofree char *before
      = county_read (county, "person-1", "学历", 19000, county_instant ("2021-10-01"), &sources, &assumed);
  g_assert_cmpstr (before, ==, "本科");
  assert_read (county, "person-1", "学历", "博士");
  RegistryFact fact;
  g_autoptr (GError) refusal = NULL;
  g_assert_false (registry_fact_parse (county->schema, county_attribute (county, "person", "degree"),
                                       text_of ("本科"), &fact, &refusal));
}

static const struct {
  const char *find, *put;
  RegistryChangeKind kind;
  const char *what, *text;
} planned[] = {
  { "zh: 月收入, en: Income", "zh: 每月收入, en: Income", REGISTRY_CHANGE_ALTERED, "person.income",
    "the Chinese name was 月收入 and is 每月收入" },
  { "博士: Doctor", "博士: Doctor, 硕士: Master", REGISTRY_CHANGE_ALTERED, "person.degree",
    "now also allowed: 硕士" },
  { "values: { 小学: Primary, 本科: Bachelor, 博士: Doctor }, ", "", REGISTRY_CHANGE_ALTERED, "person.degree",
    "any text is allowed now" },
  { "max: 300", "max: 250.5", REGISTRY_CHANGE_NARROWED, "person.height",
    "the most allowed was 300.0 and is 250.5" },
  { "min: 0, max", "max", REGISTRY_CHANGE_ALTERED, "person.income",
    "the least allowed was 0.00 and is none" },
  { "type: boolean, absence: { value: false }, source: 退役军人局", "type: boolean, source: 退役军人局",
    REGISTRY_CHANGE_ALTERED, "person.veteran", "the meaning of absence was the value false and is unknown" },
  { "values: { 小学: Primary, 本科: Bachelor, 博士: Doctor }, ",
    "values: { 小学: Primary, 本科: Bachelor, 博士: Doctor }, barrier: { kind: degree, held: [income] }, ",
    REGISTRY_CHANGE_ALTERED, "person.degree", "the barrier was not given and is degree, income held" },
  { "absence: none, source: 卫健局", "absence: none, source: 医保局", REGISTRY_CHANGE_ALTERED,
    "person.illness", "the department was 卫健局 and is 医保局" },
  { name_line, "", REGISTRY_CHANGE_REFUSED, "person.name",
    "the attribute person.name is gone: put it back, its facts are kept" },
  { "      - { id: area,", "      - { id: rooms, zh: 间数, en: Rooms, type: number }\n      - { id: area,",
    REGISTRY_CHANGE_ADDED, "home.rooms", "new attribute 间数 (Rooms)" },
  { "zh: 单位\n    en: Firm", "zh: 机构\n    en: Body", REGISTRY_CHANGE_ALTERED, "firm",
    "the name was 单位 (Firm) and is 机构 (Body)" },
};

/* What will change is said before anything is done, and remembered once it is. */
static void
test_plan (County *county, gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data), n;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  county_open (county, NULL);
  fill (county);
  g_assert_nonnull (registry_plan (county->path, county->schema, arena, &n, &error));
  g_assert_cmpuint (n, ==, 0);
  bool label = planned[i].find == name_line;
  g_autofree char *path
      = label ? changed_schema (county->folder,
                                "    label: name\n    number: code\n    likeness: [name, born, township]\n",
                                "    number: code\n")
              : changed_schema (county->folder, planned[i].find, planned[i].put);
  if (label) {
    g_autofree char *bytes = support_read (path, NULL);
    g_auto (GStrv) parts = g_strsplit (bytes, name_line, 2);
    g_autofree char *without = g_strjoinv ("", parts);
    g_assert_true (g_file_set_contents (path, without, -1, NULL));
  }
  g_autoptr (RegistrySchema) schema = registry_schema_load (path, &error);
  g_assert_no_error (error);
  const RegistryChange *plan = registry_plan (county->path, schema, arena, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (plan->kind, ==, planned[i].kind);
  g_assert_cmpstr (plan->what, ==, planned[i].what);
  g_assert_cmpstr (plan->text, ==, planned[i].text);
  assert_all_there (county);
  if (planned[i].kind == REGISTRY_CHANGE_REFUSED)
    return;
  reopen (county, path, 0, &error);
  g_assert_no_error (error);
  const RegistryVersion *history = registry_history (county->registry, arena, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (history[0].changes, ==, "");
  g_assert_cmpstr (history[1].hash, ==, registry_schema_hash (county->schema));
  g_autofree char *line = g_strdup_printf ("%s: %s", planned[i].what, planned[i].text);
  g_assert_cmpstr (history[1].changes, ==, line);
  g_assert_cmpint (history[1].recorded_at, >, county_instant ("2024-01-01"));
}

/* Another meaning of absence changes which facts a complete load superseded, and
 * with that the current rows and the conflicts. */
static void
test_refold (County *county, gconstpointer unused)
{
  fill (county);
  RegistryWriter *w = county_writer (county);
  county_state (county, w, county_batch (w, "公安局", "2021-10-02", NULL), "person-1", "height", "170");
  county_state (county, w, county_batch (w, "卫健局", "2021-10-03", NULL), "person-1", "height", "171");
  county_batch (w, "卫健局", "2021-10-04", "person");
  county_commit (w);
  gint64 n;
  g_assert_true (registry_conflict_count (county->registry, &n, NULL));
  g_assert_cmpint (n, ==, 1);
  g_autofree char *path
      = changed_schema (county->folder, "max: 300, source", "max: 300, absence: none, source");
  g_autoptr (GError) error = NULL;
  reopen (county, path, 0, &error);
  g_assert_no_error (error);
  assert_read (county, "person-1", "身高", "none");
  g_assert_true (registry_conflict_count (county->registry, &n, NULL));
  g_assert_cmpint (n, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/registry/migration/refold", County, NULL, county_open, test_refold, county_close);
  for (size_t i = 0; i < G_N_ELEMENTS (planned); i++) {
    g_autofree char *title = g_strdup_printf ("/registry/migration/plan %s %zu", planned[i].what, i + 1);
    g_test_add (title, County, GSIZE_TO_POINTER (i), NULL, test_plan, county_close);
  }
  for (size_t i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autofree char *title = g_strdup_printf ("/registry/migration/change %zu %s", i + 1,
                                              changes[i].words ? "refused" : "taken");
    g_test_add (title, County, &changes[i], NULL, test_change, county_close);
  }
  g_test_add ("/registry/migration/additions", County, NULL, county_open, test_additions, county_close);
  g_test_add ("/registry/migration/a value withdrawn", County, NULL, county_open, test_value_withdrawn,
              county_close);
  return g_test_run ();
}
