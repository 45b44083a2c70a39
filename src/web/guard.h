/* Guard: what libmicrohttpd leaves to us — deadlines, and requests that two
 * servers would read differently. */
#pragma once

#include <microhttpd.h>
#include "web/web.h"

typedef struct Guard Guard;
typedef struct GuardedConnection GuardedConnection;

typedef enum { GUARD_HEADER, GUARD_BODY, GUARD_ANSWER } GuardPhase;

/* Starts the watch.  LIMITS have no zeros left. */
Guard *guard_new (const WebLimits *limits);
/* No connection may be left. */
void guard_free (Guard *guard);

/* Follow the socket FD from its first byte to its last.  A socket that
 * overstays its phase is shut down, and libmicrohttpd closes it. */
GuardedConnection *guard_connect (Guard *guard, int fd);
void guard_disconnect (Guard *guard, GuardedConnection *connection);
/* PHASE begins: its deadline runs from now. */
void guard_enter (Guard *guard, GuardedConnection *connection, GuardPhase phase);

/* Look at a request's header.  0 when it may pass, else the HTTP status to
 * refuse it with, and REASON (static English words).
 *
 * Refused: no Host or several (RFC 9112, 3.2); Content-Length and
 * Transfer-Encoding together, or several of one (6.1, 6.3); a Content-Length that
 * is no number or above the cap; a Host that is not this machine, so that a
 * page elsewhere cannot reach a loopback server by a name it controls. */
unsigned guard_check_header (struct MHD_Connection *connection, const WebLimits *limits, const char **reason);
