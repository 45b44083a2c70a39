/* Names and literals. */
#include "sql_private.h"

#include <string.h>

static const char *const ids[] = { "sqlite", "postgresql", "clickhouse" };

const char *
sql_dialect_id (SqlDialect dialect)
{
  return ids[dialect];
}

bool
sql_dialect_parse (const char *id, SqlDialect *dialect)
{
  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    if (g_str_equal (ids[i], id)) {
      *dialect = (SqlDialect)i;
      return true;
    }
  return false;
}

/* TEXT between QUOTE: doubled inside, in ClickHouse with a backslash, which is one itself there. */
static void
write_quoted (SqlDialect dialect, GString *out, Text text, char quote)
{
  g_string_append_c (out, quote);
  for (size_t i = 0; i < text.len; i++) {
    char c = text.bytes[i];
    if (c == quote || (dialect == SQL_CLICKHOUSE && c == '\\'))
      g_string_append_c (out, dialect == SQL_CLICKHOUSE ? '\\' : quote);
    g_string_append_c (out, c);
  }
  g_string_append_c (out, quote);
}

void
write_name (const SqlOptions *options, GString *out, const char *name)
{
  write_quoted (options->dialect, out, text_of (name), '"');
}

void
write_text (SqlDialect dialect, GString *out, Text text)
{
  write_quoted (dialect, out, text, '\'');
}

char *
short_name (Text source)
{
  enum { NAME_MAX_BYTES = 40 };
  size_t len = source.len;
  if (len > NAME_MAX_BYTES) {
    len = NAME_MAX_BYTES;
    while (len && ((guint8)source.bytes[len] & 0xc0) == 0x80)
      len--;
  }
  return g_strndup (source.bytes, len);
}

Text
name_of (const SqlOptions *options, const ColumnsTable *table, const ColumnsColumn *column)
{
  if (options->name)
    return options->name (options->host, table, column);
  return column ? column->name : table->name;
}

static void
write_with (const SqlOptions *options, GString *out, Text name, const char *behind)
{
  g_autofree char *first = short_name (name);
  g_autofree char *whole = g_strconcat (first, behind, NULL);
  write_name (options, out, whole);
}

void
write_fact (const SqlOptions *options, GString *out, const ColumnsTable *table, const ColumnsColumn *column)
{
  write_with (options, out, name_of (options, table, column), "");
}

void
write_state (const SqlOptions *options, GString *out, const ColumnsTable *table, const ColumnsColumn *column)
{
  write_with (options, out, name_of (options, table, column), "_state");
}

bool
has_state (const ColumnsColumn *column)
{
  return column->has_none || column->has_unknown;
}
