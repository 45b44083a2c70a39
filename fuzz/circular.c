#include "circular/circular.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Any bytes are read as a circular or refused; what is read can be written. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Circular) circular = circular_read_bytes ((const char *)data, size, "input", NULL);
  if (!circular)
    return 0;
  g_autoptr (GString) out = g_string_new (NULL);
  circular_write_json (circular, out);
  g_autoptr (Arena) arena = arena_new ();
  g_assert_nonnull (json_parse (arena, (Text){ out->str, out->len }, "output", NULL));
  circular_write_csv (circular, out);
  circular_write_table (circular, 100, out);
  return 0;
}
