/* What each table of the data file must look like, so that a slip in the file is
 * a message with its line, never a county that cannot be. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum { DEMO_HOLDS_RATES, DEMO_HOLDS_NUMBERS, DEMO_HOLDS_TEXTS } DemoHolds;

typedef struct {
  DemoHolds holds;
  gint64 from, to;     /* bounds of numbers */
  const char *allowed; /* texts, blanks between; NULL: the schema decides */
} DemoShape;

/* clang-format off */
#define DEMO_RATES { DEMO_HOLDS_RATES, 0, 0, NULL }
#define DEMO_NUMBERS(from, to) { DEMO_HOLDS_NUMBERS, from, to, NULL }
#define DEMO_TEXTS(allowed) { DEMO_HOLDS_TEXTS, 0, 0, allowed }
/* clang-format on */

#define DEMO_WITH_CHILDREN "family one_parent three_generations grandparents husband_away"
#define DEMO_KIND_IDS "single couple dormitory " DEMO_WITH_CHILDREN
#define DEMO_SECTOR_IDS                                                                                      \
  "firm kindergarten primary junior senior vocational hospital health_centre hr_agency public_body "         \
  "child_welfare"
#define DEMO_RECOGNISED "正高 副高 中级 高级技师 技师 失业 leading studio"
#define DEMO_LISTS                                                                                           \
  "township_staff front_line researcher founder other_loans service village_head collective land_taken "     \
  "one_child settled needy carer equity term points refuses remote_care remote_care_away excellent "         \
  "technical"
#define DEMO_DEALINGS                                                                                        \
  "completes medical teacher research profitable arbitration employer_applies visited helped youth_event "   \
  "competition skills_contest job_fair"
#define DEMO_WORKPLACE_ROWS                                                                                  \
  "premium_in_full pay_by_post pay_by_skill pay_by_performance pay_by_innovation chief_system gold_system "  \
  "mentor_system points_system term_system two_lines hr_licence hr_filed training_centre trains "            \
  "assessor_if_training "                                                                                    \
  "assessor_conditions assessor grass_roots"
#define DEMO_PLACE_ROWS                                                                                      \
  "employment_point veterans_window service_counter minors_station transit broadband health_point"
#define DEMO_REGISTER_ROWS                                                                                   \
  "online asks_held_papers frequent nearby delegated city_wide cross_province hinders decided closes "       \
  "transferred led_here industrialised serves_manufacturing"
#define DEMO_SIZE_NAMES "微型 小型 中型 大型"

/* Every table the generator draws from: its id, what it holds, its rows.  One that
 * the file lacks is a fault, and so is one that nothing draws from.  Rows: "" one
 * without a name; "*" any, found by age or name, and where none is found nothing
 * happens; otherwise exactly these. */
/* clang-format off */
#define DEMO_TABLES(T)                                                  \
  T (household_kind, DEMO_TEXTS (DEMO_KIND_IDS), "urban rural")         \
  T (head_age, DEMO_NUMBERS (18, 104), DEMO_KIND_IDS)                   \
  T (ages, DEMO_NUMBERS (0, 104), "")                                   \
  T (spouse_gap, DEMO_NUMBERS (-20, 20), "")                            \
  T (birth_age, DEMO_NUMBERS (18, 45), "")                              \
  T (sibling_gap, DEMO_NUMBERS (1, 20), "")                             \
  T (children, DEMO_NUMBERS (0, 6), DEMO_WITH_CHILDREN)                 \
  T (boys, DEMO_RATES, "")                                              \
  T (single_men, DEMO_RATES, "")                                        \
  T (men_as_head, DEMO_RATES, "")                                       \
  T (one_parent_mothers, DEMO_RATES, "")                                \
  T (both_grandparents, DEMO_RATES, "")                                 \
  T (dormitory_men, DEMO_RATES, "")                                     \
  T (dormitory_size, DEMO_NUMBERS (1, 10), "")                          \
  T (surname, DEMO_TEXTS (NULL), "")                                    \
  T (hukou_from, DEMO_TEXTS (NULL), "urban rural dormitory stayed")     \
  T (hukou_rural, DEMO_RATES, "urban rural dormitory")                  \
  T (permit, DEMO_RATES, "*")                                           \
  T (permit_days, DEMO_NUMBERS (0, 3650), "")                           \
  T (taiwan, DEMO_RATES, "")                                            \
  T (education, DEMO_TEXTS (NULL), "*")                                 \
  T (profession, DEMO_TEXTS (NULL), "medical teacher")                  \
  T (stage, DEMO_TEXTS (NULL), "*")                                     \
  T (at_school, DEMO_RATES, "*")                                        \
  T (work_men, DEMO_TEXTS (NULL), "*")                                  \
  T (work_women, DEMO_TEXTS (NULL), "*")                                \
  T (sector, DEMO_TEXTS (DEMO_SECTOR_IDS " clinic"), "urban rural")     \
  T (employer_size, DEMO_NUMBERS (0, 3), "")                            \
  T (works_near, DEMO_RATES, "")                                        \
  T (income, DEMO_NUMBERS (0, 1000000), "*")                            \
  T (poor, DEMO_RATES, "urban rural elderly")                           \
  T (dibao, DEMO_RATES, "")                                             \
  T (assets_within, DEMO_RATES, "poor others")                          \
  T (insured_percent, DEMO_NUMBERS (0, 100), "*")                       \
  T (skill, DEMO_TEXTS (NULL), "*")                                     \
  T (title, DEMO_TEXTS (NULL), "*")                                     \
  T (medical_title, DEMO_TEXTS (NULL), "*")                             \
  T (medical_start, DEMO_NUMBERS (18, 40), "")                          \
  T (medical_spells, DEMO_NUMBERS (1, 4), "")                           \
  T (medical_rural, DEMO_RATES, "")                                     \
  T (disability, DEMO_RATES, "*")                                       \
  T (disability_kind, DEMO_TEXTS (NULL), "")                            \
  T (disability_level, DEMO_TEXTS (NULL), "")                           \
  T (illness, DEMO_RATES, "*")                                          \
  T (illness_kind, DEMO_TEXTS (NULL), "")                               \
  T (veteran_men, DEMO_RATES, "*")                                      \
  T (veteran_women, DEMO_RATES, "*")                                    \
  T (returnee, DEMO_RATES, "")                                          \
  T (orphan, DEMO_RATES, "")                                            \
  T (organisations, DEMO_RATES, DEMO_SECTOR_IDS)                        \
  T (firm_size, DEMO_NUMBERS (0, 3), "")                                \
  T (trade, DEMO_TEXTS (NULL), "")                                      \
  T (trade_code, DEMO_TEXTS (NULL), "*")                                \
  T (trade_words, DEMO_TEXTS (NULL), "*")                               \
  T (chain, DEMO_TEXTS (NULL), "*")                                     \
  T (cluster, DEMO_TEXTS (NULL), "*")                                   \
  T (dwelling, DEMO_TEXTS (NULL), "urban rural dormitory")              \
  T (lease_registered, DEMO_RATES, "")                                  \
  T (founded, DEMO_NUMBERS (0, 36500), "")                              \
  T (ownership, DEMO_TEXTS (NULL), "")                                  \
  T (staff, DEMO_NUMBERS (0, 1000000), DEMO_SIZE_NAMES)                 \
  T (revenue, DEMO_NUMBERS (0, 100000000), DEMO_SIZE_NAMES)             \
  T (vacancy, DEMO_RATES, "firm others")                                \
  T (class_size, DEMO_NUMBERS (1, 100), "town rural")                   \
  T (pupils_to_staff, DEMO_NUMBERS (1, 100), "")                        \
  T (school_is, DEMO_RATES, "boarding to_standard affordable private")  \
  T (marital_status, DEMO_TEXTS (NULL), "*")                            \
  T (pension_scheme, DEMO_TEXTS (NULL), "*")                            \
  T (skill_trade, DEMO_TEXTS (NULL), "")                                \
  T (certificate_days, DEMO_NUMBERS (1, 20000), "")                     \
  T (certificate_revoked, DEMO_RATES, "")                               \
  T (taiwan_certificate, DEMO_RATES, "")                                \
  T (taiwan_trade, DEMO_TEXTS (NULL), "")                               \
  T (recognised, DEMO_RATES, DEMO_RECOGNISED)                           \
  T (file, DEMO_RATES, "*")                                             \
  T (file_is, DEMO_RATES, "digitised complete elsewhere moved listed")  \
  T (insured_elsewhere, DEMO_RATES, "")                                 \
  T (insurance_base, DEMO_NUMBERS (0, 100000), "")                      \
  T (posts_offered, DEMO_NUMBERS (1, 9), "")                            \
  T (post_occupation, DEMO_TEXTS (NULL), "*")                           \
  T (post_wage, DEMO_NUMBERS (0, 100000), "firm others")                \
  T (post_education, DEMO_TEXTS (NULL), "firm others")                  \
  T (post_dedicated, DEMO_TEXTS (NULL), "firm others public_body")      \
  T (post_asks, DEMO_RATES, "hukou sex age shortage")                   \
  T (post_days, DEMO_NUMBERS (0, 3650), "")                             \
  T (hukou_code, DEMO_TEXTS (NULL), "本市外县 本省外市 外省")           \
  T (moved_within, DEMO_RATES, "urban rural")                           \
  T (here_days, DEMO_NUMBERS (0, 20000), "")                            \
  T (permit_endorsed, DEMO_RATES, "")                                   \
  T (away, DEMO_TEXTS ("无 丈夫 双方"), "*")                            \
  T (woman_listed, DEMO_RATES, "")                                      \
  T (standing, DEMO_RATES, DEMO_LISTS)                                  \
  T (unemployed_days, DEMO_NUMBERS (0, 20000), "")                      \
  T (on_establishment, DEMO_RATES, "public_body health school")         \
  T (professional, DEMO_RATES, "college others")                        \
  T (work_form, DEMO_TEXTS (NULL), "*")                                 \
  T (flexible_contribution, DEMO_NUMBERS (0, 100000), "")               \
  T (capacity, DEMO_TEXTS (NULL), "severe limited old others")          \
  T (insured_away, DEMO_RATES, "children adults")                       \
  T (medically_insured, DEMO_RATES, "")                                 \
  T (unemployment_percent, DEMO_NUMBERS (0, 100), "")                   \
  T (cadre, DEMO_RATES, "*")                                            \
  T (pay_form, DEMO_TEXTS (NULL), "")                                   \
  T (pension_tier, DEMO_NUMBERS (0, 100000), "")                        \
  T (technical_class, DEMO_TEXTS (NULL), "")                            \
  T (post_grade, DEMO_TEXTS (NULL), "professional others")              \
  T (service_programme, DEMO_TEXTS (NULL), "")                          \
  T (lease_days, DEMO_NUMBERS (0, 20000), "")                           \
  T (rigid_expenditure, DEMO_NUMBERS (0, 1000000), "ill others")        \
  T (homes_owned, DEMO_NUMBERS (0, 100), "owned others")                \
  T (housing_area, DEMO_NUMBERS (1, 500), "owned others")               \
  T (appraisal, DEMO_TEXTS (NULL), "")                                  \
  T (trained, DEMO_RATES, "*")                                          \
  T (training_kind, DEMO_TEXTS (NULL), "*")                             \
  T (assignment, DEMO_TEXTS (NULL), "medical teacher research")           \
  T (dealings, DEMO_RATES, DEMO_DEALINGS)                               \
  T (arbitration_kind, DEMO_TEXTS (NULL), "")                           \
  T (arbitration_outcome, DEMO_TEXTS (NULL), "")                        \
  T (visit_days, DEMO_NUMBERS (0, 1000), "")                            \
  T (benefit, DEMO_NUMBERS (0, 100000), "household orphan")             \
  T (workplace, DEMO_RATES, DEMO_WORKPLACE_ROWS)                        \
  T (staff_change, DEMO_NUMBERS (1, 500), "")                           \
  T (insured_staff, DEMO_NUMBERS (0, 100), "")                          \
  T (layoff, DEMO_NUMBERS (0, 10000), "")                               \
  T (eligible_hires, DEMO_NUMBERS (0, 100), "")                         \
  T (average_pay, DEMO_NUMBERS (0, 10000000), "firm others")            \
  T (pay_change, DEMO_NUMBERS (1, 500), "")                             \
  T (people_served, DEMO_NUMBERS (0, 1000000), "")                      \
  T (served_change, DEMO_NUMBERS (1, 500), "")                          \
  T (hr_services, DEMO_TEXTS (NULL), "")                                \
  T (founding_hours, DEMO_NUMBERS (0, 10000), "")                       \
  T (approved_staff, DEMO_NUMBERS (1, 500), "")                         \
  T (school_check, DEMO_RATES, "checked met")                           \
  T (township_has, DEMO_RATES, DEMO_PLACE_ROWS)                         \
  T (community_has, DEMO_RATES, DEMO_PLACE_ROWS)                        \
  T (village_has, DEMO_RATES, DEMO_PLACE_ROWS)                          \
  T (park_has, DEMO_RATES, "service_branch self_service talent_office training_centre taiwan_startup_centre") \
  T (keeper_kind, DEMO_TEXTS (NULL), "")                                \
  T (registers, DEMO_RATES, "offers flows agreements results")          \
  T (register_has, DEMO_RATES, DEMO_REGISTER_ROWS)                      \
  T (matter_kind, DEMO_TEXTS (NULL), "")                                \
  T (matter_days, DEMO_NUMBERS (1, 1000), "")                           \
  T (matter_promised, DEMO_NUMBERS (1, 100), "")                        \
  T (matter_department, DEMO_TEXTS (NULL), "")                          \
  T (fund_budget, DEMO_NUMBERS (1, 1000000), "")                        \
  T (fund_from, DEMO_TEXTS (NULL), "")                                  \
  T (barrier, DEMO_TEXTS (NULL), "")                                    \
  T (finance, DEMO_TEXTS (NULL), "")                                    \
  T (offer_side, DEMO_TEXTS (NULL), "")                                 \
  T (agreement_kind, DEMO_TEXTS (NULL), "")                             \
  T (research_kind, DEMO_TEXTS (NULL), "")                              \
  T (unknown, DEMO_RATES, "*")                                          \
  T (corrected, DEMO_RATES, "")                                         \
  T (disputed, DEMO_RATES, "")                                          \
  T (correction_percent, DEMO_NUMBERS (1, 1000), "")
/* clang-format on */
