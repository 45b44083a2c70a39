/* audit — who did what with whose data, when, and for which purpose, so that
 * nobody can change it afterwards without being found out.
 *
 *     entry + salt ──> leaf ──> Merkle tree (RFC 6962) ──> signed heads ──> files elsewhere
 *        │               │
 *     erasable       never changed
 *
 * What it is for: one append-only log per database.  An entry says who (account,
 * role, department) did what with whose data for which purpose.  Its leaf is a
 * hash over the entry and a random salt; the leaves form a Merkle tree, whose
 * root is signed every second when something came and kept where this server
 * cannot rewrite it.  docs/audit-format.md gives every byte.
 *
 * What it promises
 *   - An entry commits together with what it is about, or on its own (audit_record).
 *   - Entries are numbered 1, 2, 3 … without gaps, also when a work was undone.
 *   - Truncation, deletion, reorder and edit are each found (audit_verify), given
 *     a head that is older than the deed.
 *   - Whoever is concerned can prove an entry to anybody without this database,
 *     and learns nothing of other people by it.
 *   - Details can be erased; what remains proves that something stood there.
 *   - Signing never makes an append wait.
 *
 * What it refuses: to change an entry; to keep what was read (only names of
 * attributes belong into an entry's detail).
 *
 * How a call goes
 *
 *     audit_migrate (store, &error);                                  // once, at opening
 *     AuditEntry entry = { .act = AUDIT_READ, .actor = "clerk", .subject = subject, .purpose = "clause-15" };
 *     audit_append (db, &entry, &error);                              // inside a StoreWork
 *     audit_record (store, &entry, &error);                           // or by itself, waits for the commit
 *     g_autoptr (Audit) audit = audit_start (store, &options, &error);    // the signer of a server
 */
#pragma once

#include "base/base.h"
#include "store/store.h"

/* ---- entries ----------------------------------------------------------- */

typedef enum {
  AUDIT_READ,
  AUDIT_REFUSED, /* a read that was not permitted */
  AUDIT_SEARCH,
  AUDIT_RUN, /* a determination over many subjects */
  AUDIT_WRITE,
  AUDIT_EXPORT,
  AUDIT_LOGIN,
  AUDIT_LOGIN_REFUSED,
  AUDIT_GRANT, /* mandates, roles */
  AUDIT_ADMIN,
  AUDIT_ERASE, /* written by audit_erase alone */
  AUDIT_N_ACTS
} AuditAct;
/* "read", "refused", "search", "run", "write", "export", "login", "login-refused",
 * "grant", "admin", "erase": part of the format. */
const char *audit_act_id (AuditAct act);
/* False when ID is none of them. */
bool audit_act_parse (const char *id, AuditAct *act);

/* The subjects of one entry, when they are many.  The entry holds the root of a
 * Merkle tree over their salted hashes in random order, so that a member can
 * prove that they are in it, and learns of the others only how many they are.
 * Adding the same twice is adding it once. */
typedef struct AuditSet AuditSet;
AuditSet *audit_set_new (void);
void audit_set_add (AuditSet *set, gint64 subject); /* > 0 */
gint64 audit_set_size (const AuditSet *set);
void audit_set_free (AuditSet *set);

/* Texts are UTF-8; an empty one and NULL are the same.  They are not kept. */
typedef struct {
  gint64 at; /* UTC microseconds; 0: now */
  AuditAct act;
  const char *actor;        /* account name, or "os:NAME" on the command line */
  const char *role;         /* "clerk"; may be NULL */
  const char *department;   /* may be NULL */
  gint64 subject;           /* the person or body concerned; 0: none */
  const AuditSet *subjects; /* when many; may be NULL.  An empty one is none */
  const char *purpose;      /* "clause-15", "self", "steward"; may be NULL */
  const char *detail;       /* a JSON object: attributes read, batch written …; may be NULL */
} AuditEntry;

/* Hashes of a log.  A log has one from its first entry on. */
typedef enum { AUDIT_SHA256, AUDIT_SM3 } AuditAlgorithm;

/* The tables, and an empty log of SHA-256.  Cheap when they are there. */
bool audit_migrate (Store *store, GError **error);
/* Have a log that is still empty use ALGORITHM; FAULT_CONFLICT when it is not. */
bool audit_choose_algorithm (Store *store, AuditAlgorithm algorithm, GError **error);

/* Inside a StoreWork, or between store_begin and store_commit: the entry commits
 * with what else is written.  The entry's number, or 0 with FAULT_INPUT (no actor;
 * a text that is no UTF-8 or longer than 1 MiB) or FAULT_SYSTEM. */
gint64 audit_append (StoreConnection *db, const AuditEntry *entry, GError **error);
/* A work of its own: true when it is committed. */
bool audit_record (Store *store, const AuditEntry *entry, GError **error);

/* Forget the details of entry NUMBER, and record by an entry of its own that
 * ACTOR did so for REASON.  FAULT_NOT_FOUND when there is none, or its details
 * are gone; FAULT_CONFLICT for an AUDIT_ERASE, which must stay. */
bool audit_erase (Store *store, gint64 number, const char *actor, const char *reason, GError **error);

/* ---- reading ----------------------------------------------------------- */

typedef struct {
  gint64 number;
  bool erased;       /* ENTRY is empty then */
  AuditEntry entry;  /* its subjects are not listed: NULL */
  gint64 n_subjects; /* how many there are in its set */
} AuditRecord;

typedef struct {
  gint64 subject;      /* entries about this one, singly or in a set; 0: any */
  const char *actor;   /* may be NULL */
  const AuditAct *act; /* may be NULL */
  gint64 before;       /* entries with smaller numbers; 0: the newest */
  size_t limit;
} AuditFilter;

/* The newest entries first, in ARENA.  A page: the last one's number is the next
 * page's BEFORE.  NULL with an error; N may be 0. */
const AuditRecord *audit_entries (Store *store, Arena *arena, const AuditFilter *filter, size_t *n,
                                  GError **error);
/* Those about SUBJECT, whoever did it and for whatever. */
const AuditRecord *audit_entries_about (Store *store, Arena *arena, gint64 subject, gint64 before,
                                        size_t limit, size_t *n, GError **error);

/* ---- heads ------------------------------------------------------------- */

/* A signed statement that the log had SIZE entries with this root (C2SP
 * tlog-checkpoint, as a signed note). */
typedef struct {
  gint64 size;
  gint64 at;        /* UTC microseconds */
  const char *note; /* the text with its signature */
} AuditHead;

/* The newest first, at most LIMIT. */
const AuditHead *audit_heads (Store *store, Arena *arena, size_t limit, size_t *n, GError **error);
/* The public keys that have signed, one a line, the newest first; "" when none has. */
const char *audit_public_keys (Store *store, Arena *arena, GError **error);

/* How the log stands, at a glance; audit_verify looks at everything. */
typedef struct {
  const char *log;
  gint64 entries;
  gint64 size, at;         /* the newest head; 0: none yet */
  const char *hash, *root; /* "SHA-256"; hexadecimal */
  bool fits; /* its signature, by a key of the database, and the root computed from the stored tree */
} AuditState;
const AuditState *audit_state (Store *store, Arena *arena, GError **error);

typedef struct {
  /* Ed25519; made with mode 0600 when not there, and FILE.pub with the public key. */
  const char *key_file;
  /* Where heads are kept outside: a file, or a folder for a file a day; NULL: nowhere.
   * It should lie on another machine, which this one can append to and not rewrite. */
  const char *heads;
  int interval; /* milliseconds between heads; 0: 1000 */
} AuditOptions;

/* The signer: a thread of its own that extends the tree, signs, stores and sends
 * heads out.  What goes wrong with the outside place is told on standard error and
 * tried again; FAULT_INPUT when the key file is none, FAULT_SYSTEM when it cannot be
 * made.  STORE must stay until audit_stop, which signs what has come. */
typedef struct Audit Audit;
Audit *audit_start (Store *store, const AuditOptions *options, GError **error);
void audit_stop (Audit *audit);
/* What is wrong with signing or with the outside place right now, or NULL.  Caller frees. */
char *audit_trouble (Audit *audit);
/* Sign once, where no server runs. */
bool audit_sign (Store *store, const AuditOptions *options, GError **error);

/* ---- proofs ------------------------------------------------------------ */

/* Append to OUT a JSON bundle that proves entry NUMBER to be in the log by its
 * latest head, or by the earliest that covers it when EARLIEST; with SUBJECT not 0
 * also that the entry is about them, singly or in its set.  A set is committed to
 * anew, about half a second for a million.  FAULT_NOT_FOUND when there is no such entry or it is
 * not about SUBJECT; FAULT_CONFLICT when no head covers it yet: a second later one will. */
bool audit_proof_json (Store *store, gint64 number, gint64 subject, bool earliest, GString *out,
                       GError **error);
/* The same of two heads: that the log of SECOND entries continues that of FIRST
 * (0: of the latest head), and nothing before was changed.  FAULT_NOT_FOUND when
 * there is no head of that size. */
bool audit_consistency_json (Store *store, gint64 first, gint64 second, GString *out, GError **error);
/* Check a bundle of either kind without any database.  KEYS: public keys, one a line.
 * True with a line of English in SAYS (arena); false with FAULT_INPUT that says what
 * does not fit. */
bool audit_proof_check (Arena *arena, Text json, const char *origin, const char *keys, const char **says,
                        GError **error);

/* ---- verifying --------------------------------------------------------- */

typedef enum {
  AUDIT_TRUNCATED,       /* a head covers more entries than there are */
  AUDIT_ENTRY_MISSING,   /* a number is skipped */
  AUDIT_DETAILS_MISSING, /* details are gone and no entry says that they were erased */
  AUDIT_DETAILS_CHANGED,
  AUDIT_LEAF_CHANGED,
  AUDIT_REORDERED,
  AUDIT_ENTRY_CHANGED,   /* details and leaf together */
  AUDIT_MEMBERS_CHANGED, /* the list of an entry's subjects */
  AUDIT_NODE_CHANGED,    /* a stored inner node; the entries are whole */
  AUDIT_HEAD_CHANGED,    /* its signature does not fit, or no key is known */
  AUDIT_OTHER_LOG,       /* a head kept outside is of another log */
} AuditFault;

typedef struct {
  AuditFault fault;
  gint64 number; /* the entry, or the head's size */
  const char *message;
} AuditFinding;

typedef struct {
  const char *head; /* a file or folder with heads kept outside; may be NULL */
  const char *key;  /* a file with the public keys to trust; NULL: the database's own */
  void (*progress) (gint64 done, gint64 total, gpointer data); /* may be NULL */
  gpointer progress_data;
} AuditVerifying;

typedef struct {
  const char *log; /* its name */
  gint64 entries, erased, heads, outside_heads;
  gint64 covered; /* entries that a head covers */
  size_t n;       /* findings, the first place that is wrong first */
  const AuditFinding *findings;
} AuditReport;

/* Compute everything anew: leaves from details, nodes from leaves, roots under all
 * heads, here and outside; two threads.  True with REPORT in ARENA, also when something
 * is wrong; false when it could not be looked at. */
bool audit_verify (Store *store, Arena *arena, const AuditVerifying *what, AuditReport *report,
                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuditSet, audit_set_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Audit, audit_stop)
