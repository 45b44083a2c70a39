/* A compiled program, to be looked at: for those who run it elsewhere (sql/).
 *
 * A *plane* holds one value per row: a mask (0xff or 0), codes, sets of bits, or numbers, of
 * WIDTH bytes.  An *operation* makes one plane of others; plane and operation have the same
 * number, and what an operation reads stands before it.  The planes NONE_OF and ALL_OF are
 * masks that are the same everywhere and nowhere computed.
 *
 * A *space* is what a plane has a place for: the rows of the subject's table (0), or the
 * members of a list of each row of another space.
 *
 * Where a row is none or unknown its value may be any of the column's, and whatever is made
 * of it is masked before it is handed out.  Codes are signed where they are compared, places
 * in DATA (not negative) where they are looked up. */
#pragma once

#include "columns.h"

typedef enum {
  OP_FILL,   /* x; of masks 0 or -1 */
  OP_COLUMN, /* of the chunk's rows; part: values or a mask */
  OP_GATHER, /* the same at rows a */
  OP_AND,
  OP_OR,
  OP_AND_NOT,
  OP_NOT,
  OP_XOR,
  OP_RANGE, /* x <= a <= y */
  OP_EQUAL, /* of int64 */
  OP_LESS,
  OP_LESS_EQUAL,
  OP_WIDEN, /* to int64 */
  OP_ADD,
  OP_SUBTRACT,
  OP_MULTIPLY,
  OP_LEAST,
  OP_MOST,
  OP_PICK,    /* a ? x : b, bytes */
  OP_BLEND,   /* a ? b : c, int64 */
  OP_BITS,    /* a with bit x where b */
  OP_BIT,     /* where a has bit x; of int32 */
  OP_LOOK_UP, /* data[a], bytes or int64; as long as the dictionary behind a, or 256 if that is shorter */
  OP_DIVIDE,  /* a / b rounded as x; a where b is 0 */
  OP_YEAR,
  OP_MONTH,
  OP_DAY,
  OP_ADD_MONTHS,
  OP_MONTHS_BETWEEN,
  OP_MEMBERS, /* the members' rows, in a space of their own, of rows a (−1: the chunk's), none where b */
  OP_SPREAD,  /* a of the space around, for each member */
  OP_PAIRS, /* for each row, the members of space x that stand in the same row around: their numbers there */
  OP_OTHER, /* a of the member that b says */
  OP_PLACE, /* how many rows of a there are up to here, in the same row around */
  OP_ANY,   /* of a row's members */
  OP_COUNT,
  OP_SUM, /* of b where a */
  OP_LEAST_OF,
  OP_MOST_OF,
  OP_FIRST_OF, /* row b of the first a; 0 where there is none */
  OP_SHARPEN,  /* a; where b, what open tables come to by cases: data is a ColumnsSharpen */
  OP_MATTERS,  /* where b, bits: the inputs of an open table that matter, MATTERS_TRIED; data as SHARPEN's */
} ColumnsOperationKind;

enum { PART_VALUES, PART_NONE, PART_UNKNOWN };

/* Planes that are nowhere computed. */
enum { NONE_OF = 0, ALL_OF = 1 };

typedef struct {
  ColumnsOperationKind kind;
  int width, space, part;
  int a, b, c;
  gint64 x, y;
  const ColumnsColumn *column;
  const ColumnsTable *table; /* of the column; MEMBERS: of the members */
  const void *data;
} ColumnsOperation;

/* ---- open tables ------------------------------------------------------------- */

typedef struct {
  bool has_atoms;
  DmnAtoms atoms;
} ColumnsSharpenInput;

/* A table that is open for a row falls into cases by its unknown inputs; when every combination
 * of cases has the same answer, that is the row's, else SHARPEN_OPEN (dmn/sharpen.c). */
typedef struct {
  const DmnTable *table;
  DmnHitPolicy policy;
  size_t n_rules, n_inputs, most; /* MOST: combinations beyond which none are tried */
  const ColumnsSharpenInput *inputs;
  const int *left,
      *waiting;        /* planes of bits: the rules that known inputs leave; the inputs that are unknown */
  int never;           /* mask: a known input's test is open, so nothing is tried */
  const guint8 *order; /* of the rules, as the policy looks at them */
  const guint8 *candidates; /* per rule, then of no rule, then of an error: what answers */
  bool constant;            /* candidates are classes of equal answers */
  guint64 undetermined;     /* candidates that are unknown (CONSTANT) */
  const guint8 *sets;       /* not NULL: the answer is the class of the set of rules met (CONSTANT) */
  /* else, per candidate: */
  int widths; /* bytes: 1 for truths */
  const int *planes, *none, *unknown;
  size_t n_candidates;
} ColumnsSharpen;
enum { MATTERS_TRIED = 16, MATTERS_LOOKED = 17 };
enum { SHARPEN_RULES = 60, SHARPEN_INPUTS = 16, SHARPEN_OPEN = 0xff };

static inline size_t
bytes_of_bits (size_t n)
{
  return (n + 7) / 8;
}

/* ---- a program ------------------------------------------------------------------ */

const ColumnsTable *columns_program_table (const ColumnsProgram *program);

/* How many planes there are, with the first two.  Operation PLANE; NULL when nothing that is
 * handed out is made of it.  *DECISION (may be NULL) gets the one it was first needed for, or NULL. */
size_t columns_program_planes (const ColumnsProgram *program);
const ColumnsOperation *columns_program_operation (const ColumnsProgram *program, int plane,
                                                   const DmnDecision **decision);

/* The space around SPACE (−1 of the rows), and the operation that makes it. */
size_t columns_program_spaces (const ColumnsProgram *program);
int columns_program_space (const ColumnsProgram *program, int space, int *members);

/* The planes of answer I, as ColumnsAnswer; −1: absent. */
typedef struct {
  const DmnDecision *decision;
  int numbers, truths, none, unknown;
} ColumnsAnswerPlanes;
ColumnsAnswerPlanes columns_program_answer (const ColumnsProgram *program, size_t i);
size_t columns_program_answers (const ColumnsProgram *program);

/* The planes of the reasons, as ColumnsReasons; −1 or NONE_OF: nowhere. */
typedef struct {
  const DmnDecision *decision;
  const DmnTable *table;
  int rule, refused;
  size_t n_bytes;
  const int *failed, *open; /* rule × n_bytes */
} ColumnsReasonPlanes;
ColumnsReasonPlanes columns_program_reason (const ColumnsProgram *program, size_t i);
size_t columns_program_reasons (const ColumnsProgram *program);
