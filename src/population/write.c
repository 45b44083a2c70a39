/* The result as JSON, and as rows of a table. */
#include "population_private.h"

void
population_member (JsonWriter *w, const char *key, gint64 n)
{
  json_key (w, key);
  if (n < 0)
    json_null (w);
  else
    json_int (w, n);
}

const char *
population_cell (Arena *arena, gint64 n)
{
  if (n == POPULATION_HELD)
    return "";
  return n == POPULATION_FEW ? arena_printf (arena, "1-%d", POPULATION_LEAST - 1)
                             : arena_printf (arena, "%" G_GINT64_FORMAT, n);
}

/* Amounts are texts, so that no digit is lost. */
static void
member_amount (JsonWriter *w, const char *key, Decimal amount, bool told)
{
  char text[DECIMAL_TEXT_MAX];
  json_member_str (w, key, told ? decimal_format_short (amount, text) : NULL);
}

static void
write_count (JsonWriter *w, const PolicyProvision *provision, const PopulationCount *c)
{
  population_member (w, "subjects", c->subjects);
  population_member (w, "yes", c->yes);
  population_member (w, "no", c->no);
  population_member (w, "undetermined", c->undetermined);
  json_key (w, "amount");
  if (!provision->amount) {
    json_null (w);
    return;
  }
  json_begin_object (w);
  population_member (w, "n", c->amounts);
  population_member (w, "open", c->open_amounts);
  member_amount (w, "sum", c->amount, c->amounts >= 0);
  member_amount (w, "least", c->least, c->amounts > 0 && !c->sum_alone);
  member_amount (w, "greatest", c->greatest, c->amounts > 0 && !c->sum_alone);
  json_end_object (w);
}

static void
write_rule (JsonWriter *w, const DmnTable *table, const PopulationRule *rule, Arena *arena)
{
  json_begin_object (w);
  json_key (w, "label");
  json_text (w, rule->rule->label);
  json_member_int (w, "line", rule->rule->line);
  json_member_bool (w, "refuses", rule->refuses);
  population_member (w, "gave", rule->gave);
  json_member_array (w, "conditions");
  for (size_t i = 0; i < table->n_inputs; i++) {
    if (feel_test_is_any (rule->rule->tests[i].expression))
      continue;
    Text test = rule->rule->tests[i].text;
    json_begin_object (w);
    json_key (w, "input");
    json_text (w, table->inputs[i].label);
    json_key (w, "test");
    json_text (w, test);
    policy_write_text (
        w, "words",
        (PolicyText){ policy_test_words (arena, test, "zh"), policy_test_words (arena, test, "en") });
    population_member (w, "failed", rule->failed[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}

static void
write_reasons (JsonWriter *w, const PopulationProvision *p, Arena *arena)
{
  json_member_array (w, "tables");
  for (size_t t = 0; t < p->n_tables; t++) {
    const DmnDecision *decision = p->tables[t].decision;
    json_begin_object (w);
    json_key (w, "decision");
    json_text (w, decision->name);
    json_member_str (w, "unit", decision->unit->id);
    json_member_array (w, "rules");
    for (size_t r = 0; r < decision->table->n_rules; r++)
      write_rule (w, decision->table, &p->tables[t].rules[r], arena);
    json_end_array (w);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_array (w, "missing");
  for (size_t i = 0; i < p->n_needs; i++) {
    json_begin_object (w);
    json_member_str (w, "kind", p->needs[i].is_parameter ? "parameter" : "fact");
    json_member_str (w, "name", p->needs[i].name);
    population_member (w, "n", p->needs[i].n);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_groups (JsonWriter *w, const PopulationProvision *p)
{
  json_member_array (w, "groups");
  for (size_t d = 0; d < p->n_dimensions; d++) {
    json_begin_object (w);
    json_member_str (w, "by", p->dimensions[d].id);
    policy_write_text (w, "name", p->dimensions[d].name);
    json_member_array (w, "values");
    for (size_t i = 0; i < p->dimensions[d].n; i++) {
      const PopulationGroup *group = &p->dimensions[d].groups[i];
      json_begin_object (w);
      json_member_str (w, "id", *group->id ? group->id : NULL);
      policy_write_text (w, "name", group->name);
      write_count (w, p->provision, &group->count);
      json_end_object (w);
    }
    json_end_array (w);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_provision (JsonWriter *w, const PopulationProvision *p, Arena *arena)
{
  json_begin_object (w);
  json_member_str (w, "id", p->provision->id);
  policy_write_text (w, "outcome", p->provision->outcome);
  json_member_str (w, "subject", p->provision->subject->id);
  policy_write_text (w, "amount_unit", p->provision->amount_unit);
  json_member_str (w, "outside_columns", p->outside);
  write_count (w, p->provision, &p->count);
  write_reasons (w, p, arena);
  write_groups (w, p);
  json_end_object (w);
}

static void
write_clause (JsonWriter *w, const PopulationClause *c, Arena *arena)
{
  json_begin_object (w);
  json_member_int (w, "number", c->clause->number);
  policy_write_text (w, "title", c->clause->title);
  json_member_array (w, "provisions");
  for (size_t i = 0; i < c->clause->n_provisions; i++)
    write_provision (w, &c->provisions[i], arena);
  json_end_array (w);
  json_member_array (w, "targets");
  for (size_t i = 0; i < c->clause->n_targets; i++) {
    json_begin_object (w);
    json_member_str (w, "id", c->targets[i].target->id);
    write_count (w, c->targets[i].target->provision, &c->targets[i].count);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}

void
population_write (JsonWriter *w, const PolicyPackage *package, const PopulationClause *clauses, size_t n,
                  Day as_of)
{
  g_autoptr (Arena) arena = arena_new ();
  char day[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_str (w, "package", policy_hash (package));
  json_member_str (w, "as_of", civil_format (as_of, day));
  json_member_array (w, "clauses");
  for (size_t i = 0; i < n; i++)
    write_clause (w, &clauses[i], arena);
  json_end_array (w);
  json_end_object (w);
}

/* ---- rows ---------------------------------------------------------------- */

const char *const population_columns[POPULATION_COLUMNS]
    = { "clause",       "provision",  "outcome",      "entity",     "group_by",
        "group",        "group_name", "subjects",     "yes",        "no",
        "undetermined", "amounts",    "open_amounts", "amount_sum", "amount_unit" };

static void
add_row (GPtrArray *rows, Arena *arena, const PopulationProvision *p, const char *by,
         const PopulationGroup *group, const PopulationCount *c)
{
  bool amount = p->provision->amount != NULL;
  char sum[DECIMAL_TEXT_MAX];
  const char *const cells[POPULATION_COLUMNS] = {
    arena_printf (arena, "%d", p->provision->clause->number),
    p->provision->id,
    p->provision->outcome.zh,
    p->provision->subject->id,
    by,
    group ? group->id : "",
    group ? group->name.zh : "",
    population_cell (arena, c->subjects),
    population_cell (arena, c->yes),
    population_cell (arena, c->no),
    population_cell (arena, c->undetermined),
    amount ? population_cell (arena, c->amounts) : "",
    amount ? population_cell (arena, c->open_amounts) : "",
    amount && c->amounts >= 0 ? arena_text (arena, text_of (decimal_format_short (c->amount, sum))) : "",
    amount ? p->provision->amount_unit.zh : "",
  };
  g_ptr_array_add (rows, arena_copy (arena, cells, sizeof cells));
}

const char *const *const *
population_rows (Arena *arena, const PopulationClause *clause, size_t *n)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  for (size_t i = 0; i < clause->clause->n_provisions; i++) {
    const PopulationProvision *p = &clause->provisions[i];
    add_row (rows, arena, p, "", NULL, &p->count);
    for (size_t d = 0; d < p->n_dimensions; d++)
      for (size_t g = 0; g < p->dimensions[d].n; g++)
        add_row (rows, arena, p, p->dimensions[d].id, &p->dimensions[d].groups[g],
                 &p->dimensions[d].groups[g].count);
  }
  *n = rows->len;
  return arena_copy (arena, rows->pdata, rows->len * sizeof (gpointer));
}
