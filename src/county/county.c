/* Opening a county, and what is asked of an open one. */
#include "county/county_private.h"

enum { THREADS = 2 };

County *
county_open (const CountyOptions *options, GError **error)
{
  County *county = g_new0 (County, 1);
  county->options = *options;
  county->n_threads = options->threads ? options->threads : THREADS;
  county->arena = arena_new ();
  pthread_mutex_init (&county->lock, NULL);
  plan_tables (county);
  if (cache_load (county, error)) {
    cache_keep (county);
    assemble (county);
    return county;
  }
  county_free (county);
  return NULL;
}

static void
free_table (Table *table)
{
  for (size_t i = 0; i < table->table.n_columns; i++) {
    Held *held = &table->held[i];
    dictionary_free (held->texts);
    g_free (held->values);
    g_free (held->none);
    g_free (held->unknown);
    g_free (held->offsets);
  }
  for (guint i = 0; table->pieces && i < table->pieces->len; i++)
    piece_clear (&g_array_index (table->pieces, Piece, i), table->n_stored);
  g_clear_pointer (&table->pieces, g_array_unref);
  g_clear_pointer (&table->renewed, g_array_unref);
  g_clear_pointer (&table->strangers, g_array_unref);
  g_free (table->key);
  g_free (table->numbers);
  g_free (table->by_number);
}

void
county_free (County *county)
{
  if (!county)
    return;
  for (size_t i = 0; i < county->n_tables; i++)
    free_table (&county->tables[i]);
  pthread_mutex_destroy (&county->lock);
  arena_free (county->arena);
  g_free (county);
}

const ColumnsTable *
county_table (const County *county, const RegistryEntity *entity)
{
  const Table *table = table_of (county, entity);
  return table ? &table->table : NULL;
}

const ColumnsColumn *
county_column (const County *county, const RegistryAttribute *attribute)
{
  const Table *table = table_of (county, attribute->entity);
  int place = table ? table->place[attribute->index] : -1;
  return place < 0 ? NULL : &table->columns[place];
}

size_t
county_subjects (const County *county, const RegistryEntity *entity)
{
  const Table *table = table_of (county, entity);
  return table ? table->n_subjects : 0;
}

Subject
county_subject (const County *county, const RegistryEntity *entity, size_t row)
{
  const Table *table = table_of (county, entity);
  g_assert (table && row < table->table.n_rows);
  return subject_make (entity, table->numbers[row]);
}

bool
county_row (const County *county, Subject subject, size_t *row)
{
  const RegistryEntity *entity
      = registry_subject_entity (registry_schema (county->options.registry), subject);
  const Table *table = entity ? table_of (county, entity) : NULL;
  gint64 found = table ? link_row (table, subject_number (subject)) : -1;
  *row = (size_t)found;
  return found >= 0 && *row < table->n_subjects;
}

size_t
county_bytes (const County *county)
{
  size_t bytes = 0;
  for (size_t i = 0; i < county->n_tables; i++) {
    const Table *table = &county->tables[i];
    size_t n = table->table.n_rows;
    bytes += n * sizeof *table->numbers
             + (table->by_number ? (size_t)table->highest * sizeof *table->by_number : 0);
    for (size_t k = 0; k < table->table.n_columns; k++) {
      const ColumnsColumn *column = &table->columns[k];
      size_t n_values = column->offsets ? column->offsets[n] : n;
      bytes += n_values * column->width + (column->offsets ? (n + 1) * sizeof *column->offsets : 0)
               + (column->none ? n : 0) + (column->unknown ? n : 0);
    }
  }
  return bytes;
}

CountyLoad
county_load (const County *county)
{
  return county->load;
}
