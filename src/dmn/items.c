/* Item definitions: what a typeRef means (DMN 1.5, 7.3.2, 7.3.3), and whether a
 * value conforms to it (10.3.2.9.4). */
#include "dmn_private.h"

#include <libxml/tree.h>

/* ---- FEEL's own types -------------------------------------------------- */

static const FeelType type_list = { .kind = FEEL_TYPE_LIST, .element = &feel_type_any };
static const FeelType type_context = { .kind = FEEL_TYPE_CONTEXT };
static const FeelType type_range = { .kind = FEEL_TYPE_RANGE, .element = &feel_type_any };

static const DmnItem *
own_type (Text name)
{
#define OWN(spelling, of)                                                                                    \
  {                                                                                                          \
    .name = TEXT_LITERAL (spelling), .type = &(of)                                                           \
  }
  static const DmnItem own[] = {
    OWN ("boolean", feel_type_boolean),
    OWN ("number", feel_type_number),
    OWN ("string", feel_type_string),
    OWN ("date", feel_type_date),
    OWN ("time", feel_type_time),
    OWN ("date and time", feel_type_date_time),
    OWN ("dateTime", feel_type_date_time),
    OWN ("days and time duration", feel_type_days_duration),
    OWN ("dayTimeDuration", feel_type_days_duration),
    OWN ("years and months duration", feel_type_months_duration),
    OWN ("yearMonthDuration", feel_type_months_duration),
    OWN ("list", type_list),
    OWN ("context", type_context),
    OWN ("range", type_range),
    OWN ("Any", feel_type_any),
    /* XML Schema's, and what editors write for want of them: */
    OWN ("integer", feel_type_number),
    OWN ("int", feel_type_number),
    OWN ("long", feel_type_number),
    OWN ("decimal", feel_type_number),
    OWN ("double", feel_type_number),
    OWN ("float", feel_type_number),
  };
#undef OWN
  for (size_t i = 0; i < G_N_ELEMENTS (own); i++)
    if (text_equal (name, own[i].name))
      return &own[i];
  return NULL;
}

/* ---- names of types ---------------------------------------------------- */

static DmnItem *
defined (const Unit *unit, Text name)
{
  return g_hash_table_lookup (unit->items_by_name, &name);
}

static Text
after (Text text, size_t skip)
{
  return (Text){ text.bytes + skip, text.len - skip };
}

/* "prefix.name" of an import, the unit going to *OWNER. */
static DmnItem *
imported (const Unit *unit, Text name, Unit **owner)
{
  for (guint i = 0; i < unit->imports->len; i++) {
    const DmnImport *import = &g_array_index (unit->imports, DmnImport, i);
    size_t skip = import->name.len;
    bool prefixed = name.len > skip + 1 && memcmp (name.bytes, import->name.bytes, skip) == 0
                    && strchr (".:", name.bytes[skip]);
    if (!import->unit || !(prefixed || skip == 0))
      continue;
    *owner = (Unit *)import->unit;
    DmnItem *item = defined (*owner, skip ? after (name, skip + 1) : name);
    if (item)
      return item;
  }
  return NULL;
}

/* "feel:string", "tns:tLoan": the prefix is XML's. */
static const char *
prefix_namespace (const Unit *unit, Text name, Text *local)
{
  ptrdiff_t colon = text_find (name, ":", 0);
  if (colon <= 0)
    return NULL;
  g_autofree char *prefix = g_strndup (name.bytes, (size_t)colon);
  xmlNs *ns = xmlSearchNs (unit->document, xmlDocGetRootElement (unit->document), (const xmlChar *)prefix);
  *local = after (name, (size_t)colon + 1);
  return ns ? (const char *)ns->href : NULL;
}

static DmnItem *
qualified (DmnModel *model, Unit *unit, Text name, Unit **owner, const DmnItem **own)
{
  Text local;
  const char *namespace = prefix_namespace (unit, name, &local);
  if (!namespace)
    return NULL;
  *own = own_type (local);
  *owner = dmn_model_find_unit (model, namespace);
  return *owner && (*owner)->public.is_xml ? defined (*owner, local) : NULL;
}

/* ---- types ------------------------------------------------------------- */

enum { ALIASES_MAX = 100 };

typedef struct {
  DmnModel *model;
  DmnFaults *faults;
  unsigned aliases;
} Resolver;

static const DmnItem *find (Resolver *r, Unit *unit, Text name, unsigned line);

/* The type of a definition that only gives another one a name. */
static void
resolve_alias (Resolver *r, Unit *unit, DmnItem *item)
{
  if (item->type)
    return;
  if (r->aliases++ >= ALIASES_MAX)
    dmn_faults_add (r->faults, DMN_ERROR, "cycle", unit->public.origin, item->line, 0,
                    "the type %.*s is defined by itself", (int)item->name.len, item->name.bytes);
  else
    item->base = find (r, unit, item->type_name, item->line);
  r->aliases--;
  item->type = item->base ? item->base->type : &feel_type_any;
}

static const DmnItem *
find (Resolver *r, Unit *unit, Text name, unsigned line)
{
  if (name.len == 0)
    return NULL;
  Unit *owner = unit;
  const DmnItem *own = NULL;
  DmnItem *item = defined (unit, name);
  if (!item && !(own = own_type (name)))
    item = imported (unit, name, &owner);
  if (!item && !own)
    item = qualified (r->model, unit, name, &owner, &own);
  if (item) {
    resolve_alias (r, owner, item);
    return item;
  }
  if (!own)
    dmn_faults_add (r->faults, DMN_ERROR, "unknown-type", unit->public.origin, line, 0,
                    "there is no type %.*s; define it with itemDefinition, or import it", (int)name.len,
                    name.bytes);
  return own && own->type != &feel_type_any ? own : NULL;
}

static void fill (Resolver *r, Unit *unit, DmnItem *item);

static const FeelMember *
fill_members (Resolver *r, Unit *unit, DmnItem *item)
{
  FeelMember *members = arena_new0 (r->model->arena, FeelMember, item->n_components);
  for (size_t i = 0; i < item->n_components; i++) {
    DmnItem *component = (DmnItem *)&item->components[i];
    fill (r, unit, component);
    members[i] = (FeelMember){ component->name, component->type };
  }
  return members;
}

/* The reader made the type's shell; what it refers to is known by now. */
static void
fill (Resolver *r, Unit *unit, DmnItem *item)
{
  FeelType *shell = (FeelType *)item->type;
  bool shaped = item->is_collection || item->is_function || item->n_components;
  if (!shaped) {
    resolve_alias (r, unit, item);
    return;
  }
  item->base = find (r, unit, item->type_name, item->line);
  const FeelType *type = item->base ? item->base->type : &feel_type_any;
  if (item->n_components || item->is_function) {
    FeelType *made = item->is_collection ? arena_new0 (r->model->arena, FeelType, 1) : shell;
    *made = (FeelType){ .kind = item->is_function ? FEEL_TYPE_FUNCTION : FEEL_TYPE_CONTEXT,
                        .element = item->is_function ? type : NULL,
                        .n = item->n_components,
                        .members = fill_members (r, unit, item),
                        .name = item->is_collection ? TEXT_LITERAL ("") : item->name };
    type = made;
  }
  if (item->is_collection)
    *shell = (FeelType){ .kind = FEEL_TYPE_LIST, .element = type, .name = item->name };
}

/* ---- what a unit declares ---------------------------------------------- */

static void
resolve_names (Resolver *r, Unit *unit, DmnName *names, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    names[i].item = find (r, unit, names[i].type_name, names[i].line);
    names[i].type = names[i].item ? names[i].item->type : &feel_type_any;
  }
}

static void
resolve_columns (Resolver *r, Unit *unit, DmnColumn *columns, size_t n)
{
  for (size_t i = 0; i < n; i++)
    columns[i].item = find (r, unit, columns[i].type_name, columns[i].line);
}

static void
resolve_expression (Resolver *r, Unit *unit, DmnExpression *x)
{
  x->item = find (r, unit, x->type_name, x->line);
  if (x->kind == DMN_FUNCTION && x->item && x->item->is_function)
    x->item = x->item->base; /* of what it returns */
  resolve_names (r, unit, x->names, x->n_names);
  if (x->table) {
    resolve_columns (r, unit, (DmnColumn *)x->table->inputs, x->table->n_inputs);
    resolve_columns (r, unit, (DmnColumn *)x->table->outputs, x->table->n_outputs);
  }
  for (size_t i = 0; i < x->n_parts; i++)
    resolve_expression (r, unit, x->parts[i]);
}

/* The declared types of FEEL's scope: the file's own and those of its imports. */
static void
add_types (DmnModel *model, Unit *unit, const Unit *from, Text prefix)
{
  for (guint i = 0; i < from->items->len; i++) {
    const DmnItem *item = from->items->pdata[i];
    Text name = item->name;
    if (prefix.len)
      name = text_of (
          arena_printf (model->arena, "%.*s.%.*s", (int)prefix.len, prefix.bytes, (int)name.len, name.bytes));
    feel_scope_add_type (unit->scope, name, item->type);
  }
}

void
items_define (DmnModel *model, Unit *unit, DmnFaults *faults)
{
  Resolver r = { model, faults, 0 };
  for (guint i = 0; i < unit->items->len; i++)
    fill (&r, unit, unit->items->pdata[i]);
}

void
items_resolve (DmnModel *model, Unit *unit, DmnFaults *faults)
{
  Resolver r = { model, faults, 0 };
  resolve_names (&r, unit, (DmnName *)(void *)unit->variable_names->data, unit->variable_names->len);
  for (guint i = 0; i < unit->variable_names->len; i++) {
    const DmnName *name = &g_array_index (unit->variable_names, DmnName, i);
    ((const DmnItem **)unit->public.variable_items)[i] = name->item;
    g_array_index (unit->variables, DmnVariable, i).type = name->type;
  }
  for (guint i = 0; i < unit->decisions->len; i++) {
    Decision *d = unit->decisions->pdata[i];
    d->public.item = find (&r, unit, d->public.type_name, d->public.line);
    if (d->public.role != DMN_DECISION && d->public.item && d->public.item->is_function)
      d->public.item = d->public.item->base; /* of what it returns */
    d->public.type = d->public.item ? d->public.item->type : &feel_type_any;
    if (d->public.logic)
      resolve_expression (&r, unit, (DmnExpression *)d->public.logic);
  }
  unit->scope = feel_scope_new (model->arena, NULL);
  for (guint i = 0; i < unit->imports->len; i++) {
    const DmnImport *import = &g_array_index (unit->imports, DmnImport, i);
    if (import->unit)
      add_types (model, unit, (const Unit *)import->unit, import->name);
  }
  add_types (model, unit, unit, TEXT_LITERAL (""));
}

/* ---- constraints ------------------------------------------------------- */

static void
compile_constraint (DmnModel *model, Unit *unit, DmnCell *cell, const FeelType *type, DmnFaults *faults)
{
  if (cell->text.len == 0)
    return;
  FeelOptions options = { .origin = unit->public.origin, .line = cell->line, .column = cell->column };
  GError *error = NULL;
  cell->expression = feel_compile_test (model->arena, cell->text, unit->scope, type, &options, &error);
  if (!cell->expression)
    compile_failed (cell, model->arena, unit->public.origin, error, faults);
}

static void
compile_item (DmnModel *model, Unit *unit, DmnItem *item, DmnFaults *faults)
{
  const FeelType *element = item->is_collection ? item->type->element : item->type;
  compile_constraint (model, unit, &item->allowed, element, faults);
  compile_constraint (model, unit, &item->constraint, item->type, faults);
  for (size_t i = 0; i < item->n_components; i++)
    compile_item (model, unit, (DmnItem *)&item->components[i], faults);
}

void
items_compile (DmnModel *model, Unit *unit, DmnFaults *faults)
{
  for (guint i = 0; unit->constrained && i < unit->items->len; i++)
    compile_item (model, unit, unit->items->pdata[i], faults);
}

/* ---- conforming -------------------------------------------------------- */

enum { VALUE_DEPTH_MAX = 500 };

typedef struct {
  FeelRun *run;
  unsigned depth;
  FeelValue offender; /* the value that a constraint refused */
} Check;

static bool
meets (Check *c, const DmnCell *test, FeelValue v)
{
  if (!test->expression)
    return true;
  FeelValue met = feel_evaluate_test (test->expression, v, c->run);
  if (feel_is_true (met) || met.kind == FEEL_UNKNOWN)
    return true;
  c->offender = v;
  return false;
}

static bool satisfies (Check *c, const DmnItem *item, FeelValue v);

static bool
element_satisfies (Check *c, const DmnItem *item, FeelValue v)
{
  if (v.kind == FEEL_NULL || v.kind == FEEL_UNKNOWN)
    return true;
  if (!satisfies (c, item->is_function ? NULL : item->base, v) || !meets (c, &item->allowed, v))
    return false;
  for (size_t i = 0; i < item->n_components && v.kind == FEEL_CONTEXT; i++) {
    const FeelValue *member = feel_context_get (v.context, item->components[i].name);
    if (member && !satisfies (c, &item->components[i], *member))
      return false;
  }
  return true;
}

/* V, of ITEM's type, within every constraint of ITEM and of what it is made of. */
static bool
satisfies (Check *c, const DmnItem *item, FeelValue v)
{
  if (!item || v.kind == FEEL_NULL || v.kind == FEEL_UNKNOWN || c->depth >= VALUE_DEPTH_MAX)
    return true;
  c->depth++;
  bool good = true;
  if (item->is_collection && v.kind == FEEL_LIST)
    for (size_t i = 0; i < v.list->n && good; i++)
      good = element_satisfies (c, item, v.list->items[i]);
  else
    good = element_satisfies (c, item, v);
  c->depth--;
  return good && meets (c, &item->constraint, v);
}

_Static_assert((int)FEEL_TYPE_BOOLEAN == (int)FEEL_BOOLEAN
                   && (int)FEEL_TYPE_MONTHS_DURATION == (int)FEEL_MONTHS_DURATION,
               "the kinds of simple values and of their types go in step");

/* The common case: a simple value of FEEL's own type. */
static bool
is_plainly (const DmnItem *item, FeelKind kind)
{
  return (int)item->type->kind == (int)kind && kind >= FEEL_BOOLEAN && kind <= FEEL_MONTHS_DURATION
         && !item->base && !item->allowed.expression && !item->constraint.expression;
}

FeelValue
items_coerce (FeelRun *run, const DmnItem *item, FeelValue value, Text what, bool *fits)
{
  *fits = true;
  if (!item || value.kind == FEEL_NULL || value.kind == FEEL_UNKNOWN || is_plainly (item, value.kind))
    return value;
  FeelValue v = feel_coerce (run, item->type, value, fits);
  if (!*fits)
    return feel_fail (run, NULL, "%.*s: %s is not %s", (int)what.len, what.bytes,
                      feel_display (run->arena, value), feel_type_describe (run->arena, item->type));
  Check c = { .run = run };
  *fits = satisfies (&c, item, v);
  if (*fits)
    return v;
  return feel_fail (run, NULL, "%.*s: %s is not among the values that %.*s allows", (int)what.len, what.bytes,
                    feel_display (run->arena, c.offender), (int)item->name.len, item->name.bytes);
}
