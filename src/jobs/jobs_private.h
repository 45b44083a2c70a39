/* What the parts of jobs share.
 *
 *   jobs.c       opening, tables, names, who may
 *   rules.c      the rules and words of the package
 *   check.c      what stands against an advertisement
 *   advertise.c  posting and changing
 *   close.c      closing, and what the office decides
 *   record.c     the post in the registry
 *   read.c       advertisements for readers */
#pragma once

#include "audit/audit.h"
#include "jobs/jobs.h"
#include "notices/notices.h"
#include "store/store.h"

/* ---- rules.c ------------------------------------------------------------------- */

/* One row of discrimination.csv or spam.csv. */
typedef struct {
  const JobsRule *rule; /* NULL: what this matches is in order, whatever else it matches */
  JobsWeight weight;
  const char *lawful_for; /* kinds of post whose clerk decides, separated by ";" */
  GRegex *regex;
} JobsPattern;

typedef struct {
  Arena *arena;
  size_t n_rules, n_patterns;
  JobsRule *rules;
  JobsPattern *patterns; /* those without a rule first */
} JobsRules;

/* From the folder of a package; FAULT_INPUT names file and row.  False leaves nothing. */
bool rules_load (JobsRules *rules, const char *folder, GError **error);
void rules_clear (JobsRules *rules);
/* NULL when there is none. */
const JobsRule *rules_find (const JobsRules *rules, const char *id);

struct Jobs {
  JobsOptions options;
  Store *store;
  const PolicyClause *clause; /* that has online employment */
  const RegistryEntity *post; /* 岗位 */
  const RegistryAttribute *employer_name;
  JobsRules rules;
};

/* ---- jobs.c ---------------------------------------------------------------------- */

gint64 jobs_now (const Jobs *jobs);
Day jobs_today (const Jobs *jobs);
/* What LIST has, in ARENA; also of none something that is not NULL. */
void *jobs_keep (Arena *arena, const GArray *list);
/* The number of the parameter ID today; false where none is stated. */
bool jobs_parameter (const Jobs *jobs, const char *id, int scale, gint64 *number);
/* FAULT_DENIED. */
bool jobs_check_employer (Jobs *jobs, const AccessAccount *who, Subject employer, GError **error);
bool jobs_check_office (const Jobs *jobs, const AccessAccount *who, GError **error);
/* False, with CODE and WHY. */
bool jobs_refuse (GError **error, FaultCode code, const char *why);
/* A reason or letter: FAULT_INPUT, naming WHAT, unless TEXT is UTF-8 of 1 to 1,000 characters. */
bool jobs_check_words (const char *text, const char *what, GError **error);
/* Inside a work: WHO did DEED to advertisement ID, about SUBJECT (0: nobody). */
bool jobs_note (StoreConnection *db, const AccessAccount *who, const char *deed, gint64 id, Subject subject,
                GError **error);
/* Inside a work: tell SUBJECT of post TITLE; REASON may be NULL. */
bool jobs_tell (StoreConnection *db, const Jobs *jobs, Subject subject, const char *kind, const char *title,
                const char *reason, const char *link, GError **error);

/* ---- record.c -------------------------------------------------------------------- */

/* Inside a work: POST as a record in the registry; *RECORD is made where it is 0. */
bool record_post (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
                  Subject *record, GError **error);
/* The record's post is closed, by END. */
bool record_end (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
                 JobsEnd end, GError **error);

/* ---- read.c ---------------------------------------------------------------------- */

/* FAULT_NOT_FOUND. */
bool post_find (StoreConnection *db, const Jobs *jobs, Arena *arena, gint64 id, JobsPost *post,
                GError **error);
/* The name of EMPLOYER, for whom WHO advertises.  NULL with FAULT_NOT_FOUND. */
const char *employer_name (const Jobs *jobs, Arena *arena, const AccessAccount *who, Subject employer,
                           GError **error);
/* "机械\n电工" and back; never NULL. */
const char *words_join (Arena *arena, const char *const *words);
