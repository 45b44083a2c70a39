/* kill -9 in the middle of an import: nothing committed is lost, nothing is there
 * twice, and the same call goes on where the last one ended. */
#include "town.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 600, CHUNK = 50 };

/* Every seventh row is wrong, and every eleventh repeats the number of the row before. */
static char *
table (Town *town)
{
  GString *text = g_string_new ("姓名,公民身份号码,出生日期,乡镇\n");
  for (int i = 0; i < ROWS; i++) {
    int person = i % 11 == 10 ? i - 1 : i;
    g_autofree char *day = g_strdup_printf ("19%02d-01-01", 50 + person / 400);
    g_string_append_printf (text, "测%d,%s,%s,%s\n", i, town_id_number (town, person % 400, day, true), day,
                            i % 7 == 6 ? "\a" : "350121101");
  }
  return g_string_free (text, FALSE);
}

static bool
count_down (gint64 done, gint64 size, gpointer left)
{
  if (--*(int *)left == 0)
    raise (SIGKILL);
  return true;
}

/* In a child, which has no thread of ours: import, and die after LEFT chunks. */
static void
import_in_child (const char *db, const char *schema_path, const char *file, int left)
{
  g_autoptr (Arena) arena = arena_new ();
  RegistrySchema *schema = registry_schema_load (schema_path, NULL);
  Registry *registry = schema ? registry_open (db, STORE_CREATE, schema, NULL) : NULL;
  IntakeRun run;
  IntakeOptions options = { .entity = "resident",
                            .source = "公安局",
                            .actor = "steward",
                            .chunk = CHUNK,
                            .progress = count_down,
                            .data = &left };
  bool ok = registry && intake_import (registry, file, &options, arena, &run, NULL);
  registry_close (registry);
  _exit (ok ? 0 : 3);
}

static int
run_child (const char *db, const char *schema, const char *file, int left, useconds_t kill_after)
{
  pid_t child = fork ();
  int status;
  if (child == 0)
    import_in_child (db, schema, file, left);
  if (kill_after) {
    usleep (kill_after);
    kill (child, SIGKILL);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

/* What an import that nobody disturbs comes to. */
static char *
describe (Town *town)
{
  size_t n;
  GError *error = NULL;
  const IntakeRun *runs = intake_runs (registry_store (town->registry), town->arena, 0, 10, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_autofree char *problems = town_problems (town, runs[0].id);
  RegistryVerification found;
  g_assert_true (registry_verify (town->registry, NULL, NULL, &found, &error));
  g_assert_cmpstr (found.difference, ==, NULL);
  return g_strdup_printf (
      "rows %d added %d changed %d unchanged %d refused %d last %d finished %d residents %d records "
      "%d\n%s",
      (int)runs[0].rows, (int)runs[0].added, (int)runs[0].changed, (int)runs[0].unchanged,
      (int)runs[0].refused, (int)runs[0].row, runs[0].finished_at != 0,
      (int)town_count (town, "current_resident"), (int)town_count (town, "record"), problems);
}

static void
check_killed (const char *expected, const char *text, gconstpointer how, bool by_time)
{
  Town town = { 0 };
  g_autofree char *schema = support_source ("tests/intake/county.yaml");
  town.folder = support_folder ();
  town.path = support_store (town.folder, "town.db");
  g_autofree char *file = town_file (&town, "file.csv", text);
  int tries = 0, status = 1;
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (how));
  while (status != 0 && ++tries < 200) {
    int chunks = by_time ? 0 : GPOINTER_TO_INT (how);
    status = run_child (town.path, schema, file, chunks,
                        by_time && tries < 60 ? (useconds_t)g_rand_int_range (random, 5000, 60000) : 0);
    g_assert_true (status == 0 || (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL));
  }
  g_assert_cmpint (status, ==, 0);
  if (!by_time)
    g_assert_cmpint (tries, >=, ROWS / CHUNK / GPOINTER_TO_INT (how));
  town.schema = registry_schema_load (schema, NULL);
  town.registry = registry_open (town.path, 0, town.schema, NULL);
  town.arena = arena_new ();
  g_autofree char *got = describe (&town);
  g_assert_cmpstr (got, ==, expected);
  town_close (&town, NULL);
}

static char *expected, *text;

static void
test_chunks (gconstpointer chunks)
{
  check_killed (expected, text, chunks, false);
}

static void
test_times (gconstpointer seed)
{
  check_killed (expected, text, seed, true);
}

static void
make_expected (void)
{
  Town town = { 0 };
  town_open (&town, NULL);
  text = table (&town);
  town_import_with (&town, "file.csv", text, (IntakeOptions){ .chunk = CHUNK });
  expected = describe (&town);
  g_assert_true (g_str_has_prefix (expected, "rows 600 "));
  g_assert_nonnull (strstr (expected, "the same as in row"));
  town_close (&town, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_expected ();
  g_test_add_data_func ("/kill/after each chunk", GINT_TO_POINTER (1), test_chunks);
  g_test_add_data_func ("/kill/after five chunks", GINT_TO_POINTER (5), test_chunks);
  for (int seed = 1; seed <= 3; seed++) {
    g_autofree char *name = g_strdup_printf ("/kill/at any moment/seed %d", seed);
    g_test_add_data_func (name, GINT_TO_POINTER (seed), test_times);
  }
  int status = g_test_run ();
  g_free (expected);
  g_free (text);
  return status;
}
