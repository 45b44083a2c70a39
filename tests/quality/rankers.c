#include "rankers_private.h"

/* ---- what all of them look at ------------------------------------------------------------ */

static const FulltextField plain_fields[] = { { "title", 100, false }, { "text", 100, false } };
static const FulltextField full_fields[] = { { "title", 300, true }, { "text", 100, false } };

static void
index_post (Rankers *r, size_t i)
{
  const QualityPost *post = &r->quality->posts[i];
  Text texts[RANKERS_FIELDS] = { text_of (post->seen.title), text_of (post->seen.text) };
  FulltextConcept concepts[FULLTEXT_CONCEPTS_MAX];
  FulltextDocument document = { .id = i, .texts = texts };
  fulltext_put (r->plain, &document, 1, NULL);
  for (guint8 f = 0; f < RANKERS_FIELDS; f++) {
    const Mentions *m = f ? &r->texts[i] : &r->titles[i];
    for (size_t k = 0; k < m->n && document.n_concepts < G_N_ELEMENTS (concepts); k++)
      concepts[document.n_concepts++] = (FulltextConcept){ f, m->mentions[k].concept };
  }
  document.concepts = concepts;
  fulltext_put (r->full, &document, 1, NULL);
}

Rankers *
rankers_new (const Quality *quality)
{
  Rankers *r = g_new0 (Rankers, 1);
  r->quality = quality;
  r->arena = arena_new ();
  r->plain = fulltext_new (&(FulltextShape){ RANKERS_FIELDS, plain_fields, 0, NULL });
  r->full = fulltext_new (&(FulltextShape){ RANKERS_FIELDS, full_fields, 0, NULL });
  r->titles = arena_new0 (r->arena, Mentions, quality->n_posts);
  r->texts = arena_new0 (r->arena, Mentions, quality->n_posts);
  for (size_t i = 0; i < quality->n_posts; i++) {
    r->titles[i].mentions = quality_mentions (quality->posts[i].seen.title, r->arena, &r->titles[i].n);
    r->texts[i].mentions = quality_mentions (quality->posts[i].seen.text, r->arena, &r->texts[i].n);
    index_post (r, i);
  }
  return r;
}

void
rankers_free (Rankers *r)
{
  fulltext_free (r->plain);
  fulltext_free (r->full);
  arena_free (r->arena);
  g_free (r);
}

bool
mentions_has (const Mentions *m, guint16 concept)
{
  for (size_t i = 0; i < m->n; i++)
    if (m->mentions[i].concept == concept)
      return true;
  return false;
}

/* ---- by words alone ------------------------------------------------------------------------- */

static size_t
take (const FulltextAnswer *answer, guint32 order[QUALITY_KEPT])
{
  for (size_t i = 0; i < answer->n_hits; i++)
    order[i] = (guint32)answer->hits[i].id;
  return answer->n_hits;
}

size_t
rank_bm25 (Rankers *r, size_t search, guint32 order[QUALITY_KEPT])
{
  g_autoptr (Arena) arena = arena_new ();
  const QualitySearch *person = &r->quality->searches[search];
  g_autoptr (GString) asked = g_string_new (person->seen.typed);
  for (size_t i = 0; i < person->seen.n_skills; i++)
    g_string_append_printf (asked, " %s", quality_skill_name (person->seen.skills[i]));
  g_string_append_printf (asked, " %s", quality_township (person->seen.township));
  FulltextQuery query = { .at_least = 1, .limit = QUALITY_KEPT };
  query.words = fulltext_words (text_of (asked->str), arena, &query.n_words, NULL);
  return take (fulltext_search (r->plain, &query, arena, NULL), order);
}

/* The words of what was typed, cut where the dictionary finds something, with what it means. */
static size_t
words_of (const QualitySearch *person, FulltextWord *words, Arena *arena)
{
  size_t n_mentions, n_typed, n = 0;
  const QualityMention *mentions = quality_mentions (person->seen.typed, arena, &n_mentions);
  const FulltextWord *typed = fulltext_words (text_of (person->seen.typed), arena, &n_typed, NULL);
  for (size_t i = 0; i < n_typed; i++)
    words[n++] = typed[i];
  for (size_t i = 0; i < n_mentions; i++) {
    FulltextMeaning *meaning = arena_new0 (arena, FulltextMeaning, 1);
    *meaning = (FulltextMeaning){ mentions[i].concept, 100 };
    words[n++] = (FulltextWord){ { NULL, 0 }, 1, meaning };
  }
  for (size_t i = 0; i < person->seen.n_skills; i++) {
    FulltextMeaning *meaning = arena_new0 (arena, FulltextMeaning, 1);
    *meaning = (FulltextMeaning){ (guint32)quality_occupations () + person->seen.skills[i], 30 };
    words[n++] = (FulltextWord){ { NULL, 0 }, 1, meaning };
  }
  return n;
}

const FulltextAnswer *
rankers_find (Rankers *r, size_t search, size_t limit, Arena *arena)
{
  FulltextWord *words = arena_new0 (arena, FulltextWord, FULLTEXT_WORDS_MAX);
  FulltextQuery query = { .words = words, .at_least = 1, .limit = limit };
  query.n_words = words_of (&r->quality->searches[search], words, arena);
  return fulltext_search (r->full, &query, arena, NULL);
}

/* ---- JobTech's weights ------------------------------------------------------------------------- */

enum { TERM = 10, CONCEPT = 9, HEADLINE = 5, CODE = 2, GROUP = 1, MUNICIPALITY = 2, REGION = 1 };

typedef struct {
  char **terms; /* as they were typed */
  const QualityMention *mentions;
  size_t n;
} Asked;

static unsigned
jobtech_score (const Rankers *r, const QualitySearch *person, const Asked *asked, size_t i)
{
  const QualityPost *post = &r->quality->posts[i];
  unsigned score = 0;
  for (char **term = asked->terms; *term; term++) {
    bool headline = **term && strstr (post->seen.title, *term);
    score += headline ? HEADLINE : 0;
    score += headline || (**term && strstr (post->seen.text, *term)) ? TERM : 0;
  }
  for (size_t k = 0; k < asked->n; k++) {
    guint16 concept = asked->mentions[k].concept;
    bool coded = concept < quality_occupations () && post->seen.code != QUALITY_NONE;
    score += mentions_has (&r->titles[i], concept) || mentions_has (&r->texts[i], concept) ? CONCEPT : 0;
    score += coded && concept == post->seen.code ? CODE : 0;
    score += coded && quality_family (concept) == quality_family (post->seen.code) ? GROUP : 0;
  }
  score += person->seen.township == post->seen.township ? MUNICIPALITY : 0;
  score += quality_beside (person->seen.township, post->seen.township) ? REGION : 0;
  return score;
}

typedef struct {
  unsigned score;
  guint32 post;
} Scored;

static int
best_first (const void *x, const void *y)
{
  const Scored *a = x, *b = y;
  return a->score != b->score ? (a->score < b->score) - (a->score > b->score)
                              : (a->post < b->post) - (a->post > b->post);
}

size_t
rank_jobtech (Rankers *r, size_t search, guint32 order[QUALITY_KEPT])
{
  g_autoptr (Arena) arena = arena_new ();
  const QualitySearch *person = &r->quality->searches[search];
  g_autoptr (GString) all = g_string_new (person->seen.typed);
  for (size_t i = 0; i < person->seen.n_skills; i++)
    g_string_append_printf (all, " %s", quality_skill_name (person->seen.skills[i]));
  g_auto (GStrv) terms = g_strsplit (all->str, " ", -1);
  Asked asked = { .terms = terms };
  asked.mentions = quality_mentions (all->str, arena, &asked.n);
  Scored *scored = arena_new0 (arena, Scored, r->quality->n_posts);
  for (size_t i = 0; i < r->quality->n_posts; i++)
    scored[i] = (Scored){ jobtech_score (r, person, &asked, i), (guint32)i };
  qsort (scored, r->quality->n_posts, sizeof *scored, best_first);
  size_t n = MIN (QUALITY_KEPT, r->quality->n_posts);
  for (size_t i = 0; i < n; i++)
    order[i] = scored[i].post;
  return n;
}
