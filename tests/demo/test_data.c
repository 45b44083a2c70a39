/* The data file: what it promises, and one fault at a time. */
#include "county.h"
#include "demo/naming.h"
#include "demo/tables.h"

#include <string.h>

/* What is put in place of what, and what the message says. */
typedef struct {
  const char *name, *find, *replace, *message;
} Fault;

static const Fault faults[] = {
  { "no-date", "as_of: 2026-06-30", "as_of: soon", "as_of is a date" },
  { "shares", "share: 125, rural: 200", "share: 126, rural: 200", "sum to 1000" },
  { "township-code", "code: \"350121001\"", "code: \"35012100\"", "not the code of a township" },
  { "township-without-number", "villages: 14, share: 35,", "share: 35,",
    "a number is missing here: villages" },
  { "no-source", "    assumed: Years between siblings.\n", "",
    "either `source: where from` or `assumed: why so`" },
  { "both", "    assumed: Years between siblings.\n", "    assumed: Years.\n    source: a book\n",
    "either `source" },
  { "weight", "{1..1: 6, 2..3: 44,", "{1..1: six, 2..3: 44,", "a weight is a whole number from 0: six" },
  { "nothing-can-happen", "weights: {1..1: 6, 2..3: 44, 4..6: 38, 7..10: 12}", "weights: {1..1: 0}",
    "sum to 0" },
  { "rate", "per_100000: 52000\n  single_men", "per_100000: 152000\n  single_men", "from 0 to 100000" },
  { "table-unknown", "  sibling_gap:", "  sibling_gaps:", "nothing draws from this table" },
  { "table-missing", "  boys:\n    assumed: Somewhat more boys than girls are born.\n    per_100000: 52000\n",
    "", "a table is missing here: boys" },
  { "table-twice", "  boys:\n", "  boys: {assumed: so, per_100000: 1}\n  boys:\n",
    "stands here twice: boys" },
  { "instant", "recorded: 2026-06-01T01:00:00Z", "recorded: 2026-06-01", "not an instant" },
  { "correction-too-early", "recorded: 2026-06-26T01:00:00Z", "recorded: 2026-06-02T00:00:00Z",
    "comes after every source" },
  { "source-missing", "  县残联: {recorded", "  县某联: {recorded", "`sources` says nothing about 县残联" },
  { "unknown-attribute", "resident.phone: 4000", "resident.fax: 4000", "`unknown` names an attribute" },
  { "row-missing", "      couple: {22..29: 12, 30..39: 12, 40..54: 20, 55..69: 42, 70..84: 14}\n", "",
    "head_age: a row is missing: couple" },
  { "row-too-many", "{poor: 92000, others: 35000}", "{poor: 92000, others: 35000, rich: 1}",
    "no use for the row: rich" },
  { "kind-unknown", "{single: 170, couple: 220,", "{alone: 170, couple: 220,",
    "household_kind: no such outcome: alone" },
  { "not-a-number", "weights: {1..1: 6, 2..3: 44,", "weights: {one: 6, 2..3: 44,",
    "sibling_gap: not a number or range" },
  { "out-of-bounds", "weights: {1..1: 50, 2..2: 22,", "weights: {1..1: 50, 2..9: 22,",
    "medical_spells: not a number or range" },
  { "rates-for-weights", "    weights: {1..1: 6, 2..3: 44, 4..6: 38, 7..10: 12}", "    per_100000: 5",
    "rates, not weights" },
  { "trade-without-code", "      汽车: {C36: 1}\n", "", "trade_code: a row is missing: 汽车" },
  { "cluster-nowhere", "建材: {\"350121001\": 30", "建材: {\"350121205\": 30",
    "no such township: 350121205" },
  { "park-nowhere", "kind: 工业园, township: \"350121105\"", "kind: 工业园, township: \"350121999\"",
    "no such township" },
  { "yaml", "tables:\n", "tables: [\n", "not YAML" },
};

static char *
replaced (const char *text, const char *find, const char *replace)
{
  const char *at = strstr (text, find);
  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (int)(at - text), text, replace, at + strlen (find));
}

static RegistryBatchId
any_batch (gpointer data, const RegistryBatch *batch, GError **error)
{
  return 1;
}

static Subject
any_subject (gpointer data, const RegistryEntity *entity)
{
  return subject_make (entity, 1);
}

static bool
any_record (gpointer data, RegistryBatchId batch, Subject subject, Day from, Day to,
            const RegistryFact *facts, size_t n, GError **error)
{
  return true;
}

static bool
generate (const char *data, gint64 residents, GError **error)
{
  g_autoptr (RegistrySchema) schema = county_schema ();
  DemoSink sink = { any_batch, any_subject, any_record, NULL };
  DemoOptions options = { .residents = residents, .seed = 1 };
  return demo_generate (schema, data, &options, &sink, NULL, error);
}

static void
fault_is_named (gconstpointer data)
{
  const Fault *f = data;
  g_autofree char *good_path = county_data (), *good = support_read (good_path, NULL);
  g_autofree char *bad = replaced (good, f->find, f->replace), *folder = support_folder ();
  g_autofree char *path = g_build_filename (folder, "bad.yaml", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (path, bad, -1, NULL));
  g_assert_false (generate (path, 10, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_true (g_str_has_prefix (error->message, path));
  if (!strstr (error->message, f->message))
    g_error ("\"%s\" does not say \"%s\"", error->message, f->message);
  support_remove (folder);
}

static void
number_of_residents (void)
{
  g_autofree char *path = county_data ();
  for (gint64 n = -1; n <= 0; n++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (generate (path, n, &error));
    g_assert_error (error, FAULT, FAULT_USAGE);
  }
  g_autoptr (GError) error = NULL;
  g_assert_false (generate (path, DEMO_RESIDENTS_MAX + 1, &error));
  g_assert_error (error, FAULT, FAULT_USAGE);
  for (gint64 n = 1; n <= 40; n++) { /* small counties are cut in the middle of a household */
    g_autoptr (County) county = county_new (n, (guint64)n);
    g_assert_cmpint (county->summary.residents, ==, n);
  }
  for (guint64 seed = 100; seed < 160; seed++) { /* a few firms, not of every size */
    g_autoptr (County) county = county_new (40, seed);
    g_assert_cmpint (county_size (county, "resident"), ==, 40);
  }
}

/* Ten thousand draws from a row come near its weights. */
static void
draws_follow_weights (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *path = county_data ();
  GError *error = NULL;
  const DemoData *data = demo_data_load (arena, path, &error);
  g_assert_no_error (error);
  const DemoRow *row = data->surname->rows;
  gint64 seen[64] = { 0 };
  DemoRandom r = demo_random_at (5, 1, 1);
  for (int i = 0; i < 10000; i++)
    seen[demo_pick (row, &r) - row->outcomes]++;
  for (size_t i = 0; i < row->n; i++)
    g_assert_cmpint (ABS (seen[i] - row->outcomes[i].weight * 10000 / row->total), <, 150);
  g_assert_null (demo_row_at (data->at_school, 80));
  g_assert_cmpint (demo_row_at (data->at_school, 10)->rate, ==, 100000);
}

/* The generator is this one and no other: SplitMix64's published sequence from
 * the state 1234567. */
static void
random_is_splitmix (void)
{
  static const guint64 published[]
      = { G_GUINT64_CONSTANT (6457827717110365317), G_GUINT64_CONSTANT (3203168211198807973),
          G_GUINT64_CONSTANT (9817491932198370423), G_GUINT64_CONSTANT (4593380528125082431),
          G_GUINT64_CONSTANT (16408922859458223821) };
  DemoRandom r = { 1234567 };
  for (size_t i = 0; i < G_N_ELEMENTS (published); i++)
    g_assert_cmpuint (demo_random_next (&r), ==, published[i]);
}

static void
names_and_numbers (void)
{
  char text[DEMO_NAME_SIZE], id[DEMO_ID_SIZE], code[DEMO_CREDIT_SIZE], phone[DEMO_PHONE_SIZE];
  demo_person_name (text, text_of ("欧阳"), false, 61);
  g_assert_cmpstr (text, ==, "欧阳样乙丑");
  demo_serial_name (text, 59);
  g_assert_cmpstr (text, ==, "癸亥");
  demo_serial_name (text, 60);
  g_assert_cmpstr (text, ==, "甲子二");
  demo_serial_name (text, 60 * 10 + 1);
  g_assert_cmpstr (text, ==, "乙丑一一");
  demo_id_number (id, 0, civil_to_day (1970, 1, 2), true);
  g_assert_cmpmem (id, 17, "35999919700102001", 17);
  g_assert_cmpint (identity_check_citizen (text_of (id), NULL, NULL, NULL), ==, IDENTITY_OK);
  demo_id_number (id, DEMO_PEOPLE_MAX - 1, civil_to_day (2020, 12, 31), false);
  g_assert_cmpmem (id, 17, "35600020201231998", 17);
  demo_credit_code (code, "91", 7);
  g_assert_cmpmem (code, 16, "91350121YX000007", 16);
  demo_phone (phone, 0);
  g_assert_cmpstr (phone, ==, "10000000001");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strconcat ("/demo/data/fault/", faults[i].name, NULL);
    g_test_add_data_func (path, &faults[i], fault_is_named);
  }
  g_test_add_func ("/demo/data/number-of-residents", number_of_residents);
  g_test_add_func ("/demo/data/draws-follow-weights", draws_follow_weights);
  g_test_add_func ("/demo/data/random-is-splitmix", random_is_splitmix);
  g_test_add_func ("/demo/data/names-and-numbers", names_and_numbers);
  return g_test_run ();
}
