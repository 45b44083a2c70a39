/* The synthetic county's markets beside that of jobs. */
#pragma once

#include "policy/policy.h"
#include "registry/registry.h"

/* Entries of either side of each market of the package, and one introduction; a package without markets has
 * none. */
bool demo_pairs_add (Registry *registry, const PolicyPackage *package, GError **error);
