/* Units that share a cap on the places of all of them together. */
#pragma once

#include "allocation/allocation.h"

/* Whether the regions can be run: FAULT_INPUT names the unit or region that has slots which are not open,
 * targets beyond the cap, or no such region; that claims may be equal,
 * or that everybody chooses in turn. */
bool allocation_regions_check (const AllocationProblem *problem, GError **error);
/* How many each unit of a region keeps of ASKED (per unit, its own places not yet looked at), into KEPT;
 * units of no region keep what is there.  */
void allocation_regions_share (const AllocationProblem *problem, const guint32 *asked, guint32 *kept);
