/* Answering what is asked, and only that, settles every provision of the county; a question that was answered
 * does not come again; facts on record are not overwritten. */
#include "questions/questions.h"
#include "support.h"
#include "town.h"

#include <locale.h>
#include <string.h>

enum { ROUNDS = 3, ASKED_MAX = 300, APART_MAX = 40, TEXTS_MAX = 30 };
/* Of so many questions one may make no difference by itself: a quotient's first part, a day whose counterpart
 * is not known yet. */
enum { IDLE_SHARE = 20 };

static PolicyPackage *package;
static Town town;

static const char *
random_answer (GRand *random, Arena *arena, const Question *q, Day as_of)
{
  char buffer[CIVIL_TEXT_MAX];
  const RegistryAttribute *a = q->attribute;
  gint64 low = a->has_min ? a->min : 0, high = a->has_max ? MIN (a->max, low + 1000000) : low + 1000000;
  switch (q->kind) {
  case QUESTION_YES_NO:
  case QUESTION_EXISTS: return g_rand_boolean (random) ? "true" : "false";
  case QUESTION_CHOICE: return a->values[g_rand_int_range (random, 0, (gint32)a->n_values)];
  case QUESTION_COUNT: return arena_printf (arena, "%d", g_rand_int_range (random, 0, 3));
  case QUESTION_DATE: {
    gint64 day = as_of - g_rand_int_range (random, -300, 20000);
    return arena_text (arena,
                       text_of (civil_format (a->has_min ? CLAMP (day, a->min, a->max) : day, buffer)));
  }
  case QUESTION_TEXT: return "甲";
  default: {
    char number[DECIMAL_TEXT_MAX];
    gint64 value = g_rand_boolean (random) ? low + g_rand_int_range (random, 0, 100)
                                           : low + (gint64)(g_rand_double (random) * (double)(high - low));
    return arena_text (
        arena, text_of (decimal_format (decimal_from_scaled (CLAMP (value, low, high), a->scale), number)));
  }
  }
}

/* ---- whether a question makes a difference --------------------------------------- */

/* Texts that the county has of A, each once: a township's code, a trade. */
static size_t
texts_on_record (Arena *arena, const RegistryAttribute *a, const char **texts)
{
  GError *error = NULL;
  size_t n = 0;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  RegistryView *view = registry_view_new (town.registry, REGISTRY_FOREVER, &error);
  RegistryScan *scan = registry_view_scan (view, a->entity, 1, G_MAXINT32, &error);
  Subject subject;
  while (n < TEXTS_MAX && registry_scan_next (scan, &subject, &error)) {
    RegistryFact fact = registry_scan_fact (scan, a);
    const char *text = fact.state == REGISTRY_VALUE ? arena_text (arena, fact.text) : NULL;
    if (text && g_hash_table_add (seen, (gpointer)text))
      texts[n++] = text;
  }
  g_assert_no_error (error);
  registry_scan_free (scan);
  registry_view_free (view);
  return n;
}

/* Days around today and ever further from it: windows of rules are narrow near today. */
static size_t
days_apart (Arena *arena, const RegistryAttribute *a, const char **days)
{
  static const int ago[]
      = { -400, -200, -60,  -20,  -1,   0,    1,    20,   60,    100,   200,   300,   400,  700,
          1000, 1500, 2000, 3000, 4000, 5500, 7000, 9000, 12000, 15000, 18000, 21000, 25000 };
  char buffer[CIVIL_TEXT_MAX];
  for (size_t i = 0; i < G_N_ELEMENTS (ago); i++) {
    gint64 day = town.as_of - ago[i];
    days[i]
        = arena_text (arena, text_of (civil_format (a->has_min ? CLAMP (day, a->min, a->max) : day, buffer)));
  }
  return G_N_ELEMENTS (ago);
}

/* Answers that lie apart: all of few, of many those on record, near today or random. */
static size_t
apart (GRand *random, Arena *arena, const Question *q, const char **answers)
{
  const RegistryAttribute *a = q->attribute;
  size_t n = 0;
  if (q->kind == QUESTION_YES_NO || q->kind == QUESTION_EXISTS) {
    answers[n++] = "true";
    answers[n++] = "false";
    return n;
  }
  for (size_t i = 0; q->kind == QUESTION_CHOICE && i < a->n_values && n < APART_MAX; i++)
    answers[n++] = a->values[i];
  if (q->kind == QUESTION_TEXT)
    n = texts_on_record (arena, a, answers);
  if (q->kind == QUESTION_DATE)
    n = days_apart (arena, a, answers);
  while (q->kind != QUESTION_CHOICE && n < APART_MAX)
    answers[n++] = random_answer (random, arena, q, town.as_of);
  return n;
}

/* What an answer leaves: outcome, sum, and what is still open. */
static char *
left_by (Arena *arena, const QuestionsAsk *ask, const Question *q, const char *answer)
{
  PolicyStatement stated[ASKED_MAX + 1];
  GError *error = NULL;
  for (size_t i = 0; i < ask->n; i++)
    stated[i] = ask->stated[i];
  stated[ask->n] = (PolicyStatement){ q->path, answer };
  const PolicyDetermination *d = policy_determine_stated (package, NULL, arena, ask->provision, ask->as_of,
                                                          ask->at, stated, ask->n + 1, &error);
  g_assert_no_error (error);
  g_autoptr (GString) left = g_string_new (NULL);
  g_string_append_printf (left, "%d %s", (int)d->outcome, feel_display (arena, d->amount));
  for (size_t i = 0; i < d->n_needs; i++)
    g_string_append_printf (left, " %s", d->needs[i].name);
  return g_strdup (left->str);
}

/* Whether two answers to Q lead to different places: another outcome, sum, or other questions. */
static bool
matters (GRand *random, const QuestionsAsk *ask, const Question *q)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *answers[APART_MAX + 1];
  size_t n = apart (random, arena, q, answers);
  answers[n++] = NULL; /* none */
  g_autofree char *first = left_by (arena, ask, q, answers[0]);
  for (size_t i = 1; i < n; i++) {
    g_autofree char *other = left_by (arena, ask, q, answers[i]);
    if (strcmp (first, other) != 0)
      return true;
  }
  return false;
}

/* ---- interviews -------------------------------------------------------------------- */

/* How many questions it takes until nothing is asked any more. */
static size_t
interview (GRand *random, const PolicyProvision *provision, size_t *idle)
{
  g_autoptr (Arena) arena = arena_new ();
  PolicyStatement stated[ASKED_MAX];
  QuestionsAsk ask = { .package = package, .provision = provision, .as_of = town.as_of, .stated = stated };
  for (;;) {
    GError *error = NULL;
    const Questions *q = questions_of (&ask, arena, &error);
    g_assert_no_error (error);
    if (!q->n) {
      /* Only what the county has not settled may be left open. */
      bool open = q->determination->outcome == POLICY_UNDETERMINED || q->determination->n_needs;
      g_assert_cmpint (!open || q->n_parameters, ==, true);
      return ask.n;
    }
    for (size_t i = 0; i < ask.n; i++)
      g_assert_cmpstr (stated[i].path, !=, q->items[0].path);
    g_assert_cmpuint (ask.n, <, ASKED_MAX);
    *idle += !matters (random, &ask, &q->items[0]);
    stated[ask.n++]
        = (PolicyStatement){ q->items[0].path, random_answer (random, arena, &q->items[0], town.as_of) };
  }
}

static void
test_interviews (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  size_t n, all = 0, interviews = 0, most = 0, idle = 0;
  const PolicyClause *const *clauses = policy_pages (package, &n);
  for (size_t c = 0; c < n; c++)
    for (size_t p = 0; p < clauses[c]->n_provisions; p++)
      for (int round = 0; clauses[c]->provisions[p].audience == POLICY_FOR_SUBJECT && round < ROUNDS;
           round++) {
        size_t asked = interview (random, &clauses[c]->provisions[p], &idle);
        most = MAX (most, asked);
        all += asked;
        interviews++;
      }
  g_test_message ("%zu interviews, %.1f questions each, at most %zu; %zu of %zu made no difference",
                  interviews, (double)all / (double)interviews, most, idle, all);
  g_assert_cmpuint (interviews, >, 100);
  g_assert_cmpuint (idle * IDLE_SHARE, <=, all);
}

/* An answer about what is on record changes nothing. */
static void
test_known (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const PolicyProvision *custody = policy_provision (policy_clause (package, 16), "custody");
  AccessAccount who
      = { .name = "one", .role = ACCESS_RESIDENT, .subject = subject_make (custody->subject, 1) };
  const AccessPermit *permit = policy_permit (town.access, arena, &who, custody->clause, who.subject, NULL);
  RegistryMoment at = { town.as_of, G_MAXINT64 };
  const PolicyDetermination *plain = policy_determine (package, permit, arena, custody, town.as_of, at, NULL);
  PolicyStatement lie = { "居民.出生日期", "2024-01-01" };
  const PolicyDetermination *stated
      = policy_determine_stated (package, permit, arena, custody, town.as_of, at, &lie, 1, NULL);
  g_assert_cmpint (plain->outcome, ==, stated->outcome);
  g_autoptr (GError) error = NULL;
  PolicyStatement wrong = { "居民.出生日期", "昨天" };
  g_assert_null (policy_determine_stated (package, NULL, arena, custody, town.as_of, at, &wrong, 1, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
}

static void
test_labels (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const PolicyProvision *allowance = policy_provision (policy_clause (package, 23), "main");
  const Question *q = question_about (package, arena, allowance, "户.成员[2].月收入");
  g_assert_nonnull (q);
  g_assert_cmpint (q->kind, ==, QUESTION_MONEY);
  g_assert_nonnull (strstr (q->label.zh, "第2个"));
  g_assert_null (question_about (package, arena, allowance, "户.成员[2].没有"));
  g_assert_null (question_about (package, arena, allowance, "居民.月收入"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  package = town_package ();
  town_open_demo (&town, package, 50, 7);
  g_test_add_func ("/questions/interviews", test_interviews);
  g_test_add_func ("/questions/known", test_known);
  g_test_add_func ("/questions/labels", test_labels);
  int status = g_test_run ();
  town_close (&town);
  policy_free (package);
  return status;
}
