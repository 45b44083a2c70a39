/* What a person may ask: filed once, decided once by the right department, carried out
 * together with its audit entry; and the copy, in which everything on record is. */
#include "audit/audit.h"
#include "demo/demo.h"
#include "policy/policy.h"
#include "rights/rights.h"
#include "support.h"

#include <locale.h>
#include <pthread.h>
#include <string.h>

static Registry *registry;
static const RegistrySchema *schema;
static Rights *rights;

static const AccessAccount one
    = { .name = "one", .role = ACCESS_RESIDENT, .subject = 1 },
    head = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县人社局" },
    other = { .name = "other", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" },
    steward = { .name = "steward", .role = ACCESS_STEWARD },
    window = { .name = "window", .role = ACCESS_COUNTER_CLERK, .department = "县人社局" };

static const RegistryAttribute *
attribute (const char *entity, const char *id)
{
  const RegistryAttribute *a = registry_entity_attribute (registry_schema_entity (schema, entity), id);
  g_assert_nonnull (a);
  return a;
}

/* A resident of the demo whom no other test uses. */
static AccessAccount
somebody (void)
{
  static gint64 number = 20;
  AccessAccount account = one;
  account.subject = subject_make (registry_schema_entity (schema, "resident"), number++);
  return account;
}

static char *
value_of (Subject subject, const RegistryAttribute *a)
{
  g_autoptr (Arena) arena = arena_new ();
  RegistryMoment now = { civil_today (), G_MAXINT64 };
  size_t n;
  const RegistryReading *reading = registry_read (registry, arena, subject, NULL, 0, now, NULL);
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  for (size_t i = 0; i < n; i++)
    if (facts[i]->attribute == a)
      return facts[i]->value.kind == FEEL_STRING
                 ? g_strndup (facts[i]->value.string.bytes, facts[i]->value.string.len)
                 : g_strdup ("?");
  g_assert_not_reached ();
}

static RightsAsk
ask_phone (const AccessAccount *who, const char *wanted)
{
  return (RightsAsk){ .kind = RIGHTS_CORRECT,
                      .subject = who->subject,
                      .attribute = attribute ("resident", "phone"),
                      .wanted = wanted,
                      .since = REGISTRY_EVER,
                      .reason = "换了号码" };
}

static gint64
file (const AccessAccount *who, const RightsAsk *ask, const char *key)
{
  GError *error = NULL;
  gint64 id = rights_file (rights, who, ask, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static void
file_fails (const AccessAccount *who, const RightsAsk *ask, const char *key, FaultCode code,
            const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (rights_file (rights, who, ask, key, &error), ==, 0);
  g_assert_error (error, FAULT, (int)code);
  if (!strstr (error->message, words))
    g_error ("“%s” does not say “%s”", error->message, words);
}

static void
decide (const AccessAccount *who, gint64 id, bool accept, const char *answer, const char *key)
{
  GError *error = NULL;
  rights_decide (rights, who, id, &(RightsDecision){ accept, answer }, key, &error);
  g_assert_no_error (error);
}

static void
decide_fails (const AccessAccount *who, gint64 id, bool accept, const char *answer, const char *key,
              FaultCode code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (rights_decide (rights, who, id, &(RightsDecision){ accept, answer }, key, &error));
  g_assert_error (error, FAULT, (int)code);
  if (!strstr (error->message, words))
    g_error ("“%s” does not say “%s”", error->message, words);
}

static gint64
log_size (void)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const AuditRecord *newest
      = audit_entries (registry_store (registry), arena, &(AuditFilter){ .limit = 1 }, &n, NULL);
  return n ? newest[0].number : 0;
}

/* ---- asking and deciding ------------------------------------------------- */

static void
test_accepted (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  const RegistryAttribute *phone = attribute ("resident", "phone");
  g_autofree char *before = value_of (who.subject, phone);
  RightsAsk ask = ask_phone (&who, "13900000001");
  gint64 logged = log_size (), id = file (&who, &ask, "accepted");
  g_assert_cmpint (log_size (), ==, logged + 1);
  const RightsRequest *r = rights_request (rights, arena, id, NULL);
  g_assert_cmpstr (r->said, ==, before);
  g_assert_cmpstr (r->wanted, ==, "13900000001");
  g_assert_cmpstr (r->department, ==, "县人社局");
  g_assert_cmpint (r->status, ==, RIGHTS_OPEN);
  g_autofree char *still = value_of (who.subject, phone);
  g_assert_cmpstr (still, ==, before);

  logged = log_size ();
  decide (&head, id, true, "已核对", "accept");
  g_assert_cmpint (log_size (), >, logged);
  g_autofree char *after = value_of (who.subject, phone);
  g_assert_cmpstr (after, ==, "13900000001");
  r = rights_request (rights, arena, id, NULL);
  g_assert_cmpint (r->status, ==, RIGHTS_ACCEPTED);
  g_assert_cmpstr (r->decided_by, ==, "head");
  g_assert_cmpstr (r->answer, ==, "已核对");
  size_t n;
  const RegistryRecord *records = registry_records (registry, arena, who.subject, &n, NULL);
  const RegistryRecord *last = &records[n - 1];
  g_assert_cmpint (last->batch, ==, r->batch);
  g_assert_cmpstr (last->source, ==, "县人社局");
  g_assert_cmpstr (last->actor, ==, "head");
  g_autofree char *evidence = g_strdup_printf ("correction request %" G_GINT64_FORMAT, id);
  g_assert_cmpstr (last->evidence, ==, evidence);
  g_assert_cmpuint (last->n, ==, 1);
  bool kept = false; /* the wrong value stands in the log as before */
  for (size_t i = 0; i + 1 < n; i++)
    for (size_t k = 0; k < records[i].n; k++)
      kept |= records[i].facts[k].attribute == phone
              && text_equal (records[i].facts[k].text, text_of (before));
  g_assert_true (kept);
}

static void
test_refused (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  g_autofree char *before = value_of (who.subject, attribute ("resident", "phone"));
  RightsAsk ask = ask_phone (&who, "13900000002");
  gint64 id = file (&who, &ask, "refused");
  decide_fails (&head, id, false, "  ", "r0", FAULT_INPUT, "the reason is missing");
  decide (&head, id, false, "号码不是本人的", "r1");
  g_autofree char *after = value_of (who.subject, attribute ("resident", "phone"));
  g_assert_cmpstr (after, ==, before);
  const RightsRequest *r = rights_request (rights, arena, id, NULL);
  g_assert_cmpint (r->status, ==, RIGHTS_REFUSED);
  g_assert_cmpint (r->batch, ==, 0);
  g_assert_cmpstr (r->answer, ==, "号码不是本人的");
  decide_fails (&steward, id, true, NULL, "r2", FAULT_CONFLICT, "refused by head");
}

static void
test_who_decides (void)
{
  AccessAccount who = somebody ();
  RightsAsk ask = ask_phone (&who, "13900000003");
  gint64 id = file (&who, &ask, "who");
  decide_fails (&other, id, true, NULL, "w1", FAULT_DENIED, "is decided by 县人社局");
  decide_fails (&window, id, true, NULL, "w2", FAULT_DENIED, "department's own people");
  decide_fails (&who, id, true, NULL, "w3", FAULT_DENIED, "department's own people");
  decide_fails (&head, 99999, true, NULL, "w4", FAULT_NOT_FOUND, "no request 99999");
  decide (&steward, id, true, NULL, "w5");
}

/* ---- once ------------------------------------------------------------------ */

static void
test_once (void)
{
  AccessAccount who = somebody (), neighbour = somebody ();
  neighbour.name = "neighbour";
  RightsAsk ask = ask_phone (&who, "13900000004"), changed = ask,
            theirs = ask_phone (&neighbour, "13900000004");
  changed.reason = "写错了";
  gint64 id = file (&who, &ask, "same");
  g_assert_cmpint (file (&who, &ask, "same"), ==, id);
  file_fails (&who, &changed, "same", FAULT_INPUT, "something else was sent from this form before");
  file_fails (&who, &changed, "another", FAULT_CONFLICT, "is still open");
  file_fails (&who, &changed, "", FAULT_INPUT, "no key");
  g_assert_cmpint (file (&neighbour, &theirs, "same"), !=, id); /* a key belongs to its actor */
  decide (&head, id, true, "好", "d");
  decide (&head, id, true, "好", "d"); /* sent again: nothing more happens */
  decide_fails (&head, id, false, "不好", "d", FAULT_INPUT, "something else was sent");
  g_assert_cmpint (file (&who, &ask, "same"), ==, id); /* also once it is decided */
}

typedef struct {
  const AccessAccount *who;
  gint64 id;
  char key[8];
  bool done;
  int code;
} Rival;

static void *
rival_decides (void *data)
{
  Rival *rival = data;
  g_autoptr (GError) error = NULL;
  rival->done
      = rights_decide (rights, rival->who, rival->id, &(RightsDecision){ true, NULL }, rival->key, &error);
  rival->code = error ? error->code : -1;
  return NULL;
}

/* One of eight wins, the others are told; the fact is stated once. */
static void
test_rivals (void)
{
  enum { N = 8 };
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  RightsAsk ask = ask_phone (&who, "13900000005");
  gint64 id = file (&who, &ask, "rivals");
  size_t before, after;
  registry_records (registry, arena, who.subject, &before, NULL);
  pthread_t threads[N];
  Rival rival[N];
  for (int i = 0; i < N; i++) {
    rival[i] = (Rival){ .who = i % 2 ? &head : &steward, .id = id };
    g_snprintf (rival[i].key, sizeof rival[i].key, "k%d", i);
    g_assert_cmpint (pthread_create (&threads[i], NULL, rival_decides, &rival[i]), ==, 0);
  }
  int winners = 0;
  for (int i = 0; i < N; i++) {
    pthread_join (threads[i], NULL);
    winners += rival[i].done;
    g_assert_cmpint (rival[i].code, ==, rival[i].done ? -1 : FAULT_CONFLICT);
  }
  g_assert_cmpint (winners, ==, 1);
  registry_records (registry, arena, who.subject, &after, NULL);
  g_assert_cmpuint (after, ==, before + 1);
}

/* ---- refused asks ---------------------------------------------------------- */

static void
test_asks (void)
{
  AccessAccount who = somebody (), neighbour = somebody ();
  g_autofree char *phone = value_of (who.subject, attribute ("resident", "phone"));
  g_autofree char *endless = g_strnfill (RIGHTS_TEXT_MAX + 1, 'x');
  RightsAsk ask = ask_phone (&who, "13900000006"), bad;
  file_fails (&neighbour, &ask, "a", FAULT_DENIED, "not about the person");
  file_fails (&head, &ask, "a", FAULT_DENIED, "for the person concerned");
  file_fails (NULL, &ask, "a", FAULT_DENIED, "for the person concerned");
  bad = ask, bad.reason = " \n";
  file_fails (&who, &bad, "a", FAULT_INPUT, "the reason is missing");
  bad = ask, bad.reason = endless;
  file_fails (&who, &bad, "a", FAULT_INPUT, "more than 2000 characters");
  bad = ask, bad.evidence = "\xff";
  file_fails (&who, &bad, "a", FAULT_INPUT, "the evidence is no valid UTF-8");
  bad = ask, bad.wanted = phone;
  file_fails (&who, &bad, "a", FAULT_INPUT, "on record already");
  bad = ask, bad.attribute = attribute ("resident", "sex"), bad.wanted = "龙";
  file_fails (&who, &bad, "a", FAULT_INPUT, "is not allowed: there are 男、女");
  bad = ask, bad.attribute = attribute ("resident", "work_history");
  file_fails (&who, &bad, "a", FAULT_INPUT, "not recorded of that subject");
  bad = ask, bad.attribute = attribute ("household", "size");
  file_fails (&who, &bad, "a", FAULT_INPUT, "not recorded of that subject");
}

/* What people write stays what they wrote, and does nothing. */
static void
test_hostile_texts (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  RightsAsk ask = ask_phone (&who, "'; DROP TABLE rights_request; --");
  ask.reason = "<script>alert(1)</script>";
  ask.evidence = "=HYPERLINK(\"http://example.invalid\")\\\"}";
  gint64 id = file (&who, &ask, "<'\">");
  decide (&head, id, true, "\"}],\"x\":[{\"", "&");
  g_autofree char *phone = value_of (who.subject, attribute ("resident", "phone"));
  g_assert_cmpstr (phone, ==, ask.wanted);
  const RightsRequest *r = rights_request (rights, arena, id, NULL);
  g_assert_cmpstr (r->reason, ==, ask.reason);
  g_assert_cmpstr (r->evidence, ==, ask.evidence);
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 0);
  const RightsCopy *copy = rights_copy (rights, arena, who.subject, NULL);
  g_assert_true (rights_copy_json (rights, copy, w, NULL));
  json_writer_free (w);
  GError *error = NULL;
  const JsonValue *parsed = json_parse (arena, (Text){ out->str, out->len }, "copy", &error);
  g_assert_no_error (error);
  const JsonValue *request = json_get (parsed, "requests")->elements[0];
  g_assert_cmpstr (json_string (json_get (request, "answer")), ==, r->answer);
}

/* ---- records about a person ------------------------------------------------ */

static void
test_work_spell (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *resident = registry_schema_entity (schema, "resident");
  const RegistryAttribute *history = attribute ("resident", "work_history");
  Subject spell = 0;
  AccessAccount who = one;
  size_t n;
  for (gint64 i = 1; !spell && i < 100; i++) {
    who.subject = subject_make (resident, i);
    const Subject *spells = registry_referrers (registry, arena, who.subject, history, &n, NULL);
    spell = n ? spells[0] : 0;
  }
  g_assert_cmpint (spell, !=, 0);
  AccessAccount neighbour = who;
  neighbour.subject++;
  RightsAsk ask = { .kind = RIGHTS_CORRECT,
                    .subject = spell,
                    .attribute = attribute ("work_spell", "started_on"),
                    .wanted = "1999-01-02",
                    .since = REGISTRY_EVER,
                    .reason = "日期不对" };
  file_fails (&neighbour, &ask, "spell", FAULT_DENIED, "not about the person");
  gint64 id = file (&who, &ask, "spell");
  decide (&head, id, true, NULL, "s");
  const RightsCopy *copy = rights_copy (rights, arena, who.subject, NULL);
  bool found = false;
  for (size_t i = 0; i < copy->n_parts; i++)
    for (size_t k = 0; copy->parts[i].subject == spell && k < copy->parts[i].n_facts; k++) {
      const RegistryProvenance *fact = copy->parts[i].facts[k];
      found |= fact->attribute == ask.attribute && fact->value.date == civil_to_day (1999, 1, 2);
    }
  g_assert_true (found);
}

/* ---- erasing ----------------------------------------------------------------- */

static char *
copy_json (Subject person)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  GString *out = g_string_new (NULL);
  const RightsCopy *copy = rights_copy (rights, arena, person, &error);
  g_assert_no_error (error);
  JsonWriter *w = json_writer_new (out, 0);
  g_assert_true (rights_copy_json (rights, copy, w, &error));
  json_writer_free (w);
  return g_string_free (out, FALSE);
}

/* Once granted, the value is in no record, and in no request about it. */
static void
test_erased (void)
{
  AccessAccount who = somebody ();
  RightsAsk ask = ask_phone (&who, "13977777777");
  gint64 id = file (&who, &ask, "e1");
  decide (&head, id, true, NULL, "e1");
  g_autofree char *before = copy_json (who.subject);
  g_assert_nonnull (strstr (before, "13977777777"));
  ask.kind = RIGHTS_ERASE;
  ask.wanted = NULL;
  id = file (&who, &ask, "e2");
  decide (&head, id, true, "不再需要", "e2");
  g_autofree char *after = copy_json (who.subject), *phone = value_of (who.subject, ask.attribute);
  g_assert_null (strstr (after, "13977777777"));
  g_assert_cmpstr (phone, ==, "?"); /* unknown */
  g_assert_nonnull (strstr (after, "\"kind\":\"erase\",\"status\":\"accepted\""));
  file_fails (&who, &ask, "e3", FAULT_INPUT, "nothing is on record");
}

/* ---- the copy ------------------------------------------------------------------ */

static char *
pdf_text (const GString *pdf)
{
  g_autofree char *folder = support_folder (), *path = g_build_filename (folder, "copy.pdf", NULL);
  g_assert_true (g_file_set_contents (path, pdf->str, (gssize)pdf->len, NULL));
  char *out;
  g_assert_cmpint (support_run ((const char *const[]){ "pdftotext", "-raw", "-x", "0", "-y", "0", "-W", "595",
                                                       "-H", "790", path, "-", NULL },
                                &out, NULL),
                   ==, 0);
  support_remove (folder);
  /* Cells wrap: what matters is that the characters are there in order. */
  char *to = out;
  for (const char *p = out; *p; p++)
    if (!g_ascii_isspace (*p))
      *to++ = *p;
  *to = '\0';
  return out;
}

static void
assert_has (const char *text, const char *part)
{
  g_autofree char *packed = g_strdup (part);
  char *to = packed;
  for (const char *p = part; *p; p++)
    if (!g_ascii_isspace (*p))
      *to++ = *p;
  *to = '\0';
  if (!strstr (text, packed))
    g_error ("“%s” is not in:\n%s", packed, text);
}

/* Every value that the log has of resident-1 and the records about them, in both forms. */
static void
test_copy (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) pdf = g_string_new (NULL);
  GError *error = NULL;
  Subject person = subject_make (registry_schema_entity (schema, "resident"), 1);
  AuditEntry read = {
    .act = AUDIT_READ, .actor = "clerk-x", .department = "县民政局", .subject = person, .purpose = "clause-23"
  };
  g_assert_true (audit_record (registry_store (registry), &read, NULL));
  const RightsCopy *copy = rights_copy (rights, arena, person, &error);
  g_assert_no_error (error);
  g_assert_true (rights_copy_pdf (rights, copy, "zh-CN", pdf, &error));
  g_assert_no_error (error);
  g_autofree char *paper = pdf_text (pdf), *json = copy_json (person);
  assert_has (paper, "县民政局 clerk-x");
  g_assert_nonnull (strstr (json, "clerk-x"));
  size_t values = 0;
  for (size_t p = 0; p < copy->n_parts; p++)
    for (size_t r = 0; r < copy->parts[p].n_records; r++)
      for (size_t f = 0; f < copy->parts[p].records[r].n; f++) {
        const RegistryFact *fact = &copy->parts[p].records[r].facts[f];
        const char *text = registry_fact_format (arena, schema, fact);
        assert_has (paper, fact->attribute->zh);
        assert_has (json, text ? text : "none");
        bool word = !text || fact->attribute->kind == REGISTRY_BOOLEAN;
        assert_has (paper, !text ? "无" : !word ? text : fact->integer ? "是" : "否");
        values++;
      }
  g_assert_cmpuint (values, >, 10);
  g_assert_cmpuint (copy->parts[0].n_facts, >, 20);
  for (size_t f = 0; f < copy->parts[0].n_facts; f++)
    assert_has (paper, copy->parts[0].facts[f]->attribute->zh);
  g_autoptr (GString) english = g_string_new (NULL);
  g_assert_true (rights_copy_pdf (rights, copy, "en", english, NULL));
  g_autofree char *words = pdf_text (english);
  assert_has (words, "My data: a copy of everything");
  assert_has (words, "Who read or changed it");
}

/* ---- time -------------------------------------------------------------------- */

static void
test_due (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  /* The calendar of one past year cannot say when twenty working days from now are over. */
  g_autoptr (Workdays) past
      = workdays_parse (TEXT_LITERAL ("date,name,kind\n2021-01-01,元旦,off\n"), "past", &error);
  g_assert_no_error (error);
  RightsTerms terms = { past, 20 };
  g_autoptr (Rights) blind = rights_open (registry, &terms, &error);
  g_assert_no_error (error);
  AccessAccount who = somebody (), neighbour = somebody ();
  RightsAsk ask = ask_phone (&who, "13900000009"), theirs = ask_phone (&neighbour, "13900000009");
  gint64 id = rights_file (blind, &who, &ask, "due", NULL);
  g_assert_cmpint (rights_request (rights, arena, id, NULL)->due, ==, 0);
  id = file (&neighbour, &theirs, "due 2");
  Day due = rights_request (rights, arena, id, NULL)->due;
  g_assert_cmpint (due, >=, civil_today () + 26); /* 20 working days are four weeks at least */
  g_assert_cmpint (due, <=, civil_today () + 40);
}

/* Three years after, by the schema's rule, the details of a reading go; newer ones stay. */
static void
test_erase_due (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Day today = civil_today ();
  AccessAccount who = somebody ();
  size_t loads; /* entries of the batches that brought this person's records */
  audit_entries_about (registry_store (registry), arena, who.subject, 0, 100, &loads, NULL);
  for (int years = 2; years <= 4; years++) {
    AuditEntry entry = { .at = (civil_add_months (today, -12 * years) * 86400 + 86400) * G_USEC_PER_SEC,
                         .act = AUDIT_READ,
                         .actor = "reader",
                         .subject = who.subject };
    g_assert_true (audit_record (registry_store (registry), &entry, NULL));
  }
  size_t n;
  GError *error = NULL;
  rights_erase_due (rights, &steward, today, 100, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  audit_entries_about (registry_store (registry), arena, who.subject, 0, 100, &n, NULL);
  g_assert_cmpuint (n, ==, loads + 2);
  rights_erase_due (rights, &steward, today, 100, &n, &error);
  g_assert_cmpuint (n, ==, 0);
}

static bool
put_notice (StoreConnection *db, gpointer data, GError **error)
{
  return notices_put (db, data, error);
}

/* What a person was told is in their copy, in both languages, and on paper; a neighbour's is not. */
static void
test_notices_in_copy (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  AccessAccount who = somebody (), neighbour = somebody ();
  g_autoptr (Notices) notices = notices_open (registry_store (registry), &error);
  g_assert_no_error (error);
  const NoticeWord words[]
      = { { "title", "样例消息甲", "Sample message one" }, { "text", "正文甲", "Text one" } };
  Notice notice = { .subject = who.subject, .kind = "message", .words = words, .n_words = 2 };
  g_assert_true (store_write (registry_store (registry), put_notice, &notice, &error));
  const AccessAccount *const askers[] = { &who, &neighbour };
  for (size_t i = 0; i < G_N_ELEMENTS (askers); i++) {
    g_autoptr (GString) json = g_string_new (NULL), pdf = g_string_new (NULL);
    RightsCopy *copy = rights_copy (rights, arena, askers[i]->subject, &error);
    g_assert_true (rights_copy_notices (copy, arena, notices, askers[i], &error));
    g_assert_cmpuint (copy->n_notices, ==, i == 0);
    JsonWriter *w = json_writer_new (json, 0);
    g_assert_true (rights_copy_json (rights, copy, w, &error));
    json_writer_free (w);
    g_assert_true (rights_copy_pdf (rights, copy, "zh-CN", pdf, &error));
    g_assert_no_error (error);
    g_autofree char *paper = pdf_text (pdf);
    g_assert_cmpint (strstr (json->str, "Sample message one") != NULL, ==, i == 0);
    g_assert_cmpint (strstr (paper, "正文甲") != NULL, ==, i == 0);
    g_assert_nonnull (strstr (json->str, "\"kept\":{\"years\":3"));
  }
}

static void
test_lists (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  RightsAsk ask = ask_phone (&who, "13900000010");
  gint64 first = file (&who, &ask, "l1");
  size_t n;
  RightsStatus open = RIGHTS_OPEN;
  const RightsRequest *own
      = rights_requests (rights, arena, &(RightsFilter){ .person = who.subject, .limit = 10 }, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (own[0].id, ==, first);
  const RightsRequest *queue = rights_requests (
      rights, arena, &(RightsFilter){ .department = "县人社局", .status = &open, .limit = 100 }, &n, NULL);
  g_assert_cmpuint (n, >, 0);
  for (size_t i = 0; i < n; i++) {
    g_assert_cmpstr (queue[i].department, ==, "县人社局");
    g_assert_cmpint (queue[i].status, ==, RIGHTS_OPEN);
    g_assert_true (!i || queue[i].id < queue[i - 1].id);
  }
  rights_requests (rights, arena, &(RightsFilter){ .department = "县林业局", .limit = 10 }, &n, NULL);
  g_assert_cmpuint (n, ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  g_autofree char *folder = support_folder (), *db = support_store (folder, "county.db");
  g_autofree char *policy = support_source ("policy/minhou-2021-81"),
                  *shares = support_source ("data/demo/minhou.yaml");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) package = policy_load (policy, faults, &error);
  g_assert_no_error (error);
  schema = policy_schema (package);
  DemoOptions size = { .residents = 200, .seed = 1 };
  demo_make_file (db, schema, shares, &size, NULL, &error);
  g_assert_no_error (error);
  registry = registry_open (db, 0, schema, &error);
  g_assert_no_error (error);
  RightsTerms terms = { policy_workdays (package), 20 };
  rights = rights_open (registry, &terms, &error);
  g_assert_no_error (error);
  g_test_add_func ("/rights/accepted", test_accepted);
  g_test_add_func ("/rights/refused", test_refused);
  g_test_add_func ("/rights/who decides", test_who_decides);
  g_test_add_func ("/rights/once", test_once);
  g_test_add_func ("/rights/rivals", test_rivals);
  g_test_add_func ("/rights/asks", test_asks);
  g_test_add_func ("/rights/hostile texts", test_hostile_texts);
  g_test_add_func ("/rights/work spell", test_work_spell);
  g_test_add_func ("/rights/erased", test_erased);
  g_test_add_func ("/rights/copy", test_copy);
  g_test_add_func ("/rights/due", test_due);
  g_test_add_func ("/rights/erase due", test_erase_due);
  g_test_add_func ("/rights/lists", test_lists);
  g_test_add_func ("/rights/notices in the copy", test_notices_in_copy);
  int status = g_test_run ();
  rights_free (rights);
  registry_close (registry);
  support_remove (folder);
  return status;
}
