/* The inbox: what stands there, and what of it is read. */
#include "notices/notices_private.h"

typedef struct {
  const JsonValue *words;
  TextsLanguage language;
} Said;

static const char *
look_said (const char *name, gpointer data)
{
  const Said *said = data;
  const JsonValue *pair = json_get (said->words, name);
  const char *english = pair && pair->n == 2 ? json_string (pair->elements[1]) : NULL;
  return said->language == TEXTS_EN && english ? english
         : pair && pair->n == 2                ? json_string (pair->elements[0])
                                               : NULL;
}

/* The current row.  A kind that this program no longer has keeps its link and says its id. */
static bool
read_item (StoreStatement *s, Arena *arena, TextsLanguage language, NoticeItem *item, GError **error)
{
  *item = (NoticeItem){ .id = store_integer (s, 0),
                        .kind = store_string (s, 1, arena),
                        .link = store_string (s, 3, arena),
                        .at = store_integer (s, 4),
                        .read_at = store_integer (s, 5),
                        .shared = text_starts_with (store_text (s, 6), "department:") };
  Said said = { json_parse (arena, text_of (store_string (s, 2, arena)), "a notice", error), language };
  if (!said.words)
    return false;
  item->erased = said.words->kind == JSON_NULL;
  const TextsKind *kind = texts_kind (item->erased ? "erased" : item->kind);
  item->title = kind ? texts_fill (arena, kind->title.text[language], look_said, &said, NULL) : item->kind;
  item->body = kind ? texts_fill (arena, kind->body.text[language], look_said, &said, NULL) : "";
  return true;
}

static void
bind_readers (StoreStatement *s, const char *const *readers, size_t n)
{
  for (size_t i = 0; i < READERS_MAX; i++)
    store_bind_text (s, (int)i + 1, i < n ? readers[i] : NULL);
}

static StoreStatement *
begin_inbox (StoreConnection *db, const NoticeFilter *filter, GError **error)
{
  static const char all[] = "SELECT id, kind, words, link, at, read_at, reader FROM notice"
                            " WHERE reader IN (?1, ?2, ?3) AND id < ?4 ORDER BY id DESC LIMIT ?5",
                    unread[] = "SELECT id, kind, words, link, at, read_at, reader FROM notice"
                               " WHERE reader IN (?1, ?2, ?3) AND id < ?4 AND read_at IS NULL"
                               " ORDER BY id DESC LIMIT ?5";
  StoreStatement *s = store_statement (db, filter->unread_only ? unread : all, error);
  if (!s)
    return NULL;
  store_bind_integer (s, 4, filter->before ? filter->before : G_MAXINT64);
  store_bind_integer (s, 5, (gint64)filter->limit);
  return s;
}

const NoticeItem *
notices_inbox (Notices *notices, Arena *arena, const AccessAccount *who, const NoticeFilter *filter,
               size_t *n, GError **error)
{
  const char *readers[READERS_MAX];
  size_t n_readers = readers_of (arena, who, readers);
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (NoticeItem));
  g_autoptr (StoreReader) reader = store_reader (notices->store, error);
  StoreStatement *s = reader ? begin_inbox (store_reader_db (reader), filter, error) : NULL;
  StoreStep step = STORE_FAILED;
  *n = 0;
  if (s)
    bind_readers (s, readers, n_readers);
  while (s && (step = store_step (s, error)) == STORE_ROW) {
    NoticeItem item;
    if (!read_item (s, arena, filter->english ? TEXTS_EN : TEXTS_ZH, &item, error)) {
      store_reset (s);
      return NULL;
    }
    g_array_append_val (items, item);
  }
  if (step == STORE_FAILED)
    return NULL;
  *n = items->len;
  return arena_copy (arena, items->data, items->len * sizeof (NoticeItem));
}

bool
notices_unread (Notices *notices, const AccessAccount *who, size_t *n, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *readers[READERS_MAX];
  size_t n_readers = readers_of (arena, who, readers);
  g_autoptr (StoreReader) reader = store_reader (notices->store, error);
  StoreStatement *s = reader
                          ? store_statement (store_reader_db (reader),
                                             "SELECT count(*) FROM (SELECT reader FROM notice WHERE reader IN"
                                             " (?1, ?2, ?3) AND read_at IS NULL LIMIT ?4) AS unread",
                                             error)
                          : NULL;
  if (!s)
    return false;
  bind_readers (s, readers, n_readers);
  store_bind_integer (s, 4, NOTICES_UNREAD_MAX);
  if (store_step (s, error) != STORE_ROW)
    return false;
  *n = (size_t)store_integer (s, 0);
  store_reset (s);
  return true;
}

/* ---- having read --------------------------------------------------------- */

typedef struct {
  const char *const *readers;
  size_t n_readers;
  gint64 id, now;
} Marking;

static bool
check_theirs (StoreConnection *db, const Marking *m, GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT id FROM notice WHERE reader IN (?1, ?2, ?3) AND id = ?4", error);
  if (!s)
    return false;
  bind_readers (s, m->readers, m->n_readers);
  store_bind_integer (s, 4, m->id);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no such message for you");
  if (step == STORE_ROW)
    store_reset (s);
  return step == STORE_ROW;
}

static bool
write_read (StoreConnection *db, gpointer data, GError **error)
{
  const Marking *m = data;
  if (m->id && !check_theirs (db, m, error))
    return false;
  StoreStatement *s = store_statement (db,
                                       "UPDATE notice SET read_at = ?5 WHERE reader IN (?1, ?2, ?3)"
                                       " AND (?4 = 0 OR id = ?4) AND read_at IS NULL",
                                       error);
  if (!s)
    return false;
  bind_readers (s, m->readers, m->n_readers);
  store_bind_integer (s, 4, m->id);
  store_bind_integer (s, 5, m->now);
  return store_run (s, error);
}

bool
notices_mark_read (Notices *notices, const AccessAccount *who, gint64 id, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *readers[READERS_MAX];
  Marking m = {
    .readers = readers, .n_readers = readers_of (arena, who, readers), .id = id, .now = notices_now (notices)
  };
  return store_write (notices->store, write_read, &m, error);
}
