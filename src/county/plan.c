/* Which tables and columns: what is wanted, where references and collections lead, and the
 * references that collections are made from. */
#include "county/county_private.h"

Table *
table_of (const County *county, const RegistryEntity *entity)
{
  Table *table = &county->tables[entity->index];
  return table->entity ? table : NULL;
}

/* By entity and attribute: whether it is held; an entity without any may be held, too. */
typedef struct {
  bool *held, **attributes;
} Wanted;

static void
want_entity (Wanted *wanted, const RegistryEntity *entity)
{
  wanted->held[entity->index] = true;
}

static void
want (Wanted *wanted, const RegistryAttribute *a)
{
  want_entity (wanted, a->entity);
  wanted->attributes[a->entity->index][a->index] = true;
  if (a->target)
    want_entity (wanted, a->target);
  if (a->kind == REGISTRY_COLLECTION) {
    wanted->attributes[a->via->entity->index][a->via->index] = true;
    want_entity (wanted, a->via->target);
  }
}

ColumnsKind
column_kind (const RegistryAttribute *a)
{
  switch (a->kind) {
  case REGISTRY_BOOLEAN: return COLUMNS_BOOLEAN;
  case REGISTRY_TEXT: return COLUMNS_TEXT;
  case REGISTRY_DATE: return COLUMNS_DATE;
  case REGISTRY_REFERENCE: return COLUMNS_REFERENCE;
  case REGISTRY_COLLECTION: return COLUMNS_LIST;
  default: return COLUMNS_NUMBER;
  }
}

/* The texts that the schema lists come first, whether they occur or not: then a new value
 * changes nothing for those who compiled. */
static Dictionary *
texts_of (const RegistryAttribute *a)
{
  Dictionary *texts = dictionary_new ();
  for (size_t i = 0; i < a->n_values; i++)
    dictionary_code (texts, text_of (a->values[i]));
  return texts;
}

static void
add_column (const County *county, Table *table, const RegistryAttribute *a)
{
  size_t i = table->table.n_columns++;
  table->place[a->index] = (int)i;
  table->held[i] = (Held){ .attribute = a, .texts = a->kind == REGISTRY_TEXT ? texts_of (a) : NULL };
  table->columns[i]
      = (ColumnsColumn){ .name = text_of (a->zh),
                         .kind = column_kind (a),
                         .width = a->target ? 4 : 1,
                         .scale
                         = a->kind == REGISTRY_NUMBER || a->kind == REGISTRY_MONEY ? (unsigned)a->scale : 0,
                         .target = a->target ? &county->tables[a->target->index].table : NULL };
}

static void
plan_table (County *county, const RegistryEntity *entity, const bool *wanted)
{
  Table *table = &county->tables[entity->index];
  table->entity = entity;
  table->place = arena_new0 (county->arena, int, entity->n);
  table->stored = arena_new0 (county->arena, int, entity->n);
  table->columns = arena_new0 (county->arena, ColumnsColumn, entity->n);
  table->held = arena_new0 (county->arena, Held, entity->n);
  table->table = (ColumnsTable){ .name = text_of (entity->zh), .columns = table->columns };
  table->pieces = g_array_new (FALSE, TRUE, sizeof (Piece));
  table->renewed = g_array_new (FALSE, FALSE, sizeof (gint64));
  table->strangers = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (size_t i = 0; i < entity->n; i++) {
    table->place[i] = -1;
    if (wanted[i] && entity->attributes[i].kind != REGISTRY_COLLECTION)
      add_column (county, table, &entity->attributes[i]);
  }
  table->n_stored = table->table.n_columns;
  memcpy (table->stored, table->place, entity->n * sizeof *table->place);
  for (size_t i = 0; i < entity->n; i++)
    if (wanted[i] && entity->attributes[i].kind == REGISTRY_COLLECTION)
      add_column (county, table, &entity->attributes[i]);
}

void
plan_tables (County *county)
{
  const RegistrySchema *schema = registry_schema (county->options.registry);
  g_autoptr (Arena) arena = arena_new ();
  size_t n = county->n_tables = registry_schema_size (schema);
  Wanted wanted = { arena_new0 (arena, bool, n), arena_new0 (arena, bool *, n) };
  county->tables = arena_new0 (county->arena, Table, n);
  for (size_t i = 0; i < n; i++)
    wanted.attributes[i] = arena_new0 (arena, bool, registry_schema_entity_at (schema, i)->n);
  for (size_t i = 0; i < county->options.n_attributes; i++)
    want (&wanted, county->options.attributes[i]);
  for (size_t i = 0; i < n; i++)
    if (wanted.held[i])
      plan_table (county, registry_schema_entity_at (schema, i), wanted.attributes[i]);
}
