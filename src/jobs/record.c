/* The post in the registry: what is advertised is there for the clauses' decisions. */
#include "jobs/jobs_private.h"

enum { FACTS_MOST = 24 };

typedef struct {
  const Jobs *jobs;
  const RegistryEntity *entity;
  RegistryFact facts[FACTS_MOST];
  size_t n;
} Facts;

static void
say_none (Facts *facts, const char *attribute)
{
  facts->facts[facts->n++]
      = (RegistryFact){ .attribute = registry_entity_attribute (facts->entity, attribute),
                        .state = REGISTRY_NONE };
}

static void
say_text (Facts *facts, const char *attribute, const char *text)
{
  say_none (facts, attribute);
  if (text)
    facts->facts[facts->n - 1] = (RegistryFact){ .attribute = facts->facts[facts->n - 1].attribute,
                                                 .state = REGISTRY_VALUE,
                                                 .text = text_of (text) };
}

static void
say_number (Facts *facts, const char *attribute, gint64 number)
{
  say_none (facts, attribute);
  facts->facts[facts->n - 1].state = REGISTRY_VALUE;
  facts->facts[facts->n - 1].integer = number;
}

/* FACTS of *SUBJECT from FROM on; it is made where it is 0. */
static bool
append (RegistryWriter *writer, RegistryBatchId batch, const Facts *facts, Day from, Subject *subject,
        GError **error)
{
  if (!*subject)
    *subject = registry_writer_subject (writer, facts->entity);
  return *subject
         && registry_writer_append (writer, batch, *subject, from, REGISTRY_FOREVER, facts->facts, facts->n,
                                    error);
}

static RegistryBatchId
begin (RegistryWriter *writer, const Jobs *jobs, const AccessAccount *who, const char *evidence,
       GError **error)
{
  RegistryBatch batch = { .source = jobs->post->attributes[0].source,
                          .actor = who->name,
                          .evidence = evidence,
                          .recorded_at = jobs_now (jobs) };
  return registry_writer_batch (writer, &batch, error);
}

/* And the index that is searched is to be made anew. */
static bool
append_post (StoreConnection *db, const AccessAccount *who, const JobsPost *post, const Facts *facts,
             Subject *record, GError **error)
{
  const Jobs *jobs = facts->jobs;
  g_autofree char *evidence = g_strdup_printf ("online employment: advertisement %s", post->number);
  g_autoptr (RegistryWriter) writer = registry_writer_join (jobs->options.registry, db, error);
  RegistryBatchId batch = writer ? begin (writer, jobs, who, evidence, error) : 0;
  return batch && append (writer, batch, facts, jobs_today (jobs), record, error)
         && registry_writer_commit (writer, error)
         && run_numbers (db, "UPDATE jobs_change SET n = n + 1 WHERE id = 1", NULL, 0, error);
}

/* What an advertisement may not ask for is on record as not asked. */
static void
say_conditions (Facts *facts, const JobsAdvertisement *says)
{
  static const char *const not_asked[]
      = { "grade", "skill_level", "title_level", "experience_years", "age_to", "sex", "hukou", "filled_on" };
  for (size_t i = 0; i < G_N_ELEMENTS (not_asked); i++)
    say_none (facts, not_asked[i]);
  say_text (facts, "education", says->education && *says->education ? says->education : NULL);
  say_text (facts, "dedicated_to", g_str_equal (says->kind, "公益性岗位") ? "就业困难人员" : NULL);
}

bool
record_post (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
             Subject *record, GError **error)
{
  const JobsAdvertisement *says = &post->says;
  Facts facts = { .jobs = jobs, .entity = jobs->post };
  say_text (&facts, "name", says->title);
  say_text (&facts, "code", post->number);
  say_number (&facts, "organisation", says->employer);
  say_text (&facts, "kind", says->kind);
  say_text (&facts, "township", says->place);
  say_text (&facts, "occupation", says->occupation);
  say_number (&facts, "headcount", says->posts);
  say_none (&facts, "wage_from");
  say_none (&facts, "wage_to");
  if (says->pay_from) {
    facts.n -= 2;
    say_number (&facts, "wage_from", says->pay_from);
    say_number (&facts, "wage_to", says->pay_to);
  }
  say_conditions (&facts, says);
  say_number (&facts, "published_on", civil_day_of (post->published_at));
  say_number (&facts, "closes_on", says->until);
  return append_post (db, who, post, &facts, record, error);
}

/* What is withdrawn is open no more from today on. */
bool
record_end (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
            JobsEnd end, GError **error)
{
  Facts facts = { .jobs = jobs, .entity = jobs->post };
  Subject record = post->record;
  if (!record)
    return true;
  if (end == JOBS_FILLED)
    say_number (&facts, "filled_on", jobs_today (jobs));
  else
    say_number (&facts, "closes_on", jobs_today (jobs) - 1);
  return append_post (db, who, post, &facts, &record, error);
}

/* The first of WORDS, or NULL. */
static const char *
first_of (const char *const *words)
{
  return words ? words[0] : NULL;
}

bool
record_seeker (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, Subject seeker,
               const JobsProfile *profile, GError **error)
{
  Facts facts = { .jobs = jobs, .entity = jobs->resident };
  g_autoptr (RegistryWriter) writer = registry_writer_join (jobs->options.registry, db, error);
  RegistryBatchId batch
      = writer ? begin (writer, jobs, who, "online employment: the seeker's own statement", error) : 0;
  say_number (&facts, "seeking_work", profile != NULL);
  say_text (&facts, "wanted_occupation", profile ? first_of (profile->occupations) : NULL);
  say_text (&facts, "wanted_township", profile ? first_of (profile->places) : NULL);
  say_none (&facts, "wanted_wage");
  if (profile && profile->pay_from) {
    facts.n--;
    say_number (&facts, "wanted_wage", profile->pay_from);
  }
  return batch && append (writer, batch, &facts, jobs_today (jobs), &seeker, error)
         && registry_writer_commit (writer, error);
}

/* A public-welfare post has its first day and its number on record: the clause's term runs from there. */
static void
say_employed (Facts *facts, const JobsPost *post, Day first_day, gint64 placements)
{
  bool welfare = g_str_equal (post->says.kind, "公益性岗位");
  say_text (facts, "employment_status", "在职");
  say_text (facts, "employment_form", welfare ? "公益性岗位" : "单位就业");
  say_number (facts, "employer", post->says.employer);
  say_text (facts, "occupation", post->says.occupation);
  say_number (facts, "seeking_work", false);
  say_none (facts, "registered_unemployed_since");
  if (welfare) {
    say_number (facts, "welfare_post_since", first_day);
    say_number (facts, "welfare_placements", placements + 1);
  }
}

bool
record_work (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
             gint64 application, Subject seeker, Day first_day, gint64 placements, GError **error)
{
  g_autofree char *evidence
      = g_strdup_printf ("online employment: %s, application %" G_GINT64_FORMAT ", accepted by both sides",
                         post->number, application);
  g_autoptr (RegistryWriter) writer = registry_writer_join (jobs->options.registry, db, error);
  RegistryBatchId batch = writer ? begin (writer, jobs, who, evidence, error) : 0;
  Facts person = { .jobs = jobs, .entity = jobs->resident },
        spell = { .jobs = jobs,
                  .entity = registry_schema_entity (policy_schema (jobs->options.package), "work_spell") };
  Subject made = 0;
  say_employed (&person, post, first_day, placements);
  say_number (&spell, "resident", seeker);
  say_number (&spell, "organisation", post->says.employer);
  say_text (&spell, "occupation", post->says.occupation);
  say_number (&spell, "started_on", first_day);
  say_none (&spell, "ended_on");
  return batch && append (writer, batch, &spell, REGISTRY_EVER, &made, error)
         && append (writer, batch, &person, first_day, &seeker, error)
         && registry_writer_commit (writer, error);
}

bool
record_fair (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsFair *fair,
             Subject *event, GError **error)
{
  Facts facts
      = { .jobs = jobs, .entity = registry_schema_entity (policy_schema (jobs->options.package), "event") };
  g_autoptr (RegistryWriter) writer = registry_writer_join (jobs->options.registry, db, error);
  RegistryBatchId batch = writer ? begin (writer, jobs, who, "online employment: a job fair", error) : 0;
  say_text (&facts, "name", fair->name);
  say_text (&facts, "kind", "招聘会");
  say_text (&facts, "organiser", jobs->clause->lead);
  say_number (&facts, "starts_on", fair->day);
  say_number (&facts, "ends_on", fair->day);
  return batch && append (writer, batch, &facts, REGISTRY_EVER, event, error)
         && registry_writer_commit (writer, error);
}
