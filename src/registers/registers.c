/* Opening, and keys: what is sent twice is done once. */
#include "registers/registers_private.h"

#include <string.h>

/* A place: who asked to take part in what, when, and how it stands.  RECORD is the enrolment in the registry.
 */
static const StoreMigration migrations[] = {
  { "registers", 1,
    "CREATE TABLE register_place (id INTEGER PRIMARY KEY, event INTEGER NOT NULL, person INTEGER NOT NULL,"
    " state INTEGER NOT NULL, asked_at INTEGER NOT NULL, record INTEGER, ended_at INTEGER) STRICT;"
    "CREATE INDEX register_place_event ON register_place (event, state, id);"
    "CREATE INDEX register_place_person ON register_place (person, event);"
    "CREATE TABLE register_key (actor TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,"
    " answer INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (actor, key)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX register_key_at ON register_key (at);" },
};

gint64
registers_now (const Registers *registers)
{
  const RegistersOptions *o = &registers->options;
  return o->clock ? o->clock (o->clock_data) : g_get_real_time () / G_USEC_PER_SEC;
}

Registers *
registers_open (const RegistersOptions *options, GError **error)
{
  Store *store = registry_store (options->registry);
  if (!audit_migrate (store, error) || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Registers *registers = g_new0 (Registers, 1);
  registers->options = *options;
  registers->arena = arena_new ();
  if (registers_declare (registers, error))
    return registers;
  registers_free (registers);
  return NULL;
}

void
registers_free (Registers *registers)
{
  if (!registers)
    return;
  arena_free (registers->arena);
  g_free (registers);
}

const Register *
registers_all (const Registers *registers, size_t *n)
{
  *n = registers->n;
  return registers->all;
}

const Register *
registers_find (const Registers *registers, const char *id)
{
  for (size_t i = 0; i < registers->n; i++)
    if (g_str_equal (registers->all[i].id, id))
      return &registers->all[i];
  return NULL;
}

const Register *
registers_into (const Registers *registers, const RegistryEntity *entity)
{
  for (size_t i = 0; i < registers->n; i++)
    if (registers->all[i].into && registers->all[i].into->target == entity)
      return &registers->all[i];
  return NULL;
}

bool
register_may_keep (const AccessAccount *who, const Register *reg)
{
  return access_may (who, ACCESS_SEE_SUBJECTS) && g_strcmp0 (who->department, reg->department) == 0;
}

/* ---- keys ---------------------------------------------------------------------- */

bool
once_look (StoreConnection *db, const char *actor, const char *key, const char *body, gint64 *answer,
           GError **error)
{
  *answer = 0;
  if (!key || !*key || strlen (key) > 100) {
    g_set_error (error, FAULT, FAULT_INPUT, "the form has no key of its own: load the page again");
    return false;
  }
  StoreStatement *s
      = store_statement (db, "SELECT body, answer FROM register_key WHERE actor = ?1 AND key = ?2", error);
  if (!s)
    return false;
  store_bind_text (s, 1, actor);
  store_bind_text (s, 2, key);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  bool same = text_equal (store_text (s, 0), text_of (body));
  *answer = store_integer (s, 1);
  store_reset (s);
  if (!same)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "something else was sent from this form before: load the page again");
  return same;
}

bool
once_remember (StoreConnection *db, const char *actor, const char *key, const char *body, gint64 answer,
               gint64 now, GError **error)
{
  StoreStatement *s = store_statement (
      db, "INSERT INTO register_key (actor, key, body, answer, at) VALUES (?1, ?2, ?3, ?4, ?5)", error);
  if (!s)
    return false;
  store_bind_text (s, 1, actor);
  store_bind_text (s, 2, key);
  store_bind_text (s, 3, body);
  store_bind_integer (s, 4, answer);
  store_bind_integer (s, 5, now);
  if (!store_run (s, error) || !(s = store_statement (db, "DELETE FROM register_key WHERE at < ?1", error)))
    return false;
  store_bind_integer (s, 1, now - (gint64)REGISTER_KEY_DAYS * 24 * 3600);
  return store_run (s, error);
}

bool
registers_log (StoreConnection *db, const AccessAccount *who, AuditAct act, const Register *reg,
               Subject subject, const char *purpose, const char *did, Subject record, GError **error)
{
  g_autofree char *detail
      = g_strdup_printf ("{\"did\":\"%s\",\"register\":\"%s\",\"record\":\"%s-%" G_GINT64_FORMAT "\"}", did,
                         reg->id, reg->entity->id, subject_number (record));
  AuditEntry entry = { .act = act,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subject = subject,
                       .purpose = purpose,
                       .detail = detail };
  return audit_append (db, &entry, error);
}
