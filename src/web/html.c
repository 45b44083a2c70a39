#include "web/html.h"

#include <string.h>

/* Browsers drop blanks and control characters before they look, and take a
 * backslash for a slash (WHATWG URL, 4.4). */
static bool
is_plain_url (Text url)
{
  for (size_t i = 0; i < url.len; i++)
    if ((unsigned char)url.bytes[i] <= 0x20 || url.bytes[i] == '\\')
      return false;
  return true;
}

bool
html_is_own_path (Text url)
{
  return is_plain_url (url) && text_starts_with (url, "/") && !text_starts_with (url, "//");
}

/* Own paths, fragments and queries, and the two schemes of the web. */
static bool
is_safe_url (Text url)
{
  if (!is_plain_url (url))
    return false;
  return html_is_own_path (url) || text_starts_with (url, "#") || text_starts_with (url, "?")
         || text_starts_with (url, "https://") || text_starts_with (url, "http://");
}

static void
write_percent_encoded (GString *out, Text text)
{
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.bytes[i];
    if (g_ascii_isalnum (c) || memchr ("-._~", c, 4))
      g_string_append_c (out, (char)c);
    else
      g_string_append_printf (out, "%%%02X", c);
  }
}

void
html_write (GString *out, HtmlValue value, HtmlPlace place)
{
  if (value.is_number)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, value.number);
  else if (place == HTML_URL_PART)
    write_percent_encoded (out, value.text);
  else if (place == HTML_URL && !is_safe_url (value.text))
    g_string_append_c (out, '#');
  else if (place == HTML_TEXT)
    html_escape_text (out, value.text);
  else
    html_escape_attribute (out, value.text);
}

void
html_attribute (GString *out, const char *name, const char *value, HtmlPlace place)
{
  if (!value)
    return;
  g_string_append_printf (out, "%s=\"", name);
  html_write (out, html_value_string (value), place);
  g_string_append_c (out, '"');
}

/* The form for the number: the singular where the language has one. */
static const char *
choose_form (Language language, Message message, const HtmlValue *arguments, gsize n)
{
  const MessageText *text = &message_texts[language][message];
  g_assert (text->n < 0 || (gsize)text->n < n);
  if (text->n < 0 || !text->other || (arguments[text->n].is_number && arguments[text->n].number == 1))
    return text->one;
  return text->other;
}

void
html_message (GString *out, Language language, Message message, const HtmlValue *arguments, gsize n,
              HtmlPlace place)
{
  const char *form = choose_form (language, message, arguments, n);
  for (const char *p = form; *p;) {
    gsize len = strcspn (p, "\1\2\3\4\5\6\7\10\11");
    html_write (out, html_value_text ((Text){ p, len }), place);
    p += len;
    if (!*p)
      break;
    gsize argument = (gsize)*p++ - 1;
    g_assert (argument < n);
    html_write (out, arguments[argument], place);
  }
}

char *
message_text (Arena *arena, Language language, Message message, const HtmlValue *arguments, gsize n)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *form = choose_form (language, message, arguments, n);
  for (const char *p = form; *p; p++) {
    gsize argument = (gsize)*p - 1;
    if ((unsigned char)*p > 9)
      g_string_append_c (out, *p);
    else if (arguments[argument].is_number)
      g_string_append_printf (out, "%" G_GINT64_FORMAT, arguments[argument].number);
    else
      g_string_append_len (out, arguments[argument].text.bytes, (gssize)arguments[argument].text.len);
  }
  return arena_text (arena, (Text){ out->str, out->len });
}
