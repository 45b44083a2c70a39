/* Searching people: how long a page takes, by kind of query, over a county of
 * N people and a half and a quarter of them; what the tables of search weigh and what
 * they add to a load.  Asserts that pages hold what a plain scan finds.
 *
 *     build/bench/search [PEOPLE [FOLDER]]      default 1200000 in $TMPDIR
 *
 * Names are made of Fujian's most frequent surnames and of characters with a
 * frequency that falls off as it does in names; numbers are synthetic. */
#include "bench.h"
#include "registry/registry.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TOWNS = 15, VILLAGES = 330, LIMIT = 20, SAMPLES = 60, NAME_SIZE = 16 };

/* Per mille of people, roughly; the rest share the others. */
static const struct {
  const char *surname;
  int weight;
} surnames[] = {
  { "陈", 113 }, { "林", 96 }, { "黄", 55 },  { "张", 50 },  { "吴", 46 }, { "李", 45 }, { "郑", 36 },
  { "王", 35 },  { "刘", 26 }, { "苏", 21 },  { "蔡", 20 },  { "杨", 19 }, { "许", 18 }, { "叶", 18 },
  { "谢", 16 },  { "郭", 15 }, { "曾", 15 },  { "洪", 14 },  { "邱", 13 }, { "周", 12 }, { "何", 11 },
  { "江", 10 },  { "余", 10 }, { "赖", 9 },   { "罗", 9 },   { "徐", 9 },  { "游", 8 },  { "程", 8 },
  { "潘", 8 },   { "翁", 8 },  { "朱", 7 },   { "高", 7 },   { "魏", 6 },  { "连", 6 },  { "詹", 5 },
  { "俞", 4 },   { "卢", 4 },  { "严", 4 },   { "欧阳", 2 }, { "解", 1 },  { "单", 1 },  { "仇", 1 },
  { "区", 1 },   { "查", 1 },  { "尉迟", 1 }, { "安", 1 },
};

static const char given[]
    = "明华文国建平志伟海金玉丽秀英美芳珍兰清云春梅燕红霞玲萍香月桂琴娟凤花莲雪爱惠群强军杰峰斌勇辉鹏飞龙宇浩"
      "泽子轩涵梓欣怡佳琪雨诗思嘉宜婷静雅慧敏颖倩莉晶洁琳雯瑶璇莹晨曦阳天昊睿博瑞俊凯航晓东生德福荣祥庆忠义"
      "仁信诚良善正光宏远立新民兴发财贵宝根长来水木火土山川江河林森木依妹弟细仔炳灿煌坤基铭锋鑫鸿达成功乐重"
      "行朝武威振翔旭升晖耀贤才学书画诗词琅瑜瑾瑛珊珠璐琼碧翠蓉莎菁蕾薇芸芝茹苗若兮弈赟翀喆";

typedef struct {
  char name[NAME_SIZE], number[19], phone[12];
  guint8 town;
  guint16 village;
} Person;

typedef struct {
  Registry *registry;
  const RegistryEntity *resident, *place;
  Person *people;
  size_t n;
  GRand *random;
} County;

/* ---- making people ----------------------------------------------------- */

static const char *
pick_surname (GRand *random)
{
  static int total;
  if (!total)
    for (size_t i = 0; i < G_N_ELEMENTS (surnames); i++)
      total += surnames[i].weight;
  int at = g_rand_int_range (random, 0, total);
  for (size_t i = 0;; i++)
    if ((at -= surnames[i].weight) < 0)
      return surnames[i].surname;
}

/* The square of a uniform number: the first are chosen most.  NAME is zero behind its end. */
static void
append_given (GRand *random, char name[NAME_SIZE])
{
  enum { HAN = 3 };
  double u = g_rand_double (random);
  size_t at = (size_t)(u * u * (double)((sizeof given - 1) / HAN)) * HAN, len = strlen (name);
  if (len + HAN < NAME_SIZE)
    memcpy (name + len, given + at, HAN);
}

static void
make_person (GRand *random, Person *p, gint64 i)
{
  memset (p, 0, sizeof *p);
  g_strlcpy (p->name, pick_surname (random), NAME_SIZE);
  append_given (random, p->name);
  if (g_rand_int_range (random, 0, 100) < 85)
    append_given (random, p->name);
  gint64 year;
  int month, day;
  civil_from_day (g_rand_int_range (random, -10000, 18000), &year, &month, &day);
  g_snprintf (p->number, sizeof p->number, "%06d%04d%02d%02d%03d%c",
              i % 10 ? 359999 : 359000 + (int)(i % 999), (int)year, month, day,
              g_rand_int_range (random, 0, 1000), "0123456789X"[i % 11]);
  g_snprintf (p->phone, sizeof p->phone, "100%08" G_GINT64_FORMAT, i * 7919 % 100000000);
  /* Towns of unlike size; villages in them. */
  double u = g_rand_double (random);
  p->town = (guint8)(u * u * TOWNS);
  p->village = (guint16)(p->town + TOWNS * g_rand_int_range (random, 0, VILLAGES / TOWNS));
}

static void
town_code (int town, char code[16])
{
  g_snprintf (code, 16, "350121%03d", 100 + town);
}

/* ---- loading ----------------------------------------------------------- */

static const RegistryAttribute *
attribute (const RegistryEntity *e, const char *id)
{
  const RegistryAttribute *a = registry_entity_attribute (e, id);
  g_assert (a);
  return a;
}

static RegistryFact
text_fact (const RegistryEntity *e, const char *id, const char *text)
{
  return (RegistryFact){ attribute (e, id), REGISTRY_VALUE, 0, text_of (text) };
}

static void
append (RegistryWriter *w, RegistryBatchId batch, Subject subject, const RegistryFact *facts, size_t n)
{
  GError *error = NULL;
  bench_check (registry_writer_append (w, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, facts, n, &error),
               error);
}

static void
load_places (County *c, RegistryWriter *w, RegistryBatchId batch)
{
  for (int i = 0; i < TOWNS + VILLAGES; i++) {
    char town[16], code[32];
    town_code (i < TOWNS ? i : (i - TOWNS) % TOWNS, town);
    g_snprintf (code, sizeof code, i < TOWNS ? "%s" : "%s%03d", town, i);
    RegistryFact facts[] = { text_fact (c->place, "name", "测试村"), text_fact (c->place, "code", code),
                             text_fact (c->place, "township", town) };
    append (w, batch, registry_writer_subject (w, c->place), facts, G_N_ELEMENTS (facts));
  }
}

static void
load_people (County *c, RegistryWriter *w, RegistryBatchId batch)
{
  const RegistryEntity *e = c->resident;
  for (size_t i = 0; i < c->n; i++) {
    Person *p = &c->people[i];
    char town[16];
    make_person (c->random, p, (gint64)i);
    town_code (p->town, town);
    RegistryFact facts[] = {
      text_fact (e, "name", p->name),
      text_fact (e, "id_number", p->number),
      text_fact (e, "phone", p->phone),
      text_fact (e, "township", town),
      { attribute (e, "residence"), REGISTRY_VALUE, subject_make (c->place, 1 + TOWNS + p->village), { 0 } }
    };
    append (w, batch, registry_writer_subject (w, e), facts, G_N_ELEMENTS (facts));
  }
}

static void
load (County *c, const char *path, const RegistrySchema *schema)
{
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  c->registry = registry_open (path, STORE_CREATE | STORE_BULK, schema, &error);
  bench_check (c->registry != NULL, error);
  g_autoptr (RegistryWriter) w = registry_writer_new (c->registry, &error);
  bench_check (w != NULL, error);
  RegistryBatch about = { "县公安局", "bench", NULL, 1700000000, NULL };
  RegistryBatchId batch = registry_writer_batch (w, &about, &error);
  bench_check (batch != 0, error);
  load_places (c, w, batch);
  load_people (c, w, batch);
  double facts = (double)(g_get_monotonic_time () - start) / 1e6;
  bench_check (registry_writer_commit (w, &error) && store_checkpoint (registry_store (c->registry), &error),
               error);
  double all = (double)(g_get_monotonic_time () - start) / 1e6;
  g_autoptr (StoreReader) reader = store_reader (registry_store (c->registry), &error);
  bench_check (reader != NULL, error);
  gint64 bytes = 0;
  bench_check (store_query (store_reader_db (reader),
                            "SELECT sum(pgsize) FROM dbstat WHERE name = 'search_resident'", 0, &bytes,
                            &error),
               error);
  printf ("%zu people: facts %.1f s, then indexes and search %.1f s; search %.0f bytes a person\n", c->n,
          facts, all - facts, (double)bytes / (double)c->n);
}

/* ---- asking ------------------------------------------------------------ */

static const RegistryHits *
ask (County *c, Arena *arena, const char *text, Subject place)
{
  GError *error = NULL;
  RegistrySearch what = { .text = text, .place = place, .limit = LIMIT };
  const RegistryHits *hits = registry_search (c->registry, arena, c->resident, &what, &error);
  bench_check (hits != NULL, error);
  return hits;
}

/* How the first person that PICKED points at would be asked for. */
typedef void (*MakeQuery) (const Person *p, char query[64]);
/* Whether P is a hit, by a plain look at it; NULL where that takes more than a look. */
typedef bool (*IsHit) (const Person *p, const char *query);

static const char *
after_first (const char *name)
{
  return g_utf8_next_char (name);
}

static void
ask_name (const Person *p, char q[64])
{
  g_strlcpy (q, p->name, 64);
}

static void
ask_given (const Person *p, char q[64])
{
  g_strlcpy (q, after_first (p->name), 64);
}

static void
ask_surname (const Person *p, char q[64])
{
  g_snprintf (q, 64, "%.*s", (int)(after_first (p->name) - p->name), p->name);
}

static void
ask_character (const Person *p, char q[64])
{
  const char *at = after_first (p->name);
  g_snprintf (q, 64, "%.*s", (int)(g_utf8_next_char (at) - at), at);
}

/* The readings of the name: whole, or their first letters; N units of them. */
static void
spell (const Person *p, size_t first, size_t n, size_t letters, char q[64])
{
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  size_t all = spelling_split (text_of (p->name), buffer, units);
  *q = '\0';
  for (size_t i = 0; i < MIN (all, n); i++) {
    size_t len = strlen (q), take = MIN (units[i].readings[0].letters.len, i < first ? 64 : letters);
    g_snprintf (q + len, 64 - len, "%.*s", (int)take, units[i].readings[0].letters.bytes);
  }
}

static void
ask_reading (const Person *p, char q[64])
{
  spell (p, 9, 9, 0, q);
}

static void
ask_surname_reading (const Person *p, char q[64])
{
  spell (p, 9, 1, 0, q);
}

static void
ask_initials (const Person *p, char q[64])
{
  spell (p, 0, 9, 1, q);
}

static void
ask_two_initials (const Person *p, char q[64])
{
  spell (p, 0, 2, 1, q);
}

static void
ask_mixed (const Person *p, char q[64])
{
  spell (p, 1, 9, 1, q);
}

static void
ask_letter (const Person *p, char q[64])
{
  spell (p, 0, 1, 1, q);
}

/* A frequent first letter and a syllable that hardly any name has. */
static void
ask_rare (const Person *p, char q[64])
{
  static const char *const syllables[] = { "yo", "ri", "nou", "lve", "zei", "den", "seng", "kei" };
  g_snprintf (q, 64, "%c%s", "lcyzx"[p->number[13] % 5], syllables[p->number[15] % 8]);
}

static void
ask_nobody (const Person *p, char q[64])
{
  g_snprintf (q, 64, "%.6s龘", p->name);
}

static void
ask_number (const Person *p, char q[64])
{
  g_strlcpy (q, p->number, 64);
}

static void
ask_region (const Person *p, char q[64])
{
  g_snprintf (q, 64, "%.6s", p->number);
}

static void
ask_number_end (const Person *p, char q[64])
{
  g_strlcpy (q, p->number + 12, 64);
}

static void
ask_phone (const Person *p, char q[64])
{
  g_strlcpy (q, p->phone, 64);
}

static void
ask_phone_end (const Person *p, char q[64])
{
  g_strlcpy (q, p->phone + 7, 64);
}

static void
ask_all (const Person *p, char q[64])
{
  *q = '\0';
}

static bool
in_name (const Person *p, const char *q)
{
  return strstr (p->name, q) != NULL;
}

static bool
in_number (const Person *p, const char *q)
{
  return strlen (q) >= 6 && (g_str_has_prefix (p->number, q) || g_str_has_suffix (p->number, q));
}

static bool
in_any_number (const Person *p, const char *q)
{
  return in_number (p, q) || g_str_has_suffix (p->phone, q);
}

static bool
is_anybody (const Person *p, const char *q)
{
  return true;
}

static const struct {
  const char *zh;
  MakeQuery make;
  IsHit is_hit;
} kinds[] = {
  { "whole name", ask_name, in_name },
  { "given name", ask_given, in_name },
  { "surname", ask_surname, in_name },
  { "one character", ask_character, in_name },
  { "reading", ask_reading, NULL },
  { "surname's reading", ask_surname_reading, NULL },
  { "initials", ask_initials, NULL },
  { "two initials", ask_two_initials, NULL },
  { "surname + initials", ask_mixed, NULL },
  { "one letter", ask_letter, NULL },
  { "letter + rare syllable", ask_rare, NULL },
  { "nobody's name", ask_nobody, in_name },
  { "ID number", ask_number, in_any_number },
  { "first six digits", ask_region, in_any_number },
  { "last six digits", ask_number_end, in_any_number },
  { "telephone", ask_phone, in_any_number },
  { "last four digits", ask_phone_end, in_any_number },
  { "everybody", ask_all, is_anybody },
};

enum { ANYWHERE, IN_TOWN, IN_VILLAGE, SCOPES };

static Subject
place_of (const County *c, const Person *p, int scope)
{
  return scope == ANYWHERE ? 0
                           : subject_make (c->place, scope == IN_TOWN ? 1 + p->town : 1 + TOWNS + p->village);
}

static bool
is_there (const Person *p, const Person *asked, int scope)
{
  return scope == ANYWHERE || (scope == IN_TOWN ? p->town == asked->town : p->village == asked->village);
}

/* The page holds hits, all of them where they fit, and the count is right. */
static void
compare_with_scan (const County *c, const RegistryHits *hits, const Person *asked, const char *query,
                   int scope, IsHit is_hit)
{
  size_t all = 0;
  for (size_t i = 0; i < c->n; i++)
    all += is_there (&c->people[i], asked, scope) && is_hit (&c->people[i], query);
  g_assert_cmpuint (hits->n, ==, MIN (all, LIMIT));
  g_assert_cmpuint (hits->total, ==, MIN (all, REGISTRY_TOTAL_MAX));
  g_assert_cmpint (hits->more, ==, all > LIMIT);
  for (size_t i = 0; i < hits->n; i++) {
    const Person *p = &c->people[subject_number (hits->hits[i].subject) - 1];
    g_assert_cmpstr (hits->hits[i].label, ==, p->name);
    g_assert (is_there (p, asked, scope) && is_hit (p, query));
  }
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  return *(const int *)a - *(const int *)b;
}

/* Microseconds of this thread: the search is its work alone, and other programs do not count. */
static gint64
processor_time (void)
{
  struct timespec t;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (gint64)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Who made the query must be on the first page where everybody found fits it. */
static bool
has (const RegistryHits *hits, const County *c, const Person *p)
{
  for (size_t i = 0; i < hits->n; i++)
    if (subject_number (hits->hits[i].subject) == p - c->people + 1)
      return true;
  return false;
}

static void
time_kind (County *c, size_t kind, int scope, GArray *all)
{
  g_autoptr (Arena) arena = arena_new ();
  int times[SAMPLES];
  for (int i = 0; i < SAMPLES; i++) {
    const Person *p = &c->people[g_rand_int_range (c->random, 0, (gint32)c->n)];
    char query[64];
    kinds[kind].make (p, query);
    arena_reset (arena);
    gint64 before = processor_time ();
    const RegistryHits *hits = ask (c, arena, query, place_of (c, p, scope));
    times[i] = (int)(processor_time () - before);
    g_array_append_val (all, times[i]);
    if (kinds[kind].is_hit && i < 2)
      compare_with_scan (c, hits, p, query, scope, kinds[kind].is_hit);
    else if (!kinds[kind].is_hit && kinds[kind].make != ask_rare && !hits->more)
      g_assert (has (hits, c, p));
  }
  qsort (times, SAMPLES, sizeof *times, compare_times);
  printf ("  %6.2f %6.2f", times[SAMPLES / 2] / 1e3, times[SAMPLES - 1] / 1e3);
}

static void
time_all (County *c)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (int));
  printf ("%-24s  %13s  %13s  %13s   ms of one processor: median, largest of %d\n", "", "anywhere",
          "in a town", "in a village", SAMPLES);
  for (size_t kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    printf ("%-24s", kinds[kind].zh);
    for (int scope = 0; scope < SCOPES; scope++)
      time_kind (c, kind, scope, all);
    printf ("\n");
  }
  g_array_sort (all, compare_times);
  printf ("all %u: median %.2f ms, 99th of 100 %.2f ms, largest %.2f ms\n\n", all->len,
          g_array_index (all, int, all->len / 2) / 1e3, g_array_index (all, int, all->len * 99 / 100) / 1e3,
          g_array_index (all, int, all->len - 1) / 1e3);
}

static void
run (const RegistrySchema *schema, const char *path, size_t people)
{
  g_unlink (path);
  County c = { .resident = registry_schema_entity (schema, "resident"),
               .place = registry_schema_entity (schema, "place"),
               .people = g_new0 (Person, people),
               .n = people,
               .random = g_rand_new_with_seed (4) };
  load (&c, path, schema);
  time_all (&c);
  registry_close (c.registry);
  g_rand_free (c.random);
  g_free (c.people);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  size_t people = argc > 1 ? (size_t)g_ascii_strtoull (argv[1], NULL, 10) : 1200000;
  g_autofree char *path = g_build_filename (argc > 2 ? argv[2] : g_get_tmp_dir (), "liudong-search.db", NULL);
  GError *error = NULL;
  g_autoptr (RegistrySchema) schema = registry_schema_load (BENCH_POLICY "/registry.yaml", &error);
  bench_check (schema != NULL, error);
  for (size_t part = 4; part >= 1; part /= 2)
    run (schema, path, people / part);
  return 0;
}
