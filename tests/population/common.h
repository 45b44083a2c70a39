/* What the population tests share. */
#pragma once

#include "population/population.h"

/* Of attribute A, which is no collection: none now and then, or a value that the schema allows; dates
 * lie around DAY, references lead to the first OTHERS subjects of their kind. */
RegistryFact random_fact (GRand *random, const RegistryAttribute *a, Day day, int others);
/* Two texts are the same; the first line that differs says more than both. */
void assert_same (const char *a, const char *b);
/* What population_write writes of FOUND, indented by one; freed with g_free. */
char *population_text (const PolicyPackage *package, const PopulationClause *found, size_t n, Day as_of);
