/* The post in the registry: what is advertised is there for the clauses' decisions. */
#include "jobs/jobs_private.h"

enum { FACTS_MOST = 24 };

typedef struct {
  const Jobs *jobs;
  RegistryFact facts[FACTS_MOST];
  size_t n;
} Facts;

static void
say_none (Facts *facts, const char *attribute)
{
  facts->facts[facts->n++]
      = (RegistryFact){ .attribute = registry_entity_attribute (facts->jobs->post, attribute),
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

static bool
append (StoreConnection *db, const AccessAccount *who, const JobsPost *post, const Facts *facts,
        Subject *record, GError **error)
{
  const Jobs *jobs = facts->jobs;
  g_autofree char *evidence = g_strdup_printf ("online employment: advertisement %s", post->number);
  g_autoptr (RegistryWriter) writer = registry_writer_join (jobs->options.registry, db, error);
  RegistryBatch batch = { .source = jobs->post->attributes[0].source,
                          .actor = who->name,
                          .evidence = evidence,
                          .recorded_at = jobs_now (jobs) };
  RegistryBatchId id = writer ? registry_writer_batch (writer, &batch, error) : 0;
  if (!id)
    return false;
  if (!*record)
    *record = registry_writer_subject (writer, jobs->post);
  return *record
         && registry_writer_append (writer, id, *record, jobs_today (jobs), REGISTRY_FOREVER, facts->facts,
                                    facts->n, error)
         && registry_writer_commit (writer, error);
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
  Facts facts = { .jobs = jobs };
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
  return append (db, who, post, &facts, record, error);
}

/* What is withdrawn is open no more from today on. */
bool
record_end (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, const JobsPost *post,
            JobsEnd end, GError **error)
{
  Facts facts = { .jobs = jobs };
  Subject record = post->record;
  if (!record)
    return true;
  if (end == JOBS_FILLED)
    say_number (&facts, "filled_on", jobs_today (jobs));
  else
    say_number (&facts, "closes_on", jobs_today (jobs) - 1);
  return append (db, who, post, &facts, &record, error);
}
