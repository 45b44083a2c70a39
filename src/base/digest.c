#include "digest.h"

#include <string.h>

struct Digest {
  GChecksum *sum;
};

Digest *
digest_new (void)
{
  Digest *digest = g_new0 (Digest, 1);
  digest->sum = g_checksum_new (G_CHECKSUM_SHA256);
  return digest;
}

void
digest_integer (Digest *digest, gint64 value)
{
  gint64 bytes = GINT64_TO_LE (value);
  g_checksum_update (digest->sum, (const guchar *)&bytes, sizeof bytes);
}

void
digest_bytes (Digest *digest, const void *bytes, size_t len)
{
  digest_integer (digest, (gint64)len);
  if (len)
    g_checksum_update (digest->sum, bytes, (gssize)len);
}

void
digest_text (Digest *digest, const char *text)
{
  if (text)
    digest_bytes (digest, text, strlen (text));
  else
    digest_integer (digest, -1);
}

const char *
digest_end (Digest *digest, Arena *arena)
{
  const char *hex = arena_text (arena, text_of (g_checksum_get_string (digest->sum)));
  g_checksum_free (digest->sum);
  g_free (digest);
  return hex;
}
