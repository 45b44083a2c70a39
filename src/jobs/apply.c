/* Applying and inviting. */
#include "jobs/jobs_private.h"

enum { CONTACT_MAX = 100, LETTER_MAX = 2000 };

typedef struct {
  Jobs *jobs;
  Arena *arena;
  const AccessAccount *who;
  gint64 post, profile; /* PROFILE: of whom is invited */
  const char *letter, *contact;
  gint64 placements;
  StoreOnce once;
  gint64 id, now;
} Applying;

/* ---- who qualifies ------------------------------------------------------------------------ */

bool
seeker_determine (const Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker,
                  const PolicyProvision *provision, PolicyOutcome *outcome, GError **error)
{
  RegistryMoment now = { jobs_today (jobs), G_MAXINT64 };
  const AccessPermit *permit = policy_permit (jobs->options.access, arena, who, jobs->clause, seeker, error);
  const PolicyDetermination *d
      = permit ? policy_determine (jobs->options.package, permit, arena, provision, now.valid_at, now, error)
               : NULL;
  if (d)
    *outcome = d->outcome;
  return d;
}

/* How often WHO was placed in public-welfare posts. */
static bool
read_placements (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 *placements, GError **error)
{
  Text member = text_of (registry_entity_attribute (jobs->resident, "welfare_placements")->zh);
  FeelPath path = { .n = 1, .members = &member };
  RegistryMoment now = { jobs_today (jobs), G_MAXINT64 };
  const AccessPermit *permit
      = policy_permit (jobs->options.access, arena, who, jobs->clause, who->subject, error);
  const RegistryReading *reading = permit ? access_read (permit, arena, &path, 1, now, error) : NULL;
  if (!reading)
    return false;
  FeelValue value = registry_reading_value (reading);
  const FeelValue *number = value.kind == FEEL_CONTEXT ? feel_context_get (value.context, member) : NULL;
  if (!number || number->kind != FEEL_NUMBER || !decimal_to_int64 (number->number, placements))
    *placements = 0;
  return true;
}

bool
seeker_qualifies (Jobs *jobs, Arena *arena, const AccessAccount *who, const JobsPost *post,
                  gint64 *placements, GError **error)
{
  bool welfare = g_str_equal (post->says.kind, "公益性岗位");
  PolicyOutcome outcome;
  *placements = 0;
  const PolicyProvision *provision = policy_provision (jobs->clause, welfare ? "placement" : "seeker");
  if (!seeker_determine (jobs, arena, who, who->subject, provision, &outcome, error))
    return false;
  if (outcome == POLICY_NO || (welfare && outcome != POLICY_YES))
    return jobs_refuse (
        error, FAULT_CONFLICT,
        welfare
            ? "public-welfare posts are for people recognised as hard to employ, within the clause's term "
              "and number of placements: the clause's page says what is missing"
            : "the clause does not let you apply: you are below the working age, or on record as not seeking "
              "work; saving your profile puts that right");
  return !welfare || read_placements (jobs, arena, who, placements, error);
}

/* ---- both ----------------------------------------------------------------------------------- */

static bool
check_taking (const JobsPost *post, GError **error)
{
  return post->taking
         || jobs_refuse (error, FAULT_CONFLICT, "this advertisement takes no applications any more");
}

static bool
next_id (StoreConnection *db, gint64 *id, GError **error)
{
  return store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM jobs_application", 1, id, error);
}

static bool
finish (StoreConnection *db, const Applying *a, const ApplicationRow *row, const JobsPost *post, JobsAct act,
        const char *words, GError **error)
{
  return application_write (db, row, error) && application_step (db, row->id, act, a->now, words, error)
         && application_tell (db, a->jobs, row, post, act, words, error)
         && jobs_note (db, a->who, jobs_act_id (act), a->post, row->seeker, error)
         && store_once_remember (db, &a->once, row->id, a->now, error);
}

/* ---- applying -------------------------------------------------------------------------------- */

static bool
check_apply (StoreConnection *db, const Applying *a, const ApplicationRow *row, bool found, GError **error)
{
  gint64 open;
  if (found && !jobs_can (row->stage, JOBS_APPLY, false)) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "you have applied for this already: it is %s",
                 jobs_stage_id (row->stage));
    return false;
  }
  if (!number_of (db, "SELECT count(*) FROM jobs_application WHERE seeker = ?1 AND stage >= 1 AND stage <= 5",
                  &a->who->subject, 1, &open, error))
    return false;
  return open < JOBS_OPEN_APPLICATIONS
         || jobs_refuse (error, FAULT_CONFLICT, "you have very many open applications: withdraw some first");
}

static bool
write_apply (StoreConnection *db, gpointer data, GError **error)
{
  Applying *a = data;
  JobsPost post;
  JobsProfile profile;
  ApplicationRow row;
  bool found, known;
  gint64 done;
  if (!store_once_look (db, &a->once, &done, error))
    return false;
  if (done) {
    a->id = done;
    return true;
  }
  if (!post_find (db, a->jobs, a->arena, a->post, &post, error) || !check_taking (&post, error)
      || !profile_find (db, a->jobs, a->arena, a->who->subject, 0, &profile, &known, error))
    return false;
  if (!known)
    return jobs_refuse (error, FAULT_CONFLICT, "fill in your profile first: it is what the employer gets");
  if (!application_find (db, a->arena, 0, a->post, a->who->subject, &row, &found, error)
      || !check_apply (db, a, &row, found, error) || (!found && !next_id (db, &row.id, error)))
    return false;
  if (!found)
    row.opened_at = a->now;
  a->id = row.id;
  row = (ApplicationRow){ .id = row.id,
                          .post = a->post,
                          .seeker = a->who->subject,
                          .account = a->who->name,
                          .name = profile.name,
                          .letter = a->letter,
                          .contact = a->contact,
                          .stage = JOBS_APPLIED,
                          .picked = -1,
                          .placements = a->placements,
                          .opened_at = row.opened_at,
                          .changed_at = a->now };
  return finish (db, a, &row, &post, JOBS_APPLY, NULL, error);
}

/* What is sent is the profile. */
static bool
has_profile (Jobs *jobs, Arena *arena, const AccessAccount *who, GError **error)
{
  g_autoptr (GError) fault = NULL;
  if (jobs_profile (jobs, arena, who, &fault))
    return true;
  if (!g_error_matches (fault, FAULT, FAULT_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  return jobs_refuse (error, FAULT_CONFLICT, "fill in your profile first: it is what the employer gets");
}

gint64
jobs_apply (Jobs *jobs, const AccessAccount *who, gint64 post, const JobsApplying *applying, const char *key,
            GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Applying a = { .jobs = jobs,
                 .arena = arena,
                 .who = who,
                 .post = post,
                 .letter = applying->letter && *applying->letter ? applying->letter : NULL,
                 .contact = applying->contact && *applying->contact ? applying->contact : NULL,
                 .now = jobs_now (jobs) };
  const JobsPost *to = seeker_check (jobs, who, error) ? jobs_post (jobs, arena, who, post, error) : NULL;
  if (to && !has_profile (jobs, arena, who, error))
    return 0;
  if (!to || !check_plain (jobs, arena, "letter", a.letter, LETTER_MAX, error)
      || !check_plain (jobs, arena, "contact", a.contact, CONTACT_MAX, error) || !check_taking (to, error)
      || !seeker_qualifies (jobs, arena, who, to, &a.placements, error))
    return 0;
  Digest *digest = digest_new ();
  digest_integer (digest, post);
  digest_text (digest, a.letter);
  digest_text (digest, a.contact);
  a.once = (StoreOnce){ who->name, "jobs-apply", key, digest_end (digest, arena) };
  return store_write (jobs->store, write_apply, &a, error) ? a.id : 0;
}

/* ---- inviting --------------------------------------------------------------------------------- */

static bool
find_shown (StoreConnection *db, const Applying *a, JobsProfile *profile, Subject *seeker, GError **error)
{
  bool found;
  if (!profile_find (db, a->jobs, a->arena, 0, a->profile, profile, &found, error))
    return false;
  if (!found || !profile->shown)
    return jobs_refuse (error, FAULT_NOT_FOUND, "there is no such profile that is shown");
  return number_of (db, "SELECT seeker FROM jobs_profile WHERE id = ?1", &a->profile, 1, seeker, error);
}

static bool
check_invite (StoreConnection *db, const Applying *a, bool found, GError **error)
{
  gint64 waiting;
  if (found)
    return jobs_refuse (error, FAULT_CONFLICT, "they were invited or have applied already");
  if (!number_of (db, "SELECT count(*) FROM jobs_application WHERE post = ?1 AND stage = 0", &a->post, 1,
                  &waiting, error))
    return false;
  return waiting < JOBS_INVITATIONS
         || jobs_refuse (error, FAULT_CONFLICT, "very many invitations of this post are not answered yet");
}

static bool
write_invite (StoreConnection *db, gpointer data, GError **error)
{
  Applying *a = data;
  JobsPost post;
  JobsProfile profile;
  ApplicationRow row;
  Subject seeker;
  bool found;
  gint64 done;
  if (!store_once_look (db, &a->once, &done, error))
    return false;
  if (done) {
    a->id = done;
    return true;
  }
  if (!post_find (db, a->jobs, a->arena, a->post, &post, error) || !check_taking (&post, error)
      || !find_shown (db, a, &profile, &seeker, error)
      || !application_find (db, a->arena, 0, a->post, seeker, &row, &found, error)
      || !check_invite (db, a, found, error) || !next_id (db, &a->id, error))
    return false;
  row = (ApplicationRow){ .id = a->id,
                          .post = a->post,
                          .seeker = seeker,
                          .name = profile.name,
                          .stage = JOBS_INVITED,
                          .picked = -1,
                          .opened_at = a->now,
                          .changed_at = a->now };
  return finish (db, a, &row, &post, JOBS_INVITE, a->letter, error);
}

gint64
jobs_invite (Jobs *jobs, const AccessAccount *who, gint64 post, gint64 profile, const char *words,
             const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Applying a = { .jobs = jobs,
                 .arena = arena,
                 .who = who,
                 .post = post,
                 .profile = profile,
                 .letter = words && *words ? words : NULL,
                 .now = jobs_now (jobs) };
  const JobsPost *of = jobs_post (jobs, arena, who, post, error);
  if (!of || !jobs_check_employer (jobs, who, of->says.employer, error)
      || !check_plain (jobs, arena, "words", a.letter, LETTER_MAX, error))
    return 0;
  Digest *digest = digest_new ();
  digest_integer (digest, post);
  digest_integer (digest, profile);
  digest_text (digest, a.letter);
  a.once = (StoreOnce){ who->name, "jobs-invite", key, digest_end (digest, arena) };
  return store_write (jobs->store, write_invite, &a, error) ? a.id : 0;
}
