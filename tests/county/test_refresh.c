/* A county that is kept up with its registry: after every writing it reads as one opened anew,
 * and whom the change reaches is held, row by row, against what registry_read gives each
 * subject before and after. */
#include "rows.h"
#include "world.h"

#include <locale.h>

enum { STEPS = 60, SEEDS = 6, PATHS = 4 };

/* ---- what somebody's reading rests on -------------------------------------------------------- */

static void
show_fact (GString *out, const RegistryProvenance *fact)
{
  g_string_append_printf (out, "%" G_GINT64_FORMAT " %s ", fact->subject, fact->attribute->id);
  if (fact->value.kind == FEEL_UNKNOWN)
    g_string_append (out, "unknown");
  else
    feel_write (out, fact->value);
  g_string_append_c (out, '\n');
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* All facts of the reading, in an order of their own. */
static char *
show_reading (World *w, Subject subject, Day as_of, const FeelPath *paths, size_t n_paths)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  const RegistryReading *reading = registry_read (w->registry, arena, subject, paths, n_paths,
                                                  (RegistryMoment){ as_of, G_MAXINT64 }, &error);
  g_assert_no_error (error);
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  for (size_t i = 0; i < n; i++) {
    g_autoptr (GString) line = g_string_new (NULL);
    show_fact (line, facts[i]);
    g_ptr_array_add (lines, g_strdup (line->str));
  }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("", (char **)lines->pdata);
}

/* ---- one question --------------------------------------------------------------------------------- */

/* Some paths of one entity, and what they read of everybody. */
typedef struct {
  const RegistryEntity *entity;
  const FeelPath *paths;
  size_t n_paths, n;
  Subject *subjects; /* by row */
  char **readings;   /* by row */
} Question;

static void
read_everybody (World *w, const County *county, Day as_of, Question *q)
{
  q->n = county_subjects (county, q->entity);
  q->subjects = g_new (Subject, q->n);
  q->readings = g_new0 (char *, q->n + 1);
  for (size_t r = 0; r < q->n; r++) {
    q->subjects[r] = county_subject (county, q->entity, r);
    q->readings[r] = show_reading (w, q->subjects[r], as_of, q->paths, q->n_paths);
  }
}

static void
forget_everybody (Question *q)
{
  g_free (q->subjects);
  g_strfreev (q->readings);
}

static Question
random_question (World *w, const County *county, Arena *arena, const RegistryEntity *entity)
{
  size_t n;
  const FeelPath *all = rows_paths (county, entity, 2, arena, &n);
  Question q = { .entity = entity, .n_paths = n ? 1 + (size_t)world_pick (w, PATHS) : 0 };
  FeelPath *paths = arena_new0 (arena, FeelPath, q.n_paths);
  for (size_t i = 0; n && i < q.n_paths; i++)
    paths[i] = all[world_pick (w, (int)n)];
  q.paths = paths;
  return q;
}

typedef struct {
  size_t reached, spared, described, idle;
} Sum;

/* Reached are the rows that stand for somebody else, or whose reading has another fact. */
static void
compare_reached (const County *county, const CountyChanges *changes, const Question *before,
                 const Question *after, Sum *sum)
{
  g_autoptr (Arena) arena = arena_new ();
  const guint8 *rows
      = county_reached_rows (county, changes, after->entity, after->paths, after->n_paths, arena);
  size_t n_chunks, any = 0;
  const guint8 *chunks
      = county_reached (county, changes, after->entity, after->paths, after->n_paths, arena, &n_chunks);
  for (size_t r = 0; r < after->n; r++) {
    bool same = r < before->n && before->subjects[r] == after->subjects[r]
                && g_str_equal (before->readings[r], after->readings[r]);
    if (rows[r] == same)
      g_error ("%s row %zu is %sreached; before: %s\nafter: %s", after->entity->id, r, same ? "" : "not ",
               r < before->n ? before->readings[r] : "nobody", after->readings[r]);
    any += rows[r];
    sum->reached += !same;
    sum->spared += same;
  }
  if (n_chunks)
    g_assert_cmpint (chunks[0], >=, any > 0);
}

static void
compare_readings (World *w, const County *county, Day as_of)
{
  g_autoptr (Arena) arena = arena_new ();
  for (size_t e = 0; e < registry_schema_size (w->schema); e++) {
    const RegistryEntity *entity = registry_schema_entity_at (w->schema, e);
    size_t n;
    if (!county_table (county, entity))
      continue;
    const FeelPath *paths = rows_paths (county, entity, 2, arena, &n);
    GError *error = NULL;
    rows_compare (county, w->registry, as_of, entity, paths, n);
    columns_table_check (county_table (county, entity), &error);
    g_assert_no_error (error);
  }
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static void
write_and_refresh (World *w, County *county, Day as_of, Sum *sum)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n = registry_schema_size (w->schema);
  Question *before = arena_new0 (arena, Question, n), *after = arena_new0 (arena, Question, n);
  for (size_t e = 0; e < n; e++) {
    if (!county_table (county, registry_schema_entity_at (w->schema, e)))
      continue;
    before[e] = after[e] = random_question (w, county, arena, registry_schema_entity_at (w->schema, e));
    read_everybody (w, county, as_of, &before[e]);
  }
  bool idle = world_pick (w, 10) == 0;
  for (int i = idle ? 0 : 1 + world_pick (w, 2); i > 0; i--)
    world_step (w);
  GError *error = NULL;
  g_autoptr (CountyChanges) changes = county_refresh (county, &error);
  g_assert_no_error (error);
  g_assert_true (!idle || (!changes->any && !changes->description));
  compare_readings (w, county, as_of);
  for (size_t e = 0; e < n; e++) {
    if (!after[e].entity)
      continue;
    read_everybody (w, county, as_of, &after[e]);
    compare_reached (county, changes, &before[e], &after[e], sum);
    forget_everybody (&before[e]);
    forget_everybody (&after[e]);
  }
  sum->described += changes->description;
  sum->idle += idle;
}

static void
test_refresh (void)
{
  Sum sum = { 0 };
  for (guint32 seed = 1; seed <= SEEDS; seed++) {
    g_autoptr (Arena) arena = arena_new ();
    World *w = world_new (seed);
    Day as_of = FIRST_DAY + world_pick (w, 40);
    for (int i = world_pick (w, 10); i > 0; i--)
      world_step (w);
    CountyOptions options = world_options (w, as_of, arena);
    GError *error = NULL;
    g_autoptr (County) county = county_open (&options, &error);
    g_assert_no_error (error);
    for (int i = 0; i < STEPS; i++)
      write_and_refresh (w, county, as_of, &sum);
    g_clear_pointer (&county, county_free);
    world_free (w);
  }
  g_test_message ("%zu rows reached, %zu spared; %zu of %d refreshes changed a description", sum.reached,
                  sum.spared, sum.described, SEEDS * STEPS);
  g_assert_cmpuint (sum.reached, >, 1000);
  g_assert_cmpuint (sum.spared, >, 1000);
  g_assert_cmpuint (sum.described, <, SEEDS * STEPS / 2);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/county/refresh", test_refresh);
  return g_test_run ();
}
