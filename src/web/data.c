/* The person's own data: page, PDF, JSON. */
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

static DataPart
make_part (const WebRequest *request, const RightsPart *part)
{
  const RegistrySchema *schema = registry_schema (request->web->registry);
  DataPart made = { .entity = registry_subject_entity (schema, part->subject),
                    .id = registry_subject_format (request->arena, schema, part->subject),
                    .stated = arena_new0 (request->arena, DataFact, part->n_facts),
                    .absent = arena_new0 (request->arena, const RegistryProvenance *, part->n_facts),
                    .unrecorded = arena_new0 (request->arena, const RegistryProvenance *, part->n_facts) };
  for (size_t i = 0; i < part->n_facts; i++) {
    const RegistryProvenance *fact = part->facts[i];
    if (fact->assumed)
      made.absent[made.n_absent++] = fact;
    else if (fact->batch)
      made.stated[made.n_stated++]
          = (DataFact){ fact, rights_public_name (request->web->rights, request->arena, fact) };
    else
      made.unrecorded[made.n_unrecorded++] = fact;
  }
  return made;
}

static RightsCopy *
read_copy (const WebRequest *request, GError **error)
{
  return rights_copy (request->web->rights, request->arena, request->account->subject, error);
}

/* To be taken away: with what belongs to the account. */
static const RightsCopy *
read_whole (const WebRequest *request, GError **error)
{
  RightsCopy *copy = read_copy (request, error);
  return copy && rights_copy_account (copy, request->arena, request->web->access, request->session, error)
                 && rights_copy_notices (copy, request->arena, request->web->notices, request->account, error)
             ? copy
             : NULL;
}

bool
handle_data (WebRequest *request, WebResponse *response, GError **error)
{
  const RightsCopy *copy = read_copy (request, error);
  if (!copy)
    return false;
  DataPart *parts = arena_new0 (request->arena, DataPart, copy->n_parts);
  for (size_t i = 0; i < copy->n_parts; i++)
    parts[i] = make_part (request, &copy->parts[i]);
  DataModel m = { registry_schema (request->web->registry), parts, copy->n_parts };
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_data_title, NULL, 0), NAV_DATA);
  page_data (response->body, &page, &m);
  return true;
}

/* The entry in the log is on disk before the copy leaves. */
bool
handle_data_pdf (WebRequest *request, WebResponse *response, GError **error)
{
  const RightsCopy *copy = read_whole (request, error);
  if (!copy || !rights_log_copy (request->web->rights, request->account, "pdf", error)
      || !rights_copy_pdf (request->web->rights, copy, language_tags[request->language], response->body,
                           error))
    return false;
  download_begin (request, response, "application/pdf", "my-data.pdf");
  return true;
}

bool
handle_api_copy (WebRequest *request, WebResponse *response, GError **error)
{
  const RightsCopy *copy = read_whole (request, error);
  if (!copy || !rights_log_copy (request->web->rights, request->account, "json", error))
    return false;
  if (request->api)
    response->content_type = "application/json";
  else
    download_begin (request, response, "application/json", "my-data.json");
  JsonWriter *w = json_writer_new (response->body, 2);
  bool ok = rights_copy_json (request->web->rights, copy, w, error);
  json_writer_free (w);
  return ok;
}
