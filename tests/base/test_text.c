#include "support.h"

static void
test_slices (void)
{
  g_assert_cmpuint (text_length (text_of ("闽侯县 81 号")), ==, 8);
  g_assert_cmpuint (text_length (text_of (NULL)), ==, 0);
  g_assert_true (text_equal (text_of (""), (Text){ NULL, 0 }));
  g_assert_false (text_equal (text_of ("ab"), text_of ("abc")));
  g_assert_true (text_starts_with (text_of ("条款15.名"), "条款"));
  g_assert_false (text_starts_with (text_of ("条"), "条款"));
  g_assert_true (text_ends_with (text_of ("县人社局"), "局"));
  g_assert_false (text_ends_with (text_of ("局"), "县人社局"));
  g_assert_true (text_starts_with (text_of (""), ""));
  g_assert_cmpint (text_find (text_of ("负责，负责"), "负责", 0), ==, 0);
  g_assert_cmpint (text_find (text_of ("负责，负责"), "负责", 1), ==, 9);
  g_assert_cmpint (text_find (text_of ("负责"), "落实", 0), ==, -1);
  g_assert_cmpint (text_find (text_of ("负责"), "负", 99), ==, -1);
  g_assert_cmpint (text_find ((Text){ "abcdef", 3 }, "d", 0), ==, -1);
  g_assert_cmpuint (text_hash (text_of ("a")), ==, 0xe40c292cu); /* a published FNV-1a value */
  g_assert_cmpuint (text_hash (text_of ("")), ==, 0x811c9dc5u);
}

static void
test_trim (void)
{
  static const char *const cases[][2]
      = { { "  a b  ", "a b" },     { "", "" },     { " \t\r\n", "" },  { "　　县　城　", "县　城" },
          { "\u00a0x\u00a0", "x" }, { "县", "县" }, { "\v\fa\v", "a" }, { "　", "" },
          { "\u3001", "\u3001" } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_true (text_equal (text_trim (text_of (cases[i][0])), text_of (cases[i][1])));
}

static void
test_utf8 (void)
{
  static const struct {
    const char *bytes;
    size_t len;
    ptrdiff_t bad_at; /* -1: well-formed */
  } cases[] = {
    { "", 0, -1 },
    { "县", 3, -1 },
    { "😀", 4, -1 },
    { "a\x80", 2, 1 },            /* continuation without a lead */
    { "a\xe5\x8e", 3, 1 },        /* cut off */
    { "\xc0\xaf", 2, 0 },         /* overlong */
    { "ab\xed\xa0\x80", 5, 2 },   /* a surrogate */
    { "\xf4\x90\x80\x80", 4, 0 }, /* above U+10FFFF */
    { "\xff", 1, 0 },
    { "a\0b", 3, 1 }, /* NUL */
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    size_t bad_at = 99;
    bool good = text_is_utf8 ((Text){ cases[i].bytes, cases[i].len }, &bad_at);
    g_assert_cmpint (good, ==, cases[i].bad_at < 0);
    if (!good)
      g_assert_cmpint ((ptrdiff_t)bad_at, ==, cases[i].bad_at);
  }
}

static void
test_clause_numbers (void)
{
  for (int n = 1; n < 100; n++) {
    g_autofree char *numeral = text_chinese_numeral (n);
    g_assert_cmpint (text_chinese_number (text_of (numeral)), ==, n);
  }
  static const struct {
    int number;
    const char *numeral;
  } cases[] = { { 1, "一" },      { 10, "十" }, { 15, "十五" }, { 20, "二十" },
                { 99, "九十九" }, { 0, "0" },   { 100, "100" }, { -1, "-1" } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *numeral = text_chinese_numeral (cases[i].number);
    g_assert_cmpstr (numeral, ==, cases[i].numeral);
  }
}

static void
test_half_width (void)
{
  static const char *const cases[][2]
      = { { "年龄＞１８", "年龄>18" }, { "（ａ）　～！", "(a) ~!" }, { "县，、。", "县,、。" }, { "", "" } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *half = text_half_width (text_of (cases[i][0]));
    g_assert_cmpstr (half, ==, cases[i][1]);
  }
}

static void
test_numerals (void)
{
  static const struct {
    const char *text;
    gint64 value;
  } cases[] = {
    { "零", 0 },
    { "〇", 0 },
    { "一", 1 },
    { "两", 2 },
    { "九", 9 },
    { "十", 10 },
    { "十五", 15 },
    { "一十五", 15 },
    { "二十", 20 },
    { "二十四", 24 },
    { "九十九", 99 },
    { "一百", 100 },
    { "一百零一", 101 },
    { "一百〇一", 101 },
    { "一百一十", 110 },
    { "一百一十五", 115 },
    { "两百", 200 },
    { "三百六十五", 365 },
    { "一千", 1000 },
    { "两千零二十一", 2021 },
    { "一千零五十", 1050 },
    { "一千零五", 1005 },
    { "九千九百九十九", 9999 },
    { "十万", 100000 },
    { "二十五万", 250000 },
    { "一万零五百", 10500 },
    { "一万零五", 10005 },
    { "一百二十万", 1200000 },
    { "三千万", 30000000 },
    { "一亿", 100000000 },
    { "一亿零五万", 100050000 },
    { "十四亿一千万", 1410000000 },
    { "一万亿", 1000000000000 },
    { "九千九百九十九万九千九百九十九亿九千九百九十九万九千九百九十九", 9999999999999999 },
    { "二〇二一", 2021 },
    { "二零二一", 2021 },
    { "八一", 81 },
    { "〇〇七", 7 },
    /* none */
    { "", -1 },
    { "百", -1 },
    { "万", -1 },
    { "亿", -1 },
    { "一百五", -1 },
    { "一万五", -1 },
    { "两十", -1 },
    { "二十零", -1 },
    { "零十", -1 },
    { "十十", -1 },
    { "一百二百", -1 },
    { "一十二百", -1 },
    { "一万万", -1 },
    { "一亿亿", -1 },
    { "一百零零一", -1 },
    { "二一十", -1 },
    { "第一", -1 },
    { "一个", -1 },
    { "15", -1 },
    { "两〇二一", -1 },
    { "一一一一一一一一一一一一一一一一一一一", -1 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 value = text_chinese_number (text_of (cases[i].text));
    if (value != cases[i].value)
      g_error ("%s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, cases[i].text, value, cases[i].value);
  }
}

/* Write N the ordinary way, as a speaker of Chinese would, into OUT. */
static void
write_section (GString *out, int n, bool zero_first)
{
  static const char *const digits[] = { "零", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
  static const char *const units[] = { "千", "百", "十", "" };
  bool zero = zero_first && n < 1000;
  bool written = false;
  for (int i = 0, power = 1000; i < 4; i++, power /= 10) {
    int digit = n / power % 10;
    if (digit == 0) {
      zero |= written;
      continue;
    }
    if (zero)
      g_string_append (out, digits[0]);
    g_string_append_printf (out, "%s%s", digits[digit], units[i]);
    written = true;
    zero = false;
  }
}

static void
test_numerals_written (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (24);
  for (int i = 0; i < 30000; i++) {
    int n = i < 10000 ? i + 1 : g_rand_int_range (rand, 10000, 100000000);
    g_autoptr (GString) out = g_string_new (NULL);
    if (n >= 10000) {
      write_section (out, n / 10000, false);
      g_string_append (out, "万");
    }
    if (n % 10000)
      write_section (out, n % 10000, n >= 10000);
    if (text_chinese_number (text_of (out->str)) != n)
      g_error ("%s is not read as %d", out->str, n);
  }
}

static void
test_decode (void)
{
  static const struct {
    const char *bytes, *text, *encoding;
  } cases[] = {
    { "闽侯县\n", "闽侯县\n", "UTF-8" },
    { "\xef\xbb\xbf闽侯县", "闽侯县", "UTF-8" },
    { "plain ASCII\r\n", "plain ASCII\r\n", "UTF-8" },
    { "page\fbreak", "page\fbreak", "UTF-8" },
    { "\xc3\xf6\xba\xee\xcf\xd8", "闽侯县", "GB18030" },
    { "2021\xc4\xea\xa1\xb2\x38\x31\xa1\xb3", "2021年〔81〕", "GB18030" },
    { "\x90\x30\x81\x30", "𐀀", "GB18030" }, /* four bytes */
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    GError *error = NULL;
    const char *encoding = NULL;
    g_autofree char *text
        = text_decode (cases[i].bytes, strlen (cases[i].bytes), "circular.txt", &encoding, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (text, ==, cases[i].text);
    g_assert_cmpstr (encoding, ==, cases[i].encoding);
  }
}

static void
test_decode_refuses (void)
{
  static const struct {
    const char *bytes;
    size_t len;
    const char *message; /* a part of it */
  } cases[] = {
    { "", 0, "f.txt: is empty" },
    { "\xef\xbb\xbf", 3, "f.txt: is empty" },
    { "\xff\xfeh\0i\0", 6, "UTF-16" },
    { "\xfe\xff\0h\0i", 6, "UTF-16" },
    { "h\0i\0", 4, "UTF-16" },
    { "%PDF-1.7\n", 9, "PDF" },
    { "PK\3\4\x14", 5, "office document" },
    { "\xd0\xcf\x11\xe0\xa1", 5, "office document" },
    { "a\1b", 3, "control characters" },
    { "\x80\x80\xff\xff", 4, "neither UTF-8 nor GB18030" },
    { "ab\ncaf\xe9 au lait", 15, "f.txt:2: is neither UTF-8 nor GB18030" },
    { "闽侯县人民政府办公\n室关于\xe5\x8d", 39, "f.txt:2: is damaged UTF-8 (byte 38)" },
    { "\xaa\xa1\xaa\xa2\xaa\xa3", 6, "neither" }, /* private characters only */
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = text_decode (cases[i].bytes, cases[i].len, "f.txt", NULL, &error);
    g_assert_null (text);
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, cases[i].message))
      g_error ("case %zu says: %s", i, error->message);
  }
}

/* Real documents, both ways of writing them down. */
static void
test_decode_circular (void)
{
  g_autofree char *path = support_shared ("circular/minhou-2021-81.txt");
  if (!path)
    return;
  gsize len, gb_len;
  g_autofree char *bytes = support_read (path, &len);
  g_autofree char *gb = g_convert (bytes, (gssize)len, "GB18030", "UTF-8", NULL, &gb_len, NULL);
  g_assert_nonnull (gb);
  GError *error = NULL;
  const char *encoding;
  g_autofree char *decoded = text_decode (gb, gb_len, path, &encoding, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (encoding, ==, "GB18030");
  g_assert_cmpstr (decoded, ==, bytes);
}

static void
test_html (void)
{
  g_autoptr (GString) out = g_string_new ("<p>");
  html_escape_text (out, text_of ("a<b & \"c\">'县'"));
  g_assert_cmpstr (out->str, ==, "<p>a&lt;b &amp; \"c\"&gt;'县'");
  g_string_truncate (out, 0);
  html_escape_attribute (out, text_of ("a<b & \"c\">'县'"));
  g_assert_cmpstr (out->str, ==, "a&lt;b &amp; &quot;c&quot;&gt;&#39;县&#39;");
  g_string_truncate (out, 0);
  html_escape_text (out, (Text){ NULL, 0 });
  g_assert_cmpstr (out->str, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/slices", test_slices);
  g_test_add_func ("/text/trim", test_trim);
  g_test_add_func ("/text/utf8", test_utf8);
  g_test_add_func ("/text/half width", test_half_width);
  g_test_add_func ("/text/numerals", test_numerals);
  g_test_add_func ("/text/clause-numbers", test_clause_numbers);
  g_test_add_func ("/text/numerals written", test_numerals_written);
  g_test_add_func ("/text/decode", test_decode);
  g_test_add_func ("/text/decode refuses", test_decode_refuses);
  g_test_add_func ("/text/decode the circular", test_decode_circular);
  g_test_add_func ("/text/html", test_html);
  return g_test_run ();
}
