/* The markets beside that of jobs, for programs. */
#include "web/forms.h"
#include "web/handlers.h"
#include "web/market_parts.h"

enum { MATCHES_SHOWN = 20 };

static void
write_text (JsonWriter *w, const char *key, MarketText text)
{
  policy_write_text (w, key, (PolicyText){ text.zh, text.en });
}

static const char *
side_id (MarketSide side)
{
  return side == MARKET_SEEKERS ? "seekers" : "offers";
}

static const char *
day_text (const WebRequest *request, Day day)
{
  char text[CIVIL_TEXT_MAX];
  return arena_text (request->arena, text_of (civil_format (day, text)));
}

/* ---- markets ---------------------------------------------------------------------------- */

static void
write_head (JsonWriter *w, const Market *market, const PairsCounts *counts)
{
  json_member_str (w, "id", market->id);
  write_text (w, "name", market->name);
  json_member_int (w, "clause", market->clause);
  json_member_int (w, "seekers", counts->entries[MARKET_SEEKERS]);
  json_member_int (w, "offers", counts->entries[MARKET_OFFERS]);
  json_member_int (w, "asked", counts->asked);
  json_member_int (w, "accepted", counts->accepted);
  json_member_int (w, "agreed", counts->agreed);
}

bool
handle_api_markets (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  const Market *const *markets = pairs_markets (request->pairs, &n);
  PairsCounts *counts = arena_new0 (request->arena, PairsCounts, MAX (n, 1));
  for (size_t i = 0; i < n; i++)
    if (!pairs_count (request->pairs, markets[i]->id, &counts[i], error))
      return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  json_member_array (w, "markets");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    write_head (w, markets[i], &counts[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

static void
write_columns (JsonWriter *w, const MarketSideType *type)
{
  static const char *const kinds[] = { "number", "truth", "day", "word", "concepts" };
  json_member_array (w, "columns");
  for (size_t c = 0; c < type->n; c++) {
    const MarketColumn *column = &type->columns[c];
    json_begin_object (w);
    json_member_str (w, "id", column->id);
    write_text (w, "name", column->name);
    json_member_str (w, "kind", kinds[column->kind]);
    json_member_str (w, "space", column->space);
    json_member_bool (w, "read", column->n_reads != 0);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_entry (JsonWriter *w, const WebRequest *request, const PairsEntry *entry)
{
  json_member_int (w, "id", entry->id);
  json_member_str (w, "market", entry->market);
  json_member_str (w, "side", side_id (entry->side));
  json_member_str (w, "owner", entry->owner_name);
  json_member_bool (w, "own", entry->is_own);
  json_member_bool (w, "open", entry->is_open);
  json_member_str (w, "title", entry->title);
  json_member_str (w, "text", entry->text);
  json_member_str (w, "until", day_text (request, entry->until));
  json_member_array (w, "values");
  for (size_t i = 0; i < entry->n_values; i++) {
    json_begin_object (w);
    json_member_str (w, "column", entry->values[i].column->id);
    json_member_bool (w, "stated", entry->values[i].is_stated);
    json_member_bool (w, "known", entry->values[i].is_known);
    json_member_array (w, "values");
    for (const char *const *text = entry->values[i].values; *text; text++)
      json_str (w, *text);
    json_end_array (w);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_entry_object (JsonWriter *w, const char *key, const WebRequest *request, const PairsEntry *entry)
{
  if (key)
    json_key (w, key);
  json_begin_object (w);
  write_entry (w, request, entry);
  json_end_object (w);
}

bool
handle_api_market (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  PairsCounts counts;
  const Market *market = pairs_market (request->pairs, request->captures[0], error);
  const PairsEntry *own
      = market && pairs_count (request->pairs, market->id, &counts, error)
            ? pairs_entries (request->pairs, request->arena, request->account, market->id, &n, error)
            : NULL;
  if (!own)
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  write_head (w, market, &counts);
  json_member_array (w, "sides");
  for (int side = 0; side < 2; side++) {
    json_begin_object (w);
    json_member_str (w, "id", side_id ((MarketSide)side));
    write_text (w, "name", market->sides[side].name);
    write_columns (w, &market->sides[side]);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_array (w, "entries");
  for (size_t i = 0; i < n; i++)
    write_entry_object (w, NULL, request, &own[i]);
  json_end_array (w);
  json_end_object (w);
  return true;
}

/* ---- entries ------------------------------------------------------------------------------- */

static bool
write_found (const WebRequest *request, WebResponse *response, gint64 id, GError **error)
{
  size_t n = 0;
  const PairsEntry *entry = pairs_entry (request->pairs, request->arena, request->account, id, error);
  const PairsMeeting *meetings = entry && entry->is_own ? pairs_meetings (request->pairs, request->arena,
                                                                          request->account, id, &n, error)
                                                        : NULL;
  if (!entry || (entry->is_own && !meetings))
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  write_entry (w, request, entry);
  json_member_array (w, "meetings");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_int (w, "id", meetings[i].id);
    json_member_str (w, "state", pairs_state_id (meetings[i].state));
    json_member_bool (w, "asked_by_us", meetings[i].is_asker);
    json_member_int (w, "other", meetings[i].other);
    json_member_str (w, "title", meetings[i].other_title);
    json_member_str (w, "name", meetings[i].other_name);
    json_member_str (w, "words", meetings[i].words);
    json_member_str (w, "contact", meetings[i].contact);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

bool
handle_api_market_entry (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return web_number (request, 0, &id, error) && write_found (request, response, id, error);
}

bool
handle_api_market_send (WebRequest *request, WebResponse *response, GError **error)
{
  PairsEntry entry;
  const char *side = web_field (&request->form, "side");
  const Market *market = pairs_market (request->pairs, request->captures[0], error);
  if (!market)
    return false;
  if (g_strcmp0 (side, "seekers") != 0 && g_strcmp0 (side, "offers") != 0) {
    g_set_error (error, FAULT, FAULT_INPUT, "side is seekers or offers");
    return false;
  }
  if (!market_read_form (request, market, g_str_equal (side, "offers") ? MARKET_OFFERS : MARKET_SEEKERS,
                         &entry, error))
    return false;
  gint64 id = pairs_put (request->pairs, request->account, &entry, web_case_key (request), error);
  return id && write_found (request, response, id, error);
}

bool
handle_api_market_act (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return web_number (request, 0, &id, error) && market_act (request, id, error)
         && write_found (request, response, id, error);
}

bool
handle_api_market_matches (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  const PairsMatches *m
      = web_number (request, 0, &id, error)
            ? pairs_matches (request->pairs, request->arena, request->account, id, MATCHES_SHOWN, error)
            : NULL;
  if (!m)
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  json_member_int (w, "looked_at", (gint64)m->n_looked);
  json_member_array (w, "matches");
  for (size_t i = 0; i < m->n; i++) {
    json_begin_object (w);
    write_entry_object (w, "entry", request, m->matches[i].entry);
    json_key (w, "reasons");
    json_begin_object (w);
    market_write_reasons (w, m->market, m->matches[i].reasons);
    json_end_object (w);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}
