/* An import: the file's rows in chunks, each chunk one commit of facts, problems
 * and the run's place in the file.  So a kill between two commits loses nothing
 * that was acknowledged, and what comes after finds the place. */
#include "intake/intake_private.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

enum {
  CHUNK_ROWS = 80000,
  FOUND_MAX = 8,     /* candidates that one row may have */
  CACHE_SIZE = 4096, /* references looked up lately */
  CACHED_TEXT = 47,
};

typedef struct {
  const RegistryEntity *entity;
  guint8 len;
  char text[CACHED_TEXT];
  Subject subject;
} CachedReference;

typedef struct {
  gint64 row;
  Problem problem;
} KeptProblem;

typedef struct {
  Registry *registry;
  const IntakeOptions *options;
  SheetReader *reader;
  const IntakePlan *plan;
  Run *run;
  RowCheck check;
  GArray *refused; /* rows that an earlier call refused */
  guint next_refused;
  Arena *arena;
  CachedReference *cache;
  RegistryFact *stated, *changed; /* by attribute; what a row changes */
  bool ended;                     /* the file is through */
  gint64 size;
  /* of the chunk that is being written */
  StoreConnection *db;
  RegistryWriter *writer;
  RegistryBatchId batch; /* 0: nothing recorded yet */
  GArray *problems;      /* KeptProblem */
  Arena *values;         /* theirs */
  gint64 recorded_at;
} Import;

/* ---- references -------------------------------------------------------- */

static CachedReference *
cache_slot (Import *m, const RegistryEntity *entity, Text text)
{
  return &m->cache[(text_hash (text) ^ (guint)entity->index * 2654435761u) % CACHE_SIZE];
}

static bool
is_cached (const CachedReference *slot, const RegistryEntity *entity, Text text)
{
  return slot->entity == entity && slot->len == text.len && memcmp (slot->text, text.bytes, text.len) == 0;
}

static void
cache_put (CachedReference *slot, const RegistryEntity *entity, Text text, Subject subject)
{
  if (text.len > CACHED_TEXT)
    return;
  *slot = (CachedReference){ .entity = entity, .len = (guint8)text.len, .subject = subject };
  memcpy (slot->text, text.bytes, text.len);
}

/* Subjects of ENTITY called TEXT: by official number, else by label. */
static bool
find_called (Import *m, const RegistryEntity *entity, Text text, Subject found[2], size_t *n, GError **error)
{
  *n = 0;
  if (entity->number && !registry_writer_find (m->writer, entity->number, text, found, 2, n, error))
    return false;
  return *n || !entity->label || registry_writer_find (m->writer, entity->label, text, found, 2, n, error);
}

static bool
resolve (Import *m, const RegistryAttribute *a, Text text, GError **error)
{
  Subject found[2] = { 0 };
  size_t n = 0;
  bool known = false;
  CachedReference *slot = cache_slot (m, a->target, text);
  if (is_cached (slot, a->target, text)) {
    found[0] = slot->subject;
    n = 1;
  } else if (registry_subject_parse (m->check.schema, text, &found[0])
             && registry_subject_entity (m->check.schema, found[0]) == a->target) {
    if (!registry_writer_knows (m->writer, found[0], &known, error))
      return false;
    n = known;
  } else if (!find_called (m, a->target, text, found, &n, error))
    return false;
  if (n == 1) {
    cache_put (slot, a->target, text, found[0]);
    m->check.facts[a->index] = (RegistryFact){ a, REGISTRY_VALUE, found[0], { NULL, 0 } };
  } else
    check_add (&m->check, n ? PROBLEM_AMBIGUOUS_REFERENCE : PROBLEM_NO_REFERENCE,
               m->check.column_of[a->index], text, 0);
  return true;
}

static bool
resolve_references (Import *m, GError **error)
{
  for (size_t i = 0; i < m->check.entity->n; i++) {
    const RegistryAttribute *a = &m->check.entity->attributes[i];
    if (a->kind == REGISTRY_REFERENCE && m->check.cells[i].len && m->check.facts[i].state == REGISTRY_UNSTATED
        && !resolve (m, a, m->check.cells[i], error))
      return false;
  }
  return true;
}

/* ---- whose row it is --------------------------------------------------- */

static bool
find_by_number (Import *m, Subject *subject, GError **error)
{
  Subject found[2];
  size_t n;
  RowCheck *c = &m->check;
  if (!registry_writer_find (m->writer, c->entity->number, c->key, found, 2, &n, error))
    return false;
  if (n > 1)
    check_add (c, PROBLEM_AMBIGUOUS, c->key_column, c->key, 0);
  *subject = n ? found[0] : 0;
  return true;
}

static bool
find_by_label (Import *m, Subject *subject, GError **error)
{
  Subject found[2];
  size_t n;
  RowCheck *c = &m->check;
  *subject = 0;
  const RegistryAttribute *label = c->entity->label;
  if (!label || c->facts[label->index].state != REGISTRY_VALUE)
    return true;
  if (!registry_writer_find (m->writer, label, c->facts[label->index].text, found, 2, &n, error))
    return false;
  if (n > 1)
    check_add (c, PROBLEM_AMBIGUOUS, c->label_column, c->facts[label->index].text, 0);
  *subject = n ? found[0] : 0;
  return true;
}

/* The subject that the row names itself: it must be there, and its number no one else's. */
static bool
find_named (Import *m, Subject *subject, GError **error)
{
  RowCheck *c = &m->check;
  bool known;
  Subject holder = 0;
  if (!registry_writer_knows (m->writer, c->subject, &known, error))
    return false;
  if (!known)
    check_add (c, PROBLEM_NO_SUBJECT, c->subject_column,
               text_of (registry_subject_format (c->scratch, c->schema, c->subject)), 0);
  else if (c->key.bytes && !find_by_number (m, &holder, error))
    return false;
  else if (holder && holder != c->subject)
    check_add (c, PROBLEM_KEY_TAKEN, c->key_column, c->key, holder);
  *subject = c->subject;
  return true;
}

/* *SUBJECT 0: a new one. */
static bool
find_subject (Import *m, Subject *subject, GError **error)
{
  RowCheck *c = &m->check;
  if (c->subject)
    return find_named (m, subject, error);
  if (c->key.bytes)
    return find_by_number (m, subject, error);
  *subject = 0;
  if (c->names_subject)
    return true; /* wrongly, as is said already */
  if (!c->entity->number)
    return find_by_label (m, subject, error);
  check_add (c, PROBLEM_NO_KEY, c->key_column, (Text){ "", 0 }, 0);
  return true;
}

static void
check_new (Import *m)
{
  RowCheck *c = &m->check;
  const RegistryAttribute *label = c->entity->label;
  if (label && !c->names_subject && c->facts[label->index].state != REGISTRY_VALUE)
    check_add (c, PROBLEM_NO_LABEL, c->label_column, (Text){ "", 0 }, 0);
}

/* ---- recording --------------------------------------------------------- */

static bool
is_same (const RegistryFact *a, const RegistryFact *b)
{
  if (a->state != b->state || a->state != REGISTRY_VALUE)
    return a->state == b->state;
  return a->attribute->kind == REGISTRY_TEXT ? text_equal (a->text, b->text) : a->integer == b->integer;
}

/* A complete load says anew what it says: what its source does not say in it is absent. */
static bool
is_restated (const Import *m, const RegistryAttribute *a)
{
  return m->run->shown.complete && a->absence != REGISTRY_ABSENT_UNKNOWN
         && g_str_equal (a->source, m->run->shown.source);
}

/* The row's facts that its source has not said already, into m->changed. */
static bool
find_changes (Import *m, Subject subject, size_t *n, bool *differs, GError **error)
{
  const RowCheck *c = &m->check;
  *n = 0;
  *differs = !subject;
  if (subject
      && !registry_writer_stated (m->writer, subject, m->run->shown.source, m->run->shown.valid_from,
                                  m->stated, error))
    return false;
  for (size_t i = 0; i < c->entity->n; i++) {
    if (c->facts[i].state == REGISTRY_UNSTATED)
      continue;
    bool same = subject && is_same (&c->facts[i], &m->stated[i]);
    *differs = *differs || !same;
    if (!same || is_restated (m, c->facts[i].attribute))
      m->changed[(*n)++] = c->facts[i];
  }
  return true;
}

static bool
begin_batch (Import *m, const char *complete_of, GError **error)
{
  const Run *run = m->run;
  g_autofree char *evidence = g_strdup_printf ("import %" G_GINT64_FORMAT ": %s, SHA-256 %.16s…",
                                               run->shown.id, run->shown.name, run->shown.hash);
  RegistryBatch batch = { .source = run->shown.source,
                          .actor = run->shown.actor,
                          .evidence = evidence,
                          .recorded_at = m->recorded_at,
                          .complete_of = complete_of,
                          .complete_since = complete_of ? run->first_batch : 0 };
  m->batch = registry_writer_batch (m->writer, &batch, error);
  if (m->batch && !m->run->first_batch)
    m->run->first_batch = m->batch;
  return m->batch != 0;
}

static bool
touches_likeness (const Import *m, size_t n)
{
  const RegistryEntity *entity = m->check.entity;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < entity->n_likeness; k++)
      if (m->changed[i].attribute == entity->likeness[k])
        return true;
  return false;
}

static bool
keep_candidates (Import *m, Subject subject, GError **error)
{
  Subject found[FOUND_MAX];
  size_t n;
  if (!registry_writer_alike (m->writer, subject, found, FOUND_MAX, &n, error))
    return false;
  for (size_t i = 0; i < n; i++) {
    bool fresh = false;
    if (!candidates_add (m->db, subject, found[i], m->run->shown.id, m->recorded_at, &fresh, error))
      return false;
    m->run->shown.candidates += fresh;
  }
  return true;
}

static bool
record (Import *m, Subject subject, GError **error)
{
  IntakeRun *shown = &m->run->shown;
  bool known = subject != 0, differs;
  size_t n;
  if (!find_changes (m, subject, &n, &differs, error))
    return false;
  if (n) {
    if (!m->batch && !begin_batch (m, NULL, error))
      return false;
    if (!known)
      subject = registry_writer_subject (m->writer, m->check.entity);
    if (!registry_writer_append (m->writer, m->batch, subject, shown->valid_from, REGISTRY_FOREVER,
                                 m->changed, n, error))
      return false;
  }
  shown->added += !known;
  shown->changed += known && differs;
  shown->unchanged += known && !differs;
  return !differs || !touches_likeness (m, n) || keep_candidates (m, subject, error);
}

/* ---- rows -------------------------------------------------------------- */

static void
keep_problems (Import *m, const SheetRow *row)
{
  m->run->shown.refused++;
  for (size_t i = 0; i < m->check.n_problems; i++) {
    KeptProblem kept = { row->number, m->check.problems[i] };
    kept.problem.value = arena_text_copy (m->values, kept.problem.value);
    g_array_append_val (m->problems, kept);
  }
}

static bool
write_problems (Import *m, StoreConnection *db, GError **error)
{
  for (guint i = 0; i < m->problems->len; i++) {
    const KeptProblem *kept = &g_array_index (m->problems, KeptProblem, i);
    const IntakeColumn *column
        = kept->problem.column < m->plan->n ? &m->plan->columns[kept->problem.column] : NULL;
    if (!runs_add_problem (db, m->run, kept->row, &kept->problem, column, ++m->run->shown.problems, error))
      return false;
  }
  return true;
}

/* Of two rows with one number the first that is good lands. */
static void
claim_number (Import *m, gint64 row)
{
  RowCheck *c = &m->check;
  gint64 before = c->key.bytes && !c->n_problems ? seen_add (c->seen, c->key, row) : 0;
  if (before)
    check_add (c, PROBLEM_KEY_TWICE, c->key_column, c->key, before);
}

static bool
take_row (Import *m, const SheetRow *row, GError **error)
{
  Subject subject = 0;
  m->run->shown.rows++;
  m->run->shown.row = row->number;
  check_row (&m->check, row);
  if (!find_subject (m, &subject, error) || !resolve_references (m, error))
    return false;
  if (!subject)
    check_new (m);
  claim_number (m, row->number);
  if (!m->check.n_problems)
    return record (m, subject, error);
  keep_problems (m, row);
  return true;
}

/* A row that an earlier call has dealt with: only its number counts. */
static void
pass_row (Import *m, const SheetRow *row)
{
  GArray *refused = m->refused;
  while (m->next_refused < refused->len && g_array_index (refused, gint64, m->next_refused) < row->number)
    m->next_refused++;
  if (m->next_refused < refused->len && g_array_index (refused, gint64, m->next_refused) == row->number)
    return;
  Text key = check_key (&m->check, row);
  if (key.bytes)
    seen_add (m->check.seen, key, row->number);
}

/* ---- chunks ------------------------------------------------------------ */

/* FAULT: what ended the file before its end; the rows before it count. */
static bool
take_rows (Import *m, GError **fault, GError **error)
{
  gint64 done = m->run->shown.row;
  for (int n = 0, most = m->options->chunk ? m->options->chunk : CHUNK_ROWS; n < most;) {
    SheetRow row;
    SheetStep step = sheet_reader_next (m->reader, &row, fault);
    m->ended = step == SHEET_END;
    if (step != SHEET_ROW)
      return true;
    if (row.number <= done) {
      pass_row (m, &row);
      continue;
    }
    if (!take_row (m, &row, error))
      return false;
    n++;
  }
  return true;
}

/* The load is complete when every row of it is in. */
static bool
end_run (Import *m, GError **error)
{
  IntakeRun *shown = &m->run->shown;
  shown->finished_at = m->recorded_at;
  shown->completed = shown->complete && !shown->dry && shown->refused == 0;
  return !shown->completed || begin_batch (m, m->check.entity->id, error);
}

static bool
open_chunk (Import *m, GError **error)
{
  m->db = store_begin (registry_store (m->registry), error);
  m->writer = m->db ? registry_writer_join (m->registry, m->db, error) : NULL;
  m->batch = 0;
  m->recorded_at = g_get_real_time () / G_USEC_PER_SEC;
  return m->writer != NULL;
}

static bool
close_chunk (Import *m, bool keep, GError **error)
{
  bool ok = keep && registry_writer_commit (m->writer, error);
  g_clear_pointer (&m->writer, registry_writer_free);
  if (!m->db)
    return false;
  m->db = NULL;
  if (ok)
    return store_commit (registry_store (m->registry), error);
  store_rollback (registry_store (m->registry));
  return false;
}

/* What the run has come to, with the facts or, of a dry run, without them. */
static bool
write_state (Import *m, StoreConnection *db, gint64 before, GError **error)
{
  return write_problems (m, db, error) && runs_update (db, m->run, before, error);
}

static bool
write_dry_state (Import *m, gint64 before, GError **error)
{
  Store *store = registry_store (m->registry);
  close_chunk (m, false, NULL);
  StoreConnection *db = store_begin (store, error);
  if (db && write_state (m, db, before, error))
    return store_commit (store, error);
  if (db)
    store_rollback (store);
  return false;
}

/* A fault of the file ends the chunk where it stands; the rows before it are kept. */
static bool
write_chunk (Import *m, GError **fault, GError **error)
{
  gint64 before = m->run->shown.row;
  g_array_set_size (m->problems, 0);
  arena_reset (m->values);
  bool ok = open_chunk (m, error) && take_rows (m, fault, error) && (!m->ended || end_run (m, error));
  if (ok && m->options->dry_run)
    return write_dry_state (m, before, error);
  ok = ok && write_state (m, m->db, before, error);
  return close_chunk (m, ok, error) && ok;
}

static bool
report_progress (Import *m)
{
  gint64 done, size;
  sheet_reader_progress (m->reader, &done, &size);
  return !m->options->progress || m->options->progress (done, size, m->options->data);
}

static bool
write_chunks (Import *m, GError **error)
{
  GError *fault = NULL;
  while (!m->ended) {
    if (!write_chunk (m, &fault, error)) {
      g_clear_error (&fault);
      return false;
    }
    if (fault) {
      g_propagate_error (error, fault);
      return false;
    }
    if (!report_progress (m) && !m->ended) {
      g_set_error (error, FAULT, FAULT_CONFLICT,
                   "stopped after row %" G_GINT64_FORMAT "; import the file again to go on",
                   m->run->shown.row);
      return false;
    }
  }
  return true;
}

/* ---- beginning --------------------------------------------------------- */

static char *
hash_file (const char *path, GError **error)
{
  unsigned char piece[64 * 1024], digest[EVP_MAX_MD_SIZE];
  unsigned len = 0;
  ssize_t n = -1;
  EVP_MD_CTX *ctx = EVP_MD_CTX_new ();
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  EVP_DigestInit_ex (ctx, EVP_sha256 (), NULL);
  while (fd >= 0 && (n = read (fd, piece, sizeof piece)) > 0)
    EVP_DigestUpdate (ctx, piece, (size_t)n);
  int code = errno;
  EVP_DigestFinal_ex (ctx, digest, &len);
  EVP_MD_CTX_free (ctx);
  if (fd >= 0)
    close (fd);
  if (n < 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot be read: %s", path, g_strerror (code));
    return NULL;
  }
  GString *hex = g_string_new (NULL);
  for (unsigned i = 0; i < len; i++)
    g_string_append_printf (hex, "%02x", digest[i]);
  return g_string_free (hex, FALSE);
}

static bool
is_department (const RegistrySchema *schema, const char *name)
{
  for (size_t i = 0; i < registry_schema_size (schema); i++) {
    const RegistryEntity *entity = registry_schema_entity_at (schema, i);
    for (size_t k = 0; k < entity->n; k++)
      if (g_str_equal (entity->attributes[k].source, name))
        return true;
  }
  return false;
}

static const char *
choose_source (const IntakeOptions *options, const RegistrySchema *schema, const IntakePlan *plan,
               GError **error)
{
  if (options->source) {
    if (is_department (schema, options->source))
      return options->source;
    g_set_error (error, FAULT, FAULT_INPUT, "\"%s\" is no department of registry.yaml", options->source);
    return NULL;
  }
  if (plan->n_sources == 1)
    return plan->sources[0];
  g_autofree char *names = g_strjoinv ("、", (char **)plan->sources);
  g_set_error (error, FAULT, FAULT_INPUT,
               "its columns belong to several departments (%s): say which one sends it (--source)", names);
  return NULL;
}

/* The run as the options describe it. */
static bool
describe (Import *m, const char *path, GError **error)
{
  const IntakeOptions *o = m->options;
  IntakeRun *shown = &m->run->shown;
  g_autofree char *hash = NULL, *name = g_path_get_basename (path);
  shown->source = choose_source (o, m->check.schema, m->plan, error);
  if (!shown->source || !(hash = hash_file (path, error)))
    return false;
  shown->hash = arena_text (m->arena, text_of (hash));
  shown->name = arena_text (m->arena, text_of (o->name ? o->name : name));
  shown->entity = m->run->entity->id;
  shown->source = arena_text (m->arena, text_of (shown->source));
  shown->actor = arena_text (m->arena, text_of (o->actor));
  shown->complete = o->complete;
  shown->dry = o->dry_run;
  shown->valid_from = o->has_valid_from ? o->valid_from : civil_today ();
  shown->started_at = g_get_real_time () / G_USEC_PER_SEC;
  shown->row = m->plan->heading_row;
  m->run->asked_valid_from = o->has_valid_from;
  m->run->reading = arena_printf (m->arena, "%s/%s", o->sheet.encoding ? o->sheet.encoding : "",
                                  o->sheet.sheet ? o->sheet.sheet : "");
  return true;
}

/* Go on with the last run of this file, or begin one. */
static bool
take_up (Import *m, GError **error)
{
  Store *store = registry_store (m->registry);
  StoreConnection *db = store_begin (store, error);
  Run found;
  bool ok = db && runs_find (db, m->run, m->arena, &found, error);
  bool fresh
      = ok && (!found.shown.id || m->options->dry_run || (found.shown.finished_at && m->options->again));
  if (fresh)
    ok = runs_insert (db, m->run, error);
  else if (ok) {
    *m->run = found;
    m->run->shown.already = found.shown.finished_at != 0;
    m->run->shown.resumed = !m->run->shown.already;
  }
  m->refused = ok ? runs_refused (db, m->run->shown.id, error) : NULL;
  ok = ok && m->refused;
  if (ok)
    return store_commit (store, error);
  if (db)
    store_rollback (store);
  return false;
}

static bool
prepare (Import *m, const char *path, GError **error)
{
  const RegistrySchema *schema = registry_schema (m->registry);
  const RegistryEntity *entity = registry_schema_entity (schema, m->options->entity);
  if (!entity) {
    g_set_error (error, FAULT, FAULT_USAGE, "there is no entity \"%s\" in registry.yaml", m->options->entity);
    return false;
  }
  m->run->entity = entity;
  m->plan = intake_plan (schema, entity, path, &m->options->sheet, 0, m->arena, error);
  const char *fault = m->plan ? columns_fault (m->plan, entity, m->options->skip_unknown, m->arena) : NULL;
  if (fault)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: %s", path, fault);
  if (!m->plan || fault)
    return false;
  check_init (&m->check, schema, entity, m->plan);
  m->stated = g_new0 (RegistryFact, entity->n);
  m->changed = g_new0 (RegistryFact, entity->n);
  m->cache = g_new0 (CachedReference, CACHE_SIZE);
  SheetRow heading;
  m->reader = sheet_reader_open (path, &m->options->sheet, error);
  return m->reader && sheet_reader_next (m->reader, &heading, error) == SHEET_ROW && describe (m, path, error)
         && intake_migrate (registry_store (m->registry), error);
}

static void
clear (Import *m)
{
  if (m->check.scratch)
    check_clear (&m->check);
  if (m->refused)
    g_array_free (m->refused, TRUE);
  sheet_reader_free (m->reader);
  g_array_free (m->problems, TRUE);
  arena_free (m->values);
  g_free (m->stated);
  g_free (m->changed);
  g_free (m->cache);
}

bool
intake_import (Registry *registry, const char *path, const IntakeOptions *options, Arena *arena,
               IntakeRun *shown, GError **error)
{
  Run run = { .first_batch = 0 };
  Import m = { .registry = registry, .options = options, .run = &run, .arena = arena };
  m.problems = g_array_new (FALSE, FALSE, sizeof (KeptProblem));
  m.values = arena_new ();
  bool ok
      = prepare (&m, path, error) && take_up (&m, error) && (run.shown.already || write_chunks (&m, error));
  clear (&m);
  *shown = run.shown;
  return ok;
}
