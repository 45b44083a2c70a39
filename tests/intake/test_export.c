/* What goes out, what is said of it in the audit log first, and that it comes back as it was. */
#include "town.h"

#include "audit/audit.h"

static void
fill (Town *town)
{
  static const char *const names[]
      = { "王小明", "=HYPERLINK(1)", "<b>李</b>", "O'Neil; DROP", "a \"q\", b", "@甲", "𠮷" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (SheetWriter) w = sheet_writer_new (SHEET_CSV, sheet_sink_string, text, NULL);
  const char *const head[]
      = { "姓名", "公民身份号码", "性别", "出生日期", "乡镇", "月收入", "退役军人", "户" };
  town_import_with (town, "h.csv", "户名\n一号\n", (IntakeOptions){ .entity = "household" });
  sheet_writer_heading (w, head, NULL, G_N_ELEMENTS (head));
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *const cells[] = { names[i],
                                  town_id_number (town, (int)i, "1990-01-01", true),
                                  "男",
                                  "1990-01-01",
                                  i % 2 ? "350121101" : "350121102",
                                  i % 3 ? "1234.50" : "",
                                  i % 4 ? "是" : "（无）",
                                  i % 2 ? "household-1" : "" };
    for (size_t k = 0; k < G_N_ELEMENTS (cells); k++)
      sheet_writer_text (w, text_of (cells[k]));
    g_assert_true (sheet_writer_end_row (w, NULL));
  }
  g_assert_true (sheet_writer_finish (w, NULL));
  IntakeRun run = town_import (town, text->str);
  g_assert_cmpint (run.added, ==, G_N_ELEMENTS (names));
}

static char *
export_to (Town *town, const char *name, SheetFormat format, IntakeExport options, gint64 *rows)
{
  GError *error = NULL;
  char *path = g_build_filename (town->folder, name, NULL);
  options.entity = "resident";
  options.purpose = options.purpose ? options.purpose : "年度核对";
  options.actor = "steward";
  g_autoptr (SheetWriter) out = sheet_writer_create (path, format, &error);
  g_assert_true (intake_export (town->registry, &options, out, rows, &error));
  g_assert_no_error (error);
  g_assert_true (sheet_writer_finish (out, &error));
  return path;
}

/* Into the same registry nothing changes; into an empty one, and out again, it is the same file. */
static void
test_round_trip (Town *town, gconstpointer format)
{
  static const char *const columns[]
      = { "姓名", "id_number", "Sex", "出生日期", "乡镇", "月收入", "退役军人", NULL };
  SheetFormat kind = (SheetFormat)GPOINTER_TO_INT (format);
  const char *ending = kind == SHEET_CSV ? "csv" : "xlsx";
  gint64 rows;
  fill (town);
  g_autofree char *name = g_strdup_printf ("all.%s", ending), *other = g_strdup_printf ("some.%s", ending);
  g_autofree char *all = export_to (town, name, kind, (IntakeExport){ 0 }, &rows);
  g_assert_cmpint (rows, ==, 7);
  IntakeOptions options = { .entity = "resident", .source = "公安局", .actor = "steward" };
  GError *error = NULL;
  IntakeRun run;
  g_assert_true (intake_import (town->registry, all, &options, town->arena, &run, &error));
  g_assert_true (run.rows == 7 && run.unchanged == 7 && run.refused == 0);
  g_autofree char *some = export_to (town, other, kind, (IntakeExport){ .columns = columns }, &rows);
  Town fresh = { 0 };
  town_open (&fresh, NULL);
  g_assert_true (intake_import (fresh.registry, some, &options, fresh.arena, &run, &error));
  g_assert_true (run.added == 7 && run.refused == 0);
  g_autofree char *again
      = export_to (&fresh, "again.csv", SHEET_CSV, (IntakeExport){ .columns = columns }, &rows);
  g_autofree char *first
      = export_to (town, "first.csv", SHEET_CSV, (IntakeExport){ .columns = columns }, &rows);
  g_autofree char *bytes = support_read (first, NULL), *bytes_again = support_read (again, NULL);
  g_assert_cmpstr (bytes, ==, bytes_again);
  g_assert_nonnull (strstr (bytes, "\r\n\"'=HYPERLINK(1)\","));
  town_close (&fresh, NULL);
}

static void
test_selection (Town *town, gconstpointer unused)
{
  const char *const columns[] = { "subject", "income", NULL }, *const where[]
                                                               = { "township=350121101", NULL };
  gint64 rows;
  fill (town);
  g_autofree char *path = export_to (
      town, "e.csv", SHEET_CSV, (IntakeExport){ .columns = columns, .where = where, .english = true }, &rows);
  g_autofree char *bytes = support_read (path, NULL);
  g_assert_cmpstr (
      bytes, ==, "\xEF\xBB\xBFSubject,Income\r\nresident-2,1234.50\r\nresident-4,\r\nresident-6,1234.50\r\n");
}

/* The sink is called when the entry is committed, and not before. */
typedef struct {
  Town *town;
  gint64 entries;
  bool called;
} Watch;

static bool
watch_sink (const char *bytes, size_t len, gpointer data, GError **error)
{
  Watch *watch = data;
  watch->called = true;
  g_assert_cmpint (town_count (watch->town, "audit_leaf"), ==, watch->entries + 1);
  return true;
}

static void
test_audit (Town *town, gconstpointer unused)
{
  fill (town);
  Watch watch = { town, town_count (town, "audit_leaf"), false };
  gint64 rows;
  GError *error = NULL;
  g_autoptr (SheetWriter) out = sheet_writer_new (SHEET_CSV, watch_sink, &watch, &error);
  IntakeExport options = { .entity = "resident", .actor = "steward" };
  g_assert_false (intake_export (town->registry, &options, out, &rows, &error));
  g_assert_error (error, FAULT, FAULT_USAGE);
  g_clear_error (&error);
  g_assert_cmpint (town_count (town, "audit_leaf"), ==, watch.entries);
  options.purpose = "年度核对";
  g_assert_true (intake_export (town->registry, &options, out, &rows, &error));
  g_assert_true (sheet_writer_finish (out, &error));
  g_assert_true (watch.called);
  size_t n;
  Subject subject;
  g_assert_true (registry_subject_parse (town->schema, text_of ("resident-3"), &subject));
  const AuditRecord *records
      = audit_entries_about (registry_store (town->registry), town->arena, subject, 0, 1, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (records[0].entry.act, ==, AUDIT_EXPORT);
  g_assert_cmpint (records[0].n_subjects, ==, 7);
  g_assert_cmpstr (records[0].entry.purpose, ==, "年度核对");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function) g_test_add (name, Town, data, town_open, function, town_close)
  ADD ("/export/round-trip/csv", GINT_TO_POINTER (SHEET_CSV), test_round_trip);
  ADD ("/export/round-trip/xlsx", GINT_TO_POINTER (SHEET_XLSX), test_round_trip);
  ADD ("/export/selection", NULL, test_selection);
  ADD ("/export/audit", NULL, test_audit);
  return g_test_run ();
}
