/* What stands against something, in Chinese: every sentence that jobs/ and pairs/ refuse with, read from
 * their source, has one. */
#include "support.h"

#include <string.h>

#include "web/problems.h"

static void
test_filled (void)
{
  static const struct {
    const char *en, *zh;
  } cases[] = {
    { "title: missing", "标题：还没有填。" },
    { "products: \"月亮\" is none of those there are; choose from the list",
      "products：没有“月亮”，请从列表里选。" },
    { "you have applied for this already: it is hired", "您已经投过这个岗位，现在是“已上班”。" },
    { "until=tea is no day, as 2026-09-01", "截止日期：“tea”不是日期，请写成2026-09-01。" },
    { "skills: at most 10", "技能：最多10个。" },
    { "the moon is made of cheese", NULL },
    { "", NULL },
  };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (problem_zh (arena, cases[i].en), ==, cases[i].zh);
}

/* The sentence at the string literals from AT on, with x for what is filled in. */
static char *
sentence_at (const char *at)
{
  GString *out = g_string_new (NULL);
  while (*at == '"') {
    for (at++; *at != '"'; at++) {
      if (*at == '\\')
        at++;
      else if (*at == '%') {
        at += strcspn (at, "sdu");
        g_string_append_c (out, 'x');
        continue;
      }
      g_string_append_c (out, *at);
    }
    for (at++; g_ascii_isspace (*at); at++)
      ;
    if (g_str_has_prefix (at, "G_GINT64_FORMAT"))
      for (at += strlen ("G_GINT64_FORMAT"); g_ascii_isspace (*at); at++)
        ;
  }
  return g_string_free (out, FALSE);
}

/* Those of a rule of the package, which has both languages itself, are filled in as a whole. */
static bool
is_of_rule (const char *sentence)
{
  return g_str_has_prefix (sentence, "x: x");
}

static guint missing; /* sentences */

static guint
check_file (const char *path)
{
  static GRegex *refusal;
  g_autofree char *source = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GMatchInfo) match = NULL;
  guint n = 0;
  if (!refusal)
    refusal = g_regex_new ("FAULT_(?:INPUT|CONFLICT|DENIED|NOT_FOUND),\\s*(\")", 0, 0, NULL);
  g_assert_true (g_file_get_contents (path, &source, NULL, NULL));
  for (g_regex_match (refusal, source, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL), n++) {
    int from, to;
    g_match_info_fetch_pos (match, 1, &from, &to);
    g_autofree char *sentence = sentence_at (source + from);
    if (!is_of_rule (sentence) && !problem_zh (arena, sentence)) {
      g_test_message ("%s: no Chinese for: %s", path, sentence);
      missing++;
    }
  }
  return n;
}

static void
test_all (gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_getenv ("LIUDONG_SOURCE"), "src", data, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;
  g_assert_nonnull (dir);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    /* rules.c, board.c and spaces.c read the package: its faults are for whoever keeps it. */
    if (g_str_has_suffix (name, ".c") && !g_str_equal (name, "rules.c") && !g_str_equal (name, "spaces.c")
        && !g_str_equal (name, "board.c"))
      n += check_file (path);
  }
  g_assert_cmpuint (n, >, 5);
  g_assert_cmpuint (missing, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/problems/filled", test_filled);
  g_test_add_data_func ("/problems/jobs", "jobs", test_all);
  g_test_add_data_func ("/problems/pairs", "pairs", test_all);
  return g_test_run ();
}
