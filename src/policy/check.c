/* Checks beyond loading, and the examples as tests. */
#include "policy_private.h"

/* ---- checks ------------------------------------------------------------ */

enum { CHECKED_DAYS_MAX = 366 };

static void
check_parameter (const PolicyParameter *p, Day today, DmnFaults *faults)
{
  Day checked;
  if (civil_parse (text_of (p->checked), &checked) && today - checked > CHECKED_DAYS_MAX)
    dmn_faults_add (faults, DMN_WARNING, "stale-parameter", p->origin, p->line, 1,
                    "%s was last checked on %s; look at its source again", p->name.zh, p->checked);
  const PolicyParameterValue *now = policy_parameter_at (p, today);
  if (!now || now->confidence == POLICY_MISSING)
    dmn_faults_add (faults, DMN_WARNING, "missing-parameter", p->origin, now ? now->line : p->line, 1,
                    "%s has no value today; decisions that need it answer 待定 until %s supplies one",
                    p->name.zh, now && *now->reference ? now->reference : "its source");
}

/* "organisation" or "organisation.two_lines". */
static bool
is_register (const PolicyPackage *package, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", 2);
  const RegistryEntity *entity = parts[0] ? registry_schema_entity (package->schema, parts[0]) : NULL;
  return entity && (!parts[1] || registry_entity_attribute (entity, parts[1]));
}

static bool
is_target (const PolicyClause *clause, const char *id)
{
  for (size_t i = 0; i < clause->n_targets; i++)
    if (g_str_equal (clause->targets[i].id, id))
      return true;
  return false;
}

/* A file of the package's markets, whose format is market/'s business. */
static bool
is_market (const PolicyPackage *package, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".yaml", NULL),
                  *path = g_build_filename (policy_folder (package), "markets", file, NULL);
  return !strchr (name, '/') && g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static bool
carrier_exists (const PolicyPackage *package, const PolicyClause *clause, const char *carrier)
{
  const char *name = strchr (carrier, ':');
  if (!name || !name[1] || !clause->unit)
    return false;
  name++;
  if (g_str_has_prefix (carrier, "decision:"))
    return dmn_model_find (package->model, clause->unit->id, name);
  if (g_str_has_prefix (carrier, "service:"))
    return policy_provision (clause, name);
  if (g_str_has_prefix (carrier, "register:"))
    return is_register (package, name);
  if (g_str_has_prefix (carrier, "target:"))
    return is_target (clause, name);
  if (g_str_has_prefix (carrier, "allocation:"))
    return policy_allocation (clause, name);
  if (g_str_has_prefix (carrier, "market:"))
    return is_market (package, name);
  return g_str_has_prefix (carrier, "pathway:");
}

static void
check_actions (const PolicyPackage *package, const PolicyClause *clause, DmnFaults *faults)
{
  const char *origin = package->circular->origin;
  for (size_t i = 0; i < clause->n_actions; i++) {
    const PolicyAction *action = &clause->actions[i];
    if (!action->carried_by[0])
      dmn_faults_add (
          faults, DMN_WARNING, "uncarried-action", origin, action->line, 1,
          "action %s is carried out by nothing yet; name what does under \"carries\" in the clause file",
          action->id);
    for (size_t k = 0; action->carried_by[k]; k++)
      if (!carrier_exists (package, clause, action->carried_by[k]))
        dmn_faults_add (
            faults, DMN_ERROR, "unknown-carrier", clause->origin, action->carried_line, 1,
            "action %s: there is no \"%s\"; write decision:名 of this file, service:provision, "
            "register:entity or entity.attribute, target:id, allocation:id, market:file or pathway:…",
            action->id, action->carried_by[k]);
  }
}

static void
check_examples (const DmnUnit *unit, DmnFaults *faults)
{
  for (size_t i = 0; i < unit->n_decisions; i++) {
    const DmnDecision *d = unit->decisions[i];
    bool expected = d->n_examples > 0;
    for (size_t other = 0; other < unit->n_decisions && !expected; other++)
      for (size_t e = 0; e < unit->decisions[other]->n_examples && !expected; e++)
        for (size_t k = 0; k < unit->decisions[other]->examples[e].n_expected; k++)
          expected |= text_equal (unit->decisions[other]->examples[e].expected_heads[k].text, d->name);
    if (!expected && d->role != DMN_KNOWLEDGE)
      dmn_faults_add (faults, DMN_WARNING, "no-example", unit->origin, d->line, 1,
                      "%.*s has no example; add a 样例 table under it", (int)d->name.len, d->name.bytes);
  }
}

static void
check_tables (const PolicyPackage *package, DmnFaults *faults)
{
  g_autoptr (Arena) arena = arena_new ();
  PolicyDomains domains = { package, arena };
  size_t n_units;
  const DmnUnit *const *units = dmn_model_units (package->model, &n_units);
  for (size_t u = 0; u < n_units; u++)
    for (size_t i = 0; i < units[u]->n_decisions; i++)
      dmn_table_check (package->model, units[u]->decisions[i], policy_domain, &domains, faults);
}

/* What `test --coverage` finds, and `check` does not. */
static const char *const coverage_codes[] = { "untested-rule", "untested-condition", NULL };

static void
find_faults (const PolicyPackage *package, Day today, bool compiled, DmnFaults *faults)
{
  if (compiled) {
    check_tables (package, faults);
    barriers_check (package, faults);
    by_rows_check (package, today, faults);
  }
  matters_check (package, today, faults);
  for (guint i = 0; i < package->parameters->len; i++)
    check_parameter (package->parameters->pdata[i], today, faults);
  for (guint i = 0; i < package->pages->len; i++) {
    const PolicyClause *clause = package->pages->pdata[i];
    check_actions (package, clause, faults);
    if (clause->unit)
      check_examples (clause->unit, faults);
  }
}

void
policy_check (const PolicyPackage *package, Day today, DmnFaults *faults)
{
  if (!package->schema) /* its clauses were not read */
    return;
  g_autoptr (DmnFaults) found = dmn_faults_new ();
  find_faults (package, today, dmn_faults_count (faults, DMN_ERROR) == 0, found);
  accepted_filter (package, found, coverage_codes, false, faults);
}

/* ---- examples ---------------------------------------------------------- */

typedef struct {
  const PolicyPackage *package;
  Day standard; /* evaluation date when an example states none */
} ExampleHost;

/* What an example does not state: parameters at its date, and the date. */
static FeelValue
bind_base (void *data, const DmnUnit *unit, const DmnVariable *variable, Text date, Arena *arena)
{
  const ExampleHost *host = data;
  Day day = host->standard;
  if (date.len)
    civil_parse (date, &day);
  if (strcmp (variable->name, POLICY_PARAMETERS) == 0)
    return policy_parameters_value (host->package, arena, day);
  if (strcmp (variable->name, POLICY_DATE) == 0)
    return feel_date (day);
  return feel_null ();
}

static Day
examples_date (const PolicyPackage *package, const DmnUnit *unit)
{
  for (guint i = 0; i < package->pages->len; i++) {
    const PolicyClause *clause = package->pages->pdata[i];
    if (clause->unit == unit)
      return clause->examples_at;
  }
  for (guint i = 0; i < package->common->len; i++) {
    const CommonPage *page = &g_array_index (package->common, CommonPage, i);
    if (page->unit == unit)
      return page->examples_at;
  }
  g_assert_not_reached ();
}

const DmnExampleResult *
policy_test (const PolicyPackage *package, Arena *arena, DmnCoverage *coverage, size_t *n)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DmnExampleResult));
  size_t n_units;
  const DmnUnit *const *units = dmn_model_units (package->model, &n_units);
  for (size_t i = 0; i < n_units; i++) {
    ExampleHost host = { package, examples_date (package, units[i]) };
    size_t n_results;
    const DmnExampleResult *results
        = dmn_unit_test (package->model, units[i], arena, bind_base, &host, coverage, &n_results);
    g_array_append_vals (all, results, (guint)n_results);
  }
  *n = all->len;
  return arena_copy (arena, all->data, all->len * sizeof (DmnExampleResult));
}

const DmnExampleResult *
policy_try (const PolicyPackage *package, Arena *arena, const PolicyClause *clause, const DmnExample *example,
            const DmnTrace **trace)
{
  ExampleHost host = { package, clause->examples_at };
  return dmn_example_run (package->model, clause->unit, example, arena, bind_base, &host, trace);
}

/* ---- coverage ---------------------------------------------------------- */

enum { EXAMPLES_MIN = 12 };

static void
count_examples (const PolicyClause *clause, DmnFaults *faults)
{
  size_t n = 0;
  for (size_t i = 0; clause->unit && i < clause->unit->n_decisions; i++)
    n += clause->unit->decisions[i]->n_examples;
  if (clause->unit && n < EXAMPLES_MIN)
    dmn_faults_add (
        faults, DMN_WARNING, "few-examples", clause->origin, 1, 1,
        "clause %d has %zu examples; write at least %d, with both sides of every boundary, a missing "
        "fact and a missing parameter among them",
        clause->number, n, EXAMPLES_MIN);
}

void
policy_coverage (const PolicyPackage *package, const DmnCoverage *coverage, DmnFaults *faults,
                 DmnCoverageCount *count)
{
  g_autoptr (DmnFaults) found = dmn_faults_new ();
  size_t n_units;
  const DmnUnit *const *units = dmn_model_units (package->model, &n_units);
  *count = (DmnCoverageCount){ 0 };
  for (size_t i = 0; i < n_units; i++)
    dmn_coverage_report (coverage, units[i], found, count);
  for (guint i = 0; i < package->pages->len; i++)
    count_examples (package->pages->pdata[i], found);
  accepted_filter (package, found, coverage_codes, true, faults);
}
