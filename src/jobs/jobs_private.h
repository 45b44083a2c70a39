/* What the parts of jobs share.
 *
 *   jobs.c       opening, tables, names, who may
 *   rules.c      the rules and words of the package
 *   check.c      what stands against an advertisement
 *   advertise.c  posting and changing
 *   close.c      closing, and what the office decides
 *   record.c     the post in the registry
 *   read.c       advertisements for readers
 *   search.c     looking for advertisements
 *   facts.c      what a person's record has that a profile can show
 *   profile.c    a seeker's profile
 *   acts.c       the acts of an application: by whom, from where to where
 *   apply.c      applying and inviting
 *   act.c        the steps after it
 *   applications.c  applications for readers
 *   fair.c       a fair: announcing, bringing posts, naming and ranking
 *   arrange.c    who meets whom when
 *   fairs.c      fairs for readers
 *   meaning.c    what words mean by the vocabulary
 *   sides.c      both sides in memory, as the market takes them
 *   board.c      runs of the market, put together from them
 *   match.c      who suits whom, and why
 *   alert.c      who is told of new posts, and to whom posts are brought */
#pragma once

#include "audit/audit.h"
#include "jobs/jobs.h"
#include "notices/notices.h"
#include "store/store.h"

/* In the log: why facts of people were read or written. */
#define JOBS_PURPOSE "online-employment"

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

/* search.c: the open advertisements in memory. */
typedef struct JobsIndex JobsIndex;
void index_free (JobsIndex *index); /* NULL is ignored */

/* board_private.h: both sides in memory; NULL where the package has no market of jobs. */
typedef struct Board Board;

struct Jobs {
  JobsOptions options;
  Store *store;
  const PolicyClause *clause; /* that has online employment */
  const RegistryEntity *resident;
  const RegistryEntity *post; /* 岗位 */
  const RegistryAttribute *employer_name;
  JobsRules rules;
  GMutex lock;      /* of what is below; the texts' own index has its own */
  JobsIndex *index; /* NULL: not made yet */
  Board *board;     /* it has a lock of its own */
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

/* ---- check.c --------------------------------------------------------------------- */

/* FAULT_INPUT, naming FIELD, unless TEXT is plain: at most MOST characters without markup, ID number or what
 * nobody sees.  NULL is in order. */
bool check_plain (const Jobs *jobs, Arena *arena, const char *field, const char *text, glong most,
                  GError **error);

/* ---- record.c -------------------------------------------------------------------- */

/* Inside a work: POST as a record in the registry; *RECORD is made where it is 0. */
bool record_post (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
                  Subject *record, GError **error);
/* The record's post is closed, by END. */
bool record_end (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
                 JobsEnd end, GError **error);

/* From today on SEEKER is on record as seeking work by PROFILE; NULL: as seeking none. */
bool record_seeker (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, Subject seeker,
                    const JobsProfile *profile, GError **error);

/* The outcome of an application: SEEKER works for POST's employer from FIRST_DAY on.  PLACEMENTS in
 * public-welfare posts so far. */
bool record_work (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
                  gint64 application, Subject seeker, Day first_day, gint64 placements, GError **error);

/* The fair as an event, made into *EVENT. */
bool record_fair (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsFair *fair,
                  Subject *event, GError **error);

/* ---- fair.c ---------------------------------------------------------------------- */

/* FAULT_NOT_FOUND. */
bool fair_find (StoreConnection *db, Arena *arena, gint64 id, JobsFair *fair, GError **error);
/* When time INDEX of FAIR begins, in UTC seconds. */
gint64 fair_time (const JobsFair *fair, int index);
int fair_times (const JobsFair *fair);
/* The number of the one row that SQL gives with so many NUMBERS; 0 where there is none. */
bool number_of (StoreConnection *db, const char *sql, const gint64 *numbers, int n_numbers, gint64 *number,
                GError **error);
/* A statement without rows, with N NUMBERS. */
bool run_numbers (StoreConnection *db, const char *sql, const gint64 *numbers, int n, GError **error);

/* ---- facts.c --------------------------------------------------------------------- */

/* What SEEKER's record has today. */
typedef struct {
  size_t n_facts;
  const JobsFact *facts; /* that a profile can show */
  gint64 born;           /* a day, or as a market takes what is not there: likewise below */
  gint64 hard_to_employ; /* 0 or 1 */
  const char *home;      /* township code, where posts near home are recommended to them; NULL: not */
} SeekerRecord;
/* By WHO, whose permit for the clause says whether they may. */
bool seeker_read (const Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker,
                  SeekerRecord *record, GError **error);
/* FAULT_DENIED unless WHO is a resident who may apply. */
bool seeker_check (const Jobs *jobs, const AccessAccount *who, GError **error);
/* The name on WHO's own record; NULL with an error. */
const char *seeker_name (const Jobs *jobs, Arena *arena, const AccessAccount *who, GError **error);

/* ---- profile.c ------------------------------------------------------------------- */

/* That of SEEKER, or (SEEKER 0) with ID, under its name; *FOUND tells whether there is one. */
bool profile_find (StoreConnection *db, const Jobs *jobs, Arena *arena, Subject seeker, gint64 id,
                   JobsProfile *profile, bool *found, GError **error);

/* What PROFILE keeps, as a record: no more than the person lets be used. */
bool profile_record (StoreConnection *db, const JobsProfile *profile, SeekerRecord *record, GError **error);

/* ---- acts.c ---------------------------------------------------------------------- */

typedef struct {
  bool by_employer;
  guint from; /* bits of the stages it may be done in */
  JobsStage to;
  const char *kind; /* of the notice to the other side */
  bool words_needed;
} ActRule;
const ActRule *act_rule (JobsAct act);

/* ---- applications.c --------------------------------------------------------------- */

/* An application as it is kept. */
typedef struct {
  gint64 id, post;
  Subject seeker;
  const char *account, *name, *letter, *contact; /* ACCOUNT: NULL while only invited */
  JobsStage stage;
  int picked; /* -1: none */
  Day first_day;
  gint64 placements, opened_at, changed_at;
} ApplicationRow;

/* That with ID, or (ID 0) of SEEKER for POST. */
bool application_find (StoreConnection *db, Arena *arena, gint64 id, gint64 post, Subject seeker,
                       ApplicationRow *row, bool *found, GError **error);
bool application_write (StoreConnection *db, const ApplicationRow *row, GError **error);
/* What was done, after what was done before. */
bool application_step (StoreConnection *db, gint64 id, JobsAct act, gint64 at, const char *words,
                       GError **error);
/* WHO looked at people's facts, before they are handed out: at SUBJECT's, or at those of SEEN. */
bool record_read (const Jobs *jobs, const AccessAccount *who, AuditAct act, Subject subject,
                  const AuditSet *seen, const char *deed, GError **error);
/* Tell the side that did not do it of ACT. */
bool application_tell (StoreConnection *db, const Jobs *jobs, const ApplicationRow *row, const JobsPost *post,
                       JobsAct act, const char *words, GError **error);

/* ---- apply.c ---------------------------------------------------------------------- */

/* What the clause's PROVISION says of SEEKER, under WHO's permit. */
bool seeker_determine (const Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker,
                       const PolicyProvision *provision, PolicyOutcome *outcome, GError **error);
/* Whether the clause lets WHO take POST: of working age, and for a public-welfare post one of whom it is for,
 * whose PLACEMENTS so far are read.  FAULT_CONFLICT. */
bool seeker_qualifies (Jobs *jobs, Arena *arena, const AccessAccount *who, const JobsPost *post,
                       gint64 *placements, GError **error);

/* ---- act.c ------------------------------------------------------------------------ */

/* POST takes nobody any more: who still waits is told. */
bool applications_lapse (StoreConnection *db, const Jobs *jobs, Arena *arena, const JobsPost *post,
                         GError **error);
/* WHO looks no more: what they have open is withdrawn. */
bool applications_end (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, GError **error);

/* ---- close.c ---------------------------------------------------------------------- */

/* Inside a work: POST is closed by END; who waits is told. */
bool post_close (StoreConnection *db, Jobs *jobs, Arena *arena, const AccessAccount *who, JobsPost *post,
                 JobsEnd end, const char *reason, GError **error);

/* ---- read.c ---------------------------------------------------------------------- */

/* FAULT_NOT_FOUND. */
bool post_find (StoreConnection *db, const Jobs *jobs, Arena *arena, gint64 id, JobsPost *post,
                GError **error);
/* The same where it may be missing: what another has put in since DB's state began is not there yet. */
bool post_look (StoreConnection *db, const Jobs *jobs, Arena *arena, gint64 id, JobsPost *post, bool *there,
                GError **error);
/* The name of EMPLOYER, for whom WHO advertises.  NULL with FAULT_NOT_FOUND. */
const char *employer_name (const Jobs *jobs, Arena *arena, const AccessAccount *who, Subject employer,
                           GError **error);
/* "机械\n电工" and back; never NULL. */
const char *words_join (Arena *arena, const char *const *words);
const char *const *words_split (Arena *arena, const char *joined);
