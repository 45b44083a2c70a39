/* The queue: what is due is taken with a lease, which is nothing but a later DUE.  A sender that is killed
 * leaves what it had taken, and it comes round again. */
#include "notices/notices_private.h"

enum { LOOKED_AT_ONCE = 20, DAY_MINUTES = 1440, SHANGHAI_MINUTES = 8 * 60 };

int
quiet_left (const NoticesChoice *choice, gint64 now)
{
  int minute = (int)((now / 60 + SHANGHAI_MINUTES) % DAY_MINUTES);
  int length = (choice->quiet_to - choice->quiet_from + DAY_MINUTES) % DAY_MINUTES;
  int into = (minute - choice->quiet_from + DAY_MINUTES) % DAY_MINUTES;
  return into < length ? length - into : 0;
}

/* Until when things must have been due to be looked at: what has no channel is only given up. */
static gint64
due_until (const QueueStep *step)
{
  gint64 now = notices_now (step->notices);
  return step->gateways->channels[step->way].send
             ? now
             : now - (gint64)step->gateways->give_up_days * DAY_MINUTES * 60;
}

bool
queue_look (const QueueStep *step, bool *due, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (step->notices->store, error);
  StoreStatement *s
      = reader ? store_statement (
            store_reader_db (reader),
            "SELECT id FROM notice_delivery WHERE way = ?1 AND due <= ?2 AND status = 0 LIMIT 1", error)
               : NULL;
  if (!s)
    return false;
  store_bind_integer (s, 1, step->way);
  store_bind_integer (s, 2, due_until (step));
  StoreStep found = store_step (s, error);
  *due = found == STORE_ROW;
  if (*due)
    store_reset (s);
  return found != STORE_FAILED;
}

/* ---- ending ---------------------------------------------------------------- */

static bool
end_delivery (StoreConnection *db, gint64 id, DeliveryStatus status, const char *trouble, gint64 now,
              GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "UPDATE notice_delivery SET status = ?2, trouble = ?3, ended = ?4,"
                                       " address = NULL WHERE id = ?1 AND status = 0",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  store_bind_integer (s, 2, status);
  store_bind_text (s, 3, trouble);
  store_bind_integer (s, 4, now);
  return store_run (s, error);
}

static bool
put_off (StoreConnection *db, gint64 id, gint64 attempts, gint64 due, const char *trouble, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "UPDATE notice_delivery SET due = ?3, trouble = coalesce (?4, trouble)"
                                       " WHERE id = ?1 AND attempts = ?2 AND status = 0",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  store_bind_integer (s, 2, attempts); /* another sender's since, when the lease ran out */
  store_bind_integer (s, 3, due);
  store_bind_text (s, 4, trouble);
  return store_run (s, error);
}

/* The reader learns in the inbox that a way does not reach them, once a day. */
static bool
tell_reader (StoreConnection *db, const QueueStep *step, const char *reader, gint64 now, GError **error)
{
  static const NoticeWord ways[] = { { "way", "电子邮箱", "e-mail" }, { "way", "手机短信", "SMS" } };
  char day[CIVIL_TEXT_MAX];
  const char *key = arena_printf (step->arena, "undelivered/%s/%s", notices_way_id (step->way),
                                  civil_format (civil_day_of (now), day));
  Notice notice = { .kind = "notices-undelivered",
                    .words = &ways[step->way],
                    .n_words = 1,
                    .link = "/me/notices",
                    .key = key,
                    .at = now };
  if (g_str_has_prefix (reader, "subject:"))
    notice.subject = g_ascii_strtoll (reader + strlen ("subject:"), NULL, 10);
  else
    notice.account = reader + strlen ("account:");
  return put_inside (db, &notice, error);
}

static bool
reader_of_delivery (StoreConnection *db, Arena *arena, gint64 id, const char **reader, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT reader FROM notice_delivery WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  if (store_step (s, error) != STORE_ROW)
    return false;
  *reader = store_string (s, 0, arena);
  store_reset (s);
  return true;
}

static bool
put_back (StoreConnection *db, const QueueStep *step, gint64 now, GError **error)
{
  const QueueLetter *done = step->done;
  const char *reader;
  switch (done->verdict) {
  case NOTICE_SENT: return end_delivery (db, done->id, DELIVERY_SENT, NULL, now, error);
  case NOTICE_REFUSED:
    return reader_of_delivery (db, step->arena, done->id, &reader, error)
           && end_delivery (db, done->id, DELIVERY_REFUSED, done->trouble, now, error)
           && tell_reader (db, step, reader, now, error);
  case NOTICE_LATER:
  case NOTICE_AWAY: break;
  }
  return put_off (db, done->id, done->attempts, now + done->pause, done->trouble, error);
}

/* ---- taking ------------------------------------------------------------------ */

typedef struct {
  gint64 id, since, attempts;
  const char *reader, *message, *address;
} Candidate;

static const Candidate *
read_candidates (StoreConnection *db, const QueueStep *step, size_t *n, GError **error)
{
  Candidate *all = arena_new0 (step->arena, Candidate, LOOKED_AT_ONCE);
  StoreStatement *s
      = store_statement (db,
                         "SELECT id, since, attempts, reader, message, address FROM notice_delivery"
                         " WHERE way = ?1 AND due <= ?2 AND status = 0 ORDER BY due, id LIMIT ?3",
                         error);
  *n = 0;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, step->way);
  store_bind_integer (s, 2, due_until (step));
  store_bind_integer (s, 3, LOOKED_AT_ONCE);
  StoreStep found;
  while ((found = store_step (s, error)) == STORE_ROW)
    all[(*n)++] = (Candidate){ .id = store_integer (s, 0),
                               .since = store_integer (s, 1),
                               .attempts = store_integer (s, 2),
                               .reader = store_string (s, 3, step->arena),
                               .message = store_string (s, 4, step->arena),
                               .address = store_string (s, 5, step->arena) };
  return found == STORE_DONE ? all : NULL;
}

static bool
lease (StoreConnection *db, QueueStep *step, const Candidate *c, bool english, gint64 now, GError **error)
{
  StoreStatement *s = store_statement (
      db, "UPDATE notice_delivery SET due = ?2, attempts = attempts + 1 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, c->id);
  store_bind_integer (s, 2, now + step->gateways->lease_s);
  step->taken = (QueueLetter){
    .id = c->id, .attempts = c->attempts + 1, .message = c->message, .address = c->address, .english = english
  };
  return store_run (s, error);
}

/* One that is due: given up, put off to the end of quiet hours, or taken. */
static bool
try_candidate (StoreConnection *db, QueueStep *step, const Candidate *c, gint64 now, GError **error)
{
  NoticesChoice choice;
  if (now - c->since >= (gint64)step->gateways->give_up_days * DAY_MINUTES * 60)
    return end_delivery (db, c->id, DELIVERY_GIVEN_UP, "given up", now, error)
           && tell_reader (db, step, c->reader, now, error);
  if (!choice_find (db, step->arena, c->reader, &choice, error))
    return false;
  int quiet = quiet_left (&choice, now);
  if (quiet)
    return put_off (db, c->id, c->attempts, now - now % 60 + (gint64)quiet * 60, NULL, error);
  return lease (db, step, c, choice.english, now, error);
}

static bool
write_step (StoreConnection *db, gpointer data, GError **error)
{
  QueueStep *step = data;
  gint64 now = notices_now (step->notices);
  step->taken = (QueueLetter){ 0 };
  if (step->done && !put_back (db, step, now, error))
    return false;
  if (!step->take)
    return true;
  size_t n;
  const Candidate *candidates = read_candidates (db, step, &n, error);
  for (size_t i = 0; candidates && i < n && !step->taken.id; i++)
    if (!try_candidate (db, step, &candidates[i], now, error))
      return false;
  return candidates;
}

bool
queue_step (QueueStep *step, GError **error)
{
  return store_write (step->notices->store, write_step, step, error);
}

bool
notices_count (Notices *notices, NoticesWay way, NoticesCount *count, GError **error)
{
  gint64 *const of[] = { &count->waiting, &count->sent, &count->refused, &count->given_up, &count->unwanted };
  *count = (NoticesCount){ 0 };
  g_autoptr (StoreReader) reader = store_reader (notices->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT status, count(*) FROM notice_delivery WHERE way = ?1"
                                                " GROUP BY status",
                                                error)
                             : NULL;
  if (!s)
    return false;
  store_bind_integer (s, 1, way);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW)
    *of[store_integer (s, 0)] = store_integer (s, 1);
  return step == STORE_DONE;
}
