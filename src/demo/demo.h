/* demo — a synthetic county to try everything on.
 *
 * What it is for: a county of any size up to two million residents, with
 * households, firms, schools, clinics and parks in the fifteen real townships,
 * so that every clause has somebody it says yes to, somebody it says no to, and
 * somebody about whom a fact is missing.
 *
 *     data/demo/minhou.yaml ──> who, where, what ──> facts by source department
 *     (shares, each sourced      (integers only,          │
 *      or marked assumed)         from the seed)          ▼
 *                                                  a RegistryWriter, or any DemoSink
 *
 * What it promises
 *   - Nobody in it is real, and nobody can take it for real: see naming.h.
 *   - The same seed, number, schema and data file give the same facts, byte for
 *     byte, on every machine; each household depends on the seed and its own
 *     number only.
 *   - Every fact is written by the department that the schema names for it, in
 *     that department's batch, with evidence and record time.  Some are missing,
 *     some are corrected later, as in a real registry.
 *   - demo_make_file leaves a whole county or none.
 *
 * What it refuses: to look like statistics.  The shares are mostly assumed, and
 * the data file says so for each.
 *
 * How a call goes
 *
 *     DemoOptions options = { .residents = 20000, .seed = 1 };
 *     DemoSummary summary;
 *     if (!demo_make_file ("var/county.db", schema, "data/demo/minhou.yaml", &options, &summary, &error))
 *       …
 */
#pragma once

#include "registry/registry.h"

enum { DEMO_RESIDENTS_MAX = 2000000, DEMO_RESIDENTS_DEFAULT = 20000 };

/* Showcases: subjects worth opening, written out in files (docs/demo-county.md), so that
 * each clause has somebody it says yes to, somebody it says no to, and somebody of whom
 * a fact is missing. */
typedef struct DemoShowcases DemoShowcases;

/* Every FOLDER/NN-name.yaml, NN the clause.  FAULT_INPUT with file and line: an entity or
 * attribute that SCHEMA lacks, a value it does not admit, a name that is not in the file. */
DemoShowcases *demo_showcases_load (const char *folder, const RegistrySchema *schema, GError **error);
void demo_showcases_free (DemoShowcases *showcases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoShowcases, demo_showcases_free)

/* The least number of residents of a county that has SHOWCASES. */
gint64 demo_showcases_residents (const DemoShowcases *showcases);

/* One answer of one subject.  The subject's number is the same in every county made
 * with the same files, whatever its size and seed. */
typedef struct {
  char subject[32];           /* "resident-18"; "" until a county was made or demo_showcases_number called */
  int clause;                 /* whose page to open it on */
  const char *provision;      /* the clause's provision */
  const char *outcome;        /* what it answers for years to come: "yes", "no", "undetermined" */
  const char *const *missing; /* undetermined: exactly what is missing, NULL-terminated; NULL: not said */
  const char *zh, *en;        /* who it is, in a sentence */
} DemoShowcase;

/* Those of every county, and those of the files (NULL: none), in order of clause; lives in ARENA. */
const DemoShowcase *demo_showcases_list (const DemoShowcases *showcases, Arena *arena, size_t *n);

typedef struct {
  gint64 residents; /* 1 … DEMO_RESIDENTS_MAX, exactly so many are made */
  guint64 seed;
  /* Called now and then, from the thread that called; may be NULL. */
  void (*progress) (gint64 done, gint64 total, gpointer data);
  gpointer progress_data;
  /* Folders with catalogues, a file per entity ("shortage_occupation.csv"), ended by NULL; or NULL. */
  const char *const *catalogues;
  /* Made as well, their residents counted in, in a county that has room for them
   * (demo_showcases_residents); or NULL. */
  DemoShowcases *showcases;
  /* demo_make_file: adds what else belongs in the file (accounts), once the facts
   * are in and before the file is put in place; may be NULL. */
  bool (*complete) (Registry *registry, gpointer data, GError **error);
  gpointer complete_data;
} DemoOptions;

typedef struct {
  gint64 residents, households, organisations, schools, parks, places, spells;
  gint64 posts, files, certificates, recognitions, insurance;
  gint64 entries;        /* of catalogues */
  gint64 records, facts; /* appended to the log */
  gint64 unknown;        /* facts left out, as nobody has stated them */
  gint64 corrections;    /* records that a later batch put right */
  gint64 disputes;       /* records that another department has otherwise */
  Day as_of;             /* the date the county is made for */
} DemoSummary;

/* Where the facts go; the functions mean what those of RegistryWriter mean. */
typedef struct {
  RegistryBatchId (*batch) (gpointer data, const RegistryBatch *batch, GError **error);
  Subject (*subject) (gpointer data, const RegistryEntity *entity);
  bool (*append) (gpointer data, RegistryBatchId batch, Subject subject, Day valid_from, Day valid_to,
                  const RegistryFact *facts, size_t n, GError **error);
  gpointer data;
} DemoSink;

/* Make the county of OPTIONS from the data file DISTRIBUTIONS and hand its facts
 * to SINK.  SUMMARY may be NULL.  Faults: FAULT_USAGE (number of residents),
 * FAULT_NOT_FOUND and FAULT_INPUT (the data file, with its line; a schema
 * without an attribute that is written), and those of the sink. */
bool demo_generate (const RegistrySchema *schema, const char *distributions, const DemoOptions *options,
                    const DemoSink *sink, DemoSummary *summary, GError **error);

/* The same into an open, empty REGISTRY, committed at the end. */
bool demo_make (Registry *registry, const char *distributions, const DemoOptions *options,
                DemoSummary *summary, GError **error);

/* The same as a new file at PATH: written beside it as PATH.new, flushed to
 * disk, then renamed, so that after a crash there is a whole county or none; a
 * PATH.new left by a killed run is replaced.  FAULT_CONFLICT when PATH exists. */
bool demo_make_file (const char *path, const RegistrySchema *schema, const char *distributions,
                     const DemoOptions *options, DemoSummary *summary, GError **error);

/* Find the numbers of SHOWCASES without making a county: those they have in every county of
 * DISTRIBUTIONS and CATALOGUES (as in DemoOptions).  Faults as demo_generate. */
bool demo_showcases_number (DemoShowcases *showcases, const RegistrySchema *schema, const char *distributions,
                            const char *const *catalogues, GError **error);
