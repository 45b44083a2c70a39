#include "fulltext_private.h"

/* ---- making: what occurs, sorted by key ------------------------------------------ */

typedef struct {
  Key key;
  guint32 document;
} Occurrence;

typedef struct {
  const FulltextShape *shape;
  GArray *occurrences, *other; /* OTHER: room for sorting */
} Builder;

static void
add (Builder *b, Key key, size_t field, size_t document)
{
  Occurrence o = { key_in (key, field), (guint32)document };
  g_array_append_val (b->occurrences, o);
}

typedef struct {
  gunichar character;
  guint16 readings[READINGS_MAX];
  size_t n_readings;
} Spelled;

static void
add_spelled (Builder *b, size_t field, size_t document, const Spelled *before, const Spelled *now)
{
  add (b, key_characters (KEY_CHARACTER, now->character, 0), field, document);
  for (size_t k = 0; k < now->n_readings; k++) {
    add (b, key_syllables (KEY_SYLLABLE, now->readings[k], 0), field, document);
    for (size_t i = 0; before && i < before->n_readings; i++) {
      char a = syllable_initial (before->readings[i]), c = syllable_initial (now->readings[k]);
      add (b, key_syllables (KEY_SYLLABLES, before->readings[i], now->readings[k]), field, document);
      add (b, key_syllables (KEY_INITIALS, (guint8)a, (guint8)c), field, document);
    }
  }
}

/* Adds what a field says; returns its length in units. */
static guint32
add_field (Builder *b, size_t field, size_t document, Text text)
{
  bool spelled = b->shape->fields[field].spelled;
  Spelled last[3] = { { 0 } }; /* the run's characters: last[0] now */
  guint32 length = 0;
  size_t run = 0;
  Scan scan;
  Unit unit;
  scan_start (&scan, text);
  for (bool more = scan_next (&scan, &unit); more; length++) {
    if (!unit.character) {
      add (b, key_word (unit.letters), field, document);
      run = 0;
      more = scan_next (&scan, &unit);
      continue;
    }
    run = unit.joined ? run + 1 : 1;
    memmove (last + 1, last, 2 * sizeof *last);
    last[0] = (Spelled){ .character = unit.character };
    if (run > 1)
      add (b, key_characters (KEY_PAIR, last[1].character, last[0].character), field, document);
    more = scan_next (&scan, &unit);
    if (spelled) {
      last[0].n_readings = syllables_of (last[0].character, last[0].readings);
      add_spelled (b, field, document, run > 1 ? &last[1] : NULL, &last[0]);
      if (run > 2)
        add (b, key_characters (KEY_GAP, last[2].character, last[0].character), field, document);
    } else if (run == 1 && !(more && unit.joined && unit.character))
      add (b, key_characters (KEY_CHARACTER, last[0].character, 0), field, document);
  }
  return length;
}

/* By key, in passes of eight bits from the least; documents of a key stay in their order. */
static void
sort (Builder *b)
{
  enum { BYTES = 8, VALUES = 256 };
  g_array_set_size (b->other, b->occurrences->len);
  size_t n = b->occurrences->len;
  for (int byte = 0; byte < BYTES; byte++) {
    size_t starts[VALUES + 1] = { 0 };
    const Occurrence *from = (const Occurrence *)(void *)b->occurrences->data;
    Occurrence *to = (Occurrence *)(void *)b->other->data;
    for (size_t i = 0; i < n; i++)
      starts[(from[i].key >> 8 * byte & 0xff) + 1]++;
    if (n && starts[(from[0].key >> 8 * byte & 0xff) + 1] == n)
      continue; /* all alike */
    for (size_t v = 1; v < VALUES; v++)
      starts[v] += starts[v - 1];
    for (size_t i = 0; i < n; i++)
      to[starts[from[i].key >> 8 * byte & 0xff]++] = from[i];
    GArray *sorted = b->other;
    b->other = b->occurrences;
    b->occurrences = sorted;
  }
}

static Segment *
segment_new (const FulltextShape *shape, size_t n_documents, size_t n_keys, size_t n_postings)
{
  Segment *s = g_new0 (Segment, 1);
  s->refs = 1;
  s->n_documents = n_documents;
  s->keys = g_new (Key, n_keys);
  s->offsets = g_new (guint32, n_keys + 1);
  s->postings = g_new (guint16, n_postings);
  s->counts = g_new (guint8, n_postings);
  s->ids = g_new (guint64, n_documents);
  for (size_t f = 0; f < shape->n_fields; f++)
    s->lengths[f] = g_new (guint32, n_documents);
  for (size_t c = 0; c < shape->n_columns; c++)
    s->columns[c] = g_new (guint16, n_documents);
  s->offsets[0] = 0;
  return s;
}

static void
close_segment (Segment *s, const FulltextShape *shape)
{
  size_t n_postings = s->offsets[s->n_keys];
  s->bytes
      = sizeof *s + s->n_keys * (sizeof *s->keys + sizeof *s->offsets)
        + n_postings * (sizeof *s->postings + sizeof *s->counts)
        + s->n_documents
              * (sizeof *s->ids + shape->n_fields * sizeof (guint32) + shape->n_columns * sizeof (guint16));
}

/* The sorted occurrences as postings. */
static Segment *
pack (Builder *b, size_t n_documents)
{
  size_t n = b->occurrences->len, n_keys = 0, n_postings = 0;
  const Occurrence *o = (const Occurrence *)(void *)b->occurrences->data;
  for (size_t i = 0; i < n; i++) {
    n_keys += !i || o[i].key != o[i - 1].key;
    n_postings += !i || o[i].key != o[i - 1].key || o[i].document != o[i - 1].document;
  }
  Segment *s = segment_new (b->shape, n_documents, n_keys, n_postings);
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    bool new_key = !i || o[i].key != o[i - 1].key;
    if (!new_key && o[i].document == o[i - 1].document) {
      s->counts[at - 1] = (guint8)MIN (G_MAXUINT8, s->counts[at - 1] + 1);
      continue;
    }
    if (new_key)
      s->keys[s->n_keys++] = o[i].key;
    s->postings[at] = (guint16)o[i].document;
    s->counts[at++] = 1;
    s->offsets[s->n_keys] = (guint32)at;
  }
  return s;
}

static Segment *
build_some (Builder *b, const FulltextDocument *documents, size_t n, const guint32 *lengths)
{
  sort (b);
  Segment *s = pack (b, n);
  for (size_t i = 0; i < n; i++) {
    s->ids[i] = documents[i].id;
    for (size_t f = 0; f < b->shape->n_fields; f++)
      s->lengths[f][i] = lengths[i * b->shape->n_fields + f];
    for (size_t c = 0; c < b->shape->n_columns; c++)
      s->columns[c][i] = documents[i].columns[c];
  }
  close_segment (s, b->shape);
  g_array_set_size (b->occurrences, 0);
  return s;
}

void
segment_build (const FulltextShape *shape, const FulltextDocument *documents, size_t n, SegmentTake take,
               void *host)
{
  enum { OCCURRENCES = 1 << 20 }; /* sorting keeps within 32 MB, but for one long document */
  Builder b = { shape, g_array_new (FALSE, FALSE, sizeof (Occurrence)),
                g_array_new (FALSE, FALSE, sizeof (Occurrence)) };
  g_autoptr (GArray) lengths = g_array_new (FALSE, FALSE, sizeof (guint32));
  size_t start = 0;
  for (size_t i = 0; i < n; i++) {
    const FulltextDocument *d = &documents[i];
    for (size_t f = 0; f < shape->n_fields; f++) {
      guint32 length = add_field (&b, f, i - start, d->texts[f]);
      g_array_append_val (lengths, length);
    }
    for (size_t k = 0; k < d->n_concepts; k++)
      add (&b, key_make (KEY_CONCEPT, d->concepts[k].concept), d->concepts[k].field, i - start);
    if (i + 1 < n && b.occurrences->len < OCCURRENCES && i + 1 - start < SEGMENT_DOCUMENTS)
      continue;
    take (host, build_some (&b, documents + start, i + 1 - start, &g_array_index (lengths, guint32, 0)));
    g_array_set_size (lengths, 0);
    start = i + 1;
  }
  g_array_unref (b.occurrences);
  g_array_unref (b.other);
}

/* ---- merging ------------------------------------------------------------------------ */

typedef struct {
  const Part *part;
  size_t at;        /* key */
  guint16 *numbers; /* of documents in the merged segment */
} Source;

static size_t
copy_documents (Segment *s, const FulltextShape *shape, Source *source, size_t at)
{
  const Segment *from = source->part->segment;
  for (size_t i = 0; i < from->n_documents; i++) {
    if (!part_alive (source->part, i))
      continue;
    source->numbers[i] = (guint16)at;
    s->ids[at] = from->ids[i];
    for (size_t f = 0; f < shape->n_fields; f++)
      s->lengths[f][at] = from->lengths[f][i];
    for (size_t c = 0; c < shape->n_columns; c++)
      s->columns[c][at] = from->columns[c][i];
    at++;
  }
  return at;
}

/* Appends the postings of SOURCE's key; returns their end. */
static size_t
copy_postings (Segment *s, Source *source, size_t to)
{
  const Segment *from = source->part->segment;
  for (guint32 i = from->offsets[source->at]; i < from->offsets[source->at + 1]; i++)
    if (part_alive (source->part, from->postings[i])) {
      s->postings[to] = source->numbers[from->postings[i]];
      s->counts[to++] = from->counts[i];
    }
  source->at++;
  return to;
}

static void
merge_keys (Segment *s, Source *sources, size_t n)
{
  for (size_t to = 0;;) {
    const Key *least = NULL;
    for (size_t i = 0; i < n; i++) {
      const Segment *from = sources[i].part->segment;
      if (sources[i].at < from->n_keys && (!least || from->keys[sources[i].at] < *least))
        least = &from->keys[sources[i].at];
    }
    if (!least)
      return;
    Key key = *least;
    for (size_t i = 0; i < n; i++) {
      const Segment *from = sources[i].part->segment;
      if (sources[i].at < from->n_keys && from->keys[sources[i].at] == key)
        to = copy_postings (s, &sources[i], to);
    }
    if (to == s->offsets[s->n_keys])
      continue; /* said by those alone who are gone */
    s->keys[s->n_keys++] = key;
    s->offsets[s->n_keys] = (guint32)to;
  }
}

Segment *
segment_merge (const FulltextShape *shape, const Part *parts, size_t n)
{
  g_autofree Source *sources = g_new0 (Source, n);
  size_t n_documents = 0, n_keys = 0, n_postings = 0;
  for (size_t i = 0; i < n; i++) {
    const Segment *from = parts[i].segment;
    sources[i] = (Source){ .part = &parts[i], .numbers = g_new (guint16, from->n_documents) };
    n_documents += parts[i].n_alive;
    n_keys += from->n_keys;
    n_postings += from->offsets[from->n_keys];
  }
  Segment *s = segment_new (shape, n_documents, n_keys, n_postings);
  size_t at = 0;
  for (size_t i = 0; i < n; i++)
    at = copy_documents (s, shape, &sources[i], at);
  merge_keys (s, sources, n);
  s->keys = g_renew (Key, s->keys, s->n_keys);
  s->offsets = g_renew (guint32, s->offsets, s->n_keys + 1);
  s->postings = g_renew (guint16, s->postings, s->offsets[s->n_keys]);
  s->counts = g_renew (guint8, s->counts, s->offsets[s->n_keys]);
  close_segment (s, shape);
  for (size_t i = 0; i < n; i++)
    g_free (sources[i].numbers);
  return s;
}

/* ---- using ------------------------------------------------------------------------------ */

Postings
segment_find (const Segment *s, Key key)
{
  size_t from = 0, to = s->n_keys;
  while (from < to) {
    size_t middle = (from + to) / 2;
    if (s->keys[middle] < key)
      from = middle + 1;
    else
      to = middle;
  }
  if (from == s->n_keys || s->keys[from] != key)
    return (Postings){ NULL, NULL, 0 };
  size_t start = s->offsets[from];
  return (Postings){ s->postings + start, s->counts + start, s->offsets[from + 1] - start };
}

Segment *
segment_ref (Segment *segment)
{
  g_atomic_int_inc (&segment->refs);
  return segment;
}

void
segment_unref (Segment *s)
{
  if (!g_atomic_int_dec_and_test (&s->refs))
    return;
  g_free (s->keys);
  g_free (s->offsets);
  g_free (s->postings);
  g_free (s->counts);
  g_free (s->ids);
  for (size_t f = 0; f < FULLTEXT_FIELDS_MAX; f++)
    g_free (s->lengths[f]);
  for (size_t c = 0; c < FULLTEXT_COLUMNS_MAX; c++)
    g_free (s->columns[c]);
  g_free (s);
}
