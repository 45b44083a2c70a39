/* CSV as it is written: RFC 4180 in UTF-8, with a byte-order mark, without which
 * spreadsheets take it for GBK. */
#include "sheet/sheet_private.h"

enum { FULL = 64 * 1024 };

static GString *
csv_out (SheetWriter *w)
{
  if (!w->state) {
    w->state = g_string_sized_new (2 * FULL);
    g_string_append (w->state, "\xEF\xBB\xBF");
  }
  return w->state;
}

static void
csv_sheet (SheetWriter *w, const char *name)
{
}

static void
append_quoted (GString *out, Text text)
{
  g_string_append_c (out, '"');
  while (text.len) {
    const char *quote = memchr (text.bytes, '"', text.len);
    size_t n = quote ? (size_t)(quote - text.bytes) + 1 : text.len;
    g_string_append_len (out, text.bytes, (gssize)n);
    if (quote)
      g_string_append_c (out, '"');
    text = (Text){ text.bytes + n, text.len - n };
  }
  g_string_append_c (out, '"');
}

/* Blanks at the ends are quoted too: readers trim them. */
static bool
needs_quotes (Text text)
{
  if (text.len && (strchr (" \t", text.bytes[0]) || strchr (" \t", text.bytes[text.len - 1])))
    return true;
  for (size_t i = 0; i < text.len; i++)
    switch (text.bytes[i]) {
    case ',':
    case ';':
    case '\t':
    case '"':
    case '\r':
    case '\n': return true;
    }
  return false;
}

static void
csv_text (SheetWriter *w, Text text)
{
  GString *out = csv_out (w);
  if (w->column)
    g_string_append_c (out, ',');
  if (text_is_formula_like (text)) {
    g_autofree char *defused = g_strdup_printf ("'%.*s", (int)text.len, text.bytes);
    append_quoted (out, text_of (defused));
  } else if (needs_quotes (text))
    append_quoted (out, text);
  else
    g_string_append_len (out, text.bytes, (gssize)text.len);
}

static void
csv_number (SheetWriter *w, Text digits)
{
  GString *out = csv_out (w);
  if (w->column)
    g_string_append_c (out, ',');
  g_string_append_len (out, digits.bytes, (gssize)digits.len);
}

static void
csv_date (SheetWriter *w, Day day)
{
  char buffer[CIVIL_TEXT_MAX];
  csv_number (w, text_of (civil_format (day, buffer)));
}

static void
csv_end_row (SheetWriter *w)
{
  GString *out = csv_out (w);
  g_string_append (out, "\r\n");
  if (out->len < FULL)
    return;
  writer_emit (w, out->str, out->len);
  g_string_truncate (out, 0);
}

static void
csv_heading (SheetWriter *w, const char *const *titles, const double *widths, size_t n)
{
  for (; w->column < n; w->column++)
    csv_text (w, text_of (titles[w->column]));
  csv_end_row (w);
}

static void
csv_finish (SheetWriter *w)
{
  GString *out = csv_out (w);
  writer_emit (w, out->str, out->len);
  g_string_truncate (out, 0);
}

static void
csv_free_state (SheetWriter *w)
{
  g_string_free (w->state, TRUE);
}

const WriterFormat writer_csv
    = { csv_sheet, csv_heading, csv_text, csv_number, csv_date, csv_end_row, csv_finish, csv_free_state };
