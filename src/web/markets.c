/* Pages of the markets beside that of jobs: which there are, one's entries, writing one, who suits it. */
#include "web/forms.h"
#include "web/handlers.h"
#include "web/market_parts.h"
#include "web/pages.h"

#include <string.h>

enum { MATCHES_SHOWN = 20 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* ---- forms ------------------------------------------------------------------------------ */

static const char *
field (const WebRequest *request, const char *name)
{
  const char *value = web_field (&request->form, name);
  return value ? arena_text (request->arena, text_trim (text_of (value))) : "";
}

/* Ticked ones, each a field; or typed ones, with signs between them. */
static const char *const *
read_texts (const WebRequest *request, const MarketColumn *column)
{
  g_autofree char *name = g_strconcat ("v.", column->id, NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  for (size_t i = 0; i < request->form.n; i++) {
    if (!g_str_equal (request->form.items[i].name, name))
      continue;
    g_auto (GStrv) listed = g_strsplit (request->form.items[i].value, "、", -1);
    g_autofree char *plain = g_strjoinv (",", listed);
    bool is_list = column->kind == MARKET_CONCEPTS;
    g_auto (GStrv) parts
        = is_list ? g_strsplit_set (plain, ",;\r\n", -1) : g_strsplit (request->form.items[i].value, "\n", 1);
    for (char **part = parts; *part; part++)
      if (*g_strstrip (*part))
        g_ptr_array_add (texts, (gpointer)arena_text (request->arena, text_of (*part)));
  }
  g_ptr_array_add (texts, NULL);
  return arena_copy (request->arena, texts->pdata, texts->len * sizeof (gpointer));
}

static bool
read_owner (const WebRequest *request, PairsEntry *entry, GError **error)
{
  entry->owner = request->account->subject;
  if (!*field (request, "owner")
      || registry_subject_parse (policy_schema (request->web->package), text_of (field (request, "owner")),
                                 &entry->owner))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "owner=%s: there is no such; write organisation-12",
               field (request, "owner"));
  return false;
}

bool
market_read_form (const WebRequest *request, const Market *market, MarketSide side, PairsEntry *entry,
                  GError **error)
{
  const MarketSideType *type = &market->sides[side];
  PairsValue *values = arena_new0 (request->arena, PairsValue, MAX (type->n, 1));
  *entry = (PairsEntry){ .market = market->id,
                         .side = side,
                         .title = field (request, "title"),
                         .text = field (request, "text"),
                         .values = values };
  for (size_t c = 0; c < type->n; c++) {
    PairsValue value = { .column = &type->columns[c], .values = read_texts (request, &type->columns[c]) };
    if (value.values[0])
      values[entry->n_values++] = value;
  }
  if (!read_owner (request, entry, error))
    return false;
  if (civil_parse (text_of (field (request, "until")), &entry->until))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "until=%s is no day, as 2026-09-01", field (request, "until"));
  return false;
}

/* ---- markets ------------------------------------------------------------------------------ */

bool
handle_markets (WebRequest *request, WebResponse *response, GError **error)
{
  MarketsModel m = { 0 };
  const Market *const *markets = pairs_markets (request->pairs, &m.n);
  MarketLine *lines = arena_new0 (request->arena, MarketLine, MAX (m.n, 1));
  m.lines = lines;
  for (size_t i = 0; i < m.n; i++) {
    lines[i].market = markets[i];
    if (!pairs_count (request->pairs, markets[i]->id, &lines[i].counts, error))
      return false;
  }
  Page page = web_page (request, SAY (request, MESSAGE_markets_title), NAV_JOBS);
  page_markets (response->body, &page, &m);
  return true;
}

bool
handle_market (WebRequest *request, WebResponse *response, GError **error)
{
  MarketModel m = { .market = pairs_market (request->pairs, request->captures[0], error) };
  if (!m.market || !pairs_count (request->pairs, m.market->id, &m.counts, error)
      || !(m.own
           = pairs_entries (request->pairs, request->arena, request->account, m.market->id, &m.n_own, error)))
    return false;
  for (int side = 0; request->account && side < 2; side++)
    m.may_put[side] = pairs_may_put (request->pairs, request->account, m.market, (MarketSide)side,
                                     request->account->subject);
  Page page = web_page (request, request->language == LANGUAGE_EN ? m.market->name.en : m.market->name.zh,
                        NAV_JOBS);
  page_market (response->body, &page, &m);
  return true;
}

/* ---- writing an entry ------------------------------------------------------------------------ */

static bool
write_form (WebRequest *request, WebResponse *response, MarketFormModel *m, GError **error)
{
  Subject owner = m->entry ? m->entry->owner : request->account->subject;
  m->pairs = request->pairs;
  m->key = web_fresh_key (request);
  m->read = pairs_read (request->pairs, request->arena, request->account, m->market, m->side, owner,
                        &m->n_read, error);
  if (!m->read)
    return false;
  m->action = m->entry
                  ? arena_printf (request->arena, "/markets/entries/%" G_GINT64_FORMAT "/edit", m->entry->id)
                  : arena_printf (request->arena, "/markets/%s", m->market->id);
  Page page
      = web_page (request, SAY (request, m->entry ? MESSAGE_market_edit : MESSAGE_market_new), NAV_JOBS);
  response->status = m->problem ? 422 : 0;
  page_market_form (response->body, &page, m);
  return true;
}

static MarketSide
side_of (const char *text)
{
  return g_strcmp0 (text, "offers") == 0 ? MARKET_OFFERS : MARKET_SEEKERS;
}

bool
handle_market_form (WebRequest *request, WebResponse *response, GError **error)
{
  MarketFormModel m = { .market = pairs_market (request->pairs, request->captures[0], error),
                        .side = side_of (web_field (&request->query, "side")),
                        .form = &request->query }; /* a link may say what is wanted */
  return m.market && write_form (request, response, &m, error);
}

static bool
find_own (const WebRequest *request, MarketFormModel *m, GError **error)
{
  gint64 id;
  if (!web_number (request, 0, &id, error)
      || !(m->entry = pairs_entry (request->pairs, request->arena, request->account, id, error)))
    return false;
  if (!m->entry->is_own) {
    g_set_error (error, FAULT, FAULT_DENIED, "this is another's entry");
    return false;
  }
  m->side = m->entry->side;
  return (m->market = pairs_market (request->pairs, m->entry->market, error));
}

bool
handle_market_edit (WebRequest *request, WebResponse *response, GError **error)
{
  MarketFormModel m = { 0 };
  return find_own (request, &m, error) && write_form (request, response, &m, error);
}

/* What does not go is told on the form. */
static bool
send_form (WebRequest *request, WebResponse *response, MarketFormModel *m, GError **error)
{
  g_autoptr (GError) fault = NULL;
  PairsEntry entry;
  gint64 id = 0;
  if (market_read_form (request, m->market, m->side, &entry, &fault)) {
    if (m->entry) {
      entry.id = m->entry->id;
      entry.owner = m->entry->owner;
    }
    id = pairs_put (request->pairs, request->account, &entry, web_case_key (request), &fault);
  }
  if (id) {
    web_redirect (response,
                  arena_printf (request->arena, "/markets/entries/%" G_GINT64_FORMAT "?done=1", id));
    return true;
  }
  if (!web_is_told (fault))
    return web_pass_on (error, g_steal_pointer (&fault));
  m->problem = view_problem (request, fault);
  m->form = &request->form;
  return write_form (request, response, m, error);
}

bool
handle_market_send (WebRequest *request, WebResponse *response, GError **error)
{
  MarketFormModel m = { .market = pairs_market (request->pairs, request->captures[0], error),
                        .side = side_of (web_field (&request->form, "side")) };
  return m.market && send_form (request, response, &m, error);
}

bool
handle_market_change (WebRequest *request, WebResponse *response, GError **error)
{
  MarketFormModel m = { 0 };
  return find_own (request, &m, error) && send_form (request, response, &m, error);
}

/* ---- one entry ------------------------------------------------------------------------------------ */

static bool
read_own (const WebRequest *request, MarketEntryModel *m, GError **error)
{
  gint64 id = m->entry->id;
  if (!m->entry->is_own)
    return true;
  m->matches = pairs_matches (request->pairs, request->arena, request->account, id, MATCHES_SHOWN, error);
  m->meetings = m->matches ? pairs_meetings (request->pairs, request->arena, request->account, id,
                                             &m->n_meetings, error)
                           : NULL;
  return m->meetings;
}

static bool
write_entry (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  MarketEntryModel m = { .problem = problem,
                         .done = web_field (&request->query, "done"),
                         .key = web_fresh_key (request),
                         .pairs = request->pairs };
  gint64 id;
  if (!web_number (request, 0, &id, error)
      || !(m.entry = pairs_entry (request->pairs, request->arena, request->account, id, error))
      || !(m.market = pairs_market (request->pairs, m.entry->market, error))
      || !read_own (request, &m, error))
    return false;
  Page page = web_page (request, m.entry->title, NAV_JOBS);
  response->status = problem ? 409 : 0;
  page_market_entry (response->body, &page, &m);
  return true;
}

bool
handle_market_entry (WebRequest *request, WebResponse *response, GError **error)
{
  return write_entry (request, response, NULL, error);
}

static bool
number_field (const WebRequest *request, const char *name, gint64 *number, GError **error)
{
  guint64 value;
  if (g_ascii_string_to_unsigned (field (request, name), 10, 1, G_MAXINT64, &value, NULL)) {
    *number = (gint64)value;
    return true;
  }
  g_set_error (error, FAULT, FAULT_INPUT, "%s=%s is no number", name, field (request, name));
  return false;
}

bool
market_act (const WebRequest *request, gint64 id, GError **error)
{
  static const char *const answers[] = { "accept", "decline", "agree", "disagree", NULL };
  const char *deed = field (request, "deed"), *contact = field (request, "contact");
  gint64 other;
  if (g_str_equal (deed, "close"))
    return pairs_close (request->pairs, request->account, id, error);
  if (g_str_equal (deed, "ask"))
    return number_field (request, "other", &other, error)
           && pairs_ask (request->pairs, request->account, id, other, field (request, "words"), contact,
                         web_case_key (request), error);
  for (int act = 0; answers[act]; act++)
    if (g_str_equal (deed, answers[act]))
      return number_field (request, "meeting", &other, error)
             && pairs_answer (request->pairs, request->account, other, (PairsAct)act, contact, error);
  g_set_error (error, FAULT, FAULT_INPUT, "deed is close, ask, accept, decline, agree or disagree");
  return false;
}

bool
handle_market_act (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  gint64 id;
  if (!web_number (request, 0, &id, error))
    return false;
  if (market_act (request, id, &fault)) {
    web_redirect (response,
                  arena_printf (request->arena, "/markets/entries/%" G_GINT64_FORMAT "?done=1", id));
    return true;
  }
  return web_is_told (fault) ? write_entry (request, response, view_problem (request, fault), error)
                             : web_pass_on (error, g_steal_pointer (&fault));
}
