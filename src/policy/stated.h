/* Statements, inside policy: facts as somebody states them. */
#pragma once

#include "policy.h"

/* What PROVISION's decisions may read of its subject: KNOWN (a reading's value; NULL: nobody was read), and
 * what is not known there as STATED.  False with FAULT_INPUT for a value that its attribute does not allow.
 */
bool stated_facts (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
                   const FeelValue *known, const PolicyStatement *stated, size_t n_stated, FeelValue *value,
                   GError **error);
