/* Columns as a schema alone tells of them, for those who ask what could be computed. */
#include "county/county_private.h"

/* What a county of a million people holds, about; a schema's bounds are often wider, or not there. */
enum { TEXTS_ASSUMED = 64, MEMBERS_ASSUMED = 30, NUMBER_ASSUMED = 1000000000, DAY_ASSUMED = 84000 };

static void
describe_texts (const RegistryAttribute *a, Arena *arena, ColumnsColumn *column)
{
  column->n_texts = a->n_values ? a->n_values : TEXTS_ASSUMED;
  Text *texts = arena_new0 (arena, Text, column->n_texts);
  for (size_t i = 0; i < column->n_texts; i++)
    texts[i] = a->n_values ? text_of (a->values[i]) : text_of (arena_printf (arena, "%zu", i));
  column->texts = texts;
}

static void
describe_column (const RegistryAttribute *a, const ColumnsTable *tables, Arena *arena, ColumnsColumn *column)
{
  gint64 bound = a->kind == REGISTRY_DATE ? DAY_ASSUMED : NUMBER_ASSUMED;
  *column = (ColumnsColumn){ .name = text_of (a->zh),
                             .kind = column_kind (a),
                             .width = a->target                     ? 4
                                      : a->kind == REGISTRY_BOOLEAN ? 1
                                                                    : 8,
                             .min = a->has_min ? CLAMP (a->min, -bound, bound) : -bound,
                             .max = a->has_max ? CLAMP (a->max, -bound, bound) : bound,
                             .target = a->target ? &tables[a->target->index] : NULL,
                             .most = MEMBERS_ASSUMED,
                             .has_none = a->kind != REGISTRY_COLLECTION,
                             .has_unknown = true };
  if (column->kind == COLUMNS_NUMBER)
    column->scale = (unsigned)a->scale;
  if (column->kind == COLUMNS_TEXT)
    describe_texts (a, arena, column);
}

const ColumnsTable *
county_describe (const RegistrySchema *schema, Arena *arena)
{
  size_t n = registry_schema_size (schema);
  ColumnsTable *tables = arena_new0 (arena, ColumnsTable, n);
  for (size_t e = 0; e < n; e++) {
    const RegistryEntity *entity = registry_schema_entity_at (schema, e);
    ColumnsColumn *columns = arena_new0 (arena, ColumnsColumn, entity->n);
    tables[entity->index]
        = (ColumnsTable){ .name = text_of (entity->zh), .n_columns = entity->n, .columns = columns };
    for (size_t i = 0; i < entity->n; i++)
      describe_column (&entity->attributes[i], tables, arena, &columns[i]);
  }
  return tables;
}
