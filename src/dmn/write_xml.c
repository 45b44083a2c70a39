/* A unit as a DMN 1.5 file.  Elements stand in the order of its schema; what a page
 * has beyond DMN goes into extensionElements, where editors keep it. */
#include "write_private.h"

typedef struct {
  xmlTextWriter *w;
  Arena *arena;
  const DmnModel *model;
  const DmnUnit *unit;
  const DmnPage *page;
  const DmnFacts *facts;
  WriteIds ids;
  const char *place; /* what is being written, for messages */
  const char *fault; /* the first place with a character that XML has not */
} Writer;

/* Nothing that is written here is younger than DMN 1.3; only the names differ. */
static const char *
namespace_of (const Writer *x, const char *part)
{
  return arena_printf (x->arena, "https://www.omg.org/spec/DMN/%s/%s/",
                       x->facts->edition_1_3 ? "20191111" : "20230324", part);
}

/* ---- elements ---------------------------------------------------------- */

/* XML 1.0, production 2: most control characters cannot be written at all. */
static const char *
checked (Writer *x, Text text)
{
  for (size_t i = 0; i < text.len && !x->fault; i++)
    if ((unsigned char)text.bytes[i] < 0x20 && !strchr ("\t\n\r", text.bytes[i]))
      x->fault = x->place;
  return arena_text (x->arena, text);
}

static void
begin (Writer *x, const char *element)
{
  xmlTextWriterStartElement (x->w, (const xmlChar *)element);
}

static void
end (Writer *x)
{
  xmlTextWriterEndElement (x->w);
}

static void
attribute (Writer *x, const char *name, Text value)
{
  xmlTextWriterWriteAttribute (x->w, (const xmlChar *)name, (const xmlChar *)checked (x, value));
}

static void
attribute_str (Writer *x, const char *name, const char *value)
{
  attribute (x, name, text_of (value));
}

static void
content (Writer *x, const char *element, Text text)
{
  xmlTextWriterWriteElement (x->w, (const xmlChar *)element, (const xmlChar *)checked (x, text));
}

static void G_GNUC_PRINTF (2, 3) identify (Writer *x, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *id = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  attribute_str (x, "id", id);
}

/* An element that holds one <text>. */
static void
text_element (Writer *x, const char *element, const char *id, Text text)
{
  begin (x, element);
  if (id)
    attribute_str (x, "id", id);
  content (x, "text", text);
  end (x);
}

static void
reference (Writer *x, const char *wrapper, const char *id, const char *element, const char *href)
{
  if (wrapper) {
    begin (x, wrapper);
    attribute_str (x, "id", id);
  }
  begin (x, element);
  attribute_str (x, "href", href);
  end (x);
  if (wrapper)
    end (x);
}

/* ---- identifiers ------------------------------------------------------- */

static const char *
given_id (Arena *arena, WriteIds ids, Text name)
{
  for (size_t i = 0; i < ids.facts->n_ids; i++)
    if (text_equal (ids.facts->ids[i].name, name))
      return arena_text (arena, ids.facts->ids[i].type_name);
  return NULL;
}

const char *
write_decision_id (Arena *arena, WriteIds ids, const DmnDecision *d)
{
  const char *given = d->unit == ids.unit ? given_id (arena, ids, d->name) : NULL;
  return given ? given
               : arena_printf (arena, "%s_%d", d->role == DMN_KNOWLEDGE ? "function" : "decision",
                               ((const Decision *)d)->index + 1);
}

const char *
write_input_id (Arena *arena, WriteIds ids, size_t variable)
{
  const char *given = given_id (arena, ids, text_of (ids.unit->variables[variable].name));
  return given ? given : arena_printf (arena, "input_%zu", variable + 1);
}

/* ---- item definitions: what of an input is read ------------------------ */

typedef struct Part Part;
struct Part {
  Text name;
  const FeelType *type; /* of one, when it is a collection */
  bool is_collection;
  GPtrArray *parts;
};

static void
free_part (gpointer data)
{
  Part *part = data;
  g_ptr_array_unref (part->parts);
  g_free (part);
}

static Part *
new_part (Text name, const FeelType *type)
{
  Part *part = g_new0 (Part, 1);
  *part = (Part){ .name = name,
                  .type = type,
                  .is_collection = type->kind == FEEL_TYPE_LIST,
                  .parts = g_ptr_array_new_with_free_func (free_part) };
  if (part->is_collection)
    part->type = type->element;
  return part;
}

static const FeelType *
member_type (const FeelType *type, Text name)
{
  for (size_t i = 0; type->kind == FEEL_TYPE_CONTEXT && i < type->n; i++)
    if (text_equal (type->members[i].name, name))
      return type->members[i].type;
  return NULL;
}

static void
add_path (Part *part, const Text *members, size_t n)
{
  const FeelType *type = n ? member_type (part->type, members[0]) : NULL;
  if (!type)
    return;
  for (guint i = 0; i < part->parts->len; i++) {
    Part *inner = part->parts->pdata[i];
    if (text_equal (inner->name, members[0])) {
      add_path (inner, members + 1, n - 1);
      return;
    }
  }
  Part *inner = new_part (members[0], type);
  g_ptr_array_add (part->parts, inner);
  add_path (inner, members + 1, n - 1);
}

/* All that is read of a variable, also through what another decision hands on. */
static Part *
parts_of (const Writer *x, size_t variable)
{
  const DmnUnit *unit = x->unit;
  Part *root = new_part (text_of (unit->variables[variable].name), unit->variables[variable].type);
  for (size_t i = 0; i < unit->n_decisions; i++) {
    size_t n;
    const FeelPath *paths = dmn_decision_closure (x->model, x->arena, unit->decisions[i], &n);
    for (size_t p = 0; p < n; p++)
      if ((size_t)paths[p].slot == variable)
        add_path (root, paths[p].members, paths[p].n);
  }
  return root;
}

static void
write_part (Writer *x, const Part *part, const char *id)
{
  if (part->is_collection)
    attribute_str (x, "isCollection", "true");
  if (part->parts->len == 0)
    content (x, "typeRef", text_of (write_type_ref (part->type)));
  for (guint i = 0; i < part->parts->len; i++) {
    const Part *inner = part->parts->pdata[i];
    g_autofree char *inner_id = g_strdup_printf ("%s_%u", id, i + 1);
    begin (x, "itemComponent");
    attribute_str (x, "id", inner_id);
    attribute (x, "name", inner->name);
    write_part (x, inner, inner_id);
    end (x);
  }
}

/* The typeRef of an input: FEEL's own, or the definition that names what is read. */
static const char *
input_type (Writer *x, size_t variable)
{
  Part *root = parts_of (x, variable);
  const char *name = root->parts->len ? arena_printf (x->arena, "t%s", x->unit->variables[variable].name)
                                      : write_type_ref (x->unit->variables[variable].type);
  free_part (root);
  return name;
}

static void
write_items (Writer *x)
{
  for (size_t i = 0; i < x->unit->n_variables; i++) {
    Part *root = parts_of (x, i);
    if (root->parts->len) {
      g_autofree char *id = g_strdup_printf ("item_%zu", i + 1);
      begin (x, "itemDefinition");
      attribute_str (x, "id", id);
      attribute_str (x, "name", input_type (x, i));
      attribute_str (x, "liudong:derived", "true");
      write_part (x, root, id);
      end (x);
    }
    free_part (root);
  }
}

/* ---- decision tables --------------------------------------------------- */

static const struct {
  const char *name, *aggregation;
} policies[] = {
  [DMN_UNIQUE] = { "UNIQUE", NULL },         [DMN_ANY] = { "ANY", NULL },
  [DMN_PRIORITY] = { "PRIORITY", NULL },     [DMN_FIRST] = { "FIRST", NULL },
  [DMN_RULE_ORDER] = { "RULE ORDER", NULL }, [DMN_OUTPUT_ORDER] = { "OUTPUT ORDER", NULL },
  [DMN_COLLECT] = { "COLLECT", NULL },       [DMN_SUM] = { "COLLECT", "SUM" },
  [DMN_MIN] = { "COLLECT", "MIN" },          [DMN_MAX] = { "COLLECT", "MAX" },
  [DMN_COUNT] = { "COLLECT", "COUNT" },
};

static void
write_input (Writer *x, const DmnColumn *column, const char *of, size_t i)
{
  begin (x, "input");
  identify (x, "%s_input_%zu", of, i + 1);
  begin (x, "inputExpression");
  identify (x, "%s_expression_%zu", of, i + 1);
  const char *type = column->expression ? write_type_ref (feel_expression_type (column->expression)) : "Any";
  if (strcmp (type, "Any") != 0)
    attribute_str (x, "typeRef", type);
  content (x, "text", column->label);
  end (x);
  if (column->allowed.text.len)
    text_element (x, "inputValues", NULL, column->allowed.text);
  end (x);
}

const char *
write_output_type (const DmnDecision *d, const DmnTable *table)
{
  if (table->n_outputs > 1 || table->policy == DMN_COUNT)
    return "Any";
  if (table->policy == DMN_COLLECT || table->policy == DMN_RULE_ORDER || table->policy == DMN_OUTPUT_ORDER)
    return d->type->kind == FEEL_TYPE_LIST ? write_type_ref (d->type->element) : "Any";
  return write_type_ref (d->type);
}

static void
write_output (Writer *x, const DmnColumn *column, const char *type, const char *of, size_t i)
{
  begin (x, "output");
  identify (x, "%s_output_%zu", of, i + 1);
  attribute (x, "name", column->label);
  if (strcmp (type, "Any") != 0)
    attribute_str (x, "typeRef", type);
  if (column->allowed.text.len)
    text_element (x, "outputValues", NULL, column->allowed.text);
  if (column->standard.text.len)
    text_element (x, "defaultOutputEntry", NULL, column->standard.text);
  end (x);
}

static void
write_cells (Writer *x, const char *element, const DmnCell *cells, size_t n, const char *rule)
{
  for (size_t i = 0; i < n; i++) {
    g_autofree char *id = g_strdup_printf ("%s_%s_%zu", rule, element, i + 1);
    text_element (x, element, id, cells[i].text);
  }
}

static void
write_rule (Writer *x, const DmnTable *table, const DmnRule *rule, const char *of, size_t i)
{
  g_autofree char *id = g_strdup_printf ("%s_rule_%zu", of, i + 1);
  g_autofree char *number = g_strdup_printf ("%zu", i + 1);
  begin (x, "rule");
  attribute_str (x, "id", id);
  if (!text_equal (rule->label, text_of (number)))
    attribute (x, "label", rule->label);
  write_cells (x, "inputEntry", rule->tests, table->n_inputs, id);
  write_cells (x, "outputEntry", rule->outputs, table->n_outputs, id);
  for (size_t a = 0; a < table->n_annotations; a++)
    text_element (x, "annotationEntry", NULL, rule->annotations[a].text);
  end (x);
}

static void
write_table (Writer *x, const DmnDecision *d, const DmnTable *table, const char *of)
{
  for (size_t i = 0; i < table->n_inputs; i++)
    write_input (x, &table->inputs[i], of, i);
  for (size_t i = 0; i < table->n_outputs; i++)
    write_output (x, &table->outputs[i], write_output_type (d, table), of, i);
  for (size_t i = 0; i < table->n_annotations; i++) {
    begin (x, "annotation");
    attribute (x, "name", table->annotations[i].label);
    end (x);
  }
  for (size_t i = 0; i < table->n_rules; i++)
    write_rule (x, table, &table->rules[i], of, i);
}

/* ---- decisions and functions ------------------------------------------- */

/* A page's own word for a type goes beside DMN's. */
static void
write_own_type (Writer *x, Text type_name, const FeelType *type)
{
  if (type_name.len && !text_equal (type_name, text_of (write_type_ref (type))))
    attribute (x, "liudong:type", type_name);
}

static void
write_logic (Writer *x, const DmnDecision *d)
{
  const DmnExpression *body = write_body (d);
  const char *of = write_decision_id (x->arena, x->ids, d);
  bool table = body->kind == DMN_TABLE;
  begin (x, table ? "decisionTable" : "literalExpression");
  identify (x, "%s_logic", of);
  if (d->role == DMN_KNOWLEDGE)
    attribute_str (x, "typeRef", write_type_ref (d->type));
  if (table) {
    attribute_str (x, "hitPolicy", policies[body->table->policy].name);
    if (policies[body->table->policy].aggregation)
      attribute_str (x, "aggregation", policies[body->table->policy].aggregation);
    write_table (x, d, body->table, of);
  } else {
    g_autoptr (GString) feel = g_string_new (NULL);
    write_feel (feel, body);
    content (x, "text", text_trim ((Text){ feel->str, feel->len }));
  }
  end (x);
}

static void
write_function (Writer *x, const DmnDecision *d)
{
  const char *of = write_decision_id (x->arena, x->ids, d);
  begin (x, "encapsulatedLogic");
  identify (x, "%s_function", of);
  for (size_t i = 0; i < d->logic->n_names; i++) {
    const DmnName *name = &d->logic->names[i];
    begin (x, "formalParameter");
    identify (x, "%s_parameter_%zu", of, i + 1);
    attribute (x, "name", name->name);
    if (name->type_name.len) {
      attribute_str (x, "typeRef", write_type_ref (name->type));
      write_own_type (x, name->type_name, name->type);
    }
    end (x);
  }
  write_logic (x, d);
  end (x);
}

static const DmnUse *
use_of (const Writer *x, const DmnUnit *unit)
{
  for (size_t i = 0; i < x->facts->n_uses; i++)
    if (strcmp (x->facts->uses[i].unit, unit->id) == 0)
      return &x->facts->uses[i];
  return NULL;
}

static void
write_required (Writer *x, const DmnDecision *d, const DmnDecision *required, size_t i)
{
  const DmnUse *use = required->unit == x->unit ? NULL : use_of (x, required->unit);
  const char *of = write_decision_id (x->arena, x->ids, d);
  const char *href = arena_printf (x->arena, "%s#%s", use ? use->namespace_ : "",
                                   write_decision_id (x->arena, x->ids, required));
  bool knowledge = required->role == DMN_KNOWLEDGE;
  reference (x, knowledge ? "knowledgeRequirement" : "informationRequirement",
             arena_printf (x->arena, "%s_requires_%zu", of, i + 1),
             knowledge ? "requiredKnowledge" : "requiredDecision", href);
}

static void
write_inputs_required (Writer *x, const DmnDecision *d)
{
  const char *of = write_decision_id (x->arena, x->ids, d);
  for (size_t v = 0; v < x->unit->n_variables; v++) {
    bool read = false;
    for (size_t p = 0; p < d->n_paths; p++)
      read |= (size_t)d->paths[p].slot == v;
    if (read)
      reference (x, "informationRequirement", arena_printf (x->arena, "%s_reads_%zu", of, v + 1),
                 "requiredInput", arena_printf (x->arena, "#%s", write_input_id (x->arena, x->ids, v)));
  }
}

static void
write_requirements (Writer *x, const DmnDecision *d, DmnRole role)
{
  for (size_t i = 0; i < d->n_requires; i++)
    if (d->requires_[i]->role == role && d->requires_[i] != d)
      write_required (x, d, d->requires_[i], i);
}

bool
write_is_outcome (const DmnDecision *d)
{
  for (size_t i = 0; i < d->unit->n_decisions; i++)
    for (size_t k = 0; k < d->unit->decisions[i]->n_requires; k++)
      if (d->unit->decisions[i]->requires_[k] == d)
        return false;
  return d->role == DMN_DECISION;
}

/* Who and why: of the decisions that no other one needs. */
static void
write_governance (Writer *x, const DmnDecision *d)
{
  if (!write_is_outcome (d))
    return;
  if (x->facts->source.name)
    reference (x, "authorityRequirement",
               arena_printf (x->arena, "%s_authority", write_decision_id (x->arena, x->ids, d)),
               "requiredAuthority", "#knowledge_source");
  for (size_t i = 0; i < x->facts->n_indicators; i++)
    reference (x, NULL, NULL, "impactedPerformanceIndicator",
               arena_printf (x->arena, "#indicator_%zu", i + 1));
  if (x->facts->n_owners && !x->facts->edition_1_3)
    reference (x, NULL, NULL, "decisionOwner", "#unit_1");
}

/* The page's items of D, from its heading on: text before the logic is its
 * description, what follows is kept as it is. */
static void
write_texts (Writer *x, const DmnDecision *d)
{
  size_t at = 0;
  while (at < x->page->n
         && !(x->page->items[at].kind == DMN_PAGE_DECISION && x->page->items[at].decision == d))
    at++;
  g_autoptr (GString) before = g_string_new (NULL);
  for (at++; at < x->page->n && x->page->items[at].kind == DMN_PAGE_TEXT; at++)
    g_string_append_printf (before, "%s%.*s", before->len ? "\n\n" : "", (int)x->page->items[at].text.len,
                            x->page->items[at].text.bytes);
  if (before->len)
    content (x, "description", (Text){ before->str, before->len });
  bool open = false;
  for (at++; at < x->page->n && x->page->items[at].kind <= DMN_PAGE_EXAMPLES; at++) {
    if (!open) {
      begin (x, "extensionElements");
      begin (x, "liudong:after");
      open = true;
    }
    content (x, x->page->items[at].kind == DMN_PAGE_TEXT ? "liudong:text" : "liudong:examples",
             x->page->items[at].text);
  }
  if (open) {
    end (x);
    end (x);
  }
}

static void
write_decision (Writer *x, const DmnDecision *d)
{
  bool function = d->role == DMN_KNOWLEDGE;
  const char *id = write_decision_id (x->arena, x->ids, d);
  x->place = arena_text (x->arena, d->name);
  begin (x, function ? "businessKnowledgeModel" : "decision");
  attribute_str (x, "id", id);
  attribute (x, "name", d->name);
  write_texts (x, d);
  begin (x, "variable");
  identify (x, "%s_variable", id);
  attribute (x, "name", d->name);
  if (!function)
    attribute_str (x, "typeRef", write_type_ref (d->type));
  write_own_type (x, d->type_name, d->type);
  end (x);
  if (function)
    write_function (x, d);
  else {
    write_inputs_required (x, d);
    write_requirements (x, d, DMN_DECISION);
  }
  write_requirements (x, d, DMN_KNOWLEDGE);
  write_governance (x, d);
  if (!function)
    write_logic (x, d);
  end (x);
}

/* ---- the rest of the file ---------------------------------------------- */

static void
write_page_heading (Writer *x, const DmnPageItem *item)
{
  g_autofree char *level = g_strdup_printf ("%u", item->level);
  begin (x, "liudong:heading");
  attribute_str (x, "level", level);
  xmlTextWriterWriteString (x->w, (const xmlChar *)checked (x, item->text));
  end (x);
}

static void
write_page_decision (Writer *x, const DmnPageItem *item)
{
  begin (x, "liudong:decision");
  attribute_str (x, "href",
                 arena_printf (x->arena, "#%s", write_decision_id (x->arena, x->ids, item->decision)));
  end (x);
}

/* dmn-js warns of organizationUnit, so in its edition the units are kept here. */
static void
write_page_owners (Writer *x)
{
  for (size_t i = 0; i < x->facts->n_owners && x->facts->edition_1_3; i++)
    content (x, "liudong:organizationUnit", text_of (x->facts->owners[i]));
}

/* Headings, prose and the order of decisions.  The text under the title is the
 * file's description; a decision's own texts go with it. */
static void
write_page (Writer *x)
{
  const DmnPageItem *items = x->page->items;
  size_t n = x->page->n;
  bool described
      = n > 1 && items[0].kind == DMN_PAGE_HEADING && items[0].level == 1 && items[1].kind == DMN_PAGE_TEXT;
  x->place = "the page";
  if (described)
    content (x, "description", items[1].text);
  begin (x, "extensionElements");
  begin (x, "liudong:page");
  if (x->page->front_matter.len)
    content (x, "liudong:frontMatter", x->page->front_matter);
  write_page_owners (x);
  bool inside = false;
  for (size_t i = 0; i < n; i++) {
    if (items[i].kind == DMN_PAGE_HEADING)
      write_page_heading (x, &items[i]);
    else if (items[i].kind == DMN_PAGE_DECISION)
      write_page_decision (x, &items[i]);
    else if (items[i].kind == DMN_PAGE_TEXT && described && i == 1)
      content (x, "liudong:description", TEXT_LITERAL (""));
    else if (items[i].kind == DMN_PAGE_TEXT && !inside)
      content (x, "liudong:text", items[i].text);
    inside = items[i].kind == DMN_PAGE_DECISION || (inside && items[i].kind != DMN_PAGE_HEADING);
  }
  end (x);
  end (x);
}

static void
write_imports (Writer *x)
{
  for (size_t i = 0; i < x->facts->n_uses; i++) {
    const DmnUse *use = &x->facts->uses[i];
    begin (x, "import");
    identify (x, "import_%zu", i + 1);
    attribute_str (x, "name", use->unit);
    attribute_str (x, "namespace", use->namespace_);
    attribute_str (x, "locationURI", use->location);
    attribute_str (x, "importType", namespace_of (x, "MODEL"));
    attribute_str (x, "liudong:derived", "true");
    end (x);
  }
}

static void
write_inputs (Writer *x)
{
  for (size_t v = 0; v < x->unit->n_variables; v++) {
    if (!x->facts->every_input && !unit_is_read (x->unit, v))
      continue;
    const char *id = write_input_id (x->arena, x->ids, v);
    begin (x, "inputData");
    attribute_str (x, "id", id);
    attribute_str (x, "name", x->unit->variables[v].name);
    begin (x, "variable");
    identify (x, "%s_variable", id);
    attribute_str (x, "name", x->unit->variables[v].name);
    attribute_str (x, "typeRef", input_type (x, v));
    end (x);
    end (x);
  }
}

static void
begin_note (Writer *x, const char *element, const char *id, const DmnNote *note)
{
  begin (x, element);
  attribute_str (x, "id", id);
  attribute_str (x, "name", note->name);
  attribute_str (x, "liudong:derived", "true");
  if (note->description)
    content (x, "description", text_of (note->description));
}

static void
write_outcome_references (Writer *x, const char *element)
{
  for (size_t i = 0; i < x->unit->n_decisions; i++)
    if (write_is_outcome (x->unit->decisions[i]))
      reference (x, NULL, NULL, element,
                 arena_printf (x->arena, "#%s", write_decision_id (x->arena, x->ids, x->unit->decisions[i])));
}

static void
write_notes (Writer *x)
{
  const DmnFacts *f = x->facts;
  x->place = "the responsible units and figures";
  for (size_t i = 0; i < f->n_indicators; i++) {
    begin_note (x, "performanceIndicator", arena_printf (x->arena, "indicator_%zu", i + 1),
                &f->indicators[i]);
    write_outcome_references (x, "impactingDecision");
    end (x);
  }
  for (size_t i = 0; i < f->n_owners && !f->edition_1_3; i++) {
    DmnNote note = { .name = f->owners[i] };
    begin_note (x, "organizationUnit", arena_printf (x->arena, "unit_%zu", i + 1), &note);
    if (i == 0)
      write_outcome_references (x, "decisionOwned");
    end (x);
  }
}

static void
write_definitions (Writer *x)
{
  const DmnFacts *f = x->facts;
  begin (x, "definitions");
  attribute_str (x, "xmlns", namespace_of (x, "MODEL"));
  attribute_str (x, "xmlns:dmndi", namespace_of (x, "DMNDI"));
  attribute_str (x, "xmlns:dc", "http://www.omg.org/spec/DMN/20180521/DC/");
  attribute_str (x, "xmlns:di", "http://www.omg.org/spec/DMN/20180521/DI/");
  attribute_str (x, "xmlns:liudong", DMN_PAGE_NAMESPACE);
  attribute_str (x, "id", "definitions");
  attribute_str (x, "name", f->name);
  attribute_str (x, "namespace", f->namespace_);
  attribute_str (x, "exporter", "liudong");
  attribute_str (x, "exporterVersion", LIUDONG_VERSION);
  write_page (x);
  write_imports (x);
  write_items (x);
  write_inputs (x);
  for (size_t i = 0; i < x->unit->n_decisions; i++)
    write_decision (x, x->unit->decisions[i]);
  if (f->source.name) {
    begin_note (x, "knowledgeSource", "knowledge_source", &f->source);
    end (x);
  }
  write_notes (x);
  write_diagram (x->w, x->arena, x->ids);
  end (x);
}

char *
dmn_write_xml (const DmnModel *model, const DmnUnit *unit, const DmnPage *page, const DmnFacts *facts,
               GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  xmlBuffer *buffer = xmlBufferCreate ();
  xmlTextWriter *w = xmlNewTextWriterMemory (buffer, 0);
  Writer x = { .w = w,
               .arena = arena,
               .model = model,
               .unit = unit,
               .page = page,
               .facts = facts,
               .ids = { unit, facts },
               .place = "the head" };
  xmlTextWriterSetIndent (w, 1);
  xmlTextWriterSetIndentString (w, (const xmlChar *)"  ");
  xmlTextWriterStartDocument (w, NULL, "UTF-8", NULL);
  write_definitions (&x);
  xmlTextWriterEndDocument (w);
  xmlFreeTextWriter (w);
  char *text = x.fault ? NULL : g_strdup ((const char *)xmlBufferContent (buffer));
  if (x.fault)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: a control character stands in %s, which XML cannot hold",
                 unit->origin, x.fault);
  xmlBufferFree (buffer);
  return text;
}
