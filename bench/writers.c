/* How long a durable write takes while 64 threads write: each store_write is one
 * row, on disk when it returns.  Prints the median, the 99th percentile and the
 * throughput for 1, 16 and 64 writers; asserts that every row is there.
 *
 *     build-bench/bench/writers [PLACE]      a new file, or an empty database's URL;
 *                                            default: a file in $TMPDIR
 * The figure to hold on SQLite, 64 writers: 99th percentile 20 ms.
 */
#include "bench.h"
#include "store/store.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { WRITERS_MAX = 64, SECONDS = 3 };

static const StoreMigration migrations[]
    = { { "bench", 1,
          "CREATE TABLE entry (writer INTEGER NOT NULL, n INTEGER NOT NULL, text TEXT NOT NULL,"
          " PRIMARY KEY (writer, n)) STRICT, WITHOUT ROWID" } };

typedef struct {
  Store *store;
  gint64 writer, n, until;
  GArray *times; /* microseconds, of gint64 */
} Writer;

static bool
insert_entry (StoreConnection *db, gpointer data, GError **error)
{
  const Writer *w = data;
  StoreStatement *insert = store_statement (db, "INSERT INTO entry VALUES (?1, ?2, ?3)", error);
  if (!insert)
    return false;
  store_bind_integer (insert, 1, w->writer);
  store_bind_integer (insert, 2, w->n);
  store_bind_text (insert, 3, "a fact about someone, in a few words, from a department of the county");
  return store_run (insert, error);
}

static gpointer
write_entries (gpointer data)
{
  Writer *w = data;
  for (gint64 start = g_get_monotonic_time (); start < w->until;) {
    GError *error = NULL;
    bench_check (store_write (w->store, insert_entry, w, &error), error);
    w->n++;
    gint64 end = g_get_monotonic_time (), took = end - start;
    g_array_append_val (w->times, took);
    start = end;
  }
  return NULL;
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

static double
percentile (const GArray *times, double part)
{
  guint at = (guint)(part * (times->len - 1));
  return (double)g_array_index (times, gint64, at) / 1000;
}

static void
check_rows (Store *store, gint64 first, gint64 writers, gint64 expected)
{
  GError *error = NULL;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  bench_check (reader != NULL, error);
  gint64 rows = -1;
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM entry WHERE writer >= %" G_GINT64_FORMAT
                                          " AND writer < %" G_GINT64_FORMAT,
                                          first, first + writers);
  bench_check (store_query (store_reader_db (reader), sql, 0, &rows, &error), error);
  g_assert_cmpint (rows, ==, expected);
}

/* Writers FIRST … write for some seconds. */
static void
run (Store *store, gint64 first, int writers)
{
  Writer w[WRITERS_MAX];
  pthread_t threads[WRITERS_MAX];
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 until = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC;
  for (int i = 0; i < writers; i++) {
    w[i] = (Writer){ store, first + i, 0, until, g_array_new (FALSE, FALSE, sizeof (gint64)) };
    g_assert_cmpint (pthread_create (&threads[i], NULL, write_entries, &w[i]), ==, 0);
  }
  for (int i = 0; i < writers; i++) {
    pthread_join (threads[i], NULL);
    g_array_append_vals (times, w[i].times->data, w[i].times->len);
    g_array_free (w[i].times, TRUE);
  }
  check_rows (store, first, writers, times->len);
  g_array_sort (times, compare_times);
  printf ("%3d writers  %8.0f writes/s  median %7.2f ms  99%% %7.2f ms  longest %7.2f ms\n", writers,
          (double)times->len / SECONDS, percentile (times, 0.5), percentile (times, 0.99),
          percentile (times, 1));
}

int
main (int argc, char **argv)
{
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "liudong-bench-writers.db", NULL);
  const char *place = argc > 1 ? argv[1] : file;
  GError *error = NULL;
  g_unlink (file);
  Store *store = store_open (place, STORE_CREATE, migrations, G_N_ELEMENTS (migrations), &error);
  bench_check (store != NULL, error);
  static const int writers[] = { 1, 16, 64 };
  for (size_t i = 0; i < G_N_ELEMENTS (writers); i++)
    run (store, (gint64)(i + 1) * 1000, writers[i]);
  store_close (store);
  g_unlink (file);
  return 0;
}
