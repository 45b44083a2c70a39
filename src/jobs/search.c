/* Looking for advertisements: an index in memory, never changed once made, and made anew by the first who
 * looks after an advertisement has changed. */
#include "jobs/jobs_private.h"

#include <string.h>

enum { WORDS_MOST = 10, IN_TITLE = 8, IN_OCCUPATION = 4, IN_REST = 1 };

/* Texts are folded: half width, small letters. */
typedef struct {
  gint64 id, pay_to, published_at;
  Day until;
  const char *title, *occupation, *rest, *place, *kind;
} Entry;

struct JobsIndex {
  gint references; /* atomic */
  gint64 change;   /* of jobs_change: what it was made of */
  Arena *arena;
  GArray *entries;
};

void
index_unref (JobsIndex *index)
{
  if (!index || !g_atomic_int_dec_and_test (&index->references))
    return;
  g_array_unref (index->entries);
  arena_free (index->arena);
  g_free (index);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JobsIndex, index_unref)

/* ---- making -------------------------------------------------------------------------------- */

static const char *
fold (Arena *arena, Text text)
{
  g_autofree char *half = text_half_width (text), *small = g_utf8_strdown (half, -1);
  return arena_text (arena, text_of (small));
}

static const char *
fold_column (StoreStatement *s, int column, Arena *arena)
{
  return fold (arena, store_text (s, column));
}

static bool
fill (StoreConnection *db, JobsIndex *index, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT id, title, occupation, skills, text, employer_name, place, kind, pay_to, published_at, last_day"
      " FROM jobs_post WHERE state = ?1 ORDER BY published_at DESC, id DESC",
      error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, JOBS_OPEN);
  while ((step = store_step (s, error)) == STORE_ROW) {
    Entry entry = { .id = store_integer (s, 0),
                    .title = fold_column (s, 1, index->arena),
                    .occupation = fold_column (s, 2, index->arena),
                    .place = store_string (s, 6, index->arena),
                    .kind = store_string (s, 7, index->arena),
                    .pay_to = store_integer (s, 8),
                    .published_at = store_integer (s, 9),
                    .until = (Day)store_integer (s, 10) };
    entry.rest = arena_printf (index->arena, "%s\n%s\n%s", fold_column (s, 3, index->arena),
                               fold_column (s, 4, index->arena), fold_column (s, 5, index->arena));
    g_array_append_val (index->entries, entry);
  }
  return step == STORE_DONE;
}

/* The index of today's advertisements; the caller's to release. */
static JobsIndex *
index_of (Jobs *jobs, StoreConnection *db, GError **error)
{
  gint64 change;
  if (!store_query (db, "SELECT n FROM jobs_change WHERE id = 1", 0, &change, error))
    return NULL;
  g_mutex_lock (&jobs->lock);
  JobsIndex *held = jobs->index;
  if (held && held->change == change)
    g_atomic_int_inc (&held->references);
  else
    held = NULL;
  g_mutex_unlock (&jobs->lock);
  if (held)
    return held;
  g_autoptr (JobsIndex) made = g_new0 (JobsIndex, 1);
  *made = (JobsIndex){ 1, change, arena_new (), g_array_new (FALSE, FALSE, sizeof (Entry)) };
  if (!fill (db, made, error))
    return NULL;
  g_atomic_int_inc (&made->references);
  g_mutex_lock (&jobs->lock);
  JobsIndex *old = jobs->index;
  jobs->index = made;
  g_mutex_unlock (&jobs->lock);
  index_unref (old);
  return g_steal_pointer (&made);
}

/* ---- looking ------------------------------------------------------------------------------- */

typedef struct {
  const Entry *entry;
  int score;
} Hit;

typedef struct {
  const JobsSearch *search;
  Day today;
  const char *words[WORDS_MOST];
  size_t n_words;
  GHashTable *places, *kinds; /* value → number */
  GArray *hits;
} Looking;

/* What the words say of ENTRY; 0: one of them is not in it. */
static int
score_of (const Looking *l, const Entry *entry)
{
  int score = 1;
  for (size_t i = 0; i < l->n_words; i++) {
    int found = strstr (entry->title, l->words[i])        ? IN_TITLE
                : strstr (entry->occupation, l->words[i]) ? IN_OCCUPATION
                : strstr (entry->rest, l->words[i])       ? IN_REST
                                                          : 0;
    if (!found)
      return 0;
    score += found;
  }
  return score;
}

static void
count_in (GHashTable *counts, const char *value)
{
  gsize n = GPOINTER_TO_SIZE (g_hash_table_lookup (counts, value)) + 1;
  g_hash_table_insert (counts, (gpointer)value, GSIZE_TO_POINTER (n));
}

static bool
is_any (const char *wanted, const char *value)
{
  return !wanted || !*wanted || g_str_equal (wanted, value);
}

static void
look_at (Looking *l, const Entry *entry)
{
  if (entry->until < l->today || (l->search->pay_from && entry->pay_to < l->search->pay_from))
    return;
  bool place = is_any (l->search->place, entry->place), kind = is_any (l->search->kind, entry->kind);
  Hit hit = { entry, place || kind ? score_of (l, entry) : 0 };
  if (!hit.score)
    return;
  if (kind)
    count_in (l->places, entry->place);
  if (place)
    count_in (l->kinds, entry->kind);
  if (place && kind)
    g_array_append_val (l->hits, hit);
}

/* The better first; entries stand in the order of their day. */
static int
better (gconstpointer a, gconstpointer b)
{
  const Hit *x = a, *y = b;
  if (x->score != y->score)
    return y->score - x->score;
  return (x->entry > y->entry) - (x->entry < y->entry);
}

static int
more_first (gconstpointer a, gconstpointer b)
{
  const JobsFacet *x = a, *y = b;
  if (x->n != y->n)
    return x->n > y->n ? -1 : 1;
  return strcmp (x->value, y->value);
}

static const JobsFacet *
facets_of (Arena *arena, GHashTable *counts, size_t *n)
{
  g_autoptr (GArray) facets = g_array_new (FALSE, FALSE, sizeof (JobsFacet));
  GHashTableIter iter;
  gpointer value, number;
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &value, &number)) {
    JobsFacet facet = { arena_text (arena, text_of (value)), GPOINTER_TO_SIZE (number) };
    g_array_append_val (facets, facet);
  }
  g_array_sort (facets, more_first);
  *n = facets->len;
  return jobs_keep (arena, facets);
}

static bool
split_words (Arena *arena, Looking *l, GError **error)
{
  const char *text = l->search->text ? l->search->text : "";
  if (!g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > JOBS_QUERY_MAX)
    return jobs_refuse (error, FAULT_INPUT, "what is looked for is text of at most 200 characters");
  g_auto (GStrv) words = g_strsplit_set (fold (arena, text_of (text)), " \t\r\n", -1);
  for (char **word = words; *word && l->n_words < WORDS_MOST; word++)
    if (**word)
      l->words[l->n_words++] = arena_text (arena, text_of (*word));
  return true;
}

static bool
read_page (StoreConnection *db, const Jobs *jobs, Arena *arena, const Looking *l, JobsFound *found,
           GError **error)
{
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (JobsPost));
  size_t limit = CLAMP (l->search->limit, 1, JOBS_SEARCH_MAX);
  for (size_t i = l->search->from; i < l->hits->len && posts->len < limit; i++) {
    JobsPost post;
    if (!post_find (db, jobs, arena, g_array_index (l->hits, Hit, i).entry->id, &post, error))
      return false;
    g_array_append_val (posts, post);
  }
  found->total = l->hits->len;
  found->n = posts->len;
  found->posts = jobs_keep (arena, posts);
  return true;
}

const JobsFound *
jobs_search (Jobs *jobs, Arena *arena, const JobsSearch *search, GError **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal),
                         kinds = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (Hit));
  Looking l
      = { .search = search, .today = jobs_today (jobs), .places = places, .kinds = kinds, .hits = hits };
  JobsFound *found = arena_new0 (arena, JobsFound, 1);
  g_autoptr (StoreReader) reader = split_words (arena, &l, error) ? store_reader (jobs->store, error) : NULL;
  g_autoptr (JobsIndex) index = reader ? index_of (jobs, store_reader_db (reader), error) : NULL;
  if (!index)
    return NULL;
  for (guint i = 0; i < index->entries->len; i++)
    look_at (&l, &g_array_index (index->entries, Entry, i));
  g_array_sort (hits, better);
  found->places = facets_of (arena, places, &found->n_places);
  found->kinds = facets_of (arena, kinds, &found->n_kinds);
  return read_page (store_reader_db (reader), jobs, arena, &l, found, error) ? found : NULL;
}
