/* Open tables, settled by cases (dmn/sharpen.c): what a program does row by row is a list here.
 *
 * What an open table comes to hangs on which inputs are unknown and which rules the known ones
 * leave.  The pairs that can occur follow from the cases into which each input falls; for each
 * all combinations of the unknown inputs' cases are tried now, and those that have one answer
 * are listed in the query, as numbers: the rules left, then the unknown inputs, as bits. */
#include "sql_private.h"

enum { PAIRS_MAX = 1 << 16, TRIES_MAX = 1 << 25, LISTED_MAX = 1 << 16, OPEN = -1, BITS_MAX = 62 };

typedef struct {
  const ColumnsSharpen *s;
  Arena *arena;
  guint64 *known[SHARPEN_INPUTS]; /* the rules that a value of the input leaves, each set once */
  size_t n_known[SHARPEN_INPUTS];
  GHashTable *pairs; /* gint64 *: of left and waiting */
  gint64 tries;
} Settling;

/* ---- what can occur ------------------------------------------------------------------ */

static guint64
all_rules (const ColumnsSharpen *s)
{
  return ((guint64)1 << s->n_rules) - 1;
}

static void
add_set (Settling *t, size_t input, guint64 set)
{
  for (size_t i = 0; i < t->n_known[input]; i++)
    if (t->known[input][i] == set)
      return;
  t->known[input][t->n_known[input]++] = set;
}

/* Where the tests are not constant, any of them may hold. */
static bool
read_input (Settling *t, size_t input)
{
  enum { FREE_MAX = 8 };
  const ColumnsSharpen *s = t->s;
  DmnAtoms atoms = s->inputs[input].atoms;
  if (s->inputs[input].has_atoms || dmn_table_atoms (s->table, input, t->arena, &atoms)) {
    t->known[input] = arena_new0 (t->arena, guint64, atoms.n + 1);
    for (size_t i = 0; i < atoms.n; i++)
      add_set (t, input, atoms.sets[i]);
    add_set (t, input, all_rules (s));
    return true;
  }
  if (s->n_rules > FREE_MAX)
    return false;
  t->known[input] = arena_new0 (t->arena, guint64, (size_t)1 << s->n_rules);
  for (guint64 set = 0; set <= all_rules (s); set++)
    add_set (t, input, set);
  return true;
}

static bool
add_pair (GHashTable *pairs, gint64 pair)
{
  if (!g_hash_table_contains (pairs, &pair))
    g_hash_table_add (pairs, g_memdup2 (&pair, sizeof pair));
  return g_hash_table_size (pairs) <= PAIRS_MAX;
}

/* Every pair with INPUT looked at as well. */
static bool
widen_pairs (Settling *t, size_t input)
{
  const ColumnsSharpen *s = t->s;
  GHashTable *wider = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;
  bool fits = true;
  g_hash_table_iter_init (&iter, t->pairs);
  while (fits && g_hash_table_iter_next (&iter, &key, NULL)) {
    gint64 pair = *(gint64 *)key, waiting = pair >> s->n_rules, left = pair & (gint64)all_rules (s);
    if (s->inputs[input].has_atoms)
      fits = add_pair (wider, (waiting | (gint64)1 << input) << s->n_rules | left);
    for (size_t i = 0; fits && i < t->n_known[input]; i++)
      fits = add_pair (wider, waiting << s->n_rules | (left & (gint64)t->known[input][i]));
  }
  g_hash_table_unref (t->pairs);
  t->pairs = wider;
  return fits;
}

static bool
find_pairs (Settling *t)
{
  const ColumnsSharpen *s = t->s;
  bool fits = s->n_rules + s->n_inputs <= BITS_MAX;
  t->pairs = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  fits = fits && add_pair (t->pairs, (gint64)all_rules (s));
  for (size_t i = 0; i < s->n_inputs && fits; i++)
    fits = read_input (t, i) && widen_pairs (t, i);
  return fits;
}

/* ---- what they come to ----------------------------------------------------------------- */

/* The candidates that answer when the rules MET are, as bits, or where the answer hangs on the set of
 * rules its class + 1; 0: open. */
static guint64
answers_of (const ColumnsSharpen *s, guint64 met)
{
  guint64 answers = 0;
  if (s->sets)
    return s->sets[met] == SHARPEN_OPEN ? 0 : (guint64)s->sets[met] + 1;
  if (!met) {
    answers = (guint64)1 << s->candidates[s->n_rules];
  } else if (s->policy == DMN_UNIQUE && (met & (met - 1))) {
    answers = (guint64)1 << s->candidates[s->n_rules + 1];
  } else if (s->policy == DMN_ANY) {
    for (guint64 m = met; m; m &= m - 1)
      answers |= (guint64)1 << s->candidates[__builtin_ctzll (m)];
    if (answers & (answers - 1) && !(answers & s->undetermined))
      answers = (guint64)1 << s->candidates[s->n_rules + 1];
  } else {
    size_t k = 0;
    while (!(met >> s->order[k] & 1))
      k++;
    answers = (guint64)1 << s->candidates[s->order[k]];
  }
  return answers & s->undetermined ? 0 : answers;
}

/* All candidates that can answer; 0: open whatever they are. */
static guint64
try_all (Settling *t, gint64 waiting, guint64 left)
{
  const ColumnsSharpen *s = t->s;
  size_t n = 1, at[SHARPEN_INPUTS] = { 0 };
  for (size_t i = 0; i < s->n_inputs; i++)
    if (waiting >> i & 1) {
      if (s->inputs[i].atoms.n > s->most / n)
        return 0;
      n *= s->inputs[i].atoms.n;
    }
  guint64 all = 0;
  t->tries += (gint64)n;
  for (size_t k = 0; k < n && t->tries <= TRIES_MAX; k++) {
    guint64 met = left;
    for (size_t i = 0; i < s->n_inputs; i++)
      met &= waiting >> i & 1 ? s->inputs[i].atoms.sets[at[i]] : ~(guint64)0;
    guint64 one = answers_of (s, met);
    if (!one || (s->constant && all && all != one))
      return 0;
    all |= one;
    for (size_t i = 0; i < s->n_inputs; i++)
      if (waiting >> i & 1) {
        if (++at[i] < s->inputs[i].atoms.n)
          break;
        at[i] = 0;
      }
  }
  return all;
}

/* ---- the query ----------------------------------------------------------------------------- */

typedef struct {
  guint64 answers;
  GString *list;
} Group;

static void
group_free (gpointer data)
{
  g_string_free (((Group *)data)->list, TRUE);
  g_free (data);
}

static void
add_listed (GPtrArray *groups, guint64 answers, gint64 pair)
{
  Group *group = NULL;
  for (guint i = 0; i < groups->len && !group; i++)
    if (((Group *)groups->pdata[i])->answers == answers)
      group = groups->pdata[i];
  if (!group) {
    group = g_new0 (Group, 1);
    *group = (Group){ answers, g_string_new (NULL) };
    g_ptr_array_add (groups, group);
  }
  g_string_append_printf (group->list, "%s%" G_GINT64_FORMAT, group->list->len ? ", " : "", pair);
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const gint64 *x = *(const gint64 *const *)a, *y = *(const gint64 *const *)b;
  return (*x > *y) - (*x < *y);
}

/* The pairs that are settled, by the candidates that answer; false when there are too many. */
static bool
find_groups (Settling *t, GPtrArray *groups)
{
  const ColumnsSharpen *s = t->s;
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;
  size_t n = 0;
  g_hash_table_iter_init (&iter, t->pairs);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);
  g_ptr_array_sort (keys, compare_pairs);
  for (guint i = 0; i < keys->len; i++) {
    gint64 pair = *(gint64 *)keys->pdata[i], waiting = pair >> s->n_rules;
    guint64 answers = waiting ? try_all (t, waiting, (guint64)pair & all_rules (s)) : 0;
    if (answers) {
      add_listed (groups, answers, pair);
      n++;
    }
  }
  return n <= LISTED_MAX && t->tries <= TRIES_MAX;
}

/* Bits of planes, one after the other. */
static int
packed (SqlQueries *q, const int *planes, size_t n)
{
  int sum = node_number (q, 0, 1);
  for (size_t i = 0; i < bytes_of_bits (n); i++) {
    int byte = number_node (q, planes[i]);
    gint64 x;
    if (i && !(node_is_constant (q, byte, &x) && x == 0))
      byte = NODE (q, TYPE_NUMBER, BINDS_MULTIPLY, "\1a6 * \1b7", node_number (q, (gint64)1 << (8 * i), 8),
                   byte);
    sum = node_add (q, sum, byte);
  }
  return sum;
}

/* Rows where two candidates are the same. */
static int
same (SqlQueries *q, const ColumnsSharpen *s, int a, int b)
{
  int x = mask_node (q, s->none[a]), y = mask_node (q, s->none[b]);
  int value_a = s->widths == 1 ? mask_node (q, s->planes[a]) : number_node (q, s->planes[a]);
  int value_b = s->widths == 1 ? mask_node (q, s->planes[b]) : number_node (q, s->planes[b]);
  int equal = NODE (q, TYPE_MASK, BINDS_COMPARE, "\1a5 = \1b5", value_a, value_b);
  return node_or (q, node_and (q, x, y), node_and (q, equal, node_not (q, node_or (q, x, y))));
}

/* Rows where all of ANSWERS are known and the same. */
static int
agree (SqlQueries *q, const ColumnsSharpen *s, guint64 answers)
{
  int mask = node_truth (q, true), first = __builtin_ctzll (answers);
  for (guint64 rest = answers; rest && !s->constant; rest &= rest - 1) {
    int k = __builtin_ctzll (rest);
    mask = node_and (q, mask, node_not (q, mask_node (q, s->unknown[k])));
    if (k != first)
      mask = node_and (q, mask, same (q, s, first, k));
  }
  return mask;
}

/* As SHARPEN gives it: signed, where it is compared. */
static gint64
code_of (const ColumnsSharpen *s, guint64 answers)
{
  return (gint8)(s->sets ? (int)answers - 1 : __builtin_ctzll (answers));
}

static int
choose (SqlQueries *q, const ColumnsOperation *o, const GPtrArray *groups)
{
  const ColumnsSharpen *s = o->data;
  int waiting = packed (q, s->waiting, s->n_inputs), left = packed (q, s->left, s->n_rules);
  int key = node_add (q, left,
                      NODE (q, TYPE_NUMBER, BINDS_MULTIPLY, "\1a6 * \1b7",
                            node_number (q, (gint64)1 << s->n_rules, 8), waiting));
  int answer = node_number (q, OPEN, 1);
  for (guint i = groups->len; i-- > 0;) {
    const Group *group = groups->pdata[i];
    g_autofree char *list = g_strdup_printf ("\1a5 IN (%s)", group->list->str);
    int here = node_and (q, NODE (q, TYPE_MASK, BINDS_COMPARE, list, key), agree (q, s, group->answers));
    answer = node_choose (q, here, node_number (q, code_of (s, group->answers), 1), answer);
  }
  answer = node_choose (q, mask_node (q, s->never), node_number (q, OPEN, 1), answer);
  return node_choose (q, node_not (q, mask_node (q, o->b)), number_node (q, o->a), answer);
}

int
settle (SqlQueries *q, const ColumnsOperation *o)
{
  const ColumnsSharpen *s = o->data;
  if (s->policy == DMN_ANY && !s->constant)
    return node_outside (q, TYPE_NUMBER, "an open A table whose outputs are computed");
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (group_free);
  Settling t = { .s = s, .arena = arena };
  bool fits = find_pairs (&t) && find_groups (&t, groups);
  g_hash_table_unref (t.pairs);
  return fits ? choose (q, o, groups)
              : node_outside (q, TYPE_NUMBER, "an open table with more cases than a query should list");
}
