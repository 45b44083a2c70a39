#include "web/qr.h"

#include <qrencode.h>

enum { QUIET = 4 };

/* The dark modules of a row, run by run. */
static void
add_row (GString *path, const QRcode *code, int y)
{
  for (int x = 0; x < code->width;) {
    int from = x;
    while (x < code->width && code->data[y * code->width + x] & 1)
      x++;
    if (x > from)
      g_string_append_printf (path, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
    else
      x++;
  }
}

char *
qr_path (Arena *arena, const char *text, unsigned *size)
{
  QRcode *code = QRcode_encodeString (text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
  if (!code)
    g_error ("no memory for a QR code"); /* the text is ours and short */
  g_autoptr (GString) path = g_string_new (NULL);
  for (int y = 0; y < code->width; y++)
    add_row (path, code, y);
  *size = (unsigned)code->width + 2 * QUIET;
  QRcode_free (code);
  return arena_text (arena, (Text){ path->str, path->len });
}
