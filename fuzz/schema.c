/* Any bytes as registry.yaml: loading ends; what is accepted keeps its promises. */
#include "registry/registry.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_attribute (const RegistrySchema *schema, const RegistryAttribute *a)
{
  g_assert (a->source && *a->source && a->zh && a->en);
  g_assert (registry_entity_attribute (a->entity, a->id) == a);
  g_assert (!a->has_min || !a->has_max || a->min <= a->max);
  g_assert ((a->target != NULL) == (a->kind == REGISTRY_REFERENCE || a->kind == REGISTRY_COLLECTION));
  g_assert (a->kind != REGISTRY_COLLECTION || (a->via->entity == a->target && a->via->target == a->entity));
  static const char *const texts[] = { "1", "-0.5", "true", "2021-09-30", "男" };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    RegistryFact fact;
    bool ok = registry_fact_parse (schema, a, text_of (texts[i]), &fact, &error);
    g_assert (ok == (error == NULL));
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RegistrySchema) schema
      = registry_schema_parse ((Text){ (const char *)data, size }, "registry.yaml", &error);
  g_assert ((schema == NULL) == (error != NULL));
  if (!schema) {
    g_assert (g_str_has_prefix (error->message, "registry.yaml:"));
    return 0;
  }
  for (size_t i = 0; i < registry_schema_size (schema); i++) {
    const RegistryEntity *entity = registry_schema_entity_at (schema, i);
    g_assert (entity->n > 0 && entity->type->n == entity->n);
    for (size_t j = 0; j < entity->n; j++)
      check_attribute (schema, &entity->attributes[j]);
  }
  return 0;
}
