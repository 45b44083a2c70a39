/* Any form with a file: what is accepted lies within the body, and its fields are UTF-8. */
#include "web/upload.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  WebFields form = { 0 };
  const WebUpload *upload = NULL;
  Text body = { (const char *)data, size };
  bool good = web_upload_parse (arena, "multipart/form-data; boundary=b", body, &form, &upload, &error);
  g_assert (good == (error == NULL));
  for (size_t i = 0; good && i < form.n; i++)
    g_assert (text_is_utf8 (text_of (form.items[i].value), NULL));
  if (good && upload)
    g_assert (upload->bytes.bytes >= body.bytes
              && upload->bytes.bytes + upload->bytes.len <= body.bytes + body.len);
  return 0;
}
