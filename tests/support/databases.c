#include "databases.h"

#include <libpq-fe.h>
#include <unistd.h>

typedef struct {
  char *folder, *name, *database;
} Database;

static GPtrArray *databases; /* of Database */

bool
support_on_postgres (void)
{
  return g_strcmp0 (g_getenv ("LIUDONG_TEST_STORE"), "postgresql") == 0;
}

static const char *
server (void)
{
  const char *url = g_getenv ("LIUDONG_TEST_POSTGRES");
  if (!url)
    g_error ("no server: run the test as tests/support/postgres with TEST");
  return url;
}

static void
ask_server (const char *format, const char *database)
{
  PGconn *pg = PQconnectdb (server ());
  g_autofree char *sql = g_strdup_printf (format, database);
  PGresult *result = PQexec (pg, sql);
  if (PQresultStatus (result) != PGRES_COMMAND_OK)
    g_error ("%s: %s", sql, PQerrorMessage (pg));
  PQclear (result);
  PQfinish (pg);
}

static const Database *
find_database (const char *folder, const char *name)
{
  for (guint i = 0; databases && i < databases->len; i++) {
    const Database *d = databases->pdata[i];
    if (g_str_equal (d->folder, folder) && g_str_equal (d->name, name))
      return d;
  }
  return NULL;
}

static const Database *
make_database (const char *folder, const char *name)
{
  static unsigned n;
  Database *d = g_new0 (Database, 1);
  d->folder = g_strdup (folder);
  d->name = g_strdup (name);
  d->database = g_strdup_printf ("test_%d_%u", (int)getpid (), ++n);
  ask_server ("CREATE DATABASE %s", d->database);
  if (!databases)
    databases = g_ptr_array_new ();
  g_ptr_array_add (databases, d);
  return d;
}

char *
support_store (const char *folder, const char *name)
{
  if (!support_on_postgres ())
    return g_build_filename (folder, name, NULL);
  const Database *d = find_database (folder, name);
  if (!d)
    d = make_database (folder, name);
  g_auto (GStrv) parts = g_strsplit (server (), "/postgres?", 2);
  return g_strdup_printf ("%s/%s?%s", parts[0], d->database, parts[1]);
}

void
databases_drop (const char *folder)
{
  for (guint i = databases ? databases->len : 0; i-- > 0;) {
    Database *d = databases->pdata[i];
    if (!g_str_equal (d->folder, folder))
      continue;
    ask_server ("DROP DATABASE %s WITH (FORCE)", d->database);
    g_ptr_array_remove_index (databases, i);
    g_free (d->folder);
    g_free (d->name);
    g_free (d->database);
    g_free (d);
  }
}
