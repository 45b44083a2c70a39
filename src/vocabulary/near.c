/* What belongs to an occupation, and how near two are. */
#include "vocabulary/vocabulary_private.h"

static const VocabularyTie *
ties_of (const Vocabulary *v, int t, guint32 concept, size_t *n)
{
  *n = v->starts[t][concept + 1] - v->starts[t][concept];
  return v->ties[t] + v->starts[t][concept];
}

const VocabularyTie *
vocabulary_skills (const Vocabulary *v, guint32 occupation, size_t *n)
{
  return ties_of (v, TIE_SKILL, occupation, n);
}

const VocabularyTie *
vocabulary_certificates (const Vocabulary *v, guint32 occupation, size_t *n)
{
  return ties_of (v, TIE_CERTIFICATE, occupation, n);
}

const VocabularyTie *
vocabulary_included (const Vocabulary *v, guint32 certificate, size_t *n)
{
  return ties_of (v, TIE_INCLUDED, certificate, n);
}

/* The weight of skills that both use, and of those that either uses. */
static void
compare_skills (const Vocabulary *v, guint32 a, guint32 b, unsigned *both, unsigned *either)
{
  size_t n_a, n_b;
  const VocabularyTie *of_a = vocabulary_skills (v, a, &n_a), *of_b = vocabulary_skills (v, b, &n_b);
  *both = *either = 0;
  for (size_t i = 0; i < n_a; i++)
    *either += of_a[i].weight;
  for (size_t j = 0; j < n_b; j++) {
    unsigned had = 0;
    for (size_t i = 0; i < n_a; i++)
      if (of_a[i].concept == of_b[j].concept)
        had = of_a[i].weight;
    *both += MIN (had, of_b[j].weight);
    *either += of_b[j].weight - MIN (had, of_b[j].weight);
  }
}

unsigned
vocabulary_near (const Vocabulary *v, guint32 a, guint32 b)
{
  enum { SAME_GROUP = 30, SAME_MAJOR = 10, BY_SKILLS = 60 };
  const VocabularyConcept *x = &v->concepts[a], *y = &v->concepts[b];
  unsigned both, either, near = 0;
  if (a == b)
    return 100;
  if (x->kind != VOCABULARY_OCCUPATION || y->kind != VOCABULARY_OCCUPATION || x->is_group || y->is_group)
    return 0;
  compare_skills (v, a, b, &both, &either);
  near = either ? BY_SKILLS * both / either : 0;
  if (x->parent == VOCABULARY_NONE || y->parent == VOCABULARY_NONE)
    return near;
  if (x->parent == y->parent)
    return near + SAME_GROUP;
  guint32 of_x = v->concepts[x->parent].parent, of_y = v->concepts[y->parent].parent;
  return near + (of_x == of_y && of_x != VOCABULARY_NONE ? SAME_MAJOR : 0);
}

static unsigned
near_or_held (const Vocabulary *v, guint32 a, guint32 b)
{
  enum { HELD = 80 };
  if (v->concepts[a].parent == b || v->concepts[b].parent == a)
    return HELD;
  unsigned near = vocabulary_near (v, a, b);
  return near >= VOCABULARY_NEAR_LEAST ? near : 0;
}

const VocabularyTie *
vocabulary_neighbours (const Vocabulary *v, Arena *arena, VocabularyKind kind, const guint32 **out)
{
  guint32 first = (guint32)v->firsts[kind], n = (guint32)(v->firsts[kind + 1] - v->firsts[kind]);
  guint32 *starts = arena_new0 (arena, guint32, n + 1);
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (VocabularyTie));
  for (guint32 a = 0; a < n; a++) {
    VocabularyTie itself = { .concept = a, .weight = 100 };
    g_array_append_val (list, itself);
    for (guint32 b = 0; kind == VOCABULARY_OCCUPATION && b < n; b++) {
      VocabularyTie one
          = { .concept = b, .weight = a == b ? 0 : (guint8)near_or_held (v, first + a, first + b) };
      if (one.weight)
        g_array_append_val (list, one);
    }
    starts[a + 1] = list->len;
  }
  *out = starts;
  return list->len ? arena_copy (arena, list->data, list->len * sizeof (VocabularyTie)) : NULL;
}
