/* Units and applicants, each inline in the spec or as rows of a table beside it. */
#include "allocation/spec_private.h"

/* One row in either form; texts are good until the next. */
typedef struct {
  SpecPlace place;
  Text *cells;  /* by column, as `columns` names them */
  Text **lists; /* of columns that hold several: their parts … */
  guint *n;     /* … and how many; a cell of a table is split at ";" */
} Row;

typedef struct {
  const char *const *columns;  /* NULL-terminated */
  guint n_columns, first_list; /* columns from here on hold lists */
  bool (*take) (SpecReading *r, const Row *row);
} Shape;

static void
split (GArray *parts, Text cell)
{
  while (cell.len) {
    ptrdiff_t at = text_find (cell, ";", 0);
    Text part = text_trim ((Text){ cell.bytes, at < 0 ? cell.len : (size_t)at });
    g_array_append_val (parts, part);
    size_t used = at < 0 ? cell.len : (size_t)at + 1;
    cell = (Text){ cell.bytes + used, cell.len - used };
  }
}

/* ---- from a table ------------------------------------------------------ */

static bool
find_columns (SpecReading *r, const Shape *shape, const char *path, const SheetRow *head, gint *column_of)
{
  SpecPlace place = { path, head->number, true };
  for (guint c = 0; c < shape->n_columns; c++)
    column_of[c] = -1;
  for (size_t i = 0; i < head->n; i++) {
    g_autofree char *title = g_strndup (head->cells[i].bytes, head->cells[i].len);
    guint c = 0;
    while (c < shape->n_columns && !g_str_equal (shape->columns[c], title))
      c++;
    if (c == shape->n_columns) {
      const char *nearest = yaml_nearest (title, shape->columns);
      return spec_fail (r, place, "no column is called \"%s\"%s%s", title, nearest ? ": did you mean " : "",
                        nearest ? nearest : "");
    }
    if (column_of[c] >= 0)
      return spec_fail (r, place, "the column \"%s\" is there twice", title);
    column_of[c] = (gint)i;
  }
  return true;
}

static bool
take_sheet_row (SpecReading *r, const Shape *shape, const char *path, const SheetRow *from,
                const gint *column_of)
{
  g_autofree Text *cells = g_new0 (Text, shape->n_columns), **lists = NULL;
  g_autofree guint *n = g_new0 (guint, shape->n_columns);
  lists = g_new0 (Text *, shape->n_columns);
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  for (guint c = 0; c < shape->n_columns; c++) {
    if (column_of[c] >= 0 && (size_t)column_of[c] < from->n)
      cells[c] = text_trim (from->cells[column_of[c]]);
    GArray *parts = g_array_new (FALSE, FALSE, sizeof (Text));
    g_ptr_array_add (held, parts);
    if (c >= shape->first_list)
      split (parts, cells[c]);
    lists[c] = (Text *)(void *)parts->data;
    n[c] = parts->len;
  }
  Row row = { { path, from->number, true }, cells, lists, n };
  return shape->take (r, &row);
}

static bool
read_table (SpecReading *r, const Shape *shape, Text name)
{
  const char *path = arena_text (r->arena, name);
  if (!g_path_is_absolute (path)) {
    g_autofree char *full = g_build_filename (r->folder, path, NULL);
    path = arena_text (r->arena, text_of (full));
  }
  g_autoptr (SheetReader) in = sheet_reader_open (path, NULL, r->error);
  if (!in)
    return false;
  g_autofree gint *column_of = g_new (gint, shape->n_columns);
  SheetRow row;
  SheetStep step = sheet_reader_next (in, &row, r->error);
  if (step == SHEET_END)
    return spec_fail (r, (SpecPlace){ path, 1, true }, "the table has no heading");
  if (step == SHEET_FAILED || !find_columns (r, shape, path, &row, column_of))
    return false;
  while ((step = sheet_reader_next (in, &row, r->error)) == SHEET_ROW)
    if (!take_sheet_row (r, shape, path, &row, column_of))
      return false;
  return step == SHEET_END;
}

/* ---- inline ------------------------------------------------------------ */

/* A value of YAML as parts: a list's, or one. */
static bool
read_parts (SpecReading *r, yaml_node_t *node, const char *column, GArray *parts)
{
  Text text;
  if (node->type != YAML_SEQUENCE_NODE) {
    if (!yaml_text (&r->file, node, column, &text, r->error))
      return false;
    g_array_append_val (parts, text);
    return true;
  }
  for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
       item++) {
    if (!yaml_text (&r->file, yaml_file_node (&r->file, *item), column, &text, r->error))
      return false;
    g_array_append_val (parts, text);
  }
  return true;
}

static bool
take_mapping (SpecReading *r, const Shape *shape, yaml_node_t *node)
{
  if (!yaml_check_mapping (&r->file, node, shape->columns, "an entry", r->error))
    return false;
  g_autofree Text *cells = g_new0 (Text, shape->n_columns), **lists = NULL;
  g_autofree guint *n = g_new0 (guint, shape->n_columns);
  lists = g_new0 (Text *, shape->n_columns);
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  for (guint c = 0; c < shape->n_columns; c++) {
    yaml_node_t *value = yaml_get (&r->file, node, shape->columns[c]);
    GArray *parts = g_array_new (FALSE, FALSE, sizeof (Text));
    g_ptr_array_add (held, parts);
    if (value && c >= shape->first_list && !read_parts (r, value, shape->columns[c], parts))
      return false;
    if (value && c < shape->first_list
        && !yaml_text (&r->file, value, shape->columns[c], &cells[c], r->error))
      return false;
    lists[c] = (Text *)(void *)parts->data;
    n[c] = parts->len;
  }
  Row row = { spec_line (r, node), cells, lists, n };
  return shape->take (r, &row);
}

/* NODE is a file's name, or a list. */
static bool
read_rows (SpecReading *r, const Shape *shape, yaml_node_t *node, const char *what)
{
  Text name;
  if (node->type == YAML_SCALAR_NODE)
    return yaml_text (&r->file, node, what, &name, r->error) && read_table (r, shape, name);
  if (node->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&r->file, node, r->error, "%s must be a list, or the name of a CSV or XLSX file", what);
  for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
       item++) {
    yaml_node_t *entry = yaml_file_node (&r->file, *item);
    if (!take_mapping (r, shape, entry))
      return false;
  }
  return true;
}

/* ---- units ------------------------------------------------------------- */

enum { UNIT_ID, UNIT_PLACES, UNIT_REGION, UNIT_TARGET, UNIT_SLOTS };

/* Whose cap the unit shares, and its target in it. */
static bool
take_region (SpecReading *r, const Row *row, SpecUnit *unit)
{
  Text region = row->cells[UNIT_REGION], target = row->cells[UNIT_TARGET];
  guint64 number = 0;
  unit->region = ALLOCATION_NOWHERE;
  if (!region.len)
    return !target.len || spec_fail (r, row->place, "%s has a target, and is in no region", unit->id);
  g_autofree char *name = g_strndup (region.bytes, region.len);
  gint64 index = spec_index (r->region_of, name);
  if (index < 0)
    return spec_fail (r, row->place, "%s: there is no region \"%s\"", unit->id, name);
  if (target.len && !spec_number (r, row->place, "target", target, unit->places, &number))
    return false;
  unit->region = (guint32)index;
  unit->target = (guint32)number;
  return true;
}

static bool
take_unit (SpecReading *r, const Row *row)
{
  SpecUnit unit = { .place = row->place };
  Text id = row->cells[UNIT_ID];
  unit.id = arena_text (r->arena, id);
  if (!id.len)
    return spec_fail (r, row->place, "a unit has no id");
  if (spec_index (r->unit_of, unit.id) >= 0)
    return spec_fail (r, row->place, "the unit %s is there twice", unit.id);
  if (!spec_number (r, row->place, "places", row->cells[UNIT_PLACES], G_MAXUINT32 / 2, &unit.places)
      || !take_region (r, row, &unit))
    return false;
  spec_remember (r, r->unit_of, unit.id, r->units->len);
  g_array_append_val (r->units, unit);
  return true;
}

static void
free_runs (void *unit)
{
  g_clear_pointer (&((SpecUnit *)unit)->runs, g_array_unref);
}

/* A unit's own slots: lists of mappings, which rows do not hold. */
static bool
read_own_slots (SpecReading *r, yaml_node_t *node)
{
  guint index = 0;
  for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
       item++, index++) {
    yaml_node_t *slots = yaml_get (&r->file, yaml_file_node (&r->file, *item), "slots");
    SpecUnit *unit = &g_array_index (r->units, SpecUnit, index);
    if (!slots)
      continue;
    unit->runs = g_array_new (FALSE, TRUE, sizeof (SpecRun));
    if (!spec_read_runs (r, slots, unit->runs))
      return false;
  }
  return true;
}

bool
spec_read_units (SpecReading *r, yaml_node_t *node)
{
  static const char *const columns[] = { "id", "places", "region", "target", "slots", NULL };
  Shape inline_shape = { columns, UNIT_SLOTS, UNIT_SLOTS, take_unit };
  g_array_set_clear_func (r->units, free_runs);
  return read_rows (r, &inline_shape, node, "units")
         && (node->type != YAML_SEQUENCE_NODE || read_own_slots (r, node));
}

/* ---- applicants -------------------------------------------------------- */

enum { APPLICANT_ID, APPLICANT_FAMILY, APPLICANT_TRAITS, APPLICANT_CHOICES, APPLICANT_KEYS };

/* "85.5" with one decimal as 855. */
static bool
read_value (SpecReading *r, SpecPlace place, const AllocationSpecKey *key, Text text, gint64 *value)
{
  size_t at = text.len && (text.bytes[0] == '-' || text.bytes[0] == '+'), digits = 0, behind = 0;
  bool point = false, ok = true;
  gint64 number = 0;
  for (; at < text.len && ok; at++) {
    if (text.bytes[at] == '.' && !point && digits)
      point = true;
    else {
      behind += point;
      ok = g_ascii_isdigit (text.bytes[at]) && ++digits <= 15 && behind <= key->decimals;
      number = number * 10 + (text.bytes[at] - '0');
    }
  }
  if (!ok || !digits)
    return spec_fail (r, place, "%s: \"%.*s\" is no number with at most %u decimals", key->name,
                      (int)text.len, text.bytes ? text.bytes : "", key->decimals);
  for (; behind < key->decimals; behind++)
    number *= 10;
  *value = text.bytes[0] == '-' ? -number : number;
  return true;
}

static bool
take_values (SpecReading *r, const Row *row, guint n_choices)
{
  for (size_t k = 0; k < r->spec->n_keys; k++) {
    const AllocationSpecKey *key = &r->spec->keys[k];
    guint expected = key->of_choice ? n_choices : 1;
    if (row->n[APPLICANT_KEYS + k] != expected)
      return spec_fail (r, row->place, "%s: there are %u values, and there must be %u%s", key->name,
                        row->n[APPLICANT_KEYS + k], expected, key->of_choice ? ", one for each choice" : "");
    for (guint i = 0; i < expected; i++) {
      gint64 value;
      if (!read_value (r, row->place, key, row->lists[APPLICANT_KEYS + k][i], &value))
        return false;
      g_array_append_val (r->values[k], value);
    }
  }
  return true;
}

static bool
take_choices (SpecReading *r, const Row *row, SpecRow *applicant)
{
  applicant->first = r->choices->len;
  for (guint i = 0; i < row->n[APPLICANT_CHOICES]; i++) {
    Text choice = row->lists[APPLICANT_CHOICES][i];
    g_autofree char *id = g_strndup (choice.bytes, choice.len);
    gint64 unit = spec_index (r->unit_of, id);
    if (unit < 0)
      return spec_fail (r, row->place, "choice %u of %s: there is no unit \"%s\"", i + 1, applicant->id, id);
    guint32 index = (guint32)unit;
    if (r->chosen_by[index] == r->rows->len + 1)
      return spec_fail (r, row->place, "%s chooses %s twice", applicant->id, id);
    r->chosen_by[index] = r->rows->len + 1;
    g_array_append_val (r->choices, index);
  }
  applicant->n_choices = r->choices->len - applicant->first;
  return true;
}

static bool
take_applicant (SpecReading *r, const Row *row)
{
  SpecRow applicant = { .place = row->place, .id = arena_text (r->arena, row->cells[APPLICANT_ID]) };
  if (!*applicant.id)
    return spec_fail (r, row->place, "an applicant has no id");
  if (row->cells[APPLICANT_FAMILY].len && !r->siblings)
    return spec_fail (r, row->place, "%s has a family, and the spec does not say \"siblings: together\"",
                      applicant.id);
  if (row->cells[APPLICANT_FAMILY].len)
    applicant.family = arena_text (r->arena, row->cells[APPLICANT_FAMILY]);
  for (guint i = 0; i < row->n[APPLICANT_TRAITS]; i++) {
    Text trait = row->lists[APPLICANT_TRAITS][i];
    g_autofree char *name = g_strndup (trait.bytes, trait.len);
    gint64 index = spec_index (r->trait_of, name);
    if (index < 0)
      return spec_fail (r, row->place, "\"%s\" of %s is none of the traits", name, applicant.id);
    applicant.traits |= (guint64)1 << index;
  }
  if (!take_choices (r, row, &applicant) || !take_values (r, row, applicant.n_choices))
    return false;
  g_array_append_val (r->rows, applicant);
  return true;
}

bool
spec_read_applicants (SpecReading *r, yaml_node_t *node)
{
  size_t n = APPLICANT_KEYS + r->spec->n_keys;
  const char **columns = arena_new0 (r->arena, const char *, n + 1);
  columns[APPLICANT_ID] = "id";
  columns[APPLICANT_FAMILY] = "family";
  columns[APPLICANT_TRAITS] = "traits";
  columns[APPLICANT_CHOICES] = "choices";
  for (size_t k = 0; k < r->spec->n_keys; k++)
    columns[APPLICANT_KEYS + k] = r->spec->keys[k].name;
  r->chosen_by = arena_new0 (r->arena, guint32, r->units->len);
  Shape shape = { columns, (guint)n, APPLICANT_TRAITS, take_applicant };
  return read_rows (r, &shape, node, "applicants");
}
