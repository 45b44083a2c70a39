/* Matters: what people apply for (front matter "matters"), with the elements of the
 * national list of service items.  Decisions are looked up once the model is linked,
 * parts of bundles once every file is read. */
#include "policy_private.h"

#include <string.h>

static const char *const kinds[]
    = { "permit", "confirmation", "payment", "award", "adjudication", "other", "service" };
static const char *const levels[] = { "county", "township", "village" };
static const char *const reaches[] = { "county", "city", "province", "nation" };
static const char *const payments[] = { "none", "once", "monthly" };
static const char *const handlings[] = { "promised", "on-the-spot" };
static const char *const answers[] = { "no", "yes" };
static const char *const units[] = { "working_days", "days", "working_hours", "months", "years" };
static const char *const units_zh[] = { "工作日", "天", "工作小时", "月", "年" };
static const char *const limits[]
    = { "acceptance", "statutory", "promised", "correction", "publicity", "objection", "appeal" };

const char *
policy_matter_kind_id (PolicyMatterKind kind)
{
  return kinds[kind];
}

PolicyText
policy_matter_kind_name (PolicyMatterKind kind)
{
  static const PolicyText names[]
      = { { "行政许可", "Permit" },        { "行政确认", "Confirmation" }, { "行政给付", "Payment" },
          { "行政奖励", "Award" },         { "行政裁决", "Adjudication" }, { "其他行政权力", "Other power" },
          { "公共服务", "Public service" } };
  return names[kind];
}

const char *
policy_level_id (PolicyLevel level)
{
  return levels[level];
}

const char *
policy_reach_id (PolicyReach reach)
{
  return reaches[reach];
}

const char *
policy_payment_id (PolicyPayment payment)
{
  return payments[payment];
}

const char *
policy_time_unit_id (PolicyTimeUnit unit)
{
  return units[unit];
}

const char *
policy_limit_id (PolicyLimitKind kind)
{
  return limits[kind];
}

int
policy_limit_at (const PolicyLimit *limit, Day day, PolicyTimeUnit *unit)
{
  *unit = limit->unit;
  const PolicyParameterValue *value = limit->parameter ? policy_parameter_at (limit->parameter, day) : NULL;
  gint64 number;
  return value && value->value.kind == FEEL_NUMBER && decimal_to_int64 (value->value.number, &number)
             ? (int)number
             : -1;
}

const PolicyMatter *
policy_clause_matter (const PolicyClause *clause, const char *id)
{
  for (size_t i = 0; i < clause->n_matters; i++)
    if (g_str_equal (clause->matters[i].id, id))
      return &clause->matters[i];
  return NULL;
}

const PolicyMatter *
policy_matter (const PolicyPackage *package, const char *key)
{
  char *end;
  gint64 number = g_ascii_strtoll (key, &end, 10);
  const PolicyClause *clause
      = end > key && *end == '/' && number <= G_MAXINT ? policy_clause (package, (int)number) : NULL;
  return clause ? policy_clause_matter (clause, end + 1) : NULL;
}

const PolicyMatter *const *
policy_matters (const PolicyPackage *package, size_t *n)
{
  *n = package->matters->len;
  return (const PolicyMatter *const *)(void *)package->matters->pdata;
}

/* ---- limits ------------------------------------------------------------ */

/* Whether all that P says are numbers of time: whole, and above zero. */
static bool
are_whole (const PolicyParameter *p)
{
  gint64 number;
  for (size_t i = 0; i < p->n_values; i++)
    if (p->values[i].confidence != POLICY_MISSING
        && (p->values[i].value.kind != FEEL_NUMBER || !decimal_to_int64 (p->values[i].value.number, &number)
            || number < 1 || number > 36500))
      return false;
  return true;
}

/* statutory: 低保审核确认工作日 */
static void
read_limit (Reading *r, yaml_node_t *node, const char *key, PolicyLimit *limit)
{
  const char *name = reading_text (r, node, key, false);
  if (!*name)
    return;
  yaml_node_t *at = yaml_get (&r->yaml, node, key);
  const PolicyParameter *p = policy_parameter (r->package, name);
  if (!p) {
    reading_fault (r, at, "%s: no file of parameters/ has \"%s\"", key, name);
    return;
  }
  for (size_t i = 0; i < G_N_ELEMENTS (units_zh); i++)
    if (g_str_equal (p->unit, units_zh[i]))
      *limit = (PolicyLimit){ p, (PolicyTimeUnit)i };
  if (!limit->parameter)
    reading_fault (r, at, "%s: %s is counted in \"%s\"; a limit needs one of 工作日, 天, 工作小时, 月, 年",
                   key, name, p->unit);
  else if (!are_whole (p))
    reading_fault (r, at, "%s: %s must be a whole number of %s, above zero", key, name, p->unit);
}

static void
read_limits (Reading *r, yaml_node_t *node, PolicyMatter *matter)
{
  static const char *const known[]
      = { "acceptance", "statutory", "promised", "correction", "publicity", "objection", "appeal", NULL };
  yaml_node_t *list = yaml_get (&r->yaml, node, "limits");
  if (!list || !reading_mapping (r, list, known, "limits"))
    return;
  for (size_t i = 0; i < POLICY_LIMIT_KINDS; i++)
    read_limit (r, list, limits[i], &matter->limits[i]);
}

/* ---- materials --------------------------------------------------------- */

static void
expect_decision (Reading *r, yaml_node_t *node, const PolicyMatter *matter, const char *key,
                 const DmnDecision **decision)
{
  const char *name = reading_text (r, node, key, false);
  if (!*name || !matter->provision)
    return;
  PendingName pending = { .clause = matter->clause,
                          .line = reading_line (r, node, key),
                          .key = key,
                          .name = name,
                          .decision = decision,
                          .type = &feel_type_boolean,
                          .subjects = { matter->provision->subject } };
  pending.what = arena_printf (r->package->arena, "matter %s", matter->id);
  reading_expect (r, &pending);
}

/* fact: resident.birth_date — of the provision's subject, or of who asks for it. */
static void
read_fact (Reading *r, yaml_node_t *node, const PolicyMatter *matter, PolicyMaterial *material)
{
  const char *text = reading_text (r, node, "fact", false);
  const PolicyProvision *provision = matter->provision;
  PolicyField field = { .use = POLICY_MATERIAL };
  if (!*text || !provision || !provision->subject)
    return;
  if (reading_field (r, matter->clause, text, &field)
      && (field.root == provision->subject
          || (provision->applicant && field.root == provision->applicant->entity))) {
    material->root = field.root;
    material->path = field.path;
    material->attribute = field.attribute;
  } else
    reading_fault (r, yaml_get (&r->yaml, node, "fact"),
                   "fact: \"%s\" is no fact of %s or who asks for it; write entity.attribute, e.g. %s.%s",
                   text, provision->subject->id, provision->subject->id,
                   provision->subject->label ? provision->subject->label->id : "name");
}

static void
read_material (Reading *r, yaml_node_t *node, const PolicyMatter *matter, PolicyMaterial *material)
{
  static const char *const known[] = { "id", "zh", "en", "note", "fact", "when", "required", NULL };
  if (!reading_mapping (r, node, known, "a material"))
    return;
  material->id = reading_text (r, node, "id", true);
  reading_id (r, node, material->id);
  for (const PolicyMaterial *before = matter->materials; before < material && *material->id; before++)
    if (g_str_equal (before->id, material->id))
      reading_fault (r, node, "id: there are two materials \"%s\"", material->id);
  material->name = (PolicyText){ reading_text (r, node, "zh", true), reading_text (r, node, "en", true) };
  material->note = reading_both (r, node, "note", false);
  material->required = !yaml_get (&r->yaml, node, "required")
                       || reading_word (r, node, "required", answers, G_N_ELEMENTS (answers));
  read_fact (r, node, matter, material);
  expect_decision (r, node, matter, "when", &material->when);
}

static void
read_materials (Reading *r, yaml_node_t *node, PolicyMatter *matter)
{
  yaml_node_item_t *items;
  size_t n = reading_items (r, node, "materials", &items);
  PolicyMaterial *materials = arena_new0 (r->package->arena, PolicyMaterial, n);
  for (size_t i = 0; i < n; i++)
    materials[i] = (PolicyMaterial){ .id = "", .name = { "", "" }, .note = { "", "" } };
  matter->materials = materials;
  matter->n_materials = n;
  for (size_t i = 0; i < n; i++)
    read_material (r, yaml_file_node (&r->yaml, items[i]), matter, &materials[i]);
}

/* What a material shows and the registry holds is read for the clause's sake: part of its
 * service, as if the front matter had declared it there. */
static void
declare_fields (Reading *r, PolicyClause *clause)
{
  g_autoptr (GArray) fields = g_array_new (FALSE, TRUE, sizeof (PolicyField));
  g_array_append_vals (fields, clause->fields, (guint)clause->n_fields);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (size_t i = 0; i < clause->n_fields; i++)
    if (clause->fields[i].use == POLICY_MATERIAL)
      g_hash_table_add (seen, g_strdup (policy_path_text (r->package->arena, clause->fields[i].root,
                                                          &clause->fields[i].path)));
  for (size_t i = 0; i < clause->n_matters; i++)
    for (size_t k = 0; k < clause->matters[i].n_materials; k++) {
      const PolicyMaterial *m = &clause->matters[i].materials[k];
      PolicyField field
          = { .use = POLICY_MATERIAL, .root = m->root, .path = m->path, .attribute = m->attribute };
      if (m->attribute
          && g_hash_table_add (seen, g_strdup (policy_path_text (r->package->arena, m->root, &m->path))))
        g_array_append_val (fields, field);
    }
  clause->fields = arena_copy (r->package->arena, fields->data, fields->len * sizeof (PolicyField));
  clause->n_fields = fields->len;
}

/* ---- a matter ---------------------------------------------------------- */

static void
read_basis (Reading *r, yaml_node_t *node, PolicyMatter *matter)
{
  static const char *const known[] = { "document", "article", NULL };
  yaml_node_item_t *items;
  size_t n = reading_items (r, node, "basis", &items);
  PolicyBasis *basis = arena_new0 (r->package->arena, PolicyBasis, n);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *item = yaml_file_node (&r->yaml, items[i]);
    basis[i] = (PolicyBasis){ "", "" };
    if (reading_mapping (r, item, known, "a basis"))
      basis[i] = (PolicyBasis){ reading_text (r, item, "document", true),
                                reading_text (r, item, "article", false) };
  }
  matter->basis = basis;
  matter->n_basis = n;
  if (!n)
    reading_fault (r, node, "\"basis\" is missing: write basis: [{document: 《…》, article: 第…条}]");
}

/* parts: ["9/registration", …], looked up by matters_attach. */
static void
read_parts (Reading *r, yaml_node_t *node, PolicyMatter *matter)
{
  yaml_node_item_t *items;
  size_t n = reading_items (r, node, "parts", &items);
  if (!n)
    return;
  matter->n_parts = n;
  PendingParts *pending = arena_new0 (r->package->arena, PendingParts, 1);
  *pending = (PendingParts){ matter, reading_list (r, node, "parts"), reading_line (r, node, "parts") };
  g_ptr_array_add (r->package->parts, pending);
}

static void
read_money (Reading *r, yaml_node_t *node, PolicyMatter *matter)
{
  int yuan;
  if (reading_int (r, node, "fee", &yuan))
    matter->fee_fen = (gint64)yuan * 100;
  matter->payment = (PolicyPayment)reading_word (r, node, "payment", payments, G_N_ELEMENTS (payments));
  if (matter->payment != POLICY_PAID_NOT && matter->provision && !*matter->provision->amount_unit.zh)
    reading_fault (r, node, "payment: provision %s has no amount to pay; write payment: none",
                   matter->provision->id);
}

/* Its provision is the one of the same name, unless it says which. */
static void
read_names (Reading *r, yaml_node_t *node, PolicyMatter *matter)
{
  const char *id = reading_text (r, node, "id", true);
  reading_id (r, node, id);
  if (*id && policy_clause_matter (matter->clause, id))
    reading_fault (r, node, "id: there are two matters \"%s\"", id);
  matter->id = id;
  matter->key = arena_printf (r->package->arena, "%d/%s", matter->clause->number, id);
  matter->line = (unsigned)node->start_mark.line + 1;
  matter->code = reading_text (r, node, "code", true);
  matter->name = (PolicyText){ reading_text (r, node, "zh", true), reading_text (r, node, "en", true) };
  const char *named = reading_text (r, node, "provision", false);
  const char *provision = *named ? named : id;
  matter->provision = policy_provision (matter->clause, provision);
  if (*provision && !matter->provision)
    reading_fault (r, node, "provision: this clause has none called \"%s\"", provision);
}

static void
read_matter (Reading *r, yaml_node_t *node, PolicyMatter *matter)
{
  static const char *const known[]
      = { "id",        "code",     "zh",     "en",        "kind",        "provision", "basis",  "level",
          "body",      "handling", "limits", "materials", "visits",      "fee",       "result", "reach",
          "delegable", "payment",  "first",  "parts",     "appeal_body", NULL };
  if (!reading_mapping (r, node, known, "a matter"))
    return;
  read_names (r, node, matter);
  matter->kind = (PolicyMatterKind)reading_word (r, node, "kind", kinds, G_N_ELEMENTS (kinds));
  read_basis (r, node, matter);
  matter->level = (PolicyLevel)reading_word (r, node, "level", levels, G_N_ELEMENTS (levels));
  matter->body = reading_text (r, node, "body", true);
  matter->on_the_spot = reading_word (r, node, "handling", handlings, G_N_ELEMENTS (handlings));
  read_limits (r, node, matter);
  read_materials (r, node, matter);
  reading_int (r, node, "visits", &matter->visits);
  read_money (r, node, matter);
  matter->result = reading_both (r, node, "result", true);
  matter->reach = (PolicyReach)reading_word (r, node, "reach", reaches, G_N_ELEMENTS (reaches));
  matter->delegable = reading_word (r, node, "delegable", answers, G_N_ELEMENTS (answers));
  expect_decision (r, node, matter, "first", &matter->first);
  read_parts (r, node, matter);
  matter->appeal_body = reading_both (r, node, "appeal_body", false);
}

void
matters_read (Reading *r, yaml_node_t *root, PolicyClause *clause)
{
  yaml_node_item_t *items;
  size_t n = reading_items (r, root, "matters", &items);
  PolicyMatter *matters = arena_new0 (r->package->arena, PolicyMatter, n);
  for (size_t i = 0; i < n; i++)
    matters[i] = (PolicyMatter){ .clause = clause, .id = "", .key = "", .name = { "", "" } };
  clause->matters = matters;
  clause->n_matters = n;
  for (size_t i = 0; i < n; i++)
    read_matter (r, yaml_file_node (&r->yaml, items[i]), &matters[i]);
  declare_fields (r, clause);
}

/* ---- after all files --------------------------------------------------- */

static void
attach_parts (PolicyPackage *package, const PendingParts *pending)
{
  PolicyMatter *bundle = pending->matter;
  const PolicyMatter **parts = arena_new0 (package->arena, const PolicyMatter *, bundle->n_parts);
  size_t n = 0;
  for (size_t i = 0; i < bundle->n_parts; i++) {
    const PolicyMatter *part = policy_matter (package, pending->keys[i]);
    if (part && part != bundle && !part->n_parts)
      parts[n++] = part;
    else
      dmn_faults_add (package->faults, DMN_ERROR, "front-matter", bundle->clause->origin, pending->line, 1,
                      part ? "parts: \"%s\" is a bundle itself; name the matters in it"
                           : "parts: there is no matter \"%s\"; write clause/id, e.g. 9/open",
                      pending->keys[i]);
  }
  bundle->parts = parts;
  bundle->n_parts = n;
}

void
matters_attach (PolicyPackage *package)
{
  for (guint i = 0; i < package->parts->len; i++)
    attach_parts (package, package->parts->pdata[i]);
  for (guint i = 0; i < package->pages->len; i++) {
    const PolicyClause *clause = package->pages->pdata[i];
    for (size_t k = 0; k < clause->n_matters; k++)
      g_ptr_array_add (package->matters, (gpointer)&clause->matters[k]);
  }
}
