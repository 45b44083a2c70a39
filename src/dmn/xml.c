/* A DMN file into a unit: its elements (DMN 1.5, clause 6), its item definitions
 * (7.3.2), its imports.  References stay as written until the model is linked. */
#include "xml_document.h"

static Text
read_child (XmlReader *r, xmlNode *node, const char *name)
{
  return xml_text (r, xml_child (r, node, name));
}

static Text
read_href (XmlReader *r, xmlNode *node)
{
  return xml_attribute (r, node, "href");
}

/* ---- item definitions -------------------------------------------------- */

static void read_item (XmlReader *r, xmlNode *node, DmnItem *item);

static void
read_components (XmlReader *r, xmlNode *node, const char *element, DmnItem *item)
{
  g_autoptr (GArray) components = g_array_new (FALSE, TRUE, sizeof (DmnItem));
  XML_EACH (r, child, node)
  {
    if (!xml_is (child, element))
      continue;
    DmnItem component = { 0 };
    read_item (r, child, &component);
    g_array_append_val (components, component);
  }
  item->n_components = components->len;
  item->components = xml_keep (r, components);
}

static void
read_item (XmlReader *r, xmlNode *node, DmnItem *item)
{
  xmlNode *function = xml_child (r, node, "functionItem");
  Text reference = read_child (r, node, "typeRef");
  *item = (DmnItem){ .name = xml_attribute (r, node, "name"),
                     .type_name = reference.len ? reference : xml_attribute (r, node, "typeRef"),
                     .line = xml_line (node),
                     .is_collection
                     = text_equal (xml_attribute (r, node, "isCollection"), TEXT_LITERAL ("true")),
                     .is_function = function != NULL,
                     .allowed = xml_cell (r, xml_child (r, node, "allowedValues")),
                     .constraint = xml_cell (r, xml_child (r, node, "typeConstraint")) };
  if (function) {
    item->type_name = xml_attribute (r, function, "outputTypeRef");
    read_components (r, function, "parameters", item);
  } else
    read_components (r, node, "itemComponent", item);
  r->unit->constrained |= item->allowed.text.len || item->constraint.text.len;
  /* What has a shape of its own gets its type now and is filled when linking, so
   * that definitions may refer to one another in circles. */
  if (item->is_collection || item->is_function || item->n_components)
    item->type = arena_new0 (r->model->arena, FeelType, 1);
}

/* ---- decisions, knowledge, services ------------------------------------ */

static void
add_requirement (XmlReader *r, GArray *to, xmlNode *reference)
{
  Requirement requirement = { read_href (r, reference), xml_line (reference) };
  g_array_append_val (to, requirement);
}

/* The reference elements that say who and why rather than how. */
static const char *const reference_names[] = {
  "requiredAuthority",  "requiredDecision",
  "requiredInput",      "decisionMaker",
  "decisionOwner",      "impactedPerformanceIndicator",
  "supportedObjective", "usingProcess",
  "usingTask",          "owner",
  "decisionMade",       "decisionOwned",
  "impactingDecision",  NULL,
};

static void
read_references (XmlReader *r, xmlNode *node, GArray *references)
{
  XML_EACH (r, child, node)
  {
    bool authority = xml_is (child, "authorityRequirement");
    xmlNode *at = authority ? xml_element (r, child->children) : child;
    if (!at || !g_strv_contains (reference_names, (const char *)at->name))
      continue;
    Text href = read_href (r, at);
    DmnReference reference = { .role = arena_text_copy (r->model->arena, text_of ((const char *)at->name)),
                               .href = href.len ? href : xml_text (r, at),
                               .line = xml_line (at) };
    g_array_append_val (references, reference);
  }
}

static const DmnReference *
take_references (XmlReader *r, xmlNode *node, size_t *n)
{
  g_autoptr (GArray) references = g_array_new (FALSE, TRUE, sizeof (DmnReference));
  read_references (r, node, references);
  *n = references->len;
  return xml_keep (r, references);
}

static void
read_requirements (XmlReader *r, xmlNode *node, Decision *d)
{
  XML_EACH (r, child, node)
  {
    if (!xml_is (child, "informationRequirement") && !xml_is (child, "knowledgeRequirement"))
      continue;
    XML_EACH (r, reference, child)
    if (xml_is (reference, "requiredDecision") || xml_is (reference, "requiredInput")
        || xml_is (reference, "requiredKnowledge"))
      add_requirement (r, d->requirements, reference);
  }
}

static void
read_service (XmlReader *r, xmlNode *node, Decision *d)
{
  XML_EACH (r, child, node)
  {
    if (xml_is (child, "outputDecision"))
      add_requirement (r, d->service.output_decisions, child);
    else if (xml_is (child, "inputDecision"))
      add_requirement (r, d->service.input_decisions, child);
    else if (xml_is (child, "inputData"))
      add_requirement (r, d->service.input_data, child);
  }
}

/* A business knowledge model is a function even where it says nothing. */
static DmnExpression *
read_encapsulated (XmlReader *r, xmlNode *node)
{
  xmlNode *logic = xml_child (r, node, "encapsulatedLogic");
  if (logic)
    return xml_read_function (r, logic);
  DmnExpression *x = arena_new0 (r->model->arena, DmnExpression, 1);
  *x = (DmnExpression){ .kind = DMN_FUNCTION, .line = xml_line (node), .slot = -1 };
  return x;
}

static const DmnTable *
table_of (const DmnExpression *x)
{
  if (x && x->kind == DMN_FUNCTION && x->n_parts)
    x = x->parts[0];
  return x ? x->table : NULL;
}

/* The first element of an id is the one that references lead to. */
static void
add_id (XmlReader *r, Text id, Target target)
{
  Text *key = dmn_keep (r->model->arena, &id, sizeof id);
  if (id.len && !g_hash_table_contains (r->unit->by_id, key))
    g_hash_table_insert (r->unit->by_id, key, dmn_keep (r->model->arena, &target, sizeof target));
}

static void
read_decision (XmlReader *r, xmlNode *node, DmnRole role)
{
  Decision *d = arena_new0 (r->model->arena, Decision, 1);
  xmlNode *variable = xml_child (r, node, "variable");
  Text called = xml_attribute (r, variable, "name");
  d->unit = r->unit;
  d->public = (DmnDecision){ .unit = &r->unit->public,
                             .name = xml_attribute (r, node, "name"),
                             .id = xml_attribute (r, node, "id"),
                             .line = xml_line (node),
                             .role = role,
                             .type_name = xml_attribute (r, variable, "typeRef"),
                             .type = &feel_type_any,
                             .prose = read_child (r, node, "description") };
  d->variable = called.len ? called : d->public.name;
  d->requirements = g_array_new (FALSE, TRUE, sizeof (Requirement));
  d->service.output_decisions = g_array_new (FALSE, TRUE, sizeof (Requirement));
  d->service.input_decisions = g_array_new (FALSE, TRUE, sizeof (Requirement));
  d->service.input_data = g_array_new (FALSE, TRUE, sizeof (Requirement));
  d->public.references = take_references (r, node, &d->public.n_references);
  read_requirements (r, node, d);
  if (role == DMN_SERVICE)
    read_service (r, node, d);
  else
    d->public.logic = role == DMN_KNOWLEDGE ? read_encapsulated (r, node) : xml_read_logic (r, node);
  d->public.table = table_of (d->public.logic);
  add_id (r, d->public.id, (Target){ .unit = r->unit, .import = -1, .decision = d });
  if (!dmn_unit_add (r->unit, d))
    dmn_faults_add (r->faults, DMN_ERROR, "duplicate-decision", r->unit->public.origin, d->public.line, 0,
                    "%.*s is already defined on line %u", (int)d->public.name.len, d->public.name.bytes,
                    dmn_unit_decision (r->unit, d->public.name)->public.line);
}

static void
read_input_data (XmlReader *r, xmlNode *node)
{
  xmlNode *variable = xml_child (r, node, "variable");
  Text called = xml_attribute (r, variable, "name"), id = xml_attribute (r, node, "id");
  DmnName name = { .name = called.len ? called : xml_attribute (r, node, "name"),
                   .type_name = xml_attribute (r, variable, "typeRef"),
                   .line = xml_line (node) };
  DmnVariable input = { arena_text (r->model->arena, name.name), &feel_type_any };
  g_array_append_val (r->unit->variables, input);
  g_array_append_val (r->unit->variable_names, name);
  add_id (r, id, (Target){ .unit = r->unit, .import = -1, .variable = r->unit->variables->len - 1 });
}

static void
read_other (XmlReader *r, xmlNode *node, DmnElementKind kind)
{
  DmnElement element = { .kind = kind,
                         .id = xml_attribute (r, node, "id"),
                         .name = xml_attribute (r, node, "name"),
                         .description = read_child (r, node, "description"),
                         .type = read_child (r, node, "type"),
                         .location = xml_attribute (r, node, "locationURI"),
                         .line = xml_line (node) };
  element.references = take_references (r, node, &element.n_references);
  g_array_append_val (r->unit->elements, element);
}

/* ---- imports ----------------------------------------------------------- */

static const DmnUnit *read_document (DmnModel *model, xmlDoc *document, const char *origin,
                                     DmnFaults *faults);

static void
import_fault (XmlReader *r, const DmnImport *import, const char *code, const char *message)
{
  dmn_faults_add (r->faults, DMN_ERROR, code, r->unit->public.origin, import->line, 0, "%s (%.*s)", message,
                  (int)import->namespace_.len, import->namespace_.bytes);
}

/* The document at PATH if its namespace is the import's. */
static xmlDoc *
load_matching (const char *path, const DmnImport *import)
{
  xmlDoc *document = xml_document_load (path, NULL);
  xmlNode *root = document ? xmlDocGetRootElement (document) : NULL;
  xmlChar *namespace = root ? xmlGetNoNsProp (root, (const xmlChar *)"namespace") : NULL;
  bool matches = text_equal (text_of ((const char *)namespace), import->namespace_);
  xmlFree (namespace);
  if (matches)
    return document;
  xmlFreeDoc (document);
  return NULL;
}

/* A locationURI is a path seen from the importing file; one onto the network is not
 * followed. */
static char *
location_path (const char *folder, const DmnImport *import)
{
  g_autofree char *written = g_strndup (import->location.bytes, import->location.len);
  g_autofree char *location = g_uri_unescape_string (written, NULL);
  return g_build_filename (folder, location ? location : written, NULL);
}

static xmlDoc *
find_import (const char *folder, const DmnImport *import, char **path)
{
  if (import->location.len && text_find (import->location, "://", 0) < 0) {
    *path = location_path (folder, import);
    xmlDoc *document = load_matching (*path, import);
    if (document)
      return document;
    g_clear_pointer (path, g_free);
  }
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  for (const char *name; entries && (name = g_dir_read_name (entries));) {
    if (!g_str_has_suffix (name, ".dmn"))
      continue;
    *path = g_build_filename (folder, name, NULL);
    xmlDoc *document = load_matching (*path, import);
    if (document)
      return document;
    g_clear_pointer (path, g_free);
  }
  return NULL;
}

static void
follow_import (XmlReader *r, DmnImport *import)
{
  if (!xml_is_dmn ((const xmlChar *)import->type.bytes)) {
    dmn_faults_add (r->faults, DMN_WARNING, "import", r->unit->public.origin, import->line, 0,
                    "an import of type %.*s is kept, but nothing of it can be used", (int)import->type.len,
                    import->type.bytes);
    return;
  }
  const char *id = arena_text (r->model->arena, import->namespace_);
  Unit *known = dmn_model_find_unit (r->model, id);
  if (known && known->public.is_xml)
    import->unit = &known->public;
  else {
    g_autofree char *folder = g_path_get_dirname (r->unit->public.origin), *path = NULL;
    bool few = r->model->units->len < DMN_FILES_MAX;
    xmlDoc *document = few ? find_import (folder, import, &path) : NULL;
    import->unit = document ? read_document (r->model, document, path, r->faults) : NULL;
  }
  if (!import->unit)
    import_fault (r, import, "missing-import", "no DMN file of this namespace is beside this one");
}

static void
read_import (XmlReader *r, xmlNode *node)
{
  DmnImport import = { .name = xml_attribute (r, node, "name"),
                       .namespace_ = xml_attribute (r, node, "namespace"),
                       .location = xml_attribute (r, node, "locationURI"),
                       .type = xml_attribute (r, node, "importType"),
                       .line = xml_line (node) };
  g_array_append_val (r->unit->imports, import);
}

/* ---- the file ---------------------------------------------------------- */

static void
read_element (XmlReader *r, xmlNode *node)
{
  static const struct {
    const char *name;
    int kind;
    void (*decision) (XmlReader *, xmlNode *, DmnRole);
    void (*other) (XmlReader *, xmlNode *, DmnElementKind);
    void (*plain) (XmlReader *, xmlNode *);
  } elements[] = {
    { .name = "decision", .kind = DMN_DECISION, .decision = read_decision },
    { .name = "businessKnowledgeModel", .kind = DMN_KNOWLEDGE, .decision = read_decision },
    { .name = "decisionService", .kind = DMN_SERVICE, .decision = read_decision },
    { .name = "knowledgeSource", .kind = DMN_KNOWLEDGE_SOURCE, .other = read_other },
    { .name = "organizationUnit", .kind = DMN_ORGANIZATION_UNIT, .other = read_other },
    { .name = "performanceIndicator", .kind = DMN_PERFORMANCE_INDICATOR, .other = read_other },
    { .name = "inputData", .plain = read_input_data },
    { .name = "import", .plain = read_import },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (elements); i++) {
    if (!xml_is (node, elements[i].name))
      continue;
    if (elements[i].decision)
      elements[i].decision (r, node, (DmnRole)elements[i].kind);
    else if (elements[i].other)
      elements[i].other (r, node, (DmnElementKind)elements[i].kind);
    else
      elements[i].plain (r, node);
  }
  if (xml_is (node, "itemDefinition")) {
    DmnItem *item = arena_new0 (r->model->arena, DmnItem, 1);
    read_item (r, node, item);
    g_ptr_array_add (r->unit->items, item);
    if (!g_hash_table_contains (r->unit->items_by_name, &item->name))
      g_hash_table_insert (r->unit->items_by_name, &item->name, item);
  }
}

static void
show_variables (XmlReader *r)
{
  Unit *unit = r->unit;
  unit->public.variables = (const DmnVariable *)(void *)unit->variables->data;
  unit->public.n_variables = unit->variables->len;
  unit->public.variable_items = arena_new0 (r->model->arena, const DmnItem *, unit->variables->len);
  unit->public.items = (const DmnItem *const *)(void *)unit->items->pdata;
  unit->public.n_items = unit->items->len;
  unit->public.elements = (const DmnElement *)(void *)unit->elements->data;
  unit->public.n_elements = unit->elements->len;
  unit->public.imports = (const DmnImport *)(void *)unit->imports->data;
  unit->public.n_imports = unit->imports->len;
}

/* The root is definitions in a namespace that is DMN's; else NULL and a fault. */
static xmlNode *
check_root (xmlDoc *document, const char *origin, DmnFaults *faults)
{
  xmlNode *root = xmlDocGetRootElement (document);
  if (root && xml_is (root, "definitions") && root->ns && xml_is_dmn (root->ns->href))
    return root;
  dmn_faults_add (faults, DMN_ERROR, "not-dmn", origin, root ? xml_line (root) : 1, 0,
                  "this is no DMN 1.2 to 1.5 model: its root must be definitions in a namespace of those");
  return NULL;
}

/* Takes DOCUMENT over. */
static const DmnUnit *
read_document (DmnModel *model, xmlDoc *document, const char *origin, DmnFaults *faults)
{
  xmlNode *root = check_root (document, origin, faults);
  XmlReader r = { .model = model, .faults = faults };
  Text id = xml_attribute (&r, root, "namespace");
  const Unit *earlier = root ? dmn_model_find_unit (model, id.bytes) : NULL;
  if (earlier)
    dmn_faults_add (faults, DMN_ERROR, "duplicate-unit", origin, xml_line (root), 0,
                    "the namespace %s is already that of %s", id.bytes, earlier->public.origin);
  if (!root || earlier) {
    xmlFreeDoc (document);
    return NULL;
  }
  r.namespace_ = (const char *)root->ns->href;
  r.unit = dmn_unit_new (model, id.bytes, origin);
  r.unit->document = document;
  r.unit->public.document = document;
  r.unit->public.is_xml = true;
  r.unit->public.title = xml_attribute (&r, root, "name");
  r.language = xml_attribute (&r, root, "expressionLanguage");
  XML_EACH (&r, child, root)
  read_element (&r, child);
  show_variables (&r);
  dmn_unit_finish (model, r.unit);
  for (guint i = 0; i < r.unit->imports->len; i++)
    follow_import (&r, &g_array_index (r.unit->imports, DmnImport, i));
  return &r.unit->public;
}

const DmnUnit *
dmn_model_read_xml (DmnModel *model, const DmnXmlSource *source, DmnFaults *faults)
{
  g_autoptr (GError) error = NULL;
  xmlDoc *document = source->text.len ? xml_document_read (source->text, source->path, &error)
                                      : xml_document_load (source->path, &error);
  if (document)
    return read_document (model, document, source->path, faults);
  dmn_faults_add_error (faults, "xml", source->path, 1, error);
  return NULL;
}
