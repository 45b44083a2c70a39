/* Rows that land and rows that do not, what is recorded, and what is not recorded twice. */
#include "town.h"

#include <glib/gstdio.h>

static char *
residents (Town *town, int n)
{
  GString *text = g_string_new ("姓名,公民身份号码,性别,出生日期,乡镇,月收入（元/月）\n");
  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "测%d,%s,%s,1990-01-01,350121101,%d.50\n", i,
                            town_id_number (town, i % 400, "1990-01-01", i % 2), i % 2 ? "男" : "女",
                            1000 + i);
  return g_string_free (text, FALSE);
}

static void
check_problems (Town *town, gint64 run, const char *expected)
{
  g_autofree char *problems = town_problems (town, run);
  g_assert_cmpstr (problems, ==, expected);
}

static void
check_value (Town *town, const char *subject, const char *name, const char *expected)
{
  g_autofree char *value = town_value (town, subject, name);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_lands (Town *town, gconstpointer unused)
{
  g_autofree char *text = residents (town, 3);
  IntakeRun run = town_import (town, text);
  g_assert_cmpint (run.rows, ==, 3);
  g_assert_cmpint (run.added, ==, 3);
  g_assert_cmpint (run.refused, ==, 0);
  g_assert_cmpint (run.row, ==, 4);
  g_assert_true (run.finished_at && !run.already && !run.resumed);
  check_value (town, "resident-2", "name", "测1");
  check_value (town, "resident-2", "sex", "男");
  check_value (town, "resident-2", "income", "1001.5");
  check_value (town, "resident-2", "illness", "unknown");
}

/* One row a problem: heading, the row's cells, what is said of it. */
static void
test_problems (Town *town, gconstpointer unused)
{
  g_free (town_file (town, "h.csv", "户名\n一号\n一号\n"));
  town_import_with (town, "one.csv", "户名\n三号\n", (IntakeOptions){ .entity = "household" });
  g_autofree char *good = g_strdup (town_id_number (town, 1, "1990-01-01", true));
  g_autofree char *wrong = g_strdup (good);
  wrong[17] = wrong[17] == '1' ? '2' : '1';
  const struct {
    const char *heading, *cell, *problem; /* NULL: it lands */
  } cases[] = {
    { "性别", "女", "2 性别: the sex is not that of the ID number\n" },
    { "性别", "Male", NULL },
    { "性别", "不详", "2 性别: not one of the values allowed\n" },
    { "出生日期", "1990-01-02", "2 出生日期: the birth date is not that of the ID number\n" },
    { "出生日期", "1990年1月1日", NULL },
    { "出生日期", "1990/1/1", NULL },
    { "出生日期", "19900101", NULL },
    { "出生日期", "1990-02-30", "2 出生日期: not a date\n" },
    { "出生日期", "1.2.1990", "2 出生日期: not a date\n" },
    { "出生日期", "1890-01-01", "2 出生日期: below the least allowed\n" },
    { "月收入", "１０００．５０", NULL },
    { "月收入", "1000元", "2 月收入: not a number\n" },
    { "月收入", "\"1,000\"", "2 月收入: not a number\n" },
    { "月收入", "0.001", "2 月收入: too many digits after the point, or too large\n" },
    { "月收入", "-1", "2 月收入: below the least allowed\n" },
    { "月收入", "100000", "2 月收入: above the most allowed\n" },
    { "月收入", "#REF!", "2 月收入: an error mark of the spreadsheet\n" },
    { "退役军人", "是", NULL },
    { "退役军人", "也许", "2 退役军人: neither yes nor no\n" },
    { "户", "household-1", NULL },
    { "户", "三号", NULL },
    { "户", "household-99", "2 户: no such Household\n" },
    { "户", "resident-1", "2 户: no such Household\n" },
    { "户", "（无）", NULL },
    { "乡镇", "a\001b", "2 乡镇: holds control characters, or is too long\n" },
    { "乡镇", "'; DROP TABLE record; --", NULL },
    { "乡镇", "<script>alert(1)</script>", NULL },
    { "乡镇", "=1+1", NULL },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text
        = g_strdup_printf ("姓名,公民身份号码,%s\n王小明,%s,%s\n", cases[i].heading, good, cases[i].cell);
    IntakeRun run = town_import_with (town, "case.csv", text, (IntakeOptions){ .dry_run = true });
    check_problems (town, run.id, cases[i].problem ? cases[i].problem : "");
    g_assert_cmpint (run.added, ==, cases[i].problem == NULL);
  }
  g_autofree char *text = g_strdup_printf (
      "姓名,公民身份号码\n王,%s\n王,350121\n王,\n,%s\n王,%s\n李,%s\n王\n", wrong, good, good, good);
  IntakeRun run = town_import (town, text);
  check_problems (town, run.id,
                  "2 公民身份号码: wrong ID number (length, date or check character)\n"
                  "3 公民身份号码: wrong ID number (length, date or check character)\n"
                  "4 公民身份号码: ID number is empty\n"
                  "5 姓名: a new subject without Name\n"
                  "7 公民身份号码: the same as in row 6\n"
                  "8 : fewer cells than the heading (2)\n"
                  "8 公民身份号码: ID number is empty\n");
  g_assert_cmpint (run.refused, ==, 6);
  g_assert_cmpint (run.added, ==, 1);
}

static void
test_columns (Town *town, gconstpointer unused)
{
  static const struct {
    const char *heading, *fault;
  } cases[] = {
    { "姓名,证件号\n", "the column 公民身份号码 (ID number) is missing" },
    { "姓名,公民身份号码,爱好\n", "columns that 居民 does not have: C \"爱好\"" },
    { "姓名,公民身份号码,出生日\n", "C \"出生日\" (do you mean \"出生日期\"?)" },
    { "姓名,公民身份号码,Name\n", "C \"Name\" (stands twice)" },
    { "王小明,3501\n", "row 1 names no column of 居民" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = town_file (town, "columns.csv", cases[i].heading);
    g_autoptr (GError) error = NULL;
    IntakeRun run;
    IntakeOptions options = { .entity = "居民", .source = "公安局", .actor = "steward" };
    g_assert_false (intake_import (town->registry, path, &options, town->arena, &run, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, cases[i].fault))
      g_error ("%s", error->message);
  }
  g_assert_cmpint (town_count (town, "intake_run"), ==, 0);
  g_autofree char *text
      = g_strdup_printf ("Name,id_number,爱好\n王,%s,钓鱼\n", town_id_number (town, 1, "1990-01-01", true));
  IntakeRun run = town_import_with (town, "skip.csv", text, (IntakeOptions){ .skip_unknown = true });
  g_assert_cmpint (run.added, ==, 1);
}

static void
test_twice (Town *town, gconstpointer unused)
{
  g_autofree char *text = residents (town, 50);
  IntakeRun first = town_import (town, text);
  gint64 records = town_count (town, "record"), batches = town_count (town, "batch");
  IntakeRun second = town_import (town, text);
  g_assert_true (second.already && second.id == first.id);
  g_autofree char *blank = g_strconcat (text, "\n", NULL); /* another file that says the same */
  IntakeRun third = town_import (town, blank);
  g_assert_true (!third.already && third.unchanged == 50 && third.added == 0 && third.changed == 0);
  IntakeRun fourth = town_import_with (town, "file.csv", text, (IntakeOptions){ .again = true });
  g_assert_true (!fourth.already && fourth.unchanged == 50);
  g_assert_cmpint (town_count (town, "record"), ==, records);
  g_assert_cmpint (town_count (town, "batch"), ==, batches);
}

/* Only what differs from what this source has said becomes a record. */
static void
test_changes (Town *town, gconstpointer unused)
{
  const char *id = town_id_number (town, 1, "1990-01-01", true);
  g_autofree char *before = g_strdup_printf ("姓名,公民身份号码,月收入\n王,%s,1000\n", id),
                  *after = g_strdup_printf ("姓名,公民身份号码,月收入\n王,%s,2000\n", id),
                  *none = g_strdup_printf ("公民身份号码,月收入,重病\n%s,,（无）\n", id);
  town_import (town, before);
  IntakeRun run = town_import_with (town, "file.csv", after,
                                    (IntakeOptions){ .has_valid_from = true, .valid_from = civil_today () });
  g_assert_cmpint (run.changed, ==, 1);
  Subject subject;
  size_t n;
  g_assert_true (registry_subject_parse (town->schema, text_of ("resident-1"), &subject));
  const RegistryRecord *records = registry_records (town->registry, town->arena, subject, &n, NULL);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (records[1].n, ==, 1);
  g_assert_cmpstr (records[1].facts[0].attribute->id, ==, "income");
  g_assert_nonnull (strstr (records[1].evidence, "file.csv"));
  /* An empty cell says nothing; another source's statement is its own. */
  run = town_import_with (town, "file.csv", none, (IntakeOptions){ .source = "卫健局" });
  g_assert_cmpint (run.changed, ==, 1);
  check_value (town, "resident-1", "income", "2000");
  check_value (town, "resident-1", "illness", "null");
}

static void
test_subject_column (Town *town, gconstpointer unused)
{
  g_autofree char *text = residents (town, 2);
  town_import (town, text);
  g_autofree char *other = g_strdup (town_id_number (town, 1, "1990-01-01", true));
  g_autofree char *by_id = g_strdup_printf (
      "主体编号,公民身份号码,月收入\nresident-1,,5000\nresident-9,,1\nresident-1,%s,1\nhousehold-1,,1\n",
      other);
  IntakeRun run = town_import (town, by_id);
  g_assert_cmpint (run.changed, ==, 1);
  check_value (town, "resident-1", "income", "5000");
  check_problems (town, run.id,
                  "3 主体编号: there is no such subject\n"
                  "4 公民身份号码: belongs to another subject, resident-2\n"
                  "5 主体编号: there is no such subject\n");
}

static void
test_references (Town *town, gconstpointer unused)
{
  char code[] = "91350121YX000001??";
  code[16] = identity_organisation_check (code + 8);
  code[17] = identity_credit_check (code);
  g_autofree char *firms = g_strdup_printf ("名称,统一社会信用代码\n甲公司,%s\n", code);
  IntakeRun run = town_import_with (town, "firms.csv", firms,
                                    (IntakeOptions){ .entity = "firm", .source = "市场监管局" });
  g_assert_cmpint (run.added, ==, 1);
  town_import_with (town, "h.csv", "户名\n一号\n", (IntakeOptions){ .entity = "household" });
  g_autofree char *text = g_strdup_printf (
      "姓名,公民身份号码,单位,户\n王,%s,%s,一号\n李,%s,甲公司,household-1\n赵,%s,乙公司,\n",
      town_id_number (town, 1, "1990-01-01", true), code, town_id_number (town, 2, "1990-01-01", true),
      town_id_number (town, 3, "1990-01-01", true));
  run = town_import (town, text);
  g_assert_cmpint (run.added, ==, 2);
  check_value (town, "resident-1", "employer", "firm-1");
  check_value (town, "resident-2", "employer", "firm-1");
  check_value (town, "resident-1", "household", "household-1");
  check_problems (town, run.id, "4 单位: no such Firm\n");
  /* The same name twice means the same subject where there is no number. */
  run = town_import_with (town, "h2.csv", "户名\n一号\n二号\n", (IntakeOptions){ .entity = "household" });
  g_assert_true (run.added == 1 && run.unchanged == 1);
}

static void
test_gb18030 (Town *town, gconstpointer unused)
{
  g_autofree char *text = residents (town, 3);
  g_autofree char *gb = g_convert (text, -1, "GB18030", "UTF-8", NULL, NULL, NULL);
  IntakeRun run = town_import (town, gb);
  g_assert_cmpint (run.added, ==, 3);
  check_value (town, "resident-1", "name", "测0");
}

/* What stands before the fault of a file is in; the run goes on from there no further. */
static void
test_broken_file (Town *town, gconstpointer unused)
{
  g_autofree char *text = residents (town, 3);
  g_autofree char *broken = g_strconcat (text, "\"open,1,1,1,1,1\n", NULL);
  g_autofree char *path = town_file (town, "broken.csv", broken);
  g_autoptr (GError) error = NULL;
  IntakeRun run;
  IntakeOptions options = { .entity = "resident", .source = "公安局", .actor = "steward" };
  g_assert_false (intake_import (town->registry, path, &options, town->arena, &run, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_nonnull (strstr (error->message, "row 5, column 1 (A)"));
  g_assert_true (run.added == 3 && run.row == 4 && !run.finished_at);
  check_value (town, "resident-3", "name", "测2");
}

static void
test_dry_run (Town *town, gconstpointer unused)
{
  g_autofree char *text = residents (town, 30);
  gint64 tables[]
      = { town_count (town, "record"), town_count (town, "batch"), town_count (town, "current_resident") };
  IntakeRun run = town_import_with (town, "dry.csv", text, (IntakeOptions){ .dry_run = true, .chunk = 7 });
  g_assert_true (run.dry && run.added == 30 && run.finished_at);
  g_assert_cmpint (town_count (town, "record"), ==, tables[0]);
  g_assert_cmpint (town_count (town, "batch"), ==, tables[1]);
  g_assert_cmpint (town_count (town, "current_resident"), ==, tables[2]);
  run = town_import (town, text);
  g_assert_true (!run.already && run.added == 30);
}

static void
test_report (Town *town, gconstpointer unused)
{
  IntakeRun run = town_import (town, "姓名,公民身份号码\n=1+1,12\n");
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (SheetWriter) w = sheet_writer_new (SHEET_CSV, sheet_sink_string, out, NULL);
  GError *error = NULL;
  g_assert_true (intake_write_report (town->registry, run.id, w, &error) && sheet_writer_finish (w, &error));
  g_assert_nonnull (
      strstr (out->str, "\r\n2,公民身份号码,12,公民身份号码有误（位数、日期或校验码）,对照证件核对"));
  g_assert_false (intake_write_report (town->registry, 99, w, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
}

/* ---- complete loads ---------------------------------------------------- */

static bool
stop_at_once (gint64 done, gint64 size, gpointer data)
{
  return false;
}

static void
test_complete (Town *town, gconstpointer unused)
{
  const char *one = town_id_number (town, 1, "1990-01-01", true),
             *two = town_id_number (town, 2, "1990-01-01", true);
  g_autofree char *before = g_strdup_printf ("姓名,公民身份号码,退役军人\n王,%s,是\n李,%s,是\n", one, two),
                  *wrong = g_strdup_printf ("姓名,公民身份号码,退役军人\n王,%s,是\n李,%s,不知道\n", one, two),
                  *load = g_strdup_printf ("姓名,公民身份号码,退役军人\n王,%s,是\n李,%s,\n", one, two);
  IntakeOptions complete = { .complete = true, .chunk = 1 };
  town_import (town, before);
  IntakeRun run = town_import_with (town, "wrong.csv", wrong, complete);
  g_assert_true (run.refused == 1 && run.finished_at && !run.completed);
  check_value (town, "resident-2", "veteran", "true"); /* nothing is absent by a load with holes */
  g_autofree char *path = town_file (town, "load.csv", load);
  IntakeOptions stopping = { .entity = "resident",
                             .source = "公安局",
                             .actor = "steward",
                             .complete = true,
                             .chunk = 1,
                             .progress = stop_at_once };
  g_autoptr (GError) error = NULL;
  g_assert_false (intake_import (town->registry, path, &stopping, town->arena, &run, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_assert_true (run.rows == 1 && !run.finished_at);
  check_value (town, "resident-2", "veteran", "true"); /* nor by half of one */
  run = town_import_with (town, "load.csv", load, complete);
  g_assert_true (run.resumed && run.completed && run.rows == 2);
  check_value (town, "resident-1", "veteran", "true");
  check_value (town, "resident-2", "veteran", "false");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Town, NULL, town_open, function, town_close)
  ADD ("/import/lands", test_lands);
  ADD ("/import/problems", test_problems);
  ADD ("/import/columns", test_columns);
  ADD ("/import/twice", test_twice);
  ADD ("/import/changes", test_changes);
  ADD ("/import/subject-column", test_subject_column);
  ADD ("/import/references", test_references);
  ADD ("/import/gb18030", test_gb18030);
  ADD ("/import/broken-file", test_broken_file);
  ADD ("/import/dry-run", test_dry_run);
  ADD ("/import/report", test_report);
  ADD ("/import/complete", test_complete);
  return g_test_run ();
}
