/* warehouse, inside.
 *
 *   warehouse.c  what is asked, the log, the county
 *   write.c      schema, rows, answers
 */
#pragma once

#include "warehouse.h"

#include "county/county.h"

/* What is in force of one clause about one kind of subject. */
typedef struct {
  const PolicyClause *clause;
  const RegistryEntity *entity;
  const DmnDecision **decisions;
  size_t n_decisions;
  const FeelPath *paths;
  size_t n_paths;
} Part;

/* A kind of subject: its table with a column more, and what stands beside the answers. */
typedef struct {
  const RegistryEntity *entity;
  const ColumnsTable *table; /* NULL: nothing is held */
  size_t n;
  AuditSet *set;
  const ColumnsColumn **shown;
  size_t n_shown;
} Kind;

typedef struct {
  const WarehouseOptions *options;
  Arena *arena;
  GArray *parts;      /* Part */
  GPtrArray *kinds;   /* Kind */
  GPtrArray *outside; /* const char * */
  WarehouseReport *report;
} Warehouse;

/* The name of the column with the subjects' numbers. */
#define WAREHOUSE_NUMBER "编号"

Kind *kind_of (const Warehouse *w, const RegistryEntity *entity);
bool write_everything (Warehouse *w, GError **error);
