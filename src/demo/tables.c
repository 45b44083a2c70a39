#include "tables.h"

#include <string.h>
#include <yaml.h>

/* One reading of the file: where we are, for messages. */
typedef struct {
  Arena *arena;
  const char *path;
  yaml_document_t *document;
  GError **error;
} Reader;

static bool
fail (const Reader *r, const yaml_node_t *node, const char *message, Text about)
{
  g_set_error (r->error, FAULT, FAULT_INPUT, "%s:%zu: %s: %.*s", r->path, node->start_mark.line + 1, message,
               (int)about.len, about.bytes);
  return false;
}

static const yaml_node_t *
node_at (const Reader *r, int index)
{
  return yaml_document_get_node (r->document, index);
}

static Text
scalar (const yaml_node_t *node)
{
  if (node->type != YAML_SCALAR_NODE)
    return text_of (NULL);
  return (Text){ (const char *)node->data.scalar.value, node->data.scalar.length };
}

static size_t
size_of (const yaml_node_t *node)
{
  if (node->type == YAML_MAPPING_NODE)
    return (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
  return node->type == YAML_SEQUENCE_NODE
             ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start)
             : 0;
}

static const yaml_node_t *
key_at (const Reader *r, const yaml_node_t *map, size_t i)
{
  return node_at (r, map->data.mapping.pairs.start[i].key);
}

static const yaml_node_t *
value_at (const Reader *r, const yaml_node_t *map, size_t i)
{
  return node_at (r, map->data.mapping.pairs.start[i].value);
}

/* The value under KEY of a mapping, NULL when absent. */
static const yaml_node_t *
member (const Reader *r, const yaml_node_t *map, const char *key)
{
  if (map->type == YAML_MAPPING_NODE)
    for (size_t i = 0; i < size_of (map); i++)
      if (text_equal (scalar (key_at (r, map, i)), text_of (key)))
        return value_at (r, map, i);
  return NULL;
}

static bool
whole_number (Text text, gint64 *n)
{
  size_t i = text.len && text.bytes[0] == '-';
  if (i == text.len || text.len > 15)
    return false;
  gint64 value = 0;
  for (size_t at = i; at < text.len; at++) {
    if (!g_ascii_isdigit (text.bytes[at]))
      return false;
    value = value * 10 + (text.bytes[at] - '0');
  }
  *n = i ? -value : value;
  return true;
}

/* "18..24" or "18"; false when TEXT is neither. */
static bool
range (Text text, gint64 *from, gint64 *to)
{
  ptrdiff_t dots = text_find (text, "..", 0);
  if (dots < 0) {
    *to = 0;
    return whole_number (text, from) && (*to = *from, true);
  }
  Text low = { text.bytes, (size_t)dots }, high = { text.bytes + dots + 2, text.len - (size_t)dots - 2 };
  return whole_number (low, from) && whole_number (high, to) && *from <= *to;
}

static bool
read_number (const Reader *r, const yaml_node_t *map, const char *key, gint64 *n)
{
  const yaml_node_t *node = member (r, map, key);
  if (!node)
    return fail (r, map, "a number is missing here", text_of (key));
  return (whole_number (scalar (node), n) && *n >= 0)
         || fail (r, node, "not a whole number from 0", scalar (node));
}

static bool
read_text (const Reader *r, const yaml_node_t *map, const char *key, Text *text)
{
  const yaml_node_t *node = member (r, map, key);
  if (!node || scalar (node).len == 0)
    return fail (r, map, "a text is missing here", text_of (key));
  *text = arena_text_copy (r->arena, scalar (node));
  return true;
}

static bool
read_row (const Reader *r, Text name, const yaml_node_t *node, bool rates, DemoRow *row)
{
  row->name = arena_text_copy (r->arena, name);
  if (!range (name, &row->from, &row->to))
    row->from = row->to = -1;
  if (rates)
    return (whole_number (scalar (node), &row->rate) && row->rate >= 0 && row->rate <= 100000)
           || fail (r, node, "a rate is a whole number from 0 to 100000", scalar (node));
  if (node->type != YAML_MAPPING_NODE || size_of (node) == 0)
    return fail (r, node, "a row is a mapping of outcomes to weights", name);
  row->n = size_of (node);
  DemoOutcome *outcomes = arena_new0 (r->arena, DemoOutcome, row->n);
  for (size_t i = 0; i < row->n; i++) {
    const yaml_node_t *weight = value_at (r, node, i);
    outcomes[i].text = arena_text_copy (r->arena, scalar (key_at (r, node, i)));
    outcomes[i].is_number = range (outcomes[i].text, &outcomes[i].from, &outcomes[i].to);
    if (!whole_number (scalar (weight), &outcomes[i].weight) || outcomes[i].weight < 0)
      return fail (r, weight, "a weight is a whole number from 0", scalar (weight));
    row->total += outcomes[i].weight;
  }
  row->outcomes = outcomes;
  return (row->total > 0 && row->total < G_MAXUINT32)
         || fail (r, node, "the weights of a row sum to 0", name);
}

static void
index_by_number (DemoTable *table)
{
  for (size_t i = 0; i < table->n; i++)
    for (gint64 n = MAX (table->rows[i].from, 0); n <= table->rows[i].to && n < DEMO_AGES; n++)
      table->at[n] = &table->rows[i];
}

/* Exactly one of source and assumed, exactly one of weights, rows, per_100000. */
static bool
read_table (const Reader *r, Text id, const yaml_node_t *node, DemoTable *table)
{
  const yaml_node_t *source = member (r, node, "source"), *assumed = member (r, node, "assumed");
  const yaml_node_t *weights = member (r, node, "weights"), *rows = member (r, node, "rows");
  const yaml_node_t *rates = member (r, node, "per_100000");
  if (!source == !assumed || scalar (source ? source : assumed).len == 0)
    return fail (r, node, "a table has either `source: where from` or `assumed: why so`", id);
  if (!!weights + !!rows + !!rates != 1 || size_of (node) != 2)
    return fail (r, node, "a table has one of `weights`, `rows` and `per_100000`, and nothing else", id);
  table->id = arena_text (r->arena, id);
  table->line = (unsigned)node->start_mark.line + 1;
  table->source = source ? arena_text (r->arena, scalar (source)) : NULL;
  table->assumed = assumed ? arena_text (r->arena, scalar (assumed)) : NULL;
  table->rates = rates != NULL;
  const yaml_node_t *many = rows ? rows : rates && rates->type == YAML_MAPPING_NODE ? rates : NULL;
  table->n = many ? size_of (many) : 1;
  if (table->n == 0)
    return fail (r, node, "a table without rows", id);
  DemoRow *out = arena_new0 (r->arena, DemoRow, table->n);
  table->rows = out;
  for (size_t i = 0; i < table->n; i++) {
    Text name = many ? scalar (key_at (r, many, i)) : text_of ("");
    const yaml_node_t *body = many ? value_at (r, many, i) : weights ? weights : rates;
    if (!read_row (r, name, body, table->rates, &out[i]))
      return false;
  }
  index_by_number (table);
  return true;
}

static bool
read_tables (const Reader *r, const yaml_node_t *root, DemoData *data)
{
  const yaml_node_t *tables = member (r, root, "tables");
  if (!tables || tables->type != YAML_MAPPING_NODE)
    return fail (r, root, "a mapping is missing here", text_of ("tables"));
  const struct {
    const char *id;
    const DemoTable **at;
  } wanted[] = {
#define T(name, shape, rows) { #name, &data->name },
    DEMO_TABLES (T)
#undef T
  };
  for (size_t i = 0; i < size_of (tables); i++) {
    Text id = scalar (key_at (r, tables, i));
    DemoTable *table = arena_new0 (r->arena, DemoTable, 1);
    if (!read_table (r, id, value_at (r, tables, i), table))
      return false;
    size_t w = 0;
    while (w < G_N_ELEMENTS (wanted) && !text_equal (text_of (wanted[w].id), id))
      w++;
    if (w == G_N_ELEMENTS (wanted))
      return fail (r, key_at (r, tables, i), "nothing draws from this table; remove it", id);
    if (*wanted[w].at)
      return fail (r, key_at (r, tables, i), "this table stands here twice", id);
    *wanted[w].at = table;
  }
  for (size_t w = 0; w < G_N_ELEMENTS (wanted); w++)
    if (!*wanted[w].at)
      return fail (r, tables, "a table is missing here", text_of (wanted[w].id));
  return demo_shape_check (data, r->error);
}

static bool
read_townships (const Reader *r, const yaml_node_t *root, DemoData *data)
{
  const yaml_node_t *list = member (r, root, "townships");
  const yaml_node_t *basis = member (r, root, "townships_assumed");
  if (!list || list->type != YAML_SEQUENCE_NODE || size_of (list) == 0)
    return fail (r, root, "a list is missing here", text_of ("townships"));
  if (!basis || scalar (basis).len == 0)
    return fail (r, root, "say why the shares are as they are", text_of ("townships_assumed"));
  data->township_basis = arena_text (r->arena, scalar (basis));
  data->n_townships = size_of (list);
  DemoTownship *out = arena_new0 (r->arena, DemoTownship, data->n_townships);
  gint64 shares = 0;
  for (size_t i = 0; i < data->n_townships; i++) {
    const yaml_node_t *node = node_at (r, list->data.sequence.items.start[i]);
    DemoTownship *t = &out[i];
    if (!read_text (r, node, "code", &t->code) || !read_text (r, node, "name", &t->name)
        || !read_text (r, node, "english", &t->english)
        || !read_number (r, node, "communities", &t->communities)
        || !read_number (r, node, "villages", &t->villages) || !read_number (r, node, "share", &t->share)
        || !read_number (r, node, "rural", &t->rural))
      return false;
    const char *reason = NULL;
    int level = 0;
    if (!identity_check_division (t->code, &level, &reason) || level != 4)
      return fail (r, node, "not the code of a township", t->code);
    if (t->communities + t->villages < 1 || t->communities > 99 || t->villages > 99)
      return fail (r, node, "1 to 99 communities and villages are needed", t->name);
    shares += t->share;
  }
  data->townships = out;
  return shares == 1000 || fail (r, list, "the shares of the townships sum to 1000", text_of ("share"));
}

static bool
read_parks (const Reader *r, const yaml_node_t *root, DemoData *data)
{
  const yaml_node_t *list = member (r, root, "parks");
  if (!list || list->type != YAML_SEQUENCE_NODE)
    return fail (r, root, "a list is missing here", text_of ("parks"));
  data->n_parks = size_of (list);
  DemoPark *out = arena_new0 (r->arena, DemoPark, data->n_parks);
  data->parks = out;
  for (size_t i = 0; i < data->n_parks; i++) {
    const yaml_node_t *node = node_at (r, list->data.sequence.items.start[i]);
    if (!read_text (r, node, "name", &out[i].name) || !read_text (r, node, "kind", &out[i].kind)
        || !read_text (r, node, "township", &out[i].township) || !read_text (r, node, "trade", &out[i].trade))
      return false;
    if (demo_township_of (data, out[i].township) < 0)
      return fail (r, node, "no such township", out[i].township);
  }
  return true;
}

static bool
read_source (const Reader *r, Text name, const yaml_node_t *node, DemoSource *source)
{
  Text recorded, valid_from, evidence;
  if (!read_text (r, node, "recorded", &recorded) || !read_text (r, node, "valid_from", &valid_from)
      || !read_text (r, node, "evidence", &evidence))
    return false;
  source->name = arena_text (r->arena, name);
  source->evidence = evidence.bytes;
  return (instant_parse (recorded, &source->recorded_at)
          || fail (r, node, "not an instant like 2026-07-01T01:00:00Z", recorded))
         && (civil_parse (valid_from, &source->valid_from)
             || fail (r, node, "not a date like 2025-01-01", valid_from));
}

/* A delivery that comes after every department's. */
static bool
read_later (const Reader *r, const yaml_node_t *root, const char *key, const DemoData *data,
            DemoSource *later)
{
  const yaml_node_t *node = member (r, root, key);
  Text name;
  if (!node)
    return fail (r, root, "a mapping is missing here", text_of (key));
  if (!read_text (r, node, "source", &name) || !read_source (r, name, node, later))
    return false;
  for (size_t i = 0; i < data->n_sources; i++)
    if (data->sources[i].recorded_at > later->recorded_at)
      return fail (r, node, "this comes after every source, also", text_of (data->sources[i].name));
  return true;
}

static bool
read_sources (const Reader *r, const yaml_node_t *root, DemoData *data)
{
  const yaml_node_t *map = member (r, root, "sources");
  if (!map || map->type != YAML_MAPPING_NODE)
    return fail (r, root, "a mapping is missing here", text_of ("sources"));
  data->n_sources = size_of (map);
  DemoSource *out = arena_new0 (r->arena, DemoSource, data->n_sources);
  data->sources = out;
  for (size_t i = 0; i < data->n_sources; i++)
    if (!read_source (r, scalar (key_at (r, map, i)), value_at (r, map, i), &out[i]))
      return false;
  if (!read_later (r, root, "dispute", data, &data->dispute)
      || !read_later (r, root, "correction", data, &data->correction))
    return false;
  return data->dispute.recorded_at <= data->correction.recorded_at
         || fail (r, member (r, root, "dispute"), "this comes before the correction", text_of ("dispute"));
}

static bool
read_root (const Reader *r, DemoData *data)
{
  const yaml_node_t *root = yaml_document_get_root_node (r->document);
  if (!root || root->type != YAML_MAPPING_NODE) {
    g_set_error (r->error, FAULT, FAULT_INPUT, "%s:1: not a mapping of as_of, townships and tables", r->path);
    return false;
  }
  Text as_of;
  if (!read_text (r, root, "as_of", &as_of))
    return false;
  if (!civil_parse (as_of, &data->as_of))
    return fail (r, root, "as_of is a date like 2026-06-30", as_of);
  return read_townships (r, root, data) && read_parks (r, root, data) && read_sources (r, root, data)
         && read_tables (r, root, data);
}

const DemoData *
demo_data_read (Arena *arena, const char *bytes, size_t len, const char *path, GError **error)
{
  DemoData *data = arena_new0 (arena, DemoData, 1);
  data->path = arena_text (arena, text_of (path));
  yaml_parser_t parser;
  yaml_document_t document;
  yaml_parser_initialize (&parser);
  yaml_parser_set_input_string (&parser, (const unsigned char *)bytes, len);
  bool ok = yaml_parser_load (&parser, &document) == 1;
  if (!ok)
    g_set_error (error, FAULT, FAULT_INPUT, "%s:%zu: not YAML: %s", path, parser.problem_mark.line + 1,
                 parser.problem ? parser.problem : "unreadable");
  else {
    ok = read_root (&(Reader){ arena, data->path, &document, error }, data);
    yaml_document_delete (&document);
  }
  yaml_parser_delete (&parser);
  return ok ? data : NULL;
}

const DemoData *
demo_data_load (Arena *arena, const char *path, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize len = 0;
  g_autoptr (GError) problem = NULL;
  if (g_file_get_contents (path, &bytes, &len, &problem))
    return demo_data_read (arena, bytes, len, path, error);
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: cannot be read: %s", path, problem->message);
  return NULL;
}

const DemoSource *
demo_data_source (const DemoData *data, const char *name)
{
  for (size_t i = 0; i < data->n_sources; i++)
    if (g_str_equal (data->sources[i].name, name))
      return &data->sources[i];
  return NULL;
}

const DemoRow *
demo_row_text (const DemoTable *table, Text name)
{
  for (size_t i = 0; i < table->n; i++)
    if (text_equal (table->rows[i].name, name))
      return &table->rows[i];
  return NULL;
}

const DemoRow *
demo_row (const DemoTable *table, const char *name)
{
  return demo_row_text (table, text_of (name));
}

const DemoRow *
demo_row_at (const DemoTable *table, gint64 number)
{
  return number >= 0 && number < DEMO_AGES ? table->at[number] : NULL;
}

const DemoOutcome *
demo_pick (const DemoRow *row, DemoRandom *r)
{
  gint64 at = demo_random_below (r, (guint64)row->total);
  size_t i = 0;
  while (at >= row->outcomes[i].weight)
    at -= row->outcomes[i++].weight;
  return &row->outcomes[i];
}

Text
demo_pick_text (const DemoRow *row, DemoRandom *r)
{
  return row ? demo_pick (row, r)->text : text_of ("");
}

gint64
demo_pick_number (const DemoRow *row, DemoRandom *r)
{
  if (!row)
    return 0;
  const DemoOutcome *o = demo_pick (row, r);
  return demo_random_between (r, o->from, o->to);
}

gint64
demo_township_of (const DemoData *data, Text code)
{
  for (size_t i = 0; i < data->n_townships; i++)
    if (text_equal (data->townships[i].code, code))
      return (gint64)i;
  return -1;
}

size_t
demo_township_pick (const DemoData *data, DemoRandom *r)
{
  gint64 at = demo_random_below (r, 1000);
  size_t i = 0;
  while (at >= data->townships[i].share)
    at -= data->townships[i++].share;
  return i;
}

bool
demo_happens (const DemoRow *row, DemoRandom *r)
{
  return row && demo_random_chance (r, row->rate);
}
