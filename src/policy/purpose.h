/* Purpose, inside policy: the paths behind it. */
#pragma once

#include "policy.h"

/* What PROVISION's decisions may read of its subject. */
const FeelPath *purpose_paths (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
                               size_t *n);
/* The purposes of all executable clauses, once everything is linked. */
void purposes_compute (PolicyPackage *package);
