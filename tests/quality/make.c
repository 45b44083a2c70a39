#include "quality.h"
#include "quality_private.h"

typedef struct {
  GRand *random;
  Arena *arena;
} Maker;

static size_t
pick (Maker *m, size_t n)
{
  return (size_t)g_rand_int_range (m->random, 0, (gint32)n);
}

static bool
chance (Maker *m, unsigned per_cent)
{
  return pick (m, 100) < per_cent;
}

/* One of NAME's; the first as often as all others. */
static const char *
some_name (Maker *m, const QualityName *name)
{
  return chance (m, 40) ? name->names[0] : name->names[pick (m, name->n)];
}

/* What somebody calls OCCUPATION: in every eighth case not by a name. */
static const char *
call (Maker *m, guint16 occupation)
{
  const QualityFacts *facts = quality_facts (occupation);
  return chance (m, 12) ? facts->said.names[pick (m, facts->said.n)] : some_name (m, &facts->name);
}

/* TEXT with one character exchanged for one of the same sound, or left out. */
static char *
misspell (Maker *m, const char *text)
{
  static const char *const alike[][2]
      = { { "工", "公" }, { "员", "圆" }, { "师", "师傅" }, { "焊", "汗" }, { "计", "记" },
          { "厨", "橱" }, { "护", "互" }, { "管", "官" },   { "机", "基" }, { "客", "课" } };
  for (size_t i = 0, start = pick (m, G_N_ELEMENTS (alike)); i < G_N_ELEMENTS (alike); i++) {
    const char *const *pair = alike[(start + i) % G_N_ELEMENTS (alike)];
    const char *at = strstr (text, pair[0]);
    if (at)
      return arena_printf (m->arena, "%.*s%s%s", (int)(at - text), text, pair[1], at + strlen (pair[0]));
  }
  return arena_text (m->arena, text_of (text));
}

static size_t
some_skills (Maker *m, guint16 occupation, size_t most, guint16 *skills)
{
  const QualityFacts *facts = quality_facts (occupation);
  size_t n = 0, first = pick (m, facts->n_skills);
  for (size_t i = 0; i < facts->n_skills && n < most; i++)
    skills[n++] = facts->skills[(first + i) % facts->n_skills];
  return n;
}

static guint16
sibling (Maker *m, guint16 occupation)
{
  guint16 other;
  do
    other = (guint16)pick (m, quality_occupations ());
  while (quality_family (other) != quality_family (occupation));
  return other;
}

/* ---- posts ------------------------------------------------------------------------------- */

static const char *
write_title (Maker *m, guint16 occupation)
{
  const char *name = call (m, occupation);
  if (chance (m, 6))
    name = misspell (m, name);
  return arena_printf (m->arena, "%s%s%s", chance (m, 30) ? shouts[pick (m, G_N_ELEMENTS (shouts))] : "",
                       name, chance (m, 30) ? ends[pick (m, G_N_ELEMENTS (ends))] : "");
}

/* The skills, most of them; who else is about; and what every advertisement says. */
static const char *
write_text (Maker *m, const QualityPost *post)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (size_t i = 0; i < post->hidden.n_skills; i++)
    if (chance (m, 80))
      g_string_append_printf (text, "%s%s", text->len ? "、" : "要会",
                              some_name (m, quality_skill (post->hidden.skills[i])));
  g_string_append (text, text->len ? "。" : "待遇面谈。");
  if (chance (m, 35))
    g_string_append_printf (text, "工作中和%s、%s配合。",
                            quality_facts ((guint16)pick (m, quality_occupations ()))->name.names[0],
                            quality_facts (sibling (m, post->hidden.occupation))->name.names[0]);
  for (size_t i = 1 + pick (m, 3); i > 0; i--)
    g_string_append_printf (text, "%s。", filler[pick (m, G_N_ELEMENTS (filler))]);
  if (chance (m, 50))
    g_string_append_printf (text, "上班地点在%s。", townships[post->seen.township]);
  return arena_text (m->arena, (Text){ text->str, text->len });
}

static void
make_post (Maker *m, QualityPost *post)
{
  guint16 occupation = post->hidden.occupation = (guint16)pick (m, quality_occupations ());
  const QualityFacts *facts = quality_facts (occupation);
  post->hidden.n_skills = some_skills (m, occupation, 2 + pick (m, 3), post->hidden.skills);
  /* Trades gather in clusters: half of a family's posts are in two townships. */
  post->seen.township = (guint16)(chance (m, 50) ? (facts->family * 4U + pick (m, 2)) % QUALITY_TOWNS
                                                 : pick (m, QUALITY_TOWNS));
  post->seen.pay = facts->pay * (75 + (gint64)pick (m, 60)) / 100 / 100 * 100;
  post->seen.kind = chance (m, 4) ? QUALITY_PUBLIC : chance (m, 3) ? QUALITY_WELFARE : QUALITY_COMPANY;
  post->seen.certificate = facts->certificate;
  post->seen.education = (guint16)(1 + pick (m, 3));
  post->seen.age = (unsigned)pick (m, 60);
  post->seen.listed = chance (m, 75)   ? facts->name.names[0]
                      : chance (m, 40) ? quality_facts (sibling (m, occupation))->name.names[0]
                                       : "";
  post->seen.title = write_title (m, occupation);
  post->seen.text = write_text (m, post);
}

/* ---- searches ------------------------------------------------------------------------------- */

/* NAME's syllables, or their first letters. */
static const char *
spell (Maker *m, const char *name, bool initials)
{
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  size_t n = spelling_split (text_of (name), buffer, units);
  g_autoptr (GString) typed = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_len (typed, units[i].readings[0].letters.bytes,
                         initials ? 1 : (gssize)units[i].readings[0].letters.len);
  return arena_text (m->arena, (Text){ typed->str, typed->len });
}

static const char *
write_typed (Maker *m, const QualitySearch *search)
{
  const QualityName *name = &quality_facts (search->hidden.occupation)->name;
  const char *typed = call (m, search->hidden.occupation);
  size_t how = pick (m, 100);
  if (how < 8)
    typed = spell (m, name->names[0], false);
  else if (how < 12)
    typed = spell (m, name->names[0], true);
  else if (how < 22)
    typed = misspell (m, typed);
  if (chance (m, 30))
    typed = arena_printf (m->arena, "%s %s", typed, some_name (m, quality_skill (search->hidden.skills[0])));
  return typed;
}

static void
make_search (Maker *m, QualitySearch *search)
{
  guint16 occupation = search->hidden.occupation = (guint16)pick (m, quality_occupations ());
  const QualityFacts *facts = quality_facts (occupation);
  search->hidden.n_skills = some_skills (m, occupation, 2 + pick (m, 4), search->hidden.skills);
  for (size_t i = 0; i < search->hidden.n_skills; i++)
    if (chance (m, 70))
      search->seen.skills[search->seen.n_skills++] = some_name (m, quality_skill (search->hidden.skills[i]));
  search->seen.listed = chance (m, 40) ? facts->name.names[0] : "";
  search->seen.township = (guint16)(chance (m, 50) ? (facts->family * 4U + pick (m, 2)) % QUALITY_TOWNS
                                                   : pick (m, QUALITY_TOWNS));
  search->seen.pay = facts->pay * (70 + (gint64)pick (m, 40)) / 100 / 100 * 100;
  search->seen.certificate = chance (m, 80) ? facts->certificate : 0;
  search->seen.education = (guint16)(1 + pick (m, 4));
  search->seen.hard_to_employ = chance (m, 10);
  search->seen.typed = write_typed (m, search);
}

Quality *
quality_make (guint32 seed, size_t n_posts, size_t n_searches)
{
  Quality *quality = g_new0 (Quality, 1);
  quality->arena = arena_new ();
  Maker m = { g_rand_new_with_seed (seed), quality->arena };
  QualityPost *posts = arena_new0 (m.arena, QualityPost, n_posts);
  QualitySearch *searches = arena_new0 (m.arena, QualitySearch, n_searches);
  for (size_t i = 0; i < n_posts; i++)
    make_post (&m, &posts[i]);
  for (size_t i = 0; i < n_searches; i++)
    make_search (&m, &searches[i]);
  quality->posts = posts;
  quality->searches = searches;
  quality->n_posts = n_posts;
  quality->n_searches = n_searches;
  g_rand_free (m.random);
  return quality;
}

void
quality_free (Quality *quality)
{
  arena_free (quality->arena);
  g_free (quality);
}
