#include "fulltext_private.h"

#include <pthread.h>

enum { TIER = 4 }; /* segments of a size that are merged to one */

struct Fulltext {
  FulltextShape shape;
  FulltextField fields[FULLTEXT_FIELDS_MAX];
  const char *columns[FULLTEXT_COLUMNS_MAX];
  pthread_mutex_t writing; /* held by the writer whose turn it is */
  GHashTable *where;       /* id → segment's serial << 16 | document; the writer's */
  GHashTable *serials;     /* segment → serial; the writer's */
  guint64 next_serial;
  pthread_mutex_t state_lock; /* held to take a reference or to exchange it, never longer */
  State *state;
};

/* ---- states -------------------------------------------------------------------- */

static void
bits_unref (Bits *bits)
{
  if (bits && g_atomic_int_dec_and_test (&bits->refs))
    g_free (bits);
}

static void
part_clear (Part *part)
{
  segment_unref (part->segment);
  bits_unref (part->dead);
}

void
state_unref (State *state)
{
  if (!g_atomic_int_dec_and_test (&state->refs))
    return;
  for (size_t i = 0; i < state->n_parts; i++)
    part_clear (&state->parts[i]);
  g_free (state->parts);
  g_free (state);
}

static State *
state_new (void)
{
  State *state = g_new0 (State, 1);
  state->refs = 1;
  return state;
}

State *
index_state (Fulltext *index)
{
  pthread_mutex_lock (&index->state_lock);
  State *state = index->state;
  g_atomic_int_inc (&state->refs);
  pthread_mutex_unlock (&index->state_lock);
  return state;
}

const FulltextShape *
index_shape (const Fulltext *index)
{
  return &index->shape;
}

Fulltext *
fulltext_new (const FulltextShape *shape)
{
  g_assert (shape->n_fields > 0 && shape->n_fields <= FULLTEXT_FIELDS_MAX
            && shape->n_columns <= FULLTEXT_COLUMNS_MAX);
  Fulltext *index = g_new0 (Fulltext, 1);
  index->shape = *shape;
  index->shape.fields = memcpy (index->fields, shape->fields, shape->n_fields * sizeof *index->fields);
  index->shape.columns = index->columns;
  for (size_t f = 0; f < shape->n_fields; f++)
    index->fields[f].name = g_strdup (shape->fields[f].name);
  for (size_t c = 0; c < shape->n_columns; c++)
    index->columns[c] = g_strdup (shape->columns[c]);
  pthread_mutex_init (&index->writing, NULL);
  pthread_mutex_init (&index->state_lock, NULL);
  index->where = g_hash_table_new (NULL, NULL);
  index->serials = g_hash_table_new (NULL, NULL);
  index->state = state_new ();
  return index;
}

void
fulltext_free (Fulltext *index)
{
  for (size_t f = 0; f < index->shape.n_fields; f++)
    g_free ((char *)index->fields[f].name);
  for (size_t c = 0; c < index->shape.n_columns; c++)
    g_free ((char *)index->columns[c]);
  g_hash_table_destroy (index->where);
  g_hash_table_destroy (index->serials);
  state_unref (index->state);
  pthread_mutex_destroy (&index->writing);
  pthread_mutex_destroy (&index->state_lock);
  g_free (index);
}

size_t
fulltext_count (Fulltext *index)
{
  g_autoptr (State) state = index_state (index);
  return state->n_documents;
}

size_t
fulltext_bytes (Fulltext *index)
{
  enum { HASHED = 24 }; /* a place of the table from ids to documents */
  g_autoptr (State) state = index_state (index);
  size_t bytes = sizeof *index + state->n_documents * HASHED;
  for (size_t i = 0; i < state->n_parts; i++)
    bytes += state->parts[i].segment->bytes + (state->parts[i].dead ? sizeof (Bits) : 0);
  return bytes;
}

/* ---- writing: parts of the next state ---------------------------------------------- */

typedef struct {
  Fulltext *index;
  GArray *parts;   /* Part */
  GHashTable *own; /* Bits made by this write, which it may change */
  guint64 lengths[FULLTEXT_FIELDS_MAX];
} Write;

static gpointer
id_key (guint64 id)
{
  G_STATIC_ASSERT (sizeof (gpointer) == sizeof (guint64));
  return (gpointer)id; /* NOLINT(performance-no-int-to-ptr): the table compares numbers */
}

static void
write_begin (Write *w, Fulltext *index)
{
  pthread_mutex_lock (&index->writing);
  *w = (Write){ index, g_array_new (FALSE, FALSE, sizeof (Part)), g_hash_table_new (NULL, NULL), { 0 } };
  memcpy (w->lengths, index->state->lengths, sizeof w->lengths);
  for (size_t i = 0; i < index->state->n_parts; i++) {
    Part part = index->state->parts[i];
    segment_ref (part.segment);
    if (part.dead)
      g_atomic_int_inc (&part.dead->refs);
    g_array_append_val (w->parts, part);
  }
}

/* Adds a segment, whose reference W takes, and says where its documents are. */
static void
write_segment (Write *w, Segment *segment)
{
  Fulltext *index = w->index;
  guint64 serial = index->next_serial++;
  Part part = { segment, NULL, segment->n_documents };
  g_array_append_val (w->parts, part);
  g_hash_table_insert (index->serials, segment, id_key (serial));
  for (size_t i = 0; i < segment->n_documents; i++)
    g_hash_table_insert (index->where, id_key (segment->ids[i]), id_key (serial << 16 | i));
}

static void
write_new (gpointer host, Segment *segment)
{
  Write *w = host;
  for (size_t f = 0; f < w->index->shape.n_fields; f++)
    for (size_t i = 0; i < segment->n_documents; i++)
      w->lengths[f] += segment->lengths[f][i];
  write_segment (w, segment);
}

static void
drop_part (Write *w, guint i)
{
  Part *part = &g_array_index (w->parts, Part, i);
  g_hash_table_remove (w->index->serials, part->segment);
  part_clear (part);
  g_array_remove_index (w->parts, i);
}

static Bits *
own_dead (Write *w, Part *part)
{
  if (part->dead && g_hash_table_contains (w->own, part->dead))
    return part->dead;
  Bits *bits = g_new0 (Bits, 1);
  if (part->dead)
    memcpy (bits->bits, part->dead->bits, sizeof bits->bits);
  bits_unref (part->dead);
  bits->refs = 1;
  g_hash_table_add (w->own, bits);
  return part->dead = bits;
}

static bool
write_remove (Write *w, guint64 id)
{
  gpointer place;
  if (!g_hash_table_steal_extended (w->index->where, id_key (id), NULL, &place))
    return false;
  guint64 serial = (guint64)place >> 16;
  size_t document = (guint64)place & 0xffff;
  for (guint i = 0;; i++) {
    Part *part = &g_array_index (w->parts, Part, i);
    if ((guint64)g_hash_table_lookup (w->index->serials, part->segment) != serial)
      continue;
    for (size_t f = 0; f < w->index->shape.n_fields; f++)
      w->lengths[f] -= part->segment->lengths[f][document];
    if (--part->n_alive == 0)
      drop_part (w, i);
    else
      own_dead (w, part)->bits[document / 64] |= (guint64)1 << (document % 64);
    return true;
  }
}

/* ---- merging ---------------------------------------------------------------------------- */

static int
tier_of (const Part *part)
{
  int tier = 0;
  for (size_t n = part->n_alive; n >= TIER; n /= TIER)
    tier++;
  return tier;
}

static int
smaller_first (gconstpointer a, gconstpointer b)
{
  const Part *p = a, *q = b;
  return (p->n_alive > q->n_alive) - (p->n_alive < q->n_alive);
}

/* Merges the N parts from FIRST on, and puts the merged part in their place at the end. */
static void
merge (Write *w, guint first, guint n)
{
  Segment *merged = segment_merge (&w->index->shape, &g_array_index (w->parts, Part, first), n);
  while (n--)
    drop_part (w, first);
  write_segment (w, merged);
}

/* How many parts from FIRST on, in the order of size, make one segment. */
static guint
mergeable (const Write *w, guint first, guint most)
{
  size_t documents = 0, postings = 0;
  guint n = 0;
  for (; n < most && first + n < w->parts->len; n++) {
    const Part *part = &g_array_index (w->parts, Part, first + n);
    documents += part->n_alive;
    postings += part->segment->offsets[part->segment->n_keys];
    if (documents > SEGMENT_DOCUMENTS || postings > G_MAXINT32)
      break;
  }
  return n;
}

/* Merges what there is too much of; false when nothing is left to do. */
static bool
merge_once (Write *w)
{
  g_array_sort (w->parts, smaller_first);
  for (guint i = 0, start = 0; i < w->parts->len; i++) {
    const Part *part = &g_array_index (w->parts, Part, i);
    if (2 * part->n_alive < part->segment->n_documents) { /* more than half is gone */
      merge (w, i, 1);
      return true;
    }
    if (tier_of (part) != tier_of (&g_array_index (w->parts, Part, start)))
      start = i;
    guint n = i - start + 1 >= TIER ? mergeable (w, start, TIER) : 0;
    if (n > 1) {
      merge (w, start, n);
      return true;
    }
  }
  return false;
}

static void
write_end (Write *w)
{
  Fulltext *index = w->index;
  while (merge_once (w))
    ;
  State *next = state_new ();
  next->n_parts = w->parts->len;
  next->parts = (Part *)(void *)g_array_free (w->parts, FALSE);
  for (size_t p = 0; p < next->n_parts; p++)
    next->n_documents += next->parts[p].n_alive;
  memcpy (next->lengths, w->lengths, sizeof next->lengths);
  g_hash_table_destroy (w->own);
  pthread_mutex_lock (&index->state_lock);
  State *before = index->state;
  index->state = next;
  pthread_mutex_unlock (&index->state_lock);
  pthread_mutex_unlock (&index->writing);
  state_unref (before);
}

/* ---- put and remove ------------------------------------------------------------------------ */

static bool
check_document (const FulltextShape *shape, const FulltextDocument *d, GError **error)
{
  size_t bytes = 0, bad;
  for (size_t f = 0; f < shape->n_fields; f++) {
    bytes += d->texts[f].len;
    if (bytes <= FULLTEXT_DOCUMENT_BYTES && !text_is_utf8 (d->texts[f], &bad)) {
      g_set_error (error, FAULT, FAULT_INPUT, "document %" G_GUINT64_FORMAT ", %s: byte %zu is not UTF-8",
                   d->id, shape->fields[f].name, bad);
      return false;
    }
  }
  if (bytes > FULLTEXT_DOCUMENT_BYTES)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "document %" G_GUINT64_FORMAT " has %zu bytes: at most %d are taken, shorten its texts",
                 d->id, bytes, FULLTEXT_DOCUMENT_BYTES);
  else if (d->n_concepts > FULLTEXT_CONCEPTS_MAX)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "document %" G_GUINT64_FORMAT " has %zu concepts: at most %d are taken", d->id,
                 d->n_concepts, FULLTEXT_CONCEPTS_MAX);
  else {
    for (size_t k = 0; k < d->n_concepts; k++)
      if (d->concepts[k].field >= shape->n_fields) {
        g_set_error (error, FAULT, FAULT_INPUT, "document %" G_GUINT64_FORMAT ": there is no field %u", d->id,
                     d->concepts[k].field);
        return false;
      }
    return true;
  }
  return false;
}

/* The documents without those that a later one of the same id replaces. */
static FulltextDocument *
last_of_each (const FulltextDocument *documents, size_t n, size_t *n_kept)
{
  FulltextDocument *kept = g_new (FulltextDocument, n);
  g_autoptr (GHashTable) last = g_hash_table_new (NULL, NULL);
  *n_kept = 0;
  for (size_t i = 0; i < n; i++)
    g_hash_table_insert (last, id_key (documents[i].id), GSIZE_TO_POINTER (i));
  for (size_t i = 0; i < n; i++)
    if (GPOINTER_TO_SIZE (g_hash_table_lookup (last, id_key (documents[i].id))) == i)
      kept[(*n_kept)++] = documents[i];
  return kept;
}

bool
fulltext_put (Fulltext *index, const FulltextDocument *documents, size_t n, GError **error)
{
  for (size_t i = 0; i < n; i++)
    if (!check_document (&index->shape, &documents[i], error))
      return false;
  size_t n_kept;
  g_autofree FulltextDocument *kept = last_of_each (documents, n, &n_kept);
  Write w;
  write_begin (&w, index);
  for (size_t i = 0; i < n_kept; i++)
    write_remove (&w, kept[i].id);
  segment_build (&index->shape, kept, n_kept, write_new, &w);
  write_end (&w);
  return true;
}

size_t
fulltext_remove (Fulltext *index, const guint64 *ids, size_t n)
{
  size_t removed = 0;
  Write w;
  write_begin (&w, index);
  for (size_t i = 0; i < n; i++)
    removed += write_remove (&w, ids[i]);
  write_end (&w);
  return removed;
}
