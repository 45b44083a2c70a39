/* A document from its first byte to its last, and its pages. */
#include "paper_private.h"

#include <string.h>

/* A page of text takes some 20 KB, fonts a few hundred; beyond this something runs away. */
static const gsize bytes_max = (gsize)256 << 20;

static const char *const families[] = { "Noto Sans CJK SC", "Noto Serif CJK SC" };

void
paper_fail (Paper *paper, FaultCode code, const char *format, ...)
{
  if (paper->fault)
    return;
  va_list arguments;
  va_start (arguments, format);
  paper->fault = g_error_new_valist (FAULT, code, format, arguments);
  va_end (arguments);
}

unsigned
paper_pages (const Paper *paper)
{
  return paper->pages;
}

/* ---- pages ------------------------------------------------------------- */

double
page_room (const Paper *paper)
{
  return PAPER_HEIGHT - paper->manner->bottom - paper->y;
}

void
paper_rule (Paper *paper, double width, double grey)
{
  cairo_set_source_rgb (paper->cr, grey, grey, grey);
  cairo_set_line_width (paper->cr, width);
  cairo_move_to (paper->cr, paper->manner->left, paper->y);
  cairo_line_to (paper->cr, PAPER_WIDTH - paper->manner->right, paper->y);
  cairo_stroke (paper->cr);
}

/* Below the type area; the edge that is bound stays free. */
static void
draw_foot (Paper *paper, const char *text, Align align)
{
  const Style *style = &paper->manner->styles[STYLE_PAGE_NUMBER];
  double inset = paper->manner->outer_number ? style->size : 0; /* GB/T 9704, 7.5: one character */
  Cell cell = cell_make (paper, STYLE_PAGE_NUMBER, text, paper->manner->left + inset,
                         PAPER_WIDTH - paper->manner->left - paper->manner->right - 2 * inset);
  cell.align = align;
  paper->y = PAPER_HEIGHT - paper->manner->bottom + paper->manner->number_below - style->pitch / 2;
  band_draw_part (paper, &cell, 1, style->pitch);
  cell_clear (&cell);
}

static void
end_page (Paper *paper)
{
  bool outer = paper->manner->outer_number, even = paper->pages % 2 == 0;
  g_autofree char *number = g_strdup_printf (outer ? "— %u —" : "%u", paper->pages);
  draw_foot (paper, number, outer && even ? ALIGN_LEFT : ALIGN_RIGHT);
  if (paper->footer)
    draw_foot (paper, paper->footer, outer && even ? ALIGN_RIGHT : ALIGN_LEFT);
  cairo_show_page (paper->cr);
}

static void
begin_page (Paper *paper)
{
  paper->pages++;
  paper->y = paper->manner->top;
  if (paper->n_columns)
    table_head_draw (paper);
}

bool
page_turn (Paper *paper)
{
  cairo_status_t status = cairo_status (paper->cr);
  if (paper->pages == PAPER_PAGES_MAX)
    paper_fail (paper, FAULT_INPUT, "the document has more than %d pages; ask for less at a time",
                PAPER_PAGES_MAX);
  else if (status)
    paper_fail (paper, FAULT_SYSTEM, "the document could not be drawn: %s", cairo_status_to_string (status));
  if (paper->fault)
    return false;
  end_page (paper);
  begin_page (paper);
  return true;
}

/* ---- beginning --------------------------------------------------------- */

static cairo_status_t
write_bytes (void *closure, const unsigned char *bytes, unsigned n)
{
  GString *out = closure;
  if (out->len + n > bytes_max)
    return CAIRO_STATUS_WRITE_ERROR;
  g_string_append_len (out, (const char *)bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

/* Points are points, and glyphs stand where they are on any device. */
static void
make_context (Paper *paper, const char *language)
{
  paper->fonts = pango_cairo_font_map_new ();
  paper->context = pango_font_map_create_context (paper->fonts);
  pango_context_set_language (paper->context, pango_language_from_string (language));
  pango_context_set_round_glyph_positions (paper->context, FALSE);
  cairo_font_options_t *options = cairo_font_options_create ();
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (paper->context, options);
  cairo_font_options_destroy (options);
}

static void
make_descriptions (Paper *paper)
{
  for (int i = 0; i < STYLES; i++) {
    const Style *style = &paper->manner->styles[i];
    PangoFontDescription *description = pango_font_description_new ();
    pango_font_description_set_family_static (description, families[style->serif]);
    pango_font_description_set_weight (description, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size (description, style->size * PANGO_SCALE);
    paper->descriptions[i] = description;
  }
}

/* Without its font, pango takes another, and Chinese becomes boxes. */
static bool
check_fonts (Paper *paper, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (families); i++) {
    g_autoptr (PangoFontDescription) wanted = pango_font_description_from_string (families[i]);
    g_autoptr (PangoFont) font = pango_context_load_font (paper->context, wanted);
    g_autoptr (PangoFontDescription) found = font ? pango_font_describe (font) : NULL;
    if (!found || g_strcmp0 (pango_font_description_get_family (found), families[i]) != 0) {
      g_set_error (error, FAULT, FAULT_SYSTEM,
                   "the font %s is not installed; Debian has it as fonts-noto-cjk", families[i]);
      return false;
    }
  }
  return true;
}

static void
make_surface (Paper *paper, const PaperAbout *about)
{
  char created[CIVIL_TEXT_MAX];
  paper->surface = cairo_pdf_surface_create_for_stream (write_bytes, paper->out, PAPER_WIDTH, PAPER_HEIGHT);
  /* 1.4 has its cross-references as a table in every version of cairo: language.c reads it. */
  cairo_pdf_surface_restrict_to_version (paper->surface, CAIRO_PDF_VERSION_1_4);
  cairo_pdf_surface_set_metadata (paper->surface, CAIRO_PDF_METADATA_TITLE, about->title);
  cairo_pdf_surface_set_metadata (paper->surface, CAIRO_PDF_METADATA_AUTHOR, about->author);
  cairo_pdf_surface_set_metadata (paper->surface, CAIRO_PDF_METADATA_CREATOR, "liudong " LIUDONG_VERSION);
  cairo_pdf_surface_set_metadata (paper->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                  instant_format (about->created_at, created));
  paper->cr = cairo_create (paper->surface);
}

Paper *
paper_new (const PaperAbout *about, GString *out, GError **error)
{
  g_autoptr (Paper) paper = g_new0 (Paper, 1);
  paper->manner = manner_of (about->manner);
  paper->out = out;
  paper->footer = g_strdup (about->footer);
  paper->language = g_strdup (about->language);
  make_context (paper, about->language);
  make_descriptions (paper);
  if (!check_fonts (paper, error))
    return NULL;
  g_string_truncate (out, 0);
  make_surface (paper, about);
  cairo_tag_begin (paper->cr, "Document", NULL);
  begin_page (paper);
  return g_steal_pointer (&paper);
}

void
paper_free (Paper *paper)
{
  if (!paper)
    return;
  for (size_t i = 0; i < paper->n_columns; i++)
    cell_clear (&paper->heads[i]);
  for (int i = 0; i < STYLES; i++)
    g_clear_pointer (&paper->descriptions[i], pango_font_description_free);
  g_clear_pointer (&paper->cr, cairo_destroy);
  if (paper->surface)
    cairo_surface_finish (paper->surface);
  g_clear_pointer (&paper->surface, cairo_surface_destroy);
  g_clear_object (&paper->context);
  g_clear_object (&paper->fonts);
  g_clear_error (&paper->fault);
  g_free (paper->footer);
  g_free (paper->language);
  g_free (paper);
}

bool
paper_finish (Paper *paper, GError **error)
{
  g_assert (!paper->n_columns);
  end_page (paper);
  cairo_tag_end (paper->cr, "Document");
  cairo_status_t drawn = cairo_status (paper->cr);
  cairo_surface_finish (paper->surface);
  cairo_status_t written = cairo_surface_status (paper->surface);
  if (drawn || written)
    paper_fail (paper, FAULT_SYSTEM, "the document could not be drawn: %s",
                cairo_status_to_string (drawn ? drawn : written));
  if (paper->fault) {
    g_propagate_error (error, g_steal_pointer (&paper->fault));
    return false;
  }
  return language_append (paper->out, paper->language, error);
}
