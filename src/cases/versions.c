/* The versions of the policy package by which cases were judged, kept in the store by their hash, so that a
 * past case comes out the same when the rules have changed since (design, section 5). */
#include "cases/cases_private.h"

#include <errno.h>
#include <glib/gstdio.h>

/* ---- keeping --------------------------------------------------------------------- */

static bool
is_kept (Cases *cases, const char *hash, bool *kept, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT 1 FROM cases_package WHERE hash = ?1 LIMIT 1", error)
                             : NULL;
  if (!s)
    return false;
  store_bind_text (s, 1, hash);
  StoreStep step = store_step (s, error);
  *kept = step == STORE_ROW;
  store_reset (s);
  return step != STORE_FAILED;
}

typedef struct {
  const char *hash;
  const PolicyFile *files;
  size_t n;
} Keeping;

static bool
write_files (StoreConnection *db, gpointer data, GError **error)
{
  const Keeping *k = data;
  for (size_t i = 0; i < k->n; i++) {
    StoreStatement *s = store_statement (db,
                                         "INSERT INTO cases_package (hash, name, content) VALUES (?1, ?2, ?3)"
                                         " ON CONFLICT (hash, name) DO NOTHING",
                                         error);
    if (!s)
      return false;
    store_bind_text (s, 1, k->hash);
    store_bind_text (s, 2, k->files[i].name);
    store_bind_blob (s, 3, k->files[i].content.bytes, k->files[i].content.len);
    if (!store_run (s, error))
      return false;
  }
  return true;
}

bool
versions_keep (Cases *cases, GError **error)
{
  const PolicyPackage *package = cases->options.package;
  Keeping keeping = { .hash = policy_hash (package) };
  bool kept;
  if (!is_kept (cases, keeping.hash, &kept, error))
    return false;
  if (kept)
    return true;
  keeping.files = policy_files (package, &keeping.n);
  return store_write (cases->store, write_files, &keeping, error);
}

/* ---- taking out again --------------------------------------------------------------- */

typedef struct {
  PolicyPackage *package;
  Access *access; /* with that version's purposes */
} Version;

static void
version_free (gpointer data)
{
  Version *v = data;
  access_free (v->access);
  policy_free (v->package);
  g_free (v);
}

static bool
write_file (const char *folder, const char *name, Text content, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL), *parent = g_path_get_dirname (path);
  if (g_mkdir_with_parents (parent, 0700) != 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: %s", parent, g_strerror (errno));
    return false;
  }
  return g_file_set_contents (path, content.bytes, (gssize)content.len, error);
}

/* The files of HASH into FOLDER; FAULT_NOT_FOUND where none are kept. */
static bool
unpack (Cases *cases, const char *hash, const char *folder, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader
                          ? store_statement (store_reader_db (reader),
                                             "SELECT name, content FROM cases_package WHERE hash = ?1", error)
                          : NULL;
  if (!s)
    return false;
  store_bind_text (s, 1, hash);
  size_t n = 0;
  bool ok = true;
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW && ok) {
    ok = write_file (folder, store_string (s, 0, arena), store_blob (s, 1), error);
    n++;
  }
  if (ok && step == STORE_DONE && n)
    return true;
  store_reset (s);
  if (ok && step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the policy package %.12s was never kept here", hash);
  return false;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      remove_folder (path);
    else
      g_unlink (path);
  }
  g_rmdir (folder);
}

static Version *
version_load (Cases *cases, const char *hash, const char *folder, GError **error)
{
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  if (!unpack (cases, hash, folder, error))
    return NULL;
  PolicyPackage *package = policy_load (folder, faults, error);
  if (!package)
    return NULL;
  Version *v = g_new0 (Version, 1);
  v->package = package;
  if (dmn_faults_count (faults, DMN_ERROR) || g_strcmp0 (policy_hash (package), hash) != 0)
    g_set_error (error, FAULT, FAULT_SYSTEM, "what is kept of the policy package %.12s is damaged", hash);
  else if ((v->access = access_open (cases->options.registry, error))) {
    policy_hand_purposes (package, v->access);
    return v;
  }
  version_free (v);
  return NULL;
}

static Version *
version_find (Cases *cases, const char *hash, GError **error)
{
  Version *v = g_hash_table_lookup (cases->versions, hash);
  if (v)
    return v;
  g_autofree char *folder = g_dir_make_tmp ("liudong-package-XXXXXX", error);
  if (!folder)
    return NULL;
  v = version_load (cases, hash, folder, error);
  remove_folder (folder);
  if (v)
    g_hash_table_insert (cases->versions, g_strdup (hash), v);
  return v;
}

bool
versions_as_of (Cases *cases, const char *hash, Cases *then, GError **error)
{
  *then = *cases;
  if (g_strcmp0 (hash, policy_hash (cases->options.package)) == 0)
    return true;
  pthread_mutex_lock (&cases->versions_lock);
  const Version *v = version_find (cases, hash, error);
  pthread_mutex_unlock (&cases->versions_lock);
  if (!v)
    return false;
  then->options.package = v->package;
  then->options.access = v->access;
  return true;
}

void
versions_init (Cases *cases)
{
  pthread_mutex_init (&cases->versions_lock, NULL);
  cases->versions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, version_free);
}

void
versions_clear (Cases *cases)
{
  g_hash_table_unref (cases->versions);
  pthread_mutex_destroy (&cases->versions_lock);
}
