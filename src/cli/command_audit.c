/* liudong audit: verify the log, list it, prove entries of it. */
#include "audit_files.h"
#include "cli.h"
#include "notices/notices.h"
#include "progress.h"
#include "rights/rights.h"

#include <stdio.h>
#include <unistd.h>

typedef struct {
  char *db, *format;
  AuditFiles files;
  char *head, *key;      /* verify */
  char *check, *subject; /* proof; list */
  gint64 entry, from, to, before, limit;
  gboolean earliest, due;
  char *actor, *act, *policy; /* list */
  char *reason, *hash;        /* erase; init */
} Options;

static const char *
database_of (const Options *o)
{
  return o->db ? o->db : "var/county.db";
}

static Store *
open_log (const Options *o, StoreFlags flags, GError **error)
{
  return store_open (database_of (o), flags, NULL, 0, error);
}

static bool
wants_json (const Options *o, GError **error)
{
  if (o->format && !g_str_equal (o->format, "json") && !g_str_equal (o->format, "text"))
    g_set_error (error, FAULT, FAULT_USAGE, "--format is text or json, not \"%s\"", o->format);
  return o->format && g_str_equal (o->format, "json");
}

/* ---- verify ------------------------------------------------------------ */

static const char *const fault_ids[]
    = { "truncated",     "entry-missing",   "details-missing", "details-changed", "leaf-changed", "reordered",
        "entry-changed", "members-changed", "node-changed",    "head-changed",    "other-log" };

static void
print_report (const Options *o, const AuditReport *report)
{
  for (size_t i = 0; i < report->n; i++)
    printf ("%s: %s\n", fault_ids[report->findings[i].fault], report->findings[i].message);
  printf ("%s: %" G_GINT64_FORMAT " entries, %" G_GINT64_FORMAT " erased; %" G_GINT64_FORMAT
          " heads here, %" G_GINT64_FORMAT " outside; signed up to entry %" G_GINT64_FORMAT "; %s\n",
          report->log, report->entries, report->erased, report->heads, report->outside_heads, report->covered,
          report->n ? "CHANGED" : "whole");
  if (!o->head)
    fputs ("note: without --head FILE, heads kept elsewhere, a log that was made anew is not told from the "
           "old one\n",
           stderr);
  if (!o->key)
    fputs ("note: without --key FILE the database's own public key is believed\n", stderr);
}

static void
print_report_json (const AuditReport *report)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  json_begin_object (w);
  json_member_str (w, "log", report->log);
  json_member_int (w, "entries", report->entries);
  json_member_int (w, "erased", report->erased);
  json_member_int (w, "heads", report->heads);
  json_member_int (w, "outside_heads", report->outside_heads);
  json_member_int (w, "signed", report->covered);
  json_member_bool (w, "whole", report->n == 0);
  json_key (w, "findings");
  json_begin_array (w);
  for (size_t i = 0; i < report->n; i++) {
    json_begin_object (w);
    json_member_str (w, "fault", fault_ids[report->findings[i].fault]);
    json_member_int (w, "number", report->findings[i].number);
    json_member_str (w, "message", report->findings[i].message);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  json_writer_free (w);
  puts (out->str);
}

static int
run_verify (const Options *o)
{
  GError *error = NULL;
  bool json = wants_json (o, &error);
  g_autoptr (Store) store = error ? NULL : open_log (o, STORE_READ_ONLY, &error);
  if (!store)
    return cli_fail ("audit verify", error);
  g_autoptr (Arena) arena = arena_new ();
  CliProgress bar;
  AuditReport report;
  AuditVerifying what = { o->head, o->key, cli_progress_step, &bar };
  cli_progress_start (&bar, "verifying");
  bool ok = audit_verify (store, arena, &what, &report, &error);
  cli_progress_end (&bar);
  if (!ok)
    return cli_fail ("audit verify", error);
  if (json)
    print_report_json (&report);
  else
    print_report (o, &report);
  return report.n ? CLI_NO : CLI_DONE;
}

/* ---- subjects ---------------------------------------------------------- */

/* A subject as the package names it ("resident-1"), or its bare number. */
static bool
parse_subject (const RegistrySchema *schema, const char *text, gint64 *subject, GError **error)
{
  guint64 number;
  if (schema && registry_subject_parse (schema, text_of (text), subject))
    return true;
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &number, NULL)) {
    *subject = (gint64)number;
    return true;
  }
  g_set_error (error, FAULT, FAULT_USAGE, "--subject \"%s\" is no subject; write resident-1, household-1 …",
               text);
  return false;
}

/* ---- proof ------------------------------------------------------------- */

static int
check_proof (const Options *o)
{
  g_autofree char *json = NULL, *keys = NULL;
  gsize len;
  GError *error = NULL;
  if (!o->key)
    return cli_fail ("audit proof",
                     g_error_new (FAULT, FAULT_USAGE,
                                  "--check needs --key FILE, the log's public key from a place you trust"));
  if (!g_file_get_contents (o->check, &json, &len, &error)
      || !g_file_get_contents (o->key, &keys, NULL, &error))
    return cli_fail ("audit proof", error);
  g_autoptr (Arena) arena = arena_new ();
  const char *says;
  if (audit_proof_check (arena, (Text){ json, len }, o->check, keys, &says, &error)) {
    puts (says);
    return CLI_DONE;
  }
  fprintf (stderr, "liudong audit proof: %s\n", error->message);
  g_error_free (error);
  return CLI_NO;
}

static int
run_proof (const Options *o)
{
  if (o->check)
    return check_proof (o);
  int status;
  GError *error = NULL;
  gint64 subject = 0;
  g_autoptr (PolicyPackage) package
      = o->subject ? cli_load_package ("audit proof", o->policy, &status) : NULL;
  if (o->subject && !package)
    return status;
  if (!o->entry == !o->from)
    g_set_error (
        &error, FAULT, FAULT_USAGE,
        "name the entry by --entry N, or two heads by --from SIZE --to SIZE, or a proof by --check FILE");
  if (error || (o->subject && !parse_subject (policy_schema (package), o->subject, &subject, &error)))
    return cli_fail ("audit proof", error);
  g_autoptr (Store) store = open_log (o, STORE_READ_ONLY, &error);
  g_autoptr (GString) out = g_string_new (NULL);
  if (!store
      || !(o->entry ? audit_proof_json (store, o->entry, subject, o->earliest, out, &error)
                    : audit_consistency_json (store, o->from, o->to, out, &error)))
    return cli_fail ("audit proof", error);
  puts (out->str);
  return CLI_DONE;
}

/* ---- list -------------------------------------------------------------- */

static const char *
shown_subject (Arena *arena, const RegistrySchema *schema, gint64 subject)
{
  return registry_subject_entity (schema, subject) ? registry_subject_format (arena, schema, subject)
                                                   : arena_printf (arena, "%" G_GINT64_FORMAT, subject);
}

static void
print_record (const AuditRecord *r, Arena *arena, const RegistrySchema *schema)
{
  const AuditEntry *e = &r->entry;
  if (r->erased) {
    printf ("%" G_GINT64_FORMAT "  erased\n", r->number);
    return;
  }
  char at[CIVIL_TEXT_MAX];
  printf ("%" G_GINT64_FORMAT "  %s  %s  %s", r->number, instant_format (e->at / G_USEC_PER_SEC, at),
          audit_act_id (e->act), e->actor);
  if (e->department)
    printf (" (%s)", e->department);
  if (e->subject)
    printf ("  %s", shown_subject (arena, schema, e->subject));
  if (r->n_subjects)
    printf ("  %" G_GINT64_FORMAT " subjects", r->n_subjects);
  if (e->purpose)
    printf ("  for %s", e->purpose);
  printf ("%s%s\n", e->detail ? "  " : "", e->detail ? e->detail : "");
}

static void
write_record (JsonWriter *w, const AuditRecord *r, Arena *arena, const RegistrySchema *schema)
{
  const AuditEntry *e = &r->entry;
  char at[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_int (w, "number", r->number);
  json_member_bool (w, "erased", r->erased);
  if (!r->erased) {
    json_member_str (w, "at", instant_format (e->at / G_USEC_PER_SEC, at));
    json_member_str (w, "act", audit_act_id (e->act));
    json_member_str (w, "actor", e->actor);
    json_member_str (w, "role", e->role);
    json_member_str (w, "department", e->department);
    json_member_str (w, "subject", e->subject ? shown_subject (arena, schema, e->subject) : NULL);
    json_member_int (w, "subjects", r->n_subjects);
    json_member_str (w, "purpose", e->purpose);
    json_member_str (w, "detail", e->detail);
  }
  json_end_object (w);
}

static void
print_records (const AuditRecord *records, size_t n, bool json, Arena *arena, const RegistrySchema *schema)
{
  if (!json) {
    for (size_t i = 0; i < n; i++)
      print_record (&records[i], arena, schema);
    return;
  }
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    write_record (w, &records[i], arena, schema);
  json_end_array (w);
  json_writer_free (w);
  puts (out->str);
}

static bool
read_filter (const Options *o, const RegistrySchema *schema, AuditFilter *filter, AuditAct *act,
             GError **error)
{
  *filter = (AuditFilter){ .actor = o->actor, .before = o->before, .limit = (size_t)o->limit };
  if (o->limit < 1)
    g_set_error (error, FAULT, FAULT_USAGE, "--limit is a whole number from 1");
  else if (o->act && !audit_act_parse (o->act, act))
    g_set_error (
        error, FAULT, FAULT_USAGE,
        "--act \"%s\" is none; there are read, refused, search, run, write, export, login, login-refused, "
        "grant, admin, erase",
        o->act);
  else if (!o->subject || parse_subject (schema, o->subject, &filter->subject, error)) {
    filter->act = o->act ? act : NULL;
    return true;
  }
  return false;
}

static int
run_list (const Options *o)
{
  int status;
  GError *error = NULL;
  AuditFilter filter;
  AuditAct act;
  g_autoptr (PolicyPackage) package = cli_load_package ("audit list", o->policy, &status);
  if (!package)
    return status;
  const RegistrySchema *schema = policy_schema (package);
  bool json = wants_json (o, &error);
  g_autoptr (Store) store = !error && read_filter (o, schema, &filter, &act, &error)
                                ? open_log (o, STORE_READ_ONLY, &error)
                                : NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const AuditRecord *records = store ? audit_entries (store, arena, &filter, &n, &error) : NULL;
  if (!records)
    return cli_fail ("audit list", error);
  print_records (records, n, json, arena, schema);
  return CLI_DONE;
}

/* ---- heads and keys ---------------------------------------------------- */

/* The oldest first, as they stand in a file kept outside. */
static int
run_heads (const Options *o)
{
  GError *error = NULL;
  g_autoptr (Store) store = open_log (o, STORE_READ_ONLY, &error);
  g_autoptr (Arena) arena = arena_new ();
  size_t n = 0;
  const AuditHead *heads
      = store ? audit_heads (store, arena, o->limit > 0 ? (size_t)o->limit : 1, &n, &error) : NULL;
  if (!heads)
    return cli_fail ("audit heads", error);
  for (size_t i = n; i > 0; i--)
    printf ("%s\n", heads[i - 1].note);
  return CLI_DONE;
}

static int
run_key (const Options *o)
{
  GError *error = NULL;
  g_autoptr (Store) store = open_log (o, STORE_READ_ONLY, &error);
  g_autoptr (Arena) arena = arena_new ();
  const char *keys = store ? audit_public_keys (store, arena, &error) : NULL;
  if (!keys)
    return cli_fail ("audit key", error);
  fputs (keys, stdout);
  return CLI_DONE;
}

static int
run_sign (const Options *o)
{
  GError *error = NULL;
  AuditFiles files = { g_strdup (o->files.key), g_strdup (o->files.heads) };
  audit_files_complete (&files, database_of (o));
  AuditOptions options = { .key_file = files.key, .heads = files.heads };
  g_autoptr (Store) store = open_log (o, 0, &error);
  bool ok = store && audit_sign (store, &options, &error);
  audit_files_clear (&files);
  return ok ? CLI_DONE : cli_fail ("audit sign", error);
}

enum { DUE_AT_ONCE = 10000 };

/* Texts of notices that the package's rule no longer lets be kept. */
static int
erase_notices (Registry *registry, const AccessAccount *who)
{
  GError *error = NULL;
  const RegistryRetention *rule = registry_notices_retention (registry_schema (registry));
  if (!rule || !rule->years)
    return CLI_DONE;
  g_autoptr (Notices) notices = notices_open (registry_store (registry), &error);
  gint64 instant = (gint64)civil_add_months (civil_today (), -12 * (gint64)rule->years) * 86400 - 8 * 3600;
  size_t all = 0, n = NOTICES_ERASE_STEP;
  while (notices && n == NOTICES_ERASE_STEP
         && notices_erase_before (notices, who, instant, rule->reason_en, &n, &error))
    all += n;
  if (error)
    return cli_fail ("audit erase", error);
  printf ("%zu notices older than %d years erased: %s\n", all, rule->years, rule->reason_zh);
  return CLI_DONE;
}

/* What the package's rules for the log and for notices no longer let be kept. */
static int
erase_due (const Options *o)
{
  int status;
  GError *error = NULL;
  size_t n = 0;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (PolicyPackage) package = cli_load_package ("audit erase", o->policy, &status);
  if (!package)
    return status;
  g_autoptr (Registry) registry = registry_open (database_of (o), 0, policy_schema (package), &error);
  g_autoptr (Rights) rights = registry ? rights_open (registry, &(RightsTerms){ 0 }, &error) : NULL;
  const RegistryRetention *rule = registry_log_retention (policy_schema (package));
  if (!rights
      || !rights_erase_due (rights, access_operator (arena, NULL), civil_today (), DUE_AT_ONCE, &n, &error))
    return cli_fail ("audit erase", error);
  if (rule && rule->years)
    printf ("%zu entries older than %d years erased: %s\n", n, rule->years, rule->reason_zh);
  else
    puts ("nothing erased: registry.yaml has no rule of so many years for \"log\"");
  return erase_notices (registry, access_operator (arena, NULL));
}

static int
run_init (const Options *o)
{
  GError *error = NULL;
  bool sm3 = g_strcmp0 (o->hash, "sm3") == 0;
  if (!sm3 && g_strcmp0 (o->hash, "sha-256") != 0)
    g_set_error (&error, FAULT, FAULT_USAGE, "--hash is sha-256 or sm3");
  g_autoptr (Store) store = error ? NULL : open_log (o, STORE_CREATE, &error);
  if (!store || !audit_migrate (store, &error)
      || !audit_choose_algorithm (store, sm3 ? AUDIT_SM3 : AUDIT_SHA256, &error))
    return cli_fail ("audit init", error);
  return CLI_DONE;
}

static int
run_erase (const Options *o)
{
  GError *error = NULL;
  if (o->due)
    return erase_due (o);
  if (o->entry < 1 || !o->reason)
    g_set_error (&error, FAULT, FAULT_USAGE, "--entry N and --reason TEXT are needed, or --due");
  g_autoptr (Store) store = error ? NULL : open_log (o, 0, &error);
  g_autofree char *actor = g_strconcat ("os:", g_get_user_name (), NULL);
  if (!store || !audit_erase (store, o->entry, actor, o->reason, &error))
    return cli_fail ("audit erase", error);
  return CLI_DONE;
}

/* ---- the command ------------------------------------------------------- */

enum { VERIFY = 1, PROOF = 2, LIST = 4, HEADS = 8, KEY = 16, SIGN = 32, ERASE = 64, INIT = 128 };

static const struct {
  const char *name;
  int bit;
  int (*run) (const Options *o);
  const char *help;
} verbs[] = {
  { "verify", VERIFY, run_verify,
    "Compute the whole log anew and compare it with its signed heads.\n"
    "Exit status 1 when anything was changed, with the first place that is wrong." },
  { "proof", PROOF, run_proof,
    "Prove that an entry stands in the log (--entry), or that a head continues another\n(--from, --to), as "
    "JSON; or "
    "check such a proof without the database (--check)." },
  { "list", LIST, run_list, "List entries, the newest first." },
  { "heads", HEADS, run_heads, "Print signed heads, to be kept elsewhere." },
  { "key", KEY, run_key, "Print the public keys that have signed." },
  { "sign", SIGN, run_sign, "Sign what came since the last head, where no server runs." },
  { "init", INIT, run_init, "Begin the log of a new database with SM3, before its first entry." },
  { "erase", ERASE, run_erase,
    "Forget an entry's details (--entry), or those of all that the package no longer lets be\nkept (--due); "
    "that they stood there stays provable." },
};

typedef struct {
  int verbs;
  GOptionEntry entry;
} VerbOption;

/* The options of the verb with BIT, ended as GOption wants it. */
static GOptionEntry *
options_of (int bit, const VerbOption *options, size_t n)
{
  GOptionEntry *entries = g_new0 (GOptionEntry, n + 1);
  for (size_t i = 0, k = 0; i < n; i++)
    if (options[i].verbs & bit)
      entries[k++] = options[i].entry;
  return entries;
}

static void
clear (Options *o)
{
  char *const texts[] = { o->db,    o->format, o->head,   o->key,    o->check, o->subject,
                          o->actor, o->act,    o->policy, o->reason, o->hash };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  audit_files_clear (&o->files);
}

static int
run_verb (size_t verb, int argc, char **argv)
{
  Options o = { .limit = verbs[verb].bit == LIST ? 50 : 1 };
  const VerbOption options[] = {
    { ~0, { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the database (default: var/county.db)", "FILE|URL" } },
    { VERIFY,
      { "head", 0, 0, G_OPTION_ARG_FILENAME, &o.head, "heads that were kept elsewhere", "FILE|FOLDER" } },
    { VERIFY | PROOF, { "key", 0, 0, G_OPTION_ARG_FILENAME, &o.key, "the public keys to believe", "FILE" } },
    { VERIFY | LIST, { "format", 0, 0, G_OPTION_ARG_STRING, &o.format, "text (default) or json", "FORMAT" } },
    { PROOF | ERASE, { "entry", 0, 0, G_OPTION_ARG_INT64, &o.entry, "which entry", "N" } },
    { PROOF,
      { "earliest", 0, 0, G_OPTION_ARG_NONE, &o.earliest, "by the earliest head that covers it", NULL } },
    { PROOF, { "from", 0, 0, G_OPTION_ARG_INT64, &o.from, "the earlier head", "SIZE" } },
    { PROOF, { "to", 0, 0, G_OPTION_ARG_INT64, &o.to, "the later head (default: the latest)", "SIZE" } },
    { PROOF, { "check", 0, 0, G_OPTION_ARG_FILENAME, &o.check, "a proof to check", "FILE" } },
    { PROOF | LIST, { "subject", 0, 0, G_OPTION_ARG_STRING, &o.subject, "about whom: resident-1 …", "ID" } },
    { LIST, { "actor", 0, 0, G_OPTION_ARG_STRING, &o.actor, "by whom", "ACCOUNT" } },
    { LIST, { "act", 0, 0, G_OPTION_ARG_STRING, &o.act, "what was done: read, write, run …", "ACT" } },
    { LIST, { "before", 0, 0, G_OPTION_ARG_INT64, &o.before, "older than entry N", "N" } },
    { LIST | HEADS, { "limit", 0, 0, G_OPTION_ARG_INT64, &o.limit, "how many (list: 50, heads: 1)", "N" } },
    { PROOF | LIST | ERASE,
      { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the package that names subjects", "DIR" } },
    { SIGN,
      { "audit-key", 0, 0, G_OPTION_ARG_FILENAME, &o.files.key, "the key (default: DB.audit-key)", "FILE" } },
    { SIGN,
      { "heads", 0, 0, G_OPTION_ARG_FILENAME, &o.files.heads, "where heads are kept (default: DB.heads)",
        "PATH" } },
    { INIT, { "hash", 0, 0, G_OPTION_ARG_STRING, &o.hash, "sha-256 or sm3 (GB/T 32905-2016)", "HASH" } },
    { ERASE, { "reason", 0, 0, G_OPTION_ARG_STRING, &o.reason, "why", "TEXT" } },
    { ERASE,
      { "due", 0, 0, G_OPTION_ARG_NONE, &o.due, "all that registry.yaml no longer lets be kept", NULL } },
  };
  g_autofree GOptionEntry *entries = options_of (verbs[verb].bit, options, G_N_ELEMENTS (options));
  g_autofree char *name = g_strconcat ("audit ", verbs[verb].name, NULL);
  argv[0] = name;
  int status;
  if (cli_options (&argc, &argv, "", verbs[verb].help, entries, &status))
    status = verbs[verb].run (&o);
  clear (&o);
  return status;
}

static void
print_verbs (FILE *out)
{
  fputs ("liudong audit keeps who did what with whose data, so that nobody can change it unseen.\n\n", out);
  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++) {
    size_t line = strcspn (verbs[i].help, "\n");
    fprintf (out, "  liudong audit %-7s %.*s\n", verbs[i].name, (int)line, verbs[i].help);
  }
}

int
command_audit (int argc, char **argv)
{
  const char *wanted = argc > 1 ? argv[1] : "";
  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (wanted, verbs[i].name))
      return run_verb (i, argc - 1, argv + 1);
  if (g_str_equal (wanted, "--help") || g_str_equal (wanted, "-h")) {
    print_verbs (stdout);
    return CLI_DONE;
  }
  fprintf (stderr,
           "liudong audit: \"%s\" is none of verify, proof, list, heads, key, sign, init, erase; see liudong "
           "audit "
           "--help\n",
           wanted);
  return CLI_USAGE;
}
