/* The county while it is being made: what every part of the writing needs. */
#pragma once

#include "organisations.h"
#include "pen.h"
#include "tables.h"

/* Events that residents enrol in. */
enum { DEMO_EVENT_YOUTH, DEMO_EVENT_START_UP, DEMO_EVENT_SKILLS, DEMO_EVENT_FAIR, DEMO_EVENT_KINDS };

typedef struct {
  DemoPen pen;
  const DemoData *data;
  DemoOrganisations *organisations;
  guint64 seed;
  Subject *townships; /* the place of each */
  Subject **villages; /* by township: communities, then villages */
  Subject *parks;     /* of data->parks */
  Subject events[DEMO_EVENT_KINDS];
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
/* A school and its checks; the staff that its pupils call for. */
bool demo_write_school (DemoCounty *county, const DemoOrganisation *school, GError **error);
gint64 demo_school_staff (const DemoCounty *county, const DemoOrganisation *school);
void demo_put_school_name (DemoCounty *county, const DemoOrganisation *school);
/* Into the facts that are being written: staff then and now, pay, licences; what a place and a
 * park offer. */
void demo_put_workplace (DemoCounty *county, const DemoOrganisation *organisation, gint64 staff,
                         Day founded_on);
void demo_put_place (DemoCounty *county, Subject place, bool rural, bool township);
void demo_put_park (DemoCounty *county, Subject park);
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

/* Events, before the people who enrol; then matters, funds, documents under review, offers, flows,
 * agreements and results, as many as the county's size calls for. */
bool demo_write_events (DemoCounty *county, GError **error);
bool demo_write_registers (DemoCounty *county, const DemoOptions *options, GError **error);

/* A township's name without its kind: 青口 of 青口镇. */
Text demo_short_name (Text township);
