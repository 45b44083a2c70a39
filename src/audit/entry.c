/* What an entry is, byte by byte: docs/audit-format.md. */
#include "audit/audit_private.h"

enum { FORMAT = 1, TEXT_MAX = 1 << 20 };

static const char *const acts[AUDIT_N_ACTS]
    = { "read",  "refused",       "search", "run",   "write", "export",
        "login", "login-refused", "grant",  "admin", "erase" };

const char *
audit_act_id (AuditAct act)
{
  g_assert (act < AUDIT_N_ACTS);
  return acts[act];
}

bool
audit_act_parse (const char *id, AuditAct *act)
{
  for (int i = 0; i < AUDIT_N_ACTS; i++)
    if (g_strcmp0 (id, acts[i]) == 0) {
      *act = (AuditAct)i;
      return true;
    }
  return false;
}

static void
put_integer (GString *buffer, gint64 value)
{
  guint64 big_endian = GUINT64_TO_BE ((guint64)value);
  g_string_append_len (buffer, (const char *)&big_endian, sizeof big_endian);
}

static void
put_text (GString *buffer, const char *text)
{
  size_t len = text ? strlen (text) : 0;
  guint32 big_endian = GUINT32_TO_BE ((guint32)len);
  g_string_append_len (buffer, (const char *)&big_endian, sizeof big_endian);
  g_string_append_len (buffer, text, (gssize)len);
}

void
audit_encode (GString *buffer, const guint8 *salt, const AuditEntry *entry, const AuditCommitment *commitment)
{
  g_string_truncate (buffer, 0);
  g_string_append_len (buffer, (const char *)salt, AUDIT_SALT_BYTES);
  g_string_append_c (buffer, FORMAT);
  put_integer (buffer, entry->at);
  put_text (buffer, acts[entry->act]);
  put_text (buffer, entry->actor);
  put_text (buffer, entry->role);
  put_text (buffer, entry->department);
  put_integer (buffer, entry->subject);
  put_text (buffer, entry->purpose);
  put_text (buffer, entry->detail);
  put_integer (buffer, commitment->n);
  if (commitment->n)
    g_string_append_len (buffer, (const char *)commitment->root.bytes, MERKLE_BYTES);
}

static bool
check_text (const char *what, const char *text, GError **error)
{
  size_t len = text ? strlen (text) : 0;
  if (len <= TEXT_MAX && text_is_utf8 ((Text){ text, len }, NULL))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "the audit log cannot take this %s: %s", what,
               len > TEXT_MAX ? "it is longer than 1 MiB" : "it is not UTF-8");
  return false;
}

bool
audit_check_entry (const AuditEntry *entry, GError **error)
{
  if (!entry->actor || !*entry->actor) {
    g_set_error (error, FAULT, FAULT_INPUT, "an audit entry needs to say who did it");
    return false;
  }
  return check_text ("actor", entry->actor, error) && check_text ("role", entry->role, error)
         && check_text ("department", entry->department, error)
         && check_text ("purpose", entry->purpose, error) && check_text ("detail", entry->detail, error);
}

/* ---- time -------------------------------------------------------------- */

char *
audit_time_format (gint64 at, char *buffer)
{
  gint64 seconds = at / G_USEC_PER_SEC, rest = at % G_USEC_PER_SEC;
  if (rest < 0) {
    seconds--;
    rest += G_USEC_PER_SEC;
  }
  instant_format (seconds, buffer);
  size_t end = strlen (buffer) - 1; /* the "Z" */
  g_snprintf (buffer + end, AUDIT_TIME_MAX - end, ".%06dZ", (int)rest);
  return buffer;
}

bool
audit_time_parse (Text text, gint64 *at)
{
  enum { SECONDS = 19, DIGITS = 6, WHOLE = SECONDS + 1 + DIGITS + 1 };
  if (text.len != WHOLE || text.bytes[SECONDS] != '.' || text.bytes[WHOLE - 1] != 'Z')
    return false;
  char instant[SECONDS + 2];
  memcpy (instant, text.bytes, SECONDS);
  memcpy (instant + SECONDS, "Z", 2);
  gint64 seconds, fraction = 0;
  for (int i = 0; i < DIGITS; i++) {
    char digit = text.bytes[SECONDS + 1 + i];
    if (!g_ascii_isdigit (digit))
      return false;
    fraction = fraction * 10 + (digit - '0');
  }
  if (!instant_parse (text_of (instant), &seconds))
    return false;
  *at = seconds * G_USEC_PER_SEC + fraction;
  return true;
}
