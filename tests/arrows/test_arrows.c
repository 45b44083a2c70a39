/* The arrows of the architecture: which module may include which.  A module is a
 * folder of src/; others see it through its one public header of its own name. */
#include "support.h"

static const struct {
  const char *module, *may_include; /* names between blanks; "*" is everything */
} arrows[] = {
  { "base", "" },
  { "clocks", " base " },
  { "lottery", " base " },
  { "paper", " base " },
  { "store", " base " },
  { "audit", " store base " },
  { "sheet", " base " },
  { "vocabulary", " sheet base " },
  { "fulltext", " base " },
  { "allocation", " lottery sheet base " },
  { "circular", " sheet base " },
  { "backup", " store base " },
  { "feel", " base " },
  { "dmn", " feel base " },
  { "columns", " dmn feel base " },
  { "sql", " columns dmn feel base " },
  { "registry", " audit store feel base " },
  { "county", " columns dmn feel registry audit store base " },
  { "intake", " registry audit sheet store base " },
  { "access", " registry audit store feel base " },
  { "market", " registry feel base " },
  { "rights", " notices registry access audit store paper feel base " },
  { "notices", " access registry audit store base " },
  { "policy", " county columns access dmn feel registry circular base " },
  { "agents", " policy access audit registry dmn feel store base " },
  { "decisions", " policy access audit registry dmn feel store paper base " },
  { "cases", " agents questions clocks notices policy registry access audit dmn feel store base " },
  { "registers", " policy dmn notices access registry audit store feel base " },
  { "questions", " policy registry access dmn feel base " },
  { "population", " policy county columns dmn feel registry access audit base " },
  { "reform", " population policy county columns dmn feel registry access audit base " },
  { "barriers", " population policy county columns dmn feel registry access audit base " },
  { "due", " cases population policy county columns notices dmn feel registry access audit store base " },
  { "payments", " cases policy notices sheet dmn feel registry access audit store base " },
  { "draws", " allocation lottery policy notices sheet dmn feel registry access audit store base " },
  { "jobs", " agents market vocabulary fulltext allocation lottery policy notices sheet dmn feel registry access audit store base " },
  { "pairs", " agents market vocabulary policy notices sheet dmn feel registry access audit store base " },
  { "warehouse", " sql county population policy access audit registry columns dmn feel base " },
  { "demo", " policy registry access audit sheet store base " },
  { "web", " jobs pairs market vocabulary draws allocation lottery due payments agents questions cases clocks decisions barriers reform population county intake "
           "registers notices rights policy dmn feel registry access audit store circular sheet base " },
  { "cli", "*" },
};

static bool
may_include (const char *from, const char *to)
{
  g_autofree char *name = g_strdup_printf (" %s ", to);
  for (size_t i = 0; i < G_N_ELEMENTS (arrows); i++)
    if (g_str_equal (arrows[i].module, from))
      return g_str_equal (arrows[i].may_include, "*") || strstr (arrows[i].may_include, name);
  return false;
}

/* Why MODULE may not include TARGET, or NULL when it may. */
static char *
arrow_problem (const char *module, const char *target)
{
  const char *slash = strchr (target, '/');
  if (!slash)
    return NULL; /* beside the file */
  g_autofree char *other = g_strndup (target, (gsize)(slash - target));
  g_autofree char *header = g_strdup_printf ("%s/%s.h", other, other);
  if (g_str_equal (module, other))
    return NULL;
  if (!may_include (module, other))
    return g_strdup_printf ("%s may not include %s", module, other);
  if (!g_str_equal (target, header))
    return g_strdup_printf ("\"%s\" is not a public header: include \"%s\"", target, header);
  return NULL;
}

/* Doors: functions that hand out people's facts unasked, and the modules that may call them.
 * Everybody else goes through access_read, which asks for the purpose and logs; rights
 * gives people what is their own, and logs it itself. */
static const struct {
  const char *function, *callers;
} doors[] = { { "registry_read", " registry access rights " } };

static void
check_doors (const char *module, const char *path, int line, const char *text, GString *findings)
{
  g_autofree char *name = g_strdup_printf (" %s ", module);
  for (size_t i = 0; i < G_N_ELEMENTS (doors); i++) {
    const char *call = strstr (text, doors[i].function);
    const char *end = call ? call + strlen (doors[i].function) : NULL;
    bool is_call = call && (*end == '(' || g_str_has_prefix (end, " ("))
                   && (call == text || !(g_ascii_isalnum (call[-1]) || call[-1] == '_'));
    if (is_call && !strstr (doors[i].callers, name))
      g_string_append_printf (findings, "%s:%d: %s may not call %s: use access_read\n", path, line, module,
                              doors[i].function);
  }
}

/* Appends a line "PATH:LINE: problem" to FINDINGS for each forbidden include of
 * SOURCE, which belongs to MODULE; returns how many includes it saw. */
static int
check_source (const char *module, const char *path, const char *source, GString *findings)
{
  int seen = 0;
  g_auto (GStrv) lines = g_strsplit (source, "\n", -1);
  for (int i = 0; lines[i]; i++) {
    check_doors (module, path, i + 1, lines[i], findings);
    const char *p = lines[i] + strspn (lines[i], " \t");
    if (*p != '#')
      continue;
    p += 1 + strspn (p + 1, " \t");
    if (!g_str_has_prefix (p, "include"))
      continue;
    p += strlen ("include");
    p += strspn (p, " \t");
    const char *end = *p == '"' ? strchr (p + 1, '"') : NULL;
    if (!end)
      continue;
    seen++;
    g_autofree char *target = g_strndup (p + 1, (gsize)(end - p - 1));
    g_autofree char *problem = arrow_problem (module, target);
    if (problem)
      g_string_append_printf (findings, "%s:%d: %s\n", path, i + 1, problem);
  }
  return seen;
}

static int
check_folder (const char *module, const char *folder, GString *findings)
{
  int seen = 0;
  GError *error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  const char *name;
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
      seen += check_folder (module, path, findings);
    } else if (g_str_has_suffix (name, ".c") || g_str_has_suffix (name, ".h")) {
      g_autofree char *source = support_read (path, NULL);
      seen += check_source (module, path, source, findings);
    }
  }
  return seen;
}

static void
test_sources (void)
{
  g_autofree char *root = support_source ("src");
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  g_autoptr (GString) findings = g_string_new (NULL);
  g_assert_nonnull (dir);
  const char *module;
  int seen = 0;
  while ((module = g_dir_read_name (dir))) {
    g_autofree char *folder = g_build_filename (root, module, NULL);
    if (g_file_test (folder, G_FILE_TEST_IS_DIR))
      seen += check_folder (module, folder, findings);
  }
  if (findings->len) {
    g_test_message ("%s", findings->str);
    g_printerr ("%s", findings->str);
    g_test_fail ();
  }
  g_assert_cmpint (seen, >, 20); /* base alone has that many */
}

static void
test_checker (void)
{
  static const struct {
    const char *module, *source, *findings;
  } cases[] = {
    { "feel", "#include \"feel.h\"\n#include \"base/base.h\"\n#include <glib.h>\n", "" },
    { "feel", "#include \"feel/lexer.h\"\n", "" },
    { "feel", "/* */\n#include \"dmn/dmn.h\"\n", "f.c:2: feel may not include dmn\n" },
    { "base", "  #  include   \"store/store.h\"", "f.c:1: base may not include store\n" },
    { "web", "#include\"base/text.h\"\n",
      "f.c:1: \"base/text.h\" is not a public header: include \"base/base.h\"\n" },
    { "cli", "#include \"web/web.h\"\n#include \"web/web_private.h\"\n",
      "f.c:2: \"web/web_private.h\" is not a public header: include \"web/web.h\"\n" },
    { "feel", "#include \"../dmn/dmn.h\"\n", "f.c:1: feel may not include ..\n" },
    { "web", "#include \"cli/cli.h\"\n#include \"demo/demo.h\"\n",
      "f.c:1: web may not include cli\nf.c:2: web may not include demo\n" },
    { "web", "x = registry_read (r, arena);\n", "f.c:1: web may not call registry_read: use access_read\n" },
    { "web", "registry_reading_value (r); my_registry_read (r);\n", "" },
    { "access", "registry_read (r);\n", "" },
    { "stranger", "#include \"base/base.h\"\n", "f.c:1: stranger may not include base\n" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) findings = g_string_new (NULL);
    check_source (cases[i].module, "f.c", cases[i].source, findings);
    g_assert_cmpstr (findings->str, ==, cases[i].findings);
  }
}

/* No module stands above itself, however many arrows one follows. */
static void
test_no_cycles (void)
{
  enum { N = G_N_ELEMENTS (arrows) };
  bool above[N][N];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      above[i][j] = i != j && may_include (arrows[i].module, arrows[j].module);
  for (int k = 0; k < N; k++)
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++)
        above[i][j] |= above[i][k] && above[k][j];
  for (int i = 0; i < N; i++)
    g_assert_false (above[i][i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arrows/sources", test_sources);
  g_test_add_func ("/arrows/checker", test_checker);
  g_test_add_func ("/arrows/no cycles", test_no_cycles);
  return g_test_run ();
}
