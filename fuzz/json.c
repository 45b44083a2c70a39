/* Any bytes: parsing ends, what is accepted is written and read back the same. */
#include "base/base.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

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
    if (decimal_parse (value->text, &number))
      json_decimal (w, number);
    else /* more than a decimal can hold */
      json_text (w, value->text);
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

static char *
written (const JsonValue *value, int indent)
{
  GString *out = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, indent);
  write_value (w, value);
  return g_string_free (out, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  const JsonValue *value = json_parse (arena, (Text){ (const char *)data, size }, "fuzz", &error);
  g_assert ((value == NULL) == (error != NULL));
  if (!value)
    return 0;
  g_autofree char *packed = written (value, 0);
  g_autofree char *spread = written (value, 2);
  const JsonValue *again = json_parse (arena, text_of (spread), "again", &error);
  g_assert_no_error (error);
  g_autofree char *packed_again = written (again, 0);
  g_assert_cmpstr (packed_again, ==, packed);
  return 0;
}
