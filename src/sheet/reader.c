/* Reading: the format is known by content, rows come from the queue. */
#include "sheet/sheet_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct SheetReader {
  SheetFormat format;
  SheetSource *source;
  Queue queue;
  SheetStep state; /* SHEET_ROW while there may be more */
  GError *error;   /* that of the last piece, until its rows are handed out */
};

char *
sheet_column_name (size_t column, char *buffer)
{
  char reversed[8];
  size_t n = 0;
  for (size_t rest = column + 1; rest && n < sizeof reversed - 1; rest = (rest - 1) / 26)
    reversed[n++] = (char)('A' + (rest - 1) % 26);
  for (size_t i = 0; i < n; i++)
    buffer[i] = reversed[n - 1 - i];
  buffer[n] = '\0';
  return buffer;
}

void
sheet_fail_at (const char *path, gint64 row, size_t column, GError **error, const char *format, ...)
{
  char name[8];
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, FAULT, FAULT_INPUT, "%s: row %" G_GINT64_FORMAT ", column %zu (%s): %s", path, row,
               column + 1, sheet_column_name (column, name), message);
}

bool
sheet_format_of_name (const char *name, SheetFormat *format)
{
  const char *dot = strrchr (name, '.');
  if (dot && !g_ascii_strcasecmp (dot, ".csv"))
    *format = SHEET_CSV;
  else if (dot && !g_ascii_strcasecmp (dot, ".xlsx"))
    *format = SHEET_XLSX;
  else
    return false;
  return true;
}

/* ---- opening ----------------------------------------------------------- */

static bool
read_head (const char *path, char *head, size_t size, size_t *len, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat about;
  ssize_t n = -1;
  if (fd >= 0 && fstat (fd, &about) == 0 && S_ISDIR (about.st_mode))
    errno = EISDIR;
  else if (fd >= 0)
    n = read (fd, head, size);
  int code = errno;
  if (fd >= 0)
    close (fd);
  if (n < 0)
    g_set_error (error, FAULT, code == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM, "%s: cannot be read: %s",
                 path, g_strerror (code));
  else if (n == 0)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: is empty", path);
  *len = n > 0 ? (size_t)n : 0;
  return n > 0;
}

/* Why a file that begins with HEAD is neither format, or NULL. */
static const char *
foreign (const char *head, size_t len)
{
  static const struct {
    const char *magic;
    size_t n;
    const char *problem;
  } formats[] = {
    { "\xD0\xCF\x11\xE0", 4, "an old .xls workbook, or one with a password: save it as .xlsx without" },
    { "\xFF\xFE", 2, "UTF-16 text: save it as \"CSV UTF-8\"" },
    { "\xFE\xFF", 2, "UTF-16 text: save it as \"CSV UTF-8\"" },
    { "%PDF-", 5, "a PDF: ask for the table as CSV or XLSX" },
    { "\x1F\x8B", 2, "a compressed file: unpack it first" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (formats); i++)
    if (len >= formats[i].n && memcmp (head, formats[i].magic, formats[i].n) == 0)
      return formats[i].problem;
  return NULL;
}

SheetReader *
sheet_reader_open (const char *path, const SheetOptions *options, GError **error)
{
  char head[8];
  size_t len;
  if (!read_head (path, head, sizeof head, &len, error))
    return NULL;
  const char *problem = foreign (head, len);
  if (problem) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: is %s", path, problem);
    return NULL;
  }
  bool zip = len >= 4 && memcmp (head, "PK\3\4", 4) == 0;
  SheetSource *source = zip ? xlsx_source_open (path, options ? options->sheet : NULL, error)
                            : csv_source_open (path, options ? options->encoding : NULL, error);
  if (!source)
    return NULL;
  SheetReader *reader = g_new0 (SheetReader, 1);
  reader->format = zip ? SHEET_XLSX : SHEET_CSV;
  reader->source = source;
  reader->state = SHEET_ROW;
  return reader;
}

void
sheet_reader_free (SheetReader *reader)
{
  if (!reader)
    return;
  reader->source->free (reader->source);
  queue_clear (&reader->queue);
  g_clear_error (&reader->error);
  g_free (reader);
}

/* ---- rows -------------------------------------------------------------- */

SheetStep
sheet_reader_next (SheetReader *reader, SheetRow *row, GError **error)
{
  while (!queue_take (&reader->queue, row)) {
    if (reader->state == SHEET_ROW) {
      reader->state = reader->source->step (reader->source, &reader->queue, &reader->error);
      continue;
    }
    if (reader->error)
      g_propagate_error (error, g_error_copy (reader->error));
    return reader->state;
  }
  return SHEET_ROW;
}

SheetFormat
sheet_reader_format (const SheetReader *reader)
{
  return reader->format;
}

void
sheet_reader_progress (const SheetReader *reader, gint64 *done, gint64 *size)
{
  reader->source->progress (reader->source, done, size);
}
