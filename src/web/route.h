/* Route: which handler answers which address. */
#pragma once

#include "web/request.h"

/* PATTERN: "/clauses/{}", where {} is one segment, decoded into captures. */
typedef struct {
  const char *method, *pattern;
  AccessRight right; /* without which nobody comes to the handler */
  WebHandler handler;
  /* Answers are compressed.  Not where what somebody else may have typed into an address
   * stands on the page beside the form's token: its length would tell the token
   * (BREACH: Gluck, Harris, Prado 2013). */
  bool compressed;
} WebRoute;

extern const WebRoute web_routes[];
extern const size_t web_routes_n;

typedef enum { ROUTE_FOUND, ROUTE_UNKNOWN, ROUTE_OTHER_METHOD, ROUTE_MALFORMED } RouteVerdict;

/* The route of METHOD ("HEAD" counts as "GET") and PATH, as sent.  Fills the request's captures.
 * For ROUTE_OTHER_METHOD, ALLOW gets the methods there are ("GET, HEAD"). */
RouteVerdict route_find (const WebRoute *routes, size_t n, Text path, const char *method, WebRequest *request,
                         const WebRoute **route, const char **allow);
