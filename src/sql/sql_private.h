/* sql, inside.
 *
 *   dialect.c    names, literals, and where the databases differ
 *   schema.c     tables and their rows
 *   node.c       expressions under construction
 *   translate.c  operations to expressions
 *   calendar.c   dates and roundings, of whole numbers
 *   settle.c     open tables, as lists of cases
 *   relation.c   expressions to layers of SELECTs
 *   answers.c    the queries
 *
 * A *node* is one expression over the rows of one space.  It is text with marks where its
 * operands go; only when a query is written is it settled which nodes are columns of an inner
 * SELECT and which stand where they are used. */
#pragma once

#include "sql.h"

typedef enum { TYPE_MASK, TYPE_NUMBER, TYPE_TEXT } NodeType;

typedef enum {
  NODE_EXPRESSION,
  NODE_COLUMN,    /* of the subject's own row */
  NODE_GATHER,    /* of the row that operand 0 says, of TABLE */
  NODE_MEMBER,    /* the row of the member */
  NODE_SPREAD,    /* operand 0, of the space around */
  NODE_OTHER,     /* operand 0, of the other member of a pair */
  NODE_AGGREGATE, /* of the members: operands are theirs */
} NodeKind;

enum { PART_RAW = PART_UNKNOWN + 1 }; /* as stored, NULL where there is no value */

typedef struct {
  NodeKind kind;
  NodeType type;
  int space; /* −1: the same everywhere */
  /* EXPRESSION, AGGREGATE: SQL in which '\1' and two characters stand for an operand: a letter
   * from 'a', and the precedence it must have so as not to need brackets (ELSE_MARK: a CASE goes on). */
  const char *text;
  unsigned precedence;
  int n_operands;
  const int *operands;
  bool is_late;     /* it names the row, so it does not stand where rows are first found */
  bool is_constant; /* NUMBER is its value */
  gint64 number;
  int part;
  const ColumnsColumn *column; /* COLUMN, GATHER; of a TEXT the dictionary */
  const ColumnsTable *table;
  const DmnDecision *decision;
  const char *why; /* it cannot be said */
} Node;

enum { BINDS_OR = 1, BINDS_AND, BINDS_NOT, BINDS_COMPARE, BINDS_ADD, BINDS_MULTIPLY, BINDS_ATOM = 9 };
#define ELSE_MARK 'E'

/* Members of a list, or pairs of the rows around with members of another space (OTHER, else 0). */
typedef struct {
  const ColumnsTable *subject;
  int parent;
  const ColumnsColumn *list;
  const ColumnsTable *of; /* whose list it is */
  int key, absent;        /* nodes of the space around; −1: its own row, nowhere */
  int other;
} SqlSpace;

struct SqlQueries {
  Arena *arena;
  const ColumnsProgram *program;
  const SqlOptions *options;
  SqlDialect dialect;
  GArray *nodes;               /* Node */
  int *of_plane;               /* the node of a plane, −1 */
  SqlSpace *spaces;            /* of the program */
  GHashTable *shared;          /* text and operands to node + 1 */
  GPtrArray *aliases;          /* by node: const char *, NULL: none yet */
  GHashTable *taken;           /* aliases in use */
  const char **whys;           /* per decision */
  GArray *columns;             /* SqlColumn */
  GArray *outputs;             /* int: the node of each column, −1 */
  const DmnDecision *decision; /* that is being translated */
};

/* ---- dialect.c ---- */

void write_name (const SqlOptions *options, GString *out, const char *name);
void write_text (SqlDialect dialect, GString *out, Text text);
/* SOURCE within 40 bytes (PostgreSQL cuts names at 63), cut between characters. */
char *short_name (Text source);
Text name_of (const SqlOptions *options, const ColumnsTable *table, const ColumnsColumn *column);
/* The columns of a fact. */
void write_fact (const SqlOptions *options, GString *out, const ColumnsTable *table,
                 const ColumnsColumn *column);
void write_state (const SqlOptions *options, GString *out, const ColumnsTable *table,
                  const ColumnsColumn *column);
void write_list_table (const SqlOptions *options, GString *out, const ColumnsTable *table,
                       const ColumnsColumn *list);
bool has_state (const ColumnsColumn *column);

/* ---- node.c ---- */

Node *node_at (const SqlQueries *q, int node);
/* An expression, once; TEXT as in Node. */
int node_make (SqlQueries *q, NodeType type, unsigned precedence, const char *text, const int *operands,
               int n);
#define NODE(q, type, precedence, text, ...)                                                                 \
  node_make (q, type, precedence, text, (const int[]){ __VA_ARGS__ },                                        \
             (int)(sizeof ((const int[]){ __VA_ARGS__ }) / sizeof (int)))
int node_source (SqlQueries *q, Node source);
int node_number (SqlQueries *q, gint64 x, int width);
int node_truth (SqlQueries *q, bool truth);
int node_outside (SqlQueries *q, NodeType type, const char *why);
bool node_is_constant (const SqlQueries *q, int node, gint64 *x);
int node_and (SqlQueries *q, int a, int b);
int node_or (SqlQueries *q, int a, int b);
int node_not (SqlQueries *q, int a);
int node_choose (SqlQueries *q, int mask, int yes, int no);
/* X where MASK, else 0. */
int node_weight (SqlQueries *q, int mask, gint64 x);
int node_divide (SqlQueries *q, int a, int b);
int node_remainder (SqlQueries *q, int a, int b);
int node_add (SqlQueries *q, int a, int b);
const char *node_alias (SqlQueries *q, int node);

/* ---- translate.c ---- */

void translate (SqlQueries *q);
int mask_node (SqlQueries *q, int plane);
int number_node (SqlQueries *q, int plane);

/* ---- calendar.c: of nodes that are numbers ---- */

int calendar_year (SqlQueries *q, int day);
int calendar_month (SqlQueries *q, int day);
int calendar_day (SqlQueries *q, int day);
int calendar_add_months (SqlQueries *q, int day, int months);
int calendar_months_between (SqlQueries *q, int from, int to);
int rounded_quotient (SqlQueries *q, int a, int b, int mode);

/* ---- settle.c ---- */

int settle (SqlQueries *q, const ColumnsOperation *operation);

/* ---- relation.c ---- */

/* A SELECT over the rows of SPACE with the nodes WANTED under their aliases; a name, or the
 * SELECT in brackets.  In dialects with WITH its parts are appended to WITHS.  False when
 * the database cannot have so many columns. */
bool relation_write (SqlQueries *q, int space, const int *wanted, size_t n, GString *withs,
                     GString *reference);
/* What tells the rows of a space apart: the subject's row, and the place in each list on the way. */
void write_identity (const SqlQueries *q, GString *out, int space, const char *prefix);
/* NODE as a SELECT over that relation has it: by its alias, or written out when it is the same everywhere. */
void write_result (SqlQueries *q, GString *out, int node);

/* ---- answers.c ---- */

FeelKind answer_kind (const SqlQueries *q, size_t i);
