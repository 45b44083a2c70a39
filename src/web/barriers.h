/* Barriers: whom single conditions of each clause keep out, for their page; kept as web/kept.h
 * says.  Under the clause's purpose, logged each time with the set of those concerned. */
#pragma once

#include "barriers/barriers.h"
#include "web/kept.h"

/* COUNTY must outlive it.  Free with web_kept_free. */
WebKept *web_barriers_new (const WebOptions *web, WebCounty *county);
/* What CLAUSE comes to, as it may leave (barriers_hide); as web_kept_of. */
const BarriersClause *web_barriers_of (WebKept *barriers, const PolicyClause *clause, Day today, Day *as_of);
