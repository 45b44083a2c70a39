/* Blocks: what a document is made of. */
#include "paper_private.h"

#include <string.h>

static double
type_width (const Paper *paper)
{
  return PAPER_WIDTH - paper->manner->left - paper->manner->right;
}

/* One text across the type area, TOGETHER with the next lines' height. */
static void
draw_block (Paper *paper, StyleName name, const char *text, double together)
{
  if (paper->fault)
    return;
  const Style *style = &paper->manner->styles[name];
  Cell cell = cell_make (paper, name, text, paper->manner->left, type_width (paper));
  bool at_top = paper->y <= paper->manner->top;
  if (together > 0)
    band_reserve (paper, style->before + cell_height (&cell) + together);
  if (!at_top)
    paper->y += style->before;
  band_draw (paper, &cell, 1, NULL);
  paper->y += style->after;
  cell_clear (&cell);
}

void
paper_title (Paper *paper, const char *text)
{
  draw_block (paper, STYLE_TITLE, text, 2 * paper->manner->styles[STYLE_BODY].pitch);
}

void
paper_heading (Paper *paper, int level, const char *text)
{
  g_assert (level == 1 || level == 2);
  draw_block (paper, level == 1 ? STYLE_HEADING_1 : STYLE_HEADING_2, text,
              3 * paper->manner->styles[STYLE_BODY].pitch);
}

void
paper_paragraph (Paper *paper, const char *text)
{
  draw_block (paper, STYLE_BODY, text, 0);
}

void
paper_note (Paper *paper, const char *text)
{
  draw_block (paper, STYLE_NOTE, text, 0);
}

void
paper_signature (Paper *paper, const char *issuer, const char *day)
{
  const Style *style = &paper->manner->styles[STYLE_BODY];
  const char *lines[] = { issuer, day };
  if (paper->fault)
    return;
  band_reserve (paper, 4 * style->pitch);
  paper->y += 2 * style->pitch;
  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++) {
    Cell cell
        = cell_make (paper, STYLE_BODY, lines[i], paper->manner->left, type_width (paper) - 4 * style->size);
    cell.align = ALIGN_RIGHT;
    band_draw (paper, &cell, 1, NULL);
    cell_clear (&cell);
  }
}

/* ---- rows -------------------------------------------------------------- */

static const double row_padding = 3, column_gap = 8;

/* Cells with a rule below them. */
static void
draw_row (Paper *paper, Cell *cells, size_t n)
{
  double height = 0;
  for (size_t i = 0; i < n; i++)
    height = MAX (height, cell_height (&cells[i]));
  band_reserve (paper, height + 2 * row_padding);
  paper->y += row_padding;
  band_draw (paper, cells, n, "TR");
  paper->y += row_padding;
  paper_rule (paper, 0.4, 0.7);
}

void
paper_facts (Paper *paper, const PaperFact *facts, size_t n)
{
  const double left = paper->manner->left, width = type_width (paper), label = 0.34 * width;
  if (paper->fault)
    return;
  cairo_tag_begin (paper->cr, "Table", NULL);
  for (size_t i = 0; i < n && !paper->fault; i++) {
    Cell cells[] = { cell_make (paper, STYLE_LABEL, facts[i].label, left, label - column_gap),
                     cell_make (paper, STYLE_CELL, facts[i].value, left + label, width - label) };
    draw_row (paper, cells, G_N_ELEMENTS (cells));
    for (size_t k = 0; k < G_N_ELEMENTS (cells); k++)
      cell_clear (&cells[k]);
  }
  cairo_tag_end (paper->cr, "Table");
  paper->y += paper->manner->styles[STYLE_BODY].after;
}

/* ---- tables ------------------------------------------------------------ */

/* On every page from its first line; what half a page does not hold is left out. */
void
table_head_draw (Paper *paper)
{
  Cell heads[PAPER_COLUMNS_MAX];
  memcpy (heads, paper->heads, sizeof heads);
  cairo_tag_begin (paper->cr, "TR", NULL);
  paper->y
      += row_padding + band_draw_part (paper, heads, paper->n_columns, page_room (paper) / 2) + row_padding;
  cairo_tag_end (paper->cr, "TR");
  paper_rule (paper, 0.8, 0);
}

void
paper_table (Paper *paper, const PaperColumn *columns, size_t n)
{
  g_assert (n > 0 && n <= PAPER_COLUMNS_MAX && !paper->n_columns);
  double shares = 0, x = paper->manner->left;
  for (size_t i = 0; i < n; i++)
    shares += columns[i].share;
  for (size_t i = 0; i < n; i++) {
    double width = type_width (paper) * columns[i].share / shares;
    paper->heads[i]
        = cell_make (paper, STYLE_HEAD_CELL, columns[i].heading, x, width - (i + 1 < n ? column_gap : 0));
    paper->numbers[i] = columns[i].number;
    if (columns[i].number)
      paper->heads[i].align = ALIGN_RIGHT;
    x += width;
  }
  paper->y += row_padding;
  band_reserve (paper, 6 * paper->manner->styles[STYLE_CELL].pitch);
  paper->n_columns = n;
  cairo_tag_begin (paper->cr, "Table", NULL);
  table_head_draw (paper);
}

void
paper_row (Paper *paper, const char *const *cells)
{
  g_assert (paper->n_columns);
  if (paper->fault)
    return;
  Cell row[PAPER_COLUMNS_MAX];
  for (size_t i = 0; i < paper->n_columns; i++) {
    row[i] = cell_make (paper, STYLE_CELL, cells[i], paper->heads[i].x, paper->heads[i].width);
    if (paper->numbers[i])
      row[i].align = ALIGN_RIGHT;
  }
  draw_row (paper, row, paper->n_columns);
  for (size_t i = 0; i < paper->n_columns; i++)
    cell_clear (&row[i]);
}

void
paper_table_end (Paper *paper)
{
  g_assert (paper->n_columns);
  cairo_tag_end (paper->cr, "Table");
  for (size_t i = 0; i < paper->n_columns; i++)
    cell_clear (&paper->heads[i]);
  paper->n_columns = 0;
  paper->y += paper->manner->styles[STYLE_BODY].after;
}
