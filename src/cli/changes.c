#include "changes.h"

bool
changes_print (FILE *out, const char *db, const RegistrySchema *schema, bool *refused, GError **error)
{
  static const char marks[] = { [REGISTRY_CHANGE_ADDED] = '+',
                                [REGISTRY_CHANGE_ALTERED] = '~',
                                [REGISTRY_CHANGE_NARROWED] = '<',
                                [REGISTRY_CHANGE_REFUSED] = '!' };
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const RegistryChange *changes = registry_plan (db, schema, arena, &n, error);
  if (!changes)
    return false;
  for (size_t i = 0; i < n; i++) {
    bool no = changes[i].kind == REGISTRY_CHANGE_REFUSED; /* whose text names what it is about */
    fprintf (out, "%c %s%s%s\n", marks[changes[i].kind], no ? "" : changes[i].what, no ? "" : ": ",
             changes[i].text);
    if (refused)
      *refused |= no;
  }
  return true;
}
