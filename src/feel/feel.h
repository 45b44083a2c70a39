/* feel — the Friendly Enough Expression Language of DMN 1.5 (clause 10.3).
 *
 * What it is for: text in, compiled expression out, evaluated as often as one
 * likes.  Compiling resolves every name to a slot or a member, so evaluating
 * never walks text; a compiled expression is immutable and may be shared by
 * threads.  Values live in the arena of the run and are never changed.
 *
 * What it promises
 *   - The meaning of the standard: decimal128 numbers, strings by code point,
 *     three-valued logic, names with spaces and any script (the parser knows
 *     the scope), errors are null *and* a diagnostic with place and cause.
 *   - UNKNOWN, one value beyond the standard, for facts that nobody has stated.
 *     It is strict except where logic is not: `false and unknown` is false,
 *     `if unknown then 1 else 1` is 1.  An unknown carries the facts it depends
 *     on.  Where nothing is unknown, results are exactly the standard's.
 *       soundness: if a result is determined, no completion of the unknown
 *       facts changes it.
 *   - Limits: nesting 1,000 deep, FeelRun.steps evaluation steps (a node, some
 *     bytes of text, part of a list's item); a hostile expression ends in an error.
 *   - Evaluating allocates in the run's arena only, but for zones (ICU) and
 *     patterns (PCRE2), which are given back at once; a constant pattern is
 *     compiled with its expression.
 *   - A function made by evaluating keeps copies of the slots it saw: it may
 *     outlive them, not the arena.
 *
 * What it refuses: to know a county, a file or a clock (the host gives `now`).
 *
 * How a call goes
 *
 *     FeelScope *scope = feel_scope_new (arena, NULL);
 *     int age = feel_scope_add (scope, text_of ("年龄"), &feel_type_number);
 *     const FeelExpression *e =
 *       feel_compile (arena, text_of ("if 年龄 >= 18 then 1 else 0"), scope, NULL, &error);
 *     FeelValue slots[] = { [0] = feel_int (17) };
 *     FeelRun run = { .arena = arena, .slots = slots };
 *     FeelValue v = feel_evaluate (e, &run);
 */
#pragma once

#include "base/base.h"

/* ---- values ------------------------------------------------------------ */

typedef enum {
  FEEL_NULL,
  FEEL_UNKNOWN,
  FEEL_BOOLEAN,
  FEEL_NUMBER,
  FEEL_STRING,
  FEEL_DATE,
  FEEL_TIME,
  FEEL_DATE_TIME,
  FEEL_DAYS_DURATION,   /* days and time duration */
  FEEL_MONTHS_DURATION, /* years and months duration */
  FEEL_RANGE,
  FEEL_LIST,
  FEEL_CONTEXT,
  FEEL_FUNCTION,
} FeelKind;

typedef struct FeelValue FeelValue;
typedef struct FeelUnknown FeelUnknown;
typedef struct FeelRange FeelRange;
typedef struct FeelList FeelList;
typedef struct FeelContext FeelContext;
typedef struct FeelFunction FeelFunction;
typedef struct FeelMoment FeelMoment; /* a time or date-time with its offset or zone */

struct FeelValue {
  FeelKind kind;
  union {
    bool boolean;
    Decimal number;
    Text string;
    Day date;
    const FeelMoment *moment; /* FEEL_TIME, FEEL_DATE_TIME */
    struct {
      gint64 seconds;
      gint32 nanoseconds; /* same sign as seconds */
    } span;               /* FEEL_DAYS_DURATION */
    gint64 months;        /* FEEL_MONTHS_DURATION */
    const FeelRange *range;
    const FeelList *list;
    const FeelContext *context;
    const FeelFunction *function;
    const FeelUnknown *unknown;
  };
};

struct FeelList {
  size_t n;
  const FeelValue *items;
};

/* Entries in order; names unique.  A host may build one with cycles (a member's
 * household whose members include the member): nothing here walks a context
 * further than an expression asks. */
typedef struct {
  Text name;
  FeelValue value;
} FeelEntry;
struct FeelContext {
  size_t n;
  const FeelEntry *entries;
};

/* What an unknown depends on: a fact nobody stated or a parameter without value. */
typedef struct {
  Text name;        /* as a person would ask for it: "居民.月收入", "参数.低保标准" */
  const void *host; /* the host's own handle, or NULL; compared with name for identity */
} FeelNeed;
struct FeelUnknown {
  size_t n;
  const FeelNeed *const *needs; /* no duplicates, first mentioned first */
};

static inline FeelValue
feel_null (void)
{
  return (FeelValue){ .kind = FEEL_NULL };
}
static inline FeelValue
feel_boolean (bool b)
{
  return (FeelValue){ .kind = FEEL_BOOLEAN, .boolean = b };
}
static inline FeelValue
feel_number (Decimal d)
{
  return (FeelValue){ .kind = FEEL_NUMBER, .number = d };
}
static inline FeelValue
feel_int (gint64 i)
{
  return feel_number (decimal_from_int64 (i));
}
static inline FeelValue
feel_string (Text t)
{
  return (FeelValue){ .kind = FEEL_STRING, .string = t };
}
static inline FeelValue
feel_date (Day d)
{
  return (FeelValue){ .kind = FEEL_DATE, .date = d };
}
static inline FeelValue
feel_months (gint64 m)
{
  return (FeelValue){ .kind = FEEL_MONTHS_DURATION, .months = m };
}
static inline bool
feel_is_true (FeelValue v)
{
  return v.kind == FEEL_BOOLEAN && v.boolean;
}
static inline bool
feel_is_false (FeelValue v)
{
  return v.kind == FEEL_BOOLEAN && !v.boolean;
}

/* An unknown that depends on one need (copied). */
FeelValue feel_unknown (Arena *arena, FeelNeed need);
/* The union of two unknowns' needs; either may be any other kind, then the other. */
FeelValue feel_unknown_merge (Arena *arena, FeelValue a, FeelValue b);
/* Copies N items / entries (the arrays, not what they point to). */
FeelValue feel_list (Arena *arena, const FeelValue *items, size_t n);
FeelValue feel_context (Arena *arena, const FeelEntry *entries, size_t n);
/* The entry's value, NULL when absent. */
const FeelValue *feel_context_get (const FeelContext *context, Text name);

/* FEEL equality: TRUE, FALSE, or NULL for kinds that cannot be compared. Unknown
 * operands give UNKNOWN. */
FeelValue feel_equal (Arena *arena, FeelValue a, FeelValue b);
/* FEEL's own notation ("\"市级\"", "250000", "date(\"2021-09-30\")", "[1, 2]"). */
void feel_write (GString *out, FeelValue v);
/* For people: strings without quotes, dates ISO. */
char *feel_display (Arena *arena, FeelValue v);
/* JSON: numbers exact, dates and durations as strings, unknown as {"unknown": [names]}. */
void feel_write_json (JsonWriter *w, FeelValue v);
/* JSON value to FEEL: numbers, strings, booleans, null, arrays, objects. */
FeelValue feel_from_json (Arena *arena, const JsonValue *json);

/* ---- types ------------------------------------------------------------- */

typedef struct FeelType FeelType;
typedef struct {
  Text name;
  const FeelType *type;
} FeelMember;

typedef enum {
  FEEL_TYPE_ANY,
  FEEL_TYPE_NULL,
  FEEL_TYPE_BOOLEAN,
  FEEL_TYPE_NUMBER,
  FEEL_TYPE_STRING,
  FEEL_TYPE_DATE,
  FEEL_TYPE_TIME,
  FEEL_TYPE_DATE_TIME,
  FEEL_TYPE_DAYS_DURATION,
  FEEL_TYPE_MONTHS_DURATION,
  FEEL_TYPE_RANGE,
  FEEL_TYPE_LIST,
  FEEL_TYPE_CONTEXT,
  FEEL_TYPE_FUNCTION,
} FeelTypeKind;

/* A type known while compiling.  CLOSED contexts have exactly the members
 * listed: naming another one is a compile error with the nearest name.  The
 * graph may have cycles (resident → household → members → resident). */
struct FeelType {
  FeelTypeKind kind;
  const FeelType *element; /* LIST, RANGE; FUNCTION: result */
  size_t n;                /* CONTEXT members, FUNCTION parameters */
  const FeelMember *members;
  bool closed;
  Text name; /* for messages: "居民"; may be empty */
};

extern const FeelType feel_type_any, feel_type_boolean, feel_type_number, feel_type_string, feel_type_date,
    feel_type_time, feel_type_date_time, feel_type_days_duration, feel_type_months_duration;

/* "number", "list<string>", "context<a: number>", "function<number>->number"… DMN 1.5, 10.3.2.13. */
char *feel_type_describe (Arena *arena, const FeelType *type);

/* ---- scopes ------------------------------------------------------------ */

/* Names in force.  A child sees its parent's names.  Slots count through the
 * whole chain, so one flat array of values serves. */
typedef struct FeelScope FeelScope;
FeelScope *feel_scope_new (Arena *arena, const FeelScope *parent);
/* The slot of the name added; TYPE may be NULL (any).  NAME is normalised as
 * DMN 10.3.1.5 says (blanks folded). */
int feel_scope_add (FeelScope *scope, Text name, const FeelType *type);
/* Names a type for `instance of` and for parameters. */
void feel_scope_add_type (FeelScope *scope, Text name, const FeelType *type);
int feel_scope_find (const FeelScope *scope, Text name); /* −1 when absent */
int feel_scope_size (const FeelScope *scope);            /* slots needed for a run */

/* ---- compiling --------------------------------------------------------- */

typedef struct FeelExpression FeelExpression;

/* What is wrong with a text that does not compile. */
#define FEEL_ERROR (feel_error_quark ())
GQuark feel_error_quark (void);
typedef enum {
  FEEL_ERROR_SYNTAX,
  FEEL_ERROR_NAME,       /* no such variable, member or function */
  FEEL_ERROR_TYPE,       /* operands, arguments or a test that cannot fit */
  FEEL_ERROR_FULL_WIDTH, /* ＞ for > */
  FEEL_ERROR_CLOCK,      /* today() or now() in the strict dialect */
  FEEL_ERROR_LIMIT,      /* too deep or too large */
} FeelErrorCode;

typedef struct {
  const char *origin; /* file name for messages, may be NULL */
  unsigned line;      /* where the source's first character stands, from 1 */
  unsigned column;    /* in code points, from 1 */
  /* The stricter dialect of clause files: today()/now() and full-width
   * operators inside names are errors, and every name must resolve. */
  bool strict;
} FeelOptions;

/* NULL with a FEEL_ERROR: "origin:line:column: what, and what to do".  SOURCE is
 * copied into ARENA where needed; OPTIONS may be NULL. */
const FeelExpression *feel_compile (Arena *arena, Text source, const FeelScope *scope,
                                    const FeelOptions *options, GError **error);
/* Unary tests (DMN 10.3.2.8): "-", `"a","b"`, `< 5`, `[1..3]`, `not(…)`, or any
 * expression using `?`.  INPUT_TYPE is the type of `?` (may be NULL). */
const FeelExpression *feel_compile_test (Arena *arena, Text source, const FeelScope *scope,
                                         const FeelType *input_type, const FeelOptions *options,
                                         GError **error);

/* The static type, feel_type_any when not known. */
const FeelType *feel_expression_type (const FeelExpression *e);
/* The value E always has, where the parser has found it has one; else NULL. */
const FeelValue *feel_expression_constant (const FeelExpression *e);
bool feel_test_is_any (const FeelExpression *test); /* "-" */
Text feel_expression_source (const FeelExpression *e);

/* What a constant test holds for: the inputs that make it true, as intervals of
 * one kind each, disjoint, apart and ascending by kind and value (feel_order).
 * Exact for null and for inputs that are no list, context, range or function.
 *
 *   `< 5, 7`      number (..5) and [7..7]; null is false
 *   `not("a")`    string (.."a") and ("a"..); null is true, as null is not "a"
 *   `-`           all and null
 *
 * Truth values are points.  Dates are whole days, and their intervals closed
 * below and open above: `date("2021-09-30")` is [2021-09-30..2021-10-01), so that
 * what follows without a gap also meets. */
typedef struct {
  FeelKind kind;       /* FEEL_BOOLEAN … FEEL_MONTHS_DURATION */
  FeelValue low, high; /* null: unbounded on that side */
  bool low_closed, high_closed;
} FeelInterval;
typedef struct {
  bool null; /* null makes the test true */
  bool all;  /* every other input does; N is 0 */
  size_t n;
  const FeelInterval *intervals;
} FeelIntervals;

/* False when TEST reads other names or calls functions, when it tests for equality
 * with a context, time or date-time, or order with a zoned one.  Lives in ARENA. */
bool feel_test_intervals (const FeelExpression *test, Arena *arena, FeelIntervals *out);
/* The order of two values of one kind: −1, 0, 1 (false before true, strings by
 * code point, moments by instant); false when there is none. */
bool feel_order (FeelValue a, FeelValue b, int *order);

/* Every path from a scope name that evaluating could read, as "slot, members":
 * `sum(for m in 户.成员 return m.收入)` reads 户 · 成员 · 收入.  Iteration and
 * filter variables are traced back to their list.  A path is the longest chain
 * used; results are in the order of first use, without duplicates. */
typedef struct {
  int slot;
  size_t n;
  const Text *members;
} FeelPath;
const FeelPath *feel_expression_paths (const FeelExpression *e, size_t *n);

/* What an expression hands on, for whoever reads members of its value: the value, or
 * an item of it, or what stands in it under MEMBERS (`{起: 段.开始日期}`), may be what
 * PATH leads to.  `户.成员[月收入 > 0]` hands on 户 · 成员. */
typedef struct {
  size_t n;
  const Text *members;
  FeelPath path;
} FeelOrigin;
const FeelOrigin *feel_expression_origins (const FeelExpression *e, size_t *n);

/* An argument given to a function that is not the expression's own: FUNCTION leads
 * to it; what stands in the argument under MEMBERS (`{上限: 参数.上限}`), or with none
 * the argument itself, may be what ARGUMENT leads to. */
typedef struct {
  FeelPath function, argument;
  size_t n;
  const Text *members;
  size_t position; /* from 0 */
  Text name;       /* of a named argument; empty when by position */
} FeelArgument;
const FeelArgument *feel_expression_arguments (const FeelExpression *e, size_t *n);

/* ---- what examples have seen ------------------------------------------- */

/* What the conditions of expressions came to, over many evaluations.  A condition is
 * what `if` asks, or an operand of `and` and `or` that is neither: since those stop at
 * the operand that settles them, one seen both true and false has settled it both
 * ways (modified condition/decision coverage, RTCA DO-178C, 6.4.4.2, short-circuit form). */
typedef struct FeelSeen FeelSeen;
FeelSeen *feel_seen_new (void);
void feel_seen_free (FeelSeen *seen);

typedef struct {
  unsigned line, column; /* of its first token, in the file */
  bool seen_true, seen_false;
} FeelCondition;
/* The conditions of E in the order of its text, with what SEEN has of them. */
const FeelCondition *feel_expression_conditions (const FeelExpression *e, const FeelSeen *seen, Arena *arena,
                                                 size_t *n);

/* ---- running ----------------------------------------------------------- */

typedef struct FeelDiagnostic {
  struct FeelDiagnostic *next;
  const char *origin;
  unsigned line, column;
  const char *message; /* in the run's arena */
} FeelDiagnostic;

/* From FIRST (may be NULL) on, as a JSON array of {origin, line, column, message}. */
void feel_write_diagnostics (JsonWriter *w, const FeelDiagnostic *first);

typedef struct {
  Arena *arena;
  const FeelValue *slots;      /* feel_scope_size values */
  const FeelValue *now;        /* date and time for now()/today(), or NULL: then null + diagnostic */
  gint64 steps;                /* evaluation steps left; 0 at start means the default of 50,000,000 */
  FeelDiagnostic *diagnostics; /* newest first */
  FeelSeen *seen;              /* told what conditions come to; NULL: nobody asks */
  unsigned depth;              /* current nesting, internal */
  unsigned n_diagnostics;      /* internal: at most 200 are kept */
} FeelRun;

FeelValue feel_evaluate (const FeelExpression *e, FeelRun *run);
/* TRUE, FALSE, NULL or UNKNOWN: whether INPUT satisfies TEST. */
FeelValue feel_evaluate_test (const FeelExpression *test, FeelValue input, FeelRun *run);
/* V as a variable of TYPE takes it: a list of one for its item, an item for a list
 * of it, a date for its midnight (DMN 1.5, 10.3.2.9.4); null with FITS unset when
 * it does not fit.  Null and unknown fit everything. */
FeelValue feel_coerce (FeelRun *run, const FeelType *type, FeelValue v, bool *fits);
/* Adds a diagnostic (printf-style); returns null, so that `return feel_fail (…)`. */
FeelValue feel_fail (FeelRun *run, const FeelExpression *where, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* A function made by the host (a business knowledge model, a decision service).
 * CALL gets N arguments already matched to PARAMETERS by position or name. */
typedef FeelValue (*FeelNative) (void *host, const FeelValue *arguments, size_t n, FeelRun *run);
FeelValue feel_native (Arena *arena, const Text *parameters, size_t n, FeelNative call, void *host);
/* Call any function value. */
FeelValue feel_call (FeelValue function, const FeelValue *arguments, size_t n, FeelRun *run);

/* ---- the tree, for other compilers --------------------------------------- */

/* What an expression was parsed to, read-only: whoever compiles FEEL to something
 * else walks it from feel_expression_tree down.  What a part is, by kind:
 *
 *   CONSTANT         value
 *   SLOT, LOCAL      place: of the scope's names; of a name the expression brings
 *   MEMBER_OR        name, of the item in local `place`; parts[0] when it has none, may be NULL
 *   NEGATE           parts[0]
 *   ARITHMETIC, COMPARE   parts[0] sign parts[1]
 *   AND, OR          parts[0], parts[1]
 *   BETWEEN          parts: value, low, high
 *   IN               parts[0] is put into local `place`, parts[1] a test of it
 *   IF               parts: condition, then, else
 *   FOR, SOME, EVERY parts: per iterator its list and `to` (NULL: none), last the body;
 *                    places: the iterators' locals
 *   FILTER           parts: list, condition; place: the item's local
 *   PATH             parts[0] . name
 *   LIST, CONTEXT    parts; a context's names, entry i in local `place` + i
 *   RANGE            parts: low, high
 *   FUNCTION         parts[0] is the body
 *   CALL             parts[0] the callee, then arguments; names of the arguments or NULL
 *   BUILTIN          name; parts: arguments in order, NULL where not given
 *   INSTANCE, FAULT  parts[0]; none
 *   TEST_…           tests of local `place`; NOT: parts[0], ONE_OF: parts, COMPARE: sign parts[0],
 *                    RANGE: parts low, high, VALUE and TRUTH: parts[0] */
typedef enum {
  FEEL_NODE_CONSTANT,
  FEEL_NODE_SLOT,
  FEEL_NODE_LOCAL,
  FEEL_NODE_MEMBER_OR,
  FEEL_NODE_NEGATE,
  FEEL_NODE_ARITHMETIC,
  FEEL_NODE_COMPARE,
  FEEL_NODE_AND,
  FEEL_NODE_OR,
  FEEL_NODE_BETWEEN,
  FEEL_NODE_IN,
  FEEL_NODE_IF,
  FEEL_NODE_FOR,
  FEEL_NODE_SOME,
  FEEL_NODE_EVERY,
  FEEL_NODE_FILTER,
  FEEL_NODE_PATH,
  FEEL_NODE_LIST,
  FEEL_NODE_CONTEXT,
  FEEL_NODE_RANGE,
  FEEL_NODE_FUNCTION,
  FEEL_NODE_CALL,
  FEEL_NODE_BUILTIN,
  FEEL_NODE_INSTANCE,
  FEEL_NODE_FAULT,
  FEEL_NODE_TEST_ANY,
  FEEL_NODE_TEST_NOT,
  FEEL_NODE_TEST_ONE_OF,
  FEEL_NODE_TEST_COMPARE,
  FEEL_NODE_TEST_RANGE,
  FEEL_NODE_TEST_VALUE,
  FEEL_NODE_TEST_TRUTH,
} FeelNodeKind;

typedef struct Node FeelNode;
typedef struct {
  FeelNodeKind kind;
  char sign; /* + - * / ^ for arithmetic; = ! < l > g for comparison (l: <=, g: >=) */
  bool low_closed, high_closed;
  unsigned place;
  Text name;
  FeelValue value;
  const FeelType *type; /* static */
  size_t n;
  const FeelNode *const *parts;
  const unsigned *places;
  const Text *names;
} FeelView;

const FeelNode *feel_expression_tree (const FeelExpression *e);
/* How many locals evaluating E needs. */
unsigned feel_expression_locals (const FeelExpression *e);
/* What NODE is; arrays live in ARENA. */
FeelView feel_node_view (Arena *arena, const FeelNode *node);
/* NODE's own operation on VALUES, one per part of its view (a test: its input first,
 * then its parts): for kinds that take the values of all their parts (NEGATE, ARITHMETIC,
 * COMPARE, BETWEEN, PATH, LIST, RANGE, BUILTIN, INSTANCE, TEST_COMPARE, TEST_RANGE,
 * TEST_VALUE).  E is what NODE is of. */
FeelValue feel_node_apply (const FeelExpression *e, const FeelNode *node, const FeelValue *values,
                           FeelRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeelSeen, feel_seen_free)
