/* Clause files: the body of a literate page into a unit.
 *
 * cmark-gfm gives the blocks and their lines; what stands in them is sliced
 * from the source.  A level-2 heading with ": type" names a decision; all other
 * headings are prose. */
#include "dmn_private.h"

#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>

typedef struct {
  ClauseLines lines;
  Text body;
  Unit *unit;
  Decision *decision;  /* the one being read, or NULL inside prose */
  bool logic_seen;     /* its table or expression has been read */
  unsigned prose_from; /* body line (from 0) where open prose begins */
} Reader;

/* ---- lines ------------------------------------------------------------- */

Text *
clause_split_lines (Arena *arena, Text body, unsigned *n)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Text));
  const char *at = body.bytes, *end = at + body.len;
  while (at < end) {
    const char *stop = at;
    while (stop < end && *stop != '\n' && *stop != '\r')
      stop++;
    Text line = { at, (size_t)(stop - at) };
    g_array_append_val (lines, line);
    at = stop + (end - stop >= 2 && stop[0] == '\r' && stop[1] == '\n' ? 2 : 1);
  }
  *n = lines->len;
  return dmn_keep (arena, lines->data, lines->len * sizeof (Text));
}

/* Body lines FROM … TO (exclusive) as one slice of the source. */
static Text
slice (const Reader *r, unsigned from, unsigned to)
{
  if (from >= to || from >= r->lines.n_lines)
    return TEXT_LITERAL ("");
  to = MIN (to, r->lines.n_lines);
  const char *begin = r->lines.lines[from].bytes;
  Text last = r->lines.lines[to - 1];
  return text_trim ((Text){ begin, (size_t)(last.bytes + last.len - begin) });
}

static void
fault (const Reader *r, unsigned line, const char *code, const char *message)
{
  dmn_faults_add (r->lines.faults, DMN_ERROR, code, r->lines.origin, r->lines.first_line + line, 1, "%s",
                  message);
}

/* ---- headings ---------------------------------------------------------- */

static const struct {
  const char *name;
  const FeelType *type;
} types[] = {
  { "金额", &feel_type_number },
  { "数", &feel_type_number },
  { "文本", &feel_type_string },
  { "是否", &feel_type_boolean },
  { "日期", &feel_type_date },
  { "列表", &feel_type_any },
  { "情况", &feel_type_any },
  { "任意", &feel_type_any },
  { "number", &feel_type_number },
  { "string", &feel_type_string },
  { "boolean", &feel_type_boolean },
  { "date", &feel_type_date },
  { "list", &feel_type_any },
  { "context", &feel_type_any },
  { "any", &feel_type_any },
  { "Any", &feel_type_any },
  { "time", &feel_type_time },
  { "date and time", &feel_type_date_time },
  { "days and time duration", &feel_type_days_duration },
  { "years and months duration", &feel_type_months_duration },
};

const FeelType *
dmn_type_named (Text name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (types); i++)
    if (text_equal (name, text_of (types[i].name)))
      return types[i].type;
  return NULL;
}

static Text
sub (Text text, size_t from, size_t to)
{
  return text_trim ((Text){ text.bytes + from, to - from });
}

/* The last MARK outside brackets, −1 when there is none. */
static ptrdiff_t
last_outside (Text text, char mark)
{
  int depth = 0;
  for (ptrdiff_t i = (ptrdiff_t)text.len - 1; i >= 0; i--) {
    depth += text.bytes[i] == ')';
    depth -= text.bytes[i] == '(';
    if (text.bytes[i] == mark && depth == 0)
      return i;
  }
  return -1;
}

static DmnExpression *
new_logic (Reader *r, DmnKind kind, unsigned line)
{
  DmnExpression *x = arena_new0 (r->lines.model->arena, DmnExpression, 1);
  *x = (DmnExpression){ .kind = kind, .line = r->lines.first_line + line, .slot = -1 };
  return x;
}

/* LOGIC is the decision's, or the body of the function that its heading made. */
static void
set_logic (Reader *r, DmnExpression *logic)
{
  DmnDecision *d = &r->decision->public;
  d->table = logic->table;
  if (d->role != DMN_KNOWLEDGE) {
    d->logic = logic;
    return;
  }
  DmnExpression *function = (DmnExpression *)d->logic;
  function->n_parts = 1;
  function->parts = dmn_keep (r->lines.model->arena, &logic, sizeof logic);
}

static bool
read_parameters (Reader *r, Decision *d, Text list, unsigned line)
{
  Arena *arena = r->lines.model->arena;
  DmnName *names = arena_new0 (arena, DmnName, list.len + 1);
  size_t n = 0;
  for (size_t at = 0; at < list.len;) {
    ptrdiff_t comma = text_find (list, ",", at);
    size_t stop = comma < 0 ? list.len : (size_t)comma;
    Text item = sub (list, at, stop);
    ptrdiff_t colon = text_find (item, ":", 0);
    const FeelType *type
        = colon < 0 ? &feel_type_any : dmn_type_named (sub (item, (size_t)colon + 1, item.len));
    Text name = colon < 0 ? item : sub (item, 0, (size_t)colon);
    if (name.len == 0 || !type) {
      fault (r, line, "heading",
             "write parameters as \"name: type\" with a known type (金额 数 文本 是否 日期 列表 情况)");
      return false;
    }
    names[n++]
        = (DmnName){ .name = name,
                     .type_name = colon < 0 ? TEXT_LITERAL ("") : sub (item, (size_t)colon + 1, item.len),
                     .type = type,
                     .line = r->lines.first_line + line };
    at = stop + 1;
  }
  DmnExpression *function = new_logic (r, DMN_FUNCTION, line);
  function->names = names;
  function->n_names = n;
  d->public.logic = function;
  d->public.role = DMN_KNOWLEDGE;
  return true;
}

/* Whether a heading means a decision: "名: 类型" or "名(参数: 类型): 类型". */
static Decision *
read_decision_heading (Reader *r, Text heading, unsigned line)
{
  ptrdiff_t wide = text_find (heading, "：", 0);
  if (wide >= 0 && dmn_type_named (sub (heading, (size_t)wide + strlen ("："), heading.len)))
    fault (r, line, "full-width", "the colon before a type is half-width: write \":\" for \"：\"");
  ptrdiff_t colon = last_outside (heading, ':');
  if (colon < 0)
    return NULL;
  Arena *arena = r->lines.model->arena;
  Text type_name = sub (heading, (size_t)colon + 1, heading.len), name = sub (heading, 0, (size_t)colon);
  const FeelType *type = dmn_type_named (type_name);
  if (!type) {
    fault (r, line, "type",
           "no such type; known are 金额 数 文本 是否 日期 列表 情况 任意 and FEEL's own names");
    type = &feel_type_any;
  }
  Decision *d = arena_new0 (arena, Decision, 1);
  d->unit = r->unit;
  d->public = (DmnDecision){ .unit = &r->unit->public,
                             .line = r->lines.first_line + line,
                             .role = DMN_DECISION,
                             .type = type,
                             .type_name = type_name };
  ptrdiff_t open = text_find (name, "(", 0);
  if (open >= 0 && text_ends_with (name, ")")) {
    if (!read_parameters (r, d, sub (name, (size_t)open + 1, name.len - 1), line))
      return NULL;
    name = sub (name, 0, (size_t)open);
  }
  d->public.name = d->variable = name;
  if (name.len == 0) {
    fault (r, line, "heading", "this heading has a type but no name");
    return NULL;
  }
  if (!dmn_unit_add (r->unit, d))
    dmn_faults_add (r->lines.faults, DMN_ERROR, "duplicate-decision", r->lines.origin,
                    r->lines.first_line + line, 1,
                    "%.*s is already defined on line %u; give one of them another name", (int)name.len,
                    name.bytes, dmn_unit_decision (r->unit, name)->public.line);
  return d;
}

/* ---- blocks ------------------------------------------------------------ */

static void
close_prose (Reader *r, unsigned to)
{
  Text text = slice (r, r->prose_from, to);
  if (r->decision && !r->logic_seen)
    r->decision->public.prose = text;
  else if (!r->decision && r->unit->prose->len)
    g_array_index (r->unit->prose, DmnProse, r->unit->prose->len - 1).markdown = text;
  r->prose_from = to;
}

static void
close_decision (Reader *r)
{
  if (!r->decision || r->logic_seen)
    return;
  dmn_faults_add (r->lines.faults, DMN_ERROR, "no-logic", r->lines.origin, r->decision->public.line, 1,
                  "%.*s has no decision table and no feel block under its heading",
                  (int)r->decision->public.name.len, r->decision->public.name.bytes);
}

/* "## name: type ##" without its marks; the closing ones stand behind a blank. */
static Text
heading_text (Text line)
{
  line = text_trim (line);
  while (line.len && line.bytes[0] == '#')
    line = (Text){ line.bytes + 1, line.len - 1 };
  size_t end = line.len;
  while (end && line.bytes[end - 1] == '#')
    end--;
  if (end && end < line.len && strchr (" \t", line.bytes[end - 1]))
    line.len = end;
  return text_trim (line);
}

static void
read_heading (Reader *r, cmark_node *node, unsigned line)
{
  int level = cmark_node_get_heading_level (node);
  Text heading = heading_text (r->lines.lines[line]);
  if (level > 2)
    return; /* inside whatever is being read */
  close_prose (r, line);
  close_decision (r);
  r->decision = level == 2 ? read_decision_heading (r, heading, line) : NULL;
  r->logic_seen = false;
  r->prose_from = line + 1;
  if (r->decision)
    return;
  if (level == 1 && r->unit->public.title.len == 0)
    r->unit->public.title = heading;
  DmnProse prose = { .heading = heading, .level = (unsigned)level, .line = r->lines.first_line + line };
  g_array_append_val (r->unit->prose, prose);
}

static bool
begin_logic (Reader *r, unsigned line)
{
  if (!r->logic_seen)
    close_prose (r, line);
  else
    fault (r, line, "two-logics",
           "this decision already has its logic; give the second one a heading of its own");
  bool first = !r->logic_seen;
  r->logic_seen = true;
  return first;
}

static void
read_table (Reader *r, unsigned from, unsigned to)
{
  /* A table that ends a paragraph is given the paragraph's first line. */
  while (from + 1 < to && !table_is_delimiter (r->lines.lines[from + 1]))
    from++;
  size_t n;
  DmnCell *head = table_split (&r->lines, from, &n);
  DmnHitPolicy policy;
  bool examples = text_equal (head[0].text, text_of ("样例"));
  if (!r->decision) {
    if (examples || table_hit_policy (head[0].text, &policy))
      fault (r, from, "no-heading",
             "a decision table or examples need a heading \"## name: type\" above them");
    return;
  }
  if (examples)
    table_read_examples (&r->lines, from, to, r->decision);
  else if (begin_logic (r, from)) {
    DmnExpression *logic = new_logic (r, DMN_TABLE, from);
    logic->table = table_read_rules (&r->lines, from, to);
    if (logic->table)
      set_logic (r, logic);
  }
}

static void
read_code (Reader *r, cmark_node *node, unsigned line)
{
  int length, offset;
  char mark;
  if (!cmark_node_get_fenced (node, &length, &offset, &mark)
      && text_starts_with (text_trim (r->lines.lines[line]), "|"))
    fault (r, line, "stray-table", "a table indented by four blanks is read as code; begin it at the margin");
  if (strcmp (cmark_node_get_fence_info (node), "feel") != 0)
    return;
  if (!r->decision) {
    fault (r, line, "no-heading", "a feel block needs a heading \"## name: type\" above it");
    return;
  }
  if (!begin_logic (r, line))
    return;
  const char *code = cmark_node_get_literal (node);
  DmnExpression *logic = new_logic (r, DMN_LITERAL, line);
  logic->cell = (DmnCell){ .text = arena_text_copy (r->lines.model->arena, text_of (code)),
                           .line = r->lines.first_line + line + 1,
                           .column = 1 };
  if (logic->cell.text.len)
    set_logic (r, logic);
}

/* Text or code whose lines begin with bars is a table that Markdown did not take
 * for one. */
static void
refuse_stray_table (Reader *r, unsigned line, unsigned to)
{
  while (line <= to && !text_starts_with (text_trim (r->lines.lines[line]), "|"))
    line++;
  if (line > to)
    return;
  if (line + 1 < r->lines.n_lines && table_is_delimiter (r->lines.lines[line + 1]))
    dmn_faults_add (r->lines.faults, DMN_ERROR, "delimiter-width", r->lines.origin,
                    r->lines.first_line + line + 1, 1,
                    "the row of dashes has %zu cells, the head above it %zu; make them equal",
                    table_count_cells (r->lines.lines[line + 1]), table_count_cells (r->lines.lines[line]));
  else
    fault (r, line, "stray-table",
           "this looks like a table, but its second line is no row of dashes (| --- | --- |), so it is read "
           "as text");
}

/* Lists and quotations are prose; what would be read at the margin is a slip there. */
static void
refuse_nested (Reader *r, cmark_node *node)
{
  cmark_iter *iterator = cmark_iter_new (node);
  for (cmark_event_type event; (event = cmark_iter_next (iterator)) != CMARK_EVENT_DONE;) {
    cmark_node *inner = cmark_iter_get_node (iterator);
    cmark_node_type type = cmark_node_get_type (inner);
    bool read = (type == CMARK_NODE_HEADING && cmark_node_get_heading_level (inner) <= 2)
                || (type == CMARK_NODE_CODE_BLOCK && strcmp (cmark_node_get_fence_info (inner), "feel") == 0)
                || strcmp (cmark_node_get_type_string (inner), "table") == 0;
    if (event == CMARK_EVENT_ENTER && read)
      fault (r, (unsigned)cmark_node_get_start_line (inner) - 1, "nested",
             "inside a list or a quotation this is not read; begin it at the margin");
  }
  cmark_iter_free (iterator);
}

static void
read_block (Reader *r, cmark_node *node)
{
  if (cmark_node_get_start_line (node) == 0)
    return; /* the rest of a paragraph that a table ended: it has no lines of its own */
  unsigned from = (unsigned)cmark_node_get_start_line (node) - 1,
           to = (unsigned)cmark_node_get_end_line (node) - 1;
  cmark_node_type type = cmark_node_get_type (node);
  if (type == CMARK_NODE_HEADING)
    read_heading (r, node, from);
  else if (type == CMARK_NODE_CODE_BLOCK)
    read_code (r, node, from);
  else if (type == CMARK_NODE_PARAGRAPH)
    refuse_stray_table (r, from, to);
  else if (type == CMARK_NODE_LIST || type == CMARK_NODE_BLOCK_QUOTE)
    refuse_nested (r, node);
  else if (strcmp (cmark_node_get_type_string (node), "table") == 0)
    read_table (r, from, to);
}

static void
read_blocks (Reader *r)
{
  cmark_gfm_core_extensions_ensure_registered ();
  cmark_parser *parser = cmark_parser_new (CMARK_OPT_DEFAULT);
  cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension ("table"));
  cmark_parser_feed (parser, r->body.bytes, r->body.len);
  cmark_node *document = cmark_parser_finish (parser);
  for (cmark_node *node = cmark_node_first_child (document); node; node = cmark_node_next (node))
    read_block (r, node);
  close_prose (r, r->lines.n_lines);
  close_decision (r);
  cmark_node_free (document);
  cmark_parser_free (parser);
}

const DmnUnit *
dmn_model_read_clause (DmnModel *model, const DmnClauseSource *source, DmnFaults *faults)
{
  g_assert (!model->linked);
  Arena *arena = model->arena;
  const Unit *earlier = dmn_model_find_unit (model, source->id);
  if (earlier) {
    dmn_faults_add (faults, DMN_ERROR, "duplicate-unit", source->origin, 1, 0, "%s is already defined by %s",
                    source->id, earlier->public.origin);
    return NULL;
  }
  Unit *unit = dmn_unit_new (model, source->id, source->origin);
  unit->public.variables = source->variables;
  unit->public.n_variables = source->n_variables;
  unit->uses = source->uses;
  unit->uses_line = source->uses_line;
  Reader r = {
    .lines
    = { .model = model, .origin = unit->public.origin, .faults = faults, .first_line = source->first_line },
    .body = arena_text_copy (arena, source->body),
    .unit = unit
  };
  r.lines.lines = clause_split_lines (arena, r.body, &r.lines.n_lines);
  read_blocks (&r);
  dmn_unit_finish (model, unit);
  return &unit->public;
}
