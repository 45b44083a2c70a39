#include "pen.h"

#include <string.h>

static const struct {
  int entity;
  const char *id;
} fields[DEMO_FIELD_COUNT] = {
#define F(entity, name, id) [DEMO_##entity##_##name] = { DEMO_##entity, (id) },
  DEMO_FIELDS (F)
#undef F
};

static const char *const entity_ids[DEMO_ENTITIES] = {
#define E(name, id) [DEMO_##name] = (id),
  DEMO_ENTITY_LIST (E)
#undef E
};

/* ---- opening ----------------------------------------------------------- */

static int
batch_of (DemoPen *pen, const RegistryAttribute *attribute)
{
  for (int i = 0; i < pen->n_batches; i++)
    if (pen->batches[i].entity == attribute->entity
        && g_str_equal (pen->batches[i].source, attribute->source))
      return i;
  g_assert (pen->n_batches < DEMO_BATCHES_MAX);
  pen->batches[pen->n_batches] = (DemoBatch){ .source = attribute->source, .entity = attribute->entity };
  return pen->n_batches++;
}

static gint64
power_of_ten (int n)
{
  return n > 0 ? 10 * power_of_ten (n - 1) : 1;
}

/* Only what would be unknown without a statement may be left out. */
static gint64
unknown_rate (const DemoData *data, const RegistryAttribute *a)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", a->entity->id, a->id);
  const DemoRow *row = demo_row (data->unknown, name);
  return row && a->absence == REGISTRY_ABSENT_UNKNOWN ? row->rate : 0;
}

static bool
find_fields (DemoPen *pen, const DemoData *data, GError **error)
{
  for (int e = 0; e < DEMO_ENTITIES; e++)
    if (!(pen->entities[e] = registry_schema_entity (pen->schema, entity_ids[e]))) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "registry.yaml has no entity \"%s\", which the demo county writes", entity_ids[e]);
      return false;
    }
  for (int f = 0; f < DEMO_FIELD_COUNT; f++) {
    const RegistryEntity *entity = pen->entities[fields[f].entity];
    const RegistryAttribute *a = registry_entity_attribute (entity, fields[f].id);
    if (!a) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "registry.yaml: %s has no attribute \"%s\", which the demo county writes", entity->id,
                   fields[f].id);
      return false;
    }
    bool scaled = a->kind == REGISTRY_NUMBER || a->kind == REGISTRY_MONEY;
    pen->fields[f] = (DemoField){ .attribute = a,
                                  .unit = scaled ? power_of_ten (a->scale) : 1,
                                  .unknown = unknown_rate (data, a),
                                  .batch = batch_of (pen, a),
                                  .none = a->absence == REGISTRY_ABSENT_NONE,
                                  .no = a->kind == REGISTRY_BOOLEAN && a->absence == REGISTRY_ABSENT_VALUE
                                        && g_str_equal (a->absence_text, "false") };
  }
  return true;
}

/* Every department has delivered its lists whole, also those that are empty here: who
 * is on none of them is known not to be. */
static void
add_lists (DemoPen *pen)
{
  for (size_t e = 0; e < registry_schema_size (pen->schema); e++) {
    const RegistryEntity *entity = registry_schema_entity_at (pen->schema, e);
    for (size_t i = 0; i < entity->n; i++) {
      const RegistryAttribute *a = &entity->attributes[i];
      if (a->kind != REGISTRY_COLLECTION)
        batch_of (pen, a);
      else { /* known while its own source's list is whole */
        RegistryAttribute list = { .entity = a->target, .source = a->source };
        batch_of (pen, &list);
      }
    }
  }
}

/* A rate for something the county does not write, or whose absence already
 * means something, is a slip in the data file. */
static bool
check_unknown (const DemoPen *pen, const DemoData *data, GError **error)
{
  size_t used = 0;
  for (int f = 0; f < DEMO_FIELD_COUNT; f++)
    used += pen->fields[f].unknown > 0;
  if (used == data->unknown->n)
    return true;
  g_set_error (
      error, FAULT, FAULT_INPUT,
      "%s:%u: `unknown` names an attribute that the county does not write or whose absence has a meaning",
      data->path, data->unknown->line);
  return false;
}

static bool
find_sources (DemoPen *pen, const DemoData *data, GError **error)
{
  for (int i = 0; i < pen->n_batches; i++)
    if (!(pen->batches[i].about = demo_data_source (data, pen->batches[i].source))) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s: `sources` says nothing about %s, which answers for facts of %s; add a line",
                   data->path, pen->batches[i].source, pen->batches[i].entity->id);
      return false;
    }
  return true;
}

static int
by_time (const void *a, const void *b)
{
  const DemoBatch *x = *(const DemoBatch *const *)a, *y = *(const DemoBatch *const *)b;
  if (x->about->recorded_at != y->about->recorded_at)
    return x->about->recorded_at < y->about->recorded_at ? -1 : 1;
  return x < y ? -1 : x > y;
}

static RegistryBatchId
begin (const DemoPen *pen, const DemoSource *about, const RegistryEntity *complete_of, GError **error)
{
  RegistryBatch batch = { .source = about->name,
                          .actor = "demo",
                          .evidence = about->evidence,
                          .recorded_at = about->recorded_at,
                          .complete_of = complete_of ? complete_of->id : NULL };
  return pen->sink->batch (pen->sink->data, &batch, error);
}

/* In order of their record times, all before the first subject, so that what a
 * complete load says about absence holds from the first row on. */
static bool
begin_batches (DemoPen *pen, const DemoData *data, GError **error)
{
  DemoBatch *order[DEMO_BATCHES_MAX];
  for (int i = 0; i < pen->n_batches; i++)
    order[i] = &pen->batches[i];
  qsort (order, (size_t)pen->n_batches, sizeof (DemoBatch *), by_time);
  for (int i = 0; i < pen->n_batches; i++)
    if (!(order[i]->id = begin (pen, order[i]->about, order[i]->entity, error)))
      return false;
  pen->dispute_from = data->dispute.valid_from;
  if (!(pen->dispute = begin (pen, &data->dispute, NULL, error)))
    return false;
  pen->correction_from = data->correction.valid_from;
  return (pen->correction = begin (pen, &data->correction, NULL, error)) != 0;
}

bool
demo_pen_open (DemoPen *pen, const RegistrySchema *schema, const DemoData *data, const DemoSink *sink,
               DemoSummary *summary, GError **error)
{
  memset (pen, 0, sizeof *pen);
  pen->schema = schema;
  pen->sink = sink;
  pen->summary = summary;
  if (!find_fields (pen, data, error))
    return false;
  add_lists (pen);
  return check_unknown (pen, data, error) && find_sources (pen, data, error)
         && begin_batches (pen, data, error);
}

/* ---- writing ----------------------------------------------------------- */

RegistryBatchId
demo_pen_list (DemoPen *pen, const RegistryEntity *entity)
{
  return pen->batches[batch_of (pen, &entity->attributes[0])].id;
}

Subject
demo_pen_subject (DemoPen *pen, int entity)
{
  return pen->sink->subject (pen->sink->data, pen->entities[entity]);
}

void
demo_pen_begin (DemoPen *pen, Subject subject, DemoRandom missing)
{
  pen->subject = subject;
  pen->missing = missing;
  pen->n = 0;
  pen->text_used = 0;
  memset (pen->touched, 0, sizeof pen->touched);
}

static void
put (DemoPen *pen, int field, RegistryFact fact)
{
  const DemoField *f = &pen->fields[field];
  if (fact.state == REGISTRY_NONE ? f->none : f->no && fact.integer == 0)
    return;
  if (!pen->complete && f->unknown && demo_random_chance (&pen->missing, f->unknown)) {
    pen->summary->unknown++;
    return;
  }
  fact.attribute = f->attribute;
  g_assert (pen->n < DEMO_FACTS_MAX);
  pen->batch_of[pen->n] = f->batch;
  pen->facts[pen->n++] = fact;
  pen->touched[f->batch] = true;
}

void
demo_pen_none (DemoPen *pen, int field)
{
  put (pen, field, (RegistryFact){ .state = REGISTRY_NONE });
}

void
demo_pen_text (DemoPen *pen, int field, Text text)
{
  put (pen, field, (RegistryFact){ .state = text.len ? REGISTRY_VALUE : REGISTRY_NONE, .text = text });
}

void
demo_pen_string (DemoPen *pen, int field, const char *text)
{
  demo_pen_text (pen, field, text_of (text));
}

void
demo_pen_copy (DemoPen *pen, int field, const char *text)
{
  size_t len = strlen (text);
  g_assert (pen->text_used + len <= DEMO_TEXT_MAX);
  char *copy = memcpy (pen->text + pen->text_used, text, len);
  pen->text_used += len;
  demo_pen_text (pen, field, (Text){ copy, len });
}

void
demo_pen_fact (DemoPen *pen, const RegistryFact *fact)
{
  g_assert (pen->n < DEMO_FACTS_MAX);
  int batch = batch_of (pen, fact->attribute);
  pen->batch_of[pen->n] = batch;
  pen->facts[pen->n++] = *fact;
  pen->touched[batch] = true;
}

static void
put_integer (DemoPen *pen, int field, gint64 integer)
{
  if (integer != DEMO_UNSTATED)
    put (pen, field, (RegistryFact){ .state = REGISTRY_VALUE, .integer = integer });
}

void
demo_pen_number (DemoPen *pen, int field, gint64 number)
{
  put_integer (pen, field, number == DEMO_UNSTATED ? number : number * pen->fields[field].unit);
}

void
demo_pen_scaled (DemoPen *pen, int field, gint64 number)
{
  put_integer (pen, field, number);
}

void
demo_pen_boolean (DemoPen *pen, int field, gint64 value)
{
  put_integer (pen, field, value);
}

void
demo_pen_day (DemoPen *pen, int field, Day day)
{
  if (day == DEMO_NO_DAY)
    demo_pen_none (pen, field);
  else
    put_integer (pen, field, day);
}

void
demo_pen_reference (DemoPen *pen, int field, Subject to)
{
  if (to == 0)
    demo_pen_none (pen, field);
  else
    put_integer (pen, field, to);
}

static bool
append (DemoPen *pen, RegistryBatchId batch, Day from, const RegistryFact *facts, size_t n, GError **error)
{
  pen->summary->records++;
  pen->summary->facts += (gint64)n;
  return pen->sink->append (pen->sink->data, batch, pen->subject, from, REGISTRY_FOREVER, facts, n, error);
}

bool
demo_pen_end (DemoPen *pen, GError **error)
{
  RegistryFact facts[DEMO_FACTS_MAX];
  for (int b = 0; b < pen->n_batches; b++) {
    if (!pen->touched[b])
      continue;
    size_t n = 0;
    for (int i = 0; i < pen->n; i++)
      if (pen->batch_of[i] == b)
        facts[n++] = pen->facts[i];
    if (!append (pen, pen->batches[b].id, pen->batches[b].about->valid_from, facts, n, error))
      return false;
  }
  return true;
}

static bool
state_later (DemoPen *pen, RegistryBatchId batch, Day from, int field, gint64 number, GError **error)
{
  const DemoField *f = &pen->fields[field];
  RegistryFact fact = { .attribute = f->attribute, .state = REGISTRY_VALUE, .integer = number * f->unit };
  return append (pen, batch, from, &fact, 1, error);
}

bool
demo_pen_correct (DemoPen *pen, int field, gint64 number, GError **error)
{
  pen->summary->corrections++;
  return state_later (pen, pen->correction, pen->correction_from, field, number, error);
}

bool
demo_pen_dispute (DemoPen *pen, int field, gint64 number, GError **error)
{
  pen->summary->disputes++;
  return state_later (pen, pen->dispute, pen->dispute_from, field, number, error);
}
