/* Answers and their reasons in words. */
#include "policy/policy.h"

#include <string.h>

static const char *
say (const PolicyWords *w, const char *zh, const char *en)
{
  return w->english ? en : zh;
}

static const char *
in_language (const PolicyWords *w, PolicyText text)
{
  return w->english && text.en && *text.en ? text.en : text.zh;
}

const char *
policy_words_name (const PolicyWords *w, const PolicyClause *clause, Text name)
{
  const char *zh = arena_text (w->arena, name);
  return w->english ? policy_clause_label (clause, zh) : zh;
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
policy_words_path (const PolicyWords *w, const PolicyClause *clause, Text path)
{
  const char *zh = arena_text (w->arena, path);
  if (!w->english)
    return zh;
  if (g_str_has_prefix (zh, POLICY_PARAMETERS ".")) {
    const PolicyParameter *parameter = policy_parameter (w->package, zh + strlen (POLICY_PARAMETERS "."));
    return parameter ? in_language (w, parameter->name) : zh;
  }
  g_autoptr (GString) label = g_string_new (NULL);
  if (walk_path (policy_schema (w->package), zh, label))
    return arena_text (w->arena, (Text){ label->str, label->len });
  return policy_clause_label (clause, zh);
}

/* Digits before the point in groups of three. */
const char *
policy_group_digits (Arena *arena, const char *number)
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
policy_words_value (const PolicyWords *w, FeelValue value)
{
  switch (value.kind) {
  case FEEL_BOOLEAN: return value.boolean ? say (w, "是", "yes") : say (w, "否", "no");
  case FEEL_NULL: return say (w, "无", "none");
  case FEEL_UNKNOWN: return say (w, "未知", "unknown");
  case FEEL_NUMBER: return policy_group_digits (w->arena, feel_display (w->arena, value));
  case FEEL_LIST:
    return arena_printf (w->arena,
                         !w->english          ? "%zu项"
                         : value.list->n == 1 ? "%zu item"
                                              : "%zu items",
                         (size_t)value.list->n);
  case FEEL_CONTEXT: return say (w, "一条记录", "a record");
  default: return feel_display (w->arena, value);
  }
}

static const char *
with_unit (const PolicyWords *w, const char *value, const char *unit)
{
  return unit && *unit ? arena_printf (w->arena, "%s %s", value, unit) : value;
}

/* The English label of an allowed value, where the schema has one. */
static const char *
allowed_label (const PolicyWords *w, const RegistryAttribute *attribute, const char *value)
{
  if (!w->english || !attribute->values_en)
    return value;
  for (size_t i = 0; i < attribute->n_values; i++)
    if (g_str_equal (attribute->values[i], value) && attribute->values_en[i])
      return attribute->values_en[i];
  return value;
}

/* ---- facts ------------------------------------------------------------- */

const char *
policy_words_fact (const PolicyWords *w, const RegistryProvenance *fact)
{
  const char *shown = policy_words_value (w, fact->value);
  if (fact->value.kind == FEEL_STRING)
    return allowed_label (w, fact->attribute, shown);
  bool plain = fact->value.kind == FEEL_NUMBER;
  return plain ? with_unit (w, shown, fact->attribute->unit) : shown;
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
translate_words (const PolicyWords *w, const PolicyClause *clause, const RegistryAttribute *attribute,
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
  return arena_text (w->arena, (Text){ text->str, text->len });
}

const char *
policy_words_test (const PolicyWords *w, const PolicyClause *clause, Text path, Text test)
{
  if (text_equal (test, TEXT_LITERAL ("-")))
    return "—";
  if (text_equal (test, TEXT_LITERAL ("not(true)")))
    return say (w, "否或无", "no or none");
  if (!w->english)
    return policy_test_words (w->arena, test, "zh");
  const char *words = policy_test_words (w->arena, test, "en");
  const RegistryAttribute *attribute
      = walk_path (policy_schema (w->package), arena_text (w->arena, path), NULL);
  return translate_words (w, clause, attribute, words);
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
computed_value (const PolicyWords *w, const DmnDecision *decision, FeelValue value)
{
  if (decision && value.kind == FEEL_UNKNOWN)
    return say (w, "待定", "Not determined");
  bool money
      = decision && value.kind == FEEL_NUMBER && text_equal (decision->type_name, TEXT_LITERAL ("金额"));
  return with_unit (w, policy_words_value (w, value), money ? say (w, "元", "yuan") : NULL);
}

/* The one fact that the condition's value is, or NULL. */
const RegistryProvenance *
policy_fact_itself (Arena *arena, const PolicyCondition *condition)
{
  bool one = condition->n_facts == 1 && condition->n_decisions == 0
             && feel_is_true (feel_equal (arena, condition->facts[0]->value, condition->value));
  return one || (condition->n_facts == 1 && condition->value.kind == FEEL_UNKNOWN) ? condition->facts[0]
                                                                                   : NULL;
}

const char *
policy_words_condition_value (const PolicyWords *w, const PolicyCondition *condition)
{
  if (condition->hidden)
    return say (w, "家庭成员的信息，未经本人授权不显示",
                "another member’s information, not shown without their mandate");
  const RegistryProvenance *fact = policy_fact_itself (w->arena, condition);
  return fact ? policy_words_fact (w, fact)
              : computed_value (w, decision_named (condition, condition->input->label), condition->value);
}

const char *
policy_words_condition_label (const PolicyWords *w, const PolicyProvision *provision,
                              const PolicyCondition *condition)
{
  Text path = condition->input->label;
  const char *label = policy_words_path (w, provision->clause, path);
  size_t len = strlen (provision->subject->zh);
  if (!text_starts_with (path, provision->subject->zh) || path.len <= len || path.bytes[len] != '.')
    return label;
  const char *mark = w->english ? ": " : ".", *end = strstr (label, mark);
  return end ? end + strlen (mark) : label;
}

/* ">= 所需天数" with the number wanted: 不低于 9,131（所需天数）. */
static const char *
wanted_number (const PolicyWords *w, const PolicyClause *clause, const PolicyCondition *condition, Text test)
{
  size_t skip = 0;
  while (skip < test.len && memchr ("<>=!", test.bytes[skip], 4))
    skip++;
  Text name = text_trim ((Text){ test.bytes + skip, test.len - skip });
  const char *value = computed_value (w, decision_named (condition, name), condition->wanted);
  const char *named = policy_words_path (w, clause, name);
  const char *both = arena_printf (w->arena, w->english ? "%s (%s)" : "%s（%s）", value, named);
  const char *comparison = policy_test_words (w->arena, (Text){ test.bytes, skip }, w->english ? "en" : "zh");
  return arena_printf (w->arena, "%s%s", comparison, both);
}

const char *
policy_words_wanted (const PolicyWords *w, const PolicyClause *clause, const PolicyCondition *condition,
                     bool against)
{
  Text test = against ? policy_test_opposite (w->arena, condition->test->text) : condition->test->text;
  if (!condition->hidden && condition->wanted.kind == FEEL_NUMBER)
    return wanted_number (w, clause, condition, test);
  return policy_words_test (w, clause, condition->input->label, test);
}

const char *
policy_words_source (const PolicyWords *w, const RegistryProvenance *fact)
{
  const char *source = fact->batch ? fact->source : fact->attribute->source;
  char day[CIVIL_TEXT_MAX];
  if (fact->assumed)
    return arena_printf (
        w->arena, w->english ? "Source: %s; not in its complete register" : "来源：%s，完整登记中没有记载",
        source);
  if (!fact->batch)
    return arena_printf (w->arena, w->english ? "Not yet on record at %s" : "%s还没有登记", source);
  if (fact->valid_from == REGISTRY_EVER)
    return arena_printf (w->arena, w->english ? "Source: %s" : "来源：%s", source);
  return arena_printf (w->arena, w->english ? "Source: %s, since %s" : "来源：%s，自 %s", source,
                       civil_format (fact->valid_from, day));
}

/* ---- steps ------------------------------------------------------------- */

const char *
policy_words_reason_value (const PolicyWords *w, const PolicyReason *reason)
{
  return reason->hidden ? say (w, "家庭成员的信息，未经本人授权不显示",
                               "another member’s information, not shown without their mandate")
                        : computed_value (w, reason->decision, reason->value);
}

/* The matched rules' own annotations: why, in the clause's words. */
const char *
policy_words_note (const PolicyWords *w, const PolicyClause *clause, const PolicyReason *reason)
{
  bool noted = reason->decision->table && reason->decision->table->n_annotations;
  g_autoptr (GString) notes = g_string_new (NULL);
  for (size_t i = 0; noted && i < reason->n_rules; i++) {
    Text note = reason->rules[i].matched ? reason->rules[i].rule->annotations[0].text : (Text){ 0 };
    if (note.len && notes->len)
      g_string_append (notes, say (w, "；", "; "));
    if (note.len)
      g_string_append (notes, policy_words_name (w, clause, note));
  }
  return notes->len ? arena_text (w->arena, (Text){ notes->str, notes->len }) : NULL;
}

/* ---- reasons ----------------------------------------------------------- */

bool
policy_speaks_against (const PolicyReason *reason, const PolicyCondition *condition)
{
  return feel_is_false (reason->value) && condition->status == DMN_MET;
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
policy_conditions (Arena *arena, const PolicyReason *reason, size_t *n)
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
