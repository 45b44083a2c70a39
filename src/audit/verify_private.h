/* Verifying, in three parts: verify.c reads the heads and compares roots,
 * verify_scan.c computes everything anew, verify_blame.c tells what was done. */
#pragma once

#include <pthread.h>
#include "audit/audit_private.h"

/* A head whose signature fits. */
typedef struct {
  gint64 size;
  MerkleHash root;
  const char *place;                 /* where it stands, for messages */
  MerkleHash peaks[AUDIT_NODE_STEP]; /* of the entries behind the last complete group */
} VerifyHead;

/* An entry whose leaf is not what its details give. */
typedef struct {
  gint64 number;
  MerkleHash stored, computed;
} VerifySuspect;

/* What a leaf is taken for, in place of what is stored. */
typedef struct {
  guint64 index;
  MerkleHash leaf;
} VerifyLeaf;

typedef struct {
  Store *store;
  AuditLog log;
  gint64 n;          /* entries: the highest number of a leaf or of details */
  gint64 covered;    /* by the store's own heads: nodes have to be there */
  VerifyHead *heads; /* by size, none above N */
  size_t n_heads;
  MerkleHash *groups; /* roots of every 256 leaves, as computed */
  size_t n_groups;

  pthread_mutex_t lock; /* guards all below while threads run */
  pthread_cond_t wake;
  gint64 next, done; /* entries begun and done with */
  int running;
  GError *error;
  GArray *findings;    /* AuditFinding, messages owned */
  GArray *suspects;    /* VerifySuspect */
  GArray *missing;     /* VerifyLeaf: entries without a leaf, with what their details give, or zeros */
  bool holes;          /* some of them have no details either */
  GArray *gone;        /* gint64: entries without details */
  GArray *erased;      /* gint64: entries that another says were erased */
  GArray *wrong_nodes; /* guint64: groups whose stored root is another */
} Verification;

/* A finding; takes the lock. */
void verify_find (Verification *v, AuditFault fault, gint64 number, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/* Read and hash every entry in two threads; false with the error of one. */
bool verify_scan (Verification *v, const AuditVerifying *what, GError **error);

/* HEAD is the first whose root is another than the entries give; those up to GOOD are
 * right.  Adds what can be found out. */
bool verify_blame (Verification *v, const VerifyHead *head, gint64 good, GError **error);
