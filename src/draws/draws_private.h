/* What the parts of draws share.
 *
 *   draws.c    opening, tables, names, who may
 *   plan.c     a round and its units
 *   row.c      rounds and their lists in the store
 *   apply.c    who may apply for whom, applying, withdrawing
 *   close.c    the list: eligibility and keys of all, hashes, commitment
 *   act.c      the states, step by step
 *   spec.c     a book as a draw for allocation/: sealing, drawing, running again
 *   draw.c     the public value and the run
 *   scores.c   what a jury gave
 *   settle.c   placing the rest, giving up, objections
 *   read.c     rounds, applications, objections for readers; why not a better place
 *   file.c     tables in and out */
#pragma once

#include "allocation/allocation.h"
#include "audit/audit.h"
#include "draws/draws.h"
#include "notices/notices.h"
#include "store/store.h"

struct Draws {
  DrawsOptions options;
  Store *store;
};

enum { SCALE = 3, TEXT_MOST = 1000, ADULT = 18 };

gint64 draws_now (const Draws *draws);
Day draws_today (const Draws *draws);
/* What LIST has, in ARENA; also of none something that is not NULL. */
void *draws_keep (Arena *arena, const GArray *list);
/* FAULT_DENIED unless WHO runs rounds of ALLOCATION. */
bool draws_check_office (const AccessAccount *who, const PolicyAllocation *allocation, GError **error);
/* False, with CODE and WHY. */
bool draws_refuse (GError **error, FaultCode code, const char *why);
bool draws_check_text (const char *text, const char *what, GError **error);
/* Inside a work: WHO did WHAT to ROUND, about SUBJECT (0: nobody). */
bool draws_note (StoreConnection *db, const AccessAccount *who, const char *what, gint64 round,
                 Subject subject, GError **error);

/* ---- row.c -------------------------------------------------------------------- */

/* A round as it is kept; the secret also before it is revealed. */
typedef struct {
  DrawsRound round;
  const char *secret, *transcript;
} DrawRow;

/* FAULT_NOT_FOUND when there is none, or the package has no such allocation. */
bool round_row_find (StoreConnection *db, const Draws *draws, Arena *arena, gint64 id, DrawRow *row,
                     GError **error);

/* An application with what decides about it. */
typedef struct {
  DrawsApplication a;
  Subject applicant;
  const char *filed_by;
  Subject reader; /* who is told: who applied, or whom the office applied for */
  guint64 traits; /* the reserves that they belong to, by bit */
  LotteryHash ticket;
} BookRow;

typedef struct {
  const PolicyAllocation *allocation;
  size_t n_units;
  const DrawsUnit *units;
  size_t n;
  BookRow *rows; /* by number */
} Book;

bool book_read (StoreConnection *db, Arena *arena, const DrawRow *row, Book *book, GError **error);
/* NULL with FAULT_NOT_FOUND. */
BookRow *book_find (const Book *book, const char *number, GError **error);
/* Keep seat, way and ticket of ROW. */
bool book_write_seat (StoreConnection *db, const BookRow *row, GError **error);
/* Tell ONE of ROW's applicants: KIND is one of notices/ with the words round and number. */
bool book_tell (StoreConnection *db, const Draws *draws, const DrawRow *row, const BookRow *one,
                const char *kind, GError **error);
/* It is WHO's: about them, or they made it.  WHO may be NULL. */
bool book_is_own (const AccessAccount *who, const BookRow *row);

/* What is free at a unit: in OPEN for anybody, in RESERVES (hard and dedicated ones) for members only. */
typedef struct {
  gint64 open;
  gint64 *reserves; /* in the clause's order */
} Vacant;
/* Of each unit of BOOK, in ARENA.  Members hold the reserves that they belong to, in the clause's order,
 * before open places. */
const Vacant *book_vacant (Arena *arena, const Book *book);
/* Whether somebody of TRAITS may have one of the places that are free. */
bool vacant_for (const Vacant *vacant, size_t n_reserves, guint64 traits);

/* ---- file.c ---------------------------------------------------------------------- */

/* The next line of REST that is not empty, trimmed, without a byte-order mark; *NUMBER counts all. */
bool draws_next_line (Text *rest, gint64 *number, Text *line);

/* ---- close.c ------------------------------------------------------------------- */

bool close_round (Draws *draws, const AccessAccount *who, Arena *arena, const DrawRow *row, GError **error);

/* ---- apply.c ------------------------------------------------------------------- */

/* Who asks for APPLICANT's facts on behalf of WHO, and whether as the office.  NULL with FAULT_DENIED. */
const AccessAccount *asker_for (Draws *draws, Arena *arena, const AccessAccount *who,
                                const PolicyAllocation *allocation, Subject applicant, bool *office,
                                GError **error);
/* A number as thousandths; false when it is none, or finer. */
bool weigh_scaled (FeelValue value, gint64 *scaled);
/* Facts of a place; NULL with an error. */
const RegistryReading *draws_read_place (Draws *draws, Arena *arena, const AccessAccount *who,
                                         const PolicyAllocation *allocation, Subject place, GError **error);

/* ---- spec.c ------------------------------------------------------------------------ */

/* Hex; without a lottery the last three are NULL. */
typedef struct {
  const char *list, *rules, *commitment, *secret, *announcement;
} Sealed;
bool spec_seal (Arena *arena, const DrawRow *row, const Book *book, Sealed *sealed, GError **error);

/* SEED NULL without a lottery. */
typedef struct {
  const char *seed, *transcript;
} Drawn;
/* Gives the rows of BOOK tickets and seats.  FAULT_CONFLICT when it is not what ROW's hashes say; faults of
 * lottery_seed. */
bool spec_draw (Arena *arena, const DrawRow *row, Book *book, const DrawsValue *value, Drawn *drawn,
                GError **error);

/* The rules run with who stands now and the tickets that they have: who has given up is not in it, so
 * nobody's place is lesser than in the run before (each unit chooses by claims alone), and who waited moves
 * up. */
typedef struct {
  AllocationProblem problem;
  const AllocationResult *result;
  const guint32 *rows; /* per application: its row of the book */
} Run;
bool spec_run (Arena *arena, const DrawRow *row, const Book *book, Run *run, GError **error);
/* ROW's application in RUN; ALLOCATION_NOWHERE: it does not stand. */
guint32 spec_application (const Run *run, const Book *book, const BookRow *row);
