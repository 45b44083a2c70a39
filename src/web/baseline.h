/* The baseline: how the county stands, kept for what people try on /reforms.
 *
 * It is made when a change is tried, over the county that all pages share (web/county.h), and
 * holds the answers of the provisions that were asked for: 1 byte per subject, 9 with an amount.  It goes
 * when that county takes in other facts.  One change is computed at a time. */
#pragma once

#include "reform/reform.h"
#include "web/county.h"

typedef struct WebBaseline WebBaseline;

WebBaseline *web_baseline_new (const WebOptions *web, WebCounty *county);
/* After the county's thread has ended (web_county_free).  NULL is ignored. */
void web_baseline_free (WebBaseline *baseline);
/* What CHANGE does TODAY to the provisions of CLAUSE (or REFORM_EVERY_CLAUSE), as it may leave
 * (reform_hide_few); in ARENA.  FAULT_CONFLICT while the county is being read; else as reform_run. */
const ReformResult *web_baseline_try (WebBaseline *baseline, Arena *arena, const ReformChange *change,
                                      int clause, Day today, GError **error);
