#include "web/baseline.h"

#include <pthread.h>

struct WebBaseline {
  const WebOptions *web;
  WebCounty *county;
  pthread_mutex_t mutex;
  Arena *arena;         /* of what is kept */
  ReformBaseline *kept; /* between web_county_enter and _leave; NULL: none yet */
};

static void
drop (WebBaseline *b)
{
  reform_baseline_free (b->kept);
  b->kept = NULL;
  g_clear_pointer (&b->arena, arena_free);
}

/* What is kept was worked out from other facts. */
static void
take_change (void *data, const CountyChanges *changes)
{
  drop (data);
}

WebBaseline *
web_baseline_new (const WebOptions *web, WebCounty *county)
{
  WebBaseline *b = g_new0 (WebBaseline, 1);
  b->web = web;
  b->county = county;
  pthread_mutex_init (&b->mutex, NULL);
  web_county_listen (county, take_change, b);
  return b;
}

void
web_baseline_free (WebBaseline *b)
{
  if (!b)
    return;
  drop (b);
  pthread_mutex_destroy (&b->mutex);
  g_free (b);
}

/* The baseline over COUNTY, which is TODAY's. */
static ReformBaseline *
baseline_of (WebBaseline *b, const County *county, Day today)
{
  if (b->kept)
    return b->kept;
  b->arena = arena_new ();
  ReformOptions options = { .package = b->web->package,
                            .county = county,
                            .access = b->web->access,
                            .who = access_operator (b->arena, "what changes would do, for their page"),
                            .as_of = today };
  b->kept = reform_baseline_new (&options);
  return b->kept;
}

const ReformResult *
web_baseline_try (WebBaseline *b, Arena *arena, const ReformChange *change, int clause, Day today,
                  GError **error)
{
  const County *county = web_county_enter (b->county, today, false);
  if (!county) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "the county is being read; ask again in a moment");
    return NULL;
  }
  pthread_mutex_lock (&b->mutex);
  const ReformResult *result = reform_run (baseline_of (b, county, today), arena, change, clause, error);
  pthread_mutex_unlock (&b->mutex);
  web_county_leave (b->county);
  return result ? reform_hide_few (arena, result) : NULL;
}
