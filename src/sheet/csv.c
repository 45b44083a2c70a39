/* CSV (RFC 4180) by libcsv: bytes are decoded, libcsv cuts them into cells, the
 * cells go to the queue.  libcsv is strict: a quote inside a bare cell, text after
 * a closing quote, a quote that never closes are faults. */
#include "sheet/sheet_private.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

typedef struct {
  SheetSource source;
  char *path;
  int fd;
  gint64 done, size;
  Decoder *decoder;
  struct csv_parser parser;
  bool begun;
  gint64 row;      /* being read, from 1 */
  bool after_cr;   /* the last row ended with a return: a line feed belongs to it */
  Queue *queue;    /* of the step that is running */
  const char *why; /* a cell was refused */
  size_t refused;  /* in this column */
  char piece[PIECE];
} CsvSource;

/* ---- libcsv's callbacks ------------------------------------------------ */

static int
is_never_blank (unsigned char c)
{
  return 0; /* blanks around a bare cell are part of it (RFC 4180, 2.4) */
}

/* Refusing memory is how libcsv is told that a cell may not grow for ever. */
static void *
bounded_realloc (void *block, size_t size)
{
  return size > SHEET_CELL_MAX + PIECE ? NULL : realloc (block, size);
}

/* What defuses a formula when written is taken away when read. */
static Text
undefuse (Text text)
{
  return text.len > 1 && text.bytes[0] == '\'' && text_is_formula_like (text)
             ? (Text){ text.bytes + 1, text.len - 1 }
             : text;
}

static void
take_cell (void *bytes, size_t len, void *data)
{
  CsvSource *s = data;
  if (s->why)
    return;
  s->after_cr = false;
  s->refused = queue_row_size (s->queue);
  queue_cell (s->queue, undefuse ((Text){ bytes, len }), &s->why);
}

static void
take_row (int end, void *data)
{
  CsvSource *s = data;
  if (s->why)
    return;
  bool second_half = end == '\n' && s->after_cr && queue_row_size (s->queue) == 0;
  s->after_cr = end == '\r';
  if (second_half)
    return;
  queue_end_row (s->queue, s->row);
  s->row++;
}

/* ---- parsing ----------------------------------------------------------- */

/* The candidate that stands most often in the first row, outside quotes. */
static char
find_delimiter (Text text)
{
  static const char candidates[] = ",;\t";
  size_t counts[3] = { 0 };
  bool quoted = false;
  for (size_t i = 0; i < text.len && (quoted || !strchr ("\r\n", text.bytes[i])); i++) {
    const char *candidate = strchr (candidates, text.bytes[i]);
    if (text.bytes[i] == '"')
      quoted = !quoted;
    else if (candidate && !quoted)
      counts[candidate - candidates]++;
  }
  size_t best = 0;
  for (size_t i = 1; i < 3; i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

static bool
fail_here (const CsvSource *s, const char *why, GError **error)
{
  sheet_fail_at (s->path, s->row, queue_row_size (s->queue), error, "%s", why);
  return false;
}

static bool
fail_parsing (CsvSource *s, GError **error)
{
  if (s->why) {
    sheet_fail_at (s->path, s->row, s->refused, error, "%s: is a quote or a line end missing?", s->why);
    return false;
  }
  switch (csv_error (&s->parser)) {
  case CSV_EPARSE:
    return fail_here (
        s,
        "a quotation mark in the wrong place: a cell with one is put in quotation marks and the "
        "mark doubled (\"\")",
        error);
  case CSV_ENOMEM:
    return fail_here (s, "the cell is longer than 1 MiB: is a quote or a line end missing?", error);
  default: return fail_here (s, csv_strerror (csv_error (&s->parser)), error);
  }
}

static bool
parse (CsvSource *s, Text text, GError **error)
{
  if (!s->begun && text.len) {
    s->begun = true;
    csv_set_delim (&s->parser, (unsigned char)find_delimiter (text));
  }
  return (csv_parse (&s->parser, text.bytes, text.len, take_cell, take_row, s) == text.len && !s->why)
         || fail_parsing (s, error);
}

static bool
finish (CsvSource *s, GError **error)
{
  size_t cells = queue_row_size (s->queue);
  if (csv_fini (&s->parser, take_cell, take_row, s) != 0) {
    sheet_fail_at (s->path, s->row, cells, error,
                   "the quotation mark that opens this cell is never closed: the file ends inside it");
    return false;
  }
  return !s->why || fail_parsing (s, error);
}

static SheetStep
csv_step (SheetSource *source, Queue *queue, GError **error)
{
  CsvSource *s = (CsvSource *)source;
  s->queue = queue;
  ssize_t n = read (s->fd, s->piece, PIECE);
  if (n < 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot be read: %s", s->path, g_strerror (errno));
    return SHEET_FAILED;
  }
  s->done += n;
  Text text;
  const char *why = NULL;
  bool whole = decoder_feed (s->decoder, s->piece, (size_t)n, n == 0, &text, &why);
  if (!parse (s, text, error))
    return SHEET_FAILED;
  if (!whole) {
    fail_here (s, why, error);
    return SHEET_FAILED;
  }
  if (n > 0)
    return SHEET_ROW;
  return finish (s, error) ? SHEET_END : SHEET_FAILED;
}

/* ---- opening ----------------------------------------------------------- */

static void
csv_free_source (SheetSource *source)
{
  CsvSource *s = (CsvSource *)source;
  if (s->fd >= 0)
    close (s->fd);
  csv_free (&s->parser);
  decoder_free (s->decoder);
  g_free (s->path);
  g_free (s);
}

static void
csv_progress (const SheetSource *source, gint64 *done, gint64 *size)
{
  const CsvSource *s = (const CsvSource *)source;
  *done = s->done;
  *size = s->size;
}

SheetSource *
csv_source_open (const char *path, const char *encoding, GError **error)
{
  Decoder *decoder = decoder_new (encoding, error);
  if (!decoder)
    return NULL;
  CsvSource *s = g_new0 (CsvSource, 1);
  s->source = (SheetSource){ csv_step, csv_free_source, csv_progress };
  s->path = g_strdup (path);
  s->decoder = decoder;
  s->row = 1;
  csv_init (&s->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
  csv_set_space_func (&s->parser, is_never_blank);
  csv_set_realloc_func (&s->parser, bounded_realloc);
  csv_set_free_func (&s->parser, free);
  csv_set_blk_size (&s->parser, 4096);
  struct stat about;
  s->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (s->fd >= 0 && fstat (s->fd, &about) == 0) {
    s->size = about.st_size;
    return &s->source;
  }
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot be opened: %s", path, g_strerror (errno));
  csv_free_source (&s->source);
  return NULL;
}
