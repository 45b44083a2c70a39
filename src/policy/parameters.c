/* Parameters: dated values, each with the rule that sets it and how sure we are. */
#include "policy_private.h"

static const char *const confidences[] = { "cited", "derived", "assumed", "missing" };

const char *
policy_confidence_id (PolicyConfidence c)
{
  return confidences[c];
}

static void
read_confidence (Reading *r, yaml_node_t *node, PolicyParameterValue *value)
{
  const char *text = reading_text (r, node, "confidence", true);
  for (size_t i = 0; i < G_N_ELEMENTS (confidences); i++)
    if (strcmp (text, confidences[i]) == 0) {
      value->confidence = (PolicyConfidence)i;
      return;
    }
  if (*text)
    reading_fault (r, yaml_get (&r->yaml, node, "confidence"),
                   "confidence: \"%s\" is none of cited, derived, assumed, missing", text);
}

bool
policy_parameter_parse (const PolicyParameter *p, const char *text, FeelValue *value)
{
  Decimal number;
  Day day;
  switch (p->type->kind) {
  case FEEL_TYPE_NUMBER:
    if (!decimal_parse (text_of (text), &number))
      return false;
    *value = feel_number (number);
    return true;
  case FEEL_TYPE_BOOLEAN:
    *value = feel_boolean (strcmp (text, "true") == 0 || strcmp (text, "是") == 0);
    return value->boolean || strcmp (text, "false") == 0 || strcmp (text, "否") == 0;
  case FEEL_TYPE_DATE:
    if (!civil_parse (text_of (text), &day))
      return false;
    *value = feel_date (day);
    return true;
  case FEEL_TYPE_STRING: *value = feel_string (text_of (text)); return true;
  default: return false;
  }
}

static FeelValue
missing_value (Arena *arena, const PolicyParameter *p)
{
  return feel_unknown (
      arena,
      (FeelNeed){ .name = text_of (arena_printf (arena, POLICY_PARAMETERS ".%s", p->name.zh)), .host = p });
}

static void
read_value (Reading *r, yaml_node_t *node, const PolicyParameter *p, PolicyParameterValue *value)
{
  static const char *const known[] = { "from", "to", "value", "reference", "url", "confidence", NULL };
  if (!reading_mapping (r, node, known, "a value"))
    return;
  value->line = (unsigned)node->start_mark.line + 1;
  value->from = reading_day (r, node, "from", G_MININT64);
  value->to = reading_day (r, node, "to", G_MAXINT64);
  value->value_text = reading_text (r, node, "value", false);
  value->reference = reading_text (r, node, "reference", true);
  value->url = reading_text (r, node, "url", false);
  read_confidence (r, node, value);
  bool missing = value->confidence == POLICY_MISSING;
  if (missing == (*value->value_text != 0))
    reading_fault (r, node,
                   missing ? "a missing parameter has no value; drop \"value\" or state another confidence"
                           : "this value is empty; write it, or \"confidence: missing\"");
  value->value = missing_value (r->package->arena, p);
  if (*value->value_text && !policy_parameter_parse (p, value->value_text, &value->value))
    reading_fault (r, yaml_get (&r->yaml, node, "value"), "value: \"%s\" is no %s", value->value_text,
                   p->type_name);
  if (value->from > value->to)
    reading_fault (r, node, "this value ends before it begins");
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  const PolicyParameterValue *x = a, *y = b;
  return x->from < y->from ? -1 : x->from > y->from;
}

/* Ascending; an open end before another value ends the day before that one. */
static void
order_values (Reading *r, PolicyParameter *p, PolicyParameterValue *values)
{
  if (p->n_values > 1)
    qsort (values, p->n_values, sizeof *values, compare_values);
  for (size_t i = 1; i < p->n_values; i++) {
    if (values[i - 1].to == G_MAXINT64)
      values[i - 1].to = values[i].from - 1;
    if (values[i - 1].to >= values[i].from)
      dmn_faults_add (r->package->faults, DMN_ERROR, "yaml", r->yaml.path, values[i].line, 1,
                      "%s: this value begins before the one above it ends; at any date one value holds",
                      p->name.zh);
  }
}

static void
read_parameter (Reading *r, yaml_node_t *node)
{
  static const char *const known[] = { "id", "name", "type", "unit", "note", "checked", "values", NULL };
  if (!reading_mapping (r, node, known, "a parameter"))
    return;
  PolicyPackage *package = r->package;
  PolicyParameter *p = arena_new0 (package->arena, PolicyParameter, 1);
  p->id = reading_text (r, node, "id", true);
  p->origin = arena_text (package->arena, text_of (r->yaml.path));
  p->line = (unsigned)node->start_mark.line + 1;
  p->name = reading_both (r, node, "name", true);
  p->note = reading_both (r, node, "note", false);
  p->unit = reading_text (r, node, "unit", false);
  p->type_name = reading_text (r, node, "type", true);
  p->checked = reading_text (r, node, "checked", true);
  reading_day (r, node, "checked", 0);
  p->type = dmn_type_named (text_of (p->type_name));
  if (!p->type) {
    if (*p->type_name)
      reading_fault (r, yaml_get (&r->yaml, node, "type"),
                     "type: \"%s\" is none of 金额, 数, 文本, 是否, 日期", p->type_name);
    p->type = &feel_type_any;
  }
  const PolicyParameter *twin = policy_parameter (package, p->name.zh);
  if (!twin)
    twin = policy_parameter (package, p->id);
  if (twin)
    reading_fault (r, node, "%s is already defined in %s:%u", p->name.zh, twin->origin, twin->line);
  yaml_node_item_t *items;
  p->n_values = reading_items (r, node, "values", &items);
  PolicyParameterValue *values = arena_new0 (package->arena, PolicyParameterValue, p->n_values);
  for (size_t i = 0; i < p->n_values; i++)
    read_value (r, yaml_file_node (&r->yaml, items[i]), p, &values[i]);
  order_values (r, p, values);
  p->values = values;
  g_ptr_array_add (package->parameters, p);
}

static void
read_file (PolicyPackage *package, const char *relative)
{
  gsize len;
  const char *text = package_read (package, relative, &len, true);
  if (!text)
    return;
  g_autofree char *path = g_build_filename (package->folder, relative, NULL);
  Reading r = { .package = package, .code = "yaml" };
  GError *error = NULL;
  if (!yaml_file_parse (&r.yaml, path, (Text){ text, len }, &error)) {
    dmn_faults_add_error (package->faults, "yaml", path, 1, error);
    g_error_free (error);
    return;
  }
  yaml_node_t *root = yaml_file_root (&r.yaml);
  if (root->type != YAML_SEQUENCE_NODE)
    reading_fault (&r, root, "a parameter file is a list: begin each parameter with \"- id: …\"");
  else
    for (yaml_node_item_t *item = root->data.sequence.items.start; item < root->data.sequence.items.top;
         item++)
      read_parameter (&r, yaml_file_node (&r.yaml, *item));
  yaml_file_clear (&r.yaml);
}

void
parameter_files_read (PolicyPackage *package)
{
  g_autoptr (GPtrArray) files = package_files (package, "parameters", ".yaml");
  for (guint i = 0; i < files->len; i++)
    read_file (package, files->pdata[i]);
  FeelMember *members = arena_new0 (package->arena, FeelMember, package->parameters->len);
  for (guint i = 0; i < package->parameters->len; i++) {
    const PolicyParameter *p = package->parameters->pdata[i];
    members[i] = (FeelMember){ text_of (p->name.zh), p->type };
  }
  package->parameters_type = (FeelType){ .kind = FEEL_TYPE_CONTEXT,
                                         .n = package->parameters->len,
                                         .members = members,
                                         .closed = true,
                                         .name = text_of (POLICY_PARAMETERS) };
}

const PolicyParameter *
policy_parameter (const PolicyPackage *package, const char *name)
{
  for (guint i = 0; i < package->parameters->len; i++) {
    const PolicyParameter *p = package->parameters->pdata[i];
    if (strcmp (p->name.zh, name) == 0 || strcmp (p->id, name) == 0)
      return p;
  }
  return NULL;
}

const PolicyParameterValue *
policy_parameter_at (const PolicyParameter *p, Day d)
{
  for (size_t i = 0; i < p->n_values; i++)
    if (p->values[i].from <= d && d <= p->values[i].to)
      return &p->values[i];
  return NULL;
}

FeelValue
policy_parameters_value (const PolicyPackage *package, Arena *arena, Day at)
{
  FeelEntry *entries = arena_new0 (arena, FeelEntry, package->parameters->len);
  for (guint i = 0; i < package->parameters->len; i++) {
    const PolicyParameter *p = package->parameters->pdata[i];
    const PolicyParameterValue *value = policy_parameter_at (p, at);
    entries[i] = (FeelEntry){ text_of (p->name.zh), value ? value->value : missing_value (arena, p) };
  }
  return feel_context (arena, entries, package->parameters->len);
}
