/* Server: the parts of a running server that its files share. */
#pragma once

#include <microhttpd.h>
#include "web/guard.h"
#include "web/request.h"
#include "web/route.h"

struct WebServer {
  WebOptions options; /* limits without zeros */
  struct MHD_Daemon *daemon;
  Guard *guard;
  WebCounty *county;
  WebCounts *counts;
  WebBaseline *baseline;
  Due *due;
  Payments *payments;
  Draws *draws;
  Pairs *pairs;
  Jobs *jobs;       /* NULL: the package has no online employment */
  JobsWatch *watch; /* tells seekers of new posts */
  WebKept *barriers;
  char *url;
};

/* libmicrohttpd's callbacks; CLS is the WebServer. */
enum MHD_Result exchange_answer (void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_size, void **state);
void exchange_completed (void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why);
void exchange_connection (void *cls, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what);
/* Leaves escapes alone: we decode segments and fields ourselves. */
size_t exchange_keep_escapes (void *cls, struct MHD_Connection *connection, char *text);

/* Find the route and run its handler; errors become pages or problem documents.
 * Returns the route's pattern, or NULL where there was none. */
const char *respond_route (WebRequest *request, Text raw_path, WebResponse *response);
/* Unless the handler said it: pages about persons are for the one reader; the rest
 * may be kept, not trusted unasked. */
void respond_cache_rule (const WebRequest *request, WebResponse *response);
/* The refusal of a request that was not understood: plain text, no page. */
void respond_refusal (WebResponse *response, unsigned status, const char *reason);
/* A page, or for the API a problem document (RFC 9457), about STATUS. */
void respond_error (WebRequest *request, WebResponse *response, unsigned status, const char *detail);
