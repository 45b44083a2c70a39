/* View: values of the modules below, in words of the page's language.  Results
 * live in the page's arena. */
#pragma once

#include "web/page.h"

Language page_other_language (const Page *page);
const char *page_account_name (const Page *page);

const char *view_role (const Page *page, const AccessAccount *account);
const char *view_strength (const Page *page, PolicyStrength strength);
const char *view_confidence (const Page *page, PolicyConfidence confidence);
const char *view_outcome (const Page *page, PolicyOutcome outcome);
const char *view_hit_policy (const Page *page, DmnHitPolicy policy);
/* "met", "unmet" or "undecided": the class that draws its sign. */
const char *view_status_class (DmnStatus status);

/* "五" or "5", for 1 … 99. */
const char *view_ordinal (const Page *page, int number);
/* "（十五）" or "Clause 15"; with its title behind it. */
const char *view_clause_label (const Page *page, const PolicyClause *clause);
const char *view_clause_title (const Page *page, const PolicyClause *clause);
/* The texts of a NULL-terminated array, joined; a dash for none. */
const char *view_list (const Page *page, const char *const *texts);
const char *view_figures (const Page *page, const PolicyClause *clause);
/* What carries out an action: its kind, its name, and where it stands on the clause's page
 * (NULL: nowhere). */
typedef struct {
  const char *kind, *name, *link;
} ViewCarrier;
const ViewCarrier *view_carriers (const Page *page, const PolicyClause *clause, const PolicyAction *action,
                                  size_t *n);
/* How scarce places are shared out: the method, what happens to equals, a number of places. */
const char *view_method (const Page *page, PolicyMethod method);
const char *view_ties (const Page *page, PolicyTies ties);
const char *view_reserve_kind (const Page *page, PolicyReserveKind kind);
const char *view_places (const Page *page, const PolicyClause *clause, const PolicyNumber *number);

/* Of a matter: who applies for whom; what a limit is for, and how long it is (or that nobody knows). */
const char *view_applicant (const Page *page, const PolicyMatter *matter);
const char *view_limit_kind (const Page *page, PolicyLimitKind kind);
const char *view_limit (const Page *page, const PolicyLimit *limit, Day day);
const char *view_level (const Page *page, PolicyLevel level);
const char *view_reach (const Page *page, PolicyReach reach);
const char *view_payment (const Page *page, PolicyPayment payment);
const char *view_visits (const Page *page, const PolicyMatter *matter);
const char *view_fee (const Page *page, const PolicyMatter *matter);
/* The notes of the rules that grant it (GRANTING) or refuse it; NULL-terminated. */
const char *const *view_grounds (const Page *page, const PolicyMatter *matter, bool granting);

const char *view_day (const Page *page, Day day);
/* "2021-09-30 至今"; ends that are open say so. */
const char *view_period (const Page *page, Day from, Day to);

/* A value for people: numbers grouped, true as 是, null as 无, unknown as 未知. */
const char *view_result (const Page *page, FeelValue value);
const char *view_parameter_value (const Page *page, const PolicyParameter *parameter,
                                  const PolicyParameterValue *value);
const char *view_amount (const Page *page, const PolicyDetermination *determination);
/* A decision's, output's or annotation's name; in English by the clause's own labels. */
const char *view_name (const Page *page, const PolicyClause *clause, Text name);
/* A step of a trial: its value, undecided in words; the notes of the rules that gave it, or NULL. */
const char *view_trace_value (const Page *page, const DmnTrace *step);
const char *view_trace_note (const Page *page, const PolicyClause *clause, const DmnTrace *step);
/* "yes", "no", "undetermined" back to the outcome it spells. */
PolicyOutcome view_outcome_of (const char *id);
/* A path such as 园区.认定级别; in English by the labels of schema and parameters. */
const char *view_path (const Page *page, const PolicyClause *clause, Text path);
/* "zh-CN" when TEXT is Chinese on an English page, for the lang attribute; else NULL. */
const char *view_language (const Page *page, const char *text);
/* A unary test of the input PATH in words, a dash for "-"; a cell's source, strings without quotes. */
const char *view_test (const Page *page, const PolicyClause *clause, Text path, Text test);
const char *view_cell (const Page *page, Text source);

/* A fact's value with unit and label of the allowed value. */
const char *view_plain_fact (const Page *page, const RegistryProvenance *fact);
const char *view_since (const Page *page, const RegistryProvenance *fact);
/* What another source states instead of FACT, and since when it holds. */
const char *view_rival (const Page *page, const RegistryProvenance *fact, const RegistryRival *rival);
const char *view_rival_since (const Page *page, const RegistryRival *rival);
/* "12,345"; with its sign, "+12", "−3", "0". */
const char *view_count (const Page *page, gint64 n);
const char *view_signed (const Page *page, gint64 n);
const char *view_barrier_kind (const Page *page, RegistryBarrierKind kind);
/* What TARGET comes to now, by COUNTS (web_counts_of; or NULL); NULL: not counted. */
const char *view_target_now (const Page *page, const PolicyClause *clause, const PolicyTarget *target,
                             const PopulationClause *counts);
/* What a provision comes to for all who qualify, with its unit; a dash where it is no money: days
 * and years do not add up. */
const char *view_sum (const Page *page, const PolicyProvision *provision, const PopulationCount *count);
/* A number that population_hide_few may have hidden: itself, "1–4", or a dash. */
const char *view_told (const Page *page, gint64 n);
/* N of OF in thousandths; 0 where either is hidden. */
int view_permille (gint64 n, gint64 of);
/* The same as people read it: "12%", "3.4%", "<0.1%"; empty where either is hidden. */
const char *view_percent (const Page *page, gint64 n, gint64 of);
/* A sum that reform_hide_few may have held: itself, or a dash; and for a year (NULL: the period does not
 * tell). */
const char *view_money (const Page *page, Decimal amount, bool told);
const char *view_year (const Page *page, ReformPeriod period, Decimal sum, bool told);
/* Whether something is on record, or follows from a complete load. */
bool view_is_recorded (const RegistryProvenance *fact);
/* What is missing, and who holds it or which rule must supply it. */
const char *view_need (const Page *page, const PolicyProvision *provision, const PolicyNeed *need);
/* A fact's name, with its entity before it where that is not the clause's subject. */
const char *view_fact_name (const Page *page, const PolicyProvision *provision,
                            const RegistryAttribute *attribute);
/* The same wherever it stands: "居民·月收入". */
const char *view_attribute_name (const Page *page, const RegistryAttribute *attribute);
const char *view_sensitivity (const Page *page, RegistrySensitivity sensitivity);
/* "public", "personal", "sensitive": ids for programs and style sheets. */
const char *view_sensitivity_id (RegistrySensitivity sensitivity);
/* How long a fact is kept, and by which rule: two lines, or that no rule says. */
const char *view_kept (const Page *page, const RegistryRetention *kept);
const char *view_kept_reason (const Page *page, const RegistryRetention *kept); /* NULL where no rule says */
/* A value as text from the registry ("true", "2500.00"), in words; NULL is none. */
const char *view_fact_text (const Page *page, const RegistryAttribute *attribute, const char *text);
/* "2021-09-30 08:15" of an instant in UTC seconds, in Asia/Shanghai. */
const char *view_instant (const Page *page, gint64 seconds);
const char *view_request_kind (const Page *page, RightsKind kind);
const char *view_request_status (const Page *page, RightsStatus status);
/* Which decisions of the clause use a fact, or that its service declares it. */
const char *view_use (const Page *page, const PolicyUse *use);
const char *view_need_holder (const Page *page, const PolicyNeed *need, Day as_of);

/* Its path without the subject that the page is about. */
const char *view_condition_label (const Page *page, const PolicyProvision *provision,
                                  const PolicyCondition *condition);
const char *view_condition_value (const Page *page, const PolicyCondition *condition);
/* What is asked for, in words, with the number a name stands for; where the condition
 * speaks AGAINST, its opposite. */
const char *view_wanted (const Page *page, const PolicyClause *clause, const PolicyCondition *condition,
                         bool against);
/* The facts behind CONDITION (NULL: behind a step), a line per record with its department
 * and since when; NULL-terminated. */
const char *const *view_sources (const Page *page, const PolicyProvision *provision,
                                 const PolicyCondition *condition, const RegistryProvenance *const *facts,
                                 size_t n);
/* A step's value, or that it is withheld: facts of other members of a household
 * need their mandate to be shown. */
const char *view_reason_value (const Page *page, const PolicyReason *reason);
/* "met", "not met", "undecided" for those who do not see the sign. */
const char *view_status (const Page *page, DmnStatus status);
/* The annotations of the rules that gave the answer, or NULL. */
const char *view_reason_note (const Page *page, const PolicyClause *clause, const PolicyReason *reason);

/* What TARGET counts, and the figure asked for, in words. */
const char *view_target_measure (const Page *page, const PolicyTarget *target);
const char *view_target_goal (const Page *page, const PolicyTarget *target);

/* Of a box of a clause's diagram: its name, that in at most three lines
 * (NULL-terminated), the class of its shape, and where the first line stands. */
const char *view_box_name (const Page *page, const PolicyClause *clause, const DmnBox *box);
const char *const *view_box_lines (const Page *page, const char *name);
const char *view_box_class (const DmnBox *box);
const char *view_line_class (const DmnBox *from);
int view_box_text_top (const DmnBox *box, const char *const *lines);

/* Markdown as markup: no raw HTML, no dangerous links (cmark's safe mode). */
struct html view_markdown (const Page *page, const char *markdown);

/* What FAULT says against a form, in the reader's language; in English where nobody has said it in Chinese. */
const char *view_problem (const WebRequest *request, const GError *fault);
