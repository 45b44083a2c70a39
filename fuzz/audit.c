/* Any bytes, as a proof and as a file of heads: checking ends, and nothing passes that
 * the key below has not signed. */
#include "audit/audit_private.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Of the synthetic log that corpus/audit was taken from. */
#define LOG "liudong-audit/e109bab484de7a0474846e78203e58ce"
static const char keys[] = LOG "+236e354e+AR16dO797bdBqb86T36Oe5N2fDViDgkHz7BYRaxOtHwV\n";

static void
check_proof (Arena *arena, Text input)
{
  g_autoptr (GError) error = NULL;
  const char *says;
  bool ok = audit_proof_check (arena, input, "fuzz", keys, &says, &error);
  g_assert (ok == !error);
  g_assert (!ok || strstr (says, LOG));
}

/* Whatever reads as a head reads so by itself; only the key's own are believed. */
static void
check_heads (Arena *arena, Text input)
{
  size_t n, broken, n_keys;
  unsigned line;
  const AuditKey *known = audit_keys_parse (arena, text_of (keys), "keys", &n_keys, NULL);
  const AuditNote *notes = audit_notes_parse (arena, input, &n, &broken, &line);
  for (size_t i = 0; i < n; i++) {
    AuditNote again;
    g_assert (audit_note_parse (arena, notes[i].note, &again));
    g_assert (again.statement.size == notes[i].statement.size);
    g_assert (!audit_note_verify (&notes[i], known, n_keys) || g_str_equal (notes[i].statement.log, LOG));
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Arena) arena = arena_new ();
  Text input = { (const char *)data, size };
  size_t n;
  check_proof (arena, input);
  check_heads (arena, input);
  audit_keys_parse (arena, input, "fuzz", &n, NULL);
  AuditBlock block;
  audit_block_unpack (&block, 0, input);
  return 0;
}
