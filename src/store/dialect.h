/* dialect — our SQL as PostgreSQL reads it.
 *
 * The modules write one SQL ("The dialect" in store.h), which SQLite runs as it
 * stands.  PostgreSQL gets the same text with few words exchanged:
 *
 *     ?1                       $1
 *     INTEGER                  BIGINT
 *     id INTEGER PRIMARY KEY   id BIGINT PRIMARY KEY DEFAULT store_next ('t', 'id')
 *     TEXT                     TEXT COLLATE "C"      (but CAST (x AS TEXT) stays)
 *     BLOB                     BYTEA
 *     x'0f'                    CAST ('\x0f' AS BYTEA)
 *     STRICT, WITHOUT ROWID    nothing
 *
 * The words are exchanged only in capitals, as the dialect writes them: `text`
 * may be a column's name.  Strings, quoted names and comments are left alone.
 * What one engine alone knows (PRAGMA, INSERT OR REPLACE) passes and is refused
 * by the other.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The same statements for PostgreSQL (free with g_free).  N_PARAMETERS (may be
 * NULL) gets the highest number of a parameter. */
char *dialect_for_postgres (const char *sql, int *n_parameters);

/* What `store_next` does, SQLite's rule for a row without an id: the highest
 * plus one.  Made once in every database. */
extern const char dialect_postgres_functions[];

/* ---- reading it -------------------------------------------------------- */

/* Strings and quoted names are OTHER: never a word of the dialect. */
typedef enum { TOKEN_END, TOKEN_BLANK, TOKEN_WORD, TOKEN_PARAMETER, TOKEN_BYTES, TOKEN_OTHER } TokenKind;

typedef struct {
  TokenKind kind;
  const char *start; /* in the SQL */
  size_t len;
} Token;

/* The first token at or after SQL that says something: neither blank nor comment. */
Token dialect_token (const char *sql);
/* The end of WORDS (parted by one blank) when they stand at SQL, in whatever case, else NULL. */
const char *dialect_after (const char *sql, const char *words);
