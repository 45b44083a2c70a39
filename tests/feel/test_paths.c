/* What an expression could read: feel_expression_paths. */
#include "feel/feel.h"
#include "support.h"

static const struct {
  const char *source, *paths;
} cases[] = {
  { "1 + 2", "" },
  { "户.地址", "户.地址" },
  { "户", "户" },
  { "sum(for m in 户.成员 return m.收入)", "户.成员.收入" },
  { "count(户.成员)", "户.成员" },
  { "for m in 户.成员 return 1", "户.成员" },
  { "户.成员[收入 > 标准].姓名", "户.成员.收入 标准 户.成员.姓名" },
  { "户.成员[item.收入 > 1][1].姓名", "户.成员.收入 户.成员.姓名" },
  { "some m in 户.成员 satisfies m.收入 > 标准 and m.年龄 < 18", "户.成员.收入 标准 户.成员.年龄" },
  { "if 户.a then 户.b else 标准", "户.a 户.b 标准" },
  { "{x: 户.a, y: x.b}.y", "户.a.b" },
  { "{x: 户.a, y: 标准}", "户.a 标准" },
  { "(function(z) z.b)(户.a)", "户.a.b" },
  { "sort(户.成员, function(p, q) p.收入 < q.收入)[1].姓名", "户.成员.收入 户.成员.姓名" },
  { "户.a in (标准, > 户.b)", "户.a 标准 户.b" },
  { "for m in 户.成员 return for n in m.子女 return n.年龄", "户.成员.子女.年龄" },
  { "for m in 户.成员 return {a: m.收入, b: {c: m.姓名}}", "户.成员.收入 户.成员.姓名" },
  { "if 标准 then {a: 户.a} else {a: 户.b}", "标准 户.b 户.a" },
  { "[{a: 户.a}, {a: 户.b}]", "户.b 户.a" },
  { "concatenate([{a: 户.a}], 户.b)", "户.a 户.b" },
  { "户.a + 户.a", "户.a" },
  { "[户.a, 标准][1]", "户.a 标准" },
  { "标准 between 户.a and 户.b", "标准 户.a 户.b" },
};

static void
test_case (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data), n;
  g_autoptr (Arena) arena = arena_new ();
  static const FeelMember member_fields[]
      = { { TEXT_LITERAL ("收入"), &feel_type_number }, { TEXT_LITERAL ("姓名"), &feel_type_string } };
  static const FeelType member = { .kind = FEEL_TYPE_CONTEXT, .n = 2, .members = member_fields };
  static const FeelType members = { .kind = FEEL_TYPE_LIST, .element = &member };
  static const FeelMember fields[] = { { TEXT_LITERAL ("成员"), &members } };
  static const FeelType household = { .kind = FEEL_TYPE_CONTEXT, .n = 1, .members = fields };
  FeelScope *scope = feel_scope_new (arena, NULL);
  const char *const slots[] = { "户", "标准" };
  feel_scope_add (scope, text_of (slots[0]), &household);
  feel_scope_add (scope, text_of (slots[1]), &feel_type_number);
  GError *error = NULL;
  const FeelExpression *e = feel_compile (arena, text_of (cases[i].source), scope, NULL, &error);
  g_assert_no_error (error);
  const FeelPath *paths = feel_expression_paths (e, &n);
  g_autoptr (GString) out = g_string_new (NULL);
  for (size_t p = 0; p < n; p++) {
    g_string_append_printf (out, "%s%s", p ? " " : "", slots[paths[p].slot]);
    for (size_t m = 0; m < paths[p].n; m++)
      g_string_append_printf (out, ".%.*s", (int)paths[p].members[m].len, paths[p].members[m].bytes);
  }
  g_assert_cmpstr (out->str, ==, cases[i].paths);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/feel/paths/%zu", i + 1);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  return g_test_run ();
}
