/* The first third of the rows is known and there; numbers and dates lie near each other. */
#include "facts.h"

#include <string.h>

enum { LIST_MAX = 3, NUMBER_MAX = 1000000000, DATE_MIN = 0, DATE_MAX = 30000 };

ColumnsTable *
facts_table (const Facts *facts, const RegistryEntity *entity)
{
  return &facts->tables[entity->index];
}

static guint8 *
random_mask (Facts *facts, const guint8 *other)
{
  guint8 *mask = arena_new0 (facts->arena, guint8, FACTS_ROWS);
  for (int r = FACTS_ROWS / 3; r < FACTS_ROWS; r++) /* the first rows are known and there */
    mask[r] = g_rand_int_range (facts->rand, 0, 8) == 0 && !(other && other[r]) ? 0xff : 0;
  return mask;
}

static const Text free_texts[] = { TEXT_LITERAL ("本县"),         TEXT_LITERAL ("350121003"),
                                   TEXT_LITERAL ("350121003001"), TEXT_LITERAL ("91350121MA2Y1Q6W0K"),
                                   TEXT_LITERAL ("C3670"),        TEXT_LITERAL ("甲") };

static void
fill_texts (Facts *facts, const RegistryAttribute *attribute, ColumnsColumn *column)
{
  size_t free = G_N_ELEMENTS (free_texts), n = attribute->n_values ? attribute->n_values : free + 300;
  Text *texts = arena_new0 (facts->arena, Text, n);
  for (size_t i = 0; i < n; i++)
    texts[i] = attribute->n_values ? text_of (attribute->values[i])
               : i < free          ? free_texts[i]
                                   : text_of (arena_printf (facts->arena, "91350121MA%03zuQ6W0K", i));
  gint16 *values = arena_new0 (facts->arena, gint16, FACTS_ROWS);
  for (int r = 0; r < FACTS_ROWS; r++)
    values[r] = (gint16)g_rand_int_range (facts->rand, 0, (gint32)(r % 2 ? n : MIN (n, free)));
  column->kind = COLUMNS_TEXT;
  column->width = 2;
  column->texts = texts;
  column->n_texts = n;
  column->values = values;
}

static void
fill_numbers (Facts *facts, const RegistryAttribute *attribute, ColumnsColumn *column)
{
  bool date = attribute->kind == REGISTRY_DATE;
  column->kind = date ? COLUMNS_DATE : COLUMNS_NUMBER;
  column->width = 8;
  column->scale = date ? 0 : (unsigned)attribute->scale;
  column->min = date ? DATE_MIN : attribute->has_min ? attribute->min : -NUMBER_MAX;
  column->max = date ? DATE_MAX : attribute->has_max ? attribute->max : NUMBER_MAX;
  gint64 *values = arena_new0 (facts->arena, gint64, FACTS_ROWS);
  for (int r = 0; r < FACTS_ROWS; r++) {
    static const int spans[] = { 3, 20, 100, 10000, 1000000, 100000000 };
    gint64 wide = spans[g_rand_int_range (facts->rand, 0, G_N_ELEMENTS (spans))];
    gint64 span = MIN (column->max - column->min, wide);
    gint64 low = date ? FACTS_AS_OF - 4000 : CLAMP (0, column->min, column->max - span);
    values[r] = date ? g_rand_int_range (facts->rand, (int)low, FACTS_AS_OF + 500)
                     : low + g_rand_int_range (facts->rand, 0, (gint32)span + 1);
    if (date && g_rand_int_range (facts->rand, 0, 3) == 0)
      values[r] = g_rand_int_range (facts->rand, DATE_MIN, FACTS_AS_OF);
  }
  column->values = values;
}

static void
fill_rows (Facts *facts, const RegistryAttribute *attribute, ColumnsColumn *column)
{
  bool list = attribute->kind == REGISTRY_COLLECTION;
  gint32 *values = arena_new0 (facts->arena, gint32, FACTS_ROWS * LIST_MAX);
  guint32 *offsets = arena_new0 (facts->arena, guint32, FACTS_ROWS + 1);
  for (int i = 0; i < FACTS_ROWS * LIST_MAX; i++)
    values[i] = g_rand_int_range (facts->rand, 0, FACTS_ROWS);
  for (int r = 0; r < FACTS_ROWS; r++)
    offsets[r + 1]
        = offsets[r] + (column->unknown[r] ? 0 : (guint32)g_rand_int_range (facts->rand, 0, LIST_MAX + 1));
  column->kind = list ? COLUMNS_LIST : COLUMNS_REFERENCE;
  column->width = 4;
  column->target = facts_table (facts, attribute->target);
  column->most = LIST_MAX;
  column->values = values;
  column->offsets = list ? offsets : NULL;
}

static void
fill_column (Facts *facts, const RegistryAttribute *attribute, ColumnsColumn *column)
{
  *column = (ColumnsColumn){ .name = text_of (attribute->zh), .has_unknown = true };
  column->unknown = random_mask (facts, NULL);
  column->has_none = attribute->kind != REGISTRY_COLLECTION;
  column->none = column->has_none ? random_mask (facts, column->unknown) : NULL;
  guint8 *truths;
  switch (attribute->kind) {
  case REGISTRY_BOOLEAN:
    truths = arena_new0 (facts->arena, guint8, FACTS_ROWS);
    for (int r = 0; r < FACTS_ROWS; r++)
      truths[r] = (guint8)g_rand_int_range (facts->rand, 0, 2);
    column->kind = COLUMNS_BOOLEAN;
    column->width = 1;
    column->values = truths;
    return;
  case REGISTRY_TEXT: fill_texts (facts, attribute, column); return;
  case REGISTRY_REFERENCE:
  case REGISTRY_COLLECTION: fill_rows (facts, attribute, column); return;
  default: fill_numbers (facts, attribute, column);
  }
}

static void
fill (Facts *facts)
{
  size_t n = registry_schema_size (facts->schema);
  facts->tables = arena_new0 (facts->arena, ColumnsTable, 64);
  for (size_t e = 0; e < n; e++) {
    const RegistryEntity *entity = registry_schema_entity_at (facts->schema, e);
    ColumnsColumn *columns = arena_new0 (facts->arena, ColumnsColumn, entity->n);
    *facts_table (facts, entity) = (ColumnsTable){ text_of (entity->zh), FACTS_ROWS, entity->n, columns };
    for (size_t a = 0; a < entity->n; a++)
      fill_column (facts, &entity->attributes[a], &columns[a]);
  }
}

void
facts_open (Facts *facts, const RegistrySchema *schema)
{
  enum { SEED = 81 };
  *facts = (Facts){ g_rand_new_with_seed (SEED), arena_new (), schema, NULL };
  fill (facts);
  GError *error = NULL;
  for (size_t e = 0; e < registry_schema_size (schema); e++)
    if (!columns_table_check (facts_table (facts, registry_schema_entity_at (schema, e)), &error))
      g_error ("%s", error->message);
}

void
facts_close (Facts *facts)
{
  g_rand_free (facts->rand);
  arena_free (facts->arena);
}

static bool
is_constant (const char *variable)
{
  return strcmp (variable, "参数") == 0 || strcmp (variable, "基准日") == 0;
}

bool
facts_subject (const DmnModel *model, const DmnDecision *decision, Arena *arena, const char **subject,
               const FeelPath **paths, size_t *n_paths)
{
  size_t n;
  const FeelPath *all = dmn_decision_closure (model, arena, decision, &n);
  FeelPath *kept = arena_new0 (arena, FeelPath, n);
  const DmnUnit *unit = decision->unit;
  *subject = NULL;
  *paths = kept;
  *n_paths = 0;
  for (size_t i = 0; i < n; i++) {
    const char *variable = dmn_path_variable (decision, &all[i]);
    if (is_constant (variable))
      continue;
    if (*subject && strcmp (*subject, variable) != 0)
      return false;
    *subject = variable;
    kept[(*n_paths)++] = all[i];
  }
  for (size_t i = 0; !*subject && i < unit->n_variables; i++)
    if (!is_constant (unit->variables[i].name))
      *subject = unit->variables[i].name;
  return true;
}
