/* Uploads: forms with files, as browsers send it (multipart/form-data, RFC 7578). */
#pragma once

#include "web/request.h"

enum { WEB_UPLOAD_MAX = 16 << 20 }; /* bytes of a request with a file */

struct WebUpload {
  const char *field; /* of the form */
  const char *name;  /* as the sender calls it, without folders */
  Text bytes;        /* of the request's body: as long as the request */
  const WebUpload *next;
};

/* TYPE is the header Content-Type; false with FAULT_USAGE when BODY is no such
 * form.  The files, the last one first, go to *UPLOAD (NULL: none), the rest to FORM. */
bool web_upload_parse (Arena *arena, const char *type, Text body, WebFields *form, const WebUpload **upload,
                       GError **error);
