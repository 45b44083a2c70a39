/* The package: load in order, link, and answer for its parts. */
#include "policy_private.h"
#include "purpose.h"

/* ---- hash -------------------------------------------------------------- */

static void
list_files (const char *root, const char *relative, GPtrArray *files)
{
  g_autofree char *path = *relative ? g_build_filename (root, relative, NULL) : g_strdup (root);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    if (name[0] == '.')
      continue;
    char *inner = *relative ? g_build_filename (relative, name, NULL) : g_strdup (name);
    g_autofree char *full = g_build_filename (root, inner, NULL);
    if (g_file_test (full, G_FILE_TEST_IS_DIR)) {
      list_files (root, inner, files);
      g_free (inner);
    } else
      g_ptr_array_add (files, inner);
  }
}

/* SHA-256 over every file: name, length, content, in the order of names.  What
 * cannot be read is a fault: the package would pass for another one. */
static char *
hash_folder (PolicyPackage *package)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  list_files (package->folder, "", names);
  g_ptr_array_sort (names, package_compare_names);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  PolicyFile *files = arena_new0 (package->arena, PolicyFile, names->len);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (package->folder, names->pdata[i], NULL);
    g_autofree char *bytes = NULL;
    g_autoptr (GError) error = NULL;
    gsize len = 0;
    if (!g_file_get_contents (path, &bytes, &len, &error))
      dmn_faults_add (package->faults, DMN_ERROR, "unreadable", path, 0, 0,
                      "%s; every file of the folder belongs to the package", error->message);
    g_autofree char *head = g_strdup_printf ("%s %zu\n", (char *)names->pdata[i], len);
    g_checksum_update (sum, (const guchar *)head, -1);
    g_checksum_update (sum, (const guchar *)(bytes ? bytes : ""), (gssize)len);
    files[i] = (PolicyFile){ arena_text (package->arena, text_of (names->pdata[i])),
                             arena_text_copy (package->arena, (Text){ bytes ? bytes : "", len }) };
  }
  package->files = files;
  package->n_files = names->len;
  return g_strdup (g_checksum_get_string (sum));
}

const PolicyFile *
policy_files (const PolicyPackage *package, size_t *n)
{
  *n = package->n_files;
  return package->files;
}

/* ---- loading ----------------------------------------------------------- */

static void
load_schema (PolicyPackage *package)
{
  g_autofree char *path = g_build_filename (package->folder, "registry.yaml", NULL);
  GError *error = NULL;
  gsize len;
  if (!package_read (package, "registry.yaml", &len, true))
    return;
  package->schema = registry_schema_load (path, &error);
  if (package->schema)
    return;
  dmn_faults_add_error (package->faults, "yaml", path, 0, error);
  g_error_free (error);
}

static void
load_calendar (PolicyPackage *package)
{
  gsize len;
  GError *error = NULL;
  const char *csv = package_read (package, "calendar/holidays.csv", &len, true);
  if (!csv)
    return;
  g_autofree char *path = g_build_filename (package->folder, "calendar/holidays.csv", NULL);
  package->workdays = workdays_parse ((Text){ csv, len }, path, &error);
  const char *hours
      = package->workdays ? package_read (package, "calendar/office-hours.csv", &len, false) : NULL;
  g_autofree char *hours_path = g_build_filename (package->folder, "calendar/office-hours.csv", NULL);
  if (hours)
    workdays_parse_hours (package->workdays, (Text){ hours, len }, hours_path, &error);
  if (!error)
    return;
  dmn_faults_add_error (package->faults, "calendar", hours ? hours_path : path, 0, error);
  g_error_free (error);
}

/* Not every package has one: then figures are not compared across changes. */
static void
load_divisions (PolicyPackage *package)
{
  gsize len;
  GError *error = NULL;
  const char *yaml = package_read (package, "divisions.yaml", &len, false);
  if (!yaml)
    return;
  g_autofree char *path = g_build_filename (package->folder, "divisions.yaml", NULL);
  package->divisions = registry_divisions_parse ((Text){ yaml, len }, path, &error);
  if (package->divisions)
    return;
  dmn_faults_add_error (package->faults, "divisions", path, 0, error);
  g_error_free (error);
}

PolicyPackage *
policy_load (const char *folder, DmnFaults *faults, GError **error)
{
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "%s: no such folder; name a policy package, e.g. policy/minhou-2021-81", folder);
    return NULL;
  }
  PolicyPackage *package = g_new0 (PolicyPackage, 1);
  package->arena = arena_new ();
  package->folder = g_strdup (folder);
  package->faults = faults;
  package->hash = hash_folder (package);
  package->model = dmn_model_new ();
  package->clauses = g_ptr_array_new ();
  package->pages = g_ptr_array_new ();
  package->parameters = g_ptr_array_new ();
  package->pending = g_ptr_array_new ();
  package->names = g_ptr_array_new ();
  package->parts = g_ptr_array_new ();
  package->matters = g_ptr_array_new ();
  package->common = g_array_new (FALSE, FALSE, sizeof (CommonPage));
  package->accepted = g_array_new (FALSE, FALSE, sizeof (Accepted));
  package->sources = g_ptr_array_new_with_free_func (g_free);
  load_schema (package);
  load_calendar (package);
  load_divisions (package);
  circular_file_read (package);
  parameter_files_read (package);
  /* Without the schema every name of a clause would be a fault: say the one that matters. */
  if (package->schema) {
    clause_files_read (package);
    dmn_model_link (package->model, faults);
    clause_files_attach (package);
    purposes_compute (package);
  }
  package->faults = NULL;
  return package;
}

void
policy_free (PolicyPackage *package)
{
  if (!package)
    return;
  dmn_model_free (package->model);
  g_clear_pointer (&package->schema, registry_schema_free);
  g_clear_pointer (&package->workdays, workdays_free);
  g_clear_pointer (&package->divisions, registry_divisions_free);
  g_ptr_array_unref (package->clauses);
  g_ptr_array_unref (package->pages);
  g_ptr_array_unref (package->parameters);
  g_ptr_array_unref (package->pending);
  g_ptr_array_unref (package->names);
  g_ptr_array_unref (package->parts);
  g_ptr_array_unref (package->matters);
  g_array_unref (package->common);
  g_array_unref (package->accepted);
  g_ptr_array_unref (package->sources);
  arena_free (package->arena);
  g_free (package->folder);
  g_free (package->hash);
  g_free (package);
}

/* ---- its parts --------------------------------------------------------- */

const char *
policy_hash (const PolicyPackage *package)
{
  return package->hash;
}

const char *
policy_folder (const PolicyPackage *package)
{
  return package->folder;
}

const PolicyCircular *
policy_circular (const PolicyPackage *package)
{
  return package->circular;
}

const RegistrySchema *
policy_schema (const PolicyPackage *package)
{
  return package->schema;
}

const RegistryDivisions *
policy_divisions (const PolicyPackage *package)
{
  return package->divisions;
}

const Workdays *
policy_workdays (const PolicyPackage *package)
{
  return package->workdays;
}

const DmnModel *
policy_model (const PolicyPackage *package)
{
  return package->model;
}

const PolicyClause *const *
policy_clauses (const PolicyPackage *package, size_t *n)
{
  *n = package->clauses->len;
  return (const PolicyClause *const *)(void *)package->clauses->pdata;
}

const PolicyClause *const *
policy_pages (const PolicyPackage *package, size_t *n)
{
  *n = package->pages->len;
  return (const PolicyClause *const *)(void *)package->pages->pdata;
}

const PolicyClause *
policy_clause (const PolicyPackage *package, int number)
{
  for (guint i = 0; i < package->pages->len; i++) {
    const PolicyClause *clause = package->pages->pdata[i];
    if (clause->number == number)
      return clause;
  }
  return NULL;
}

const PolicyParameter *const *
policy_parameters (const PolicyPackage *package, size_t *n)
{
  *n = package->parameters->len;
  return (const PolicyParameter *const *)(void *)package->parameters->pdata;
}

const char *
policy_clause_label (const PolicyClause *clause, const char *zh)
{
  for (size_t i = 0; i < clause->n_labels; i++)
    if (strcmp (clause->labels[i].zh, zh) == 0)
      return clause->labels[i].en;
  return zh;
}
