/* What the parts of due share.
 *
 *   due.c    opening, tables, who may
 *   find.c   the county's columns, the log, the list in the store
 *   list.c   lines with masked names, townships, rows for a file
 *   offer.c  offers in steps, answers */
#pragma once

#include "audit/audit.h"
#include "due/due.h"
#include "store/store.h"

struct Due {
  DueOptions options;
  Store *store; /* the registry's */
};

gint64 due_now (const Due *due);
/* FAULT_DENIED unless due_may. */
bool due_check (const AccessAccount *who, const PolicyClause *clause, GError **error);
/* The matter by which P is applied for; NULL: none. */
const PolicyMatter *due_matter (const PolicyProvision *p);
/* "23/main" in ARENA. */
const char *due_key (Arena *arena, const PolicyProvision *provision);
const PolicyProvision *due_provision (const Due *due, const char *key); /* NULL when there is none */
/* WHO did ACT to list LIST of CLAUSE: the entry, with SET and the numbers that DETAIL, a JSON object, has. */
AuditEntry due_entry (const AccessAccount *who, const PolicyClause *clause, AuditAct act, const AuditSet *set,
                      const char *detail);

/* ---- find.c: one who is due --------------------------------------------------- */

typedef struct {
  Subject subject;
  Text township; /* bytes NULL: none on record */
  bool has_amount;
  gint64 amount_fen;
} DueFound;

/* ---- offer.c: the state of one line --------------------------------------------- */

/* The columns of an offer that a line is joined with, and what they mean on TODAY. */
void due_line_offer (const Due *due, StoreStatement *s, int column, Day today, DueLine *line);
