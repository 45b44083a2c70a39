/* Figures kept chunk by chunk: after a change those chunks are counted again whose subjects read
 * otherwise than before, and no others; the sums are those of a fresh run.  Seeds are
 * fixed. */
#include "common.h"
#include "town.h"

#include <locale.h>
#include <string.h>

enum { RESIDENTS = 4500, STEPS = 10 };

static const int numbers[] = { 2, 13, 15, 17 };

typedef struct {
  PolicyPackage *package;
  Town town;
  County *county;
  Day as_of;
  GRand *random;
  PopulationEffort effort;
  Population *kept;
} World;

/* ---- what everybody reads as -------------------------------------------------------- */

/* Of one clause and kind: a number per subject that differs where what is read differs. */
typedef struct {
  const RegistryEntity *entity;
  GArray *readings; /* guint64 */
} Readings;

static void
add_paths (const World *w, Arena *arena, const RegistryEntity *entity, const DmnDecision *decision,
           GArray *paths)
{
  size_t n = 0;
  const FeelPath *own = decision ? policy_decision_paths (w->package, arena, entity, decision, &n) : NULL;
  if (n)
    g_array_append_vals (paths, own, (guint)n);
}

/* All that is read of ENTITY for CLAUSE, and what its groups are made of. */
static GArray *
paths_of (const World *w, Arena *arena, const PolicyClause *clause, const RegistryEntity *entity)
{
  static const char *const groups[] = { "township", "birth_date", "sex", "hukou_place", "name" };
  GArray *paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  for (size_t i = 0; i < clause->n_provisions; i++)
    if (clause->provisions[i].subject == entity && clause->provisions[i].in_force_from <= w->as_of
        && clause->provisions[i].in_force_to >= w->as_of) {
      add_paths (w, arena, entity, clause->provisions[i].eligible, paths);
      add_paths (w, arena, entity, clause->provisions[i].amount, paths);
    }
  for (size_t i = 0; i < clause->n_targets; i++)
    if (clause->targets[i].provision->subject == entity)
      add_paths (w, arena, entity, clause->targets[i].among, paths);
  bool park = g_str_equal (entity->id, "park"), people = registry_entity_attribute (entity, "birth_date");
  for (size_t i = park ? 4 : 0; i < (park ? 5u : people ? 4u : 1u); i++) {
    const RegistryAttribute *a = registry_entity_attribute (entity, groups[i]);
    Text *name = arena_new0 (arena, Text, 1);
    *name = text_of (a ? a->zh : "");
    FeelPath path = { .n = 1, .members = name };
    if (a)
      g_array_append_val (paths, path);
  }
  return paths;
}

static Readings
read_everybody (const World *w, const PolicyClause *clause, const RegistryEntity *entity)
{
  g_autoptr (Arena) kept = arena_new ();
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) paths = paths_of (w, kept, clause, entity);
  Readings all = { entity, g_array_new (FALSE, FALSE, sizeof (guint64)) };
  const ColumnsTable *table = county_table (w->county, entity);
  for (size_t row = 0; row < county_subjects (w->county, entity); row++) {
    arena_reset (arena);
    g_autoptr (GString) text = g_string_new (NULL);
    feel_write (text, columns_row_value (table, row, entity->zh, (FeelPath *)(gpointer)paths->data,
                                         paths->len, arena));
    guint64 hash = (guint64)county_subject (w->county, entity, row);
    for (size_t i = 0; i < text->len; i++)
      hash = (hash ^ (guint8)text->str[i]) * 0x100000001b3u;
    g_array_append_val (all.readings, hash);
  }
  return all;
}

/* How many chunks of AFTER's rows read otherwise than BEFORE. */
static size_t
chunks_that_differ (const Readings *before, const Readings *after)
{
  size_t n = 0, n_rows = after->readings->len;
  for (size_t first = 0; first < n_rows; first += COLUMNS_CHUNK) {
    size_t end = MIN (first + COLUMNS_CHUNK, n_rows),
           end_before = MIN (first + COLUMNS_CHUNK, before->readings->len);
    bool differs = end != end_before;
    for (size_t row = first; row < end && !differs; row++)
      differs
          = g_array_index (before->readings, guint64, row) != g_array_index (after->readings, guint64, row);
    n += differs;
  }
  return n;
}

/* ---- changes ------------------------------------------------------------------------- */

static Subject
somebody (World *w, const RegistryEntity *entity)
{
  return county_subject (
      w->county, entity,
      (size_t)g_rand_int_range (w->random, 0, (gint32)county_subjects (w->county, entity)));
}

/* Of these a value that others have as well: with a new group everything would be counted again. */
static bool
grouped_fact (World *w, const RegistryAttribute *a, RegistryFact *fact)
{
  static const struct {
    const char *id;
    Text value;
  } known[] = { { "township", TEXT_LITERAL ("350121107") },
                { "hukou_place", TEXT_LITERAL ("外省") },
                { "sex", TEXT_LITERAL ("女") } };
  *fact = (RegistryFact){ .attribute = a, .state = REGISTRY_VALUE, .integer = w->as_of - 9000 };
  bool found = g_str_equal (a->id, "birth_date");
  for (size_t i = 0; i < G_N_ELEMENTS (known) && !found; i++) {
    found = g_str_equal (a->id, known[i].id);
    fact->text = known[i].value;
  }
  return found;
}

static void
take_fact (World *w, const RegistryAttribute *a, RegistryFact *facts, size_t *n)
{
  bool again = a->kind == REGISTRY_COLLECTION || a == a->entity->label;
  for (size_t i = 0; i < *n; i++)
    again |= facts[i].attribute == a;
  if (again)
    return;
  if (!grouped_fact (w, a, &facts[*n]))
    facts[*n] = random_fact (w->random, a, w->as_of, 50);
  ++*n;
}

/* One fact of somebody, or somebody new. */
static void
change_something (World *w, int step)
{
  static const char *const entities[] = { "resident", "household", "resident", "organisation" };
  GError *error = NULL;
  const RegistryEntity *entity
      = registry_schema_entity (policy_schema (w->package), entities[step % G_N_ELEMENTS (entities)]);
  RegistryBatch about = { .source = entity->attributes[0].source,
                          .actor = "test",
                          .recorded_at = g_get_real_time () / G_USEC_PER_SEC };
  RegistryWriter *writer = registry_writer_new (w->town.registry, &error);
  g_assert_no_error (error);
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  g_assert_no_error (error);
  bool new = step % 5 == 4;
  Subject subject = new ? registry_writer_subject (writer, entity) : somebody (w, entity);
  RegistryFact facts[POPULATION_GROUPINGS + 1];
  PopulationGrouping by[POPULATION_GROUPINGS];
  size_t n = 0, n_by = new ? population_grouped_by (entity, by) : 0, n_facts = n_by + 1;
  for (size_t i = 0; i < n_by; i++)
    take_fact (w, by[i].attribute, facts, &n);
  while (n < n_facts)
    take_fact (w, &entity->attributes[g_rand_int_range (w->random, 0, (gint32)entity->n)], facts, &n);
  registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, facts, n, &error);
  g_assert_no_error (error);
  registry_writer_commit (writer, &error);
  g_assert_no_error (error);
  registry_writer_free (writer);
}

/* ---- comparing ------------------------------------------------------------------------ */

static bool
begins_kind (const PolicyClause *clause, size_t i)
{
  for (size_t k = 0; k < i; k++)
    if (clause->provisions[k].subject == clause->provisions[i].subject)
      return false;
  return true;
}

static GArray *
read_all (const World *w)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Readings));
  for (size_t c = 0; c < G_N_ELEMENTS (numbers); c++) {
    const PolicyClause *clause = policy_clause (w->package, numbers[c]);
    for (size_t i = 0; i < clause->n_provisions; i++)
      if (begins_kind (clause, i)) {
        Readings readings = read_everybody (w, clause, clause->provisions[i].subject);
        g_array_append_val (all, readings);
      }
  }
  return all;
}

static void
forget_all (GArray *all)
{
  for (guint i = 0; i < all->len; i++)
    g_array_unref (g_array_index (all, Readings, i).readings);
  g_array_unref (all);
}

/* Every clause asked of what is kept and of a fresh run: the same.  Returns the chunks counted. */
static size_t
count_all (World *w)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t before = w->effort.chunks;
  for (size_t c = 0; c < G_N_ELEMENTS (numbers); c++) {
    const PolicyClause *clause = policy_clause (w->package, numbers[c]);
    PopulationOptions options
        = { w->package, w->town.registry, w->town.access, access_operator (arena, "test"), w->as_of };
    const PopulationClause *found = population_count (w->kept, arena, clause, &error),
                           *fresh = population_run (&options, arena, &clause, 1, &error);
    g_assert_no_error (error);
    g_autofree char *a = population_text (w->package, found, 1, w->as_of),
                    *b = population_text (w->package, fresh, 1, w->as_of);
    assert_same (a, b);
  }
  return w->effort.chunks - before;
}

static void
test_changes (gconstpointer data)
{
  World *w = (World *)data;
  size_t all = count_all (w), again = 0;
  g_assert_cmpuint (all, >, G_N_ELEMENTS (numbers));
  g_assert_cmpuint (population_bytes (w->kept), >, 0);
  g_assert_cmpuint (population_bytes (w->kept), <, 200 * RESIDENTS);
  g_assert_cmpuint (count_all (w), ==, 0);
  for (int step = 0; step < STEPS; step++) {
    GError *error = NULL;
    GArray *before = read_all (w);
    if (step)
      change_something (w, step);
    g_autoptr (CountyChanges) changes = county_refresh (w->county, &error);
    g_assert_no_error (error);
    population_change (w->kept, changes);
    GArray *after = read_all (w);
    size_t expected = 0;
    for (guint i = 0; i < after->len; i++)
      expected
          += chunks_that_differ (&g_array_index (before, Readings, i), &g_array_index (after, Readings, i));
    g_assert_cmpuint (count_all (w), ==, expected);
    again += expected;
    forget_all (before);
    forget_all (after);
  }
  g_test_message ("%zu chunks; %zu counted again in %d changes; %zu bytes kept", all, again, STEPS,
                  population_bytes (w->kept));
  g_assert_cmpuint (again, >, 0);
  g_assert_cmpuint (again, <, all * STEPS / 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  World w = { .as_of = civil_today (), .random = g_rand_new_with_seed (5) };
  w.package = town_package ();
  town_open_demo (&w.town, w.package, RESIDENTS, 3);
  CountyOptions whole = { .registry = w.town.registry, .as_of = w.as_of };
  whole.attributes = population_attributes (w.package, arena, &whole.n_attributes);
  w.county = county_open (&whole, &error);
  g_assert_no_error (error);
  PopulationOptions options = { .package = w.package,
                                .registry = w.town.registry,
                                .access = w.town.access,
                                .who = access_operator (arena, "test"),
                                .as_of = w.as_of,
                                .county = w.county,
                                .effort = &w.effort };
  w.kept = population_new (&options);
  g_test_add_data_func ("/population/kept", &w, test_changes);
  int status = g_test_run ();
  population_free (w.kept);
  county_free (w.county);
  town_close (&w.town);
  policy_free (w.package);
  g_rand_free (w.random);
  return status;
}
