#include "base.h"

bool
yaml_file_parse (YamlFile *file, const char *path, Text source, GError **error)
{
  file->path = path;
  yaml_parser_t parser;
  yaml_parser_initialize (&parser);
  yaml_parser_set_input_string (&parser, (const unsigned char *)source.bytes, source.len);
  bool ok = yaml_parser_load (&parser, &file->document);
  if (!ok)
    g_set_error (error, FAULT, FAULT_INPUT, "%s:%zu: no valid YAML: %s%s%s", path,
                 parser.problem_mark.line + 1, parser.problem ? parser.problem : "unreadable",
                 parser.context ? ", " : "", parser.context ? parser.context : "");
  else if (!yaml_document_get_root_node (&file->document)) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s:1: the file is empty", path);
    yaml_document_delete (&file->document);
    ok = false;
  }
  yaml_parser_delete (&parser);
  return ok;
}

void
yaml_file_clear (YamlFile *file)
{
  yaml_document_delete (&file->document);
}

yaml_node_t *
yaml_file_root (YamlFile *file)
{
  return yaml_document_get_root_node (&file->document);
}

yaml_node_t *
yaml_file_node (YamlFile *file, int id)
{
  return yaml_document_get_node (&file->document, id);
}

bool
yaml_fail (const YamlFile *file, const yaml_node_t *node, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, FAULT, FAULT_INPUT, "%s:%zu: %s", file->path, node->start_mark.line + 1, message);
  return false;
}

bool
yaml_text (YamlFile *file, const yaml_node_t *node, const char *what, Text *text, GError **error)
{
  if (node->type != YAML_SCALAR_NODE)
    return yaml_fail (file, node, error, "\"%s\" must be a single value", what);
  *text = (Text){ (const char *)node->data.scalar.value, node->data.scalar.length };
  if (text->len == 0 || memchr (text->bytes, 0, text->len))
    return yaml_fail (file, node, error, "\"%s\" is empty: give it a value or drop the line", what);
  return true;
}

/* Edit distance, given up beyond LIMIT. */
static unsigned
distance (const char *a, const char *b, unsigned limit)
{
  size_t n = strlen (a), m = strlen (b);
  if (n > 63 || m > 63 || (n > m ? n - m : m - n) > limit)
    return limit + 1;
  unsigned row[64];
  for (size_t j = 0; j <= m; j++)
    row[j] = (unsigned)j;
  for (size_t i = 1; i <= n; i++) {
    unsigned diagonal = row[0];
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= m; j++) {
      unsigned changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = MIN (changed, MIN (row[j], row[j - 1]) + 1);
    }
  }
  return row[m];
}

const char *
yaml_nearest (const char *word, const char *const *names)
{
  const char *nearest = NULL;
  unsigned least = 3;
  for (size_t i = 0; names[i]; i++) {
    unsigned d = distance (word, names[i], 2);
    if (d < least) {
      least = d;
      nearest = names[i];
    }
  }
  return nearest;
}

static bool
check_key (YamlFile *file, const yaml_node_t *key, const char *const *known, const char *what, GError **error)
{
  Text text;
  if (!yaml_text (file, key, what, &text, error))
    return false;
  if (g_strv_contains (known, text.bytes))
    return true;
  const char *nearest = yaml_nearest (text.bytes, known);
  if (nearest)
    return yaml_fail (file, key, error, "%s: unknown key \"%s\": did you mean \"%s\"?", what, text.bytes,
                      nearest);
  g_autofree char *all = g_strjoinv (", ", (char **)known);
  return yaml_fail (file, key, error, "%s: unknown key \"%s\": there are %s", what, text.bytes, all);
}

bool
yaml_check_mapping (YamlFile *file, yaml_node_t *node, const char *const *known, const char *what,
                    GError **error)
{
  if (node->type != YAML_MAPPING_NODE)
    return yaml_fail (file, node, error, "%s must be \"key: value\" lines", what);
  for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
    const yaml_node_t *key = yaml_file_node (file, p->key);
    if (!check_key (file, key, known, what, error))
      return false;
    for (yaml_node_pair_t *q = node->data.mapping.pairs.start; q < p; q++)
      if (g_str_equal (yaml_file_node (file, q->key)->data.scalar.value, key->data.scalar.value))
        return yaml_fail (file, key, error, "%s: \"%s\" stands twice", what, key->data.scalar.value);
  }
  return true;
}

yaml_node_t *
yaml_get (YamlFile *file, const yaml_node_t *mapping, const char *key)
{
  for (yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < mapping->data.mapping.pairs.top; p++) {
    yaml_node_t *node = yaml_file_node (file, p->key);
    if (node->type == YAML_SCALAR_NODE && g_str_equal (node->data.scalar.value, key))
      return yaml_file_node (file, p->value);
  }
  return NULL;
}

bool
yaml_get_text (YamlFile *file, const yaml_node_t *mapping, const char *key, bool required, Text *text,
               GError **error)
{
  yaml_node_t *node = yaml_get (file, mapping, key);
  if (node)
    return yaml_text (file, node, key, text, error);
  return !required || yaml_fail (file, mapping, error, "\"%s\" is missing", key);
}
