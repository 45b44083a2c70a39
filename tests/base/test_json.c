#include "support.h"

/* Write VALUE again, which shows everything that was read. */
static void
write_value (JsonWriter *w, const JsonValue *value)
{
  Decimal number;
  switch (value->kind) {
  case JSON_NULL: json_null (w); break;
  case JSON_FALSE: json_bool (w, false); break;
  case JSON_TRUE: json_bool (w, true); break;
  case JSON_STRING: json_text (w, value->text); break;
  case JSON_NUMBER:
    g_assert_true (decimal_parse (value->text, &number));
    json_decimal (w, number);
    break;
  case JSON_ARRAY:
    json_begin_array (w);
    for (size_t i = 0; i < value->n; i++)
      write_value (w, value->elements[i]);
    json_end_array (w);
    break;
  case JSON_OBJECT:
    json_begin_object (w);
    for (size_t i = 0; i < value->n; i++) {
      json_key (w, value->members[i].key.bytes);
      write_value (w, value->members[i].value);
    }
    json_end_object (w);
    break;
  }
}

static void
test_round_trip (void)
{
  static const char *const cases[][2] = {
    { "null", "null" },
    { " true ", "true" },
    { "\t\r\nfalse", "false" },
    { "\xef\xbb\xbf[]", "[]" },
    { "{ }", "{}" },
    { "[1,2.50,-0.001,1e3]", "[1,2.50,-0.001,1000]" },
    { "12345678901234567890.123456789", "12345678901234567890.123456789" },
    { "\"县\"", "\"县\"" },
    { "\"\\u53bf\\u0041\"", "\"县A\"" },
    { "\"\\ud83d\\ude00\\uD83D\\uDE00\"", "\"😀😀\"" },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u001f\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u001f\"" },
    { "{\"b\":1,\"a\":{\"\":[{}]}}", "{\"b\":1,\"a\":{\"\":[{}]}}" },
    { "[[1,[2,[3]],[]],{\"k\":[4,5]},6]", "[[1,[2,[3]],[]],{\"k\":[4,5]},6]" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) out = g_string_new (NULL);
    GError *error = NULL;
    const JsonValue *value = json_parse (arena, text_of (cases[i][0]), "test", &error);
    g_assert_no_error (error);
    g_autoptr (JsonWriter) w = json_writer_new (out, 0);
    write_value (w, value);
    g_assert_cmpstr (out->str, ==, cases[i][1]);
  }
}

static void
test_refuses (void)
{
  static const struct {
    const char *source, *message;
  } cases[] = {
    { "", "in:1:1: expected a value, not the end" },
    { "  \n ", "in:2:2: expected a value, not the end" },
    { "nul", "in:1:1: expected a value, not \"n\"" },
    { "[1,2", "in:1:5: expected , or ], not the end" },
    { "[1 2]", "in:1:4: expected , or ], not \"2\"" },
    { "[1,]", "in:1:4: expected a value, not \"]\"" },
    { "[1}", "in:1:3: expected , or ], not \"}\"" },
    { "{\"a\" 1}", "in:1:6: expected : after the key, not \"1\"" },
    { "{a:1}", "in:1:2: expected a key in quotes, not \"a\"" },
    { "{\"a\":1,}", "in:1:8: expected a key in quotes, not \"}\"" },
    { "{\"县\":1, \"b\":2,\n \"县\":3}", "in:2:2: the key \"县\" stands twice in this object" },
    { "{\"a\":1,\"\\u0061\":2}", "in:1:8: the key \"a\" stands twice in this object" },
    { "1 2", "in:1:3: nothing may follow the value, here \"2\"" },
    { "[县]", "in:1:2: expected a value, not \"县\"" },
    { "\"县县\" x", "in:1:6: nothing may follow the value, here \"x\"" },
    { "01", "in:1:1: a number must not start with 0" },
    { "-012", "in:1:1: a number must not start with 0" },
    { "-", "in:1:2: a number needs a digit here, not the end" },
    { "+1", "in:1:1: expected a value, not \"+\"" },
    { ".5", "in:1:1: expected a value, not \".\"" },
    { "1.", "in:1:3: a number needs a digit after the point, not the end" },
    { "1.e5", "in:1:3: a number needs a digit after the point, not \"e\"" },
    { "1e+", "in:1:4: a number needs a digit in the exponent, not the end" },
    { "0x10", "in:1:2: nothing may follow the value, here \"x\"" },
    { "NaN", "in:1:1: expected a value, not \"N\"" },
    { "\"abc", "in:1:1: this string is not closed" },
    { "\"abc\\\"", "in:1:1: this string is not closed" },
    { "\"abc\\", "in:1:1: this string is not closed" },
    { "\"a\nb\"", "in:1:3: control characters in a string must be escaped" },
    { "\"\\x41\"", "in:1:2: unknown escape: \\ stands before one of \"\\/bfnrtu" },
    { "\"\\u12\"", "in:1:2: \\u needs four hexadecimal digits" },
    { "\"\\u12g4\"", "in:1:2: \\u needs four hexadecimal digits" },
    { "\"a\\u0000\"", "in:1:3: the character NUL is not allowed in text" },
    { "\"\\ud83d\"", "in:1:2: a surrogate without its other half" },
    { "\"\\ud83dx\"", "in:1:2: a surrogate without its other half" },
    { "\"\\ud83d\\u0041\"", "in:1:2: a surrogate without its other half" },
    { "\"\\ud83d\\ud83d\"", "in:1:2: a surrogate without its other half" },
    { "\"\\ude00\"", "in:1:2: a surrogate without its other half" },
    { "[\"县\xff\"]", "in:1:4: this is not well-formed UTF-8 text" },
    { "// no\n1", "in:1:1: expected a value, not \"/\"" },
    { "['a']", "in:1:2: expected a value, not \"'\"" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    g_assert_null (json_parse (arena, text_of (cases[i].source), "in", &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_cmpstr (error->message, ==, cases[i].message);
  }
}

/* [[[…]]] and {"a":{"a":…}} of DEPTH levels. */
static char *
nest (int depth, const char *open, const char *close)
{
  GString *out = g_string_new (NULL);
  for (int i = 0; i < depth; i++)
    g_string_append (out, open);
  g_string_append (out, "1");
  for (int i = 0; i < depth; i++)
    g_string_append (out, close);
  return g_string_free (out, FALSE);
}

static void
test_depth (void)
{
  static const char *const brackets[][2] = { { "[", "]" }, { "{\"a\":", "}" } };
  for (int i = 0; i < 2; i++) {
    g_autoptr (Arena) arena = arena_new ();
    GError *error = NULL;
    g_autofree char *deep = nest (200, brackets[i][0], brackets[i][1]);
    const JsonValue *value = json_parse (arena, text_of (deep), "in", &error);
    g_assert_no_error (error);
    for (int level = 0; level < 200; level++)
      value = i ? json_get (value, "a") : value->elements[0];
    g_assert_true (text_equal (value->text, text_of ("1")));
    g_autofree char *deeper = nest (201, brackets[i][0], brackets[i][1]);
    g_assert_null (json_parse (arena, text_of (deeper), "in", &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_true (g_str_has_suffix (error->message, "nested deeper than 200 levels"));
    g_clear_error (&error);
    g_autofree char *bomb = nest (1000000, brackets[i][0], "");
    g_assert_null (json_parse (arena, text_of (bomb), "in", &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_clear_error (&error);
  }
}

static void
test_places (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const JsonValue *root
      = json_parse (arena, text_of ("{\"县\": 1,\n  \"b\": [\"x\", 2.50,\r\n null]}"), "in", &error);
  g_assert_no_error (error);
  const JsonValue *b = json_get (root, "b");
  g_assert_true (root->line == 1 && root->column == 1);
  g_assert_true (json_get (root, "县")->line == 1 && json_get (root, "县")->column == 7);
  g_assert_true (b->line == 2 && b->column == 8 && b->n == 3);
  g_assert_true (b->elements[1]->line == 2 && b->elements[1]->column == 14);
  g_assert_true (b->elements[2]->line == 3 && b->elements[2]->column == 2);
  g_assert_true (text_equal (b->elements[1]->text, text_of ("2.50")));
  g_assert_cmpstr (json_string (b->elements[0]), ==, "x");
  g_assert_null (json_string (b->elements[1]));
  g_assert_null (json_string (NULL));
  g_assert_null (json_get (b, "x"));
  g_assert_null (json_get (NULL, "x"));
  g_assert_null (json_get (root, "none"));
}

/* Many members, where duplicates are found another way, and a long line. */
static void
test_large (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) source = g_string_new ("{");
  for (int i = 0; i < 20000; i++)
    g_string_append_printf (source, "%s\"k%d\":%d", i ? "," : "", i * 7919 % 20000, i);
  GError *error = NULL;
  g_autofree char *whole = g_strconcat (source->str, "}", NULL);
  const JsonValue *root = json_parse (arena, text_of (whole), "in", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (root->n, ==, 20000);
  g_assert_true (text_equal (root->members[1].key, text_of ("k7919")));
  g_assert_true (text_equal (json_get (root, "k7919")->text, text_of ("1")));
  g_autofree char *twice = g_strconcat (source->str, ",\n\"k7919\":0}", NULL);
  g_assert_null (json_parse (arena, text_of (twice), "in", &error));
  g_assert_cmpstr (error->message, ==, "in:2:1: the key \"k7919\" stands twice in this object");
  g_clear_error (&error);
}

/* The source may go; the value stays with its arena. */
static void
test_keeps_nothing_of_the_source (void)
{
  g_autoptr (Arena) arena = arena_new ();
  char *source = g_strdup ("{\"key\":[\"text\",12.5]}");
  const JsonValue *root = json_parse (arena, text_of (source), "in", NULL);
  memset (source, 'x', strlen (source));
  g_free (source);
  const JsonValue *array = json_get (root, "key");
  g_assert_cmpstr (json_string (array->elements[0]), ==, "text");
  g_assert_cmpstr (array->elements[1]->text.bytes, ==, "12.5");
}

static void
test_writer (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  json_begin_object (w);
  json_member_str (w, "name", "合成 \"01\"");
  json_member_str (w, "none", NULL);
  json_member_int (w, "least", G_MININT64);
  json_member_bool (w, "yes", true);
  json_member_array (w, "amounts");
  json_decimal (w, decimal_from_scaled (250, 2));
  json_decimal (w, decimal_from_int64 (-7));
  json_begin_array (w);
  json_end_array (w);
  json_begin_object (w);
  json_end_object (w);
  json_end_array (w);
  json_end_object (w);
  json_writer_free (w);
  g_assert_cmpstr (
      out->str, ==,
      "{\n  \"name\": \"合成 \\\"01\\\"\",\n  \"none\": null,\n  \"least\": -9223372036854775808,\n"
      "  \"yes\": true,\n  \"amounts\": [\n    2.50,\n    -7,\n    [],\n    {}\n  ]\n}");
}

/* Calls that do not nest end the program: what follows runs in a child. */
static void
misuse (gconstpointer which)
{
  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_failed ();
    g_test_trap_assert_stderr ("*assertion failed*");
    return;
  }
  JsonWriter *w = json_writer_new (g_string_new (NULL), 0);
  switch (GPOINTER_TO_INT (which)) {
  case 0: /* not closed */
    json_begin_array (w);
    json_writer_free (w);
    break;
  case 1: /* closed as something else */
    json_begin_array (w);
    json_end_object (w);
    break;
  case 2: /* a member without its key */
    json_begin_object (w);
    json_int (w, 1);
    break;
  case 3: /* a key without its value */
    json_begin_object (w);
    json_key (w, "a");
    json_end_object (w);
    break;
  case 4: /* two values */
    json_null (w);
    json_null (w);
    break;
  case 5: /* not a number */ json_decimal (w, decimal_sqrt (decimal_from_int64 (-1))); break;
  }
}

int
main (int argc, char **argv)
{
  static const char *const misuses[]
      = { "not closed", "closed otherwise", "no key", "no value", "two values", "not a number" };
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/round trip", test_round_trip);
  g_test_add_func ("/json/refuses", test_refuses);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/places", test_places);
  g_test_add_func ("/json/large", test_large);
  g_test_add_func ("/json/keeps nothing of the source", test_keeps_nothing_of_the_source);
  g_test_add_func ("/json/writer", test_writer);
  for (int i = 0; i < (int)G_N_ELEMENTS (misuses); i++) {
    g_autofree char *path = g_strdup_printf ("/json/misuse/%s", misuses[i]);
    g_test_add_data_func (path, GINT_TO_POINTER (i), misuse);
  }
  return g_test_run ();
}
