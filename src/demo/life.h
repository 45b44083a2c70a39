/* Lives: what one resident's age, sex and household make likely.
 *
 * Everything here is drawn from the data file's tables; this part only keeps it
 * possible: nobody works at five, insured months fit into a working life, a
 * rural doctor's spells follow one another, only migrants hold permits. */
#pragma once

#include "household.h"
#include "organisations.h"

enum { DEMO_SPELLS_MAX = 4 };

/* A fact that nobody has stated, as showcases need: for numbers and days. */
#define DEMO_UNSTATED (G_MININT64 + 1)

/* A stretch of medical work. */
typedef struct {
  Day from, to; /* TO DEMO_NO_DAY: still there */
  bool rural;
  const DemoOrganisation *employer;
} DemoSpell;

typedef struct {
  /* where they belong */
  Text hukou_from; /* 本县, 本市外县, 本省外市, 外省, 台湾 */
  bool hukou_rural;
  bool permit; /* a residence permit */
  Day permit_since;
  /* what they learnt and do */
  Text education;                 /* the highest finished; "" for none yet */
  Text stage;                     /* at school now; "" when not */
  const DemoOrganisation *school; /* NULL where not at school in the county */
  Text work; /* 在职, 灵活就业, 务农, 失业, 在学, 退休, 未就业; "" for children */
  const DemoOrganisation *employer; /* of 在职 */
  gint64 income;                    /* yuan a month, from work, pension or transfers; or DEMO_UNSTATED */
  gint64 insured;                   /* months */
  Text pension_scheme;              /* "" for none */
  Text skill, title;                /* "" for none */
  bool medical, teacher;
  int n_spells;
  DemoSpell spells[DEMO_SPELLS_MAX];
  /* what the county has to know to help */
  Text marital_status;               /* "" for children */
  Text disability, disability_level; /* "" for none */
  Text illness;                      /* "" for none */
  bool veteran, taiwan, returnee, orphan;
  bool away; /* works away from the county, the household stays */
  bool migrant_child, left_behind_child, left_behind_woman;
} DemoLife;

/* What holds for the household as a whole. */
typedef struct {
  bool hukou_here; /* registered in this county */
  bool poor;       /* its members live on little */
  Text dwelling;
  bool lease_registered;
  gint64 assets_within; /* the limits of social assistance: 0, 1 or DEMO_UNSTATED */
  bool dibao;           /* receives the minimum living allowance */
  bool complete;        /* everything else about it is stated: showcases */
} DemoHome;

/* The lives of all MEMBERS of HOUSEHOLD, into LIVES[DEMO_MEMBERS_MAX]. */
void demo_lives_make (DemoHome *home, DemoLife *lives, const DemoHousehold *household, const DemoData *data,
                      const DemoOrganisations *organisations, guint64 seed);
