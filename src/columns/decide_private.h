/* A decision table being compiled: decide.c, collect.c. */
#pragma once

#include "columns_private.h"

typedef struct {
  Compiler *c;
  const Scope *scope;
  const DmnTable *table;
  size_t n, n_inputs; /* rules */
  int space;
  const Value **inputs, **outputs; /* outputs: candidates, n + 2 */
  int *met_cell, *open_cell;       /* rule × input */
  int *met, *open;                 /* per rule */
  int any_open;
  guint8 *order;
  guint8 *classes; /* per candidate */
  guint8 n_classes;
  guint64 undetermined;
  bool constant;
  int refused;
  Needs *waiting; /* rule × input */
  Needs doubts;   /* all that the open rules wait for */
} Table;

/* Whether two constant outputs are one answer.  Unknown outputs are as many answers, which may
 * turn out to differ. */
bool table_same (Compiler *c, FeelValue a, FeelValue b);
/* Bit i of a row where MASKS[i] is, eight to a plane. */
int *table_pack (Table *t, const int *masks, size_t n);
/* YES where MASK, else NO. */
const Value *table_where (Table *t, int mask, const Value *yes, const Value *no);
/* For looking at T by cases where it is open; NULL when no unknown input falls into any. */
Sharpen *table_sharpen (Table *t);
/* ANSWERS, and where it is UNKNOWN what S comes to. */
int table_sharpened (Table *t, const Sharpen *s, int answers, int unknown);
/* What T waits for where it is UNKNOWN: CANDIDATES' own needs, and the inputs that matter where S has
 * tried cases, else ALL. */
Needs table_needs (Table *t, const Sharpen *s, int unknown, Needs candidates, Needs all);
/* Results by class in PLANE. */
const Value *table_coded (Table *t, int plane, int unknown, size_t n, const FeelValue *results, Needs needs);

/* C, R, C+, C<, C>, C#. */
const Value *table_collect (Table *t);
