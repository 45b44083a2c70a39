#include "web/barriers.h"

#include <pthread.h>
#include <string.h>

typedef struct {
  const BarriersClause *found; /* NULL: nothing yet */
  Arena *arena;                /* where it lives */
  Arena *before;               /* and what was found before it, which a request may still be reading */
  Day as_of;
  Day wanted; /* the day last asked for: what the thread looks at */
  Day tried;  /* what failed is not tried again the same day */
} Entry;

struct WebBarriers {
  const WebOptions *web;
  WebCounty *county;
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
next_wanted (const WebBarriers *b)
{
  size_t i = 0;
  while (i < b->n
         && (b->entries[i].wanted <= b->entries[i].as_of || b->entries[i].wanted <= b->entries[i].tried))
    i++;
  return i;
}

static const BarriersClause *
find (const WebBarriers *b, Arena *arena, const PolicyClause *clause, Day as_of)
{
  g_autoptr (GError) error = NULL;
  const County *county = web_county_enter (b->county, as_of, true);
  if (!county)
    return NULL;
  BarriersOptions options = { .package = b->web->package,
                              .registry = b->web->registry,
                              .access = b->web->access,
                              .who = access_operator (arena, "barriers of a clause, for their page"),
                              .as_of = as_of,
                              .county = county,
                              .stop = &b->stop };
  const BarriersClause *exact = barriers_run (&options, arena, &clause, 1, &error);
  web_county_leave (b->county);
  return exact ? barriers_hide (arena, exact) : NULL;
}

/* ENTRY has FOUND, which lives in ARENA, from now on. */
static void
keep (Entry *entry, const BarriersClause *found, Arena *arena, Day day)
{
  if (entry->before)
    arena_free (entry->before);
  entry->before = entry->arena;
  entry->arena = arena;
  entry->found = found;
  entry->as_of = day;
}

static void *
go_on (void *data)
{
  WebBarriers *b = data;
  pthread_mutex_lock (&b->mutex);
  while (!g_atomic_int_get (&b->stop)) {
    size_t i = next_wanted (b);
    if (i == b->n) {
      pthread_cond_wait (&b->asked, &b->mutex);
      continue;
    }
    Entry *entry = &b->entries[i];
    Day day = entry->tried = entry->wanted;
    pthread_mutex_unlock (&b->mutex);
    g_autoptr (Arena) arena = arena_new ();
    const BarriersClause *found = find (b, arena, b->clauses[i], day);
    pthread_mutex_lock (&b->mutex);
    if (found)
      keep (entry, found, g_steal_pointer (&arena), day);
  }
  pthread_mutex_unlock (&b->mutex);
  return NULL;
}

WebBarriers *
web_barriers_new (const WebOptions *web, WebCounty *county)
{
  WebBarriers *b = g_new0 (WebBarriers, 1);
  b->web = web;
  b->county = county;
  b->clauses = policy_pages (web->package, &b->n);
  b->entries = g_new0 (Entry, b->n);
  for (size_t i = 0; i < b->n; i++)
    b->entries[i] = (Entry){ .as_of = G_MININT64, .wanted = G_MININT64, .tried = G_MININT64 };
  pthread_mutex_init (&b->mutex, NULL);
  pthread_cond_init (&b->asked, NULL);
  b->running = pthread_create (&b->thread, NULL, go_on, b) == 0; /* without it nothing is found */
  return b;
}

void
web_barriers_free (WebBarriers *b)
{
  if (!b)
    return;
  pthread_mutex_lock (&b->mutex);
  g_atomic_int_set (&b->stop, 1);
  pthread_cond_signal (&b->asked);
  pthread_mutex_unlock (&b->mutex);
  if (b->running)
    pthread_join (b->thread, NULL);
  for (size_t i = 0; i < b->n; i++) {
    g_clear_pointer (&b->entries[i].arena, arena_free);
    g_clear_pointer (&b->entries[i].before, arena_free);
  }
  pthread_cond_destroy (&b->asked);
  pthread_mutex_destroy (&b->mutex);
  g_free (b->entries);
  g_free (b);
}

const BarriersClause *
web_barriers_of (WebBarriers *b, const PolicyClause *clause, Day today, Day *as_of)
{
  const BarriersClause *found = NULL;
  if (!clause->unit)
    return NULL;
  pthread_mutex_lock (&b->mutex);
  for (size_t i = 0; i < b->n; i++)
    if (b->clauses[i] == clause) {
      b->entries[i].wanted = today;
      *as_of = b->entries[i].as_of;
      found = b->entries[i].found;
    }
  pthread_cond_signal (&b->asked);
  pthread_mutex_unlock (&b->mutex);
  return found;
}
