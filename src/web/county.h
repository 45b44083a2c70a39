/* The county's columns, read once and shared by all pages that count.
 *
 * A thread reads them when they are first asked for on a day, a second or two for a million
 * residents, and takes in what was recorded since when they are asked for again after
 * WEB_COUNTY_SECONDS.  When they cannot be read it says so on standard error, and tries again after
 * WEB_COUNTY_RETRY_SECONDS.  They stay in memory, at most 400 bytes per resident, until the server
 * ends.  To compute with them is a reading: whoever does logs it first. */
#pragma once

#include "county/county.h"
#include "web/web.h"

typedef struct WebCounty WebCounty;

enum { WEB_COUNTY_SECONDS = 600, WEB_COUNTY_RETRY_SECONDS = 5 };

WebCounty *web_county_new (const WebOptions *web);
/* After web_county_stop and the last web_county_leave.  NULL is ignored. */
void web_county_free (WebCounty *county);

/* Somebody will want the county of TODAY as it is by then: the thread sees to it. */
void web_county_ask (WebCounty *county, Day today);
/* The county of TODAY, which stays as it is until web_county_leave; NULL when it is still being
 * read (then there is nothing to leave).  WAIT: until it is there; then NULL means that web_county_stop
 * was called, that the county of a later day is there, or that there is no thread to read it. */
const County *web_county_enter (WebCounty *county, Day today, bool wait);
void web_county_leave (WebCounty *county);
/* CHANGED is called after every change of the county, while nobody reads it: with NULL when another
 * one took its place.  Before the first enter; at most WEB_COUNTY_LISTENERS of them. */
enum { WEB_COUNTY_LISTENERS = 4 };
typedef void (*WebCountyChanged) (void *data, const CountyChanges *changes);
void web_county_listen (WebCounty *county, WebCountyChanged changed, void *data);
/* Nobody waits any more, and nobody is told of changes: before those who listen are freed. */
void web_county_stop (WebCounty *county);
