/* Matters in words: who applies, how long it takes, which papers, where. */
#include "web/models.h"
#include "web/words.h"

const char *
view_applicant (const Page *page, const PolicyMatter *matter)
{
  const PolicyProvision *provision = matter->provision;
  const char *subject = page_label (page, provision->subject->zh, provision->subject->en);
  if (!provision->applicant)
    return subject;
  const RegistryEntity *who = provision->applicant->entity;
  return WORDS (page, MESSAGE_service_for__subject_who, html_value_string (subject),
                html_value_string (page_label (page, who->zh, who->en)));
}

const char *
view_limit_kind (const Page *page, PolicyLimitKind kind)
{
  static const Message messages[] = { [POLICY_LIMIT_ACCEPTANCE] = MESSAGE_service_limit_acceptance,
                                      [POLICY_LIMIT_STATUTORY] = MESSAGE_service_limit_statutory,
                                      [POLICY_LIMIT_PROMISED] = MESSAGE_service_limit_promised,
                                      [POLICY_LIMIT_CORRECTION] = MESSAGE_service_limit_correction,
                                      [POLICY_LIMIT_PUBLICITY] = MESSAGE_service_limit_publicity,
                                      [POLICY_LIMIT_OBJECTION] = MESSAGE_service_limit_objection,
                                      [POLICY_LIMIT_APPEAL] = MESSAGE_service_limit_appeal };
  return WORD (page, messages[kind]);
}

const char *
view_limit (const Page *page, const PolicyLimit *limit, Day day)
{
  static const Message messages[] = { [POLICY_WORKING_DAYS] = MESSAGE_service_working_days__n,
                                      [POLICY_DAYS] = MESSAGE_service_days__n,
                                      [POLICY_WORKING_HOURS] = MESSAGE_service_working_hours__n,
                                      [POLICY_MONTHS] = MESSAGE_service_months__n,
                                      [POLICY_YEARS] = MESSAGE_service_years__n };
  PolicyTimeUnit unit;
  int n = policy_limit_at (limit, day, &unit);
  return n < 0 ? WORD (page, MESSAGE_service_not_known) : WORDS (page, messages[unit], html_value_number (n));
}

const char *
view_level (const Page *page, PolicyLevel level)
{
  static const Message messages[] = { [POLICY_COUNTY_LEVEL] = MESSAGE_service_level_county,
                                      [POLICY_TOWNSHIP_LEVEL] = MESSAGE_service_level_township,
                                      [POLICY_VILLAGE_LEVEL] = MESSAGE_service_level_village };
  return WORD (page, messages[level]);
}

const char *
view_reach (const Page *page, PolicyReach reach)
{
  static const Message messages[] = { [POLICY_REACH_COUNTY] = MESSAGE_service_reach_county,
                                      [POLICY_REACH_CITY] = MESSAGE_service_reach_city,
                                      [POLICY_REACH_PROVINCE] = MESSAGE_service_reach_province,
                                      [POLICY_REACH_NATION] = MESSAGE_service_reach_nation };
  return WORD (page, messages[reach]);
}

const char *
view_payment (const Page *page, PolicyPayment payment)
{
  static const Message messages[] = { [POLICY_PAID_NOT] = MESSAGE_service_payment_none,
                                      [POLICY_PAID_ONCE] = MESSAGE_service_payment_once,
                                      [POLICY_PAID_MONTHLY] = MESSAGE_service_payment_monthly };
  return WORD (page, messages[payment]);
}

const char *
view_visits (const Page *page, const PolicyMatter *matter)
{
  return matter->visits ? WORDS (page, MESSAGE_service_visits__n, html_value_number (matter->visits))
                        : WORD (page, MESSAGE_service_no_visit);
}

const char *
view_fee (const Page *page, const PolicyMatter *matter)
{
  return matter->fee_fen
             ? WORDS (page, MESSAGE_service_fee_yuan__yuan,
                      html_value_string (view_money (page, decimal_from_scaled (matter->fee_fen, 2), true)))
             : WORD (page, MESSAGE_service_free);
}

const char *const *
view_grounds (const Page *page, const PolicyMatter *matter, bool granting)
{
  const DmnDecision *decision = matter->provision->eligible;
  const DmnTable *table = decision->table;
  size_t n = 0, n_rules = table && table->n_annotations ? table->n_rules : 0;
  const char **notes = arena_new0 (page->arena, const char *, n_rules + 1);
  for (size_t i = 0; i < n_rules; i++) {
    const DmnRule *rule = &table->rules[i];
    if (rule->annotations[0].text.len
        && text_equal (rule->outputs[0].text, text_of (granting ? "true" : "false")))
      notes[n++] = view_name (page, matter->clause, rule->annotations[0].text);
  }
  return notes;
}
