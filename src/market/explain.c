/* Why a pair is shown, or is not. */
#include "market/market_private.h"

const char *
market_outcome_id (MarketOutcome outcome)
{
  static const char *const ids[] = { "qualified", "not-qualified", "not-yet" };
  return ids[outcome];
}

const MarketReasons *
market_explain (MarketRun *run, Arena *arena, guint32 seeker, guint32 offer)
{
  const Market *market = run->market;
  MarketVerdict *verdicts = arena_new0 (arena, MarketVerdict, market->n_conditions);
  guint16 *points = arena_new0 (arena, guint16, market->n_parts);
  MarketReasons *reasons = arena_new0 (arena, MarketReasons, 1);
  for (size_t k = 0; k < market->n_conditions; k++) {
    MarketVerdict *verdict = &verdicts[k];
    verdict->condition = &market->conditions[k];
    verdict->outcome = condition_outcome (run, arena, verdict->condition, seeker, offer, &verdict->missing);
    if (verdict->outcome == MARKET_NOT_QUALIFIED || reasons->outcome == MARKET_QUALIFIED)
      reasons->outcome = verdict->outcome; /* what fails counts before what is open */
  }
  for (size_t p = 0; p < market->n_parts; p++) {
    points[p] = (guint16)part_points (run, &market->parts[p], seeker, offer);
    reasons->score = (guint16)(reasons->score + points[p]);
  }
  reasons->mutual = (guint8)points_mutual (market, points);
  reasons->verdicts = verdicts;
  reasons->points = points;
  return reasons;
}

static void
write_name (JsonWriter *w, MarketText name)
{
  json_member_object (w, "name");
  json_member_str (w, "zh", name.zh);
  json_member_str (w, "en", name.en);
  json_end_object (w);
}

static void
write_verdict (JsonWriter *w, const MarketVerdict *verdict)
{
  json_begin_object (w);
  json_member_str (w, "id", verdict->condition->id);
  write_name (w, verdict->condition->name);
  json_member_str (w, "outcome", market_outcome_id (verdict->outcome));
  json_member_str (w, "basis", verdict->condition->basis);
  json_member_array (w, "missing");
  for (const char *const *name = verdict->missing; *name; name++)
    json_str (w, *name);
  json_end_array (w);
  json_end_object (w);
}

void
market_write_reasons (JsonWriter *w, const Market *market, const MarketReasons *reasons)
{
  json_member_str (w, "outcome", market_outcome_id (reasons->outcome));
  json_member_int (w, "score", reasons->score);
  json_member_int (w, "most", market_most (market));
  json_member_int (w, "mutual", reasons->mutual);
  json_member_array (w, "parts");
  for (size_t p = 0; p < market->n_parts; p++) {
    json_begin_object (w);
    json_member_str (w, "id", market->parts[p].id);
    write_name (w, market->parts[p].name);
    json_member_int (w, "points", reasons->points[p]);
    json_member_int (w, "most", market->parts[p].points);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_array (w, "conditions");
  for (size_t k = 0; k < market->n_conditions; k++)
    write_verdict (w, &reasons->verdicts[k]);
  json_end_array (w);
}
