/* Who meets whom when: time by time, deferred acceptance between the wishes that are left. */
#include "jobs/jobs_private.h"

#include "allocation/allocation.h"

enum { UNRANKED = 1000000 }; /* after everybody whom the employer ranked */

/* One person's wish for one post. */
typedef struct {
  gint64 number, position, post, liked;
  Subject seeker;
  guint32 unit;
  bool met;
} Wish;

typedef struct {
  gint64 post;
  gint64 interviewers;
} Stand;

typedef struct {
  Jobs *jobs;
  Arena *arena;
  const AccessAccount *who;
  gint64 id;
  JobsFair fair;
  GArray *wishes; /* by number and position */
  GArray *stands; /* by post */
} Arranging;

#define WISH(a, i) g_array_index ((a)->wishes, Wish, i)

/* ---- reading ----------------------------------------------------------------------------------- */

static bool
read_stands (StoreConnection *db, Arranging *a, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT post, interviewers FROM jobs_stand WHERE fair = ?1 ORDER BY post", error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  while ((step = store_step (s, error)) == STORE_ROW) {
    Stand stand = { store_integer (s, 0), store_integer (s, 1) };
    g_array_append_val (a->stands, stand);
  }
  return step == STORE_DONE;
}

static int
by_post (const void *key, const void *stand)
{
  gint64 wanted = *(const gint64 *)key, is = ((const Stand *)stand)->post;
  return (wanted > is) - (wanted < is);
}

static bool
read_wishes (StoreConnection *db, Arranging *a, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT w.number, w.position, w.post, w.liked, g.seeker FROM jobs_wish w, jobs_guest g"
      " WHERE w.fair = ?1 AND g.fair = ?1 AND g.number = w.number ORDER BY w.number, w.position",
      error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  while ((step = store_step (s, error)) == STORE_ROW) {
    Wish wish = { .number = store_integer (s, 0),
                  .position = store_integer (s, 1),
                  .post = store_integer (s, 2),
                  .liked = store_integer (s, 3),
                  .seeker = store_integer (s, 4) };
    const Stand *stand = bsearch (&wish.post, a->stands->data, a->stands->len, sizeof (Stand), by_post);
    if (!stand)
      continue;
    wish.unit = (guint32)(stand - (const Stand *)(void *)a->stands->data);
    g_array_append_val (a->wishes, wish);
  }
  return step == STORE_DONE;
}

/* ---- one time ---------------------------------------------------------------------------------- */

/* The wishes that are left, person by person. */
typedef struct {
  AllocationSpec spec;
  guint32 *wish_of; /* of each choice: its wish */
} Time;

static void
add_stands (const Arranging *a, AllocationSpec *spec)
{
  AllocationUnit *units = arena_new0 (a->arena, AllocationUnit, a->stands->len);
  AllocationSlots *slots = arena_new0 (a->arena, AllocationSlots, a->stands->len);
  for (guint i = 0; i < a->stands->len; i++) {
    const Stand *stand = &g_array_index (a->stands, Stand, i);
    units[i] = (AllocationUnit){ .id = arena_printf (a->arena, "J%06" G_GINT64_FORMAT, stand->post),
                                 .first = i,
                                 .n_slots = 1,
                                 .region = ALLOCATION_NOWHERE };
    slots[i]
        = (AllocationSlots){ .kind = ALLOCATION_OPEN, .n = (guint32)stand->interviewers, .name = "面试" };
  }
  spec->units = units;
  spec->slots = slots;
  spec->n_units = spec->n_slots = a->stands->len;
}

static void
add_people (const Arranging *a, Time *time)
{
  guint n = a->wishes->len;
  const char **ids = arena_new0 (a->arena, const char *, n);
  guint32 *starts = arena_new0 (a->arena, guint32, n + 1), *choices = arena_new0 (a->arena, guint32, n),
          at = 0;
  gint64 **values = arena_new0 (a->arena, gint64 *, 2);
  values[0] = arena_new0 (a->arena, gint64, n);
  values[1] = arena_new0 (a->arena, gint64, n);
  time->wish_of = arena_new0 (a->arena, guint32, n);
  gint64 last = 0;
  for (guint i = 0; i < n; i++) {
    const Wish *wish = &WISH (a, i);
    if (wish->met)
      continue;
    if (wish->number != last) {
      values[1][time->spec.n] = last = wish->number;
      ids[time->spec.n++] = arena_printf (a->arena, "%06" G_GINT64_FORMAT, wish->number);
    }
    values[0][at] = wish->liked ? wish->liked : UNRANKED;
    choices[at] = wish->unit;
    time->wish_of[at++] = i;
    starts[time->spec.n] = at;
  }
  time->spec.ids = ids;
  time->spec.starts = starts;
  time->spec.choices = choices;
  time->spec.values = (const gint64 *const *)values;
  time->spec.traits_of = arena_new0 (a->arena, guint64, n);
}

/* The employer's rank, then who named posts first: no two claims are equal, and no lot is needed. */
static void
make_time (const Arranging *a, int index, Time *time)
{
  static const AllocationSpecKey keys[]
      = { { "单位排的名次", true, true, 0 }, { "报名先后", false, true, 0 } };
  *time = (Time){ .spec
                  = { .pool = arena_printf (a->arena, "job-fair/%" G_GINT64_FORMAT "/%d", a->id, index + 1),
                      .mechanism = ALLOCATION_DEFERRED,
                      .ties = ALLOCATION_TIES_REJECT_ALL,
                      .keys = keys,
                      .n_keys = G_N_ELEMENTS (keys) } };
  time->spec.announcement.pool = time->spec.pool;
  add_stands (a, &time->spec);
  add_people (a, time);
}

static bool
keep_transcript (StoreConnection *db, const Arranging *a, int index, const char *text, GError **error)
{
  StoreStatement *s
      = store_statement (db, "INSERT INTO jobs_time (fair, position, transcript) VALUES (?1, ?2, ?3)", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  store_bind_integer (s, 2, index);
  store_bind_text (s, 3, text);
  return store_run (s, error);
}

/* *MORE: somebody met somebody. */
static bool
run_time (StoreConnection *db, const Arranging *a, int index, bool *more, GError **error)
{
  Time time;
  make_time (a, index, &time);
  *more = false;
  if (!time.spec.n)
    return true;
  AllocationProblem problem = allocation_spec_problem (&time.spec, a->arena, NULL);
  const AllocationResult *result = allocation_run (&problem, a->arena, error);
  g_autoptr (GString) text = g_string_new (NULL);
  if (!result || !allocation_certify (&problem, result->unit_of, result->slots_of, NULL, error)
      || !allocation_close (&time.spec, error))
    return false;
  AllocationOutcome outcome = { NULL, result->unit_of, result->slots_of };
  if (!allocation_transcript (&time.spec, &outcome, text, error)
      || !keep_transcript (db, a, index, text->str, error))
    return false;
  for (guint32 i = 0; i < time.spec.n; i++) {
    if (result->unit_of[i] == ALLOCATION_NOWHERE)
      continue;
    Wish *wish = &WISH (a, time.wish_of[allocation_choice_of (&problem, i, result->unit_of[i])]);
    const gint64 row[] = { a->id, wish->number, wish->position, fair_time (&a->fair, index) };
    wish->met = *more = true;
    if (!run_numbers (db,
                      "UPDATE jobs_wish SET starts_at = ?4 WHERE fair = ?1 AND number = ?2 AND position = ?3",
                      row, 4, error))
      return false;
  }
  return true;
}

/* ---- all of them ------------------------------------------------------------------------------- */

static bool
tell (StoreConnection *db, const Arranging *a, Subject whom, GError **error)
{
  g_autofree char *link = g_strdup_printf ("/jobs/fairs/%" G_GINT64_FORMAT, a->id),
                  *key = g_strdup_printf ("fair-%" G_GINT64_FORMAT, a->id);
  NoticeWord word = { "title", a->fair.name, NULL };
  Notice notice = { .subject = whom,
                    .kind = "fair-arranged",
                    .words = &word,
                    .n_words = 1,
                    .link = link,
                    .key = key,
                    .at = jobs_now (a->jobs) };
  return notices_put (db, &notice, error);
}

static bool
tell_all (StoreConnection *db, const Arranging *a, GError **error)
{
  for (guint i = 0; i < a->wishes->len; i++)
    if ((!i || WISH (a, i).number != WISH (a, i - 1).number) && !tell (db, a, WISH (a, i).seeker, error))
      return false;
  for (guint i = 0; i < a->stands->len; i++) {
    JobsPost post;
    if (!post_find (db, a->jobs, a->arena, g_array_index (a->stands, Stand, i).post, &post, error)
        || !tell (db, a, post.says.employer, error))
      return false;
  }
  return true;
}

static bool
write_arrangement (StoreConnection *db, gpointer data, GError **error)
{
  Arranging *a = data;
  bool more = true;
  if (!fair_find (db, a->arena, a->id, &a->fair, error))
    return false;
  if (a->fair.arranged)
    return true;
  if (!read_stands (db, a, error) || !read_wishes (db, a, error))
    return false;
  if (!a->wishes->len)
    return jobs_refuse (error, FAULT_CONFLICT, "nobody has named a post yet");
  for (int i = 0; i < fair_times (&a->fair) && more; i++)
    if (!run_time (db, a, i, &more, error))
      return false;
  return run_numbers (db, "UPDATE jobs_fair SET arranged = 1 WHERE id = ?1", &a->id, 1, error)
         && tell_all (db, a, error) && jobs_note (db, a->who, "arrange fair", a->id, a->fair.event, error);
}

bool
jobs_arrange_fair (Jobs *jobs, const AccessAccount *who, gint64 fair, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) wishes = g_array_new (FALSE, FALSE, sizeof (Wish)),
                     stands = g_array_new (FALSE, FALSE, sizeof (Stand));
  Arranging a = { .jobs = jobs, .arena = arena, .who = who, .id = fair, .wishes = wishes, .stands = stands };
  return jobs_check_office (jobs, who, error) && store_write (jobs->store, write_arrangement, &a, error);
}
