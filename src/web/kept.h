/* Kept: what is worked out of each clause over the county, for pages.
 *
 * A thread works on one clause after another, each when its page is first opened on a day, and
 * again when it is opened after the county's facts have changed (web/county.h says how often that
 * is looked at); until it is done the page says so. */
#pragma once

#include "web/county.h"
#include "web/web.h"

typedef struct WebKept WebKept;

/* What CLAUSE comes to in COUNTY on DAY, as it may leave, in ARENA; NULL when it failed, or STOP
 * became other than 0.  Called in the thread alone, while the county stays as it is. */
typedef const void *(*WebKeptMake) (void *host, Arena *arena, const County *county,
                                    const PolicyClause *clause, Day day, const volatile gint *stop);

/* COUNTY and HOST must outlive it. */
WebKept *web_kept_new (const WebOptions *web, WebCounty *county, WebKeptMake make, void *host);
/* Ends what is under way and waits.  NULL is ignored. */
void web_kept_free (WebKept *kept);
/* What CLAUSE comes to, and the day AS_OF it is for: today's, or that of an earlier day while today's is
 * being made.  It stays for the request: until the second after it, which is WEB_COUNTY_SECONDS away at
 * least.  NULL: nothing yet, or it failed; by the next look there may be. */
const void *web_kept_of (WebKept *kept, const PolicyClause *clause, Day today, Day *as_of);
