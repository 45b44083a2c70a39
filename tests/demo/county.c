#include "county.h"

RegistrySchema *
county_schema (void)
{
  GError *error = NULL;
  g_autofree char *path = support_source ("policy/minhou-2021-81/registry.yaml");
  RegistrySchema *schema = registry_schema_load (path, &error);
  g_assert_no_error (error);
  return schema;
}

char *
county_data (void)
{
  return support_source ("data/demo/minhou.yaml");
}

static void
digest (County *c, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_checksum_update (c->sum, (const guchar *)text, -1);
}

static RegistryBatchId
take_batch (gpointer data, const RegistryBatch *b, GError **error)
{
  County *c = data;
  g_ptr_array_add (c->sources, g_strdup (b->source));
  digest (c, "batch %s %s %s %" G_GINT64_FORMAT " %s\n", b->source, b->actor, b->evidence, b->recorded_at,
          b->complete_of ? b->complete_of : "-");
  return c->sources->len;
}

static Subject
take_subject (gpointer data, const RegistryEntity *entity)
{
  County *c = data;
  guint none = G_MAXUINT;
  g_array_append_val (c->starts[entity->index], none);
  return subject_make (entity, c->starts[entity->index]->len);
}

static bool
take_record (gpointer data, RegistryBatchId batch, Subject subject, Day from, Day to,
             const RegistryFact *facts, size_t n, GError **error)
{
  County *c = data;
  guint *start = &g_array_index (c->starts[subject >> 56], guint, subject_number (subject) - 1);
  if (*start == G_MAXUINT)
    *start = c->facts->len;
  digest (c, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, batch,
          subject, from, to);
  for (size_t i = 0; i < n; i++) {
    bool text = facts[i].attribute->kind == REGISTRY_TEXT && facts[i].state == REGISTRY_VALUE;
    CountyFact f = { facts[i].attribute,
                     facts[i].state,
                     facts[i].integer,
                     text ? g_strndup (facts[i].text.bytes, facts[i].text.len) : NULL,
                     batch,
                     from };
    g_array_append_val (c->facts, f);
    digest (c, " %s=%d:%" G_GINT64_FORMAT ":%s", f.attribute->id, f.state, text ? 0 : f.integer,
            text ? f.text : "");
  }
  digest (c, "\n");
  return true;
}

County *
county_new (gint64 residents, guint64 seed)
{
  County *c = g_new0 (County, 1);
  GError *error = NULL;
  g_autofree char *data = county_data ();
  c->schema = county_schema ();
  c->sources = g_ptr_array_new_with_free_func (g_free);
  c->facts = g_array_new (FALSE, FALSE, sizeof (CountyFact));
  c->sum = g_checksum_new (G_CHECKSUM_SHA256);
  for (size_t i = 0; i < G_N_ELEMENTS (c->starts); i++)
    c->starts[i] = g_array_new (FALSE, FALSE, sizeof (guint));
  DemoSink sink = { take_batch, take_subject, take_record, c };
  DemoOptions options = { .residents = residents, .seed = seed };
  demo_generate (c->schema, data, &options, &sink, &c->summary, &error);
  g_assert_no_error (error);
  c->digest = g_strdup (g_checksum_get_string (c->sum));
  return c;
}

void
county_free (County *c)
{
  for (guint i = 0; i < c->facts->len; i++)
    g_free (g_array_index (c->facts, CountyFact, i).text);
  for (size_t i = 0; i < G_N_ELEMENTS (c->starts); i++)
    g_array_unref (c->starts[i]);
  g_array_unref (c->facts);
  g_ptr_array_unref (c->sources);
  g_checksum_free (c->sum);
  registry_schema_free (c->schema);
  g_free (c->digest);
  g_free (c);
}

gint64
county_size (const County *c, const char *entity)
{
  return c->starts[registry_schema_entity (c->schema, entity)->index]->len;
}

Subject
county_subject (const County *c, const char *entity, gint64 number)
{
  return subject_make (registry_schema_entity (c->schema, entity), number);
}

/* The facts of a subject stand together: it is written at once. */
const CountyFact *
county_facts (const County *c, Subject subject, size_t *n)
{
  const GArray *starts = c->starts[subject >> 56];
  g_assert_cmpint (subject_number (subject), <=, starts->len);
  guint start = g_array_index (starts, guint, subject_number (subject) - 1);
  const CountyFact *first = &g_array_index (c->facts, CountyFact, start);
  const RegistryEntity *entity = first->attribute->entity;
  size_t limit = c->facts->len - start;
  guint next = G_MAXUINT;
  for (guint i = (guint)subject_number (subject); i < starts->len && next == G_MAXUINT; i++)
    next = g_array_index (starts, guint, i);
  if (next != G_MAXUINT)
    limit = MIN (limit, next - start);
  for (*n = 0; *n < limit && first[*n].attribute->entity == entity;)
    (*n)++;
  return first;
}

const CountyFact *
county_fact (const County *c, Subject subject, const char *attribute)
{
  size_t n;
  const CountyFact *facts = county_facts (c, subject, &n);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (facts[i].attribute->id, attribute))
      return &facts[i];
  return NULL;
}

gint64
county_integer (const County *c, Subject subject, const char *attribute, gint64 otherwise)
{
  const CountyFact *f = county_fact (c, subject, attribute);
  return f && f->state == REGISTRY_VALUE ? f->integer : otherwise;
}

const char *
county_text (const County *c, Subject subject, const char *attribute)
{
  const CountyFact *f = county_fact (c, subject, attribute);
  return f && f->state == REGISTRY_VALUE ? f->text : "";
}

bool
county_is (const County *c, Subject subject, const char *attribute, const char *text)
{
  return g_str_equal (county_text (c, subject, attribute), text);
}

int
county_age (const County *c, Subject resident)
{
  return (int)(civil_months_between (county_integer (c, resident, "birth_date", 0), c->summary.as_of) / 12);
}
