#include "ours.h"
#include "rankers_private.h"

enum { CONCEPTS_MAX = 16, CERTIFICATES = 32, FOUND = 300, SPACES = 4, LEVEL = 3 };

struct Ours {
  Rankers *rankers;
  const Market *market;
  unsigned words;
  Arena *arena;
  MarketInput input;
  MarketRun *run;
};

/* ---- what is near ------------------------------------------------------------------------ */

static unsigned
near_occupations (guint32 a, guint32 b)
{
  unsigned near = quality_near ((guint16)a, (guint16)b);
  return near >= 40 ? near : 0;
}

static unsigned
near_townships (guint32 a, guint32 b)
{
  return a == b ? 100 : quality_beside ((guint16)a, (guint16)b) ? 90 : 0;
}

static unsigned
near_itself (guint32 a, guint32 b)
{
  return a == b ? 100 : 0;
}

static MarketSpace
make_space (Arena *arena, const char *id, size_t n, unsigned (*near) (guint32 a, guint32 b))
{
  guint32 *starts = arena_new0 (arena, guint32, n + 1), at = 0;
  MarketNear *all = arena_new0 (arena, MarketNear, n * n);
  const char **names = arena_new0 (arena, const char *, n);
  for (guint32 a = 0; a < n; a++) {
    names[a] = arena_printf (arena, "%s %u", id, a);
    all[at++] = (MarketNear){ a, 100 };
    for (guint32 b = 0; b < n; b++)
      if (b != a && near (a, b))
        all[at++] = (MarketNear){ b, (guint8)near (a, b) };
    starts[a + 1] = at;
  }
  return (MarketSpace){ id, (guint32)n, names, starts, all };
}

/* ---- what both sides say -------------------------------------------------------------------- */

/* A row's value into VALUE, or its concepts; how many these are. */
typedef size_t (*Say) (const Ours *o, size_t row, guint32 concepts[CONCEPTS_MAX], gint64 *value);

static const QualitySearch *
person (const Ours *o, size_t row)
{
  return &o->rankers->quality->searches[row];
}

static const QualityPost *
post (const Ours *o, size_t row)
{
  return &o->rankers->quality->posts[row];
}

static size_t
take_mentions (const QualityMention *mentions, size_t n, bool occupations, guint32 concepts[CONCEPTS_MAX])
{
  size_t kept = 0, first = quality_occupations ();
  for (size_t i = 0; i < n && kept < CONCEPTS_MAX - 1; i++)
    if ((mentions[i].concept < first) == occupations)
  concepts[kept++] = mentions[i].concept - (occupations ? 0 : (guint32)first);
  return kept;
}

static size_t
add_code (guint16 code, guint32 *concepts, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (concepts[i] == code)
      return n;
  if (code != QUALITY_NONE)
    concepts[n++] = code;
  return n;
}

/* What a title says counts before the code that somebody chose from a list. */
static size_t
say_occupation (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  const Mentions *title = &o->rankers->titles[row];
  size_t n = take_mentions (title->mentions, title->n, true, concepts);
  return n ? n : add_code (post (o, row)->seen.code, concepts, 0);
}

/* Words that the dictionary does not know mean what the posts are that they are found in. */
static size_t
guess_occupation (const Ours *o, size_t row, guint32 *concepts)
{
  enum { LOOKED_AT = 15 };
  g_autoptr (Arena) arena = arena_new ();
  const FulltextAnswer *answer = rankers_find (o->rankers, row, LOOKED_AT, arena);
  double *votes = arena_new0 (arena, double, quality_occupations ());
  size_t best = 0;
  for (size_t i = 0; i < answer->n_hits; i++) {
    size_t n = say_occupation (o, answer->hits[i].id, concepts, NULL);
    for (size_t k = 0; k < n; k++)
      votes[concepts[k]] += answer->hits[i].parts[0];
  }
  for (size_t i = 0; i < quality_occupations (); i++)
    best = votes[i] > votes[best] ? i : best;
  *concepts = (guint32)best;
  return votes[best] > 0;
}

static size_t
say_wanted (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const QualityMention *mentions = quality_mentions (person (o, row)->seen.typed, arena, &n);
  n = add_code (person (o, row)->seen.code, concepts, take_mentions (mentions, n, true, concepts));
  return n ? n : guess_occupation (o, row, concepts);
}

static size_t
say_no_trades (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  return 0;
}

static size_t
say_own_skills (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  const QualitySearch *p = person (o, row);
  for (size_t i = 0; i < p->seen.n_skills; i++)
    concepts[i] = p->seen.skills[i];
  return p->seen.n_skills;
}

static size_t
say_skills (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  const Mentions *text = &o->rankers->texts[row];
  return take_mentions (text->mentions, text->n, false, concepts);
}

static size_t
say_own_certificate (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *concepts = person (o, row)->seen.certificate;
  return *concepts > 0;
}

static size_t
say_certificate (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *concepts = post (o, row)->seen.certificate;
  return *concepts > 0;
}

static size_t
say_home (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *concepts = person (o, row)->seen.township;
  return 1;
}

static size_t
say_township (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *concepts = post (o, row)->seen.township;
  return 1;
}

static size_t
say_own_education (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = person (o, row)->seen.education;
  return 0;
}

static size_t
say_education (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = post (o, row)->seen.education;
  return 0;
}

static size_t
say_level (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = LEVEL;
  return 0;
}

static size_t
say_own_pay (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = person (o, row)->seen.pay;
  return 0;
}

static size_t
say_pay (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = post (o, row)->seen.pay;
  return 0;
}

static size_t
say_born (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  enum { DAYS = 30 * 366 };
  *value = o->input.as_of - DAYS;
  return 0;
}

static size_t
say_hard (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = person (o, row)->seen.hard_to_employ;
  return 0;
}

static size_t
say_kind (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = post (o, row)->seen.kind;
  return 0;
}

static size_t
say_published (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = o->input.as_of - post (o, row)->seen.age;
  return 0;
}

static size_t
say_no_end (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  *value = MARKET_NONE;
  return 0;
}

static const struct {
  MarketSide side;
  const char *id;
  Say say;
} says[] = {
  { MARKET_SEEKERS, "wanted", say_wanted },
  { MARKET_SEEKERS, "trades", say_no_trades },
  { MARKET_SEEKERS, "skills", say_own_skills },
  { MARKET_SEEKERS, "certificates", say_own_certificate },
  { MARKET_SEEKERS, "education", say_own_education },
  { MARKET_SEEKERS, "skill_level", say_level },
  { MARKET_SEEKERS, "birth_date", say_born },
  { MARKET_SEEKERS, "townships", say_home },
  { MARKET_SEEKERS, "pay_from", say_own_pay },
  { MARKET_SEEKERS, "hard_to_employ", say_hard },
  { MARKET_SEEKERS, "home", say_no_trades },
  { MARKET_OFFERS, "occupation", say_occupation },
  { MARKET_OFFERS, "skills", say_skills },
  { MARKET_OFFERS, "certificates", say_certificate },
  { MARKET_OFFERS, "education", say_education },
  { MARKET_OFFERS, "skill_level", say_level },
  { MARKET_OFFERS, "kind", say_kind },
  { MARKET_OFFERS, "townships", say_township },
  { MARKET_OFFERS, "pay_to", say_pay },
  { MARKET_OFFERS, "published_on", say_published },
  { MARKET_OFFERS, "closes_on", say_no_end },
};

static Say
say_of (MarketSide side, const char *id)
{
  for (size_t i = 0; i < G_N_ELEMENTS (says); i++)
    if (says[i].side == side && g_str_equal (says[i].id, id))
      return says[i].say;
  return NULL;
}

static MarketValues
make_values (const Ours *o, size_t n, Say say)
{
  static const char *const kinds[] = { "企业岗位", "事业单位岗位", "公益性岗位" };
  gint64 *values = arena_new0 (o->arena, gint64, n);
  guint32 *starts = arena_new0 (o->arena, guint32, n + 1);
  guint32 *concepts = arena_new0 (o->arena, guint32, n * CONCEPTS_MAX);
  for (size_t row = 0; row < n; row++)
    starts[row + 1] = starts[row] + (guint32)say (o, row, concepts + starts[row], &values[row]);
  return (MarketValues){ values, kinds, starts, concepts };
}

static bool
make_sides (Ours *o, GError **error)
{
  o->input.n[MARKET_SEEKERS] = o->rankers->quality->n_searches;
  o->input.n[MARKET_OFFERS] = o->rankers->quality->n_posts;
  for (MarketSide side = MARKET_SEEKERS; side <= MARKET_OFFERS; side++) {
    const MarketSideType *type = &o->market->sides[side];
    MarketValues *values = arena_new0 (o->arena, MarketValues, type->n);
    for (size_t c = 0; c < type->n; c++) {
      Say say = say_of (side, type->columns[c].id);
      if (!say) {
        g_set_error (error, FAULT, FAULT_INPUT,
                     "the measure does not know the column %s: say in tests/quality/ours.c what it holds",
                     type->columns[c].id);
        return false;
      }
      values[c] = make_values (o, o->input.n[side], say);
    }
    o->input.values[side] = values;
  }
  return true;
}

Ours *
ours_new (Rankers *rankers, const Market *market, unsigned words, GError **error)
{
  Ours *o = g_new0 (Ours, 1);
  *o = (Ours){ .rankers = rankers, .market = market, .words = words, .arena = arena_new () };
  MarketSpace *spaces = arena_new0 (o->arena, MarketSpace, SPACES);
  spaces[0] = make_space (o->arena, "occupation", quality_occupations (), near_occupations);
  spaces[1] = make_space (o->arena, "skill", quality_skills (), near_itself);
  spaces[2] = make_space (o->arena, "certificate", CERTIFICATES, near_itself);
  spaces[3] = make_space (o->arena, "township", QUALITY_TOWNS, near_townships);
  civil_parse (TEXT_LITERAL ("2026-03-02"), &o->input.as_of);
  o->input.n_spaces = SPACES;
  o->input.spaces = spaces;
  if (make_sides (o, error) && (o->run = market_open (market, &o->input, error)))
    return o;
  ours_free (o);
  return NULL;
}

void
ours_free (Ours *o)
{
  g_clear_pointer (&o->run, market_free);
  arena_free (o->arena);
  g_free (o);
}

const Market *
ours_market (const Ours *o)
{
  return o->market;
}

/* ---- the order -------------------------------------------------------------------------------- */

static int
best_first (const void *x, const void *y)
{
  const OursShown *a = x, *b = y;
  return a->score != b->score ? (a->score < b->score) - (a->score > b->score)
                              : (a->post > b->post) - (a->post < b->post);
}

const MarketReasons *
ours_explain (Ours *o, Arena *arena, size_t search, guint32 post_row)
{
  return market_explain (o->run, arena, (guint32)search, post_row);
}

size_t
ours_list (Ours *o, size_t search, OursShown shown[QUALITY_KEPT])
{
  MarketMatch top[OURS_LIST];
  size_t n = market_top (o->run, MARKET_SEEKERS, (guint32)search, OURS_LIST, top);
  for (size_t i = 0; i < n; i++)
    shown[i] = (OursShown){ top[i].row, top[i].score, 0 };
  return n;
}

/* Candidates are what the market likes best and what is found by words. */
size_t
ours_rank (Ours *o, size_t search, OursShown shown[QUALITY_KEPT])
{
  g_autoptr (Arena) arena = arena_new ();
  MarketMatch *top = arena_new0 (arena, MarketMatch, MARKET_TOP_MAX);
  OursShown *all = arena_new0 (arena, OursShown, MARKET_TOP_MAX + FOUND);
  guint8 *known = arena_new0 (arena, guint8, o->input.n[MARKET_OFFERS]);
  const FulltextAnswer *found = rankers_find (o->rankers, search, FOUND, arena);
  size_t n = 0, n_top = market_top (o->run, MARKET_SEEKERS, (guint32)search, MARKET_TOP_MAX, top);
  for (size_t i = 0; i < found->n_hits; i++) {
    guint32 row = (guint32)found->hits[i].id;
    const MarketReasons *why = ours_explain (o, arena, search, row);
    known[row] = 1;
    unsigned words = (unsigned)(o->words * found->hits[i].score / found->hits[0].score + 0.5);
    if (why->outcome == MARKET_QUALIFIED)
      all[n++] = (OursShown){ row, why->score + words, words };
  }
  for (size_t i = 0; i < n_top; i++)
    if (!known[top[i].row])
      all[n++] = (OursShown){ top[i].row, top[i].score, 0 };
  qsort (all, n, sizeof *all, best_first);
  n = MIN (n, QUALITY_KEPT);
  memcpy (shown, all, n * sizeof *all);
  return n;
}
