#include "convert_page.h"

/* ---- front matter and body --------------------------------------------- */

static Text
next_line (Text *rest)
{
  const char *end = memchr (rest->bytes, '\n', rest->len);
  size_t len = end ? (size_t)(end - rest->bytes) + 1 : rest->len;
  Text line = { rest->bytes, len };
  *rest = (Text){ rest->bytes + len, rest->len - len };
  return line;
}

ConvertSplit
convert_split (Text file)
{
  ConvertSplit whole = { .body = file, .first_line = 1 };
  Text rest = file;
  if (!text_equal (text_trim (next_line (&rest)), TEXT_LITERAL ("---")))
    return whole;
  const char *begin = rest.bytes;
  for (unsigned line = 2; rest.len; line++) {
    const char *here = rest.bytes;
    if (text_equal (text_trim (next_line (&rest)), TEXT_LITERAL ("---")))
      return (ConvertSplit){ { begin, (size_t)(here - begin) }, rest, line + 1 };
  }
  return whole;
}

/* ---- pages of their own ------------------------------------------------ */

bool
convert_is_model_page (Text front_matter)
{
  return text_starts_with (front_matter, "model:") || text_find (front_matter, "\nmodel:", 0) >= 0;
}

/* A mapping of texts: pairs as name and type name. */
static bool
read_pairs (Arena *arena, YamlFile *yaml, const char *key, const DmnName **names, size_t *n, GError **error)
{
  yaml_node_t *node = yaml_get (yaml, yaml_file_root (yaml), key);
  *n = 0;
  if (!node)
    return true;
  if (node->type != YAML_MAPPING_NODE)
    return yaml_fail (yaml, node, error, "%s must map names: {\"Age\": \"number\"}", key);
  size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
  DmnName *list = arena_new0 (arena, DmnName, count);
  for (size_t i = 0; i < count; i++) {
    const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
    Text name, value;
    if (!yaml_text (yaml, yaml_file_node (yaml, pair->key), key, &name, error)
        || !yaml_text (yaml, yaml_file_node (yaml, pair->value), key, &value, error))
      return false;
    list[i] = (DmnName){ .name = arena_text_copy (arena, name), .type_name = arena_text_copy (arena, value) };
  }
  *names = list;
  *n = count;
  return true;
}

static bool
read_inputs (Arena *arena, YamlFile *yaml, DmnClauseSource *source, GError **error)
{
  const DmnName *names;
  size_t n;
  if (!read_pairs (arena, yaml, "inputs", &names, &n, error))
    return false;
  DmnVariable *variables = arena_new0 (arena, DmnVariable, n);
  for (size_t i = 0; i < n; i++) {
    const FeelType *type = dmn_type_named (names[i].type_name);
    if (!type)
      return yaml_fail (yaml, yaml_get (yaml, yaml_file_root (yaml), "inputs"), error,
                        "inputs: there is no type \"%.*s\"", (int)names[i].type_name.len,
                        names[i].type_name.bytes);
    variables[i] = (DmnVariable){ arena_text (arena, names[i].name), type };
  }
  source->variables = variables;
  source->n_variables = n;
  return true;
}

bool
convert_read_front (Arena *arena, const char *path, Text front_matter, DmnFacts *facts,
                    DmnClauseSource *source, GError **error)
{
  static const char *const known[] = { "model", "namespace", "inputs", "ids", NULL };
  YamlFile yaml;
  Text numbered = text_of (arena_printf (arena, "---\n%.*s", (int)front_matter.len, front_matter.bytes));
  if (!yaml_file_parse (&yaml, path, numbered, error))
    return false;
  yaml_node_t *root = yaml_file_root (&yaml);
  Text name, namespace;
  bool read = yaml_check_mapping (&yaml, root, known, "front matter", error)
              && yaml_get_text (&yaml, root, "model", true, &name, error)
              && yaml_get_text (&yaml, root, "namespace", true, &namespace, error)
              && read_inputs (arena, &yaml, source, error)
              && read_pairs (arena, &yaml, "ids", &facts->ids, &facts->n_ids, error);
  if (read) {
    facts->name = arena_text (arena, name);
    facts->namespace_ = arena_text (arena, namespace);
    facts->every_input = true;
  }
  yaml_file_clear (&yaml);
  return read;
}

/* JSON's strings are YAML's as well. */
static void
append_quoted (GString *out, Text text)
{
  JsonWriter *w = json_writer_new (out, 0);
  json_text (w, text);
  json_writer_free (w);
}

static void
append_pair (GString *out, Text name, Text value)
{
  g_string_append (out, "  ");
  append_quoted (out, name);
  g_string_append (out, ": ");
  append_quoted (out, value);
  g_string_append_c (out, '\n');
}

char *
convert_write_front (const DmnUnit *unit)
{
  GString *out = g_string_new ("model: ");
  append_quoted (out, unit->title);
  g_string_append (out, "\nnamespace: ");
  append_quoted (out, text_of (unit->id));
  g_string_append_c (out, '\n');
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < unit->n_variables; i++) {
    const char *type = feel_type_describe (arena, unit->variables[i].type);
    g_string_append (out, i ? "" : "inputs:\n");
    append_pair (out, text_of (unit->variables[i].name),
                 dmn_type_named (text_of (type)) ? text_of (type) : TEXT_LITERAL ("Any"));
  }
  bool any = false;
  for (size_t i = 0; i < unit->n_decisions + unit->n_variables; i++) {
    bool decision = i < unit->n_decisions;
    Text name = decision ? unit->decisions[i]->name : text_of (unit->variables[i - unit->n_decisions].name);
    Text id = decision ? unit->decisions[i]->id : dmn_variable_id (arena, unit, i - unit->n_decisions);
    if (id.len == 0)
      continue;
    g_string_append (out, any ? "" : "ids:\n");
    append_pair (out, name, id);
    any = true;
  }
  return g_string_free (out, FALSE);
}

/* ---- pages of a package ------------------------------------------------ */

/* "clauses/15-hr-services.md" → "15-hr-services" */
static char *
stem_of (const char *origin)
{
  char *name = g_path_get_basename (origin);
  char *dot = strrchr (name, '.');
  if (dot)
    *dot = 0;
  return name;
}

static const char *
namespace_of (Arena *arena, const PolicyPackage *package, const DmnUnit *unit)
{
  g_autofree char *absolute = g_canonicalize_filename (policy_folder (package), NULL);
  g_autofree char *folder = g_path_get_basename (absolute), *stem = stem_of (unit->origin);
  return arena_printf (arena, "urn:liudong:%s:%s", folder, stem);
}

static const PolicyClause *
clause_of (const PolicyPackage *package, const DmnUnit *unit)
{
  size_t n;
  const PolicyClause *const *clauses = policy_pages (package, &n);
  for (size_t i = 0; i < n; i++)
    if (clauses[i]->unit == unit)
      return clauses[i];
  return NULL;
}

static void
add_uses (Arena *arena, const PolicyPackage *package, const DmnUnit *unit, DmnFacts *facts)
{
  g_autoptr (GPtrArray) units = g_ptr_array_new ();
  for (size_t i = 0; i < unit->n_decisions; i++)
    for (size_t k = 0; k < unit->decisions[i]->n_requires; k++) {
      const DmnUnit *used = unit->decisions[i]->requires_[k]->unit;
      if (used != unit && !g_ptr_array_find (units, used, NULL))
        g_ptr_array_add (units, (gpointer)used);
    }
  DmnUse *uses = arena_new0 (arena, DmnUse, units->len);
  for (guint i = 0; i < units->len; i++) {
    const DmnUnit *used = units->pdata[i];
    g_autofree char *stem = stem_of (used->origin);
    uses[i] = (DmnUse){ used->id, namespace_of (arena, package, used), arena_printf (arena, "%s.dmn", stem) };
  }
  facts->uses = uses;
  facts->n_uses = units->len;
}

static void
add_owners (Arena *arena, const PolicyClause *clause, DmnFacts *facts)
{
  size_t n = g_strv_length ((char **)clause->supporting);
  const char **owners = arena_new0 (arena, const char *, n + 1);
  owners[0] = clause->lead;
  for (size_t i = 0; i < n; i++)
    owners[i + 1] = clause->supporting[i];
  facts->owners = owners;
  facts->n_owners = n + 1;
}

static void
add_indicators (Arena *arena, const PolicyClause *clause, DmnFacts *facts)
{
  DmnNote *indicators = arena_new0 (arena, DmnNote, clause->n_figures);
  for (size_t i = 0; i < clause->n_figures; i++) {
    const PolicyFigure *f = &clause->figures[i];
    indicators[i] = (DmnNote){ f->text, arena_printf (arena, "%s %s%s", f->relation, f->value, f->unit) };
  }
  facts->indicators = indicators;
  facts->n_indicators = clause->n_figures;
}

DmnFacts
convert_facts (Arena *arena, const PolicyPackage *package, const DmnUnit *unit)
{
  DmnFacts facts
      = { .name = arena_text (arena, unit->title), .namespace_ = namespace_of (arena, package, unit) };
  add_uses (arena, package, unit, &facts);
  const PolicyClause *clause = clause_of (package, unit);
  if (!clause)
    return facts;
  facts.source
      = (DmnNote){ arena_printf (arena, "%s第（%s）条", policy_circular (package)->number, clause->label),
                   clause->title.zh };
  add_owners (arena, clause, &facts);
  add_indicators (arena, clause, &facts);
  return facts;
}
