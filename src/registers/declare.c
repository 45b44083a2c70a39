/* registers.yaml: which registers the package keeps.  Its head explains the keys. */
#include "registers/registers_private.h"

#include <string.h>

typedef struct {
  YamlFile file;
  Registers *registers;
  const RegistrySchema *schema;
  GArray *all;
} Declaring;

static bool
get_text (Declaring *d, const yaml_node_t *node, const char *key, bool required, const char **text,
          GError **error)
{
  Text value = { 0 };
  if (!yaml_get_text (&d->file, node, key, required, &value, error))
    return false;
  *text = value.len ? arena_text (d->registers->arena, value) : NULL;
  return *text || !required
         || yaml_fail (&d->file, node, error, "\"%s\" is empty: give it a value or drop the line", key);
}

/* The attribute of ENTITY that KEY names, of KIND. */
static bool
get_attribute (Declaring *d, const yaml_node_t *node, const char *key, const RegistryEntity *entity,
               RegistryKind kind, const RegistryAttribute **attribute, GError **error)
{
  const char *id;
  if (!get_text (d, node, key, true, &id, error))
    return false;
  *attribute = registry_entity_attribute (entity, id);
  return (*attribute && (*attribute)->kind == kind)
         || yaml_fail (&d->file, node, error, "%s: %s has no %s \"%s\": name one that registry.yaml gives it",
                       key, entity->id,
                       kind == REGISTRY_REFERENCE ? "reference"
                       : kind == REGISTRY_DATE    ? "date"
                                                  : "number",
                       id);
}

static bool
read_steps (Declaring *d, yaml_node_t *node, Register *reg, GError **error)
{
  yaml_node_t *list = yaml_get (&d->file, node, "steps");
  if (!list)
    return true;
  if (list->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&d->file, node, error, "steps: write a list of dates, [asked_on, sent_on]");
  for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++) {
    const yaml_node_t *item = yaml_file_node (&d->file, *i);
    Text id;
    if (!yaml_text (&d->file, item, "a step", &id, error))
      return false;
    const RegistryAttribute *a = registry_entity_attribute (reg->entity, id.bytes);
    if (!a || a->kind != REGISTRY_DATE || reg->n_steps == REGISTER_STEPS_MAX)
      return yaml_fail (&d->file, item, error,
                        "steps: at most %d dates of %s, not \"%s\": name dates that registry.yaml gives it",
                        REGISTER_STEPS_MAX, reg->entity->id, id.bytes);
    reg->steps[reg->n_steps++] = a;
  }
  return true;
}

static bool
read_enrol (Declaring *d, yaml_node_t *node, Register *reg, GError **error)
{
  static const char *const keys[] = { "into", "places", "closes", NULL };
  yaml_node_t *enrol = yaml_get (&d->file, node, "enrol");
  if (!enrol)
    return true;
  return yaml_check_mapping (&d->file, enrol, keys, "enrol", error)
         && get_attribute (d, enrol, "into", reg->entity, REGISTRY_REFERENCE, &reg->into, error)
         && get_attribute (d, enrol, "places", reg->into->target, REGISTRY_NUMBER, &reg->places, error)
         && get_attribute (d, enrol, "closes", reg->into->target, REGISTRY_DATE, &reg->closes, error);
}

/* "24/visit" */
static bool
read_due (Declaring *d, yaml_node_t *node, Register *reg, GError **error)
{
  const char *key;
  if (!get_text (d, node, "due", false, &key, error))
    return false;
  if (!key)
    return true;
  const char *slash = strchr (key, '/');
  const PolicyClause *clause
      = slash ? policy_clause (d->registers->options.package, (int)g_ascii_strtoll (key, NULL, 10)) : NULL;
  reg->due = clause ? policy_provision (clause, slash + 1) : NULL;
  return reg->due
         || yaml_fail (&d->file, node, error,
                       "due: there is no provision %s: say a clause and one of its provisions, 24/visit",
                       key);
}

/* The attribute that KEY names, of KIND; without KEY none. */
static bool
get_optional (Declaring *d, yaml_node_t *node, const char *key, const RegistryEntity *entity,
              RegistryKind kind, const RegistryAttribute **attribute, GError **error)
{
  return !yaml_get (&d->file, node, key) || get_attribute (d, node, key, entity, kind, attribute, error);
}

static bool
read_clause (Declaring *d, yaml_node_t *node, Register *reg, GError **error)
{
  const char *number;
  if (!get_text (d, node, "clause", true, &number, error))
    return false;
  reg->clause = policy_clause (d->registers->options.package, (int)g_ascii_strtoll (number, NULL, 10));
  return (reg->clause && reg->clause->purpose)
         || yaml_fail (
             &d->file, node, error,
             "clause: there is no clause %s that runs: give the number of one that has a page under clauses/",
             number);
}

static bool
read_register (Declaring *d, yaml_node_t *node, GError **error)
{
  static const char *const keys[]
      = { "id", "entity", "clause", "about", "with", "date", "each", "steps", "due", "enrol", NULL };
  Register reg = { 0 };
  const char *entity;
  if (!yaml_check_mapping (&d->file, node, keys, "a register", error)
      || !get_text (d, node, "id", true, &reg.id, error)
      || !get_text (d, node, "entity", true, &entity, error))
    return false;
  for (guint i = 0; i < d->all->len; i++)
    if (g_str_equal (g_array_index (d->all, Register, i).id, reg.id))
      return yaml_fail (&d->file, node, error, "id: two registers are called \"%s\": give one another name",
                        reg.id);
  reg.entity = registry_schema_entity (d->schema, entity);
  if (!reg.entity)
    return yaml_fail (&d->file, node, error,
                      "entity: registry.yaml has no \"%s\": add it there, or name one that it has", entity);
  if (!read_clause (d, node, &reg, error)
      || !get_attribute (d, node, "about", reg.entity, REGISTRY_REFERENCE, &reg.about, error)
      || !get_optional (d, node, "with", reg.entity, REGISTRY_REFERENCE, &reg.with, error)
      || !get_attribute (d, node, "date", reg.entity, REGISTRY_DATE, &reg.date, error)
      || !get_optional (d, node, "each", reg.entity, REGISTRY_DATE, &reg.each, error)
      || !read_steps (d, node, &reg, error) || !read_due (d, node, &reg, error)
      || !read_enrol (d, node, &reg, error))
    return false;
  reg.department = reg.about->source;
  g_array_append_val (d->all, reg);
  return true;
}

static bool
read_file (Declaring *d, GError **error)
{
  static const char *const keys[] = { "registers", NULL };
  yaml_node_t *root = yaml_file_root (&d->file);
  if (!yaml_check_mapping (&d->file, root, keys, "registers.yaml", error))
    return false;
  yaml_node_t *list = yaml_get (&d->file, root, "registers");
  if (!list || list->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&d->file, root, error, "\"registers\" must be a list of registers");
  for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++)
    if (!read_register (d, yaml_file_node (&d->file, *i), error))
      return false;
  return true;
}

bool
registers_declare (Registers *registers, GError **error)
{
  g_autofree char *path
      = g_build_filename (policy_folder (registers->options.package), "registers.yaml", NULL),
      *source = NULL;
  gsize len;
  if (!g_file_get_contents (path, &source, &len, NULL))
    return true;
  Declaring d = { .registers = registers,
                  .schema = policy_schema (registers->options.package),
                  .all = g_array_new (FALSE, FALSE, sizeof (Register)) };
  bool ok = yaml_file_parse (&d.file, path, (Text){ source, len }, error);
  if (ok) {
    ok = read_file (&d, error);
    yaml_file_clear (&d.file);
  }
  registers->n = d.all->len;
  registers->all = arena_copy (registers->arena, d.all->data, d.all->len * sizeof (Register));
  g_array_unref (d.all);
  return ok;
}

void
registers_check (const PolicyPackage *package, DmnFaults *faults)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (policy_folder (package), "registers.yaml", NULL);
  Registers read = { .options.package = package, .arena = arena };
  if (policy_schema (package) && !registers_declare (&read, &error))
    dmn_faults_add_error (faults, "registers", path, 0, error);
}
