/* Words of work: how fast they are found in advertisements, and how long a suggestion takes for what somebody
 * has typed so far.  The advertisements are made of the county's words and of what stands between them; what
 * is typed are names, syllables and first letters of occupations, broken off anywhere, and with a wrong
 * character.  Asserts that some of the texts are read as the plain way does (every word tried at every
 * character), and that a whole name is suggested first.
 *
 *     build-bench/bench/vocabulary [MEGABYTES]      default 20 */
#include "bench.h"
#include "plain.h"

#include <string.h>

enum { ROUNDS = 5, CHECKED = 40, TYPED = 20000, BEST = 8 };

static const char *const between[] = {
  "诚聘",
  "，要求",
  "有两年以上经验，",
  "会用",
  "者优先；",
  "公司位于闽侯县青口镇，",
  "包吃包住，",
  "五险一金",
  "月薪6000-8000元，",
  "。工作时间8:00-17:30，",
  "须持",
  "，吃苦耐劳",
  "，能适应倒班，",
  "负责",
  "和日常管理工作。",
  "联系电话：13800000000。",
  "急招",
  "（男女不限）",
  "欢迎应届毕业生，",
  " OK ",
  "岗位职责：1、",
  "任职资格：",
};

static const char *
a_name (GRand *random, const Vocabulary *words, size_t first, size_t n)
{
  size_t n_all;
  const VocabularyConcept *one
      = vocabulary_concepts (words, &n_all) + first + (size_t)g_rand_int_range (random, 0, (gint32)n);
  guint others = g_strv_length ((char **)(gsize)one->words);
  guint which = (guint)g_rand_int_range (random, 0, (gint32)others + 1);
  return which ? one->words[which - 1] : one->zh;
}

/* Five words of work in a sentence's worth of others, until SIZE is there. */
static GString *
make_text (GRand *random, const Vocabulary *words, size_t size)
{
  GString *text = g_string_new (NULL);
  size_t n;
  vocabulary_concepts (words, &n);
  while (text->len < size) {
    for (int i = g_rand_int_range (random, 1, 5); i > 0; i--)
      g_string_append (text, between[g_rand_int_range (random, 0, G_N_ELEMENTS (between))]);
    g_string_append (text, a_name (random, words, 0, n));
  }
  return text;
}

static void
find_all (GRand *random, const Vocabulary *words, double megabytes)
{
  g_autoptr (GString) text = make_text (random, words, (size_t)(megabytes * 1e6));
  g_autoptr (Plain) plain = plain_new (words);
  double times[ROUNDS];
  size_t n = 0;
  for (int i = 0; i < CHECKED; i++) {
    g_autoptr (GString) some = make_text (random, words, 1000);
    bench_check (plain_agrees (plain, words, (Text){ some->str, some->len }), NULL);
  }
  for (int r = 0; r < ROUNDS; r++) {
    g_autoptr (Arena) arena = arena_new ();
    double start = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
    vocabulary_find (words, arena, (Text){ text->str, text->len }, &n);
    times[r] = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - start;
  }
  printf ("found: %zu words in %.1f MB, %.0f MB/s (median of %d)\n", n, (double)text->len / 1e6,
          (double)text->len / 1e6 / bench_median (times, ROUNDS), ROUNDS);
}

/* What somebody has typed of an occupation's NAME. */
static char *
type (GRand *random, const char *name)
{
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  size_t n = spelling_split (text_of (name), buffer, units);
  int how = g_rand_int_range (random, 0, 4);
  size_t some = 1 + (size_t)g_rand_int_range (random, 0, (gint32)MAX (n, 1));
  GString *typed = g_string_new (NULL);
  for (size_t u = 0; u < MIN (some, n); u++) {
    Text said = how < 2 || !units[u].n ? units[u].text : units[u].readings[0].letters;
    if (how == 1 && u == n / 2)
      said = text_of ("龙"); /* a wrong one */
    g_string_append_len (typed, said.bytes, how == 3 ? MIN ((gssize)said.len, 1) : (gssize)said.len);
  }
  return g_string_free (typed, FALSE);
}

/* Every occupation's whole name suggests it first, and the syllables of its name among the best. */
static void
check_suggested (const Vocabulary *words, const VocabularyConcept *occupations, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) said = g_string_new (NULL);
    char buffer[SPELLING_SIZE];
    SpellingUnit units[SPELLING_UNITS_MAX];
    size_t n_best, n_units = spelling_split (text_of (occupations[i].zh), buffer, units);
    bool found = occupations[i].is_group;
    const guint32 *best
        = vocabulary_suggest (words, arena, text_of (occupations[i].zh), VOCABULARY_OCCUPATION, 1, &n_best);
    bench_check (found || (n_best == 1 && best[0] == i), NULL);
    for (size_t u = 0; u < n_units; u++)
      if (units[u].n)
        g_string_append_len (said, units[u].readings[0].letters.bytes,
                             (gssize)units[u].readings[0].letters.len);
    best = vocabulary_suggest (words, arena, text_of (said->str), VOCABULARY_OCCUPATION, BEST, &n_best);
    for (size_t b = 0; b < n_best; b++)
      found = found || best[b] == i;
    bench_check (found, NULL);
  }
}

static void
suggest_all (GRand *random, const Vocabulary *words)
{
  g_autofree double *times = g_new (double, TYPED);
  size_t n, n_best;
  const VocabularyConcept *occupations = vocabulary_of_kind (words, VOCABULARY_OCCUPATION, &n);
  for (size_t i = 0; i < TYPED; i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *typed = type (random, a_name (random, words, 0, n));
    double start = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
    vocabulary_suggest (words, arena, text_of (typed), VOCABULARY_OCCUPATION, BEST, &n_best);
    times[i] = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - start;
  }
  check_suggested (words, occupations, n);
  double median = bench_median (times, TYPED); /* sorts */
  printf ("suggested: %.3f ms median, %.3f ms 99 of 100 times, %.3f ms at most (%d typed)\n", median * 1e3,
          times[TYPED * 99 / 100] * 1e3, times[TYPED - 1] * 1e3, TYPED);
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  double start = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
  g_autoptr (Vocabulary) words = vocabulary_load (BENCH_POLICY "/vocabulary", &error);
  bench_check (words != NULL, error);
  size_t counts[VOCABULARY_KINDS];
  for (int kind = 0; kind < VOCABULARY_KINDS; kind++)
    vocabulary_of_kind (words, (VocabularyKind)kind, &counts[kind]);
  printf ("read: %zu occupations, %zu skills, %zu certificates in %.1f ms\n", counts[VOCABULARY_OCCUPATION],
          counts[VOCABULARY_SKILL], counts[VOCABULARY_CERTIFICATE],
          (bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - start) * 1e3);
  find_all (random, words, argc > 1 ? atof (argv[1]) : 20);
  suggest_all (random, words);
  return 0;
}
