/* Facts that somebody states where the registry holds none: put into what was read, or, where
 * nothing is read at all, making up a subject of whom everything else is unknown. */
#include "policy_private.h"
#include "purpose.h"
#include "stated.h"

#include <string.h>

typedef struct {
  Arena *arena;
  const RegistrySchema *schema;
  const FeelPath *paths; /* that the provision's decisions may read, from the subject on */
  size_t n_paths;
  const PolicyStatement *stated;
  size_t n_stated;
  GError **error;
  bool failed;
} Stating;

/* A place on the way: its name ("户.成员[2]"), and which paths lead through it. */
typedef struct {
  const RegistryEntity *entity;
  const char *name;
  const guint8 *through; /* by path */
  size_t depth;
} Place;

static FeelValue place_value (Stating *s, const Place *place, const FeelValue *known);

static const PolicyStatement *
statement_about (const Stating *s, const char *name)
{
  for (size_t i = 0; i < s->n_stated; i++)
    if (strcmp (s->stated[i].path, name) == 0)
      return &s->stated[i];
  return NULL;
}

/* Unknown, as the registry's own unknowns are: with the fact behind the name. */
static FeelValue
unknown_fact (Stating *s, const RegistryAttribute *a, const char *name)
{
  RegistryProvenance *fact = arena_new0 (s->arena, RegistryProvenance, 1);
  *fact = (RegistryProvenance){
    .attribute = a, .source = a->source, .valid_from = REGISTRY_EVER, .valid_to = REGISTRY_FOREVER
  };
  fact->value = feel_unknown (s->arena, (FeelNeed){ .name = text_of (name), .host = fact });
  return fact->value;
}

static FeelValue
plain_value (const RegistryAttribute *a, const RegistryFact *fact)
{
  if (fact->state == REGISTRY_NONE)
    return feel_null ();
  switch (a->kind) {
  case REGISTRY_BOOLEAN: return feel_boolean (fact->integer != 0);
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY: return feel_number (decimal_from_scaled (fact->integer, a->scale));
  case REGISTRY_DATE: return feel_date (fact->integer);
  default: return feel_string (fact->text);
  }
}

/* The place that attribute A of PLACE leads to, as member INDEX (from 1) of a collection, or 0. */
static Place
place_below (Stating *s, const Place *place, const RegistryAttribute *a, const char *name, size_t index)
{
  guint8 *through = arena_new0 (s->arena, guint8, s->n_paths);
  for (size_t i = 0; i < s->n_paths; i++)
    through[i] = place->through[i] && place->depth < s->paths[i].n
                 && text_equal (s->paths[i].members[place->depth], text_of (a->zh));
  if (index)
    name = arena_printf (s->arena, "%s[%zu]", name, index);
  return (Place){ a->target, name, through, place->depth + 1 };
}

/* Somebody who is said to be there, of whom nothing else is known yet. */
static FeelValue
stated_reference (Stating *s, const Place *place, const RegistryAttribute *a, const char *name,
                  const char *value)
{
  bool yes = strcmp (value, "true") == 0;
  if (!yes && strcmp (value, "false") != 0) {
    g_set_error (s->error, FAULT, FAULT_INPUT, "%s: say true (there is one) or false (there is none)", name);
    s->failed = true;
  }
  Place below = place_below (s, place, a, name, 0);
  return yes ? place_value (s, &below, NULL) : feel_null ();
}

static FeelValue
stated_collection (Stating *s, const Place *place, const RegistryAttribute *a, const char *name,
                   const char *value)
{
  char *end;
  guint64 n = g_ascii_strtoull (value, &end, 10);
  if (!g_ascii_isdigit (*value) || *end || n > POLICY_STATED_MEMBERS_MAX) {
    g_set_error (s->error, FAULT, FAULT_INPUT, "%s: say how many there are, from 0 to %d", name,
                 POLICY_STATED_MEMBERS_MAX);
    s->failed = true;
    return feel_null ();
  }
  FeelValue *items = arena_new0 (s->arena, FeelValue, n);
  for (guint64 i = 0; i < n; i++) {
    Place below = place_below (s, place, a, name, (size_t)i + 1);
    items[i] = place_value (s, &below, NULL);
  }
  return feel_list (s->arena, items, (size_t)n);
}

static FeelValue
stated_value (Stating *s, const Place *place, const RegistryAttribute *a, const char *name,
              const PolicyStatement *statement)
{
  RegistryFact fact = { .attribute = a, .state = REGISTRY_NONE };
  if (!statement->value)
    return a->kind == REGISTRY_COLLECTION ? feel_list (s->arena, NULL, 0) : feel_null ();
  if (a->kind == REGISTRY_REFERENCE)
    return stated_reference (s, place, a, name, statement->value);
  if (a->kind == REGISTRY_COLLECTION)
    return stated_collection (s, place, a, name, statement->value);
  if (!registry_fact_parse (s->schema, a, text_of (statement->value), &fact, s->error)) {
    s->failed = true;
    return feel_null ();
  }
  fact.text = arena_text_copy (s->arena, fact.text);
  return plain_value (a, &fact);
}

/* What is known stays, whatever is stated; below it, what is not known may be stated. */
static FeelValue
known_value (Stating *s, const Place *place, const RegistryAttribute *a, const char *name,
             const FeelValue *known)
{
  if (known->kind == FEEL_CONTEXT && a->kind == REGISTRY_REFERENCE) {
    Place below = place_below (s, place, a, name, 0);
    return place_value (s, &below, known);
  }
  if (known->kind != FEEL_LIST || a->kind != REGISTRY_COLLECTION)
    return *known;
  FeelValue *items = arena_new0 (s->arena, FeelValue, known->list->n);
  for (size_t i = 0; i < known->list->n; i++) {
    Place below = place_below (s, place, a, name, i + 1);
    items[i] = known->list->items[i].kind == FEEL_CONTEXT ? place_value (s, &below, &known->list->items[i])
                                                          : known->list->items[i];
  }
  return feel_list (s->arena, items, known->list->n);
}

static FeelValue
attribute_value (Stating *s, const Place *place, const RegistryAttribute *a, const FeelValue *known)
{
  const char *name = arena_printf (s->arena, "%s.%s", place->name, a->zh);
  const PolicyStatement *statement = statement_about (s, name);
  if (known && known->kind != FEEL_UNKNOWN)
    return known_value (s, place, a, name, known);
  if (statement)
    return stated_value (s, place, a, name, statement);
  return known ? *known : unknown_fact (s, a, name);
}

static bool
is_asked (const Stating *s, const Place *place, const RegistryAttribute *a)
{
  for (size_t i = 0; i < s->n_paths; i++)
    if (place->through[i] && place->depth < s->paths[i].n
        && text_equal (s->paths[i].members[place->depth], text_of (a->zh)))
      return true;
  return false;
}

/* KNOWN: the context that was read there; NULL: nothing was. */
static FeelValue
place_value (Stating *s, const Place *place, const FeelValue *known)
{
  FeelEntry *entries = arena_new0 (s->arena, FeelEntry, place->entity->n);
  size_t n = 0;
  for (size_t i = 0; !s->failed && i < place->entity->n; i++) {
    const RegistryAttribute *a = &place->entity->attributes[i];
    const FeelValue *here = known ? feel_context_get (known->context, text_of (a->zh)) : NULL;
    if (is_asked (s, place, a) && (here || !known))
      entries[n++] = (FeelEntry){ text_of (a->zh), attribute_value (s, place, a, here) };
  }
  return feel_context (s->arena, entries, n);
}

bool
stated_facts (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
              const FeelValue *known, const PolicyStatement *stated, size_t n_stated, FeelValue *value,
              GError **error)
{
  Stating s
      = { .arena = arena, .schema = package->schema, .stated = stated, .n_stated = n_stated, .error = error };
  s.paths = purpose_paths (package, arena, provision, &s.n_paths);
  guint8 *through = arena_new0 (arena, guint8, s.n_paths);
  memset (through, 1, s.n_paths);
  Place root = { provision->subject, provision->subject->zh, through, 0 };
  *value = place_value (&s, &root, known);
  return !s.failed;
}
