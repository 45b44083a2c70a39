#include "web/county.h"

#include <pthread.h>

#include "population/population.h"

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
  Day wanted, tried; /* the day last asked for, and last tried */
  County *county;    /* NULL: none yet */
  Day day;
};

/* The county that is there, or a new one for DAY in its place. */
static void
read_county (WebCounty *c, Day day)
{
  g_autoptr (GError) error = NULL;
  CountyOptions options = {
    .registry = c->web->registry, .as_of = day, .attributes = c->attributes, .n_attributes = c->n_attributes
  };
  County *fresh = county_open (&options, &error);
  if (!fresh)
    return;
  pthread_rwlock_wrlock (&c->use);
  County *before = c->county;
  pthread_mutex_lock (&c->mutex);
  c->county = fresh;
  c->day = day;
  pthread_mutex_unlock (&c->mutex);
  pthread_rwlock_unlock (&c->use);
  county_free (before);
}

static void *
work (void *data)
{
  WebCounty *c = data;
  pthread_mutex_lock (&c->mutex);
  while (!c->stop) {
    if (c->wanted <= c->tried) {
      pthread_cond_wait (&c->asked, &c->mutex);
      continue;
    }
    Day day = c->wanted;
    pthread_mutex_unlock (&c->mutex);
    read_county (c, day);
    pthread_mutex_lock (&c->mutex);
    c->tried = day; /* what failed is not tried again the same day */
    pthread_cond_broadcast (&c->done);
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
  c->wanted = c->tried = c->day = G_MININT64;
  pthread_rwlock_init (&c->use, NULL);
  pthread_mutex_init (&c->mutex, NULL);
  pthread_cond_init (&c->asked, NULL);
  pthread_cond_init (&c->done, NULL);
  c->running = pthread_create (&c->thread, NULL, work, c) == 0; /* without it nothing is counted */
  return c;
}

void
web_county_stop (WebCounty *c)
{
  pthread_mutex_lock (&c->mutex);
  c->stop = true;
  pthread_cond_broadcast (&c->asked);
  pthread_cond_broadcast (&c->done);
  pthread_mutex_unlock (&c->mutex);
}

void
web_county_free (WebCounty *c)
{
  if (!c)
    return;
  web_county_stop (c);
  if (c->running)
    pthread_join (c->thread, NULL);
  county_free (c->county);
  pthread_cond_destroy (&c->asked);
  pthread_cond_destroy (&c->done);
  pthread_mutex_destroy (&c->mutex);
  pthread_rwlock_destroy (&c->use);
  arena_free (c->arena);
  g_free (c);
}

const County *
web_county_enter (WebCounty *c, Day today, bool wait)
{
  pthread_mutex_lock (&c->mutex);
  c->wanted = MAX (c->wanted, today);
  pthread_cond_signal (&c->asked);
  while (wait && c->running && !c->stop && c->tried < today)
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
