/* Checking a proof bundle: everything in it may be a lie, so every value is either
 * hashed up to a signed root or not believed. */
#include "audit/audit_private.h"

#include <sodium.h>

/* The bundle being read; what is wrong is said once. */
typedef struct {
  Arena *arena;
  const char *origin;
  GError **error;
} Reading;

static bool
refuse (const Reading *r, const char *what)
{
  g_set_error (r->error, FAULT, FAULT_INPUT, "%s: %s", r->origin, what);
  return false;
}

static bool
refuse_member (const Reading *r, const JsonValue *object, const char *key, const char *wanted)
{
  const JsonValue *value = json_get (object, key);
  const JsonValue *at = value ? value : object;
  g_set_error (r->error, FAULT, FAULT_INPUT, "%s:%u:%u: \"%s\" has to be %s", r->origin, at->line, at->column,
               key, wanted);
  return false;
}

/* What is not understood may mean something else to another reader. */
static bool
refuse_unknown (const Reading *r, const JsonValue *object, const char *const *known)
{
  for (size_t i = 0; object && object->kind == JSON_OBJECT && i < object->n; i++) {
    Text key = object->members[i].key;
    size_t k = 0;
    while (known[k] && !text_equal (key, text_of (known[k])))
      k++;
    if (!known[k]) {
      g_set_error (r->error, FAULT, FAULT_INPUT, "%s:%u:%u: \"%.*s\" is no part of such a proof", r->origin,
                   object->members[i].value->line, object->members[i].value->column, (int)key.len, key.bytes);
      return false;
    }
  }
  return true;
}

/* ---- values ------------------------------------------------------------ */

static bool
hex_bytes (const JsonValue *value, guint8 *bytes, size_t len)
{
  size_t got;
  return value && value->kind == JSON_STRING && value->text.len == 2 * len
         && sodium_hex2bin (bytes, len, value->text.bytes, value->text.len, NULL, &got, NULL) == 0
         && got == len;
}

static bool
read_hex (const Reading *r, const JsonValue *object, const char *key, guint8 *bytes, size_t len)
{
  if (hex_bytes (json_get (object, key), bytes, len))
    return true;
  g_autofree char *wanted = g_strdup_printf ("%" G_GSIZE_FORMAT " hexadecimal digits", 2 * len);
  return refuse_member (r, object, key, wanted);
}

static bool
read_count (const Reading *r, const JsonValue *object, const char *key, JsonKind kind, gint64 *value)
{
  const JsonValue *given = json_get (object, key);
  guint64 number;
  g_autofree char *text
      = given && given->kind == kind ? g_strndup (given->text.bytes, given->text.len) : NULL;
  if (!text || strlen (text) != given->text.len
      || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return refuse_member (r, object, key, "a whole number");
  *value = (gint64)number;
  return true;
}

/* A text or null. */
static bool
read_text (const Reading *r, const JsonValue *object, const char *key, const char **text)
{
  const JsonValue *value = json_get (object, key);
  *text = json_string (value);
  bool whole = *text && strlen (*text) == value->text.len;
  return whole || !value || value->kind == JSON_NULL || refuse_member (r, object, key, "a text");
}

static bool
read_path (const Reading *r, const JsonValue *object, MerklePath *path)
{
  const JsonValue *list = json_get (object, "path");
  path->n = 0;
  if (!list || list->kind != JSON_ARRAY || list->n > MERKLE_PATH_MAX)
    return refuse_member (r, object, "path", "a list of hashes");
  for (; path->n < list->n; path->n++)
    if (!hex_bytes (list->elements[path->n], path->hashes[path->n].bytes, MERKLE_BYTES))
      return refuse_member (r, object, "path", "a list of hashes, each of 64 hexadecimal digits");
  return true;
}

/* The note under KEY, signed by one of the keys. */
static bool
read_head (const Reading *r, const JsonValue *object, const char *key, const AuditKey *keys, size_t n_keys,
           AuditNote *note)
{
  const JsonValue *value = json_get (object, key);
  if (!value || value->kind != JSON_STRING || !audit_note_parse (r->arena, value->text, note))
    return refuse_member (r, object, key, "a signed head");
  return audit_note_verify (note, keys, n_keys)
         || refuse (r, "the head is not signed by a key that you trust");
}

/* ---- an entry ---------------------------------------------------------- */

static bool
read_entry (const Reading *r, const JsonValue *object, AuditEntry *e, AuditCommitment *commitment)
{
  static const char *const known[]
      = { "at",      "act",    "actor",    "role",          "department", "subject",
          "purpose", "detail", "subjects", "subjects_root", NULL };
  const char *at, *act;
  if (!refuse_unknown (r, object, known) || !read_text (r, object, "at", &at)
      || !read_text (r, object, "act", &act) || !read_text (r, object, "actor", &e->actor)
      || !read_text (r, object, "role", &e->role) || !read_text (r, object, "department", &e->department)
      || !read_text (r, object, "purpose", &e->purpose) || !read_text (r, object, "detail", &e->detail)
      || !read_count (r, object, "subject", JSON_STRING, &e->subject)
      || !read_count (r, object, "subjects", JSON_NUMBER, &commitment->n))
    return false;
  if (!at || !audit_time_parse (text_of (at), &e->at))
    return refuse_member (r, object, "at", "a time like 2026-11-22T06:05:54.123456Z");
  if (!audit_act_parse (act, &e->act))
    return refuse_member (r, object, "act", "one of the acts of the format");
  return !commitment->n || read_hex (r, object, "subjects_root", commitment->root.bytes, MERKLE_BYTES);
}

/* What the leaf says, when its details are there. */
static bool
check_entry (const Reading *r, MerkleHasher *hasher, const JsonValue *bundle, const MerkleHash *leaf,
             AuditEntry *entry, AuditCommitment *commitment)
{
  guint8 salt[AUDIT_SALT_BYTES];
  MerkleHash computed;
  if (!read_entry (r, json_get (bundle, "entry"), entry, commitment)
      || !read_hex (r, bundle, "salt", salt, sizeof salt))
    return false;
  g_autoptr (GString) data = g_string_new (NULL);
  audit_encode (data, salt, entry, commitment);
  merkle_leaf (hasher, data->str, data->len, &computed);
  return merkle_equal (&computed, leaf)
         || refuse (r, "the entry or its salt is not what the leaf was made of");
}

static bool
check_member (const Reading *r, MerkleHasher *hasher, const JsonValue *member,
              const AuditCommitment *commitment, gint64 *subject)
{
  static const char *const known[] = { "subject", "salt", "index", "path", NULL };
  AuditMembership m = { .size = (guint64)commitment->n };
  gint64 index;
  if (!refuse_unknown (r, member, known) || !read_count (r, member, "subject", JSON_STRING, subject)
      || !read_hex (r, member, "salt", m.salt, sizeof m.salt)
      || !read_count (r, member, "index", JSON_NUMBER, &index) || !read_path (r, member, &m.path))
    return false;
  m.index = (guint64)index;
  return audit_set_check (hasher, *subject, &m, commitment)
         || refuse (r, "the member's proof does not lead to the entry's set of subjects");
}

static const char *
entry_words (Arena *arena, const AuditEntry *e, const AuditCommitment *commitment, gint64 member)
{
  char at[AUDIT_TIME_MAX];
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s: %s, %s", audit_time_format (e->at, at), e->actor, audit_act_id (e->act));
  if (e->role || e->department)
    g_string_append_printf (text, " (%s%s%s)", e->role ? e->role : "", e->role && e->department ? ", " : "",
                            e->department ? e->department : "");
  if (e->subject)
    g_string_append_printf (text, ", about subject %" G_GINT64_FORMAT, e->subject);
  if (commitment->n)
    g_string_append_printf (text, ", about %" G_GINT64_FORMAT " subjects", commitment->n);
  if (member)
    g_string_append_printf (text, ", subject %" G_GINT64_FORMAT " among them", member);
  if (e->purpose)
    g_string_append_printf (text, ", for %s", e->purpose);
  const char *words = arena_text (arena, (Text){ text->str, text->len });
  g_string_free (text, TRUE);
  return words;
}

static bool
check_inclusion (const Reading *r, const JsonValue *bundle, const AuditKey *keys, size_t n_keys,
                 const char **says)
{
  static const char *const known[]
      = { "format", "number", "entry", "salt", "member", "leaf", "path", "head", NULL };
  AuditNote note;
  MerkleHash leaf;
  MerklePath path;
  gint64 number, member = 0;
  if (!refuse_unknown (r, bundle, known) || !read_head (r, bundle, "head", keys, n_keys, &note)
      || !read_count (r, bundle, "number", JSON_NUMBER, &number)
      || !read_hex (r, bundle, "leaf", leaf.bytes, MERKLE_BYTES) || !read_path (r, bundle, &path))
    return false;
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (note.statement.algorithm);
  if (number < 1
      || !merkle_verify_inclusion (hasher, &leaf, (guint64)number - 1, (guint64)note.statement.size, &path,
                                   &note.statement.root))
    return refuse (r, "the path does not lead from the leaf to the signed head");
  AuditEntry entry = { 0 };
  AuditCommitment commitment = { 0 };
  bool has_details = json_get (bundle, "entry") || json_get (bundle, "salt");
  if (has_details && !check_entry (r, hasher, bundle, &leaf, &entry, &commitment))
    return false;
  const JsonValue *membership = json_get (bundle, "member");
  if (membership && !check_member (r, hasher, membership, &commitment, &member))
    return false;
  char at[AUDIT_TIME_MAX];
  *says = arena_printf (r->arena, "entry %" G_GINT64_FORMAT " stands in %s as signed at %s. %s", number,
                        note.statement.log, audit_time_format (note.statement.at, at),
                        has_details ? entry_words (r->arena, &entry, &commitment, member)
                                    : "Its details were erased or left out.");
  return true;
}

/* ---- growth ------------------------------------------------------------ */

static bool
check_growth (const Reading *r, const JsonValue *bundle, const AuditKey *keys, size_t n_keys,
              const char **says)
{
  static const char *const known[] = { "format", "first", "second", "path", NULL };
  AuditNote first, second;
  MerklePath path;
  if (!refuse_unknown (r, bundle, known) || !read_head (r, bundle, "first", keys, n_keys, &first)
      || !read_head (r, bundle, "second", keys, n_keys, &second) || !read_path (r, bundle, &path))
    return false;
  const AuditStatement *a = &first.statement, *b = &second.statement;
  if (!g_str_equal (a->log, b->log) || a->algorithm != b->algorithm)
    return refuse (r, "the two heads are of different logs");
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (a->algorithm);
  if (!merkle_verify_consistency (hasher, (guint64)a->size, (guint64)b->size, &path, &a->root, &b->root))
    return refuse (r, "the path does not show that the second head continues the first");
  *says = arena_printf (r->arena,
                        "%s: the %" G_GINT64_FORMAT
                        " entries of the first head are the first of the %" G_GINT64_FORMAT
                        " of the second, unchanged.",
                        a->log, a->size, b->size);
  return true;
}

bool
audit_proof_check (Arena *arena, Text json, const char *origin, const char *keys_text, const char **says,
                   GError **error)
{
  Reading r = { arena, origin, error };
  size_t n_keys;
  const AuditKey *keys = audit_keys_parse (arena, text_of (keys_text), "the public keys", &n_keys, error);
  const JsonValue *bundle = keys ? json_parse (arena, json, origin, error) : NULL;
  if (!bundle)
    return false;
  const char *format = json_string (json_get (bundle, "format"));
  if (g_strcmp0 (format, AUDIT_ENTRY_FORMAT) == 0)
    return check_inclusion (&r, bundle, keys, n_keys, says);
  if (g_strcmp0 (format, AUDIT_GROWTH_FORMAT) == 0)
    return check_growth (&r, bundle, keys, n_keys, says);
  return refuse (&r, "not a proof of an audit log (\"format\" is missing or unknown)");
}
