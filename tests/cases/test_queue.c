/* Lists of cases: what waits for an office, in order and page by page; what is closed, as cheap to page
 * through however much there is. */
#include "cases/cases_private.h"
#include "support.h"
#include "town.h"

#include <string.h>

enum { CASES = 600, PAGE = 7 };

#define OFFICE "县民政局"

static PolicyPackage *package;
static Town town;
static Cases *cases;

static const AccessAccount worker = { .name = "worker", .role = ACCESS_CASE_WORKER, .department = OFFICE },
                           other = { .name = "other", .role = ACCESS_CASE_WORKER, .department = "县林业局" };
static const char *const matters[] = { "23/main", "16/move" };

/* Cases in all states, of two offices and two matters. */
static bool
write_cases (StoreConnection *db, gpointer data, GError **error)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  for (int i = 1; i <= CASES; i++) {
    CaseState state = (CaseState)g_rand_int_range (random, 0, CASE_STATES);
    bool dated = state <= CASE_APPEALED && g_rand_int_range (random, 0, 5) > 0;
    CaseRow row = { .c = { .id = i,
                           .matter_key = matters[g_rand_int_range (random, 0, 2)],
                           .state = state,
                           .applicant = subject_make (resident, i),
                           .subject = subject_make (resident, i),
                           .filed_by = "somebody",
                           .office = i % 3 ? OFFICE : "县林业局",
                           .priority = g_rand_int_range (random, 0, 2),
                           .due = dated ? g_rand_int_range (random, 1, 40) : 0,
                           .package_hash = "" } };
    if (!row_insert (db, &row, error))
      return false;
  }
  return true;
}

static int
stage_of (const Case *c)
{
  return !case_waits (c->state) ? 2 : c->state == CASE_DECIDED;
}

/* Below zero when A comes before B in FILTER's list. */
static gint64
compare (const CaseFilter *filter, const Case *a, const Case *b)
{
  if (filter->closed)
    return b->id - a->id;
  gint64 due_a = a->due ? a->due : G_MAXINT64, due_b = b->due ? b->due : G_MAXINT64;
  if (stage_of (a) != stage_of (b))
    return stage_of (a) - stage_of (b);
  if (a->priority != b->priority)
    return a->priority - b->priority;
  return due_a != due_b ? (due_a < due_b ? -1 : 1) : a->id - b->id;
}

static bool
fits (const CaseFilter *filter, const Case *c)
{
  return g_str_equal (c->office, OFFICE) && (!filter->matter || g_str_equal (c->matter_key, filter->matter))
         && case_waits (c->state) != filter->closed && (!filter->state || c->state == *filter->state)
         && (!filter->late || c->due);
}

/* Every page of FILTER, in order, each case once; how many. */
static size_t
walk (Arena *arena, CaseFilter filter)
{
  size_t n = 1, sum = 0;
  const Case *last = NULL;
  filter.limit = PAGE;
  while (n) {
    GError *error = NULL;
    const Case *page = cases_queue (cases, arena, &worker, &filter, &n, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (n, <=, PAGE);
    for (size_t i = 0; i < n; i++) {
      g_assert_true (fits (&filter, &page[i]));
      g_assert_true (!last || compare (&filter, last, &page[i]) < 0);
      last = &page[i];
      filter.after.to_deliver = last->state == CASE_DECIDED;
      filter.after.priority = last->priority;
      filter.after.due = last->due;
      filter.after.id = last->id;
    }
    sum += n;
  }
  return sum;
}

static size_t
count (const CaseFilter *filter)
{
  size_t sum = 0;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (StoreReader) reader = store_reader (cases->store, NULL);
  for (gint64 id = 1; id <= CASES; id++) {
    CaseRow row;
    g_assert_true (row_find (cases, store_reader_db (reader), arena, id, &row, NULL));
    sum += fits (filter, &row.c);
  }
  return sum;
}

/* What is decided and not delivered yet waits behind what is to be decided, and is nowhere else. */
static void
test_pages (void)
{
  static const CaseState decided = CASE_DECIDED, accepted = CASE_ACCEPTED;
  static const CaseFilter filters[] = {
    { .closed = false },
    { .matter = "16/move" },
    { .state = &decided },
    { .state = &accepted },
    { .matter = "23/main", .state = &decided },
    { .late = true },
    { .closed = true },
    { .closed = true, .matter = "23/main" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (filters); i++) {
    g_autoptr (Arena) arena = arena_new ();
    size_t n = walk (arena, filters[i]);
    g_assert_cmpuint (n, >, PAGE);
    g_assert_cmpuint (n, ==, count (&filters[i]));
  }
}

/* Figures of what waits, and of all. */
static void
test_counts (void)
{
  g_autoptr (Arena) arena = arena_new ();
  for (int waiting = 0; waiting < 2; waiting++) {
    size_t n;
    gint64 states[CASE_STATES] = { 0 };
    GError *error = NULL;
    const CaseCount *counts = cases_counts (cases, arena, &worker, OFFICE, waiting, &n, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (n, ==, G_N_ELEMENTS (matters));
    for (size_t i = 0; i < n; i++)
      for (int s = 0; s < CASE_STATES; s++)
        states[s] += counts[i].states[s];
    for (int i = 0; i < CASE_STATES; i++) {
      CaseState s = (CaseState)i;
      CaseFilter filter = { .closed = !case_waits (s), .state = &s };
      bool counted = !waiting || case_waits (s);
      g_assert_cmpint (states[s], ==, counted ? (gint64)count (&filter) : 0);
      g_assert_true (!counted || states[s]);
    }
  }
}

static void
test_own_office (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  size_t n;
  g_assert_null (
      cases_queue (cases, arena, &other, &(CaseFilter){ .office = OFFICE, .limit = 5 }, &n, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
}

/* A page begins where the index says, and nothing is sorted: SQLite's own word for it. */
static void
test_walks_index (void)
{
  static const CaseState decided = CASE_DECIDED;
  static const struct {
    CaseFilter filter;
    const char *index;
  } lists[] = {
    { { .limit = PAGE }, "cases_case_queue (office=? AND (stage,priority,due)>" },
    { { .matter = "23/main", .limit = PAGE },
      "cases_case_queue_matter (office=? AND matter=? AND (stage,priority,due)>" },
    { { .state = &decided, .limit = PAGE }, "cases_case_queue (office=? AND (stage,priority,due)>" },
    { { .closed = true, .limit = PAGE }, "cases_case_closed (office=? AND stage=? AND id<" },
    { { .closed = true, .matter = "23/main", .limit = PAGE },
      "cases_case_closed_matter (office=? AND matter=? AND stage=? AND id<" },
    { { .applicant = 1, .limit = PAGE }, "cases_case_applicant (applicant=? AND id<" },
  };
  if (support_on_postgres ()) {
    g_test_skip ("PostgreSQL chooses by what it counted");
    return;
  }
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (StoreReader) reader = store_reader (cases->store, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++) {
    CaseFilter filter = lists[i].filter;
    GError *error = NULL;
    filter.office = OFFICE;
    const char *sql = g_intern_string (arena_printf (arena, "EXPLAIN QUERY PLAN %s", queue_sql (&filter)));
    StoreStatement *s = store_statement (store_reader_db (reader), sql, &error);
    g_assert_no_error (error);
    queue_bind (cases, s, &filter);
    g_assert_cmpint (store_step (s, NULL), ==, STORE_ROW);
    const char *plan = store_string (s, 3, arena);
    if (!strstr (plan, lists[i].index))
      g_error ("%s: %s", sql, plan);
    g_assert_cmpint (store_step (s, NULL), ==, STORE_DONE); /* a second line would be a sort */
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  package = town_package ();
  town_open (&town, package);
  CasesOptions options = { .package = package, .registry = town.registry, .access = town.access };
  cases = cases_open (&options, &error);
  g_assert_no_error (error);
  g_assert_true (store_write (cases->store, write_cases, NULL, &error));
  g_test_add_func ("/queue/pages", test_pages);
  g_test_add_func ("/queue/counts", test_counts);
  g_test_add_func ("/queue/own office", test_own_office);
  g_test_add_func ("/queue/walks an index", test_walks_index);
  int status = g_test_run ();
  cases_free (cases);
  town_close (&town);
  policy_free (package);
  return status;
}
