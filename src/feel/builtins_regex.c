#define PCRE2_CODE_UNIT_WIDTH 8
#include "feel_private.h"

#include <pcre2.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uset.h>

/* matches, replace and split with the regular expressions of XPath (F&O 3.1,
 * 5.6.1, on XML Schema's), translated for PCRE2.  What XPath does not have
 * (look-around, possessive quantifiers, \b, \Q…) is refused. */

enum { MATCH_LIMIT = 200000, PATTERN_MAX = 20000 };

typedef struct {
  bool all, lines, caseless, spaced, literal;
} Flags;

static bool
read_flags (FeelValue v, Flags *flags)
{
  *flags = (Flags){ 0 };
  for (size_t i = 0; v.kind == FEEL_STRING && i < v.string.len; i++)
    switch (v.string.bytes[i]) {
    case 's': flags->all = true; break;
    case 'm': flags->lines = true; break;
    case 'i': flags->caseless = true; break;
    case 'x': flags->spaced = true; break;
    case 'q': flags->literal = true; break;
    default: return false;
    }
  return true;
}

/* ---- translation ---- */

typedef struct {
  Text source;
  size_t at;
  Flags flags;
  GString *out;
  int groups;
} Translation;

/* XML names, as \i and \c mean them; without the brackets. */
#define NAME_START "_:\\p{L}\\p{Nl}"
#define NAME_PART NAME_START "\\-.\\x{B7}\\p{M}\\p{Nd}"

/* What \S and \W match, without the brackets. */
#define NO_BLANK "\\x{0}-\\x{8}\\x{B}\\x{C}\\x{E}-\\x{1F}\\x{21}-\\x{10FFFF}"
#define NO_WORD "\\p{P}\\p{Z}\\p{C}"

static char
peek (const Translation *t, size_t ahead)
{
  return t->at + ahead < t->source.len ? t->source.bytes[t->at + ahead] : 0;
}

/* The block that \\p{IsBasicLatin} names, as ICU knows it; PCRE2 knows scripts and
 * categories only. */
static bool
block_of (Text name, UChar32 *first, UChar32 *last)
{
  char plain[64];
  if (name.len < 3 || name.len >= sizeof plain || memcmp (name.bytes, "Is", 2) != 0)
    return false;
  memcpy (plain, name.bytes + 2, name.len - 2);
  plain[name.len - 2] = 0;
  int32_t block = u_getPropertyValueEnum (UCHAR_BLOCK, plain);
  if (block == UCHAR_INVALID_CODE || block == UBLOCK_NO_BLOCK)
    return false;
  UErrorCode error = U_ZERO_ERROR;
  USet *set = uset_openEmpty ();
  uset_applyIntPropertyValue (set, UCHAR_BLOCK, block, &error);
  bool found = U_SUCCESS (error) && uset_getItem (set, 0, first, last, NULL, 0, &error) == 0;
  uset_close (set);
  return found;
}

/* A block named from `{` on, as a class, or the inside of one. */
static bool
translate_block (Translation *t, size_t end, bool negated, bool in_class)
{
  UChar32 first, last;
  if (!block_of ((Text){ t->source.bytes + t->at + 1, end - t->at - 1 }, &first, &last))
    return false;
  g_string_append (t->out, in_class ? "" : "[");
  if (!negated)
    g_string_append_printf (t->out, "\\x{%X}-\\x{%X}", first, last);
  if (negated && first > 0)
    g_string_append_printf (t->out, "\\x{0}-\\x{%X}", first - 1);
  if (negated && last < 0x10FFFF)
    g_string_append_printf (t->out, "\\x{%X}-\\x{10FFFF}", last + 1);
  g_string_append (t->out, in_class ? "" : "]");
  t->at = end + 1;
  return true;
}

static bool
translate_property (Translation *t, bool negated, bool in_class)
{
  size_t end = t->at;
  while (end < t->source.len && t->source.bytes[end] != '}')
    end++;
  if (peek (t, 0) != '{' || end == t->source.len)
    return false;
  if (text_starts_with ((Text){ t->source.bytes + t->at + 1, end - t->at - 1 }, "Is"))
    return translate_block (t, end, negated, in_class);
  g_string_append (t->out, negated ? "\\P" : "\\p");
  g_string_append_len (t->out, t->source.bytes + t->at, (gssize)(end + 1 - t->at));
  t->at = end + 1;
  return true;
}

/* What follows a backslash, in a class or outside. */
static bool
translate_escape (Translation *t, bool in_class)
{
  char c = peek (t, 0);
  t->at++;
  switch (c) {
  case 'p': return translate_property (t, false, in_class);
  case 'P': return translate_property (t, true, in_class);
  case 'i': g_string_append (t->out, in_class ? NAME_START : "[" NAME_START "]"); return true;
  case 'c': g_string_append (t->out, in_class ? NAME_PART : "[" NAME_PART "]"); return true;
  case 'I': g_string_append (t->out, "[^" NAME_START "]"); return !in_class;
  case 'C': g_string_append (t->out, "[^" NAME_PART "]"); return !in_class;
  case 's': g_string_append (t->out, in_class ? " \\t\\n\\r" : "[ \\t\\n\\r]"); return true;
  case 'S': g_string_append (t->out, in_class ? NO_BLANK : "[" NO_BLANK "]"); return true;
  case 'w': g_string_append (t->out, in_class ? "\\p{L}\\p{M}\\p{N}\\p{S}" : "[^" NO_WORD "]"); return true;
  case 'W': g_string_append (t->out, in_class ? NO_WORD : "[" NO_WORD "]"); return true;
  case 'd': g_string_append (t->out, "\\p{Nd}"); return true;
  case 'D': g_string_append (t->out, "\\P{Nd}"); return true;
  default: break;
  }
  if (g_ascii_isdigit (c) && (in_class || c == '0' || c - '0' > t->groups))
    return false;
  if (!c || (!g_ascii_isdigit (c) && !strchr ("nrt\\|.?*+(){}-[]^$", c)))
    return false;
  g_string_append_c (t->out, '\\');
  g_string_append_c (t->out, c);
  return true;
}

/* `[a-z-[aeiou]]`: what is subtracted becomes a negative look-ahead. */
static bool
translate_class (Translation *t, int depth)
{
  GString *outer = t->out, *own = g_string_new ("[");
  GString *subtracted = g_string_new (NULL);
  bool good = depth < 50, empty = true;
  t->out = own;
  t->at++;
  if (peek (t, 0) == '^') {
    g_string_append_c (own, '^');
    t->at++;
  }
  while (good && t->at < t->source.len && peek (t, 0) != ']') {
    char c = peek (t, 0);
    if (c == '-' && peek (t, 1) == '[') {
      t->at++;
      t->out = subtracted;
      good = !empty && translate_class (t, depth + 1) && peek (t, 0) == ']';
      t->out = own;
      break;
    }
    empty = false;
    if (c == '[') {
      good = false;
    } else if (c == '\\') {
      t->at++;
      good = translate_escape (t, true);
    } else {
      g_string_append_c (own, c);
      t->at++;
    }
  }
  good = good && !empty && peek (t, 0) == ']';
  t->at++;
  t->out = outer;
  if (subtracted->len)
    g_string_append_printf (outer, "(?:(?!%s)%s])", subtracted->str, own->str);
  else
    g_string_append_printf (outer, "%s]", own->str);
  g_string_free (own, TRUE);
  g_string_free (subtracted, TRUE);
  return good;
}

static bool
translate_group (Translation *t)
{
  g_string_append_c (t->out, '(');
  t->at++;
  if (peek (t, 0) != '?') {
    t->groups += peek (t, 0) != '*';
    return peek (t, 0) != '*';
  }
  if (peek (t, 1) != ':')
    return false;
  g_string_append (t->out, "?:");
  t->at += 2;
  return true;
}

/* A quantifier: `*`, `+`, `?`, `{2}`, `{2,}` or `{2,5}`, and at most one `?` after it. */
static bool
translate_quantifier (Translation *t, char c)
{
  size_t start = t->at++;
  if (c == '{') {
    size_t digits = t->at;
    while (g_ascii_isdigit (peek (t, 0)))
      t->at++;
    if (t->at == digits)
      return false;
    t->at += peek (t, 0) == ',';
    while (g_ascii_isdigit (peek (t, 0)))
      t->at++;
    if (peek (t, 0) != '}')
      return false;
    t->at++;
  }
  t->at += peek (t, 0) == '?';
  g_string_append_len (t->out, t->source.bytes + start, (gssize)(t->at - start));
  return !peek (t, 0) || !strchr ("*+?{", peek (t, 0));
}

static bool
translate (Translation *t)
{
  while (t->at < t->source.len) {
    char c = peek (t, 0);
    bool good = true;
    if (c == '\\') {
      t->at++;
      good = translate_escape (t, false);
    } else if (c == '[') {
      good = translate_class (t, 0);
    } else if (c == '(') {
      good = translate_group (t);
    } else if (c == '.') {
      g_string_append (t->out, t->flags.all ? "." : "[^\\n\\r]");
      t->at++;
    } else if (c == '*' || c == '+' || c == '?' || c == '{') {
      good = translate_quantifier (t, c);
    } else if (c == '#' || c == ' ') {
      g_string_append_printf (t->out, "\\%c", c);
      t->at++;
    } else {
      good = c != ']' && c != '}';
      g_string_append_c (t->out, c);
      t->at++;
    }
    if (!good)
      return false;
  }
  return true;
}

/* The `x` flag: blanks are removed before anything else is read, but not in classes. */
static Text
without_blanks (Arena *arena, Text pattern)
{
  char *plain = arena_alloc (arena, pattern.len + 1);
  size_t n = 0;
  int depth = 0;
  for (size_t i = 0; i < pattern.len; i++) {
    char c = pattern.bytes[i];
    bool escaped = i > 0 && pattern.bytes[i - 1] == '\\' && (i < 2 || pattern.bytes[i - 2] != '\\');
    if (!escaped)
      depth += (c == '[') - (c == ']' && depth > 0);
    if (depth > 0 || !strchr (" \t\n\r", c))
      plain[n++] = c;
  }
  return (Text){ plain, n };
}

/* NULL with *WHY set when PATTERN or FLAGS are none; the memory is CONTEXT's. */
static pcre2_code *
compile_pattern (Arena *arena, pcre2_general_context *memory, Text pattern, FeelValue flags_value,
                 const char **why)
{
  Flags flags;
  *why = "flags are letters of s, m, i, x and q";
  if (!read_flags (flags_value, &flags))
    return NULL;
  g_autoptr (GString) translated = g_string_new (NULL);
  Text plain = flags.spaced && !flags.literal ? without_blanks (arena, pattern) : pattern;
  Translation t = { plain, 0, flags, translated, 0 };
  bool good = pattern.len <= PATTERN_MAX;
  if (flags.literal)
    g_string_append_len (translated, pattern.bytes, (gssize)pattern.len);
  else
    good = good && translate (&t);
  uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK;
  options |= flags.literal ? PCRE2_LITERAL : PCRE2_UCP | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
  options |= flags.caseless ? PCRE2_CASELESS : 0;
  options |= flags.lines && !flags.literal ? PCRE2_MULTILINE : 0;
  options |= flags.all && !flags.literal ? PCRE2_DOTALL : 0;
  pcre2_compile_context *context = pcre2_compile_context_create (memory);
  pcre2_set_newline (context, PCRE2_NEWLINE_LF);
  int error;
  PCRE2_SIZE at;
  pcre2_code *code
      = good ? pcre2_compile ((PCRE2_SPTR)translated->str, translated->len, options, &error, &at, context)
             : NULL;
  pcre2_compile_context_free (context);
  if (!code)
    *why = arena_printf (arena, "\"%.*s\" is no regular expression of XPath", (int)MIN (pattern.len, 200u),
                         pattern.bytes);
  return code;
}

static void *
take_from_arena (PCRE2_SIZE size, void *arena)
{
  return arena_alloc (arena, size);
}

static void
give_back_nothing (void *block, void *arena)
{
}

/* A pattern known while compiling is compiled once, in the expression's arena;
 * NULL when it is faulty (each evaluation then says so). */
static const void *
prepare (Arena *arena, FeelValue pattern, FeelValue flags)
{
  const char *why;
  pcre2_general_context *memory = pcre2_general_context_create (take_from_arena, give_back_nothing, arena);
  return compile_pattern (arena, memory, pattern.string, flags, &why);
}

static const Node *
constant_argument (const Node *const *arguments, size_t i)
{
  return arguments[i] && arguments[i]->kind == NODE_CONSTANT ? arguments[i] : NULL;
}

static const void *
prepare_pattern (Arena *arena, const Node *const *arguments, size_t flags_at)
{
  const Node *pattern = constant_argument (arguments, 1);
  const Node *flags = flags_at ? constant_argument (arguments, flags_at) : NULL;
  if (!pattern || pattern->value.kind != FEEL_STRING || (flags_at && arguments[flags_at] && !flags)
      || (flags && flags->value.kind != FEEL_STRING && flags->value.kind != FEEL_NULL))
    return NULL;
  return prepare (arena, pattern->value, flags ? flags->value : feel_null ());
}

static const void *
prepare_matches (Arena *arena, const Node *const *arguments)
{
  return prepare_pattern (arena, arguments, 2);
}

static const void *
prepare_replace (Arena *arena, const Node *const *arguments)
{
  return prepare_pattern (arena, arguments, 3);
}

static const void *
prepare_split (Arena *arena, const Node *const *arguments)
{
  return prepare_pattern (arena, arguments, 0);
}

/* ---- matching ---- */

typedef struct {
  Call *call;
  const pcre2_code *code; /* the expression's, or OWN */
  pcre2_code *own;
  pcre2_match_data *data;
  pcre2_match_context *context;
  bool failed;
} Matcher;

static bool
matcher_open (Matcher *m, Call *call, Text pattern, FeelValue flags)
{
  const Node *node = call->node;
  const char *why;
  *m = (Matcher){ .call = call };
  m->code = node && node->kind == NODE_BUILTIN ? node->call.prepared : NULL;
  if (!m->code)
    m->code = m->own = compile_pattern (call->arena, NULL, pattern, flags, &why);
  if (!m->code) {
    builtin_fail (call, "%s", why);
    return false;
  }
  /* memory of its own: the pattern's is shared by threads */
  pcre2_general_context *memory = pcre2_general_context_create (NULL, NULL, NULL);
  m->data = pcre2_match_data_create_from_pattern (m->code, memory);
  m->context = pcre2_match_context_create (memory);
  pcre2_general_context_free (memory);
  pcre2_set_match_limit (m->context, MATCH_LIMIT);
  pcre2_set_depth_limit (m->context, MATCH_LIMIT);
  pcre2_set_heap_limit (m->context, 20000);
  return true;
}

static void
matcher_close (Matcher *m)
{
  pcre2_match_context_free (m->context);
  pcre2_match_data_free (m->data);
  pcre2_code_free (m->own);
}

/* The groups of the next match at or after FROM, NULL when there is none or the search was given up. */
static const PCRE2_SIZE *
matcher_next (Matcher *m, Text text, size_t from, bool not_empty, int *groups)
{
  uint32_t options = PCRE2_NO_UTF_CHECK | (not_empty ? PCRE2_NOTEMPTY_ATSTART : 0);
  if (!evaluate_charge (m->call->frame->run, m->call->frame->expression,
                        20 + (gint64)(text.len - from) / 16)) {
    m->failed = true;
    return NULL;
  }
  *groups = pcre2_match (m->code, (PCRE2_SPTR)text.bytes, text.len, from, options, m->data, m->context);
  if (*groups < 0 && *groups != PCRE2_ERROR_NOMATCH) {
    builtin_fail (m->call, "the pattern takes too long on this text");
    m->failed = true;
  }
  return *groups > 0 ? pcre2_get_ovector_pointer (m->data) : NULL;
}

static FeelValue
call_matches (Call *call, const FeelValue *a)
{
  Matcher m;
  int groups;
  if (!matcher_open (&m, call, a[1].string, a[2]))
    return feel_null ();
  bool found = matcher_next (&m, a[0].string, 0, false, &groups) != NULL;
  matcher_close (&m);
  return m.failed ? feel_null () : feel_boolean (found);
}

/* A pattern that matches the empty text is an error where text is cut (FORX0003). */
static bool
matches_nothing (Matcher *m)
{
  int groups;
  if (!matcher_next (m, TEXT_LITERAL (""), 0, false, &groups))
    return false;
  builtin_fail (m->call, "the pattern must not match the empty string");
  return true;
}

/* `$1`, `\$`, `\\`; a number goes on as long as there is such a group. */
static bool
append_replacement (GString *out, Text replacement, Text text, const PCRE2_SIZE *spans, int n_groups,
                    int matched)
{
  for (size_t i = 0; i < replacement.len; i++) {
    char c = replacement.bytes[i];
    if (c == '\\') {
      char next = ++i < replacement.len ? replacement.bytes[i] : 0;
      if (next != '\\' && next != '$')
        return false;
      g_string_append_c (out, next);
    } else if (c == '$') {
      if (i + 1 >= replacement.len || !g_ascii_isdigit (replacement.bytes[i + 1]))
        return false;
      int group = replacement.bytes[++i] - '0';
      while (i + 1 < replacement.len && g_ascii_isdigit (replacement.bytes[i + 1])
             && group * 10 + replacement.bytes[i + 1] - '0' <= n_groups)
        group = group * 10 + replacement.bytes[++i] - '0';
      if (group < matched && spans[2 * group] != PCRE2_UNSET)
        g_string_append_len (out, text.bytes + spans[2 * group],
                             (gssize)(spans[2 * group + 1] - spans[2 * group]));
    } else {
      g_string_append_c (out, c);
    }
  }
  return true;
}

static FeelValue
replace_all (Matcher *m, Text text, Text replacement, bool literal)
{
  g_autoptr (GString) out = g_string_new (NULL);
  uint32_t n_groups = 0;
  size_t from = 0;
  int matched;
  const PCRE2_SIZE *spans;
  pcre2_pattern_info (m->code, PCRE2_INFO_CAPTURECOUNT, &n_groups);
  while (out->len < FEEL_WRITE_MAX && (spans = matcher_next (m, text, from, true, &matched))) {
    g_string_append_len (out, text.bytes + from, (gssize)(spans[0] - from));
    if (literal)
      g_string_append_len (out, replacement.bytes, (gssize)replacement.len);
    else if (!append_replacement (out, replacement, text, spans, (int)n_groups, matched))
      return builtin_fail (m->call, "in the replacement, $ is followed by a digit and \\ by $ or \\");
    if (spans[1] == from)
      break;
    from = spans[1];
  }
  if (m->failed)
    return feel_null ();
  g_string_append_len (out, text.bytes + from, (gssize)(text.len - from));
  return feel_string (arena_text_copy (m->call->arena, (Text){ out->str, out->len }));
}

static FeelValue
call_replace (Call *call, const FeelValue *a)
{
  Matcher m;
  Flags flags;
  if (!matcher_open (&m, call, a[1].string, a[3]))
    return feel_null ();
  read_flags (a[3], &flags);
  FeelValue v
      = matches_nothing (&m) ? feel_null () : replace_all (&m, a[0].string, a[2].string, flags.literal);
  matcher_close (&m);
  return v;
}

static FeelValue
call_split (Call *call, const FeelValue *a)
{
  Matcher m;
  if (!matcher_open (&m, call, a[1].string, feel_null ()))
    return feel_null ();
  ListBuilder parts = { .arena = call->arena };
  Text text = a[0].string;
  size_t from = 0;
  int groups;
  bool bad = matches_nothing (&m);
  const PCRE2_SIZE *spans;
  while (!bad && (spans = matcher_next (&m, text, from, true, &groups)) && spans[1] > from) {
    list_add (&parts, feel_string ((Text){ text.bytes + from, spans[0] - from }));
    from = spans[1];
  }
  list_add (&parts, feel_string ((Text){ text.bytes + from, text.len - from }));
  matcher_close (&m);
  return bad || m.failed ? feel_null () : list_end (&parts);
}

static const FeelType strings = { .kind = FEEL_TYPE_LIST, .element = &feel_type_string };

const Builtin builtins_regex[] = {
  { "matches",
    call_matches,
    &feel_type_boolean,
    { { "input", K_STRING }, { "pattern", K_STRING }, { "flags", K_STRING | K_NULL } },
    2,
    .prepare = prepare_matches },
  { "replace",
    call_replace,
    &feel_type_string,
    { { "input", K_STRING },
      { "pattern", K_STRING },
      { "replacement", K_STRING },
      { "flags", K_STRING | K_NULL } },
    3,
    .prepare = prepare_replace },
  { "split",
    call_split,
    &strings,
    { { "string", K_STRING }, { "delimiter", K_STRING } },
    2,
    .prepare = prepare_split },
  { 0 },
};
