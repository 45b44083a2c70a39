/* Rows that come and go.  Most often somebody new comes last, and nothing moves; else the rows
 * behind the first change are put in place anew, and references follow them. */
#include "county/county_private.h"

/* ---- the new rows ------------------------------------------------------------------------ */

/* The rows from MOVED on: whom they are about, and which rows they were; -1: none. */
typedef struct {
  GArray *numbers, *from;
} Tail;

static void
tail_add (Tail *tail, gint64 number, gint64 from)
{
  g_array_append_val (tail->numbers, number);
  g_array_append_val (tail->from, from);
}

/* Rows FIRST to END of TABLE without GONE, and NEW between them, which may have been rows. */
static void
tail_merge (Tail *tail, const Table *table, size_t first, size_t end, const GArray *gone, const GArray *new)
{
  guint k = 0;
  for (size_t r = first; r <= end; r++) {
    gint64 number = r < end ? table->numbers[r] : G_MAXINT64;
    for (; k < new->len &&g_array_index (new, gint64, k) < number; k++)
      tail_add (tail, g_array_index (new, gint64, k), link_row (table, g_array_index (new, gint64, k)));
    if (r < end && !numbers_have (gone, number))
      tail_add (tail, number, (gint64)r);
  }
}

/* ---- arrays ------------------------------------------------------------------------------- */

/* WIDTH bytes of each row of TAIL, from where they were; zero for new ones. */
static guint8 *
gather (const guint8 *from, unsigned width, const Tail *tail)
{
  guint8 *to = g_malloc0_n (MAX (tail->from->len, 1), width);
  for (guint i = 0; i < tail->from->len; i++) {
    gint64 row = g_array_index (tail->from, gint64, i);
    if (row >= 0)
      memcpy (to + (size_t)i * width, from + (size_t)row * width, width);
  }
  return to;
}

static void
move_array (guint8 *array, unsigned width, size_t first, const Tail *tail)
{
  if (!array)
    return;
  g_autofree guint8 *moved = gather (array, width, tail);
  memcpy (array + first * width, moved, (size_t)tail->from->len * width);
}

/* Where the table had room for fewer rows, it has by now. */
static void
move_columns (Table *table, size_t first, const Tail *tail)
{
  for (size_t i = 0; i < table->n_stored; i++) {
    Held *held = &table->held[i];
    move_array (held->values, table->columns[i].width, first, tail);
    move_array (held->none, 1, first, tail);
    move_array (held->unknown, 1, first, tail);
  }
}

/* ---- references ---------------------------------------------------------------------------- */

/* What leads to somebody who is gone is -1 until it is put right, as it was scanned again. */
static void
redirect (const ColumnsColumn *column, gint32 *rows, size_t n, size_t first, const gint32 *now)
{
  for (size_t r = 0; r < n; r++)
    if (rows[r] >= (gint32)first) {
      gint32 row = now[(size_t)rows[r] - first];
      rows[r] = row < 0 && !column_leads (column, r) ? 0 : row;
    }
}

/* NOW: by old row from FIRST on, its new place; -1: none. */
static void
redirect_all (County *county, const Table *target, size_t first, const gint32 *now)
{
  for (size_t t = 0; t < county->n_tables; t++) {
    Table *table = &county->tables[t];
    for (size_t i = 0; table->entity && i < table->n_stored; i++)
      if (table->columns[i].target == &target->table)
        redirect (&table->columns[i], (gint32 *)(void *)table->held[i].values, table->table.n_rows, first,
                  now);
  }
}

/* ---- all of it --------------------------------------------------------------------------------- */

static size_t
first_moved (const Table *table, const Arrivals *a)
{
  size_t first = table->table.n_rows;
  if (a->strangers->len)
    first = numbers_place (table->numbers, table->n_subjects, table->table.n_rows,
                           g_array_index (a->strangers, gint64, 0));
  const GArray *const subjects[] = { a->added, a->promoted, a->deleted };
  for (size_t i = 0; i < G_N_ELEMENTS (subjects); i++)
    if (subjects[i]->len)
      first = MIN (first, numbers_place (table->numbers, 0, table->n_subjects,
                                         g_array_index (subjects[i], gint64, 0)));
  return first;
}

/* The new tail; gives how many of it are subjects. */
static size_t
make_tail (const Table *table, const Arrivals *a, size_t first, Tail *tail)
{
  g_autoptr (GArray) coming = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_vals (coming, a->added->data, a->added->len);
  g_array_append_vals (coming, a->promoted->data, a->promoted->len);
  numbers_sort (coming);
  tail_merge (tail, table, MIN (first, table->n_subjects), table->n_subjects, a->deleted, coming);
  size_t subjects = tail->numbers->len;
  tail_merge (tail, table, MAX (first, table->n_subjects), table->table.n_rows, a->promoted, a->strangers);
  return subjects;
}

/* Who was nobody to be counted and now is, is new even where the row is the same. */
static void
note_displaced (struct CountyTableChanges *changes, const Table *table, size_t n_subjects, size_t first,
                const Tail *tail)
{
  changes->moved = first;
  changes->displaced = g_new0 (guint8, tail->from->len + 1);
  for (guint i = 0; i < tail->from->len; i++) {
    gint64 from = g_array_index (tail->from, gint64, i);
    bool counts = first + i < n_subjects, counted = from >= 0 && (size_t)from < table->n_subjects;
    changes->displaced[i] = from != (gint64)(first + i) || counts != counted;
  }
}

static void
place_tail (County *county, Table *table, size_t first, const Tail *tail)
{
  size_t n_before = table->table.n_rows, n = tail->from->len;
  g_autofree gint32 *now = g_new (gint32, n_before - first + 1);
  memset (now, 0xff, (n_before - first + 1) * sizeof *now);
  for (size_t i = 0; i < n; i++) {
    gint64 from = g_array_index (tail->from, gint64, i);
    if (from >= 0)
      now[(size_t)from - first] = (gint32)(first + i);
  }
  table_reserve (table, first + n);
  move_columns (table, first, tail);
  if (n)
    memcpy (table->numbers + first, tail->numbers->data, n * sizeof (gint64));
  if (first < n_before)
    redirect_all (county, table, first, now);
  table->table.n_rows = first + n;
}

void
reorder (County *county, Table *table, const Arrivals *arrivals, struct CountyTableChanges *changes)
{
  size_t first = first_moved (table, arrivals);
  if (!arrivals->added->len && !arrivals->promoted->len && !arrivals->deleted->len
      && !arrivals->strangers->len)
    return;
  Tail tail = { g_array_new (FALSE, FALSE, sizeof (gint64)), g_array_new (FALSE, FALSE, sizeof (gint64)) };
  size_t n_subjects = MIN (first, table->n_subjects) + make_tail (table, arrivals, first, &tail);
  note_displaced (changes, table, n_subjects, first, &tail);
  place_tail (county, table, first, &tail);
  table->n_subjects = n_subjects;
  link_index (table);
  for (size_t r = MAX (first, n_subjects); r < table->table.n_rows; r++)
    for (size_t i = 0; g_array_index (tail.from, gint64, r - first) < 0 && i < table->n_stored; i++)
      held_set_absent (table, i, r);
  g_array_unref (tail.numbers);
  g_array_unref (tail.from);
}
