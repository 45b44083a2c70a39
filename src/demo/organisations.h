/* Organisations: firms in their trades and clusters, schools, clinics.
 *
 * How many there are follows from the number of residents; each township has at
 * least a primary school, a junior middle school, a kindergarten and a health
 * centre, each village a clinic.  Workers are given to employers by size class,
 * more often near home. */
#pragma once

#include "registry/registry.h"
#include "random.h"
#include "tables.h"

typedef enum {
  DEMO_FIRM,
  DEMO_KINDERGARTEN,
  DEMO_PRIMARY,
  DEMO_JUNIOR,
  DEMO_SENIOR,
  DEMO_VOCATIONAL,
  DEMO_HOSPITAL,
  DEMO_HEALTH_CENTRE,
  DEMO_CLINIC,
  DEMO_HR_AGENCY,
  DEMO_PUBLIC_BODY,
  DEMO_CHILD_WELFARE,
  DEMO_ORGANISATION_KINDS
} DemoOrganisationKind;

extern const char *const demo_organisation_kind_ids[DEMO_ORGANISATION_KINDS];

enum { DEMO_SIZES = 4 }; /* micro, small, medium, large */

typedef struct {
  gint64 index;  /* from 0 over all kinds */
  gint64 serial; /* from 0 within its kind */
  DemoOrganisationKind kind;
  size_t township;
  bool rural;
  int size;                /* 0 … DEMO_SIZES − 1 */
  Text trade;              /* a firm's */
  bool private;            /* a school run by no public body */
  bool vacancy;            /* has a vacant post */
  gint64 pupils;           /* a school's, as they are enrolled */
  Subject subject, school; /* SCHOOL: of schools, the second subject */
  Subject head;            /* a firm's legal representative, 0 when there is none yet */
  gint64 head_index;       /* their number among the residents */
} DemoOrganisation;

typedef struct DemoOrganisations DemoOrganisations;

/* Made for a county of RESIDENTS; lives in ARENA. */
DemoOrganisations *demo_organisations_new (Arena *arena, const DemoData *data, guint64 seed,
                                           gint64 residents);
DemoOrganisation *demo_organisations (DemoOrganisations *all, size_t *n);
/* One more pupil at SCHOOL, which is one of ALL. */
void demo_organisations_enrol (DemoOrganisations *all, const DemoOrganisation *school);
/* RESIDENT, whose number is INDEX, leads ORGANISATION unless somebody does, or it is no firm. */
void demo_organisations_lead (DemoOrganisations *all, const DemoOrganisation *organisation, gint64 index,
                              Subject resident);
/* Whether the resident whose number is INDEX leads it. */
bool demo_heads (const DemoOrganisation *organisation, gint64 index);
/* A firm for somebody living in TOWNSHIP. */
const DemoOrganisation *demo_employer (const DemoOrganisations *all, const DemoData *data, size_t township,
                                       DemoRandom *r);
/* One of KIND in TOWNSHIP, or anywhere when it has none. */
const DemoOrganisation *demo_organisation_near (const DemoOrganisations *all, DemoOrganisationKind kind,
                                                size_t township, DemoRandom *r);
/* The first of KIND in TOWNSHIP, or in the county. */
const DemoOrganisation *demo_organisation_first (const DemoOrganisations *all, DemoOrganisationKind kind,
                                                 size_t township);
bool demo_organisation_is_school (const DemoOrganisation *o);
