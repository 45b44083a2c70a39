/* Online employment: what its pages and its interface share. */
#pragma once

#include "web/market_parts.h"

/* The open advertisements. */
typedef struct {
  JobsSearch asked;
  const char *pay;  /* as it was typed */
  const char *next; /* the address of the next page; NULL: none */
  const JobsFound *found;
  bool employer, office, seeker; /* what the reader may do here */
} JobsModel;

/* One advertisement. */
typedef struct {
  const char *problem, *done, *key;
  const JobsPost *post;
  const JobsFinding *findings;
  size_t n_findings;
  bool employer, office, seeker;
  bool has_profile;
  const JobsApplication *own; /* the reader's; NULL: none */
  const JobsMatches *match;   /* how it suits the reader; NULL: they have no profile */
} JobModel;

/* What is missing, and who teaches it. */
typedef struct {
  const JobsGap *gap;
  size_t n_posts; /* that ask for it */
  const PairsEntry *entries;
  size_t n;
} JobCourses;

/* What suits whom. */
typedef struct {
  const JobsMatches *matches;             /* NULL: the reader has no profile */
  const PolicyProvision *const *services; /* that the reader is entitled to */
  size_t n_services;
  const JobCourses *courses; /* for what is missing most often */
  size_t n_courses;
  const JobsPost *post; /* whose candidates they are; NULL: the reader's own posts */
  bool employer;
} JobMatchesModel;

typedef struct {
  const Market *market;
  const JobsMatch *match;
  ViewReasons reasons;
} JobReasons;

/* What was found. */
typedef struct {
  const JobsFinding *findings;
  size_t n;
} JobFindings;

/* Writing one. */
typedef struct {
  const char *problem, *key, *action;
  const WebFields *form;
  const JobsPost *post; /* that is changed; NULL: a new one */
  bool checked;
  const JobsFinding *findings;
  size_t n_findings;
  const RegistryDivision *places;
  size_t n_places;
  const RegistryAttribute *kind, *education;
  const VocabularyConcept *occupations; /* to choose from, groups among them */
  size_t n_occupations;
} JobFormModel;

/* What a reader has going: an employer's advertisements or a person's applications; or what a clerk looks at.
 */
typedef struct {
  bool employer, office;
  const JobsPost *posts;
  size_t n_posts;
  const JobsApplication *applications;
  size_t n_applications;
  const JobsPost *post; /* whose applicants they are; NULL: the reader's own applications */
} JobsMineModel;

typedef struct {
  const char *problem, *done, *key;
  const WebFields *form;
  const JobsProfile *profile; /* NULL: none yet */
  const JobsFact *facts;
  size_t n_facts;
  const RegistryDivision *places;
  size_t n_places;
  const RegistryAttribute *kind;
} JobProfileModel;

typedef struct {
  const char *problem, *done, *key;
  const JobsApplication *application;
} JobApplicationModel;

typedef struct {
  const JobsProfile *profiles;
  size_t n;
  const JobsPost *posts; /* the employer's that take applications: to invite for */
  size_t n_posts;
} JobSeekersModel;

typedef struct {
  const char *problem, *key;
  const JobsFair *fairs;
  size_t n;
  bool office;
} JobFairsModel;

/* A post that the reader brings, and who named it. */
typedef struct {
  const JobsPost *post;
  const JobsStand *stand; /* NULL: not brought */
  const JobsProfile *people;
  size_t n_people;
} JobFairPost;

typedef struct {
  const char *problem, *done;
  const JobsFair *fair;
  const JobsStand *stands;
  size_t n_stands;
  const JobFairPost *own;
  size_t n_own;
  const JobsMeeting *meetings;
  size_t n_meetings;
  bool office, seeker;
} JobFairModel;

/* FAULT_NOT_FOUND where the county has no online employment. */
bool jobs_of (const WebRequest *request, GError **error);
/* The number in capture INDEX; FAULT_NOT_FOUND. */
bool job_id (const WebRequest *request, int index, gint64 *id, GError **error);
bool job_is_employer (const WebRequest *request);
/* "8000" or "8,000.50" yuan in fen; false when it is none. */
bool job_yuan (const char *text, gint64 *fen);
bool jobs_look (const WebRequest *request, JobsModel *m, GError **error);
/* What a form says of an advertisement; FAULT_INPUT names the field that is none. */
bool job_read (const WebRequest *request, JobsAdvertisement *says, GError **error);
bool job_profile_read (const WebRequest *request, JobsProfile *profile, GError **error);
/* The form's deed, by the reader: to an advertisement; to an application; at a fair. */
bool job_act (const WebRequest *request, gint64 id, gint64 *done, GError **error);
bool job_application_act (const WebRequest *request, gint64 id, GError **error);
bool job_fair_plan (const WebRequest *request, gint64 *id, GError **error);
bool job_fair_act (const WebRequest *request, gint64 id, GError **error);

/* view_job.c */
/* Of a public-welfare post: for whom it is, for how many years and how often, by the parameters of today;
 * NULL of another post, or where they have no value. */
const char *view_job_term (const Page *page, const JobsAdvertisement *says);
const char *view_job_pay (const Page *page, const JobsAdvertisement *says);
const char *view_township (const Page *page, const char *code);
/* A value of ATTRIBUTE, or of post.kind and post.education, in the page's language. */
const char *view_choice (const Page *page, const RegistryAttribute *attribute, const char *value);
const char *view_job_kind (const Page *page, const char *kind);
const char *view_job_education (const Page *page, const char *education);
/* What FORM has for NAME, else OTHERWISE, never NULL. */
const char *view_field (const WebFields *form, const char *name, const char *otherwise);
/* Lines, as a text field has them. */
const char *view_lines (const Page *page, const char *const *words);
bool view_has (const char *const *words, const char *word);
/* "5000", as a number field has it; "" for 0. */
const char *view_yuan (const Page *page, gint64 fen);
const char *view_job_field (const Page *page, const char *field);
const char *view_clock (const Page *page, int minutes);
