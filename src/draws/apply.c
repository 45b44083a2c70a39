/* Who may apply for whom, applying, withdrawing. */
#include "draws/draws_private.h"

/* ---- for whom ------------------------------------------------------------------- */

/* Whether what PERMIT's subject has as ATTRIBUTE is WANTED. */
static bool
leads_to (const AccessPermit *permit, Arena *arena, const RegistryAttribute *attribute, Subject wanted,
          RegistryMoment at)
{
  const AccessPermit *through = NULL;
  const char *name;
  return attribute && access_permit_through (permit, arena, attribute, at, &through, &name, NULL) && through
         && access_permit_subject (through) == wanted;
}

static bool
is_minor (const AccessPermit *permit, Arena *arena, RegistryMoment at)
{
  static const Text members[] = { { "出生日期", sizeof "出生日期" - 1 } };
  const FeelPath path = { .n = 1, .members = members };
  const RegistryReading *reading = access_read (permit, arena, &path, 1, at, NULL);
  FeelValue facts = reading ? registry_reading_value (reading) : feel_null ();
  if (facts.kind != FEEL_CONTEXT || facts.context->n != 1
      || facts.context->entries[0].value.kind != FEEL_DATE)
    return false;
  return civil_add_months (facts.context->entries[0].value.date, 12 * ADULT) > at.valid_at;
}

/* A minor is acted for by father or mother (民法典 第23条、第27条); what has no account of its own, as an
 * entry in a competition, by the person it belongs to. */
static bool
is_guardian (Draws *draws, Arena *arena, const AccessAccount *asker, const AccessAccount *who,
             const PolicyAllocation *allocation, RegistryMoment at)
{
  static const char *const parents[] = { "father", "mother" };
  const RegistryEntity *entity = allocation->applicant;
  const AccessPermit *permit
      = policy_permit (draws->options.access, arena, asker, allocation->clause, asker->subject, NULL);
  if (!permit)
    return false;
  if (registry_subject_entity (policy_schema (draws->options.package), who->subject) != entity)
    return leads_to (permit, arena, registry_entity_attribute (entity, "resident"), who->subject, at);
  for (size_t i = 0; i < G_N_ELEMENTS (parents); i++)
    if (leads_to (permit, arena, registry_entity_attribute (entity, parents[i]), who->subject, at))
      return is_minor (permit, arena, at);
  return false;
}

/* Their household, or whatever their own record leads to of the applicants' kind. */
static bool
is_own_body (Draws *draws, Arena *arena, const AccessAccount *who, const PolicyAllocation *allocation,
             Subject applicant, RegistryMoment at)
{
  const RegistryEntity *entity
      = registry_subject_entity (policy_schema (draws->options.package), who->subject);
  if (!entity || entity == allocation->applicant)
    return false;
  const AccessPermit *permit
      = policy_permit (draws->options.access, arena, who, allocation->clause, who->subject, NULL);
  for (size_t i = 0; permit && i < entity->n; i++)
    if (entity->attributes[i].kind == REGISTRY_REFERENCE
        && entity->attributes[i].target == allocation->applicant
        && leads_to (permit, arena, &entity->attributes[i], applicant, at))
      return true;
  return false;
}

const AccessAccount *
asker_for (Draws *draws, Arena *arena, const AccessAccount *who, const PolicyAllocation *allocation,
           Subject applicant, bool *office, GError **error)
{
  RegistryMoment at = { draws_today (draws), G_MAXINT64 };
  const RegistrySchema *schema = policy_schema (draws->options.package);
  *office = access_may (who, ACCESS_HANDLE_CASES) && who->department
            && policy_clause_is_answered_by (allocation->clause, who->department);
  if (registry_subject_entity (schema, applicant) != allocation->applicant) {
    g_set_error (error, FAULT, FAULT_INPUT, "applicants are of the kind \"%s\"", allocation->applicant->id);
    return NULL;
  }
  if (*office || who->subject == applicant)
    return who;
  AccessAccount *asker = arena_copy (arena, who, sizeof *who);
  asker->subject = applicant;
  if (access_may (who, ACCESS_APPLY) && who->subject
      && (is_own_body (draws, arena, who, allocation, applicant, at)
          || is_guardian (draws, arena, asker, who, allocation, at)))
    return asker;
  g_set_error (error, FAULT, FAULT_DENIED,
               "people apply for themselves, their household or their minor child; the office for anybody");
  return NULL;
}

static void
add_for (GArray *all, Subject subject, const char *name)
{
  DrawsFor one = { subject, name };
  g_array_append_val (all, one);
}

/* Of whom they share a household with, the minors whose father or mother they are. */
static bool
add_children (Draws *draws, Arena *arena, const AccessAccount *who, const PolicyAllocation *allocation,
              RegistryMoment at, GArray *all, GError **error)
{
  size_t n;
  const AccessMember *members = access_housemates (draws->options.access, arena, who, at.valid_at, &n, error);
  for (size_t i = 0; members && i < n; i++) {
    AccessAccount asker = *who;
    asker.subject = members[i].subject;
    if (is_guardian (draws, arena, &asker, who, allocation, at))
      add_for (all, members[i].subject, members[i].name);
  }
  return members != NULL;
}

/* The body of the applicants' kind that their record leads to. */
static void
add_bodies (Draws *draws, Arena *arena, const AccessAccount *who, const PolicyAllocation *allocation,
            const RegistryEntity *entity, RegistryMoment at, GArray *all)
{
  const AccessPermit *through = NULL, *permit = policy_permit (draws->options.access, arena, who,
                                                               allocation->clause, who->subject, NULL);
  for (size_t i = 0; permit && i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    const char *name = NULL;
    if (a->kind == REGISTRY_REFERENCE && a->target == allocation->applicant
        && access_permit_through (permit, arena, a, at, &through, &name, NULL) && through)
      add_for (all, access_permit_subject (through), name ? name : a->zh);
  }
}

static const DrawsFor *
list_whom (Draws *draws, Arena *arena, const AccessAccount *who, const PolicyAllocation *allocation,
           size_t *n, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DrawsFor));
  RegistryMoment at = { draws_today (draws), G_MAXINT64 };
  const RegistryEntity *entity
      = who && who->subject ? registry_subject_entity (policy_schema (draws->options.package), who->subject)
                            : NULL;
  if (entity && entity == allocation->applicant) {
    add_for (all, who->subject, NULL);
    if (!add_children (draws, arena, who, allocation, at, all, error))
      return NULL;
  } else if (entity)
    add_bodies (draws, arena, who, allocation, entity, at, all);
  *n = all->len;
  return draws_keep (arena, all);
}

/* ---- looking -------------------------------------------------------------------------- */

bool
weigh_scaled (FeelValue value, gint64 *scaled)
{
  return value.kind == FEEL_NUMBER && decimal_to_scaled (value.number, SCALE, scaled);
}

/* A resident is not asked about the place: its facts are read when the list is closed. */
static const PolicyWeight *
look (Draws *draws, Arena *arena, const AccessAccount *asker, bool office, const DrawsRound *round,
      Subject applicant, guint32 unit, GError **error)
{
  const PolicyAllocation *allocation = round->allocation;
  RegistryMoment at = { draws_today (draws), G_MAXINT64 };
  size_t n;
  const FeelPath *paths
      = policy_allocation_paths (draws->options.package, arena, allocation, allocation->applicant, &n);
  const AccessPermit *permit
      = policy_permit (draws->options.access, arena, asker, allocation->clause, applicant, error);
  const RegistryReading *facts = permit ? access_read (permit, arena, paths, n, at, error) : NULL,
                        *place = NULL;
  if (!facts)
    return NULL;
  if (office && allocation->place
      && !(place = draws_read_place (draws, arena, asker, allocation, round->units[unit].place, error)))
    return NULL;
  return policy_weigh (draws->options.package, arena, allocation, facts, place, round->deadline, false);
}

static bool
find_round (Draws *draws, Arena *arena, gint64 id, DrawRow *row, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (draws->store, error);
  if (!reader || !round_row_find (store_reader_db (reader), draws, arena, id, row, error))
    return false;
  if (row->round.allocation && row->round.state != DRAWS_PLANNED)
    return true;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no round %" G_GINT64_FORMAT, id);
  return false;
}

const PolicyWeight *
draws_look (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, Subject applicant,
            guint32 unit, GError **error)
{
  DrawRow row;
  bool office;
  if (!find_round (draws, arena, round, &row, error))
    return NULL;
  if (unit >= row.round.n_units) {
    g_set_error (error, FAULT, FAULT_INPUT, "there is no unit %u in this round", unit + 1);
    return NULL;
  }
  const AccessAccount *asker = asker_for (draws, arena, who, row.round.allocation, applicant, &office, error);
  return asker ? look (draws, arena, asker, office, &row.round, applicant, unit, error) : NULL;
}

/* ---- applying --------------------------------------------------------------------------- */

typedef struct {
  Draws *draws;
  Arena *arena;
  const AccessAccount *who;
  gint64 round;
  DrawsApplying applying;
  StoreOnce once;
  gint64 id, now;
  const char *number;
} Applying;

static bool
check_open (const Draws *draws, const DrawsRound *round, GError **error)
{
  if (round->state != DRAWS_OPEN)
    g_set_error (error, FAULT, FAULT_CONFLICT, "this round takes no applications: it is %s",
                 draws_state_id (round->state));
  else if (draws_today (draws) > round->deadline) {
    char day[16];
    g_set_error (error, FAULT, FAULT_CONFLICT, "late: %s was the last day for applications",
                 civil_format (round->deadline, day));
  } else
    return true;
  return false;
}

static bool
check_choices (const DrawsRound *round, const DrawsApplying *applying, GError **error)
{
  g_autofree guint8 *seen = g_new0 (guint8, round->n_units);
  if (!applying->n_units || applying->n_units > DRAWS_CHOICES_MAX) {
    g_set_error (error, FAULT, FAULT_INPUT, "make 1 to %d choices", DRAWS_CHOICES_MAX);
    return false;
  }
  for (size_t i = 0; i < applying->n_units; i++) {
    guint32 unit = applying->units[i];
    if (unit >= round->n_units || seen[unit]++) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   unit < round->n_units ? "choice %zu: %u is chosen already"
                                         : "choice %zu: there is no unit %u",
                   i + 1, unit + 1);
      return false;
    }
  }
  return true;
}

/* Who is not eligible by what is on record is told so at once; what is missing is looked at again at closing.
 */
static bool
check_eligible (Applying *a, const AccessAccount *asker, bool office, const DrawsRound *round, GError **error)
{
  for (size_t i = 0; i < a->applying.n_units; i++) {
    const PolicyWeight *weight
        = look (a->draws, a->arena, asker, office, round, a->applying.applicant, a->applying.units[i], error);
    if (!weight)
      return false;
    if (weight->outcome == POLICY_NO) {
      g_autofree char *notes = g_strjoinv ("；", (char **)(gsize)weight->notes);
      g_set_error (error, FAULT, FAULT_CONFLICT, "not eligible: %s", notes);
      return false;
    }
    if (!office || !round->allocation->place)
      break; /* every choice says the same */
  }
  return true;
}

/* In a second round: without a place in the first. */
static bool
check_parent (StoreConnection *db, const DrawsRound *round, Subject applicant, GError **error)
{
  StoreStatement *s = round->parent ? store_statement (db,
                                                       "SELECT number FROM draw_application WHERE round = ?1"
                                                       " AND applicant = ?2 AND seat >= 0",
                                                       error)
                                    : NULL;
  if (!s)
    return !round->parent;
  store_bind_integer (s, 1, round->parent);
  store_bind_integer (s, 2, applicant);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "this second round is for those without a place: the first one gave one");
    store_reset (s);
  }
  return step == STORE_DONE;
}

/* *ID: the withdrawn application that is made anew; 0: none. */
static bool
check_once (StoreConnection *db, Applying *a, gint64 *id, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT id, number, standing FROM draw_application WHERE round = ?1 AND applicant = ?2", error);
  *id = 0;
  if (!s)
    return false;
  store_bind_integer (s, 1, a->round);
  store_bind_integer (s, 2, a->applying.applicant);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  bool withdrawn = store_integer (s, 2) == DRAWS_WITHDRAWN;
  *id = store_integer (s, 0);
  a->number = store_string (s, 1, a->arena);
  store_reset (s);
  if (!withdrawn)
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "application %s of this round is for the same applicant: withdraw it to apply otherwise",
                 a->number);
  return withdrawn;
}

static bool
count_round (StoreConnection *db, gint64 round, gint64 *n, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT count (*) FROM draw_application WHERE round = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, round);
  bool found = store_step (s, error) == STORE_ROW;
  *n = found ? store_integer (s, 0) : 0;
  if (found)
    store_reset (s);
  return found;
}

static bool
insert_application (StoreConnection *db, Applying *a, gint64 again, GError **error)
{
  gint64 n = 0;
  a->id = again;
  if (!again
      && (!store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM draw_application", 1, &a->id, error)
          || !count_round (db, a->round, &n, error)))
    return false;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO draw_application (id, round, number, applicant, filed_by, standing, given_at, seat, how,"
      " traits, reader)"
      " VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, -1, 0, 0, ?7)"
      " ON CONFLICT (id) DO UPDATE SET filed_by = excluded.filed_by, reader = excluded.reader, standing = 0, "
      "given_at = "
      "excluded.given_at",
      error);
  if (!s)
    return false;
  if (!again)
    a->number = arena_printf (a->arena, "%" G_GINT64_FORMAT "-%04" G_GINT64_FORMAT, a->round, n + 1);
  store_bind_integer (s, 1, a->id);
  store_bind_integer (s, 2, a->round);
  store_bind_text (s, 3, a->number);
  store_bind_integer (s, 4, a->applying.applicant);
  store_bind_text (s, 5, a->who->name);
  store_bind_integer (s, 6, a->now);
  store_bind_integer (s, 7, a->who->subject ? a->who->subject : a->applying.applicant);
  return store_run (s, error);
}

static bool
insert_choices (StoreConnection *db, const Applying *a, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM draw_choice WHERE application = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  if (!store_run (s, error))
    return false;
  for (size_t i = 0; i < a->applying.n_units; i++) {
    s = store_statement (
        db,
        "INSERT INTO draw_choice (application, position, unit, eligible, keys) VALUES (?1, ?2, ?3, 1, '')",
        error);
    if (!s)
      return false;
    store_bind_integer (s, 1, a->id);
    store_bind_integer (s, 2, (gint64)i);
    store_bind_integer (s, 3, a->applying.units[i]);
    if (!store_run (s, error))
      return false;
  }
  return true;
}

/* What was answered before. */
static bool
find_number (StoreConnection *db, Applying *a, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT number FROM draw_application WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  bool found = store_step (s, error) == STORE_ROW;
  if (found) {
    a->number = store_string (s, 0, a->arena);
    store_reset (s);
  }
  return found;
}

static bool
write_application (StoreConnection *db, gpointer data, GError **error)
{
  Applying *a = data;
  gint64 again;
  DrawRow row;
  if (!store_once_look (db, &a->once, &a->id, error))
    return false;
  if (a->id)
    return find_number (db, a, error);
  return round_row_find (db, a->draws, a->arena, a->round, &row, error)
         && check_open (a->draws, &row.round, error)
         && check_parent (db, &row.round, a->applying.applicant, error) && check_once (db, a, &again, error)
         && insert_application (db, a, again, error) && insert_choices (db, a, error)
         && draws_note (db, a->who, "apply", a->round, a->applying.applicant, error)
         && store_once_remember (db, &a->once, a->id, a->now, error);
}

static const char *
applying_digest (const Applying *a)
{
  Digest *digest = digest_new ();
  digest_integer (digest, a->round);
  digest_integer (digest, a->applying.applicant);
  for (size_t i = 0; i < a->applying.n_units; i++)
    digest_integer (digest, a->applying.units[i]);
  return digest_end (digest, a->arena);
}

const char *
draws_apply (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
             const DrawsApplying *applying, const char *key, GError **error)
{
  static const guint32 only[] = { 0 };
  DrawRow row;
  bool office;
  Applying a = { .draws = draws, .arena = arena, .who = who, .round = round, .applying = *applying };
  if (!find_round (draws, arena, round, &row, error))
    return NULL;
  if (!a.applying.applicant)
    a.applying.applicant = who->subject;
  if (!row.round.allocation->place) {
    a.applying.units = only;
    a.applying.n_units = 1;
  }
  a.now = draws_now (draws);
  a.once = (StoreOnce){ who->name, "draws-apply", key, applying_digest (&a) };
  const AccessAccount *asker
      = asker_for (draws, arena, who, row.round.allocation, a.applying.applicant, &office, error);
  if (!asker || !check_open (draws, &row.round, error) || !check_choices (&row.round, &a.applying, error)
      || !check_eligible (&a, asker, office, &row.round, error))
    return NULL;
  return store_write (draws->store, write_application, &a, error) ? a.number : NULL;
}

const DrawsFor *
draws_whom (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n, GError **error)
{
  DrawRow row;
  *n = 0;
  return find_round (draws, arena, round, &row, error)
             ? list_whom (draws, arena, who, row.round.allocation, n, error)
             : NULL;
}
