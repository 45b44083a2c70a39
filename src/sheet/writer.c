/* Writing: to a file, which has another name until it is whole, or to a sink. */
#include "sheet/sheet_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

bool
sheet_sink_string (const char *bytes, size_t len, gpointer string, GError **error)
{
  g_string_append_len (string, bytes, (gssize)len);
  return true;
}

static SheetWriter *
make_writer (SheetFormat format)
{
  SheetWriter *w = g_new0 (SheetWriter, 1);
  w->format = format == SHEET_CSV ? &writer_csv : &writer_xlsx;
  w->fd = -1;
  return w;
}

SheetWriter *
sheet_writer_new (SheetFormat format, SheetSink sink, gpointer data, GError **error)
{
  SheetWriter *w = make_writer (format);
  w->sink = sink;
  w->sink_data = data;
  if (format == SHEET_XLSX) {
    w->fd = g_file_open_tmp ("liudong-XXXXXX.xlsx", &w->part, NULL);
    if (w->fd < 0) {
      g_set_error (error, FAULT, FAULT_SYSTEM, "a temporary file cannot be made in %s: %s", g_get_tmp_dir (),
                   g_strerror (errno));
      sheet_writer_free (w);
      return NULL;
    }
  }
  return w;
}

SheetWriter *
sheet_writer_create (const char *path, SheetFormat format, GError **error)
{
  SheetWriter *w = make_writer (format);
  w->path = g_strdup (path);
  w->part = g_strdup_printf ("%s.part", path);
  w->fd = open (w->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (w->fd >= 0)
    return w;
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: %s; choose a folder that can be written", w->part,
               g_strerror (errno));
  g_clear_pointer (&w->part, g_free);
  sheet_writer_free (w);
  return NULL;
}

void
sheet_writer_free (SheetWriter *w)
{
  if (!w)
    return;
  if (w->state)
    w->format->free (w);
  if (w->fd >= 0)
    close (w->fd);
  if (w->part)
    g_unlink (w->part);
  g_clear_error (&w->error);
  g_free (w->part);
  g_free (w->path);
  g_free (w);
}

void
writer_emit (SheetWriter *w, const char *bytes, size_t len)
{
  if (w->error)
    return;
  if (w->sink) {
    w->sink (bytes, len, w->sink_data, &w->error);
    return;
  }
  while (len > 0) {
    ssize_t n = write (w->fd, bytes, len);
    if (n < 0 && errno != EINTR) {
      g_set_error (&w->error, FAULT, FAULT_SYSTEM, "%s cannot be written: %s", w->path, g_strerror (errno));
      return;
    }
    bytes += MAX (n, 0);
    len -= (size_t)MAX (n, 0);
  }
}

void
sheet_writer_sheet (SheetWriter *w, const char *name)
{
  w->format->sheet (w, name);
}

void
sheet_writer_heading (SheetWriter *w, const char *const *titles, const double *widths, size_t n)
{
  w->format->heading (w, titles, widths, n);
  w->row++;
  w->column = 0;
}

void
sheet_writer_text (SheetWriter *w, Text text)
{
  w->format->text (w, text);
  w->column++;
}

void
sheet_writer_number (SheetWriter *w, Text digits)
{
  w->format->number (w, digits);
  w->column++;
}

void
sheet_writer_date (SheetWriter *w, Day day)
{
  w->format->date (w, day);
  w->column++;
}

static bool
pass_on (SheetWriter *w, GError **error)
{
  if (w->error)
    g_propagate_error (error, g_error_copy (w->error));
  return !w->error;
}

bool
sheet_writer_end_row (SheetWriter *w, GError **error)
{
  w->format->end_row (w);
  w->row++;
  w->column = 0;
  return pass_on (w, error);
}

bool
sheet_writer_row (SheetWriter *w, const char *const *cells, size_t n, GError **error)
{
  for (size_t i = 0; i < n; i++)
    sheet_writer_text (w, text_of (cells[i]));
  return sheet_writer_end_row (w, error);
}

/* The name that readers look for appears when the bytes are on the disk. */
static void
publish (SheetWriter *w)
{
  int fd = g_steal_fd (&w->fd);
  bool done = fsync (fd) == 0;
  done = close (fd) == 0 && done && rename (w->part, w->path) == 0;
  if (done)
    g_clear_pointer (&w->part, g_free);
  else
    g_set_error (&w->error, FAULT, FAULT_SYSTEM, "%s cannot be written: %s", w->path, g_strerror (errno));
}

bool
sheet_writer_finish (SheetWriter *w, GError **error)
{
  w->format->finish (w);
  if (!w->error && w->path)
    publish (w);
  return pass_on (w, error);
}
