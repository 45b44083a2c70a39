/* The decision requirements diagram as DMN's own interchange (DMN 1.5, 13). */
#include "write_private.h"

enum { SOURCE_WIDTH = 125, SOURCE_HEIGHT = 63, SOURCE_GAP = 40 };

typedef struct {
  xmlTextWriter *w;
  Arena *arena;
  WriteIds ids;
  const DmnDiagram *diagram;
} Interchange;

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

static const char *
id_of (const Interchange *d, const DmnBox *box)
{
  return box->decision ? write_decision_id (d->arena, d->ids, box->decision)
                       : write_input_id (d->arena, d->ids, (size_t)box->variable);
}

static void
write_shape (const Interchange *d, const char *id, const DmnBox *box)
{
  begin (d->w, "dmndi:DMNShape");
  xmlTextWriterWriteFormatAttribute (d->w, (const xmlChar *)"id", "shape_%s", id);
  xmlTextWriterWriteAttribute (d->w, (const xmlChar *)"dmnElementRef", (const xmlChar *)id);
  begin (d->w, "dc:Bounds");
  attribute_int (d->w, "x", box->x);
  attribute_int (d->w, "y", box->y);
  attribute_int (d->w, "width", box->width);
  attribute_int (d->w, "height", box->height);
  xmlTextWriterEndElement (d->w);
  xmlTextWriterEndElement (d->w);
}

static void
write_point (const Interchange *d, int x, int y)
{
  begin (d->w, "di:waypoint");
  attribute_int (d->w, "x", x);
  attribute_int (d->w, "y", y);
  xmlTextWriterEndElement (d->w);
}

/* From the upper side of what is required to the lower side of what requires it;
 * from what stands beside it across. */
static void
write_edge (const Interchange *d, const char *requirement, const DmnBox *from, const DmnBox *to)
{
  begin (d->w, "dmndi:DMNEdge");
  xmlTextWriterWriteFormatAttribute (d->w, (const xmlChar *)"id", "edge_%s", requirement);
  xmlTextWriterWriteAttribute (d->w, (const xmlChar *)"dmnElementRef", (const xmlChar *)requirement);
  if (from->y < to->y + to->height) {
    write_point (d, from->x, from->y + from->height / 2);
    write_point (d, to->x + to->width, to->y + to->height / 2);
  } else {
    write_point (d, from->x + from->width / 2, from->y);
    write_point (d, to->x + to->width / 2, to->y + to->height);
  }
  xmlTextWriterEndElement (d->w);
}

static void
write_line (const Interchange *d, const DmnLine *line)
{
  const DmnBox *from = &d->diagram->boxes[line->from], *to = &d->diagram->boxes[line->to];
  const char *id = id_of (d, to);
  write_edge (d,
              line->requirement ? arena_printf (d->arena, "%s_requires_%zu", id, line->requirement)
                                : arena_printf (d->arena, "%s_reads_%d", id, from->variable + 1),
              from, to);
}

/* What the whole rests on, right of the outcomes it gives authority to. */
static void
write_source (const Interchange *d)
{
  DmnBox source = { .x = d->diagram->width, .y = SOURCE_GAP, .width = SOURCE_WIDTH, .height = SOURCE_HEIGHT };
  write_shape (d, "knowledge_source", &source);
  for (size_t i = 0; i < d->diagram->n_boxes; i++) {
    const DmnBox *box = &d->diagram->boxes[i];
    if (box->decision && write_is_outcome (box->decision))
      write_edge (d, arena_printf (d->arena, "%s_authority", id_of (d, box)), &source, box);
  }
}

void
write_diagram (xmlTextWriter *w, Arena *arena, WriteIds ids)
{
  Interchange d = { w, arena, ids, dmn_unit_diagram (arena, ids.unit, ids.facts->every_input) };
  begin (w, "dmndi:DMNDI");
  begin (w, "dmndi:DMNDiagram");
  xmlTextWriterWriteAttribute (w, (const xmlChar *)"id", (const xmlChar *)"diagram");
  for (size_t i = 0; i < d.diagram->n_boxes; i++)
    write_shape (&d, id_of (&d, &d.diagram->boxes[i]), &d.diagram->boxes[i]);
  for (size_t i = 0; i < d.diagram->n_lines; i++)
    write_line (&d, &d.diagram->lines[i]);
  if (ids.facts->source.name)
    write_source (&d);
  xmlTextWriterEndElement (w);
  xmlTextWriterEndElement (w);
}
