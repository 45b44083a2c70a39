#include "good_people.h"

static Subject
add (const RegistrySchema *schema, RegistryWriter *writer, RegistryBatchId batch, const char *entity_id,
     const char *const *stated)
{
  const RegistryEntity *entity = registry_schema_entity (schema, entity_id);
  Subject subject = registry_writer_subject (writer, entity);
  RegistryFact facts[8];
  GError *error = NULL;
  size_t n = 0;
  for (; stated[2 * n]; n++)
    registry_fact_parse (schema, registry_entity_attribute (entity, stated[2 * n]),
                         text_of (stated[2 * n + 1]), &facts[n], &error);
  g_assert_no_error (error);
  g_assert_true (registry_writer_append (writer, batch, subject, 0, REGISTRY_FOREVER, facts, n, &error));
  return subject;
}

/* Two households, one in the hills; four people: old, very old, young, and one whose age nobody stated. */
static void
add_people (GoodPeople *f)
{
  const RegistrySchema *schema = policy_schema (f->package);
  GError *error = NULL;
  g_autoptr (RegistryWriter) writer = registry_writer_new (f->town.registry, &error);
  RegistryBatch about = { .source = "县民政局", .actor = "test", .recorded_at = 1640995200 };
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  f->households[0] = add (schema, writer, batch, "household", (const char *const[]){ "山区", "true", NULL });
  f->households[1] = add (schema, writer, batch, "household", (const char *const[]){ "山区", "false", NULL });
  const char *hills = registry_subject_format (f->arena, schema, f->households[0]),
             *plain = registry_subject_format (f->arena, schema, f->households[1]);
  f->residents[0]
      = add (schema, writer, batch, "resident", (const char *const[]){ "年龄", "85", "户", plain, NULL });
  f->residents[1]
      = add (schema, writer, batch, "resident", (const char *const[]){ "年龄", "92", "户", plain, NULL });
  f->residents[2]
      = add (schema, writer, batch, "resident", (const char *const[]){ "年龄", "30", "户", plain, NULL });
  f->residents[3] = add (schema, writer, batch, "resident", (const char *const[]){ "户", plain, NULL });
  add (schema, writer, batch, "resident", (const char *const[]){ "年龄", "20", "户", hills, NULL });
  add (schema, writer, batch, "resident",
       (const char *const[]){ "年龄", "20", NULL }); /* of no household on record */
  g_assert_true (registry_writer_commit (writer, &error));
}

void
good_people_set_up (GoodPeople *f, gconstpointer unused)
{
  g_autofree char *folder = support_source ("tests/policy/good");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  f->package = policy_load (folder, faults, NULL);
  f->arena = arena_new ();
  f->help = policy_clause (f->package, 2);
  town_open (&f->town, f->package);
  add_people (f);
}

void
good_people_tear_down (GoodPeople *f, gconstpointer unused)
{
  town_close (&f->town);
  arena_free (f->arena);
  policy_free (f->package);
}
