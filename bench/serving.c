/* How long people wait for a serving county on a busy day, over HTTP: USERS at once, each with a connection
 * and a session of their own, thinking up to THINK milliseconds, then applying (one in ten, on disk when it
 * is answered), opening a case (five) or a page of an office's queue (four), for some seconds.  The county
 * has a million residents and 200,000 open cases before it begins; the server is the program itself.  Each
 * answer is checked.  A time runs from when the user meant to ask, so that a slow server cannot hide behind
 * few questions (coordinated omission), and ends when the whole answer is there, unpacked.
 *
 *     build-bench/bench/serving [RESIDENTS [USERS [THINK [PLACE]]]]    default 1000000 1000 2000, a file in
 * $TMPDIR
 *
 * The figures to hold, 99th percentile: applying 20 ms, opening 10 ms, a queue's page 15 ms; no error.
 */
#include "cases_county.h"
#include "access/access_private.h"

#include <curl/curl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 20, WARM_SECONDS = 3, ROWS = 50, CLERKS = 20, USERS_PER_ADDRESS = 100, SLACK_MS = 1 };

typedef enum { APPLY, OPEN, QUEUE } Task;
enum { TASKS = QUEUE + 1 };
static const char *const names[] = { "apply", "open", "queue page" };

/* ---- who asks ------------------------------------------------------------------------------ */

typedef struct {
  BusyCounty *county;
  int n_residents;
  char **residents, **clerks; /* tokens of sessions */
} Doors;

/* Like the first of its kind, but for the name and the subject: passwords are slow by intent. */
static bool
copy_account (StoreConnection *db, const char *from, const char *name, gint64 subject, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO access_account (name, role, zh, en, subject, department, demo, disabled, password, step)"
      " SELECT ?1, role, zh, en, ?2, department, demo, 0, password, 0 FROM access_account WHERE name = ?3",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  store_bind_integer (s, 2, subject);
  store_bind_text (s, 3, from);
  return store_run (s, error);
}

static char *
log_in (Doors *doors, StoreConnection *db, Arena *arena, const char *name, GError **error)
{
  AccessAccount who = { .name = name };
  AccessOrigin origin = { .address = "127.0.0.1", .loopback = true, .agent = "bench" };
  AccessLogin login = { 0 };
  return session_begin (doors->county->access, db, arena, &who, ACCESS_IN, &origin, &login, error)
             ? g_strdup (login.token)
             : NULL;
}

static bool
open_doors (StoreConnection *db, gpointer data, GError **error)
{
  Doors *doors = data;
  g_autoptr (Arena) arena = arena_new ();
  for (int i = 0; i < doors->n_residents; i++) {
    const char *name = arena_printf (arena, "resident-%d", i + 2);
    Subject subject = busy_county_resident (doors->county, i + 2);
    if (!copy_account (db, "first-resident", name, (gint64)subject, error)
        || !(doors->residents[i] = log_in (doors, db, arena, name, error)))
      return false;
  }
  for (int i = 0; i < CLERKS; i++) {
    const char *name = arena_printf (arena, "clerk-%d", i);
    if (!copy_account (db, "first-clerk", name, 0, error)
        || !(doors->clerks[i] = log_in (doors, db, arena, name, error)))
      return false;
  }
  return true;
}

static Doors
make_doors (BusyCounty *county, int n_residents)
{
  Doors doors = { .county = county,
                  .n_residents = n_residents,
                  .residents = g_new0 (char *, n_residents),
                  .clerks = g_new0 (char *, CLERKS) };
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  const AccessAccount *by = access_operator (arena, NULL);
  AccessAccount resident = { .name = "first-resident",
                             .role = ACCESS_RESIDENT,
                             .zh = "样例",
                             .en = "Sample",
                             .subject = busy_county_resident (county, 1) };
  AccessAccount clerk = {
    .name = "first-clerk", .role = ACCESS_COUNTER_CLERK, .zh = "样例", .en = "Sample", .department = OFFICE
  };
  bench_check (access_add (county->access, by, &resident, "bench-bench-bench", &error)
                   && access_add (county->access, by, &clerk, "bench-bench-bench", &error)
                   && store_write (registry_store (county->registry), open_doors, &doors, &error),
               error);
  return doors;
}

/* ---- the server ---------------------------------------------------------------------------- */

/* The program's own address: its first line that has one. */
static char *
start_server (const char *place, GPid *pid)
{
  const char *argv[]
      = { BENCH_LIUDONG, "serve",       "--db", place, "--policy", BENCH_SOURCE "/policy/minhou-2021-81",
          "--listen",    "127.0.0.1:0", NULL };
  int out;
  GError *error = NULL;
  bench_check (g_spawn_async_with_pipes (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                         pid, NULL, &out, NULL, &error),
               error);
  FILE *lines = fdopen (out, "r");
  char line[1024];
  while (fgets (line, sizeof line, lines)) {
    char *url = strstr (line, "http://"), *end = url ? strchr (url + 7, '/') : NULL;
    if (end)
      return g_strndup (url, (gsize)(end - url)); /* the pipe stays open as long as the bench */
  }
  bench_check (false, NULL);
  return NULL;
}

/* ---- a user -------------------------------------------------------------------------------- */

typedef struct {
  int number;
  CURL *curl;
  struct curl_slist *headers;
  GString *answer;
  GRand *random;
  Task task;
  gint64 at; /* microseconds: when the next question is meant; 0 while one is under way */
  gint64 meant, id;
} User;

typedef struct {
  const char *url;
  const Doors *doors;
  int next;                    /* resident to apply */
  gint64 think, begins, until; /* microseconds */
  GArray *times[TASKS];
  int failed;
} BusyDay;

static size_t
keep (char *data, size_t size, size_t n, void *user)
{
  g_string_append_len (((User *)user)->answer, data, (gssize)(size * n));
  return size * n;
}

static void
think (const BusyDay *day, User *user, gint64 now)
{
  user->at = now + (gint64)(g_rand_double (user->random) * (double)day->think);
}

static void
set_headers (User *user, const char *session)
{
  g_autoptr (Arena) arena = arena_new ();
  curl_slist_free_all (user->headers);
  user->headers = curl_slist_append (NULL, arena_printf (arena, "Cookie: session=%s", session));
  if (user->task == APPLY) {
    user->headers = curl_slist_append (
        user->headers, arena_printf (arena, "X-Form-Token: %s", access_form_token (arena, session)));
    user->headers = curl_slist_append (user->headers, arena_printf (arena, "Idempotency-Key: %s", session));
  }
  curl_easy_setopt (user->curl, CURLOPT_HTTPHEADER, user->headers);
}

static void
ask (BusyDay *day, User *user, CURLM *multi)
{
  int dice = g_rand_int_range (user->random, 0, 10);
  user->task = dice == 0 ? APPLY : dice < 6 ? OPEN : QUEUE;
  user->meant = user->at;
  user->at = 0;
  g_string_truncate (user->answer, 0);
  g_autofree char *url = NULL;
  if (user->task == APPLY) {
    bench_check (day->next < day->doors->n_residents, NULL);
    set_headers (user, day->doors->residents[day->next++]);
    url = g_strdup_printf ("%s/api/v1/cases", day->url);
    curl_easy_setopt (user->curl, CURLOPT_COPYPOSTFIELDS, "matter=" MATTER);
  } else {
    set_headers (user, day->doors->clerks[user->number % CLERKS]);
    user->id = 1 + (gint64)g_rand_int_range (user->random, 0, OPEN_CASES / OFFICES) * OFFICES;
    url = user->task == OPEN ? g_strdup_printf ("%s/desk/cases/%" G_GINT64_FORMAT, day->url, user->id)
                             : g_strdup_printf ("%s/desk", day->url);
    curl_easy_setopt (user->curl, CURLOPT_HTTPGET, 1L);
  }
  curl_easy_setopt (user->curl, CURLOPT_URL, url);
  bench_check (curl_multi_add_handle (multi, user->curl) == CURLM_OK, NULL);
}

static int
count (const char *text, const char *part)
{
  int n = 0;
  for (const char *at = text; (at = strstr (at, part)); at += strlen (part))
    n++;
  return n;
}

static bool
is_right (const User *user)
{
  long status;
  curl_easy_getinfo (user->curl, CURLINFO_RESPONSE_CODE, &status);
  g_autofree char *form = g_strdup_printf ("action=\"/desk/cases/%" G_GINT64_FORMAT "\"", user->id);
  const char *text = user->answer->str;
  return (status == 200 || status == 201)
         && (user->task == APPLY  ? strstr (text, "\"matter\": \"" MATTER "\"") != NULL
             : user->task == OPEN ? strstr (text, form) != NULL
                                  : count (text, "href=\"/desk/cases/") >= ROWS);
}

static void
take (BusyDay *day, User *user, CURLcode code)
{
  gint64 now = g_get_monotonic_time (), took = now - user->meant;
  if (code != CURLE_OK || !is_right (user)) {
    if (!day->failed++)
      fprintf (stderr, "%s: %s\n%s\n", names[user->task], curl_easy_strerror (code), user->answer->str);
  } else if (user->meant >= day->begins)
    g_array_append_val (day->times[user->task], took);
  think (day, user, now);
}

static User *
make_users (BusyDay *day, int n)
{
  User *users = g_new0 (User, n);
  gint64 now = g_get_monotonic_time ();
  for (int i = 0; i < n; i++) {
    User *u = &users[i];
    u->number = i;
    u->answer = g_string_new (NULL);
    u->random = g_rand_new_with_seed ((guint32)i);
    u->curl = curl_easy_init ();
    g_autofree char *address = g_strdup_printf ("127.0.1.%d", 1 + i / USERS_PER_ADDRESS);
    curl_easy_setopt (u->curl, CURLOPT_PRIVATE, u);
    curl_easy_setopt (u->curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt (u->curl, CURLOPT_WRITEDATA, u);
    curl_easy_setopt (u->curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt (u->curl, CURLOPT_INTERFACE, address); /* the server lets so many come from one */
    curl_easy_setopt (u->curl, CURLOPT_NOPROXY, "*");
    think (day, u, now);
  }
  return users;
}

static void
live (BusyDay *day, int n)
{
  CURLM *multi = curl_multi_init ();
  curl_multi_setopt (multi, CURLMOPT_MAXCONNECTS, (long)n);
  User *users = make_users (day, n);
  int running = 0, left;
  for (gint64 now; (now = g_get_monotonic_time ()) < day->until || running;) {
    for (int i = 0; i < n && now < day->until; i++)
      if (users[i].at && users[i].at <= now)
        ask (day, &users[i], multi);
    curl_multi_perform (multi, &running);
    for (CURLMsg *m; (m = curl_multi_info_read (multi, &left));) {
      CURLcode code = m->data.result;
      CURL *curl = m->easy_handle;
      User *user;
      curl_easy_getinfo (curl, CURLINFO_PRIVATE, &user);
      take (day, user, code);
      curl_multi_remove_handle (multi, curl);
    }
    curl_multi_poll (multi, NULL, 0, SLACK_MS, NULL);
  }
  for (int i = 0; i < n; i++) {
    curl_easy_cleanup (users[i].curl);
    curl_slist_free_all (users[i].headers);
    g_string_free (users[i].answer, TRUE);
    g_rand_free (users[i].random);
  }
  g_free (users);
  curl_multi_cleanup (multi);
}

/* ---- the bench ----------------------------------------------------------------------------- */

static double
processor_of (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int)pid), *text = NULL;
  unsigned long user = 0, system = 0;
  if (g_file_get_contents (path, &text, NULL, NULL))
    sscanf (strrchr (text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return (double)(user + system) / (double)sysconf (_SC_CLK_TCK);
}

static void
run_day (const char *place, const Doors *doors, int users, gint64 think)
{
  GPid pid;
  g_autofree char *url = start_server (place, &pid);
  gint64 now = g_get_monotonic_time (), begins = now + WARM_SECONDS * G_USEC_PER_SEC;
  BusyDay day = {
    .url = url, .doors = doors, .think = think, .begins = begins, .until = begins + SECONDS * G_USEC_PER_SEC
  };
  for (int t = 0; t < TASKS; t++)
    day.times[t] = g_array_new (FALSE, FALSE, sizeof (gint64));
  live (&day, users);
  printf ("the server took %.2f s of the processors in %d s\n", processor_of (pid), SECONDS + WARM_SECONDS);
  for (int t = 0; t < TASKS; t++) {
    busy_county_print (names[t], day.times[t], SECONDS);
    g_array_free (day.times[t], TRUE);
  }
  int status;
  kill (pid, SIGTERM);
  waitpid (pid, &status, 0);
  bench_check (day.failed == 0 && status == 0, NULL);
}

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? atoll (argv[1]) : 1000000;
  int users = argc > 2 ? atoi (argv[2]) : 1000;
  gint64 think = (argc > 3 ? atoll (argv[3]) : 2000) * 1000;
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "liudong-bench-serving.db", NULL);
  const char *place = argc > 4 ? argv[4] : file;
  curl_global_init (CURL_GLOBAL_DEFAULT);
  g_unlink (file);
  BusyCounty county = busy_county_make (place, residents);
  Doors doors = make_doors (&county, (int)MIN (residents - 2, 10000));
  busy_county_close (&county);
  printf ("%d residents, %d open cases, %d users\n", (int)residents, OPEN_CASES, users);
  fflush (stdout);
  run_day (place, &doors, users, think);
  g_unlink (file);
  return 0;
}
