/* Divisions over time, and figures that stay comparable across their changes. */
#include "harness.h"

static RegistryDivisions *
load (void)
{
  g_autofree char *path = support_source ("tests/registry/divisions.yaml");
  g_autofree char *bytes = support_read (path, NULL);
  GError *error = NULL;
  RegistryDivisions *d = registry_divisions_parse (text_of (bytes), path, &error);
  g_assert_no_error (error);
  return d;
}

static void
test_names (void)
{
  static const struct {
    const char *day, *names;
  } expected[] = {
    { "2020-12-31", "1 甲乡 2 乙乡 3 丙镇 4 丁镇" },
    { "2021-01-01", "1 甲镇 2 乙乡 3 丙镇 4 丁镇" },
    { "2022-01-01", "1 甲镇 3 丙镇 4 丁镇" },
    { "2023-01-01", "1 甲镇 3 丙镇 4 丁镇 5 戊街道" },
    { "2024-06-30", "1 甲镇 3 丙镇 5 戊街道 6 己街道" },
  };
  g_autoptr (RegistryDivisions) d = load ();
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (expected); i++) {
    size_t n;
    g_autoptr (GString) got = g_string_new (NULL);
    const RegistryDivision *list = registry_divisions_at (d, arena, county_day (expected[i].day), &n);
    for (size_t j = 0; j < n; j++)
      g_string_append_printf (got, "%s%s %s", j ? " " : "", list[j].code, list[j].name);
    g_assert_cmpstr (got->str, ==, expected[i].names);
  }
  g_assert_cmpstr (registry_division_name (d, "1", county_day ("2020-12-31")), ==, "甲乡");
  g_assert_cmpstr (registry_division_name (d, "1", county_day ("2021-01-01")), ==, "甲镇");
  g_assert_null (registry_division_name (d, "2", county_day ("2022-01-01")));
  size_t n;
  const RegistryDivision *list = registry_divisions_at (d, arena, county_day ("2023-01-01"), &n);
  g_assert_cmpstr (list[3].source, ==, "样例批复三");
}

static void
test_map (void)
{
  static const struct {
    const char *from, *to, *parts;
  } expected[] = {
    { "2020-01-01", "2020-12-31", "1→1 1000000; 2→2 1000000; 3→3 1000000; 4→4 1000000" },
    { "2020-01-01", "2022-06-30", "1→1 1000000; 2→1 1000000; 3→3 1000000; 4→4 1000000" },
    { "2022-01-01", "2023-01-01", "1→1 1000000; 3→3 600000; 3→5 400000; 4→4 900000; 4→5 100000" },
    { "2020-01-01", "2024-01-01",
      "1→1 1000000; 2→1 1000000; 3→3 600000; 3→5 400000; 4→5 100000; 4→6 900000" },
    { "2023-01-01", "2024-01-01", "1→1 1000000; 3→3 1000000; 4→6 1000000; 5→5 1000000" },
  };
  g_autoptr (RegistryDivisions) d = load ();
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (expected); i++) {
    size_t n;
    g_autoptr (GString) got = g_string_new (NULL);
    const RegistryDivisionPart *parts
        = registry_divisions_map (d, arena, county_day (expected[i].from), county_day (expected[i].to), &n);
    for (size_t j = 0; j < n; j++)
      g_string_append_printf (got, "%s%s→%s %" G_GINT64_FORMAT, j ? "; " : "", parts[j].from, parts[j].to,
                              parts[j].share);
    g_assert_cmpstr (got->str, ==, expected[i].parts);
  }
}

/* ---- counting ---------------------------------------------------------- */

static const char schema_text[]
    = "registry: 1\n"
      "entities:\n"
      "  - id: person\n"
      "    zh: 居民\n"
      "    en: Person\n"
      "    source: 公安局\n"
      "    attributes:\n"
      "      - { id: township, zh: 乡镇, en: Township, type: text }\n"
      "      - { id: residence, zh: 居住地, en: Residence, type: reference, to: place }\n"
      "  - id: place\n"
      "    zh: 地点\n"
      "    en: Place\n"
      "    source: 民政局\n"
      "    attributes:\n"
      "      - { id: township, zh: 所属乡镇, en: Township, type: text }\n";

typedef struct {
  char *folder;
  RegistrySchema *schema;
  Registry *registry;
} Fixture;

static void
state (Fixture *f, RegistryWriter *w, RegistryBatchId b, const char *subject, const char *from,
       const char *township, const char *residence)
{
  GError *error = NULL;
  Subject s;
  g_assert_true (registry_subject_parse (f->schema, text_of (subject), &s));
  const RegistryEntity *entity = registry_subject_entity (f->schema, s);
  RegistryFact facts[2];
  size_t n = 0;
  if (township)
    registry_fact_parse (f->schema, registry_entity_attribute (entity, "township"), text_of (township),
                         &facts[n++], &error);
  if (residence)
    registry_fact_parse (f->schema, registry_entity_attribute (entity, "residence"), text_of (residence),
                         &facts[n++], &error);
  g_assert_no_error (error);
  registry_writer_append (w, b, s, county_day (from), REGISTRY_FOREVER, facts, n, &error);
  g_assert_no_error (error);
}

/* Ten people in each township from 2020 on; half of those in 3 in a village that
 * goes to 5, two of them in one that stays, the others nobody knows where. */
static void
set_up (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  f->folder = support_folder ();
  f->schema = registry_schema_parse (text_of (schema_text), "schema", &error);
  g_assert_no_error (error);
  g_autofree char *path = support_store (f->folder, "county.db");
  f->registry = registry_open (path, STORE_CREATE, f->schema, &error);
  g_assert_no_error (error);
  RegistryWriter *w = registry_writer_new (f->registry, &error);
  RegistryBatchId people = county_batch (w, "公安局", "2024-06-01", NULL);
  RegistryBatchId places = county_batch (w, "民政局", "2024-06-01", NULL);
  state (f, w, places, "place-1", "2020-01-01", "3", NULL);
  state (f, w, places, "place-1", "2023-01-01", "5", NULL);
  state (f, w, places, "place-2", "2020-01-01", "3", NULL);
  for (int i = 0; i < 40; i++) {
    g_autofree char *id = g_strdup_printf ("person-%d", i + 1), *code = g_strdup_printf ("%d", i / 10 + 1);
    const char *where = i / 10 != 2 ? NULL : i % 10 < 5 ? "place-1" : i % 10 < 7 ? "place-2" : NULL;
    state (f, w, people, id, "2020-01-01", code, where);
  }
  state (f, w, people, "person-41", "2023-06-01", NULL, "place-2");
  /* one moves from 2 to 3, before 2 ends */
  state (f, w, people, "person-11", "2021-06-01", "3", "place-2");
  county_commit (w);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  registry_close (f->registry);
  registry_schema_free (f->schema);
  support_remove (f->folder);
  g_free (f->folder);
}

static void
test_count (Fixture *f, gconstpointer unused)
{
  static const struct {
    const char *at, *as_of, *counts;
  } expected[] = {
    { "2019-12-31", "2019-12-31", "1 0; 2 0; 3 0; 4 0; ? 41" },
    { "2020-06-01", "2020-06-01", "1 10; 2 10; 3 10; 4 10; ? 1" },
    { "2021-06-01", "2021-06-01", "1 10; 2 9; 3 11; 4 10; ? 1" },
    /* the merge is exact */
    { "2020-06-01", "2022-01-01", "1 20; 3 10; 4 10; ? 1" },
    /* of 3: five by their village to 5, two by theirs to 3, three by share: one to 5, two to 3; of 4 one to 5
     */
    { "2020-06-01", "2023-01-01", "1 20; 3 4 (2 estimated); 4 9 (9 estimated); 5 7 (2 estimated); ? 1" },
    { "2020-06-01", "2024-01-01", "1 20; 3 4 (2 estimated); 5 7 (2 estimated); 6 9 (9 estimated); ? 1" },
  };
  g_autoptr (RegistryDivisions) d = load ();
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (expected); i++) {
    size_t n;
    GError *error = NULL;
    g_autoptr (GString) got = g_string_new (NULL);
    const RegistryDivisionCount *counts
        = registry_count_divisions (f->registry, arena, d, registry_schema_entity (f->schema, "person"),
                                    county_day (expected[i].at), county_day (expected[i].as_of), &n, &error);
    g_assert_no_error (error);
    gint64 all = 0;
    for (size_t j = 0; j < n; j++) {
      g_string_append_printf (got, "%s%s %" G_GINT64_FORMAT, j ? "; " : "",
                              counts[j].code ? counts[j].code : "?", counts[j].n);
      if (counts[j].estimated)
        g_string_append_printf (got, " (%" G_GINT64_FORMAT " estimated)", counts[j].estimated);
      all += counts[j].n;
    }
    g_assert_cmpstr (got->str, ==, expected[i].counts);
    g_assert_cmpint (all, ==, 41);
  }
}

static void
test_backward (Fixture *f, gconstpointer unused)
{
  g_autoptr (RegistryDivisions) d = load ();
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  size_t n;
  g_assert_null (registry_count_divisions (f->registry, arena, d,
                                           registry_schema_entity (f->schema, "person"),
                                           county_day ("2023-01-01"), county_day ("2022-01-01"), &n, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
}

/* ---- faults ------------------------------------------------------------ */

static const struct {
  const char *changes, *words;
} faults[] = {
  { "[ { on: 2021-01-01, source: a, rename: { from: \"9\", name: x } } ]",
    "no division 9 on the day before" },
  { "[ { on: 2021-01-01, source: a, merge: { from: [\"1\", \"1\"], to: \"1\" } } ]",
    "stands twice in one change" },
  { "[ { on: 2021-01-01, source: a, merge: { from: [\"1\"], to: \"9\" } } ]", "9 is new: give it a name" },
  { "[ { on: 2021-01-01, source: a, split: { from: \"1\", into: [ { code: \"1\", share: 0.5 } ] } } ]",
    "must add up to 1" },
  { "[ { on: 2021-01-01, source: a, transfer: { from: \"1\", to: \"2\", share: 1.5 } } ]",
    "is no part of one" },
  { "[ { on: gestern, source: a, rename: { from: \"1\", name: x } } ]", "is no date" },
  { "[ { on: 2021-01-01, rename: { from: \"1\", name: x } } ]", "source" },
  { "[ { on: 2021-01-01, source: a } ]", "one of rename, merge, split and transfer" },
  { "[ { on: 2022-01-01, source: a, rename: { from: \"1\", name: x } }, { on: 2021-01-01, source: a, rename: "
    "{ "
    "from: \"1\", name: y } } ]",
    "in order of their dates" },
  { "{}", "must be a list" },
};

static void
test_faults (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *text
        = g_strdup_printf ("divisions: 1\nsource: s\nestablished: [ { code: \"1\", name: 甲 }, "
                           "{ code: \"2\", name: 乙 } ]\nchanges: %s\n",
                           faults[i].changes);
    g_autoptr (GError) error = NULL;
    g_assert_null (registry_divisions_parse (text_of (text), "d.yaml", &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_true (g_str_has_prefix (error->message, "d.yaml:4"));
    if (!strstr (error->message, faults[i].words))
      g_error ("\"%s\" does not say \"%s\"", error->message, faults[i].words);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registry/divisions/names", test_names);
  g_test_add_func ("/registry/divisions/map", test_map);
  g_test_add_func ("/registry/divisions/faults", test_faults);
  g_test_add ("/registry/divisions/count", Fixture, NULL, set_up, test_count, tear_down);
  g_test_add ("/registry/divisions/backward", Fixture, NULL, set_up, test_backward, tear_down);
  return g_test_run ();
}
