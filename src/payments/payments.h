/* payments — what was granted is paid, once for each month, and every fen is accounted for.
 *
 * What it is for: decisions that give money, once or every month, become lists for the
 * treasury; its answer comes back line by line; what came back is paid again, what was
 * paid in error is reversed, what ends or changes does so from a month on.
 *
 *     entitlement ──payments_make──> list: draft ─approve─> approved ─export─> exported ─answers─> closed
 *      │ amount by month              lines                 (somebody else)        paid | returned ──┐
 *      └──────────────────────────────── the next list takes what is not listed, or came back <──────┘
 *
 * What it promises
 *   - Each entitlement is on one list for each of its months, unless that line came back: a
 *     unique index of the database holds it.
 *   - A list's total and number of lines are those of its lines; every work that touches a
 *     list looks before it commits, and undoes itself otherwise.
 *   - Who made a list does not approve it (four eyes).
 *   - What leaves for the treasury is the same bytes whenever it is written, with their
 *     SHA-256 and control totals; an answer that does not fit the list changes nothing at all.
 *   - payments_reconcile is exact: granted = listed + not yet listed; listed = paid +
 *     returned + pending; reversed = recovered + netted + to be netted.
 *   - An account that the payee changes before a list is approved is that list's, afterwards the next one's.
 *   - Account numbers are seen by nobody: pages have the last four digits, the treasury's
 *     file the whole.  Each writing and each file is in the log for the purpose "payment".
 *
 * What it refuses: to decide what is granted (decisions do, by a person), to move money
 * (the treasury does).
 *
 * Amounts are fen; months are year × 12 + month − 1 (payments_month).
 *
 * How a call goes
 *
 *     g_autoptr (Payments) payments = payments_open (&options, &error);
 *     payments_take (payments, worker, matter, &taken, &error);      // from granted cases
 *     gint64 list = payments_make (payments, worker, matter, payments_month (today), key, &error);
 *     payments_settle (payments, head, list, PAYMENTS_APPROVE, NULL, &error);
 *     payments_export (payments, head, arena, list, SHEET_CSV, out, &digest, &error);
 *     payments_answer (payments, head, list, answers, n, &error);
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "notices/notices.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "sheet/sheet.h"

/* Everything pointed to must outlive it. */
typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  gint64 (*clock) (gpointer data); /* UTC seconds; NULL: the machine's */
  gpointer clock_data;
} PaymentsOptions;

typedef struct Payments Payments;
/* Brings the tables up to date.  NULL with FAULT_SYSTEM. */
Payments *payments_open (const PaymentsOptions *options, GError **error);
void payments_free (Payments *payments);

gint64 payments_month (Day day);
/* "2026-11" in ARENA. */
const char *payments_month_text (Arena *arena, gint64 month);
/* False when TEXT is no month. */
bool payments_month_parse (const char *text, gint64 *month);
/* "1234.05" in ARENA. */
const char *payments_yuan (Arena *arena, gint64 fen);
/* Yuan as people type them, "1234", "1,234.5"; false when TEXT is no such amount, below zero
 * or above 1,000,000,000 yuan. */
bool payments_yuan_parse (const char *text, gint64 *fen);

/* Whether WHO handles payments of MATTER: the right ACCESS_PAY, in the department that decides it. */
bool payments_may (const AccessAccount *who, const PolicyMatter *matter);

/* ---- entitlements ----------------------------------------------------------------- */

/* A decision that gives money: a case's, or one from before this program with its number. */
typedef struct {
  const PolicyMatter *matter; /* its payment says once or monthly */
  const char *number;         /* of the decision; unique in the matter */
  gint64 case_id;             /* 0: none */
  Subject subject, payee;     /* whom it is about; who gets the money, a person or body */
  gint64 amount_fen;          /* > 0; a month, or once */
  gint64 from;                /* the first month; of a single payment its month */
} PaymentsGrant;

/* Take GRANT; the same number again with the same content is the same entitlement.  FAULT_DENIED,
 * FAULT_INPUT (the matter pays nothing, no amount, no number), FAULT_CONFLICT (the number with other
 * content), FAULT_SYSTEM. */
bool payments_entitle (Payments *payments, const AccessAccount *who, const PaymentsGrant *grant, gint64 *id,
                       GError **error);

typedef struct {
  gint64 entitled;   /* new */
  gint64 turned;     /* the case's decision is another now: changed, suspended or resumed from the first month
                        that is     on no list */
  gint64 to_reverse; /* paid once, and the decision does not stand: reverse the payment */
} PaymentsTaken;
/* Take what cases of MATTER grant.  The applicant is paid; every month from the one after the decision on
 * (our choice, no rule was found), or once.  Again is nothing.  FAULT_DENIED, FAULT_SYSTEM. */
bool payments_take (Payments *payments, const AccessAccount *who, const PolicyMatter *matter,
                    PaymentsTaken *taken, GError **error);

typedef enum { PAYMENTS_CHANGE, PAYMENTS_SUSPEND, PAYMENTS_RESUME, PAYMENTS_END } PaymentsTurn;
enum { PAYMENTS_TURNS = PAYMENTS_END + 1 };
const char *payments_turn_id (PaymentsTurn turn); /* "change", "suspend", "resume", "end" */

typedef struct {
  PaymentsTurn turn;
  gint64 from;          /* the month from which it holds */
  gint64 amount_fen;    /* CHANGE */
  const char *reason;   /* in words */
  const char *decision; /* the number of the decision that orders it */
} PaymentsTerm;

/* Turn a monthly entitlement by a decision, and tell the payee; the same decision again is nothing.
 * FAULT_NOT_FOUND, FAULT_DENIED (ACCESS_APPROVE_PAYMENTS), FAULT_INPUT (no reason, no decision, no amount,
 * paid once), FAULT_CONFLICT (a month from FROM on is on a list: reverse that payment, or turn from a later
 * month; it ended before; nothing to resume; the decision ordered something else before). */
bool payments_turn (Payments *payments, const AccessAccount *who, gint64 entitlement,
                    const PaymentsTerm *term, GError **error);

typedef struct {
  gint64 id;
  const PolicyMatter *matter; /* NULL when the package of today has no such matter */
  const char *matter_key, *number;
  gint64 case_id;
  Subject subject, payee;
  bool monthly, ended, suspended;
  gint64 granted_fen, from; /* as it was decided */
  gint64 amount_fen, since; /* what the last term says, and from which month on; 0: nothing */
  gint64 last_listed;       /* the last month that stands on a list; -1: none; read for one, not for many */
} PaymentsEntitlement;
/* Those of MATTER with ids above AFTER, in order; with a NUMBER only the one that this decision gave.  In the
 * log.  FAULT_DENIED (ACCESS_PAY). */
const PaymentsEntitlement *payments_entitlements (Payments *payments, Arena *arena, const AccessAccount *who,
                                                  const PolicyMatter *matter, const char *number,
                                                  gint64 after, size_t limit, size_t *n, GError **error);
/* NULL with FAULT_NOT_FOUND, FAULT_DENIED.  In the log. */
const PaymentsEntitlement *payments_entitlement (Payments *payments, Arena *arena, const AccessAccount *who,
                                                 gint64 id, GError **error);

typedef struct {
  PaymentsTerm term; /* its amount: what is paid from its month on */
  gint64 made_at;    /* UTC seconds */
  const char *made_by;
} PaymentsTurned;
/* What turned OF, the first first. */
const PaymentsTurned *payments_history (Payments *payments, Arena *arena, const AccessAccount *who,
                                        const PaymentsEntitlement *of, size_t *n, GError **error);

/* ---- accounts of payees ------------------------------------------------------------- */

/* PAYEE's account: HOLDER and NUMBER of 8 to 30 digits, between which spaces and hyphens mean nothing; by
 * themselves, or by who has ACCESS_PAY.  It is that of lists approved from now on.  The payee is told; the
 * same again is nothing.  FAULT_DENIED, FAULT_INPUT. */
bool payments_set_account (Payments *payments, const AccessAccount *who, Subject payee, const char *holder,
                           const char *number, GError **error);

typedef struct {
  const char *holder, *account; /* "****1234" */
  gint64 set_at;                /* UTC seconds */
  const char *set_by;
} PaymentsAccount;
/* PAYEE's accounts, the one that holds first; none: to be asked for.  For themselves, or who has ACCESS_PAY.
 * FAULT_DENIED. */
const PaymentsAccount *payments_accounts (Payments *payments, Arena *arena, const AccessAccount *who,
                                          Subject payee, size_t limit, size_t *n, GError **error);

/* ---- lists ---------------------------------------------------------------------------- */

typedef enum {
  PAYMENTS_DRAFT,
  PAYMENTS_APPROVED,
  PAYMENTS_EXPORTED,
  PAYMENTS_CLOSED,    /* every line is answered */
  PAYMENTS_DISCARDED, /* not approved: its lines may be on another list */
} PaymentsState;
enum { PAYMENTS_STATES = PAYMENTS_DISCARDED + 1 };
const char *payments_state_id (PaymentsState state); /* "draft" … */
PolicyText payments_state_name (PaymentsState state);

/* A new draft of all that MATTER owes up to MONTH and no list has, for payees whose account is known, with
 * what is to be netted.  KEY makes it safe to repeat.  The list's id; 0 with FAULT_DENIED, FAULT_INPUT (no
 * key, one used otherwise, a month to come), FAULT_CONFLICT (a draft is open; nothing is to be paid; accounts
 * are missing of all), FAULT_SYSTEM. */
gint64 payments_make (Payments *payments, const AccessAccount *who, const PolicyMatter *matter, gint64 month,
                      const char *key, GError **error);

typedef enum { PAYMENTS_APPROVE, PAYMENTS_DISCARD } PaymentsAct;
/* Settle a draft; with its approval the accounts are those of now.  What is so already is nothing.
 * FAULT_DENIED (ACCESS_APPROVE_PAYMENTS; to approve: not who made it), FAULT_INPUT (DISCARD without a
 * reason), FAULT_CONFLICT (it is no draft). */
bool payments_settle (Payments *payments, const AccessAccount *who, gint64 list, PaymentsAct act,
                      const char *reason, GError **error);

/* The list for the treasury into OUT: order, holder, account, yuan, matter, month; one row for each payee's
 * entitlement.  From approved to exported the first time; afterwards the same bytes.  DIGEST (ARENA): SHA-256
 * in hex of the CSV.  What nets to nothing needs no transfer and is paid by it.  FAULT_DENIED, FAULT_CONFLICT
 * (neither approved nor exported). */
bool payments_export (Payments *payments, const AccessAccount *who, Arena *arena, gint64 list,
                      SheetFormat format, GString *out, const char **digest, GError **error);

typedef struct {
  gint64 order; /* of the exported file */
  bool paid;
  const char *reason; /* of what came back */
} PaymentsAnswer;
/* What the treasury says; each order once or not yet.  All or nothing; the same again is nothing.
 * FAULT_DENIED, FAULT_INPUT (an order that the list has not; no reason for what came back), FAULT_CONFLICT
 * (not exported; answered otherwise before). */
bool payments_answer (Payments *payments, const AccessAccount *who, gint64 list,
                      const PaymentsAnswer *answers, size_t n, GError **error);
/* The answers in TEXT, a CSV with the columns order, result (paid, returned) and reason, in ARENA.  NULL with
 * FAULT_INPUT: row and what is wrong. */
const PaymentsAnswer *payments_answers_parse (Arena *arena, Text text, size_t *n, GError **error);

/* Take back line LINE, which was paid: the money came back (RECOVERED), or is kept back from
 * the entitlement's next payment.  The same again is nothing.  FAULT_NOT_FOUND, FAULT_DENIED (who made its
 * list approves no reversal: ACCESS_APPROVE_PAYMENTS), FAULT_INPUT (no reason), FAULT_CONFLICT (it was not
 * paid, or reversed the other way). */
bool payments_reverse (Payments *payments, const AccessAccount *who, gint64 line, bool recovered,
                       const char *reason, GError **error);

/* ---- reading ---------------------------------------------------------------------------- */

typedef struct {
  gint64 id;
  const PolicyMatter *matter; /* NULL when the package of today has no such matter */
  const char *matter_key, *body;
  gint64 month;
  PaymentsState state;
  const char *made_by, *approved_by, *reason; /* approved_by: who settled it; NULL: nobody yet */
  gint64 made_at, approved_at, exported_at;   /* UTC seconds; 0: not */
  const char *digest;                         /* NULL: not exported */
  gint64 n_lines, total_fen;
  gint64 paid_fen, returned_fen, pending_fen; /* of its lines; discarded ones are none of these */
} PaymentsList;
/* The newest first, of the departments that WHO pays for; AFTER: those with smaller ids (0: all). */
const PaymentsList *payments_lists (Payments *payments, Arena *arena, const AccessAccount *who, gint64 after,
                                    size_t limit, size_t *n, GError **error);
/* NULL with FAULT_NOT_FOUND, FAULT_DENIED. */
const PaymentsList *payments_list (Payments *payments, Arena *arena, const AccessAccount *who, gint64 id,
                                   GError **error);

typedef enum { PAYMENTS_PENDING, PAYMENTS_PAID, PAYMENTS_RETURNED, PAYMENTS_DROPPED } PaymentsLineState;
const char *payments_line_state_id (PaymentsLineState state); /* "pending", "paid", "returned", "dropped" */
typedef struct {
  gint64 id, list, entitlement, month, amount_fen; /* below zero: netted */
  const PolicyMatter *matter;                      /* NULL when the package of today has no such matter */
  const char *matter_key, *number;                 /* of the decision */
  Subject payee;
  const char *account; /* "****1234": where it was ordered to, or would be; "" where none is known */
  PaymentsLineState state;
  const char *reason; /* why it came back, or was reversed; NULL */
  bool reversed;
} PaymentsLine;
/* Those with ids above AFTER, in order; without names.  In the log, with the payees as a set. */
const PaymentsLine *payments_lines (Payments *payments, Arena *arena, const AccessAccount *who,
                                    const PaymentsList *list, gint64 after, size_t limit, size_t *n,
                                    GError **error);

/* Those of entitlement OF, the newest first. */
const PaymentsLine *payments_paid (Payments *payments, Arena *arena, const AccessAccount *who,
                                   const PaymentsEntitlement *of, size_t limit, size_t *n, GError **error);
/* Those whose payee is WHO, of lists that are approved, the newest first; BEFORE: those with smaller ids (0:
 * all).  FAULT_DENIED (WHO is no person or body). */
const PaymentsLine *payments_own (Payments *payments, Arena *arena, const AccessAccount *who, gint64 before,
                                  size_t limit, size_t *n, GError **error);

/* Sums of MATTER up to MONTH (at least that of its last list), each counted on its own way. */
typedef struct {
  gint64 granted;    /* what decisions give, month by month */
  gint64 listed;     /* totals of the lists that were not discarded, without what was netted */
  gint64 standing;   /* of them on lines that have not come back */
  gint64 not_listed; /* granted, and on no list or come back */
  gint64 paid, returned, pending;
  gint64 reversed, recovered, netted, to_net; /* reversed is their sum */
  gint64 no_account;                          /* of not_listed: for want of an account */
  bool balances;
} PaymentsReport;
bool payments_reconcile (Payments *payments, const AccessAccount *who, const PolicyMatter *matter,
                         gint64 month, PaymentsReport *report, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Payments, payments_free)
