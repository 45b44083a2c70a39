/* A county being served, with people logging in and out, a second process that
 * records facts, a file being imported and a backup being made, killed with -9 at random moments.
 * Afterwards: what was acknowledged is there, what was not is there whole or not
 * at all, the current tables are what the log folds to, and the audit log is whole. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include "../cli/server.h"
#include "audit/audit.h"
#include "crash.h"
#include "registry/registry.h"

enum { ROUNDS = 4, CLIENTS = 3, RESIDENTS = 60, RECORDS = 5 };

static char *schema_path;

static Registry *
open_county (const char *path, RegistrySchema **schema)
{
  GError *error = NULL;
  *schema = registry_schema_load (schema_path, &error);
  g_assert_no_error (error);
  Registry *registry = registry_open (path, 0, *schema, &error);
  g_assert_no_error (error);
  return registry;
}

/* ---- a process that records facts -------------------------------------- */

/* One batch with RECORDS records; its number, or 0. */
static RegistryBatchId
record_batch (Registry *registry, gint64 n)
{
  g_autoptr (RegistryWriter) w = registry_writer_new (registry, NULL);
  const RegistryEntity *resident = registry_schema_entity (registry_schema (registry), "resident");
  RegistryBatch about
      = { .source = "县人社局", .actor = "crash", .recorded_at = g_get_real_time () / G_USEC_PER_SEC };
  RegistryBatchId batch = w ? registry_writer_batch (w, &about, NULL) : 0;
  for (int i = 0; batch && i < RECORDS; i++) {
    RegistryFact fact = { .attribute = registry_entity_attribute (resident, "monthly_income"),
                          .state = REGISTRY_VALUE,
                          .integer = n * 100 + i };
    Subject subject = subject_make (resident, 1 + (n + i) % RESIDENTS);
    if (!registry_writer_append (w, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, NULL))
      return 0;
  }
  return batch && registry_writer_commit (w, NULL) ? batch : 0;
}

/* Record without end; each batch's number goes to standard output once it is committed. */
static int
run_recorder (const char *path)
{
  RegistrySchema *schema;
  Registry *registry = open_county (path, &schema);
  for (gint64 n = 1;; n++) {
    RegistryBatchId batch = record_batch (registry, n);
    g_usleep (5000); /* SQLite's writers wait for one another by turns of sleeping: leave the server some */
    if (batch && write (STDOUT_FILENO, &batch, sizeof batch) != sizeof batch)
      return 1;
  }
}

static pid_t
start_recorder (const char *path, int *pipe_end)
{
  char *argv[] = { "/proc/self/exe", "--record", (char *)path, NULL };
  GError *error = NULL;
  GPid pid;
  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, pipe_end,
                            NULL, &error);
  g_assert_no_error (error);
  return pid;
}

/* ---- people ------------------------------------------------------------ */

/* Sessions whose beginning or end was acknowledged. */
typedef struct {
  Server *server;
  pthread_mutex_t lock;
  GPtrArray *begun, *ended;
} People;

static char *
send_form (const Server *server, const char *session, const char *path, const char *body)
{
  g_autofree char *request
      = g_strdup_printf ("POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: session=%s\r\n"
                         "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
                         path, session, strlen (body), body);
  return server_try (server, request);
}

static char *
log_in (const Server *server, const char *name)
{
  g_autofree char *body = g_strdup_printf ("name=%s&password=liudong", name),
                  *answer = send_form (server, "", "/login", body);
  const char *cookie
      = answer && g_str_has_prefix (answer, "HTTP/1.1 303") ? strstr (answer, "session=") : NULL;
  return cookie && strstr (cookie, "\r\n\r\n") ? g_strndup (cookie + 8, strcspn (cookie + 8, ";\r")) : NULL;
}

/* What every form of SESSION carries, or NULL. */
static char *
form_token (const Server *server, const char *session)
{
  g_autofree char *request
      = g_strdup_printf ("GET /circular HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                         "Cookie: session=%s\r\n\r\n",
                         session),
      *page = server_try (server, request);
  const char *token = page ? strstr (page, "name=\"token\" value=\"") : NULL;
  token = token ? token + strlen ("name=\"token\" value=\"") : NULL;
  return token ? g_strndup (token, strcspn (token, "\"")) : NULL;
}

/* Whether it was acknowledged. */
static bool
log_out (const Server *server, const char *session)
{
  g_autofree char *token = form_token (server, session), *body = g_strdup_printf ("token=%s", token),
                  *answer = token ? send_form (server, session, "/logout", body) : NULL;
  return answer && g_str_has_prefix (answer, "HTTP/1.1 303");
}

/* Ask for a correction with REASON; its number. */
static gint64
ask_for_correction (const Server *server, const char *attribute, int reason)
{
  g_autofree char *session = log_in (server, "resident"), *token = form_token (server, session),
                  *key = g_uuid_string_random (),
                  *body = g_strdup_printf ("token=%s&key=%s&subject=resident-1&attribute=%s&kind=correct"
                                           "&wanted=x&reason=%d",
                                           token, key, attribute, reason),
                  *answer = send_form (server, session, "/me/corrections", body);
  const char *filed = strstr (answer, "?filed=");
  if (!filed)
    g_error ("the correction was not taken: %s", answer);
  return g_ascii_strtoll (filed + strlen ("?filed="), NULL, 10);
}

/* In and out until the server is gone. */
static gpointer
come_and_go (gpointer data)
{
  static const char *const names[] = { "resident", "resident2", "resident3" };
  People *people = data;
  for (int n = 0;; n++) {
    char *session = log_in (people->server, names[n % 3]);
    if (!session)
      return NULL;
    bool leave = n % 2, left = leave && log_out (people->server, session);
    pthread_mutex_lock (&people->lock);
    if (left)
      g_ptr_array_add (people->ended, session);
    else if (!leave)
      g_ptr_array_add (people->begun, session);
    pthread_mutex_unlock (&people->lock);
    if (leave && !left) {
      g_free (session); /* nobody knows whether it ended */
      return NULL;
    }
  }
}

/* ---- afterwards -------------------------------------------------------- */

static gint64
query (Store *store, const char *sql)
{
  GError *error = NULL;
  gint64 value = 0;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  g_assert_true (store_query (store_reader_db (reader), sql, 0, &value, &error));
  return value;
}

static void
check_batches (Store *store, const GArray *acknowledged)
{
  GError *error = NULL;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  for (guint i = 0; i < acknowledged->len; i++) {
    StoreStatement *find
        = store_statement (store_reader_db (reader), "SELECT actor FROM batch WHERE id = ?1", &error);
    store_bind_integer (find, 1, g_array_index (acknowledged, gint64, i));
    g_assert_cmpint (store_step (find, &error), ==, STORE_ROW);
    g_assert_true (text_equal (store_text (find, 0), TEXT_LITERAL ("crash")));
    store_reset (find);
  }
  gint64 batches = query (store, "SELECT count(*) FROM batch WHERE actor = 'crash'");
  g_assert_cmpint (batches, >=, acknowledged->len);
  g_assert_cmpint (query (store,
                          "SELECT count(*) FROM (SELECT r.batch FROM record r JOIN batch b ON b.id = r.batch"
                          " WHERE b.actor = 'crash' GROUP BY r.batch HAVING count(*) = 5) AS whole"),
                   ==, batches);
}

static void
check_county (const char *path, const GArray *acknowledged)
{
  GError *error = NULL;
  RegistrySchema *schema;
  Registry *registry = open_county (path, &schema);
  g_autoptr (Arena) arena = arena_new ();
  RegistryVerification found;
  g_assert_true (registry_verify (registry, NULL, NULL, &found, &error));
  g_assert_cmpstr (found.difference, ==, NULL);
  AuditReport report;
  g_assert_true (audit_verify (registry_store (registry), arena, &(AuditVerifying){ 0 }, &report, &error));
  g_assert_cmpstr (report.n ? report.findings[0].message : "", ==, "");
  check_batches (registry_store (registry), acknowledged);
  registry_close (registry);
  registry_schema_free (schema);
}

static void
check_people (const Server *server, const People *people)
{
  for (guint i = 0; i < people->begun->len; i++)
    g_assert_true (server_knows (server, people->begun->pdata[i]));
  for (guint i = 0; i < people->ended->len; i++)
    g_assert_false (server_knows (server, people->ended->pdata[i]));
}

/* ---- rounds ------------------------------------------------------------ */

typedef struct {
  const char *path; /* of the county */
  char *serve, *import;
  int round;
  GRand *random;
  People people;
  GArray *batches;     /* acknowledged */
  GArray *corrections; /* likewise, one a round */
  int backups;
} Fixture;

static void
sleep_up_to (Fixture *f, int milliseconds)
{
  g_usleep ((gulong)g_rand_int_range (f->random, 1, milliseconds) * 1000);
}

static pid_t
start_command (const char *command)
{
  g_autofree char *line = g_strconcat ("exec ", command, " >/dev/null 2>&1", NULL);
  char *argv[] = { "sh", "-c", line, NULL };
  GError *error = NULL;
  GPid pid;
  g_spawn_async (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

/* Let it end, which it must without a fault, or do not. */
static void
end_command (Fixture *f, pid_t pid)
{
  int status;
  if (g_rand_boolean (f->random))
    crash_kill (pid);
  else if (waitpid (pid, &status, 0) != pid || status != 0)
    g_error ("a command failed with %d", status);
}

/* A file that gives every resident this round's telephone number. */
static void
write_people (const Fixture *f)
{
  GError *error = NULL;
  RegistrySchema *schema;
  Registry *registry = open_county (f->path, &schema);
  g_autoptr (GString) csv = g_string_new ("公民身份号码,姓名,联系电话\n");
  StoreReader *reader = store_reader (registry_store (registry), &error);
  StoreStatement *people = store_statement (
      store_reader_db (reader), "SELECT id_number, name, id FROM current_resident ORDER BY id", &error);
  while (store_step (people, &error) == STORE_ROW)
    g_string_append_printf (csv, "%s,%s,0591-%d-%d\n", store_text (people, 0).bytes,
                            store_text (people, 1).bytes, f->round, (int)store_integer (people, 2));
  g_assert_no_error (error);
  store_reader_release (reader);
  registry_close (registry);
  registry_schema_free (schema);
  g_assert_true (g_file_set_contents ("people.csv", csv->str, -1, NULL));
}

/* An import that was broken off goes on where it was, and one that was not is not done twice. */
static void
check_import (const Fixture *f)
{
  RegistrySchema *schema;
  g_autofree char *out = NULL,
                  *numbers = g_strdup_printf (
                      "SELECT count(*) FROM current_resident WHERE phone LIKE '0591-%d-%%'", f->round);
  g_assert_cmpint (scratch_shell (f->import, &out, NULL), ==, 0);
  Registry *registry = open_county (f->path, &schema);
  g_assert_cmpint (query (registry_store (registry), numbers), ==, RESIDENTS);
  registry_close (registry);
  registry_schema_free (schema);
}

/* What is there is whole: restored, it stands the same checks. */
static void
check_backup (Fixture *f, const GArray *before)
{
  if (!g_file_test ("backup", G_FILE_TEST_EXISTS))
    return;
  g_assert_cmpint (
      scratch_shell ("liudong restore backup --db restored.db --key-file key >restored.json", NULL, NULL), ==,
      0);
  check_county ("restored.db", before);
  g_assert_cmpint (scratch_shell ("rm backup restored.db*", NULL, NULL), ==, 0);
  f->backups++;
}

/* Strike while the server is starting. */
static void
run_start (Fixture *f)
{
  g_autofree char *line = g_strconcat ("liudong ", f->serve, NULL);
  pid_t pid = start_command (line);
  sleep_up_to (f, 400);
  g_assert_true (crash_kill (pid));
}

static void
check_corrections (const Fixture *f)
{
  RegistrySchema *schema;
  Registry *registry = open_county (f->path, &schema);
  for (guint i = 0; i < f->corrections->len; i++) {
    g_autofree char *sql = g_strdup_printf (
        "SELECT count(*) FROM rights_request WHERE id = %d AND reason = '%u' AND wanted = 'x'",
        (int)g_array_index (f->corrections, gint64, i), i);
    g_assert_cmpint (query (registry_store (registry), sql), ==, 1);
  }
  registry_close (registry);
  registry_schema_free (schema);
}

/* Something was acknowledged to everybody; a busy machine takes its time. */
static void
wait_for_business (Fixture *f, int pipe_end)
{
  guint batches = f->batches->len;
  for (int i = 0; i < 3000; i++) {
    pthread_mutex_lock (&f->people.lock);
    guint sessions = f->people.begun->len + f->people.ended->len;
    pthread_mutex_unlock (&f->people.lock);
    crash_read_numbers (pipe_end, f->batches);
    if (sessions > 1 && f->batches->len > batches)
      return;
    g_usleep (5000);
  }
  g_error ("nothing was acknowledged in 15 s");
}

/* Attributes that are texts. */
static const char *const corrected[] = { "name", "phone", "hukou_code", "occupation" };

/* Strike while everything is going on. */
static void
run_busy (Fixture *f)
{
  Server server = server_start (f->serve);
  if (server.port == 0) {
    g_autofree char *err = NULL;
    server_end (&server, 0, &err);
    g_error ("the server did not start again: %s", err);
  }
  check_people (&server, &f->people);
  g_ptr_array_set_size (f->people.begun, 0);
  g_ptr_array_set_size (f->people.ended, 0);

  int pipe_end;
  pid_t recorder = start_recorder (f->path, &pipe_end);
  g_assert_cmpint (fcntl (pipe_end, F_SETFL, O_NONBLOCK), ==, 0);
  f->people.server = &server;
  pthread_t clients[CLIENTS];
  for (int i = 0; i < CLIENTS; i++)
    g_assert_cmpint (pthread_create (&clients[i], NULL, come_and_go, &f->people), ==, 0);
  wait_for_business (f, pipe_end);
  g_autoptr (GArray) before = g_array_copy (f->batches);
  if (f->round < (int)G_N_ELEMENTS (corrected)) { /* one open request for an attribute is what there may be */
    gint64 id = ask_for_correction (&server, corrected[f->round], f->round);
    g_array_append_val (f->corrections, id);
  }
  g_autofree char *make_backup
      = g_strdup_printf ("liudong backup --db '%s' --out backup --key-file key", f->path);
  pid_t backup = start_command (make_backup), import = start_command (f->import);
  sleep_up_to (f, 600);

  bool recorder_first = g_rand_boolean (f->random);
  if (recorder_first)
    g_assert_true (crash_kill (recorder));
  g_assert_cmpint (server_end (&server, SIGKILL, NULL), ==, -SIGKILL);
  if (!recorder_first)
    g_assert_true (crash_kill (recorder));
  for (int i = 0; i < CLIENTS; i++)
    pthread_join (clients[i], NULL);
  crash_read_numbers (pipe_end, f->batches);
  close (pipe_end);
  end_command (f, backup);
  end_command (f, import);
  check_backup (f, before);
}

static void
test_county (gconstpointer path)
{
  Fixture f
      = { .path = path,
          .serve = g_strdup_printf ("serve --db %s --listen 127.0.0.1:0", (const char *)path),
          .import = g_strdup_printf (
              "liudong import people.csv --entity resident --source 县人社局 --db '%s'", (const char *)path),
          .random = crash_random (),
          .people = { .lock = PTHREAD_MUTEX_INITIALIZER,
                      .begun = g_ptr_array_new_with_free_func (g_free),
                      .ended = g_ptr_array_new_with_free_func (g_free) },
          .batches = g_array_new (FALSE, FALSE, sizeof (gint64)),
          .corrections = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  guint sessions = 0;
  for (int rounds = crash_rounds (support_on_postgres () ? 2 : ROUNDS); f.round < rounds; f.round++) {
    run_start (&f);
    check_county (path, f.batches);
    write_people (&f);
    run_busy (&f);
    check_county (path, f.batches);
    check_corrections (&f);
    check_import (&f);
    sessions += f.people.begun->len + f.people.ended->len;
  }
  Server server = server_start (f.serve);
  check_people (&server, &f.people);
  g_assert_cmpint (server_end (&server, SIGTERM, NULL), ==, 0);
  g_test_message ("%u sessions begun or ended, %u corrections and %u batches were acknowledged, and "
                  "survived; %d whole backups",
                  sessions, f.corrections->len, f.batches->len, f.backups);
  g_assert_cmpint (f.backups, >, 0);
  g_ptr_array_free (f.people.begun, TRUE);
  g_ptr_array_free (f.people.ended, TRUE);
  g_array_free (f.batches, TRUE);
  g_array_free (f.corrections, TRUE);
  g_rand_free (f.random);
  g_free (f.serve);
  g_free (f.import);
}

int
main (int argc, char **argv)
{
  schema_path = support_source ("policy/minhou-2021-81/registry.yaml");
  if (argc == 3 && g_str_equal (argv[1], "--record"))
    return run_recorder (argv[2]);
  g_test_init (&argc, &argv, NULL);
  char *folder = scratch_enter ();
  g_autofree char *path
      = support_on_postgres () ? support_store (folder, "county.db") : g_strdup ("county.db"),
      *make
      = g_strdup_printf ("mkdir var && liudong backup --new-key key && liudong demo --db '%s' --residents %d"
                         " --listen none",
                         path, RESIDENTS);
  g_assert_cmpint (scratch_shell (make, NULL, NULL), ==, 0);
  g_test_add_data_func ("/crash/county", path, test_county);
  int status = g_test_run ();
  scratch_leave (folder);
  return status;
}
