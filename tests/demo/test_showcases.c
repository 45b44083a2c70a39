/* The showcases answer as the table says, by the clauses themselves. */
#include "support.h"

#include "demo/demo.h"
#include "policy/policy.h"

#include <string.h>

typedef struct {
  char *folder;
  PolicyPackage *package;
  Registry *registry;
  Access *access;
  DemoSummary summary;
  DemoShowcases *files;
  Arena *arena;
  const DemoShowcase *all;
  size_t n;
} Fixture;

static Fixture county;

static void
set_up (Fixture *f)
{
  GError *error = NULL;
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autofree char *policy = support_source ("policy/minhou-2021-81"),
                  *data = support_source ("data/demo/minhou.yaml"),
                  *showcases = support_source ("data/demo/showcases"),
                  *catalogues = g_build_filename (policy, "catalogues", NULL);
  f->folder = support_folder ();
  g_autofree char *path = support_store (f->folder, "county.db");
  f->package = policy_load (policy, faults, &error);
  g_assert_no_error (error);
  f->files = demo_showcases_load (showcases, policy_schema (f->package), &error);
  g_assert_no_error (error);
  const char *const folders[] = { catalogues, NULL };
  DemoOptions options = { .residents = 400, .seed = 1, .catalogues = folders, .showcases = f->files };
  demo_make_file (path, policy_schema (f->package), data, &options, &f->summary, &error);
  g_assert_no_error (error);
  f->registry = registry_open (path, 0, policy_schema (f->package), &error);
  g_assert_no_error (error);
  f->access = access_open (f->registry, &error);
  g_assert_no_error (error);
  policy_hand_purposes (f->package, f->access);
  f->arena = arena_new ();
  f->all = demo_showcases_list (f->files, f->arena, &f->n);
}

static const PolicyDetermination *
determine (Arena *arena, const DemoShowcase *s, Day as_of)
{
  GError *error = NULL;
  Subject subject;
  RegistryMoment now = { .valid_at = as_of, .known_at = G_MAXINT64 };
  const PolicyClause *clause = policy_clause (county.package, s->clause);
  const PolicyProvision *provision = clause ? policy_provision (clause, s->provision) : NULL;
  if (!provision)
    g_test_message ("clause %d has no provision %s", s->clause, s->provision);
  g_assert_nonnull (provision);
  g_assert_true (registry_subject_parse (policy_schema (county.package), text_of (s->subject), &subject));
  const AccessPermit *permit
      = policy_permit (county.access, arena, access_operator (arena, NULL), clause, subject, &error);
  g_assert_no_error (error);
  const PolicyDetermination *d
      = policy_determine (county.package, permit, arena, provision, as_of, now, &error);
  g_assert_no_error (error);
  return d;
}

/* What the open ones still ask for, of those that the program writes out. */
static const struct {
  const char *subject, *need;
} needs[] = {
  { "resident-3", "居民.从业经历[1].开始日期" },
  { "park-3", "园区.认定级别" },
  { "park-7", "园区.经县申报" },
  { "household-8", "户.成员[1].月收入" },
  { "household-10", "户.财产符合规定" },
  { "household-6", "参数.低保标准占最低工资比例" },
};

static bool
asks_for (const PolicyDetermination *d, const char *need)
{
  for (size_t i = 0; i < d->n_needs; i++)
    if (g_str_equal (d->needs[i].name, need))
      return true;
  return false;
}

static void
tell (const DemoShowcase *s, const PolicyDetermination *d)
{
  g_test_message ("%s, clause %d, %s (%s): %s", s->subject, s->clause, s->provision, s->zh,
                  policy_outcome_id (d->outcome));
  for (size_t i = 0; i < d->n_needs; i++)
    g_test_message ("  needs %s", d->needs[i].name);
}

static void
answers_at (const DemoShowcase *s, Day as_of)
{
  g_autoptr (Arena) arena = arena_new ();
  const PolicyDetermination *d = determine (arena, s, as_of);
  tell (s, d);
  g_assert_cmpstr (policy_outcome_id (d->outcome), ==, s->outcome);
  g_assert_true (d->outcome != POLICY_UNDETERMINED || d->n_needs > 0);
  g_assert_true (d->outcome != POLICY_NO || d->n_needs == 0); /* a yes may wait for its amount */
  for (size_t i = 0; s->missing && s->missing[i]; i++)
    g_assert_true (asks_for (d, s->missing[i]));
  g_assert_true (!s->missing || d->n_needs == g_strv_length ((char **)(gsize)s->missing));
  for (size_t i = 0; i < G_N_ELEMENTS (needs); i++)
    g_assert_true (!g_str_equal (needs[i].subject, s->subject) || asks_for (d, needs[i].need));
}

static void
answers_as_told (gconstpointer data)
{
  const DemoShowcase *s = data;
  answers_at (s, county.summary.as_of);
  answers_at (s, county.summary.as_of + 180);
}

/* Those of the program stay as they are for five years. */
static void
answers_for_years (gconstpointer data)
{
  answers_at (data, county.summary.as_of + 5 * 365);
}

/* Each of the 24 clauses can be seen saying yes, saying no for a condition that failed,
 * and asking for exactly one fact. */
static void
every_clause_is_shown (void)
{
  size_t n;
  const PolicyClause *const *clauses = policy_clauses (county.package, &n);
  for (size_t i = 0; i < n; i++) {
    unsigned yes = 0, no = 0, open = 0;
    for (size_t k = 0; k < county.n; k++) {
      const DemoShowcase *s = &county.all[k];
      if (s->clause != clauses[i]->number)
        continue;
      g_autoptr (Arena) arena = arena_new ();
      const PolicyDetermination *d = determine (arena, s, county.summary.as_of);
      yes += d->outcome == POLICY_YES;
      no += d->outcome == POLICY_NO;
      open += d->outcome == POLICY_UNDETERMINED && d->n_needs == 1 && !d->needs[0].is_parameter;
    }
    if (yes && no && open)
      continue;
    g_test_fail ();
    g_test_message ("clause %d: %u yes, %u no, %u that ask for one fact", clauses[i]->number, yes, no, open);
  }
}

/* The numbers are the same without a county, and so in one of any size. */
static void
numbers_are_known (void)
{
  GError *error = NULL;
  size_t n;
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *policy = support_source ("policy/minhou-2021-81"),
                  *data = support_source ("data/demo/minhou.yaml"),
                  *showcases = support_source ("data/demo/showcases"),
                  *catalogues = g_build_filename (policy, "catalogues", NULL);
  const char *const folders[] = { catalogues, NULL };
  g_autoptr (DemoShowcases) again = demo_showcases_load (showcases, policy_schema (county.package), &error);
  g_assert_no_error (error);
  demo_showcases_number (again, policy_schema (county.package), data, folders, &error);
  g_assert_no_error (error);
  const DemoShowcase *list = demo_showcases_list (again, arena, &n);
  g_assert_cmpuint (n, ==, county.n);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpstr (list[i].subject, ==, county.all[i].subject);
}

/* The guide lists those that the program writes out, with the same answers. */
static void
guide_agrees (void)
{
  g_autofree char *path = support_source ("docs/demo-county.md"), *guide = support_read (path, NULL);
  size_t rows = 0, n;
  g_autoptr (Arena) arena = arena_new ();
  const DemoShowcase *own = demo_showcases_list (NULL, arena, &n);
  for (size_t i = 0; i < n; i++) {
    const DemoShowcase *s = &own[i];
    g_autofree char *row
        = g_strdup_printf ("| %s | %d | %s | %s |\n", s->subject, s->clause, s->en, s->outcome);
    if (!strstr (guide, row)) {
      g_test_message ("docs/demo-county.md lacks %s", row);
      g_test_fail ();
    }
  }
  for (const char *at = guide; (at = strstr (at, "\n| ")); at++)
    rows += g_ascii_isalpha (at[3]) && strcspn (at + 3, "-") < strcspn (at + 3, " |");
  g_assert_cmpuint (rows, ==, n);
}

/* ---- bad files --------------------------------------------------------- */

static const struct {
  const char *file, *text, *says;
} bad[] = {
  { "shops.yaml", "[]", "the clause's number" },
  { "01-a.yaml", "- shop: 甲\n  zh: 甲\n  en: A\n", "01-a.yaml:1: a subject begins with its entity" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n", "01-a.yaml:1: \"en\"" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n  en: A\n- park: 甲\n  zh: 甲\n  en: A\n", "two subjects \"甲\"" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n  en: A\n  facts: {colour: red}\n",
    "01-a.yaml:4: registry.yaml: park has no attribute \"colour\"" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n  en: A\n  facts: {county_nominated: perhaps}\n",
    "01-a.yaml:4: county_nominated" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n  en: A\n  facts: {operator: 乙}\n",
    "01-a.yaml:4: operator: this file has no organisation called \"乙\"" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n  en: A\n  facts: {operator: 甲}\n",
    "no organisation called \"甲\"" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n  en: A\n  facts: {benefits: 1}\n",
    "01-a.yaml:4: benefits: write a list" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n  en: A\n  shows:\n    - {answer: maybe}\n",
    "01-a.yaml:5: answer: \"maybe\"" },
  { "01-a.yaml", "- park: 甲\n  zh: 甲\n  en: A\n  shows:\n    - {answr: yes}\n", "answr" },
  { "01-a.yaml", "park: 甲\n", "01-a.yaml:1: the file is a list" },
  { "01-a.yaml", "- [\n", "01-a.yaml" },
};

static void
bad_file (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;
  g_autofree char *folder = support_folder (), *path = g_build_filename (folder, bad[i].file, NULL);
  g_file_set_contents (path, bad[i].text, -1, &error);
  g_assert_no_error (error);
  g_autoptr (DemoShowcases) none = demo_showcases_load (folder, policy_schema (county.package), &error);
  g_assert_null (none);
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, bad[i].says));
  g_error_free (error);
  support_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  set_up (&county);
  size_t n_own;
  g_autoptr (Arena) arena = arena_new ();
  const DemoShowcase *own = demo_showcases_list (NULL, arena, &n_own);
  for (size_t i = 0; i < n_own; i++) {
    g_autofree char *name = g_strdup_printf ("/demo/showcases/for-years/%s", own[i].subject);
    g_test_add_data_func (name, &own[i], answers_for_years);
  }
  for (size_t i = 0; i < county.n; i++) {
    const DemoShowcase *s = &county.all[i];
    g_autofree char *name
        = g_strdup_printf ("/demo/showcases/%02d/%s/%s", s->clause, s->provision, s->subject);
    g_test_add_data_func (name, s, answers_as_told);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *name = g_strdup_printf ("/demo/showcases/bad/%zu", i);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), bad_file);
  }
  g_test_add_func ("/demo/showcases/every-clause", every_clause_is_shown);
  g_test_add_func ("/demo/showcases/numbers", numbers_are_known);
  g_test_add_func ("/demo/showcases/guide-agrees", guide_agrees);
  int result = g_test_run ();
  access_free (county.access);
  registry_close (county.registry);
  policy_free (county.package);
  demo_showcases_free (county.files);
  arena_free (county.arena);
  support_remove (county.folder);
  g_free (county.folder);
  return result;
}
