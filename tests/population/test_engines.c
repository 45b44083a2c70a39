/* Two engines, one file: by columns and row by row, with one thread and two, every clause's
 * figures are the same to the last byte, but for what is missing, of which columns may
 * name a little more; over a demo county and over random facts. */
#include "common.h"
#include "town.h"

#include <locale.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
enum { RESIDENTS = 300 }; /* row by row, twenty times slower */
#else
enum { RESIDENTS = 3000 }; /* more than a chunk */
#endif
enum { SEEDS = 3, EACH = 50, DAY = 20500 };

static PolicyPackage *package;

static const PopulationClause *
count (const Town *town, PopulationEngine engine, unsigned threads, Arena *arena, PopulationEffort *effort)
{
  GError *error = NULL;
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  PopulationOptions options = { .package = package,
                                .registry = town->registry,
                                .access = town->access,
                                .who = access_operator (arena, "test"),
                                .as_of = DAY,
                                .engine = engine,
                                .threads = threads,
                                .effort = effort };
  const PopulationClause *found = population_run (&options, arena, pages, n, &error);
  g_assert_no_error (error);
  return found;
}

static gint64
need_of (const PopulationProvision *p, const char *name)
{
  for (size_t i = 0; i < p->n_needs; i++)
    if (g_str_equal (p->needs[i].name, name))
      return p->needs[i].n;
  return 0;
}

/* dmn/ looks closer and may ask for less; BOTH and MORE get how often a name is said by both, and by
 * columns alone.  What is missing is then dropped from the two. */
static void
compare_needs (const PopulationClause *rows, const PopulationClause *found, size_t n, gint64 *both,
               gint64 *more)
{
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < rows[c].clause->n_provisions; i++) {
      PopulationProvision *p = (PopulationProvision *)&rows[c].provisions[i],
                          *q = (PopulationProvision *)&found[c].provisions[i];
      for (size_t k = 0; k < p->n_needs; k++) {
        g_assert_cmpint (need_of (q, p->needs[k].name), >=, p->needs[k].n);
        *both += p->needs[k].n;
      }
      for (size_t k = 0; k < q->n_needs; k++) {
        g_assert_cmpint (q->needs[k].n, <=, q->count.undetermined);
        *more += q->needs[k].n - need_of (p, q->needs[k].name);
      }
      p->n_needs = q->n_needs = 0;
    }
}

static void
compare (const Town *town)
{
  g_autoptr (Arena) arena = arena_new ();
  PopulationEffort by_rows, by_columns;
  size_t n;
  gint64 both = 0, more = 0;
  policy_pages (package, &n);
  const PopulationClause *rows = count (town, POPULATION_BY_ROWS, 1, arena, &by_rows),
                         *others = count (town, POPULATION_BY_ROWS, 2, arena, NULL),
                         *one = count (town, POPULATION_BY_COLUMNS, 1, arena, &by_columns),
                         *two = count (town, POPULATION_BY_COLUMNS, 2, arena, NULL);
  g_assert_cmpuint (by_rows.by_rows, ==, by_rows.provisions);
  g_assert_cmpuint (by_columns.by_rows * 4, <, by_columns.provisions);
  g_assert_cmpint (by_rows.answers, ==, by_columns.answers);
  g_autofree char *rows_1 = population_text (package, rows, n, DAY),
                  *rows_2 = population_text (package, others, n, DAY),
                  *columns_1 = population_text (package, one, n, DAY),
                  *columns_2 = population_text (package, two, n, DAY);
  assert_same (rows_1, rows_2);
  assert_same (columns_1, columns_2);
  compare_needs (rows, one, n, &both, &more);
  g_autofree char *expected = population_text (package, rows, n, DAY),
                  *found = population_text (package, one, n, DAY);
  assert_same (expected, found);
  g_test_message ("%zu of %zu provisions by columns; missing: %d named by both, %d by columns alone",
                  by_columns.provisions - by_columns.by_rows, by_columns.provisions, (int)both, (int)more);
  g_assert_cmpint (more * 10, <, both);
}

static void
test_demo (void)
{
  Town town;
  town_open_demo (&town, package, RESIDENTS, 7);
  compare (&town);
  town_close (&town);
}

/* ---- random facts -------------------------------------------------------------------- */

/* Everybody of ENTITY: in the complete list of its source, or told of singly. */
static void
add_entity (GRand *random, RegistryWriter *writer, const RegistryEntity *entity)
{
  GError *error = NULL;
  RegistryBatch about = { .source = entity->attributes[0].source,
                          .actor = "test",
                          .recorded_at = (gint64)DAY * 86400,
                          .complete_of = g_rand_boolean (random) ? entity->id : NULL };
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  g_assert_no_error (error);
  for (int i = 0; i < EACH; i++) {
    Subject subject = registry_writer_subject (writer, entity);
    g_autoptr (GArray) facts = g_array_new (FALSE, FALSE, sizeof (RegistryFact));
    for (size_t a = 0; a < entity->n; a++)
      if (entity->attributes[a].kind != REGISTRY_COLLECTION && g_rand_int_range (random, 0, 6)) {
        RegistryFact fact = random_fact (random, &entity->attributes[a], DAY, EACH);
        g_array_append_val (facts, fact);
      }
    registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER,
                            (RegistryFact *)(gpointer)facts->data, facts->len, &error);
    g_assert_no_error (error);
  }
}

static void
test_random (void)
{
  for (guint32 seed = 1; seed <= SEEDS; seed++) {
    GError *error = NULL;
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    Town town;
    town_open (&town, package);
    RegistryWriter *writer = registry_writer_new (town.registry, &error);
    g_assert_no_error (error);
    for (size_t e = 0; e < registry_schema_size (policy_schema (package)); e++)
      add_entity (random, writer, registry_schema_entity_at (policy_schema (package), e));
    registry_writer_commit (writer, &error);
    g_assert_no_error (error);
    registry_writer_free (writer);
    compare (&town);
    town_close (&town);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  package = town_package ();
  g_test_add_func ("/population/engines/random", test_random);
  g_test_add_func ("/population/engines/demo", test_demo);
  int status = g_test_run ();
  policy_free (package);
  return status;
}
