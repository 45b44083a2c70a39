/* Documents as their reader has them: the text that poppler takes out of the
 * file, and what it says of itself.  Layout is looked at on rendered pages. */
#include "paper/paper.h"
#include "support.h"

#include <locale.h>
#include <qrencode.h>
#include <string.h>

static const PaperAbout record = { PAPER_RECORD, "我的数据", "闽侯县", "zh-CN", 1632960000, "测试县" };
static const PaperAbout official = { PAPER_OFFICIAL, "决定书", "闽侯县人社局", "zh-CN", 1632960000, NULL };

/* ---- looking at a file ------------------------------------------------- */

typedef struct {
  char *folder, *path;
} File;

static File
file_new (const GString *pdf)
{
  File file = { .folder = support_folder () };
  file.path = g_build_filename (file.folder, "paper.pdf", NULL);
  g_assert_true (g_file_set_contents (file.path, pdf->str, (gssize)pdf->len, NULL));
  return file;
}

static void
file_remove (File *file)
{
  support_remove (file->folder);
  g_free (file->path);
  g_free (file->folder);
}

/* What `TOOL OPTIONS… file -` prints. */
static char *
poppler (const File *file, const char *tool, const char *option)
{
  const char *argv[] = { tool, option, file->path, g_str_equal (tool, "pdftotext") ? "-" : NULL, NULL };
  char *out, *err;
  g_assert_cmpint (support_run (argv, &out, &err), ==, 0);
  g_assert_cmpstr (err, ==, ""); /* poppler tells here what is broken in a file */
  g_free (err);
  return out;
}

static void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("“%s” is not in:\n%s", part, text);
}

static int
count (const char *text, const char *part)
{
  int n = 0;
  for (const char *p = text; (p = strstr (p, part)); p += strlen (part))
    n++;
  return n;
}

static void
finish (Paper *paper)
{
  GError *error = NULL;
  paper_finish (paper, &error);
  g_assert_no_error (error);
}

static Paper *
begin (const PaperAbout *about, GString *pdf)
{
  GError *error = NULL;
  Paper *paper = paper_new (about, pdf, &error);
  g_assert_no_error (error);
  return paper;
}

/* ---- cases ------------------------------------------------------------- */

static const PaperColumn columns[] = { { "事项", 2 }, { "来源部门", 2 }, { "金额（元）", 1, true } };

static void
write_everything (GString *pdf, const PaperAbout *about)
{
  g_autoptr (Paper) paper = begin (about, pdf);
  paper_title (paper, "我的数据");
  paper_heading (paper, 1, "一、基本情况");
  paper_paragraph (paper, "office fi ffl <b>陈某某</b>");
  paper_paragraph (paper, "& ' \" 𠮷 㐂 １２ 12,345.60");
  paper_facts (paper, (PaperFact[]){ { "姓名", "陈某某" }, { "住址", NULL } }, 2);
  paper_heading (paper, 2, "（一）收入");
  paper_table (paper, columns, G_N_ELEMENTS (columns));
  paper_row (paper, (const char *const[]){ "月收入", "县民政局", "2500.00" });
  paper_row (paper, (const char *const[]){ NULL, NULL, NULL });
  paper_table_end (paper);
  paper_note (paper, "小字说明");
  paper_code (paper, "https://example.invalid/check/1", "扫码核对");
  paper_signature (paper, "闽侯县人力资源和社会保障局", "2021年9月30日");
  finish (paper);
}

static void
test_text (void)
{
  const PaperAbout *const manners[] = { &record, &official };
  for (size_t i = 0; i < G_N_ELEMENTS (manners); i++) {
    g_autoptr (GString) pdf = g_string_new ("what was there before");
    write_everything (pdf, manners[i]);
    File file = file_new (pdf);
    g_autofree char *text = poppler (&file, "pdftotext", "-raw");
    static const char *const parts[] = { "我的数据",
                                         "一、基本情况",
                                         "office fi ffl <b>陈某某</b>",
                                         "& ' \" 𠮷 㐂 １２ 12,345.60",
                                         "姓名",
                                         "陈某某",
                                         "住址",
                                         "（一）收入",
                                         "来源部门",
                                         "2500.00",
                                         "小字说明",
                                         "扫码核对",
                                         "闽侯县人力资源和社会保障局",
                                         "2021年9月30日" };
    for (size_t k = 0; k < G_N_ELEMENTS (parts); k++)
      assert_has (text, parts[k]);
    file_remove (&file);
  }
}

static void
test_about (void)
{
  g_autoptr (GString) pdf = g_string_new (NULL), again = g_string_new (NULL);
  write_everything (pdf, &official);
  File file = file_new (pdf);
  g_autofree char *info = poppler (&file, "pdfinfo", "-isodates");
  assert_has (info, "Title:           决定书");
  assert_has (info, "Author:          闽侯县人社局");
  assert_has (info, "CreationDate:    2021-09-30T00:00:00Z");
  assert_has (info, "Tagged:          yes");
  assert_has (info, "(A4)");
  assert_has (pdf->str + pdf->len - 600, "/Lang (zh-CN)");
  g_autofree char *structure = poppler (&file, "pdfinfo", "-struct-text");
  static const char *const tags[]
      = { "Document", "H1 (block)\n    \"我的数据\"", "H2", "H3", "Table", "TR", "TH", "TD" };
  for (size_t i = 0; i < G_N_ELEMENTS (tags); i++)
    assert_has (structure, tags[i]);
  file_remove (&file);
  write_everything (again, &official);
  g_assert_cmpmem (pdf->str, pdf->len, again->str, again->len);
}

/* 300 rows, each once and whole; the head on every page; pages numbered without a gap. */
static void
test_long_table (void)
{
  enum { ROWS = 300 };
  g_autoptr (GString) pdf = g_string_new (NULL);
  g_autoptr (Paper) paper = begin (&record, pdf);
  paper_table (paper, columns, G_N_ELEMENTS (columns));
  for (int i = 0; i < ROWS; i++) {
    g_autofree char *name
        = g_strdup_printf ("事项%03d号，文字长得要折成好几行才放得下，所以有的行高，有的行矮", i);
    name[i % 2 ? strlen ("事项000号") : strlen (name)] = '\0';
    g_autofree char *amount = g_strdup_printf ("%d.00", 1000 + i);
    paper_row (paper, (const char *const[]){ name, "县民政局", amount });
  }
  paper_table_end (paper);
  unsigned pages = paper_pages (paper);
  finish (paper);
  g_assert_cmpuint (pages, >, 5);
  File file = file_new (pdf);
  g_autofree char *text = poppler (&file, "pdftotext", "-layout");
  g_auto (GStrv) parts = g_strsplit (text, "\f", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, pages + 1);
  for (unsigned i = 0; i < pages; i++) {
    g_autofree char *number = g_strdup_printf ("%u\n", i + 1);
    g_assert_cmpint (count (parts[i], "来源部门"), ==, 1);
    g_assert_cmpint (count (parts[i], "测试县"), ==, 1);
    g_assert_true (g_str_has_suffix (parts[i], number));
  }
  for (int i = 0; i < ROWS; i++) {
    g_autofree char *amount = g_strdup_printf ("%d.00", 1000 + i);
    g_assert_cmpint (count (text, amount), ==, 1);
  }
  file_remove (&file);
}

/* Higher than a page: every line still comes, once, in order. */
static void
test_long_cell (void)
{
  enum { LINES = 200 };
  g_autoptr (GString) pdf = g_string_new (NULL), cell = g_string_new (NULL);
  for (int i = 0; i < LINES; i++)
    g_string_append_printf (cell, "第%03d行\n", i);
  g_autoptr (Paper) paper = begin (&record, pdf);
  paper_table (paper, columns, G_N_ELEMENTS (columns));
  paper_row (paper, (const char *const[]){ cell->str, "县民政局", "1.00" });
  paper_row (paper, (const char *const[]){ "之后", "", "" });
  paper_table_end (paper);
  finish (paper);
  File file = file_new (pdf);
  g_autofree char *text = poppler (&file, "pdftotext", "-raw");
  const char *at = text;
  for (int i = 0; i < LINES; i++) {
    g_autofree char *line = g_strdup_printf ("第%03d行", i);
    at = strstr (at, line);
    g_assert_nonnull (at);
    g_assert_cmpint (count (text, line), ==, 1);
  }
  g_assert_nonnull (strstr (at, "之后"));
  file_remove (&file);
}

/* GB/T 9704-2012: 22 lines a page, 28 characters a line, page numbers between dashes. */
static void
test_official_measures (void)
{
  enum { CHARACTERS = 28 * 22 * 2 - 2 }; /* the first line begins two characters in */
  g_autoptr (GString) pdf = g_string_new (NULL), text = g_string_new (NULL);
  for (int i = 0; i < CHARACTERS; i++)
    g_string_append (text, "文");
  g_autoptr (Paper) paper = begin (&official, pdf);
  paper_paragraph (paper, text->str);
  g_assert_cmpuint (paper_pages (paper), ==, 2);
  paper_paragraph (paper, "多");
  g_assert_cmpuint (paper_pages (paper), ==, 3);
  finish (paper);
  File file = file_new (pdf);
  g_autofree char *read = poppler (&file, "pdftotext", "-raw");
  for (int i = 1; i <= 3; i++) {
    g_autofree char *number = g_strdup_printf ("— %d —", i);
    assert_has (read, number);
  }
  g_auto (GStrv) pages = g_strsplit (read, "\f", -1);
  for (int i = 0; i < 2; i++) { /* of 22 lines each, 28 characters but for the first */
    int lines = 0;
    g_auto (GStrv) all = g_strsplit (pages[i], "\n", -1);
    for (int k = 0; all[k]; k++)
      if (strstr (all[k], "文")) {
        g_assert_cmpint (count (all[k], "文"), ==, i == 0 && lines == 0 ? 26 : 28);
        lines++;
      }
    g_assert_cmpint (lines, ==, 22);
  }
  file_remove (&file);
}

static void
test_heading_stays (void)
{
  for (int fill = 38; fill < 50; fill++) {
    g_autoptr (GString) pdf = g_string_new (NULL);
    g_autoptr (Paper) paper = begin (&record, pdf);
    for (int i = 0; i < fill; i++)
      paper_note (paper, "填");
    paper_heading (paper, 1, "标题");
    unsigned page = paper_pages (paper);
    paper_paragraph (paper, "正文");
    g_assert_cmpuint (paper_pages (paper), ==, page);
    finish (paper);
  }
}

/* ---- QR ---------------------------------------------------------------- */

/* The file's first page at 288 dots an inch, as a greyscale picture (PGM). */
static char *
render (const File *file, int *width, int *height)
{
  g_autofree char *root = g_build_filename (file->folder, "page", NULL);
  g_autofree char *path = g_strconcat (root, ".pgm", NULL);
  const char *argv[] = { "pdftoppm", "-gray", "-singlefile", "-r", "288", file->path, root, NULL };
  g_assert_cmpint (support_run (argv, NULL, NULL), ==, 0);
  gsize len;
  g_autofree char *picture = support_read (path, &len);
  int head, depth;
  g_assert_cmpint (sscanf (picture, "P5 %d %d %d%n", width, height, &depth, &head), ==, 3);
  g_assert_cmpuint ((gsize)head + 1 + (gsize)*width * (gsize)*height, ==, len);
  return g_memdup2 (picture + head + 1, (gsize)*width * (gsize)*height);
}

/* The printed modules, sampled at their middles, are those of the code. */
static void
test_code (void)
{
  const char *content = "https://example.invalid/check/决定-2021-0001?h=0123456789abcdef";
  g_autoptr (GString) pdf = g_string_new (NULL);
  g_autoptr (Paper) paper = begin (&record, pdf);
  paper_code (paper, content, "");
  finish (paper);
  File file = file_new (pdf);
  int width, height;
  g_autofree char *pixels = render (&file, &width, &height);
  QRcode *code = QRcode_encodeData ((int)strlen (content), (const unsigned char *)content, 0, QR_ECLEVEL_M);
  int left = width, top = height;
  for (int y = 0; y < height / 2; y++)
    for (int x = 0; x < width / 2; x++)
      if ((guchar)pixels[y * width + x] < 64) {
        left = MIN (left, x);
        top = MIN (top, y);
      }
  double module = 288.0 / 25.4 * MAX (32.0 / (code->width + 8), 0.5);
  int checked = 0;
  for (int r = 0; r < code->width; r++)
    for (int c = 0; c < code->width; c++) {
      int x = left + (int)((c + 0.5) * module), y = top + (int)((r + 0.5) * module);
      bool black = (guchar)pixels[y * width + x] < 128;
      g_assert_true (black == (bool)(code->data[r * code->width + c] & 1));
      checked++;
    }
  g_assert_cmpint (checked, ==, code->width * code->width);
  QRcode_free (code);
  file_remove (&file);
}

/* ---- refusals ---------------------------------------------------------- */

static void
test_refused (void)
{
  g_autofree char *endless = g_strnfill (PAPER_CODE_BYTES_MAX + 1, 'x');
  const char *const contents[] = { "", endless };
  for (size_t i = 0; i < G_N_ELEMENTS (contents); i++) {
    g_autoptr (GString) pdf = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (Paper) paper = begin (&record, pdf);
    paper_code (paper, contents[i], "");
    paper_paragraph (paper, "what follows does no harm");
    g_assert_false (paper_finish (paper, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
  }
}

static void
test_endless (void)
{
  g_autoptr (GString) pdf = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Paper) paper = begin (&record, pdf);
  paper_table (paper, columns, 1);
  for (int i = 0; i < 60 * PAPER_PAGES_MAX; i++)
    paper_row (paper, (const char *const[]){ "行" });
  paper_table_end (paper);
  g_assert_cmpuint (paper_pages (paper), ==, PAPER_PAGES_MAX);
  g_assert_false (paper_finish (paper, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_nonnull (strstr (error->message, "more than 500 pages"));
}

static void
test_abandoned (void)
{
  g_autoptr (GString) pdf = g_string_new (NULL);
  g_autoptr (Paper) paper = begin (&record, pdf);
  paper_table (paper, columns, G_N_ELEMENTS (columns));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8"); /* for what a failure prints */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paper/text", test_text);
  g_test_add_func ("/paper/about", test_about);
  g_test_add_func ("/paper/long table", test_long_table);
  g_test_add_func ("/paper/long cell", test_long_cell);
  g_test_add_func ("/paper/official measures", test_official_measures);
  g_test_add_func ("/paper/heading stays with its text", test_heading_stays);
  g_test_add_func ("/paper/code", test_code);
  g_test_add_func ("/paper/refused", test_refused);
  g_test_add_func ("/paper/endless", test_endless);
  g_test_add_func ("/paper/abandoned", test_abandoned);
  return g_test_run ();
}
