/* What the parts of dmn share.  The public structs are filled by the reader
 * and the linker and never changed afterwards. */
#pragma once

#include "dmn.h"

typedef struct Unit Unit;

/* A decision as the linker sees it; PUBLIC comes first so that a
 * `const DmnDecision *` is one of these. */
typedef struct Decision {
  DmnDecision public;
  Unit *unit;
  int index;                                    /* in the model, for run-time memory */
  int slot;                                     /* in its unit's scope */
  const FeelScope *scope;                       /* its unit's, or with its parameters (functions) */
  enum { MARK_NEW, MARK_OPEN, MARK_DONE } mark; /* while ordering */
} Decision;

struct Unit {
  DmnUnit public;
  int index;
  GPtrArray *decisions; /* Decision *, in file order */
  GArray *prose;        /* DmnProse */
  const char *const *uses;
  unsigned uses_line;
  FeelScope *scope; /* slots: variables, own decisions, used units */
  int first_use;    /* slot of the first used unit */
};

struct DmnModel {
  Arena *arena;
  GPtrArray *units; /* Unit * */
  int n_decisions;
  bool linked;
};

/* clause.c → table.c: one table, by lines of the file. */
typedef struct {
  DmnModel *model;
  const char *origin;
  DmnFaults *faults;
  const Text *lines; /* of the body, without line ends */
  unsigned n_lines;
  unsigned first_line; /* file line of lines[0] */
} ClauseLines;

/* How many unescaped cells a table line has; 0 for a blank line. */
size_t table_count_cells (Text line);
/* Whether LINE is a delimiter row: | --- | :-: | */
bool table_is_delimiter (Text line);
/* The cells of body line I (from 0), trimmed, `\|` made `|`. */
DmnCell *table_split (const ClauseLines *lines, unsigned i, size_t *n);
/* True when the corner of the table names a hit policy. */
bool table_hit_policy (Text corner, DmnHitPolicy *policy);
/* Read the table on body lines FROM … TO (inclusive) as DECISION's logic, or as
 * its examples. */
void table_read_rules (const ClauseLines *lines, unsigned from, unsigned to, Decision *decision);
void table_read_examples (const ClauseLines *lines, unsigned from, unsigned to, Decision *decision);

/* hit.c: what a table answers. */
typedef struct {
  DmnStatus status;
  FeelValue doubt; /* UNDECIDED: the unknown with the facts behind it */
} RuleStatus;
FeelValue dmn_table_answer (const DmnTable *table, const RuleStatus *rules, FeelRun *run);
/* sharpen.c: ANSWER (unknown) looked at by cases, with fewer needs or settled. */
FeelValue dmn_table_sharpen (const DmnTable *table, const FeelValue *inputs, FeelValue answer, FeelRun *run);

/* examples.c and run.c: the scope slot of a host variable, −1 when absent. */
int dmn_unit_variable (const Unit *unit, const char *name);
Decision *dmn_unit_decision (const Unit *unit, Text name);
Unit *dmn_model_find_unit (const DmnModel *model, const char *id);
