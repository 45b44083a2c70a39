/* Decisions that are computed row by row when everybody is counted, because columns/ cannot compile
 * them: correct, and some hundred times slower.  The schema tells what columns there can be. */
#include "policy/policy_private.h"

#include "county/county.h"

#include <string.h>

typedef struct {
  const PolicyPackage *package;
  Arena *arena;
  const ColumnsTable *tables;
  FeelEntry constants[2];
  DmnFaults *faults;
} Check;

static bool
is_constant (const Check *c, const char *variable)
{
  for (size_t i = 0; i < G_N_ELEMENTS (c->constants); i++)
    if (text_equal (c->constants[i].name, text_of (variable)))
      return true;
  return false;
}

/* Whom D is about; NULL when it reads nobody, or two kinds of subjects at once, which nobody is
 * counted by. */
static const RegistryEntity *
subject_of (const Check *c, const DmnDecision *d)
{
  size_t n;
  const FeelPath *paths = dmn_decision_closure (c->package->model, c->arena, d, &n);
  const char *subject = NULL;
  for (size_t i = 0; i < n; i++) {
    const char *variable = dmn_path_variable (d, &paths[i]);
    if (is_constant (c, variable))
      continue;
    if (subject && strcmp (subject, variable) != 0)
      return NULL;
    subject = variable;
  }
  return subject ? registry_schema_entity (c->package->schema, subject) : NULL;
}

/* Lists and contexts are looked at by other decisions, and compiled with those. */
static bool
is_counted (const DmnDecision *d)
{
  FeelTypeKind kind = d->type ? d->type->kind : FEEL_TYPE_ANY;
  return d->role == DMN_DECISION && kind != FEEL_TYPE_LIST && kind != FEEL_TYPE_CONTEXT
         && kind != FEEL_TYPE_ANY;
}

static void
check_subject (const Check *c, const RegistryEntity *entity, const GPtrArray *decisions)
{
  ColumnsWorld world = { entity->zh, &c->tables[entity->index], c->constants, G_N_ELEMENTS (c->constants) };
  g_autoptr (ColumnsProgram) program
      = columns_compile (&world, (const DmnDecision *const *)decisions->pdata, NULL, decisions->len);
  for (guint i = 0; i < decisions->len; i++) {
    const DmnDecision *d = decisions->pdata[i];
    const char *why = columns_program_why (program, i);
    if (why)
      dmn_faults_add (c->faults, DMN_NOTE, "row-by-row", d->unit->origin, d->line, 1,
                      "%.*s is computed row by row when everybody is counted, which takes longer: %s",
                      (int)d->name.len, d->name.bytes, why);
  }
}

void
by_rows_check (const PolicyPackage *package, Day today, DmnFaults *faults)
{
  g_autoptr (Arena) arena = arena_new ();
  Check c = { package, arena, county_describe (package->schema, arena), .faults = faults };
  c.constants[0]
      = (FeelEntry){ text_of (POLICY_PARAMETERS), policy_parameters_value (package, arena, today) };
  c.constants[1] = (FeelEntry){ text_of (POLICY_DATE), feel_date (today) };
  size_t n_entities = registry_schema_size (package->schema);
  g_autoptr (GPtrArray) by_entity = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  for (size_t e = 0; e < n_entities; e++)
    g_ptr_array_add (by_entity, g_ptr_array_new ());
  for (guint p = 0; p < package->pages->len; p++) {
    const DmnUnit *unit = ((const PolicyClause *)package->pages->pdata[p])->unit;
    for (size_t i = 0; unit && i < unit->n_decisions; i++) {
      const RegistryEntity *entity
          = is_counted (unit->decisions[i]) ? subject_of (&c, unit->decisions[i]) : NULL;
      if (entity)
        g_ptr_array_add (by_entity->pdata[entity->index], (gpointer)unit->decisions[i]);
    }
  }
  for (size_t e = 0; e < n_entities; e++)
    check_subject (&c, registry_schema_entity_at (package->schema, e), by_entity->pdata[e]);
}
