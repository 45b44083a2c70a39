/* columns, inside.
 *
 *   table.c       columns checked, and read row by row
 *   plane.c       the program under construction: operations, each once, simplified
 *   value.c       FEEL's values as planes: value, none, unknown
 *   needs.c       what unknown values wait for
 *   coded.c       FEEL itself, code by code
 *   operate.c     FEEL's operators over them
 *   function.c    FEEL's functions over them
 *   list.c        collections
 *   fold.c        what is made of them for the row
 *   expression.c  FEEL's trees to values
 *   decide.c      decision tables to values
 *   collect.c     those that collect
 *   compile.c     decisions to programs
 *   sharpen.c     open tables looked at by cases
 *   matters.c     and which of their inputs they wait for
 *   cases.c       where a program turns on one column
 *   kernels.c     the operations' loops
 *   run.c         chunks, threads
 *   rows.c        rows through dmn/
 *   operations.c  a program, shown
 *
 * operations.h says what planes, operations and spaces are.  Operations are numbered in the
 * order they run (static single assignment); the same operation asked for twice is one, and
 * masks that are constant vanish while the program is built, so that what cannot be unknown
 * costs nothing. */
#pragma once

#include "columns.h"
#include "operations.h"

typedef ColumnsOperationKind OpKind;
typedef ColumnsOperation OpKey;
typedef ColumnsSharpen Sharpen;
typedef ColumnsSharpenInput SharpenInput;

typedef struct {
  OpKey key;
  const DmnDecision *decision; /* it was first needed for; may be NULL */
  int slot;                    /* where its plane lives; −1: in the column itself */
  int last; /* the last operation that reads it; G_MAXINT: kept; −1: nobody, and it is not run */
} Op;

typedef struct {
  int parent;  /* −1: the chunk's rows */
  int members; /* the OP_MEMBERS that makes it */
} Space;

/* Planes of one decision table, for the reasons. */
typedef struct {
  const DmnDecision *decision;
  const DmnTable *table;
  int rule, refused, unknown;
  size_t n_bytes;
  int *failed, *open; /* n_rules × n_bytes */
} Reason;

typedef struct {
  const DmnDecision *decision;
  const char *why;
  FeelKind kind;
  unsigned scale;
  size_t n_values;
  const FeelValue *values;
  int numbers, truths, none, unknown; /* −1: absent */
  size_t n_needs;
  const ColumnsNeed *needs;
  const int *missing; /* per need */
} Answer;

/* An operation as it is run: what is asked of it for every chunk, side by side. */
typedef struct {
  guint8 kind, width, a_width;
  int number, space, slot;
  int a, b, c;
  gint64 x;
} Step;

struct ColumnsProgram {
  Arena *arena;
  const ColumnsTable *table;
  GArray *ops;     /* Op */
  GArray *spaces;  /* Space */
  GArray *reasons; /* Reason */
  GArray *slots;   /* Slot */
  GArray *steps;   /* Step, of the operations that are run */
  Answer *answers;
  size_t n_answers;
};

typedef struct {
  int space, width;
} Slot;

/* ---- values -------------------------------------------------------------- */

typedef enum {
  VALUE_CONSTANT,
  VALUE_CODED,  /* one of RESULTS, by the code in PLANE: what depends on one text alone */
  VALUE_TRUTH,  /* PLANE a mask */
  VALUE_NUMBER, /* PLANE of a width; scale, min, max */
  VALUE_DATE,
  VALUE_DAYS, /* a days and time duration of whole days */
  VALUE_MONTHS,
  VALUE_TEXT,     /* PLANE int64: place among the compiler's texts */
  VALUE_QUOTIENT, /* not yet rounded: OF divided by BY */
  VALUE_ENTITY,   /* a row of TABLE: in PLANE, or (−1) the chunk's own */
  VALUE_LIST,
  VALUE_CONTEXT,  /* of values */
  VALUE_FUNCTION, /* a decision that is a function */
  VALUE_UNIT,     /* a used unit: its decisions are members */
} ValueKind;

/* A fact or parameter, by its number in the program, and the rows for which it is missing. */
typedef struct {
  int name, mask;
} Need;
typedef struct {
  size_t n;
  const Need *items; /* ascending by name */
} Needs;

typedef struct Value Value;

/* A stretch of a list: one item, or the members of every row, which have a space of their own. */
typedef struct {
  int inner; /* that space; ITEM: none */
  int keep;  /* a mask there: what is in the list */
  gint64 most;
  const Value *of;
} ListPart;
enum { ITEM = -1 };

struct Value {
  ValueKind kind;
  int space; /* −1: constant */
  int plane, none, unknown;
  bool never;  /* TRUTH: nowhere a value, and so of any kind */
  Needs needs; /* of UNKNOWN; of CONSTANT and CODED what an unnamed need in them stands for */
  FeelValue constant;
  /* CODED */
  size_t n;
  const FeelValue *results; /* by code; then of none, of unknown: value_result */
  const guint16 *classes;   /* or NULL: where in RESULTS, which are then few, a code has its own */
  size_t n_classes;
  /* NUMBER … MONTHS */
  unsigned scale;
  gint64 min, max;
  const Value *of, *by; /* QUOTIENT */
  const ColumnsTable *table;
  Text path; /* ENTITY: how FEEL leads there, "居民.户" */
  /* LIST: one stretch after the other */
  size_t n_parts;
  const ListPart *parts;
  const Value *places; /* NUMBER: a place in that list, whose item there is MEMBER */
  const Value *member;
  /* CONTEXT */
  const Text *names;
  const Value **members;
  const DmnDecision *function;
  int slot; /* UNIT */
};

/* ---- the compiler --------------------------------------------------------- */

typedef struct {
  ColumnsProgram *program;
  Arena *arena;
  const ColumnsWorld *world;
  GHashTable *keys;      /* OpKey * to number */
  GHashTable *tables;    /* Text of bytes, to itself: the tables of LOOK_UP */
  GHashTable *decisions; /* DmnDecision * to Value * */
  GHashTable *texts;     /* Text * to number + 1 */
  GPtrArray *text_list;  /* Text * */
  GPtrArray *open;       /* decisions being compiled */
  GPtrArray *made;       /* those compiled, in order */
  GArray *inside;        /* int: spaces of the loops around what is being compiled, innermost last */
  GPtrArray *filled;     /* lists that are not empty where what is being compiled counts */
  bool asks;             /* somebody wants to know what is missing */
  GHashTable *needs;     /* Text * to number + 1 */
  GArray *need_list;     /* ColumnsNeed */
  const char *why;       /* the first thing outside the subset */
} Compiler;

/* Notes why; returns a constant null, so that `return outside (…)`. */
const Value *outside (Compiler *c, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* ---- plane.c ---- */

int plane_emit (Compiler *c, OpKey key);
int plane_fill (Compiler *c, int space, int width, gint64 x);
/* Masks.  Each may be NONE_OF or ALL_OF. */
int mask_and (Compiler *c, int a, int b);
int mask_or (Compiler *c, int a, int b);
int mask_and_not (Compiler *c, int a, int b);
int mask_not (Compiler *c, int a);
int mask_xor (Compiler *c, int a, int b);
/* Of SPACE, as a plane that is really there. */
int mask_real (Compiler *c, int space, int mask);
/* a ? b : c, all masks. */
int mask_choose (Compiler *c, int a, int b, int d);
int plane_range (Compiler *c, int plane, gint64 x, gint64 y);
int plane_binary (Compiler *c, OpKind kind, int width, int a, int b);
/* PICK and BLEND over SPACE. */
int plane_pick (Compiler *c, int space, int mask, gint64 x, int otherwise);
int plane_blend (Compiler *c, int space, int mask, int yes, int no);
int plane_wide (Compiler *c, int plane);
/* RESULTS (bytes, or int64) by the codes in plane CODES, of which there are N. */
int plane_look_up (Compiler *c, int codes, int width, const void *results, size_t n);
int plane_width (const Compiler *c, int plane);
int plane_space (const Compiler *c, int plane);
int plane_spread (Compiler *c, int plane, int space);
int space_new (Compiler *c, int parent);
/* VISIT every plane that operation READER reads. */
typedef void (*PlaneVisit) (ColumnsProgram *p, int plane, int reader, void *data);
void plane_visit_reads (ColumnsProgram *p, int reader, PlaneVisit visit, void *data);
/* Marks what no kept plane is made of: it is not run. */
void plane_drop (ColumnsProgram *program);
/* Where planes live: each slot is used again when nothing reads it any more.  Makes the steps. */
void plane_place (ColumnsProgram *program);

/* ---- compile.c ---- */

/* Without operations and answers. */
ColumnsProgram *program_new (const ColumnsTable *table, size_t n_answers);

/* ---- value.c ---- */

const Value *value_constant (Compiler *c, FeelValue v);
/* One that stood in FROM. */
const Value *value_inside (Compiler *c, FeelValue v, const Value *from);
const Value *value_null (Compiler *c);
const Value *value_truth (Compiler *c, int space, int t, int none, int unknown, Needs needs);
/* Unknown, or else none. */
const Value *value_absent (Compiler *c, int space, int unknown, Needs needs);
/* Where a mask of SPACE holds, no more than that. */
const Value *value_mask (Compiler *c, int space, int mask);
Value *value_new (Compiler *c, ValueKind kind, int space);
const Value *value_coded (Compiler *c, int space, int plane, int none, int unknown, size_t n,
                          const FeelValue *results, Needs needs);
/* The same in SPACE, which lies inside its own. */
const Value *value_lift (Compiler *c, const Value *v, int space);
/* The inner of two spaces (−1: no matter). */
int space_join (Compiler *c, int a, int b);
/* V as planes of KIND (CONSTANT and CODED become that); outside when it is something else. */
const Value *value_as (Compiler *c, const Value *v, ValueKind kind, int space);
/* The kind of planes V has or would have; CONSTANT when it is never a value. */
ValueKind value_kind (Compiler *c, const Value *v);
bool value_is_null (const Value *v);
bool value_is_truth (const Value *v, bool truth);
/* Rows where V is true, and where it is unknown. */
int value_true (Compiler *c, const Value *v, int space);
int value_unknown (Compiler *c, const Value *v, int space);
int value_none (Compiler *c, const Value *v, int space);
const Value *value_column (Compiler *c, const Value *entity, const ColumnsColumn *column);
/* Rows of the coded V whose result HOLDS. */
typedef bool (*Holds) (FeelValue result, const void *data);
int results_mask (Compiler *c, const Value *v, Holds holds, const void *data);
gint64 text_number (Compiler *c, Text text);
gint64 power_of_ten (unsigned n);

/* ---- needs.c: all of them empty when nobody asks ---- */

/* What V waits for where it is unknown, as masks of SPACE. */
Needs needs_of (Compiler *c, const Value *v, int space);
/* What the unnamed need in V stands for. */
Needs needs_inside (Compiler *c, const Value *v, int space);
/* A row of TABLE that COLUMN of ENTITY leads to: its path. */
Text path_to (Compiler *c, const Value *entity, const ColumnsColumn *column);
/* ENTITY's, and that COLUMN of it is unknown in MASK. */
Needs needs_fact (Compiler *c, const Value *entity, const ColumnsColumn *column, int mask);
Needs needs_join (Compiler *c, Needs a, Needs b);
Needs needs_both (Compiler *c, const Value *a, const Value *b, int space);
Needs needs_within (Compiler *c, Needs needs, int mask);
Needs needs_outside (Compiler *c, Needs needs, int mask);
Needs needs_spread (Compiler *c, Needs needs, int space);
/* Of rules: what each waits for where it is open. */
Needs needs_of_rules (Compiler *c, const Needs *tests, const int *open, size_t n_rules, size_t n_inputs);
/* Unknown everywhere, for NEEDS of SPACE. */
const Value *needs_unknown (Compiler *c, int space, Needs needs);
/* A's needs as they are handed out. */
void needs_answer (Compiler *c, Answer *a, const Value *v);

/* Of CODE; N and N + 1: of none, of unknown. */
static inline FeelValue
value_result (const Value *v, size_t code)
{
  return v->results[v->classes ? v->classes[code] : code];
}

/* ---- coded.c ---- */

/* APPLY to PARTS (NULL: null), which are all constant or coded by the same plane, code by code; else NULL. */
typedef FeelValue (*CodedApply) (Compiler *c, const void *data, const FeelValue *values);
const Value *coded_apply (Compiler *c, const Value *const *parts, size_t n, CodedApply apply,
                          const void *data);
/* All constant, or coded by the same plane: NODE's operation done by FEEL, code by code. */
const Value *operate_coded (Compiler *c, const FeelExpression *e, const FeelNode *node,
                            const Value *const *parts, size_t n);
/* ITEMS, all constant or coded by one plane, as a list that is; else NULL. */
const Value *operate_list (Compiler *c, const Value *const *items, size_t n);
/* Member NAME of ITEM, a context by code, else ELSEWHERE; NULL when they are no codes. */
const Value *operate_member (Compiler *c, const Value *item, Text name, const Value *elsewhere);
/* The item of LIST, a constant or coded, at PLACE; NULL when they are no codes. */
const Value *operate_item (Compiler *c, const Value *list, const Value *place);

/* ---- operate.c ---- */

const Value *operate_compare (Compiler *c, char sign, const Value *a, const Value *b);
const Value *operate_arithmetic (Compiler *c, char sign, const Value *a, const Value *b);
const Value *operate_and (Compiler *c, const Value *a, const Value *b);
const Value *operate_or (Compiler *c, const Value *a, const Value *b);
const Value *operate_not (Compiler *c, const Value *a);
const Value *operate_if (Compiler *c, const Value *condition, const Value *yes, const Value *no);
/* What a constant or coded value can be, and the rows where it is; false when that is too much. */
enum { CASES_MAX = 40 };
typedef struct {
  size_t n;
  FeelValue values[CASES_MAX];
  int masks[CASES_MAX];
} ValueCases;
bool value_cases (Compiler *c, const Value *v, int space, ValueCases *cases);
/* Rows where both are known and the same (null is null). */
int operate_same (Compiler *c, const Value *a, const Value *b, int space);
/* A value of numbers at SCALE. */
const Value *number_rescale (Compiler *c, const Value *v, unsigned scale);

/* ---- function.c ---- */

const Value *function_builtin (Compiler *c, Text name, const Value *const *arguments, size_t n);
const Value *function_property (Compiler *c, const Value *v, Text name);

/* ---- list.c ---- */

const Value *list_open (Compiler *c, const Value *entity, const ColumnsColumn *column);
/* V as a list: constants, what hangs on one code, and single values as well. */
const Value *list_of (Compiler *c, const Value *v);
const Value *list_of_items (Compiler *c, const Value *const *items, size_t n);
/* LISTS is a list of them; and so are an appendix' ITEMS. */
const Value *list_concatenate (Compiler *c, const Value *lists);
const Value *list_append (Compiler *c, const Value *list, const Value *items);
const Value *list_flatten (Compiler *c, const Value *list);
/* The same list, fit to be gone through where loops are under way: over spaces that none of them is in. */
const Value *list_enter (Compiler *c, const Value *list);
/* With VALUES for what its parts hold. */
const Value *list_map (Compiler *c, const Value *list, const Value *const *values);
/* CONDITIONS, one per part.  ABSENT: the condition of an item that is none, NULL when it is not known. */
const Value *list_filter (Compiler *c, const Value *list, const Value *const *conditions,
                          const Value *absent);
const Value *list_choose (Compiler *c, int selected, int open, const Value *condition, const Value *yes,
                          const Value *no);
const Value *list_distinct (Compiler *c, const Value *list);
/* The places of LIST's members, from 1, as they are gone through. */
const Value *list_places (Compiler *c, const Value *list);
/* LIST as constants or codes again, where it can be. */
const Value *list_done (Compiler *c, const Value *list);

/* ---- fold.c ---- */

/* Rows with something in MASK, which is of PART. */
int part_any (Compiler *c, const Value *list, const ListPart *part, int mask);
/* The same of what is kept: of the whole list, what MASK_OF says of each part's values. */
int list_any (Compiler *c, const Value *list, int (*mask_of) (Compiler *c, const Value *v, int space));
/* NEEDS of PART's values, where they are kept, as LIST's; and those of all its values. */
Needs needs_up (Compiler *c, const Value *list, const ListPart *part, Needs needs);
Needs list_needs (Compiler *c, const Value *list);
/* The space of what PART holds. */
int part_space (const Value *list, const ListPart *part);
const Value *list_count (Compiler *c, const Value *list);
const Value *list_fold (Compiler *c, OpKind kind, const Value *list);
/* some (ANY), every: of a list's items, which are truths. */
const Value *list_quantify (Compiler *c, const Value *list, bool every);
const Value *list_contains (Compiler *c, const Value *list, const Value *x);
const Value *list_first (Compiler *c, const Value *list);

/* ---- expression.c ---- */

/* Where an expression is compiled: whose it is, and its parameters. */
typedef struct {
  const DmnDecision *reader;
  const Value *const *parameters; /* by slot from FIRST on */
  int first, n;
} Scope;

const Value *expression_value (Compiler *c, const Scope *scope, const FeelExpression *e);
const Value *expression_test (Compiler *c, const Scope *scope, const FeelExpression *test,
                              const Value *input);

/* ---- decide.c, compile.c ---- */

const Value *decide_table (Compiler *c, const Scope *scope, const DmnTable *table, bool reasons);
const Value *program_decision (Compiler *c, const DmnDecision *decision);
const Value *program_call (Compiler *c, const DmnDecision *function, const Value *const *arguments, size_t n);

/* ---- sharpen.c ---- */

typedef struct Thread Thread;
/* The planes of a chunk, for SHARPEN. */
const void *thread_plane (const Thread *thread, int plane);
/* *MEMORY is the thread's for this operation, NULL at first, freed with g_free. */
void sharpen_rows (const Sharpen *s, const Thread *thread, const guint8 *answers, const guint8 *unknown,
                   guint8 *out, size_t n, void **memory);

/* What S, which is constant, answers when the rules MET are: a class, or SHARPEN_OPEN. */
guint8 sharpen_answer (const Sharpen *s, guint64 met);
/* Bits per row where UNKNOWN: the inputs that matter, and whether cases were tried; as sharpen_rows. */
void matters_rows (const Sharpen *s, const Thread *thread, const guint8 *unknown, gint32 *out, size_t n,
                   void **memory);

/* ---- kernels.c ---- */

void kernel_fill (void *r, int width, gint64 x, size_t n);
void kernel_and (guint8 *restrict r, const guint8 *restrict a, const guint8 *restrict b, size_t n);
void kernel_or (guint8 *restrict r, const guint8 *restrict a, const guint8 *restrict b, size_t n);
void kernel_and_not (guint8 *restrict r, const guint8 *restrict a, const guint8 *restrict b, size_t n);
void kernel_xor (guint8 *restrict r, const guint8 *restrict a, const guint8 *restrict b, size_t n);
void kernel_not (guint8 *restrict r, const guint8 *restrict a, size_t n);
void kernel_range (guint8 *restrict r, const void *a, int width, gint64 low, gint64 high, size_t n);
void kernel_compare (OpKind kind, guint8 *restrict r, const gint64 *restrict a, const gint64 *restrict b,
                     size_t n);
void kernel_widen (gint64 *restrict r, const void *a, int width, size_t n);
void kernel_arithmetic (OpKind kind, gint64 *restrict r, const gint64 *restrict a, const gint64 *restrict b,
                        size_t n);
void kernel_pick (guint8 *restrict r, const guint8 *restrict mask, gint64 x, const guint8 *restrict otherwise,
                  size_t n);
void kernel_blend (gint64 *restrict r, const guint8 *restrict mask, const gint64 *restrict yes,
                   const gint64 *restrict no, size_t n);
void kernel_bit (guint8 *restrict r, const gint32 *restrict a, int bit, size_t n);
void kernel_bits (guint8 *restrict r, const guint8 *restrict a, const guint8 *restrict mask, gint64 bit,
                  size_t n);
void kernel_look_up (void *r, int width, const void *a, int a_width, const void *data, size_t n);
void kernel_gather (void *r, int width, const gint32 *rows, const void *values, size_t n);
void kernel_divide (gint64 *restrict r, const gint64 *restrict a, const gint64 *restrict b, int mode,
                    size_t n);
void kernel_date (OpKind kind, gint64 *restrict r, const gint64 *restrict a, const gint64 *restrict b,
                  size_t n);
void kernel_spread (void *r, int width, const void *a, const guint32 *owners, size_t n);
/* Member m, of N_MEMBERS, is one of row OWNERS[m], of N; a row's stand side by side. */
void kernel_any (guint8 *restrict r, const guint8 *restrict a, const guint32 *owners, size_t n_members,
                 size_t n);
/* How many of KEEP there are in the row up to each member. */
void kernel_place (gint64 *restrict r, const guint8 *restrict keep, const guint32 *restrict owners, size_t n);
void kernel_first (gint32 *restrict r, const guint8 *restrict keep, const gint32 *restrict rows,
                   const guint32 *owners, size_t n_members, size_t n);
void kernel_fold (OpKind kind, gint64 *restrict r, const guint8 *restrict keep, const gint64 *restrict values,
                  const guint32 *owners, size_t n_members, size_t n);
