/* How fast a synthetic county is made, and how large it is: the generator alone,
 * then end to end into a database file.  Asserts the counts; the project's goal
 * is a million residents in 20 seconds, below 1 GiB of memory and of file.
 *
 *     build/bench/demo [RESIDENTS [FOLDER]]      default 1000000 in $TMPDIR
 */
#include "bench.h"
#include "demo/demo.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

typedef struct {
  gint64 batches, facts, next[64];
} Counter;

static RegistryBatchId
count_batch (gpointer data, const RegistryBatch *batch, GError **error)
{
  return ++((Counter *)data)->batches;
}

static Subject
count_subject (gpointer data, const RegistryEntity *entity)
{
  return subject_make (entity, ++((Counter *)data)->next[entity->index]);
}

static bool
count_append (gpointer data, RegistryBatchId batch, Subject subject, Day from, Day to,
              const RegistryFact *facts, size_t n, GError **error)
{
  ((Counter *)data)->facts += (gint64)n;
  return true;
}

static double
since (gint64 start)
{
  return (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static double
mebibytes_of (const char *path)
{
  GStatBuf s;
  return g_stat (path, &s) == 0 ? (double)s.st_size / (1 << 20) : 0;
}

static void
bench_generator (const RegistrySchema *schema, const char *data, const DemoOptions *options)
{
  GError *error = NULL;
  Counter counter = { 0 };
  DemoSink sink = { count_batch, count_subject, count_append, &counter };
  DemoSummary summary;
  gint64 start = g_get_monotonic_time ();
  bench_check (demo_generate (schema, data, options, &sink, &summary, &error), error);
  double seconds = since (start);
  g_assert_cmpint (summary.residents, ==, options->residents);
  g_assert_cmpint (summary.facts, ==, counter.facts);
  printf ("generator  %" G_GINT64_FORMAT " residents  %6.2f s  %5.2f us each  %.1f facts each\n",
          summary.residents, seconds, seconds * 1e6 / (double)summary.residents,
          (double)summary.facts / (double)summary.residents);
}

static void
bench_file (const RegistrySchema *schema, const char *data, const DemoOptions *options, const char *path)
{
  GError *error = NULL;
  DemoSummary summary;
  gint64 residents = 0;
  double before = (double)clock () / CLOCKS_PER_SEC;
  gint64 start = g_get_monotonic_time ();
  bench_check (demo_make_file (path, schema, data, options, &summary, &error), error);
  double seconds = since (start);
  double busy = (double)clock () / CLOCKS_PER_SEC - before;
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  g_autoptr (Registry) registry = registry_open (path, 0, schema, &error);
  bench_check (registry != NULL, error);
  bench_check (registry_count (registry, registry_schema_entity (schema, "resident"), &residents, &error),
               error);
  g_assert_cmpint (residents, ==, options->residents);
  printf ("database   %" G_GINT64_FORMAT " residents  %6.2f s (%.2f s of processor)  %" G_GINT64_FORMAT
          " records  %.0f MiB file  %.0f MiB peak memory\n",
          residents, seconds, busy, summary.records, mebibytes_of (path), (double)usage.ru_maxrss / 1024);
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  DemoOptions options = { .residents = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 1000000, .seed = 1 };
  const char *source = g_getenv ("LIUDONG_SOURCE") ? g_getenv ("LIUDONG_SOURCE") : ".";
  g_autofree char *schema_path = g_build_filename (source, "policy/minhou-2021-81/registry.yaml", NULL);
  g_autofree char *data = g_build_filename (source, "data/demo/minhou.yaml", NULL);
  g_autofree char *folder = argc > 2 ? g_strdup (argv[2]) : g_dir_make_tmp ("liudong-bench-XXXXXX", &error);
  bench_check (folder != NULL, error);
  g_autofree char *path = g_build_filename (folder, "county.db", NULL);
  g_autoptr (RegistrySchema) schema = registry_schema_load (schema_path, &error);
  bench_check (schema != NULL, error);
  bench_generator (schema, data, &options);
  bench_file (schema, data, &options, path);
  g_unlink (path);
  if (argc <= 2)
    g_rmdir (folder);
  return 0;
}
