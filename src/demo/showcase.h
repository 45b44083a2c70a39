/* Showcases: the first few households and parks of every county, written out by
 * hand so that each clause has a yes, a no and an open question at a fixed
 * number. */
#pragma once

#include "county.h"
#include "life.h"

/* The household of whose head two departments state different incomes. */
gint64 demo_showcase_disputed (void);
/* How many households (from index 0) are showcases. */
gint64 demo_showcase_households (void);
/* How many people live in them. */
gint64 demo_showcase_people (void);
/* Household INDEX as written here, at most ROOM members. */
void demo_showcase_make (DemoHousehold *household, DemoHome *home, DemoLife *lives, const DemoData *data,
                         const DemoOrganisations *organisations, gint64 index, gint64 first, gint64 room);

typedef struct {
  const char *name;  /* 样例…人力资源服务产业园 */
  const char *level; /* "市级", "省级", "市级和省级"; "" none; NULL nobody has stated */
  gint64 nominated;  /* put forward by the county: 0, 1, DEMO_UNSTATED */
  gint64 paid;       /* yuan of county match paid before, or DEMO_UNSTATED */
} DemoShowcasePark;

/* The human-resources service parks, park-1 onwards. */
const DemoShowcasePark *demo_showcase_parks (size_t *n);

/* What the clauses answer about these. */
const DemoShowcase *demo_showcase_answers (size_t *n);

/* ---- cases.c: the showcases of files ---- */

/* Give every case its subject: people and households, or everything else. */
void demo_cases_number (DemoCounty *county, bool people);
/* Their facts, once all have subjects; residents bear the personal numbers from FIRST on. */
bool demo_cases_write (DemoCounty *county, gint64 first, GError **error);
