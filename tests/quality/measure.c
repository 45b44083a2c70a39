#include "measure.h"

static void
add (QualityMeasure *m, const Quality *quality, size_t search, guint32 order[QUALITY_KEPT], size_t n)
{
  double ndcg = quality_ndcg (quality, QUALITY_ALL, search, order, n);
  double work = quality_ndcg (quality, QUALITY_WORK, search, order, n);
  size_t kept = 0;
  if (ndcg < 0)
    return;
  m->n++;
  m->ndcg += ndcg;
  m->work += work;
  for (size_t i = 0; i < n; i++) {
    bool may = quality_may_hold (&quality->searches[search], &quality->posts[order[i]]);
    m->shown += i < QUALITY_TOP;
    m->unlawful += i < QUALITY_TOP && !may;
    if (may)
      order[kept++] = order[i];
  }
  m->lawful += quality_ndcg (quality, QUALITY_ALL, search, order, kept);
  m->lawful_work += quality_ndcg (quality, QUALITY_WORK, search, order, kept);
}

static void
finish (QualityMeasure *m)
{
  m->ndcg /= (double)m->n;
  m->work /= (double)m->n;
  m->lawful_work /= (double)m->n;
  m->lawful /= (double)m->n;
  m->unlawful /= (double)MAX (m->shown, 1);
}

QualityMeasure
quality_measure (const Quality *quality, Rankers *rankers, Ranker rank, size_t half)
{
  QualityMeasure m = { 0 };
  for (size_t s = half; s < quality->n_searches; s += 2) {
    guint32 order[QUALITY_KEPT];
    size_t n = rank (rankers, s, order);
    add (&m, quality, s, order, n);
  }
  finish (&m);
  return m;
}

static bool
adds_up (Ours *ours, Arena *arena, size_t search, const OursShown *shown)
{
  const MarketReasons *why = ours_explain (ours, arena, search, shown->post);
  unsigned sum = shown->words;
  for (size_t p = 0; p < ours_market (ours)->n_parts; p++)
    sum += why->points[p];
  return why->outcome == MARKET_QUALIFIED && sum == shown->score;
}

QualityMeasure
quality_measure_ours (const Quality *quality, Ours *ours, OursRanker rank, size_t half)
{
  QualityMeasure m = { 0 };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t s = half; s < quality->n_searches; s += 2) {
    OursShown shown[QUALITY_KEPT];
    guint32 order[QUALITY_KEPT];
    size_t n = rank (ours, s, shown), before = m.n;
    for (size_t i = 0; i < n; i++)
      order[i] = shown[i].post;
    add (&m, quality, s, order, n);
    for (size_t i = 0; i < MIN (n, QUALITY_TOP) && m.n > before; i++)
      m.explained += adds_up (ours, arena, s, &shown[i]);
    arena_reset (arena);
  }
  finish (&m);
  return m;
}

const Market *
quality_market (const char *policy, Arena *arena, RegistrySchema **schema, GError **error)
{
  g_autofree char *schema_path = g_build_filename (policy, "registry.yaml", NULL);
  g_autofree char *path = g_build_filename (policy, "markets", "jobs.yaml", NULL);
  *schema = registry_schema_load (schema_path, error);
  return *schema ? market_read (arena, path, *schema, error) : NULL;
}

Vocabulary *
quality_vocabulary (const char *policy, GError **error)
{
  g_autofree char *path = g_build_filename (policy, "vocabulary", NULL);
  return vocabulary_load (path, error);
}
