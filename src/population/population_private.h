/* What the parts of population share.
 *
 *   population.c  the county, the log, chunks shared out to threads, the result
 *   plan.c        what is asked of one clause about one kind, and its program
 *   grouping.c    which group everybody is in
 *   chunk.c       the answers of a chunk counted
 *   tally.c       its loops
 *   rows.c        the same answers row by row with dmn/
 *   figures.c     figures while they grow
 *   kept.c        figures of a chunk while they are kept
 *   hide.c        small numbers
 *   write.c       JSON and rows
 */
#pragma once

#include "population.h"

#include <pthread.h>

/* ---- grouping.c ----------------------------------------------------------- */

/* All subjects of one entity, as the county has them. */
typedef struct {
  const RegistryEntity *entity;
  const ColumnsTable *table;    /* NULL: the registry knows none */
  size_t n;                     /* its first N rows are the subjects */
  AuditSet *set;                /* all of them; NULL: not asked for yet */
  Arena *arena;                 /* of what follows; NULL: not grouped yet */
  size_t n_groupings, n_groups; /* groups of all groupings together */
  const PopulationGrouping *groupings;
  const guint16 *sizes; /* [chunk × n_groups + group]: how many of the chunk are in it */
} Kind;

Kind *kind_new (const County *county, const RegistryEntity *entity);
void kind_free (Kind *kind);
/* Reads the groups, unless it has: the entry about it must be in the log. */
void kind_group (Kind *kind, const PolicyPackage *package, const County *county, Day as_of);
/* What COUNTY has now.  True when its groups are others than before. */
bool kind_change (Kind *kind, const PolicyPackage *package, const County *county, Day as_of);
size_t kind_chunks (const Kind *kind);

/* ---- plan.c: what is asked of one clause about one kind ------------------ */

/* A table whose rules are counted; FIRST is the place of its first rule's figures. */
typedef struct {
  const DmnDecision *decision;
  size_t first_rule, first_condition;
} PlanTable;

typedef struct {
  size_t index; /* in the clause */
  const PolicyProvision *provision;
  size_t n_tables, n_rules, n_conditions;
  const PlanTable *tables;
  const char *outside;     /* why the program has not all of it */
  bool by_rows;            /* it goes row by row */
  size_t eligible, amount; /* places among the program's answers */
  size_t n_needs, *needs;  /* what the program may find missing, by the plan's numbers */
} PlanProvision;

typedef struct {
  size_t index;
  const PolicyTarget *target;
  size_t provision; /* its place among the plan's */
  bool by_rows;     /* the decision AMONG */
  size_t among;
} PlanTarget;

typedef struct {
  const PolicyPackage *package;
  Day as_of;
  const PolicyClause *clause;
  const RegistryEntity *entity;
  size_t n_provisions, n_targets;
  PlanProvision *provisions;
  PlanTarget *targets;
  const FeelPath *paths; /* all that they read of a subject */
  size_t n_paths;
  /* Once it may be read: */
  bool compiled;            /* for the county as it is */
  Arena *arena;             /* of what follows */
  const ColumnsTable *view; /* the attributes of PATHS alone */
  FeelEntry constants[2];   /* parameters and date */
  ColumnsProgram *program;
  pthread_mutex_t mutex; /* of the names */
  GPtrArray *needs;      /* names of what was missing, as they turn up */
} Plan;

/* What is in force of CLAUSE about ENTITY. */
Plan *plan_new (const PolicyPackage *package, Day as_of, Arena *arena, const PolicyClause *clause,
                const RegistryEntity *entity);
void plan_free (Plan *plan);
/* Adds the attributes that its paths lead through, each once. */
void plan_attributes (const Plan *plan, GPtrArray *attributes);
/* Compiles it over TABLE, anew if it was, of which it sees its own attributes; PARAMETERS are those
 * of its date.  BY_ROWS: the program
 * answers nothing and hands out the chunks alone. */
void plan_compile (Plan *plan, const ColumnsTable *table, FeelValue parameters, bool by_rows);
/* The number of NAME among the needs. */
size_t plan_need (Plan *plan, const char *name);

/* ---- figures.c: figures while they grow ----------------------------------- */

typedef struct {
  PopulationCount count;
  gint64 *gave, *failed;   /* by rule, by condition, as the plan has them */
  GArray *needs;           /* gint64, by the plan's number */
  PopulationCount *groups; /* of all groupings, one after the other */
} ProvisionFigures;

typedef struct {
  const Plan *plan;
  const Kind *kind;
  ProvisionFigures *provisions; /* as the plan has them */
  PopulationCount *targets;
} Figures;

Figures *figures_new (const Plan *plan, const Kind *kind);
void figures_free (Figures *figures);
void figures_add (Figures *to, const Figures *from);
void figures_clear (Figures *figures);
/* N more for whom the plan's need NUMBER is missing. */
void figures_need (ProvisionFigures *figures, size_t number, gint64 n);
void count_add (PopulationCount *to, const PopulationCount *from);
/* Nobody yet. */
void count_clear (PopulationCount *counts, size_t n);
/* Into the result, whose arrays are there. */
void figures_tell (const Figures *figures, Arena *arena, PopulationProvision *provisions,
                   PopulationTarget *targets);

/* ---- kept.c ------------------------------------------------------------------ */

/* FIGURES, of one chunk, as bytes; the caller frees them. */
guint8 *figures_pack (const Figures *figures, size_t *n_bytes);
/* Adds those of chunk CHUNK of the kind. */
void figures_add_packed (Figures *to, size_t chunk, const guint8 *bytes);

/* ---- tally.c: loops over masks, a byte for each row: 0xff or 0 ------------- */

/* How many are set. */
size_t tally_mask (const guint8 *mask, size_t n);
/* How many of MASK have each of the first N_BITS bits set in PLANE, added to COUNTS. */
void tally_bits (const guint8 *plane, unsigned n_bits, const guint8 *mask, size_t n, gint64 *counts);
/* Which are set, into ROWS; returns how many. */
size_t tally_rows (const guint8 *mask, size_t n, guint16 *rows);
/* MASK without those where PLANE has a bit set; and with those alone. */
void tally_without (guint8 *mask, const guint8 *plane, size_t n);
void tally_within (guint8 *mask, const guint8 *plane, size_t n);

/* ---- rows.c: answers of dmn/ ------------------------------------------------ */

/* A chunk's answers under one provision. */
typedef struct {
  guint8 yes[COLUMNS_CHUNK], no[COLUMNS_CHUNK]; /* neither: undetermined */
  guint8 paid[COLUMNS_CHUNK];                   /* of those who qualify: with an amount */
  const gint64 *amounts;                        /* by row, times 10^scale; NULL: they are exact */
  unsigned scale;
  Decimal exact[COLUMNS_CHUNK]; /* by row, of those who go row by row */
} Answers;

typedef struct RowReader RowReader;
RowReader *row_reader_new (Plan *plan);
void row_reader_free (RowReader *reader);
/* Answers of rows FIRST to FIRST + N under PROVISION, and its reasons into FIGURES. */
void row_reader_answer (RowReader *reader, const PlanProvision *provision, size_t first, size_t n,
                        Answers *answers, ProvisionFigures *figures);
/* For which rows DECISION is true. */
void row_reader_true (RowReader *reader, const DmnDecision *decision, size_t first, size_t n, guint8 *mask);

/* ---- chunk.c: a chunk counted ------------------------------------------------ */

/* One thread's own: what it computes with, and what it has counted. */
typedef struct Chunker Chunker;
Chunker *chunker_new (Plan *plan, const Kind *kind);
void chunker_free (Chunker *chunker);
Figures *chunker_figures (Chunker *chunker);
/* The subjects among rows FIRST to FIRST + N into the chunker's figures; CHUNK has what the
 * plan's program says of them. */
void chunker_count (Chunker *chunker, size_t first, size_t n, const ColumnsChunk *chunk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Figures, figures_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Plan, plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Kind, kind_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Chunker, chunker_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RowReader, row_reader_free)
