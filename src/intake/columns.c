/* Which column is which attribute: by Chinese name, English label or id, whatever
 * their width, case and what stands behind them in brackets (月收入（元/月）). */
#include "intake/intake_private.h"

/* HEADING without blanks at its ends and a bracket at its end, half-width. */
static char *
normalise (Text heading)
{
  g_autofree char *half = text_half_width (text_trim (heading));
  char *bracket = strchr (half, '(');
  if (bracket && bracket > half && g_str_has_suffix (half, ")"))
    *bracket = '\0';
  return g_strstrip (g_utf8_strdown (half, -1));
}

static bool
is_called (const char *name, const char *heading)
{
  g_autofree char *wanted = normalise (text_of (name));
  g_autofree char *whole = text_half_width (text_of (name));
  g_autofree char *lower = g_utf8_strdown (whole, -1);
  return g_str_equal (wanted, heading) || g_str_equal (lower, heading);
}

static const RegistryAttribute *
attribute_called (const RegistryEntity *entity, const char *heading)
{
  for (size_t i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    if (is_called (a->zh, heading) || is_called (a->en, heading) || g_str_equal (a->id, heading))
      return a;
  }
  return NULL;
}

static bool
is_subject_column (const char *heading)
{
  static const char *const names[] = { "主体编号", "subject", "subject id", NULL };
  return g_strv_contains (names, heading);
}

/* The Chinese name with the most characters in common, when that is most of them. */
static const char *
nearest (const RegistryEntity *entity, const char *heading)
{
  const char *best = NULL;
  double most = 0.5;
  for (size_t i = 0; i < entity->n; i++) {
    const char *name = entity->attributes[i].zh;
    glong common = 0, length = MAX (g_utf8_strlen (name, -1), g_utf8_strlen (heading, -1));
    for (const char *p = heading; *p; p = g_utf8_next_char (p))
      common += g_utf8_strchr (name, -1, g_utf8_get_char (p)) != NULL;
    if (length > 0 && (double)common / (double)length > most) {
      most = (double)common / (double)length;
      best = name;
    }
  }
  return best;
}

static IntakeColumn
match (const IntakePlan *plan, size_t before, const RegistryEntity *entity, Text text, Arena *arena)
{
  IntakeColumn column = { .heading = arena_text (arena, text_trim (text)), .kind = INTAKE_COLUMN_UNKNOWN };
  g_autofree char *heading = normalise (text);
  g_autofree char *whole = text_half_width (text_trim (text));
  g_autofree char *lower = g_utf8_strdown (whole, -1);
  column.attribute = attribute_called (entity, lower);
  if (!column.attribute)
    column.attribute = attribute_called (entity, heading);
  if (column.attribute)
    column.kind = column.attribute->kind == REGISTRY_COLLECTION ? INTAKE_COLUMN_COMPUTED : INTAKE_COLUMN_FACT;
  else if (is_subject_column (heading))
    column.kind = INTAKE_COLUMN_SUBJECT;
  else
    column.nearest = nearest (entity, heading);
  for (size_t i = 0; i < before; i++)
    if (column.kind != INTAKE_COLUMN_UNKNOWN && plan->columns[i].kind == column.kind
        && plan->columns[i].attribute == column.attribute)
      column.kind = INTAKE_COLUMN_TWICE;
  return column;
}

static void
collect_missing (IntakePlan *plan, const RegistryEntity *entity, Arena *arena)
{
  const RegistryAttribute **missing = arena_new0 (arena, const RegistryAttribute *, entity->n);
  for (size_t i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    bool there = a->kind == REGISTRY_COLLECTION;
    for (size_t k = 0; k < plan->n && !there; k++)
      there = plan->columns[k].attribute == a;
    if (!there)
      missing[plan->n_missing++] = a;
  }
  plan->missing = missing;
}

static void
collect_sources (IntakePlan *plan, Arena *arena)
{
  const char **sources = arena_new0 (arena, const char *, plan->n + 1);
  for (size_t k = 0; k < plan->n; k++)
    if (plan->columns[k].kind == INTAKE_COLUMN_FACT
        && !g_strv_contains ((const char *const *)sources, plan->columns[k].attribute->source))
      sources[plan->n_sources++] = plan->columns[k].attribute->source;
  plan->sources = sources;
}

void
columns_match (IntakePlan *plan, const RegistryEntity *entity, const SheetRow *row, Arena *arena)
{
  IntakeColumn *columns = arena_new0 (arena, IntakeColumn, row->n);
  plan->heading_row = row->number;
  plan->columns = columns;
  for (plan->n = 0; plan->n < row->n; plan->n++)
    columns[plan->n] = match (plan, plan->n, entity, row->cells[plan->n], arena);
  collect_missing (plan, entity, arena);
  collect_sources (plan, arena);
}

/* ---- what stands against importing ------------------------------------- */

static bool
has_column (const IntakePlan *plan, IntakeColumnKind kind, const RegistryAttribute *attribute)
{
  for (size_t i = 0; i < plan->n; i++)
    if (plan->columns[i].kind == kind
        && (kind == INTAKE_COLUMN_SUBJECT || plan->columns[i].attribute == attribute))
      return true;
  return false;
}

static void
list_unusable (const IntakePlan *plan, GString *out)
{
  char name[8];
  for (size_t i = 0; i < plan->n; i++) {
    const IntakeColumn *c = &plan->columns[i];
    if (c->kind == INTAKE_COLUMN_FACT || c->kind == INTAKE_COLUMN_SUBJECT)
      continue;
    g_string_append_printf (out, "%s%s \"%s\"", out->len ? ", " : "", sheet_column_name (i, name),
                            c->heading);
    if (c->kind == INTAKE_COLUMN_TWICE)
      g_string_append (out, " (stands twice)");
    else if (c->kind == INTAKE_COLUMN_COMPUTED)
      g_string_append (out, " (follows from other tables)");
    else if (c->nearest)
      g_string_append_printf (out, " (do you mean \"%s\"?)", c->nearest);
  }
}

const char *
columns_fault (const IntakePlan *plan, const RegistryEntity *entity, bool skip_unknown, Arena *arena)
{
  const RegistryAttribute *key = entity->number ? entity->number : entity->label;
  g_autoptr (GString) unusable = g_string_new (NULL);
  bool known = plan->n_sources > 0 || has_column (plan, INTAKE_COLUMN_SUBJECT, NULL);
  list_unusable (plan, unusable);
  if (!known)
    return arena_printf (arena,
                         "row %" G_GINT64_FORMAT
                         " names no column of %s (%s): the first row must be the heading, "
                         "with names such as %s",
                         plan->heading_row, entity->zh, entity->id, entity->attributes[0].zh);
  if (key && !has_column (plan, INTAKE_COLUMN_FACT, key) && !has_column (plan, INTAKE_COLUMN_SUBJECT, NULL))
    return arena_printf (arena, "the column %s (%s) is missing: it tells whose row it is", key->zh, key->en);
  if (unusable->len && !skip_unknown)
    return arena_printf (arena,
                         "columns that %s does not have: %s; rename them, or pass over them (--skip-unknown)",
                         entity->zh, unusable->str);
  return NULL;
}

/* ---- the plan ---------------------------------------------------------- */

static void
keep_rows (SheetReader *reader, IntakePlan *plan, size_t room, Arena *arena)
{
  const char *const **rows = arena_new0 (arena, const char *const *, room);
  SheetRow row;
  while (plan->n_rows < room && sheet_reader_next (reader, &row, NULL) == SHEET_ROW) {
    const char **cells = arena_new0 (arena, const char *, plan->n);
    for (size_t i = 0; i < plan->n; i++)
      cells[i] = i < row.n ? arena_text (arena, row.cells[i]) : "";
    rows[plan->n_rows++] = cells;
  }
  plan->rows = rows;
}

const IntakePlan *
intake_plan (const RegistrySchema *schema, const RegistryEntity *entity, const char *path,
             const SheetOptions *options, size_t rows, Arena *arena, GError **error)
{
  g_autoptr (SheetReader) reader = sheet_reader_open (path, options, error);
  SheetRow heading;
  SheetStep step = reader ? sheet_reader_next (reader, &heading, error) : SHEET_FAILED;
  if (step == SHEET_END)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: has no row", path);
  if (step != SHEET_ROW)
    return NULL;
  IntakePlan *plan = arena_new0 (arena, IntakePlan, 1);
  plan->format = sheet_reader_format (reader);
  columns_match (plan, entity, &heading, arena);
  plan->fault = columns_fault (plan, entity, false, arena);
  keep_rows (reader, plan, rows, arena);
  return plan;
}
