/* A registry at random: batches, complete loads, validity, merges, erasures, and references to
 * those of whom nothing is recorded. */
#pragma once

#include "county/county.h"
#include "support.h"

enum { FIRST_DAY = 18900, DAYS = 60 };

typedef struct {
  GRand *random;
  char *folder;
  RegistrySchema *schema;
  Registry *registry;
  gint64 clock; /* instants */
  GArray *merges;
} World;

World *world_new (guint32 seed);
void world_free (World *w);
int world_pick (World *w, int n); /* 0 … n - 1 */
/* One writing: a few batches, merges, erasures. */
void world_step (World *w);
/* Options of a county on AS_OF, mostly with every attribute, else with some of them. */
CountyOptions world_options (World *w, Day as_of, Arena *arena);
