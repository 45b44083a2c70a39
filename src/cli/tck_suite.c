#include "tck_suite.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

static const char testcase_namespace[] = "http://www.omg.org/spec/DMN/20160719/testcase";
static const char instance_namespace[] = "http://www.w3.org/2001/XMLSchema-instance";

/* ---- walking ----------------------------------------------------------- */

static bool
is_element (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && node->ns
         && strcmp ((const char *)node->ns->href, testcase_namespace) == 0
         && (!name || strcmp ((const char *)node->name, name) == 0);
}

static xmlNode *
next_element (xmlNode *node, const char *name)
{
  while (node && !is_element (node, name))
    node = node->next;
  return node;
}

#define EACH(child, parent, name)                                                                            \
  for (xmlNode *child = next_element ((parent)->children, (name)); child;                                    \
       child = next_element (child->next, (name)))

static const char *
attribute (Arena *arena, xmlNode *node, const char *name, const char *namespace)
{
  xmlChar *value = namespace ? xmlGetNsProp (node, (const xmlChar *)name, (const xmlChar *)namespace)
                             : xmlGetNoNsProp (node, (const xmlChar *)name);
  const char *copy = value ? arena_text (arena, text_of ((const char *)value)) : NULL;
  xmlFree (value);
  return copy;
}

static const char *
content (Arena *arena, xmlNode *node)
{
  xmlChar *value = xmlNodeGetContent (node);
  const char *copy = arena_text (arena, text_of ((const char *)value));
  xmlFree (value);
  return copy;
}

static bool
is_nil (Arena *arena, xmlNode *node)
{
  const char *nil = attribute (arena, node, "nil", instance_namespace);
  return nil && g_str_equal (nil, "true");
}

/* ---- values ------------------------------------------------------------ */

/* A text of XML Schema's TYPE ("xsd:decimal"). */
static FeelValue
read_typed (Arena *arena, const char *type, const char *text)
{
  const char *colon = type ? strchr (type, ':') : NULL;
  const char *name = colon ? colon + 1 : type;
  Decimal number;
  if (!name || g_str_equal (name, "string"))
    return feel_string (text_of (text));
  Text trimmed = text_trim (text_of (text));
  if (g_str_equal (name, "boolean"))
    return feel_boolean (text_equal (trimmed, TEXT_LITERAL ("true"))
                         || text_equal (trimmed, TEXT_LITERAL ("1")));
  static const char *const temporal[]
      = { "date", "time", "dateTime", "duration", "dayTimeDuration", "yearMonthDuration", NULL };
  if (g_strv_contains (temporal, name))
    return dmn_read_temporal (arena, trimmed);
  return decimal_parse (trimmed, &number) ? feel_number (number) : feel_null ();
}

static FeelValue read_node (Arena *arena, xmlNode *node);

static FeelValue
read_components (Arena *arena, xmlNode *node)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, TRUE, sizeof (FeelEntry));
  EACH (component, node, "component")
  {
    FeelEntry entry = { text_of (attribute (arena, component, "name", NULL)), read_node (arena, component) };
    g_array_append_val (entries, entry);
  }
  return feel_context (arena, (const FeelEntry *)(void *)entries->data, entries->len);
}

static FeelValue
read_items (Arena *arena, xmlNode *list)
{
  g_autoptr (GArray) items = g_array_new (FALSE, TRUE, sizeof (FeelValue));
  EACH (item, list, "item")
  {
    FeelValue value = read_node (arena, item);
    g_array_append_val (items, value);
  }
  return feel_list (arena, (const FeelValue *)(void *)items->data, items->len);
}

/* What an inputNode, expected, component or item holds: a value, a list, or components. */
static FeelValue
read_node (Arena *arena, xmlNode *node)
{
  EACH (child, node, NULL)
  {
    if (is_element (child, "component"))
      return read_components (arena, node);
    if (is_element (child, "list"))
      return is_nil (arena, child) ? feel_null () : read_items (arena, child);
    if (is_element (child, "value"))
      return is_nil (arena, child) ? feel_null ()
                                   : read_typed (arena, attribute (arena, child, "type", instance_namespace),
                                                 content (arena, child));
  }
  return feel_null ();
}

/* ---- cases ------------------------------------------------------------- */

static TckCase
read_case (Arena *arena, xmlNode *node)
{
  TckCase test = { .id = attribute (arena, node, "id", NULL),
                   .invocable = attribute (arena, node, "invocableName", NULL) };
  g_autoptr (GArray) inputs = g_array_new (FALSE, TRUE, sizeof (FeelEntry));
  g_autoptr (GArray) results = g_array_new (FALSE, TRUE, sizeof (TckResult));
  EACH (input, node, "inputNode")
  {
    FeelEntry entry = { text_of (attribute (arena, input, "name", NULL)), read_node (arena, input) };
    g_array_append_val (inputs, entry);
  }
  EACH (result, node, "resultNode")
  {
    xmlNode *expected = next_element (result->children, "expected");
    TckResult one
        = { attribute (arena, result, "name", NULL), expected ? read_node (arena, expected) : feel_null () };
    g_array_append_val (results, one);
  }
  test.inputs = feel_context (arena, (const FeelEntry *)(void *)inputs->data, inputs->len);
  test.n = results->len;
  test.results = arena_copy (arena, results->data, results->len * sizeof (TckResult));
  return test;
}

static void
read_cases (Arena *arena, xmlNode *root, TckFile *file)
{
  g_autoptr (GArray) cases = g_array_new (FALSE, TRUE, sizeof (TckCase));
  EACH (node, root, "testCase")
  {
    TckCase test = read_case (arena, node);
    g_array_append_val (cases, test);
  }
  file->n = cases->len;
  file->cases = arena_copy (arena, cases->data, cases->len * sizeof (TckCase));
}

/* As the suite names its folders: what follows TestCases/, else what follows ROOT. */
static const char *
folder_name (const char *root, const char *folder)
{
  const char *cases = strstr (folder, "TestCases/");
  const char *name = cases ? cases + strlen ("TestCases/") : folder + strlen (root);
  return name + strspn (name, "/");
}

/* Appends the file at PATH when it is a test file; other XML is passed over. */
static bool
read_file (Arena *arena, const char *root, const char *path, GArray *files, GError **error)
{
  xmlDoc *document = xmlReadFile (path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  xmlNode *top = document ? xmlDocGetRootElement (document) : NULL;
  bool is_test = top && is_element (top, "testCases");
  if (is_test) {
    g_autofree char *folder = g_path_get_dirname (path), *name = g_path_get_basename (path);
    xmlNode *model = next_element (top->children, "modelName");
    const char *model_name = model ? content (arena, model) : "";
    g_autofree char *model_path = g_build_filename (folder, model_name, NULL);
    *g_strrstr (name, ".xml") = '\0';
    TckFile file = { .folder = arena_text (arena, text_of (folder_name (root, folder))),
                     .file = arena_text (arena, text_of (name)),
                     .path = arena_text (arena, text_of (path)),
                     .model = arena_text (arena, text_of (model_path)) };
    read_cases (arena, top, &file);
    g_array_append_val (files, file);
  }
  xmlFreeDoc (document);
  if (!document)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: this is no well-formed XML", path);
  return document != NULL;
}

static bool
read_folder (Arena *arena, const char *root, const char *path, GArray *files, GError **error)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  if (!folder) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: this folder cannot be read", path);
    return false;
  }
  bool good = true;
  for (const char *name; good && (name = g_dir_read_name (folder));) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    if (g_file_test (inner, G_FILE_TEST_IS_DIR))
      good = read_folder (arena, root, inner, files, error);
    else if (g_str_has_suffix (name, ".xml"))
      good = read_file (arena, root, inner, files, error);
  }
  return good;
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  return strcmp (((const TckFile *)a)->path, ((const TckFile *)b)->path);
}

const TckFile *
tck_read (Arena *arena, const char *root, size_t *n, GError **error)
{
  g_autoptr (GArray) files = g_array_new (FALSE, TRUE, sizeof (TckFile));
  if (!read_folder (arena, root, root, files, error))
    return NULL;
  g_array_sort (files, compare_files);
  *n = files->len;
  return arena_copy (arena, files->data, files->len * sizeof (TckFile));
}

/* ---- comparing --------------------------------------------------------- */

static bool
numbers_agree (Decimal a, Decimal b)
{
  Decimal tolerance;
  return decimal_parse (TEXT_LITERAL ("0.00000001"), &tolerance)
         && decimal_compare (decimal_abs (decimal_sub (a, b)), tolerance) <= 0;
}

static bool
lists_agree (const FeelList *a, const FeelList *b)
{
  bool agree = a->n == b->n;
  for (size_t i = 0; i < a->n && agree; i++)
    agree = tck_agrees (a->items[i], b->items[i]);
  return agree;
}

static bool
contexts_agree (const FeelContext *a, const FeelContext *b)
{
  bool agree = a->n == b->n;
  for (size_t i = 0; i < a->n && agree; i++) {
    const FeelValue *other = feel_context_get (b, a->entries[i].name);
    agree = other && tck_agrees (a->entries[i].value, *other);
  }
  return agree;
}

bool
tck_agrees (FeelValue expected, FeelValue actual)
{
  if (expected.kind != actual.kind)
    return false;
  switch (expected.kind) {
  case FEEL_NULL: return true;
  case FEEL_NUMBER: return numbers_agree (expected.number, actual.number);
  case FEEL_LIST: return lists_agree (expected.list, actual.list);
  case FEEL_CONTEXT: return contexts_agree (expected.context, actual.context);
  default: {
    g_autoptr (Arena) arena = arena_new ();
    return feel_is_true (feel_equal (arena, expected, actual));
  }
  }
}
