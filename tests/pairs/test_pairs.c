/* The markets beside that of jobs, in a town of two firms and three people: putting, matching, being
 * introduced, and what each refuses. */
#include "town.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "notices/notices.h"
#include "pairs/pairs.h"
#include "support.h"

static PolicyPackage *package;
static Town town;
static Pairs *pairs;
static Agents *agents;
static Notices *notices;
static gint64 now;

static AccessAccount caster = { .name = "caster", .role = ACCESS_REPRESENTATIVE },
                     builder = { .name = "builder", .role = ACCESS_REPRESENTATIVE },
                     founder = { .name = "founder", .role = ACCESS_RESIDENT },
                     mentor = { .name = "mentor", .role = ACCESS_RESIDENT },
                     clerk = { .name = "clerk", .role = ACCESS_CASE_WORKER, .department = "县人社局" };

static gint64
clock_ (gpointer data)
{
  return now;
}

#define REFUSED(call, code)                                                                                  \
  {                                                                                                          \
    GError *refused = NULL;                                                                                  \
    g_assert_false (call);                                                                                   \
    g_assert_error (refused, FAULT, code);                                                                   \
    g_clear_error (&refused);                                                                                \
  }
#define GOES(call)                                                                                           \
  {                                                                                                          \
    GError *why = NULL;                                                                                      \
    bool done = (call);                                                                                      \
    g_assert_no_error (why);                                                                                 \
    g_assert_true (done);                                                                                    \
  }

static const char *
fresh (void)
{
  static char key[32];
  static unsigned number;
  g_snprintf (key, sizeof key, "key-%u", ++number);
  return key;
}

/* ---- the town -------------------------------------------------------------------------- */

typedef struct {
  const char *attribute, *text; /* NULL: none */
} Fact;

static Subject
settle (RegistryWriter *writer, const char *entity_id, const Fact *facts, size_t n)
{
  const RegistrySchema *schema = policy_schema (package);
  const RegistryEntity *entity = registry_schema_entity (schema, entity_id);
  Subject subject = registry_writer_subject (writer, entity);
  for (size_t i = 0; i < n; i++) {
    RegistryFact fact
        = { .attribute = registry_entity_attribute (entity, facts[i].attribute), .state = REGISTRY_NONE };
    if (facts[i].text)
      g_assert_true (registry_fact_parse (schema, fact.attribute, text_of (facts[i].text), &fact, NULL));
    RegistryBatch about = { .source = fact.attribute->source, .actor = "test", .recorded_at = now };
    RegistryBatchId batch = registry_writer_batch (writer, &about, NULL);
    g_assert_true (
        registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, NULL));
  }
  return subject;
}

static void
settle_town (void)
{
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  const Fact casts[] = { { "name", "样例铸造厂" }, { "chain", "汽车" }, { "township", "350121105" } },
             builds[] = { { "name", "样例整车厂" }, { "chain", "汽车" }, { "township", "350121105" } },
             founds[] = { { "name", "陈样例" }, { "returnee", "true" } },
             guides[] = { { "name", "林样例" }, { "returnee", "false" } };
  caster.subject = settle (writer, "organisation", casts, G_N_ELEMENTS (casts));
  builder.subject = settle (writer, "organisation", builds, G_N_ELEMENTS (builds));
  founder.subject = settle (writer, "resident", founds, G_N_ELEMENTS (founds));
  mentor.subject = settle (writer, "resident", guides, G_N_ELEMENTS (guides));
  g_assert_true (registry_writer_commit (writer, NULL));
  registry_writer_free (writer);
}

/* ---- saying ---------------------------------------------------------------------------------- */

static const MarketColumn *
column (const Market *market, MarketSide side, const char *id)
{
  for (size_t c = 0; c < market->sides[side].n; c++)
    if (g_str_equal (market->sides[side].columns[c].id, id))
      return &market->sides[side].columns[c];
  g_error ("no column %s", id);
}

enum { MOST = 6 };
typedef struct {
  PairsEntry entry;
  PairsValue values[MOST];
  const char *texts[MOST][4];
} Saying;

/* "products", "castings;stampings", …, NULL */
static void
say (Saying *s, const char *market_id, MarketSide side, const AccessAccount *who, const char *title, ...)
{
  const Market *market = pairs_market (pairs, market_id, NULL);
  va_list list;
  *s = (Saying){ .entry = { .market = market_id,
                            .side = side,
                            .owner = who->subject,
                            .title = title,
                            .text = "样例。",
                            .until = civil_day_of (now) + 30 } };
  va_start (list, title);
  for (const char *id; (id = va_arg (list, const char *));) {
    PairsValue *value = &s->values[s->entry.n_values];
    const char **texts = s->texts[s->entry.n_values++];
    g_auto (GStrv) parts = g_strsplit (va_arg (list, const char *), ";", 4);
    for (int i = 0; parts[i]; i++)
      texts[i] = g_intern_string (parts[i]);
    *value = (PairsValue){ .column = column (market, side, id), .values = texts };
  }
  va_end (list);
  s->entry.values = s->values;
}

static gint64
put (const AccessAccount *who, const Saying *s)
{
  GError *error = NULL;
  PairsEntry entry = s->entry;
  entry.values = s->values;
  gint64 id = pairs_put (pairs, who, &entry, fresh (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static gint64 wanted, offered;

static void
put_supplies (void)
{
  Saying s;
  say (&s, "supplies", MARKET_SEEKERS, &builder, "采购铝铸件", "products", "castings", "quantity", "1000",
       "delivery", "20", "certificates", "iatf16949", NULL);
  wanted = put (&builder, &s);
  say (&s, "supplies", MARKET_OFFERS, &caster, "供应铝铸件", "products", "铝铸件;冲压件", "quantity", "800",
       "delivery", "15", "certificates", "iatf16949;iso9001", NULL);
  offered = put (&caster, &s);
}

static const PairsMatches *
matches_of (Arena *arena, const AccessAccount *who, gint64 entry)
{
  GError *error = NULL;
  const PairsMatches *m = pairs_matches (pairs, arena, who, entry, 20, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < m->n; i++) {
    unsigned sum = 0;
    for (size_t p = 0; p < m->market->n_parts; p++)
      sum += m->matches[i].reasons->points[p];
    g_assert_cmpuint (sum, ==, m->matches[i].reasons->score);
  }
  return m;
}

static guint16
points (const PairsMatches *m, size_t i, const char *part)
{
  for (size_t p = 0; p < m->market->n_parts; p++)
    if (g_str_equal (m->market->parts[p].id, part))
      return m->matches[i].reasons->points[p];
  g_error ("no part %s", part);
}

/* ---- tests ------------------------------------------------------------------------------------- */

/* Stated and read, from both sides, and what is read cannot be stated. */
static void
test_supplies (void)
{
  g_autoptr (Arena) arena = arena_new ();
  put_supplies ();
  const PairsMatches *m = matches_of (arena, &builder, wanted), *other = matches_of (arena, &caster, offered);
  g_assert_cmpuint (m->n, ==, 1);
  g_assert_cmpuint (other->n, ==, 1);
  g_assert_cmpint (m->matches[0].entry->id, ==, offered);
  g_assert_cmpint (other->matches[0].entry->id, ==, wanted);
  g_assert_cmpuint (points (m, 0, "product"), ==, 50);
  g_assert_cmpuint (points (m, 0, "chain"), ==, 15); /* both are on record as of one chain */
  g_assert_cmpuint (points (m, 0, "near"), ==, 15);
  g_assert_cmpuint (points (m, 0, "quantity"), ==, 12); /* 800 of 1,000: three fifths of 20 */
  g_assert_cmpstr (m->matches[0].entry->owner_name, ==, "样例铸造厂");
  Saying s;
  say (&s, "supplies", MARKET_OFFERS, &caster, "供应", "chains", "optics", NULL);
  s.entry.values = s.values;
  REFUSED (pairs_put (pairs, &caster, &s.entry, fresh (), &refused), FAULT_INPUT);
}

/* By a concept, whatever it was called when it was stated. */
static void
test_saying (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  PairsWish wish = { "supplies", "products", "castings", MARKET_OFFERS, 5 };
  const PairsEntry *entries = pairs_saying (pairs, arena, &builder, &wish, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (entries[0].id, ==, offered);
  wish.concept = "lenses";
  pairs_saying (pairs, arena, &builder, &wish, &n, &error);
  g_assert_cmpuint (n, ==, 0);
}

/* What a buyer leaves empty they do not ask for. */
static void
test_empty (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Saying s;
  say (&s, "supplies", MARKET_SEEKERS, &builder, "采购冲压件", "products", "stampings", NULL);
  gint64 id = put (&builder, &s);
  g_assert_cmpuint (matches_of (arena, &builder, id)->n, ==, 1);
  GOES (pairs_close (pairs, &builder, id, &why));
}

/* Without the certification that is asked for, or too slow: not shown. */
static void
test_conditions (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Saying s;
  say (&s, "supplies", MARKET_OFFERS, &caster, "供应铝铸件", "products", "castings", "delivery", "60",
       "certificates", "iatf16949", NULL);
  s.entry.id = offered;
  g_assert_cmpint (put (&caster, &s), ==, offered);
  g_assert_cmpuint (matches_of (arena, &builder, wanted)->n, ==, 0);
  say (&s, "supplies", MARKET_OFFERS, &caster, "供应铝铸件", "products", "castings", "delivery", "10", NULL);
  s.entry.id = offered;
  put (&caster, &s);
  g_assert_cmpuint (matches_of (arena, &builder, wanted)->n, ==, 0);
  REFUSED (pairs_ask (pairs, &builder, wanted, offered, "您好", "13800000000", fresh (), &refused),
           FAULT_CONFLICT);
  say (&s, "supplies", MARKET_OFFERS, &caster, "供应铝铸件", "products", "castings", "delivery", "10",
       "certificates", "iatf16949", NULL);
  s.entry.id = offered;
  put (&caster, &s);
  g_assert_cmpuint (matches_of (arena, &builder, wanted)->n, ==, 1);
}

static const struct {
  const char *what, *title, *text, *column, *value;
  int days;
} bad[] = {
  { "no title", " ", "", NULL, NULL, 5 },
  { "markup", "供应", "<b>好</b>", NULL, NULL, 5 },
  { "a telephone number", "供应", "电话 138 0000 0000", NULL, NULL, 5 },
  { "a link", "供应", "看 http://example.org", NULL, NULL, 5 },
  { "a control character", "供应\a", "", NULL, NULL, 5 },
  { "yesterday", "供应", "", NULL, NULL, -1 },
  { "too far ahead", "供应", "", NULL, NULL, 400 },
  { "no such product", "供应", "", "products", "月亮", 5 },
  { "no number", "供应", "", "quantity", "很多", 5 },
  { "below none", "供应", "", "quantity", "-1", 5 },
  { "two numbers", "供应", "", "quantity", "1;2", 5 },
};

static void
test_bad (void)
{
  g_autofree char *huge = g_strnfill (1000000, 'x');
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    Saying s;
    g_test_message ("%s", bad[i].what);
    say (&s, "supplies", MARKET_OFFERS, &caster, bad[i].title, bad[i].column,
         bad[i].value ? bad[i].value : "", NULL);
    s.entry.values = s.values;
    s.entry.text = bad[i].text;
    s.entry.until = civil_day_of (now) + bad[i].days;
    REFUSED (pairs_put (pairs, &caster, &s.entry, fresh (), &refused), FAULT_INPUT);
  }
  Saying s;
  say (&s, "supplies", MARKET_OFFERS, &caster, "供应", NULL);
  REFUSED (pairs_put (pairs, &caster, &s.entry, "", &refused), FAULT_INPUT);
  REFUSED (pairs_put (pairs, &builder, &s.entry, fresh (), &refused), FAULT_DENIED);
  REFUSED (pairs_put (pairs, &clerk, &s.entry, fresh (), &refused), FAULT_DENIED);
  s.entry.text = huge;
  REFUSED (pairs_put (pairs, &caster, &s.entry, fresh (), &refused), FAULT_INPUT);
  s.entry.text = "";
  s.entry.market = "jobs";
  REFUSED (pairs_put (pairs, &caster, &s.entry, fresh (), &refused), FAULT_NOT_FOUND);
}

static bool
was_told (const AccessAccount *who, const char *kind)
{
  g_autoptr (Arena) arena = arena_new ();
  NoticeFilter filter = { .limit = 50 };
  size_t n;
  const NoticeItem *items = notices_inbox (notices, arena, who, &filter, &n, NULL);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (items[i].kind, kind))
      return true;
  return false;
}

/* From asking to what came of it, by each side; contacts only once accepted. */
static void
test_meeting (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const char *key = fresh ();
  gint64 id = pairs_ask (pairs, &builder, wanted, offered, "想看样品", "采购部 12345", key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pairs_ask (pairs, &builder, wanted, offered, "想看样品", "采购部 12345", key, &error), ==,
                   id);
  REFUSED (pairs_ask (pairs, &builder, wanted, offered, "再问", "采购部", fresh (), &refused),
           FAULT_CONFLICT);
  REFUSED (pairs_ask (pairs, &caster, wanted, offered, "问", "销售部", fresh (), &refused), FAULT_DENIED);
  g_assert_true (was_told (&caster, "pair-asked"));
  REFUSED (pairs_answer (pairs, &builder, id, PAIRS_ACCEPT, "我", &refused), FAULT_DENIED);
  REFUSED (pairs_answer (pairs, &founder, id, PAIRS_ACCEPT, "我", &refused), FAULT_NOT_FOUND);
  REFUSED (pairs_answer (pairs, &caster, id, PAIRS_AGREE, NULL, &refused), FAULT_CONFLICT);
  REFUSED (pairs_answer (pairs, &caster, id, PAIRS_ACCEPT, "", &refused), FAULT_INPUT);
  g_assert_null (matches_of (arena, &builder, wanted)->matches[0].meeting->contact);
  GOES (pairs_answer (pairs, &caster, id, PAIRS_ACCEPT, "销售部 54321", &why));
  GOES (pairs_answer (pairs, &caster, id, PAIRS_ACCEPT, "销售部 54321", &why));
  g_assert_true (was_told (&builder, "pair-accepted"));
  size_t n;
  const PairsMeeting *of_builder = pairs_meetings (pairs, arena, &builder, wanted, &n, &error),
                     *of_caster = pairs_meetings (pairs, arena, &caster, offered, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (of_builder->contact, ==, "销售部 54321");
  g_assert_cmpstr (of_caster->contact, ==, "采购部 12345");
  g_assert_true (of_builder->is_asker && !of_caster->is_asker);
  g_assert_null (pairs_meetings (pairs, arena, &founder, wanted, &n, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  GOES (pairs_answer (pairs, &builder, id, PAIRS_AGREE, NULL, &why));
  REFUSED (pairs_answer (pairs, &builder, id, PAIRS_DISAGREE, NULL, &refused), FAULT_CONFLICT);
  PairsCounts counts;
  GOES (pairs_count (pairs, "supplies", &counts, &why));
  g_assert_cmpint (counts.entries[MARKET_SEEKERS], ==, 1);
  g_assert_cmpint (counts.entries[MARKET_OFFERS], ==, 1);
  g_assert_cmpint (counts.agreed, ==, 1);
}

static bool
has_read_values (const PairsEntry *entry)
{
  for (size_t i = 0; i < entry->n_values; i++)
    if (entry->values[i].is_known && !entry->values[i].is_stated)
      return true;
  return false;
}

/* A person's name is for who was accepted; a condition that reads the registry holds by it. */
static void
test_people (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  Saying s;
  say (&s, "mentors", MARKET_SEEKERS, &founder, "想请教融资", "topics", "finance;tax", "languages",
       "mandarin", NULL);
  gint64 asks = put (&founder, &s);
  say (&s, "mentors", MARKET_SEEKERS, &mentor, "我也想请教", "topics", "finance", "languages", "mandarin",
       NULL);
  gint64 not_returned = put (&mentor, &s);
  say (&s, "mentors", MARKET_OFFERS, &mentor, "可以讲融资", "topics", "finance", "languages",
       "mandarin;english", "places", "2", NULL);
  gint64 guides = put (&mentor, &s);
  const PairsMatches *m = matches_of (arena, &founder, asks);
  g_assert_cmpuint (m->n, ==, 1);
  g_assert_nonnull (strstr (m->matches[0].entry->owner_name, "＊"));
  g_assert_cmpuint (points (m, 0, "topic"), ==, 30); /* one of two */
  g_assert_cmpuint (matches_of (arena, &mentor, not_returned)->n, ==, 0);
  gint64 id = pairs_ask (pairs, &founder, asks, guides, "想请您指点", "邮箱稍后给", fresh (), &error);
  g_assert_no_error (error);
  GOES (pairs_answer (pairs, &mentor, id, PAIRS_ACCEPT, "每周五下午", &why));
  g_assert_cmpstr (matches_of (arena, &founder, asks)->matches[0].entry->owner_name, ==, "林样例");
  g_assert_cmpstr (pairs_entry (pairs, arena, &founder, guides, &error)->owner_name, ==, "林样例");
  g_assert_nonnull (strstr (pairs_entry (pairs, arena, &builder, guides, &error)->owner_name, "＊"));
  /* What is on record of a person is for them, and for whom they have accepted. */
  g_assert_true (has_read_values (pairs_entry (pairs, arena, &founder, asks, &error)));
  g_assert_true (has_read_values (pairs_entry (pairs, arena, &mentor, asks, &error)));
  g_assert_false (has_read_values (pairs_entry (pairs, arena, &builder, asks, &error)));
  /* Closed: for the two sides alone. */
  GOES (pairs_close (pairs, &mentor, guides, &why));
  g_assert_nonnull (pairs_entry (pairs, arena, &founder, guides, &error));
  g_assert_null (pairs_entry (pairs, arena, &builder, guides, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
  REFUSED (pairs_close (pairs, &founder, guides, &refused), FAULT_DENIED);
  g_assert_cmpuint (matches_of (arena, &founder, asks)->n, ==, 0);
}

static void
test_past (void)
{
  g_autoptr (Arena) arena = arena_new ();
  now += 31 * (gint64)86400;
  g_assert_cmpuint (matches_of (arena, &builder, wanted)->n, ==, 0);
  Saying s;
  say (&s, "supplies", MARKET_SEEKERS, &builder, "采购", NULL);
  s.entry.id = wanted;
  REFUSED (pairs_put (pairs, &builder, &s.entry, fresh (), &refused), FAULT_CONFLICT);
}

static void
test_many (void)
{
  Saying s;
  say (&s, "supplies", MARKET_OFFERS, &caster, "供应铝铸件", "products", "castings", NULL);
  for (int i = 0; i < PAIRS_ENTRIES_MAX; i++)
    put (&caster, &s);
  s.entry.values = s.values;
  REFUSED (pairs_put (pairs, &caster, &s.entry, fresh (), &refused), FAULT_CONFLICT);
}

/* Every market of the county can say in every column what its spaces have. */
static void
test_spaces (void)
{
  size_t n, n_concepts;
  GError *error = NULL;
  const Market *const *all = pairs_markets (pairs, &n);
  g_assert_cmpuint (n, ==, 7);
  g_assert_true (pairs_check_spaces (policy_folder (package), all, n, &error));
  for (size_t i = 0; i < n; i++)
    for (int side = 0; side < 2; side++)
      for (size_t c = 0; c < all[i]->sides[side].n; c++)
        if (all[i]->sides[side].columns[c].kind == MARKET_CONCEPTS) {
          pairs_concepts (pairs, &all[i]->sides[side].columns[c], &n_concepts);
          g_assert_cmpuint (n_concepts, >, 0);
        }
}

static const struct {
  const char *rows, *says;
} bad_spaces[] = {
  { "space,code,zh,en,parent\n", "columns" },
  { "space,code,zh,en,parent,words\na,x,甲,A,,\na,x,乙,B,,\n", "row 3: this stands for two things: \"x\"" },
  { "space,code,zh,en,parent,words\na,x,甲,A,y,\n", "parent" },
  { "space,code,zh,en,parent,words\na,x,甲,A,,\nb,x,乙,B,,\na,z,丙,C,,\n", "stand together" },
  { "space,code,zh,en,parent,words\na,,甲,A,,\n", "needed" },
};

static void
test_bad_spaces (void)
{
  g_autofree char *folder = g_dir_make_tmp ("liudong-spaces-XXXXXX", NULL),
                  *markets = g_build_filename (folder, "markets", NULL),
                  *path = g_build_filename (markets, "spaces.csv", NULL);
  g_assert_cmpint (g_mkdir (markets, 0700), ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (bad_spaces); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_true (g_file_set_contents (path, bad_spaces[i].rows, -1, NULL));
    g_assert_false (pairs_check_spaces (folder, NULL, 0, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_nonnull (strstr (error->message, bad_spaces[i].says));
  }
  remove (path);
  remove (markets);
  remove (folder);
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  package = town_package ();
  town_open (&town, package);
  now = civil_to_day (2026, 6, 1) * (gint64)86400 + 4 * 3600;
  settle_town ();
  agents = agents_open (package, town.registry, &error);
  g_assert_no_error (error);
  notices = notices_open (registry_store (town.registry), &error);
  g_assert_no_error (error);
  PairsOptions options = {
    .package = package, .registry = town.registry, .access = town.access, .agents = agents, .clock = clock_
  };
  pairs = pairs_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/pairs/supplies", test_supplies);
  g_test_add_func ("/pairs/saying", test_saying);
  g_test_add_func ("/pairs/empty", test_empty);
  g_test_add_func ("/pairs/conditions", test_conditions);
  g_test_add_func ("/pairs/bad", test_bad);
  g_test_add_func ("/pairs/meeting", test_meeting);
  g_test_add_func ("/pairs/people", test_people);
  g_test_add_func ("/pairs/past", test_past);
  g_test_add_func ("/pairs/many", test_many);
  g_test_add_func ("/pairs/spaces", test_spaces);
  g_test_add_func ("/pairs/bad-spaces", test_bad_spaces);
  int failed = g_test_run ();
  pairs_free (pairs);
  notices_free (notices);
  agents_free (agents);
  town_close (&town);
  policy_free (package);
  return failed;
}
