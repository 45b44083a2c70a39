/* Reading a package's files, with faults that name file and line. */
#include "policy_private.h"

#include <string.h>

void
reading_fault (Reading *r, const yaml_node_t *node, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  dmn_faults_add (r->package->faults, DMN_ERROR, r->code, r->yaml.path, (unsigned)node->start_mark.line + 1,
                  (unsigned)node->start_mark.column + 1, "%s", message);
}

/* Hand a yaml_* error over to the faults. */
static bool
passed (Reading *r, bool ok, GError **error)
{
  if (!ok) {
    dmn_faults_add_error (r->package->faults, r->code, r->yaml.path, 1, *error);
    g_clear_error (error);
  }
  return ok;
}

bool
reading_mapping (Reading *r, yaml_node_t *node, const char *const *known, const char *what)
{
  GError *error = NULL;
  return passed (r, yaml_check_mapping (&r->yaml, node, known, what, &error), &error);
}

const char *
reading_text (Reading *r, yaml_node_t *mapping, const char *key, bool required)
{
  Text text = TEXT_LITERAL ("");
  GError *error = NULL;
  passed (r, yaml_get_text (&r->yaml, mapping, key, required, &text, &error), &error);
  return arena_text (r->package->arena, text);
}

unsigned
reading_line (Reading *r, yaml_node_t *mapping, const char *key)
{
  const yaml_node_t *node = yaml_get (&r->yaml, mapping, key);
  return (unsigned)(node ? node : mapping)->start_mark.line + 1;
}

PolicyText
reading_both (Reading *r, yaml_node_t *mapping, const char *key, bool required)
{
  static const char *const known[] = { "zh", "en", NULL };
  yaml_node_t *node = yaml_get (&r->yaml, mapping, key);
  if (!node || node->type == YAML_SCALAR_NODE) {
    const char *text = reading_text (r, mapping, key, required);
    return (PolicyText){ text, text };
  }
  if (!reading_mapping (r, node, known, key))
    return (PolicyText){ "", "" };
  PolicyText both = { reading_text (r, node, "zh", true), reading_text (r, node, "en", false) };
  if (!*both.en)
    both.en = both.zh;
  return both;
}

size_t
reading_items (Reading *r, yaml_node_t *mapping, const char *key, yaml_node_item_t **items)
{
  *items = NULL;
  yaml_node_t *node = yaml_get (&r->yaml, mapping, key);
  if (!node)
    return 0;
  if (node->type != YAML_SEQUENCE_NODE) {
    reading_fault (r, node, "%s must be a list: [a, b] or lines that begin with \"- \"", key);
    return 0;
  }
  *items = node->data.sequence.items.start;
  return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

const char *const *
reading_list (Reading *r, yaml_node_t *mapping, const char *key)
{
  yaml_node_item_t *items;
  size_t n = reading_items (r, mapping, key, &items);
  const char **list = arena_new0 (r->package->arena, const char *, n + 1);
  for (size_t i = 0; i < n; i++) {
    Text text = TEXT_LITERAL ("");
    GError *error = NULL;
    passed (r, yaml_text (&r->yaml, yaml_file_node (&r->yaml, items[i]), key, &text, &error), &error);
    list[i] = arena_text (r->package->arena, text);
  }
  return list;
}

bool
reading_int (Reading *r, yaml_node_t *mapping, const char *key, int *value)
{
  const char *text = reading_text (r, mapping, key, true);
  char *end;
  gint64 number = g_ascii_strtoll (text, &end, 10);
  if (!*text)
    return false;
  if (*end || number < 0 || number > 100000) {
    reading_fault (r, yaml_get (&r->yaml, mapping, key), "%s must be a whole number, not \"%s\"", key, text);
    return false;
  }
  *value = (int)number;
  return true;
}

Day
reading_day (Reading *r, yaml_node_t *mapping, const char *key, Day fallback)
{
  const char *text = reading_text (r, mapping, key, false);
  Day day = fallback;
  if (*text && !civil_parse (text_of (text), &day))
    reading_fault (r, yaml_get (&r->yaml, mapping, key), "%s: \"%s\" is no date; write 2021-09-30", key,
                   text);
  return day;
}

const char *
policy_strength_id (PolicyStrength s)
{
  static const char *const ids[] = { "binding", "permitted", "pilot", "encouraged", "assisting" };
  return ids[s];
}

bool
reading_strength (Reading *r, yaml_node_t *mapping, PolicyStrength *strength)
{
  const char *text = reading_text (r, mapping, "strength", true);
  for (int s = POLICY_BINDING; s <= POLICY_ASSISTING; s++)
    if (strcmp (text, policy_strength_id ((PolicyStrength)s)) == 0) {
      *strength = (PolicyStrength)s;
      return true;
    }
  if (*text)
    reading_fault (r, yaml_get (&r->yaml, mapping, "strength"),
                   "strength: \"%s\" is none of binding, permitted, pilot, encouraged, assisting", text);
  return false;
}

const char *
package_read (PolicyPackage *package, const char *relative, gsize *len, bool required)
{
  g_autofree char *path = g_build_filename (package->folder, relative, NULL);
  char *text = NULL;
  GError *error = NULL;
  if (!g_file_get_contents (path, &text, len, &error)) {
    if (required || !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      dmn_faults_add (package->faults, DMN_ERROR, "missing-file", path, 0, 0,
                      "%s; a policy package needs this file",
                      error->code == G_FILE_ERROR_NOENT ? "there is no such file" : error->message);
    g_error_free (error);
    return NULL;
  }
  g_ptr_array_add (package->sources, text);
  size_t bad_at;
  if (text_is_utf8 ((Text){ text, *len }, &bad_at))
    return text;
  unsigned line = 1;
  for (size_t i = 0; i < bad_at; i++)
    line += text[i] == '\n';
  dmn_faults_add (package->faults, DMN_ERROR, "encoding", path, line, 0,
                  "this is not UTF-8 text; save the file as UTF-8");
  return NULL;
}

int
package_compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
package_files (const PolicyPackage *package, const char *folder, const char *suffix)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_build_filename (package->folder, folder, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &error);
  if (!dir && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    dmn_faults_add (package->faults, DMN_ERROR, "unreadable", path, 0, 0, "%s; this must be a folder",
                    error->message);
  for (const char *name; dir && (name = g_dir_read_name (dir));)
    if (name[0] != '.' && g_str_has_suffix (name, suffix))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (files, package_compare_names);
  return files;
}

bool
reading_id (Reading *r, const yaml_node_t *node, const char *id)
{
  if (strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (id))
    return true;
  reading_fault (r, node, "id: \"%s\" may hold small letters, digits and dashes only", id);
  return false;
}

size_t
reading_word (Reading *r, yaml_node_t *mapping, const char *key, const char *const *words, size_t n)
{
  const char *word = reading_text (r, mapping, key, true);
  g_autoptr (GString) list = g_string_new (NULL);
  for (size_t i = 0; i < n; i++) {
    if (g_str_equal (word, words[i]))
      return i;
    g_string_append_printf (list, "%s%s", i ? ", " : "", words[i]);
  }
  if (*word)
    reading_fault (r, mapping, "%s: \"%s\" is none of %s", key, word, list->str);
  return 0;
}

void
reading_add_subject (GPtrArray *subjects, const RegistryEntity *subject)
{
  if (subject && !g_ptr_array_find (subjects, subject, NULL))
    g_ptr_array_add (subjects, (gpointer)subject);
}
