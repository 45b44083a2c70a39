/* Fault: the errors of the whole program, sorted by who has to act.
 *
 * Messages are for people: what is wrong, where (file:line), what to do. The
 * code chooses the exit status and the HTTP status. */
#pragma once

#include <glib.h>

#define FAULT (fault_quark ())
GQuark fault_quark (void);

typedef enum {
  FAULT_USAGE,       /* the call's words are off: exit 2, HTTP 400 */
  FAULT_INPUT,       /* a file or a body is wrong: exit 2, HTTP 422 */
  FAULT_NOT_FOUND,   /* no such subject, clause, file: exit 2, HTTP 404 */
  FAULT_DENIED,      /* not for this caller: exit 2, HTTP 403 */
  FAULT_CONFLICT,    /* already there, still running: exit 2, HTTP 409 */
  FAULT_UNPUBLISHED, /* the holiday calendar of that year is not published */
  FAULT_SYSTEM,      /* disk, network, database: exit 3, HTTP 503 */
} FaultCode;
