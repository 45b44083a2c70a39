/* Texts and their codes: open addressing, as most asked texts are already there. */
#include "county/county_private.h"

enum { SLOTS = 64 };

Dictionary *
dictionary_new (void)
{
  Dictionary *d = g_new0 (Dictionary, 1);
  d->arena = arena_new ();
  d->n_slots = SLOTS;
  d->slots = g_new0 (guint32, SLOTS);
  return d;
}

void
dictionary_free (Dictionary *d)
{
  if (!d)
    return;
  arena_free (d->arena);
  g_free (d->texts);
  g_free (d->slots);
  g_free (d);
}

void
dictionary_clear (Dictionary *d)
{
  if (!d->n)
    return;
  arena_reset (d->arena);
  d->n = 0;
  memset (d->slots, 0, d->n_slots * sizeof *d->slots);
}

/* FNV-1a over words of eight bytes; texts are short. */
static guint64
hash_of (Text text)
{
  guint64 hash = 14695981039346656037u ^ text.len;
  for (size_t at = 0; at < text.len; at += sizeof (guint64)) {
    guint64 word = 0;
    memcpy (&word, text.bytes + at, MIN (sizeof word, text.len - at));
    hash = (hash ^ word) * 1099511628211u;
    hash ^= hash >> 32;
  }
  return hash;
}

/* The slot of TEXT, or the free one where it belongs. */
static guint32 *
slot_of (const Dictionary *d, Text text)
{
  size_t at = hash_of (text) & (d->n_slots - 1);
  while (d->slots[at] && !text_equal (d->texts[d->slots[at] - 1], text))
    at = (at + 1) & (d->n_slots - 1);
  return &d->slots[at];
}

static void
grow (Dictionary *d)
{
  g_free (d->slots);
  d->n_slots *= 2;
  d->slots = g_new0 (guint32, d->n_slots);
  for (size_t i = 0; i < d->n; i++)
    *slot_of (d, d->texts[i]) = (guint32)i + 1;
}

guint32
dictionary_code (Dictionary *d, Text text)
{
  guint32 *slot = slot_of (d, text);
  if (*slot)
    return *slot - 1;
  if (d->n == d->size) {
    d->size = MAX (d->size * 2, 16);
    d->texts = g_renew (Text, d->texts, d->size);
  }
  d->texts[d->n++] = arena_text_copy (d->arena, text);
  *slot = (guint32)d->n;
  if (d->n * 2 > d->n_slots)
    grow (d);
  return (guint32)d->n - 1;
}
