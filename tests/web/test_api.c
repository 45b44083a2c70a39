/* The JSON interface against docs/api/openapi.yaml: every path is described,
 * every answer has the members required, of the types given, and no others.  And,
 * with the same accounts, what the pages keep from whom. */
#include "api_services.h"
#include "base/yaml_file.h"
#include "demo/demo.h"
#include "described.h"
#include "payments/payments.h"
#include "support.h"
#include "web/route.h"
#include "web/web.h"

#include <string.h>

/* ---- the answers ------------------------------------------------------- */

static const struct {
  const char *path, *template;
  unsigned status;
  const char *account; /* who asks, or NULL */
} cases[] = {
  { "/api/v1/health", "/api/v1/health", 200, NULL },
  { "/api/v1/circular", "/api/v1/circular", 200, NULL },
  { "/api/v1/tasks", "/api/v1/tasks", 200, NULL },
  { "/api/v1/tasks?strength=pilot", "/api/v1/tasks", 200, NULL },
  { "/api/v1/tasks?strength=strong", "/api/v1/tasks", 422, NULL },
  { "/api/v1/clauses", "/api/v1/clauses", 200, NULL },
  { "/api/v1/clauses/1", "/api/v1/clauses/{number}", 200, NULL },
  { "/api/v1/clauses/13", "/api/v1/clauses/{number}", 200, NULL },
  { "/api/v1/clauses/15", "/api/v1/clauses/{number}", 200, NULL },
  { "/api/v1/clauses/23", "/api/v1/clauses/{number}", 200, NULL },
  { "/api/v1/clauses/25", "/api/v1/clauses/{number}", 404, NULL },
  { "/api/v1/matters", "/api/v1/matters", 200, NULL },
  { "/api/v1/matters?q=start&who=resident", "/api/v1/matters", 200, NULL },
  { "/api/v1/matters?who=dragon", "/api/v1/matters", 422, NULL },
  { "/api/v1/matters/23/main", "/api/v1/matters/{clause}/{id}", 200, NULL },
  { "/api/v1/matters/9/open", "/api/v1/matters/{clause}/{id}", 200, NULL },
  { "/api/v1/matters/0/apply", "/api/v1/matters/{clause}/{id}", 200, NULL },
  { "/api/v1/matters/23/other", "/api/v1/matters/{clause}/{id}", 404, NULL },
  { "/api/v1/matters/25/main", "/api/v1/matters/{clause}/{id}", 404, NULL },
  { "/api/v1/sharing", "/api/v1/sharing", 200, NULL },
  { "/api/v1/sharing?clause=23&department=%E5%8E%BF%E6%B0%91%E6%94%BF%E5%B1%80", "/api/v1/sharing", 200,
    NULL },
  { "/api/v1/sharing?clause=99", "/api/v1/sharing", 404, NULL },
  { "/api/v1/barriers?clause=4", "/api/v1/barriers", 200, "head" },
  { "/api/v1/barriers", "/api/v1/barriers", 400, "head" },
  { "/api/v1/barriers?clause=25", "/api/v1/barriers", 404, "head" },
  { "/api/v1/barriers?clause=4", "/api/v1/barriers", 403, "clerk" },
  { "/api/v1/barriers?clause=4", "/api/v1/barriers", 401, NULL },
  { "/api/v1/statistics?clause=13", "/api/v1/statistics", 200, "head" },
  { "/api/v1/statistics?clause=15", "/api/v1/statistics", 200, "head" },
  { "/api/v1/statistics", "/api/v1/statistics", 400, "head" },
  { "/api/v1/statistics?clause=25", "/api/v1/statistics", 404, "head" },
  { "/api/v1/statistics?clause=13", "/api/v1/statistics", 403, "clerk" },
  { "/api/v1/statistics?clause=13", "/api/v1/statistics", 401, NULL },
  { "/api/v1/reforms?clause=23&dibao_ratio=0.45", "/api/v1/reforms", 200, "head" },
  { "/api/v1/reforms?dibao_ratio=0.45&minimum_wage=2600", "/api/v1/reforms", 200, "head" },
  { "/api/v1/reforms?clause=23", "/api/v1/reforms", 400, "head" },
  { "/api/v1/reforms?dibao_ratio=0.45&minimal_wage=2600", "/api/v1/reforms", 400, "head" },
  { "/api/v1/reforms?dibao_ratio=much", "/api/v1/reforms", 400, "head" },
  { "/api/v1/reforms?clause=25&dibao_ratio=0.45", "/api/v1/reforms", 404, "head" },
  { "/api/v1/reforms?dibao_ratio=0.45", "/api/v1/reforms", 403, "clerk" },
  { "/api/v1/reforms?dibao_ratio=0.45", "/api/v1/reforms", 401, NULL },
  { "/api/v1/me/copy", "/api/v1/me/copy", 200, "resident" },
  { "/api/v1/me/copy", "/api/v1/me/copy", 401, NULL },
  { "/api/v1/me/copy", "/api/v1/me/copy", 403, "clerk" },
  { "/api/v1/me/requests", "/api/v1/me/requests", 200, "resident" },
  { "/api/v1/me/requests?before=first", "/api/v1/me/requests", 422, "resident" },
  { "/api/v1/me/accesses", "/api/v1/me/accesses", 200, "resident" },
  { "/api/v1/me/accesses/999999/proof", "/api/v1/me/accesses/{number}/proof", 404, "resident" },
  { "/api/v1/events", "/api/v1/events", 200, NULL },
  { "/api/v1/events/event-1", "/api/v1/events/{id}", 200, "resident" },
  { "/api/v1/events/event-999", "/api/v1/events/{id}", 404, NULL },
  { "/api/v1/events/resident-1", "/api/v1/events/{id}", 404, "resident" },
  { "/api/v1/registers/visit", "/api/v1/registers/{id}", 200, "clerk" },
  { "/api/v1/registers/visit?open=1", "/api/v1/registers/{id}", 200, "clerk" },
  { "/api/v1/registers/visit", "/api/v1/registers/{id}", 403, "head" },
  { "/api/v1/registers/dragon", "/api/v1/registers/{id}", 404, "head" },
  { "/api/v1/me/notices", "/api/v1/me/notices", 200, "resident" },
  { "/api/v1/me/notices", "/api/v1/me/notices", 200, "head" },
  { "/api/v1/me/notices?before=tea", "/api/v1/me/notices", 422, "resident" },
  { "/api/v1/me/notices", "/api/v1/me/notices", 401, NULL },
  { "/api/v1/me/notices/settings", "/api/v1/me/notices/settings", 200, "resident" },
  { "/api/v1/corrections", "/api/v1/corrections", 200, "head" },
  { "/api/v1/corrections", "/api/v1/corrections", 403, "resident" },
  { "/api/v1/subjects/resident-1/determinations", "/api/v1/subjects/{id}/determinations", 200, "resident" },
  { "/api/v1/subjects/resident-1/determinations?clause=13&as_of=2026-01-01",
    "/api/v1/subjects/{id}/determinations", 200, "resident" },
  { "/api/v1/subjects/resident-1/determinations?as_of=tomorrow", "/api/v1/subjects/{id}/determinations", 422,
    "resident" },
  { "/api/v1/subjects/resident-2/determinations", "/api/v1/subjects/{id}/determinations", 403, "resident" },
  { "/api/v1/subjects/resident-1/determinations", "/api/v1/subjects/{id}/determinations", 401, NULL },
  { "/api/v1/subjects/dragon-1/determinations", "/api/v1/subjects/{id}/determinations", 404, "clerk" },
  { "/api/v1/subjects/household-1/determinations?clause=23", "/api/v1/subjects/{id}/determinations", 200,
    "clerk" },
  { "/api/v1/subjects/resident-1/determinations?clause=23", "/api/v1/subjects/{id}/determinations", 200,
    "clerk" },
  { "/api/v1/subjects/household-1/determinations", "/api/v1/subjects/{id}/determinations", 422, "clerk" },
  { "/api/v1/subjects/park-1/determinations?clause=23", "/api/v1/subjects/{id}/determinations", 400,
    "clerk" },
  { "/api/v1/subjects/park-1/determinations?clause=15", "/api/v1/subjects/{id}/determinations", 403,
    "clerk" },
};

static void
check_answers (gconstpointer data)
{
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s as %s", cases[i].path, cases[i].account);
    unsigned status;
    const JsonValue *body = get (arena, cases[i].path, log_in (arena, data, cases[i].account), &status);
    g_assert_cmpint (status, ==, cases[i].status);
    check_answer (body, "get", cases[i].template, status);
  }
}

/* Staff have a clause answered, and read a name, when their department has the clause, and
 * after they said which; before that they see the choice and no fact. */
static void
check_purpose (gconstpointer data)
{
  static const struct {
    const char *account;
    bool answers;
  } readers[] = { { "clerk", true }, { "forester", false }, { "newcomer", false } };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (readers); i++) {
    g_test_message ("as %s", readers[i].account);
    unsigned status;
    const char *jar = log_in (arena, data, readers[i].account);
    const JsonValue *body
        = get (arena, "/api/v1/subjects/household-1/determinations?clause=23", jar, &status);
    g_assert_cmpint (status, ==, readers[i].answers ? 200 : 403);
    g_assert_cmpint (json_get (body, "determinations") != NULL, ==, readers[i].answers);
    g_autofree char *url = g_strconcat (base, "/subjects/resident-1?clause=23", NULL);
    g_autofree char *page = curl ((const char *const[]){ "-b", jar, url, NULL });
    g_assert_cmpint (strstr (page, "facts__origin") != NULL, ==, readers[i].answers);
    g_autofree char *choose = g_strconcat (base, "/subjects/resident-1", NULL);
    g_autofree char *choice = curl ((const char *const[]){ "-b", jar, choose, NULL });
    g_assert_cmpint (strstr (choice, "clause=23") != NULL, ==, readers[i].answers);
    g_assert_null (strstr (choice, "facts__origin"));
  }
}

/* Searching: masked for staff, refused to others, and in the log without the term. */
static void
check_search (gconstpointer folder)
{
  static const char path[] = "/api/v1/search";
  static const struct {
    const char *account, *fields;
    unsigned status;
    gint64 total; /* -1: not looked at */
    const char *first;
  } steps[] = {
    { "resident", "text=chen", 403, -1, NULL },
    { "clerk", "text=chen&entity=dragon", 422, -1, NULL },
    { "clerk", "text=chen&limit=0", 422, -1, NULL },
    { "clerk", "text=chen&place=%E5%A4%A9%E4%B8%8A", 422, -1, NULL },
    { "clerk", "text=chen&after=resident", 422, -1, NULL },
    { "clerk", "", 200, 0, NULL },
    { "clerk", "text=123", 200, 0, NULL },
    { "clerk", "text=%E2%80%99%20OR%201%3D1%20--", 200, 0, NULL },
    { "clerk", "text=chen&limit=1", 200, -1, "\xe9\x99\x88\xef\xbc\x8a\xef\xbc\x8a\xef\xbc\x8a" },
    { "clerk", "place=%E4%B8%8A%E8%A1%97%E9%95%87&limit=1", 200, -1, NULL },
    { "clerk", "entity=park", 200, -1, NULL },
  };
  g_autoptr (Arena) arena = arena_new ();
  unsigned status;
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    const JsonValue *body = post (arena, folder, steps[i].account, path, steps[i].fields, &status);
    g_test_message ("%s: %s", steps[i].account, steps[i].fields);
    g_assert_cmpuint (status, ==, steps[i].status);
    g_assert_nonnull (body);
    check_described (body, path, status);
    if (steps[i].total >= 0)
      g_assert_cmpuint (json_get (body, "hits")->n, ==, (guint)steps[i].total);
    if (steps[i].first)
      g_assert_cmpstr (json_string (json_get (json_get (body, "hits")->elements[0], "label")), ==,
                       steps[i].first);
  }
}

/* A request from filing to its answer, and everything on the way that is refused. */
static void
check_request (gconstpointer folder)
{
  static const char file[] = "/api/v1/me/requests", decide[] = "/api/v1/corrections/1",
                    ask[] = "key=k1&subject=resident-1&attribute=phone&wanted=13800000000&reason=%3Cb%3E%27",
                    accept[] = "key=d1&decision=accept&answer=ok";
  static const struct {
    const char *account, *path, *template, *fields;
    unsigned status;
  } steps[] = {
    { "neighbour", file, "/api/v1/me/requests", ask, 403 },
    { "clerk", file, "/api/v1/me/requests", ask, 403 },
    { "resident", file, "/api/v1/me/requests", "key=k0&subject=resident-1&attribute=age&reason=x", 404 },
    { "resident", file, "/api/v1/me/requests", "key=k0&subject=resident-1&attribute=phone&reason=x", 422 },
    { "resident", file, "/api/v1/me/requests", ask, 200 },
    { "resident", file, "/api/v1/me/requests", ask, 200 }, /* sent twice, filed once */
    { "resident", file, "/api/v1/me/requests", "key=k1&subject=resident-1&attribute=phone&wanted=1&reason=x",
      422 },
    { "resident", file, "/api/v1/me/requests", "key=k2&subject=resident-1&attribute=phone&wanted=1&reason=x",
      409 },
    { "officer", decide, "/api/v1/corrections/{id}", accept, 403 },
    { "resident", decide, "/api/v1/corrections/{id}", accept, 403 },
    { "head", decide, "/api/v1/corrections/{id}", "key=d0&decision=perhaps", 400 },
    { "head", decide, "/api/v1/corrections/{id}", "key=d0&decision=refuse", 422 },
    { "head", decide, "/api/v1/corrections/{id}", accept, 200 },
    { "head", decide, "/api/v1/corrections/{id}", accept, 200 },
    { "head", decide, "/api/v1/corrections/{id}", "key=d2&decision=refuse&answer=no", 409 },
    { "head", "/api/v1/corrections/77", "/api/v1/corrections/{id}", accept, 404 },
  };
  g_autoptr (Arena) arena = arena_new ();
  unsigned status;
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    const JsonValue *body = post (arena, folder, steps[i].account, steps[i].path, steps[i].fields, &status);
    g_test_message ("%zu: %s to %s", i, steps[i].account, steps[i].path);
    g_assert_cmpuint (status, ==, steps[i].status);
    g_assert_nonnull (body);
    check_described (body, steps[i].template, status);
  }
  const JsonValue *own = get (arena, "/api/v1/me/requests", log_in (arena, folder, "resident"), &status);
  const JsonValue *requests = json_get (own, "requests");
  g_assert_cmpuint (requests->n, ==, 1);
  g_assert_cmpstr (json_string (json_get (requests->elements[0], "status")), ==, "accepted");
  g_assert_cmpstr (json_string (json_get (requests->elements[0], "reason")), ==, "<b>'");
  /* What was accepted is on record, and on the page as text, not as markup. */
  g_autofree char *url = g_strconcat (base, "/me/corrections", NULL),
                  *data = g_strconcat (base, "/me/data", NULL);
  g_autofree char *page = curl ((const char *const[]){ "-b", log_in (arena, folder, "resident"), url, NULL });
  g_autofree char *facts
      = curl ((const char *const[]){ "-b", log_in (arena, folder, "resident"), data, NULL });
  g_assert_nonnull (strstr (page, "&lt;b&gt;'"));
  g_assert_null (strstr (page, "<b>'"));
  g_assert_nonnull (strstr (facts, "13800000000"));
  /* Nobody else gets at them by number. */
  g_assert_cmpuint (
      json_get (get (arena, "/api/v1/me/requests", log_in (arena, folder, "neighbour"), &status), "requests")
          ->n,
      ==, 0);
}

/* Another person's copy and proofs are nobody else's. */
static void
check_own (gconstpointer folder)
{
  g_autoptr (Arena) arena = arena_new ();
  unsigned status;
  const JsonValue *mine = get (arena, "/api/v1/me/copy", log_in (arena, folder, "resident"), &status);
  const JsonValue *theirs = get (arena, "/api/v1/me/copy", log_in (arena, folder, "neighbour"), &status);
  g_assert_cmpstr (json_string (json_get (mine, "subject")), ==, "resident-1");
  g_assert_cmpstr (json_string (json_get (theirs, "subject")), ==, "resident-2");
  g_assert_cmpuint (json_get (mine, "sessions")->n, >, 0);
  g_assert_nonnull (json_string (json_get (json_get (mine, "sessions")->elements[0], "address")));
  const JsonValue *entries = json_get (
      get (arena, "/api/v1/me/accesses", log_in (arena, folder, "resident"), &status), "accesses");
  g_assert_cmpuint (entries->n, >, 0);
  const JsonValue *newest = json_get (entries->elements[0], "number");
  g_assert_cmpstr (json_string (json_get (entries->elements[0], "act")), ==, "export"); /* the copy taken */
  const char *path = arena_printf (arena, "/api/v1/me/accesses/%s/proof", arena_text (arena, newest->text));
  get (arena, path, log_in (arena, folder, "neighbour"), &status);
  g_assert_cmpuint (status, ==, 404);
  get (arena, path, log_in (arena, folder, "resident"), &status);
  g_assert_true (status == 200 || status == 409); /* 409 until it is signed */
}

/* Logging in leads on to a page of ours only, and back to where one came from. */
static void
check_next (gconstpointer data)
{
  static const struct {
    const char *wanted, *location;
  } pages[] = { { "%2Fclauses", "/clauses" },
                { "%2Fsubjects%2Fresident-1%3Fas_of%3D2026-01-01", "/subjects/resident-1?as_of=2026-01-01" },
                { "%2F%2Fexample.org", "/me" },
                { "%2F%5Cexample.org", "/me" },
                { "%2F%09%2Fexample.org", "/me" },
                { "https%3A%2F%2Fexample.org", "/me" },
                { "", "/me" } };
  g_autofree char *url = g_strconcat (base, "/login", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree char *fields
        = g_strdup_printf ("name=resident&password=pass-resident-pass&next=%s", pages[i].wanted);
    g_autofree char *answer = curl ((const char *const[]){ "-i", "-d", fields, url, NULL });
    g_autofree char *line = g_strdup_printf ("Location: %s\r\n", pages[i].location);
    g_test_message ("%s", answer);
    g_assert_nonnull (strstr (answer, line));
  }
}

/* The auditor sees the log and looks into it, which stands in it; heads and key are everybody's. */
static void
check_audit (gconstpointer data)
{
  static const struct {
    const char *path, *account;
    const char *status, *words;
  } pages[] = {
    { "/audit", "clerk", "403", "" },
    { "/audit?actor=demo&act=write", "auditor", "200", "样例 收入复核" },
    { "/audit?actor=no%20body", "auditor", "200", "没有符合条件的记录" },
    { "/audit?subject=resident-1&lang=en", "auditor", "200", "See the whole audit log" },
    { "/audit?subject=tea", "auditor", "422", "" },
    { "/audit?act=tea", "auditor", "422", "" },
    { "/audit/1/proof", "auditor", "200", "liudong-audit-proof-1" },
    { "/audit/1/proof", "clerk", "403", "" },
    { "/audit/0/proof", "auditor", "404", "" },
    { "/audit/heads", NULL, "200", "\nhash SHA-256\ntime " },
    { "/audit/heads?limit=0", NULL, "400", "" },
    { "/audit/key", NULL, "200", "liudong-audit/" },
  };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree char *url = g_strconcat (base, pages[i].path, NULL);
    const char *cookies = log_in (arena, data, pages[i].account);
    g_autofree char *answer
        = curl ((const char *const[]){ "-b", cookies, "-w", "\n%{http_code}", url, NULL });
    g_test_message ("%s as %s", pages[i].path, pages[i].account);
    g_assert_cmpstr (strrchr (answer, '\n') + 1, ==, pages[i].status);
    g_assert_nonnull (strstr (answer, pages[i].words));
  }
}

/* Routes and described paths are the same, up to the names in braces. */
/* What sources state differently: seen by those who may, decided with a reason, gone from
 * the list and still told apart; and the figures of townships. */
static void
check_conflicts (gconstpointer folder)
{
  static const char place[] = "/conflicts/resident-9/monthly_income";
  static const struct {
    const char *account, *path, *fields; /* FIELDS NULL: to read */
    const char *status, *words;
  } steps[] = {
    { "clerk", "/conflicts", NULL, "403", "" },
    { "resident", place, NULL, "403", "" },
    { "officer", "/conflicts", NULL, "200", "/conflicts/resident-9/monthly_income" },
    { "officer", "/conflicts?after=resident-9.tea", NULL, "404", "" },
    { "officer", "/conflicts/resident-9/tea", NULL, "404", "" },
    { "head", place, NULL, "403", "" }, /* another department answers for it */
    { "officer", place, NULL, "200", "县人社局，2026-06-20" },
    { "officer", place, "reason=x", "422", "请选出正确的一个" },
    { "officer", place, "batch=1", "422", "请写明理由" },
    { "officer", place, "batch=9999&reason=x", "404", "" },
    { "clerk", "/townships", NULL, "403", "" },
    { "head", "/townships", NULL, "200", "甘蔗街道" },
    { "head", "/townships.csv?from=2019-01-01&to=2026-06-30", NULL, "200", "350121001,甘蔗街道,0,0," },
    { "head", "/townships?from=2027-01-01&to=2026-01-01", NULL, "422", "" },
    { "head", "/townships?from=tea", NULL, "400", "" },
  };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autofree char *url = g_strconcat (base, steps[i].path, NULL);
    const char *cookies = log_in (arena, folder, steps[i].account);
    g_autofree char *answer
        = steps[i].fields
              ? curl ((const char *const[]){ "-b", cookies, "-H", form_header (arena, cookies), "-d",
                                             steps[i].fields, "-w", "\n%{http_code}", url, NULL })
              : curl ((const char *const[]){ "-b", cookies, "-w", "\n%{http_code}", url, NULL });
    g_test_message ("%zu: %s as %s", i, steps[i].path, steps[i].account);
    g_assert_cmpstr (strrchr (answer, '\n') + 1, ==, steps[i].status);
    g_assert_nonnull (strstr (answer, steps[i].words));
  }
  /* the other source's, with a reason */
  const char *jar = log_in (arena, folder, "officer");
  g_autofree char *url = g_strconcat (base, place, NULL), *list = g_strconcat (base, "/conflicts", NULL);
  g_autofree char *before = curl ((const char *const[]){ "-b", jar, url, NULL });
  const char *second = g_strrstr (before, "type=\"radio\" value=\"");
  g_autofree char *fields = g_strdup_printf ("batch=%d&reason=%%E5%%B7%%A5%%E8%%B5%%84%%E5%%8D%%95",
                                             atoi (second + strlen ("type=\"radio\" value=\"")));
  g_autofree char *moved = curl (
      (const char *const[]){ "-b", jar, "-i", "-H", form_header (arena, jar), "-d", fields, url, NULL });
  g_assert_nonnull (strstr (moved, "Location: /conflicts/resident-9/monthly_income"));
  g_autofree char *after = curl ((const char *const[]){ "-b", jar, url, NULL });
  g_autofree char *left = curl ((const char *const[]){ "-b", jar, list, NULL });
  g_assert_nonnull (strstr (after, "现在没有不一致"));
  g_assert_nonnull (strstr (after, "7,200"));
  g_assert_null (strstr (left, place));
}

static void
check_paths (void)
{
  yaml_node_t *paths = at (yaml_file_root (&description), "paths");
  size_t described = 0, routed = 0;
  for (yaml_node_pair_t *p = paths->data.mapping.pairs.start; p < paths->data.mapping.pairs.top; p++) {
    g_autofree char *pattern = g_strdup (scalar (yaml_file_node (&description, p->key)));
    for (char *brace = pattern; (brace = strchr (brace, '{')); brace++)
      memmove (brace + 1, strchr (brace, '}'), strlen (strchr (brace, '}')) + 1);
    bool found = false;
    for (size_t i = 0; i < web_routes_n; i++)
      found |= g_str_equal (web_routes[i].pattern, pattern);
    if (!found)
      g_error ("%s is described, but there is no such route", pattern);
    described++;
  }
  for (size_t i = 0; i < web_routes_n; i++) /* a pattern's methods stand together */
    routed += g_str_has_prefix (web_routes[i].pattern, "/api/")
              && (!i || !g_str_equal (web_routes[i].pattern, web_routes[i - 1].pattern));
  g_assert_cmpint (routed, ==, described);
}

/* ---- statistics --------------------------------------------------------- */

/* What PATH says to the head once it has been counted. */
static char *
wait_for_figures (Arena *arena, const char *cookies, const char *path)
{
  g_autofree char *url = g_strconcat (base, path, NULL);
  for (int i = 0; i < 600; i++) {
    g_autofree char *answer
        = curl ((const char *const[]){ "-b", cookies, "-w", "\n%{http_code}", url, NULL });
    char *status = strrchr (answer, '\n');
    if (g_str_equal (status, "\n200") && !strstr (answer, "过一会儿再看"))
      return arena_text (arena, (Text){ answer, (size_t)(status - answer) });
    g_assert_true (g_str_equal (status, "\n409") || g_str_equal (status, "\n200"));
    g_usleep (100000);
  }
  g_assert_not_reached ();
}

/* Figures as page, table and JSON, for those who may see them; small numbers are not in any. */
static void
check_statistics (gconstpointer folder)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *head = log_in (arena, folder, "head");
  const char *json = wait_for_figures (arena, head, "/api/v1/statistics?clause=13");
  wait_for_figures (arena, head, "/api/v1/statistics?clause=15");
  g_assert_nonnull (strstr (json, "\"subjects\": 200"));
  g_assert_nonnull (strstr (json, "\"by\": \"hukou\""));
  for (int n = 1; n < POPULATION_LEAST; n++) {
    g_autofree char *yes = g_strdup_printf ("\"yes\": %d,", n), *no = g_strdup_printf ("\"no\": %d,", n);
    g_assert_null (strstr (json, yes));
    g_assert_null (strstr (json, no));
  }
  const char *table = wait_for_figures (arena, head, "/statistics.csv?clause=13");
  g_assert_nonnull (strstr (table, "13,main,"));
  g_assert_nonnull (strstr (table, ",age,60+,"));
  const char *page = wait_for_figures (arena, head, "/statistics?clause=13");
  g_assert_nonnull (strstr (page, "share__yes"));
  g_assert_nonnull (strstr (page, "甘蔗街道"));
  g_assert_nonnull (strstr (page, "按列整批计算")); /* how it was computed */
  g_autofree char *plain = g_strconcat (base, "/statistics", NULL);
  g_autofree char *refused = curl (
      (const char *const[]){ "-b", log_in (arena, folder, "clerk"), "-w", "\n%{http_code}", plain, NULL });
  g_assert_true (g_str_has_suffix (refused, "\n403"));
}

/* A change tried on the page and by a program, with the page's own script; small numbers are in neither. */
static void
check_reforms (gconstpointer folder)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *head = log_in (arena, folder, "head");
  const char *json = wait_for_figures (arena, head, "/api/v1/reforms?clause=23&dibao_ratio=0.45");
  g_assert_nonnull (strstr (json, "\"parameter\": \"dibao_ratio\""));
  g_assert_nonnull (strstr (json, "\"gains\""));
  json = wait_for_figures (arena, head,
                           "/api/v1/reforms?clause=17&resident_medical_share=420"); /* residents alone */
  g_assert_nonnull (strstr (json, "\"rises\""));
  for (int n = 1; n < POPULATION_LEAST; n++) {
    g_autofree char *few = g_strdup_printf ("\"n\": %d,", n), *alone = g_strdup_printf ("\"n\": %d\n", n);
    g_assert_null (strstr (json, few));
    g_assert_null (strstr (json, alone));
  }
  const char *page = wait_for_figures (arena, head, "/reforms?clause=23&dibao_ratio=0.45");
  g_assert_nonnull (strstr (page, "id=\"result\""));
  g_assert_nonnull (strstr (page, "最低生活保障金"));
  g_assert_nonnull (strstr (page, "/assets/reforms-"));
  page = wait_for_figures (arena, head, "/reforms?clause=23&dibao_ratio=much");
  g_assert_nonnull (strstr (page, "低保标准占最低工资比例：请填一个数，单位是倍"));
  g_autofree char *form = g_strconcat (base, "/reforms?clause=23", NULL),
                  *plain = g_strconcat (base, "/statistics", NULL);
  g_autofree char *with = curl ((const char *const[]){ "-i", "-b", head, form, NULL }),
                  *without = curl ((const char *const[]){ "-i", "-b", head, plain, NULL });
  g_assert_nonnull (strstr (with, "script-src 'self'; connect-src 'self'"));
  g_assert_null (strstr (without, "script-src"));
}

/* Barriers as page, table and JSON; the clerk sees none of them. */
static void
check_barriers (gconstpointer folder)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *head = log_in (arena, folder, "head");
  const char *json = wait_for_figures (arena, head, "/api/v1/barriers?clause=4");
  g_assert_nonnull (strstr (json, "\"fact\": \"居民.台湾居民\""));
  for (int n = 1; n < POPULATION_LEAST; n++) {
    g_autofree char *resident = g_strdup_printf ("\"subjects\": 200,\n            \"yes\": %d,", n);
    g_assert_null (strstr (json, resident));
  }
  const char *table = wait_for_figures (arena, head, "/barriers.csv?clause=4");
  g_assert_nonnull (strstr (table, "4,pay,薪酬单列,resident,居民.单位.所有制,employer,refuses,value,国有,"));
  const char *page = wait_for_figures (arena, head, "/barriers?clause=4");
  g_assert_nonnull (strstr (page, "/clauses/4#decision-"));
  g_assert_nonnull (strstr (page, "单位的所有制"));
  g_autofree char *plain = g_strconcat (base, "/barriers", NULL);
  g_autofree char *all = curl ((const char *const[]){ "-b", head, plain, NULL });
  g_assert_nonnull (strstr (all, "/barriers?clause=11"));
  g_autofree char *refused = curl (
      (const char *const[]){ "-b", log_in (arena, folder, "clerk"), "-w", "\n%{http_code}", plain, NULL });
  g_assert_true (g_str_has_suffix (refused, "\n403"));
}

/* ---- a small county ---------------------------------------------------- */

static void
add_accounts (Access *access, const RegistrySchema *schema)
{
  static const struct {
    const char *name, *subject, *department;
    AccessRole role;
  } accounts[] = { { "resident", "resident-1", NULL, ACCESS_RESIDENT },
                   { "clerk", NULL, "县民政局", ACCESS_COUNTER_CLERK },
                   { "head", NULL, "县人社局", ACCESS_DEPARTMENT_HEAD },
                   { "officer", NULL, "县民政局", ACCESS_DEPARTMENT_HEAD },
                   { "employer", "organisation-1", NULL, ACCESS_REPRESENTATIVE },
                   { "neighbour", "resident-2", NULL, ACCESS_RESIDENT },
                   { "forester", NULL, "县林业局", ACCESS_COUNTER_CLERK },
                   { "newcomer", NULL, NULL, ACCESS_COUNTER_CLERK },
                   { "auditor", NULL, NULL, ACCESS_AUDITOR } };
  for (size_t i = 0; i < G_N_ELEMENTS (accounts); i++) {
    AccessAccount account = { .name = accounts[i].name,
                              .role = accounts[i].role,
                              .zh = "样例",
                              .en = "Sample",
                              .department = accounts[i].department };
    static const AccessAccount operator_ = { .name = "os:test", .role = ACCESS_OPERATOR };
    g_autofree char *password = g_strdup_printf ("pass-%s-pass", account.name);
    if (accounts[i].subject)
      g_assert_true (registry_subject_parse (schema, text_of (accounts[i].subject), &account.subject));
    g_assert_true (access_add (access, &operator_, &account, password, NULL));
  }
}

/* One that is still to come, event-5: those of the small county are over. */
static void
add_event (Registry *registry, const RegistrySchema *schema)
{
  const RegistryEntity *event = registry_schema_entity (schema, "event");
  RegistryFact facts[] = {
    { .attribute = registry_entity_attribute (event, "starts_on"),
      .state = REGISTRY_VALUE,
      .integer = civil_today () + 30 },
    { .attribute = registry_entity_attribute (event, "places"), .state = REGISTRY_VALUE, .integer = 1 }
  };
  RegistryBatch batch
      = { .source = "县人社局", .actor = "test", .recorded_at = g_get_real_time () / G_USEC_PER_SEC };
  g_autoptr (RegistryWriter) writer = registry_writer_new (registry, NULL);
  RegistryBatchId id = registry_writer_batch (writer, &batch, NULL);
  Subject subject = registry_writer_subject (writer, event);
  g_assert_cmpint (subject_number (subject), ==, 5);
  g_assert_true (registry_writer_append (writer, id, subject, REGISTRY_EVER, REGISTRY_FOREVER, facts,
                                         G_N_ELEMENTS (facts), NULL));
  g_assert_true (registry_writer_commit (writer, NULL));
}

/* Entitlement 1: resident-1 gets the living allowance. */
static void
add_entitlement (const PolicyPackage *package, Registry *registry)
{
  static const AccessAccount officer
      = { .name = "officer", .role = ACCESS_DEPARTMENT_HEAD, .department = "县民政局" };
  g_autoptr (Payments) payments
      = payments_open (&(PaymentsOptions){ .package = package, .registry = registry }, NULL);
  Subject resident = subject_make (registry_schema_entity (policy_schema (package), "resident"), 1);
  PaymentsGrant grant = { .matter = policy_matter (package, "23/main"),
                          .number = "样例1号",
                          .subject = resident,
                          .payee = resident,
                          .amount_fen = 50000,
                          .from = payments_month (civil_today ()) };
  gint64 id;
  g_assert_true (payments_entitle (payments, &officer, &grant, &id, NULL));
  g_assert_cmpint (id, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = support_folder (), *db = support_store (folder, "county.db");
  g_autofree char *policy = support_source ("policy/minhou-2021-81"),
                  *shares = support_source ("data/demo/minhou.yaml");
  g_autofree char *yaml = support_source ("docs/api/openapi.yaml"), *source = support_read (yaml, NULL);
  yaml_file_parse (&description, yaml, text_of (source), &error);
  g_assert_no_error (error);
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) package = policy_load (policy, faults, &error);
  g_assert_no_error (error);
  DemoOptions size = { .residents = 200, .seed = 1 };
  demo_make_file (db, policy_schema (package), shares, &size, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (Registry) registry = registry_open (db, 0, policy_schema (package), &error);
  g_assert_no_error (error);
  g_autoptr (Access) access = access_open (registry, &error);
  g_assert_no_error (error);
  add_accounts (access, policy_schema (package));
  add_event (registry, policy_schema (package));
  RightsTerms terms = { policy_workdays (package), 20 };
  g_autoptr (Rights) rights = rights_open (registry, &terms, &error);
  g_assert_no_error (error);
  g_autofree char *key = g_build_filename (folder, "key", NULL);
  g_assert_true (audit_sign (registry_store (registry), &(AuditOptions){ .key_file = key }, &error));
  g_autoptr (Agents) agents = agents_open (package, registry, &error);
  g_assert_no_error (error);
  CasesOptions handling = { .package = package, .registry = registry, .access = access, .agents = agents };
  g_autoptr (Cases) handled = cases_open (&handling, &error);
  g_assert_no_error (error);
  g_autoptr (Decisions) decisions = decisions_open (registry_store (registry), &error);
  g_assert_no_error (error);
  service_store = registry_store (registry);
  g_autoptr (Notices) notices = notices_open (service_store, &error);
  g_assert_no_error (error);
  add_entitlement (package, registry);
  RegistersOptions keeping = { .package = package, .registry = registry, .access = access };
  g_autoptr (Registers) registers = registers_open (&keeping, &error);
  g_assert_no_error (error);
  WebOptions options = { .listen = "127.0.0.1:0",
                         .package = package,
                         .registry = registry,
                         .access = access,
                         .rights = rights,
                         .decisions = decisions,
                         .agents = agents,
                         .notices = notices,
                         .registers = registers,
                         .cases = handled };
  WebServer *server = web_start (&options, &error);
  g_assert_no_error (error);
  base = g_strdup (web_server_url (server));
  g_test_add_func ("/api/paths", check_paths);
  g_test_add_data_func ("/api/barriers", folder, check_barriers);     /* likewise */
  g_test_add_data_func ("/api/statistics", folder, check_statistics); /* counts what answers ask for */
  g_test_add_data_func ("/api/reforms", folder, check_reforms);
  g_test_add_data_func ("/api/answers", folder, check_answers);
  g_test_add_data_func ("/pages/purpose", folder, check_purpose);
  g_test_add_data_func ("/pages/next", folder, check_next);
  g_test_add_data_func ("/api/request", folder, check_request);
  g_test_add_data_func ("/api/search", folder, check_search);
  g_test_add_data_func ("/api/own", folder, check_own);
  g_test_add_data_func ("/api/agents", folder, check_agents);
  g_test_add_data_func ("/pages/verify", decisions, check_verify);
  g_test_add_data_func ("/pages/services", NULL, check_services);
  g_test_add_data_func ("/api/check", registry, check_questions);
  g_test_add_data_func ("/api/notices", folder, check_notices);
  g_test_add_data_func ("/api/registers", folder, check_registers);
  g_test_add_data_func ("/api/rounds", folder, check_rounds);
  g_test_add_data_func ("/api/jobs", folder, check_jobs);
  g_test_add_data_func ("/api/markets", folder, check_markets);
  g_test_add_data_func ("/api/payments", folder, check_payments); /* leaves messages behind */
  g_test_add_data_func ("/pages/audit", folder, check_audit);
  g_test_add_data_func ("/pages/conflicts", folder, check_conflicts);
  int status = g_test_run ();
  web_stop (server);
  yaml_file_clear (&description);
  g_free (base);
  support_remove (folder);
  return status;
}
