/* A full disk: one clear line, nothing half-made, nothing lost.  A small file
 * system of this process's own is mounted, which needs a mount namespace. */
#include "server.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static bool can_mount;

static bool
write_text (const char *path, const char *text)
{
  FILE *file = fopen (path, "w");
  bool ok = file && fputs (text, file) >= 0;
  return file && fclose (file) == 0 && ok;
}

/* Mounts of our own: as the superuser, else in a user namespace where we are it. */
static bool
enter_namespace (void)
{
  g_autofree char *user = g_strdup_printf ("0 %u 1\n", getuid ()),
                  *group = g_strdup_printf ("0 %u 1\n", getgid ());
  bool ok = unshare (CLONE_NEWNS) == 0
            || (unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_text ("/proc/self/setgroups", "deny")
                && write_text ("/proc/self/uid_map", user) && write_text ("/proc/self/gid_map", group));
  return ok && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount ("tmpfs", "disk", "tmpfs", 0, "size=1m") == 0;
}

/* An empty disk of SIZE ("512k"); false after marking the test as skipped. */
static bool
new_disk (const char *size)
{
  if (!can_mount) {
    g_test_skip ("needs to mount a small file system, which is not permitted here");
    return false;
  }
  g_autofree char *options = g_strconcat ("size=", size, NULL);
  g_assert_cmpint (umount ("disk"), ==, 0);
  g_assert_cmpint (mount ("tmpfs", "disk", "tmpfs", 0, options), ==, 0);
  return true;
}

static void
fill_disk (void)
{
  g_assert_cmpint (scratch_shell ("dd if=/dev/zero of=disk/fill bs=4096", NULL, NULL), !=, 0);
}

static void
free_disk (void)
{
  g_assert_cmpint (scratch_shell ("rm disk/fill", NULL, NULL), ==, 0);
}

static void
assert_disk_full (const char *err)
{
  g_test_message ("%s", err);
  g_assert_nonnull (strstr (err, "disk full"));
  g_assert_true (g_str_has_prefix (err, "liudong ") && strchr (err, '\n') == err + strlen (err) - 1);
}

static void
assert_holds (const char *wanted)
{
  g_autofree char *names = NULL;
  g_assert_cmpint (scratch_shell ("ls -A disk", &names, NULL), ==, 0);
  g_assert_cmpstr (names, ==, wanted);
}

/* On ever larger disks: no county and no file, until there is room for all of it. */
static void
test_demo (void)
{
  bool made = false, refused = false;
  for (int kilobytes = 64; kilobytes <= 16384 && !made; kilobytes += 512) {
    g_autofree char *size = g_strdup_printf ("%dk", kilobytes), *err = NULL, *text = NULL;
    if (!new_disk (size))
      return;
    int status = scratch_shell ("liudong demo --db disk/a.db --residents 100 --listen none", NULL, &err);
    made = status == 0;
    if (!made) {
      g_assert_cmpint (status, ==, 3);
      assert_disk_full (err);
      assert_holds ("");
      refused = true;
      continue;
    }
    assert_holds ("a.db\n");
    g_assert_cmpint (scratch_shell ("cp disk/a.db made.db", NULL, NULL), ==, 0);
    g_assert_cmpint (scratch_shell ("liudong decide --db made.db --subject resident-1", &text, NULL), ==, 0);
    Server server = server_start ("serve --db made.db --listen 127.0.0.1:0");
    g_autofree char *session
        = server_login (&server, "resident", "liudong"); /* its accounts are whole, too */
    g_assert_nonnull (session);
    g_assert_cmpint (server_end (&server, SIGTERM, NULL), ==, 0);
  }
  g_assert_true (made && refused);
}

static void
test_serve (void)
{
  if (!new_disk ("8m"))
    return;
  g_autofree char *err = NULL, *text = NULL;
  g_assert_cmpint (scratch_shell ("cp made.db disk/a.db", NULL, NULL), ==, 0);
  fill_disk ();
  g_assert_cmpint (scratch_shell ("liudong serve --db disk/a.db --listen 127.0.0.1:0", NULL, &err), ==, 3);
  assert_disk_full (err);
  free_disk ();
  g_assert_cmpint (scratch_shell ("liudong decide --db disk/a.db --subject resident-1", &text, NULL), ==, 0);
  assert_holds ("a.db\n");
}

/* Full while serving: pages are still read, what must be written is refused,
 * and goes on when there is room again. */
static void
test_while_serving (void)
{
  if (!new_disk ("8m"))
    return;
  g_assert_cmpint (scratch_shell ("cp made.db disk/a.db", NULL, NULL), ==, 0);
  Server server = server_start ("serve --db disk/a.db --listen 127.0.0.1:0");
  g_autofree char *before = server_login (&server, "resident", "liudong");
  g_assert_nonnull (before);
  fill_disk ();
  for (int i = 0; i < 20; i++) { /* the journal has some room left */
    g_autofree char *session = server_login (&server, "resident", "liudong");
    if (!session)
      break;
    g_assert_cmpint (i, <, 19);
  }
  g_assert_true (server_knows (&server, before));
  free_disk ();
  g_autofree char *after = server_login (&server, "resident", "liudong");
  g_assert_nonnull (after);
  g_assert_cmpint (server_end (&server, SIGTERM, NULL), ==, 0);
  server = server_start ("serve --db disk/a.db --listen 127.0.0.1:0");
  g_assert_true (server_knows (&server, before) && server_knows (&server, after));
  g_assert_cmpint (server_end (&server, SIGTERM, NULL), ==, 0);
}

/* On ever larger disks, as the county above: COMMAND makes FILE whole or leaves nothing. */
static void
make_when_there_is_room (const char *command, const char *file)
{
  bool made = false, refused = false;
  for (int kilobytes = 4; kilobytes <= 16384 && !made; kilobytes += kilobytes < 32 ? 4 : kilobytes / 4) {
    g_autofree char *size = g_strdup_printf ("%dk", kilobytes), *err = NULL, *out = NULL;
    if (!new_disk (size))
      return;
    int status = scratch_shell (command, &out, &err);
    made = status == 0;
    if (!made) {
      g_assert_cmpint (status, ==, 3);
      assert_disk_full (err);
      refused = true;
    }
    assert_holds (made ? file : "");
  }
  g_assert_true (made && refused);
}

static void
test_backup (void)
{
  make_when_there_is_room ("liudong backup --db made.db --out disk/a.backup --key-file key", "a.backup\n");
}

static void
test_restore (void)
{
  g_autofree char *out = NULL;
  g_assert_cmpint (scratch_shell ("liudong backup --db made.db --out a.backup --key-file key", &out, NULL),
                   ==, 0);
  make_when_there_is_room ("liudong restore a.backup --db disk/a.db --key-file key", "a.db\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  char *folder = scratch_enter ();
  g_assert_cmpint (scratch_shell ("mkdir disk && liudong demo --db made.db --residents 50 --listen none && "
                                  "liudong backup --new-key key",
                                  NULL, NULL),
                   ==, 0);
  can_mount = enter_namespace ();
  g_test_add_func ("/full-disk/demo", test_demo);
  g_test_add_func ("/full-disk/serve", test_serve);
  g_test_add_func ("/full-disk/while-serving", test_while_serving);
  g_test_add_func ("/full-disk/backup", test_backup);
  g_test_add_func ("/full-disk/restore", test_restore);
  int status = g_test_run ();
  if (can_mount)
    umount ("disk");
  scratch_leave (folder);
  return status;
}
