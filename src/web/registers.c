/* Registers: residents enrol in events; departments enter visits, transfers and what else they keep. */
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/rights_parts.h"

enum { RECORDS_PER_PAGE = 25, RECORDS_IN_FILE = 100000, RECORDS_FOR_PROGRAMS = 100 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

static const RegistrySchema *
schema_of (const WebRequest *request)
{
  return registry_schema (request->web->registry);
}

static const char *
subject_text (const WebRequest *request, Subject subject)
{
  return subject ? registry_subject_format (request->arena, schema_of (request), subject) : NULL;
}

/* ---- events -------------------------------------------------------------------- */

static EventRow
row_of (const WebRequest *request, const RegisterEvent *event)
{
  const RegistryEntity *entity = event->reg->into->target;
  const char *id = subject_text (request, event->event),
             *name = entity->label ? event->texts[entity->label->index] : NULL;
  return (EventRow){ .event = event,
                     .name = name ? name : id,
                     .href = arena_printf (request->arena, "/events/%s", id),
                     .closes = event->texts[event->reg->closes->index] };
}

bool
handle_events (WebRequest *request, WebResponse *response, GError **error)
{
  EventsModel m = { 0 };
  const RegisterEvent *events
      = registers_events (request->web->registers, request->arena, request->account, &m.n, error);
  if (!events)
    return false;
  EventRow *rows = arena_new0 (request->arena, EventRow, m.n);
  for (size_t i = 0; i < m.n; i++)
    rows[i] = row_of (request, &events[i]);
  m.rows = rows;
  Page page = web_page (request, SAY (request, MESSAGE_events_title), NAV_EVENTS);
  page_events (response->body, &page, &m);
  return true;
}

/* The event that the address names. */
static const RegisterEvent *
find_event (const WebRequest *request, GError **error)
{
  Subject subject;
  if (registry_subject_parse (schema_of (request), text_of (request->captures[0]), &subject))
    return registers_event (request->web->registers, request->arena, request->account, subject, error);
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no event %s", request->captures[0]);
  return NULL;
}

static bool
write_event (WebRequest *request, WebResponse *response, bool failed, GError **error)
{
  const RegisterEvent *event = find_event (request, error);
  if (!event)
    return false;
  g_autofree char *key = g_uuid_string_random ();
  EventModel m = { .row = row_of (request, event),
                   .key = arena_text (request->arena, text_of (key)),
                   .failed = failed,
                   .may = access_may (request->account, ACCESS_CHANGE_SELF) && request->account->subject
                          && registry_subject_entity (schema_of (request), request->account->subject)
                                 == event->reg->about->target };
  Page page = web_page (request, m.row.name, NAV_EVENTS);
  response->status = failed ? 409 : 0;
  page_event (response->body, &page, &m);
  return true;
}

bool
handle_event (WebRequest *request, WebResponse *response, GError **error)
{
  return write_event (request, response, false, error);
}

/* do=enrol or do=withdraw */
static bool
do_enrol (const WebRequest *request, GError **error)
{
  Subject subject;
  const char *what = web_field (&request->form, "do");
  if (!registry_subject_parse (schema_of (request), text_of (request->captures[0]), &subject)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no event %s", request->captures[0]);
    return false;
  }
  if (g_strcmp0 (what, "enrol") != 0 && g_strcmp0 (what, "withdraw") != 0) {
    g_set_error (error, FAULT, FAULT_INPUT, "say do=enrol or do=withdraw");
    return false;
  }
  return registers_enrol (request->web->registers, request->account, subject,
                          g_str_equal (what, "enrol") ? REGISTER_ENROL : REGISTER_WITHDRAW,
                          web_field (&request->form, "key"), error);
}

bool
handle_event_enrol (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  if (do_enrol (request, &fault)) {
    web_redirect (response, arena_printf (request->arena, "/events/%s", request->captures[0]));
    return true;
  }
  if (g_error_matches (fault, FAULT, FAULT_CONFLICT))
    return write_event (request, response, true, error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

/* ---- what a department keeps ------------------------------------------------------ */

bool
handle_registers (WebRequest *request, WebResponse *response, GError **error)
{
  RegistersModel m = { 0 };
  size_t n;
  const Register *all = registers_all (request->web->registers, &n);
  const Register **kept = arena_new0 (request->arena, const Register *, n);
  for (size_t i = 0; i < n; i++)
    if (register_may_keep (request->account, &all[i]))
      kept[m.n++] = &all[i];
  m.kept = kept;
  Page page = web_page (request, SAY (request, MESSAGE_registers_title), NAV_REGISTERS);
  page_registers (response->body, &page, &m);
  return true;
}

static const Register *
find_register (const WebRequest *request, const char *id, GError **error)
{
  const Register *reg = id ? registers_find (request->web->registers, id) : NULL;
  if (!reg)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no register %s", id ? id : "");
  return reg;
}

/* What was sent of each attribute, else what is on record. */
static const RegisterInput *
inputs_of (const WebRequest *request, const Register *reg, const RegisterRow *row, size_t *n)
{
  RegisterInput *inputs = arena_new0 (request->arena, RegisterInput, reg->entity->n);
  *n = 0;
  for (size_t i = 0; i < reg->entity->n; i++) {
    const RegistryAttribute *a = &reg->entity->attributes[i];
    if (a->kind == REGISTRY_COLLECTION || (row && (a == reg->about || a == reg->with)))
      continue;
    const char *sent = web_field (&request->form, a->id);
    inputs[(*n)++]
        = (RegisterInput){ .attribute = a,
                           .required = !row && (a == reg->about || a == reg->with || a == reg->date),
                           .text = sent  ? sent
                                   : row ? row->texts[i]
                                         : NULL };
  }
  return inputs;
}

static bool
write_register (WebRequest *request, WebResponse *response, const Register *reg, bool failed, GError **error)
{
  RegisterModel m = { .reg = reg,
                      .failed = failed,
                      .open_only = web_field (&request->query, "open"),
                      .entered = web_field (&request->query, "entered"),
                      .reason = web_field (&request->form, "reason") };
  RegisterFilter filter = { .open_only = m.open_only, .limit = RECORDS_PER_PAGE + 1 };
  g_autofree char *key = g_uuid_string_random ();
  m.key = arena_text (request->arena, text_of (key));
  if (!web_before (request, &filter.before, error)
      || !(m.rows = registers_rows (request->web->registers, request->arena, request->account, reg, &filter,
                                    &m.n, error)))
    return false;
  if (m.n > RECORDS_PER_PAGE) {
    m.n = RECORDS_PER_PAGE;
    m.next = arena_printf (request->arena, "/registers/%s?before=%" G_GINT64_FORMAT "%s", reg->id,
                           subject_number (m.rows[m.n - 1].record), m.open_only ? "&open=1" : "");
  }
  m.inputs = inputs_of (request, reg, NULL, &m.n_inputs);
  response->status = failed ? 422 : 0;
  Page page = web_page (request, web_text (request, (PolicyText){ reg->entity->zh, reg->entity->en }),
                        NAV_REGISTERS);
  page_register (response->body, &page, &m);
  return true;
}

bool
handle_register (WebRequest *request, WebResponse *response, GError **error)
{
  const Register *reg = find_register (request, request->captures[0], error);
  return reg && write_register (request, response, reg, false, error);
}

static const RegisterRow *
find_row (const WebRequest *request, const Register *reg, GError **error)
{
  size_t n;
  RegisterFilter filter = { .limit = 1 };
  const RegisterRow *row = NULL;
  if (registry_subject_parse (schema_of (request), text_of (request->captures[1]), &filter.record)
      && registry_subject_entity (schema_of (request), filter.record) == reg->entity) {
    row = registers_rows (request->web->registers, request->arena, request->account, reg, &filter, &n, error);
    if (!row || n)
      return row;
  }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "the register has no record %s", request->captures[1]);
  return NULL;
}

static bool
write_record (WebRequest *request, WebResponse *response, const Register *reg, bool failed, GError **error)
{
  const RegisterRow *row = find_row (request, reg, error);
  if (!row)
    return false;
  g_autofree char *key = g_uuid_string_random ();
  RegisterModel m = { .reg = reg,
                      .rows = row,
                      .n = 1,
                      .key = arena_text (request->arena, text_of (key)),
                      .failed = failed,
                      .reason = web_field (&request->form, "reason"),
                      .entered = web_field (&request->query, "entered") };
  m.entries = registers_entries (request->web->registers, request->arena, row, &m.n_entries, error);
  if (!m.entries)
    return false;
  m.inputs = inputs_of (request, reg, row, &m.n_inputs);
  response->status = failed ? 422 : 0;
  Page page = web_page (request, subject_text (request, row->record), NAV_REGISTERS);
  page_register_record (response->body, &page, &m);
  return true;
}

bool
handle_register_record (WebRequest *request, WebResponse *response, GError **error)
{
  const Register *reg = find_register (request, request->captures[0], error);
  return reg && write_record (request, response, reg, false, error);
}

/* What the form says; of a record that is there, what differs from ROW. */
static Subject
enter (const WebRequest *request, const Register *reg, const RegisterRow *row, GError **error)
{
  RegisterField *fields = arena_new0 (request->arena, RegisterField, reg->entity->n);
  RegisterEntry entry = { .reg = reg,
                          .record = row ? row->record : 0,
                          .fields = fields,
                          .reason = web_field (&request->form, "reason") };
  for (size_t i = 0; i < reg->entity->n; i++) {
    const char *text = web_field (&request->form, reg->entity->attributes[i].id);
    if (text && *text && (!row || g_strcmp0 (text, row->texts[i]) != 0))
      fields[entry.n_fields++] = (RegisterField){ &reg->entity->attributes[i], text };
  }
  return registers_enter (request->web->registers, request->account, &entry,
                          web_field (&request->form, "key"), error);
}

bool
handle_register_enter (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  const Register *reg = find_register (request, request->captures[0], error);
  Subject record = reg ? enter (request, reg, NULL, &fault) : 0;
  if (!reg)
    return false;
  if (record) {
    web_redirect (response, arena_printf (request->arena, "/registers/%s?entered=%s", reg->id,
                                          subject_text (request, record)));
    return true;
  }
  if (g_error_matches (fault, FAULT, FAULT_INPUT) || g_error_matches (fault, FAULT, FAULT_NOT_FOUND))
    return write_register (request, response, reg, true, error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

bool
handle_register_add (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  const Register *reg = find_register (request, request->captures[0], error);
  const RegisterRow *row = reg ? find_row (request, reg, error) : NULL;
  if (!row)
    return false;
  if (enter (request, reg, row, &fault)) {
    web_redirect (response,
                  arena_printf (request->arena, "/registers/%s/%s?entered=1", reg->id, request->captures[1]));
    return true;
  }
  if (g_error_matches (fault, FAULT, FAULT_INPUT))
    return write_record (request, response, reg, true, error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

/* All of it as rows: the record, then its attributes. */
bool
handle_register_csv (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n, width = 1;
  const Register *reg = find_register (request, web_field (&request->query, "register"), error);
  RegisterFilter filter = { .limit = RECORDS_IN_FILE, .export = true };
  const RegisterRow *found = reg ? registers_rows (request->web->registers, request->arena, request->account,
                                                   reg, &filter, &n, error)
                                 : NULL;
  if (!found)
    return false;
  const char **columns = arena_new0 (request->arena, const char *, reg->entity->n + 1);
  const char ***rows = arena_new0 (request->arena, const char **, n);
  columns[0] = reg->entity->id;
  for (size_t k = 0; k < n; k++) {
    rows[k] = arena_new0 (request->arena, const char *, reg->entity->n + 1);
    rows[k][0] = subject_text (request, found[k].record);
  }
  for (size_t i = 0; i < reg->entity->n; i++) {
    const RegistryAttribute *a = &reg->entity->attributes[i];
    if (a->kind == REGISTRY_COLLECTION)
      continue;
    columns[width] = a->zh;
    for (size_t k = 0; k < n; k++)
      rows[k][width] = found[k].texts[i] ? found[k].texts[i] : "";
    width++;
  }
  return download_rows (request, response, columns, width, (const char *const *const *)rows, n, reg->id,
                        error);
}

/* ---- for programs ------------------------------------------------------------------- */

static void
write_texts (JsonWriter *w, const RegistryEntity *entity, const char *const *texts)
{
  json_member_object (w, "facts");
  for (size_t i = 0; i < entity->n; i++)
    if (texts[i])
      json_member_str (w, entity->attributes[i].id, texts[i]);
  json_end_object (w);
}

static void
write_event_json (const WebRequest *request, JsonWriter *w, const RegisterEvent *e)
{
  json_begin_object (w);
  json_member_str (w, "id", subject_text (request, e->event));
  json_key (w, "places");
  if (e->places >= 0)
    json_int (w, e->places);
  else
    json_null (w);
  json_member_int (w, "taken", e->taken);
  json_member_int (w, "waiting", e->waiting);
  json_member_bool (w, "open", e->open);
  json_member_str (w, "state", register_state_id (e->state));
  json_member_int (w, "position", e->position);
  write_texts (w, e->reg->into->target, e->texts);
  json_end_object (w);
}

bool
handle_api_events (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  const RegisterEvent *events
      = registers_events (request->web->registers, request->arena, request->account, &n, error);
  if (!events)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "events");
  for (size_t i = 0; i < n; i++)
    write_event_json (request, w, &events[i]);
  json_end_array (w);
  json_end_object (w);
  return true;
}

bool
handle_api_event (WebRequest *request, WebResponse *response, GError **error)
{
  const RegisterEvent *event = find_event (request, error);
  if (!event)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  write_event_json (request, w, event);
  return true;
}

bool
handle_api_event_enrol (WebRequest *request, WebResponse *response, GError **error)
{
  return do_enrol (request, error) && handle_api_event (request, response, error);
}

static void
write_row (const WebRequest *request, JsonWriter *w, const Register *reg, const RegisterRow *row)
{
  json_begin_object (w);
  json_member_str (w, "id", subject_text (request, row->record));
  json_member_str (w, "about", subject_text (request, row->about));
  json_member_bool (w, "open", row->open);
  write_texts (w, reg->entity, row->texts);
  json_end_object (w);
}

bool
handle_api_register (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  RegisterFilter filter = { .open_only = web_field (&request->query, "open"), .limit = RECORDS_FOR_PROGRAMS };
  const Register *reg = find_register (request, request->captures[0], error);
  const RegisterRow *rows = reg && web_before (request, &filter.before, error)
                                ? registers_rows (request->web->registers, request->arena, request->account,
                                                  reg, &filter, &n, error)
                                : NULL;
  if (!rows)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "records");
  for (size_t i = 0; i < n; i++)
    write_row (request, w, reg, &rows[i]);
  json_end_array (w);
  json_key (w, "next");
  if (n == RECORDS_FOR_PROGRAMS)
    json_int (w, subject_number (rows[n - 1].record));
  else
    json_null (w);
  json_end_object (w);
  return true;
}

/* With record=visit-3 what is added to it. */
bool
handle_api_register_enter (WebRequest *request, WebResponse *response, GError **error)
{
  const Register *reg = find_register (request, request->captures[0], error);
  const char *record = web_field (&request->form, "record");
  request->captures[1] = record;
  const RegisterRow *row = reg && record ? find_row (request, reg, error) : NULL;
  if (!reg || (record && !row))
    return false;
  Subject entered = enter (request, reg, row, error);
  if (!entered)
    return false;
  request->captures[1] = subject_text (request, entered);
  row = find_row (request, reg, error);
  if (!row)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  write_row (request, w, reg, row);
  return true;
}
