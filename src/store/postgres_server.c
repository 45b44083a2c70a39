/* PostgreSQL: how a server is reached, what its database holds, what its errors mean. */
#include "store/dialect.h"
#include "store/postgres.h"

#include <poll.h>

/* Milliseconds for a server to answer, a starting one included. */
enum { PATIENCE = 10000, PAUSE = 100 };

/* ---- places ------------------------------------------------------------ */

static void
cut (GString *text, const char *start, const char *end)
{
  g_string_erase (text, start - text->str, end - start);
}

/* "#new" behind the URL names the schema in which a database is made before it
 * gets its name; the server is not told. */
static const char unfinished[] = "#" POSTGRES_SCHEMA_NEW;

static bool
is_unfinished (const char *url)
{
  return g_str_has_suffix (url, unfinished);
}

static char *
unfinished_place (const char *url)
{
  return g_strconcat (url, unfinished, NULL);
}

/* As libpq reads it.  Caller frees. */
static char *
server_url (const char *url)
{
  return g_strndup (url, strlen (url) - (is_unfinished (url) ? strlen (unfinished) : 0));
}

char *
postgres_show_place (const char *url)
{
  g_autofree char *plain = server_url (url);
  GString *shown = g_string_new (plain);
  char *user = strstr (shown->str, "://") + 3, *end = user + strcspn (user, "/?"),
       *at = memchr (user, '@', (size_t)(end - user)),
       *colon = at ? memchr (user, ':', (size_t)(at - user)) : NULL;
  if (colon)
    cut (shown, colon, at);
  char *password = strstr (shown->str, "password=");
  if (password && (password[-1] == '?' || password[-1] == '&')) {
    char *after = password + strcspn (password, "&");
    cut (shown, *after ? password : password - 1, after + (*after != '\0'));
  }
  return g_string_free (shown, FALSE);
}

bool
postgres_check_place (const Store *store, GError **error)
{
  char *why = NULL;
  g_autofree char *url = server_url (store->place);
  PQconninfoOption *options = PQconninfoParse (url, &why);
  if (!options)
    g_set_error (error, FAULT, FAULT_USAGE,
                 "%s: no address of a database (%s): write postgresql://USER@HOST/DATABASE", store->path,
                 why ? g_strchomp (why) : "out of memory");
  PQconninfoFree (options);
  PQfreemem (why);
  return options != NULL;
}

/* ---- faults ------------------------------------------------------------ */

/* What the classes of error codes ask of whom (PostgreSQL, "Error Codes"). */
static const struct {
  const char *state; /* the code's beginning */
  FaultCode code;
  const char *message; /* what happened, where %s is what was being done; what to do */
} meanings[] = {
  { "53100", FAULT_SYSTEM, "disk full while %s; nothing was lost: free some space and try again" },
  { "53300", FAULT_SYSTEM, "too many connections while %s: raise the server's max_connections" },
  { "53", FAULT_SYSTEM, "the server is short of memory or files while %s: give it more, and try again" },
  { "55P03", FAULT_SYSTEM, "locked by another process while %s: end that one, or try again" },
  { "57P01", FAULT_SYSTEM,
    "the server was stopped while %s; nothing of it was kept: start it and try again" },
  { "57P02", FAULT_SYSTEM, "the server broke down while %s; nothing of it was kept: try again" },
  { "57P03", FAULT_SYSTEM, "the server is starting or stopping while %s: try again in a moment" },
  { "08", FAULT_SYSTEM, "the connection was lost while %s; nothing of it was kept: try again" },
  { "25006", FAULT_SYSTEM, "read-only while %s: connect to the server that takes writes" },
  { "42501", FAULT_SYSTEM, "not allowed while %s: make this role the database's owner" },
  { "XX00", FAULT_SYSTEM, "the database is damaged (found while %s): restore it from a backup" },
  { "58", FAULT_SYSTEM, "the server's disk failed while %s: see the server's log" },
  { "3D000", FAULT_NOT_FOUND, "no such database: make it with createdb, or check the name" },
  { "28", FAULT_SYSTEM,
    "the server refused the user or the password: check them, and the server's pg_hba.conf" },
};

static GError *
fault_of_state (const Store *store, const char *state, const char *doing, const char *words)
{
  for (size_t i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_str_has_prefix (state, meanings[i].state)) {
      g_auto (GStrv) parts = g_strsplit (meanings[i].message, "%s", 2);
      return g_error_new (FAULT, (int)meanings[i].code, "%s: %s%s%s (%s)", store->path, parts[0],
                          parts[1] ? doing : "", parts[1] ? parts[1] : "", words);
    }
  return g_error_new (FAULT, FAULT_SYSTEM, "%s: %s failed: %s", store->path, doing, words);
}

GError *
postgres_fault (const Store *store, PGconn *pg, const PGresult *result, const char *doing)
{
  const char *state = result ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  const char *words = result ? PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
  if (!pg || PQstatus (pg) != CONNECTION_OK)
    state = state && g_str_has_prefix (state, "57") ? state : "08006";
  g_autofree char *said = g_strdup (words ? words : pg ? PQerrorMessage (pg) : "not connected");
  g_strdelimit (g_strstrip (said), "\n", ' ');
  return fault_of_state (store, state ? state : "", doing, *said ? said : "no reason given");
}

/* A connection that fails has no result: its words, in the verbose form, are
 * "FATAL:  3D000: database … does not exist", in the server's language. */
static GError *
fault_of_connecting (const Store *store, PGconn *pg)
{
  g_autofree char *words = g_strdup (PQerrorMessage (pg));
  g_autoptr (GRegex) verbose = g_regex_new (":  ([0-9A-Z]{5}): ([^\n]*)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  if (g_regex_match (verbose, words, 0, &match)) {
    g_autofree char *state = g_match_info_fetch (match, 1), *said = g_match_info_fetch (match, 2);
    return fault_of_state (store, state, "connecting", said);
  }
  g_strdelimit (g_strstrip (words), "\n", ' ');
  if (PQconnectionNeedsPassword (pg))
    return g_error_new (FAULT, FAULT_SYSTEM, "%s: the server wants a password: write it in ~/.pgpass",
                        store->path);
  return g_error_new (FAULT, FAULT_SYSTEM,
                      "%s: cannot reach the server (%s): start it, or check host and port", store->path,
                      words);
}

/* ---- connecting -------------------------------------------------------- */

/* Wait until the connection is there, or is not, or DEADLINE has come. */
static bool
finish_connecting (PGconn *pg, gint64 deadline)
{
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (PQstatus (pg) != CONNECTION_BAD && state != PGRES_POLLING_OK) {
    gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
    struct pollfd wire = { .fd = PQsocket (pg), .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT };
    if (left <= 0 || poll (&wire, 1, (int)left) == 0)
      return false;
    state = PQconnectPoll (pg);
  }
  return state == PGRES_POLLING_OK;
}

static PGconn *
start_connecting (const char *place)
{
  g_autofree char *url = server_url (place);
  static const char *const names[] = { "dbname",
                                       "fallback_application_name",
                                       "client_encoding",
                                       "keepalives_idle",
                                       "keepalives_interval",
                                       "keepalives_count",
                                       NULL };
  const char *values[] = { url, "liudong", "UTF8", "30", "10", "3", NULL };
  PGconn *pg = PQconnectStartParams (names, values, 1);
  if (pg)
    PQsetErrorVerbosity (pg, PQERRORS_VERBOSE);
  return pg;
}

static void
ignore_notice (void *unused, const PGresult *notice)
{
}

/* A dead client of another machine must not hold the writer's lock for hours. */
static bool
set_up (const Store *store, PGconn *pg, bool writes, GError **error)
{
  static const char every[] = "SET client_min_messages = error; SET standard_conforming_strings = on;"
                              "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10;"
                              "SET tcp_keepalives_count = 3; SET statement_timeout = 0;"
                              "SET idle_in_transaction_session_timeout = 0",
                    writer[] = "SET lock_timeout = '5s'", reader[] = "SET default_transaction_read_only = on";
  g_autofree char *sql = g_strdup_printf (
      "%s; SET search_path = %s; %s", every,
      is_unfinished (store->place) ? POSTGRES_SCHEMA_NEW : POSTGRES_SCHEMA, writes ? writer : reader);
  PQsetErrorVerbosity (pg, PQERRORS_DEFAULT);
  PQsetNoticeReceiver (pg, ignore_notice, NULL);
  PGresult *result = PQexec (pg, sql);
  bool ok = PQresultStatus (result) == PGRES_COMMAND_OK;
  if (!ok)
    g_propagate_error (error, postgres_fault (store, pg, result, "connecting"));
  PQclear (result);
  return ok && PQenterPipelineMode (pg);
}

static bool
is_starting (const PGconn *pg)
{
  return strstr (PQerrorMessage (pg), "57P03") != NULL;
}

PGconn *
postgres_reach (const Store *store, bool writes, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64)PATIENCE * 1000;
  for (;;) {
    PGconn *pg = start_connecting (store->place);
    if (finish_connecting (pg, deadline) && set_up (store, pg, writes, error))
      return pg;
    bool again = is_starting (pg) && g_get_monotonic_time () < deadline;
    if (!again && error && !*error)
      *error = fault_of_connecting (store, pg);
    PQfinish (pg);
    if (!again)
      return NULL;
    g_usleep (PAUSE * 1000);
  }
}

/* ---- what a database holds --------------------------------------------- */

/* Whether our mark is there, how many tables of other programs, and two settings.
 * What an extension brings along is nobody's data. */
static const char look[]
    = "SELECT to_regclass ('store_state') IS NOT NULL,"
      " (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
      "  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
      "  AND n.nspname NOT IN ('information_schema', '" POSTGRES_SCHEMA "', '" POSTGRES_SCHEMA_NEW "')"
      "  AND n.nspname NOT LIKE 'pg\\_%' AND NOT EXISTS (SELECT 1 FROM pg_depend d"
      "  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')),"
      " current_setting ('fsync'), getdatabaseencoding ()";

static bool
check_settings (const Store *store, const char *fsync, const char *encoding, GError **error)
{
  if (!g_str_equal (encoding, "UTF8"))
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: its encoding is %s: make a database with createdb --encoding=UTF8 --template=template0",
                 store->path, encoding);
  else if (!g_str_equal (fsync, "on"))
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "%s: the server runs with fsync = %s and would lose what was acknowledged: set it on",
                 store->path, fsync);
  else
    return true;
  return false;
}

static bool
read_state (PostgresConnection *c, StoreIdentity *identity, GError **error)
{
  PGresult *found = postgres_ask (c, "SELECT state FROM store_state WHERE application = 'liudong'", error);
  identity->ours = found && PQntuples (found) == 1;
  if (identity->ours)
    identity->state = g_ascii_strtoll (PQgetvalue (found, 0, 0), NULL, 10);
  PQclear (found);
  return found != NULL;
}

bool
postgres_identify (StoreConnection *db, StoreIdentity *identity, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  PGresult *found = postgres_ask (c, look, error);
  bool ok = found && check_settings (db->store, PQgetvalue (found, 0, 2), PQgetvalue (found, 0, 3), error);
  bool marked = ok && *PQgetvalue (found, 0, 0) == 't';
  identity->fresh = ok && !marked && g_str_equal (PQgetvalue (found, 0, 1), "0");
  PQclear (found);
  return ok && (!marked || read_state (c, identity, error));
}

/* A role's own setting may say that commits need not wait; and a load's need not. */
bool
postgres_configure (StoreConnection *db, bool loading, GError **error)
{
  return postgres_execute (db,
                           loading ? "SET synchronous_commit = off"
                                   : "SELECT set_config ('synchronous_commit', 'on', false)"
                                     " WHERE current_setting ('synchronous_commit') = 'off'",
                           "opening", error);
}

/* Two processes may find the same database fresh: the second one then finds the
 * tables made, or, when it wants to load, fails. */
bool
postgres_initialise (StoreConnection *db, gint64 state, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "BEGIN; SELECT pg_advisory_xact_lock (%d); CREATE SCHEMA IF NOT EXISTS %s; %s;"
      "CREATE TABLE IF NOT EXISTS store_state (application TEXT PRIMARY KEY, state INTEGER NOT NULL);"
      "INSERT INTO store_state VALUES ('liudong', %d) %s;"
      "CREATE TABLE IF NOT EXISTS store_version (module TEXT PRIMARY KEY, version INTEGER NOT NULL);"
      "%s; COMMIT",
      POSTGRES_LOCK_WRITER, is_unfinished (db->store->place) ? POSTGRES_SCHEMA_NEW : POSTGRES_SCHEMA,
      dialect_postgres_functions, (int)state, state == STATE_LOADING ? "" : "ON CONFLICT DO NOTHING",
      definitions_table);
  return postgres_execute (db, sql, "making the tables", error);
}

/* The server writes its journal in order: when this commit is on disk, so is
 * everything before it.  Without statistics the first readers would wait. */
bool
postgres_finish_load (StoreConnection *db, GError **error)
{
  return postgres_execute (db, "ANALYZE", "ending the load", error)
         && postgres_execute (db, "SET synchronous_commit = on", "ending the load", error)
         && postgres_execute (db, "UPDATE store_state SET state = 0", "ending the load", error);
}

bool
postgres_exists (const Store *store, bool *exists, GError **error)
{
  StoreConnection *db = connection_open (store, false, error);
  StoreIdentity found = { 0 };
  bool ok = db && postgres_identify (db, &found, error);
  *exists = ok && !found.fresh;
  connection_close (db);
  return ok;
}

/* ---- making one whole -------------------------------------------------- */

/* The lock of who makes a database here; it ends with the connection. */
static bool
lock_making (PostgresConnection *c, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT pg_try_advisory_lock (%d)", POSTGRES_LOCK_MAKING);
  PGresult *answer = postgres_ask (c, sql, error);
  bool locked = answer && *PQgetvalue (answer, 0, 0) == 't';
  if (answer && !locked)
    g_set_error (error, FAULT, FAULT_CONFLICT, "%s: another process is making it: wait for that one",
                 c->base.store->path);
  PQclear (answer);
  return locked;
}

static bool
check_is_free (StoreConnection *db, GError **error)
{
  StoreIdentity found = { 0 };
  if (!postgres_identify (db, &found, error))
    return false;
  if (!found.fresh)
    g_set_error (error, FAULT, FAULT_CONFLICT, "%s is there already: name an empty database",
                 db->store->path);
  return found.fresh;
}

static bool
make_in (StoreConnection *db, StoreFill fill, gpointer data, GError **error)
{
  static const char clear[] = "DROP SCHEMA IF EXISTS " POSTGRES_SCHEMA_NEW " CASCADE",
                    name[] = "DROP SCHEMA IF EXISTS " POSTGRES_SCHEMA ";"
                             "ALTER SCHEMA " POSTGRES_SCHEMA_NEW " RENAME TO " POSTGRES_SCHEMA;
  g_autofree char *place = unfinished_place (db->store->place);
  if (!lock_making (postgres_of (db), error) || !check_is_free (db, error)
      || !postgres_execute (db, clear, "clearing what was left half made", error))
    return false;
  bool ok = fill (place, data, error) && postgres_execute (db, name, "naming the finished tables", error);
  if (!ok)
    postgres_execute (db, clear, "clearing", NULL);
  return ok;
}

/* Made in a schema of another name, which is then renamed. */
bool
postgres_make (const Store *store, StoreFill fill, gpointer data, GError **error)
{
  StoreConnection *db = connection_open (store, true, error);
  bool ok = db && make_in (db, fill, data, error);
  connection_close (db);
  return ok;
}
