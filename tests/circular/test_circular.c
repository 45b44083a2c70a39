#include "circular/circular.h"
#include "support.h"

#include <time.h>

/* Documents and what must be read from them.  For each NAME.json in data/, the
 * document is NAME.txt beside it, or the path that its "source" names in the
 * acceptance material.  Every key of the file must be in the answer with the
 * same value; lists must be of the same length; other keys of the answer are
 * not looked at. */

static void compare (const JsonValue *expected, const JsonValue *actual, GString *path);

static void
compare_members (const JsonValue *expected, const JsonValue *actual, GString *path)
{
  gsize len = path->len;
  for (size_t i = 0; i < expected->n; i++) {
    g_autofree char *key = g_strndup (expected->members[i].key.bytes, expected->members[i].key.len);
    if (g_str_equal (key, "source"))
      continue;
    g_string_append_printf (path, ".%s", key);
    const JsonValue *value = json_get (actual, key);
    if (value)
      compare (expected->members[i].value, value, path);
    else
      g_test_fail_printf ("%s is missing", path->str);
    g_string_truncate (path, len);
  }
}

static void
compare_elements (const JsonValue *expected, const JsonValue *actual, GString *path)
{
  gsize len = path->len;
  if (expected->n != actual->n)
    g_test_fail_printf ("%s has %zu elements, not %zu", path->str, actual->n, expected->n);
  for (size_t i = 0; i < MIN (expected->n, actual->n); i++) {
    g_string_append_printf (path, "[%zu]", i);
    compare (expected->elements[i], actual->elements[i], path);
    g_string_truncate (path, len);
  }
}

static void
compare (const JsonValue *expected, const JsonValue *actual, GString *path)
{
  if (expected->kind != actual->kind)
    g_test_fail_printf ("%s is of another kind (line %u of the expectation)", path->str, expected->line);
  if (expected->kind == JSON_OBJECT)
    compare_members (expected, actual, path);
  else if (expected->kind == JSON_ARRAY)
    compare_elements (expected, actual, path);
  else if ((expected->kind == JSON_STRING || expected->kind == JSON_NUMBER)
           && !text_equal (expected->text, actual->text))
    g_test_fail_printf ("%s is %.*s, not %.*s (line %u of the expectation)", path->str, (int)actual->text.len,
                        actual->text.bytes, (int)expected->text.len, expected->text.bytes, expected->line);
}

static const JsonValue *
read_json (Arena *arena, const char *path)
{
  gsize len = 0;
  char *bytes = support_read (path, &len);
  GError *error = NULL;
  const JsonValue *value = json_parse (arena, arena_text_copy (arena, (Text){ bytes, len }), path, &error);
  g_assert_no_error (error);
  g_free (bytes);
  return value;
}

/* The document's bytes, or NULL when it lies in the acceptance material and that is not here. */
static char *
read_document (const char *expectation_path, const JsonValue *expectation, gsize *len)
{
  const JsonValue *source = json_get (expectation, "source");
  g_autofree char *path = NULL;
  if (source) {
    path = support_shared (json_string (source));
  } else {
    g_autofree char *stem = g_strndup (expectation_path, strlen (expectation_path) - strlen (".json"));
    path = g_strconcat (stem, ".txt", NULL);
  }
  return path ? support_read (path, len) : NULL;
}

static void
check_text (Arena *arena, const char *bytes, size_t len, const JsonValue *expectation, const char *manner)
{
  GError *error = NULL;
  g_autoptr (Circular) circular = circular_read_bytes (bytes, len, "document", &error);
  g_assert_no_error (error);
  g_autoptr (GString) json = g_string_new (NULL);
  circular_write_json (circular, json);
  const JsonValue *actual = json_parse (arena, (Text){ json->str, json->len }, "answer", &error);
  g_assert_no_error (error);
  g_autoptr (GString) path = g_string_new (manner);
  compare (expectation, actual, path);
}

/* --- layouts: the same document as other offices print it -------------------- */

/* Every line broken at 27 columns of Chinese characters, paragraphs set in by two. */
static char *
wrapped (const char *text, bool pages)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  int on_page = 0, page = 1;
  for (char **line = lines; *line; line++) {
    if (!**line || g_str_has_prefix (*line, "# SOURCE"))
      continue;
    g_string_append (out, "　　");
    int columns = 4;
    for (const char *c = text_trim (text_of (*line)).bytes; *c; c = g_utf8_next_char (c)) {
      if (columns >= 54) {
        g_string_append_c (out, '\n');
        columns = 0;
        if (pages && ++on_page % 24 == 0)
          g_string_append_printf (out, "— %d —\n\f", page++);
      }
      g_string_append_unichar (out, g_utf8_get_char (c));
      columns += g_unichar_iswide (g_utf8_get_char (c)) ? 2 : 1;
    }
    g_string_append_c (out, '\n');
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Every line broken after 22 to 34 characters, anywhere. */
static char *
ragged (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint state = 1;
  for (char **line = lines; *line; line++) {
    if (!**line || g_str_has_prefix (*line, "# SOURCE"))
      continue;
    guint left = 0;
    for (const char *c = text_trim (text_of (*line)).bytes; *c; c = g_utf8_next_char (c)) {
      if (left == 0) {
        state = state * 1103515245u + 12345u;
        left = 22 + (state >> 16) % 13;
        g_string_append_c (out, '\n');
      }
      g_string_append_unichar (out, g_utf8_get_char (c));
      left--;
    }
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
replaced (const char *text, const char *const pairs[][2])
{
  char *result = g_strdup (text);
  for (int i = 0; pairs[i][0]; i++) {
    g_auto (GStrv) parts = g_strsplit (result, pairs[i][0], -1);
    g_free (result);
    result = g_strjoinv (pairs[i][1], parts);
  }
  return result;
}

static char *
with_line_ends (const char *text)
{
  return replaced (text, (const char *const[][2]){ { "\n", "\r\n" }, { NULL, NULL } });
}

static char *
wrapped_plain (const char *text)
{
  return wrapped (text, false);
}

static char *
wrapped_pages (const char *text)
{
  return wrapped (text, true);
}

static const struct {
  const char *name;
  char *(*make) (const char *text);
  bool needs_paragraphs; /* only for documents with a line per paragraph */
  bool needs_length;     /* and enough of them to tell how the lines end */
} layouts[] = {
  { "crlf: ", with_line_ends, false },
  { "wrapped: ", wrapped_plain, true },
  { "pages: ", wrapped_pages, true },
  { "ragged: ", ragged, true, true },
};

/* Documents that come broken into lines already, or hold no line breaks to move. */
static bool
has_paragraphs (const char *path)
{
  static const char *const broken[]
      = { "torn", "minhou", "articles", "lead-and-support", "run-together", NULL };
  for (int i = 0; broken[i]; i++)
    if (strstr (path, broken[i]))
      return false;
  return true;
}

static void
test_document (gconstpointer data)
{
  const char *path = data;
  g_autoptr (Arena) arena = arena_new ();
  const JsonValue *expectation = read_json (arena, path);
  gsize len = 0;
  g_autofree char *bytes = read_document (path, expectation, &len);
  if (!bytes)
    return;
  check_text (arena, bytes, len, expectation, "as it is: ");
  for (size_t i = 0; i < G_N_ELEMENTS (layouts); i++) {
    if (layouts[i].needs_paragraphs && !has_paragraphs (path))
      continue;
    if (layouts[i].needs_length && !json_get (expectation, "source"))
      continue;
    g_autofree char *text = layouts[i].make (bytes);
    check_text (arena, text, strlen (text), expectation, layouts[i].name);
  }
  gsize n = 0;
  g_autofree char *gb18030 = g_convert (bytes, (gssize)len, "GB18030", "UTF-8", NULL, &n, NULL);
  g_assert_nonnull (gb18030);
  check_text (arena, gb18030, n, expectation, "GB18030: ");
}

/* --- what is refused ----------------------------------------------------------- */

static void
test_refused (void)
{
  static const struct {
    const char *text;
    size_t len;
    const char *message;
  } cases[] = {
    { "", 0, "empty" },
    { " \n\n　\n", 7, "empty" },
    { "The quick brown fox jumps over the lazy dog.\n1. One\n2. Two\n", 0, "not an official document" },
    { "name,age\nA,1\nB,2\n", 0, "not an official document" },
    { "第一章 山村\n那年冬天很冷。\n第二章 进城\n他坐上了车。\n", 0, "not an official document" },
    { "某县人民政府关于放假的通知\n某政〔2022〕3号\n各乡镇人民政府：\n现将放假安排通知如下，请遵照执行。\n某"
      "县人民政府\n"
      "2022年1月2日\n",
      0, "no clause" },
    { "\xFF\xFE\x3A\x4E\x86\x4E", 6, "UTF-16" },
    { "\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16, "" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    GError *error = NULL;
    size_t len = cases[i].len ? cases[i].len : strlen (cases[i].text);
    g_autoptr (Circular) circular = circular_read_bytes (cases[i].text, len, "case.txt", &error);
    g_assert_null (circular);
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_nonnull (strstr (error->message, cases[i].message));
    g_assert_true (g_str_has_prefix (error->message, "case.txt"));
    g_clear_error (&error);
  }
}

static void
test_missing_file (void)
{
  GError *error = NULL;
  g_autofree char *folder = support_folder ();
  g_autofree char *path = g_build_filename (folder, "none.txt", NULL);
  g_assert_null (circular_read_file (path, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (circular_read_file (folder, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
  support_remove (folder);
}

/* Every cut of a document is read or refused, and never crashes. */
static void
test_truncated (void)
{
  g_autofree char *path = support_source ("tests/circular/data/torn.txt");
  gsize len = 0;
  g_autofree char *bytes = support_read (path, &len);
  guint read = 0, refused = 0;
  for (gsize n = 0; n <= len; n++) {
    GError *error = NULL;
    g_autofree char *cut = g_strndup (bytes, n);
    g_autoptr (Circular) circular = circular_parse (text_of (cut), "cut", &error);
    read += circular != NULL;
    refused += circular == NULL;
    if (!circular)
      g_assert_error (error, FAULT, FAULT_INPUT);
    g_clear_error (&error);
  }
  g_assert_cmpuint (read, >, 100);
  g_assert_cmpuint (refused, >, 100);
}

/* --- large and hostile ------------------------------------------------------------ */

static double
seconds_to_read (const char *unit, size_t size, int runs)
{
  g_autoptr (GString) text
      = g_string_new ("某县人民政府关于试验的通知\n某政〔2022〕3号\n各乡镇人民政府：\n一、试验。");
  while (text->len < size)
    g_string_append (text, unit);
  g_string_append (text, "（责任单位：县人社局）");
  double best = 1e9;
  for (int run = 0; run < runs; run++) {
    GError *error = NULL;
    clock_t start = clock ();
    g_autoptr (Circular) circular = circular_parse ((Text){ text->str, text->len }, "large", &error);
    best = MIN (best, (double)(clock () - start) / CLOCKS_PER_SEC);
    g_assert_no_error (error);
    g_assert_cmpuint (circular->n_sections, >=, 1);
  }
  return best;
}

/* A megabyte in one line is read, and four times the text may take eleven times as
 * long on a busy machine, not sixteen. */
static void
test_linear (void)
{
  static const char *const units[] = {
    "建设一个以上中心，给予50万元、100万元奖励，",
    "（",
    "（〔“",
    "“”（）",
    "1、",
    "一、",
    "最高不超过",
    "（责任单位：县人社局）建设中心。",
    "第一条",
    "ab ",
    "以下均需",
  };
  seconds_to_read (units[0], 1024 * 1024, 1);
  for (size_t i = 0; i < G_N_ELEMENTS (units); i++) {
    double small = seconds_to_read (units[i], 64 * 1024, 3),
           large = seconds_to_read (units[i], 256 * 1024, 2);
    if (large > 0.05 && large > small * 11)
      g_test_fail_printf ("\"%s\" takes %.3f s for 64 KiB and %.3f s for 256 KiB", units[i], small, large);
  }
}

/* --- writers ------------------------------------------------------------------------ */

static const char formula[]
    = "某县人民政府关于试验的通知\n某政〔2022〕3号\n各乡镇人民政府：\n"
      "一、=HYPERLINK(1)\n+建设中心，写明\"引号\"。（责任单位：@县人社局、-县财政局）\n"
      "二、加强管理。管理要严格。（责任单位：县财政局）\n";

static void
test_csv (void)
{
  GError *error = NULL;
  g_autoptr (Circular) circular = circular_parse (text_of (formula), "formula", &error);
  g_assert_no_error (error);
  g_autoptr (GString) csv = g_string_new (NULL);
  g_assert_true (circular_write_sheet (circular, SHEET_CSV, csv, &error));
  g_assert_true (
      g_str_has_prefix (csv->str, "\xEF\xBB\xBF部分,条款,条款标题,任务,力度,牵头单位,配合单位,数字\r\n"));
  g_auto (GStrv) lines = g_strsplit (csv->str, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[1], ==,
                   ",一,\"'=HYPERLINK(1)\",\"'+建设中心，写明\"\"引号\"\"。\",应当,\"'@县人社局\",\"'-县财政局\",");
  g_assert_cmpstr (lines[2], ==, ",二,加强管理,管理要严格。,应当,县财政局,,");
}

static void
test_table (void)
{
  GError *error = NULL;
  g_autofree char *path = support_source ("tests/circular/data/torn.txt");
  g_autoptr (Circular) circular = circular_read_file (path, &error);
  g_assert_no_error (error);
  for (int columns = 40; columns <= 160; columns += 40) {
    g_autoptr (GString) table = g_string_new (NULL);
    circular_write_table (circular, columns, table);
    g_assert_true (g_utf8_validate (table->str, -1, NULL));
    g_assert_nonnull (strstr (table->str, "发文字号: 白政办〔2020〕6号\n"));
    g_assert_nonnull (strstr (table->str, "\n一、建设任务\n"));
    g_assert_true (columns < 100 || strstr (table->str, "（沿用同上）"));
    g_auto (GStrv) lines = g_strsplit (table->str, "\n", -1);
    bool body = false;
    for (char **line = lines; *line; line++) {
      int width = 0;
      for (const char *c = *line; *c; c = g_utf8_next_char (c))
        width += g_unichar_iswide (g_utf8_get_char (c)) ? 2 : 1;
      body = body || g_str_has_prefix (*line, "---");
      if (body)
        g_assert_cmpint (width, <=, MAX (columns, 60));
    }
    g_assert_true (body);
  }
}

static void
test_xlsx (void)
{
  GError *error = NULL;
  g_autoptr (Circular) circular = circular_parse (text_of (formula), "formula", &error);
  g_assert_no_error (error);
  g_autoptr (GString) book = g_string_new (NULL);
  g_assert_true (circular_write_sheet (circular, SHEET_XLSX, book, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (book->len, >, 2000);
  g_assert_cmpint (memcmp (book->str, "PK\3\4", 4), ==, 0);
  g_assert_nonnull (memmem (book->str, book->len, "xl/worksheets/sheet2.xml", 24));
}

/* A part of a sentence that is only encouraged stands apart. */
static void
test_parts (void)
{
  static const char text[]
      = "某县人民政府关于试验的通知\n某政〔2022〕3号\n各乡镇人民政府：\n"
        "一、加强帮扶。健全帮扶制度，鼓励企业参加，对参加的企业给予奖励。各地可因地制宜，探索新的办法。\n";
  GError *error = NULL;
  g_autoptr (Circular) circular = circular_parse (text_of (text), "parts", &error);
  g_assert_no_error (error);
  const CircularClause *clause = &circular->sections[0].clauses[0];
  g_assert_cmpuint (clause->n_actions, ==, 2);
  const CircularAction *action = &clause->actions[0];
  g_assert_cmpint (action->strength, ==, CIRCULAR_BINDING);
  g_assert_cmpuint (action->n_parts, ==, 3);
  g_assert_cmpstr (action->parts[0].text, ==, "健全帮扶制度");
  g_assert_cmpint (action->parts[1].strength, ==, CIRCULAR_ENCOURAGED);
  g_assert_cmpstr (action->parts[1].text, ==, "鼓励企业参加");
  g_assert_cmpint (action->parts[2].strength, ==, CIRCULAR_BINDING);
  g_assert_cmpint (clause->actions[1].strength, ==, CIRCULAR_PERMITTED);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
add_documents (const char *folder_path)
{
  g_autofree char *folder = support_source (folder_path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; (name = g_dir_read_name (dir));)
    if (g_str_has_suffix (name, ".json"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *test = g_strdup_printf ("/circular/document/%s", name);
    g_test_add_data_func_full (test, g_build_filename (folder, name, NULL), test_document, g_free);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_documents ("tests/circular/data");
  g_test_add_func ("/circular/refused", test_refused);
  g_test_add_func ("/circular/missing-file", test_missing_file);
  g_test_add_func ("/circular/truncated", test_truncated);
  g_test_add_func ("/circular/linear", test_linear);
  g_test_add_func ("/circular/csv", test_csv);
  g_test_add_func ("/circular/table", test_table);
  g_test_add_func ("/circular/xlsx", test_xlsx);
  g_test_add_func ("/circular/parts", test_parts);
  return g_test_run ();
}
