/* What a kind of notice says: texts.yaml, whose head explains how it is written. */
#include "notices/notices_private.h"

#include "texts_yaml.h"

#include <pthread.h>

typedef struct {
  YamlFile file;
  Arena *arena;
} Reading;

static bool
read_pair (Reading *r, const yaml_node_t *parent, const char *key, TextsPair *pair, GError **error)
{
  static const char *const languages[] = { "zh", "en", NULL };
  yaml_node_t *node = yaml_get (&r->file, parent, key);
  if (!node)
    return yaml_fail (&r->file, parent, error, "\"%s\" is missing", key);
  if (!yaml_check_mapping (&r->file, node, languages, key, error))
    return false;
  for (int i = 0; i < TEXTS_LANGUAGES; i++) {
    Text text;
    if (!yaml_get_text (&r->file, node, languages[i], true, &text, error))
      return false;
    pair->text[i] = arena_text (r->arena, text);
  }
  return true;
}

static bool
read_kind (Reading *r, yaml_node_t *node, Texts *texts, GError **error)
{
  static const char *const keys[] = { "id", "title", "body", NULL };
  TextsKind *kind = arena_new0 (r->arena, TextsKind, 1);
  Text id;
  if (!yaml_check_mapping (&r->file, node, keys, "a kind of notice", error)
      || !yaml_get_text (&r->file, node, "id", true, &id, error)
      || !read_pair (r, node, "title", &kind->title, error)
      || !read_pair (r, node, "body", &kind->body, error))
    return false;
  kind->id = arena_text (r->arena, id);
  return g_hash_table_insert (texts->kinds, (gpointer)kind->id, kind)
         || yaml_fail (&r->file, node, error, "the kind %s stands twice", kind->id);
}

static bool
read_texts (Reading *r, Texts *texts, GError **error)
{
  static const char *const keys[] = { "outside", "kinds", NULL }, *const outside_keys[]
                                                                  = { "subject", "email", "sms", NULL };
  yaml_node_t *root = yaml_file_root (&r->file);
  if (!yaml_check_mapping (&r->file, root, keys, "texts of notices", error))
    return false;
  yaml_node_t *outside = yaml_get (&r->file, root, "outside"), *kinds = yaml_get (&r->file, root, "kinds");
  if (!outside || !kinds || kinds->type != YAML_SEQUENCE_NODE)
    return yaml_fail (&r->file, root, error, "\"outside\" and a list \"kinds\" are needed");
  if (!yaml_check_mapping (&r->file, outside, outside_keys, "outside", error)
      || !read_pair (r, outside, "subject", &texts->outside.subject, error))
    return false;
  for (int way = 0; way < NOTICES_WAYS; way++)
    if (!read_pair (r, outside, notices_way_id ((NoticesWay)way), &texts->outside.way[way], error))
      return false;
  for (yaml_node_item_t *i = kinds->data.sequence.items.start; i < kinds->data.sequence.items.top; i++)
    if (!read_kind (r, yaml_file_node (&r->file, *i), texts, error))
      return false;
  return true;
}

Texts *
texts_parse (Arena *arena, Text source, const char *origin, GError **error)
{
  Reading r = { .arena = arena };
  if (!yaml_file_parse (&r.file, origin, source, error))
    return NULL;
  Texts *texts = arena_new0 (arena, Texts, 1);
  texts->kinds = g_hash_table_new (g_str_hash, g_str_equal);
  bool ok = read_texts (&r, texts, error);
  yaml_file_clear (&r.file);
  if (ok)
    return texts;
  g_hash_table_unref (texts->kinds);
  return NULL;
}

/* ---- the program's own --------------------------------------------------- */

static Texts *own;

static void
parse_own (void)
{
  static Arena *arena; /* kept, so that a leak checker sees it */
  arena = arena_new ();
  g_autoptr (GError) error = NULL;
  own = texts_parse (arena, text_of (texts_yaml), "src/notices/texts.yaml", &error);
  if (!own)
    g_error ("%s", error->message);
}

const Texts *
texts_get (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once (&once, parse_own);
  return own;
}

const TextsKind *
texts_kind (const char *id)
{
  return id ? g_hash_table_lookup (texts_get ()->kinds, id) : NULL;
}

/* ---- filling in ---------------------------------------------------------- */

typedef struct {
  Arena *arena;
  TextsLook look;
  gpointer data;
  GString *out;
  const char *missing; /* first word that was not there, in the part under way */
} Filling;

/* From P to END, which holds no brackets. */
static void
fill_plain (Filling *f, const char *p, const char *end)
{
  while (p < end) {
    const char *open = memchr (p, '{', (size_t)(end - p));
    const char *close = open ? memchr (open, '}', (size_t)(end - open)) : NULL;
    if (!close) {
      g_string_append_len (f->out, p, end - p);
      return;
    }
    g_string_append_len (f->out, p, open - p);
    const char *name = arena_text (f->arena, (Text){ open + 1, (size_t)(close - open - 1) });
    const char *word = f->look (name, f->data);
    if (word)
      g_string_append (f->out, word);
    else if (!f->missing)
      f->missing = name;
    p = close + 1;
  }
}

char *
texts_fill (Arena *arena, const char *template, TextsLook look, gpointer data, const char **missing)
{
  Filling f = { .arena = arena, .look = look, .data = data, .out = g_string_new (NULL) };
  const char *lacks = NULL;
  for (const char *p = template; *p;) {
    bool optional = *p == '[';
    const char *begin = optional ? p + 1 : p, *end = begin + strcspn (begin, optional ? "]" : "[");
    gsize before = f.out->len;
    f.missing = NULL;
    fill_plain (&f, begin, end);
    if (f.missing && optional)
      g_string_truncate (f.out, before);
    else if (f.missing && !lacks)
      lacks = f.missing;
    p = optional && *end ? end + 1 : end;
  }
  char *filled = arena_text (arena, (Text){ f.out->str, f.out->len });
  g_string_free (f.out, TRUE);
  if (missing)
    *missing = lacks;
  return filled;
}
