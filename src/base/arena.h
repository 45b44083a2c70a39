/* Arena: memory that is given back all at once.
 *
 * One request, one evaluation, one parsed document: each has an arena, and
 * everything made on its behalf lives there.  Freed as a whole, so there is no
 * ownership to track inside.  Not thread-safe: one arena, one thread. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include "text.h"

typedef struct Arena Arena;

/* A new, empty arena.  Free with arena_free (or g_autoptr (Arena)). */
Arena *arena_new (void);
void arena_free (Arena *arena);

/* Forget everything allocated, keep the largest block for reuse. */
void arena_reset (Arena *arena);

/* SIZE zeroed bytes, aligned to 16.  Never NULL: an exhausted heap ends the
 * process, as g_malloc does.  SIZE 0 gives a valid, unique-enough pointer. */
void *arena_alloc (Arena *arena, size_t size);

#define arena_new0(arena, Type, n) ((Type *)arena_alloc ((arena), sizeof (Type) * (size_t)(n)))

/* A copy of LEN bytes; BYTES may be NULL when there are none. */
void *arena_copy (Arena *arena, const void *bytes, size_t len);
/* A NUL-terminated copy of TEXT. */
char *arena_text (Arena *arena, Text text);
/* A copy of TEXT as Text (NUL-terminated as well). */
Text arena_text_copy (Arena *arena, Text text);
/* printf into the arena. */
char *arena_printf (Arena *arena, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Bytes handed out since the arena was made or reset. */
size_t arena_used (const Arena *arena);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arena, arena_free)
