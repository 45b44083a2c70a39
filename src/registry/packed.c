/* The log's encoding of facts; see registry_private.h. */
#include "registry/registry_private.h"

enum { VARINT_MAX = 10 };

void
buffer_reserve (Buffer *buffer, size_t more)
{
  if (buffer->len + more <= buffer->size)
    return;
  buffer->size = MAX (buffer->size * 2, buffer->len + more + 1024);
  buffer->bytes = g_realloc (buffer->bytes, buffer->size);
}

/* Seven bits a byte, the lowest first, the high bit set on all but the last. */
static guint8 *
put_varint (guint8 *at, guint64 value)
{
  for (; value >= 0x80; value >>= 7)
    *at++ = (guint8)(value | 0x80);
  *at++ = (guint8)value;
  return at;
}

static bool
get_varint (const guint8 **at, const guint8 *end, guint64 *value)
{
  *value = 0;
  for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
    guint8 byte = *(*at)++;
    *value |= (guint64)(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return true;
  }
  return false;
}

/* Small magnitudes of either sign become small numbers. */
static guint64
zigzag (gint64 value)
{
  return ((guint64)value << 1) ^ (guint64)(value >> 63);
}

static gint64
unzigzag (guint64 value)
{
  return (gint64)(value >> 1) ^ -(gint64)(value & 1);
}

void
packed_append (Buffer *buffer, const PackedFact *fact)
{
  buffer_reserve (buffer, 2 * VARINT_MAX + fact->text.len);
  guint8 *at = put_varint (buffer->bytes + buffer->len, (guint64)fact->number << 2 | fact->form);
  switch (fact->form) {
  case PACKED_NONE: break;
  case PACKED_INTEGER: at = put_varint (at, zigzag (fact->integer)); break;
  case PACKED_WORD: at = put_varint (at, (guint64)fact->integer); break;
  case PACKED_TEXT:
    at = put_varint (at, fact->text.len);
    memcpy (at, fact->text.bytes, fact->text.len);
    at += fact->text.len;
  }
  buffer->len = (size_t)(at - buffer->bytes);
}

bool
packed_next (const guint8 **at, const guint8 *end, PackedFact *fact)
{
  guint64 head, value = 0;
  if (*at == end || !get_varint (at, end, &head) || head >> 34)
    return false;
  *fact = (PackedFact){ .number = (guint32)(head >> 2), .form = head & 3 };
  if (fact->form == PACKED_NONE)
    return true;
  if (!get_varint (at, end, &value))
    return false;
  fact->integer = fact->form == PACKED_INTEGER ? unzigzag (value) : (gint64)value;
  if (fact->form != PACKED_TEXT)
    return true;
  if (value > (guint64)(end - *at))
    return false;
  fact->text = (Text){ (const char *)*at, (size_t)value };
  *at += value;
  return true;
}
