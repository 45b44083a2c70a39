/* What the parts of market share.
 *
 *   read.c       a market's file
 *   open.c       both sides taken in: lists by concept
 *   qualify.c    hard conditions, by classes
 *   score.c      the parts of a score
 *   find.c       who has anything of the parts that find, and how much
 *   rest.c       the other parts
 *   match.c      the best of the other side for one
 *   everybody.c  and for all
 *   explain.c    reasons */
#pragma once

#include "feel/feel.h"
#include "market/market.h"

#include <pthread.h>

/* In parts LIST_MOST concepts of a row count: what is found of them is at most 100 × LIST_MOST, which a lane
 * holds. */
enum { COLUMNS_MAX = 64, FINDS_MAX = 4, LIST_MOST = 255 };

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

/* The parts that do not find, with the rows of one side by what each reads of them. */
typedef struct {
  size_t n;
  size_t parts[MARKET_PARTS_MAX];
  Classes classes[MARKET_PARTS_MAX]; /* class_of is freed: `codes` has it */
  bool too_many[MARKET_PARTS_MAX];   /* classes for a code */
  guint16 *codes;                    /* per row, n of them: what a pair reads stands together */
} Rest;

/* What each class of one side, which looks, gives each class of the other by one part. */
typedef struct {
  guint16 *points; /* looking × looked at; NULL where that would be too much: pair by pair, then */
  guint16 *most;   /* per looking class */
} Gives;

/* The same for one that looks. */
typedef struct {
  const guint16 *points; /* per class of the other side */
  size_t at;             /* among a row's codes */
} Given;

/* A condition, and what it came to for pairs of classes so far. */
typedef struct {
  Classes sides[2];
  bool one_sided; /* it looks at one side at most */
  guint8 *table;  /* seeker class × offer class: 0: not yet, 1: does not hold, 2: holds (atomic); NULL where
                     that would be too much */
} Memo;

/* What is needed to evaluate: a thread's own. */
typedef struct {
  Arena *arena;
  guint64 *slots; /* where a table would be too much: a newer pair takes the place of an older */
  guint64 evaluated;
} Verdicts;

/* What one looking row has of another by the parts that find: hundredths, a lane each. */
typedef union {
  guint16 lanes[FINDS_MAX];
  guint64 any;
} Found;
G_STATIC_ASSERT (sizeof (Found) == sizeof (guint64));

/* How one lane of what a row finds becomes points: by a scale of the row's own, or by how many each other
 * asks. */
typedef struct {
  guint64 own;
  const guint64 *by_asked; /* NULL: own */
  const guint8 *asked;
} Scale;

/* A thread's own. */
typedef struct {
  Found *found;     /* per row of the other side; all empty between searches */
  guint8 *had;      /* the same: what it has for the one concept that is looked at; all 0 between */
  guint32 *touched; /* rows of which anything was found */
  size_t n_touched;
  Found *lanes;     /* per touched one: what was found of it */
  guint16 *partial; /* the same in points */
  Scale scales[FINDS_MAX];
  guint32 *counts;    /* of touched ones, by these points */
  guint32 finds_most; /* these points at most */
  guint8 *best;       /* per concept of the largest space; all 0 between */
  Given given[MARKET_PARTS_MAX];
  size_t n_given;
  size_t single[MARKET_PARTS_MAX]; /* parts that go pair by pair */
  size_t n_single;
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
  bool *stands[2];                   /* per row: it meets the conditions that look at its side alone */
  Rest rest[2];
  Gives gives[2][MARKET_PARTS_MAX]; /* by the side that looks */
  guint64 *scales[FINDS_MAX];       /* find_scales */
  guint8 *asked[FINDS_MAX];         /* of an overlap: how many concepts each row of its TO asks */
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
/* Which of SIDE's rows meet the conditions that look at it alone, into `stands`. */
void stands_make (MarketRun *run, Verdicts *verdicts, MarketSide side);
/* Of two rows that stand. */
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
/* Those that count in parts. */
static inline guint32
counted_of (const MarketRun *run, MarketSide side, size_t column, guint32 row, const guint32 **concepts)
{
  guint32 n = concepts_of (run, side, column, row, concepts);
  return MIN (n, LIST_MOST);
}
/* How well both are served by POINTS of the market's parts. */
unsigned points_mutual (const Market *market, const guint16 *points);

/* ---- find.c */
void find_scales (MarketRun *run);
/* Those of the other side of whom ROW of SIDE finds anything into `touched`, with what was found in `lanes`,
 * `partial` and `counts`. */
void find (const MarketRun *run, Search *search, MarketSide side, guint32 row);
/* Per part that finds, into POINTS by the market's parts: those of the row that was touched as number I. */
void find_points (const MarketRun *run, const Search *search, size_t i, guint16 *points);

/* ---- rest.c */
void rest_make (MarketRun *run, MarketSide side);
void rest_clear (Rest *rest);
void gives_make (MarketRun *run, MarketSide side);
void gives_free (MarketRun *run);
/* Before rest_points for ROW of SIDE, which looks; what it may give at most. */
guint32 rest_open (const MarketRun *run, Search *search, MarketSide side, guint32 row);
/* That OTHER will soon be looked at. */
static inline void
rest_fetch (const MarketRun *run, MarketSide side, guint32 other)
{
  __builtin_prefetch (run->rest[!side].codes + (size_t)other * run->rest[!side].n);
}
/* What OTHER has of the parts that do not find. */
guint32 rest_points (const MarketRun *run, const Search *search, MarketSide side, guint32 row, guint32 other);
/* The same by the market's parts. */
void rest_points_each (const MarketRun *run, const Search *search, MarketSide side, guint32 row,
                       guint32 other, guint16 *points);

/* ---- match.c */
Search *search_new (const MarketRun *run);
void search_free (Search *search);
/* market_top with SEARCH. */
size_t top (const MarketRun *run, Search *search, MarketSide side, guint32 row, size_t k, MarketMatch *out);
