/* web — the county's pages and its JSON interface, over HTTP.
 *
 * What it is for: residents, staff and programs read the circular, its clauses,
 * and what a subject is entitled to.  Pages are compiled templates, plain HTML
 * that needs no script; the interface under /api/v1 is described in
 * docs/api/openapi.yaml.
 *
 *     socket ──> guard ──> route ──> handler ──> template or JSON ──> socket
 *
 * What it promises
 *   - Nothing reaches a page unescaped: templates are compiled by
 *     tools/template.c, and the content-security policy allows our own style
 *     sheet and nothing else; /reforms has a script of our own beside, and does without.
 *   - A request is answered or refused within bounds: a deadline for the
 *     header, one for the body, 1 MiB of body, a number of connections.  What
 *     two servers could read in two ways is refused (RFC 9112, section 6.3).
 *   - A page about a person is shown to whom access allows it, and is never cached.
 *   - Nothing about a request is logged unless asked for, but its route when the
 *     system failed.
 *
 * What it refuses
 *   - To listen beyond this machine: that needs TLS or trusted proxies.
 *   - To hold a rule or a query: those are policy's and registry's.
 *
 * How a call goes
 *
 *     web_hold_signals ();
 *     WebOptions options = { .listen = "127.0.0.1:8080", .package = p, .registry = r, .access = a };
 *     WebServer *server = web_start (&options, &error);
 *     printf ("%s\n", web_server_url (server));        // http://127.0.0.1:8080
 *     web_wait ();                                     // until SIGINT or SIGTERM
 *     web_stop (server);
 */
#pragma once

#include "access/access.h"
#include "agents/agents.h"
#include "audit/audit.h"
#include "base/base.h"
#include "cases/cases.h"
#include "decisions/decisions.h"
#include "notices/notices.h"
#include "policy/policy.h"
#include "population/population.h"
#include "registers/registers.h"
#include "registry/registry.h"
#include "rights/rights.h"

/* Bounds on what a caller may take; 0 means the default in brackets. */
typedef struct {
  unsigned header_ms;   /* from connecting, or the last answer, to a whole header [10,000] */
  unsigned body_ms;     /* from the header to a whole body [20,000] */
  unsigned answer_ms;   /* from there to the answer's last byte [60,000] */
  size_t body_bytes;    /* [1 MiB] */
  unsigned connections; /* at once [2,000] */
  unsigned per_address; /* of them from one address [200] */
  unsigned threads;     /* that answer: most of their time they wait for the disk, together [16] */
} WebLimits;

/* A subject of a demo county worth opening: what a clause answers there. */
typedef struct {
  const char *subject; /* "resident-18" */
  int clause;
  const char *provision, *outcome; /* "yes", "no", "undetermined" */
  PolicyText about;                /* who it is, in a sentence */
} WebShowcase;

/* Everything pointed to must outlive the server. */
typedef struct {
  const char *listen; /* "127.0.0.1:8080", "[::1]:8080"; port 0: any free one */
  const char *site;   /* where people find the pages, "https://bs.example.org"; NULL: web_server_url */
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  Rights *rights;
  Decisions *decisions;
  Agents *agents;
  Notices *notices;
  Registers *registers;
  Cases *cases;
  const NoticesGateways *gateways; /* which ways outside there are */
  Audit *audit;                    /* the signer, asked for its troubles; may be NULL */
  size_t n_showcases;              /* named on the pages of their clauses */
  const WebShowcase *showcases;
  bool log; /* one line per request on standard error: method, route, status, ms */
  WebLimits limits;
} WebOptions;

typedef struct WebServer WebServer;

/* Listen and serve on threads of its own.  FAULT_USAGE: the address is malformed
 * or not of this machine; FAULT_SYSTEM: the port is in use or not allowed. */
WebServer *web_start (const WebOptions *options, GError **error);
/* "http://127.0.0.1:8080", with the real port. */
const char *web_server_url (const WebServer *server);
/* Finish the answers under way and close.  NULL is ignored. */
void web_stop (WebServer *server);

/* True when LISTEN could be listened on now; faults as web_start.  For work that
 * takes long and ends in serving. */
bool web_can_listen (const char *listen, GError **error);

/* Keep SIGINT and SIGTERM, in this thread and those it starts, for web_wait: to be
 * called before the first thread, so that none of them ends the process. */
void web_hold_signals (void);
/* Wait for one of them; a second one ends the process as usual. */
void web_wait (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebServer, web_stop)
