/* decisions — a decision on paper, and how anybody holding it sees that it is genuine.
 *
 * What it is for: what was decided, on which facts, by which rule and for which
 * reasons, and where to turn if one does not agree, in words, as a PDF in the manner
 * of official documents (GB/T 9704); with a QR code that leads to a page which says
 * whether there is such a decision.
 *
 *     case + determination ──> Decision ──decisions_issue──> DecisionSeal (code, digest)
 *                                  └────────decisions_pdf─────────┘──> PDF
 *     the paper's code ──decisions_verify──> number, matter, day, result, digest
 *
 * What it promises
 *   - A code has 128 random bits and says nothing; who does not hold the paper cannot
 *     guess one.  A code that was never issued, or was changed, is refused.
 *   - A decision has one seal: issued again unchanged, it is the same code and the same
 *     bytes.  When a case is decided anew, the new paper has a seal of its own, and the old
 *     one's page says that it was replaced.
 *   - The digest is SHA-256 over the code and all that the paper decides, each text with
 *     its length; the code in it keeps anybody from trying amounts and names.
 *   - The verifying page learns no more than the paper shows, and less: the name is
 *     masked, no amount, no fact, no reason.
 *   - Reasons come from the determination that was proposed; what the person who
 *     decided said stands beside them in their own words.
 *
 * What it refuses: to decide, to say what the determination does not.
 *
 * How a call goes
 *
 *     g_autoptr (Decisions) decisions = decisions_open (store, &error);
 *     DecisionSeal seal;
 *     if (decisions_issue (decisions, who, &decision, &seal, &error)
 *         && decisions_pdf (package, &decision, &seal, "https://…/verify/", false, pdf, &error)) …
 *     const DecisionProof *proof = decisions_verify (decisions, arena, code, &error);
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "policy/policy.h"
#include "store/store.h"

/* What the paper says.  Texts without a language stand as they are in both. */
typedef struct {
  gint64 case_id;
  const char *number; /* the case's, for people */
  PolicyText matter;
  Subject person;        /* in whose log the paper stands; 0: nobody's */
  const char *applicant; /* the name */
  const char *identity;  /* of an identity document, masked; NULL: not shown */
  const char *about;     /* whom it is about when not the applicant; NULL */
  const char *office;    /* who decides */
  const char *const
      *basis; /* documents and articles, beside the circular's clause; NULL-terminated, or NULL */
  bool granted;
  bool has_amount;
  gint64 amount_fen;
  PolicyText amount_unit;        /* 元/月; may be empty: 元 */
  const char *reason;            /* of who decided, in their own words; NULL */
  gint64 applied_at, decided_at; /* UTC seconds */
  const char *package_hash;
  const PolicyDetermination *determination; /* that was proposed; NULL: none, only REASON */
  int appeal_days;        /* days (calendar) within which review may be asked for; below 1: not said */
  PolicyText appeal_body; /* of whom; empty: not said */
} Decision;

enum { DECISION_CODE_LENGTH = 32 /* hexadecimal digits */ };

typedef struct {
  char code[DECISION_CODE_LENGTH + 1];
  char digest[65];  /* hexadecimal SHA-256 */
  gint64 issued_at; /* UTC seconds */
} DecisionSeal;

typedef struct Decisions Decisions;
/* Brings the tables up to date.  STORE must outlive it.  NULL with FAULT_SYSTEM. */
Decisions *decisions_open (Store *store, GError **error);
void decisions_free (Decisions *decisions);

/* The seal of DECISION, made and logged as WHO's deed the first time.  Whether WHO may have the
 * paper is the caller's to know (cases_case).  FAULT_INPUT: no number, matter, applicant or office;
 * FAULT_SYSTEM. */
bool decisions_issue (Decisions *decisions, const AccessAccount *who, const Decision *decision,
                      DecisionSeal *seal, GError **error);

/* DECISION under SEAL as a PDF in Chinese or ENGLISH, into PDF.  ADDRESS is
 * where codes are verified, "https://…/verify/", to which the code is added.  Faults as paper_finish. */
bool decisions_pdf (const PolicyPackage *package, const Decision *decision, const DecisionSeal *seal,
                    const char *address, bool english, GString *pdf, GError **error);

/* A digest as people read it: in groups of eight digits; in ARENA. */
const char *decision_digest_words (Arena *arena, const char *digest);

/* What a code stands for. */
typedef struct {
  const char *number, *office;
  PolicyText matter;
  const char *applicant; /* masked: 陈＊＊ */
  bool granted;
  gint64 decided_at, issued_at; /* UTC seconds */
  const char *digest;
  bool replaced; /* the case was decided anew since */
} DecisionProof;

/* Texts in ARENA.  NULL with FAULT_NOT_FOUND: CODE is none that was issued, whatever it looks like;
 * FAULT_SYSTEM. */
const DecisionProof *decisions_verify (Decisions *decisions, Arena *arena, const char *code, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Decisions, decisions_free)
