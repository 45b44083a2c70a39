/* The current tables follow the day: a thread looks at the calendar now and then,
 * so that no request waits for midnight's work. */
#include "registry/registry_private.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct RegistryFollower {
  Registry *registry;
  Day (*today) (void);
  unsigned interval_ms;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t stopped;
  bool stop;
};

/* Waits for the interval; false once the follower is to stop. */
static bool
wait_interval (RegistryFollower *f)
{
  struct timespec until;
  clock_gettime (CLOCK_MONOTONIC, &until);
  until.tv_sec += f->interval_ms / 1000;
  until.tv_nsec += (long)(f->interval_ms % 1000) * 1000000;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_mutex_lock (&f->mutex);
  int result = 0;
  while (!f->stop && result != ETIMEDOUT)
    result = pthread_cond_timedwait (&f->stopped, &f->mutex, &until);
  bool go_on = !f->stop;
  pthread_mutex_unlock (&f->mutex);
  return go_on;
}

static void *
follow (void *data)
{
  RegistryFollower *f = data;
  Day reached = f->today ();
  while (wait_interval (f)) {
    Day today = f->today ();
    g_autoptr (GError) error = NULL;
    if (today <= reached)
      continue;
    if (registry_refresh (f->registry, today, &error))
      reached = today;
    else /* tried again at the next look */
      fprintf (stderr, "liudong: the current tables stay at the day before: %s\n", error->message);
  }
  return NULL;
}

RegistryFollower *
registry_follower_start (Registry *registry, Day (*today) (void), unsigned interval_ms, GError **error)
{
  RegistryFollower *f = g_new0 (RegistryFollower, 1);
  *f = (RegistryFollower){ .registry = registry, .today = today, .interval_ms = interval_ms };
  pthread_condattr_t attributes;
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&f->stopped, &attributes);
  pthread_condattr_destroy (&attributes);
  pthread_mutex_init (&f->mutex, NULL);
  int result = pthread_create (&f->thread, NULL, follow, f);
  if (result == 0)
    return f;
  g_set_error (error, FAULT, FAULT_SYSTEM, "cannot start the thread that follows the day: %s",
               g_strerror (result));
  pthread_cond_destroy (&f->stopped);
  pthread_mutex_destroy (&f->mutex);
  g_free (f);
  return NULL;
}

void
registry_follower_stop (RegistryFollower *f)
{
  if (!f)
    return;
  pthread_mutex_lock (&f->mutex);
  f->stop = true;
  pthread_cond_signal (&f->stopped);
  pthread_mutex_unlock (&f->mutex);
  pthread_join (f->thread, NULL);
  pthread_cond_destroy (&f->stopped);
  pthread_mutex_destroy (&f->mutex);
  g_free (f);
}
