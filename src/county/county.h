/* county — the registry's facts as columns.
 *
 * What it is for: questions asked of everybody at once.  registry/ keeps facts as records
 * about one subject after another; columns/ wants an array per fact.  A *county* is the
 * registry on one day in that shape: a table per entity, a typed column per attribute,
 * references as rows, collections as lists of rows.
 *
 *     current tables ──scan──> chunks of 2,048 subjects ──> ColumnsTable per entity ──> columns_run
 *                                   │    ▲
 *                                   └────┘ kept in the store
 *
 * What it promises
 *   - Every row reads as registry_read would have it: columns_row_value of a row equals
 *     registry_reading_value of its subject, value, none and unknown alike, whatever was
 *     merged, erased, superseded by a complete load, or is valid on other days only.
 *   - Narrow: numbers and dates take the bytes that their values need, texts are places in
 *     a dictionary; a mask is there only where some row is none or unknown.
 *   - All of it is one state of the registry, however many threads read.
 *   - Chunks are kept in the store, for one day, and the next county_open for that day reads
 *     what it wants of them; more attributes take the place of fewer.  Which of them have
 *     become stale the registry's log says (registry_view_touched); those, and what is
 *     damaged, are built again and kept.  A process that ends in between leaves chunks that
 *     are right or are built again; what is erased goes out of them in the same transaction.
 *   - A change is taken in without opening anew, and says whom it reaches by the paths of a
 *     decision: them and nobody else.
 *
 * What it refuses: to say who may look.  Reading everybody is access/'s to permit and to
 * log (access_run_new); a county has no names for what it is used for.
 *
 * Somebody who is referred to and of whom nothing is recorded has a row as well, since
 * registry_read goes there and finds that all is unknown.  Such rows stand behind those of
 * the subjects, and are nobody to be counted: county_subjects says where they begin.
 *
 * How a call goes
 *
 *     size_t n;
 *     const RegistryAttribute *const *wanted = policy_attributes (package, arena, &n);
 *     CountyOptions options = { registry, today, wanted, n };
 *     g_autoptr (County) county = county_open (&options, &error);
 *     ColumnsWorld world = { "居民", county_table (county, resident), constants, n_constants };
 */
#pragma once

#include "base/base.h"
#include "columns/columns.h"
#include "registry/registry.h"

typedef struct County County;

typedef struct {
  Registry *registry;
  Day as_of; /* facts valid on that day, as known now */
  /* What is wanted; where references and collections lead are tables as well. */
  const RegistryAttribute *const *attributes;
  size_t n_attributes;
  unsigned threads;          /* 0: 2 */
  RegistryProgress progress; /* subjects done and in all, on the calling thread; may be NULL */
  gpointer data;
} CountyOptions;

/* NULL with FAULT_SYSTEM.  The registry and its schema must outlive it.  What had to be built is
 * kept by store_write: a thread must not hold a writer when it calls this. */
County *county_open (const CountyOptions *options, GError **error);
void county_free (County *county);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (County, county_free)

/* The columns that SCHEMA's entities could have, by entity index, without rows: to compile against where
 * there is no county.  Numbers are taken to be below 10^9 of their last digit (a county's own are known),
 * dates to lie from 1740 to 2199, collections to have 30 members at most, texts to be 64 where none are
 * listed. */
const ColumnsTable *county_describe (const RegistrySchema *schema, Arena *arena);

/* Rows in order of subject ids, columns named by the attributes' Chinese names; NULL where
 * nothing of ENTITY is held.  The county's. */
const ColumnsTable *county_table (const County *county, const RegistryEntity *entity);
/* NULL where it is not held. */
const ColumnsColumn *county_column (const County *county, const RegistryAttribute *attribute);
/* How many rows, from the first on, are subjects; 0 where nothing is held. */
size_t county_subjects (const County *county, const RegistryEntity *entity);
/* Whom ROW is about. */
Subject county_subject (const County *county, const RegistryEntity *entity, size_t row);
/* Where SUBJECT stands; false when it is none, or was merged into another. */
bool county_row (const County *county, Subject subject, size_t *row);
/* Bytes of all arrays. */
size_t county_bytes (const County *county);

/* How it was made, in chunks of 2,048 subjects: read from the store, or built because what was
 * kept had become stale or was damaged, or because there was none. */
typedef struct {
  size_t cached, stale, damaged, built;
  size_t bytes; /* of what was read */
} CountyLoad;
CountyLoad county_load (const County *county);

/* ---- changes ---------------------------------------------------------------------------- */

/* What a refresh changed. */
typedef struct {
  bool any;         /* something is otherwise than before */
  bool description; /* of a column that grew: bounds, dictionary, masks, most members; programs that
                       read it are compiled anew before they are run again */
  struct CountyTableChanges *tables; /* county's own */
  size_t n_tables;
} CountyChanges;
void county_changes_free (CountyChanges *changes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CountyChanges, county_changes_free)

/* Takes in what was recorded, merged and erased since: afterwards COUNTY is as if opened now, of
 * the same day.  Nobody may read it meanwhile; arrays may move.  What is kept in the store is
 * left as it is.  NULL with FAULT_SYSTEM: nothing has changed then. */
CountyChanges *county_refresh (County *county, GError **error);

/* Whom CHANGES, the last ones, reach: those whose reading by one of PATHS (as
 * dmn_decision_closure gives them, from a subject of ENTITY) has another fact in it than
 * before, and rows that stand for somebody else.  1 or 0 per row of ENTITY's table, in ARENA. */
const guint8 *county_reached_rows (const County *county, const CountyChanges *changes,
                                   const RegistryEntity *entity, const FeelPath *paths, size_t n_paths,
                                   Arena *arena);
/* The same by chunks of COLUMNS_CHUNK rows. */
const guint8 *county_reached (const County *county, const CountyChanges *changes,
                              const RegistryEntity *entity, const FeelPath *paths, size_t n_paths,
                              Arena *arena, size_t *n_chunks);
