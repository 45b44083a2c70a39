/* What the parts of registry share.
 *
 *   schema.c    registry.yaml → RegistrySchema         (yaml_file.c: libyaml with places)
 *   barrier.c   which facts are barriers
 *   fact.c      one value: parsing and checking
 *   packed.c    the log's encoding of a record's facts
 *   fold.c      the records of a subject → one cell per attribute
 *   registry.c  opening and closing
 *   tables.c    the schema's tables in the store, and their migration
 *   writer.c    batches, records, current rows
 *   divisions.c divisions.yaml: merges, splits, renames
 *   census.c    how many live where
 *   follow.c    the current tables follow the day
 *   change.c    what a new registry.yaml changes
 *   conflict.c  what sources state differently
 *   reading.c   subjects as FEEL contexts with provenance
 *   record.c    the log of one subject, record by record
 *   retention.c what is kept how long
 *   verify.c    current tables against the log
 *   lookup.c    asking while writing
 *   merge.c     subjects that turned out to be one
 *   scan.c      every subject of an entity
 *   view.c      one state of the registry on a day
 *   touched.c   whose facts may have changed since
 *   kept.c      what is made of many subjects' facts, kept as a cache
 *   search*.c   finding subjects: search.h
 */
#pragma once

#include "audit/audit.h"
#include "registry/registry.h"

#include <pthread.h>

typedef struct SearchIndex SearchIndex;

struct RegistrySchema {
  Arena *arena;
  RegistryEntity *entities;
  size_t n;
  char *hash;
  const char *path;
  const void *retention; /* retention.c's items */
  size_t n_retention;
  Text source; /* the file as it stands */
};

/* The mark of ATTRIBUTE, if it has one, after all attributes. */
bool barrier_load (const RegistrySchema *schema, YamlFile *file, const yaml_node_t *attribute_node,
                   RegistryAttribute *attribute, GError **error);
/* The file's "retention", after its entities. */
bool retention_load (RegistrySchema *schema, YamlFile *file, GError **error);

/* ---- packed facts ------------------------------------------------------ */

/* One fact as the log holds it: a varint (attribute number << 2 | form), then
 * nothing (NONE), a zigzag varint (INTEGER), a varint length and bytes (TEXT),
 * or a varint code of table `word` (WORD: texts that the schema lists).
 * Attribute numbers are the store's own, so the schema's order may change. */
typedef enum { PACKED_NONE, PACKED_INTEGER, PACKED_TEXT, PACKED_WORD } PackedForm;

typedef struct {
  guint32 number; /* the store's number of the attribute */
  PackedForm form;
  gint64 integer; /* INTEGER; WORD: the code */
  Text text;
} PackedFact;

/* Bytes appended to a reused buffer without a call per byte. */
typedef struct {
  guint8 *bytes;
  size_t len, size;
} Buffer;

void buffer_reserve (Buffer *buffer, size_t more);
void packed_append (Buffer *buffer, const PackedFact *fact);
/* Reads the fact at *AT and moves on; false at the end or when the bytes are no such thing. */
bool packed_next (const guint8 **at, const guint8 *end, PackedFact *fact);

/* ---- merges ------------------------------------------------------------ */

/* Who leads to whom at a moment; immutable.  NULL is as good as an empty one. */
typedef struct MergeView MergeView;
/* As known at KNOWN_AT; give it back with merge_view_unref. */
MergeView *merge_view (Registry *registry, StoreConnection *db, gint64 known_at, GError **error);
/* That of now with what the transaction of DB has written itself, which nobody else may see. */
MergeView *merge_view_fresh (StoreConnection *db, GError **error);
void merge_view_unref (MergeView *view);
Subject merge_root (const MergeView *view, Subject subject);
/* ROOT and those that lead to it, one at a time: I from 0, the next I is returned, 0 at the end. */
size_t merge_members (const MergeView *view, Subject root, size_t i, Subject *member);
/* How many lead elsewhere. */
size_t merge_size (const MergeView *view);
/* The highest number of ENTITY's subjects that are gone: it has no row, but is taken. */
gint64 merge_highest (const MergeView *view, const RegistryEntity *entity);

/* ---- folding ----------------------------------------------------------- */

/* A record of one subject.  FACTS lies in the Fold's buffer, by offset because it grows. */
typedef struct {
  RegistryBatchId batch;
  int sequence; /* within the subject's records of the batch */
  Day valid_from, valid_to;
} LogRecord;

/* What one attribute came to. */
typedef struct {
  RegistryState state;
  guint32 record;     /* index of the LogRecord that says so */
  gint64 integer;     /* as RegistryFact */
  size_t offset, len; /* of a text in the buffer, when WORD is NULL */
  const char *word;
} Cell;

/* The log of one subject, folded at one moment.  Reused from subject to subject. */
typedef struct {
  const Registry *registry;
  const RegistryEntity *entity;
  Day valid_at;
  const MergeView *merges;
  const RegistryBatchId *loads; /* per attribute: the complete load that supersedes earlier facts, or 0 */
  const bool *only;             /* per attribute: whether it is wanted; NULL: all are */
  Cell *cells;                  /* entity->n */
  LogRecord *records;
  size_t n_records, size_records;
  Buffer buffer;
  Day until; /* the first day after VALID_AT on which a record begins or ends */
  /* Every value ever stated of the references that collections follow. */
  struct FoldLink {
    const RegistryAttribute *attribute;
    gint64 target;
  } * links;
  size_t n_links, size_links;
  /* Statements that hold on the day and gave way to one of another batch. */
  struct FoldRival {
    const RegistryAttribute *attribute;
    Cell cell;
  } * rivals;
  size_t n_rivals, size_rivals;
} Fold;

void fold_init (Fold *fold, const Registry *registry);
void fold_clear (Fold *fold);
void fold_start (Fold *fold, const RegistryEntity *entity, Day valid_at, const RegistryBatchId *loads);
/* The index of the new record; its facts follow by fold_packed or fold_fact. */
guint32 fold_record (Fold *fold, const LogRecord *record);
/* A fact of the last record; the text, if any, is at OFFSET of the buffer. */
void fold_fact (Fold *fold, const RegistryAttribute *attribute, const Cell *cell);
/* All facts of the last record, from packed bytes.  False when they are damaged. */
bool fold_packed (Fold *fold, const guint8 *bytes, size_t len, GError **error);
/* The record in the current row of STATEMENT, whose columns from FIRST on are
 * batch, sequence, valid_from, valid_to and facts. */
bool fold_row (Fold *fold, StoreStatement *statement, int first, GError **error);
/* The whole log of SUBJECT as far as known at KNOWN_AT; of SOURCE alone, when not NULL. */
bool fold_subject (Fold *fold, StoreConnection *db, Subject subject, gint64 known_at, const char *source,
                   GError **error);
Text fold_text (const Fold *fold, const Cell *cell);
/* Whether record B speaks later than record A. */
bool fold_is_later (const LogRecord *a, const LogRecord *b);

/* ---- batches and conflicts --------------------------------------------- */

typedef struct {
  RegistryBatchId id;
  const char *source;
  gint64 recorded_at;
  bool settles;
} BatchInfo;

/* What was asked of the table of batches, kept in ARENA. */
typedef struct {
  StoreConnection *db;
  Arena *arena;
  GHashTable *by_id;
} BatchCache;

void batch_cache_init (BatchCache *cache, StoreConnection *db, Arena *arena);
void batch_cache_clear (BatchCache *cache);
const BatchInfo *batch_info (BatchCache *cache, RegistryBatchId id, GError **error);

/* The latest statements of other sources that contradict what FOLD says ATTRIBUTE
 * is, the latest first, added to RIVALS (const Cell *). */
bool conflict_find (const Fold *fold, const RegistryAttribute *attribute, BatchCache *batches,
                    GPtrArray *rivals, GError **error);
/* Write the conflicts of SUBJECT, which is in FOLD; KNOWN: rows may be there. */
bool conflict_write (StoreConnection *db, const Fold *fold, Subject subject, bool known, BatchCache *batches,
                     GError **error);

/* ---- the open registry ------------------------------------------------- */

/* What one entity has in the store: numbers of its attributes, and its statements. */
typedef struct {
  guint32 *numbers;                    /* by attribute index: the store's number */
  guint32 **codes;                     /* by attribute index, then value: code in `word` */
  const RegistryAttribute **by_number; /* by the store's number */
  guint32 n_numbers;
  guint32 n_none; /* columns none_0 … */
  guint32 *alike; /* by attribute index: the first with the same source and a rule for absence, too */
  bool *followed; /* by attribute index: a reference that some collection follows */
  char *insert;   /* a current row, new or in place of the old */
  char *count, *last;
  char *after;                     /* the first subject number after ?1 */
  char *due;                       /* one whose row holds no longer on day ?1 */
  struct SearchStatements *search; /* NULL: has nothing to be searched by */
  char *with_label, *with_number;  /* subjects by one of them; NULL where the entity has none */
  char *twins;                     /* subjects like ?1; NULL where the entity has no likeness */
  char *known;                     /* whether there is a row ?1 */
  char *scan;                      /* rows ?1 to ?2: id, until, none_0 …, the attributes by number */
  char *row;                       /* of subject ?1: until, none_0 …, the attributes by number */
  char *drop;                      /* the row ?1 goes */
  char **referring;                /* by attribute index: rows whose reference is ?1; NULL for others */
  char **referrers;                /* by attribute index: who refers, or ever referred, to a subject */
} EntityTables;

struct Registry {
  Store *store;
  const RegistrySchema *schema;
  Arena *arena;
  EntityTables *tables; /* by entity index */
  const char **words;   /* by code */
  MergeView *merges;    /* of now, or of a moment ago; under the mutex */
  pthread_mutex_t merges_mutex;
  size_t n_words;
  bool bulk;         /* opened for a bulk load: indexes come at the end */
  bool read_only;
  gint64 watched; /* records of later batches are indexed by batch */
  char *late;     /* those of batches after ?1, which must not be before WATCHED; NULL: without an index */
  bool refold;       /* the schema has changed what current rows mean */
  bool search_ready; /* the tables of search are there */
};

/* Bits of a `none_<k>` column that are used; SQLite's integers are signed. */
enum { NONE_BITS = 62 };
/* Parameters of the insert statement: id, until, none_0 …, the attributes by number. */
enum { INSERT_ID = 1, INSERT_UNTIL = 2, INSERT_NONE = 3 };

const RegistryAttribute *registry_attribute_of_number (const Registry *registry, const RegistryEntity *entity,
                                                       guint32 number);
/* The latest complete load of ENTITY from SOURCE known at KNOWN_AT, by its first batch; 0 when none. */
bool registry_complete_load (StoreConnection *db, const RegistryEntity *entity, const char *source,
                             gint64 known_at, RegistryBatchId *batch, GError **error);
/* By attribute of ENTITY: the complete load that gives its absence a meaning, or 0. */
bool registry_complete_loads (StoreConnection *db, const Registry *registry, const RegistryEntity *entity,
                              gint64 known_at, RegistryBatchId *loads, GError **error);

/* tables.c: bring the file's tables in line with the schema. */
extern const StoreMigration registry_migrations[];
extern const size_t registry_n_migrations;
bool tables_sync (StoreConnection *db, gpointer registry, GError **error);
/* Whether the file's schema is REGISTRY's; *SAME. */
bool tables_check (StoreConnection *db, const Registry *registry, bool *same, GError **error);
/* Fill registry->tables and words from the file. */
bool tables_load (StoreConnection *db, Registry *registry, GError **error);
/* change.c: RegistryChange against the schema that the store was last opened with;
 * empty when it has none yet.  REFOLD: current rows have to be made again. */
bool change_plan (StoreConnection *db, const RegistrySchema *schema, Arena *arena, GArray **changes,
                  bool *refold, GError **error);
bool change_remember (StoreConnection *db, const RegistrySchema *schema, const GArray *changes,
                      GError **error);
bool tables_index (StoreConnection *db, gpointer registry, GError **error);
/* Fill registry->late, once the index is there. */
bool tables_watch (StoreConnection *db, Registry *registry, GError **error);
/* writer.c: make every current row again. */
bool writer_refold_all (Registry *registry, GError **error);

/* ---- the writer, for lookup.c ------------------------------------------ */

/* The connection, with the current rows of everything appended. */
StoreConnection *writer_flushed (RegistryWriter *writer, GError **error);
StoreConnection *writer_connection (RegistryWriter *writer);
Registry *writer_registry (RegistryWriter *writer);
/* The merges as the writer knows them; make them anew after one of them has been
 * written, and with them the rows of ROOT, of GONE, and of all that refer to either. */
const MergeView *writer_merges (RegistryWriter *writer);
bool writer_apply_merge (RegistryWriter *writer, Subject root, Subject gone, bool merged, Day day,
                         GError **error);
/* A fold for asking, and the loads of ENTITY as the writer knows them. */
Fold *writer_asking (RegistryWriter *writer);
const RegistryBatchId *writer_loads (RegistryWriter *writer, const RegistryEntity *entity, GError **error);

/* ---- searching --------------------------------------------------------- */

/* erase.c: take every value of A out of SUBJECT's records. */
bool log_erase (StoreConnection *db, const Registry *registry, const RegistryAttribute *a, Subject subject,
                GError **error);

/* search_index.c: the tables by which subjects are found. */
void search_prepare_statements (Registry *registry, const RegistryEntity *entity);
/* Make the tables, and fill those that do not hold the keys of today's schema and
 * readings, or all of them: AGAIN. */
bool search_index_build (StoreConnection *db, Registry *registry, bool again, GError **error);
/* Whether that has been done; *READY. */
bool search_index_check (StoreConnection *db, Registry *registry, bool *ready, GError **error);
SearchIndex *search_index_new (const Registry *registry, StoreConnection *db);
void search_index_free (SearchIndex *index);
/* What FOLD came to is what NUMBER is found by from now on; before its current row
 * is written.  FRESH: it has none yet. */
bool search_index_update (SearchIndex *index, const Fold *fold, gint64 number, bool fresh, GError **error);
/* NUMBER is found no more; before its current row is deleted. */
bool search_index_drop (SearchIndex *index, const RegistryEntity *entity, gint64 number, GError **error);
/* Write what was changed, in the tables' order: neighbours together, so that many
 * changes touch few pages.  Before the commit. */
bool search_index_flush (SearchIndex *index, GError **error);

/* ---- views -------------------------------------------------------------- */

struct RegistryView {
  Registry *registry;
  StoreReader *reader;
  StoreConnection *db;
  Day valid_at, day;       /* DAY: of the current tables */
  MergeView *merges;
  RegistryBatchId **loads; /* by entity, then attribute; NULL until asked */
  GHashTable *moved;       /* VALID_AT before DAY: of whom a record begins or ends in between; NULL: not known */
};

/* By attribute of ENTITY, as registry_complete_loads; the view's own. */
const RegistryBatchId *view_loads (RegistryView *view, const RegistryEntity *entity, GError **error);
/* Before N subjects are scanned: what tells apart whose current rows can be taken.  For few it
 * is not asked, and they are folded from the log. */
bool view_prepare (RegistryView *view, gint64 n, GError **error);
/* Whether SUBJECT's current row, which holds until the day before UNTIL, is not that of VALID_AT. */
bool view_is_elsewhere (const RegistryView *view, Subject subject, Day until);

/* kept.c: what was made of SUBJECT's facts goes.  An erasure empties the parts of all who are one by
 * then; so a part never holds facts of somebody who is not one with its own subjects any more. */
bool kept_empty (StoreConnection *db, Subject subject, GError **error);
/* The same, and noted: something is about to be erased from SUBJECT. */
bool kept_forget (StoreConnection *db, Subject subject, GError **error);

/* ---- facts ------------------------------------------------------------- */

/* FAULT_INPUT: attribute, value, what is allowed.  VALUE_INDEX gets the place in
 * attribute->values of a listed text. */
bool fact_check (const RegistryFact *fact, size_t *value_index, GError **error);

/* ---- trail.c: what a writing leaves in the audit log ------------------- */

typedef struct {
  Arena *arena;
  GArray *batches;
} Trail;

void trail_init (Trail *trail, Arena *arena);
void trail_clear (Trail *trail);
/* Batches are begun with rising ids, without gaps. */
void trail_batch (Trail *trail, RegistryBatchId id, const RegistryBatch *about);
void trail_record (Trail *trail, RegistryBatchId id, Subject subject);
/* An entry for each batch. */
bool trail_write (const Trail *trail, StoreConnection *db, GError **error);
