/* Whose case it is, for its papers, and where they live. */
#include "cases/cases_private.h"

static bool
reads (const AccessPermit *permit, const char *member)
{
  size_t n;
  const FeelPath *paths = access_permit_paths (permit, &n);
  for (size_t i = 0; i < n; i++)
    if (paths[i].n == 1 && text_equal (paths[i].members[0], text_of (member)))
      return true;
  return !paths;
}

bool
name_own_text (Arena *arena, const AccessPermit *permit, const RegistryAttribute *attribute,
               RegistryMoment at, const char **text, GError **error)
{
  *text = NULL;
  if (!attribute || !reads (permit, attribute->zh))
    return true;
  Text member = text_of (attribute->zh);
  const FeelPath path = { .n = 1, .members = &member };
  const RegistryReading *reading = access_read (permit, arena, &path, 1, at, error);
  size_t n = 0;
  const RegistryProvenance *const *facts = reading ? registry_reading_facts (reading, &n) : NULL;
  for (size_t i = 0; i < n; i++)
    if (facts[i]->subject == access_permit_subject (permit) && facts[i]->attribute == attribute
        && facts[i]->value.kind == FEEL_STRING)
      *text = arena_text (arena, facts[i]->value.string);
  return reading;
}

const char *
cases_applicant_name (Cases *cases, Arena *arena, const AccessAccount *who, const Case *c, GError **error)
{
  const RegistryAttribute *label
      = registry_subject_entity (policy_schema (cases->options.package), c->applicant)->label;
  if (!c->matter || !label)
    return "—";
  const char *name;
  const AccessPermit *permit
      = policy_permit (cases->options.access, arena, party_asker (arena, who, c->applicant),
                       c->matter->clause, c->applicant, error);
  if (!permit || !name_own_text (arena, permit, label, c->at, &name, error))
    return NULL;
  return name ? name : "—";
}
