/* warehouse, inside.
 *
 *   warehouse.c  what is asked, the log, the county
 *   write.c      schema, rows, answers
 *   count.c      the answers counted in a scratch database
 */
#pragma once

#include "warehouse.h"

#include "county/county.h"

/* A decision's columns in the table of its part's answers. */
typedef struct {
  const char *value, *state; /* NULL: it has no SQL */
  bool is_number;
  unsigned scale;
} PartAnswer;

/* What is in force of one clause about one kind of subject. */
typedef struct {
  const PolicyClause *clause;
  const RegistryEntity *entity;
  const DmnDecision **decisions;
  size_t n_decisions;
  PartAnswer *answers; /* of each, once it is written */
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

typedef struct Scratch Scratch;

typedef struct {
  const WarehouseOptions *options;
  Arena *arena;
  GArray *parts;      /* Part */
  GPtrArray *kinds;   /* Kind */
  GPtrArray *outside; /* const char * */
  WarehouseReport *report;
  Scratch *scratch; /* what takes everything, in place of files; NULL: files */
} Warehouse;

/* The name of the column with the subjects' numbers. */
#define WAREHOUSE_NUMBER "编号"

Kind *kind_of (const Warehouse *w, const RegistryEntity *entity);
bool write_everything (Warehouse *w, GError **error);

/* ---- count.c ------------------------------------------------------------------ */

Scratch *scratch_new (GError **error);
void scratch_free (Scratch *scratch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scratch, scratch_free)
/* Runs STATEMENTS in HOST, a Scratch; as SqlTake. */
bool scratch_take (gpointer host, Text statements, GError **error);
/* The CLAUSES, whose answers about COUNTY stand in the scratch database; in W's arena. */
const PopulationClause *count_answers (const Warehouse *w, const County *county,
                                       const PolicyClause *const *clauses, size_t n, GError **error);
