/* The cases of a synthetic county, so that its desks are not empty. */
#pragma once

#include "cli.h"
#include "demo/demo.h"
#include "policy/policy.h"

/* Add to REGISTRY, whose accounts are there, applications of PACKAGE's matters in all states, as if handed in
 * and worked on in the weeks before now, the same ones for the same county.  Where one of SHOWCASES (whose
 * subjects are numbered) shows somebody who qualifies, it is they who apply, so that most of what was decided
 * was granted.  FAULT_SYSTEM. */
bool demo_cases_add (Registry *registry, const PolicyPackage *package, const DemoShowcases *showcases,
                     GError **error);

/* What people get wrong in a story, or is not on record, is left out of the demo: FAULT is freed.  False, and
 * ERROR has it, when the store is broken. */
bool demo_go_on (GError *fault, GError **error);
