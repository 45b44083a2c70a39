/* Counties written out: what their totals come to in the database is what population_run counts.
 * On ClickHouse there are two counties, each on a shard of its own, and a Distributed table over
 * the answers of both. */
#include "engine.h"
#include "support.h"

#include "population/population.h"
#include "warehouse/warehouse.h"

#include <locale.h>
#include <string.h>

enum { COUNTIES = 2, AS_OF = 20500 };

/* ClickHouse 18.16 takes long to read such queries: one clause there. */
static const int clauses_asked[] = { 15, 13, 23 };

typedef struct {
  PolicyPackage *package;
  DmnFaults *faults;
  Arena *arena;
  char *folder;
  const PolicyClause *clauses[G_N_ELEMENTS (clauses_asked)];
  size_t n_clauses;
  size_t n_counties;
  const PopulationClause *counted[COUNTIES];
  Engine *engines[COUNTIES];
} Province;

static bool
is_click (void)
{
  return engine_dialect () == SQL_CLICKHOUSE;
}

/* ---- a county ---------------------------------------------------------------------- */

static char *
make_county (const Province *p, size_t i)
{
  g_autofree char *file = g_strdup_printf ("county-%zu.db", i), *seed = g_strdup_printf ("%zu", i + 7);
  char *path = g_build_filename (p->folder, file, NULL);
  const char *const argv[]
      = { "liudong", "demo", "--residents", "500", "--seed", seed, "--db", path, "--listen", "none", NULL };
  g_assert_cmpint (support_run (argv, NULL, NULL), ==, 0);
  return path;
}

/* Written to FOLDER, and counted by the engine that is here. */
static void
write_county (Province *p, size_t i, const char *folder)
{
  g_autofree char *db = make_county (p, i);
  g_autoptr (GError) error = NULL;
  g_autoptr (Registry) registry = registry_open (db, 0, policy_schema (p->package), &error);
  g_assert_no_error (error);
  g_autoptr (Access) access = access_open (registry, &error);
  g_assert_no_error (error);
  policy_hand_purposes (p->package, access);
  PopulationOptions count = { .package = p->package,
                              .registry = registry,
                              .access = access,
                              .who = access_operator (p->arena, "test"),
                              .as_of = AS_OF };
  p->counted[i] = population_run (&count, p->arena, p->clauses, p->n_clauses, &error);
  g_assert_no_error (error);
  WarehouseOptions options = { .package = p->package,
                               .registry = registry,
                               .access = access,
                               .who = count.who,
                               .as_of = AS_OF,
                               .dialect = engine_dialect (),
                               .totals = true,
                               .folder = folder };
  WarehouseReport report;
  g_assert_true (warehouse_write (&options, p->clauses, p->n_clauses, p->arena, &report, &error));
  g_assert_cmpuint (report.n_outside, ==, 0);
  g_assert_cmpuint (report.rows, >, 100);
  g_assert_false (warehouse_write (&options, p->clauses, 1, p->arena, &report, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
}

/* ---- into the database -------------------------------------------------------------- */

static void
load_file (Engine *engine, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, "data", name, NULL);
  gsize len;
  g_autofree char *rows = support_read (path, &len);
  if (!is_click ()) {
    engine_run (engine, rows);
    return;
  }
  g_autofree char *table = g_strndup (name, strlen (name) - strlen (".tsv"));
  g_autofree char *statement = g_strdup_printf ("INSERT INTO \"%s\" FORMAT TabSeparated\n%s", table, rows);
  if (len)
    engine_send (engine, statement);
}

/* Schema, rows, then the answers. */
static void
load_county (Engine *engine, const char *folder)
{
  g_autofree char *schema_path = g_build_filename (folder, "schema.sql", NULL),
                  *data = g_build_filename (folder, "data", NULL), *schema = support_read (schema_path, NULL);
  engine_run (engine, schema);
  g_autoptr (GDir) rows = g_dir_open (data, 0, NULL), files = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (rows));)
    load_file (engine, folder, name);
  for (const char *name; (name = g_dir_read_name (files));) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (!g_str_has_prefix (name, "clause_") || g_str_has_suffix (name, "-totals.sql"))
      continue;
    g_autofree char *statement = support_read (path, NULL);
    engine_run (engine, statement);
    g_autofree char *stem = g_strndup (name, strlen (name) - strlen (".sql"));
    g_autofree char *all = g_strdup_printf (
        "CREATE TABLE \"%s_all\" AS \"%s\" ENGINE = Distributed(counties, default, '%s')", stem, stem, stem);
    if (is_click () && g_str_equal (g_strrstr (folder, "-"), "-0"))
      engine_run (engine, all);
  }
}

/* ---- totals -------------------------------------------------------------------------- */

/* Column NAME of the totals of VIEW: those that were written, over all counties. */
static gint64
total (const Province *p, const char *answers, const char *name)
{
  g_autofree char *file = g_strdup_printf ("%s-totals.sql", answers),
                  *folder = g_build_filename (p->folder, "out-0", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL), *text = support_read (path, NULL);
  g_auto (GStrv) selects = g_strsplit (text, ";\n", 2);
  g_autofree char *from = g_strdup_printf ("FROM \"%s\"", answers),
                  *all = g_strdup_printf ("FROM \"%s_all\"", answers);
  g_auto (GStrv) parts = g_strsplit (selects[0], from, 2);
  g_autofree char *select = g_strjoinv (is_click () ? all : from, parts);
  g_autofree char *query = g_strdup_printf ("SELECT \"%s\" FROM (%s) AS t", name, select);
  g_autoptr (Rows) rows = engine_ask (p->engines[0], query);
  g_assert_cmpuint (rows->n, ==, 1);
  return g_ascii_strtoll (rows->cells[0], NULL, 10);
}

static gint64
total_of (const Province *p, const char *answers, const DmnDecision *decision, const char *what)
{
  g_autofree char *name = g_strdup_printf ("%.*s_%s", (int)decision->name.len, decision->name.bytes, what);
  return total (p, answers, name);
}

static char *
answers_text (const Province *p, const char *answers)
{
  g_autofree char *file = g_strdup_printf ("%s.sql", answers),
                  *path = g_build_filename (p->folder, "out-0", file, NULL);
  return support_read (path, NULL);
}

/* What is said of the answers that its numbers DECISION are multiplied by. */
static int
scale_of (const Province *p, const char *answers, const DmnDecision *decision)
{
  g_autofree char *text = answers_text (p, answers);
  g_autofree char *line
      = g_strdup_printf ("-- %.*s: times 10^", (int)decision->name.len, decision->name.bytes);
  const char *found = strstr (text, line);
  return found ? found[strlen (line)] - '0' : 0;
}

/* The sum of the amounts of those who qualify. */
static Decimal
amounts (const Province *p, const char *answers, const PolicyProvision *provision)
{
  g_autofree char *query = g_strdup_printf (
      "SELECT sum(\"%.*s\") FROM \"%s%s\" WHERE \"%.*s\" = 1", (int)provision->amount->name.len,
      provision->amount->name.bytes, answers, is_click () ? "_all" : "", (int)provision->eligible->name.len,
      provision->eligible->name.bytes);
  g_autoptr (Rows) rows = engine_ask (p->engines[0], query);
  gint64 sum = rows->n && rows->cells[0] ? g_ascii_strtoll (rows->cells[0], NULL, 10) : 0;
  return decimal_from_scaled (sum, scale_of (p, answers, provision->amount));
}

static void
check_provision (const Province *p, size_t clause, size_t k)
{
  const PolicyProvision *provision = p->counted[0][clause].provisions[k].provision;
  gint64 yes = 0, no = 0, undetermined = 0, subjects = 0;
  Decimal amount = decimal_from_int64 (0);
  for (size_t i = 0; i < p->n_counties; i++) {
    const PopulationCount *count = &p->counted[i][clause].provisions[k].count;
    yes += count->yes;
    no += count->no;
    undetermined += count->undetermined;
    subjects += count->subjects;
    if (count->amounts)
      amount = decimal_add (amount, count->amount);
  }
  if (!subjects || AS_OF < provision->in_force_from || AS_OF > provision->in_force_to)
    return;
  g_autofree char *answers
      = g_strdup_printf ("clause_%d_%s", provision->clause->number, provision->subject->id);
  g_test_message ("%s %s: %" G_GINT64_FORMAT " yes, %" G_GINT64_FORMAT " no, %" G_GINT64_FORMAT " open",
                  answers, provision->id, yes, no, undetermined);
  g_assert_cmpint (total (p, answers, "subjects"), ==, subjects);
  g_assert_cmpint (total_of (p, answers, provision->eligible, "yes"), ==, yes);
  g_assert_cmpint (total_of (p, answers, provision->eligible, "no")
                       + total_of (p, answers, provision->eligible, "none"),
                   ==, no);
  g_assert_cmpint (total_of (p, answers, provision->eligible, "unknown"), ==, undetermined);
  if (provision->amount)
    g_assert_true (decimal_equal (amounts (p, answers, provision), amount));
}

static void
open_province (Province *p)
{
  GError *error = NULL;
  g_autofree char *policy = support_source ("policy/minhou-2021-81");
  p->faults = dmn_faults_new ();
  p->package = policy_load (policy, p->faults, &error);
  g_assert_no_error (error);
  p->arena = arena_new ();
  p->folder = support_folder ();
  p->n_counties = is_click () ? COUNTIES : 1;
  p->n_clauses = is_click () ? 1 : G_N_ELEMENTS (clauses_asked);
  for (size_t i = 0; i < p->n_clauses; i++)
    p->clauses[i] = policy_clause (p->package, clauses_asked[i]);
  for (size_t i = 0; i < p->n_counties; i++) {
    g_autofree char *name = g_strdup_printf ("out-%zu", i),
                    *folder = g_build_filename (p->folder, name, NULL);
    write_county (p, i, folder);
    p->engines[i] = engine_open ((int)i);
    load_county (p->engines[i], folder);
  }
}

static void
test_totals (void)
{
  Province p = { 0 };
  open_province (&p);
  for (size_t c = 0; c < p.n_clauses; c++)
    for (size_t k = 0; k < p.clauses[c]->n_provisions; k++)
      check_provision (&p, c, k);
  for (size_t i = 0; i < p.n_counties; i++)
    engine_close (p.engines[i]);
  support_remove (p.folder);
  g_free (p.folder);
  arena_free (p.arena);
  policy_free (p.package);
  dmn_faults_free (p.faults);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/warehouse/totals", test_totals);
  return g_test_run ();
}
