/* The figures of a package small enough to count by hand. */
#include "support.h"

#include <locale.h>
#include "population/population.h"

static PolicyPackage *package;

typedef struct {
  char *folder;
  Registry *registry;
  Access *access;
  Arena *arena;
  const PolicyClause *help; /* clause 2: visits (of a resident), heating aid (of a household) */
  Subject households[2], residents[4];
} Fixture;

static Subject
add (RegistryWriter *writer, RegistryBatchId batch, const char *entity_id, const char *const *stated)
{
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), entity_id);
  Subject subject = registry_writer_subject (writer, entity);
  RegistryFact facts[8];
  GError *error = NULL;
  size_t n = 0;
  for (; stated[2 * n]; n++)
    registry_fact_parse (policy_schema (package), registry_entity_attribute (entity, stated[2 * n]),
                         text_of (stated[2 * n + 1]), &facts[n], &error);
  g_assert_no_error (error);
  g_assert_true (registry_writer_append (writer, batch, subject, 0, REGISTRY_FOREVER, facts, n, &error));
  return subject;
}

/* Two households, one in the hills; four people: old, very old, young, and one whose age nobody stated. */
static void
add_people (Fixture *f)
{
  GError *error = NULL;
  g_autoptr (RegistryWriter) writer = registry_writer_new (f->registry, &error);
  RegistryBatch about = { .source = "县民政局", .actor = "test", .recorded_at = 1640995200 };
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  f->households[0] = add (writer, batch, "household", (const char *const[]){ "山区", "true", NULL });
  f->households[1] = add (writer, batch, "household", (const char *const[]){ "山区", "false", NULL });
  const char *hills = registry_subject_format (f->arena, policy_schema (package), f->households[0]),
             *plain = registry_subject_format (f->arena, policy_schema (package), f->households[1]);
  f->residents[0] = add (writer, batch, "resident", (const char *const[]){ "年龄", "85", "户", plain, NULL });
  f->residents[1] = add (writer, batch, "resident", (const char *const[]){ "年龄", "92", "户", plain, NULL });
  f->residents[2] = add (writer, batch, "resident", (const char *const[]){ "年龄", "30", "户", plain, NULL });
  f->residents[3] = add (writer, batch, "resident", (const char *const[]){ "户", plain, NULL });
  add (writer, batch, "resident", (const char *const[]){ "年龄", "20", "户", hills, NULL });
  add (writer, batch, "resident",
       (const char *const[]){ "年龄", "20", NULL }); /* of no household on record */
  g_assert_true (registry_writer_commit (writer, &error));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  f->folder = support_folder ();
  f->arena = arena_new ();
  g_autofree char *path = support_store (f->folder, "county.db");
  f->registry = registry_open (path, STORE_CREATE, policy_schema (package), &error);
  g_assert_no_error (error);
  f->access = access_open (f->registry, &error);
  g_assert_no_error (error);
  policy_hand_purposes (package, f->access);
  f->help = policy_clause (package, 2);
  add_people (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  arena_free (f->arena);
  access_free (f->access);
  registry_close (f->registry);
  support_remove (f->folder);
  g_free (f->folder);
}

static const PopulationClause *
count_on (Fixture *f, Day day)
{
  GError *error = NULL;
  PopulationOptions options = { package, f->registry, f->access, access_operator (f->arena, "test"), day };
  const PopulationClause *found = population_run (&options, f->arena, &f->help, 1, &error);
  g_assert_no_error (error);
  return found;
}

static void
check_count (const PopulationCount *c, gint64 subjects, gint64 yes, gint64 no, gint64 undetermined)
{
  g_assert_cmpint (c->subjects, ==, subjects);
  g_assert_cmpint (c->yes, ==, yes);
  g_assert_cmpint (c->no, ==, no);
  g_assert_cmpint (c->undetermined, ==, undetermined);
}

/* The provisions in their order, then the target, which looks at the very old only. */
static void
test_counts (Fixture *f, gconstpointer data)
{
  const PopulationClause *found = count_on (f, civil_to_day (2022, 6, 1));
  check_count (&found->provisions[0].count, 6, 3, 1, 2); /* visits: two are old, one lives in the hills */
  check_count (&found->provisions[1].count, 2, 1, 1, 0);
  check_count (&found->targets[0].count, 1, 1, 0, 0);
  gint64 paid;
  g_assert_true (decimal_to_int64 (found->provisions[1].count.amount, &paid));
  g_assert_cmpint (paid, ==, 100);
  g_assert_cmpint (found->provisions[1].count.amounts, ==, 1);
}

/* One has no age on record, one no household. */
static void
test_missing (Fixture *f, gconstpointer data)
{
  const PopulationProvision *visit = &count_on (f, civil_to_day (2022, 6, 1))->provisions[0];
  g_assert_cmpuint (visit->n_needs, ==, 2);
  for (size_t i = 0; i < visit->n_needs; i++) {
    g_assert_cmpint (visit->needs[i].n, ==, 1);
    g_assert_false (visit->needs[i].is_parameter);
  }
  g_assert_cmpuint (visit->n_dimensions, ==, 0); /* this registry knows no township, sex or date of birth */
}

/* Before heating aid began it is not counted. */
static void
test_not_in_force (Fixture *f, gconstpointer data)
{
  const PopulationClause *found = count_on (f, civil_to_day (2021, 6, 1));
  check_count (&found->provisions[0].count, 6, 3, 1, 2);
  check_count (&found->provisions[1].count, 0, 0, 0, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_autofree char *folder = support_source ("tests/policy/good");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  package = policy_load (folder, faults, NULL);
#define ADD(name, function) g_test_add ("/population/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("counts", test_counts);
  ADD ("missing", test_missing);
  ADD ("not-in-force", test_not_in_force);
  int result = g_test_run ();
  policy_free (package);
  return result;
}
