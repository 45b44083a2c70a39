/* A data steward's tables: upload, check, import, report. */
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/rights_parts.h"
#include "web/upload.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

enum { RUNS_PER_PAGE = 30, PROBLEMS_PER_PAGE = 50, PREVIEW_ROWS = 5, KEPT_SECONDS = 86400 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* ---- files that wait for a person's word -------------------------------- */

static const char *
waiting_folder (Arena *arena)
{
  return arena_printf (arena, "%s/liudong-uploads-%u", g_get_tmp_dir (), (unsigned)getuid ());
}

/* NULL when KEY is none that we gave. */
static const char *
waiting_file (const WebRequest *request, const char *key)
{
  return key && g_uuid_string_is_valid (key)
             ? arena_printf (request->arena, "%s/%s", waiting_folder (request->arena), key)
             : NULL;
}

/* Files whose sender never came back go after a day. */
static void
sweep (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  time_t now = time (NULL);
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    GStatBuf about;
    if (g_stat (path, &about) == 0 && now - about.st_mtime > KEPT_SECONDS)
      g_unlink (path);
  }
}

static const char *
keep_upload (const WebRequest *request, const char **key, GError **error)
{
  const char *folder = waiting_folder (request->arena);
  g_autofree char *fresh = g_uuid_string_random ();
  *key = arena_text (request->arena, text_of (fresh));
  const char *path = arena_printf (request->arena, "%s/%s", folder, *key);
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s cannot be made", folder);
    return NULL;
  }
  sweep (folder);
  return g_file_set_contents_full (path, request->upload->bytes.bytes, (gssize)request->upload->bytes.len,
                                   G_FILE_SET_CONTENTS_NONE, 0600, error)
             ? path
             : NULL;
}

/* ---- what the form says ------------------------------------------------- */

static const char *
filled (const WebRequest *request, const char *name)
{
  const char *value = web_field (&request->form, name);
  return value && *value ? value : NULL;
}

static bool
read_form (const WebRequest *request, IntakeOptions *options, GError **error)
{
  const char *from = filled (request, "valid_from");
  *options = (IntakeOptions){ .entity = filled (request, "entity"),
                              .source = filled (request, "source"),
                              .actor = request->account->name,
                              .name = filled (request, "name"),
                              .complete = filled (request, "complete") != NULL,
                              .has_valid_from = from != NULL,
                              .skip_unknown = true };
  if (from && !civil_parse (text_of (from), &options->valid_from))
    g_set_error (error, FAULT, FAULT_INPUT, "valid_from=%s is no date; write 2026-01-31", from);
  else if (!options->entity
           || !registry_schema_entity (registry_schema (request->web->registry), options->entity))
    g_set_error (error, FAULT, FAULT_INPUT, "entity=%s: there is no such table",
                 options->entity ? options->entity : "");
  else
    return true;
  return false;
}

/* ---- pages -------------------------------------------------------------- */

static const char *const *
departments (const WebRequest *request, size_t *n)
{
  const RegistrySchema *schema = registry_schema (request->web->registry);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (size_t i = 0; i < registry_schema_size (schema); i++) {
    const RegistryEntity *entity = registry_schema_entity_at (schema, i);
    for (size_t k = 0; k < entity->n; k++)
      if (!g_ptr_array_find_with_equal_func (names, entity->attributes[k].source, g_str_equal, NULL))
        g_ptr_array_add (names, (gpointer)entity->attributes[k].source);
  }
  *n = names->len;
  return arena_copy (request->arena, names->pdata, names->len * sizeof (gpointer));
}

static bool
write_imports (WebRequest *request, WebResponse *response, const char *trouble, GError **error)
{
  Store *store = registry_store (request->web->registry);
  ImportsModel m = { .schema = registry_schema (request->web->registry), .trouble = trouble };
  gint64 before = 0;
  m.departments = departments (request, &m.n_departments);
  if (!intake_migrate (store, error) || !web_before (request, &before, error))
    return false;
  m.runs = intake_runs (store, request->arena, before, RUNS_PER_PAGE + 1, &m.n, error);
  if (!m.runs)
    return false;
  if (m.n > RUNS_PER_PAGE) {
    m.n = RUNS_PER_PAGE;
    m.next = arena_printf (request->arena, "/imports?before=%" G_GINT64_FORMAT, m.runs[m.n - 1].id);
  }
  Page page = web_page (request, SAY (request, MESSAGE_imports_title), NAV_IMPORTS);
  page_imports (response->body, &page, &m);
  return true;
}

bool
handle_imports (WebRequest *request, WebResponse *response, GError **error)
{
  return write_imports (request, response, NULL, error);
}

/* The form again, with what is wrong with the file above it. */
static bool
answer_fault (WebRequest *request, WebResponse *response, GError *fault, const char *path, GError **error)
{
  bool theirs = fault->domain == FAULT && fault->code != FAULT_SYSTEM;
  const char *message = arena_text (request->arena, text_of (fault->message));
  if (path)
    g_unlink (path);
  if (!theirs) {
    g_propagate_error (error, fault);
    return false;
  }
  g_error_free (fault);
  /* The file's own place on this server is nobody's business. */
  const char *place = path ? strstr (message, path) : NULL;
  if (place)
    message = arena_printf (request->arena, "%.*s%s%s", (int)(place - message), message,
                            request->upload ? request->upload->name : "", place + strlen (path));
  response->status = 422;
  return write_imports (request, response, message, error);
}

/* Everything is checked, nothing is recorded: what the steward sees before saying yes. */
static bool
preview (WebRequest *request, const char *path, ImportModel *m, GError **error)
{
  Registry *registry = request->web->registry;
  IntakeOptions options;
  gint64 next;
  if (!read_form (request, &options, error))
    return false;
  options.name = request->upload->name;
  options.dry_run = true;
  m->entity = registry_schema_entity (registry_schema (registry), options.entity);
  m->source = options.source;
  m->valid_from = filled (request, "valid_from");
  m->complete = options.complete;
  m->plan
      = intake_plan (registry_schema (registry), m->entity, path, NULL, PREVIEW_ROWS, request->arena, error);
  if (!m->plan || !intake_import (registry, path, &options, request->arena, &m->run, error))
    return false;
  m->problems = intake_problems (registry, request->arena, m->run.id, 0, PROBLEMS_PER_PAGE, &next,
                                 &m->n_problems, error);
  return m->problems != NULL;
}

bool
handle_upload (WebRequest *request, WebResponse *response, GError **error)
{
  ImportModel m = { 0 };
  GError *fault = NULL;
  if (!request->upload)
    return write_imports (request, response, SAY (request, MESSAGE_imports_no_file), error);
  const char *path = keep_upload (request, &m.upload, error);
  if (!path)
    return false;
  if (!preview (request, path, &m, &fault))
    return answer_fault (request, response, fault, path, error);
  Page page = web_page (request, SAY (request, MESSAGE_imports_check), NAV_IMPORTS);
  page_import (response->body, &page, &m);
  return true;
}

bool
handle_import_run (WebRequest *request, WebResponse *response, GError **error)
{
  IntakeOptions options;
  IntakeRun run;
  GError *fault = NULL;
  const char *path = waiting_file (request, web_field (&request->form, "upload"));
  if (!read_form (request, &options, error))
    return false;
  if (!path || !g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    response->status = 409;
    return write_imports (request, response, SAY (request, MESSAGE_imports_gone), error);
  }
  if (!intake_import (request->web->registry, path, &options, request->arena, &run, &fault))
    return answer_fault (request, response, fault, path, error);
  g_unlink (path);
  web_redirect (response, arena_printf (request->arena, "/imports/%" G_GINT64_FORMAT, run.id));
  return true;
}

/* ---- one run ------------------------------------------------------------ */

static bool
read_number (const char *text, gint64 *number, GError **error)
{
  guint64 value;
  if (text && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64 - 1, &value, NULL)) {
    *number = (gint64)value;
    return true;
  }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no \"%s\"", text ? text : "");
  return false;
}

bool
handle_import (WebRequest *request, WebResponse *response, GError **error)
{
  Registry *registry = request->web->registry;
  ImportModel m = { 0 };
  gint64 id, after = 0, next;
  const char *from = web_field (&request->query, "after");
  if (!intake_migrate (registry_store (registry), error) || !read_number (request->captures[0], &id, error)
      || (from && !read_number (from, &after, error))
      || !intake_run (registry_store (registry), request->arena, id, &m.run, error))
    return false;
  m.entity = registry_schema_entity (registry_schema (registry), m.run.entity);
  m.problems
      = intake_problems (registry, request->arena, id, after, PROBLEMS_PER_PAGE, &next, &m.n_problems, error);
  if (!m.problems)
    return false;
  if (next < m.run.problems)
    m.next = arena_printf (request->arena, "/imports/%" G_GINT64_FORMAT "?after=%" G_GINT64_FORMAT, id, next);
  Page page = web_page (request, m.run.name, NAV_IMPORTS);
  page_import (response->body, &page, &m);
  return true;
}

bool
handle_import_report (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  if (!intake_migrate (registry_store (request->web->registry), error)
      || !read_number (request->captures[0], &id, error))
    return false;
  g_autoptr (SheetWriter) table = sheet_writer_new (SHEET_CSV, sheet_sink_string, response->body, error);
  return table && intake_write_report (request->web->registry, id, table, error)
         && download_table (request, response, table, SHEET_CSV,
                            arena_printf (request->arena, "import-%" G_GINT64_FORMAT, id), error);
}

/* ---- duplicates --------------------------------------------------------- */

bool
handle_duplicates (WebRequest *request, WebResponse *response, GError **error)
{
  enum { PAIRS_PER_PAGE = 50 };
  Registry *registry = request->web->registry;
  const char *which = web_field (&request->query, "decided"), *from = web_field (&request->query, "after");
  DuplicatesModel m = { .schema = registry_schema (registry) };
  gint64 after = 0;
  m.decision = g_strcmp0 (which, "same") == 0        ? INTAKE_SAME
               : g_strcmp0 (which, "different") == 0 ? INTAKE_DIFFERENT
                                                     : INTAKE_OPEN;
  if (!intake_migrate (registry_store (registry), error) || (from && !read_number (from, &after, error)))
    return false;
  m.pairs = intake_candidates (registry_store (registry), request->arena, m.decision, after,
                               PAIRS_PER_PAGE + 1, &m.n, error);
  if (!m.pairs)
    return false;
  if (m.n > PAIRS_PER_PAGE) {
    m.n = PAIRS_PER_PAGE;
    m.next = arena_printf (request->arena, "/duplicates?decided=%s&after=%" G_GINT64_FORMAT,
                           which ? which : "open", m.pairs[m.n - 1].id);
  }
  Page page = web_page (request, SAY (request, MESSAGE_duplicates_title), NAV_DUPLICATES);
  page_duplicates (response->body, &page, &m);
  return true;
}

static const RegistryProvenance *
fact_of (const RegistryProvenance *const *facts, size_t n, const RegistryAttribute *a)
{
  for (size_t i = 0; i < n; i++)
    if (facts[i]->attribute == a)
      return facts[i];
  return NULL;
}

static const RegistryReading *
read_one (const WebRequest *request, Subject subject, GError **error)
{
  RegistryMoment now = { request->today, G_MAXINT64 };
  const AccessPermit *permit = access_permit (request->web->access, request->arena, request->account,
                                              "merge_duplicates", subject, error);
  return permit ? access_read (permit, request->arena, NULL, 0, now, error) : NULL;
}

/* What tells the two apart or together; sensitive facts are not needed for it, but the number is. */
static bool
compare_pair (const WebRequest *request, DuplicateModel *m, GError **error)
{
  const RegistryReading *a = read_one (request, m->pair.a, error);
  const RegistryReading *b = a ? read_one (request, m->pair.b, error) : NULL;
  if (!b)
    return false;
  size_t n_a, n_b;
  const RegistryProvenance *const *facts_a = registry_reading_facts (a, &n_a);
  const RegistryProvenance *const *facts_b = registry_reading_facts (b, &n_b);
  DuplicateRow *rows = arena_new0 (request->arena, DuplicateRow, m->entity->n);
  for (size_t i = 0; i < m->entity->n; i++) {
    const RegistryAttribute *attribute = &m->entity->attributes[i];
    DuplicateRow row = { attribute, fact_of (facts_a, n_a, attribute), fact_of (facts_b, n_b, attribute) };
    bool stated = row.a && row.b && ((row.a->batch && !row.a->assumed) || (row.b->batch && !row.b->assumed))
                  && attribute->kind != REGISTRY_COLLECTION;
    if (stated && (attribute->sensitivity != REGISTRY_SENSITIVE || attribute == m->entity->number))
      rows[m->n++] = row;
  }
  m->rows = rows;
  return true;
}

static bool
write_duplicate (WebRequest *request, WebResponse *response, const char *trouble, GError **error)
{
  Registry *registry = request->web->registry;
  DuplicateModel m = { .schema = registry_schema (registry), .trouble = trouble };
  gint64 id;
  if (!intake_migrate (registry_store (registry), error) || !read_number (request->captures[0], &id, error)
      || !intake_candidate (registry_store (registry), request->arena, id, &m.pair, error))
    return false;
  m.entity = registry_subject_entity (m.schema, m.pair.a);
  m.name_a = registry_subject_format (request->arena, m.schema, m.pair.a);
  m.name_b = registry_subject_format (request->arena, m.schema, m.pair.b);
  m.reason = web_field (&request->form, "reason");
  if (m.pair.decision != INTAKE_SAME && !compare_pair (request, &m, error))
    return false;
  Page page = web_page (request, SAY (request, MESSAGE_duplicates_title), NAV_DUPLICATES);
  page_duplicate (response->body, &page, &m);
  return true;
}

bool
handle_duplicate (WebRequest *request, WebResponse *response, GError **error)
{
  return write_duplicate (request, response, NULL, error);
}

bool
handle_duplicate_decide (WebRequest *request, WebResponse *response, GError **error)
{
  const char *word = web_field (&request->form, "decision"), *reason = web_field (&request->form, "reason");
  const RegistrySchema *schema = registry_schema (request->web->registry);
  Subject keep = 0;
  gint64 id;
  if (!read_number (request->captures[0], &id, error))
    return false;
  if (!reason || !text_trim (text_of (reason)).len) {
    response->status = 422;
    return write_duplicate (request, response, SAY (request, MESSAGE_duplicates_no_reason), error);
  }
  IntakeDecision decision = g_strcmp0 (word, "different") == 0 ? INTAKE_DIFFERENT
                            : g_strcmp0 (word, "back") == 0    ? INTAKE_OPEN
                                                               : INTAKE_SAME;
  if (decision == INTAKE_SAME && (!word || !registry_subject_parse (schema, text_of (word), &keep))) {
    g_set_error (error, FAULT, FAULT_USAGE, "decision=%s: use different, back or the one to keep",
                 word ? word : "");
    return false;
  }
  if (!intake_decide (request->web->registry, id, decision, keep, request->account->name, reason, error))
    return false;
  web_redirect (response, arena_printf (request->arena, "/duplicates/%" G_GINT64_FORMAT, id));
  return true;
}
