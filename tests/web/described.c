#include "described.h"

#include "support.h"

#include <string.h>

YamlFile description;
char *base;

/* ---- asking ------------------------------------------------------------ */

char *
curl (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) "curl");
  g_ptr_array_add (argv, (gpointer) "-s");
  for (size_t i = 0; arguments[i]; i++)
    g_ptr_array_add (argv, (gpointer)(gsize)arguments[i]);
  g_ptr_array_add (argv, NULL);
  char *out = NULL;
  g_autoptr (GError) error = NULL;
  g_spawn_sync (NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL, &error);
  g_assert_no_error (error);
  return out;
}

/* The body, with the status behind it. */
const JsonValue *
get (Arena *arena, const char *path, const char *cookies, unsigned *status)
{
  g_autofree char *url = g_strconcat (base, path, NULL);
  g_autofree char *answer = curl ((const char *const[]){ "-b", cookies, "-w", "\n%{http_code}", url, NULL });
  char *code = strrchr (answer, '\n');
  *status = (unsigned)atoi (code + 1);
  GError *error = NULL;
  const JsonValue *body
      = json_parse (arena, arena_text_copy (arena, (Text){ answer, (size_t)(code - answer) }), path, &error);
  g_assert_no_error (error);
  return body;
}

/* ---- comparing with the description ------------------------------------ */

yaml_node_t *
at (yaml_node_t *node, const char *key)
{
  return node ? yaml_get (&description, node, key) : NULL;
}

const char *
scalar (yaml_node_t *node)
{
  return (const char *)node->data.scalar.value;
}

/* Follows $ref: "#/components/schemas/Text". */
static yaml_node_t *
resolve (yaml_node_t *node)
{
  yaml_node_t *reference = at (node, "$ref");
  if (!reference)
    return node;
  g_auto (GStrv) steps = g_strsplit (scalar (reference), "/", -1);
  yaml_node_t *target = yaml_file_root (&description);
  for (size_t i = 1; steps[i]; i++)
    target = at (target, steps[i]);
  g_assert_nonnull (target);
  return target;
}

static bool
is_kind (const JsonValue *value, const char *kind)
{
  static const char *const kinds[] = {
    [JSON_NULL] = "null",     [JSON_FALSE] = "boolean", [JSON_TRUE] = "boolean", [JSON_NUMBER] = "number",
    [JSON_STRING] = "string", [JSON_ARRAY] = "array",   [JSON_OBJECT] = "object"
  };
  if (g_str_equal (kind, "integer"))
    return value->kind == JSON_NUMBER && !memchr (value->text.bytes, '.', value->text.len);
  return g_str_equal (kind, kinds[value->kind]);
}

static bool
has_type (yaml_node_t *type, const JsonValue *value)
{
  if (type->type == YAML_SCALAR_NODE)
    return is_kind (value, scalar (type));
  for (yaml_node_item_t *i = type->data.sequence.items.start; i < type->data.sequence.items.top; i++)
    if (is_kind (value, scalar (yaml_file_node (&description, *i))))
      return true;
  return false;
}

static bool
in_list (yaml_node_t *list, const char *word)
{
  for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++)
    if (g_str_equal (scalar (yaml_file_node (&description, *i)), word))
      return true;
  return false;
}

static void check_shape (yaml_node_t *schema, const JsonValue *value, const char *place);

static void
check_object (yaml_node_t *schema, const JsonValue *value, const char *place)
{
  yaml_node_t *required = at (schema, "required"), *properties = at (schema, "properties"),
              *any = at (schema, "additionalProperties");
  if (any && any->type == YAML_SCALAR_NODE) /* false: as everywhere here */
    any = NULL;
  for (size_t i = 0; any && i < value->n; i++)
    check_shape (any, value->members[i].value, place);
  if (any)
    return;
  for (yaml_node_item_t *i = required ? required->data.sequence.items.start : NULL;
       i && i < required->data.sequence.items.top; i++) {
    const char *key = scalar (yaml_file_node (&description, *i));
    if (!json_get (value, key))
      g_error ("%s has no %s", place, key);
  }
  for (size_t i = 0; i < value->n; i++) {
    g_autofree char *key = g_strndup (value->members[i].key.bytes, value->members[i].key.len);
    g_autofree char *below = g_strdup_printf ("%s.%s", place, key);
    yaml_node_t *property = at (properties, key);
    if (!property)
      g_error ("%s is not described", below);
    check_shape (property, value->members[i].value, below);
  }
}

static void
check_shape (yaml_node_t *schema, const JsonValue *value, const char *place)
{
  schema = resolve (schema);
  yaml_node_t *type = at (schema, "type"), *allowed = at (schema, "enum");
  if (!type)
    return;
  if (!has_type (type, value))
    g_error ("%s is of another type than described", place);
  if (allowed && !in_list (allowed, json_string (value)))
    g_error ("%s is \"%s\", which is not described", place, json_string (value));
  if (value->kind == JSON_OBJECT)
    check_object (schema, value, place);
  for (size_t i = 0; value->kind == JSON_ARRAY && i < value->n; i++)
    check_shape (at (schema, "items"), value->elements[i], place);
}

const char *
log_in (Arena *arena, const char *folder, const char *account)
{
  if (!account)
    return "none=1";
  char *jar = arena_printf (arena, "%s/%s", folder, account);
  g_autofree char *url = g_strconcat (base, "/login", NULL);
  g_autofree char *fields = g_strdup_printf ("name=%s&password=pass-%s-pass", account, account);
  g_free (curl ((const char *const[]){ "-c", jar, "-d", fields, url, NULL }));
  return jar;
}

/* ---- writing ----------------------------------------------------------- */

/* The session's form token as a header. */
const char *
form_header (Arena *arena, const char *jar)
{
  g_autofree char *front = g_strconcat (base, "/", NULL);
  g_autofree char *page = curl ((const char *const[]){ "-b", jar, front, NULL });
  const char *token = strstr (page, "name=\"token\" value=\"");
  g_assert_nonnull (token);
  return arena_printf (arena, "X-Form-Token: %.64s", token + strlen ("name=\"token\" value=\""));
}

/* Posts FIELDS as ACCOUNT with its form token; the body (may be no JSON: NULL) and status. */
const JsonValue *
post (Arena *arena, const char *folder, const char *account, const char *path, const char *fields,
      unsigned *status)
{
  const char *jar = log_in (arena, folder, account), *header = form_header (arena, jar);
  g_autofree char *url = g_strconcat (base, path, NULL);
  g_autofree char *answer = curl (
      (const char *const[]){ "-b", jar, "-H", header, "-d", fields, "-w", "\n%{http_code}", url, NULL });
  char *code = strrchr (answer, '\n');
  *status = (unsigned)atoi (code + 1);
  return json_parse (arena, arena_text_copy (arena, (Text){ answer, (size_t)(code - answer) }), path, NULL);
}

void
check_answer (const JsonValue *body, const char *method, const char *template, unsigned status)
{
  yaml_node_t *path = at (at (yaml_file_root (&description), "paths"), template);
  g_autofree char *code = g_strdup_printf ("%u", status);
  yaml_node_t *content = at (resolve (at (at (at (path, method), "responses"), code)), "content");
  yaml_node_t *media = at (content, status == 200 ? "application/json" : "application/problem+json");
  g_assert_nonnull (media);
  check_shape (at (media, "schema"), body, template);
}

void
check_described (const JsonValue *body, const char *template, unsigned status)
{
  bool posts = at (at (at (yaml_file_root (&description), "paths"), template), "post");
  check_answer (body, posts ? "post" : "get", template, status);
}
