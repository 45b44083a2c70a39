/* Services by page and interface: messages, registers, mandates to act, papers, the check, the guides. */
#include "api_services.h"

#include "described.h"
#include "support.h"
#include "web/web.h"

#include <string.h>

Store *service_store;

static bool
put_notice (StoreConnection *db, gpointer notice, GError **error)
{
  return notices_put (db, notice, error);
}

/* A message in the inbox and beside the navigation, read by whom it is for; what is chosen is kept. */
void
check_notices (gconstpointer folder)
{
  static const struct {
    const char *account, *path, *fields;
    unsigned status;
  } steps[] = { { "neighbour", "/api/v1/me/notices", "id=1", 404 },
                { "resident", "/api/v1/me/notices", "id=tea", 404 },
                { "resident", "/api/v1/me/notices", "id=1", 200 },
                { "resident", "/api/v1/me/notices", "", 200 },
                { "resident", "/api/v1/me/notices/settings", "email=a%40example.org&quiet_from=21:30", 200 },
                { "resident", "/api/v1/me/notices/settings", "email=a%40example.org%0d%0aBcc:b", 422 },
                { "resident", "/api/v1/me/notices/settings", "quiet_from=25:00", 422 } };
  g_autoptr (Arena) arena = arena_new ();
  const char *jar = log_in (arena, folder, "resident");
  unsigned status;
  NoticeWord words[] = { { "title", "一条消息", "A message" }, { "text", "<b>内容</b>", "words" } };
  Notice notice = { .account = "resident", .kind = "message", .words = words, .n_words = 2 };
  g_assert_true (store_write (service_store, put_notice, &notice, NULL));
  g_autofree char *url = g_strconcat (base, "/me/notices", NULL),
                  *page = curl ((const char *const[]){ "-b", jar, url, NULL });
  g_assert_nonnull (strstr (page, "<span class=\"count\">1<"));
  g_assert_nonnull (strstr (page, "一条消息"));
  g_assert_nonnull (strstr (page, "&lt;b&gt;内容"));
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_test_message ("%s: %s", steps[i].account, steps[i].fields);
    const JsonValue *body = post (arena, folder, steps[i].account, steps[i].path, steps[i].fields, &status);
    g_assert_cmpuint (status, ==, steps[i].status);
    check_described (body, steps[i].path, status);
  }
  const JsonValue *inbox = get (arena, "/api/v1/me/notices", jar, &status),
                  *choice = get (arena, "/api/v1/me/notices/settings", jar, &status);
  g_assert_true (text_equal (json_get (inbox, "unread")->text, text_of ("0")));
  g_assert_cmpstr (json_string (json_get (choice, "email")), ==, "a@example.org");
  g_assert_cmpstr (json_string (json_get (choice, "quiet_from")), ==, "21:30");
  g_assert_null (json_string (json_get (choice, "sms")));
}

/* Enrolling and entering, once for each key, by whom it is for. */
void
check_registers (gconstpointer folder)
{
  static const struct {
    const char *account, *path, *template, *fields;
    unsigned status;
    const char *state; /* then, of an event */
  } steps[] = {
    { "resident", "/api/v1/events/event-5", "/api/v1/events/{id}", "do=enrol&key=a", 200, "enrolled" },
    { "resident", "/api/v1/events/event-5", "/api/v1/events/{id}", "do=enrol&key=a", 200, "enrolled" },
    { "resident", "/api/v1/events/event-5", "/api/v1/events/{id}", "do=enrol&key=b", 409, NULL },
    { "resident", "/api/v1/events/event-5", "/api/v1/events/{id}", "do=withdraw&key=a", 422, NULL },
    { "resident", "/api/v1/events/event-5", "/api/v1/events/{id}", "do=withdraw&key=c", 200, "withdrawn" },
    { "resident", "/api/v1/events/event-1", "/api/v1/events/{id}", "do=enrol&key=e", 409, NULL },
    { "resident", "/api/v1/events/event-5", "/api/v1/events/{id}", "do=dance&key=d", 422, NULL },
    { "resident", "/api/v1/events/event-5", "/api/v1/events/{id}", "do=enrol", 422, NULL },
    { "clerk", "/api/v1/events/event-5", "/api/v1/events/{id}", "do=enrol&key=a", 403, NULL },
    { "resident", "/api/v1/registers/visit", "/api/v1/registers/{id}", "key=a", 403, NULL },
    { "head", "/api/v1/registers/visit", "/api/v1/registers/{id}",
      "key=a&resident=resident-2&visited_on=2026-01-05", 403, NULL },
    { "clerk", "/api/v1/registers/visit", "/api/v1/registers/{id}",
      "key=a&resident=resident-2&visited_on=2026-01-05", 200, NULL },
    { "clerk", "/api/v1/registers/visit", "/api/v1/registers/{id}",
      "key=b&resident=resident-2&visited_on=soon", 422, NULL },
    { "clerk", "/api/v1/registers/visit", "/api/v1/registers/{id}", "key=c&record=visit-999&help=x", 404,
      NULL },
  };
  g_autoptr (Arena) arena = arena_new ();
  unsigned status;
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_test_message ("%s: %s %s", steps[i].account, steps[i].path, steps[i].fields);
    const JsonValue *body = post (arena, folder, steps[i].account, steps[i].path, steps[i].fields, &status);
    g_assert_cmpuint (status, ==, steps[i].status);
    check_described (body, steps[i].template, status);
    if (steps[i].state)
      g_assert_cmpstr (json_string (json_get (body, "state")), ==, steps[i].state);
  }
  g_autofree char *url = g_strconcat (base, "/registers.csv?register=visit", NULL),
                  *csv = curl ((const char *const[]){ "-b", log_in (arena, folder, "clerk"), url, NULL });
  g_assert_nonnull (strstr (csv, "走访日期"));
  g_assert_nonnull (strstr (csv, ",resident-2,"));
}

/* An application names whom it is for; without a mandate in that matter it is refused. */
static void
check_agent_applies (Arena *arena, gconstpointer folder)
{
  static const struct {
    const char *account, *fields;
    unsigned status;
  } steps[] = { { "neighbour", "key=a-0&matter=16/move&applicant=resident-1", 403 },
                { "neighbour", "key=a-1&matter=23/main&applicant=resident-3", 403 },
                { "neighbour", "key=a-2&matter=23/main&applicant=tea", 422 },
                { "clerk", "key=a-3&matter=23/main&applicant=resident-1", 403 },
                { "neighbour", "key=agent-1&matter=23/main&applicant=resident-1", 200 },
                { "neighbour", "key=agent-1&matter=23/main&applicant=resident-1", 200 },
                { "neighbour", "key=a-4&matter=23/main&applicant=resident-1", 409 } };
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    unsigned status;
    g_test_message ("%s", steps[i].fields);
    const JsonValue *body = post (arena, folder, steps[i].account, "/api/v1/cases", steps[i].fields, &status);
    g_assert_cmpuint (status, ==, steps[i].status);
    check_described (body, "/api/v1/cases", status);
    if (status == 200)
      g_assert_cmpstr (json_string (json_get (body, "applicant")), ==, "resident-1");
  }
}

/* A mandate to act is given, seen by both, ended by either and by nobody else; the page shows it with its way
 * to end. */
void
check_agents (gconstpointer folder)
{
  static const struct {
    const char *account, *path, *fields;
    unsigned status;
    int given, open; /* of the answer; -1: it is none */
  } steps[] = {
    { "resident", "/api/v1/me/agents",
      "agent=resident-2&name=%E9%82%BB%E5%B1%85&matter=23/main&to=2099-01-01", 422, -1, 0 },
    { "resident", "/api/v1/me/agents", "agent=tea&name=x&to=2026-12-31", 422, -1, 0 },
    { "resident", "/api/v1/me/agents", "agent=resident-99999&name=x&to=2027-01-01", 404, -1, 0 },
    { "clerk", "/api/v1/me/agents", "agent=resident-2&name=x&to=2027-01-01", 403, -1, 0 },
    { "resident", "/api/v1/me/agents", "agent=resident-2&name=x&matter=23/main&to=%s", 200, 1, 1 },
    { "resident", "/api/v1/me/agents", "agent=resident-2&name=x&matter=23/main&to=%s", 200, 1, 1 },
    { "resident", "/api/v1/me/agents", "agent=resident-2&name=x&to=%s", 200, 2, 2 },
    { "resident", "/api/v1/me/agents/99/end", "", 404, -1, 0 },
    { "neighbour", "/api/v1/me/agents/1/end", "", 200, 0, 0 },
    { "neighbour", "/api/v1/me/agents/1/end", "", 200, 0, 0 },
    { "resident", "/api/v1/me/agents/2/end", "", 200, 2, 0 },
    { "resident", "/api/v1/me/agents", "agent=resident-2&name=x&matter=23/main&to=%s", 200, 3, 1 },
  };
  char day[CIVIL_TEXT_MAX];
  civil_format (civil_today () + 30, day);
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (Arena) arena = arena_new ();
    unsigned status;
    g_autoptr (GString) fields = g_string_new (steps[i].fields);
    g_string_replace (fields, "%s", day, 0);
    g_test_message ("step %zu", i);
    const JsonValue *body = post (arena, folder, steps[i].account, steps[i].path, fields->str, &status);
    g_assert_cmpuint (status, ==, steps[i].status);
    bool ends = strstr (steps[i].path, "/end");
    check_described (body, ends ? "/api/v1/me/agents/{id}/end" : "/api/v1/me/agents", status);
    if (steps[i].given < 0)
      continue;
    const JsonValue *given = json_get (body, "given");
    int open = 0;
    for (size_t k = 0; k < given->n; k++)
      open += json_get (given->elements[k], "holds")->kind == JSON_TRUE;
    g_assert_cmpint ((int)given->n, ==, steps[i].given);
    g_assert_cmpint (open, ==, steps[i].open);
  }
  g_autoptr (Arena) arena = arena_new ();
  unsigned status; /* the agent applies, by interface and page; another by that mandate does not */
  check_agent_applies (arena, folder);
  post (arena, folder, "resident", "/me/agents/3/apply", "key=agent-0", &status);
  g_assert_cmpuint (status, ==, 404);
  post (arena, folder, "neighbour", "/me/agents/3/apply", "key=agent-1", &status);
  g_assert_cmpuint (status, ==, 303);
  post (arena, folder, "neighbour", "/me/agents/3/apply", "key=agent-1", &status); /* sent twice */
  g_assert_cmpuint (status, ==, 303);
  g_autofree char *url = g_strconcat (base, "/me/agents", NULL);
  g_autofree char *mine = curl ((const char *const[]){ "-b", log_in (arena, folder, "resident"), url, NULL });
  g_autofree char *theirs
      = curl ((const char *const[]){ "-b", log_in (arena, folder, "neighbour"), url, NULL });
  g_assert_nonnull (strstr (mine, "/me/agents/3/end"));
  g_assert_null (strstr (mine, "/me/agents/1/end"));
  g_assert_nonnull (strstr (mine, "代办人已辞去"));
  g_assert_nonnull (strstr (theirs, "不再代办"));
  g_assert_nonnull (strstr (theirs, "href=\"/cases/"));
  g_assert_null (strstr (mine, "href=\"/cases/"));
}

typedef struct {
  const char *account, *path, *template, *fields; /* no fields: it is read */
  unsigned status;
  const char *has; /* in the answer */
} Step;

static void
walk (gconstpointer folder, const Step *steps, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    g_autoptr (Arena) arena = arena_new ();
    unsigned status;
    g_test_message ("step %zu: %s", i, steps[i].fields ? steps[i].fields : steps[i].path);
    const char *jar = log_in (arena, folder, steps[i].account);
    const JsonValue *body
        = steps[i].fields ? post (arena, folder, steps[i].account, steps[i].path, steps[i].fields, &status)
                          : get (arena, steps[i].path, jar, &status);
    g_assert_cmpuint (status, ==, steps[i].status);
    check_answer (body, steps[i].fields ? "post" : "get", steps[i].template, status);
    if (!steps[i].has)
      continue;
    g_autofree char *url = g_strconcat (base, steps[i].path, NULL),
                    *text = curl ((const char *const[]){ "-b", jar, url, NULL });
    g_assert_nonnull (strstr (text, steps[i].has));
    g_assert_null (strstr (text, "620000001234"));
  }
}

/* The same, TODAY being today. */
static void
walk_dated (gconstpointer folder, const Step *steps, size_t n)
{
  g_autofree Step *dated = g_memdup2 (steps, n * sizeof *steps);
  char today[16];
  civil_format (civil_today (), today);
  for (size_t i = 0; i < n; i++) {
    g_auto (GStrv) parts = g_strsplit (steps[i].fields ? steps[i].fields : "", "TODAY", -1);
    dated[i].fields = steps[i].fields ? g_strjoinv (today, parts) : NULL;
  }
  walk (folder, dated, n);
  for (size_t i = 0; i < n; i++)
    g_free ((gpointer)dated[i].fields);
}

/* What runs is seen and turned by who pays it; a payee's account is their own, and masked. */
void
check_payments (gconstpointer folder)
{
  static const Step steps[] = {
#define ALL "/api/v1/entitlements"
#define ONE "/api/v1/entitlements/1", "/api/v1/entitlements/{id}"
#define OWN "/api/v1/me/payments", "/api/v1/me/payments"
    { "officer", ALL "?matter=23/main", ALL, NULL, 200, "50000" },
    { "officer", ALL "?matter=23/tea", ALL, NULL, 404, NULL },
    { "head", ALL "?matter=23/main", ALL, NULL, 403, NULL },
    { "resident", ALL, ALL, NULL, 403, NULL },
    { "head", ONE, NULL, 403, NULL },
    { "officer", "/api/v1/entitlements/99", "/api/v1/entitlements/{id}", NULL, 404, NULL },
    { "officer", ONE, "turn=leap&from=2099-01&reason=x&decision=n", 422, NULL },
    { "officer", ONE, "turn=change&from=2099-13&reason=x&decision=n&amount=5", 422, NULL },
    { "officer", ONE, "turn=change&from=2099-01&reason=x&decision=n&amount=tea", 422, NULL },
    { "officer", ONE, "turn=end&from=2099-01&reason=&decision=n", 422, NULL },
    { "resident", ONE, "turn=end&from=2099-01&reason=x&decision=n", 403, NULL },
    { "officer", ONE, "turn=change&from=2099-01&reason=x&decision=n&amount=620.50", 200, "62050" },
    { "officer", ONE, "turn=change&from=2099-01&reason=x&decision=n&amount=620.50", 200, "62050" },
    { "officer", ONE, "turn=change&from=2099-01&reason=x&decision=n&amount=7", 409, NULL },
    { "officer", ONE, "turn=end&from=2099-02&reason=moved&decision=m", 200, "moved" },
    { "officer", ONE, "turn=resume&from=2099-03&reason=x&decision=o", 409, NULL },
    { "resident", OWN, NULL, 200, "accounts" },
    { "resident", OWN, "holder=x&number=1234", 422, NULL },
    { "resident", OWN, "holder=&number=12345678", 422, NULL },
    { "resident", OWN, "holder=x&number=6200+0000+1234", 200, "****1234" },
    { "officer", OWN, "holder=x&number=62000000", 403, NULL },
  };
  walk (folder, steps, G_N_ELEMENTS (steps));
}

/* A round is planned and run by its office, and read by everybody once it is open. */
void
check_rounds (gconstpointer folder)
{
  static const Step steps[] = {
#define ROUNDS "/api/v1/rounds", "/api/v1/rounds"
#define ROUND "/api/v1/rounds/1", "/api/v1/rounds/{id}"
#define APPLY "/api/v1/rounds/1/apply", "/api/v1/rounds/{id}/apply"
#define PLAN "allocation=8/competition&title=t&deadline=2090-01-01"
    { "head", ROUNDS, NULL, 200, "rounds" },
    { "resident", ROUNDS, PLAN "&key=a", 403, NULL },
    { "officer", ROUNDS, PLAN "&key=a", 403, NULL },
    { "head", ROUNDS, "allocation=8/tea&title=t&key=a", 422, NULL },
    { "head", ROUNDS, "allocation=8/competition&title=t&deadline=tea&key=a", 422, NULL },
    { "head", ROUNDS, PLAN, 422, NULL },
    { "head", ROUNDS, PLAN "&key=a", 200, "8/competition" },
    { "head", ROUNDS, PLAN "&key=a", 200, "8/competition" },
    { "resident", ROUND, NULL, 404, NULL },
    { "head", ROUND, "deed=dance", 422, NULL },
    { "head", ROUND, "deed=close", 409, NULL },
    { "officer", ROUND, "deed=open", 403, NULL },
    { "head", ROUND, "deed=open", 200, "open" },
    { "resident", ROUND, NULL, 200, "open" },
    { "head", ROUND, "deed=close", 409, NULL },
    { "head", ROUND, "deed=draw&value=7", 409, NULL },
    { "resident", APPLY, "key=b", 422, NULL },
    { "resident", APPLY, "deed=withdraw&number=1-0001", 404, NULL },
    { "resident", "/api/v1/rounds/1/verify", "/api/v1/rounds/{id}/verify", NULL, 409, NULL },
    { "resident", "/api/v1/rounds/2", "/api/v1/rounds/{id}", NULL, 404, NULL },
    { "head", ROUND, "deed=cancel&reason=", 422, NULL },
    { "head", ROUND, "deed=cancel&reason=x", 200, "cancelled" },
  };
  walk (folder, steps, G_N_ELEMENTS (steps));
}

/* An entry from either side, introduced to each other. */
void
check_markets (gconstpointer folder)
{
  static const Step steps[] = {
#define MARKETS "/api/v1/markets", "/api/v1/markets"
#define SUPPLIES "/api/v1/markets/supplies", "/api/v1/markets/{id}"
#define MENTORS "/api/v1/markets/mentors", "/api/v1/markets/{id}"
#define ENTRY_1 "/api/v1/markets/entries/1", "/api/v1/markets/entries/{id}"
#define ENTRY_2 "/api/v1/markets/entries/2", "/api/v1/markets/entries/{id}"
#define ENTRY_3 "/api/v1/markets/entries/3", "/api/v1/markets/entries/{id}"
#define MATCHES_2 "/api/v1/markets/entries/2/matches", "/api/v1/markets/entries/{id}/matches"
    { NULL, MARKETS, NULL, 200, "supplies" },
    { NULL, SUPPLIES, NULL, 200, "products" },
    { NULL, "/api/v1/markets/tea", "/api/v1/markets/{id}", NULL, 404, NULL },
    { "employer", SUPPLIES, "side=middle&title=t&until=TODAY&key=a", 422, NULL },
    { "employer", SUPPLIES, "side=offers&title=t&until=tea&key=a", 422, NULL },
    { "employer", SUPPLIES, "side=offers&title=t&until=TODAY&v.products=moon&key=a", 422, NULL },
    { "resident", SUPPLIES, "side=offers&title=t&until=TODAY&key=a", 403, NULL },
    { "clerk", SUPPLIES, "side=offers&title=t&until=TODAY&key=a", 403, NULL },
    { "employer", SUPPLIES, "side=offers&title=castings&until=TODAY&v.products=castings,stampings&key=a", 200,
      "castings" },
    { "employer", ENTRY_1, NULL, 200, "stated" },
    { "resident", MENTORS, "side=seekers&title=advice&until=TODAY&v.topics=tax&v.languages=english&key=b",
      200, "advice" },
    { "resident", MATCHES_2, NULL, 200, "looked_at" },
    { "neighbour", MATCHES_2, NULL, 403, NULL },
    { "neighbour", MENTORS,
      "side=offers&title=tutor&until=TODAY&v.topics=tax&v.languages=english&v.places=1&key=c", 200, "tutor" },
    { "neighbour", ENTRY_2, NULL, 200, "＊" },
    { "resident", ENTRY_2, "deed=dance", 422, NULL },
    { "resident", ENTRY_2, "deed=ask&other=3&words=hello&contact=mail&key=d", 409,
      NULL }, /* returned from nowhere */
    { "resident", ENTRY_2, "deed=ask&other=99&words=hello&contact=mail&key=d", 404, NULL },
    { "resident", ENTRY_2, "deed=accept&meeting=9&contact=x", 404, NULL },
    { "resident", ENTRY_3, "deed=close", 403, NULL },
    { "neighbour", ENTRY_3, "deed=close", 200, "false" },
    { "resident", ENTRY_3, NULL, 404, NULL },
  };
  walk_dated (folder, steps, G_N_ELEMENTS (steps));
}

/* A post from the advertisement to the first day of work, by each side, and what others may not. */
void
check_jobs (gconstpointer folder)
{
  static const Step steps[] = {
#define JOBS "/api/v1/jobs", "/api/v1/jobs"
#define CHECK "/api/v1/jobs/check", "/api/v1/jobs/check"
#define JOB "/api/v1/jobs/1", "/api/v1/jobs/{id}"
#define HELD "/api/v1/jobs/2", "/api/v1/jobs/{id}"
#define PROFILE "/api/v1/me/job-profile", "/api/v1/me/job-profile"
#define APPLICATION "/api/v1/jobs/applications/1", "/api/v1/jobs/applications/{id}"
#define MINE "/api/v1/me/jobs", "/api/v1/me/jobs"
#define FAIRS "/api/v1/jobs/fairs", "/api/v1/jobs/fairs"
#define FAIR "/api/v1/jobs/fairs/1", "/api/v1/jobs/fairs/{id}"
#define MATCHES "/api/v1/me/job-matches", "/api/v1/me/job-matches"
#define CANDIDATES "/api/v1/jobs/1/candidates", "/api/v1/jobs/{id}/candidates"
#define SAYS                                                                                                 \
  "title=turner&occupation=车工&place=350121001&posts=1&kind=企业岗位&pay_from=5000&pay_to=6000&until="
    { "resident", JOBS, NULL, 200, "total" },
    { NULL, "/api/v1/words?q=chache", "/api/v1/words", NULL, 200, "forklift" },
    { NULL, "/api/v1/words?q=hanjie&kind=skill", "/api/v1/words", NULL, 200, "焊接" },
    { NULL, "/api/v1/words?q=a&kind=tea", "/api/v1/words", NULL, 422, NULL },
    { NULL, "/api/v1/words", "/api/v1/words", NULL, 422, NULL },
    { "employer", CHECK, SAYS "2090-01-01&text=限男性", 200, NULL },
    { "employer", JOBS, SAYS "tea&text=a", 422, NULL },
    { "employer", JOBS, SAYS "2090-01-01&text=a&key=a", 422, NULL }, /* too far ahead */
    { "resident", JOBS, SAYS "TODAY&text=a&key=a", 403, NULL },
    { "officer", JOBS, SAYS "TODAY&text=a&key=a", 403, NULL },
    { "employer", JOBS, SAYS "TODAY&text=lathes&key=a", 200, "turner" },
    { "employer", JOBS, SAYS "TODAY&text=lathes&key=a", 200, "turner" },
    { "resident", "/api/v1/jobs?q=lathes", "/api/v1/jobs", NULL, 200, "turner" },
    { "resident", "/api/v1/jobs?pay=tea", "/api/v1/jobs", NULL, 422, NULL },
    { "employer", JOBS, SAYS "TODAY&text=35岁以下&key=b", 200, NULL },
    { "resident", HELD, NULL, 404, NULL },
    { "officer", HELD, "deed=stands", 403, NULL },
    { "head", HELD, "deed=return", 422, NULL },
    { "head", HELD, "deed=return&reason=why", 200, "returned" },
    { "head", HELD, "deed=stands", 409, NULL },
    { "resident", JOB, "deed=apply&key=c", 409, NULL },
    { "resident", PROFILE, NULL, 404, NULL },
    { "resident", MATCHES, NULL, 404, NULL },
    { "employer", PROFILE, "occupations=turner&key=d", 403, NULL },
    { "resident", PROFILE, "occupations=turner&places=nowhere&key=d", 422, NULL },
    { "resident", PROFILE, "occupations=车工&places=350121001&shown=1&key=e", 200, "车工" },
    { "resident", MATCHES, NULL, 200, "turner" },
    { "resident", "/api/v1/jobs/1/match", "/api/v1/jobs/{id}/match", NULL, 200, "mutual" },
    { "resident", "/api/v1/jobs/99/match", "/api/v1/jobs/{id}/match", NULL, 404, NULL },
    { "resident", CANDIDATES, NULL, 403, NULL },
    { "stranger", CANDIDATES, NULL, 401, NULL },
    { "employer", CANDIDATES, NULL, 200, "profile" },
    { NULL, FAIRS, NULL, 200, "fairs" },
    { "employer", FAIRS, "name=f&place=p&day=TODAY&from=00:00&to=23:00&minutes=15&key=w", 403, NULL },
    { "head", FAIRS, "name=f&place=p&day=TODAY&from=tea&to=23:00&minutes=15&key=w", 422, NULL },
    { "head", FAIRS, "name=f&place=p&day=TODAY&from=08:00&to=09:00&minutes=15&key=w", 200, "arranged" },
    { NULL, "/api/v1/jobs/fairs/9", "/api/v1/jobs/fairs/{id}", NULL, 404, NULL },
    { "employer", FAIR, "deed=dance", 422, NULL },
    { "resident", FAIR, "deed=bring&post=1&interviewers=1", 403, NULL },
    { "employer", FAIR, "deed=bring&post=1&interviewers=1", 200, "turner" },
    { "resident", FAIR, "deed=name&posts=1", 200, "turner" },
    { "employer", FAIR, "deed=arrange", 403, NULL },
    { "head", FAIR, "deed=arrange", 200, "true" },
    { "resident", FAIR, NULL, 200, "starts_at" },
    { "employer", FAIR, NULL, 200, "starts_at" },
    { "resident", JOB, "deed=apply&letter=hello&key=f", 200, "application" },
    { "neighbour", APPLICATION, NULL, 404, NULL },
    { "resident", APPLICATION, "deed=offer&key=g", 403, NULL },
    { "employer", APPLICATION, "deed=dance&key=g", 422, NULL },
    { "employer", APPLICATION, "deed=propose&times=tomorrow&place=here&key=g", 422, NULL },
    { "employer", APPLICATION, "deed=propose&times=2090-01-01+09:30&place=here&key=h", 200, "interview" },
    { "resident", APPLICATION, "deed=pick&picked=0&key=i", 200, "agreed" },
    { "employer", APPLICATION, "deed=offer&key=j", 200, "offered" },
    { "resident", APPLICATION, "deed=accept&key=k", 200, "accepted" },
    { "employer", APPLICATION, "deed=hire&first_day=TODAY&key=l", 200, "hired" },
    { "resident", APPLICATION, NULL, 200, "hired" },
    { "resident", JOB, NULL, 404, NULL }, /* its one place is taken */
    { "resident", MINE, NULL, 200, "applications" },
    { "employer", MINE, NULL, 200, "closed" },
  };
  walk_dated (folder, steps, G_N_ELEMENTS (steps));
}

/* Who holds a paper sees that it is genuine, logged in or not; a code in which one digit differs is none.
 * No full name and no amount stands on the page. */
void
check_verify (gconstpointer data)
{
  static const AccessAccount clerk = { .name = "clerk", .role = ACCESS_COUNTER_CLERK };
  const Decision decision = { .case_id = 1,
                              .number = "2026-000001",
                              .matter = { "测试事项", "A test" },
                              .applicant = "陈测试",
                              .office = "县民政局",
                              .granted = true,
                              .has_amount = true,
                              .amount_fen = 98765,
                              .decided_at = 1790000000 };
  DecisionSeal seal;
  g_autoptr (Arena) arena = arena_new ();
  g_assert_true (decisions_issue ((Decisions *)(gsize)data, &clerk, &decision, &seal, NULL));
  char other[DECISION_CODE_LENGTH + 1];
  g_strlcpy (other, seal.code, sizeof other);
  other[5] = other[5] == '0' ? '1' : '0';
  g_autofree char *capitals = g_ascii_strup (seal.code, -1);
  const struct {
    const char *path, *code, *status, *words;
  } pages[] = {
    { "/verify/", seal.code, "200", "这份决定书是真的。" },
    { "/verify/", seal.code, "200", "陈＊＊" },
    { "/verify?code=", capitals, "200", "2026-000001" },
    { "/verify?lang=en&code=", seal.code, "200", "This decision is genuine." },
    { "/verify/", other, "404", "没有这份决定书" },
    { "/verify/", "%3Cscript%3E", "404", "&lt;script&gt;" },
    { "/verify", "", "200", "核对代码" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree char *url = g_strconcat (base, pages[i].path, pages[i].code, NULL);
    g_autofree char *answer = curl ((const char *const[]){ "-w", "\n%{http_code}", url, NULL });
    g_test_message ("%s", url);
    g_assert_cmpstr (strrchr (answer, '\n') + 1, ==, pages[i].status);
    g_assert_nonnull (strstr (answer, pages[i].words));
    g_assert_null (strstr (answer, "陈测试"));
    g_assert_null (strstr (answer, "987."));
  }
  unsigned status;
  const char *path = arena_printf (arena, "/api/v1/verify/%s", seal.code);
  const JsonValue *body = get (arena, path, "none=1", &status);
  g_assert_cmpuint (status, ==, 200);
  check_described (body, "/api/v1/verify/{code}", status);
  g_assert_cmpstr (json_string (json_get (body, "digest")), ==, seal.digest);
  body = get (arena, arena_printf (arena, "/api/v1/verify/%s", other), "none=1", &status);
  check_described (body, "/api/v1/verify/{code}", status);
  g_assert_cmpuint (status, ==, 404);
}

/* Could somebody get this: without logging in, question by question; nothing is kept. */
void
check_questions (gconstpointer data)
{
  Registry *registry = (Registry *)(gsize)data;
  g_autoptr (Arena) arena = arena_new ();
  const char *path = "/api/v1/matters/23/main/check";
  static const struct {
    const char *answers, *outcome; /* NULL: refused; "unreadable": before it is looked at */
    bool asks;
  } steps[] = { { "none=1", "undetermined", true },
                { "a=户.户籍在本县=false", "no", false },
                { "a=户.户籍在本县=true&a=户.成员=1", "undetermined", true },
                { "a=户.户籍在本县=perhaps", NULL, false },
                { "{\"facts\": {}}", "undetermined", true },
                { "{\"facts\": {\"户.户籍在本县\": false}}", "no", false },
                { "{\"facts\": {\"户.户籍在本县\": true, \"户.成员\": 1}}", "undetermined", true },
                { "{\"facts\": {\"户.户籍在本县\": true, \"户.成员\": 1, \"户.成员[1].月收入\": 100.5}}",
                  "undetermined", true },
                { "{\"facts\": {\"户.户籍在本县\": \"perhaps\"}}", NULL, false },
                { "{\"facts\": {\"户.成员\": [1]}}", NULL, false },
                { "{\"facts\": {\"户.没有\": 1}}", NULL, false },
                { "{\"facts\": [], \"more\": 1}", NULL, false },
                { "{\"facts\": ", "unreadable", false } };
  gint64 before, after;
  g_autoptr (StoreReader) reader = store_reader (registry_store (registry), NULL);
  g_assert_true (
      store_query (store_reader_db (reader), "SELECT max(number) FROM audit_leaf", 0, &before, NULL));
  g_clear_pointer (&reader, store_reader_release);
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autofree char *url = g_strconcat (base, path, NULL);
    g_autofree char *text = curl (
        (const char *const[]){ "-d", steps[i].answers, "-H",
                               *steps[i].answers == '{' ? "Content-Type: application/json" : "X-None: 1",
                               "-w", "\n%{http_code}", url, NULL });
    char *line = strrchr (text, '\n');
    unsigned status = (unsigned)atoi (line + 1);
    GError *error = NULL;
    const JsonValue *body = json_parse (arena, (Text){ text, (size_t)(line - text) }, path, &error);
    g_assert_no_error (error);
    check_described (body, "/api/v1/matters/{clause}/{id}/check", status);
    bool unreadable = g_strcmp0 (steps[i].outcome, "unreadable") == 0;
    g_assert_cmpuint (status, ==, unreadable ? 400 : steps[i].outcome ? 200 : 422);
    if (status != 200)
      continue;
    g_assert_cmpstr (json_string (json_get (json_get (body, "determination"), "outcome")), ==,
                     steps[i].outcome);
    g_assert_cmpint (json_get (body, "questions")->n > 0, ==, steps[i].asks);
  }
  reader = store_reader (registry_store (registry), NULL);
  g_assert_true (
      store_query (store_reader_db (reader), "SELECT max(number) FROM audit_leaf", 0, &after, NULL));
  g_assert_cmpint (after, ==, before);
}

/* Every matter has its guide, in both languages and as JSON; the search finds by name and by who applies. */
void
check_services (gconstpointer data)
{
  g_autoptr (Arena) arena = arena_new ();
  static const struct {
    const char *query;
    const char *has, *lacks; /* keys; NULL: any, or none */
  } searches[] = {
    { "", "23/main", NULL },
    { "?q=%E6%9C%80%E4%BD%8E%E7%94%9F%E6%B4%BB", "23/main", "9/open" },
    { "?q=START%20UP", "9/open", "23/main" },
    { "?q=%20%20&who=file", "16/move", "23/main" },
    { "?who=resident", "23/main", "16/move" },
    { "?who=", "16/move", NULL },
    { "?q=nothing-of-that-name", NULL, "23/main" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (searches); i++) {
    unsigned status;
    const char *path = arena_printf (arena, "/api/v1/matters%s", searches[i].query);
    const JsonValue *list = json_get (get (arena, path, "none=1", &status), "matters");
    g_assert_cmpuint (status, ==, 200);
    bool has = !searches[i].has, lacks = true;
    for (size_t k = 0; k < list->n; k++) {
      const char *key = json_string (json_get (list->elements[k], "key"));
      has |= g_strcmp0 (key, searches[i].has) == 0;
      lacks &= g_strcmp0 (key, searches[i].lacks) != 0;
    }
    g_test_message ("%s", searches[i].query);
    g_assert_true (has && lacks);
  }
  unsigned status;
  const JsonValue *list = json_get (get (arena, "/api/v1/matters", "none=1", &status), "matters");
  g_assert_cmpuint (list->n, >=, 50);
  for (size_t i = 0; i < list->n; i++) {
    const char *key = json_string (json_get (list->elements[i], "key"));
    g_autofree char *path = g_strdup_printf ("/api/v1/matters/%s", key);
    check_described (get (arena, path, "none=1", &status), "/api/v1/matters/{clause}/{id}", status);
    g_assert_cmpuint (status, ==, 200);
    g_autofree char *url = g_strdup_printf ("%s/services/%s?lang=zh", base, key);
    g_autofree char *page = curl ((const char *const[]){ "-w", "\n%{http_code}", url, NULL });
    g_assert_cmpstr (strrchr (page, '\n') + 1, ==, "200");
    g_assert_nonnull (strstr (page, json_string (json_get (json_get (list->elements[i], "name"), "zh"))));
  }
}
