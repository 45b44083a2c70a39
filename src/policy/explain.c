/* Explanations: a determination as JSON, a unary test in words. */
#include "policy_private.h"

const char *
policy_outcome_id (PolicyOutcome o)
{
  static const char *const ids[] = { "yes", "no", "undetermined", "not_in_force" };
  return ids[o];
}

static void
member_text (JsonWriter *w, const char *key, Text text)
{
  json_key (w, key);
  json_text (w, text);
}

void
policy_write_text (JsonWriter *w, const char *key, PolicyText text)
{
  json_key (w, key);
  json_begin_object (w);
  json_member_str (w, "zh", text.zh);
  json_member_str (w, "en", text.en);
  json_end_object (w);
}

static void
member_value (JsonWriter *w, const char *key, FeelValue v)
{
  json_key (w, key);
  feel_write_json (w, v);
}

static void
member_day (JsonWriter *w, const char *key, Day d)
{
  char buffer[CIVIL_TEXT_MAX];
  if (d == REGISTRY_FOREVER || d == REGISTRY_EVER)
    json_member_str (w, key, NULL);
  else
    json_member_str (w, key, civil_format (d, buffer));
}

/* Money is a decimal string in yuan, so that no reader takes it for binary
 * floating point; anything else as member_value. */
static void
member_money (JsonWriter *w, const char *key, FeelValue v)
{
  char buffer[DECIMAL_TEXT_MAX];
  if (v.kind == FEEL_NUMBER)
    json_member_str (w, key, decimal_format (decimal_round (v.number, 2, DECIMAL_ROUND_HALF_UP), buffer));
  else
    member_value (w, key, v);
}

static void
member_fact_value (JsonWriter *w, const RegistryAttribute *attribute, FeelValue value)
{
  if (attribute->kind == REGISTRY_MONEY)
    member_money (w, "value", value);
  else
    member_value (w, "value", value);
}

/* What other sources state instead. */
static void
write_rivals (JsonWriter *w, const RegistryProvenance *fact)
{
  char buffer[CIVIL_TEXT_MAX];
  json_key (w, "conflicts");
  json_begin_array (w);
  for (size_t i = 0; i < fact->n_rivals; i++) {
    json_begin_object (w);
    member_fact_value (w, fact->attribute, fact->rivals[i].value);
    json_member_str (w, "source", fact->rivals[i].source);
    json_member_str (w, "recorded_at", instant_format (fact->rivals[i].recorded_at, buffer));
    member_day (w, "valid_from", fact->rivals[i].valid_from);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_fact (JsonWriter *w, const RegistrySchema *schema, const RegistryProvenance *fact)
{
  g_autoptr (Arena) scratch = arena_new ();
  char buffer[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_str (w, "id", fact->attribute->id);
  policy_write_text (w, "label", (PolicyText){ fact->attribute->zh, fact->attribute->en });
  json_member_str (w, "subject",
                   fact->subject ? registry_subject_format (scratch, schema, fact->subject) : NULL);
  member_fact_value (w, fact->attribute, fact->value);
  json_member_str (w, "state",
                   fact->state == REGISTRY_VALUE  ? "value"
                   : fact->state == REGISTRY_NONE ? "none"
                   : fact->assumed                ? "by_absence"
                                                  : "unknown");
  json_member_str (w, "source", fact->source);
  if (fact->batch) {
    json_member_int (w, "batch", fact->batch);
    json_member_str (w, "recorded_at", instant_format (fact->recorded_at, buffer));
    member_day (w, "valid_from", fact->valid_from);
  }
  if (fact->n_rivals)
    write_rivals (w, fact);
  json_end_object (w);
}

static void
write_parameter (JsonWriter *w, const PolicyParameter *p, Day as_of)
{
  const PolicyParameterValue *value = policy_parameter_at (p, as_of);
  json_begin_object (w);
  json_member_str (w, "id", p->id);
  policy_write_text (w, "label", p->name);
  json_member_str (w, "unit", p->unit);
  if (value && *value->value_text)
    member_value (w, "value", value->value);
  else
    json_member_str (w, "value", NULL);
  json_member_str (w, "confidence", policy_confidence_id (value ? value->confidence : POLICY_MISSING));
  json_member_str (w, "reference", value ? value->reference : NULL);
  if (value)
    member_day (w, "in_force_from", value->from);
  json_end_object (w);
}

static void
write_sources (JsonWriter *w, const PolicyPackage *package, Day as_of, const RegistryProvenance *const *facts,
               size_t n_facts, const PolicyParameter *const *parameters, size_t n_parameters)
{
  json_key (w, "facts");
  json_begin_array (w);
  for (size_t i = 0; i < n_facts; i++)
    write_fact (w, policy_schema (package), facts[i]);
  json_end_array (w);
  json_key (w, "parameters");
  json_begin_array (w);
  for (size_t i = 0; i < n_parameters; i++)
    write_parameter (w, parameters[i], as_of);
  json_end_array (w);
}

static void
write_condition (JsonWriter *w, const PolicyPackage *package, Day as_of, const PolicyCondition *c)
{
  g_autoptr (Arena) scratch = arena_new ();
  json_begin_object (w);
  member_text (w, "input", c->input->label);
  member_text (w, "test", c->test->text);
  policy_write_text (w, "words",
                     (PolicyText){ policy_test_words (scratch, c->test->text, "zh"),
                                   policy_test_words (scratch, c->test->text, "en") });
  json_member_str (w, "status", dmn_status_id (c->status));
  member_value (w, "value", c->value);
  json_member_bool (w, "hidden", c->hidden);
  write_sources (w, package, as_of, c->facts, c->n_facts, c->parameters, c->n_parameters);
  json_end_object (w);
}

static void
write_rule (JsonWriter *w, const PolicyPackage *package, Day as_of, const DmnTable *table,
            const PolicyRuleTrace *rule)
{
  json_begin_object (w);
  member_text (w, "label", rule->rule->label);
  json_member_int (w, "line", rule->rule->line);
  json_member_str (w, "status", dmn_status_id (rule->status));
  json_member_bool (w, "matched", rule->matched);
  json_key (w, "conditions");
  json_begin_array (w);
  for (size_t i = 0; i < rule->n_conditions; i++)
    write_condition (w, package, as_of, &rule->conditions[i]);
  json_end_array (w);
  json_key (w, "notes");
  json_begin_object (w);
  for (size_t i = 0; i < table->n_annotations; i++) {
    g_autofree char *key = g_strndup (table->annotations[i].label.bytes, table->annotations[i].label.len);
    member_text (w, key, rule->rule->annotations[i].text);
  }
  json_end_object (w);
  json_end_object (w);
}

static void
write_reason (JsonWriter *w, const PolicyPackage *package, Day as_of, const PolicyReason *reason)
{
  json_begin_object (w);
  member_text (w, "decision", reason->decision->name);
  json_member_str (w, "unit", reason->decision->unit->id);
  member_value (w, "value", reason->value);
  json_member_bool (w, "hidden", reason->hidden);
  write_sources (w, package, as_of, reason->facts, reason->n_facts, reason->parameters, reason->n_parameters);
  json_key (w, "rules");
  json_begin_array (w);
  for (size_t i = 0; i < reason->n_rules; i++)
    write_rule (w, package, as_of, reason->decision->table, &reason->rules[i]);
  json_end_array (w);
  json_end_object (w);
}

static void
write_need (JsonWriter *w, const PolicyNeed *need)
{
  json_begin_object (w);
  json_member_str (w, "kind", need->is_parameter ? "parameter" : "fact");
  json_member_str (w, "name", need->name);
  if (need->hidden)
    json_member_bool (w, "hidden", true);
  if (need->fact) {
    policy_write_text (w, "label", (PolicyText){ need->fact->attribute->zh, need->fact->attribute->en });
    json_member_str (w, "source", need->fact->source);
  } else if (need->parameter)
    policy_write_text (w, "label", need->parameter->name);
  json_end_object (w);
}

static void
write_identity (JsonWriter *w, const PolicyPackage *package, const PolicyDetermination *d)
{
  g_autoptr (Arena) scratch = arena_new ();
  char buffer[CIVIL_TEXT_MAX];
  json_key (w, "clause");
  json_begin_object (w);
  json_member_int (w, "number", d->provision->clause->number);
  policy_write_text (w, "title", d->provision->clause->title);
  json_end_object (w);
  json_member_str (w, "provision", d->provision->id);
  json_member_str (w, "subject",
                   d->subject ? registry_subject_format (scratch, policy_schema (package), d->subject)
                              : NULL);
  json_member_str (w, "package", policy_hash (package));
  member_day (w, "as_of", d->as_of);
  member_day (w, "valid_at", d->at.valid_at);
  json_member_str (w, "known_at",
                   d->at.known_at == G_MAXINT64 ? NULL : instant_format (d->at.known_at, buffer));
}

void
policy_write_determination (JsonWriter *w, const PolicyPackage *package, const PolicyDetermination *d,
                            bool explain)
{
  json_begin_object (w);
  write_identity (w, package, d);
  policy_write_text (w, "what", d->provision->outcome);
  json_member_str (w, "strength", policy_strength_id (d->provision->strength));
  json_member_str (w, "outcome", policy_outcome_id (d->outcome));
  if (d->provision->amount && text_equal (d->provision->amount->type_name, text_of ("金额")))
    member_money (w, "amount", d->amount);
  else
    member_value (w, "amount", d->amount);
  policy_write_text (w, "amount_unit", d->provision->amount_unit);
  json_key (w, "needs");
  json_begin_array (w);
  for (size_t i = 0; i < d->n_needs; i++)
    write_need (w, &d->needs[i]);
  json_end_array (w);
  if (explain) {
    json_key (w, "reasons");
    json_begin_array (w);
    for (size_t i = 0; i < d->n_reasons; i++)
      write_reason (w, package, d->as_of, &d->reasons[i]);
    json_end_array (w);
  }
  json_key (w, "diagnostics");
  feel_write_diagnostics (w, d->diagnostics);
  json_end_object (w);
}

/* ---- words ------------------------------------------------------------- */

typedef struct {
  const char *symbol, *zh, *en;
} Phrase;

static const Phrase comparisons[] = {
  { ">=", "不低于 ", "at least " }, { "<=", "不高于 ", "at most " }, { "!=", "不是 ", "not " },
  { ">", "高于 ", "more than " },   { "<", "低于 ", "less than " },  { "=", "等于 ", "equal to " },
};

/* The whole test, not its head: constants that read badly as they stand. */
static const Phrase wholes[] = {
  { "true", "是", "yes" },
  { "false", "否", "no" },
  { "null", "没有", "none" },
  { "not(null)", "有", "some" },
  { "not(true)", "否，或没有", "no, or none" },
  { "not(false)", "是，或没有", "yes, or none" },
  { "-", "不限", "any" },
};

static bool
is_english (const char *language)
{
  return strcmp (language, "en") == 0;
}

static char *
words_of_range (Arena *arena, Text test, bool english)
{
  ptrdiff_t dots = text_find (test, "..", 0);
  if (dots < 0 || !strchr ("[(]", test.bytes[0]) || !strchr ("])[", test.bytes[test.len - 1]))
    return NULL;
  Text low = text_trim ((Text){ test.bytes + 1, (size_t)dots - 1 });
  Text high = text_trim ((Text){ test.bytes + dots + 2, test.len - (size_t)dots - 3 });
  bool low_in = test.bytes[0] == '[', high_in = test.bytes[test.len - 1] == ']';
  return arena_printf (arena, english ? "%s %.*s and %s %.*s" : "%s%.*s、%s%.*s",
                       english  ? low_in ? "at least" : "more than"
                       : low_in ? "不低于 "
                                : "高于 ",
                       (int)low.len, low.bytes,
                       english   ? high_in ? "at most" : "less than"
                       : high_in ? "不高于 "
                                 : "低于 ",
                       (int)high.len, high.bytes);
}

/* `"a","b"` → “a”或“b”; other texts unchanged. */
static char *
words_of_list (Arena *arena, Text test, bool english)
{
  g_autoptr (GString) out = g_string_new (NULL);
  bool inside = false;
  for (size_t i = 0; i < test.len; i++) {
    char c = test.bytes[i];
    if (c == '"')
      g_string_append (out, english ? "\"" : (inside = !inside) ? "“" : "”");
    else if (c == ',' && !inside) {
      g_string_append (out, english ? " or " : "或");
      while (i + 1 < test.len && test.bytes[i + 1] == ' ')
        i++;
    } else
      g_string_append_c (out, c);
  }
  return arena_text (arena, text_of (out->str));
}

char *
policy_test_words (Arena *arena, Text test, const char *language)
{
  bool english = is_english (language);
  test = text_trim (test);
  for (size_t i = 0; i < G_N_ELEMENTS (wholes); i++)
    if (text_equal (test, text_of (wholes[i].symbol)))
      return arena_text (arena, text_of (english ? wholes[i].en : wholes[i].zh));
  for (size_t i = 0; i < G_N_ELEMENTS (comparisons); i++)
    if (text_starts_with (test, comparisons[i].symbol)) {
      size_t skip = strlen (comparisons[i].symbol);
      char *rest = policy_test_words (arena, (Text){ test.bytes + skip, test.len - skip }, language);
      return arena_printf (arena, "%s%s", english ? comparisons[i].en : comparisons[i].zh, rest);
    }
  if (text_starts_with (test, "not(") && text_ends_with (test, ")")) {
    char *inner = policy_test_words (arena, (Text){ test.bytes + 4, test.len - 5 }, language);
    return arena_printf (arena, english ? "not %s" : "不是%s", inner);
  }
  char *range = test.len > 4 ? words_of_range (arena, test, english) : NULL;
  return range ? range : words_of_list (arena, test, english);
}

/* Whether TEST is several, one of which has to hold: `< 1, > 9`. */
static bool
is_list (Text test)
{
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < test.len; i++) {
    char c = test.bytes[i];
    if (quoted && c == '\\')
      i++;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == ',' && depth == 0)
      return true;
    else if (!quoted)
      depth += (c == '(' || c == '{') - (c == ')' || c == '}');
  }
  return false;
}

Text
policy_test_opposite (Arena *arena, Text test)
{
  static const struct {
    const char *symbol, *opposite;
  } operators[]
      = { { ">=", "<" }, { "<=", ">" }, { "!=", "=" }, { ">", "<=" }, { "<", ">=" }, { "=", "!=" } };
  test = text_trim (test);
  if (text_equal (test, TEXT_LITERAL ("-")) || !test.len)
    return (Text){ 0 };
  bool several = is_list (test);
  for (size_t i = 0; i < G_N_ELEMENTS (operators) && !several; i++)
    if (text_starts_with (test, operators[i].symbol)) {
      size_t skip = strlen (operators[i].symbol);
      return text_of (
          arena_printf (arena, "%s%.*s", operators[i].opposite, (int)(test.len - skip), test.bytes + skip));
    }
  if (!several && text_starts_with (test, "not(") && text_ends_with (test, ")"))
    return text_trim ((Text){ test.bytes + 4, test.len - 5 });
  return text_of (arena_printf (arena, "not(%.*s)", (int)test.len, test.bytes));
}
