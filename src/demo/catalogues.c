/* Catalogues: entries that come with a package, from CSV files named by their
 * entity, with the attributes' Chinese names in the first row. */
#include "county.h"

#include "sheet/sheet.h"

typedef struct {
  DemoCounty *county;
  const RegistryEntity *entity;
  const char *path;
  RegistryBatchId batch;
  size_t n;
  const RegistryAttribute *columns[DEMO_FACTS_MAX];
} Catalogue;

static bool
fail (const Catalogue *k, gint64 row, GError **error, const char *message, Text about)
{
  g_set_error (error, FAULT, FAULT_INPUT, "%s: row %" G_GINT64_FORMAT ": %s: %.*s", k->path, row, message,
               (int)about.len, about.bytes);
  return false;
}

static bool
read_heading (Catalogue *k, const SheetRow *row, GError **error)
{
  for (k->n = 0; k->n < row->n; k->n++) {
    g_autofree char *name = g_strndup (row->cells[k->n].bytes, row->cells[k->n].len);
    const RegistryAttribute *a = registry_entity_attribute (k->entity, name);
    if (!a || k->n == DEMO_FACTS_MAX)
      return fail (k, row->number, error, "registry.yaml has no such attribute here", row->cells[k->n]);
    k->columns[k->n] = a;
  }
  return true;
}

static bool
write_entry (Catalogue *k, const SheetRow *row, GError **error)
{
  DemoPen *pen = &k->county->pen;
  RegistryFact facts[DEMO_FACTS_MAX];
  size_t n = 0;
  for (size_t i = 0; i < row->n; i++) {
    g_autoptr (GError) reason = NULL;
    if (!row->cells[i].len) /* an empty cell states nothing */
      continue;
    if (i >= k->n)
      return fail (k, row->number, error, "a cell without a column", row->cells[i]);
    if (!registry_fact_parse (pen->schema, k->columns[i], row->cells[i], &facts[n++], &reason))
      return fail (k, row->number, error, reason->message, row->cells[i]);
  }
  k->county->summary->entries++;
  pen->summary->records++;
  pen->summary->facts += (gint64)n;
  return pen->sink->append (pen->sink->data, k->batch, pen->sink->subject (pen->sink->data, k->entity),
                            REGISTRY_EVER, REGISTRY_FOREVER, facts, n, error);
}

static bool
write_entries (Catalogue *k, GError **error)
{
  g_autoptr (SheetReader) reader = sheet_reader_open (k->path, NULL, error);
  SheetRow row;
  SheetStep step = reader ? sheet_reader_next (reader, &row, error) : SHEET_FAILED;
  if (step != SHEET_ROW || !read_heading (k, &row, error))
    return step == SHEET_END;
  while ((step = sheet_reader_next (reader, &row, error)) == SHEET_ROW)
    if (!write_entry (k, &row, error))
      return false;
  return step == SHEET_END;
}

/* The catalogues of ENTITY, in the complete list of the department that answers for it. */
static bool
write_catalogue (DemoCounty *c, const RegistryEntity *entity, const char *const *folders, GError **error)
{
  Catalogue k = { .county = c, .entity = entity, .batch = demo_pen_list (&c->pen, entity) };
  g_autofree char *file = g_strconcat (entity->id, ".csv", NULL);
  for (const char *const *folder = folders; *folder; folder++) {
    g_autofree char *path = g_build_filename (*folder, file, NULL);
    k.path = path;
    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      continue;
    if (!write_entries (&k, error))
      return false;
  }
  return true;
}

bool
demo_write_catalogues (DemoCounty *c, const char *const *folders, GError **error)
{
  const RegistrySchema *schema = c->pen.schema;
  for (size_t i = 0; folders && i < registry_schema_size (schema); i++)
    if (!write_catalogue (c, registry_schema_entity_at (schema, i), folders, error))
      return false;
  return true;
}
