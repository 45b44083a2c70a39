/* What the parts of dmn share.
 *
 *   clause.c, table.c     a clause file into a unit
 *   xml_document.c        bytes to a tree, what is dangerous refused
 *   xml.c, xml_logic.c    a DMN file into a unit: its elements, its boxed expressions
 *   items.c               item definitions: types, and whether a value is one
 *   model.c               units gathered and linked
 *   bindings.c            what the names of a decision mean
 *   compile.c             expressions compiled in their scopes
 *   index.c               tables prepared: which rules an input leaves in play
 *   run.c, boxed.c        running: decisions, boxed expressions
 *   match.c, hit.c        running: a table's rules, its answer
 *   examples.c            样例 tables as tests
 *
 * The public structs are filled by the readers and the linker and never changed
 * afterwards; only those two cast their const away. */
#pragma once

#include "dmn.h"

enum {
  DMN_CHAIN_MAX = 10000, /* decisions that wait for one another */
  DMN_DEPTH_MAX = 2000,  /* expressions under evaluation, FEEL's nodes among them */
  DMN_STEPS = 50000000,  /* of one run */
  CALL_STEPS = 32,       /* what a call takes, in memory above all */
  DMN_FILES_MAX = 1000,  /* of one model */
};

typedef struct Unit Unit;
typedef struct Decision Decision;

/* A requirement as a DMN file states it, resolved when linking. */
typedef struct {
  Text href;
  unsigned line;
} Requirement;

/* What a reference leads to. */
typedef struct {
  Unit *unit;         /* NULL: nothing is there */
  int import;         /* through which import of the asking unit; −1: the unit's own */
  Decision *decision; /* NULL: an input data */
  size_t variable;
} Target;

/* Where one name of a scope gets its value from.  A group is a context of its
 * members: a used unit's decisions, an import's elements. */
typedef struct Binding Binding;
struct Binding {
  enum { BIND_VARIABLE, BIND_DECISION, BIND_GROUP } from;
  int slot;
  Text name;
  Target target;
  size_t n;
  const Binding *members;
};

/* A decision as the linker sees it; PUBLIC comes first so that a
 * `const DmnDecision *` is one of these. */
struct Decision {
  DmnDecision public;
  Unit *unit;
  int index;              /* in its unit */
  int slot;               /* in its unit's scope (clauses) */
  Text variable;          /* what others call it: its name, unless a DMN file says otherwise */
  const FeelScope *scope; /* its unit's, or its own */
  int n_slots;            /* of the deepest scope inside its logic */
  size_t n_expressions;
  const FeelExpression *const *expressions; /* all in its logic */
  size_t n_bindings;
  const Binding *bindings;
  bool grouped;   /* some binding is a group */
  size_t n_needs; /* the decisions behind the bindings */
  const Target *needs;
  enum { MARK_NEW, MARK_OPEN, MARK_DONE } mark; /* while ordering */
  size_t n_ordered;                             /* of what it requires, so far */
  unsigned height;                              /* of what it requires, itself included */
  /* DMN files: */
  GArray *requirements; /* Requirement */
  size_t n_targets;
  const Target *targets; /* the requirements, resolved */
  struct {
    GArray *input_data, *input_decisions, *output_decisions; /* Requirement */
    size_t n_parameters, n_outputs;
    const Target *parameters, *outputs; /* parameters: input data, then input decisions */
  } service;
};

struct Unit {
  DmnUnit public;
  int index;
  GPtrArray *decisions; /* Decision *, in file order */
  GHashTable *by_name;  /* Text * to Decision *: the first of its name */
  GArray *prose;        /* DmnProse */
  const char *const *uses;
  unsigned uses_line;
  FeelScope *scope; /* clauses: variables, own decisions, used units; DMN files: types alone */
  int first_use;    /* slot of the first used unit */
  int n_slots;      /* clauses: of the deepest scope inside any decision */
  /* DMN files: */
  GArray *variables, *variable_names; /* DmnVariable, and a DmnName for each */
  GHashTable *by_id;                  /* Text * to Target * */
  GPtrArray *items;                   /* DmnItem * */
  GHashTable *items_by_name;          /* Text * to DmnItem * */
  GArray *elements, *imports;         /* DmnElement, DmnImport */
  bool constrained;                   /* some item definition has allowed values or a constraint */
  struct _xmlDoc *document;
};

struct DmnModel {
  Arena *arena;
  GPtrArray *units; /* Unit * */
  bool linked;
};

/* ---- clause.c, table.c ---- */

/* One table, by lines of the file. */
typedef struct {
  DmnModel *model;
  const char *origin;
  DmnFaults *faults;
  const Text *lines; /* of the body, without line ends */
  unsigned n_lines;
  unsigned first_line; /* file line of lines[0] */
} ClauseLines;

/* The lines of BODY without their ends, which are those of Markdown (\n, \r\n or
 * \r), or cmark's numbers would not fit. */
Text *clause_split_lines (Arena *arena, Text body, unsigned *n);
/* How many unescaped cells a table line has; 0 for a blank line. */
size_t table_count_cells (Text line);
/* Whether LINE is a delimiter row: | --- | :-: | */
bool table_is_delimiter (Text line);
/* The cells of body line I (from 0), trimmed, `\|` made `|`. */
DmnCell *table_split (const ClauseLines *lines, unsigned i, size_t *n);
/* True when the corner of the table names a hit policy. */
bool table_hit_policy (Text corner, DmnHitPolicy *policy);
/* The decision table on body lines FROM … TO (inclusive); NULL (and a fault) when it is none. */
const DmnTable *table_read_rules (const ClauseLines *lines, unsigned from, unsigned to);
/* Read the table there as DECISION's examples. */
void table_read_examples (const ClauseLines *lines, unsigned from, unsigned to, Decision *decision);

/* ---- xml_logic.c ---- */

typedef struct {
  DmnModel *model;
  Unit *unit;
  DmnFaults *faults;
  const char *namespace_; /* DMN's, of the version this file is in */
  Text language;          /* of expressions that name none; empty: FEEL */
} XmlReader;

/* ---- model.c ---- */

Unit *dmn_unit_new (DmnModel *model, const char *id, const char *origin);
/* The public view of what was gathered; the unit joins the model. */
void dmn_unit_finish (DmnModel *model, Unit *unit);
/* D joins UNIT; false when the name is taken (D joins nevertheless). */
bool dmn_unit_add (Unit *unit, Decision *d);
int dmn_unit_variable (const Unit *unit, const char *name); /* −1 when absent */
Decision *dmn_unit_decision (const Unit *unit, Text name);
Unit *dmn_model_find_unit (const DmnModel *model, const char *id);
/* A map whose keys are Text *. */
GHashTable *dmn_map_new (void);
void *dmn_keep (Arena *arena, const void *data, size_t size); /* a copy; NULL for nothing */

/* ---- items.c ---- */

/* The types that a DMN file defines; then, when all files have theirs, those that
 * its variables and its logic declare. */
void items_define (DmnModel *model, Unit *unit, DmnFaults *faults);
void items_resolve (DmnModel *model, Unit *unit, DmnFaults *faults);
/* Compile what the definitions demand of their values. */
void items_compile (DmnModel *model, Unit *unit, DmnFaults *faults);
/* VALUE as ITEM (NULL: any) takes it (DMN 1.5, 10.3.2.9.4); null and a diagnostic
 * that names WHAT when it does not.  FITS says whether it did. */
FeelValue items_coerce (FeelRun *run, const DmnItem *item, FeelValue value, Text what, bool *fits);
static inline FeelValue
items_conform (FeelRun *run, const DmnItem *item, FeelValue value, Text what)
{
  bool fits;
  return item ? items_coerce (run, item, value, what, &fits) : value;
}

/* ---- bindings.c ---- */

void bindings_make_scope (DmnModel *model, Unit *unit, DmnFaults *faults); /* of a clause */
/* Of a DMN file: where D's references lead, so what it requires. */
void bindings_resolve (DmnModel *model, Decision *d, DmnFaults *faults);
/* The scope of one decision of a DMN file, from what it requires. */
void bindings_make_own_scope (DmnModel *model, Decision *d);
/* What D's expressions (FeelExpression *) read: paths and, for a clause, bindings and requirements. */
void bindings_gather (DmnModel *model, Decision *d, const GPtrArray *expressions);
/* As FEEL sees D by its name. */
const FeelType *bindings_decision_type (Arena *arena, const Decision *d);

/* ---- compile.c ---- */

void compile_decision (DmnModel *model, Decision *d, DmnFaults *faults);
/* Why CELL does not compile, as a fault and for when it is evaluated; takes ERROR. */
void compile_failed (DmnCell *cell, Arena *arena, const char *origin, GError *error, DmnFaults *faults);

/* ---- index.c ---- */

/* A set of rules, a bit each. */
typedef guint64 RuleWord;
enum { RULE_WORD_BITS = 64 };

/* What one input leaves of a table's rules: those whose test holds or is OPEN,
 * which is for the caller to evaluate. */
typedef struct {
  const RuleWord *kept, *open;
} RuleSets;

struct DmnIndex {
  size_t n_words;      /* of a set of rules */
  const RuleWord *all; /* the table's rules */
  const struct IndexColumn *columns;
  const FeelValue *const *outputs; /* per rule: what it always answers, NULL: evaluate */
  const FeelValue *standard;       /* the same of the default outputs */
};
/* TABLE's tests and outputs, all compiled, as far as they are constant. */
const struct DmnIndex *index_build (const DmnTable *table, Arena *arena);
/* For VALUE as input I; SCRATCH has room for n_words. */
RuleSets index_look_up (const DmnTable *table, size_t i, const FeelValue *value, RuleWord *scratch);

/* ---- match.c, hit.c ---- */

/* A rule that is met or undecided. */
typedef struct {
  size_t rule;
  DmnStatus status;
  FeelValue doubt; /* UNDECIDED: the unknown with the facts behind it */
} Match;
typedef struct {
  size_t n;
  Match *matches; /* in the order of the rules */
} Matches;
/* The rules in play for INPUTS.  With TRACE (zeroed, one per rule) every condition of
 * every rule is evaluated and kept there. */
Matches match_rules (const DmnTable *table, const FeelValue *inputs, FeelRun *run, DmnTraceRule *trace);
/* What a table answers. */
FeelValue dmn_table_answer (const DmnTable *table, Matches matches, FeelRun *run);
/* What rule RULE, or the default outputs (−1), answers whatever the inputs; false when
 * that is not known, or has diagnostics. */
bool hit_constant (const DmnTable *table, ptrdiff_t rule, Arena *arena, FeelValue *value);
/* sharpen.c: ANSWER (unknown) looked at by cases, with fewer needs or settled. */
FeelValue dmn_table_sharpen (const DmnTable *table, const FeelValue *inputs, FeelValue answer, FeelRun *run);

/* ---- run.c, boxed.c ---- */

typedef struct Instance Instance;

/* A decision under way: those it needs come first. */
typedef struct {
  Instance *instance;
  const Decision *decision;
  size_t n_begun; /* of what it needs */
} Waiting;

struct DmnRun {
  const DmnModel *model;
  Arena *home;  /* of what the run is made of */
  Arena *arena; /* of values */
  DmnBind bind; /* NULL: INPUTS say it all */
  void *host;
  FeelValue inputs;
  DmnRunFlags flags;
  guint64 stamp;    /* goes up by two with every reset: what was stamped before is gone */
  Instance **units; /* by unit index; made when first asked */
  Waiting *waiting; /* a stack */
  size_t n_waiting, waiting_room;
  FeelRun feel; /* slots are set while something is evaluated */
  DmnTrace *trace, **trace_end;
};

/* Where a boxed expression is being evaluated. */
typedef struct {
  DmnRun *run;
  const Decision *decision;
  FeelValue *slots; /* DECISION's n_slots */
  bool traced;
} Boxed;

FeelValue boxed_evaluate (Boxed *b, const DmnExpression *x);
/* The body of FUNCTION with ARGUMENTS (one per parameter), in the slots of MADE, which
 * are as before afterwards. */
FeelValue boxed_call (Boxed made, const DmnExpression *function, const FeelValue *arguments);
/* EXPRESSION's value; null and a diagnostic when CELL did not compile. */
FeelValue boxed_cell (const DmnCell *cell, FeelRun *run);
void run_record (DmnRun *run, DmnTrace entry);

/* diagram.c: whether any decision of UNIT reads its variable. */
bool unit_is_read (const DmnUnit *unit, size_t variable);

/* coverage.c: note what RUN, which is traced, comes to. */
void coverage_watch (DmnCoverage *coverage, DmnRun *run);
void coverage_note (DmnCoverage *coverage, const DmnTrace *trace);
/* Takes N of the run's steps: for work that is not FEEL's own. */
void run_charge (DmnRun *run, size_t n);
