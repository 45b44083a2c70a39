/* Papers agree with what they stand behind: certificates, recognitions, personnel
 * files, insurance periods, posts; and catalogues come from their files alone. */
#include "county.h"

#include <string.h>

static County *shared; /* 20,000 residents, seed 4, without catalogues */

#define EACH(s, entity)                                                                                      \
  for (Subject s = county_subject (shared, entity, 1), s##_end = s + county_size (shared, entity);           \
       s < s##_end; s++)

static bool
is_synthetic (const char *text)
{
  return g_str_has_prefix (text, "样例") || g_str_has_prefix (text, "YX");
}

/* Every level that a resident holds has its certificate, of the same day, and no other has one. */
static void
certificates_agree (void)
{
  gint64 expected = 0, found = 0, revoked = 0;
  EACH (r, "resident")
  expected += *county_text (shared, r, "skill_level") != 0;
  EACH (s, "certificate")
  {
    Subject holder = county_integer (shared, s, "resident", 0);
    const char *kind = county_text (shared, s, "kind");
    const char *level = county_text (shared, s, "level");
    g_assert_true (is_synthetic (county_text (shared, s, "number")));
    g_assert_true (is_synthetic (county_text (shared, s, "name")));
    g_assert_true (is_synthetic (county_text (shared, s, "issuer")));
    Day on = county_integer (shared, s, "issued_on", shared->summary.as_of);
    g_assert_cmpint (on, <=, shared->summary.as_of);
    g_assert_cmpint (county_integer (shared, s, "revoked_on", on), >=, on);
    revoked += county_integer (shared, s, "revoked_on", 0) != 0;
    if (g_str_equal (kind, "职业技能等级证书")) {
      found++;
      g_assert_true (county_is (shared, holder, "skill_level", level));
      g_assert_cmpstr (county_text (shared, holder, "skill_trade"), ==, county_text (shared, s, "trade"));
      Day stated = county_integer (shared, holder, "skill_date", 0);
      g_assert_cmpint (stated, ==, county_integer (shared, s, "issued_on", stated));
      g_assert_cmpint (civil_months_between (county_integer (shared, holder, "birth_date", 0), stated), >=,
                       16 * 12);
    } else if (g_str_equal (kind, "职称证书"))
      g_assert_true (county_is (shared, holder, "title_level", level));
    else {
      g_assert_cmpstr (kind, ==, "台湾职业资格证书");
      g_assert_cmpint (county_integer (shared, holder, "taiwan", 0), ==, 1);
    }
  }
  g_assert_cmpint (found, ==, expected);
  g_assert_cmpint (expected, >, 1000);
  g_assert_cmpint (revoked, >, 0);
  g_assert_cmpint (county_size (shared, "certificate"), ==, shared->summary.certificates);
}

static void
recognitions_agree (void)
{
  gint64 hard = 0, recognised = 0, leading = 0;
  EACH (r, "resident")
  hard += county_integer (shared, r, "hard_to_employ", 0);
  EACH (s, "recognition")
  {
    Subject resident = county_integer (shared, s, "resident", 0);
    Subject organisation = county_integer (shared, s, "organisation", 0);
    Subject park = county_integer (shared, s, "park", 0);
    g_assert_cmpint ((resident != 0) + (organisation != 0) + (park != 0), ==, 1);
    g_assert_true (is_synthetic (county_text (shared, s, "number")));
    const char *kind = county_text (shared, s, "kind");
    if (g_str_equal (kind, "就业困难人员")) {
      recognised++;
      g_assert_cmpint (county_integer (shared, resident, "hard_to_employ", 0), ==, 1);
      g_assert_true (county_is (shared, resident, "employment_status", "失业")
                     || !*county_text (shared, resident, "employment_status"));
    }
    if (g_str_equal (kind, "龙头企业")) {
      leading++;
      g_assert_cmpint (county_integer (shared, organisation, "leading", 0), ==, 1);
      g_assert_true (county_is (shared, organisation, "scale", "大型"));
    }
    if (park)
      g_assert_nonnull (
          strstr (county_text (shared, park, "recognised_level"), county_text (shared, s, "level")));
  }
  g_assert_cmpint (recognised, ==, hard);
  g_assert_cmpint (hard, >, 20);
  g_assert_cmpint (county_size (shared, "recognition"), ==, shared->summary.recognitions);
}

/* A file lies in one place; one that was moved here came after it was asked for. */
static void
files_lie_somewhere (void)
{
  gint64 away = 0;
  EACH (s, "file")
  {
    bool here = county_is (shared, s, "keeper_place", "本县");
    g_assert_true (here == (county_integer (shared, s, "keeper", 0) != 0));
    g_assert_true (here != (*county_text (shared, s, "keeper_name") != 0));
    Subject holder = county_integer (shared, s, "resident", 0);
    away += !here;
    if (!here)
      g_assert_cmpstr (county_text (shared, s, "keeper_place"), ==,
                       county_text (shared, holder, "hukou_place"));
  }
  EACH (t, "file_transfer")
  {
    Day asked = county_integer (shared, t, "requested_on", 0),
        sent = county_integer (shared, t, "sent_on", 0);
    Subject file = county_integer (shared, t, "file", 0);
    Day received = county_integer (shared, t, "received_on", 0);
    g_assert_true (asked < sent && sent < received);
    g_assert_cmpint (county_integer (shared, file, "received_on", received), ==, received);
    g_assert_true (county_is (shared, file, "keeper_place", "本县"));
  }
  g_assert_cmpint (away, >, 50);
  g_assert_cmpint (county_size (shared, "file_transfer"), >, 100);
  g_assert_cmpint (county_size (shared, "file"), ==, shared->summary.files);
}

/* Two periods a person, one after the other, together the months on record. */
static void
insurance_adds_up (void)
{
  for (gint64 i = 1; i < county_size (shared, "insurance_spell"); i += 2) {
    Subject first = county_subject (shared, "insurance_spell", i), second = first + 1;
    Subject resident = county_integer (shared, first, "resident", 0);
    g_assert_cmpint (resident, ==, county_integer (shared, second, "resident", 0));
    g_assert_cmpint (county_integer (shared, first, "ended_on", 0) + 1, ==,
                     county_integer (shared, second, "started_on", 0));
    gint64 months
        = county_integer (shared, first, "months", 0) + county_integer (shared, second, "months", 0);
    g_assert_cmpint (county_integer (shared, resident, "insured_months", months), ==, months);
    g_assert_true (county_is (shared, second, "region", "本县")
                   && !county_is (shared, first, "region", "本县"));
  }
  g_assert_cmpint (county_size (shared, "insurance_spell"), >, 200);
  g_assert_cmpint (county_size (shared, "insurance_spell"), ==, shared->summary.insurance);
}

static void
posts_are_possible (void)
{
  gint64 dedicated = 0, welfare = 0;
  EACH (s, "post")
  {
    Subject at = county_integer (shared, s, "organisation", 0);
    g_assert_true (is_synthetic (county_text (shared, s, "name")));
    g_assert_cmpint (county_integer (shared, s, "wage_from", 0), <, county_integer (shared, s, "wage_to", 0));
    g_assert_cmpint (county_integer (shared, s, "wage_from", 0), >=, 220000);
    g_assert_cmpint (county_integer (shared, at, "has_vacancy", 1), ==, 1);
    g_assert_cmpint (county_integer (shared, s, "published_on", 0), <=, shared->summary.as_of);
    bool private = county_is (shared, at, "kind", "企业");
    g_assert_true (private == county_is (shared, s, "kind", "企业岗位"));
    const char *for_whom = county_text (shared, s, "dedicated_to");
    dedicated += g_str_equal (for_whom, "服务期满人员");
    welfare += county_is (shared, s, "kind", "公益性岗位");
    g_assert_true (county_is (shared, s, "kind", "公益性岗位") == g_str_equal (for_whom, "就业困难人员"));
    g_assert_true (!private || !g_str_equal (for_whom, "服务期满人员"));
  }
  g_assert_cmpint (county_size (shared, "post"), ==, shared->summary.posts);
  g_assert_true (county_size (shared, "post") > 200 && dedicated + welfare > 0);
}

/* The father and mother of a child are its household's, and older. */
static void
parents_are_older (void)
{
  static const char *const parents[] = { "father", "mother" };
  gint64 found = 0;
  EACH (r, "resident")
  for (size_t i = 0; i < G_N_ELEMENTS (parents); i++) {
    Subject parent = county_integer (shared, r, parents[i], 0);
    if (!parent)
      continue;
    found++;
    g_assert_cmpint (county_integer (shared, parent, "household", 0), ==,
                     county_integer (shared, r, "household", 1));
    g_assert_cmpint (county_age (shared, parent) - county_age (shared, r), >=, 16);
    g_assert_true (county_is (shared, parent, "sex", i ? "女" : "男"));
  }
  g_assert_cmpint (found, >, 4000);
}

/* ---- catalogues -------------------------------------------------------- */

static Registry *
make (const char *folder, const char *const *catalogues, GError **error)
{
  static RegistrySchema *schema;
  if (!schema)
    schema = county_schema ();
  g_autofree char *path = g_build_filename (folder, "county.db", NULL), *data = county_data ();
  DemoOptions options = { .residents = 20, .seed = 1, .catalogues = catalogues };
  Registry *registry = registry_open (path, STORE_CREATE, schema, error);
  if (registry && demo_make (registry, data, &options, NULL, error))
    return registry;
  registry_close (registry);
  return NULL;
}

static void
catalogues_are_loaded (void)
{
  static const struct {
    const char *entity;
    gint64 own, all;
  } expected[]
      = { { "shortage_occupation", 0, 6 }, { "taiwan_qualification", 4, 4 }, { "correspondence", 11, 11 } };
  g_autofree char *own = support_source ("policy/minhou-2021-81/catalogues");
  g_autofree char *synthetic = support_source ("data/demo/catalogues");
  for (int both = 0; both < 2; both++) {
    g_autofree char *folder = support_folder ();
    GError *error = NULL;
    const char *const folders[] = { own, both ? synthetic : NULL, NULL };
    Registry *registry = make (folder, folders, &error);
    g_assert_no_error (error);
    for (size_t i = 0; i < G_N_ELEMENTS (expected); i++) {
      gint64 n;
      const RegistryEntity *entity = registry_schema_entity (registry_schema (registry), expected[i].entity);
      g_assert_true (registry_count (registry, entity, &n, NULL));
      g_assert_cmpint (n, ==, both ? expected[i].all : expected[i].own);
    }
    /* the empty catalogue is complete: absence means none */
    g_autoptr (StoreReader) reader = store_reader (registry_store (registry), NULL);
    gint64 loads;
    g_autofree char *sql
        = g_strdup_printf ("SELECT count(*) FROM batch WHERE complete_of = %d",
                           registry_schema_entity (registry_schema (registry), "shortage_occupation")->index);
    g_assert_true (store_query (store_reader_db (reader), sql, 0, &loads, NULL));
    g_assert_cmpint (loads, ==, 1);
    store_reader_release (g_steal_pointer (&reader));
    registry_close (registry);
    support_remove (folder);
  }
}

static void
catalogue_faults (void)
{
  static const struct {
    const char *csv, *words;
  } faults[] = {
    { "职业名称,颜色\n样例,红\n", "row 1: registry.yaml has no such attribute here: 颜色" },
    { "职业名称,列入日期\n样例,昨天\n", "row 2" },
    { "职业名称,可信度\n样例,也许\n", "也许" },
    { "职业名称\n样例,红\n", "row 2: a cell without a column: 红" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *folder = support_folder ();
    g_autofree char *path = g_build_filename (folder, "shortage_occupation.csv", NULL);
    g_assert_true (g_file_set_contents (path, faults[i].csv, -1, NULL));
    const char *const folders[] = { folder, NULL };
    g_autoptr (GError) error = NULL;
    g_assert_null (make (folder, folders, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, faults[i].words) || !strstr (error->message, path))
      g_error ("\"%s\" does not say \"%s\"", error->message, faults[i].words);
    support_remove (folder);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  shared = county_new (20000, 4);
  g_test_add_func ("/demo/papers/certificates-agree", certificates_agree);
  g_test_add_func ("/demo/papers/recognitions-agree", recognitions_agree);
  g_test_add_func ("/demo/papers/files-lie-somewhere", files_lie_somewhere);
  g_test_add_func ("/demo/papers/insurance-adds-up", insurance_adds_up);
  g_test_add_func ("/demo/papers/posts-are-possible", posts_are_possible);
  g_test_add_func ("/demo/papers/parents-are-older", parents_are_older);
  g_test_add_func ("/demo/papers/catalogues-are-loaded", catalogues_are_loaded);
  g_test_add_func ("/demo/papers/catalogue-faults", catalogue_faults);
  int status = g_test_run ();
  county_free (shared);
  return status;
}
