/* Workbooks as other programs write them, and as no program does. */
#include "sheet/sheet.h"
#include "support.h"

#include <zip.h>

#define RELATIONS(body)                                                                                      \
  "<?xml version=\"1.0\"?><Relationships "                                                                   \
  "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" body "</Relationships>"
#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define SHEET(body)                                                                                          \
  "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"   \
  "<sheetData>" body "</sheetData></worksheet>"

typedef struct {
  const char *name, *text;
} Part;

static const char root_relations[]
    = RELATIONS ("<Relationship Id=\"r1\" Type=\"" TYPE "officeDocument\" Target=\"xl/workbook.xml\"/>");
static const char book_relations[]
    = RELATIONS ("<Relationship Id=\"rId1\" Type=\"" TYPE "worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                 "<Relationship Id=\"rId2\" Type=\"" TYPE "worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>"
                 "<Relationship Id=\"rId3\" Type=\"" TYPE "styles\" Target=\"styles.xml\"/>"
                 "<Relationship Id=\"rId4\" Type=\"" TYPE "sharedStrings\" Target=\"sharedStrings.xml\"/>");
static const char book[] = "<workbook xmlns=\"x\" xmlns:r=\"y\"><workbookPr/><sheets><sheet name=\"居民\" "
                           "sheetId=\"1\" r:id=\"rId1\"/>"
                           "<sheet name=\"Two\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>";
static const char book_1904[] = "<workbook xmlns=\"x\" xmlns:r=\"y\"><workbookPr "
                                "date1904=\"1\"/><sheets><sheet name=\"居民\" sheetId=\"1\" "
                                "r:id=\"rId1\"/></sheets></workbook>";
static const char styles[] = "<styleSheet xmlns=\"x\"><numFmts><numFmt numFmtId=\"164\" "
                             "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"
                             "<numFmt numFmtId=\"165\" formatCode=\"0.00&quot;day&quot;\"/><numFmt "
                             "numFmtId=\"166\" formatCode=\"[h]:mm\"/></numFmts>"
                             "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
                             "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf "
                             "numFmtId=\"165\"/><xf numFmtId=\"166\"/>"
                             "<xf numFmtId=\"22\"/><xf numFmtId=\"31\"/></cellXfs></styleSheet>";
static const char strings[]
    = "<sst xmlns=\"x\"><si><t>姓名</t></si><si><r><t>王</t></r><r><t xml:space=\"preserve\"> 小明</t></r>"
      "<rPh sb=\"0\" eb=\"1\"><t>WANG</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si></sst>";

static char *
make (const char *folder, const char *sheet, const Part *other, size_t n)
{
  char *path = g_build_filename (folder, "case.xlsx", NULL);
  Part parts[] = { { "_rels/.rels", root_relations },
                   { "xl/workbook.xml", book },
                   { "xl/_rels/workbook.xml.rels", book_relations },
                   { "xl/styles.xml", styles },
                   { "xl/sharedStrings.xml", strings },
                   { "xl/worksheets/sheet1.xml", sheet },
                   { "xl/worksheets/sheet2.xml", SHEET ("<row><c><v>2</v></c></row>") } };
  zip_t *zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++) {
    for (size_t k = 0; k < n; k++)
      if (g_str_equal (other[k].name, parts[i].name))
        parts[i].text = other[k].text;
    if (!parts[i].text)
      continue;
    zip_source_t *source = zip_source_buffer (zip, parts[i].text, strlen (parts[i].text), 0);
    g_assert_cmpint (zip_file_add (zip, parts[i].name, source, 0), >=, 0);
  }
  g_assert_cmpint (zip_close (zip), ==, 0);
  return path;
}

static char *
read_all (const char *path, const char *sheet, GError **error)
{
  g_autoptr (SheetReader) reader = sheet_reader_open (path, &(SheetOptions){ .sheet = sheet }, error);
  if (!reader)
    return NULL;
  GString *out = g_string_new (NULL);
  SheetRow row;
  SheetStep step;
  while ((step = sheet_reader_next (reader, &row, error)) == SHEET_ROW) {
    g_string_append_printf (out, "%" G_GINT64_FORMAT ":", row.number);
    for (size_t i = 0; i < row.n; i++)
      g_string_append_printf (out, "%s%.*s", i ? "|" : "", (int)row.cells[i].len, row.cells[i].bytes);
    g_string_append_c (out, '\n');
  }
  g_assert_cmpint (step, ==, *error ? SHEET_FAILED : SHEET_END);
  return g_string_free (out, FALSE);
}

static const struct {
  const char *name, *sheet;
  Part other;
  const char *rows, *fault;
} cases[] = {
  { "kinds of cells",
    SHEET ("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" "
           "t=\"s\"><v>2</v></c></row>"
           "<row r=\"3\"><c r=\"B3\" "
           "t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>no</t></rPh></is></c>"
           "<c r=\"D3\" t=\"b\"><v>1</v></c><c r=\"E3\" t=\"str\"><f>A1&amp;\"x\"</f><v>cached</v></c>"
           "<c r=\"F3\" t=\"e\"><v>#N/A</v></c><c r=\"G3\"/><c r=\"H3\"><v>0</v></c></row>"),
    { 0 },
    "1:姓名|王 小明|a\rb_x0041_\n3:|ab||true|cached|#N/A||0\n",
    NULL },
  { "numbers",
    SHEET ("<row r=\"1\"><c><v>2500.0999999999999</v></c><c><v>1E5</v></c><c><v>-0.1</v></c>"
           "<c><v>350121199001010000</v></c><c><v>3.5012119900101E+17</v></c><c><v>1e-7</v></c><c "
           "s=\"3\"><v>2.5</v></c></row>"),
    { 0 },
    "1:2500.1|100000|-0.1|350121199001010000|350121199001010000|0.0000001|2.5\n",
    NULL },
  { "dates of 1900",
    SHEET ("<row r=\"1\"><c s=\"1\"><v>44469</v></c><c s=\"2\"><v>1</v></c><c s=\"1\"><v>59</v></c><c "
           "s=\"1\"><v>60</v></c>"
           "<c s=\"1\"><v>61</v></c><c s=\"4\"><v>0.5</v></c><c s=\"5\"><v>44469.354166666664</v></c><c "
           "s=\"6\"><v>44469</v></c>"
           "<c s=\"1\"><v>-1</v></c><c s=\"1\"><v>44469.999999999</v></c></row>"),
    { 0 },
    "1:2021-09-30|1900-01-01|1900-02-28|1900-02-29|1900-03-01|12:00:00|2021-09-30T08:30:00|2021-09-30|-1|"
    "2021-10-01\n",
    NULL },
  { "dates of 1904",
    SHEET ("<row r=\"1\"><c s=\"1\"><v>43007</v></c><c s=\"1\"><v>0</v></c></row>"),
    { "xl/workbook.xml", book_1904 },
    "1:2021-09-30|1904-01-01\n",
    NULL },
  { "no styles and no strings",
    SHEET ("<row><c><v>1</v></c></row>"),
    { "xl/styles.xml", NULL },
    "1:1\n",
    NULL },
  { "string missing",
    SHEET ("<row r=\"1\"><c><v>1</v></c></row><row r=\"2\"><c r=\"B2\" t=\"s\"><v>9</v></c></row>"),
    { 0 },
    "1:1\n",
    "row 2, column 2 (B): refers to a shared text that is not there" },
  { "cells out of order",
    SHEET ("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>"),
    { 0 },
    "",
    "row 1, column 1 (A): a cell stands twice or out of order" },
  { "rows out of order",
    SHEET ("<row r=\"2\"><c><v>1</v></c></row><row r=\"1\"><c><v>1</v></c></row>"),
    { 0 },
    "2:1\n",
    "the rows are out of order" },
  { "cell beyond the last column",
    SHEET ("<row r=\"1\"><c r=\"ZZZZ1\"><v>1</v></c></row>"),
    { 0 },
    "",
    "a cell named \"ZZZZ1\"" },
  { "malformed",
    "<worksheet><sheetData><row r=\"1\"><c><v>1</v></row>",
    { 0 },
    "",
    "xl/worksheets/sheet1.xml, line 1" },
  { "document type",
    "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet>&b;</worksheet>",
    { 0 },
    "",
    "document type declaration" },
  { "external entity in the strings",
    SHEET ("<row><c t=\"s\"><v>0</v></c></row>"),
    { "xl/sharedStrings.xml",
      "<!DOCTYPE s [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><sst><si><t>&x;</t></si></sst>" },
    NULL,
    "document type declaration" },
  { "worksheet missing", NULL, { 0 }, NULL, "xl/worksheets/sheet1.xml is missing" },
  { "no workbook", SHEET (""), { "_rels/.rels", NULL }, NULL, "_rels/.rels is missing" },
};

static void
test_case (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  g_autofree char *folder = support_folder ();
  g_autofree char *path = make (folder, cases[i].sheet, &cases[i].other, cases[i].other.name != NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = read_all (path, NULL, &error);
  g_assert_cmpstr (rows, ==, cases[i].rows);
  if (cases[i].fault) {
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, cases[i].fault))
      g_error ("%s", error->message);
  } else
    g_assert_no_error (error);
  support_remove (folder);
}

static void
test_named_sheet (void)
{
  g_autofree char *folder = support_folder ();
  g_autofree char *path = make (folder, SHEET ("<row><c><v>1</v></c></row>"), NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autofree char *second = read_all (path, "Two", &error);
  g_assert_cmpstr (second, ==, "1:2\n");
  g_assert_null (read_all (path, "Three", &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "\"居民\", \"Two\""));
  support_remove (folder);
}

/* Cut anywhere, or with a byte changed: a fault, never a part of the table taken for all of it. */
static void
test_damaged (void)
{
  g_autofree char *folder = support_folder ();
  g_autoptr (GString) body = g_string_new (NULL);
  for (int i = 1; i <= 2000; i++)
    g_string_append_printf (body, "<row r=\"%d\"><c><v>%d</v></c></row>", i, i * 7919);
  g_autofree char *sheet = g_strdup_printf (SHEET ("%s"), body->str);
  g_autofree char *path = make (folder, sheet, NULL, 0);
  gsize len;
  g_autofree char *bytes = support_read (path, &len);
  g_autoptr (GError) error = NULL;
  g_autofree char *all = read_all (path, NULL, &error);
  g_assert_no_error (error);
  for (gsize cut = 4; cut < len; cut += len / 37) {
    g_assert_true (g_file_set_contents (path, bytes, (gssize)cut, NULL));
    g_free (read_all (path, NULL, &error));
    g_assert_nonnull (error);
    g_clear_error (&error);
  }
  for (gsize at = 40; at + 400 < len; at += len / 37) {
    g_autofree char *changed = g_memdup2 (bytes, len);
    changed[at] ^= 0x20;
    g_assert_true (g_file_set_contents (path, changed, (gssize)len, NULL));
    g_autofree char *rows = read_all (path, NULL, &error);
    if (!error) /* a byte that no reader looks at */
      g_assert_cmpstr (rows, ==, all);
    g_clear_error (&error);
  }
  support_remove (folder);
}

/* 64 MiB of rows that say nothing pack to 64 KiB. */
static void
test_bomb (void)
{
  g_autofree char *folder = support_folder ();
  g_autofree char *body = g_malloc ((64 << 20) + 1);
  memset (body, ' ', 64 << 20);
  body[64 << 20] = '\0';
  g_autofree char *path = make (folder, body, NULL, 0);
  g_autoptr (GError) error = NULL;
  g_assert_null (read_all (path, NULL, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_nonnull (strstr (error->message, "zip bomb"));
  support_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/xlsx/%s", cases[i].name);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/xlsx/named-sheet", test_named_sheet);
  g_test_add_func ("/xlsx/damaged", test_damaged);
  g_test_add_func ("/xlsx/bomb", test_bomb);
  return g_test_run ();
}
