/* Writing: what is refused, what becomes visible when, and the current tables. */
#include "audit/audit.h"
#include "harness.h"

/* ---- facts ------------------------------------------------------------- */

static void
test_parse (County *county, gconstpointer unused)
{
  static const struct {
    const char *id, *text;
    gint64 integer;
  } good[] = {
    { "income", "2500", 250000 },
    { "income", "0", 0 },
    { "income", "99999.99", 9999999 },
    { "height", "-10.5", -105 },
    { "height", "1.70e2", 1700 },
    { "veteran", "true", 1 },
    { "veteran", "否", 0 },
    { "veteran", "1", 1 },
    { "born", "1970-01-02", 1 },
    { "home", "home-3", (gint64)1 << 56 | 3 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (good); i++) {
    RegistryFact fact;
    GError *error = NULL;
    g_assert_true (registry_fact_parse (county->schema, county_attribute (county, "person", good[i].id),
                                        text_of (good[i].text), &fact, &error));
    g_assert_no_error (error);
    g_assert_cmpint (fact.state, ==, REGISTRY_VALUE);
    g_assert_cmpint (fact.integer, ==, good[i].integer);
  }
}

static void
test_parse_refuses (County *county, gconstpointer unused)
{
  static const struct {
    const char *id, *text, *words;
  } bad[] = {
    { "income", "-0.01", "居民.月收入 (person.income): -0.01 is below the least allowed, 0.00" },
    { "income", "100000", "100000.00 is above the most allowed, 99999.99" },
    { "income", "12.345", "has more than 2 digits after the point" },
    { "income", "12元", "\"12元\" is no number" },
    { "income", "", "\"\" is no number" },
    { "height", "300.1", "300.1 is above the most allowed, 300.0" },
    { "veteran", "maybe", "neither true nor false" },
    { "born", "1990-02-30", "is no date" },
    { "born", "1899-12-31", "1899-12-31 is below the least allowed, 1900-01-01" },
    { "degree", "硕士", "\"硕士\" is not allowed: there are 小学、本科、博士" },
    { "name", "", "an empty text" },
    { "name", "\xff", "no valid UTF-8" },
    { "home", "12", "is no subject: write home-1" },
    { "home", "person-1", "must refer to a subject of home" },
    { "history", "spell-1", "is computed from spell.person" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    RegistryFact fact;
    g_autoptr (GError) error = NULL;
    if (registry_fact_parse (county->schema, county_attribute (county, "person", bad[i].id),
                             text_of (bad[i].text), &fact, &error))
      g_error ("%s took \"%s\"", bad[i].id, bad[i].text);
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, bad[i].words))
      g_error ("\"%s\" does not say \"%s\"", error->message, bad[i].words);
  }
}

/* ---- records ----------------------------------------------------------- */

static gint64
records (County *county)
{
  g_autoptr (StoreReader) reader = store_reader (registry_store (county->registry), NULL);
  StoreStatement *count = store_statement (store_reader_db (reader), "SELECT count(*) FROM record", NULL);
  g_assert_cmpint (store_step (count, NULL), ==, STORE_ROW);
  return store_integer (count, 0);
}

static void
test_append_refuses (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  const RegistryAttribute *income = county_attribute (county, "person", "income");
  const RegistryAttribute *area = county_attribute (county, "home", "area");
  const RegistryAttribute *veteran = county_attribute (county, "person", "veteran");
  Subject s = county_subject (county, "person-1");
  RegistryFact good = { income, REGISTRY_VALUE, 5 }, twice[] = { good, { veteran, REGISTRY_NONE }, good };
  RegistryFact foreign = { area, REGISTRY_VALUE, 5 }, high = { income, REGISTRY_VALUE, 10000000 };
  RegistryFact unstated = { income, REGISTRY_UNSTATED }, odd = { veteran, REGISTRY_VALUE, 2 };
  const struct {
    RegistryBatchId batch;
    Subject subject;
    Day from, to;
    const RegistryFact *facts;
    size_t n;
    const char *words;
  } bad[] = {
    { b + 1, s, 0, 1, &good, 1, "batch 2 was not begun by this writer" },
    { 0, s, 0, 1, &good, 1, "batch 0 was not begun by this writer" },
    { b, 0, 0, 1, &good, 1, "0 is no subject" },
    { b, (gint64)9 << 56 | 1, 0, 1, &good, 1, "is no subject of this schema" },
    { b, s, 1, 0, &good, 1, "person-1: the validity ends before it begins" },
    { b, s, 0, 1, &foreign, 1, "home.area is no attribute of person" },
    { b, s, 0, 1, twice, 3, "person.income stands twice in one record" },
    { b, s, 0, 1, &high, 1, "100000.00 is above the most allowed" },
    { b, s, 0, 1, &unstated, 1, "state a value or none" },
    { b, s, 0, 1, &odd, 1, "must be 0 or 1" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (registry_writer_append (w, bad[i].batch, bad[i].subject, bad[i].from, bad[i].to,
                                            bad[i].facts, bad[i].n, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, bad[i].words))
      g_error ("\"%s\" does not say \"%s\"", error->message, bad[i].words);
  }
  /* A refused record leaves the writer usable, and nothing of itself. */
  g_assert_true (registry_writer_append (w, b, s, 0, 0, &good, 1, NULL));
  county_commit (w);
  g_assert_cmpint (records (county), ==, 1);
}

static void
test_batch_refuses (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId first = county_batch (w, "公安局", "2021-10-02", NULL);
  const struct {
    RegistryBatch batch;
    const char *words;
  } bad[] = {
    { { "公安局", "x", NULL, county_instant ("2021-10-01"), NULL },
      "2021-10-01T00:00:00Z, before the last one" },
    { { "", "x", NULL, county_instant ("2021-10-03"), NULL }, "needs the department" },
    { { "公安局", NULL, NULL, county_instant ("2021-10-03"), NULL }, "who records it" },
    { { "公安局", "x", NULL, county_instant ("2021-10-03"), "house" }, "there is no such entity" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (registry_writer_batch (w, &bad[i].batch, &error), ==, 0);
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, bad[i].words))
      g_error ("\"%s\" does not say \"%s\"", error->message, bad[i].words);
  }
  g_assert_cmpint (county_batch (w, "公安局", "2021-10-02", NULL), ==, first + 1);
  county_commit (w);
  w = county_writer (county);
  g_assert_cmpint (county_batch (w, "公安局", "2021-10-02", NULL), ==, first + 2);
  registry_writer_free (w);
}

/* ---- visibility -------------------------------------------------------- */

static gint64
people (County *county)
{
  gint64 n = -1;
  GError *error = NULL;
  g_assert_true (
      registry_count (county->registry, registry_schema_entity (county->schema, "person"), &n, &error));
  return n;
}

static void
test_commit (County *county, gconstpointer unused)
{
  const RegistryEntity *person = registry_schema_entity (county->schema, "person");
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  g_assert_cmpint (registry_writer_subject (w, person), ==, subject_make (person, 1));
  g_assert_cmpint (registry_writer_subject (w, person), ==, subject_make (person, 2));
  county_state (county, w, b, "person-1", "name", "甲");
  county_state (county, w, b, "person-9", "name", "乙");
  g_assert_cmpint (registry_writer_subject (w, person), ==, subject_make (person, 10));
  g_assert_cmpint (people (county), ==, 0);
  county_commit (w);
  g_assert_cmpint (people (county), ==, 2);

  w = county_writer (county);
  b = county_batch (w, "公安局", "2021-10-01", NULL);
  g_assert_cmpint (registry_writer_subject (w, person), ==, subject_make (person, 10));
  county_state (county, w, b, "person-3", "name", "丙");
  registry_writer_free (w);
  g_assert_cmpint (people (county), ==, 2);
  g_assert_cmpint (records (county), ==, 2);
}

typedef struct {
  County *county;
  bool fail;
} Joined;

static bool
write_joined (StoreConnection *db, gpointer data, GError **error)
{
  Joined *joined = data;
  g_autoptr (RegistryWriter) w = registry_writer_join (joined->county->registry, db, error);
  g_assert_nonnull (w);
  county_state (joined->county, w, county_batch (w, "公安局", "2021-10-01", NULL), "person-1", "name", "甲");
  if (!registry_writer_commit (w, error))
    return false;
  if (joined->fail)
    g_set_error (error, FAULT, FAULT_CONFLICT, "the other half failed");
  return !joined->fail;
}

static void
test_join (County *county, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  Joined joined = { county, true };
  g_assert_false (store_write (registry_store (county->registry), write_joined, &joined, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_assert_cmpint (people (county), ==, 0);
  joined.fail = false;
  g_assert_true (store_write (registry_store (county->registry), write_joined, &joined, NULL));
  g_assert_cmpint (people (county), ==, 1);
}

static bool
limit_pages (StoreConnection *db, gpointer pages, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %d", GPOINTER_TO_INT (pages));
  return store_execute (db, sql, NULL);
}

static void
assert_stopped (bool ok, GError **error, const char *words)
{
  g_assert_false (ok);
  g_assert_error (*error, FAULT, FAULT_SYSTEM);
  g_assert_nonnull (strstr ((*error)->message, words));
  g_clear_error (error);
}

/* A full disk: one clear fault, the writer of no more use, nothing half written. */
static void
test_disk_full (County *county, gconstpointer unused)
{
  Store *store = registry_store (county->registry);
  g_assert_true (store_write (store, limit_pages, GINT_TO_POINTER (60), NULL));
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  g_autofree char *name = g_strnfill (2000, 'x');
  RegistryFact fact = { county_attribute (county, "person", "name"), REGISTRY_VALUE, 0, text_of (name) };
  const RegistryEntity *person = registry_schema_entity (county->schema, "person");
  g_autoptr (GError) error = NULL;
  bool ok = true;
  for (int n = 0; ok && n < 1000; n++)
    ok = registry_writer_append (w, b, registry_writer_subject (w, person), 0, 1, &fact, 1, &error);
  assert_stopped (ok, &error, "disk full");
  ok = registry_writer_append (w, b, subject_make (person, 5000), 0, 1, &fact, 1, &error);
  assert_stopped (ok, &error, "stopped at an earlier failure");
  assert_stopped (registry_writer_commit (w, &error), &error, "stopped at an earlier failure");
  registry_writer_free (w);
  g_assert_cmpint (records (county), ==, 0);
  g_assert_true (store_write (store, limit_pages, GINT_TO_POINTER (100000), NULL));
  w = county_writer (county);
  county_state (county, w, county_batch (w, "公安局", "2021-10-01", NULL), "person-1", "name", "甲");
  county_commit (w);
  g_assert_cmpint (people (county), ==, 1);
}

/* ---- current tables ---------------------------------------------------- */

/* A query's only row as text, NULL values as "-". */
static char *
row (County *county, const char *sql)
{
  GError *error = NULL;
  g_autoptr (StoreReader) reader = store_reader (registry_store (county->registry), &error);
  StoreStatement *statement = store_statement (store_reader_db (reader), sql, &error);
  g_assert_no_error (error);
  g_assert_cmpint (store_step (statement, NULL), ==, STORE_ROW);
  GString *out = g_string_new (NULL);
  for (int i = 0; i < store_columns (statement); i++) {
    const char *text = store_text (statement, i).bytes;
    g_string_append_printf (out, "%s%s", i ? " " : "", text ? text : "-");
  }
  return g_string_free (out, FALSE);
}

static void
assert_row (County *county, const char *sql, const char *expected)
{
  g_autofree char *got = row (county, sql);
  g_assert_cmpstr (got, ==, expected);
}

static const char person_row[]
    = "SELECT id, name, born, home, income, degree, veteran, none_0, until FROM current_person";

static void
test_current (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  county_state (county, w, b, "person-1", "name", "甲");
  county_state (county, w, b, "home-3", "area", "1.5");
  county_state (county, w, b, "person-1", "home", "home-3");
  county_state (county, w, b, "person-1", "income", "12.5");
  county_state (county, w, b, "person-1", "degree", "本科");
  county_state (county, w, b, "person-1", "veteran", "~");
  county_commit (w);
  /* veteran is the tenth attribute: bit 9 */
  assert_row (county, person_row, "1 甲 - 3 1250 本科 - 512 -");
  w = county_writer (county);
  b = county_batch (w, "公安局", "2021-10-01", NULL);
  county_state (county, w, b, "person-1", "veteran", "true");
  county_state (county, w, b, "person-1", "income", "~");
  county_commit (w);
  assert_row (county, person_row, "1 甲 - 3 - 本科 1 32 -");
}

static void
append_income (County *county, RegistryWriter *w, RegistryBatchId b, const char *from, const char *to,
               gint64 fen)
{
  RegistryFact fact = { county_attribute (county, "person", "income"), REGISTRY_VALUE, fen };
  g_assert_true (registry_writer_append (w, b, county_subject (county, "person-1"),
                                         from ? county_day (from) : REGISTRY_EVER,
                                         to ? county_day (to) : REGISTRY_FOREVER, &fact, 1, NULL));
}

/* Facts come into force and go, as days pass. */
static void
test_refresh (County *county, gconstpointer unused)
{
  static const char income[] = "SELECT income, until IS NULL FROM current_person";
  GError *error = NULL;
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "民政局", "2021-10-01", NULL);
  append_income (county, w, b, NULL, NULL, 1);
  append_income (county, w, b, "2021-11-01", "2021-11-30", 2);
  append_income (county, w, b, "2022-01-01", NULL, 3);
  county_commit (w);
  assert_row (county, income, "1 0");
  g_assert_true (registry_refresh (county->registry, county_day ("2021-10-31"), &error));
  assert_row (county, income, "1 0");
  g_assert_true (registry_refresh (county->registry, county_day ("2021-11-01"), &error));
  assert_row (county, income, "2 0");
  g_assert_true (registry_refresh (county->registry, county_day ("2021-05-01"), &error));
  assert_row (county, income, "2 0");
  /* A batch of a later day brings the day along. */
  w = county_writer (county);
  b = county_batch (w, "公安局", "2021-12-01", NULL);
  county_state (county, w, b, "person-2", "name", "乙");
  county_commit (w);
  assert_row (county, "SELECT income FROM current_person WHERE id = 1", "1");
  g_assert_true (registry_refresh (county->registry, county_day ("2022-01-01"), &error));
  assert_row (county, "SELECT income, until IS NULL FROM current_person WHERE id = 1", "3 1");
}

/* The batch's day is Shanghai's: 16:00 UTC begins the next. */
static void
test_shanghai_day (County *county, gconstpointer unused)
{
  GError *error = NULL;
  RegistryWriter *w = county_writer (county);
  RegistryBatch batch = { "民政局", "test", NULL, county_instant ("2021-10-31") + 16 * 3600 - 1, NULL };
  RegistryBatchId b = registry_writer_batch (w, &batch, &error);
  append_income (county, w, b, NULL, NULL, 1);
  append_income (county, w, b, "2021-11-01", NULL, 2);
  county_commit (w);
  assert_row (county, "SELECT income FROM current_person", "1");
  w = county_writer (county);
  batch.recorded_at++;
  g_assert_cmpint (registry_writer_batch (w, &batch, &error), ==, 2);
  county_commit (w);
  assert_row (county, "SELECT income FROM current_person", "2");
}

static void
test_superseded (County *county, gconstpointer unused)
{
  static const char illness[]
      = "SELECT min (coalesce (illness, '-')) || ',' || max (coalesce (illness, '-')),"
        " CAST (sum (height) AS INTEGER) FROM current_person";
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "卫健局", "2021-10-01", NULL);
  county_state (county, w, b, "person-1", "illness", "甲病");
  county_state (county, w, b, "person-1", "height", "100");
  county_state (county, w, b, "person-2", "illness", "乙病");
  county_commit (w);
  w = county_writer (county);
  b = county_batch (w, "卫健局", "2021-11-01", "person");
  county_state (county, w, b, "person-2", "illness", "丙病");
  county_commit (w);
  assert_row (county, illness, "-,丙病 1000");
}

static void
test_bulk (County *county, gconstpointer unused)
{
  static const char indexes[]
      = "SELECT count(*) FROM store_definition WHERE is_index <> 0 AND table_name = 'current_person'";
  assert_row (county, indexes, "0");
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", "person");
  for (int i = 1; i <= 100; i++) {
    g_autofree char *id = g_strdup_printf ("person-%d", i);
    county_state (county, w, b, id, "name", id);
    county_state (county, w, b, id, "home", "home-1");
  }
  county_state (county, w, b, "home-1", "area", "5");
  county_commit (w);
  GError *error = NULL;
  g_assert_true (store_checkpoint (registry_store (county->registry), &error));
  assert_row (county, indexes, "4"); /* until, name, code, home */
  g_assert_cmpint (people (county), ==, 100);
  registry_close (county->registry);
  county->registry = registry_open (county->path, 0, county->schema, &error);
  g_assert_no_error (error);
  bool assumed;
  g_autofree char *sources = NULL;
  g_autofree char *members
      = county_read (county, "home-1", "成员.月收入", 19000, G_MAXINT64, &sources, &assumed);
  g_assert_true (g_str_has_prefix (members, "[unknown: 户.成员[1].月收入, "));
  g_assert_true (g_str_has_suffix (members, "unknown: 户.成员[100].月收入]"));
}

/* More attributes than one column of bits holds. */
static void
test_many_attributes (void)
{
  enum { MANY = 130 };
  g_autofree char *folder = support_folder (), *yaml = g_build_filename (folder, "registry.yaml", NULL);
  g_autofree char *db = support_store (folder, "many.db");
  g_autoptr (GString) text
      = g_string_new ("registry: 1\nentities:\n  - id: thing\n    zh: 物\n    en: Thing\n"
                      "    source: 局\n    attributes:\n");
  for (int i = 0; i < MANY; i++)
    g_string_append_printf (text, "      - { id: a%d, zh: 甲%d, en: A, type: number }\n", i, i);
  g_assert_true (g_file_set_contents (yaml, text->str, (gssize)text->len, NULL));
  GError *error = NULL;
  County county = { .schema = registry_schema_load (yaml, &error) };
  g_assert_no_error (error);
  county.registry = registry_open (db, STORE_CREATE, county.schema, &error);
  g_assert_no_error (error);
  RegistryWriter *w = county_writer (&county);
  RegistryBatchId b = county_batch (w, "局", "2021-10-01", NULL);
  static const int none[] = { 0, 61, 62, 123, 124, 129 };
  for (size_t i = 0; i < G_N_ELEMENTS (none); i++) {
    g_autofree char *id = g_strdup_printf ("a%d", none[i]);
    county_state (&county, w, b, "thing-1", id, "~");
  }
  county_state (&county, w, b, "thing-1", "a63", "7");
  county_commit (w);
  assert_row (&county,
              "SELECT a63, a62, none_0 = 2305843009213693953, none_1 = 2305843009213693953, none_2 = 33"
              " FROM current_thing",
              "7 - 1 1 1");
  registry_close (county.registry);
  registry_schema_free (county.schema);
  support_remove (folder);
}

/* ---- the audit log ------------------------------------------------------ */

/* What the log says of PERSON, the newest first: "department actor subjects detail". */
static char *
trail_of (County *county, const char *person)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const AuditRecord *records = audit_entries_about (registry_store (county->registry), arena,
                                                    county_subject (county, person), 0, 10, &n, &error);
  g_assert_no_error (error);
  GString *text = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (text, "%s %s %s %" G_GINT64_FORMAT " %s\n", audit_act_id (records[i].entry.act),
                            records[i].entry.department, records[i].entry.actor, records[i].n_subjects,
                            records[i].entry.detail);
  return g_string_free (text, FALSE);
}

/* Every batch that is committed has its entry, and none that is dropped. */
static void
test_trail (County *county, gconstpointer unused)
{
  RegistryWriter *writer = county_writer (county);
  RegistryBatchId one = county_batch (writer, "公安", "2021-01-01", NULL);
  RegistryBatchId many = county_batch (writer, "公安", "2021-01-01", "person");
  county_state (county, writer, one, "person-1", "name", "甲");
  for (int i = 1; i <= 3; i++) {
    g_autofree char *person = g_strdup_printf ("person-%d", i);
    county_state (county, writer, many, person, "name", "乙");
  }
  county_commit (writer);
  writer = county_writer (county);
  RegistryBatchId dropped = county_batch (writer, "公安", "2021-01-02", NULL);
  county_state (county, writer, dropped, "person-1", "name", "丙");
  registry_writer_free (writer);
  g_autofree char *first = trail_of (county, "person-1");
  g_assert_cmpstr (
      first, ==,
      "write 公安 test 3 {\"batch\":2,\"records\":3,\"complete_of\":\"person\",\"evidence\":\"a paper\"}\n"
      "write 公安 test 0 {\"batch\":1,\"records\":1,\"evidence\":\"a paper\"}\n");
  g_autofree char *third = trail_of (county, "person-3");
  g_assert_true (g_str_has_prefix (third, "write 公安 test 3 {\"batch\":2,"));
  g_autofree char *nobody = trail_of (county, "person-4");
  g_assert_cmpstr (nobody, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/registry/" name, County, NULL, county_open, test, county_close)
  CASE ("facts/parse", test_parse);
  CASE ("facts/refuse", test_parse_refuses);
  CASE ("writer/refuse a record", test_append_refuses);
  CASE ("writer/refuse a batch", test_batch_refuses);
  CASE ("writer/commit or drop", test_commit);
  CASE ("writer/join a transaction", test_join);
  if (!support_on_postgres ()) /* a server's disk is not the test's to fill */
    CASE ("writer/disk full", test_disk_full);
  CASE ("current/values and none", test_current);
  CASE ("current/days pass", test_refresh);
  CASE ("current/the day is Shanghai's", test_shanghai_day);
  CASE ("current/superseded by a complete load", test_superseded);
  g_test_add ("/registry/current/bulk load", County, GINT_TO_POINTER (STORE_BULK), county_open, test_bulk,
              county_close);
  g_test_add_func ("/registry/current/many attributes", test_many_attributes);
  CASE ("writer/leaves a trail", test_trail);
  return g_test_run ();
}
