/* Codes and digests: what makes a paper genuine. */
#include "audit/audit.h"
#include "decisions/decisions.h"

#include <sodium.h>
#include <string.h>

static const StoreMigration migrations[] = {
  { "decisions", 1,
    "CREATE TABLE decision_seal (code TEXT NOT NULL PRIMARY KEY, case_id INTEGER NOT NULL,"
    " decided_at INTEGER NOT NULL, number TEXT NOT NULL, matter_zh TEXT NOT NULL, matter_en TEXT NOT NULL,"
    " applicant TEXT NOT NULL, office TEXT NOT NULL, granted INTEGER NOT NULL, digest TEXT NOT NULL,"
    " issued_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX decision_seal_case ON decision_seal (case_id, issued_at);" },
};

struct Decisions {
  Store *store;
};

Decisions *
decisions_open (Store *store, GError **error)
{
  if (!audit_migrate (store, error) || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Decisions *decisions = g_new0 (Decisions, 1);
  decisions->store = store;
  return decisions;
}

void
decisions_free (Decisions *decisions)
{
  g_free (decisions);
}

/* ---- digests --------------------------------------------------------------- */

static void
add_text (GString *all, const char *text)
{
  const char *given = text ? text : "";
  g_string_append_printf (all, "%zu:%s|", strlen (given), given);
}

static void
digest_of (const Decision *d, const char *code, char digest[65])
{
  g_autoptr (GString) all = g_string_new ("liudong decision 1|");
  const char *const texts[] = { code,     d->number, d->matter.zh, d->applicant,    d->identity,
                                d->about, d->office, d->reason,    d->package_hash, d->amount_unit.zh };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    add_text (all, texts[i]);
  g_string_append_printf (all, "%d|%d|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT,
                          d->granted, d->has_amount, d->has_amount ? d->amount_fen : 0, d->applied_at,
                          d->decided_at);
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, all->str, (gssize)all->len);
  g_strlcpy (digest, hex, 65);
}

const char *
decision_digest_words (Arena *arena, const char *digest)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (size_t i = 0; digest[i]; i++)
    g_string_append_printf (out, "%s%c", i && i % 8 == 0 ? " " : "", digest[i]);
  return arena_text (arena, (Text){ out->str, out->len });
}

/* The first character and stars: 陈＊＊; a longer name shows no more. */
static char *
mask (const char *name)
{
  GString *masked = g_string_new (NULL);
  if (*name)
    g_string_append_unichar (masked, g_utf8_get_char (name));
  g_string_append (masked, "＊＊");
  return g_string_free (masked, FALSE);
}

/* ---- issuing --------------------------------------------------------------- */

typedef struct {
  const AccessAccount *who;
  const Decision *decision;
  DecisionSeal *seal;
} Issue;

/* The seal that the case's last paper has, when it decides the same.  *FOUND says so. */
static bool
find_seal (StoreConnection *db, Issue *issue, bool *found, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT code, digest, issued_at FROM decision_seal WHERE case_id = ?1"
                                       " ORDER BY issued_at DESC, decided_at DESC, code LIMIT 1",
                                       error);
  *found = false;
  if (!s)
    return false;
  store_bind_integer (s, 1, issue->decision->case_id);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  DecisionSeal last = { .issued_at = store_integer (s, 2) };
  Text code = store_text (s, 0), digest = store_text (s, 1);
  char wanted[65];
  g_strlcpy (last.code, code.bytes, sizeof last.code);
  g_strlcpy (last.digest, digest.bytes, sizeof last.digest);
  store_reset (s);
  digest_of (issue->decision, last.code, wanted);
  *found = strcmp (wanted, last.digest) == 0;
  if (*found)
    *issue->seal = last;
  else /* the new one is later, so that of two the last is known */
    issue->seal->issued_at = MAX (issue->seal->issued_at, last.issued_at + 1);
  return true;
}

static bool
insert_seal (StoreConnection *db, const Issue *issue, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO decision_seal (code, case_id, decided_at, number, matter_zh, matter_en, applicant, office,"
      " granted, digest, issued_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      error);
  if (!s)
    return false;
  const Decision *d = issue->decision;
  g_autofree char *masked = mask (d->applicant);
  store_bind_text (s, 1, issue->seal->code);
  store_bind_integer (s, 2, d->case_id);
  store_bind_integer (s, 3, d->decided_at);
  store_bind_text (s, 4, d->number);
  store_bind_text (s, 5, d->matter.zh);
  store_bind_text (s, 6, d->matter.en ? d->matter.en : d->matter.zh);
  store_bind_text (s, 7, masked);
  store_bind_text (s, 8, d->office);
  store_bind_integer (s, 9, d->granted);
  store_bind_text (s, 10, issue->seal->digest);
  store_bind_integer (s, 11, issue->seal->issued_at);
  return store_run (s, error);
}

static bool
log_seal (StoreConnection *db, const Issue *issue, GError **error)
{
  g_autofree char *detail
      = g_strdup_printf ("{\"did\":\"decision_paper\",\"case\":%" G_GINT64_FORMAT ",\"digest\":\"%s\"}",
                         issue->decision->case_id, issue->seal->digest);
  const AccessName *role = access_role_name (issue->who->role);
  AuditEntry entry = { .act = AUDIT_WRITE,
                       .actor = issue->who->name,
                       .role = role->id,
                       .department = issue->who->department,
                       .subject = issue->decision->person,
                       .detail = detail };
  return audit_append (db, &entry, error) != 0;
}

static bool
write_seal (StoreConnection *db, gpointer data, GError **error)
{
  Issue *issue = data;
  bool found;
  guint8 random[DECISION_CODE_LENGTH / 2];
  if (!find_seal (db, issue, &found, error) || found)
    return found;
  randombytes_buf (random, sizeof random);
  sodium_bin2hex (issue->seal->code, sizeof issue->seal->code, random, sizeof random);
  digest_of (issue->decision, issue->seal->code, issue->seal->digest);
  return insert_seal (db, issue, error) && log_seal (db, issue, error);
}

static bool
check_decision (const Decision *d, GError **error)
{
  const char *const needed[] = { d->number, d->matter.zh, d->applicant, d->office };
  for (size_t i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!needed[i] || !*needed[i]) {
      g_set_error_literal (error, FAULT, FAULT_INPUT,
                           "a decision on paper has a number, a matter, an applicant and an office");
      return false;
    }
  return true;
}

bool
decisions_issue (Decisions *decisions, const AccessAccount *who, const Decision *decision, DecisionSeal *seal,
                 GError **error)
{
  bool found = false;
  *seal = (DecisionSeal){ .issued_at = g_get_real_time () / G_USEC_PER_SEC };
  Issue issue = { who, decision, seal };
  if (!check_decision (decision, error))
    return false;
  g_autoptr (StoreReader) reader = store_reader (decisions->store, error);
  if (!reader || !find_seal (store_reader_db (reader), &issue, &found, error))
    return false;
  return found || store_write (decisions->store, write_seal, &issue, error);
}

/* ---- verifying ------------------------------------------------------------- */

static bool
is_code (const char *code)
{
  return code && strlen (code) == DECISION_CODE_LENGTH
         && strspn (code, "0123456789abcdef") == DECISION_CODE_LENGTH;
}

static DecisionProof *
read_proof (StoreStatement *s, Arena *arena)
{
  DecisionProof *proof = arena_new0 (arena, DecisionProof, 1);
  *proof = (DecisionProof){ .number = store_string (s, 0, arena),
                            .matter = { store_string (s, 1, arena), store_string (s, 2, arena) },
                            .applicant = store_string (s, 3, arena),
                            .office = store_string (s, 4, arena),
                            .granted = store_integer (s, 5) != 0,
                            .decided_at = store_integer (s, 6),
                            .issued_at = store_integer (s, 7),
                            .digest = store_string (s, 8, arena),
                            .replaced = store_integer (s, 9) != 0 };
  return proof;
}

const DecisionProof *
decisions_verify (Decisions *decisions, Arena *arena, const char *code, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (decisions->store, error);
  StoreStatement *s
      = reader ? store_statement (
            store_reader_db (reader),
            "SELECT number, matter_zh, matter_en, applicant, office, granted, decided_at, issued_at, digest,"
            " (SELECT count (*) FROM decision_seal l WHERE l.case_id = d.case_id AND l.issued_at > "
            "d.issued_at)"
            " FROM decision_seal d WHERE code = ?1",
            error)
               : NULL;
  if (!s)
    return NULL;
  store_bind_text (s, 1, is_code (code) ? code : "");
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    const DecisionProof *proof = read_proof (s, arena);
    store_reset (s);
    return proof;
  }
  if (step == STORE_DONE)
    g_set_error_literal (error, FAULT, FAULT_NOT_FOUND, "no decision was issued with this code");
  return NULL;
}
