/* Purpose, inside policy: the paths behind it. */
#pragma once

#include "policy.h"

/* A decision that a clause asks for, and the kind of subject from whose facts it starts. */
typedef struct {
  const DmnDecision *decision;
  const RegistryEntity *root;
} PurposeAsk;
/* All of CLAUSE: what its provisions, its targets and its allocations name. */
GArray *purpose_asks (const PolicyClause *clause);

/* What PROVISION's decisions may read of its subject. */
const FeelPath *purpose_paths (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
                               size_t *n);
/* The purposes of all executable clauses, once everything is linked. */
void purposes_compute (PolicyPackage *package);
/* Adds what ALLOCATION names, of its applicants and its places. */
void purpose_allocation_asks (GArray *asks, const PolicyAllocation *allocation);
/* Adds the capacities and reserves of ALLOCATION that are facts of the place. */
void purpose_number_paths (Arena *arena, const PolicyAllocation *allocation, GArray *paths);
