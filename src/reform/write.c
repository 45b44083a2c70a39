/* The result as JSON, and as rows of a table. */
#include "reform_private.h"

static const char *const kinds[REFORM_KINDS] = { "gains", "losses", "rises", "falls" };

const char *
reform_kind_id (ReformKind kind)
{
  return kinds[kind];
}

/* Amounts are texts, so that no digit is lost. */
static void
member_amount (JsonWriter *w, const char *key, Decimal amount, bool told)
{
  char text[DECIMAL_TEXT_MAX];
  json_member_str (w, key, told ? decimal_format (amount, text) : NULL);
}

static void
member_sum (JsonWriter *w, ReformPeriod period, const char *key, const char *year_key, Decimal sum, bool told)
{
  Decimal year;
  bool per_year = reform_per_year (period, sum, &year);
  member_amount (w, key, sum, told);
  member_amount (w, year_key, year, told && per_year);
}

static void
write_state (JsonWriter *w, const char *key, const ReformState *state, bool amount, ReformPeriod period,
             bool told)
{
  json_member_object (w, key);
  for (int i = 0; i < REFORM_OUTCOMES; i++)
    population_member (w, policy_outcome_id ((PolicyOutcome)i), state->outcomes[i]);
  json_key (w, "amount");
  if (amount) {
    json_begin_object (w);
    population_member (w, "n", state->amounts);
    population_member (w, "open", state->open_amounts);
    member_sum (w, period, "sum", "per_year", state->sum, told && state->amounts >= 0);
    json_end_object (w);
  } else
    json_null (w);
  json_end_object (w);
}

static void
write_effect (JsonWriter *w, const ReformEffect *effect, ReformKind kind, bool amount, bool details)
{
  json_member_object (w, kinds[kind]);
  population_member (w, "n", effect->n);
  if (amount) {
    bool told = effect->amounts >= 0, some = effect->amounts > 0 && details;
    population_member (w, "amounts", effect->amounts);
    member_amount (w, "sum", effect->sum, told);
    member_amount (w, "least", effect->least, some);
    member_amount (w, "greatest", effect->greatest, some);
  }
  json_end_object (w);
}

static void
write_moves (JsonWriter *w, const ReformCount *count)
{
  json_member_array (w, "moves");
  for (int from = 0; from < REFORM_OUTCOMES; from++)
    for (int to = 0; to < REFORM_OUTCOMES; to++)
      if (from != to && count->moved[from][to] && count->moved[from][to] != POPULATION_HELD) {
        json_begin_object (w);
        json_member_str (w, "from", policy_outcome_id ((PolicyOutcome)from));
        json_member_str (w, "to", policy_outcome_id ((PolicyOutcome)to));
        population_member (w, "n", count->moved[from][to]);
        json_end_object (w);
      }
  json_end_array (w);
}

static void
write_figures (JsonWriter *w, const ReformProvision *p, const ReformCount *count)
{
  bool amount = p->shown->amount != NULL;
  ReformPeriod period = reform_period (p->shown);
  json_member_object (w, "figures");
  population_member (w, "subjects", count->subjects);
  write_state (w, "before", &count->before, amount, period, true);
  write_state (w, "after", &count->after, amount, period, !count->sums_held);
  write_moves (w, count);
  for (int k = 0; k < REFORM_KINDS; k++)
    write_effect (w, &count->effects[k], (ReformKind)k, amount, !count->details_held);
  json_member_object (w, "difference");
  member_sum (w, period, "sum", "per_year", count->difference, amount && !count->sums_held);
  json_end_object (w);
  json_end_object (w);
}

static void
write_groups (JsonWriter *w, const ReformProvision *p)
{
  json_member_array (w, "groups");
  for (size_t d = 0; d < p->n_dimensions; d++) {
    json_begin_object (w);
    json_member_str (w, "by", p->dimensions[d].id);
    policy_write_text (w, "name", p->dimensions[d].name);
    json_member_array (w, "values");
    for (size_t g = 0; g < p->dimensions[d].n; g++) {
      const ReformGroup *group = &p->dimensions[d].groups[g];
      json_begin_object (w);
      json_member_str (w, "id", *group->id ? group->id : NULL);
      policy_write_text (w, "name", group->name);
      write_figures (w, p, &group->count);
      json_end_object (w);
    }
    json_end_array (w);
    json_end_object (w);
  }
  json_end_array (w);
}

/* "changed", "new" in the draft, or "ended" by it. */
static const char *
status_of (const ReformProvision *p)
{
  return !p->before ? "new" : !p->after ? "ended" : "changed";
}

static const char *
computed_by (const ReformProvision *p)
{
  return p->why_not ? NULL : p->row_by_row ? "rows" : "columns";
}

static void
write_provision (JsonWriter *w, const ReformProvision *p)
{
  const PolicyProvision *provision = p->shown;
  json_begin_object (w);
  json_member_int (w, "clause", provision->clause->number);
  policy_write_text (w, "title", provision->clause->title);
  json_member_str (w, "id", provision->id);
  policy_write_text (w, "outcome", provision->outcome);
  json_member_str (w, "subject", provision->subject->id);
  json_member_str (w, "status", status_of (p));
  json_member_array (w, "decisions");
  for (size_t i = 0; i < p->n_decisions; i++) {
    json_begin_object (w);
    json_member_str (w, "unit", p->decisions[i]->unit->id);
    json_key (w, "name");
    json_text (w, p->decisions[i]->name);
    json_end_object (w);
  }
  json_end_array (w);
  policy_write_text (w, "amount_unit", provision->amount_unit);
  json_member_str (w, "period", reform_period_id (reform_period (provision)));
  json_member_str (w, "computed_by", computed_by (p));
  json_member_str (w, "why", p->why_not ? p->why_not : p->row_by_row);
  write_figures (w, p, &p->count);
  write_groups (w, p);
  json_end_object (w);
}

static void
write_settings (JsonWriter *w, const ReformChange *change)
{
  json_member_array (w, "settings");
  for (size_t i = 0; i < change->n_settings; i++) {
    const ReformSetting *s = &change->settings[i];
    const char *before = s->before ? s->before->value_text : "";
    json_begin_object (w);
    json_member_str (w, "parameter", s->parameter->id);
    policy_write_text (w, "name", s->parameter->name);
    json_member_str (w, "unit", s->parameter->unit);
    json_member_str (w, "before", *before ? before : NULL);
    json_member_str (w, "after", s->text);
    json_end_object (w);
  }
  json_end_array (w);
}

void
reform_write (JsonWriter *w, const ReformResult *r)
{
  char day[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_str (w, "package", policy_hash (r->package));
  json_member_str (w, "draft", r->change.draft ? policy_hash (r->change.draft) : NULL);
  json_member_str (w, "as_of", civil_format (r->as_of, day));
  write_settings (w, &r->change);
  json_member_array (w, "provisions");
  for (size_t i = 0; i < r->n; i++)
    write_provision (w, &r->provisions[i]);
  json_end_array (w);
  json_end_object (w);
}

/* ---- rows --------------------------------------------------------------------- */

const char *const reform_columns[REFORM_COLUMNS] = { "clause",
                                                     "provision",
                                                     "outcome",
                                                     "entity",
                                                     "status",
                                                     "group_by",
                                                     "group",
                                                     "group_name",
                                                     "subjects",
                                                     "yes_before",
                                                     "yes_after",
                                                     "undetermined_before",
                                                     "undetermined_after",
                                                     "gains",
                                                     "losses",
                                                     "rises",
                                                     "falls",
                                                     "sum_before",
                                                     "sum_after",
                                                     "difference",
                                                     "amount_unit",
                                                     "period",
                                                     "difference_per_year",
                                                     "computed_by",
                                                     "why" };

static const char *
cell_amount (Arena *arena, Decimal amount, bool told)
{
  char text[DECIMAL_TEXT_MAX];
  return told ? arena_text (arena, text_of (decimal_format (amount, text))) : "";
}

static void
add_row (GPtrArray *rows, Arena *arena, const ReformProvision *p, const char *by, const ReformGroup *group,
         const ReformCount *c)
{
  const PolicyProvision *provision = p->shown;
  bool amount = provision->amount != NULL;
  ReformPeriod period = reform_period (provision);
  Decimal year;
  bool per_year = reform_per_year (period, c->difference, &year);
  const char *const cells[REFORM_COLUMNS] = {
    arena_printf (arena, "%d", provision->clause->number),
    provision->id,
    provision->outcome.zh,
    provision->subject->id,
    status_of (p),
    by,
    group ? group->id : "",
    group ? group->name.zh : "",
    population_cell (arena, c->subjects),
    population_cell (arena, c->before.outcomes[POLICY_YES]),
    population_cell (arena, c->after.outcomes[POLICY_YES]),
    population_cell (arena, c->before.outcomes[POLICY_UNDETERMINED]),
    population_cell (arena, c->after.outcomes[POLICY_UNDETERMINED]),
    population_cell (arena, c->effects[REFORM_GAIN].n),
    population_cell (arena, c->effects[REFORM_LOSS].n),
    population_cell (arena, c->effects[REFORM_RISE].n),
    population_cell (arena, c->effects[REFORM_FALL].n),
    cell_amount (arena, c->before.sum, amount && c->before.amounts >= 0),
    cell_amount (arena, c->after.sum, amount && c->after.amounts >= 0 && !c->sums_held),
    cell_amount (arena, c->difference, amount && !c->sums_held),
    amount ? provision->amount_unit.zh : "",
    reform_period_id (period) ? reform_period_id (period) : "",
    cell_amount (arena, year, amount && per_year && !c->sums_held),
    computed_by (p) ? computed_by (p) : "",
    p->why_not      ? p->why_not
    : p->row_by_row ? p->row_by_row
                    : "",
  };
  g_ptr_array_add (rows, arena_copy (arena, cells, sizeof cells));
}

const char *const *const *
reform_rows (Arena *arena, const ReformResult *result, size_t *n)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  for (size_t i = 0; i < result->n; i++) {
    const ReformProvision *p = &result->provisions[i];
    add_row (rows, arena, p, "", NULL, &p->count);
    for (size_t d = 0; d < p->n_dimensions; d++)
      for (size_t g = 0; g < p->dimensions[d].n; g++)
        add_row (rows, arena, p, p->dimensions[d].id, &p->dimensions[d].groups[g],
                 &p->dimensions[d].groups[g].count);
  }
  *n = rows->len;
  return arena_copy (arena, rows->pdata, rows->len * sizeof (gpointer));
}
