/* A labour dispute's timetable: each step begins where the one before ended, or at
 * latest where it must end. */
#include "clocks/clocks_private.h"

static const char *const step_ids[] = { "apply", "accept", "serve", "answer", "serve_answer", "award" };

const char *
clock_step_id (ClockStepKind kind)
{
  return step_ids[kind];
}

/* What a step begins with: the day that happened, else the last day of step AFTER. */
typedef struct {
  Day happened;
  ClockStepKind after;
  Day done;
  ClockLimit limit;
} Plan;

static bool
read_step (const Workdays *calendar, const Plan *plan, gint64 now, const ClockStep *steps, ClockStep *step,
           GError **error)
{
  const ClockStep *after = &steps[plan->after];
  *step = (ClockStep){ .limit = plan->limit, .begins = plan->happened };
  if (plan->happened == CLOCK_NO_DAY) {
    step->expected = true;
    step->reading
        = (ClockReading){ .status = CLOCK_OPEN, .used = -1, .left = -1, .year = after->reading.year };
    if (after->reading.year)
      return true; /* the year that the step before waits for */
    step->begins = clock_day_of (after->reading.due);
  }
  ClockEvent events[] = { { CLOCK_BEGINS, step->begins * MINUTES_PER_DAY },
                          { CLOCK_ENDS, plan->done == CLOCK_NO_DAY ? 0 : plan->done * MINUTES_PER_DAY } };
  return clock_read (calendar, plan->limit, events, plan->done == CLOCK_NO_DAY ? 1 : 2, now, &step->reading,
                     error);
}

/* The day from which the limitation runs: the last interruption that came while it ran. */
static bool
find_limitation (const Workdays *calendar, ClockLimit limit, const ClockDispute *dispute, Day *begins,
                 GError **error)
{
  *begins = dispute->known;
  for (size_t i = 0; i < dispute->n_interruptions; i++) {
    Day at = dispute->interruptions[i];
    ClockEvent event = { CLOCK_BEGINS, *begins * MINUTES_PER_DAY };
    ClockReading reading;
    if (!clock_read (calendar, limit, &event, 1, at * MINUTES_PER_DAY, &reading, error))
      return false;
    if (reading.status == CLOCK_LATE)
      return true;
    *begins = at;
  }
  return true;
}

static bool
check_dispute (const ClockDispute *d, GError **error)
{
  const Day days[] = { d->known, d->applied, d->accepted, d->served, d->answered, d->answer_served };
  Day before = d->known;
  bool ok = d->known != CLOCK_NO_DAY;
  for (size_t i = 1; ok && i < G_N_ELEMENTS (days); i++) {
    ok = days[i] == CLOCK_NO_DAY || (before != CLOCK_NO_DAY && days[i] >= before);
    before = days[i];
  }
  ok = ok && (d->awarded == CLOCK_NO_DAY || (d->accepted != CLOCK_NO_DAY && d->awarded >= d->accepted));
  for (size_t i = 0; ok && i < d->n_interruptions; i++)
    ok = d->interruptions[i] >= (i ? d->interruptions[i - 1] : d->known);
  if (!ok)
    g_set_error (
        error, FAULT, FAULT_INPUT,
        "a dispute's days follow one another: known, applied, accepted, served, answered, answer served; "
        "the award comes after accepting; none may be left out before one that is there");
  return ok;
}

bool
clock_arbitration (const Workdays *calendar, const ClockArbitration *limits, const ClockDispute *dispute,
                   gint64 now, ClockStep steps[CLOCK_N_STEPS], GError **error)
{
  ClockLimit limitation = { CLOCK_YEARS, limits->limitation_years, true };
  Day from;
  if (!check_dispute (dispute, error) || !find_limitation (calendar, limitation, dispute, &from, error))
    return false;
  int award = limits->award_days + (dispute->extended ? limits->extension_days : 0);
  const Plan plans[CLOCK_N_STEPS] = {
    { from, CLOCK_STEP_APPLY, dispute->applied, limitation },
    { dispute->applied, CLOCK_STEP_APPLY, dispute->accepted, { CLOCK_DAYS, limits->acceptance_days } },
    { dispute->accepted, CLOCK_STEP_ACCEPT, dispute->served, { CLOCK_DAYS, limits->service_days } },
    { dispute->served, CLOCK_STEP_SERVE, dispute->answered, { CLOCK_DAYS, limits->answer_days, true } },
    { dispute->answered,
      CLOCK_STEP_ANSWER,
      dispute->answer_served,
      { CLOCK_DAYS, limits->answer_service_days } },
    { dispute->accepted, CLOCK_STEP_ACCEPT, dispute->awarded, { CLOCK_DAYS, award } },
  };
  for (int i = 0; i < CLOCK_N_STEPS; i++)
    if (!read_step (calendar, &plans[i], now, steps, &steps[i], error))
      return false;
  return true;
}
