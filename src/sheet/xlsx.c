/* The cells of one worksheet (ISO/IEC 29500-1, 18.3): <row r="2"><c r="B2" s="1"
 * t="s"><v>7</v></c></row>.  What a cell means depends on its type t and, for
 * numbers, on whether its style shows a date. */
#include "sheet/sheet_private.h"

#include <math.h>

enum { XLSX_ROWS = 1048576, DATES_END = 2958466 /* 10000-01-01 */ };

#define SHEET_XML_MAX ((gint64)16 << 30)

typedef enum { CELL_NUMBER, CELL_SHARED, CELL_INLINE, CELL_TEXT, CELL_BOOLEAN, CELL_OTHER } CellType;

typedef struct {
  SheetSource source;
  Package *package;
  Workbook book;
  PartStream *stream;
  Queue *queue;
  gint64 row;
  size_t column; /* of the cell being read */
  bool in_row, in_cell, in_value;
  unsigned phonetic;
  CellType type;
  guint64 style;
  char *value; /* of the cell, SHEET_CELL_MAX at most */
  size_t len, size;
  GError *fault; /* what stopped the stream */
} XlsxSource;

static void fail (XlsxSource *s, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
fail (XlsxSource *s, const char *format, ...)
{
  if (s->fault)
    return;
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sheet_fail_at (package_path (s->package), MAX (s->row, 1), s->column, &s->fault, "%s", message);
  part_stream_stop (s->stream);
}

static bool
put (XlsxSource *s, Text text)
{
  const char *why = NULL;
  if (queue_cell (s->queue, text, &why))
    return true;
  fail (s, "%s", why);
  return false;
}

/* ---- numbers ----------------------------------------------------------- */

/* A day of the workbook's date system as an ISO 8601 date, 18.17.4.1: 1 is
 * 1900-01-01, and 60 the 29 February 1900 that never was; or 0 is 1904-01-01. */
static char *
write_date (const XlsxSource *s, gint64 serial, char *buffer)
{
  if (s->book.from_1904)
    return civil_format (serial - 24107, buffer);
  if (serial == 60)
    return strcpy (buffer, "1900-02-29");
  return civil_format (serial < 60 ? serial - 25568 : serial - 25569, buffer);
}

/* A serial number as date, date and time, or time. */
static size_t
write_moment (const XlsxSource *s, double serial, StyleKind kind, char *buffer, size_t size)
{
  char date[CIVIL_TEXT_MAX];
  double day = floor (serial);
  int seconds = (int)lround ((serial - day) * 86400);
  if (seconds == 86400) {
    seconds = 0;
    day++;
  }
  char clock[16];
  g_snprintf (clock, sizeof clock, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (day < 1 && (kind == STYLE_TIME || !s->book.from_1904))
    return (size_t)g_snprintf (buffer, size, "%s", clock);
  write_date (s, (gint64)day, date);
  return (size_t)(seconds ? g_snprintf (buffer, size, "%sT%s", date, clock)
                          : g_snprintf (buffer, size, "%s", date));
}

/* Whether the digits are what a person sees: at most 15 that count, no exponent. */
static bool
is_plain_number (Text text)
{
  size_t digits = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (g_ascii_isdigit (text.bytes[i]))
      digits++;
    else if (!(text.bytes[i] == '-' && i == 0) && !(text.bytes[i] == '.' && digits))
      return false;
  }
  return digits && digits <= 15;
}

/* Spreadsheets keep binary numbers and show 15 digits: 2500.1 is stored as
 * 2500.0999999999999. */
static void
take_number (XlsxSource *s, Text text)
{
  StyleKind kind = s->style < s->book.styles->len ? (StyleKind)s->book.styles->data[s->style] : STYLE_PLAIN;
  char digits[64], buffer[DECIMAL_TEXT_MAX], *end = digits;
  if ((kind == STYLE_PLAIN && is_plain_number (text)) || text.len >= sizeof digits) {
    put (s, text);
    return;
  }
  memcpy (digits, text.bytes, text.len);
  digits[text.len] = '\0';
  double value = g_ascii_strtod (digits, &end);
  Decimal number;
  if (*end || !isfinite (value))
    put (s, text);
  else if (kind != STYLE_PLAIN && value >= 0 && value < DATES_END)
    put (s, (Text){ buffer, write_moment (s, value, kind, buffer, sizeof buffer) });
  else if (decimal_parse (text_of (g_ascii_formatd (digits, sizeof digits, "%.15g", value)), &number))
    put (s, text_of (decimal_format (number, buffer)));
  else
    put (s, text);
}

/* ---- cells ------------------------------------------------------------- */

static void
take_shared (XlsxSource *s, Text text)
{
  guint64 i = 0;
  Text string;
  bool digits = text.len > 0 && text.len < 10;
  for (size_t k = 0; digits && k < text.len; k++) {
    digits = g_ascii_isdigit (text.bytes[k]);
    i = i * 10 + (guint64)(text.bytes[k] - '0');
  }
  if (digits && workbook_string (&s->book, i, &string))
    put (s, string);
  else
    fail (s, "refers to a shared text that is not there: save the workbook again");
}

static void
take_value (XlsxSource *s)
{
  Text text = { s->value, s->len };
  if (text.len == 0)
    put (s, text);
  else if (s->type == CELL_SHARED)
    take_shared (s, text);
  else if (s->type == CELL_BOOLEAN)
    put (s, text_equal (text, text_of ("1")) ? TEXT_LITERAL ("true") : TEXT_LITERAL ("false"));
  else if (s->type == CELL_NUMBER)
    take_number (s, text);
  else
    put (s, (Text){ s->value, text_unescape (s->value, s->len) });
}

/* "BC12" → column 54 (from 0); false when it is no such thing. */
static bool
column_of (Text reference, size_t *column)
{
  size_t n = 0, i = 0;
  for (; i < reference.len && g_ascii_isalpha (reference.bytes[i]) && i < 4; i++)
    n = n * 26 + (size_t)(g_ascii_toupper (reference.bytes[i]) - 'A') + 1;
  *column = n - 1;
  return n > 0 && n <= SHEET_COLUMNS_MAX;
}

static CellType
type_of (Text type)
{
  static const struct {
    const char *name;
    CellType type;
  } types[] = { { "s", CELL_SHARED },
                { "n", CELL_NUMBER },
                { "str", CELL_TEXT },
                { "inlineStr", CELL_INLINE },
                { "b", CELL_BOOLEAN } };
  if (!type.bytes)
    return CELL_NUMBER;
  for (size_t i = 0; i < G_N_ELEMENTS (types); i++)
    if (text_equal (type, text_of (types[i].name)))
      return types[i].type;
  return CELL_OTHER; /* d: a date in ISO 8601; e: #N/A and its like */
}

static guint64
digits_of (Text text)
{
  guint64 value = 0;
  for (size_t i = 0; text.bytes && i < MIN (text.len, 12); i++)
    value = g_ascii_isdigit (text.bytes[i]) ? value * 10 + (guint64)(text.bytes[i] - '0') : G_MAXUINT32;
  return value;
}

static void
begin_cell (XlsxSource *s, PartAttributes attributes)
{
  size_t column = queue_row_size (s->queue);
  Text reference = part_attribute (attributes, "r");
  if (reference.bytes && !column_of (reference, &column)) {
    fail (s, "a cell named \"%.*s\"", (int)MIN (reference.len, 20), reference.bytes);
    return;
  }
  s->column = column;
  if (column < queue_row_size (s->queue)) {
    fail (s, "a cell stands twice or out of order: save the workbook again");
    return;
  }
  while (queue_row_size (s->queue) < column && put (s, (Text){ "", 0 }))
    ;
  s->in_cell = true;
  s->len = 0;
  s->type = type_of (part_attribute (attributes, "t"));
  s->style = digits_of (part_attribute (attributes, "s"));
}

static void
begin_row (XlsxSource *s, PartAttributes attributes)
{
  Text number = part_attribute (attributes, "r");
  gint64 row = number.bytes ? (gint64)digits_of (number) : s->row + 1;
  s->column = 0;
  if (s->in_row || row <= s->row || row > XLSX_ROWS) {
    fail (s, "the rows are out of order: save the workbook again");
    return;
  }
  s->row = row;
  s->in_row = true;
}

/* ---- the handler ------------------------------------------------------- */

static void
xlsx_begin (void *data, const char *name, PartAttributes attributes)
{
  XlsxSource *s = data;
  if (s->fault)
    return;
  if (s->in_cell) {
    s->phonetic += strcmp (name, "rPh") == 0;
    s->in_value = strcmp (name, s->type == CELL_INLINE ? "t" : "v") == 0;
  } else if (s->in_row && strcmp (name, "c") == 0)
    begin_cell (s, attributes);
  else if (strcmp (name, "row") == 0)
    begin_row (s, attributes);
}

static void
xlsx_end (void *data, const char *name)
{
  XlsxSource *s = data;
  if (s->fault)
    return;
  s->in_value = false;
  if (s->in_cell && strcmp (name, "rPh") == 0)
    s->phonetic -= s->phonetic > 0;
  else if (s->in_cell && strcmp (name, "c") == 0) {
    s->in_cell = false;
    take_value (s);
  } else if (s->in_row && !s->in_cell && strcmp (name, "row") == 0) {
    s->in_row = false;
    queue_end_row (s->queue, s->row);
  }
}

static void
xlsx_text (void *data, const char *bytes, size_t len)
{
  XlsxSource *s = data;
  if (!s->in_value || s->phonetic || s->fault)
    return;
  if (s->len + len > SHEET_CELL_MAX) {
    fail (s, "the cell is longer than 1 MiB");
    return;
  }
  if (s->len + len > s->size)
    s->value = g_realloc (s->value, s->size = MAX (2 * s->size, s->len + len + 256));
  memcpy (s->value + s->len, bytes, len);
  s->len += len;
}

/* ---- the source -------------------------------------------------------- */

static SheetStep
xlsx_step (SheetSource *source, Queue *queue, GError **error)
{
  XlsxSource *s = (XlsxSource *)source;
  s->queue = queue;
  SheetStep step = part_stream_step (s->stream, error);
  if (step == SHEET_FAILED || !s->fault)
    return step;
  g_propagate_error (error, g_steal_pointer (&s->fault));
  return SHEET_FAILED;
}

static void
xlsx_progress (const SheetSource *source, gint64 *done, gint64 *size)
{
  part_stream_progress (((const XlsxSource *)source)->stream, done, size);
}

static void
xlsx_free (SheetSource *source)
{
  XlsxSource *s = (XlsxSource *)source;
  part_stream_free (s->stream);
  workbook_clear (&s->book);
  package_close (s->package);
  g_clear_error (&s->fault);
  g_free (s->value);
  g_free (s);
}

SheetSource *
xlsx_source_open (const char *path, const char *sheet, GError **error)
{
  static const PartHandler handler = { xlsx_begin, xlsx_end, xlsx_text };
  XlsxSource *s = g_new0 (XlsxSource, 1);
  s->source = (SheetSource){ xlsx_step, xlsx_free, xlsx_progress };
  s->package = package_open (path, error);
  if (s->package && workbook_read (&s->book, s->package, sheet, error))
    s->stream = part_stream_open (s->package, s->book.sheet, SHEET_XML_MAX, &handler, s, error);
  if (s->stream)
    return &s->source;
  xlsx_free (&s->source);
  return NULL;
}
