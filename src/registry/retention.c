/* registry.yaml's table of retention: what is kept how long, by which rule.
 * Personal Information Protection Law, articles 17 and 19: for the shortest time
 * that the purpose needs, unless a law or regulation says another. */
#include "registry/registry_private.h"

static const char *const keys[] = { "of", "years", "permanent", "at_least", "from", "reason", "url", NULL };
static const char *const language_keys[] = { "zh", "en", NULL };

/* What is kept beside facts: the log of accesses, the texts of notices. */
typedef enum { BESIDE_LOG, BESIDE_NOTICES } Beside;

/* What one rule is about: all of an entity, one of its attributes, or (ENTITY NULL) what is kept beside. */
typedef struct {
  const RegistryEntity *entity;
  const RegistryAttribute *attribute;
  Beside beside;
  const RegistryRetention *rule;
} Item;

static bool
load_both (YamlFile *file, const yaml_node_t *node, const char *key, Arena *arena, const char **zh,
           const char **en, GError **error)
{
  yaml_node_t *both = yaml_get (file, node, key);
  Text zh_text, en_text;
  if (!both)
    return yaml_fail (file, node, error, "\"%s\" is missing: { zh: …, en: … }", key);
  if (!yaml_check_mapping (file, both, language_keys, key, error)
      || !yaml_get_text (file, both, "zh", true, &zh_text, error)
      || !yaml_get_text (file, both, "en", true, &en_text, error))
    return false;
  *zh = arena_text (arena, zh_text);
  *en = arena_text (arena, en_text);
  return true;
}

static bool
load_flag (YamlFile *file, const yaml_node_t *node, const char *key, bool *flag, GError **error)
{
  Text text = TEXT_LITERAL ("false");
  if (!yaml_get_text (file, node, key, false, &text, error))
    return false;
  *flag = text_equal (text, TEXT_LITERAL ("true"));
  return *flag || text_equal (text, TEXT_LITERAL ("false"))
         || yaml_fail (file, node, error, "%s: \"%s\" is neither true nor false", key, text.bytes);
}

static bool
load_period (YamlFile *file, const yaml_node_t *node, RegistryRetention *rule, GError **error)
{
  Text years = { 0 };
  bool permanent;
  guint64 number = 0;
  if (!yaml_get_text (file, node, "years", false, &years, error)
      || !load_flag (file, node, "permanent", &permanent, error)
      || !load_flag (file, node, "at_least", &rule->at_least, error))
    return false;
  if (permanent == (years.bytes != NULL))
    return yaml_fail (file, node, error, "say either \"years\" or \"permanent: true\"");
  if (!permanent && !g_ascii_string_to_unsigned (years.bytes, 10, 1, 1000, &number, NULL))
    return yaml_fail (file, node, error, "years: \"%s\" is no whole number from 1 to 1000", years.bytes);
  rule->years = (int)number;
  return true;
}

/* "resident", "resident.name", "log" or "notices". */
static bool
load_item (YamlFile *file, yaml_node_t *node, const RegistrySchema *schema, Item *item, GError **error)
{
  Text text;
  if (!yaml_text (file, node, "of", &text, error))
    return false;
  bool notices = text_equal (text, TEXT_LITERAL ("notices"));
  item->beside = notices ? BESIDE_NOTICES : BESIDE_LOG;
  if (notices || text_equal (text, TEXT_LITERAL ("log")))
    return true;
  g_auto (GStrv) parts = g_strsplit (text.bytes, ".", 2);
  item->entity = parts[0] ? registry_schema_entity (schema, parts[0]) : NULL;
  if (item->entity && parts[1])
    item->attribute = registry_entity_attribute (item->entity, parts[1]);
  return (item->entity && (item->attribute || !parts[1]))
         || yaml_fail (
             file, node, error,
             "\"%s\" is no entity, no attribute such as resident.name, and neither \"log\" nor \"notices\"",
             text.bytes);
}

static bool
has_item (const GArray *items, const Item *item)
{
  for (guint i = 0; i < items->len; i++) {
    const Item *other = &g_array_index (items, Item, i);
    if (other->entity == item->entity && other->attribute == item->attribute && other->beside == item->beside)
      return true;
  }
  return false;
}

static bool
load_rule (YamlFile *file, yaml_node_t *node, RegistrySchema *schema, GArray *items, GError **error)
{
  RegistryRetention *rule = arena_new0 (schema->arena, RegistryRetention, 1);
  Text url = { 0 };
  if (!yaml_check_mapping (file, node, keys, "a rule of retention", error)
      || !load_period (file, node, rule, error)
      || !load_both (file, node, "from", schema->arena, &rule->from_zh, &rule->from_en, error)
      || !load_both (file, node, "reason", schema->arena, &rule->reason_zh, &rule->reason_en, error)
      || !yaml_get_text (file, node, "url", false, &url, error))
    return false;
  rule->url = url.bytes ? arena_text (schema->arena, url) : NULL;
  yaml_node_t *of = yaml_get (file, node, "of");
  if (!of || of->type != YAML_SEQUENCE_NODE)
    return yaml_fail (file, of ? of : node, error, "\"of\" must be a list: [resident, household.size, log]");
  for (yaml_node_item_t *i = of->data.sequence.items.start; i < of->data.sequence.items.top; i++) {
    yaml_node_t *name = yaml_file_node (file, *i);
    Item item = { .rule = rule };
    if (!load_item (file, name, schema, &item, error))
      return false;
    if (has_item (items, &item))
      return yaml_fail (file, name, error, "two rules say how long \"%s\" is kept", name->data.scalar.value);
    g_array_append_val (items, item);
  }
  return true;
}

bool
retention_load (RegistrySchema *schema, YamlFile *file, GError **error)
{
  yaml_node_t *list = yaml_get (file, yaml_file_root (file), "retention");
  if (!list)
    return true;
  if (list->type != YAML_SEQUENCE_NODE)
    return yaml_fail (file, list, error, "\"retention\" must be a list of rules");
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (Item));
  for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++)
    if (!load_rule (file, yaml_file_node (file, *i), schema, items, error))
      return false;
  schema->retention = arena_copy (schema->arena, items->data, items->len * sizeof (Item));
  schema->n_retention = items->len;
  return true;
}

static const RegistryRetention *
find_rule (const RegistrySchema *schema, const RegistryEntity *entity, const RegistryAttribute *attribute,
           Beside beside)
{
  const Item *items = schema->retention;
  for (size_t i = 0; i < schema->n_retention; i++)
    if (items[i].entity == entity && items[i].attribute == attribute && items[i].beside == beside)
      return items[i].rule;
  return NULL;
}

const RegistryRetention *
registry_retention (const RegistrySchema *schema, const RegistryAttribute *attribute)
{
  const RegistryRetention *own = find_rule (schema, attribute->entity, attribute, BESIDE_LOG);
  return own ? own : find_rule (schema, attribute->entity, NULL, BESIDE_LOG);
}

const RegistryRetention *
registry_log_retention (const RegistrySchema *schema)
{
  return find_rule (schema, NULL, NULL, BESIDE_LOG);
}

const RegistryRetention *
registry_notices_retention (const RegistrySchema *schema)
{
  return find_rule (schema, NULL, NULL, BESIDE_NOTICES);
}
