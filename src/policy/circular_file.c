/* circular.yaml: the document as data, in our own words. */
#include "policy_private.h"

static const PolicyFigure *
read_figures (Reading *r, yaml_node_t *clause, size_t *n)
{
  static const char *const known[] = { "text", "value", "unit", "relation", NULL };
  static const char *const relations[] = { "=", "≤", "≥", "<", ">", "≈", "up to" };
  yaml_node_item_t *items;
  *n = reading_items (r, clause, "figures", &items);
  PolicyFigure *figures = arena_new0 (r->package->arena, PolicyFigure, *n);
  for (size_t i = 0; i < *n; i++) {
    yaml_node_t *node = yaml_file_node (&r->yaml, items[i]);
    if (!reading_mapping (r, node, known, "a figure"))
      continue;
    figures[i] = (PolicyFigure){
      reading_text (r, node, "text", true), reading_text (r, node, "value", false),
      reading_text (r, node, "unit", false),
      relations[reading_word (r, node, "relation", relations, G_N_ELEMENTS (relations))]
    };
    Decimal value;
    if (*figures[i].value && !decimal_parse (text_of (figures[i].value), &value))
      reading_fault (r, node, "value: \"%s\" is no number", figures[i].value);
  }
  return figures;
}

static const PolicyAction *
read_actions (Reading *r, yaml_node_t *clause, int number, size_t *n)
{
  static const char *const known[] = { "zh", "en", "strength", NULL };
  yaml_node_item_t *items;
  *n = reading_items (r, clause, "actions", &items);
  PolicyAction *actions = arena_new0 (r->package->arena, PolicyAction, *n);
  static const char *const nothing[] = { NULL };
  for (size_t i = 0; i < *n; i++) {
    yaml_node_t *node = yaml_file_node (&r->yaml, items[i]);
    actions[i].id = arena_printf (r->package->arena, "%d.%zu", number, i + 1);
    actions[i].carried_by = nothing;
    actions[i].line = (unsigned)node->start_mark.line + 1;
    if (!reading_mapping (r, node, known, "an action"))
      continue;
    actions[i].text = (PolicyText){ reading_text (r, node, "zh", true), reading_text (r, node, "en", true) };
    reading_strength (r, node, &actions[i].strength);
  }
  return actions;
}

static PolicyClause *
read_clause (Reading *r, yaml_node_t *node, const PolicySection *section, int expected)
{
  static const char *const known[] = { "number", "title", "lead", "supporting", "figures", "actions", NULL };
  if (!reading_mapping (r, node, known, "a clause"))
    return NULL;
  PolicyClause *clause = arena_new0 (r->package->arena, PolicyClause, 1);
  if (!reading_int (r, node, "number", &clause->number))
    return NULL;
  if (clause->number != expected)
    reading_fault (r, yaml_get (&r->yaml, node, "number"),
                   "number: this is clause %d by its place, not %d; clauses count through all sections",
                   expected, clause->number);
  g_autofree char *label = text_chinese_numeral (clause->number);
  clause->label = arena_text (r->package->arena, text_of (label));
  clause->title = reading_both (r, node, "title", true);
  clause->section = section;
  clause->lead = reading_text (r, node, "lead", true);
  clause->supporting = reading_list (r, node, "supporting");
  clause->figures = read_figures (r, node, &clause->n_figures);
  clause->actions = read_actions (r, node, clause->number, &clause->n_actions);
  g_ptr_array_add (r->package->clauses, clause);
  g_ptr_array_add (r->package->pages, clause);
  return clause;
}

static void
read_section (Reading *r, yaml_node_t *node, PolicySection *section)
{
  static const char *const known[] = { "number", "title", "clauses", NULL };
  if (!reading_mapping (r, node, known, "a section"))
    return;
  reading_int (r, node, "number", &section->number);
  section->title = reading_both (r, node, "title", true);
  yaml_node_item_t *items;
  size_t n = reading_items (r, node, "clauses", &items);
  const PolicyClause **clauses = arena_new0 (r->package->arena, const PolicyClause *, n);
  for (size_t i = 0; i < n; i++) {
    PolicyClause *clause
        = read_clause (r, yaml_file_node (&r->yaml, items[i]), section, (int)r->package->clauses->len + 1);
    if (clause)
      clauses[section->n_clauses++] = clause;
  }
  section->clauses = clauses;
}

/* The closing paragraph is a clause without number: all units carry it out. */
static void
read_closing (Reading *r, yaml_node_t *root, PolicyCircular *circular)
{
  static const char *const known[] = { "title", "units", "actions", NULL };
  static const char *const nothing[] = { NULL };
  yaml_node_t *node = yaml_get (&r->yaml, root, "closing");
  if (!node || !reading_mapping (r, node, known, "closing"))
    return;
  PolicyClause *clause = arena_new0 (r->package->arena, PolicyClause, 1);
  clause->label = "";
  clause->title = reading_both (r, node, "title", true);
  clause->actions = read_actions (r, node, 0, &clause->n_actions);
  circular->closing_units = reading_list (r, node, "units");
  clause->lead = circular->closing_units[0] ? circular->closing_units[0] : "";
  clause->supporting = circular->closing_units[0] ? circular->closing_units + 1 : nothing;
  circular->closing_actions = clause->actions;
  circular->n_closing_actions = clause->n_actions;
  g_ptr_array_add (r->package->pages, clause);
}

static void
read_document (Reading *r, yaml_node_t *root, PolicyCircular *c)
{
  c->number = reading_text (r, root, "document_number", true);
  c->issuer = reading_text (r, root, "issuer", true);
  c->title = reading_both (r, root, "title", true);
  c->place = reading_both (r, root, "place", false);
  if (!c->place.zh || !*c->place.zh)
    c->place = (PolicyText){ c->issuer, c->issuer };
  c->date = reading_text (r, root, "date", true);
  reading_day (r, root, "date", 0);
  c->openness = reading_text (r, root, "openness", false);
  c->parent = reading_text (r, root, "parent", false);
  c->addressees = reading_list (r, root, "addressees");
  c->copies_to = reading_list (r, root, "copies_to");
  c->annexes = reading_list (r, root, "annexes");
  c->inherited = reading_list (r, root, "inherited_units");
}

void
circular_file_read (PolicyPackage *package)
{
  static const char *const known[]
      = { "document_number", "issuer",    "title",   "place",           "date",     "openness", "parent",
          "addressees",      "copies_to", "annexes", "inherited_units", "sections", "closing",  NULL };
  static const char *const nothing[] = { NULL };
  PolicyCircular *circular = arena_new0 (package->arena, PolicyCircular, 1);
  *circular = (PolicyCircular){ .number = "",
                                .issuer = "",
                                .title = { "", "" },
                                .place = { "", "" },
                                .date = "",
                                .openness = "",
                                .parent = "",
                                .addressees = nothing,
                                .copies_to = nothing,
                                .annexes = nothing,
                                .inherited = nothing,
                                .closing_units = nothing };
  circular->origin = arena_printf (package->arena, "%s/circular.yaml", package->folder);
  package->circular = circular;
  gsize len;
  const char *text = package_read (package, "circular.yaml", &len, true);
  if (!text)
    return;
  Reading r = { .package = package, .code = "yaml" };
  GError *error = NULL;
  if (!yaml_file_parse (&r.yaml, circular->origin, (Text){ text, len }, &error)) {
    dmn_faults_add_error (package->faults, "yaml", circular->origin, 1, error);
    g_error_free (error);
    return;
  }
  yaml_node_t *root = yaml_file_root (&r.yaml);
  if (reading_mapping (&r, root, known, "circular.yaml")) {
    read_document (&r, root, circular);
    yaml_node_item_t *items;
    size_t n = reading_items (&r, root, "sections", &items);
    PolicySection *sections = arena_new0 (package->arena, PolicySection, n);
    for (size_t i = 0; i < n; i++)
      read_section (&r, yaml_file_node (&r.yaml, items[i]), &sections[i]);
    circular->sections = sections;
    circular->n_sections = n;
    read_closing (&r, root, circular);
  }
  yaml_file_clear (&r.yaml);
}
