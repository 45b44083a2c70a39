/* Every case below models/ in the DMN TCK's own format, and those of the TCK
 * itself: each row that `liudong tck` writes is a test.  What docs/conformance.md
 * lists as failing must fail, so that the list stays true. */
#include "support.h"

#include <string.h>

typedef struct {
  char *path;
  bool passed, listed;
} Row;

static Arena *rows; /* until the tests have run */

static void
check_row (gconstpointer data)
{
  const Row *row = data;
  if (row->listed && row->passed)
    g_test_message ("%s passes, but docs/conformance.md lists it as failing", row->path);
  else if (!row->passed && !row->listed)
    g_test_message ("%s fails: liudong tck --verbose tells why", row->path);
  g_assert_true (row->passed != row->listed);
}

/* The table of remaining failures names a case as `folder/case`. */
static bool
is_listed (const char *conformance, const char *folder, const char *id)
{
  g_autofree char *name = g_strdup_printf ("`%s/%s`", folder, id);
  return strstr (conformance, name) != NULL;
}

/* Rows are "folder","file","case","result","". */
static void
add_rows (const char *prefix, const char *csv, const char *conformance)
{
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  for (size_t i = 0; lines[i] && *lines[i]; i++) {
    g_auto (GStrv) cells = g_strsplit (lines[i], "\",\"", -1);
    g_assert_cmpuint (g_strv_length (cells), ==, 5);
    Row *row = arena_new0 (rows, Row, 1);
    const char *folder = cells[0] + 1;
    row->path = arena_printf (rows, "/dmn/%s/%s/%s/%s", prefix, folder, cells[1], cells[2]);
    row->passed = g_str_equal (cells[3], "SUCCESS");
    row->listed = is_listed (conformance, folder, cells[2]);
    g_test_add_data_func (row->path, row, check_row);
  }
}

static void
add_suite (const char *prefix, const char *folder, const char *conformance)
{
  g_autofree char *scratch = support_folder ();
  g_autofree char *csv_path = g_build_filename (scratch, "results.csv", NULL);
  const char *argv[] = { "liudong", "tck", folder, "--csv", csv_path, NULL };
  g_assert_cmpint (support_run (argv, NULL, NULL), <=, 1);
  g_autofree char *csv = support_read (csv_path, NULL);
  add_rows (prefix, csv, conformance);
  support_remove (scratch);
}

static void
skip_shared (void)
{
  g_free (support_shared ("dmn-tck/TestCases")); /* says why, when it is not there */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rows = arena_new ();
  g_autofree char *document = support_source ("docs/conformance.md");
  g_autofree char *conformance = support_read (document, NULL);
  g_autofree char *models = support_source ("tests/dmn/models");
  g_autofree char *tck = support_source ("../shared/dmn-tck/TestCases");
  add_suite ("models", models, "");
  if (g_file_test (tck, G_FILE_TEST_IS_DIR))
    add_suite ("tck", tck, conformance);
  else
    g_test_add_func ("/dmn/tck", skip_shared);
  int status = g_test_run ();
  arena_free (rows);
  return status;
}
