/* Request: what a handler gets and what it answers.
 *
 * A handler runs on one thread, puts everything it makes into the request's
 * arena, and fills the response; when it returns false with an error, the
 * server makes the error page (or problem document) from it.  It keeps nothing. */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "draws/draws.h"
#include "due/due.h"
#include "jobs/jobs.h"
#include "pairs/pairs.h"
#include "payments/payments.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/baseline.h"
#include "web/barriers.h"
#include "web/counts.h"
#include "web/county.h"
#include "web/html.h"
#include "web/web.h"

typedef struct {
  const char *name, *value; /* decoded, UTF-8 */
} WebField;

typedef struct {
  size_t n;
  const WebField *items;
} WebFields;

typedef struct WebUpload WebUpload; /* upload.h */

typedef struct {
  Arena *arena;
  const WebOptions *web;
  WebCounty *county;
  WebCounts *counts;
  WebBaseline *baseline;
  WebKept *barriers;
  Due *due;
  Payments *payments;
  Draws *draws;
  Pairs *pairs;
  Jobs *jobs;                /* NULL: the package has no online employment */
  const char *method, *path; /* the path decoded, for people: "/clauses/15" */
  WebFields query, form;     /* form: the body, application/x-www-form-urlencoded */
  const JsonValue *json;     /* the body when it is application/json; or NULL */
  const WebUpload *upload;   /* the form's files, the last one first; or NULL */
  const char *captures[2];   /* the parts of the path that the route left open */
  Language language;
  const char *cookies;          /* the header as sent, or NULL */
  const char *session;          /* the session's token, or NULL */
  const AccessAccount *account; /* NULL: nobody is logged in */
  const AccessAccount *pending; /* whose second factor is still to come; else NULL */
  const char *address;          /* the caller's, "127.0.0.1" */
  bool loopback;                /* it is this machine's */
  const char *device;           /* the cookie by which a browser is known, or NULL */
  const char *agent;            /* what the browser calls itself, or NULL */
  const char *form_token;       /* the header X-Form-Token, or NULL: the form may have it as "token" */
  const char *if_none_match;    /* the header as sent, or NULL */
  const char *idempotency_key;  /* likewise: what is sent twice under one key is done once */
  bool accepts_gzip;
  bool api; /* answers are for programs */
  Day today;
} WebRequest;

enum { WEB_HEADERS_MAX = 6 };

typedef struct {
  unsigned status;          /* 200 unless set */
  const char *content_type; /* "text/html; charset=utf-8" unless set */
  GString *body;
  Text fixed;    /* instead of BODY: bytes that live as long as the program */
  bool scripts;  /* the page has a script of our own, which may ask this server */
  bool compress; /* BODY, when the caller takes it */
  size_t n_headers;
  WebField headers[WEB_HEADERS_MAX];
} WebResponse;

typedef bool (*WebHandler) (WebRequest *request, WebResponse *response, GError **error);

/* The first field of that name, or NULL. */
const char *web_field (const WebFields *fields, const char *name);
/* "a=1&b=%E4%BA%BA" decoded into ARENA; false with FAULT_USAGE when an escape is
 * broken or the text is not UTF-8. */
bool web_fields_parse (Arena *arena, Text encoded, WebFields *fields, GError **error);
/* Percent-decoded text, or NULL where it is not UTF-8 without NUL. */
const char *web_decode (Arena *arena, Text encoded, bool plus_is_blank);
/* The cookie's value or NULL. */
const char *web_cookie (Arena *arena, const char *header, const char *name);

/* VALUE must live as long as the request. */
void web_response_header (WebResponse *response, const char *name, const char *value);
/* 303 to PATH. */
void web_redirect (WebResponse *response, const char *path);

/* The text in the request's language. */
static inline const char *
web_text (const WebRequest *request, PolicyText text)
{
  return request->language == LANGUAGE_EN && text.en && *text.en ? text.en : text.zh;
}
