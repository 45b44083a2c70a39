/* Clause files: front matter here, the rest is dmn's. */
#include "policy_private.h"

/* The names of a provision's decisions, until the model is linked. */
typedef struct {
  PolicyProvision *provision;
  const char *eligible, *amount, *unserved;
  unsigned eligible_line, amount_line, unserved_line;
} Pending;

/* ---- splitting --------------------------------------------------------- */

typedef struct {
  Text head; /* YAML between the rules, the opening rule included (so lines agree) */
  Text body;
  unsigned body_line; /* file line of the body's first */
} Split;

/* The file is "---\n" front matter "---\n" body. */
static bool
split_front_matter (Text file, Split *split)
{
  if (!text_starts_with (file, "---\n") && !text_starts_with (file, "---\r\n"))
    return false;
  unsigned line = 2;
  for (const char *at = memchr (file.bytes, '\n', file.len); at; line++) {
    const char *begin = at + 1, *end = file.bytes + file.len;
    if (begin >= end)
      return false;
    at = memchr (begin, '\n', (size_t)(end - begin));
    Text this = { begin, (size_t)((at ? at : end) - begin) };
    if (!text_equal (text_trim (this), text_of ("---")))
      continue;
    split->head = (Text){ file.bytes, (size_t)(begin - file.bytes) };
    split->body = at ? (Text){ at + 1, (size_t)(end - at - 1) } : TEXT_LITERAL ("");
    split->body_line = line + 1;
    return true;
  }
  return false;
}

/* ---- front matter ------------------------------------------------------ */

/* What a file's decisions may start from: its SUBJECTS, each once, parameters and date. */
static const DmnVariable *
variables_for (PolicyPackage *package, const GPtrArray *subjects, size_t *n)
{
  DmnVariable *variables = arena_new0 (package->arena, DmnVariable, subjects->len + 2);
  *n = 0;
  for (guint i = 0; i < subjects->len; i++) {
    const RegistryEntity *subject = subjects->pdata[i];
    variables[(*n)++] = (DmnVariable){ subject->zh, subject->type };
  }
  variables[(*n)++] = (DmnVariable){ POLICY_PARAMETERS, &package->parameters_type };
  variables[(*n)++] = (DmnVariable){ POLICY_DATE, &feel_type_date };
  return variables;
}

static const RegistryEntity *
read_subject (Reading *r, yaml_node_t *root, bool required)
{
  const char *id = reading_text (r, root, "subject", required);
  const RegistryEntity *entity
      = *id && r->package->schema ? registry_schema_entity (r->package->schema, id) : NULL;
  if (*id && !entity && r->package->schema)
    reading_fault (r, yaml_get (&r->yaml, root, "subject"), "subject: registry.yaml has no entity \"%s\"",
                   id);
  return entity;
}

/* applicant: resident.household — an entity's reference to the subject. */
static void
read_applicant (Reading *r, yaml_node_t *root, PolicyProvision *provision)
{
  const char *text = reading_text (r, root, "applicant", false);
  if (!*text || !provision->subject)
    return;
  g_auto (GStrv) parts = g_strsplit (text, ".", 2);
  const RegistryEntity *entity = registry_schema_entity (r->package->schema, parts[0]);
  provision->applicant = entity && parts[1] ? registry_entity_attribute (entity, parts[1]) : NULL;
  if (!provision->applicant || provision->applicant->kind != REGISTRY_REFERENCE
      || provision->applicant->target != provision->subject)
    reading_fault (
        r, yaml_get (&r->yaml, root, "applicant"),
        "applicant: \"%s\" is no reference to the subject; write entity.attribute, e.g. resident.household",
        text);
}

/* Whether a provision of CLAUSE is about subjects of ENTITY, or asked for by them. */
static bool
is_root (const PolicyClause *clause, const RegistryEntity *entity)
{
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *p = &clause->provisions[i];
    if (p->subject == entity || (p->applicant && p->applicant->entity == entity))
      return true;
  }
  return false;
}

bool
reading_field (Reading *r, const PolicyClause *clause, const char *text, PolicyField *field)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", -1);
  size_t n = g_strv_length (parts);
  const RegistryEntity *entity = n ? registry_schema_entity (r->package->schema, parts[0]) : NULL;
  if (n < 2 || !entity || !is_root (clause, entity))
    return false;
  field->root = entity;
  Text *members = arena_new0 (r->package->arena, Text, n - 1);
  for (size_t i = 1; i < n; i++) {
    field->attribute = entity ? registry_entity_attribute (entity, parts[i]) : NULL;
    if (!field->attribute)
      return false;
    members[i - 1] = text_of (field->attribute->zh);
    entity = field->attribute->target;
  }
  field->path = (FeelPath){ .n = n - 1, .members = members };
  return true;
}

const char *
policy_field_use_id (PolicyFieldUse use)
{
  static const char *const ids[] = { "identity", "contact", "materials" };
  return ids[use];
}

/* service: {identity: [park.name], contact: [resident.phone], materials: [park.recognised_level]} */
static void
read_service (Reading *r, yaml_node_t *root, PolicyClause *clause)
{
  static const char *const known[] = { "identity", "contact", "materials", NULL };
  yaml_node_t *node = yaml_get (&r->yaml, root, "service");
  if (!node || !clause->n_provisions || !reading_mapping (r, node, known, "service"))
    return;
  g_autoptr (GArray) fields = g_array_new (FALSE, TRUE, sizeof (PolicyField));
  for (int use = POLICY_IDENTITY; use <= POLICY_MATERIAL; use++) {
    const char *key = policy_field_use_id ((PolicyFieldUse)use);
    const char *const *texts = reading_list (r, node, key);
    for (size_t i = 0; texts[i]; i++) {
      PolicyField field = { .use = (PolicyFieldUse)use };
      if (reading_field (r, clause, texts[i], &field))
        g_array_append_val (fields, field);
      else
        reading_fault (r, yaml_get (&r->yaml, node, key),
                       "service: \"%s\" is no fact of whom the clause is about or who asks; write "
                       "entity.attribute, e.g. resident.name",
                       texts[i]);
    }
  }
  clause->n_fields = fields->len;
  clause->fields = arena_copy (r->package->arena, fields->data, fields->len * sizeof (PolicyField));
}

static PolicyAction *
find_action (PolicyClause *clause, const char *id)
{
  for (size_t i = 0; i < clause->n_actions; i++)
    if (strcmp (clause->actions[i].id, id) == 0)
      return (PolicyAction *)&clause->actions[i];
  return NULL;
}

/* carries: {"15.3": ["decision:…"]} */
static void
read_carries (Reading *r, yaml_node_t *root, PolicyClause *clause)
{
  yaml_node_t *node = yaml_get (&r->yaml, root, "carries");
  if (!node)
    return;
  if (node->type != YAML_MAPPING_NODE) {
    reading_fault (r, node, "carries must map action ids to lists: \"15.3\": [\"decision:…\"]");
    return;
  }
  for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
    yaml_node_t *key = yaml_file_node (&r->yaml, pair->key);
    const char *id = key->type == YAML_SCALAR_NODE ? (const char *)key->data.scalar.value : "";
    PolicyAction *action = find_action (clause, id);
    if (action) {
      action->carried_by = reading_list (r, node, id);
      action->carried_line = (unsigned)key->start_mark.line + 1;
    } else
      reading_fault (r, key, "carries: clause %d has no action \"%s\" in circular.yaml", clause->number, id);
  }
}

static void
read_labels (Reading *r, yaml_node_t *root, PolicyClause *clause)
{
  yaml_node_t *node = yaml_get (&r->yaml, root, "labels");
  if (!node)
    return;
  if (node->type != YAML_MAPPING_NODE) {
    reading_fault (r, node, "labels must map Chinese names to English ones");
    return;
  }
  size_t n = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
  PolicyText *labels = arena_new0 (r->package->arena, PolicyText, n);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *key = yaml_file_node (&r->yaml, node->data.mapping.pairs.start[i].key);
    if (key->type != YAML_SCALAR_NODE || !key->data.scalar.length) {
      reading_fault (r, key, "labels: a Chinese name must stand before the colon");
      continue;
    }
    const char *zh = arena_text (r->package->arena, text_of ((const char *)key->data.scalar.value));
    labels[clause->n_labels++] = (PolicyText){ zh, reading_text (r, node, zh, true) };
  }
  clause->labels = labels;
}

static void
read_outcome (Reading *r, yaml_node_t *root, Pending *pending)
{
  static const char *const known[] = { "zh", "en", "eligible", "amount", "unserved", "unit", NULL };
  yaml_node_t *node = yaml_get (&r->yaml, root, "outcome");
  if (!node) {
    reading_fault (r, root, "\"outcome\" is missing: say what one gets and which decision tells whether");
    return;
  }
  if (!reading_mapping (r, node, known, "outcome"))
    return;
  pending->provision->outcome
      = (PolicyText){ reading_text (r, node, "zh", true), reading_text (r, node, "en", true) };
  pending->provision->amount_unit = reading_both (r, node, "unit", false);
  pending->eligible = reading_text (r, node, "eligible", true);
  pending->eligible_line = reading_line (r, node, "eligible");
  pending->amount = reading_text (r, node, "amount", false);
  pending->amount_line = reading_line (r, node, "amount");
  pending->unserved = reading_text (r, node, "unserved", false);
  pending->unserved_line = reading_line (r, node, "unserved");
}

/* The days of "in_force"; those given stay where there is no such key. */
static void
read_in_force (Reading *r, yaml_node_t *mapping, bool required, Day *from, Day *to)
{
  static const char *const known[] = { "from", "to", NULL };
  yaml_node_t *node = yaml_get (&r->yaml, mapping, "in_force");
  if (!node && required)
    reading_fault (r, mapping, "\"in_force\" is missing: write in_force: {from: 2021-09-30}");
  else if (node && reading_mapping (r, node, known, "in_force")) {
    *from = reading_day (r, node, "from", G_MININT64);
    *to = reading_day (r, node, "to", G_MAXINT64);
  }
}

static const char *const audiences[] = { "subject", "county" };

const char *
policy_audience_id (PolicyAudience audience)
{
  return audiences[audience];
}

/* What NODE says of one provision; ID "main" where the file has just one. */
static void
read_provision (Reading *r, yaml_node_t *node, const char *id, PolicyProvision *provision)
{
  Pending *pending = arena_new0 (r->package->arena, Pending, 1);
  pending->provision = provision;
  pending->eligible = pending->amount = pending->unserved = "";
  provision->id = id;
  provision->line = (unsigned)node->start_mark.line + 1;
  provision->subject = read_subject (r, node, true);
  read_applicant (r, node, provision);
  read_outcome (r, node, pending);
  reading_strength (r, node, &provision->strength);
  if (yaml_get (&r->yaml, node, "audience"))
    provision->audience
        = (PolicyAudience)reading_word (r, node, "audience", audiences, G_N_ELEMENTS (audiences));
  g_ptr_array_add (r->package->pending, pending);
}

/* A stable id: small letters, digits, dashes; not taken before. */
static const char *
read_provision_id (Reading *r, yaml_node_t *node, const PolicyClause *clause, size_t n_before)
{
  const char *id = reading_text (r, node, "id", true);
  reading_id (r, node, id);
  for (size_t i = 0; i < n_before && *id; i++)
    if (g_str_equal (clause->provisions[i].id, id))
      reading_fault (r, node, "id: there are two provisions \"%s\"", id);
  return id;
}

/* Either one provision at the top of the front matter, or a list under "provisions". */
static void
read_provisions (Reading *r, yaml_node_t *root, PolicyClause *clause, Day from, Day to)
{
  static const char *const known[]
      = { "id", "subject", "applicant", "outcome", "strength", "audience", "in_force", NULL };
  static const char *const alone[] = { "subject", "applicant", "outcome", "strength", "audience" };
  yaml_node_item_t *items;
  size_t n = reading_items (r, root, "provisions", &items);
  bool many = yaml_get (&r->yaml, root, "provisions") != NULL;
  PolicyProvision *provisions = arena_new0 (r->package->arena, PolicyProvision, many ? n : 1);
  clause->provisions = provisions;
  clause->n_provisions = many ? n : 1;
  for (size_t i = 0; i < clause->n_provisions; i++)
    provisions[i] = (PolicyProvision){
      .clause = clause, .id = "", .outcome = { "", "" }, .in_force_from = from, .in_force_to = to
    };
  if (!many)
    read_provision (r, root, "main", provisions);
  for (size_t i = 0; many && i < G_N_ELEMENTS (alone); i++)
    if (yaml_get (&r->yaml, root, alone[i]))
      reading_fault (r, yaml_get (&r->yaml, root, alone[i]), "%s: belongs into each of the \"provisions\"",
                     alone[i]);
  for (size_t i = 0; many && i < n; i++) {
    yaml_node_t *node = yaml_file_node (&r->yaml, items[i]);
    if (!reading_mapping (r, node, known, "a provision"))
      continue;
    read_provision (r, node, read_provision_id (r, node, clause, i), &provisions[i]);
    read_in_force (r, node, false, &provisions[i].in_force_from, &provisions[i].in_force_to);
  }
}

static const DmnUnit *
read_body (Reading *r, yaml_node_t *root, const char *id, const char *path, const Split *split,
           const GPtrArray *subjects)
{
  DmnClauseSource source = { .id = id,
                             .origin = path,
                             .body = split->body,
                             .first_line = split->body_line,
                             .uses = reading_list (r, root, "uses"),
                             .uses_line = reading_line (r, root, "uses") };
  source.variables = variables_for (r->package, subjects, &source.n_variables);
  return dmn_model_read_clause (r->package->model, &source, r->package->faults);
}

static PolicyText
summary_of (Arena *arena, const DmnUnit *unit)
{
  PolicyText summary = { "", "" };
  for (size_t i = 0; i < unit->n_prose; i++) {
    const DmnProse *prose = &unit->prose[i];
    if (prose->level == 1)
      summary.zh = arena_text (arena, prose->markdown);
    else if (text_equal (prose->heading, text_of ("English")))
      summary.en = arena_text (arena, prose->markdown);
  }
  if (!*summary.en)
    summary.en = summary.zh;
  return summary;
}

/* The document leaves the closing paragraph to "the units concerned"; its page names them. */
static void
read_departments (Reading *r, yaml_node_t *root, PolicyClause *clause)
{
  yaml_node_t *node = yaml_get (&r->yaml, root, "departments");
  if (node && clause->number)
    reading_fault (r, node,
                   "departments: circular.yaml names those of clause %d; only the closing paragraph has none",
                   clause->number);
  else if (node)
    clause->supporting = reading_list (r, root, "departments");
}

static void
read_clause_front (Reading *r, yaml_node_t *root, const char *path, const Split *split)
{
  static const char *const known[]
      = { "clause",      "subject",     "applicant",   "outcome",    "strength", "in_force", "uses",
          "examples_at", "labels",      "carries",     "provisions", "accepted", "service",  "targets",
          "audience",    "departments", "allocations", "matters",    NULL };
  int number;
  if (!reading_mapping (r, root, known, "front matter") || !reading_int (r, root, "clause", &number))
    return;
  PolicyClause *clause = (PolicyClause *)policy_clause (r->package, number);
  if (!clause && !*r->package->circular->number)
    return; /* circular.yaml could not be read, which is said already */
  if (!clause || clause->origin) {
    reading_fault (r, root, clause ? "clause %d has a file already" : "circular.yaml has no clause %d",
                   number);
    return;
  }
  Arena *arena = r->package->arena;
  clause->origin = arena_text (arena, text_of (path));
  Day from = G_MININT64, to = G_MAXINT64;
  read_in_force (r, root, true, &from, &to);
  read_provisions (r, root, clause, from, to);
  read_service (r, root, clause);
  matters_read (r, root, clause);
  targets_read (r, root, clause);
  read_departments (r, root, clause);
  clause->examples_at = reading_day (r, root, "examples_at", from);
  read_labels (r, root, clause);
  read_carries (r, root, clause);
  accepted_read (r, root, path);
  g_autoptr (GPtrArray) subjects = g_ptr_array_new ();
  for (size_t i = 0; i < clause->n_provisions; i++)
    reading_add_subject (subjects, clause->provisions[i].subject);
  allocations_read (r, root, clause, subjects);
  clause->unit = read_body (r, root, arena_printf (arena, "条款%d", number), path, split, subjects);
  if (clause->unit)
    clause->summary = summary_of (arena, clause->unit);
}

static void
read_common_front (Reading *r, yaml_node_t *root, const char *path, const Split *split)
{
  static const char *const known[] = { "unit", "subject", "uses", "examples_at", "labels", "accepted", NULL };
  if (!reading_mapping (r, root, known, "front matter"))
    return;
  const char *id = reading_text (r, root, "unit", true);
  g_autoptr (GPtrArray) subjects = g_ptr_array_new ();
  reading_add_subject (subjects, read_subject (r, root, false));
  accepted_read (r, root, path);
  if (!*id)
    return;
  Day issued = 0;
  civil_parse (text_of (r->package->circular->date), &issued);
  CommonPage page
      = { read_body (r, root, id, path, split, subjects), reading_day (r, root, "examples_at", issued) };
  g_array_append_val (r->package->common, page);
}

static void
read_file (PolicyPackage *package, const char *relative,
           void (*read_front) (Reading *, yaml_node_t *, const char *, const Split *))
{
  gsize len;
  const char *text = package_read (package, relative, &len, true);
  if (!text)
    return;
  const char *path = arena_printf (package->arena, "%s/%s", package->folder, relative);
  Split split;
  if (!split_front_matter ((Text){ text, len }, &split)) {
    dmn_faults_add (
        package->faults, DMN_ERROR, "front-matter", path, 1, 1,
        "front matter is missing or not closed: begin the file with a line ---, then keys, then a line ---");
    return;
  }
  Reading r = { .package = package, .code = "front-matter" };
  GError *error = NULL;
  if (!yaml_file_parse (&r.yaml, path, split.head, &error)) {
    dmn_faults_add_error (package->faults, "front-matter", path, 1, error);
    g_error_free (error);
    return;
  }
  read_front (&r, yaml_file_root (&r.yaml), path, &split);
  yaml_file_clear (&r.yaml);
}

void
clause_files_read (PolicyPackage *package)
{
  g_autoptr (GPtrArray) common = package_files (package, "common", ".md");
  for (guint i = 0; i < common->len; i++)
    read_file (package, common->pdata[i], read_common_front);
  g_autoptr (GPtrArray) clauses = package_files (package, "clauses", ".md");
  for (guint i = 0; i < clauses->len; i++)
    read_file (package, clauses->pdata[i], read_clause_front);
}

/* ---- after linking ----------------------------------------------------- */

/* CLAUSE's decision NAME, which KEY on LINE asks for and must be of TYPE's kind. */
static const DmnDecision *
clause_decision (PolicyPackage *package, const PolicyClause *clause, unsigned line, const char *key,
                 const char *name, const FeelType *type)
{
  if (!*name)
    return NULL;
  const DmnDecision *d = dmn_model_find (package->model, clause->unit->id, name);
  if (!d)
    dmn_faults_add (package->faults, DMN_ERROR, "front-matter", clause->origin, line, 1,
                    "%s: this file has no decision %s", key, name);
  else if (d->type->kind != type->kind)
    dmn_faults_add (package->faults, DMN_ERROR, "front-matter", clause->origin, line, 1,
                    "%s: %s must be %s, but its heading says %.*s", key, name,
                    type->kind == FEEL_TYPE_BOOLEAN ? "是否" : "金额 or 数", (int)d->type_name.len,
                    d->type_name.bytes);
  return d;
}

static bool
may_start_from (const char *variable, const RegistryEntity *const *subjects, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (subjects[i] && g_str_equal (variable, subjects[i]->zh))
      return true;
  return g_str_equal (variable, POLICY_PARAMETERS) || g_str_equal (variable, POLICY_DATE);
}

/* WHAT on LINE may start from SUBJECTS only (N, some of them NULL), parameters and the
 * date; what is known of others is reached through references. */
static void
check_variables (PolicyPackage *package, const PolicyClause *clause, unsigned line, const char *what,
                 const DmnDecision *d, const RegistryEntity *const *subjects, size_t n)
{
  if (!d || dmn_faults_count (package->faults, DMN_ERROR) > 0) /* not everything is compiled */
    return;
  g_autoptr (Arena) arena = arena_new ();
  size_t n_paths;
  const FeelPath *paths = dmn_decision_closure (package->model, arena, d, &n_paths);
  for (size_t i = 0; i < n_paths; i++) {
    const char *variable = dmn_path_variable (d, &paths[i]);
    if (may_start_from (variable, subjects, n))
      continue;
    g_autoptr (GString) names = g_string_new (NULL);
    for (size_t k = 0; k < n; k++)
      if (subjects[k])
        g_string_append_printf (names, "%s%s", names->len ? "、" : "", subjects[k]->zh);
    dmn_faults_add (package->faults, DMN_ERROR, "front-matter", clause->origin, line, 1,
                    "%s is about %s, but %.*s reads %s: reach it through a reference", what,
                    names->len ? names->str : "no place", (int)d->name.len, d->name.bytes, variable);
    return;
  }
}

void
reading_expect (Reading *r, const PendingName *pending)
{
  g_ptr_array_add (r->package->names, arena_copy (r->package->arena, pending, sizeof *pending));
}

static void
attach_names (PolicyPackage *package)
{
  for (guint i = 0; i < package->names->len; i++) {
    const PendingName *p = package->names->pdata[i];
    if (!p->clause->unit)
      continue;
    *p->decision = clause_decision (package, p->clause, p->line, p->key, p->name, p->type);
    check_variables (package, p->clause, p->line, p->what, *p->decision, p->subjects,
                     G_N_ELEMENTS (p->subjects));
  }
}

void
clause_files_attach (PolicyPackage *package)
{
  for (guint i = 0; i < package->pending->len; i++) {
    const Pending *p = package->pending->pdata[i];
    PolicyProvision *provision = p->provision;
    const PolicyClause *clause = provision->clause;
    if (!clause->unit || !provision->subject)
      continue;
    provision->eligible
        = clause_decision (package, clause, p->eligible_line, "eligible", p->eligible, &feel_type_boolean);
    provision->amount
        = clause_decision (package, clause, p->amount_line, "amount", p->amount, &feel_type_number);
    provision->unserved
        = clause_decision (package, clause, p->unserved_line, "unserved", p->unserved, &feel_type_boolean);
    g_autofree char *what = g_strdup_printf ("provision %s", provision->id);
    check_variables (package, clause, provision->line, what, provision->eligible, &provision->subject, 1);
    check_variables (package, clause, provision->line, what, provision->amount, &provision->subject, 1);
    check_variables (package, clause, provision->line, what, provision->unserved, &provision->subject, 1);
  }
  attach_names (package);
  matters_attach (package);
}
