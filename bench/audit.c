/* How fast the audit log is appended to, verified, and proved from: entries a
 * second, durable; milliseconds a proof.  Prints n, 2n, 4n, so that nothing
 * quadratic hides; asserts that what was appended is whole.
 *
 *     build/bench/audit [ENTRIES [FOLDER]]      default 250000 in $TMPDIR
 *
 * LIUDONG_BENCH_STORE names another store than a file, postgresql://…, empty. */
#include "bench.h"
#include "audit/audit.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { WRITERS = 64, EACH = 1000, SUBJECTS = 1000000, PROOFS = 200, PER_WORK = 10000 };

typedef struct {
  Store *store;
  gint64 n; /* entries so far */
} Bench;

static double
now (void)
{
  return (double)g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* What a clerk's reading leaves: about 150 bytes. */
static AuditEntry
entry_of (gint64 i)
{
  return (AuditEntry){ .act = AUDIT_READ,
                       .actor = i % 3 ? "clerk-12" : "clerk-7",
                       .role = "case_worker",
                       .department = "县人力资源和社会保障局",
                       .subject = 1 + i * 7919 % SUBJECTS,
                       .purpose = "clause-15",
                       .detail = "{\"attributes\":[\"居民.月收入\",\"居民.就业状态\"]}" };
}

/* ---- appending --------------------------------------------------------- */

static gpointer
record_each (gpointer data)
{
  Bench *b = data;
  for (gint64 i = 0; i < EACH; i++) {
    GError *error = NULL;
    AuditEntry entry = entry_of (i);
    bench_check (audit_record (b->store, &entry, &error), error);
  }
  return NULL;
}

static void
time_records (Bench *b)
{
  pthread_t threads[WRITERS];
  double started = now ();
  for (int i = 0; i < WRITERS; i++)
    bench_check (pthread_create (&threads[i], NULL, record_each, b) == 0, NULL);
  for (int i = 0; i < WRITERS; i++)
    pthread_join (threads[i], NULL);
  double took = now () - started;
  b->n += WRITERS * EACH;
  printf ("append   %8d entries by %d threads, a commit each   %9.0f entries/s\n", WRITERS * EACH, WRITERS,
          WRITERS * EACH / took);
}

static bool
append_work (StoreConnection *db, gpointer data, GError **error)
{
  const gint64 *range = data;
  for (gint64 i = range[0]; i < range[1]; i++) {
    AuditEntry entry = entry_of (i);
    if (!audit_append (db, &entry, error))
      return false;
  }
  return true;
}

/* Up to TO entries, in works of 10,000. */
static void
append_up_to (Bench *b, gint64 to)
{
  double started = now ();
  gint64 from = b->n;
  while (b->n < to) {
    GError *error = NULL;
    gint64 range[] = { b->n, MIN (b->n + PER_WORK, to) };
    bench_check (store_write (b->store, append_work, range, &error), error);
    b->n = range[1];
  }
  printf ("append   %8" G_GINT64_FORMAT " entries in works of %d             %9.0f entries/s\n", to - from,
          PER_WORK, (double)(to - from) / (now () - started));
}

/* ---- heads, verifying, proofs ------------------------------------------ */

static void
time_signing (Bench *b, const AuditOptions *options)
{
  GError *error = NULL;
  double started = now ();
  bench_check (audit_sign (b->store, options, &error), error);
  printf ("sign     %8" G_GINT64_FORMAT " entries                              %9.2f s\n", b->n,
          now () - started);
}

static void
time_verifying (Bench *b, const AuditOptions *options)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  AuditReport report;
  AuditVerifying what = { .head = options->heads };
  double started = now ();
  bench_check (audit_verify (b->store, arena, &what, &report, &error), error);
  double took = now () - started;
  bench_check (report.n == 0 && report.entries == b->n && report.covered == b->n, NULL);
  printf ("verify   %8" G_GINT64_FORMAT " entries in two threads %9.2f s   %9.0f entries/s\n", b->n, took,
          (double)b->n / took);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
time_proofs (Bench *b)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  double times[PROOFS];
  const char *keys = audit_public_keys (b->store, arena, &error), *says;
  bench_check (keys, error);
  for (gint64 i = 0; i < PROOFS; i++) {
    g_autoptr (GString) json = g_string_new (NULL);
    double started = now ();
    bench_check (audit_proof_json (b->store, 1 + i * 104729 % b->n, 0, false, json, &error), error);
    times[i] = now () - started;
    bench_check (audit_proof_check (arena, (Text){ json->str, json->len }, "proof", keys, &says, &error),
                 error);
  }
  qsort (times, PROOFS, sizeof *times, compare_doubles);
  printf ("prove    one of %8" G_GINT64_FORMAT " entries: median %.2f ms, worst of %d %.2f ms\n", b->n,
          times[PROOFS / 2] * 1000, PROOFS, times[PROOFS - 1] * 1000);
}

/* An entry about a whole county, and one member's proof. */
static void
time_set (Bench *b, const AuditOptions *options)
{
  GError *error = NULL;
  g_autoptr (AuditSet) set = audit_set_new ();
  for (gint64 i = 1; i <= SUBJECTS; i++)
    audit_set_add (set, i);
  AuditEntry entry = { .act = AUDIT_RUN, .actor = "os:batch", .subjects = set, .purpose = "clause-15" };
  double started = now ();
  bench_check (audit_record (b->store, &entry, &error), error);
  double recorded = now ();
  bench_check (audit_sign (b->store, options, &error), error);
  g_autoptr (GString) json = g_string_new (NULL);
  double asked = now ();
  bench_check (audit_proof_json (b->store, ++b->n, SUBJECTS / 3, false, json, &error), error);
  printf ("set      of %d subjects: recorded in %.2f s, a member's proof in %.2f s, %" G_GSIZE_FORMAT
          " bytes\n",
          SUBJECTS, recorded - started, now () - asked, json->len);
}

int
main (int argc, char **argv)
{
  gint64 n = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 250000;
  n = MAX (n, 2 * WRITERS * EACH); /* more than time_records appends */
  g_autofree char *folder
      = g_build_filename (argc > 2 ? argv[2] : g_get_tmp_dir (), "liudong-bench-audit-XXXXXX", NULL);
  GError *error = NULL;
  bench_check (g_mkdtemp (folder) != NULL, NULL);
  const char *other = g_getenv ("LIUDONG_BENCH_STORE");
  g_autofree char *path = other ? g_strdup (other) : g_build_filename (folder, "audit.db", NULL);
  g_autofree char *key = g_build_filename (folder, "key", NULL),
                  *heads = g_build_filename (folder, "heads", NULL);
  AuditOptions options = { .key_file = key, .heads = heads };
  Bench b = { .store = store_open (path, STORE_CREATE, NULL, 0, &error) };
  bench_check (b.store && audit_migrate (b.store, &error), error);
  time_records (&b);
  time_signing (&b, &options);
  for (gint64 size = n; size <= 4 * n; size *= 2) {
    append_up_to (&b, size);
    time_signing (&b, &options);
    time_verifying (&b, &options);
    time_proofs (&b);
  }
  time_set (&b, &options);
  store_close (b.store);
  const char *const files[] = { "audit.db", "audit.db-wal", "audit.db-shm", "key", "key.pub", "heads" };
  for (size_t i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *file = g_build_filename (folder, files[i], NULL);
    (void)g_unlink (file);
  }
  (void)g_rmdir (folder);
  return 0;
}
