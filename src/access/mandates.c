/* Mandates: who of a household lets whom see their facts in explanations.
 *
 * Source: Personal Information Protection Law, articles 14 (consent, informed and
 * explicit), 15 (withdrawal as easy as giving) and 23. */
#include "access_private.h"

enum { LONGEST_DAYS = 10 * 366 };

/* ---- households -------------------------------------------------------- */

/* The references of ENTITY by which a purpose is asked for another's sake: those that lead
 * to something the same purpose is about. */
static bool
leads_to_root (const AccessPurpose *purpose, const RegistryAttribute *reference)
{
  for (size_t i = 0; i < purpose->n_roots; i++)
    if (reference->kind == REGISTRY_REFERENCE && purpose->roots[i].entity == reference->target)
      return reference->target != reference->entity;
  return false;
}

static void
add_references (const AccessPurpose *purpose, const AccessRoot *root, Arena *arena, GPtrArray *references)
{
  for (size_t i = 0; i < root->n_paths; i++) {
    if (root->paths[i].n != 1)
      continue;
    const RegistryAttribute *a
        = registry_entity_attribute (root->entity, arena_text (arena, root->paths[i].members[0]));
    if (a && leads_to_root (purpose, a) && !g_ptr_array_find (references, a, NULL))
      g_ptr_array_add (references, (gpointer)(gsize)a);
  }
}

static GPtrArray *
references_of (const Access *access, Arena *arena, const RegistryEntity *entity)
{
  GPtrArray *references = g_ptr_array_new ();
  for (size_t i = 0; i < access->n_purposes; i++)
    for (size_t k = 0; k < access->purposes[i].n_roots; k++)
      if (access->purposes[i].roots[k].entity == entity)
        add_references (&access->purposes[i], &access->purposes[i].roots[k], arena, references);
  return references;
}

static const RegistryAttribute *
members_by (const RegistryAttribute *reference)
{
  const RegistryEntity *body = reference->target;
  for (size_t i = 0; i < body->n; i++)
    if (body->attributes[i].kind == REGISTRY_COLLECTION && body->attributes[i].via == reference)
      return &body->attributes[i];
  return NULL;
}

static void
add_members (const RegistryReading *reading, Arena *arena, const RegistrySchema *schema, Subject but,
             GArray *members)
{
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  const RegistryEntity *entity = registry_subject_entity (schema, but);
  for (size_t i = 0; i < n; i++) {
    if (facts[i]->subject == but || facts[i]->attribute != entity->label)
      continue;
    AccessMember member = { facts[i]->subject, registry_subject_format (arena, schema, facts[i]->subject) };
    if (facts[i]->value.kind == FEEL_STRING)
      member.name = feel_display (arena, facts[i]->value);
    g_array_append_val (members, member);
  }
}

const AccessMember *
access_housemates (Access *access, Arena *arena, const AccessAccount *who, Day day, size_t *n, GError **error)
{
  const RegistrySchema *schema = registry_schema (access->registry);
  const RegistryEntity *entity = registry_subject_entity (schema, who->subject);
  RegistryMoment at = { day, G_MAXINT64 };
  *n = 0;
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (AccessMember));
  g_autoptr (GPtrArray) references = references_of (access, arena, entity);
  for (guint i = 0; i < references->len; i++) {
    const RegistryAttribute *reference = references->pdata[i], *collection = members_by (reference);
    if (!collection || !entity->label)
      continue;
    const Text way[] = { text_of (reference->zh), text_of (collection->zh), text_of (entity->label->zh) };
    const FeelPath path = { .n = 3, .members = way };
    const RegistryReading *reading = door_read_members (access, arena, who, &path, at, error);
    if (!reading)
      return NULL;
    add_members (reading, arena, schema, who->subject, members);
  }
  *n = members->len;
  return arena_copy (arena, members->data, members->len * sizeof (AccessMember));
}

/* Whom REFERENCE of SUBJECT leads to, 0 for nobody.  It decides whether a mandate holds and is shown to
 * nobody. */
static bool
follow (Access *access, Arena *arena, Subject subject, const RegistryAttribute *reference, RegistryMoment at,
        Subject *target, GError **error)
{
  Text member = text_of (reference->zh);
  const FeelPath path = { .n = 1, .members = &member };
  const RegistryReading *reading = registry_read (access->registry, arena, subject, &path, 1, at, error);
  size_t n = 0;
  const RegistryProvenance *const *facts = reading ? registry_reading_facts (reading, &n) : NULL;
  *target = 0;
  for (size_t i = 0; i < n; i++)
    if (facts[i]->attribute == reference)
      *target = facts[i]->target;
  return reading;
}

static bool
are_of_one_household (Access *access, Arena *arena, Subject one, Subject two, Day day, bool *are,
                      GError **error)
{
  const RegistrySchema *schema = registry_schema (access->registry);
  const RegistryEntity *entity = registry_subject_entity (schema, one);
  RegistryMoment at = { day, G_MAXINT64 };
  *are = false;
  if (!entity || registry_subject_entity (schema, two) != entity)
    return true;
  g_autoptr (GPtrArray) references = references_of (access, arena, entity);
  for (guint i = 0; !*are && i < references->len; i++) {
    Subject first, second;
    if (!follow (access, arena, one, references->pdata[i], at, &first, error)
        || !follow (access, arena, two, references->pdata[i], at, &second, error))
      return false;
    *are = first && first == second;
  }
  return true;
}

/* ---- giving and withdrawing -------------------------------------------- */

typedef struct {
  Access *access;
  const AccessAccount *who;
  const AccessMandate *mandate;
  gint64 id;
} Grant;

static bool
log_mandate (StoreConnection *db, const Grant *grant, const char *did, GError **error)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, grant->id);
  const char *const pairs[]
      = { "did", did, "mandate", id, "for", grant->mandate ? grant->mandate->purpose : NULL, NULL };
  return log_deed (db, grant->who, AUDIT_GRANT, grant->who->subject, pairs, error);
}

static bool
next_id (StoreConnection *db, gint64 *id, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT max(id) FROM access_mandate", error);
  if (!s || store_step (s, error) != STORE_ROW)
    return false;
  *id = store_integer (s, 0) + 1;
  store_reset (s);
  return true;
}

static bool
insert_mandate (StoreConnection *db, gpointer data, GError **error)
{
  Grant *grant = data;
  const AccessMandate *m = grant->mandate;
  if (!next_id (db, &grant->id, error))
    return false;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO access_mandate (id, giver, viewer, purpose, valid_from, valid_to, given_at, withdrawn_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, grant->id);
  store_bind_integer (s, 2, grant->who->subject);
  store_bind_integer (s, 3, m->viewer);
  store_bind_text (s, 4, m->purpose);
  store_bind_integer (s, 5, m->from);
  store_bind_integer (s, 6, m->to);
  store_bind_integer (s, 7, access_now (grant->access));
  return store_run (s, error) && log_mandate (db, grant, "give", error);
}

static bool
check_mandate (Access *access, const AccessAccount *who, const AccessMandate *m, GError **error)
{
  if (!access_may (who, ACCESS_CHANGE_SELF) || !who->subject)
    g_set_error (error, FAULT, FAULT_DENIED, "mandates are given by residents for themselves");
  else if (m->viewer == who->subject)
    g_set_error (error, FAULT, FAULT_INPUT, "you see your own facts without a mandate");
  else if (m->purpose && !access_purpose (access, m->purpose))
    g_set_error (error, FAULT, FAULT_INPUT, "there is no clause %s to give a mandate for", m->purpose);
  else if (m->to < m->from || m->to - m->from > LONGEST_DAYS)
    g_set_error (error, FAULT, FAULT_INPUT, "a mandate ends after it begins, and within ten years");
  else
    return true;
  return false;
}

bool
access_give_mandate (Access *access, const AccessAccount *who, const AccessMandate *mandate, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Grant grant = { access, who, mandate, 0 };
  bool are;
  if (!check_mandate (access, who, mandate, error)
      || !are_of_one_household (access, arena, who->subject, mandate->viewer,
                                civil_day_of (access_now (access)), &are, error))
    return false;
  if (are)
    return store_write (access->store, insert_mandate, &grant, error);
  g_set_error (error, FAULT, FAULT_DENIED, "mandates are for members of one's own household");
  return false;
}

static bool
withdraw (StoreConnection *db, gpointer data, GError **error)
{
  const Grant *grant = data;
  StoreStatement *s = store_statement (
      db, "UPDATE access_mandate SET withdrawn_at = ?3 WHERE id = ?1 AND giver = ?2 AND withdrawn_at = 0",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, grant->id);
  store_bind_integer (s, 2, grant->who->subject);
  store_bind_integer (s, 3, access_now (grant->access));
  if (!store_run (s, error))
    return false;
  if (store_changes (db) == 1)
    return log_mandate (db, grant, "withdraw", error);
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "you have no such mandate, or it is withdrawn already");
  return false;
}

bool
access_withdraw_mandate (Access *access, const AccessAccount *who, gint64 id, GError **error)
{
  Grant grant = { access, who, NULL, id };
  if (access_may (who, ACCESS_CHANGE_SELF) && who->subject)
    return store_write (access->store, withdraw, &grant, error);
  g_set_error (error, FAULT, FAULT_DENIED, "mandates are withdrawn by who gave them");
  return false;
}

/* ---- reading ----------------------------------------------------------- */

#define COLUMNS "id, giver, viewer, purpose, valid_from, valid_to, given_at, withdrawn_at"

static bool
read_mandates (StoreStatement *s, Arena *arena, GArray *mandates, GError **error)
{
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    AccessMandate m = { .id = store_integer (s, 0),
                        .giver = store_integer (s, 1),
                        .viewer = store_integer (s, 2),
                        .purpose = store_string (s, 3, arena),
                        .from = store_integer (s, 4),
                        .to = store_integer (s, 5),
                        .given_at = store_integer (s, 6),
                        .withdrawn_at = store_integer (s, 7) };
    g_array_append_val (mandates, m);
  }
  return step == STORE_DONE;
}

const AccessMandate *
access_mandates (Access *access, Arena *arena, Subject subject, bool to_them, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (access->store, error);
  StoreStatement *s
      = reader ? store_statement (
            store_reader_db (reader),
            to_them ? "SELECT " COLUMNS " FROM access_mandate WHERE viewer = ?1 ORDER BY id DESC"
                    : "SELECT " COLUMNS " FROM access_mandate WHERE giver = ?1 ORDER BY id DESC",
            error)
               : NULL;
  g_autoptr (GArray) mandates = g_array_new (FALSE, FALSE, sizeof (AccessMandate));
  *n = 0;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, subject);
  if (!read_mandates (s, arena, mandates, error))
    return NULL;
  *n = mandates->len;
  return arena_copy (arena, mandates->data, mandates->len * sizeof (AccessMandate));
}

static bool
holds (const AccessMandate *m, const char *purpose, Day day)
{
  return !m->withdrawn_at && m->from <= day && day <= m->to
         && (!m->purpose || g_str_equal (m->purpose, purpose));
}

const Subject *
access_mandated (Access *access, Arena *arena, const AccessAccount *viewer, const char *purpose, Day day,
                 size_t *n, GError **error)
{
  size_t n_mandates;
  *n = 0;
  const AccessMandate *mandates = access_mandates (access, arena, viewer->subject, true, &n_mandates, error);
  if (!mandates)
    return NULL;
  Subject *givers = arena_new0 (arena, Subject, n_mandates);
  for (size_t i = 0; i < n_mandates; i++) {
    bool are;
    if (!holds (&mandates[i], purpose, day))
      continue;
    if (!are_of_one_household (access, arena, viewer->subject, mandates[i].giver, day, &are, error))
      return NULL;
    if (are)
      givers[(*n)++] = mandates[i].giver;
  }
  return givers;
}
