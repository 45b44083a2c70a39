/* Cases in words of the page's language. */
#include "web/case_models.h"
#include "web/words.h"

#include <string.h>

const char *
view_minutes (const Page *page, gint64 minutes)
{
  if (!minutes)
    return "—";
  gint64 day = minutes / 1440, minute = minutes % 1440;
  if (minute == 0) /* the end of the day before */
    return arena_printf (page->arena, "%s 24:00", view_day (page, (Day)(day - 1)));
  return arena_printf (page->arena, "%s %02d:%02d", view_day (page, (Day)day), (int)(minute / 60),
                       (int)(minute % 60));
}

const char *
view_fen (const Page *page, gint64 fen)
{
  return WORDS (page, MESSAGE_cases_yuan__n,
                html_value_string (
                    policy_group_digits (page->arena, arena_printf (page->arena, "%" G_GINT64_FORMAT ".%02d",
                                                                    fen / 100, (int)(fen % 100)))));
}

const char *
view_case_state (const Page *page, CaseState state)
{
  return page_text (page, case_state_name (state));
}

const char *
view_case_action (const Page *page, CaseAction action)
{
  return page_text (page, case_action_name (action));
}

const char *
view_case_class (const Case *c)
{
  if (c->outcome == CASE_GRANTED && c->state != CASE_APPEALED)
    return "yes";
  if (c->outcome == CASE_REFUSED || c->state == CASE_DECLINED)
    return "no";
  return c->state == CASE_CORRECTING || c->state == CASE_SUSPENDED || c->state == CASE_APPEALED
             ? "undetermined"
             : "derived";
}

const char *
view_case_standing (const Page *page, const Case *c)
{
  if (c->state != CASE_DECIDED || c->outcome == CASE_UNDECIDED)
    return view_case_state (page, c->state);
  return view_outcome_words (page, c->outcome);
}

const char *
view_matter_name (const Page *page, const Case *c)
{
  return c->matter ? page_text (page, c->matter->name) : c->matter_key;
}

const char *
view_outcome_words (const Page *page, CaseOutcome outcome)
{
  return outcome == CASE_GRANTED ? WORD (page, MESSAGE_cases_granted) : WORD (page, MESSAGE_cases_refused);
}

const char *
view_first_why (const Page *page, const Case *c)
{
  const PolicyProvision *by = case_first_by (c);
  return by ? WORDS (page, MESSAGE_desk_first_why__clause_outcome,
                     html_value_string (view_clause_label (page, by->clause)),
                     html_value_string (page_text (page, by->outcome)))
            : NULL;
}

/* ---- limits -------------------------------------------------------------- */

static const char *
count_of (const Page *page, ClockUnit unit, gint64 n)
{
  switch (unit) {
  case CLOCK_WORKING_DAYS: return WORDS (page, MESSAGE_service_working_days__n, html_value_number (n));
  case CLOCK_WORKING_HOURS: return WORDS (page, MESSAGE_service_working_hours__n, html_value_number (n));
  case CLOCK_MONTHS: return WORDS (page, MESSAGE_service_months__n, html_value_number (n));
  case CLOCK_YEARS: return WORDS (page, MESSAGE_service_years__n, html_value_number (n));
  default: return WORDS (page, MESSAGE_service_days__n, html_value_number (n));
  }
}

const char *
view_took (const Page *page, ClockUnit unit, gint64 hundredths)
{
  HtmlValue n = html_value_string (
      hundredths % 100
          ? arena_printf (page->arena, "%" G_GINT64_FORMAT ".%02d", hundredths / 100, (int)(hundredths % 100))
          : arena_printf (page->arena, "%" G_GINT64_FORMAT, hundredths / 100));
  return unit == CLOCK_WORKING_DAYS    ? WORDS (page, MESSAGE_department_working_days__n, n)
         : unit == CLOCK_WORKING_HOURS ? WORDS (page, MESSAGE_department_working_hours__n, n)
                                       : WORDS (page, MESSAGE_department_days__n, n);
}

const char *
view_limit_words (const Page *page, const CaseClock *clock)
{
  return count_of (page, clock->limit.unit, clock->limit.n);
}

const char *
view_limit_reading (const Page *page, const CaseClock *clock)
{
  const ClockReading *r = &clock->reading;
  const char *due = view_minutes (page, r->due);
  switch (r->status) {
  case CLOCK_MET: return WORDS (page, MESSAGE_cases_clock_met__due, html_value_string (due));
  case CLOCK_LATE: return WORDS (page, MESSAGE_cases_clock_late__due, html_value_string (due));
  case CLOCK_PAUSED:
    return r->due ? WORDS (page, MESSAGE_cases_clock_paused__due, html_value_string (due))
                  : WORD (page, MESSAGE_cases_clock_stands);
  case CLOCK_OPEN: return WORDS (page, MESSAGE_cases_clock_open__year, html_value_number (r->year));
  default: return WORDS (page, MESSAGE_cases_clock_running__due, html_value_string (due));
  }
}

const char *
view_limit_took (const Page *page, const CaseClock *clock)
{
  const ClockReading *r = &clock->reading;
  bool hours = clock->limit.unit == CLOCK_WORKING_HOURS;
  if (!clock->n_events || clock->events[clock->n_events - 1].turn != CLOCK_ENDS || r->used < 0)
    return NULL;
  return WORDS (page, MESSAGE_cases_clock_took__took,
                html_value_string (view_took (page, clock->limit.unit, r->used * 100 / (hours ? 60 : 1))));
}

const char *
view_limit_class (const CaseClock *clock)
{
  static const char *const classes[] = { [CLOCK_RUNNING] = "derived",
                                         [CLOCK_PAUSED] = "undetermined",
                                         [CLOCK_MET] = "yes",
                                         [CLOCK_LATE] = "no",
                                         [CLOCK_OPEN] = "undetermined" };
  return classes[clock->reading.status];
}

/* ---- steps ---------------------------------------------------------------- */

/* What ID, a material or the path of a fact, is called. */
static const char *
missing_name (const Page *page, const Case *c, const char *id)
{
  for (size_t i = 0; c->matter && i < c->matter->n_materials; i++)
    if (g_strcmp0 (c->matter->materials[i].id, id) == 0)
      return page_text (page, c->matter->materials[i].name);
  return c->matter ? view_path (page, c->matter->clause, text_of (id)) : id;
}

static const char *
names_missing (const Page *page, const Case *c, const JsonValue *list, const JsonValue *reasons)
{
  const char **names = arena_new0 (page->arena, const char *, list->n + 1);
  for (size_t i = 0; i < list->n; i++) {
    const char *id = json_string (list->elements[i]), *why = json_string (json_get (reasons, id));
    names[i] = missing_name (page, c, id);
    if (why)
      names[i] = WORDS (page, MESSAGE_cases_because__name_why, html_value_string (names[i]),
                        html_value_string (why));
  }
  return view_list (page, names);
}

const char *
view_verdict (const Page *page, CaseVerdict verdict)
{
  static const Message messages[] = { [CASE_PAPER_UNSEEN] = MESSAGE_cases_paper_unseen,
                                      [CASE_PAPER_ACCEPTED] = MESSAGE_cases_paper_accepted,
                                      [CASE_PAPER_REFUSED] = MESSAGE_cases_paper_refused };
  return WORD (page, messages[verdict]);
}

const char *
view_step_detail (const Page *page, const Case *c, const CaseStep *step)
{
  const JsonValue *detail
      = step->detail ? json_parse (page->arena, text_of (step->detail), "detail", NULL) : NULL;
  const JsonValue *missing = detail ? json_get (detail, "missing") : NULL,
                  *material = detail ? json_get (detail, "material") : NULL,
                  *offer = detail ? json_get (detail, "offer") : NULL,
                  *office = detail ? json_get (detail, "office") : NULL,
                  *outcome = detail ? json_get (detail, "outcome") : NULL;
  if (missing)
    return names_missing (page, c, missing, json_get (detail, "reasons"));
  if (material)
    return arena_printf (page->arena, "%s · %s", missing_name (page, c, json_string (material)),
                         view_verdict (page, json_get (detail, "accepted")->kind == JSON_TRUE
                                                 ? CASE_PAPER_ACCEPTED
                                                 : CASE_PAPER_REFUSED));
  if (offer)
    return WORD (page, MESSAGE_cases_answers_offer);
  if (office)
    return json_string (office);
  if (outcome)
    return view_outcome_words (page, g_strcmp0 (json_string (outcome), "granted") == 0 ? CASE_GRANTED
                                                                                       : CASE_REFUSED);
  return NULL;
}

/* ---- lists ---------------------------------------------------------------- */

const char *
view_urgency (const Page *page, DeskUrgency urgency)
{
  static const Message messages[DESK_GROUPS]
      = { MESSAGE_desk_late,  MESSAGE_desk_today,   MESSAGE_desk_week,
          MESSAGE_desk_later, MESSAGE_desk_no_date, MESSAGE_desk_to_deliver };
  return WORD (page, messages[urgency]);
}

const char *
view_paper_state (const Page *page, CasePaper state)
{
  static const Message messages[] = { [CASE_HELD] = MESSAGE_cases_paper_held,
                                      [CASE_HANDED_IN] = MESSAGE_cases_paper_handed_in,
                                      [CASE_NEEDED] = MESSAGE_cases_paper_needed,
                                      [CASE_OPTIONAL] = MESSAGE_cases_paper_optional };
  return WORD (page, messages[state]);
}

int
view_case_progress (const Case *c)
{
  switch (c->state) {
  case CASE_SUBMITTED: return 0;
  case CASE_CORRECTING: return c->accepted_at ? 1 : 0;
  case CASE_ACCEPTED:
  case CASE_PUBLISHED:
  case CASE_SUSPENDED: return 1;
  case CASE_DECLINED:
  case CASE_DECIDED:
  case CASE_APPEALED: return 2;
  case CASE_WITHDRAWN: return c->accepted_at ? 1 : 0;
  default: return 3;
  }
}

const char *
view_progress_name (const Page *page, int stage)
{
  static const Message messages[] = { MESSAGE_cases_stage_applied, MESSAGE_cases_stage_accepted,
                                      MESSAGE_cases_stage_decided, MESSAGE_cases_stage_delivered };
  return WORD (page, messages[stage]);
}

/* ---- deeds ------------------------------------------------------------------ */

const char *
view_deed (const Page *page, CaseAction action)
{
  static const Message messages[CASE_ACTIONS] = { [CASE_SUBMIT] = MESSAGE_apply_send,
                                                  [CASE_ASK_CORRECTION] = MESSAGE_deed_ask_correction,
                                                  [CASE_CORRECT] = MESSAGE_deed_correct,
                                                  [CASE_ACCEPT] = MESSAGE_deed_accept,
                                                  [CASE_DECLINE] = MESSAGE_deed_decline,
                                                  [CASE_SUSPEND] = MESSAGE_deed_suspend,
                                                  [CASE_RESUME] = MESSAGE_deed_resume,
                                                  [CASE_PUBLISH] = MESSAGE_deed_publish,
                                                  [CASE_OBJECT] = MESSAGE_deed_object,
                                                  [CASE_DECIDE] = MESSAGE_deed_decide,
                                                  [CASE_DELIVER] = MESSAGE_deed_deliver,
                                                  [CASE_ARCHIVE] = MESSAGE_deed_archive,
                                                  [CASE_WITHDRAW] = MESSAGE_deed_withdraw,
                                                  [CASE_APPEAL] = MESSAGE_deed_appeal,
                                                  [CASE_SETTLE_APPEAL] = MESSAGE_deed_settle_appeal,
                                                  [CASE_REOPEN] = MESSAGE_deed_reopen,
                                                  [CASE_TRANSFER] = MESSAGE_deed_transfer,
                                                  [CASE_VISIT] = MESSAGE_deed_visit,
                                                  [CASE_NOTE] = MESSAGE_deed_note,
                                                  [CASE_CHECK_MATERIAL] = MESSAGE_deed_check_material };
  return WORD (page, messages[action]);
}

const char *
view_reason_hint (const Page *page, CaseAction action)
{
  if (action == CASE_DECIDE)
    return WORD (page, MESSAGE_cases_reason_decide);
  return case_needs_reason (action) ? WORD (page, MESSAGE_cases_reason_needed)
                                    : WORD (page, MESSAGE_cases_reason_optional);
}

/* To the applicant an office is its name; to the office, who of it. */
const char *
view_actor (const Page *page, const CaseStep *step)
{
  if (!step->department)
    return g_strcmp0 (step->actor, page->account->name) == 0 ? page_account_name (page) : step->actor;
  bool staff = access_may (page->account, ACCESS_HANDLE_CASES);
  return staff ? arena_printf (page->arena, "%s · %s", step->department, step->actor) : step->department;
}
