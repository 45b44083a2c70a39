/* What the parts of market share.
 *
 *   read.c       a market's file
 *   open.c       both sides taken in: lists by concept
 *   qualify.c    hard conditions, by classes
 *   score.c      the parts of a score
 *   match.c      the best of the other side, for one and for all
 *   explain.c    reasons */
#pragma once

#include "feel/feel.h"
#include "market/market.h"

#include <pthread.h>

enum { COLUMNS_MAX = 64, FINDS_MAX = 4 };

/* Rows of one side by concept: of concept c rows[starts[c]] … rows[starts[c + 1]], rising. */
typedef struct {
  guint32 *starts, *rows;
} Postings;

/* How near concepts of a space are: both ways as lists, and from one to another at once. */
typedef struct {
  const MarketSpace *space;
  guint32 *back_starts; /* near the other way round: who is near to c */
  MarketNear *back;
  guint8 *weights; /* n × n, from × to; NULL where that would be too much */
} Nearness;

/* Rows of one side by what a condition reads of them. */
typedef struct {
  size_t n_columns, columns[COLUMNS_MAX];
  guint32 *class_of; /* per row; NULL: all are one class */
  guint32 n;         /* classes */
  guint32 *example;  /* per class: its first row */
} Classes;

/* The parts that do not find, with the rows of one side by what each reads of them: what a looking row gives
 * each class is worked out once. */
enum { CODES_MOST = 4096 };
typedef struct {
  size_t n;
  size_t parts[MARKET_PARTS_MAX];
  Classes classes[MARKET_PARTS_MAX]; /* class_of is freed: `codes` has it */
  bool pairwise[MARKET_PARTS_MAX];   /* too many classes for that */
  guint16 *codes;                    /* per row, n of them */
} Rest;

/* A condition, and what it came to for pairs of classes so far. */
typedef struct {
  Classes sides[2];
  guint8 *table; /* seeker class × offer class: 0: not yet, 1: does not hold, 2: holds (atomic); NULL where
                    that would be too much */
} Memo;

/* What is needed to evaluate: a thread's own. */
typedef struct {
  Arena *arena;
  guint64 *slots; /* where a table would be too much: a newer pair takes the place of an older */
  guint64 evaluated;
} Verdicts;

/* What one looking row has of each other row by the parts that find. */
typedef struct {
  guint32 stamp;
  guint16 sum[FINDS_MAX];
} Found;

/* A thread's own. */
typedef struct {
  Found *found; /* per row of the other side */
  guint32 stamp;
  guint32 *touched;
  size_t n_touched, room;
  guint32 *counts; /* by what was found */
  guint16 *partial;
  guint16
      *given[MARKET_PARTS_MAX]; /* per class of a part that does not find: its points from the looking row */
  guint8 *best;                 /* per concept of the largest space */
  Verdicts verdicts;
} Search;

struct MarketRun {
  bool borrows; /* spaces and what there is of the offers: another's */
  const Market *market;
  MarketInput input;
  size_t finds[FINDS_MAX], n_finds; /* parts */
  Nearness *nearness;               /* per space of the input */
  const Nearness *near_of[2][COLUMNS_MAX];
  Postings postings[2][COLUMNS_MAX]; /* of columns of parts that find */
  Memo *memos;                       /* per condition */
  Rest rest[2];                      /* by the side that is looked at */
  double shares[FINDS_MAX];          /* per part that finds: points for one hundredth of one concept */
  pthread_mutex_t lock;
  GPtrArray *idle; /* of Search, for market_top */
};

/* ---- qualify.c */
/* The classes of SIDE's rows by CLASSES' columns; one class when there are none. */
void classes_make (const MarketRun *run, MarketSide side, Classes *classes);
void memos_make (MarketRun *run);
/* With the offers' classes of BASE. */
void memos_make_beside (MarketRun *run, const MarketRun *base);
void memos_free (MarketRun *run);
void verdicts_open (Verdicts *verdicts);
void verdicts_close (Verdicts *verdicts);
/* Whether ROW meets the conditions that look at its SIDE alone. */
bool market_stands (const MarketRun *run, Verdicts *verdicts, MarketSide side, guint32 row);
bool market_qualifies (const MarketRun *run, Verdicts *verdicts, guint32 seeker, guint32 offer);
/* Of one condition; *MISSING gets what is not known, in ARENA. */
MarketOutcome condition_outcome (const MarketRun *run, Arena *arena, const MarketCondition *condition,
                                 guint32 seeker, guint32 offer, const char *const **missing);

/* ---- score.c */
/* N of OF of the part's points, rounded down. */
static inline guint32
part_share (const MarketPart *part, guint64 n, guint64 of)
{
  return of ? (guint32)((guint64)part->points * MIN (n, of) / of) : 0;
}
/* Points of PART for a pair, looked at by itself. */
guint32 part_points (const MarketRun *run, const MarketPart *part, guint32 seeker, guint32 offer);
static inline guint32
concepts_of (const MarketRun *run, MarketSide side, size_t column, guint32 row, const guint32 **concepts)
{
  const MarketValues *values = &run->input.values[side][column];
  *concepts = values->concepts + values->starts[row];
  return values->starts[row + 1] - values->starts[row];
}
/* How well both are served by POINTS of the market's parts. */
unsigned points_mutual (const Market *market, const guint16 *points);

/* ---- rest.c */
void rest_make (MarketRun *run, MarketSide side);
void rest_clear (Rest *rest);
/* What ROW of SIDE, which looks, gives each class of the other side, into `given`. */
void rest_give (const MarketRun *run, Search *search, MarketSide side, guint32 row);
/* Points for OTHER of the part that does not find as number I; of all of them. */
guint32 rest_by (const MarketRun *run, const Search *search, size_t i, MarketSide side, guint32 row,
                 guint32 other);
guint32 rest_points (const MarketRun *run, const Search *search, MarketSide side, guint32 row, guint32 other);

/* ---- match.c */
Search *search_new (const MarketRun *run);
void search_free (Search *search);
