/* Searching: what finds whom, as a table; the same against a plain scan over
 * random people; that what is kept up to date is what a build would make. */
#include "harness.h"

#include <glib/gstdio.h>

static void
open_search (County *county, gconstpointer flags)
{
  GError *error = NULL;
  g_autofree char *schema = support_source ("tests/registry/search.yaml");
  county->folder = support_folder ();
  county->path = support_store (county->folder, "county.db");
  county->schema = registry_schema_load (schema, &error);
  g_assert_no_error (error);
  county->registry = registry_open (county->path, STORE_CREATE | (StoreFlags)GPOINTER_TO_INT (flags),
                                    county->schema, &error);
  g_assert_no_error (error);
}

static const RegistryHits *
search (County *county, Arena *arena, const char *entity, RegistrySearch what)
{
  GError *error = NULL;
  const RegistryHits *hits = registry_search (county->registry, arena,
                                              registry_schema_entity (county->schema, entity), &what, &error);
  g_assert_no_error (error);
  return hits;
}

/* "1:陈依 3:陈" */
static char *
found (County *county, const char *entity, const char *text, const char *place, const char *after,
       size_t limit)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistryHits *hits = search (county, arena, entity,
                                     (RegistrySearch){ text, place ? county_subject (county, place) : 0,
                                                       after ? county_subject (county, after) : 0, limit });
  GString *out = g_string_new (NULL);
  for (size_t i = 0; i < hits->n; i++)
    g_string_append_printf (out, "%s%" G_GINT64_FORMAT ":%s", i ? " " : "",
                            subject_number (hits->hits[i].subject),
                            hits->hits[i].label ? hits->hits[i].label : "-");
  return g_string_free (out, FALSE);
}

/* ---- what finds whom --------------------------------------------------- */

/* Queries apart by "|": those that find the name, and those that do not. */
static const struct {
  const char *name, *hits, *misses;
} names[] = {
  { "陈依依",
    "陈依依|陈依|依依|依|陳|陈 依依|chenyiyi|chenyi|chen yi yi|CHENYIYI|ＣＨＥＮ|chén "
    "yī|cyy|CYY|cy|chyy|c|che|yiyi|yy|chenyy|cyiyi|chyiy|cheny|yi",
    "陈一|一依|chenyiyiyi|cyyy|y|hen|cz|陈依依依|yc|chenyiyiy" },
  { "林凯", "林|lin|lk|linkai|lkai|link|kai|凯", "kl|k|l k x|linkaa" },
  { "单依", "shanyi|danyi|sy|dy|chanyi|shan|dan", "shangyi|siyi" },
  { "依单", "yidan|yishan|shan|dan|yd|ys", "chan|yichan" },
  { "仇英", "qiuying|chouying|qy|cy", "zyouying" },
  { "曾文", "zengwen|cengwen|zw|cw", "cenwen" },
  { "解缙", "xiejin|jiejin|xj", "haijin" },
  { "区志", "ouzhi|quzhi|oz|ozh", "uzhi" },
  { "查良", "zhaliang|chaliang|zl|zhl", "zaliang" },
  { "盖天", "getian|gaitian|gt", "kaitian" },
  { "朴英", "piaoying|puying|poying|py", "biaoying" },
  { "尉迟敬", "yuchijing|weichijing|ycj|yuchi", "yujing" },
  { "万俟雅", "moqiya|wansiya|mqya|mqy", "moya" },
  { "吕绿", "lulu|lvlv|lülü|ll|LV", "lili" },
  { "欧阳震华", "oyzh|ouyang|oyzhh|ouyangzhenhua|震华|zhenhua", "oyhz" },
  { "Maria López", "maria|mari|lopez|ml|marialopez|Maria LOPEZ|López", "aria|opez|ma lo" },
  { "阿卜杜拉·买买提", "阿卜杜拉买买提|阿卜杜拉·买买提|maimaiti|abdlmmt|买买", "阿·买" },
  { "<b>陈</b>%_'", "陈|b陈b|chen|<b>陈", "%|_|'|<c" },
  { "𬱖陈", "陈|𬱖|chen", "𬱖𬱖" },
  { "李二〇", "李二零|二〇|erling", "二十" },
};

static bool
is_found (County *county, const char *entity, const char *query, gint64 number)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistryHits *hits = search (county, arena, entity, (RegistrySearch){ .text = query, .limit = 100 });
  for (size_t i = 0; i < hits->n; i++)
    if (subject_number (hits->hits[i].subject) == number)
      return true;
  return false;
}

static void
check_queries (County *county, gint64 number, const char *name, const char *queries, bool expected)
{
  g_auto (GStrv) all = g_strsplit (queries, "|", -1);
  for (char **query = all; *query; query++)
    if (is_found (county, "person", *query, number) != expected)
      g_error ("%s is %sfound by \"%s\"", name, expected ? "not " : "", *query);
}

static void
test_names (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *id = g_strdup_printf ("person-%zu", i + 1);
    county_state (county, w, b, id, "name", names[i].name);
  }
  county_commit (w);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    check_queries (county, (gint64)i + 1, names[i].name, names[i].hits, true);
    check_queries (county, (gint64)i + 1, names[i].name, names[i].misses, false);
  }
}

/* Three people, two towns, two villages. */
static void
write_people (County *county)
{
  static const char *const facts[][3] = {
    { "place-1", "name", "甘蔗街道" },
    { "place-1", "code", "350121001" },
    { "place-1", "town", "350121001" },
    { "place-2", "name", "洋里乡" },
    { "place-2", "code", "350121206" },
    { "place-2", "town", "350121206" },
    { "place-3", "name", "测村" },
    { "place-3", "code", "350121206201" },
    { "place-3", "town", "350121206" },
    { "place-4", "name", "样村" },
    { "place-4", "code", "350121206202" },
    { "place-4", "town", "350121206" },
    { "person-1", "name", "陈依" },
    { "person-1", "code", "35999919900101001X" },
    { "person-1", "phone", "10000001234" },
    { "person-1", "town", "350121001" },
    { "person-2", "name", "陈" },
    { "person-2", "code", "359999199001010028" },
    { "person-2", "phone", "100-0000-5678" },
    { "person-2", "town", "350121206" },
    { "person-2", "village", "place-3" },
    { "person-3", "name", "依陈" },
    { "person-3", "town", "350121206" },
    { "person-3", "village", "place-4" },
    { "person-4", "code", "X1" },
    { "person-4", "village", "place-4" },
    { "firm-1", "name", "闽侯测甲子汽车有限公司" },
    { "firm-1", "code", "91350121YX0000018H" },
    { "firm-2", "name", "ABC科技２号" },
    { "firm-3", "name", "文" },
    { "firm-3", "code", "侯政办〔2021〕81号" },
    { "spell-1", "person", "person-1" },
  };
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (facts); i++)
    county_state (county, w, b, facts[i][0], facts[i][1], facts[i][2]);
  county_commit (w);
}

static void
test_numbers (County *county, gconstpointer unused)
{
  static const struct {
    const char *entity, *text, *place, *after;
    size_t limit;
    const char *expected;
  } cases[] = {
    /* The name itself first, then those that begin with it, then those that have it inside. */
    { "person", "陈", NULL, NULL, 9, "2:陈 1:陈依 3:依陈" },
    { "person", "陈", NULL, NULL, 1, "2:陈" },
    { "person", "陈", NULL, "person-2", 1, "1:陈依" },
    { "person", "陈", NULL, "person-1", 1, "3:依陈" },
    { "person", "陈", NULL, "person-3", 1, "" },
    { "person", "chen", NULL, NULL, 9, "2:陈 1:陈依 3:依陈" },
    { "person", "", NULL, NULL, 9, "4:- 2:陈 1:陈依 3:依陈" },
    { "person", NULL, NULL, "person-2", 1, "1:陈依" },
    /* Numbers. */
    { "person", "35999919900101001X", NULL, NULL, 9, "1:陈依" },
    { "person", "３５９９９９１９９００１０１００１ｘ", NULL, NULL, 9, "1:陈依" },
    { "person", "359999 19900101 001x", NULL, NULL, 9, "1:陈依" },
    { "person", "359999", NULL, NULL, 9, "1:陈依 2:陈" },
    { "person", "359999", NULL, NULL, 1, "1:陈依" },
    { "person", "359999", NULL, "person-1", 1, "2:陈" },
    { "person", "359999", "place-2", NULL, 9, "2:陈" },
    { "person", "01001x", NULL, NULL, 9, "1:陈依" },
    { "person", "199001010028", NULL, NULL, 9, "2:陈" },
    { "person", "299001010028", NULL, NULL, 9, "" }, /* ends alike */
    { "person", "01001x", "place-2", NULL, 9, "" },
    { "person", "35999", NULL, NULL, 9, "" },
    { "person", "x1", NULL, NULL, 9, "4:-" },
    { "person", "1234", NULL, NULL, 9, "1:陈依" },
    { "person", "10000005678", NULL, NULL, 9, "2:陈" },
    { "person", "100-0000 5678", NULL, NULL, 9, "2:陈" },
    { "person", "5678", "place-1", NULL, 9, "" },
    { "person", "234", NULL, NULL, 9, "" },
    { "person", "12345678901234567890", NULL, NULL, 9, "" },
    /* Places. */
    { "person", "", "place-1", NULL, 9, "1:陈依" },
    { "person", "", "place-2", NULL, 9, "2:陈 3:依陈" },
    { "person", "", "place-3", NULL, 9, "2:陈" },
    { "person", "陈", "place-4", NULL, 9, "3:依陈" },
    { "person", "", "place-4", NULL, 9, "4:- 3:依陈" }, /* 4 has no township on record */
    { "person", "chen", "place-1", NULL, 9, "1:陈依" },
    { "place", "cun", NULL, NULL, 9, "3:测村 4:样村" },
    { "place", "350121206", NULL, NULL, 9, "2:洋里乡 3:测村 4:样村" },
    { "place", "村", "place-2", NULL, 9, "3:测村 4:样村" },
    /* Bodies. */
    { "firm", "汽车", NULL, NULL, 9, "1:闽侯测甲子汽车有限公司" },
    { "firm", "qcyxgs", NULL, NULL, 9, "1:闽侯测甲子汽车有限公司" },
    { "firm", "91350121yx0000018h", NULL, NULL, 9, "1:闽侯测甲子汽车有限公司" },
    { "firm", "0018h", NULL, NULL, 9, "" },
    { "firm", "00018h", NULL, NULL, 9, "1:闽侯测甲子汽车有限公司" },
    { "firm", "abc科技2", NULL, NULL, 9, "2:ABC科技２号" },
    { "firm", "abckej", NULL, NULL, 9, "2:ABC科技２号" },
    { "firm", "akj", NULL, NULL, 9, "2:ABC科技２号" },
    { "firm", "侯政办", NULL, NULL, 9, "" },
    { "firm", "侯政办（2021）81", NULL, NULL, 9, "3:文" },
    { "firm", "2hao", NULL, NULL, 9, "2:ABC科技２号" },
    /* Nothing in SQL or its patterns. */
    { "person", "%", NULL, NULL, 9, "" },
    { "person", "陈%", NULL, NULL, 9, "2:陈 1:陈依 3:依陈" },
    { "person", "' OR '1'='1", NULL, NULL, 9, "" },
    { "person", "陈'; DELETE FROM search_person; --", NULL, NULL, 9, "" },
  };
  write_people (county);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *got
        = found (county, cases[i].entity, cases[i].text, cases[i].place, cases[i].after, cases[i].limit);
    if (!g_str_equal (got, cases[i].expected))
      g_error ("%s \"%s\" in %s: found %s, not %s", cases[i].entity, cases[i].text ? cases[i].text : "",
               cases[i].place ? cases[i].place : "all", got, cases[i].expected);
  }
}

static void
test_about_hits (County *county, gconstpointer unused)
{
  static const struct {
    const char *text;
    size_t limit, n, total;
    bool more, too_short;
    RegistryTerm term;
  } cases[] = {
    { "陈", 2, 2, 3, true, false, REGISTRY_TERM_NAME },
    { "chen", 9, 3, 3, false, false, REGISTRY_TERM_SPELLING },
    { "", 1, 1, 4, true, false, REGISTRY_TERM_NONE },
    { "359999", 1, 1, 2, true, false, REGISTRY_TERM_NUMBER },
    { "123", 9, 0, 0, false, true, REGISTRY_TERM_NUMBER },
    { "12345", 9, 0, 0, false, false, REGISTRY_TERM_NUMBER },
    { " ·", 9, 0, 0, false, true, REGISTRY_TERM_NONE },
  };
  write_people (county);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Arena) arena = arena_new ();
    const RegistryHits *hits = search (county, arena, "person",
                                       (RegistrySearch){ .text = cases[i].text, .limit = cases[i].limit });
    g_test_message ("%s", cases[i].text);
    g_assert_cmpuint (hits->n, ==, cases[i].n);
    g_assert_cmpuint (hits->total, ==, cases[i].total);
    g_assert_cmpint (hits->more, ==, cases[i].more);
    g_assert_cmpint (hits->too_short, ==, cases[i].too_short);
    g_assert_cmpint (hits->term, ==, cases[i].term);
  }
  g_autoptr (Arena) arena = arena_new ();
  const RegistryHit *hit
      = search (county, arena, "person", (RegistrySearch){ .text = "5678", .limit = 1 })->hits;
  g_assert_cmpstr (hit->number, ==, "359999199001010028");
  g_assert_cmpstr (hit->phone, ==, "100-0000-5678");
  g_assert_cmpstr (hit->township, ==, "350121206");
  g_assert_cmpint (hit->community, ==, county_subject (county, "place-3"));
}

static void
test_refuses (County *county, gconstpointer unused)
{
  static const struct {
    const char *entity, *place, *after, *says;
  } cases[] = {
    { "spell", NULL, NULL, "is not searched" },
    { "firm", "place-1", NULL, "has no township" },
    { "place", "place-3", NULL, "has no community" },
    { "person", "place-9", NULL, "is no place" },
    { "person", "person-1", NULL, "is no place" },
    { "person", NULL, "person-3", "is not found by this search" },
    { "person", NULL, "person-99", "is not found by this search" },
    { "person", NULL, "place-1", "is not found by this search" },
  };
  write_people (county);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    RegistrySearch what = { "359999", cases[i].place ? county_subject (county, cases[i].place) : 0,
                            cases[i].after ? county_subject (county, cases[i].after) : 0, 5 };
    g_assert_null (registry_search (county->registry, arena,
                                    registry_schema_entity (county->schema, cases[i].entity), &what, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, cases[i].says))
      g_error ("said %s, not %s", error->message, cases[i].says);
  }
}

/* ---- against a plain scan ---------------------------------------------- */

enum { PEOPLE = 200, TOWNS = 20, VILLAGES = 5, QUERIES = 150 };

typedef struct {
  char name[64], code[20], phone[16];
  int town, village; /* from 1; 0: not known */
  bool named;
} Plain;

static Plain plain[PEOPLE];

/* The readings of one way to say a name, by unit; NULL where nobody knows. */
typedef struct {
  char letters[SPELLING_UNITS_MAX][SPELLING_SIZE];
  bool known[SPELLING_UNITS_MAX], chinese[SPELLING_UNITS_MAX];
  size_t n;
} Said;

static bool
shortened (const Said *said, size_t unit, const char *query, bool any, int pieces)
{
  while (unit < said->n && !said->known[unit])
    unit++;
  if (unit == said->n || pieces == SPELLING_PIECES_MAX)
    return false;
  const char *letters = said->letters[unit];
  size_t len = strlen (letters);
  if (any && g_str_has_prefix (letters, query) && (said->chinese[unit] || !query[1]))
    return true;
  if (!query[1] || *query != *letters)
    return false;
  if (shortened (said, unit + 1, query + 1, true, pieces + 1))
    return true;
  if (!said->chinese[unit])
    return false;
  return (len > 1 && g_str_has_prefix (query, letters) && query[len]
          && shortened (said, unit + 1, query + len, any, pieces + 1))
         || (letters[1] == 'h' && query[1] == 'h' && query[2]
             && shortened (said, unit + 1, query + 2, true, pieces + 1));
}

static bool
is_said (const Said *said, const char *query)
{
  g_autoptr (GString) all = g_string_new (NULL);
  for (size_t i = 0; i < said->n; i++)
    g_string_append (all, said->letters[i]);
  bool letters = strspn (query, "abcdefghijklmnopqrstuvwxyz") == strlen (query);
  return (all->len && g_str_has_prefix (all->str, query))
         || (letters && shortened (said, 0, query, false, 0));
}

/* Of the units from FROM on, every way to say the first two that are said in several. */
static bool
is_said_somehow (const SpellingUnit *units, size_t n, const char *query)
{
  size_t at[2] = { n, n }, found = 0;
  for (size_t i = 0; i < n && found < 2; i++)
    if (units[i].n > 1)
      at[found++] = i;
  for (size_t a = 0; a < (found > 0 ? units[at[0]].n : 1); a++)
    for (size_t b = 0; b < (found > 1 ? units[at[1]].n : 1); b++) {
      static Said said;
      said.n = n;
      for (size_t i = 0; i < n; i++) {
        size_t choice = i == at[0] ? a : i == at[1] ? b : 0;
        said.known[i] = units[i].n > 0;
        said.chinese[i] = units[i].n && units[i].readings[choice].mark != SPELLING_MARK_NONE;
        g_snprintf (said.letters[i], SPELLING_SIZE, "%.*s",
                    units[i].n ? (int)units[i].readings[choice].letters.len : 0,
                    units[i].n ? units[i].readings[choice].letters.bytes : "");
      }
      if (is_said (&said, query))
        return true;
    }
  return false;
}

static bool
name_matches (const Plain *p, const char *query, bool chinese)
{
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  size_t n = spelling_split (text_of (p->named ? p->name : ""), buffer, units);
  for (size_t from = 0; from < n; from++) {
    g_autoptr (GString) rest = g_string_new (NULL);
    for (size_t i = from; i < n; i++)
      g_string_append_len (rest, units[i].text.bytes, (gssize)units[i].text.len);
    if (chinese ? g_str_has_prefix (rest->str, query)
                : (from == 0 || query[1]) && is_said_somehow (units + from, n - from, query))
      return true;
  }
  return false;
}

static bool
matches (const Plain *p, const char *query)
{
  char buffer[SPELLING_SIZE];
  Text folded = spelling_fold (text_of (query), buffer);
  g_autofree char *text = g_strndup (folded.bytes, folded.len);
  g_autofree char *code = g_ascii_strdown (p->code, -1);
  bool digits = strpbrk (text, "0123456789"), only = strspn (text, "0123456789") == strlen (text);
  if (!*text)
    return true;
  if (name_matches (p, text, spelling_is_chinese (folded)))
    return true;
  if (!digits || spelling_is_chinese (folded))
    return false;
  return g_str_equal (code, text)
         || (folded.len >= 6 && (g_str_has_prefix (code, text) || g_str_has_suffix (code, text)))
         || (only && folded.len >= 4 && g_str_has_suffix (p->phone, text));
}

static const char *
pick (GRand *random, const char *const *from, int n)
{
  return from[g_rand_int_range (random, 0, n)];
}
#define PICK(random, list) pick (random, list, G_N_ELEMENTS (list))

static void
make_plain (GRand *random, Plain *p)
{
  static const char *const surnames[] = { "陈", "林", "单", "仇", "张", "欧阳", "长孙", "Li ", "𬱖" };
  static const char *const given[]
      = { "依", "一", "乐", "重", "华", "强", "行", "张", "陈", "长", "娜", "a", "2" };
  *p = (Plain){ .named = g_rand_int_range (random, 0, 20) };
  g_strlcat (p->name, PICK (random, surnames), sizeof p->name);
  for (int i = g_rand_int_range (random, 0, 4); i > 0; i--)
    g_strlcat (p->name, PICK (random, given), sizeof p->name);
  g_snprintf (p->code, sizeof p->code, "35012%d19%d%03d%c", g_rand_int_range (random, 1, 3),
              g_rand_int_range (random, 50, 53), g_rand_int_range (random, 0, 20),
              "0X"[g_rand_int_range (random, 0, 2)]);
  g_snprintf (p->phone, sizeof p->phone, "100%04d%04d", g_rand_int_range (random, 0, 3),
              g_rand_int_range (random, 0, 20));
  p->town = g_rand_int_range (random, 0, TOWNS + 1);
  p->village = p->town == 1 ? g_rand_int_range (random, 0, VILLAGES + 1) : 0;
}

static void
state_plain (County *county, RegistryWriter *w, RegistryBatchId b, size_t i)
{
  g_autofree char *id = g_strdup_printf ("person-%zu", i + 1);
  g_autofree char *town = g_strdup_printf ("T%02d", plain[i].town);
  g_autofree char *village = g_strdup_printf ("place-%d", TOWNS + plain[i].village);
  county_state (county, w, b, id, "name", plain[i].named ? plain[i].name : "~");
  county_state (county, w, b, id, "code", plain[i].code);
  county_state (county, w, b, id, "phone", plain[i].phone);
  county_state (county, w, b, id, "town", plain[i].town ? town : "~");
  county_state (county, w, b, id, "village", plain[i].village ? village : "~");
}

static void
state_places (County *county, RegistryWriter *w, RegistryBatchId b)
{
  for (int i = 1; i <= TOWNS + VILLAGES; i++) {
    g_autofree char *id = g_strdup_printf ("place-%d", i);
    g_autofree char *code = g_strdup_printf ("T%02d%s", i > TOWNS ? 1 : i, i > TOWNS ? "-" : "");
    county_state (county, w, b, id, "code", code);
    county_state (county, w, b, id, "town", i > TOWNS ? "T01" : code);
  }
}

static void
write_random (County *county, GRand *random)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  state_places (county, w, b);
  for (size_t i = 0; i < PEOPLE; i++) {
    make_plain (random, &plain[i]);
    state_plain (county, w, b, i);
  }
  county_commit (w);
}

/* Some of them again, in a later batch. */
static void
change_random (County *county, GRand *random)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-02", NULL);
  for (size_t i = 0; i < PEOPLE; i++)
    if (g_rand_int_range (random, 0, 3) == 0) {
      make_plain (random, &plain[i]);
      state_plain (county, w, b, i);
    }
  county_commit (w);
}

static void
random_query (GRand *random, GString *query)
{
  static const char *const pieces[]
      = { "chen",  "c",  "lin", "l",   "yi", "y",     "dan", "shan", "sh",    "zh",  "z",
          "zhang", "le", "yue", "hua", "h",  "zhong", "ou",  "yang", "qiang", "x",   "na",
          "a",     "2",  "li",  "陈",  "依", "长",    "张",  "欧阳", "陳",    "zho", "350121",
          "0001",  "19", "50",  "X",   "x",  "0",     "12",  "100",  "1951" };
  g_string_truncate (query, 0);
  for (int i = g_rand_int_range (random, 1, 4); i > 0; i--)
    g_string_append (query, PICK (random, pieces));
}

/* All pages of a search are, together, what the scan finds, each once. */
static void
check_search (County *county, GRand *random, const char *query, int place)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  RegistrySearch what = { .text = query, .limit = (size_t)g_rand_int_range (random, 1, 40) };
  const RegistryEntity *places = registry_schema_entity (county->schema, "place");
  what.place = place ? subject_make (places, place) : 0;
  const RegistryHits *hits;
  size_t total = 0;
  do {
    hits = search (county, arena, "person", what);
    g_assert_true (hits->n == what.limit || !hits->more);
    for (size_t i = 0; i < hits->n; i++)
      if (!g_hash_table_add (seen, GINT_TO_POINTER ((int)subject_number (hits->hits[i].subject))))
        g_error ("\"%s\": %" G_GINT64_FORMAT " stands twice", query, subject_number (hits->hits[i].subject));
    what.after = hits->n ? hits->hits[hits->n - 1].subject : 0;
    total = MAX (total, hits->total);
    g_assert_cmpuint (hits->total, >=, total);
  } while (hits->more);
  g_assert_cmpuint (total, ==, g_hash_table_size (seen));
  for (int i = 0; i < PEOPLE; i++) {
    bool here = !place || plain[i].town == place || (place > TOWNS && plain[i].village == place - TOWNS);
    bool expected = here && matches (&plain[i], query);
    if (expected != g_hash_table_contains (seen, GINT_TO_POINTER (i + 1)))
      g_error ("\"%s\" in place %d: %d (%s %s %s, town %d) is %sfound", query, place, i + 1, plain[i].name,
               plain[i].code, plain[i].phone, plain[i].town, expected ? "not " : "");
  }
}

static void
check_searches (County *county, GRand *random)
{
  g_autoptr (GString) query = g_string_new (NULL);
  for (int i = 0; i < QUERIES; i++) {
    random_query (random, query);
    check_search (county, random, query->str,
                  g_rand_int_range (random, 0, 3) ? 0 : g_rand_int_range (random, 1, TOWNS + VILLAGES + 1));
  }
  check_search (county, random, "", 0);
  for (int place = 1; place <= TOWNS + VILLAGES; place++)
    check_search (county, random, "", place);
}

/* Every row of a table of search. */
static char *
dump (County *county, const char *entity)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *sql
      = g_strdup_printf ("SELECT coalesce(p.township, ''), s.key, s.subject, s.community FROM"
                         " search_%s AS s LEFT JOIN catalogue_township AS p ON p.number = s.place"
                         " ORDER BY 1, 2, 3",
                         entity);
  GError *error = NULL;
  StoreReader *reader = store_reader (registry_store (county->registry), &error);
  g_assert_no_error (error);
  StoreStatement *all = store_statement (store_reader_db (reader), g_intern_string (sql), &error);
  g_assert_no_error (error);
  while (store_step (all, &error) == STORE_ROW)
    g_string_append_printf (out, "%s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                            store_text (all, 0).bytes, store_text (all, 1).bytes, store_integer (all, 2),
                            store_integer (all, 3));
  g_assert_no_error (error);
  store_reader_release (reader);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static bool
forget_made (StoreConnection *db, gpointer unused, GError **error)
{
  return store_execute (db, "DELETE FROM catalogue_search", error);
}

static void
open_again (County *county)
{
  GError *error = NULL;
  registry_close (county->registry);
  county->registry = registry_open (county->path, 0, county->schema, &error);
  g_assert_no_error (error);
}

static void
test_scan (County *county, gconstpointer unused)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  write_random (county, random);
  check_searches (county, random);
  change_random (county, random);
  check_searches (county, random);
  g_autofree char *kept = dump (county, "person");
  GError *error = NULL;
  store_write (registry_store (county->registry), forget_made, NULL, &error);
  g_assert_no_error (error);
  open_again (county);
  g_autofree char *built = dump (county, "person");
  g_assert_cmpstr (kept, ==, built);
  check_searches (county, random);
}

/* A bulk load makes the tables at its end, and again at the end of the next. */
static void
test_bulk (County *county, gconstpointer unused)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  write_random (county, random);
  check_searches (county, random);
  change_random (county, random);
  GError *error = NULL;
  store_checkpoint (registry_store (county->registry), &error);
  g_assert_no_error (error);
  open_again (county);
  check_searches (county, random);
}

/* Who was merged into another is found as that one, and counted once; and again as two when it is undone. */
static void
test_merge (County *county, gconstpointer unused)
{
  GError *error = NULL;
  write_people (county);
  RegistryWriter *w = county_writer (county);
  gint64 merge
      = registry_writer_merge (w, county_subject (county, "person-1"), county_subject (county, "person-2"),
                               "test", "one person", county_instant ("2021-10-02"), &error);
  g_assert_no_error (error);
  county_commit (w);
  g_autofree char *kept = found (county, "person", "chen", NULL, NULL, 9);
  g_assert_cmpstr (kept, ==, "1:陈依 3:依陈");
  g_autofree char *rows = dump (county, "person");
  g_assert_null (strstr (rows, " 2 "));
  w = county_writer (county);
  registry_writer_unmerge (w, merge, "test", "two people", county_instant ("2021-10-03"), &error);
  g_assert_no_error (error);
  county_commit (w);
  g_autofree char *both = found (county, "person", "chen", NULL, NULL, 9);
  g_assert_cmpstr (both, ==, "2:陈 1:陈依 3:依陈");
}

/* ---- other schemas ----------------------------------------------------- */

static RegistrySchema *
schema_with_label (const char *label)
{
  g_autofree char *path = support_source ("tests/registry/search.yaml");
  g_autofree char *text = support_read (path, NULL);
  g_autoptr (GString) changed = g_string_new (text);
  g_autofree char *line = g_strdup_printf ("label: %s", label);
  g_string_replace (changed, "label: name", line, 1);
  GError *error = NULL;
  RegistrySchema *schema
      = registry_schema_parse ((Text){ changed->str, changed->len }, "changed.yaml", &error);
  g_assert_no_error (error);
  return schema;
}

/* Another label: found by that from then on, also where nothing was written since. */
static void
test_other_label (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  county_state (county, w, b, "person-1", "name", "陈依");
  county_state (county, w, b, "person-1", "former_name", "林凯");
  county_commit (w);
  g_assert_true (is_found (county, "person", "cy", 1));
  g_assert_false (is_found (county, "person", "lk", 1));
  registry_close (county->registry);
  RegistrySchema *other = schema_with_label ("former_name"), *first = county->schema;
  GError *error = NULL;
  /* Who only reads cannot make them. */
  county->schema = other;
  county->registry = registry_open (county->path, 0, other, &error);
  g_assert_no_error (error);
  g_assert_false (is_found (county, "person", "cy", 1));
  g_assert_true (is_found (county, "person", "lk", 1));
  store_write (registry_store (county->registry), forget_made, NULL, &error);
  g_assert_no_error (error);
  registry_close (county->registry);
  county->registry = registry_open (county->path, STORE_READ_ONLY, other, &error);
  g_assert_no_error (error);
  g_autoptr (Arena) arena = arena_new ();
  g_assert_null (registry_search (county->registry, arena, registry_schema_entity (other, "person"),
                                  &(RegistrySearch){ .text = "lk", .limit = 1 }, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
  registry_schema_free (first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, flags, test)                                                                              \
  g_test_add ("/registry/search/" name, County, GINT_TO_POINTER (flags), open_search, test, county_close)
  CASE ("names", 0, test_names);
  CASE ("numbers, places and bodies", 0, test_numbers);
  CASE ("about the hits", 0, test_about_hits);
  CASE ("refuses", 0, test_refuses);
  CASE ("as a scan", 0, test_scan);
  CASE ("bulk", STORE_BULK, test_bulk);
  CASE ("merged", 0, test_merge);
  CASE ("another label", 0, test_other_label);
  return g_test_run ();
}
