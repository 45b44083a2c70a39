/* An entry of the audit log in words of the page's language, for the person it is
 * about and for the auditor. */
#pragma once

#include "web/page.h"

const char *log_act (const Page *page, AuditAct act);
/* Department, role and account; of the reader's own deeds that it was themselves. */
const char *log_who (const WebRequest *request, const Page *page, const AuditEntry *entry);
/* A clause by its title with its LINK, a duty by its name; whatever else as it is. */
const char *log_why (const WebRequest *request, const Page *page, const char *purpose, const char **link);
/* What DETAIL says was read or changed, or NULL. */
const char *log_what (const WebRequest *request, const Page *page, const char *detail);
