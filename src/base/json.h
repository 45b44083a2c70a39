/* JSON (RFC 8259), exact: numbers keep their text, key order is kept.
 *
 * Reader: one pass into an arena, refuses duplicate keys, malformed UTF-8, lone
 * surrogates, trailing text, and nesting deeper than 200; errors name line and
 * column.  Writer: streaming onto a GString; asserts that calls nest. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include "arena.h"
#include "decimal.h"
#include "text.h"

typedef enum { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } JsonKind;

typedef struct JsonValue JsonValue;
typedef struct {
  Text key;
  const JsonValue *value;
} JsonMember;

struct JsonValue {
  JsonKind kind;
  unsigned line, column; /* where it starts, from 1 (column in code points) */
  size_t n;              /* elements or members */
  union {
    Text text; /* a string decoded; a number as written */
    const JsonValue *const *elements;
    const JsonMember *members;
  };
};

/* NULL with FAULT_INPUT; ORIGIN ("input.json", "request body") opens the message. */
const JsonValue *json_parse (Arena *arena, Text source, const char *origin, GError **error);
/* The member's value or NULL; OBJECT may be any value (then NULL). */
const JsonValue *json_get (const JsonValue *object, const char *key);
/* The string's text as a NUL-terminated arena string, or NULL when not a string. */
const char *json_string (const JsonValue *value);

typedef struct JsonWriter JsonWriter;
/* Writes to OUT (not owned).  INDENT 0 packs, 2 is for people. */
JsonWriter *json_writer_new (GString *out, int indent);
void json_writer_free (JsonWriter *w); /* asserts that everything is closed */
void json_begin_object (JsonWriter *w);
void json_end_object (JsonWriter *w);
void json_begin_array (JsonWriter *w);
void json_end_array (JsonWriter *w);
void json_key (JsonWriter *w, const char *key);
void json_text (JsonWriter *w, Text text);
void json_str (JsonWriter *w, const char *text); /* NULL writes null */
void json_int (JsonWriter *w, gint64 value);
void json_decimal (JsonWriter *w, Decimal value); /* as a JSON number, exact */
void json_bool (JsonWriter *w, bool value);
void json_null (JsonWriter *w);
/* json_key + value in one line */
void json_member_str (JsonWriter *w, const char *key, const char *value);
void json_member_int (JsonWriter *w, const char *key, gint64 value);
void json_member_bool (JsonWriter *w, const char *key, bool value);
/* json_key + json_begin_array, json_begin_object */
void json_member_array (JsonWriter *w, const char *key);
void json_member_object (JsonWriter *w, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JsonWriter, json_writer_free)
