/* CSV as it comes: every row that a file gives, or the fault with its place. */
#include "sheet/sheet.h"
#include "support.h"

typedef struct {
  const char *name;
  const char *bytes;
  gssize len; /* -1: up to the NUL */
  const char *encoding;
  const char *rows;  /* "number:cell|cell" a line */
  const char *fault; /* what the message holds, NULL: none */
} Case;

static const Case cases[] = {
  { "plain", "a,b\n1,2\n", -1, NULL, "1:a|b\n2:1|2\n", NULL },
  { "no line end at the end", "a,b\n1,2", -1, NULL, "1:a|b\n2:1|2\n", NULL },
  { "CRLF", "a,b\r\n1,2\r\n", -1, NULL, "1:a|b\n2:1|2\n", NULL },
  { "old Macintosh", "a,b\r1,2\r", -1, NULL, "1:a|b\n2:1|2\n", NULL },
  { "blank rows keep their numbers", "a,b\r\n\r\n,\r\n1,2\r\n\n\n3,4\n", -1, NULL, "1:a|b\n4:1|2\n7:3|4\n",
    NULL },
  { "as many of each: comma", "a;b,c\n1;2\n", -1, NULL, "1:a;b|c\n2:1;2\n", NULL },
  { "semicolon wins", "a;b;c,d\n1;2;3\n", -1, NULL, "1:a|b|c,d\n2:1|2|3\n", NULL },
  { "tab", "a\tb\n1\t2\n", -1, NULL, "1:a|b\n2:1|2\n", NULL },
  { "delimiter in quotes does not count", "\"a;;;\",b\n1,2\n", -1, NULL, "1:a;;;|b\n2:1|2\n", NULL },
  { "quotes, line ends inside", "a,\"b \"\"x\"\"\r\ny\"\n1,\" 2 \"\n", -1, NULL,
    "1:a|b \"x\"\r\ny\n2:1| 2 \n", NULL },
  { "blanks belong to bare cells", "a , b\n", -1, NULL, "1:a | b\n", NULL },
  { "byte-order mark", "\xEF\xBB\xBF姓名,年龄\n王小明,8\n", -1, NULL, "1:姓名|年龄\n2:王小明|8\n", NULL },
  { "GB18030 found out", "\xD0\xD5\xC3\xFB,b\n\xCD\xF5\xD0\xA1\xC3\xF7,2\n", -1, NULL,
    "1:姓名|b\n2:王小明|2\n", NULL },
  { "GB18030 with four bytes", "\xD0\xD5\xC3\xFB\n\x81\x39\xEF\x31\n", -1, NULL, "1:姓名\n2:㐂\n", NULL },
  { "GB18030 told", "a,b\n\xC1\xAA\xCD\xA8,2\n", -1, "gb18030", "1:a|b\n2:联通|2\n", NULL },
  { "told UTF-8 and is not", "a,b\n1,\xCD\xF5\n", -1, "utf-8", "1:a|b\n",
    "row 2, column 2 (B): a byte that is no UTF-8" },
  { "told GB18030 and is not", "a,b\n1,x\xFF\xFFy\n", -1, "gb18030", "1:a|b\n",
    "row 2, column 2 (B): bytes that are no GB18030" },
  { "damaged UTF-8 is no GB18030", "姓名,说明很长的一列文字\n王小明,正常\n李\xE5明,正常\n", -1, NULL,
    "1:姓名|说明很长的一列文字\n2:王小明|正常\n", "row 3, column 1 (A): a byte that is no UTF-8" },
  { "neither", "\xFF\x80,\xFF\n", -1, NULL, "",
    "row 1, column 1 (A): bytes that are neither UTF-8 nor GB18030" },
  { "cut off inside a character", "a\n王\xE5\xB0", -1, NULL, "1:a\n", "ends inside a character" },
  { "NUL", "a,b\n1,x\0y\n", 9, NULL, "1:a|b\n", "row 2, column 2 (B): a NUL byte" },
  { "NUL in GB18030", "\xD0\xD5,b\n1,x\0y\n", 10, NULL, "1:姓|b\n", "row 2, column 2 (B): a NUL byte" },
  { "UTF-16", "\xFF\xFE\x61\0", 4, NULL, NULL, "UTF-16" },
  { "old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, NULL, NULL, ".xls" },
  { "empty", "", 0, NULL, NULL, "is empty" },
  { "encoding unknown", "a\n", -1, "latin1", NULL, "utf-8 or gb18030" },
  { "quote never closed", "a,b\n1,\"2\n3,4\n", -1, NULL, "1:a|b\n",
    "row 2, column 2 (B): the quotation mark that opens this cell is never closed" },
  { "quote closed, then more", "a,b\n1,\"2\"x\n", -1, NULL, "1:a|b\n",
    "row 2, column 2 (B): a quotation mark in the wrong place" },
  { "quote inside a bare cell", "a,b\n1\"x,2\n", -1, NULL, "1:a|b\n",
    "row 2, column 1 (A): a quotation mark in the wrong place" },
  { "defused formulas", "'=1+1,'x,''-2,'\n", -1, NULL, "1:=1+1|'x|'-2|'\n", NULL },
};

static char *
write_case (const char *folder, const char *bytes, gssize len)
{
  char *path = g_build_filename (folder, "case.csv", NULL);
  GError *error = NULL;
  g_file_set_contents (path, bytes, len, &error);
  g_assert_no_error (error);
  return path;
}

static char *
read_all (const char *path, const SheetOptions *options, GError **error)
{
  SheetReader *reader = sheet_reader_open (path, options, error);
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
  sheet_reader_free (reader);
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *folder = support_folder ();
  g_autofree char *path = write_case (folder, c->bytes, c->len);
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = read_all (path, &(SheetOptions){ .encoding = c->encoding }, &error);
  g_assert_cmpstr (rows, ==, c->rows);
  if (c->fault) {
    g_assert_error (error, FAULT, g_str_equal (c->name, "encoding unknown") ? FAULT_USAGE : FAULT_INPUT);
    g_assert_nonnull (strstr (error->message, c->fault));
  } else
    g_assert_no_error (error);
  support_remove (folder);
}

/* A file of BEFORE, then N times FILL, then AFTER. */
static char *
write_long (const char *folder, const char *before, const char *fill, size_t n, const char *after)
{
  char *path = g_build_filename (folder, "long.csv", NULL);
  FILE *file = fopen (path, "w");
  fputs (before, file);
  for (size_t i = 0; i < n; i++)
    fputs (fill, file);
  fputs (after, file);
  g_assert_cmpint (fclose (file), ==, 0);
  return path;
}

static void
check_fault (const char *before, const char *fill, size_t n, const char *message)
{
  g_autofree char *folder = support_folder ();
  g_autofree char *path = write_long (folder, before, fill, n, "");
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = read_all (path, NULL, &error);
  g_assert_cmpstr (rows, ==, "1:a|b\n");
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_nonnull (strstr (error->message, message));
  support_remove (folder);
}

static void
test_huge (void)
{
  check_fault ("a,b\n1,", "0123456789abcdef", 1 << 17, "row 2, column 2 (B): the cell is longer than 1 MiB");
  check_fault ("a,b\n1,\"", "0123456789\nabcde", 1 << 17,
               "row 2, column 2 (B): the cell is longer than 1 MiB");
  check_fault ("a,b\n", "x,", 1 << 15, "row 2, column 16385 (XFE): the row has more than 16384 columns");
  g_autoptr (GString) cell = g_string_new (NULL);
  for (int i = 0; i < 100000; i++)
    g_string_append (cell, "字");
  g_string_append_c (cell, ',');
  check_fault ("a,b\n", cell->str, 20, "row 2, column 14 (N): the row is longer than 4 MiB");
}

/* Every place where a piece of the file can end: a cell of 1 to 64 Ki, in both encodings. */
static void
test_pieces (void)
{
  g_autofree char *folder = support_folder ();
  for (size_t shift = 0; shift < 12; shift++)
    for (int gb = 0; gb < 2; gb++) {
      g_autoptr (GString) text = g_string_new (NULL);
      for (size_t i = 0; i < shift; i++)
        g_string_append_c (text, 'x');
      for (int i = 0; i < 60000; i++)
        g_string_append (text, i % 1000 == 999 ? "县,𠮷\r\n" : "闽");
      g_autofree char *encoded
          = g_convert (text->str, -1, gb ? "GB18030" : "UTF-8", "UTF-8", NULL, NULL, NULL);
      g_autofree char *path = write_case (folder, encoded, -1);
      g_autoptr (GError) error = NULL;
      g_autofree char *rows = read_all (path, NULL, &error);
      g_assert_no_error (error);
      g_autoptr (GString) joined = g_string_new (NULL);
      g_auto (GStrv) lines = g_strsplit (text->str, "\r\n", -1);
      for (int i = 0; *lines[i]; i++)
        g_string_append_printf (joined, "%d:%s\n", i + 1, g_strdelimit (lines[i], ",", '|'));
      g_assert_cmpstr (rows, ==, joined->str);
    }
  support_remove (folder);
}

static void
test_progress (void)
{
  g_autofree char *folder = support_folder ();
  g_autofree char *path = write_long (folder, "a,b\n", "1,2\n", 100000, "");
  g_autoptr (SheetReader) reader = sheet_reader_open (path, NULL, NULL);
  SheetRow row;
  gint64 done = 0, size = 0, n = 0;
  while (sheet_reader_next (reader, &row, NULL) == SHEET_ROW)
    if (++n == 50000)
      sheet_reader_progress (reader, &done, &size);
  g_assert_cmpint (n, ==, 100001);
  g_assert_cmpint (size, ==, 400004);
  g_assert_cmpint (done, >=, 200000);
  g_assert_cmpint (done, <, 300000);
  support_remove (folder);
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (sheet_reader_open ("/nowhere/at-all.csv", NULL, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (sheet_reader_open ("/", NULL, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/csv/%s", cases[i].name);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/csv/huge", test_huge);
  g_test_add_func ("/csv/pieces", test_pieces);
  g_test_add_func ("/csv/progress", test_progress);
  g_test_add_func ("/csv/missing", test_missing);
  return g_test_run ();
}
