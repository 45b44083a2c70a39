/* Expressions to layers of SELECTs.
 *
 * What is used once stands where it is used; what is used several times, or grows too long, is
 * a column of an inner SELECT, and what reads it belongs to a SELECT further out.  Facts of other rows come
 * by joins, what is made of members by a join with a SELECT over these, grouped by the row they belong to:
 * that one is written in the same way, with as much of the outer row as it reads and no more.
 *
 * Databases like to merge a SELECT with the one around it, which would write every column out as
 * often as it is used.  LIMIT -1 (SQLite) and OFFSET 0 (PostgreSQL) keep them apart. */
#include "sql_private.h"

#include <string.h>

enum { INLINE_SIZE = 1200, INLINE_DEPTH = 40, SMALL_SIZE = 16, COLUMNS_MAX = 1600, LAST = G_MAXINT };

/* How a node stands in one relation. */
typedef struct {
  bool is_in, is_wanted, is_column;
  int mentions, layer, last; /* LAST: the furthest layer whose SELECT reads it; −1 none */
  int join;                  /* GATHER, AGGREGATE */
  int size, depth;           /* written out */
} Place;

typedef struct {
  int key; /* GATHER; −1: of members */
  int inner, stage;
  int layer;
  const ColumnsTable *table;
} Join;

typedef struct {
  SqlQueries *q;
  int space;
  Place *places; /* by node */
  size_t n;      /* nodes */
  GArray *joins; /* Join */
  int n_layers;
  bool alone; /* a space's list is read by itself */
  GString *withs;
  bool fits;
} Relation;

static bool
is_click (const Relation *r)
{
  return r->q->dialect == SQL_CLICKHOUSE;
}

static bool
is_source (const Node *n)
{
  return n->kind != NODE_EXPRESSION;
}

/* ---- which nodes ------------------------------------------------------------------- */

static void
enter (Relation *r, int node)
{
  const Node *n = node_at (r->q, node);
  Place *place = &r->places[node];
  if (n->space < 0 || place->is_in)
    return;
  place->is_in = true;
  for (int i = 0; (n->kind == NODE_EXPRESSION || n->kind == NODE_GATHER) && i < n->n_operands; i++)
    enter (r, n->operands[i]);
}

static void
count_mentions (Relation *r, int node)
{
  const Node *n = node_at (r->q, node);
  if (n->kind == NODE_GATHER)
    r->places[n->operands[0]].mentions++;
  for (const char *p = n->kind == NODE_EXPRESSION ? strchr (n->text, '\1') : NULL; p;
       p = strchr (p + 1, '\1'))
    r->places[n->operands[p[1] - 'a']].mentions++;
}

/* How long and deep NODE is, written out with its inlined operands. */
static void
measure (Relation *r, int node)
{
  enum { NAME_SIZE = 8 };
  const Node *n = node_at (r->q, node);
  Place *place = &r->places[node];
  if (is_source (n) || place->is_column) {
    place->size = NAME_SIZE;
    return;
  }
  place->size = (int)strlen (n->text);
  for (const char *p = strchr (n->text, '\1'); p; p = strchr (p + 1, '\1')) {
    const Place *operand = &r->places[n->operands[p[1] - 'a']];
    place->size += operand->is_column ? NAME_SIZE : operand->size;
    place->depth = MAX (place->depth, operand->is_column ? 1 : operand->depth + 1);
  }
}

static bool
deserves_column (const Relation *r, int node)
{
  const Node *n = node_at (r->q, node);
  const Place *place = &r->places[node];
  if (n->kind != NODE_EXPRESSION || n->space < 0)
    return false;
  return place->is_wanted || (place->mentions > 1 && place->size > SMALL_SIZE) || place->size > INLINE_SIZE
         || place->depth > INLINE_DEPTH;
}

/* ---- layers -------------------------------------------------------------------------- */

/* The first layer that can mention NODE. */
static int
mentionable (const Relation *r, int node)
{
  const Place *place = &r->places[node];
  return node_at (r->q, node)->space < 0 ? 0 : place->layer + (place->is_column ? 1 : 0);
}

/* ClickHouse has one join per SELECT, and none where the table itself is read. */
static int
free_layer (const Relation *r, int layer)
{
  layer = MAX (layer, 1);
  for (guint i = 0; i < r->joins->len; i++)
    if (g_array_index (r->joins, Join, i).layer == layer) {
      layer++;
      i = (guint)-1;
    }
  return layer;
}

/* How often members of the space INNER are looked at, one after the other, for what NODE is made of. */
static int
stage_of (const SqlQueries *q, int node, int inner)
{
  g_autofree int *stages = g_new0 (int, (size_t)node + 1);
  for (int i = 0; i <= node; i++) {
    const Node *n = node_at (q, i);
    for (int k = 0; k < n->n_operands; k++)
      stages[i] = MAX (stages[i], stages[n->operands[k]]);
    stages[i] += n->kind == NODE_AGGREGATE && n->part == inner;
  }
  return stages[node];
}

static int
join_of (Relation *r, const Node *n, int node)
{
  bool members = n->kind == NODE_AGGREGATE;
  Join join = { .key = members ? -1 : n->operands[0],
                .inner = members ? n->part : -1,
                .stage = members ? stage_of (r->q, node, n->part) : 0,
                .table = n->table };
  for (guint i = 0; i < r->joins->len; i++) {
    const Join *known = &g_array_index (r->joins, Join, i);
    if (known->key == join.key && known->inner == join.inner && known->stage == join.stage
        && (members || text_equal (known->table->name, join.table->name)))
      return (int)i;
  }
  if (join.key >= 0)
    join.layer = mentionable (r, join.key);
  if (is_click (r)) {
    if (join.key >= 0 && !r->places[join.key].is_column)
      join.layer++; /* the key is a column by then */
    join.layer = free_layer (r, join.layer);
  }
  g_array_append_val (r->joins, join);
  return (int)r->joins->len - 1;
}

static void
place_node (Relation *r, int node)
{
  const Node *n = node_at (r->q, node);
  Place *place = &r->places[node];
  measure (r, node);
  place->is_column
      = deserves_column (r, node)
        || (is_click (r) && n->kind == NODE_EXPRESSION && place->mentions && place->join == LAST);
  if (n->kind == NODE_GATHER || n->kind == NODE_AGGREGATE) {
    place->join = join_of (r, n, node);
    place->layer = g_array_index (r->joins, Join, place->join).layer;
    return;
  }
  place->layer = n->is_late;
  for (int i = 0; n->kind == NODE_EXPRESSION && i < n->n_operands; i++)
    place->layer = MAX (place->layer, mentionable (r, n->operands[i]));
}

/* LAYER's SELECT mentions NODE. */
static void
mention (Relation *r, int node, int layer)
{
  const Node *n = node_at (r->q, node);
  Place *place = &r->places[node];
  if (n->space < 0)
    return;
  if (is_source (n) || place->is_column) {
    place->last = MAX (place->last, layer);
    return;
  }
  for (int i = 0; i < n->n_operands; i++)
    mention (r, n->operands[i], layer);
}

static void
mention_all (Relation *r)
{
  for (size_t i = 0; i < r->n; i++) {
    const Node *n = node_at (r->q, (int)i);
    const Place *place = &r->places[i];
    if (!place->is_in)
      continue;
    if (place->is_column)
      for (int k = 0; k < n->n_operands; k++)
        mention (r, n->operands[k], place->layer);
    if (place->is_wanted)
      mention (r, (int)i, LAST);
    if (place->is_column || is_source (n))
      r->n_layers = MAX (r->n_layers, place->layer + 1);
  }
  for (guint i = 0; i < r->joins->len; i++) {
    const Join *join = &g_array_index (r->joins, Join, i);
    r->n_layers = MAX (r->n_layers, join->layer + 1);
    if (join->key >= 0)
      mention (r, join->key, join->layer);
  }
}

static void
plan (Relation *r, const int *wanted, size_t n_wanted)
{
  r->n = r->q->nodes->len;
  r->places = g_new0 (Place, r->n);
  r->joins = g_array_new (FALSE, FALSE, sizeof (Join));
  r->n_layers = 1;
  for (size_t i = 0; i < r->n; i++)
    r->places[i].last = -1;
  for (size_t i = 0; i < n_wanted; i++) {
    enter (r, wanted[i]);
    r->places[wanted[i]].is_wanted = true;
  }
  for (size_t i = 0; i < r->n; i++)
    if (r->places[i].is_in) {
      count_mentions (r, (int)i);
      if (node_at (r->q, (int)i)->kind == NODE_GATHER)
        r->places[node_at (r->q, (int)i)->operands[0]].join = LAST; /* somebody's key */
    }
  for (size_t i = 0; i < r->n; i++) {
    if (node_at (r->q, (int)i)->space < 0)
      measure (r, (int)i);
    else if (r->places[i].is_in)
      place_node (r, (int)i);
  }
  mention_all (r);
}

/* ---- writing expressions ---------------------------------------------------------------- */

static void
write_operand_alias (SqlQueries *q, GString *out, int node)
{
  write_name (q->options, out, node_alias (q, node));
}

static void
write_join_name (GString *out, int join)
{
  g_string_append_printf (out, "j%d", join + 1);
}

/* Its part of a fact, when COLUMN is reached by PREFIX; NULL becomes what reads of it may be. */
static void
write_part (SqlQueries *q, GString *out, const Node *n, const char *prefix)
{
  bool typed = q->dialect == SQL_POSTGRESQL, click = q->dialect == SQL_CLICKHOUSE;
  g_autoptr (GString) name = g_string_new (prefix);
  if (n->part == PART_NONE || n->part == PART_UNKNOWN) {
    write_state (q->options, name, n->table, n->column);
    const char *const forms[] = { "coalesce(%s = %d, 0)", "coalesce(%s = %d, FALSE)", "%s = %d" };
    const char *form = n->kind == NODE_GATHER || click ? forms[q->dialect] : "%s = %d";
    g_string_append_printf (out, form, name->str, n->part == PART_NONE ? 1 : 2);
    return;
  }
  write_fact (q->options, name, n->table, n->column);
  if (click || n->part == PART_RAW)
    g_string_append (out, name->str);
  else if (n->column->kind == COLUMNS_DATE)
    g_string_append_printf (
        out, typed ? "coalesce(%s - DATE '1970-01-01', 0)" : "coalesce(unixepoch(%s) / 86400, 0)", name->str);
  else if (n->kind == NODE_COLUMN && !has_state (n->column))
    g_string_append (out, name->str);
  else
    g_string_append_printf (out, "coalesce(%s, %s)", name->str,
                            n->type == TYPE_TEXT            ? "''"
                            : typed && n->type == TYPE_MASK ? "FALSE"
                                                            : "0");
}

/* A source where it comes in. */
static void
write_source (Relation *r, GString *out, int node)
{
  SqlQueries *q = r->q;
  const Node *n = node_at (q, node);
  const Place *place = &r->places[node];
  g_autoptr (GString) prefix = g_string_new (NULL);
  switch (n->kind) {
  case NODE_COLUMN: write_part (q, out, n, is_click (r) ? "" : "r."); return;
  case NODE_GATHER:
    if (is_click (r)) {
      write_operand_alias (q, out, node);
      return;
    }
    write_join_name (prefix, place->join);
    g_string_append_c (prefix, '.');
    write_part (q, out, n, prefix->str);
    return;
  case NODE_MEMBER: g_string_append (out, is_click (r) ? "\"member\"" : "l.\"member\""); return;
  case NODE_OTHER:
    g_string_append (out, is_click (r) ? "" : "o.");
    write_operand_alias (q, out, is_click (r) ? node : n->operands[0]);
    return;
  case NODE_SPREAD:
    g_string_append (out, is_click (r) ? "" : "r.");
    write_operand_alias (q, out, n->operands[0]);
    return;
  default: break;
  }
  if (is_click (r)) {
    write_operand_alias (q, out, node);
    return;
  }
  g_string_append (out, "coalesce(");
  write_join_name (out, place->join);
  g_string_append_c (out, '.');
  write_operand_alias (q, out, node);
  g_string_append (out, n->type == TYPE_MASK && q->dialect == SQL_POSTGRESQL ? ", FALSE)" : ", 0)");
}

static void write_expression (Relation *r, GString *out, int node, int layer);

/* NODE's text where LAYER mentions it; returns how it binds. */
static unsigned
write_bare (Relation *r, GString *out, int node, int layer)
{
  const Node *n = node_at (r->q, node);
  const Place *place = &r->places[node];
  bool is_named = (is_source (n) || place->is_column) && n->space >= 0;
  if (is_named && place->layer < layer) {
    g_string_append (out, is_click (r) ? "" : "r.");
    write_operand_alias (r->q, out, node);
    return BINDS_ATOM;
  }
  if (!is_source (n)) {
    write_expression (r, out, node, layer);
    return n->precedence;
  }
  write_source (r, out, node);
  return n->part == PART_NONE || n->part == PART_UNKNOWN ? BINDS_COMPARE : BINDS_ATOM;
}

/* NODE as LAYER mentions it, in brackets unless it binds as NEEDED. */
static void
write_mention (Relation *r, GString *out, int node, int layer, char needed)
{
  g_autoptr (GString) text = g_string_new (NULL);
  unsigned binds = write_bare (r, text, node, layer);
  bool is_case
      = !is_source (node_at (r->q, node)) && g_str_has_prefix (node_at (r->q, node)->text, "CASE WHEN ");
  if (needed == ELSE_MARK && is_case && g_str_has_prefix (text->str, "CASE WHEN "))
    g_string_append (out, text->str + strlen ("CASE "));
  else if (needed == ELSE_MARK)
    g_string_append_printf (out, "ELSE %s END", text->str);
  else
    g_string_append_printf (out, binds < (unsigned)(needed - '0') ? "(%s)" : "%s", text->str);
}

static void
write_expression (Relation *r, GString *out, int node, int layer)
{
  const Node *n = node_at (r->q, node);
  const char *p = n->text;
  for (const char *mark = strchr (p, '\1'); mark; mark = strchr (p, '\1')) {
    g_string_append_len (out, p, mark - p);
    write_mention (r, out, n->operands[mark[1] - 'a'], layer, mark[2]);
    p = mark + 3;
  }
  g_string_append (out, p);
}

void
write_result (SqlQueries *q, GString *out, int node)
{
  if (node_at (q, node)->space >= 0) {
    write_name (q->options, out, node_alias (q, node));
    return;
  }
  g_autofree Place *places = g_new0 (Place, q->nodes->len);
  Relation r = { .q = q, .places = places, .n = q->nodes->len };
  write_mention (&r, out, node, 0, '9');
}

/* ---- writing SELECTs ---------------------------------------------------------------------- */

void
write_identity (const SqlQueries *q, GString *out, int space, const char *prefix)
{
  if (space > 0) {
    write_identity (q, out, q->spaces[space].parent, prefix);
    g_string_append_printf (out, ", %s\"place %d\"", prefix, space);
  } else {
    g_string_append_printf (out, "%s\"row\"", prefix);
  }
}

/* One part of it as LAYER finds it: PART is the space whose place it is, or 0 for the row. */
static void
write_identity_part (const Relation *r, GString *out, int part, int layer)
{
  bool own = layer == 0 && r->space > 0 && part == r->space;
  int other = own ? r->q->spaces[part].other : 0;
  if (!is_click (r))
    g_string_append (out, other ? "o." : own || (layer == 0 && r->space > 0 && r->alone) ? "l." : "r.");
  if (part == 0)
    g_string_append (out, "\"row\"");
  else if (own && !other && !is_click (r))
    g_string_append (out, "\"place\"");
  else
    g_string_append_printf (out, "\"place %d\"", other && !is_click (r) ? other : part);
}

static void
write_identity_columns (const Relation *r, GString *out, int part, int layer)
{
  if (part > 0)
    write_identity_columns (r, out, r->q->spaces[part].parent, layer);
  g_string_append (out, part > 0 ? ", " : "");
  write_identity_part (r, out, part, layer);
  if (part > 0)
    g_string_append_printf (out, " AS \"place %d\"", part);
}

/* SELECT, finished, as a relation of its own. */
static void
name_select (SqlQueries *q, GString *withs, const GString *select, const char *what, GString *reference)
{
  if (q->dialect == SQL_CLICKHOUSE) {
    g_string_append_printf (reference, "(\n%s)", select->str);
    return;
  }
  g_autofree char *name = NULL;
  for (int i = 1; !name || g_hash_table_contains (q->taken, name); i++) {
    g_free (name);
    name = g_strdup_printf ("%s %d", what, i);
  }
  g_hash_table_add (q->taken, (gpointer)arena_text (q->arena, text_of (name)));
  g_string_append (withs, withs->len ? ",\n" : "WITH ");
  write_name (q->options, withs, name);
  g_string_append_printf (withs, " AS (\n%s%s\n)", select->str,
                          q->dialect == SQL_SQLITE ? "LIMIT -1" : "OFFSET 0");
  write_name (q->options, reference, name);
}

/* What nodes of KIND in R read elsewhere. */
static void
add_read (const Relation *r, NodeKind kind, GArray *read)
{
  for (size_t i = 0; i < r->n; i++) {
    const Node *n = node_at (r->q, (int)i);
    if (r->places[i].is_in && n->kind == kind)
      g_array_append_vals (read, n->operands, 1);
  }
}

static void
write_relation (Relation *r, int space, const GArray *nodes, GString *reference)
{
  r->fits &= relation_write (r->q, space, (const int *)(gconstpointer)nodes->data, nodes->len, r->withs,
                             reference);
}

/* FROM the rows around with the members of another space that stand in the same row around both. */
static void
write_pairs (Relation *r, GString *out)
{
  SqlQueries *q = r->q;
  const SqlSpace *s = &q->spaces[r->space];
  int common = q->spaces[s->other].parent;
  g_autoptr (GArray) around = g_array_new (FALSE, FALSE, sizeof (int)),
                     others = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GString) rows = g_string_new (NULL), members = g_string_new (NULL);
  add_read (r, NODE_SPREAD, around);
  add_read (r, NODE_OTHER, others);
  write_relation (r, s->parent, around, rows);
  write_relation (r, s->other, others, members);
  if (!is_click (r)) {
    g_string_append_printf (out, "FROM %s AS r JOIN %s AS o ON o.\"row\" = r.\"row\"", rows->str,
                            members->str);
    for (int part = common; part > 0; part = q->spaces[part].parent)
      g_string_append_printf (out, " AND o.\"place %d\" = r.\"place %d\"", part, part);
    g_string_append_c (out, '\n');
    return;
  }
  g_string_append_printf (out, "FROM %s\nALL INNER JOIN (SELECT ", rows->str);
  write_identity (q, out, common, "");
  g_string_append_printf (out, ", \"place %d\" AS \"place %d\"", s->other, r->space);
  for (size_t i = 0; i < r->n; i++) {
    const Node *n = node_at (q, (int)i);
    if (!r->places[i].is_in || n->kind != NODE_OTHER)
      continue;
    g_string_append (out, ", ");
    write_operand_alias (q, out, n->operands[0]);
    g_string_append (out, " AS ");
    write_operand_alias (q, out, (int)i);
  }
  g_string_append_printf (out, " FROM %s) USING ", members->str);
  write_identity (q, out, common, "");
  g_string_append_c (out, '\n');
}

/* FROM the members of the rows around, which are those of AROUND under KEY, unless ABSENT. */
static void
write_joined_list (Relation *r, const char *around, const char *key, const char *absent, const char *list,
                   GString *out)
{
  if (!is_click (r)) {
    g_string_append_printf (out, "FROM %s AS r JOIN %s AS l ON l.\"row\" = r.%s", around, list, key);
    g_string_append_printf (out, *absent ? " AND NOT r.%s\n" : "\n", absent);
    return;
  }
  g_string_append_printf (
      out, "FROM (SELECT \"row\" AS %s, \"place\" AS \"place %d\", \"member\" FROM %s)\nALL INNER JOIN ", key,
      r->space, list);
  if (*absent)
    g_string_append_printf (out, "(SELECT * FROM %s WHERE NOT %s)", around, absent);
  else
    g_string_append (out, around);
  g_string_append_printf (out, " USING %s\n", key);
}

/* FROM the members of the rows around: of the list alone, when nothing of these is read. */
static void
write_members (Relation *r, GString *out)
{
  SqlQueries *q = r->q;
  const SqlSpace *s = &q->spaces[r->space];
  g_autoptr (GArray) read = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GString) list = g_string_new (NULL), around = g_string_new (NULL), key = g_string_new (NULL),
                      absent = g_string_new (NULL);
  write_list_table (q->options, list, s->of, s->list);
  add_read (r, NODE_SPREAD, read);
  r->alone = !read->len && s->key < 0 && s->parent == 0;
  if (r->alone) {
    if (is_click (r))
      g_string_append_printf (out, "FROM (SELECT \"row\", \"place\" AS \"place %d\", \"member\" FROM %s)\n",
                              r->space, list->str);
    else
      g_string_append_printf (out, "FROM %s AS l\n", list->str);
    return;
  }
  if (s->key < 0) {
    g_string_append (key, "\"row\"");
  } else {
    g_array_append_val (read, s->key);
    write_operand_alias (q, key, s->key);
    if (node_at (q, s->absent)->space >= 0) {
      g_array_append_val (read, s->absent);
      write_operand_alias (q, absent, s->absent);
    }
  }
  write_relation (r, s->parent, read, around);
  write_joined_list (r, around->str, key->str, absent->str, list->str, out);
}

/* Of the members of INNER, per row: what STAGE asks. */
static void
write_groups (Relation *r, const Join *join, int number, GString *reference)
{
  SqlQueries *q = r->q;
  g_autoptr (GArray) operands = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GString) select = g_string_new ("SELECT "), members = g_string_new (NULL);
  write_identity (q, select, r->space, "");
  for (size_t i = 0; i < r->n; i++) {
    const Node *n = node_at (q, (int)i);
    if (!r->places[i].is_in || n->kind != NODE_AGGREGATE || r->places[i].join != number)
      continue;
    g_string_append (select, ",\n  ");
    const char *p = n->text;
    for (const char *mark = strchr (p, '\1'); mark; mark = strchr (p, '\1')) {
      int operand = n->operands[mark[1] - 'a'];
      g_string_append_len (select, p, mark - p);
      write_result (q, select, operand);
      if (node_at (q, operand)->space >= 0)
        g_array_append_val (operands, operand);
      p = mark + 3;
    }
    g_string_append_printf (select, "%s AS ", p);
    write_operand_alias (q, select, (int)i);
  }
  write_relation (r, join->inner, operands, members);
  g_string_append_printf (select, "\nFROM %s\nGROUP BY ", members->str);
  write_identity (q, select, r->space, "");
  g_string_append_c (select, '\n');
  name_select (q, r->withs, select, "members", reference);
}

/* ClickHouse: the other row's facts under the names by which they are used. */
static void
write_gathered (Relation *r, const Join *join, int number, GString *out)
{
  SqlQueries *q = r->q;
  g_autoptr (GString) table = g_string_new (NULL);
  g_string_append (out, "ANY LEFT JOIN (SELECT \"row\" AS ");
  write_operand_alias (q, out, join->key);
  for (size_t i = 0; i < r->n; i++) {
    const Node *n = node_at (q, (int)i);
    if (!r->places[i].is_in || n->kind != NODE_GATHER || r->places[i].join != number)
      continue;
    g_string_append (out, ", ");
    write_part (q, out, n, "");
    g_string_append (out, " AS ");
    write_operand_alias (q, out, (int)i);
  }
  g_autofree char *short_table = short_name (name_of (q->options, join->table, NULL));
  write_name (q->options, table, short_table);
  g_string_append_printf (out, " FROM %s) USING ", table->str);
  write_operand_alias (q, out, join->key);
  g_string_append_c (out, '\n');
}

static void
write_join (Relation *r, int number, int layer, GString *out)
{
  SqlQueries *q = r->q;
  const Join *join = &g_array_index (r->joins, Join, number);
  g_autoptr (GString) name = g_string_new (NULL), other = g_string_new (NULL);
  write_join_name (name, number);
  if (join->key >= 0 && is_click (r)) {
    write_gathered (r, join, number, out);
    return;
  }
  if (join->key >= 0) {
    g_autofree char *table = short_name (name_of (q->options, join->table, NULL));
    write_name (q->options, other, table);
    g_string_append_printf (out, "LEFT JOIN %s AS %s ON %s.\"row\" = ", other->str, name->str, name->str);
    write_mention (r, out, join->key, layer, '5');
    g_string_append_c (out, '\n');
    return;
  }
  write_groups (r, join, number, other);
  if (is_click (r)) {
    g_string_append_printf (out, "ANY LEFT JOIN %s USING ", other->str);
    write_identity (q, out, r->space, "");
    g_string_append_c (out, '\n');
    return;
  }
  g_string_append_printf (out, "LEFT JOIN %s AS %s", other->str, name->str);
  for (int part = r->space; part >= 0; part = q->spaces[part].parent) {
    g_string_append_printf (out, part == r->space ? " ON %s." : " AND %s.", name->str);
    g_string_append_printf (out, part ? "\"place %d\" = " : "\"row\" = ", part);
    write_identity_part (r, out, part, layer);
  }
  g_string_append_c (out, '\n');
}

/* With a line before that says which decision it is for, when that changes. */
static void
write_column (Relation *r, int node, int layer, const DmnDecision **decision, GString *out)
{
  const Node *n = node_at (r->q, node);
  bool here = r->places[node].layer == layer && !is_source (n);
  g_string_append (out, ",\n  ");
  if (here && n->decision && n->decision != *decision) {
    *decision = n->decision;
    g_string_append_printf (out, "-- %.*s\n  ", (int)n->decision->name.len, n->decision->name.bytes);
  }
  if (here)
    write_expression (r, out, node, layer);
  else
    write_mention (r, out, node, layer, '0');
  g_string_append (out, " AS ");
  write_operand_alias (r->q, out, node);
}

/* The rows of the space as LAYER's SELECT finds them: PREVIOUS, "" for the first. */
static void
write_from (Relation *r, int layer, const char *previous, GString *out)
{
  SqlQueries *q = r->q;
  if (layer > 0) {
    g_string_append_printf (out, is_click (r) ? "FROM %s\n" : "FROM %s AS r\n", previous);
  } else if (r->space > 0 && q->spaces[r->space].other) {
    write_pairs (r, out);
  } else if (r->space > 0) {
    write_members (r, out);
  } else {
    g_autofree char *table = short_name (name_of (q->options, q->spaces[0].subject, NULL));
    g_string_append (out, "FROM ");
    write_name (q->options, out, table);
    g_string_append (out, is_click (r) ? "\n" : " AS r\n");
  }
  for (guint i = 0; i < r->joins->len; i++)
    if (g_array_index (r->joins, Join, i).layer == layer)
      write_join (r, (int)i, layer, out);
}

/* LAYER's SELECT: what further layers or the caller read, new or handed on. */
static void
write_layer (Relation *r, int layer, GString *previous)
{
  g_autoptr (GString) from = g_string_new (NULL), select = g_string_new ("SELECT ");
  const DmnDecision *decision = NULL;
  size_t n_columns = 0;
  write_from (r, layer, previous->str, from);
  write_identity_columns (r, select, r->space, layer);
  for (size_t i = 0; i < r->n; i++) {
    const Place *place = &r->places[i];
    bool is_named = place->is_column || is_source (node_at (r->q, (int)i));
    if (!place->is_in || !is_named || place->layer > layer || place->last <= layer)
      continue;
    write_column (r, (int)i, layer, &decision, select);
    n_columns++;
  }
  g_string_append_printf (select, "\n%s", from->str);
  r->fits &= n_columns <= COLUMNS_MAX;
  g_string_truncate (previous, 0);
  name_select (r->q, r->withs, select, r->space ? "each member" : "rows", previous);
}

bool
relation_write (SqlQueries *q, int space, const int *wanted, size_t n, GString *withs, GString *reference)
{
  Relation r = { .q = q, .space = space, .withs = withs, .fits = true };
  g_autoptr (GString) previous = g_string_new (NULL);
  plan (&r, wanted, n);
  for (int layer = 0; layer < r.n_layers; layer++)
    write_layer (&r, layer, previous);
  g_string_append (reference, previous->str);
  g_free (r.places);
  g_array_unref (r.joins);
  return r.fits;
}
