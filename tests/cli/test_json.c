/* Every row of json.md: what a command prints is JSON and has these keys. */
#include "scratch.h"

/* "0.needs.1" from VALUE, or NULL. */
static const JsonValue *
value_at (const JsonValue *value, const char *place)
{
  g_auto (GStrv) steps = g_strsplit (g_str_equal (place, ".") ? "" : place, ".", -1);
  for (char **step = steps; *step && value; step++)
    if (value->kind != JSON_ARRAY)
      value = json_get (value, *step);
    else {
      guint64 i = g_ascii_strtoull (*step, NULL, 10);
      value = i < value->n ? value->elements[i] : NULL;
    }
  return value;
}

static char *
describe (Arena *arena, const JsonValue *value)
{
  if (value->kind == JSON_ARRAY)
    return arena_printf (arena, "[%zu]", value->n);
  if (value->kind == JSON_OBJECT) {
    char *keys = arena_text (arena, text_of (""));
    for (size_t i = 0; i < value->n; i++)
      keys = arena_printf (arena, "%s%s%s", keys, i ? " " : "", arena_text (arena, value->members[i].key));
    return keys;
  }
  bool text = value->kind == JSON_STRING || value->kind == JSON_NUMBER;
  return arena_text (arena, text ? value->text : text_of (""));
}

static void
test_row (gconstpointer data)
{
  char *const *row = data;
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *out = NULL;
  GError *error = NULL;
  g_test_message ("json.md:%s: %s at %s", row[3], row[0], row[1]);
  g_assert_cmpint (scratch_shell (row[0], &out, NULL), <=, 1);
  const JsonValue *root = json_parse (arena, text_of (out), row[0], &error);
  g_assert_no_error (error);
  const JsonValue *value = value_at (root, row[1]);
  g_assert_nonnull (value);
  g_assert_cmpstr (describe (arena, value), ==, row[2]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  char *folder = scratch_enter ();
  scratch_fill ();
  g_autoptr (GPtrArray) rows = scratch_rows ("tests/cli/json.md", 3);
  for (guint i = 0; i < rows->len; i++) {
    char **row = rows->pdata[i];
    g_autofree char *path = g_strdup_printf ("/json/%s", row[3]);
    g_test_add_data_func (path, row, test_row);
  }
  int status = g_test_run ();
  scratch_leave (folder);
  return status;
}
