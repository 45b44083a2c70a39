#include "web/counts.h"

#include <pthread.h>
#include <string.h>

typedef struct {
  const PopulationClause *counts; /* NULL: not counted yet */
  Arena *arena;                   /* where they live */
  Arena *before;                  /* and the counts before them, which a request may still be reading */
  Day as_of;
  bool asked;     /* since it was last counted */
  Day wanted;     /* the day last asked for: what the thread looks at */
  Day tried;      /* a count that failed is not tried again the same day */
  gint64 version; /* of the facts that were counted */
} Entry;

struct WebCounts {
  const WebOptions *web;
  WebCounty *county;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t asked;
  volatile gint stop;
  bool running;
  gint64 version; /* of the county's facts: one more after every change */
  Arena *arena;
  Population *kept; /* between web_county_enter and _leave; NULL: none yet */
  size_t n;         /* clauses with a page, as policy_pages has them */
  const PolicyClause *const *clauses;
  Entry *entries;
};

static void
take_change (void *data, const CountyChanges *changes)
{
  WebCounts *c = data;
  if (!changes)
    g_clear_pointer (&c->kept, population_free);
  else if (c->kept)
    population_change (c->kept, changes);
  pthread_mutex_lock (&c->mutex);
  c->version++;
  pthread_mutex_unlock (&c->mutex);
}

/* Somebody waits for it, or has seen figures of earlier facts. */
static bool
is_wanted (const WebCounts *c, const Entry *entry)
{
  return (entry->wanted > entry->as_of && entry->wanted > entry->tried)
         || (entry->counts && entry->asked && entry->version < c->version);
}

/* The first clause that is; n when there is none. */
static size_t
next_wanted (const WebCounts *c)
{
  size_t i = 0;
  while (i < c->n && !is_wanted (c, &c->entries[i]))
    i++;
  return i;
}

static const PopulationClause *
count (WebCounts *c, Arena *arena, const PolicyClause *clause, Day as_of)
{
  const County *county = web_county_enter (c->county, as_of, true);
  if (!county)
    return NULL;
  PopulationOptions options = { .package = c->web->package,
                                .registry = c->web->registry,
                                .access = c->web->access,
                                .who = access_operator (c->arena, "figures of a clause, for its page"),
                                .as_of = as_of,
                                .county = county,
                                .stop = &c->stop };
  if (!c->kept)
    c->kept = population_new (&options);
  const PopulationClause *counts = population_count (c->kept, arena, clause, NULL);
  web_county_leave (c->county);
  return counts;
}

/* ENTRY has COUNTS, which live in ARENA, from now on. */
static void
keep (Entry *entry, const PopulationClause *counts, Arena *arena, Day day)
{
  if (entry->before)
    arena_free (entry->before);
  entry->before = entry->arena;
  entry->arena = arena;
  entry->counts = counts;
  entry->as_of = day;
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
    entry->asked = false;
    entry->version = c->version;
    pthread_mutex_unlock (&c->mutex);
    g_autoptr (Arena) arena = arena_new ();
    const PopulationClause *exact = count (c, arena, c->clauses[i], day);
    const PopulationClause *counts = exact ? population_hide_clause (arena, exact) : NULL;
    pthread_mutex_lock (&c->mutex);
    if (counts)
      keep (entry, counts, g_steal_pointer (&arena), day);
  }
  pthread_mutex_unlock (&c->mutex);
  return NULL;
}

WebCounts *
web_counts_new (const WebOptions *web, WebCounty *county)
{
  WebCounts *c = g_new0 (WebCounts, 1);
  c->web = web;
  c->county = county;
  c->clauses = policy_pages (web->package, &c->n);
  c->entries = g_new0 (Entry, c->n);
  for (size_t i = 0; i < c->n; i++)
    c->entries[i] = (Entry){ .as_of = G_MININT64, .wanted = G_MININT64, .tried = G_MININT64 };
  pthread_mutex_init (&c->mutex, NULL);
  pthread_cond_init (&c->asked, NULL);
  c->arena = arena_new ();
  web_county_listen (county, take_change, c);
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
  for (size_t i = 0; i < c->n; i++) {
    g_clear_pointer (&c->entries[i].arena, arena_free);
    g_clear_pointer (&c->entries[i].before, arena_free);
  }
  population_free (c->kept);
  arena_free (c->arena);
  pthread_cond_destroy (&c->asked);
  pthread_mutex_destroy (&c->mutex);
  g_free (c->entries);
  g_free (c);
}

const PopulationClause *
web_counts_of (WebCounts *c, const PolicyClause *clause, Day today, Day *as_of)
{
  const PopulationClause *found = NULL;
  if (!clause->unit)
    return NULL;
  web_county_ask (c->county, today);
  pthread_mutex_lock (&c->mutex);
  for (size_t i = 0; i < c->n; i++)
    if (c->clauses[i] == clause) {
      c->entries[i].wanted = today;
      c->entries[i].asked = true;
      *as_of = c->entries[i].as_of;
      found = c->entries[i].counts;
    }
  pthread_cond_signal (&c->asked);
  pthread_mutex_unlock (&c->mutex);
  return found;
}
