/* Appending, listing, erasing and signing. */
#include <glib/gstdio.h>
#include <pthread.h>
#include "fixture.h"

/* "3 2 1": the numbers of what FILTER finds. */
static char *
find (Log *log, AuditFilter filter)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  filter.limit = filter.limit ? filter.limit : 100;
  const AuditRecord *records = audit_entries (log->store, arena, &filter, &n, &error);
  g_assert_no_error (error);
  GString *text = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (text, i ? " %" G_GINT64_FORMAT : "%" G_GINT64_FORMAT, records[i].number);
  return g_string_free (text, FALSE);
}

#define assert_finds(log, wanted, ...)                                                                       \
  do {                                                                                                       \
    g_autofree char *found = find ((log), (AuditFilter){ __VA_ARGS__ });                                     \
    g_assert_cmpstr (found, ==, (wanted));                                                                   \
  } while (0)

static void
test_list (Log *log, gconstpointer unused)
{
  g_autoptr (AuditSet) set = audit_set_new ();
  for (gint64 subject = 1; subject <= 5000; subject += 2)
    audit_set_add (set, subject);
  log_record (log, AUDIT_READ, "clerk", 7, NULL);
  log_record (log, AUDIT_READ, "clerk", 8, NULL);
  log_record (log, AUDIT_RUN, "civil", 0, set);
  log_record (log, AUDIT_WRITE, "civil", 7, NULL);
  log_record (log, AUDIT_LOGIN, "clerk", 0, NULL);
  AuditAct reads = AUDIT_READ, writes = AUDIT_WRITE;
  assert_finds (log, "5 4 3 2 1", .subject = 0);
  assert_finds (log, "4 3 1", .subject = 7);
  assert_finds (log, "3 1", .subject = 7, .before = 4);
  assert_finds (log, "4 3", .subject = 7, .limit = 2);
  assert_finds (log, "2", .subject = 8);
  assert_finds (log, "3", .subject = 4999);
  assert_finds (log, "", .subject = 5001);
  assert_finds (log, "5 2 1", .actor = "clerk");
  assert_finds (log, "2 1", .actor = "clerk", .act = &reads);
  assert_finds (log, "4", .act = &writes);
  assert_finds (log, "4", .subject = 7, .act = &writes);
  assert_finds (log, "4 3", .subject = 7, .actor = "civil");
  assert_finds (log, "2 1", .before = 3);
}

/* What comes back is what went in. */
static void
test_fields (Log *log, gconstpointer unused)
{
  GError *error = NULL;
  AuditEntry entry = { .at = 1700000000123456,
                       .act = AUDIT_EXPORT,
                       .actor = "os:root",
                       .role = "steward",
                       .department = "县人社局",
                       .subject = ((gint64)3 << 56) + 9,
                       .purpose = "steward",
                       .detail = "{\"rows\":3}" };
  audit_record (log->store, &entry, &error);
  g_assert_no_error (error);
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const AuditRecord *r = audit_entries_about (log->store, arena, entry.subject, 0, 10, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (r->number, ==, 1);
  g_assert_false (r->erased);
  g_assert_cmpint (r->entry.at, ==, entry.at);
  g_assert_cmpint (r->entry.act, ==, entry.act);
  g_assert_cmpstr (r->entry.actor, ==, entry.actor);
  g_assert_cmpstr (r->entry.role, ==, entry.role);
  g_assert_cmpstr (r->entry.department, ==, entry.department);
  g_assert_cmpint (r->entry.subject, ==, entry.subject);
  g_assert_cmpstr (r->entry.purpose, ==, entry.purpose);
  g_assert_cmpstr (r->entry.detail, ==, entry.detail);
}

static void
test_refused (Log *log, gconstpointer unused)
{
  g_autofree char *long_text = g_strnfill ((1 << 20) + 1, 'x');
  AuditEntry bad[] = { { .act = AUDIT_READ },
                       { .act = AUDIT_READ, .actor = "" },
                       { .act = AUDIT_READ, .actor = "\xff" },
                       { .act = AUDIT_READ, .actor = "a", .detail = "\xc0\x80" },
                       { .act = AUDIT_READ, .actor = "a", .purpose = long_text } };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (audit_record (log->store, &bad[i], &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
  }
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_leaf"), ==, 0);
}

/* ---- numbers without gaps ---------------------------------------------- */

static bool
append_two (StoreConnection *db, gpointer fail, GError **error)
{
  AuditEntry entry = { .act = AUDIT_WRITE, .actor = "a" };
  if (!audit_append (db, &entry, error) || !audit_append (db, &entry, error))
    return false;
  if (!fail)
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT, "not this time");
  return false;
}

static void
test_undone (Log *log, gconstpointer unused)
{
  for (int i = 0; i < 9; i++) {
    g_autoptr (GError) error = NULL;
    bool fail = i % 3 == 1;
    g_assert_true (store_write (log->store, append_two, GINT_TO_POINTER (fail), &error) == !fail);
  }
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_leaf"), ==, 12);
  g_assert_cmpint (log_query (log, "SELECT max(number) FROM audit_leaf"), ==, 12);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_detail"), ==, 12);
}

/* The same entry twice is two leaves, and nothing of a leaf can be guessed. */
static void
test_salts (Log *log, gconstpointer unused)
{
  GError *error = NULL;
  AuditEntry entry = { .at = 1, .act = AUDIT_READ, .actor = "clerk", .subject = 7 };
  for (int i = 0; i < 100; i++)
    audit_record (log->store, &entry, &error);
  g_assert_no_error (error);
  g_assert_cmpint (log_query (log, "SELECT count(DISTINCT salt) FROM audit_detail"), ==, 100);
  g_assert_cmpint (log_query (log, "SELECT count(DISTINCT hash) FROM audit_leaf"), ==, 100);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_detail WHERE length(salt) = 16"), ==, 100);
}

/* ---- erasing ----------------------------------------------------------- */

static void
test_erase (Log *log, gconstpointer unused)
{
  g_autoptr (AuditSet) set = audit_set_new ();
  audit_set_add (set, 7);
  audit_set_add (set, 9);
  log_record (log, AUDIT_READ, "clerk", 7, NULL);
  log_record (log, AUDIT_RUN, "clerk", 0, set);
  GError *error = NULL;
  audit_erase (log->store, 1, "auditor", "court order 3", &error);
  g_assert_no_error (error);
  audit_erase (log->store, 2, "auditor", "court order 3", &error);
  g_assert_no_error (error);
  assert_finds (log, "", .subject = 7);
  assert_finds (log, "4 3 2 1", .subject = 0);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_leaf"), ==, 4);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_detail"), ==, 2);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_member"), ==, 0);
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const AuditRecord *r = audit_entries (log->store, arena, &(AuditFilter){ .limit = 9 }, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (r[0].entry.detail, ==, "{\"entry\":2,\"reason\":\"court order 3\"}");
  g_assert_cmpstr (r[0].entry.actor, ==, "auditor");
  g_assert_true (r[2].erased && r[3].erased);
  static const struct {
    gint64 number;
    FaultCode code;
  } refused[] = { { 1, FAULT_NOT_FOUND }, { 3, FAULT_CONFLICT }, { 99, FAULT_NOT_FOUND } };
  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_assert_false (audit_erase (log->store, refused[i].number, "auditor", "", &error));
    g_assert_error (error, FAULT, (int)refused[i].code);
    g_clear_error (&error);
  }
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_leaf"), ==, 4);
}

/* ---- signing ----------------------------------------------------------- */

/* The newest head outside has SIZE entries, here and there the same note. */
static void
assert_outside (Log *log, gint64 size)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n, n_keys;
  const AuditHead *heads = audit_heads (log->store, arena, 1, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  AuditNote here, outside;
  bool found;
  g_assert_true (audit_note_parse (arena, text_of (heads->note), &here));
  audit_outside_newest (arena, log->heads, here.statement.log, &outside, &found, &error);
  g_assert_no_error (error);
  g_assert_true (found);
  g_assert_cmpint (outside.statement.size, ==, size);
  g_assert_true (text_equal (here.note, outside.note));
  const char *text = audit_public_keys (log->store, arena, &error);
  g_assert_no_error (error);
  g_autofree char *published_at = g_strconcat (log->key, ".pub", NULL);
  g_autofree char *published = support_read (published_at, NULL);
  g_assert_cmpstr (text, ==, published);
  const AuditKey *keys = audit_keys_parse (arena, text_of (text), "keys", &n_keys, &error);
  g_assert_no_error (error);
  g_assert_true (audit_note_verify (&here, keys, n_keys) == keys);
}

/* Entries that were committed before a crash are signed at the next start. */
static void
test_sign (Log *log, gconstpointer unused)
{
  log_sign (log);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_head"), ==, 0);
  for (int n = 1; n <= 700; n += 233) {
    for (int i = 0; i < 233; i++)
      log_record (log, AUDIT_READ, "clerk", 7, NULL);
    log_sign (log);
    assert_outside (log, n + 232);
    log_sign (log); /* nothing came */
  }
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_head"), ==, 4);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_node"), ==, 3);
  struct stat about;
  g_assert_cmpint (g_stat (log->key, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);
}

/* A place that cannot be written is told, and gets everything once it can. */
static void
test_outside_trouble (Log *log, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *place = g_build_filename (log->folder, "away", "heads", NULL);
  g_free (log->heads);
  log->heads = g_steal_pointer (&place);
  AuditOptions options = { .key_file = log->key, .heads = log->heads };
  log_record (log, AUDIT_READ, "clerk", 7, NULL);
  g_assert_false (audit_sign (log->store, &options, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_clear_error (&error);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_head"), ==, 1);
  g_autofree char *folder = g_path_get_dirname (log->heads);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  log_record (log, AUDIT_READ, "clerk", 7, NULL);
  log_sign (log);
  assert_outside (log, 2);
  g_autofree char *kept = support_read (log->heads, NULL);
  g_autoptr (Arena) arena = arena_new ();
  size_t n, broken;
  unsigned line;
  audit_notes_parse (arena, text_of (kept), &n, &broken, &line);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (broken, ==, 0);
}

/* ---- many at once ------------------------------------------------------ */

enum { THREADS = 8, EACH = 60 };

static gpointer
record_many (gpointer data)
{
  Log *log = data;
  for (int i = 0; i < EACH; i++)
    log_record (log, AUDIT_READ, "clerk", 1 + i, NULL);
  return NULL;
}

/* Appends from many threads, while the signer signs as fast as it can. */
static void
test_threads (Log *log, gconstpointer unused)
{
  GError *error = NULL;
  AuditOptions options = { .key_file = log->key, .heads = log->heads, .interval = 1 };
  Audit *audit = audit_start (log->store, &options, &error);
  g_assert_no_error (error);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, record_many, log), ==, 0);
  for (int i = 0; i < THREADS; i++)
    pthread_join (threads[i], NULL);
  audit_stop (audit);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_leaf"), ==, THREADS * EACH);
  g_assert_cmpint (log_query (log, "SELECT max(number) FROM audit_leaf"), ==, THREADS * EACH);
  g_assert_cmpint (log_query (log, "SELECT max(size) FROM audit_head"), ==, THREADS * EACH);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_head"), >, 1);
  g_assert_cmpint (log_query (log, "SELECT count(*) FROM audit_node"), ==, THREADS * EACH / AUDIT_GROUP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, run) g_test_add ("/audit/log/" name, Log, NULL, log_open, run, log_close)
  ADD ("list", test_list);
  ADD ("fields", test_fields);
  ADD ("refused", test_refused);
  ADD ("undone", test_undone);
  ADD ("salts", test_salts);
  ADD ("erase", test_erase);
  ADD ("sign", test_sign);
  ADD ("outside-trouble", test_outside_trouble);
  ADD ("threads", test_threads);
  return g_test_run ();
}
