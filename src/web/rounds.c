/* Pages of rounds: the notice, applying, the result, running it again. */
#include "web/download.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/pages.h"
#include "web/rounds_parts.h"

enum { ROUNDS_SHOWN = 100, CHOICES_SHOWN = 6 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* ---- all rounds ------------------------------------------------------------------ */

static void
list_allocations (const WebRequest *request, RoundsModel *m)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  size_t n;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < clauses[i]->n_allocations; k++)
      if (draws_may (request->account, &clauses[i]->allocations[k]))
        g_ptr_array_add (all, (gpointer)&clauses[i]->allocations[k]);
  m->n_allocations = all->len;
  m->allocations = arena_copy (request->arena, all->pdata, all->len * sizeof (gpointer));
}

static bool
write_rounds (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  RoundsModel m = { .problem = problem, .key = web_fresh_key (request), .form = &request->form };
  m.rounds = draws_rounds (request->draws, request->arena, request->account, ROUNDS_SHOWN, &m.n, error);
  if (!m.rounds)
    return false;
  list_allocations (request, &m);
  Page page = web_page (request, SAY (request, MESSAGE_rounds_title), NAV_ROUNDS);
  response->status = problem ? 422 : 0;
  page_rounds (response->body, &page, &m);
  return true;
}

bool
handle_rounds (WebRequest *request, WebResponse *response, GError **error)
{
  return write_rounds (request, response, NULL, error);
}

bool
handle_rounds_plan (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  gint64 id;
  if (round_plan (request, &id, &fault)) {
    web_redirect (response, arena_printf (request->arena, "/rounds/%" G_GINT64_FORMAT "?done=1", id));
    return true;
  }
  if (web_is_told (fault))
    return write_rounds (request, response, arena_text (request->arena, text_of (fault->message)), error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

/* ---- one round ----------------------------------------------------------------------- */

static bool
is_published (const DrawsRound *round)
{
  return round->state == DRAWS_PUBLISHED || round->state == DRAWS_FINAL;
}

/* For whom one may apply, each with what the clause says of them today. */
static bool
read_whom (const WebRequest *request, RoundModel *m, GError **error)
{
  if (!request->account || !request->account->subject || m->round->state != DRAWS_OPEN)
    return true;
  const DrawsFor *whom
      = draws_whom (request->draws, request->arena, request->account, m->round->id, &m->n_whom, error);
  RoundFor *rows = whom ? arena_new0 (request->arena, RoundFor, m->n_whom) : NULL;
  m->whom = rows;
  for (size_t i = 0; whom && i < m->n_whom; i++) {
    rows[i] = (RoundFor){
      &whom[i],
      registry_subject_format (request->arena, policy_schema (request->web->package), whom[i].subject),
      draws_look (request->draws, request->arena, request->account, m->round->id, whom[i].subject, 0, error)
    };
    if (!rows[i].weight)
      return false;
  }
  return whom != NULL;
}

static bool
read_own (const WebRequest *request, RoundModel *m, GError **error)
{
  if (!request->account)
    return true;
  const DrawsApplication *mine
      = draws_mine (request->draws, request->arena, request->account, m->round->id, &m->n_own, error);
  if (!mine)
    return false;
  if (m->office && m->n_own > 20)
    m->n_own = 0; /* entered for others: they stand in the list */
  RoundOwn *own = arena_new0 (request->arena, RoundOwn, m->n_own);
  m->own = own;
  for (size_t i = 0; i < m->n_own; i++) {
    own[i].application = &mine[i];
    if (!is_published (m->round) || mine[i].standing != DRAWS_STANDING)
      continue;
    own[i].better = draws_explain (request->draws, request->arena, request->account, m->round->id,
                                   mine[i].number, &own[i].n_better, error);
    if (!own[i].better)
      return false;
  }
  return true;
}

static bool
read_list (const WebRequest *request, RoundModel *m, GError **error)
{
  if (!m->office && !is_published (m->round))
    return true;
  m->applications = draws_applications (request->draws, request->arena, request->account, m->round->id,
                                        &m->n_applications, error);
  return m->applications != NULL;
}

static bool
read_effect (const WebRequest *request, RoundModel *m, GError **error)
{
  if (!is_published (m->round) || !m->round->allocation->n_reserves)
    return true;
  m->effect
      = draws_effect (request->draws, request->arena, request->account, m->round->id, &m->n_effect, error);
  return m->effect != NULL;
}

static bool
read_scores (const WebRequest *request, RoundModel *m, GError **error)
{
  m->may_score = m->office && m->round->allocation->scores && m->round->state == DRAWS_OPEN
                 && request->today > m->round->deadline;
  return !m->may_score
         || draws_scores (request->draws, request->arena, request->account, m->round->id, &m->n_scores,
                          error);
}

bool
round_read (const WebRequest *request, RoundModel *m, GError **error)
{
  gint64 id;
  if (!round_id (request, &id, error)
      || !(m->round = draws_round (request->draws, request->arena, request->account, id, error)))
    return false;
  m->office = draws_may (request->account, m->round->allocation);
  m->may_draw = m->office && g_strcmp0 (m->round->closed_by, request->account->name) != 0;
  m->n_choices = m->round->allocation->place ? MIN (m->round->n_units, CHOICES_SHOWN) : 0;
  m->may_object = m->round->state == DRAWS_PUBLISHED && request->today <= m->round->objections_until;
  m->may_give_up
      = is_published (m->round) || (m->round->state == DRAWS_OPEN && request->today <= m->round->deadline);
  m->key = web_fresh_key (request);
  m->objections
      = draws_objections (request->draws, request->arena, request->account, id, &m->n_objections, error);
  return m->objections && read_whom (request, m, error) && read_own (request, m, error)
         && read_list (request, m, error) && read_effect (request, m, error)
         && read_scores (request, m, error);
}

static bool
write_round (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  RoundModel m = { .problem = problem, .done = web_field (&request->query, "done") };
  if (!round_read (request, &m, error))
    return false;
  Page page = web_page (request, m.round->title, NAV_ROUNDS);
  response->status = problem ? 409 : 0;
  page_round (response->body, &page, &m);
  return true;
}

bool
handle_round (WebRequest *request, WebResponse *response, GError **error)
{
  return write_round (request, response, NULL, error);
}

static bool
answer_form (WebRequest *request, WebResponse *response,
             bool (*act) (const WebRequest *request, gint64 id, GError **error), GError **error)
{
  g_autoptr (GError) fault = NULL;
  gint64 id;
  if (!round_id (request, &id, error))
    return false;
  if (act (request, id, &fault)) {
    web_redirect (response, arena_printf (request->arena, "/rounds/%" G_GINT64_FORMAT "?done=1", id));
    return true;
  }
  if (web_is_told (fault))
    return write_round (request, response, arena_text (request->arena, text_of (fault->message)), error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

bool
handle_round_act (WebRequest *request, WebResponse *response, GError **error)
{
  return answer_form (request, response, round_act, error);
}

bool
handle_round_apply (WebRequest *request, WebResponse *response, GError **error)
{
  return answer_form (request, response, round_apply, error);
}

/* ---- files ------------------------------------------------------------------------------ */

bool
handle_round_csv (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  if (!round_id (request, &id, error))
    return false;
  download_begin (request, response, "text/csv; charset=utf-8",
                  arena_printf (request->arena, "round-%" G_GINT64_FORMAT ".csv", id));
  return draws_export (request->draws, request->account, id, response->body, error);
}

bool
handle_round_transcript (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  const char *text = round_id (request, &id, error)
                         ? draws_transcript (request->draws, request->arena, request->account, id, error)
                         : NULL;
  if (!text)
    return false;
  download_begin (request, response, "application/jsonl",
                  arena_printf (request->arena, "round-%" G_GINT64_FORMAT ".jsonl", id));
  g_string_append (response->body, text);
  return true;
}

bool
round_verify (const WebRequest *request, RoundVerifyModel *m, GError **error)
{
  gint64 id;
  if (!round_id (request, &id, error)
      || !(m->round = draws_round (request->draws, request->arena, request->account, id, error)))
    return false;
  m->checks = draws_verify (request->draws, request->arena, request->account, id, &m->n, error);
  m->holds = m->checks != NULL;
  for (size_t i = 0; m->checks && i < m->n; i++)
    m->holds = m->holds && !m->checks[i].fault;
  return m->checks != NULL;
}

bool
handle_round_verify (WebRequest *request, WebResponse *response, GError **error)
{
  RoundVerifyModel m = { 0 };
  if (!round_verify (request, &m, error))
    return false;
  Page page = web_page (request, SAY (request, MESSAGE_rounds_verify), NAV_ROUNDS);
  page.script = web_assets[ASSET_VERIFY_LOTTERY_JS].path;
  response->scripts = true;
  page_round_verify (response->body, &page, &m);
  return true;
}
