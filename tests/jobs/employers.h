/* A town of two employers, and who looks for work in it: what the tests of jobs/ share. */
#pragma once

#include "town.h"

#include "jobs/jobs.h"
#include "notices/notices.h"

extern PolicyPackage *package;
extern Town town;
extern Jobs *jobs;
extern Notices *notices;
extern gint64 now; /* what the clock says */

/* WORKS and SHOP are employers; PERSON has a history, HARD is hard to employ, CHILD too young. */
extern AccessAccount works, shop, person, hard, child, clerk, stranger;

void employers_open (int *argc, char ***argv);
void employers_close (void);

#define REFUSED(call, code)                                                                                  \
  {                                                                                                          \
    GError *refused = NULL;                                                                                  \
    g_assert_false (call);                                                                                   \
    g_assert_error (refused, FAULT, code);                                                                   \
    g_clear_error (&refused);                                                                                \
  }
#define GOES(call)                                                                                           \
  {                                                                                                          \
    GError *why = NULL;                                                                                      \
    bool done = (call);                                                                                      \
    g_assert_no_error (why);                                                                                 \
    g_assert_true (done);                                                                                    \
  }

/* A key that was not there before. */
const char *fresh (void);

/* ---- the registry ---- */

typedef struct {
  const char *attribute, *text; /* NULL: none */
} Said;
Subject settle (RegistryWriter *writer, const char *entity, const Said *said, size_t n);
/* A complete load, so that what nobody has is known to be none. */
void settle_none (RegistryWriter *writer, const char *entity, const char *source);
Subject settle_person (RegistryWriter *writer, const char *name, const char *born, const char *recognised);
/* What the registry has of an attribute of SUBJECT, as text; NULL: none. */
char *recorded_of (Subject subject, const char *attribute);
void assert_known (Subject subject, const char *attribute, const char *wanted);

/* ---- advertisements ---- */

extern const char *const skills[];
JobsAdvertisement good (void);
gint64 advertise (const AccessAccount *who, const JobsAdvertisement *says);
JobsState state_of (gint64 id);
/* Of the post that the registry has of advertisement ID. */
char *recorded (gint64 id, const char *attribute);
void assert_recorded (gint64 id, const char *attribute, const char *wanted);

/* ---- people ---- */

JobsProfile wishes (void);
gint64 profile_of (const AccessAccount *who);
gint64 apply (const AccessAccount *who, gint64 post);
JobsStage stage_of (const AccessAccount *who, gint64 id);
bool act (const AccessAccount *who, gint64 id, JobsAct which, GError **error);
bool was_told (const AccessAccount *who, const char *kind);
