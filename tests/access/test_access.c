/* Accounts, passwords, lock-out, sessions: on a real database, with a clock of our own. */
#include "house.h"
#include "support.h"

#define HERE "127.0.0.1"

static void
test_login (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, "县民政局");
  AccessLogin login = house_login (h, "clerk", true, HERE, NULL);
  g_assert_cmpint (login.verdict, ==, ACCESS_OPENED);
  g_assert_cmpint (login.stage, ==, ACCESS_IN);
  g_assert_cmpuint (strlen (login.token), ==, 64);
  const AccessAccount *who = access_session (h->access, h->arena, login.token);
  g_assert_cmpstr (who->name, ==, "clerk");
  g_assert_cmpstr (who->department, ==, "县民政局");
  g_assert_cmpint (who->role, ==, ACCESS_COUNTER_CLERK);
  size_t n;
  const AuditRecord *last = house_last_entry (h, &n);
  g_assert_cmpint (last->entry.act, ==, AUDIT_LOGIN);
  g_assert_cmpstr (last->entry.actor, ==, "clerk");
  GError *error = NULL;
  g_assert_true (access_logout (h->access, login.token, &error));
  g_assert_null (access_session (h->access, h->arena, login.token));
}

static void
test_wrong (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  g_assert_cmpint (house_login (h, "clerk", false, HERE, NULL).verdict, ==, ACCESS_WRONG);
  size_t n;
  g_assert_cmpstr (house_last_entry (h, &n)->entry.actor, ==, "clerk");
  g_assert_cmpint (house_last_entry (h, &n)->entry.act, ==, AUDIT_LOGIN_REFUSED);
  g_assert_cmpint (house_login (h, "my-password", true, HERE, NULL).verdict, ==, ACCESS_WRONG);
  const AuditRecord *last = house_last_entry (h, &n);
  g_assert_cmpstr (last->entry.actor, ==, "nobody"); /* what was typed may be a password */
  g_assert_null (strstr (last->entry.detail, "my-password"));
  GError *error = NULL;
  AccessAccount demo
      = { .name = "demo", .role = ACCESS_RESIDENT, .zh = "甲", .en = "A", .subject = 7, .demo = true };
  g_assert_true (access_add (h->access, h->operator_, &demo, "liudong", &error));
  AccessOrigin away = { .address = "192.0.2.1" }, here = { .address = HERE, .loopback = true };
  AccessLogin login;
  g_assert_true (access_login (h->access, h->arena, "demo", "liudong", &away, NULL, &login, &error));
  g_assert_cmpint (login.verdict, ==, ACCESS_WRONG);
  g_assert_true (access_login (h->access, h->arena, "demo", "liudong", &here, NULL, &login, &error));
  g_assert_cmpint (login.verdict, ==, ACCESS_OPENED);
}

/* Unknown names cost a hash as well: the faster of some is no faster than half the other. */
static void
test_time (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  house_login (h, "warm", false, HERE, NULL);
  gint64 best[2] = { G_MAXINT64, G_MAXINT64 };
  for (int i = 0; i < 6; i++) {
    gint64 started = g_get_monotonic_time ();
    house_login (h, i % 2 ? "clerk" : "nobody", false, HERE, NULL);
    best[i % 2] = MIN (best[i % 2], g_get_monotonic_time () - started);
  }
  g_test_message ("unknown %" G_GINT64_FORMAT " µs, known %" G_GINT64_FORMAT " µs", best[0], best[1]);
  g_assert_cmpint (best[0], >, best[1] / 2);
}

/* Five attempts are free; then one waits 30 seconds, twice as long each time, 15 minutes at most. */
static void
test_lock_out (House *h, gconstpointer data)
{
  static const int waits[] = { 30, 60, 120, 240, 480, 900, 900, 900 };
  const char *names[] = { "clerk", "nobody" }; /* whether there is such an account or not */
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  for (size_t k = 0; k < G_N_ELEMENTS (names); k++) {
    for (int i = 0; i < 4; i++)
      g_assert_cmpint (house_login (h, names[k], false, "192.0.2.9", NULL).verdict, ==, ACCESS_WRONG);
    for (size_t i = 0; i < G_N_ELEMENTS (waits); i++) {
      g_assert_cmpint (house_login (h, names[k], false, "192.0.2.9", NULL).verdict, ==, ACCESS_WRONG);
      AccessLogin locked = house_login (h, names[k], true, "192.0.2.9", NULL);
      g_assert_cmpint (locked.verdict, ==, ACCESS_LOCKED);
      g_assert_cmpint (locked.until, ==, h->now + waits[i]);
      h->now += waits[i];
    }
    h->now += 2 * 60 * 60; /* the address is forgotten */
  }
  h->now -= 2 * 60 * 60;
  AccessLogin right = house_login (h, "clerk", true, "192.0.2.10", NULL);
  g_assert_cmpint (right.verdict, ==, ACCESS_OPENED);
  g_assert_cmpint (house_login (h, "clerk", false, "192.0.2.10", NULL).verdict, ==,
                   ACCESS_WRONG); /* from one again */
  g_assert_cmpint (house_login (h, "clerk", true, "192.0.2.10", NULL).verdict, ==, ACCESS_OPENED);
}

static void
fail (House *h, const char *name, int n, const char *address, const char *device)
{
  for (int i = 0; i < n; i++)
    house_login (h, name, false, address, device);
}

static void
test_lock_persists (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  fail (h, "clerk", 5, "192.0.2.9", NULL);
  house_restart (h);
  g_assert_cmpint (house_login (h, "clerk", true, "192.0.2.10", NULL).verdict, ==, ACCESS_LOCKED);
  GError *error = NULL;
  g_assert_true (access_unlock (h->access, h->operator_, "clerk", &error));
  g_assert_cmpint (house_login (h, "clerk", true, "192.0.2.10", NULL).verdict, ==, ACCESS_OPENED);
  h->now += 60 * 60;
  fail (h, "clerk", 4, "192.0.2.9", NULL);
  h->now += 24 * 60 * 60 + 1; /* a day without failures */
  fail (h, "clerk", 1, "192.0.2.9", NULL);
  g_assert_cmpint (house_login (h, "clerk", true, "192.0.2.10", NULL).verdict, ==, ACCESS_OPENED);
}

/* A stranger who fails for ever does not keep the owner's own browser out. */
static void
test_lock_no_victim (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  house_add (h, "other", ACCESS_COUNTER_CLERK, 0, NULL);
  const char *device = house_login (h, "clerk", true, HERE, NULL).device;
  g_assert_cmpuint (strlen (device), ==, 64);
  fail (h, "clerk", 5, HERE, NULL);
  g_assert_cmpint (house_login (h, "clerk", true, HERE, NULL).verdict, ==, ACCESS_LOCKED);
  AccessLogin owner = house_login (h, "clerk", true, HERE, device);
  g_assert_cmpint (owner.verdict, ==, ACCESS_OPENED);
  g_assert_cmpstr (owner.device, ==, device);
  fail (h, "clerk", 5, HERE, NULL);
  g_assert_cmpint (house_login (h, "clerk", true, HERE, "0000").verdict, ==,
                   ACCESS_LOCKED); /* not a device */
  fail (h, "other", 5, HERE, NULL);
  g_assert_cmpint (house_login (h, "other", true, HERE, device).verdict, ==,
                   ACCESS_LOCKED);    /* not this one's */
  fail (h, "clerk", 5, HERE, device); /* who has the browser is counted, too */
  g_assert_cmpint (house_login (h, "clerk", true, HERE, device).verdict, ==, ACCESS_LOCKED);
}

/* One address that tries many names. */
static void
test_lock_address (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  for (int i = 0; i < 30; i++)
    house_login (h, arena_printf (h->arena, "guess%d", i), false, "192.0.2.66", NULL);
  g_assert_cmpint (house_login (h, "clerk", true, "192.0.2.66", NULL).verdict, ==, ACCESS_LOCKED);
  g_assert_cmpint (house_login (h, "clerk", true, "192.0.2.67", NULL).verdict, ==, ACCESS_OPENED);
  h->now += 31;
  g_assert_cmpint (house_login (h, "clerk", true, "192.0.2.66", NULL).verdict, ==, ACCESS_OPENED);
}

static void
test_expiry (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  house_add (h, "resident", ACCESS_RESIDENT, 7, NULL);
  const char *staff = house_login (h, "clerk", true, HERE, NULL).token,
             *person = house_login (h, "resident", true, HERE, NULL).token;
  h->now += 30 * 60;
  g_assert_nonnull (access_session (h->access, h->arena, staff));
  h->now += 30 * 60 + 1;
  g_assert_null (access_session (h->access, h->arena, staff)); /* idle */
  g_assert_nonnull (access_session (h->access, h->arena, person));
  h->now += 2 * 60 * 60 + 1;
  g_assert_null (access_session (h->access, h->arena, person));
  staff = house_login (h, "clerk", true, HERE, NULL).token;
  for (int i = 0; i < 12 * 4; i++) {
    h->now += 15 * 60;
    g_assert_nonnull (access_session (h->access, h->arena, staff));
  }
  h->now += 1;
  g_assert_null (access_session (h->access, h->arena, staff)); /* twelve hours are over */
  g_assert_null (access_session (h->access, h->arena, NULL));
  g_assert_null (access_session (h->access, h->arena, "short"));
  g_assert_null (access_session (h->access, h->arena,
                                 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
}

/* Whoever slipped a token to the victim has nothing by it: logging in makes a new one, and the old ends. */
static void
test_fixation (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  house_add (h, "thief", ACCESS_COUNTER_CLERK, 0, NULL);
  const char *slipped = house_login (h, "thief", true, HERE, NULL).token;
  AccessOrigin origin = { .address = HERE, .loopback = true };
  AccessLogin login;
  GError *error = NULL;
  g_assert_true (
      access_login (h->access, h->arena, "clerk", "correct horse clerk", &origin, slipped, &login, &error));
  g_assert_cmpstr (login.token, !=, slipped);
  g_assert_null (access_session (h->access, h->arena, slipped));
  g_assert_cmpstr (access_session (h->access, h->arena, login.token)->name, ==, "clerk");
  g_assert_cmpstr (access_form_token (h->arena, slipped), !=, access_form_token (h->arena, login.token));
  g_assert_cmpstr (access_form_token (h->arena, login.token), ==, access_form_token (h->arena, login.token));
}

static void
test_sessions (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  house_add (h, "other", ACCESS_COUNTER_CLERK, 0, NULL);
  const char *one = house_login (h, "clerk", true, "192.0.2.1", NULL).token,
             *two = house_login (h, "clerk", true, "192.0.2.2", NULL).token,
             *three = house_login (h, "clerk", true, "192.0.2.3", NULL).token,
             *others = house_login (h, "other", true, "192.0.2.4", NULL).token;
  GError *error = NULL;
  size_t n;
  const AccessSession *sessions = access_sessions (h->access, h->arena, one, &n, &error);
  g_assert_cmpuint (n, ==, 3);
  const AccessAccount *who = access_session (h->access, h->arena, one),
                      *other = access_session (h->access, h->arena, others);
  for (size_t i = 0; i < n; i++) {
    g_assert_cmpint (sessions[i].current, ==, g_str_equal (sessions[i].address, "192.0.2.1"));
    if (g_str_equal (sessions[i].address, "192.0.2.2")) {
      g_assert_true (access_end_sessions (h->access, other, sessions[i].id, others, &error)); /* not theirs */
      g_assert_nonnull (access_session (h->access, h->arena, two));
      g_assert_true (access_end_sessions (h->access, who, sessions[i].id, one, &error));
    }
  }
  g_assert_null (access_session (h->access, h->arena, two));
  g_assert_nonnull (access_session (h->access, h->arena, three));
  g_assert_true (access_end_sessions (h->access, who, NULL, one, &error));
  g_assert_null (access_session (h->access, h->arena, three));
  g_assert_nonnull (access_session (h->access, h->arena, one));
  g_assert_nonnull (access_session (h->access, h->arena, others));
}

static void
test_password_change (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  const char *mine = house_login (h, "clerk", true, HERE, NULL).token,
             *other = house_login (h, "clerk", true, HERE, NULL).token;
  const AccessAccount *who = access_session (h->access, h->arena, mine);
  g_autoptr (GError) wrong = NULL, weak = NULL;
  g_assert_false (access_change_password (h->access, who, "wrong", "a new password", mine, &wrong));
  g_assert_error (wrong, FAULT, FAULT_DENIED);
  g_assert_false (access_change_password (h->access, who, "correct horse clerk", "短", mine, &weak));
  g_assert_error (weak, FAULT, FAULT_INPUT);
  GError *error = NULL;
  g_assert_true (
      access_change_password (h->access, who, "correct horse clerk", "一串不短的新口令语句", mine, &error));
  g_assert_nonnull (access_session (h->access, h->arena, mine));
  g_assert_null (access_session (h->access, h->arena, other));
  g_assert_cmpint (house_login (h, "clerk", true, HERE, NULL).verdict, ==, ACCESS_WRONG);
}

static void
deny (GError **error, int code)
{
  g_assert_error (*error, FAULT, code);
  g_clear_error (error);
}

/* Who manages accounts, and that nobody raises their own role. */
static void
test_managing (House *h, gconstpointer data)
{
  house_add (h, "admin", ACCESS_ADMINISTRATOR, 0, NULL);
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, "县民政局");
  GError *error = NULL;
  const AccessAccount *admin = access_account (h->access, h->arena, "admin", &error),
                      *clerk = access_account (h->access, h->arena, "clerk", &error);
  AccessAccount new = { .name = "new", .role = ACCESS_STEWARD, .zh = "甲", .en = "A" };
  g_assert_false (access_add (h->access, clerk, &new, "long enough it is", &error));
  deny (&error, FAULT_DENIED);
  g_assert_false (access_set_role (h->access, clerk, "clerk", ACCESS_ADMINISTRATOR, NULL, &error));
  deny (&error, FAULT_DENIED);
  g_assert_false (access_set_role (h->access, admin, "admin", ACCESS_STEWARD, NULL, &error));
  deny (&error, FAULT_DENIED);
  g_assert_false (access_disable (h->access, admin, "admin", true, &error));
  deny (&error, FAULT_DENIED);
  g_assert_false (access_set_role (h->access, admin, "clerk", ACCESS_OPERATOR, NULL, &error));
  deny (&error, FAULT_INPUT);
  g_assert_false (access_set_role (h->access, admin, "clerk", ACCESS_RESIDENT, NULL, &error));
  deny (&error, FAULT_INPUT);
  g_assert_false (access_disable (h->access, admin, "ghost", true, &error));
  deny (&error, FAULT_NOT_FOUND);
  const char *token = house_login (h, "clerk", true, HERE, NULL).token;
  g_assert_true (access_set_role (h->access, admin, "clerk", ACCESS_CASE_WORKER, "县教育局", &error));
  g_assert_null (access_session (h->access, h->arena, token)); /* with the old rights */
  size_t n;
  const AuditRecord *last = house_last_entry (h, &n);
  g_assert_cmpint (last->entry.act, ==, AUDIT_ADMIN);
  g_assert_cmpstr (last->entry.actor, ==, "admin");
  g_assert_nonnull (strstr (last->entry.detail, "case_worker"));
  const AccessAccount *changed = access_account (h->access, h->arena, "clerk", &error);
  g_assert_cmpint (changed->role, ==, ACCESS_CASE_WORKER);
  g_assert_cmpstr (changed->department, ==, "县教育局");
  g_assert_true (access_disable (h->access, admin, "clerk", true, &error));
  g_assert_cmpint (house_login (h, "clerk", true, HERE, NULL).verdict, ==, ACCESS_WRONG);
  g_assert_true (access_disable (h->access, admin, "clerk", false, &error));
  g_assert_cmpint (house_login (h, "clerk", true, HERE, NULL).verdict, ==, ACCESS_OPENED);
}

static void
test_adding (House *h, gconstpointer data)
{
  static const struct {
    AccessAccount account;
    const char *password;
    int code;
  } bad[] = {
    { { .name = "clerk", .role = ACCESS_ANALYST, .zh = "甲", .en = "A" },
      "long enough it is",
      FAULT_CONFLICT },
    { { .name = "Clerk", .role = ACCESS_ANALYST, .zh = "甲", .en = "A" }, "long enough it is", FAULT_INPUT },
    { { .name = "", .role = ACCESS_ANALYST, .zh = "甲", .en = "A" }, "long enough it is", FAULT_INPUT },
    { { .name = "a", .role = ACCESS_ANALYST, .zh = "甲", .en = "A" }, "short", FAULT_INPUT },
    { { .name = "long-name-it-is", .role = ACCESS_ANALYST, .zh = "甲", .en = "A" },
      "long-name-it-is",
      FAULT_INPUT },
    { { .name = "b", .role = ACCESS_RESIDENT, .zh = "甲", .en = "A" }, "long enough it is", FAULT_INPUT },
    { { .name = "c", .role = ACCESS_RESIDENT, .zh = "甲", .en = "A", .subject = 7, .department = "县教育局" },
      "long enough it is",
      FAULT_INPUT },
    { { .name = "d", .role = ACCESS_ANALYST, .zh = "甲", .en = "A", .subject = 7 },
      "long enough it is",
      FAULT_INPUT },
    { { .name = "e", .role = ACCESS_NOBODY, .zh = "甲", .en = "A" }, "long enough it is", FAULT_INPUT }
  };
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("%s", bad[i].account.name);
    g_assert_false (access_add (h->access, h->operator_, &bad[i].account, bad[i].password, &error));
    g_assert_error (error, FAULT, bad[i].code);
  }
  size_t n;
  GError *error = NULL;
  const AccessAccount *all = access_accounts (h->access, h->arena, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (all[0].name, ==, "clerk");
  access_demo_accounts (h->access, h->arena, &n, &error);
  g_assert_cmpuint (n, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/access/" name, House, NULL, house_set_up, function, house_tear_down)
  ADD ("login", test_login);
  ADD ("wrong", test_wrong);
  ADD ("time", test_time);
  ADD ("lock-out", test_lock_out);
  ADD ("lock-persists", test_lock_persists);
  ADD ("lock-no-victim", test_lock_no_victim);
  ADD ("lock-address", test_lock_address);
  ADD ("expiry", test_expiry);
  ADD ("fixation", test_fixation);
  ADD ("sessions", test_sessions);
  ADD ("password-change", test_password_change);
  ADD ("managing", test_managing);
  ADD ("adding", test_adding);
  return g_test_run ();
}
