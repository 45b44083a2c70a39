/* The language, line by line, from the .txt files in tests/feel/data.  A line is one of
 *
 *     expression => expected          the two are equal (or both null)
 *     expression ~> text              as feel_write gives it
 *     expression !! words             the strict dialect refuses it, saying so
 *     input ?: tests => expected      unary tests
 *     input ?: tests !! words         … refused for an input of that type
 *
 * Blank lines and lines that start with # are left out.  Each line runs as a
 * case of its own. */
#include "feel/feel.h"
#include "support.h"

#include <string.h>

typedef struct {
  char *file;
  unsigned line;
  char *text;
} Case;

static FeelScope *
make_scope (Arena *arena, FeelRun *run)
{
  FeelScope *scope = feel_scope_new (arena, NULL);
  FeelValue *slots = arena_new0 (arena, FeelValue, 16);
  FeelValue list[] = { feel_int (1), feel_int (2), feel_int (3) };
  FeelEntry park[] = { { TEXT_LITERAL ("认定级别"), feel_string (TEXT_LITERAL ("市级")) },
                       { TEXT_LITERAL ("monthly rent"), feel_int (1200) } };
  static const FeelMember members[] = { { TEXT_LITERAL ("认定级别"), &feel_type_string },
                                        { TEXT_LITERAL ("monthly rent"), &feel_type_number } };
  static const FeelType park_type = {
    .kind = FEEL_TYPE_CONTEXT, .n = 2, .members = members, .closed = true, .name = TEXT_LITERAL ("园区")
  };
  slots[feel_scope_add (scope, text_of ("年龄"), &feel_type_number)] = feel_int (30);
  slots[feel_scope_add (scope, text_of ("园区"), &park_type)] = feel_context (arena, park, 2);
  slots[feel_scope_add (scope, text_of ("numbers"), NULL)] = feel_list (arena, list, 3);
  slots[feel_scope_add (scope, text_of ("a-b"), &feel_type_number)] = feel_int (7);
  slots[feel_scope_add (scope, text_of ("profit and loss"), &feel_type_number)] = feel_int (8);
  slots[feel_scope_add (scope, text_of ("nothing"), NULL)] = feel_null ();
  slots[feel_scope_add (scope, text_of ("词"), &feel_type_string)] = feel_string (text_of ("文本"));
  run->slots = slots;
  return scope;
}

static FeelValue
value_of (Arena *arena, const char *source, const FeelScope *scope, FeelRun *run)
{
  GError *error = NULL;
  const FeelExpression *e = feel_compile (arena, text_of (source), scope, NULL, &error);
  if (!e)
    g_error ("%s\n  in: %s", error->message, source);
  return feel_evaluate (e, run);
}

static char *
written (FeelValue v)
{
  GString *out = g_string_new (NULL);
  feel_write (out, v);
  return g_string_free (out, FALSE);
}

static bool
same (Arena *arena, FeelValue a, FeelValue b)
{
  if (a.kind != b.kind)
    return false;
  g_autofree char *one = written (a), *other = written (b);
  return feel_is_true (feel_equal (arena, a, b)) || g_str_equal (one, other);
}

/* The part after SIGN, cut off from TEXT; NULL when there is none. */
static char *
cut (char *text, const char *sign)
{
  char *at = g_strrstr (text, sign);
  if (!at)
    return NULL;
  *at = 0;
  return g_strstrip (at + strlen (sign));
}

static void
run_refusal (Arena *arena, const char *text, const FeelScope *scope, const FeelType *input, const char *words)
{
  g_autoptr (GError) error = NULL;
  FeelOptions strict = { .origin = "x", .strict = true };
  const FeelExpression *e = input ? feel_compile_test (arena, text_of (text), scope, input, &strict, &error)
                                  : feel_compile (arena, text_of (text), scope, &strict, &error);
  if (e)
    g_test_fail_printf ("was not refused: %s", text);
  else if (!strstr (error->message, words))
    g_test_fail_printf ("refused with \"%s\"", error->message);
}

static const FeelType *
type_of (FeelValue v)
{
  return v.kind == FEEL_NUMBER    ? &feel_type_number
         : v.kind == FEEL_STRING  ? &feel_type_string
         : v.kind == FEEL_BOOLEAN ? &feel_type_boolean
         : v.kind == FEEL_DATE    ? &feel_type_date
                                  : &feel_type_any;
}

static FeelValue
run_tests (Arena *arena, char *text, char *tests, const FeelScope *scope, FeelRun *run)
{
  GError *error = NULL;
  const FeelExpression *e = feel_compile_test (arena, text_of (tests), scope, NULL, NULL, &error);
  if (!e)
    g_error ("%s\n  in: %s", error->message, tests);
  return feel_evaluate_test (e, value_of (arena, text, scope, run), run);
}

static void
run_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (Arena) arena = arena_new ();
  FeelRun run = { .arena = arena };
  const FeelScope *scope = make_scope (arena, &run);
  g_autofree char *text = g_strdup (c->text);
  char *words = cut (text, " !! "), *form = words ? NULL : cut (text, " ~> ");
  char *expected = words || form ? NULL : cut (text, " => ");
  char *tests = cut (text, " ?: ");
  if (words) {
    run_refusal (arena, tests ? tests : text, scope,
                 tests ? type_of (value_of (arena, text, scope, &run)) : NULL, words);
    return;
  }
  FeelValue got = tests ? run_tests (arena, text, tests, scope, &run) : value_of (arena, text, scope, &run);
  g_autofree char *got_text = written (got);
  if (form ? !g_str_equal (form, got_text) : !same (arena, got, value_of (arena, expected, scope, &run)))
    g_test_fail_printf ("%s:%u: %s\n  gave %s", c->file, c->line, c->text, got_text);
}

static void
free_case (gpointer data)
{
  Case *c = data;
  g_free (c->file);
  g_free (c->text);
  g_free (c);
}

static void
add_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *content = support_read (path, NULL);
  g_auto (GStrv) lines = g_strsplit (content, "\n", -1);
  for (unsigned i = 0; lines[i]; i++) {
    if (!*g_strstrip (lines[i]) || *lines[i] == '#')
      continue;
    Case *c = g_new0 (Case, 1);
    *c = (Case){ g_strdup (name), i + 1, g_strdup (lines[i]) };
    g_autofree char *test = g_strdup_printf ("/feel/%s/%u", name, i + 1);
    g_test_add_data_func_full (test, c, run_case, free_case);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *folder = support_source ("tests/feel/data");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".txt"))
      add_file (folder, name);
  return g_test_run ();
}
