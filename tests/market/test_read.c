/* Markets' files: those of the county can be read; one fault each, with its place. */
#include "market/market.h"
#include "support.h"

static const char good[]
    = "market: m\n"                                                                       /* 1 */
      "zh: 市场\n"                                                                        /* 2 */
      "en: Market\n"                                                                      /* 3 */
      "clause: 2\n"                                                                       /* 4 */
      "seekers:\n"                                                                        /* 5 */
      "  zh: 求职者\n"                                                                    /* 6 */
      "  en: Jobseeker\n"                                                                 /* 7 */
      "  entity: resident\n"                                                              /* 8 */
      "  columns:\n"                                                                      /* 9 */
      "    - {id: wanted, zh: 意向, en: Sought, kind: concepts, space: occupation}\n"     /* 10 */
      "    - {id: sex, zh: 性别, en: Sex, kind: word, reads: [resident.sex]}\n"           /* 11 */
      "    - {id: born, zh: 出生, en: Born, kind: day, reads: [resident.birth_date]}\n"   /* 12 */
      "offers:\n"                                                                         /* 13 */
      "  zh: 岗位\n"                                                                      /* 14 */
      "  en: Post\n"                                                                      /* 15 */
      "  entity: post\n"                                                                  /* 16 */
      "  columns:\n"                                                                      /* 17 */
      "    - {id: work, zh: 职业, en: Occupation, kind: concepts, space: occupation}\n"   /* 18 */
      "    - {id: sex, zh: 性别要求, en: Sex asked for, kind: word}\n"                    /* 19 */
      "conditions:\n"                                                                     /* 20 */
      "  - {id: age, zh: 成年, en: Of age, basis: 民法典, holds: 求职者.出生 < 基准日}\n" /* 21 */
      "score:\n"                                                                          /* 22 */
      "  - {id: work, zh: 相近, en: Near, kind: nearest, points: 5, from: offers.work, to: seekers.wanted, "
      "finds: true}\n";

static const struct {
  const char *from, *to, *says;
} faults[] = {
  { "clause: 2\n", "", "m.yaml:1: \"clause\" is missing" },
  { "market: m", "markets: m", "unknown key \"markets\": did you mean \"market\"?" },
  { "clause: 2", "clause: two", "clause: \"two\" is no whole number" },
  { "entity: post", "entity: posts", "entity: registry.yaml has no \"posts\"" },
  { "kind: day", "kind: days", "m.yaml:12: kind: \"days\" is none of number, truth, day, word, concepts" },
  { "[resident.sex]", "[resident.gender]", "m.yaml:11: reads: registry.yaml has no \"resident.gender\"" },
  { "kind: concepts, space: occupation}\n    - {id: sex, zh: 性别,",
    "kind: concepts}\n    - {id: sex, zh: 性别,",
    "m.yaml:10: a column of concepts, and no other, names their space" },
  { "{id: born", "{id: sex", "m.yaml:12: the column \"sex\" is there twice" },
  { "zh: 岗位", "zh: 求职者", "both sides have one name" },
  { "求职者.出生 <", "求职者.生日 <", "m.yaml:21" },
  { "求职者.出生 < 基准日", "基准日", "m.yaml:21: holds: a condition is true or false" },
  { "basis: 民法典, ", "", "m.yaml:21: \"basis\" is missing" },
  { "points: 5", "points: 0", "m.yaml:23: points: \"0\" is no whole number from 1 to 1000" },
  { "points: 5", "points: -5", "m.yaml:23: points: \"-5\" is no whole number" },
  { "kind: nearest", "kind: close", "m.yaml:23: kind: \"close\" is none of overlap, nearest" },
  { "to: seekers.wanted", "to: seekers.want", "m.yaml:23: to: there is no column \"seekers.want\"" },
  { "to: seekers.wanted", "to: offers.work", "m.yaml:23: work: from and to are of one side" },
  { "to: seekers.wanted", "to: seekers.born", "m.yaml:23: work: nearest is of columns of the kind concepts" },
  { ", finds: true", "", "1 to 4 of its parts of concepts say \"finds: true\"" },
  { "kind: nearest, points: 5, from: offers.work, to: seekers.wanted",
    "kind: same, points: 5, from: offers.sex, to: seekers.sex",
    "m.yaml:23: work: only an overlap or nearest finds" },
  { ", finds: true}\n",
    ", finds: true}\n  - {id: s, zh: 性别, en: Sex, kind: same, points: 1, from: offers.sex, to: "
    "seekers.sex}\n",
    "m.yaml:24: s: no score may read resident.sex; where a statute tells you to, name it under \"statute\"" },
  { ", finds: true}\n",
    ", finds: true}\n  - {id: a, zh: 年轻, en: Young, kind: fresh, points: 1, to: seekers.born}\n",
    "m.yaml:24: a: no score may read resident.birth_date" },
  { ", finds: true}\n",
    ", finds: true}\n  - {id: work, zh: 又, en: Again, kind: nearest, points: 5, from: "
    "offers.work, to: seekers.wanted}\n",
    "m.yaml:24: the part \"work\" is there twice" },
};

static RegistrySchema *schema;

static const Market *
read_text (Arena *arena, const char *text, GError **error)
{
  g_autofree char *folder = support_folder (), *path = g_build_filename (folder, "m.yaml", NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  const Market *market = market_read (arena, path, schema, error);
  support_remove (folder);
  return market;
}

static void
test_fault (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (good);
  g_assert_cmpuint (g_string_replace (text, faults[i].from, faults[i].to, 1), ==, 1);
  g_assert_null (read_text (arena, text->str, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  if (!strstr (error->message, faults[i].says))
    g_error ("\"%s\" is not in: %s", faults[i].says, error->message);
}

/* With the law's name a score may read what no other may. */
static void
test_statute (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text
      = g_strconcat (good,
                     "  - {id: s, zh: 性别, en: Sex, kind: same, points: 1, from: offers.sex, to: "
                     "seekers.sex, statute: 某法 第一条}\n",
                     NULL);
  const Market *market = read_text (arena, text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (market->parts[1].statute, ==, "某法 第一条");
  g_assert_cmpuint (market_most (market), ==, 6);
}

static void
test_county (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  size_t n;
  const Market *const *markets = market_read_all (arena, folder, schema, &n, found);
  for (guint i = 0; i < found->len; i++)
    g_error ("%s", (char *)found->pdata[i]);
  g_assert_cmpuint (n, >, 0);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpuint (market_most (markets[i]), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *path = support_source ("policy/minhou-2021-81/registry.yaml");
  schema = registry_schema_load (path, NULL);
  g_assert_nonnull (schema);
  g_test_add_func ("/market/read/county", test_county);
  g_test_add_func ("/market/read/statute", test_statute);
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *name = g_strdup_printf ("/market/read/faults/%zu", i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_fault);
  }
  int failed = g_test_run ();
  registry_schema_free (schema);
  return failed;
}
