/* The measure of bench/market_quality, small: the order of posts is better than that of two others, lawful
 * and explained; the judge keeps to its rules; and neither the judge nor the rankers see what is
 * the other's. */
#include "measure.h"
#include "support.h"

enum { POSTS = 1500, SEARCHES = 120, SEED = 5 };

static const Market *
open_market (Arena *arena, RegistrySchema **schema)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *policy = support_source ("policy/minhou-2021-81");
  const Market *market = quality_market (policy, arena, schema, &error);
  g_assert_no_error (error);
  return market;
}

static Vocabulary *
open_words (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *policy = support_source ("policy/minhou-2021-81");
  Vocabulary *words = quality_vocabulary (policy, &error);
  g_assert_no_error (error);
  return words;
}

static Ours *
open_ours (const Market *market, Rankers *rankers)
{
  g_autoptr (GError) error = NULL;
  Ours *ours = ours_new (rankers, market, QUALITY_WORDS, &error);
  g_assert_no_error (error);
  return ours;
}

static void
test_better (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (RegistrySchema) schema = NULL;
  const Market *market = open_market (arena, &schema);
  g_autoptr (Vocabulary) words = open_words ();
  g_autoptr (Quality) quality = quality_make (SEED, POSTS, SEARCHES);
  g_autoptr (Rankers) rankers = rankers_new (quality, words);
  g_autoptr (Ours) ours = open_ours (market, rankers);
  QualityMeasure bm25 = quality_measure (quality, rankers, rank_bm25, 1);
  QualityMeasure jobtech = quality_measure (quality, rankers, rank_jobtech, 1);
  QualityMeasure own = quality_measure_ours (quality, ours, ours_rank, 1);
  g_test_message ("%.3f, BM25 %.3f, JobTech %.3f", own.ndcg, bm25.lawful, jobtech.lawful);
  RankersUnknown unknown = rankers_unknown (rankers);
  g_assert_cmpfloat (unknown.titles, >=, 0.1); /* what no table has is among the texts */
  g_assert_cmpfloat (unknown.typed, >=, 0.1);
  g_assert_cmpuint (own.n, >, SEARCHES / 3);
  g_assert_cmpfloat (own.unlawful, ==, 0);
  g_assert_cmpuint (own.explained, ==, own.shown);
  g_assert_cmpfloat (own.ndcg, >=, 0.05 + MAX (bm25.lawful, jobtech.lawful));
  g_assert_cmpfloat (jobtech.unlawful, >, 0); /* the others do show such posts */
}

/* The truth is changed under the rankers, and they do not notice; texts under the judge, likewise. */
static void
test_independent (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (RegistrySchema) schema = NULL;
  const Market *market = open_market (arena, &schema);
  g_autoptr (Quality) as_is = quality_make (SEED, POSTS, SEARCHES),
                      changed = quality_make (SEED, POSTS, SEARCHES);
  QualityPost *posts = (QualityPost *)changed->posts;
  for (size_t i = 0; i < POSTS; i++) {
    posts[i].hidden.occupation = 0;
    posts[i].hidden.n_skills = 0;
  }
  g_autoptr (Vocabulary) words = open_words ();
  g_autoptr (Rankers) r1 = rankers_new (as_is, words), r2 = rankers_new (changed, words);
  g_autoptr (Ours) o1 = open_ours (market, r1), o2 = open_ours (market, r2);
  for (size_t s = 0; s < SEARCHES; s++) {
    OursShown a[QUALITY_KEPT] = { { 0 } }, b[QUALITY_KEPT] = { { 0 } };
    g_assert_cmpuint (ours_rank (o1, s, a), ==, ours_rank (o2, s, b));
    g_assert_cmpmem (a, sizeof a, b, sizeof b);
  }
  QualityPost post = as_is->posts[0];
  post.seen.title = post.seen.text = "";
  post.seen.listed = "";
  for (size_t s = 0; s < SEARCHES; s++)
    g_assert_cmpuint (quality_grade (QUALITY_ALL, &as_is->searches[s], &post), ==,
                      quality_grade (QUALITY_ALL, &as_is->searches[s], &as_is->posts[0]));
}

/* A welder of Ganzhe who can do half of what is needed; family 1 has the first four occupations. */
static void
test_grades (void)
{
  static const struct {
    guint16 occupation, skill, township, certificate;
    gint64 pay;
    QualityKind kind;
    unsigned grade;
  } table[] = {
    { 0, 0, 0, 1, 5000, QUALITY_COMPANY, 3 },  { 0, 0, 1, 1, 5000, QUALITY_COMPANY, 3 }, /* beside it */
    { 0, 0, 14, 1, 4500, QUALITY_COMPANY, 3 }, /* the ring closes; nine tenths of the pay */
    { 0, 0, 7, 1, 5000, QUALITY_COMPANY, 2 },  /* far */
    { 0, 0, 0, 1, 4400, QUALITY_COMPANY, 2 },  /* little pay */
    { 0, 9, 0, 1, 5000, QUALITY_COMPANY, 2 },  /* other skills */
    { 0, 9, 7, 1, 5000, QUALITY_COMPANY, 1 },  { 0, 9, 7, 1, 1000, QUALITY_COMPANY, 1 },
    { 1, 0, 0, 0, 5000, QUALITY_COMPANY, 2 }, /* its family */
    { 1, 0, 7, 0, 5000, QUALITY_COMPANY, 1 },  { 1, 9, 0, 0, 5000, QUALITY_COMPANY, 0 },
    { 12, 0, 0, 0, 9000, QUALITY_COMPANY, 0 }, /* another */
    { 0, 0, 0, 2, 5000, QUALITY_COMPANY, 0 },  /* a certificate that is not there */
    { 0, 0, 0, 1, 5000, QUALITY_WELFARE, 0 },  /* not hard to employ */
    { 0, 0, 0, 1, 5000, QUALITY_PUBLIC, 0 },   /* asks for more education */
  };
  QualitySearch person
      = { .hidden = { 0, { 0, 1 }, 2 }, .seen = { .pay = 5000, .certificate = 1, .education = 2 } };
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    QualityPost post = { .hidden = { table[i].occupation, { table[i].skill, 8 }, 2 },
                         .seen = { .township = table[i].township,
                                   .certificate = table[i].certificate,
                                   .education = 3,
                                   .pay = table[i].pay,
                                   .kind = table[i].kind } };
    if (quality_grade (QUALITY_ALL, &person, &post) != table[i].grade)
      g_error ("row %zu: %u, expected %u", i, quality_grade (QUALITY_ALL, &person, &post), table[i].grade);
  }
}

static void
test_ndcg (void)
{
  g_autoptr (Quality) quality = quality_make (SEED, POSTS, SEARCHES);
  g_autofree guint32 *order = g_new (guint32, POSTS);
  for (size_t s = 0; s < 5; s++) {
    size_t n = 0;
    for (unsigned grade = 4; grade-- > 0;)
      for (guint32 i = 0; i < POSTS; i++)
        if (quality_grade (QUALITY_ALL, &quality->searches[s], &quality->posts[i]) == grade)
          order[n++] = i;
    g_assert_cmpfloat_with_epsilon (quality_ndcg (quality, QUALITY_ALL, s, order, n), 1, 1e-9);
    g_assert_cmpfloat (quality_ndcg (quality, QUALITY_ALL, s, order, 0), ==, 0);
    g_assert_cmpfloat (quality_ndcg (quality, QUALITY_ALL, s, order + 1, n - 1), <=, 1);
    g_assert_cmpfloat (quality_ndcg (quality, QUALITY_ALL, s, order + POSTS - QUALITY_TOP, QUALITY_TOP), ==,
                       0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quality/better", test_better);
  g_test_add_func ("/quality/independent", test_independent);
  g_test_add_func ("/quality/grades", test_grades);
  g_test_add_func ("/quality/ndcg", test_ndcg);
  return g_test_run ();
}
