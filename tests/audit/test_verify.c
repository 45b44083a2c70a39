/* Every kind of tampering, done with plain SQL, is found and told apart. */
#include "fixture.h"

enum { ENTRIES = 700, SET_ENTRY = 150, ERASED = 20, ERASURE = 421 };

/* What entry I of 700 is: one is about many, one says that another was erased. */
static void
append (Log *log, StoreConnection *db, const AuditSet *set, int i)
{
  GError *error = NULL;
  AuditEntry entry = { .act = AUDIT_READ, .actor = "clerk", .subject = i, .purpose = "clause-15" };
  if (i == SET_ENTRY)
    entry = (AuditEntry){ .act = AUDIT_RUN, .actor = "clerk", .subjects = set, .purpose = "clause-15" };
  g_assert_cmpint (audit_append (db, &entry, &error), ==, i);
}

/* With a head at every 70th. */
static void
fill (Log *log)
{
  GError *error = NULL;
  g_autoptr (AuditSet) set = audit_set_new ();
  for (gint64 subject = 1; subject <= 9000; subject += 2)
    audit_set_add (set, subject);
  for (int i = 1; i <= ENTRIES; i += 70) {
    bool erase = i == ERASURE;
    if (erase)
      g_assert_true (audit_erase (log->store, ERASED, "auditor", "court order", &error));
    StoreConnection *db = store_begin (log->store, &error);
    for (int k = erase; k < 70; k++)
      append (log, db, set, i + k);
    g_assert_true (store_commit (log->store, &error));
    log_sign (log);
  }
}

static const AuditReport *
verify (Log *log, Arena *arena, const char *head, const char *key)
{
  GError *error = NULL;
  AuditReport *report = arena_new0 (arena, AuditReport, 1);
  audit_verify (log->store, arena, &(AuditVerifying){ .head = head, .key = key }, report, &error);
  g_assert_no_error (error);
  return report;
}

/* The findings as text, for messages. */
static const char *
words (Arena *arena, const AuditReport *report)
{
  const char *text = "";
  for (size_t i = 0; i < report->n; i++)
    text = arena_printf (arena, "%s[%d@%" G_GINT64_FORMAT "] %s\n", text, report->findings[i].fault,
                         report->findings[i].number, report->findings[i].message);
  return text;
}

static void
test_untouched (Log *log, gconstpointer unused)
{
  fill (log);
  g_autoptr (Arena) arena = arena_new ();
  const AuditReport *report = verify (log, arena, log->heads, NULL);
  g_assert_cmpstr (words (arena, report), ==, "");
  g_assert_cmpint (report->entries, ==, ENTRIES);
  g_assert_cmpint (report->covered, ==, ENTRIES);
  g_assert_cmpint (report->erased, ==, 1);
  g_assert_cmpint (report->heads, ==, 10);
  g_assert_cmpint (report->outside_heads, ==, 10);
  /* Entries that no head covers yet are no fault. */
  log_record (log, AUDIT_READ, "clerk", 5, NULL);
  report = verify (log, arena, log->heads, NULL);
  g_assert_cmpuint (report->n, ==, 0);
  g_assert_cmpint (report->entries, ==, ENTRIES + 1);
  g_assert_cmpint (report->covered, ==, ENTRIES);
}

static void
test_empty (Log *log, gconstpointer unused)
{
  g_autoptr (Arena) arena = arena_new ();
  const AuditReport *report = verify (log, arena, NULL, NULL);
  g_assert_cmpuint (report->n, ==, 0);
  g_assert_cmpint (report->entries, ==, 0);
}

#define EXCHANGE(table, a, b)                                                                                \
  "UPDATE " table " SET number = -1 WHERE number = " #a ";"                                                  \
  "UPDATE " table " SET number = " #a " WHERE number = " #b ";"                                              \
  "UPDATE " table " SET number = " #b " WHERE number = -1;"
#define EVERYWHERE(condition)                                                                                \
  "DELETE FROM audit_leaf WHERE " condition "; DELETE FROM audit_detail WHERE " condition ";"

/* What is done, and what is found first, at which entry, in which words; and what else. */
static const struct {
  const char *name, *sql;
  AuditFault fault;
  gint64 number;
  const char *words;
  size_t n; /* findings in all */
} tamperings[] = {
  { "cut", EVERYWHERE ("number > 600"), AUDIT_TRUNCATED, 601, "cut short: 600 entries are there", 1 },
  { "cut-with-heads",
    EVERYWHERE (
        "number > 600") "DELETE FROM audit_head WHERE size > 600; DELETE FROM audit_node WHERE number > 1",
    AUDIT_TRUNCATED, 601, "signed over 700", 1 },
  { "deleted", EVERYWHERE ("number = 300"), AUDIT_ENTRY_MISSING, 300, "entry 300 was deleted", 1 },
  { "deleted-first", EVERYWHERE ("number = 1"), AUDIT_ENTRY_MISSING, 1, "entry 1 was deleted", 1 },
  { "leaf-deleted", "DELETE FROM audit_leaf WHERE number = 300", AUDIT_ENTRY_MISSING, 300,
    "its leaf was deleted", 1 },
  { "last-leaf-deleted", "DELETE FROM audit_leaf WHERE number = 700", AUDIT_ENTRY_MISSING, 700,
    "its leaf was deleted", 1 },
  { "details-deleted", "DELETE FROM audit_detail WHERE number = 300", AUDIT_DETAILS_MISSING, 300,
    "its details were deleted, and no entry says so", 1 },
  { "renumbered",
    EVERYWHERE ("number = 100") "UPDATE audit_member SET number = number - 1;"
                                "UPDATE audit_leaf SET number = -number WHERE number > 100;"
                                "UPDATE audit_leaf SET number = -number - 1 WHERE number < 0;"
                                "UPDATE audit_detail SET number = -number WHERE number > 100;"
                                "UPDATE audit_detail SET number = -number - 1 WHERE number < 0",
    AUDIT_ENTRY_MISSING, 71, "1 of the entries from 71 to 256 were taken out, and all later ones renumbered",
    2 },
  { "details-changed", "UPDATE audit_detail SET actor = 'mallory' WHERE number = 300", AUDIT_DETAILS_CHANGED,
    300, "its details were changed", 1 },
  { "time-changed", "UPDATE audit_detail SET at = at + 1 WHERE number = 690", AUDIT_DETAILS_CHANGED, 690,
    "its details were changed", 1 },
  { "salt-changed",
    "UPDATE audit_detail SET salt = (SELECT salt FROM audit_detail WHERE number = 1) WHERE number = 2",
    AUDIT_DETAILS_CHANGED, 2, "its details were changed", 1 },
  { "details-exchanged", EXCHANGE ("audit_detail", 300, 310), AUDIT_DETAILS_CHANGED, 300,
    "its details were changed", 2 },
  { "leaf-changed",
    "UPDATE audit_leaf SET hash = (SELECT hash FROM audit_leaf WHERE number = 5) WHERE number = 300",
    AUDIT_LEAF_CHANGED, 300, "its leaf was changed", 1 },
  { "leaf-spoilt",
    "UPDATE audit_leaf SET hash = (SELECT salt FROM audit_detail WHERE number = 1) WHERE number = 300",
    AUDIT_LEAF_CHANGED, 300, "its leaf was changed", 1 },
  { "leaves-exchanged", EXCHANGE ("audit_leaf", 300, 310), AUDIT_LEAF_CHANGED, 300, "its leaf was changed",
    2 },
  { "reordered", EXCHANGE ("audit_leaf", 300, 310) EXCHANGE ("audit_detail", 300, 310), AUDIT_REORDERED, 300,
    "entries 300 and 310 were exchanged", 1 },
  { "reordered-far", EXCHANGE ("audit_leaf", 10, 310) EXCHANGE ("audit_detail", 10, 310), AUDIT_REORDERED, 10,
    "entries 10 and 310 were exchanged", 1 },
  { "reordered-tail", EXCHANGE ("audit_leaf", 640, 699) EXCHANGE ("audit_detail", 640, 699), AUDIT_REORDERED,
    640, "entries 640 and 699 were exchanged", 1 },
  { "node-changed",
    "UPDATE audit_node SET hash = (SELECT hash FROM audit_leaf WHERE number = 5) WHERE number = 1",
    AUDIT_NODE_CHANGED, 257, "the stored root of entries 257 to 512 was changed; the entries are whole", 1 },
  { "node-deleted", "DELETE FROM audit_node WHERE number = 0", AUDIT_NODE_CHANGED, 1, "entries 1 to 256", 1 },
  { "head-changed", "UPDATE audit_head SET note = replace (note, 'SHA-256', 'SM3') WHERE size = 350",
    AUDIT_HEAD_CHANGED, 350, "the head of 350 entries was changed", 1 },
  { "head-exchanged",
    "UPDATE audit_head SET note = (SELECT note FROM audit_head WHERE size = 70) WHERE size = 350",
    AUDIT_HEAD_CHANGED, 350, "the head of 350 entries was changed", 1 },
  { "head-spoilt", "UPDATE audit_head SET note = 'x' WHERE size = 350", AUDIT_HEAD_CHANGED, 350,
    "its text is none", 1 },
  { "members-changed", "DELETE FROM audit_member WHERE block = 1", AUDIT_MEMBERS_CHANGED, SET_ENTRY,
    "its list of subjects was changed: 2452 are stored, it was made for 4500", 1 },
  { "invented",
    "INSERT INTO audit_detail (number, salt, at, act, actor) SELECT 701, salt, at, act, actor FROM "
    "audit_detail WHERE number = 1",
    AUDIT_ENTRY_MISSING, 701, "its leaf was deleted", 1 },
  { "two",
    "UPDATE audit_detail SET purpose = 'self' WHERE number = 50;"
    "UPDATE audit_leaf SET hash = (SELECT hash FROM audit_leaf WHERE number = 5) WHERE number = 500",
    AUDIT_DETAILS_CHANGED, 50, "entry 50: its details were changed", 2 },
};

/* The tables as they were, on any engine. */
static const char *const tables[]
    = { "audit_leaf", "audit_detail", "audit_member", "audit_node", "audit_head" };

static void
keep_tables (Log *log)
{
  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *sql = g_strdup_printf ("CREATE TABLE kept_%s AS SELECT * FROM %s", tables[i], tables[i]);
    log_tamper (log, sql);
  }
}

static void
restore_tables (Log *log)
{
  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *sql = g_strdup_printf ("DELETE FROM %s; INSERT INTO %s SELECT * FROM kept_%s", tables[i],
                                            tables[i], tables[i]);
    log_tamper (log, sql);
  }
}

static void
test_tampering (Log *log, gconstpointer unused)
{
  fill (log);
  keep_tables (log);
  for (size_t i = 0; i < G_N_ELEMENTS (tamperings); i++) {
    restore_tables (log);
    log_tamper (log, tamperings[i].sql);
    g_autoptr (Arena) arena = arena_new ();
    const AuditReport *report = verify (log, arena, log->heads, NULL);
    const char *said = words (arena, report);
    g_test_message ("%s: %s", tamperings[i].name, said);
    g_assert_cmpuint (report->n, ==, tamperings[i].n);
    g_assert_cmpint (report->findings[0].fault, ==, tamperings[i].fault);
    g_assert_cmpint (report->findings[0].number, ==, tamperings[i].number);
    g_assert_nonnull (strstr (report->findings[0].message, tamperings[i].words));
  }
}

/* ---- a careful forger -------------------------------------------------- */

typedef struct {
  gint64 number;
  const char *actor;
} Forgery;

/* Changes an entry's details and makes its leaf anew. */
static bool
forge (StoreConnection *db, gpointer data, GError **error)
{
  const Forgery *f = data;
  StoreStatement *s
      = store_statement (db, "SELECT salt, at, subject FROM audit_detail WHERE number = ?1", error);
  store_bind_integer (s, 1, f->number);
  g_assert_cmpint (store_step (s, error), ==, STORE_ROW);
  AuditEntry entry = { .at = store_integer (s, 1),
                       .act = AUDIT_READ,
                       .actor = f->actor,
                       .subject = store_integer (s, 2),
                       .purpose = "clause-15" };
  g_autoptr (GString) data_hashed = g_string_new (NULL);
  audit_encode (data_hashed, (const guint8 *)store_blob (s, 0).bytes, &entry, &(AuditCommitment){ 0 });
  store_reset (s);
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (AUDIT_SHA256);
  MerkleHash leaf;
  merkle_leaf (hasher, data_hashed->str, data_hashed->len, &leaf);
  s = store_statement (db, "UPDATE audit_leaf SET hash = ?2 WHERE number = ?1", error);
  store_bind_integer (s, 1, f->number);
  store_bind_blob (s, 2, leaf.bytes, MERKLE_BYTES);
  if (!store_run (s, error))
    return false;
  s = store_statement (db, "UPDATE audit_detail SET actor = ?2 WHERE number = ?1", error);
  store_bind_integer (s, 1, f->number);
  store_bind_text (s, 2, f->actor);
  return store_run (s, error);
}

static void
forge_entry (Log *log, gint64 number)
{
  GError *error = NULL;
  store_write (log->store, forge, &(Forgery){ number, "mallory" }, &error);
  g_assert_no_error (error);
}

static void
test_forged (Log *log, gconstpointer unused)
{
  fill (log);
  forge_entry (log, 300);
  g_autoptr (Arena) arena = arena_new ();
  const AuditReport *report = verify (log, arena, log->heads, NULL);
  g_assert_cmpuint (report->n, ==, 1);
  g_assert_cmpint (report->findings[0].fault, ==, AUDIT_ENTRY_CHANGED);
  g_assert_nonnull (strstr (report->findings[0].message,
                            "one or more of entries 281 to 350 were changed, leaf and details together"));
}

/* Who makes the whole log anew, with a key of their own, is found by what is kept outside. */
static void
test_remade (Log *log, gconstpointer unused)
{
  fill (log);
  GError *error = NULL;
  g_autofree char *trusted = g_strconcat (log->key, ".pub", NULL);
  forge_entry (log, 300);
  log_tamper (log, "DELETE FROM audit_head; DELETE FROM audit_node; DELETE FROM audit_key");
  g_autofree char *other = g_strconcat (log->folder, "/other", NULL);
  AuditOptions options = { .key_file = other };
  audit_sign (log->store, &options, &error);
  g_assert_no_error (error);
  g_autoptr (Arena) arena = arena_new ();
  /* Nothing outside to compare with: nothing is found, and this has to be known. */
  const AuditReport *report = verify (log, arena, NULL, NULL);
  g_assert_cmpstr (words (arena, report), ==, "");
  report = verify (log, arena, NULL, trusted);
  g_assert_cmpuint (report->n, ==, 1);
  g_assert_cmpint (report->findings[0].fault, ==, AUDIT_HEAD_CHANGED);
  report = verify (log, arena, log->heads, trusted);
  g_assert_cmpuint (report->n, ==, 2);
  g_assert_cmpint (report->findings[0].fault, ==, AUDIT_ENTRY_CHANGED);
  g_assert_nonnull (strstr (report->findings[0].message, "one or more of entries 281 to 350"));
  g_assert_cmpint (report->findings[1].fault, ==, AUDIT_HEAD_CHANGED);
  g_assert_cmpint (report->findings[1].number, ==, 700);
}

/* The signer sees it as well, when it starts. */
static void
test_signer_looks (Log *log, gconstpointer unused)
{
  fill (log);
  log_tamper (log,
              EVERYWHERE ("number > 600") "DELETE FROM audit_head WHERE size > 600; DELETE FROM audit_node "
                                          "WHERE number > 1");
  AuditOptions options = { .key_file = log->key, .heads = log->heads };
  GError *error = NULL;
  g_assert_false (audit_sign (log->store, &options, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_nonnull (
      strstr (error->message, "its newest head (700 entries) does not fit this log, which was cut short"));
  g_clear_error (&error);
}

static void
test_other_log (Log *log, gconstpointer algorithm)
{
  fill (log);
  Log other;
  log_open (&other, algorithm);
  log_record (&other, AUDIT_READ, "clerk", 1, NULL);
  log_sign (&other);
  g_autoptr (Arena) arena = arena_new ();
  const AuditReport *report = verify (log, arena, other.heads, NULL);
  g_assert_cmpuint (report->n, ==, 1);
  g_assert_cmpint (report->findings[0].fault, ==, AUDIT_OTHER_LOG);
  g_assert_true (g_file_set_contents (other.heads, "nothing\n", -1, NULL));
  report = verify (log, arena, other.heads, NULL);
  g_assert_cmpuint (report->n, ==, 1);
  g_assert_cmpint (report->findings[0].fault, ==, AUDIT_HEAD_CHANGED);
  log_close (&other, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, algorithm, run)                                                                            \
  g_test_add ("/audit/verify/" name, Log, GINT_TO_POINTER (algorithm), log_open, run, log_close)
  ADD ("untouched/sha-256", AUDIT_SHA256, test_untouched);
  ADD ("untouched/sm3", AUDIT_SM3, test_untouched);
  ADD ("empty", AUDIT_SHA256, test_empty);
  ADD ("tampering", AUDIT_SHA256, test_tampering);
  ADD ("forged", AUDIT_SHA256, test_forged);
  ADD ("remade", AUDIT_SHA256, test_remade);
  ADD ("signer-looks", AUDIT_SHA256, test_signer_looks);
  ADD ("other-log", AUDIT_SHA256, test_other_log);
  return g_test_run ();
}
