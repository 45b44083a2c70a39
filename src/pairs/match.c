/* Who suits whom: the open entries of both sides as columns, and the best of the other side. */
#include "pairs/pairs_private.h"

#include <string.h>

typedef struct {
  Arena *arena;
  GPtrArray *entries[2]; /* of PairsEntry */
  MarketInput input;
  MarketRun *run;
} Sides;

static void
sides_clear (Sides *sides)
{
  if (sides->run)
    market_free (sides->run);
  for (int side = 0; side < 2; side++)
    if (sides->entries[side])
      g_ptr_array_unref (sides->entries[side]);
  arena_free (sides->arena);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sides, sides_clear)

/* ---- both sides as columns ------------------------------------------------------------------ */

static void
add_concepts (const Space *space, const PairsValue *value, GArray *concepts, guint from)
{
  for (const char *const *code = value->values; code && *code; code++) {
    guint32 concept = space_concept (space, *code);
    guint i = from;
    while (i < concepts->len && g_array_index (concepts, guint32, i) != concept)
      i++;
    if (concept != G_MAXUINT32 && i == concepts->len)
      g_array_append_val (concepts, concept);
  }
}

static MarketValues
column_of (const Pairs *pairs, Arena *arena, const MarketColumn *column, const GPtrArray *entries, size_t c)
{
  const Space *space = column->space ? spaces_find (&pairs->spaces, column->space) : NULL;
  gint64 *values = arena_new0 (arena, gint64, MAX (entries->len, 1));
  const char **words = arena_new0 (arena, const char *, MAX (entries->len, 1));
  guint32 *starts = arena_new0 (arena, guint32, entries->len + 1);
  g_autoptr (GArray) concepts = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < entries->len; i++) {
    const PairsValue *value = &((const PairsEntry *)entries->pdata[i])->values[c];
    if (column->kind == MARKET_WORD) {
      words[i] = value->values[0] ? value->values[0] : "";
      values[i] = value->is_known ? value->values[0] ? (gint64)i : MARKET_NONE : MARKET_UNKNOWN;
    } else if (column->kind != MARKET_CONCEPTS)
      values[i] = value_number (value);
    else if (space)
      add_concepts (space, value, concepts, starts[i]);
    starts[i + 1] = concepts->len;
  }
  return (MarketValues){ values, words, starts, pairs_keep (arena, concepts) };
}

static bool
open_run (Sides *sides, const Pairs *pairs, const Market *market, GError **error)
{
  MarketSpace *spaces = arena_new0 (sides->arena, MarketSpace, pairs->spaces.all->len);
  for (guint i = 0; i < pairs->spaces.all->len; i++)
    spaces[i] = ((const Space *)pairs->spaces.all->pdata[i])->market;
  sides->input.n_spaces = pairs->spaces.all->len;
  sides->input.spaces = spaces;
  sides->input.as_of = pairs_today (pairs);
  for (int side = 0; side < 2; side++) {
    const MarketSideType *type = &market->sides[side];
    MarketValues *values = arena_new0 (sides->arena, MarketValues, MAX (type->n, 1));
    for (size_t c = 0; c < type->n; c++)
      values[c] = column_of (pairs, sides->arena, &type->columns[c], sides->entries[side], c);
    sides->input.n[side] = sides->entries[side]->len;
    sides->input.values[side] = values;
  }
  sides->run = market_open (market, &sides->input, error);
  return sides->run;
}

static void
sides_begin (Sides *sides)
{
  *sides = (Sides){ .arena = arena_new (), .entries = { g_ptr_array_new (), g_ptr_array_new () } };
}

/* The open ones of the other side; those of OWN's owner suit nobody of theirs. */
static bool
add_others (Sides *sides, const Pairs *pairs, StoreConnection *db, const PairsEntry *own, GError **error)
{
  MarketSide side = own->side == MARKET_SEEKERS ? MARKET_OFFERS : MARKET_SEEKERS;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  StoreStep step;
  StoreStatement *s = store_statement (db,
                                       "SELECT id FROM pairs_entry WHERE market = ?1 AND side = ?2 AND state"
                                       " = 0 AND last_day >= ?3 AND owner <> ?4 ORDER BY id",
                                       error);
  if (!s)
    return false;
  store_bind_text (s, 1, own->market);
  store_bind_integer (s, 2, side);
  store_bind_integer (s, 3, pairs_today (pairs));
  store_bind_integer (s, 4, own->owner);
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 id = store_integer (s, 0);
    g_array_append_val (ids, id);
  }
  for (guint i = 0; step == STORE_DONE && i < ids->len; i++) {
    PairsEntry *entry = arena_new0 (sides->arena, PairsEntry, 1);
    if (!entry_find (db, pairs, sides->arena, g_array_index (ids, gint64, i), entry, error))
      return false;
    g_ptr_array_add (sides->entries[side], entry);
  }
  return step == STORE_DONE;
}

bool
pair_qualifies (Pairs *pairs, StoreConnection *db, const PairsEntry *own, const PairsEntry *other,
                bool *qualifies, GError **error)
{
  g_auto (Sides) sides;
  sides_begin (&sides);
  const Market *market = pairs_market (pairs, own->market, error);
  g_ptr_array_add (sides.entries[own->side], (gpointer)own);
  g_ptr_array_add (sides.entries[other->side], (gpointer)other);
  if (!market || !open_run (&sides, pairs, market, error))
    return false;
  *qualifies = market_explain (sides.run, sides.arena, 0, 0)->outcome == MARKET_QUALIFIED;
  return true;
}

/* ---- matches ----------------------------------------------------------------------------------- */

static bool
tell (Pairs *pairs, Arena *arena, StoreConnection *db, const AccessAccount *who, const PairsEntry *own,
      const Sides *sides, guint32 row, PairsMatch *match, GError **error)
{
  MarketSide side = own->side == MARKET_SEEKERS ? MARKET_OFFERS : MARKET_SEEKERS;
  PairsEntry *entry = arena_new0 (arena, PairsEntry, 1);
  gint64 id = ((const PairsEntry *)sides->entries[side]->pdata[row])->id;
  size_t n;
  const PairsMeeting *meetings = meetings_of (db, pairs, arena, own->id, id, &n, error);
  if (!meetings || !entry_find (db, pairs, arena, id, entry, error))
    return false;
  bool introduced = n && meetings[0].state != PAIRS_ASKED && meetings[0].state != PAIRS_DECLINED;
  entry_show (pairs, arena, who, entry, introduced);
  match->entry = entry;
  match->meeting = n ? &meetings[0] : NULL;
  match->reasons = own->side == MARKET_SEEKERS ? market_explain (sides->run, arena, 0, row)
                                               : market_explain (sides->run, arena, row, 0);
  return true;
}

const PairsMatches *
pairs_matches (Pairs *pairs, Arena *arena, const AccessAccount *who, gint64 id, size_t k, GError **error)
{
  g_auto (Sides) sides;
  sides_begin (&sides);
  g_autoptr (StoreReader) reader = store_reader (pairs->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  PairsEntry own;
  if (!db || !entry_find (db, pairs, arena, id, &own, error)
      || !(who->role == ACCESS_OPERATOR || entry_check_own (pairs, who, &own, error)))
    return NULL;
  const Market *market = pairs_market (pairs, own.market, error);
  g_ptr_array_add (sides.entries[own.side], &own);
  if (!market || !add_others (&sides, pairs, db, &own, error) || !open_run (&sides, pairs, market, error))
    return NULL;
  MarketMatch top[MARKET_TOP_MAX];
  size_t n = own.is_open ? market_top (sides.run, own.side, 0, CLAMP (k, 1, MARKET_TOP_MAX), top) : 0;
  PairsMatches *out = arena_new0 (arena, PairsMatches, 1);
  PairsMatch *matches = arena_new0 (arena, PairsMatch, MAX (n, 1));
  for (size_t i = 0; i < n; i++)
    if (!tell (pairs, arena, db, who, &own, &sides, top[i].row, &matches[i], error))
      return NULL;
  *out = (PairsMatches){ market, sides.input.n[own.side == MARKET_SEEKERS ? MARKET_OFFERS : MARKET_SEEKERS],
                         n, matches };
  return out;
}
