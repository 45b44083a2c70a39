#include "arena.h"

#include <stdarg.h>
#include <stdint.h>

enum { ALIGNMENT = 16, FIRST_BLOCK = 4096, LARGEST_STEP = 1 << 20 };

/* Blocks form a list, newest first; only the newest is filled. */
typedef struct Block {
  struct Block *older;
  size_t size, used; /* of the bytes that follow */
  _Alignas(ALIGNMENT) unsigned char bytes[];
} Block;

struct Arena {
  Block *newest;
  size_t used;
};

Arena *
arena_new (void)
{
  return g_new0 (Arena, 1);
}

static void
free_blocks (Block *block)
{
  while (block) {
    Block *older = block->older;
    g_free (block);
    block = older;
  }
}

void
arena_free (Arena *arena)
{
  if (!arena)
    return;
  free_blocks (arena->newest);
  g_free (arena);
}

void
arena_reset (Arena *arena)
{
  Block *largest = arena->newest;
  for (Block *b = arena->newest; b; b = b->older)
    if (b->size > largest->size)
      largest = b;
  for (Block *b = arena->newest; b;) {
    Block *older = b->older;
    if (b != largest)
      g_free (b);
    b = older;
  }
  if (largest) {
    largest->older = NULL;
    largest->used = 0;
  }
  arena->newest = largest;
  arena->used = 0;
}

/* Blocks double from FIRST_BLOCK to LARGEST_STEP, so that a small request costs
 * one malloc and a large document few. */
static void
add_block (Arena *arena, size_t at_least)
{
  size_t size = arena->newest ? MIN (arena->newest->size * 2, (size_t)LARGEST_STEP) : (size_t)FIRST_BLOCK;
  size = MAX (size, at_least);
  Block *block = g_malloc (sizeof (Block) + size);
  block->older = arena->newest;
  block->size = size;
  block->used = 0;
  arena->newest = block;
}

void *
arena_alloc (Arena *arena, size_t size)
{
  if (size > PTRDIFF_MAX / 2)
    g_error ("arena: %zu bytes asked at once", size);
  size_t rounded = (MAX (size, 1) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
  if (!arena->newest || arena->newest->size - arena->newest->used < rounded)
    add_block (arena, rounded);
  void *p = arena->newest->bytes + arena->newest->used;
  arena->newest->used += rounded;
  arena->used += rounded;
  return memset (p, 0, size);
}

void *
arena_copy (Arena *arena, const void *bytes, size_t len)
{
  void *copy = arena_alloc (arena, len);
  return len ? memcpy (copy, bytes, len) : copy;
}

char *
arena_text (Arena *arena, Text text)
{
  char *copy = arena_alloc (arena, text.len + 1);
  if (text.len)
    memcpy (copy, text.bytes, text.len);
  return copy;
}

Text
arena_text_copy (Arena *arena, Text text)
{
  return (Text){ arena_text (arena, text), text.len };
}

char *
arena_printf (Arena *arena, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  return arena_text (arena, text_of (text));
}

size_t
arena_used (const Arena *arena)
{
  return arena->used;
}
