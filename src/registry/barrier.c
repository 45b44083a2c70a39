/* registry.yaml's marks of barriers: which facts sort people by what they are or where
 * they come from, and what depends on them. */
#include "registry/registry_private.h"

#define VARIED "值"

static const char *const keys[] = { "kind", "recomputed", "held", NULL };
static const char *const kind_words[]
    = { "hukou", "origin", "employer", "sex", "age", "degree", "seniority", NULL };

const char *
registry_barrier_id (RegistryBarrierKind kind)
{
  return kind_words[kind];
}

typedef struct {
  YamlFile *file;
  const RegistrySchema *schema;
  const RegistryAttribute *attribute; /* that is marked */
  RegistryBarrier *barrier;
} Marking;

static bool
load_kind (Marking *m, const yaml_node_t *node, GError **error)
{
  Text text;
  if (!yaml_text (m->file, node, "kind", &text, error))
    return false;
  for (int i = 0; kind_words[i]; i++)
    if (text_equal (text, text_of (kind_words[i]))) {
      m->barrier->kind = (RegistryBarrierKind)i;
      return true;
    }
  g_autofree char *all = g_strjoinv (", ", (char **)kind_words);
  return yaml_fail (m->file, node, error, "barrier: unknown \"%s\": there are %s", text.bytes, all);
}

/* The attribute NODE names, of the marked one's entity, and not itself. */
static const RegistryAttribute *
load_dependent (Marking *m, const yaml_node_t *node, GError **error)
{
  Text id;
  if (!yaml_text (m->file, node, "an attribute's id", &id, error))
    return NULL;
  const RegistryAttribute *a = registry_entity_attribute (m->attribute->entity, id.bytes);
  if (a && a != m->attribute && g_str_equal (a->id, id.bytes))
    return a;
  yaml_fail (m->file, node, error, "barrier: \"%s\" is no other attribute of %s", id.bytes,
             m->attribute->entity->id);
  return NULL;
}

/* ---- recomputed facts -------------------------------------------------- */

FeelValue
registry_recomputed_value (Arena *arena, const RegistryRecomputed *recomputed, FeelValue varied)
{
  FeelRun run = { .arena = arena, .slots = &varied };
  return feel_evaluate (recomputed->rule, &run);
}

static bool
fits (const RegistryAttribute *a, FeelValue v)
{
  switch (a->kind) {
  case REGISTRY_BOOLEAN: return v.kind == FEEL_BOOLEAN;
  case REGISTRY_DATE: return v.kind == FEEL_DATE;
  case REGISTRY_TEXT: break;
  default: return v.kind == FEEL_NUMBER;
  }
  for (size_t i = 0; v.kind == FEEL_STRING && i < a->n_values; i++)
    if (text_equal (v.string, text_of (a->values[i])))
      return true;
  return v.kind == FEEL_STRING && !a->values;
}

/* Whether RECOMPUTED gives a value that may stand, whatever the marked attribute is. */
static bool
check_value (Marking *m, const yaml_node_t *node, const RegistryRecomputed *recomputed, FeelValue varied,
             const char *shown, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  return fits (recomputed->attribute, registry_recomputed_value (arena, recomputed, varied))
         || yaml_fail (m->file, node, error, "barrier: for %s = %s this gives no value that %s may have",
                       VARIED, shown, recomputed->attribute->id);
}

static bool
check_values (Marking *m, const yaml_node_t *node, const RegistryRecomputed *recomputed, GError **error)
{
  const RegistryAttribute *a = m->attribute;
  if (a->kind == REGISTRY_BOOLEAN)
    return check_value (m, node, recomputed, feel_boolean (false), "false", error)
           && check_value (m, node, recomputed, feel_boolean (true), "true", error);
  for (size_t i = 0; i < a->n_values; i++)
    if (!check_value (m, node, recomputed, feel_string (text_of (a->values[i])), a->values[i], error))
      return false;
  return true;
}

/* `hukou_place: if 值 then "台湾" else "本县"` */
static bool
load_recomputed (Marking *m, const yaml_node_t *key, const yaml_node_t *value, RegistryRecomputed *recomputed,
                 GError **error)
{
  Arena *arena = m->schema->arena;
  Text source;
  recomputed->attribute = load_dependent (m, key, error);
  if (!recomputed->attribute || !yaml_text (m->file, value, "what it becomes", &source, error))
    return false;
  if (recomputed->attribute->target)
    return yaml_fail (m->file, key, error, "barrier: the reference \"%s\" cannot be recomputed: hold it",
                      recomputed->attribute->id);
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, text_of (VARIED), registry_attribute_type (arena, m->attribute));
  FeelOptions options = { .origin = m->file->path,
                          .line = (unsigned)value->start_mark.line + 1,
                          .column = (unsigned)value->start_mark.column + 1,
                          .strict = true };
  g_autoptr (GError) cause = NULL;
  recomputed->rule = feel_compile (arena, arena_text_copy (arena, source), scope, &options, &cause);
  if (recomputed->rule)
    return check_values (m, value, recomputed, error);
  g_set_error_literal (error, FAULT, FAULT_INPUT, cause->message);
  return false;
}

static bool
load_all_recomputed (Marking *m, yaml_node_t *node, GError **error)
{
  yaml_node_t *all = yaml_get (m->file, node, "recomputed");
  if (!all)
    return true;
  if (m->attribute->kind != REGISTRY_BOOLEAN && !m->attribute->values)
    return yaml_fail (m->file, all, error,
                      "barrier: nothing is recomputed from what has no list of values: hold it");
  if (all->type != YAML_MAPPING_NODE)
    return yaml_fail (m->file, all, error, "barrier: \"recomputed\" must be { attribute: rule over %s }",
                      VARIED);
  size_t n = (size_t)(all->data.mapping.pairs.top - all->data.mapping.pairs.start);
  RegistryRecomputed *list = arena_new0 (m->schema->arena, RegistryRecomputed, n);
  for (size_t i = 0; i < n; i++) {
    yaml_node_pair_t pair = all->data.mapping.pairs.start[i];
    if (!load_recomputed (m, yaml_file_node (m->file, pair.key), yaml_file_node (m->file, pair.value),
                          &list[i], error))
      return false;
  }
  m->barrier->recomputed = list;
  m->barrier->n_recomputed = n;
  return true;
}

/* ---- held facts -------------------------------------------------------- */

static bool
is_recomputed (const RegistryBarrier *barrier, const RegistryAttribute *attribute)
{
  for (size_t i = 0; i < barrier->n_recomputed; i++)
    if (barrier->recomputed[i].attribute == attribute)
      return true;
  return false;
}

static bool
load_held (Marking *m, yaml_node_t *node, GError **error)
{
  yaml_node_t *list = yaml_get (m->file, node, "held");
  if (!list)
    return true;
  if (list->type != YAML_SEQUENCE_NODE)
    return yaml_fail (m->file, list, error, "barrier: \"held\" must be a list of attributes");
  size_t n = (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
  const RegistryAttribute **held = arena_new0 (m->schema->arena, const RegistryAttribute *, n);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *item = yaml_file_node (m->file, list->data.sequence.items.start[i]);
    held[i] = load_dependent (m, item, error);
    if (!held[i])
      return false;
    if (is_recomputed (m->barrier, held[i]))
      return yaml_fail (m->file, item, error, "barrier: \"%s\" is either recomputed or held", held[i]->id);
  }
  m->barrier->held = held;
  m->barrier->n_held = n;
  return true;
}

/* ---- marks ------------------------------------------------------------- */

bool
barrier_load (const RegistrySchema *schema, YamlFile *file, const yaml_node_t *attribute_node,
              RegistryAttribute *attribute, GError **error)
{
  yaml_node_t *node = yaml_get (file, attribute_node, "barrier");
  if (!node)
    return true;
  RegistryBarrier *barrier = arena_new0 (schema->arena, RegistryBarrier, 1);
  Marking m = { file, schema, attribute, barrier };
  if (attribute->target)
    return yaml_fail (file, node, error, "%s.%s: \"barrier\" is not for what leads to others",
                      attribute->entity->id, attribute->id);
  if (node->type == YAML_MAPPING_NODE) {
    const yaml_node_t *kind = yaml_get (file, node, "kind");
    if (!kind)
      return yaml_fail (file, node, error, "barrier: \"kind\" is missing");
    if (!yaml_check_mapping (file, node, keys, "barrier", error) || !load_kind (&m, kind, error)
        || !load_all_recomputed (&m, node, error) || !load_held (&m, node, error))
      return false;
  } else if (!load_kind (&m, node, error))
    return false;
  attribute->barrier = barrier;
  return true;
}
