/* The answers counted by SQLite, in a database of its own that is gone when it is closed. */
#include "warehouse_private.h"

#include <sqlite3.h>

/* ---- the database ------------------------------------------------------------------- */

struct Scratch {
  sqlite3 *db;
};

static bool
fail (const Scratch *scratch, GError **error)
{
  g_set_error (error, FAULT, FAULT_SYSTEM,
               "the scratch database: %s; is there room in $SQLITE_TMPDIR or /var/tmp?",
               sqlite3_errmsg (scratch->db));
  return false;
}

bool
scratch_take (gpointer host, Text statements, GError **error)
{
  const Scratch *scratch = host;
  g_autofree char *text = g_strndup (statements.bytes, statements.len);
  return sqlite3_exec (scratch->db, text, NULL, NULL, NULL) == SQLITE_OK || fail (scratch, error);
}

/* A file without a name: nobody else can open it, and nothing of it stays behind, killed or not. */
Scratch *
scratch_new (GError **error)
{
  Scratch *scratch = g_new0 (Scratch, 1);
  if (sqlite3_open ("", &scratch->db) == SQLITE_OK
      && scratch_take (scratch, TEXT_LITERAL ("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"), error))
    return scratch;
  if (error && !*error)
    fail (scratch, error);
  scratch_free (scratch);
  return NULL;
}

void
scratch_free (Scratch *scratch)
{
  if (!scratch)
    return;
  sqlite3_close (scratch->db);
  g_free (scratch);
}

/* ---- groups ---------------------------------------------------------------------------- */

typedef struct {
  const Warehouse *w;
  const County *county;
  Scratch *scratch;
  const PopulationGrouping **groupings; /* as the warehouse has its kinds */
  size_t *n_groupings;
} Count;

static bool
fill_groups (const Count *c, const char *table, const PopulationGrouping *by, size_t n_by, size_t n_rows,
             GError **error)
{
  g_autoptr (GString) insert = g_string_new (NULL);
  g_string_append_printf (insert, "INSERT INTO \"%s\" VALUES (?", table);
  for (size_t i = 0; i < n_by; i++)
    g_string_append (insert, ", ?");
  g_string_append_c (insert, ')');
  sqlite3_stmt *statement = NULL;
  bool done = sqlite3_prepare_v2 (c->scratch->db, insert->str, -1, &statement, NULL) == SQLITE_OK;
  for (size_t row = 0; row < n_rows && done; row++) {
    sqlite3_bind_int64 (statement, 1, (gint64)row);
    for (size_t i = 0; i < n_by; i++)
      sqlite3_bind_int64 (statement, (int)i + 2, by[i].of[row]);
    done = sqlite3_step (statement) == SQLITE_DONE && sqlite3_reset (statement) == SQLITE_OK;
  }
  sqlite3_finalize (statement);
  return done || fail (c->scratch, error);
}

/* A table with the group of every row in each grouping, by number: the same groups as population_run's. */
static bool
put_groups (Count *c, size_t k, GError **error)
{
  const Kind *kind = c->w->kinds->pdata[k];
  if (!kind->table)
    return true;
  c->groupings[k] = population_groupings (c->w->options->package, c->county, kind->entity,
                                          c->w->options->as_of, c->w->arena, &c->n_groupings[k]);
  g_autofree char *table = g_strdup_printf ("groups_%s", kind->entity->id);
  g_autoptr (GString) create = g_string_new ("BEGIN;\n");
  g_string_append_printf (create, "CREATE TABLE \"%s\" (\"row\" INTEGER PRIMARY KEY", table);
  for (size_t i = 0; i < c->n_groupings[k]; i++)
    g_string_append_printf (create, ", \"by_%zu\" INTEGER", i);
  g_string_append (create, ")");
  return scratch_take (c->scratch, (Text){ create->str, create->len }, error)
         && fill_groups (c, table, c->groupings[k], c->n_groupings[k], kind->n, error)
         && scratch_take (c->scratch, TEXT_LITERAL ("COMMIT"), error);
}

/* ---- counts ------------------------------------------------------------------------------ */

/* One provision's answers, as its part has them. */
typedef struct {
  const Part *part;
  const PartAnswer *eligible, *amount;
} Asked;

static PopulationCount
read_count (sqlite3_stmt *row, const Asked *asked)
{
  PopulationCount count = { .subjects = sqlite3_column_int64 (row, 1),
                            .yes = sqlite3_column_int64 (row, 2),
                            .no = sqlite3_column_int64 (row, 3) };
  count.undetermined = count.subjects - count.yes - count.no;
  count.amount = count.least = count.greatest = decimal_from_int64 (0);
  if (!asked->amount)
    return count;
  int scale = (int)asked->amount->scale;
  count.amounts = sqlite3_column_int64 (row, 4);
  count.open_amounts = count.yes - count.amounts;
  count.amount = decimal_from_scaled (sqlite3_column_int64 (row, 5), scale);
  count.least = decimal_from_scaled (sqlite3_column_int64 (row, 6), scale);
  count.greatest = decimal_from_scaled (sqlite3_column_int64 (row, 7), scale);
  return count;
}

static void
append_name (GString *out, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "\"", -1);
  g_autofree char *quoted = g_strjoinv ("\"\"", parts);
  g_string_append_printf (out, "\"%s\"", quoted);
}

/* Subjects, yes, no, and of those who qualify amounts with their sum, least and greatest; by grouping BY, or
 * (-1) over all. */
static char *
query_of (const Asked *asked, int by)
{
  const char *entity = asked->part->entity->id;
  g_autoptr (GString) yes = g_string_new (NULL), paid = g_string_new (NULL);
  GString *out = g_string_new (NULL);
  append_name (yes, asked->eligible->value);
  if (by < 0)
    g_string_append (out, "SELECT 0");
  else
    g_string_append_printf (out, "SELECT \"by_%d\"", by);
  g_string_append_printf (out, ", count(*), count(*) FILTER (WHERE %s = 1), count(*) FILTER (WHERE %s = 0)",
                          yes->str, yes->str);
  if (asked->amount) {
    g_autoptr (GString) amount = g_string_new (NULL);
    append_name (amount, asked->amount->value);
    append_name (paid, asked->amount->state);
    g_string_append_printf (paid, " = 'value' AND %s = 1", yes->str);
    g_string_append_printf (out, ", count(*) FILTER (WHERE %s)", paid->str);
    for (const char *const *f = (const char *const[]){ "sum", "min", "max", NULL }; *f; f++)
      g_string_append_printf (out, ", %s(%s) FILTER (WHERE %s)", *f, amount->str, paid->str);
  }
  g_string_append_printf (out, " FROM \"clause_%d_%s\"", asked->part->clause->number, entity);
  if (by >= 0)
    g_string_append_printf (out, " JOIN \"groups_%s\" USING (\"row\") GROUP BY 1", entity);
  return g_string_free (out, FALSE);
}

/* Into COUNTS, by the group's number. */
static bool
ask (const Count *c, const Asked *asked, int by, PopulationCount *counts, GError **error)
{
  g_autofree char *query = query_of (asked, by);
  sqlite3_stmt *row = NULL;
  int status = sqlite3_prepare_v2 (c->scratch->db, query, -1, &row, NULL);
  while (status == SQLITE_OK || status == SQLITE_ROW) {
    status = sqlite3_step (row);
    if (status == SQLITE_ROW)
      counts[sqlite3_column_int64 (row, 0)] = read_count (row, asked);
  }
  sqlite3_finalize (row);
  return status == SQLITE_DONE || fail (c->scratch, error);
}

static bool
count_dimension (const Count *c, const Asked *asked, const PopulationGrouping *by, int number,
                 PopulationDimension *dimension, GError **error)
{
  PopulationCount *counts = arena_new0 (c->w->arena, PopulationCount, by->n);
  PopulationGroup *groups = arena_new0 (c->w->arena, PopulationGroup, by->n);
  for (size_t g = 0; g < by->n; g++)
    counts[g].amount = counts[g].least = counts[g].greatest = decimal_from_int64 (0);
  if (!ask (c, asked, number, counts, error))
    return false;
  for (size_t g = 0; g < by->n; g++)
    groups[g] = (PopulationGroup){ by->groups[g].id, by->groups[g].name, counts[g] };
  *dimension = (PopulationDimension){ .id = by->id, .name = by->name, .n = by->n, .groups = groups };
  return true;
}

static bool
count_provision (const Count *c, const Asked *asked, PopulationProvision *told, GError **error)
{
  size_t k = 0;
  while (((Kind *)c->w->kinds->pdata[k])->entity != asked->part->entity)
    k++;
  PopulationDimension *dimensions = arena_new0 (c->w->arena, PopulationDimension, c->n_groupings[k]);
  for (size_t d = 0; d < c->n_groupings[k]; d++)
    if (!count_dimension (c, asked, &c->groupings[k][d], (int)d, &dimensions[d], error))
      return false;
  told->n_dimensions = c->n_groupings[k];
  told->dimensions = dimensions;
  return ask (c, asked, -1, &told->count, error);
}

/* ---- clauses ------------------------------------------------------------------------------ */

static const PartAnswer *
answer_of (const Part *part, const DmnDecision *decision)
{
  for (size_t i = 0; i < part->n_decisions; i++)
    if (part->decisions[i] == decision && part->answers[i].value)
      return &part->answers[i];
  return NULL;
}

/* PROVISION's answers in the database; false when SQL does not give all of them. */
static bool
find_asked (const Count *c, const PolicyProvision *provision, Asked *asked)
{
  *asked = (Asked){ 0 };
  for (guint i = 0; i < c->w->parts->len && !asked->part; i++) {
    const Part *part = &g_array_index (c->w->parts, Part, i);
    if (part->clause == provision->clause && part->entity == provision->subject)
      asked->part = part;
  }
  if (!asked->part)
    return false;
  asked->eligible = answer_of (asked->part, provision->eligible);
  asked->amount = provision->amount ? answer_of (asked->part, provision->amount) : NULL;
  return asked->eligible && (!provision->amount || (asked->amount && asked->amount->is_number));
}

/* What SQL does not give comes from population_run, whose figures are the same: whole clauses, so that the
 * log has one more entry for each kind of these. */
static const PopulationClause *
count_without_sql (const Count *c, const PolicyClause *clause, GError **error)
{
  const WarehouseOptions *o = c->w->options;
  PopulationOptions options = { .package = o->package,
                                .registry = o->registry,
                                .access = o->access,
                                .who = o->who,
                                .as_of = o->as_of,
                                .threads = o->threads };
  return population_run (&options, c->w->arena, &clause, 1, error);
}

static bool
count_clause (const Count *c, const PolicyClause *clause, PopulationClause *told, GError **error)
{
  PopulationProvision *provisions = arena_new0 (c->w->arena, PopulationProvision, clause->n_provisions);
  const PopulationClause *other = NULL;
  *told = (PopulationClause){ .clause = clause, .provisions = provisions };
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *p = &clause->provisions[i];
    Asked asked;
    provisions[i].provision = p;
    provisions[i].count.amount = decimal_from_int64 (0);
    if (c->w->options->as_of < p->in_force_from || c->w->options->as_of > p->in_force_to)
      continue;
    if (find_asked (c, p, &asked)) {
      c->w->report->by_sql++;
      if (!count_provision (c, &asked, &provisions[i], error))
        return false;
      continue;
    }
    if (!other && !(other = count_without_sql (c, clause, error)))
      return false;
    c->w->report->by_columns++;
    provisions[i] = other->provisions[i];
  }
  return true;
}

const PopulationClause *
count_answers (const Warehouse *w, const County *county, const PolicyClause *const *clauses, size_t n,
               GError **error)
{
  Count c = { .w = w,
              .county = county,
              .scratch = w->scratch,
              .groupings = arena_new0 (w->arena, const PopulationGrouping *, w->kinds->len),
              .n_groupings = arena_new0 (w->arena, size_t, w->kinds->len) };
  PopulationClause *told = arena_new0 (w->arena, PopulationClause, n);
  for (size_t k = 0; k < w->kinds->len; k++)
    if (!put_groups (&c, k, error))
      return NULL;
  for (size_t i = 0; i < n; i++)
    if (!count_clause (&c, clauses[i], &told[i], error))
      return NULL;
  return told;
}
