/* The translations' compiler: what is missing stops the build and is named. */
#include "support.h"
#include "web/html.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD(language) "msgid \"\"\nmsgstr \"Language: " language "\\n\"\n"

typedef struct {
  const char *name, *zh, *en, *said; /* said: NULL where the two files are fine */
} Case;

static const Case cases[] = {
  { "good", HEAD ("zh-CN") "msgid \"a\"\nmsgstr \"甲{x}\"\n",
    HEAD ("en") "msgid \"a\"\nmsgstr \"A \"\n\"{x}\"\n", NULL },
  { "missing in English", HEAD ("zh-CN") "msgid \"a.b\"\nmsgstr \"甲\"\n", HEAD ("en"),
    "en.po:1: error: message a.b is missing" },
  { "missing in Chinese", HEAD ("zh-CN"), HEAD ("en") "msgid \"a.b\"\nmsgstr \"A\"\n",
    "zh.po:1: error: message a.b is missing" },
  { "empty", HEAD ("zh-CN") "msgid \"a\"\nmsgstr \"\"\n", HEAD ("en") "msgid \"a\"\nmsgstr \"A\"\n",
    "zh.po:3: error: message a has no text" },
  { "twice", HEAD ("zh-CN") "msgid \"a\"\nmsgstr \"甲\"\nmsgid \"a\"\nmsgstr \"乙\"\n",
    HEAD ("en") "msgid \"a\"\nmsgstr \"A\"\n", "zh.po:5: error: message a stands twice" },
  { "other arguments", HEAD ("zh-CN") "msgid \"a\"\nmsgstr \"甲{x}\"\n",
    HEAD ("en") "msgid \"a\"\nmsgstr \"A {y}\"\n", "en.po:3: error: message a has other arguments" },
  { "plural without n", HEAD ("zh-CN") "msgid \"a\"\nmsgid_plural \"a\"\nmsgstr[0] \"甲\"\n",
    HEAD ("en") "msgid \"a\"\nmsgstr \"A\"\n", "zh.po:3: error: message a has plural forms but no {n}" },
  { "open brace", HEAD ("zh-CN") "msgid \"a\"\nmsgstr \"甲{\"\n", HEAD ("en") "msgid \"a\"\nmsgstr \"A\"\n",
    "zh.po:3: error: message a: an argument is written {name}" },
  { "no language", "msgid \"a\"\nmsgstr \"甲\"\n", HEAD ("en") "msgid \"a\"\nmsgstr \"A\"\n",
    "zh.po:1: error: the entry with the empty msgid" },
  { "junk", HEAD ("zh-CN") "hello\n", HEAD ("en"), "zh.po:3: error: expected msgid" },
};

static void
check_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *folder = support_folder (), *said = NULL;
  g_autofree char *tool = g_build_filename (g_getenv ("LIUDONG_BUILD"), "tools/po", NULL);
  g_autofree char *zh = g_build_filename (folder, "zh.po", NULL),
                  *en = g_build_filename (folder, "en.po", NULL);
  g_autofree char *code = g_build_filename (folder, "m.c", NULL),
                  *header = g_build_filename (folder, "m.h", NULL);
  g_assert_true (g_file_set_contents (zh, c->zh, -1, NULL) && g_file_set_contents (en, c->en, -1, NULL));
  int status;
  const char *argv[] = { tool, code, header, zh, en, NULL };
  g_assert_true (g_spawn_sync (NULL, (char **)(gsize)argv, NULL, 0, NULL, NULL, NULL, &said, &status, NULL));
  bool made = g_file_test (header, G_FILE_TEST_EXISTS);
  support_remove (folder);
  g_test_message ("%s", said);
  g_assert_cmpint (WEXITSTATUS (status), ==, c->said ? 1 : 0);
  g_assert_cmpint (made, ==, c->said == NULL);
  g_assert_true (!c->said || strstr (said, c->said));
}

/* The real tables: both forms, arguments in place. */
static void
check_messages (void)
{
  g_autoptr (Arena) arena = arena_new ();
  HtmlValue one = html_value (1), many = html_value (90);
  g_assert_cmpstr (message_text (arena, LANGUAGE_ZH, MESSAGE_tasks_count__n, &one, 1), ==, "共1项任务。");
  g_assert_cmpstr (message_text (arena, LANGUAGE_EN, MESSAGE_tasks_count__n, &one, 1), ==, "1 action.");
  g_assert_cmpstr (message_text (arena, LANGUAGE_EN, MESSAGE_tasks_count__n, &many, 1), ==, "90 actions.");
  HtmlValue period[] = { html_value ("2021-09-30"), html_value ("2022-01-01") };
  g_assert_cmpstr (message_text (arena, LANGUAGE_EN, MESSAGE_period_between__from_to, period, 2), ==,
                   "2021-09-30 to 2022-01-01");
  g_assert_cmpstr (language_tags[LANGUAGE_ZH], ==, "zh-CN");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = g_strdup_printf ("/po/%s", cases[i].name);
    g_test_add_data_func (name, &cases[i], check_case);
  }
  g_test_add_func ("/po/messages", check_messages);
  return g_test_run ();
}
