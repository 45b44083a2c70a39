#include "quality_private.h"

#include <math.h>
#include <stdlib.h>

bool
quality_may_hold (const QualitySearch *person, const QualityPost *post)
{
  if (post->seen.certificate && post->seen.certificate != person->seen.certificate)
    return false;
  if (post->seen.kind == QUALITY_PUBLIC && person->seen.education < post->seen.education)
    return false;
  return post->seen.kind != QUALITY_WELFARE || person->seen.hard_to_employ;
}

static bool
has_half_the_skills (const QualitySearch *person, const QualityPost *post)
{
  size_t has = 0;
  for (size_t i = 0; i < post->hidden.n_skills; i++)
    for (size_t k = 0; k < person->hidden.n_skills; k++)
      has += post->hidden.skills[i] == person->hidden.skills[k];
  return 2 * has >= post->hidden.n_skills;
}

unsigned
quality_grade (QualityJudge judge, const QualitySearch *person, const QualityPost *post)
{
  if (!quality_may_hold (person, post))
    return 0;
  bool skills = has_half_the_skills (person, post);
  unsigned holds = skills + quality_beside (person->seen.township, post->seen.township)
                   + (10 * post->seen.pay >= 9 * person->seen.pay);
  bool same = person->hidden.occupation == post->hidden.occupation;
  bool family = quality_family (person->hidden.occupation) == quality_family (post->hidden.occupation);
  if (judge == QUALITY_WORK)
    return same ? 2U + skills : family && skills;
  if (same)
    return holds == 3 ? 3 : holds == 2 ? 2 : 1;
  if (!family)
    return 0;
  return holds == 3 ? 2 : skills && holds == 2 ? 1 : 0;
}

static double
gain (unsigned grade, size_t place)
{
  return (exp2 (grade) - 1) / log2 ((double)place + 2);
}

double
quality_ndcg (const Quality *quality, QualityJudge judge, size_t search, const guint32 *order, size_t n)
{
  enum { GRADES = 4 };
  size_t counts[GRADES] = { 0 };
  double best = 0, got = 0;
  const QualitySearch *person = &quality->searches[search];
  for (size_t i = 0; i < quality->n_posts; i++)
    counts[quality_grade (judge, person, &quality->posts[i])]++;
  for (size_t place = 0, grade = GRADES - 1; place < QUALITY_TOP && grade > 0;) {
    if (!counts[grade])
      grade--;
    else {
      best += gain ((unsigned)grade, place++);
      counts[grade]--;
    }
  }
  for (size_t place = 0; place < MIN (n, QUALITY_TOP); place++)
    got += gain (quality_grade (judge, person, &quality->posts[order[place]]), place);
  return best > 0 ? got / best : -1;
}
