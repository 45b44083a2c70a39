/* A market of two random sides, by the county's file of jobs; the same for the same seed. */
#pragma once

#include <string.h>
#include "market/market.h"

enum { RANDOM_COLUMNS = 16 };

typedef struct {
  MarketSpace spaces[4];
  MarketValues values[2][RANDOM_COLUMNS];
  MarketInput input;
} RandomMarket;

/* How many concepts a row has of COLUMN. */
static inline guint32
random_many (GRand *random, const MarketColumn *column)
{
  bool several = g_str_equal (column->space, "skill");
  if (g_str_equal (column->space, "certificate"))
    return g_rand_int_range (random, 0, 4) == 0;
  return several ? (guint32)g_rand_int_range (random, 0, 7) : (guint32)g_rand_int_range (random, 1, 3);
}

static inline void
random_concepts (GRand *random, Arena *arena, const MarketColumn *column, const MarketSpace *space, size_t n,
                 MarketValues *values)
{
  g_autoptr (GArray) concepts = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 *starts = arena_new0 (arena, guint32, n + 1);
  for (size_t row = 0; row < n; row++) {
    for (guint32 i = random_many (random, column); i > 0; i--) {
      guint32 concept = (guint32)g_rand_int_range (random, 0, (gint32)space->n);
      bool had = false;
      for (guint at = starts[row]; at < concepts->len; at++)
      had |= g_array_index (concepts, guint32, at) == concept;
      if (!had)
        g_array_append_val (concepts, concept);
    }
    starts[row + 1] = concepts->len;
  }
  values->starts = starts;
  guint32 *copy = arena_new0 (arena, guint32, MAX (concepts->len, 1));
  if (concepts->len)
    memcpy (copy, concepts->data, concepts->len * sizeof *copy);
  values->concepts = copy;
}

static inline gint64
random_value (GRand *random, const MarketColumn *column, Day as_of)
{
  if (g_rand_int_range (random, 0, 12) == 0)
    return g_rand_boolean (random) ? MARKET_UNKNOWN : MARKET_NONE;
  switch (column->kind) {
  case MARKET_TRUTH: return g_rand_boolean (random);
  case MARKET_WORD: return g_rand_int_range (random, 0, 4);
  case MARKET_DAY:
    return g_str_equal (column->id, "birth_date") ? as_of - g_rand_int_range (random, 15, 60) * 365
                                                  : as_of + g_rand_int_range (random, -40, 60);
  default:
    return strstr (column->id, "pay") ? g_rand_int_range (random, 30, 120) * 100
                                      : g_rand_int_range (random, 0, 8);
  }
}

/* Each concept is near to itself, and to a few after it. */
static inline MarketSpace
random_space (GRand *random, Arena *arena, const char *id, guint32 n, guint32 near)
{
  MarketNear *all = arena_new0 (arena, MarketNear, (size_t)n * (near + 1));
  guint32 *starts = arena_new0 (arena, guint32, n + 1), at = 0;
  const char **names = arena_new0 (arena, const char *, n);
  for (guint32 c = 0; c < n; c++) {
    names[c] = arena_printf (arena, "%s %u", id, c);
    all[at++] = (MarketNear){ c, 100 };
    for (guint32 i = 0; i < near && n > near; i++)
      all[at++] = (MarketNear){ (c + 1 + i) % n, (guint8)g_rand_int_range (random, 10, 80) };
    starts[c + 1] = at;
  }
  return (MarketSpace){ .id = id, .n = n, .names = names, .starts = starts, .near = all };
}

static inline void
random_market (RandomMarket *m, Arena *arena, const Market *market, guint32 seed, size_t seekers,
               size_t offers, const guint32 *sizes)
{
  static const char *const ids[] = { "occupation", "skill", "certificate", "township" };
  static const char *const words[] = { "企业岗位", "事业单位岗位", "公益性岗位", "见习岗位" };
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  Day as_of = civil_to_day (2026, 6, 1);
  memset (m, 0, sizeof *m);
  for (size_t s = 0; s < 4; s++)
    m->spaces[s] = random_space (random, arena, ids[s], sizes[s], s == 2 ? 0 : 4);
  m->input = (MarketInput){ .n = { seekers, offers }, .n_spaces = 4, .spaces = m->spaces, .as_of = as_of };
  for (int side = 0; side < 2; side++) {
    m->input.values[side] = m->values[side];
    for (size_t c = 0; c < market->sides[side].n; c++) {
      const MarketColumn *column = &market->sides[side].columns[c];
      MarketValues *values = &m->values[side][c];
      values->words = words;
      if (column->kind == MARKET_CONCEPTS) {
        size_t s = 0;
        while (!g_str_equal (ids[s], column->space))
          s++;
        random_concepts (random, arena, column, &m->spaces[s], m->input.n[side], values);
        continue;
      }
      gint64 *rows = arena_new0 (arena, gint64, m->input.n[side]);
      for (size_t row = 0; row < m->input.n[side]; row++)
        rows[row] = random_value (random, column, as_of);
      values->values = rows;
    }
  }
}
