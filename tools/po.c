/* po — compiles translations into C tables.
 *
 *     po OUT.c OUT.h zh.po en.po …
 *
 * The first file's language is the default.  Each file is a .po file as
 * translators' tools write it, whose msgid is a key, not a sentence:
 *
 *     msgid "tasks.count"
 *     msgid_plural "tasks.count"
 *     msgstr[0] "{n} task of {unit}"
 *     msgstr[1] "{n} tasks of {unit}"
 *
 * {name} is an argument.  A message with plural forms has the argument n; form
 * 0 is for one, form 1 for all other numbers; a language without the distinction
 * (Chinese) gives msgstr[0] alone.  The entry with the empty msgid names the
 * language: "Language: zh-CN\n".
 *
 * Every message must be there in every language, with the same arguments; what
 * is missing is named and the build stops.  In C a message is called
 * MESSAGE_tasks_count__n_unit: its arguments' names, in alphabetical order, are
 * part of its name, so that a call with others does not compile. */
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMS = 2, ARGUMENTS_MAX = 9 };

typedef struct {
  char *key;
  unsigned line;
  gboolean plural;
  char *forms[FORMS];
  GPtrArray *arguments; /* names, sorted */
} Message;

typedef struct {
  const char *path;
  char *tag; /* "zh-CN" */
  GPtrArray *messages;
  GHashTable *by_key;
} Catalogue;

static unsigned faults;

static void G_GNUC_PRINTF (3, 4) fault (const char *path, unsigned line, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  fprintf (stderr, "%s:%u: error: ", path, line);
  vfprintf (stderr, format, args);
  fputc ('\n', stderr);
  va_end (args);
  faults++;
}

/* ---- reading ----------------------------------------------------------- */

/* The text of a quoted .po string at TEXT; NULL when it is none. */
static char *
unquote (const char *text)
{
  gsize len = strlen (text);
  if (len < 2 || text[0] != '"' || text[len - 1] != '"')
    return NULL;
  g_autofree char *inner = g_strndup (text + 1, len - 2);
  return g_strcompress (inner);
}

static void
append (char **text, const char *more)
{
  char *joined = g_strconcat (*text ? *text : "", more, NULL);
  g_free (*text);
  *text = joined;
}

/* Which string of MESSAGE the line's keyword begins; REST gets what follows. */
static char **
string_of_line (Message *message, const char *line, const char **rest)
{
  static const struct {
    const char *keyword;
    int form; /* −1 the key, −2 the plural's key */
  } keywords[] = {
    { "msgid ", -1 }, { "msgid_plural ", -2 }, { "msgstr ", 0 }, { "msgstr[0] ", 0 }, { "msgstr[1] ", 1 }
  };
  for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (g_str_has_prefix (line, keywords[i].keyword)) {
      static char *ignored;
      *rest = line + strlen (keywords[i].keyword);
      message->plural |= keywords[i].form == -2;
      return keywords[i].form == -2 ? &ignored
             : keywords[i].form < 0 ? &message->key
                                    : &message->forms[keywords[i].form];
    }
  return NULL;
}

static void
read_header (Catalogue *catalogue, const Message *header)
{
  const char *language = strstr (header->forms[0] ? header->forms[0] : "", "Language: ");
  if (language)
    catalogue->tag = g_strndup (language + 10, strcspn (language + 10, "\n"));
}

static void
add_message (Catalogue *catalogue, Message *message)
{
  if (!message->key)
    return;
  if (!*message->key) {
    read_header (catalogue, message);
    return;
  }
  if (strspn (message->key, "abcdefghijklmnopqrstuvwxyz0123456789_.") != strlen (message->key))
    fault (catalogue->path, message->line, "a key is small letters, digits, \"_\" and \".\", not \"%s\"",
           message->key);
  if (!message->forms[0] || !*message->forms[0])
    fault (catalogue->path, message->line, "message %s has no text", message->key);
  else if (g_hash_table_contains (catalogue->by_key, message->key))
    fault (catalogue->path, message->line, "message %s stands twice", message->key);
  else {
    g_hash_table_insert (catalogue->by_key, message->key, message);
    g_ptr_array_add (catalogue->messages, message);
  }
}

static void
read_line (Catalogue *catalogue, const char *line, unsigned number, Message **message, char ***string)
{
  const char *rest = line;
  if (g_str_has_prefix (line, "msgid ")) {
    add_message (catalogue, *message);
    *message = g_new0 (Message, 1);
    (*message)->line = number;
  }
  if (*line != '"')
    *string = string_of_line (*message, line, &rest);
  g_autofree char *text = unquote (rest);
  if (!*string || !text)
    fault (catalogue->path, number, "expected msgid, msgstr or a quoted string");
  else
    append (*string, text);
}

static Catalogue *
read_catalogue (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  if (!g_file_get_contents (path, &text, NULL, &error) || !g_utf8_validate (text, -1, NULL)) {
    fprintf (stderr, "%s: error: %s\n", path, error ? error->message : "not UTF-8");
    exit (2);
  }
  Catalogue *catalogue = g_new0 (Catalogue, 1);
  catalogue->path = path;
  catalogue->messages = g_ptr_array_new ();
  catalogue->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  Message *message = g_new0 (Message, 1);
  char **string = NULL;
  for (unsigned i = 0; lines[i]; i++) {
    const char *line = g_strstrip (lines[i]);
    if (*line && *line != '#')
      read_line (catalogue, line, i + 1, &message, &string);
  }
  add_message (catalogue, message);
  if (!catalogue->tag)
    fault (path, 1, "the entry with the empty msgid must say \"Language: …\\n\"");
  return catalogue;
}

/* ---- arguments --------------------------------------------------------- */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static int
argument_index (const Message *message, const char *name)
{
  for (guint i = 0; i < message->arguments->len; i++)
    if (g_str_equal (message->arguments->pdata[i], name))
      return (int)i;
  return -1;
}

static void
collect_arguments (const Catalogue *catalogue, Message *message, const char *form)
{
  for (const char *p = strpbrk (form, "{}"); p; p = strpbrk (p, "{}")) {
    gsize len = strspn (p + 1, "abcdefghijklmnopqrstuvwxyz");
    if (*p == '}' || !len || p[1 + len] != '}') {
      fault (catalogue->path, message->line, "message %s: an argument is written {name}", message->key);
      return;
    }
    char *name = g_strndup (p + 1, len);
    if (argument_index (message, name) < 0)
      g_ptr_array_add (message->arguments, name);
    p += len + 2;
  }
}

static void
finish_message (const Catalogue *catalogue, Message *message)
{
  message->arguments = g_ptr_array_new ();
  for (int i = 0; i < FORMS; i++)
    if (message->forms[i])
      collect_arguments (catalogue, message, message->forms[i]);
  g_ptr_array_sort (message->arguments, compare_names);
  if (message->plural && argument_index (message, "n") < 0)
    fault (catalogue->path, message->line, "message %s has plural forms but no {n}", message->key);
  if (message->arguments->len > ARGUMENTS_MAX)
    fault (catalogue->path, message->line, "message %s has more than %d arguments", message->key,
           ARGUMENTS_MAX);
}

/* "tasks_count__n_unit" */
static char *
symbol_of (const Message *message)
{
  g_autofree char *key = g_strdelimit (g_strdup (message->key), ".", '_');
  g_ptr_array_add (message->arguments, NULL);
  g_autofree char *names = g_strjoinv ("_", (char **)message->arguments->pdata);
  g_ptr_array_set_size (message->arguments, (int)message->arguments->len - 1);
  return *names ? g_strconcat (key, "__", names, NULL) : g_strdup (key);
}

/* ---- checking ---------------------------------------------------------- */

static void
compare_catalogues (const Catalogue *a, const Catalogue *b)
{
  for (guint i = 0; i < a->messages->len; i++) {
    const Message *message = a->messages->pdata[i], *other = g_hash_table_lookup (b->by_key, message->key);
    if (!other) {
      fault (b->path, 1, "message %s is missing (it stands in %s:%u)", message->key, a->path, message->line);
      continue;
    }
    g_autofree char *mine = symbol_of (message), *theirs = symbol_of (other);
    if (!g_str_equal (mine, theirs))
      fault (b->path, other->line, "message %s has other arguments than in %s:%u", message->key, a->path,
             message->line);
  }
}

/* ---- writing ----------------------------------------------------------- */

/* A form as a C string: argument i becomes the byte i + 1. */
static void
write_form (GString *out, const Message *message, const char *form)
{
  if (!form) {
    g_string_append (out, "NULL");
    return;
  }
  g_string_append_c (out, '"');
  for (const char *p = form; *p; p++) {
    if (*p == '{') {
      gsize len = strcspn (p, "}");
      g_autofree char *name = g_strndup (p + 1, len - 1);
      g_string_append_printf (out, "\\%03o", argument_index (message, name) + 1);
      p += len;
    } else if (strchr ("\"\\?", *p)) {
      g_string_append_printf (out, "\\%c", *p);
    } else if (*p == '\n') {
      g_string_append (out, "\\n");
    } else {
      g_string_append_c (out, *p);
    }
  }
  g_string_append_c (out, '"');
}

static void
write_catalogue (GString *code, const Catalogue *catalogue, const Catalogue *order)
{
  g_string_append (code, "  {\n");
  for (guint i = 0; i < order->messages->len; i++) {
    const Message *message
        = g_hash_table_lookup (catalogue->by_key, ((const Message *)order->messages->pdata[i])->key);
    g_string_append (code, "    { ");
    write_form (code, message, message->forms[0]);
    g_string_append (code, ", ");
    write_form (code, message, message->forms[1]);
    g_string_append_printf (code, ", %d },\n", message->plural ? argument_index (message, "n") : -1);
  }
  g_string_append (code, "  },\n");
}

static void
save (const char *path, const GString *text)
{
  g_autoptr (GError) error = NULL;
  if (g_file_set_contents (path, text->str, (gssize)text->len, &error))
    return;
  fprintf (stderr, "po: %s\n", error->message);
  exit (3);
}

static void
write_header (const char *path, const GPtrArray *catalogues)
{
  const Catalogue *first = catalogues->pdata[0];
  g_autoptr (GString) header
      = g_string_new ("/* Made by tools/po.c from the .po files; do not edit. */\n#pragma once\n\n");
  g_string_append (header, "typedef enum {\n");
  for (guint i = 0; i < catalogues->len; i++) {
    const Catalogue *catalogue = catalogues->pdata[i];
    g_autofree char *name = g_ascii_strup (catalogue->tag, (gssize)strcspn (catalogue->tag, "-"));
    g_string_append_printf (header, "  LANGUAGE_%s,\n", name);
  }
  g_string_append (header, "  LANGUAGE_COUNT\n} Language;\n\ntypedef enum {\n");
  for (guint i = 0; i < first->messages->len; i++) {
    g_autofree char *symbol = symbol_of (first->messages->pdata[i]);
    g_string_append_printf (header, "  MESSAGE_%s,\n", symbol);
  }
  g_string_append (
      header, "  MESSAGE_COUNT\n} Message;\n\n"
              "typedef struct {\n"
              "  const char *one, *other; /* bytes 1 to 9 stand for the arguments; other may be NULL */\n"
              "  int n;                   /* the argument that chooses the form, or -1 */\n"
              "} MessageText;\n\n"
              "extern const char *const language_tags[LANGUAGE_COUNT];\n"
              "extern const MessageText message_texts[LANGUAGE_COUNT][MESSAGE_COUNT];\n");
  save (path, header);
}

static void
write_code (const char *path, const char *header_path, const GPtrArray *catalogues)
{
  g_autofree char *header_name = g_path_get_basename (header_path);
  g_autoptr (GString) code = g_string_new ("/* Made by tools/po.c from the .po files; do not edit. */\n");
  g_string_append_printf (code, "#include <stddef.h>\n#include \"%s\"\n\n", header_name);
  g_string_append (code, "const char *const language_tags[LANGUAGE_COUNT] = { ");
  for (guint i = 0; i < catalogues->len; i++)
    g_string_append_printf (code, "\"%s\", ", ((const Catalogue *)catalogues->pdata[i])->tag);
  g_string_append (code, "};\n\nconst MessageText message_texts[LANGUAGE_COUNT][MESSAGE_COUNT] = {\n");
  for (guint i = 0; i < catalogues->len; i++)
    write_catalogue (code, catalogues->pdata[i], catalogues->pdata[0]);
  g_string_append (code, "};\n");
  save (path, code);
}

int
main (int argc, char **argv)
{
  if (argc < 4) {
    fprintf (stderr, "po OUT.c OUT.h DEFAULT.po OTHER.po…\n");
    return 2;
  }
  g_autoptr (GPtrArray) catalogues = g_ptr_array_new ();
  for (int i = 3; i < argc; i++) {
    Catalogue *catalogue = read_catalogue (argv[i]);
    for (guint k = 0; k < catalogue->messages->len; k++)
      finish_message (catalogue, catalogue->messages->pdata[k]);
    g_ptr_array_add (catalogues, catalogue);
  }
  for (guint i = 1; i < catalogues->len; i++) {
    compare_catalogues (catalogues->pdata[0], catalogues->pdata[i]);
    compare_catalogues (catalogues->pdata[i], catalogues->pdata[0]);
  }
  if (faults)
    return 1;
  write_header (argv[2], catalogues);
  write_code (argv[1], argv[2], catalogues);
  return 0;
}
