/* columns — decisions over a whole county at once.
 *
 * What it is for: the question "who is entitled?" asked of a million people.  A
 * decision that dmn/ answers for one is compiled to a *program* of small vector
 * operations, and run over chunks of 2,048 rows of *columns*: narrow typed arrays,
 * one per fact.  Every table on the way also says which of its conditions failed,
 * and which are still open, for every row.
 *
 *     DmnDecision + ColumnsTable ──compile──> ColumnsProgram ──run──> chunks of answers and reasons
 *
 * What it promises
 *   - One semantics.  For every row the answer, and the state of every condition, are
 *     those of dmn_run_decision with the row's facts: value, none or unknown, to the
 *     last digit; also where an open table is settled by cases (dmn/sharpen.c).  A test
 *     generates tables, expressions and facts to show it.
 *   - Never a wrong number.  Numbers are whole multiples of a power of ten in int64;
 *     from the columns' bounds the compiler proves that nothing overflows.  What it
 *     cannot prove is *outside the subset*, and so is what it does not know: the
 *     program says why, and such decisions are for dmn/, row by row (columns_rows_turn).
 *   - Parameters, the date and all else that is the same for every row are computed
 *     once, when compiling; what depends on one text or truth alone, once per entry
 *     of its dictionary, by FEEL itself.
 *   - A column without none and unknown costs nothing for them.
 *   - Who asks is told, for every row that stays open, which facts and parameters are
 *     missing: all that dmn_run_decision names, and seldom more.
 *
 * What it refuses: it knows no store and no registry: columns are arrays that the
 * caller owns.  Outside the subset are policy O, and R and C of many rules or over outputs
 * that are computed; division that is neither rounded at once nor by what goes into a
 * power of ten; recursion; tables of more than 60 rules or 16 inputs; lists side by side in
 * one loop; answers that are lists or contexts of facts (decisions may hand them on to
 * others); and DMN files (a clause's decisions alone are compiled).
 *
 * How a call goes
 *
 *     ColumnsColumn columns[] = {
 *       { .name = text_of ("月收入"), .kind = COLUMNS_NUMBER, .scale = 2, .width = 4,
 *         .min = 0, .max = 100000000, .values = fen, .unknown = mask }, … };
 *     ColumnsTable residents = { text_of ("居民"), n, G_N_ELEMENTS (columns), columns };
 *     ColumnsWorld world = { "居民", &residents, constants, n_constants };
 *     ColumnsProgram *program = columns_compile (&world, &decision, NULL, 1);
 *     if (!columns_program_why (program, 0))
 *       columns_run (program, 2, take_chunk, host);
 */
#pragma once

#include "base/base.h"
#include "dmn/dmn.h"
#include "feel/feel.h"

enum { COLUMNS_CHUNK = 2048 };

/* ---- the data ----------------------------------------------------------- */

typedef enum {
  COLUMNS_BOOLEAN,   /* 0 or 1, width 1 */
  COLUMNS_NUMBER,    /* times 10^scale */
  COLUMNS_TEXT,      /* place in the column's texts */
  COLUMNS_DATE,      /* days since 1970-01-01 */
  COLUMNS_REFERENCE, /* row of the target, width 4 */
  COLUMNS_LIST,      /* rows of the target, width 4: those of row r stand from offsets[r] to offsets[r + 1] */
} ColumnsKind;

typedef struct ColumnsTable ColumnsTable;

/* One fact of every row.  All but the arrays is the column's *description*, by which
 * programs are compiled; the arrays may be exchanged between runs, as long as they keep
 * to it.  They are the caller's and stay as they are during a run. */
typedef struct {
  Text name; /* as FEEL calls it: a member of the row */
  ColumnsKind kind;
  unsigned width;  /* bytes of a value: 1, 2, 4 or 8, signed */
  unsigned scale;  /* NUMBER: digits after the point, at most 9 */
  gint64 min, max; /* NUMBER, DATE: of what VALUES holds */
  size_t n_texts;
  const Text *texts;          /* TEXT: the dictionary, at least one */
  const ColumnsTable *target; /* REFERENCE, LIST */
  size_t most;                /* LIST: members of one row at most */
  bool has_none, has_unknown; /* whether rows may be none, unknown */
  const void
      *values; /* one per row (LIST: per member); also where none or unknown some value of the column's */
  const guint8 *none, *unknown; /* per row 0xff where so, else 0, never both; NULL: nowhere */
  const guint32 *offsets;       /* LIST: n_rows + 1; of a row that is none or unknown: no members */
} ColumnsColumn;

struct ColumnsTable {
  Text name;
  size_t n_rows;
  size_t n_columns;
  const ColumnsColumn *columns;
};

/* Whether the arrays of TABLE keep to their descriptions (bounds, places, rows, masks); else a
 * FAULT_INPUT that names the column and the row.  Programs rely on it unasked. */
bool columns_table_check (const ColumnsTable *table, GError **error);

/* TABLE with those columns alone that PATHS (as dmn_decision_closure gives them) lead through, and
 * so the tables behind it: a program compiled over the view can see nothing else.  The
 * view and its columns live in ARENA; the arrays are TABLE's. */
const ColumnsTable *columns_table_view (const ColumnsTable *table, const FeelPath *paths, size_t n_paths,
                                        Arena *arena);

/* Row ROW as a FEEL context with what PATHS (of the variable's slot, as
 * dmn_decision_closure gives them) read of it; the unknowns are named after the paths,
 * which begin with VARIABLE. */
FeelValue columns_row_value (const ColumnsTable *table, size_t row, const char *variable,
                             const FeelPath *paths, size_t n_paths, Arena *arena);

/* ---- programs ------------------------------------------------------------ */

/* What the variables of a clause stand for: the subject is a row, all others are the
 * same for every row.  A parameter without value is FEEL_UNKNOWN. */
typedef struct {
  const char *subject; /* "居民" */
  const ColumnsTable *table;
  const FeelEntry *constants; /* 参数, 基准日 */
  size_t n_constants;
  bool answers_alone; /* no reasons are wanted: chunks have none */
} ColumnsWorld;

typedef struct ColumnsProgram ColumnsProgram;

/* Compiles N decisions into one program, which shares what they have in common.  ASKS says of
 * which it is to tell what is missing (columns_program_needs); NULL: of none, which is faster.
 * The model, WORLD's constants and tables must outlive it. */
ColumnsProgram *columns_compile (const ColumnsWorld *world, const DmnDecision *const *decisions,
                                 const bool *asks, size_t n);
void columns_program_free (ColumnsProgram *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ColumnsProgram, columns_program_free)

/* Why decision I is outside the subset, "name: why"; NULL when it was compiled. */
const char *columns_program_why (const ColumnsProgram *program, size_t i);

/* How the values of answer I are written: FEEL_BOOLEAN, FEEL_NUMBER with SCALE, FEEL_DATE,
 * FEEL_MONTHS_DURATION, FEEL_DAYS_DURATION (days); FEEL_STRING and FEEL_CONTEXT as places
 * in columns_program_values; FEEL_NULL: never a value. */
FeelKind columns_program_kind (const ColumnsProgram *program, size_t i, unsigned *scale);
const FeelValue *columns_program_values (const ColumnsProgram *program, size_t i, size_t *n);

/* What answer I may wait for, each once; none unless asked for when compiling. */
typedef struct {
  Text name; /* as FEEL leads to it, without places in lists: "居民.户.成员.月收入", "参数.低保标准" */
  bool is_parameter; /* of WORLD's constants: missing for everybody */
} ColumnsNeed;
const ColumnsNeed *columns_program_needs (const ColumnsProgram *program, size_t i, size_t *n);

/* How many operations a chunk takes, and how many bytes of columns a row is read from. */
size_t columns_program_length (const ColumnsProgram *program);
size_t columns_program_bytes (const ColumnsProgram *program);

/* Where PROGRAM's answers can change as the values of COLUMN (a date or number without none and unknown, of a
 * table that it was compiled over) go from LOW to HIGH, all else being equal: the first
 * value of each case, LOW first, ascending, in ARENA.  Two values of one case give every
 * row the same answers, where ALL is set.  It is not where the column meets
 * other facts of the row in more than MOST ways (`开始日期 <= 结束日期`), or where HIGH - LOW is beyond four
 * million; these ways are then left out. */
const gint64 *columns_program_cases (const ColumnsProgram *program, const ColumnsColumn *column, gint64 low,
                                     gint64 high, size_t most, Arena *arena, size_t *n, bool *all);

/* ---- running -------------------------------------------------------------- */

/* One decision's answers.  Row i is unknown, none, or a value: in NUMBERS, or TRUTHS. */
typedef struct {
  const gint64 *numbers;        /* NULL for booleans */
  const guint8 *truths;         /* booleans: 0xff where true */
  const guint8 *none, *unknown; /* 0xff where so; NULL: nowhere */
  const guint8 *const *missing; /* per need of columns_program_needs: 0xff where the answer waits for it */
} ColumnsAnswer;

/* What a decision table of a decision looked at; tables inside functions have none.  As
 * the trace of dmn_run, rule by rule: a condition is met unless FAILED or OPEN says
 * otherwise. */
typedef struct {
  const DmnDecision *decision;
  const DmnTable *table;
  const guint8 *rule; /* the first rule that is met in the order in which the policy looks; 0xff: none */
  size_t n_bytes;     /* of a rule's conditions: condition c is bit c % 8 of byte c / 8 */
  const guint8 *const *failed; /* [rule × n_bytes + byte][row]; NULL: nowhere */
  const guint8 *const *open;   /* the same */
  const guint8
      *refused; /* 0xff where an input is not among its 允许 values: no rule was looked at; NULL: nowhere */
  const guint8 *unknown; /* 0xff where what the table answers is unknown; NULL: nowhere */
} ColumnsReasons;

typedef struct {
  unsigned thread; /* from 0 */
  size_t first, n; /* rows */
  size_t n_answers;
  const ColumnsAnswer *answers; /* one per decision compiled (those outside are empty) */
  size_t n_reasons;
  const ColumnsReasons *reasons;
} ColumnsChunk;

/* Called per chunk, by several threads at once, in no order; what CHUNK points to is
 * gone afterwards. */
typedef void (*ColumnsTake) (void *host, const ColumnsChunk *chunk);

/* Runs PROGRAM over every row of the subject's table with N_THREADS threads (the
 * caller's is one of them), which share the work chunk by chunk. */
void columns_run (const ColumnsProgram *program, unsigned n_threads, ColumnsTake take, void *host);
/* The same over those chunks alone for which WANTED (a byte for each of them) is not 0. */
void columns_run_chunks (const ColumnsProgram *program, unsigned n_threads, const guint8 *wanted,
                         ColumnsTake take, void *host);

/* ---- row by row ------------------------------------------------------------ */

/* Asks dmn/ about rows of WORLD's table, one after the other: for decisions outside the
 * subset.  One thread's; MODEL and what WORLD names must outlive it. */
typedef struct ColumnsRows ColumnsRows;
ColumnsRows *columns_rows_new (const ColumnsWorld *world, const DmnModel *model, DmnRunFlags flags);
void columns_rows_free (ColumnsRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ColumnsRows, columns_rows_free)

/* A run about ROW, to be asked for decisions about WORLD's subject that read no more of it than
 * PATHS (of the subject's slot, as dmn_decision_closure gives them).  Its values live in ARENA, best reset
 * before; the next turn takes it to another row. */
DmnRun *columns_rows_turn (ColumnsRows *rows, size_t row, const FeelPath *paths, size_t n_paths,
                           Arena *arena);

#include "operations.h"
