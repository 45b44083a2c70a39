/* Hard conditions.  They read few facts, so rows fall into few classes, and what a pair of classes comes to
 * is kept in a table of fixed size: two pairs that meet in it take each other's place, and are then evaluated
 * again. */
#include "market/market_private.h"

#include <string.h>

enum { SLOTS_BITS = 20, TABLE_MOST = 1 << 26, DATE_SLOT = 2 };

/* ---- classes ------------------------------------------------------------------------ */

/* The columns of SIDE that CONDITION reads. */
static void
find_columns (const MarketRun *run, MarketSide side, const MarketCondition *condition, Classes *classes)
{
  const MarketSideType *type = &run->market->sides[side];
  size_t n;
  const FeelPath *paths = feel_expression_paths (condition->holds, &n);
  for (size_t c = 0; c < type->n; c++) {
    bool read = false;
    for (size_t p = 0; p < n; p++)
      read |= paths[p].slot == (int)side
              && (!paths[p].n || text_equal (paths[p].members[0], text_of (type->columns[c].name.zh)));
    if (read)
      classes->columns[classes->n_columns++] = c;
  }
}

/* What CLASSES read of ROW, as bytes that are equal when all of it is. */
static void
put_key (const MarketRun *run, MarketSide side, const Classes *classes, guint32 row, GByteArray *key)
{
  g_byte_array_set_size (key, 0);
  for (size_t i = 0; i < classes->n_columns; i++) {
    size_t c = classes->columns[i];
    if (run->market->sides[side].columns[c].kind != MARKET_CONCEPTS) {
      gint64 value = run->input.values[side][c].values[row];
      g_byte_array_append (key, (const guint8 *)&value, sizeof value);
      continue;
    }
    const guint32 *concepts;
    guint32 n = concepts_of (run, side, c, row, &concepts);
    g_byte_array_append (key, (const guint8 *)&n, sizeof n);
    g_byte_array_append (key, (const guint8 *)concepts, n * (guint)sizeof *concepts);
  }
}

void
classes_make (const MarketRun *run, MarketSide side, Classes *classes)
{
  g_autoptr (GHashTable) class_of
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
  g_autoptr (GByteArray) key = g_byte_array_new ();
  g_autoptr (GArray) examples = g_array_new (FALSE, FALSE, sizeof (guint32));
  classes->n = 1;
  if (!classes->n_columns)
    return;
  classes->class_of = g_new (guint32, MAX (run->input.n[side], 1));
  for (guint32 row = 0; row < run->input.n[side]; row++) {
    put_key (run, side, classes, row, key);
    g_autoptr (GBytes) looked = g_bytes_new_static (key->data, key->len);
    gpointer found;
    if (!g_hash_table_lookup_extended (class_of, looked, NULL, &found)) {
      found = GUINT_TO_POINTER (examples->len);
      g_hash_table_insert (class_of, g_bytes_new (key->data, key->len), found);
      g_array_append_val (examples, row);
    }
    classes->class_of[row] = GPOINTER_TO_UINT (found);
  }
  classes->n = examples->len;
  classes->example = (guint32 *)(void *)g_array_steal (examples, NULL);
}

static void
memo_classes (MarketRun *run, size_t k, MarketSide side)
{
  find_columns (run, side, &run->market->conditions[k], &run->memos[k].sides[side]);
  classes_make (run, side, &run->memos[k].sides[side]);
}

void
memos_make (MarketRun *run)
{
  memos_make_beside (run, NULL);
}

void
memos_make_beside (MarketRun *run, const MarketRun *base)
{
  run->memos = g_new0 (Memo, MAX (run->market->n_conditions, 1));
  for (size_t k = 0; k < run->market->n_conditions; k++) {
    Memo *memo = &run->memos[k];
    memo_classes (run, k, MARKET_SEEKERS);
    if (base)
      memo->sides[MARKET_OFFERS] = base->memos[k].sides[MARKET_OFFERS];
    else
      memo_classes (run, k, MARKET_OFFERS);
    memo->one_sided = !memo->sides[0].n_columns || !memo->sides[1].n_columns;
    guint64 pairs = (guint64)memo->sides[0].n * memo->sides[1].n;
    memo->table = pairs <= TABLE_MOST ? g_new0 (guint8, MAX (pairs, 1)) : NULL;
  }
}

void
memos_free (MarketRun *run)
{
  for (size_t k = 0; k < run->market->n_conditions; k++) {
    for (int side = 0; side < (run->borrows ? MARKET_OFFERS : 2); side++) {
      g_free (run->memos[k].sides[side].class_of);
      g_free (run->memos[k].sides[side].example);
    }
    g_free (run->memos[k].table);
  }
  g_free (run->memos);
}

/* ---- evaluating --------------------------------------------------------------------- */

static FeelValue
list_concepts (const MarketRun *run, Arena *arena, MarketSide side, size_t c, guint32 row)
{
  const guint32 *concepts;
  guint32 n = concepts_of (run, side, c, row, &concepts);
  FeelValue *items = arena_new0 (arena, FeelValue, n);
  for (guint32 i = 0; i < n; i++)
    items[i] = feel_string (text_of (run->near_of[side][c]->space->names[concepts[i]]));
  return feel_list (arena, items, n);
}

/* "求职者.学历" */
static FeelValue
not_said (const MarketRun *run, Arena *arena, MarketSide side, const MarketColumn *column)
{
  const char *name = arena_printf (arena, "%s.%s", run->market->sides[side].name.zh, column->name.zh);
  return feel_unknown (arena, (FeelNeed){ .name = text_of (name) });
}

static FeelValue
value_of (const MarketRun *run, Arena *arena, MarketSide side, size_t c, guint32 row)
{
  const MarketColumn *column = &run->market->sides[side].columns[c];
  if (column->kind == MARKET_CONCEPTS)
    return list_concepts (run, arena, side, c, row);
  gint64 value = run->input.values[side][c].values[row];
  if (value == MARKET_UNKNOWN)
    return not_said (run, arena, side, column);
  if (value == MARKET_NONE)
    return feel_null ();
  switch (column->kind) {
  case MARKET_NUMBER: return feel_int (value);
  case MARKET_TRUTH: return feel_boolean (value != 0);
  case MARKET_DAY: return feel_date ((Day)value);
  default: return feel_string (text_of (run->input.values[side][c].words[value]));
  }
}

/* What the condition K may read of ROW. */
static FeelValue
facts_of (const MarketRun *run, Arena *arena, size_t k, MarketSide side, guint32 row)
{
  const Classes *classes = &run->memos[k].sides[side];
  FeelEntry *entries = arena_new0 (arena, FeelEntry, classes->n_columns);
  for (size_t i = 0; i < classes->n_columns; i++) {
    size_t c = classes->columns[i];
    entries[i] = (FeelEntry){ text_of (run->market->sides[side].columns[c].name.zh),
                              value_of (run, arena, side, c, row) };
  }
  return feel_context (arena, entries, classes->n_columns);
}

static MarketOutcome
outcome_of (FeelValue value)
{
  return feel_is_true (value)         ? MARKET_QUALIFIED
         : value.kind == FEEL_UNKNOWN ? MARKET_NOT_YET
                                      : MARKET_NOT_QUALIFIED;
}

static FeelValue
evaluate (const MarketRun *run, Arena *arena, size_t k, guint32 seeker, guint32 offer)
{
  const FeelValue slots[]
      = { facts_of (run, arena, k, MARKET_SEEKERS, seeker),
          facts_of (run, arena, k, MARKET_OFFERS, offer), [DATE_SLOT] = feel_date (run->input.as_of) };
  FeelRun feel = { .arena = arena, .slots = slots };
  return feel_evaluate (run->market->conditions[k].holds, &feel);
}

MarketOutcome
condition_outcome (const MarketRun *run, Arena *arena, const MarketCondition *condition, guint32 seeker,
                   guint32 offer, const char *const **missing)
{
  FeelValue value = evaluate (run, arena, (size_t)(condition - run->market->conditions), seeker, offer);
  size_t n = value.kind == FEEL_UNKNOWN ? value.unknown->n : 0;
  const char **names = arena_new0 (arena, const char *, n + 1);
  for (size_t i = 0; i < n; i++)
    names[i] = arena_text (arena, value.unknown->needs[i]->name);
  *missing = names;
  return outcome_of (value);
}

/* ---- what is known already ------------------------------------------------------------- */

void
verdicts_open (Verdicts *verdicts)
{
  verdicts->slots = g_new0 (guint64, (size_t)1 << SLOTS_BITS);
  verdicts->arena = arena_new ();
}

void
verdicts_close (Verdicts *verdicts)
{
  g_free (verdicts->slots);
  arena_free (verdicts->arena);
}

static bool
evaluate_pair (const MarketRun *run, Verdicts *verdicts, size_t k, guint32 seeker, guint32 offer)
{
  arena_reset (verdicts->arena);
  verdicts->evaluated++;
  return feel_is_true (evaluate (run, verdicts->arena, k, seeker, offer));
}

static guint64
class_of (const Classes *classes, guint32 row)
{
  return classes->class_of ? classes->class_of[row] : 0;
}

static bool
holds (const MarketRun *run, Verdicts *verdicts, size_t k, guint32 seeker, guint32 offer)
{
  const Memo *memo = &run->memos[k];
  guint64 pair = class_of (&memo->sides[MARKET_SEEKERS], seeker) * memo->sides[MARKET_OFFERS].n
                 + class_of (&memo->sides[MARKET_OFFERS], offer);
  if (memo->table) {
    guint8 known = __atomic_load_n (&memo->table[pair], __ATOMIC_RELAXED);
    if (!known) {
      known = evaluate_pair (run, verdicts, k, seeker, offer) ? 2 : 1;
      __atomic_store_n (&memo->table[pair], known, __ATOMIC_RELAXED);
    }
    return known == 2;
  }
  guint64 key = ((pair * run->market->n_conditions + k) + 1) << 1; /* never 0 */
  guint64 *slot = &verdicts->slots[(key * 0x9E3779B97F4A7C15u) >> (64 - SLOTS_BITS)];
  if ((*slot & ~(guint64)1) != key)
    *slot = key | evaluate_pair (run, verdicts, k, seeker, offer);
  return *slot & 1;
}

/* A condition that looks at nobody is looked at with the offers. */
void
stands_make (MarketRun *run, Verdicts *verdicts, MarketSide side)
{
  run->stands[side] = g_new0 (bool, MAX (run->input.n[side], 1));
  for (guint32 row = 0; row < run->input.n[side]; row++) {
    bool *stands = &run->stands[side][row];
    *stands = true;
    for (size_t k = 0; k < run->market->n_conditions && *stands; k++)
      if (!run->memos[k].sides[!side].n_columns
          && (run->memos[k].sides[side].n_columns || side == MARKET_OFFERS))
        *stands
            = holds (run, verdicts, k, side == MARKET_SEEKERS ? row : 0, side == MARKET_SEEKERS ? 0 : row);
  }
}

bool
market_qualifies (const MarketRun *run, Verdicts *verdicts, guint32 seeker, guint32 offer)
{
  for (size_t k = 0; k < run->market->n_conditions; k++)
    if (!run->memos[k].one_sided && !holds (run, verdicts, k, seeker, offer))
      return false;
  return true;
}
