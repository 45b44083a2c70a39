/* What time brings, without anybody asking. */
#include "cases/cases_private.h"

#include <errno.h>

enum { INTERVAL = 10 * 60 * 1000 };

struct CasesKeeper {
  Cases *cases;
  int interval;
  Day flagged_on; /* the day on which corrected facts were last looked for */
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stop;
};

static void
report (const char *what, GError *error)
{
  g_printerr ("liudong: %s: %s; it is tried again\n", what, error->message);
  g_error_free (error);
}

/* One after the other; none keeps the next from its turn. */
static void
look (CasesKeeper *keeper)
{
  size_t n;
  GError *error = NULL;
  Day today = civil_day_of (cases_now (keeper->cases));
  if (!limits_look_again (keeper->cases, &n, &error))
    report ("dates of cases", g_steal_pointer (&error));
  if (!cases_warn (keeper->cases, &n, &error))
    report ("warnings of cases", g_steal_pointer (&error));
  if (!cases_escalate (keeper->cases, &n, &error))
    report ("late cases", g_steal_pointer (&error));
  if (keeper->flagged_on == today)
    return;
  if (!cases_flag (keeper->cases, &n, &error))
    report ("corrected facts of cases", g_steal_pointer (&error));
  else
    keeper->flagged_on = today;
}

/* False when it is time to stop. */
static bool
wait_a_while (CasesKeeper *keeper)
{
  struct timespec until;
  clock_gettime (CLOCK_MONOTONIC, &until);
  until.tv_sec += keeper->interval / 1000;
  until.tv_nsec += keeper->interval % 1000 * 1000000L;
  if (until.tv_nsec >= 1000000000L) {
    until.tv_sec++;
    until.tv_nsec -= 1000000000L;
  }
  pthread_mutex_lock (&keeper->lock);
  int result = 0;
  while (!keeper->stop && result != ETIMEDOUT)
    result = pthread_cond_timedwait (&keeper->wake, &keeper->lock, &until);
  bool go_on = !keeper->stop;
  pthread_mutex_unlock (&keeper->lock);
  return go_on;
}

static void *
keeper_main (void *data)
{
  CasesKeeper *keeper = data;
  do
    look (keeper);
  while (wait_a_while (keeper));
  return NULL;
}

CasesKeeper *
cases_keep (Cases *cases, int interval, GError **error)
{
  CasesKeeper *keeper = g_new0 (CasesKeeper, 1);
  pthread_condattr_t attributes;
  keeper->cases = cases;
  keeper->interval = interval ? interval : INTERVAL;
  pthread_mutex_init (&keeper->lock, NULL);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&keeper->wake, &attributes);
  pthread_condattr_destroy (&attributes);
  int failed = pthread_create (&keeper->thread, NULL, keeper_main, keeper);
  if (!failed)
    return keeper;
  g_set_error (error, FAULT, FAULT_SYSTEM, "no thread for what time brings to cases: %s",
               g_strerror (failed));
  pthread_cond_destroy (&keeper->wake);
  pthread_mutex_destroy (&keeper->lock);
  g_free (keeper);
  return NULL;
}

void
cases_keep_stop (CasesKeeper *keeper)
{
  if (!keeper)
    return;
  pthread_mutex_lock (&keeper->lock);
  keeper->stop = true;
  pthread_cond_signal (&keeper->wake);
  pthread_mutex_unlock (&keeper->lock);
  pthread_join (keeper->thread, NULL);
  pthread_cond_destroy (&keeper->wake);
  pthread_mutex_destroy (&keeper->lock);
  g_free (keeper);
}
