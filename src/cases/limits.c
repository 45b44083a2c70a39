/* The clocks of a case: which steps begin, stop and end them. */
#include "cases/cases_private.h"

static const ClockUnit units[] = {
  [POLICY_WORKING_DAYS] = CLOCK_WORKING_DAYS,
  [POLICY_DAYS] = CLOCK_DAYS,
  [POLICY_WORKING_HOURS] = CLOCK_WORKING_HOURS,
  [POLICY_MONTHS] = CLOCK_MONTHS,
  [POLICY_YEARS] = CLOCK_YEARS,
};

/* What a step does to the clock of KIND; -1: nothing.
 *   acceptance   the applicant's time to complete is not in it (行政许可法 第32条)
 *   statutory, promised   run from acceptance; time for corrections, inspections and hearings is not in
 *                them (第42、45条); of a matter done on the spot they run from the application
 *   correction   is the applicant's
 *   appeal       runs from delivery, or from the decision where it was not delivered yet */
static int
turn_of (PolicyLimitKind kind, const CaseStep *step, bool on_the_spot)
{
  bool in_review = step->from != CASE_SUBMITTED;
  switch (kind) {
  case POLICY_LIMIT_ACCEPTANCE:
    return step->action == CASE_SUBMIT                                  ? CLOCK_BEGINS
           : step->action == CASE_ASK_CORRECTION && !in_review          ? CLOCK_PAUSES
           : step->action == CASE_CORRECT && step->to == CASE_SUBMITTED ? CLOCK_RESUMES
           : step->action == CASE_ACCEPT || step->action == CASE_DECLINE || step->action == CASE_WITHDRAW
               ? CLOCK_ENDS
               : -1;
  case POLICY_LIMIT_STATUTORY:
  case POLICY_LIMIT_PROMISED:
    if (step->action == (on_the_spot ? CASE_SUBMIT : CASE_ACCEPT) || step->action == CASE_REOPEN)
      return CLOCK_BEGINS;
    return step->action == CASE_SUSPEND || step->action == CASE_ASK_CORRECTION ? CLOCK_PAUSES
           : step->action == CASE_RESUME || step->action == CASE_CORRECT       ? CLOCK_RESUMES
           : step->action == CASE_DECIDE || step->action == CASE_WITHDRAW || step->action == CASE_DECLINE
               ? CLOCK_ENDS
               : -1;
  case POLICY_LIMIT_CORRECTION:
    return step->action == CASE_ASK_CORRECTION                            ? CLOCK_BEGINS
           : step->from == CASE_CORRECTING && step->to != CASE_CORRECTING ? CLOCK_ENDS
                                                                          : -1;
  case POLICY_LIMIT_PUBLICITY:
  case POLICY_LIMIT_OBJECTION:
    return step->action == CASE_PUBLISH                                  ? CLOCK_BEGINS
           : step->from == CASE_PUBLISHED && step->action == CASE_DECIDE ? CLOCK_ENDS
                                                                         : -1;
  case POLICY_LIMIT_APPEAL:
    return step->action == CASE_DELIVER || step->action == CASE_DECLINE ? CLOCK_BEGINS
           : step->action == CASE_APPEAL                                ? CLOCK_ENDS
                                                                        : -1;
  }
  return -1;
}

/* The events of KIND since it last began. */
static size_t
events_of (const PolicyMatter *matter, PolicyLimitKind kind, const CaseStep *steps, size_t n,
           ClockEvent *events)
{
  size_t n_events = 0;
  for (size_t i = 0; i < n; i++) {
    int turn = turn_of (kind, &steps[i], matter->on_the_spot);
    if (turn == CLOCK_BEGINS)
      n_events = 0;
    bool running = n_events && events[n_events - 1].turn != CLOCK_PAUSES;
    bool ended = n_events && events[n_events - 1].turn == CLOCK_ENDS;
    bool fits = turn == CLOCK_BEGINS    ? true
                : turn == CLOCK_PAUSES  ? running && !ended
                : turn == CLOCK_RESUMES ? n_events && !running
                                        : n_events && !ended;
    if (turn >= 0 && fits)
      events[n_events++] = (ClockEvent){ (ClockTurn)turn, civil_minutes (steps[i].at) };
  }
  return n_events;
}

/* The clock of KIND when it has begun and the matter has such a limit. */
static bool
read_clock (Cases *cases, Arena *arena, const PolicyMatter *matter, PolicyLimitKind kind,
            const CaseStep *steps, size_t n, gint64 now, CaseClock *clock, GError **error)
{
  PolicyTimeUnit unit;
  ClockEvent *events = arena_new0 (arena, ClockEvent, n + 1);
  *clock = (CaseClock){ .kind = kind, .events = events };
  clock->n_events = events_of (matter, kind, steps, n, events);
  if (!clock->n_events)
    return true;
  int number = policy_limit_at (&matter->limits[kind], civil_day_of (steps[0].at), &unit);
  if (number < 1) {
    clock->n_events = 0;
    return true;
  }
  /* People hand in and appeal on line until midnight. */
  bool whole_day
      = kind == POLICY_LIMIT_CORRECTION || kind == POLICY_LIMIT_APPEAL || kind == POLICY_LIMIT_OBJECTION;
  clock->limit = (ClockLimit){ units[unit], number, whole_day };
  return clock_read (policy_workdays (cases->options.package), clock->limit, events, clock->n_events,
                     civil_minutes (now), &clock->reading, error);
}

/* Which clock says by when something is to be done in STATE; -1: none. */
static int
current_clock (CaseState state)
{
  switch (state) {
  case CASE_SUBMITTED: return POLICY_LIMIT_ACCEPTANCE;
  case CASE_CORRECTING: return POLICY_LIMIT_CORRECTION;
  case CASE_ACCEPTED:
  case CASE_PUBLISHED: return POLICY_LIMIT_PROMISED;
  default: return -1;
  }
}

static void
take_reading (Case *c, const CaseClock *clock, bool is_current)
{
  const ClockReading *r = &clock->reading;
  if (!clock->n_events)
    return;
  if (clock->kind == POLICY_LIMIT_STATUTORY)
    c->due_statutory = r->due;
  if (clock->kind == POLICY_LIMIT_PROMISED)
    c->due_promised = r->due;
  if (is_current) {
    c->due = r->due;
    c->warn_at = r->warn_at;
  }
  if (r->year)
    c->open_year = r->year;
}

/* How long the decision took, once there is one: by the limit promised, or else by the law's. */
static void
take_time (CaseRow *row, const CaseClock *clock)
{
  ClockUnit unit = clock->limit.unit;
  bool decides = clock->kind == POLICY_LIMIT_STATUTORY || clock->kind == POLICY_LIMIT_PROMISED;
  if (!decides || !clock->n_events || clock->events[clock->n_events - 1].turn != CLOCK_ENDS)
    return;
  row->took.unit = unit == CLOCK_MONTHS || unit == CLOCK_YEARS ? CLOCK_DAYS : unit;
  row->took.used = clock->reading.used;
  if (clock->kind == POLICY_LIMIT_STATUTORY)
    row->took.late_statutory = clock->reading.status == CLOCK_LATE;
  else
    row->took.late_promised = clock->reading.status == CLOCK_LATE;
}

bool
limits_set (Cases *cases, StoreConnection *db, CaseRow *row, gint64 now, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Case *c = &row->c;
  size_t n;
  const CaseStep *steps = steps_read (db, arena, c->id, &n, error);
  c->due = c->warn_at = c->due_statutory = c->due_promised = 0;
  c->open_year = 0;
  row->took.used = -1;
  row->took.late_promised = row->took.late_statutory = false;
  for (int kind = 0; steps && c->matter && kind < POLICY_LIMIT_KINDS; kind++) {
    CaseClock clock;
    if (!read_clock (cases, arena, c->matter, (PolicyLimitKind)kind, steps, n, now, &clock, error))
      return false;
    bool in_law_only = kind == POLICY_LIMIT_STATUTORY && current_clock (c->state) == POLICY_LIMIT_PROMISED
                       && !c->matter->limits[POLICY_LIMIT_PROMISED].parameter;
    take_reading (c, &clock, kind == current_clock (c->state) || in_law_only);
    take_time (row, &clock);
  }
  return steps;
}

const CaseClock *
cases_clocks (Cases *cases, Arena *arena, const Case *c, size_t *n, GError **error)
{
  size_t n_steps;
  *n = 0;
  const CaseStep *steps = cases_steps (cases, arena, c, &n_steps, error);
  CaseClock *clocks = arena_new0 (arena, CaseClock, POLICY_LIMIT_KINDS);
  for (int kind = 0; steps && c->matter && kind < POLICY_LIMIT_KINDS; kind++) {
    if (!read_clock (cases, arena, c->matter, (PolicyLimitKind)kind, steps, n_steps, cases_now (cases),
                     &clocks[*n], error))
      return NULL;
    *n += clocks[*n].n_events > 0;
  }
  return steps ? clocks : NULL;
}
