/* The blocks of a page: from the Markdown it stands in, or from the DMN file that
 * kept them. */
#include "write_private.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

static void
add (GArray *items, DmnPageItem item)
{
  g_array_append_val (items, item);
}

static const DmnPage *
make_page (Arena *arena, Text front_matter, const GArray *items)
{
  DmnPage *page = arena_new0 (arena, DmnPage, 1);
  *page = (DmnPage){ .front_matter = front_matter,
                     .n = items->len,
                     .items = dmn_keep (arena, items->data, items->len * sizeof (DmnPageItem)) };
  return page;
}

/* ---- from Markdown ----------------------------------------------------- */

typedef struct {
  Arena *arena;
  const DmnUnit *unit;
  const Text *lines;
  unsigned n_lines, first_line;
  unsigned from; /* body line where text that is kept begins */
  const DmnDecision *decision;
  GArray *items;
} Layout;

static bool
is_blank (Text line)
{
  for (size_t i = 0; i < line.len; i++)
    if (line.bytes[i] != ' ' && line.bytes[i] != '\t')
      return false;
  return true;
}

static Text
joined (const Layout *l, unsigned from, unsigned to)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (unsigned i = from; i < to; i++)
    g_string_append_printf (out, "%s%.*s", i > from ? "\n" : "", (int)l->lines[i].len, l->lines[i].bytes);
  return arena_text_copy (l->arena, (Text){ out->str, out->len });
}

/* Text from the last block up to line TO, without the blank lines at its ends. */
static void
flush (Layout *l, unsigned to)
{
  unsigned from = l->from;
  while (from < to && is_blank (l->lines[from]))
    from++;
  while (to > from && is_blank (l->lines[to - 1]))
    to--;
  if (from < to)
    add (l->items, (DmnPageItem){ .kind = DMN_PAGE_TEXT, .text = joined (l, from, to) });
}

static const DmnDecision *
decision_at (const Layout *l, unsigned line)
{
  for (size_t i = 0; i < l->unit->n_decisions; i++)
    if (l->unit->decisions[i]->line == l->first_line + line)
      return l->unit->decisions[i];
  return NULL;
}

/* "# text #" or an underlined paragraph of several lines, as one line. */
static Text
heading_text (const Layout *l, unsigned from, unsigned to)
{
  Text line = text_trim (l->lines[from]);
  if (line.len == 0 || line.bytes[0] != '#') {
    g_autoptr (GString) out = g_string_new (NULL);
    for (unsigned i = from; i < MAX (to, from + 1); i++) {
      Text part = text_trim (l->lines[i]);
      g_string_append_printf (out, "%s%.*s", i > from ? " " : "", (int)part.len, part.bytes);
    }
    return arena_text_copy (l->arena, (Text){ out->str, out->len });
  }
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
take_heading (Layout *l, cmark_node *node, unsigned from, unsigned to)
{
  unsigned level = (unsigned)cmark_node_get_heading_level (node);
  if (level > 2)
    return;
  flush (l, from);
  l->from = to + 1;
  l->decision = level == 2 ? decision_at (l, from) : NULL;
  if (l->decision)
    add (l->items, (DmnPageItem){ .kind = DMN_PAGE_DECISION, .decision = l->decision });
  else
    add (l->items,
         (DmnPageItem){ .kind = DMN_PAGE_HEADING, .level = level, .text = heading_text (l, from, to) });
}

/* The rows of the examples table whose head is at FROM, as an aligned table. */
static bool
take_examples (Layout *l, unsigned from)
{
  const DmnDecision *d = l->decision;
  size_t first = 0, n = 0;
  while (first < d->n_examples && d->examples[first].line != l->first_line + from + 2)
    first++;
  while (first + n < d->n_examples && d->examples[first + n].input_heads == d->examples[first].input_heads
         && d->examples[first + n].expected_heads == d->examples[first].expected_heads)
    n++;
  if (n == 0)
    return false;
  Text text = write_examples (l->arena, d->examples + first, n);
  add (l->items, (DmnPageItem){ .kind = DMN_PAGE_EXAMPLES, .text = text, .decision = d });
  return true;
}

static void
take_table (Layout *l, unsigned from, unsigned to)
{
  while (from + 1 < to && !table_is_delimiter (l->lines[from + 1]))
    from++; /* the end of a paragraph that the table ended */
  if (!l->decision)
    return;
  const DmnExpression *body = write_body (l->decision);
  bool logic = body && body->kind == DMN_TABLE && body->line == l->first_line + from;
  flush (l, from);
  l->from = from;
  if (logic)
    add (l->items, (DmnPageItem){ .kind = DMN_PAGE_LOGIC, .decision = l->decision });
  if (logic || take_examples (l, from))
    l->from = to + 1;
}

static void
take_code (Layout *l, unsigned from, unsigned to)
{
  const DmnExpression *body = l->decision ? write_body (l->decision) : NULL;
  if (!body || body->kind != DMN_LITERAL || body->line != l->first_line + from)
    return;
  flush (l, from);
  add (l->items, (DmnPageItem){ .kind = DMN_PAGE_LOGIC, .decision = l->decision });
  l->from = to + 1;
}

static void
take_block (Layout *l, cmark_node *node)
{
  if (cmark_node_get_start_line (node) == 0)
    return;
  unsigned from = (unsigned)cmark_node_get_start_line (node) - 1,
           to = MIN ((unsigned)cmark_node_get_end_line (node), l->n_lines) - 1;
  if (cmark_node_get_type (node) == CMARK_NODE_HEADING)
    take_heading (l, node, from, to);
  else if (cmark_node_get_type (node) == CMARK_NODE_CODE_BLOCK)
    take_code (l, from, to);
  else if (strcmp (cmark_node_get_type_string (node), "table") == 0)
    take_table (l, from, to);
}

const DmnPage *
dmn_page_of_clause (Arena *arena, const DmnUnit *unit, Text front_matter, Text body, unsigned first_line)
{
  g_autoptr (GArray) items = g_array_new (FALSE, TRUE, sizeof (DmnPageItem));
  Layout l = { .arena = arena, .unit = unit, .first_line = first_line, .items = items };
  l.lines = clause_split_lines (arena, arena_text_copy (arena, body), &l.n_lines);
  cmark_gfm_core_extensions_ensure_registered ();
  cmark_parser *parser = cmark_parser_new (CMARK_OPT_DEFAULT);
  cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension ("table"));
  cmark_parser_feed (parser, body.bytes, body.len);
  cmark_node *document = cmark_parser_finish (parser);
  for (cmark_node *node = cmark_node_first_child (document); node; node = cmark_node_next (node))
    take_block (&l, node);
  flush (&l, l.n_lines);
  cmark_node_free (document);
  cmark_parser_free (parser);
  unsigned n;
  Text *lines = clause_split_lines (arena, front_matter, &n);
  g_autoptr (GString) front = g_string_new (NULL);
  for (unsigned i = 0; i < n; i++)
    g_string_append_printf (front, "%.*s\n", (int)lines[i].len, lines[i].bytes);
  return make_page (arena, arena_text_copy (arena, (Text){ front->str, front->len }), items);
}

/* ---- from a DMN file --------------------------------------------------- */

bool
write_is_own (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && node->ns
         && strcmp ((const char *)node->ns->href, DMN_PAGE_NAMESPACE) == 0
         && strcmp ((const char *)node->name, name) == 0;
}

bool
write_is_dmn (const xmlNode *node, const char *name)
{
  const xmlNode *root = xmlDocGetRootElement (node->doc);
  return node->type == XML_ELEMENT_NODE && node->ns && root->ns
         && xmlStrEqual (node->ns->href, root->ns->href) && strcmp ((const char *)node->name, name) == 0;
}

xmlNode *
write_child (const xmlNode *parent, const char *name)
{
  for (xmlNode *child = parent ? parent->children : NULL; child; child = child->next)
    if (write_is_dmn (child, name))
      return child;
  return NULL;
}

static Text
take (Arena *arena, xmlChar *value)
{
  Text text = arena_text_copy (arena, text_of ((const char *)value));
  xmlFree (value);
  return text;
}

Text
write_own_attribute (Arena *arena, xmlNode *node, const char *name)
{
  return take (arena,
               node ? xmlGetNsProp (node, (const xmlChar *)name, (const xmlChar *)DMN_PAGE_NAMESPACE) : NULL);
}

Text
write_attribute (Arena *arena, xmlNode *node, const char *name)
{
  return take (arena, node ? xmlGetNoNsProp (node, (const xmlChar *)name) : NULL);
}

Text
write_content (Arena *arena, xmlNode *node)
{
  return take (arena, node ? xmlNodeGetContent (node) : NULL);
}

xmlNode *
write_node_of (const DmnUnit *unit, const DmnDecision *d)
{
  static const char *const elements[] = { "decision", "businessKnowledgeModel", "decisionService" };
  g_autoptr (Arena) scratch = arena_new ();
  for (xmlNode *child = xmlDocGetRootElement (unit->document)->children; child; child = child->next)
    if ((unsigned)xmlGetLineNo (child) == d->line && write_is_dmn (child, elements[d->role])
        && text_equal (text_trim (write_attribute (scratch, child, "name")), d->name)
        && text_equal (text_trim (write_attribute (scratch, child, "id")), d->id))
      return child;
  return NULL;
}

static xmlNode *
own_child (xmlNode *element, const char *name)
{
  xmlNode *extensions = write_child (element, "extensionElements");
  for (xmlNode *child = extensions ? extensions->children : NULL; child; child = child->next)
    if (write_is_own (child, name))
      return child;
  return NULL;
}

bool
dmn_has_page (const DmnUnit *unit)
{
  return own_child (xmlDocGetRootElement (unit->document), "page") != NULL;
}

Text
dmn_variable_id (Arena *arena, const DmnUnit *unit, size_t variable)
{
  for (xmlNode *child = xmlDocGetRootElement (unit->document)->children; child; child = child->next)
    if (write_is_dmn (child, "inputData") && variable-- == 0)
      return text_trim (write_attribute (arena, child, "id"));
  return TEXT_LITERAL ("");
}

typedef struct {
  Arena *arena;
  const DmnUnit *unit;
  GArray *items;
  GPtrArray *done; /* DmnDecision * */
} Tree;

static void
add_text (Tree *t, DmnPageKind kind, Text text)
{
  if (text_trim (text).len)
    add (t->items, (DmnPageItem){ .kind = kind, .text = text });
}

static void
add_description (Tree *t, xmlNode *element)
{
  add_text (t, DMN_PAGE_TEXT, write_content (t->arena, write_child (element, "description")));
}

static void
add_decision (Tree *t, const DmnDecision *d)
{
  const char *why;
  if (g_ptr_array_find (t->done, d, NULL) || !write_can_hold (d, &why))
    return;
  g_ptr_array_add (t->done, (gpointer)d);
  xmlNode *element = write_node_of (t->unit, d);
  add (t->items, (DmnPageItem){ .kind = DMN_PAGE_DECISION, .decision = d });
  add_description (t, element);
  add (t->items, (DmnPageItem){ .kind = DMN_PAGE_LOGIC, .decision = d });
  xmlNode *after = own_child (element, "after");
  for (xmlNode *child = after ? after->children : NULL; child; child = child->next)
    if (write_is_own (child, "text"))
      add_text (t, DMN_PAGE_TEXT, write_content (t->arena, child));
    else if (write_is_own (child, "examples"))
      add_text (t, DMN_PAGE_EXAMPLES, write_content (t->arena, child));
}

static const DmnDecision *
referred (Tree *t, xmlNode *node)
{
  Text href = write_attribute (t->arena, node, "href");
  for (size_t i = 0; i < t->unit->n_decisions; i++) {
    Text id = t->unit->decisions[i]->id;
    if (href.len == id.len + 1 && memcmp (href.bytes + 1, id.bytes, id.len) == 0)
      return t->unit->decisions[i];
  }
  return NULL;
}

static void
add_page_item (Tree *t, xmlNode *root, xmlNode *item)
{
  if (write_is_own (item, "text"))
    add_text (t, DMN_PAGE_TEXT, write_content (t->arena, item));
  else if (write_is_own (item, "description"))
    add_description (t, root);
  else if (write_is_own (item, "heading")) {
    Text level = write_attribute (t->arena, item, "level");
    add (t->items, (DmnPageItem){ .kind = DMN_PAGE_HEADING,
                                  .level = text_equal (level, TEXT_LITERAL ("1")) ? 1 : 2,
                                  .text = text_trim (write_content (t->arena, item)) });
  } else if (write_is_own (item, "decision")) {
    const DmnDecision *d = referred (t, item);
    if (d)
      add_decision (t, d);
  }
}

const DmnPage *
dmn_page_of_xml (Arena *arena, const DmnUnit *unit)
{
  g_autoptr (GArray) items = g_array_new (FALSE, TRUE, sizeof (DmnPageItem));
  g_autoptr (GPtrArray) done = g_ptr_array_new ();
  Tree t = { .arena = arena, .unit = unit, .items = items, .done = done };
  xmlNode *root = xmlDocGetRootElement (unit->document), *page = own_child (root, "page");
  Text front_matter = TEXT_LITERAL ("");
  for (xmlNode *child = page ? page->children : NULL; child; child = child->next)
    if (write_is_own (child, "frontMatter"))
      front_matter = write_content (arena, child);
    else
      add_page_item (&t, root, child);
  if (!page) {
    add (items, (DmnPageItem){ .kind = DMN_PAGE_HEADING, .level = 1, .text = unit->title });
    add_description (&t, root);
  }
  for (size_t i = 0; i < unit->n_decisions; i++) /* those that an editor added */
    add_decision (&t, unit->decisions[i]);
  return make_page (arena, front_matter, items);
}
