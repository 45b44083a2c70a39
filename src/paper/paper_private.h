/* What the parts of paper share.
 *
 *   paper.c     a document from its first byte to its last, its pages
 *   manner.c    measures and styles of the two manners
 *   band.c      cells side by side, line by line, from page to page
 *   blocks.c    titles, paragraphs, facts, tables, signatures
 *   code.c      QR codes
 *   language.c  what cairo cannot say of a file: its language
 *
 * Lengths are points (1/72 inch), y grows downwards. */
#pragma once

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include "paper/paper.h"

#define PAPER_MM(mm) ((mm)*72.0 / 25.4)

typedef enum {
  STYLE_TITLE,
  STYLE_HEADING_1,
  STYLE_HEADING_2,
  STYLE_BODY,
  STYLE_NOTE,
  STYLE_LABEL,
  STYLE_CELL,
  STYLE_HEAD_CELL,
  STYLE_PAGE_NUMBER,
  STYLES
} StyleName;

typedef enum { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } Align;

typedef struct {
  const char *tag; /* standard structure type, ISO 32000-1, 14.8.4 */
  bool serif, bold;
  double size, pitch; /* of the font; from baseline to baseline */
  double before, after;
  double indent; /* of a paragraph's first line, in characters */
  Align align;
  double grey; /* 0 black … 1 white */
} Style;

typedef struct {
  double top, bottom, left, right; /* margins */
  double number_below;             /* the type area: the page number's baseline */
  bool outer_number;               /* page numbers at the outer edge, between dashes */
  Style styles[STYLES];
} Manner;

const Manner *manner_of (PaperManner manner);
#define PAPER_WIDTH PAPER_MM (210)
#define PAPER_HEIGHT PAPER_MM (297)

/* A text set to a width: what is left of it to draw begins at LINE. */
typedef struct {
  PangoLayout *layout;
  const Style *style;
  Align align;
  double x, width;
  int line;
} Cell;

struct Paper {
  const Manner *manner;
  GString *out;
  char *footer, *language;
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoFontMap *fonts;
  PangoContext *context;
  PangoFontDescription *descriptions[STYLES];
  double y;       /* where the next block begins */
  unsigned pages; /* the open page's number */
  GError *fault;  /* the first of any block */
  /* the open table */
  size_t n_columns;
  Cell heads[PAPER_COLUMNS_MAX];
  bool numbers[PAPER_COLUMNS_MAX];
};

/* The room below paper->y, and that of an empty page. */
double page_room (const Paper *paper);
/* End the page and begin the next, with the head of the open table.  False after a fault. */
bool page_turn (Paper *paper);
/* Keep the fault of a block, unless an earlier one is there. */
void paper_fail (Paper *paper, FaultCode code, const char *format, ...) G_GNUC_PRINTF (3, 4);

Cell cell_make (Paper *paper, StyleName style, const char *text, double x, double width);
void cell_clear (Cell *cell);
double cell_height (const Cell *cell);
/* Draw N cells side by side from paper->y on, turning pages as needed, and move
 * paper->y below them.  ROW is the structure type around each page's part, or NULL. */
void band_draw (Paper *paper, Cell *cells, size_t n, const char *row);
/* One page's part only: draws at paper->y what fits into ROOM, and returns the height used. */
double band_draw_part (Paper *paper, Cell *cells, size_t n, double room);
/* Turn the page unless HEIGHT fits; what never fits stays. */
void band_reserve (Paper *paper, double height);
/* Draw the head of the open table at paper->y. */
void table_head_draw (Paper *paper);
/* A horizontal line at paper->y across the type area. */
void paper_rule (Paper *paper, double width, double grey);

/* Append to PDF, which cairo wrote, that its language is LANGUAGE. */
bool language_append (GString *pdf, const char *language, GError **error);
