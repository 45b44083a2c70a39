/* What the parts of cases share.
 *
 *   cases.c      opening, names
 *   machine.c    the table of actions
 *   row.c        a case and its steps, from the store and into it
 *   party.c      who has to do with a case
 *   propose.c    what the rules say of it
 *   submit.c     applying
 *   act.c        the deeds
 *   bulk.c       deciding many
 *   name.c       whose it is, and where they live
 *   papers.c     statements and files
 *   materials.c  which papers are still needed, which will not do
 *   flag.c       facts corrected since
 *   limits.c     its clocks, and what is done when they run out
 *   versions.c   the packages by which cases were judged
 *   rounds.c     what time brings to all open cases
 *   keeper.c     … by itself
 *   tell.c       notices, the entry in the log
 *   queue.c      lists and counts
 *   figures.c    how long decisions took
 *   granted.c    what was decided, for who pays */
#pragma once

#include "audit/audit.h"
#include "cases/cases.h"

#include <pthread.h>

struct Cases {
  CasesOptions options;
  Store *store;
  pthread_mutex_t versions_lock;
  GHashTable *versions; /* by hash: packages of cases judged by others than today's */
  pthread_mutex_t counts_lock;
  GHashTable *counts; /* counts.c: by office */
};

/* ---- counts.c ---- */

void counts_init (Cases *cases);
void counts_clear (Cases *cases);

/* ---- machine.c ---- */

typedef struct {
  const char *id;
  PolicyText name;
  CaseParty party;
  guint from;  /* bits 1 << CaseState */
  int to;      /* CaseState; STAYS, BACK */
  bool reason; /* in words, always */
} CaseRule;
enum { STAYS = -1, BACK = -2 /* where it was before it stood still */ };
const CaseRule *machine_rule (CaseAction action);
/* The state after ACTION; BEFORE is where the case stood before it stood still. */
CaseState machine_next (CaseState state, CaseState before, CaseAction action);

/* Where a case stands in its office's queue: behind those to decide are those to deliver, whose clock was met
 * by the decision. */
typedef enum { STAGE_TO_DECIDE, STAGE_TO_DELIVER, STAGE_CLOSED } CaseStage;
CaseStage machine_stage (CaseState state);

/* ---- row.c ---- */

/* A case as it is written: Case, and what only the machine needs. */
typedef struct {
  Case c;
  CaseState before;
  gint64 last_step, last_at;
  struct {
    ClockUnit unit;
    gint64 used; /* as ClockReading's; -1: cannot be counted */
    bool late_promised, late_statutory;
  } took; /* to the decision, by limits_set */
} CaseRow;
/* FAULT_NOT_FOUND. */
bool row_find (Cases *cases, StoreConnection *db, Arena *arena, gint64 id, CaseRow *row, GError **error);
bool row_insert (StoreConnection *db, const CaseRow *row, GError **error);
bool row_update (StoreConnection *db, const CaseRow *row, GError **error);
/* The next row of a statement over ROW_COLUMNS. */
#define ROW_COLUMNS                                                                                          \
  "id, matter, state, state_before, applicant, subject, filed_by, by_office, contact, office, elsewhere,"    \
  " parent, priority, opened_at, accepted_at, due, warn_at, due_statutory, due_promised, open_year,"         \
  " proposed, proposed_fen, outcome, amount_fen, decided_by, reason, decided_at, package, as_of, valid_at,"  \
  " known_at, flagged, escalated, visits, version, last_at, township"
void row_read (Cases *cases, StoreStatement *s, Arena *arena, CaseRow *row);
bool step_insert (StoreConnection *db, const CaseRow *row, const CaseStep *step, GError **error);
const CaseStep *steps_read (StoreConnection *db, Arena *arena, gint64 id, size_t *n, GError **error);
#define DUE_NEVER G_MAXINT64

/* ---- party.c ---- */

/* FAULT_DENIED unless WHO may apply for APPLICANT, or (*BY_OFFICE) opens it by the office's own motion. */
bool party_may_apply (Cases *cases, const AccessAccount *who, const PolicyMatter *matter, Subject applicant,
                      bool *by_office, GError **error);
/* cases_party, by what DB says of mandates: a deed's own transaction, or a reader's. */
bool party_of (Cases *cases, StoreConnection *db, const AccessAccount *who, const Case *c, CaseParty *party);
/* Whether WHO may do ACTION to C, in whatever state. */
bool party_may_act (Cases *cases, StoreConnection *db, const AccessAccount *who, const Case *c,
                    CaseAction action, GError **error);
/* Whether WHO, who is of C's parties, acts for APPLICANT and is not they. */
bool party_is_agent (const AccessAccount *who, Subject applicant);
/* As whom the rules are asked: an agent asks as the applicant, and what is read is not shown to them. */
const AccessAccount *party_asker (Arena *arena, const AccessAccount *who, Subject applicant);

/* ---- propose.c ---- */

typedef struct {
  Subject subject; /* whom the provision is about */
  const PolicyDetermination *determination;
  bool first;           /* served first */
  const char *township; /* of the subject; NULL: none on record */
} Proposal;
/* What the rules say of MATTER for APPLICANT, read by WHO, with STATEMENTS, as of AS_OF and AT. */
bool propose (Cases *cases, Arena *arena, const AccessAccount *who, const PolicyMatter *matter,
              Subject applicant, const CaseStatement *statements, size_t n, Day as_of, RegistryMoment at,
              Proposal *proposal, GError **error);
/* Put what PROPOSAL says into ROW. */
void propose_into (Cases *cases, const Proposal *proposal, CaseRow *row);
/* The batches of the facts that the case rests on, so that a correction flags it. */
bool propose_keep (StoreConnection *db, gint64 id, const Proposal *proposal, GError **error);

/* ---- name.c ---- */

/* What PERMIT's subject has in ATTRIBUTE, a text, at AT: *TEXT NULL where nothing is on record or the purpose
 * does not read it (ATTRIBUTE NULL: likewise). */
bool name_own_text (Arena *arena, const AccessPermit *permit, const RegistryAttribute *attribute,
                    RegistryMoment at, const char **text, GError **error);

/* ---- queue.c ---- */

/* FAULT_DENIED unless WHO may see the lists and figures of OFFICE. */
bool queue_may_list (const AccessAccount *who, const char *office, GError **error);

/* ---- figures.c ---- */

/* How long ROW's decision took, for the figures; the last decision of a case counts. */
bool figures_keep (StoreConnection *db, const CaseRow *row, GError **error);

/* ---- act.c ---- */

/* DEED as one of many inside a work: what the machine or the rules refuse becomes *REFUSED, and nothing
 * is written; false when the work is to be undone.  *AMOUNT_FEN: what was granted. */
bool act_in_run (Cases *cases, StoreConnection *db, const AccessAccount *who, gint64 id, const CaseDeed *deed,
                 gint64 *amount_fen, GError **refused, GError **error);

/* ---- versions.c ---- */

void versions_init (Cases *cases);
void versions_clear (Cases *cases);
/* Today's package goes into the store, if it is not there. */
bool versions_keep (Cases *cases, GError **error);
/* CASES with the package called HASH into THEN, which borrows all of it.  FAULT_NOT_FOUND, FAULT_SYSTEM. */
bool versions_as_of (Cases *cases, const char *hash, Cases *then, GError **error);

/* ---- papers.c ---- */

/* All that is said and handed in, as part of what a key was used for. */
void papers_digest (Digest *digest, const CaseStatement *statements, size_t n_statements,
                    const CaseUpload *uploads, size_t n_uploads);

/* FAULT_INPUT: a material that the matter has not, a file of another kind or too large. */
bool papers_check (const PolicyMatter *matter, const CaseUpload *uploads, size_t n, GError **error);
bool statements_check (Cases *cases, const PolicyMatter *matter, const CaseStatement *statements, size_t n,
                       GError **error);
bool papers_insert (StoreConnection *db, gint64 id, const CaseUpload *uploads, size_t n, gint64 now,
                    GError **error);
bool statements_insert (StoreConnection *db, gint64 id, const CaseStatement *statements, size_t n, gint64 now,
                        GError **error);
const CaseStatement *statements_read (StoreConnection *db, Arena *arena, gint64 id, size_t *n,
                                      GError **error);

/* ---- queue.c ---- */

/* The statement for FILTER, and its values. */
const char *queue_sql (const CaseFilter *filter);
void queue_bind (Cases *cases, StoreStatement *s, const CaseFilter *filter);

/* ---- materials.c ---- */

/* The files of C, what was asked for and what was said of each, by its STEPS, into ALL, which has an element
 * for each material of C's matter. */
bool materials_read (StoreConnection *db, Arena *arena, const Case *c, const CaseStep *steps, size_t n,
                     CaseMaterial *all, GError **error);

/* ---- limits.c ---- */

/* The dates of ROW after its last step, as its steps make them. */
bool limits_set (Cases *cases, StoreConnection *db, CaseRow *row, gint64 now, GError **error);
gint64 civil_minutes (gint64 seconds);
/* ---- rounds.c ---- */

/* The dates of all open cases anew, when the calendar is another than it was. */
bool limits_follow_calendar (Cases *cases, GError **error);
/* What is due soon, once for each date, to the office; what is late, once, to its heads. */
bool limits_warn (Cases *cases, GError **error);
bool limits_escalate (Cases *cases, GError **error);

/* ---- flag.c ---- */

/* From where the first look begins: as the tables are made. */
bool flag_begin (Cases *cases, GError **error);
/* Cases that rest on facts corrected since. */
bool flag_corrected (Cases *cases, GError **error);

/* ---- tell.c ---- */

AuditEntry case_entry (const AccessAccount *who, AuditAct act, const Case *c, const char *detail);
/* Entry in the log, and notices to whom the step concerns. */
bool tell_step (Cases *cases, StoreConnection *db, const AccessAccount *who, const CaseRow *row,
                const CaseStep *step, GError **error);
bool tell_flagged (Cases *cases, StoreConnection *db, const CaseRow *row, GError **error);
bool tell_soon (Cases *cases, StoreConnection *db, CaseRow *row, GError **error);
bool tell_late (Cases *cases, StoreConnection *db, const CaseRow *row, GError **error);

/* ---- cases.c ---- */

gint64 cases_now (const Cases *cases);
const char *case_number (Arena *arena, gint64 id, gint64 opened_at);
/* FAULT_INPUT unless TEXT is UTF-8 of at most CASES_TEXT_MAX code points, and not blank when REQUIRED. */
bool check_words (const char *text, const char *what, bool required, GError **error);
