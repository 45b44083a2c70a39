/* Tables: applications in, results out. */
#include "draws/draws_private.h"
#include "sheet/sheet.h"

#include <string.h>

/* ---- in ------------------------------------------------------------------------- */

static bool
parse_units (Text text, guint32 *units, size_t *n)
{
  g_autofree char *copy = g_strndup (text.bytes, text.len);
  g_auto (GStrv) parts = g_strsplit (copy, ";", DRAWS_CHOICES_MAX + 1);
  *n = 0;
  for (char **part = parts; *part && *g_strstrip (*part); part++) {
    guint64 unit;
    if (*n == DRAWS_CHOICES_MAX || !g_ascii_string_to_unsigned (*part, 10, 1, DRAWS_UNITS_MAX, &unit, NULL))
      return false;
    units[(*n)++] = (guint32)unit - 1;
  }
  return true;
}

static bool
import_row (Draws *draws, const AccessAccount *who, gint64 round, Text line, const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  guint32 units[DRAWS_CHOICES_MAX];
  DrawsApplying applying = { .units = units };
  const char *comma = memchr (line.bytes, ',', line.len);
  size_t head = comma ? (size_t)(comma - line.bytes) : line.len;
  Text choices = { line.bytes + MIN (line.len, head + 1), line.len - MIN (line.len, head + 1) };
  if (!registry_subject_parse (policy_schema (draws->options.package), text_trim ((Text){ line.bytes, head }),
                               &applying.applicant)
      || !parse_units (choices, units, &applying.n_units)) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "a row is an applicant and the numbers of units, as resident-12,1;3");
    return false;
  }
  return draws_apply (draws, arena, who, round, &applying, key, error);
}

bool
draws_next_line (Text *rest, gint64 *number, Text *line)
{
  while (rest->len) {
    const char *end = memchr (rest->bytes, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->bytes) : rest->len;
    *line = text_trim ((Text){ rest->bytes, len });
    *rest = (Text){ rest->bytes + MIN (rest->len, len + 1), rest->len - MIN (rest->len, len + 1) };
    if (++*number == 1 && text_starts_with (*line, "\xEF\xBB\xBF"))
      *line = (Text){ line->bytes + 3, line->len - 3 };
    if (line->len)
      return true;
  }
  return false;
}

bool
draws_import (Draws *draws, const AccessAccount *who, gint64 round, Text text, const char *key, size_t *n,
              GError **error)
{
  gint64 number = 0;
  *n = 0;
  Text line;
  for (Text rest = text; draws_next_line (&rest, &number, &line);) {
    if (number == 1 && text_starts_with (line, "applicant"))
      continue;
    g_autofree char *own = g_strdup_printf ("%s/%" G_GINT64_FORMAT, key ? key : "", number);
    if (!key || !import_row (draws, who, round, line, own, error)) {
      if (!key)
        g_set_error (error, FAULT, FAULT_INPUT, "a key is missing");
      else
        g_prefix_error (error, "row %" G_GINT64_FORMAT ": ", number);
      return false;
    }
    ++*n;
  }
  if (!*n)
    g_set_error (error, FAULT, FAULT_INPUT, "there is no row");
  return *n > 0;
}

/* ---- out ------------------------------------------------------------------------- */

static const char *
keys_text (Arena *arena, const DrawsRound *round, const DrawsApplication *one)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (size_t c = 0; c < one->n_choices; c++) {
    if ((gint32)one->choices[c].unit != one->seat && (one->seat >= 0 || c))
      continue;
    for (size_t k = 0; k < round->allocation->n_priorities; k++) {
      gint64 key = one->choices[c].keys[k];
      g_string_append_printf (text, "%s%s%" G_GINT64_FORMAT ".%03d", k ? ";" : "", key < 0 ? "-" : "",
                              ABS (key) / 1000, (int)(ABS (key) % 1000));
    }
  }
  return arena_text (arena, (Text){ text->str, text->len });
}

bool
draws_export (Draws *draws, const AccessAccount *who, gint64 round, GString *out, GError **error)
{
  static const char *const titles[] = { "number", "place", "how", "keys", "ticket" };
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (SheetWriter) sheet = sheet_writer_new (SHEET_CSV, sheet_sink_string, out, error);
  size_t n;
  const DrawsRound *r = draws_round (draws, arena, who, round, error);
  const DrawsApplication *all = r ? draws_applications (draws, arena, who, round, &n, error) : NULL;
  if (!sheet || !all)
    return false;
  sheet_writer_heading (sheet, titles, NULL, G_N_ELEMENTS (titles));
  for (size_t i = 0; i < n; i++) {
    if (all[i].standing != DRAWS_STANDING)
      continue;
    const char *const cells[] = { all[i].number, all[i].seat >= 0 ? r->units[all[i].seat].name : NULL,
                                  draws_how_id (all[i].how), keys_text (arena, r, &all[i]), all[i].ticket };
    if (!sheet_writer_row (sheet, cells, G_N_ELEMENTS (cells), error))
      return false;
  }
  return sheet_writer_finish (sheet, error);
}
