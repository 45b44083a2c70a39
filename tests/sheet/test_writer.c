/* What is written is read back as it was, and no spreadsheet computes it. */
#include "sheet/sheet.h"
#include "support.h"

static const char *const hostile[] = {
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "＝1+1",
  "－1",
  "'=1",
  "''+1",
  "'plain",
  "'",
  "''",
  "=cmd|'/C calc'!A0",
  "a,b",
  "a;b",
  "a\tb",
  "a\"b",
  "\"",
  "a\nb",
  "a\r\nb",
  " a ",
  "<script>alert(1)</script>",
  "'; DROP TABLE record; --",
  "_x0041_",
  "_x005F_",
  "_x000D_",
  "王小明",
  "𠮷野家",
  "&amp;",
  "]]>",
  "0012",
  "1e5",
};

static char *
write_hostile (const char *folder, SheetFormat format)
{
  char *path = g_build_filename (folder, format == SHEET_CSV ? "out.csv" : "out.xlsx", NULL);
  GError *error = NULL;
  g_autoptr (SheetWriter) w = sheet_writer_create (path, format, &error);
  g_assert_no_error (error);
  sheet_writer_heading (w, (const char *const[]){ "姓名", "数", "日" }, NULL, 3);
  for (size_t i = 0; i < G_N_ELEMENTS (hostile); i++) {
    sheet_writer_text (w, text_of (hostile[i]));
    sheet_writer_number (w, text_of ("-2500.10"));
    sheet_writer_date (w, civil_to_day (2021, 9, 30) + (Day)i);
    g_assert_true (sheet_writer_end_row (w, &error));
  }
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS) && format == SHEET_CSV);
  g_assert_true (sheet_writer_finish (w, &error));
  return path;
}

static void
test_round_trip (gconstpointer data)
{
  SheetFormat format = (SheetFormat)GPOINTER_TO_INT (data);
  g_autofree char *folder = support_folder ();
  g_autofree char *path = write_hostile (folder, format);
  GError *error = NULL;
  g_autoptr (SheetReader) r = sheet_reader_open (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sheet_reader_format (r), ==, format);
  SheetRow row;
  g_assert_cmpint (sheet_reader_next (r, &row, &error), ==, SHEET_ROW);
  g_assert_true (text_equal (row.cells[0], text_of ("姓名")));
  for (size_t i = 0; i < G_N_ELEMENTS (hostile); i++) {
    char day[CIVIL_TEXT_MAX];
    g_assert_cmpint (sheet_reader_next (r, &row, &error), ==, SHEET_ROW);
    g_assert_cmpint (row.number, ==, (gint64)i + 2);
    g_assert_cmpint (row.n, ==, 3);
    g_autofree char *cell = g_strndup (row.cells[0].bytes, row.cells[0].len);
    g_assert_cmpstr (cell, ==, hostile[i]);
    g_assert_true (text_equal (row.cells[1], text_of (format == SHEET_CSV ? "-2500.10" : "-2500.1")));
    g_assert_true (
        text_equal (row.cells[2], text_of (civil_format (civil_to_day (2021, 9, 30) + (Day)i, day))));
  }
  g_assert_cmpint (sheet_reader_next (r, &row, &error), ==, SHEET_END);
  support_remove (folder);
}

/* No cell of the CSV itself opens with a sign that computes. */
static void
test_csv_is_inert (void)
{
  g_autofree char *folder = support_folder ();
  g_autofree char *path = write_hostile (folder, SHEET_CSV);
  g_autofree char *bytes = support_read (path, NULL);
  g_assert_true (g_str_has_prefix (bytes, "\xEF\xBB\xBF姓名,数,日\r\n\"'=1+1\",-2500.10,2021-09-30\r\n"));
  static const char *const openings[] = { "\r\n=",    "\r\n\"=",  "\r\n+",    "\r\n\"+", "\r\n@", "\r\n\"@",
                                          "\r\n\"\t", "\r\n\"\r", "\r\n\"＝", "\r\n\"-", "\r\n-" };
  for (size_t i = 0; i < G_N_ELEMENTS (openings); i++)
    g_assert_null (strstr (bytes, openings[i]));
  support_remove (folder);
}

/* libxlsxwriter's own cells: inline texts, no <f>. */
static void
test_xlsx_is_inert (void)
{
  g_autofree char *folder = support_folder ();
  g_autofree char *path = write_hostile (folder, SHEET_XLSX);
  g_autofree char *xml = NULL;
  g_autofree char *out = NULL;
  const char *argv[] = { "unzip", "-p", path, "xl/worksheets/sheet1.xml", NULL };
  g_assert_cmpint (support_run (argv, &xml, &out), ==, 0);
  g_assert_null (strstr (xml, "<f>"));
  g_assert_nonnull (strstr (xml, "t=\"inlineStr\""));
  support_remove (folder);
}

static void
test_whole_or_nothing (gconstpointer data)
{
  SheetFormat format = (SheetFormat)GPOINTER_TO_INT (data);
  g_autofree char *folder = support_folder ();
  g_autofree char *path = g_build_filename (folder, "old.csv", NULL);
  GError *error = NULL;
  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  SheetWriter *w = sheet_writer_create (path, format, &error);
  sheet_writer_text (w, text_of ("new"));
  g_assert_true (sheet_writer_end_row (w, &error));
  sheet_writer_free (w);
  g_autofree char *bytes = support_read (path, NULL);
  g_assert_cmpstr (bytes, ==, "old");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;
  while (g_dir_read_name (dir))
    n++;
  g_assert_cmpint (n, ==, 1); /* nothing is left beside it */
  g_assert_null (sheet_writer_create ("/nowhere/x.csv", format, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_clear_error (&error);
  support_remove (folder);
}

static bool
full_sink (const char *bytes, size_t len, gpointer data, GError **error)
{
  g_set_error (error, FAULT, FAULT_SYSTEM, "the line is cut");
  return false;
}

static void
test_sinks (gconstpointer data)
{
  SheetFormat format = (SheetFormat)GPOINTER_TO_INT (data);
  GError *error = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (SheetWriter) w = sheet_writer_new (format, sheet_sink_string, out, &error);
  sheet_writer_sheet (w, "一");
  sheet_writer_text (w, text_of ("x"));
  g_assert_true (sheet_writer_end_row (w, &error));
  g_assert_true (sheet_writer_finish (w, &error));
  g_assert_true (g_str_has_prefix (out->str, format == SHEET_CSV ? "\xEF\xBB\xBFx\r\n" : "PK"));
  g_autoptr (SheetWriter) full = sheet_writer_new (format, full_sink, NULL, &error);
  sheet_writer_text (full, text_of ("x"));
  g_assert_true (sheet_writer_end_row (full, &error));
  g_assert_false (sheet_writer_finish (full, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_cmpstr (error->message, ==, "the line is cut");
  g_clear_error (&error);
}

static void
test_long_cell (void)
{
  GError *error = NULL;
  g_autoptr (GString) out = g_string_new (NULL), cell = g_string_new (NULL);
  for (int i = 0; i < 32768; i++)
    g_string_append (cell, "县");
  g_autoptr (SheetWriter) w = sheet_writer_new (SHEET_XLSX, sheet_sink_string, out, &error);
  sheet_writer_text (w, text_of (cell->str));
  g_assert_false (sheet_writer_end_row (w, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_nonnull (strstr (error->message, "row 1, column A"));
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gpointer csv = GINT_TO_POINTER (SHEET_CSV), xlsx = GINT_TO_POINTER (SHEET_XLSX);
  g_test_add_data_func ("/writer/round-trip/csv", csv, test_round_trip);
  g_test_add_data_func ("/writer/round-trip/xlsx", xlsx, test_round_trip);
  g_test_add_func ("/writer/csv-is-inert", test_csv_is_inert);
  g_test_add_func ("/writer/xlsx-is-inert", test_xlsx_is_inert);
  g_test_add_data_func ("/writer/whole-or-nothing/csv", csv, test_whole_or_nothing);
  g_test_add_data_func ("/writer/whole-or-nothing/xlsx", xlsx, test_whole_or_nothing);
  g_test_add_data_func ("/writer/sinks/csv", csv, test_sinks);
  g_test_add_data_func ("/writer/sinks/xlsx", xlsx, test_sinks);
  g_test_add_func ("/writer/long-cell", test_long_cell);
  return g_test_run ();
}
