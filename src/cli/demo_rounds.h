/* Rounds of a synthetic county: one of school places that is over, one that is open, and one of flats. */
#pragma once

#include "cli.h"
#include "policy/policy.h"

/* Add to REGISTRY rounds of PACKAGE, as if run in the weeks before now; where nobody in the county may take
 * part a round has no applications, and stays open.  FAULT_SYSTEM. */
bool demo_rounds_add (Registry *registry, const PolicyPackage *package, GError **error);
