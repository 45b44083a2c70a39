/* Rounds for programs. */
#include "population/population.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/rounds_parts.h"

static const char *
day_text (const WebRequest *request, Day day)
{
  char text[16];
  return day ? arena_text (request->arena, text_of (civil_format (day, text))) : NULL;
}

static void
write_source (JsonWriter *w, const WebRequest *request, const char *key, const LotterySource *source)
{
  json_key (w, key);
  if (!source->name || !*source->name) {
    json_null (w);
    return;
  }
  json_begin_object (w);
  json_member_str (w, "name", source->name);
  json_member_str (w, "day", day_text (request, source->day));
  json_end_object (w);
}

static void
write_members (JsonWriter *w, const WebRequest *request, const DrawsRound *r)
{
  json_member_int (w, "id", r->id);
  json_member_str (w, "allocation", r->allocation_key);
  json_member_str (w, "title", r->title);
  json_member_str (w, "state", draws_state_id (r->state));
  json_member_str (w, "deadline", day_text (request, r->deadline));
  json_member_int (w, "objection_days", r->objection_days);
  json_member_str (w, "objections_until", day_text (request, r->objections_until));
  write_source (w, request, "source", &r->source);
  write_source (w, request, "fallback", &r->fallback);
  json_member_str (w, "list", r->list);
  json_member_str (w, "rules", r->rules);
  json_member_str (w, "commitment", r->commitment);
  json_member_str (w, "announcement", r->announcement);
  json_member_str (w, "secret", r->secret);
  json_member_str (w, "value", r->value);
  json_member_str (w, "seed", r->seed);
  json_member_str (w, "result", r->result);
  json_member_int (w, "applications", r->n_applications);
  json_member_array (w, "units");
  for (size_t i = 0; i < r->n_units; i++) {
    json_begin_object (w);
    json_member_str (w, "name", r->units[i].name);
    json_member_int (w, "capacity", r->units[i].capacity);
    json_end_object (w);
  }
  json_end_array (w);
}

bool
handle_api_rounds (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  const DrawsRound *rounds = draws_rounds (request->draws, request->arena, request->account, 100, &n, error);
  if (!rounds)
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  json_member_array (w, "rounds");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    write_members (w, request, &rounds[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

bool
handle_api_rounds_plan (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return round_plan (request, &id, error) && handle_api_rounds (request, response, error);
}

/* ---- one round ------------------------------------------------------------------ */

static void
write_application (JsonWriter *w, const DrawsApplication *a)
{
  json_member_str (w, "number", a->number);
  json_member_str (w, "standing", draws_standing_id (a->standing));
  json_key (w, "unit");
  if (a->seat >= 0)
    json_int (w, a->seat + 1);
  else
    json_null (w);
  json_member_str (w, "how", draws_how_id (a->how));
  json_member_str (w, "ticket", a->ticket);
  json_member_array (w, "choices");
  for (size_t i = 0; i < a->n_choices; i++)
    json_int (w, a->choices[i].unit + 1);
  json_end_array (w);
}

static void
write_better (JsonWriter *w, const RoundOwn *own)
{
  json_member_array (w, "better");
  for (size_t i = 0; i < own->n_better; i++) {
    const DrawsBetter *b = &own->better[i];
    json_begin_object (w);
    json_member_int (w, "unit", b->unit + 1);
    json_member_bool (w, "eligible", b->eligible);
    json_member_int (w, "decides", (gint64)b->decides + 1);
    json_member_int (w, "own", b->own);
    json_member_int (w, "last", b->last);
    json_member_str (w, "last_number", b->last_number);
    json_member_int (w, "waiting", (gint64)b->waiting);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_lists (JsonWriter *w, const RoundModel *m)
{
  json_member_array (w, "own");
  for (size_t i = 0; i < m->n_own; i++) {
    json_begin_object (w);
    write_application (w, m->own[i].application);
    write_better (w, &m->own[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_array (w, "results");
  for (size_t i = 0; i < m->n_applications; i++) {
    json_begin_object (w);
    write_application (w, &m->applications[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_array (w, "objections");
  for (size_t i = 0; i < m->n_objections; i++) {
    json_begin_object (w);
    json_member_int (w, "id", m->objections[i].id);
    json_member_str (w, "number", m->objections[i].number);
    json_member_str (w, "text", m->objections[i].text);
    json_member_str (w, "answer", m->objections[i].answer);
    json_member_bool (w, "upheld", m->objections[i].upheld);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_effect (JsonWriter *w, const RoundModel *m)
{
  json_member_array (w, "effect");
  for (size_t i = 0; i < m->n_effect; i++) {
    const AllocationGroupEffect *counts = &m->effect[i].counts;
    json_begin_object (w);
    json_member_str (w, "reserve", m->effect[i].reserve);
    population_member (w, "applicants", population_few (counts->n));
    population_member (w, "placed", population_few (counts->placed));
    population_member (w, "placed_without", population_few (counts->placed_without));
    population_member (w, "gain", population_few (counts->gain));
    population_member (w, "lose", population_few (counts->lose));
    json_end_object (w);
  }
  json_end_array (w);
}

bool
handle_api_round (WebRequest *request, WebResponse *response, GError **error)
{
  RoundModel m = { 0 };
  if (!round_read (request, &m, error))
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  write_members (w, request, m.round);
  write_lists (w, &m);
  write_effect (w, &m);
  json_end_object (w);
  return true;
}

bool
handle_api_round_act (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return round_id (request, &id, error) && round_act (request, id, error)
         && handle_api_round (request, response, error);
}

bool
handle_api_round_apply (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return round_id (request, &id, error) && round_apply (request, id, error)
         && handle_api_round (request, response, error);
}

bool
handle_api_round_verify (WebRequest *request, WebResponse *response, GError **error)
{
  RoundVerifyModel m = { 0 };
  if (!round_verify (request, &m, error))
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  json_member_bool (w, "holds", m.holds);
  json_member_array (w, "checks");
  for (size_t i = 0; i < m.n; i++) {
    json_begin_object (w);
    json_member_str (w, "what", m.checks[i].what);
    json_member_str (w, "fault", m.checks[i].fault);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}
