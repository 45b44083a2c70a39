/* dmn — decisions: tables and expressions, linked, evaluated, explained.
 *
 * What it is for: a *model* is a set of *units* (one literate clause file, one
 * DMN file), each a set of named decisions over FEEL.  A unit is read, the
 * model is linked once (names resolved, requirements ordered, cycles refused),
 * and from then on it is immutable and shared by threads.
 *
 *     clause.md ──read──> DmnUnit ┐
 *     clause.md ──read──> DmnUnit ┴─link──> DmnModel ──evaluate──> value + trace
 *
 * What it promises
 *   - One composition rule for what is not known: a rule of a table is met, not
 *     met or undecided (strong Kleene logic over its conditions); the table
 *     answers only when no undecided rule can change the answer, otherwise the
 *     answer is FEEL_UNKNOWN with the facts and parameters it depends on.
 *   - Where nothing is unknown, results are those of DMN 1.5, clause 8.
 *   - A trace names, per table, the rules that matched, every condition with
 *     the value seen, and costs nothing when not asked for.
 *
 * What it refuses: county words.  The host names the variables (居民, 参数,
 * 基准日) and gives their types; front matter is the host's to read.
 *
 * How a call goes
 *
 *     DmnModel *model = dmn_model_new ();
 *     dmn_model_read_clause (model, &source, faults);      // any number of units
 *     if (!dmn_model_link (model, faults)) …               // faults: file:line: what to do
 *     const DmnDecision *d = dmn_model_find (model, "条款15", "县级配套奖励");
 *     DmnRun *run = dmn_run_new (model, arena, bind, host, DMN_TRACE);
 *     FeelValue v = dmn_run_decision (run, d);
 *
 * The notation is described in docs/clause-format.md.
 */
#pragma once

#include "base/base.h"
#include "feel/feel.h"

/* ---- what can be wrong with a file ------------------------------------- */

typedef enum { DMN_ERROR, DMN_WARNING } DmnSeverity;

/* One finding.  Sorted by file and line for people. */
typedef struct {
  DmnSeverity severity;
  const char *code; /* stable: "ragged-row", "unknown-name", "cycle" … */
  char *origin;     /* file as given */
  unsigned line, column;
  char *message; /* what is wrong and what to do */
} DmnFault;

typedef struct DmnFaults DmnFaults;
DmnFaults *dmn_faults_new (void);
void dmn_faults_free (DmnFaults *faults);
void dmn_faults_add (DmnFaults *faults, DmnSeverity severity, const char *code, const char *origin,
                     unsigned line, unsigned column, const char *format, ...) G_GNUC_PRINTF (7, 8);
/* A GError whose message opens with "origin:line:column: " becomes a fault there. */
void dmn_faults_add_error (DmnFaults *faults, const char *code, const char *origin, unsigned line,
                           const GError *error);
size_t dmn_faults_count (const DmnFaults *faults, DmnSeverity severity);
/* Sorted by origin, line, column. */
const DmnFault *dmn_faults_list (DmnFaults *faults, size_t *n);

/* ---- the model --------------------------------------------------------- */

typedef enum {
  DMN_UNIQUE,
  DMN_ANY,
  DMN_PRIORITY,
  DMN_FIRST,
  DMN_RULE_ORDER,
  DMN_OUTPUT_ORDER,
  DMN_COLLECT,
  DMN_SUM,
  DMN_MIN,
  DMN_MAX,
  DMN_COUNT,
} DmnHitPolicy;

/* "U", "C+" …; and the Chinese and English names of the policy. */
const char *dmn_hit_policy_symbol (DmnHitPolicy policy);

typedef struct {
  Text text; /* as written, trimmed */
  unsigned line, column;
  const FeelExpression *expression; /* NULL for annotations */
} DmnCell;

typedef struct {
  Text label; /* input expression, output name or annotation name, as written */
  unsigned line, column;
  const FeelExpression *expression; /* inputs: the input expression */
  const FeelType *type;             /* outputs: declared or any */
  DmnCell allowed;                  /* the 允许 row's cell: empty text when none */
  DmnCell standard;                 /* the 默认 row's cell (outputs): empty text when none */
} DmnColumn;

typedef struct {
  unsigned line;
  Text label;             /* the first cell: "1", "2" … */
  const DmnCell *tests;   /* one per input */
  const DmnCell *outputs; /* one per output */
  const DmnCell *annotations;
} DmnRule;

typedef struct {
  DmnHitPolicy policy;
  size_t n_inputs, n_outputs, n_annotations, n_rules;
  const DmnColumn *inputs, *outputs, *annotations;
  const DmnRule *rules;
} DmnTable;

/* One row of an examples table. */
typedef struct {
  Text name;
  unsigned line;
  size_t n_inputs, n_expected;
  const DmnCell *input_heads;    /* paths: "园区.经县申报", "参数.县配套比例", "基准日" */
  const DmnCell *inputs;         /* text "未知" is unknown; empty: not stated, unknown as well */
  const DmnCell *expected_heads; /* names of decisions */
  const DmnCell *expected;       /* a FEEL expression, or "待定: name, name" */
} DmnExample;

/* "金额", "number" … to a type, NULL when there is none of that name. */
const FeelType *dmn_type_named (Text name);

typedef enum { DMN_TABLE, DMN_EXPRESSION, DMN_FUNCTION } DmnLogic;

typedef struct DmnUnit DmnUnit;
typedef struct DmnDecision DmnDecision;

struct DmnDecision {
  const DmnUnit *unit;
  Text name;
  unsigned line;
  DmnLogic logic;
  Text type_name; /* as in the heading: "金额" */
  const FeelType *type;
  const DmnTable *table; /* DMN_TABLE; DMN_FUNCTION may have one too */
  DmnCell body;          /* DMN_EXPRESSION, DMN_FUNCTION */
  size_t n_parameters;   /* DMN_FUNCTION */
  const FeelMember *parameters;
  size_t n_examples;
  const DmnExample *examples;
  Text prose; /* Markdown between the heading and the logic */
  /* Known after linking: */
  size_t n_requires;
  const DmnDecision *const *requires_;
  size_t n_paths; /* paths of the host's variables read here (not through requirements) */
  const FeelPath *paths;
};

/* A block of prose of a unit, Markdown as written, under its heading. */
typedef struct {
  Text heading; /* empty before the first */
  unsigned level, line;
  Text markdown;
} DmnProse;

/* A variable that the host binds at run time: 居民, 参数, 基准日. */
typedef struct {
  const char *name;
  const FeelType *type; /* must outlive the model */
} DmnVariable;

struct DmnUnit {
  const char *id;     /* "条款15" */
  const char *origin; /* file */
  Text title;         /* the level-1 heading */
  size_t n_variables; /* a path's slot below this is one of them */
  const DmnVariable *variables;
  size_t n_decisions;
  const DmnDecision *const *decisions; /* in file order */
  size_t n_prose;
  const DmnProse *prose;
};

typedef struct DmnModel DmnModel;
DmnModel *dmn_model_new (void);
void dmn_model_free (DmnModel *model);

typedef struct {
  const char *id;      /* unit id, unique in the model */
  const char *origin;  /* for messages */
  Text body;           /* the file after its front matter; must be UTF-8 */
  unsigned first_line; /* line of the body's first line in the file */
  const DmnVariable *variables;
  size_t n_variables;
  const char *const *uses; /* NULL-terminated ids of units whose decisions are seen as id.name */
  unsigned uses_line;      /* where they are named, for messages */
} DmnClauseSource;

/* Read one clause file's body.  Faults go to FAULTS; returns the unit when it
 * could be read at all (faults may still have been added), else NULL. */
const DmnUnit *dmn_model_read_clause (DmnModel *model, const DmnClauseSource *source, DmnFaults *faults);

/* Resolve, type and compile everything.  False when FAULTS got an error. */
bool dmn_model_link (DmnModel *model, DmnFaults *faults);

const DmnUnit *dmn_model_unit (const DmnModel *model, const char *id);
/* Every unit, in the order read. */
const DmnUnit *const *dmn_model_units (const DmnModel *model, size_t *n);
const DmnDecision *dmn_model_find (const DmnModel *model, const char *unit, const char *decision);
/* Every path of the host's variables that DECISION may read, through all it
 * requires: the closure from which purpose is computed. */
const FeelPath *dmn_decision_closure (const DmnModel *model, Arena *arena, const DmnDecision *decision,
                                      size_t *n);
/* The variable a path starts from ("居民"). */
const char *dmn_path_variable (const DmnDecision *decision, const FeelPath *path);

/* ---- running ----------------------------------------------------------- */

/* The host's value for a variable, asked once per unit and run. */
typedef FeelValue (*DmnBind) (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena);

typedef enum { DMN_PLAIN = 0, DMN_TRACE = 1 } DmnRunFlags;

typedef enum { DMN_NOT_MET, DMN_MET, DMN_UNDECIDED } DmnStatus;

typedef struct {
  const DmnColumn *input;
  const DmnCell *test;
  DmnStatus status;
  FeelValue value; /* of the input expression */
} DmnTraceCondition;

typedef struct {
  const DmnRule *rule;
  DmnStatus status;
  const DmnTraceCondition *conditions; /* one per input; tests "-" are met */
} DmnTraceRule;

/* One decision evaluated, in order of completion: what a decision requires
 * stands before it. */
typedef struct DmnTrace {
  struct DmnTrace *next;
  const DmnDecision *decision;
  FeelValue value;
  size_t n_rules; /* 0 for expressions */
  const DmnTraceRule *rules;
} DmnTrace;

typedef struct DmnRun DmnRun; /* lives in the arena; one thread */
DmnRun *dmn_run_new (const DmnModel *model, Arena *arena, DmnBind bind, void *host, DmnRunFlags flags);
/* Decisions are computed on demand and once per run. */
FeelValue dmn_run_decision (DmnRun *run, const DmnDecision *decision);
const DmnTrace *dmn_run_trace (const DmnRun *run);
const FeelDiagnostic *dmn_run_diagnostics (const DmnRun *run);

/* VALUE with every path of PATHS that starts at VARIABLE present: what is
 * missing becomes unknown, named after the path.  For inputs that people write. */
FeelValue dmn_complete (Arena *arena, const char *variable, FeelValue value, const FeelPath *paths,
                        const char *const *path_variables, size_t n);

/* ---- examples ---------------------------------------------------------- */

typedef struct {
  const DmnDecision *decision;
  const DmnExample *example;
  bool passed;
  const char *expected, *actual; /* for people; in the arena */
} DmnExampleResult;

/* Run every example of UNIT.  BASE binds what an example does not state: the
 * parameters at the example's 基准日 (DATE is its text or empty). */
typedef FeelValue (*DmnExampleBase) (void *host, const DmnUnit *unit, const DmnVariable *variable, Text date,
                                     Arena *arena);
const DmnExampleResult *dmn_unit_test (const DmnModel *model, const DmnUnit *unit, Arena *arena,
                                       DmnExampleBase base, void *host, size_t *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmnModel, dmn_model_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmnFaults, dmn_faults_free)
