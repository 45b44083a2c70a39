/* A few people under the package good/, of whom every answer can be told by hand. */
#pragma once

#include "town.h"

typedef struct {
  PolicyPackage *package;
  Town town;
  Arena *arena;
  const PolicyClause *help; /* clause 2: visits (of a resident), heating aid (of a household) */
  Subject households[2], residents[4];
} GoodPeople;

/* For g_test_add; UNUSED is its data. */
void good_people_set_up (GoodPeople *f, gconstpointer unused);
void good_people_tear_down (GoodPeople *f, gconstpointer unused);
