/* What the applicant says and hands in. */
#include "cases/cases_private.h"

#include <string.h>

/* ---- files --------------------------------------------------------------------- */

/* What a file is, by its first bytes; NULL: none that is taken.  What it is called says nothing. */
static const char *
type_of (Text content)
{
  static const struct {
    const char *type, *bytes;
    size_t n;
  } kinds[] = { { "application/pdf", "%PDF-", 5 },
                { "image/png", "\x89PNG\r\n\x1a\n", 8 },
                { "image/jpeg", "\xff\xd8\xff", 3 } };
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (content.len >= kinds[i].n && memcmp (content.bytes, kinds[i].bytes, kinds[i].n) == 0)
      return kinds[i].type;
  return NULL;
}

static const PolicyMaterial *
material_of (const PolicyMatter *matter, const char *id)
{
  for (size_t i = 0; i < matter->n_materials; i++)
    if (g_strcmp0 (matter->materials[i].id, id) == 0)
      return &matter->materials[i];
  return NULL;
}

static bool
check_upload (const PolicyMatter *matter, const CaseUpload *upload, GError **error)
{
  if (!material_of (matter, upload->material))
    g_set_error (error, FAULT, FAULT_INPUT, "\"%s\" is no material of %s: load the page again",
                 upload->material ? upload->material : "", matter->key);
  else if (!upload->name || !*upload->name || !g_utf8_validate (upload->name, -1, NULL)
           || strlen (upload->name) > 255)
    g_set_error (error, FAULT, FAULT_INPUT, "a file has no name, or one that cannot be read: rename it");
  else if (upload->content.len > CASES_UPLOAD_MAX)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is larger than %d MB: scan it with fewer dots", upload->name,
                 CASES_UPLOAD_MAX / 1024 / 1024);
  else if (!type_of (upload->content))
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s is no PDF, PNG or JPEG, whatever it is called: hand in one of these", upload->name);
  else
    return true;
  return false;
}

bool
papers_check (const PolicyMatter *matter, const CaseUpload *uploads, size_t n, GError **error)
{
  for (size_t i = 0; i < n; i++)
    if (!check_upload (matter, &uploads[i], error))
      return false;
  return true;
}

static bool
insert_file (StoreConnection *db, gint64 id, const CaseUpload *upload, gint64 now, GError **error)
{
  gint64 file;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO cases_file (id, case_id, material, name, type, bytes, digest, at, content)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      error);
  if (!s || !store_query (db, "SELECT coalesce(max(id), 0) + 1 FROM cases_file", 1, &file, error))
    return false;
  g_autofree char *digest = g_compute_checksum_for_data (
      G_CHECKSUM_SHA256, (const guchar *)upload->content.bytes, upload->content.len);
  store_bind_integer (s, 1, file);
  store_bind_integer (s, 2, id);
  store_bind_text (s, 3, upload->material);
  store_bind_text (s, 4, upload->name);
  store_bind_text (s, 5, type_of (upload->content));
  store_bind_integer (s, 6, (gint64)upload->content.len);
  store_bind_text (s, 7, digest);
  store_bind_integer (s, 8, now);
  store_bind_blob (s, 9, upload->content.bytes, upload->content.len);
  return store_run (s, error);
}

bool
papers_insert (StoreConnection *db, gint64 id, const CaseUpload *uploads, size_t n, gint64 now,
               GError **error)
{
  for (size_t i = 0; i < n; i++)
    if (!insert_file (db, id, &uploads[i], now, error))
      return false;
  return true;
}

bool
cases_file (Cases *cases, Arena *arena, const AccessAccount *who, const Case *c, gint64 file, Text *content,
            const char **type, const char **name, GError **error)
{
  g_autofree char *detail
      = g_strdup_printf ("{\"case\":%" G_GINT64_FORMAT ",\"file\":%" G_GINT64_FORMAT "}", c->id, file);
  AuditEntry entry = case_entry (who, AUDIT_READ, c, detail);
  if (who->subject != c->applicant && !audit_record (cases->store, &entry, error))
    return false;
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT content, type, name FROM cases_file WHERE id = ?1"
                                                " AND case_id = ?2",
                                                error)
                             : NULL;
  if (!s)
    return false;
  store_bind_integer (s, 1, file);
  store_bind_integer (s, 2, c->id);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "case %s has no such file", c->number);
  if (step != STORE_ROW)
    return false;
  *content = arena_text_copy (arena, store_blob (s, 0));
  *type = store_string (s, 1, arena);
  *name = store_string (s, 2, arena);
  store_reset (s);
  return true;
}

/* ---- statements ------------------------------------------------------------------- */

bool
statements_check (Cases *cases, const PolicyMatter *matter, const CaseStatement *statements, size_t n,
                  GError **error)
{
  for (size_t i = 0; i < n; i++)
    if (!statements[i].path || !*statements[i].path || strlen (statements[i].path) > 500) {
      g_set_error (error, FAULT, FAULT_INPUT, "an answer does not say what it is about: load the page again");
      return false;
    } else if (statements[i].value && !check_words (statements[i].value, "an answer", false, error))
      return false;
  return true;
}

static bool
insert_statement (StoreConnection *db, gint64 id, const CaseStatement *statement, gint64 now, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO cases_statement (case_id, path, value, at) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (case_id, path) DO UPDATE SET value = excluded.value, at = excluded.at",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  store_bind_text (s, 2, statement->path);
  store_bind_text (s, 3, statement->value);
  store_bind_integer (s, 4, now);
  return store_run (s, error);
}

bool
statements_insert (StoreConnection *db, gint64 id, const CaseStatement *statements, size_t n, gint64 now,
                   GError **error)
{
  for (size_t i = 0; i < n; i++)
    if (!insert_statement (db, id, &statements[i], now, error))
      return false;
  return true;
}

const CaseStatement *
statements_read (StoreConnection *db, Arena *arena, gint64 id, size_t *n, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT path, value FROM cases_statement WHERE case_id = ?1 ORDER BY path", error);
  if (!s)
    return NULL;
  store_bind_integer (s, 1, id);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (CaseStatement));
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    CaseStatement one = { store_string (s, 0, arena), store_string (s, 1, arena) };
    g_array_append_val (all, one);
  }
  *n = all->len;
  return next == STORE_FAILED ? NULL : arena_copy (arena, all->data, all->len * sizeof (CaseStatement));
}

const CaseStatement *
cases_statements (Cases *cases, Arena *arena, const Case *c, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  return reader ? statements_read (store_reader_db (reader), arena, c->id, n, error) : NULL;
}

void
papers_digest (Digest *digest, const CaseStatement *statements, size_t n_statements,
               const CaseUpload *uploads, size_t n_uploads)
{
  digest_integer (digest, (gint64)n_statements);
  for (size_t i = 0; i < n_statements; i++) {
    digest_text (digest, statements[i].path);
    digest_text (digest, statements[i].value);
  }
  for (size_t i = 0; i < n_uploads; i++) {
    digest_text (digest, uploads[i].material);
    digest_text (digest, uploads[i].name);
    digest_bytes (digest, uploads[i].content.bytes, uploads[i].content.len);
  }
}
