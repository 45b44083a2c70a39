#include "demo_rounds.h"
#include "demo_cases.h"

#include "access/access.h"
#include "draws/draws.h"

enum { DAY_SECONDS = 86400, SUBJECTS = 6000, SCHOOLS = 40, UNITS = 4, CAPACITY = 2, APPLICANTS = 14 };

typedef struct {
  Draws *draws;
  Access *access;
  const PolicyPackage *package;
  gint64 now, clock; /* UTC seconds: of the machine, of the story */
  AccessAccount worker, head;
} Story;

static gint64
story_clock (gpointer data)
{
  return ((const Story *)data)->clock;
}

static void
on_day (Story *s, int days_ago)
{
  s->clock = s->now - (gint64)days_ago * DAY_SECONDS;
}

/* Some of the public schools that have room, with few places, so that there is something to decide. */
static size_t
find_schools (const Story *s, Arena *arena, const PolicyAllocation *allocation, DrawsUnit *units)
{
  size_t n = 0, n_paths;
  const FeelPath *paths
      = policy_allocation_paths (s->package, arena, allocation, allocation->place, &n_paths);
  RegistryMoment at = { civil_day_of (s->now), G_MAXINT64 };
  for (gint64 i = 1; i <= SCHOOLS && n < UNITS; i++) {
    Subject school = subject_make (allocation->place, i);
    const AccessPermit *permit
        = policy_permit (s->access, arena, &s->worker, allocation->clause, school, NULL);
    const RegistryReading *facts = permit ? access_read (permit, arena, paths, n_paths, at, NULL) : NULL;
    FeelValue number = facts ? policy_weigh_number (s->package, arena, allocation, &allocation->capacity,
                                                    facts, at.valid_at)
                             : feel_null ();
    if (number.kind == FEEL_NUMBER && decimal_sign (number.number) > 0)
      units[n++] = (DrawsUnit){ .place = school, .capacity = CAPACITY };
  }
  return n;
}

static gint64
plan (Story *s, const PolicyAllocation *allocation, const char *title, int ends_in, const DrawsUnit *units,
      size_t n, GError **error)
{
  GError *fault = NULL;
  Day today = civil_day_of (s->clock);
  DrawsPlan plan = { .allocation = allocation,
                     .title = title,
                     .deadline = today + ends_in,
                     .source = { "样例公开摇号（演示）第1期", today + ends_in + 2 },
                     .fallback = { "样例公开摇号（演示）第2期", today + ends_in + 4 },
                     .units = units,
                     .n_units = n };
  gint64 id = n ? draws_plan (s->draws, &s->worker, &plan, title, &fault) : 0;
  if (id)
    draws_act (s->draws, &s->worker, id, DRAWS_OPEN_IT, NULL, &fault);
  return demo_go_on (fault, error) ? id : -1;
}

/* Whoever of the county may take part, as they would themselves, with other wishes each. */
static bool
apply_all (Story *s, gint64 id, const PolicyAllocation *allocation, size_t n_units, int most, GError **error)
{
  int given = 0;
  for (gint64 i = 20; i < SUBJECTS && given < most; i++) {
    g_autoptr (Arena) arena = arena_new ();
    GError *fault = NULL;
    AccessAccount who
        = { .name = "demo", .role = ACCESS_RESIDENT, .subject = subject_make (allocation->applicant, i) };
    guint32 units[UNITS];
    for (guint32 u = 0; u < n_units; u++)
      units[u] = (guint32)((u + (gsize)given * given) % n_units);
    DrawsApplying applying = { .applicant = who.subject, .units = units, .n_units = MIN (n_units, 3) };
    const PolicyWeight *weight = draws_look (s->draws, arena, &who, id, who.subject, 0, &fault);
    g_autofree char *key = g_strdup_printf ("demo-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, id, i);
    if (g_error_matches (fault, FAULT, FAULT_NOT_FOUND)) { /* the county is not larger */
      g_clear_error (&fault);
      break;
    }
    if (weight && weight->outcome != POLICY_NO)
      given += draws_apply (s->draws, arena, &who, id, &applying, key, &fault) != NULL;
    if (!demo_go_on (fault, error))
      return false;
  }
  return true;
}

/* Those whose wishes were all taken, at the first school with room. */
static void
place_rest (Story *s, gint64 id)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n = 0;
  const DrawsRound *round = draws_round (s->draws, arena, &s->head, id, NULL);
  const DrawsApplication *all = draws_applications (s->draws, arena, &s->head, id, &n, NULL);
  for (size_t i = 0; round && i < n; i++)
    for (guint32 u = 0; all[i].seat < 0 && u < round->n_units; u++)
      if (draws_place (s->draws, &s->worker, id, all[i].number, u, NULL))
        break;
}

static bool
run (Story *s, gint64 id, GError **error)
{
  GError *fault = NULL;
  g_autoptr (Arena) arena = arena_new ();
  const DrawsRound *round = draws_round (s->draws, arena, &s->head, id, error);
  if (!round)
    return false;
  DrawsValue value = { round->source, "07 11 15 23 26 31 + 04" };
  on_day (s, 29);
  if (draws_act (s->draws, &s->worker, id, DRAWS_CLOSE, NULL, &fault)) {
    on_day (s, 27);
    if (draws_draw (s->draws, &s->head, id, &value, &fault)) {
      on_day (s, 26);
      draws_act (s->draws, &s->head, id, DRAWS_PUBLISH, NULL, &fault);
      on_day (s, 18);
      place_rest (s, id);
      if (!fault)
        draws_act (s->draws, &s->head, id, DRAWS_FINISH, NULL, &fault);
    }
  }
  return demo_go_on (fault, error);
}

static void
work_for (Story *s, const char *department)
{
  s->worker = (AccessAccount){ .name = "demo-worker", .role = ACCESS_CASE_WORKER, .department = department };
  s->head = (AccessAccount){ .name = "demo-head", .role = ACCESS_DEPARTMENT_HEAD, .department = department };
}

static bool
tell_schools (Story *s, GError **error)
{
  const PolicyAllocation *primary = draws_allocation (s->package, "22/primary");
  g_autoptr (Arena) arena = arena_new ();
  DrawsUnit units[UNITS];
  if (!primary)
    return true;
  work_for (s, primary->clause->lead);
  size_t n = find_schools (s, arena, primary, units);
  on_day (s, 40);
  gint64 over = plan (s, primary, "小学学位第一批（演示）", 10, units, n, error);
  if (over < 0 || (over && (!apply_all (s, over, primary, n, APPLICANTS, error) || !run (s, over, error))))
    return false;
  on_day (s, 2);
  gint64 open = plan (s, primary, "小学学位第二批（演示）", 30, units, n, error);
  return !open || (open > 0 && apply_all (s, open, primary, n, APPLICANTS / 2, error));
}

static bool
tell_flats (Story *s, GError **error)
{
  const PolicyAllocation *flats = draws_allocation (s->package, "17/public-rental-flats");
  DrawsUnit one = { .capacity = 5 };
  if (!flats)
    return true;
  work_for (s, "县住建局");
  on_day (s, 3);
  gint64 open = plan (s, flats, "公租房配租（演示）", 25, &one, 1, error);
  return !open || (open > 0 && apply_all (s, open, flats, 1, APPLICANTS, error));
}

bool
demo_rounds_add (Registry *registry, const PolicyPackage *package, GError **error)
{
  g_autoptr (Access) access = access_open (registry, error);
  if (!access)
    return false;
  policy_hand_purposes (package, access);
  Story s = { .access = access,
              .package = package,
              .now = (gint64)(civil_today () - 1) * DAY_SECONDS + 9 * 3600 };
  s.clock = s.now;
  DrawsOptions options = {
    .package = package, .registry = registry, .access = access, .clock = story_clock, .clock_data = &s
  };
  s.draws = draws_open (&options, error);
  bool done = s.draws && tell_schools (&s, error) && tell_flats (&s, error);
  draws_free (s.draws);
  return done;
}
