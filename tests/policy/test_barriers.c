/* What the county's clauses turn on: found where it is read, and nothing else. */
#include "support.h"

#include <locale.h>
#include <string.h>
#include "policy/policy.h"

static PolicyPackage *package;

static const struct {
  int clause;
  const char *outcome, *path, *effect, *decision, *column; /* column "": read elsewhere */
} expected[] = {
  { 4, "pay", "居民.台湾居民", "refuses", "应当薪酬单列", "居民.台湾居民" },
  { 4, "pay", "居民.单位.所有制", "refuses", "国有企业职工", "" },                   /* an expression */
  { 4, "posts", "岗位.单位.单位类别", "refuses", "接收单位", "岗位.单位.单位类别" }, /* another's */
  { 2, "flexible", "居民.出生日期", "limits", "未到退休", "" },                      /* an amount */
  { 2, "flexible", "居民.学历", "refuses", "高校毕业生", "" },                       /* through a function */
};

static const PolicyBarrier *
find (const PolicyBarrier *barriers, size_t n, Arena *arena, size_t row)
{
  for (size_t i = 0; i < n; i++)
    if (barriers[i].provision && g_str_equal (barriers[i].provision->id, expected[row].outcome)
        && g_str_equal (policy_effect_id (barriers[i].effect), expected[row].effect)
        && g_str_equal (policy_path_text (arena, barriers[i].root, &barriers[i].path), expected[row].path))
      return &barriers[i];
  return NULL;
}

static bool
is_read_at (const PolicyBarrier *barrier, size_t row)
{
  for (size_t i = 0; i < barrier->n_places; i++) {
    const PolicyPlace *place = &barrier->places[i];
    if (text_equal (place->decision->name, text_of (expected[row].decision))
        && text_equal (place->column ? place->column->label : (Text){ 0 }, text_of (expected[row].column)))
      return true;
  }
  return false;
}

static void
test_expected (void)
{
  g_autoptr (Arena) arena = arena_new ();
  for (size_t row = 0; row < G_N_ELEMENTS (expected); row++) {
    size_t n;
    const PolicyBarrier *barriers
        = policy_clause_barriers (package, arena, policy_clause (package, expected[row].clause), &n);
    const PolicyBarrier *found = find (barriers, n, arena, row);
    if (!found || !is_read_at (found, row))
      g_error ("%s of %s in clause %d is not found where it is read", expected[row].path,
               expected[row].outcome, expected[row].clause);
  }
}

/* Each marked fact in a decision's closure once; each place a line that names the fact's last member or
 * what it is handed on in. */
static void
test_complete (void)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n_pages, found = 0, wanted = 0;
  const PolicyClause *const *pages = policy_pages (package, &n_pages);
  for (size_t c = 0; c < n_pages; c++) {
    size_t n;
    const PolicyBarrier *barriers = policy_clause_barriers (package, arena, pages[c], &n);
    for (size_t i = 0; i < n; i++) {
      g_assert_nonnull (barriers[i].attribute->barrier);
      g_assert_cmpuint (barriers[i].n_places, >, 0);
      g_assert_true (
          text_equal (barriers[i].path.members[barriers[i].path.n - 1], text_of (barriers[i].attribute->zh)));
      found += barriers[i].provision && barriers[i].effect == POLICY_REFUSES;
    }
    for (size_t i = 0; i < pages[c]->n_provisions; i++) {
      const PolicyProvision *p = &pages[c]->provisions[i];
      size_t n_paths;
      const FeelPath *paths = policy_decision_paths (package, arena, p->subject, p->eligible, &n_paths);
      for (size_t k = 0; k < n_paths && p->audience == POLICY_FOR_SUBJECT; k++) {
        if (!paths[k].n) /* the subject as a whole */
          continue;
        const char *last = arena_text (arena, paths[k].members[paths[k].n - 1]);
        const char *const marked[] = { "性别", "出生日期", "户籍地", "学历", "台湾居民", "所有制", NULL };
        wanted += g_strv_contains (marked, last);
      }
    }
  }
  g_assert_cmpuint (wanted, >, 50);
  g_assert_cmpuint (found, >=, wanted);
}

/* Who may take part in sharing out; by what they are ranked no fact of the county is a barrier. */
static void
test_allocations (void)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n_pages, n[POLICY_RANKS + 1] = { 0 };
  const PolicyClause *const *pages = policy_pages (package, &n_pages);
  for (size_t c = 0; c < n_pages; c++) {
    size_t n_barriers;
    const PolicyBarrier *barriers = policy_clause_barriers (package, arena, pages[c], &n_barriers);
    for (size_t i = 0; i < n_barriers; i++)
      n[barriers[i].effect] += barriers[i].allocation != NULL;
  }
  g_assert_cmpuint (n[POLICY_REFUSES], >, 0);
  g_assert_cmpuint (n[POLICY_LIMITS], ==, 0);
  g_assert_cmpuint (n[POLICY_RANKS], ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  GError *error = NULL;
  package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  g_test_add_func ("/policy/barriers/expected", test_expected);
  g_test_add_func ("/policy/barriers/complete", test_complete);
  g_test_add_func ("/policy/barriers/allocations", test_allocations);
  int status = g_test_run ();
  policy_free (package);
  return status;
}
