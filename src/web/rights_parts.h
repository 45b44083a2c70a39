/* What the pages about a person's rights share. */
#pragma once

#include "web/request.h"

/* "before" of the query; 0 for the first page.  FAULT_INPUT when it is no number. */
bool web_before (const WebRequest *request, gint64 *before, GError **error);
/* One request as JSON. */
bool web_write_request (const WebRequest *request, WebResponse *response, gint64 id, GError **error);
