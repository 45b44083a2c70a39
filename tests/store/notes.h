/* A store of notes, for the tests of opening, writing and refusing. */
#pragma once

#include "store/store.h"
#include "support.h"

/* notes, version 1: note (id, text); version 2: and author, with an index. */
extern const StoreMigration notes_migrations[2];

typedef struct {
  char *folder, *path; /* the store's */
} Notes;

void notes_set_up (Notes *f, gconstpointer unused);
void notes_tear_down (Notes *f, gconstpointer unused);
/* With the first N migrations. */
Store *notes_open (const Notes *f, StoreFlags flags, size_t n);
/* The fault's message names the store and says WORDS. */
void notes_assert_refused (const Notes *f, StoreFlags flags, size_t n, FaultCode code, const char *words);
gint64 notes_query (Store *store, const char *sql);
void notes_write (Store *store, const char *text);
/* Works: a note with TEXT, and one of 100,000 letters. */
bool notes_insert (StoreConnection *db, gpointer text, GError **error);
bool notes_insert_much (StoreConnection *db, gpointer unused, GError **error);
