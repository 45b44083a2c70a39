/* The cases of a synthetic county, so that its desks are not empty. */
#pragma once

#include "cli.h"
#include "policy/policy.h"

/* Add to REGISTRY, whose accounts are there, applications of PACKAGE's matters in all states, as if handed in
 * and worked on in the weeks before now, the same ones for the same county.  FAULT_SYSTEM. */
bool demo_cases_add (Registry *registry, const PolicyPackage *package, GError **error);
