#include "feel_private.h"

typedef struct {
  Text name;
  const FeelType *type;
} Entry;

struct FeelScope {
  Arena *arena;
  const FeelScope *parent;
  int first; /* slot of the first own name */
  Entry *names;
  size_t n_names, room_names;
  Entry *types;
  size_t n_types, room_types;
};

static void
add_entry (Arena *arena, Entry **entries, size_t *n, size_t *room, Entry e)
{
  if (*n == *room) {
    *room = *room ? 2 * *room : 8;
    Entry *larger = arena_new0 (arena, Entry, *room);
    if (*n)
      memcpy (larger, *entries, *n * sizeof (Entry));
    *entries = larger;
  }
  (*entries)[(*n)++] = e;
}

FeelScope *
feel_scope_new (Arena *arena, const FeelScope *parent)
{
  FeelScope *scope = arena_new0 (arena, FeelScope, 1);
  scope->arena = arena;
  scope->parent = parent;
  scope->first = feel_scope_size (parent);
  return scope;
}

int
feel_scope_add (FeelScope *scope, Text name, const FeelType *type)
{
  Entry e = { lexer_normalise_name (scope->arena, name), type ? type : &feel_type_any };
  add_entry (scope->arena, &scope->names, &scope->n_names, &scope->room_names, e);
  return feel_scope_size (scope) - 1;
}

void
feel_scope_add_type (FeelScope *scope, Text name, const FeelType *type)
{
  Entry e = { lexer_normalise_name (scope->arena, name), type };
  add_entry (scope->arena, &scope->types, &scope->n_types, &scope->room_types, e);
}

int
feel_scope_find (const FeelScope *scope, Text name)
{
  name = text_trim (name);
  for (; scope; scope = scope->parent)
    for (size_t i = scope->n_names; i-- > 0;) {
      if (name.len && lexer_match_name (name, 0, scope->names[i].name) == name.len)
        return scope->first + (int)i;
    }
  return -1;
}

int
feel_scope_size (const FeelScope *scope)
{
  return scope ? scope->first + (int)scope->n_names : 0;
}

const FeelScope *
scope_parent (const FeelScope *scope)
{
  return scope->parent;
}

size_t
scope_count (const FeelScope *scope)
{
  return scope->n_names;
}

Text
scope_name (const FeelScope *scope, size_t i, int *slot, const FeelType **type)
{
  if (slot)
    *slot = scope->first + (int)i;
  if (type)
    *type = scope->names[i].type;
  return scope->names[i].name;
}

const FeelType *
scope_type (const FeelScope *scope, Text name)
{
  for (; scope; scope = scope->parent)
    for (size_t i = scope->n_types; i-- > 0;) {
      if (text_equal (scope->types[i].name, name))
        return scope->types[i].type;
    }
  return NULL;
}

size_t
scope_type_count (const FeelScope *scope)
{
  return scope->n_types;
}

Text
scope_type_name (const FeelScope *scope, size_t i)
{
  return scope->types[i].name;
}
