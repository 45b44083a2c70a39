/* Any text as SQL (a restored backup brings statements along): the translation ends
 * within it and leaves strings alone. */
#include "store/dialect.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The parts of SQL between quotes, one after the other. */
static char *
quoted_parts (const char *sql)
{
  GString *parts = g_string_new (NULL);
  for (const char *p = sql; (p = strchr (p, '\'')); p++) {
    const char *end = strchr (p + 1, '\'');
    if (!end)
      break;
    g_string_append_len (parts, p, end + 1 - p);
    p = end;
  }
  return g_string_free (parts, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *sql = g_strndup ((const char *)data, size);
  int n = -1;
  g_autofree char *translated = dialect_for_postgres (sql, &n);
  g_assert (n >= 0);
  /* Without comments, quoted names, blobs and ids only the words outside strings change. */
  if (!strpbrk (sql, "\"-/xXT") && !strstr (sql, "PRIMARY")) {
    g_autofree char *before = quoted_parts (sql), *after = quoted_parts (translated);
    g_assert (strcmp (before, after) == 0);
  }
  return 0;
}
