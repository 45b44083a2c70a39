/* A sealed file: bytes, compressed by zstd, in chunks encrypted by libsodium's
 * secretstream.  Layout in docs/backup-format.md.
 *
 *     writer: bytes → zstd → chunks of 64 KiB → XChaCha20-Poly1305 → file
 */
#pragma once

#include "backup/backup.h"

#include <sodium.h>

enum { SEALED_VERSION = 1 };

/* How the key comes about; in the file's head. */
typedef enum { KEY_FILE = 1, KEY_PASSPHRASE = 2 } KeyKind;

typedef struct {
  KeyKind kind;
  guint32 operations, memory_kib; /* argon2id's; 0 with a key file */
  guint8 salt[crypto_pwhash_SALTBYTES];
} KeyRecipe;

enum { KEY_CHECK_BYTES = 16 };

/* The two keys of a file: one to seal it, one that tells a wrong key from a damaged file. */
typedef struct {
  guint8 stream[crypto_secretstream_xchacha20poly1305_KEYBYTES];
  guint8 check[KEY_CHECK_BYTES];
} SealKeys;

/* A recipe for a new file with KEY. */
void key_recipe (const BackupKey *key, KeyRecipe *recipe);
/* FAULT_DENIED when KEY is of the other kind than RECIPE; NAME is the sealed file's. */
bool key_derive (const BackupKey *key, const KeyRecipe *recipe, const char *name, SealKeys *keys,
                 GError **error);

/* errno as a fault: the disk is full, or PATH cannot be written. */
void backup_set_write_error (const char *path, GError **error);

typedef struct SealWriter SealWriter;
typedef struct SealReader SealReader;

/* Write to FD from its beginning; NAME is for messages.  FD stays the caller's. */
SealWriter *seal_writer_new (int fd, const char *name, const BackupKey *key, GError **error);
bool seal_write (SealWriter *writer, const void *bytes, size_t len, GError **error);
/* The last chunk; nothing may be written after it. */
bool seal_writer_finish (SealWriter *writer, GError **error);
/* Bytes in the file so far. */
gint64 seal_writer_size (const SealWriter *writer);
void seal_writer_free (SealWriter *writer);

SealReader *seal_reader_new (int fd, const char *name, const BackupKey *key, GError **error);
/* Exactly LEN bytes. */
bool seal_read (SealReader *reader, void *bytes, size_t len, GError **error);
/* False, with the fault that the file is damaged. */
bool seal_reader_refuse (const SealReader *reader, GError **error);
/* True when everything was read and the file ends as it was sealed. */
bool seal_reader_finish (SealReader *reader, GError **error);
gint64 seal_reader_size (const SealReader *reader);
void seal_reader_free (SealReader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SealWriter, seal_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SealReader, seal_reader_free)
