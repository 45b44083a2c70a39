/* What the facts of a clause can be, for the analysis of its tables: the schema
 * knows the values a text may have, the bounds and digits of a number. */
#include "policy_private.h"

static void
numbers_of (const RegistryAttribute *a, DmnDomain *domain)
{
  domain->scale = a->scale;
  if (a->has_min)
    domain->min = feel_number (decimal_from_scaled (a->min, a->scale));
  if (a->has_max)
    domain->max = feel_number (decimal_from_scaled (a->max, a->scale));
}

static void
texts_of (const RegistryAttribute *a, Arena *arena, DmnDomain *domain)
{
  if (!a->values)
    return;
  FeelValue *values = arena_new0 (arena, FeelValue, a->n_values);
  for (size_t i = 0; i < a->n_values; i++)
    values[i] = feel_string (text_of (a->values[i]));
  domain->values = values;
  domain->n_values = a->n_values;
}

/* Any fact may be recorded as none; who belongs to a subject is a list always. */
static void
facts_of (const RegistryAttribute *a, Arena *arena, DmnDomain *domain)
{
  domain->null = a->kind != REGISTRY_COLLECTION;
  if (a->kind == REGISTRY_NUMBER || a->kind == REGISTRY_MONEY)
    numbers_of (a, domain);
  else if (a->kind == REGISTRY_TEXT)
    texts_of (a, arena, domain);
  else if (a->kind == REGISTRY_DATE) {
    domain->min = a->has_min ? feel_date (a->min) : feel_null ();
    domain->max = a->has_max ? feel_date (a->max) : feel_null ();
  }
}

/* The subject, parameters and the evaluation date are there, or the decision is
 * not determined: never null. */
void
policy_domain (void *data, const DmnUnit *unit, const FeelPath *path, DmnDomain *domain)
{
  const PolicyDomains *host = data;
  const RegistryEntity *entity
      = registry_schema_entity (host->package->schema, unit->variables[path->slot].name);
  const RegistryAttribute *attribute = NULL;
  domain->null = false;
  for (size_t i = 0; entity && i < path->n; i++) {
    const char *name = arena_text (host->arena, path->members[i]);
    attribute = registry_entity_attribute (entity, name);
    entity = attribute && attribute->kind == REGISTRY_REFERENCE ? attribute->target : NULL;
    if (!entity && i + 1 < path->n)
      return; /* a member of each in a collection */
  }
  if (attribute)
    facts_of (attribute, host->arena, domain);
}
