/* Matches against looking at every pair: by score, by how well both are served, from either side, for one and
 * for all; reasons that add up; what nobody would see. */
#include "random_market.h"
#include "support.h"

enum { SEEKERS = 60, OFFERS = 45, K = 7, TURNS = 12 };

static const guint32 sizes[] = { 12, 14, 5, 6 };

typedef struct {
  Arena *arena;
  RegistrySchema *schema;
  const Market *market;
  RandomMarket random;
  MarketRun *run;
} Case;

static void
open_case (Case *c, guint32 seed, bool mutual)
{
  g_autofree char *schema_path = support_source ("policy/minhou-2021-81/registry.yaml"),
                  *path = support_source ("policy/minhou-2021-81/markets/jobs.yaml");
  GError *error = NULL;
  c->arena = arena_new ();
  c->schema = registry_schema_load (schema_path, &error);
  g_assert_no_error (error);
  Market *market = arena_copy (c->arena, market_read (c->arena, path, c->schema, &error), sizeof *market);
  g_assert_no_error (error);
  market->mutual = mutual;
  c->market = market;
  random_market (&c->random, c->arena, market, seed, SEEKERS, OFFERS, sizes);
  c->run = market_open (market, &c->random.input, &error);
  g_assert_no_error (error);
}

static void
close_case (Case *c)
{
  market_free (c->run);
  arena_free (c->arena);
  registry_schema_free (c->schema);
}

/* Whether anything of it would be found. */
static bool
is_found (const Case *c, const MarketReasons *why)
{
  guint points = 0;
  for (size_t p = 0; p < c->market->n_parts; p++)
    points += c->market->parts[p].finds ? why->points[p] : 0;
  return points > 0;
}

static gint
by_score (gconstpointer a, gconstpointer b)
{
  const MarketMatch *x = a, *y = b;
  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static gint
by_rank (gconstpointer a, gconstpointer b)
{
  const MarketMatch *x = a, *y = b;
  return x->rank != y->rank ? (x->rank > y->rank ? -1 : 1) : by_score (a, b);
}

/* The same by explaining every pair. */
static size_t
naively (const Case *c, MarketSide side, guint32 row, size_t k, MarketMatch *out)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MarketMatch));
  for (guint32 other = 0; other < (side == MARKET_SEEKERS ? OFFERS : SEEKERS); other++) {
    const MarketReasons *why = side == MARKET_SEEKERS ? market_explain (c->run, c->arena, row, other)
                                                      : market_explain (c->run, c->arena, other, row);
    MarketMatch match = { .row = other, .score = why->score };
    if (c->market->mutual) {
      match.mutual = why->mutual;
      match.rank = (guint8)((300 * why->score / market_most (c->market) + why->mutual) / 4);
    }
    if (why->outcome == MARKET_QUALIFIED && is_found (c, why))
      g_array_append_val (all, match);
  }
  g_array_sort (all, by_score);
  if (c->market->mutual) {
    g_array_set_size (all, MIN (all->len, 3 * (guint)k));
    g_array_sort (all, by_rank);
  }
  size_t n = MIN (all->len, k);
  if (n)
    memcpy (out, all->data, n * sizeof *out);
  return n;
}

static void
test_naive (gconstpointer data)
{
  bool mutual = GPOINTER_TO_UINT (data);
  guint found = 0;
  for (guint32 seed = 0; seed < TURNS; seed++) {
    Case c;
    open_case (&c, seed, mutual);
    for (int side = 0; side < 2; side++)
      for (guint32 row = 0; row < c.random.input.n[side]; row++) {
        MarketMatch quick[K], slow[K];
        size_t n = market_top (c.run, (MarketSide)side, row, K, quick);
        g_assert_cmpuint (n, ==, naively (&c, (MarketSide)side, row, K, slow));
        for (size_t i = 0; i < n; i++) {
          g_assert_cmpuint (quick[i].row, ==, slow[i].row);
          g_assert_cmpuint (quick[i].score, ==, slow[i].score);
          g_assert_cmpuint (quick[i].mutual, ==, slow[i].mutual);
          g_assert_cmpuint (quick[i].rank, ==, slow[i].rank);
        }
        found += (guint)n;
      }
    close_case (&c);
  }
  g_assert_cmpuint (found, >, 1000);
}

/* Everybody at once is the same as one after the other, with any number of threads. */
static void
test_all (void)
{
  for (guint32 seed = 0; seed < 4; seed++) {
    Case c;
    MarketMatch out[SEEKERS * K], one[K];
    guint16 used[SEEKERS];
    MarketCounts counts;
    open_case (&c, seed, false);
    market_all (c.run, &(MarketWish){ .k = K, .threads = seed + 1 }, out, used, &counts);
    guint64 shown = 0;
    for (guint32 row = 0; row < SEEKERS; row++) {
      g_assert_cmpuint (used[row], ==, market_top (c.run, MARKET_SEEKERS, row, K, one));
      for (size_t i = 0; i < used[row]; i++)
        g_assert_cmpuint (out[row * K + i].row, ==, one[i].row);
      shown += used[row];
    }
    g_assert_cmpuint (counts.shown, ==, shown);
    close_case (&c);
  }
}

/* With lists of two, offers stay unseen; then each that anybody qualifies for is in a list, in its last
 * place, and nothing that was seen is lost. */
static void
test_surface (void)
{
  guint surfaced = 0;
  for (guint32 seed = 20; seed < 30; seed++) {
    Case c;
    MarketMatch before[SEEKERS * 2], after[SEEKERS * 2];
    guint16 used[SEEKERS], used_after[SEEKERS];
    MarketCounts counts, brought;
    bool seen[OFFERS] = { false }, seen_after[OFFERS] = { false };
    open_case (&c, seed, false);
    market_all (c.run, &(MarketWish){ .k = 2, .threads = 2 }, before, used, &counts);
    market_all (c.run, &(MarketWish){ .k = 2, .threads = 2, .surface = true }, after, used_after, &brought);
    g_assert_cmpuint (counts.unseen, ==, brought.unseen);
    g_assert_cmpuint (counts.surfaced, ==, 0);
    for (guint32 row = 0; row < SEEKERS; row++) {
      for (size_t i = 0; i < used[row]; i++)
        seen[before[row * 2 + i].row] = true;
      for (size_t i = 0; i < used_after[row]; i++) {
        const MarketMatch *match = &after[row * 2 + i];
        seen_after[match->row] = true;
        surfaced += match->surfaced;
        if (match->surfaced)
          g_assert_cmpuint (i, ==, used_after[row] - 1u);
        g_assert_cmpint (market_explain (c.run, c.arena, row, match->row)->outcome, ==, MARKET_QUALIFIED);
      }
    }
    for (size_t o = 0; o < OFFERS; o++)
      g_assert_true (!seen[o] || seen_after[o]);
    close_case (&c);
  }
  g_assert_cmpuint (surfaced, >, 0);
}

/* Every pair: points add up and are within their most; a fact nobody stated leaves a condition open, by name.
 */
static void
test_reasons (void)
{
  Case c;
  guint outcomes[3] = { 0 };
  open_case (&c, 7, true);
  for (guint32 seeker = 0; seeker < SEEKERS; seeker++)
    for (guint32 offer = 0; offer < OFFERS; offer++) {
      const MarketReasons *why = market_explain (c.run, c.arena, seeker, offer);
      guint sum = 0;
      bool fails = false, open = false;
      for (size_t p = 0; p < c.market->n_parts; p++) {
        g_assert_cmpuint (why->points[p], <=, c.market->parts[p].points);
        sum += why->points[p];
      }
      g_assert_cmpuint (sum, ==, why->score);
      g_assert_cmpuint (why->mutual, <=, 100);
      for (size_t k = 0; k < c.market->n_conditions; k++) {
        const MarketVerdict *verdict = &why->verdicts[k];
        fails |= verdict->outcome == MARKET_NOT_QUALIFIED;
        open |= verdict->outcome == MARKET_NOT_YET;
        g_assert_cmpint (verdict->outcome == MARKET_NOT_YET, ==, verdict->missing[0] != NULL);
      }
      g_assert_cmpint (why->outcome, ==,
                       fails  ? MARKET_NOT_QUALIFIED
                       : open ? MARKET_NOT_YET
                              : MARKET_QUALIFIED);
      outcomes[why->outcome]++;
    }
  for (int o = 0; o < 3; o++)
    g_assert_cmpuint (outcomes[o], >, 10);
  close_case (&c);
}

/* The same as JSON: the parts' points add up to the score there, too. */
static void
test_json (void)
{
  Case c;
  open_case (&c, 3, true);
  for (guint32 offer = 0; offer < OFFERS; offer++) {
    const MarketReasons *why = market_explain (c.run, c.arena, offer, offer);
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    JsonWriter *w = json_writer_new (text, 0);
    json_begin_object (w);
    market_write_reasons (w, c.market, why);
    json_end_object (w);
    json_writer_free (w);
    const JsonValue *json = json_parse (c.arena, (Text){ text->str, text->len }, "reasons", &error);
    g_assert_no_error (error);
    const JsonValue *parts = json_get (json, "parts"), *conditions = json_get (json, "conditions");
    gint64 sum = 0;
    for (size_t p = 0; p < parts->n; p++)
      sum += g_ascii_strtoll (json_get (parts->elements[p], "points")->text.bytes, NULL, 10);
    g_assert_cmpint (sum, ==, g_ascii_strtoll (json_get (json, "score")->text.bytes, NULL, 10));
    g_assert_cmpstr (json_string (json_get (json, "outcome")), ==, market_outcome_id (why->outcome));
    g_assert_cmpuint (conditions->n, ==, c.market->n_conditions);
  }
  close_case (&c);
}

static void
test_mutual (void)
{
  static const struct {
    unsigned has[2], most[2], mutual;
  } cases[] = { { { 50, 50 }, { 50, 50 }, 100 }, { { 50, 0 }, { 50, 50 }, 0 }, { { 0, 0 }, { 50, 50 }, 0 },
                { { 30, 10 }, { 40, 40 }, 38 },  { { 30, 0 }, { 40, 0 }, 75 }, { { 0, 9 }, { 0, 10 }, 90 } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (market_mutual (cases[i].has[0], cases[i].most[0], cases[i].has[1], cases[i].most[1]),
                      ==, cases[i].mutual);
}

/* With another's offers a run has what it would have by itself, for all seekers and for the first of them,
 * and also when it lends while another does. */
static void
test_beside (void)
{
  for (guint32 seed = 0; seed < TURNS / 4 + 1; seed++) {
    Case c;
    open_case (&c, seed, seed % 2);
    GError *error = NULL;
    const MarketValues *values = c.random.input.values[MARKET_SEEKERS];
    MarketInput none = c.random.input;
    none.n[MARKET_SEEKERS] = 0;
    MarketRun *base = market_open (c.market, &none, &error);
    g_assert_no_error (error);
    MarketRun *all = market_open_beside (base, c.random.input.n[MARKET_SEEKERS], values, &error);
    MarketRun *first = market_open_beside (base, 1, values, &error);
    g_assert_no_error (error);
    MarketMatch own[K], lent[K], alone[K];
    for (guint32 row = 0; row < c.random.input.n[MARKET_SEEKERS]; row++) {
      size_t n = market_top (c.run, MARKET_SEEKERS, row, K, own);
      g_assert_cmpuint (market_top (all, MARKET_SEEKERS, row, K, lent), ==, n);
      g_assert_cmpmem (own, n * sizeof *own, lent, n * sizeof *lent);
      if (!row) {
        g_assert_cmpuint (market_top (first, MARKET_SEEKERS, 0, K, alone), ==, n);
        g_assert_cmpmem (own, n * sizeof *own, alone, n * sizeof *alone);
      }
    }
    for (guint32 row = 0; row < c.random.input.n[MARKET_OFFERS]; row++) {
      size_t n = market_top (c.run, MARKET_OFFERS, row, K, own);
      g_assert_cmpuint (market_top (all, MARKET_OFFERS, row, K, lent), ==, n);
      g_assert_cmpmem (own, n * sizeof *own, lent, n * sizeof *lent);
    }
    market_free (first);
    market_free (all);
    market_free (base); /* the lender last, and before the market that it is of */
    close_case (&c);
  }
}

/* In parts the first 255 of a list that is too long count, from either side and in the reasons; in conditions
 * all do. */
static void
test_long_lists (void)
{
  enum { LONG = 300, COUNTED = 255, HAS = 51 };
  Case c;
  GError *error = NULL;
  static const guint32 many[] = { 12, 400, 400, 6 };
  open_case (&c, 1, false);
  market_free (c.run);
  random_market (&c.random, c.arena, c.market, 1, SEEKERS, OFFERS, many);
  for (int side = 0; side < 2; side++)
    for (size_t i = 0; i < c.market->sides[side].n; i++)
      if (g_str_equal (c.market->sides[side].columns[i].id, "certificates")) {
        /* the first seeker has many, and the first post asks for the last of them */
        MarketValues *values = &c.random.values[side][i];
        guint32 *starts = arena_new0 (c.arena, guint32, c.random.input.n[side] + 1),
                *concepts = arena_new0 (c.arena, guint32, LONG), n = side == MARKET_OFFERS ? 1 : LONG;
        for (guint32 at = 0; at < n; at++)
          concepts[at] = side == MARKET_OFFERS ? LONG - 1 : at;
        for (guint32 row = 0; row < c.random.input.n[side]; row++)
          starts[row + 1] = n;
        values->starts = starts;
        values->concepts = concepts;
      } else if (g_str_equal (c.market->sides[side].columns[i].id, "skills")) {
        /* the first row alone has any: all of them, or those around where the list is cut off */
        MarketValues *values = &c.random.values[side][i];
        guint32 *starts = arena_new0 (c.arena, guint32, c.random.input.n[side] + 1),
                *concepts = arena_new0 (c.arena, guint32, LONG), n = side == MARKET_OFFERS ? LONG : HAS;
        for (guint32 at = 0; at < n; at++)
          concepts[at] = side == MARKET_OFFERS ? at : COUNTED - HAS / 2 + at;
        for (guint32 row = 0; row < c.random.input.n[side]; row++)
          starts[row + 1] = n;
        values->starts = starts;
        values->concepts = concepts;
      }
  c.run = market_open (c.market, &c.random.input, &error);
  g_assert_no_error (error);
  for (int side = 0; side < 2; side++)
    for (guint32 row = 0; row < c.random.input.n[side]; row++) {
      MarketMatch quick[K], slow[K];
      size_t n = market_top (c.run, (MarketSide)side, row, K, quick);
      g_assert_cmpuint (n, ==, naively (&c, (MarketSide)side, row, K, slow));
      g_assert_cmpmem (quick, n * sizeof *quick, slow, n * sizeof *slow);
    }
  const MarketReasons *why = market_explain (c.run, c.arena, 0, 0);
  for (size_t p = 0; p < c.market->n_parts; p++)
    if (g_str_equal (c.market->parts[p].id,
                     "skills")) /* of 255 something like 25, and what is near to them */
      g_assert_cmpuint (why->points[p], <, (guint)c.market->parts[p].points * HAS / COUNTED);
  close_case (&c);
}

/* Nothing is near by no hundredths. */
static void
test_spaces (void)
{
  for (int weight = 0; weight <= 101; weight += 101) {
    Case c;
    GError *error = NULL;
    open_case (&c, 1, false);
    ((MarketNear *)c.random.spaces[0].near)[1].weight = (guint8)weight;
    g_assert_null (market_open (c.market, &c.random.input, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_error_free (error);
    close_case (&c);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/market/naive/score", GUINT_TO_POINTER (0), test_naive);
  g_test_add_data_func ("/market/naive/mutual", GUINT_TO_POINTER (1), test_naive);
  g_test_add_func ("/market/all", test_all);
  g_test_add_func ("/market/surface", test_surface);
  g_test_add_func ("/market/reasons", test_reasons);
  g_test_add_func ("/market/json", test_json);
  g_test_add_func ("/market/mutual", test_mutual);
  g_test_add_func ("/market/beside", test_beside);
  g_test_add_func ("/market/long-lists", test_long_lists);
  g_test_add_func ("/market/spaces", test_spaces);
  return g_test_run ();
}
