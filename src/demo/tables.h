/* The data file: how many of what, each with its source or marked assumed.
 *
 * A table has one row or several (by age, by kind of household, by place); a
 * row has outcomes with integer weights, or one rate per 100,000.  An outcome
 * is a text ("高中") or an inclusive range of whole numbers ("18..24"). */
#pragma once

#include "base/base.h"
#include "random.h"
#include "shape.h"

typedef struct {
  Text text;
  gint64 from, to; /* of a range or a single number; 0, 0 otherwise */
  bool is_number;
  gint64 weight;
} DemoOutcome;

typedef struct {
  Text name;       /* "" where the table has one row */
  gint64 from, to; /* of a name that is a range */
  gint64 rate;     /* per 100,000, where the table has rates */
  gint64 total;    /* of the weights */
  size_t n;
  const DemoOutcome *outcomes;
} DemoRow;

enum { DEMO_AGES = 128 };

typedef struct {
  const char *id;
  unsigned line;
  const char *source;  /* document and address, or NULL */
  const char *assumed; /* the reason, where no source is known; exactly one of the two is set */
  bool rates;          /* rows hold rates, not weights */
  size_t n;
  const DemoRow *rows;
  const DemoRow *at[DEMO_AGES]; /* the row whose range covers 0 … 127; NULL outside every row */
} DemoTable;

/* A township, or the one statistical unit. */
typedef struct {
  Text code, name, english;
  gint64 communities, villages;
  gint64 share; /* of the county's residents, per 1,000: assumed */
  gint64 rural; /* of its households, per 1,000: assumed */
} DemoTownship;

typedef struct {
  Text name, kind, township, trade; /* TRADE: whose firms stand in it */
} DemoPark;

/* A department that records facts, and its delivery. */
typedef struct {
  const char *name; /* 县公安局 */
  const char *evidence;
  gint64 recorded_at; /* UTC seconds */
  Day valid_from;
} DemoSource;

typedef struct {
  const char *path;
  Day as_of;
  const char *township_basis;
  size_t n_townships;
  const DemoTownship *townships;
  size_t n_parks;
  const DemoPark *parks;
  size_t n_sources;
  const DemoSource *sources;
  DemoSource correction; /* a later delivery that puts some facts right */
  DemoSource dispute;    /* another department's, which has some facts otherwise */
#define T(name, shape, rows) const DemoTable *name;
  DEMO_TABLES (T)
#undef T
} DemoData;

/* Into ARENA.  NULL with FAULT_NOT_FOUND or FAULT_INPUT naming file and line. */
const DemoData *demo_data_load (Arena *arena, const char *path, GError **error);
/* The same of LEN bytes; PATH names them in messages. */
const DemoData *demo_data_read (Arena *arena, const char *bytes, size_t len, const char *path,
                                GError **error);
/* What the file says about the department NAME; NULL when nothing. */
const DemoSource *demo_data_source (const DemoData *data, const char *name);

/* Whether every table has the shape that shape.h says.  FAULT_INPUT otherwise. */
bool demo_shape_check (const DemoData *data, GError **error);
/* The place of the township with CODE in the file's list; −1 when there is none. */
gint64 demo_township_of (const DemoData *data, Text code);
/* A township, as often as its share. */
size_t demo_township_pick (const DemoData *data, DemoRandom *r);

/* The row called NAME; NULL when there is none. */
const DemoRow *demo_row (const DemoTable *table, const char *name);
const DemoRow *demo_row_text (const DemoTable *table, Text name);
/* The row whose range covers NUMBER; NULL outside. */
const DemoRow *demo_row_at (const DemoTable *table, gint64 number);

const DemoOutcome *demo_pick (const DemoRow *row, DemoRandom *r);
/* The text picked; "" where ROW is NULL. */
Text demo_pick_text (const DemoRow *row, DemoRandom *r);
/* A number from a picked range, evenly; 0 where ROW is NULL. */
gint64 demo_pick_number (const DemoRow *row, DemoRandom *r);
/* Whether it happens, at the rate of ROW (NULL: never). */
bool demo_happens (const DemoRow *row, DemoRandom *r);
