#include "demo_cases.h"

#include "access/access.h"
#include "cases/cases.h"

#include <string.h>

enum {
  FIRST_RESIDENT = 20, /* those before are for people to try things with */
  DAY_SECONDS = 86400,
  ALLOWANCES = 24,    /* applications for the living allowance */
  OTHERS = 2,         /* of each other matter */
  DECIDED_ROUNDS = 4, /* of so many rounds of stories one has decisions for who does not qualify */
  LAST_RESIDENT = 500 /* among whom somebody is looked for who is served first */
};

/* What is done to a case, one deed a day; ends with CASE_SUBMIT.  Where the rules leave it open the story
 * ends before it is decided. */
typedef struct {
  int days_ago; /* when it was handed in */
  CaseAction deeds[6];
} Story;

static const Story stories[] = {
  { 0, { CASE_SUBMIT } },
  { 1, { CASE_SUBMIT } },
  { 3, { CASE_ACCEPT, CASE_SUBMIT } },
  { 5, { CASE_ASK_CORRECTION, CASE_SUBMIT } },
  { 9, { CASE_ASK_CORRECTION, CASE_CORRECT, CASE_ACCEPT, CASE_SUBMIT } },
  { 12, { CASE_ACCEPT, CASE_DECIDE, CASE_SUBMIT } },
  { 14, { CASE_VISIT, CASE_ACCEPT, CASE_DECIDE, CASE_DELIVER, CASE_SUBMIT } },
  { 60, { CASE_ACCEPT, CASE_SUBMIT } },
  { 7, { CASE_ACCEPT, CASE_PUBLISH, CASE_SUBMIT } },
  { 20, { CASE_ACCEPT, CASE_SUSPEND, CASE_SUBMIT } },
  { 25, { CASE_ACCEPT, CASE_DECIDE, CASE_DELIVER, CASE_ARCHIVE, CASE_SUBMIT } },
  { 16, { CASE_DECLINE, CASE_SUBMIT } },
  { 6, { CASE_WITHDRAW, CASE_SUBMIT } },
};

typedef struct {
  Cases *cases;
  const RegistrySchema *schema;
  Access *access;
  gint64 now, clock; /* UTC seconds: of the machine, of the story */
  size_t n_showcases;
  const DemoShowcase *showcases;
  size_t told[2]; /* stories, of those who qualify last */
} Telling;

static gint64
story_clock (gpointer data)
{
  const Telling *t = data;
  return t->clock;
}

bool
demo_go_on (GError *fault, GError **error)
{
  bool broken = fault && (fault->domain != FAULT || fault->code == FAULT_SYSTEM);
  if (broken)
    g_propagate_error (error, fault);
  else
    g_clear_error (&fault);
  return !broken;
}

/* The deed as somebody would do it who follows the proposal. */
static CaseDeed
deed_of (const Case *c, CaseAction action, const char **missing)
{
  CaseDeed deed = { .action = action, .version = c->version, .grant = c->proposed == POLICY_YES };
  if (case_needs_reason (action) || (action == CASE_DECIDE && !deed.grant))
    deed.reason = "演示数据：按规则的结果办理";
  if (action == CASE_ASK_CORRECTION && c->matter->n_materials) {
    *missing = c->matter->materials[c->matter->n_materials - 1].id;
    deed.missing = missing;
    deed.n_missing = 1;
  }
  return deed;
}

static bool
act (Telling *t, const AccessAccount *applicant, gint64 id, CaseAction action, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *missing;
  GError *fault = NULL;
  const Case *c = cases_case (t->cases, arena, applicant, id, error);
  if (!c)
    return false;
  if (action == CASE_DECIDE && c->proposed == POLICY_UNDETERMINED)
    return true;
  AccessAccount clerk = { .name = "caseworker", .role = ACCESS_CASE_WORKER, .department = c->office };
  CaseDeed deed = deed_of (c, action, &missing);
  const char *key = arena_printf (arena, "demo-%" G_GINT64_FORMAT "-%s", id, case_action_id (action));
  bool own = action == CASE_CORRECT || action == CASE_WITHDRAW;
  t->clock = MIN (t->clock + DAY_SECONDS, t->now);
  cases_act (t->cases, own ? applicant : &clerk, id, &deed, key, &fault);
  return demo_go_on (fault, error);
}

static bool
tell (Telling *t, const PolicyMatter *matter, const char *name, const Story *story, GError **error)
{
  GError *fault = NULL;
  g_autofree char *key = g_strdup_printf ("demo-%s-%s", matter->key, name);
  AccessAccount applicant = { .name = name, .role = ACCESS_RESIDENT };
  if (!registry_subject_parse (t->schema, text_of (name), &applicant.subject))
    return true;
  CaseApplication ask = { .matter = matter };
  t->clock = t->now - (gint64)story->days_ago * DAY_SECONDS;
  gint64 id = cases_submit (t->cases, &applicant, &ask, key, &fault);
  for (size_t i = 0; id && story->deeds[i] != CASE_SUBMIT; i++)
    if (!act (t, &applicant, id, story->deeds[i], error))
      return false;
  return demo_go_on (fault, error);
}

/* Who shows, K-th of all, that the rules say yes of MATTER; NULL: nobody, or somebody for people to try
 * things with. */
static const char *
who_qualifies (const Telling *t, const PolicyMatter *matter, int k)
{
  static const char prefix[] = "resident-";
  for (size_t i = 0; i < t->n_showcases; i++) {
    const DemoShowcase *s = &t->showcases[i];
    g_autofree char *key = g_strdup_printf ("%d/%s", s->clause, s->provision);
    if (g_str_equal (key, matter->key) && g_str_equal (s->outcome, "yes")
        && g_str_has_prefix (s->subject, prefix)
        && g_ascii_strtoll (s->subject + strlen (prefix), NULL, 10) >= FIRST_RESIDENT && k-- == 0)
      return s->subject;
  }
  return NULL;
}

static bool
is_decided (const Story *story)
{
  for (size_t i = 0; story->deeds[i] != CASE_SUBMIT; i++)
    if (story->deeds[i] == CASE_DECIDE)
      return true;
  return false;
}

/* Of those who apply without a prospect few are decided already: what a county decides is mostly granted. */
static const Story *
next_story (Telling *t, bool qualifies)
{
  size_t n = G_N_ELEMENTS (stories), *told = &t->told[qualifies];
  const Story *story = &stories[(*told)++ % n];
  while (!qualifies && is_decided (story) && *told / n % DECIDED_ROUNDS)
    story = &stories[(*told)++ % n];
  return story;
}

static bool
tell_all (Telling *t, const PolicyPackage *package, GError **error)
{
  size_t n;
  const PolicyMatter *const *matters = policy_matters (package, &n);
  for (size_t i = 0; i < n; i++) {
    int wanted = g_str_equal (matters[i]->key, "23/main") ? ALLOWANCES : OTHERS;
    for (int k = 0; k < wanted; k++) {
      const char *shown = who_qualifies (t, matters[i], k);
      g_autofree char *name = shown ? g_strdup (shown)
                                    : g_strdup_printf ("resident-%" G_GINT64_FORMAT,
                                                       FIRST_RESIDENT + (gint64)i * OTHERS + k * 3);
      if (!tell (t, matters[i], name, next_story (t, shown != NULL), error))
        return false;
    }
  }
  return true;
}

/* Whether RESIDENT is served first by P: veterans, by clause 2. */
static bool
is_first (const Telling *t, const PolicyPackage *package, const PolicyProvision *p, gint64 resident)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = { .name = "demo", .role = ACCESS_RESIDENT };
  RegistryMoment at = { civil_day_of (t->now), G_MAXINT64 };
  if (!registry_subject_parse (
          t->schema, text_of (arena_printf (arena, "resident-%" G_GINT64_FORMAT, resident)), &who.subject))
    return false;
  const AccessPermit *permit = policy_permit (t->access, arena, &who, p->clause, who.subject, NULL);
  const PolicyDetermination *d
      = permit ? policy_determine (package, permit, arena, p, at.valid_at, at, NULL) : NULL;
  return d && d->outcome == POLICY_YES;
}

/* Where some are served first, one of them waits too. */
static bool
tell_first (Telling *t, const PolicyPackage *package, GError **error)
{
  size_t n;
  const PolicyMatter *const *matters = policy_matters (package, &n);
  for (size_t i = 0; i < n; i++) {
    const PolicyProvision *by = case_first_by (&(Case){ .matter = matters[i] });
    for (gint64 resident = FIRST_RESIDENT; by && resident < LAST_RESIDENT; resident++)
      if (is_first (t, package, by, resident)) {
        g_autofree char *name = g_strdup_printf ("resident-%" G_GINT64_FORMAT, resident);
        if (!tell (t, matters[i], name, &stories[1], error))
          return false;
        break;
      }
  }
  return true;
}

bool
demo_cases_add (Registry *registry, const PolicyPackage *package, const DemoShowcases *showcases,
                GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (Access) access = access_open (registry, error);
  if (!access)
    return false;
  policy_hand_purposes (package, access);
  /* Until five in the afternoon of yesterday: the same for the same day. */
  gint64 until = (gint64)(civil_today () - 1) * DAY_SECONDS + 9 * 3600;
  Telling t = { .schema = policy_schema (package), .access = access, .now = until };
  CasesOptions options = {
    .package = package, .registry = registry, .access = access, .clock = story_clock, .clock_data = &t
  };
  t.clock = t.now;
  t.showcases = demo_showcases_list (showcases, arena, &t.n_showcases);
  g_autoptr (Cases) cases = cases_open (&options, error);
  t.cases = cases;
  return cases && tell_all (&t, package, error) && tell_first (&t, package, error);
}
