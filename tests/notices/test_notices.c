/* Notices: put with the deed, read by whom they are for, in both languages, by the ways chosen. */
#include "notices/notices.h"
#include "support.h"

#include <locale.h>
#include <string.h>

static char *folder;
static Store *store;
static Notices *notices;

static const AccessAccount resident = { .name = "resident", .role = ACCESS_RESIDENT, .subject = 71 },
                           other = { .name = "other", .role = ACCESS_RESIDENT, .subject = 72 },
                           head
                           = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县民政局" },
                           clerk = { .name = "clerk", .role = ACCESS_CASE_WORKER, .department = "县民政局" };

static const NoticeWord case_words[] = { { "number", "A-1", NULL },
                                         { "matter", "临时救助", "Temporary aid" },
                                         { "due", "2026-12-01", NULL },
                                         { "reason", NULL, NULL } };

static bool
put (StoreConnection *db, gpointer data, GError **error)
{
  return notices_put (db, data, error);
}

static bool
put_and_fail (StoreConnection *db, gpointer data, GError **error)
{
  g_assert_true (notices_put (db, data, error));
  g_set_error (error, FAULT, FAULT_CONFLICT, "the deed did not happen");
  return false;
}

static Notice
notice_to (Subject subject)
{
  return (Notice){ .subject = subject,
                   .kind = "case-accepted",
                   .words = case_words,
                   .n_words = G_N_ELEMENTS (case_words),
                   .link = "/me/cases/1" };
}

static void
must_put (Notice notice)
{
  GError *error = NULL;
  store_write (store, put, &notice, &error);
  g_assert_no_error (error);
}

static size_t
unread (const AccessAccount *who)
{
  size_t n = 0;
  GError *error = NULL;
  notices_unread (notices, who, &n, &error);
  g_assert_no_error (error);
  return n;
}

static const NoticeItem *
inbox (Arena *arena, const AccessAccount *who, bool english, size_t *n)
{
  GError *error = NULL;
  const NoticeItem *items
      = notices_inbox (notices, arena, who, &(NoticeFilter){ .english = english, .limit = 100 }, n, &error);
  g_assert_no_error (error);
  return items;
}

static gint64
count (const char *sql)
{
  g_autoptr (StoreReader) reader = store_reader (store, NULL);
  gint64 value = -1;
  GError *error = NULL;
  store_query (store_reader_db (reader), sql, 0, &value, &error);
  g_assert_no_error (error);
  return value;
}

static void
test_inbox (void)
{
  g_autoptr (Arena) arena = arena_new ();
  must_put (notice_to (resident.subject));
  g_assert_cmpuint (unread (&resident), ==, 1);
  g_assert_cmpuint (unread (&other), ==, 0);
  size_t n;
  const NoticeItem *items = inbox (arena, &resident, false, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (items[0].title, ==, "申请已受理");
  g_assert_cmpstr (items[0].body, ==, "您的“临时救助”申请（A-1）已受理。预计 2026-12-01 前办结。");
  g_assert_cmpstr (items[0].link, ==, "/me/cases/1");
  items = inbox (arena, &resident, true, &n);
  g_assert_cmpstr (
      items[0].body, ==,
      "Your application for “Temporary aid” (A-1) is being handled. You will hear by 2026-12-01.");
  g_autoptr (GError) error = NULL;
  g_assert_false (notices_mark_read (notices, &other, items[0].id, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_assert_true (notices_mark_read (notices, &resident, items[0].id, NULL));
  g_assert_true (notices_mark_read (notices, &resident, items[0].id, NULL)); /* again is nothing */
  g_assert_cmpuint (unread (&resident), ==, 0);
  g_assert_cmpint (inbox (arena, &resident, false, &n)[0].read_at, >, 0);
}

/* With the deed or not at all; by key once. */
static void
test_put (void)
{
  g_autoptr (GError) error = NULL;
  Notice notice = notice_to (other.subject);
  g_assert_false (store_write (store, put_and_fail, &notice, &error));
  g_assert_cmpuint (unread (&other), ==, 0);
  notice.key = "case-1/accepted";
  must_put (notice);
  must_put (notice);
  g_assert_cmpuint (unread (&other), ==, 1);
  must_put (notice_to (other.subject));
  must_put (notice_to (other.subject)); /* without a key each is one */
  g_assert_cmpuint (unread (&other), ==, 3);
  g_assert_true (notices_mark_read (notices, &other, 0, NULL));
  g_assert_cmpuint (unread (&other), ==, 0);
}

/* One of a department's people reads for all. */
static void
test_department (void)
{
  Notice notice = notice_to (0);
  notice.kind = "case-due";
  notice.department = "县民政局";
  must_put (notice);
  g_assert_cmpuint (unread (&head), ==, 1);
  g_assert_cmpuint (unread (&clerk), ==, 1);
  g_assert_true (notices_mark_read (notices, &clerk, 0, NULL));
  g_assert_cmpuint (unread (&head), ==, 0);
}

static void
test_refused (void)
{
  static const struct {
    Notice notice;
    const char *words;
  } cases[] = {
    { { .kind = "message" }, "one reader" },
    { { .subject = 1, .account = "head", .kind = "message" }, "one reader" },
    { { .subject = 1, .kind = "no-such" }, "no-such" },
    { { .subject = 1 }, "no kind of notice" },
    { { .subject = 1, .kind = "case-accepted" }, "{matter}" },
    { { .subject = 1, .kind = "case-accepted", .link = "https://elsewhere" }, "path" },
    { { .subject = 1, .kind = "case-accepted", .link = "//elsewhere" }, "path" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (store_write (store, put, (gpointer)&cases[i].notice, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, cases[i].words))
      g_error ("“%s” does not say “%s”", error->message, cases[i].words);
  }
}

/* ---- choices -------------------------------------------------------------- */

static void
test_choice (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const AccessAccount who = { .name = "chooser", .role = ACCESS_RESIDENT, .subject = 90 };
  const NoticesChoice *choice = notices_choice (notices, arena, &who, NULL);
  g_assert_false (choice->chosen);
  g_assert_cmpint (choice->quiet_from, ==, NOTICES_QUIET_FROM);
  Notice notice = notice_to (who.subject);
  must_put (notice); /* no choice, no contact: the inbox alone */
  g_assert_cmpint (count ("SELECT count(*) FROM notice_delivery WHERE reader = 'subject:90'"), ==, 0);
  notice.contact = "13900000001";
  must_put (notice);
  g_assert_cmpint (count ("SELECT count(*) FROM notice_delivery WHERE reader = 'subject:90' AND way = 1"), ==,
                   1);
  g_assert_true (notices_choose (
      notices, &who, &(NoticesChoice){ .address = { "a@example.org", NULL }, .english = true }, NULL));
  /* what waited by SMS is not wanted any more, and its number is forgotten */
  g_assert_cmpint (count ("SELECT count(*) FROM notice_delivery WHERE reader = 'subject:90' AND status = 4"
                          " AND address IS NULL"),
                   ==, 1);
  must_put (notice);
  g_assert_cmpint (count ("SELECT count(*) FROM notice_delivery WHERE reader = 'subject:90' AND status = 0"
                          " AND way = 0"),
                   ==, 1);
  g_assert_cmpint (count ("SELECT count(*) FROM notice_delivery WHERE reader = 'subject:90' AND status = 0"
                          " AND way = 1"),
                   ==, 0);
  choice = notices_choice (notices, arena, &who, NULL);
  g_assert_true (choice->chosen && choice->english);
  g_assert_cmpstr (choice->address[NOTICES_EMAIL], ==, "a@example.org");
  g_assert_null (choice->address[NOTICES_SMS]);
}

static void
test_addresses (void)
{
  static const struct {
    NoticesWay way;
    const char *address;
    bool good;
  } cases[] = {
    { NOTICES_EMAIL, "a@example.org", true },
    { NOTICES_EMAIL, "first.last+tag@mail.example.org", true },
    { NOTICES_EMAIL, "a@localhost", false },
    { NOTICES_EMAIL, "", false },
    { NOTICES_EMAIL, "@example.org", false },
    { NOTICES_EMAIL, "a@", false },
    { NOTICES_EMAIL, "a@b@example.org", false },
    { NOTICES_EMAIL, "a b@example.org", false },
    { NOTICES_EMAIL, "a@example.org\r\nBcc: b@example.org", false },
    { NOTICES_EMAIL, "a@example.org,b@example.org", false },
    { NOTICES_EMAIL, "<a@example.org>", false },
    { NOTICES_EMAIL, "a..b@example.org", false },
    { NOTICES_EMAIL, "邮@example.org", false },
    { NOTICES_SMS, "13900000001", true },
    { NOTICES_SMS, "+8613900000001", true },
    { NOTICES_SMS, "139-0000-0001", false },
    { NOTICES_SMS, "139", false },
    { NOTICES_SMS, "1390000000113900000001", false },
    { NOTICES_SMS, "1390000000\n1", false },
  };
  const AccessAccount who = { .name = "addresses", .role = ACCESS_RESIDENT, .subject = 91 };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    NoticesChoice choice = { 0 };
    g_autoptr (GError) error = NULL;
    choice.address[cases[i].way] = cases[i].address;
    if (notices_choose (notices, &who, &choice, &error) != cases[i].good)
      g_error ("%s: %s", cases[i].address, error ? error->message : "was taken");
    if (error)
      g_assert_error (error, FAULT, FAULT_INPUT);
  }
}

/* Old texts go, and that they were sent stays; new ones and those under way are left alone. */
static void
test_erase (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const AccessAccount who = { .name = "eraser", .role = ACCESS_RESIDENT, .subject = 93 };
  Notice old = notice_to (who.subject), waits = old, new = old;
  old.at = waits.at = 1000000;
  new.at = 2000000;
  waits.contact = "somebody@example.org";
  must_put (old);
  must_put (waits);
  must_put (new);
  size_t n, erased = 0;
  for (int again = 0; again < 2; again++) {
    g_assert_true (notices_erase_before (notices, &clerk, 1500000, "kept no longer", &n, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (n, ==, again ? 0 : 1);
  }
  const NoticeItem *items = inbox (arena, &who, false, &n);
  g_assert_cmpuint (n, ==, 3);
  for (size_t i = 0; i < n; i++) {
    erased += items[i].erased;
    g_assert_cmpint (items[i].erased, ==, i == 2); /* the oldest is the last */
    g_assert_cmpint (strstr (items[i].body, "临时救助") != NULL, ==, !items[i].erased);
  }
  g_assert_cmpuint (erased, ==, 1);
  g_assert_cmpint (items[2].at, ==, 1000000);
  g_assert_cmpstr (items[2].kind, ==, "case-accepted");
  g_assert_null (items[2].link);
  AuditFilter filter = { .limit = 1 };
  const AuditRecord *log = audit_entries (store, arena, &filter, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (log[0].entry.act, ==, AUDIT_ADMIN);
  g_assert_nonnull (strstr (log[0].entry.detail, "\"n\":1"));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  folder = support_folder ();
  g_autofree char *path = support_store (folder, "notices.db");
  store = store_open (path, STORE_CREATE, NULL, 0, &error);
  g_assert_no_error (error);
  notices = notices_open (store, &error);
  g_assert_no_error (error);
  g_test_add_func ("/notices/inbox", test_inbox);
  g_test_add_func ("/notices/put", test_put);
  g_test_add_func ("/notices/department", test_department);
  g_test_add_func ("/notices/refused", test_refused);
  g_test_add_func ("/notices/choice", test_choice);
  g_test_add_func ("/notices/addresses", test_addresses);
  g_test_add_func ("/notices/erase", test_erase);
  int status = g_test_run ();
  notices_free (notices);
  store_close (store);
  support_remove (folder);
  g_free (folder);
  return status;
}
