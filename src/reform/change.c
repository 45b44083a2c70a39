/* A change of parameters: read from text, and laid over those in force. */
#include "reform_private.h"

/* TEXT without the unit behind it. */
static char *
without_unit (Arena *arena, const PolicyParameter *p, const char *text)
{
  Text value = text_trim (text_of (text));
  if (*p->unit && p->type->kind == FEEL_TYPE_NUMBER && text_ends_with (value, p->unit))
    value = text_trim ((Text){ value.bytes, value.len - strlen (p->unit) });
  return arena_text (arena, value);
}

bool
reform_setting_read (Arena *arena, const PolicyPackage *package, Day as_of, const char *text,
                     ReformSetting *setting, GError **error)
{
  const char *sign = strchr (text, '=');
  if (!sign) {
    g_set_error (error, FAULT, FAULT_USAGE, "\"%s\" sets nothing; write NAME=VALUE", text);
    return false;
  }
  const char *name = arena_text (arena, text_trim ((Text){ text, (size_t)(sign - text) }));
  const PolicyParameter *p = policy_parameter (package, name);
  if (!p) {
    g_set_error (error, FAULT, FAULT_USAGE,
                 "there is no parameter \"%s\"; the page of a clause and its file name those it reads", name);
    return false;
  }
  *setting = (ReformSetting){ .parameter = p, .before = policy_parameter_at (p, as_of) };
  const char *value = without_unit (arena, p, sign + 1);
  if (!policy_parameter_parse (p, value, &setting->value) || !*value) {
    g_set_error (error, FAULT, FAULT_USAGE, "%s is a %s%s%s; \"%s\" is none", p->name.zh, p->type_name,
                 *p->unit ? ", in " : "", p->unit, sign + 1);
    return false;
  }
  setting->text = feel_display (arena, setting->value);
  return true;
}

FeelValue
change_parameters (const PolicyPackage *package, Arena *arena, Day as_of, const ReformSetting *settings,
                   size_t n)
{
  FeelValue all = policy_parameters_value (package, arena, as_of);
  FeelEntry *entries = arena_copy (arena, all.context->entries, all.context->n * sizeof *entries);
  for (size_t i = 0; i < all.context->n; i++)
    for (size_t s = 0; s < n; s++)
      if (text_equal (entries[i].name, text_of (settings[s].parameter->name.zh)))
        entries[i].value = settings[s].value;
  return feel_context (arena, entries, all.context->n);
}

/* ---- how often an amount is paid ------------------------------------------ */

static const char *const periods[] = { NULL, "month", "year", "once", "payment" };

const char *
reform_period_id (ReformPeriod period)
{
  return periods[period];
}

/* By the unit in the clause's file: 元/月, 元/年（最多）, 元（一次性）, 元. */
ReformPeriod
reform_period (const PolicyProvision *provision)
{
  const char *unit = provision->amount ? provision->amount_unit.zh : "";
  if (provision->audience == POLICY_FOR_COUNTY || !g_str_has_prefix (unit, "元"))
    return REFORM_NO_MONEY;
  unit += strlen ("元");
  return g_str_has_prefix (unit, "/月")    ? REFORM_MONTHLY
         : g_str_has_prefix (unit, "/年")  ? REFORM_YEARLY
         : strstr (unit, "一次性") != NULL ? REFORM_ONCE
                                           : REFORM_PER_PAYMENT;
}

bool
reform_per_year (ReformPeriod period, Decimal sum, Decimal *year)
{
  *year = period == REFORM_MONTHLY ? decimal_mul (sum, decimal_from_int64 (12)) : sum;
  return period == REFORM_MONTHLY || period == REFORM_YEARLY;
}
