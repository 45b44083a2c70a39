/* Taking in what was recorded since.  Those who were touched are scanned again, as small
 * chunks; first rows come and go, then each value is held against the one that stands there. */
#include "county/county_private.h"

enum { MANY = 64 }; /* touched in one chunk: all of it is scanned */

typedef struct {
  County *county;
  Build build;
  const RegistryTouch *touches;
  size_t n_touches;
  GArray **wanted;    /* by table: numbers to be scanned, rising */
  bool *all;          /* by table: everybody is */
  GArray **spans;     /* by table: Range, as they were scanned; without pieces */
  Arrivals *arrivals; /* by table */
  CountyChanges *changes;
} Refresh;

/* ---- who is to be scanned ------------------------------------------------------------- */

/* Rows of TABLE whose reference I leads to one of MARKED, rows of its target. */
static void
want_referrers (Refresh *f, const Table *table, size_t i, const guint8 *marked)
{
  const gint32 *rows = table->columns[i].values;
  for (size_t r = 0; r < table->table.n_rows; r++)
    if (column_leads (&table->columns[i], r) && marked[rows[r]])
      g_array_append_val (f->wanted[table->entity->index], table->numbers[r]);
}

/* Whoever refers to somebody merged or taken apart. */
static void
want_all_referrers (Refresh *f, const Table *target)
{
  g_autofree guint8 *marked = NULL;
  for (size_t i = 0; i < f->n_touches; i++) {
    const RegistryTouch *touch = &f->touches[i];
    gint64 row = touch->merged && touch->subject >> 56 == target->entity->index
                     ? link_row (target, subject_number (touch->subject))
                     : -1;
    if (row < 0)
      continue;
    marked = marked ? marked : g_malloc0 (target->table.n_rows);
    marked[row] = 1;
  }
  for (size_t t = 0; marked && t < f->county->n_tables; t++) {
    const Table *table = &f->county->tables[t];
    for (size_t i = 0; table->entity && i < table->n_stored; i++)
      if (table->columns[i].target == &target->table)
        want_referrers (f, table, i, marked);
  }
}

static void
want_touched (Refresh *f)
{
  County *county = f->county;
  for (size_t i = 0; i < f->n_touches; i++) {
    gint64 entity = f->touches[i].subject >> 56, number = subject_number (f->touches[i].subject);
    if (!county->tables[entity].entity)
      continue;
    f->all[entity] |= number == 0;
    if (number)
      g_array_append_val (f->wanted[entity], number);
  }
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity)
      want_all_referrers (f, &county->tables[t]);
  for (size_t t = 0; t < county->n_tables; t++)
    numbers_sort (f->wanted[t]);
}

/* ---- scanning ---------------------------------------------------------------------------- */

/* Those of one chunk, from *I on: one by one, or the whole chunk when they are many. */
static void
add_chunk (Table *table, const GArray *wanted, guint *i, GArray *ranges)
{
  guint first = *i, end = first;
  gint64 chunk = chunk_of_number (g_array_index (wanted, gint64, first));
  while (end < wanted->len && chunk_of_number (g_array_index (wanted, gint64, end)) == chunk)
    end++;
  *i = end;
  if (end - first >= MANY)
    build_add_range (ranges, table, chunk * REGISTRY_PART + 1, (chunk + 1) * REGISTRY_PART, PIECE_STALE);
  for (guint k = first; end - first < MANY && k < end; k++) {
    gint64 number = g_array_index (wanted, gint64, k);
    build_add_range (ranges, table, number, number, PIECE_STALE);
  }
}

static bool
add_ranges (Refresh *f, Table *table, GArray *ranges, GError **error)
{
  const GArray *wanted = f->wanted[table->entity->index];
  guint first = ranges->len;
  if (f->all[table->entity->index] && !build_add_table (&f->build, ranges, table, error))
    return false;
  for (guint i = 0; !f->all[table->entity->index] && i < wanted->len;)
    add_chunk (table, wanted, &i, ranges);
  if (ranges->len > first)
    g_array_append_vals (f->spans[table->entity->index], &g_array_index (ranges, Range, first),
                         ranges->len - first);
  return true;
}

static bool
scan (Refresh *f, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  for (size_t t = 0; t < f->county->n_tables; t++)
    if (f->county->tables[t].entity && !add_ranges (f, &f->county->tables[t], ranges, error)) {
      for (guint i = 0; i < ranges->len; i++)
        g_array_unref (g_array_index (ranges, Range, i).pieces);
      return false;
    }
  return build_ranges (&f->build, ranges, error);
}

/* ---- who comes and goes ---------------------------------------------------------------------- */

static void
find_arrivals (Refresh *f, const Table *table)
{
  Arrivals *a = &f->arrivals[table->entity->index];
  for (guint p = 0; p < table->pieces->len; p++) {
    const Chunk *chunk = &g_array_index (table->pieces, Piece, p).chunk;
    for (size_t r = 0; r < chunk->n; r++) {
      gint64 number = chunk_number (chunk, r), row = link_row (table, number);
      if (row < (gint64)table->n_subjects && row >= 0)
        continue;
      g_array_append_val (row < 0 ? a->added : a->promoted, number);
    }
  }
}

/* Numbers that were scanned for, and found; rising, as pieces and their rows are. */
static GArray *
found_numbers (const Table *table)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint p = 0; p < table->pieces->len; p++) {
    const Chunk *chunk = &g_array_index (table->pieces, Piece, p).chunk;
    for (size_t r = 0; r < chunk->n; r++)
      g_array_append_val (found, ((gint64){ chunk_number (chunk, r) }));
  }
  numbers_sort (found);
  return found;
}

/* Subjects with numbers from FIRST to LAST that were not found. */
static void
find_deleted (const Table *table, gint64 first, gint64 last, const GArray *found, GArray *deleted)
{
  size_t r = numbers_place (table->numbers, 0, table->n_subjects, first);
  for (; r < table->n_subjects && table->numbers[r] <= last; r++)
    if (!numbers_have (found, table->numbers[r]))
      g_array_append_val (deleted, table->numbers[r]);
}

static void
find_all_deleted (Refresh *f, const Table *table)
{
  g_autoptr (GArray) found = found_numbers (table);
  const GArray *spans = f->spans[table->entity->index];
  GArray *deleted = f->arrivals[table->entity->index].deleted;
  if (f->all[table->entity->index])
    find_deleted (table, 1, G_MAXINT64, found, deleted);
  for (guint i = 0; !f->all[table->entity->index] && i < spans->len; i++) {
    const Range *span = &g_array_index (spans, Range, i);
    find_deleted (table, span->first, span->last, found, deleted);
  }
}

/* Whom the pieces of TABLE refer to without knowing them. */
static void
find_strangers (Refresh *f, const Table *table, size_t i)
{
  const Table *target = table_of (f->county, table->held[i].attribute->target);
  Arrivals *a = &f->arrivals[target->entity->index];
  gint64 numbers[COLUMNS_CHUNK];
  guint8 states[2][COLUMNS_CHUNK];
  for (guint p = 0; p < table->pieces->len; p++) {
    const Chunk *chunk = &g_array_index (table->pieces, Piece, p).chunk;
    const ChunkColumn *part = &chunk->columns[i];
    if (!part->any)
      continue;
    chunk_values (chunk, part, 0, sizeof *numbers, numbers);
    chunk_mask (chunk, part->none, part->none_bits, states[0]);
    chunk_mask (chunk, part->unknown, part->unknown_bits, states[1]);
    for (size_t r = 0; r < chunk->n; r++)
      if (!states[0][r] && !states[1][r] && link_row (target, numbers[r]) < 0
          && !numbers_have (a->added, numbers[r]))
        g_array_append_val (a->strangers, numbers[r]);
  }
}

static void
find_all_arrivals (Refresh *f)
{
  County *county = f->county;
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity) {
      find_arrivals (f, &county->tables[t]);
      find_all_deleted (f, &county->tables[t]);
      numbers_sort (f->arrivals[t].added);
      numbers_sort (f->arrivals[t].promoted);
      numbers_sort (f->arrivals[t].deleted);
    }
  for (size_t t = 0; t < county->n_tables; t++)
    for (size_t i = 0; county->tables[t].entity && i < county->tables[t].n_stored; i++)
      if (county->tables[t].columns[i].kind == COLUMNS_REFERENCE)
        find_strangers (f, &county->tables[t], i);
  for (size_t t = 0; t < county->n_tables; t++)
    numbers_sort (f->arrivals[t].strangers);
}

/* ---- values --------------------------------------------------------------------------------------- */

void
note_owner (CountyChanges *changes, const Table *owners, const RegistryAttribute *reference, size_t row)
{
  for (size_t i = owners->n_stored; i < owners->table.n_columns; i++)
    if (owners->held[i].attribute->via == reference)
      note_change (changes, owners, i, row);
}

/* One column of a piece, and the rows that it is about. */
typedef struct {
  Refresh *refresh;
  Table *table;
  size_t column;
  const Table *target; /* of a reference */
  const GArray *added; /* subjects that have no facts yet */
  const gint64 *rows;  /* by the piece's row */
} Put;

static void
put (const Put *p, size_t r, RowState state, gint64 value)
{
  size_t row = (size_t)p->rows[r];
  const RegistryAttribute *a = p->table->held[p->column].attribute;
  CountyChanges *changes = p->refresh->changes;
  gint64 before;
  bool added = numbers_have (p->added, p->table->numbers[row]);
  RowState was = held_get (p->table, p->column, row, &before);
  if (!added && was == state && (state != ROW_VALUE || before == value))
    return;
  if (p->target && !added && was == ROW_VALUE && before >= 0)
    note_owner (changes, p->target, a, (size_t)before);
  if (p->target && state == ROW_VALUE)
    note_owner (changes, p->target, a, (size_t)value);
  if (!added)
    note_change (changes, p->table, p->column, row);
  held_set (p->table, p->column, row, state, value);
}

/* The column is made to hold what comes. */
static guint32 *
make_fit (Table *table, size_t i, const ChunkColumn *part)
{
  guint32 *codes = NULL;
  if (table->held[i].texts) {
    codes = held_learn_texts (&table->held[i], part);
    held_settle_texts (table, i);
  } else if (table->columns[i].kind != COLUMNS_REFERENCE && table->columns[i].kind != COLUMNS_BOOLEAN
             && part->any)
    held_widen (table, i, part->min, part->max);
  return codes;
}

static void
put_column (Put *p, const Chunk *chunk)
{
  const ChunkColumn *part = &chunk->columns[p->column];
  gint64 values[COLUMNS_CHUNK];
  guint8 none[COLUMNS_CHUNK], unknown[COLUMNS_CHUNK];
  g_autofree guint32 *codes = make_fit (p->table, p->column, part);
  chunk_values (chunk, part, 0, sizeof *values, values);
  chunk_mask (chunk, part->none, part->none_bits, none);
  chunk_mask (chunk, part->unknown, part->unknown_bits, unknown);
  for (size_t r = 0; r < chunk->n; r++) {
    RowState state = none[r] ? ROW_NONE : unknown[r] ? ROW_UNKNOWN : ROW_VALUE;
    gint64 value = state != ROW_VALUE ? 0
                   : codes            ? codes[values[r]]
                   : p->target        ? link_row (p->target, values[r])
                                      : values[r];
    put (p, r, state, value);
  }
}

static void
put_piece (Refresh *f, Table *table, const Chunk *chunk)
{
  gint64 rows[COLUMNS_CHUNK];
  for (size_t r = 0; r < chunk->n; r++)
    rows[r] = link_row (table, chunk_number (chunk, r));
  for (size_t i = 0; i < table->n_stored; i++) {
    const RegistryEntity *target = table->held[i].attribute->target;
    Put p = {
      f, table, i, target ? table_of (f->county, target) : NULL, f->arrivals[table->entity->index].added, rows
    };
    put_column (&p, chunk);
  }
}

/* ---- what absence means --------------------------------------------------------------------------- */

static bool
same_absence (const RegistryFact *a, const RegistryFact *b)
{
  return a->state == b->state && a->integer == b->integer && text_equal (a->text, b->text);
}

/* Before rows move: the description holds what absence means from now on. */
static void
take_absence (Refresh *f, Table *table, const RegistryFact *before)
{
  for (size_t i = 0; i < table->table.n_columns; i++) {
    ColumnsColumn *column = &table->columns[i];
    if (same_absence (&table->held[i].absent, &before[i]))
      continue;
    if (column->kind == COLUMNS_LIST)
      f->changes->any = f->changes->tables[table->entity->index].all[i] = true;
    else if (column->kind == COLUMNS_TEXT)
      held_settle_texts (table, i);
    else if (column->kind == COLUMNS_NUMBER || column->kind == COLUMNS_DATE)
      held_settle (table, i, column->min, column->max);
  }
}

/* Those of whom nothing is recorded; everybody else was scanned. */
static void
put_absence (Refresh *f, Table *table)
{
  for (size_t i = 0; i < table->n_stored; i++)
    for (size_t r = table->n_subjects; r < table->table.n_rows; r++) {
      gint64 before, now;
      RowState was = held_get (table, i, r, &before);
      held_set_absent (table, i, r);
      if (held_get (table, i, r, &now) != was || (was == ROW_VALUE && before != now))
        note_change (f->changes, table, i, r);
    }
}

static bool
read_absence (Refresh *f, const Table *table, RegistryFact *absent, GError **error)
{
  for (size_t i = 0; i < table->table.n_columns; i++)
    if (!registry_view_absence (f->build.views[0], table->held[i].attribute, &absent[i], error))
      return false;
  return true;
}

/* What is scanned is read by what absence means now; what it meant goes to ABSENT. */
static void
exchange_absence (Table *table, RegistryFact *absent)
{
  for (size_t i = 0; i < table->table.n_columns; i++) {
    RegistryFact was = table->held[i].absent;
    table->held[i].absent = absent[i];
    absent[i] = was;
  }
}

static bool
read_all_absence (Refresh *f, RegistryFact **absent, GError **error)
{
  County *county = f->county;
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity && !read_absence (f, &county->tables[t], absent[t], error))
      return false;
  return true;
}

static void
exchange_all_absence (County *county, RegistryFact **absent)
{
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity)
      exchange_absence (&county->tables[t], absent[t]);
}

/* ---- lists ----------------------------------------------------------------------------------------------
 */

/* Whom the references of those who go led to, before rows move. */
typedef struct {
  const Table *owners;
  const RegistryAttribute *reference;
  gint64 number;
} Left;

static void
find_left (Refresh *f, const Table *table, GArray *left)
{
  const GArray *deleted = f->arrivals[table->entity->index].deleted;
  for (guint d = 0; d < deleted->len; d++) {
    size_t row = (size_t)link_row (table, g_array_index (deleted, gint64, d));
    for (size_t i = 0; i < table->n_stored; i++) {
      if (table->columns[i].kind != COLUMNS_REFERENCE || !column_leads (&table->columns[i], row))
        continue;
      const Table *owners = table_of (f->county, table->held[i].attribute->target);
      gint32 owner = ((const gint32 *)table->columns[i].values)[row];
      g_array_append_val (left, ((Left){ owners, table->held[i].attribute, owners->numbers[owner] }));
    }
  }
}

static void
note_left (Refresh *f, const GArray *left)
{
  for (guint i = 0; i < left->len; i++) {
    const Left *l = &g_array_index (left, Left, i);
    gint64 row = link_row (l->owners, l->number);
    if (row >= 0)
      note_owner (f->changes, l->owners, l->reference, (size_t)row);
  }
}

static void
renew_lists (Refresh *f)
{
  County *county = f->county;
  for (size_t t = 0; t < county->n_tables; t++) {
    Table *table = &county->tables[t];
    for (size_t i = table->n_stored; table->entity && i < table->table.n_columns; i++) {
      const struct CountyTableChanges *own = &f->changes->tables[t],
                                      *members = &f->changes->tables[table->held[i].attribute->target->index];
      if (own->displaced || members->displaced || own->all[i] || own->rows[i]->len)
        link_collection (county, table, i);
    }
  }
}

/* ---- all of it --------------------------------------------------------------------------------------------
 */

static CountyChanges *
changes_new (const County *county)
{
  CountyChanges *changes = g_new0 (CountyChanges, 1);
  changes->n_tables = county->n_tables;
  changes->tables = g_new0 (struct CountyTableChanges, county->n_tables);
  for (size_t t = 0; t < county->n_tables; t++) {
    const Table *table = &county->tables[t];
    struct CountyTableChanges *c = &changes->tables[t];
    size_t n = table->table.n_columns;
    c->moved = table->table.n_rows;
    c->all = g_new0 (bool, n + 1);
    c->rows = g_new0 (GArray *, n + 1); /* ends with NULL */
    for (size_t i = 0; i < n; i++)
      c->rows[i] = g_array_new (FALSE, FALSE, sizeof (size_t));
  }
  return changes;
}

void
county_changes_free (CountyChanges *changes)
{
  if (!changes)
    return;
  for (size_t t = 0; t < changes->n_tables; t++) {
    for (GArray **rows = changes->tables[t].rows; *rows; rows++)
      g_array_unref (*rows);
    g_free (changes->tables[t].rows);
    g_free (changes->tables[t].all);
    g_free (changes->tables[t].displaced);
  }
  g_free (changes->tables);
  g_free (changes);
}

static bool
same_description (const ColumnsColumn *a, const ColumnsColumn *b)
{
  return a->width == b->width && a->min == b->min && a->max == b->max && a->n_texts == b->n_texts
         && a->most == b->most && a->has_none == b->has_none && a->has_unknown == b->has_unknown;
}

static ColumnsColumn **
copy_descriptions (const County *county, Arena *arena)
{
  ColumnsColumn **copy = arena_new0 (arena, ColumnsColumn *, county->n_tables);
  for (size_t t = 0; t < county->n_tables; t++)
    copy[t] = arena_copy (arena, county->tables[t].columns,
                          county->tables[t].table.n_columns * sizeof (ColumnsColumn));
  return copy;
}

static bool
descriptions_grew (const County *county, ColumnsColumn *const *before)
{
  for (size_t t = 0; t < county->n_tables; t++)
    for (size_t i = 0; i < county->tables[t].table.n_columns; i++)
      if (!same_description (&county->tables[t].columns[i], &before[t][i]))
        return true;
  return false;
}

/* Nothing can fail any more. */
static void
take_in (Refresh *f, RegistryFact *const *absent)
{
  County *county = f->county;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (Left));
  ColumnsColumn **before = copy_descriptions (county, arena);
  find_all_arrivals (f);
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity)
      find_left (f, &county->tables[t], left);
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity) {
      take_absence (f, &county->tables[t], absent[t]);
      reorder (county, &county->tables[t], &f->arrivals[t], &f->changes->tables[t]);
      f->changes->any |= f->changes->tables[t].displaced != NULL;
    }
  note_left (f, left);
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity)
      put_absence (f, &county->tables[t]);
  for (size_t t = 0; t < county->n_tables; t++)
    for (guint p = 0; county->tables[t].entity && p < county->tables[t].pieces->len; p++)
      put_piece (f, &county->tables[t], &g_array_index (county->tables[t].pieces, Piece, p).chunk);
  renew_lists (f);
  f->changes->description = descriptions_grew (county, before);
}

static bool
read_all (Refresh *f, Arena *arena, RegistryPlace since, RegistryFact **absent, GError **error)
{
  f->touches = registry_view_touched (f->build.views[0], arena, &since, &f->n_touches, error);
  if (!f->touches || !read_all_absence (f, absent, error))
    return false;
  want_touched (f);
  exchange_all_absence (f->county, absent);
  if (scan (f, error))
    return true;
  exchange_all_absence (f->county, absent);
  return false;
}

static void
refresh_init (Refresh *f, County *county, Arena *arena)
{
  size_t n = county->n_tables;
  *f = (Refresh){ .county = county, .changes = changes_new (county) };
  f->wanted = arena_new0 (arena, GArray *, n);
  f->spans = arena_new0 (arena, GArray *, n);
  f->all = arena_new0 (arena, bool, n);
  f->arrivals = arena_new0 (arena, Arrivals, n);
  for (size_t t = 0; t < n; t++) {
    f->wanted[t] = g_array_new (FALSE, FALSE, sizeof (gint64));
    f->spans[t] = g_array_new (FALSE, FALSE, sizeof (Range));
    f->arrivals[t] = (Arrivals){ g_array_new (FALSE, FALSE, sizeof (gint64)),
                                 g_array_new (FALSE, FALSE, sizeof (gint64)),
                                 g_array_new (FALSE, FALSE, sizeof (gint64)),
                                 g_array_new (FALSE, FALSE, sizeof (gint64)) };
  }
}

static void
refresh_clear (Refresh *f)
{
  for (size_t t = 0; t < f->county->n_tables; t++) {
    g_array_unref (f->wanted[t]);
    g_array_unref (f->spans[t]);
    g_array_unref (f->arrivals[t].added);
    g_array_unref (f->arrivals[t].promoted);
    g_array_unref (f->arrivals[t].deleted);
    g_array_unref (f->arrivals[t].strangers);
    if (f->county->tables[t].entity)
      forget_pieces (&f->county->tables[t]);
  }
  county_changes_free (f->changes);
}

CountyChanges *
county_refresh (County *county, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  RegistryFact **absent = arena_new0 (arena, RegistryFact *, county->n_tables);
  RegistryPlace since = county->place;
  for (size_t t = 0; t < county->n_tables; t++)
    absent[t] = arena_new0 (arena, RegistryFact, county->tables[t].table.n_columns);
  Refresh f;
  refresh_init (&f, county, arena);
  bool ok = build_begin (&f.build, county, error) && read_all (&f, arena, since, absent, error);
  build_end (&f.build);
  if (ok)
    take_in (&f, absent);
  else
    county->place = since;
  CountyChanges *changes = ok ? g_steal_pointer (&f.changes) : NULL;
  refresh_clear (&f);
  return changes;
}
