#include "web/county.h"

#include <pthread.h>

#include "population/population.h"

typedef struct {
  WebCountyChanged changed;
  void *data;
} Listener;

struct WebCounty {
  const WebOptions *web;
  Arena *arena;
  const RegistryAttribute *const *attributes;
  size_t n_attributes;
  pthread_t thread;
  bool running;
  pthread_rwlock_t use;  /* of COUNTY: by those who read, and the thread that exchanges it */
  pthread_mutex_t mutex; /* of what follows */
  pthread_cond_t asked, done;
  bool stop;
  gint64 fresh;   /* microseconds: when it was last in step with the registry */
  Day wanted;     /* the day last asked for */
  County *county; /* NULL: none yet */
  Day day;
  size_t n_listeners;
  Listener listeners[WEB_COUNTY_LISTENERS];
};

static void
tell (const WebCounty *c, const CountyChanges *changes)
{
  for (size_t i = 0; i < c->n_listeners; i++)
    c->listeners[i].changed (c->listeners[i].data, changes);
}

/* A new one for DAY, in the place of the one that is there. */
static bool
read_county (WebCounty *c, Day day)
{
  g_autoptr (GError) error = NULL;
  CountyOptions options = {
    .registry = c->web->registry, .as_of = day, .attributes = c->attributes, .n_attributes = c->n_attributes
  };
  County *fresh = county_open (&options, &error);
  if (!fresh) {
    g_printerr ("liudong: the county's facts cannot be read (again in %d seconds): %s\n",
                WEB_COUNTY_RETRY_SECONDS, error->message);
    return false;
  }
  pthread_rwlock_wrlock (&c->use);
  County *before = c->county;
  pthread_mutex_lock (&c->mutex);
  c->county = fresh;
  c->day = day;
  c->fresh = g_get_monotonic_time ();
  pthread_mutex_unlock (&c->mutex);
  tell (c, NULL);
  pthread_rwlock_unlock (&c->use);
  county_free (before);
  return true;
}

/* However often it is asked for meanwhile. */
static void
pause_reading (WebCounty *c)
{
  struct timespec end;
  clock_gettime (CLOCK_REALTIME, &end);
  end.tv_sec += WEB_COUNTY_RETRY_SECONDS;
  while (!c->stop && pthread_cond_timedwait (&c->asked, &c->mutex, &end) == 0)
    continue;
}

/* What cannot be taken in now is taken in next time. */
static void
refresh_county (WebCounty *c)
{
  pthread_rwlock_wrlock (&c->use);
  g_autoptr (CountyChanges) changes = county_refresh (c->county, NULL);
  if (changes && changes->any)
    tell (c, changes);
  pthread_mutex_lock (&c->mutex);
  c->fresh = g_get_monotonic_time ();
  pthread_mutex_unlock (&c->mutex);
  pthread_rwlock_unlock (&c->use);
}

static bool
is_old (const WebCounty *c)
{
  return c->county && g_get_monotonic_time () - c->fresh > (gint64)WEB_COUNTY_SECONDS * G_USEC_PER_SEC;
}

static void *
work (void *data)
{
  WebCounty *c = data;
  pthread_mutex_lock (&c->mutex);
  while (!c->stop) {
    Day day = c->wanted;
    bool other_day = day > c->day, ok = true;
    if (!other_day)
      pthread_cond_wait (&c->asked, &c->mutex);
    bool old = !other_day && !c->stop && is_old (c);
    pthread_mutex_unlock (&c->mutex);
    if (other_day)
      ok = read_county (c, day);
    else if (old)
      refresh_county (c);
    pthread_mutex_lock (&c->mutex);
    pthread_cond_broadcast (&c->done);
    if (!ok)
      pause_reading (c);
  }
  pthread_mutex_unlock (&c->mutex);
  return NULL;
}

WebCounty *
web_county_new (const WebOptions *web)
{
  WebCounty *c = g_new0 (WebCounty, 1);
  c->web = web;
  c->arena = arena_new ();
  c->attributes = population_attributes (web->package, c->arena, &c->n_attributes);
  c->wanted = c->day = G_MININT64;
  pthread_rwlock_init (&c->use, NULL);
  pthread_mutex_init (&c->mutex, NULL);
  pthread_cond_init (&c->asked, NULL);
  pthread_cond_init (&c->done, NULL);
  c->running = pthread_create (&c->thread, NULL, work, c) == 0; /* without it nothing is counted */
  return c;
}

void
web_county_listen (WebCounty *c, WebCountyChanged changed, void *data)
{
  g_assert (c->n_listeners < WEB_COUNTY_LISTENERS);
  c->listeners[c->n_listeners++] = (Listener){ changed, data };
}

void
web_county_stop (WebCounty *c)
{
  pthread_mutex_lock (&c->mutex);
  bool running = c->running;
  c->running = false;
  c->stop = true;
  pthread_cond_broadcast (&c->asked);
  pthread_cond_broadcast (&c->done);
  pthread_mutex_unlock (&c->mutex);
  if (running)
    pthread_join (c->thread, NULL);
}

void
web_county_free (WebCounty *c)
{
  if (!c)
    return;
  web_county_stop (c);
  county_free (c->county);
  pthread_cond_destroy (&c->asked);
  pthread_cond_destroy (&c->done);
  pthread_mutex_destroy (&c->mutex);
  pthread_rwlock_destroy (&c->use);
  arena_free (c->arena);
  g_free (c);
}

void
web_county_ask (WebCounty *c, Day today)
{
  pthread_mutex_lock (&c->mutex);
  c->wanted = MAX (c->wanted, today);
  pthread_cond_signal (&c->asked);
  pthread_mutex_unlock (&c->mutex);
}

const County *
web_county_enter (WebCounty *c, Day today, bool wait)
{
  web_county_ask (c, today);
  pthread_mutex_lock (&c->mutex);
  while (wait && c->running && !c->stop && c->day < today)
    pthread_cond_wait (&c->done, &c->mutex);
  pthread_mutex_unlock (&c->mutex);
  pthread_rwlock_rdlock (&c->use);
  if (c->county && c->day == today)
    return c->county;
  pthread_rwlock_unlock (&c->use);
  return NULL;
}

void
web_county_leave (WebCounty *c)
{
  pthread_rwlock_unlock (&c->use);
}
