/* Specs: one fault each with its place, and what reserves come to. */
#include "allocation/allocation.h"
#include "support.h"

#include <glib/gstdio.h>

static const char good[]
    = "pool: P\n"                                                                    /* 1 */
      "ties: reject-all\n"                                                           /* 2 */
      "keys:\n"                                                                      /* 3 */
      "  - {name: points, decimals: 1}\n"                                            /* 4 */
      "  - {name: tier, of: choice, order: ascending}\n"                             /* 5 */
      "traits: [member, other]\n"                                                    /* 6 */
      "units:\n"                                                                     /* 7 */
      "  - {id: A, places: 10, slots: [{reserve: member, share: 30%, of: posts}]}\n" /* 8 */
      "  - {id: B, places: 1}\n"                                                     /* 9 */
      "applicants: a.csv\n";                                                         /* 10 */
static const char table[] = "id,points,tier,traits,choices\n"                        /* 1 */
                            "b,85.5,1;2,member,A; B\n"                               /* 2 */
                            "a,-3,,,\n";                                             /* 3 */

static const struct {
  const char *file, *from, *to, *says;
} faults[] = {
  { "yaml", "pool: P\n", "", "s.yaml:1: \"pool\" is missing" },
  { "yaml", "pool: P", "pools: P", "s.yaml:1: the spec: unknown key \"pools\": did you mean \"pool\"?" },
  { "yaml", "reject-all", "reject", "s.yaml:2: ties: \"reject\" is none of lottery, reject-all, admit-all" },
  { "yaml", "ties: reject-all", "ties: lottery", "s.yaml:1: between equal claims the lot decides" },
  { "yaml", "ties: reject-all", "mechanism: boston", "mechanism: \"boston\" is none of deferred-acceptance" },
  { "yaml", "decimals: 1", "decimals: 7", "s.yaml:4: decimals: \"7\" is no whole number from 0 to 6" },
  { "yaml", "name: tier", "name: points", "s.yaml:5: the key \"points\" is there twice" },
  { "yaml", "name: tier", "name: choices", "s.yaml:5: a key may not be called \"choices\"" },
  { "yaml", "of: choice", "of: unit", "s.yaml:5: of: \"unit\" is none of applicant, choice" },
  { "yaml", "[member, other]", "[member, member]", "s.yaml:6: the trait \"member\" is there twice" },
  { "yaml", "places: 10", "places: -10", "s.yaml:8: places: \"-10\" is no whole number" },
  { "yaml", "places: 10, ", "", "s.yaml:8: places is missing" },
  { "yaml", "id: B", "id: A", "s.yaml:9: the unit A is there twice" },
  { "yaml", "30%", "130%", "s.yaml:8: share: \"130%\" is no share from 0% to 100%" },
  { "yaml", "30%", "-30%", "s.yaml:8: share: \"-30%\" is no share" },
  { "yaml", ", of: posts", "", "s.yaml:8: \"of\" is missing" },
  { "yaml", "of: posts", "of: people",
    "s.yaml:8: of (posts, places, or a count): \"people\" is no whole number" },
  { "yaml", "share: 30%", "number: 1, share: 30%", "s.yaml:8: a reserve has either a number or a share" },
  { "yaml", "share: 30%, of: posts", "number: 11", "s.yaml:8: A has 10 places and its slots are 11" },
  { "yaml", "reserve: member, share", "reserve: members, share",
    "s.yaml:8: reserve: \"members\" is none of the traits" },
  { "yaml", "share: 30%, of: posts", "number: 1, kind: soft",
    "kind: \"soft\" is none of minimum, hard, dedicated" },
  { "yaml", "reserve: member, share: 30%, of: posts", "open: rest}, {open: rest",
    "s.yaml:8: \"open: rest\" stands twice" },
  { "yaml", "reserve: member, share: 30%, of: posts", "matched: [{reserve: member, number: 1}]",
    "s.yaml:8: matched must be a list of 2 to 8 reserves" },
  { "yaml", "reserve: member, share: 30%, of: posts", "matched: 3",
    "s.yaml:8: matched must be a list of 2 to 8" },
  { "yaml", "reserve: member, share: 30%, of: posts",
    "matched: [{reserve: member, number: 1}, {reserve: member, number: 2}]",
    "s.yaml:8: matched: \"member\" stands twice" },
  { "yaml", "reserve: member, share: 30%, of: posts",
    "matched: [{reserve: member, number: 1, kind: hard}, {reserve: other, number: 2}]",
    "unknown key \"kind\"" },
  { "yaml", "reserve: member, share: 30%, of: posts",
    "matched: [{reserve: member, number: 1}, {reserve: other, number: 2}], open: 1",
    "s.yaml:8: an entry of slots is one of open, reserve and matched" },
  { "yaml", "reserve: member, share: 30%, of: posts",
    "matched: [{reserve: member, number: 1}, {reserve: other, number: 2}]",
    "s.yaml:8: where several traits are matched, the lot must decide between equal claims" },
  { "yaml", "ties: reject-all", "ties: reject-all\nregions: [{name: R, cap: 1}]",
    "s.yaml:3: with regions the mechanism is deferred-acceptance, and the lot decides" },
  { "yaml", "ties: reject-all", "ties: lottery\nregions: [{name: R, cap: -1}]",
    "s.yaml:3: cap: \"-1\" is no whole" },
  { "yaml", "ties: reject-all", "ties: lottery\nregions: [{name: R, cap: 1}, {name: R, cap: 2}]",
    "s.yaml:3: the region \"R\" is there twice" },
  { "yaml", "ties: reject-all", "ties: lottery\nregions: R", "s.yaml:3: regions must be a list" },
  { "yaml", "places: 1}", "places: 1, region: R}", "s.yaml:9: B: there is no region \"R\"" },
  { "yaml", "places: 1}", "places: 1, target: 1}", "s.yaml:9: B has a target, and is in no region" },
  { "yaml", "a.csv", "b.csv", "b.csv" },
  { "yaml", "applicants: a.csv\n", "", "s.yaml:1: \"applicants\" is missing" },
  { "csv", "id,points", "id,point", "a.csv: row 1: no column is called \"point\": did you mean points" },
  { "csv", "id,points", "id,id", "a.csv: row 1: the column \"id\" is there twice" },
  { "yaml", "ties: reject-all", "siblings: nearby",
    "s.yaml:2: siblings: \"nearby\" is none of apart, together" },
  { "yaml", "ties: reject-all", "mechanism: serial-dictatorship\nsiblings: together\nties: reject-all",
    "s.yaml:3: one ranking for all units can have no tier" },
  { "csv", "id,points,tier,traits,choices\nb,85.5,", "id,family,points,tier,traits,choices\nb,F,85.5,",
    "a.csv: row 2: b has a family, and the spec does not say \"siblings: together\"" },
  { "csv", "a,-3", "b,-3", "a.csv: row 3: the applicant b is there twice" },
  { "csv", "a,-3", ",-3", "a.csv: row 3: an applicant has no id" },
  { "csv", "85.5", "85.55", "a.csv: row 2: points: \"85.55\" is no number with at most 1 decimals" },
  { "csv", "85.5", "", "a.csv: row 2: points: there are 0 values, and there must be 1" },
  { "csv", "1;2", "1", "a.csv: row 2: tier: there are 1 values, and there must be 2, one for each choice" },
  { "csv", "A; B", "A; C", "a.csv: row 2: choice 2 of b: there is no unit \"C\"" },
  { "csv", "A; B", "A; A", "a.csv: row 2: b chooses A twice" },
  { "csv", ",member,", ",cadre,", "a.csv: row 2: \"cadre\" of b is none of the traits" },
};

static char *
replaced (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) sides = g_strsplit (text, from, 2);
  g_assert_nonnull (sides[1]);
  return g_strconcat (sides[0], to, sides[1], NULL);
}

static AllocationSpec *
read_spec (Arena *arena, const char *yaml, const char *csv, GError **error)
{
  g_autofree char *folder = support_folder (), *spec = g_build_filename (folder, "s.yaml", NULL);
  g_autofree char *rows = g_build_filename (folder, "a.csv", NULL);
  g_assert_true (g_file_set_contents (spec, yaml, -1, NULL));
  g_assert_true (g_file_set_contents (rows, csv, -1, NULL));
  AllocationSpec *read = allocation_spec_read (arena, spec, error);
  support_remove (folder);
  return read;
}

static void
test_fault (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  bool yaml = faults[i].file[0] == 'y';
  g_autofree char *changed = replaced (yaml ? good : table, faults[i].from, faults[i].to);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  g_assert_null (read_spec (arena, yaml ? changed : good, yaml ? table : changed, &error));
  g_assert_nonnull (error);
  g_assert_true (error->code == FAULT_INPUT || error->code == FAULT_NOT_FOUND);
  if (!strstr (error->message, faults[i].says))
    g_error ("\"%s\" is not in: %s", faults[i].says, error->message);
}

static void
test_read (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  const AllocationSpec *spec = read_spec (arena, good, table, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (spec->n, ==, 2);
  g_assert_cmpstr (spec->ids[0], ==, "a"); /* sorted, whatever the table's order */
  g_assert_cmpint (spec->values[0][0], ==, -30);
  g_assert_cmpint (spec->values[0][1], ==, 855);
  g_assert_cmpint (spec->values[1][1], ==, 2);
  g_assert_cmpuint (spec->starts[1], ==, 0);
  g_assert_cmpuint (spec->choices[1], ==, 1);
  g_assert_cmpuint (spec->traits_of[1], ==, 1);
  g_assert_cmpstr (allocation_value_text (arena, &spec->keys[0], -5), ==, "-0.5");
  g_assert_cmpstr (allocation_value_text (arena, &spec->keys[0], 855), ==, "85.5");
}

/* Families are numbered in the order of the applications' ids, whatever they are called. */
static void
test_families (void)
{
  static const char rows[] = "id,family,traits,choices\nc,Z,,A\na,,,A\nb,Z,,A\nd,Y,,A\ne,X,,A\nf,Y,,A\n";
  static const guint32 expected[] = { ALLOCATION_NOWHERE, 0, 0, 1, 2, 1 };
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  const AllocationSpec *spec
      = read_spec (arena,
                   "pool: P\nsiblings: together\nties: reject-all\nunits: [{id: A, places: 1}]\n"
                   "applicants: a.csv\n",
                   rows, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (spec->family_of, sizeof expected, expected, sizeof expected);
}

/* The draw's rules with a region of cap 3, and its units. */
static void
test_regions (void)
{
  static const struct {
    const char *units, *says; /* NULL: it is right */
  } cases[] = {
    { "{id: A, places: 3, region: R, target: 2}, {id: B, places: 1, region: R}", NULL },
    { "{id: A, places: 3, region: R, target: 4}, {id: B, places: 1}", "s.yaml:4: target: \"4\" is no whole" },
    { "{id: A, places: 3, region: R, target: 3}, {id: B, places: 1, region: R, target: 1}",
      "s.yaml:4: B: the targets of the region \"R\" are more than its cap" },
    { "{id: A, places: 3, region: R, slots: [{reserve: member, number: 1}]}, {id: B, places: 1}",
      "s.yaml:4: A is in a region: all its places must be open to all" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *yaml = g_strdup_printf (
        "pool: P\ntraits: [member]\nregions: [{name: R, cap: 3}]\nunits: [%s]\napplicants: []\n"
        "lottery: {commitment: %064d, source: {name: N, date: 2026-08-01}}\n",
        cases[i].units, 0);
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    const AllocationSpec *spec = read_spec (arena, yaml, table, &error);
    if (cases[i].says) {
      g_assert_error (error, FAULT, FAULT_INPUT);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      continue;
    }
    g_assert_no_error (error);
    g_assert_cmpuint (spec->regions[0].cap, ==, 3);
    g_assert_cmpuint (spec->units[0].target, ==, 2);
    g_assert_cmpuint (spec->units[1].region, ==, 0);
  }
}

/* What a line of slots comes to for a unit of 10 places in a draw of 11 posts. */
static void
test_slots (void)
{
  static const struct {
    const char *slots, *expected;
  } cases[] = {
    { "{reserve: member, share: 30%, of: places}", "member3 open7" },
    { "{reserve: member, share: 30%, of: posts}", "member4 open6" },
    { "{reserve: member, share: 30%, of: 37, kind: dedicated, name: own}", "own12 open10" },
    { "{reserve: member, share: 0.125, of: places}", "member2 open8" },
    { "{open: 7}, {reserve: member, number: 3}", "open7 member3" },
    { "{open: rest}, {reserve: member, number: 2, kind: hard}", "open8 member2" },
    { "{reserve: member, share: 0%, of: posts}", "open10" },
    { "{open: 4, name: first}, {reserve: member, number: 1}", "first4 member1 open5" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *yaml = replaced (good, "{reserve: member, share: 30%, of: posts}", cases[i].slots);
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    const AllocationSpec *spec = read_spec (arena, yaml, table, &error);
    g_assert_no_error (error);
    g_autoptr (GString) said = g_string_new (NULL);
    for (guint32 s = 0; s < spec->units[0].n_slots; s++)
      g_string_append_printf (said, "%s%s%u", s ? " " : "", spec->slots[s].name, spec->slots[s].n);
    g_assert_cmpstr (said->str, ==, cases[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/allocation/spec/read", test_read);
  g_test_add_func ("/allocation/spec/slots", test_slots);
  g_test_add_func ("/allocation/spec/families", test_families);
  g_test_add_func ("/allocation/spec/regions", test_regions);
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strdup_printf ("/allocation/spec/faults/%zu", i);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_fault);
  }
  return g_test_run ();
}
