#include "demo/demo.h"

/* ---- into a registry --------------------------------------------------- */

static RegistryBatchId
to_batch (gpointer data, const RegistryBatch *batch, GError **error)
{
  return registry_writer_batch (data, batch, error);
}

static Subject
to_subject (gpointer data, const RegistryEntity *entity)
{
  return registry_writer_subject (data, entity);
}

static bool
to_append (gpointer data, RegistryBatchId batch, Subject subject, Day valid_from, Day valid_to,
           const RegistryFact *facts, size_t n, GError **error)
{
  return registry_writer_append (data, batch, subject, valid_from, valid_to, facts, n, error);
}

bool
demo_make (Registry *registry, const char *distributions, const DemoOptions *options, DemoSummary *summary,
           GError **error)
{
  g_autoptr (RegistryWriter) writer = registry_writer_new (registry, error);
  if (!writer)
    return false;
  DemoSink sink = { to_batch, to_subject, to_append, writer };
  return demo_generate (registry_schema (registry), distributions, options, &sink, summary, error)
         && registry_writer_commit (writer, error);
}

/* ---- as a new database -------------------------------------------------- */

typedef struct {
  const RegistrySchema *schema;
  const char *distributions;
  const DemoOptions *options;
  DemoSummary *summary;
} Making;

static bool
fill_database (const char *path, gpointer data, GError **error)
{
  const Making *m = data;
  g_autoptr (Registry) registry = registry_open (path, STORE_CREATE | STORE_BULK, m->schema, error);
  return registry && demo_make (registry, m->distributions, m->options, m->summary, error)
         && (!m->options->complete || m->options->complete (registry, m->options->complete_data, error))
         && store_checkpoint (registry_store (registry), error);
}

bool
demo_make_file (const char *path, const RegistrySchema *schema, const char *distributions,
                const DemoOptions *options, DemoSummary *summary, GError **error)
{
  Making making = { schema, distributions, options, summary };
  return store_make (path, fill_database, &making, error);
}
