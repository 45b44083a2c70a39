/* Random facts, and random pages of decisions about them, for tests that run both several ways. */
#pragma once

#include "columns/columns.h"

enum { ROWS = 180, PLACES = 12, RECORDS_MAX = 4 };

enum { AGE, INCOME, WORKS, KIND, BORN, SINCE, UNIT, RECORDS, N_COLUMNS };

typedef struct {
  gint8 age[ROWS];
  gint32 income[ROWS];
  guint8 works[ROWS];
  gint16 kind[ROWS];
  gint32 born[ROWS], since[ROWS], unit[ROWS];
  guint32 offsets[ROWS + 1];
  gint32 records[ROWS * RECORDS_MAX];
  guint8 none[N_COLUMNS][ROWS], unknown[N_COLUMNS][ROWS];
  gint16 staff[PLACES];
  guint8 state[PLACES], unit_none[PLACES], unit_unknown[PLACES];
  gint8 sort[PLACES];
  gint32 amount[ROWS * RECORDS_MAX];
  gint8 record_kind[ROWS * RECORDS_MAX];
  guint8 record_none[ROWS * RECORDS_MAX], record_unknown[ROWS * RECORDS_MAX];
  ColumnsColumn columns[N_COLUMNS], unit_columns[3], record_columns[2];
  ColumnsTable residents, units, records_table;
} World;

/* Few values, near each other and near the pages' constants; the first rows are known and there. */
World *world_new (GRand *rand);

typedef struct {
  GString *head;    /* the heading, and a table's head */
  GPtrArray *rules; /* char *; empty for an expression */
} Section;

typedef struct {
  GRand *rand;
  GPtrArray *sections;
  int truths, numbers; /* decisions made so far of each type: 断1 …, 数1 … */
} Page;

Page *page_new (guint32 seed);
void page_free (Page *page);
void section_free (gpointer section);
char *page_text (const Page *page);

/* A page that was read: its decisions (no functions), and what 参数 and 基准日 are. */
typedef struct {
  Arena *arena;
  DmnModel *model;
  const DmnUnit *unit;
  FeelEntry constants[2];
  size_t n_decisions;
  const DmnDecision **decisions;
} Model;

/* False when TEXT is no page; free all the same. */
bool model_read (Model *model, const World *world, const char *text);
void model_free (Model *model);
