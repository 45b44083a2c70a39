/* Threads that share tasks: each takes the next one that nobody has. */
#include "county/county_private.h"

#include <pthread.h>

enum { THREADS_MAX = 64 };

typedef struct {
  size_t n;
  size_t *next; /* shared, atomic */
  WorkTask task;
  gpointer data;
  unsigned thread;
} Worker;

static void *
run (void *data)
{
  Worker *w = data;
  for (size_t i; (i = __atomic_fetch_add (w->next, 1, __ATOMIC_RELAXED)) < w->n;)
    w->task (w->data, i, w->thread);
  return NULL;
}

/* A thread that cannot be started leaves its share to the others. */
void
work_share (unsigned n_threads, size_t n, WorkTask task, gpointer data)
{
  size_t next = 0;
  Worker workers[THREADS_MAX];
  pthread_t threads[THREADS_MAX];
  unsigned started = 1;
  n_threads = (unsigned)MIN (MIN (n_threads, THREADS_MAX), MAX (n, 1));
  for (unsigned i = 0; i < n_threads; i++)
    workers[i] = (Worker){ n, &next, task, data, i };
  while (started < n_threads && pthread_create (&threads[started], NULL, run, &workers[started]) == 0)
    started++;
  run (&workers[0]);
  for (unsigned i = 1; i < started; i++)
    pthread_join (threads[i], NULL);
}
