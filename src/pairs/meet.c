/* Introductions: one side asks, the other accepts or declines, and either says what came of it. */
#include "pairs/pairs_private.h"

const char *
pairs_state_id (PairsState state)
{
  static const char *const ids[PAIRS_STATES] = { "asked", "accepted", "declined", "agreed", "not-agreed" };
  return ids[state];
}

PolicyText
pairs_state_name (PairsState state)
{
  static const PolicyText names[PAIRS_STATES] = { { "等对方答复", "Waiting for an answer" },
                                                  { "已接通", "In contact" },
                                                  { "对方没有接受", "Declined" },
                                                  { "谈成了", "Agreed" },
                                                  { "没有谈成", "Not agreed" } };
  return names[state];
}

/* ---- reading ------------------------------------------------------------------------------- */

static PairsMeeting
take (StoreStatement *s, Arena *arena, gint64 own)
{
  PairsMeeting m = { .id = store_integer (s, 0),
                     .state = (PairsState)store_integer (s, 3),
                     .own = own,
                     .words = store_string (s, 4, arena),
                     .changed_at = store_integer (s, 7) };
  m.is_asker = store_integer (s, 1) == own;
  m.other = store_integer (s, m.is_asker ? 2 : 1);
  m.other_title = store_string (s, 8, arena);
  m.other_name = store_string (s, 9, arena);
  bool met = m.state != PAIRS_ASKED && m.state != PAIRS_DECLINED;
  m.contact = met ? store_string (s, m.is_asker ? 6 : 5, arena) : NULL;
  if (!met)
    m.other_name = access_mask_name (arena, m.other_name);
  return m;
}

const PairsMeeting *
meetings_of (StoreConnection *db, const Pairs *pairs, Arena *arena, gint64 own, gint64 other, size_t *n,
             GError **error)
{
  g_autoptr (GArray) meetings = g_array_new (FALSE, FALSE, sizeof (PairsMeeting));
  StoreStep step;
  StoreStatement *s = store_statement (
      db,
      "SELECT m.id, m.asker, m.asked, m.state, m.words, m.asker_contact, m.asked_contact, m.changed_at,"
      " e.title, e.owner_name FROM pairs_meeting m JOIN pairs_entry e"
      " ON e.id = CASE WHEN m.asker = ?1 THEN m.asked ELSE m.asker END"
      " WHERE (m.asker = ?1 AND (?2 = 0 OR m.asked = ?2)) OR (m.asked = ?1 AND (?2 = 0 OR m.asker = ?2))"
      " ORDER BY m.id DESC",
      error);
  if (!s)
    return NULL;
  store_bind_integer (s, 1, own);
  store_bind_integer (s, 2, other);
  while ((step = store_step (s, error)) == STORE_ROW) {
    PairsMeeting meeting = take (s, arena, own);
    g_array_append_val (meetings, meeting);
  }
  *n = meetings->len;
  return step == STORE_DONE ? pairs_keep (arena, meetings) : NULL;
}

const PairsMeeting *
pairs_meetings (Pairs *pairs, Arena *arena, const AccessAccount *who, gint64 entry, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (pairs->store, error);
  PairsEntry own;
  *n = 0;
  if (!reader || !entry_find (store_reader_db (reader), pairs, arena, entry, &own, error)
      || !entry_check_own (pairs, who, &own, error))
    return NULL;
  return meetings_of (store_reader_db (reader), pairs, arena, entry, 0, n, error);
}

/* ---- telling --------------------------------------------------------------------------------- */

static bool
tell (StoreConnection *db, const Pairs *pairs, const PairsEntry *whom, const char *kind, const char *title,
      GError **error)
{
  g_autofree char *link = g_strdup_printf ("/markets/entries/%" G_GINT64_FORMAT, whom->id);
  NoticeWord word = { "title", title, NULL };
  Notice notice = {
    .subject = whom->owner, .kind = kind, .words = &word, .n_words = 1, .link = link, .at = pairs_now (pairs)
  };
  return notices_put (db, &notice, error);
}

/* ---- asking ------------------------------------------------------------------------------------ */

typedef struct {
  Pairs *pairs;
  Arena *arena;
  const AccessAccount *who;
  gint64 own, other;
  const char *words, *contact;
  PairsAct act;
  StoreOnce once;
  gint64 id, now;
} Meeting;

static bool
check_asking (StoreConnection *db, const Meeting *m, const PairsEntry *own, const PairsEntry *other,
              GError **error)
{
  bool qualifies;
  size_t n;
  if (!g_str_equal (own->market, other->market) || own->side == other->side)
    return pairs_refuse (error, FAULT_CONFLICT, "the two are not of either side of one market");
  if (!own->is_open || !other->is_open)
    return pairs_refuse (error, FAULT_CONFLICT, "one of the two is closed");
  const PairsMeeting *before = meetings_of (db, m->pairs, m->arena, own->id, other->id, &n, error);
  if (!before || !pair_qualifies (m->pairs, db, own, other, &qualifies, error))
    return false;
  if (n)
    return pairs_refuse (error, FAULT_CONFLICT, "you have been introduced already");
  return qualifies || pairs_refuse (error, FAULT_CONFLICT, "the two do not meet the market's conditions");
}

static bool
insert_meeting (StoreConnection *db, const Meeting *m, const char *market, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO pairs_meeting (id, market, asker, asked, state, words, asker_contact, made_at, changed_at)"
      " VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?7)",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, m->id);
  store_bind_text (s, 2, market);
  store_bind_integer (s, 3, m->own);
  store_bind_integer (s, 4, m->other);
  store_bind_text (s, 5, m->words);
  store_bind_text (s, 6, m->contact);
  store_bind_integer (s, 7, m->now);
  return store_run (s, error);
}

static bool
write_asking (StoreConnection *db, gpointer data, GError **error)
{
  Meeting *m = data;
  PairsEntry own, other;
  gint64 done;
  if (!store_once_look (db, &m->once, &done, error))
    return false;
  if (done) {
    m->id = done;
    return true;
  }
  return entry_find (db, m->pairs, m->arena, m->own, &own, error)
         && entry_check_own (m->pairs, m->who, &own, error)
         && entry_find (db, m->pairs, m->arena, m->other, &other, error)
         && check_asking (db, m, &own, &other, error)
         && store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM pairs_meeting", 1, &m->id, error)
         && insert_meeting (db, m, own.market, error)
         && tell (db, m->pairs, &other, "pair-asked", other.title, error)
         && pairs_note (db, m->who, "ask", m->id, other.owner, error)
         && store_once_remember (db, &m->once, m->id, m->now, error);
}

gint64
pairs_ask (Pairs *pairs, const AccessAccount *who, gint64 own, gint64 other, const char *words,
           const char *contact, const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Meeting m = { .pairs = pairs,
                .arena = arena,
                .who = who,
                .own = own,
                .other = other,
                .words = words,
                .contact = contact,
                .now = pairs_now (pairs) };
  if (!key || !*key) {
    pairs_refuse (error, FAULT_INPUT, "key: it is missing");
    return 0;
  }
  Digest *digest = digest_new ();
  digest_integer (digest, own);
  digest_integer (digest, other);
  digest_text (digest, words);
  digest_text (digest, contact);
  m.once = (StoreOnce){ who->name, "pairs-ask", key, digest_end (digest, arena) };
  return text_check ("words", words, false, PAIRS_TEXT_MAX, false, error)
                 && text_check ("contact", contact, false, PAIRS_CONTACT_MAX, true, error)
                 && store_write (pairs->store, write_asking, &m, error)
             ? m.id
             : 0;
}

/* ---- answering ----------------------------------------------------------------------------------- */

static const PairsState becomes[] = { [PAIRS_ACCEPT] = PAIRS_ACCEPTED,
                                      [PAIRS_DECLINE] = PAIRS_DECLINED,
                                      [PAIRS_AGREE] = PAIRS_AGREED,
                                      [PAIRS_DISAGREE] = PAIRS_NOT_AGREED };

/* Who was asked answers; either says what came of it. */
static bool
check_answer (const Meeting *m, PairsState state, bool asker, bool asked, GError **error)
{
  bool answers = m->act == PAIRS_ACCEPT || m->act == PAIRS_DECLINE;
  if (answers ? !asked : !asker && !asked)
    return pairs_refuse (error, FAULT_DENIED, "this is for the other side to say");
  return state == (answers ? PAIRS_ASKED : PAIRS_ACCEPTED)
         || pairs_refuse (error, FAULT_CONFLICT, "this has been answered already, or waits for an answer");
}

static bool
set_state (StoreConnection *db, const Meeting *m, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "UPDATE pairs_meeting SET state = ?2, changed_at = ?3,"
                                       " asked_contact = coalesce (?4, asked_contact) WHERE id = ?1",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, m->id);
  store_bind_integer (s, 2, becomes[m->act]);
  store_bind_integer (s, 3, m->now);
  store_bind_text (s, 4, m->act == PAIRS_ACCEPT ? m->contact : NULL);
  return store_run (s, error);
}

static bool
tell_answer (StoreConnection *db, const Meeting *m, const PairsEntry *asker, const PairsEntry *asked,
             GError **error)
{
  if (m->act == PAIRS_ACCEPT)
    return tell (db, m->pairs, asker, "pair-accepted", asked->title, error);
  return m->act != PAIRS_DECLINE || tell (db, m->pairs, asker, "pair-declined", asked->title, error);
}

static bool
write_answer (StoreConnection *db, gpointer data, GError **error)
{
  static const char *const deeds[] = { "accept", "decline", "agree", "disagree" };
  Meeting *m = data;
  PairsEntry asker, asked;
  StoreStatement *s
      = store_statement (db, "SELECT asker, asked, state FROM pairs_meeting WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, m->id);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE && pairs_refuse (error, FAULT_NOT_FOUND, "there is no such introduction");
  m->own = store_integer (s, 0);
  m->other = store_integer (s, 1);
  PairsState state = (PairsState)store_integer (s, 2);
  store_reset (s);
  if (!entry_find (db, m->pairs, m->arena, m->own, &asker, error)
      || !entry_find (db, m->pairs, m->arena, m->other, &asked, error))
    return false;
  bool of_asker = entry_check_own (m->pairs, m->who, &asker, NULL),
       of_asked = entry_check_own (m->pairs, m->who, &asked, NULL);
  if (!of_asker && !of_asked)
    return pairs_refuse (error, FAULT_NOT_FOUND, "there is no such introduction");
  if (state == becomes[m->act])
    return true;
  return check_answer (m, state, of_asker, of_asked, error) && set_state (db, m, error)
         && tell_answer (db, m, &asker, &asked, error)
         && pairs_note (db, m->who, deeds[m->act], m->id, of_asked ? asker.owner : asked.owner, error);
}

bool
pairs_answer (Pairs *pairs, const AccessAccount *who, gint64 meeting, PairsAct act, const char *contact,
              GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Meeting m = { .pairs = pairs,
                .arena = arena,
                .who = who,
                .id = meeting,
                .act = act,
                .contact = contact,
                .now = pairs_now (pairs) };
  return (act != PAIRS_ACCEPT || text_check ("contact", contact, false, PAIRS_CONTACT_MAX, true, error))
         && store_write (pairs->store, write_answer, &m, error);
}

/* ---- ending ---------------------------------------------------------------------------------------- */

bool
meetings_end (StoreConnection *db, const Pairs *pairs, gint64 entry, GError **error)
{
  gint64 numbers[] = { entry, pairs_now (pairs) };
  return pairs_run (db,
                    "UPDATE pairs_meeting SET state = 2, changed_at = ?2 WHERE state = 0 AND (asker = ?1 OR"
                    " asked = ?1)",
                    numbers, 2, error);
}
