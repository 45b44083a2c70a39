/* What the parts of rights share.
 *
 *   rights.c     opening; whom a request may be about
 *   file.c       filing
 *   decide.c     deciding and carrying out
 *   request.c    reading requests
 *   copy.c       everything about a person
 *   copy_json.c  … for programs        copy_pdf.c  … on paper
 *   log.c        what reading and copying leaves in the log
 *   due.c        what need not be kept any longer */
#pragma once

#include "audit/audit.h"
#include "rights/rights.h"

struct Rights {
  Registry *registry;
  RightsTerms terms;
};

/* The instant of now, in UTC seconds. */
gint64 rights_now (void);

/* Columns of a request, as request_read wants them. */
#define REQUEST_COLUMNS                                                                                      \
  "id, kind, person, subject, attribute, said, wanted, since, reason, evidence, asked_by, asked_at,"         \
  " department, due, status, decided_by, decided_at, answer, batch"
/* The current row.  False with FAULT_SYSTEM where the schema no longer knows its attribute. */
bool request_read (const RegistrySchema *schema, StoreStatement *s, Arena *arena, RightsRequest *request,
                   GError **error);
/* Request ID as DB has it. */
bool request_find (Rights *rights, StoreConnection *db, Arena *arena, gint64 id, RightsRequest *request,
                   GError **error);

/* WHO did ACT with SUBJECT's facts, for their own sake or to decide. */
AuditEntry log_of (const AccessAccount *who, AuditAct act, Subject subject, const char *detail);

/* FAULT_INPUT unless TEXT is UTF-8 of at most RIGHTS_TEXT_MAX code points, and not blank
 * when REQUIRED.  WHAT: "the reason". */
bool rights_check_text (const char *text, const char *what, bool required, GError **error);

/* The fact of SUBJECT on record today; whom it may be shown to is the caller's to know. */
const RegistryProvenance *rights_fact (Rights *rights, Arena *arena, Subject subject,
                                       const RegistryAttribute *attribute, GError **error);
/* A fact's value as text; NULL when it is none or unknown. */
const char *rights_fact_text (Arena *arena, const RegistryProvenance *fact);
