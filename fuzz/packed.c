/* Any bytes as a record's facts: reading ends within them, and what was read is
 * written and read back the same. */
#include "registry/registry_private.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const guint8 *at = data, *end = data + size;
  PackedFact fact, again;
  while (packed_next (&at, end, &fact)) {
    g_assert (at <= end);
    Buffer buffer = { 0 };
    packed_append (&buffer, &fact);
    const guint8 *copy = buffer.bytes;
    g_assert (packed_next (&copy, buffer.bytes + buffer.len, &again) && copy == buffer.bytes + buffer.len);
    g_assert (again.number == fact.number && again.form == fact.form && again.integer == fact.integer);
    g_assert (text_equal (again.text, fact.text));
    g_free (buffer.bytes);
  }
  return 0;
}
