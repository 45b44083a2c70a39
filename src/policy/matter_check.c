/* Checks of matters beyond loading: what people apply for has one, its body is named by the
 * clause, and no department promises more time than the law gives it. */
#include "policy_private.h"

#include <string.h>

/* About how many days N units are: for comparing limits in different units, of which one is
 * clearly the longer; a working day has eight hours, a week five of them. */
static double
about_days (int n, PolicyTimeUnit unit)
{
  static const double days[] = { [POLICY_WORKING_DAYS] = 7. / 5,
                                 [POLICY_DAYS] = 1,
                                 [POLICY_WORKING_HOURS] = 7. / 5 / 8,
                                 [POLICY_MONTHS] = 365. / 12,
                                 [POLICY_YEARS] = 365 };
  return n * days[unit];
}

static void
check_promise (const PolicyMatter *matter, Day today, DmnFaults *faults)
{
  PolicyTimeUnit promised_unit, statutory_unit;
  int promised = policy_limit_at (&matter->limits[POLICY_LIMIT_PROMISED], today, &promised_unit);
  int statutory = policy_limit_at (&matter->limits[POLICY_LIMIT_STATUTORY], today, &statutory_unit);
  if (promised < 0 || statutory < 0
      || about_days (promised, promised_unit) <= about_days (statutory, statutory_unit))
    return;
  dmn_faults_add (faults, DMN_ERROR, "promise-too-long", matter->clause->origin, matter->line, 1,
                  "matter %s: %s (%d %s) is longer than %s (%d %s); promise no more than the law gives",
                  matter->key, matter->limits[POLICY_LIMIT_PROMISED].parameter->name.zh, promised,
                  matter->limits[POLICY_LIMIT_PROMISED].parameter->unit,
                  matter->limits[POLICY_LIMIT_STATUTORY].parameter->name.zh, statutory,
                  matter->limits[POLICY_LIMIT_STATUTORY].parameter->unit);
}

static void
check_carriers (const PolicyClause *clause, DmnFaults *faults)
{
  for (size_t i = 0; clause->unit && i < clause->n_actions; i++)
    for (const char *const *carrier = clause->actions[i].carried_by; *carrier; carrier++) {
      const char *id = g_str_has_prefix (*carrier, "service:") ? *carrier + strlen ("service:") : NULL;
      if (id && policy_provision (clause, id) && !policy_clause_matter (clause, id))
        dmn_faults_add (
            faults, DMN_WARNING, "no-matter", clause->origin, policy_provision (clause, id)->line, 1,
            "action %s: people apply for \"%s\", but no matter says how; add one under \"matters\"",
            clause->actions[i].id, id);
    }
}

void
matters_check (const PolicyPackage *package, Day today, DmnFaults *faults)
{
  for (guint i = 0; i < package->pages->len; i++)
    check_carriers (package->pages->pdata[i], faults);
  for (guint i = 0; i < package->matters->len; i++) {
    const PolicyMatter *matter = package->matters->pdata[i];
    check_promise (matter, today, faults);
    if (!policy_clause_is_answered_by (matter->clause, matter->body))
      dmn_faults_add (
          faults, DMN_ERROR, "unknown-body", matter->clause->origin, matter->line, 1,
          "matter %s: clause %d names no department \"%s\"; write the lead (%s) or one that supports it",
          matter->key, matter->clause->number, matter->body, matter->clause->lead);
  }
}
