#include "web/view.h"

#include "web/problems.h"

#include <string.h>
#include "web/models.h"
#include "web/words.h"

/* ---- names ------------------------------------------------------------- */

Language
page_other_language (const Page *page)
{
  return page->language == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH;
}

const char *
page_account_name (const Page *page)
{
  return page_label (page, page->account->zh, page->account->en);
}

const char *
view_role (const Page *page, const AccessAccount *account)
{
  const AccessName *role = access_role_name (account->role);
  const char *words = page_label (page, role->zh, role->en);
  return account->department ? arena_printf (page->arena, "%s · %s", words, account->department) : words;
}

const char *
view_strength (const Page *page, PolicyStrength strength)
{
  static const Message messages[] = { [POLICY_BINDING] = MESSAGE_strength_binding,
                                      [POLICY_PERMITTED] = MESSAGE_strength_permitted,
                                      [POLICY_PILOT] = MESSAGE_strength_pilot,
                                      [POLICY_ENCOURAGED] = MESSAGE_strength_encouraged,
                                      [POLICY_ASSISTING] = MESSAGE_strength_assisting };
  return WORD (page, messages[strength]);
}

const char *
view_confidence (const Page *page, PolicyConfidence confidence)
{
  static const Message messages[] = { [POLICY_CITED] = MESSAGE_confidence_cited,
                                      [POLICY_DERIVED] = MESSAGE_confidence_derived,
                                      [POLICY_ASSUMED] = MESSAGE_confidence_assumed,
                                      [POLICY_MISSING] = MESSAGE_confidence_missing };
  return WORD (page, messages[confidence]);
}

const char *
view_outcome (const Page *page, PolicyOutcome outcome)
{
  static const Message messages[] = { [POLICY_YES] = MESSAGE_outcome_yes,
                                      [POLICY_NO] = MESSAGE_outcome_no,
                                      [POLICY_UNDETERMINED] = MESSAGE_outcome_undetermined,
                                      [POLICY_NOT_IN_FORCE] = MESSAGE_outcome_not_in_force };
  return WORD (page, messages[outcome]);
}

/* DMN 1.5, 8.2.8, in plain words. */
const char *
view_hit_policy (const Page *page, DmnHitPolicy policy)
{
  static const Message messages[] = { [DMN_UNIQUE] = MESSAGE_hit_unique,
                                      [DMN_ANY] = MESSAGE_hit_any,
                                      [DMN_PRIORITY] = MESSAGE_hit_priority,
                                      [DMN_FIRST] = MESSAGE_hit_first,
                                      [DMN_RULE_ORDER] = MESSAGE_hit_rule_order,
                                      [DMN_OUTPUT_ORDER] = MESSAGE_hit_output_order,
                                      [DMN_COLLECT] = MESSAGE_hit_collect,
                                      [DMN_SUM] = MESSAGE_hit_sum,
                                      [DMN_MIN] = MESSAGE_hit_min,
                                      [DMN_MAX] = MESSAGE_hit_max,
                                      [DMN_COUNT] = MESSAGE_hit_count };
  return WORD (page, messages[policy]);
}

const char *
view_status_class (DmnStatus status)
{
  return status == DMN_MET ? "met" : status == DMN_NOT_MET ? "unmet" : "undecided";
}

/* ---- names in clauses -------------------------------------------------- */

const char *
view_language (const Page *page, const char *text)
{
  if (page->language == LANGUAGE_ZH)
    return NULL;
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    if (g_unichar_iswide (g_utf8_get_char (p)))
      return language_tags[LANGUAGE_ZH];
  return NULL;
}

/* ---- words of policy/ --------------------------------------------------- */

static PolicyWords
words_of (const Page *page)
{
  return (PolicyWords){ page->arena, page->package, page->language == LANGUAGE_EN };
}

const char *
view_name (const Page *page, const PolicyClause *clause, Text name)
{
  PolicyWords words = words_of (page);
  return policy_words_name (&words, clause, name);
}

const char *
view_path (const Page *page, const PolicyClause *clause, Text path)
{
  PolicyWords words = words_of (page);
  return policy_words_path (&words, clause, path);
}

const char *
view_result (const Page *page, FeelValue value)
{
  PolicyWords words = words_of (page);
  return policy_words_value (&words, value);
}

const char *
view_plain_fact (const Page *page, const RegistryProvenance *fact)
{
  PolicyWords words = words_of (page);
  return policy_words_fact (&words, fact);
}

const char *
view_test (const Page *page, const PolicyClause *clause, Text path, Text test)
{
  PolicyWords words = words_of (page);
  return policy_words_test (&words, clause, path, test);
}

const char *
view_condition_value (const Page *page, const PolicyCondition *condition)
{
  PolicyWords words = words_of (page);
  return policy_words_condition_value (&words, condition);
}

const char *
view_condition_label (const Page *page, const PolicyProvision *provision, const PolicyCondition *condition)
{
  PolicyWords words = words_of (page);
  return policy_words_condition_label (&words, provision, condition);
}

const char *
view_wanted (const Page *page, const PolicyClause *clause, const PolicyCondition *condition, bool against)
{
  PolicyWords words = words_of (page);
  return policy_words_wanted (&words, clause, condition, against);
}

const char *
view_reason_value (const Page *page, const PolicyReason *reason)
{
  PolicyWords words = words_of (page);
  return policy_words_reason_value (&words, reason);
}

const char *
view_reason_note (const Page *page, const PolicyClause *clause, const PolicyReason *reason)
{
  PolicyWords words = words_of (page);
  return policy_words_note (&words, clause, reason);
}

/* ---- values ------------------------------------------------------------ */

const char *
view_day (const Page *page, Day day)
{
  char buffer[CIVIL_TEXT_MAX];
  return arena_text (page->arena, text_of (civil_format (day, buffer)));
}

const char *
view_period (const Page *page, Day from, Day to)
{
  bool open_start = from == REGISTRY_EVER, open_end = to == REGISTRY_FOREVER;
  if (open_start && open_end)
    return WORD (page, MESSAGE_period_always);
  if (open_end)
    return WORDS (page, MESSAGE_period_since__from, html_value_string (view_day (page, from)));
  if (open_start)
    return WORDS (page, MESSAGE_period_until__to, html_value_string (view_day (page, to)));
  return WORDS (page, MESSAGE_period_between__from_to, html_value_string (view_day (page, from)),
                html_value_string (view_day (page, to)));
}

static const char *
with_unit (const Page *page, const char *value, const char *unit)
{
  return unit && *unit ? arena_printf (page->arena, "%s %s", value, unit) : value;
}

const char *
view_parameter_value (const Page *page, const PolicyParameter *parameter, const PolicyParameterValue *value)
{
  if (value->confidence == POLICY_MISSING)
    return WORD (page, MESSAGE_parameter_none);
  return with_unit (page, view_result (page, value->value), parameter->unit);
}

const char *
view_amount (const Page *page, const PolicyDetermination *determination)
{
  return with_unit (page, view_result (page, determination->amount),
                    page_text (page, determination->provision->amount_unit));
}

const char *
view_cell (const Page *page, Text source)
{
  if (text_equal (source, TEXT_LITERAL ("true")))
    return WORD (page, MESSAGE_value_true);
  if (text_equal (source, TEXT_LITERAL ("false")))
    return WORD (page, MESSAGE_value_false);
  if (text_equal (source, TEXT_LITERAL ("null")))
    return WORD (page, MESSAGE_value_none);
  bool quoted = source.len >= 2 && source.bytes[0] == '"' && source.bytes[source.len - 1] == '"'
                && !memchr (source.bytes + 1, '"', source.len - 2);
  Text shown = quoted ? (Text){ source.bytes + 1, source.len - 2 } : source;
  return policy_group_digits (page->arena, arena_text (page->arena, shown));
}

const char *
view_rival (const Page *page, const RegistryProvenance *fact, const RegistryRival *rival)
{
  RegistryProvenance other = *fact;
  other.state = rival->state;
  other.value = rival->value;
  return view_plain_fact (page, &other);
}

const char *
view_rival_since (const Page *page, const RegistryRival *rival)
{
  return rival->valid_from == REGISTRY_EVER ? WORD (page, MESSAGE_period_always)
                                            : view_day (page, rival->valid_from);
}

const char *
view_count (const Page *page, gint64 n)
{
  return policy_group_digits (page->arena, arena_printf (page->arena, "%" G_GINT64_FORMAT, n));
}

const char *
view_signed (const Page *page, gint64 n)
{
  return n == 0 ? "0" : arena_printf (page->arena, "%s%s", n > 0 ? "+" : "−", view_count (page, ABS (n)));
}

const char *
view_since (const Page *page, const RegistryProvenance *fact)
{
  if (!fact->batch)
    return WORD (page, MESSAGE_fact_never);
  return fact->valid_from == REGISTRY_EVER ? WORD (page, MESSAGE_period_always)
                                           : view_day (page, fact->valid_from);
}

const char *
view_fact_name (const Page *page, const PolicyProvision *provision, const RegistryAttribute *attribute)
{
  return attribute->entity == provision->subject ? page_label (page, attribute->zh, attribute->en)
                                                 : view_attribute_name (page, attribute);
}

const char *
view_attribute_name (const Page *page, const RegistryAttribute *attribute)
{
  return arena_printf (page->arena, page->language == LANGUAGE_ZH ? "%s·%s" : "%s: %s",
                       page_label (page, attribute->entity->zh, attribute->entity->en),
                       page_label (page, attribute->zh, attribute->en));
}

const char *
view_sensitivity_id (RegistrySensitivity sensitivity)
{
  static const char *const ids[] = { "public", "personal", "sensitive" };
  return ids[sensitivity];
}

const char *
view_sensitivity (const Page *page, RegistrySensitivity sensitivity)
{
  static const Message messages[]
      = { MESSAGE_sensitivity_public, MESSAGE_sensitivity_personal, MESSAGE_sensitivity_sensitive };
  return WORD (page, messages[sensitivity]);
}

const char *
view_kept (const Page *page, const RegistryRetention *kept)
{
  if (!kept)
    return WORD (page, MESSAGE_kept_unknown);
  if (!kept->years)
    return WORD (page, MESSAGE_kept_for_ever);
  HtmlValue arguments[] = { html_value_string (page_label (page, kept->from_zh, kept->from_en)),
                            html_value_number (kept->years) };
  return message_text (page->arena, page->language,
                       kept->at_least ? MESSAGE_kept_at_least__from_n : MESSAGE_kept_years__from_n, arguments,
                       2);
}

const char *
view_kept_reason (const Page *page, const RegistryRetention *kept)
{
  return kept ? page_label (page, kept->reason_zh, kept->reason_en) : NULL;
}

const char *
view_fact_text (const Page *page, const RegistryAttribute *attribute, const char *text)
{
  if (!text)
    return WORD (page, MESSAGE_value_none);
  if (attribute->kind == REGISTRY_BOOLEAN)
    return g_str_equal (text, "true") ? WORD (page, MESSAGE_value_true) : WORD (page, MESSAGE_value_false);
  for (size_t i = 0; page->language == LANGUAGE_EN && attribute->values_en && i < attribute->n_values; i++)
    if (g_str_equal (attribute->values[i], text))
      return attribute->values_en[i];
  return attribute->unit ? arena_printf (page->arena, "%s %s", text, attribute->unit) : text;
}

const char *
view_instant (const Page *page, gint64 seconds)
{
  char buffer[CIVIL_TEXT_MAX];
  instant_format (seconds + (gint64)8 * 3600, buffer);
  return arena_printf (page->arena, "%.10s %.5s", buffer, buffer + 11);
}

const char *
view_request_kind (const Page *page, RightsKind kind)
{
  return kind == RIGHTS_ERASE ? WORD (page, MESSAGE_request_erase) : WORD (page, MESSAGE_request_correct);
}

const char *
view_request_status (const Page *page, RightsStatus status)
{
  static const Message messages[]
      = { MESSAGE_request_open, MESSAGE_request_accepted, MESSAGE_request_refused };
  return WORD (page, messages[status]);
}

const char *
view_use (const Page *page, const PolicyUse *use)
{
  static const Message declared[]
      = { MESSAGE_sharing_identity, MESSAGE_sharing_contact, MESSAGE_sharing_materials };
  const char **names = arena_new0 (page->arena, const char *, use->n_decisions + G_N_ELEMENTS (declared) + 1);
  size_t n = use->n_decisions;
  for (size_t i = 0; i < use->n_decisions; i++)
    names[i] = view_name (page, use->clause, use->decisions[i]->name);
  for (size_t i = 0; i < G_N_ELEMENTS (declared); i++)
    if (use->declared[i])
      names[n++] = WORD (page, declared[i]);
  return view_list (page, names);
}

const char *
view_need (const Page *page, const PolicyProvision *provision, const PolicyNeed *need)
{
  if (need->is_parameter)
    return WORDS (page, MESSAGE_need_parameter__name,
                  html_value_string (need->parameter ? page_text (page, need->parameter->name) : need->name));
  if (need->hidden)
    return WORD (page, MESSAGE_need_others);
  return need->fact ? view_fact_name (page, provision, need->fact->attribute) : need->name;
}

const char *
view_need_holder (const Page *page, const PolicyNeed *need, Day as_of)
{
  if (need->fact)
    return WORDS (page, MESSAGE_need_holder__source, html_value_string (need->fact->attribute->source));
  if (need->hidden)
    return WORD (page, MESSAGE_need_others_holder);
  const PolicyParameterValue *value = need->parameter ? policy_parameter_at (need->parameter, as_of) : NULL;
  return value && value->reference
             ? WORDS (page, MESSAGE_need_rule__reference, html_value_string (value->reference))
             : WORD (page, MESSAGE_need_no_rule);
}

bool
view_is_recorded (const RegistryProvenance *fact)
{
  return fact->batch || fact->assumed;
}

static int
compare_subjects (gconstpointer a, gconstpointer b)
{
  const RegistryProvenance *x = *(const RegistryProvenance *const *)a,
                           *y = *(const RegistryProvenance *const *)b;
  if (x->subject != y->subject)
    return x->subject < y->subject ? -1 : 1;
  return x->attribute->index - y->attribute->index;
}

static const RegistryProvenance *const *
facts_by_subject (const Page *page, const RegistryProvenance *const *facts, size_t n)
{
  const RegistryProvenance **sorted = arena_new0 (page->arena, const RegistryProvenance *, n);
  for (size_t i = 0; i < n; i++)
    sorted[i] = facts[i];
  qsort (sorted, n, sizeof *sorted, compare_subjects);
  return sorted;
}

/* ---- sources ----------------------------------------------------------- */

/* Whether X and Y can stand on one line: one subject, recorded by one department on one day. */
static bool
same_record (const RegistryProvenance *x, const RegistryProvenance *y)
{
  return x->subject == y->subject && x->assumed == y->assumed && !x->batch == !y->batch
         && x->valid_from == y->valid_from && g_str_equal (x->source, y->source);
}

/* "从业经历：" of another subject than the clause's; numbered where there are several. */
static const char *
other_subject (const Page *page, const PolicyProvision *provision, const RegistryProvenance *const *facts,
               size_t n, size_t at)
{
  const RegistryEntity *entity = facts[at]->attribute->entity;
  size_t number = 1, all = 1;
  for (size_t i = 1; i < n; i++)
    if (facts[i]->attribute->entity == entity && facts[i - 1]->attribute->entity == entity
        && facts[i]->subject != facts[i - 1]->subject) {
      all++;
      number += i <= at;
    }
  const char *label = page_label (page, entity->zh, entity->en);
  if (entity == provision->subject)
    return "";
  const char *colon = WORD (page, MESSAGE_reason_is);
  return all > 1 ? arena_printf (page->arena, "%s %zu%s", label, number, colon)
                 : arena_printf (page->arena, "%s%s", label, colon);
}

/* FACTS[FROM … TO), of one record, as "name：value；name：value". */
static const char *
record_words (const Page *page, const RegistryProvenance *const *facts, size_t from, size_t to, bool values)
{
  g_autoptr (GString) words = g_string_new (NULL);
  for (size_t i = from; i < to; i++) {
    const RegistryAttribute *attribute = facts[i]->attribute;
    if (i > from)
      g_string_append (words, WORD (page, MESSAGE_reason_and));
    g_string_append (words, page_label (page, attribute->zh, attribute->en));
    if (values)
      g_string_append_printf (words, "%s%s", WORD (page, MESSAGE_reason_is),
                              view_plain_fact (page, facts[i]));
  }
  return arena_text (page->arena, (Text){ words->str, words->len });
}

/* The department that recorded FACT and since when, or that it has not; and what others state instead. */
static const char *
source_words (const Page *page, const RegistryProvenance *fact)
{
  PolicyWords said = words_of (page);
  g_autoptr (GString) words = g_string_new (policy_words_source (&said, fact));
  for (size_t i = 0; i < fact->n_rivals; i++)
    g_string_append_printf (words, " — %s: %s", WORD (page, MESSAGE_fact_conflict),
                            WORDS (page, MESSAGE_fact_rival__on_source_value,
                                   html_value_string (view_instant (page, fact->rivals[i].recorded_at)),
                                   html_value_string (fact->rivals[i].source),
                                   html_value_string (view_rival (page, fact, &fact->rivals[i]))));
  return arena_text (page->arena, (Text){ words->str, words->len });
}

const char *const *
view_sources (const Page *page, const PolicyProvision *provision, const PolicyCondition *condition,
              const RegistryProvenance *const *facts, size_t n)
{
  const RegistryProvenance *const *sorted = facts_by_subject (page, facts, n);
  const char **lines = arena_new0 (page->arena, const char *, n + 1);
  const RegistryProvenance *itself = condition ? policy_fact_itself (page->arena, condition) : NULL;
  size_t n_lines = 0;
  for (size_t from = 0, to; from < n; from = to) {
    for (to = from + 1; to < n && same_record (sorted[from], sorted[to]);)
      to++;
    const RegistryProvenance *first = sorted[from];
    bool bare = to == from + 1 && first == itself;
    if (bare) {
      lines[n_lines++] = source_words (page, first);
      continue;
    }
    lines[n_lines++]
        = arena_printf (page->arena, "%s%s%s%s", other_subject (page, provision, sorted, n, from),
                        record_words (page, sorted, from, to, view_is_recorded (first)),
                        WORD (page, MESSAGE_reason_then), source_words (page, first));
  }
  return lines;
}

const char *
view_status (const Page *page, DmnStatus status)
{
  return WORD (page, status == DMN_MET       ? MESSAGE_status_met
                     : status == DMN_NOT_MET ? MESSAGE_status_unmet
                                             : MESSAGE_status_undecided);
}

const char *
view_problem (const WebRequest *request, const GError *fault)
{
  const char *zh = request->language == LANGUAGE_EN ? NULL : problem_zh (request->arena, fault->message);
  return zh ? zh : arena_text (request->arena, text_of (fault->message));
}
