/* Writers put, replace and remove while others search: a search sees all of a put or nothing,
 * and what is put is found at once. */
#include "fulltext/fulltext.h"
#include "support.h"

enum { WRITERS = 2, READERS = 2, BATCH = 5, OWN = 40, TURNS = 150 };

static const FulltextField fields[] = { { "title", 100, true } };
static const char *const columns[] = { "turn" };
static const FulltextShape shape = { 1, fields, 1, columns };

typedef struct {
  Fulltext *index;
  gint done;
} World;

/* The words 甲, 乙 of a batch say whose it is; its documents are always put together. */
static const char *const words[WRITERS] = { "甲班", "乙班" };

static size_t
count (Fulltext *index, const char *typed, guint16 *turn)
{
  g_autoptr (Arena) arena = arena_new ();
  static const unsigned facet = 0;
  FulltextQuery query = { .limit = 3, .n_facets = 1, .facets = &facet };
  query.words = fulltext_words (text_of (typed), arena, &query.n_words, NULL);
  const FulltextAnswer *answer = fulltext_search (index, &query, arena, NULL);
  size_t n = answer->n_found;
  for (size_t i = 0; i < answer->facets[0].n; i++)
    g_assert_cmpuint (answer->facets[0].counts[i].count % BATCH, ==, 0); /* batches are whole */
  *turn = answer->facets[0].n ? answer->facets[0].counts[0].value : 0;
  return n;
}

static gpointer
write_all (gpointer data)
{
  static gint writers;
  World *w = data;
  int self = g_atomic_int_add (&writers, 1) % WRITERS;
  GRand *random = g_rand_new_with_seed ((guint32)self);
  bool there[OWN] = { false };
  size_t n = 0;
  for (guint16 turn = 1; turn <= TURNS; turn++) {
    guint64 batch = (guint64)g_rand_int_range (random, 0, OWN), ids[BATCH];
    FulltextDocument documents[BATCH];
    Text text = text_of (words[self]);
    for (size_t i = 0; i < BATCH; i++) {
      ids[i] = ((guint64)self * OWN + batch) * BATCH + i;
      documents[i] = (FulltextDocument){ .id = ids[i], .texts = &text, .columns = &turn };
    }
    if (there[batch] && g_rand_boolean (random)) {
      g_assert_cmpuint (fulltext_remove (w->index, ids, BATCH), ==, BATCH);
      there[batch] = false;
      n -= BATCH;
    } else {
      g_assert_true (fulltext_put (w->index, documents, BATCH, NULL));
      n += there[batch] ? 0 : BATCH;
      there[batch] = true;
    }
    guint16 seen;
    g_assert_cmpuint (count (w->index, words[self], &seen), ==, n);
  }
  g_rand_free (random);
  g_atomic_int_inc (&w->done);
  return GSIZE_TO_POINTER (n);
}

static gpointer
read_all (gpointer data)
{
  World *w = data;
  size_t searches = 0;
  while (g_atomic_int_get (&w->done) < WRITERS || !searches) {
    guint16 turn;
    g_assert_cmpuint (count (w->index, searches % 2 ? "乙班" : "jiaban", &turn) % BATCH, ==, 0);
    g_assert_cmpuint (fulltext_count (w->index) % BATCH, ==, 0);
    searches++;
  }
  return GSIZE_TO_POINTER (searches);
}

static void
test_threads (void)
{
  World w = { .index = fulltext_new (&shape) };
  GThread *writers[WRITERS], *readers[READERS];
  size_t n = 0;
  for (int i = 0; i < READERS; i++)
    readers[i] = g_thread_new ("reader", read_all, &w);
  for (int i = 0; i < WRITERS; i++)
    writers[i] = g_thread_new ("writer", write_all, &w);
  for (int i = 0; i < WRITERS; i++)
    n += GPOINTER_TO_SIZE (g_thread_join (writers[i]));
  for (int i = 0; i < READERS; i++)
    g_assert_cmpuint (GPOINTER_TO_SIZE (g_thread_join (readers[i])), >, 0);
  g_assert_cmpuint (fulltext_count (w.index), ==, n);
  fulltext_free (w.index);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fulltext/threads", test_threads);
  return g_test_run ();
}
