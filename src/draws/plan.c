/* A round and its units. */
#include "draws/draws_private.h"

typedef struct {
  Draws *draws;
  const AccessAccount *who;
  const DrawsPlan *plan;
  Arena *arena;
  DrawsUnit *units;
  size_t n_units;
  StoreOnce once;
  gint64 id, now;
} Planning;

/* ---- units ------------------------------------------------------------------------ */

const RegistryReading *
draws_read_place (Draws *draws, Arena *arena, const AccessAccount *who, const PolicyAllocation *allocation,
                  Subject place, GError **error)
{
  RegistryMoment at = { draws_today (draws), G_MAXINT64 };
  const AccessPermit *permit
      = policy_permit (draws->options.access, arena, who, allocation->clause, place, error);
  return permit ? access_read (permit, arena, NULL, 0, at, error) : NULL;
}

static const char *
name_of (const Planning *p, const RegistryReading *reading, Subject place)
{
  const RegistryEntity *entity = p->plan->allocation->place;
  FeelValue facts = registry_reading_value (reading);
  for (size_t i = 0; entity->label && facts.kind == FEEL_CONTEXT && i < facts.context->n; i++)
    if (text_equal (facts.context->entries[i].name, text_of (entity->label->zh))
        && facts.context->entries[i].value.kind == FEEL_STRING)
      return feel_display (p->arena, facts.context->entries[i].value);
  return registry_subject_format (p->arena, policy_schema (p->draws->options.package), place);
}

static bool
set_capacity (const Planning *p, const RegistryReading *reading, DrawsUnit *unit, GError **error)
{
  if (unit->capacity >= 0)
    return true;
  FeelValue number = policy_weigh_number (p->draws->options.package, p->arena, p->plan->allocation,
                                          &p->plan->allocation->capacity, reading, p->plan->deadline);
  if (number.kind == FEEL_NUMBER && decimal_to_int64 (number.number, &unit->capacity) && unit->capacity >= 0)
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "%s: how many places there are is not on record; enter the number",
               unit->name);
  return false;
}

/* How many of UNIT's places each reserve has; those beside the others do not count against them. */
static bool
set_reserves (const Planning *p, const RegistryReading *reading, DrawsUnit *unit, GError **error)
{
  const PolicyAllocation *a = p->plan->allocation;
  gint64 *numbers = arena_new0 (p->arena, gint64, a->n_reserves), within = 0;
  unit->reserves = numbers;
  for (size_t r = 0; r < a->n_reserves; r++) {
    FeelValue number = policy_weigh_number (p->draws->options.package, p->arena, a, &a->reserves[r].number,
                                            reading, p->plan->deadline);
    if (number.kind != FEEL_NUMBER || !decimal_to_int64 (number.number, &numbers[r]) || numbers[r] < 0) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: the number of places for \"%s\" is not on record",
                   unit->name, a->reserves[r].id);
      return false;
    }
    within += a->reserves[r].kind == POLICY_RESERVE_DEDICATED ? 0 : numbers[r];
  }
  if (within <= unit->capacity)
    return true;
  g_set_error (error, FAULT, FAULT_INPUT,
               "%s: %" G_GINT64_FORMAT " places are reserved, and there are %" G_GINT64_FORMAT, unit->name,
               within, unit->capacity);
  return false;
}

static bool
check_unit (Planning *p, size_t i, GHashTable *seen, GError **error)
{
  DrawsUnit *unit = &p->units[i];
  const PolicyAllocation *allocation = p->plan->allocation;
  unit->name = allocation->name.zh;
  if (!allocation->place)
    return set_capacity (p, NULL, unit, error) && set_reserves (p, NULL, unit, error);
  if (registry_subject_entity (policy_schema (p->draws->options.package), unit->place) != allocation->place) {
    g_set_error (error, FAULT, FAULT_INPUT, "unit %zu is no %s", i + 1, allocation->place->id);
    return false;
  }
  if (!g_hash_table_add (seen, &unit->place)) {
    g_set_error (error, FAULT, FAULT_INPUT, "unit %zu is there twice", i + 1);
    return false;
  }
  const RegistryReading *reading
      = draws_read_place (p->draws, p->arena, p->who, allocation, unit->place, error);
  if (!reading)
    return false;
  unit->name = name_of (p, reading, unit->place);
  return set_capacity (p, reading, unit, error) && set_reserves (p, reading, unit, error);
}

static bool
check_units (Planning *p, GError **error)
{
  const DrawsPlan *plan = p->plan;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  p->n_units = plan->allocation->place ? plan->n_units : 1;
  if (!p->n_units || p->n_units > DRAWS_UNITS_MAX || (!plan->allocation->place && plan->n_units > 1))
    return draws_refuse (error, FAULT_INPUT, "name the places that take in: at least one, at most 2000");
  p->units = arena_new0 (p->arena, DrawsUnit, p->n_units);
  for (size_t i = 0; i < p->n_units; i++) {
    p->units[i] = i < plan->n_units ? plan->units[i] : (DrawsUnit){ .capacity = -1 };
    if (!check_unit (p, i, seen, error))
      return false;
  }
  return true;
}

/* ---- the rest of a plan ------------------------------------------------------------ */

static bool
check_lot (const Planning *p, GError **error)
{
  const DrawsPlan *plan = p->plan;
  if (!draws_needs_lot (plan->allocation))
    return true;
  if (!plan->source.name || !*plan->source.name)
    return draws_refuse (error, FAULT_INPUT,
                         "equals are drawn by lot: name the public value that decides, and its day");
  if (plan->source.day <= plan->deadline
      || (plan->fallback.name && *plan->fallback.name && plan->fallback.day <= plan->source.day))
    return draws_refuse (
        error, FAULT_INPUT,
        "the public value comes after the last day for applications, and its fallback after it");
  return true;
}

static bool
check_plan (Planning *p, GError **error)
{
  const DrawsPlan *plan = p->plan;
  if (!draws_check_office (p->who, plan->allocation, error)
      || !draws_check_text (plan->title, "the round's title", error))
    return false;
  if (plan->deadline < civil_day_of (p->now))
    return draws_refuse (error, FAULT_INPUT, "the last day for applications is past");
  if (plan->objection_days < 0 || plan->objection_days > 365)
    return draws_refuse (error, FAULT_INPUT, "objections run for 1 to 365 days");
  return check_lot (p, error) && (plan->parent || check_units (p, error));
}

static gint64
objection_days_of (const DrawsPlan *plan)
{
  const PolicyParameter *parameter = plan->allocation->objection_days;
  const PolicyParameterValue *value = parameter ? policy_parameter_at (parameter, plan->deadline) : NULL;
  gint64 days;
  if (value && value->value.kind == FEEL_NUMBER && decimal_to_int64 (value->value.number, &days))
    return days;
  return plan->objection_days ? plan->objection_days : DRAWS_OBJECTION_DAYS;
}

/* ---- writing ------------------------------------------------------------------------- */

/* UNIT with what is VACANT of it: members' places stay members', what was only guaranteed to members was open
 * to all in the end. */
static DrawsUnit
vacant_unit (const PolicyAllocation *allocation, DrawsUnit unit, const Vacant *vacant)
{
  unit.capacity = vacant->open;
  unit.reserves = vacant->reserves;
  for (size_t r = 0; r < allocation->n_reserves; r++)
    unit.capacity += allocation->reserves[r].kind == POLICY_RESERVE_HARD ? vacant->reserves[r] : 0;
  return unit;
}

static bool
is_vacant (const PolicyAllocation *allocation, const Vacant *vacant)
{
  return vacant_for (vacant, allocation->n_reserves, G_MAXUINT64);
}

/* The parent's vacant places. */
static bool
take_vacant (StoreConnection *db, Planning *p, GError **error)
{
  DrawRow parent;
  Book book;
  if (!round_row_find (db, p->draws, p->arena, p->plan->parent, &parent, error))
    return false;
  if (parent.round.allocation != p->plan->allocation || parent.round.state != DRAWS_FINAL)
    return draws_refuse (error, FAULT_CONFLICT, "a second round follows one of the same kind that is final");
  if (!book_read (db, p->arena, &parent, &book, error))
    return false;
  const Vacant *vacant = book_vacant (p->arena, &book);
  p->units = arena_new0 (p->arena, DrawsUnit, book.n_units);
  for (size_t u = 0; u < book.n_units; u++)
    if (is_vacant (book.allocation, &vacant[u]))
      p->units[p->n_units++] = vacant_unit (book.allocation, book.units[u], &vacant[u]);
  return p->n_units || draws_refuse (error, FAULT_CONFLICT, "no place is vacant");
}

static const char *
reserves_text (const Planning *p, const DrawsUnit *unit)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (size_t r = 0; r < p->plan->allocation->n_reserves; r++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, r ? ";" : "",
                            unit->reserves ? unit->reserves[r] : 0);
  return arena_text (p->arena, (Text){ text->str, text->len });
}

static bool
insert_units (StoreConnection *db, const Planning *p, GError **error)
{
  for (size_t i = 0; i < p->n_units; i++) {
    StoreStatement *s = store_statement (db,
                                         "INSERT INTO draw_unit (round, position, place, name, capacity, "
                                         "reserves) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                         error);
    if (!s)
      return false;
    store_bind_integer (s, 1, p->id);
    store_bind_integer (s, 2, (gint64)i);
    store_bind_integer (s, 3, p->units[i].place);
    store_bind_text (s, 4, p->units[i].name);
    store_bind_integer (s, 5, p->units[i].capacity);
    store_bind_text (s, 6, reserves_text (p, &p->units[i]));
    if (!store_run (s, error))
      return false;
  }
  return true;
}

static bool
insert_round (StoreConnection *db, const Planning *p, GError **error)
{
  const DrawsPlan *plan = p->plan;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO draw_round (id, allocation, title, parent, state, deadline, objection_days,"
      " objections_until, source, source_day, fallback, fallback_day, planned_by, planned_at,"
      " closed_at, drawn_at, published_at, finished_at, used_day)"
      " VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, 0, ?7, ?8, ?9, ?10, ?11, ?12, 0, 0, 0, 0, 0)",
      error);
  if (!s)
    return false;
  bool lots = draws_needs_lot (plan->allocation);
  store_bind_integer (s, 1, p->id);
  store_bind_text (s, 2, draws_allocation_key (p->arena, plan->allocation));
  store_bind_text (s, 3, plan->title);
  store_bind_integer (s, 4, plan->parent);
  store_bind_integer (s, 5, plan->deadline);
  store_bind_integer (s, 6, objection_days_of (plan));
  store_bind_text (s, 7, lots ? plan->source.name : "");
  store_bind_integer (s, 8, lots ? plan->source.day : 0);
  store_bind_text (s, 9, lots && plan->fallback.name ? plan->fallback.name : "");
  store_bind_integer (s, 10, lots && plan->fallback.name && *plan->fallback.name ? plan->fallback.day : 0);
  store_bind_text (s, 11, p->who->name);
  store_bind_integer (s, 12, p->now);
  return store_run (s, error);
}

static bool
write_plan (StoreConnection *db, gpointer data, GError **error)
{
  Planning *p = data;
  if (!store_once_look (db, &p->once, &p->id, error))
    return false;
  if (p->id)
    return true;
  return (!p->plan->parent || take_vacant (db, p, error))
         && store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM draw_round", 1, &p->id, error)
         && insert_round (db, p, error) && insert_units (db, p, error)
         && draws_note (db, p->who, "plan", p->id, 0, error)
         && store_once_remember (db, &p->once, p->id, p->now, error);
}

static const char *
digest_of (Arena *arena, const DrawsPlan *plan)
{
  Digest *digest = digest_new ();
  const gint64 numbers[]
      = { plan->parent, plan->deadline, plan->objection_days, plan->source.day, plan->fallback.day };
  digest_text (digest, draws_allocation_key (arena, plan->allocation));
  digest_text (digest, plan->title);
  digest_text (digest, plan->source.name);
  digest_text (digest, plan->fallback.name);
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    digest_integer (digest, numbers[i]);
  for (size_t i = 0; i < plan->n_units; i++) {
    digest_integer (digest, plan->units[i].place);
    digest_integer (digest, plan->units[i].capacity);
  }
  return digest_end (digest, arena);
}

gint64
draws_plan (Draws *draws, const AccessAccount *who, const DrawsPlan *plan, const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Planning p = { .draws = draws, .who = who, .plan = plan, .arena = arena, .now = draws_now (draws) };
  if (!check_plan (&p, error))
    return 0;
  p.once = (StoreOnce){ who->name, "draws-plan", key, digest_of (arena, plan) };
  return store_write (draws->store, write_plan, &p, error) ? p.id : 0;
}
