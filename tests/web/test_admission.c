/* Who is let in: every role at every address, over real HTTP, as the matrix says; and
 * forms that were not sent from one of our pages. */
#include "demo/demo.h"
#include "support.h"
#include "web/route.h"
#include "web/web.h"

#include <string.h>

static char *base; /* http://127.0.0.1:… */
static Access *access_;
static Arena *arena;

static const AccessAccount operator_ = { .name = "os:test", .role = ACCESS_OPERATOR };
static const AccessOrigin here = { .address = "127.0.0.1", .loopback = true };

/* ---- asking ------------------------------------------------------------ */

typedef struct {
  unsigned status;
  const char *head, *body;
} Answer;

static Answer
ask (const char *method, const char *path, const char *session, const char *form, const char *header)
{
  g_autofree char *url = g_strconcat (base, path, NULL), *out = NULL;
  g_autofree char *cookie = g_strdup_printf ("Cookie: session=%s", session ? session : "");
  const char *argv[16] = { "curl", "-s", "-i", "--max-time", "20", "-X", method, "-H", cookie };
  size_t n = 9;
  if (form) {
    argv[n++] = "-d";
    argv[n++] = form;
  }
  if (header) {
    argv[n++] = "-H";
    argv[n++] = header;
  }
  argv[n] = url;
  g_autoptr (GError) error = NULL;
  g_spawn_sync (NULL, (char **)(gsize)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL, &error);
  g_assert_no_error (error);
  const char *text = arena_text (arena, text_of (out)), *end = strstr (text, "\r\n\r\n");
  g_assert_nonnull (end);
  return (Answer){ (unsigned)atoi (strchr (text, ' ') + 1), text, end + 4 };
}

static const char *
name_of (AccessRole role)
{
  return access_role_name (role)->id;
}

/* A session of the account of ROLE, all the way in; NULL for nobody. */
static const char *
log_in (AccessRole role)
{
  AccessLogin login;
  GError *error = NULL;
  if (role == ACCESS_NOBODY)
    return NULL;
  g_assert_true (access_login (access_, arena, name_of (role), "liudong", &here, NULL, &login, &error));
  g_assert_cmpint (login.verdict, ==, ACCESS_OPENED);
  if (login.stage == ACCESS_ASKED_CODE) {
    const char *code = access_demo_code (access_, arena, login.token);
    g_assert_nonnull (code); /* two logins within thirty seconds, no more */
    g_assert_true (access_login_code (access_, arena, login.token, code, &here, &login, &error));
  }
  g_assert_cmpint (login.stage, ==, ACCESS_IN);
  return login.token;
}

/* PATTERN with something that is there, or not, in its gaps. */
static const char *
fill_in (const char *pattern, AccessRole role)
{
  const char *gap = strstr (pattern, "{}");
  if (!gap)
    return pattern;
  const char *word
      = g_str_has_prefix (pattern, "/clauses/") || g_str_has_prefix (pattern, "/api/v1/clauses/") ? "15"
        : strstr (pattern, "/subjects/") ? (role == ACCESS_REPRESENTATIVE ? "park-1" : "resident-1")
                                         : "999";
  const char *first = arena_printf (arena, "%.*s%s", (int)(gap - pattern), pattern, word);
  return fill_in (arena_printf (arena, "%s%s", first, gap + 2), role);
}

static const char *
token_form (const char *session)
{
  return session ? arena_printf (arena, "token=%s", access_form_token (arena, session)) : "";
}

/* ---- every role at every address --------------------------------------- */

static bool
leads_to_login (const Answer *answer)
{
  return answer->status == 303 && strstr (answer->head, "Location: /login?next=");
}

/* What the dispatcher says before any handler runs. */
static bool
is_refused (const Answer *answer)
{
  return answer->status == 403 && strstr (answer->body, "has not the right");
}

static void
check_route (const WebRoute *route, AccessRole role, const char *session)
{
  bool post = g_str_equal (route->method, "POST"), api = g_str_has_prefix (route->pattern, "/api/");
  Answer answer = ask (route->method, fill_in (route->pattern, role), session,
                       post ? token_form (session) : NULL, NULL);
  g_test_message ("%s %s as %s: %u", route->method, route->pattern, name_of (role), answer.status);
  if (access_role_may (role, route->right)) {
    g_assert_false (is_refused (&answer) || leads_to_login (&answer));
    g_assert_cmpuint (answer.status, !=, 401);
    g_assert_cmpuint (answer.status, <, 500);
  } else if (role != ACCESS_NOBODY)
    g_assert_true (is_refused (&answer));
  else if (post || api) {
    g_assert_cmpuint (answer.status, ==, 401);
    g_assert_nonnull (strstr (answer.head, "WWW-Authenticate: Cookie"));
  } else
    g_assert_true (leads_to_login (&answer));
}

static void
test_every_route (gconstpointer data)
{
  AccessRole role = (AccessRole)GPOINTER_TO_INT (data);
  const char *session = log_in (role);
  for (size_t i = 0; i < web_routes_n; i++)
    if (!g_str_equal (web_routes[i].pattern, "/logout"))
      check_route (&web_routes[i], role, session);
  if (session)
    g_assert_cmpuint (ask ("POST", "/logout", session, token_form (session), NULL).status, ==, 303);
  g_assert_true (!session || !access_session (access_, arena, session));
}

/* ---- forms from elsewhere ---------------------------------------------- */

static void
test_forms (void)
{
  const char *session = log_in (ACCESS_CASE_WORKER);
  size_t checked = 0;
  for (size_t i = 0; i < web_routes_n; i++) {
    const WebRoute *route = &web_routes[i];
    if (!g_str_equal (route->method, "POST") || !access_role_may (ACCESS_CASE_WORKER, route->right))
      continue;
    const char *path = fill_in (route->pattern, ACCESS_CASE_WORKER);
    g_test_message ("%s", path);
    Answer none = ask ("POST", path, session, "a=1", NULL),
           wrong = ask ("POST", path, session, "token=0", NULL),
           other = ask ("POST", path, session, token_form (log_in (ACCESS_ANALYST)), NULL),
           foreign = ask ("POST", path, session, token_form (session), "Origin: http://example.org"),
           cross = ask ("POST", path, session, token_form (session), "Sec-Fetch-Site: cross-site");
    const Answer *answers[] = { &none, &wrong, &other, &foreign, &cross };
    for (size_t k = 0; k < G_N_ELEMENTS (answers); k++)
      g_assert_cmpuint (answers[k]->status, ==, 403);
    checked++;
  }
  g_assert_cmpuint (checked, >, 4);
  g_assert_nonnull (access_session (access_, arena, session)); /* none of them logged out */
  g_autofree char *header = g_strconcat ("X-Form-Token: ", access_form_token (arena, session), NULL);
  g_assert_cmpuint (ask ("POST", "/account/sessions", session, "", header).status, ==, 303);
}

/* Between password and code one is nobody, and led on. */
static void
test_between (void)
{
  AccessLogin login;
  GError *error = NULL;
  g_assert_true (access_login (access_, arena, "administrator", "liudong", &here, NULL, &login, &error));
  g_assert_cmpint (login.stage, ==, ACCESS_ASKED_CODE);
  Answer page = ask ("GET", "/accounts", login.token, NULL, NULL),
         api = ask ("GET", "/api/v1/subjects/resident-1/determinations", login.token, NULL, NULL),
         form = ask ("POST", "/accounts", login.token, token_form (login.token), NULL),
         front = ask ("GET", "/circular", login.token, NULL, NULL);
  g_assert_nonnull (strstr (page.head, "Location: /login/code\r\n"));
  g_assert_cmpuint (api.status, ==, 401);
  g_assert_cmpuint (form.status, ==, 401);
  g_assert_cmpuint (front.status, ==, 200);
}

/* ---- a small county ---------------------------------------------------- */

static void
add_accounts (const RegistrySchema *schema)
{
  for (int role = 0; role < ACCESS_ACCOUNT_ROLES; role++) {
    AccessAccount account = {
      .name = name_of ((AccessRole)role), .role = (AccessRole)role, .zh = "样例", .en = "Sample", .demo = true
    };
    const char *subject = role == ACCESS_RESIDENT         ? "resident-1"
                          : role == ACCESS_REPRESENTATIVE ? "park-1"
                                                          : NULL;
    if (subject)
      registry_subject_parse (schema, text_of (subject), &account.subject);
    else
      account.department = "县人社局";
    GError *error = NULL;
    access_add (access_, &operator_, &account, "liudong", &error);
    g_assert_no_error (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = support_folder (), *db = g_build_filename (folder, "county.db", NULL);
  g_autofree char *policy = support_source ("policy/minhou-2021-81"),
                  *shares = support_source ("data/demo/minhou.yaml");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) package = policy_load (policy, faults, &error);
  g_assert_no_error (error);
  DemoOptions size = { .residents = 60, .seed = 1 };
  demo_make_file (db, policy_schema (package), shares, &size, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (Registry) registry = registry_open (db, 0, policy_schema (package), &error);
  g_assert_no_error (error);
  access_ = access_open (registry, &error);
  g_assert_no_error (error);
  arena = arena_new ();
  add_accounts (policy_schema (package));
  RightsTerms terms = { .calendar = policy_workdays (package) };
  g_autoptr (Rights) rights = rights_open (registry, &terms, &error);
  g_autoptr (Notices) notices = notices_open (registry_store (registry), &error);
  g_assert_no_error (error);
  g_autoptr (Agents) agents = agents_open (package, registry, &error);
  g_assert_no_error (error);
  CasesOptions handling = { .package = package, .registry = registry, .access = access_, .agents = agents };
  g_autoptr (Cases) cases = cases_open (&handling, &error);
  g_assert_no_error (error);
  g_autoptr (Decisions) decisions = decisions_open (registry_store (registry), &error);
  g_assert_no_error (error);
  RegistersOptions keeping = { .package = package, .registry = registry, .access = access_ };
  g_autoptr (Registers) registers = registers_open (&keeping, &error);
  g_assert_no_error (error);
  WebOptions options = { .listen = "127.0.0.1:0",
                         .package = package,
                         .registry = registry,
                         .access = access_,
                         .rights = rights,
                         .decisions = decisions,
                         .agents = agents,
                         .notices = notices,
                         .registers = registers,
                         .cases = cases };
  WebServer *server = web_start (&options, &error);
  g_assert_no_error (error);
  base = g_strdup (web_server_url (server));
  for (int role = 0; role < ACCESS_ROLES; role++) {
    g_autofree char *path = g_strdup_printf ("/admission/%s", name_of ((AccessRole)role));
    if (role != ACCESS_OPERATOR) /* has no account, and no way in over HTTP */
      g_test_add_data_func (path, GINT_TO_POINTER (role), test_every_route);
  }
  g_test_add_func ("/admission/forms", test_forms);
  g_test_add_func ("/admission/between", test_between);
  int status = g_test_run ();
  web_stop (server);
  access_free (access_);
  arena_free (arena);
  g_free (base);
  support_remove (folder);
  return status;
}
