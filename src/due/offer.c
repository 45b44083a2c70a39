/* Offers: in steps, with exact counts; and what people answer. */
#include "due/due_private.h"
#include "notices/notices.h"

#include <string.h>

typedef struct {
  Due *due;
  Arena *arena; /* of a step */
  const AccessAccount *who;
  const DueList *list;
  const char *township, *key;
  DueReport *report;
  Subject after;
  bool open; /* a case instead of an offer */
  bool bare; /* nothing about this key is written yet */
  /* of a step: */
  size_t n;
  const Subject *subjects; /* the next lines' */
  const Subject **readers; /* by line: who is told */
  size_t *n_readers;
  DueReport counted; /* when its work is done */
} Offering;

/* ---- the state of a line ------------------------------------------------------------ */

/* When somebody who declined on DAY may be asked again; 0: never. */
static Day
not_before (const Due *due, Day day)
{
  const PolicyParameter *pause = policy_parameter (due->options.package, "offer_pause_months");
  const PolicyParameterValue *value = pause ? policy_parameter_at (pause, day) : NULL;
  gint64 months;
  return value && value->value.kind == FEEL_NUMBER && decimal_to_int64 (value->value.number, &months)
                 && months > 0
             ? civil_add_months (day, months)
             : 0;
}

void
due_line_offer (const Due *due, StoreStatement *s, int column, Day today, DueLine *line)
{
  if (store_is_null (s, column))
    return;
  line->offer = store_integer (s, column);
  line->offered_at = store_integer (s, column + 1);
  line->state = (DueState)store_integer (s, column + 2);
  if (line->state != DUE_DECLINED)
    return;
  line->not_before = not_before (due, civil_day_of (store_integer (s, column + 3)));
  if (line->not_before && line->not_before <= today)
    line->state = DUE_NEW;
}

/* ---- who is told ---------------------------------------------------------------------- */

/* The collection of those who may ask for a subject of P; NULL: the subject asks for itself. */
static const RegistryAttribute *
askers_of (const PolicyProvision *p)
{
  for (size_t i = 0; p->applicant && i < p->subject->n; i++)
    if (p->subject->attributes[i].kind == REGISTRY_COLLECTION
        && p->subject->attributes[i].via == p->applicant)
      return &p->subject->attributes[i];
  return NULL;
}

/* The members of one household, by the facts of TODAY. */
static bool
read_askers (const AccessRun *run, Arena *arena, Subject subject, const RegistryEntity *asker, Day today,
             const Subject **to, size_t *n_to, GError **error)
{
  size_t n;
  const RegistryReading *reading
      = access_run_read (run, arena, subject, (RegistryMoment){ today, G_MAXINT64 }, error);
  if (!reading)
    return false;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  Subject *found = arena_new0 (arena, Subject, n);
  *n_to = 0;
  for (size_t i = 0; i < n; i++)
    if (facts[i]->attribute->entity == asker && (!*n_to || found[*n_to - 1] != facts[i]->subject))
      found[(*n_to)++] = facts[i]->subject;
  *to = found;
  return true;
}

/* For all lines of the step, in the log before they are read. */
static bool
find_readers (Offering *o, GError **error)
{
  const PolicyProvision *p = o->list->provision;
  const RegistryAttribute *askers = askers_of (p);
  o->readers = arena_new0 (o->arena, const Subject *, o->n);
  o->n_readers = arena_new0 (o->arena, size_t, o->n);
  for (size_t i = 0; !p->applicant && i < o->n; i++) {
    o->readers[i] = &o->subjects[i];
    o->n_readers[i] = 1;
  }
  if (!askers || !askers->target->label || !o->n)
    return true;
  Text members[] = { text_of (askers->zh), text_of (askers->target->label->zh) };
  FeelPath path = { .n = 2, .members = members };
  g_autoptr (AuditSet) set = audit_set_new ();
  for (size_t i = 0; i < o->n; i++)
    audit_set_add (set, o->subjects[i]);
  g_autoptr (AccessRun) run
      = access_run_new (o->due->options.access, o->who, p->clause->purpose->id, p->subject, &path, 1, set,
                        "{\"due\":\"whom an offer reaches\"}", error);
  Day today = civil_day_of (due_now (o->due));
  for (size_t i = 0; run && i < o->n; i++)
    if (!read_askers (run, o->arena, o->subjects[i], askers->target, today, &o->readers[i], &o->n_readers[i],
                      error))
      return false;
  return run != NULL;
}

/* ---- one offer --------------------------------------------------------------------------- */

static bool
insert_offer (StoreConnection *db, const Offering *o, Subject subject, gint64 now, gint64 *id, GError **error)
{
  StoreStatement *s;
  if (!store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM due_offer", 1, id, error)
      || !(s
           = store_statement (db,
                              "INSERT INTO due_offer (id, provision, subject, offered_at, offered_by, state)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, 1)",
                              error)))
    return false;
  store_bind_integer (s, 1, *id);
  store_bind_text (s, 2, o->list->key);
  store_bind_integer (s, 3, subject);
  store_bind_integer (s, 4, now);
  store_bind_text (s, 5, o->who->name);
  return store_run (s, error);
}

static bool
tell (StoreConnection *db, const Offering *o, size_t i, gint64 offer, gint64 now, GError **error)
{
  const PolicyProvision *p = o->list->provision;
  NoticeWord words[] = { { "outcome", p->outcome.zh, p->outcome.en } };
  for (size_t k = 0; k < o->n_readers[i]; k++) {
    Notice notice = { .subject = o->readers[i][k],
                      .kind = "due-offer",
                      .words = words,
                      .n_words = G_N_ELEMENTS (words),
                      .link = "/me/offers",
                      .key = arena_printf (o->arena, "due-%" G_GINT64_FORMAT, offer),
                      .at = now };
    if (!notices_put (db, &notice, error))
      return false;
  }
  return true;
}

/* What is offered to SUBJECT now. */
static bool
find_state (StoreConnection *db, const Offering *o, Subject subject, gint64 now, DueLine *line,
            GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT id, offered_at, state, answered_at FROM due_offer WHERE"
                                       " subject = ?1 AND provision = ?2 ORDER BY id DESC LIMIT 1",
                                       error);
  *line = (DueLine){ .subject = subject };
  if (!s)
    return false;
  store_bind_integer (s, 1, subject);
  store_bind_text (s, 2, o->list->key);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    due_line_offer (o->due, s, 0, civil_day_of (now), line);
    store_reset (s);
  }
  return step != STORE_FAILED;
}

static bool
offer_one (StoreConnection *db, Offering *o, size_t i, gint64 now, AuditSet *offered, GError **error)
{
  DueLine line;
  gint64 id;
  DueReport *r = &o->counted;
  const PolicyMatter *matter = due_matter (o->list->provision);
  bool served = false;
  if (!find_state (db, o, o->subjects[i], now, &line, error)
      || (matter && o->due->options.cases && !cases_served (db, matter->key, o->subjects[i], &served, error)))
    return false;
  line.state = served ? DUE_ACCEPTED : line.state;
  r->seen++;
  r->declined += line.state == DUE_DECLINED;
  r->already += line.state == DUE_OFFERED || line.state == DUE_ACCEPTED;
  r->nobody += line.state == DUE_NEW && !o->n_readers[i];
  if (line.state != DUE_NEW || !o->n_readers[i])
    return true;
  r->offered++;
  audit_set_add (offered, o->subjects[i]);
  return insert_offer (db, o, o->subjects[i], now, &id, error) && tell (db, o, i, id, now, error);
}

/* ---- a step -------------------------------------------------------------------------------- */

static bool
look_back (StoreConnection *db, Offering *o, DueReport *report, GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "SELECT list, township, after, seen, offered, already, declined, nobody,"
                         " done FROM due_bulk WHERE actor = ?1 AND key = ?2",
                         error);
  if (!s)
    return false;
  store_bind_text (s, 1, o->who->name);
  store_bind_text (s, 2, o->key);
  StoreStep step = store_step (s, error);
  o->bare = step == STORE_DONE;
  if (step != STORE_ROW)
    return step == STORE_DONE;
  bool same = store_integer (s, 0) == o->list->id && text_equal (store_text (s, 1), text_of (o->township));
  o->after = store_integer (s, 2);
  *report = (DueReport){ store_integer (s, 3), store_integer (s, 4), store_integer (s, 5),
                         store_integer (s, 6), store_integer (s, 7), store_integer (s, 8) != 0 };
  store_reset (s);
  if (!same)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "this form was sent before for another list or township: load the page again");
  return same;
}

static bool
remember (StoreConnection *db, const Offering *o, gint64 now, GError **error)
{
  const DueReport *r = &o->counted;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO due_bulk (actor, key, list, township, after, seen, offered, already, declined, nobody, "
      "done)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (actor, key) DO UPDATE SET"
      " after = excluded.after, seen = excluded.seen, offered = excluded.offered, already = excluded.already,"
      " declined = excluded.declined, nobody = excluded.nobody, done = excluded.done",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, o->who->name);
  store_bind_text (s, 2, o->key);
  store_bind_integer (s, 3, o->list->id);
  store_bind_text (s, 4, o->township);
  store_bind_integer (s, 5, o->n ? o->subjects[o->n - 1] : o->after);
  store_bind_integer (s, 6, r->seen);
  store_bind_integer (s, 7, r->offered);
  store_bind_integer (s, 8, r->already);
  store_bind_integer (s, 9, r->declined);
  store_bind_integer (s, 10, r->nobody);
  store_bind_integer (s, 11, r->done);
  return store_run (s, error);
}

/* A case of SUBJECT that READER would have asked for; one that is open already counts as such. */
static bool
open_one (Offering *o, size_t i, GError **error)
{
  GError *fault = NULL;
  CaseApplication application
      = { .matter = due_matter (o->list->provision), .applicant = o->n_readers[i] ? o->readers[i][0] : 0 };
  const char *key
      = arena_printf (o->arena, "due-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, o->list->id, o->subjects[i]);
  o->counted.seen++;
  if (!application.applicant)
    o->counted.nobody++;
  else if (cases_submit (o->due->options.cases, o->who, &application, key, &fault))
    o->counted.offered++;
  else if (g_error_matches (fault, FAULT, FAULT_CONFLICT)) {
    o->counted.already++;
    g_clear_error (&fault);
  }
  if (fault)
    g_propagate_error (error, fault);
  return !fault;
}

static bool
write_opened (StoreConnection *db, gpointer data, GError **error)
{
  Offering *o = data;
  return remember (db, o, due_now (o->due), error);
}

/* Each case is a work of its own with a key of its own: a step that is done again opens none twice. */
static bool
open_step (Offering *o, GError **error)
{
  for (size_t i = 0; i < o->n; i++)
    if (!open_one (o, i, error))
      return false;
  o->counted.done = o->n < DUE_STEP;
  return store_write (o->due->store, write_opened, o, error);
}

static bool
write_step (StoreConnection *db, gpointer data, GError **error)
{
  Offering *o = data;
  DueReport written = { 0 };
  Subject planned = o->after;
  gint64 now = due_now (o->due);
  if (!look_back (db, o, &written, error))
    return false;
  if (!o->bare && (written.done || o->after != planned)) {
    o->counted = written; /* the same key is at work elsewhere: it goes on from there */
    return true;
  }
  o->counted = written;
  g_autoptr (AuditSet) offered = audit_set_new ();
  for (size_t i = 0; i < o->n; i++)
    if (!offer_one (db, o, i, now, offered, error))
      return false;
  o->counted.done = o->n < DUE_STEP;
  const char *detail
      = arena_printf (o->arena, "{\"due\":%" G_GINT64_FORMAT ",\"offered\":%" G_GINT64_FORMAT "}",
                      o->list->id, audit_set_size (offered));
  AuditEntry entry = due_entry (o->who, o->list->provision->clause, AUDIT_WRITE, offered, detail);
  return (!audit_set_size (offered) || audit_append (db, &entry, error)) && remember (db, o, now, error);
}

/* The next DUE_STEP lines after what was done. */
static bool
read_step (Offering *o, GError **error)
{
  g_autoptr (GArray) subjects = g_array_new (FALSE, FALSE, sizeof (Subject));
  g_autoptr (StoreReader) reader = store_reader (o->due->store, error);
  DueReport report = { 0 };
  if (!reader || !look_back (store_reader_db (reader), o, &report, error))
    return false;
  o->counted = report;
  StoreStatement *s = store_statement (store_reader_db (reader),
                                       "SELECT subject FROM due_line WHERE list = ?1 AND subject > ?2 AND"
                                       " (?3 = '' OR township = ?3) ORDER BY subject LIMIT ?4",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, o->list->id);
  store_bind_integer (s, 2, o->after);
  store_bind_text (s, 3, o->township);
  store_bind_integer (s, 4, report.done ? 0 : DUE_STEP);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    Subject subject = store_integer (s, 0);
    g_array_append_val (subjects, subject);
  }
  o->n = subjects->len;
  o->subjects = arena_copy (o->arena, subjects->data, subjects->len * sizeof (Subject));
  return step == STORE_DONE;
}

static bool
run_step (Offering *o, GError **error)
{
  arena_reset (o->arena);
  if (!read_step (o, error))
    return false;
  if (!o->counted.done
      && (!find_readers (o, error)
          || !(o->open ? open_step (o, error) : store_write (o->due->store, write_step, o, error))))
    return false;
  *o->report = o->counted;
  return true;
}

static bool
run_steps (Offering *o, size_t steps, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  o->arena = arena;
  *o->report = (DueReport){ 0 };
  if (!due_check (o->who, o->list->provision->clause, error))
    return false;
  if (!o->key || !*o->key || strlen (o->key) > 100) {
    g_set_error (error, FAULT, FAULT_INPUT, "the form has no key of its own: load the page again");
    return false;
  }
  for (size_t i = 0; !o->report->done && (!steps || i < steps); i++)
    if (!run_step (o, error))
      return false;
  return true;
}

bool
due_offer_all (Due *due, const AccessAccount *who, const DueList *list, const char *township, size_t steps,
               const char *key, DueReport *report, GError **error)
{
  Offering o = {
    .due = due, .who = who, .list = list, .township = township ? township : "", .key = key, .report = report
  };
  return run_steps (&o, steps, error);
}

bool
due_open_all (Due *due, const AccessAccount *who, const DueList *list, const char *township, size_t steps,
              const char *key, DueReport *report, GError **error)
{
  g_autofree char *own = key && *key ? g_strconcat ("open/", key, NULL) : NULL;
  Offering o = { .due = due,
                 .who = who,
                 .list = list,
                 .township = township ? township : "",
                 .key = own,
                 .open = true,
                 .report = report };
  if (due->options.cases && due_matter (list->provision))
    return run_steps (&o, steps, error);
  g_set_error (error, FAULT, FAULT_USAGE, "nobody applies for %s: there is no matter to open a case of",
               list->provision->outcome.zh);
  return false;
}

/* ---- answers --------------------------------------------------------------------------------- */

/* Whom WHO may answer for: themselves, and where P lets them ask for it, what their reference leads to. */
static bool
asks_for (Due *due, Arena *arena, const AccessAccount *who, const PolicyProvision *p, Subject subject,
          bool *may, GError **error)
{
  *may = who && who->subject == subject;
  if (!who || !who->subject || !p || !p->applicant || *may
      || registry_subject_entity (registry_schema (due->options.registry), who->subject)
             != p->applicant->entity)
    return true;
  const AccessPermit *permit
      = access_permit (due->options.access, arena, who, p->clause->purpose->id, who->subject, error);
  const AccessPermit *through = NULL;
  const char *name;
  RegistryMoment now = { civil_day_of (due_now (due)), G_MAXINT64 };
  if (!permit || !access_permit_through (permit, arena, p->applicant, now, &through, &name, error))
    return false;
  *may = through && access_permit_subject (through) == subject;
  return true;
}

static void
read_offer (const Due *due, StoreStatement *s, Arena *arena, DueOffer *offer)
{
  *offer = (DueOffer){ .id = store_integer (s, 0),
                       .provision = due_provision (due, store_string (s, 1, arena)),
                       .subject = store_integer (s, 2),
                       .offered_at = store_integer (s, 3),
                       .state = (DueState)store_integer (s, 4),
                       .answered_at = store_integer (s, 5) };
  offer->matter = offer->provision ? due_matter (offer->provision) : NULL;
}

/* The case by which each of OFFERS to WHO was answered. */
static bool
find_cases (StoreConnection *db, Arena *arena, const AccessAccount *who, GArray *offers, GError **error)
{
  for (guint i = 0; i < offers->len; i++) {
    DueOffer *offer = &g_array_index (offers, DueOffer, i);
    Subject applicant = 0;
    if (offer->matter
        && !cases_opened_since (db, arena, offer->matter->key, offer->subject, offer->offered_at,
                                &offer->answer, &offer->answer_case, &applicant, error))
      return false;
    offer->answer_own = applicant == who->subject;
  }
  return true;
}

#define OFFER_COLUMNS "SELECT id, provision, subject, offered_at, state, answered_at FROM due_offer WHERE "

static bool
add_offers (Due *due, StoreConnection *db, Arena *arena, Subject subject, GArray *offers, GError **error)
{
  StoreStatement *s = store_statement (db, OFFER_COLUMNS "subject = ?1 ORDER BY id DESC", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, subject);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    DueOffer offer;
    read_offer (due, s, arena, &offer);
    if (offer.provision)
      g_array_append_val (offers, offer);
  }
  return step == STORE_DONE;
}

/* What WHO may ask for beside themselves, by each reference that some provision knows, once. */
static bool
add_through (Due *due, StoreConnection *db, Arena *arena, const AccessAccount *who, GArray *offers,
             GError **error)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();
  const RegistryEntity *own = registry_subject_entity (registry_schema (due->options.registry), who->subject);
  RegistryMoment now = { civil_day_of (due_now (due)), G_MAXINT64 };
  size_t n;
  const PolicyClause *const *clauses = policy_pages (due->options.package, &n);
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < clauses[c]->n_provisions; i++) {
      const PolicyProvision *p = &clauses[c]->provisions[i];
      if (!p->applicant || p->applicant->entity != own || g_ptr_array_find (seen, p->applicant, NULL))
        continue;
      g_ptr_array_add (seen, (gpointer)p->applicant);
      const AccessPermit *through = NULL;
      const char *name;
      const AccessPermit *permit
          = access_permit (due->options.access, arena, who, clauses[c]->purpose->id, who->subject, error);
      if (!permit || !access_permit_through (permit, arena, p->applicant, now, &through, &name, error)
          || (through && !add_offers (due, db, arena, access_permit_subject (through), offers, error)))
        return false;
    }
  return true;
}

const DueOffer *
due_offers (Due *due, Arena *arena, const AccessAccount *who, size_t *n, GError **error)
{
  g_autoptr (GArray) offers = g_array_new (FALSE, FALSE, sizeof (DueOffer));
  g_autoptr (StoreReader) reader = store_reader (due->store, error);
  *n = 0;
  if (!reader)
    return NULL;
  if (who && who->subject
      && (!add_offers (due, store_reader_db (reader), arena, who->subject, offers, error)
          || !add_through (due, store_reader_db (reader), arena, who, offers, error)
          || (due->options.cases && !find_cases (store_reader_db (reader), arena, who, offers, error))))
    return NULL;
  *n = offers->len;
  return arena_copy (arena, offers->data, offers->len * sizeof (DueOffer));
}

typedef struct {
  Due *due;
  const AccessAccount *who;
  const DueOffer *offer;
  bool accept;
} Answering;

static bool
write_answer (StoreConnection *db, gpointer data, GError **error)
{
  const Answering *a = data;
  StoreStatement *s = store_statement (db,
                                       "UPDATE due_offer SET state = ?2, answered_at = ?3, answered_by = ?4"
                                       " WHERE id = ?1 AND state = 1",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->offer->id);
  store_bind_integer (s, 2, a->accept ? DUE_ACCEPTED : DUE_DECLINED);
  store_bind_integer (s, 3, due_now (a->due));
  store_bind_text (s, 4, a->who->name);
  if (!store_run (s, error))
    return false;
  if (store_changes (db) != 1) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "this offer was answered meanwhile: look at it again");
    return false;
  }
  g_autofree char *detail
      = g_strdup_printf ("{\"offer\":%" G_GINT64_FORMAT ",\"answer\":\"%s\"}", a->offer->id,
                         due_state_id (a->accept ? DUE_ACCEPTED : DUE_DECLINED));
  AuditEntry entry = due_entry (a->who, a->offer->provision->clause, AUDIT_WRITE, NULL, detail);
  entry.subject = a->offer->subject;
  return audit_append (db, &entry, error) > 0;
}

static bool
find_offer (Due *due, Arena *arena, gint64 id, DueOffer *offer, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (due->store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader), OFFER_COLUMNS "id = ?1", error) : NULL;
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    read_offer (due, s, arena, offer);
    store_reset (s);
  }
  return step != STORE_FAILED;
}

bool
due_answer (Due *due, const AccessAccount *who, gint64 id, bool accept, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  DueOffer offer = { 0 };
  bool may = false;
  if (!find_offer (due, arena, id, &offer, error)
      || (offer.provision && !asks_for (due, arena, who, offer.provision, offer.subject, &may, error)))
    return false;
  DueState wanted = accept ? DUE_ACCEPTED : DUE_DECLINED;
  if (!may)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no offer %" G_GINT64_FORMAT " to you", id);
  else if (offer.state == wanted)
    return true;
  else if (offer.state != DUE_OFFERED)
    g_set_error (error, FAULT, FAULT_CONFLICT, "this offer was answered otherwise before");
  else
    return store_write (due->store, write_answer, &(Answering){ due, who, &offer, accept }, error);
  return false;
}
