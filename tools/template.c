/* template — compiles page templates into C, one function per page.
 *
 *     template OUT.c OUT.h PAGE.html…
 *
 * A page is HTML with C expressions between double braces and control lines
 * that begin with "%".  The whole language (docs/templates.md has examples):
 *
 *     %% a remark                    left out of the page
 *     % use "web/models.h"           the header that declares the types used
 *     % params const Unit *unit, …   C parameters, besides `page`, which all have
 *     % let C declaration            a C variable
 *     % if C · % elif C · % else · % end
 *     % for INIT; TEST; STEP · % end
 *     % include NAME [arguments]     the page NAME.html stands here
 *     % wrap NAME [arguments]        the rest of this page is NAME's body
 *     % body                         where the wrapped page goes
 *
 *     {{expr}}                       text, number or Text, escaped for its place
 *     {{{expr}}}                     a `struct html`, as it is; C refuses any other type
 *     {{_ key name=expr, …}}         the message KEY in the page's language
 *     name?="{{expr}}"               the attribute, left out where expr is NULL
 *     name?={{expr}}                 the attribute without value, where expr is true
 *
 * An expression may stand in text, in a quoted attribute, and in a quoted URL
 * attribute (at its head the URL's scheme is checked, behind it the value is
 * percent-encoded).  Everywhere else — script, style, comments, event handlers,
 * unquoted attributes, tag and attribute names — it is refused here, so that
 * there is no place where escaping could be wrong.  Elements must be closed in
 * the branch that opened them.  An error names file and line; #line directives
 * make the C compiler's errors do so too. */
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { BLOCK_IF, BLOCK_ELSE, BLOCK_FOR } BlockKind;

typedef struct {
  BlockKind kind;
  unsigned line, depth; /* where it opened, with how many open elements */
} Block;

typedef struct {
  const char *path;
  char *name; /* C identifier: the file's name */
  char *text;
  const char *at; /* reading position */
  unsigned line;
  GPtrArray *elements; /* names of open elements */
  GArray *blocks;
  GString *code;      /* the function's body so far */
  GString *literal;   /* markup not yet written to it */
  GString *uses;      /* #include lines */
  const char *params; /* "" or ", const Unit *unit" */
  char *wrapper;      /* name and arguments, or NULL */
  gboolean has_body, started;
} Template;

/* What an expression is escaped for. */
typedef enum { PLACE_TEXT, PLACE_ATTRIBUTE, PLACE_URL, PLACE_URL_PART } Place;
static const char *const place_names[] = { "HTML_TEXT", "HTML_ATTRIBUTE", "HTML_URL", "HTML_URL_PART" };

static void G_GNUC_NORETURN G_GNUC_PRINTF (2, 3) fail (const Template *t, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  fprintf (stderr, "%s:%u: error: ", t->path, t->line);
  vfprintf (stderr, format, args);
  fputc ('\n', stderr);
  va_end (args);
  exit (1);
}

static gboolean
listed (const char *word, const char *const *list)
{
  return g_strv_contains (list, word);
}

/* ---- writing C --------------------------------------------------------- */

static void
write_c_string (GString *out, const char *bytes, gsize len)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < len; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c == '\n')
      g_string_append (out, "\\n");
    else if (c == '"' || c == '\\' || c == '?')
      g_string_append_printf (out, "\\%c", c);
    else if (c < 0x20 || c >= 0x7f)
      g_string_append_printf (out, "\\%03o", c);
    else
      g_string_append_c (out, (char)c);
  }
  g_string_append_c (out, '"');
}

static void
flush_literal (Template *t)
{
  if (!t->literal->len)
    return;
  g_string_append (t->code, "  html_literal (out, ");
  write_c_string (t->code, t->literal->str, t->literal->len);
  g_string_append_printf (t->code, ", %zu);\n", t->literal->len);
  g_string_truncate (t->literal, 0);
}

/* C from the template follows: name its line. */
static void
mark_line (Template *t)
{
  flush_literal (t);
  g_string_append_printf (t->code, "#line %u ", t->line);
  write_c_string (t->code, t->path, strlen (t->path));
  g_string_append_c (t->code, '\n');
}

/* ---- expressions ------------------------------------------------------- */

/* The text up to CLOSE, outside C strings and character constants. */
static char *
read_until (Template *t, const char *close)
{
  const char *start = t->at;
  char quote = 0;
  for (; *t->at; t->at++) {
    if (quote) {
      if (*t->at == '\\' && t->at[1])
        t->at++;
      else if (*t->at == quote)
        quote = 0;
    } else if (*t->at == '"' || *t->at == '\'') {
      quote = *t->at;
    } else if (g_str_has_prefix (t->at, close)) {
      char *text = g_strstrip (g_strndup (start, (gsize)(t->at - start)));
      t->at += strlen (close);
      if (!*text)
        fail (t, "an empty expression; write a C expression between the braces");
      return text;
    }
    if (*t->at == '\n')
      fail (t, "an expression does not end on its line; close it with \"%s\"", close);
  }
  fail (t, "an expression is not closed with \"%s\"", close);
}

/* Split "a=f (x, y), b=c" at the commas that stand outside brackets and quotes. */
static GPtrArray *
split_arguments (const char *text)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  const char *start = text;
  int depth = 0;
  char quote = 0;
  for (const char *p = text;; p++) {
    if (quote && *p == '\\' && p[1])
      p++;
    else if (quote)
      quote = *p == quote || !*p ? 0 : quote;
    else if (*p == '"' || *p == '\'')
      quote = *p;
    else if (*p && strchr ("([{", *p))
      depth++;
    else if (*p && strchr (")]}", *p))
      depth--;
    if (!*p || (*p == ',' && depth == 0 && !quote)) {
      char *part = g_strstrip (g_strndup (start, (gsize)(p - start)));
      if (*part)
        g_ptr_array_add (parts, part);
      else
        g_free (part);
      start = p + 1;
    }
    if (!*p)
      return parts;
  }
}

static int
compare_arguments (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* {{_ key name=expr, …}}.  The C name of a message carries the names of its
 * arguments in alphabetical order, as tools/po.c declares it: a key or an
 * argument that the .po files do not have is an undeclared identifier in C. */
static void
write_message (Template *t, const char *call, Place place)
{
  gsize key_len = strspn (call, "abcdefghijklmnopqrstuvwxyz0123456789_.");
  if (!key_len)
    fail (t, "a message needs its key: {{_ tasks.title}}");
  if (place >= PLACE_URL)
    fail (t, "a message cannot stand in a URL");
  g_autoptr (GString) name = g_string_new_len (call, (gssize)key_len);
  g_string_replace (name, ".", "_", 0);
  g_autoptr (GPtrArray) arguments = split_arguments (call + key_len);
  g_ptr_array_sort (arguments, compare_arguments);
  g_autoptr (GString) values = g_string_new (NULL);
  for (guint i = 0; i < arguments->len; i++) {
    char *argument = arguments->pdata[i], *equals = strchr (argument, '=');
    if (!equals)
      fail (t, "an argument of a message is written name=expression, not \"%s\"", argument);
    g_string_append_printf (values, "html_value (%s), ", equals + 1);
    *equals = '\0';
    g_string_append_printf (name, "%s%s", i ? "_" : "__", g_strchomp (argument));
  }
  mark_line (t);
  if (arguments->len)
    g_string_append_printf (
        t->code, "  html_message (out, page->language, MESSAGE_%s, (HtmlValue[]) { %s}, %u, %s);\n",
        name->str, values->str, arguments->len, place_names[place]);
  else
    g_string_append_printf (t->code, "  html_message (out, page->language, MESSAGE_%s, NULL, 0, %s);\n",
                            name->str, place_names[place]);
}

/* An expression at t->at ("{{…"), escaped for PLACE. */
static void
read_expression (Template *t, Place place)
{
  if (g_str_has_prefix (t->at, "{{{")) {
    if (place != PLACE_TEXT)
      fail (t, "raw output {{{…}}} is for text only; in an attribute write {{…}}");
    t->at += 3;
    g_autofree char *raw = read_until (t, "}}}");
    mark_line (t);
    g_string_append_printf (t->code, "  html_raw (out, %s);\n", raw);
    return;
  }
  t->at += 2;
  g_autofree char *expression = read_until (t, "}}");
  if (g_str_has_prefix (expression, "_ ")) {
    write_message (t, g_strchug (expression + 2), place);
    return;
  }
  mark_line (t);
  g_string_append_printf (t->code, "  html_write (out, html_value (%s), %s);\n", expression,
                          place_names[place]);
}

/* ---- tags -------------------------------------------------------------- */

static const char *const void_elements[] = { "area",  "base", "br",   "col",    "embed", "hr",  "img",
                                             "input", "link", "meta", "source", "track", "wbr", NULL };
static const char *const refused_elements[]
    = { "style", "iframe", "object", "embed", "xmp", "plaintext", "noembed", "noframes", "base", NULL };
static const char *const url_attributes[]
    = { "href", "src", "action", "formaction", "cite", "poster", "data", "xlink:href", NULL };
static const char *const refused_attributes[] = { "style", "srcdoc", "http-equiv", NULL };
static const char *const keyword_attributes[] = { "srcset", "ping", "target", "rel", "type", NULL };

static gboolean
open_element (const Template *t, const char *name)
{
  for (guint i = 0; i < t->elements->len; i++)
    if (g_str_equal (t->elements->pdata[i], name))
      return TRUE;
  return FALSE;
}

/* A quoted value: literal text and expressions up to QUOTE. */
static void
read_value (Template *t, const char *attribute, char quote)
{
  gboolean url = listed (attribute, url_attributes), at_head = TRUE;
  unsigned start = t->line;
  for (; *t->at != quote; at_head = FALSE) {
    if (!*t->at) {
      t->line = start;
      fail (t, "the value of %s is not closed", attribute);
    }
    if (g_str_has_prefix (t->at, "{{")) {
      if (listed (attribute, keyword_attributes))
        fail (t, "no expression may stand in %s: its values are keywords", attribute);
      read_expression (t, !url ? PLACE_ATTRIBUTE : at_head ? PLACE_URL : PLACE_URL_PART);
      continue;
    }
    if (*t->at == '\n')
      t->line++;
    g_string_append_c (t->literal, *t->at++);
  }
  t->at++;
}

/* name?="{{expr}}" and name?={{expr}} */
static void
read_optional_attribute (Template *t, const char *name)
{
  gboolean quoted = *t->at == '"';
  t->at += quoted;
  if (!g_str_has_prefix (t->at, "{{") || g_str_has_prefix (t->at, "{{{"))
    fail (t, "%s?= takes one expression: %s?=\"{{expr}}\" or %s?={{expr}}", name, name, name);
  t->at += 2;
  g_autofree char *expression = read_until (t, "}}");
  if (quoted && *t->at++ != '"')
    fail (t, "%s?=\"…\" takes one expression and nothing else", name);
  mark_line (t);
  if (quoted)
    g_string_append_printf (t->code, "  html_attribute (out, \"%s\", %s, %s);\n", name, expression,
                            listed (name, url_attributes) ? "HTML_URL" : "HTML_ATTRIBUTE");
  else
    g_string_append_printf (t->code, "  if (%s)\n    html_literal (out, \"%s\", %zu);\n", expression, name,
                            strlen (name));
}

static void
read_attribute (Template *t)
{
  gsize len = strcspn (t->at, "=?>/ \t\n\"'{<");
  if (!len)
    fail (t, "an attribute name is expected here; expressions stand in quoted values only");
  g_autofree char *name = g_ascii_strdown (t->at, (gssize)len);
  t->at += len;
  if (g_str_has_prefix (name, "on") || listed (name, refused_attributes))
    fail (t, "attribute %s is refused: styles, scripts and headers do not stand in a page", name);
  if (g_str_has_prefix (t->at, "?=")) {
    t->at += 2;
    read_optional_attribute (t, name);
    return;
  }
  g_string_append (t->literal, name);
  if (*t->at != '=')
    return;
  t->at++;
  char quote = *t->at;
  if (quote != '"' && quote != '\'')
    fail (t, "the value of %s needs quotes", name);
  t->at++;
  g_string_append_printf (t->literal, "=%c", quote);
  read_value (t, name, quote);
  g_string_append_c (t->literal, quote);
}

static char *
read_tag_name (Template *t)
{
  gsize len = strspn (t->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
  if (!len)
    fail (t, "a tag name is expected after \"<\"; write &lt; for the character");
  char *name = g_ascii_strdown (t->at, (gssize)len);
  t->at += len;
  if (listed (name, refused_elements))
    fail (t, "element %s is refused: the content-security policy has no room for it", name);
  return name;
}

static void
read_opening_tag (Template *t)
{
  g_autofree char *name = read_tag_name (t);
  g_string_append_printf (t->literal, "<%s", name);
  for (;;) {
    if (*t->at == '\n')
      t->line++;
    if (g_ascii_isspace (*t->at))
      g_string_append_c (t->literal, *t->at++);
    else if (*t->at == '>' || g_str_has_prefix (t->at, "/>"))
      break;
    else if (!*t->at)
      fail (t, "tag %s is not closed", name);
    else
      read_attribute (t);
  }
  gboolean slash = *t->at == '/';
  gboolean svg = g_str_equal (name, "svg") || open_element (t, "svg");
  t->at += slash ? 2 : 1;
  g_string_append (t->literal, slash && svg ? "/>" : ">");
  if (g_str_equal (name, "script") && !g_str_has_prefix (t->at, "</script>"))
    fail (t, "inline script is refused: put it in a file and name it in src");
  if (slash && !svg && !listed (name, void_elements))
    fail (t, "<%s/> does not close itself in HTML; write <%s></%s>", name, name, name);
  if (!slash && !listed (name, void_elements))
    g_ptr_array_add (t->elements, g_strdup (name));
}

static unsigned
open_depth (const Template *t)
{
  return t->blocks->len ? g_array_index (t->blocks, Block, t->blocks->len - 1).depth : 0;
}

static void
read_closing_tag (Template *t)
{
  t->at++;
  g_autofree char *name = read_tag_name (t);
  if (*t->at++ != '>')
    fail (t, "</%s> is not closed", name);
  if (!t->elements->len)
    fail (t, "</%s> closes nothing", name);
  const char *open = t->elements->pdata[t->elements->len - 1];
  if (!g_str_equal (open, name))
    fail (t, "</%s> stands where </%s> is due", name, open);
  if (t->elements->len <= open_depth (t))
    fail (t, "</%s> closes an element that was opened outside this block", name);
  g_ptr_array_remove_index (t->elements, t->elements->len - 1);
  g_string_append_printf (t->literal, "</%s>", name);
}

static void
read_tag (Template *t)
{
  if (g_str_has_prefix (t->at, "<!--"))
    fail (t, "an HTML comment would reach the reader; write a remark line: %%%% …");
  t->at++;
  if (g_str_has_prefix (t->at, "!doctype html>")) {
    t->at += strlen ("!doctype html>");
    g_string_append (t->literal, "<!doctype html>");
  } else if (*t->at == '/') {
    read_closing_tag (t);
  } else {
    read_opening_tag (t);
  }
}

/* ---- control lines ----------------------------------------------------- */

static void
push_block (Template *t, BlockKind kind)
{
  Block block = { kind, t->line, t->elements->len };
  g_array_append_val (t->blocks, block);
}

static Block
pop_block (Template *t, const char *word)
{
  if (!t->blocks->len)
    fail (t, "%% %s without %% if or %% for", word);
  Block block = g_array_index (t->blocks, Block, t->blocks->len - 1);
  if (t->elements->len != block.depth)
    fail (t, "<%s>, opened since line %u, is not closed before %% %s",
          (char *)t->elements->pdata[t->elements->len - 1], block.line, word);
  g_array_set_size (t->blocks, t->blocks->len - 1);
  return block;
}

static void
control_else (Template *t, const char *word, const char *condition)
{
  if (pop_block (t, word).kind != BLOCK_IF)
    fail (t, "%% %s needs %% if before it", word);
  mark_line (t);
  if (*condition)
    g_string_append_printf (t->code, "  } else if (%s) {\n", condition);
  else
    g_string_append (t->code, "  } else {\n");
  push_block (t, *condition ? BLOCK_IF : BLOCK_ELSE);
}

/* A call of another page's function: NAME [arguments]. */
static void
write_call (Template *t, const char *what, const char *suffix)
{
  gsize len = strspn (what, "abcdefghijklmnopqrstuvwxyz0123456789_");
  const char *arguments = what + len + strspn (what + len, " ");
  if (!len)
    fail (t, "name the page: %% include NAME arguments");
  mark_line (t);
  g_string_append_printf (t->code, "  page_%.*s%s (out, page%s%s);\n", (int)len, what, suffix,
                          *arguments ? ", " : "", arguments);
}

static void
control_body (Template *t)
{
  if (t->has_body || t->wrapper || t->blocks->len)
    fail (t, "%% body stands once, outside blocks, in a page that is not wrapped itself");
  flush_literal (t);
  t->has_body = TRUE;
  g_string_append_printf (t->code, "}\n\nvoid\npage_%s_end (GString *out, const Page *page%s)\n{\n", t->name,
                          t->params);
}

static void
control_wrap (Template *t, const char *rest)
{
  if (t->wrapper || t->elements->len || t->blocks->len || t->literal->len)
    fail (t, "%% wrap comes once, before any markup");
  t->wrapper = g_strdup (rest);
  write_call (t, rest, "_begin");
}

static void
control_head (Template *t, const char *word, const char *rest)
{
  if (t->started)
    fail (t, "%% %s stands at the top of the page, before everything else", word);
  if (g_str_equal (word, "use"))
    g_string_append_printf (t->uses, "#include %s\n", rest);
  else
    t->params = g_strdup_printf (", %s", rest);
}

static void
control_open (Template *t, BlockKind kind, const char *rest)
{
  mark_line (t);
  g_string_append_printf (t->code, "  %s (%s) {\n", kind == BLOCK_FOR ? "for" : "if", rest);
  push_block (t, kind);
}

static void
run_control (Template *t, const char *word, const char *rest)
{
  gboolean bare = g_str_equal (word, "end") || g_str_equal (word, "else") || g_str_equal (word, "body");
  if (bare == (*rest != '\0'))
    fail (t, bare ? "%% %s stands alone on its line" : "%% %s needs something after it", word);
  if (g_str_equal (word, "use") || g_str_equal (word, "params")) {
    control_head (t, word, rest);
    return;
  }
  t->started = TRUE;
  if (g_str_equal (word, "let")) {
    mark_line (t);
    g_string_append_printf (t->code, "  %s;\n", rest);
  } else if (g_str_equal (word, "if")) {
    control_open (t, BLOCK_IF, rest);
  } else if (g_str_equal (word, "for")) {
    control_open (t, BLOCK_FOR, rest);
  } else if (g_str_equal (word, "elif") || g_str_equal (word, "else")) {
    control_else (t, word, rest);
  } else if (g_str_equal (word, "end")) {
    pop_block (t, word);
    flush_literal (t);
    g_string_append (t->code, "  }\n");
  } else if (g_str_equal (word, "include")) {
    write_call (t, rest, "");
  } else if (g_str_equal (word, "wrap")) {
    control_wrap (t, rest);
  } else if (g_str_equal (word, "body")) {
    control_body (t);
  } else {
    fail (t, "%% %s is no control line: use, params, let, if, elif, else, for, end, include, wrap or body",
          word);
  }
}

/* A control line at t->at, which stands on "%"; takes the line's end with it. */
static void
read_control (Template *t)
{
  gsize len = strcspn (t->at, "\n");
  g_autofree char *line = g_strndup (t->at + 1, len - 1);
  t->at += len;
  if (*line != '%') {
    char *word = g_strstrip (line);
    gsize word_len = strcspn (word, " ");
    g_autofree char *name = g_strndup (word, word_len);
    run_control (t, name, word + word_len + strspn (word + word_len, " "));
  }
  if (*t->at) {
    t->at++;
    t->line++;
  }
}

/* ---- a page ------------------------------------------------------------ */

/* Blanks at the head of a line only indent the template: drop them, unless the
 * element shows them. */
static void
read_line_start (Template *t)
{
  const char *text = t->at + strspn (t->at, " \t");
  if (*text == '%' || (!open_element (t, "pre") && !open_element (t, "textarea")))
    t->at = text;
}

static void
read_page (Template *t)
{
  gboolean line_start = TRUE;
  while (*t->at) {
    if (line_start)
      read_line_start (t);
    if (line_start && *t->at == '%') {
      read_control (t);
      continue;
    }
    line_start = *t->at == '\n';
    t->started |= !line_start;
    if (*t->at == '<') {
      read_tag (t);
    } else if (g_str_has_prefix (t->at, "{{")) {
      read_expression (t, PLACE_TEXT);
    } else if (*t->at) {
      if (line_start)
        t->line++;
      if (!line_start || t->started)
        g_string_append_c (t->literal, *t->at);
      t->at++;
    }
  }
  if (t->blocks->len)
    fail (t, "the block opened on line %u has no %% end", g_array_index (t->blocks, Block, 0).line);
  if (t->elements->len)
    fail (t, "<%s> is not closed", (char *)t->elements->pdata[t->elements->len - 1]);
  if (t->wrapper)
    write_call (t, t->wrapper, "_end");
  flush_literal (t);
}

static Template *
read_template (const char *path)
{
  Template *t = g_new0 (Template, 1);
  *t = (Template){ .path = path, .line = 1, .params = "" };
  g_autoptr (GError) error = NULL;
  gsize len;
  if (!g_file_get_contents (path, &t->text, &len, &error))
    fail (t, "%s", error->message);
  if (strlen (t->text) != len || !g_utf8_validate (t->text, -1, NULL))
    fail (t, "the file is not UTF-8 text");
  g_autofree char *base = g_path_get_basename (path);
  t->name = g_strndup (base, strcspn (base, "."));
  if (strspn (t->name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen (t->name))
    fail (t, "a page's file name is its C name: small letters, digits and _");
  t->at = t->text;
  t->elements = g_ptr_array_new_with_free_func (g_free);
  t->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  t->code = g_string_new (NULL);
  t->literal = g_string_new (NULL);
  t->uses = g_string_new (NULL);
  read_page (t);
  return t;
}

static void
save (const char *path, const GString *text)
{
  g_autoptr (GError) error = NULL;
  if (g_file_set_contents (path, text->str, (gssize)text->len, &error))
    return;
  fprintf (stderr, "template: %s\n", error->message);
  exit (3);
}

static void
write_prototypes (GString *header, const Template *t)
{
  if (!t->has_body) {
    g_string_append_printf (header, "void page_%s (GString *out, const Page *page%s);\n", t->name, t->params);
    return;
  }
  g_string_append_printf (header, "void page_%s_begin (GString *out, const Page *page%s);\n", t->name,
                          t->params);
  g_string_append_printf (header, "void page_%s_end (GString *out, const Page *page%s);\n", t->name,
                          t->params);
}

int
main (int argc, char **argv)
{
  if (argc < 4) {
    fprintf (stderr, "template OUT.c OUT.h PAGE.html…\n");
    return 2;
  }
  g_autofree char *header_name = g_path_get_basename (argv[2]);
  g_autoptr (GString) code = g_string_new ("/* Made by tools/template.c from the pages; do not edit. */\n");
  g_autoptr (GString) header = g_string_new (code->str);
  g_autoptr (GString) prototypes = g_string_new (NULL);
  g_string_append_printf (code, "#include \"%s\"\n", header_name);
  g_string_append (header, "#pragma once\n\n#include \"web/page.h\"\n");
  for (int i = 3; i < argc; i++) {
    Template *t = read_template (argv[i]);
    g_string_append_printf (code, "\nvoid\npage_%s%s (GString *out, const Page *page%s)\n{\n%s}\n", t->name,
                            t->has_body ? "_begin" : "", t->params, t->code->str);
    g_string_append (header, t->uses->str);
    write_prototypes (prototypes, t);
  }
  g_string_append_printf (header, "\n%s", prototypes->str);
  save (argv[1], code);
  save (argv[2], header);
  return 0;
}
