/* A SPEC.yaml: its rules, its lottery, and all parts put together. */
#include "allocation/spec_private.h"
#include "allocation/transcript_private.h"

bool
spec_fail (SpecReading *r, SpecPlace place, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (r->error, FAULT, FAULT_INPUT,
               place.is_row ? "%s: row %" G_GINT64_FORMAT ": %s" : "%s:%" G_GINT64_FORMAT ": %s", place.path,
               place.number, message);
  return false;
}

SpecPlace
spec_line (const SpecReading *r, const yaml_node_t *node)
{
  return (SpecPlace){ r->file.path, (gint64)node->start_mark.line + 1, false };
}

bool
spec_number (SpecReading *r, SpecPlace place, const char *what, Text text, guint64 most, guint64 *number)
{
  *number = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (!g_ascii_isdigit (text.bytes[i]) || (*number = *number * 10 + (guint64)(text.bytes[i] - '0')) > most)
      return spec_fail (r, place, "%s: \"%.*s\" is no whole number from 0 to %" G_GUINT64_FORMAT, what,
                        (int)text.len, text.bytes, most);
  }
  return text.len > 0 || spec_fail (r, place, "%s is missing", what);
}

gint64
spec_index (GHashTable *table, const char *id)
{
  return (gint64)GPOINTER_TO_SIZE (g_hash_table_lookup (table, id)) - 1;
}

void
spec_remember (SpecReading *r, GHashTable *table, const char *id, size_t index)
{
  g_hash_table_insert (table, arena_text (r->arena, text_of (id)), GSIZE_TO_POINTER (index + 1));
}

/* ---- rules ------------------------------------------------------------- */

/* The index of KEY's word among NAMES; DEFAULT_AT when it is not there, or -1 with a fault. */
static int
read_word (SpecReading *r, yaml_node_t *node, const char *key, const char *const *names, int default_at)
{
  Text text = text_of (NULL);
  if (!yaml_get_text (&r->file, node, key, default_at < 0, &text, r->error))
    return -1;
  if (!text.len)
    return default_at;
  for (int i = 0; names[i]; i++)
    if (text_equal (text, text_of (names[i])))
      return i;
  g_autofree char *all = g_strjoinv (", ", (char **)names);
  spec_fail (r, spec_line (r, yaml_get (&r->file, node, key)), "%s: \"%s\" is none of %s", key, text.bytes,
             all);
  return -1;
}

static bool
is_column (const char *name)
{
  static const char *const columns[] = { "id", "family", "traits", "choices", NULL };
  return g_strv_contains (columns, name);
}

static bool
read_key (SpecReading *r, yaml_node_t *node, AllocationSpecKey *key)
{
  static const char *const known[] = { "name", "order", "of", "decimals", NULL };
  static const char *const orders[] = { "descending", "ascending", NULL };
  static const char *const owners[] = { "applicant", "choice", NULL };
  Text name, decimals = text_of (NULL);
  guint64 number = 0;
  if (!yaml_check_mapping (&r->file, node, known, "keys", r->error)
      || !yaml_get_text (&r->file, node, "name", true, &name, r->error)
      || !yaml_get_text (&r->file, node, "decimals", false, &decimals, r->error))
    return false;
  int order = read_word (r, node, "order", orders, 0), of = read_word (r, node, "of", owners, 0);
  if (order < 0 || of < 0
      || (decimals.len
          && !spec_number (r, spec_line (r, node), "decimals", decimals, ALLOCATION_DECIMALS_MAX, &number)))
    return false;
  if (is_column (name.bytes))
    return spec_fail (r, spec_line (r, node), "a key may not be called \"%s\": this is another column",
                      name.bytes);
  *key = (AllocationSpecKey){ arena_text (r->arena, name), of == 1, order == 1, (unsigned)number };
  return true;
}

static bool
read_keys (SpecReading *r, yaml_node_t *node)
{
  if (node && node->type != YAML_SEQUENCE_NODE)
    return spec_fail (r, spec_line (r, node), "keys must be a list");
  size_t n = node ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 0;
  AllocationSpecKey *keys = arena_new0 (r->arena, AllocationSpecKey, n);
  r->values = g_new0 (GArray *, n + 1);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *entry = yaml_file_node (&r->file, node->data.sequence.items.start[i]);
    if (!read_key (r, entry, &keys[i]))
      return false;
    for (size_t j = 0; j < i; j++)
      if (g_str_equal (keys[i].name, keys[j].name))
        return spec_fail (r, spec_line (r, entry), "the key \"%s\" is there twice", keys[i].name);
    r->values[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  }
  r->spec->n_keys = n;
  r->spec->keys = keys;
  return true;
}

static bool
read_traits (SpecReading *r, yaml_node_t *node)
{
  if (node && node->type != YAML_SEQUENCE_NODE)
    return spec_fail (r, spec_line (r, node), "traits must be a list");
  size_t n = node ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 0;
  if (n > ALLOCATION_TRAITS_MAX)
    return spec_fail (r, spec_line (r, node), "there are %zu traits: at most %d", n, ALLOCATION_TRAITS_MAX);
  const char **traits = arena_new0 (r->arena, const char *, n);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *entry = yaml_file_node (&r->file, node->data.sequence.items.start[i]);
    Text text;
    if (!yaml_text (&r->file, entry, "traits", &text, r->error))
      return false;
    traits[i] = arena_text (r->arena, text);
    if (spec_index (r->trait_of, traits[i]) >= 0)
      return spec_fail (r, spec_line (r, entry), "the trait \"%s\" is there twice", traits[i]);
    spec_remember (r, r->trait_of, traits[i], i);
  }
  r->spec->n_traits = n;
  r->spec->traits = traits;
  return true;
}

static bool
read_rules (SpecReading *r, yaml_node_t *root)
{
  AllocationSpec *spec = r->spec;
  Text pool;
  const char *mechanisms[ALLOCATION_MECHANISMS + 1] = { NULL };
  for (int i = 0; i < ALLOCATION_MECHANISMS; i++)
    mechanisms[i] = allocation_mechanism_id ((AllocationMechanism)i);
  if (!yaml_get_text (&r->file, root, "pool", true, &pool, r->error))
    return false;
  int mechanism = read_word (r, root, "mechanism", mechanisms, ALLOCATION_DEFERRED);
  int ties = read_word (r, root, "ties", allocation_tie_names, ALLOCATION_TIES_LOTTERY);
  if (mechanism < 0 || ties < 0)
    return false;
  static const char *const siblings[] = { "apart", "together", NULL };
  int together = read_word (r, root, "siblings", siblings, 0);
  if (together < 0)
    return false;
  r->siblings = together;
  if (together && mechanism == ALLOCATION_SERIAL)
    return spec_fail (r, spec_line (r, yaml_get (&r->file, root, "siblings")),
                      "one ranking for all units can have no tier for where a sibling is");
  spec->pool = arena_text (r->arena, pool);
  spec->mechanism = (AllocationMechanism)mechanism;
  spec->ties = (AllocationTies)ties;
  return read_keys (r, yaml_get (&r->file, root, "keys"))
         && read_traits (r, yaml_get (&r->file, root, "traits"));
}

/* ---- lottery ----------------------------------------------------------- */

static bool
read_hash (SpecReading *r, yaml_node_t *node, const char *key, LotteryHash *hash)
{
  Text text;
  if (!yaml_get_text (&r->file, node, key, true, &text, r->error))
    return false;
  return lottery_from_hex (text, hash)
         || spec_fail (r, spec_line (r, yaml_get (&r->file, node, key)), "%s must be 64 hexadecimal digits",
                       key);
}

static bool
read_source (SpecReading *r, yaml_node_t *node, const char *const *known, const char *day_key,
             LotterySource *source)
{
  Text name, day;
  if (!yaml_check_mapping (&r->file, node, known, "a source of a public value", r->error)
      || !yaml_get_text (&r->file, node, "name", true, &name, r->error)
      || !yaml_get_text (&r->file, node, day_key, true, &day, r->error))
    return false;
  source->name = arena_text (r->arena, name);
  return civil_parse (day, &source->day)
         || spec_fail (r, spec_line (r, node), "%s: \"%s\" is no date such as 2026-07-12", day_key,
                       day.bytes);
}

static bool
read_reveal (SpecReading *r, yaml_node_t *node)
{
  static const char *const known[] = { "secret", "name", "date", "value", NULL };
  AllocationSpec *spec = r->spec;
  Text value;
  if (!read_source (r, node, known, "date", &spec->reveal.source)
      || !read_hash (r, node, "secret", &spec->reveal.secret)
      || !yaml_get_text (&r->file, node, "value", true, &value, r->error))
    return false;
  spec->reveal.value = arena_text (r->arena, value);
  spec->is_drawn = true;
  return true;
}

static bool
read_lottery (SpecReading *r, yaml_node_t *root, yaml_node_t *node)
{
  static const char *const known[] = { "commitment", "source", "fallback", "reveal", NULL };
  static const char *const of_source[] = { "name", "date", NULL };
  static const char *const of_fallback[] = { "name", "from", NULL };
  AllocationSpec *spec = r->spec;
  if (!node)
    return spec->ties != ALLOCATION_TIES_LOTTERY
           || spec_fail (r, spec_line (r, root),
                         "between equal claims the lot decides, and \"lottery\" is missing");
  spec->has_lottery = true;
  spec->announcement.pool = spec->pool;
  if (!yaml_check_mapping (&r->file, node, known, "lottery", r->error)
      || !read_hash (r, node, "commitment", &spec->announcement.commitment))
    return false;
  yaml_node_t *source = yaml_get (&r->file, node, "source"),
              *fallback = yaml_get (&r->file, node, "fallback");
  yaml_node_t *reveal = yaml_get (&r->file, node, "reveal");
  if (!source)
    return spec_fail (r, spec_line (r, node), "\"source\" is missing: the public value, by name and date");
  return read_source (r, source, of_source, "date", &spec->announcement.source)
         && (!fallback || read_source (r, fallback, of_fallback, "from", &spec->announcement.fallback))
         && (!reveal || read_reveal (r, reveal));
}

/* ---- put together ------------------------------------------------------ */

typedef struct {
  const char *id;
  guint32 index;
} ById;

static int
by_id (const void *a, const void *b)
{
  return strcmp (((const ById *)a)->id, ((const ById *)b)->id);
}

static ById *
sort_rows (SpecReading *r)
{
  guint n = r->rows->len;
  g_autofree ById *order = g_new (ById, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    order[i] = (ById){ g_array_index (r->rows, SpecRow, i).id, i };
  qsort (order, n, sizeof *order, by_id);
  for (guint i = 1; i < n; i++)
    if (g_str_equal (order[i].id, order[i - 1].id)) {
      guint later = MAX (order[i].index, order[i - 1].index);
      spec_fail (r, g_array_index (r->rows, SpecRow, later).place, "the applicant %s is there twice",
                 order[i].id);
      return NULL;
    }
  return g_steal_pointer (&order);
}

/* Key K's values in the order of the sorted rows. */
static const gint64 *
sorted_values (SpecReading *r, const ById *order, size_t k)
{
  const gint64 *from = (const gint64 *)(const void *)r->values[k]->data;
  gint64 *values = arena_new0 (r->arena, gint64, r->values[k]->len);
  size_t at = 0;
  for (guint i = 0; i < r->rows->len; i++) {
    const SpecRow *row = &g_array_index (r->rows, SpecRow, order[i].index);
    size_t n = r->spec->keys[k].of_choice ? row->n_choices : 1;
    size_t first = r->spec->keys[k].of_choice ? row->first : order[i].index;
    memcpy (values + at, from + first, n * sizeof *values);
    at += n;
  }
  return values;
}

/* Families by number, in the order in which the sorted rows come to them: what they are called stays here. */
static const guint32 *
number_families (SpecReading *r, const ById *order)
{
  g_autoptr (GHashTable) number_of = g_hash_table_new (g_str_hash, g_str_equal);
  guint32 *families = arena_new0 (r->arena, guint32, r->rows->len);
  for (guint i = 0; i < r->rows->len; i++) {
    const char *family = g_array_index (r->rows, SpecRow, order[i].index).family;
    families[i] = ALLOCATION_NOWHERE;
    if (!family)
      continue;
    if (!g_hash_table_contains (number_of, family))
      g_hash_table_insert (number_of, (gpointer)family, GUINT_TO_POINTER (g_hash_table_size (number_of)));
    families[i] = GPOINTER_TO_UINT (g_hash_table_lookup (number_of, family));
  }
  return families;
}

static bool
assemble (SpecReading *r)
{
  AllocationSpec *spec = r->spec;
  g_autofree ById *order = sort_rows (r);
  if (!order)
    return false;
  spec->n = r->rows->len;
  const char **ids = arena_new0 (r->arena, const char *, spec->n);
  guint32 *starts = arena_new0 (r->arena, guint32, spec->n + 1);
  guint32 *choices = arena_new0 (r->arena, guint32, r->choices->len);
  guint64 *traits = arena_new0 (r->arena, guint64, spec->n);
  for (size_t i = 0; i < spec->n; i++) {
    const SpecRow *row = &g_array_index (r->rows, SpecRow, order[i].index);
    ids[i] = row->id;
    traits[i] = row->traits;
    starts[i + 1] = starts[i] + row->n_choices;
    if (row->n_choices)
      memcpy (choices + starts[i], &g_array_index (r->choices, guint32, row->first),
              row->n_choices * sizeof *choices);
  }
  const gint64 **values = arena_new0 (r->arena, const gint64 *, spec->n_keys);
  for (size_t k = 0; k < spec->n_keys; k++)
    values[k] = sorted_values (r, order, k);
  spec->ids = ids;
  spec->starts = starts;
  spec->choices = choices;
  spec->traits_of = traits;
  spec->family_of = r->siblings ? number_families (r, order) : NULL;
  spec->values = values;
  return true;
}

static bool
read_all (SpecReading *r)
{
  static const char *const known[] = { "pool",    "siblings", "mechanism", "ties",       "keys",    "traits",
                                       "regions", "slots",    "units",     "applicants", "lottery", NULL };
  yaml_node_t *root = yaml_file_root (&r->file);
  if (!yaml_check_mapping (&r->file, root, known, "the spec", r->error) || !read_rules (r, root))
    return false;
  yaml_node_t *regions = yaml_get (&r->file, root, "regions"), *slots = yaml_get (&r->file, root, "slots");
  yaml_node_t *units = yaml_get (&r->file, root, "units");
  yaml_node_t *applicants = yaml_get (&r->file, root, "applicants");
  if (!units || !applicants)
    return spec_fail (r, spec_line (r, root), "\"%s\" is missing", units ? "applicants" : "units");
  return (!regions || spec_read_regions (r, regions)) && (!slots || spec_read_runs (r, slots, r->runs))
         && spec_read_units (r, units) && spec_lay_slots (r) && spec_read_applicants (r, applicants)
         && assemble (r) && read_lottery (r, root, yaml_get (&r->file, root, "lottery"));
}

static void
clear (SpecReading *r)
{
  for (size_t k = 0; r->values && r->values[k]; k++)
    g_array_unref (r->values[k]);
  g_free (r->values);
  g_array_unref (r->runs);
  g_array_unref (r->units);
  g_array_unref (r->rows);
  g_array_unref (r->choices);
  g_hash_table_unref (r->unit_of);
  g_hash_table_unref (r->trait_of);
  g_hash_table_unref (r->region_of);
  g_free (r->folder);
  yaml_file_clear (&r->file);
}

AllocationSpec *
allocation_spec_read (Arena *arena, const char *path, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize len;
  g_autoptr (GError) failed = NULL;
  if (!g_file_get_contents (path, &bytes, &len, &failed)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s cannot be read: %s", path, failed->message);
    return NULL;
  }
  SpecReading r = { .arena = arena, .error = error };
  if (!yaml_file_parse (&r.file, arena_text (arena, text_of (path)), (Text){ bytes, len }, error))
    return NULL;
  r.folder = g_path_get_dirname (path);
  r.spec = arena_new0 (arena, AllocationSpec, 1);
  r.runs = g_array_new (FALSE, TRUE, sizeof (SpecRun));
  r.units = g_array_new (FALSE, TRUE, sizeof (SpecUnit));
  r.rows = g_array_new (FALSE, TRUE, sizeof (SpecRow));
  r.choices = g_array_new (FALSE, FALSE, sizeof (guint32));
  r.unit_of = g_hash_table_new (g_str_hash, g_str_equal);
  r.trait_of = g_hash_table_new (g_str_hash, g_str_equal);
  r.region_of = g_hash_table_new (g_str_hash, g_str_equal);
  bool ok = read_all (&r);
  clear (&r);
  return ok ? r.spec : NULL;
}

/* ---- as numbers -------------------------------------------------------- */

AllocationProblem
allocation_spec_problem (const AllocationSpec *spec, Arena *arena, const guint8 (*tickets)[LOTTERY_BYTES])
{
  AllocationKey *keys = arena_new0 (arena, AllocationKey, spec->n_keys);
  for (size_t k = 0; k < spec->n_keys; k++) {
    const gint64 **array = spec->keys[k].of_choice ? &keys[k].of_choice : &keys[k].of_applicant;
    *array = spec->values[k];
    keys[k].ascending = spec->keys[k].ascending;
  }
  return (AllocationProblem){ .mechanism = spec->mechanism,
                              .ties = spec->ties,
                              .n_units = spec->n_units,
                              .n_slots = spec->n_slots,
                              .n = spec->n,
                              .n_keys = spec->n_keys,
                              .units = spec->units,
                              .slots = spec->slots,
                              .starts = spec->starts,
                              .choices = spec->choices,
                              .keys = keys,
                              .traits = spec->traits_of,
                              .tickets = tickets,
                              .n_regions = spec->n_regions,
                              .regions = spec->regions };
}

const char *
allocation_value_text (Arena *arena, const AllocationSpecKey *key, gint64 value)
{
  guint64 size = value < 0 ? -(guint64)value : (guint64)value, unit = 1;
  for (unsigned i = 0; i < key->decimals; i++)
    unit *= 10;
  if (!key->decimals)
    return arena_printf (arena, "%" G_GINT64_FORMAT, value);
  return arena_printf (arena, "%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, value < 0 ? "-" : "",
                       size / unit, (int)key->decimals, size % unit);
}
