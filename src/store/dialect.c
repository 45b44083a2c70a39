#include "store/dialect.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* Only one process writes at a time, and a function that is VOLATILE sees the
 * rows that its own statement has inserted before. */
const char dialect_postgres_functions[]
    = "CREATE OR REPLACE FUNCTION store_next (name text, id text) RETURNS bigint LANGUAGE plpgsql VOLATILE "
      "AS $$"
      " DECLARE last bigint;"
      " BEGIN EXECUTE format ('SELECT max(%I) FROM %I', id, name) INTO last; RETURN coalesce(last, 0) + 1; "
      "END $$";

static size_t
length_of_quoted (const char *s)
{
  const char *p = s + 1;
  while (*p && (*p != *s || p[1] == *s))
    p += *p == *s ? 2 : 1;
  return (size_t)(p - s) + (*p != '\0');
}

static size_t
length_of_comment (const char *s)
{
  const char *end = strstr (s + 2, *s == '-' ? "\n" : "*/");
  if (!end)
    return strlen (s);
  return (size_t)(end - s) + (*s == '-' ? 1 : 2);
}

static bool
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || (c & 0x80);
}

static Token
token_at (const char *s)
{
  size_t n = 1;
  if (!*s)
    return (Token){ TOKEN_END, s, 0 };
  if (*s == '\'' || *s == '"')
    return (Token){ TOKEN_OTHER, s, length_of_quoted (s) };
  if (g_str_has_prefix (s, "--") || g_str_has_prefix (s, "/*"))
    return (Token){ TOKEN_BLANK, s, length_of_comment (s) };
  if (g_ascii_isspace (*s))
    return (Token){ TOKEN_BLANK, s, strspn (s, " \t\r\n\f\v") };
  if (*s == '?' && g_ascii_isdigit (s[1])) {
    while (g_ascii_isdigit (s[n]))
      n++;
    return (Token){ TOKEN_PARAMETER, s, n };
  }
  if ((*s == 'x' || *s == 'X') && s[1] == '\'')
    return (Token){ TOKEN_BYTES, s, 1 + length_of_quoted (s + 1) };
  if (!is_word (*s))
    return (Token){ TOKEN_OTHER, s, 1 };
  while (is_word (s[n]))
    n++;
  return (Token){ TOKEN_WORD, s, n };
}

Token
dialect_token (const char *s)
{
  Token token = token_at (s);
  while (token.kind == TOKEN_BLANK)
    token = token_at (token.start + token.len);
  return token;
}

static bool
is (Token token, const char *word)
{
  return token.len == strlen (word) && memcmp (token.start, word, token.len) == 0;
}

const char *
dialect_after (const char *s, const char *words)
{
  for (const char *w = words; *w; w += strspn (w, " ")) {
    Token token = dialect_token (s);
    size_t len = strcspn (w, " ");
    if (token.len != len || g_ascii_strncasecmp (token.start, w, len) != 0)
      return NULL;
    s = token.start + token.len;
    w += len;
  }
  return s;
}

/* A name as a string literal: SQL's names and strings differ in their quotes. */
static void
append_name_as_string (GString *out, Token name)
{
  bool quoted = *name.start == '"';
  g_string_append_c (out, '\'');
  g_string_append_len (out, name.start + quoted, (gssize)(name.len - (quoted ? 2 : 0)));
  g_string_append_c (out, '\'');
}

/* The end of the options at S that SQLite alone knows, S itself when there are none. */
static const char *
after_table_options (const char *s)
{
  static const char *const options[]
      = { "STRICT , WITHOUT ROWID", "WITHOUT ROWID , STRICT", "STRICT", "WITHOUT ROWID" };
  for (size_t i = 0; i < G_N_ELEMENTS (options); i++) {
    const char *end = dialect_after (s, options[i]);
    if (end)
      return end;
  }
  return s;
}

typedef struct {
  GString *out;
  Token table;    /* the name after the last CREATE TABLE */
  Token previous; /* the last token that was no blank */
} Translation;

/* Append what stands for the word at TOKEN; gives the end of what was read. */
static const char *
translate_word (Translation *t, Token token)
{
  const char *end = token.start + token.len, *after;
  if (is (token, "STRICT") || is (token, "WITHOUT"))
    if ((after = after_table_options (token.start)) != token.start)
      return after;
  if (is (token, "INTEGER") && (after = dialect_after (end, "PRIMARY KEY"))) {
    g_string_append (t->out, "BIGINT PRIMARY KEY DEFAULT store_next (");
    append_name_as_string (t->out, t->table);
    g_string_append (t->out, ", ");
    append_name_as_string (t->out, t->previous);
    g_string_append_c (t->out, ')');
    return after;
  }
  if (is (token, "INTEGER"))
    g_string_append (t->out, "BIGINT");
  else if (is (token, "BLOB"))
    g_string_append (t->out, "BYTEA");
  else if (is (token, "TEXT") && !is (t->previous, "AS"))
    g_string_append (t->out, "TEXT COLLATE \"C\"");
  else
    g_string_append_len (t->out, token.start, (gssize)token.len);
  if (token.len == 5 && g_ascii_strncasecmp (token.start, "TABLE", 5) == 0) {
    after = dialect_after (end, "IF NOT EXISTS");
    t->table = dialect_token (after ? after : end);
  }
  return end;
}

char *
dialect_for_postgres (const char *sql, int *n_parameters)
{
  int highest = 0;
  Translation t = { .out = g_string_sized_new (strlen (sql) + 32),
                    .table = { .start = "" },
                    .previous = { .start = "" } };
  for (Token token = token_at (sql); token.kind != TOKEN_END; token = token_at (sql)) {
    sql = token.start + token.len;
    if (token.kind == TOKEN_WORD)
      sql = translate_word (&t, token);
    else if (token.kind == TOKEN_PARAMETER) {
      int number = atoi (token.start + 1);
      g_string_append_printf (t.out, "$%d", number);
      highest = MAX (highest, number);
    } else if (token.kind == TOKEN_BYTES)
      g_string_append_printf (t.out, "CAST ('\\x%.*s AS BYTEA)", (int)token.len - 2, token.start + 2);
    else
      g_string_append_len (t.out, token.start, (gssize)token.len);
    if (token.kind != TOKEN_BLANK)
      t.previous = token;
  }
  if (n_parameters)
    *n_parameters = highest;
  return g_string_free (t.out, FALSE);
}
