/* What the parts of county share.
 *
 *   county.c      opening, asking
 *   plan.c        which tables and columns
 *   work.c        threads that share tasks
 *   numbers.c     subject numbers in order
 *   dictionary.c  texts and their codes
 *   chunk.c       2,048 subjects as bytes, and back
 *   unpack.c      … the loops of that
 *   build.c       scans → chunks, by threads that see one state
 *   cache.c       chunks kept in the store: which are right, and what is built anew
 *   assemble.c    chunks → arrays
 *   column.c      … one of them: room, masks, descriptions
 *   link.c        references as rows, collections as lists
 *   refresh.c     what was recorded since, row by row
 *   reorder.c     … rows that come and go
 *   reach.c       whom a change reaches
 */
#pragma once

#include "county/county.h"

#include <pthread.h>

/* ---- dictionary.c --------------------------------------------------------- */

/* Texts by code, in the order in which they came. */
typedef struct {
  Arena *arena;
  Text *texts;
  size_t n, size;
  guint32 *slots; /* code + 1, 0 where free */
  size_t n_slots;
} Dictionary;

Dictionary *dictionary_new (void);
void dictionary_free (Dictionary *dictionary);
/* Forget all texts. */
void dictionary_clear (Dictionary *dictionary);
/* The code of TEXT, which is copied when it is new. */
guint32 dictionary_code (Dictionary *dictionary, Text text);

/* ---- numbers.c -------------------------------------------------------------- */

/* The place of NUMBER among NUMBERS from FROM to TO, which rise, or where it would stand. */
size_t numbers_place (const gint64 *numbers, size_t from, size_t to, gint64 number);
/* Of arrays of gint64: whether NUMBER is there; rising, each once. */
bool numbers_have (const GArray *numbers, gint64 number);
void numbers_sort (GArray *numbers);

/* ---- work.c ---------------------------------------------------------------- */

/* One of N tasks; THREAD from 0, which is the caller's. */
typedef void (*WorkTask) (gpointer data, size_t task, unsigned thread);
void work_share (unsigned n_threads, size_t n, WorkTask task, gpointer data);

/* ---- chunk.c ---------------------------------------------------------------- */

/* The chunk of subject number N, so that who comes and goes elsewhere leaves it alone. */
static inline gint64
chunk_of_number (gint64 number)
{
  return (number - 1) / REGISTRY_PART;
}

typedef enum { ROW_VALUE, ROW_NONE, ROW_UNKNOWN } RowState;

/* A chunk being filled: values as RegistryFact has them, texts as codes of TEXTS, references as
 * subject numbers. */
typedef struct {
  guint32 attribute; /* its index in the entity */
  gint64 values[COLUMNS_CHUNK];
  guint8 states[COLUMNS_CHUNK]; /* RowState */
  Dictionary *texts;            /* NULL but for texts */
} SheetColumn;

typedef struct {
  size_t n, n_columns;
  gint64 numbers[COLUMNS_CHUNK]; /* rising */
  SheetColumn *columns;
} Sheet;

/* Its bytes, appended to OUT. */
void chunk_encode (const Sheet *sheet, GByteArray *out);

/* Where a mask is set. */
typedef enum { MASK_NOWHERE, MASK_EVERYWHERE, MASK_SOMEWHERE } MaskKind;

/* One column of a chunk; pointers into its bytes. */
typedef struct {
  guint8 none, unknown; /* MaskKind */
  guint8 bits;          /* of a packed value: 0, 1, 2, 4, 8, 16, 32 or 64 */
  bool any;             /* some row has a value; MIN and MAX are those of its values */
  guint32 n_texts;
  gint64 min, max;
  const guint8 *none_bits, *unknown_bits, *packed, *texts;
} ChunkColumn;

/* A chunk that was read; its bytes are the caller's. */
typedef struct {
  size_t n;
  const guint8 *numbers; /* n gint64 */
  ChunkColumn *columns;  /* those that were asked for; g_free */
  bool more;             /* it has others, too */
} Chunk;

typedef enum { CHUNK_FITS, CHUNK_LACKS, CHUNK_DAMAGED } ChunkFit;

/* Reads BYTES as chunk INDEX: of its columns the N_COLUMNS whose attribute PLACE (one per each
 * of N_ATTRIBUTES) gives a place that is not negative.  Only what FITS is to be cleared; of what
 * LACKS some of them MORE is told, of what is DAMAGED nothing. */
ChunkFit chunk_parse (Chunk *chunk, const guint8 *bytes, size_t len, gint64 index, const int *place,
                      size_t n_attributes, size_t n_columns);
void chunk_clear (Chunk *chunk);
gint64 chunk_number (const Chunk *chunk, size_t row);
/* The values of COLUMN, WIDTH bytes each; ABSENT where no row has any. */
void chunk_values (const Chunk *chunk, const ChunkColumn *column, gint64 absent, unsigned width,
                   void *values);
/* 0xff where the mask is set. */
void chunk_mask (const Chunk *chunk, MaskKind kind, const guint8 *bits, guint8 *mask);
/* The next of COLUMN's texts, from *AT, which begins with column->texts. */
Text chunk_text (const guint8 **at);

/* ---- unpack.c --------------------------------------------------------------- */

/* N values of BITS bits, which stand above BASE, as WIDTH bytes each. */
void unpack_values (const guint8 *packed, unsigned bits, gint64 base, size_t n, unsigned width, void *to);
/* The same, each the place of its code in CODES; at most a chunk. */
void unpack_codes (const guint8 *packed, unsigned bits, gint64 base, size_t n, const guint32 *codes,
                   unsigned width, void *to);
/* N bits as bytes, 0xff where set. */
void unpack_mask (const guint8 *bits, size_t n, guint8 *mask);

/* ---- the tables --------------------------------------------------------------- */

/* What is held of an attribute beside its ColumnsColumn. */
typedef struct {
  const RegistryAttribute *attribute;
  RegistryFact absent; /* what it means that nobody stated it */
  Dictionary *texts;   /* TEXT */
  guint8 *values, *none, *unknown;
  guint32 *offsets;
  size_t room; /* LIST: members that VALUES has room for */
} Held;

typedef enum { PIECE_CACHED, PIECE_STALE, PIECE_DAMAGED, PIECE_BUILT } PieceOrigin;

/* A chunk while the tables are put together. */
typedef struct {
  gint64 index; /* chunk_of_number */
  RegistryPlace place;
  PieceOrigin origin;
  GBytes *bytes; /* NULL: to be built */
  Chunk chunk;
  size_t first;    /* row */
  guint32 **codes; /* by column: of its texts, in the table's dictionary */
  bool strangers;  /* it refers to somebody of whom nothing is recorded */
} Piece;

void piece_clear (Piece *piece, size_t n_columns);
/* For g_array_sort: by chunk. */
int piece_compare (gconstpointer a, gconstpointer b);

typedef struct {
  const RegistryEntity *entity;
  ColumnsTable table; /* n_rows with those of whom nothing is recorded */
  ColumnsColumn *columns;
  Held *held;
  size_t n_stored; /* columns that are read; collections stand behind them */
  int *place;      /* by attribute: its column, -1 */
  int *stored;     /* the same; -1 also for collections */
  gint more;       /* atomic: chunks are kept that have further columns */
  char *key;       /* of its chunks in the cache */
  size_t n_subjects, capacity;
  gint64 *numbers;   /* by row */
  gint32 *by_number; /* row + 1; NULL: numbers are the rows + 1, or too far apart */
  gint64 highest;
  GArray *pieces;    /* Piece, while it is put together */
  GArray *renewed;   /* gint64: chunks that were built in place of kept ones */
  GArray *strangers; /* gint64: of whom nothing is recorded and who are referred to; under the lock */
} Table;

struct County {
  CountyOptions options;
  Arena *arena;
  Table *tables; /* by entity; entity NULL: not held */
  size_t n_tables;
  RegistryPlace place;
  CountyLoad load;
  unsigned n_threads;
  pthread_mutex_t lock; /* of the tables' strangers */
};

/* plan.c: the tables' columns, without rows. */
ColumnsKind column_kind (const RegistryAttribute *attribute);
void plan_tables (County *county);
Table *table_of (const County *county, const RegistryEntity *entity); /* NULL: not held */

/* ---- build.c ------------------------------------------------------------------ */

/* Threads with a view each, all of which stand at one place. */
typedef struct {
  County *county;
  unsigned n_threads;
  RegistryView **views; /* by thread */
  Sheet **sheets;       /* by thread and entity; NULL until needed */
  RegistryPlace place;
  gint failed;   /* atomic */
  GError *error; /* of the thread that made it so */
} Build;

bool build_begin (Build *build, County *county, GError **error);
void build_end (Build *build);
/* Runs TASK N times; false with the error that one of them gave to build_fail. */
bool build_share (Build *build, size_t n, WorkTask task, gpointer data, GError **error);
void build_fail (Build *build, GError *error);

/* The subjects with numbers from FIRST to LAST, for build_ranges. */
typedef struct {
  Table *table;
  gint64 first, last;
  PieceOrigin origin;
  GArray *pieces; /* Piece, once they are built */
} Range;

void build_add_range (GArray *ranges, Table *table, gint64 first, gint64 last, PieceOrigin origin);
/* All of TABLE. */
bool build_add_table (Build *build, GArray *ranges, Table *table, GError **error);
/* Scans RANGES and hands their pieces to the tables, in order. */
bool build_ranges (Build *build, GArray *ranges, GError **error);

/* cache.c: every subject of every table, as pieces in order, from the cache or built. */
bool cache_load (County *county, GError **error);
/* What was built is kept, as far as it can be. */
void cache_keep (County *county);

/* ---- column.c ------------------------------------------------------------------ */

/* How many rows arrays for ROWS have room for, and the arrays of TABLE made so. */
size_t table_room (size_t rows);
void table_reserve (Table *table, size_t rows);
/* The column's mask for STATE, made when there is none. */
guint8 *held_mask (Table *table, size_t i, RowState state);
RowState held_get (const Table *table, size_t i, size_t row, gint64 *value);
/* VALUE must fit the column's description. */
void held_set (Table *table, size_t i, size_t row, RowState state, gint64 value);
/* The row becomes what absence means. */
void held_set_absent (Table *table, size_t i, size_t row);
/* The description of a column with values from MIN to MAX, before its arrays are made; later
 * one that holds those values, too. */
void held_settle (Table *table, size_t i, gint64 min, gint64 max);
void held_widen (Table *table, size_t i, gint64 min, gint64 max);
void held_settle_texts (Table *table, size_t i);
/* The least 2^k - 1 that is not below VALUE. */
gint64 rounded_up (gint64 value);

/* ---- assemble.c ------------------------------------------------------------------ */

/* The pieces become arrays, and are gone. */
void assemble (County *county);
void forget_pieces (Table *table);
/* The codes of the texts of PART in the table's dictionary, which learns them; g_free. */
guint32 *held_learn_texts (Held *held, const ChunkColumn *part);

/* ---- link.c ------------------------------------------------------------------------ */

void link_index (Table *table);
/* The row of number NUMBER of TABLE; -1: there is none. */
gint64 link_row (const Table *table, gint64 number);
void link_references (County *county);
void link_collections (County *county);
void link_collection (const County *county, Table *table, size_t i);

/* A reference leads somewhere. */
static inline bool
column_leads (const ColumnsColumn *reference, size_t row)
{
  return !(reference->none && reference->none[row]) && !(reference->unknown && reference->unknown[row]);
}

/* ---- changes ------------------------------------------------------------------------- */

struct CountyTableChanges {
  bool *all;     /* by column: every row has another value */
  GArray **rows; /* by column: size_t, rows that have; a row may be there twice */
  /* From row MOVED on rows may stand for somebody else: DISPLACED says so for each of them. */
  size_t moved;
  guint8 *displaced;
};

static inline void
note_change (CountyChanges *changes, const Table *table, size_t column, size_t row)
{
  GArray *rows = changes->tables[table->entity->index].rows[column];
  g_array_append_val (rows, row);
  changes->any = true;
}

/* The rows of TABLE that collections over REFERENCE have to do with. */
void note_owner (CountyChanges *changes, const Table *owners, const RegistryAttribute *reference, size_t row);

/* ---- reorder.c ------------------------------------------------------------------------- */

/* Who comes and goes in one table: numbers, rising. */
typedef struct {
  GArray *added;     /* subjects that had no row */
  GArray *promoted;  /* of whom nothing was recorded, and now is */
  GArray *deleted;   /* subjects that are none any more */
  GArray *strangers; /* of whom nothing is recorded, newly referred to */
} Arrivals;

/* Gives TABLE its new rows, and references to it their new targets.  New rows have no facts
 * yet, but for strangers. */
void reorder (County *county, Table *table, const Arrivals *arrivals, struct CountyTableChanges *changes);
