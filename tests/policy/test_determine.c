/* Determinations on a small real registry: outcome, amount, needs, reasons with
 * their sources, and what is read and what is not. */
#include "town.h"

#include <locale.h>

static PolicyPackage *package;

typedef struct {
  Town town;
  RegistryWriter *writer;
  RegistryBatchId batch;
  Arena *arena;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  town_open (&f->town, package);
  f->writer = registry_writer_new (f->town.registry, &error);
  g_assert_no_error (error);
  RegistryBatch batch = { .source = "县人社局", .actor = "test", .recorded_at = 1640995200 };
  f->batch = registry_writer_batch (f->writer, &batch, &error);
  g_assert_no_error (error);
  f->arena = arena_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  arena_free (f->arena);
  g_clear_pointer (&f->writer, registry_writer_free);
  town_close (&f->town);
}

typedef struct {
  const char *name, *value; /* value NULL: none */
} Stated;

/* A subject of ENTITY with these facts, valid since 2020. */
static Subject
add (Fixture *f, const char *entity_id, const Stated *stated)
{
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), entity_id);
  Subject subject = registry_writer_subject (f->writer, entity);
  RegistryFact facts[16];
  size_t n = 0;
  GError *error = NULL;
  for (; stated[n].name; n++) {
    const RegistryAttribute *a = registry_entity_attribute (entity, stated[n].name);
    g_assert_nonnull (a);
    if (stated[n].value)
      registry_fact_parse (policy_schema (package), a, text_of (stated[n].value), &facts[n], &error);
    else
      facts[n] = (RegistryFact){ .attribute = a, .state = REGISTRY_NONE };
    g_assert_no_error (error);
  }
  registry_writer_append (f->writer, f->batch, subject, civil_to_day (2020, 1, 1), REGISTRY_FOREVER, facts, n,
                          &error);
  g_assert_no_error (error);
  return subject;
}

/* From here on, records belong to the police's complete load of residents: who
 * is not in it lives elsewhere, so a household's members are known. */
static void
begin_complete_load (Fixture *f)
{
  GError *error = NULL;
  RegistryBatch batch
      = { .source = "县公安局", .actor = "test", .recorded_at = 1640995200, .complete_of = "resident" };
  f->batch = registry_writer_batch (f->writer, &batch, &error);
  g_assert_no_error (error);
}

static void
commit (Fixture *f)
{
  GError *error = NULL;
  g_assert_true (registry_writer_commit (f->writer, &error));
  g_assert_no_error (error);
}

static const AccessPermit *
permit (Fixture *f, Subject subject, int clause)
{
  GError *error = NULL;
  const AccessPermit *given = policy_permit (f->town.access, f->arena, access_operator (f->arena, "test"),
                                             policy_clause (package, clause), subject, &error);
  g_assert_no_error (error);
  return given;
}

static const PolicyDetermination *
determine (Fixture *f, Subject subject, int clause, Day as_of)
{
  RegistryMoment at = { as_of, G_MAXINT64 };
  GError *error = NULL;
  const PolicyDetermination *d
      = policy_determine (package, permit (f, subject, clause), f->arena,
                          &policy_clause (package, clause)->provisions[0], as_of, at, &error);
  g_assert_no_error (error);
  g_assert_nonnull (d);
  return d;
}

static void
same_amount (FeelValue amount, const char *expected)
{
  Decimal value;
  g_assert_true (decimal_parse (text_of (expected), &value));
  g_assert_cmpint (amount.kind, ==, FEEL_NUMBER);
  g_assert_true (decimal_equal (amount.number, value));
}

/* The condition of DETERMINATION on the fact NAME in a rule that gave an answer. */
static const PolicyCondition *
find_condition (const PolicyDetermination *d, const char *name)
{
  for (size_t i = 0; i < d->n_reasons; i++)
    for (size_t r = 0; r < d->reasons[i].n_rules; r++)
      for (size_t c = 0; c < d->reasons[i].rules[r].n_conditions; c++) {
        const PolicyCondition *condition = &d->reasons[i].rules[r].conditions[c];
        if (d->reasons[i].rules[r].matched && text_equal (condition->input->label, text_of (name)))
          return condition;
      }
  return NULL;
}

static void
test_yes (Fixture *f, gconstpointer data)
{
  Subject park = add (f, "park",
                      (Stated[]){ { "园区类别", "人力资源服务产业园" },
                                  { "经县申报", "true" },
                                  { "认定级别", "市级" },
                                  { "已发县级配套", "0" },
                                  { NULL, NULL } });
  commit (f);
  const PolicyDetermination *d = determine (f, park, 15, civil_to_day (2022, 6, 1));
  g_assert_cmpint (d->outcome, ==, POLICY_YES);
  same_amount (d->amount, "250000");
  g_assert_cmpuint (d->n_needs, ==, 0);
  const PolicyCondition *level = find_condition (d, "园区.认定级别");
  g_assert_nonnull (level);
  g_assert_cmpint (level->status, ==, DMN_MET);
  g_assert_cmpuint (level->n_facts, ==, 1);
  g_assert_cmpstr (level->facts[0]->attribute->zh, ==, "认定级别");
  g_assert_cmpstr (level->facts[0]->source, ==, "县人社局");
  g_assert_cmpint (level->facts[0]->recorded_at, ==, 1640995200);
}

static void
test_no (Fixture *f, gconstpointer data)
{
  Subject park = add (f, "park",
                      (Stated[]){ { "园区类别", "人力资源服务产业园" },
                                  { "经县申报", "false" },
                                  { "认定级别", "省级" },
                                  { NULL, NULL } });
  commit (f);
  const PolicyDetermination *d = determine (f, park, 15, civil_to_day (2022, 6, 1));
  g_assert_cmpint (d->outcome, ==, POLICY_NO);
  g_assert_cmpint (d->amount.kind, ==, FEEL_NULL);
  const PolicyCondition *nominated = find_condition (d, "园区.经县申报");
  g_assert_nonnull (nominated);
  g_assert_true (feel_is_false (nominated->value));
}

/* Exactly the missing fact is asked for, with the department that would know. */
static void
test_missing_fact (Fixture *f, gconstpointer data)
{
  Subject park = add (
      f, "park", (Stated[]){ { "园区类别", "人力资源服务产业园" }, { "经县申报", "true" }, { NULL, NULL } });
  commit (f);
  const PolicyDetermination *d = determine (f, park, 15, civil_to_day (2022, 6, 1));
  g_assert_cmpint (d->outcome, ==, POLICY_UNDETERMINED);
  g_assert_cmpuint (d->n_needs, ==, 1);
  g_assert_false (d->needs[0].is_parameter);
  g_assert_cmpstr (d->needs[0].name, ==, "园区.认定级别");
  g_assert_nonnull (d->needs[0].fact);
  g_assert_cmpstr (d->needs[0].fact->source, !=, "");
}

/* None is an answer: a park known to have no listing is refused, not asked. */
static void
test_none_is_no (Fixture *f, gconstpointer data)
{
  Subject park = add (f, "park",
                      (Stated[]){ { "园区类别", "人力资源服务产业园" },
                                  { "经县申报", "true" },
                                  { "认定级别", NULL },
                                  { NULL, NULL } });
  commit (f);
  g_assert_cmpint (determine (f, park, 15, civil_to_day (2022, 6, 1))->outcome, ==, POLICY_NO);
}

/* Clause 23: the local ratio is confirmed nowhere, so the answer names it. */
static void
test_missing_parameter (Fixture *f, gconstpointer data)
{
  begin_complete_load (f);
  Subject household = add (
      f, "household", (Stated[]){ { "户籍在本县", "true" }, { "财产符合规定", "true" }, { NULL, NULL } });
  g_autoptr (Arena) scratch = arena_new ();
  const char *id = registry_subject_format (scratch, policy_schema (package), household);
  add (f, "resident", (Stated[]){ { "户", id }, { "月收入", "300.00" }, { NULL, NULL } });
  commit (f);
  const PolicyDetermination *d = determine (f, household, 23, civil_to_day (2026, 1, 1));
  g_assert_cmpint (d->outcome, ==, POLICY_UNDETERMINED);
  g_assert_cmpuint (d->n_needs, ==, 1);
  g_assert_true (d->needs[0].is_parameter);
  g_assert_nonnull (d->needs[0].parameter);
}

static void
test_not_in_force (Fixture *f, gconstpointer data)
{
  Subject park
      = add (f, "park", (Stated[]){ { "经县申报", "true" }, { "认定级别", "市级" }, { NULL, NULL } });
  commit (f);
  const PolicyDetermination *d = determine (f, park, 15, civil_to_day (2021, 9, 29));
  g_assert_cmpint (d->outcome, ==, POLICY_NOT_IN_FORCE);
  g_assert_cmpuint (d->n_reasons, ==, 0);
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  Subject park = add (f, "park", (Stated[]){ { "经县申报", "true" }, { NULL, NULL } });
  commit (f);
  RegistryMoment at = { civil_to_day (2022, 6, 1), G_MAXINT64 };
  g_autoptr (GError) other = NULL, nobody = NULL;
  g_assert_null (policy_determine (package, permit (f, park, 15), f->arena,
                                   policy_provision (policy_clause (package, 13), "main"), at.valid_at, at,
                                   &other));
  g_assert_error (other, FAULT, FAULT_USAGE);
  g_assert_null (policy_provision (policy_clause (package, 13), "other"));
  g_assert_null (policy_determine (package, permit (f, park + 1000, 15), f->arena,
                                   policy_provision (policy_clause (package, 15), "main"), at.valid_at, at,
                                   &nobody));
  g_assert_error (nobody, FAULT, FAULT_NOT_FOUND);
}

/* What was not yet recorded then is not known then. */
static void
test_known_at (Fixture *f, gconstpointer data)
{
  Subject park = add (
      f, "park", (Stated[]){ { "园区类别", "人力资源服务产业园" }, { "经县申报", "true" }, { NULL, NULL } });
  GError *error = NULL;
  RegistryBatch later = { .source = "县人社局", .actor = "test", .recorded_at = 1648771200 };
  RegistryBatchId batch = registry_writer_batch (f->writer, &later, &error);
  const RegistryAttribute *level
      = registry_entity_attribute (registry_schema_entity (policy_schema (package), "park"), "认定级别");
  RegistryFact fact = { .attribute = level, .state = REGISTRY_VALUE, .text = text_of ("市级") };
  registry_writer_append (f->writer, batch, park, civil_to_day (2020, 1, 1), REGISTRY_FOREVER, &fact, 1,
                          &error);
  g_assert_no_error (error);
  commit (f);
  Day day = civil_to_day (2022, 6, 1);
  RegistryMoment before = { day, later.recorded_at - 1 }, after = { day, later.recorded_at };
  const PolicyProvision *provision = policy_provision (policy_clause (package, 15), "main");
  const PolicyDetermination *then
      = policy_determine (package, permit (f, park, 15), f->arena, provision, day, before, &error);
  g_assert_no_error (error);
  g_assert_cmpint (then->outcome, ==, POLICY_UNDETERMINED);
  const PolicyDetermination *now
      = policy_determine (package, permit (f, park, 15), f->arena, provision, day, after, &error);
  g_assert_no_error (error);
  g_assert_cmpint (now->outcome, ==, POLICY_YES);
}

static void
test_json (Fixture *f, gconstpointer data)
{
  Subject park = add (
      f, "park", (Stated[]){ { "园区类别", "人力资源服务产业园" }, { "经县申报", "true" }, { NULL, NULL } });
  commit (f);
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 0);
  policy_write_determination (w, package, determine (f, park, 15, civil_to_day (2022, 6, 1)), true);
  json_writer_free (w);
  GError *error = NULL;
  const JsonValue *json = json_parse (f->arena, text_of (out->str), "determination", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_string (json_get (json, "outcome")), ==, "undetermined");
  g_assert_cmpstr (json_string (json_get (json, "package")), ==, policy_hash (package));
  const JsonValue *needs = json_get (json, "needs");
  g_assert_cmpuint (needs->n, ==, 1);
  g_assert_cmpstr (json_string (json_get (needs->elements[0], "name")), ==, "园区.认定级别");
}

/* A member sees the household's outcome and their own income, not the other's. */
static void
test_hide_others (Fixture *f, gconstpointer data)
{
  begin_complete_load (f);
  Subject household = add (
      f, "household", (Stated[]){ { "户籍在本县", "true" }, { "财产符合规定", "true" }, { NULL, NULL } });
  const char *id = registry_subject_format (f->arena, policy_schema (package), household);
  Subject me = add (f, "resident", (Stated[]){ { "户", id }, { "月收入", "300.00" }, { NULL, NULL } });
  add (f, "resident", (Stated[]){ { "户", id }, { "月收入", "4321.00" }, { NULL, NULL } });
  commit (f);
  const PolicyDetermination *whole = determine (f, household, 23, civil_to_day (2026, 1, 1));
  const PolicyDetermination *mine = policy_hide_others (package, f->arena, whole, me, NULL, 0);
  g_assert_cmpint (mine->outcome, ==, whole->outcome);
  g_autoptr (GString) open = g_string_new (NULL), hidden = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (open, 0);
  policy_write_determination (w, package, whole, true);
  g_autoptr (JsonWriter) v = json_writer_new (hidden, 0);
  policy_write_determination (v, package, mine, true);
  g_assert_nonnull (strstr (open->str, "4321"));
  g_assert_nonnull (strstr (open->str, "4621")); /* the sum */
  g_assert_null (strstr (hidden->str, "4321"));
  g_assert_null (strstr (hidden->str, "4621"));
  g_assert_nonnull (strstr (hidden->str, "\"hidden\":true"));
  g_assert_nonnull (strstr (hidden->str, "户籍在本县"));
}

/* Whoever gave a mandate is shown. */
static void
test_mandated (Fixture *f, gconstpointer data)
{
  begin_complete_load (f);
  Subject household = add (
      f, "household", (Stated[]){ { "户籍在本县", "true" }, { "财产符合规定", "true" }, { NULL, NULL } });
  const char *id = registry_subject_format (f->arena, policy_schema (package), household);
  Subject me = add (f, "resident", (Stated[]){ { "户", id }, { "月收入", "300.00" }, { NULL, NULL } });
  Subject giver = add (f, "resident", (Stated[]){ { "户", id }, { "月收入", "4321.00" }, { NULL, NULL } });
  commit (f);
  const PolicyDetermination *whole = determine (f, household, 23, civil_to_day (2026, 1, 1));
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, 0);
  policy_write_determination (w, package, policy_hide_others (package, f->arena, whole, me, &giver, 1), true);
  g_assert_nonnull (strstr (out->str, "4621"));
  g_assert_null (strstr (out->str, "\"hidden\":true"));
}

/* That others' facts are missing is said once, and not whose and which. */
static void
test_hide_needs (Fixture *f, gconstpointer data)
{
  begin_complete_load (f);
  Subject household = add (f, "household", (Stated[]){ { "户籍在本县", "true" }, { NULL, NULL } });
  const char *id = registry_subject_format (f->arena, policy_schema (package), household);
  Subject me = add (f, "resident", (Stated[]){ { "户", id }, { NULL, NULL } });
  Subject other = add (f, "resident", (Stated[]){ { "户", id }, { NULL, NULL } });
  add (f, "resident", (Stated[]){ { "户", id }, { NULL, NULL } });
  commit (f);
  const PolicyDetermination *whole = determine (f, household, 23, civil_to_day (2026, 1, 1));
  g_assert_cmpuint (whole->n_needs, ==, 5); /* three incomes, the assets, a parameter */
  const PolicyDetermination *mine = policy_hide_others (package, f->arena, whole, me, NULL, 0);
  g_assert_cmpuint (mine->n_needs, ==, 4);
  size_t hidden = 0;
  for (size_t i = 0; i < mine->n_needs; i++)
    if (mine->needs[i].hidden) {
      hidden++;
      g_assert_null (mine->needs[i].fact);
      g_assert_cmpstr (mine->needs[i].name, ==, "居民");
    }
  g_assert_cmpuint (hidden, ==, 1);
  g_assert_cmpuint (policy_hide_others (package, f->arena, whole, me, &other, 1)->n_needs, ==, 5);
}

/* What a condition compares with is hidden like what it looks at. */
static void
test_hide_wanted (Fixture *f, gconstpointer data)
{
  Subject me = add (f, "resident", (Stated[]){ { "月收入", "300.00" }, { NULL, NULL } });
  commit (f);
  const DmnDecision *theirs = dmn_model_find (policy_model (package), "条款23", "家庭月收入"),
                    *asks = dmn_model_find (policy_model (package), "条款23", "符合低保条件");
  g_assert_nonnull (theirs);
  g_assert_nonnull (asks);
  const RegistryProvenance other = { .subject = me + 1 };
  const RegistryProvenance *const facts[] = { &other };
  PolicyCondition condition = {
    .decisions = &theirs, .n_decisions = 1, .value = feel_boolean (true), .wanted = feel_boolean (true)
  };
  PolicyRuleTrace rule = { .n_conditions = 1, .conditions = &condition };
  PolicyReason reasons[] = { { .decision = theirs, .facts = facts, .n_facts = 1 },
                             { .decision = asks, .rules = &rule, .n_rules = 1 } };
  PolicyDetermination whole = { .provision = policy_clause (package, 23)->provisions,
                                .reasons = reasons,
                                .n_reasons = G_N_ELEMENTS (reasons) };
  const PolicyDetermination *mine = policy_hide_others (package, f->arena, &whole, me, NULL, 0);
  const PolicyCondition *shown = &mine->reasons[1].rules[0].conditions[0];
  g_assert_true (mine->reasons[0].hidden);
  g_assert_true (shown->hidden);
  g_assert_cmpint (shown->wanted.kind, ==, FEEL_NULL);
  g_assert_cmpint (shown->value.kind, ==, FEEL_NULL);
}

/* A condition says which decisions it rests on, and what number it wants. */
static void
test_wanted (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  RegistryBatch batch
      = { .source = "县人社局", .actor = "test", .recorded_at = 1640995200, .complete_of = "work_spell" };
  Subject doctor = add (f, "resident", (Stated[]){ { "医疗专业技术人员", "true" }, { NULL, NULL } });
  f->batch = registry_writer_batch (f->writer, &batch, &error);
  const char *id = registry_subject_format (f->arena, policy_schema (package), doctor);
  add (f, "work_spell",
       (Stated[]){ { "居民", id },
                   { "农村", "true" },
                   { "开始日期", "2020-01-01" },
                   { "结束日期", NULL },
                   { NULL, NULL } });
  commit (f);
  const PolicyDetermination *d = determine (f, doctor, 13, civil_to_day (2022, 6, 1));
  g_assert_cmpint (d->outcome, ==, POLICY_NO);
  const PolicyCondition *basic = find_condition (d, "符合基本条件");
  g_assert_cmpuint (basic->n_decisions, ==, 1);
  g_assert_cmpint (basic->wanted.kind, ==, FEEL_NULL);
  g_assert_nonnull (policy_reason_of (d, basic->decisions[0]));
  const PolicyCondition *days = find_condition (d, "农村工作天数");
  g_assert_cmpuint (days->n_decisions, ==, 2);
  g_assert_true (text_equal (days->decisions[0]->name, TEXT_LITERAL ("农村工作天数")));
  g_assert_true (text_equal (days->decisions[1]->name, TEXT_LITERAL ("所需天数")));
  same_amount (days->value, "882");
  same_amount (days->wanted, "9131");
  same_amount (policy_reason_of (d, days->decisions[1])->value, "9131");
  g_assert_null (policy_reason_of (d, policy_clause (package, 15)->provisions[0].eligible));
}

static void
test_opposite (void)
{
  static const struct {
    const char *test, *opposite;
  } rows[] = {
    { ">= 25", "< 25" },
    { "< 所需天数", ">= 所需天数" },
    { "> 0", "<= 0" },
    { "<= 3", "> 3" },
    { "= 1", "!= 1" },
    { "!= 1", "= 1" },
    { "true", "not(true)" },
    { "not(true)", "true" },
    { "\"a\", \"b\"", "not(\"a\", \"b\")" },
    { "not(\"a\")", "\"a\"" },
    { "[1..3]", "not([1..3])" },
    { "-", "" },
    { "< 1, > 9", "not(< 1, > 9)" },
    { "not(1), not(2)", "not(not(1), not(2))" },
    { "= \"a, b\"", "!= \"a, b\"" },
    { "> max(1, 2)", "<= max(1, 2)" },
  };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    const char *opposite = arena_text (arena, policy_test_opposite (arena, text_of (rows[i].test)));
    g_assert_cmpstr (opposite, ==, rows[i].opposite);
  }
}

/* Money leaves as a decimal string with two digits. */
static void
test_money_json (Fixture *f, gconstpointer data)
{
  Subject park = add (f, "park",
                      (Stated[]){ { "园区类别", "人力资源服务产业园" },
                                  { "经县申报", "true" },
                                  { "认定级别", "省级" },
                                  { "已发县级配套", "0.10" },
                                  { NULL, NULL } });
  commit (f);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, 0);
  policy_write_determination (w, package, determine (f, park, 15, civil_to_day (2022, 6, 1)), true);
  g_assert_nonnull (strstr (out->str, "\"amount\":\"499999.90\""));
  g_assert_nonnull (strstr (out->str, "\"value\":\"0.10\""));
}

static void
test_words (void)
{
  static const struct {
    const char *test, *zh, *en;
  } rows[] = {
    { ">= 25", "不低于 25", "at least 25" },
    { "< 参数.低保标准", "低于 参数.低保标准", "less than 参数.低保标准" },
    { "true", "是", "yes" },
    { "not(true)", "否，或没有", "no, or none" },
    { "not(null)", "有", "some" },
    { "null", "没有", "none" },
    { "\"市级\", \"省级\"", "“市级”或“省级”", "\"市级\" or \"省级\"" },
    { "not(\"市级\", \"省级\")", "不是“市级”或“省级”", "not \"市级\" or \"省级\"" },
    { "[1..3]", "不低于 1、不高于 3", "at least 1 and at most 3" },
    { "(1..3)", "高于 1、低于 3", "more than 1 and less than 3" },
    { "-", "不限", "any" },
  };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_assert_cmpstr (policy_test_words (arena, text_of (rows[i].test), "zh"), ==, rows[i].zh);
    g_assert_cmpstr (policy_test_words (arena, text_of (rows[i].test), "en"), ==, rows[i].en);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  package = town_package ();
#define ADD(name, function) g_test_add ("/policy/determine/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("yes", test_yes);
  ADD ("no", test_no);
  ADD ("missing-fact", test_missing_fact);
  ADD ("none-is-no", test_none_is_no);
  ADD ("missing-parameter", test_missing_parameter);
  ADD ("not-in-force", test_not_in_force);
  ADD ("refusals", test_refusals);
  ADD ("known-at", test_known_at);
  ADD ("json", test_json);
  ADD ("hide-others", test_hide_others);
  ADD ("mandated", test_mandated);
  ADD ("hide-needs", test_hide_needs);
  ADD ("money-json", test_money_json);
  ADD ("hide-wanted", test_hide_wanted);
  ADD ("wanted", test_wanted);
  g_test_add_func ("/policy/opposite", test_opposite);
  g_test_add_func ("/policy/words", test_words);
  int status = g_test_run ();
  policy_free (package);
  return status;
}
