/* What is asked, the log, the county. */
#include "warehouse_private.h"

/* ---- what is asked ----------------------------------------------------------------- */

static void
add_decision (const Warehouse *w, Part *part, const DmnDecision *decision, GArray *paths)
{
  if (!decision)
    return;
  for (size_t i = 0; i < part->n_decisions; i++)
    if (part->decisions[i] == decision)
      return;
  size_t n;
  const FeelPath *own = policy_decision_paths (w->options->package, w->arena, part->entity, decision, &n);
  part->decisions[part->n_decisions++] = decision;
  if (n)
    g_array_append_vals (paths, own, (guint)n);
}

static void
add_part (Warehouse *w, const PolicyClause *clause, const RegistryEntity *entity)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  Part part = { .clause = clause, .entity = entity };
  part.decisions = arena_new0 (w->arena, const DmnDecision *, 2 * clause->n_provisions);
  part.answers = arena_new0 (w->arena, PartAnswer, 2 * clause->n_provisions);
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *p = &clause->provisions[i];
    if (p->subject != entity || w->options->as_of < p->in_force_from || w->options->as_of > p->in_force_to)
      continue;
    add_decision (w, &part, p->eligible, paths);
    add_decision (w, &part, p->amount, paths);
  }
  if (!part.n_decisions)
    return;
  part.n_paths = paths->len;
  part.paths = arena_copy (w->arena, paths->data, paths->len * sizeof (FeelPath));
  g_array_append_val (w->parts, part);
}

static void
add_parts (Warehouse *w, const PolicyClause *clause)
{
  const RegistrySchema *schema = policy_schema (w->options->package);
  for (size_t e = 0; e < registry_schema_size (schema); e++)
    add_part (w, clause, registry_schema_entity_at (schema, e));
}

/* ---- the county ---------------------------------------------------------------------- */

static void
want (GPtrArray *attributes, const RegistryAttribute *attribute)
{
  if (!g_ptr_array_find (attributes, attribute, NULL))
    g_ptr_array_add (attributes, (gpointer)attribute);
}

static void
want_path (const Warehouse *w, const RegistryEntity *entity, const FeelPath *path, GPtrArray *attributes)
{
  for (size_t i = 0; i < path->n && entity; i++) {
    const RegistryAttribute *a = registry_entity_attribute (entity, arena_text (w->arena, path->members[i]));
    if (a)
      want (attributes, a);
    entity = a ? a->target : NULL;
  }
}

/* What ENTITY's subjects are grouped by, as far as it is a text of their own. */
static size_t
groups_of (const RegistryEntity *entity, const RegistryAttribute **groups)
{
  PopulationGrouping by[POPULATION_GROUPINGS];
  size_t n = population_grouped_by (entity, by), kept = 0;
  for (size_t i = 0; i < n; i++)
    if (by[i].attribute->kind == REGISTRY_TEXT)
      groups[kept++] = by[i].attribute;
  return kept;
}

static County *
open_county (const Warehouse *w, GError **error)
{
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  for (guint i = 0; i < w->parts->len; i++) {
    const Part *part = &g_array_index (w->parts, Part, i);
    PopulationGrouping by[POPULATION_GROUPINGS];
    size_t n = population_grouped_by (part->entity, by);
    for (size_t k = 0; k < part->n_paths; k++)
      want_path (w, part->entity, &part->paths[k], attributes);
    for (size_t k = 0; k < n; k++)
      if (w->scratch || by[k].attribute->kind == REGISTRY_TEXT)
        want (attributes, by[k].attribute);
  }
  CountyOptions options = { .registry = w->options->registry,
                            .as_of = w->options->as_of,
                            .attributes = (const RegistryAttribute *const *)attributes->pdata,
                            .n_attributes = attributes->len,
                            .threads = w->options->threads };
  return county_open (&options, error);
}

/* TABLE with the numbers of its subjects; who is none has no number. */
static const ColumnsTable *
numbered_table (const Warehouse *w, const County *county, Kind *kind, const ColumnsTable *table)
{
  gint64 *numbers = arena_new0 (w->arena, gint64, table->n_rows);
  guint8 *none = arena_new0 (w->arena, guint8, table->n_rows);
  gint64 most = 0;
  for (size_t row = 0; row < table->n_rows; row++) {
    if (row >= kind->n) {
      none[row] = 0xff;
      continue;
    }
    Subject subject = county_subject (county, kind->entity, row);
    audit_set_add (kind->set, subject);
    numbers[row] = subject_number (subject);
    most = MAX (most, numbers[row]);
  }
  ColumnsColumn *columns = arena_new0 (w->arena, ColumnsColumn, table->n_columns + 1);
  ColumnsTable *numbered = arena_new0 (w->arena, ColumnsTable, 1);
  columns[0] = (ColumnsColumn){ .name = text_of (WAREHOUSE_NUMBER),
                                .kind = COLUMNS_NUMBER,
                                .width = 8,
                                .max = most,
                                .has_none = true,
                                .values = numbers,
                                .none = none };
  for (size_t i = 0; i < table->n_columns; i++)
    columns[i + 1] = table->columns[i];
  *numbered = (ColumnsTable){ table->name, table->n_rows, table->n_columns + 1, columns };
  return numbered;
}

static const ColumnsColumn *
column_of (const ColumnsTable *table, const RegistryAttribute *attribute)
{
  for (size_t i = 0; i < table->n_columns; i++)
    if (text_equal (table->columns[i].name, text_of (attribute->zh)))
      return &table->columns[i];
  return NULL;
}

static void
add_kind (Warehouse *w, const County *county, const RegistryEntity *entity)
{
  Kind *kind = g_new0 (Kind, 1);
  const ColumnsTable *table = county_table (county, entity);
  const RegistryAttribute *groups[POPULATION_GROUPINGS];
  size_t n = groups_of (entity, groups);
  *kind = (Kind){ .entity = entity, .n = county_subjects (county, entity), .set = audit_set_new () };
  g_ptr_array_add (w->kinds, kind);
  if (!table)
    return;
  kind->table = numbered_table (w, county, kind, table);
  kind->shown = arena_new0 (w->arena, const ColumnsColumn *, n + 1);
  kind->shown[kind->n_shown++] = &kind->table->columns[0];
  for (size_t i = 0; i < n; i++)
    if (column_of (kind->table, groups[i]))
      kind->shown[kind->n_shown++] = column_of (kind->table, groups[i]);
}

Kind *
kind_of (const Warehouse *w, const RegistryEntity *entity)
{
  for (guint i = 0; i < w->kinds->len; i++)
    if (((Kind *)w->kinds->pdata[i])->entity == entity)
      return w->kinds->pdata[i];
  return NULL;
}

static void
kind_free (gpointer data)
{
  audit_set_free (((Kind *)data)->set);
  g_free (data);
}

/* ---- the log --------------------------------------------------------------------------- */

/* Beside the set: the date, that facts were written out and for which database, what groups are made of, and
 * why. */
static char *
detail_of (const Warehouse *w, const RegistryEntity *entity)
{
  const RegistryAttribute *groups[POPULATION_GROUPINGS];
  size_t n = groups_of (entity, groups);
  g_autoptr (GString) out = g_string_new (NULL);
  char day[CIVIL_TEXT_MAX];
  JsonWriter *json = json_writer_new (out, 0);
  json_begin_object (json);
  json_member_str (json, "as_of", civil_format (w->options->as_of, day));
  json_member_str (json, w->options->folder ? "facts_written_for" : "queries_written_for",
                   sql_dialect_id (w->options->dialect));
  json_key (json, "grouped_by");
  json_begin_array (json);
  for (size_t i = 0; i < n; i++)
    json_str (json, arena_printf (w->arena, "%s.%s", entity->id, groups[i]->id));
  json_end_array (json);
  if (w->options->who && w->options->who->reason)
    json_member_str (json, "reason", w->options->who->reason);
  json_end_object (json);
  json_writer_free (json);
  return arena_text (w->arena, (Text){ out->str, out->len });
}

static bool
log_parts (const Warehouse *w, GError **error)
{
  const WarehouseOptions *o = w->options;
  for (guint i = 0; i < w->parts->len; i++) {
    const Part *part = &g_array_index (w->parts, Part, i);
    g_autoptr (AccessRun) run
        = access_run_new (o->access, o->who, part->clause->purpose->id, part->entity, part->paths,
                          part->n_paths, kind_of (w, part->entity)->set,
                          w->scratch ? population_detail (w->arena, part->entity, o->as_of, o->who, NULL)
                                     : detail_of (w, part->entity),
                          error);
    if (!run)
      return false;
  }
  return true;
}

/* Into files, or into SCRATCH, where they are counted. */
static bool
write_clauses (const WarehouseOptions *options, Scratch *scratch, const PolicyClause *const *clauses,
               size_t n, Arena *arena, WarehouseReport *report, const PopulationClause **counted,
               GError **error)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func (kind_free), outside = g_ptr_array_new ();
  Warehouse w = { options, arena, parts, kinds, outside, report, scratch };
  *report = (WarehouseReport){ 0 };
  for (size_t i = 0; i < n; i++)
    add_parts (&w, clauses[i]);
  g_autoptr (County) county = open_county (&w, error);
  if (!county)
    return false;
  for (guint i = 0; i < parts->len; i++) {
    const RegistryEntity *entity = g_array_index (parts, Part, i).entity;
    if (!kind_of (&w, entity))
      add_kind (&w, county, entity);
  }
  bool done = log_parts (&w, error) && write_everything (&w, error)
              && (!scratch || (*counted = count_answers (&w, county, clauses, n, error)));
  report->n_outside = outside->len;
  report->outside = arena_copy (arena, outside->pdata, outside->len * sizeof (char *));
  return done;
}

bool
warehouse_write (const WarehouseOptions *options, const PolicyClause *const *clauses, size_t n, Arena *arena,
                 WarehouseReport *report, GError **error)
{
  return write_clauses (options, NULL, clauses, n, arena, report, NULL, error);
}

const PopulationClause *
warehouse_count (const WarehouseOptions *options, const PolicyClause *const *clauses, size_t n, Arena *arena,
                 WarehouseReport *report, GError **error)
{
  WarehouseOptions asked = *options;
  asked.dialect = SQL_SQLITE;
  asked.totals = false;
  asked.folder = NULL;
  const PopulationClause *counted = NULL;
  g_autoptr (Scratch) scratch = scratch_new (error);
  return scratch && write_clauses (&asked, scratch, clauses, n, arena, report, &counted, error) ? counted
                                                                                                : NULL;
}
