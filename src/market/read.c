/* A market's file: sides, conditions, parts of the score; and what no score may read. */
#include "market/market_private.h"

#include <string.h>

static const char *const kinds[] = { "number", "truth", "day", "word", "concepts", NULL };
static const char *const part_kinds[] = { "overlap", "nearest", "reach", "same", "fresh", "flag", NULL };
static const char *const side_ids[] = { "seekers", "offers" };

typedef struct {
  YamlFile file;
  Arena *arena;
  const RegistrySchema *schema;
  Market *market;
  FeelScope *scope;
  GError **error;
} Reading;

const char *
market_part_kind_id (MarketPartKind kind)
{
  return part_kinds[kind];
}

/* ---- values --------------------------------------------------------------------- */

static const char *
get (Reading *r, yaml_node_t *node, const char *key, bool required, bool *ok)
{
  Text text = text_of (NULL);
  *ok = yaml_get_text (&r->file, node, key, required, &text, r->error) && *ok;
  return *ok ? arena_text (r->arena, text) : "";
}

static MarketText
get_name (Reading *r, yaml_node_t *node, bool *ok)
{
  const char *zh = get (r, node, "zh", true, ok);
  return (MarketText){ zh, *ok ? get (r, node, "en", true, ok) : "" };
}

/* The index of WORD among NAMES, or −1 with a fault at NODE. */
static int
find_word (Reading *r, yaml_node_t *node, const char *key, const char *word, const char *const *names)
{
  for (int i = 0; names[i]; i++)
    if (g_str_equal (word, names[i]))
      return i;
  g_autofree char *all = g_strjoinv (", ", (char **)(gsize)names);
  yaml_fail (&r->file, node, r->error, "%s: \"%s\" is none of %s", key, word, all);
  return -1;
}

/* A whole number from LEAST on, or −1 with a fault. */
static gint32
get_number (Reading *r, yaml_node_t *node, const char *key, gint32 least, gint32 most, gint32 otherwise)
{
  bool ok = true;
  guint64 number;
  const char *text = get (r, node, key, otherwise < 0, &ok);
  if (!ok)
    return -1;
  if (!*text)
    return otherwise;
  if (g_ascii_string_to_unsigned (text, 10, (guint64)least, (guint64)most, &number, NULL))
    return (gint32)number;
  yaml_fail (&r->file, node, r->error, "%s: \"%s\" is no whole number from %d to %d", key, text, least, most);
  return -1;
}

static yaml_node_t **
get_list (Reading *r, yaml_node_t *mapping, const char *key, size_t *n)
{
  yaml_node_t *list = yaml_get (&r->file, mapping, key);
  *n = 0;
  if (list && list->type != YAML_SEQUENCE_NODE) {
    yaml_fail (&r->file, list, r->error, "%s must be a list", key);
    return NULL;
  }
  *n = list ? (size_t)(list->data.sequence.items.top - list->data.sequence.items.start) : 0;
  yaml_node_t **items = arena_new0 (r->arena, yaml_node_t *, *n + 1);
  for (size_t i = 0; i < *n; i++)
    items[i] = yaml_file_node (&r->file, list->data.sequence.items.start[i]);
  return items;
}

/* ---- sides ---------------------------------------------------------------------- */

/* "resident.wanted_occupation": an attribute of the registry. */
static const RegistryAttribute *
find_attribute (Reading *r, yaml_node_t *node, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", 2);
  const RegistryEntity *entity = parts[0] && parts[1] ? registry_schema_entity (r->schema, parts[0]) : NULL;
  const RegistryAttribute *attribute = entity ? registry_entity_attribute (entity, parts[1]) : NULL;
  if (!attribute)
    yaml_fail (&r->file, node, r->error,
               "reads: registry.yaml has no \"%s\": write entity.attribute, or leave reads out for what "
               "people state here",
               name);
  return attribute;
}

static bool
read_reads (Reading *r, yaml_node_t *node, MarketColumn *column)
{
  yaml_node_t **items = get_list (r, node, "reads", &column->n_reads);
  if (!items)
    return false;
  const RegistryAttribute **reads = arena_new0 (r->arena, const RegistryAttribute *, column->n_reads);
  for (size_t i = 0; i < column->n_reads; i++) {
    Text text;
    if (!yaml_text (&r->file, items[i], "reads", &text, r->error)
        || !(reads[i] = find_attribute (r, items[i], arena_text (r->arena, text))))
      return false;
  }
  column->reads = reads;
  return true;
}

static bool
read_column (Reading *r, yaml_node_t *node, const MarketSideType *side, MarketColumn *column)
{
  static const char *const known[] = { "id", "zh", "en", "kind", "space", "reads", NULL };
  bool ok = yaml_check_mapping (&r->file, node, known, "a column", r->error);
  column->id = ok ? get (r, node, "id", true, &ok) : "";
  column->name = ok ? get_name (r, node, &ok) : (MarketText){ "", "" };
  const char *kind = ok ? get (r, node, "kind", true, &ok) : "",
             *space = ok ? get (r, node, "space", false, &ok) : "";
  int index = ok ? find_word (r, node, "kind", kind, kinds) : -1;
  if (index < 0)
    return false;
  column->kind = (MarketKind)index;
  column->space = *space ? space : NULL;
  if ((column->kind == MARKET_CONCEPTS) != (column->space != NULL))
    return yaml_fail (&r->file, node, r->error, "a column of concepts, and no other, names their space");
  for (const MarketColumn *other = side->columns; other < column; other++)
    if (g_str_equal (other->id, column->id) || g_str_equal (other->name.zh, column->name.zh))
      return yaml_fail (&r->file, node, r->error, "the column \"%s\" is there twice", column->id);
  return read_reads (r, node, column);
}

static const FeelType *
type_of (const MarketColumn *column)
{
  static const FeelType words = { .kind = FEEL_TYPE_LIST, .element = &feel_type_string };
  switch (column->kind) {
  case MARKET_NUMBER: return &feel_type_number;
  case MARKET_TRUTH: return &feel_type_boolean;
  case MARKET_DAY: return &feel_type_date;
  case MARKET_WORD: return &feel_type_string;
  case MARKET_CONCEPTS: return &words;
  }
  return &feel_type_any;
}

static void
add_to_scope (Reading *r, const MarketSideType *side)
{
  FeelType *type = arena_new0 (r->arena, FeelType, 1);
  FeelMember *members = arena_new0 (r->arena, FeelMember, side->n);
  for (size_t i = 0; i < side->n; i++)
    members[i] = (FeelMember){ text_of (side->columns[i].name.zh), type_of (&side->columns[i]) };
  *type = (FeelType){ .kind = FEEL_TYPE_CONTEXT,
                      .n = side->n,
                      .members = members,
                      .closed = true,
                      .name = text_of (side->name.zh) };
  feel_scope_add (r->scope, text_of (side->name.zh), type);
}

static bool
read_side (Reading *r, yaml_node_t *root, MarketSide which)
{
  static const char *const known[] = { "zh", "en", "entity", "columns", NULL };
  MarketSideType *side = &r->market->sides[which];
  yaml_node_t *node = yaml_get (&r->file, root, side_ids[which]);
  if (!node)
    return yaml_fail (&r->file, root, r->error, "\"%s\" is missing", side_ids[which]);
  bool ok = yaml_check_mapping (&r->file, node, known, side_ids[which], r->error);
  side->name = ok ? get_name (r, node, &ok) : (MarketText){ "", "" };
  const char *entity = ok ? get (r, node, "entity", true, &ok) : "";
  if (!ok)
    return false;
  if (!(side->entity = registry_schema_entity (r->schema, entity)))
    return yaml_fail (&r->file, node, r->error, "entity: registry.yaml has no \"%s\"", entity);
  yaml_node_t **items = get_list (r, node, "columns", &side->n);
  if (!items)
    return false;
  if (side->n > COLUMNS_MAX)
    return yaml_fail (&r->file, node, r->error, "columns: at most %d", COLUMNS_MAX);
  MarketColumn *columns = arena_new0 (r->arena, MarketColumn, side->n);
  side->columns = columns;
  for (size_t i = 0; i < side->n; i++)
    if (!read_column (r, items[i], side, &columns[i]))
      return false;
  add_to_scope (r, side);
  return true;
}

/* ---- conditions -------------------------------------------------------------------- */

static bool
read_condition (Reading *r, yaml_node_t *node, MarketCondition *condition)
{
  static const char *const known[] = { "id", "zh", "en", "holds", "basis", NULL };
  bool ok = yaml_check_mapping (&r->file, node, known, "a condition", r->error);
  condition->id = ok ? get (r, node, "id", true, &ok) : "";
  condition->name = ok ? get_name (r, node, &ok) : (MarketText){ "", "" };
  condition->basis = ok ? get (r, node, "basis", true, &ok) : "";
  const char *holds = ok ? get (r, node, "holds", true, &ok) : "";
  if (!ok)
    return false;
  yaml_node_t *at = yaml_get (&r->file, node, "holds");
  g_autoptr (GError) wrong = NULL;
  FeelOptions options
      = { r->file.path, (unsigned)at->start_mark.line + 1, (unsigned)at->start_mark.column + 1, true };
  condition->holds = feel_compile (r->arena, text_of (holds), r->scope, &options, &wrong);
  if (!condition->holds) {
    g_set_error (r->error, FAULT, FAULT_INPUT, "%s", wrong->message);
    return false;
  }
  const FeelType *type = feel_expression_type (condition->holds);
  return type->kind == FEEL_TYPE_BOOLEAN || type->kind == FEEL_TYPE_ANY
         || yaml_fail (&r->file, at, r->error, "holds: a condition is true or false");
}

static bool
read_conditions (Reading *r, yaml_node_t *root)
{
  Market *market = r->market;
  yaml_node_t **items = get_list (r, root, "conditions", &market->n_conditions);
  if (!items)
    return false;
  MarketCondition *conditions = arena_new0 (r->arena, MarketCondition, market->n_conditions);
  market->conditions = conditions;
  for (size_t i = 0; i < market->n_conditions; i++)
    if (!read_condition (r, items[i], &conditions[i]))
      return false;
  return true;
}

/* ---- the score ----------------------------------------------------------------------- */

/* What the law lets nobody be sorted by: sex, registration, ethnicity, age, origin (就业促进法
 * 第三条、第二十六条至第三十一条; age is our own reading, as the act does not name it). */
static bool
is_forbidden (const RegistryAttribute *attribute)
{
  static const char *const by_name[] = { "sex", "ethnicity", "birth_date", "age", NULL };
  if (g_strv_contains (by_name, attribute->id))
    return true;
  if (!attribute->barrier)
    return false;
  RegistryBarrierKind kind = attribute->barrier->kind;
  return kind == REGISTRY_HUKOU || kind == REGISTRY_ORIGIN || kind == REGISTRY_SEX || kind == REGISTRY_AGE;
}

static bool
check_reads (Reading *r, yaml_node_t *node, const MarketPart *part, const MarketColumn *column)
{
  for (size_t i = 0; i < column->n_reads && !part->statute; i++)
    if (is_forbidden (column->reads[i]))
      return yaml_fail (
          &r->file, node, r->error,
          "%s: no score may read %s.%s; where a statute tells you to, name it under \"statute\"", part->id,
          column->reads[i]->entity->id, column->reads[i]->id);
  return true;
}

/* "seekers.skills": *SIDE and *COLUMN. */
static bool
find_column (Reading *r, yaml_node_t *node, const char *key, MarketSide *side, size_t *column)
{
  bool ok = true;
  const char *text = get (r, node, key, true, &ok);
  if (!ok)
    return false;
  for (int s = 0; s < 2; s++) {
    size_t len = strlen (side_ids[s]);
    const MarketSideType *type = &r->market->sides[s];
    for (size_t c = 0; g_str_has_prefix (text, side_ids[s]) && text[len] == '.' && c < type->n; c++)
      if (g_str_equal (type->columns[c].id, text + len + 1)) {
        *side = (MarketSide)s;
        *column = c;
        return true;
      }
  }
  return yaml_fail (&r->file, node, r->error, "%s: there is no column \"%s\": write seekers.ID or offers.ID",
                    key, text);
}

static bool
check_kinds (Reading *r, yaml_node_t *node, const MarketPart *part, bool two)
{
  static const MarketKind wanted[] = {
    [MARKET_OVERLAP] = MARKET_CONCEPTS, [MARKET_NEAREST] = MARKET_CONCEPTS, [MARKET_REACH] = MARKET_NUMBER,
    [MARKET_SAME] = MARKET_WORD,        [MARKET_FRESH] = MARKET_DAY,        [MARKET_FLAG] = MARKET_TRUTH
  };
  const MarketColumn *to = &r->market->sides[part->to_side].columns[part->to],
                     *from = two ? &r->market->sides[part->from_side].columns[part->from] : to;
  if (to->kind != wanted[part->kind] || from->kind != wanted[part->kind])
    return yaml_fail (&r->file, node, r->error, "%s: %s is of columns of the kind %s", part->id,
                      part_kinds[part->kind], kinds[wanted[part->kind]]);
  if (two && part->from_side == part->to_side)
    return yaml_fail (&r->file, node, r->error, "%s: from and to are of one side", part->id);
  if (to->kind == MARKET_CONCEPTS && !g_str_equal (from->space, to->space))
    return yaml_fail (&r->file, node, r->error, "%s: %s and %s are of two spaces", part->id, from->id,
                      to->id);
  return check_reads (r, node, part, to) && check_reads (r, node, part, from);
}

static bool
read_part (Reading *r, yaml_node_t *node, MarketPart *part)
{
  static const char *const known[]
      = { "id", "zh", "en", "kind", "points", "span", "from", "to", "for", "finds", "statute", NULL };
  static const char *const whom[] = { "both", "seekers", "offers", NULL };
  static const char *const truths[] = { "false", "true", NULL };
  bool ok = yaml_check_mapping (&r->file, node, known, "a part of the score", r->error);
  part->id = ok ? get (r, node, "id", true, &ok) : "";
  part->name = ok ? get_name (r, node, &ok) : (MarketText){ "", "" };
  const char *kind = ok ? get (r, node, "kind", true, &ok) : "",
             *for_ = ok ? get (r, node, "for", false, &ok) : "",
             *finds = ok ? get (r, node, "finds", false, &ok) : "",
             *statute = ok ? get (r, node, "statute", false, &ok) : "";
  int kind_at = ok ? find_word (r, node, "kind", kind, part_kinds) : -1;
  int whom_at = kind_at < 0 ? -1 : *for_ ? find_word (r, node, "for", for_, whom) : 0;
  int finds_at = whom_at < 0 ? -1 : *finds ? find_word (r, node, "finds", finds, truths) : 0;
  if (finds_at < 0 || (part->points = get_number (r, node, "points", 1, 1000, -1)) < 0
      || (part->span = get_number (r, node, "span", 1, 3650, 30)) < 0)
    return false;
  part->kind = (MarketPartKind)kind_at;
  part->whom = (MarketFor)whom_at;
  part->finds = finds_at == 1;
  part->statute = *statute ? statute : NULL;
  if (part->finds && part->kind != MARKET_OVERLAP && part->kind != MARKET_NEAREST)
    return yaml_fail (&r->file, node, r->error, "%s: only an overlap or nearest finds pairs", part->id);
  if (part->kind == MARKET_REACH && part->span > 100)
    return yaml_fail (&r->file, node, r->error, "%s: span: hundredths below what is asked, at most 100",
                      part->id);
  bool two = part->kind != MARKET_FRESH && part->kind != MARKET_FLAG;
  return find_column (r, node, "to", &part->to_side, &part->to)
         && (!two || find_column (r, node, "from", &part->from_side, &part->from))
         && check_kinds (r, node, part, two);
}

static bool
read_parts (Reading *r, yaml_node_t *root)
{
  Market *market = r->market;
  size_t finds = 0;
  yaml_node_t **items = get_list (r, root, "score", &market->n_parts);
  if (!items)
    return false;
  MarketPart *parts = arena_new0 (r->arena, MarketPart, market->n_parts);
  market->parts = parts;
  if (market->n_parts > MARKET_PARTS_MAX)
    return yaml_fail (&r->file, root, r->error, "score: at most %d parts", MARKET_PARTS_MAX);
  for (size_t i = 0; i < market->n_parts; i++) {
    if (!read_part (r, items[i], &parts[i]))
      return false;
    finds += parts[i].finds;
    for (size_t j = 0; j < i; j++)
      if (g_str_equal (parts[i].id, parts[j].id))
        return yaml_fail (&r->file, items[i], r->error, "the part \"%s\" is there twice", parts[i].id);
  }
  return (finds > 0 && finds <= FINDS_MAX)
         || yaml_fail (&r->file, root, r->error,
                       "score: 1 to %d of its parts of concepts say \"finds: true\"", FINDS_MAX);
}

/* ---- files --------------------------------------------------------------------------- */

static bool
read_market (Reading *r)
{
  static const char *const known[]
      = { "market", "zh", "en", "clause", "rank", "seekers", "offers", "conditions", "score", NULL };
  static const char *const ranks[] = { "score", "mutual", NULL };
  Market *market = r->market;
  yaml_node_t *root = yaml_file_root (&r->file);
  bool ok = yaml_check_mapping (&r->file, root, known, "a market", r->error);
  market->id = ok ? get (r, root, "market", true, &ok) : "";
  market->name = ok ? get_name (r, root, &ok) : (MarketText){ "", "" };
  market->clause = ok ? get_number (r, root, "clause", 1, 1000, -1) : -1;
  const char *rank = ok ? get (r, root, "rank", false, &ok) : "";
  int rank_at = !ok || market->clause < 0 ? -1 : *rank ? find_word (r, root, "rank", rank, ranks) : 0;
  market->mutual = rank_at == 1;
  if (rank_at < 0 || !read_side (r, root, MARKET_SEEKERS) || !read_side (r, root, MARKET_OFFERS))
    return false;
  if (g_str_equal (market->sides[0].name.zh, market->sides[1].name.zh))
    return yaml_fail (&r->file, root, r->error,
                      "both sides have one name: conditions could not tell them apart");
  feel_scope_add (r->scope, text_of ("基准日"), &feel_type_date);
  return read_conditions (r, root) && read_parts (r, root);
}

const Market *
market_read (Arena *arena, const char *path, const RegistrySchema *schema, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize len;
  g_autoptr (GError) failed = NULL;
  if (!g_file_get_contents (path, &bytes, &len, &failed)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s cannot be read: %s", path, failed->message);
    return NULL;
  }
  Reading r = { .arena = arena, .schema = schema, .error = error };
  if (!yaml_file_parse (&r.file, arena_text (arena, text_of (path)), (Text){ bytes, len }, error))
    return NULL;
  r.market = arena_new0 (arena, Market, 1);
  r.scope = feel_scope_new (arena, NULL);
  r.market->scope = r.scope;
  bool ok = read_market (&r);
  yaml_file_clear (&r.file);
  return ok ? r.market : NULL;
}

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

const Market *const *
market_read_all (Arena *arena, const char *folder, const RegistrySchema *schema, size_t *n, GPtrArray *faults)
{
  g_autofree char *markets = g_build_filename (folder, "markets", NULL);
  g_autoptr (GDir) dir = g_dir_open (markets, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free), all = g_ptr_array_new ();
  for (const char *name; dir && (name = g_dir_read_name (dir));)
    if (g_str_has_suffix (name, ".yaml"))
      g_ptr_array_add (names, g_build_filename (markets, name, NULL));
  g_ptr_array_sort (names, by_name);
  for (guint i = 0; i < names->len; i++) {
    g_autoptr (GError) error = NULL;
    const Market *market = market_read (arena, names->pdata[i], schema, &error);
    if (market)
      g_ptr_array_add (all, (gpointer)market);
    else if (faults)
      g_ptr_array_add (faults, g_strdup (error->message));
  }
  *n = all->len;
  const Market **out = arena_new0 (arena, const Market *, MAX (all->len, 1));
  for (guint i = 0; i < all->len; i++)
    out[i] = all->pdata[i];
  return out;
}
