#include "compare.h"

FeelValue
compare_answer (const ColumnsProgram *program, size_t decision, const ColumnsAnswer *a, size_t i,
                Arena *arena)
{
  unsigned scale;
  size_t n;
  FeelKind kind = columns_program_kind (program, decision, &scale);
  const FeelValue *values = columns_program_values (program, decision, &n);
  if (a->unknown && a->unknown[i])
    return feel_unknown (arena, (FeelNeed){ 0 });
  if (a->none && a->none[i])
    return feel_null ();
  if (values)
    return values[a->numbers[i]];
  switch (kind) {
  case FEEL_BOOLEAN: return feel_boolean (a->truths[i]);
  case FEEL_DATE: return feel_date (a->numbers[i]);
  case FEEL_MONTHS_DURATION: return feel_months (a->numbers[i]);
  case FEEL_DAYS_DURATION:
    return (FeelValue){ .kind = FEEL_DAYS_DURATION, .span = { .seconds = a->numbers[i] * 86400 } };
  default: return feel_number (decimal_from_scaled (a->numbers[i], (int)scale));
  }
}

bool
compare_same (Arena *arena, FeelValue a, FeelValue b)
{
  return a.kind == b.kind && (a.kind <= FEEL_UNKNOWN || feel_is_true (feel_equal (arena, a, b)));
}

DmnStatus
compare_status (const ColumnsReasons *r, size_t rule, size_t input, size_t i)
{
  size_t k = rule * r->n_bytes + input / 8;
  guint8 bit = (guint8)(1 << input % 8);
  if (r->failed[k] && r->failed[k][i] & bit)
    return DMN_NOT_MET;
  return r->open[k] && r->open[k][i] & bit ? DMN_UNDECIDED : DMN_MET;
}

static bool
is_told (const ColumnsNeed *needs, const guint8 *const *missing, size_t n, size_t i, Text name)
{
  for (size_t k = 0; k < n; k++)
    if (missing[k] && missing[k][i] && text_equal (needs[k].name, name))
      return true;
  return false;
}

const char *
compare_needs (const ColumnsProgram *program, size_t decision, const ColumnsAnswer *a, size_t i,
               FeelValue expected, Arena *arena, CompareNeeds *count)
{
  size_t n, told = 0;
  const ColumnsNeed *needs = columns_program_needs (program, decision, &n);
  for (size_t k = 0; k < n; k++)
    told += a->missing[k] && a->missing[k][i];
  if (expected.kind != FEEL_UNKNOWN)
    return told ? "the answer is known, and yet waits for something" : NULL;
  for (size_t k = 0; k < expected.unknown->n; k++) {
    Text name = expected.unknown->needs[k]->name;
    if (!is_told (needs, a->missing, n, i, name))
      return arena_printf (arena, "%.*s is not told as missing", (int)name.len, name.bytes);
  }
  count->all++;
  count->same += told == expected.unknown->n;
  return NULL;
}
