/* What the files of audit share. */
#pragma once

#include "audit/audit.h"
#include "audit/merkle.h"

enum { AUDIT_SALT_BYTES = 16, AUDIT_SET_SALT_BYTES = 32 };

/* Hashes of an entry's set of subjects. */
typedef struct {
  gint64 n; /* 0: no set */
  MerkleHash root;
} AuditCommitment;

/* ---- entry.c: what is hashed ------------------------------------------- */

/* The bytes that a leaf is the hash of (docs/audit-format.md, "The entry"), in BUFFER. */
void audit_encode (GString *buffer, const guint8 *salt, const AuditEntry *entry,
                   const AuditCommitment *commitment);
/* FAULT_INPUT when ENTRY cannot be recorded. */
bool audit_check_entry (const AuditEntry *entry, GError **error);

enum { AUDIT_TIME_MAX = CIVIL_TEXT_MAX + 8 };
/* "2026-11-22T06:05:54.123456Z" of UTC microseconds, into BUFFER of AUDIT_TIME_MAX; and back. */
char *audit_time_format (gint64 at, char *buffer);
bool audit_time_parse (Text text, gint64 *at);

/* ---- set.c ------------------------------------------------------------- */

/* 2^12 subjects with neighbouring numbers, a bit each. */
enum {
  AUDIT_BLOCK_BITS = 12,
  AUDIT_BLOCK_SIZE = 1 << AUDIT_BLOCK_BITS,
  AUDIT_BLOCK_BYTES = AUDIT_BLOCK_SIZE / 8
};

typedef struct {
  gint64 number; /* subject >> AUDIT_BLOCK_BITS */
  guint8 bits[AUDIT_BLOCK_BYTES];
} AuditBlock;

/* The blocks, in the order in which they were begun; good until the next audit_set_add. */
const AuditBlock *audit_set_blocks (const AuditSet *set, size_t *n);
/* As stored: up to 255 rising offsets of two bytes each (big-endian), else the bits.
 * BYTES has room for AUDIT_BLOCK_BYTES; returns the length. */
size_t audit_block_pack (const AuditBlock *block, guint8 *bytes);
/* False when BYTES is no packed block. */
bool audit_block_unpack (AuditBlock *block, gint64 number, Text bytes);
/* False also when BYTES is no packed block. */
bool audit_block_holds (Text bytes, gint64 subject);
void audit_set_add_block (AuditSet *set, const AuditBlock *block);

void audit_set_commit (MerkleHasher *hasher, const AuditSet *set, const guint8 *set_salt,
                       AuditCommitment *commitment);

/* The commitment as of now under a salt of the set's own; until the set changes it stays the
 * same, so that entries about one set one after the other hash its members once.  The set keeps it. */
typedef struct {
  AuditAlgorithm algorithm;
  guint8 salt[AUDIT_SET_SALT_BYTES];
  AuditCommitment commitment;
} AuditSeal;
const AuditSeal *audit_set_seal (const AuditSet *set, AuditAlgorithm algorithm);

/* One member's proof. */
typedef struct {
  guint8 salt[AUDIT_SALT_BYTES];
  guint64 index, size;
  MerklePath path;
} AuditMembership;

/* False when SUBJECT is not in SET. */
bool audit_set_prove (MerkleHasher *hasher, const AuditSet *set, const guint8 *set_salt, gint64 subject,
                      AuditMembership *membership);
bool audit_set_check (MerkleHasher *hasher, gint64 subject, const AuditMembership *membership,
                      const AuditCommitment *commitment);

/* ---- note.c: signed heads ---------------------------------------------- */

enum { AUDIT_SEED_BYTES = 32, AUDIT_PUBLIC_BYTES = 32, AUDIT_SECRET_BYTES = 64, AUDIT_SIGNATURE_BYTES = 64 };

typedef struct {
  const char *log; /* its name, "origin" */
  AuditAlgorithm algorithm;
  gint64 size, at;
  MerkleHash root;
} AuditStatement;

typedef struct {
  AuditStatement statement;
  guint32 key_id;
  guint8 signature[AUDIT_SIGNATURE_BYTES];
  Text text; /* what is signed */
  Text note; /* the whole, as it stands in its file */
  unsigned line;
} AuditNote;

typedef struct {
  const char *log;
  guint32 id;
  guint8 bytes[AUDIT_PUBLIC_BYTES];
} AuditKey;

/* "SHA-256", "SM3" */
const char *audit_algorithm_name (AuditAlgorithm algorithm);
/* The note that SECRET (libsodium's 64 bytes) makes of STATEMENT. */
char *audit_note_sign (const AuditStatement *statement, const guint8 *secret);
/* One note; false when TEXT is none. */
bool audit_note_parse (Arena *arena, Text text, AuditNote *note);
/* Every note of a file that holds many; N_BROKEN counts pieces that are none, the
 * first at line BROKEN_AT. */
AuditNote *audit_notes_parse (Arena *arena, Text text, size_t *n, size_t *n_broken, unsigned *broken_at);
/* The key among KEYS that has signed it, or NULL. */
const AuditKey *audit_note_verify (const AuditNote *note, const AuditKey *keys, size_t n);

/* A public key as one line "NAME+ID+BASE64" (signed-note's verifier key). */
char *audit_key_format (const char *log, const guint8 *public_key);
/* Lines of them, blanks and # lines left out; NULL with FAULT_INPUT that names ORIGIN and line. */
AuditKey *audit_keys_parse (Arena *arena, Text text, const char *origin, size_t *n, GError **error);

/* ---- log.c: the tables ------------------------------------------------- */

typedef struct {
  char name[64];
  AuditAlgorithm algorithm;
} AuditLog;

/* FAULT_INPUT when there is none (audit_migrate was never called). */
bool audit_log_read (StoreConnection *db, AuditLog *log, GError **error);
/* The number of the last entry, 0 when none. */
bool audit_log_size (StoreConnection *db, gint64 *size, GError **error);

/* The columns of audit_detail as AUDIT_DETAIL_COLUMNS selects them. */
#define AUDIT_DETAIL_COLUMNS                                                                                 \
  "number, salt, at, act, actor, role, department, subject, purpose, detail, members, members_root, "        \
  "members_salt"
enum {
  DETAIL_NUMBER,
  DETAIL_SALT,
  DETAIL_AT,
  DETAIL_ACT,
  DETAIL_ACTOR,
  DETAIL_ROLE,
  DETAIL_DEPARTMENT,
  DETAIL_SUBJECT,
  DETAIL_PURPOSE,
  DETAIL_DETAIL,
  DETAIL_MEMBERS,
  DETAIL_MEMBERS_ROOT,
  DETAIL_MEMBERS_SALT,
};

/* ---- tree.c: leaves and nodes ------------------------------------------ */

/* Roots are stored for every 2^8, 2^16, 2^24 … entries that a head covers. */
enum { AUDIT_NODE_STEP = 8, AUDIT_GROUP = 1 << AUDIT_NODE_STEP };

/* Reads complete subtrees from the tables; FAULT_SYSTEM when a row is missing. */
typedef struct {
  StoreConnection *db;
  MerkleHasher *hasher;
} AuditTree;
MerkleSource audit_tree_source (AuditTree *tree);
/* The frontier of the first SIZE entries, which a head covers. */
bool audit_tree_frontier (AuditTree *tree, guint64 size, MerkleFrontier *frontier, GError **error);

/* ---- key.c: the signer's key file -------------------------------------- */

/* Reads FILE's secret key, or makes it; keeps FILE.pub up to date for LOG. */
bool audit_key_open (const char *file, const char *log, guint8 *secret, GError **error);

/* ---- outside.c: where heads are kept out of reach ----------------------- */

/* Append NOTES (whole notes, each followed by an empty line) to PLACE, for heads
 * signed at AT; true when they are on the disk there. */
bool audit_outside_append (const char *place, gint64 at, const char *notes, GError **error);
/* The newest head of LOG that PLACE holds, in ARENA; NULL without error when none. */
bool audit_outside_newest (Arena *arena, const char *place, const char *log, AuditNote *newest, bool *found,
                           GError **error);
/* Everything that PLACE holds, in ARENA. */
bool audit_outside_read (Arena *arena, const char *place, Text *text, GError **error);

/* ---- read.c, proof.c --------------------------------------------------- */

/* The current row of AUDIT_DETAIL_COLUMNS, texts in ARENA. */
AuditEntry audit_take_entry (StoreStatement *s, Arena *arena);
/* The subjects of entry NUMBER as stored; packed blocks that are none are left out. */
AuditSet *audit_set_read (StoreConnection *db, gint64 number, GError **error);

#define AUDIT_ENTRY_FORMAT "liudong-audit-proof-1"
#define AUDIT_GROWTH_FORMAT "liudong-audit-consistency-1"
