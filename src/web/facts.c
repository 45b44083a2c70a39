/* Facts: what is on record about a subject, as its page shows it. */
#include "web/facts.h"

#include "web/determine.h"

/* ---- names ------------------------------------------------------------- */

/* Whoever sees their own record sees by name what it refers to: the household, the
 * unit they work for, where they live. */
static bool
read_names (const WebRequest *request, const AccessPermit *permit, SubjectModel *m, RegistryMoment at,
            GError **error)
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
  const RegistryReading *reading = access_read (permit, request->arena, paths, n, at, error);
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

/* What the reader has of their own record. */
static bool
read_own (const WebRequest *request, SubjectModel *m, RegistryMoment at, GError **error)
{
  const AccessPermit *permit = access_permit (request->web->access, request->arena, request->account,
                                              ACCESS_SELF, m->subject, error);
  const RegistryReading *reading = permit ? access_read (permit, request->arena, NULL, 0, at, error) : NULL;
  if (!reading || !read_names (request, permit, m, at, error))
    return false;
  m->facts = registry_reading_facts (reading, &m->n_facts);
  return true;
}

/* Whose name stands before a fact, and which are worth a line of their own: what a person,
 * household or body has, and no lists. */
static bool
is_listed (const WebRequest *request, const RegistryProvenance *fact)
{
  return fact->attribute->kind != REGISTRY_COLLECTION
         && registry_subject_entity (registry_schema (request->web->registry), fact->subject)->label;
}

/* Whether the same fact is there: a resident is a member of their household, too. */
static bool
is_among (const GPtrArray *facts, const RegistryProvenance *fact)
{
  for (guint i = 0; i < facts->len; i++) {
    const RegistryProvenance *there = facts->pdata[i];
    if (there->subject == fact->subject && there->attribute == fact->attribute)
      return true;
  }
  return false;
}

static bool
add_facts (const WebRequest *request, const AccessPermit *permit, RegistryMoment at, GPtrArray *facts,
           GError **error)
{
  const RegistryReading *reading = access_read (permit, request->arena, NULL, 0, at, error);
  size_t n = 0;
  const RegistryProvenance *const *read = reading ? registry_reading_facts (reading, &n) : NULL;
  for (size_t i = 0; i < n; i++)
    if (is_listed (request, read[i]) && !is_among (facts, read[i]))
      g_ptr_array_add (facts, (gpointer)(gsize)read[i]);
  return reading;
}

/* What the clause needs of the subject, and of whom they may ask for. */
static bool
read_under_clause (const WebRequest *request, SubjectModel *m, RegistryMoment at, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new ();
  if (!add_facts (request, m->permit, at, facts, error))
    return false;
  const RegistryAttribute *last = NULL; /* provisions about one household stand together */
  for (size_t i = 0; i < m->clause->n_provisions; i++) {
    const RegistryAttribute *applicant = m->clause->provisions[i].applicant;
    const AccessPermit *about = NULL;
    const char *name;
    if (!applicant || applicant == last || applicant->entity != m->entity)
      continue;
    if (!access_permit_through (m->permit, request->arena, applicant, at, &about, &name, error)
        || (about && !add_facts (request, about, at, facts, error)))
      return false;
    last = applicant;
  }
  m->n_facts = m->n_named = facts->len;
  m->facts = m->named = arena_copy (request->arena, facts->pdata, facts->len * sizeof (gpointer));
  return true;
}

/* ---- members of a household -------------------------------------------- */

static const RegistryAttribute *
members_of (const RegistryEntity *entity)
{
  const RegistryAttribute *members = registry_entity_attribute (entity, "members");
  return members && members->kind == REGISTRY_COLLECTION ? members : NULL;
}

static HouseholdMember *
find_member (SubjectModel *m, Subject subject)
{
  for (size_t i = 0; i < m->n_members; i++)
    if (m->members[i].subject == subject)
      return &m->members[i];
  m->members[m->n_members] = (HouseholdMember){ subject, "—", "—" };
  return &m->members[m->n_members++];
}

/* Name and relation of a member stand in the table of members, not among the facts. */
static const char **
member_cell (SubjectModel *m, const RegistryProvenance *fact)
{
  const RegistryAttribute *members = members_of (m->entity);
  if (!members || fact->attribute->entity != members->target || fact->subject == m->subject)
    return NULL;
  if (fact->attribute == members->target->label)
    return &find_member (m, fact->subject)->name;
  if (g_str_equal (fact->attribute->id, "household_role"))
    return &find_member (m, fact->subject)->role;
  return NULL;
}

static void
take_members (const Page *page, SubjectModel *m)
{
  m->members = arena_new0 (page->arena, HouseholdMember, m->n_facts);
  const RegistryProvenance **others = arena_new0 (page->arena, const RegistryProvenance *, m->n_facts);
  size_t n = 0;
  for (size_t i = 0; i < m->n_facts; i++) {
    const char **cell = member_cell (m, m->facts[i]);
    if (!cell)
      others[n++] = m->facts[i];
    else if (view_is_recorded (m->facts[i]))
      *cell = view_plain_fact (page, m->facts[i]);
  }
  m->facts = others;
  m->n_facts = n;
}

bool
facts_read (const WebRequest *request, SubjectModel *m, GError **error)
{
  RegistryMoment at = { .valid_at = m->as_of, .known_at = G_MAXINT64 };
  size_t stated_facts;
  if (!(m->own ? read_own (request, m, at, error) : read_under_clause (request, m, at, error)))
    return false;
  Page page = web_page (request, NULL, NAV_NONE);
  take_members (&page, m);
  m->stated = group_facts (&page, m, is_stated, &m->n_stated, &stated_facts);
  m->absent = group_facts (&page, m, is_absent, &m->n_absent, &m->absent_facts);
  m->unrecorded = group_facts (&page, m, is_unrecorded, &m->n_unrecorded, &m->unrecorded_facts);
  return true;
}

const char *
facts_label (const Page *page, const SubjectModel *m, const RegistryProvenance *fact)
{
  const char *label = page_label (page, fact->attribute->zh, fact->attribute->en);
  if (fact->subject == m->subject)
    return label;
  for (size_t i = 0; i < m->n_named; i++)
    if (m->named[i]->subject == fact->subject && m->named[i]->attribute == fact->attribute->entity->label
        && m->named[i]->value.kind == FEEL_STRING)
      return arena_printf (page->arena, "%s · %s", view_plain_fact (page, m->named[i]), label);
  return arena_printf (page->arena, "%s · %s",
                       page_label (page, fact->attribute->entity->zh, fact->attribute->entity->en), label);
}
