/* What the parts of table analysis share.
 *
 * A table is read as a grid: every input column is cut into finitely many
 * *classes* of values that none of its tests tells apart, and a rule is a box,
 * one set of classes per column (Calvanese, Dumas, Laurson, Maggi, Montali,
 * Teinemaa: Semantics and Analysis of DMN Decision Tables, arXiv 1603.07466).
 *
 *   analysis_column.c  tests into classes, sets of classes into tests
 *   analysis_implied.c what one column's decision says of the facts in others
 *   analysis_search.c  the sweep over columns: what some boxes leave uncovered
 *   analysis.c         what that means under a hit policy, as findings
 *
 * A test that reads other names is known only between two bounds, the classes
 * it *may* hold for and those it *must*: gaps are sought among the first,
 * overlaps among the second, so that neither is claimed where there may be none. */
#pragma once

#include "dmn_private.h"

/* ---- sets of small numbers --------------------------------------------- */

typedef struct {
  size_t n; /* words */
  guint64 *words;
} Bits;

static inline size_t
bits_words (size_t members)
{
  return (members + 63) / 64;
}
static inline Bits
bits_new (Arena *arena, size_t members)
{
  return (Bits){ bits_words (members), arena_new0 (arena, guint64, bits_words (members)) };
}
static inline void
bits_add (Bits set, size_t i)
{
  set.words[i / 64] |= (guint64)1 << (i % 64);
}
static inline bool
bits_has (Bits set, size_t i)
{
  return set.words[i / 64] >> (i % 64) & 1;
}
static inline bool
bits_meet (Bits a, Bits b)
{
  for (size_t w = 0; w < a.n; w++)
    if (a.words[w] & b.words[w])
      return true;
  return false;
}
static inline bool
bits_within (Bits inner, Bits outer)
{
  for (size_t w = 0; w < inner.n; w++)
    if (inner.words[w] & ~outer.words[w])
      return false;
  return true;
}
static inline bool
bits_empty (Bits set)
{
  for (size_t w = 0; w < set.n; w++)
    if (set.words[w])
      return false;
  return true;
}
static inline bool
bits_equal (Bits a, Bits b)
{
  return memcmp (a.words, b.words, a.n * sizeof *a.words) == 0;
}
static inline void
bits_join (Bits into, Bits more)
{
  for (size_t w = 0; w < into.n; w++)
    into.words[w] |= more.words[w];
}
/* A ∩ B, or A ∖ B, into OUT. */
static inline void
bits_both (Bits out, Bits a, Bits b)
{
  for (size_t w = 0; w < out.n; w++)
    out.words[w] = a.words[w] & b.words[w];
}
static inline void
bits_less (Bits out, Bits a, Bits b)
{
  for (size_t w = 0; w < out.n; w++)
    out.words[w] = a.words[w] & ~b.words[w];
}

/* ---- columns (analysis_column.c) --------------------------------------- */

/* A place between two values: just before or just after one, or an end. */
typedef struct {
  int infinite; /* −1 before every value, 1 after every value */
  bool after;
  FeelValue value;
} Cut;

/* The values of one kind between two neighbouring cuts; or null. */
typedef struct {
  FeelKind kind; /* FEEL_NULL: null; FEEL_UNKNOWN: any value of a kind without order */
  Cut low, high;
  int class_; /* −1: no value that the input can take */
} Piece;

/* One distinct test of a column. */
typedef struct {
  const DmnCell *cell;
  Text text; /* blanks folded */
  bool exact;
  FeelIntervals intervals; /* EXACT */
  Bits may, must;
} Test;

typedef struct {
  /* What pieces are: values; a value compared with a boundary not known here
   * (less, equal, greater); equal to it or not.  The last piece is null. */
  enum { COLUMN_VALUES, COLUMN_ORDER, COLUMN_EITHER } notation;
  Text boundary; /* ORDER, EITHER */
  int scale;     /* of numbers; −1: any */
  size_t n_pieces;
  Piece *pieces; /* ascending by kind and value */
  size_t n_classes;
  Bits all; /* every class */
  size_t n_tests;
  Test *tests;
  const Test **of_rule;
  GHashTable *by_text; /* tests by their text */
} Column;

/* Cut column I of TABLE, by its tests and by those of MORE (DmnCell *).  DOMAIN says
 * what the input can take.  Lives in ARENA, but for BY_TEXT: column_clear. */
void column_read (Column *column, const DmnTable *table, size_t i, const GPtrArray *more,
                  const DmnDomain *domain, Arena *arena);
void column_clear (Column *column);
/* The test that a cell given to column_read is; NULL for others. */
const Test *column_test (const Column *column, const DmnCell *cell);
/* The class of VALUE; −1 when the input cannot be that. */
ptrdiff_t column_class (const Column *column, FeelValue value);
/* CLASSES as unary tests that hold for exactly those values. */
Text column_write (const Column *column, Bits classes, Arena *arena);

/* ---- the sweep (analysis_search.c) ------------------------------------- */

typedef struct {
  Arena *arena;
  const DmnTable *table;
  Column *columns;
  gint64 boxes_left; /* the bound on work; below 0 something was left unsaid */
} Grid;

/* Adds to FOUND (Bits *, one per column), at most LIMIT, disjoint boxes: the
 * parts of BOX that none of the N boxes covers.  BOXES[i][c] is box i's set in
 * column c. */
void grid_uncovered (Grid *grid, const Bits *box, const Bits *const *boxes, size_t n, size_t limit,
                     GPtrArray *found);

/* ---- columns that say something of each other (analysis_implied.c) ------- */

/* Adds the tests (DmnCell *) of the decisions in other columns that column C is to
 * be cut by as well. */
void implied_tests (const DmnDecision *decision, size_t c, Arena *arena, GPtrArray *cells);
/* Adds boxes (Bits *) that no input is in. */
void implied_impossible (Grid *grid, const DmnDecision *decision, GPtrArray *impossible);

/* ---- tables (analysis.c) ------------------------------------------------- */

/* Whether the answer is an output itself, not a list or a count. */
bool dmn_answers_single (DmnHitPolicy policy);
/* The value of an expression that reads nothing; false for others. */
bool analysis_constant (Arena *arena, const FeelExpression *e, FeelValue *value);
