/* What a page's last decision may read, through all it requires. */
#include "dmn/dmn.h"
#include "support.h"

#include <locale.h>

/* PAGE holds decisions as "name = expression" or "name(parameters) = expression", one a
 * line; the last is asked.  PATHS: what it may read, sorted. */
static const struct {
  const char *name, *page, *paths;
} rows[] = {
  { "its own", "d = x.a + x.b.c", "x.a, x.b.c" },
  { "through another", "e = x.a\nd = e + 1", "x.a" },
  { "members of what another hands on", "e = x.b\nd = e.c", "x.b, x.b.c" },
  { "members of a filtered list", "e = x.list[k = 1]\nd = e[1].v", "x.list, x.list.k, x.list.v" },
  { "of each in it", "e = x.list[k = 1]\nd = for i in e return i.v.w", "x.list, x.list.k, x.list.v.w" },
  { "either branch", "e = if x.q then x.b else x.f\nd = e.c", "x.b, x.b.c, x.f, x.f.c, x.q" },
  { "an entry of a context", "e = {one: x.b, two: x.f}\nd = e.one.c", "x.b, x.b.c, x.f" },
  { "an entry of each context", "e = for i in x.list return {who: i.v}\nd = e[1].who.w",
    "x.list.v, x.list.v.w" },
  { "twice removed", "e = x.list\nf = e[k > 0]\nd = f.v", "x.list, x.list.k, x.list.v" },
  { "a member of contexts in a list, inside a filter", "d = [{k: 1, v: x.b}, {k: 2, v: x.f}][v = true].k",
    "x.b, x.f" },
  { "contexts compared", "d = {k: x.b} = {k: x.f}", "x.b, x.f" },
  { "a context looked for", "d = {k: x.b} in ({k: 1})", "x.b" },
  { "what nobody reads stays out", "e = x.list\nd = count(e)", "x.list" },
  { "an argument's members", "f(p) = p.c\nd = f(x.b)", "x.b, x.b.c" },
  { "the right argument's", "f(p, q) = q.c + 1\nd = f(x.b, x.f)", "x.b, x.f, x.f.c" },
  { "by name", "f(p, q) = q.c\nd = f(q: x.b, p: x.f)", "x.b, x.b.c, x.f" },
  { "of each in a list that is given", "f(p) = sum(for i in p return i.v)\nd = f(x.list)",
    "x.list, x.list.v" },
  { "given on to another function", "g(p) = p.c\nf(p) = g(p)\nd = f(x.b)", "x.b, x.b.c" },
  { "an entry of a context that is given", "f(p) = p.one.c\nd = f({one: x.b, two: x.f})", "x.b, x.b.c, x.f" },
  { "an entry within an entry", "f(p, q) = q.in.one.c\nd = f(q: {in: {one: x.b}}, p: 1)", "x.b, x.b.c" },
  { "members of what a function gives", "f(p) = p.b\nd = f(x).c", "x, x.b, x.b.c" },
  { "a decision's value given to a function", "e = x.list[k = 1]\nf(p) = p[1].v\nd = f(e)",
    "x.list, x.list.k, x.list.v" },
};

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static char *
write_paths (const FeelPath *paths, size_t n)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  for (size_t i = 0; i < n; i++) {
    GString *path = g_string_new ("x");
    for (size_t m = 0; m < paths[i].n; m++)
      g_string_append_printf (path, ".%.*s", (int)paths[i].members[m].len, paths[i].members[m].bytes);
    g_ptr_array_add (list, g_string_free (path, FALSE));
  }
  g_ptr_array_sort (list, compare);
  g_ptr_array_add (list, NULL);
  return g_strjoinv (", ", (char **)list->pdata);
}

static char *
page_of (const char *decisions)
{
  GString *page = g_string_new ("# p\n\n");
  g_auto (GStrv) lines = g_strsplit (decisions, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto (GStrv) parts = g_strsplit (*line, " = ", 2);
    g_autofree char *head = g_strdup (parts[0]);
    GString *typed = g_string_new (NULL); /* parameters may be anything */
    for (const char *p = head; *p; p++)
      if (strchr (",)", *p))
        g_string_append_printf (typed, ": 任意%c", *p);
      else
        g_string_append_c (typed, *p);
    g_string_append_printf (page, "## %s: 任意\n\n```feel\n%s\n```\n\n", typed->str, parts[1]);
    g_string_free (typed, TRUE);
  }
  return g_string_free (page, FALSE);
}

/* What the last decision of PAGE reads of VARIABLE. */
static char *
closure_of (const char *page, const DmnVariable *variable)
{
  g_autofree char *body = page_of (page);
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (Arena) arena = arena_new ();
  DmnClauseSource source = { .id = "p",
                             .origin = "page",
                             .body = text_of (body),
                             .first_line = 1,
                             .variables = variable,
                             .n_variables = 1 };
  const DmnUnit *unit = dmn_model_read_clause (model, &source, faults);
  if (!dmn_model_link (model, faults)) {
    size_t n_faults;
    g_error ("%s", dmn_faults_list (faults, &n_faults)->message);
  }
  size_t n;
  const FeelPath *paths = dmn_decision_closure (model, arena, unit->decisions[unit->n_decisions - 1], &n);
  return write_paths (paths, n);
}

static void
test_row (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  static const DmnVariable variable = { "x", &feel_type_any };
  g_autofree char *found = closure_of (rows[i].page, &variable);
  g_assert_cmpstr (found, ==, rows[i].paths);
}

/* In a filter over what a decision hands on, k may be a member of the items or the decision of
 * that name; where the items' type is known and has none, it is the decision. */
static void
test_known_members (void)
{
  static const FeelMember item_members[] = { { { "v", 1 }, &feel_type_number } };
  static const FeelType item = { .kind = FEEL_TYPE_CONTEXT, .n = 1, .members = item_members, .closed = true },
                        list = { .kind = FEEL_TYPE_LIST, .element = &item };
  static const FeelMember members[] = { { { "list", 4 }, &list } };
  static const FeelType x = { .kind = FEEL_TYPE_CONTEXT, .n = 1, .members = members, .closed = true };
  static const DmnVariable known = { "x", &x }, open = { "x", &feel_type_any };
  const char *page = "k = 3\ne = x.list\nd = count(e[v > k])";
  g_autofree char *with = closure_of (page, &known), *without = closure_of (page, &open);
  g_assert_cmpstr (with, ==, "x.list, x.list.v");
  g_assert_cmpstr (without, ==, "x.list, x.list.k, x.list.v");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_set_nonfatal_assertions ();
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/dmn/closure/%s", rows[i].name);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/dmn/closure/known-members", test_known_members);
  return g_test_run ();
}
