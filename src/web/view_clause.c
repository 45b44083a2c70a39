/* What a circular and its clauses say of themselves. */
#include "web/words.h"

#include <string.h>

const char *
view_ordinal (const Page *page, int number)
{
  if (page->language != LANGUAGE_ZH)
    return arena_printf (page->arena, "%d", number);
  g_autofree char *numeral = text_chinese_numeral (number);
  return arena_text (page->arena, text_of (numeral));
}

const char *
view_clause_label (const Page *page, const PolicyClause *clause)
{
  if (clause->number == 0)
    return WORD (page, MESSAGE_clause_closing);
  return WORDS (page, MESSAGE_clause_label__number, html_value_string (view_ordinal (page, clause->number)));
}

const char *
view_clause_title (const Page *page, const PolicyClause *clause)
{
  const char *gap = page->language == LANGUAGE_ZH ? "" : " ";
  return arena_printf (page->arena, "%s%s%s", view_clause_label (page, clause), gap,
                       page_text (page, clause->title));
}

const char *
view_target_measure (const Page *page, const PolicyTarget *target)
{
  const HtmlValue what = html_value_string (page_text (page, target->provision->outcome));
  switch (target->measure) {
  case POLICY_COUNT: return WORDS (page, MESSAGE_target_count__what, what);
  case POLICY_SHARE: return WORDS (page, MESSAGE_target_share__what, what);
  default: return WORDS (page, MESSAGE_target_amount__what, what);
  }
}

const char *
view_target_goal (const Page *page, const PolicyTarget *target)
{
  if (!target->goal)
    return WORD (page, MESSAGE_target_trend);
  const char *test = policy_test_words (page->arena, text_of (target->relation),
                                        page->language == LANGUAGE_ZH ? "zh" : "en");
  return WORDS (page, MESSAGE_target_goal__parameter_test,
                html_value_string (page_text (page, target->goal->name)), html_value_string (test));
}

const char *
view_list (const Page *page, const char *const *texts)
{
  if (!texts || !texts[0])
    return "—";
  g_autofree char *joined = g_strjoinv (page->language == LANGUAGE_ZH ? "、" : ", ", (char **)(gsize)texts);
  return arena_text (page->arena, text_of (joined));
}

const char *
view_figures (const Page *page, const PolicyClause *clause)
{
  if (!clause)
    return "—";
  const char **texts = arena_new0 (page->arena, const char *, clause->n_figures + 1);
  for (size_t i = 0; i < clause->n_figures; i++)
    texts[i] = clause->figures[i].text;
  return view_list (page, texts);
}

/* ---- what carries out an action ----------------------------------------- */

typedef struct {
  const Page *page;
  const PolicyClause *clause;
  const char *id; /* behind the kind */
} Carrier;

static ViewCarrier
decision_carrier (const Carrier *c)
{
  ViewCarrier carrier = { .name = view_name (c->page, c->clause, text_of (c->id)) };
  for (size_t i = 0; c->clause->unit && i < c->clause->unit->n_decisions; i++)
    if (text_equal (c->clause->unit->decisions[i]->name, text_of (c->id)))
      carrier.link = arena_printf (c->page->arena, "#decision-%u", c->clause->unit->decisions[i]->line);
  return carrier;
}

static ViewCarrier
service_carrier (const Carrier *c)
{
  const PolicyProvision *provision = policy_provision (c->clause, c->id);
  return provision ? (ViewCarrier){ .name = page_text (c->page, provision->outcome),
                                    .link = arena_printf (c->page->arena, "#provision-%s", c->id) }
                   : (ViewCarrier){ .name = c->id };
}

/* "file_transfer" or "organisation.two_lines". */
static ViewCarrier
register_carrier (const Carrier *c)
{
  g_auto (GStrv) steps = g_strsplit (c->id, ".", 2);
  const RegistryEntity *entity = registry_schema_entity (policy_schema (c->page->package), steps[0]);
  const RegistryAttribute *a = entity && steps[1] ? registry_entity_attribute (entity, steps[1]) : NULL;
  return (ViewCarrier){ .name = a        ? view_attribute_name (c->page, a)
                                : entity ? page_label (c->page, entity->zh, entity->en)
                                         : c->id };
}

static ViewCarrier
target_carrier (const Carrier *c)
{
  for (size_t i = 0; i < c->clause->n_targets; i++)
    if (g_str_equal (c->clause->targets[i].id, c->id))
      return (ViewCarrier){ .name = page_text (c->page, c->clause->targets[i].name),
                            .link = arena_printf (c->page->arena, "#target-%s", c->id) };
  return (ViewCarrier){ .name = c->id };
}

static ViewCarrier
allocation_carrier (const Carrier *c)
{
  const PolicyAllocation *allocation = policy_allocation (c->clause, c->id);
  return allocation ? (ViewCarrier){ .name = page_text (c->page, allocation->name),
                                     .link = arena_printf (c->page->arena, "#allocation-%s", c->id) }
                    : (ViewCarrier){ .name = c->id };
}

/* A file of the package's markets: that of jobs has pages of its own. */
static ViewCarrier
market_carrier (const Carrier *c)
{
  bool jobs = g_str_equal (c->id, "jobs");
  return (ViewCarrier){
    .name = jobs ? message_text (c->page->arena, c->page->language, MESSAGE_jobs_title, NULL, 0) : c->id,
    .link = jobs ? "/jobs" : arena_printf (c->page->arena, "/markets/%s", c->id)
  };
}

static ViewCarrier
named_carrier (const Carrier *c)
{
  return (ViewCarrier){ .name = view_name (c->page, c->clause, text_of (c->id)) };
}

static const struct {
  const char *kind;
  Message message;
  ViewCarrier (*describe) (const Carrier *);
} carriers[] = {
  { "decision:", MESSAGE_carrier_decision, decision_carrier },
  { "service:", MESSAGE_carrier_service, service_carrier },
  { "register:", MESSAGE_carrier_register, register_carrier },
  { "target:", MESSAGE_carrier_target, target_carrier },
  { "allocation:", MESSAGE_carrier_allocation, allocation_carrier },
  { "market:", MESSAGE_carrier_market, market_carrier },
  { "pathway:", MESSAGE_carrier_pathway, named_carrier },
};

static ViewCarrier
carrier_of (const Page *page, const PolicyClause *clause, const char *text)
{
  for (size_t i = 0; i < G_N_ELEMENTS (carriers); i++)
    if (g_str_has_prefix (text, carriers[i].kind)) {
      ViewCarrier carrier
          = carriers[i].describe (&(Carrier){ page, clause, text + strlen (carriers[i].kind) });
      carrier.kind = WORD (page, carriers[i].message);
      return carrier;
    }
  return (ViewCarrier){ .kind = "", .name = text };
}

const ViewCarrier *
view_carriers (const Page *page, const PolicyClause *clause, const PolicyAction *action, size_t *n)
{
  *n = action->carried_by ? g_strv_length ((char **)(gsize)action->carried_by) : 0;
  ViewCarrier *found = arena_new0 (page->arena, ViewCarrier, *n);
  for (size_t i = 0; i < *n; i++)
    found[i] = carrier_of (page, clause, action->carried_by[i]);
  return found;
}

/* ---- scarce places ------------------------------------------------------ */

const char *
view_method (const Page *page, PolicyMethod method)
{
  static const Message messages[] = { [POLICY_DEFERRED_ACCEPTANCE] = MESSAGE_allocation_deferred_acceptance,
                                      [POLICY_SERIAL_DICTATORSHIP] = MESSAGE_allocation_serial_dictatorship,
                                      [POLICY_RANKING] = MESSAGE_allocation_ranking,
                                      [POLICY_LOTTERY] = MESSAGE_allocation_lottery };
  return WORD (page, messages[method]);
}

const char *
view_ties (const Page *page, PolicyTies ties)
{
  static const Message messages[] = { [POLICY_TIES_LOTTERY] = MESSAGE_allocation_ties_lottery,
                                      [POLICY_TIES_REJECT_ALL] = MESSAGE_allocation_ties_reject,
                                      [POLICY_TIES_ADMIT_ALL] = MESSAGE_allocation_ties_admit };
  return WORD (page, messages[ties]);
}

const char *
view_reserve_kind (const Page *page, PolicyReserveKind kind)
{
  static const Message messages[] = { [POLICY_RESERVE_MINIMUM] = MESSAGE_allocation_minimum,
                                      [POLICY_RESERVE_HARD] = MESSAGE_allocation_hard,
                                      [POLICY_RESERVE_DEDICATED] = MESSAGE_allocation_dedicated };
  return WORD (page, messages[kind]);
}

const char *
view_places (const Page *page, const PolicyClause *clause, const PolicyNumber *number)
{
  return number->parameter   ? page_text (page, number->parameter->name)
         : number->attribute ? view_attribute_name (page, number->attribute)
         : number->decision  ? view_name (page, clause, number->decision->name)
                             : "—";
}

/* ---- trying an example -------------------------------------------------- */

const char *
view_trace_value (const Page *page, const DmnTrace *step)
{
  return step->value.kind == FEEL_UNKNOWN ? WORD (page, MESSAGE_outcome_undetermined)
                                          : view_result (page, step->value);
}

const char *
view_trace_note (const Page *page, const PolicyClause *clause, const DmnTrace *step)
{
  g_autoptr (GString) notes = g_string_new (NULL);
  bool first_only = step->table && step->table->policy == DMN_FIRST;
  for (size_t i = 0; step->table && step->table->n_annotations && i < step->n_rules; i++) {
    if (step->rules[i].status != DMN_MET || (first_only && notes->len))
      continue;
    Text note = step->rules[i].rule->annotations[0].text;
    if (note.len && notes->len)
      g_string_append (notes, WORD (page, MESSAGE_reason_and));
    if (note.len)
      g_string_append (notes, view_name (page, clause, note));
  }
  return notes->len ? arena_text (page->arena, (Text){ notes->str, notes->len }) : NULL;
}

PolicyOutcome
view_outcome_of (const char *id)
{
  for (int o = POLICY_YES; o < POLICY_NOT_IN_FORCE; o++)
    if (g_str_equal (policy_outcome_id ((PolicyOutcome)o), id))
      return (PolicyOutcome)o;
  return POLICY_NOT_IN_FORCE;
}

/* ---- how many ----------------------------------------------------------- */

const char *
view_sum (const Page *page, const PolicyProvision *provision, const PopulationCount *count)
{
  bool money = provision->amount && text_equal (provision->amount->type_name, TEXT_LITERAL ("金额"));
  if (!money || count->yes <= 0 || count->amounts < 0)
    return "—";
  if (count->open_amounts == count->yes)
    return WORD (page, MESSAGE_outcome_undetermined);
  const char *sum = view_result (page, feel_number (count->amount));
  const char *unit = page_text (page, provision->amount_unit);
  const char *with_unit = *unit ? arena_printf (page->arena, "%s %s", sum, unit) : sum;
  return count->open_amounts ? WORDS (page, MESSAGE_counts_at_least__amount, html_value_string (with_unit))
                             : with_unit;
}

/* "12.3 %" of those counted. */
static const char *
view_share (const Page *page, const PopulationCount *count)
{
  if (count->subjects <= 0 || count->yes < 0)
    return "—";
  Decimal share = decimal_div (decimal_from_int64 (count->yes * 100), decimal_from_int64 (count->subjects));
  FeelValue rounded = feel_number (decimal_round (share, 1, DECIMAL_ROUND_HALF_UP));
  return arena_printf (page->arena, "%s %%", feel_display (page->arena, rounded));
}

const char *
view_target_now (const Page *page, const PolicyClause *clause, const PolicyTarget *target,
                 const PopulationClause *counts)
{
  if (!counts)
    return NULL;
  const PopulationCount *count = &counts->targets[target - clause->targets].count;
  switch (target->measure) {
  case POLICY_COUNT: return view_told (page, count->yes);
  case POLICY_SHARE: return view_share (page, count);
  default: return view_sum (page, target->provision, count);
  }
}
