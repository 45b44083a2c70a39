/* Which values of a fact are tried: all that a text or truth may have; of a date or number one per
 * case that the decisions make of it. */
#include "barriers_private.h"

/* More texts than these are no list of kinds; more ways than these in which a date meets other facts
 * are not told apart; so many are tried of what is not told apart. */
enum { TEXTS_MAX = 64, WAYS_MAX = 160, SPREAD = 16 };

static PolicyText
text_name (const RegistryAttribute *a, const char *text)
{
  for (size_t i = 0; a->values_en && i < a->n_values; i++)
    if (g_str_equal (a->values[i], text))
      return (PolicyText){ text, a->values_en[i] };
  return (PolicyText){ text, text };
}

static Values
truths (Arena *arena)
{
  BarriersValue *values = arena_new0 (arena, BarriersValue, 2);
  values[0] = (BarriersValue){ feel_boolean (true), feel_boolean (true), { "是", "Yes" }, { 0 } };
  values[1] = (BarriersValue){ feel_boolean (false), feel_boolean (false), { "否", "No" }, { 0 } };
  return (Values){ 2, values };
}

Values
values_listed (Arena *arena, const RegistryAttribute *a, const ColumnsColumn *own)
{
  if (a->kind == REGISTRY_BOOLEAN)
    return truths (arena);
  size_t n = a->values ? a->n_values : own->n_texts;
  if (n > TEXTS_MAX)
    return (Values){ 0 };
  BarriersValue *values = arena_new0 (arena, BarriersValue, n);
  size_t n_values = 0;
  for (size_t i = 0; i < n; i++) {
    const char *text = a->values ? a->values[i] : arena_text (arena, own->texts[i]);
    if (!*text)
      continue; /* the dictionary of a column without texts */
    FeelValue value = feel_string (text_of (text));
    values[n_values++] = (BarriersValue){ value, value, text_name (a, text), { 0 } };
  }
  return (Values){ n_values, values };
}

/* ---- dates and numbers ------------------------------------------------------ */

void
values_bounds (const RegistryAttribute *a, const ColumnsColumn *own, Day as_of, gint64 *low, gint64 *high)
{
  *low = a->has_min ? a->min : own->min;
  *high = a->has_max ? a->max : own->max;
  if (a->kind == REGISTRY_DATE)
    *high = MIN (*high, as_of); /* a day of birth, or since when: not to come */
  *low = MIN (*low, *high);
}

FeelValue
values_value (const RegistryAttribute *a, gint64 value)
{
  return a->kind == REGISTRY_DATE ? feel_date (value) : feel_number (decimal_from_scaled (value, a->scale));
}

static const char *
shown (Arena *arena, const RegistryAttribute *a, gint64 value)
{
  char text[DECIMAL_TEXT_MAX];
  return arena_text (arena, text_of (a->kind == REGISTRY_DATE
                                         ? civil_format (value, text)
                                         : decimal_format (decimal_from_scaled (value, a->scale), text)));
}

static PolicyText
case_name (Arena *arena, const RegistryAttribute *a, gint64 from, gint64 to, gint64 low, gint64 high)
{
  const char *first = shown (arena, a, from), *last = shown (arena, a, to);
  if (from == to)
    return (PolicyText){ first, first };
  if (from == low)
    return (PolicyText){ arena_printf (arena, "%s 及以前", last), arena_printf (arena, "up to %s", last) };
  if (to == high)
    return (PolicyText){ arena_printf (arena, "%s 及以后", first),
                         arena_printf (arena, "%s or later", first) };
  return (PolicyText){ arena_printf (arena, "%s 至 %s", first, last),
                       arena_printf (arena, "%s to %s", first, last) };
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

/* Where the cases are not all, as many as SPREAD more, evenly between LOW and HIGH. */
static void
add_spread (GArray *firsts, gint64 low, gint64 high)
{
  for (gint64 i = 0; i < SPREAD; i++) {
    gint64 between = low + (high - low) / SPREAD * (i + 1);
    g_array_append_val (firsts, between);
  }
  g_array_append_val (firsts, high);
}

/* The cases of one decision; false where they are not all. */
static bool
add_cases (GArray *firsts, const Question *question, const Variation *v, const DmnDecision *decision,
           gint64 low, gint64 high)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (ColumnsProgram) program = question_compile (question, v->table, &decision, 1);
  bool all = true;
  size_t n;
  const gint64 *cases = columns_program_cases (program, v->column, low, high, WAYS_MAX, arena, &n, &all);
  g_array_append_vals (firsts, cases, (guint)n);
  return all && !columns_program_why (program, 0);
}

Values
values_of_cases (Arena *arena, const Question *question, const Variation *v,
                 const DmnDecision *const *decisions, size_t n_decisions, gint64 low, gint64 high, bool *all)
{
  g_autoptr (GArray) firsts = g_array_new (FALSE, FALSE, sizeof (gint64));
  bool spread = false;
  for (size_t i = 0; i < n_decisions; i++) {
    all[i] = add_cases (firsts, question, v, decisions[i], low, high);
    spread |= !all[i];
  }
  if (spread)
    add_spread (firsts, low, high);
  g_array_sort (firsts, compare);
  BarriersValue *values = arena_new0 (arena, BarriersValue, firsts->len);
  size_t n = 0;
  for (guint i = 0; i < firsts->len; i++) {
    gint64 from = g_array_index (firsts, gint64, i);
    gint64 to = i + 1 < firsts->len ? g_array_index (firsts, gint64, i + 1) - 1 : high;
    if (to >= from)
      values[n++] = (BarriersValue){ values_value (v->attribute, from),
                                     values_value (v->attribute, to),
                                     case_name (arena, v->attribute, from, to, low, high),
                                     { 0 } };
  }
  return (Values){ n, values };
}

const char *
barriers_value_text (Arena *arena, FeelValue value)
{
  char text[DECIMAL_TEXT_MAX];
  switch (value.kind) {
  case FEEL_BOOLEAN: return value.boolean ? "true" : "false";
  case FEEL_DATE: return arena_text (arena, text_of (civil_format (value.date, text)));
  case FEEL_NUMBER: return arena_text (arena, text_of (decimal_format (value.number, text)));
  default: return arena_text (arena, value.string);
  }
}
