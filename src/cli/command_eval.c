/* liudong eval: a DMN model or a clause page asked with a JSON file. */
#include "cli.h"

#include <stdio.h>

typedef struct {
  char *decision, *input;
  gboolean explain;
} Options;

typedef struct {
  Arena *arena;
  const DmnUnit *unit;
  const PolicyPackage *package; /* of a clause page, else NULL */
  FeelValue inputs;             /* a context, as the JSON file gives it */
  const DmnDecision *only;      /* NULL: every decision */
} Question;

/* ---- inputs ------------------------------------------------------------ */

static bool
read_inputs (const char *path, Arena *arena, FeelValue *inputs, GError **error)
{
  g_autofree char *text = NULL;
  gsize len;
  if (!g_file_get_contents (path, &text, &len, error))
    return false;
  Text kept = arena_text_copy (arena, (Text){ text, len });
  const JsonValue *json = json_parse (arena, kept, path, error);
  if (!json)
    return false;
  *inputs = feel_from_json (arena, json);
  if (inputs->kind != FEEL_CONTEXT)
    g_set_error (error, FAULT, FAULT_INPUT, "%s:1: the inputs are an object: {\"name\": value}", path);
  return inputs->kind == FEEL_CONTEXT;
}

static const FeelType *
input_type (const DmnUnit *unit, Text name)
{
  for (size_t i = 0; i < unit->n_variables; i++)
    if (text_equal (text_of (unit->variables[i].name), name))
      return unit->variables[i].type;
  const DmnDecision *decision = dmn_unit_find (unit, name);
  return decision && decision->role == DMN_DECISION ? decision->type : NULL;
}

/* Inputs typed by the model; a name that means nothing to it is an error. */
static bool
type_inputs (Question *q, const char *path, GError **error)
{
  const FeelContext *given = q->inputs.context;
  FeelEntry *entries = arena_new0 (q->arena, FeelEntry, given->n);
  bool callable = q->only && q->only->role != DMN_DECISION;
  for (size_t i = 0; i < given->n; i++) {
    Text name = given->entries[i].name;
    const FeelType *type = input_type (q->unit, name);
    bool import = false;
    for (size_t k = 0; k < q->unit->n_imports; k++)
      import |= text_equal (q->unit->imports[k].name, name);
    if (!type && !import && !callable) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: %.*s is neither an input nor a decision of %s", path,
                   (int)name.len, name.bytes, q->unit->origin);
      return false;
    }
    FeelValue value = given->entries[i].value;
    entries[i] = (FeelEntry){ name, type ? dmn_read_typed (q->arena, type, value) : value };
  }
  q->inputs = feel_context (q->arena, entries, given->n);
  return true;
}

/* ---- clause pages ------------------------------------------------------ */

static const FeelValue *
given (const Question *q, const char *name)
{
  return feel_context_get (q->inputs.context, text_of (name));
}

static Day
evaluation_date (const Question *q)
{
  const FeelValue *date = given (q, POLICY_DATE);
  return date && date->kind == FEEL_DATE ? date->date : civil_today ();
}

/* The package's parameters at the date, those given in their place. */
static FeelValue
parameters (const Question *q, Arena *arena)
{
  FeelValue all = policy_parameters_value (q->package, arena, evaluation_date (q));
  const FeelValue *instead = given (q, POLICY_PARAMETERS);
  FeelEntry *entries = arena_new0 (arena, FeelEntry, all.context->n);
  for (size_t i = 0; i < all.context->n; i++) {
    entries[i] = all.context->entries[i];
    const FeelValue *value = instead && instead->kind == FEEL_CONTEXT
                                 ? feel_context_get (instead->context, entries[i].name)
                                 : NULL;
    if (value)
      entries[i].value = *value;
  }
  return feel_context (arena, entries, all.context->n);
}

/* What is not stated of a subject is unknown, not none. */
static FeelValue
subject (const Question *q, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const FeelValue *stated = given (q, variable->name);
  FeelValue value = stated ? *stated : feel_context (arena, NULL, 0);
  for (size_t i = 0; i < unit->n_decisions; i++) {
    size_t n;
    const FeelPath *paths = dmn_decision_closure (policy_model (q->package), arena, unit->decisions[i], &n);
    const char **names = arena_new0 (arena, const char *, n);
    for (size_t p = 0; p < n; p++)
      names[p] = dmn_path_variable (unit->decisions[i], &paths[p]);
    value = dmn_complete (arena, variable->name, value, paths, names, n);
  }
  return value;
}

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Question *q = host;
  if (g_str_equal (variable->name, POLICY_PARAMETERS))
    return parameters (q, arena);
  if (g_str_equal (variable->name, POLICY_DATE))
    return feel_date (evaluation_date (q));
  return subject (q, unit, variable, arena);
}

/* ---- answers ----------------------------------------------------------- */

static void
write_condition (JsonWriter *w, const DmnTraceCondition *condition)
{
  json_begin_object (w);
  json_key (w, "input");
  json_text (w, condition->input->label);
  json_key (w, "test");
  json_text (w, condition->test->text);
  json_key (w, "value");
  feel_write_json (w, condition->value);
  json_member_str (w, "status", dmn_status_id (condition->status));
  json_end_object (w);
}

static void
write_trace (JsonWriter *w, const DmnTrace *trace)
{
  json_begin_object (w);
  json_key (w, "decision");
  json_text (w, trace->decision->name);
  json_key (w, "value");
  feel_write_json (w, trace->value);
  json_key (w, "rules");
  json_begin_array (w);
  for (size_t r = 0; r < trace->n_rules; r++) {
    const DmnTraceRule *rule = &trace->rules[r];
    json_begin_object (w);
    json_key (w, "rule");
    json_text (w, rule->rule->label);
    json_member_int (w, "line", rule->rule->line);
    json_member_str (w, "status", dmn_status_id (rule->status));
    json_key (w, "conditions");
    json_begin_array (w);
    for (size_t i = 0; i < trace->table->n_inputs; i++)
      write_condition (w, &rule->conditions[i]);
    json_end_array (w);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}

static void
write_result (JsonWriter *w, DmnRun *run, const Question *q, const DmnDecision *decision)
{
  FeelValue value = decision->role == DMN_DECISION ? dmn_run_decision (run, decision)
                                                   : dmn_run_call (run, decision, q->inputs);
  json_begin_object (w);
  json_key (w, "decision");
  json_text (w, decision->name);
  json_key (w, "value");
  feel_write_json (w, value);
  json_end_object (w);
}

static int
answer (const DmnModel *model, const Question *q, bool explain)
{
  FeelValue now = dmn_clock (q->arena);
  DmnInputs inputs = { .values = q->inputs, .now = &now };
  DmnRunFlags flags = explain ? DMN_TRACE : DMN_PLAIN;
  DmnRun *run = q->package ? dmn_run_new (model, q->arena, bind, (void *)q, flags)
                           : dmn_run_new_inputs (model, q->arena, &inputs, flags);
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  json_begin_object (w);
  json_key (w, "results");
  json_begin_array (w);
  for (size_t i = 0; i < q->unit->n_decisions; i++) {
    const DmnDecision *decision = q->unit->decisions[i];
    if (q->only ? decision == q->only : decision->role == DMN_DECISION)
      write_result (w, run, q, decision);
  }
  json_end_array (w);
  json_key (w, "diagnostics");
  feel_write_diagnostics (w, dmn_run_diagnostics (run));
  if (explain) {
    json_key (w, "explanation");
    json_begin_array (w);
    for (const DmnTrace *trace = dmn_run_trace (run); trace; trace = trace->next)
      write_trace (w, trace);
    json_end_array (w);
  }
  json_end_object (w);
  json_writer_free (w);
  puts (out->str);
  return CLI_DONE;
}

static int
ask (const DmnModel *model, Question *q, const Options *o)
{
  GError *error = NULL;
  q->only = o->decision ? dmn_unit_find (q->unit, text_of (o->decision)) : NULL;
  if (o->decision && !q->only)
    error = g_error_new (FAULT, FAULT_NOT_FOUND, "--decision \"%s\": %s has no decision of that name",
                         o->decision, q->unit->origin);
  else if (read_inputs (o->input, q->arena, &q->inputs, &error))
    type_inputs (q, o->input, &error);
  return error ? cli_fail ("eval", error) : answer (model, q, o->explain);
}

/* ---- files ------------------------------------------------------------- */

static int
eval_model (const char *path, const Options *o)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnXmlSource source = { .path = path };
  Question q = { .arena = arena, .unit = dmn_model_read_xml (model, &source, faults) };
  if (q.unit)
    dmn_model_link (model, faults);
  cli_print_faults (stderr, faults);
  return q.unit && dmn_faults_count (faults, DMN_ERROR) == 0 ? ask (model, &q, o) : CLI_USAGE;
}

static int
eval_clause (const char *path, const Options *o)
{
  g_autofree char *folder = cli_package_folder (path);
  if (!folder)
    return cli_fail ("eval", g_error_new (FAULT, FAULT_INPUT,
                                          "%s: a clause page lies in a policy package, and no folder above "
                                          "it has a circular.yaml",
                                          path));
  int status;
  g_autoptr (PolicyPackage) package = cli_load_package ("eval", folder, &status);
  if (!package)
    return status;
  g_autoptr (Arena) arena = arena_new ();
  Question q = { .arena = arena, .unit = cli_package_unit (package, path), .package = package };
  if (!q.unit)
    return cli_fail (
        "eval", g_error_new (FAULT, FAULT_INPUT, "%s: this is no page of the package in %s", path, folder));
  return ask (policy_model (package), &q, o);
}

int
command_eval (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "input", 0, 0, G_OPTION_ARG_FILENAME, &o.input, "the inputs: a JSON object by their names", "FILE" },
    { "decision", 0, 0, G_OPTION_ARG_STRING, &o.decision,
      "only this decision, or this function or service with the inputs as its arguments", "NAME" },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &o.explain, "every rule and condition on the way", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "MODEL.dmn|CLAUSE.md",
          "Evaluate the decisions of a DMN model or a clause page.\n\nIn a DMN model a missing input "
          "is null; of a clause page it is unknown.",
          entries, &status)) {
    if (argc != 2 || !o.input)
      status
          = cli_fail ("eval", g_error_new (FAULT, FAULT_USAGE,
                                           "name one file and --input FILE.json; see liudong eval --help"));
    else
      status = g_str_has_suffix (argv[1], ".md") ? eval_clause (argv[1], &o) : eval_model (argv[1], &o);
  }
  g_free (o.decision);
  g_free (o.input);
  return status;
}
