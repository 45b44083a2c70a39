/* A database that a test speaks SQL to: SQLite in memory, or the server that LIUDONG_TEST_SQL
 * names ("postgresql", "clickhouse") and tests/support/postgres or clickhouse has started. */
#pragma once

#include "sql/sql.h"

typedef struct Engine Engine;

typedef struct {
  size_t n, n_columns;
  char **cells; /* n × n_columns; NULL where NULL; truths as "1" and "0" */
} Rows;

SqlDialect engine_dialect (void);
/* SHARD of ClickHouse: 0 or 1; 0 of others. */
Engine *engine_open (int shard);
void engine_close (Engine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Engine, engine_close)

/* Statements without result, ended by semicolons at ends of lines; a fault ends the test. */
void engine_run (Engine *engine, const char *statements);
/* One, as it is. */
void engine_send (Engine *engine, const char *statement);
/* Free with rows_free. */
Rows *engine_ask (Engine *engine, const char *query);
void rows_free (Rows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rows, rows_free)

/* What sql_write_load and sql_write_rows say of each of TABLES. */
void engine_load (Engine *engine, const SqlOptions *options, const SqlTable *tables, size_t n);
/* Schema and rows of TABLE and all that it leads to, those that are not there yet. */
void engine_add (Engine *engine, const SqlOptions *options, const ColumnsTable *table);
void engine_clear (Engine *engine);
