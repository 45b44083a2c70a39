/* What the county's tests share: rows held against readings. */
#pragma once

#include "county/county.h"
#include "support.h"

/* Every path of ROOT's attributes in COUNTY that goes through at most DEPTH references or collections. */
const FeelPath *rows_paths (const County *county, const RegistryEntity *root, size_t depth, Arena *arena,
                            size_t *n);
/* Every subject of ROOT reads the same by PATHS in COUNTY as in REGISTRY, and there are no
 * others; gives how many facts of those compared were none or unknown. */
size_t rows_compare (const County *county, Registry *registry, Day as_of, const RegistryEntity *root,
                     const FeelPath *paths, size_t n_paths);
/* The tables keep to their descriptions, and no mask is there for nothing. */
void rows_check (const County *county, const RegistrySchema *schema);
