/* paper — documents that are printed, kept and signed for: PDF on A4.
 *
 * What it is for: a copy of what is on record about a person, a decision with
 * its reasons, a receipt.  A document is written block by block from its top to
 * its end; paper breaks lines and pages, repeats a table's head on every page it
 * reaches, and numbers the pages.
 *
 *     blocks ──pango──> lines ──cairo──> pages ──> PDF in a GString
 *
 * What it promises
 *   - The text can be searched, copied and read aloud: Chinese comes out of the
 *     file as it went in, headings, paragraphs and tables are marked as such
 *     (tagged PDF, ISO 32000-1, 14.8), and the language is named.
 *   - The same blocks with the same PaperAbout give the same bytes.
 *   - Text is text: nothing in it is markup.
 *   - Memory is bounded by the file, never by the table: a row is laid out,
 *     drawn and forgotten.  A document ends at PAPER_PAGES_MAX pages.
 *
 * What it refuses: pictures, styles of one's own, fonts other than Noto CJK.
 *
 * The two manners.  PAPER_RECORD is for lists of facts: small, sans serif, narrow
 * margins.  PAPER_OFFICIAL follows GB/T 9704-2012 (党政机关公文格式): margins 37 mm
 * above and 28 mm at the binding edge, a type area of 156 mm × 225 mm with 22
 * lines of 28 characters (5.2), a title of size 2 in the middle (7.3.1), first
 * lines two characters in (7.3.3), and page numbers between dashes 7 mm below the
 * type area, at the outer edge (7.5).
 *
 * How a call goes
 *
 *     PaperAbout about = { PAPER_RECORD, "我的数据", "闽侯县", "zh-CN", now };
 *     Paper *paper = paper_new (&about, pdf, &error);
 *     paper_title (paper, "我的数据");
 *     paper_table (paper, columns, 3);
 *     while (…)
 *       paper_row (paper, cells);
 *     paper_table_end (paper);
 *     if (!paper_finish (paper, &error)) …          // any block's fault is told here
 *     paper_free (paper);
 */
#pragma once

#include "base/base.h"

enum {
  PAPER_PAGES_MAX = 500,
  PAPER_COLUMNS_MAX = 8,
  PAPER_CODE_BYTES_MAX = 1000, /* what a telephone still reads from paper */
};

typedef enum { PAPER_RECORD, PAPER_OFFICIAL } PaperManner;

/* What the file says of itself. */
typedef struct {
  PaperManner manner;
  const char *title, *author; /* shown by readers; not printed */
  const char *language;       /* BCP 47: "zh-CN", "en" */
  gint64 created_at;          /* UTC seconds */
  const char *footer;         /* stands beside every page number; NULL: nothing */
} PaperAbout;

typedef struct {
  const char *label, *value;
} PaperFact;

typedef struct {
  const char *heading;
  double share; /* of the width, in proportion to the other columns */
  bool number;  /* set to the right */
} PaperColumn;

typedef struct Paper Paper;

/* Begin a document; its bytes go to OUT, which must outlive it.  All texts, here
 * and below, are UTF-8 and may be forgotten after the call.  FAULT_SYSTEM where
 * the fonts are not installed. */
Paper *paper_new (const PaperAbout *about, GString *out, GError **error);
void paper_free (Paper *paper);

/* Blocks.  What goes wrong in one is kept and told by paper_finish. */
void paper_title (Paper *paper, const char *text);
/* LEVEL 1 or 2.  Stays with the line that follows it. */
void paper_heading (Paper *paper, int level, const char *text);
/* A line feed in TEXT begins the next paragraph. */
void paper_paragraph (Paper *paper, const char *text);
/* Small print. */
void paper_note (Paper *paper, const char *text);
/* Labels to the left, values to the right. */
void paper_facts (Paper *paper, const PaperFact *facts, size_t n);
/* Who issues it and on which day, as text; at the right (GB/T 9704, 7.3.5). */
void paper_signature (Paper *paper, const char *issuer, const char *day);
/* A QR code (GB/T 18284, level M) of CONTENT with what it is for beside it.
 * FAULT_INPUT when CONTENT is longer than PAPER_CODE_BYTES_MAX. */
void paper_code (Paper *paper, const char *content, const char *caption);

/* A table of N columns, at most PAPER_COLUMNS_MAX; its rows; its end.  A row
 * higher than what is left goes to the next page, one higher than a page is
 * split.  NULL cells are empty. */
void paper_table (Paper *paper, const PaperColumn *columns, size_t n);
void paper_row (Paper *paper, const char *const *cells);
void paper_table_end (Paper *paper);

/* Write the rest of the file.  FAULT_INPUT when it grew beyond PAPER_PAGES_MAX
 * pages or a block was refused, FAULT_SYSTEM when it could not be drawn; OUT is
 * then no document.  Nothing may follow but paper_free. */
bool paper_finish (Paper *paper, GError **error);
/* Pages begun so far. */
unsigned paper_pages (const Paper *paper);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paper, paper_free)
