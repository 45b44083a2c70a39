/* QR codes (GB/T 18284-2000, ISO/IEC 18004) by libqrencode, as rectangles. */
#include "paper_private.h"

#include <qrencode.h>
#include <string.h>

enum { QUIET = 4 }; /* modules of white around a code (ISO/IEC 18004, 9.1) */

/* Black runs of a line in one rectangle each: no seams between modules. */
static void
draw_modules (cairo_t *cr, const QRcode *code, double x, double y, double module)
{
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (int row = 0; row < code->width; row++)
    for (int column = 0; column < code->width;) {
      const unsigned char *line = code->data + row * code->width;
      int end = column;
      while (end < code->width && line[end] & 1)
        end++;
      if (end > column)
        cairo_rectangle (cr, x + column * module, y + row * module, (end - column) * module, module);
      column = MAX (end, column + 1);
    }
  cairo_fill (cr);
}

void
paper_code (Paper *paper, const char *content, const char *caption)
{
  size_t len = strlen (content);
  if (paper->fault)
    return;
  if (!len || len > PAPER_CODE_BYTES_MAX) {
    paper_fail (paper, FAULT_INPUT, "a QR code holds 1 to %d bytes; this text has %zu", PAPER_CODE_BYTES_MAX,
                len);
    return;
  }
  QRcode *code = QRcode_encodeData ((int)len, (const unsigned char *)content, 0, QR_ECLEVEL_M);
  if (!code) {
    paper_fail (paper, FAULT_SYSTEM, "the QR code could not be made: %s", g_strerror (errno));
    return;
  }
  int modules = code->width + 2 * QUIET;
  double side = MAX (PAPER_MM (32), modules * PAPER_MM (0.5)), module = side / modules;
  double left = paper->manner->left, width = PAPER_WIDTH - left - paper->manner->right;
  band_reserve (paper, side);
  cairo_tag_begin (paper->cr, "Figure", NULL);
  draw_modules (paper->cr, code, left + QUIET * module, paper->y + QUIET * module, module);
  cairo_tag_end (paper->cr, "Figure");
  QRcode_free (code);
  double top = paper->y;
  unsigned page = paper->pages;
  Cell cell = cell_make (paper, STYLE_NOTE, caption, left + side + 8, width - side - 8);
  paper->y += QUIET * module;
  band_draw (paper, &cell, 1, NULL);
  cell_clear (&cell);
  if (page == paper->pages)
    paper->y = MAX (paper->y, top + side);
}
