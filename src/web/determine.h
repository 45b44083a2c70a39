/* Determine: which clauses are answered for whom, and what the asker may see of
 * the facts.  Pages and API share it. */
#pragma once

#include "web/request.h"

/* The clause numbered TEXT; NULL with FAULT_NOT_FOUND. */
const PolicyClause *web_find_clause (const WebRequest *request, const char *text, GError **error);
/* Those of all clauses that can be counted; the one numbered TEXT, or NULL with FAULT_NOT_FOUND. */
const PolicyClause *const *web_executable_clauses (const WebRequest *request, size_t *n);
const PolicyClause *web_find_executable_clause (const WebRequest *request, const char *text, GError **error);
/* For files and programs: whether CLAUSE was named (else FAULT_USAGE) and what it comes to is FOUND (else
 * FAULT_CONFLICT: it is still being counted). */
bool web_clause_counted (const PolicyClause *clause, const void *found, GError **error);
const PolicyParameter *const *web_clause_parameters (const WebRequest *request, const PolicyClause *clause,
                                                     size_t *n);

/* The subject that TEXT names; NULL entity with FAULT_NOT_FOUND, or FAULT_DENIED for
 * another's record where the account is no staff (staff: see web_determine). */
const RegistryEntity *web_find_subject (const WebRequest *request, const char *text, Subject *subject,
                                        GError **error);

/* The query's "as_of", or today.  FAULT_INPUT when it is no date. */
bool web_as_of (const WebRequest *request, Day *as_of, GError **error);

/* The clauses about subjects of ENTITY, or that they may ask for another's sake: those
 * that the asker may have answered (staff: their department leads or supports), or,
 * OTHERS, those that other departments answer for. */
const PolicyClause *const *web_clauses_about (const WebRequest *request, const RegistryEntity *entity,
                                              bool others, size_t *n);

/* What the asker may see of DETERMINATION: for staff the clause is the purpose; others see
 * their own facts, and those of whom has given them a mandate.  NULL with an error. */
const PolicyDetermination *web_shown (const WebRequest *request, const PolicyDetermination *determination,
                                      GError **error);
/* The answers of CLAUSE for the subject of PERMIT as of AS_OF, also of what they may ask for
 * another's sake (their household).  Who asks for themselves gets no values that are other
 * persons', but by their mandate.  NULL with an error. */
const PolicyAnswer *web_determine_clause (const WebRequest *request, const AccessPermit *permit,
                                          const PolicyClause *clause, Day as_of, size_t *n, GError **error);
/* The same of every clause about SUBJECT: for who asks for themselves. */
const PolicyAnswer *web_determine_all (const WebRequest *request, Subject subject, Day as_of, size_t *n,
                                       GError **error);
