/* How many cases an office has, by matter and state.
 *
 * Every page of a desk says it, and an office may have a hundred thousand: so what took long to count is
 * shown to others for KEPT_FOR times as long as it took, and counting takes a fiftieth of a processor at most
 * for each office, however many look. */
#include "cases/cases_private.h"

enum { SHORT_US = 2000, KEPT_FOR = 50, COUNTED_WITHIN_US = 1000000 };

typedef struct {
  Arena *arena;
  gint64 until; /* microseconds of the monotonic clock */
  const CaseCount *counts;
  size_t n;
} Kept;

static void
free_kept (gpointer data)
{
  Kept *kept = data;
  arena_free (kept->arena);
  g_free (kept);
}

void
counts_init (Cases *cases)
{
  pthread_mutex_init (&cases->counts_lock, NULL);
  cases->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_kept);
}

void
counts_clear (Cases *cases)
{
  g_hash_table_unref (cases->counts);
  pthread_mutex_destroy (&cases->counts_lock);
}

static void
count_row (StoreStatement *s, GPtrArray *counts, GHashTable *by_matter, Arena *arena)
{
  const char *matter = store_string (s, 0, arena);
  CaseCount *count = g_hash_table_lookup (by_matter, matter);
  if (!count) {
    count = arena_new0 (arena, CaseCount, 1);
    count->matter = matter;
    g_hash_table_insert (by_matter, (gpointer)matter, count);
    g_ptr_array_add (counts, count);
  }
  CaseState state = (CaseState)store_integer (s, 1);
  CaseOutcome outcome = (CaseOutcome)store_integer (s, 2);
  gint64 n = store_integer (s, 3);
  count->states[state] += n;
  count->granted += outcome == CASE_GRANTED ? n : 0;
  count->refused += outcome == CASE_REFUSED ? n : 0;
  count->late += store_integer (s, 4);
  count->soon += store_integer (s, 5);
}

static const CaseCount *
count (Cases *cases, Arena *arena, const char *office, bool waiting, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader),
                                  "SELECT matter, state, outcome, count(*),"
                                  " sum(CASE WHEN is_open = 1 AND due < ?2 THEN 1 ELSE 0 END),"
                                  " sum(CASE WHEN is_open = 1 AND due >= ?2 AND warn_at > 0"
                                  " AND warn_at <= ?2 THEN 1 ELSE 0 END)"
                                  " FROM cases_case WHERE office = ?1 AND stage <= ?3"
                                  " GROUP BY matter, state, outcome ORDER BY matter, state, outcome",
                                  error)
               : NULL;
  if (!s)
    return NULL;
  store_bind_text (s, 1, office);
  store_bind_integer (s, 2, civil_minutes (cases_now (cases)));
  store_bind_integer (s, 3, waiting ? STAGE_TO_DELIVER : STAGE_CLOSED);
  g_autoptr (GPtrArray) counts = g_ptr_array_new ();
  g_autoptr (GHashTable) by_matter = g_hash_table_new (g_str_hash, g_str_equal);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW)
    count_row (s, counts, by_matter, arena);
  CaseCount *all = arena_new0 (arena, CaseCount, counts->len);
  for (guint i = 0; i < counts->len; i++)
    all[i] = *(CaseCount *)counts->pdata[i];
  *n = counts->len;
  return next == STORE_FAILED ? NULL : all;
}

static const CaseCount *
copy (Arena *arena, const CaseCount *counts, size_t n)
{
  CaseCount *all = arena_new0 (arena, CaseCount, n);
  for (size_t i = 0; i < n; i++) {
    all[i] = counts[i];
    all[i].matter = arena_text (arena, text_of (counts[i].matter));
  }
  return all;
}

/* NULL: nothing that may still be shown, and the caller counts; others are shown the old ones meanwhile. */
static const CaseCount *
find_kept (Cases *cases, Arena *arena, const char *key, size_t *n)
{
  const CaseCount *found = NULL;
  gint64 now = g_get_monotonic_time ();
  pthread_mutex_lock (&cases->counts_lock);
  Kept *kept = g_hash_table_lookup (cases->counts, key);
  if (kept && now >= kept->until)
    kept->until = now + COUNTED_WITHIN_US;
  else if (kept) {
    found = copy (arena, kept->counts, kept->n);
    *n = kept->n;
  }
  pthread_mutex_unlock (&cases->counts_lock);
  return found;
}

static void
keep (Cases *cases, const char *key, const CaseCount *counts, size_t n, gint64 took)
{
  Kept *kept = g_new0 (Kept, 1);
  kept->arena = arena_new ();
  kept->counts = copy (kept->arena, counts, n);
  kept->n = n;
  kept->until = g_get_monotonic_time () + took * KEPT_FOR;
  pthread_mutex_lock (&cases->counts_lock);
  g_hash_table_insert (cases->counts, g_strdup (key), kept);
  pthread_mutex_unlock (&cases->counts_lock);
}

const CaseCount *
cases_counts (Cases *cases, Arena *arena, const AccessAccount *who, const char *office, bool waiting,
              size_t *n, GError **error)
{
  *n = 0;
  if (!queue_may_list (who, office, error))
    return NULL;
  const char *key = arena_printf (arena, "%d%s", waiting, office);
  const CaseCount *counts = find_kept (cases, arena, key, n);
  if (counts)
    return counts;
  gint64 begun = g_get_monotonic_time ();
  counts = count (cases, arena, office, waiting, n, error);
  gint64 took = g_get_monotonic_time () - begun;
  if (counts && took > SHORT_US)
    keep (cases, key, counts, *n, took);
  return counts;
}
