/* Digest: one fingerprint (SHA-256) of several parts, none of which runs into the next: each text
 * counts with its length, and what is not there differs from what is empty.  For telling a
 * repetition from something else; what a format fixes (audit, papers) has its own. */
#pragma once

#include "arena.h"
#include "text.h"

typedef struct Digest Digest;
Digest *digest_new (void);
void digest_integer (Digest *digest, gint64 value);
void digest_text (Digest *digest, const char *text); /* may be NULL */
void digest_bytes (Digest *digest, const void *bytes, size_t len);
/* 64 hexadecimal digits in ARENA; DIGEST is freed. */
const char *digest_end (Digest *digest, Arena *arena);
