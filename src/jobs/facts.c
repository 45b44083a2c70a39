/* What a person's record has that a profile can show, and that decides what they may be shown: read under the
 * permit of whoever asks, for the clause. */
#include "jobs/jobs_private.h"

#include "market/market.h"

/* Of the resident: in this order.  A truth is offered where it is true. */
static const char *const own[]
    = { "education",   "graduation_date", "occupation", "skill_level",   "skill_trade",
        "title_level", "title_name",      "veteran",    "hard_to_employ" };
static const char *const of_certificate[] = { "name", "valid_until", "revoked_on" };
static const char *const of_spell[] = { "occupation", "started_on", "ended_on" };
enum { PATHS = G_N_ELEMENTS (own) + 2 + G_N_ELEMENTS (of_certificate) + G_N_ELEMENTS (of_spell), STEPS = 2 };

typedef struct {
  const Jobs *jobs;
  Arena *arena;
  GArray *facts;
} Gather;

bool
seeker_check (const Jobs *jobs, const AccessAccount *who, GError **error)
{
  if (access_may (who, ACCESS_APPLY) && who->subject
      && registry_subject_entity (policy_schema (jobs->options.package), who->subject) == jobs->resident)
    return true;
  return jobs_refuse (error, FAULT_DENIED, "this is for residents, for themselves");
}

static FeelPath
path_of (Arena *arena, const RegistryAttribute *first, const RegistryAttribute *second)
{
  Text *members = arena_new0 (arena, Text, STEPS);
  members[0] = text_of (first->zh);
  if (second)
    members[1] = text_of (second->zh);
  return (FeelPath){ .n = second ? 2 : 1, .members = members };
}

static void
add_paths (const Jobs *jobs, Arena *arena, const char *collection, const char *const *ids, size_t n_ids,
           FeelPath *paths, size_t *n)
{
  const RegistryAttribute *through = registry_entity_attribute (jobs->resident, collection);
  for (size_t i = 0; i < n_ids; i++)
    paths[(*n)++] = path_of (arena, through, registry_entity_attribute (through->target, ids[i]));
}

static FeelValue
read_record (const Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker, const FeelPath *paths,
             size_t n, GError **error)
{
  RegistryMoment now = { jobs_today (jobs), G_MAXINT64 };
  const AccessPermit *permit = policy_permit (jobs->options.access, arena, who, jobs->clause, seeker, error);
  const RegistryReading *reading = permit ? access_read (permit, arena, paths, n, now, error) : NULL;
  return reading ? registry_reading_value (reading) : feel_null ();
}

static void
add (const Gather *g, const RegistryAttribute *attribute, const char *value)
{
  JobsFact fact = { .id = attribute->id, .label = { attribute->zh, attribute->en }, .value = value };
  for (size_t i = 0; i < attribute->n_values && attribute->values_en; i++)
    if (g_str_equal (attribute->values[i], value))
      fact.value_en = attribute->values_en[i];
  if (g->facts->len < JOBS_FACTS_MAX)
    g_array_append_val (g->facts, fact);
}

static const FeelValue *
member (const FeelContext *context, const RegistryAttribute *attribute)
{
  return feel_context_get (context, text_of (attribute->zh));
}

static void
add_own (const Gather *g, const FeelContext *context)
{
  for (size_t i = 0; i < G_N_ELEMENTS (own); i++) {
    const RegistryAttribute *attribute = registry_entity_attribute (g->jobs->resident, own[i]);
    const FeelValue *value = member (context, attribute);
    if (!value || value->kind == FEEL_NULL || value->kind == FEEL_UNKNOWN)
      continue;
    if (value->kind == FEEL_BOOLEAN) {
      if (value->boolean)
        add (g, attribute, "是");
    } else
      add (g, attribute, feel_display (g->arena, *value));
  }
}

/* The members of COLLECTION; none where it is not known. */
static const FeelList *
list_of (const Gather *g, const FeelContext *context, const RegistryAttribute *collection)
{
  static const FeelList none = { 0 };
  const FeelValue *value = member (context, collection);
  return value && value->kind == FEEL_LIST ? value->list : &none;
}

static bool
is_before (const FeelValue *day, Day today)
{
  return day && day->kind == FEEL_DATE && day->date < today;
}

/* Those in force. */
static void
add_certificates (const Gather *g, const FeelContext *context)
{
  const RegistryAttribute *collection = registry_entity_attribute (g->jobs->resident, "certificates");
  const RegistryEntity *entity = collection->target;
  const FeelList *list = list_of (g, context, collection);
  for (size_t i = 0; i < list->n; i++) {
    if (list->items[i].kind != FEEL_CONTEXT)
      continue;
    const FeelContext *one = list->items[i].context;
    const FeelValue *name = member (one, registry_entity_attribute (entity, "name"));
    Day today = jobs_today (g->jobs);
    if (name && name->kind == FEEL_STRING
        && !is_before (member (one, registry_entity_attribute (entity, "valid_until")), today)
        && !is_before (member (one, registry_entity_attribute (entity, "revoked_on")), today + 1))
      add (g, collection, feel_display (g->arena, *name));
  }
}

static void
add_spells (const Gather *g, const FeelContext *context)
{
  const RegistryAttribute *collection = registry_entity_attribute (g->jobs->resident, "work_history");
  const FeelList *list = list_of (g, context, collection);
  for (size_t i = 0; i < list->n; i++) {
    const FeelValue *values[G_N_ELEMENTS (of_spell)];
    for (size_t k = 0; k < G_N_ELEMENTS (of_spell); k++)
      values[k]
          = list->items[i].kind == FEEL_CONTEXT
                ? member (list->items[i].context, registry_entity_attribute (collection->target, of_spell[k]))
                : NULL;
    if (!values[0] || values[0]->kind != FEEL_STRING || !values[1] || values[1]->kind != FEEL_DATE)
      continue;
    bool ended = values[2] && values[2]->kind == FEEL_DATE;
    add (g, collection,
         arena_printf (g->arena, "%s %s—%s", feel_display (g->arena, *values[0]),
                       feel_display (g->arena, *values[1]),
                       ended ? feel_display (g->arena, *values[2]) : ""));
  }
}

/* A day or a truth, as a market takes it. */
static gint64
plain_value (const FeelValue *value)
{
  if (value && value->kind == FEEL_DATE)
    return value->date;
  if (value && value->kind == FEEL_BOOLEAN)
    return value->boolean;
  return value && value->kind == FEEL_NULL ? MARKET_NONE : MARKET_UNKNOWN;
}

bool
seeker_read (const Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker, SeekerRecord *record,
             GError **error)
{
  g_autoptr (GArray) facts = g_array_new (FALSE, FALSE, sizeof (JobsFact));
  Gather g = { jobs, arena, facts };
  FeelPath paths[PATHS];
  size_t n = 0;
  const RegistryAttribute *born = registry_entity_attribute (jobs->resident, "birth_date"),
                          *township = registry_entity_attribute (jobs->resident, "township"),
                          *hard = registry_entity_attribute (jobs->resident, "hard_to_employ");
  for (size_t i = 0; i < G_N_ELEMENTS (own); i++) /* hard_to_employ is one of them */
    paths[n++] = path_of (arena, registry_entity_attribute (jobs->resident, own[i]), NULL);
  paths[n++] = path_of (arena, born, NULL);
  paths[n++] = path_of (arena, township, NULL);
  add_paths (jobs, arena, "certificates", of_certificate, G_N_ELEMENTS (of_certificate), paths, &n);
  add_paths (jobs, arena, "work_history", of_spell, G_N_ELEMENTS (of_spell), paths, &n);
  FeelValue value = read_record (jobs, arena, who, seeker, paths, n, error);
  if (value.kind != FEEL_CONTEXT)
    return false;
  const FeelValue *home = member (value.context, township);
  add_own (&g, value.context);
  add_certificates (&g, value.context);
  add_spells (&g, value.context);
  *record = (SeekerRecord){ .born = plain_value (member (value.context, born)),
                            .hard_to_employ = plain_value (member (value.context, hard)),
                            .home = home && home->kind == FEEL_STRING ? feel_display (arena, *home) : NULL,
                            .n_facts = facts->len,
                            .facts = jobs_keep (arena, facts) };
  return true;
}

const JobsFact *
jobs_own_facts (Jobs *jobs, Arena *arena, const AccessAccount *who, size_t *n, GError **error)
{
  SeekerRecord record;
  *n = 0;
  if (!seeker_check (jobs, who, error) || !seeker_read (jobs, arena, who, who->subject, &record, error))
    return NULL;
  *n = record.n_facts;
  return record.facts;
}

const char *
seeker_name (const Jobs *jobs, Arena *arena, const AccessAccount *who, GError **error)
{
  FeelPath path = path_of (arena, registry_entity_attribute (jobs->resident, "name"), NULL);
  FeelValue value = read_record (jobs, arena, who, who->subject, &path, 1, error);
  if (value.kind != FEEL_CONTEXT)
    return NULL;
  const FeelValue *name = feel_context_get (value.context, path.members[0]);
  return name && name->kind == FEEL_STRING ? feel_display (arena, *name) : "";
}
