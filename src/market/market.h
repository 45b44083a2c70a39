/* market — two sides that look for each other: people and posts, suppliers and buyers, founders and funds.
 *
 * A market is a file of the package's folder markets (docs/markets.md): which facts of either side count, the
 * hard conditions that a pair must meet, and the parts of its score.  The engine knows no store and no
 * registry of people: who calls it hands in both sides as columns.
 *
 * What it promises
 *   - Hard conditions come first, in FEEL, with unknown facts as an answer of their own: a pair is qualified,
 * not qualified, or not yet (which facts are missing).  Nobody is shown what they may not have.
 *   - A score is a sum of named whole numbers, and these are its explanation: they always add up.
 *   - No part of a score reads sex, registration, ethnicity, age or origin unless a statute is named for it;
 *     market_read refuses the file otherwise.
 *   - The order is by score, then by the order of rows; it depends on nothing else.  With `rank: mutual` the
 *     best by score are put in order again, in which how well both sides are served counts a quarter: the
 *     harmonic mean of what the parts for seekers and the parts for offers give, each of its most (reciprocal
 *     ranking: Pizzato and others 2010).
 *   - What nobody would see is brought out: an offer in nobody's best K takes the last place of whom it suits
 * best, one such place a list at most, and it says so (surfaced).
 *
 * What it refuses: to guess.  A fact that is not there gives no points, and leaves a condition open.
 *
 * How it is quick: conditions read few facts, so rows fall into few classes (the distinct tuples of these
 * facts), and a condition is evaluated once for two classes.  Candidates come from lists by concept; what is
 * near a concept (MarketSpace) is reached from the looking side.
 *
 * How a call goes
 *
 *     const Market *market = market_read (arena, "markets/jobs.yaml", schema, &error);
 *     g_autoptr (MarketRun) run = market_open (market, &input, &error);
 *     n = market_top (run, MARKET_SEEKERS, row, 20, matches);              // one of either side
 *     market_all (run, &wish, matches, &counts, &error);                  // everybody
 *     const MarketReasons *why = market_explain (run, arena, seeker, offer);
 */
#pragma once

#include "base/base.h"
#include "registry/registry.h"

typedef struct {
  const char *zh, *en;
} MarketText;

typedef enum { MARKET_SEEKERS, MARKET_OFFERS } MarketSide;
typedef enum { MARKET_FOR_BOTH, MARKET_FOR_SEEKERS, MARKET_FOR_OFFERS } MarketFor;

/* ---- what the file says ----------------------------------------------------------- */

typedef enum {
  MARKET_NUMBER,
  MARKET_TRUTH,
  MARKET_DAY,
  MARKET_WORD,     /* one text of a list of texts */
  MARKET_CONCEPTS, /* several of a space */
} MarketKind;

typedef struct {
  const char *id; /* "wage_from" */
  MarketText name;
  MarketKind kind;
  const char *space; /* of MARKET_CONCEPTS: "occupation" */
  size_t n_reads;
  const RegistryAttribute *const *reads; /* what it is made of; none: stated for this market */
} MarketColumn;

typedef struct {
  MarketText name;
  const RegistryEntity *entity;
  size_t n;
  const MarketColumn *columns;
} MarketSideType;

typedef struct {
  const char *id;
  MarketText name; /* what has to hold: 持有法律要求的证书 */
  const char *basis;
  const FeelExpression *holds;
} MarketCondition;

typedef enum {
  MARKET_OVERLAP, /* of two lists of concepts: how much of what TO asks FROM has, the near ones in part */
  MARKET_NEAREST, /* the same of two lists of alternatives: how near the nearest two are */
  MARKET_REACH,   /* FROM's number is at least TO's; less, by at most `span` hundredths, in part */
  MARKET_SAME,    /* the same word */
  MARKET_FRESH,   /* TO's day is `span` days old at most, the newer the more */
  MARKET_FLAG,    /* TO is true */
} MarketPartKind;

/* A part of the score: `points` at most. */
typedef struct {
  const char *id;
  MarketText name;
  MarketPartKind kind;
  gint32 points;
  gint32 span;
  MarketSide from_side, to_side;
  size_t from, to;     /* columns; FROM not of FRESH and FLAG */
  MarketFor whom;      /* whose wish it serves */
  bool finds;          /* pairs without any of it are not looked at, unless another such part finds them */
  const char *statute; /* that lets it read what no part may; NULL */
} MarketPart;

typedef struct {
  const char *id; /* "jobs" */
  MarketText name;
  gint64 clause;
  MarketSideType sides[2];
  size_t n_conditions;
  const MarketCondition *conditions;
  size_t n_parts;
  const MarketPart *parts;
  bool mutual; /* rank: mutual */
  const FeelScope *scope;
} Market;

/* In ARENA.  NULL with FAULT_NOT_FOUND, FAULT_INPUT (file, line, what is wrong and what to do: unknown
 * attribute, condition that does not compile, points below 1, a forbidden fact in a score without a statute,
 * …). */
const Market *market_read (Arena *arena, const char *path, const RegistrySchema *schema, GError **error);
/* The files of FOLDER/markets, by their names; FAULTS (of char *, "file:line: …", freed by it; may be NULL)
 * gets what is wrong with those that cannot be read.  A folder that is not there has none. */
const Market *const *market_read_all (Arena *arena, const char *folder, const RegistrySchema *schema,
                                      size_t *n, GPtrArray *faults);
const char *market_part_kind_id (MarketPartKind kind); /* "overlap" … */

/* ---- both sides as columns ---------------------------------------------------------- */

/* In `values`: nobody has said; there is none. */
#define MARKET_UNKNOWN G_MININT64
#define MARKET_NONE (G_MININT64 + 1)

/* A row's value: a number (whole), 0 or 1, a day, or the index of a word; or its concepts. */
typedef struct {
  const gint64 *values;     /* not of MARKET_CONCEPTS */
  const char *const *words; /* of MARKET_WORD: the texts */
  const guint32 *starts; /* of MARKET_CONCEPTS: those of row i are starts[i] … starts[i + 1], each once; in
                            parts the first 255 count */
  const guint32 *concepts;
} MarketValues;

/* The concepts of a space, and what is near to what. */
typedef struct {
  guint32 concept;
  guint8 weight; /* hundredths, 1 to 100 */
} MarketNear;
typedef struct {
  const char *id; /* "occupation" */
  guint32 n;
  const char *const *names; /* as conditions see them */
  const guint32 *starts;    /* near[starts[c]] …: what one who has c is near to, c itself with 100 first */
  const MarketNear *near;
} MarketSpace;

/* Everything must outlive the run. */
typedef struct {
  size_t n[2];                   /* rows, by side */
  const MarketValues *values[2]; /* by the file's columns */
  size_t n_spaces;
  const MarketSpace *spaces;
  Day as_of;
} MarketInput;

typedef struct MarketRun MarketRun;
/* NULL with FAULT_INPUT: a space is missing, or a concept is not of it. */
MarketRun *market_open (const Market *market, const MarketInput *input, GError **error);
/* Another with N seekers by VALUES (the file's columns) and BASE's offers, whose lists, classes and spaces it
 * uses: in time in proportion to the seekers, and to the offers only where memory for them is set aside. BASE
 * must outlive it, and may lend to many threads.  NULL with FAULT_INPUT: a concept is not of its space. */
MarketRun *market_open_beside (const MarketRun *base, size_t n, const MarketValues *values, GError **error);
void market_free (MarketRun *run);

/* ---- matches ------------------------------------------------------------------------- */

enum { MARKET_TOP_MAX = 200, MARKET_PARTS_MAX = 24 };

typedef struct {
  guint32 row; /* of the other side */
  guint16 score;
  guint8 mutual; /* how well both are served, 0 to 100 */
  guint8 rank;   /* with rank: mutual, what they are ordered by: market_rank; else 0 */
  bool surfaced; /* nobody would have seen it: below the others */
} MarketMatch;

/* The best K qualified rows of the other side for ROW of SIDE, into OUT; how many.  May be called from
 * several threads. */
size_t market_top (MarketRun *run, MarketSide side, guint32 row, size_t k, MarketMatch *out);

typedef struct {
  size_t k;
  unsigned threads;
  bool surface; /* what nobody would see */
} MarketWish;
typedef struct {
  guint64 shown, evaluated; /* matches; pairs of classes whose conditions were evaluated */
  guint32 unseen,
      surfaced; /* offers in nobody's list before, of those that anybody may have; of these brought out */
} MarketCounts;
/* For every seeker K places in OUT (n × k) and how many are used in USED (n). */
void market_all (MarketRun *run, const MarketWish *wish, MarketMatch *out, guint16 *used,
                 MarketCounts *counts);

/* ---- reasons -------------------------------------------------------------------------- */

typedef enum { MARKET_QUALIFIED, MARKET_NOT_QUALIFIED, MARKET_NOT_YET } MarketOutcome;
const char *market_outcome_id (MarketOutcome outcome); /* "qualified", "not-qualified", "not-yet" */

typedef struct {
  const MarketCondition *condition;
  MarketOutcome outcome;
  const char *const *missing; /* not yet: facts, NULL-terminated */
} MarketVerdict;

typedef struct {
  MarketOutcome outcome;
  const MarketVerdict *verdicts; /* of the market's conditions */
  guint16 score;
  guint8 mutual;
  const guint16 *points; /* of the market's parts; they add up to `score` */
} MarketReasons;
const MarketReasons *market_explain (MarketRun *run, Arena *arena, guint32 seeker, guint32 offer);
/* As JSON, members of an object that is open: outcome, score, most, mutual; parts with id, name, points and
 * most; conditions with id, name, outcome, basis and missing. */
void market_write_reasons (JsonWriter *w, const Market *market, const MarketReasons *reasons);

/* What all parts together can give. */
unsigned market_most (const Market *market);
/* The order with `rank: mutual`, 0 to 100: three parts of SCORE, in hundredths of MOST, and one of MUTUAL. */
unsigned market_rank (unsigned score, unsigned most, unsigned mutual);
/* How well both are served, 0 to 100: the harmonic mean of SEEKERS of their most and OFFERS of theirs; parts
 * for both count on either side.  0 where one side has nothing of it; where all parts are for one side, that
 * side's share. */
unsigned market_mutual (unsigned seekers, unsigned seekers_most, unsigned offers, unsigned offers_most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MarketRun, market_free)
