/* What the parts of draws share.
 *
 *   draws.c    opening, tables, names, who may
 *   plan.c     a round and its units
 *   row.c      rounds and their lists in the store
 *   apply.c    who may apply for whom, applying, withdrawing
 *   close.c    the list: eligibility and keys of all, hashes, commitment
 *   act.c      the states, step by step
 *   run.c      the mechanism over a book; order, vacancies that move up
 *   draw.c     the public value, the run, the transcript
 *   settle.c   placing the rest, giving up, objections
 *   read.c     rounds, applications, objections for readers; why not a better place
 *   file.c     tables in and out
 *   verify.c   a transcript looked through by itself */
#pragma once

#include "audit/audit.h"
#include "draws/draws.h"
#include "store/store.h"

struct Draws {
  DrawsOptions options;
  Store *store;
};

enum { SCALE = 3, TEXT_MOST = 1000, ADULT = 18 };

gint64 draws_now (const Draws *draws);
Day draws_today (const Draws *draws);
/* FAULT_DENIED unless WHO runs rounds of ALLOCATION. */
bool check_office (const AccessAccount *who, const PolicyAllocation *allocation, GError **error);
bool check_text (const char *text, const char *what, GError **error);
/* Inside a work: WHO did WHAT to ROUND, about SUBJECT (0: nobody). */
bool note_deed (StoreConnection *db, const AccessAccount *who, const char *what, gint64 round,
                Subject subject, GError **error);

/* ---- row.c -------------------------------------------------------------------- */

/* A round as it is kept; the secret also before it is revealed. */
typedef struct {
  DrawsRound round;
  const char *secret, *transcript;
} DrawRow;

/* FAULT_NOT_FOUND when there is none, or the package has no such allocation. */
bool row_find (StoreConnection *db, const Draws *draws, Arena *arena, gint64 id, DrawRow *row,
               GError **error);
bool row_set_state (StoreConnection *db, gint64 id, DrawsState state, GError **error);

/* An application with what decides about it. */
typedef struct {
  DrawsApplication a;
  Subject applicant;
  const char *filed_by;
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
/* Takes part: it stands, and CHOICE is one that it is eligible for. */
bool book_counts (const BookRow *row, const DrawsChoice *choice);
/* ROW's choice of UNIT, or NULL. */
const DrawsChoice *book_choice (const BookRow *row, guint32 unit);
gint64 book_taken (const Book *book, guint32 unit);

/* ---- close.c ------------------------------------------------------------------- */

/* What the published rules are: units, methods, choices and keys, as text. */
const char *rules_text (Arena *arena, const DrawRow *row, const Book *book);
/* The numbers of those who stand. */
const char **book_ids (Arena *arena, const Book *book, size_t *n);
/* From ROW's texts; the hashes of a closed list. */
bool row_announcement (const DrawRow *row, LotteryAnnouncement *announcement, GError **error);
bool close_round (Draws *draws, const AccessAccount *who, Arena *arena, const DrawRow *row, GError **error);

/* ---- apply.c ------------------------------------------------------------------- */

/* Who asks for APPLICANT's facts on behalf of WHO, and whether as the office.  NULL with FAULT_DENIED. */
const AccessAccount *asker_for (Draws *draws, Arena *arena, const AccessAccount *who,
                                const PolicyAllocation *allocation, Subject applicant, bool *office,
                                GError **error);
/* A number as thousandths; false when it is none, or finer. */
bool weigh_scaled (FeelValue value, gint64 *scaled);
/* Facts of a place; NULL with an error. */
const RegistryReading *read_place (Draws *draws, Arena *arena, const AccessAccount *who,
                                   const PolicyAllocation *allocation, Subject place, GError **error);

/* ---- run.c ---------------------------------------------------------------------- */

/* Below zero when A comes before B; COUNTED of the keys, then tickets and numbers where LOTS. */
int run_compare (const PolicyAllocation *allocation, const DrawsChoice *x, const BookRow *a,
                 const DrawsChoice *y, const BookRow *b, bool lots);
/* Deferred acceptance over BOOK: seats and ways. */
void run_book (Book *book);
/* Vacant places go to who waits for them, until nobody would move; those moved are in MOVED (of BookRow *).
 */
void run_move_up (Book *book, GPtrArray *moved);

/* ---- draw.c ------------------------------------------------------------------------ */

const char *transcript_text (Arena *arena, const DrawRow *row, const Book *book, const char *seed);
