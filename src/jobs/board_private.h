/* The board: both sides in memory, as the market takes them.
 *
 *   sides.c   what there is, as rows, and keeping up with what changes
 *   board.c   runs, put together from the rows */
#pragma once

#include "jobs/matching_private.h"

/* One side: rows in the order of their ids. */
typedef struct {
  GPtrArray *rows;
  gint64 seen; /* jobs_change.n of this side up to which they are made */
  Day day;     /* on which they were there */
} Side;

/* The posts, opened: board.c. */
typedef struct Base Base;
void base_release (Base *base); /* NULL is ignored */

struct Board {
  Arena *arena; /* of the market */
  const Market *market;
  Meaning *meaning;
  int *said[2]; /* per column: which saying fills it */
  GMutex lock;  /* of the meaning and the sides */
  Side sides[2];
  Base *base; /* board.c; NULL: none, or the posts have changed since */
};

/* ---- sides.c: all under the board's lock ---- */

/* What SAID says, by SIDE's columns; freed with g_free, likewise below. */
Row *row_make (const Board *board, MarketSide side, const Said *said, gint64 id, gint64 version);
Row *row_of_post (const Board *board, const Jobs *jobs, const JobsPost *post, gint64 version);
/* SIDE's rows are what is on record today.  FAULT_SYSTEM: then they are made again next time. */
bool sides_catch_up (StoreConnection *db, Jobs *jobs, MarketSide side, GError **error);
