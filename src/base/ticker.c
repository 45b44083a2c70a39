#include "ticker.h"

#include "fault.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

struct Ticker {
  unsigned interval;
  void (*tick) (gpointer data);
  gpointer data;
  pthread_t thread;
  pthread_mutex_t lock; /* guards STOP */
  pthread_cond_t wake;
  bool stop;
};

/* False when it is time to stop. */
static bool
wait_interval (Ticker *ticker)
{
  struct timespec until;
  clock_gettime (CLOCK_MONOTONIC, &until);
  until.tv_sec += ticker->interval / 1000;
  until.tv_nsec += (long)(ticker->interval % 1000) * 1000000;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_mutex_lock (&ticker->lock);
  int result = 0;
  while (!ticker->stop && result != ETIMEDOUT)
    result = pthread_cond_timedwait (&ticker->wake, &ticker->lock, &until);
  bool go_on = !ticker->stop;
  pthread_mutex_unlock (&ticker->lock);
  return go_on;
}

static void *
ticker_main (void *data)
{
  Ticker *ticker = data;
  do
    ticker->tick (ticker->data);
  while (wait_interval (ticker));
  return NULL;
}

static void
ticker_free (Ticker *ticker)
{
  pthread_cond_destroy (&ticker->wake);
  pthread_mutex_destroy (&ticker->lock);
  g_free (ticker);
}

Ticker *
ticker_start (unsigned interval, void (*tick) (gpointer data), gpointer data, GError **error)
{
  Ticker *ticker = g_new0 (Ticker, 1);
  *ticker = (Ticker){ .interval = interval, .tick = tick, .data = data };
  pthread_condattr_t monotonic;
  pthread_condattr_init (&monotonic);
  pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init (&ticker->wake, &monotonic);
  pthread_condattr_destroy (&monotonic);
  pthread_mutex_init (&ticker->lock, NULL);
  int result = pthread_create (&ticker->thread, NULL, ticker_main, ticker);
  if (result == 0)
    return ticker;
  g_set_error (error, FAULT, FAULT_SYSTEM, "cannot start a thread: %s", g_strerror (result));
  ticker_free (ticker);
  return NULL;
}

void
ticker_stop (Ticker *ticker)
{
  if (!ticker)
    return;
  pthread_mutex_lock (&ticker->lock);
  ticker->stop = true;
  pthread_cond_signal (&ticker->wake);
  pthread_mutex_unlock (&ticker->lock);
  pthread_join (ticker->thread, NULL);
  ticker_free (ticker);
}
