/* A package's schema changes under a county in use: a copy of the data comes first. */
#include "scratch.h"

#include <glib/gstdio.h>
#include <string.h>

#define OPEN_CHANGED "liudong migrate --db \"$DB\" --policy changed"
/* With the package as it is: says nothing on standard error when nothing has to change. */
#define OPEN(db) "liudong migrate --db " db

static const char *folder;

/* The county's package with one attribute more, and a county $DB made with the package as it is. */
static void
prepare (const char *name)
{
  g_autofree char *db = support_on_postgres () ? support_store (folder, name) : g_strdup ("county.db");
  g_assert_true (g_setenv ("DB", db, TRUE));
  g_autofree char *package = support_source ("policy/minhou-2021-81"),
                  *make = g_strdup_printf (
                      "rm -rf * && cp -r '%s' changed && sed -i '0,/^    attributes:/s//&\\n"
                      "      - { id: shoe_size, zh: 鞋码, en: Shoe size, type: number, min: 1, max: 60 }/' "
                      "changed/registry.yaml && liudong demo --db \"$DB\" --residents 60 --listen none",
                      package);
  g_assert_cmpint (scratch_shell (make, NULL, NULL), ==, 0);
}

/* The one name that PATTERN stands for. */
static char *
find (const char *pattern)
{
  g_autofree char *list = g_strdup_printf ("ls -d %s", pattern), *names = NULL;
  g_assert_cmpint (scratch_shell (list, &names, NULL), ==, 0);
  g_strchomp (names);
  g_assert_null (strchr (names, '\n'));
  return g_steal_pointer (&names);
}

static int
run (const char *line, char **err)
{
  g_autofree char *out = NULL;
  return scratch_shell (line, &out, err);
}

static void
test_file (void)
{
  prepare ("county0");
  g_autofree char *err = NULL, *again = NULL, *mode = NULL;
  g_assert_cmpint (run (OPEN_CHANGED, &err), ==, 0);
  g_autofree char *copy = find ("county.db.before-*"), *shell = g_strdup_printf ("stat -c %%a %s", copy),
                  *renamed = g_strdup_printf ("mv %s old.db", copy);
  g_assert_nonnull (strstr (err, copy));
  g_assert_true (g_regex_match_simple ("^county\\.db\\.before-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$", copy, 0, 0));
  g_assert_cmpint (scratch_shell (shell, &mode, NULL), ==, 0);
  g_assert_cmpstr (mode, ==, "600\n");
  g_assert_cmpint (run (OPEN_CHANGED, &again), ==, 0); /* nothing changes any more */
  g_assert_cmpstr (again, ==, "");
  /* The copy is the county as it was: the package as it is fits it, without a change. */
  g_autofree char *quiet = NULL;
  g_assert_cmpint (run (renamed, NULL), ==, 0);
  g_assert_cmpint (run (OPEN ("old.db"), &quiet), ==, 0);
  g_assert_cmpstr (quiet, ==, "");
}

static void
test_encrypted (void)
{
  prepare ("county1");
  g_autofree char *err = NULL, *quiet = NULL;
  g_assert_cmpint (run ("mkdir safe && liudong backup --new-key key", NULL), ==, 0);
  g_assert_cmpint (run ("LIUDONG_BACKUP_KEY=key LIUDONG_BACKUP_DIR=safe " OPEN_CHANGED, &err), ==, 0);
  g_autofree char *copy = find ("safe/*.before-*"),
                  *restore = g_strdup_printf ("liudong restore %s --db old.db --key-file key", copy);
  g_assert_nonnull (strstr (err, copy));
  g_assert_cmpint (run (restore, NULL), ==, 0);
  g_assert_cmpint (run (OPEN ("old.db"), &quiet), ==, 0);
  g_assert_cmpstr (quiet, ==, "");
}

/* A server's database has no file to copy: the key and a folder must be set. */
static void
test_server (void)
{
  prepare ("county4");
  g_autofree char *err = NULL, *no_folder = NULL, *quiet = NULL;
  g_assert_cmpint (run ("liudong backup --new-key key", NULL), ==, 0);
  g_assert_cmpint (run (OPEN_CHANGED, &err), ==, 2);
  g_assert_nonnull (
      strstr (err, "its tables have to change, and a backup comes first: set LIUDONG_BACKUP_KEY"));
  g_assert_cmpint (run ("LIUDONG_BACKUP_KEY=key " OPEN_CHANGED, &no_folder), ==, 2);
  g_assert_nonnull (strstr (no_folder, "LIUDONG_BACKUP_DIR"));
  g_assert_cmpint (run (OPEN ("\"$DB\""), &quiet), ==, 0);
  g_assert_cmpstr (quiet, ==, "");
}

/* No copy, no change: the file is the same to the byte. */
static void
test_failing (void)
{
  static const struct {
    const char *environment, *words;
    int status;
  } cases[] = {
    { "LIUDONG_BACKUP_KEY=absent", "absent: no such key file", 2 },
    { "LIUDONG_BACKUP_KEY=key LIUDONG_BACKUP_DIR=/proc/none", "/proc/none", 3 },
  };
  prepare ("county2");
  g_assert_cmpint (run ("liudong backup --new-key key", NULL), ==, 0);
  gsize before_len, after_len;
  g_autofree char *before = support_read ("county.db", &before_len);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *line = g_strconcat (cases[i].environment, " " OPEN_CHANGED, NULL), *err = NULL;
    g_assert_cmpint (run (line, &err), ==, cases[i].status);
    g_assert_nonnull (strstr (err, "its tables have to change, but no copy could be made first"));
    g_assert_nonnull (strstr (err, cases[i].words));
    g_assert_true (strchr (err, '\n') == err + strlen (err) - 1);
  }
  g_autofree char *after = support_read ("county.db", &after_len), *quiet = NULL;
  g_assert_cmpmem (before, before_len, after, after_len);
  g_assert_cmpint (run (OPEN ("county.db"), &quiet), ==, 0);
  g_assert_cmpstr (quiet, ==, "");
}

/* A change that cannot be made is refused before any copy. */
static void
test_refused (void)
{
  prepare ("county3");
  g_autofree char *err = NULL;
  g_assert_cmpint (run ("cd changed && sed -i '0,/type: date/s//type: text/' registry.yaml", NULL), ==, 0);
  g_assert_cmpint (run (OPEN_CHANGED, &err), ==, 2);
  g_assert_cmpint (run ("ls -d county.db.*", NULL), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  char *entered = scratch_enter ();
  folder = entered;
  if (support_on_postgres ())
    g_test_add_func ("/keeping/a server", test_server);
  else {
    g_test_add_func ("/keeping/a copy beside the file", test_file);
    g_test_add_func ("/keeping/no copy, no change", test_failing);
    g_test_add_func ("/keeping/refused before a copy", test_refused);
  }
  g_test_add_func ("/keeping/an encrypted backup", test_encrypted);
  int status = g_test_run ();
  scratch_leave (entered);
  return status;
}
