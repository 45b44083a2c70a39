/* dmn — decisions: tables and expressions, linked, evaluated, explained.
 *
 * What it is for: a *model* is a set of *units* (one literate clause file, one
 * DMN file), each a set of named decisions over FEEL.  A unit is read, the
 * model is linked once (names resolved, requirements ordered, cycles refused),
 * and from then on it is immutable and shared by threads.
 *
 *     clause.md ──read──> DmnUnit ┐
 *     model.dmn ──read──> DmnUnit ┴─link──> DmnModel ──evaluate──> value + trace
 *
 * Both notations are read into one model: a decision's logic is a tree of boxed
 * expressions (DMN 1.5, 10.2.2) whose leaves are FEEL.  They differ in what a
 * name may mean.  In a clause file every decision sees its whole file, and what
 * it requires follows from what it reads; a DMN file states the requirements,
 * and a decision sees those alone.  Clause files are held to FEEL's strict
 * dialect; in DMN files what does not compile is a fault *and* evaluates to null
 * with a diagnostic, as the standard wants.
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
 * and for a DMN file
 *
 *     const DmnUnit *unit = dmn_model_read_xml (model, &(DmnXmlSource){ .path = "loan.dmn" }, faults);
 *     dmn_model_link (model, faults);
 *     DmnRun *run = dmn_run_new_inputs (model, arena, &(DmnInputs){ .values = context }, DMN_PLAIN);
 *     FeelValue v = dmn_run_decision (run, dmn_unit_find (unit, text_of ("Approval")));
 *
 * The clause notation is described in docs/clause-format.md, the measure of
 * conformance in docs/conformance.md.
 */
#pragma once

#include "base/base.h"
#include "feel/feel.h"

/* ---- what can be wrong with a file ------------------------------------- */

typedef enum {
  DMN_ERROR,
  DMN_WARNING,
  DMN_NOTE, /* nothing to mend: to be known */
} DmnSeverity;
const char *dmn_severity_id (DmnSeverity severity); /* "error", "warning", "note" */

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
  const FeelExpression *expression; /* NULL for annotations, and where FAULT is set */
  const char *fault;                /* why the text does not compile (DMN files) */
} DmnCell;

/* What a DMN file calls an item definition: a type with what its values must be.
 * Collections, components and referenced definitions stand in TYPE as well;
 * here they matter for the constraints inside them. */
typedef struct DmnItem DmnItem;
struct DmnItem {
  Text name;      /* "tLoan", "number"; empty for a component's own */
  Text type_name; /* what it refers to, as written */
  unsigned line;
  const FeelType *type; /* as FEEL sees it: list<…> for a collection */
  bool is_collection, is_function;
  DmnCell allowed;     /* of each element of a collection, else of the value; empty when none */
  DmnCell constraint;  /* of the value as a whole; empty when none */
  const DmnItem *base; /* the definition referred to, NULL for a type of FEEL's own */
  size_t n_components;
  const DmnItem *components; /* parameters, when it is a function */
};

/* A name with a type: a parameter, a context entry, a column of a relation. */
typedef struct {
  Text name, type_name;
  unsigned line;
  const FeelType *type;
  const DmnItem *item; /* DMN files: what its value must be, NULL: any */
} DmnName;

typedef struct {
  Text label; /* input expression, output name or annotation name, as written */
  unsigned line, column;
  const FeelExpression *expression;   /* inputs: the input expression */
  const char *fault;                  /* why the input expression does not compile (DMN files) */
  const FeelType *type;               /* outputs: declared or any */
  Text type_name;                     /* as written (DMN files) */
  const DmnItem *item;                /* what values must be, NULL: any */
  DmnCell allowed;                    /* the 允许 row's cell: empty text when none */
  const FeelExpression *allowed_test; /* outputs: the same as unary tests */
  DmnCell standard;                   /* the 默认 row's cell (outputs): empty text when none */
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
  const struct DmnIndex *index; /* after linking, for running alone */
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

/* A boxed expression (DMN 1.5, 10.2.2).  What NAMES and PARTS hold, by kind: */
typedef enum {
  DMN_LITERAL,     /* the cell */
  DMN_TABLE,       /* the table */
  DMN_CONTEXT,     /* a part per entry; fewer names than parts: the last part is the result */
  DMN_INVOCATION,  /* parts[0] the function; then names[i] is bound to parts[i + 1] */
  DMN_FUNCTION,    /* names: parameters; parts[0] the body, or none */
  DMN_RELATION,    /* names: columns; parts: cells, row by row */
  DMN_LIST,        /* parts: items */
  DMN_CONDITIONAL, /* parts: if, then, else */
  DMN_FOR,         /* names[0] the iterator; parts: in, return */
  DMN_SOME,        /* names[0] the iterator; parts: in, satisfies */
  DMN_EVERY,
  DMN_FILTER, /* parts: in, match */
} DmnKind;

typedef struct DmnExpression DmnExpression;
struct DmnExpression {
  DmnKind kind;
  unsigned line;
  Text type_name;       /* as written, empty when not declared */
  const DmnItem *item;  /* what its value must be, NULL: any */
  const FeelType *type; /* known after linking */
  DmnCell cell; /* LITERAL; for INVOCATION, CONDITIONAL … FILTER the linker writes FEEL over the parts */
  const DmnTable *table;
  Text language; /* FUNCTION: "Java", "PMML"; empty for FEEL */
  size_t n_names, n_parts;
  DmnName *names;
  DmnExpression **parts;
  int slot;   /* of the first of its names, while evaluating */
  int *slots; /* where FEEL finds each part's value; −1 for one written into its text */
};

typedef enum {
  DMN_DECISION,
  DMN_KNOWLEDGE, /* a function: a clause's `## 名(参数)`, a business knowledge model */
  DMN_SERVICE,   /* a decision service */
} DmnRole;

/* One element pointing at another: "requiredAuthority", "decisionOwner",
 * "impactedPerformanceIndicator" … (DMN files). */
typedef struct {
  Text role, href;
  unsigned line;
} DmnReference;

typedef struct DmnUnit DmnUnit;
typedef struct DmnDecision DmnDecision;

struct DmnDecision {
  const DmnUnit *unit;
  Text name;
  unsigned line;
  DmnRole role;
  Text type_name; /* as in the heading: "金额" */
  const FeelType *type;
  const DmnItem *item;        /* what its value must be, NULL: any */
  const DmnExpression *logic; /* a FUNCTION for DMN_KNOWLEDGE; NULL when there is none */
  const DmnTable *table;      /* when the logic is a table, or a function made of one */
  size_t n_examples;
  const DmnExample *examples;
  Text prose; /* Markdown between the heading and the logic; a description */
  Text id;    /* DMN files */
  size_t n_references;
  const DmnReference *references; /* all but the requirements of information and knowledge */
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

/* What a DMN file says besides its decisions: kept and answered for, not run. */
typedef enum { DMN_KNOWLEDGE_SOURCE, DMN_ORGANIZATION_UNIT, DMN_PERFORMANCE_INDICATOR } DmnElementKind;
typedef struct {
  DmnElementKind kind;
  Text id, name, description;
  Text type, location; /* of a knowledge source */
  unsigned line;
  size_t n_references; /* owner, requiredAuthority, decisionMade, impactingDecision … */
  const DmnReference *references;
} DmnElement;

typedef struct {
  Text name, namespace_, location, type;
  unsigned line;
  const DmnUnit *unit; /* NULL for what is no DMN model */
} DmnImport;

struct DmnUnit {
  const char *id;     /* "条款15"; a DMN file's namespace */
  const char *origin; /* file */
  Text title;         /* the level-1 heading; a DMN file's name */
  size_t n_variables; /* a path's slot below this is one of them */
  const DmnVariable *variables;
  size_t n_decisions;
  const DmnDecision *const *decisions; /* in file order */
  size_t n_prose;
  const DmnProse *prose;
  /* DMN files only: */
  bool is_xml;
  const DmnItem *const *variable_items; /* per variable; NULL: any */
  size_t n_items, n_elements, n_imports;
  const DmnItem *const *items;
  const DmnElement *elements;
  const DmnImport *imports;
  const struct _xmlDoc *document; /* as read: extensions and diagrams are all there */
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

typedef struct {
  const char *path; /* for messages; imports lie beside it */
  Text text;        /* the file's bytes; empty: PATH is read */
} DmnXmlSource;

/* Read a DMN file (1.2 to 1.5) and the DMN files it imports: by their locationURI,
 * else by namespace among the units already read and the .dmn files of the same
 * folder.  A DOCTYPE, an external entity, elements nested deeper than 256 and
 * files above 64 MiB are refused; nothing is fetched.  Faults and result as above. */
const DmnUnit *dmn_model_read_xml (DmnModel *model, const DmnXmlSource *source, DmnFaults *faults);

/* Resolve, type and compile everything.  False when FAULTS got an error. */
bool dmn_model_link (DmnModel *model, DmnFaults *faults);

const DmnUnit *dmn_model_unit (const DmnModel *model, const char *id);
/* Every unit, in the order read. */
const DmnUnit *const *dmn_model_units (const DmnModel *model, size_t *n);
const DmnDecision *dmn_model_find (const DmnModel *model, const char *unit, const char *decision);
/* The decision, function or service of that name, or NULL. */
const DmnDecision *dmn_unit_find (const DmnUnit *unit, Text name);
/* The FEEL text that DECISION, or the function it is, consists of; empty when it is
 * more than that. */
Text dmn_decision_text (const DmnDecision *decision);
/* Every path of the host's variables that DECISION may read, through all it
 * requires: the closure from which purpose is computed. */
const FeelPath *dmn_decision_closure (const DmnModel *model, Arena *arena, const DmnDecision *decision,
                                      size_t *n);
/* The variable a path starts from ("居民"). */
const char *dmn_path_variable (const DmnDecision *decision, const FeelPath *path);
/* The decision a path that READER reads starts from, its own unit's or that of a
 * unit it uses; NULL where it starts from a variable, or names a used unit alone. */
const DmnDecision *dmn_path_decision (const DmnDecision *reader, const FeelPath *path);

/* ---- the diagram -------------------------------------------------------- */

/* A decision or function of the unit, or one of its variables. */
typedef struct {
  const DmnDecision *decision; /* NULL: an input */
  int variable;                /* of an input: its index; else −1 */
  int x, y, width, height;
} DmnBox;
/* Box TO requires box FROM; REQUIREMENT: the place in requires_ from 1, 0 for an input. */
typedef struct {
  size_t from, to, requirement;
} DmnLine;
typedef struct {
  int width, height;
  size_t n_boxes, n_lines;
  const DmnBox *boxes;
  const DmnLine *lines;
} DmnDiagram;
/* The decision requirements diagram of UNIT, laid out in ARENA: inputs at the
 * bottom, what requires them above.  EVERY_INPUT: those that nothing reads, too. */
const DmnDiagram *dmn_unit_diagram (Arena *arena, const DmnUnit *unit, bool every_input);
/* Of DECISIONS (N of one unit, the first not NULL) and what they require there. */
const DmnDiagram *dmn_decision_diagram (Arena *arena, const DmnDecision *const *decisions, size_t n);

/* ---- running ----------------------------------------------------------- */

/* The host's value for a variable, asked once per unit and run. */
typedef FeelValue (*DmnBind) (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena);

/* TRACE: how each decision came about.  In clause files a function's tables are left out,
 * which every call would repeat. */
typedef enum { DMN_PLAIN = 0, DMN_TRACE = 1 } DmnRunFlags;

typedef enum { DMN_NOT_MET, DMN_MET, DMN_UNDECIDED } DmnStatus;
const char *dmn_status_id (DmnStatus status); /* "not_met", "met", "undecided" */

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
  const DmnTable *table; /* NULL for expressions; a table inside its logic has an entry of its own */
  FeelValue value;
  size_t n_rules; /* 0 for expressions */
  const DmnTraceRule *rules;
} DmnTrace;

/* Whether rule R of TRACE's table gave the answer: with FIRST only the first one that is met does. */
bool dmn_trace_gave (const DmnTrace *trace, size_t r);

/* Lives in the arena, as all its values do; one thread. */
typedef struct DmnRun DmnRun;
DmnRun *dmn_run_new (const DmnModel *model, Arena *arena, DmnBind bind, void *host, DmnRunFlags flags);

/* What a DMN file is asked with. */
typedef struct {
  /* A context: a value per input data; a value under a decision's name stands for
   * evaluating it; an import's under its name, as a context.  What is not there
   * is null. */
  FeelValue values;
  const FeelValue *now; /* for now() and today(); NULL: they are null */
  gint64 steps;         /* evaluation steps granted; 0: FeelRun's default */
} DmnInputs;
DmnRun *dmn_run_new_inputs (const DmnModel *model, Arena *arena, const DmnInputs *inputs, DmnRunFlags flags);
/* Begin again: what RUN has found, traced and told is forgotten, what it is made of
 * stays in the arena it was made in.  From here on values live in ARENA, best one
 * of their own, reset before each call; the host's values are asked for again, or
 * come from INPUTS (NULL when the run has a host).
 *
 *     while (next_resident (&host)) {
 *       arena_reset (values);
 *       dmn_run_reset (run, values, NULL);
 *       FeelValue v = dmn_run_decision (run, d);
 *     } */
void dmn_run_reset (DmnRun *run, Arena *arena, const DmnInputs *inputs);

/* Decisions are computed on demand and once per run.  A function or a service
 * gives a FEEL function. */
FeelValue dmn_run_decision (DmnRun *run, const DmnDecision *decision);
/* Call a function or a service with what ARGUMENTS (a context) has under the
 * names of its parameters; null for what it has not. */
FeelValue dmn_run_call (DmnRun *run, const DmnDecision *callable, FeelValue arguments);
const DmnTrace *dmn_run_trace (const DmnRun *run);
const FeelDiagnostic *dmn_run_diagnostics (const DmnRun *run);

/* VALUE with every path of PATHS that starts at VARIABLE present: what is
 * missing becomes unknown, named after the path.  For inputs that people write. */
FeelValue dmn_complete (Arena *arena, const char *variable, FeelValue value, const FeelPath *paths,
                        const char *const *path_variables, size_t n);

/* VALUE as JSON gives it, as TYPE wants it: texts become dates, times and
 * durations wherever TYPE says so; what does not read is left as it is. */
FeelValue dmn_read_typed (Arena *arena, const FeelType *type, FeelValue value);
/* "2026-01-31", "08:00:00+08:00", "P1Y" … as the value it spells, of whatever kind; null when none. */
FeelValue dmn_read_temporal (Arena *arena, Text text);
/* The clock as now() gives it. */
FeelValue dmn_clock (Arena *arena);

/* How an open answer is looked at by cases, for engines that do as dmn_run does: the
 * cases that INPUT falls into, and the rules whose test of it holds in each, as bits.
 * False where its tests are not constant: then a table that waits for it stays open. */
typedef struct {
  size_t n, n_words;   /* cases; words of 64 rules per case */
  const guint64 *sets; /* n × n_words */
  size_t most;         /* combinations of several inputs' cases beyond which none are tried */
} DmnAtoms;
bool dmn_table_atoms (const DmnTable *table, size_t input, Arena *arena, DmnAtoms *atoms);

/* ---- examples ---------------------------------------------------------- */

typedef struct {
  const DmnDecision *decision;
  const DmnExample *example;
  bool passed;
  const char *expected, *actual; /* for people; in the arena */
} DmnExampleResult;

typedef struct DmnCoverage DmnCoverage;

/* Run every example of UNIT; COVERAGE (may be NULL) notes what they try.  BASE binds what an example does not
 * state: the parameters at the example's 基准日 (DATE is its text or empty). */
typedef FeelValue (*DmnExampleBase) (void *host, const DmnUnit *unit, const DmnVariable *variable, Text date,
                                     Arena *arena);
const DmnExampleResult *dmn_unit_test (const DmnModel *model, const DmnUnit *unit, Arena *arena,
                                       DmnExampleBase base, void *host, DmnCoverage *coverage, size_t *n);

/* One row alone, of UNIT's own or with other cells: a result per expected head (expected ""
 * where the row has none), and TRACE (may be NULL) how they were computed. */
const DmnExampleResult *dmn_example_run (const DmnModel *model, const DmnUnit *unit,
                                         const DmnExample *example, Arena *arena, DmnExampleBase base,
                                         void *host, const DmnTrace **trace);

/* What examples have tried, over as many dmn_unit_test as it was given to. */
DmnCoverage *dmn_coverage_new (void);
void dmn_coverage_free (DmnCoverage *coverage);

typedef struct {
  size_t rules, rules_met;                /* of decision tables */
  size_t conditions, conditions_decisive; /* of rules, and of `if`, `and`, `or` in expressions */
} DmnCoverageCount;
/* What is not covered in UNIT becomes a warning: a rule that no example meets
 * ("untested-rule"); a condition of a rule that no example fails while all the
 * others hold, or of an expression that is not seen both true and false
 * ("untested-condition").  COUNT is added to. */
void dmn_coverage_report (const DmnCoverage *coverage, const DmnUnit *unit, DmnFaults *faults,
                          DmnCoverageCount *count);

/* ---- analysis of tables -------------------------------------------------- */

/* What an input can take beyond its type: the host knows its facts. */
typedef struct {
  bool null;               /* none is possible */
  const FeelValue *values; /* the only ones possible; NULL: any */
  size_t n_values;
  FeelValue min, max; /* inclusive; null: no bound */
  int scale;          /* digits after a number's point; −1: any */
} DmnDomain;
/* Fills DOMAIN (all of the type, null possible) for a path of UNIT's variables. */
typedef void (*DmnDomainOf) (void *host, const DmnUnit *unit, const FeelPath *path, DmnDomain *domain);

typedef enum {
  DMN_GAP,         /* inputs that no rule covers, where the table says nothing of them */
  DMN_OVERLAP,     /* inputs for which RULE and OTHER match and the hit policy refuses it */
  DMN_UNREACHABLE, /* RULE never decides: CELL admits nothing, or OTHER (NULL: several) come before it */
  DMN_SUBSUMED,    /* OTHER matches all that RULE does, with the same outputs */
  DMN_DUPLICATE,   /* RULE repeats OTHER */
  DMN_TOO_LARGE,   /* the bound on work was met: there may be more findings */
} DmnFindingKind;

/* "gap", "overlap", "unreachable-rule", "subsumed-rule", "duplicate-rule", "large-table". */
const char *dmn_finding_code (DmnFindingKind kind);

typedef struct {
  DmnFindingKind kind;
  const DmnRule *rule, *other;
  const DmnCell *cell;
  const Text *tests; /* GAP, OVERLAP: the region as a row of unary tests, one per input */
} DmnFinding;

/* What is wrong with DECISION's table whatever the facts are (linked, without
 * errors).  Gaps are the largest regions, and may meet each other; together they
 * are all that is not covered, unless there are LIMIT findings of the kind or the
 * table is too large.  Inputs are taken as independent of each other, but for what
 * a decision in one column (a table of constant outputs in the same unit) says of
 * the facts in others.  A test that reads other names counts for what it may hold for, so that nothing is
 * found where there may be nothing; where all such tests of a column compare with one expression e (`< e`,
 * `>= e`; `e`, `not(e)`), e is taken as a value that exists. DOMAIN_OF may be NULL: any value of the type,
 * and null. */
const DmnFinding *dmn_table_findings (const DmnModel *model, const DmnDecision *decision, Arena *arena,
                                      DmnDomainOf domain_of, void *host, size_t limit, size_t *n);
/* The same as faults, a few of each kind and the number of the others. */
void dmn_table_check (const DmnModel *model, const DmnDecision *decision, DmnDomainOf domain_of, void *host,
                      DmnFaults *faults);

/* ---- writing: the same model in the other notation ---------------------- */

/* A page as a sequence of what stands on it.  Logic and headings of decisions come
 * from the model, the rest is Markdown as written. */
typedef enum {
  DMN_PAGE_TEXT,     /* Markdown between the others */
  DMN_PAGE_EXAMPLES, /* a 样例 table, in its canonical layout */
  DMN_PAGE_HEADING,  /* of level 1 or 2, that names no decision */
  DMN_PAGE_DECISION, /* the heading of DECISION */
  DMN_PAGE_LOGIC,    /* DECISION's table or expression */
} DmnPageKind;
typedef struct {
  DmnPageKind kind;
  unsigned level; /* of a HEADING */
  Text text;
  const DmnDecision *decision;
} DmnPageItem;
typedef struct {
  Text front_matter; /* lines between the rules, each ended by \n; empty: the page has none */
  size_t n;
  const DmnPageItem *items;
} DmnPage;

/* The page whose BODY (its first line being FIRST_LINE of the file) UNIT was read from. */
const DmnPage *dmn_page_of_clause (Arena *arena, const DmnUnit *unit, Text front_matter, Text body,
                                   unsigned first_line);
/* The page that a DMN file makes: as dmn_write_xml kept it, else title, description
 * and decisions in file order.  Decisions that no page can hold (see DmnLoss) are
 * left out.  The model must be linked. */
const DmnPage *dmn_page_of_xml (Arena *arena, const DmnUnit *unit);
/* Whether the DMN file was written from a page. */
bool dmn_has_page (const DmnUnit *unit);
/* The id of a DMN file's input data; empty when it has none. */
Text dmn_variable_id (Arena *arena, const DmnUnit *unit, size_t variable);
/* Canonical Markdown: tables aligned, one blank line between blocks (g_free). */
char *dmn_write_clause (const DmnPage *page);

/* What the host knows of a page and DMN has a place for.  Strings may be NULL. */
typedef struct {
  const char *unit;                  /* as the page names it: "共用" */
  const char *namespace_, *location; /* of its own DMN file */
} DmnUse;
typedef struct {
  const char *name, *description;
} DmnNote;
typedef struct {
  const char *name, *namespace_;
  bool edition_1_3; /* in the namespaces of DMN 1.3, the newest that dmn-js reads */
  bool every_input; /* inputs that nothing reads are written as well */
  DmnNote source;   /* the knowledgeSource: document and clause; name NULL: none */
  size_t n_owners, n_indicators, n_uses, n_ids;
  const char *const *owners; /* organizationUnit; the first one leads */
  const DmnNote *indicators; /* performanceIndicator */
  const DmnUse *uses;        /* one per used unit */
  const DmnName *ids;        /* TYPE_NAME is the id that the decision or input NAME is to have */
} DmnFacts;

/* DMN 1.5 XML of UNIT of MODEL, read from a clause file and linked, laid out as PAGE, with a
 * diagram (free).  NULL with FAULT_INPUT for what XML cannot hold: control
 * characters. */
char *dmn_write_xml (const DmnModel *model, const DmnUnit *unit, const DmnPage *page, const DmnFacts *facts,
                     GError **error);

/* What turning a file into the other notation would lose. */
typedef struct {
  unsigned line;
  const char *element; /* "decisionService" */
  const char *id;      /* or name; may be empty */
  const char *why;
} DmnLoss;
/* Of a DMN file as a page; of a page as a DMN file.  In file order; 0 when nothing
 * is lost.  The model must be linked. */
const DmnLoss *dmn_losses (Arena *arena, const DmnUnit *unit, size_t *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmnModel, dmn_model_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmnFaults, dmn_faults_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmnCoverage, dmn_coverage_free)
