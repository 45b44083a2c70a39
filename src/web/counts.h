/* Counts: what each clause says over the county, for its page and the statistics.
 *
 * A thread counts one clause after another, each when its page is first opened on a day; until it
 * is done the page says so.  The figures of every chunk of 2,048 subjects are kept, some forty
 * bytes per subject: when the county's facts have changed (web/county.h says how often that
 * is looked at), and the page is opened again, the chunks that the change reaches are counted anew.  Under
 * the clause's purpose, logged each time with the set of those counted. */
#pragma once

#include "web/county.h"
#include "web/web.h"

typedef struct WebCounts WebCounts;

/* COUNTY must outlive it. */
WebCounts *web_counts_new (const WebOptions *web, WebCounty *county);
/* Ends the count under way and waits.  NULL is ignored. */
void web_counts_free (WebCounts *counts);
/* CLAUSE's counts as they may leave (population_hide_clause), and the day AS_OF they are for:
 * today's, or those of an earlier day while today's are being made.  They stay for the request: until the
 * second count after them, which is WEB_COUNTY_SECONDS away at least.  NULL: none yet, or they failed; by the
 * next look there may be. */
const PopulationClause *web_counts_of (WebCounts *counts, const PolicyClause *clause, Day today, Day *as_of);
