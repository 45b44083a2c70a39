/* Html: what compiled templates call to write their page.
 *
 * Values go out escaped for the place they stand in; only a `struct html`,
 * which the Markdown reader alone makes, goes out as it is.  Messages come from the
 * tables that tools/po.c makes of src/web/po. */
#pragma once

#include "base/base.h"
#include "web/messages.h"

/* Markup known to be safe.  A type of its own, so that text cannot pass for it. */
struct html {
  Text markup;
};

typedef enum {
  HTML_TEXT,
  HTML_ATTRIBUTE, /* inside quotes */
  HTML_URL,       /* a whole URL or its head: own paths, http and https; others become "#" */
  HTML_URL_PART,  /* behind a literal head: percent-encoded (RFC 3986, 2.3) */
} HtmlPlace;

/* A text or an integer; a NULL string is written as nothing. */
typedef struct {
  bool is_number;
  gint64 number;
  Text text;
} HtmlValue;

static inline HtmlValue
html_value_string (const char *s)
{
  return (HtmlValue){ .text = text_of (s) };
}

static inline HtmlValue
html_value_text (Text text)
{
  return (HtmlValue){ .text = text };
}

static inline HtmlValue
html_value_number (gint64 number)
{
  return (HtmlValue){ .is_number = true, .number = number };
}

#define html_value(x)                                                                                        \
  _Generic ((x),                                                                                                  \
    char *: html_value_string,                                                                                    \
    const char *: html_value_string,                                                                              \
    Text: html_value_text,                                                                                        \
    int: html_value_number,                                                                                       \
    unsigned: html_value_number,                                                                                  \
    long: html_value_number,                                                                                      \
    unsigned long: html_value_number) (x)

/* The template's own markup. */
static inline void
html_literal (GString *out, const char *markup, gsize len)
{
  g_string_append_len (out, markup, (gssize)len);
}

static inline void
html_raw (GString *out, struct html html)
{
  g_string_append_len (out, html.markup.bytes, (gssize)html.markup.len);
}

/* Whether URL stays on this site: "//host" and "/\host" lead elsewhere. */
bool html_is_own_path (Text url);
void html_write (GString *out, HtmlValue value, HtmlPlace place);
/* NAME="VALUE", or nothing where VALUE is NULL. */
void html_attribute (GString *out, const char *name, const char *value, HtmlPlace place);
/* The message with its arguments, in the order of its C name. */
void html_message (GString *out, Language language, Message message, const HtmlValue *arguments, gsize n,
                   HtmlPlace place);

/* The same as plain text, for titles and API answers. */
char *message_text (Arena *arena, Language language, Message message, const HtmlValue *arguments, gsize n);
