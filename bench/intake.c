/* How fast a table of residents comes in and goes out: rows a second for CSV and
 * XLSX, with every hundredth row wrong, and the most memory it took.  Prints n, 2n,
 * 4n, so that nothing quadratic hides; asserts what landed and what was refused.
 *
 *     build-bench/bench/intake [RESIDENTS [FOLDER]]      default 100000 in $TMPDIR
 */
#include "bench.h"
#include "intake/intake.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { WRONG_EVERY = 100, ORDERS = 499 };

static const char *const headings[]
    = { "姓名",     "公民身份号码", "性别",     "出生日期", "联系电话",     "居住乡镇", "户籍地",
        "户籍性质", "持有居住证",   "婚姻状况", "就业状态", "登记失业日期", "月收入",   "养老保险缴费月数",
        "学历",     "毕业日期",     "技能等级", "退役军人", "残疾等级",     "孤儿",     NULL };

static void
text (SheetWriter *w, const char *cell)
{
  sheet_writer_text (w, text_of (cell));
}

static const char *
pick (const char *const *words, size_t n, gint64 i)
{
  return words[(guint64)i * 2654435761u % n];
}
#define PICK(i, ...)                                                                                         \
  pick ((const char *const[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const char *const[]){ __VA_ARGS__ })), i)

static void
write_resident (SheetWriter *w, gint64 i)
{
  static const char *const given[]
      = { "甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子", "丑" };
  char id[24], buffer[64];
  Day birth = civil_to_day (1940, 1, 1) + i * 7919 % 29000;
  gint64 year;
  int month, day, order = (int)(i / 29000 % ORDERS);
  bool male = i % 2;
  civil_from_day (birth, &year, &month, &day);
  g_snprintf (id, sizeof id, "%06d%04d%02d%02d%03d", (int)(359999 - i / 29000 / ORDERS), (int)year, month,
              day, order * 2 + male);
  id[17] = identity_citizen_check (id);
  id[18] = '\0';
  if (i % WRONG_EVERY == 0)
    id[17] = id[17] == '1' ? '2' : '1';
  g_snprintf (buffer, sizeof buffer, "测%s%s%s", pick (given, 12, i / 144), pick (given, 12, i / 12),
              pick (given, 12, i));
  text (w, buffer);
  text (w, id);
  text (w, male ? "男" : "女");
  sheet_writer_date (w, birth);
  g_snprintf (buffer, sizeof buffer, "1990000%04d", (int)(i % 10000));
  text (w, buffer);
  text (w, PICK (i, "350121001", "350121105", "350121107", "350121206"));
  text (w, PICK (i, "本县", "本市外县", "外省"));
  text (w, PICK (i, "农业", "非农业"));
  text (w, i % 5 ? "否" : "是");
  text (w, PICK (i, "未婚", "已婚", "离异"));
  text (w, PICK (i, "在职", "灵活就业", "务农", "失业", "退休"));
  text (w, i % 9 ? "" : "2026-01-15");
  g_snprintf (buffer, sizeof buffer, "%d.%02d", (int)(i % 9000), (int)(i % 100));
  sheet_writer_number (w, text_of (buffer));
  g_snprintf (buffer, sizeof buffer, "%d", (int)(i % 400));
  sheet_writer_number (w, text_of (buffer));
  text (w, PICK (i, "小学", "初中", "高中", "大专", "本科"));
  text (w, i % 3 ? "" : "2010-07-01");
  text (w, i % 11 ? "" : "中级工");
  text (w, i % 31 ? "否" : "是");
  text (w, i % 40 ? "" : "二级");
  text (w, "否");
}

static void
write_file (const char *path, SheetFormat format, gint64 n)
{
  GError *error = NULL;
  g_autoptr (SheetWriter) w = sheet_writer_create (path, format, &error);
  bench_check (w != NULL, error);
  sheet_writer_heading (w, headings, NULL, G_N_ELEMENTS (headings) - 1);
  for (gint64 i = 0; i < n; i++) {
    write_resident (w, i);
    bench_check (sheet_writer_end_row (w, &error), error);
  }
  bench_check (sheet_writer_finish (w, &error), error);
}

/* Of this process, all threads: what the machine's other work does not change. */
static double
cpu_seconds (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static void
print_figures (const char *what, gint64 rows, gint64 start, double cpu)
{
  double took = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  printf ("  %-22s %8" G_GINT64_FORMAT " rows %7.2f s %8.0f rows/s   %6.2f s of CPU   peak %ld MiB\n", what,
          rows, took, (double)rows / took, cpu_seconds () - cpu, usage.ru_maxrss / 1024);
}

static void
import (Registry *registry, const char *path, const char *what, gint64 n, gint64 added)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  IntakeRun run;
  IntakeOptions options = { .entity = "resident", .source = "县公安局", .actor = "bench", .again = true };
  gint64 start = g_get_monotonic_time ();
  double cpu = cpu_seconds ();
  bench_check (intake_import (registry, path, &options, arena, &run, &error), error);
  print_figures (what, n, start, cpu);
  gint64 wrong = (n + WRONG_EVERY - 1) / WRONG_EVERY;
  g_assert (run.rows == n && run.refused == wrong && run.problems == wrong && run.added == added
            && run.added + run.unchanged == n - wrong && run.changed == 0 && run.finished_at);
}

static void export(Registry *registry, const char *path, SheetFormat format, gint64 n)
{
  GError *error = NULL;
  gint64 rows = 0, start = g_get_monotonic_time ();
  double cpu = cpu_seconds ();
  IntakeExport options = { .entity = "resident", .columns = headings, .purpose = "bench", .actor = "bench" };
  g_autoptr (SheetWriter) w = sheet_writer_create (path, format, &error);
  bench_check (w && intake_export (registry, &options, w, &rows, &error) && sheet_writer_finish (w, &error),
               error);
  print_figures (format == SHEET_CSV ? "export CSV" : "export XLSX", rows, start, cpu);
  g_assert (rows == n - (n + WRONG_EVERY - 1) / WRONG_EVERY);
}

static void
run (const RegistrySchema *schema, const char *folder, gint64 n)
{
  GError *error = NULL;
  g_autofree char *db = g_build_filename (folder, "liudong-intake.db", NULL);
  g_autofree char *csv = g_build_filename (folder, "liudong-intake.csv", NULL);
  g_autofree char *xlsx = g_build_filename (folder, "liudong-intake.xlsx", NULL);
  g_autofree char *out = g_build_filename (folder, "liudong-intake-out.csv", NULL);
  write_file (csv, SHEET_CSV, n);
  write_file (xlsx, SHEET_XLSX, n);
  for (int k = 0; k < 2; k++) {
    g_unlink (db);
    Registry *registry = registry_open (db, STORE_CREATE, schema, &error);
    bench_check (registry != NULL, error);
    gint64 wrong = (n + WRONG_EVERY - 1) / WRONG_EVERY;
    import (registry, k ? xlsx : csv, k ? "import XLSX, all new" : "import CSV, all new", n, n - wrong);
    if (k == 0) {
      import (registry, csv, "import CSV, all known", n, 0);
      export(registry, out, SHEET_CSV, n);
    }
    registry_close (registry);
  }
  g_unlink (db);
  g_unlink (csv);
  g_unlink (xlsx);
  g_unlink (out);
}

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 100000;
  const char *folder = argc > 2 ? argv[2] : g_get_tmp_dir ();
  GError *error = NULL;
  g_autoptr (RegistrySchema) schema = registry_schema_load (BENCH_POLICY "/registry.yaml", &error);
  bench_check (schema != NULL, error);
  for (int i = 4; i >= 1; i /= 2)
    run (schema, folder, residents / i);
  return 0;
}
