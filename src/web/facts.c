/* Facts: what is on record about a subject, as its page shows it. */
#include "web/facts.h"

#include "web/determine.h"

/* What staff may read of ENTITY: the purpose of their department's clauses and, where
 * there is one or the name is public, its name. */
static const FeelPath *
staff_paths (const WebRequest *request, const RegistryEntity *entity, size_t *n)
{
  size_t n_clauses;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n_clauses);
  FeelPath *paths = arena_new0 (request->arena, FeelPath, entity->n);
  g_autofree bool *wanted = g_new0 (bool, entity->n);
  bool any = false;
  for (size_t i = 0; i < n_clauses; i++) {
    size_t n_purpose = 0;
    const RegistryAttribute *const *purpose = NULL;
    if (clauses[i]->unit && web_may_ask (request, clauses[i]))
      purpose = policy_clause_purpose (request->web->package, request->arena, clauses[i], &n_purpose);
    for (size_t k = 0; k < n_purpose; k++)
      if (purpose[k]->entity == entity && purpose[k]->kind != REGISTRY_COLLECTION)
        any = wanted[purpose[k]->index] = true;
  }
  if (entity->label && (any || entity->label->sensitivity == REGISTRY_PUBLIC))
    wanted[entity->label->index] = true;
  *n = 0;
  for (size_t i = 0; i < entity->n; i++)
    if (wanted[i]) {
      Text *member = arena_new0 (request->arena, Text, 1);
      *member = text_of (entity->attributes[i].zh);
      paths[(*n)++] = (FeelPath){ .n = 1, .members = member };
    }
  return paths;
}

/* ---- names ------------------------------------------------------------- */

/* Whoever sees their own record sees by name what it refers to: the household, the
 * unit they work for, where they live. */
static bool
read_names (const WebRequest *request, SubjectModel *m, RegistryMoment at, GError **error)
{
  FeelPath *paths = arena_new0 (request->arena, FeelPath, m->entity->n);
  size_t n = 0;
  for (size_t i = 0; i < m->entity->n; i++) {
    const RegistryAttribute *attribute = &m->entity->attributes[i];
    if (attribute->kind != REGISTRY_REFERENCE || !attribute->target->label)
      continue;
    Text *members = arena_new0 (request->arena, Text, 2);
    members[0] = text_of (attribute->zh);
    members[1] = text_of (attribute->target->label->zh);
    paths[n++] = (FeelPath){ .n = 2, .members = members };
  }
  if (!n)
    return true;
  const RegistryReading *reading
      = registry_read (request->web->registry, request->arena, m->subject, paths, n, at, error);
  if (reading)
    m->named = registry_reading_facts (reading, &m->n_named);
  return reading;
}

const char *
facts_value (const Page *page, const SubjectModel *m, const RegistryProvenance *fact)
{
  for (size_t i = 0; fact->target && i < m->n_named; i++)
    if (m->named[i]->subject == fact->target && m->named[i]->attribute == fact->attribute->target->label
        && m->named[i]->value.kind == FEEL_STRING)
      return view_plain_fact (page, m->named[i]);
  return view_plain_fact (page, fact);
}

/* ---- groups ------------------------------------------------------------ */

/* The group of GROUPS that FACT belongs to: the same department, since the same day. */
static FactGroup *
find_group (const Page *page, FactGroup *groups, size_t n, const RegistryProvenance *fact)
{
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (groups[i].source, fact->source)
        && g_str_equal (groups[i].since, view_since (page, fact)))
      return &groups[i];
  return NULL;
}

/* The facts for which IS holds, in groups, both in the schema's order. */
static FactGroup *
group_facts (const Page *page, const SubjectModel *m, bool (*is) (const RegistryProvenance *),
             size_t *n_groups, size_t *n_facts)
{
  FactGroup *groups = arena_new0 (page->arena, FactGroup, m->n_facts);
  *n_groups = *n_facts = 0;
  for (size_t i = 0; i < m->n_facts; i++) {
    if (!is (m->facts[i]))
      continue;
    FactGroup *group = find_group (page, groups, *n_groups, m->facts[i]);
    if (!group) {
      group = &groups[(*n_groups)++];
      *group = (FactGroup){ .source = m->facts[i]->source, .since = view_since (page, m->facts[i]) };
      group->facts = arena_new0 (page->arena, const RegistryProvenance *, m->n_facts);
    }
    group->facts[group->n++] = m->facts[i];
    ++*n_facts;
  }
  return groups;
}

static bool
is_stated (const RegistryProvenance *fact)
{
  return fact->batch && !fact->assumed;
}

static bool
is_absent (const RegistryProvenance *fact)
{
  return fact->assumed;
}

static bool
is_unrecorded (const RegistryProvenance *fact)
{
  return !fact->batch && !fact->assumed;
}

bool
facts_read (const WebRequest *request, SubjectModel *m, GError **error)
{
  RegistryMoment at = { .valid_at = m->as_of, .known_at = G_MAXINT64 };
  size_t n_paths = 0, stated_facts;
  const FeelPath *paths = m->own ? NULL : staff_paths (request, m->entity, &n_paths);
  const RegistryReading *reading
      = registry_read (request->web->registry, request->arena, m->subject, paths, n_paths, at, error);
  if (!reading || (m->own && !read_names (request, m, at, error)))
    return false;
  m->facts = registry_reading_facts (reading, &m->n_facts);
  Page page = web_page (request, NULL, NAV_NONE);
  m->stated = group_facts (&page, m, is_stated, &m->n_stated, &stated_facts);
  m->absent = group_facts (&page, m, is_absent, &m->n_absent, &m->absent_facts);
  m->unrecorded = group_facts (&page, m, is_unrecorded, &m->n_unrecorded, &m->unrecorded_facts);
  return true;
}
