/* The county while it is being made: what every part of the writing needs. */
#pragma once

#include "organisations.h"
#include "pen.h"
#include "tables.h"

typedef struct {
  DemoPen pen;
  const DemoData *data;
  DemoOrganisations *organisations;
  guint64 seed;
  Subject *townships; /* the place of each */
  Subject **villages; /* by township: communities, then villages */
  Subject *parks;     /* of data->parks */
  DemoSummary *summary;
  DemoShowcases *showcases; /* of files, or NULL */
} DemoCounty;

/* Townships with their communities and villages; parks. */
bool demo_write_places (DemoCounty *county, Arena *arena, GError **error);
bool demo_write_parks (DemoCounty *county, Arena *arena, GError **error);
/* Firms, schools, clinics: first each its subject, so that people can refer to
 * it; their facts after the people, as a school's size follows from its pupils. */
void demo_number_organisations (DemoCounty *county);
bool demo_write_organisations (DemoCounty *county, GError **error);
/* The posts that ORGANISATION offers, and what it is recognised as. */
bool demo_write_posts (DemoCounty *county, const DemoOrganisation *organisation, GError **error);
/* Whether it is a leading firm of its chain. */
bool demo_is_leading (const DemoCounty *county, const DemoOrganisation *organisation);
/* OF, which FIELD (DEMO_RECOGNITION_OF_…) refers to, is recognised as KIND at LEVEL. */
bool demo_write_recognition (DemoCounty *county, int field, Subject of, const char *kind, const char *level,
                             GError **error);
/* The entries of the catalogues in FOLDERS (DemoOptions). */
bool demo_write_catalogues (DemoCounty *county, const char *const *folders, GError **error);
/* RESIDENTS people in their households. */
bool demo_write_people (DemoCounty *county, const DemoOptions *options, GError **error);

/* A township's name without its kind: 青口 of 青口镇. */
Text demo_short_name (Text township);
