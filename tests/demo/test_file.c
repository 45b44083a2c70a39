/* A county on disk: whole or not there at all. */
#include "county.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *folder, *path, *unfinished, *data;
  RegistrySchema *schema;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = support_folder ();
  f->path = g_build_filename (f->folder, "county.db", NULL);
  f->unfinished = g_strconcat (f->path, ".new", NULL);
  f->data = county_data ();
  f->schema = county_schema ();
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  support_remove (f->folder);
  registry_schema_free (f->schema);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->unfinished);
  g_free (f->data);
}

static bool
exists (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
assert_whole (const Fixture *f, gint64 residents)
{
  GError *error = NULL;
  gint64 n = 0;
  g_autoptr (Registry) registry = registry_open (f->path, 0, f->schema, &error);
  g_assert_no_error (error);
  g_assert_true (registry_count (registry, registry_schema_entity (f->schema, "resident"), &n, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, residents);
  g_assert_false (exists (f->unfinished));
}

static void
whole_and_quick (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  DemoSummary summary;
  DemoOptions options = { .residents = 20000, .seed = 1 };
  gint64 start = g_get_monotonic_time ();
  g_assert_true (demo_make_file (f->path, f->schema, f->data, &options, &summary, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 15 * G_USEC_PER_SEC); /* 0.3 s on an idle core */
  g_assert_cmpint (summary.residents, ==, 20000);
  assert_whole (f, 20000);
}

/* The registry checks every fact that it takes, so its count of facts is one of
 * checked facts; read some back as a page would. */
static void
facts_read_back (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  DemoOptions options = { .residents = 500, .seed = 1 };
  g_assert_true (demo_make_file (f->path, f->schema, f->data, &options, NULL, &error));
  g_autoptr (Registry) registry = registry_open (f->path, 0, f->schema, &error);
  g_assert_no_error (error);
  g_autoptr (Arena) arena = arena_new ();
  Subject first;
  g_assert_true (registry_subject_parse (f->schema, text_of ("resident-1"), &first));
  RegistryMoment now = { .valid_at = civil_to_day (2026, 7, 1), .known_at = G_MAXINT64 };
  const RegistryReading *reading = registry_read (registry, arena, first, NULL, 0, now, &error);
  g_assert_no_error (error);
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  bool title = false, veteran = false;
  for (size_t i = 0; i < n; i++) {
    if (g_str_equal (facts[i]->attribute->id, "title_level")) {
      title = facts[i]->state == REGISTRY_VALUE;
      g_assert_cmpstr (facts[i]->source, ==, "县人社局");
    }
    if (g_str_equal (facts[i]->attribute->id, "veteran")) /* follows from a complete load */
      veteran = facts[i]->assumed;
  }
  g_assert_true (title);
  g_assert_true (veteran);
}

static void
not_over_another (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  DemoOptions options = { .residents = 50, .seed = 1 };
  g_assert_true (g_file_set_contents (f->path, "mine", -1, NULL));
  g_assert_false (demo_make_file (f->path, f->schema, f->data, &options, NULL, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_clear_error (&error);
  g_autofree char *kept = support_read (f->path, NULL);
  g_assert_cmpstr (kept, ==, "mine");
  g_assert_false (exists (f->unfinished));
}

static void
one_maker_at_a_time (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  DemoOptions options = { .residents = 50, .seed = 1 };
  int folder = open (f->folder, O_RDONLY | O_DIRECTORY);
  g_assert_cmpint (flock (folder, LOCK_EX), ==, 0);
  g_assert_false (demo_make_file (f->path, f->schema, f->data, &options, NULL, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_clear_error (&error);
  close (folder);
  g_assert_true (demo_make_file (f->path, f->schema, f->data, &options, NULL, &error));
  g_assert_no_error (error);
}

static void
nothing_after_a_fault (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  DemoOptions options = { .residents = 50, .seed = 1 };
  g_assert_false (demo_make_file (f->path, f->schema, "/nowhere/at/all.yaml", &options, NULL, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (exists (f->path));
  g_assert_false (exists (f->unfinished));
  g_autofree char *elsewhere = g_build_filename (f->folder, "no", "such", "county.db", NULL);
  g_assert_false (demo_make_file (elsewhere, f->schema, f->data, &options, NULL, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_clear_error (&error);
}

static void
die_half_way (gint64 done, gint64 total, gpointer data)
{
  if (done >= total / 2)
    kill (getpid (), SIGKILL);
}

static void
whole_or_none_when_killed (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  DemoOptions options = { .residents = 3000, .seed = 1 };
  int status = 0;
  pid_t child = fork ();
  if (child == 0) {
    options.progress = die_half_way;
    demo_make_file (f->path, f->schema, f->data, &options, NULL, NULL);
    _exit (0);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  g_assert_false (exists (f->path));
  g_assert_true (exists (f->unfinished));
  g_assert_true (demo_make_file (f->path, f->schema, f->data, &options, NULL, &error));
  g_assert_no_error (error);
  assert_whole (f, 3000);
}

/* A file that may not grow, as on a full disk. */
static void
nothing_on_a_full_disk (Fixture *f, gconstpointer unused)
{
  DemoOptions options = { .residents = 5000, .seed = 1 };
  int status = 0;
  pid_t child = fork ();
  if (child == 0) {
    struct rlimit small = { 1 << 20, 1 << 20 };
    g_autoptr (GError) error = NULL;
    signal (SIGXFSZ, SIG_IGN);
    setrlimit (RLIMIT_FSIZE, &small);
    bool made = demo_make_file (f->path, f->schema, f->data, &options, NULL, &error);
    _exit (!made && g_error_matches (error, FAULT, FAULT_SYSTEM) ? 0 : 1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_false (exists (f->path));
  g_assert_false (exists (f->unfinished));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/demo/file/" name, Fixture, NULL, set_up, test, tear_down)
  CASE ("whole-or-none-when-killed", whole_or_none_when_killed);
  CASE ("nothing-on-a-full-disk", nothing_on_a_full_disk);
  CASE ("whole-and-quick", whole_and_quick);
  CASE ("facts-read-back", facts_read_back);
  CASE ("not-over-another", not_over_another);
  CASE ("one-maker-at-a-time", one_maker_at_a_time);
  CASE ("nothing-after-a-fault", nothing_after_a_fault);
#undef CASE
  return g_test_run ();
}
