/* The subjects of one entity, and the groups that they are counted in. */
#include "population_private.h"

/* Attributes that make groups, found by id where the entity has them.  A post's "sex"
 * is the one it asks for: what is of people alone needs a date of birth. */
static const struct {
  const char *id, *attribute;
  PolicyText name;
  bool of_people;
} kinds[ROSTER_DIMENSIONS] = {
  { "township", "township", { "乡镇", "Township" }, false },
  { "sex", "sex", { "性别", "Sex" }, true },
  { "age", "birth_date", { "年龄段", "Age" }, true },
  { "hukou", "hukou_place", { "户籍地", "Place of registration" }, true },
};

static const struct {
  const char *id;
  int from;
} ages[] = { { "0-5", 0 },    { "6-15", 6 },   { "16-24", 16 }, { "25-34", 25 },
             { "35-44", 35 }, { "45-59", 45 }, { "60+", 60 } };

static void
group_free (gpointer data)
{
  RosterGroup *group = data;
  g_free (group->id);
  g_free (group);
}

static void
add_dimension (Roster *r, const char *id, PolicyText name, const RegistryAttribute *attribute)
{
  RosterDimension *d = &r->dimensions[r->n_dimensions++];
  *d = (RosterDimension){ .id = id,
                          .name = name,
                          .attribute = attribute,
                          .age = attribute->kind == REGISTRY_DATE,
                          .groups = g_ptr_array_new_with_free_func (group_free),
                          .codes = g_hash_table_new (g_str_hash, g_str_equal),
                          .of = g_array_new (FALSE, FALSE, sizeof (guint32)) };
}

/* A park is a group of its own; others are grouped by what KINDS names. */
static void
find_dimensions (Roster *r)
{
  const RegistryEntity *e = r->entity;
  bool people = registry_entity_attribute (e, "birth_date") != NULL;
  if (g_str_equal (e->id, "park") && e->label) {
    add_dimension (r, "park", (PolicyText){ "园区", "Park" }, e->label);
    return;
  }
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const RegistryAttribute *a = registry_entity_attribute (e, kinds[i].attribute);
    RegistryKind wanted = g_str_equal (kinds[i].id, "age") ? REGISTRY_DATE : REGISTRY_TEXT;
    if (a && a->kind == wanted && (people || !kinds[i].of_people))
      add_dimension (r, kinds[i].id, kinds[i].name, a);
  }
}

Roster *
roster_new (const PopulationOptions *options, const RegistryEntity *entity, GError **error)
{
  Roster *r = g_new0 (Roster, 1);
  r->entity = entity;
  r->subjects = g_array_new (FALSE, FALSE, sizeof (Subject));
  r->set = audit_set_new ();
  find_dimensions (r);
  r->scan = registry_scan_new (options->registry, entity, error);
  GError *fault = NULL;
  for (Subject subject; r->scan && registry_scan_next (r->scan, &subject, &fault);) {
    g_array_append_val (r->subjects, subject);
    audit_set_add (r->set, subject);
  }
  if (r->scan && !fault)
    return r;
  if (fault)
    g_propagate_error (error, fault);
  roster_free (r);
  return NULL;
}

void
roster_free (Roster *r)
{
  if (!r)
    return;
  for (size_t i = 0; i < r->n_dimensions; i++) {
    g_ptr_array_unref (r->dimensions[i].groups);
    g_hash_table_unref (r->dimensions[i].codes);
    g_array_unref (r->dimensions[i].of);
  }
  g_array_unref (r->subjects);
  audit_set_free (r->set);
  registry_scan_free (r->scan);
  g_free (r);
}

/* ---- groups -------------------------------------------------------------- */

/* Years completed on DAY; negative before birth. */
static int
age_on (Day birth, Day day)
{
  int years = 0;
  while (civil_add_months (birth, 12 * (years + 1)) <= day)
    years++;
  return birth > day ? -1 : years;
}

/* What people call the group: a township by its name on that day, a value by its label. */
static PolicyText
name_of (const RosterDimension *d, const PopulationOptions *options, const char *id)
{
  const RegistryDivisions *divisions = policy_divisions (options->package);
  const char *township = divisions && g_str_equal (d->id, "township")
                             ? registry_division_name (divisions, id, options->as_of)
                             : NULL;
  if (!*id)
    return (PolicyText){ "未登记", "Not on record" };
  if (township)
    return (PolicyText){ township, township };
  for (size_t i = 0; d->attribute->values_en && i < d->attribute->n_values; i++)
    if (g_str_equal (d->attribute->values[i], id))
      return (PolicyText){ id, d->attribute->values_en[i] };
  return (PolicyText){ id, id };
}

static guint32
code_of (RosterDimension *d, const PopulationOptions *options, const char *id)
{
  guint32 code = GPOINTER_TO_UINT (g_hash_table_lookup (d->codes, id));
  if (code)
    return code - 1;
  RosterGroup *group = g_new0 (RosterGroup, 1);
  group->id = g_strdup (id);
  group->name = name_of (d, options, group->id);
  g_ptr_array_add (d->groups, group);
  g_hash_table_insert (d->codes, group->id, GUINT_TO_POINTER (d->groups->len));
  return d->groups->len - 1;
}

/* The id of FACT's group; TEXT has room for one. */
static const char *
id_of (const RosterDimension *d, Day as_of, const RegistryFact *fact, GString *text)
{
  if (fact->state != REGISTRY_VALUE)
    return "";
  if (!d->age) {
    g_string_truncate (text, 0);
    g_string_append_len (text, fact->text.bytes, (gssize)fact->text.len);
    return text->str;
  }
  int age = age_on (fact->integer, as_of);
  for (size_t i = G_N_ELEMENTS (ages); i-- > 0;)
    if (age >= ages[i].from)
      return ages[i].id;
  return ""; /* born later */
}

bool
roster_group (Roster *r, const PopulationOptions *options, GError **error)
{
  if (!r->scan)
    return true;
  g_autoptr (GString) text = g_string_new (NULL);
  GError *fault = NULL;
  for (size_t i = 0; i < r->n_dimensions; i++)
    for (size_t k = 0; r->dimensions[i].age && k < G_N_ELEMENTS (ages); k++)
      code_of (&r->dimensions[i], options, ages[k].id); /* in the order of ages */
  registry_scan_rewind (r->scan);
  for (Subject subject; registry_scan_next (r->scan, &subject, &fault);)
    for (size_t i = 0; i < r->n_dimensions; i++) {
      RosterDimension *d = &r->dimensions[i];
      RegistryFact fact = registry_scan_fact (r->scan, d->attribute);
      guint32 code = code_of (d, options, id_of (d, options->as_of, &fact, text));
      g_array_append_val (d->of, code);
    }
  registry_scan_free (g_steal_pointer (&r->scan)); /* its state of the store is not needed any more */
  if (!fault)
    return true;
  g_propagate_error (error, fault);
  return false;
}
