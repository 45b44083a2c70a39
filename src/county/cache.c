/* Chunks kept in the store: which of them are still right, what is built instead.
 *
 * A kept chunk knows the place of the registry that it was made from.  It is stale when one
 * of its subjects was touched after that place, when all of its entity were, or when it refers
 * to somebody who was merged or taken apart since.  That nobody is missing shows the count of
 * subjects: where it is another, as after a first load that was killed, all is built.
 *
 * Who asks for fewer columns than are kept takes those, and keeps nothing in their place. */
#include "county/county_private.h"

enum { READ_AT_ONCE = 16, KEEP_AT_ONCE = 64 };

/* Chunks are of the schema and the day; which columns they have they say themselves. */
static char *
key_of (const County *county)
{
  g_autofree char *text = g_strdup_printf ("%s %" G_GINT64_FORMAT,
                                           registry_schema_hash (registry_schema (county->options.registry)),
                                           county->options.as_of);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* ---- what is there -------------------------------------------------------------------- */

static void
take_head (gpointer data, const RegistryKept *kept)
{
  Table *table = data;
  g_array_append_val (table->pieces, ((Piece){ .index = kept->part, .place = kept->place }));
}

static bool
find_kept (Build *build, Table *table, RegistryPlace *oldest, GError **error)
{
  if (!registry_view_kept (build->views[0], table->entity, table->key, true, 0,
                           chunk_of_number (G_MAXINT64 >> 8), take_head, table, error))
    return false;
  for (guint i = 0; i < table->pieces->len; i++) {
    const RegistryPlace *place = &g_array_index (table->pieces, Piece, i).place;
    oldest->batch = MIN (oldest->batch, place->batch);
    oldest->merge = MIN (oldest->merge, place->merge);
    oldest->erasure = MIN (oldest->erasure, place->erasure);
  }
  return true;
}

static Piece *
piece_of (const Table *table, gint64 index)
{
  guint from = 0, to = table->pieces->len;
  while (from < to) {
    guint middle = (from + to) / 2;
    Piece *piece = &g_array_index (table->pieces, Piece, middle);
    if (piece->index == index)
      return piece;
    if (piece->index < index)
      from = middle + 1;
    else
      to = middle;
  }
  return NULL;
}

/* ---- what has become stale --------------------------------------------------------------- */

static void
mark_stale (Piece *piece, const RegistryPlace *at)
{
  if (at->batch > piece->place.batch || at->merge > piece->place.merge || at->erasure > piece->place.erasure)
    piece->origin = PIECE_STALE;
}

/* A chunk that there was none of joins those to be built. */
static void
add_missing (Table *table, gint64 index, GArray *missing)
{
  Piece piece = { .index = index, .origin = PIECE_STALE };
  if (!missing->len || g_array_index (missing, Piece, missing->len - 1).index != index)
    g_array_append_val (missing, piece);
}

/* TOUCHES are in order of subjects, so those of a table stand together. */
static void
mark_touched (Table *table, const RegistryTouch *touches, size_t n)
{
  g_autoptr (GArray) missing = g_array_new (FALSE, FALSE, sizeof (Piece));
  for (size_t i = 0; i < n; i++) {
    if (touches[i].subject >> 56 != table->entity->index)
      continue;
    gint64 number = subject_number (touches[i].subject);
    if (number == 0)
      for (guint p = 0; p < table->pieces->len; p++)
        mark_stale (&g_array_index (table->pieces, Piece, p), &touches[i].at);
    else {
      Piece *piece = piece_of (table, chunk_of_number (number));
      if (piece)
        mark_stale (piece, &touches[i].at);
      else
        add_missing (table, chunk_of_number (number), missing);
    }
  }
  if (missing->len)
    g_array_append_vals (table->pieces, missing->data, missing->len);
  g_array_sort (table->pieces, piece_compare);
}

/* ---- reading -------------------------------------------------------------------------------- */

typedef struct {
  Table *table;
  guint first, n; /* pieces */
} Stretch;

typedef struct {
  Build *build;
  GArray *stretches;
  GHashTable *merged; /* Subject → RegistryTouch; NULL: nobody */
} Reading;

/* Whether somebody it refers to was merged or taken apart after it was made. */
static bool
refers_to_merged (const Table *table, const Piece *piece, GHashTable *merged)
{
  gint64 numbers[COLUMNS_CHUNK];
  for (size_t i = 0; i < table->n_stored; i++) {
    const ChunkColumn *part = &piece->chunk.columns[i];
    if (table->columns[i].kind != COLUMNS_REFERENCE || !part->any)
      continue;
    chunk_values (&piece->chunk, part, 0, sizeof *numbers, numbers);
    for (size_t r = 0; r < piece->chunk.n; r++) {
      Subject subject = subject_make (table->held[i].attribute->target, numbers[r]);
      const RegistryTouch *touch = g_hash_table_lookup (merged, &subject);
      if (touch && touch->at.merge > piece->place.merge)
        return true;
    }
  }
  return false;
}

typedef struct {
  Table *table;
  GHashTable *merged;
} Taking;

static void
take_bytes (gpointer data, const RegistryKept *kept)
{
  const Taking *taking = data;
  Piece *piece = piece_of (taking->table, kept->part);
  if (!piece || piece->origin != PIECE_CACHED)
    return;
  if (memcmp (&kept->place, &piece->place, sizeof kept->place) != 0) {
    piece->origin
        = PIECE_STALE; /* another process kept one between two views: what was marked is not of it */
    return;
  }
  piece->bytes = g_bytes_new (kept->bytes.bytes, kept->bytes.len);
  size_t len;
  const guint8 *bytes = g_bytes_get_data (piece->bytes, &len);
  Table *table = taking->table;
  ChunkFit fit = chunk_parse (&piece->chunk, bytes, len, piece->index, table->stored, table->entity->n,
                              table->n_stored);
  if (piece->chunk.more)
    g_atomic_int_set (&table->more, 1);
  if (fit == CHUNK_LACKS)
    piece->origin = PIECE_BUILT;
  else if (fit == CHUNK_DAMAGED)
    piece->origin = len ? PIECE_DAMAGED : PIECE_STALE;
  else if (taking->merged && refers_to_merged (table, piece, taking->merged))
    piece->origin = PIECE_STALE;
}

static void
read_task (gpointer data, size_t task, unsigned thread)
{
  const Reading *reading = data;
  const Stretch *stretch = &g_array_index (reading->stretches, Stretch, task);
  Table *table = stretch->table;
  Taking taking = { table, reading->merged };
  GError *error = NULL;
  gint64 first = g_array_index (table->pieces, Piece, stretch->first).index;
  gint64 last = g_array_index (table->pieces, Piece, stretch->first + stretch->n - 1).index;
  if (!registry_view_kept (reading->build->views[thread], table->entity, table->key, false, first, last,
                           take_bytes, &taking, &error))
    build_fail (reading->build, error);
}

static bool
read_kept (Build *build, GHashTable *merged, GError **error)
{
  g_autoptr (GArray) stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  Reading reading = { build, stretches, g_hash_table_size (merged) ? merged : NULL };
  for (size_t t = 0; t < build->county->n_tables; t++) {
    Table *table = &build->county->tables[t];
    guint n = table->entity ? table->pieces->len : 0;
    for (guint i = 0; i < n; i += READ_AT_ONCE)
      g_array_append_val (stretches, ((Stretch){ table, i, MIN (READ_AT_ONCE, n - i) }));
  }
  return build_share (build, stretches->len, read_task, &reading, error);
}

/* ---- building what is missing ----------------------------------------------------------------- */

/* Pieces without bytes, as another process may take them away between two views, or with bytes of no
 * use, are taken out and become ranges. */
static void
collect_ranges (Table *table, GArray *ranges)
{
  guint kept = 0;
  for (guint i = 0; i < table->pieces->len; i++) {
    Piece *piece = &g_array_index (table->pieces, Piece, i);
    if (piece->origin == PIECE_CACHED && piece->bytes) {
      g_array_index (table->pieces, Piece, kept++) = *piece;
      continue;
    }
    PieceOrigin origin = piece->origin == PIECE_CACHED ? PIECE_STALE : piece->origin;
    gint64 first = piece->index * REGISTRY_PART + 1;
    g_array_append_val (table->renewed, piece->index);
    build_add_range (ranges, table, first, first + REGISTRY_PART - 1, origin);
    piece_clear (piece, table->n_stored);
  }
  g_array_set_size (table->pieces, kept);
}

static bool
is_whole (Build *build, const Table *table, bool *whole, GError **error)
{
  gint64 n = 0, count;
  for (guint i = 0; i < table->pieces->len; i++)
    n += (gint64)g_array_index (table->pieces, Piece, i).chunk.n;
  if (!registry_view_count (build->views[0], table->entity, &count, error))
    return false;
  *whole = n == count;
  return true;
}

static bool
build_wholly (Build *build, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  for (size_t t = 0; t < build->county->n_tables; t++) {
    Table *table = &build->county->tables[t];
    bool whole = true;
    if (table->entity && !is_whole (build, table, &whole, error))
      return false;
    if (whole)
      continue;
    for (guint i = 0; i < table->pieces->len; i++) {
      Piece *piece = &g_array_index (table->pieces, Piece, i);
      g_array_append_val (table->renewed, piece->index);
      piece_clear (piece, table->n_stored);
    }
    g_array_set_size (table->pieces, 0);
    if (!build_add_table (build, ranges, table, error))
      return false;
  }
  return build_ranges (build, ranges, error);
}

static bool
build_stale (Build *build, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  for (size_t t = 0; t < build->county->n_tables; t++) {
    Table *table = &build->county->tables[t];
    if (table->entity)
      collect_ranges (table, ranges);
  }
  return build_ranges (build, ranges, error);
}

/* ---- all of it ------------------------------------------------------------------------------------ */

static bool
read_absence (Build *build, Table *table, GError **error)
{
  for (size_t i = 0; i < table->table.n_columns; i++)
    if (!registry_view_absence (build->views[0], table->held[i].attribute, &table->held[i].absent, error))
      return false;
  return true;
}

static bool
find_all_kept (Build *build, RegistryPlace *oldest, GError **error)
{
  *oldest = build->place;
  for (size_t t = 0; t < build->county->n_tables; t++) {
    Table *table = &build->county->tables[t];
    if (!table->entity)
      continue;
    table->key = key_of (build->county);
    if (!read_absence (build, table, error) || !find_kept (build, table, oldest, error))
      return false;
  }
  return true;
}

static void
mark_all (Build *build, const RegistryTouch *touches, size_t n, GHashTable *merged)
{
  for (size_t i = 0; i < n; i++)
    if (touches[i].merged)
      g_hash_table_insert (merged, (gpointer)&touches[i].subject, (gpointer)&touches[i]);
  for (size_t t = 0; t < build->county->n_tables; t++)
    if (build->county->tables[t].entity && build->county->tables[t].pieces->len)
      mark_touched (&build->county->tables[t], touches, n);
}

static bool
load_all (Build *build, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GHashTable) merged = g_hash_table_new (g_int64_hash, g_int64_equal);
  RegistryPlace oldest;
  size_t n;
  if (!find_all_kept (build, &oldest, error))
    return false;
  const RegistryTouch *touches = registry_view_touched (build->views[0], arena, &oldest, &n, error);
  if (!touches)
    return false;
  mark_all (build, touches, n, merged);
  return read_kept (build, merged, error) && build_stale (build, error) && build_wholly (build, error);
}

static void
count_load (County *county)
{
  size_t *const counts[] = { [PIECE_CACHED] = &county->load.cached,
                             [PIECE_STALE] = &county->load.stale,
                             [PIECE_DAMAGED] = &county->load.damaged,
                             [PIECE_BUILT] = &county->load.built };
  for (size_t t = 0; t < county->n_tables; t++)
    for (guint i = 0; county->tables[t].entity && i < county->tables[t].pieces->len; i++) {
      const Piece *piece = &g_array_index (county->tables[t].pieces, Piece, i);
      ++*counts[piece->origin];
      county->load.bytes += piece->origin == PIECE_CACHED ? g_bytes_get_size (piece->bytes) : 0;
    }
}

bool
cache_load (County *county, GError **error)
{
  Build build;
  bool ok = build_begin (&build, county, error) && load_all (&build, error);
  build_end (&build);
  if (ok)
    count_load (county);
  return ok;
}

/* ---- keeping --------------------------------------------------------------------------------------- */

/* What was built, and what was kept where nobody is any more. */
static GArray *
parts_to_keep (const Table *table)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (RegistryKept));
  for (guint i = 0; i < table->renewed->len; i++)
    if (!piece_of (table, g_array_index (table->renewed, gint64, i)))
      g_array_append_val (parts, ((RegistryKept){ .part = g_array_index (table->renewed, gint64, i) }));
  for (guint i = 0; i < table->pieces->len; i++) {
    const Piece *piece = &g_array_index (table->pieces, Piece, i);
    if (piece->origin == PIECE_CACHED)
      continue;
    size_t len;
    const char *bytes = g_bytes_get_data (piece->bytes, &len);
    g_array_append_val (parts, ((RegistryKept){ piece->index, piece->place, { bytes, len } }));
  }
  return parts;
}

static bool
keep_table (const County *county, const Table *table)
{
  g_autoptr (GArray) parts = parts_to_keep (table);
  bool ok = true;
  for (guint i = 0; ok && i < parts->len; i += KEEP_AT_ONCE)
    ok = registry_keep (county->options.registry, table->entity, table->key,
                        &g_array_index (parts, RegistryKept, i), MIN (KEEP_AT_ONCE, parts->len - i), NULL);
  return ok;
}

/* A full disk, or somebody who writes for long, is no reason to go without the county. */
void
cache_keep (County *county)
{
  bool ok = true;
  for (size_t t = 0; ok && t < county->n_tables; t++)
    if (county->tables[t].entity && !county->tables[t].more)
      ok = keep_table (county, &county->tables[t]);
}
