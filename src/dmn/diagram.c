/* The decision requirements diagram (DMN 1.5, 13): in layers, what is required below
 * what requires it; within a layer near what it is joined to. */
#include "dmn_private.h"

enum {
  WIDTH = 180,
  NARROW = 125, /* inputs */
  HEIGHT = 60,
  INPUT_HEIGHT = 45,
  KNOWLEDGE_HEIGHT = 46,
  GAP_ACROSS = 40,
  GAP_DOWN = 60,
  MARGIN = 20,
  SWEEPS = 4
};

typedef struct {
  const DmnUnit *unit;
  const DmnDecision **decisions; /* those that are drawn */
  size_t n_decisions;
  DmnBox *boxes;
  size_t n_boxes;
  DmnLine *lines;
  size_t n_lines;
  unsigned *layers; /* per box */
  double *places;   /* per box: within its layer */
  unsigned n_layers;
} Layout;

static bool
reads (const DmnDecision *d, size_t variable)
{
  for (size_t p = 0; p < d->n_paths; p++)
    if ((size_t)d->paths[p].slot == variable)
      return true;
  return false;
}

bool
unit_is_read (const DmnUnit *unit, size_t variable)
{
  for (size_t i = 0; i < unit->n_decisions; i++)
    if (reads (unit->decisions[i], variable))
      return true;
  return false;
}

static size_t
box_of (const Layout *l, const DmnDecision *d)
{
  size_t i = 0;
  while (l->boxes[i].decision != d)
    i++;
  return i;
}

/* One above the highest that D requires; the model has no circles. */
static unsigned
layer_of (Layout *l, const DmnDecision *d)
{
  unsigned *mine = &l->layers[box_of (l, d)];
  if (*mine)
    return *mine;
  unsigned layer = d->role == DMN_KNOWLEDGE ? 0 : 1;
  for (size_t i = 0; i < d->n_requires; i++)
    if (d->requires_[i]->unit == l->unit && d->requires_[i] != d)
      layer = MAX (layer, layer_of (l, d->requires_[i]) + 1);
  return *mine = layer;
}

static bool
is_read (const Layout *l, size_t variable)
{
  for (size_t i = 0; i < l->n_decisions; i++)
    if (reads (l->decisions[i], variable))
      return true;
  return false;
}

static void
add_boxes (Layout *l, bool every_input)
{
  for (size_t v = 0; v < l->unit->n_variables; v++)
    if (every_input || is_read (l, v))
      l->boxes[l->n_boxes++] = (DmnBox){ .variable = (int)v, .width = NARROW, .height = INPUT_HEIGHT };
  for (size_t i = 0; i < l->n_decisions; i++) {
    const DmnDecision *d = l->decisions[i];
    int height = d->role == DMN_KNOWLEDGE ? KNOWLEDGE_HEIGHT : HEIGHT;
    l->boxes[l->n_boxes++] = (DmnBox){ .decision = d, .variable = -1, .width = WIDTH, .height = height };
  }
}

static void
add_lines_to (Layout *l, size_t to)
{
  const DmnDecision *d = l->boxes[to].decision;
  for (size_t b = 0; b < l->n_boxes; b++)
    if (!l->boxes[b].decision && d->role == DMN_DECISION && reads (d, (size_t)l->boxes[b].variable))
      l->lines[l->n_lines++] = (DmnLine){ b, to, 0 };
  for (size_t i = 0; i < d->n_requires; i++)
    if (d->requires_[i]->unit == l->unit && d->requires_[i] != d)
      l->lines[l->n_lines++] = (DmnLine){ box_of (l, d->requires_[i]), to, i + 1 };
}

/* Ranks the boxes of each layer by their places. */
static void
rank (Layout *l)
{
  for (size_t i = 0; i < l->n_boxes; i++) {
    unsigned before = 0;
    for (size_t k = 0; k < l->n_boxes; k++)
      before += l->layers[k] == l->layers[i]
                && (l->places[k] < l->places[i] || (l->places[k] == l->places[i] && k < i));
    l->boxes[i].x = (int)before;
  }
  for (size_t i = 0; i < l->n_boxes; i++)
    l->places[i] = l->boxes[i].x;
}

/* Each box goes where its neighbours are on average (Sugiyama, Tagawa, Toda 1981),
 * looking up and down in turn: lines cross less. */
static void
untangle (Layout *l)
{
  for (int sweep = 0; sweep < SWEEPS; sweep++) {
    for (size_t i = 0; i < l->n_boxes; i++) {
      double sum = 0;
      unsigned n = 0;
      for (size_t k = 0; k < l->n_lines; k++) {
        size_t other = sweep % 2 ? l->lines[k].to : l->lines[k].from;
        size_t mine = sweep % 2 ? l->lines[k].from : l->lines[k].to;
        if (mine != i)
          continue;
        sum += l->places[other];
        n++;
      }
      if (n)
        l->places[i] = sum / n;
    }
    rank (l);
  }
}

static void
place (Layout *l, DmnDiagram *diagram)
{
  g_autofree unsigned *counts = g_new0 (unsigned, l->n_layers + 1);
  unsigned widest = 0;
  for (size_t i = 0; i < l->n_boxes; i++)
    counts[l->layers[i]]++;
  for (unsigned layer = 0; layer <= l->n_layers; layer++)
    widest = MAX (widest, counts[layer]);
  for (size_t i = 0; i < l->n_boxes; i++) {
    DmnBox *box = &l->boxes[i];
    /* A short layer stands in the middle of the widest. */
    int spare = (int)(widest - counts[l->layers[i]]) * (WIDTH + GAP_ACROSS) / 2;
    box->x = MARGIN + spare + box->x * (WIDTH + GAP_ACROSS) + (WIDTH - box->width) / 2;
    box->y = MARGIN + (int)(l->n_layers - l->layers[i]) * (HEIGHT + GAP_DOWN) + (HEIGHT - box->height) / 2;
    diagram->width = MAX (diagram->width, box->x + box->width + MARGIN);
    diagram->height = MAX (diagram->height, box->y + box->height + MARGIN);
  }
}

/* Draws what L has of decisions. */
static const DmnDiagram *
draw (Layout *l, Arena *arena, bool every_input)
{
  size_t room = l->unit->n_variables + l->n_decisions, lines = 0;
  for (size_t i = 0; i < l->n_decisions; i++)
    lines += l->unit->n_variables + l->decisions[i]->n_requires;
  l->boxes = arena_new0 (arena, DmnBox, room);
  l->lines = arena_new0 (arena, DmnLine, lines);
  l->layers = arena_new0 (arena, unsigned, room);
  l->places = arena_new0 (arena, double, room);
  add_boxes (l, every_input);
  for (size_t i = 0; i < l->n_decisions; i++)
    l->n_layers = MAX (l->n_layers, layer_of (l, l->decisions[i]));
  for (size_t i = 0; i < l->n_boxes; i++)
    if (l->boxes[i].decision)
      add_lines_to (l, i);
  rank (l);
  untangle (l);
  DmnDiagram *diagram = arena_new0 (arena, DmnDiagram, 1);
  place (l, diagram);
  diagram->boxes = l->boxes;
  diagram->n_boxes = l->n_boxes;
  diagram->lines = l->lines;
  diagram->n_lines = l->n_lines;
  return diagram;
}

const DmnDiagram *
dmn_unit_diagram (Arena *arena, const DmnUnit *unit, bool every_input)
{
  Layout l = { .unit = unit, .n_decisions = unit->n_decisions };
  l.decisions = arena_copy (arena, unit->decisions, unit->n_decisions * sizeof (DmnDecision *));
  return draw (&l, arena, every_input);
}

/* D and what it requires of its own unit, each once. */
static void
collect (Layout *l, const DmnDecision *d)
{
  for (size_t i = 0; i < l->n_decisions; i++)
    if (l->decisions[i] == d)
      return;
  l->decisions[l->n_decisions++] = d;
  for (size_t i = 0; i < d->n_requires; i++)
    if (d->requires_[i]->unit == l->unit)
      collect (l, d->requires_[i]);
}

const DmnDiagram *
dmn_decision_diagram (Arena *arena, const DmnDecision *const *decisions, size_t n)
{
  Layout l = { .unit = decisions[0]->unit };
  l.decisions = arena_new0 (arena, const DmnDecision *, l.unit->n_decisions);
  for (size_t i = 0; i < n; i++)
    if (decisions[i])
      collect (&l, decisions[i]);
  return draw (&l, arena, false);
}
