/* Allocations: how a clause's scarce places are shared out (front matter "allocations").
 * Names of decisions are looked up once the model is linked. */
#include "policy_private.h"

#include <string.h>

static const char *const methods[] = { "deferred-acceptance", "serial-dictatorship", "ranking", "lottery" };
static const char *const ties[] = { "lottery", "reject-all", "admit-all" };
static const char *const kinds[] = { "minimum", "hard", "dedicated" };

const char *
policy_method_id (PolicyMethod method)
{
  return methods[method];
}

const char *
policy_ties_id (PolicyTies tie)
{
  return ties[tie];
}

const char *
policy_reserve_kind_id (PolicyReserveKind kind)
{
  return kinds[kind];
}

const PolicyAllocation *
policy_allocation (const PolicyClause *clause, const char *id)
{
  for (size_t i = 0; i < clause->n_allocations; i++)
    if (g_str_equal (clause->allocations[i].id, id))
      return &clause->allocations[i];
  return NULL;
}

/* ---- reading ----------------------------------------------------------- */

static void
expect_decision (Reading *r, const PolicyAllocation *allocation, const char *key, const char *name,
                 const DmnDecision **decision, const FeelType *type, bool of_applicant)
{
  if (!*name)
    return;
  PendingName pending = { .clause = allocation->clause,
                          .line = allocation->line,
                          .key = key,
                          .name = name,
                          .decision = decision,
                          .type = type,
                          .subjects = { allocation->place, of_applicant ? allocation->applicant : NULL } };
  pending.what = arena_printf (r->package->arena, "allocation %s", allocation->id);
  reading_expect (r, &pending);
}

static const RegistryEntity *
read_entity (Reading *r, yaml_node_t *node, const char *key, bool required)
{
  const char *id = reading_text (r, node, key, required);
  const RegistryEntity *entity = *id ? registry_schema_entity (r->package->schema, id) : NULL;
  if (*id && !entity)
    reading_fault (r, node, "%s: registry.yaml has no entity \"%s\"", key, id);
  return entity;
}

/* "学校.学位数" of the place 学校, or NULL. */
static const RegistryAttribute *
attribute_of (const RegistryEntity *place, const char *name)
{
  size_t len = place ? strlen (place->zh) : 0;
  return place && g_str_has_prefix (name, place->zh) && name[len] == '.'
             ? registry_entity_attribute (place, name + len + 1)
             : NULL;
}

/* 参数.名, an attribute of the place, or a decision about it. */
static void
read_number (Reading *r, yaml_node_t *node, const char *key, const PolicyAllocation *allocation,
             PolicyNumber *number)
{
  const char *name = reading_text (r, node, key, true);
  if (g_str_has_prefix (name, POLICY_PARAMETERS ".")) {
    number->parameter = policy_parameter (r->package, name + strlen (POLICY_PARAMETERS "."));
    if (!number->parameter)
      reading_fault (r, node, "%s: no file of parameters/ has \"%s\"", key, name);
  } else if (strchr (name, '.')) {
    number->attribute = attribute_of (allocation->place, name);
    if (!number->attribute || number->attribute->kind != REGISTRY_NUMBER)
      reading_fault (r, node, "%s: \"%s\" is no number of %s; write 参数.名, %s.名 or a decision", key, name,
                     allocation->place ? allocation->place->zh : "a place, for none is named",
                     allocation->place ? allocation->place->zh : "地点");
  } else
    expect_decision (r, allocation, key, name, &number->decision, &feel_type_number, false);
}

static void
read_priorities (Reading *r, yaml_node_t *node, PolicyAllocation *allocation)
{
  static const char *const known[] = { "decision", "order", NULL };
  static const char *const orders[] = { "descending", "ascending" };
  yaml_node_item_t *items;
  size_t n = reading_items (r, node, "priorities", &items);
  PolicyPriority *priorities = arena_new0 (r->package->arena, PolicyPriority, n);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *item = yaml_file_node (&r->yaml, items[i]);
    const char *name = "";
    if (item->type == YAML_SCALAR_NODE)
      name = arena_text (r->package->arena, text_of ((const char *)item->data.scalar.value));
    else if (reading_mapping (r, item, known, "a priority")) {
      name = reading_text (r, item, "decision", true);
      priorities[i].ascending = reading_word (r, item, "order", orders, G_N_ELEMENTS (orders)) == 1;
    }
    expect_decision (r, allocation, "priorities", name, &priorities[i].decision, &feel_type_number, true);
  }
  allocation->priorities = priorities;
  allocation->n_priorities = n;
  if ((n > 0) == (allocation->method == POLICY_LOTTERY))
    reading_fault (r, node,
                   n ? "priorities: a lottery has none; leave them out or name another method"
                     : "\"priorities\" are missing: name the decisions that put applicants in order");
}

static void
read_reserve (Reading *r, yaml_node_t *node, const PolicyAllocation *allocation, PolicyReserve *reserve)
{
  static const char *const known[] = { "id", "zh", "en", "kind", "members", "number", NULL };
  if (!reading_mapping (r, node, known, "a reserve"))
    return;
  reserve->id = reading_text (r, node, "id", true);
  reading_id (r, node, reserve->id);
  reserve->name = (PolicyText){ reading_text (r, node, "zh", true), reading_text (r, node, "en", true) };
  reserve->kind = (PolicyReserveKind)reading_word (r, node, "kind", kinds, G_N_ELEMENTS (kinds));
  expect_decision (r, allocation, "members", reading_text (r, node, "members", true), &reserve->members,
                   &feel_type_boolean, true);
  read_number (r, node, "number", allocation, &reserve->number);
}

static void
read_reserves (Reading *r, yaml_node_t *node, PolicyAllocation *allocation)
{
  yaml_node_item_t *items;
  size_t n = reading_items (r, node, "reserves", &items);
  PolicyReserve *reserves = arena_new0 (r->package->arena, PolicyReserve, n);
  for (size_t i = 0; i < n; i++) {
    reserves[i] = (PolicyReserve){ .id = "", .name = { "", "" } };
    read_reserve (r, yaml_file_node (&r->yaml, items[i]), allocation, &reserves[i]);
  }
  allocation->reserves = reserves;
  allocation->n_reserves = n;
}

static const RegistryAttribute *
read_scored (Reading *r, yaml_node_t *node, const char *key, const RegistryEntity *applicant)
{
  const char *id = reading_text (r, node, key, true);
  const RegistryAttribute *attribute = applicant && *id ? registry_entity_attribute (applicant, id) : NULL;
  if (*id && (!attribute || attribute->kind != REGISTRY_NUMBER))
    reading_fault (r, node, "%s: \"%s\" is no number of %s", key, id,
                   applicant ? applicant->zh : "the applicant");
  return attribute;
}

static gint64
read_bound (Reading *r, yaml_node_t *node, const char *key)
{
  gint64 number = 0;
  const char *text = reading_text (r, node, key, true);
  if (*text && (!g_ascii_string_to_signed (text, 10, 0, 1000000, &number, NULL)))
    reading_fault (r, node, "%s: \"%s\" is no whole number from 0 to 1000000", key, text);
  return number;
}

static void
read_scores (Reading *r, yaml_node_t *node, PolicyAllocation *allocation)
{
  static const char *const known[] = { "score", "jurors", "least", "most", "as", NULL };
  static const char *const ways[] = { "mean", "trimmed-mean" };
  if (!node || !reading_mapping (r, node, known, "scores"))
    return;
  PolicyScores *scores = arena_new0 (r->package->arena, PolicyScores, 1);
  scores->score = read_scored (r, node, "score", allocation->applicant);
  scores->jurors = read_scored (r, node, "jurors", allocation->applicant);
  scores->least = read_bound (r, node, "least");
  scores->most = read_bound (r, node, "most");
  scores->as = (PolicyScoring)reading_word (r, node, "as", ways, G_N_ELEMENTS (ways));
  if (scores->least >= scores->most)
    reading_fault (r, node, "scores: least must be below most");
  allocation->scores = scores;
}

static void
read_allocation (Reading *r, yaml_node_t *node, PolicyAllocation *allocation)
{
  static const char *const known[]
      = { "id",         "zh",   "en",       "applicant",      "place", "capacity", "eligible", "method",
          "priorities", "ties", "reserves", "objection_days", "rest",  "scores",   NULL };
  if (!reading_mapping (r, node, known, "an allocation"))
    return;
  const char *id = reading_text (r, node, "id", true);
  reading_id (r, node, id);
  if (*id && policy_allocation (allocation->clause, id))
    reading_fault (r, node, "id: there are two allocations \"%s\"", id);
  allocation->id = id;
  allocation->line = (unsigned)node->start_mark.line + 1;
  allocation->name = (PolicyText){ reading_text (r, node, "zh", true), reading_text (r, node, "en", true) };
  allocation->applicant = read_entity (r, node, "applicant", true);
  allocation->place = read_entity (r, node, "place", false);
  read_number (r, node, "capacity", allocation, &allocation->capacity);
  expect_decision (r, allocation, "eligible", reading_text (r, node, "eligible", true), &allocation->eligible,
                   &feel_type_boolean, true);
  allocation->method = (PolicyMethod)reading_word (r, node, "method", methods, G_N_ELEMENTS (methods));
  allocation->ties = (PolicyTies)reading_word (r, node, "ties", ties, G_N_ELEMENTS (ties));
  read_priorities (r, node, allocation);
  read_reserves (r, node, allocation);
  read_scores (r, yaml_get (&r->yaml, node, "scores"), allocation);
  const char *rest = reading_text (r, node, "rest", false);
  allocation->places_rest = g_str_equal (rest, "office");
  if (*rest && !allocation->places_rest)
    reading_fault (r, node, "rest: \"%s\": write office, or leave it out", rest);
  const char *days = reading_text (r, node, "objection_days", false);
  allocation->objection_days = *days ? policy_parameter (r->package, days) : NULL;
  if (*days && !allocation->objection_days)
    reading_fault (r, node, "objection_days: no file of parameters/ has \"%s\"", days);
}

void
allocations_read (Reading *r, yaml_node_t *root, PolicyClause *clause, GPtrArray *subjects)
{
  yaml_node_item_t *items;
  size_t n = reading_items (r, root, "allocations", &items);
  PolicyAllocation *allocations = arena_new0 (r->package->arena, PolicyAllocation, n);
  for (size_t i = 0; i < n; i++)
    allocations[i] = (PolicyAllocation){ .clause = clause, .id = "", .name = { "", "" } };
  clause->allocations = allocations;
  clause->n_allocations = n;
  for (size_t i = 0; i < n; i++) {
    read_allocation (r, yaml_file_node (&r->yaml, items[i]), &allocations[i]);
    reading_add_subject (subjects, allocations[i].applicant);
    reading_add_subject (subjects, allocations[i].place);
  }
}
