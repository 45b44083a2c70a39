/* What the parts of intake share.
 *
 *   columns.c    a heading → attributes
 *   check.c      a row's cells → facts, or problems
 *   problems.c   what is wrong and how to mend it, in both languages
 *   seen.c       the official numbers a file has had
 *   run.c        an import, chunk by chunk
 *   runs.c       the tables of runs and problems
 *   duplicates.c candidates and what stewards decided
 *   export.c     current facts as a table
 */
#pragma once

#include "intake/intake.h"

/* ---- columns ----------------------------------------------------------- */

/* Match the heading ROW to ENTITY's attributes; what cannot be goes to plan->fault
 * unless SKIP_UNKNOWN. */
void columns_match (IntakePlan *plan, const RegistryEntity *entity, const SheetRow *row, Arena *arena);
/* NULL, or why a file with these columns cannot be imported. */
const char *columns_fault (const IntakePlan *plan, const RegistryEntity *entity, bool skip_unknown,
                           Arena *arena);

/* The words for "there is none" in a cell. */
#define INTAKE_NONE_ZH "（无）"
#define INTAKE_NONE_EN "(none)"

/* ---- problems ---------------------------------------------------------- */

typedef enum {
  PROBLEM_NOT_ALLOWED = 1,
  PROBLEM_NO_NUMBER,
  PROBLEM_TOO_FINE,
  PROBLEM_TOO_SMALL,
  PROBLEM_TOO_LARGE,
  PROBLEM_NO_BOOLEAN,
  PROBLEM_NO_DATE,
  PROBLEM_SPREADSHEET, /* #N/A and its like */
  PROBLEM_TEXT,        /* control characters, too long */
  PROBLEM_ID_NUMBER,
  PROBLEM_ID_BIRTH,
  PROBLEM_ID_SEX,
  PROBLEM_CREDIT_CODE,
  PROBLEM_NO_KEY,     /* the official number is empty */
  PROBLEM_KEY_TWICE,  /* in this file */
  PROBLEM_KEY_TAKEN,  /* by another subject */
  PROBLEM_NO_LABEL,   /* a new subject without a name */
  PROBLEM_NO_SUBJECT, /* the subject column names none */
  PROBLEM_AMBIGUOUS,  /* several subjects have the label */
  PROBLEM_NO_REFERENCE,
  PROBLEM_AMBIGUOUS_REFERENCE,
  PROBLEM_SHORT_ROW,
  PROBLEM_LONG_ROW,
} ProblemKind;

typedef struct {
  ProblemKind kind;
  size_t column; /* index; G_MAXSIZE: the row as a whole */
  Text value;
  gint64 number; /* KEY_TWICE: the row; NO_SUBJECT …: unused */
} Problem;

/* Both languages of "what is wrong" and "how to mend it". */
void problem_say (const Problem *problem, const RegistryAttribute *attribute, const RegistryEntity *entity,
                  Arena *arena, IntakeProblem *said);

/* ---- official numbers seen --------------------------------------------- */

typedef struct Seen Seen;
Seen *seen_new (void);
void seen_free (Seen *seen);
/* The row in which KEY stood before, or 0: it is remembered for ROW. */
gint64 seen_add (Seen *seen, Text key, gint64 row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seen, seen_free)

/* ---- checking ---------------------------------------------------------- */

enum { PROBLEMS_OF_ROW = 64 };

/* Reused from row to row. */
typedef struct {
  const RegistrySchema *schema;
  const RegistryEntity *entity;
  const IntakePlan *plan;
  Seen *seen;
  Arena *scratch;                                  /* of this row: normalised dates, half-width numbers */
  bool names_subject; /* the row does, rightly or not */
  Subject subject;                                 /* named by the row, or 0 */
  Text key;                                        /* official number, bytes NULL when the row has none */
  size_t key_column, subject_column, label_column; /* G_MAXSIZE: none */
  RegistryFact *facts; /* by attribute of the entity, UNSTATED where the row says nothing */
  size_t *column_of;   /* by attribute: its column, G_MAXSIZE */
  Text *cells;         /* by attribute: the cell as it stands */
  Problem problems[PROBLEMS_OF_ROW];
  size_t n_problems;
} RowCheck;

void check_init (RowCheck *check, const RegistrySchema *schema, const RegistryEntity *entity,
                 const IntakePlan *plan);
void check_clear (RowCheck *check);
/* Everything that the row itself can tell; references are left to run.c (state
 * UNSTATED, the cell's text in check->cells).  False when something is wrong. */
bool check_row (RowCheck *check, const SheetRow *row);
void check_add (RowCheck *check, ProblemKind kind, size_t column, Text value, gint64 number);
/* The official number of the row as check_row would read it, for rows that are passed over. */
Text check_key (RowCheck *check, const SheetRow *row);

/* ---- runs -------------------------------------------------------------- */

/* A run with what only the program needs. */
typedef struct {
  IntakeRun shown;
  const RegistryEntity *entity;
  const char *reading; /* encoding and worksheet asked for */
  bool asked_valid_from;
  RegistryBatchId first_batch; /* 0: none yet */
} Run;

/* The last run of the same file with the same meaning; FOUND->shown.id is 0 when there is none. */
bool runs_find (StoreConnection *db, const Run *wanted, Arena *arena, Run *found, GError **error);
bool runs_insert (StoreConnection *db, Run *run, GError **error);
/* Write where RUN stands; FAULT_CONFLICT when it does not stand at row BEFORE. */
bool runs_update (StoreConnection *db, const Run *run, gint64 before, GError **error);
/* AT: problems of the run before this one. */
bool runs_add_problem (StoreConnection *db, const Run *run, gint64 row, const Problem *problem,
                       const IntakeColumn *column, gint64 at, GError **error);
/* The rows that RUN refused, in order. */
GArray *runs_refused (StoreConnection *db, gint64 run, GError **error);

/* ---- candidates -------------------------------------------------------- */

/* Keep the pair for a steward; *NEW when it was not known. */
bool candidates_add (StoreConnection *db, Subject a, Subject b, gint64 run, gint64 at, bool *fresh,
                     GError **error);
