/* The inbox, and by which ways its reader is reminded. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/rights_parts.h"

enum { NOTICES_PER_PAGE = 20 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* ---- the inbox --------------------------------------------------------------- */

static const NoticeItem *
read_inbox (const WebRequest *request, size_t limit, size_t *n, GError **error)
{
  NoticeFilter filter = { .english = request->language == LANGUAGE_EN,
                          .unread_only = web_field (&request->query, "unread"),
                          .limit = limit };
  return web_before (request, &filter.before, error)
             ? notices_inbox (request->web->notices, request->arena, request->account, &filter, n, error)
             : NULL;
}

bool
handle_notices (WebRequest *request, WebResponse *response, GError **error)
{
  NoticesModel m = { 0 };
  m.items = read_inbox (request, NOTICES_PER_PAGE + 1, &m.n, error);
  if (!m.items)
    return false;
  for (size_t i = 0; i < m.n; i++)
    m.unread |= !m.items[i].read_at;
  if (m.n > NOTICES_PER_PAGE) {
    m.n = NOTICES_PER_PAGE;
    m.next = arena_printf (request->arena, "/me/notices?before=%" G_GINT64_FORMAT, m.items[m.n - 1].id);
  }
  Page page = web_page (request, SAY (request, MESSAGE_notices_title), NAV_NOTICES);
  page_notices (response->body, &page, &m);
  return true;
}

/* id=12, or all without. */
static bool
mark_read (const WebRequest *request, GError **error)
{
  const char *id = web_field (&request->form, "id");
  guint64 number = 0;
  if (id && !g_ascii_string_to_unsigned (id, 10, 1, G_MAXINT64, &number, NULL)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no such message for you");
    return false;
  }
  return notices_mark_read (request->web->notices, request->account, (gint64)number, error);
}

bool
handle_notices_read (WebRequest *request, WebResponse *response, GError **error)
{
  if (!mark_read (request, error))
    return false;
  web_redirect (response, "/me/notices");
  return true;
}

/* ---- what is wanted ------------------------------------------------------------ */

static const char *
filled (const WebFields *fields, const char *name)
{
  const char *value = web_field (fields, name);
  Text text = text_trim (text_of (value));
  return text.len ? value : NULL;
}

/* "22:00" in minutes. */
static bool
read_minutes (const WebRequest *request, const char *name, int otherwise, int *minutes, GError **error)
{
  const char *text = filled (&request->form, name);
  unsigned hour, minute;
  char end;
  *minutes = otherwise;
  if (!text)
    return true;
  if (strlen (text) != 5 || sscanf (text, "%2u:%2u%c", &hour, &minute, &end) != 2 || hour > 23
      || minute > 59) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s=%s is no time; write it as 22:00", name, text);
    return false;
  }
  *minutes = (int)(hour * 60 + minute);
  return true;
}

static bool
read_choice (const WebRequest *request, NoticesChoice *choice, GError **error)
{
  *choice = (NoticesChoice){ .english = g_strcmp0 (web_field (&request->form, "language"), "en") == 0,
                             .chosen = true };
  for (int way = 0; way < NOTICES_WAYS; way++)
    choice->address[way] = filled (&request->form, notices_way_id ((NoticesWay)way));
  return read_minutes (request, "quiet_from", NOTICES_QUIET_FROM, &choice->quiet_from, error)
         && read_minutes (request, "quiet_to", NOTICES_QUIET_TO, &choice->quiet_to, error);
}

static void
write_settings (WebRequest *request, WebResponse *response, const NoticesChoice *choice, bool failed)
{
  NoticesSettingsModel m
      = { .choice = choice, .failed = failed, .done = web_field (&request->query, "done") };
  for (int way = 0; way < NOTICES_WAYS; way++)
    m.leaves[way] = request->web->gateways && request->web->gateways->channels[way].send;
  m.quiet_from = arena_printf (request->arena, "%02d:%02d", choice->quiet_from / 60, choice->quiet_from % 60);
  m.quiet_to = arena_printf (request->arena, "%02d:%02d", choice->quiet_to / 60, choice->quiet_to % 60);
  response->status = failed ? 422 : 0;
  Page page = web_page (request, SAY (request, MESSAGE_notices_settings), NAV_NOTICES);
  page_notices_settings (response->body, &page, &m);
}

bool
handle_notices_settings (WebRequest *request, WebResponse *response, GError **error)
{
  const NoticesChoice *choice
      = notices_choice (request->web->notices, request->arena, request->account, error);
  if (choice)
    write_settings (request, response, choice, false);
  return choice;
}

bool
handle_notices_choose (WebRequest *request, WebResponse *response, GError **error)
{
  NoticesChoice choice;
  g_autoptr (GError) fault = NULL;
  if (read_choice (request, &choice, &fault)
      && notices_choose (request->web->notices, request->account, &choice, &fault)) {
    web_redirect (response, "/me/notices/settings?done=1");
    return true;
  }
  if (g_error_matches (fault, FAULT, FAULT_INPUT)) {
    write_settings (request, response, &choice, true);
    return true;
  }
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

/* ---- for programs ---------------------------------------------------------------- */

static void
write_instant (JsonWriter *w, const char *key, gint64 at)
{
  char text[CIVIL_TEXT_MAX];
  json_member_str (w, key, at ? instant_format (at, text) : NULL);
}

static void
write_item (JsonWriter *w, const NoticeItem *item)
{
  json_begin_object (w);
  json_member_int (w, "id", item->id);
  json_member_str (w, "kind", item->kind);
  json_member_str (w, "title", item->title);
  json_member_str (w, "body", item->body);
  json_member_str (w, "link", item->link);
  write_instant (w, "at", item->at);
  write_instant (w, "read_at", item->read_at);
  json_end_object (w);
}

bool
handle_api_notices (WebRequest *request, WebResponse *response, GError **error)
{
  enum { MOST = 100 };
  size_t n, unread;
  const NoticeItem *items = read_inbox (request, MOST, &n, error);
  if (!items || !notices_unread (request->web->notices, request->account, &unread, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_int (w, "unread", (gint64)unread);
  json_member_array (w, "notices");
  for (size_t i = 0; i < n; i++)
    write_item (w, &items[i]);
  json_end_array (w);
  json_key (w, "next");
  if (n == MOST)
    json_int (w, items[n - 1].id);
  else
    json_null (w);
  json_end_object (w);
  return true;
}

bool
handle_api_notices_read (WebRequest *request, WebResponse *response, GError **error)
{
  return mark_read (request, error) && handle_api_notices (request, response, error);
}

static void
write_choice (const WebRequest *request, WebResponse *response, const NoticesChoice *choice)
{
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  for (int way = 0; way < NOTICES_WAYS; way++)
    json_member_str (w, notices_way_id ((NoticesWay)way), choice->address[way]);
  json_member_str (
      w, "quiet_from",
      arena_printf (request->arena, "%02d:%02d", choice->quiet_from / 60, choice->quiet_from % 60));
  json_member_str (w, "quiet_to",
                   arena_printf (request->arena, "%02d:%02d", choice->quiet_to / 60, choice->quiet_to % 60));
  json_member_str (w, "language", choice->english ? "en" : "zh");
  json_member_bool (w, "chosen", choice->chosen);
  json_end_object (w);
}

bool
handle_api_notices_settings (WebRequest *request, WebResponse *response, GError **error)
{
  const NoticesChoice *choice
      = notices_choice (request->web->notices, request->arena, request->account, error);
  if (choice)
    write_choice (request, response, choice);
  return choice;
}

bool
handle_api_notices_choose (WebRequest *request, WebResponse *response, GError **error)
{
  NoticesChoice choice;
  if (!read_choice (request, &choice, error)
      || !notices_choose (request->web->notices, request->account, &choice, error))
    return false;
  write_choice (request, response, &choice);
  return true;
}
