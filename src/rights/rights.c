/* Opening, and whom a request may be about. */
#include "rights/rights_private.h"

static const StoreMigration migrations[] = {
  { "rights", 1,
    "CREATE TABLE rights_request (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, person INTEGER NOT NULL,"
    " subject INTEGER NOT NULL, attribute TEXT NOT NULL, said TEXT, wanted TEXT, since INTEGER, reason TEXT "
    "NOT NULL,"
    " evidence TEXT, asked_by TEXT NOT NULL, asked_at INTEGER NOT NULL, department TEXT NOT NULL, due "
    "INTEGER,"
    " status INTEGER NOT NULL, decided_by TEXT, decided_at INTEGER, answer TEXT, batch INTEGER) STRICT;"
    "CREATE INDEX rights_request_person ON rights_request (person, id);"
    "CREATE INDEX rights_request_department ON rights_request (department, status, id);"
    "CREATE TABLE rights_key (actor TEXT NOT NULL, route TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT "
    "NULL,"
    " request INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (actor, route, key)) STRICT, WITHOUT "
    "ROWID;" },
  /* Keys stand in store_once since; those of the last days are taken along. */
  { "rights", 2,
    "INSERT INTO store_once (actor, route, key, body, answer, at)"
    " SELECT actor, route, key, body, request, at FROM rights_key; DROP TABLE rights_key;" },
};

gint64
rights_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

Rights *
rights_open (Registry *registry, const RightsTerms *terms, GError **error)
{
  Store *store = registry_store (registry);
  if (!audit_migrate (store, error) || !store_once_migrate (store, error)
      || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Rights *rights = g_new0 (Rights, 1);
  rights->registry = registry;
  rights->terms = *terms;
  return rights;
}

void
rights_free (Rights *rights)
{
  g_free (rights);
}

const char *
rights_kind_id (RightsKind kind)
{
  static const char *const ids[] = { "correct", "erase" };
  return ids[kind];
}

bool
rights_kind_parse (const char *id, RightsKind *kind)
{
  for (int k = RIGHTS_CORRECT; k <= RIGHTS_ERASE; k++)
    if (g_strcmp0 (id, rights_kind_id ((RightsKind)k)) == 0) {
      *kind = (RightsKind)k;
      return true;
    }
  return false;
}

const char *
rights_status_id (RightsStatus status)
{
  static const char *const ids[] = { "open", "accepted", "refused" };
  return ids[status];
}

bool
rights_check_text (const char *text, const char *what, bool required, GError **error)
{
  const char *given = text ? text : "";
  if (!g_utf8_validate (given, -1, NULL))
    g_set_error (error, FAULT, FAULT_INPUT, "%s is no valid UTF-8", what);
  else if (required && !text_trim (text_of (given)).len)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is missing: say it in a sentence", what);
  else if (g_utf8_strlen (given, -1) > RIGHTS_TEXT_MAX)
    g_set_error (error, FAULT, FAULT_INPUT, "%s has more than %d characters: shorten it", what,
                 RIGHTS_TEXT_MAX);
  else
    return true;
  return false;
}

/* Whether SUBJECT, or what it was merged into, refers to PERSON by COLLECTION's reference. */
static bool
refers (Rights *rights, const RegistryAttribute *collection, Subject subject, Subject root, Subject person,
        bool *about, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const Subject *referrers = registry_referrers (rights->registry, arena, person, collection, &n, error);
  for (size_t i = 0; referrers && i < n; i++)
    *about |= referrers[i] == subject || referrers[i] == root;
  return referrers;
}

bool
rights_is_about (Rights *rights, Subject subject, Subject person, bool *about, GError **error)
{
  const RegistrySchema *schema = registry_schema (rights->registry);
  const RegistryEntity *entity = registry_subject_entity (schema, person),
                       *other = registry_subject_entity (schema, subject);
  Subject root, self;
  if (!registry_resolve (rights->registry, subject, G_MAXINT64, &root, error)
      || !registry_resolve (rights->registry, person, G_MAXINT64, &self, error))
    return false;
  *about = root == self; /* one person under two numbers is one */
  for (size_t i = 0; entity && other && other != entity && !*about && i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    if (a->kind == REGISTRY_COLLECTION && a->target == other
        && !refers (rights, a, subject, root, self, about, error))
      return false;
  }
  return true;
}

const RegistryProvenance *
rights_fact (Rights *rights, Arena *arena, Subject subject, const RegistryAttribute *attribute,
             GError **error)
{
  Text member = text_of (attribute->zh);
  FeelPath path = { .n = 1, .members = &member };
  RegistryMoment now = { civil_today (), G_MAXINT64 };
  size_t n;
  const RegistryReading *reading = registry_read (rights->registry, arena, subject, &path, 1, now, error);
  const RegistryProvenance *const *facts = reading ? registry_reading_facts (reading, &n) : NULL;
  return facts ? facts[0] : NULL;
}

const RegistryProvenance *
rights_own_fact (Rights *rights, Arena *arena, Subject person, Subject subject,
                 const RegistryAttribute *attribute, GError **error)
{
  bool about;
  if (!rights_is_about (rights, subject, person, &about, error))
    return NULL;
  if (about)
    return rights_fact (rights, arena, subject, attribute, error);
  g_set_error (error, FAULT, FAULT_DENIED, "that record is not about the person who asks");
  return NULL;
}

const char *
rights_public_name (Rights *rights, Arena *arena, const RegistryProvenance *fact)
{
  const RegistryAttribute *label = fact->target ? fact->attribute->target->label : NULL;
  if (!label || label->sensitivity != REGISTRY_PUBLIC)
    return NULL;
  const RegistryProvenance *name = rights_fact (rights, arena, fact->target, label, NULL);
  return name && name->value.kind == FEEL_STRING ? arena_text (arena, name->value.string) : NULL;
}

const char *
rights_fact_text (Arena *arena, const RegistryProvenance *fact)
{
  char buffer[DECIMAL_TEXT_MAX];
  switch (fact->value.kind) {
  case FEEL_BOOLEAN: return fact->value.boolean ? "true" : "false";
  case FEEL_NUMBER: return arena_text (arena, text_of (decimal_format (fact->value.number, buffer)));
  case FEEL_DATE: return arena_text (arena, text_of (civil_format (fact->value.date, buffer)));
  case FEEL_STRING: return arena_text (arena, fact->value.string);
  default: return NULL;
  }
}
