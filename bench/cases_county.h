/* A busy county for the benchmarks of services: its residents, and 200,000 open cases of ten offices. */
#pragma once

#include "access/access.h"
#include "bench.h"
#include "cases/cases.h"

enum { OPEN_CASES = 200000, OFFICES = 10, LEAST_RESIDENTS = 300000 };
#define OFFICE "县公安局" /* has every tenth case: 1, 11, 21, … */
#define MATTER "17/settle"

typedef struct {
  PolicyPackage *package;
  Registry *registry;
  Access *access;
  Notices *notices;
  Cases *cases;
} BusyCounty;

/* Of RESIDENTS, LEAST_RESIDENTS or more; made anew at PLACE, a path or a postgresql:// URL.  Ends the process
 * when something fails. */
BusyCounty busy_county_make (const char *place, gint64 residents);
void busy_county_close (BusyCounty *county);

Subject busy_county_resident (const BusyCounty *county, gint64 number);
/* WHO applies for MATTER; the case's number. */
gint64 busy_county_apply (const BusyCounty *county, const AccessAccount *who, const char *key);

/* Prints how many of TIMES (microseconds, of gint64; sorted by this) there were a second, and the median, the
 * 99th percentile and the longest. */
void busy_county_print (const char *name, GArray *times, double seconds);
