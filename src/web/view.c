#include "web/view.h"

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

#define PARAMETER_PREFIX POLICY_PARAMETERS "."

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

const char *
view_name (const Page *page, const PolicyClause *clause, Text name)
{
  const char *zh = arena_text (page->arena, name);
  return page->language == LANGUAGE_ZH ? zh : policy_clause_label (clause, zh);
}

/* The attribute that PATH ("园区.认定级别") ends on, or NULL; LABEL (may be NULL)
 * gets the English labels of its steps. */
static const RegistryAttribute *
walk_path (const RegistrySchema *schema, const char *path, GString *label)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  const RegistryEntity *entity = steps[0] ? registry_schema_entity (schema, steps[0]) : NULL;
  const RegistryAttribute *attribute = NULL;
  if (entity && label)
    g_string_append (label, entity->en);
  for (size_t i = 1; entity && steps[i]; i++) {
    attribute = registry_entity_attribute (entity, steps[i]);
    if (!attribute || (steps[i + 1] && !attribute->target))
      return NULL;
    if (label)
      g_string_append_printf (label, ": %s", attribute->en);
    entity = attribute->target ? attribute->target : entity;
  }
  return attribute;
}

const char *
view_path (const Page *page, const PolicyClause *clause, Text path)
{
  const char *zh = arena_text (page->arena, path);
  if (page->language == LANGUAGE_ZH)
    return zh;
  if (g_str_has_prefix (zh, PARAMETER_PREFIX)) {
    const PolicyParameter *parameter = policy_parameter (page->package, zh + strlen (PARAMETER_PREFIX));
    return parameter ? page_text (page, parameter->name) : zh;
  }
  g_autoptr (GString) label = g_string_new (NULL);
  if (walk_path (policy_schema (page->package), zh, label))
    return arena_text (page->arena, (Text){ label->str, label->len });
  return policy_clause_label (clause, zh);
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

/* Digits before the point in groups of three. */
static const char *
group_digits (Arena *arena, const char *number)
{
  const char *digits = number + (*number == '-');
  size_t whole = strcspn (digits, ".");
  if (whole < 4 || digits[strspn (digits, "0123456789.")] != '\0')
    return number;
  char *grouped = arena_alloc (arena, strlen (number) + whole / 3 + 1), *out = grouped;
  if (digits > number)
    *out++ = '-';
  for (size_t i = 0; digits[i]; i++) {
    if (i && i < whole && (whole - i) % 3 == 0)
      *out++ = ',';
    *out++ = digits[i];
  }
  return grouped;
}

const char *
view_result (const Page *page, FeelValue value)
{
  switch (value.kind) {
  case FEEL_BOOLEAN: return WORD (page, value.boolean ? MESSAGE_value_true : MESSAGE_value_false);
  case FEEL_NULL: return WORD (page, MESSAGE_value_none);
  case FEEL_UNKNOWN: return WORD (page, MESSAGE_value_unknown);
  case FEEL_NUMBER: return group_digits (page->arena, feel_display (page->arena, value));
  case FEEL_LIST: return WORDS (page, MESSAGE_value_list__n, html_value_number ((gint64)value.list->n));
  case FEEL_CONTEXT: return WORD (page, MESSAGE_value_record);
  default: return feel_display (page->arena, value);
  }
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

static bool
is_in_name (gunichar c)
{
  return g_unichar_isalnum (c) || c == '.' || c == '_';
}

/* NAME by “LABEL”, but where it is part of a longer name. */
static void
replace_name (GString *text, const char *name, const char *label)
{
  size_t len = strlen (name);
  for (char *at = text->str; (at = strstr (at, name));) {
    size_t place = (size_t)(at - text->str);
    bool inside = (place && is_in_name (g_utf8_get_char (g_utf8_prev_char (at))))
                  || is_in_name (g_utf8_get_char (at + len));
    if (inside) {
      at += len;
      continue;
    }
    g_autofree char *quoted = g_strdup_printf ("“%s”", label);
    g_string_erase (text, (gssize)place, (gssize)len);
    g_string_insert (text, (gssize)place, quoted);
    at = text->str + place + strlen (quoted);
  }
}

/* WORDS in English: the allowed values of ATTRIBUTE (may be NULL), which stand in
 * quotes, and the names that the clause labels. */
static const char *
translate_words (const Page *page, const PolicyClause *clause, const RegistryAttribute *attribute,
                 const char *words)
{
  g_autoptr (GString) text = g_string_new (words);
  for (size_t i = 0; attribute && attribute->values_en && i < attribute->n_values; i++) {
    g_autofree char *zh = g_strdup_printf ("\"%s\"", attribute->values[i]);
    g_autofree char *en = g_strdup_printf ("“%s”", attribute->values_en[i]);
    g_string_replace (text, zh, en, 0);
  }
  for (size_t i = 0; i < clause->n_labels; i++)
    replace_name (text, clause->labels[i].zh, clause->labels[i].en);
  return arena_text (page->arena, (Text){ text->str, text->len });
}

const char *
view_test (const Page *page, const PolicyClause *clause, Text path, Text test)
{
  if (text_equal (test, TEXT_LITERAL ("-")))
    return "—";
  if (text_equal (test, TEXT_LITERAL ("not(true)")))
    return WORD (page, MESSAGE_value_not_true);
  if (page->language == LANGUAGE_ZH)
    return policy_test_words (page->arena, test, "zh");
  const char *words = policy_test_words (page->arena, test, "en");
  const RegistryAttribute *attribute
      = walk_path (policy_schema (page->package), arena_text (page->arena, path), NULL);
  return translate_words (page, clause, attribute, words);
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
  return group_digits (page->arena, arena_text (page->arena, shown));
}

/* ---- facts ------------------------------------------------------------- */

/* The English label of an allowed value, where the schema has one. */
static const char *
allowed_label (const Page *page, const RegistryAttribute *attribute, const char *value)
{
  if (page->language == LANGUAGE_ZH || !attribute->values_en)
    return value;
  for (size_t i = 0; i < attribute->n_values; i++)
    if (g_str_equal (attribute->values[i], value) && attribute->values_en[i])
      return attribute->values_en[i];
  return value;
}

const char *
view_plain_fact (const Page *page, const RegistryProvenance *fact)
{
  const char *shown = view_result (page, fact->value);
  if (fact->value.kind == FEEL_STRING)
    return allowed_label (page, fact->attribute, shown);
  bool plain = fact->value.kind == FEEL_NUMBER;
  return plain ? with_unit (page, shown, fact->attribute->unit) : shown;
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
  return group_digits (page->arena, arena_printf (page->arena, "%" G_GINT64_FORMAT, n));
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

/* ---- reasons ----------------------------------------------------------- */

bool
view_speaks_against (const PolicyReason *reason, const PolicyCondition *condition)
{
  return feel_is_false (reason->value) && condition->status == DMN_MET;
}

static const DmnDecision *
decision_named (const PolicyCondition *condition, Text name)
{
  for (size_t i = 0; i < condition->n_decisions; i++)
    if (text_equal (condition->decisions[i]->name, name))
      return condition->decisions[i];
  return NULL;
}

/* A number that a decision of type 金额 gave is in yuan; what it cannot say yet is open. */
static const char *
computed_value (const Page *page, const DmnDecision *decision, FeelValue value)
{
  if (decision && value.kind == FEEL_UNKNOWN)
    return WORD (page, MESSAGE_outcome_undetermined);
  bool money
      = decision && value.kind == FEEL_NUMBER && text_equal (decision->type_name, TEXT_LITERAL ("金额"));
  return with_unit (page, view_result (page, value), money ? WORD (page, MESSAGE_unit_yuan) : NULL);
}

/* The one fact that the condition's value is, or NULL. */
static const RegistryProvenance *
fact_itself (const Page *page, const PolicyCondition *condition)
{
  bool one = condition->n_facts == 1 && condition->n_decisions == 0
             && feel_is_true (feel_equal (page->arena, condition->facts[0]->value, condition->value));
  return one || (condition->n_facts == 1 && condition->value.kind == FEEL_UNKNOWN) ? condition->facts[0]
                                                                                   : NULL;
}

const char *
view_condition_value (const Page *page, const PolicyCondition *condition)
{
  if (condition->hidden)
    return WORD (page, MESSAGE_fact_withheld);
  const RegistryProvenance *fact = fact_itself (page, condition);
  return fact ? view_plain_fact (page, fact)
              : computed_value (page, decision_named (condition, condition->input->label), condition->value);
}

const char *
view_condition_label (const Page *page, const PolicyProvision *provision, const PolicyCondition *condition)
{
  Text path = condition->input->label;
  const char *label = view_path (page, provision->clause, path);
  size_t len = strlen (provision->subject->zh);
  if (!text_starts_with (path, provision->subject->zh) || path.len <= len || path.bytes[len] != '.')
    return label;
  const char *mark = page->language == LANGUAGE_ZH ? "." : ": ", *end = strstr (label, mark);
  return end ? end + strlen (mark) : label;
}

/* ">= 所需天数" with the number wanted: 不低于 9,131（所需天数）. */
static const char *
wanted_number (const Page *page, const PolicyClause *clause, const PolicyCondition *condition, Text test)
{
  size_t skip = 0;
  while (skip < test.len && memchr ("<>=!", test.bytes[skip], 4))
    skip++;
  Text name = text_trim ((Text){ test.bytes + skip, test.len - skip });
  const char *value = computed_value (page, decision_named (condition, name), condition->wanted);
  const char *named = view_path (page, clause, name);
  const char *both
      = WORDS (page, MESSAGE_reason_named__name_value, html_value_string (named), html_value_string (value));
  const char *comparison = policy_test_words (page->arena, (Text){ test.bytes, skip },
                                              page->language == LANGUAGE_ZH ? "zh" : "en");
  return arena_printf (page->arena, "%s%s", comparison, both);
}

const char *
view_wanted (const Page *page, const PolicyClause *clause, const PolicyCondition *condition, bool against)
{
  Text test = against ? policy_test_opposite (page->arena, condition->test->text) : condition->test->text;
  if (!condition->hidden && condition->wanted.kind == FEEL_NUMBER)
    return wanted_number (page, clause, condition, test);
  return view_test (page, clause, condition->input->label, test);
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

static const char *
plain_source (const Page *page, const RegistryProvenance *fact)
{
  const HtmlValue source = html_value_string (fact->batch ? fact->source : fact->attribute->source);
  if (fact->assumed)
    return WORDS (page, MESSAGE_reason_absent__source, source);
  if (!fact->batch)
    return WORDS (page, MESSAGE_reason_missing__source, source);
  if (fact->valid_from == REGISTRY_EVER)
    return WORDS (page, MESSAGE_reason_always__source, source);
  return WORDS (page, MESSAGE_reason_source__since_source,
                html_value_string (view_day (page, fact->valid_from)), source);
}

/* The department that recorded FACT and since when, or that it has not; and what others state instead. */
static const char *
source_words (const Page *page, const RegistryProvenance *fact)
{
  g_autoptr (GString) words = g_string_new (plain_source (page, fact));
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
  const RegistryProvenance *itself = condition ? fact_itself (page, condition) : NULL;
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

/* ---- steps ------------------------------------------------------------- */

const char *
view_reason_value (const Page *page, const PolicyReason *reason)
{
  return reason->hidden ? WORD (page, MESSAGE_fact_withheld)
                        : computed_value (page, reason->decision, reason->value);
}

const char *
view_status (const Page *page, DmnStatus status)
{
  return WORD (page, status == DMN_MET       ? MESSAGE_status_met
                     : status == DMN_NOT_MET ? MESSAGE_status_unmet
                                             : MESSAGE_status_undecided);
}

/* The matched rules' own annotations: why, in the clause's words. */
const char *
view_reason_note (const Page *page, const PolicyClause *clause, const PolicyReason *reason)
{
  bool noted = reason->decision->table && reason->decision->table->n_annotations;
  g_autoptr (GString) notes = g_string_new (NULL);
  for (size_t i = 0; noted && i < reason->n_rules; i++) {
    Text note = reason->rules[i].matched ? reason->rules[i].rule->annotations[0].text : (Text){ 0 };
    if (note.len && notes->len)
      g_string_append (notes, WORD (page, MESSAGE_reason_and));
    if (note.len)
      g_string_append (notes, view_name (page, clause, note));
  }
  return notes->len ? arena_text (page->arena, (Text){ notes->str, notes->len }) : NULL;
}

/* Whether a rule says something about the answer: it gave it, or the answer is
 * open and so is the rule, or none held and it failed. */
static bool
rule_bears (const PolicyReason *reason, const PolicyRuleTrace *rule)
{
  for (size_t i = 0; i < reason->n_rules; i++)
    if (reason->rules[i].matched)
      return rule->matched;
  return reason->value.kind != FEEL_UNKNOWN || rule->status == DMN_UNDECIDED;
}

const PolicyCondition *const *
view_conditions (Arena *arena, const PolicyReason *reason, size_t *n)
{
  size_t n_inputs = reason->decision->table ? reason->decision->table->n_inputs : 0;
  const PolicyCondition **found = arena_new0 (arena, const PolicyCondition *, n_inputs);
  *n = 0;
  for (size_t r = 0; r < reason->n_rules; r++) {
    const PolicyRuleTrace *rule = &reason->rules[r];
    for (size_t c = 0; rule_bears (reason, rule) && c < rule->n_conditions; c++) {
      size_t seen = 0;
      while (seen < *n && found[seen]->input != rule->conditions[c].input)
        seen++;
      if (seen == *n)
        found[(*n)++] = &rule->conditions[c];
    }
  }
  return found;
}
