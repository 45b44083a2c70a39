/* Putting, closing and reading entries. */
#include "pairs/pairs_private.h"

#include <string.h>

enum { OPEN, CLOSED, SHOWN_MOST = 200 };

#define COLUMNS                                                                                              \
  "id, market, side, owner, owner_name, title, text, last_day, state, made_at, changed_at FROM pairs_entry"

/* ---- texts ------------------------------------------------------------------------------ */

/* Contacts are given to who was accepted, and to nobody else. */
static bool
has_contact (const char *text)
{
  static GRegex *contact;
  if (g_once_init_enter (&contact))
    g_once_init_leave (&contact, g_regex_new ("[@＠]|(?:\\d[ -]?){7,}|https?:|www\\.|微信|QQ|扣扣",
                                              G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_match (contact, text, 0, NULL);
}

static bool
has_markup (const char *text)
{
  for (const char *at = text; (at = strchr (at, '<')); at++)
    if (g_ascii_isalpha (at[1]) || at[1] == '/' || at[1] == '!')
      return true;
  return false;
}

static bool
has_control (const char *text)
{
  for (; *text; text++)
    if (g_ascii_iscntrl (*text) && *text != '\n' && *text != '\r')
      return true;
  return false;
}

bool
text_check (const char *field, const char *text, bool may_be_empty, glong most, bool may_have_contact,
            GError **error)
{
  const char *given = text ? text : "", *why = NULL;
  if (!g_utf8_validate (given, -1, NULL) || has_control (given))
    why = "no plain text";
  else if (g_utf8_strlen (given, -1) > most)
    why = "too long";
  else if (!may_be_empty && !text_trim (text_of (given)).len)
    why = "missing";
  else if (has_markup (given))
    why = "markup is not shown; write plain text";
  else if (!may_have_contact && has_contact (given))
    why = "no telephone numbers, addresses or links here: the other side sees your contact once they accept";
  if (why)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: %s", field, why);
  return !why;
}

/* ---- reading -------------------------------------------------------------------------------- */

static PairsEntry
take (StoreStatement *s, const Pairs *pairs, Arena *arena)
{
  PairsEntry entry = { .id = store_integer (s, 0),
                       .market = store_string (s, 1, arena),
                       .side = (MarketSide)store_integer (s, 2),
                       .owner = store_integer (s, 3),
                       .owner_name = store_string (s, 4, arena),
                       .title = store_string (s, 5, arena),
                       .text = store_string (s, 6, arena),
                       .until = (Day)store_integer (s, 7),
                       .made_at = store_integer (s, 9),
                       .changed_at = store_integer (s, 10) };
  entry.is_open = store_integer (s, 8) == OPEN && entry.until >= pairs_today (pairs);
  return entry;
}

static bool
add_values (StoreConnection *db, const Pairs *pairs, Arena *arena, PairsEntry *entry, GError **error)
{
  const Market *market = pairs_market (pairs, entry->market, error);
  return market
         && (entry->values
             = values_of (db, arena, &market->sides[entry->side], entry->id, &entry->n_values, error));
}

bool
entry_find (StoreConnection *db, const Pairs *pairs, Arena *arena, gint64 id, PairsEntry *entry,
            GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT " COLUMNS " WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    *entry = take (s, pairs, arena);
    store_reset (s);
    return add_values (db, pairs, arena, entry, error);
  }
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no entry %" G_GINT64_FORMAT, id);
  return false;
}

/* What is on record of a person decides whether they suit, and is theirs to tell. */
static void
hide_record (Arena *arena, PairsEntry *entry)
{
  PairsValue *values = arena_new0 (arena, PairsValue, MAX (entry->n_values, 1));
  size_t n = 0;
  for (size_t i = 0; i < entry->n_values; i++)
    if (entry->values[i].is_stated)
      values[n++] = entry->values[i];
  entry->values = values;
  entry->n_values = n;
}

void
entry_show (Pairs *pairs, Arena *arena, const AccessAccount *who, PairsEntry *entry, bool introduced)
{
  const RegistryEntity *entity
      = registry_subject_entity (policy_schema (pairs->options.package), entry->owner);
  const Market *market = pairs_market (pairs, entry->market, NULL);
  entry->is_own = market && pairs_may_put (pairs, who, market, entry->side, entry->owner);
  if (entry->is_own || introduced || !entity || !g_str_equal (entity->id, "resident"))
    return;
  entry->owner_name = access_mask_name (arena, entry->owner_name);
  hide_record (arena, entry);
}

/* Whether WHO was introduced to ENTRY, and accepted. */
static bool
is_introduced (StoreConnection *db, Pairs *pairs, Arena *arena, const AccessAccount *who,
               const PairsEntry *entry, bool *met, GError **error)
{
  size_t n;
  const PairsMeeting *all = meetings_of (db, pairs, arena, entry->id, 0, &n, error);
  bool introduced = false;
  *met = false;
  for (size_t i = 0; all && i < n; i++) {
    PairsEntry other;
    if (!entry_find (db, pairs, arena, all[i].other, &other, error))
      return false;
    entry_show (pairs, arena, who, &other, false);
    *met = *met || other.is_own;
    introduced
        = introduced || (other.is_own && all[i].state != PAIRS_ASKED && all[i].state != PAIRS_DECLINED);
  }
  return introduced;
}

const PairsEntry *
pairs_entry (Pairs *pairs, Arena *arena, const AccessAccount *who, gint64 id, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (pairs->store, error);
  PairsEntry entry;
  bool met;
  if (!reader || !entry_find (store_reader_db (reader), pairs, arena, id, &entry, error))
    return NULL;
  bool introduced = is_introduced (store_reader_db (reader), pairs, arena, who, &entry, &met, error);
  entry_show (pairs, arena, who, &entry, introduced);
  if (entry.is_own || entry.is_open || met)
    return arena_copy (arena, &entry, sizeof entry);
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no entry %" G_GINT64_FORMAT, id);
  return NULL;
}

/* Of whom WHO acts for, too: every principal's. */
static bool
add_entries (StoreConnection *db, Pairs *pairs, Arena *arena, Subject owner, const char *market,
             GArray *entries, GError **error)
{
  StoreStep step;
  StoreStatement *s = store_statement (
      db, "SELECT " COLUMNS " WHERE owner = ?1 AND market = ?2 ORDER BY id DESC LIMIT ?3", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, owner);
  store_bind_text (s, 2, market);
  store_bind_integer (s, 3, SHOWN_MOST);
  while ((step = store_step (s, error)) == STORE_ROW) {
    PairsEntry entry = take (s, pairs, arena);
    entry.is_own = true;
    g_array_append_val (entries, entry);
  }
  return step == STORE_DONE;
}

const PairsEntry *
pairs_entries (Pairs *pairs, Arena *arena, const AccessAccount *who, const char *market, size_t *n,
               GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (PairsEntry));
  size_t n_mandates = 0;
  *n = 0;
  if (!pairs_market (pairs, market, error))
    return NULL;
  if (!who || !who->subject)
    return pairs_keep (arena, entries);
  const AgentMandate *mandates
      = agents_mandates (pairs->options.agents, arena, who->subject, true, &n_mandates, NULL);
  g_autoptr (StoreReader) reader = store_reader (pairs->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  if (!db || !add_entries (db, pairs, arena, who->subject, market, entries, error))
    return NULL;
  Day today = pairs_today (pairs);
  for (size_t i = 0; mandates && i < n_mandates; i++)
    if (!mandates[i].matter && !mandates[i].ended_at && mandates[i].from <= today && mandates[i].to >= today
        && !add_entries (db, pairs, arena, mandates[i].principal, market, entries, error))
      return NULL;
  for (guint i = 0; i < entries->len; i++)
    if (!add_values (db, pairs, arena, &g_array_index (entries, PairsEntry, i), error))
      return NULL;
  *n = entries->len;
  return pairs_keep (arena, entries);
}

/* ---- by what they say ------------------------------------------------------------------------- */

static bool
list_saying (StoreConnection *db, const Pairs *pairs, const PairsWish *wish, GArray *ids, GError **error)
{
  StoreStep step;
  StoreStatement *s = store_statement (
      db,
      "SELECT e.id FROM pairs_value v JOIN pairs_entry e ON e.id = v.entry WHERE v.field = ?1 AND v.value = "
      "?2"
      " AND e.market = ?3 AND e.side = ?4 AND e.state = 0 AND e.last_day >= ?5 ORDER BY e.id DESC LIMIT ?6",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, wish->column);
  store_bind_text (s, 2, wish->concept);
  store_bind_text (s, 3, wish->market);
  store_bind_integer (s, 4, wish->side);
  store_bind_integer (s, 5, pairs_today (pairs));
  store_bind_integer (s, 6, (gint64)CLAMP (wish->limit, 1, SHOWN_MOST));
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 id = store_integer (s, 0);
    g_array_append_val (ids, id);
  }
  return step == STORE_DONE;
}

const PairsEntry *
pairs_saying (Pairs *pairs, Arena *arena, const AccessAccount *who, const PairsWish *wish, size_t *n,
              GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (StoreReader) reader = store_reader (pairs->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  *n = 0;
  if (!db || !list_saying (db, pairs, wish, ids, error))
    return NULL;
  PairsEntry *entries = arena_new0 (arena, PairsEntry, MAX (ids->len, 1));
  for (guint i = 0; i < ids->len; i++) {
    if (!entry_find (db, pairs, arena, g_array_index (ids, gint64, i), &entries[i], error))
      return NULL;
    entry_show (pairs, arena, who, &entries[i], false);
  }
  *n = ids->len;
  return entries;
}

/* ---- putting ---------------------------------------------------------------------------------- */

typedef struct {
  Pairs *pairs;
  Arena *arena;
  const AccessAccount *who;
  const PairsEntry *entry;
  const Market *market;
  const char *name;
  const PairsValue *values; /* stated and read */
  size_t n_values;
  StoreOnce once;
  gint64 id, now;
} Putting;

static bool
check_value (const Putting *p, const PairsValue *value, GError **error)
{
  const RegistryEntity *owner = owner_entity (p->pairs, p->market, p->entry->side);
  if (!column_is_read (value->column, owner))
    return value_check (p->pairs, value, error);
  g_set_error (error, FAULT, FAULT_INPUT, "%s: this is read from the registry and cannot be stated",
               value->column->id);
  return false;
}

static bool
check_entry (const Putting *p, GError **error)
{
  const PairsEntry *e = p->entry;
  Day today = pairs_today (p->pairs);
  if (!p->once.key || !*p->once.key)
    return pairs_refuse (error, FAULT_INPUT, "key: it is missing");
  if (!text_check ("title", e->title, false, PAIRS_TITLE_MAX, false, error)
      || !text_check ("text", e->text, true, PAIRS_TEXT_MAX, false, error))
    return false;
  if (e->until < today || e->until > today + PAIRS_DAYS_MAX)
    return pairs_refuse (error, FAULT_INPUT, "until: a day from today on, a year ahead at most");
  for (size_t i = 0; i < e->n_values; i++)
    if (!check_value (p, &e->values[i], error))
      return false;
  return true;
}

/* What the entry's own days say: it closes on its last day, and was published when it was put. */
static const char *
own_day (const Putting *p, const MarketColumn *column)
{
  char day[CIVIL_TEXT_MAX];
  bool ends = g_str_equal (column->id, "closes_on");
  if (column->kind != MARKET_DAY || (!ends && !g_str_equal (column->id, "published_on")))
    return NULL;
  return arena_text (p->arena, text_of (civil_format (ends ? p->entry->until : civil_day_of (p->now), day)));
}

static bool
is_said (const GArray *values, const MarketColumn *column)
{
  for (guint i = 0; i < values->len; i++)
    if (g_array_index (values, PairsValue, i).column == column)
      return true;
  return false;
}

static bool
gather_values (Putting *p, GError **error)
{
  const MarketSideType *type = &p->market->sides[p->entry->side];
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (PairsValue));
  size_t n;
  const PairsValue *read
      = pairs_read (p->pairs, p->arena, p->who, p->market, p->entry->side, p->entry->owner, &n, error);
  if (!read)
    return false;
  g_array_append_vals (all, read, (guint)n);
  for (size_t i = 0; i < p->entry->n_values; i++) {
    PairsValue value = p->entry->values[i];
    value.is_stated = value.is_known = true;
    value.values = value_codes (p->pairs, p->arena, &value);
    if (!own_day (p, value.column))
      g_array_append_val (all, value);
  }
  for (size_t c = 0; c < type->n; c++) {
    const char **texts = arena_new0 (p->arena, const char *, 2);
    PairsValue value = { &type->columns[c], true, true, texts };
    texts[0] = own_day (p, &type->columns[c]);
    if (texts[0] || !is_said (all, &type->columns[c]))
      g_array_append_val (all, value); /* what the owner leaves empty they ask or offer none of */
  }
  p->values = pairs_keep (p->arena, all);
  p->n_values = all->len;
  return true;
}

static bool
read_name (Putting *p, GError **error)
{
  const RegistryEntity *entity = owner_entity (p->pairs, p->market, p->entry->side);
  Text member = text_of (entity->label ? entity->label->zh : registry_entity_attribute (entity, "name")->zh);
  FeelPath path = { .n = 1, .members = &member };
  RegistryMoment now = { pairs_today (p->pairs), G_MAXINT64 };
  AccessAccount asker = *p->who;
  asker.subject = p->entry->owner;
  const AccessPermit *permit
      = access_permit (p->pairs->options.access, p->arena, &asker, ACCESS_SELF, p->entry->owner, error);
  const RegistryReading *reading = permit ? access_read (permit, p->arena, &path, 1, now, error) : NULL;
  if (!reading)
    return false;
  FeelValue facts = registry_reading_value (reading);
  const FeelValue *name = facts.kind == FEEL_CONTEXT ? feel_context_get (facts.context, member) : NULL;
  p->name
      = name && name->kind == FEEL_STRING
            ? feel_display (p->arena, *name)
            : registry_subject_format (p->arena, policy_schema (p->pairs->options.package), p->entry->owner);
  return true;
}

static const char *
digest_of (const Putting *p)
{
  const PairsEntry *e = p->entry;
  Digest *digest = digest_new ();
  digest_integer (digest, e->id);
  digest_text (digest, e->market);
  digest_integer (digest, e->side);
  digest_integer (digest, e->owner);
  digest_text (digest, e->title);
  digest_text (digest, e->text);
  digest_integer (digest, e->until);
  for (size_t i = 0; i < e->n_values; i++) {
    digest_text (digest, e->values[i].column->id);
    for (const char *const *text = e->values[i].values; *text; text++)
      digest_text (digest, *text);
  }
  return digest_end (digest, p->arena);
}

/* An entry that is there: it is WHO's, of the same market and side, and open. */
static bool
check_there (StoreConnection *db, Putting *p, GError **error)
{
  PairsEntry before;
  if (!entry_find (db, p->pairs, p->arena, p->entry->id, &before, error)
      || !entry_check_own (p->pairs, p->who, &before, error))
    return false;
  if (!g_str_equal (before.market, p->entry->market) || before.side != p->entry->side
      || before.owner != p->entry->owner)
    return pairs_refuse (error, FAULT_INPUT, "an entry keeps its market, side and owner");
  return before.is_open || pairs_refuse (error, FAULT_CONFLICT, "this entry is closed; put a new one");
}

static bool
check_many (StoreConnection *db, const Putting *p, GError **error)
{
  gint64 open = 0;
  StoreStatement *s = store_statement (
      db, "SELECT count(*) FROM pairs_entry WHERE owner = ?1 AND state = 0 AND last_day >= ?2", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, p->entry->owner);
  store_bind_integer (s, 2, pairs_today (p->pairs));
  if (store_step (s, error) != STORE_ROW)
    return false;
  open = store_integer (s, 0);
  store_reset (s);
  return open < PAIRS_ENTRIES_MAX
         || pairs_refuse (error, FAULT_CONFLICT, "200 entries are open already: close some first");
}

static bool
write_row (StoreConnection *db, const Putting *p, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO pairs_entry (id, market, side, owner, owner_name, title, text, last_day, state, made_by,"
      " made_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10, ?10) ON CONFLICT (id) DO"
      " UPDATE SET owner_name = excluded.owner_name, title = excluded.title, text = excluded.text,"
      " last_day = excluded.last_day, changed_at = excluded.changed_at",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, p->id);
  store_bind_text (s, 2, p->entry->market);
  store_bind_integer (s, 3, p->entry->side);
  store_bind_integer (s, 4, p->entry->owner);
  store_bind_text (s, 5, p->name);
  store_bind_text (s, 6, p->entry->title);
  store_bind_text (s, 7, p->entry->text ? p->entry->text : "");
  store_bind_integer (s, 8, p->entry->until);
  store_bind_text (s, 9, p->who->name);
  store_bind_integer (s, 10, p->now);
  return store_run (s, error);
}

static bool
write_entry (StoreConnection *db, gpointer data, GError **error)
{
  Putting *p = data;
  gint64 done;
  if (!store_once_look (db, &p->once, &done, error))
    return false;
  if (done) {
    p->id = done;
    return true;
  }
  p->id = p->entry->id;
  if (p->id
          ? !check_there (db, p, error)
          : !check_many (db, p, error)
                || !store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM pairs_entry", 1, &p->id, error))
    return false;
  return write_row (db, p, error) && values_write (db, p->id, p->values, p->n_values, error)
         && pairs_note (db, p->who, p->entry->id ? "change" : "put", p->id, p->entry->owner, error)
         && store_once_remember (db, &p->once, p->id, p->now, error);
}

gint64
pairs_put (Pairs *pairs, const AccessAccount *who, const PairsEntry *entry, const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Putting p = { .pairs = pairs, .arena = arena, .who = who, .entry = entry, .now = pairs_now (pairs) };
  if (!(p.market = pairs_market (pairs, entry->market, error)))
    return 0;
  if (!pairs_may_put (pairs, who, p.market, entry->side, entry->owner)) {
    pairs_refuse (error, FAULT_DENIED, "an entry is put by its owner, or whom it lets act for it");
    return 0;
  }
  p.once = (StoreOnce){ who->name, "pairs-entry", key, digest_of (&p) };
  if (!check_entry (&p, error) || !gather_values (&p, error) || !read_name (&p, error))
    return 0;
  return store_write (pairs->store, write_entry, &p, error) ? p.id : 0;
}

bool
entry_check_own (Pairs *pairs, const AccessAccount *who, const PairsEntry *entry, GError **error)
{
  const Market *market = pairs_market (pairs, entry->market, error);
  if (!market)
    return false;
  return pairs_may_put (pairs, who, market, entry->side, entry->owner)
         || pairs_refuse (error, FAULT_DENIED, "this is another's entry");
}

/* ---- closing ------------------------------------------------------------------------------------- */

static bool
write_close (StoreConnection *db, gpointer data, GError **error)
{
  Putting *p = data;
  PairsEntry entry;
  gint64 numbers[] = { p->id, p->now };
  if (!entry_find (db, p->pairs, p->arena, p->id, &entry, error)
      || !entry_check_own (p->pairs, p->who, &entry, error))
    return false;
  return pairs_run (db, "UPDATE pairs_entry SET state = 1, changed_at = ?2 WHERE id = ?1 AND state = 0",
                    numbers, 2, error)
         && meetings_end (db, p->pairs, p->id, error)
         && pairs_note (db, p->who, "close", p->id, entry.owner, error);
}

bool
pairs_close (Pairs *pairs, const AccessAccount *who, gint64 entry, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Putting p = { .pairs = pairs, .arena = arena, .who = who, .id = entry, .now = pairs_now (pairs) };
  return store_write (pairs->store, write_close, &p, error);
}
