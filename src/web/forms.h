/* Forms and answers: what the handlers of many pages do alike. */
#pragma once

#include "web/request.h"

/* A key for a form that is sent once. */
const char *web_fresh_key (const WebRequest *request);
/* The key that a write came with: the header Idempotency-Key, else the form's; NULL: none. */
const char *web_case_key (const WebRequest *request);
/* Whether FAULT is said on the form's own page: what was filled in, or what has happened meanwhile. */
bool web_is_told (const GError *fault);
/* False; FAULT is ERROR's now. */
bool web_pass_on (GError **error, GError *fault);
/* The number in the path's part INDEX; FAULT_NOT_FOUND. */
bool web_number (const WebRequest *request, int index, gint64 *number, GError **error);
/* RESPONSE is JSON: an object that is open. */
JsonWriter *web_json_begin (WebResponse *response);
