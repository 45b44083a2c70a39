/* Boxed expressions of a DMN file (DMN 1.5, 7.3, 8.3, 10.5), each element to one node. */
#include "xml_document.h"

static DmnExpression *
new_expression (XmlReader *r, xmlNode *node, DmnKind kind)
{
  DmnExpression *x = arena_new0 (r->model->arena, DmnExpression, 1);
  *x = (DmnExpression){
    .kind = kind, .line = xml_line (node), .type_name = xml_attribute (r, node, "typeRef"), .slot = -1
  };
  return x;
}

static DmnName
read_name (XmlReader *r, xmlNode *node)
{
  return (DmnName){ .name = xml_attribute (r, node, "name"),
                    .type_name = xml_attribute (r, node, "typeRef"),
                    .line = xml_line (node) };
}

static void
set_names (XmlReader *r, DmnExpression *x, const GArray *names)
{
  x->n_names = names->len;
  x->names = xml_keep (r, names);
}

static void
set_parts (XmlReader *r, DmnExpression *x, const GPtrArray *parts)
{
  x->n_parts = parts->len;
  x->parts = dmn_keep (r->model->arena, parts->pdata, parts->len * sizeof (gpointer));
}

/* What is missing evaluates to null, and says so. */
static DmnExpression *
nothing (XmlReader *r, xmlNode *node)
{
  DmnExpression *x = new_expression (r, node, DMN_LITERAL);
  x->type_name = TEXT_LITERAL ("");
  x->cell = (DmnCell){ .text = TEXT_LITERAL (""), .line = xml_line (node), .column = 1 };
  return x;
}

static DmnExpression *
required_logic (XmlReader *r, xmlNode *parent)
{
  DmnExpression *x = parent ? xml_read_logic (r, parent) : NULL;
  return x ? x : nothing (r, parent);
}

/* ---- decision tables --------------------------------------------------- */

static DmnHitPolicy
read_policy (XmlReader *r, xmlNode *node)
{
  static const struct {
    const char *name, *aggregation;
    DmnHitPolicy policy;
  } policies[] = {
    { "UNIQUE", "", DMN_UNIQUE },         { "ANY", "", DMN_ANY },
    { "PRIORITY", "", DMN_PRIORITY },     { "FIRST", "", DMN_FIRST },
    { "RULE ORDER", "", DMN_RULE_ORDER }, { "OUTPUT ORDER", "", DMN_OUTPUT_ORDER },
    { "COLLECT", "", DMN_COLLECT },       { "COLLECT", "SUM", DMN_SUM },
    { "COLLECT", "MIN", DMN_MIN },        { "COLLECT", "MAX", DMN_MAX },
    { "COLLECT", "COUNT", DMN_COUNT },
  };
  Text name = xml_attribute (r, node, "hitPolicy"), aggregation = xml_attribute (r, node, "aggregation");
  if (name.len == 0)
    return DMN_UNIQUE;
  for (size_t i = 0; i < G_N_ELEMENTS (policies); i++)
    if (text_equal (name, text_of (policies[i].name))
        && (!text_equal (name, TEXT_LITERAL ("COLLECT"))
            || text_equal (aggregation, text_of (policies[i].aggregation))))
      return policies[i].policy;
  dmn_faults_add (r->faults, DMN_ERROR, "hit-policy", r->unit->public.origin, xml_line (node), 0,
                  "there is no hit policy \"%.*s\" with aggregation \"%.*s\"", (int)name.len, name.bytes,
                  (int)aggregation.len, aggregation.bytes);
  return DMN_UNIQUE;
}

static DmnColumn
read_input (XmlReader *r, xmlNode *node)
{
  xmlNode *expression = xml_child (r, node, "inputExpression");
  DmnCell cell = xml_cell (r, expression ? expression : node);
  return (DmnColumn){ .label = cell.text,
                      .line = cell.line,
                      .column = cell.column,
                      .type_name = xml_attribute (r, expression, "typeRef"),
                      .allowed = xml_cell (r, xml_child (r, node, "inputValues")) };
}

static DmnColumn
read_output (XmlReader *r, xmlNode *node)
{
  xmlNode *standard = xml_child (r, node, "defaultOutputEntry");
  return (DmnColumn){ .label = xml_attribute (r, node, "name"),
                      .line = xml_line (node),
                      .column = 1,
                      .type_name = xml_attribute (r, node, "typeRef"),
                      .allowed = xml_cell (r, xml_child (r, node, "outputValues")),
                      .standard = xml_cell (r, standard) };
}

static DmnColumn
read_annotation (XmlReader *r, xmlNode *node)
{
  return (DmnColumn){ .label = xml_attribute (r, node, "name"), .line = xml_line (node), .column = 1 };
}

/* The entries called NAME of a rule, made N: missing ones are empty. */
static const DmnCell *
read_entries (XmlReader *r, xmlNode *rule, const char *name, size_t n)
{
  DmnCell *cells = arena_new0 (r->model->arena, DmnCell, n);
  size_t i = 0;
  XML_EACH (r, child, rule)
  if (xml_is (child, name) && i < n)
    cells[i++] = xml_cell (r, child);
  if (i < n && strcmp (name, "annotationEntry") != 0)
    dmn_faults_add (r->faults, DMN_WARNING, "ragged-row", r->unit->public.origin, xml_line (rule), 0,
                    "this rule has %zu of %zu entries called %s; the others are taken as empty", i, n, name);
  return cells;
}

static const DmnRule *
read_rules (XmlReader *r, xmlNode *node, DmnTable *table)
{
  g_autoptr (GArray) rules = g_array_new (FALSE, TRUE, sizeof (DmnRule));
  XML_EACH (r, child, node)
  {
    if (!xml_is (child, "rule"))
      continue;
    Text label = xml_attribute (r, child, "label");
    DmnRule rule
        = { .line = xml_line (child),
            .label = label.len ? label : text_of (arena_printf (r->model->arena, "%u", rules->len + 1)),
            .tests = read_entries (r, child, "inputEntry", table->n_inputs),
            .outputs = read_entries (r, child, "outputEntry", table->n_outputs),
            .annotations = read_entries (r, child, "annotationEntry", table->n_annotations) };
    g_array_append_val (rules, rule);
  }
  table->n_rules = rules->len;
  return xml_keep (r, rules);
}

static const DmnColumn *
read_columns (XmlReader *r, xmlNode *node, const char *name, DmnColumn (*read) (XmlReader *, xmlNode *),
              size_t *n)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, TRUE, sizeof (DmnColumn));
  XML_EACH (r, child, node)
  {
    if (!xml_is (child, name))
      continue;
    DmnColumn column = read (r, child);
    g_array_append_val (columns, column);
  }
  *n = columns->len;
  return xml_keep (r, columns);
}

static DmnExpression *
read_table (XmlReader *r, xmlNode *node)
{
  DmnExpression *x = new_expression (r, node, DMN_TABLE);
  DmnTable *table = arena_new0 (r->model->arena, DmnTable, 1);
  table->policy = read_policy (r, node);
  table->inputs = read_columns (r, node, "input", read_input, &table->n_inputs);
  table->outputs = read_columns (r, node, "output", read_output, &table->n_outputs);
  table->annotations = read_columns (r, node, "annotation", read_annotation, &table->n_annotations);
  table->rules = read_rules (r, node, table);
  x->table = table;
  if (table->n_outputs == 0)
    dmn_faults_add (r->faults, DMN_ERROR, "no-output", r->unit->public.origin, x->line, 0,
                    "this decision table has no output");
  return table->n_outputs ? x : nothing (r, node);
}

/* ---- the others -------------------------------------------------------- */

static DmnExpression *
read_literal (XmlReader *r, xmlNode *node)
{
  DmnExpression *x = new_expression (r, node, DMN_LITERAL);
  x->cell = xml_cell (r, node);
  Text language = xml_attribute (r, node, "expressionLanguage");
  if (language.len == 0)
    language = r->language;
  if (language.len && text_find (language, "FEEL", 0) < 0 && text_find (language, "feel", 0) < 0) {
    dmn_faults_add (r->faults, DMN_WARNING, "language", r->unit->public.origin, x->line, 0,
                    "this expression is in %.*s, which is not evaluated; it is null", (int)language.len,
                    language.bytes);
    x->cell.fault = "only FEEL is evaluated";
  }
  return x;
}

static DmnExpression *
read_context (XmlReader *r, xmlNode *node)
{
  DmnExpression *x = new_expression (r, node, DMN_CONTEXT);
  g_autoptr (GArray) names = g_array_new (FALSE, TRUE, sizeof (DmnName));
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  DmnExpression *result = NULL;
  XML_EACH (r, entry, node)
  {
    if (!xml_is (entry, "contextEntry"))
      continue;
    xmlNode *variable = xml_child (r, entry, "variable");
    DmnExpression *value = required_logic (r, entry);
    if (variable) {
      DmnName name = read_name (r, variable);
      g_array_append_val (names, name);
      g_ptr_array_add (parts, value);
    } else
      result = value;
  }
  if (result)
    g_ptr_array_add (parts, result);
  set_names (r, x, names);
  set_parts (r, x, parts);
  return x;
}

static DmnExpression *
read_invocation (XmlReader *r, xmlNode *node)
{
  DmnExpression *x = new_expression (r, node, DMN_INVOCATION);
  g_autoptr (GArray) names = g_array_new (FALSE, TRUE, sizeof (DmnName));
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_ptr_array_add (parts, required_logic (r, node));
  XML_EACH (r, binding, node)
  {
    xmlNode *parameter = xml_is (binding, "binding") ? xml_child (r, binding, "parameter") : NULL;
    if (!parameter)
      continue;
    DmnName name = read_name (r, parameter);
    DmnExpression *value = xml_read_logic (r, binding);
    g_array_append_val (names, name);
    g_ptr_array_add (parts, value ? value : nothing (r, binding));
  }
  set_names (r, x, names);
  set_parts (r, x, parts);
  return x;
}

DmnExpression *
xml_read_function (XmlReader *r, xmlNode *node)
{
  DmnExpression *x = new_expression (r, node, DMN_FUNCTION);
  g_autoptr (GArray) names = g_array_new (FALSE, TRUE, sizeof (DmnName));
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  XML_EACH (r, child, node)
  {
    if (!xml_is (child, "formalParameter"))
      continue;
    DmnName name = read_name (r, child);
    g_array_append_val (names, name);
  }
  Text kind = xml_attribute (r, node, "kind");
  x->language = text_equal (kind, TEXT_LITERAL ("FEEL")) ? TEXT_LITERAL ("") : kind;
  DmnExpression *body = xml_read_logic (r, node);
  if (body)
    g_ptr_array_add (parts, body);
  set_names (r, x, names);
  set_parts (r, x, parts);
  return x;
}

static DmnExpression *
read_list (XmlReader *r, xmlNode *node)
{
  DmnExpression *x = new_expression (r, node, DMN_LIST);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  XML_EACH (r, child, node)
  {
    DmnExpression *item = xml_read_expression (r, child);
    if (item)
      g_ptr_array_add (parts, item);
  }
  set_parts (r, x, parts);
  return x;
}

static DmnExpression *
read_relation (XmlReader *r, xmlNode *node)
{
  DmnExpression *x = new_expression (r, node, DMN_RELATION);
  g_autoptr (GArray) names = g_array_new (FALSE, TRUE, sizeof (DmnName));
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  XML_EACH (r, child, node)
  {
    if (!xml_is (child, "column"))
      continue;
    DmnName name = read_name (r, child);
    g_array_append_val (names, name);
  }
  XML_EACH (r, row, node)
  {
    if (!xml_is (row, "row"))
      continue;
    guint until = parts->len + names->len;
    XML_EACH (r, child, row)
    {
      DmnExpression *cell = xml_read_expression (r, child);
      if (cell && parts->len < until)
        g_ptr_array_add (parts, cell);
    }
    while (parts->len < until)
      g_ptr_array_add (parts, nothing (r, row));
  }
  set_names (r, x, names);
  set_parts (r, x, parts);
  return x;
}

/* Conditional, filter and the iterations: an element per part. */
static DmnExpression *
read_parts (XmlReader *r, xmlNode *node, DmnKind kind, const char *const *elements)
{
  DmnExpression *x = new_expression (r, node, kind);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  for (size_t i = 0; elements[i]; i++) {
    xmlNode *child = xml_child (r, node, elements[i]);
    g_ptr_array_add (parts, child ? required_logic (r, child) : nothing (r, node));
  }
  set_parts (r, x, parts);
  Text iterator = xml_attribute (r, node, "iteratorVariable");
  if (kind == DMN_FOR || kind == DMN_SOME || kind == DMN_EVERY) {
    x->n_names = 1;
    x->names = arena_new0 (r->model->arena, DmnName, 1);
    x->names[0] = (DmnName){ .name = iterator, .line = x->line };
    if (iterator.len == 0)
      dmn_faults_add (r->faults, DMN_ERROR, "no-iterator", r->unit->public.origin, x->line, 0,
                      "this iteration has no iteratorVariable");
  }
  return x;
}

static const struct {
  const char *element;
  DmnExpression *(*read) (XmlReader *r, xmlNode *node); /* or by parts: */
  DmnKind kind;
  const char *parts[4];
} kinds[] = {
  { .element = "literalExpression", .read = read_literal },
  { .element = "decisionTable", .read = read_table },
  { .element = "context", .read = read_context },
  { .element = "invocation", .read = read_invocation },
  { .element = "functionDefinition", .read = xml_read_function },
  { .element = "list", .read = read_list },
  { .element = "relation", .read = read_relation },
  { .element = "conditional", .kind = DMN_CONDITIONAL, .parts = { "if", "then", "else" } },
  { .element = "for", .kind = DMN_FOR, .parts = { "in", "return" } },
  { .element = "some", .kind = DMN_SOME, .parts = { "in", "satisfies" } },
  { .element = "every", .kind = DMN_EVERY, .parts = { "in", "satisfies" } },
  { .element = "filter", .kind = DMN_FILTER, .parts = { "in", "match" } },
};

DmnExpression *
xml_read_expression (XmlReader *r, xmlNode *node)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (xml_is (node, kinds[i].element))
      return kinds[i].read ? kinds[i].read (r, node) : read_parts (r, node, kinds[i].kind, kinds[i].parts);
  return NULL;
}

DmnExpression *
xml_read_logic (XmlReader *r, xmlNode *parent)
{
  XML_EACH (r, child, parent)
  {
    DmnExpression *x = xml_read_expression (r, child);
    if (x)
      return x;
  }
  return NULL;
}
