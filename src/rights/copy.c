/* Everything on record about a person: themselves, and the records about them. */
#include "rights/rights_private.h"

enum { REQUESTS_MAX = 10000, NOTICES_MAX = 10000 };

/* The person, and whoever refers to them by a reference that a collection of theirs
 * follows, unless that is a person as well: a child's facts are the child's. */
static bool
list_subjects (Rights *rights, Arena *arena, Subject person, GArray *subjects, GError **error)
{
  const RegistryEntity *entity = registry_subject_entity (registry_schema (rights->registry), person);
  g_array_append_val (subjects, person);
  for (size_t i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    if (a->kind != REGISTRY_COLLECTION || a->target == entity)
      continue;
    size_t n;
    const Subject *found = registry_referrers (rights->registry, arena, person, a, &n, error);
    if (!found)
      return false;
    for (size_t k = 0; k < n; k++) {
      bool seen = false;
      for (guint s = 0; s < subjects->len; s++)
        seen |= g_array_index (subjects, Subject, s) == found[k];
      if (!seen)
        g_array_append_val (subjects, found[k]);
    }
  }
  return true;
}

static bool
read_part (Rights *rights, Arena *arena, Subject subject, RegistryMoment at, RightsPart *part, GError **error)
{
  const RegistryReading *reading = registry_read (rights->registry, arena, subject, NULL, 0, at, error);
  if (!reading)
    return false;
  *part = (RightsPart){ .subject = subject, .facts = registry_reading_facts (reading, &part->n_facts) };
  registry_reading_facts (reading, &part->n_facts);
  part->records = registry_records (rights->registry, arena, subject, &part->n_records, error);
  return part->records;
}

bool
rights_copy_account (RightsCopy *copy, Arena *arena, Access *access, const char *token, GError **error)
{
  copy->given = access_mandates (access, arena, copy->person, false, &copy->n_given, error);
  copy->received
      = copy->given ? access_mandates (access, arena, copy->person, true, &copy->n_received, error) : NULL;
  copy->sessions = copy->received ? access_sessions (access, arena, token, &copy->n_sessions, error) : NULL;
  return copy->sessions;
}

bool
rights_copy_notices (RightsCopy *copy, Arena *arena, Notices *notices, const AccessAccount *who,
                     GError **error)
{
  NoticeFilter filter = { .limit = NOTICES_MAX };
  size_t n;
  copy->notices = notices_inbox (notices, arena, who, &filter, &copy->n_notices, error);
  /* What came in between is not in the first list. */
  filter.before = copy->n_notices ? copy->notices[0].id + 1 : 0;
  filter.english = true;
  copy->notices_en = copy->notices ? notices_inbox (notices, arena, who, &filter, &n, error) : NULL;
  copy->n_notices = MIN (copy->n_notices, copy->notices_en ? n : 0);
  copy->choice = copy->notices_en ? notices_choice (notices, arena, who, error) : NULL;
  return copy->choice;
}

RightsCopy *
rights_copy (Rights *rights, Arena *arena, Subject person, GError **error)
{
  if (!registry_subject_entity (registry_schema (rights->registry), person)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "this account stands for no subject");
    return NULL;
  }
  g_autoptr (GArray) subjects = g_array_new (FALSE, FALSE, sizeof (Subject));
  if (!list_subjects (rights, arena, person, subjects, error))
    return NULL;
  RightsCopy *copy = arena_new0 (arena, RightsCopy, 1);
  RightsPart *parts = arena_new0 (arena, RightsPart, subjects->len);
  *copy
      = (RightsCopy){ .person = person, .made_at = rights_now (), .parts = parts, .n_parts = subjects->len };
  RegistryMoment at = { civil_day_of (copy->made_at), G_MAXINT64 };
  for (guint i = 0; i < subjects->len; i++)
    if (!read_part (rights, arena, g_array_index (subjects, Subject, i), at, &parts[i], error))
      return NULL;
  RightsFilter own = { .person = person, .limit = REQUESTS_MAX };
  copy->requests = rights_requests (rights, arena, &own, &copy->n_requests, error);
  return copy->requests ? copy : NULL;
}
