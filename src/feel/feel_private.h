/* feel, inside: what its files share.
 *
 *   lexer.c      text to tokens
 *   parser.c     tokens to calls of the builder; knows the scope, for names may hold blanks and operators
 *   build.c      nodes: types inferred, names resolved, constants evaluated
 *   evaluate.c   nodes to values
 *   test.c       unary tests
 *   intervals.c  what a constant test holds for
 *   operators.c  arithmetic, equality, order
 *   temporal.c   dates, times, durations
 *   builtins*.c  the functions of clause 10.3.4, as a table
 *   paths.c      what an expression could read
 *   view.c        the tree as other compilers see it
 *   value.c, type.c, scope.c, write.c
 */
#pragma once

#include "feel.h"

enum {
  FEEL_NESTING_MAX = 1000, /* brackets in a source, height of a tree */
  FEEL_DEPTH_MAX = 2000,   /* nodes on the way from the root of a run, calls included */
  FEEL_STEPS_DEFAULT = 50000000,
  FEEL_EFFORT_MAX = 30000000, /* names compared while compiling one source */
  FEEL_DIAGNOSTICS_MAX = 200, /* kept for one run */
  FEEL_WRITE_MAX = 16 << 20,  /* bytes of one value written */
};

typedef struct Node Node; /* FeelNode, for others */
typedef struct Builtin Builtin;

/* ---- values ---- */

struct FeelRange {
  FeelValue low, high; /* null: unbounded on that side */
  bool low_closed, high_closed;
  guint8 sign; /* 0 for an interval; 1 + its CompareOp for `(< 10)`, which equals no interval */
};

/* The one bound of `(< 10)`. */
static inline FeelValue
range_bound (const FeelRange *range)
{
  return range->low.kind != FEEL_NULL ? range->low : range->high;
}

typedef enum { ZONE_NONE, ZONE_OFFSET, ZONE_NAMED } ZoneKind;

struct FeelMoment {
  Day date;                 /* 0 for a time */
  int seconds, nanoseconds; /* of the day */
  ZoneKind zone;
  int offset; /* seconds east of UTC, for ZONE_OFFSET */
  Text zone_name;
};

struct FeelFunction {
  size_t n;
  const Text *parameters;
  const FeelType *const *types; /* NULL for natives */
  /* one of: a function literal with what it saw when made */
  const Node *body;
  const FeelExpression *expression;
  const FeelValue *slots, *locals;
  unsigned first_local; /* where the parameters go */
  /* … a host's function … */
  FeelNative native;
  void *host;
  /* … or a built-in one, by name */
  Text builtin;
};

struct FeelExpression {
  Text source;
  const char *origin;
  unsigned line, column;
  const Node *root;
  unsigned n_locals;
  unsigned n_slots;
  bool is_test;
  size_t n_paths;
  const FeelPath *paths;
  size_t n_origins, n_arguments;
  const FeelOrigin *origins;
  const FeelArgument *arguments;
  size_t n_conditions;
  const Node *const *conditions; /* see seen.c */
};

/* A frame: the values of iteration variables, parameters and context entries. */
typedef struct {
  FeelRun *run;
  const FeelExpression *expression;
  FeelValue *locals;
} Frame;

/* ---- nodes ---- */

typedef enum {
  NODE_CONSTANT,
  NODE_SLOT,
  NODE_LOCAL,
  NODE_MEMBER_OR, /* a name inside a filter whose element type is not known: member, else fallback */
  NODE_NEGATE,
  NODE_ARITHMETIC,
  NODE_COMPARE,
  NODE_AND,
  NODE_OR,
  NODE_BETWEEN,
  NODE_IN,
  NODE_IF,
  NODE_FOR,
  NODE_SOME,
  NODE_EVERY,
  NODE_FILTER,
  NODE_PATH,
  NODE_LIST,
  NODE_CONTEXT,
  NODE_RANGE,
  NODE_FUNCTION,
  NODE_CALL,
  NODE_BUILTIN,
  NODE_INSTANCE,
  NODE_FAULT, /* evaluating it gives null and a diagnostic (what compiling found in the lenient dialect) */
  /* unary tests; they read their input from a local */
  NODE_TEST_ANY,
  NODE_TEST_NOT,
  NODE_TEST_ONE_OF,
  NODE_TEST_COMPARE, /* < 5 */
  NODE_TEST_RANGE,
  NODE_TEST_VALUE, /* equal to, contained in */
  NODE_TEST_TRUTH, /* an expression with `?` */
} NodeKind;

typedef enum { OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_POWER } ArithmeticOp;
typedef enum { OP_EQUAL, OP_NOT_EQUAL, OP_LESS, OP_LESS_EQUAL, OP_GREATER, OP_GREATER_EQUAL } CompareOp;

typedef struct {
  unsigned local;
  const Node *from;
  const Node *to; /* `from .. to`, or NULL */
} Iterator;

struct Node {
  NodeKind kind;
  guint8 op;
  bool low_closed, high_closed;
  guint16 height;
  unsigned at;    /* byte offset in the source */
  unsigned local; /* slot or local index; the input of a test; first of a group; where a member is likely */
  const FeelType *type;
  const Node *a, *b, *c;
  size_t n;
  union {
    FeelValue value;
    const Node *const *nodes;
    struct {
      const Node *const *values;
      const Text *names; /* of entries or named arguments; NULL when positional */
    } entries;
    struct {
      const Iterator *iterators;
      unsigned partial; /* the local of `partial` */
      bool uses_partial;
    } loop;
    struct {
      const Text *parameters;
      const FeelType *const *types;
    } function;
    struct {
      const Node *const *arguments;
      const Builtin *row;
      unsigned given;       /* bit i: argument i was written */
      const void *prepared; /* what the row made of constant arguments */
    } call;
    struct {
      FeelValue low, high; /* of constant bounds */
      bool constant;
    } bounds;
    Text name;
    const char *message;
    const FeelType *tested;
  };
};

/* ---- lexer.c ---- */

typedef enum {
  TOKEN_END,
  TOKEN_NAME,
  TOKEN_NUMBER,
  TOKEN_STRING,
  TOKEN_AT,
  TOKEN_LPAREN,
  TOKEN_RPAREN,
  TOKEN_LBRACKET,
  TOKEN_RBRACKET,
  TOKEN_LBRACE,
  TOKEN_RBRACE,
  TOKEN_COMMA,
  TOKEN_COLON,
  TOKEN_DOT,
  TOKEN_DOTS,
  TOKEN_PLUS,
  TOKEN_MINUS,
  TOKEN_STAR,
  TOKEN_POWER,
  TOKEN_SLASH,
  TOKEN_EQUAL,
  TOKEN_NOT_EQUAL,
  TOKEN_LESS,
  TOKEN_LESS_EQUAL,
  TOKEN_GREATER,
  TOKEN_GREATER_EQUAL,
  TOKEN_ARROW,
  TOKEN_QUESTION,
  TOKEN_APOSTROPHE,
} TokenKind;

typedef struct {
  TokenKind kind;
  unsigned start, end; /* bytes */
  Text text;           /* a name part or number as written; a string decoded */
} Token;

typedef struct Parser Parser;

/* Reads the token at OFFSET; a fault is reported with parser_fail and gives TOKEN_END. */
Token lexer_read (Parser *p, unsigned offset);
/* Offset of the first character at or after OFFSET that is neither blank nor comment. */
unsigned lexer_skip (Parser *p, unsigned offset);
/* One code point at OFFSET and its length; 0 at the end. */
gunichar lexer_peek (Text source, unsigned offset, unsigned *length);
bool lexer_is_blank (gunichar c);
bool lexer_is_name_part (gunichar c);
/* Blanks folded to one, none around operators inside a name. */
Text lexer_normalise_name (Arena *arena, Text name);
/* Bytes of SOURCE from OFFSET on that spell NAME (blanks loosely), 0 when they do not. */
unsigned lexer_match_name (Text source, unsigned offset, Text name);

/* ---- parser.c and build.c ---- */

typedef struct Level Level;
struct Level { /* names added inside the expression, innermost first */
  const Level *parent;
  Text name; /* a variable */
  unsigned local;
  const FeelType *type;
  bool is_filter; /* `item` and its members */
  bool is_input;  /* `?` */
  bool *used;     /* set when the name is read, or NULL */
};

struct Parser {
  Arena *arena;
  Text source;
  const FeelScope *scope;
  FeelOptions options;
  const Level *level;
  unsigned n_locals, max_locals;
  unsigned depth;
  unsigned effort; /* names compared so far */
  Token token;
  unsigned previous_end;
  bool in_upper_bound; /* a `[` may close the range instead of filtering */
  bool uses_input;     /* `?` was read */
  GError *error;
  GPtrArray *vocabulary; /* Text *: member names met so far, for paths on values of unknown type */
  GPtrArray *conditions; /* Node *: what `if`, `and` and `or` ask */
};

void parser_fail_as (Parser *p, FeelErrorCode code, unsigned at, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
#define parser_fail(p, at, ...) parser_fail_as (p, FEEL_ERROR_SYNTAX, at, __VA_ARGS__)
bool parser_failed (const Parser *p);
/* Line and column of byte AT. */
void feel_place (Text source, unsigned first_line, unsigned first_column, unsigned at, unsigned *line,
                 unsigned *column);

/* ---- seen.c ---- */

void seen_note (FeelSeen *seen, const Node *condition, FeelValue value);

/* ---- build.c ---- */

Node *build_node (Parser *p, NodeKind kind, unsigned at, const FeelType *type);
const Node *build_constant (Parser *p, unsigned at, FeelValue value);
/* Lenient dialect: a node that fails when evaluated; strict: a compile error. */
const Node *build_fault (Parser *p, FeelErrorCode code, unsigned at, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
const Node *build_negate (Parser *p, unsigned at, const Node *a);
const Node *build_arithmetic (Parser *p, unsigned at, ArithmeticOp op, const Node *a, const Node *b);
const Node *build_compare (Parser *p, unsigned at, CompareOp op, const Node *a, const Node *b);
const Node *build_logic (Parser *p, unsigned at, NodeKind kind, const Node *a, const Node *b);
const Node *build_between (Parser *p, unsigned at, const Node *a, const Node *low, const Node *high);
const Node *build_if (Parser *p, unsigned at, const Node *condition, const Node *yes, const Node *no);
const Node *build_path (Parser *p, unsigned at, const Node *object, Text name);
const Node *build_filter (Parser *p, unsigned at, const Node *list, const Node *predicate, unsigned local);
const Node *build_list (Parser *p, unsigned at, const GPtrArray *items);
const Node *build_context (Parser *p, unsigned at, const GArray *names, const GPtrArray *values,
                           unsigned first_local);
const Node *build_range (Parser *p, unsigned at, const Node *low, const Node *high, bool low_closed,
                         bool high_closed);
/* `(< 10)`: a range open to one side; `(= 10)` holds one value, `(!= 10)` all others. */
const Node *build_one_sided (Parser *p, unsigned at, CompareOp op, const Node *bound);
/* NAMES is empty when positional. */
const Node *build_call (Parser *p, unsigned at, const Node *callee, const GPtrArray *arguments,
                        const GArray *names);
const Node *build_builtin (Parser *p, unsigned at, Text name, const GPtrArray *arguments,
                           const GArray *names);
const Node *build_instance (Parser *p, unsigned at, const Node *a, const FeelType *type);
/* A copy of the node as a constant, when its parts are constant and it evaluates without complaint. */
const Node *build_fold (Parser *p, Node *node);
const Node *build_in (Parser *p, unsigned at, const Node *a, const Node *test, unsigned local);
const Node *build_test_compare (Parser *p, unsigned at, CompareOp op, const Node *bound, unsigned local,
                                const FeelType *input);
/* A test made of an expression: a range, a value, or a truth when USES_INPUT. */
const Node *build_test (Parser *p, const Node *a, bool uses_input, unsigned local, const FeelType *input);
const Node *build_test_group (Parser *p, unsigned at, NodeKind kind, const GPtrArray *tests, unsigned local);
/* The element type of what a loop or filter runs over. */
const FeelType *build_element_type (const FeelType *list);
/* Strict dialect: fails unless a value of TYPE can satisfy a test made of INPUT's type. */
void build_check_test (Parser *p, unsigned at, const FeelType *input, const FeelType *type);
/* The longest name in force at the token, resolved; NULL when none. LENGTH in bytes. */
const Node *build_name (Parser *p, unsigned at, unsigned *length);
/* A list of nodes copied to the arena. */
const Node *const *build_nodes (Parser *p, const GPtrArray *nodes);
/* "; did you mean X?" for the nearest name in force, or "". */
const char *build_suggestion (Parser *p, Text name);
const char *build_member_suggestion (Parser *p, const FeelType *type, Text name);

const FeelMember *type_member (const FeelType *type, Text name);
const FeelType *type_list_of (Arena *arena, const FeelType *element);
bool type_is_known (const FeelType *type); /* not any, not null */
/* `list`, `range`, `context` or `function` without what it holds. */
bool type_is_bare (const FeelType *type);
/* Whether V is an instance of TYPE (10.3.2.13); unknown inside gives UNKNOWN. */
FeelValue type_instance (FeelRun *run, const FeelType *type, FeelValue v);
FeelTypeKind type_of_kind (FeelKind kind);
const FeelType *type_by_name (const FeelScope *scope, Text name);
const FeelType *type_of_value (FeelValue v);

const FeelScope *scope_parent (const FeelScope *scope);
size_t scope_count (const FeelScope *scope); /* of its own */
Text scope_name (const FeelScope *scope, size_t i, int *slot, const FeelType **type);
const FeelType *scope_type (const FeelScope *scope, Text name);
size_t scope_type_count (const FeelScope *scope);
Text scope_type_name (const FeelScope *scope, size_t i);

/* ---- evaluate.c ---- */

FeelValue evaluate_node (const Node *node, Frame *frame);
/* The same without copying what is there already; ROOM takes what is not. */
static inline const FeelValue *
evaluate_operand (const Node *node, Frame *frame, FeelValue *room)
{
  switch (node->kind) {
  case NODE_CONSTANT: return &node->value;
  case NODE_SLOT: return &frame->run->slots[node->local];
  case NODE_LOCAL: return &frame->locals[node->local];
  default: *room = evaluate_node (node, frame); return room;
  }
}
/* As a test of locals[node->local]. */
FeelValue evaluate_test_node (const Node *node, Frame *frame);
FeelValue evaluate_loop (const Node *node, Frame *frame);
FeelValue evaluate_filter (const Node *node, Frame *frame);
FeelValue fail_at (Frame *frame, const Node *node, const char *format, ...) G_GNUC_PRINTF (3, 4);
FeelValue feel_fail_in (FeelRun *run, const FeelExpression *where, const Node *node, const char *format,
                        va_list args);
/* Takes N steps; false (and a diagnostic, once) when they are used up. */
bool evaluate_charge (FeelRun *run, const FeelExpression *where, gint64 n);
FeelValue evaluate_path (const Node *node, FeelValue object, Text name, Frame *frame);
/* INPUT equal to V, or in it when V is a range or list. */
FeelValue test_matches (FeelRun *run, FeelValue input, FeelValue v);
FeelValue test_in_range (FeelRun *run, FeelValue input, const FeelRange *range);

/* A list under construction, in the arena. */
typedef struct {
  Arena *arena;
  FeelValue *items;
  size_t n, room;
} ListBuilder;
void list_add (ListBuilder *list, FeelValue v);
FeelValue list_end (const ListBuilder *list);

/* ---- operators.c ---- */

FeelValue operator_not (FeelValue a);
/* Kleene over values that are TRUE, FALSE, UNKNOWN or anything else (null). */
FeelValue operator_and (Arena *arena, FeelValue a, FeelValue b);
FeelValue operator_or (Arena *arena, FeelValue a, FeelValue b);
/* NULL with *WHY set (static) when the operands do not fit. */
FeelValue operator_arithmetic (Arena *arena, ArithmeticOp op, FeelValue a, FeelValue b, const char **why);
FeelValue operator_negate (FeelValue a);
/* feel_equal within a run: every value looked at is a step. */
FeelValue operator_equal (FeelRun *run, FeelValue a, FeelValue b);
FeelValue operator_compare (FeelRun *run, CompareOp op, FeelValue a, FeelValue b);
/* The same, quick where both are numbers, dates, truth values or strings to be equal. */
FeelValue operator_compare_quick (FeelRun *run, CompareOp op, const FeelValue *a, const FeelValue *b);
/* −1, 0, 1; false when A and B have no order. */
bool operator_order (FeelValue a, FeelValue b, int *order);
/* Same value for every purpose: kind, parts and zones; no unknown inside. */
bool operator_identical (FeelRun *run, FeelValue a, FeelValue b);
/* Whether V is unknown or a list holding one; merges what it finds into *UNKNOWN. */
bool operator_find_unknown (FeelRun *run, FeelValue v, FeelValue *unknown);
const char *kind_name (FeelKind kind);       /* "number", "date and time" */
const char *kind_with_article (FeelValue v); /* "a number", "null" */
static inline bool
is_unknown (FeelValue v)
{
  return v.kind == FEEL_UNKNOWN;
}

/* ---- temporal.c ---- */

bool temporal_parse_date (Text text, Day *d);
bool temporal_parse_time (Arena *arena, Text text, FeelValue *v);
bool temporal_parse_date_time (Arena *arena, Text text, FeelValue *v);
bool temporal_parse_duration (Text text, FeelValue *v);
/* @"…": any of the four. */
bool temporal_parse_any (Arena *arena, Text text, FeelValue *v);
FeelValue temporal_date_time (Arena *arena, Day date, const FeelMoment *time);
FeelValue temporal_moment (Arena *arena, FeelKind kind, FeelMoment m);
FeelValue temporal_span (gint64 seconds, gint64 nanoseconds);
/* Seconds since 1970-01-01T00:00Z (a local moment taken as UTC). */
gint64 temporal_instant (FeelKind kind, const FeelMoment *m);
/* Seconds east of UTC; false for a local moment. */
bool temporal_offset (FeelKind kind, const FeelMoment *m, int *offset);
FeelValue temporal_add_span (Arena *arena, FeelValue v, FeelValue span, int sign);
FeelValue temporal_add_months (Arena *arena, FeelValue v, gint64 months);
FeelValue temporal_subtract (FeelValue a, FeelValue b, const char **why);
FeelValue temporal_property (Arena *arena, FeelValue v, Text name, bool *found);
/* The property's type, NULL when KIND has no such property. */
const FeelType *temporal_property_type (FeelTypeKind kind, Text name);
void temporal_write (GString *out, FeelValue v);
/* A day with 00:00 UTC, as FEEL compares dates with date-times. */
FeelMoment temporal_midnight (Day d);
bool temporal_equal (FeelValue a, FeelValue b);

/* ---- zone.c ---- */

bool zone_exists (Text zone);
/* Seconds east of UTC when the zone's clocks show this; in a gap or overlap, as before the change. */
int zone_offset_of_local (Text zone, Day date, int seconds);
/* … when it is this in UTC. */
int zone_offset_of_instant (Text zone, Day date, int seconds);

/* ---- builtins.c ---- */

typedef struct {
  Frame *frame;
  const Node *node;
  const Builtin *row;
  unsigned given;
  Arena *arena;
} Call;

#define KIND(k) (1u << (k))
enum {
  K_ANY = ~0u >> 1,
  K_NUMBER = KIND (FEEL_NUMBER),
  K_STRING = KIND (FEEL_STRING),
  K_BOOLEAN = KIND (FEEL_BOOLEAN),
  K_LIST = KIND (FEEL_LIST),
  K_CONTEXT = KIND (FEEL_CONTEXT),
  K_RANGE = KIND (FEEL_RANGE),
  K_FUNCTION = KIND (FEEL_FUNCTION),
  K_DATE = KIND (FEEL_DATE),
  K_TIME = KIND (FEEL_TIME),
  K_DATE_TIME = KIND (FEEL_DATE_TIME),
  K_DAYS = KIND (FEEL_DAYS_DURATION),
  K_MONTHS = KIND (FEEL_MONTHS_DURATION),
  K_NULL = KIND (FEEL_NULL),
};

typedef struct {
  const char *name;
  unsigned kinds; /* K_… taken */
  bool holds;     /* may be unknown or hold unknowns: the function answers itself */
} Parameter;

struct Builtin {
  const char *name;
  FeelValue (*call) (Call *call, const FeelValue *arguments);
  const FeelType *result;
  Parameter parameters[8];
  int required;
  enum {
    EXACT,
    LIST_OR_ITEMS,
    REST
  } arity;     /* min (1, 2) is min ([1, 2]); REST: the last one takes what follows, as a list */
  bool impure; /* reads the clock: never evaluated while compiling */
  /* What can be made of constant arguments (NULL: absent) once for all, or NULL. */
  const void *(*prepare) (Arena *arena, const Node *const *arguments);
};

size_t builtin_parameters (const Builtin *row);
/* Rows NAME, NULL-terminated lookups: the I-th overload or NULL. */
const Builtin *builtin_find (Text name, size_t i);
/* The longest built-in name spelt at OFFSET; length 0 when none. */
unsigned builtin_match (Text source, unsigned offset, Text *name);
void builtin_each (void (*visit) (const char *name, void *data), void *data);
FeelValue builtin_call (const Builtin *row, const FeelValue *arguments, unsigned given, const Node *node,
                        Frame *frame);
FeelValue builtin_fail (Call *call, const char *format, ...) G_GNUC_PRINTF (2, 3);
FeelValue function_call (FeelValue function, const FeelValue *arguments, size_t n, const Node *node,
                         Frame *frame);

/* The parts of the table. */
extern const Builtin builtins_conversion[], builtins_string[], builtins_list[], builtins_number[],
    builtins_temporal[], builtins_range[], builtins_context[], builtins_regex[];

/* ---- paths.c ---- */

/* What E reads, hands on and hands over: sets paths, origins and arguments. */
void paths_trace (Arena *arena, FeelExpression *e);

/* ---- write.c ---- */

/* The value as FEEL's string() gives it. */
void write_string (GString *out, FeelValue v);
