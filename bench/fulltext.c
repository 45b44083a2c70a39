/* Searching texts: 100,000 advertisements made up of words with the frequencies that words have;
 * how long they take to come in, at once and one by one, what they weigh, and how long a search with two
 * filters and four facets takes, by kind of query.  Asserts that answers are those of a scorer that looks at
 * every document.
 *
 *     build-bench/bench/fulltext [DOCUMENTS]      default 100000 */
#include "bench.h"
#include "fulltext/fulltext.h"
#include "naive.h"

#include <math.h>

enum { FIELDS = 3, COLUMNS = 4, SAMPLES = 400, CHECKED = 3, TOWNS = 15, EMPLOYERS = 5000, LIMIT = 20 };

static const FulltextField fields[]
    = { { "title", 300, true }, { "text", 100, false }, { "employer", 100, false } };
static const char *const columns[] = { "township", "kind", "occupation", "employer" };
static const FulltextShape shape = { FIELDS, fields, COLUMNS, columns };

static const char *const titles[] = {
  "电焊工",     "会计",       "出纳",     "厨师",       "服务员",     "收银员",   "保安",
  "保洁员",     "叉车司机",   "货车司机", "仓库管理员", "文员",       "行政助理", "人事专员",
  "销售代表",   "客服专员",   "电工",     "水电工",     "钳工",       "车工",     "数控车床操作工",
  "缝纫工",     "质检员",     "机修工",   "电商运营",   "美工",       "主播",     "软件工程师",
  "网络管理员", "护士",       "药师",     "养老护理员", "育婴师",     "幼儿教师", "保育员",
  "茶艺师",     "木工",       "油漆工",   "施工员",     "资料员",     "造价员",   "安全员",
  "测量员",     "汽车维修工", "快递员",   "外卖骑手",   "家政服务员", "园艺工",   "水产养殖员",
  "普工",
};
static const char *const words[] = {
  "负责",     "公司",   "工作",   "熟悉",   "要求",   "经验",   "以上",   "相关",   "操作",   "能力",
  "设备",     "产品",   "客户",   "管理",   "优先",   "包吃",   "包住",   "五险",   "一金",   "双休",
  "加班",     "培训",   "晋升",   "年终奖", "提成",   "底薪",   "月薪",   "补贴",   "节日",   "福利",
  "吃苦耐劳", "责任心", "沟通",   "团队",   "协作",   "学历",   "大专",   "本科",   "高中",   "中专",
  "持证",     "上岗",   "电工证", "焊工证", "驾驶证", "健康证", "会计证", "二保焊", "氩弧焊", "图纸",
  "机床",     "编程",   "车间",   "生产",   "质量",   "检验",   "仓储",   "物流",   "配送",   "装卸",
  "包装",     "流水线", "缝制",   "裁剪",   "打版",   "面料",   "服装",   "鞋材",   "食品",   "饮料",
  "冷库",     "水产",   "养殖",   "种植",   "茶叶",   "橄榄",   "果园",   "温室",   "灌溉",   "施工",
  "工地",     "钢筋",   "模板",   "混凝土", "测量",   "造价",   "预算",   "监理",   "装修",   "水电",
  "安装",     "维修",   "保养",   "空调",   "电梯",   "汽车",   "轮胎",   "喷漆",   "钣金",   "网店",
  "直播",     "带货",   "剪辑",   "拍摄",   "文案",   "策划",   "推广",   "运营",   "数据",   "分析",
  "开发",     "测试",   "系统",   "网络",   "服务器", "数据库", "前端",   "后端",   "护理",   "病房",
  "门诊",     "药品",   "处方",   "康复",   "老人",   "儿童",   "早教",   "课程",   "备课",   "班级",
  "招生",     "餐厅",   "后厨",   "切配",   "凉菜",   "面点",   "点餐",   "迎宾",   "客房",   "前台",
  "礼仪",     "茶艺",   "讲解",   "导游",   "景区",   "门票",   "停车",   "巡逻",
};
static const char *const latin[]
    = { "excel", "photoshop", "autocad", "erp", "plc", "java", "python", "office", "ug", "solidworks" };

typedef struct {
  GRand *random;
  size_t n;
  FulltextDocument *documents;
  NaiveDocument *naive;
  Text *texts;      /* FIELDS each */
  guint16 *columns; /* COLUMNS each */
  Fulltext *index;
} Bench;

/* Zipf's: the k-th word as often as 1 / k. */
static size_t
pick (Bench *b, size_t n)
{
  return (size_t)(exp (g_rand_double (b->random) * log ((double)n + 1)) - 1) % n;
}

static double
make_text (Bench *b, GString *text)
{
  double length = 0;
  for (int sentence = 8 + g_rand_int_range (b->random, 0, 24); sentence > 0; sentence--) {
    for (int i = 2 + g_rand_int_range (b->random, 0, 6); i > 0; i--) {
      const char *word = words[pick (b, G_N_ELEMENTS (words))];
      g_string_append (text, word);
      length += (double)g_utf8_strlen (word, -1);
    }
    if (!g_rand_int_range (b->random, 0, 6)) {
      g_string_append_printf (text, " %s ", latin[pick (b, G_N_ELEMENTS (latin))]);
      length++;
    }
    g_string_append (text, "，");
  }
  return length;
}

static void
make_document (Bench *b, size_t i)
{
  size_t title = pick (b, G_N_ELEMENTS (titles)), employer = pick (b, EMPLOYERS);
  const char *word = words[pick (b, G_N_ELEMENTS (words))];
  g_autoptr (GString) text = g_string_new (NULL);
  NaiveDocument *naive = &b->naive[i];
  naive->id = i;
  naive->length[1] = make_text (b, text);
  char *said[FIELDS] = { g_strdup_printf ("%s（%s）", titles[title], word), g_strdup (text->str),
                         g_strdup_printf ("福建%s%s有限公司", words[employer % G_N_ELEMENTS (words)],
                                          words[employer / G_N_ELEMENTS (words) % G_N_ELEMENTS (words)]) };
  naive->length[0] = (double)(g_utf8_strlen (said[0], -1) - 2);
  naive->length[2] = (double)g_utf8_strlen (said[2], -1);
  guint16 *values = b->columns + i * COLUMNS;
  values[0] = (guint16)g_rand_int_range (b->random, 0, TOWNS);
  values[1] = (guint16)g_rand_int_range (b->random, 0, 3);
  values[2] = (guint16)title;
  values[3] = (guint16)employer;
  naive->columns = values;
  for (int f = 0; f < FIELDS; f++) {
    naive->said[f] = said[f];
    b->texts[i * FIELDS + (size_t)f] = text_of (said[f]);
  }
  b->documents[i] = (FulltextDocument){ .id = i, .texts = b->texts + i * FIELDS, .columns = values };
}

static void
make (Bench *b)
{
  b->random = g_rand_new_with_seed (9);
  b->documents = g_new0 (FulltextDocument, b->n);
  b->naive = g_new0 (NaiveDocument, b->n);
  b->texts = g_new0 (Text, b->n * FIELDS);
  b->columns = g_new0 (guint16, b->n * COLUMNS);
  for (size_t i = 0; i < b->n; i++)
    make_document (b, i);
}

/* ---- coming in ------------------------------------------------------------------------ */

static void
put_all (Bench *b)
{
  GError *error = NULL;
  size_t bytes = 0;
  for (size_t i = 0; i < b->n * FIELDS; i++)
    bytes += b->texts[i].len;
  double start = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
  bench_check (fulltext_put (b->index, b->documents, b->n, &error), error);
  double all = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - start;
  printf ("%zu documents of %zu bytes: %.2f s; the index takes %zu bytes a document\n", b->n, bytes / b->n,
          all, fulltext_bytes (b->index) / b->n);
}

/* A tenth of them once more, one by one. */
static void
replace_some (Bench *b)
{
  GError *error = NULL;
  size_t n = b->n / 10;
  g_autofree double *times = g_new (double, n);
  double all = 0;
  for (size_t i = 0; i < n; i++) {
    double start = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
    bench_check (fulltext_put (b->index, &b->documents[i * 7919 % b->n], 1, &error), error);
    all += times[i] = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - start;
  }
  double median = bench_median (times, n);
  printf ("replaced one by one: %.0f a second; median %.3f ms, 99th of 100 %.2f ms, largest %.0f ms\n",
          (double)n / all, median * 1e3, times[n * 99 / 100] * 1e3, times[n - 1] * 1e3);
}

/* ---- queries ----------------------------------------------------------------------------- */

typedef enum {
  ASK_TITLE,
  ASK_TWO,
  ASK_COMMON,
  ASK_THREE,
  ASK_LATIN,
  ASK_SYLLABLES,
  ASK_INITIALS,
  ASK_TYPO,
  ASK_LETTER_TYPO,
  ASK_SENTENCE,
  ASK_NOTHING,
  KINDS
} Kind;
static const char *const kinds[]
    = { "a title",           "a title and a word", "the commonest word",   "three words",
        "a word in letters", "syllables",          "first letters",        "a wrong character",
        "a wrong letter",    "a sentence",         "nothing: all there is" };

static void
spell (const char *title, bool initials, GString *typed)
{
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  size_t n = spelling_split (text_of (title), buffer, units);
  for (size_t i = 0; i < n; i++)
    g_string_append_len (typed, units[i].readings[0].letters.bytes,
                         initials ? 1 : (gssize)units[i].readings[0].letters.len);
}

static void
ask (Bench *b, Kind kind, GString *typed)
{
  const char *title = titles[pick (b, G_N_ELEMENTS (titles))];
  g_string_truncate (typed, 0);
  switch (kind) {
  case ASK_TITLE: g_string_append (typed, title); break;
  case ASK_TWO: g_string_append_printf (typed, "%s %s", title, words[pick (b, G_N_ELEMENTS (words))]); break;
  case ASK_COMMON: g_string_append (typed, words[0]); break;
  case ASK_THREE:
    for (int i = 0; i < 3; i++)
      g_string_append_printf (typed, "%s ", words[pick (b, 40)]);
    break;
  case ASK_LATIN: g_string_append (typed, latin[pick (b, G_N_ELEMENTS (latin))]); break;
  case ASK_SYLLABLES: spell (title, false, typed); break;
  case ASK_INITIALS: spell (title, true, typed); break;
  case ASK_TYPO: g_string_append_printf (typed, "%s铥员", title); break;
  case ASK_LETTER_TYPO:
    spell (title, false, typed);
    typed->str[typed->len / 2] = 'q';
    break;
  case ASK_SENTENCE: g_string_append_printf (typed, "我想找%s的工作包吃住", title); break;
  default: break;
  }
}

static const FulltextAnswer *
search (Bench *b, Text typed, Arena *arena)
{
  static const guint16 towns[] = { 1, 3, 4, 7, 9, 11 };
  static const FulltextFilter filters[] = { { 0, 6, towns, 0, 0 }, { 1, 0, NULL, 0, 1 } };
  static const unsigned facets[] = { 0, 1, 2, 3 };
  GError *error = NULL;
  FulltextQuery query = {
    .n_filters = 2, .filters = filters, .n_facets = 4, .facets = facets, .facet_limit = 20, .limit = LIMIT
  };
  query.words = fulltext_words (typed, arena, &query.n_words, &error);
  bench_check (query.words != NULL, error);
  const FulltextAnswer *answer = fulltext_search (b->index, &query, arena, &error);
  bench_check (answer != NULL, error);
  return answer;
}

static bool
passes (const NaiveDocument *d)
{
  static const bool towns[TOWNS]
      = { [1] = true, [3] = true, [4] = true, [7] = true, [9] = true, [11] = true };
  return towns[d->columns[0]] && d->columns[1] <= 1;
}

/* The words of TYPED are of characters or of letters; each by its pairs. */
static void
check (Bench *b, const char *typed, const FulltextAnswer *answer, Arena *arena)
{
  g_auto (GStrv) parts = g_strsplit (g_strstrip (arena_text (arena, text_of (typed))), " ", -1);
  NaiveWord asked[3] = { { 0 } };
  size_t n, at = 0, found = 0, n_words = g_strv_length (parts);
  for (size_t w = 0; w < n_words; w++) {
    NaiveWay *way = &asked[w].ways[asked[w].n++];
    way->factor = 1;
    if (g_ascii_isalpha (*parts[w]))
      way->needles[way->n++] = arena_printf (arena, " %s ", parts[w]);
    else
      for (const char *p = parts[w], *next; *(next = g_utf8_next_char (p)); p = next)
        way->needles[way->n++] = arena_text (arena, (Text){ p, (size_t)(g_utf8_next_char (next) - p) });
    way->need = way->n;
  }
  g_autofree NaiveHit *hits = naive_search (&shape, b->naive, b->n, asked, n_words, &n);
  for (size_t i = 0; i < n; i++) {
    if (!passes (hits[i].document))
      continue;
    if (found++ < answer->n_hits) {
      const FulltextHit *hit = &answer->hits[at++];
      bench_check (fabs (hit->score - hits[i].score) < 1e-4 * (1 + hits[i].score), NULL);
    }
  }
  bench_check (found == answer->n_found && at == MIN (found, LIMIT), NULL);
}

static void
time_kinds (Bench *b)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) typed = g_string_new (NULL);
  g_autofree double *all = g_new (double, KINDS *SAMPLES);
  printf ("%-24s %8s %8s %8s %10s   ms of one processor\n", "", "median", "99/100", "largest", "found");
  for (Kind kind = 0; kind < KINDS; kind++) {
    double times[SAMPLES], found = 0;
    for (int i = 0; i < SAMPLES; i++) {
      ask (b, kind, typed);
      arena_reset (arena);
      double start = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
      const FulltextAnswer *answer = search (b, (Text){ typed->str, typed->len }, arena);
      all[kind * SAMPLES + (size_t)i] = times[i] = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - start;
      found += (double)answer->n_found / SAMPLES;
      if (i < CHECKED && kind <= ASK_LATIN)
        check (b, typed->str, answer, arena);
    }
    double median = bench_median (times, SAMPLES);
    printf ("%-24s %8.2f %8.2f %8.2f %10.0f\n", kinds[kind], median * 1e3, times[SAMPLES * 99 / 100] * 1e3,
            times[SAMPLES - 1] * 1e3, found);
  }
  double median = bench_median (all, KINDS * SAMPLES);
  printf ("%-24s %8.2f %8.2f %8.2f\n", "all", median * 1e3, all[KINDS * SAMPLES * 99 / 100] * 1e3,
          all[KINDS * SAMPLES - 1] * 1e3);
}

int
main (int argc, char **argv)
{
  Bench b = { .n = argc > 1 ? (size_t)g_ascii_strtoull (argv[1], NULL, 10) : 100000 };
  make (&b);
  b.index = fulltext_new (&shape);
  put_all (&b);
  time_kinds (&b);
  replace_some (&b);
  time_kinds (&b);
  fulltext_free (b.index);
  return 0;
}
