/* Addresses: which handler, which captures; fields and cookies decoded. */
#include "support.h"
#include "web/route.h"

static bool
nothing (WebRequest *request, WebResponse *response, GError **error)
{
  return true;
}

static const WebRoute routes[] = {
  { "GET", "/", ACCESS_LOG_IN, nothing },
  { "GET", "/clauses", ACCESS_LOG_IN, nothing },
  { "GET", "/clauses/{}", ACCESS_LOG_IN, nothing },
  { "POST", "/clauses/{}", ACCESS_LOG_IN, nothing },
  { "GET", "/subjects/{}/answers/{}", ACCESS_LOG_IN, nothing },
  { "POST", "/logout", ACCESS_LOG_IN, nothing },
};

static const struct {
  const char *method, *path;
  RouteVerdict verdict;
  int route; /* index, or −1 */
  const char *first, *second, *allow;
} cases[] = {
  { "GET", "/", ROUTE_FOUND, 0, NULL, NULL, NULL },
  { "HEAD", "/", ROUTE_FOUND, 0, NULL, NULL, NULL },
  { "GET", "/clauses", ROUTE_FOUND, 1, NULL, NULL, NULL },
  { "GET", "/clauses/15", ROUTE_FOUND, 2, "15", NULL, NULL },
  { "POST", "/clauses/15", ROUTE_FOUND, 3, "15", NULL, "GET, HEAD" },
  { "GET", "/clauses/%E4%BA%BA", ROUTE_FOUND, 2, "人", NULL, NULL },
  { "GET", "/clauses/a%2Fb", ROUTE_FOUND, 2, "a/b", NULL, NULL },
  { "GET", "/subjects/resident-1/answers/2", ROUTE_FOUND, 4, "resident-1", "2", NULL },
  { "GET", "/clauses/%FF", ROUTE_MALFORMED, 2, NULL, NULL, NULL },
  { "GET", "/clauses/%00", ROUTE_MALFORMED, 2, NULL, NULL, NULL },
  { "GET", "/clauses/%4", ROUTE_MALFORMED, 2, NULL, NULL, NULL },
  { "DELETE", "/clauses/15", ROUTE_OTHER_METHOD, -1, NULL, NULL, "GET, HEAD, POST" },
  { "GET", "/logout", ROUTE_OTHER_METHOD, -1, NULL, NULL, "POST" },
  { "GET", "/clauses/", ROUTE_UNKNOWN, -1, NULL, NULL, NULL },
  { "GET", "//", ROUTE_UNKNOWN, -1, NULL, NULL, NULL },
  { "GET", "/clauses/15/x", ROUTE_UNKNOWN, -1, NULL, NULL, NULL },
  { "GET", "/Clauses", ROUTE_UNKNOWN, -1, NULL, NULL, NULL },
  { "GET", "", ROUTE_UNKNOWN, -1, NULL, NULL, NULL },
};

static void
check_routes (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Arena) arena = arena_new ();
    WebRequest request = { .arena = arena };
    const WebRoute *route = NULL;
    const char *allow;
    g_test_message ("%s %s", cases[i].method, cases[i].path);
    RouteVerdict verdict = route_find (routes, G_N_ELEMENTS (routes), text_of (cases[i].path),
                                       cases[i].method, &request, &route, &allow);
    g_assert_cmpint (verdict, ==, cases[i].verdict);
    g_assert_true (route == (cases[i].route < 0 ? NULL : &routes[cases[i].route]));
    if (verdict == ROUTE_FOUND) {
      g_assert_cmpstr (request.captures[0], ==, cases[i].first);
      g_assert_cmpstr (request.captures[1], ==, cases[i].second);
    }
    if (verdict == ROUTE_OTHER_METHOD)
      g_assert_cmpstr (allow, ==, cases[i].allow);
  }
}

static void
check_fields (void)
{
  g_autoptr (Arena) arena = arena_new ();
  WebFields fields;
  g_assert_true (web_fields_parse (arena, text_of ("a=1+2&b=%E4%BA%BA%26&&c&a=9&=x"), &fields, NULL));
  g_assert_cmpint (fields.n, ==, 5);
  g_assert_cmpstr (web_field (&fields, "a"), ==, "1 2");
  g_assert_cmpstr (web_field (&fields, "b"), ==, "人&");
  g_assert_cmpstr (web_field (&fields, "c"), ==, "");
  g_assert_null (web_field (&fields, "d"));
  static const char *const broken[] = { "a=%", "a=%1", "a=%zz", "%FF=1", "a=%00", "a=%C0%80" };
  for (size_t i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (web_fields_parse (arena, text_of (broken[i]), &fields, &error));
    g_assert_error (error, FAULT, FAULT_USAGE);
  }
}

static void
check_cookies (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *header = "xsession=1; session=abc ;lang=en; empty=";
  g_assert_cmpstr (web_cookie (arena, header, "session"), ==, "abc");
  g_assert_cmpstr (web_cookie (arena, header, "lang"), ==, "en");
  g_assert_cmpstr (web_cookie (arena, header, "xsession"), ==, "1");
  g_assert_null (web_cookie (arena, header, "sess"));
  g_assert_null (web_cookie (arena, NULL, "session"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/route/routes", check_routes);
  g_test_add_func ("/request/fields", check_fields);
  g_test_add_func ("/request/cookies", check_cookies);
  return g_test_run ();
}
