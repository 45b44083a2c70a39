/* liudong due: who is entitled and does not get it. */
#include "cli.h"

#include "due/due.h"
#include "inquiry.h"
#include "sheet/sheet.h"

#include <stdio.h>

typedef struct {
  Inquiry asked;
  char *provision;
} Options;

static bool
check_options (Inquiry *q, GError **error)
{
  if (!q->purpose || !*q->purpose)
    g_set_error (error, FAULT, FAULT_USAGE, "--purpose says what for; it goes into the audit log");
  else if (q->clause == CLI_EVERY_CLAUSE)
    g_set_error (error, FAULT, FAULT_USAGE, "--clause N is needed: whose entitlements");
  else
    return true;
  return false;
}

static void
write_list (JsonWriter *w, const DueList *list)
{
  char day[CIVIL_TEXT_MAX], when[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_str (w, "provision", list->key);
  json_member_str (w, "as_of", civil_format (list->as_of, day));
  json_member_str (w, "made_at", instant_format (list->made_at, when));
  json_member_str (w, "package", list->package_hash);
  json_member_int (w, "looked_at", list->looked_at);
  json_member_int (w, "found", list->found);
  json_member_int (w, "undetermined", list->undetermined);
  json_member_str (w, "missing", list->missing);
}

static void
write_townships (JsonWriter *w, const DueTownship *townships, size_t n)
{
  json_member_array (w, "townships");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_str (w, "township", townships[i].township);
    json_member_int (w, "found", townships[i].n);
    json_member_int (w, "amount_fen", townships[i].amount_fen);
    json_member_int (w, "offered", townships[i].offered);
    json_end_object (w);
  }
  json_end_array (w);
}

static bool
tell_json (Due *due, Arena *arena, const AccessAccount *who, const DueList *list, GError **error)
{
  size_t n;
  const DueTownship *townships = due_townships (due, arena, who, list, &n, error);
  if (!townships)
    return false;
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  write_list (w, list);
  write_townships (w, townships, n);
  json_end_object (w);
  return inquiry_write_json (NULL, w, out, error);
}

static bool
tell_csv (Due *due, Arena *arena, const AccessAccount *who, const DueList *list, GError **error)
{
  size_t n;
  const char *const *const *rows = due_rows (due, arena, who, list, &n, error);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (SheetWriter) table = rows ? sheet_writer_new (SHEET_CSV, sheet_sink_string, out, error) : NULL;
  if (!table)
    return false;
  sheet_writer_heading (table, due_columns, NULL, DUE_COLUMNS);
  for (size_t i = 0; i < n; i++)
    if (!sheet_writer_row (table, rows[i], DUE_COLUMNS, error))
      return false;
  return sheet_writer_finish (table, error) && cli_write (NULL, out->str, out->len, error);
}

static const PolicyProvision *
choose (const Options *o, GError **error)
{
  const PolicyClause *clause = policy_clause (o->asked.package, o->asked.clause);
  const char *id = o->provision ? o->provision : "main";
  const PolicyProvision *p = clause ? policy_provision (clause, id) : NULL;
  if (p && p->eligible)
    return p;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "clause %d has no provision \"%s\"", o->asked.clause, id);
  return NULL;
}

static bool
find (Inquiry *q, GError **error)
{
  const Options *o = (const Options *)q;
  g_autoptr (Arena) arena = arena_new ();
  const PolicyProvision *provision = choose (o, error);
  if (!provision || !inquiry_open (q, error))
    return false;
  const AccessAccount *who = access_operator (arena, q->purpose);
  CasesOptions with = { .package = q->package, .registry = q->registry, .access = q->access };
  g_autoptr (Cases) cases = cases_open (&with, error);
  DueOptions options
      = { .package = q->package, .registry = q->registry, .access = q->access, .cases = cases };
  g_autoptr (Due) due = cases ? due_open (&options, error) : NULL;
  DueRun run = { .as_of = q->day, .threads = (unsigned)q->threads };
  const DueList *list = due ? due_find (due, arena, who, provision, &run, error) : NULL;
  if (!list)
    return false;
  fprintf (stderr,
           "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " are due and not served, %" G_GINT64_FORMAT
           " undetermined%s%s; %.3f s over columns\n",
           list->found, list->looked_at, list->undetermined, *list->missing ? ": no value for " : "",
           list->missing, list->seconds);
  return g_strcmp0 (q->format, "csv") == 0 ? tell_csv (due, arena, who, list, error)
                                           : tell_json (due, arena, who, list, error);
}

int
command_due (int argc, char **argv)
{
  static const char *const formats[] = { "json", "csv", NULL };
  Options o = { .asked = { .formats = formats, .clause = CLI_EVERY_CLAUSE } };
  const GOptionEntry entries[] = {
    INQUIRY_DB (o.asked),
    { "clause", 0, 0, G_OPTION_ARG_INT, &o.asked.clause, "whose entitlements", "N" },
    { "matter", 0, 0, G_OPTION_ARG_STRING, &o.provision, "which of the clause's provisions (default: main)",
      "ID" },
    INQUIRY_AS_OF (o.asked),
    { "format", 0, 0, G_OPTION_ARG_STRING, &o.asked.format, "json (default) or csv", "FORMAT" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.asked.purpose, "what for; it goes into the audit log",
      "TEXT" },
    INQUIRY_THREADS (o.asked),
    INQUIRY_POLICY (o.asked),
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "",
                   "Who is entitled to what a clause gives and does not have it, over the whole county: how\n"
                   "many, by township; as CSV one row for each, without names.  The list is kept for the\n"
                   "department's page, from which offers are sent.  The log has one entry with everybody\n"
                   "looked at, and one for the file.",
                   entries, &status))
    status = inquiry_run (&o.asked, "due", check_options, find);
  g_free (o.provision);
  inquiry_clear (&o.asked);
  return status;
}
