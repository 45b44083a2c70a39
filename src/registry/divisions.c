/* divisions.yaml: which divisions there were when, and how one became another.
 * The format: docs/divisions-format.md. */
#include "registry/registry_private.h"

#include <string.h>

enum { WHOLE = 1000000 /* shares are millionths */ };

typedef enum { CHANGE_RENAME, CHANGE_MERGE, CHANGE_SPLIT, CHANGE_TRANSFER, N_CHANGES } ChangeKind;
static const char *const change_keys[N_CHANGES] = { "rename", "merge", "split", "transfer" };

/* One change: parts of what there was before ON, in what there is from ON. */
typedef struct {
  Day on;
  GArray *parts; /* RegistryDivisionPart */
} Change;

struct RegistryDivisions {
  Arena *arena;
  GArray *spans;   /* RegistryDivision, by code, then from */
  GArray *changes; /* Change, by day */
};

typedef struct {
  YamlFile file;
  RegistryDivisions *d;
  Change *change;      /* being read */
  const char *source;  /* of it */
  GHashTable *targets; /* code → name, of the change being read */
  GHashTable *sources; /* codes that end unless they are a target as well */
} Loader;

/* ---- spans ------------------------------------------------------------- */

static RegistryDivision *
span_at (const RegistryDivisions *d, const char *code, Day day)
{
  for (guint i = 0; i < d->spans->len; i++) {
    RegistryDivision *span = &g_array_index (d->spans, RegistryDivision, i);
    if (g_str_equal (span->code, code) && span->from <= day && day <= span->to)
      return span;
  }
  return NULL;
}

static void
begin_span (Loader *l, const char *code, const char *name, Day from)
{
  RegistryDivision span = { code, name, from, REGISTRY_FOREVER, l->source };
  g_array_append_val (l->d->spans, span);
}

/* ---- reading ----------------------------------------------------------- */

static const char *
get_text (Loader *l, const yaml_node_t *node, const char *key, bool required, GError **error)
{
  Text text = { 0 };
  if (!yaml_get_text (&l->file, node, key, required, &text, error))
    return NULL;
  return arena_text (l->d->arena, text.len ? text : text_of (""));
}

/* A code that is there on the day before the change. */
static const char *
check_source (Loader *l, const yaml_node_t *node, const char *code, GError **error)
{
  if (!span_at (l->d, code, l->change->on - 1)) {
    yaml_fail (&l->file, node, error, "there is no division %s on the day before", code);
    return NULL;
  }
  if (!g_hash_table_add (l->sources, (gpointer)code)) {
    yaml_fail (&l->file, node, error, "the division %s stands twice in one change", code);
    return NULL;
  }
  return code;
}

/* Where a part goes: NAME may be left out where the division is there already. */
static const char *
read_target (Loader *l, yaml_node_t *node, const char *key, GError **error)
{
  const char *code = get_text (l, node, key, true, error);
  const char *name = code ? get_text (l, node, "name", false, error) : NULL;
  if (!name)
    return NULL;
  const RegistryDivision *before = span_at (l->d, code, l->change->on - 1);
  if (!before) /* made by another change of the same day */
    before = span_at (l->d, code, l->change->on);
  if (!*name && !before) {
    yaml_fail (&l->file, node, error, "%s is new: give it a name", code);
    return NULL;
  }
  g_hash_table_insert (l->targets, (gpointer)code, (gpointer)(*name ? name : before->name));
  return code;
}

static bool
read_share (Loader *l, yaml_node_t *node, gint64 *share, GError **error)
{
  Text text;
  Decimal number;
  if (!yaml_get_text (&l->file, node, "share", true, &text, error))
    return false;
  return (decimal_parse (text, &number) && decimal_to_scaled (number, 6, share) && *share > 0
          && *share < WHOLE)
         || yaml_fail (&l->file, node, error, "share: \"%s\" is no part of one: write 0.35", text.bytes);
}

static void
add_part (Loader *l, const char *from, const char *to, gint64 share)
{
  RegistryDivisionPart part = { from, to, share };
  g_array_append_val (l->change->parts, part);
}

static bool
read_rename (Loader *l, yaml_node_t *node, GError **error)
{
  static const char *const keys[] = { "from", "to", "name", NULL };
  if (!yaml_check_mapping (&l->file, node, keys, "rename", error))
    return false;
  const char *from = get_text (l, node, "from", true, error);
  const char *target = yaml_get (&l->file, node, "to") ? "to" : "from";
  if (!from || !check_source (l, node, from, error) || !get_text (l, node, "name", true, error))
    return false;
  const char *to = read_target (l, node, target, error);
  if (to)
    add_part (l, from, to, WHOLE);
  return to;
}

static bool
read_merge (Loader *l, yaml_node_t *node, GError **error)
{
  static const char *const keys[] = { "from", "to", "name", NULL };
  if (!yaml_check_mapping (&l->file, node, keys, "merge", error))
    return false;
  const yaml_node_t *list = yaml_get (&l->file, node, "from");
  const char *to = read_target (l, node, "to", error);
  if (!to)
    return false;
  if (!list || list->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&l->file, node, error, "merge: from must be a list of codes");
  for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++) {
    const yaml_node_t *item = yaml_file_node (&l->file, *i);
    Text code;
    if (!yaml_text (&l->file, item, "from", &code, error))
      return false;
    const char *from = check_source (l, item, arena_text (l->d->arena, code), error);
    if (!from)
      return false;
    add_part (l, from, to, WHOLE);
  }
  return true;
}

static bool
read_split (Loader *l, yaml_node_t *node, GError **error)
{
  static const char *const keys[] = { "from", "into", NULL };
  static const char *const part_keys[] = { "code", "name", "share", NULL };
  if (!yaml_check_mapping (&l->file, node, keys, "split", error))
    return false;
  const char *from = get_text (l, node, "from", true, error);
  const yaml_node_t *list = yaml_get (&l->file, node, "into");
  gint64 sum = 0;
  if (!from || !check_source (l, node, from, error))
    return false;
  if (!list || list->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&l->file, node, error, "split: into must be a list of parts");
  for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++) {
    yaml_node_t *item = yaml_file_node (&l->file, *i);
    gint64 share;
    const char *to = yaml_check_mapping (&l->file, item, part_keys, "part", error)
                         ? read_target (l, item, "code", error)
                         : NULL;
    if (!to || !read_share (l, item, &share, error))
      return false;
    add_part (l, from, to, share);
    sum += share;
  }
  return sum == WHOLE || yaml_fail (&l->file, node, error, "the shares of the parts must add up to 1");
}

static bool
read_transfer (Loader *l, yaml_node_t *node, GError **error)
{
  static const char *const keys[] = { "from", "to", "name", "share", NULL };
  gint64 share;
  if (!yaml_check_mapping (&l->file, node, keys, "transfer", error))
    return false;
  const char *from = get_text (l, node, "from", true, error);
  const char *to = from && check_source (l, node, from, error) ? read_target (l, node, "to", error) : NULL;
  if (!to || !read_share (l, node, &share, error))
    return false;
  g_hash_table_insert (l->targets, (gpointer)from, (gpointer)span_at (l->d, from, l->change->on - 1)->name);
  add_part (l, from, to, share);
  add_part (l, from, from, WHOLE - share);
  return true;
}

/* ---- applying a change to the spans ------------------------------------ */

/* Divisions that the change takes from end, or go on under the same name; those it
 * makes begin. */
static void
apply (Loader *l)
{
  GHashTableIter i;
  gpointer code, name;
  Day on = l->change->on;
  g_hash_table_iter_init (&i, l->sources);
  while (g_hash_table_iter_next (&i, &code, NULL)) {
    RegistryDivision *span = span_at (l->d, code, on - 1);
    const char *next = g_hash_table_lookup (l->targets, code);
    if (!next || !g_str_equal (next, span->name))
      span->to = on - 1;
  }
  g_autoptr (GList) codes = g_list_sort (g_hash_table_get_keys (l->targets), (GCompareFunc)strcmp);
  for (GList *at = codes; at; at = at->next) {
    code = at->data;
    name = g_hash_table_lookup (l->targets, code);
    RegistryDivision *span = span_at (l->d, code, on);
    if (span && g_str_equal (span->name, name))
      continue;
    if (span)
      span->to = on - 1;
    begin_span (l, code, name, on);
  }
}

static bool
read_kind (Loader *l, yaml_node_t *node, GError **error)
{
  static bool (*const readers[N_CHANGES]) (Loader *, yaml_node_t *, GError **)
      = { read_rename, read_merge, read_split, read_transfer };
  int found = -1;
  for (int k = 0; k < N_CHANGES; k++)
    if (yaml_get (&l->file, node, change_keys[k])) {
      if (found >= 0)
        return yaml_fail (&l->file, node, error, "a change is one of rename, merge, split and transfer");
      found = k;
    }
  if (found < 0)
    return yaml_fail (&l->file, node, error, "a change is one of rename, merge, split and transfer");
  return readers[found](l, yaml_get (&l->file, node, change_keys[found]), error);
}

static bool
read_change (Loader *l, yaml_node_t *node, GError **error)
{
  static const char *const keys[] = { "on", "source", "rename", "merge", "split", "transfer", NULL };
  Text day;
  Change change = { .parts = g_array_new (FALSE, FALSE, sizeof (RegistryDivisionPart)) };
  guint n = l->d->changes->len;
  g_array_append_val (l->d->changes, change);
  l->change = &g_array_index (l->d->changes, Change, n);
  if (!yaml_check_mapping (&l->file, node, keys, "change", error)
      || !yaml_get_text (&l->file, node, "on", true, &day, error)
      || !(l->source = get_text (l, node, "source", true, error)))
    return false;
  if (!civil_parse (day, &l->change->on))
    return yaml_fail (&l->file, node, error, "on: \"%s\" is no date; write 2024-01-31", day.bytes);
  if (n && g_array_index (l->d->changes, Change, n - 1).on > l->change->on)
    return yaml_fail (&l->file, node, error, "changes stand in order of their dates");
  g_hash_table_remove_all (l->targets);
  g_hash_table_remove_all (l->sources);
  if (!read_kind (l, node, error))
    return false;
  apply (l);
  return true;
}

static bool
read_division (Loader *l, yaml_node_t *node, GError **error)
{
  static const char *const keys[] = { "code", "name", NULL };
  if (!yaml_check_mapping (&l->file, node, keys, "division", error))
    return false;
  const char *code = get_text (l, node, "code", true, error);
  const char *name = code ? get_text (l, node, "name", true, error) : NULL;
  if (!name)
    return false;
  if (span_at (l->d, code, 0))
    return yaml_fail (&l->file, node, error, "the division %s stands twice", code);
  begin_span (l, code, name, REGISTRY_EVER);
  return true;
}

static bool
read_items (Loader *l, const yaml_node_t *root, const char *key,
            bool (*read) (Loader *, yaml_node_t *, GError **), GError **error)
{
  const yaml_node_t *list = yaml_get (&l->file, root, key);
  if (!list || list->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&l->file, list ? list : root, error, "\"%s\" must be a list ([] when empty)", key);
  for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++)
    if (!read (l, yaml_file_node (&l->file, *i), error))
      return false;
  return true;
}

static bool
read_file (Loader *l, GError **error)
{
  static const char *const keys[] = { "divisions", "source", "established", "changes", NULL };
  yaml_node_t *root = yaml_file_root (&l->file);
  Text version;
  if (!yaml_check_mapping (&l->file, root, keys, "divisions.yaml", error)
      || !yaml_get_text (&l->file, root, "divisions", true, &version, error)
      || !(l->source = get_text (l, root, "source", true, error)))
    return false;
  if (!text_equal (version, TEXT_LITERAL ("1")))
    return yaml_fail (&l->file, root, error, "divisions: format \"%s\" is not known, this program reads 1",
                      version.bytes);
  return read_items (l, root, "established", read_division, error)
         && read_items (l, root, "changes", read_change, error);
}

RegistryDivisions *
registry_divisions_parse (Text source, const char *path, GError **error)
{
  g_autoptr (RegistryDivisions) d = g_new0 (RegistryDivisions, 1);
  d->arena = arena_new ();
  d->spans = g_array_new (FALSE, FALSE, sizeof (RegistryDivision));
  d->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  Loader l = { .d = d };
  if (!yaml_file_parse (&l.file, path, source, error))
    return NULL;
  l.targets = g_hash_table_new (g_str_hash, g_str_equal);
  l.sources = g_hash_table_new (g_str_hash, g_str_equal);
  bool ok = read_file (&l, error);
  g_hash_table_destroy (l.targets);
  g_hash_table_destroy (l.sources);
  yaml_file_clear (&l.file);
  return ok ? g_steal_pointer (&d) : NULL;
}

void
registry_divisions_free (RegistryDivisions *d)
{
  if (!d)
    return;
  for (guint i = 0; i < d->changes->len; i++)
    g_array_unref (g_array_index (d->changes, Change, i).parts);
  g_array_unref (d->changes);
  g_array_unref (d->spans);
  arena_free (d->arena);
  g_free (d);
}

/* ---- asking ------------------------------------------------------------ */

static int
by_code (gconstpointer a, gconstpointer b)
{
  return strcmp (((const RegistryDivision *)a)->code, ((const RegistryDivision *)b)->code);
}

const RegistryDivision *
registry_divisions_at (const RegistryDivisions *d, Arena *arena, Day day, size_t *n)
{
  RegistryDivision *list = arena_new0 (arena, RegistryDivision, d->spans->len);
  *n = 0;
  for (guint i = 0; i < d->spans->len; i++) {
    const RegistryDivision *span = &g_array_index (d->spans, RegistryDivision, i);
    if (span->from <= day && day <= span->to)
      list[(*n)++] = *span;
  }
  qsort (list, *n, sizeof *list, by_code);
  return list;
}

const char *
registry_division_name (const RegistryDivisions *d, const char *code, Day day)
{
  const RegistryDivision *span = span_at (d, code, day);
  return span ? span->name : NULL;
}

/* The parts of CODE under CHANGE; none: it goes on as it is. */
static void
spread (const Change *change, const RegistryDivisionPart *whole, GArray *into)
{
  gint64 left = whole->share;
  guint last = 0;
  bool any = false;
  for (guint i = 0; i < change->parts->len; i++) {
    const RegistryDivisionPart *part = &g_array_index (change->parts, RegistryDivisionPart, i);
    if (!g_str_equal (part->from, whole->to))
      continue;
    RegistryDivisionPart piece = { whole->from, part->to, whole->share * part->share / WHOLE };
    left -= piece.share;
    last = into->len;
    g_array_append_val (into, piece);
    any = true;
  }
  if (any)
    g_array_index (into, RegistryDivisionPart, last).share += left;
  else
    g_array_append_val (into, *whole);
}

static int
by_from_and_to (gconstpointer a, gconstpointer b)
{
  const RegistryDivisionPart *x = a, *y = b;
  int order = strcmp (x->from, y->from);
  return order ? order : strcmp (x->to, y->to);
}

/* What reached one division by several ways, as one part. */
static size_t
unite (RegistryDivisionPart *parts, size_t n)
{
  size_t kept = 0;
  qsort (parts, n, sizeof *parts, by_from_and_to);
  for (size_t i = 0; i < n; i++)
    if (kept && by_from_and_to (&parts[kept - 1], &parts[i]) == 0)
      parts[kept - 1].share += parts[i].share;
    else
      parts[kept++] = parts[i];
  return kept;
}

const RegistryDivisionPart *
registry_divisions_map (const RegistryDivisions *d, Arena *arena, Day from, Day to, size_t *n)
{
  g_assert (from <= to);
  size_t n_first;
  const RegistryDivision *first = registry_divisions_at (d, arena, from, &n_first);
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (RegistryDivisionPart));
  for (size_t i = 0; i < n_first; i++) {
    RegistryDivisionPart whole = { first[i].code, first[i].code, WHOLE };
    g_array_append_val (parts, whole);
  }
  for (guint c = 0; c < d->changes->len; c++) {
    const Change *change = &g_array_index (d->changes, Change, c);
    if (change->on <= from || change->on > to)
      continue;
    g_autoptr (GArray) next = g_array_new (FALSE, FALSE, sizeof (RegistryDivisionPart));
    for (guint i = 0; i < parts->len; i++)
      spread (change, &g_array_index (parts, RegistryDivisionPart, i), next);
    g_array_unref (parts);
    parts = g_steal_pointer (&next);
  }
  *n = unite ((RegistryDivisionPart *)(gpointer)parts->data, parts->len);
  return arena_copy (arena, parts->data, *n * sizeof (RegistryDivisionPart));
}
