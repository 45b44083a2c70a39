/* Which ways a person wants, and when. */
#include "notices/notices_private.h"

#include <string.h>

/* RFC 5321, 4.5.3.1: a path has 256 octets with its brackets. */
enum { EMAIL_MAX = 254, PHONE_MIN = 5, PHONE_MAX = 15 /* digits, ITU-T E.164 */, DAY_MINUTES = 1440 };

/* ---- addresses ----------------------------------------------------------- */

/* Plain "name@host.domain": what needs quoting is not taken, so that no address can be more than one. */
static bool
is_email (const char *address)
{
  const char *at = strchr (address, '@');
  if (!at || at == address || at - address > 64 || strlen (address) > EMAIL_MAX)
    return false;
  for (const char *p = address; p < at; p++)
    if (!g_ascii_isalnum (*p) && !strchr ("!#$%&'*+-/=?^_`{|}~.", *p))
      return false;
  for (const char *p = at + 1; *p; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.')
      return false;
  const char *dot = strrchr (at, '.');
  return address[0] != '.' && at[-1] != '.' && at[1] != '.' && at[1] != '-' && dot && dot[1]
         && !strstr (address, "..");
}

static bool
is_phone (const char *address)
{
  const char *digits = address + (*address == '+');
  size_t n = strspn (digits, "0123456789");
  return n >= PHONE_MIN && n <= PHONE_MAX && !digits[n];
}

bool
choice_check_address (NoticesWay way, const char *address, GError **error)
{
  if (way == NOTICES_EMAIL ? is_email (address) : is_phone (address))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT,
               way == NOTICES_EMAIL ? "“%s” is no e-mail address: write name@example.org"
                                    : "“%s” is no telephone number: write its digits alone",
               address);
  return false;
}

/* ---- reading ------------------------------------------------------------- */

bool
choice_find (StoreConnection *db, Arena *arena, const char *reader, NoticesChoice *choice, GError **error)
{
  *choice = (NoticesChoice){ .quiet_from = NOTICES_QUIET_FROM, .quiet_to = NOTICES_QUIET_TO };
  StoreStatement *s = store_statement (
      db, "SELECT email, sms, quiet_from, quiet_to, english FROM notice_choice WHERE reader = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, reader);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  *choice = (NoticesChoice){ .address = { store_string (s, 0, arena), store_string (s, 1, arena) },
                             .quiet_from = (int)store_integer (s, 2),
                             .quiet_to = (int)store_integer (s, 3),
                             .english = store_integer (s, 4) != 0,
                             .chosen = true };
  store_reset (s);
  return true;
}

const NoticesChoice *
notices_choice (Notices *notices, Arena *arena, const AccessAccount *who, GError **error)
{
  NoticesChoice *choice = arena_new0 (arena, NoticesChoice, 1);
  g_autoptr (StoreReader) reader = store_reader (notices->store, error);
  return reader && choice_find (store_reader_db (reader), arena, reader_own (arena, who), choice, error)
             ? choice
             : NULL;
}

/* ---- choosing ------------------------------------------------------------ */

typedef struct {
  Notices *notices;
  const AccessAccount *who;
  const NoticesChoice *choice;
  const char *reader;
} Choosing;

static bool
keep_choice (StoreConnection *db, const Choosing *c, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO notice_choice (reader, email, sms, quiet_from, quiet_to, english)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (reader) DO UPDATE SET email = excluded.email,"
      " sms = excluded.sms, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,"
      " english = excluded.english",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, c->reader);
  store_bind_text (s, 2, c->choice->address[NOTICES_EMAIL]);
  store_bind_text (s, 3, c->choice->address[NOTICES_SMS]);
  store_bind_integer (s, 4, c->choice->quiet_from);
  store_bind_integer (s, 5, c->choice->quiet_to);
  store_bind_integer (s, 6, c->choice->english);
  return store_run (s, error);
}

/* What waits by a way that is not wanted any more; what waits by one that is goes to the address of now. */
static bool
turn_waiting (StoreConnection *db, const Choosing *c, NoticesWay way, GError **error)
{
  const char *address = c->choice->address[way];
  StoreStatement *s
      = address ? store_statement (db,
                                   "UPDATE notice_delivery SET address = ?3 WHERE reader = ?1 AND way = ?2"
                                   " AND status = 0",
                                   error)
                : store_statement (db,
                                   "UPDATE notice_delivery SET status = ?3, ended = ?4, address = NULL"
                                   " WHERE reader = ?1 AND way = ?2 AND status = 0",
                                   error);
  if (!s)
    return false;
  store_bind_text (s, 1, c->reader);
  store_bind_integer (s, 2, way);
  if (address) {
    store_bind_text (s, 3, address);
  } else {
    store_bind_integer (s, 3, DELIVERY_UNWANTED);
    store_bind_integer (s, 4, notices_now (c->notices));
  }
  return store_run (s, error);
}

static bool
log_choice (StoreConnection *db, const Choosing *c, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("{\"did\":\"choose-notices\",\"email\":%s,\"sms\":%s}",
                                             c->choice->address[NOTICES_EMAIL] ? "true" : "false",
                                             c->choice->address[NOTICES_SMS] ? "true" : "false");
  AuditEntry entry = { .act = AUDIT_WRITE,
                       .actor = c->who->name,
                       .role = access_role_name (c->who->role)->id,
                       .department = c->who->department,
                       .subject = c->who->subject,
                       .purpose = ACCESS_SELF,
                       .detail = detail };
  return audit_append (db, &entry, error);
}

static bool
write_choice (StoreConnection *db, gpointer data, GError **error)
{
  const Choosing *c = data;
  for (int way = 0; way < NOTICES_WAYS; way++)
    if (!turn_waiting (db, c, (NoticesWay)way, error))
      return false;
  return keep_choice (db, c, error) && log_choice (db, c, error);
}

bool
notices_choose (Notices *notices, const AccessAccount *who, const NoticesChoice *choice, GError **error)
{
  for (int way = 0; way < NOTICES_WAYS; way++)
    if (choice->address[way] && !choice_check_address ((NoticesWay)way, choice->address[way], error))
      return false;
  if (choice->quiet_from < 0 || choice->quiet_from >= DAY_MINUTES || choice->quiet_to < 0
      || choice->quiet_to >= DAY_MINUTES) {
    g_set_error (error, FAULT, FAULT_INPUT, "quiet hours begin and end between 00:00 and 23:59");
    return false;
  }
  g_autoptr (Arena) arena = arena_new ();
  Choosing c = { notices, who, choice, reader_own (arena, who) };
  return store_write (notices->store, write_choice, &c, error);
}
