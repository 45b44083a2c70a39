/* Reforms over a small county, held against everybody asked twice by dmn/, under the rules of today and
 * under the others.  Parameters and values are drawn by a seed; also run under ThreadSanitizer. */
#include "town.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include "reform/reform.h"

enum { RESIDENTS = 150, TOO_MANY = 400, SEED = 2021, TRIALS = 24 };

static PolicyPackage *package;
static Town town;
static County *county;
static Day as_of;

static County *
open_county (const PolicyPackage *draft, Arena *arena)
{
  GError *error = NULL;
  size_t n;
  const RegistryAttribute *const *attributes = reform_attributes (package, draft, arena, &n);
  CountyOptions options
      = { .registry = town.registry, .as_of = as_of, .attributes = attributes, .n_attributes = n };
  County *opened = county_open (&options, &error);
  g_assert_no_error (error);
  return opened;
}

static ReformBaseline *
baseline_new (const County *of, unsigned threads, Arena *arena)
{
  ReformOptions options = { .package = package,
                            .county = of,
                            .access = town.access,
                            .who = access_operator (arena, "test"),
                            .as_of = as_of,
                            .threads = threads };
  return reform_baseline_new (&options);
}

static ReformSetting
read_setting (Arena *arena, const char *text)
{
  GError *error = NULL;
  ReformSetting setting;
  reform_setting_read (arena, package, as_of, text, &setting, &error);
  g_assert_no_error (error);
  return setting;
}

static const ReformResult *
run (ReformBaseline *baseline, Arena *arena, const ReformChange *change)
{
  GError *error = NULL;
  const ReformResult *found = reform_run (baseline, arena, change, REFORM_EVERY_CLAUSE, &error);
  g_assert_no_error (error);
  return found;
}

/* ---- one by one ---------------------------------------------------------- */

/* One side of the comparison. */
typedef struct {
  const PolicyPackage *package;
  const PolicyProvision *provision; /* NULL: not in force */
  FeelValue parameters, value;
  AccessRun *people;
} Side;

typedef struct {
  PolicyOutcome outcome;
  bool open; /* yes, and the amount cannot be computed */
  bool has_amount;
  Decimal amount;
} Said;

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Side *side = host;
  if (strcmp (variable->name, POLICY_PARAMETERS) == 0)
    return side->parameters;
  return strcmp (variable->name, POLICY_DATE) == 0 ? feel_date (as_of) : side->value;
}

static Said
ask (Side *side, Subject subject, Arena *arena)
{
  GError *error = NULL;
  Said said = { .outcome = POLICY_NOT_IN_FORCE };
  if (!side->provision)
    return said;
  RegistryMoment now = { as_of, G_MAXINT64 };
  const RegistryReading *reading = access_run_read (side->people, arena, subject, now, &error);
  g_assert_no_error (error);
  side->value = registry_reading_value (reading);
  DmnRun *dmn = dmn_run_new (policy_model (side->package), arena, bind, side, DMN_PLAIN);
  FeelValue eligible = dmn_run_decision (dmn, side->provision->eligible);
  said.outcome = feel_is_true (eligible)    ? POLICY_YES
                 : feel_is_false (eligible) ? POLICY_NO
                                            : POLICY_UNDETERMINED;
  if (said.outcome != POLICY_YES || !side->provision->amount)
    return said;
  FeelValue amount = dmn_run_decision (dmn, side->provision->amount);
  said.has_amount = amount.kind == FEEL_NUMBER;
  said.open = !said.has_amount;
  if (said.has_amount)
    said.amount = amount.number;
  return said;
}

/* Why facts may be read, apart from the module: all of its decisions' paths. */
static AccessRun *
people_of (Access *access, const Side *side, Arena *arena)
{
  GError *error = NULL;
  const PolicyProvision *p = side->provision;
  GArray *paths = g_array_new (FALSE, FALSE, sizeof (FeelPath)); /* the run's, as long as it lives */
  const DmnDecision *const decisions[] = { p->eligible, p->amount };
  for (size_t i = 0; i < G_N_ELEMENTS (decisions) && decisions[i]; i++) {
    size_t n;
    const FeelPath *own = policy_decision_paths (side->package, arena, p->subject, decisions[i], &n);
    g_array_append_vals (paths, own, (guint)n);
  }
  AuditSet *nobody = audit_set_new ();
  AccessRun *people = access_run_new (
      access, access_operator (arena, "test"), p->clause->purpose->id, p->subject,
      arena_copy (arena, paths->data, paths->len * sizeof (FeelPath)), paths->len, nobody, NULL, &error);
  g_assert_no_error (error);
  audit_set_free (nobody);
  g_array_unref (paths);
  return people;
}

static void
count_effect (ReformEffect *e, bool has_amount, Decimal amount)
{
  e->n++;
  if (!has_amount)
    return;
  e->least = !e->amounts || decimal_compare (amount, e->least) < 0 ? amount : e->least;
  e->greatest = !e->amounts || decimal_compare (amount, e->greatest) > 0 ? amount : e->greatest;
  e->sum = e->amounts ? decimal_add (e->sum, amount) : amount;
  e->amounts++;
}

static void
count_state (ReformState *state, const Said *said)
{
  state->outcomes[said->outcome]++;
  state->open_amounts += said->open;
  state->amounts += said->has_amount;
  if (said->has_amount)
    state->sum = decimal_add (state->sum, said->amount);
}

static void
count_one (ReformCount *c, const Said *was, const Said *is)
{
  bool yes = was->outcome == POLICY_YES, stays = yes && is->outcome == POLICY_YES;
  c->subjects++;
  count_state (&c->before, was);
  count_state (&c->after, is);
  c->moved[was->outcome][is->outcome]++;
  if (!yes && is->outcome == POLICY_YES)
    count_effect (&c->effects[REFORM_GAIN], is->has_amount, is->amount);
  if (yes && is->outcome != POLICY_YES)
    count_effect (&c->effects[REFORM_LOSS], was->has_amount, was->amount);
  if (stays && was->has_amount && is->has_amount) {
    int order = decimal_compare (is->amount, was->amount);
    if (order > 0)
      count_effect (&c->effects[REFORM_RISE], true, decimal_sub (is->amount, was->amount));
    if (order < 0)
      count_effect (&c->effects[REFORM_FALL], true, decimal_sub (was->amount, is->amount));
  }
}

static ReformCount *
count_of (GHashTable *counts, const char *by, const char *id)
{
  char *key = g_strdup_printf ("%s/%s", by, id);
  ReformCount *c = g_hash_table_lookup (counts, key);
  if (c) {
    g_free (key);
    return c;
  }
  Decimal zero = decimal_from_int64 (0);
  c = g_new0 (ReformCount, 1);
  c->before.sum = c->after.sum = zero;
  g_hash_table_insert (counts, key, c);
  return c;
}

/* The group of the scan's subject, read in another way than population/ does. */
static const char *
group_of (const RegistryScan *scan, const RegistryEntity *entity, const char *by, Arena *arena)
{
  static const char *const ids[][2]
      = { { "township", "township" }, { "sex", "sex" }, { "hukou", "hukou_place" }, { "park", "name" } };
  static const struct {
    const char *id;
    int from;
  } bands[] = { { "60+", 60 },   { "45-59", 45 }, { "35-44", 35 }, { "25-34", 25 },
                { "16-24", 16 }, { "6-15", 6 },   { "0-5", 0 } };
  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    if (g_str_equal (by, ids[i][0])) {
      RegistryFact fact = registry_scan_fact (scan, registry_entity_attribute (entity, ids[i][1]));
      return fact.state == REGISTRY_VALUE ? arena_text (arena, fact.text) : "";
    }
  RegistryFact born = registry_scan_fact (scan, registry_entity_attribute (entity, "birth_date"));
  for (size_t i = 0; born.state == REGISTRY_VALUE && i < G_N_ELEMENTS (bands); i++)
    if (civil_add_months (born.integer, 12 * bands[i].from) <= as_of)
      return bands[i].id;
  return "";
}

static void
ask_all (GHashTable *counts, const ReformProvision *p, Side sides[2], Arena *kept)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), p->shown->subject->id);
  g_autoptr (RegistryScan) scan = registry_scan_new (town.registry, entity, &error);
  for (Subject subject; registry_scan_next (scan, &subject, &error);) {
    arena_reset (arena);
    Said was = ask (&sides[0], subject, arena), is = ask (&sides[1], subject, arena);
    count_one (count_of (counts, "", ""), &was, &is);
    for (size_t d = 0; d < p->n_dimensions; d++)
      count_one (count_of (counts, p->dimensions[d].id, group_of (scan, entity, p->dimensions[d].id, arena)),
                 &was, &is);
  }
  g_assert_no_error (error);
}

static void
check_state (const ReformState *a, const ReformState *b)
{
  g_assert_cmpmem (a->outcomes, sizeof a->outcomes, b->outcomes, sizeof b->outcomes);
  g_assert_cmpint (a->amounts, ==, b->amounts);
  g_assert_cmpint (a->open_amounts, ==, b->open_amounts);
  g_assert_true (decimal_equal (a->sum, b->sum));
}

static void
check_count (const ReformCount *a, const ReformCount *b)
{
  g_assert_cmpint (a->subjects, ==, b->subjects);
  check_state (&a->before, &b->before);
  check_state (&a->after, &b->after);
  g_assert_cmpmem (a->moved, sizeof a->moved, b->moved, sizeof b->moved);
  g_assert_true (decimal_equal (a->difference, decimal_sub (b->after.sum, b->before.sum)));
  for (int k = 0; k < REFORM_KINDS; k++) {
    const ReformEffect *x = &a->effects[k], *y = &b->effects[k];
    g_assert_cmpint (x->n, ==, y->n);
    g_assert_cmpint (x->amounts, ==, y->amounts);
    g_assert_true (!x->amounts
                   || (decimal_equal (x->sum, y->sum) && decimal_equal (x->least, y->least)
                       && decimal_equal (x->greatest, y->greatest)));
  }
}

/* The parameters with SETTINGS over them, built from what is in force one by one. */
static FeelValue
parameters_with (const PolicyPackage *of, const ReformChange *change, Arena *arena)
{
  size_t n;
  const PolicyParameter *const *all = policy_parameters (of, &n);
  FeelEntry *entries = arena_new0 (arena, FeelEntry, n);
  for (size_t i = 0; i < n; i++) {
    const PolicyParameterValue *value = policy_parameter_at (all[i], as_of);
    FeelNeed need = { text_of (all[i]->name.zh), all[i] };
    entries[i] = (FeelEntry){ text_of (all[i]->name.zh), value ? value->value : feel_unknown (arena, need) };
    for (size_t s = 0; s < change->n_settings; s++)
      if (change->settings[s].parameter == all[i])
        entries[i].value = change->settings[s].value;
  }
  return feel_context (arena, entries, n);
}

/* P against everybody asked; false where there are too many. */
static bool
check_provision (const ReformResult *r, const ReformProvision *p)
{
  gint64 there;
  g_assert_true (registry_count (
      town.registry, registry_schema_entity (policy_schema (package), p->shown->subject->id), &there, NULL));
  if (there > TOO_MANY || p->why_not)
    return false;
  g_autoptr (Arena) arena = arena_new ();
  const PolicyPackage *after = r->change.draft ? r->change.draft : package;
  Side sides[2] = {
    { .package = package,
      .provision = p->before,
      .parameters = policy_parameters_value (package, arena, as_of) },
    { .package = after, .provision = p->after, .parameters = parameters_with (after, &r->change, arena) }
  };
  for (int i = 0; i < 2; i++)
    if (sides[i].provision)
      sides[i].people
          = people_of (i && r->change.draft ? r->change.draft_access : town.access, &sides[i], arena);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  ask_all (counts, p, sides, arena);
  check_count (&p->count, count_of (counts, "", ""));
  for (size_t d = 0; d < p->n_dimensions; d++)
    for (size_t g = 0; g < p->dimensions[d].n; g++)
      check_count (&p->dimensions[d].groups[g].count,
                   count_of (counts, p->dimensions[d].id, p->dimensions[d].groups[g].id));
  access_run_free (sides[0].people);
  access_run_free (sides[1].people);
  return true;
}

/* ---- parameters ------------------------------------------------------------ */

/* Another value, often a near one. */
static char *
random_value (GRand *rand, const PolicyParameter *p)
{
  static const double factors[] = { 0, 0.5, 0.9, 1.1, 1.5, 2 };
  char text[DECIMAL_TEXT_MAX];
  const PolicyParameterValue *now = policy_parameter_at (p, as_of);
  double factor = factors[g_rand_int_range (rand, 0, G_N_ELEMENTS (factors))];
  switch (p->type->kind) {
  case FEEL_TYPE_BOOLEAN: return g_strdup (g_rand_boolean (rand) ? "true" : "false");
  case FEEL_TYPE_DATE: return g_strdup_printf ("%d-07-01", g_rand_int_range (rand, 2018, 2026));
  case FEEL_TYPE_NUMBER: break;
  default: return NULL;
  }
  if (!now || now->value.kind != FEEL_NUMBER)
    return g_strdup_printf ("%d.%d", g_rand_int_range (rand, 0, 20), g_rand_int_range (rand, 0, 10));
  Decimal times = decimal_from_scaled ((gint64)(factor * 10), 1);
  return g_strdup (decimal_format (decimal_mul (now->value.number, times), text));
}

static const char *
random_setting (GRand *rand, Arena *arena)
{
  size_t n;
  const PolicyParameter *const *all = policy_parameters (package, &n);
  for (;;) {
    const PolicyParameter *p = all[g_rand_int_range (rand, 0, (gint32)n)];
    g_autofree char *value = random_value (rand, p);
    if (value)
      return arena_printf (arena, "%s=%s", g_rand_boolean (rand) ? p->id : p->name.zh, value);
  }
}

static bool
changes_anybody (const ReformProvision *p)
{
  gint64 n = 0;
  for (int k = 0; k < REFORM_KINDS; k++)
    n += p->count.effects[k].n;
  return n > 0;
}

/* One after the other on the same baseline, so that what is kept is used; the ratio of the allowance and
 * the minimum wage, on which most hangs, among them. */
static void
test_settings (void)
{
  static const char *const certain[] = { "低保标准占最低工资比例=0.45", "dibao_ratio = 0.4倍",
                                         "最低工资标准=2600", "居民医保个人缴费下限=420" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (ReformBaseline) baseline = baseline_new (county, 2, arena);
  size_t checked = 0, changed = 0, by_rows = 0;
  for (size_t t = 0; t < TRIALS; t++) {
    ReformSetting settings[2];
    const char *first = t < G_N_ELEMENTS (certain) ? certain[t] : random_setting (rand, arena);
    settings[0] = read_setting (arena, first);
    settings[1] = read_setting (arena, random_setting (rand, arena));
    ReformChange change = { .n_settings = settings[0].parameter == settings[1].parameter ? 1 : 1 + t % 2,
                            .settings = settings };
    const ReformResult *r = run (baseline, arena, &change);
    for (size_t i = 0; i < r->n; i++) {
      g_assert_cmpuint (r->provisions[i].n_decisions, >, 0);
      checked += check_provision (r, &r->provisions[i]);
      changed += changes_anybody (&r->provisions[i]);
      by_rows += r->provisions[i].row_by_row != NULL;
    }
  }
  g_test_message ("%zu provisions checked, %zu where somebody's answer changes, %zu row by row", checked,
                  changed, by_rows);
  g_assert_cmpuint (checked, >, 20);
  g_assert_cmpuint (changed, >, 5);
  g_assert_cmpuint (reform_baseline_bytes (baseline), >, RESIDENTS);
}

static char *
as_json (const ReformResult *r)
{
  GString *out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 1);
  reform_write (w, r);
  json_writer_free (w);
  return g_string_free (out, FALSE);
}

/* Nothing is left out: what is not listed reads none of what is set; and the number of threads does not
 * matter. */
static void
test_threads (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (ReformBaseline) one = baseline_new (county, 1, arena), five = baseline_new (county, 5, arena);
  ReformSetting setting = read_setting (arena, "最低工资标准=2600");
  ReformChange change = { .n_settings = 1, .settings = &setting };
  const ReformResult *r = run (one, arena, &change);
  g_autofree char *a = as_json (r), *b = as_json (run (five, arena, &change));
  g_assert_cmpstr (a, ==, b);
  size_t n, reads = 0;
  const PolicyClause *const *pages = policy_pages (package, &n);
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < pages[c]->n_provisions; i++) {
      const DmnDecision *const decisions[]
          = { pages[c]->provisions[i].eligible, pages[c]->provisions[i].amount };
      bool read = false;
      for (size_t d = 0; d < 2 && decisions[d]; d++) {
        size_t k;
        const PolicyParameter *const *own = policy_decision_parameters (package, arena, decisions[d], &k);
        while (k-- > 0)
          read |= own[k] == setting.parameter;
      }
      reads += read && as_of <= pages[c]->provisions[i].in_force_to;
    }
  g_assert_cmpuint (r->n, ==, reads);
}

/* ---- another package ----------------------------------------------------------- */

static const struct {
  const char *file, *from, *to;
} edits[] = {
  { "clauses/17-basic-services.md", "| 参数.居民医保个人缴费下限 |", "| 参数.居民医保个人缴费下限 + 20 |" },
  /* which no vector loop computes: */
  { "clauses/17-basic-services.md", "| 参数.缴费补贴下限         |",
    "| sqrt(居民.居民养老缴费档次 * 居民.居民养老缴费档次) / 8 |" },
  { "clauses/23-social-assistance.md", "id: temporary\n    subject:",
    "id: temporary\n    in_force: {from: 2021-09-30, to: 2022-12-31}\n    subject:" },
  { "clauses/23-social-assistance.md", "- id: work\n", "- id: help\n" },
  { "clauses/23-social-assistance.md", "provision: work,", "provision: help," },
  { "parameters/student-aid.yaml", "value: 0.5,", "value: 0.6," },
};

static void
copy_folder (const char *from, const char *to)
{
  g_assert_cmpint (g_mkdir_with_parents (to, 0700), ==, 0);
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *a = g_build_filename (from, name, NULL), *b = g_build_filename (to, name, NULL);
    gsize len;
    if (g_file_test (a, G_FILE_TEST_IS_DIR)) {
      copy_folder (a, b);
      continue;
    }
    g_autofree char *text = support_read (a, &len);
    g_assert_true (g_file_set_contents (b, text, (gssize)len, NULL));
  }
}

static void
edit_folder (const char *folder)
{
  for (size_t i = 0; i < G_N_ELEMENTS (edits); i++) {
    gsize len;
    g_autofree char *path = g_build_filename (folder, edits[i].file, NULL), *text = support_read (path, &len);
    g_autoptr (GString) edited = g_string_new_len (text, (gssize)len);
    g_assert_cmpuint (g_string_replace (edited, edits[i].from, edits[i].to, 0), >, 0);
    g_assert_true (g_file_set_contents (path, edited->str, (gssize)edited->len, NULL));
  }
}

static const ReformProvision *
find (const ReformResult *r, const char *id, bool before)
{
  for (size_t i = 0; i < r->n; i++) {
    const PolicyProvision *p = before ? r->provisions[i].before : r->provisions[i].after;
    g_autofree char *name = p ? g_strdup_printf ("%d.%s", p->clause->number, p->id) : NULL;
    if (g_strcmp0 (name, id) == 0)
      return &r->provisions[i];
  }
  return NULL;
}

static void
check_draft (const ReformResult *r)
{
  const ReformProvision *ended = find (r, "23.temporary", true), *medical = find (r, "17.medical", true);
  g_assert_nonnull (ended);
  g_assert_null (ended->after);
  g_assert_cmpint (ended->count.effects[REFORM_LOSS].n, ==, ended->count.before.outcomes[POLICY_YES]);
  g_assert_null (find (r, "23.main", true)); /* nothing of it is written otherwise */
  g_assert_null (find (r, "23.work", true)->after);
  g_assert_null (find (r, "23.help", false)->before);
  g_assert_nonnull (medical);
  g_assert_cmpuint (medical->n_decisions, ==, 1);
  g_assert_true (text_equal (medical->decisions[0]->name, TEXT_LITERAL ("医保个人缴费")));
  g_assert_cmpint (medical->count.effects[REFORM_RISE].n, ==, medical->count.before.outcomes[POLICY_YES]);
  const ReformProvision *subsidy = find (r, "17.pension-subsidy", true);
  g_assert_nonnull (strstr (subsidy->row_by_row, "sqrt"));
  g_assert_cmpint (subsidy->count.effects[REFORM_FALL].n, >, 0);
  size_t checked = 0;
  for (size_t i = 0; i < r->n; i++)
    checked += check_provision (r, &r->provisions[i]);
  g_assert_cmpuint (checked, ==, r->n);
}

static void
test_draft (void)
{
  GError *error = NULL;
  g_autofree char *folder = support_folder (), *draft_folder = g_build_filename (folder, "draft", NULL),
                  *own = support_source ("policy/minhou-2021-81");
  copy_folder (own, draft_folder);
  edit_folder (draft_folder);
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) draft = policy_load (draft_folder, faults, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
  g_autoptr (Access) draft_access = access_open (town.registry, &error);
  policy_hand_purposes (draft, draft_access);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (County) wide = open_county (draft, arena);
  g_autoptr (ReformBaseline) baseline = baseline_new (wide, 2, arena);
  ReformChange change = { .draft = draft, .draft_access = draft_access };
  check_draft (run (baseline, arena, &change));
  support_remove (folder);
}

/* ---- settings as people write them ------------------------------------------------ */

static void
test_reading (void)
{
  static const struct {
    const char *text, *value, *message; /* one of the two */
  } rows[] = {
    { "低保标准占最低工资比例=0.45", "0.45", NULL },
    { " dibao_ratio = 0.45 倍 ", "0.45", NULL },
    { "最低工资标准=2,600", NULL, "最低工资标准 is a 金额, in 元/月; \"2,600\" is none" },
    { "最低工资标准=2600元/年", NULL, "in 元/月" },
    { "最低工资标准=2600元/月", "2600", NULL },
    { "最低工资标准", NULL, "sets nothing; write NAME=VALUE" },
    { "最低工资标准=", NULL, "is none" },
    { "没有这个=1", NULL, "there is no parameter \"没有这个\"" },
    { "单人入保=1", NULL, "there is no parameter" },
    { "single_entry=true", "true", NULL },
    { "single_entry=是", "true", NULL },
    { "single_entry=maybe", NULL, "is a 是否" },
    { "apprentice_part_year=只算整年", "只算整年", NULL },
  };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    ReformSetting setting;
    bool read = reform_setting_read (arena, package, as_of, rows[i].text, &setting, &error);
    g_test_message ("%s", rows[i].text);
    if (rows[i].value) {
      g_assert_no_error (error);
      g_assert_cmpstr (setting.text, ==, rows[i].value);
      continue;
    }
    g_assert_false (read);
    g_assert_error (error, FAULT, FAULT_USAGE);
    g_assert_nonnull (strstr (error->message, rows[i].message));
  }
}

static void
test_twice (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ReformBaseline) baseline = baseline_new (county, 1, arena);
  ReformSetting both[]
      = { read_setting (arena, "dibao_ratio=0.4"), read_setting (arena, "低保标准占最低工资比例=0.5") };
  ReformChange change = { .n_settings = 2, .settings = both };
  g_assert_null (reform_run (baseline, arena, &change, REFORM_EVERY_CLAUSE, &error));
  g_assert_error (error, FAULT, FAULT_USAGE);
  g_clear_error (&error);
  change.n_settings = 1;
  g_assert_null (reform_run (baseline, arena, &change, 99, &error));
  g_assert_error (error, FAULT, FAULT_USAGE);
  g_clear_error (&error);
  const ReformResult *r = reform_run (baseline, arena, &change, 13, &error); /* which does not read it */
  g_assert_no_error (error);
  g_assert_cmpuint (r->n, ==, 0);
}

static void
test_periods (void)
{
  static const struct {
    const char *unit;
    PolicyAudience audience;
    ReformPeriod period;
    const char *year; /* of 100; NULL: not told */
  } rows[] = {
    { "元/月", POLICY_FOR_SUBJECT, REFORM_MONTHLY, "1200" },
    { "元/月（最多）", POLICY_FOR_SUBJECT, REFORM_MONTHLY, "1200" },
    { "元/年", POLICY_FOR_SUBJECT, REFORM_YEARLY, "100" },
    { "元（一次性）", POLICY_FOR_SUBJECT, REFORM_ONCE, NULL },
    { "元", POLICY_FOR_SUBJECT, REFORM_PER_PAYMENT, NULL },
    { "元/月（比城镇低）", POLICY_FOR_COUNTY, REFORM_NO_MONEY, NULL },
    { "天", POLICY_FOR_SUBJECT, REFORM_NO_MONEY, NULL },
  };
  static const DmnDecision some;
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    PolicyProvision p
        = { .amount = &some, .amount_unit = { rows[i].unit, "" }, .audience = rows[i].audience };
    Decimal year;
    char text[DECIMAL_TEXT_MAX];
    g_assert_cmpint (reform_period (&p), ==, rows[i].period);
    bool told = reform_per_year (rows[i].period, decimal_from_int64 (100), &year);
    g_assert_cmpstr (told ? decimal_format (year, text) : NULL, ==, rows[i].year);
  }
}

/* ---- the log, and who may --------------------------------------------------------- */

static const AuditRecord *
entries (AuditAct act, Arena *arena, size_t *n)
{
  AuditFilter query = { .act = &act, .limit = 10000 };
  return audit_entries (registry_store (town.registry), arena, &query, n, NULL);
}

/* One entry per clause and kind, once for all that is tried on a baseline, whatever the value. */
static void
test_log (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (ReformBaseline) baseline = baseline_new (county, 2, arena);
  size_t before, after, again;
  entries (AUDIT_RUN, arena, &before);
  ReformSetting setting = read_setting (arena, "低保标准占最低工资比例=0.45");
  ReformChange change = { .n_settings = 1, .settings = &setting };
  const ReformResult *r = run (baseline, arena, &change);
  g_autoptr (GHashTable) kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (size_t i = 0; i < r->n; i++)
    g_hash_table_add (kinds, g_strdup_printf ("%d/%s", r->provisions[i].shown->clause->number,
                                              r->provisions[i].shown->subject->id));
  const AuditRecord *runs = entries (AUDIT_RUN, arena, &after);
  g_assert_cmpuint (after - before, ==, g_hash_table_size (kinds));
  bool found = false;
  for (size_t i = 0; i < after - before; i++) /* the newest first */
    found |= g_str_equal (runs[i].entry.purpose, "clause-23") && runs[i].n_subjects == RESIDENTS
             && strstr (runs[i].entry.detail, "\"resident.birth_date\"")
             && strstr (runs[i].entry.detail, "\"reform\":true")
             && strstr (runs[i].entry.detail, "\"reason\":\"test\"");
  g_assert_true (found);
  setting = read_setting (arena, "低保标准占最低工资比例=0.5");
  run (baseline, arena, &change);
  entries (AUDIT_RUN, arena, &again);
  g_assert_cmpuint (again, ==, after);
}

static void
test_refused (void)
{
  static const struct {
    AccessAccount who;
    bool may;
  } rows[] = { { { .name = "resident", .role = ACCESS_RESIDENT }, false },
               { { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = "县民政局" }, false },
               { { .name = "forester", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" }, false },
               { { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县民政局" }, true },
               { { .name = "analyst", .role = ACCESS_ANALYST }, true } };
  g_autoptr (Arena) arena = arena_new ();
  ReformSetting setting = read_setting (arena, "低保标准占最低工资比例=0.45");
  ReformChange change = { .n_settings = 1, .settings = &setting };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    ReformOptions options = { package, county, town.access, &rows[i].who, as_of, 1 };
    g_autoptr (ReformBaseline) baseline = reform_baseline_new (&options);
    const ReformResult *r = reform_run (baseline, arena, &change, 23, &error);
    g_assert_true ((r != NULL) == rows[i].may);
    if (!rows[i].may)
      g_assert_error (error, FAULT, FAULT_DENIED);
  }
}

static void
test_rows (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (ReformBaseline) baseline = baseline_new (county, 2, arena);
  ReformSetting setting = read_setting (arena, "低保标准占最低工资比例=0.45");
  ReformChange change = { .n_settings = 1, .settings = &setting };
  const ReformResult *r = run (baseline, arena, &change);
  size_t n, expected = 0;
  const char *const *const *rows = reform_rows (arena, r, &n);
  for (size_t i = 0; i < r->n; i++) {
    expected++;
    for (size_t d = 0; d < r->provisions[i].n_dimensions; d++)
      expected += r->provisions[i].dimensions[d].n;
  }
  g_assert_cmpuint (n, ==, expected);
  g_assert_cmpstr (rows[0][0], ==, "23");
  g_assert_cmpstr (rows[0][4], ==, "changed");
  g_assert_cmpstr (rows[0][5], ==, "");
  g_assert_cmpstr (rows[1][5], ==, "township");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_autoptr (Arena) arena = arena_new ();
  package = town_package ();
  town_open_demo (&town, package, RESIDENTS, 1);
  as_of = civil_today ();
  county = open_county (NULL, arena);
  g_test_add_func ("/reform/settings", test_settings);
  g_test_add_func ("/reform/threads", test_threads);
  g_test_add_func ("/reform/draft", test_draft);
  g_test_add_func ("/reform/reading", test_reading);
  g_test_add_func ("/reform/twice", test_twice);
  g_test_add_func ("/reform/periods", test_periods);
  g_test_add_func ("/reform/log", test_log);
  g_test_add_func ("/reform/refused", test_refused);
  g_test_add_func ("/reform/rows", test_rows);
  int status = g_test_run ();
  county_free (county);
  town_close (&town);
  policy_free (package);
  return status;
}
