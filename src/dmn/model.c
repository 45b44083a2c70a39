/* The model: units gathered, then linked once.
 *
 * A clause's decisions are compiled in their unit's scope, and what they read
 * tells what they require.  A DMN file's decisions state what they require, so
 * they are ordered first and compiled with the types of what they require
 * known.  A depth-first walk refuses cycles in both. */
#include "dmn_private.h"

#include <libxml/tree.h>

DmnModel *
dmn_model_new (void)
{
  DmnModel *model = g_new0 (DmnModel, 1);
  model->arena = arena_new ();
  model->units = g_ptr_array_new ();
  return model;
}

static void
clear_decision (Decision *d)
{
  g_clear_pointer (&d->requirements, g_array_unref);
  g_clear_pointer (&d->service.input_data, g_array_unref);
  g_clear_pointer (&d->service.input_decisions, g_array_unref);
  g_clear_pointer (&d->service.output_decisions, g_array_unref);
}

static void
clear_unit (Unit *unit)
{
  for (guint i = 0; i < unit->decisions->len; i++)
    clear_decision (unit->decisions->pdata[i]);
  g_ptr_array_unref (unit->decisions);
  g_array_unref (unit->prose);
  g_array_unref (unit->variables);
  g_array_unref (unit->variable_names);
  g_hash_table_unref (unit->by_name);
  g_hash_table_unref (unit->by_id);
  g_hash_table_unref (unit->items_by_name);
  g_ptr_array_unref (unit->items);
  g_array_unref (unit->elements);
  g_array_unref (unit->imports);
  xmlFreeDoc (unit->document);
}

void
dmn_model_free (DmnModel *model)
{
  if (!model)
    return;
  for (guint i = 0; i < model->units->len; i++)
    clear_unit (model->units->pdata[i]);
  g_ptr_array_unref (model->units);
  arena_free (model->arena);
  g_free (model);
}

static guint
hash_key (gconstpointer key)
{
  return text_hash (*(const Text *)key);
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  return text_equal (*(const Text *)a, *(const Text *)b);
}

GHashTable *
dmn_map_new (void)
{
  return g_hash_table_new (hash_key, equal_keys);
}

Unit *
dmn_unit_new (DmnModel *model, const char *id, const char *origin)
{
  Unit *unit = arena_new0 (model->arena, Unit, 1);
  unit->decisions = g_ptr_array_new ();
  unit->prose = g_array_new (FALSE, TRUE, sizeof (DmnProse));
  unit->variables = g_array_new (FALSE, TRUE, sizeof (DmnVariable));
  unit->variable_names = g_array_new (FALSE, TRUE, sizeof (DmnName));
  unit->by_name = dmn_map_new ();
  unit->by_id = dmn_map_new ();
  unit->items_by_name = dmn_map_new ();
  unit->items = g_ptr_array_new ();
  unit->elements = g_array_new (FALSE, TRUE, sizeof (DmnElement));
  unit->imports = g_array_new (FALSE, TRUE, sizeof (DmnImport));
  unit->public.id = arena_text (model->arena, text_of (id));
  unit->public.origin = arena_text (model->arena, text_of (origin));
  return unit;
}

void
dmn_unit_finish (DmnModel *model, Unit *unit)
{
  unit->index = (int)model->units->len;
  for (guint i = 0; i < unit->decisions->len; i++)
    ((Decision *)unit->decisions->pdata[i])->index = (int)i;
  unit->public.n_decisions = unit->decisions->len;
  unit->public.decisions = (const DmnDecision *const *)(void *)unit->decisions->pdata;
  unit->public.n_prose = unit->prose->len;
  unit->public.prose = (const DmnProse *)(void *)unit->prose->data;
  g_ptr_array_add (model->units, unit);
}

void *
dmn_keep (Arena *arena, const void *data, size_t size)
{
  return size ? memcpy (arena_alloc (arena, size), data, size) : NULL;
}

Unit *
dmn_model_find_unit (const DmnModel *model, const char *id)
{
  for (guint i = 0; i < model->units->len; i++) {
    Unit *unit = model->units->pdata[i];
    if (strcmp (unit->public.id, id) == 0)
      return unit;
  }
  return NULL;
}

Decision *
dmn_unit_decision (const Unit *unit, Text name)
{
  return g_hash_table_lookup (unit->by_name, &name);
}

bool
dmn_unit_add (Unit *unit, Decision *d)
{
  g_ptr_array_add (unit->decisions, d);
  if (g_hash_table_contains (unit->by_name, &d->public.name))
    return false;
  g_hash_table_insert (unit->by_name, &d->public.name, d);
  return true;
}

int
dmn_unit_variable (const Unit *unit, const char *name)
{
  for (size_t i = 0; i < unit->public.n_variables; i++)
    if (strcmp (unit->public.variables[i].name, name) == 0)
      return (int)i;
  return -1;
}

const DmnUnit *
dmn_model_unit (const DmnModel *model, const char *id)
{
  const Unit *unit = dmn_model_find_unit (model, id);
  return unit ? &unit->public : NULL;
}

/* A Unit begins with its DmnUnit, so pointers to one are pointers to the other. */
const DmnUnit *const *
dmn_model_units (const DmnModel *model, size_t *n)
{
  *n = model->units->len;
  return (const DmnUnit *const *)(void *)model->units->pdata;
}

const DmnDecision *
dmn_model_find (const DmnModel *model, const char *unit_id, const char *decision)
{
  const Unit *unit = dmn_model_find_unit (model, unit_id);
  const Decision *d = unit ? dmn_unit_decision (unit, text_of (decision)) : NULL;
  return d ? &d->public : NULL;
}

const DmnDecision *
dmn_unit_find (const DmnUnit *unit, Text name)
{
  const Decision *d = dmn_unit_decision ((const Unit *)unit, name);
  return d ? &d->public : NULL;
}

Text
dmn_decision_text (const DmnDecision *decision)
{
  const DmnExpression *x = decision->logic;
  if (x && x->kind == DMN_FUNCTION && x->n_parts)
    x = x->parts[0];
  return x && x->kind == DMN_LITERAL ? x->cell.text : TEXT_LITERAL ("");
}

const char *
dmn_path_variable (const DmnDecision *decision, const FeelPath *path)
{
  g_assert (path->slot >= 0 && (size_t)path->slot < decision->unit->n_variables);
  return decision->unit->variables[path->slot].name;
}

/* ---- order ------------------------------------------------------------- */

static void
report_cycle (const Decision *d, GPtrArray *open, DmnFaults *faults)
{
  g_autoptr (GString) chain = g_string_new (NULL);
  guint from = 0;
  g_ptr_array_find (open, d, &from);
  for (guint i = from; i < open->len; i++) {
    Text name = ((Decision *)open->pdata[i])->public.name;
    g_string_append_len (chain, name.bytes, (gssize)name.len);
    g_string_append (chain, " → ");
  }
  g_string_append_len (chain, d->public.name.bytes, (gssize)d->public.name.len);
  dmn_faults_add (faults, DMN_ERROR, "cycle", d->unit->public.origin, d->public.line, 1,
                  "these decisions need each other: %s; break the circle", chain->str);
}

/* Evaluating a chain takes no stack, but who walks along it may. */
static void
report_height (const Decision *d, DmnFaults *faults)
{
  dmn_faults_add (faults, DMN_ERROR, "limit", d->unit->public.origin, d->public.line, 1,
                  "more than %d decisions wait for one another", DMN_CHAIN_MAX);
}

typedef struct {
  GPtrArray *open, *done; /* Decision * */
  DmnFaults *faults;
} Order;

/* Depth first; meeting a decision that is still open closes a cycle. */
static void
order_enter (Order *o, Decision *d)
{
  if (d->mark == MARK_OPEN)
    report_cycle (d, o->open, o->faults);
  if (d->mark != MARK_NEW)
    return;
  d->mark = MARK_OPEN;
  g_ptr_array_add (o->open, d);
}

static void
order_leave (Order *o, Decision *d)
{
  for (size_t i = 0; i < d->public.n_requires; i++)
    d->height = MAX (d->height, ((const Decision *)d->public.requires_[i])->height);
  if (d->height == DMN_CHAIN_MAX)
    report_height (d, o->faults);
  d->height++;
  d->mark = MARK_DONE;
  g_ptr_array_set_size (o->open, (int)o->open->len - 1);
  g_ptr_array_add (o->done, d);
}

static void
order (Order *o, Decision *root)
{
  order_enter (o, root);
  while (o->open->len) {
    Decision *d = o->open->pdata[o->open->len - 1];
    if (d->n_ordered < d->public.n_requires)
      order_enter (o, (Decision *)d->public.requires_[d->n_ordered++]);
    else
      order_leave (o, d);
  }
}

static void
order_units (const DmnModel *model, Order *o, bool xml)
{
  for (guint u = 0; u < model->units->len; u++) {
    Unit *unit = model->units->pdata[u];
    for (guint i = 0; unit->public.is_xml == xml && i < unit->decisions->len; i++)
      order (o, unit->decisions->pdata[i]);
  }
}

/* ---- linking ----------------------------------------------------------- */

/* Examples are checked here so that `check` sees a misspelt column. */
static void
check_example_heads (const DmnModel *model, const Decision *d, const DmnExample *x, DmnFaults *faults)
{
  const char *origin = d->unit->public.origin;
  for (size_t i = 0; i < x->n_expected; i++) {
    const DmnCell *head = &x->expected_heads[i];
    if (!dmn_unit_decision (d->unit, head->text))
      dmn_faults_add (faults, DMN_ERROR, "example-column", origin, head->line, head->column,
                      "these examples expect %.*s, which is no decision of this file", (int)head->text.len,
                      head->text.bytes);
  }
  for (size_t i = 0; i < x->n_inputs; i++) {
    const DmnCell *head = &x->input_heads[i];
    FeelOptions options = { .origin = origin, .line = head->line, .column = head->column, .strict = true };
    GError *error = NULL;
    if (feel_compile (model->arena, head->text, d->unit->scope, &options, &error))
      continue;
    dmn_faults_add_error (faults, "example-column", origin, head->line, error);
    g_error_free (error);
  }
}

static void
check_examples (const DmnModel *model, const Decision *d, DmnFaults *faults)
{
  const DmnExample *x = d->public.examples;
  for (size_t i = 0; i < d->public.n_examples; i++)
    if (i == 0 || x[i].input_heads != x[i - 1].input_heads) /* the first row of a table */
      check_example_heads (model, d, &x[i], faults);
}

/* Of DMN files: types, then references, then logic, what is required first. */
static void
link_files (DmnModel *model, Order *o, DmnFaults *faults)
{
  for (guint u = 0; u < model->units->len; u++) {
    Unit *unit = model->units->pdata[u];
    if (unit->public.is_xml)
      items_define (model, unit, faults);
  }
  for (guint u = 0; u < model->units->len; u++) {
    Unit *unit = model->units->pdata[u];
    if (!unit->public.is_xml)
      continue;
    items_resolve (model, unit, faults);
    items_compile (model, unit, faults);
    for (guint i = 0; i < unit->decisions->len; i++)
      bindings_resolve (model, unit->decisions->pdata[i], faults);
  }
  order_units (model, o, true);
  for (guint i = 0; i < o->done->len; i++) {
    bindings_make_own_scope (model, o->done->pdata[i]);
    compile_decision (model, o->done->pdata[i], faults);
  }
}

static void
link_clauses (DmnModel *model, Order *o, DmnFaults *faults)
{
  for (guint u = 0; u < model->units->len; u++) {
    Unit *unit = model->units->pdata[u];
    if (!unit->public.is_xml)
      bindings_make_scope (model, unit, faults);
  }
  for (guint u = 0; u < model->units->len; u++) {
    Unit *unit = model->units->pdata[u];
    for (guint i = 0; !unit->public.is_xml && i < unit->decisions->len; i++) {
      compile_decision (model, unit->decisions->pdata[i], faults);
      check_examples (model, unit->decisions->pdata[i], faults);
    }
  }
  order_units (model, o, false);
}

bool
dmn_model_link (DmnModel *model, DmnFaults *faults)
{
  g_assert (!model->linked);
  size_t before = dmn_faults_count (faults, DMN_ERROR);
  g_autoptr (GPtrArray) open = g_ptr_array_new (), done = g_ptr_array_new ();
  Order o = { open, done, faults };
  link_files (model, &o, faults);
  link_clauses (model, &o, faults);
  model->linked = true;
  return dmn_faults_count (faults, DMN_ERROR) == before;
}
