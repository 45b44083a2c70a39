/* Items and values. */
#include "backup/contents.h"

enum { VARINT_MAX = 10, ITEM_MAX = 1 << 30 };

/* ---- values ------------------------------------------------------------ */

void
values_clear (Values *values)
{
  g_clear_pointer (&values->bytes, g_free);
  *values = (Values){ 0 };
}

static guint8 *
reserve (Values *values, size_t more)
{
  if (!values->bytes || values->len + more > values->size) {
    values->size = MAX (values->size * 2, values->len + more + 256);
    values->bytes = g_realloc (values->bytes, values->size);
  }
  return values->bytes + values->len;
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

void
values_put_null (Values *values)
{
  *reserve (values, 1) = STORE_NULL;
  values->len++;
}

/* Small magnitudes of either sign become small numbers. */
void
values_put_integer (Values *values, gint64 value)
{
  guint8 *at = reserve (values, 1 + VARINT_MAX);
  *at++ = STORE_INTEGER;
  at = put_varint (at, ((guint64)value << 1) ^ (guint64)(value >> 63));
  values->len = (size_t)(at - values->bytes);
}

static void
put_bytes (Values *values, StoreKind kind, Text text)
{
  guint8 *at = reserve (values, 1 + VARINT_MAX + text.len);
  *at++ = (guint8)kind;
  at = put_varint (at, text.len);
  memcpy (at, text.bytes, text.len);
  values->len = (size_t)(at - values->bytes) + text.len;
}

void
values_put_text (Values *values, Text text)
{
  put_bytes (values, STORE_TEXT, text);
}

void
values_put_blob (Values *values, Text blob)
{
  put_bytes (values, STORE_BLOB, blob);
}

void
values_put_row (Values *values, StoreStatement *row)
{
  int n = store_columns (row);
  for (int i = 0; i < n; i++)
    switch (store_kind (row, i)) {
    case STORE_NULL: values_put_null (values); break;
    case STORE_INTEGER: values_put_integer (values, store_integer (row, i)); break;
    case STORE_TEXT: values_put_text (values, store_text (row, i)); break;
    case STORE_BLOB: values_put_blob (values, store_blob (row, i)); break;
    }
}

bool
value_next (const guint8 **at, const guint8 *end, Value *value)
{
  guint64 number = 0;
  if (*at == end)
    return false;
  *value = (Value){ .kind = (StoreKind) * (*at)++ };
  if (value->kind == STORE_NULL)
    return true;
  if (value->kind > STORE_BLOB || !get_varint (at, end, &number))
    return false;
  if (value->kind == STORE_INTEGER) {
    value->integer = (gint64)(number >> 1) ^ -(gint64)(number & 1);
    return true;
  }
  if (number > (guint64)(end - *at))
    return false;
  value->text = (Text){ (const char *)*at, (size_t)number };
  *at += number;
  return true;
}

guint64
values_digest (const Values *values)
{
  static const guint8 key[crypto_shorthash_KEYBYTES] = { 0 };
  guint64 digest;
  crypto_shorthash ((guint8 *)&digest, values->bytes, values->len, key);
  return GUINT64_FROM_LE (digest);
}

/* ---- items ------------------------------------------------------------- */

bool
item_write (SealWriter *writer, ItemTag tag, const Values *values, GError **error)
{
  guint8 head[1 + VARINT_MAX], *end = head;
  *end++ = (guint8)tag;
  end = put_varint (end, values->len);
  return seal_write (writer, head, (size_t)(end - head), error)
         && seal_write (writer, values->bytes, values->len, error);
}

bool
item_read (SealReader *reader, ItemTag *tag, Values *values, GError **error)
{
  guint8 byte;
  guint64 len = 0;
  if (!seal_read (reader, &byte, 1, error))
    return false;
  *tag = (ItemTag)byte;
  unsigned shift = 0;
  do {
    if (!seal_read (reader, &byte, 1, error))
      return false;
    len |= (guint64)(byte & 0x7f) << shift;
    shift += 7;
  } while ((byte & 0x80) && shift < 64);
  if ((byte & 0x80) || len > ITEM_MAX)
    return seal_reader_refuse (reader, error);
  values->len = 0;
  reserve (values, (size_t)len);
  values->len = (size_t)len;
  return seal_read (reader, values->bytes, values->len, error);
}

char *
backup_select (const char *table)
{
  return g_strdup_printf ("SELECT * FROM \"%s\"", table);
}
