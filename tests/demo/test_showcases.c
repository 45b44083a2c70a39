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
} Fixture;

static Fixture county;

static void
set_up (Fixture *f)
{
  GError *error = NULL;
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autofree char *policy = support_source ("policy/minhou-2021-81"),
                  *data = support_source ("data/demo/minhou.yaml");
  f->folder = support_folder ();
  g_autofree char *path = support_store (f->folder, "county.db");
  DemoOptions options = { .residents = 200, .seed = 1 };
  f->package = policy_load (policy, faults, &error);
  g_assert_no_error (error);
  demo_make_file (path, policy_schema (f->package), data, &options, &f->summary, &error);
  g_assert_no_error (error);
  f->registry = registry_open (path, 0, policy_schema (f->package), &error);
  g_assert_no_error (error);
  f->access = access_open (f->registry, &error);
  g_assert_no_error (error);
  policy_hand_purposes (f->package, f->access);
}

static const PolicyDetermination *
determine (Arena *arena, const DemoShowcase *s, Day as_of)
{
  GError *error = NULL;
  Subject subject;
  RegistryMoment now = { .valid_at = as_of, .known_at = G_MAXINT64 };
  g_assert_true (registry_subject_parse (policy_schema (county.package), text_of (s->subject), &subject));
  const AccessPermit *permit = policy_permit (county.access, arena, access_operator (arena, NULL),
                                              policy_clause (county.package, s->clause), subject, &error);
  g_assert_no_error (error);
  const PolicyDetermination *d
      = policy_determine (county.package, permit, arena,
                          &policy_clause (county.package, s->clause)->provisions[0], as_of, now, &error);
  g_assert_no_error (error);
  return d;
}

/* What the open ones still ask for. */
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
answers_at (const DemoShowcase *s, Day as_of)
{
  g_autoptr (Arena) arena = arena_new ();
  const PolicyDetermination *d = determine (arena, s, as_of);
  g_assert_cmpstr (policy_outcome_id (d->outcome), ==, s->outcome);
  g_assert_true ((d->outcome == POLICY_UNDETERMINED) == (d->n_needs > 0));
  for (size_t i = 0; i < G_N_ELEMENTS (needs); i++)
    g_assert_true (!g_str_equal (needs[i].subject, s->subject) || asks_for (d, needs[i].need));
}

static void
answers_as_told (gconstpointer data)
{
  const DemoShowcase *s = data;
  answers_at (s, county.summary.as_of);
  answers_at (s, county.summary.as_of + 180);
  answers_at (s, county.summary.as_of + 5 * 365);
}

/* The guide lists the same subjects with the same answers. */
static void
guide_agrees (void)
{
  g_autofree char *path = support_source ("docs/demo-county.md"), *guide = support_read (path, NULL);
  size_t n, rows = 0;
  const DemoShowcase *all = demo_showcases (&n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *row = g_strdup_printf ("\n| %s | %d | ", all[i].subject, all[i].clause);
    const char *at = strstr (guide, row);
    g_assert_nonnull (at);
    g_autofree char *line = g_strndup (at + 1, strcspn (at + 1, "\n"));
    g_autofree char *answer = g_strdup_printf ("| %s", all[i].outcome);
    g_assert_nonnull (strstr (line, answer));
  }
  for (const char *at = guide; (at = strstr (at, "\n| resident-")); at++)
    rows++;
  g_assert_cmpuint (rows, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  set_up (&county);
  size_t n;
  const DemoShowcase *all = demo_showcases (&n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("/demo/showcases/%s", all[i].subject);
    g_test_add_data_func (name, &all[i], answers_as_told);
  }
  g_test_add_func ("/demo/showcases/guide-agrees", guide_agrees);
  int result = g_test_run ();
  access_free (county.access);
  registry_close (county.registry);
  policy_free (county.package);
  support_remove (county.folder);
  g_free (county.folder);
  return result;
}
