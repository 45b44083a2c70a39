/* Uploads: a form with one file, as browsers send it (multipart/form-data, RFC 7578). */
#pragma once

#include "web/request.h"

enum { WEB_UPLOAD_MAX = 16 << 20 }; /* bytes of a request with a file */

struct WebUpload {
  const char *name; /* as the sender calls it, without folders */
  Text bytes;       /* of the request's body: as long as the request */
};

/* TYPE is the header Content-Type; false with FAULT_USAGE when BODY is no such
 * form.  The file, if there is one, goes to *UPLOAD (else NULL), the rest to FORM. */
bool web_upload_parse (Arena *arena, const char *type, Text body, WebFields *form, const WebUpload **upload,
                       GError **error);
