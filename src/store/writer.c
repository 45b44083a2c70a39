/* The writer: one thread, commits in groups.
 *
 * Whoever waits for a commit costs one fsync; so whatever has queued up while
 * the last group was being committed goes into the next one together.  Each
 * work has a savepoint of its own, so a failing one undoes only itself. */
#include "store/store_private.h"

/* So that one group cannot grow without end while the queue is being fed. */
enum { GROUP_MAX = 256 };

/* Run one work of the group.  The engine may end the whole transaction by
 * itself (disk full, connection lost); then the group is lost, which the caller asks. */
static void
run_job (Store *store, StoreJob *job)
{
  const StoreEngine *engine = store->engine;
  job->ok = engine->mark (store->db, &job->error) && job->work (store->db, job->data, &job->error)
            && engine->keep (store->db, &job->error);
  if (!job->ok && !job->error)
    g_set_error (&job->error, FAULT, FAULT_SYSTEM, "%s: the work failed without a reason", store->path);
  if (!job->ok && engine->in_transaction (store->db))
    engine->undo (store->db, &job->error);
}

/* All works that believed they had succeeded have not. */
static void
fail_group (StoreJob *group, const GError *cause)
{
  for (StoreJob *job = group; job; job = job->next)
    if (job->ok || !job->error) {
      job->ok = false;
      job->error = g_error_copy (cause);
    }
}

static void
run_group (Store *store, StoreJob *group)
{
  g_autoptr (GError) error = NULL;
  if (!store->engine->begin (store->db, &error)) {
    fail_group (group, error);
    return;
  }
  for (StoreJob *job = group; job; job = job->next) {
    run_job (store, job);
    if (!store->engine->in_transaction (store->db)) {
      fail_group (group, job->error);
      return;
    }
  }
  if (!store->engine->commit (store->db, &error))
    fail_group (group, error);
}

/* Take up to GROUP_MAX jobs off the queue; the lock is held. */
static StoreJob *
take_group (Store *store)
{
  StoreJob *group = store->first, **end = &group;
  for (int n = 0; n < GROUP_MAX && *end; n++)
    end = &(*end)->next;
  store->first = *end;
  *end = NULL;
  if (!store->first)
    store->last = &store->first;
  return group;
}

static gpointer
writer_main (gpointer data)
{
  Store *store = data;
  pthread_mutex_lock (&store->lock);
  for (;;) {
    while (store->busy || (!store->first && !store->stop))
      pthread_cond_wait (&store->wake, &store->lock);
    if (!store->first)
      break;
    StoreJob *group = take_group (store);
    store->busy = true;
    pthread_mutex_unlock (&store->lock);
    run_group (store, group);
    pthread_mutex_lock (&store->lock);
    store->busy = false;
    pthread_cond_broadcast (&store->wake);
    pthread_mutex_unlock (&store->lock);
    /* A job is its waiter's stack: read NEXT before saying that it is done. */
    for (StoreJob *job = group, *next; job; job = next) {
      next = job->next;
      sem_post (&job->done);
    }
    pthread_mutex_lock (&store->lock);
  }
  pthread_mutex_unlock (&store->lock);
  return NULL;
}

bool
writer_start (Store *store, GError **error)
{
  store->last = &store->first;
  int result = pthread_create (&store->thread, NULL, writer_main, store);
  if (result != 0)
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot start the writer: %s", store->path,
                 g_strerror (result));
  store->has_thread = result == 0;
  return store->has_thread;
}

void
writer_stop (Store *store)
{
  if (!store->has_thread)
    return;
  pthread_mutex_lock (&store->lock);
  store->stop = true;
  pthread_cond_broadcast (&store->wake);
  pthread_mutex_unlock (&store->lock);
  pthread_join (store->thread, NULL);
  store->has_thread = false;
}

static bool
refuse_read_only (Store *store, GError **error)
{
  if (store->has_thread)
    return false;
  g_set_error (error, FAULT, FAULT_USAGE, "%s: opened for reading only", store->path);
  return true;
}

bool
store_write (Store *store, StoreWork work, gpointer data, GError **error)
{
  if (refuse_read_only (store, error))
    return false;
  /* A work that waited for another would wait for ever. */
  g_assert (!pthread_equal (pthread_self (), store->thread));
  StoreJob job = { .work = work, .data = data };
  sem_init (&job.done, 0, 0);
  pthread_mutex_lock (&store->lock);
  *store->last = &job;
  store->last = &job.next;
  pthread_cond_broadcast (&store->wake);
  pthread_mutex_unlock (&store->lock);
  while (sem_wait (&job.done) != 0)
    ; /* a signal came */
  sem_destroy (&job.done);
  if (job.ok)
    return true;
  g_propagate_error (error, job.error);
  return false;
}

void
writer_take (Store *store)
{
  pthread_mutex_lock (&store->lock);
  while (store->busy)
    pthread_cond_wait (&store->wake, &store->lock);
  store->busy = true;
  pthread_mutex_unlock (&store->lock);
}

void
writer_release (Store *store)
{
  pthread_mutex_lock (&store->lock);
  store->busy = false;
  pthread_cond_broadcast (&store->wake);
  pthread_mutex_unlock (&store->lock);
}

StoreConnection *
store_begin (Store *store, GError **error)
{
  if (refuse_read_only (store, error))
    return NULL;
  writer_take (store);
  if (store->engine->begin (store->db, error))
    return store->db;
  writer_release (store);
  return NULL;
}

bool
store_commit (Store *store, GError **error)
{
  bool ok = store->engine->commit (store->db, error);
  writer_release (store);
  return ok;
}

void
store_rollback (Store *store)
{
  store->engine->rollback (store->db);
  writer_release (store);
}
