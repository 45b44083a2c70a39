/* The door: who reads whose facts for which purpose.
 *
 * Source: Personal Information Protection Law, articles 6 (a clear purpose, the
 * smallest scope), 34 (state organs within their duties), 51 and 54 (authority, audit). */
#include "access_private.h"

#include <string.h>

/* What has been logged under a permit, so that a page that reads twice has one entry. */
typedef struct Logged Logged;
struct Logged {
  const RegistryAttribute *attribute;
  Subject subject;
  Logged *next;
};

struct AccessPermit {
  Access *access;
  const AccessAccount *who;
  const char *purpose;
  Subject subject;
  bool own;   /* the subject is the reader, or what they may ask for */
  bool whole; /* everything the subject itself holds, else PATHS */
  const FeelPath *paths;
  size_t n_paths;
  const AccessPurpose *clause; /* NULL: no clause's */
  Logged **logged;
};

void
access_set_purposes (Access *access, const AccessPurpose *purposes, size_t n)
{
  access->purposes = purposes;
  access->n_purposes = n;
}

const AccessPurpose *
access_purpose (const Access *access, const char *id)
{
  for (size_t i = 0; i < access->n_purposes; i++)
    if (g_str_equal (access->purposes[i].id, id))
      return &access->purposes[i];
  return NULL;
}

bool
access_may_name (const AccessAccount *who, const AccessPurpose *purpose)
{
  if (!access_may (who, ACCESS_SEE_SUBJECTS))
    return access_may (who, ACCESS_SEE_SELF); /* about their own record, and no other */
  if (who->role == ACCESS_OPERATOR)
    return true;
  return who->department && g_strv_contains (purpose->departments, who->department);
}

const AccessAccount *
access_operator (Arena *arena, const char *reason)
{
  AccessAccount *account = arena_new0 (arena, AccessAccount, 1);
  account->name = arena_printf (arena, "os:%s", g_get_user_name ());
  account->role = ACCESS_OPERATOR;
  account->zh = account->en = account->name;
  account->reason = reason && *reason ? reason : NULL;
  return account;
}

/* ---- permits ----------------------------------------------------------- */

/* "import" … where WHO has that right; a duty is a right that is about others' facts. */
static bool
is_duty_of (const AccessAccount *who, const char *purpose)
{
  static const AccessRight duties[] = { ACCESS_MERGE_DUPLICATES, ACCESS_SEE_CONFLICTS,
                                        ACCESS_DECIDE_CORRECTIONS, ACCESS_IMPORT, ACCESS_EXPORT };
  for (size_t i = 0; i < G_N_ELEMENTS (duties); i++)
    if (g_str_equal (access_right_name (duties[i])->id, purpose))
      return access_may (who, duties[i]);
  return false;
}

/* What CLAUSE may have of a subject of ENTITY; false when it is not about those. */
static bool
find_paths (const AccessPurpose *clause, const RegistryEntity *entity, AccessPermit *permit)
{
  for (size_t i = 0; i < clause->n_roots; i++)
    /* By name: the purposes may be those of a package that is not the registry's own, a past one or a draft.
     */
    if (g_str_equal (clause->roots[i].entity->id, entity->id)) {
      permit->paths = clause->roots[i].paths;
      permit->n_paths = clause->roots[i].n_paths;
      return true;
    }
  return false;
}

/* Why the permit is not given, or NULL. */
static const char *
objection (const AccessPermit *permit)
{
  const AccessAccount *who = permit->who;
  if (permit->own)
    return access_may (who, ACCESS_SEE_SELF) ? NULL : "the role may not see facts";
  if (!permit->clause)
    return is_duty_of (who, permit->purpose) ? NULL : "the role has not this duty";
  if (!access_may (who, ACCESS_SEE_SUBJECTS))
    return "the record is another's";
  return access_may_name (who, permit->clause) ? NULL : "the department does not answer for this clause";
}

const AccessPermit *
access_permit (Access *access, Arena *arena, const AccessAccount *who, const char *purpose, Subject subject,
               GError **error)
{
  const RegistryEntity *entity = registry_subject_entity (registry_schema (access->registry), subject);
  AccessPermit *permit = arena_new0 (arena, AccessPermit, 1);
  *permit = (AccessPermit){ .access = access, .who = who, .purpose = purpose, .subject = subject };
  permit->own = who && who->subject && who->subject == subject;
  permit->clause = access_purpose (access, purpose);
  permit->whole = !permit->clause;
  permit->logged = arena_new0 (arena, Logged *, 1);
  if (!entity) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%" G_GINT64_FORMAT " is no subject of this schema", subject);
    return NULL;
  }
  if (permit->clause && !find_paths (permit->clause, entity, permit)) {
    g_set_error (error, FAULT, FAULT_USAGE, "%s is not about a %s", purpose, entity->id);
    return NULL;
  }
  const char *why = objection (permit);
  if (!why)
    return permit;
  log_refusal (access, who, purpose, subject, why, error);
  return NULL;
}

Subject
access_permit_subject (const AccessPermit *permit)
{
  return permit->subject;
}

const FeelPath *
access_permit_paths (const AccessPermit *permit, size_t *n)
{
  *n = permit->n_paths;
  return permit->whole ? NULL : permit->paths;
}

/* ---- reading ----------------------------------------------------------- */

/* Whether reading PATH stays within ALLOWED: it stops on the way, or goes as far. */
static bool
is_within (const FeelPath *path, const FeelPath *allowed)
{
  if (path->n > allowed->n)
    return false;
  for (size_t i = 0; i < path->n; i++)
    if (!text_equal (path->members[i], allowed->members[i]))
      return false;
  return true;
}

/* A whole permit covers what the subject itself holds, and the names of what that refers to. */
static bool
is_held (const RegistryEntity *entity, const FeelPath *path, Arena *arena)
{
  const RegistryAttribute *first
      = path->n ? registry_entity_attribute (entity, arena_text (arena, path->members[0])) : NULL;
  if (!first || path->n == 1)
    return true;
  return path->n == 2 && first->kind == REGISTRY_REFERENCE && first->target->label
         && text_equal (path->members[1], text_of (first->target->label->zh));
}

static bool
covers_path (const AccessPermit *permit, const FeelPath *path)
{
  for (size_t i = 0; i < permit->n_paths; i++)
    if (is_within (path, &permit->paths[i]))
      return true;
  return false;
}

static bool
covers (const AccessPermit *permit, const FeelPath *path, Arena *arena)
{
  if (permit->whole)
    return is_held (registry_subject_entity (registry_schema (permit->access->registry), permit->subject),
                    path, arena);
  return covers_path (permit, path);
}

static char *
path_words (Arena *arena, const FeelPath *path)
{
  g_autoptr (GString) words = g_string_new (NULL);
  for (size_t i = 0; i < path->n; i++) {
    if (i)
      g_string_append_c (words, '.');
    g_string_append_len (words, path->members[i].bytes, (gssize)path->members[i].len);
  }
  return arena_text (arena, (Text){ words->str, words->len });
}

/* Whether FACT is somebody's, and not the reader's own: their record with the names of what
 * it refers to and what has no name of its own (a period of work), or the household they ask for. */
static bool
is_anothers (const AccessPermit *permit, const RegistryProvenance *fact)
{
  if (fact->attribute->sensitivity == REGISTRY_PUBLIC || fact->subject == permit->who->subject)
    return false;
  return !permit->own
         || !(permit->whole || fact->subject == permit->subject || !fact->attribute->entity->label);
}

static bool
is_logged (const AccessPermit *permit, const RegistryProvenance *fact)
{
  for (const Logged *l = *permit->logged; l; l = l->next)
    if (l->subject == fact->subject && l->attribute == fact->attribute)
      return true;
  return false;
}

/* The entry about FACTS, as far as they are others' and were not logged under this permit. */
static bool
log_facts (const AccessPermit *permit, Arena *arena, const RegistryProvenance *const *facts, size_t n,
           GError **error)
{
  Logged *before = *permit->logged;
  for (size_t i = 0; i < n; i++) {
    if (!is_anothers (permit, facts[i]) || is_logged (permit, facts[i]))
      continue;
    Logged *l = arena_new0 (arena, Logged, 1);
    *l = (Logged){ facts[i]->attribute, facts[i]->subject, *permit->logged };
    *permit->logged = l;
  }
  if (*permit->logged == before)
    return true;
  const RegistrySchema *schema = registry_schema (permit->access->registry);
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  g_autoptr (AuditSet) subjects = audit_set_new ();
  audit_set_add (subjects, permit->subject);
  for (const Logged *l = *permit->logged; l != before; l = l->next) {
    if (!g_ptr_array_find (attributes, l->attribute, NULL))
      g_ptr_array_insert (attributes, 0, (gpointer)(gsize)l->attribute);
    if (registry_subject_entity (schema, l->subject)->label) /* a period of work has no name, and is nobody */
      audit_set_add (subjects, l->subject);
  }
  return log_read (permit->access, permit->who, permit->purpose, permit->subject, subjects, attributes,
                   error);
}

static const RegistryReading *
read_logged (const AccessPermit *permit, Arena *arena, const FeelPath *paths, size_t n_paths,
             RegistryMoment at, GError **error)
{
  const RegistryReading *reading
      = registry_read (permit->access->registry, arena, permit->subject, paths, n_paths, at, error);
  size_t n = 0;
  const RegistryProvenance *const *facts = reading ? registry_reading_facts (reading, &n) : NULL;
  return reading && log_facts (permit, arena, facts, n, error) ? reading : NULL;
}

const RegistryReading *
access_read (const AccessPermit *permit, Arena *arena, const FeelPath *paths, size_t n_paths,
             RegistryMoment at, GError **error)
{
  if (!paths)
    return read_logged (permit, arena, permit->paths, permit->n_paths, at, error);
  for (size_t i = 0; i < n_paths; i++)
    if (!covers (permit, &paths[i], arena)) {
      const char *why = arena_printf (arena, "%s is outside the purpose", path_words (arena, &paths[i]));
      log_refusal (permit->access, permit->who, permit->purpose, permit->subject, why, error);
      return NULL;
    }
  return read_logged (permit, arena, paths, n_paths, at, error);
}

const RegistryReading *
door_read_members (Access *access, Arena *arena, const AccessAccount *who, const FeelPath *way,
                   RegistryMoment at, GError **error)
{
  AccessPermit permit
      = { .access = access, .who = who, .purpose = "mandates", .subject = who->subject, .own = true };
  permit.logged = arena_new0 (arena, Logged *, 1);
  return read_logged (&permit, arena, way, 1, at, error);
}

bool
access_permit_through (const AccessPermit *permit, Arena *arena, const RegistryAttribute *reference,
                       RegistryMoment at, const AccessPermit **through, const char **name, GError **error)
{
  const RegistrySchema *schema = registry_schema (permit->access->registry);
  /* The registry's own, where the caller's is of another version's schema. */
  const RegistryAttribute *own
      = registry_entity_attribute (registry_subject_entity (schema, permit->subject), reference->id);
  reference = own ? own : reference;
  const RegistryAttribute *label = reference->target->label;
  const Text members[] = { text_of (reference->zh), text_of (label ? label->zh : "") };
  const FeelPath way = { .n = 1, .members = members }, named = { .n = 2, .members = members },
                 own_name = { .n = 1, .members = members + 1 };
  AccessPermit *next = arena_new0 (arena, AccessPermit, 1);
  *next = *permit;
  next->subject = 0;
  *through = NULL;
  *name = NULL;
  bool about = !permit->clause || find_paths (permit->clause, reference->target, next);
  /* The name may be read where either end of the way has it. */
  bool with_name
      = label && (covers (permit, &named, arena) || (about && !next->whole && covers_path (next, &own_name)));
  if (!covers (permit, &way, arena)) {
    log_refusal (permit->access, permit->who, permit->purpose, permit->subject,
                 "the way is outside the purpose", error);
    return false;
  }
  const FeelPath *path = with_name ? &named : &way;
  const RegistryReading *reading
      = permit->own ? registry_read (permit->access->registry, arena, permit->subject, path, 1, at, error)
                    : read_logged (permit, arena, path, 1, at, error);
  size_t n = 0;
  const RegistryProvenance *const *facts = reading ? registry_reading_facts (reading, &n) : NULL;
  for (size_t i = 0; i < n; i++)
    if (facts[i]->attribute == reference)
      next->subject = facts[i]->target;
    else if (facts[i]->attribute == label && facts[i]->value.kind == FEEL_STRING)
      *name = feel_display (arena, facts[i]->value);
  if (next->subject && about)
    *through = next;
  return reading != NULL;
}

/* ---- over many ---------------------------------------------------------- */

struct AccessRun {
  Access *access;
  const FeelPath *paths;
  size_t n_paths;
};

/* Why WHO may not run CLAUSE over ENTITY with these paths, or NULL. */
static const char *
run_objection (const AccessAccount *who, const AccessPurpose *clause, const RegistryEntity *entity,
               const FeelPath *paths, size_t n, Arena *arena)
{
  AccessPermit whole = { .purpose = NULL };
  if ((!access_may (who, ACCESS_SEE_STATISTICS) && !access_may (who, ACCESS_FIND_DUE)) || !clause
      || (access_may (who, ACCESS_SEE_SUBJECTS) && !access_may_name (who, clause)))
    return "the role or department may not run this";
  if (!find_paths (clause, entity, &whole))
    return arena_printf (arena, "%s is outside the purpose", entity->id);
  for (size_t i = 0; i < n; i++)
    if (!covers_path (&whole, &paths[i]))
      return arena_printf (arena, "%s is outside the purpose", path_words (arena, &paths[i]));
  return NULL;
}

AccessRun *
access_run_new (Access *access, const AccessAccount *who, const char *purpose, const RegistryEntity *entity,
                const FeelPath *paths, size_t n_paths, const AuditSet *subjects, const char *detail,
                GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *why = run_objection (who, access_purpose (access, purpose), entity, paths, n_paths, arena);
  if (why) {
    log_refusal (access, who, purpose, 0, why, error);
    return NULL;
  }
  AuditEntry entry = { .act = AUDIT_RUN, .subjects = subjects, .detail = detail };
  if (!log_entry (access, who, purpose, &entry, error))
    return NULL;
  AccessRun *run = g_new0 (AccessRun, 1);
  *run = (AccessRun){ access, paths, n_paths };
  return run;
}

void
access_run_free (AccessRun *run)
{
  g_free (run);
}

const RegistryReading *
access_run_read (const AccessRun *run, Arena *arena, Subject subject, RegistryMoment at, GError **error)
{
  return registry_read (run->access->registry, arena, subject, run->paths, run->n_paths, at, error);
}
