/* Putting: the notice, and a delivery for each way by which it leaves. */
#include "notices/notices_private.h"

#include <sodium.h>
#include <string.h>

typedef struct {
  const Notice *notice;
  const char *reader;
  Arena *arena;
  gint64 id, at;
} Putting;

static const char *
look_word (const Notice *notice, const char *name, TextsLanguage language)
{
  for (size_t i = 0; i < notice->n_words; i++) {
    const NoticeWord *word = &notice->words[i];
    if (g_str_equal (word->name, name))
      return language == TEXTS_EN && word->en ? word->en : word->zh;
  }
  return NULL;
}

static const char *
look_any (const char *name, gpointer notice)
{
  return look_word (notice, name, TEXTS_ZH);
}

static bool
check_words (Arena *arena, const Notice *notice, GError **error)
{
  const TextsKind *kind = texts_kind (notice->kind);
  if (!kind) {
    g_set_error (error, FAULT, FAULT_INPUT, "there is no kind of notice \"%s\" in texts.yaml",
                 notice->kind ? notice->kind : "");
    return false;
  }
  const TextsPair *pairs[] = { &kind->title, &kind->body };
  for (size_t i = 0; i < G_N_ELEMENTS (pairs); i++)
    for (int language = 0; language < TEXTS_LANGUAGES; language++) {
      const char *missing;
      texts_fill (arena, pairs[i]->text[language], look_any, (gpointer)notice, &missing);
      if (missing) {
        g_set_error (error, FAULT, FAULT_INPUT, "a notice \"%s\" needs the word {%s}", kind->id, missing);
        return false;
      }
    }
  return true;
}

static bool
check_notice (Putting *p, GError **error)
{
  const Notice *n = p->notice;
  if ((n->subject != 0) + (n->account != NULL) + (n->department != NULL) != 1)
    g_set_error (error, FAULT, FAULT_INPUT, "a notice has one reader: a subject, an account or a department");
  else if (n->link && (n->link[0] != '/' || n->link[1] == '/'))
    g_set_error (error, FAULT, FAULT_INPUT, "a notice's link is a path of the pages, not %s", n->link);
  else
    return check_words (p->arena, n, error);
  return false;
}

static const char *
words_json (Arena *arena, const Notice *notice)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, 0);
  json_begin_object (w);
  for (size_t i = 0; i < notice->n_words; i++) {
    if (!notice->words[i].zh)
      continue;
    json_member_array (w, notice->words[i].name);
    json_str (w, notice->words[i].zh);
    json_str (w, notice->words[i].en);
    json_end_array (w);
  }
  json_end_object (w);
  return arena_text (arena, (Text){ out->str, out->len });
}

/* False in *NEW: there is one with this key already. */
static bool
insert_notice (StoreConnection *db, Putting *p, bool *new, GError **error)
{
  const Notice *n = p->notice;
  StoreStatement *s;
  if (!notices_next_id (db, "SELECT max(id) FROM notice", &p->id, error)
      || !(s = store_statement (db,
                                "INSERT INTO notice (id, reader, kind, words, link, key, at) VALUES (?1, ?2,"
                                " ?3, ?4, ?5, ?6, ?7) ON CONFLICT (reader, key) DO NOTHING",
                                error)))
    return false;
  store_bind_integer (s, 1, p->id);
  store_bind_text (s, 2, p->reader);
  store_bind_text (s, 3, n->kind);
  store_bind_text (s, 4, words_json (p->arena, n));
  store_bind_text (s, 5, n->link);
  store_bind_text (s, 6, n->key);
  store_bind_integer (s, 7, p->at);
  if (!store_run (s, error))
    return false;
  *new = store_changes (db) == 1;
  return true;
}

/* The id that a message keeps over all attempts: random, so that it tells nothing. */
static const char *
message_id (Arena *arena)
{
  unsigned char random[16];
  char hex[2 * sizeof random + 1];
  randombytes_buf (random, sizeof random);
  sodium_bin2hex (hex, sizeof hex, random, sizeof random);
  return arena_text (arena, text_of (hex));
}

static bool
insert_delivery (StoreConnection *db, const Putting *p, NoticesWay way, const char *address, GError **error)
{
  gint64 id;
  StoreStatement *s;
  if (!notices_next_id (db, "SELECT max(id) FROM notice_delivery", &id, error)
      || !(s
           = store_statement (db,
                              "INSERT INTO notice_delivery (id, notice, reader, way, address, message, since,"
                              " due, attempts, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 0, 0)",
                              error)))
    return false;
  store_bind_integer (s, 1, id);
  store_bind_integer (s, 2, p->id);
  store_bind_text (s, 3, p->reader);
  store_bind_integer (s, 4, way);
  store_bind_text (s, 5, address);
  store_bind_text (s, 6, message_id (p->arena));
  store_bind_integer (s, 7, p->at);
  return store_run (s, error);
}

/* By the ways chosen; without a choice by that which was given for the business. */
static bool
insert_deliveries (StoreConnection *db, const Putting *p, GError **error)
{
  NoticesChoice choice;
  if (p->notice->department)
    return true; /* nobody's address */
  if (!choice_find (db, p->arena, p->reader, &choice, error))
    return false;
  const char *contact = choice.chosen ? NULL : p->notice->contact;
  for (int way = 0; way < NOTICES_WAYS; way++) {
    const char *address = choice.address[way];
    if (contact && choice_check_address ((NoticesWay)way, contact, NULL))
      address = contact;
    if (address && !insert_delivery (db, p, (NoticesWay)way, address, error))
      return false;
  }
  return true;
}

static bool
put (StoreConnection *db, const Notice *notice, bool leaves, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Putting p = { .notice = notice,
                .arena = arena,
                .at = notice->at ? notice->at : g_get_real_time () / G_USEC_PER_SEC };
  bool new;
  if (!check_notice (&p, error))
    return false;
  p.reader = notice->subject   ? reader_of_subject (arena, notice->subject)
             : notice->account ? reader_of_account (arena, notice->account)
                               : reader_of_department (arena, notice->department);
  return insert_notice (db, &p, &new, error) && (!new || !leaves || insert_deliveries (db, &p, error));
}

bool
notices_put (StoreConnection *db, const Notice *notice, GError **error)
{
  return put (db, notice, true, error);
}

bool
put_inside (StoreConnection *db, const Notice *notice, GError **error)
{
  return put (db, notice, false, error);
}
