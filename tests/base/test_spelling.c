#include "support.h"

/* "陈:chen 依:yi" — of several readings "单:dan/shan/chan", of letters "abc:abc". */
static char *
show (const char *name)
{
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  size_t n = spelling_split (text_of (name), buffer, units);
  GString *out = g_string_new (NULL);
  for (size_t i = 0; i < n; i++) {
    g_string_append_printf (out, "%s%.*s:", i ? " " : "", (int)units[i].text.len, units[i].text.bytes);
    for (size_t k = 0; k < units[i].n; k++)
      g_string_append_printf (out, "%s%.*s", k ? "/" : "", (int)units[i].readings[k].letters.len,
                              units[i].readings[k].letters.bytes);
  }
  return g_string_free (out, FALSE);
}

static void
test_split (void)
{
  static const struct {
    const char *name, *units;
  } cases[] = {
    { "陈依依", "陈:chen 依:yi 依:yi" },
    { "", "" },
    { "　 ·—%_*", "" },
    /* Surnames, and the same characters elsewhere. */
    { "单依", "单:dan/shan/chan 依:yi" },
    { "依单", "依:yi 单:dan/shan" },
    { "仇英", "仇:chou/qiu 英:ying" },
    { "曾巩", "曾:ceng/zeng 巩:gong" },
    { "解缙", "解:jie/xie 缙:jin" },
    { "区寄", "区:qu/ou 寄:ji" },
    { "查良", "查:cha/zha 良:liang" },
    { "盖天", "盖:gai/ge 天:tian" },
    { "朴英", "朴:pu/piao/po 英:ying" },
    { "万俟卨", "万:wan/mo 俟:qi/si 卨:xie" },
    { "长孙", "长:zhang/chang 孙:sun" },
    { "乐毅", "乐:le/yue 毅:yi" },
    { "吕女", "吕:lu 女:nu" },
    /* Foldings. */
    { "陳國榮", "陈:chen 国:guo 荣:rong" },
    { "阿卜杜拉·买买提", "阿:a/e 卜:bo 杜:du 拉:la 买:mai 买:mai 提:ti/di" },
    { "Maria  López-Núñez", "maria:maria lopez:lopez nunez:nunez" },
    { "ＡＢＣ科技２号", "abc:abc 科:ke 技:ji 2:2 号:hao" },
    { "silva", "silua:silua" }, /* v after l is the ü of pinyin, for names and searches alike */
    { "二〇二一", "二:er 零:ling 二:er 一:yi" },
    { "𬱖X", "𬱖: x:x" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *units = show (cases[i].name);
    g_assert_cmpstr (units, ==, cases[i].units);
  }
}

static void
test_fold (void)
{
  static const struct {
    const char *text, *folded;
    bool chinese;
  } cases[] = {
    { " Chen YI yi ", "chenyiyi", false },
    { "chén yī'yī", "chenyiyi", false },
    { "lü", "lu", false },
    { "lǘ LV nve", "lulunue", false },
    { "３５０１２１Ｘ", "350121x", false },
    { "陳 依", "陈依", true },
    { "%_'; DROP TABLE", "droptable", false },
    { "<b>陈</b>", "b陈b", true },
    { "e\xcc\x81", "e", false },
    { "ok\xff tail", "ok", false }, /* what follows is no UTF-8 */
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    char buffer[SPELLING_SIZE];
    Text folded = spelling_fold (text_of (cases[i].text), buffer);
    g_autofree char *text = g_strndup (folded.bytes, folded.len);
    g_assert_cmpstr (text, ==, cases[i].folded);
    g_assert_cmpint (spelling_is_chinese (folded), ==, cases[i].chinese);
  }
}

/* However long a name is, what comes of it is not. */
static void
test_long (void)
{
  g_autoptr (GString) name = g_string_new (NULL);
  for (int i = 0; i < 1000; i++)
    g_string_append (name, i % 3 ? "长" : " x");
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  g_assert_cmpuint (spelling_split ((Text){ name->str, name->len }, buffer, units), ==, SPELLING_UNITS_MAX);
  g_assert_cmpuint (spelling_fold ((Text){ name->str, name->len }, buffer).len, <=, SPELLING_SIZE);
}

/* Every syllable has a mark of its own among those with its first letter, in alphabetical order. */
static void
test_marks (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gunichar c = 0x4e00; c < 0x9f00; c++) {
    char name[8] = { 0 }, buffer[SPELLING_SIZE];
    g_unichar_to_utf8 (c, name);
    SpellingUnit units[SPELLING_UNITS_MAX];
    g_assert_cmpuint (spelling_split (text_of (name), buffer, units), ==, 1);
    for (size_t i = 0; i < units[0].n; i++) {
      const SpellingReading *reading = &units[0].readings[i];
      g_assert_cmpint (reading->mark, >=, SPELLING_MARK_FIRST);
      g_assert_cmpint (reading->mark, <=, SPELLING_MARK_LAST);
      char *key = g_strdup_printf ("%c%c", reading->letters.bytes[0], reading->mark);
      char *letters = g_strndup (reading->letters.bytes, reading->letters.len);
      const char *other = g_hash_table_lookup (seen, key);
      if (other)
        g_assert_cmpstr (other, ==, letters);
      g_hash_table_replace (seen, key, letters);
    }
  }
  g_assert_cmpuint (g_hash_table_size (seen), >, 380);
  GHashTableIter a, b;
  gpointer key, letters, other_key, other_letters;
  for (g_hash_table_iter_init (&a, seen); g_hash_table_iter_next (&a, &key, &letters);)
    for (g_hash_table_iter_init (&b, seen); g_hash_table_iter_next (&b, &other_key, &other_letters);)
      g_assert_cmpint (strcmp (key, other_key) < 0, ==, strcmp (letters, other_letters) < 0);
}

/* "c y y": each piece's first letter, with "=" where it is one syllable and "+" where it is several of many.
 */
static void
test_patterns (void)
{
  static const struct {
    const char *letters, *patterns;
  } cases[] = {
    { "", "" },
    { "c", "" },
    { "chen", "c+ e+|c+ e n|c h+|c h= n|c h e+|c h e n" },
    { "cyy", "c y y" },
    { "lyu", "l y+" },
    { "liyy", "l= y y" },
    { "zhs", "z+ s|z h s" },
    { "iu", "" },
    { "cv", "" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    SpellingPattern patterns[SPELLING_PATTERNS_MAX];
    size_t n = spelling_patterns (text_of (cases[i].letters), patterns);
    g_autoptr (GString) out = g_string_new (NULL);
    for (size_t k = 0; k < n; k++) {
      g_string_append (out, k ? "|" : "");
      for (size_t j = 0; j < patterns[k].n; j++) {
        const struct SpellingPiece *piece = &patterns[k].pieces[j];
        g_string_append_printf (out, "%s%c%s", j ? " " : "", piece->initial,
                                piece->from == SPELLING_MARK_NONE ? ""
                                : piece->from == piece->to        ? "="
                                                                  : "+");
      }
    }
    g_test_message ("%s: %s", cases[i].letters, out->str);
    g_assert_cmpstr (out->str, ==, cases[i].patterns);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spelling/split", test_split);
  g_test_add_func ("/spelling/fold", test_fold);
  g_test_add_func ("/spelling/long", test_long);
  g_test_add_func ("/spelling/marks", test_marks);
  g_test_add_func ("/spelling/patterns", test_patterns);
  return g_test_run ();
}
