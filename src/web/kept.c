#include "web/kept.h"

#include <pthread.h>

typedef struct {
  const void *found; /* NULL: nothing yet */
  Arena *arena;      /* where it lives */
  Arena *before;     /* and what was found before it, which a request may still be reading */
  Day as_of;
  bool asked;     /* since it was last worked out */
  Day wanted;     /* the day last asked for: what the thread looks at */
  Day tried;      /* what failed is not tried again the same day */
  gint64 version; /* of the facts that it was made from */
} Entry;

struct WebKept {
  WebCounty *county;
  WebKeptMake make;
  void *host;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t asked;
  volatile gint stop;
  bool running;
  gint64 version; /* of the county's facts: one more after every change */
  size_t n;       /* clauses with a page, as policy_pages has them */
  const PolicyClause *const *clauses;
  Entry *entries;
};

static void
take_change (void *data, const CountyChanges *changes)
{
  WebKept *k = data;
  pthread_mutex_lock (&k->mutex);
  k->version++;
  pthread_mutex_unlock (&k->mutex);
}

/* Somebody waits for it, or has seen what earlier facts came to. */
static bool
is_wanted (const WebKept *k, const Entry *entry)
{
  return (entry->wanted > entry->as_of && entry->wanted > entry->tried)
         || (entry->found && entry->asked && entry->version < k->version);
}

/* The first clause that is; n when there is none. */
static size_t
next_wanted (const WebKept *k)
{
  size_t i = 0;
  while (i < k->n && !is_wanted (k, &k->entries[i]))
    i++;
  return i;
}

static const void *
find (WebKept *k, Arena *arena, const PolicyClause *clause, Day day)
{
  const County *county = web_county_enter (k->county, day, true);
  if (!county)
    return NULL;
  const void *found = k->make (k->host, arena, county, clause, day, &k->stop);
  web_county_leave (k->county);
  return found;
}

/* ENTRY has FOUND, which lives in ARENA, from now on. */
static void
keep (Entry *entry, const void *found, Arena *arena, Day day)
{
  if (entry->before)
    arena_free (entry->before);
  entry->before = entry->arena;
  entry->arena = arena;
  entry->found = found;
  entry->as_of = day;
}

static void *
work (void *data)
{
  WebKept *k = data;
  pthread_mutex_lock (&k->mutex);
  while (!g_atomic_int_get (&k->stop)) {
    size_t i = next_wanted (k);
    if (i == k->n) {
      pthread_cond_wait (&k->asked, &k->mutex);
      continue;
    }
    Entry *entry = &k->entries[i];
    Day day = entry->tried = entry->wanted;
    entry->asked = false;
    entry->version = k->version;
    pthread_mutex_unlock (&k->mutex);
    g_autoptr (Arena) arena = arena_new ();
    const void *found = find (k, arena, k->clauses[i], day);
    pthread_mutex_lock (&k->mutex);
    if (found)
      keep (entry, found, g_steal_pointer (&arena), day);
  }
  pthread_mutex_unlock (&k->mutex);
  return NULL;
}

WebKept *
web_kept_new (const WebOptions *web, WebCounty *county, WebKeptMake make, void *host)
{
  WebKept *k = g_new0 (WebKept, 1);
  k->county = county;
  k->make = make;
  k->host = host;
  k->clauses = policy_pages (web->package, &k->n);
  k->entries = g_new0 (Entry, k->n);
  for (size_t i = 0; i < k->n; i++)
    k->entries[i] = (Entry){ .as_of = G_MININT64, .wanted = G_MININT64, .tried = G_MININT64 };
  pthread_mutex_init (&k->mutex, NULL);
  pthread_cond_init (&k->asked, NULL);
  web_county_listen (county, take_change, k);
  k->running = pthread_create (&k->thread, NULL, work, k) == 0; /* without it nothing is found */
  return k;
}

void
web_kept_free (WebKept *k)
{
  if (!k)
    return;
  pthread_mutex_lock (&k->mutex);
  g_atomic_int_set (&k->stop, 1);
  pthread_cond_signal (&k->asked);
  pthread_mutex_unlock (&k->mutex);
  if (k->running)
    pthread_join (k->thread, NULL);
  for (size_t i = 0; i < k->n; i++) {
    g_clear_pointer (&k->entries[i].arena, arena_free);
    g_clear_pointer (&k->entries[i].before, arena_free);
  }
  pthread_cond_destroy (&k->asked);
  pthread_mutex_destroy (&k->mutex);
  g_free (k->entries);
  g_free (k);
}

const void *
web_kept_of (WebKept *k, const PolicyClause *clause, Day today, Day *as_of)
{
  const void *found = NULL;
  if (!clause->unit)
    return NULL;
  web_county_ask (k->county, today);
  pthread_mutex_lock (&k->mutex);
  for (size_t i = 0; i < k->n; i++)
    if (k->clauses[i] == clause) {
      k->entries[i].wanted = today;
      k->entries[i].asked = true;
      *as_of = k->entries[i].as_of;
      found = k->entries[i].found;
    }
  pthread_cond_signal (&k->asked);
  pthread_mutex_unlock (&k->mutex);
  return found;
}
