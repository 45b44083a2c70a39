#include "rows.h"

/* ---- paths ------------------------------------------------------------------------------- */

static void
add_paths (const County *county, const RegistryEntity *entity, const Text *before, size_t n, size_t depth,
           Arena *arena, GArray *paths)
{
  for (size_t i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    Text *members = arena_new0 (arena, Text, n + 1);
    if (!county_column (county, a))
      continue;
    if (n)
      memcpy (members, before, n * sizeof *members);
    members[n] = text_of (a->zh);
    FeelPath path = { .n = n + 1, .members = members };
    g_array_append_val (paths, path);
    if (a->target && depth)
      add_paths (county, a->target, members, n + 1, depth - 1, arena, paths);
  }
}

const FeelPath *
rows_paths (const County *county, const RegistryEntity *root, size_t depth, Arena *arena, size_t *n)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  add_paths (county, root, NULL, 0, depth, arena, paths);
  *n = paths->len;
  return arena_copy (arena, paths->data, paths->len * sizeof (FeelPath));
}

/* ---- values -------------------------------------------------------------------------------- */

static bool
same (Arena *arena, FeelValue a, FeelValue b, size_t *absent)
{
  if (a.kind != b.kind)
    return false;
  *absent += a.kind <= FEEL_UNKNOWN;
  if (a.kind <= FEEL_UNKNOWN)
    return true;
  if (a.kind == FEEL_LIST) {
    bool equal = a.list->n == b.list->n;
    for (size_t i = 0; equal && i < a.list->n; i++)
      equal = same (arena, a.list->items[i], b.list->items[i], absent);
    return equal;
  }
  if (a.kind == FEEL_CONTEXT) {
    bool equal = a.context->n == b.context->n;
    for (size_t i = 0; equal && i < a.context->n; i++) {
      const FeelValue *other = feel_context_get (b.context, a.context->entries[i].name);
      equal = other && same (arena, a.context->entries[i].value, *other, absent);
    }
    return equal;
  }
  return feel_is_true (feel_equal (arena, a, b));
}

size_t
rows_compare (const County *county, Registry *registry, Day as_of, const RegistryEntity *root,
              const FeelPath *paths, size_t n_paths)
{
  const ColumnsTable *table = county_table (county, root);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (RegistryScan) scan = registry_scan_new (registry, root, NULL);
  size_t n = 0, absent = 0;
  for (Subject subject; registry_scan_next (scan, &subject, NULL); n++) {
    arena_reset (arena);
    size_t row;
    g_assert_true (county_row (county, subject, &row));
    g_assert_cmpuint (row, ==, n);
    g_assert_cmpint (county_subject (county, root, row), ==, subject);
    GError *error = NULL;
    const RegistryReading *reading = registry_read (registry, arena, subject, paths, n_paths,
                                                    (RegistryMoment){ as_of, G_MAXINT64 }, &error);
    g_assert_no_error (error);
    FeelValue expected = registry_reading_value (reading);
    FeelValue got = columns_row_value (table, row, root->zh, paths, n_paths, arena);
    if (same (arena, expected, got, &absent))
      continue;
    g_autoptr (GString) text = g_string_new (NULL);
    feel_write (text, expected);
    g_string_append (text, "\nthe county has ");
    feel_write (text, got);
    g_error ("%s %zu: read %s", root->id, row, text->str);
  }
  g_assert_cmpuint (county_subjects (county, root), ==, n);
  return absent;
}

/* ---- tables -------------------------------------------------------------------------------- */

static bool
any_set (const guint8 *mask, size_t n)
{
  for (size_t i = 0; mask && i < n; i++)
    if (mask[i])
      return true;
  return false;
}

void
rows_check (const County *county, const RegistrySchema *schema)
{
  for (size_t e = 0; e < registry_schema_size (schema); e++) {
    const ColumnsTable *table = county_table (county, registry_schema_entity_at (schema, e));
    GError *error = NULL;
    if (!table)
      continue;
    columns_table_check (table, &error);
    g_assert_no_error (error);
    for (size_t i = 0; i < table->n_columns; i++) {
      const ColumnsColumn *column = &table->columns[i];
      g_assert_cmpint (column->has_none, ==, any_set (column->none, table->n_rows));
      g_assert_cmpint (column->has_unknown, ==, any_set (column->unknown, table->n_rows));
    }
  }
}
