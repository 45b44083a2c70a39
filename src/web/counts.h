/* Counts: what each clause says over the county, for its page and the statistics; kept as
 * web/kept.h says.
 *
 * The figures of every chunk of 2,048 subjects are kept, some forty bytes per subject: after a
 * change of the county the chunks that it reaches are counted anew.  Under the clause's purpose,
 * logged each time with the set of those counted. */
#pragma once

#include "web/county.h"
#include "web/web.h"

typedef struct WebCounts WebCounts;

/* COUNTY must outlive it. */
WebCounts *web_counts_new (const WebOptions *web, WebCounty *county);
/* Ends the count under way and waits.  NULL is ignored. */
void web_counts_free (WebCounts *counts);
/* CLAUSE's counts as they may leave (population_hide_clause); as web_kept_of. */
const PopulationClause *web_counts_of (WebCounts *counts, const PolicyClause *clause, Day today, Day *as_of);
