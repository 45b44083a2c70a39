/* intake — tables of facts come in and go out: import with a report, duplicates,
 * export.
 *
 * What it is for: a department sends a table of residents, posts or schools as
 * CSV or XLSX; what is right in it becomes facts on record, what is wrong is told
 * cell by cell with what to do.  And the other way: a table of current facts for
 * a stated purpose.
 *
 *     file ──> columns matched ──> rows checked ──> good: records of a batch per chunk
 *                                        └────────> bad: problems (row, column, what, mend)
 *
 * What it promises
 *   - A good row lands, a bad row does not; no row lands by half.
 *   - What a department has already said is not recorded again: the same file
 *     twice writes nothing.
 *   - A run is remembered with what it did, in the commit that did it: after
 *     kill -9 the same file goes on behind the last committed row, and a run that
 *     is through says so and does nothing.
 *   - A complete load (complete) makes nothing absent before its last row is in.
 *   - Two subjects that look like one are never merged by the program: the pair
 *     is kept for a data steward, who decides with a reason.
 *   - An export is in the audit log before its first byte leaves.
 *   - Memory does not grow with the file, but for 24 bytes a row that tell which
 *     official numbers the file has had (and sheet's shared strings).
 *
 * What it refuses: columns it does not know (unless told to pass over them), a
 * file without the column that tells its subjects apart, an export without purpose.
 *
 * Whose record is it.  A row's subject is the one named in the column
 * "主体编号"/"Subject"/"subject" (resident-12), else the one with the row's
 * official number, else — where the entity has no official number — the one with
 * its label.  Otherwise it is new.  A cell that is empty says nothing; "（无）" or
 * "(none)" says that there is none.
 *
 * How a call goes
 *
 *     IntakeOptions options = { .entity = "resident", .source = "县公安局", .actor = "os:lin" };
 *     IntakeRun run;
 *     if (intake_import (registry, "residents.csv", &options, arena, &run, &error))
 *       intake_write_report (registry, run.id, "report.csv", &error);
 */
#pragma once

#include "base/base.h"
#include "registry/registry.h"
#include "sheet/sheet.h"

/* The tables of runs, problems and candidates.  Cheap when they are there. */
bool intake_migrate (Store *store, GError **error);

/* ---- columns ----------------------------------------------------------- */

typedef enum {
  INTAKE_COLUMN_FACT,
  INTAKE_COLUMN_SUBJECT, /* the subject's id */
  INTAKE_COLUMN_UNKNOWN,
  INTAKE_COLUMN_TWICE,    /* stands further left already */
  INTAKE_COLUMN_COMPUTED, /* a collection: follows from other tables */
} IntakeColumnKind;

typedef struct {
  const char *heading; /* as the file has it */
  IntakeColumnKind kind;
  const RegistryAttribute *attribute; /* FACT, TWICE, COMPUTED */
  const char *nearest;                /* UNKNOWN: a Chinese name it may mean, or NULL */
} IntakeColumn;

typedef struct {
  SheetFormat format;
  gint64 heading_row;
  size_t n;
  const IntakeColumn *columns;
  const RegistryAttribute *const *missing; /* of the entity, not in the file */
  size_t n_missing;
  const char *fault;          /* why the file cannot be taken as it is, or NULL */
  const char *const *sources; /* the departments that answer for its columns */
  size_t n_sources;
  size_t n_rows; /* the first rows, for looking at */
  const char *const *const *rows;
} IntakePlan;

/* What the file's columns are, without writing anything.  ROWS of them are read
 * along.  NULL with the faults of sheet_reader_open, FAULT_INPUT. */
const IntakePlan *intake_plan (const RegistrySchema *schema, const RegistryEntity *entity, const char *path,
                               const SheetOptions *options, size_t rows, Arena *arena, GError **error);

/* ---- runs -------------------------------------------------------------- */

typedef struct {
  const char *entity; /* id or Chinese name */
  const char *source; /* department; NULL: the one that answers for all columns */
  const char *actor;  /* account, or "os:NAME" */
  const char *name;   /* what people call the file; NULL: the end of its path */
  SheetOptions sheet;
  bool complete;     /* the file has every subject of ENTITY that SOURCE knows */
  bool skip_unknown; /* pass over unknown columns */
  bool again;        /* begin anew although the file is through */
  bool dry_run;      /* check everything, record no fact; always anew */
  bool has_valid_from;
  Day valid_from; /* without: the day on which the run begins */
  int chunk;      /* rows that are committed together; 0: 80,000 */
  /* After each chunk; may be NULL: how far the file is read, 0 … SIZE.  False stops
   * the run, to be taken up again later. */
  bool (*progress) (gint64 done, gint64 size, gpointer data);
  gpointer data;
} IntakeOptions;

typedef struct {
  gint64 id;
  const char *name, *entity, *source, *actor;
  const char *hash;   /* SHA-256 of the file */
  bool complete, dry; /* a complete load; one that only checked */
  Day valid_from;
  gint64 started_at, finished_at; /* UTC seconds; 0: not finished */
  gint64 row;                     /* the last one dealt with, as a person counts */
  gint64 rows, added, changed, unchanged, refused, problems, candidates;
  bool completed; /* a complete load is in force: with a refused row there is none */
  bool already;   /* this call found it finished */
  bool resumed;   /* this call took it up */
} IntakeRun;

/* Import the file at PATH.  True when it is through, whatever was refused: see RUN,
 * whose texts are in ARENA.  FAULT_INPUT: columns, entity, source, a file that
 * cannot be read on (its rows before the fault are in, and RUN says so);
 * FAULT_CONFLICT: another import of the file is running; FAULT_SYSTEM. */
bool intake_import (Registry *registry, const char *path, const IntakeOptions *options, Arena *arena,
                    IntakeRun *run, GError **error);

/* The newest first, before run BEFORE (0: from the newest). */
const IntakeRun *intake_runs (Store *store, Arena *arena, gint64 before, size_t limit, size_t *n,
                              GError **error);
/* FAULT_NOT_FOUND. */
bool intake_run (Store *store, Arena *arena, gint64 id, IntakeRun *run, GError **error);

typedef struct {
  gint64 row;
  const char *column, *value; /* heading and cell as in the file; column "" for the row as a whole */
  const char *wrong_zh, *mend_zh, *wrong_en, *mend_en;
} IntakeProblem;

/* Problems of RUN in the file's order after AFTER (0), at most LIMIT; the last one's
 * place for the next page goes to *NEXT. */
const IntakeProblem *intake_problems (Registry *registry, Arena *arena, gint64 run, gint64 after,
                                      size_t limit, gint64 *next, size_t *n, GError **error);
/* All of them as a table. */
bool intake_write_report (Registry *registry, gint64 run, SheetWriter *out, GError **error);

/* A run as a JSON object: the summary of `liudong import`, and the API's. */
void intake_write_run (JsonWriter *out, const IntakeRun *run);

/* ---- duplicates -------------------------------------------------------- */

typedef enum {
  INTAKE_OPEN, /* nobody has decided, or the decision was taken back */
  INTAKE_SAME, /* merged */
  INTAKE_DIFFERENT,
} IntakeDecision;

/* Two subjects that agree in the likeness of their entity. */
typedef struct {
  gint64 id;
  Subject a, b; /* a < b */
  gint64 run, found_at;
  IntakeDecision decision;
  const char *actor, *reason; /* of the decision, also of one taken back; NULL: none yet */
  gint64 decided_at;
  gint64 merge; /* SAME: the registry's merge */
} IntakeCandidate;

/* Those after candidate AFTER (0), in order of finding, at most LIMIT: of DECISION alone. */
const IntakeCandidate *intake_candidates (Store *store, Arena *arena, IntakeDecision decision, gint64 after,
                                          size_t limit, size_t *n, GError **error);
/* FAULT_NOT_FOUND. */
bool intake_candidate (Store *store, Arena *arena, gint64 id, IntakeCandidate *candidate, GError **error);
/* Decide: SAME merges them into KEEP, one of the two; OPEN takes the decision back, and the
 * merge with it.  In the audit log.  FAULT_INPUT (no reason, KEEP is neither),
 * FAULT_CONFLICT (it is decided already, or not yet; one of them was merged elsewhere). */
bool intake_decide (Registry *registry, gint64 id, IntakeDecision decision, Subject keep, const char *actor,
                    const char *reason, GError **error);

/* ---- export ------------------------------------------------------------ */

typedef struct {
  const char *entity;         /* id or Chinese name */
  const char *const *columns; /* ids or names, NULL-terminated; NULL: all */
  const char *const *where;   /* "township=350121101", NULL-terminated; all must hold; NULL: everyone */
  bool english;               /* the heading's language */
  const char *purpose;        /* for which law or task: required, goes into the audit log */
  const char *actor, *role, *department;                       /* as AuditEntry */
  void (*progress) (gint64 done, gint64 total, gpointer data); /* may be NULL */
  gpointer data;
} IntakeExport;

/* Current values of ENTITY's subjects, a row each, to OUT (which the caller
 * finishes).  The audit entry with every subject in it is committed before the
 * first row is written.  *ROWS gets their number.  FAULT_USAGE (no purpose, unknown
 * names), FAULT_INPUT (a value to compare with), FAULT_SYSTEM. */
bool intake_export (Registry *registry, const IntakeExport *options, SheetWriter *out, gint64 *rows,
                    GError **error);
