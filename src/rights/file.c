/* Filing: what the person says goes to the department that answers for the fact. */
#include "rights/rights_private.h"

typedef struct {
  Rights *rights;
  Arena *arena;
  const AccessAccount *who;
  const RightsAsk *ask;
  StoreOnce once;
  const char *said;
  gint64 now;
  Day due; /* 0: not known */
  gint64 id;
} Filing;

/* ---- checking ----------------------------------------------------------- */

static bool
check_person (Rights *rights, const AccessAccount *who, const RightsAsk *ask, GError **error)
{
  bool about = false;
  if (!who || !who->subject || !access_may (who, ACCESS_CHANGE_SELF)) {
    g_set_error (error, FAULT, FAULT_DENIED, "requests are for the person concerned: log in as that person");
    return false;
  }
  if (!rights_is_about (rights, ask->subject, who->subject, &about, error))
    return false;
  if (!about)
    g_set_error (error, FAULT, FAULT_DENIED, "that record is not about the person who asks");
  return about;
}

static bool
check_wanted (Rights *rights, const RightsAsk *ask, const char *said, GError **error)
{
  RegistryFact fact;
  if (ask->kind == RIGHTS_ERASE) {
    if (!said)
      g_set_error (error, FAULT, FAULT_INPUT, "nothing is on record that could be erased");
    return said;
  }
  if (ask->wanted
      && !registry_fact_parse (registry_schema (rights->registry), ask->attribute, text_of (ask->wanted),
                               &fact, error))
    return false;
  if (g_strcmp0 (ask->wanted, said) != 0)
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "that is what is on record already");
  return false;
}

/* The value on record as text; NULL where there is none.  *OK tells a fault. */
static const char *
read_said (Rights *rights, Arena *arena, const RightsAsk *ask, bool *ok, GError **error)
{
  const RegistryProvenance *fact = rights_fact (rights, arena, ask->subject, ask->attribute, error);
  *ok = fact;
  return fact && fact->batch && !fact->assumed ? rights_fact_text (arena, fact) : NULL;
}

static bool
check_ask (Filing *f, GError **error)
{
  const RightsAsk *ask = f->ask;
  bool ok;
  if (!check_person (f->rights, f->who, ask, error))
    return false;
  if (registry_subject_entity (registry_schema (f->rights->registry), ask->subject) != ask->attribute->entity
      || ask->attribute->kind == REGISTRY_COLLECTION) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s.%s is not recorded of that subject",
                 ask->attribute->entity->id, ask->attribute->id);
    return false;
  }
  if (!rights_check_text (ask->reason, "the reason", true, error)
      || !rights_check_text (ask->evidence, "the evidence", false, error)
      || !rights_check_text (ask->wanted, "the right value", false, error))
    return false;
  f->said = read_said (f->rights, f->arena, ask, &ok, error);
  return ok && check_wanted (f->rights, ask, f->said, error);
}

/* ---- writing ------------------------------------------------------------ */

/* One open request per fact: a second would only wait for the first. */
static bool
check_none_open (StoreConnection *db, const Filing *f, const char *attribute, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT id FROM rights_request WHERE person = ?1 AND subject = ?2"
                                       " AND attribute = ?3 AND status = 0",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, f->who->subject);
  store_bind_integer (s, 2, f->ask->subject);
  store_bind_text (s, 3, attribute);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "request %" G_GINT64_FORMAT " about this fact is still open: wait for its answer",
                 store_integer (s, 0));
    store_reset (s);
  }
  return step == STORE_DONE;
}

static bool
insert_request (StoreConnection *db, const Filing *f, const char *attribute, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO rights_request (id, kind, person, subject, attribute, said, wanted, since, reason,"
      " evidence, asked_by, asked_at, department, due, status)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0)",
      error);
  if (!s)
    return false;
  const RightsAsk *ask = f->ask;
  bool correct = ask->kind == RIGHTS_CORRECT;
  store_bind_integer (s, 1, f->id);
  store_bind_integer (s, 2, ask->kind);
  store_bind_integer (s, 3, f->who->subject);
  store_bind_integer (s, 4, ask->subject);
  store_bind_text (s, 5, attribute);
  store_bind_text (s, 6, f->said);
  store_bind_text (s, 7, correct ? ask->wanted : NULL);
  if (ask->since != REGISTRY_EVER)
    store_bind_integer (s, 8, ask->since);
  store_bind_text (s, 9, ask->reason);
  store_bind_text (s, 10, ask->evidence && *ask->evidence ? ask->evidence : NULL);
  store_bind_text (s, 11, f->who->name);
  store_bind_integer (s, 12, f->now);
  store_bind_text (s, 13, ask->attribute->source);
  if (f->due)
    store_bind_integer (s, 14, f->due);
  return store_run (s, error);
}

static bool
log_filing (StoreConnection *db, const Filing *f, const char *attribute, GError **error)
{
  const char *detail
      = arena_printf (f->arena, "{\"request\":%" G_GINT64_FORMAT ",\"kind\":\"%s\",\"attributes\":[\"%s\"]}",
                      f->id, rights_kind_id (f->ask->kind), attribute);
  AuditEntry entry = log_of (f->who, AUDIT_WRITE, f->who->subject, detail);
  return audit_append (db, &entry, error);
}

static bool
write_filing (StoreConnection *db, gpointer data, GError **error)
{
  Filing *f = data;
  const char *attribute
      = arena_printf (f->arena, "%s.%s", f->ask->attribute->entity->id, f->ask->attribute->id);
  if (!store_once_look (db, &f->once, &f->id, error))
    return false;
  if (f->id)
    return true;
  return check_none_open (db, f, attribute, error)
         && store_query (db, "SELECT coalesce(max(id), 0) + 1 FROM rights_request", 1, &f->id, error)
         && insert_request (db, f, attribute, error) && log_filing (db, f, attribute, error)
         && store_once_remember (db, &f->once, f->id, f->now, error);
}

/* ---- the call ----------------------------------------------------------- */

/* What tells a repetition from another ask. */
static const char *
digest (Arena *arena, const RightsAsk *ask)
{
  Digest *all = digest_new ();
  const char *const texts[]
      = { ask->attribute->entity->id, ask->attribute->id, ask->wanted, ask->reason, ask->evidence };
  digest_integer (all, ask->kind);
  digest_integer (all, ask->subject);
  digest_integer (all, ask->since);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    digest_text (all, texts[i]);
  return digest_end (all, arena);
}

/* By when an answer is promised; 0 where no rule says, or the calendar does not reach that far. */
static Day
due_day (const RightsTerms *terms, gint64 now)
{
  Day due = 0;
  g_autoptr (GError) unpublished = NULL;
  if (terms->calendar && terms->working_days > 0
      && workdays_add (terms->calendar, civil_day_of (now), terms->working_days, &due, &unpublished))
    return due;
  return 0;
}

/* What a key was used for, before the ask is checked against what is on record now:
 * a repetition must find its request also when that has been decided since. */
static bool
look_before (Filing *f, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry_store (f->rights->registry), error);
  return reader && store_once_look (store_reader_db (reader), &f->once, &f->id, error);
}

gint64
rights_file (Rights *rights, const AccessAccount *who, const RightsAsk *ask, const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Filing f = { .rights = rights,
               .arena = arena,
               .who = who,
               .ask = ask,
               .once = { who ? who->name : "", "file", key, digest (arena, ask) },
               .now = rights_now () };
  f.due = due_day (&rights->terms, f.now);
  if (who && !look_before (&f, error))
    return 0;
  if (f.id)
    return f.id;
  if (!check_ask (&f, error))
    return 0;
  return store_write (registry_store (rights->registry), write_filing, &f, error) ? f.id : 0;
}
