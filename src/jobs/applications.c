/* Applications in the store and for readers. */
#include "jobs/jobs_private.h"

enum { APPLICATIONS_MOST = 200 };

#define COLUMNS                                                                                              \
  "id, post, seeker, account, stage, name, letter, contact, picked, first_day, placements, opened_at,"       \
  " changed_at FROM jobs_application"

/* ---- rows --------------------------------------------------------------------------------- */

static ApplicationRow
take (StoreStatement *s, Arena *arena)
{
  return (ApplicationRow){ .id = store_integer (s, 0),
                           .post = store_integer (s, 1),
                           .seeker = store_integer (s, 2),
                           .account = store_string (s, 3, arena),
                           .stage = (JobsStage)store_integer (s, 4),
                           .name = store_string (s, 5, arena),
                           .letter = store_string (s, 6, arena),
                           .contact = store_string (s, 7, arena),
                           .picked = (int)store_integer (s, 8),
                           .first_day = (Day)store_integer (s, 9),
                           .placements = store_integer (s, 10),
                           .opened_at = store_integer (s, 11),
                           .changed_at = store_integer (s, 12) };
}

bool
application_find (StoreConnection *db, Arena *arena, gint64 id, gint64 post, Subject seeker,
                  ApplicationRow *row, bool *found, GError **error)
{
  StoreStatement *s = id ? store_statement (db, "SELECT " COLUMNS " WHERE id = ?1", error)
                         : store_statement (db, "SELECT " COLUMNS " WHERE post = ?1 AND seeker = ?2", error);
  *found = false;
  *row = (ApplicationRow){ 0 };
  if (!s)
    return false;
  store_bind_integer (s, 1, id ? id : post);
  if (!id)
    store_bind_integer (s, 2, seeker);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  *row = take (s, arena);
  *found = true;
  store_reset (s);
  return true;
}

bool
application_write (StoreConnection *db, const ApplicationRow *row, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO jobs_application (id, post, seeker, account, stage, name, letter, contact, picked,"
      " first_day, placements, opened_at, changed_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
      " ON CONFLICT (id) DO UPDATE SET account = excluded.account, stage = excluded.stage,"
      " name = excluded.name, letter = excluded.letter, contact = excluded.contact, picked = excluded.picked,"
      " first_day = excluded.first_day, placements = excluded.placements, changed_at = excluded.changed_at",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, row->id);
  store_bind_integer (s, 2, row->post);
  store_bind_integer (s, 3, row->seeker);
  store_bind_text (s, 4, row->account);
  store_bind_integer (s, 5, row->stage);
  store_bind_text (s, 6, row->name);
  store_bind_text (s, 7, row->letter);
  store_bind_text (s, 8, row->contact);
  store_bind_integer (s, 9, row->picked);
  store_bind_integer (s, 10, row->first_day);
  store_bind_integer (s, 11, row->placements);
  store_bind_integer (s, 12, row->opened_at);
  store_bind_integer (s, 13, row->changed_at);
  return store_run (s, error);
}

bool
application_step (StoreConnection *db, gint64 id, JobsAct act, gint64 at, const char *words, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT count(*) FROM jobs_step WHERE application = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  if (store_step (s, error) != STORE_ROW)
    return false;
  gint64 position = store_integer (s, 0);
  store_reset (s);
  s = store_statement (
      db, "INSERT INTO jobs_step (application, position, act, at, words) VALUES (?1, ?2, ?3, ?4, ?5)", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  store_bind_integer (s, 2, position);
  store_bind_integer (s, 3, act);
  store_bind_integer (s, 4, at);
  store_bind_text (s, 5, words);
  return store_run (s, error);
}

bool
application_tell (StoreConnection *db, const Jobs *jobs, const ApplicationRow *row, const JobsPost *post,
                  JobsAct act, const char *words, GError **error)
{
  const ActRule *rule = act_rule (act);
  g_autofree char *link = g_strdup_printf ("/jobs/applications/%" G_GINT64_FORMAT, row->id);
  NoticeWord told[] = { { "title", post->says.title, NULL },
                        { "employer", post->employer_name, NULL },
                        { "reason", words, NULL } };
  Notice notice = { .subject = rule->by_employer ? row->seeker : post->says.employer,
                    .kind = rule->kind,
                    .words = told,
                    .n_words = words ? 3 : 2,
                    .link = link,
                    .at = jobs_now (jobs) };
  return notices_put (db, &notice, error);
}

/* ---- for readers ------------------------------------------------------------------------------ */

/* As READER may see it: to an employer somebody invited has no name. */
static JobsApplication
shown_to (Arena *arena, const ApplicationRow *row, const JobsPost *post, bool own)
{
  bool masked = !own && !row->account;
  return (JobsApplication){ .id = row->id,
                            .post = row->post,
                            .title = post->says.title,
                            .employer_name = post->employer_name,
                            .employer = post->says.employer,
                            .own = own,
                            .stage = row->stage,
                            .name = masked ? access_mask_name (arena, row->name) : row->name,
                            .letter = row->letter,
                            .contact = row->contact,
                            .first_day = row->first_day,
                            .opened_at = row->opened_at,
                            .changed_at = row->changed_at,
                            .picked = row->picked };
}

static bool
read_slots (StoreConnection *db, Arena *arena, JobsApplication *a, GError **error)
{
  g_autoptr (GArray) slots = g_array_new (FALSE, FALSE, sizeof (JobsSlot));
  StoreStatement *s = store_statement (
      db, "SELECT starts_at, place FROM jobs_slot WHERE application = ?1 ORDER BY position", error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  while ((step = store_step (s, error)) == STORE_ROW) {
    JobsSlot slot = { store_integer (s, 0), store_string (s, 1, arena) };
    g_array_append_val (slots, slot);
  }
  a->n_slots = slots->len;
  a->slots = jobs_keep (arena, slots);
  return step == STORE_DONE;
}

static bool
read_steps (StoreConnection *db, Arena *arena, JobsApplication *a, GError **error)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (JobsStep));
  StoreStatement *s = store_statement (
      db, "SELECT act, at, words FROM jobs_step WHERE application = ?1 ORDER BY position", error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  while ((step = store_step (s, error)) == STORE_ROW) {
    JobsStep one = { (JobsAct)store_integer (s, 0), store_integer (s, 1), store_string (s, 2, arena) };
    g_array_append_val (steps, one);
  }
  a->n_steps = steps->len;
  a->steps = jobs_keep (arena, steps);
  return step == STORE_DONE;
}

/* What the person lets employers see; of somebody only invited as long as it is shown. */
static bool
read_profile (StoreConnection *db, const Jobs *jobs, Arena *arena, const ApplicationRow *row,
              JobsApplication *a, GError **error)
{
  JobsProfile profile;
  bool found;
  if (!profile_find (db, jobs, arena, row->seeker, 0, &profile, &found, error))
    return false;
  if (!found || (!a->own && !row->account && !profile.shown))
    return true;
  profile.name = a->name;
  a->profile = arena_copy (arena, &profile, sizeof profile);
  return true;
}

bool
record_read (const Jobs *jobs, const AccessAccount *who, AuditAct act, Subject subject, const AuditSet *seen,
             const char *deed, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("{\"deed\":\"%s\"}", deed);
  AuditEntry entry = { .act = act,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .subject = subject,
                       .subjects = seen,
                       .purpose = JOBS_PURPOSE,
                       .detail = detail };
  return audit_record (jobs->store, &entry, error);
}

/* The row, its post, and which side WHO is of; FAULT_NOT_FOUND also for whom it does not concern. */
static bool
find_for (StoreConnection *db, Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 id,
          ApplicationRow *row, JobsPost *post, bool *own, GError **error)
{
  bool found;
  if (!application_find (db, arena, id, 0, 0, row, &found, error)
      || (found && !post_find (db, jobs, arena, row->post, post, error)))
    return false;
  *own = found && who && who->subject == row->seeker;
  if (found && (*own || (who && jobs_may_advertise (jobs, who, post->says.employer, NULL))))
    return true;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no application %" G_GINT64_FORMAT, id);
  return false;
}

const JobsApplication *
jobs_application (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 id, GError **error)
{
  ApplicationRow row;
  JobsPost post;
  bool own;
  g_autoptr (StoreReader) reader = id > 0 ? store_reader (jobs->store, error) : NULL;
  if (id <= 0)
    jobs_refuse (error, FAULT_NOT_FOUND, "there is no such application");
  if (!reader || !find_for (store_reader_db (reader), jobs, arena, who, id, &row, &post, &own, error))
    return NULL;
  StoreConnection *db = store_reader_db (reader);
  JobsApplication a = shown_to (arena, &row, &post, own);
  if (!read_slots (db, arena, &a, error) || !read_steps (db, arena, &a, error)
      || !read_profile (db, jobs, arena, &row, &a, error)
      || (!own && !record_read (jobs, who, AUDIT_READ, row.seeker, NULL, "read application", error)))
    return NULL;
  return arena_copy (arena, &a, sizeof a);
}

/* ---- lists ------------------------------------------------------------------------------------ */

static bool
list_rows (StoreConnection *db, Arena *arena, gint64 post, Subject seeker, gint64 before, size_t limit,
           GArray *rows, GError **error)
{
  StoreStatement *s
      = post ? store_statement (
            db, "SELECT " COLUMNS " WHERE post = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3", error)
             : store_statement (
                 db, "SELECT " COLUMNS " WHERE seeker = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3", error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, post ? post : seeker);
  store_bind_integer (s, 2, before ? before : G_MAXINT64);
  store_bind_integer (s, 3, (gint64)CLAMP (limit, 1, APPLICATIONS_MOST));
  while ((step = store_step (s, error)) == STORE_ROW) {
    ApplicationRow row = take (s, arena);
    g_array_append_val (rows, row);
  }
  return step == STORE_DONE;
}

static bool
fill_list (StoreConnection *db, const Jobs *jobs, Arena *arena, const GArray *rows, bool own, GArray *all,
           AuditSet *seen, GError **error)
{
  for (guint i = 0; i < rows->len; i++) {
    const ApplicationRow *row = &g_array_index (rows, ApplicationRow, i);
    JobsPost post;
    if (!post_find (db, jobs, arena, row->post, &post, error))
      return false;
    JobsApplication a = shown_to (arena, row, &post, own);
    g_array_append_val (all, a);
    audit_set_add (seen, row->seeker);
  }
  return true;
}

const JobsApplication *
jobs_applications (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 post, gint64 before,
                   size_t limit, size_t *n, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (ApplicationRow)),
                     all = g_array_new (FALSE, FALSE, sizeof (JobsApplication));
  g_autoptr (AuditSet) seen = audit_set_new ();
  const JobsPost *of = post ? jobs_post (jobs, arena, who, post, error) : NULL;
  *n = 0;
  if (post ? !of || !jobs_check_employer (jobs, who, of->says.employer, error)
           : !seeker_check (jobs, who, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  if (!reader || !list_rows (store_reader_db (reader), arena, post, who->subject, before, limit, rows, error)
      || !fill_list (store_reader_db (reader), jobs, arena, rows, !post, all, seen, error)
      || (post && all->len && !record_read (jobs, who, AUDIT_SEARCH, 0, seen, "list applications", error)))
    return NULL;
  *n = all->len;
  return jobs_keep (arena, all);
}
