/* What is inside a backup: items, each a tag, a length and a list of values.
 * Layout in docs/backup-format.md. */
#pragma once

#include "backup/sealed.h"

typedef enum {
  ITEM_HEAD = 'H',       /* taken at, program, rows, tables */
  ITEM_DEFINITION = 'D', /* name, table, whether an index, statement */
  ITEM_TABLE = 'T',      /* name, columns … */
  ITEM_ROW = 'R',        /* one value for each column */
  ITEM_TABLE_END = 'E',  /* rows, digest */
  ITEM_END = 'Z',        /* tables, rows */
} ItemTag;

/* The values of one item, encoded.  Reused from item to item. */
typedef struct {
  guint8 *bytes;
  size_t len, size;
} Values;

void values_clear (Values *values);
void values_put_null (Values *values);
void values_put_integer (Values *values, gint64 value);
void values_put_text (Values *values, Text text);
void values_put_blob (Values *values, Text blob);
/* All columns of the statement's current row. */
void values_put_row (Values *values, StoreStatement *row);

typedef struct {
  StoreKind kind;
  gint64 integer;
  Text text; /* TEXT and BLOB; a slice of the item */
} Value;

/* Reads the value at *AT and moves on; false at the end or when it is damaged. */
bool value_next (const guint8 **at, const guint8 *end, Value *value);

/* Rows' digest: the sum of SipHash-2-4 over each row's bytes, so that it does not
 * depend on their order, which another engine may choose differently. */
guint64 values_digest (const Values *values);

bool item_write (SealWriter *writer, ItemTag tag, const Values *values, GError **error);
/* FAULT_INPUT at the end of what was sealed. */
bool item_read (SealReader *reader, ItemTag *tag, Values *values, GError **error);

/* The store's own table of versions, copied like the others. */
#define BACKUP_VERSIONS "store_version"
/* The query that reads a whole table.  Caller frees. */
char *backup_select (const char *table);
