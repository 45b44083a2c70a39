#include "web/counts.h"

#include "web/kept.h"

struct WebCounts {
  const WebOptions *web;
  Arena *arena;
  Population *population; /* between web_county_enter and _leave; NULL: none yet */
  WebKept *kept;
};

static void
take_change (void *data, const CountyChanges *changes)
{
  WebCounts *c = data;
  if (!changes)
    g_clear_pointer (&c->population, population_free);
  else if (c->population)
    population_change (c->population, changes);
}

static const void *
count (void *host, Arena *arena, const County *county, const PolicyClause *clause, Day day,
       const volatile gint *stop)
{
  WebCounts *c = host;
  PopulationOptions options = { .package = c->web->package,
                                .registry = c->web->registry,
                                .access = c->web->access,
                                .who = access_operator (c->arena, "figures of a clause, for its page"),
                                .as_of = day,
                                .county = county,
                                .stop = stop };
  if (!c->population)
    c->population = population_new (&options);
  const PopulationClause *exact = population_count (c->population, arena, clause, NULL);
  return exact ? population_hide_clause (arena, exact) : NULL;
}

WebCounts *
web_counts_new (const WebOptions *web, WebCounty *county)
{
  WebCounts *c = g_new0 (WebCounts, 1);
  c->web = web;
  c->arena = arena_new ();
  web_county_listen (county, take_change, c);
  c->kept = web_kept_new (web, county, count, c);
  return c;
}

void
web_counts_free (WebCounts *c)
{
  if (!c)
    return;
  web_kept_free (c->kept);
  population_free (c->population);
  arena_free (c->arena);
  g_free (c);
}

const PopulationClause *
web_counts_of (WebCounts *c, const PolicyClause *clause, Day today, Day *as_of)
{
  return web_kept_of (c->kept, clause, today, as_of);
}
