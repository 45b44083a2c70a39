#include "rankers_private.h"

/* ---- what all of them look at ------------------------------------------------------------ */

static const FulltextField plain_fields[] = { { "title", 100, false }, { "text", 100, false } };
static const FulltextField full_fields[] = { { "title", 300, true }, { "text", 100, false } };

static void
index_post (Rankers *r, size_t i)
{
  const QualityPost *post = &r->quality->posts[i];
  Text texts[RANKERS_FIELDS] = { text_of (post->seen.title), text_of (r->bodies[i]) };
  FulltextConcept concepts[FULLTEXT_CONCEPTS_MAX];
  FulltextDocument document = { .id = i, .texts = texts };
  fulltext_put (r->plain, &document, 1, NULL);
  for (guint8 f = 0; f < RANKERS_FIELDS; f++) {
    Concepts found = f ? r->texts[i] : r->titles[i];
    for (size_t k = 0; k < found.n && document.n_concepts < G_N_ELEMENTS (concepts); k++)
      concepts[document.n_concepts++] = (FulltextConcept){ f, found.list[k] };
  }
  document.concepts = concepts;
  fulltext_put (r->full, &document, 1, NULL);
}

static void
read_post (Rankers *r, size_t i)
{
  const QualityPost *post = &r->quality->posts[i];
  r->bodies[i] = arena_printf (r->arena, "%s %s", post->seen.text, post->seen.listed);
  r->titles[i] = concepts_mentioned (r->words, r->arena, post->seen.title);
  r->texts[i] = concepts_mentioned (r->words, r->arena, r->bodies[i]);
  r->listed[i] = concepts_named (r->words, r->arena, post->seen.listed);
  index_post (r, i);
}

static void
read_search (Rankers *r, size_t i)
{
  const QualitySearch *person = &r->quality->searches[i];
  g_autofree char *skills = g_strjoinv ("、", (char **)person->seen.skills);
  bool same = strstr (person->seen.typed, person->seen.listed) != NULL;
  r->asked[i] = arena_printf (r->arena, "%s %s", person->seen.typed, same ? "" : person->seen.listed);
  r->wanted[i] = concepts_join (r->arena, concepts_typed (r->words, r->arena, person->seen.typed),
                                concepts_named (r->words, r->arena, person->seen.listed));
  r->skills[i] = concepts_mentioned (r->words, r->arena, skills);
}

Rankers *
rankers_new (const Quality *quality, const Vocabulary *words)
{
  Rankers *r = g_new0 (Rankers, 1);
  r->quality = quality;
  r->words = words;
  r->arena = arena_new ();
  r->plain = fulltext_new (&(FulltextShape){ RANKERS_FIELDS, plain_fields, 0, NULL });
  r->full = fulltext_new (&(FulltextShape){ RANKERS_FIELDS, full_fields, 0, NULL });
  r->titles = arena_new0 (r->arena, Concepts, quality->n_posts);
  r->texts = arena_new0 (r->arena, Concepts, quality->n_posts);
  r->listed = arena_new0 (r->arena, Concepts, quality->n_posts);
  r->wanted = arena_new0 (r->arena, Concepts, quality->n_searches);
  r->skills = arena_new0 (r->arena, Concepts, quality->n_searches);
  r->bodies = arena_new0 (r->arena, const char *, quality->n_posts);
  r->asked = arena_new0 (r->arena, const char *, quality->n_searches);
  for (size_t i = 0; i < quality->n_posts; i++)
    read_post (r, i);
  for (size_t i = 0; i < quality->n_searches; i++)
    read_search (r, i);
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

static bool
names_occupation (const Rankers *r, Arena *arena, const char *text)
{
  Concepts concepts = concepts_mentioned (r->words, arena, text);
  guint32 *occupations = arena_new0 (arena, guint32, concepts.n + 1);
  return concepts_of_kind (r->words, concepts, VOCABULARY_OCCUPATION, occupations) > 0;
}

RankersUnknown
rankers_unknown (const Rankers *r)
{
  g_autoptr (Arena) arena = arena_new ();
  RankersUnknown unknown = { 0, 0 };
  for (size_t i = 0; i < r->quality->n_posts; i++)
    unknown.titles += !names_occupation (r, arena, r->quality->posts[i].seen.title);
  for (size_t i = 0; i < r->quality->n_searches; i++)
    unknown.typed += !names_occupation (r, arena, r->quality->searches[i].seen.typed);
  unknown.titles /= (double)r->quality->n_posts;
  unknown.typed /= (double)r->quality->n_searches;
  return unknown;
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
  g_autoptr (GString) asked = g_string_new (r->asked[search]);
  for (size_t i = 0; i < person->seen.n_skills; i++)
    g_string_append_printf (asked, " %s", person->seen.skills[i]);
  g_string_append_printf (asked, " %s", quality_township (person->seen.township));
  FulltextQuery query = { .at_least = 1, .limit = QUALITY_KEPT };
  query.words = fulltext_words (text_of (asked->str), arena, &query.n_words, NULL);
  return take (fulltext_search (r->plain, &query, arena, NULL), order);
}

static size_t
add_meanings (FulltextWord *words, size_t n, Concepts concepts, unsigned per_cent, Arena *arena)
{
  for (size_t i = 0; i < concepts.n && n < FULLTEXT_WORDS_MAX; i++) {
    FulltextMeaning *meaning = arena_new0 (arena, FulltextMeaning, 1);
    *meaning = (FulltextMeaning){ concepts.list[i], per_cent };
    words[n++] = (FulltextWord){ { NULL, 0 }, 1, meaning };
  }
  return n;
}

/* The profile's skills that the tables do not have, as they stand. */
static size_t
add_unknown (const Rankers *r, size_t search, FulltextWord *words, size_t n, Arena *arena)
{
  const QualitySearch *person = &r->quality->searches[search];
  for (size_t i = 0; i < person->seen.n_skills && n < FULLTEXT_WORDS_MAX; i++)
    if (!concepts_mentioned (r->words, arena, person->seen.skills[i]).n)
      words[n++] = (FulltextWord){ .text = text_of (person->seen.skills[i]) };
  return n;
}

/* The words of what was typed, what it means, and less so what the profile's skills mean. */
static size_t
words_of (const Rankers *r, size_t search, FulltextWord *words, Arena *arena)
{
  size_t n = 0, n_typed;
  const FulltextWord *typed = fulltext_words (text_of (r->asked[search]), arena, &n_typed, NULL);
  for (; n < n_typed; n++)
    words[n] = typed[n];
  n = add_meanings (words, n, r->wanted[search], 100, arena);
  return add_meanings (words, add_unknown (r, search, words, n, arena), r->skills[search], 30, arena);
}

const FulltextAnswer *
rankers_find (Rankers *r, size_t search, size_t limit, Arena *arena)
{
  FulltextWord *words = arena_new0 (arena, FulltextWord, FULLTEXT_WORDS_MAX);
  FulltextQuery query = { .words = words, .at_least = 1, .limit = limit };
  query.n_words = words_of (r, search, words, arena);
  return fulltext_search (r->full, &query, arena, NULL);
}

/* ---- JobTech's weights ------------------------------------------------------------------------- */

enum { TERM = 10, CONCEPT = 9, HEADLINE = 5, CODE = 2, GROUP = 1, MUNICIPALITY = 2, REGION = 1 };

typedef struct {
  char **terms; /* as they were typed */
  Concepts wanted, skills;
} Asked;

static unsigned
score_concepts (const Rankers *r, Concepts asked, size_t i)
{
  size_t n;
  const VocabularyConcept *all = vocabulary_concepts (r->words, &n);
  unsigned score = 0;
  for (size_t k = 0; k < asked.n; k++) {
    guint32 concept = asked.list[k], code = r->listed[i].n ? r->listed[i].list[0] : VOCABULARY_NONE;
    score += concepts_has (r->titles[i], concept) || concepts_has (r->texts[i], concept) ? CONCEPT : 0;
    if (all[concept].kind == VOCABULARY_OCCUPATION && code != VOCABULARY_NONE) {
      score += concept == code ? CODE : 0;
      score += all[concept].parent == all[code].parent ? GROUP : 0;
    }
  }
  return score;
}

static unsigned
jobtech_score (const Rankers *r, const QualitySearch *person, const Asked *asked, size_t i)
{
  const QualityPost *post = &r->quality->posts[i];
  unsigned score = score_concepts (r, asked->wanted, i) + score_concepts (r, asked->skills, i);
  for (char **term = asked->terms; *term; term++) {
    bool headline = **term && strstr (post->seen.title, *term);
    score += headline ? HEADLINE : 0;
    score += headline || (**term && strstr (r->bodies[i], *term)) ? TERM : 0;
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
  g_autoptr (GString) all = g_string_new (r->asked[search]);
  for (size_t i = 0; i < person->seen.n_skills; i++)
    g_string_append_printf (all, " %s", person->seen.skills[i]);
  g_auto (GStrv) terms = g_strsplit (all->str, " ", -1);
  Asked asked = { terms, r->wanted[search], r->skills[search] };
  Scored *scored = arena_new0 (arena, Scored, r->quality->n_posts);
  for (size_t i = 0; i < r->quality->n_posts; i++)
    scored[i] = (Scored){ jobtech_score (r, person, &asked, i), (guint32)i };
  qsort (scored, r->quality->n_posts, sizeof *scored, best_first);
  size_t n = MIN (QUALITY_KEPT, r->quality->n_posts);
  for (size_t i = 0; i < n; i++)
    order[i] = scored[i].post;
  return n;
}
