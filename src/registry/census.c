/* How many subjects live where on a day, in the divisions of that day or of a later one. */
#include "registry/registry_private.h"

#include <string.h>

enum { CODE_MAX = 64, WHOLE = 1000000 };

/* Subjects with the same township and place. */
typedef struct {
  char code[CODE_MAX]; /* "": nobody has stated it */
  Subject place;       /* 0: likewise */
  gint64 n;
} Tally;

static guint
tally_hash (gconstpointer key)
{
  const Tally *t = key;
  return g_str_hash (t->code) ^ g_int64_hash (&t->place);
}

static gboolean
tally_equal (gconstpointer a, gconstpointer b)
{
  const Tally *x = a, *y = b;
  return x->place == y->place && g_str_equal (x->code, y->code);
}

typedef struct {
  Registry *registry;
  const RegistryEntity *entity;
  const RegistryAttribute *township, *place; /* PLACE may be NULL */
  bool *only;
  Fold fold;
  GHashTable *tallies; /* Tally, itself the key */
} Census;

/* ---- folding everybody ------------------------------------------------- */

static void
count_subject (Census *c)
{
  if (!c->fold.n_records)
    return;
  Tally key = { .n = 1 };
  const Cell *township = &c->fold.cells[c->township->index];
  if (township->state == REGISTRY_VALUE) {
    Text code = fold_text (&c->fold, township);
    memcpy (key.code, code.bytes, MIN (code.len, CODE_MAX - 1));
  }
  if (c->place && c->fold.cells[c->place->index].state == REGISTRY_VALUE)
    key.place = c->fold.cells[c->place->index].integer;
  Tally *found = g_hash_table_lookup (c->tallies, &key);
  if (found) {
    found->n++;
    return;
  }
  found = g_memdup2 (&key, sizeof key);
  g_hash_table_add (c->tallies, found);
}

/* Those of several logs (merge.c) are one, and come at the end. */
static void
end_subject (Census *c, Subject subject, GArray *merged)
{
  Subject other;
  if (merge_root (c->fold.merges, subject) != subject)
    return;
  if (merge_members (c->fold.merges, subject, 1, &other))
    g_array_append_val (merged, subject);
  else
    count_subject (c);
}

static bool
fold_merged (Census *c, StoreConnection *db, Day day, const RegistryBatchId *loads, const GArray *merged,
             GError **error)
{
  for (guint i = 0; i < merged->len; i++) {
    fold_start (&c->fold, c->entity, day, loads);
    if (!fold_subject (&c->fold, db, g_array_index (merged, Subject, i), G_MAXINT64, NULL, error))
      return false;
    count_subject (c);
  }
  return true;
}

static bool
fold_all (Census *c, StoreConnection *db, Day day, GError **error)
{
  g_autofree RegistryBatchId *loads = g_new0 (RegistryBatchId, c->entity->n);
  g_autoptr (GArray) merged = g_array_new (FALSE, FALSE, sizeof (Subject));
  StoreStatement *statement
      = store_statement (db,
                         "SELECT subject, batch, sequence, valid_from, valid_to, facts FROM record"
                         " WHERE subject > ?1 AND subject < ?2 ORDER BY subject, batch, sequence",
                         error);
  if (!statement || !registry_complete_loads (db, c->registry, c->entity, G_MAXINT64, loads, error))
    return false;
  store_bind_integer (statement, 1, subject_make (c->entity, 0));
  store_bind_integer (statement, 2, (gint64)(c->entity->index + 1) << 56);
  Subject subject = 0;
  StoreStep step;
  fold_start (&c->fold, c->entity, day, loads);
  while ((step = store_step (statement, error)) == STORE_ROW) {
    if (store_integer (statement, 0) != subject) {
      end_subject (c, subject, merged);
      fold_start (&c->fold, c->entity, day, loads);
      subject = store_integer (statement, 0);
    }
    if (!fold_row (&c->fold, statement, 1, error)) {
      store_reset (statement);
      return false;
    }
  }
  end_subject (c, subject, merged);
  return step == STORE_DONE && fold_merged (c, db, day, loads, merged, error);
}

static bool
fold_everybody (Census *c, Day day, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (c->registry->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  MergeView *merges = db ? merge_view (c->registry, db, G_MAXINT64, error) : NULL;
  c->fold.merges = merges;
  bool ok = merges && fold_all (c, db, day, error);
  c->fold.merges = NULL;
  merge_view_unref (merges);
  return ok;
}

/* ---- into divisions ---------------------------------------------------- */

static bool
list_subjects (Registry *registry, const RegistryEntity *entity, GArray *subjects, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (RegistryScan) scan = registry_scan_new (registry, entity, &fault);
  Subject subject;
  while (scan && registry_scan_next (scan, &subject, &fault))
    g_array_append_val (subjects, subject);
  if (fault)
    g_propagate_error (error, g_steal_pointer (&fault));
  return scan && (!error || !*error);
}

/* The township of each place on a day: Subject → code. */
static bool
read_places (Registry *registry, const RegistryEntity *places, Day day, Arena *arena, GHashTable *codes,
             GError **error)
{
  Text name = text_of (registry_entity_attribute (places, "township")->zh);
  FeelPath path = { .members = &name, .n = 1 };
  g_autoptr (GArray) subjects = g_array_new (FALSE, FALSE, sizeof (Subject));
  if (!list_subjects (registry, places, subjects, error))
    return false;
  for (guint i = 0; i < subjects->len; i++) {
    const Subject *place = &g_array_index (subjects, Subject, i);
    const RegistryReading *reading
        = registry_read (registry, arena, *place, &path, 1, (RegistryMoment){ day, G_MAXINT64 }, error);
    size_t n;
    if (!reading)
      return false;
    const RegistryProvenance *fact = registry_reading_facts (reading, &n)[0];
    if (fact->state == REGISTRY_VALUE)
      g_hash_table_insert (codes, arena_copy (arena, place, sizeof *place),
                           arena_text (arena, fact->value.string));
  }
  return true;
}

typedef struct {
  RegistryDivisionCount *counts; /* the last: without a division */
  size_t n;
  const RegistryDivisionPart *parts;
  size_t n_parts;
  GHashTable *places; /* Subject → township on the later day; NULL: not needed */
} Recast;

static RegistryDivisionCount *
count_of (Recast *r, const char *code)
{
  for (size_t i = 0; i < r->n; i++)
    if (g_str_equal (r->counts[i].code, code))
      return &r->counts[i];
  return &r->counts[r->n];
}

static bool
is_part (const Recast *r, const char *from, const char *to)
{
  for (size_t i = 0; i < r->n_parts; i++)
    if (g_str_equal (r->parts[i].from, from) && g_str_equal (r->parts[i].to, to))
      return true;
  return false;
}

/* By the shares that the change declares; what is left of rounding goes to the largest part. */
static void
share_out (Recast *r, const Tally *tally)
{
  gint64 left = tally->n, largest = 0;
  RegistryDivisionCount *most = &r->counts[r->n];
  for (size_t i = 0; i < r->n_parts; i++) {
    const RegistryDivisionPart *part = &r->parts[i];
    if (!g_str_equal (part->from, tally->code))
      continue;
    RegistryDivisionCount *count = count_of (r, part->to);
    gint64 n = tally->n * part->share / WHOLE;
    bool exact = part->share == WHOLE;
    count->n += n;
    count->estimated += exact ? 0 : n;
    left -= n;
    if (part->share > largest) {
      largest = part->share;
      most = count;
    }
  }
  most->n += left;
  most->estimated += largest && largest < WHOLE ? left : 0;
}

/* Exact where the place they live in says to which part it went. */
static void
recast (Recast *r, const Tally *tally)
{
  const char *now = r->places && tally->place ? g_hash_table_lookup (r->places, &tally->place) : NULL;
  if (now && is_part (r, tally->code, now))
    count_of (r, now)->n += tally->n;
  else
    share_out (r, tally);
}

static bool
recast_all (Census *c, Arena *arena, const RegistryDivisions *divisions, Day at, Day as_of, size_t *n,
            RegistryDivisionCount **counts, GError **error)
{
  Recast r = { 0 };
  const RegistryDivision *list = registry_divisions_at (divisions, arena, as_of, &r.n);
  g_autoptr (GHashTable) places = g_hash_table_new (g_int64_hash, g_int64_equal);
  r.parts = registry_divisions_map (divisions, arena, at, as_of, &r.n_parts);
  if (c->place) {
    r.places = places;
    if (!read_places (c->registry, c->place->target, as_of, arena, places, error))
      return false;
  }
  r.counts = arena_new0 (arena, RegistryDivisionCount, r.n + 1);
  for (size_t i = 0; i < r.n; i++)
    r.counts[i] = (RegistryDivisionCount){ .code = list[i].code, .name = list[i].name };
  GHashTableIter i;
  gpointer tally;
  g_hash_table_iter_init (&i, c->tallies);
  while (g_hash_table_iter_next (&i, &tally, NULL))
    recast (&r, tally);
  *counts = r.counts;
  *n = r.n + (r.counts[r.n].n > 0);
  return true;
}

/* ---- asking ------------------------------------------------------------ */

static bool
prepare (Census *c, GError **error)
{
  const RegistryEntity *entity = c->entity, *places = registry_schema_entity (c->registry->schema, "place");
  c->township = registry_entity_attribute (entity, "township");
  if (!c->township || c->township->kind != REGISTRY_TEXT) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s has no township to count by", entity->zh);
    return false;
  }
  for (size_t i = 0; i < entity->n && !c->place; i++)
    if (places && entity->attributes[i].kind == REGISTRY_REFERENCE && entity->attributes[i].target == places
        && registry_entity_attribute (places, "township"))
      c->place = &entity->attributes[i];
  c->only = g_new0 (bool, entity->n);
  c->only[c->township->index] = true;
  if (c->place)
    c->only[c->place->index] = true;
  return true;
}

const RegistryDivisionCount *
registry_count_divisions (Registry *registry, Arena *arena, const RegistryDivisions *divisions,
                          const RegistryEntity *entity, Day at, Day as_of, size_t *n, GError **error)
{
  *n = 0;
  if (at > as_of) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "figures are counted in the divisions of their own day or of a later one: what was merged "
                 "cannot be told apart again");
    return NULL;
  }
  Census c = { .registry = registry, .entity = entity };
  RegistryDivisionCount *counts = NULL;
  if (!prepare (&c, error))
    return NULL;
  fold_init (&c.fold, registry);
  c.fold.only = c.only;
  c.tallies = g_hash_table_new_full (tally_hash, tally_equal, g_free, NULL);
  bool ok = fold_everybody (&c, at, error) && recast_all (&c, arena, divisions, at, as_of, n, &counts, error);
  g_hash_table_destroy (c.tallies);
  fold_clear (&c.fold);
  g_free (c.only);
  return ok ? counts : NULL;
}
