/* The current tables follow the day: a thread looks at the calendar now and then,
 * so that no request waits for midnight's work. */
#include "registry/registry_private.h"

#include <stdio.h>

struct RegistryFollower {
  Registry *registry;
  Day (*today) (void);
  Day reached;
  Ticker *ticker;
};

static void
follow (gpointer data)
{
  RegistryFollower *f = data;
  Day today = f->today ();
  g_autoptr (GError) error = NULL;
  if (today <= f->reached)
    return;
  if (registry_refresh (f->registry, today, &error))
    f->reached = today;
  else /* tried again at the next look */
    fprintf (stderr, "liudong: the current tables stay at the day before: %s\n", error->message);
}

RegistryFollower *
registry_follower_start (Registry *registry, Day (*today) (void), unsigned interval_ms, GError **error)
{
  RegistryFollower *f = g_new0 (RegistryFollower, 1);
  *f = (RegistryFollower){ .registry = registry, .today = today, .reached = today () };
  f->ticker = ticker_start (interval_ms, follow, f, error);
  if (f->ticker)
    return f;
  g_free (f);
  return NULL;
}

void
registry_follower_stop (RegistryFollower *f)
{
  if (f)
    ticker_stop (f->ticker);
  g_free (f);
}
