/* Sealing and opening: zstd inside, secretstream outside. */
#include "backup/sealed.h"

#include <errno.h>
#include <unistd.h>
#include <zstd.h>

/* The head, authenticated with every chunk.  Numbers are little-endian. */
enum {
  AT_MAGIC = 0,
  AT_VERSION = 8,
  AT_KIND = 12,
  AT_OPERATIONS = 16,
  AT_MEMORY = 20,
  AT_SALT = 24,
  AT_CHECK = AT_SALT + crypto_pwhash_SALTBYTES,
  AT_STREAM = AT_CHECK + KEY_CHECK_BYTES,
  HEAD_BYTES = AT_STREAM + crypto_secretstream_xchacha20poly1305_HEADERBYTES,
};
static const char magic[AT_VERSION] = { 'L', 'D', 'B', 'A', 'C', 'K', 'U', 'P' };

/* A chunk in the file: its length in four bytes, then that many bytes. */
enum {
  LENGTH_BYTES = 4,
  CHUNK = 64 * 1024, /* plain */
  SEALED_CHUNK = CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES,
};

/* Fast, and small enough: the log's records are packed already. */
enum { ZSTD_LEVEL = 3 };

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

static guint32
get_u32 (const guint8 *at)
{
  guint32 value;
  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_LE (value);
}

/* ---- writing ----------------------------------------------------------- */

struct SealWriter {
  int fd;
  const char *name;
  guint8 head[HEAD_BYTES];
  crypto_secretstream_xchacha20poly1305_state stream;
  ZSTD_CCtx *zstd;
  guint8 plain[CHUNK]; /* compressed, to be sealed when full */
  size_t n_plain;
  gint64 size;
};

void
backup_set_write_error (const char *path, GError **error)
{
  if (errno == ENOSPC || errno == EDQUOT)
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: disk full; free some space, or name another place", path);
  else
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s cannot be written: %s", path, g_strerror (errno));
}

static bool
write_file (SealWriter *w, const guint8 *bytes, size_t len, GError **error)
{
  while (len > 0) {
    ssize_t n = write (w->fd, bytes, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      backup_set_write_error (w->name, error);
      return false;
    }
    bytes += n;
    len -= (size_t)n;
    w->size += n;
  }
  return true;
}

static bool
write_head (SealWriter *w, const BackupKey *key, GError **error)
{
  KeyRecipe recipe;
  SealKeys keys;
  key_recipe (key, &recipe);
  if (!key_derive (key, &recipe, w->name, &keys, error))
    return false;
  memcpy (w->head + AT_MAGIC, magic, sizeof magic);
  put_u32 (w->head + AT_VERSION, SEALED_VERSION);
  put_u32 (w->head + AT_KIND, recipe.kind);
  put_u32 (w->head + AT_OPERATIONS, recipe.operations);
  put_u32 (w->head + AT_MEMORY, recipe.memory_kib);
  memcpy (w->head + AT_SALT, recipe.salt, sizeof recipe.salt);
  memcpy (w->head + AT_CHECK, keys.check, sizeof keys.check);
  crypto_secretstream_xchacha20poly1305_init_push (&w->stream, w->head + AT_STREAM, keys.stream);
  sodium_memzero (&keys, sizeof keys);
  return write_file (w, w->head, sizeof w->head, error);
}

SealWriter *
seal_writer_new (int fd, const char *name, const BackupKey *key, GError **error)
{
  g_autoptr (SealWriter) w = g_new0 (SealWriter, 1);
  w->fd = fd;
  w->name = name;
  w->zstd = ZSTD_createCCtx ();
  if (!w->zstd) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: not enough memory to compress it", name);
    return NULL;
  }
  ZSTD_CCtx_setParameter (w->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
  return write_head (w, key, error) ? g_steal_pointer (&w) : NULL;
}

void
seal_writer_free (SealWriter *w)
{
  if (!w)
    return;
  ZSTD_freeCCtx (w->zstd);
  sodium_memzero (w, sizeof *w);
  g_free (w);
}

static bool
seal_chunk (SealWriter *w, guint8 tag, GError **error)
{
  guint8 sealed[LENGTH_BYTES + SEALED_CHUNK];
  unsigned long long n = 0;
  crypto_secretstream_xchacha20poly1305_push (&w->stream, sealed + LENGTH_BYTES, &n, w->plain, w->n_plain,
                                              w->head, sizeof w->head, tag);
  put_u32 (sealed, (guint32)n);
  w->n_plain = 0;
  return write_file (w, sealed, LENGTH_BYTES + (size_t)n, error);
}

/* Feed zstd and seal whatever fills a chunk. */
static bool
compress (SealWriter *w, const void *bytes, size_t len, ZSTD_EndDirective mode, GError **error)
{
  ZSTD_inBuffer in = { bytes, len, 0 };
  for (;;) {
    ZSTD_outBuffer out = { w->plain, sizeof w->plain, w->n_plain };
    size_t left = ZSTD_compressStream2 (w->zstd, &out, &in, mode);
    if (ZSTD_isError (left)) {
      g_set_error (error, FAULT, FAULT_SYSTEM, "%s cannot be compressed: %s", w->name,
                   ZSTD_getErrorName (left));
      return false;
    }
    w->n_plain = out.pos;
    if (mode == ZSTD_e_end ? left == 0 : in.pos == in.size)
      return true;
    if (w->n_plain == sizeof w->plain
        && !seal_chunk (w, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, error))
      return false;
  }
}

bool
seal_write (SealWriter *w, const void *bytes, size_t len, GError **error)
{
  return compress (w, bytes, len, ZSTD_e_continue, error);
}

bool
seal_writer_finish (SealWriter *w, GError **error)
{
  return compress (w, NULL, 0, ZSTD_e_end, error)
         && seal_chunk (w, crypto_secretstream_xchacha20poly1305_TAG_FINAL, error);
}

gint64
seal_writer_size (const SealWriter *w)
{
  return w->size;
}

/* ---- reading ----------------------------------------------------------- */

struct SealReader {
  int fd;
  const char *name;
  guint8 head[HEAD_BYTES];
  crypto_secretstream_xchacha20poly1305_state stream;
  ZSTD_DCtx *zstd;
  guint8 plain[CHUNK]; /* one chunk, opened, still compressed */
  size_t n_plain, at_plain;
  guint8 text[CHUNK]; /* decompressed, to be read */
  size_t n_text, at_text;
  bool final;  /* the last chunk was opened */
  bool closed; /* zstd's frame is complete */
  gint64 size;
};

bool
seal_reader_refuse (const SealReader *r, GError **error)
{
  g_set_error (error, FAULT, FAULT_INPUT,
               "%s is damaged after %" G_GINT64_FORMAT " bytes: use another backup", r->name, r->size);
  return false;
}

static bool
cut_short (const SealReader *r, GError **error)
{
  g_set_error (error, FAULT, FAULT_INPUT,
               "%s is cut short after %" G_GINT64_FORMAT " bytes: copy it again, or use another backup",
               r->name, r->size);
  return false;
}

/* Up to LEN bytes; fewer at the end of the file only.  -1 with an error. */
static ssize_t
read_file (SealReader *r, guint8 *bytes, size_t len, GError **error)
{
  size_t got = 0;
  while (got < len) {
    ssize_t n = read (r->fd, bytes + got, len - got);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      g_set_error (error, FAULT, FAULT_SYSTEM, "%s cannot be read: %s", r->name, g_strerror (errno));
      return -1;
    }
    if (n == 0)
      break;
    got += (size_t)n;
  }
  r->size += (gint64)got;
  return (ssize_t)got;
}

static bool
check_head (const SealReader *r, size_t n, GError **error)
{
  guint32 version = get_u32 (r->head + AT_VERSION), kind = get_u32 (r->head + AT_KIND);
  if (n < sizeof magic || memcmp (r->head, magic, sizeof magic) != 0)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: not a backup of liudong", r->name);
  else if (n < sizeof r->head)
    return cut_short (r, error);
  else if (version > SEALED_VERSION)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: written by a newer program (its format is %u, this program knows %d): use that program",
                 r->name, version, SEALED_VERSION);
  else if (version == 0 || (kind != KEY_FILE && kind != KEY_PASSPHRASE))
    g_set_error (error, FAULT, FAULT_INPUT, "%s: its head is damaged: use another backup", r->name);
  else
    return true;
  return false;
}

static bool
read_head (SealReader *r, const BackupKey *key, GError **error)
{
  ssize_t n = read_file (r, r->head, sizeof r->head, error);
  if (n < 0 || !check_head (r, (size_t)n, error))
    return false;
  KeyRecipe recipe = { (KeyKind)get_u32 (r->head + AT_KIND),
                       get_u32 (r->head + AT_OPERATIONS),
                       get_u32 (r->head + AT_MEMORY),
                       { 0 } };
  memcpy (recipe.salt, r->head + AT_SALT, sizeof recipe.salt);
  SealKeys keys;
  if (!key_derive (key, &recipe, r->name, &keys, error))
    return false;
  bool fits = sodium_memcmp (keys.check, r->head + AT_CHECK, sizeof keys.check) == 0;
  if (!fits)
    g_set_error (error, FAULT, FAULT_DENIED, "%s: sealed with another %s", r->name,
                 recipe.kind == KEY_FILE ? "key" : "passphrase");
  else if (crypto_secretstream_xchacha20poly1305_init_pull (&r->stream, r->head + AT_STREAM, keys.stream))
    fits = seal_reader_refuse (r, error);
  sodium_memzero (&keys, sizeof keys);
  return fits;
}

SealReader *
seal_reader_new (int fd, const char *name, const BackupKey *key, GError **error)
{
  g_autoptr (SealReader) r = g_new0 (SealReader, 1);
  r->fd = fd;
  r->name = name;
  r->zstd = ZSTD_createDCtx ();
  if (!r->zstd) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: not enough memory to decompress it", name);
    return NULL;
  }
  return read_head (r, key, error) ? g_steal_pointer (&r) : NULL;
}

void
seal_reader_free (SealReader *r)
{
  if (!r)
    return;
  ZSTD_freeDCtx (r->zstd);
  sodium_memzero (r, sizeof *r);
  g_free (r);
}

/* The next chunk into PLAIN. */
static bool
open_chunk (SealReader *r, GError **error)
{
  guint8 length[LENGTH_BYTES], sealed[SEALED_CHUNK];
  ssize_t n = read_file (r, length, sizeof length, error);
  if (n < 0)
    return false;
  if (n < LENGTH_BYTES)
    return cut_short (r, error);
  guint32 len = get_u32 (length);
  if (len < crypto_secretstream_xchacha20poly1305_ABYTES || len > sizeof sealed)
    return seal_reader_refuse (r, error);
  n = read_file (r, sealed, len, error);
  if (n < 0)
    return false;
  if ((guint32)n < len)
    return cut_short (r, error);
  unsigned long long plain = 0;
  guint8 tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull (&r->stream, r->plain, &plain, &tag, sealed, len, r->head,
                                                  sizeof r->head)
      != 0)
    return seal_reader_refuse (r, error);
  r->n_plain = (size_t)plain;
  r->at_plain = 0;
  r->final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  return true;
}

/* Fill TEXT; empty at the end of what was sealed.  zstd holds some output back,
 * so it is asked again even when the chunk is used up. */
static bool
decompress (SealReader *r, GError **error)
{
  ZSTD_outBuffer out = { r->text, sizeof r->text, 0 };
  while (out.pos < out.size && !r->closed) {
    ZSTD_inBuffer in = { r->plain, r->n_plain, r->at_plain };
    size_t before = out.pos, left = ZSTD_decompressStream (r->zstd, &out, &in);
    if (ZSTD_isError (left))
      return seal_reader_refuse (r, error);
    bool stuck = out.pos == before && in.pos == r->at_plain;
    r->at_plain = in.pos;
    r->closed = left == 0;
    if (stuck && !r->closed && (r->final ? !seal_reader_refuse (r, error) : !open_chunk (r, error)))
      return false;
  }
  r->n_text = out.pos;
  r->at_text = 0;
  return true;
}

bool
seal_read (SealReader *r, void *bytes, size_t len, GError **error)
{
  for (guint8 *to = bytes; len > 0;) {
    if (r->at_text == r->n_text
        && (!decompress (r, error) || (r->n_text == 0 && !seal_reader_refuse (r, error))))
      return false;
    size_t n = MIN (len, r->n_text - r->at_text);
    memcpy (to, r->text + r->at_text, n);
    r->at_text += n;
    to += n;
    len -= n;
  }
  return true;
}

bool
seal_reader_finish (SealReader *r, GError **error)
{
  if (r->at_text < r->n_text)
    return seal_reader_refuse (r, error);
  if (!decompress (r, error) || (!r->final && !open_chunk (r, error)))
    return false;
  guint8 more;
  ssize_t n = read_file (r, &more, 1, error);
  return n >= 0
         && ((n == 0 && r->n_text == 0 && r->final && r->at_plain == r->n_plain)
             || seal_reader_refuse (r, error));
}

gint64
seal_reader_size (const SealReader *r)
{
  return r->size;
}
