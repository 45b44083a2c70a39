/* Online employment of a synthetic county: advertisements open, held and returned, a profile, an application and
 * a job fair. */
#pragma once

#include "cli.h"
#include "policy/policy.h"

/* Add to REGISTRY what employers of PACKAGE's county advertise, as if in the weeks before now.  A package without
 * online employment, and a county without employers, have none.  FAULT_SYSTEM. */
bool demo_jobs_add (Registry *registry, const PolicyPackage *package, GError **error);
