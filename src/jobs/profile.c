/* A seeker's profile. */
#include "jobs/jobs_private.h"

#include "market/market.h"

#include <string.h>

enum { PROFILES_MOST = 100 };

typedef struct {
  Jobs *jobs;
  Arena *arena;
  const AccessAccount *who;
  const JobsProfile *profile;
  const char *name;
  SeekerRecord record;
  StoreOnce once;
  gint64 id, now;
} Saving;

/* ---- reading ---------------------------------------------------------------------------- */

#define COLUMNS                                                                                              \
  "id, name, occupations, places, kinds, pay_from, skills, about, shown, consented, saved_at, seeker, "      \
  "alerts"                                                                                                   \
  " FROM jobs_profile"

static JobsProfile
take (StoreStatement *s, Arena *arena)
{
  return (JobsProfile){ .id = store_integer (s, 0),
                        .name = store_string (s, 1, arena),
                        .occupations = words_split (arena, store_string (s, 2, arena)),
                        .places = words_split (arena, store_string (s, 3, arena)),
                        .kinds = words_split (arena, store_string (s, 4, arena)),
                        .pay_from = store_integer (s, 5),
                        .skills = words_split (arena, store_string (s, 6, arena)),
                        .about = store_string (s, 7, arena),
                        .shown = store_integer (s, 8) != 0,
                        .consented = words_split (arena, store_string (s, 9, arena)),
                        .saved_at = store_integer (s, 10),
                        .alerts = store_integer (s, 12) != 0 };
}

static bool
read_facts (StoreConnection *db, const Jobs *jobs, Arena *arena, JobsProfile *profile, GError **error)
{
  g_autoptr (GArray) facts = g_array_new (FALSE, FALSE, sizeof (JobsFact));
  StoreStatement *s = store_statement (
      db, "SELECT attribute, value FROM jobs_fact WHERE profile = ?1 ORDER BY position", error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, profile->id);
  while ((step = store_step (s, error)) == STORE_ROW) {
    const RegistryAttribute *attribute
        = registry_entity_attribute (jobs->resident, store_string (s, 0, arena));
    JobsFact fact = { .value = store_string (s, 1, arena) };
    if (!attribute)
      continue;
    fact.id = attribute->id;
    fact.label = (PolicyText){ attribute->zh, attribute->en };
    for (size_t i = 0; i < attribute->n_values && attribute->values_en; i++)
      if (g_str_equal (attribute->values[i], fact.value))
        fact.value_en = attribute->values_en[i];
    g_array_append_val (facts, fact);
  }
  profile->n_facts = facts->len;
  profile->facts = jobs_keep (arena, facts);
  return step == STORE_DONE;
}

bool
profile_find (StoreConnection *db, const Jobs *jobs, Arena *arena, Subject seeker, gint64 id,
              JobsProfile *profile, bool *found, GError **error)
{
  StoreStatement *s = seeker ? store_statement (db, "SELECT " COLUMNS " WHERE seeker = ?1", error)
                             : store_statement (db, "SELECT " COLUMNS " WHERE id = ?1", error);
  *found = false;
  if (!s)
    return false;
  store_bind_integer (s, 1, seeker ? seeker : id);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  *profile = take (s, arena);
  *found = true;
  store_reset (s);
  return read_facts (db, jobs, arena, profile, error);
}

bool
profile_record (StoreConnection *db, const JobsProfile *profile, SeekerRecord *record, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT born FROM jobs_profile WHERE id = ?1", error);
  *record = (SeekerRecord){ profile->n_facts, profile->facts, MARKET_UNKNOWN, MARKET_UNKNOWN, NULL };
  if (!s)
    return false;
  store_bind_integer (s, 1, profile->id);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW && !store_is_null (s, 0))
    record->born = store_integer (s, 0);
  if (step == STORE_ROW)
    store_reset (s);
  for (size_t i = 0; i < profile->n_facts; i++)
    if (g_str_equal (profile->facts[i].id, "hard_to_employ"))
      record->hard_to_employ = true; /* kept where it is true */
  return step != STORE_FAILED;
}

const JobsProfile *
jobs_profile (Jobs *jobs, Arena *arena, const AccessAccount *who, GError **error)
{
  JobsProfile profile;
  bool found;
  if (!seeker_check (jobs, who, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  if (!reader
      || !profile_find (store_reader_db (reader), jobs, arena, who->subject, 0, &profile, &found, error))
    return NULL;
  if (found)
    return arena_copy (arena, &profile, sizeof profile);
  jobs_refuse (error, FAULT_NOT_FOUND, "there is no profile yet");
  return NULL;
}

/* ---- saving ----------------------------------------------------------------------------- */

static bool
check_list (const Saving *saving, const char *field, const char *const *words, size_t most, GError **error)
{
  for (size_t i = 0; words && words[i]; i++) {
    if (i == most) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: at most %zu", field, most);
      return false;
    }
    if (!*words[i] || strpbrk (words[i], "\r\n")) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: one in a line, none of them empty", field);
      return false;
    }
    if (!check_plain (saving->jobs, saving->arena, field, words[i], JOBS_WORD_MAX, error))
      return false;
  }
  return true;
}

static bool
check_known (const Saving *saving, GError **error)
{
  const JobsProfile *profile = saving->profile;
  const RegistryAttribute *kind = registry_entity_attribute (saving->jobs->post, "kind");
  const RegistryDivisions *divisions = policy_divisions (saving->jobs->options.package);
  for (size_t i = 0; profile->kinds && profile->kinds[i]; i++)
    if (!g_strv_contains (kind->values, profile->kinds[i])) {
      g_set_error (error, FAULT, FAULT_INPUT, "kinds: there is no \"%s\"", profile->kinds[i]);
      return false;
    }
  for (size_t i = 0; divisions && profile->places && profile->places[i]; i++)
    if (!registry_division_name (divisions, profile->places[i], jobs_today (saving->jobs))) {
      g_set_error (error, FAULT, FAULT_INPUT, "places: there is no township \"%s\"", profile->places[i]);
      return false;
    }
  if (profile->pay_from >= 0 && profile->pay_from <= JOBS_PAY_MAX)
    return true;
  return jobs_refuse (error, FAULT_INPUT, "pay_from: between 0 and 1,000,000 yuan a month");
}

static bool
check_profile (const Saving *saving, GError **error)
{
  const JobsProfile *profile = saving->profile;
  return check_list (saving, "occupations", profile->occupations, JOBS_WISHES_MAX, error)
         && check_list (saving, "places", profile->places, JOBS_PLACES_MAX, error)
         && check_list (saving, "kinds", profile->kinds, JOBS_WISHES_MAX, error)
         && check_list (saving, "skills", profile->skills, JOBS_WORDS_MAX, error)
         && check_list (saving, "consented", profile->consented, JOBS_WORDS_MAX, error)
         && check_plain (saving->jobs, saving->arena, "about", profile->about, JOBS_ABOUT_MAX, error)
         && check_known (saving, error);
}

static bool
insert_facts (StoreConnection *db, const Saving *saving, GError **error)
{
  gint64 position = 0;
  StoreStatement *s = store_statement (db, "DELETE FROM jobs_fact WHERE profile = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, saving->id);
  if (!store_run (s, error))
    return false;
  for (size_t i = 0; i < saving->record.n_facts; i++) {
    if (!saving->profile->consented
        || !g_strv_contains (saving->profile->consented, saving->record.facts[i].id))
      continue;
    s = store_statement (
        db, "INSERT INTO jobs_fact (profile, position, attribute, value) VALUES (?1, ?2, ?3, ?4)", error);
    if (!s)
      return false;
    store_bind_integer (s, 1, saving->id);
    store_bind_integer (s, 2, position++);
    store_bind_text (s, 3, saving->record.facts[i].id);
    store_bind_text (s, 4, saving->record.facts[i].value);
    if (!store_run (s, error))
      return false;
  }
  return true;
}

/* The board is to look again. */
static bool
profiles_changed (StoreConnection *db, GError **error)
{
  return run_numbers (db, "UPDATE jobs_change SET n = n + 1 WHERE id = 2", NULL, 0, error);
}

static bool
insert_profile (StoreConnection *db, const Saving *saving, GError **error)
{
  const JobsProfile *profile = saving->profile;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO jobs_profile (id, seeker, name, occupations, places, kinds, pay_from, skills, about, "
      "shown,"
      " consented, saved_at, born, alerts, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
      "?12, ?13,"
      " ?14, (SELECT n FROM jobs_change WHERE id = 2))"
      " ON CONFLICT (id) DO UPDATE SET name = excluded.name, occupations = excluded.occupations,"
      " places = excluded.places, kinds = excluded.kinds, pay_from = excluded.pay_from,"
      " skills = excluded.skills, about = excluded.about, shown = excluded.shown,"
      " consented = excluded.consented, saved_at = excluded.saved_at, born = excluded.born,"
      " alerts = excluded.alerts,"
      " version = excluded.version",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, saving->id);
  store_bind_integer (s, 2, saving->who->subject);
  store_bind_text (s, 3, saving->name);
  store_bind_text (s, 4, words_join (saving->arena, profile->occupations));
  store_bind_text (s, 5, words_join (saving->arena, profile->places));
  store_bind_text (s, 6, words_join (saving->arena, profile->kinds));
  store_bind_integer (s, 7, profile->pay_from);
  store_bind_text (s, 8, words_join (saving->arena, profile->skills));
  store_bind_text (s, 9, profile->about && *profile->about ? profile->about : NULL);
  store_bind_integer (s, 10, profile->shown);
  store_bind_text (s, 11, words_join (saving->arena, profile->consented));
  store_bind_integer (s, 12, saving->now);
  store_bind_integer (s, 14, profile->alerts);
  if (saving->record.born > MARKET_NONE)
    store_bind_integer (s, 13, saving->record.born);
  else
    store_bind_null (s, 13);
  return store_run (s, error);
}

static bool
write_profile (StoreConnection *db, gpointer data, GError **error)
{
  Saving *saving = data;
  JobsProfile before;
  bool found;
  gint64 done;
  if (!store_once_look (db, &saving->once, &done, error))
    return false;
  if (done)
    return true;
  if (!profile_find (db, saving->jobs, saving->arena, saving->who->subject, 0, &before, &found, error)
      || !store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM jobs_profile", 1, &saving->id, error))
    return false;
  if (found)
    saving->id = before.id;
  return profiles_changed (db, error) && insert_profile (db, saving, error)
         && insert_facts (db, saving, error)
         && record_seeker (db, saving->jobs, saving->who, saving->who->subject, saving->profile, error)
         && jobs_note (db, saving->who, "save profile", 0, saving->who->subject, error)
         && store_once_remember (db, &saving->once, saving->id, saving->now, error);
}

static const char *
digest_of (const Saving *saving)
{
  const JobsProfile *profile = saving->profile;
  Digest *digest = digest_new ();
  const char *const *const lists[]
      = { profile->occupations, profile->places, profile->kinds, profile->skills, profile->consented };
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    digest_text (digest, words_join (saving->arena, lists[i]));
  digest_text (digest, profile->about);
  digest_integer (digest, profile->pay_from);
  digest_integer (digest, profile->shown);
  digest_integer (digest, profile->alerts);
  return digest_end (digest, saving->arena);
}

bool
jobs_save_profile (Jobs *jobs, const AccessAccount *who, const JobsProfile *profile, const char *key,
                   GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Saving saving = { .jobs = jobs, .arena = arena, .who = who, .profile = profile, .now = jobs_now (jobs) };
  if (!seeker_check (jobs, who, error) || !check_profile (&saving, error)
      || !seeker_read (jobs, arena, who, who->subject, &saving.record, error)
      || !(saving.name = seeker_name (jobs, arena, who, error)))
    return false;
  saving.once = (StoreOnce){ who->name, "jobs-profile", key, digest_of (&saving) };
  return store_write (jobs->store, write_profile, &saving, error);
}

/* ---- erasing ---------------------------------------------------------------------------- */

static bool
write_erasure (StoreConnection *db, gpointer data, GError **error)
{
  Saving *saving = data;
  JobsProfile before;
  bool found;
  if (!profile_find (db, saving->jobs, saving->arena, saving->who->subject, 0, &before, &found, error))
    return false;
  return !found
         || (profiles_changed (db, error)
             && run_numbers (db, "DELETE FROM jobs_brought WHERE profile = ?1", &before.id, 1, error)
             && run_numbers (db, "DELETE FROM jobs_fact WHERE profile = ?1", &before.id, 1, error)
             && run_numbers (db, "DELETE FROM jobs_profile WHERE id = ?1", &before.id, 1, error)
             && run_numbers (db,
                             "DELETE FROM jobs_wish WHERE (fair, number) IN (SELECT fair, number FROM"
                             " jobs_guest WHERE seeker = ?1)",
                             &saving->who->subject, 1, error)
             && run_numbers (db, "DELETE FROM jobs_guest WHERE seeker = ?1", &saving->who->subject, 1, error)
             && applications_end (db, saving->jobs, saving->who, error)
             && record_seeker (db, saving->jobs, saving->who, saving->who->subject, NULL, error)
             && jobs_note (db, saving->who, "erase profile", 0, saving->who->subject, error));
}

bool
jobs_erase_profile (Jobs *jobs, const AccessAccount *who, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Saving saving = { .jobs = jobs, .arena = arena, .who = who, .now = jobs_now (jobs) };
  return seeker_check (jobs, who, error) && store_write (jobs->store, write_erasure, &saving, error);
}

/* ---- for employers ---------------------------------------------------------------------- */

static bool
read_shown (StoreConnection *db, Arena *arena, gint64 before, size_t limit, GArray *profiles, AuditSet *seen,
            GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT " COLUMNS " WHERE shown = 1 AND id < ?1 ORDER BY id DESC LIMIT ?2", error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, before ? before : G_MAXINT64);
  store_bind_integer (s, 2, (gint64)CLAMP (limit, 1, PROFILES_MOST));
  while ((step = store_step (s, error)) == STORE_ROW) {
    JobsProfile profile = take (s, arena);
    profile.name = access_mask_name (arena, profile.name);
    g_array_append_val (profiles, profile);
    audit_set_add (seen, store_integer (s, 11));
  }
  return step == STORE_DONE;
}

const JobsProfile *
jobs_seekers (Jobs *jobs, Arena *arena, const AccessAccount *who, Subject employer, gint64 before,
              size_t limit, size_t *n, GError **error)
{
  g_autoptr (GArray) profiles = g_array_new (FALSE, FALSE, sizeof (JobsProfile));
  g_autoptr (AuditSet) seen = audit_set_new ();
  *n = 0;
  if (!jobs_check_employer (jobs, who, employer, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  if (!reader || !read_shown (store_reader_db (reader), arena, before, limit, profiles, seen, error))
    return NULL;
  for (guint i = 0; i < profiles->len; i++)
    if (!read_facts (store_reader_db (reader), jobs, arena, &g_array_index (profiles, JobsProfile, i), error))
      return NULL;
  if (profiles->len && !record_read (jobs, who, AUDIT_SEARCH, 0, seen, "look through profiles", error))
    return NULL;
  *n = profiles->len;
  return jobs_keep (arena, profiles);
}
