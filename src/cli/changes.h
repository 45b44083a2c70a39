/* What a package's registry.yaml would change in a database, for people. */
#pragma once

#include "registry/registry.h"

#include <stdio.h>

/* One line per change on OUT, "+ post: new entity …"; nothing when there is none.
 * REFUSED (may be NULL): whether opening the database with SCHEMA would fail. */
bool changes_print (FILE *out, const char *db, const RegistrySchema *schema, bool *refused, GError **error);
