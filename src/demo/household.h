/* Households: who lives together, and how old each is.
 *
 * A kind of household is drawn first (a couple with children, three
 * generations, grandparents with grandchildren, a dormitory …), then the age of
 * its head, and everybody else's age from that: spouses a few years apart,
 * children born when the mother was of an age to bear them, grandparents a
 * generation above.  So no draw has to be repeated until it fits. */
#pragma once

#include "base/base.h"
#include "random.h"
#include "tables.h"

enum { DEMO_MEMBERS_MAX = 10, DEMO_NOBODY = -1 };

/* A day that there is not: an end that has not come. */
#define DEMO_NO_DAY G_MININT64

typedef enum {
  DEMO_HEAD,
  DEMO_SPOUSE,
  DEMO_CHILD,      /* of the head */
  DEMO_PARENT,     /* of the head */
  DEMO_GRANDCHILD, /* of the head, the parents away */
  DEMO_MATE,       /* shares a dormitory, no relation */
} DemoRole;

typedef struct {
  gint64 index; /* from 0 through the county */
  DemoRole role;
  bool male;
  int age; /* full years at as_of */
  Day birth;
  Text surname;
  gint64 year_name;
  int spouse, father, mother; /* members, or DEMO_NOBODY */
} DemoPerson;

typedef enum {
  DEMO_SINGLE,
  DEMO_COUPLE,
  DEMO_FAMILY, /* a couple and its children */
  DEMO_ONE_PARENT,
  DEMO_THREE_GENERATIONS,
  DEMO_GRANDPARENTS, /* with grandchildren whose parents work elsewhere */
  DEMO_HUSBAND_AWAY, /* a wife with children, the husband works elsewhere */
  DEMO_DORMITORY,
  DEMO_KINDS
} DemoKind;

extern const char *const demo_kind_ids[DEMO_KINDS];

typedef struct {
  gint64 index; /* from 0 through the county */
  size_t township;
  gint64 village; /* within the township, from 0 */
  bool rural;
  DemoKind kind;
  int n;
  DemoPerson members[DEMO_MEMBERS_MAX];
} DemoHousehold;

/* Household INDEX, of at most ROOM members, its first one numbered FIRST. */
void demo_household_make (DemoHousehold *household, const DemoData *data, guint64 seed, gint64 index,
                          gint64 first, gint64 room);
/* The day of birth of somebody AGE years old at AS_OF. */
Day demo_birth (Day as_of, int age, DemoRandom *r);
