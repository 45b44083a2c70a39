/* Proof bundles: every entry to every head, and nothing changed passes. */
#include "fixture.h"

static const char *
keys_of (Log *log)
{
  static char *kept;
  g_autofree char *path = g_strconcat (log->key, ".pub", NULL);
  g_free (kept);
  kept = support_read (path, NULL);
  return kept;
}

static bool
passes (Log *log, const char *json, char **says)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  const char *words;
  bool ok = audit_proof_check (arena, text_of (json), "proof.json", keys_of (log), &words, &error);
  g_assert_true (ok == !error);
  if (error)
    g_assert_error (error, FAULT, FAULT_INPUT);
  if (says)
    *says = g_strdup (ok ? words : error->message);
  return ok;
}

static char *
prove (Log *log, gint64 number, gint64 subject, bool earliest)
{
  GError *error = NULL;
  GString *json = g_string_new (NULL);
  audit_proof_json (log->store, number, subject, earliest, json, &error);
  g_assert_no_error (error);
  return g_string_free (json, FALSE);
}

/* Entries and heads that end at many sizes, across the stored nodes' borders. */
static void
fill (Log *log, int n)
{
  for (int i = 1; i <= n; i++) {
    log_record (log, AUDIT_READ, "clerk", i, NULL);
    if (i == 1 || i == 2 || i == 3 || i % 101 == 0 || i == 256 || i == 512 || i == n)
      log_sign (log);
  }
}

static void
test_every (Log *log, gconstpointer unused)
{
  enum { N = 600 };
  fill (log, N);
  for (gint64 number = 1; number <= N; number++) {
    g_autofree char *latest = prove (log, number, number, false);
    g_autofree char *earliest = prove (log, number, number, true);
    g_assert_true (passes (log, latest, NULL));
    g_assert_true (passes (log, earliest, NULL));
  }
}

/* Between any two heads. */
static void
test_growth (Log *log, gconstpointer unused)
{
  fill (log, 600);
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  const AuditHead *heads = audit_heads (log->store, arena, 100, &n, &error);
  g_assert_cmpuint (n, ==, 11);
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++) {
      g_autoptr (GString) json = g_string_new (NULL);
      audit_consistency_json (log->store, heads[j].size, heads[i].size, json, &error);
      g_assert_no_error (error);
      g_assert_true (passes (log, json->str, NULL));
    }
  g_autoptr (GString) json = g_string_new (NULL);
  audit_consistency_json (log->store, 3, 0, json, &error);
  g_assert_no_error (error);
  g_autofree char *says = NULL;
  g_assert_true (passes (log, json->str, &says));
  g_assert_nonnull (strstr (says, "the 3 entries of the first head are the first of the 600"));
  g_assert_false (audit_consistency_json (log->store, 4, 0, json, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (audit_consistency_json (log->store, 256, 3, json, &error));
  g_assert_error (error, FAULT, FAULT_USAGE);
  g_clear_error (&error);
}

/* One character of a proof changed: whatever still reads as a proof says the same. */
static void
refuse_changes (Log *log, const char *json)
{
  g_autofree char *wanted = NULL;
  g_assert_true (passes (log, json, &wanted));
  size_t len = strlen (json), refused = 0;
  for (size_t i = 0; i < len; i++) {
    g_autofree char *changed = g_strdup (json);
    changed[i] = changed[i] == '7' ? '8' : '7';
    g_autofree char *says = NULL;
    if (!passes (log, changed, &says))
      refused++;
    else
      g_assert_cmpstr (says, ==, wanted);
  }
  g_assert_cmpuint (refused, >, len * 3 / 4); /* the rest is blanks */
}

static void
test_changed (Log *log, gconstpointer unused)
{
  fill (log, 20);
  g_autoptr (AuditSet) set = audit_set_new ();
  for (gint64 subject = 3; subject < 40; subject += 3)
    audit_set_add (set, subject);
  log_record (log, AUDIT_RUN, "civil", 0, set);
  log_sign (log);
  g_autofree char *single = prove (log, 7, 7, false);
  refuse_changes (log, single);
  g_autofree char *member = prove (log, 21, 9, false);
  refuse_changes (log, member);
  g_autoptr (GString) growth = g_string_new (NULL);
  GError *error = NULL;
  audit_consistency_json (log->store, 3, 0, growth, &error);
  g_assert_no_error (error);
  refuse_changes (log, growth->str);
}

static void
test_members (Log *log, gconstpointer unused)
{
  g_autoptr (AuditSet) set = audit_set_new ();
  for (gint64 subject = 1; subject <= 9000; subject += 3)
    audit_set_add (set, subject);
  log_record (log, AUDIT_RUN, "civil", 0, set);
  log_sign (log);
  g_autofree char *says = NULL;
  g_autofree char *json = prove (log, 1, 4, false);
  g_assert_true (passes (log, json, &says));
  g_assert_nonnull (strstr (says, "about 3000 subjects, subject 4 among them, for clause-15"));
  /* Nothing in it leads to another member: neither the set's salt nor a block of bits. */
  g_assert_null (strstr (json, "members_salt"));
  g_assert_cmpuint (strlen (json), <, 4000);
  GError *error = NULL;
  g_autoptr (GString) none = g_string_new (NULL);
  g_assert_false (audit_proof_json (log->store, 1, 5, false, none, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_erased (Log *log, gconstpointer unused)
{
  fill (log, 5);
  GError *error = NULL;
  g_autofree char *before = prove (log, 3, 0, false);
  audit_erase (log->store, 3, "auditor", "court order", &error);
  g_assert_no_error (error);
  log_sign (log);
  g_autofree char *says = NULL;
  g_autofree char *after = prove (log, 3, 0, false);
  g_assert_true (passes (log, after, &says));
  g_assert_nonnull (strstr (says, "Its details were erased"));
  g_assert_null (strstr (after, "salt"));
  /* Who kept the details can still prove them. */
  g_assert_true (passes (log, before, NULL));
}

static void
test_refused (Log *log, gconstpointer unused)
{
  fill (log, 3);
  log_record (log, AUDIT_READ, "clerk", 4, NULL);
  static const struct {
    gint64 number, subject;
    FaultCode code;
  } cases[] = {
    { 4, 0, FAULT_CONFLICT }, { 5, 0, FAULT_NOT_FOUND }, { 0, 0, FAULT_NOT_FOUND }, { 1, 2, FAULT_NOT_FOUND }
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    GError *error = NULL;
    g_autoptr (GString) json = g_string_new (NULL);
    g_assert_false (audit_proof_json (log->store, cases[i].number, cases[i].subject, false, json, &error));
    g_assert_error (error, FAULT, (int)cases[i].code);
    g_clear_error (&error);
  }
  static const char *const bundles[] = { "", "{}", "[]", "{\"format\":\"liudong-audit-proof-1\"}",
                                         "{\"format\":\"liudong-audit-consistency-1\",\"first\":3}" };
  for (size_t i = 0; i < G_N_ELEMENTS (bundles); i++)
    g_assert_false (passes (log, bundles[i], NULL));
}

/* A head that another key has signed is not believed. */
static void
test_other_key (Log *log, gconstpointer algorithm)
{
  fill (log, 3);
  Log other;
  log_open (&other, algorithm);
  fill (&other, 3);
  g_autofree char *json = prove (log, 2, 0, false);
  g_autofree char *says = NULL;
  g_assert_false (passes (&other, json, &says));
  g_assert_nonnull (strstr (says, "not signed by a key that you trust"));
  log_close (&other, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, algorithm, run)                                                                            \
  g_test_add ("/audit/proof/" name, Log, GINT_TO_POINTER (algorithm), log_open, run, log_close)
  ADD ("every/sha-256", AUDIT_SHA256, test_every);
  ADD ("every/sm3", AUDIT_SM3, test_every);
  ADD ("growth", AUDIT_SHA256, test_growth);
  ADD ("changed", AUDIT_SM3, test_changed);
  ADD ("members", AUDIT_SHA256, test_members);
  ADD ("erased", AUDIT_SHA256, test_erased);
  ADD ("refused", AUDIT_SHA256, test_refused);
  ADD ("other-key", AUDIT_SHA256, test_other_key);
  return g_test_run ();
}
