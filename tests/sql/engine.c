#include "engine.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct Engine {
  SqlDialect dialect;
  sqlite3 *lite;
  PGconn *pg;
  int port;
  GPtrArray *made; /* tables */
};

SqlDialect
engine_dialect (void)
{
  SqlDialect dialect = SQL_SQLITE;
  const char *id = g_getenv ("LIUDONG_TEST_SQL");
  g_assert_true (!id || sql_dialect_parse (id, &dialect));
  return dialect;
}

/* ---- ClickHouse over HTTP ------------------------------------------------------------ */

static int
click_port (int shard)
{
  const char *ports = g_getenv ("LIUDONG_TEST_CLICKHOUSE");
  if (!ports)
    g_error ("no server: run the test as tests/support/clickhouse with TEST");
  g_auto (GStrv) parts = g_strsplit (ports, " ", 2);
  return atoi (parts[shard]);
}

static void
send_all (int fd, const char *bytes, size_t len)
{
  while (len) {
    ssize_t sent = write (fd, bytes, len);
    g_assert_cmpint (sent, >, 0);
    bytes += sent;
    len -= (size_t)sent;
  }
}

/* The parts of a chunked body, one after the other. */
static void
append_chunks (GString *out, const char *body, const char *end)
{
  while (body < end) {
    size_t n = strtoul (body, NULL, 16);
    const char *from = strstr (body, "\r\n") + 2;
    g_string_append_len (out, from, (gssize)n);
    body = from + n + 2;
  }
}

static char *
click_post (int port, const char *statement, size_t len)
{
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16)port) };
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_autofree char *head = g_strdup_printf (
      "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", len);
  send_all (fd, head, strlen (head));
  send_all (fd, statement, len);
  g_autoptr (GString) answer = g_string_new (NULL);
  char buffer[1 << 16];
  for (ssize_t got; (got = read (fd, buffer, sizeof buffer)) > 0;)
    g_string_append_len (answer, buffer, got);
  close (fd);
  char *body = strstr (answer->str, "\r\n\r\n");
  g_assert_nonnull (body);
  GString *out = g_string_new (NULL);
  bool chunked = g_strstr_len (answer->str, body - answer->str, "chunked");
  if (chunked)
    append_chunks (out, body + 4, answer->str + answer->len);
  else
    g_string_append (out, body + 4);
  if (!strstr (answer->str, " 200 OK"))
    g_error ("%.4000s\n%.*s", out->str, (int)MIN (len, 20000), statement);
  return g_string_free (out, FALSE);
}

/* ---- opening ---------------------------------------------------------------------------- */

Engine *
engine_open (int shard)
{
  Engine *e = g_new0 (Engine, 1);
  e->dialect = engine_dialect ();
  e->made = g_ptr_array_new_with_free_func (g_free);
  if (e->dialect == SQL_CLICKHOUSE) {
    e->port = click_port (shard);
  } else if (e->dialect == SQL_SQLITE) {
    g_assert_cmpint (sqlite3_open (":memory:", &e->lite), ==, SQLITE_OK);
  } else {
    const char *url = g_getenv ("LIUDONG_TEST_POSTGRES");
    if (!url)
      g_error ("no server: run the test as tests/support/postgres with TEST");
    e->pg = PQconnectdb (url);
    if (PQstatus (e->pg) != CONNECTION_OK)
      g_error ("%s", PQerrorMessage (e->pg));
    g_autofree char *schema
        = g_strdup_printf ("CREATE SCHEMA sql_%d; SET search_path TO sql_%d", getpid (), getpid ());
    engine_run (e, schema);
  }
  return e;
}

void
engine_clear (Engine *e)
{
  for (guint i = e->made->len; i-- > 0;) {
    g_autofree char *drop = g_strdup_printf ("DROP TABLE \"%s\"", (char *)e->made->pdata[i]);
    engine_run (e, drop);
  }
  g_ptr_array_set_size (e->made, 0);
}

void
engine_close (Engine *e)
{
  if (e->dialect == SQL_CLICKHOUSE)
    engine_clear (e);
  if (e->lite)
    sqlite3_close (e->lite);
  if (e->pg) {
    g_autofree char *schema = g_strdup_printf ("DROP SCHEMA sql_%d CASCADE", getpid ());
    engine_run (e, schema);
    PQfinish (e->pg);
  }
  g_ptr_array_unref (e->made);
  g_free (e);
}

/* ---- statements --------------------------------------------------------------------------- */

void
engine_send (Engine *e, const char *statement)
{
  if (e->dialect == SQL_CLICKHOUSE) {
    g_free (click_post (e->port, statement, strlen (statement)));
    return;
  }
  if (e->dialect == SQL_SQLITE) {
    char *message = NULL;
    if (sqlite3_exec (e->lite, statement, NULL, NULL, &message) != SQLITE_OK)
      g_error ("%s\n%.20000s", message, statement);
    return;
  }
  PGresult *result = PQexec (e->pg, statement);
  ExecStatusType status = PQresultStatus (result);
  if (status != PGRES_COMMAND_OK && status != PGRES_COPY_IN && status != PGRES_TUPLES_OK)
    g_error ("%s\n%.20000s", PQerrorMessage (e->pg), statement);
  PQclear (result);
}

void
engine_run (Engine *e, const char *statements)
{
  g_auto (GStrv) parts = g_strsplit (statements, ";\n", -1);
  for (int i = 0; parts[i]; i++)
    if (*g_strstrip (parts[i]))
      engine_send (e, parts[i]);
}

/* ---- queries --------------------------------------------------------------------------------- */

static Rows *
rows_new (size_t n, size_t n_columns)
{
  Rows *rows = g_new0 (Rows, 1);
  *rows = (Rows){ n, n_columns, g_new0 (char *, n *n_columns + 1) };
  return rows;
}

void
rows_free (Rows *rows)
{
  for (size_t i = 0; i < rows->n * rows->n_columns; i++)
    g_free (rows->cells[i]);
  g_free (rows->cells);
  g_free (rows);
}

static Rows *
ask_lite (Engine *e, const char *query)
{
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2 (e->lite, query, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s\n%.200000s", sqlite3_errmsg (e->lite), query);
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  int n = sqlite3_column_count (statement), status;
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    for (int c = 0; c < n; c++) {
      int type = sqlite3_column_type (statement, c);
      if (type == SQLITE_FLOAT)
        g_error ("a float in column %s", sqlite3_column_name (statement, c));
      g_ptr_array_add (cells, g_strdup ((const char *)sqlite3_column_text (statement, c)));
    }
  if (status != SQLITE_DONE)
    g_error ("%s\n%.200000s", sqlite3_errmsg (e->lite), query);
  sqlite3_finalize (statement);
  Rows *rows = rows_new (cells->len / (size_t)n, (size_t)n);
  memcpy (rows->cells, cells->pdata, cells->len * sizeof (char *));
  return rows;
}

static Rows *
ask_postgres (Engine *e, const char *query)
{
  PGresult *result = PQexec (e->pg, query);
  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s\n%.200000s", PQerrorMessage (e->pg), query);
  int n = PQntuples (result), n_columns = PQnfields (result);
  Rows *rows = rows_new ((size_t)n, (size_t)n_columns);
  enum { BOOL_OID = 16 };
  for (int i = 0; i < n * n_columns; i++) {
    int row = i / n_columns, column = i % n_columns;
    const char *value = PQgetvalue (result, row, column);
    if (PQftype (result, column) == BOOL_OID)
      value = *value == 't' ? "1" : "0";
    rows->cells[i] = PQgetisnull (result, row, column) ? NULL : g_strdup (value);
  }
  PQclear (result);
  return rows;
}

static Rows *
ask_click (Engine *e, const char *query)
{
  g_autofree char *text = click_post (e->port, query, strlen (query));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  size_t n = g_strv_length (lines) - 1, n_columns = 0;
  Rows *rows = NULL;
  for (size_t r = 0; r < n; r++) {
    g_auto (GStrv) cells = g_strsplit (lines[r], "\t", -1);
    n_columns = g_strv_length (cells);
    rows = rows ? rows : rows_new (n, n_columns);
    for (size_t c = 0; c < n_columns; c++)
      rows->cells[r * n_columns + c] = g_str_equal (cells[c], "\\N") ? NULL : g_strdup (cells[c]);
  }
  return rows ? rows : rows_new (0, 0);
}

Rows *
engine_ask (Engine *e, const char *query)
{
  return e->dialect == SQL_SQLITE       ? ask_lite (e, query)
         : e->dialect == SQL_POSTGRESQL ? ask_postgres (e, query)
                                        : ask_click (e, query);
}

/* ---- loading ------------------------------------------------------------------------------------ */

typedef struct {
  Engine *engine;
  const char *load;
} Loading;

static bool
take_rows (gpointer host, Text rows, GError **error)
{
  Loading *l = host;
  if (l->engine->dialect == SQL_POSTGRESQL) {
    g_assert_cmpint (PQputCopyData (l->engine->pg, rows.bytes, (int)rows.len), ==, 1);
    return true;
  }
  g_autofree char *text = g_strdup_printf ("%s\n%.*s", l->load, (int)rows.len, rows.bytes);
  engine_send (l->engine, text);
  return true;
}

void
engine_load (Engine *e, const SqlOptions *options, const SqlTable *tables, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    g_autoptr (GString) load = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    sql_write_load (options, &tables[i], load);
    if (e->dialect == SQL_POSTGRESQL)
      engine_send (e, load->str);
    Loading loading = { e, load->str };
    g_assert_true (sql_write_rows (options, &tables[i], take_rows, &loading, &error));
    if (e->dialect == SQL_POSTGRESQL) {
      g_assert_cmpint (PQputCopyEnd (e->pg, NULL), ==, 1);
      PGresult *result = PQgetResult (e->pg);
      if (PQresultStatus (result) != PGRES_COMMAND_OK)
        g_error ("%s", PQerrorMessage (e->pg));
      PQclear (result);
      while ((result = PQgetResult (e->pg)))
        PQclear (result);
    }
  }
}

void
engine_add (Engine *e, const SqlOptions *options, const ColumnsTable *table)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const SqlTable *tables = sql_tables (options, &table, 1, arena, &n);
  for (size_t i = 0; i < n; i++) {
    g_autoptr (GString) schema = g_string_new (NULL);
    if (g_ptr_array_find_with_equal_func (e->made, tables[i].name, g_str_equal, NULL))
      continue;
    sql_write_schema (options, &tables[i], 1, schema);
    engine_run (e, schema->str);
    engine_load (e, options, &tables[i], 1);
    g_ptr_array_add (e->made, g_strdup (tables[i].name));
  }
}
