/* The signer: one thread that extends the tree over what was appended since it
 * last looked, signs the new root, and sends it out. */
#include "audit/audit_private.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>

enum { INTERVAL = 1000, LEAVES_MAX = 1 << 20, NOTES_MAX = 1000 };

/* A stored node to be. */
typedef struct {
  unsigned level;
  guint64 number;
  MerkleHash root;
} NewNode;

typedef struct {
  Store *store;
  AuditLog log;
  MerkleHasher *hasher;
  guint8 secret[AUDIT_SECRET_BYTES];
  MerkleFrontier frontier; /* of what is signed */
  GArray *nodes;           /* NewNode, completed since */
  char *heads;             /* outside; NULL: nowhere */
  gint64 sent;             /* the size of the newest head that is outside */
  bool looked;             /* at what is outside */
  char *mismatch;          /* what was found there that does not fit this log */
} Signer;

struct Audit {
  Signer signer;
  Ticker *ticker;
  pthread_mutex_t lock; /* guards all below */
  char *trouble;
};

/* ---- extending the tree ------------------------------------------------ */

static void
note_subtree (gpointer data, unsigned level, guint64 number, const MerkleHash *root)
{
  Signer *s = data;
  if (level % AUDIT_NODE_STEP)
    return;
  NewNode node = { level, number, *root };
  g_array_append_val (s->nodes, node);
}

/* The largest head there is; 0 when none. */
static bool
read_signed (StoreConnection *db, gint64 *size, GError **error)
{
  return store_query (db, "SELECT max(size) FROM audit_head", 0, size, error);
}

static bool
load_frontier (Signer *s, StoreConnection *db, GError **error)
{
  gint64 size = 0;
  if (!read_signed (db, &size, error) || (guint64)size == s->frontier.size)
    return s->frontier.size == (guint64)size;
  AuditTree tree = { db, s->hasher };
  s->frontier.size = 0;
  return audit_tree_frontier (&tree, (guint64)size, &s->frontier, error);
}

/* Append to the frontier what came since it was signed, at most LEAVES_MAX. */
static bool
extend (Signer *s, StoreConnection *db, bool *more, GError **error)
{
  StoreStatement *statement = store_statement (
      db, "SELECT number, hash FROM audit_leaf WHERE number > ?1 ORDER BY number LIMIT ?2", error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, (gint64)s->frontier.size);
  store_bind_integer (statement, 2, LEAVES_MAX);
  g_array_set_size (s->nodes, 0);
  gint64 n = 0;
  StoreStep step;
  while ((step = store_step (statement, error)) == STORE_ROW) {
    Text hash = store_blob (statement, 1);
    if (store_integer (statement, 0) != (gint64)s->frontier.size + 1 || hash.len != MERKLE_BYTES) {
      store_reset (statement);
      g_set_error (error, FAULT, FAULT_SYSTEM,
                   "the audit log skips entry %" G_GUINT64_FORMAT
                   "; nothing behind it is signed: liudong audit "
                   "verify says more",
                   s->frontier.size + 1);
      return false;
    }
    MerkleHash leaf;
    memcpy (leaf.bytes, hash.bytes, MERKLE_BYTES);
    merkle_append (s->hasher, &s->frontier, 0, &leaf);
    n++;
  }
  *more = n == LEAVES_MAX;
  return step == STORE_DONE;
}

/* ---- signing ----------------------------------------------------------- */

typedef struct {
  const Signer *signer;
  AuditStatement statement;
  const char *note, *key;
} NewHead;

static bool
insert_nodes (StoreConnection *db, const Signer *s, GError **error)
{
  StoreStatement *insert = store_statement (db,
                                            "INSERT INTO audit_node (level, number, hash) VALUES (?1, ?2, ?3)"
                                            " ON CONFLICT (level, number) DO NOTHING",
                                            error);
  for (guint i = 0; insert && i < s->nodes->len; i++) {
    const NewNode *node = &g_array_index (s->nodes, NewNode, i);
    store_bind_integer (insert, 1, node->level);
    store_bind_integer (insert, 2, (gint64)node->number);
    store_bind_blob (insert, 3, node->root.bytes, MERKLE_BYTES);
    if (!store_run (insert, error))
      return false;
  }
  return insert != NULL;
}

static bool
insert_head (StoreConnection *db, const NewHead *head, GError **error)
{
  StoreStatement *s = store_statement (
      db, "INSERT INTO audit_head (size, at, note) VALUES (?1, ?2, ?3) ON CONFLICT (size) DO NOTHING", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, head->statement.size);
  store_bind_integer (s, 2, head->statement.at);
  store_bind_text (s, 3, head->note);
  return store_run (s, error);
}

static bool
insert_key (StoreConnection *db, const NewHead *head, GError **error)
{
  StoreStatement *s = store_statement (
      db, "INSERT INTO audit_key (name, since) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING", error);
  if (!s)
    return false;
  store_bind_text (s, 1, head->key);
  store_bind_integer (s, 2, head->statement.at);
  return store_run (s, error);
}

static bool
head_work (StoreConnection *db, gpointer data, GError **error)
{
  const NewHead *head = data;
  return insert_nodes (db, head->signer, error) && insert_head (db, head, error)
         && insert_key (db, head, error);
}

static bool
sign_frontier (Signer *s, GError **error)
{
  guint8 public_key[AUDIT_PUBLIC_BYTES];
  NewHead head = { .signer = s };
  head.statement = (AuditStatement){ .log = s->log.name,
                                     .algorithm = s->log.algorithm,
                                     .size = (gint64)s->frontier.size,
                                     .at = g_get_real_time () };
  merkle_root (s->hasher, &s->frontier, &head.statement.root);
  crypto_sign_ed25519_sk_to_pk (public_key, s->secret);
  g_autofree char *note = audit_note_sign (&head.statement, s->secret);
  g_autofree char *key = audit_key_format (s->log.name, public_key);
  head.note = note;
  head.key = key;
  return store_write (s->store, head_work, &head, error);
}

/* Sign what came since the last time. */
static bool
sign_new (Signer *s, GError **error)
{
  for (bool more = true; more;) {
    g_autoptr (StoreReader) reader = store_reader (s->store, error);
    if (!reader || !load_frontier (s, store_reader_db (reader), error))
      return false;
    guint64 before = s->frontier.size;
    bool ok = extend (s, store_reader_db (reader), &more, error);
    g_clear_pointer (&reader, store_reader_release);
    if (ok && s->frontier.size == before)
      return true;
    if (!ok || !sign_frontier (s, error)) {
      s->frontier.size = G_MAXUINT64; /* to be read again */
      return false;
    }
  }
  return true;
}

/* ---- sending out ------------------------------------------------------- */

/* FITS: whether a head that was found outside is one of this log as it stands. */
static bool
compare_outside (Signer *s, const AuditStatement *outside, bool *fits, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (s->store, error);
  gint64 size = 0;
  if (!reader || !read_signed (store_reader_db (reader), &size, error))
    return false;
  MerkleHash root;
  AuditTree tree = { store_reader_db (reader), s->hasher };
  MerkleSource source = audit_tree_source (&tree);
  bool longer = outside->size > size;
  if (!longer && !merkle_root_of (s->hasher, &source, (guint64)outside->size, &root, error))
    return false;
  *fits = !longer && merkle_equal (&root, &outside->root);
  if (!*fits)
    s->mismatch
        = g_strdup_printf ("%s: its newest head (%" G_GINT64_FORMAT
                           " entries) does not fit this log, which was %s: liudong audit verify --head "
                           "%s says more",
                           s->heads, outside->size, longer ? "cut short" : "changed", s->heads);
  return true;
}

/* What is outside when the signer starts.  A head there that does not fit is told,
 * and sending goes on from the beginning: both stay there to be seen. */
static bool
look_outside (Signer *s, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  AuditNote newest;
  bool found, fits = false;
  if (!audit_outside_newest (arena, s->heads, s->log.name, &newest, &found, error)
      || (found && !compare_outside (s, &newest.statement, &fits, error)))
    return false;
  s->sent = fits ? newest.statement.size : 0;
  s->looked = true;
  return true;
}

/* The next heads to send, each with an empty line; AT when the last was signed. */
static bool
read_unsent (Signer *s, GString *notes, gint64 *last, gint64 *at, bool *more, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (s->store, error);
  StoreStatement *statement
      = reader
            ? store_statement (store_reader_db (reader),
                               "SELECT size, at, note FROM audit_head WHERE size > ?1 ORDER BY size LIMIT ?2",
                               error)
            : NULL;
  if (!statement)
    return false;
  store_bind_integer (statement, 1, s->sent);
  store_bind_integer (statement, 2, NOTES_MAX);
  gint64 n = 0;
  StoreStep step;
  while ((step = store_step (statement, error)) == STORE_ROW) {
    *last = store_integer (statement, 0);
    *at = store_integer (statement, 1);
    g_string_append_printf (notes, "%s\n", store_text (statement, 2).bytes);
    n++;
  }
  *more = n == NOTES_MAX;
  return step == STORE_DONE;
}

static bool
send_heads (Signer *s, GError **error)
{
  if (!s->heads)
    return true;
  if (!s->looked && !look_outside (s, error))
    return false;
  for (bool more = true; more;) {
    g_autoptr (GString) notes = g_string_new (NULL);
    gint64 last = s->sent, at = 0;
    if (!read_unsent (s, notes, &last, &at, &more, error)
        || (notes->len && !audit_outside_append (s->heads, at, notes->str, error)))
      return false;
    s->sent = last;
  }
  return true;
}

/* ---- the signer -------------------------------------------------------- */

static void
signer_clear (Signer *s)
{
  merkle_hasher_free (s->hasher);
  sodium_memzero (s->secret, sizeof s->secret);
  if (s->nodes)
    g_array_unref (s->nodes);
  g_free (s->heads);
  g_free (s->mismatch);
}

static bool
signer_open (Signer *s, Store *store, const AuditOptions *options, GError **error)
{
  *s = (Signer){ .store = store, .heads = g_strdup (options->heads) };
  g_autoptr (StoreReader) reader = audit_migrate (store, error) ? store_reader (store, error) : NULL;
  if (!reader || !audit_log_read (store_reader_db (reader), &s->log, error)
      || !audit_key_open (options->key_file, s->log.name, s->secret, error)) {
    signer_clear (s);
    return false;
  }
  s->hasher = merkle_hasher_new (s->log.algorithm);
  s->nodes = g_array_new (FALSE, FALSE, sizeof (NewNode));
  s->frontier.complete = note_subtree;
  s->frontier.data = s;
  return true;
}

bool
audit_sign (Store *store, const AuditOptions *options, GError **error)
{
  Signer s;
  if (!signer_open (&s, store, options, error))
    return false;
  bool ok = sign_new (&s, error) && send_heads (&s, error);
  if (ok && s.mismatch) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s", s.mismatch);
    ok = false;
  }
  signer_clear (&s);
  return ok;
}

/* Tell TROUBLE (NULL: none) once, and keep it for who asks. */
static void
report (Audit *audit, const char *trouble)
{
  pthread_mutex_lock (&audit->lock);
  if (trouble && g_strcmp0 (trouble, audit->trouble) != 0)
    fprintf (stderr, "liudong: %s\n", trouble);
  if (!trouble && audit->trouble)
    fputs ("liudong: the audit log's heads are signed and kept again\n", stderr);
  g_free (audit->trouble);
  audit->trouble = g_strdup (trouble);
  pthread_mutex_unlock (&audit->lock);
}

/* Heads that are signed are sent also when signing fails. */
static void
run_once (gpointer data)
{
  Audit *audit = data;
  g_autoptr (GError) signing = NULL, sending = NULL;
  sign_new (&audit->signer, &signing);
  send_heads (&audit->signer, &sending);
  report (audit, signing ? signing->message : sending ? sending->message : audit->signer.mismatch);
}

Audit *
audit_start (Store *store, const AuditOptions *options, GError **error)
{
  Audit *audit = g_new0 (Audit, 1);
  if (!signer_open (&audit->signer, store, options, error)) {
    g_free (audit);
    return NULL;
  }
  pthread_mutex_init (&audit->lock, NULL);
  audit->ticker
      = ticker_start ((unsigned)(options->interval ? options->interval : INTERVAL), run_once, audit, error);
  if (audit->ticker)
    return audit;
  signer_clear (&audit->signer);
  pthread_mutex_destroy (&audit->lock);
  g_free (audit);
  return NULL;
}

void
audit_stop (Audit *audit)
{
  if (!audit)
    return;
  ticker_stop (audit->ticker);
  run_once (audit); /* what came since */
  signer_clear (&audit->signer);
  pthread_mutex_destroy (&audit->lock);
  g_free (audit->trouble);
  g_free (audit);
}

char *
audit_trouble (Audit *audit)
{
  pthread_mutex_lock (&audit->lock);
  char *trouble = g_strdup (audit->trouble);
  pthread_mutex_unlock (&audit->lock);
  return trouble;
}
