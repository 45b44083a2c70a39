/* The result as JSON, and as rows of a table. */
#include "barriers_private.h"

/* ---- JSON ---------------------------------------------------------------------- */

static void
write_count (JsonWriter *w, BarriersCount count)
{
  population_member (w, "kept_out", count.no);
  population_member (w, "undetermined", count.open);
}

static void
write_places (JsonWriter *w, const PolicyBarrier *barrier)
{
  json_member_array (w, "read_in");
  for (size_t i = 0; i < barrier->n_places; i++) {
    const PolicyPlace *place = &barrier->places[i];
    json_begin_object (w);
    json_key (w, "decision");
    json_text (w, place->decision->name);
    json_member_str (w, "unit", place->decision->unit->id);
    json_member_int (w, "line", place->line);
    json_end_object (w);
  }
  json_end_array (w);
}

/* A text or truth is its value; a case of dates or numbers has a first and a last. */
static void
write_value (JsonWriter *w, const BarriersValue *value, Arena *arena)
{
  bool listed = value->from.kind == FEEL_STRING || value->from.kind == FEEL_BOOLEAN;
  json_begin_object (w);
  json_member_str (w, listed ? "value" : "from", barriers_value_text (arena, value->from));
  if (!listed)
    json_member_str (w, "to", barriers_value_text (arena, value->to));
  policy_write_text (w, "name", value->name);
  write_count (w, value->count);
  json_end_object (w);
}

static void
write_values (JsonWriter *w, const BarriersFinding *f, Arena *arena)
{
  json_member_array (w, "values");
  for (size_t i = 0; i < f->n_values; i++)
    write_value (w, &f->values[i], arena);
  json_end_array (w);
  json_member_array (w, "townships");
  for (size_t i = 0; i < f->n_townships; i++) {
    const BarriersTownship *t = &f->townships[i];
    json_begin_object (w);
    json_member_str (w, "id", *t->id ? t->id : NULL);
    policy_write_text (w, "name", t->name);
    population_member (w, "subjects", t->subjects);
    write_count (w, t->count);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_dependents (JsonWriter *w, const RegistryBarrier *barrier)
{
  json_member_array (w, "recomputed");
  for (size_t i = 0; i < barrier->n_recomputed; i++)
    json_str (w, barrier->recomputed[i].attribute->zh);
  json_end_array (w);
  json_member_array (w, "held");
  for (size_t i = 0; i < barrier->n_held; i++)
    json_str (w, barrier->held[i]->zh);
  json_end_array (w);
}

static void
write_finding (JsonWriter *w, const BarriersFinding *f, Arena *arena)
{
  const PolicyBarrier *b = f->barrier;
  json_begin_object (w);
  json_member_str (w, "provision", b->provision ? b->provision->id : NULL);
  json_member_str (w, "allocation", b->allocation ? b->allocation->id : NULL);
  policy_write_text (w, "outcome", b->provision ? b->provision->outcome : b->allocation->name);
  json_member_str (w, "subject", b->root->id);
  json_member_str (w, "fact", policy_path_text (arena, b->root, &b->path));
  json_member_str (w, "kind", registry_barrier_id (b->attribute->barrier->kind));
  json_member_str (w, "effect", policy_effect_id (b->effect));
  write_places (w, b);
  write_dependents (w, b->attribute->barrier);
  json_key (w, "counted");
  if (f->counted) {
    json_begin_object (w);
    population_member (w, "subjects", f->now.subjects);
    population_member (w, "yes", f->now.yes);
    write_count (w, f->count);
    json_member_bool (w, "complete", f->all);
    json_member_str (w, "outside_columns", f->why);
    write_values (w, f, arena);
    json_end_object (w);
  } else
    json_null (w);
  json_end_object (w);
}

static void
write_parity (JsonWriter *w, const BarriersParity *p)
{
  json_begin_object (w);
  json_member_str (w, "provision", p->provision->id);
  policy_write_text (w, "outcome", p->provision->outcome);
  json_member_str (w, "origin", p->origin->zh);
  population_member (w, "subjects", p->now.subjects);
  population_member (w, "yes", p->now.yes);
  write_count (w, p->gap);
  json_end_object (w);
}

static void
write_clause (JsonWriter *w, const BarriersClause *c, Arena *arena)
{
  json_begin_object (w);
  json_member_int (w, "number", c->clause->number);
  policy_write_text (w, "title", c->clause->title);
  json_member_array (w, "barriers");
  for (size_t i = 0; i < c->n_findings; i++)
    write_finding (w, &c->findings[i], arena);
  json_end_array (w);
  json_member_array (w, "parity");
  for (size_t i = 0; i < c->n_parity; i++)
    write_parity (w, &c->parity[i]);
  json_end_array (w);
  json_end_object (w);
}

void
barriers_write (JsonWriter *w, const PolicyPackage *package, const BarriersClause *clauses, size_t n,
                Day as_of)
{
  g_autoptr (Arena) arena = arena_new ();
  char day[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_str (w, "package", policy_hash (package));
  json_member_str (w, "as_of", civil_format (as_of, day));
  json_member_array (w, "clauses");
  for (size_t i = 0; i < n; i++)
    write_clause (w, &clauses[i], arena);
  json_end_array (w);
  json_end_object (w);
}

/* ---- rows ------------------------------------------------------------------------ */

const char *const barriers_columns[BARRIERS_COLUMNS]
    = { "clause", "provision",  "outcome",  "entity", "fact",     "kind",         "effect",  "group_by",
        "group",  "group_name", "subjects", "yes",    "kept_out", "undetermined", "complete" };

/* One row but for its clause, fact and effect. */
typedef struct {
  const char *by, *id, *name, *subjects, *yes;
  BarriersCount count;
} Row;

static void
add_row (GPtrArray *rows, Arena *arena, const BarriersFinding *f, Row row)
{
  const PolicyBarrier *b = f->barrier;
  const char *const cells[BARRIERS_COLUMNS] = {
    arena_printf (arena, "%d", b->provision ? b->provision->clause->number : b->allocation->clause->number),
    b->provision ? b->provision->id : b->allocation->id,
    b->provision ? b->provision->outcome.zh : b->allocation->name.zh,
    b->root->id,
    policy_path_text (arena, b->root, &b->path),
    registry_barrier_id (b->attribute->barrier->kind),
    policy_effect_id (b->effect),
    row.by,
    row.id,
    row.name,
    row.subjects,
    row.yes,
    f->counted ? population_cell (arena, row.count.no) : "",
    f->counted ? population_cell (arena, row.count.open) : "",
    !f->counted ? ""
    : f->all    ? "true"
                : "false",
  };
  g_ptr_array_add (rows, arena_copy (arena, cells, sizeof cells));
}

static void
add_finding (GPtrArray *rows, Arena *arena, const BarriersFinding *f)
{
  const char *subjects = f->counted ? population_cell (arena, f->now.subjects) : "",
             *yes = f->counted ? population_cell (arena, f->now.yes) : "";
  add_row (rows, arena, f, (Row){ "", "", "", subjects, yes, f->count });
  for (size_t i = 0; i < f->n_values; i++)
    add_row (rows, arena, f,
             (Row){ "value", barriers_value_text (arena, f->values[i].from), f->values[i].name.zh, "", "",
                    f->values[i].count });
  for (size_t i = 0; i < f->n_townships; i++)
    add_row (rows, arena, f,
             (Row){ "township", f->townships[i].id, f->townships[i].name.zh,
                    population_cell (arena, f->townships[i].subjects), "", f->townships[i].count });
}

static void
add_parity (GPtrArray *rows, Arena *arena, const BarriersParity *p)
{
  const char *const cells[BARRIERS_COLUMNS] = {
    arena_printf (arena, "%d", p->provision->clause->number),
    p->provision->id,
    p->provision->outcome.zh,
    p->provision->subject->id,
    arena_printf (arena, "%s.%s", p->provision->subject->zh, p->origin->zh),
    registry_barrier_id (p->origin->barrier->kind),
    policy_effect_id (POLICY_REFUSES),
    "parity",
    "",
    p->origin->zh,
    population_cell (arena, p->now.subjects),
    population_cell (arena, p->now.yes),
    population_cell (arena, p->gap.no),
    population_cell (arena, p->gap.open),
    "true",
  };
  g_ptr_array_add (rows, arena_copy (arena, cells, sizeof cells));
}

const char *const *const *
barriers_rows (Arena *arena, const BarriersClause *clause, size_t *n)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  for (size_t i = 0; i < clause->n_findings; i++)
    add_finding (rows, arena, &clause->findings[i]);
  for (size_t i = 0; i < clause->n_parity; i++)
    add_parity (rows, arena, &clause->parity[i]);
  *n = rows->len;
  return arena_copy (arena, rows->pdata, rows->len * sizeof (gpointer));
}
