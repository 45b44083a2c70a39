/* How good the order of posts is that people looking for work are shown: posts and searches made up
 * from a hidden truth, judged by rule (tests/quality/quality.h says how), nDCG at ten, against BM25 and
 * JobTech's published weights.  Asserts that nothing is shown that the person may not hold, that every
 * explanation adds up, that a tenth of the titles and of what is typed has no name that the tables know, and
 * that the order is at least 0.05 better than the better of both, also where what may not be held is taken
 * out of theirs, with the points for words; that a list of matches, which has none, is better at all.  By the
 * work alone it says by how much, and asserts nothing.
 *
 *     build-bench/bench/market_quality [POSTS [SEARCHES [SEED]]]      default 6000 500 9 */
#include "bench.h"
#include "measure.h"

static void
print (const char *name, const QualityMeasure *m)
{
  printf ("  %-18s nDCG@10 %.3f, by work alone %.3f; without what may not be held %.3f and %.3f; of what it "
          "shows "
          "%.1f %% may not\n",
          name, m->ndcg, m->work, m->lawful, m->lawful_work, 100 * m->unlawful);
}

/* How much better than the better of both. */
static double
check (const char *name, const QualityMeasure *own, const QualityMeasure *bm25, const QualityMeasure *jobtech)
{
  double best = MAX (MAX (bm25->ndcg, jobtech->ndcg), MAX (bm25->lawful, jobtech->lawful));
  double work = MAX (bm25->lawful_work, jobtech->lawful_work);
  printf ("  margin of %s %+.3f, by the work alone %+.3f\n", name, own->ndcg - best, own->work - work);
  bench_check (own->unlawful == 0 && own->explained == own->shown, NULL);
  return own->ndcg - best;
}

int
main (int argc, char **argv)
{
  size_t posts = argc > 1 ? (size_t)g_ascii_strtoull (argv[1], NULL, 10) : 6000;
  size_t searches = argc > 2 ? (size_t)g_ascii_strtoull (argv[2], NULL, 10) : 500;
  guint32 seed = argc > 3 ? (guint32)g_ascii_strtoull (argv[3], NULL, 10) : 9;
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (RegistrySchema) schema = NULL;
  const Market *market = quality_market (BENCH_POLICY, arena, &schema, &error);
  bench_check (market != NULL, error);
  g_autoptr (Quality) quality = quality_make (seed, posts, searches);
  g_autoptr (Vocabulary) words = quality_vocabulary (BENCH_POLICY, &error);
  bench_check (words != NULL, error);
  g_autoptr (Rankers) rankers = rankers_new (quality, words);
  RankersUnknown unknown = rankers_unknown (rankers);
  printf ("no occupation that the tables have in %.1f %% of titles and %.1f %% of what was typed\n",
          100 * unknown.titles, 100 * unknown.typed);
  bench_check (unknown.titles >= 0.1 && unknown.typed >= 0.1, NULL);
  g_autoptr (Ours) alone = ours_new (rankers, market, 0, &error);
  bench_check (alone != NULL, error);
  g_autoptr (Ours) ours = ours_new (rankers, market, QUALITY_WORDS, &error);
  bench_check (ours != NULL, error);
  Market one_sided = *market;
  one_sided.mutual = false;
  g_autoptr (Ours) by_score = ours_new (rankers, &one_sided, 0, &error);
  bench_check (by_score != NULL, error);
  for (size_t half = 0; half < 2; half++) {
    QualityMeasure bm25 = quality_measure (quality, rankers, rank_bm25, half);
    QualityMeasure jobtech = quality_measure (quality, rankers, rank_jobtech, half);
    double start = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
    QualityMeasure own = quality_measure_ours (quality, ours, ours_rank, half);
    double seconds = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - start;
    QualityMeasure list = quality_measure_ours (quality, alone, ours_list, half),
                   list_by_score = quality_measure_ours (quality, by_score, ours_list, half);
    printf ("%s: %zu searches over %zu posts, seed %u\n", half ? "reported" : "for tuning", own.n, posts,
            seed);
    print ("BM25", &bm25);
    print ("JobTech's weights", &jobtech);
    print ("market/ and words", &own);
    print ("matches, mutual", &list);
    print ("matches, by score", &list_by_score);
    bench_check (check ("matches", &list, &bm25, &jobtech) > 0, NULL);
    bench_check (check ("market/ and words", &own, &bm25, &jobtech) >= 0.05, NULL);
    printf ("  %.1f ms a search; %zu of %zu explanations add up\n", 1000 * seconds / (double)own.n,
            own.explained, own.shown);
  }
  return 0;
}
