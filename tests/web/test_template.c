/* The template compiler: what it refuses, with the line; what C refuses, with
 * the template's line; and what compiled pages write. */
#include "support.h"
#include "test_pages.h"

#include <string.h>

static char *
build_path (const char *path)
{
  return g_build_filename (g_getenv ("LIUDONG_BUILD"), path, NULL);
}

/* Run ARGV; the exit status, with what it said on standard error. */
static int
run (const char *const *argv, char **said)
{
  int status = 0;
  g_autoptr (GError) error = NULL;
  gboolean ran
      = g_spawn_sync (NULL, (char **)(gsize)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                      NULL, NULL, NULL, said, &status, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static int
compile_template (const char *page, const char *folder, char **said)
{
  g_autofree char *tool = build_path ("tools/template");
  g_autofree char *code = g_build_filename (folder, "out.c", NULL),
                  *header = g_build_filename (folder, "out.h", NULL);
  return run ((const char *const[]){ tool, code, header, page, NULL }, said);
}

/* The first line of a case: "%% LINE: words" or "%% LINE". */
static unsigned
expectation (const char *page, char **words)
{
  g_autofree char *text = support_read (page, NULL);
  char *end;
  unsigned line = (unsigned)strtoul (text + 3, &end, 10);
  *words = *end == ':' ? g_strndup (end + 2, strcspn (end + 2, "\n")) : g_strdup ("");
  return line;
}

static void
check_refused (gconstpointer data)
{
  const char *page = data;
  g_autofree char *words = NULL, *said = NULL, *folder = support_folder ();
  unsigned line = expectation (page, &words);
  g_autofree char *place = g_strdup_printf ("%s:%u: error: ", page, line);
  int status = compile_template (page, folder, &said);
  support_remove (folder);
  g_test_message ("%s", said);
  g_assert_cmpint (status, ==, 1);
  g_assert_true (g_str_has_prefix (said, place));
  g_assert_nonnull (strstr (said, words));
}

/* cc -fsyntax-only on what the compiler wrote; LINE 0 means it must pass. */
static void
check_types (gconstpointer data)
{
  const char *page = data;
  g_autofree char *words = NULL, *said = NULL, *folder = support_folder ();
  unsigned line = expectation (page, &words);
  g_assert_cmpint (compile_template (page, folder, &said), ==, 0);
  g_autofree char *sources = support_source ("src"), *made = build_path ("src");
  g_autofree char *command = g_strdup_printf (
      "cc -std=gnu17 -fsyntax-only -Werror=implicit -I'%s' -I'%s' $(pkg-config --cflags glib-2.0) '%s/out.c'",
      sources, made, folder);
  g_free (said);
  int status = run ((const char *const[]){ "sh", "-c", command, NULL }, &said);
  support_remove (folder);
  g_autofree char *place = g_strdup_printf ("%s:%u:", page, line);
  g_test_message ("%s", said);
  g_assert_cmpint (status == 0, ==, line == 0);
  g_assert_true (line == 0 || strstr (said, place));
}

/* ---- what pages write -------------------------------------------------- */

static void
check_escapes (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Page page = { 0 };
  page_escapes (out, &page, "<a href=\"x\">&'", (struct html){ TEXT_LITERAL ("<b>&amp;</b>") }, -7);
  g_assert_cmpstr (out->str, ==,
                   "<p title=\"&lt;a href=&quot;x&quot;&gt;&amp;&#39;\" data-number='-7'>"
                   "&lt;a href=\"x\"&gt;&amp;' -7 <b>&amp;</b></p>\n"
                   "<a href=\"#\">whole</a><a href=\"/find?q=%3Ca%20href%3D%22x%22%3E%26%27\">part</a>"
                   "<a href=\"#?n=-7#%3Ca%20href%3D%22x%22%3E%26%27\">both</a>\n"
                   "<textarea>\n  &lt;a href=\"x\"&gt;&amp;'\n</textarea>\n");
}

static void
check_urls (void)
{
  static const struct {
    const char *url, *written;
  } cases[] = {
    { "/a?b=1&c=2", "/a?b=1&amp;c=2" },
    { "https://example.org/", "https://example.org/" },
    { "#top", "#top" },
    { "?page=2", "?page=2" },
    { "javascript:alert(1)", "#" },
    { "JaVaScRiPt:alert(1)", "#" },
    { "data:text/html,x", "#" },
    { "//example.org/", "#" },
    { "/\\example.org/", "#" },
    { "/\t/example.org", "#" },
    { " /a", "#" },
    { "a:b", "#" },
    { "", "#" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) out = g_string_new (NULL);
    html_write (out, html_value (cases[i].url), HTML_URL);
    g_assert_cmpstr (out->str, ==, cases[i].written);
  }
}

static void
check_control (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Page page = { 0 };
  page_control (out, &page, 3, (const char *const[]){ "a", "b", NULL }, NULL, TRUE);
  g_assert_cmpstr (
      out->str, ==,
      "<ul>\n<li>a</li>\n<li value=\"1\">a</li>\n<li>second</li>\n<li value=\"2\">b</li>\n<li>nobody</li>\n"
      "</ul>\n<input type=\"checkbox\" checked><a  >x</a>\n");
  g_string_truncate (out, 0);
  page_control (out, &page, 0, NULL, "/y", FALSE);
  g_assert_cmpstr (out->str, ==,
                   "<ul>\n</ul>\n<input type=\"checkbox\" ><a href=\"/y\" title=\"/y\">x</a>\n");
}

static void
check_frame (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Page page = { .language = LANGUAGE_EN };
  page_framed (out, &page, "\"5\"");
  g_assert_cmpstr (out->str, ==,
                   "<main><h1>\"5\"</h1>\n<p>1 action.|2 actions.|Clause \"5\"</p>\n"
                   "<p title=\"Clause &quot;5&quot;\"></p>\n</main>\n");
}

/* ---- */

static void
add_cases (const char *folder, const char *prefix, GTestDataFunc check)
{
  g_autofree char *path = support_source (folder);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *test = g_strdup_printf ("%s/%.*s", prefix, (int)strcspn (name, "."), name);
    g_test_add_data_func_full (test, g_build_filename (path, name, NULL), check, g_free);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("tests/web/templates/bad", "/template/refused", check_refused);
  add_cases ("tests/web/templates/types", "/template/types", check_types);
  g_test_add_func ("/template/escapes", check_escapes);
  g_test_add_func ("/template/urls", check_urls);
  g_test_add_func ("/template/control", check_control);
  g_test_add_func ("/template/frame", check_frame);
  return g_test_run ();
}
