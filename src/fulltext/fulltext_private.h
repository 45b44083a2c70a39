/* How the parts of fulltext/ fit:
 *
 *     scan.c       text → units (a Chinese character, or a run of letters and digits), with their places
 *     syllables.c  characters → syllables; typed letters → ways to read them as syllables
 *     segment.c    documents → an immutable segment of sorted keys with postings; segments → one
 *     index.c      the list of segments, exchanged by writers; what was removed
 *     ways.c       a word of a query → the ways in which it may be found, step by step
 *     search.c     ways → scores, hits and counts
 *     snippet.c    what to show and mark
 *
 * A *key* is what postings are filed under: what kind of thing, in which field, and what. */
#pragma once

#include "fulltext.h"

/* ---- keys ------------------------------------------------------------------- */

typedef enum {
  KEY_WORD,      /* letters and digits: a hash */
  KEY_CHARACTER, /* one Chinese character */
  KEY_PAIR,      /* two that stand side by side */
  KEY_GAP,       /* two with one between them */
  KEY_SYLLABLE,
  KEY_SYLLABLES, /* two side by side */
  KEY_INITIALS,  /* first letters of two side by side */
  KEY_CONCEPT,
} KeyKind;

typedef guint64 Key;

enum { KEY_BITS = 57, KEY_FIELD = 57, KEY_KIND = 60, HAN_BITS = 21, SYLLABLE_BITS = 16 };

static inline Key
key_make (KeyKind kind, guint64 what)
{
  return (guint64)kind << KEY_KIND | (what & (((guint64)1 << KEY_BITS) - 1));
}

static inline Key
key_in (Key key, size_t field)
{
  return key | (guint64)field << KEY_FIELD;
}

static inline Key
key_characters (KeyKind kind, gunichar a, gunichar b)
{
  return key_make (kind, (guint64)a << HAN_BITS | b);
}

static inline Key
key_syllables (KeyKind kind, unsigned a, unsigned b)
{
  return key_make (kind, (guint64)a << SYLLABLE_BITS | b);
}

/* Words that differ share a key once in 10^17 pairs; the hash is keyed anew by each process, so nobody can
 * choose them. */
Key key_word (Text letters);

/* ---- scan.c -------------------------------------------------------------------- */

enum { UNIT_BYTES = 64 }; /* letters beyond belong to the word but do not count */

typedef struct {
  gunichar character; /* 0: a word */
  Text letters;       /* of a word, folded; until the next unit */
  bool joined;        /* nothing stood between the unit before and this one */
  size_t from, to;    /* bytes of the text */
} Unit;

typedef struct {
  Text text;
  size_t at;
  gunichar folded[SPELLING_FOLDED_MAX]; /* of the character before AT */
  size_t n, i, from;
  bool joined;
  char letters[UNIT_BYTES];
} Scan;

void scan_start (Scan *scan, Text text);
bool scan_next (Scan *scan, Unit *unit);

/* ---- syllables.c ---------------------------------------------------------------- */

enum { READINGS_MAX = 2, SYLLABLES_TYPED_MAX = 10, READINGS_TYPED_MAX = 8 };

/* The readings of CHARACTER, at most READINGS_MAX, as numbers of syllables. */
size_t syllables_of (gunichar character, guint16 readings[READINGS_MAX]);
char syllable_initial (unsigned syllable);

/* One way to read letters: each piece a syllable, or (SYLLABLE_NONE) a first letter alone. */
enum { SYLLABLE_NONE = 0xffff };
typedef struct {
  size_t n;
  struct {
    guint16 syllable;
    char initial;
  } pieces[SYLLABLES_TYPED_MAX];
} Reading;

/* The ways to read LETTERS (a to z) as whole syllables, or, SHORTENED, as syllables of which at
 * least one is its first letter or broken off at the end; long syllables first. */
size_t syllables_read (Text letters, bool shortened, Reading readings[READINGS_TYPED_MAX]);

/* ---- segment.c ------------------------------------------------------------------- */

enum { SEGMENT_DOCUMENTS = 65536 };

/* Immutable but for how many hold it. */
typedef struct {
  gint refs;
  size_t n_documents, n_keys;
  Key *keys;         /* ascending */
  guint32 *offsets;  /* n_keys + 1 */
  guint16 *postings; /* documents, ascending by key */
  guint8 *counts;    /* how often; 255: or more */
  guint64 *ids;
  guint32 *lengths[FULLTEXT_FIELDS_MAX]; /* units */
  guint16 *columns[FULLTEXT_COLUMNS_MAX];
  size_t bytes;
} Segment;

typedef struct {
  const guint16 *documents;
  const guint8 *counts;
  size_t n;
} Postings;

Postings segment_find (const Segment *segment, Key key);

/* Documents as one segment per few thousand of them. */
typedef void (*SegmentTake) (void *host, Segment *segment);
void segment_build (const FulltextShape *shape, const FulltextDocument *documents, size_t n, SegmentTake take,
                    void *host);
Segment *segment_ref (Segment *segment);
void segment_unref (Segment *segment);

/* A set of a segment's documents. */
typedef struct {
  gint refs;
  guint64 bits[SEGMENT_DOCUMENTS / 64];
} Bits;

static inline bool
bits_has (const Bits *bits, size_t i)
{
  return bits->bits[i / 64] >> (i % 64) & 1;
}

typedef struct {
  Segment *segment;
  Bits *dead;     /* NULL: nobody */
  size_t n_alive; /* at least one */
} Part;

static inline bool
part_alive (const Part *part, size_t i)
{
  return !part->dead || !bits_has (part->dead, i);
}

/* Those of PARTS that are alive, at most SEGMENT_DOCUMENTS, as one segment, in the order of PARTS. */
Segment *segment_merge (const FulltextShape *shape, const Part *parts, size_t n);

/* ---- index.c ---------------------------------------------------------------------- */

/* What a search sees. */
typedef struct {
  gint refs;
  size_t n_parts;
  Part *parts;
  size_t n_documents;
  guint64 lengths[FULLTEXT_FIELDS_MAX]; /* of all documents */
} State;

const FulltextShape *index_shape (const Fulltext *index);
State *index_state (Fulltext *index); /* a reference */
void state_unref (State *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (State, state_unref)

/* ---- ways.c ------------------------------------------------------------------------- */

typedef struct {
  size_t n;
  const Key *keys; /* without field */
  size_t need;     /* how many of them a field must hold */
  double factor;
  bool spelled; /* looked for in spelled fields alone */
} Way;

enum { STEP_EXACT, STEP_INITIALS, STEP_TYPO, STEP_SOME, STEPS };

/* The ways of WORD that STEP adds, in ARENA; EXISTS tells whether a key is in any field. */
typedef bool (*KeyExists) (void *host, Key key);
const Way *ways_of (const FulltextWord *word, int step, KeyExists exists, void *host, Arena *arena,
                    size_t *n);
/* Whether WORD says anything to look for. */
bool ways_any (const FulltextWord *word);

/* The pieces of a text. */
typedef struct {
  gunichar *characters; /* 0: a word */
  Text *letters;
  Key *words; /* the keys of LETTERS */
  size_t n;
} Pieces;
Pieces query_pieces (Text text, Arena *arena);
