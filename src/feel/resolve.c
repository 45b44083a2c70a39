#include "feel_private.h"

#include <string.h>

/* Names and calls resolved: to slots, locals, members, rows of the table of built-in functions. */

/* ---- names ---- */

typedef struct {
  unsigned length;
  const Level *level; /* set for a level's name */
  bool is_member;     /* of the filter's item */
  int slot;
  Text name;
  const FeelType *type;
} Found;

static void
consider (Parser *p, unsigned at, Text name, Found found, Found *best)
{
  p->effort++;
  found.length = lexer_match_name (p->source, at, name);
  found.name = name;
  if (found.length > best->length)
    *best = found;
}

static void
consider_filter (Parser *p, unsigned at, const Level *level, Found *best)
{
  if (level->type->kind == FEEL_TYPE_CONTEXT)
    for (size_t i = 0; i < level->type->n; i++)
      consider (p, at, level->type->members[i].name,
                (Found){ .level = level, .is_member = true, .type = level->type->members[i].type }, best);
  consider (p, at, TEXT_LITERAL ("item"), (Found){ .level = level, .type = level->type }, best);
}

static Found
find_name (Parser *p, unsigned at)
{
  Found best = { 0 };
  for (const Level *level = p->level; level; level = level->parent) {
    if (level->is_filter)
      consider_filter (p, at, level, &best);
    else if (!level->is_input)
      consider (p, at, level->name, (Found){ .level = level, .type = level->type }, &best);
  }
  for (const FeelScope *scope = p->scope; scope; scope = scope_parent (scope))
    for (size_t i = scope_count (scope); i-- > 0;) {
      Found found = { 0 };
      Text name = scope_name (scope, i, &found.slot, &found.type);
      consider (p, at, name, found, &best);
    }
  if (++p->effort > FEEL_EFFORT_MAX)
    parser_fail_as (p, FEEL_ERROR_LIMIT, at, "too many names in one expression; split it");
  return best;
}

static const Node *
found_node (Parser *p, unsigned at, const Found *found)
{
  Node *node = build_node (p, found->level ? NODE_LOCAL : NODE_SLOT, at, found->type);
  node->local = found->level ? found->level->local : (unsigned)found->slot;
  if (found->level && found->level->used)
    *found->level->used = true;
  if (!found->is_member)
    return node;
  node->type = found->level->type;
  return build_path (p, at, node, found->name);
}

/* The innermost filter over elements of unknown type inside UNTIL: there, a
 * name may be a member that only evaluating can see. */
static const Level *
untyped_filter (const Parser *p, const Level *until)
{
  for (const Level *level = p->level; level && level != until; level = level->parent)
    if (level->is_filter && level->type->kind == FEEL_TYPE_ANY)
      return level;
  if (until && until->is_filter && until->type->kind == FEEL_TYPE_ANY)
    return until;
  return NULL;
}

static const Node *
member_or (Parser *p, unsigned at, const Level *filter, Text name, const Node *otherwise)
{
  Node *node = build_node (p, NODE_MEMBER_OR, at, &feel_type_any);
  node->local = filter->local;
  node->name = name;
  node->a = otherwise;
  node->height = otherwise ? (guint16)(otherwise->height + 1) : 1;
  return node;
}

const Node *
build_name (Parser *p, unsigned at, unsigned *length)
{
  Found best = find_name (p, at);
  const Level *filter = untyped_filter (p, best.level);
  if (filter && !parser_failed (p)) {
    unsigned longest = 0;
    Text name = best.name;
    for (size_t i = 0; i < p->vocabulary->len; i++) {
      const Text *word = p->vocabulary->pdata[i];
      unsigned n = lexer_match_name (p->source, at, *word);
      if (n > longest) {
        longest = n;
        name = *word;
      }
    }
    if (longest > best.length) {
      *length = longest;
      return member_or (p, at, filter, name, NULL);
    }
  }
  *length = best.length;
  if (!best.length)
    return NULL;
  const Node *node = found_node (p, at, &best);
  return filter ? member_or (p, at, filter, best.name, node) : node;
}

/* ---- suggestions ---- */

/* Levenshtein distance of code points; −1 when the two share none. */
static int
distance (Text a, Text b)
{
  enum { LONGEST = 64 };
  gunichar wide[LONGEST];
  int row[LONGEST + 1], n = 0;
  bool shared = false;
  for (unsigned i = 0, length; i < b.len && n < LONGEST; i += length)
    wide[n++] = g_unichar_tolower (lexer_peek (b, i, &length));
  for (int j = 0; j <= n; j++)
    row[j] = j;
  int count = 0;
  for (unsigned i = 0, length; i < a.len && count < LONGEST; i += length) {
    gunichar c = g_unichar_tolower (lexer_peek (a, i, &length));
    int diagonal = row[0];
    row[0] = ++count;
    for (int j = 1; j <= n; j++) {
      int above = row[j];
      shared |= wide[j - 1] == c && !lexer_is_blank (c);
      row[j] = MIN (MIN (row[j - 1], above) + 1, diagonal + (wide[j - 1] != c));
      diagonal = above;
    }
  }
  return shared && row[n] < MAX (n, count) ? row[n] : -1;
}

typedef struct {
  Text name, best;
  int distance;
} Nearest;

static void
try_nearest (Nearest *nearest, Text candidate)
{
  int d = distance (nearest->name, candidate);
  if (d >= 0 && (nearest->distance < 0 || d < nearest->distance)) {
    nearest->distance = d;
    nearest->best = candidate;
  }
}

static void
try_builtin (const char *name, void *data)
{
  try_nearest (data, text_of (name));
}

static const char *
suggestion_text (Parser *p, const Nearest *nearest, const char *prefix)
{
  if (nearest->distance < 0)
    return "";
  return arena_printf (p->arena, "; did you mean %s%.*s?", prefix, (int)nearest->best.len,
                       nearest->best.bytes);
}

const char *
build_suggestion (Parser *p, Text name)
{
  Nearest nearest = { .name = name, .distance = -1 };
  for (const Level *level = p->level; level; level = level->parent) {
    if (!level->is_filter && !level->is_input)
      try_nearest (&nearest, level->name);
    for (size_t i = 0; level->is_filter && level->type->kind == FEEL_TYPE_CONTEXT && i < level->type->n; i++)
      try_nearest (&nearest, level->type->members[i].name);
  }
  for (const FeelScope *scope = p->scope; scope; scope = scope_parent (scope))
    for (size_t i = 0; i < scope_count (scope); i++)
      try_nearest (&nearest, scope_name (scope, i, NULL, NULL));
  Nearest builtin = { .name = name, .distance = -1 };
  builtin_each (try_builtin, &builtin);
  bool close = builtin.distance >= 0 && builtin.distance * 2 < (int)text_length (name);
  if (close && (nearest.distance < 0 || builtin.distance < nearest.distance))
    nearest = builtin;
  return suggestion_text (p, &nearest, "");
}

const char *
build_member_suggestion (Parser *p, const FeelType *type, Text name)
{
  Nearest nearest = { .name = name, .distance = -1 };
  for (size_t i = 0; type->kind == FEEL_TYPE_CONTEXT && i < type->n; i++)
    try_nearest (&nearest, type->members[i].name);
  const char *prefix
      = type->name.len ? arena_printf (p->arena, "%.*s.", (int)type->name.len, type->name.bytes) : "";
  return suggestion_text (p, &nearest, prefix);
}

/* ---- calls ---- */

const Node *
build_call (Parser *p, unsigned at, const Node *callee, const GPtrArray *arguments, const GArray *names)
{
  const FeelType *type = callee->type;
  if (p->options.strict && type_is_known (type) && type->kind != FEEL_TYPE_FUNCTION)
    return build_fault (p, FEEL_ERROR_TYPE, at, "a %s cannot be called; only functions can",
                        feel_type_describe (p->arena, type));
  Node *node
      = build_node (p, NODE_CALL, at, type->kind == FEEL_TYPE_FUNCTION ? type->element : &feel_type_any);
  node->a = callee;
  node->height = callee->height;
  node->n = arguments->len;
  node->entries.values = build_nodes (p, arguments);
  if (names->len) {
    Text *copy = arena_new0 (p->arena, Text, names->len);
    memcpy (copy, names->data, names->len * sizeof *copy);
    node->entries.names = copy;
  }
  for (size_t i = 0; i < node->n; i++)
    node->height = MAX (node->height, node->entries.values[i]->height);
  if (++node->height > FEEL_NESTING_MAX)
    parser_fail_as (p, FEEL_ERROR_LIMIT, at, "nested deeper than %d; split the expression", FEEL_NESTING_MAX);
  return node;
}

static int
parameter_index (const Builtin *row, Text name)
{
  for (size_t i = 0; i < builtin_parameters (row); i++)
    if (text_equal (text_of (row->parameters[i].name), name))
      return (int)i;
  return -1;
}

/* The standard binds parameters that are not named to null (10.3.2.13.5); the
 * strict dialect wants what is needed. */
static bool
row_takes_names (const Builtin *row, const GArray *names, bool strict)
{
  unsigned given = 0;
  for (unsigned i = 0; i < names->len; i++) {
    int index = parameter_index (row, g_array_index (names, Text, i));
    if (index < 0 || given & 1u << index)
      return false;
    given |= 1u << index;
  }
  unsigned needed = (1u << row->required) - 1;
  return !strict || (given & needed) == needed;
}

static bool
row_takes_count (const Builtin *row, unsigned n)
{
  return n >= (unsigned)row->required && (n <= builtin_parameters (row) || row->arity != EXACT);
}

static bool
names_in_order (const Builtin *row, const GArray *names)
{
  for (unsigned i = 1; i < names->len; i++)
    if (parameter_index (row, g_array_index (names, Text, i - 1))
        > parameter_index (row, g_array_index (names, Text, i)))
      return false;
  return true;
}

/* before (point, range) and before (range, point) have the same names: the row in
 * whose order they are written goes first. */
static const Builtin *
choose_row (Text name, unsigned n, const GArray *names, bool strict)
{
  const Builtin *row, *chosen = NULL;
  for (size_t i = 0; (row = builtin_find (name, i)); i++) {
    if (!(names->len ? row_takes_names (row, names, strict) : row_takes_count (row, n)))
      continue;
    if (names_in_order (row, names))
      return row;
    chosen = chosen ? chosen : row;
  }
  return chosen;
}

/* "substring(string, start position, length?)" */
static const char *
row_signature (Parser *p, const Builtin *row)
{
  g_autoptr (GString) out = g_string_new (row->name);
  g_string_append_c (out, '(');
  size_t n = builtin_parameters (row);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (out, "%s%s%s", i ? ", " : "", row->parameters[i].name,
                            row->arity != EXACT && i + 1 == n ? "…"
                            : (int)i >= row->required         ? "?"
                                                              : "");
  g_string_append_c (out, ')');
  return arena_text (p->arena, (Text){ out->str, out->len });
}

/* Strict dialect: arguments whose type certainly does not fit. */
static void
check_argument (Parser *p, const Builtin *row, size_t i, const Node *argument)
{
  const FeelType *type = argument->type;
  unsigned kinds = row->parameters[i].kinds;
  if (!p->options.strict || kinds == K_ANY || !type_is_known (type))
    return;
  if (kinds & K_LIST || (type->kind == FEEL_TYPE_LIST && !(kinds & K_LIST)))
    return; /* a value stands for its list, a list of one for its value */
  for (int kind = FEEL_BOOLEAN; kind <= FEEL_FUNCTION; kind++)
    if (kinds & KIND (kind) && type_of_kind ((FeelKind)kind) == type->kind)
      return;
  parser_fail_as (p, FEEL_ERROR_TYPE, argument->at, "%s: %s cannot be a %s", row->name,
                  row->parameters[i].name, feel_type_describe (p->arena, type));
}

static bool
is_constant_or_absent (const Node *node)
{
  return !node || node->kind == NODE_CONSTANT;
}

/* What stands from position FROM on, as one list. */
static const Node *
pack_arguments (Parser *p, unsigned at, const GPtrArray *arguments, unsigned from)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  for (unsigned i = from; i < arguments->len; i++)
    g_ptr_array_add (rest, arguments->pdata[i]);
  return build_list (p, at, rest);
}

static void
place_arguments (Parser *p, Node *node, const Builtin *row, const GPtrArray *arguments, const GArray *names)
{
  size_t n = builtin_parameters (row);
  const Node **placed = arena_new0 (p->arena, const Node *, n);
  bool packs = !names->len && (row->arity == REST || (row->arity == LIST_OR_ITEMS && arguments->len != 1));
  for (unsigned i = 0; i < arguments->len; i++) {
    size_t to = names->len ? (size_t)parameter_index (row, g_array_index (names, Text, i)) : i;
    node->call.given |= 1u << to;
    placed[to] = packs && to + 1 == n ? pack_arguments (p, node->at, arguments, i) : arguments->pdata[i];
    check_argument (p, row, to, placed[to]);
    if (packs && to + 1 == n)
      break;
  }
  for (size_t i = 0; names->len && i < (size_t)row->required; i++)
    if (!placed[i]) {
      placed[i] = build_constant (p, node->at, feel_null ());
      node->call.given |= 1u << i;
    }
  for (size_t i = 0; i < n; i++)
    if (placed[i])
      node->height = MAX (node->height, (guint16)(placed[i]->height + 1));
  if (node->height > FEEL_NESTING_MAX)
    parser_fail_as (p, FEEL_ERROR_LIMIT, node->at, "nested deeper than %d; split the expression",
                    FEEL_NESTING_MAX);
  node->n = n;
  node->call.arguments = placed;
}

const Node *
build_builtin (Parser *p, unsigned at, Text name, const GPtrArray *arguments, const GArray *names)
{
  const Builtin *row = choose_row (name, arguments->len, names, p->options.strict);
  if (!row)
    return build_fault (p, FEEL_ERROR_TYPE, at, "%.*s does not take these arguments; it is %s", (int)name.len,
                        name.bytes, row_signature (p, builtin_find (name, 0)));
  if (row->impure && p->options.strict)
    return build_fault (p, FEEL_ERROR_CLOCK, at,
                        "%s() reads the clock, which a clause must not; use the date of the evaluation",
                        row->name);
  Node *node = build_node (p, NODE_BUILTIN, at, row->result);
  node->call.row = row;
  place_arguments (p, node, row, arguments, names);
  for (size_t i = 0; i < node->n; i++)
    if (!is_constant_or_absent (node->call.arguments[i])) {
      node->call.prepared = row->prepare ? row->prepare (p->arena, node->call.arguments) : NULL;
      return node;
    }
  return row->impure ? node : build_fold (p, node);
}
