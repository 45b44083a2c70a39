/* What the population tests share. */
#pragma once

#include "registry/registry.h"

/* Of attribute A, which is no collection: none now and then, or a value that the schema allows; dates
 * lie around DAY, references lead to the first OTHERS subjects of their kind. */
RegistryFact random_fact (GRand *random, const RegistryAttribute *a, Day day, int others);
/* Two texts are the same; the first line that differs says more than both. */
void assert_same (const char *a, const char *b);
