/* What a file has that the other notation does not.
 *
 * A DMN file is walked element by element; what stands in no list below is lost,
 * so that nothing is lost unsaid.  Boxed expressions are counted once, at their
 * outermost box. */
#include "write_private.h"

typedef struct {
  Arena *arena;
  const DmnUnit *unit;
  GArray *losses; /* DmnLoss */
  unsigned diagrams;
  bool derived; /* written from a page: some elements are what its package gives */
} Walk;

static void
lose (Walk *k, unsigned line, const char *element, Text id, const char *why)
{
  DmnLoss loss = { .line = line,
                   .element = arena_text (k->arena, text_of (element)),
                   .id = arena_text (k->arena, id),
                   .why = why };
  g_array_append_val (k->losses, loss);
}

static Text
id_of (Walk *k, xmlNode *node)
{
  Text id = write_attribute (k->arena, node, "id");
  return id.len ? id : write_attribute (k->arena, node, "name");
}

static void
lose_node (Walk *k, xmlNode *node, const char *why)
{
  Text id = id_of (k, node);
  for (xmlNode *up = node->parent; id.len == 0 && up && up->type == XML_ELEMENT_NODE; up = up->parent)
    id = id_of (k, up);
  lose (k, (unsigned)MAX (1, xmlGetLineNo (node)), (const char *)node->name, id, why);
}

/* ---- elements and attributes ------------------------------------------- */

static const char *const kept[] = {
  "definitions",
  "description",
  "decision",
  "businessKnowledgeModel",
  "inputData",
  "variable",
  "rule",
  "informationRequirement",
  "input",
  "knowledgeRequirement",
  "output",
  "requiredDecision",
  "annotation",
  "requiredInput",
  "inputEntry",
  "requiredKnowledge",
  "outputEntry",
  "encapsulatedLogic",
  "inputValues",
  "formalParameter",
  "outputValues",
  "decisionTable",
  "text",
  "inputExpression",
  "DMNDI",
  "annotationEntry",
  "extensionElements",
  "defaultOutputEntry",
  "literalExpression",
  NULL,
};

static const struct {
  const char *element, *why;
} lost[] = {
  { "import", "a page uses pages of its own package, not files" },
  { "itemDefinition", "a page has no types of its own" },
  { "decisionService", "a page has no decision services; it is left out" },
  { "knowledgeSource", "a page has it from its policy package" },
  { "organizationUnit", "a page has it from its policy package" },
  { "performanceIndicator", "a page has it from its policy package" },
  { "context", "the box is written as a FEEL context" },
  { "invocation", "the box is written as a FEEL call" },
  { "functionDefinition", "the box is written as a FEEL function" },
  { "relation", "the box is written as a FEEL list of contexts" },
  { "list", "the box is written as a FEEL list" },
  { "conditional", "the box is written as a FEEL if" },
  { "for", "the box is written as a FEEL for" },
  { "some", "the box is written as a FEEL some" },
  { "every", "the box is written as a FEEL every" },
  { "filter", "the box is written as a FEEL filter" },
};

static const char *const kept_attributes[] = {
  "id",      "name",      "href",        "namespace",    "exporter", "exporterVersion",
  "typeRef", "hitPolicy", "aggregation", "isCollection", NULL,
};

/* Attributes that say what holds without them. */
static const struct {
  const char *name, *value;
} idle[] = {
  { "kind", "FEEL" },
  { "preferredOrientation", "Rule-as-Row" },
  { "expressionLanguage", "https://www.omg.org/spec/DMN/20230324/FEEL/" },
  { "expressionLanguage", "https://www.omg.org/spec/DMN/20211108/FEEL/" },
  { "expressionLanguage", "https://www.omg.org/spec/DMN/20191111/FEEL/" },
  { "expressionLanguage", "http://www.omg.org/spec/DMN/20180521/FEEL/" },
  { "expressionLanguage", "feel" },
  { "typeLanguage", "https://www.omg.org/spec/DMN/20230324/FEEL/" },
  { "typeLanguage", "https://www.omg.org/spec/DMN/20211108/FEEL/" },
  { "typeLanguage", "https://www.omg.org/spec/DMN/20191111/FEEL/" },
  { "typeLanguage", "http://www.omg.org/spec/DMN/20180521/FEEL/" },
};

static bool
is_idle (const char *name, Text value)
{
  for (size_t i = 0; i < G_N_ELEMENTS (idle); i++)
    if (strcmp (name, idle[i].name) == 0 && text_equal (value, text_of (idle[i].value)))
      return true;
  return false;
}

static void
walk_attributes (Walk *k, xmlNode *node)
{
  for (xmlAttr *a = node->properties; a; a = a->next) {
    const char *name = (const char *)a->name;
    if (a->ns) {
      if (strcmp ((const char *)a->ns->href, DMN_PAGE_NAMESPACE) != 0
          && strcmp ((const char *)a->ns->href, "http://www.w3.org/2001/XMLSchema-instance") != 0)
        lose_node (k, node, arena_printf (k->arena, "its attribute %s is a vendor's", name));
    } else if (!g_strv_contains (kept_attributes, name)
               && !(strcmp (name, "label") == 0 && write_is_dmn (node, "rule"))
               && !is_idle (name, write_attribute (k->arena, node, name)))
      lose_node (k, node, arena_printf (k->arena, "a page has no place for its attribute %s", name));
  }
}

/* ---- what the package of a page gives ---------------------------------- */

static bool
is_derived (Walk *k, xmlNode *node)
{
  return text_equal (write_own_attribute (k->arena, node, "derived"), TEXT_LITERAL ("true"));
}

/* Whether NODE or its child points at something that the package gives. */
static bool
points_at_derived (Walk *k, xmlNode *node)
{
  if (!k->derived)
    return false;
  Text href = write_attribute (k->arena, node, "href");
  if (href.len == 0) {
    xmlNode *child = write_child (node, "requiredAuthority");
    return child && points_at_derived (k, child);
  }
  for (xmlNode *at = xmlDocGetRootElement (node->doc)->children; at; at = at->next)
    if (at->type == XML_ELEMENT_NODE && is_derived (k, at)
        && text_equal (write_attribute (k->arena, at, "id"), (Text){ href.bytes + 1, href.len - 1 }))
      return true;
  return false;
}

/* ---- the walk ---------------------------------------------------------- */

static void walk (Walk *k, xmlNode *node);

static void
walk_children (Walk *k, xmlNode *node)
{
  for (xmlNode *child = node->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      walk (k, child);
}

static void
walk_extensions (Walk *k, xmlNode *node)
{
  for (xmlNode *child = node->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE && !write_is_own (child, "page") && !write_is_own (child, "after"))
      lose_node (k, child, "a vendor's extension");
}

static void
walk_diagrams (Walk *k, xmlNode *node)
{
  for (xmlNode *child = node->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE && strcmp ((const char *)child->name, "DMNDiagram") == 0
        && k->diagrams++ > 0)
      lose_node (k, child, "one diagram is drawn anew, others are not");
}

/* A decision that no page can hold is said once, as a whole. */
static bool
is_left_out (Walk *k, xmlNode *node)
{
  if (node->parent != xmlDocGetRootElement (node->doc))
    return false;
  for (size_t i = 0; i < k->unit->n_decisions; i++) {
    const char *why;
    const DmnDecision *d = k->unit->decisions[i];
    if (d->line != (unsigned)xmlGetLineNo (node) || write_node_of (k->unit, d) != node
        || write_can_hold (d, &why))
      continue;
    lose_node (k, node, why);
    return true;
  }
  return false;
}

static bool
has_place (const xmlNode *description)
{
  static const char *const parents[] = { "definitions", "decision", "businessKnowledgeModel", NULL };
  return g_strv_contains (parents, (const char *)description->parent->name);
}

static void
walk (Walk *k, xmlNode *node)
{
  const char *name = (const char *)node->name;
  bool diagram = strcmp (name, "DMNDI") == 0;
  if (!diagram && !write_is_dmn (node, name)) {
    lose_node (k, node, "a vendor's element");
    return;
  }
  if (diagram)
    walk_diagrams (k, node);
  else if (strcmp (name, "extensionElements") == 0)
    walk_extensions (k, node);
  else if (is_derived (k, node) || points_at_derived (k, node) || is_left_out (k, node))
    return;
  else if (g_strv_contains (kept, name)) {
    walk_attributes (k, node);
    if (strcmp (name, "description") == 0 && !has_place (node))
      lose_node (k, node, "a page has no place for the description of this");
    walk_children (k, node);
  } else {
    const char *why = "a page has no place for it";
    for (size_t i = 0; i < G_N_ELEMENTS (lost); i++)
      if (strcmp (name, lost[i].element) == 0)
        why = lost[i].why;
    lose_node (k, node, why);
  }
}

/* ---- types and texts --------------------------------------------------- */

/* STATED is what the file says, BACK what the way back from a page would. */
static void
check_type (Walk *k, unsigned line, const char *element, Text id, Text stated, const char *back)
{
  Text name = write_type_name (stated);
  bool any = text_equal (name, TEXT_LITERAL ("Any"));
  if (stated.len && (name.len == 0 || (!any && !text_equal (name, text_of (back)))))
    lose (k, line, element, id,
          arena_printf (k->arena, "a page has no place for its type %.*s", (int)stated.len, stated.bytes));
}

static void
check_cell (Walk *k, const DmnCell *cell, Text id)
{
  bool lines = text_find (cell->text, "\n", 0) >= 0;
  bool inside = text_find (cell->text, "//", 0) >= 0 || text_find (cell->text, "\"", 0) >= 0;
  if (lines && inside)
    lose (k, cell->line, "text", id, "a cell of a page is one line, and this one cannot be folded into one");
}

static void
check_table (Walk *k, const DmnDecision *d, const DmnTable *table)
{
  for (size_t i = 0; i < table->n_inputs; i++) {
    const DmnColumn *column = &table->inputs[i];
    check_type (k, column->line, "inputExpression", column->label, column->type_name,
                column->expression ? write_type_ref (feel_expression_type (column->expression)) : "Any");
    check_cell (k, &column->allowed, d->id);
  }
  for (size_t i = 0; i < table->n_outputs; i++) {
    const DmnColumn *column = &table->outputs[i];
    check_type (k, column->line, "output", column->label.len ? column->label : d->id, column->type_name,
                write_output_type (d, table));
    check_cell (k, &column->allowed, d->id);
    check_cell (k, &column->standard, d->id);
  }
  for (size_t i = 0; i < table->n_rules; i++) {
    for (size_t c = 0; c < table->n_inputs; c++)
      check_cell (k, &table->rules[i].tests[c], d->id);
    for (size_t c = 0; c < table->n_outputs; c++)
      check_cell (k, &table->rules[i].outputs[c], d->id);
    for (size_t c = 0; c < table->n_annotations; c++)
      check_cell (k, &table->rules[i].annotations[c], d->id);
  }
}

static void
check_decision (Walk *k, const DmnDecision *d)
{
  const char *why;
  if (!write_can_hold (d, &why))
    return;
  const DmnExpression *body = write_body (d);
  Text called = ((const Decision *)d)->variable;
  if (!text_equal (called, d->name))
    lose (k, d->line, "variable", called, "on a page a decision and its variable have one name");
  check_type (k, d->line, "variable", d->id, d->type_name, write_type_name (d->type_name).bytes);
  if (d->role == DMN_DECISION)
    check_type (k, body->line, "expression", d->id, body->type_name, write_type_name (d->type_name).bytes);
  for (size_t i = 0; d->role == DMN_KNOWLEDGE && i < d->logic->n_names; i++)
    check_type (k, d->logic->names[i].line, "formalParameter", d->logic->names[i].name,
                d->logic->names[i].type_name, write_type_name (d->logic->names[i].type_name).bytes);
  if (body->kind == DMN_TABLE)
    check_table (k, d, body->table);
}

/* Whether NAME is a type that was written from what a page reads of its facts. */
static bool
is_derived_type (Walk *k, Text name)
{
  for (xmlNode *at = xmlDocGetRootElement (k->unit->document)->children; at; at = at->next)
    if (write_is_dmn (at, "itemDefinition") && is_derived (k, at)
        && text_equal (text_trim (write_attribute (k->arena, at, "name")), name))
      return true;
  return false;
}

static void
check_inputs (Walk *k)
{
  const Unit *unit = (const Unit *)k->unit;
  for (guint i = 0; i < unit->variable_names->len; i++) {
    const DmnName *name = &g_array_index (unit->variable_names, DmnName, i);
    if (!is_derived_type (k, name->type_name))
      check_type (k, name->line, "inputData", name->name, name->type_name,
                  write_type_name (name->type_name).bytes);
  }
}

static int
by_line (gconstpointer a, gconstpointer b)
{
  const DmnLoss *x = a, *y = b;
  return x->line < y->line ? -1 : x->line > y->line;
}

/* A function of DMN sees its parameters, and other functions. */
static void
check_function (Walk *k, const DmnDecision *d)
{
  for (size_t i = 0; i < d->n_paths; i++)
    lose (k, d->line, "function", d->name,
          arena_printf (k->arena, "it reads %s, but a function in DMN sees its parameters alone",
                        dmn_path_variable (d, &d->paths[i])));
  for (size_t i = 0; i < d->n_requires; i++)
    if (d->requires_[i]->role == DMN_DECISION)
      lose (k, d->line, "function", d->name,
            arena_printf (k->arena,
                          "it reads the decision %s, but a function in DMN sees its parameters alone",
                          arena_text (k->arena, d->requires_[i]->name)));
}

const DmnLoss *
dmn_losses (Arena *arena, const DmnUnit *unit, size_t *n)
{
  g_autoptr (GArray) losses = g_array_new (FALSE, TRUE, sizeof (DmnLoss));
  Walk k = { .arena = arena, .unit = unit, .losses = losses };
  if (unit->is_xml) {
    k.derived = dmn_has_page (unit);
    walk (&k, xmlDocGetRootElement (unit->document));
    check_inputs (&k);
  }
  for (size_t i = 0; i < unit->n_decisions; i++)
    if (unit->is_xml)
      check_decision (&k, unit->decisions[i]);
    else if (unit->decisions[i]->role == DMN_KNOWLEDGE)
      check_function (&k, unit->decisions[i]);
  g_array_sort (losses, by_line);
  *n = losses->len;
  return dmn_keep (arena, losses->data, losses->len * sizeof (DmnLoss));
}
