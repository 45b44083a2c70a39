#include "web/forms.h"

const char *
web_fresh_key (const WebRequest *request)
{
  g_autofree char *fresh = g_uuid_string_random ();
  return arena_text (request->arena, text_of (fresh));
}

const char *
web_case_key (const WebRequest *request)
{
  return request->idempotency_key ? request->idempotency_key : web_field (&request->form, "key");
}

bool
web_is_told (const GError *fault)
{
  return g_error_matches (fault, FAULT, FAULT_INPUT) || g_error_matches (fault, FAULT, FAULT_CONFLICT);
}

bool
web_pass_on (GError **error, GError *fault)
{
  g_propagate_error (error, fault);
  return false;
}

bool
web_number (const WebRequest *request, int index, gint64 *number, GError **error)
{
  guint64 value;
  if (g_ascii_string_to_unsigned (request->captures[index], 10, 1, G_MAXINT64, &value, NULL)) {
    *number = (gint64)value;
    return true;
  }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no number %s here", request->captures[index]);
  return false;
}

JsonWriter *
web_json_begin (WebResponse *response)
{
  response->content_type = "application/json";
  JsonWriter *w = json_writer_new (response->body, 2);
  json_begin_object (w);
  return w;
}
