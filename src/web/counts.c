#include "web/counts.h"

#include <pthread.h>
#include <string.h>

typedef struct {
  PolicyTally *tallies; /* NULL: not counted yet */
  Day as_of;
  Day wanted; /* the day last asked for: what the thread looks at */
  Day tried;  /* a count that failed is not tried again the same day */
} Entry;

struct WebCounts {
  const WebOptions *web;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t asked;
  volatile gint stop;
  bool running;
  size_t n; /* clauses with a page, as policy_pages has them */
  const PolicyClause *const *clauses;
  Entry *entries;
};

/* The first clause that somebody waits for; n when there is none. */
static size_t
next_wanted (const WebCounts *c)
{
  size_t i = 0;
  while (i < c->n
         && (c->entries[i].wanted <= c->entries[i].as_of || c->entries[i].wanted <= c->entries[i].tried))
    i++;
  return i;
}

static bool
count (const WebCounts *c, const PolicyClause *clause, Day as_of, PolicyTally *tallies)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  const AccessAccount *who = access_operator (arena, "how many a clause concerns, for its page");
  return policy_tally (c->web->package, c->web->registry, c->web->access, who, clause, as_of, tallies,
                       &c->stop, &error)
         && !g_atomic_int_get (&c->stop);
}

static void *
work (void *data)
{
  WebCounts *c = data;
  pthread_mutex_lock (&c->mutex);
  while (!g_atomic_int_get (&c->stop)) {
    size_t i = next_wanted (c);
    if (i == c->n) {
      pthread_cond_wait (&c->asked, &c->mutex);
      continue;
    }
    Entry *entry = &c->entries[i];
    Day day = entry->tried = entry->wanted;
    pthread_mutex_unlock (&c->mutex);
    PolicyTally *tallies = g_new0 (PolicyTally, c->clauses[i]->n_provisions + c->clauses[i]->n_targets);
    bool ok = count (c, c->clauses[i], day, tallies);
    pthread_mutex_lock (&c->mutex);
    if (ok) {
      g_free (entry->tallies);
      entry->tallies = g_steal_pointer (&tallies);
      entry->as_of = day;
    }
    g_free (tallies);
  }
  pthread_mutex_unlock (&c->mutex);
  return NULL;
}

WebCounts *
web_counts_new (const WebOptions *web)
{
  WebCounts *c = g_new0 (WebCounts, 1);
  c->web = web;
  c->clauses = policy_pages (web->package, &c->n);
  c->entries = g_new0 (Entry, c->n);
  for (size_t i = 0; i < c->n; i++)
    c->entries[i] = (Entry){ .as_of = G_MININT64, .wanted = G_MININT64, .tried = G_MININT64 };
  pthread_mutex_init (&c->mutex, NULL);
  pthread_cond_init (&c->asked, NULL);
  c->running = pthread_create (&c->thread, NULL, work, c) == 0; /* without it nothing is counted */
  return c;
}

void
web_counts_free (WebCounts *c)
{
  if (!c)
    return;
  pthread_mutex_lock (&c->mutex);
  g_atomic_int_set (&c->stop, 1);
  pthread_cond_signal (&c->asked);
  pthread_mutex_unlock (&c->mutex);
  if (c->running)
    pthread_join (c->thread, NULL);
  for (size_t i = 0; i < c->n; i++)
    g_free (c->entries[i].tallies);
  pthread_cond_destroy (&c->asked);
  pthread_mutex_destroy (&c->mutex);
  g_free (c->entries);
  g_free (c);
}

const PolicyTally *
web_counts_of (WebCounts *c, Arena *arena, const PolicyClause *clause, Day today, Day *as_of)
{
  const PolicyTally *found = NULL;
  if (!clause->unit)
    return NULL;
  pthread_mutex_lock (&c->mutex);
  for (size_t i = 0; i < c->n; i++)
    if (c->clauses[i] == clause) {
      Entry *entry = &c->entries[i];
      entry->wanted = today;
      *as_of = entry->as_of;
      if (entry->tallies)
        found = arena_copy (arena, entry->tallies,
                            (clause->n_provisions + clause->n_targets) * sizeof (PolicyTally));
    }
  pthread_cond_signal (&c->asked);
  pthread_mutex_unlock (&c->mutex);
  return found;
}
