/* The decision requirements diagram (DMN 1.5, 13): in layers, what is required below
 * what requires it. */
#include "write_private.h"

enum { WIDTH = 180, HEIGHT = 60, GAP_ACROSS = 40, GAP_DOWN = 80, MARGIN = 40 };

typedef struct {
  const char *id;
  const DmnDecision *decision; /* NULL: an input, or the knowledge source */
  int height;
  unsigned layer, place;
} Shape;

typedef struct {
  xmlTextWriter *w;
  Arena *arena;
  WriteIds ids;
  GArray *shapes;
  unsigned layers;
} Diagram;

static Shape *
find (const Diagram *d, const char *id)
{
  for (guint i = 0; i < d->shapes->len; i++) {
    Shape *shape = &g_array_index (d->shapes, Shape, i);
    if (strcmp (shape->id, id) == 0)
      return shape;
  }
  return NULL;
}

/* One above the highest that D requires; the model has no circles. */
static unsigned
layer_of (const Diagram *d, const DmnDecision *decision)
{
  Shape *shape = find (d, write_decision_id (d->arena, d->ids, decision));
  if (shape->layer)
    return shape->layer;
  unsigned layer = decision->role == DMN_KNOWLEDGE ? 0 : 1;
  for (size_t i = 0; i < decision->n_requires; i++) {
    const DmnDecision *required = decision->requires_[i];
    if (required->unit == d->ids.unit && required != decision)
      layer = MAX (layer, layer_of (d, required) + 1);
  }
  return shape->layer = layer;
}

static void
add (Diagram *d, const char *id, const DmnDecision *decision, int height)
{
  Shape shape = { .id = id, .decision = decision, .height = height };
  g_array_append_val (d->shapes, shape);
}

static void
arrange (Diagram *d)
{
  const DmnUnit *unit = d->ids.unit;
  for (size_t v = 0; v < unit->n_variables; v++)
    if (d->ids.facts->every_input || write_is_read (unit, v))
      add (d, write_input_id (d->arena, d->ids, v), NULL, 45);
  for (size_t i = 0; i < unit->n_decisions; i++)
    add (d, write_decision_id (d->arena, d->ids, unit->decisions[i]), unit->decisions[i],
         unit->decisions[i]->role == DMN_KNOWLEDGE ? 46 : HEIGHT);
  for (size_t i = 0; i < unit->n_decisions; i++)
    d->layers = MAX (d->layers, layer_of (d, unit->decisions[i]));
  if (d->ids.facts->source.name) {
    add (d, "knowledge_source", NULL, 63);
    find (d, "knowledge_source")->layer = d->layers;
  }
  g_autofree unsigned *used = g_new0 (unsigned, d->layers + 1);
  for (guint i = 0; i < d->shapes->len; i++) {
    Shape *shape = &g_array_index (d->shapes, Shape, i);
    shape->place = used[shape->layer]++;
  }
}

static int
left (const Shape *shape)
{
  return MARGIN + (int)shape->place * (WIDTH + GAP_ACROSS);
}

static int
top (const Diagram *d, const Shape *shape)
{
  return MARGIN + (int)(d->layers - shape->layer) * (HEIGHT + GAP_DOWN) + (HEIGHT - shape->height) / 2;
}

static void
attribute_int (xmlTextWriter *w, const char *name, int value)
{
  xmlTextWriterWriteFormatAttribute (w, (const xmlChar *)name, "%d", value);
}

static void
begin (xmlTextWriter *w, const char *element)
{
  xmlTextWriterStartElement (w, (const xmlChar *)element);
}

static void
write_shape (const Diagram *d, const Shape *shape)
{
  begin (d->w, "dmndi:DMNShape");
  xmlTextWriterWriteFormatAttribute (d->w, (const xmlChar *)"id", "shape_%s", shape->id);
  xmlTextWriterWriteAttribute (d->w, (const xmlChar *)"dmnElementRef", (const xmlChar *)shape->id);
  begin (d->w, "dc:Bounds");
  attribute_int (d->w, "x", left (shape));
  attribute_int (d->w, "y", top (d, shape));
  attribute_int (d->w, "width", shape->decision ? WIDTH : WIDTH - 55);
  attribute_int (d->w, "height", shape->height);
  xmlTextWriterEndElement (d->w);
  xmlTextWriterEndElement (d->w);
}

static void
write_point (const Diagram *d, int x, int y)
{
  begin (d->w, "di:waypoint");
  attribute_int (d->w, "x", x);
  attribute_int (d->w, "y", y);
  xmlTextWriterEndElement (d->w);
}

static int
middle (const Shape *shape)
{
  return left (shape) + (shape->decision ? WIDTH : WIDTH - 55) / 2;
}

/* From the upper side of what is required to the lower side of what requires it. */
static void
write_edge (const Diagram *d, const char *requirement, const Shape *from, const Shape *to)
{
  begin (d->w, "dmndi:DMNEdge");
  xmlTextWriterWriteFormatAttribute (d->w, (const xmlChar *)"id", "edge_%s", requirement);
  xmlTextWriterWriteAttribute (d->w, (const xmlChar *)"dmnElementRef", (const xmlChar *)requirement);
  if (from->layer == to->layer) { /* the knowledge source beside its decision */
    write_point (d, left (from), top (d, from) + from->height / 2);
    write_point (d, left (to) + WIDTH, top (d, to) + to->height / 2);
  } else {
    write_point (d, middle (from), top (d, from));
    write_point (d, middle (to), top (d, to) + to->height);
  }
  xmlTextWriterEndElement (d->w);
}

static void
write_edges (const Diagram *d, const Shape *to)
{
  const DmnUnit *unit = d->ids.unit;
  for (size_t v = 0; v < unit->n_variables; v++) {
    bool read = false;
    for (size_t p = 0; p < to->decision->n_paths; p++)
      read |= (size_t)to->decision->paths[p].slot == v;
    if (read && to->decision->role == DMN_DECISION)
      write_edge (d, arena_printf (d->arena, "%s_reads_%zu", to->id, v + 1),
                  find (d, write_input_id (d->arena, d->ids, v)), to);
  }
  for (size_t i = 0; i < to->decision->n_requires; i++) {
    const DmnDecision *required = to->decision->requires_[i];
    if (required->unit == unit && required != to->decision)
      write_edge (d, arena_printf (d->arena, "%s_requires_%zu", to->id, i + 1),
                  find (d, write_decision_id (d->arena, d->ids, required)), to);
  }
  const Shape *source = find (d, "knowledge_source");
  if (source && write_is_outcome (to->decision))
    write_edge (d, arena_printf (d->arena, "%s_authority", to->id), source, to);
}

void
write_diagram (xmlTextWriter *w, Arena *arena, WriteIds ids)
{
  g_autoptr (GArray) shapes = g_array_new (FALSE, TRUE, sizeof (Shape));
  Diagram d = { .w = w, .arena = arena, .ids = ids, .shapes = shapes };
  arrange (&d);
  begin (w, "dmndi:DMNDI");
  begin (w, "dmndi:DMNDiagram");
  xmlTextWriterWriteAttribute (w, (const xmlChar *)"id", (const xmlChar *)"diagram");
  for (guint i = 0; i < shapes->len; i++)
    write_shape (&d, &g_array_index (shapes, Shape, i));
  for (guint i = 0; i < shapes->len; i++)
    if (g_array_index (shapes, Shape, i).decision)
      write_edges (&d, &g_array_index (shapes, Shape, i));
  xmlTextWriterEndElement (w);
  xmlTextWriterEndElement (w);
}
