#include "feel_private.h"

#include <string.h>

gunichar
lexer_peek (Text source, unsigned offset, unsigned *length)
{
  if (offset >= source.len) {
    *length = 0;
    return 0;
  }
  const char *at = source.bytes + offset;
  gunichar c = g_utf8_get_char (at);
  *length = (unsigned)(g_utf8_next_char (at) - at);
  return c;
}

/* DMN 1.5, 10.3.1.2, rules 61 and 62. */
bool
lexer_is_blank (gunichar c)
{
  if (c < 0x80)
    return c == ' ' || (c >= '\t' && c <= '\r');
  return c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200B) || c == 0x2028
         || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

/* Rule 28, without `?`, which stands for the input. */
static bool
is_name_start (gunichar c)
{
  static const struct {
    gunichar first, last;
  } ranges[] = {
    { 'A', 'Z' },       { '_', '_' },       { 'a', 'z' },         { 0xC0, 0xD6 },     { 0xD8, 0xF6 },
    { 0xF8, 0x2FF },    { 0x370, 0x37D },   { 0x37F, 0x167F },    { 0x1681, 0x180D }, { 0x180F, 0x1FFF },
    { 0x200C, 0x200D }, { 0x2070, 0x218F }, { 0x2C00, 0x2FEF },   { 0x3001, 0xD7FF }, { 0xF900, 0xFDCF },
    { 0xFDF0, 0xFEFE }, { 0xFF00, 0xFFFD }, { 0x10000, 0xEFFFF },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (ranges) && c >= ranges[i].first; i++)
    if (c <= ranges[i].last)
      return true;
  return false;
}

/* Rule 29. */
bool
lexer_is_name_part (gunichar c)
{
  return is_name_start (c) || (c >= '0' && c <= '9') || c == 0xB7 || (c >= 0x300 && c <= 0x36F) || c == 0x203F
         || c == 0x2040;
}

static bool
is_digit_at (Text source, unsigned offset)
{
  return offset < source.len && source.bytes[offset] >= '0' && source.bytes[offset] <= '9';
}

unsigned
lexer_skip (Parser *p, unsigned offset)
{
  Text s = p->source;
  while (offset < s.len) {
    unsigned length;
    gunichar c = lexer_peek (s, offset, &length);
    if (lexer_is_blank (c)) {
      offset += length;
    } else if (c == '/' && offset + 1 < s.len && s.bytes[offset + 1] == '/') {
      while (offset < s.len && s.bytes[offset] != '\n')
        offset++;
    } else if (c == '/' && offset + 1 < s.len && s.bytes[offset + 1] == '*') {
      ptrdiff_t end = text_find (s, "*/", offset + 2);
      if (end < 0) {
        parser_fail (p, offset, "a comment is opened by /* and never closed; write */ where it ends");
        return (unsigned)s.len;
      }
      offset = (unsigned)end + 2;
    } else {
      break;
    }
  }
  return offset;
}

/* ---- characters that only look like FEEL's ---- */

/* What a person probably meant by a character from a Chinese keyboard, or NULL. */
static const char *
half_width_of (gunichar c, char *buffer)
{
  static const struct {
    gunichar c;
    const char *meant;
  } table[] = {
    { 0x2018, "\"" }, { 0x2019, "\"" }, { 0x201C, "\"" }, { 0x201D, "\"" }, { 0x2212, "-" },
    { 0x2013, "-" },  { 0x2014, "-" },  { 0xD7, "*" },    { 0xF7, "/" },    { 0x2264, "<=" },
    { 0x2265, ">=" }, { 0x2260, "!=" }, { 0x3001, "," },  { 0x3002, "." },  { 0x3010, "[" },
    { 0x3011, "]" },  { 0x300C, "\"" }, { 0x300D, "\"" }, { 0x2026, ".." }, { 0x3014, "[" },
    { 0x3015, "]" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].c == c)
      return table[i].meant;
  if (c < 0xFF01 || c > 0xFF5E)
    return NULL;
  buffer[0] = (char)(c - 0xFF01 + '!');
  buffer[1] = 0;
  return buffer;
}

static void
fail_character (Parser *p, unsigned at, gunichar c)
{
  char spelt[8] = "", buffer[2];
  spelt[g_unichar_to_utf8 (c, spelt)] = 0;
  const char *meant = half_width_of (c, buffer);
  if (meant)
    parser_fail_as (p, FEEL_ERROR_FULL_WIDTH, at, "%s is a full-width character; write the half-width %s",
                    spelt, meant);
  else
    parser_fail (p, at, "%s (U+%04X) has no meaning here; remove it", spelt, c);
}

/* ---- tokens ---- */

static Token
end_token (Parser *p)
{
  return (Token){ .kind = TOKEN_END, .start = (unsigned)p->source.len, .end = (unsigned)p->source.len };
}

static Token
read_name (Parser *p, unsigned offset)
{
  unsigned start = offset, length;
  gunichar c;
  char buffer[2];
  while ((c = lexer_peek (p->source, offset, &length)) && lexer_is_name_part (c)) {
    if (p->options.strict && c > 0x2000 && half_width_of (c, buffer)) {
      fail_character (p, offset, c);
      return end_token (p);
    }
    offset += length;
  }
  return (Token){ TOKEN_NAME, start, offset, { p->source.bytes + start, offset - start } };
}

/* 123, 1.5, .5, 1e6, 1.23e-4; "1..3" is 1 and then dots. */
static Token
read_number (Parser *p, unsigned offset)
{
  Text s = p->source;
  unsigned start = offset;
  while (is_digit_at (s, offset))
    offset++;
  if (offset < s.len && s.bytes[offset] == '.' && is_digit_at (s, offset + 1)) {
    offset++;
    while (is_digit_at (s, offset))
      offset++;
  }
  if (offset < s.len && (s.bytes[offset] | 0x20) == 'e') {
    unsigned sign = offset + 1 < s.len && (s.bytes[offset + 1] == '+' || s.bytes[offset + 1] == '-');
    if (is_digit_at (s, offset + 1 + sign)) {
      offset += 1 + sign;
      while (is_digit_at (s, offset))
        offset++;
    }
  }
  return (Token){ TOKEN_NUMBER, start, offset, { s.bytes + start, offset - start } };
}

/* N hexadecimal digits at OFFSET, or −1. */
static gint64
read_hex (Text s, unsigned offset, unsigned n)
{
  gint64 value = 0;
  for (unsigned i = 0; i < n; i++) {
    int digit = offset + i < s.len ? g_ascii_xdigit_value (s.bytes[offset + i]) : -1;
    if (digit < 0)
      return -1;
    value = value * 16 + digit;
  }
  return value;
}

/* The escape whose backslash stands at OFFSET (rule 64): appended to OUT, its
 * length returned.  An unknown one stays as written, backslash included, as
 * patterns ("\d+") are commonly written. */
static unsigned
read_escape (Text s, unsigned offset, GString *out)
{
  static const char plain[] = "\"\"''\\\\n\nr\rt\t";
  char c = offset + 1 < s.len ? s.bytes[offset + 1] : 0;
  for (size_t i = 0; c && i + 1 < sizeof plain; i += 2)
    if (plain[i] == c) {
      g_string_append_c (out, plain[i + 1]);
      return 2;
    }
  gint64 code = c == 'u' ? read_hex (s, offset + 2, 4) : c == 'U' ? read_hex (s, offset + 2, 6) : -1;
  unsigned length = c == 'u' ? 6 : 8;
  if (c == 'u' && code >= 0xD800 && code < 0xDC00 && offset + 7 < s.len && s.bytes[offset + 6] == '\\'
      && s.bytes[offset + 7] == 'u') {
    gint64 low = read_hex (s, offset + 8, 4);
    if (low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      length = 12;
    }
  }
  if (code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF)) {
    g_string_append_unichar (out, (gunichar)code);
    return length;
  }
  g_string_append_c (out, '\\');
  return 1;
}

static Token
read_string (Parser *p, unsigned offset)
{
  Text s = p->source;
  unsigned start = offset++;
  g_autoptr (GString) out = NULL; /* only when there are escapes */
  unsigned plain_from = offset;
  while (offset < s.len && s.bytes[offset] != '"') {
    if (s.bytes[offset] == '\n' && p->options.strict)
      break;
    if (s.bytes[offset] != '\\') {
      if (out)
        g_string_append_c (out, s.bytes[offset]);
      offset++;
      continue;
    }
    if (!out)
      out = g_string_new_len (s.bytes + plain_from, offset - plain_from);
    offset += read_escape (s, offset, out);
  }
  if (offset >= s.len || s.bytes[offset] != '"') {
    parser_fail (p, start, "a string is opened here and never closed; write \" where it ends");
    return end_token (p);
  }
  Text text = out ? arena_text_copy (p->arena, (Text){ out->str, out->len })
                  : (Text){ s.bytes + plain_from, offset - plain_from };
  return (Token){ TOKEN_STRING, start, offset + 1, text };
}

static Token
read_at (Parser *p, unsigned offset)
{
  unsigned next = lexer_skip (p, offset + 1);
  if (next >= p->source.len || p->source.bytes[next] != '"') {
    parser_fail (p, offset, "@ opens a date, time or duration; write it in quotes, as in @\"2021-09-30\"");
    return end_token (p);
  }
  Token token = read_string (p, next);
  if (token.kind == TOKEN_STRING)
    token.kind = TOKEN_AT;
  token.start = offset;
  return token;
}

static Token
read_symbol (Parser *p, unsigned offset)
{
  static const struct {
    char text[3];
    TokenKind kind;
  } symbols[] = {
    { "..", TOKEN_DOTS },       { "**", TOKEN_POWER },         { "!=", TOKEN_NOT_EQUAL },
    { "<=", TOKEN_LESS_EQUAL }, { ">=", TOKEN_GREATER_EQUAL }, { "->", TOKEN_ARROW },
    { "(", TOKEN_LPAREN },      { ")", TOKEN_RPAREN },         { "[", TOKEN_LBRACKET },
    { "]", TOKEN_RBRACKET },    { "{", TOKEN_LBRACE },         { "}", TOKEN_RBRACE },
    { ",", TOKEN_COMMA },       { ":", TOKEN_COLON },          { ".", TOKEN_DOT },
    { "+", TOKEN_PLUS },        { "-", TOKEN_MINUS },          { "*", TOKEN_STAR },
    { "/", TOKEN_SLASH },       { "=", TOKEN_EQUAL },          { "<", TOKEN_LESS },
    { ">", TOKEN_GREATER },     { "?", TOKEN_QUESTION },       { "'", TOKEN_APOSTROPHE },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (symbols); i++) {
    unsigned length = (unsigned)strlen (symbols[i].text);
    if (offset + length <= p->source.len && memcmp (p->source.bytes + offset, symbols[i].text, length) == 0)
      return (Token){ symbols[i].kind, offset, offset + length, { p->source.bytes + offset, length } };
  }
  unsigned length;
  fail_character (p, offset, lexer_peek (p->source, offset, &length));
  return end_token (p);
}

Token
lexer_read (Parser *p, unsigned offset)
{
  offset = lexer_skip (p, offset);
  if (parser_failed (p) || offset >= p->source.len)
    return end_token (p);
  unsigned length;
  gunichar c = lexer_peek (p->source, offset, &length);
  if (is_digit_at (p->source, offset) || (c == '.' && is_digit_at (p->source, offset + 1)))
    return read_number (p, offset);
  if (c == '"')
    return read_string (p, offset);
  if (c == '@')
    return read_at (p, offset);
  if (is_name_start (c))
    return read_name (p, offset);
  return read_symbol (p, offset);
}

/* ---- names ---- */

Text
lexer_normalise_name (Arena *arena, Text name)
{
  name = text_trim (name);
  GString *out = g_string_sized_new (name.len);
  bool blank = false, after_part = false;
  for (unsigned i = 0, length; i < name.len; i += length) {
    gunichar c = lexer_peek (name, i, &length);
    if (lexer_is_blank (c)) {
      blank = true;
      continue;
    }
    bool part = lexer_is_name_part (c);
    if (blank && part && after_part)
      g_string_append_c (out, ' ');
    g_string_append_len (out, name.bytes + i, length);
    blank = false;
    after_part = part;
  }
  Text result = arena_text_copy (arena, (Text){ out->str, out->len });
  g_string_free (out, TRUE);
  return result;
}

static unsigned
skip_blanks (Text s, unsigned offset)
{
  unsigned length;
  gunichar c;
  while ((c = lexer_peek (s, offset, &length)) && lexer_is_blank (c))
    offset += length;
  return offset;
}

unsigned
lexer_match_name (Text source, unsigned offset, Text name)
{
  unsigned at = offset;
  gunichar last = 0;
  for (unsigned i = 0, length; i < name.len; i += length) {
    gunichar want = lexer_peek (name, i, &length);
    if (lexer_is_blank (want)) {
      unsigned next = skip_blanks (source, at);
      unsigned after = i + length < name.len ? lexer_peek (name, i + length, &(unsigned){ 0 }) : 0;
      if (next == at && lexer_is_name_part (last) && lexer_is_name_part (after))
        return 0;
      at = next;
      continue;
    }
    if (!lexer_is_name_part (want) || !lexer_is_name_part (last))
      at = i ? skip_blanks (source, at) : at;
    if (at + length > source.len || memcmp (source.bytes + at, name.bytes + i, length) != 0)
      return 0;
    at += length;
    last = want;
  }
  unsigned length;
  gunichar next = lexer_peek (source, at, &length);
  if (lexer_is_name_part (last) && next && lexer_is_name_part (next))
    return 0;
  return at - offset;
}
