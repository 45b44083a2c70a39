/* registry.yaml → RegistrySchema.  The format: docs/registry-format.md. */
#include "registry/registry_private.h"

/* The entity is the top byte of a subject id, which stays positive. */
enum { ENTITIES_MAX = 63 };

typedef struct {
  YamlFile file;
  RegistrySchema *schema;
  Arena *arena;
} Loader;

static const char *const file_keys[] = { "registry", "entities", "retention", NULL };
static const char *const entity_keys[]
    = { "id", "zh", "en", "label", "number", "likeness", "source", "sensitivity", "attributes", NULL };
static const char *const attribute_keys[]
    = { "id",          "zh",      "en", "type", "scale", "min",    "max",     "values", "source",
        "sensitivity", "absence", "to", "via",  "unit",  "search", "barrier", NULL };
static const char *const kind_words[]
    = { "boolean", "number", "money", "text", "date", "reference", "collection", NULL };
static const char *const sensitivity_words[] = { "public", "personal", "sensitive", NULL };
static const char *const search_words[] = { "township", "community", "phone", NULL };
/* Columns of our own in the current tables. */
static const char *const taken_ids[] = { "id", "until", NULL };

/* ---- names ------------------------------------------------------------- */

static bool
is_id (Text text)
{
  for (size_t i = 0; i < text.len; i++) {
    char c = text.bytes[i];
    if (!(g_ascii_islower (c) || (i > 0 && (g_ascii_isdigit (c) || c == '_'))))
      return false;
  }
  return text.len > 0 && text.len <= 60;
}

/* A Chinese name is used in FEEL without quoting, so it holds no operator. */
static bool
is_feel_name (Text text)
{
  for (size_t i = 0; i < text.len; i++)
    if (g_ascii_isspace (text.bytes[i]) || g_ascii_ispunct (text.bytes[i]))
      return false;
  return !g_ascii_isdigit (text.bytes[0]);
}

/* id, zh and en, which entities and attributes have alike. */
static bool
load_names (Loader *l, const yaml_node_t *node, const char **id, const char **zh, const char **en,
            GError **error)
{
  Text id_text, zh_text, en_text;
  if (!yaml_get_text (&l->file, node, "id", true, &id_text, error)
      || !yaml_get_text (&l->file, node, "zh", true, &zh_text, error)
      || !yaml_get_text (&l->file, node, "en", true, &en_text, error))
    return false;
  if (!is_id (id_text))
    return yaml_fail (&l->file, node, error, "id \"%s\": use small letters, digits and _, a letter first",
                      id_text.bytes);
  if (g_str_has_prefix (id_text.bytes, "none_") || g_strv_contains (taken_ids, id_text.bytes))
    return yaml_fail (&l->file, node, error, "id \"%s\" is used by the tables: choose another",
                      id_text.bytes);
  if (!is_feel_name (zh_text))
    return yaml_fail (&l->file, node, error, "zh \"%s\": no blanks or punctuation, it is a name in FEEL",
                      zh_text.bytes);
  *id = arena_text (l->arena, id_text);
  *zh = arena_text (l->arena, zh_text);
  *en = arena_text (l->arena, en_text);
  return true;
}

/* The place of NODE's text in WORDS. */
static bool
load_word (Loader *l, const yaml_node_t *node, const char *key, const char *const *words, int *index,
           GError **error)
{
  Text text;
  if (!yaml_text (&l->file, node, key, &text, error))
    return false;
  for (int i = 0; words[i]; i++)
    if (text_equal (text, text_of (words[i]))) {
      *index = i;
      return true;
    }
  const char *nearest = yaml_nearest (text.bytes, words);
  if (nearest)
    return yaml_fail (&l->file, node, error, "%s: unknown \"%s\": did you mean \"%s\"?", key, text.bytes,
                      nearest);
  g_autofree char *all = g_strjoinv (", ", (char **)words);
  return yaml_fail (&l->file, node, error, "%s: unknown \"%s\": there are %s", key, text.bytes, all);
}

/* ---- attributes -------------------------------------------------------- */

/* A key that makes sense for some types only. */
static bool
check_belongs (Loader *l, const yaml_node_t *node, const char *key, bool belongs, const RegistryAttribute *a,
               GError **error)
{
  const yaml_node_t *value = yaml_get (&l->file, node, key);
  return !value || belongs
         || yaml_fail (&l->file, value, error, "%s.%s: \"%s\" is not for type %s", a->entity->id, a->id, key,
                       kind_words[a->kind]);
}

static bool
check_keys_of_kind (Loader *l, const yaml_node_t *node, const RegistryAttribute *a, GError **error)
{
  bool number = a->kind == REGISTRY_NUMBER || a->kind == REGISTRY_MONEY;
  bool ordered = number || a->kind == REGISTRY_DATE;
  bool leads = a->kind == REGISTRY_REFERENCE || a->kind == REGISTRY_COLLECTION;
  return check_belongs (l, node, "scale", a->kind == REGISTRY_NUMBER, a, error)
         && check_belongs (l, node, "min", ordered, a, error)
         && check_belongs (l, node, "max", ordered, a, error)
         && check_belongs (l, node, "unit", number, a, error)
         && check_belongs (l, node, "values", a->kind == REGISTRY_TEXT, a, error)
         && check_belongs (l, node, "to", leads, a, error)
         && check_belongs (l, node, "via", a->kind == REGISTRY_COLLECTION, a, error)
         && check_belongs (l, node, "absence", a->kind != REGISTRY_COLLECTION, a, error);
}

static bool
load_scale (Loader *l, const yaml_node_t *node, RegistryAttribute *a, GError **error)
{
  a->scale = a->kind == REGISTRY_MONEY ? 2 : 0;
  Text text = { 0 };
  if (!yaml_get_text (&l->file, node, "scale", false, &text, error))
    return false;
  if (!text.len)
    return true;
  if (text.len != 1 || text.bytes[0] < '0' || text.bytes[0] > '9')
    return yaml_fail (&l->file, yaml_get (&l->file, node, "scale"), error,
                      "%s.%s: scale is the number of digits after the point, 0 to 9", a->entity->id, a->id);
  a->scale = text.bytes[0] - '0';
  return true;
}

static bool
load_bound (Loader *l, const yaml_node_t *node, const char *key, RegistryAttribute *a, bool *has,
            gint64 *bound, GError **error)
{
  Text text = { 0 };
  if (!yaml_get_text (&l->file, node, key, false, &text, error))
    return false;
  *has = text.len > 0;
  if (!*has)
    return true;
  Decimal number;
  bool ok = a->kind == REGISTRY_DATE
                ? civil_parse (text, bound)
                : decimal_parse (text, &number) && decimal_to_scaled (number, a->scale, bound);
  return ok
         || yaml_fail (&l->file, yaml_get (&l->file, node, key), error,
                       "%s.%s: %s \"%s\" is no %s of scale %d", a->entity->id, a->id, key, text.bytes,
                       kind_words[a->kind], a->scale);
}

static bool
load_bounds (Loader *l, const yaml_node_t *node, RegistryAttribute *a, GError **error)
{
  if (!load_scale (l, node, a, error) || !load_bound (l, node, "min", a, &a->has_min, &a->min, error)
      || !load_bound (l, node, "max", a, &a->has_max, &a->max, error))
    return false;
  return !a->has_min || !a->has_max || a->min <= a->max
         || yaml_fail (&l->file, yaml_get (&l->file, node, "min"), error, "%s.%s: min is greater than max",
                       a->entity->id, a->id);
}

static bool
load_values (Loader *l, const yaml_node_t *node, RegistryAttribute *a, GError **error)
{
  const yaml_node_t *values = yaml_get (&l->file, node, "values");
  if (!values)
    return true;
  if (values->type != YAML_MAPPING_NODE || values->data.mapping.pairs.top == values->data.mapping.pairs.start)
    return yaml_fail (&l->file, values, error, "%s.%s: values must be { 值: English label, … }",
                      a->entity->id, a->id);
  size_t n = (size_t)(values->data.mapping.pairs.top - values->data.mapping.pairs.start);
  const char **zh = arena_new0 (l->arena, const char *, n + 1);
  const char **en = arena_new0 (l->arena, const char *, n + 1);
  for (size_t i = 0; i < n; i++) {
    yaml_node_pair_t pair = values->data.mapping.pairs.start[i];
    const yaml_node_t *key = yaml_file_node (&l->file, pair.key);
    Text value, label;
    if (!yaml_text (&l->file, key, "values", &value, error)
        || !yaml_text (&l->file, yaml_file_node (&l->file, pair.value), value.bytes, &label, error))
      return false;
    if (g_strv_contains (zh, value.bytes))
      return yaml_fail (&l->file, key, error, "%s.%s: the value \"%s\" stands twice", a->entity->id, a->id,
                        value.bytes);
    zh[i] = arena_text (l->arena, value);
    en[i] = arena_text (l->arena, label);
  }
  a->values = zh;
  a->values_en = en;
  a->n_values = n;
  return true;
}

/* absence: unknown | none | { value: … } */
static bool
load_absence (Loader *l, const yaml_node_t *node, RegistryAttribute *a, GError **error)
{
  static const char *const words[] = { "unknown", "none", NULL };
  static const char *const value_keys[] = { "value", NULL };
  yaml_node_t *absence = yaml_get (&l->file, node, "absence");
  if (!absence)
    return true;
  int word = 0;
  if (absence->type == YAML_SCALAR_NODE) {
    bool ok = load_word (l, absence, "absence", words, &word, error);
    a->absence = word ? REGISTRY_ABSENT_NONE : REGISTRY_ABSENT_UNKNOWN;
    return ok;
  }
  Text text;
  if (!yaml_check_mapping (&l->file, absence, value_keys, "absence", error)
      || !yaml_get_text (&l->file, absence, "value", true, &text, error))
    return false;
  if (a->kind == REGISTRY_REFERENCE)
    return yaml_fail (&l->file, absence, error, "%s.%s: a reference that is absent is unknown or none",
                      a->entity->id, a->id);
  g_autoptr (GError) reason = NULL;
  RegistryFact fact;
  a->absence = REGISTRY_ABSENT_VALUE;
  a->absence_text = arena_text (l->arena, text);
  return registry_fact_parse (l->schema, a, text, &fact, &reason)
         || yaml_fail (&l->file, absence, error, "absence: %s", reason->message);
}

/* Source and sensitivity: the attribute's own, else the entity's. */
static bool
load_answerable (Loader *l, const yaml_node_t *entity, const yaml_node_t *node, RegistryAttribute *a,
                 GError **error)
{
  Text source = { 0 };
  if (!yaml_get_text (&l->file, entity, "source", false, &source, error)
      || !yaml_get_text (&l->file, node, "source", false, &source, error))
    return false;
  if (!source.len)
    return yaml_fail (&l->file, node, error, "%s.%s: \"source\" is missing, here and at the entity",
                      a->entity->id, a->id);
  a->source = arena_text (l->arena, source);
  const yaml_node_t *word = yaml_get (&l->file, node, "sensitivity");
  if (!word)
    word = yaml_get (&l->file, entity, "sensitivity");
  int sensitivity = REGISTRY_PERSONAL;
  if (word && !load_word (l, word, "sensitivity", sensitivity_words, &sensitivity, error))
    return false;
  a->sensitivity = (RegistrySensitivity)sensitivity;
  return true;
}

static bool
load_target (Loader *l, const yaml_node_t *node, RegistryAttribute *a, GError **error)
{
  if (a->kind != REGISTRY_REFERENCE && a->kind != REGISTRY_COLLECTION)
    return true;
  Text to;
  if (!yaml_get_text (&l->file, node, "to", true, &to, error))
    return false;
  a->target = registry_schema_entity (l->schema, to.bytes);
  return a->target
         || yaml_fail (&l->file, yaml_get (&l->file, node, "to"), error, "%s.%s: there is no entity \"%s\"",
                       a->entity->id, a->id, to.bytes);
}

static bool
load_attribute (Loader *l, const yaml_node_t *entity, yaml_node_t *node, RegistryAttribute *a, GError **error)
{
  int kind = 0;
  Text unit = { 0 };
  if (!yaml_check_mapping (&l->file, node, attribute_keys, "attribute", error)
      || !load_names (l, node, &a->id, &a->zh, &a->en, error))
    return false;
  const yaml_node_t *type = yaml_get (&l->file, node, "type");
  if (!type)
    return yaml_fail (&l->file, node, error, "%s.%s: \"type\" is missing", a->entity->id, a->id);
  if (!load_word (l, type, "type", kind_words, &kind, error))
    return false;
  a->kind = (RegistryKind)kind;
  if (!check_keys_of_kind (l, node, a, error) || !load_bounds (l, node, a, error)
      || !load_values (l, node, a, error) || !load_target (l, node, a, error)
      || !load_answerable (l, entity, node, a, error) || !load_absence (l, node, a, error)
      || !yaml_get_text (&l->file, node, "unit", false, &unit, error))
    return false;
  a->unit = unit.len ? arena_text (l->arena, unit) : NULL;
  return true;
}

static bool
check_unique (Loader *l, const yaml_node_t *node, const RegistryAttribute *all, size_t i, GError **error)
{
  for (size_t j = 0; j < i; j++) {
    if (g_str_equal (all[j].id, all[i].id))
      return yaml_fail (&l->file, node, error, "%s: the id \"%s\" stands twice", all[i].entity->id,
                        all[i].id);
    if (g_str_equal (all[j].zh, all[i].zh))
      return yaml_fail (&l->file, node, error, "%s: the name \"%s\" stands twice", all[i].entity->id,
                        all[i].zh);
  }
  return true;
}

static bool
load_attributes (Loader *l, const yaml_node_t *node, RegistryEntity *entity, GError **error)
{
  const yaml_node_t *list = yaml_get (&l->file, node, "attributes");
  if (!list || list->type != YAML_SEQUENCE_NODE
      || list->data.sequence.items.top == list->data.sequence.items.start)
    return yaml_fail (&l->file, list ? list : node, error, "%s: \"attributes\" must be a list, and not empty",
                      entity->id);
  entity->n = (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
  RegistryAttribute *all = arena_new0 (l->arena, RegistryAttribute, entity->n);
  entity->attributes = all;
  for (size_t i = 0; i < entity->n; i++) {
    yaml_node_t *item = yaml_file_node (&l->file, list->data.sequence.items.start[i]);
    all[i].entity = entity;
    all[i].index = (int)i;
    if (!load_attribute (l, node, item, &all[i], error) || !check_unique (l, item, all, i, error))
      return false;
  }
  return true;
}

/* ---- entities ---------------------------------------------------------- */

/* label: and number: name an attribute of texts. */
static bool
load_naming (Loader *l, const yaml_node_t *node, const char *key, const RegistryEntity *entity,
             const RegistryAttribute **attribute, GError **error)
{
  Text id = { 0 };
  if (!yaml_get_text (&l->file, node, key, false, &id, error))
    return false;
  if (!id.len)
    return true;
  *attribute = registry_entity_attribute (entity, id.bytes);
  return (*attribute && (*attribute)->kind == REGISTRY_TEXT)
         || yaml_fail (&l->file, yaml_get (&l->file, node, key), error,
                       "%s: %s \"%s\" must be the id of a text attribute", entity->id, key, id.bytes);
}

/* search: what people are found by beside label and number (search_keys.c). */
static bool
load_searched (Loader *l, yaml_node_t *item, RegistryEntity *entity, const RegistryAttribute *a,
               GError **error)
{
  const RegistryAttribute **places[] = { &entity->township, &entity->community, &entity->phone };
  const yaml_node_t *node = yaml_get (&l->file, item, "search");
  int word = 0;
  if (!node)
    return true;
  if (!load_word (l, node, "search", search_words, &word, error))
    return false;
  bool reference = places[word] == &entity->community;
  if (a->kind != (reference ? REGISTRY_REFERENCE : REGISTRY_TEXT))
    return yaml_fail (&l->file, node, error, "%s.%s: \"search: %s\" is for type %s", entity->id, a->id,
                      search_words[word], reference ? "reference" : "text");
  if (*places[word])
    return yaml_fail (&l->file, node, error, "%s: \"search: %s\" stands twice", entity->id,
                      search_words[word]);
  *places[word] = a;
  return true;
}

static bool
load_search (Loader *l, const yaml_node_t *node, RegistryEntity *entity, GError **error)
{
  const yaml_node_t *list = yaml_get (&l->file, node, "attributes");
  for (size_t i = 0; i < entity->n; i++)
    if (!load_searched (l, yaml_file_node (&l->file, list->data.sequence.items.start[i]), entity,
                        &entity->attributes[i], error))
      return false;
  return true;
}

static bool
load_collections (Loader *l, const yaml_node_t *node, RegistryEntity *entity, GError **error)
{
  const yaml_node_t *list = yaml_get (&l->file, node, "attributes");
  for (size_t i = 0; i < entity->n; i++) {
    RegistryAttribute *a = (RegistryAttribute *)&entity->attributes[i];
    if (a->kind != REGISTRY_COLLECTION)
      continue;
    yaml_node_t *item = yaml_file_node (&l->file, list->data.sequence.items.start[i]);
    Text via;
    if (!yaml_get_text (&l->file, item, "via", true, &via, error))
      return false;
    a->via = registry_entity_attribute (a->target, via.bytes);
    if (!a->via || a->via->kind != REGISTRY_REFERENCE || a->via->target != entity)
      return yaml_fail (&l->file, yaml_get (&l->file, item, "via"), error,
                        "%s.%s: via \"%s\" must be a reference of %s to %s", entity->id, a->id, via.bytes,
                        a->target->id, entity->id);
  }
  return true;
}

static bool
load_entity_names (Loader *l, yaml_node_t *node, size_t i, GError **error)
{
  RegistryEntity *entity = &l->schema->entities[i];
  entity->index = (int)i;
  if (!yaml_check_mapping (&l->file, node, entity_keys, "entity", error)
      || !load_names (l, node, &entity->id, &entity->zh, &entity->en, error))
    return false;
  for (size_t j = 0; j < i; j++)
    if (g_str_equal (l->schema->entities[j].id, entity->id)
        || g_str_equal (l->schema->entities[j].zh, entity->zh))
      return yaml_fail (&l->file, node, error, "the entity \"%s\" (%s) stands twice", entity->id, entity->zh);
  return true;
}

/* Types may lead in circles, so the entities' types exist before their members. */
static void
make_types (Loader *l)
{
  RegistrySchema *schema = l->schema;
  FeelType *types = arena_new0 (l->arena, FeelType, schema->n);
  for (size_t i = 0; i < schema->n; i++)
    schema->entities[i].type = &types[i];
  for (size_t i = 0; i < schema->n; i++) {
    const RegistryEntity *entity = &schema->entities[i];
    FeelMember *members = arena_new0 (l->arena, FeelMember, entity->n);
    for (size_t j = 0; j < entity->n; j++)
      members[j] = (FeelMember){ text_of (entity->attributes[j].zh),
                                 registry_attribute_type (l->arena, &entity->attributes[j]) };
    types[i] = (FeelType){ .kind = FEEL_TYPE_CONTEXT,
                           .n = entity->n,
                           .members = members,
                           .closed = true,
                           .name = text_of (entity->zh) };
  }
}

static const FeelType *
list_type (Arena *arena, const FeelType *element)
{
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_LIST, .element = element };
  return type;
}

const FeelType *
registry_attribute_type (Arena *arena, const RegistryAttribute *a)
{
  switch (a->kind) {
  case REGISTRY_BOOLEAN: return &feel_type_boolean;
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY: return &feel_type_number;
  case REGISTRY_TEXT: return &feel_type_string;
  case REGISTRY_DATE: return &feel_type_date;
  case REGISTRY_REFERENCE: return a->target->type;
  case REGISTRY_COLLECTION: return list_type (arena, a->target->type);
  }
  g_assert_not_reached ();
}

static yaml_node_t *
entity_node (Loader *l, const yaml_node_t *list, size_t i)
{
  return yaml_file_node (&l->file, list->data.sequence.items.start[i]);
}

/* What two subjects agree in when they may be one. */
static bool
load_likeness (Loader *l, yaml_node_t *node, RegistryEntity *entity, GError **error)
{
  yaml_node_t *list = yaml_get (&l->file, node, "likeness");
  if (!list)
    return true;
  if (list->type != YAML_SEQUENCE_NODE || list->data.sequence.items.top == list->data.sequence.items.start)
    return yaml_fail (&l->file, list, error, "\"likeness\" must be a list of attributes, and not empty");
  size_t n = (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
  const RegistryAttribute **likeness = arena_new0 (l->arena, const RegistryAttribute *, n);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *item = entity_node (l, list, i);
    Text id;
    if (!yaml_text (&l->file, item, "an attribute's id", &id, error))
      return false;
    likeness[i] = registry_entity_attribute (entity, id.bytes);
    if (!likeness[i] || likeness[i]->kind == REGISTRY_COLLECTION)
      return yaml_fail (&l->file, item, error, "likeness: \"%s\" is no stated attribute of %s", id.bytes,
                        entity->id);
  }
  entity->likeness = likeness;
  entity->n_likeness = n;
  return true;
}

static bool
load_barriers (Loader *l, const yaml_node_t *node, const RegistryEntity *entity, GError **error)
{
  const yaml_node_t *list = yaml_get (&l->file, node, "attributes");
  for (size_t i = 0; i < entity->n; i++)
    if (!barrier_load (l->schema, &l->file, yaml_file_node (&l->file, list->data.sequence.items.start[i]),
                       (RegistryAttribute *)&entity->attributes[i], error))
      return false;
  return true;
}

/* References may lead forward: first all entities' names, then their
 * attributes, then the collections, which need the references of others. */
static bool
load_entities (Loader *l, const yaml_node_t *list, GError **error)
{
  RegistrySchema *schema = l->schema;
  for (size_t i = 0; i < schema->n; i++)
    if (!load_entity_names (l, entity_node (l, list, i), i, error))
      return false;
  for (size_t i = 0; i < schema->n; i++) {
    RegistryEntity *entity = &schema->entities[i];
    yaml_node_t *node = entity_node (l, list, i);
    if (!load_attributes (l, node, entity, error)
        || !load_naming (l, node, "label", entity, &entity->label, error)
        || !load_naming (l, node, "number", entity, &entity->number, error)
        || !load_likeness (l, node, entity, error) || !load_search (l, node, entity, error)
        || !load_barriers (l, node, entity, error))
      return false;
  }
  for (size_t i = 0; i < schema->n; i++)
    if (!load_collections (l, entity_node (l, list, i), &schema->entities[i], error))
      return false;
  return true;
}

static bool
load_file (Loader *l, GError **error)
{
  yaml_node_t *root = yaml_file_root (&l->file);
  Text version;
  if (!yaml_check_mapping (&l->file, root, file_keys, "registry.yaml", error)
      || !yaml_get_text (&l->file, root, "registry", true, &version, error))
    return false;
  if (!text_equal (version, TEXT_LITERAL ("1")))
    return yaml_fail (&l->file, root, error, "registry: format \"%s\" is not known, this program reads 1",
                      version.bytes);
  yaml_node_t *list = yaml_get (&l->file, root, "entities");
  if (!list || list->type != YAML_SEQUENCE_NODE
      || list->data.sequence.items.top == list->data.sequence.items.start)
    return yaml_fail (&l->file, list ? list : root, error, "\"entities\" must be a list, and not empty");
  size_t n = (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
  if (n > ENTITIES_MAX)
    return yaml_fail (&l->file, list, error, "%zu entities: at most %d are possible", n, ENTITIES_MAX);
  l->schema->n = n;
  l->schema->entities = arena_new0 (l->arena, RegistryEntity, n);
  if (!load_entities (l, list, error))
    return false;
  make_types (l);
  return retention_load (l->schema, &l->file, error);
}

RegistrySchema *
registry_schema_parse (Text source, const char *path, GError **error)
{
  g_autoptr (RegistrySchema) schema = g_new0 (RegistrySchema, 1);
  schema->arena = arena_new ();
  schema->path = arena_text (schema->arena, text_of (path));
  schema->source = arena_text_copy (schema->arena, source);
  schema->hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)source.bytes, source.len);
  Loader l = { .schema = schema, .arena = schema->arena };
  if (!yaml_file_parse (&l.file, path, source, error))
    return NULL;
  bool ok = load_file (&l, error);
  yaml_file_clear (&l.file);
  return ok ? g_steal_pointer (&schema) : NULL;
}

RegistrySchema *
registry_schema_load (const char *path, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize len = 0;
  g_autoptr (GError) cause = NULL;
  if (g_file_get_contents (path, &bytes, &len, &cause))
    return registry_schema_parse ((Text){ bytes, len }, path, error);
  bool missing = g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_set_error (error, FAULT, missing ? FAULT_NOT_FOUND : FAULT_SYSTEM,
               "%s: the schema of facts cannot be read: %s", path, cause->message);
  return NULL;
}

void
registry_schema_free (RegistrySchema *schema)
{
  if (!schema)
    return;
  arena_free (schema->arena);
  g_free (schema->hash);
  g_free (schema);
}

/* ---- asking ------------------------------------------------------------ */

size_t
registry_schema_size (const RegistrySchema *schema)
{
  return schema->n;
}

const RegistryEntity *
registry_schema_entity_at (const RegistrySchema *schema, size_t i)
{
  return i < schema->n ? &schema->entities[i] : NULL;
}

const RegistryEntity *
registry_schema_entity (const RegistrySchema *schema, const char *name)
{
  for (size_t i = 0; i < schema->n; i++)
    if (g_str_equal (schema->entities[i].id, name) || g_str_equal (schema->entities[i].zh, name))
      return &schema->entities[i];
  return NULL;
}

const RegistryAttribute *
registry_entity_attribute (const RegistryEntity *entity, const char *name)
{
  for (size_t i = 0; i < entity->n; i++)
    if (g_str_equal (entity->attributes[i].id, name) || g_str_equal (entity->attributes[i].zh, name))
      return &entity->attributes[i];
  return NULL;
}

const char *
registry_schema_hash (const RegistrySchema *schema)
{
  return schema->hash;
}

const RegistryEntity *
registry_subject_entity (const RegistrySchema *schema, Subject s)
{
  return s > 0 && subject_number (s) > 0 ? registry_schema_entity_at (schema, (size_t)(s >> 56)) : NULL;
}

char *
registry_subject_format (Arena *arena, const RegistrySchema *schema, Subject s)
{
  const RegistryEntity *entity = registry_subject_entity (schema, s);
  g_assert (entity);
  return arena_printf (arena, "%s-%" G_GINT64_FORMAT, entity->id, subject_number (s));
}

/* Only the form registry_subject_format writes: no sign, no leading zero. */
bool
registry_subject_parse (const RegistrySchema *schema, Text text, Subject *s)
{
  ptrdiff_t dash = text_find (text, "-", 0);
  if (dash <= 0)
    return false;
  g_autofree char *id = g_strndup (text.bytes, (size_t)dash);
  const RegistryEntity *entity = registry_schema_entity (schema, id);
  size_t first = (size_t)dash + 1, digits = text.len - first;
  if (!entity || !g_str_equal (entity->id, id) || digits == 0 || digits > 16 || text.bytes[first] == '0')
    return false;
  gint64 number = 0;
  for (size_t i = first; i < text.len; i++) {
    if (!g_ascii_isdigit (text.bytes[i]))
      return false;
    number = number * 10 + (text.bytes[i] - '0');
  }
  *s = subject_make (entity, number);
  return number == subject_number (*s);
}
