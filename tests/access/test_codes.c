/* Second factors: RFC 6238's own vectors, then a whole life of one. */
#include "access/totp.h"
#include "house.h"
#include "support.h"

#define HERE "127.0.0.1"

/* RFC 6238, appendix B, SHA-1: the secret is twenty ASCII digits, codes have eight. */
static void
test_vectors (void)
{
  static const struct {
    gint64 at;
    const char *code;
  } vectors[] = { { 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
                  { 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" } };
  static const unsigned char secret[] = "12345678901234567890";
  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++) {
    char code[9];
    totp_code (secret, 20, totp_step (vectors[i].at), 8, code);
    g_assert_cmpstr (code, ==, vectors[i].code);
  }
}

/* RFC 4648, section 10, without padding. */
static void
test_base32 (void)
{
  static const char *const vectors[][2] = { { "", "" },
                                            { "f", "MY" },
                                            { "fo", "MZXQ" },
                                            { "foo", "MZXW6" },
                                            { "foob", "MZXW6YQ" },
                                            { "fooba", "MZXW6YTB" },
                                            { "foobar", "MZXW6YTBOI" } };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++)
    g_assert_cmpstr (totp_base32 (arena, (const unsigned char *)vectors[i][0], strlen (vectors[i][0])), ==,
                     vectors[i][1]);
}

static void
test_match (void)
{
  static const unsigned char secret[] = "12345678901234567890";
  gint64 at = 1234567890, step = totp_step (at);
  char codes[5][TOTP_DIGITS + 1]; /* of the steps from two before to two after */
  for (int i = 0; i < 5; i++)
    totp_code (secret, 20, step - 2 + i, TOTP_DIGITS, codes[i]);
  g_assert_cmpint (totp_match (secret, 20, at, 0, codes[0]), ==, 0);
  for (int i = 1; i < 4; i++)
    g_assert_cmpint (totp_match (secret, 20, at, 0, codes[i]), ==, step - 2 + i);
  g_assert_cmpint (totp_match (secret, 20, at, 0, codes[4]), ==, 0);
  g_assert_cmpint (totp_match (secret, 20, at, step, codes[2]), ==, 0); /* used */
  g_assert_cmpint (totp_match (secret, 20, at, step, codes[3]), ==, step + 1);
  g_assert_cmpint (totp_match (secret, 20, at, 0, ""), ==, 0);
  g_assert_cmpint (totp_match (secret, 20, at, 0, "1234567"), ==, 0);
}

/* The bytes of a secret in base32. */
static void
decode (const char *text, unsigned char *bytes)
{
  unsigned held = 0, bits = 0;
  size_t n = 0;
  for (const char *p = text; *p; p++) {
    held = held << 5 | (unsigned)(*p >= 'A' ? *p - 'A' : *p - '2' + 26);
    bits += 5;
    if (bits >= 8)
      bytes[n++] = (unsigned char)(held >> (bits -= 8));
  }
  g_assert_cmpuint (n, ==, TOTP_SECRET_BYTES);
}

static const AccessOrigin origin = { .address = HERE, .loopback = true };

typedef struct {
  unsigned char secret[TOTP_SECRET_BYTES];
  const char *const *recovery;
} Factor;

static const char *
code_now (House *h, const Factor *factor)
{
  char *code = arena_alloc (h->arena, TOTP_DIGITS + 1);
  totp_code (factor->secret, TOTP_SECRET_BYTES, totp_step (h->now), TOTP_DIGITS, code);
  return code;
}

/* A steward's first login, up to being in; what they have then. */
static AccessLogin
set_up_factor (House *h, const char *name, Factor *factor)
{
  GError *error = NULL;
  AccessLogin login = house_login (h, name, true, HERE, NULL), in;
  AccessSecret secret, again;
  g_assert_true (access_enrol_secret (h->access, h->arena, login.token, &secret, &error));
  g_assert_true (access_enrol_secret (h->access, h->arena, login.token, &again, &error));
  g_assert_cmpstr (secret.secret, ==, again.secret); /* the page may be loaded twice */
  g_assert_nonnull (strstr (secret.uri, secret.secret));
  decode (secret.secret, factor->secret);
  g_assert_true (access_enrol (h->access, h->arena, login.token, "000000", &origin, &in, &error));
  g_assert_cmpint (in.verdict, ==, ACCESS_WRONG);
  g_assert_true (access_enrol (h->access, h->arena, login.token, code_now (h, factor), &origin, &in, &error));
  g_assert_cmpint (in.verdict, ==, ACCESS_OPENED);
  g_assert_cmpint (in.stage, ==, ACCESS_IN);
  g_assert_null (access_session (h->access, h->arena, login.token)); /* a new token with every step up */
  factor->recovery = in.recovery;
  return in;
}

static AccessLogin
try_code (House *h, const char *token, const char *code)
{
  GError *error = NULL;
  AccessLogin login;
  g_assert_true (access_login_code (h->access, h->arena, token, code, &origin, &login, &error));
  return login;
}

static void
test_mandatory (House *h, gconstpointer data)
{
  house_add (h, "steward", ACCESS_STEWARD, 0, NULL);
  AccessLogin login = house_login (h, "steward", true, HERE, NULL);
  g_assert_cmpint (login.stage, ==, ACCESS_ENROLLING);
  g_assert_null (login.device);
  g_assert_cmpint (access_session (h->access, h->arena, login.token)->stage, ==, ACCESS_ENROLLING);
  Factor factor;
  set_up_factor (h, "steward", &factor);
  login = house_login (h, "steward", true, HERE, NULL);
  g_assert_cmpint (login.stage, ==, ACCESS_ASKED_CODE);
  g_assert_cmpint (try_code (h, login.token, code_now (h, &factor)).verdict, ==,
                   ACCESS_WRONG); /* used to enrol */
  h->now += TOTP_SECONDS;
  AccessLogin in = try_code (h, login.token, code_now (h, &factor));
  g_assert_cmpint (in.verdict, ==, ACCESS_OPENED);
  g_assert_cmpint (access_session (h->access, h->arena, in.token)->stage, ==, ACCESS_IN);
  g_assert_cmpuint (strlen (in.device), ==, 64);
  g_assert_null (access_session (h->access, h->arena, login.token));
  AccessLogin second = house_login (h, "steward", true, HERE, NULL);
  g_assert_cmpint (try_code (h, second.token, code_now (h, &factor)).verdict, ==,
                   ACCESS_WRONG); /* replayed */
  GError *error = NULL;
  g_assert_false (access_drop_code (h->access, access_session (h->access, h->arena, in.token),
                                    "correct horse steward", &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
}

/* The code's page cannot be stayed on, nor its session used for anything else. */
static void
test_unfinished (House *h, gconstpointer data)
{
  house_add (h, "admin", ACCESS_ADMINISTRATOR, 0, NULL);
  Factor factor;
  AccessLogin in = set_up_factor (h, "admin", &factor), login = house_login (h, "admin", true, HERE, NULL);
  GError *error = NULL;
  AccessSecret secret;
  g_assert_false (
      access_enrol_secret (h->access, h->arena, login.token, &secret, &error)); /* no second one */
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  h->now += 10 * 60 + 1;
  g_assert_null (access_session (h->access, h->arena, login.token));
  g_assert_cmpint (try_code (h, login.token, code_now (h, &factor)).verdict, ==, ACCESS_WRONG);
  g_assert_cmpint (try_code (h, in.token, code_now (h, &factor)).verdict, ==,
                   ACCESS_WRONG); /* is in already */
}

static void
test_recovery (House *h, gconstpointer data)
{
  house_add (h, "admin", ACCESS_ADMINISTRATOR, 0, NULL);
  Factor factor;
  set_up_factor (h, "admin", &factor);
  g_assert_cmpuint (g_strv_length ((char **)(gsize)factor.recovery), ==, 10);
  AccessLogin login = house_login (h, "admin", true, HERE, NULL);
  g_autofree char *small = g_ascii_strdown (factor.recovery[3], -1);
  g_assert_cmpint (try_code (h, login.token, small).verdict, ==, ACCESS_OPENED);
  login = house_login (h, "admin", true, HERE, NULL);
  g_assert_cmpint (try_code (h, login.token, factor.recovery[3]).verdict, ==, ACCESS_WRONG); /* once */
  g_assert_cmpint (try_code (h, login.token, factor.recovery[4]).verdict, ==, ACCESS_OPENED);
}

static void
test_guessing (House *h, gconstpointer data)
{
  house_add (h, "admin", ACCESS_ADMINISTRATOR, 0, NULL);
  Factor factor;
  const char *device = set_up_factor (h, "admin", &factor).device;
  AccessLogin login = house_login (h, "admin", true, HERE, NULL);
  for (int i = 0; i < 5; i++)
    g_assert_cmpint (try_code (h, login.token, "999999").verdict, ==, ACCESS_WRONG);
  h->now += 25;
  g_assert_cmpint (try_code (h, login.token, code_now (h, &factor)).verdict, ==, ACCESS_LOCKED);
  AccessOrigin own = { .address = HERE, .loopback = true, .device = device };
  AccessLogin in;
  GError *error = NULL;
  h->now += 10;
  g_assert_true (
      access_login_code (h->access, h->arena, login.token, code_now (h, &factor), &own, &in, &error));
  g_assert_cmpint (in.verdict, ==, ACCESS_OPENED);
}

static void
test_reset (House *h, gconstpointer data)
{
  house_add (h, "admin", ACCESS_ADMINISTRATOR, 0, NULL);
  house_add (h, "steward", ACCESS_STEWARD, 0, NULL);
  Factor factor;
  const char *token = set_up_factor (h, "steward", &factor).token;
  GError *error = NULL;
  const AccessAccount *admin = access_account (h->access, h->arena, "admin", &error);
  g_assert_true (access_reset_code (h->access, admin, "steward", &error));
  g_assert_null (access_session (h->access, h->arena, token));
  g_assert_cmpint (house_login (h, "steward", true, HERE, NULL).stage, ==, ACCESS_ENROLLING);
}

/* Optional for others: set up and given up by themselves. */
static void
test_optional (House *h, gconstpointer data)
{
  house_add (h, "clerk", ACCESS_COUNTER_CLERK, 0, NULL);
  Factor factor;
  AccessLogin in = set_up_factor (h, "clerk", &factor);
  g_assert_cmpint (house_login (h, "clerk", true, HERE, NULL).stage, ==, ACCESS_ASKED_CODE);
  GError *error = NULL;
  const AccessAccount *who = access_session (h->access, h->arena, in.token);
  g_assert_false (access_drop_code (h->access, who, "wrong", &error));
  g_clear_error (&error);
  g_assert_true (access_drop_code (h->access, who, "correct horse clerk", &error));
  g_assert_cmpint (house_login (h, "clerk", true, HERE, NULL).stage, ==, ACCESS_IN);
}

/* A demo account's code is told on this machine, and taken; nobody else's is told. */
static void
test_demo (House *h, gconstpointer data)
{
  GError *error = NULL;
  AccessAccount demo = { .name = "demo", .role = ACCESS_STEWARD, .zh = "甲", .en = "A", .demo = true };
  g_assert_true (access_add (h->access, h->operator_, &demo, "liudong", &error));
  for (int i = 0; i < 2; i++) { /* twice within thirty seconds */
    AccessLogin login;
    g_assert_true (access_login (h->access, h->arena, "demo", "liudong", &origin, NULL, &login, &error));
    g_assert_cmpint (login.stage, ==, ACCESS_ASKED_CODE);
    const char *code = access_demo_code (h->access, h->arena, login.token);
    g_assert_cmpint (try_code (h, login.token, code).verdict, ==, ACCESS_OPENED);
  }
  house_add (h, "steward", ACCESS_STEWARD, 0, NULL);
  Factor factor;
  set_up_factor (h, "steward", &factor);
  AccessLogin login = house_login (h, "steward", true, HERE, NULL);
  g_assert_null (access_demo_code (h->access, h->arena, login.token));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/codes/vectors", test_vectors);
  g_test_add_func ("/codes/base32", test_base32);
  g_test_add_func ("/codes/match", test_match);
#define ADD(name, function) g_test_add ("/codes/" name, House, NULL, house_set_up, function, house_tear_down)
  ADD ("mandatory", test_mandatory);
  ADD ("unfinished", test_unfinished);
  ADD ("recovery", test_recovery);
  ADD ("guessing", test_guessing);
  ADD ("reset", test_reset);
  ADD ("optional", test_optional);
  ADD ("demo", test_demo);
  return g_test_run ();
}
