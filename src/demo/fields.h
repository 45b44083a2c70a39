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
  E (INSURANCE, "insurance_spell")

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

#define DEMO_FIELDS(F) DEMO_RESIDENT_FIELDS (F) DEMO_OTHER_FIELDS (F) DEMO_PAPER_FIELDS (F)

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
