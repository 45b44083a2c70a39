/* A page as canonical Markdown: tables aligned by display width, inputs before
 * outputs before annotations, 允许 and 默认 above the rules. */
#include "write_private.h"

/* ---- tables ------------------------------------------------------------ */

/* A grid of cells, each row as wide as the first. */
typedef struct {
  Arena *arena;
  size_t width;
  GPtrArray *cells; /* const Text *, row by row */
} Grid;

static void
put (Grid *g, const char *mark, Text text)
{
  Text *cell = arena_new0 (g->arena, Text, 1);
  g_autoptr (GString) out = g_string_new (mark);
  for (size_t i = 0; i < text.len; i++)
    if (text.bytes[i] == '|')
      g_string_append (out, "\\|");
    else /* a cell is one line */
      g_string_append_c (out, strchr ("\n\r\t", text.bytes[i]) ? ' ' : text.bytes[i]);
  *cell = arena_text_copy (g->arena, text_trim ((Text){ out->str, out->len }));
  g_ptr_array_add (g->cells, cell);
}

/* Columns on a screen: East Asian wide characters take two. */
static size_t
display_width (Text text)
{
  size_t width = 0;
  for (const char *p = text.bytes; p < text.bytes + text.len; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
  }
  return width;
}

static void
append_row (GString *out, const Grid *g, size_t row, const size_t *widths)
{
  for (size_t i = 0; i < g->width; i++) {
    const Text *cell = g->cells->pdata[row * g->width + i];
    g_string_append_printf (out, "| %.*s%*s ", (int)cell->len, cell->bytes,
                            (int)(widths[i] - display_width (*cell)), "");
  }
  g_string_append (out, "|\n");
}

static void
append_grid (GString *out, const Grid *g)
{
  g_autofree size_t *widths = g_new0 (size_t, g->width);
  for (guint i = 0; i < g->cells->len; i++) {
    size_t width = display_width (*(const Text *)g->cells->pdata[i]);
    widths[i % g->width] = MAX (widths[i % g->width], MAX (width, 1));
  }
  append_row (out, g, 0, widths);
  for (size_t i = 0; i < g->width; i++) {
    g_string_append_c (out, '|');
    for (size_t k = 0; k < widths[i] + 2; k++)
      g_string_append_c (out, '-');
  }
  g_string_append (out, "|\n");
  for (size_t row = 1; row < g->cells->len / g->width; row++)
    append_row (out, g, row, widths);
}

Text
write_examples (Arena *arena, const DmnExample *examples, size_t n)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  Grid g = { arena, 1 + examples->n_inputs + examples->n_expected, cells };
  put (&g, "", TEXT_LITERAL ("样例"));
  for (size_t i = 0; i < examples->n_inputs; i++)
    put (&g, "", examples->input_heads[i].text);
  for (size_t i = 0; i < examples->n_expected; i++)
    put (&g, "→ ", examples->expected_heads[i].text);
  for (size_t row = 0; row < n; row++) {
    put (&g, "", examples[row].name);
    for (size_t i = 0; i < examples->n_inputs; i++)
      put (&g, "", examples[row].inputs[i].text);
    for (size_t i = 0; i < examples->n_expected; i++)
      put (&g, "", examples[row].expected[i].text);
  }
  g_autoptr (GString) out = g_string_new (NULL);
  append_grid (out, &g);
  return arena_text_copy (arena, text_trim ((Text){ out->str, out->len }));
}

static void
put_columns (Grid *g, const DmnTable *table, Text name)
{
  put (g, "", text_of (dmn_hit_policy_symbol (table->policy)));
  for (size_t i = 0; i < table->n_inputs; i++)
    put (g, "", table->inputs[i].label);
  for (size_t i = 0; i < table->n_outputs; i++)
    put (g, "→ ", table->outputs[i].label.len ? table->outputs[i].label : name);
  for (size_t i = 0; i < table->n_annotations; i++)
    put (g, "# ", table->annotations[i].label.len ? table->annotations[i].label : TEXT_LITERAL ("#"));
}

/* The row 允许 or 默认, where a column has one. */
static void
put_special (Grid *g, const DmnTable *table, const char *label, size_t offset)
{
  bool any = false;
  for (size_t i = 0; i < table->n_inputs; i++)
    any |= G_STRUCT_MEMBER (DmnCell, &table->inputs[i], offset).text.len > 0;
  for (size_t i = 0; i < table->n_outputs; i++)
    any |= G_STRUCT_MEMBER (DmnCell, &table->outputs[i], offset).text.len > 0;
  if (!any)
    return;
  put (g, "", text_of (label));
  for (size_t i = 0; i < table->n_inputs; i++)
    put (g, "", G_STRUCT_MEMBER (DmnCell, &table->inputs[i], offset).text);
  for (size_t i = 0; i < table->n_outputs; i++)
    put (g, "", G_STRUCT_MEMBER (DmnCell, &table->outputs[i], offset).text);
  for (size_t i = 0; i < table->n_annotations; i++)
    put (g, "", TEXT_LITERAL (""));
}

static void
put_rule (Grid *g, const DmnTable *table, const DmnRule *rule)
{
  put (g, "", rule->label);
  for (size_t i = 0; i < table->n_inputs; i++)
    put (g, "", rule->tests[i].text.len ? rule->tests[i].text : TEXT_LITERAL ("-"));
  for (size_t i = 0; i < table->n_outputs; i++)
    put (g, "", rule->outputs[i].text.len ? rule->outputs[i].text : TEXT_LITERAL ("null"));
  for (size_t i = 0; i < table->n_annotations; i++)
    put (g, "", rule->annotations[i].text);
}

static void
append_table (GString *out, Arena *arena, const DmnTable *table, Text name)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  Grid g = { arena, 1 + table->n_inputs + table->n_outputs + table->n_annotations, cells };
  put_columns (&g, table, name);
  put_special (&g, table, "允许", offsetof (DmnColumn, allowed));
  put_special (&g, table, "默认", offsetof (DmnColumn, standard));
  for (size_t i = 0; i < table->n_rules; i++)
    put_rule (&g, table, &table->rules[i]);
  append_grid (out, &g);
}

/* ---- expressions ------------------------------------------------------- */

/* A fence longer than any run of backticks inside. */
static void
append_fenced (GString *out, Text feel)
{
  size_t longest = 2, run = 0;
  for (size_t i = 0; i < feel.len; i++) {
    run = feel.bytes[i] == '`' ? run + 1 : 0;
    longest = MAX (longest, run);
  }
  g_autofree char *fence = g_strnfill (longest + 1, '`');
  g_string_append_printf (out, "%sfeel\n%.*s\n%s\n", fence, (int)feel.len, feel.bytes, fence);
}

static void
append_logic (GString *out, Arena *arena, const DmnDecision *d)
{
  const DmnExpression *body = write_body (d);
  if (body->kind == DMN_TABLE) {
    append_table (out, arena, body->table, d->name);
    return;
  }
  g_autoptr (GString) feel = g_string_new (NULL);
  write_feel (feel, body);
  append_fenced (out, text_trim ((Text){ feel->str, feel->len }));
}

/* ---- headings ---------------------------------------------------------- */

/* What the page calls the type of D's values: its own word for it where DMN's is
 * still the same. */
static Text
type_of (Arena *arena, const DmnDecision *d)
{
  if (!d->unit->is_xml)
    return d->type_name;
  xmlNode *element = write_node_of (d->unit, d);
  Text own = write_own_attribute (arena, write_child (element, "variable"), "type");
  const DmnExpression *body = write_body (d);
  Text stated = d->role == DMN_KNOWLEDGE && body->type_name.len ? body->type_name : d->type_name;
  const FeelType *type = own.len ? dmn_type_named (own) : NULL;
  if (type && text_equal (text_of (write_type_ref (type)), stated))
    return own;
  Text name = write_type_name (stated);
  return name.len ? name : TEXT_LITERAL ("Any");
}

static xmlNode *
parameter_node (const DmnDecision *d, size_t index)
{
  xmlNode *logic = write_child (write_node_of (d->unit, d), "encapsulatedLogic");
  for (xmlNode *child = logic ? logic->children : NULL; child; child = child->next)
    if (write_is_dmn (child, "formalParameter") && index-- == 0)
      return child;
  return NULL;
}

static Text
parameter_type (Arena *arena, const DmnDecision *d, size_t index)
{
  Text stated = d->logic->names[index].type_name;
  if (!d->unit->is_xml)
    return stated;
  Text own = write_own_attribute (arena, parameter_node (d, index), "type");
  const FeelType *type = own.len ? dmn_type_named (own) : NULL;
  return type && text_equal (text_of (write_type_ref (type)), stated) ? own : write_type_name (stated);
}

static void
append_decision_heading (GString *out, Arena *arena, const DmnDecision *d)
{
  g_string_append_printf (out, "## %.*s", (int)d->name.len, d->name.bytes);
  if (d->role == DMN_KNOWLEDGE) {
    g_string_append_c (out, '(');
    for (size_t i = 0; i < d->logic->n_names; i++) {
      Text name = d->logic->names[i].name, type = parameter_type (arena, d, i);
      g_string_append_printf (out, "%s%.*s%s%.*s", i ? ", " : "", (int)name.len, name.bytes,
                              type.len ? ": " : "", (int)type.len, type.bytes);
    }
    g_string_append_c (out, ')');
  }
  Text type = type_of (arena, d);
  g_string_append_printf (out, ": %.*s\n", (int)type.len, type.bytes);
}

/* A closing # keeps one that belongs to the text. */
static void
append_heading (GString *out, const DmnPageItem *item)
{
  g_string_append_printf (out, "%s %.*s%s\n", item->level == 1 ? "#" : "##", (int)item->text.len,
                          item->text.bytes, text_ends_with (item->text, "#") ? " #" : "");
}

/* ---- the page ---------------------------------------------------------- */

char *
dmn_write_clause (const DmnPage *page)
{
  g_autoptr (Arena) arena = arena_new ();
  GString *out = g_string_new (NULL);
  if (page->front_matter.len)
    g_string_append_printf (out, "---\n%.*s---\n", (int)page->front_matter.len, page->front_matter.bytes);
  for (size_t i = 0; i < page->n; i++) {
    const DmnPageItem *item = &page->items[i];
    if (out->len)
      g_string_append_c (out, '\n');
    switch (item->kind) {
    case DMN_PAGE_HEADING: append_heading (out, item); break;
    case DMN_PAGE_DECISION: append_decision_heading (out, arena, item->decision); break;
    case DMN_PAGE_LOGIC: append_logic (out, arena, item->decision); break;
    case DMN_PAGE_TEXT:
    case DMN_PAGE_EXAMPLES:
      g_string_append_printf (out, "%.*s\n", (int)item->text.len, item->text.bytes);
      break;
    }
  }
  return g_string_free (out, FALSE);
}
