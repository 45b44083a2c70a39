/* The JSON interface, docs/api/openapi.yaml. */
#include "web/determine.h"
#include "web/handlers.h"
#include "web/tasks.h"

static JsonWriter *
begin_json (WebResponse *response)
{
  response->content_type = "application/json";
  return json_writer_new (response->body, 2);
}

static void
write_texts (JsonWriter *w, const char *key, const char *const *texts)
{
  json_key (w, key);
  json_begin_array (w);
  for (size_t i = 0; texts && texts[i]; i++)
    json_str (w, texts[i]);
  json_end_array (w);
}

static void
write_text (JsonWriter *w, const char *key, PolicyText text)
{
  json_key (w, key);
  json_begin_object (w);
  json_member_str (w, "zh", text.zh);
  json_member_str (w, "en", text.en && *text.en ? text.en : NULL);
  json_end_object (w);
}

static void
write_day (JsonWriter *w, const char *key, Day day)
{
  char buffer[CIVIL_TEXT_MAX];
  json_key (w, key);
  if (day == REGISTRY_FOREVER || day == REGISTRY_EVER)
    json_null (w);
  else
    json_str (w, civil_format (day, buffer));
}

/* ---- the document ------------------------------------------------------ */

static void
write_figures (JsonWriter *w, const PolicyClause *clause)
{
  json_key (w, "figures");
  json_begin_array (w);
  for (size_t i = 0; clause && i < clause->n_figures; i++) {
    const PolicyFigure *figure = &clause->figures[i];
    json_begin_object (w);
    json_member_str (w, "text", figure->text);
    json_member_str (w, "value", figure->value);
    json_member_str (w, "unit", figure->unit);
    json_member_str (w, "relation", figure->relation);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_action (JsonWriter *w, const PolicyAction *action)
{
  json_member_str (w, "id", action->id);
  write_text (w, "text", action->text);
  json_member_str (w, "strength", policy_strength_id (action->strength));
  write_texts (w, "carried_by", action->carried_by);
}

/* What every list of clauses says of one. */
static void
write_clause_head (JsonWriter *w, const PolicyClause *clause)
{
  json_member_int (w, "number", clause->number);
  json_member_str (w, "label", clause->label);
  write_text (w, "title", clause->title);
  json_member_str (w, "lead", clause->lead);
  write_texts (w, "supporting", clause->supporting);
  json_member_bool (w, "executable", clause->unit != NULL);
}

static void
write_actions (JsonWriter *w, const PolicyAction *actions, size_t n)
{
  json_key (w, "actions");
  json_begin_array (w);
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    write_action (w, &actions[i]);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_section (JsonWriter *w, const PolicySection *section)
{
  json_begin_object (w);
  json_member_int (w, "number", section->number);
  write_text (w, "title", section->title);
  json_key (w, "clauses");
  json_begin_array (w);
  for (size_t i = 0; i < section->n_clauses; i++) {
    json_begin_object (w);
    write_clause_head (w, section->clauses[i]);
    write_figures (w, section->clauses[i]);
    write_actions (w, section->clauses[i]->actions, section->clauses[i]->n_actions);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}

bool
handle_api_health (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (JsonWriter) w = begin_json (response);
  json_begin_object (w);
  json_member_str (w, "status", "ok");
  json_member_str (w, "version", LIUDONG_VERSION);
  json_member_str (w, "package", policy_hash (request->web->package));
  json_end_object (w);
  return true;
}

bool
handle_api_circular (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyCircular *c = policy_circular (request->web->package);
  g_autoptr (JsonWriter) w = begin_json (response);
  json_begin_object (w);
  json_member_str (w, "document_number", c->number);
  json_member_str (w, "issuer", c->issuer);
  write_text (w, "title", c->title);
  json_member_str (w, "date", c->date);
  json_member_str (w, "openness", c->openness);
  json_member_str (w, "parent", c->parent);
  write_texts (w, "addressees", c->addressees);
  write_texts (w, "copies_to", c->copies_to);
  write_texts (w, "annexes", c->annexes);
  write_texts (w, "inherited_units", c->inherited);
  json_key (w, "closing");
  json_begin_object (w);
  write_texts (w, "units", c->closing_units);
  write_actions (w, c->closing_actions, c->n_closing_actions);
  json_end_object (w);
  json_key (w, "sections");
  json_begin_array (w);
  for (size_t i = 0; i < c->n_sections; i++)
    write_section (w, &c->sections[i]);
  json_end_array (w);
  json_end_object (w);
  return true;
}

bool
handle_api_tasks (WebRequest *request, WebResponse *response, GError **error)
{
  TasksModel m;
  if (!tasks_choose (request, &m, error))
    return false;
  g_autoptr (JsonWriter) w = begin_json (response);
  json_begin_object (w);
  json_member_str (w, "document_number", m.circular->number);
  json_member_int (w, "count", (gint64)m.n_rows);
  json_key (w, "tasks");
  json_begin_array (w);
  for (size_t i = 0; i < m.n_rows; i++) {
    const TaskRow *row = &m.rows[i];
    json_begin_object (w);
    write_action (w, row->action);
    json_member_int (w, "clause", row->clause ? row->clause->number : 0);
    json_member_str (w, "lead", row->lead);
    write_texts (w, "supporting", row->supporting);
    write_figures (w, row->clause);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

/* ---- clauses ----------------------------------------------------------- */

bool
handle_api_clauses (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n);
  g_autoptr (JsonWriter) w = begin_json (response);
  json_begin_object (w);
  json_key (w, "clauses");
  json_begin_array (w);
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    write_clause_head (w, clauses[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

static void
write_parameter_value (JsonWriter *w, const PolicyParameterValue *value)
{
  json_begin_object (w);
  write_day (w, "from", value->from);
  write_day (w, "to", value->to);
  json_key (w, "value");
  if (value->confidence == POLICY_MISSING)
    json_null (w);
  else
    feel_write_json (w, value->value);
  json_member_str (w, "reference", value->reference);
  json_member_str (w, "url", value->url);
  json_member_str (w, "confidence", policy_confidence_id (value->confidence));
  json_end_object (w);
}

static void
write_parameter (JsonWriter *w, const PolicyParameter *parameter)
{
  json_begin_object (w);
  json_member_str (w, "id", parameter->id);
  write_text (w, "name", parameter->name);
  json_member_str (w, "unit", parameter->unit);
  json_member_str (w, "checked", parameter->checked);
  json_key (w, "values");
  json_begin_array (w);
  for (size_t i = 0; i < parameter->n_values; i++)
    write_parameter_value (w, &parameter->values[i]);
  json_end_array (w);
  json_end_object (w);
}

static void
write_columns (JsonWriter *w, const char *key, const DmnColumn *columns, size_t n)
{
  json_key (w, key);
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    json_text (w, columns[i].label);
  json_end_array (w);
}

static void
write_cells (JsonWriter *w, const char *key, const DmnCell *cells, size_t n)
{
  json_key (w, key);
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    json_text (w, cells[i].text);
  json_end_array (w);
}

static void
write_table (JsonWriter *w, const DmnTable *table)
{
  json_begin_object (w);
  json_member_str (w, "hit_policy", dmn_hit_policy_symbol (table->policy));
  write_columns (w, "inputs", table->inputs, table->n_inputs);
  write_columns (w, "outputs", table->outputs, table->n_outputs);
  write_columns (w, "annotations", table->annotations, table->n_annotations);
  json_key (w, "rules");
  json_begin_array (w);
  for (size_t i = 0; i < table->n_rules; i++) {
    json_begin_object (w);
    write_cells (w, "tests", table->rules[i].tests, table->n_inputs);
    write_cells (w, "outputs", table->rules[i].outputs, table->n_outputs);
    write_cells (w, "annotations", table->rules[i].annotations, table->n_annotations);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}

static void
write_decision (JsonWriter *w, const DmnDecision *decision)
{
  json_begin_object (w);
  json_key (w, "name");
  json_text (w, decision->name);
  json_key (w, "type");
  json_text (w, decision->type_name);
  json_key (w, "expression");
  if (decision->table)
    json_null (w);
  else
    json_text (w, dmn_decision_text (decision));
  json_key (w, "table");
  if (decision->table)
    write_table (w, decision->table);
  else
    json_null (w);
  json_member_int (w, "examples", (gint64)decision->n_examples);
  json_end_object (w);
}

static void
write_provision (JsonWriter *w, const PolicyProvision *provision)
{
  json_begin_object (w);
  json_member_str (w, "id", provision->id);
  write_text (w, "outcome", provision->outcome);
  json_member_str (w, "subject", provision->subject->id);
  json_member_str (w, "strength", policy_strength_id (provision->strength));
  json_member_str (w, "audience", policy_audience_id (provision->audience));
  write_day (w, "in_force_from", provision->in_force_from);
  write_day (w, "in_force_to", provision->in_force_to);
  json_end_object (w);
}

/* What the clause's file says. */
/* The decision's name, or null. */
static void
write_named (JsonWriter *w, const char *key, const DmnDecision *decision)
{
  json_key (w, key);
  if (decision)
    json_text (w, decision->name);
  else
    json_null (w);
}

static void
write_target (JsonWriter *w, const PolicyTarget *target)
{
  json_begin_object (w);
  json_member_str (w, "id", target->id);
  write_text (w, "name", target->name);
  json_member_str (w, "provision", target->provision->id);
  write_named (w, "among", target->among);
  json_member_str (w, "measure", policy_measure_id (target->measure));
  json_member_str (w, "relation", target->relation);
  json_member_str (w, "goal", target->goal ? target->goal->id : NULL);
  json_end_object (w);
}

/* "参数.名", "岗位.招聘人数", or a decision's name. */
static void
write_number (JsonWriter *w, const char *key, const PolicyNumber *number, Arena *arena)
{
  json_member_str (w, key,
                   number->parameter
                       ? arena_printf (arena, "%s.%s", POLICY_PARAMETERS, number->parameter->name.zh)
                   : number->attribute
                       ? arena_printf (arena, "%s.%s", number->attribute->entity->zh, number->attribute->zh)
                   : number->decision ? arena_text (arena, number->decision->name)
                                      : NULL);
}

static void
write_reserves (JsonWriter *w, const PolicyAllocation *allocation, Arena *arena)
{
  json_key (w, "reserves");
  json_begin_array (w);
  for (size_t i = 0; i < allocation->n_reserves; i++) {
    const PolicyReserve *reserve = &allocation->reserves[i];
    json_begin_object (w);
    json_member_str (w, "id", reserve->id);
    write_text (w, "name", reserve->name);
    json_member_str (w, "kind", policy_reserve_kind_id (reserve->kind));
    write_named (w, "members", reserve->members);
    write_number (w, "number", &reserve->number, arena);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_allocation (JsonWriter *w, const PolicyAllocation *allocation, Arena *arena)
{
  json_begin_object (w);
  json_member_str (w, "id", allocation->id);
  write_text (w, "name", allocation->name);
  json_member_str (w, "applicant", allocation->applicant->id);
  json_member_str (w, "place", allocation->place ? allocation->place->id : NULL);
  write_number (w, "capacity", &allocation->capacity, arena);
  write_named (w, "eligible", allocation->eligible);
  json_member_str (w, "method", policy_method_id (allocation->method));
  json_key (w, "priorities");
  json_begin_array (w);
  for (size_t i = 0; i < allocation->n_priorities; i++) {
    json_begin_object (w);
    write_named (w, "decision", allocation->priorities[i].decision);
    json_member_str (w, "order", allocation->priorities[i].ascending ? "ascending" : "descending");
    json_end_object (w);
  }
  json_end_array (w);
  json_member_str (w, "ties", policy_ties_id (allocation->ties));
  write_reserves (w, allocation, arena);
  json_member_str (w, "objection_days", allocation->objection_days ? allocation->objection_days->id : NULL);
  json_end_object (w);
}

/* What was hidden, for it could point at somebody, is null. */
static void
write_told (JsonWriter *w, const char *key, gint64 n)
{
  json_key (w, key);
  if (n < 0)
    json_null (w);
  else
    json_int (w, n);
}

/* What each provision comes to in the county; null while that is being counted. */
static void
write_counts (JsonWriter *w, const WebRequest *request, const PolicyClause *clause)
{
  Day as_of;
  const PopulationClause *counts = web_counts_of (request->counts, clause, request->today, &as_of);
  json_key (w, "counts");
  if (!counts) {
    json_null (w);
    return;
  }
  json_begin_object (w);
  write_day (w, "as_of", as_of);
  json_key (w, "provisions");
  json_begin_array (w);
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PopulationCount *count = &counts->provisions[i].count;
    json_begin_object (w);
    json_member_str (w, "id", clause->provisions[i].id);
    write_told (w, "subjects", count->subjects);
    write_told (w, "yes", count->yes);
    write_told (w, "undetermined", count->undetermined);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}

static void
write_settings (JsonWriter *w, const WebRequest *request, const PolicyClause *clause)
{
  json_key (w, "targets");
  json_begin_array (w);
  for (size_t i = 0; i < clause->n_targets; i++)
    write_target (w, &clause->targets[i]);
  json_end_array (w);
  json_key (w, "allocations");
  json_begin_array (w);
  for (size_t i = 0; i < clause->n_allocations; i++)
    write_allocation (w, &clause->allocations[i], request->arena);
  json_end_array (w);
  write_counts (w, request, clause);
}

static void
write_page (JsonWriter *w, const WebRequest *request, const PolicyClause *clause)
{
  size_t n;
  const PolicyParameter *const *parameters = web_clause_parameters (request, clause, &n);
  json_key (w, "provisions");
  json_begin_array (w);
  for (size_t i = 0; i < clause->n_provisions; i++)
    write_provision (w, &clause->provisions[i]);
  json_end_array (w);
  write_settings (w, request, clause);
  write_text (w, "summary", clause->summary);
  json_key (w, "decisions");
  json_begin_array (w);
  for (size_t i = 0; i < clause->unit->n_decisions; i++)
    write_decision (w, clause->unit->decisions[i]);
  json_end_array (w);
  json_key (w, "parameters");
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    write_parameter (w, parameters[i]);
  json_end_array (w);
}

bool
handle_api_clause (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyClause *clause = web_find_clause (request, request->captures[0], error);
  if (!clause)
    return false;
  g_autoptr (JsonWriter) w = begin_json (response);
  json_begin_object (w);
  write_clause_head (w, clause);
  write_figures (w, clause);
  write_actions (w, clause->actions, clause->n_actions);
  if (clause->unit)
    write_page (w, request, clause);
  json_end_object (w);
  return true;
}

/* ---- determinations ---------------------------------------------------- */

/* The clause is the purpose; who asks for themselves may leave it out. */
static const PolicyAnswer *
find_answers (const WebRequest *request, Subject subject, Day as_of, size_t *n, GError **error)
{
  const char *wanted = web_field (&request->query, "clause");
  if (!wanted && !access_may (request->account, ACCESS_SEE_SUBJECTS))
    return web_determine_all (request, subject, as_of, n, error);
  if (!wanted) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "name the clause you look for: clause=13; only the facts that it needs are read");
    return NULL;
  }
  const PolicyClause *clause = web_find_clause (request, wanted, error);
  const AccessPermit *permit = clause ? policy_permit (request->web->access, request->arena, request->account,
                                                       clause, subject, error)
                                      : NULL;
  return permit ? web_determine_clause (request, permit, clause, as_of, n, error) : NULL;
}

bool
handle_api_determinations (WebRequest *request, WebResponse *response, GError **error)
{
  Subject subject;
  Day as_of;
  size_t n;
  if (!web_find_subject (request, request->captures[0], &subject, error)
      || !web_as_of (request, &as_of, error))
    return false;
  const PolicyAnswer *found = find_answers (request, subject, as_of, &n, error);
  if (!found)
    return false;
  g_autoptr (JsonWriter) w = begin_json (response);
  json_begin_object (w);
  json_member_str (w, "subject", request->captures[0]);
  write_day (w, "as_of", as_of);
  json_member_str (w, "package", policy_hash (request->web->package));
  json_key (w, "determinations");
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    policy_write_determination (w, request->web->package, found[i].determination, true);
  json_end_array (w);
  json_end_object (w);
  return true;
}
