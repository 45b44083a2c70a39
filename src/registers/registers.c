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
    "CREATE INDEX register_place_person ON register_place (person, event);" },
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
  if (!audit_migrate (store, error) || !store_once_migrate (store, error)
      || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
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

bool
registers_log (StoreConnection *db, const AccessAccount *who, AuditAct act, const Register *reg,
               Subject subject, Subject with, const char *purpose, const char *did, Subject record,
               GError **error)
{
  g_autofree char *detail
      = g_strdup_printf ("{\"did\":\"%s\",\"register\":\"%s\",\"record\":\"%s-%" G_GINT64_FORMAT "\"}", did,
                         reg->id, reg->entity->id, subject_number (record));
  g_autoptr (AuditSet) both = with ? audit_set_new () : NULL;
  if (both) {
    audit_set_add (both, subject);
    audit_set_add (both, with);
  }
  AuditEntry entry = { .act = act,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subject = both ? 0 : subject,
                       .subjects = both,
                       .purpose = purpose,
                       .detail = detail };
  return audit_append (db, &entry, error);
}
