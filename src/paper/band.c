/* Cells side by side, line by line.  Every line of a style has the same pitch,
 * whatever fonts its characters come from, so that heights are known before
 * drawing and the official manner has its 22 lines. */
#include "paper_private.h"

#include <math.h>

/* Where the ideographs of Noto CJK stand in their square. */
static const double above_baseline = 0.88;

Cell
cell_make (Paper *paper, StyleName name, const char *text, double x, double width)
{
  const Style *style = &paper->manner->styles[name];
  Cell cell = {
    .layout = pango_layout_new (paper->context), .style = style, .align = style->align, .x = x, .width = width
  };
  pango_layout_set_font_description (cell.layout, paper->descriptions[name]);
  pango_layout_set_width (cell.layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap (cell.layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_indent (cell.layout, (int)(style->indent * style->size * PANGO_SCALE));
  pango_layout_set_text (cell.layout, text ? text : "", -1);
  /* Ligatures would come out of the file as other characters than went in. */
  PangoAttrList *attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("liga=0, clig=0"));
  pango_layout_set_attributes (cell.layout, attributes);
  pango_attr_list_unref (attributes);
  return cell;
}

void
cell_clear (Cell *cell)
{
  g_clear_object (&cell->layout);
}

static int
cell_lines_left (const Cell *cell)
{
  return pango_layout_get_line_count (cell->layout) - cell->line;
}

double
cell_height (const Cell *cell)
{
  return cell_lines_left (cell) * cell->style->pitch;
}

static void
draw_line (Paper *paper, const Cell *cell, PangoLayoutLine *line, double top)
{
  const Style *style = cell->style;
  PangoRectangle extents;
  pango_layout_line_get_extents (line, NULL, &extents);
  double rest = cell->width - (double)extents.width / PANGO_SCALE;
  double x = cell->x;
  if (cell->align == ALIGN_CENTRE)
    x += rest / 2;
  else if (cell->align == ALIGN_RIGHT)
    x += rest;
  else if (line->is_paragraph_start)
    x += style->indent * style->size;
  cairo_move_to (paper->cr, x, top + (style->pitch - style->size) / 2 + above_baseline * style->size);
  cairo_set_source_rgb (paper->cr, style->grey, style->grey, style->grey);
  pango_cairo_show_layout_line (paper->cr, line);
}

/* Draws the lines of CELL that fit into ROOM; returns their height. */
static double
draw_lines (Paper *paper, Cell *cell, double room)
{
  int n = MIN (cell_lines_left (cell), (int)(room / cell->style->pitch + 1e-6));
  if (n && cell->style->tag)
    cairo_tag_begin (paper->cr, cell->style->tag, NULL);
  for (int i = 0; i < n; i++)
    draw_line (paper, cell, pango_layout_get_line_readonly (cell->layout, cell->line + i),
               paper->y + i * cell->style->pitch);
  if (n && cell->style->tag)
    cairo_tag_end (paper->cr, cell->style->tag);
  cell->line += n;
  return n * cell->style->pitch;
}

double
band_draw_part (Paper *paper, Cell *cells, size_t n, double room)
{
  double height = 0;
  for (size_t i = 0; i < n; i++)
    height = fmax (height, draw_lines (paper, &cells[i], room));
  return height;
}

static double
band_height (const Cell *cells, size_t n)
{
  double height = 0;
  for (size_t i = 0; i < n; i++)
    height = MAX (height, cell_height (&cells[i]));
  return height;
}

void
band_reserve (Paper *paper, double height)
{
  if (height > page_room (paper) && height <= PAPER_HEIGHT - paper->manner->top - paper->manner->bottom)
    page_turn (paper);
}

void
band_draw (Paper *paper, Cell *cells, size_t n, const char *row)
{
  while (band_height (cells, n) > 0 && !paper->fault) {
    if (row)
      cairo_tag_begin (paper->cr, row, NULL);
    double height = band_draw_part (paper, cells, n, page_room (paper));
    if (row)
      cairo_tag_end (paper->cr, row);
    paper->y += height;
    if (band_height (cells, n) > 0 && !page_turn (paper))
      return;
  }
}
