/* Random facts that fit a schema: a table of so many rows per entity. */
#pragma once

#include "columns/columns.h"
#include "registry/registry.h"

enum { FACTS_ROWS = 96, FACTS_AS_OF = 20000 };

typedef struct {
  GRand *rand;
  Arena *arena;
  const RegistrySchema *schema;
  ColumnsTable *tables; /* by entity index in the schema */
} Facts;

void facts_open (Facts *facts, const RegistrySchema *schema);
void facts_close (Facts *facts);
ColumnsTable *facts_table (const Facts *facts, const RegistryEntity *entity);

/* The one subject that DECISION of a page of the county reads, and what it reads of it; false when there are
 * several. */
bool facts_subject (const DmnModel *model, const DmnDecision *decision, Arena *arena, const char **subject,
                    const FeelPath **paths, size_t *n_paths);
