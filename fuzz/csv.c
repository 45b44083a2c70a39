/* Any CSV: it is read to its end or to one fault, and the rows it gave are the
 * same when they are written and read again. */
#include "sheet/sheet.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The rows of BYTES, a row a line of "length:cell"; *OK tells whether they are all. */
static GString *
read_rows (const void *bytes, size_t size, SheetWriter *copy, bool *ok)
{
  GString *rows = g_string_new (NULL);
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert (write (fd, bytes, size) == (ssize_t)size);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GError) error = NULL;
  g_autoptr (SheetReader) reader = sheet_reader_open (path, NULL, &error);
  SheetRow row;
  SheetStep step = SHEET_FAILED;
  gint64 before = 0;
  while (reader && (step = sheet_reader_next (reader, &row, &error)) == SHEET_ROW) {
    g_assert (row.number > before && row.n > 0);
    before = row.number;
    for (size_t i = 0; i < row.n; i++) {
      g_assert (text_is_utf8 (row.cells[i], NULL));
      g_string_append_printf (rows, "%zu:", row.cells[i].len);
      g_string_append_len (rows, row.cells[i].bytes, (gssize)row.cells[i].len);
      if (copy)
        sheet_writer_text (copy, row.cells[i]);
    }
    g_string_append_c (rows, '\n');
    g_assert (!copy || sheet_writer_end_row (copy, NULL));
  }
  g_assert ((step == SHEET_FAILED) == (error != NULL));
  *ok = step == SHEET_END;
  close (fd);
  return rows;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0 || (size >= 2 && data[0] == 'P' && data[1] == 'K'))
    return 0;
  g_autoptr (GString) written = g_string_new (NULL);
  g_autoptr (SheetWriter) copy = sheet_writer_new (SHEET_CSV, sheet_sink_string, written, NULL);
  bool ok;
  g_autoptr (GString) rows = read_rows (data, size, copy, &ok);
  g_assert (sheet_writer_finish (copy, NULL));
  g_autoptr (GString) again = read_rows (written->str, written->len, NULL, &ok);
  g_assert (ok && g_string_equal (rows, again));
  return 0;
}
