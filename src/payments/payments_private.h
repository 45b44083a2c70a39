/* What the parts of payments share.
 *
 *   payments.c   opening, tables, names, who may
 *   entitle.c    entitlements, their terms, accounts of payees
 *   take.c       what cases grant
 *   owed.c       what a matter owes: month by month
 *   make.c       a draft from what is owed
 *   settle.c     approving, answers, reversals
 *   file.c       the treasury's file and its answer as text
 *   read.c       lists, lines, the report */
#pragma once

#include "audit/audit.h"
#include "payments/payments.h"
#include "store/store.h"

struct Payments {
  PaymentsOptions options;
  Store *store;
};

gint64 payments_now (const Payments *payments);
/* FAULT_DENIED unless WHO has RIGHT in the department that decides MATTER. */
bool pay_check (const AccessAccount *who, const PolicyMatter *matter, AccessRight right, GError **error);
bool pay_check_words (const char *text, const char *what, GError **error);
/* WHO did ACT, for the purpose "payment". */
AuditEntry pay_entry (const AccessAccount *who, AuditAct act, const char *detail);

/* ---- entitle.c -------------------------------------------------------------------- */

/* Inside a work: GRANT taken by WHO; *IS_NEW tells whether it was not there. */
bool pay_entitle (StoreConnection *db, const Payments *payments, const AccessAccount *who,
                  const PaymentsGrant *grant, gint64 *id, bool *is_new, GError **error);
/* Inside a work: a term of ENTITLEMENT with AMOUNT from month FROM on. */
bool pay_term (StoreConnection *db, const Payments *payments, const AccessAccount *who, gint64 entitlement,
               const PaymentsTerm *term, gint64 amount, GError **error);
/* The last month of ENTITLEMENT that stands on a list; -1: none. */
bool pay_last_month (StoreConnection *db, gint64 entitlement, gint64 *month, GError **error);

/* ---- owed.c ------------------------------------------------------------------------ */

/* One month of an entitlement that no standing line has. */
typedef struct {
  gint64 entitlement, month, amount_fen;
  Subject payee;
  bool has_account;
} PayOwed;
/* A reversal that waits to be netted. */
typedef struct {
  gint64 id, entitlement, amount_fen; /* amount above zero */
} PayWaiting;

typedef struct {
  GArray *owed;   /* PayOwed, by entitlement and month */
  gint64 granted; /* all months, listed or not */
} PayOwedAll;
/* Of MATTER up to MONTH.  OWED is the caller's array. */
bool pay_owed (StoreConnection *db, const char *matter, gint64 month, PayOwedAll *all, GError **error);
/* Those of MATTER that no standing line nets, by entitlement. */
bool pay_waiting (StoreConnection *db, const char *matter, GArray *waiting, GError **error);

/* ---- settle.c: notices ---------------------------------------------------------------- */

/* Tell PAYEE that AMOUNT of MATTER was paid, or (REASON) came back. */
bool pay_tell (const Payments *payments, StoreConnection *db, const char *matter, Subject payee,
               gint64 amount_fen, const char *reason, const char *key, GError **error);
/* When no line of list ID waits any more, it is closed. */
bool pay_close (StoreConnection *db, gint64 id, GError **error);

/* ---- read.c --------------------------------------------------------------------------- */

/* FAULT_NOT_FOUND. */
bool pay_list_find (Payments *payments, StoreConnection *db, Arena *arena, gint64 id, PaymentsList *list,
                    GError **error);
/* That list ID's total and number are those of its lines; FAULT_SYSTEM, so that the work is undone. */
bool pay_list_verify (StoreConnection *db, gint64 id, GError **error);
