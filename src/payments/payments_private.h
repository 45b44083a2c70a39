/* What the parts of payments share.
 *
 *   payments.c   opening, tables, names, who may
 *   entitle.c    entitlements, and what turns them
 *   running.c    reading them, with their history
 *   accounts.c   accounts of payees
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

/* Where payees see what they get, and change the account: notices lead there. */
#define PAY_OWN_PAGE "/me/payments"

enum { PAY_PAGE_MOST = 500 }; /* rows read at once */

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

/* ---- accounts.c -------------------------------------------------------------------- */

/* "****1234" in ARENA. */
const char *pay_masked (Arena *arena, Text number);

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

/* ---- settle.c, file.c ------------------------------------------------------------------- */

/* Run SQL, whose ?1 is ID. */
bool pay_run_on (StoreConnection *db, const char *sql, gint64 id, GError **error);
/* What the treasury is asked for list ID, now that it is approved: one order for each entitlement. */
bool pay_orders (StoreConnection *db, gint64 list, GError **error);
/* When no line of list ID waits any more, it is closed. */
bool pay_close (StoreConnection *db, gint64 id, GError **error);

/* ---- read.c --------------------------------------------------------------------------- */

/* FAULT_NOT_FOUND. */
bool pay_list_find (Payments *payments, StoreConnection *db, Arena *arena, gint64 id, PaymentsList *list,
                    GError **error);
/* That list ID's total and number are those of its lines; FAULT_SYSTEM, so that the work is undone. */
bool pay_list_verify (StoreConnection *db, gint64 id, GError **error);
/* WHO looked at PAYEES, for DETAIL; none is nothing. */
bool pay_log_read (const Payments *payments, const AccessAccount *who, const char *detail, AuditSet *payees,
                   GError **error);
