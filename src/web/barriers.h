/* Barriers: whom single conditions of each clause keep out, for their page.
 *
 * A thread works on one clause after another, each when its page is first opened on a day;
 * until it is done the page says so.  Under the clause's purpose, logged once with the set of those
 * concerned. */
#pragma once

#include "barriers/barriers.h"
#include "web/county.h"

typedef struct WebBarriers WebBarriers;

/* COUNTY must outlive it. */
WebBarriers *web_barriers_new (const WebOptions *web, WebCounty *county);
/* Ends what is under way and waits.  NULL is ignored. */
void web_barriers_free (WebBarriers *barriers);
/* What CLAUSE comes to, as it may leave (barriers_hide), and the day AS_OF it is for: today's, or that of an
 * earlier day while today's is being made.  It stays for the request: until the second after it,
 * which is a day away at least.  NULL: nothing yet, or it failed; by the next look there may be. */
const BarriersClause *web_barriers_of (WebBarriers *barriers, const PolicyClause *clause, Day today,
                                       Day *as_of);
