/* Purpose, inside policy: the paths behind it. */
#pragma once

#include "policy.h"

/* The paths of VARIABLE that the clause's outcome decisions may read. */
const FeelPath *purpose_paths (const PolicyPackage *package, Arena *arena, const PolicyClause *clause,
                               const char *variable, size_t *n);
