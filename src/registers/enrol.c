/* Enrolling: places, and the waiting list in the order of asking.  A place that is had is a record in the
 * registry from that day on, and no longer from the day of withdrawing; who waits stands here alone. */
#include "registers/registers_private.h"

typedef struct {
  Registers *registers;
  Arena *arena;
  const AccessAccount *who;
  const Register *reg;
  Subject event;
  RegisterDeed deed;
  StoreOnce once;
  gint64 now;
  Day today;
  const char *const *texts; /* of the event */
  const Subject *referrers; /* records that lead to the event, ours and others' */
  size_t n_referrers;
  StoreConnection *db;
  RegistryWriter *writer;
  RegistryBatchId batch;
} Enrolling;

const char *
register_state_id (RegisterState state)
{
  static const char *const ids[] = { "none", "waiting", "enrolled", "withdrawn" };
  return ids[state];
}

/* ---- what there is -------------------------------------------------------------- */

typedef struct {
  gint64 id;
  RegisterState state;
  Subject record;
} Place;

/* The place that PERSON has or waits for at EVENT; state NONE where they have none. */
static bool
find_place (StoreConnection *db, Subject event, Subject person, Place *place, GError **error)
{
  *place = (Place){ 0 };
  StoreStatement *s = store_statement (db,
                                       "SELECT id, state, record FROM register_place WHERE person = ?1"
                                       " AND event = ?2 ORDER BY id DESC LIMIT 1",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, person);
  store_bind_integer (s, 2, event);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    *place = (Place){ store_integer (s, 0), (RegisterState)store_integer (s, 1), store_integer (s, 2) };
    store_reset (s);
  }
  return step != STORE_FAILED;
}

static bool
count_places (StoreConnection *db, Subject event, RegisterState state, gint64 before, gint64 *n,
              GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT count(*) FROM register_place WHERE event = ?1 AND state = ?2 AND id < ?3", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, event);
  store_bind_integer (s, 2, state);
  store_bind_integer (s, 3, before);
  if (store_step (s, error) != STORE_ROW)
    return false;
  *n = store_integer (s, 0);
  store_reset (s);
  return true;
}

/* How many of REFERRERS are not ours: enrolled by other ways, such as an import. */
static bool
count_others (StoreConnection *db, Subject event, const Subject *referrers, size_t n_referrers, gint64 *n,
              GError **error)
{
  g_autoptr (GHashTable) ours = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  StoreStatement *s = store_statement (
      db, "SELECT record FROM register_place WHERE event = ?1 AND record IS NOT NULL", error);
  StoreStep step = STORE_FAILED;
  if (!s)
    return false;
  store_bind_integer (s, 1, event);
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 record = store_integer (s, 0);
    g_hash_table_add (ours, g_memdup2 (&record, sizeof record));
  }
  *n = 0;
  for (size_t i = 0; i < n_referrers; i++)
    *n += !g_hash_table_contains (ours, &referrers[i]);
  return step == STORE_DONE;
}

static const RegistryAttribute *
collection_of (const Register *reg)
{
  const RegistryEntity *entity = reg->into->target;
  for (size_t i = 0; i < entity->n; i++)
    if (entity->attributes[i].kind == REGISTRY_COLLECTION && entity->attributes[i].via == reg->into)
      return &entity->attributes[i];
  return NULL;
}

/* Records that lead to EVENT; none where the schema has no collection of them. */
static bool
read_referrers (Registers *registers, Arena *arena, const Register *reg, Subject event,
                const Subject **referrers, size_t *n, GError **error)
{
  const RegistryAttribute *collection = collection_of (reg);
  *n = 0;
  *referrers = NULL;
  if (!collection)
    return true;
  *referrers = registry_referrers (registers->options.registry, arena, event, collection, n, error);
  return *referrers;
}

static gint64
places_of (const Register *reg, const char *const *texts)
{
  const char *places = texts[reg->places->index];
  return places ? g_ascii_strtoll (places, NULL, 10) : -1;
}

static Day
closing_of (const Register *reg, const char *const *texts)
{
  Day day = 0;
  const char *text = texts[reg->closes->index];
  return text && civil_parse (text_of (text), &day) ? day : 0;
}

/* ---- events ----------------------------------------------------------------------- */

static bool
fill_event (Registers *registers, Arena *arena, const AccessAccount *who, RegisterEvent *e, GError **error)
{
  const Subject *referrers;
  size_t n;
  gint64 enrolled, others;
  g_autoptr (StoreReader) reader = store_reader (registry_store (registers->options.registry), error);
  if (!reader || !read_referrers (registers, arena, e->reg, e->event, &referrers, &n, error))
    return false;
  StoreConnection *db = store_reader_db (reader);
  if (!count_places (db, e->event, REGISTER_ENROLLED, G_MAXINT64, &enrolled, error)
      || !count_places (db, e->event, REGISTER_WAITING, G_MAXINT64, &e->waiting, error)
      || !count_others (db, e->event, referrers, n, &others, error))
    return false;
  e->taken = enrolled + others;
  e->places = places_of (e->reg, e->texts);
  e->closes = closing_of (e->reg, e->texts);
  e->open = !e->closes || civil_day_of (registers_now (registers)) < e->closes;
  if (!who || !who->subject)
    return true;
  Place place;
  if (!find_place (db, e->event, who->subject, &place, error))
    return false;
  e->state = place.state;
  if (place.state != REGISTER_WAITING)
    return true;
  bool ok = count_places (db, e->event, REGISTER_WAITING, place.id, &e->position, error);
  e->position++;
  return ok;
}

const RegisterEvent *
registers_event (Registers *registers, Arena *arena, const AccessAccount *who, Subject event, GError **error)
{
  const RegistryEntity *entity
      = registry_subject_entity (registry_schema (registers->options.registry), event);
  const Register *reg = entity ? registers_into (registers, entity) : NULL;
  RegisterEvent *e = arena_new0 (arena, RegisterEvent, 1);
  if (!reg) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is nothing of that name to enrol into");
    return NULL;
  }
  *e = (RegisterEvent){ .reg = reg, .event = event };
  e->texts = registers_texts (registers, arena, entity, event, error);
  return e->texts && fill_event (registers, arena, who, e, error) ? e : NULL;
}

static int
later_first (gconstpointer a, gconstpointer b)
{
  const RegisterEvent *one = a, *two = b;
  return one->closes != two->closes ? (one->closes < two->closes ? 1 : -1)
                                    : (one->event > two->event) - (one->event < two->event);
}

static bool
collect_events (Registers *registers, Arena *arena, const Register *reg, GArray *events, GError **error)
{
  const RegistrySchema *schema = registry_schema (registers->options.registry);
  g_autoptr (GError) fault = NULL;
  RegistryScan *scan = registry_scan_new (registers->options.registry, reg->into->target, error);
  RegisterEvent e = { .reg = reg };
  if (!scan)
    return false;
  while (registry_scan_next (scan, &e.event, &fault)) {
    e.texts = scan_texts (schema, arena, reg->into->target, scan);
    g_array_append_val (events, e);
  }
  registry_scan_free (scan);
  if (fault)
    g_propagate_error (error, g_steal_pointer (&fault));
  return !fault;
}

const RegisterEvent *
registers_events (Registers *registers, Arena *arena, const AccessAccount *who, size_t *n, GError **error)
{
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (RegisterEvent));
  g_autoptr (GError) fault = NULL;
  *n = 0;
  for (size_t i = 0; i < registers->n; i++)
    if (registers->all[i].into && !collect_events (registers, arena, &registers->all[i], events, error))
      return NULL;
  for (guint i = 0; i < events->len; i++)
    if (!fill_event (registers, arena, who, &g_array_index (events, RegisterEvent, i), error))
      return NULL;
  g_array_sort (events, later_first);
  *n = events->len;
  return arena_copy (arena, events->data, events->len * sizeof (RegisterEvent));
}

/* ---- deeds -------------------------------------------------------------------------- */

static bool
tell (const Enrolling *e, Subject person, const char *kind, gint64 position, GError **error)
{
  const RegistryEntity *entity = e->reg->into->target;
  const char *name = entity->label ? e->texts[entity->label->index] : NULL;
  const NoticeWord words[] = { { "event", name ? name : entity->zh, name ? name : entity->en },
                               { "due", e->texts[e->reg->closes->index], NULL },
                               { "number", arena_printf (e->arena, "%" G_GINT64_FORMAT, position), NULL } };
  const RegistrySchema *schema = registry_schema (e->registers->options.registry);
  Notice notice
      = { .subject = person,
          .kind = kind,
          .words = words,
          .n_words = G_N_ELEMENTS (words),
          .link = arena_printf (e->arena, "/events/%s", registry_subject_format (e->arena, schema, e->event)),
          .at = e->now };
  return notices_put (e->db, &notice, error);
}

/* The record of PERSON's place: from today on it leads to the event, or (HELD false) no longer. */
static bool
write_record (Enrolling *e, Subject person, bool held, Subject *record, GError **error)
{
  RegistryState state = held ? REGISTRY_VALUE : REGISTRY_NONE;
  RegistryFact facts[] = { { .attribute = e->reg->into, .state = state, .integer = held ? e->event : 0 },
                           { .attribute = e->reg->about, .state = state, .integer = held ? person : 0 },
                           { .attribute = e->reg->date, .state = REGISTRY_VALUE, .integer = e->today } };
  RegistryBatch batch = { .source = e->reg->department,
                          .actor = e->who->name,
                          .evidence = arena_printf (e->arena, "register %s", e->reg->id),
                          .recorded_at = e->now };
  if (!e->writer && !(e->writer = registry_writer_join (e->registers->options.registry, e->db, error)))
    return false;
  if (!e->batch && !(e->batch = registry_writer_batch (e->writer, &batch, error)))
    return false;
  if (!*record)
    *record = registry_writer_subject (e->writer, e->reg->entity);
  return *record
         && registry_writer_append (e->writer, e->batch, *record, e->today, REGISTRY_FOREVER, facts,
                                    held ? 3 : 2, error);
}

static bool
insert_place (Enrolling *e, Place *place, GError **error)
{
  gint64 highest;
  if (!store_query (e->db, "SELECT coalesce (max(id), 0) FROM register_place", 0, &highest, error))
    return false;
  place->id = highest + 1;
  StoreStatement *s
      = store_statement (e->db,
                         "INSERT INTO register_place (id, event, person, state, asked_at, record)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, place->id);
  store_bind_integer (s, 2, e->event);
  store_bind_integer (s, 3, e->who->subject);
  store_bind_integer (s, 4, place->state);
  store_bind_integer (s, 5, e->now);
  if (place->record)
    store_bind_integer (s, 6, place->record);
  return store_run (s, error);
}

static bool
update_place (Enrolling *e, const Place *place, GError **error)
{
  StoreStatement *s = store_statement (
      e->db, "UPDATE register_place SET state = ?2, record = ?3, ended_at = ?4 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, place->id);
  store_bind_integer (s, 2, place->state);
  if (place->record)
    store_bind_integer (s, 3, place->record);
  if (place->state == REGISTER_WITHDRAWN)
    store_bind_integer (s, 4, e->now);
  return store_run (s, error);
}

/* How many places are free; more than there can be where they are not counted. */
static bool
count_free (const Enrolling *e, gint64 *n, GError **error)
{
  gint64 places = places_of (e->reg, e->texts), enrolled, others;
  *n = G_MAXINT32;
  if (places < 0)
    return true;
  if (!count_places (e->db, e->event, REGISTER_ENROLLED, G_MAXINT64, &enrolled, error)
      || !count_others (e->db, e->event, e->referrers, e->n_referrers, &others, error))
    return false;
  *n = places - enrolled - others;
  return true;
}

static bool
enrol (Enrolling *e, const Place *had, Place *place, GError **error)
{
  gint64 n_free, ahead;
  if (had->state == REGISTER_ENROLLED || had->state == REGISTER_WAITING) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "you are on the list already");
    return false;
  }
  if (!count_free (e, &n_free, error)
      || !count_places (e->db, e->event, REGISTER_WAITING, G_MAXINT64, &ahead, error))
    return false;
  *place = (Place){ .state = n_free > 0 && !ahead ? REGISTER_ENROLLED : REGISTER_WAITING };
  bool enrolled = place->state == REGISTER_ENROLLED;
  return (!enrolled || write_record (e, e->who->subject, true, &place->record, error))
         && insert_place (e, place, error)
         && tell (e, e->who->subject, enrolled ? "event-enrolled" : "event-waiting", ahead + 1, error);
}

/* Who waits first gets the place that has become free. */
static bool
move_up (Enrolling *e, GError **error)
{
  gint64 n_free;
  StoreStatement *s;
  if (!count_free (e, &n_free, error)
      || !(s = store_statement (e->db,
                                "SELECT id, person FROM register_place WHERE event = ?1 AND state = ?2"
                                " ORDER BY id LIMIT 1",
                                error)))
    return false;
  if (n_free <= 0)
    return true;
  store_bind_integer (s, 1, e->event);
  store_bind_integer (s, 2, REGISTER_WAITING);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  Place next = { .id = store_integer (s, 0), .state = REGISTER_ENROLLED };
  Subject person = store_integer (s, 1);
  store_reset (s);
  return write_record (e, person, true, &next.record, error) && update_place (e, &next, error)
         && registers_log (e->db, e->who, AUDIT_WRITE, e->reg, person, 0, e->reg->clause->purpose->id,
                           "move-up", next.record, error)
         && tell (e, person, "event-moved-up", 0, error);
}

static bool
withdraw (Enrolling *e, const Place *had, Place *place, GError **error)
{
  if (had->state != REGISTER_ENROLLED && had->state != REGISTER_WAITING) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "you are not on the list");
    return false;
  }
  *place = *had;
  place->state = REGISTER_WITHDRAWN;
  bool held = had->state == REGISTER_ENROLLED;
  return (!held || write_record (e, e->who->subject, false, &place->record, error))
         && update_place (e, place, error) && tell (e, e->who->subject, "event-withdrawn", 0, error)
         && (!held || move_up (e, error));
}

static bool
do_deed (Enrolling *e, gint64 *id, GError **error)
{
  Place had, place;
  if (!find_place (e->db, e->event, e->who->subject, &had, error)
      || !(e->deed == REGISTER_ENROL ? enrol (e, &had, &place, error) : withdraw (e, &had, &place, error)))
    return false;
  *id = place.id;
  return (!e->writer || registry_writer_commit (e->writer, error))
         && registers_log (e->db, e->who, AUDIT_WRITE, e->reg, e->who->subject, 0, ACCESS_SELF,
                           e->deed == REGISTER_ENROL ? "enrol" : "withdraw", place.record, error);
}

static bool
write_deed (StoreConnection *db, gpointer data, GError **error)
{
  Enrolling *e = data;
  gint64 id;
  e->db = db;
  e->writer = NULL;
  e->batch = 0;
  if (!store_once_look (db, &e->once, &id, error))
    return false;
  if (id)
    return true;
  bool ok = do_deed (e, &id, error) && store_once_remember (db, &e->once, id, e->now, error);
  if (e->writer)
    registry_writer_free (e->writer);
  return ok;
}

/* Closed from the closing day on; a repetition of what was done before finds its answer all the same. */
static bool
check_open (const Enrolling *e, GError **error)
{
  gint64 done;
  Day closes = closing_of (e->reg, e->texts);
  if (!closes || e->today < closes)
    return true;
  g_autoptr (StoreReader) reader = store_reader (registry_store (e->registers->options.registry), error);
  if (!reader || !store_once_look (store_reader_db (reader), &e->once, &done, error))
    return false;
  if (done)
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT, "the list is closed since %s", e->texts[e->reg->closes->index]);
  return false;
}

bool
registers_enrol (Registers *registers, const AccessAccount *who, Subject event, RegisterDeed deed,
                 const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistrySchema *schema = registry_schema (registers->options.registry);
  const RegistryEntity *entity = registry_subject_entity (schema, event);
  Enrolling e
      = { .registers = registers,
          .arena = arena,
          .who = who,
          .reg = entity ? registers_into (registers, entity) : NULL,
          .event = event,
          .deed = deed,
          .once = { who->name, "enrol", key, arena_printf (arena, "%d|%" G_GINT64_FORMAT, (int)deed, event) },
          .now = registers_now (registers) };
  e.today = civil_day_of (e.now);
  if (!e.reg) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is nothing of that name to enrol into");
    return false;
  }
  if (!access_may (who, ACCESS_CHANGE_SELF)
      || registry_subject_entity (schema, who->subject) != e.reg->about->target) {
    g_set_error (error, FAULT, FAULT_DENIED, "residents enrol, each for themselves");
    return false;
  }
  return (e.texts = registers_texts (registers, arena, entity, event, error)) && check_open (&e, error)
         && read_referrers (registers, arena, e.reg, event, &e.referrers, &e.n_referrers, error)
         && store_write (registry_store (registers->options.registry), write_deed, &e, error);
}
