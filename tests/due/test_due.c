/* Who is due: held against everybody asked one by one; offers sent twice, in steps and after an answer. */
#include "town.h"

#include <locale.h>
#include <string.h>
#include "audit/audit.h"
#include "due/due.h"
#include "notices/notices.h"

enum { RESIDENTS = 400 };

static PolicyPackage
    *package; /* the county's, with a ratio for the allowance: without one nobody can be said */
static char *package_folder;
static Town town;
static Due *due;
static Cases *cases;
static Notices *notices;
static gint64 now;

static const AccessAccount head
    = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县民政局" },
    other = { .name = "other", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" },
    clerk = { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = "县民政局" };

static gint64
clock_ (gpointer data)
{
  return now;
}

/* ---- the package ------------------------------------------------------------------------ */

static void
set_ratio (void)
{
  g_autofree char *path = g_build_filename (package_folder, "parameters", "social-assistance.yaml", NULL),
                  *text = support_read (path, NULL);
  const char *missing = "confidence: missing", *at = strstr (text, missing);
  g_assert_nonnull (at); /* the first parameter is the ratio */
  g_autofree char *filled = g_strdup_printf ("%.*sconfidence: assumed\n      value: 0.42%s", (int)(at - text),
                                             text, at + strlen (missing));
  g_assert_true (g_file_set_contents (path, filled, -1, NULL));
}

static void
load_package (void)
{
  GError *error = NULL;
  g_autofree char *source = support_source ("policy/minhou-2021-81"), *folder = support_folder ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  const char *const copy[] = { "cp", "-r", source, folder, NULL };
  g_assert_true (
      g_spawn_sync (NULL, (char **)copy, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, &error));
  package_folder = g_build_filename (folder, "minhou-2021-81", NULL);
  set_ratio ();
  package = policy_load (package_folder, faults, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
  support_remove (folder);
  g_clear_pointer (&package_folder, g_free);
}

static const PolicyProvision *
allowance (void)
{
  return policy_provision (policy_clause (package, 23), "main");
}

/* ---- one by one ----------------------------------------------------------------------------- */

static char
ask (Arena *arena, const char *id, Subject subject, gint64 *fen)
{
  GError *error = NULL;
  const PolicyProvision *p = policy_provision (policy_clause (package, 23), id);
  RegistryMoment at = { town.as_of, G_MAXINT64 };
  const AccessPermit *permit
      = access_permit (town.access, arena, access_operator (arena, "test"), "clause-23", subject, &error);
  const PolicyDetermination *d = policy_determine (package, permit, arena, p, town.as_of, at, &error);
  g_assert_no_error (error);
  if (d->amount.kind == FEEL_NUMBER)
    g_assert_true (decimal_to_scaled (d->amount.number, 2, fen));
  return d->outcome == POLICY_YES ? 'y' : d->outcome == POLICY_NO ? 'n' : '?';
}

static gint64
amounts_of (const DueList *list, GHashTable *amounts)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  DueFilter filter = { .limit = 7 };
  size_t n;
  const DueLine *lines;
  while ((lines = due_lines (due, arena, &head, list, &filter, &n, &error)) && n) {
    for (size_t i = 0; i < n; i++) {
      g_assert_true (lines[i].has_amount);
      g_assert_nonnull (strstr (lines[i].label, "＊"));
      g_hash_table_insert (amounts, GSIZE_TO_POINTER ((gsize)lines[i].subject),
                           GSIZE_TO_POINTER ((gsize)lines[i].amount_fen));
    }
    filter.after = lines[n - 1].subject;
  }
  g_assert_no_error (error);
  return g_hash_table_size (amounts);
}

static const DueList *
find (Arena *arena)
{
  GError *error = NULL;
  const DueList *list = due_find (due, arena, &head, allowance (), &(DueRun){ .as_of = town.as_of }, &error);
  g_assert_no_error (error);
  return list;
}

static void
test_everybody (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GHashTable) amounts = g_hash_table_new (NULL, NULL);
  const DueList *list = find (arena);
  gint64 found = 0, open = 0, all = 0;
  g_assert_cmpint (amounts_of (list, amounts), ==, list->found);
  g_autoptr (RegistryScan) scan = registry_scan_new (town.registry, allowance ()->subject, &error);
  for (Subject subject; registry_scan_next (scan, &subject, &error); all++) {
    g_autoptr (Arena) own = arena_new ();
    gint64 fen = 0, none;
    char entitled = ask (own, "main", subject, &fen), missed = ask (own, "missed", subject, &none);
    bool due_ = entitled == 'y' && missed == 'y';
    g_assert_cmpint (g_hash_table_contains (amounts, GSIZE_TO_POINTER ((gsize)subject)), ==, due_);
    if (due_)
      g_assert_cmpint (
          (gint64)GPOINTER_TO_SIZE (g_hash_table_lookup (amounts, GSIZE_TO_POINTER ((gsize)subject))), ==,
          fen);
    found += due_;
    open += !due_ && entitled != 'n' && missed != 'n';
  }
  g_assert_no_error (error);
  g_assert_cmpint (found, >, 0);
  g_assert_cmpint (list->found, ==, found);
  g_assert_cmpint (list->undetermined, ==, open);
  g_assert_cmpint (list->looked_at, ==, all);
}

static void
test_who_may (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  DueRun run = { .as_of = town.as_of };
  const AccessAccount *const not_these[] = { &other, &clerk, NULL };
  for (size_t i = 0; i < G_N_ELEMENTS (not_these); i++) {
    g_assert_null (due_find (due, arena, not_these[i], allowance (), &run, &error));
    g_assert_error (error, FAULT, FAULT_DENIED);
    g_clear_error (&error);
  }
}

static void
test_townships_and_file (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  const DueList *list = find (arena);
  size_t n, n_rows;
  gint64 sum = 0;
  const DueTownship *townships = due_townships (due, arena, &head, list, &n, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < n; i++)
    sum += townships[i].n;
  g_assert_cmpint (sum, ==, list->found);
  g_assert_nonnull (due_rows (due, arena, &head, list, &n_rows, &error));
  g_assert_cmpint ((gint64)n_rows, ==, list->found);
  AuditAct act = AUDIT_EXPORT;
  const AuditRecord *last = audit_entries (registry_store (town.registry), arena,
                                           &(AuditFilter){ .act = &act, .limit = 1 }, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (last->n_subjects, ==, list->found);
}

/* ---- offers ------------------------------------------------------------------------------------ */

static DueReport
offer (const DueList *list, const char *key, size_t steps)
{
  GError *error = NULL;
  DueReport report;
  g_assert_true (due_offer_all (due, &head, list, NULL, steps, key, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (report.seen, ==, report.offered + report.already + report.declined + report.nobody);
  return report;
}

/* A member of the first household that was offered something. */
static AccessAccount
reached (const DueList *list, Arena *arena)
{
  GError *error = NULL;
  size_t n;
  DueState state = DUE_OFFERED;
  const DueLine *line
      = due_lines (due, arena, &head, list, &(DueFilter){ .state = &state, .limit = 1 }, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  const RegistryAttribute *members = registry_entity_attribute (list->provision->subject, "members");
  const Subject *people = registry_referrers (town.registry, arena, line->subject, members, &n, &error);
  g_assert_cmpuint (n, >, 0);
  return (AccessAccount){ .name = "person", .role = ACCESS_RESIDENT, .subject = people[0] };
}

static void
test_offers (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  const DueList *list = find (arena);
  DueReport first = offer (list, "one", 0), again = offer (list, "one", 0), second = offer (list, "two", 0);
  g_assert_cmpint (first.offered, ==, list->found);
  g_assert_true (first.done);
  g_assert_cmpmem (&first, sizeof first, &again, sizeof again);
  g_assert_cmpint (second.already, ==, list->found);
  AccessAccount person = reached (list, arena);
  size_t n;
  const DueOffer *mine = due_offers (due, arena, &person, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_nonnull (notices_inbox (notices, arena, &person, &(NoticeFilter){ .limit = 9 }, &n, &error));
  g_assert_cmpuint (n, ==, 1);
  AccessAccount stranger = { .name = "stranger", .role = ACCESS_RESIDENT, .subject = 1 };
  g_assert_false (due_answer (due, &stranger, mine->id, true, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (due_answer (due, &person, mine->id, false, &error));
  g_assert_true (due_answer (due, &person, mine->id, false, &error));
  g_assert_false (due_answer (due, &person, mine->id, true, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_clear_error (&error);
  g_assert_cmpint (offer (list, "three", 0).declined, ==, 1);
  now += 370 * (gint64)24 * 3600; /* the pause is twelve months */
  DueReport later = offer (list, "four", 0);
  g_assert_cmpint (later.offered, ==, 1);
  g_assert_cmpint (later.declined, ==, 0);
}

/* Opened once for each, and then nobody is left to be found. */
static void
test_open (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  const DueList *list = find (arena);
  DueReport report, again;
  AccessAccount person = reached (list, arena);
  size_t n;
  g_assert_cmpint (due_offers (due, arena, &person, &n, &error)->answer, ==, 0);
  g_assert_true (due_open_all (due, &head, list, NULL, 0, "open", &report, &error));
  g_assert_no_error (error);
  const DueOffer *answered = due_offers (due, arena, &person, &n, &error);
  g_assert_cmpint (answered->answer, >, 0);
  g_assert_true (g_str_has_suffix (answered->answer_case,
                                   arena_printf (arena, "%06" G_GINT64_FORMAT, answered->answer)));
  g_assert_cmpint (report.offered, ==, list->found);
  g_assert_true (due_open_all (due, &head, list, NULL, 0, "open", &again, &error));
  g_assert_cmpmem (&report, sizeof report, &again, sizeof again);
  g_assert_cmpint (offer (list, "after", 0).already, ==, list->found);
  g_assert_cmpint (find (arena)->found, ==, 0);
}

static void
test_bad_keys (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  const DueList *list = find (arena);
  DueReport report;
  offer (list, "mine", 0);
  const struct {
    const char *key, *township;
  } bad[] = { { NULL, NULL }, { "", NULL }, { "mine", "350121101" } };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (due_offer_all (due, &head, list, bad[i].township, 0, bad[i].key, &report, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_clear_error (&error);
  }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  load_package ();
  town_open_demo (&town, package, RESIDENTS, 7);
  now = g_get_real_time () / G_USEC_PER_SEC;
  CasesOptions with
      = { .package = package, .registry = town.registry, .access = town.access, .clock = clock_ };
  notices = notices_open (registry_store (town.registry), &error);
  cases = cases_open (&with, &error);
  DueOptions options = {
    .package = package, .registry = town.registry, .access = town.access, .cases = cases, .clock = clock_
  };
  due = due_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/due/everybody", test_everybody);
  g_test_add_func ("/due/who-may", test_who_may);
  g_test_add_func ("/due/townships-and-file", test_townships_and_file);
  g_test_add_func ("/due/offers", test_offers);
  g_test_add_func ("/due/bad-keys", test_bad_keys);
  g_test_add_func ("/due/open", test_open);
  int status = g_test_run ();
  notices_free (notices);
  due_free (due);
  cases_free (cases);
  town_close (&town);
  policy_free (package);
  return status;
}
