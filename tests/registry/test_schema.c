/* registry.yaml: good ones, and bad ones with one fault each (bad/, whose first
 * line says what must be reported and where). */
#include "registry/registry.h"
#include "support.h"

static RegistrySchema *
load (const char *path)
{
  g_autofree char *full = support_source (path);
  GError *error = NULL;
  RegistrySchema *schema = registry_schema_load (full, &error);
  g_assert_no_error (error);
  return schema;
}

static void
test_county (void)
{
  g_autoptr (RegistrySchema) schema = load ("tests/registry/county.yaml");
  g_assert_cmpuint (registry_schema_size (schema), ==, 4);
  const RegistryEntity *person = registry_schema_entity (schema, "居民");
  g_assert_true (person == registry_schema_entity (schema, "person"));
  g_assert_true (person == registry_schema_entity_at (schema, 0));
  g_assert_null (registry_schema_entity (schema, "nobody"));
  g_assert_null (registry_schema_entity_at (schema, 4));
  g_assert_cmpuint (person->n, ==, 13);
  g_assert_cmpstr (person->label->id, ==, "name");
  g_assert_cmpstr (person->number->id, ==, "code");
  g_assert_null (registry_schema_entity (schema, "home")->label);

  const RegistryAttribute *income = registry_entity_attribute (person, "月收入");
  g_assert_true (income == registry_entity_attribute (person, "income"));
  g_assert_cmpint (income->kind, ==, REGISTRY_MONEY);
  g_assert_cmpint (income->scale, ==, 2);
  g_assert_true (income->has_min && income->min == 0 && income->has_max && income->max == 9999999);
  g_assert_cmpstr (income->source, ==, "民政局");
  g_assert_cmpstr (income->unit, ==, "元/月");
  g_assert_cmpint (income->sensitivity, ==, REGISTRY_PERSONAL);
  g_assert_cmpint (income->absence, ==, REGISTRY_ABSENT_UNKNOWN);

  const RegistryAttribute *degree = registry_entity_attribute (person, "degree");
  g_assert_cmpuint (degree->n_values, ==, 3);
  g_assert_cmpstr (degree->values[2], ==, "博士");
  g_assert_cmpstr (degree->values_en[2], ==, "Doctor");
  g_assert_null (degree->values[3]);

  const RegistryAttribute *height = registry_entity_attribute (person, "height");
  g_assert_cmpint (height->min, ==, -105);
  const RegistryAttribute *allowance = registry_entity_attribute (person, "allowance");
  g_assert_cmpint (allowance->absence, ==, REGISTRY_ABSENT_VALUE);
  g_assert_cmpstr (allowance->absence_text, ==, "12.50");
  g_assert_cmpint (registry_entity_attribute (person, "illness")->absence, ==, REGISTRY_ABSENT_NONE);

  const RegistryEntity *home = registry_schema_entity (schema, "home");
  const RegistryAttribute *members = registry_entity_attribute (home, "members");
  g_assert_true (members->target == person);
  g_assert_true (members->via == registry_entity_attribute (person, "home"));
  g_assert_cmpint (registry_entity_attribute (registry_schema_entity (schema, "firm"), "name")->sensitivity,
                   ==, REGISTRY_PUBLIC);
}

/* Types follow references in circles. */
static void
test_types (void)
{
  g_autoptr (RegistrySchema) schema = load ("tests/registry/county.yaml");
  const RegistryEntity *person = registry_schema_entity (schema, "person"),
                       *home = registry_schema_entity (schema, "home");
  g_assert_true (person->type->closed);
  g_assert_cmpuint (person->type->n, ==, person->n);
  for (size_t i = 0; i < person->n; i++)
    g_assert_true (text_equal (person->type->members[i].name, text_of (person->attributes[i].zh)));
  g_assert_true (person->type->members[registry_entity_attribute (person, "home")->index].type == home->type);
  const FeelType *members = home->type->members[registry_entity_attribute (home, "members")->index].type;
  g_assert_cmpint (members->kind, ==, FEEL_TYPE_LIST);
  g_assert_true (members->element == person->type);
  g_assert_true (person->type->members[3].type == &feel_type_date);
}

static void
test_subjects (void)
{
  g_autoptr (RegistrySchema) schema = load ("tests/registry/county.yaml");
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *home = registry_schema_entity (schema, "home");
  Subject s = subject_make (home, 77), parsed = 0;
  g_assert_cmpstr (registry_subject_format (arena, schema, s), ==, "home-77");
  g_assert_true (registry_subject_parse (schema, text_of ("home-77"), &parsed));
  g_assert_cmpint (parsed, ==, s);
  g_assert_true (registry_subject_entity (schema, s) == home);
  static const char *const bad[] = { "",
                                     "home",
                                     "home-",
                                     "home-0",
                                     "home-07",
                                     "home--7",
                                     "house-7",
                                     "户-7",
                                     "home-7x",
                                     " home-7",
                                     "-7",
                                     "home-+7",
                                     "home-72057594037927936",
                                     "home-99999999999999999999" };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    if (registry_subject_parse (schema, text_of (bad[i]), &parsed))
      g_error ("\"%s\" was taken for a subject", bad[i]);
  g_assert_null (registry_subject_entity (schema, subject_make (home, 0)));
  g_assert_null (registry_subject_entity (schema, (gint64)9 << 56 | 1));
  g_assert_null (registry_subject_entity (schema, -1));
}

static void
test_hash (void)
{
  g_autoptr (RegistrySchema) schema = load ("tests/registry/county.yaml");
  g_autofree char *path = support_source ("tests/registry/county.yaml");
  gsize len;
  g_autofree char *bytes = support_read (path, &len);
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)bytes, len);
  g_assert_cmpstr (registry_schema_hash (schema), ==, hash);
}

/* The county's own: the names that clauses use, and departments for everything. */
static void
test_minhou (void)
{
  g_autoptr (RegistrySchema) schema = load ("policy/minhou-2021-81/registry.yaml");
  static const char *const ids[] = { "resident",
                                     "household",
                                     "organisation",
                                     "place",
                                     "school",
                                     "park",
                                     "work_spell",
                                     "post",
                                     "file",
                                     "file_transfer",
                                     "file_material",
                                     "certificate",
                                     "recognition",
                                     "shortage_occupation",
                                     "taiwan_qualification",
                                     "correspondence",
                                     "insurance_spell",
                                     "benefit",
                                     "training",
                                     "assignment",
                                     "appraisal",
                                     "result",
                                     "contribution",
                                     "agreement",
                                     "offer",
                                     "event",
                                     "enrolment",
                                     "flow",
                                     "school_check",
                                     "visit",
                                     "matter",
                                     "fund",
                                     "rule_document",
                                     "arbitration",
                                     "mentoring",
                                     "tutoring" };
  g_assert_cmpuint (registry_schema_size (schema), ==, G_N_ELEMENTS (ids));
  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpstr (registry_schema_entity_at (schema, i)->id, ==, ids[i]);
  static const char *const used[][2] = {
    { "居民", "从业经历" },     { "居民", "医疗专业技术人员" },
    { "居民", "职称级别" },     { "居民", "单位" },
    { "居民", "月收入" },       { "户", "成员" },
    { "户", "户籍在本县" },     { "户", "财产符合规定" },
    { "园区", "经县申报" },     { "园区", "认定级别" },
    { "园区", "已发县级配套" }, { "单位", "有空缺岗位" },
    { "从业经历", "农村" },     { "从业经历", "开始日期" },
    { "从业经历", "结束日期" }, { "居民", "township" },
    { "居民", "证书" },         { "居民", "人事档案" },
    { "岗位", "专门面向" },     { "认定", "撤销日期" },
    { "人事档案", "保管机构" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (used); i++)
    if (!registry_entity_attribute (registry_schema_entity (schema, used[i][0]), used[i][1]))
      g_error ("%s.%s is not in the schema", used[i][0], used[i][1]);
}

static void
test_barriers (void)
{
  g_autoptr (RegistrySchema) schema = load ("policy/minhou-2021-81/registry.yaml");
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *resident = registry_schema_entity (schema, "resident");
  const RegistryAttribute *hukou = registry_entity_attribute (resident, "hukou_place");
  const RegistryBarrier *barrier = registry_entity_attribute (resident, "taiwan")->barrier;
  g_assert_null (registry_entity_attribute (resident, "name")->barrier);
  g_assert_cmpstr (registry_barrier_id (barrier->kind), ==, "origin");
  g_assert_cmpuint (barrier->n_recomputed, ==, 1);
  g_assert_true (barrier->recomputed[0].attribute == hukou);
  FeelValue there = registry_recomputed_value (arena, barrier->recomputed, feel_boolean (true)),
            here = registry_recomputed_value (arena, barrier->recomputed, feel_boolean (false));
  g_assert_true (text_equal (there.string, text_of ("台湾")) && text_equal (here.string, text_of ("本县")));
  g_assert_cmpuint (hukou->barrier->n_held, ==, 5);
  g_assert_cmpstr (hukou->barrier->held[1]->id, ==, "hukou_code");
}

static void
test_retention (void)
{
  g_autoptr (RegistrySchema) schema = load ("tests/registry/retention.yaml");
  const RegistryEntity *person = registry_schema_entity (schema, "person");
  const RegistryRetention *name = registry_retention (schema, registry_entity_attribute (person, "name"));
  g_assert_cmpint (name->years, ==, 3);
  g_assert_true (name->at_least);
  g_assert_cmpstr (name->from_zh, ==, "读取之日");
  g_assert_cmpstr (name->reason_en, ==, "A law, article 1");
  g_assert_null (name->url);
  g_assert_true (registry_log_retention (schema) == name);
  const RegistryRetention *married
      = registry_retention (schema, registry_entity_attribute (person, "married"));
  g_assert_cmpint (married->years, ==, 0);
  g_assert_false (married->at_least);
  g_assert_cmpstr (married->url, ==, "https://example.invalid/law");
  g_assert_null (registry_retention (schema, registry_schema_entity (schema, "home")->attributes));
  g_autoptr (RegistrySchema) without = load ("tests/registry/county.yaml");
  g_assert_null (registry_log_retention (without));
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (registry_schema_load ("/nowhere/registry.yaml", &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/nowhere/registry.yaml"));
}

static void
test_bad (gconstpointer path)
{
  gsize len;
  g_autofree char *bytes = support_read (path, &len);
  char *end = strchr (bytes, '\n');
  g_assert_true (end && g_str_has_prefix (bytes, "# expect:"));
  *end = 0;
  g_autofree char *expected = g_strdup_printf ("%s:%s", (const char *)path, bytes + strlen ("# expect:"));
  g_autoptr (GError) error = NULL;
  g_assert_null (registry_schema_load (path, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  if (!g_str_has_prefix (error->message, expected))
    g_error ("said   %s\n   expected %s", error->message, expected);
}

static void
add_bad_files (void)
{
  g_autofree char *folder = support_source ("tests/registry/bad");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  const char *name;
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *title = g_strconcat ("/registry/schema/bad/", name, NULL);
    g_test_add_data_func_full (title, g_build_filename (folder, name, NULL), test_bad, g_free);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registry/schema/county", test_county);
  g_test_add_func ("/registry/schema/types", test_types);
  g_test_add_func ("/registry/schema/subjects", test_subjects);
  g_test_add_func ("/registry/schema/hash", test_hash);
  g_test_add_func ("/registry/schema/minhou", test_minhou);
  g_test_add_func ("/registry/schema/missing file", test_missing_file);
  g_test_add_func ("/registry/schema/barriers", test_barriers);
  g_test_add_func ("/registry/schema/retention", test_retention);
  add_bad_files ();
  return g_test_run ();
}
