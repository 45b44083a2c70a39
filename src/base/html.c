#include "html.h"

static const char *
escape_of (char c, gboolean quotes)
{
  switch (c) {
  case '&': return "&amp;";
  case '<': return "&lt;";
  case '>': return "&gt;";
  case '"': return quotes ? "&quot;" : NULL;
  case '\'': return quotes ? "&#39;" : NULL;
  default: return NULL;
  }
}

static void
escape (GString *out, Text text, gboolean quotes)
{
  size_t plain_from = 0;
  for (size_t i = 0; i < text.len; i++) {
    const char *replacement = escape_of (text.bytes[i], quotes);
    if (!replacement)
      continue;
    g_string_append_len (out, text.bytes + plain_from, (gssize)(i - plain_from));
    g_string_append (out, replacement);
    plain_from = i + 1;
  }
  g_string_append_len (out, text.bytes + plain_from, (gssize)(text.len - plain_from));
}

void
html_escape_text (GString *out, Text text)
{
  escape (out, text, FALSE);
}

void
html_escape_attribute (GString *out, Text text)
{
  escape (out, text, TRUE);
}
