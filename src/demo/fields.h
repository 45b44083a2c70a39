/* The attributes that the county fills, by their ids in registry.yaml. */
#pragma once

#define DEMO_ENTITY_LIST(E)                                                                                  \
  E (RESIDENT, "resident")                                                                                   \
  E (HOUSEHOLD, "household")                                                                                 \
  E (ORGANISATION, "organisation")                                                                           \
  E (PLACE, "place")                                                                                         \
  E (SCHOOL, "school")                                                                                       \
  E (PARK, "park")                                                                                           \
  E (SPELL, "work_spell")                                                                                    \
  E (POST, "post")                                                                                           \
  E (FILE, "file")                                                                                           \
  E (TRANSFER, "file_transfer")                                                                              \
  E (MATERIAL, "file_material")                                                                              \
  E (CERTIFICATE, "certificate")                                                                             \
  E (RECOGNITION, "recognition")                                                                             \
  E (INSURANCE, "insurance_spell")                                                                           \
  E (BENEFIT, "benefit")                                                                                     \
  E (TRAINING, "training")                                                                                   \
  E (ASSIGNMENT, "assignment")                                                                               \
  E (APPRAISAL, "appraisal")                                                                                 \
  E (RESULT, "result")                                                                                       \
  E (CONTRIBUTION, "contribution")                                                                           \
  E (AGREEMENT, "agreement")                                                                                 \
  E (OFFER, "offer")                                                                                         \
  E (EVENT, "event")                                                                                         \
  E (ENROLMENT, "enrolment")                                                                                 \
  E (FLOW, "flow")                                                                                           \
  E (CHECK, "school_check")                                                                                  \
  E (VISIT, "visit")                                                                                         \
  E (MATTER, "matter")                                                                                       \
  E (FUND, "fund")                                                                                           \
  E (RULE, "rule_document")                                                                                  \
  E (ARBITRATION, "arbitration")

#define DEMO_RESIDENT_FIELDS(F)                                                                              \
  F (RESIDENT, NAME, "name")                                                                                 \
  F (RESIDENT, ID_NUMBER, "id_number")                                                                       \
  F (RESIDENT, SEX, "sex")                                                                                   \
  F (RESIDENT, BIRTH_DATE, "birth_date")                                                                     \
  F (RESIDENT, PHONE, "phone")                                                                               \
  F (RESIDENT, OF_HOUSEHOLD, "household")                                                                    \
  F (RESIDENT, ROLE, "household_role")                                                                       \
  F (RESIDENT, TOWNSHIP, "township")                                                                         \
  F (RESIDENT, RESIDENCE, "residence")                                                                       \
  F (RESIDENT, HUKOU_PLACE, "hukou_place")                                                                   \
  F (RESIDENT, HUKOU_KIND, "hukou_kind")                                                                     \
  F (RESIDENT, PERMIT, "residence_permit")                                                                   \
  F (RESIDENT, PERMIT_ISSUED, "residence_permit_issued")                                                     \
  F (RESIDENT, MARITAL_STATUS, "marital_status")                                                             \
  F (RESIDENT, WORK, "employment_status")                                                                    \
  F (RESIDENT, EMPLOYER, "employer")                                                                         \
  F (RESIDENT, INCOME, "monthly_income")                                                                     \
  F (RESIDENT, INSURED, "insured_months")                                                                    \
  F (RESIDENT, PENSION_SCHEME, "pension_scheme")                                                             \
  F (RESIDENT, EDUCATION, "education")                                                                       \
  F (RESIDENT, STAGE, "school_stage")                                                                        \
  F (RESIDENT, AT_SCHOOL, "school")                                                                          \
  F (RESIDENT, SKILL, "skill_level")                                                                         \
  F (RESIDENT, TITLE, "title_level")                                                                         \
  F (RESIDENT, MEDICAL, "medical_professional")                                                              \
  F (RESIDENT, TEACHER, "teacher")                                                                           \
  F (RESIDENT, VETERAN, "veteran")                                                                           \
  F (RESIDENT, TAIWAN, "taiwan")                                                                             \
  F (RESIDENT, RETURNEE, "returnee")                                                                         \
  F (RESIDENT, DISABILITY_LEVEL, "disability_level")                                                         \
  F (RESIDENT, DISABILITY_KIND, "disability_kind")                                                           \
  F (RESIDENT, ILLNESS, "serious_illness")                                                                   \
  F (RESIDENT, MIGRANT_CHILD, "migrant_child")                                                               \
  F (RESIDENT, LEFT_BEHIND_CHILD, "left_behind_child")                                                       \
  F (RESIDENT, LEFT_BEHIND_WOMAN, "left_behind_woman")                                                       \
  F (RESIDENT, ORPHAN, "orphan")                                                                             \
  F (RESIDENT, FATHER, "father")                                                                             \
  F (RESIDENT, MOTHER, "mother")                                                                             \
  F (RESIDENT, SEEKING, "seeking_work")                                                                      \
  F (RESIDENT, WANTED_OCCUPATION, "wanted_occupation")                                                       \
  F (RESIDENT, WANTED_WAGE, "wanted_wage")                                                                   \
  F (RESIDENT, WANTED_TOWNSHIP, "wanted_township")                                                           \
  F (RESIDENT, HARD_TO_EMPLOY, "hard_to_employ")                                                             \
  F (RESIDENT, SKILL_TRADE, "skill_trade")                                                                   \
  F (RESIDENT, SKILL_DATE, "skill_date")                                                                     \
  F (RESIDENT, TITLE_DATE, "title_date")                                                                     \
  F (RESIDENT, TAIWAN_QUALIFICATION, "taiwan_qualification")

#define DEMO_OTHER_FIELDS(F)                                                                                 \
  F (HOUSEHOLD, NAME, "name")                                                                                \
  F (HOUSEHOLD, NUMBER, "register_number")                                                                   \
  F (HOUSEHOLD, HEAD, "head")                                                                                \
  F (HOUSEHOLD, SIZE, "size")                                                                                \
  F (HOUSEHOLD, TOWNSHIP, "township")                                                                        \
  F (HOUSEHOLD, OF_PLACE, "place")                                                                           \
  F (HOUSEHOLD, KIND, "kind")                                                                                \
  F (HOUSEHOLD, REGISTERED_HERE, "registered_here")                                                          \
  F (HOUSEHOLD, DWELLING, "dwelling")                                                                        \
  F (HOUSEHOLD, LEASE_REGISTERED, "lease_registered")                                                        \
  F (HOUSEHOLD, ASSETS_WITHIN, "assets_within_limits")                                                       \
  F (HOUSEHOLD, DIBAO, "dibao")                                                                              \
  F (ORGANISATION, NAME, "name")                                                                             \
  F (ORGANISATION, CREDIT_CODE, "credit_code")                                                               \
  F (ORGANISATION, KIND, "kind")                                                                             \
  F (ORGANISATION, OWNERSHIP, "ownership")                                                                   \
  F (ORGANISATION, FOUNDED_ON, "founded_on")                                                                 \
  F (ORGANISATION, TOWNSHIP, "township")                                                                     \
  F (ORGANISATION, IN_PARK, "park")                                                                          \
  F (ORGANISATION, CHAIN, "chain")                                                                           \
  F (ORGANISATION, INDUSTRY_CODE, "industry_code")                                                           \
  F (ORGANISATION, SCALE, "scale")                                                                           \
  F (ORGANISATION, REVENUE, "annual_revenue")                                                                \
  F (ORGANISATION, STAFF, "staff")                                                                           \
  F (ORGANISATION, HAS_VACANCY, "has_vacancy")                                                               \
  F (ORGANISATION, OF_FIELD, "field")                                                                        \
  F (ORGANISATION, RURAL, "rural")                                                                           \
  F (ORGANISATION, HR_AGENCY, "hr_agency")                                                                   \
  F (ORGANISATION, CHILD_WELFARE, "child_welfare")                                                           \
  F (ORGANISATION, LEADING, "leading")                                                                       \
  F (PLACE, NAME, "name")                                                                                    \
  F (PLACE, CODE, "code")                                                                                    \
  F (PLACE, KIND, "kind")                                                                                    \
  F (PLACE, PARENT, "parent")                                                                                \
  F (PLACE, TOWNSHIP, "township")                                                                            \
  F (PLACE, RURAL, "rural")                                                                                  \
  F (SCHOOL, NAME, "name")                                                                                   \
  F (SCHOOL, CODE, "code")                                                                                   \
  F (SCHOOL, RUN_BY, "organisation")                                                                         \
  F (SCHOOL, KIND, "kind")                                                                                   \
  F (SCHOOL, STAGE, "stage")                                                                                 \
  F (SCHOOL, TOWNSHIP, "township")                                                                           \
  F (SCHOOL, RURAL, "rural")                                                                                 \
  F (SCHOOL, PUPILS, "pupils")                                                                               \
  F (SCHOOL, CLASSES, "classes")                                                                             \
  F (SCHOOL, STAFF, "staff")                                                                                 \
  F (SCHOOL, PLACES, "places")                                                                               \
  F (SCHOOL, BOARDING, "boarding")                                                                           \
  F (SCHOOL, AFFORDABLE, "affordable")                                                                       \
  F (SCHOOL, TO_STANDARD, "managed_to_standard")                                                             \
  F (PARK, NAME, "name")                                                                                     \
  F (PARK, CODE, "code")                                                                                     \
  F (PARK, KIND, "kind")                                                                                     \
  F (PARK, TOWNSHIP, "township")                                                                             \
  F (PARK, NOMINATED, "county_nominated")                                                                    \
  F (PARK, LEVEL, "recognised_level")                                                                        \
  F (PARK, AWARD_PAID, "county_award_paid")                                                                  \
  F (SPELL, OF_RESIDENT, "resident")                                                                         \
  F (SPELL, AT, "organisation")                                                                              \
  F (SPELL, RURAL, "rural")                                                                                  \
  F (SPELL, MEDICAL, "medical")                                                                              \
  F (SPELL, STARTED_ON, "started_on")                                                                        \
  F (SPELL, ENDED_ON, "ended_on")

#define DEMO_PAPER_FIELDS(F)                                                                                 \
  F (POST, NAME, "name")                                                                                     \
  F (POST, CODE, "code")                                                                                     \
  F (POST, AT, "organisation")                                                                               \
  F (POST, KIND, "kind")                                                                                     \
  F (POST, TOWNSHIP, "township")                                                                             \
  F (POST, RURAL, "rural")                                                                                   \
  F (POST, OCCUPATION, "occupation")                                                                         \
  F (POST, HEADCOUNT, "headcount")                                                                           \
  F (POST, WAGE_FROM, "wage_from")                                                                           \
  F (POST, WAGE_TO, "wage_to")                                                                               \
  F (POST, EDUCATION, "education")                                                                           \
  F (POST, AGE_TO, "age_to")                                                                                 \
  F (POST, SEX, "sex")                                                                                       \
  F (POST, HUKOU, "hukou")                                                                                   \
  F (POST, DEDICATED_TO, "dedicated_to")                                                                     \
  F (POST, ROUND, "round")                                                                                   \
  F (POST, SHORTAGE, "shortage")                                                                             \
  F (POST, OPENING_RATIO, "opening_ratio")                                                                   \
  F (POST, PUBLISHED_ON, "published_on")                                                                     \
  F (FILE, NUMBER, "number")                                                                                 \
  F (FILE, OF_RESIDENT, "resident")                                                                          \
  F (FILE, KIND, "kind")                                                                                     \
  F (FILE, KEEPER, "keeper")                                                                                 \
  F (FILE, KEEPER_NAME, "keeper_name")                                                                       \
  F (FILE, KEEPER_PLACE, "keeper_place")                                                                     \
  F (FILE, RECEIVED_ON, "received_on")                                                                       \
  F (FILE, DIGITISED, "digitised")                                                                           \
  F (FILE, COMPLETE, "complete")                                                                             \
  F (TRANSFER, OF_FILE, "file")                                                                              \
  F (TRANSFER, FROM, "from_keeper")                                                                          \
  F (TRANSFER, TO, "to_keeper")                                                                              \
  F (TRANSFER, CROSS_PLACE, "cross_place")                                                                   \
  F (TRANSFER, REQUESTED_ON, "requested_on")                                                                 \
  F (TRANSFER, SENT_ON, "sent_on")                                                                           \
  F (TRANSFER, RECEIVED_ON, "received_on")                                                                   \
  F (MATERIAL, OF_FILE, "file")                                                                              \
  F (MATERIAL, NAME, "name")                                                                                 \
  F (MATERIAL, KIND, "kind")                                                                                 \
  F (MATERIAL, DIGITISED, "digitised")                                                                       \
  F (CERTIFICATE, OF_RESIDENT, "resident")                                                                   \
  F (CERTIFICATE, KIND, "kind")                                                                              \
  F (CERTIFICATE, NAME, "name")                                                                              \
  F (CERTIFICATE, NUMBER, "number")                                                                          \
  F (CERTIFICATE, TRADE, "trade")                                                                            \
  F (CERTIFICATE, LEVEL, "level")                                                                            \
  F (CERTIFICATE, ISSUER, "issuer")                                                                          \
  F (CERTIFICATE, ISSUED_ON, "issued_on")                                                                    \
  F (CERTIFICATE, REVOKED_ON, "revoked_on")                                                                  \
  F (RECOGNITION, OF_RESIDENT, "resident")                                                                   \
  F (RECOGNITION, OF_ORGANISATION, "organisation")                                                           \
  F (RECOGNITION, OF_PARK, "park")                                                                           \
  F (RECOGNITION, KIND, "kind")                                                                              \
  F (RECOGNITION, LEVEL, "level")                                                                            \
  F (RECOGNITION, NAME, "name")                                                                              \
  F (RECOGNITION, NUMBER, "number")                                                                          \
  F (RECOGNITION, ISSUER, "issuer")                                                                          \
  F (RECOGNITION, ON, "recognised_on")                                                                       \
  F (INSURANCE, OF_RESIDENT, "resident")                                                                     \
  F (INSURANCE, SCHEME, "scheme")                                                                            \
  F (INSURANCE, CATEGORY, "category")                                                                        \
  F (INSURANCE, REGION, "region")                                                                            \
  F (INSURANCE, STARTED_ON, "started_on")                                                                    \
  F (INSURANCE, ENDED_ON, "ended_on")                                                                        \
  F (INSURANCE, MONTHS, "months")                                                                            \
  F (INSURANCE, BASE, "monthly_base")                                                                        \
  F (INSURANCE, ACCOUNT, "account")                                                                          \
  F (INSURANCE, ACCOUNT_KIND, "account_kind")

#define DEMO_STANDING_FIELDS(F)                                                                              \
  F (RESIDENT, HUKOU_CODE, "hukou_code")                                                                     \
  F (RESIDENT, SINCE, "resident_since")                                                                      \
  F (RESIDENT, REFUSALS, "work_refusals")                                                                    \
  F (RESIDENT, POST_GRADE, "post_grade")                                                                     \
  F (RESIDENT, POST_GRADE_SINCE, "post_grade_since")                                                         \
  F (RESIDENT, SKILL_POINTS, "skill_points")                                                                 \
  F (RESIDENT, TERM, "term_appointment")                                                                     \
  F (RESIDENT, EQUITY, "equity_incentive")                                                                   \
  F (RESIDENT, PAY_FORM, "pay_form")                                                                         \
  F (RESIDENT, EXCELLENT, "excellent_student")                                                               \
  F (RESIDENT, TECHNICAL_CLASS, "technical_class")                                                           \
  F (RESIDENT, REMOTE_CARE, "remote_care")                                                                   \
  F (RESIDENT, PENSION_TIER, "pension_tier")                                                                 \
  F (RESIDENT, PERMIT_ENDORSED, "residence_permit_endorsed")                                                 \
  F (RESIDENT, AWAY, "lives_away")                                                                           \
  F (RESIDENT, FORM, "employment_form")                                                                      \
  F (RESIDENT, UNEMPLOYED_SINCE, "registered_unemployed_since")                                              \
  F (RESIDENT, FOUNDER, "founder")                                                                           \
  F (RESIDENT, FLEXIBLE, "flexible_contribution")                                                            \
  F (RESIDENT, CAPACITY, "working_capacity")                                                                 \
  F (RESIDENT, LAND_TAKEN, "land_taken")                                                                     \
  F (RESIDENT, ONE_CHILD, "one_child_family")                                                                \
  F (RESIDENT, OTHER_LOANS, "other_loans")                                                                   \
  F (RESIDENT, ON_ESTABLISHMENT, "on_establishment")                                                         \
  F (RESIDENT, CADRE, "retires_as_cadre")                                                                    \
  F (RESIDENT, TOWNSHIP_STAFF, "township_staff")                                                             \
  F (RESIDENT, FRONT_LINE, "front_line")                                                                     \
  F (RESIDENT, UNEMPLOYMENT_INSURED, "unemployment_insured_months")                                          \
  F (RESIDENT, MEDICAL_SCHEME, "medical_scheme")                                                             \
  F (RESIDENT, INSURED_PLACE, "insured_place")                                                               \
  F (RESIDENT, GRADUATED, "graduation_date")                                                                 \
  F (RESIDENT, PROFESSIONAL, "professional")                                                                 \
  F (RESIDENT, RESEARCHER, "researcher")                                                                     \
  F (RESIDENT, DISCHARGED, "discharged_on")                                                                  \
  F (RESIDENT, RETURNED, "returned_on")                                                                      \
  F (RESIDENT, SERVICE, "service_programme")                                                                 \
  F (RESIDENT, SERVICE_STARTED, "service_started_on")                                                        \
  F (RESIDENT, SERVICE_COMPLETED, "service_completed_on")                                                    \
  F (RESIDENT, VILLAGE_HEAD, "village_head")                                                                 \
  F (RESIDENT, VILLAGE_HEAD_SINCE, "village_head_since")                                                     \
  F (RESIDENT, NEEDY, "needy_student")                                                                       \
  F (RESIDENT, SETTLED, "settled_farmer")                                                                    \
  F (RESIDENT, COLLECTIVE, "collective_member")                                                              \
  F (RESIDENT, CARER, "carer")                                                                               \
  F (HOUSEHOLD, AREA, "housing_area")                                                                        \
  F (HOUSEHOLD, LEASE_STARTED, "lease_started_on")                                                           \
  F (HOUSEHOLD, LEASE_ENDS, "lease_ends_on")                                                                 \
  F (HOUSEHOLD, HOMES_OWNED, "homes_owned")                                                                  \
  F (HOUSEHOLD, DIBAO_SINCE, "dibao_since")                                                                  \
  F (HOUSEHOLD, RIGID, "rigid_expenditure")                                                                  \
  F (HOUSEHOLD, CHECKED, "checked_on")

#define DEMO_WORKPLACE_FIELDS(F)                                                                             \
  F (ORGANISATION, OF_PLACE, "place")                                                                        \
  F (ORGANISATION, REPRESENTATIVE, "representative")                                                         \
  F (ORGANISATION, STAFF_LAST_YEAR, "staff_last_year")                                                       \
  F (ORGANISATION, INSURED_STAFF, "insured_staff")                                                           \
  F (ORGANISATION, PREMIUM, "unemployment_premium")                                                          \
  F (ORGANISATION, IN_FULL, "premium_in_full")                                                               \
  F (ORGANISATION, LAYOFF, "layoff_rate")                                                                    \
  F (ORGANISATION, ELIGIBLE_HIRES, "eligible_hires")                                                         \
  F (ORGANISATION, FAVOURED, "favoured_contributions")                                                       \
  F (ORGANISATION, FOUNDING_HOURS, "founding_hours")                                                         \
  F (ORGANISATION, POST_TOTAL, "post_total")                                                                 \
  F (ORGANISATION, PROFESSIONAL_POSTS, "professional_posts")                                                 \
  F (ORGANISATION, SENIOR_POSTS, "senior_posts")                                                             \
  F (ORGANISATION, MIDDLE_POSTS, "middle_posts")                                                             \
  F (ORGANISATION, GRASS_ROOTS, "grass_roots")                                                               \
  F (ORGANISATION, COMMUNITY, "medical_community")                                                           \
  F (ORGANISATION, AVERAGE_PAY, "average_pay")                                                               \
  F (ORGANISATION, PAY_BEFORE, "average_pay_before")                                                         \
  F (ORGANISATION, HR_LICENCE, "hr_licence")                                                                 \
  F (ORGANISATION, HR_SERVICES, "hr_services")                                                               \
  F (ORGANISATION, HR_FILED, "hr_filed")                                                                     \
  F (ORGANISATION, SERVED, "people_served")                                                                  \
  F (ORGANISATION, SERVED_BEFORE, "people_served_before")                                                    \
  F (ORGANISATION, TRAINING_KIND, "training_kind")                                                           \
  F (ORGANISATION, ASSESSOR, "skill_assessor")                                                               \
  F (ORGANISATION, CONDITIONS, "assessor_conditions")                                                        \
  F (ORGANISATION, TWO_LINES, "two_lines")                                                                   \
  F (ORGANISATION, BY_POST, "pay_by_post_value")                                                             \
  F (ORGANISATION, BY_SKILL, "pay_by_skill")                                                                 \
  F (ORGANISATION, BY_PERFORMANCE, "pay_by_performance")                                                     \
  F (ORGANISATION, BY_INNOVATION, "pay_by_innovation")                                                       \
  F (ORGANISATION, CHIEFS, "chief_system")                                                                   \
  F (ORGANISATION, GOLD, "gold_system")                                                                      \
  F (ORGANISATION, MENTORS, "mentor_system")                                                                 \
  F (ORGANISATION, TERMS, "term_system")                                                                     \
  F (ORGANISATION, POINTS, "points_system")                                                                  \
  F (PLACE, EMPLOYMENT_POINT, "employment_point")                                                            \
  F (PLACE, VETERANS_WINDOW, "veterans_window")                                                              \
  F (PLACE, HEALTH_POINT, "health_point")                                                                    \
  F (PLACE, COUNTER, "service_counter")                                                                      \
  F (PLACE, MINORS_STATION, "minors_station")                                                                \
  F (PLACE, TRANSIT, "transit")                                                                              \
  F (PLACE, BROADBAND, "broadband")                                                                          \
  F (SCHOOL, TEACHERS, "teachers")                                                                           \
  F (SCHOOL, APPROVED_STAFF, "approved_staff")                                                               \
  F (SCHOOL, BOARDERS, "boarders")                                                                           \
  F (CHECK, OF_SCHOOL, "school")                                                                             \
  F (CHECK, ITEM, "item")                                                                                    \
  F (CHECK, MET, "met")                                                                                      \
  F (CHECK, ON, "checked_on")                                                                                \
  F (PARK, UPPER_PAID, "upper_award_paid")                                                                   \
  F (PARK, BRANCH, "service_branch")                                                                         \
  F (PARK, SELF_SERVICE, "self_service")                                                                     \
  F (PARK, TALENT_OFFICE, "talent_office")                                                                   \
  F (PARK, TRAINING_CENTRE, "training_centre")                                                               \
  F (PARK, TAIWAN_CENTRES, "taiwan_centres")                                                                 \
  F (PARK, TAIWAN_STARTUP, "taiwan_startup_centre")                                                          \
  F (FILE, KEEPER_KIND, "keeper_kind")

#define DEMO_REGISTER_FIELDS(F)                                                                              \
  F (BENEFIT, OF_RESIDENT, "resident")                                                                       \
  F (BENEFIT, OF_HOUSEHOLD, "household")                                                                     \
  F (BENEFIT, OF_PARK, "park")                                                                               \
  F (BENEFIT, KIND, "kind")                                                                                  \
  F (BENEFIT, CLAUSE, "clause")                                                                              \
  F (BENEFIT, AMOUNT, "amount")                                                                              \
  F (BENEFIT, PAID_ON, "paid_on")                                                                            \
  F (BENEFIT, FROM, "period_from")                                                                           \
  F (BENEFIT, TO, "period_to")                                                                               \
  F (TRAINING, OF_RESIDENT, "resident")                                                                      \
  F (TRAINING, PROVIDER, "provider")                                                                         \
  F (TRAINING, EMPLOYER, "employer")                                                                         \
  F (TRAINING, KIND, "kind")                                                                                 \
  F (TRAINING, OCCUPATION, "occupation")                                                                     \
  F (TRAINING, TARGET, "target_level")                                                                       \
  F (TRAINING, STARTED_ON, "started_on")                                                                     \
  F (TRAINING, ENDED_ON, "ended_on")                                                                         \
  F (TRAINING, COMPLETED, "completed")                                                                       \
  F (ASSIGNMENT, OF_RESIDENT, "resident")                                                                    \
  F (ASSIGNMENT, HOME_UNIT, "home_unit")                                                                     \
  F (ASSIGNMENT, OTHER_UNIT, "other_unit")                                                                   \
  F (ASSIGNMENT, KIND, "kind")                                                                               \
  F (ASSIGNMENT, STARTED_ON, "started_on")                                                                   \
  F (ASSIGNMENT, AGREED_UNTIL, "agreed_until")                                                               \
  F (ASSIGNMENT, PROFITABLE, "profitable")                                                                   \
  F (APPRAISAL, OF_RESIDENT, "resident")                                                                     \
  F (APPRAISAL, YEAR, "year")                                                                                \
  F (APPRAISAL, RESULT, "result")                                                                            \
  F (RESULT, NAME, "name")                                                                                   \
  F (RESULT, CODE, "code")                                                                                   \
  F (RESULT, OWNER, "owner")                                                                                 \
  F (RESULT, ADOPTER, "adopter")                                                                             \
  F (RESULT, RESEARCH_KIND, "research_kind")                                                                 \
  F (RESULT, LED_HERE, "led_here")                                                                           \
  F (RESULT, INDUSTRIALISED, "industrialised_here")                                                          \
  F (RESULT, MANUFACTURING, "serves_manufacturing")                                                          \
  F (RESULT, MODE, "mode")                                                                                   \
  F (RESULT, TRANSFERRED_ON, "transferred_on")                                                               \
  F (RESULT, INCOME, "net_income")                                                                           \
  F (CONTRIBUTION, TO_RESULT, "result")                                                                      \
  F (CONTRIBUTION, OF_RESIDENT, "resident")                                                                  \
  F (CONTRIBUTION, MAIN, "main")                                                                             \
  F (CONTRIBUTION, SHARE, "share")                                                                           \
  F (AGREEMENT, NAME, "name")                                                                                \
  F (AGREEMENT, KIND, "kind")                                                                                \
  F (AGREEMENT, FIRST, "first")                                                                              \
  F (AGREEMENT, SECOND, "second")                                                                            \
  F (AGREEMENT, SIGNED_ON, "signed_on")                                                                      \
  F (AGREEMENT, ENDS_ON, "ends_on")                                                                          \
  F (OFFER, NAME, "name")                                                                                    \
  F (OFFER, AT, "organisation")                                                                              \
  F (OFFER, SIDE, "side")                                                                                    \
  F (OFFER, TRADE, "trade")                                                                                  \
  F (OFFER, CATEGORY, "category")                                                                            \
  F (OFFER, AMOUNT, "amount")                                                                                \
  F (OFFER, RATE, "yearly_rate")                                                                             \
  F (OFFER, MONTHS, "months")                                                                                \
  F (OFFER, FINANCE, "finance")                                                                              \
  F (OFFER, PUBLISHED_ON, "published_on")                                                                    \
  F (OFFER, CLOSES_ON, "closes_on")                                                                          \
  F (EVENT, NAME, "name")                                                                                    \
  F (EVENT, KIND, "kind")                                                                                    \
  F (EVENT, ACTIVITY, "activity")                                                                            \
  F (EVENT, ORGANISER, "organiser")                                                                          \
  F (EVENT, STARTS_ON, "starts_on")                                                                          \
  F (EVENT, ENDS_ON, "ends_on")                                                                              \
  F (EVENT, PLACES, "places")                                                                                \
  F (ENROLMENT, IN_EVENT, "event")                                                                           \
  F (ENROLMENT, OF_RESIDENT, "resident")                                                                     \
  F (ENROLMENT, ON, "enrolled_on")                                                                           \
  F (FLOW, KIND, "kind")                                                                                     \
  F (FLOW, FROM, "from_place")                                                                               \
  F (FLOW, TO, "to_place")                                                                                   \
  F (FLOW, YEAR, "year")                                                                                     \
  F (FLOW, AREA, "area")                                                                                     \
  F (FLOW, AMOUNT, "amount")                                                                                 \
  F (VISIT, OF_RESIDENT, "resident")                                                                         \
  F (VISIT, VISITOR, "visitor")                                                                              \
  F (VISIT, ON, "visited_on")                                                                                \
  F (VISIT, HELP, "help")                                                                                    \
  F (MATTER, NAME, "name")                                                                                   \
  F (MATTER, CODE, "code")                                                                                   \
  F (MATTER, DEPARTMENT, "department")                                                                       \
  F (MATTER, KIND, "kind")                                                                                   \
  F (MATTER, STATUTORY, "statutory_days")                                                                    \
  F (MATTER, PROMISED, "promised_days")                                                                      \
  F (MATTER, VISITS, "visits")                                                                               \
  F (MATTER, HELD, "held_papers")                                                                            \
  F (MATTER, FREQUENT, "frequent")                                                                           \
  F (MATTER, NEARBY, "nearby")                                                                               \
  F (MATTER, DELEGATED, "delegated")                                                                         \
  F (MATTER, CITY_WIDE, "city_wide")                                                                         \
  F (MATTER, CROSS_PROVINCE, "cross_province")                                                               \
  F (MATTER, HALL, "provincial_hall")                                                                        \
  F (FUND, PURPOSE, "purpose")                                                                               \
  F (FUND, CLAUSE, "clause")                                                                                 \
  F (FUND, DEPARTMENT, "department")                                                                         \
  F (FUND, MONEY_FROM, "money_from")                                                                         \
  F (FUND, YEAR, "year")                                                                                     \
  F (FUND, BUDGETED, "budgeted")                                                                             \
  F (FUND, SPENT, "spent")                                                                                   \
  F (FUND, BEFORE, "budgeted_before")                                                                        \
  F (RULE, TITLE, "title")                                                                                   \
  F (RULE, NUMBER, "number")                                                                                 \
  F (RULE, ISSUER, "issuer")                                                                                 \
  F (RULE, ISSUED_ON, "issued_on")                                                                           \
  F (RULE, KIND, "kind")                                                                                     \
  F (RULE, HINDERS, "hinders")                                                                               \
  F (RULE, BARRIER, "barrier")                                                                               \
  F (RULE, OUTCOME, "outcome")                                                                               \
  F (RULE, DECIDED_ON, "decided_on")                                                                         \
  F (ARBITRATION, NAME, "name")                                                                              \
  F (ARBITRATION, NUMBER, "number")                                                                          \
  F (ARBITRATION, OF_RESIDENT, "resident")                                                                   \
  F (ARBITRATION, AGAINST, "organisation")                                                                   \
  F (ARBITRATION, APPLICANT, "applicant")                                                                    \
  F (ARBITRATION, KIND, "kind")                                                                              \
  F (ARBITRATION, AMOUNT, "amount")                                                                          \
  F (ARBITRATION, KNOWN_ON, "known_on")                                                                      \
  F (ARBITRATION, APPLIED_ON, "applied_on")                                                                  \
  F (ARBITRATION, ACCEPTANCE, "acceptance")                                                                  \
  F (ARBITRATION, ACCEPTANCE_ON, "acceptance_on")                                                            \
  F (ARBITRATION, SERVED_ON, "served_on")                                                                    \
  F (ARBITRATION, ARBITRATORS, "arbitrators")                                                                \
  F (ARBITRATION, NOTIFIED_ON, "notified_on")                                                                \
  F (ARBITRATION, HEARING_ON, "hearing_on")                                                                  \
  F (ARBITRATION, OUTCOME, "outcome")                                                                        \
  F (ARBITRATION, CLOSED_ON, "closed_on")

#define DEMO_FIELDS(F)                                                                                       \
  DEMO_RESIDENT_FIELDS (F)                                                                                   \
  DEMO_OTHER_FIELDS (F)                                                                                      \
  DEMO_PAPER_FIELDS (F)                                                                                      \
  DEMO_STANDING_FIELDS (F)                                                                                   \
  DEMO_WORKPLACE_FIELDS (F)                                                                                  \
  DEMO_REGISTER_FIELDS (F)

enum {
#define E(name, id) DEMO_##name,
  DEMO_ENTITY_LIST (E)
#undef E
      DEMO_ENTITIES
};

enum {
#define F(entity, name, id) DEMO_##entity##_##name,
  DEMO_FIELDS (F)
#undef F
      DEMO_FIELD_COUNT
};
