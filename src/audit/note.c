/* Signed heads, as notes that people and other programs can read: C2SP
 * tlog-checkpoint in a signed note.
 *
 *     liudong-audit/0f1e…            the log's name
 *     500                            entries
 *     tREhV0…=                       root
 *     hash SHA-256
 *     time 2026-11-22T06:05:54.123456Z
 *
 *     — liudong-audit/0f1e… kAc1…=   four bytes that tell the key, and its Ed25519 signature
 */
#include "audit/audit_private.h"

#include <sodium.h>

#define SIGNATURE_MARK "— "
enum { ED25519 = 1 }; /* signed-note's number of the algorithm */

static const char *const hash_names[] = { "SHA-256", "SM3" };

const char *
audit_algorithm_name (AuditAlgorithm algorithm)
{
  return hash_names[algorithm];
}

/* signed-note, "Ed25519 signatures": SHA-256 (name ‖ LF ‖ 01 ‖ key), its first four bytes. */
static guint32
key_id (const char *log, const guint8 *public_key)
{
  const guint8 between[2] = { '\n', ED25519 };
  guint8 digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, (const guint8 *)log, strlen (log));
  crypto_hash_sha256_update (&state, between, sizeof between);
  crypto_hash_sha256_update (&state, public_key, AUDIT_PUBLIC_BYTES);
  crypto_hash_sha256_final (&state, digest);
  return (guint32)digest[0] << 24 | (guint32)digest[1] << 16 | (guint32)digest[2] << 8 | digest[3];
}

/* Exactly LEN bytes in base64 (RFC 4648, section 4, with padding). */
static bool
decode_base64 (Text text, guint8 *bytes, size_t len)
{
  size_t got;
  const char *end;
  return sodium_base642bin (bytes, len, text.bytes, text.len, NULL, &got, &end,
                            sodium_base64_VARIANT_ORIGINAL)
             == 0
         && got == len && end == text.bytes + text.len;
}

/* ---- signing ----------------------------------------------------------- */

char *
audit_note_sign (const AuditStatement *statement, const guint8 *secret)
{
  char time[AUDIT_TIME_MAX];
  g_autofree char *root = g_base64_encode (statement->root.bytes, MERKLE_BYTES);
  g_autofree char *text
      = g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n%s\nhash %s\ntime %s\n", statement->log, statement->size,
                         root, hash_names[statement->algorithm], audit_time_format (statement->at, time));
  guint8 signed_by[sizeof (guint32) + AUDIT_SIGNATURE_BYTES], public_key[AUDIT_PUBLIC_BYTES];
  crypto_sign_ed25519_sk_to_pk (public_key, secret);
  guint32 id = GUINT32_TO_BE (key_id (statement->log, public_key));
  memcpy (signed_by, &id, sizeof id);
  crypto_sign_detached (signed_by + sizeof id, NULL, (const guint8 *)text, strlen (text), secret);
  g_autofree char *signature = g_base64_encode (signed_by, sizeof signed_by);
  return g_strdup_printf ("%s\n" SIGNATURE_MARK "%s %s\n", text, statement->log, signature);
}

/* ---- reading ----------------------------------------------------------- */

/* The next line of REST without its end; false when there is no whole line. */
static bool
take_line (Text *rest, Text *line)
{
  const char *end = memchr (rest->bytes, '\n', rest->len);
  if (!end)
    return false;
  *line = (Text){ rest->bytes, (size_t)(end - rest->bytes) };
  *rest = (Text){ end + 1, rest->len - line->len - 1 };
  return true;
}

static Text
without_head (Text text, size_t n)
{
  return (Text){ text.bytes + n, text.len - n };
}

/* A decimal number from 0 without leading zeros. */
static bool
parse_number (Text text, gint64 *value)
{
  *value = 0;
  if (text.len == 0 || text.len > 18 || (text.len > 1 && text.bytes[0] == '0'))
    return false;
  for (size_t i = 0; i < text.len; i++) {
    if (!g_ascii_isdigit (text.bytes[i]))
      return false;
    *value = *value * 10 + (text.bytes[i] - '0');
  }
  return true;
}

static bool
parse_time (Text line, gint64 *at)
{
  return text_starts_with (line, "time ") && audit_time_parse (without_head (line, 5), at);
}

static bool
parse_hash (Text line, AuditAlgorithm *algorithm)
{
  if (!text_starts_with (line, "hash "))
    return false;
  for (size_t i = 0; i < G_N_ELEMENTS (hash_names); i++)
    if (text_equal (without_head (line, 5), text_of (hash_names[i]))) {
      *algorithm = (AuditAlgorithm)i;
      return true;
    }
  return false;
}

static bool
parse_statement (Arena *arena, Text *rest, AuditStatement *statement)
{
  Text log, size, root, hash, time;
  if (!take_line (rest, &log) || !take_line (rest, &size) || !take_line (rest, &root)
      || !take_line (rest, &hash) || !take_line (rest, &time))
    return false;
  statement->log = arena_text (arena, log);
  return log.len && !memchr (log.bytes, ' ', log.len) && !memchr (log.bytes, '+', log.len)
         && parse_number (size, &statement->size) && decode_base64 (root, statement->root.bytes, MERKLE_BYTES)
         && parse_hash (hash, &statement->algorithm) && parse_time (time, &statement->at);
}

/* "— NAME BASE64" by the log itself. */
static bool
parse_signature (Text line, AuditNote *note)
{
  g_autofree char *head = g_strconcat (SIGNATURE_MARK, note->statement.log, " ", NULL);
  guint8 bytes[sizeof (guint32) + AUDIT_SIGNATURE_BYTES];
  if (!text_starts_with (line, head)
      || !decode_base64 (without_head (line, strlen (head)), bytes, sizeof bytes))
    return false;
  note->key_id = (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
  memcpy (note->signature, bytes + sizeof (guint32), AUDIT_SIGNATURE_BYTES);
  return true;
}

/* The note at the head of REST, which moves behind it. */
static bool
take_note (Arena *arena, Text *rest, AuditNote *note)
{
  Text start = *rest, empty, signature;
  *note = (AuditNote){ 0 };
  if (!parse_statement (arena, rest, &note->statement))
    return false;
  note->text = (Text){ start.bytes, (size_t)(rest->bytes - start.bytes) };
  if (!take_line (rest, &empty) || empty.len || !take_line (rest, &signature)
      || !parse_signature (signature, note))
    return false;
  note->note = (Text){ start.bytes, (size_t)(rest->bytes - start.bytes) };
  return true;
}

bool
audit_note_parse (Arena *arena, Text text, AuditNote *note)
{
  return take_note (arena, &text, note) && !text.len;
}

static unsigned
count_lines (const char *from, const char *to)
{
  unsigned n = 0;
  for (; from < to; from++)
    n += *from == '\n';
  return n;
}

/* Where a note could begin behind what was none: after the next empty line. */
static void
skip_piece (Text *rest)
{
  Text line;
  while (take_line (rest, &line))
    if (!line.len)
      return;
  *rest = (Text){ rest->bytes + rest->len, 0 };
}

AuditNote *
audit_notes_parse (Arena *arena, Text text, size_t *n, size_t *n_broken, unsigned *broken_at)
{
  g_autoptr (GArray) notes = g_array_new (FALSE, FALSE, sizeof (AuditNote));
  Text rest = text;
  unsigned line = 1;
  *n_broken = 0;
  for (;;) {
    for (Text next = rest, empty; take_line (&next, &empty) && !empty.len; line++)
      rest = next;
    if (!rest.len)
      break;
    Text start = rest;
    AuditNote note;
    if (take_note (arena, &rest, &note)) {
      note.line = line;
      g_array_append_val (notes, note);
    } else {
      rest = start;
      if (!(*n_broken)++)
        *broken_at = line;
      skip_piece (&rest);
    }
    line += count_lines (start.bytes, rest.bytes);
  }
  *n = notes->len;
  return arena_copy (arena, notes->data, notes->len * sizeof (AuditNote));
}

const AuditKey *
audit_note_verify (const AuditNote *note, const AuditKey *keys, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (keys[i].id == note->key_id && g_str_equal (keys[i].log, note->statement.log)
        && crypto_sign_verify_detached (note->signature, (const guint8 *)note->text.bytes, note->text.len,
                                        keys[i].bytes)
               == 0)
      return &keys[i];
  return NULL;
}

/* ---- keys -------------------------------------------------------------- */

char *
audit_key_format (const char *log, const guint8 *public_key)
{
  guint8 bytes[1 + AUDIT_PUBLIC_BYTES] = { ED25519 };
  memcpy (bytes + 1, public_key, AUDIT_PUBLIC_BYTES);
  g_autofree char *base64 = g_base64_encode (bytes, sizeof bytes);
  return g_strdup_printf ("%s+%08x+%s", log, key_id (log, public_key), base64);
}

static bool
parse_key (Arena *arena, Text line, AuditKey *key)
{
  const char *plus = memchr (line.bytes, '+', line.len);
  size_t name = plus ? (size_t)(plus - line.bytes) : 0;
  enum { ID = 8 };
  guint8 bytes[1 + AUDIT_PUBLIC_BYTES];
  if (!name || line.len < name + ID + 2 || line.bytes[name + 1 + ID] != '+'
      || !decode_base64 (without_head (line, name + ID + 2), bytes, sizeof bytes) || bytes[0] != ED25519)
    return false;
  key->log = arena_text (arena, (Text){ line.bytes, name });
  memcpy (key->bytes, bytes + 1, AUDIT_PUBLIC_BYTES);
  key->id = key_id (key->log, key->bytes);
  g_autofree char *id = g_strdup_printf ("%08x", key->id);
  return text_equal ((Text){ plus + 1, ID }, text_of (id));
}

AuditKey *
audit_keys_parse (Arena *arena, Text text, const char *origin, size_t *n, GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (AuditKey));
  const char *end = text.bytes + text.len;
  unsigned number = 0;
  for (const char *at = text.bytes; at < end;) {
    const char *stop = memchr (at, '\n', (size_t)(end - at));
    Text line = text_trim ((Text){ at, (size_t)((stop ? stop : end) - at) });
    at = stop ? stop + 1 : end;
    number++;
    AuditKey key;
    if (!line.len || line.bytes[0] == '#')
      continue;
    if (!parse_key (arena, line, &key)) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s:%u: no public key; it is written NAME+ID+BASE64, as liudong audit key prints it",
                   origin, number);
      return NULL;
    }
    g_array_append_val (keys, key);
  }
  *n = keys->len;
  return arena_copy (arena, keys->data, keys->len * sizeof (AuditKey));
}
