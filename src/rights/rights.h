/* rights — what a person may ask of those who keep facts about them.
 *
 * What it is for: the Personal Information Protection Law gives the person a copy
 * of everything (article 45), correction of what is wrong (46), erasure of what
 * need not be kept (47), and an answer with reasons (50).  This module files what
 * is asked, brings it to the department that answers for the fact, carries out
 * what that department decides, and puts the copy together.
 *
 *     person ──rights_file──> request ──> department ──rights_decide──> a new fact in a new
 *                                │                                      batch, an erasure, or a
 *     rights_copy <── everything on record, the log, the requests       reason why not
 *
 * What it promises
 *   - Nothing is overwritten: an accepted correction is a new record whose evidence
 *     is the request.  It commits together with the decision and its audit entry.
 *   - What is asked twice with one key is filed once; of two who decide, one does,
 *     and the other is told.
 *   - A copy holds every record, also those that later ones superseded, with source,
 *     time, batch and evidence, and who read what.  Making one is logged.
 *   - An accepted erasure takes the values out of the record log; the request keeps
 *     that it was asked and granted, and no value.
 *
 * What it refuses: to decide; requests about facts of other persons; a time limit
 * that the published calendar cannot give.
 *
 * How a call goes
 *
 *     g_autoptr (Rights) rights = rights_open (registry, &terms, &error);
 *     gint64 id = rights_file (rights, &ask, key, &error);
 *     rights_decide (rights, clerk, id, &decision, key, &error);
 *     RightsCopy *copy = rights_copy (rights, arena, person, &error);
 *     rights_copy_pdf (rights, copy, "zh-CN", pdf, &error);
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "notices/notices.h"
#include "registry/registry.h"

enum {
  RIGHTS_TEXT_MAX = 2000, /* code points of a reason, an evidence, an answer */
};

/* Within how many working days a request is answered, by the published calendar. */
typedef struct {
  const Workdays *calendar; /* not owned */
  int working_days;         /* 0: no rule says */
} RightsTerms;

typedef struct Rights Rights;

/* Applies its migrations to the registry's store.  REGISTRY must outlive it. */
Rights *rights_open (Registry *registry, const RightsTerms *terms, GError **error);
void rights_free (Rights *rights);

/* ---- asking ------------------------------------------------------------- */

typedef enum { RIGHTS_CORRECT, RIGHTS_ERASE } RightsKind;
typedef enum { RIGHTS_OPEN, RIGHTS_ACCEPTED, RIGHTS_REFUSED } RightsStatus;
const char *rights_kind_id (RightsKind kind);       /* "correct", "erase" */
const char *rights_status_id (RightsStatus status); /* "open", "accepted", "refused" */
/* False when ID is none of them. */
bool rights_kind_parse (const char *id, RightsKind *kind);

/* Whether SUBJECT is PERSON or a record about them: a work spell, a certificate, whatever
 * refers to them by a reference that a collection of their entity follows. */
bool rights_is_about (Rights *rights, Subject subject, Subject person, bool *about, GError **error);

typedef struct {
  RightsKind kind;
  Subject subject; /* the person, or a record about them */
  const RegistryAttribute *attribute;
  const char *wanted; /* CORRECT: the right value, as registry_fact_parse reads it; NULL: none */
  Day since;          /* REGISTRY_EVER: as the fact on record */
  const char *reason;
  const char *evidence; /* may be NULL */
} RightsAsk;

/* File ASK for WHO, whose subject is the person.  KEY makes the call safe to repeat:
 * the same ask with the same key is filed once.  The request's number; 0 with
 * FAULT_DENIED (not about this person, or WHO may not ask), FAULT_INPUT (no reason, a
 * text too long, a value outside the schema, nothing to erase, the same value as on
 * record; another ask with a key used before), FAULT_CONFLICT (one about this fact is
 * open) or FAULT_SYSTEM. */
gint64 rights_file (Rights *rights, const AccessAccount *who, const RightsAsk *ask, const char *key,
                    GError **error);

typedef struct {
  gint64 id;
  RightsKind kind;
  Subject person, subject;
  const RegistryAttribute *attribute;
  const char *said;   /* on record when it was asked; NULL: nothing, or erased since */
  const char *wanted; /* NULL: none, or an erasure */
  Day since;
  const char *reason, *evidence;
  const char *asked_by;
  gint64 asked_at;        /* UTC seconds */
  const char *department; /* that answers for the fact and decides */
  Day due;                /* by when it promised to; 0: no rule, or the calendar is not published */
  RightsStatus status;
  const char *decided_by, *answer; /* once decided */
  gint64 decided_at;
  RegistryBatchId batch; /* of the new fact, or 0 */
} RightsRequest;

/* What is on record today in SUBJECT, PERSON or a record about them.  NULL with FAULT_DENIED
 * when it is neither, FAULT_NOT_FOUND or FAULT_SYSTEM. */
const RegistryProvenance *rights_own_fact (Rights *rights, Arena *arena, Subject person, Subject subject,
                                           const RegistryAttribute *attribute, GError **error);
/* The name of what the reference FACT leads to, an employer's or a place's; NULL where it
 * is not public or not known. */
const char *rights_public_name (Rights *rights, Arena *arena, const RegistryProvenance *fact);

/* ---- deciding ----------------------------------------------------------- */

typedef struct {
  bool accept;
  const char *answer; /* the reason; required to refuse */
} RightsDecision;

/* Whether WHO decides what DEPARTMENT is asked: its own people, and data stewards. */
bool rights_may_decide (const AccessAccount *who, const char *department);
/* Decide request ID and carry it out.  FAULT_NOT_FOUND, FAULT_DENIED (another
 * department's), FAULT_INPUT (no reason, too long, the value is no longer allowed, the
 * key was used otherwise), FAULT_CONFLICT (decided already, and by whom). */
bool rights_decide (Rights *rights, const AccessAccount *who, gint64 id, const RightsDecision *decision,
                    const char *key, GError **error);

/* ---- reading ------------------------------------------------------------ */

typedef struct {
  Subject person;             /* 0: anybody */
  const char *department;     /* NULL: any */
  const RightsStatus *status; /* NULL: any */
  gint64 before;              /* smaller numbers only; 0: from the newest */
  size_t limit;
} RightsFilter;

/* The newest first, in ARENA.  NULL with FAULT_SYSTEM. */
const RightsRequest *rights_requests (Rights *rights, Arena *arena, const RightsFilter *filter, size_t *n,
                                      GError **error);
/* As JSON, docs/api/openapi.yaml, Request. */
void rights_request_json (Rights *rights, const RightsRequest *request, JsonWriter *w);
/* NULL with FAULT_NOT_FOUND. */
const RightsRequest *rights_request (Rights *rights, Arena *arena, gint64 id, GError **error);

/* Request ID as WHO reads it who decides it: the entry in the log is on disk before it
 * is returned, and *FACT (may be NULL) is what is on record now.  NULL with
 * FAULT_NOT_FOUND, or FAULT_DENIED (logged as well). */
const RightsRequest *rights_review (Rights *rights, Arena *arena, const AccessAccount *who, gint64 id,
                                    const RegistryProvenance **fact, GError **error);

/* ---- the copy ----------------------------------------------------------- */

/* One subject: what holds today, and the log. */
typedef struct {
  Subject subject;
  size_t n_facts, n_records;
  const RegistryProvenance *const *facts;
  const RegistryRecord *records;
} RightsPart;

typedef struct {
  Subject person;
  gint64 made_at; /* UTC seconds */
  size_t n_parts;
  const RightsPart *parts; /* the person first, then the records about them */
  size_t n_requests;
  const RightsRequest *requests;
  size_t n_given, n_received, n_sessions; /* rights_copy_account */
  const AccessMandate *given, *received;  /* by the person, to the person */
  const AccessSession *sessions;
  size_t n_notices;                       /* rights_copy_notices: the newest first */
  const NoticeItem *notices, *notices_en; /* the same in Chinese and English */
  const NoticesChoice *choice;            /* by which ways they are told; NULL: not read */
} RightsCopy;

/* Everything on record about PERSON.  FAULT_NOT_FOUND when there is no such subject. */
RightsCopy *rights_copy (Rights *rights, Arena *arena, Subject person, GError **error);
/* Add to COPY what belongs to the account: mandates, and the sessions of whose token TOKEN is one. */
bool rights_copy_account (RightsCopy *copy, Arena *arena, Access *access, const char *token, GError **error);
/* Add to COPY the messages to WHO, whose copy it is, and the ways they chose. */
bool rights_copy_notices (RightsCopy *copy, Arena *arena, Notices *notices, const AccessAccount *who,
                          GError **error);
/* That WHO takes a copy away in FORM ("json", "pdf"): to be called before it is sent. */
bool rights_log_copy (Rights *rights, const AccessAccount *who, const char *form, GError **error);
/* As JSON, docs/api/openapi.yaml, Copy; the log of accesses is read as it is written. */
bool rights_copy_json (Rights *rights, const RightsCopy *copy, JsonWriter *w, GError **error);
/* As a PDF in LANGUAGE ("zh-CN" or "en").  Faults as paper_finish. */
bool rights_copy_pdf (Rights *rights, const RightsCopy *copy, const char *language, GString *pdf,
                      GError **error);

/* What an entry's DETAIL (JSON, may be NULL) says was read or changed, for people: names of
 * attributes, or the evidence of a batch.  NULL where it says neither. */
const char *rights_access_words (Rights *rights, Arena *arena, const char *detail, bool english);
/* Entries of the log about PERSON with numbers below BEFORE (0: the newest), at most LIMIT,
 * as a JSON array; *N of them, and the *LAST one's number. */
bool rights_accesses_json (Rights *rights, Subject person, gint64 before, size_t limit, JsonWriter *w,
                           size_t *n, gint64 *last, GError **error);
/* The proof that entry NUMBER about PERSON is in the log (audit.h, audit_proof_json).
 * FAULT_NOT_FOUND when there is none about them. */
bool rights_proof_json (Rights *rights, Subject person, gint64 number, GString *out, GError **error);

/* ---- keeping ------------------------------------------------------------ */

/* Erase the details of log entries older than the schema's rule for the log lets them
 * be kept, at most LIMIT at a time; *N of them.  Nothing where no rule supplies a time. */
bool rights_erase_due (Rights *rights, const AccessAccount *who, Day today, size_t limit, size_t *n,
                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rights, rights_free)
