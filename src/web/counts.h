/* Counts: how many subjects of the county a clause says yes to, for its page.
 *
 * A thread counts one clause after another, each when its page is first opened on a day;
 * until it is done the page says so.  Under the clause's purpose, logged once with the
 * set of those counted. */
#pragma once

#include "web/web.h"

typedef struct WebCounts WebCounts;

WebCounts *web_counts_new (const WebOptions *web);
/* Ends the count under way and waits.  NULL is ignored. */
void web_counts_free (WebCounts *counts);
/* CLAUSE's counts in ARENA, one per provision and then one per target, and the day AS_OF they are for:
 * today's, or those of an earlier day while today's are being made.  NULL: none yet, or they failed; by the
 * next look there may be. */
const PolicyTally *web_counts_of (WebCounts *counts, Arena *arena, const PolicyClause *clause, Day today,
                                  Day *as_of);
