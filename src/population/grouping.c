/* Which group everybody is in. */
#include "population_private.h"

#include <string.h>

/* Attributes that make groups, found by id where the entity has them.  A post's "sex"
 * is the one it asks for: what is of people alone needs a date of birth. */
static const struct {
  const char *id, *attribute;
  PolicyText name;
  bool of_people;
} kinds[POPULATION_GROUPINGS] = {
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

static const PolicyText nowhere = { "未登记", "Not on record" };

static void
add_grouping (PopulationGrouping *to, size_t *n, const char *id, PolicyText name,
              const RegistryAttribute *attribute)
{
  to[(*n)++] = (PopulationGrouping){ .id = id, .name = name, .attribute = attribute };
}

/* A park is a group of its own; others are grouped by what KINDS names. */
size_t
population_grouped_by (const RegistryEntity *entity, PopulationGrouping *to)
{
  bool people = registry_entity_attribute (entity, "birth_date") != NULL;
  size_t n = 0;
  if (g_str_equal (entity->id, "park") && entity->label) {
    add_grouping (to, &n, "park", (PolicyText){ "园区", "Park" }, entity->label);
    return n;
  }
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const RegistryAttribute *a = registry_entity_attribute (entity, kinds[i].attribute);
    RegistryKind wanted = g_str_equal (kinds[i].id, "age") ? REGISTRY_DATE : REGISTRY_TEXT;
    if (a && a->kind == wanted && (people || !kinds[i].of_people))
      add_grouping (to, &n, kinds[i].id, kinds[i].name, a);
  }
  return n;
}

/* ---- texts ------------------------------------------------------------------ */

/* What people call the group: a township by its name on that day, a value by its label. */
static PolicyText
name_of (const PopulationGrouping *g, const PolicyPackage *package, Day as_of, const char *id)
{
  const RegistryDivisions *divisions = policy_divisions (package);
  const char *township
      = divisions && g_str_equal (g->id, "township") ? registry_division_name (divisions, id, as_of) : NULL;
  if (!*id)
    return nowhere;
  if (township)
    return (PolicyText){ township, township };
  for (size_t i = 0; g->attribute->values_en && i < g->attribute->n_values; i++)
    if (g_str_equal (g->attribute->values[i], id))
      return (PolicyText){ id, g->attribute->values_en[i] };
  return (PolicyText){ id, id };
}

static size_t
text_at (const ColumnsColumn *column, size_t row)
{
  bool absent = (column->none && column->none[row]) || (column->unknown && column->unknown[row]);
  if (absent)
    return column->n_texts;
  switch (column->width) {
  case 1: return (size_t)((const gint8 *)column->values)[row];
  case 2: return (size_t)((const gint16 *)column->values)[row];
  case 4: return (size_t)((const gint32 *)column->values)[row];
  default: return (size_t)((const gint64 *)column->values)[row];
  }
}

typedef struct {
  const char *id;
  size_t text;
} Used;

/* By id, those without one last. */
static int
compare_used (gconstpointer a, gconstpointer b)
{
  const char *x = ((const Used *)a)->id, *y = ((const Used *)b)->id;
  return !*x || !*y ? !*x - !*y : strcmp (x, y);
}

/* The texts that somebody has, in order, and the code of each. */
static void
group_texts (PopulationGrouping *g, const ColumnsColumn *column, size_t n, const PolicyPackage *package,
             Day as_of, Arena *arena)
{
  guint32 *of = arena_new0 (arena, guint32, n);
  g_autofree guint32 *codes = g_new0 (guint32, column->n_texts + 1);
  g_autoptr (GArray) used = g_array_new (FALSE, FALSE, sizeof (Used));
  for (size_t row = 0; row < n; row++) {
    size_t text = text_at (column, row);
    if (!codes[text]++) {
      Used u = { text < column->n_texts ? arena_text (arena, column->texts[text]) : "", text };
      g_array_append_val (used, u);
    }
  }
  g_array_sort (used, compare_used);
  PopulationGroupName *groups = arena_new0 (arena, PopulationGroupName, used->len);
  for (guint i = 0; i < used->len; i++) {
    const Used *u = &g_array_index (used, Used, i);
    groups[i] = (PopulationGroupName){ u->id, name_of (g, package, as_of, u->id) };
    codes[u->text] = i;
  }
  for (size_t row = 0; row < n; row++)
    of[row] = codes[text_at (column, row)];
  g->n = used->len;
  g->groups = groups;
  g->of = of;
}

/* ---- ages --------------------------------------------------------------------- */

/* The last day of birth of those who have completed YEARS on DAY. */
static Day
latest_birth (int years, Day day)
{
  Day birth = civil_add_months (day, -12 * years);
  while (civil_add_months (birth + 1, 12 * years) <= day)
    birth++;
  while (civil_add_months (birth, 12 * years) > day)
    birth--;
  return birth;
}

static Day
day_at (const ColumnsColumn *column, size_t row)
{
  return column->width == 2   ? ((const gint16 *)column->values)[row]
         : column->width == 4 ? ((const gint32 *)column->values)[row]
         : column->width == 8 ? ((const gint64 *)column->values)[row]
                              : ((const gint8 *)column->values)[row];
}

/* From young to old; those whose date is not on record, or later than AS_OF, are nowhere. */
static void
group_ages (PopulationGrouping *g, const ColumnsColumn *column, size_t n, Day as_of, Arena *arena)
{
  enum { BANDS = G_N_ELEMENTS (ages) };
  PopulationGroupName *groups = arena_new0 (arena, PopulationGroupName, BANDS + 1);
  guint32 *of = arena_new0 (arena, guint32, n);
  Day latest[BANDS];
  bool others = false;
  for (size_t i = 0; i < BANDS; i++) {
    groups[i] = (PopulationGroupName){ ages[i].id, { ages[i].id, ages[i].id } };
    latest[i] = latest_birth (ages[i].from, as_of);
  }
  groups[BANDS] = (PopulationGroupName){ "", nowhere };
  for (size_t row = 0; row < n; row++) {
    bool absent = (column->none && column->none[row]) || (column->unknown && column->unknown[row]);
    guint32 band = BANDS;
    for (size_t i = 0; !absent && i < BANDS && day_at (column, row) <= latest[i]; i++)
      band = (guint32)i;
    of[row] = band;
    others |= band == BANDS;
  }
  g->n = BANDS + others;
  g->groups = groups;
  g->of = of;
}

/* ---- all ------------------------------------------------------------------------ */

const PopulationGrouping *
population_groupings (const PolicyPackage *package, const County *county, const RegistryEntity *entity,
                      Day as_of, Arena *arena, size_t *n)
{
  PopulationGrouping *groupings = arena_new0 (arena, PopulationGrouping, POPULATION_GROUPINGS);
  size_t n_rows = county_subjects (county, entity);
  *n = population_grouped_by (entity, groupings);
  for (size_t i = 0; i < *n; i++) {
    PopulationGrouping *g = &groupings[i];
    const ColumnsColumn *column = county_column (county, g->attribute);
    if (column && column->kind == COLUMNS_DATE)
      group_ages (g, column, n_rows, as_of, arena);
    else if (column)
      group_texts (g, column, n_rows, package, as_of, arena);
  }
  return groupings;
}

/* ---- everybody of a kind --------------------------------------------------------- */

Kind *
kind_new (const County *county, const RegistryEntity *entity)
{
  Kind *kind = g_new0 (Kind, 1);
  *kind = (Kind){ .entity = entity,
                  .table = county_table (county, entity),
                  .n = county_subjects (county, entity) };
  return kind;
}

void
kind_free (Kind *kind)
{
  if (!kind)
    return;
  audit_set_free (kind->set);
  g_clear_pointer (&kind->arena, arena_free);
  g_free (kind);
}

size_t
kind_chunks (const Kind *kind)
{
  return (kind->n + COLUMNS_CHUNK - 1) / COLUMNS_CHUNK;
}

void
kind_group (Kind *kind, const PolicyPackage *package, const County *county, Day as_of)
{
  if (kind->arena)
    return;
  kind->arena = arena_new ();
  kind->groupings
      = population_groupings (package, county, kind->entity, as_of, kind->arena, &kind->n_groupings);
  for (size_t g = 0; g < kind->n_groupings; g++)
    kind->n_groups += kind->groupings[g].n;
  guint16 *sizes = arena_new0 (kind->arena, guint16, kind_chunks (kind) * kind->n_groups), *first = sizes;
  kind->sizes = sizes;
  for (size_t g = 0; g < kind->n_groupings; first += kind->groupings[g++].n)
    for (size_t row = 0; row < kind->n; row++)
      first[row / COLUMNS_CHUNK * kind->n_groups + kind->groupings[g].of[row]]++;
}

static bool
same_groups (const PopulationGrouping *a, const PopulationGrouping *b)
{
  bool same = a->n == b->n;
  for (size_t g = 0; g < a->n && same; g++)
    same = g_str_equal (a->groups[g].id, b->groups[g].id);
  return same;
}

bool
kind_change (Kind *kind, const PolicyPackage *package, const County *county, Day as_of)
{
  Kind before = *kind;
  bool same = true;
  *kind = (Kind){ .entity = before.entity,
                  .table = county_table (county, before.entity),
                  .n = county_subjects (county, before.entity) };
  audit_set_free (before.set);
  if (!before.arena)
    return false;
  kind_group (kind, package, county, as_of);
  for (size_t g = 0; g < kind->n_groupings; g++)
    same &= same_groups (&before.groupings[g], &kind->groupings[g]);
  arena_free (before.arena);
  return !same;
}
