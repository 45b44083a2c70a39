/* warehouse — a county written out for a database of its own.
 *
 * What it is for: counts that SQL should do, because the facts lie in a database already, or
 * because a province puts many counties side by side (docs/province.md).
 *
 *     registry ──county──> schema.sql, data/…           what everybody's facts are
 *     clauses  ──columns──sql──> clause_15_park.sql     a table: a row per subject with answer and reasons
 *                            ──> clause_15_park-totals.sql
 *
 * What it promises
 *   - The same people, facts and answers as population_run's; decisions that have no SQL are named.
 *   - Nothing is read before it is in the log: an entry per clause and kind of subject, which
 *     says that facts were written out.  Only what the clauses read is written, and what the
 *     statistics are grouped by.
 *   - Files with people's facts can be read by their owner alone.
 *
 * What it refuses: to send anything anywhere.
 *
 * How a call goes
 *
 *     WarehouseOptions options = { package, registry, access, who, as_of, .dialect = SQL_SQLITE, .folder =
 * "out" }; WarehouseReport report; warehouse_write (&options, clauses, n, arena, &report, &error);
 *     found = warehouse_count (&options, clauses, n, arena, &report, &error);   // counted, nothing kept
 */
#pragma once

#include "policy/policy.h"
#include "population/population.h"
#include "sql/sql.h"

typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  const AccessAccount *who; /* may see statistics, or under the clauses */
  Day as_of;
  unsigned threads; /* 0: 2 */
  SqlDialect dialect;
  bool totals;
  const char *folder; /* is made; NULL: nothing but schema and queries, appended to OUT */
  GString *out;
} WarehouseOptions;

typedef struct {
  size_t tables, rows;       /* rows: 0 without FOLDER */
  size_t answers;            /* tables of them: one per clause and kind */
  size_t decisions;          /* of provisions: eligibility, amounts */
  size_t n_outside;          /* of these without SQL */
  const char **outside;      /* "十五 可享就业扶持: why"; in the arena */
  size_t by_sql, by_columns; /* warehouse_count: provisions in force */
} WarehouseReport;

/* Writes the CLAUSES.  FAULT_DENIED, FAULT_CONFLICT (there is something in FOLDER), FAULT_SYSTEM. */
bool warehouse_write (const WarehouseOptions *options, const PolicyClause *const *clauses, size_t n,
                      Arena *arena, WarehouseReport *report, GError **error);

/* The CLAUSES counted by SQL alone, in a scratch SQLite database that is gone on return: outcomes and
 * amounts, in all and by group, the same as population_run's; no reasons, nothing missing, no targets.
 * Provisions that have no SQL are counted by population_run.  OPTIONS say nothing of dialect, totals, folder
 * and out.  The log says what population_run's says.  In ARENA, but for what belongs to the package;
 * FAULT_DENIED, FAULT_SYSTEM. */
const PopulationClause *warehouse_count (const WarehouseOptions *options, const PolicyClause *const *clauses,
                                         size_t n, Arena *arena, WarehouseReport *report, GError **error);
