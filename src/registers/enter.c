/* Staff enter a record, or add to it. */
#include "registers/registers_private.h"

#include <string.h>

typedef struct {
  Registers *registers;
  Arena *arena;
  const AccessAccount *who;
  const RegisterEntry *entry;
  StoreOnce once;
  gint64 now;
  const char *const *before; /* of the record that is added to; NULL: a new one */
  RegistryFact *facts;
  size_t n;
  Subject about, with, record;
} Entering;

/* ---- checking ------------------------------------------------------------------ */

static bool
check_words (const Entering *e, GError **error)
{
  const char *reason = e->entry->reason ? e->entry->reason : "";
  if (!g_utf8_validate (reason, -1, NULL) || g_utf8_strlen (reason, -1) > REGISTER_TEXT_MAX)
    g_set_error (error, FAULT, FAULT_INPUT, "the reason has at most %d characters", REGISTER_TEXT_MAX);
  else if (e->entry->record && !text_trim (text_of (reason)).len)
    g_set_error (error, FAULT, FAULT_INPUT, "the reason is missing: say in a sentence what has happened");
  else
    return true;
  return false;
}

static bool
parse_fields (Entering *e, GError **error)
{
  const RegistrySchema *schema = registry_schema (e->registers->options.registry);
  const RegisterEntry *entry = e->entry;
  e->facts = arena_new0 (e->arena, RegistryFact, entry->n_fields);
  for (size_t i = 0; i < entry->n_fields; i++) {
    const RegistryAttribute *a = entry->fields[i].attribute;
    const char *text = entry->fields[i].text;
    if (!text || !*text)
      continue;
    if (a->entity != entry->reg->entity || a->kind == REGISTRY_COLLECTION) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s is not entered here", a->id);
      return false;
    }
    if (g_utf8_strlen (text, -1) > REGISTER_TEXT_MAX) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s has at most %d characters", a->id, REGISTER_TEXT_MAX);
      return false;
    }
    if (!registry_fact_parse (schema, a, text_of (text), &e->facts[e->n++], error))
      return false;
  }
  if (!e->n)
    g_set_error (error, FAULT, FAULT_INPUT, "nothing is entered");
  return e->n;
}

static const RegistryFact *
fact_of (const Entering *e, const RegistryAttribute *attribute)
{
  for (size_t i = 0; i < e->n; i++)
    if (e->facts[i].attribute == attribute)
      return &e->facts[i];
  return NULL;
}

/* What is on record of ATTRIBUTE once this is entered: a date; false: nothing. */
static bool
date_of (const Entering *e, const RegistryAttribute *attribute, Day *day)
{
  const RegistryFact *fact = fact_of (e, attribute);
  if (fact)
    *day = fact->integer;
  return fact
         || (e->before && e->before[attribute->index]
             && civil_parse (text_of (e->before[attribute->index]), day));
}

/* A new record has all that nobody could take for none. */
static bool
check_complete (const Entering *e, GError **error)
{
  const RegistryEntity *entity = e->entry->reg->entity;
  for (size_t i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    bool needed = a == e->entry->reg->about || a == e->entry->reg->with || a == e->entry->reg->date
                  || (a->absence == REGISTRY_ABSENT_UNKNOWN && a->kind == REGISTRY_REFERENCE);
    if (!needed || fact_of (e, a) || e->before)
      continue;
    g_set_error (error, FAULT, FAULT_INPUT, "%s (%s) is missing", a->zh, a->id);
    return false;
  }
  return true;
}

/* Steps follow one another, and none is before its time. */
static bool
check_days (const Entering *e, GError **error)
{
  const Register *reg = e->entry->reg;
  Day today = civil_day_of (e->now), day, last = 0;
  bool all = true;
  if (date_of (e, reg->date, &day) && day > today) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s lies in the future: enter it when it has happened",
                 reg->date->zh);
    return false;
  }
  const RegistryFact *each = reg->each ? fact_of (e, reg->each) : NULL;
  if (each && (each->integer > today || (date_of (e, reg->date, &day) && each->integer < day))) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s (%s) lies between %s and today", reg->each->zh, reg->each->id,
                 reg->date->zh);
    return false;
  }
  for (size_t i = 0; i < reg->n_steps; i++) {
    bool done = date_of (e, reg->steps[i], &day);
    if (done && (!all || (i && day < last) || day > today)) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s (%s) is out of order: steps follow one another, up to today", reg->steps[i]->zh,
                   reg->steps[i]->id);
      return false;
    }
    all &= done;
    last = day;
  }
  return true;
}

/* Whom REFERENCE leads to in the record that is there; 0: nobody any more. */
static Subject
whom_before (const Entering *e, const RegistryAttribute *reference)
{
  const char *whom = e->before[reference->index];
  Subject found = 0;
  if (whom)
    registry_subject_parse (registry_schema (e->registers->options.registry), text_of (whom), &found);
  return found;
}

static bool
check_before (Entering *e, GError **error)
{
  const Register *reg = e->entry->reg;
  if (fact_of (e, reg->about) || (reg->with && fact_of (e, reg->with))) {
    g_set_error (error, FAULT, FAULT_INPUT, "whom a record is about stays: enter a new one");
    return false;
  }
  e->about = whom_before (e, reg->about);
  e->with = reg->with ? whom_before (e, reg->with) : 0;
  if (!e->about)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the record is about nobody any more");
  return e->about;
}

/* Whom it is about must be the department's to handle under the clause, which the door knows and logs. */
static bool
check_about (Entering *e, GError **error)
{
  const Register *reg = e->entry->reg;
  Access *access = e->registers->options.access;
  if (e->before)
    return check_before (e, error);
  e->about = fact_of (e, reg->about)->integer;
  e->with = reg->with ? fact_of (e, reg->with)->integer : 0;
  if (e->with == e->about) {
    g_set_error (error, FAULT, FAULT_INPUT, "a pair is two people: %s and %s are the same", reg->about->zh,
                 reg->with->zh);
    return false;
  }
  return access_permit (access, e->arena, e->who, reg->clause->purpose->id, e->about, error)
         && (!e->with || access_permit (access, e->arena, e->who, reg->clause->purpose->id, e->with, error));
}

/* ---- writing ------------------------------------------------------------------- */

static bool
append_record (Entering *e, StoreConnection *db, GError **error)
{
  const Register *reg = e->entry->reg;
  g_autoptr (RegistryWriter) writer = registry_writer_join (e->registers->options.registry, db, error);
  RegistryBatch batch = { .source = reg->department,
                          .actor = e->who->name,
                          .evidence = arena_printf (e->arena, "register %s%s%s", reg->id,
                                                    e->entry->reason && *e->entry->reason ? ": " : "",
                                                    e->entry->reason ? e->entry->reason : ""),
                          .recorded_at = e->now };
  bool known = false;
  if (!writer || !registry_writer_knows (writer, e->about, &known, error)
      || (known && e->with && !registry_writer_knows (writer, e->with, &known, error)))
    return false;
  if (!known) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is nobody of that number");
    return false;
  }
  RegistryBatchId id = registry_writer_batch (writer, &batch, error);
  e->record = e->entry->record ? e->entry->record : id ? registry_writer_subject (writer, reg->entity) : 0;
  return id && e->record
         && registry_writer_append (writer, id, e->record, REGISTRY_EVER, REGISTRY_FOREVER, e->facts, e->n,
                                    error)
         && registry_writer_commit (writer, error);
}

/* People learn that something was entered about them; of a file its owner is not known here. */
static bool
tell (StoreConnection *db, const Entering *e, Subject whom, GError **error)
{
  const Register *reg = e->entry->reg;
  const RegistrySchema *schema = registry_schema (e->registers->options.registry);
  if (!whom || registry_subject_entity (schema, whom) != registry_schema_entity (schema, "resident"))
    return true;
  const NoticeWord words[]
      = { { "office", reg->department, NULL }, { "register", reg->entity->zh, reg->entity->en } };
  Notice notice = { .subject = whom,
                    .kind = "register-entry",
                    .words = words,
                    .n_words = G_N_ELEMENTS (words),
                    .link = "/me/data",
                    .at = e->now };
  return notices_put (db, &notice, error);
}

static bool
write_entry (StoreConnection *db, gpointer data, GError **error)
{
  Entering *e = data;
  gint64 done;
  if (!store_once_look (db, &e->once, &done, error))
    return false;
  if (done) {
    e->record = done;
    return true;
  }
  return append_record (e, db, error)
         && registers_log (db, e->who, AUDIT_WRITE, e->entry->reg, e->about, e->with,
                           e->entry->reg->clause->purpose->id, "enter", e->record, error)
         && tell (db, e, e->about, error) && tell (db, e, e->with, error)
         && store_once_remember (db, &e->once, e->record, e->now, error);
}

/* What was done before with this key, before the entry is checked against what is on record now. */
static bool
look_before (Entering *e, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry_store (e->registers->options.registry), error);
  return reader && store_once_look (store_reader_db (reader), &e->once, &e->record, error);
}

/* What tells a repetition from another entry. */
static const char *
digest (Arena *arena, const RegisterEntry *entry)
{
  Digest *all = digest_new ();
  digest_text (all, entry->reg->id);
  digest_integer (all, entry->record);
  digest_text (all, entry->reason);
  for (size_t i = 0; i < entry->n_fields; i++) {
    digest_text (all, entry->fields[i].attribute->id);
    digest_text (all, entry->fields[i].text);
  }
  return digest_end (all, arena);
}

Subject
registers_enter (Registers *registers, const AccessAccount *who, const RegisterEntry *entry, const char *key,
                 GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Entering e = { .registers = registers,
                 .arena = arena,
                 .who = who,
                 .entry = entry,
                 .once = { who->name, "register", key, digest (arena, entry) },
                 .now = registers_now (registers) };
  if (!register_may_keep (who, entry->reg)) {
    g_set_error (error, FAULT, FAULT_DENIED, "this register is kept by %s", entry->reg->department);
    return 0;
  }
  if (!look_before (&e, error))
    return 0;
  if (e.record)
    return e.record;
  if (entry->record
      && !(e.before = registers_texts (registers, arena, entry->reg->entity, entry->record, error)))
    return 0;
  if (!check_words (&e, error) || !parse_fields (&e, error) || !check_complete (&e, error)
      || !check_days (&e, error) || !check_about (&e, error))
    return 0;
  return store_write (registry_store (registers->options.registry), write_entry, &e, error) ? e.record : 0;
}
