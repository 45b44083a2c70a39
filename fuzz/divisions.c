/* divisions.yaml from anywhere: read or refused with its place; what is read adds up. */
#include "registry/registry.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RegistryDivisions) d
      = registry_divisions_parse ((Text){ (const char *)data, size }, "divisions.yaml", &error);
  if (!d) {
    g_assert_nonnull (error);
    return 0;
  }
  g_autoptr (Arena) arena = arena_new ();
  size_t n_first, n;
  gint64 sum = 0;
  registry_divisions_at (d, arena, 0, &n_first);
  const RegistryDivisionPart *parts = registry_divisions_map (d, arena, 0, 100000, &n);
  for (size_t i = 0; i < n; i++)
    sum += parts[i].share;
  g_assert_cmpint (sum, ==, (gint64)n_first * 1000000);
  return 0;
}
