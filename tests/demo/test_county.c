/* The county as a whole: the same for everyone, valid, and with the shares that
 * the data file states. */
#include "county.h"
#include "demo/household.h"
#include "demo/tables.h"

#include <string.h>

static County *shared; /* 20,000 residents, seed 1 */

static void
same_seed_same_facts (void)
{
  g_autoptr (County) again = county_new (2000, 1);
  g_autoptr (County) once = county_new (2000, 1);
  g_autoptr (County) other = county_new (2000, 2);
  g_assert_cmpstr (once->digest, ==, again->digest);
  g_assert_cmpstr (once->digest, !=, other->digest);
  /* Pinned: a change here changes every demo county and belongs into the change log. */
  g_assert_cmpstr (once->digest, ==, "d57cf8eb16d06886b6594607721e9c40e79836ff133cea539562cf4f148074c6");
}

static void
order_does_not_matter (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *path = county_data ();
  const DemoData *data = demo_data_load (arena, path, &error);
  g_assert_no_error (error);
  enum { N = 300 };
  DemoHousehold *forward = g_new0 (DemoHousehold, N), *backward = g_new0 (DemoHousehold, N);
  for (int i = 0; i < N; i++)
    demo_household_make (&forward[i], data, 9, i, 100 * i, 10);
  for (int i = N; i-- > 0;)
    demo_household_make (&backward[i], data, 9, i, 100 * i, 10);
  for (int i = 0; i < N; i++)
    g_assert_cmpmem (&forward[i], sizeof *forward, &backward[i], sizeof *backward);
  g_free (forward);
  g_free (backward);
}

/* Every fact against the schema, by rules written down a second time here. */
static void
facts_fit_the_schema (void)
{
  gint64 disputes = 0;
  for (guint i = 0; i < shared->facts->len; i++) {
    const CountyFact *f = &g_array_index (shared->facts, CountyFact, i);
    const RegistryAttribute *a = f->attribute;
    const char *source = g_ptr_array_index (shared->sources, f->batch - 1);
    bool disputed = g_str_equal (a->id, "monthly_income") && g_str_equal (source, "县人社局");
    disputes += disputed;
    g_assert_true (disputed || g_str_equal (source, a->source));
    if (f->state != REGISTRY_VALUE)
      continue;
    if (a->kind == REGISTRY_TEXT) {
      g_assert_true (text_is_utf8 (text_of (f->text), NULL) && *f->text);
      if (a->values)
        g_assert_true (g_strv_contains ((const char *const *)a->values, f->text));
    }
    g_assert_true (a->kind != REGISTRY_BOOLEAN || f->integer == 0 || f->integer == 1);
    g_assert_true (a->kind == REGISTRY_TEXT || !a->has_min || f->integer >= a->min);
    g_assert_true (a->kind == REGISTRY_TEXT || !a->has_max || f->integer <= a->max);
    if (a->kind == REGISTRY_REFERENCE) {
      g_assert_true (registry_subject_entity (shared->schema, f->integer) == a->target);
      g_assert_cmpint (subject_number (f->integer), >=, 1);
      g_assert_cmpint (subject_number (f->integer), <=, shared->starts[a->target->index]->len);
    }
  }
  g_assert_cmpint (disputes, ==, shared->summary.disputes);
  g_assert_cmpint (disputes, >, 1);
}

static void
counts_agree (void)
{
  const DemoSummary *s = &shared->summary;
  g_assert_cmpint (s->residents, ==, 20000);
  g_assert_cmpint (county_size (shared, "resident"), ==, 20000);
  g_assert_cmpint (county_size (shared, "household"), ==, s->households);
  g_assert_cmpint (county_size (shared, "organisation"), ==, s->organisations);
  g_assert_cmpint (county_size (shared, "school"), ==, s->schools);
  g_assert_cmpint (county_size (shared, "park"), ==, s->parks);
  g_assert_cmpint (county_size (shared, "place"), ==, s->places);
  g_assert_cmpint (county_size (shared, "work_spell"), ==, s->spells);
  g_assert_cmpint (shared->facts->len, ==, s->facts);
}

/* Fifteen townships as the statistical list has them, and the farm. */
static void
townships_are_real (void)
{
  static const char *const codes[]
      = { "350121001", "350121101", "350121102", "350121103", "350121104", "350121105",
          "350121106", "350121107", "350121108", "350121200", "350121201", "350121202",
          "350121203", "350121204", "350121206", "350121400" };
  int townships = 0, farms = 0;
  for (gint64 i = 1; i <= county_size (shared, "place"); i++) {
    Subject place = county_subject (shared, "place", i);
    const char *kind = county_text (shared, place, "kind");
    if (county_integer (shared, place, "parent", 0) != 0) {
      const char *name = county_text (shared, place, "name");
      g_assert_true (g_str_has_prefix (name, "样例"));
      g_assert_cmpuint (strlen (county_text (shared, place, "code")), ==, 12);
      g_assert_true (g_str_equal (kind, "村") || g_str_equal (kind, "社区"));
      continue;
    }
    g_assert_cmpstr (county_text (shared, place, "code"), ==, codes[i - 1]);
    farms += g_str_equal (kind, "农场");
    townships += g_str_equal (kind, "街道") || g_str_equal (kind, "镇") || g_str_equal (kind, "乡");
  }
  g_assert_cmpint (townships, ==, 15);
  g_assert_cmpint (farms, ==, 1);
}

static void
organisations_have_codes (void)
{
  g_autoptr (GHashTable) codes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) chains = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 n = county_size (shared, "organisation");
  for (gint64 i = 1; i <= n; i++) {
    Subject o = county_subject (shared, "organisation", i);
    const char *code = county_text (shared, o, "credit_code"), *name = county_text (shared, o, "name");
    g_assert_cmpint (identity_check_credit (text_of (code), NULL), ==, IDENTITY_OK);
    g_assert_true (g_str_has_prefix (code + 2, "350121YX"));
    g_assert_true (g_hash_table_add (codes, (gpointer)code));
    g_assert_true (g_hash_table_add (names, (gpointer)name));
    g_assert_true (g_str_has_prefix (name, "样例"));
    if (*county_text (shared, o, "chain"))
      g_hash_table_add (chains, (gpointer)county_text (shared, o, "chain"));
  }
  g_assert_cmpuint (g_hash_table_size (chains), ==, 5);
}

/* ---- shares ------------------------------------------------------------ */

static void
assert_near (const char *what, double got, double want, double tolerance)
{
  if (got < want - tolerance || got > want + tolerance)
    g_error ("%s: %.4f, the data file says %.4f", what, got, want);
}

static gint64
count_residents (const char *attribute, const char *text)
{
  gint64 n = 0;
  for (gint64 i = 1; i <= shared->summary.residents; i++)
    n += county_is (shared, county_subject (shared, "resident", i), attribute, text);
  return n;
}

static void
shares_hold (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *path = county_data ();
  const DemoData *data = demo_data_load (arena, path, &error);
  g_assert_no_error (error);
  double all = (double)shared->summary.residents;
  gint64 ages[DEMO_AGES] = { 0 };
  for (gint64 i = 1; i <= shared->summary.residents; i++)
    ages[county_age (shared, county_subject (shared, "resident", i))]++;
  const DemoRow *row = data->ages->rows;
  for (size_t b = 0; b < row->n; b++) {
    gint64 n = 0;
    for (gint64 age = row->outcomes[b].from; age <= row->outcomes[b].to; age++)
      n += ages[age];
    assert_near (row->outcomes[b].text.bytes, (double)n / all,
                 (double)row->outcomes[b].weight / (double)row->total, 0.012);
  }
  for (size_t t = 0; t < data->n_townships; t++)
    assert_near (data->townships[t].name.bytes,
                 (double)count_residents ("township", data->townships[t].code.bytes) / all,
                 (double)data->townships[t].share / 1000, 0.012);
  assert_near ("men", (double)count_residents ("sex", "男") / all, 0.5, 0.02);
}

/* A rate by age, over the residents it applies to. */
static void
assert_rate (const char *attribute, const DemoTable *table, const char *sex, double tolerance)
{
  double expected = 0, got = 0, of = 0;
  for (gint64 i = 1; i <= shared->summary.residents; i++) {
    Subject r = county_subject (shared, "resident", i);
    const DemoRow *row = demo_row_at (table, county_age (shared, r));
    if (sex && !county_is (shared, r, "sex", sex))
      continue;
    of++;
    expected += row ? (double)row->rate / 100000 : 0;
    const CountyFact *f = county_fact (shared, r, attribute);
    got += f && f->state == REGISTRY_VALUE && (f->text || f->integer);
  }
  assert_near (attribute, got / of, expected / of, tolerance);
}

static void
rates_hold (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *path = county_data ();
  const DemoData *data = demo_data_load (arena, path, &error);
  g_assert_no_error (error);
  assert_rate ("disability_kind", data->disability, NULL, 0.003);
  assert_rate ("serious_illness", data->illness, NULL, 0.002);
  assert_rate ("veteran", data->veteran_men, "男", 0.004);
  assert_rate ("veteran", data->veteran_women, "女", 0.002);
  assert_rate ("school_stage", data->at_school, NULL, 0.01);
}

/* Some facts are missing, as often as the data file says; none, false and a
 * correction all occur. */
static void
reality_has_gaps (void)
{
  gint64 adults = 0, unstated = 0, corrected = 0, none = 0;
  for (gint64 i = 1; i <= shared->summary.residents; i++) {
    Subject r = county_subject (shared, "resident", i);
    size_t n, stated = 0;
    const CountyFact *facts = county_facts (shared, r, &n);
    for (size_t k = 0; k < n; k++) {
      bool income = g_str_equal (facts[k].attribute->id, "monthly_income");
      bool later = facts[k].batch == shared->sources->len;
      stated += income && !later;
      corrected += income && later;
    }
    none += county_fact (shared, r, "monthly_income")
            && county_fact (shared, r, "monthly_income")->state == REGISTRY_NONE;
    adults += county_age (shared, r) >= 16;
    unstated += stated == 0;
  }
  assert_near ("income not stated", (double)unstated / (double)adults, 0.03, 0.006);
  g_assert_cmpint (corrected, ==, shared->summary.corrections);
  g_assert_cmpint (corrected, >, 30);
  g_assert_cmpint (none, >, 1000);
  g_assert_cmpint (shared->summary.unknown, >, unstated);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  shared = county_new (20000, 1);
  g_test_add_func ("/demo/county/same-seed-same-facts", same_seed_same_facts);
  g_test_add_func ("/demo/county/order-does-not-matter", order_does_not_matter);
  g_test_add_func ("/demo/county/facts-fit-the-schema", facts_fit_the_schema);
  g_test_add_func ("/demo/county/counts-agree", counts_agree);
  g_test_add_func ("/demo/county/townships-are-real", townships_are_real);
  g_test_add_func ("/demo/county/organisations-have-codes", organisations_have_codes);
  g_test_add_func ("/demo/county/shares-hold", shares_hold);
  g_test_add_func ("/demo/county/rates-hold", rates_hold);
  g_test_add_func ("/demo/county/reality-has-gaps", reality_has_gaps);
  int result = g_test_run ();
  county_free (shared);
  return result;
}
