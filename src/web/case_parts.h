/* What the pages and the interface about cases share. */
#pragma once

#include "web/case_models.h"
#include "web/forms.h"

/* The case that captures[0] names, as the caller may open it.  FAULT_NOT_FOUND, FAULT_DENIED. */
const Case *web_case (const WebRequest *request, GError **error);
/* Fields "fact.居民.月收入", and files "paper.identity"; an answer left empty is none. */
const CaseStatement *web_case_statements (const WebRequest *request, size_t *n);
const CaseUpload *web_case_uploads (const WebRequest *request, size_t *n);
/* Do what the form says to case ID.  Faults as cases_act; FAULT_USAGE: no such action, a number that is none.
 */
bool web_case_act (const WebRequest *request, gint64 id, const char *action, GError **error);
/* What the form asks or asked about PATH of PROVISION's subject, with what was typed; false where it has no
 * such fact. */
bool web_case_question (const WebRequest *request, const PolicyProvision *provision, const char *path,
                        CaseQuestion *q);
/* The facts D rests on that are on record, each once. */
const RegistryProvenance *const *web_case_facts (const WebRequest *request, const PolicyDetermination *d,
                                                 size_t *n);
/* What went wrong with a form, in the reader's language; NULL: none of the form's.  *DETAIL as the modules
 * say it, for what has no words of its own. */
const char *web_case_trouble (const WebRequest *request, const GError *fault, const char **detail);
/* The office's offer that the application for MATTER says it answers ("offer=12"); *OFFER NULL: none.
 * FAULT_NOT_FOUND: not theirs, or of another matter. */
bool web_case_offer (const WebRequest *request, const PolicyMatter *matter, const DueOffer **offer,
                     GError **error);
/* The part of the office's queue that the query asks for.  FAULT_DENIED, FAULT_INPUT. */
bool web_desk_read (const WebRequest *request, DeskModel *m, GError **error);
/* The page of C, after FAULT (NULL: none). */
bool web_case_page (WebRequest *request, WebResponse *response, const Case *c, const GError *fault,
                    GError **error);
