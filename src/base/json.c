/* Reading JSON: recursive descent over checked UTF-8.  Children are gathered on
 * shared stacks and moved into the arena when their container closes. */
#include "json.h"

#include "fault.h"

enum { DEPTH_MAX = 200, FEW_MEMBERS = 16 };

typedef struct {
  Text key;
  const char *at; /* of the key, for messages */
  const JsonValue *value;
} Entry;

typedef struct {
  Arena *arena;
  const char *start, *p, *end;
  const char *counted; /* how far LINE and COLUMN are counted */
  unsigned line, column;
  int depth;
  GPtrArray *elements;
  GArray *entries;
  const char *origin;
  GError **error;
} Reader;

static const JsonValue *read_value (Reader *r);

/* Line and column of the reader's place, counted on from the last place asked. */
static void
locate (Reader *r)
{
  for (; r->counted < r->p; r->counted++) {
    if (*r->counted == '\n') {
      r->line++;
      r->column = 1;
    } else if (((unsigned char)*r->counted & 0xc0) != 0x80)
      r->column++;
  }
}

static gboolean G_GNUC_PRINTF (3, 4) fail (Reader *r, const char *at, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  r->counted = r->start;
  r->line = r->column = 1;
  r->p = at;
  locate (r);
  g_set_error (r->error, FAULT, FAULT_INPUT, "%s:%u:%u: %s", r->origin, r->line, r->column, what);
  return FALSE;
}

static void
skip_space (Reader *r)
{
  while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
    r->p++;
}

/* The character at the reader's place for a message: quoted, or "the end". */
static const char *
seen (const Reader *r)
{
  if (r->p == r->end)
    return "the end";
  Text one = { r->p, (size_t)(g_utf8_next_char (r->p) - r->p) };
  return arena_printf (r->arena, "\"%.*s\"", (int)one.len, one.bytes);
}

/* Four hexadecimal digits, or -1. */
static int
read_hex4 (Reader *r)
{
  int value = 0;
  for (int i = 0; i < 4; i++) {
    int digit = r->p < r->end ? g_ascii_xdigit_value (*r->p) : -1;
    if (digit < 0)
      return -1;
    value = value * 16 + digit;
    r->p++;
  }
  return value;
}

/* After "\u"; AT is the backslash.  0 after an error. */
static gunichar
read_unicode_escape (Reader *r, const char *at)
{
  int high = read_hex4 (r);
  if (high < 0)
    return (gunichar)fail (r, at, "\\u needs four hexadecimal digits");
  if (high == 0)
    return (gunichar)fail (r, at, "the character NUL is not allowed in text");
  if (high < 0xd800 || high > 0xdfff)
    return (gunichar)high;
  int low = -1;
  if (high < 0xdc00 && r->end - r->p >= 2 && r->p[0] == '\\' && r->p[1] == 'u') {
    r->p += 2;
    low = read_hex4 (r);
  }
  if (low < 0xdc00 || low > 0xdfff)
    return (gunichar)fail (r, at, "a surrogate without its other half");
  return 0x10000 + ((gunichar)(high - 0xd800) << 10) + (gunichar)(low - 0xdc00);
}

/* After the backslash at AT; appends to OUT, which advances. */
static gboolean
read_escape (Reader *r, const char *at, char **out)
{
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  char c = r->p < r->end ? *r->p : '\0';
  const char *name = c ? strchr (names, c) : NULL;
  if (name) {
    r->p++;
    *(*out)++ = values[name - names];
    return TRUE;
  }
  if (c != 'u')
    return fail (r, at, "unknown escape: \\ stands before one of \"\\/bfnrtu");
  r->p++;
  gunichar u = read_unicode_escape (r, at);
  if (u)
    *out += g_unichar_to_utf8 (u, *out);
  return u != 0;
}

/* At the opening quote.  An escape is never shorter than what it stands for, so
 * the source length bounds the decoded one. */
static gboolean
read_string (Reader *r, Text *text)
{
  const char *open = r->p++, *close = r->p;
  while (close < r->end && *close != '"')
    close += *close == '\\' && close + 1 < r->end ? 2 : 1;
  if (close >= r->end)
    return fail (r, open, "this string is not closed");
  char *decoded = arena_alloc (r->arena, (size_t)(close - r->p) + 1), *out = decoded;
  while (r->p < close) {
    const char *at = r->p++;
    if (*at == '\\') {
      if (!read_escape (r, at, &out))
        return FALSE;
    } else if ((unsigned char)*at < 0x20)
      return fail (r, at, "control characters in a string must be escaped");
    else
      *out++ = *at;
  }
  r->p = close + 1;
  *text = (Text){ decoded, (size_t)(out - decoded) };
  return TRUE;
}

static gboolean
skip_digits (Reader *r)
{
  const char *from = r->p;
  while (r->p < r->end && g_ascii_isdigit (*r->p))
    r->p++;
  return r->p > from;
}

static gboolean
read_number (Reader *r, Text *text)
{
  const char *at = r->p;
  r->p += *r->p == '-';
  gboolean zero = r->p < r->end && *r->p == '0';
  if (!skip_digits (r))
    return fail (r, r->p, "a number needs a digit here, not %s", seen (r));
  if (zero && g_ascii_isdigit (r->p[-1]) && r->p - at > (*at == '-') + 1)
    return fail (r, at, "a number must not start with 0");
  if (r->p < r->end && *r->p == '.') {
    r->p++;
    if (!skip_digits (r))
      return fail (r, r->p, "a number needs a digit after the point, not %s", seen (r));
  }
  if (r->p < r->end && (*r->p == 'e' || *r->p == 'E')) {
    r->p++;
    if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
      r->p++;
    if (!skip_digits (r))
      return fail (r, r->p, "a number needs a digit in the exponent, not %s", seen (r));
  }
  *text = arena_text_copy (r->arena, (Text){ at, (size_t)(r->p - at) });
  return TRUE;
}

static gboolean
read_word (Reader *r, const char *word)
{
  if (!text_starts_with ((Text){ r->p, (size_t)(r->end - r->p) }, word))
    return fail (r, r->p, "expected a value, not %s", seen (r));
  r->p += strlen (word);
  return TRUE;
}

/* After an element: true at a comma (skipped), false at CLOSE (skipped) or after
 * an error, which *OK tells. */
static gboolean
read_separator (Reader *r, char close, gboolean *ok)
{
  skip_space (r);
  char c = r->p < r->end ? *r->p : '\0';
  *ok = c == ',' || c == close || fail (r, r->p, "expected , or %c, not %s", close, seen (r));
  if (*ok)
    r->p++;
  return *ok && c == ',';
}

/* After the opening bracket: whether CLOSE follows at once (skipped). */
static gboolean
read_empty (Reader *r, char close)
{
  skip_space (r);
  if (r->p == r->end || *r->p != close)
    return FALSE;
  r->p++;
  return TRUE;
}

static gboolean
read_array (Reader *r, JsonValue *array)
{
  guint base = r->elements->len;
  gboolean ok = TRUE;
  r->p++;
  if (read_empty (r, ']'))
    return TRUE;
  do {
    const JsonValue *element = read_value (r);
    if (!element)
      return FALSE;
    g_ptr_array_add (r->elements, (gpointer)element);
  } while (read_separator (r, ']', &ok));
  if (!ok)
    return FALSE;
  array->n = r->elements->len - base;
  const JsonValue **elements = arena_new0 (r->arena, const JsonValue *, array->n);
  memcpy (elements, r->elements->pdata + base, array->n * sizeof (gpointer));
  array->elements = elements;
  g_ptr_array_set_size (r->elements, (int)base);
  return TRUE;
}

static int
compare_entries (const void *a, const void *b)
{
  const Entry *x = *(const Entry *const *)a, *y = *(const Entry *const *)b;
  int order = memcmp (x->key.bytes, y->key.bytes, MIN (x->key.len, y->key.len));
  if (order == 0)
    order = (x->key.len > y->key.len) - (x->key.len < y->key.len);
  return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* An entry whose key an earlier one has, or NULL. */
static const Entry *
find_duplicate (const Entry *entries, guint n)
{
  if (n <= FEW_MEMBERS) {
    for (guint i = 1; i < n; i++)
      for (guint j = 0; j < i; j++)
        if (text_equal (entries[i].key, entries[j].key))
          return &entries[i];
    return NULL;
  }
  g_autofree const Entry **sorted = g_new (const Entry *, n);
  for (guint i = 0; i < n; i++)
    sorted[i] = &entries[i];
  qsort (sorted, n, sizeof (gpointer), compare_entries);
  for (guint i = 1; i < n; i++)
    if (text_equal (sorted[i]->key, sorted[i - 1]->key))
      return sorted[i];
  return NULL;
}

static gboolean
read_entry (Reader *r)
{
  skip_space (r);
  Entry entry = { .at = r->p };
  if (r->p == r->end || *r->p != '"')
    return fail (r, r->p, "expected a key in quotes, not %s", seen (r));
  if (!read_string (r, &entry.key))
    return FALSE;
  skip_space (r);
  if (r->p == r->end || *r->p != ':')
    return fail (r, r->p, "expected : after the key, not %s", seen (r));
  r->p++;
  entry.value = read_value (r);
  if (entry.value)
    g_array_append_val (r->entries, entry);
  return entry.value != NULL;
}

static gboolean
read_object (Reader *r, JsonValue *object)
{
  guint base = r->entries->len;
  gboolean ok = TRUE;
  r->p++;
  if (read_empty (r, '}'))
    return TRUE;
  do {
    if (!read_entry (r))
      return FALSE;
  } while (read_separator (r, '}', &ok));
  if (!ok)
    return FALSE;
  const Entry *entries = &g_array_index (r->entries, Entry, base);
  guint n = r->entries->len - base;
  const Entry *again = find_duplicate (entries, n);
  if (again)
    return fail (r, again->at, "the key \"%s\" stands twice in this object", again->key.bytes);
  JsonMember *members = arena_new0 (r->arena, JsonMember, n);
  for (guint i = 0; i < n; i++)
    members[i] = (JsonMember){ entries[i].key, entries[i].value };
  object->n = n;
  object->members = members;
  g_array_set_size (r->entries, base);
  return TRUE;
}

static gboolean
read_nested (Reader *r, JsonValue *value)
{
  if (r->depth == DEPTH_MAX)
    return fail (r, r->p, "nested deeper than %d levels", DEPTH_MAX);
  r->depth++;
  gboolean ok = value->kind == JSON_ARRAY ? read_array (r, value) : read_object (r, value);
  r->depth--;
  return ok;
}

static const JsonValue *
read_value (Reader *r)
{
  JsonValue *value = arena_new0 (r->arena, JsonValue, 1);
  skip_space (r);
  locate (r);
  value->line = r->line;
  value->column = r->column;
  gboolean ok;
  switch (r->p < r->end ? *r->p : '\0') {
  case '{': value->kind = JSON_OBJECT, ok = read_nested (r, value); break;
  case '[': value->kind = JSON_ARRAY, ok = read_nested (r, value); break;
  case '"': value->kind = JSON_STRING, ok = read_string (r, &value->text); break;
  case 't': value->kind = JSON_TRUE, ok = read_word (r, "true"); break;
  case 'f': value->kind = JSON_FALSE, ok = read_word (r, "false"); break;
  case 'n': value->kind = JSON_NULL, ok = read_word (r, "null"); break;
  case '-':
  case '0' ... '9': value->kind = JSON_NUMBER, ok = read_number (r, &value->text); break;
  default: ok = fail (r, r->p, "expected a value, not %s", seen (r));
  }
  return ok ? value : NULL;
}

static const JsonValue *
read_document (Reader *r)
{
  size_t bad_at;
  if (!text_is_utf8 ((Text){ r->start, (size_t)(r->end - r->start) }, &bad_at))
    return fail (r, r->start + bad_at, "this is not well-formed UTF-8 text"), NULL;
  const JsonValue *value = read_value (r);
  if (!value)
    return NULL;
  skip_space (r);
  if (r->p < r->end)
    return fail (r, r->p, "nothing may follow the value, here %s", seen (r)), NULL;
  return value;
}

const JsonValue *
json_parse (Arena *arena, Text source, const char *origin, GError **error)
{
  if (text_starts_with (source, "\xef\xbb\xbf"))
    source = (Text){ source.bytes + 3, source.len - 3 };
  g_autoptr (GPtrArray) elements = g_ptr_array_new ();
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  Reader reader = { .arena = arena,
                    .start = source.bytes,
                    .p = source.bytes,
                    .end = source.bytes + source.len,
                    .counted = source.bytes,
                    .line = 1,
                    .column = 1,
                    .elements = elements,
                    .entries = entries,
                    .origin = origin,
                    .error = error };
  return read_document (&reader);
}

const JsonValue *
json_get (const JsonValue *object, const char *key)
{
  if (!object || object->kind != JSON_OBJECT)
    return NULL;
  Text wanted = text_of (key);
  for (size_t i = 0; i < object->n; i++)
    if (text_equal (object->members[i].key, wanted))
      return object->members[i].value;
  return NULL;
}

const char *
json_string (const JsonValue *value)
{
  return value && value->kind == JSON_STRING ? value->text.bytes : NULL;
}
