/* Conflicts between sources: the list, one of them, and deciding it. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

enum { CONFLICTS_PER_PAGE = 50, REASON_MAX = 500 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* A steward sees every department's, others what their own answers for. */
static const char *
department_of (const WebRequest *request)
{
  const AccessAccount *who = request->account;
  return who->role == ACCESS_STEWARD ? NULL : who->department ? who->department : "";
}

static bool
read_place (const WebRequest *request, const char *subject, const char *attribute, RegistryConflict *place,
            GError **error)
{
  const RegistrySchema *schema = registry_schema (request->web->registry);
  if (registry_subject_parse (schema, text_of (subject), &place->subject)) {
    place->attribute
        = registry_entity_attribute (registry_subject_entity (schema, place->subject), attribute);
    if (place->attribute && place->attribute->kind != REGISTRY_COLLECTION)
      return true;
  }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no fact %s.%s", subject, attribute);
  return false;
}

/* "resident-12.monthly_income" */
static const char *
format_place (const WebRequest *request, const RegistryConflict *c, const char *separator)
{
  return arena_printf (
      request->arena, "%s%s%s",
      registry_subject_format (request->arena, registry_schema (request->web->registry), c->subject),
      separator, c->attribute->id);
}

static bool
read_after (const WebRequest *request, RegistryConflict *after, bool *any, GError **error)
{
  const char *text = web_field (&request->query, "after");
  g_auto (GStrv) parts = g_strsplit (text ? text : "", ".", 2);
  *any = text && *text;
  return !*any || read_place (request, parts[0], parts[1] ? parts[1] : "", after, error);
}

bool
handle_conflicts (WebRequest *request, WebResponse *response, GError **error)
{
  RegistryConflict after;
  bool any;
  ConflictsModel m = { .department = department_of (request) };
  if (!read_after (request, &after, &any, error))
    return false;
  size_t n;
  const RegistryConflict *found = registry_conflicts (request->web->registry, request->arena, m.department,
                                                      any ? &after : NULL, CONFLICTS_PER_PAGE + 1, &n, error);
  if (!found)
    return false;
  m.n = MIN (n, CONFLICTS_PER_PAGE);
  ConflictRow *rows = arena_new0 (request->arena, ConflictRow, m.n);
  for (size_t i = 0; i < m.n; i++)
    rows[i] = (ConflictRow){
      &found[i], arena_printf (request->arena, "/conflicts/%s", format_place (request, &found[i], "/")),
      registry_subject_format (request->arena, registry_schema (request->web->registry), found[i].subject)
    };
  m.rows = rows;
  if (n > m.n)
    m.next
        = arena_printf (request->arena, "/conflicts?after=%s", format_place (request, &found[m.n - 1], "."));
  Page page = web_page (request, SAY (request, MESSAGE_conflicts_title), NAV_CONFLICTS);
  page_conflicts (response->body, &page, &m);
  return true;
}

/* ---- one conflict ------------------------------------------------------ */

static bool
is_ours (const WebRequest *request, const RegistryConflict *place, GError **error)
{
  const char *department = department_of (request);
  if (!department || g_str_equal (department, place->attribute->source))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED, "%s answers for this", place->attribute->source);
  return false;
}

static bool
read_conflict (const WebRequest *request, ConflictModel *m, GError **error)
{
  Text name;
  size_t n;
  if (!read_place (request, request->captures[0], request->captures[1], &m->place, error)
      || !is_ours (request, &m->place, error))
    return false;
  name = text_of (m->place.attribute->zh);
  const AccessPermit *permit
      = access_permit (request->web->access, request->arena, request->account,
                       access_right_name (ACCESS_SEE_CONFLICTS)->id, m->place.subject, error);
  RegistryMoment now = { request->today, G_MAXINT64 };
  const RegistryReading *reading
      = permit ? access_read (permit, request->arena, &(FeelPath){ .members = &name, .n = 1 }, 1, now, error)
               : NULL;
  if (!reading)
    return false;
  m->fact = registry_reading_facts (reading, &n)[0];
  m->subject = request->captures[0];
  return true;
}

static bool
write_conflict (WebRequest *request, WebResponse *response, const char *trouble, GError **error)
{
  ConflictModel m = { .trouble = trouble, .reason = web_field (&request->form, "reason") };
  if (!read_conflict (request, &m, error))
    return false;
  Page page = web_page (request, SAY (request, MESSAGE_conflict_title), NAV_CONFLICTS);
  page_conflict (response->body, &page, &m);
  return true;
}

bool
handle_conflict (WebRequest *request, WebResponse *response, GError **error)
{
  return write_conflict (request, response, NULL, error);
}

/* What is missing in the form, in the reader's language; NULL: nothing. */
static const char *
find_trouble (const WebRequest *request, gint64 *batch)
{
  const char *reason = web_field (&request->form, "reason"), *chosen = web_field (&request->form, "batch");
  guint64 number = 0;
  if (!chosen || !g_ascii_string_to_unsigned (chosen, 10, 1, G_MAXINT64, &number, NULL))
    return SAY (request, MESSAGE_conflict_trouble_choice);
  *batch = (gint64)number;
  if (!reason || !text_trim (text_of (reason)).len)
    return SAY (request, MESSAGE_conflict_trouble_reason);
  return g_utf8_strlen (reason, -1) > REASON_MAX ? SAY (request, MESSAGE_conflict_trouble_long) : NULL;
}

bool
handle_settle (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 chosen = 0;
  RegistryConflict place;
  const AccessAccount *who = request->account;
  if (!read_place (request, request->captures[0], request->captures[1], &place, error)
      || !is_ours (request, &place, error))
    return false;
  const char *trouble = find_trouble (request, &chosen);
  if (trouble) {
    response->status = 422;
    return write_conflict (request, response, trouble, error);
  }
  RegistryBatch about = { .source = who->department ? who->department : place.attribute->source,
                          .actor = who->name,
                          .evidence = web_field (&request->form, "reason"),
                          .recorded_at = g_get_real_time () / G_USEC_PER_SEC };
  if (!registry_settle (request->web->registry, place.subject, place.attribute, chosen, &about, error))
    return false;
  web_redirect (response,
                arena_printf (request->arena, "/conflicts/%s", format_place (request, &place, "/")));
  return true;
}
