/* What is found and what is not, step by step; limits and hostile queries; what is shown. */
#include "fulltext/fulltext.h"
#include "support.h"

enum { FIELDS = 2, COLUMNS = 1 };

static const FulltextField fields[] = { { "title", 300, true }, { "text", 100, false } };
static const char *const columns[] = { "township" };
static const FulltextShape shape = { FIELDS, fields, COLUMNS, columns };

static const struct {
  const char *title, *text;
} posts[] = {
  { "电焊工", "熟练操作二保焊，包吃住，在青口镇上班" }, /* 1 */
  { "会计", "福州公司招会计，要求熟悉Excel和金蝶ERP" }, /* 2 */
  { "重庆火锅店厨师", "川菜，月薪八千，做五休二" },     /* 3 */
  { "平面設計師", "會 Photoshop、AutoCAD，繪製圖紙" },  /* 4 */
  { "Ｃ１司机（长途）", "持C1驾驶证，无重大事故" },     /* 5 */
  { "养老护理员", "照顾老人起居，有健康证，夜班" },     /* 6 */
  { "机电维修工", "维修车间设备，懂PLC，有电工证" },    /* 7 */
  { "女装导购", "服装店，能吃苦，旅游景点附近" },       /* 8 */
};

static void
put (Fulltext *index, guint64 id, const char *title, const char *text, guint16 township)
{
  GError *error = NULL;
  Text texts[FIELDS] = { text_of (title), text_of (text) };
  FulltextDocument document = { .id = id, .texts = texts, .columns = &township };
  g_assert_true (fulltext_put (index, &document, 1, &error));
  g_assert_no_error (error);
}

static Fulltext *
make_index (void)
{
  Fulltext *index = fulltext_new (&shape);
  for (size_t i = 0; i < G_N_ELEMENTS (posts); i++)
    put (index, i + 1, posts[i].title, posts[i].text, (guint16)(i % 3));
  return index;
}

static const FulltextAnswer *
search (Fulltext *index, const char *typed, Arena *arena)
{
  GError *error = NULL;
  FulltextQuery query = { .limit = 10 };
  query.words = fulltext_words (text_of (typed), arena, &query.n_words, &error);
  g_assert_no_error (error);
  const FulltextAnswer *answer = fulltext_search (index, &query, arena, &error);
  g_assert_no_error (error);
  return answer;
}

static void
assert_found (Fulltext *index, const char *typed, const char *expected)
{
  g_autoptr (Arena) arena = arena_new ();
  const FulltextAnswer *answer = search (index, typed, arena);
  g_autoptr (GString) found = g_string_new (NULL);
  for (guint64 id = 1; id <= G_N_ELEMENTS (posts); id++)
    for (size_t i = 0; i < answer->n_hits; i++)
      if (answer->hits[i].id == id)
        g_string_append_printf (found, found->len ? " %d" : "%d", (int)id);
  if (!g_str_equal (found->str, expected))
    g_error ("%s: found \"%s\", expected \"%s\"", typed, found->str, expected);
}

static void
test_found (void)
{
  static const struct {
    const char *typed, *found;
  } table[] = {
    { "电焊工", "1" },
    { "電銲", "1" },
    { "電焊工", "1" }, /* traditional letters find simplified ones, and the other way */
    { "设计师", "4" },
    { "图纸", "4" },
    { "excel", "2" },
    { "ＥＸＣＥＬ", "2" }, /* full width */
    { "Éxcel", "2" },
    { "c1", "5" },
    { "C1司机", "5" },
    { "c1 司机", "5" },
    { "护", "6" }, /* one character, in titles */
    { "电工证 PLC", "7" },
    { "电工证，plc。", "7" },
    { "维修 老人", "" }, /* all words */
    { "diangong", "" },  /* 电…工 stand apart */
    { "dianhangong", "1" },
    { "kuaiji", "2" },
    { "chongqing", "3" }, /* 重 is read in two ways */
    { "zhongqing", "3" },
    { "nvzhuang", "8" }, /* v for ü */
    { "dhg", "1" },      /* first letters */
    { "dhgong", "1" },
    { "ylhly", "6" },
    { "sji", "4 5" }, /* 设计, 司机 */
    { "photoshpo", "4" },
    { "photosop", "4" },
    { "photooshop", "4" },
    { "phptoshop", "4" },
    { "phptoshpo", "" }, /* two typos */
    { "dianhangon", "1" },
    { "dianhamgong", "1" },
    { "养老护里员", "6" }, /* a wrong character, a missing one, one too many */
    { "养老理员", "6" },
    { "养老护理人员", "6" },
    { "电悍工", "1" },
    { "想找养老院的护理员工作", "6" }, /* a sentence: by some of its grams */
    { "，。！", "1 2 3 4 5 6 7 8" },   /* nothing was typed */
    { "", "1 2 3 4 5 6 7 8" },
    { "不存在", "" },
  };
  g_autoptr (Fulltext) index = make_index ();
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    assert_found (index, table[i].typed, table[i].found);
}

/* Exactly beats by syllables; a title beats a text; a word found as it is is not loosened. */
static void
test_order (void)
{
  g_autoptr (Fulltext) index = fulltext_new (&shape);
  g_autoptr (Arena) arena = arena_new ();
  put (index, 1, "保安", "会计事务所门卫", 0);
  put (index, 2, "会计", "代账", 0);
  put (index, 3, "会计", "代账", 0);
  const FulltextAnswer *answer = search (index, "会计", arena);
  g_assert_cmpuint (answer->n_hits, ==, 3);
  g_assert_cmpuint (answer->hits[0].id, ==, 3); /* alike: the larger id */
  g_assert_cmpuint (answer->hits[1].id, ==, 2);
  g_assert_cmpfloat (answer->hits[0].score, ==, answer->hits[1].score);
  g_assert_cmpuint (answer->hits[2].id, ==, 1);
  g_assert_cmpfloat (answer->hits[2].parts[0], ==, 0);
  g_assert_cmpuint (answer->loosened, ==, 0);
  g_assert_cmpuint (search (index, "代账 huiji", arena)->loosened, ==, 0); /* 会 is hui as well */
  g_assert_cmpuint (search (index, "代账 kj", arena)->loosened, ==, 2);
}

static void
test_at_least (void)
{
  g_autoptr (Fulltext) index = make_index ();
  g_autoptr (Arena) arena = arena_new ();
  FulltextMeaning near[] = { { 7, 50 } };
  FulltextWord words[]
      = { { text_of ("老人"), 0, NULL }, { text_of ("excel"), 0, NULL }, { text_of (""), 1, near } };
  FulltextQuery query = { .n_words = 3, .words = words, .at_least = 1, .limit = 10 };
  g_assert_cmpuint (fulltext_search (index, &query, arena, NULL)->n_found, ==, 2);
  FulltextConcept concept = { 1, 7 };
  Text texts[FIELDS] = { text_of ("店长"), text_of ("看店") };
  guint16 township = 2;
  FulltextDocument document = { 9, texts, 1, &concept, &township };
  g_assert_true (fulltext_put (index, &document, 1, NULL));
  g_assert_cmpuint (fulltext_search (index, &query, arena, NULL)->n_found, ==, 3);
  query.at_least = 2;
  g_assert_cmpuint (fulltext_search (index, &query, arena, NULL)->n_found, ==, 0);
  FulltextFilter filter = { .column = 0, .least = 2, .most = 2 };
  query = (FulltextQuery){ .n_filters = 1, .filters = &filter, .limit = 2, .first = 1 };
  const FulltextAnswer *answer = fulltext_search (index, &query, arena, NULL);
  g_assert_cmpuint (answer->n_found, ==, 3); /* 3, 6 and 9, the newest first */
  g_assert_cmpuint (answer->n_hits, ==, 2);
  g_assert_cmpuint (answer->hits[0].id, ==, 6);
}

/* ---- limits --------------------------------------------------------------------------- */

static char *
repeat (const char *piece, size_t n)
{
  GString *text = g_string_sized_new (strlen (piece) * n + 1);
  while (n--)
    g_string_append (text, piece);
  return g_string_free (text, FALSE);
}

static void
test_documents (void)
{
  g_autoptr (Fulltext) index = fulltext_new (&shape);
  guint16 township = 1;
  g_autofree char *han = repeat ("汉字", FULLTEXT_DOCUMENT_BYTES / 6),
                  *latin = repeat ("aé1 ", FULLTEXT_DOCUMENT_BYTES / 5),
                  *word = repeat ("x", FULLTEXT_DOCUMENT_BYTES),
                  *long_one = repeat ("汉字", FULLTEXT_DOCUMENT_BYTES / 6 + 1);
  const struct {
    Text title, text;
    bool taken;
  } table[] = {
    { text_of (""), text_of (""), true },
    { text_of (han), text_of (""), true },
    { text_of (""), text_of (latin), true },
    { text_of (""), text_of (word), true },
    { text_of ("\n\t　，"), text_of ("\xf0\x9f\x98\x80"), true },
    { text_of (long_one), text_of (""), false },
    { text_of ("a"), text_of (word), false },
    { text_of ("\xff\xfe"), text_of (""), false },
    { text_of ("abc\xe6\xb1"), text_of (""), false },
    { { "a\0b", 3 }, text_of (""), false },
  };
  size_t n = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    Text texts[FIELDS] = { table[i].title, table[i].text };
    FulltextDocument document = { .id = i, .texts = texts, .columns = &township };
    g_assert_cmpint (fulltext_put (index, &document, 1, &error), ==, table[i].taken);
    g_assert_true (table[i].taken || g_error_matches (error, FAULT, FAULT_INPUT));
    g_assert_cmpuint (fulltext_count (index), ==, n += table[i].taken);
  }
  assert_found (index, "字汉", "1");
  assert_found (index, "ae1", "2");
}

/* One fault in a put and nothing of it is there; of two with one id the last counts. */
static void
test_all_or_none (void)
{
  g_autoptr (Fulltext) index = fulltext_new (&shape);
  g_autoptr (GError) error = NULL;
  guint16 township = 1;
  FulltextConcept beyond = { FIELDS, 1 };
  Text first[] = { text_of ("木工"), text_of ("") }, second[] = { text_of ("瓦工"), text_of ("") };
  FulltextDocument two[] = { { 1, first, 0, NULL, &township }, { 1, second, 1, &beyond, &township } };
  g_assert_false (fulltext_put (index, two, 2, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_assert_cmpuint (fulltext_count (index), ==, 0);
  two[1].n_concepts = FULLTEXT_CONCEPTS_MAX + 1;
  g_assert_false (fulltext_put (index, two, 2, NULL));
  two[1].n_concepts = 0;
  g_assert_true (fulltext_put (index, two, 2, NULL));
  g_assert_cmpuint (fulltext_count (index), ==, 1);
  assert_found (index, "瓦工", "1");
  assert_found (index, "木工", "");
  guint64 ids[] = { 1, 1, 5 };
  g_assert_cmpuint (fulltext_remove (index, ids, 3), ==, 1);
  assert_found (index, "瓦工", "");
  assert_found (index, "", "");
}

static void
test_refused (void)
{
  g_autoptr (Fulltext) index = make_index ();
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *many = repeat ("汉", FULLTEXT_QUERY_BYTES / 3 + 1),
                  *words = repeat ("a ", FULLTEXT_WORDS_MAX + 1);
  FulltextWord long_one = { text_of (many), 0, NULL }, broken = { text_of ("\xe6"), 0, NULL };
  FulltextWord meanings = { text_of (""), FULLTEXT_MEANINGS_MAX + 1, NULL };
  FulltextFilter beyond = { .column = COLUMNS };
  unsigned facet = COLUMNS;
  const FulltextQuery table[] = {
    { .n_words = 1, .words = &long_one },
    { .n_words = 1, .words = &broken },
    { .n_words = 1, .words = &meanings },
    { .n_words = FULLTEXT_WORDS_MAX + 1, .words = &long_one },
    { .n_filters = 1, .filters = &beyond },
    { .n_filters = FULLTEXT_FILTERS_MAX + 1, .filters = &beyond },
    { .n_facets = 1, .facets = &facet },
    { .limit = FULLTEXT_LIMIT_MAX + 1 },
    { .first = 1, .limit = FULLTEXT_LIMIT_MAX },
    { .first = G_MAXSIZE, .limit = 2 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (fulltext_search (index, &table[i], arena, &error));
    g_assert_error (error, FAULT, FAULT_USAGE);
  }
  const char *typed[] = { many, words, "\xff" };
  for (size_t i = 0; i < G_N_ELEMENTS (typed); i++) {
    g_autoptr (GError) error = NULL;
    size_t n;
    g_assert_null (fulltext_words (text_of (typed[i]), arena, &n, &error));
    g_assert_error (error, FAULT, FAULT_USAGE);
  }
}

/* Whatever is typed within the limits is answered, soon. */
static void
test_hostile (void)
{
  static const char *const pieces[]
      = { "a", "ng", "zh", "xian", "电", "电工", "a电", "㍿", "é", "ü", "v", "\xf0\x9f\x98\x80", "𠀀", "1" };
  g_autoptr (Fulltext) index = make_index ();
  gint64 start = g_get_monotonic_time ();
  for (size_t i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (size_t length = 1; length <= FULLTEXT_QUERY_BYTES; length += length < 32 ? 1 : length) {
      g_autofree char *typed = repeat (pieces[i], MAX (1, length / strlen (pieces[i])));
      g_autoptr (Arena) arena = arena_new ();
      g_assert_nonnull (search (index, typed, arena));
    }
  g_assert_cmpint (g_get_monotonic_time () - start, <,
                   60 * G_USEC_PER_SEC); /* a second or less, but under ASan */
}

/* ---- what is shown ----------------------------------------------------------------------- */

static void
test_snippets (void)
{
  static const struct {
    const char *text, *typed;
    bool spelled;
    size_t characters;
    const char *shown; /* marks in brackets */
  } table[] = {
    { "电焊工", "電焊", false, 20, "[电焊]工" },
    { "招電焊工，要焊工證", "焊工", false, 20, "招電[焊工]，要[焊工]證" },
    { "电工与焊工", "电焊工", false, 20, "电工与[焊工]" }, /* its grams, where it is not whole */
    { "用 ＥＸＣＥＬ 制表", "excel 制表", false, 20, "用 [ＥＸＣＥＬ] [制表]" },
    { "电焊工", "dianhan", true, 20, "[电焊]工" },
    { "电焊工", "dhg", true, 20, "[电焊工]" },
    { "电焊工", "dianhan", false, 20, "电焊工" },
    { "一二三四五六七八九十甲乙丙丁电焊工戊己庚辛壬癸", "焊工", false, 8, "电[焊工]戊己庚辛壬" },
    { "电工一二三四五六七八九十电工焊工甲乙", "焊工 电工", false, 6, "[电工焊工]甲乙" },
    { "一二三四五六七八九十", "不在", false, 4, "一二三四" },
    { "……", "电工", false, 1, "…" },
    { "", "电工", false, 5, "" },
    { "电\xff工", "电工", false, 5, "电" },
    { "电工", "", false, 5, "电工" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) shown = g_string_new (NULL);
    size_t n;
    const FulltextWord *words = fulltext_words (text_of (table[i].typed), arena, &n, NULL);
    Text text = text_of (table[i].text);
    FulltextSnippet s = fulltext_snippet (text, words, n, table[i].spelled, table[i].characters, arena);
    for (size_t at = s.shown.from, m = 0; at <= s.shown.to; at++) {
      if (m < s.n && at == s.marks[m].to) {
        g_string_append_c (shown, ']');
        m++;
      }
      if (m < s.n && at == s.marks[m].from)
        g_string_append_c (shown, '[');
      if (at < s.shown.to)
        g_string_append_c (shown, text.bytes[at]);
    }
    g_assert_cmpstr (shown->str, ==, table[i].shown);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fulltext/found", test_found);
  g_test_add_func ("/fulltext/order", test_order);
  g_test_add_func ("/fulltext/at least", test_at_least);
  g_test_add_func ("/fulltext/documents", test_documents);
  g_test_add_func ("/fulltext/all or none", test_all_or_none);
  g_test_add_func ("/fulltext/refused", test_refused);
  g_test_add_func ("/fulltext/hostile", test_hostile);
  g_test_add_func ("/fulltext/snippets", test_snippets);
  return g_test_run ();
}
