#include "ours.h"
#include "rankers_private.h"
#include "spaces.h"

enum { CONCEPTS_MAX = 16, FOUND = 300, LEVEL = 3 };

struct Ours {
  Rankers *rankers;
  const Market *market;
  unsigned words;
  Arena *arena;
  MarketInput input;
  MarketRun *run;
};

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
add (guint32 concept, guint32 *concepts, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (concepts[i] == concept)
      return n;
  concepts[n++] = concept;
  return n;
}

static size_t
take (const Ours *o, Concepts concepts, VocabularyKind kind, guint32 out[CONCEPTS_MAX], size_t n)
{
  g_autofree guint32 *all = g_new (guint32, concepts.n + 1);
  size_t n_all = concepts_of_kind (o->rankers->words, concepts, kind, all);
  for (size_t i = 0; i < n_all && n < CONCEPTS_MAX; i++)
    n = add (all[i], out, n);
  return n;
}

/* What was chosen on the form; else what the title says. */
static size_t
say_occupation (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  size_t n = take (o, o->rankers->listed[row], VOCABULARY_OCCUPATION, concepts, 0);
  return n ? n : take (o, o->rankers->titles[row], VOCABULARY_OCCUPATION, concepts, 0);
}

/* Words that the tables do not have mean what most posts are that they are found in: at least a third of
 * what is found, else nobody knows. */
static size_t
guess_occupation (const Ours *o, size_t row, guint32 *concepts)
{
  enum { LOOKED_AT = 15, SHARE = 3 };
  g_autoptr (Arena) arena = arena_new ();
  const FulltextAnswer *answer = rankers_find (o->rankers, row, LOOKED_AT, arena);
  size_t n_kind, best = 0;
  vocabulary_of_kind (o->rankers->words, VOCABULARY_OCCUPATION, &n_kind);
  double *votes = arena_new0 (arena, double, n_kind), all = 0;
  for (size_t i = 0; i < answer->n_hits; i++) {
    size_t n = say_occupation (o, answer->hits[i].id, concepts, NULL);
    all += answer->hits[i].parts[0];
    for (size_t k = 0; k < n; k++)
      votes[concepts[k]] += answer->hits[i].parts[0];
  }
  for (size_t i = 0; i < n_kind; i++)
    best = votes[i] > votes[best] ? i : best;
  *concepts = (guint32)best;
  return votes[best] > 0 && SHARE * votes[best] >= all;
}

static size_t
say_wanted (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  size_t n = take (o, o->rankers->wanted[row], VOCABULARY_OCCUPATION, concepts, 0);
  return n || !o->words ? n : guess_occupation (o, row, concepts);
}

static size_t
say_no_trades (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  return 0;
}

static size_t
say_own_skills (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  return take (o, o->rankers->skills[row], VOCABULARY_SKILL, concepts, 0);
}

static size_t
say_skills (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  size_t n = take (o, o->rankers->titles[row], VOCABULARY_SKILL, concepts, 0);
  return take (o, o->rankers->texts[row], VOCABULARY_SKILL, concepts, n);
}

/* What is on record as NUMBER: the tables' certificates, and behind them those that no table has. */
static size_t
take_certificate (const Ours *o, guint16 number, guint32 *concepts)
{
  size_t n = 0, n_all, n_kind;
  const VocabularyConcept *all = vocabulary_concepts (o->rankers->words, &n_all),
                          *first = vocabulary_of_kind (o->rankers->words, VOCABULARY_CERTIFICATE, &n_kind);
  for (const char *const *name = quality_certificate (number); *name; name++) {
    guint32 known = vocabulary_by_name (o->rankers->words, text_of (*name));
    bool is = known != VOCABULARY_NONE && all[known].kind == VOCABULARY_CERTIFICATE;
    n = add (is ? known - (guint32)(first - all) : (guint32)n_kind + number, concepts, n);
  }
  return n;
}

static size_t
say_own_certificate (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  return take_certificate (o, person (o, row)->seen.certificate, concepts);
}

static size_t
say_certificate (const Ours *o, size_t row, guint32 *concepts, gint64 *value)
{
  return take_certificate (o, post (o, row)->seen.certificate, concepts);
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
  civil_parse (TEXT_LITERAL ("2026-03-02"), &o->input.as_of);
  o->input.spaces = rankers_spaces (rankers, o->arena, &o->input.n_spaces);
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

/* What is found by words, with its score, into ALL, and in KNOWN. */
static size_t
add_found (Ours *o, Arena *arena, size_t search, OursShown *all, guint8 *known)
{
  const FulltextAnswer *found = rankers_find (o->rankers, search, FOUND, arena);
  size_t n = 0;
  for (size_t i = 0; i < found->n_hits; i++) {
    guint32 row = (guint32)found->hits[i].id;
    const MarketReasons *why = ours_explain (o, arena, search, row);
    known[row] = 1;
    unsigned words = (unsigned)(o->words * found->hits[i].score / found->hits[0].score + 0.5);
    if (why->outcome == MARKET_QUALIFIED)
      all[n++] = (OursShown){ row, why->score + words, words };
  }
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
  size_t n = o->words ? add_found (o, arena, search, all, known) : 0;
  size_t n_top = market_top (o->run, MARKET_SEEKERS, (guint32)search, MARKET_TOP_MAX, top);
  for (size_t i = 0; i < n_top; i++)
    if (!known[top[i].row])
      all[n++] = (OursShown){ top[i].row, top[i].score, 0 };
  qsort (all, n, sizeof *all, best_first);
  n = MIN (n, QUALITY_KEPT);
  memcpy (shown, all, n * sizeof *all);
  return n;
}
