#include "harness.h"

void
county_open (County *county, gconstpointer flags)
{
  GError *error = NULL;
  g_autofree char *schema = support_source ("tests/registry/county.yaml");
  county->folder = support_folder ();
  county->path = support_store (county->folder, "county.db");
  county->schema = registry_schema_load (schema, &error);
  g_assert_no_error (error);
  county->registry = registry_open (county->path, STORE_CREATE | (StoreFlags)GPOINTER_TO_INT (flags),
                                    county->schema, &error);
  g_assert_no_error (error);
}

void
county_close (County *county, gconstpointer unused)
{
  registry_close (county->registry);
  registry_schema_free (county->schema);
  support_remove (county->folder);
  g_free (county->folder);
  g_free (county->path);
}

Day
county_day (const char *day)
{
  Day d;
  g_assert_true (civil_parse (text_of (day), &d));
  return d;
}

gint64
county_instant (const char *day)
{
  return county_day (day) * 86400;
}

Subject
county_subject (const County *county, const char *id)
{
  Subject s;
  g_assert_true (registry_subject_parse (county->schema, text_of (id), &s));
  return s;
}

const RegistryAttribute *
county_attribute (const County *county, const char *entity, const char *id)
{
  const RegistryAttribute *a
      = registry_entity_attribute (registry_schema_entity (county->schema, entity), id);
  g_assert_nonnull (a);
  return a;
}

/* ---- writing ----------------------------------------------------------- */

RegistryWriter *
county_writer (County *county)
{
  GError *error = NULL;
  RegistryWriter *writer = registry_writer_new (county->registry, &error);
  g_assert_no_error (error);
  return writer;
}

RegistryBatchId
county_batch (RegistryWriter *writer, const char *source, const char *day, const char *complete_of)
{
  GError *error = NULL;
  RegistryBatch batch = { source, "test", "a paper", county_instant (day), complete_of };
  RegistryBatchId id = registry_writer_batch (writer, &batch, &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static RegistryFact
fact_from (County *county, Subject subject, const char *id, const char *text)
{
  GError *error = NULL;
  const RegistryAttribute *a
      = registry_entity_attribute (registry_subject_entity (county->schema, subject), id);
  g_assert_nonnull (a);
  RegistryFact fact = { .attribute = a, .state = REGISTRY_NONE };
  if (!g_str_equal (text, "~"))
    registry_fact_parse (county->schema, a, text_of (text), &fact, &error);
  g_assert_no_error (error);
  return fact;
}

void
county_state (County *county, RegistryWriter *writer, RegistryBatchId batch, const char *subject,
              const char *id, const char *text)
{
  GError *error = NULL;
  Subject s = county_subject (county, subject);
  RegistryFact fact = fact_from (county, s, id, text);
  registry_writer_append (writer, batch, s, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, &error);
  g_assert_no_error (error);
}

void
county_commit (RegistryWriter *writer)
{
  GError *error = NULL;
  registry_writer_commit (writer, &error);
  g_assert_no_error (error);
  registry_writer_free (writer);
}

static const char *
text_at (YamlFile *file, const yaml_node_t *mapping, const char *key, const char *otherwise)
{
  Text text = { 0 };
  GError *error = NULL;
  yaml_get_text (file, mapping, key, false, &text, &error);
  g_assert_no_error (error);
  return text.len ? text.bytes : otherwise;
}

static void
apply_record (County *county, RegistryWriter *writer, RegistryBatchId batch, YamlFile *file,
              const yaml_node_t *record)
{
  Subject subject = county_subject (county, text_at (file, record, "of", NULL));
  const char *from = text_at (file, record, "from", NULL), *to = text_at (file, record, "to", NULL);
  const yaml_node_t *facts = yaml_get (file, record, "facts");
  RegistryFact list[32];
  size_t n = 0;
  for (yaml_node_pair_t *p = facts->data.mapping.pairs.start; p < facts->data.mapping.pairs.top; p++)
    list[n++] = fact_from (county, subject, (char *)yaml_file_node (file, p->key)->data.scalar.value,
                           (char *)yaml_file_node (file, p->value)->data.scalar.value);
  GError *error = NULL;
  registry_writer_append (writer, batch, subject, from ? county_day (from) : REGISTRY_EVER,
                          to ? county_day (to) : REGISTRY_FOREVER, list, n, &error);
  g_assert_no_error (error);
}

void
county_apply (County *county, YamlFile *file, const yaml_node_t *batches)
{
  for (yaml_node_item_t *b = batches->data.sequence.items.start; b < batches->data.sequence.items.top; b++) {
    const yaml_node_t *batch = yaml_file_node (file, *b), *records = yaml_get (file, batch, "records");
    RegistryWriter *writer = county_writer (county);
    GError *error = NULL;
    RegistryBatchId id = registry_writer_batch (
        writer,
        &(RegistryBatch){ .source = text_at (file, batch, "source", NULL),
                          .actor = "test",
                          .evidence = text_at (file, batch, "settles", "a paper"),
                          .recorded_at = county_instant (text_at (file, batch, "at", NULL)),
                          .complete_of = text_at (file, batch, "complete", NULL),
                          .settles = yaml_get (file, batch, "settles") != NULL },
        &error);
    g_assert_no_error (error);
    for (yaml_node_item_t *r = records->data.sequence.items.start; r < records->data.sequence.items.top; r++)
      apply_record (county, writer, id, file, yaml_file_node (file, *r));
    county_commit (writer);
  }
}

/* ---- reading ----------------------------------------------------------- */

static void
show (GString *out, FeelValue v)
{
  char buffer[DECIMAL_TEXT_MAX];
  switch (v.kind) {
  case FEEL_NULL: g_string_append (out, "none"); return;
  case FEEL_BOOLEAN: g_string_append (out, v.boolean ? "true" : "false"); return;
  case FEEL_NUMBER: g_string_append (out, decimal_format (v.number, buffer)); return;
  case FEEL_STRING: g_string_append_len (out, v.string.bytes, (gssize)v.string.len); return;
  case FEEL_DATE: g_string_append (out, civil_format (v.date, buffer)); return;
  case FEEL_CONTEXT: g_string_append (out, v.context->n ? "{…}" : "{}"); return;
  case FEEL_UNKNOWN:
    g_string_append (out, "unknown:");
    for (size_t i = 0; i < v.unknown->n; i++) {
      g_string_append_c (out, ' ');
      g_string_append_len (out, v.unknown->needs[i]->name.bytes, (gssize)v.unknown->needs[i]->name.len);
    }
    return;
  case FEEL_LIST:
    g_string_append_c (out, '[');
    for (size_t i = 0; i < v.list->n; i++) {
      g_string_append (out, i ? ", " : "");
      show (out, v.list->items[i]);
    }
    g_string_append_c (out, ']');
    return;
  default: g_assert_not_reached ();
  }
}

char *
county_show (FeelValue value)
{
  GString *out = g_string_new (NULL);
  show (out, value);
  return g_string_free (out, FALSE);
}

/* As FEEL would: a member of a list is the list of members. */
static FeelValue
walk (Arena *arena, FeelValue v, const Text *members, size_t n)
{
  if (n == 0 || (v.kind != FEEL_CONTEXT && v.kind != FEEL_LIST))
    return v;
  if (v.kind == FEEL_CONTEXT) {
    const FeelValue *member = feel_context_get (v.context, members[0]);
    g_assert_nonnull (member);
    return walk (arena, *member, members + 1, n - 1);
  }
  FeelValue *items = arena_new0 (arena, FeelValue, v.list->n);
  for (size_t i = 0; i < v.list->n; i++)
    items[i] = walk (arena, v.list->items[i], members, n);
  return feel_list (arena, items, v.list->n);
}

char *
county_rivals (const RegistryProvenance *fact)
{
  GString *out = g_string_new (NULL);
  for (size_t i = 0; i < fact->n_rivals; i++) {
    g_string_append_printf (out, "%s%s ", i ? "; " : "", fact->rivals[i].source);
    show (out, fact->rivals[i].value);
  }
  return g_string_free (out, FALSE);
}

char *
county_read (County *county, const char *subject, const char *path, Day valid_at, gint64 known_at,
             char **sources, bool *assumed)
{
  g_autoptr (Arena) arena = arena_new ();
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  FeelPath p = { .n = g_strv_length (names) };
  Text *members = arena_new0 (arena, Text, p.n);
  for (size_t i = 0; i < p.n; i++)
    members[i] = text_of (names[i]);
  p.members = members;
  GError *error = NULL;
  const RegistryReading *reading = registry_read (county->registry, arena, county_subject (county, subject),
                                                  &p, 1, (RegistryMoment){ valid_at, known_at }, &error);
  g_assert_no_error (error);
  size_t n = 0;
  const RegistryProvenance *const *facts = registry_reading_path (reading, arena, &p, &n);
  GString *all = g_string_new (NULL);
  *assumed = n > 0;
  for (size_t i = 0; i < n; i++) {
    g_string_append_printf (all, "%s%s", i ? " " : "", facts[i]->source);
    *assumed &= facts[i]->assumed;
  }
  *sources = g_string_free (all, FALSE);
  return county_show (walk (arena, registry_reading_value (reading), p.members, p.n));
}
