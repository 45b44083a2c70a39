/* The sweep: which parts of a box some other boxes leave uncovered.
 *
 * Column by column, every class selects the boxes still *active* on it; classes
 * that select the same ones are one branch.  A branch without active boxes is
 * uncovered; one in which some box spans all that is left is covered.  States met
 * before and found covered are not entered again. */
#include "analysis.h"

enum { COVERED_STATES_MAX = 200000 };

typedef struct {
  Grid *grid;
  const Bits *box;
  const Bits *const *boxes;
  size_t n_columns, n_boxes;
  Bits **active; /* [column][class]: the boxes that hold for it */
  Bits *wide;    /* [column]: the boxes that span BOX from this column on */
  Bits *path;    /* [column]: the branch being looked at */
  GHashTable *covered;
  size_t limit;
  GPtrArray *found;
} Sweep;

/* ---- states ------------------------------------------------------------ */

typedef struct {
  size_t column;
  Bits active;
} State;

static guint
state_hash (gconstpointer data)
{
  const State *s = data;
  guint64 hash = s->column;
  for (size_t w = 0; w < s->active.n; w++)
    hash = (hash ^ s->active.words[w]) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return (guint)(hash >> 32);
}

static gboolean
state_equal (gconstpointer a, gconstpointer b)
{
  const State *x = a, *y = b;
  return x->column == y->column && bits_equal (x->active, y->active);
}

static void
remember_covered (Sweep *s, size_t column, Bits active)
{
  if (g_hash_table_size (s->covered) >= COVERED_STATES_MAX)
    return;
  State *state = arena_new0 (s->grid->arena, State, 1);
  *state = (State){ column, { active.n, arena_new0 (s->grid->arena, guint64, active.n) } };
  memcpy (state->active.words, active.words, active.n * sizeof *active.words);
  g_hash_table_add (s->covered, state);
}

/* ---- sweeping ---------------------------------------------------------- */

static bool
stopped (const Sweep *s)
{
  return s->found->len >= s->limit || s->grid->boxes_left < 0;
}

/* The path so far, and BOX in the columns from COLUMN on. */
static void
record (Sweep *s, size_t column)
{
  Bits *region = arena_new0 (s->grid->arena, Bits, s->n_columns);
  for (size_t c = 0; c < s->n_columns; c++) {
    Bits set = c < column ? s->path[c] : s->box[c];
    region[c] = bits_new (s->grid->arena, set.n * 64);
    bits_join (region[c], set);
  }
  g_ptr_array_add (s->found, region);
}

static void sweep (Sweep *s, size_t column, Bits active);

/* The branches of one column.  Their memory is given back on the way up. */
static void
sweep_classes (Sweep *s, size_t column, Bits active)
{
  size_t n_classes = s->grid->columns[column].n_classes, words = active.n, n = 0;
  State *branches = g_new (State, n_classes);
  g_autofree guint64 *memory = g_new0 (guint64, n_classes * (words + s->box[column].n));
  guint64 *sets = memory + n_classes * words;
  g_autoptr (GHashTable) seen = g_hash_table_new (state_hash, state_equal);
  for (size_t k = 0; k < n_classes; k++) {
    if (!bits_has (s->box[column], k))
      continue;
    branches[n] = (State){ 0, { words, memory + n * words } };
    bits_both (branches[n].active, active, s->active[column][k]);
    State *same = g_hash_table_lookup (seen, &branches[n]);
    if (!same)
      g_hash_table_add (seen, same = &branches[n++]);
    bits_add ((Bits){ s->box[column].n, sets + (size_t)(same - branches) * s->box[column].n }, k);
    s->grid->boxes_left--;
  }
  for (size_t b = 0; b < n && !stopped (s); b++) {
    s->path[column] = (Bits){ s->box[column].n, sets + b * s->box[column].n };
    sweep (s, column + 1, branches[b].active);
  }
  g_free (branches);
}

static void
sweep (Sweep *s, size_t column, Bits active)
{
  if (bits_empty (active)) {
    record (s, column);
    return;
  }
  if (bits_meet (active, s->wide[column]))
    return;
  State state = { column, active };
  if (g_hash_table_contains (s->covered, &state))
    return;
  guint before = s->found->len;
  sweep_classes (s, column, active);
  if (s->found->len == before && !stopped (s))
    remember_covered (s, column, active);
}

/* ---- beginning --------------------------------------------------------- */

static void
read_boxes (Sweep *s)
{
  Arena *arena = s->grid->arena;
  s->active = arena_new0 (arena, Bits *, s->n_columns);
  s->wide = arena_new0 (arena, Bits, s->n_columns + 1);
  s->wide[s->n_columns] = bits_new (arena, s->n_boxes);
  for (size_t i = 0; i < s->n_boxes; i++)
    bits_add (s->wide[s->n_columns], i);
  for (size_t c = s->n_columns; c-- > 0;) {
    size_t n_classes = s->grid->columns[c].n_classes;
    s->wide[c] = bits_new (arena, s->n_boxes);
    s->active[c] = arena_new0 (arena, Bits, n_classes);
    for (size_t k = 0; k < n_classes; k++)
      s->active[c][k] = bits_new (arena, s->n_boxes);
    for (size_t i = 0; i < s->n_boxes; i++) {
      for (size_t k = 0; k < n_classes; k++)
        if (bits_has (s->boxes[i][c], k))
          bits_add (s->active[c][k], i);
      if (bits_has (s->wide[c + 1], i) && bits_within (s->box[c], s->boxes[i][c]))
        bits_add (s->wide[c], i);
    }
    s->grid->boxes_left -= (gint64)(s->n_boxes * bits_words (n_classes));
  }
}

void
grid_uncovered (Grid *grid, const Bits *box, const Bits *const *boxes, size_t n, size_t limit,
                GPtrArray *found)
{
  for (size_t c = 0; c < grid->table->n_inputs; c++)
    if (bits_empty (box[c]))
      return;
  g_autoptr (GHashTable) covered = g_hash_table_new (state_hash, state_equal);
  Sweep s = { .grid = grid,
              .box = box,
              .boxes = boxes,
              .n_columns = grid->table->n_inputs,
              .n_boxes = n,
              .path = arena_new0 (grid->arena, Bits, grid->table->n_inputs),
              .covered = covered,
              .limit = found->len + limit,
              .found = found };
  if (grid->boxes_left < 0)
    return;
  read_boxes (&s);
  sweep (&s, 0, s.wide[s.n_columns]);
}
