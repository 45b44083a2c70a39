/* sql — the same decisions as SQL, for SQLite, PostgreSQL and ClickHouse.
 *
 * What it is for: counties that keep their facts in a database of their own, and a province
 * whose forty counties are more than one machine should hold.  A compiled ColumnsProgram is
 * written out as a query; the engine of the database then does what columns_run does.
 *
 *     ColumnsTable   ──> CREATE TABLE …, rows
 *     ColumnsProgram ──> SELECT … one row per subject: answers, matched rules, failed and open conditions
 *                    ──> SELECT … totals of these
 *
 * What it promises
 *   - One semantics.  Nothing of FEEL is written here: each operation of the program
 *     (columns/operations.h) becomes one expression, so the executions agree by construction;
 *     tests hold every row of theirs against columns_run, in all three databases.
 *   - Never a silent float, nor a number that wraps: what the program does in int64, with proof
 *     that it fits, is done in 64-bit integers, divisions and roundings too.
 *   - It reads.  Facts stand under their names, texts as texts; an expression that is used once
 *     stands where it is used, others are columns named after the decision they are for.
 *   - What a database cannot be told makes a decision *outside*, with a reason.
 *
 * What it refuses: to connect anywhere.  It writes text; who runs it, and who may see the facts,
 * is the caller's to say.  ClickHouse is meant as of 18.16, Debian 12's: no correlated subqueries,
 * no window functions, one join per SELECT.
 *
 * The tables.  One per ColumnsTable: "row" (from 0), and per fact its column: numbers times
 * 10^scale, references as rows of their table.  Where a fact can be none or unknown a second
 * column says so: 0 a value, 1 none, 2 unknown; the value is then NULL (ClickHouse: 0 or '').
 * Dates are dates, in ClickHouse days since 1970-01-01, since its own begin there.  A list is a
 * table of its own: "row", "place" (from 0), "member".
 *
 * How a call goes
 *
 *     SqlOptions options = { SQL_POSTGRESQL };
 *     g_autoptr (SqlQueries) queries = sql_compile (program, &options);
 *     const SqlTable *tables = sql_tables (&options, &table, 1, arena, &n);
 *     sql_write_schema (&options, tables, n, out);       and sql_write_rows for each of them
 *     if (!sql_why (queries, 0))
 *       sql_write_answers (queries, out);
 */
#pragma once

#include "base/base.h"
#include "columns/columns.h"

typedef enum { SQL_SQLITE, SQL_POSTGRESQL, SQL_CLICKHOUSE } SqlDialect;

/* "sqlite", "postgresql", "clickhouse", and back; false when ID is none of them. */
const char *sql_dialect_id (SqlDialect dialect);
bool sql_dialect_parse (const char *id, SqlDialect *dialect);

typedef struct {
  SqlDialect dialect;
  /* What a table, or a fact of it (COLUMN not NULL), is called; the text lives as long as the
   * options.  NULL: as FEEL calls it. */
  Text (*name) (gpointer host, const ColumnsTable *table, const ColumnsColumn *column);
  gpointer host;
  /* Facts of the subject to stand beside the answers: what totals are grouped by. */
  const ColumnsColumn *const *shown;
  size_t n_shown;
  bool
      numbered; /* the first of them is the subject's number, from 1: rows without are nobody, and left out */
} SqlOptions;

/* ---- facts ------------------------------------------------------------------- */

/* A table of the database: of TABLE's facts, or of the members of its LIST. */
typedef struct {
  const ColumnsTable *table;
  const ColumnsColumn *list; /* NULL: the facts */
  const char *name;          /* unquoted */
} SqlTable;

/* Those of the N TABLES, and those that references and lists lead to, each name once; in ARENA. */
const SqlTable *sql_tables (const SqlOptions *options, const ColumnsTable *const *tables, size_t n_tables,
                            Arena *arena, size_t *n);

/* CREATE TABLE statements. */
void sql_write_schema (const SqlOptions *options, const SqlTable *tables, size_t n, GString *out);

/* Takes some whole rows' text; false with ERROR ends the writing. */
typedef bool (*SqlTake) (gpointer host, Text rows, GError **error);
/* What loads the rows of TABLE: PostgreSQL's COPY … FROM STDIN, ClickHouse's INSERT … FORMAT
 * TabSeparated; SQLite's rows are statements themselves, and this is empty. */
void sql_write_load (const SqlOptions *options, const SqlTable *table, GString *out);
/* The rows of TABLE, a megabyte at a time. */
bool sql_write_rows (const SqlOptions *options, const SqlTable *table, SqlTake take, gpointer host,
                     GError **error);

/* ---- queries ------------------------------------------------------------------ */

typedef struct SqlQueries SqlQueries;

/* PROGRAM in OPTIONS' dialect; both must outlive it. */
SqlQueries *sql_compile (const ColumnsProgram *program, const SqlOptions *options);
void sql_queries_free (SqlQueries *queries);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SqlQueries, sql_queries_free)

/* Why decision I has no SQL, "name: why"; NULL when it has.  Where columns_program_why is set
 * this is the same. */
const char *sql_why (const SqlQueries *queries, size_t i);

/* One SELECT (no semicolon) with a row per subject: "row", the facts shown, and per decision D
 * (called as on its page, with a number behind where that is taken)
 *   "D_state"        'value', 'none', 'unknown'
 *   "D"              the value, NULL where there is none: truth, number (a line before says what
 *                    power of ten it is multiplied by), days since 1970-01-01, months, or text
 *   "D_rule"         of its table: the first rule that is met, from 1; NULL: none
 *   "D_failed_R", "D_open_R"   rule R's conditions that failed, are open: bit C is condition C, from 0
 *   "D_refused"      an input is not among its 允许 values
 * The columns do not hang on the facts, so that views of several counties fit together; their
 * names are in sql_columns. */
void sql_write_answers (const SqlQueries *queries, GString *out);

typedef enum {
  SQL_ROW,
  SQL_SHOWN,
  SQL_STATE,
  SQL_VALUE,
  SQL_RULE,
  SQL_FAILED,
  SQL_OPEN,
  SQL_REFUSED
} SqlColumnKind;

typedef struct {
  SqlColumnKind kind;
  const char *name;
  size_t item; /* SHOWN: which; STATE, VALUE: the answer's number; others: the reasons' in the program */
  size_t rule; /* FAILED, OPEN: from 0 */
} SqlColumn;
const SqlColumn *sql_columns (const SqlQueries *queries, size_t *n);

/* Sums over what sql_write_answers gives, which stands under the name ANSWERS (a view, a table): one
 * SELECT, or several with semicolons between where a database would not have so many columns, per value of
 * the facts shown GROUP_BY (NULL: over all): "subjects"; per decision "D_yes", "D_no" (truths) or "D_values",
 * "D_sum" (numbers), "D_none", "D_unknown"; per table "D_rule_R": how often rule R answered, and
 * "D_failed_R_C", "D_open_R_C" per condition. */
void sql_write_totals (const SqlQueries *queries, const char *answers, const ColumnsColumn *group_by,
                       GString *out);
