/* Schema, rows, answers: as files, one after the other, or into a scratch database. */
#include "warehouse_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* ---- names ------------------------------------------------------------------------- */

typedef struct {
  const RegistrySchema *schema;
  Arena *arena;
} Names;

/* As registry.yaml calls things: "resident", "birth_date". */
static Text
name (gpointer host, const ColumnsTable *table, const ColumnsColumn *column)
{
  const Names *names = host;
  const RegistryEntity *entity
      = registry_schema_entity (names->schema, arena_text (names->arena, table->name));
  if (!column)
    return text_of (entity->id);
  if (text_equal (column->name, text_of (WAREHOUSE_NUMBER)))
    return text_of ("subject");
  return text_of (registry_entity_attribute (entity, arena_text (names->arena, column->name))->id);
}

/* ---- files --------------------------------------------------------------------------- */

static bool
fail (GError **error, const char *path)
{
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot be written: %s", path, g_strerror (errno));
  return false;
}

/* A folder for the owner alone, in which there is nothing yet. */
static bool
make_folder (const char *folder, GError **error)
{
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (error, folder);
  if (g_mkdir (data, 0700) == 0)
    return true;
  if (errno != EEXIST)
    return fail (error, data);
  g_set_error (error, FAULT, FAULT_CONFLICT, "%s: there is a county in it already; name another folder",
               folder);
  return false;
}

typedef struct {
  int file;
  char *path;
} Output;

static bool
output_open (Output *out, const char *folder, const char *file, GError **error)
{
  out->path = g_build_filename (folder, file, NULL);
  out->file = g_open (out->path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  return out->file >= 0 || fail (error, out->path);
}

static bool
output_take (gpointer host, Text rows, GError **error)
{
  const Output *out = host;
  for (size_t at = 0; at < rows.len;) {
    ssize_t n = write (out->file, rows.bytes + at, rows.len - at);
    if (n < 0 && errno != EINTR)
      return fail (error, out->path);
    at += n < 0 ? 0 : (size_t)n;
  }
  return true;
}

static bool
output_close (Output *out, bool done, GError **error)
{
  if (out->file >= 0 && close (out->file) != 0 && done)
    done = fail (error, out->path);
  g_free (out->path);
  return done;
}

static bool
put (const Warehouse *w, const char *file, const GString *text, GError **error)
{
  if (w->scratch)
    return scratch_take (w->scratch, (Text){ text->str, text->len }, error);
  if (!w->options->folder) {
    g_string_append_printf (w->options->out, "-- %s\n%s\n", file, text->str);
    return true;
  }
  Output out;
  bool done = output_open (&out, w->options->folder, file, error)
              && output_take (&out, (Text){ text->str, text->len }, error);
  return output_close (&out, done, error);
}

/* ---- facts ----------------------------------------------------------------------------- */

/* SQLite's and PostgreSQL's rows with what loads them; ClickHouse's as they are. */
static bool
put_rows (const Warehouse *w, const SqlOptions *options, const SqlTable *table, GError **error)
{
  if (w->scratch)
    return scratch_take (w->scratch, TEXT_LITERAL ("BEGIN"), error)
           && sql_write_rows (options, table, scratch_take, w->scratch, error)
           && scratch_take (w->scratch, TEXT_LITERAL ("COMMIT"), error);
  bool post = options->dialect == SQL_POSTGRESQL, lite = options->dialect == SQL_SQLITE;
  g_autofree char *file = g_strdup_printf ("data/%s.%s", table->name, post || lite ? "sql" : "tsv");
  g_autoptr (GString) before = g_string_new (lite ? "BEGIN;\n" : NULL);
  if (post) {
    sql_write_load (options, table, before);
    g_string_append (before, ";\n");
  }
  Output out;
  bool done = output_open (&out, w->options->folder, file, error)
              && output_take (&out, (Text){ before->str, before->len }, error)
              && sql_write_rows (options, table, output_take, &out, error)
              && output_take (&out,
                              text_of (post   ? "\\.\n"
                                       : lite ? "COMMIT;\n"
                                              : ""),
                              error);
  return output_close (&out, done, error);
}

static bool
put_facts (const Warehouse *w, const SqlOptions *options, GError **error)
{
  g_autoptr (GPtrArray) tables = g_ptr_array_new ();
  g_autoptr (GString) schema = g_string_new (NULL);
  for (guint i = 0; i < w->kinds->len; i++)
    if (((Kind *)w->kinds->pdata[i])->table)
      g_ptr_array_add (tables, (gpointer)((Kind *)w->kinds->pdata[i])->table);
  size_t n;
  const SqlTable *all
      = sql_tables (options, (const ColumnsTable *const *)tables->pdata, tables->len, w->arena, &n);
  sql_write_schema (options, all, n, schema);
  w->report->tables = n;
  if (!put (w, "schema.sql", schema, error))
    return false;
  for (size_t i = 0; i < n && (w->options->folder || w->scratch); i++) {
    if (!put_rows (w, options, &all[i], error))
      return false;
    w->report->rows += all[i].list ? all[i].list->offsets[all[i].table->n_rows] : all[i].table->n_rows;
  }
  return true;
}

/* ---- answers ----------------------------------------------------------------------------- */

/* Whether any of PART has SQL; what has not is noted. */
static bool
note_outside (Warehouse *w, const Part *part, const SqlQueries *queries)
{
  bool any = false;
  for (size_t i = 0; i < part->n_decisions; i++) {
    const char *why = sql_why (queries, i);
    w->report->decisions++;
    any |= !why;
    if (why)
      g_ptr_array_add (w->outside, arena_printf (w->arena, "%s %s", part->clause->label, why));
  }
  return any;
}

/* Where PART's answers stand, for who counts them. */
static void
note_answers (const Warehouse *w, const Part *part, const ColumnsProgram *program, const SqlQueries *queries)
{
  size_t n;
  const SqlColumn *columns = sql_columns (queries, &n);
  for (size_t i = 1; i < n; i++) {
    if (columns[i].kind != SQL_VALUE)
      continue;
    PartAnswer *answer = &part->answers[columns[i].item];
    answer->value = arena_text (w->arena, text_of (columns[i].name));
    answer->state = arena_text (w->arena, text_of (columns[i - 1].name));
    answer->is_number = columns_program_kind (program, columns[i].item, &answer->scale) == FEEL_NUMBER;
  }
}

/* A table, computed once: totals go through it for every grouping, and a view would be computed
 * anew each time. */
static bool
put_answers (Warehouse *w, const Part *part, const char *answers, const SqlQueries *queries, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s.sql", answers);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "-- %s\nCREATE TABLE \"%s\"%s AS\n", part->clause->title.zh, answers,
                          w->options->dialect == SQL_CLICKHOUSE ? " ENGINE = MergeTree() ORDER BY \"row\""
                                                                : "");
  sql_write_answers (queries, text);
  g_string_append (text, ";\n");
  w->report->answers++;
  return put (w, file, text, error);
}

/* Of everybody, then by each group. */
static bool
put_totals (const Warehouse *w, const Kind *kind, const char *answers, const SqlQueries *queries,
            GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s-totals.sql", answers);
  g_autoptr (GString) text = g_string_new (NULL);
  for (size_t i = 0; i < kind->n_shown; i++) {
    sql_write_totals (queries, answers, i ? kind->shown[i] : NULL, text);
    g_string_append (text, ";\n");
  }
  return put (w, file, text, error);
}

static bool
put_part (Warehouse *w, const Part *part, SqlOptions *options, FeelValue parameters, GError **error)
{
  const Kind *kind = kind_of (w, part->entity);
  FeelEntry constants[] = { { text_of (POLICY_PARAMETERS), parameters },
                            { text_of (POLICY_DATE), feel_date (w->options->as_of) } };
  ColumnsWorld world = { .subject = part->entity->zh,
                         .table = columns_table_view (kind->table, part->paths, part->n_paths, w->arena),
                         .constants = constants,
                         .n_constants = G_N_ELEMENTS (constants) };
  options->shown = kind->shown;
  options->n_shown = kind->n_shown;
  options->numbered = true;
  g_autoptr (ColumnsProgram) program = columns_compile (&world, part->decisions, NULL, part->n_decisions);
  g_autoptr (SqlQueries) queries = sql_compile (program, options);
  g_autofree char *answers = g_strdup_printf ("clause_%d_%s", part->clause->number, part->entity->id);
  if (!note_outside (w, part, queries))
    return true;
  note_answers (w, part, program, queries);
  return put_answers (w, part, answers, queries, error)
         && (!w->options->totals || put_totals (w, kind, answers, queries, error));
}

bool
write_everything (Warehouse *w, GError **error)
{
  Names names = { policy_schema (w->options->package), w->arena };
  SqlOptions options = { .dialect = w->options->dialect, .name = name, .host = &names };
  FeelValue parameters = policy_parameters_value (w->options->package, w->arena, w->options->as_of);
  if ((w->options->folder && !make_folder (w->options->folder, error)) || !put_facts (w, &options, error))
    return false;
  for (guint i = 0; i < w->parts->len; i++) {
    const Part *part = &g_array_index (w->parts, Part, i);
    if (kind_of (w, part->entity)->table && !put_part (w, part, &options, parameters, error))
      return false;
  }
  return true;
}
