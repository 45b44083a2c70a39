/* Determine: which clauses are answered for whom, and what the asker may see of
 * the facts.  Pages and API share it. */
#pragma once

#include "web/request.h"

/* The clause numbered TEXT; NULL with FAULT_NOT_FOUND. */
const PolicyClause *web_find_clause (const WebRequest *request, const char *text, GError **error);
const PolicyParameter *const *web_clause_parameters (const WebRequest *request, const PolicyClause *clause,
                                                     size_t *n);

/* The subject that TEXT names; NULL entity with FAULT_NOT_FOUND, or FAULT_DENIED
 * when the account may not see it. */
const RegistryEntity *web_find_subject (const WebRequest *request, const char *text, Subject *subject,
                                        GError **error);

/* The query's "as_of", or today.  FAULT_INPUT when it is no date. */
bool web_as_of (const WebRequest *request, Day *as_of, GError **error);

/* Whether the asker may have CLAUSE answered: staff those that their department
 * leads or supports, none without a department; others every clause. */
bool web_may_ask (const WebRequest *request, const PolicyClause *clause);

/* The clauses about subjects of ENTITY, or that they may ask for another's sake,
 * which the asker may not have answered: other departments do. */
const PolicyClause *const *web_others_clauses (const WebRequest *request, const RegistryEntity *entity,
                                               size_t *n);

/* A determination, and whom it is about when that is not the subject asked for:
 * their name, or NULL. */
typedef struct {
  const PolicyDetermination *determination;
  const char *about;
} WebAnswer;

/* The answers for SUBJECT, whom the asker may see, as of AS_OF: of every clause
 * the asker may ask, or of ONLY (may be NULL); also of clauses that SUBJECT may
 * ask for another's sake (their household).  Who is not staff gets no values that
 * are other persons'.
 * NULL with an error. */
const WebAnswer *web_determine (const WebRequest *request, Subject subject, const PolicyClause *only,
                                Day as_of, size_t *n, GError **error);
