/* A chunk: up to 2,048 subjects of one entity as bytes.  What is the same for all rows takes
 * no room; values are packed to 1, 2, 4, 8 … bits above their least, masks are bits.
 *
 *     u64 checksum of all that follows · u32 form · u32 rows · u32 columns · i64 × rows subject numbers
 *     per column:  u32 attribute · u8 none · u8 unknown · u8 bits · u8 any · u32 texts · i64 min · i64 max
 *                  [bits of none] [bits of unknown] [packed values] [u32 length, bytes per text]
 *
 * Integers are the machine's own: bytes from another kind of machine are damaged here, and
 * made anew. */
#include "county/county_private.h"

enum { COLUMN_HEAD = 28, FORM = 2 };

/* Four lanes of multiplying and turning, after XXH64 (Collet): chance damage does not pass. */
static guint64
checksum (const guint8 *bytes, size_t len)
{
  static const guint64 p = 0x9e3779b185ebca87u, q = 0xc2b2ae3d27d4eb4fu;
  guint64 lanes[4] = { p + q, q, len, 0 - p }, word, hash = len * p;
  size_t at = 0;
  for (; at + sizeof lanes <= len; at += sizeof lanes)
    for (int i = 0; i < 4; i++) {
      memcpy (&word, bytes + at + (size_t)i * sizeof word, sizeof word);
      lanes[i] += word * q;
      lanes[i] = (lanes[i] << 31 | lanes[i] >> 33) * p;
    }
  for (; at < len; at++)
    hash = (hash ^ bytes[at]) * q;
  for (int i = 0; i < 4; i++) {
    hash = (hash ^ lanes[i]) * p;
    hash ^= hash >> 29;
  }
  return hash;
}

/* ---- writing ----------------------------------------------------------------- */

static void
append (GByteArray *out, const void *bytes, size_t len)
{
  g_byte_array_append (out, bytes, (guint)len);
}

static MaskKind
mask_kind (const Sheet *sheet, const SheetColumn *column, RowState state)
{
  size_t n = 0;
  for (size_t r = 0; r < sheet->n; r++)
    n += column->states[r] == state;
  return n == 0 ? MASK_NOWHERE : n == sheet->n ? MASK_EVERYWHERE : MASK_SOMEWHERE;
}

static size_t
bitmap_size (size_t n)
{
  return (n + 7) / 8;
}

static void
append_mask (const Sheet *sheet, const SheetColumn *column, RowState state, GByteArray *out)
{
  guint8 bits[COLUMNS_CHUNK / 8] = { 0 };
  for (size_t r = 0; r < sheet->n; r++)
    bits[r / 8] |= (guint8)((column->states[r] == state) << r % 8);
  append (out, bits, bitmap_size (sheet->n));
}

static guint8
bits_for (guint64 span)
{
  guint8 bits = 0;
  while (bits < 64 && span >> bits)
    bits = bits ? (guint8)(bits * 2) : 1;
  return bits;
}

static void
append_packed (const Sheet *sheet, const SheetColumn *column, gint64 min, unsigned bits, GByteArray *out)
{
  g_autofree guint8 *packed = g_malloc0 (bitmap_size (sheet->n * bits) + 8);
  for (size_t r = 0; bits && r < sheet->n; r++) {
    guint64 value = column->states[r] == ROW_VALUE ? (guint64)column->values[r] - (guint64)min : 0;
    if (bits < 8)
      packed[r * bits / 8] |= (guint8)(value << r * bits % 8);
    else
      memcpy (packed + r * bits / 8, &value, bits / 8); /* the low bytes: little endian */
  }
  append (out, packed, bitmap_size (sheet->n * bits));
}

static void
append_texts (const Dictionary *texts, GByteArray *out)
{
  for (size_t i = 0; texts && i < texts->n; i++) {
    guint32 len = (guint32)texts->texts[i].len;
    append (out, &len, sizeof len);
    append (out, texts->texts[i].bytes, len);
  }
}

static void
append_column (const Sheet *sheet, const SheetColumn *column, GByteArray *out)
{
  gint64 min = G_MAXINT64, max = G_MININT64;
  for (size_t r = 0; r < sheet->n; r++)
    if (column->states[r] == ROW_VALUE) {
      min = MIN (min, column->values[r]);
      max = MAX (max, column->values[r]);
    }
  bool any = min <= max;
  if (!any)
    min = max = 0;
  guint8 head[4]
      = { (guint8)mask_kind (sheet, column, ROW_NONE), (guint8)mask_kind (sheet, column, ROW_UNKNOWN),
          bits_for ((guint64)max - (guint64)min), any };
  guint32 n_texts = column->texts ? (guint32)column->texts->n : 0;
  append (out, &column->attribute, sizeof column->attribute);
  append (out, head, sizeof head);
  append (out, &n_texts, sizeof n_texts);
  append (out, &min, sizeof min);
  append (out, &max, sizeof max);
  if (head[0] == MASK_SOMEWHERE)
    append_mask (sheet, column, ROW_NONE, out);
  if (head[1] == MASK_SOMEWHERE)
    append_mask (sheet, column, ROW_UNKNOWN, out);
  append_packed (sheet, column, min, head[2], out);
  append_texts (column->texts, out);
}

void
chunk_encode (const Sheet *sheet, GByteArray *out)
{
  guint32 head[3] = { FORM, (guint32)sheet->n, (guint32)sheet->n_columns };
  guint64 sum = 0;
  append (out, &sum, sizeof sum);
  append (out, head, sizeof head);
  append (out, sheet->numbers, sheet->n * sizeof *sheet->numbers);
  for (size_t i = 0; i < sheet->n_columns; i++)
    append_column (sheet, &sheet->columns[i], out);
  sum = checksum (out->data + sizeof sum, out->len - sizeof sum);
  memcpy (out->data, &sum, sizeof sum);
}

/* ---- reading ------------------------------------------------------------------- */

/* LEN bytes at *AT, which moves on; NULL when there are fewer. */
static const guint8 *
take (const guint8 **at, const guint8 *end, size_t len)
{
  if ((size_t)(end - *at) < len)
    return NULL;
  const guint8 *here = *at;
  *at += len;
  return here;
}

static bool
parse_texts (ChunkColumn *column, const guint8 **at, const guint8 *end)
{
  column->texts = *at;
  for (guint32 i = 0, len; i < column->n_texts; i++) {
    const guint8 *head = take (at, end, sizeof len);
    if (!head)
      return false;
    memcpy (&len, head, sizeof len);
    if (!take (at, end, len))
      return false;
  }
  return true;
}

static bool
parse_column (ChunkColumn *column, guint32 *attribute, size_t n, const guint8 **at, const guint8 *end)
{
  const guint8 *head = take (at, end, COLUMN_HEAD), *kinds = head + sizeof *attribute;
  if (!head || kinds[0] > MASK_SOMEWHERE || kinds[1] > MASK_SOMEWHERE || kinds[2] > 64 || kinds[3] > 1
      || (kinds[2] & (kinds[2] - 1)))
    return false;
  *column = (ChunkColumn){ .none = kinds[0], .unknown = kinds[1], .bits = kinds[2], .any = kinds[3] };
  memcpy (attribute, head, sizeof *attribute);
  memcpy (&column->n_texts, head + 8, sizeof column->n_texts);
  memcpy (&column->min, head + 12, sizeof column->min);
  memcpy (&column->max, head + 20, sizeof column->max);
  if (column->n_texts && column->any && (column->min < 0 || column->max >= column->n_texts))
    return false;
  return (column->none != MASK_SOMEWHERE || (column->none_bits = take (at, end, bitmap_size (n))))
         && (column->unknown != MASK_SOMEWHERE || (column->unknown_bits = take (at, end, bitmap_size (n))))
         && (column->packed = take (at, end, bitmap_size (n * column->bits)))
         && parse_texts (column, at, end);
}

gint64
chunk_number (const Chunk *chunk, size_t row)
{
  gint64 number;
  memcpy (&number, chunk->numbers + row * sizeof number, sizeof number);
  return number;
}

/* Rising, and all of chunk INDEX. */
static bool
are_numbers (const Chunk *chunk, gint64 index)
{
  for (size_t r = 0; r < chunk->n; r++)
    if (chunk_of_number (chunk_number (chunk, r)) != index
        || (r > 0 && chunk_number (chunk, r) <= chunk_number (chunk, r - 1)))
      return false;
  return true;
}

static bool
parse_head (Chunk *chunk, size_t *n_columns, const guint8 **at, const guint8 *end)
{
  guint64 sum;
  guint32 head[3];
  const guint8 *first = take (at, end, sizeof sum), *body = *at, *second = take (at, end, sizeof head);
  if (!second)
    return false;
  memcpy (&sum, first, sizeof sum);
  memcpy (head, second, sizeof head);
  chunk->n = head[1];
  *n_columns = head[2];
  return sum == checksum (body, (size_t)(end - body)) && head[0] == FORM && chunk->n > 0
         && chunk->n <= COLUMNS_CHUNK && (chunk->numbers = take (at, end, chunk->n * sizeof (gint64)));
}

ChunkFit
chunk_parse (Chunk *chunk, const guint8 *bytes, size_t len, gint64 index, const int *place,
             size_t n_attributes, size_t n_columns)
{
  const guint8 *at = bytes, *end = bytes + len;
  size_t there, found = 0;
  *chunk = (Chunk){ 0 };
  if (!parse_head (chunk, &there, &at, end) || !are_numbers (chunk, index))
    return CHUNK_DAMAGED;
  chunk->columns = g_new0 (ChunkColumn, n_columns);
  bool ok = true;
  for (size_t i = 0; ok && i < there; i++) {
    ChunkColumn column;
    guint32 attribute = 0;
    ok = parse_column (&column, &attribute, chunk->n, &at, end) && attribute < n_attributes;
    if (ok && place[attribute] >= 0) {
      chunk->columns[place[attribute]] = column;
      found++;
    } else if (ok)
      chunk->more = true;
  }
  ok &= at == end;
  if (ok && found == n_columns)
    return CHUNK_FITS;
  chunk_clear (chunk);
  return ok ? CHUNK_LACKS : CHUNK_DAMAGED;
}

void
chunk_clear (Chunk *chunk)
{
  g_clear_pointer (&chunk->columns, g_free);
}

Text
chunk_text (const guint8 **at)
{
  guint32 len;
  memcpy (&len, *at, sizeof len);
  Text text = { (const char *)*at + sizeof len, len };
  *at += sizeof len + len;
  return text;
}

/* ---- unpacking ----------------------------------------------------------------- */

void
chunk_values (const Chunk *chunk, const ChunkColumn *column, gint64 absent, unsigned width, void *values)
{
  unpack_values (column->packed, column->bits, column->any ? column->min : absent, chunk->n, width, values);
}

void
chunk_mask (const Chunk *chunk, MaskKind kind, const guint8 *bits, guint8 *mask)
{
  if (kind == MASK_SOMEWHERE)
    unpack_mask (bits, chunk->n, mask);
  else
    memset (mask, kind == MASK_EVERYWHERE ? 0xff : 0, chunk->n);
}
