/* What intake's tests share: an empty town, files from text, imports in one line. */
#pragma once

#include "intake/intake.h"
#include "support.h"

typedef struct {
  char *folder, *path;
  RegistrySchema *schema;
  Registry *registry;
  Arena *arena;
} Town;

void town_open (Town *town, gconstpointer unused);
void town_close (Town *town, gconstpointer unused);
/* A file of that name in the town's folder.  Free with g_free. */
char *town_file (const Town *town, const char *name, const char *text);
/* Import TEXT as residents of 公安局, asserted to get through. */
IntakeRun town_import (Town *town, const char *text);
/* The same with options; entity, source and actor may be left out. */
IntakeRun town_import_with (Town *town, const char *name, const char *text, IntakeOptions options);
/* "row column wrong_en" of each problem, a line each.  Free with g_free. */
char *town_problems (Town *town, gint64 run);
/* The value now of an attribute of "resident-1", as text.  Free with g_free. */
char *town_value (Town *town, const char *subject, const char *name);
/* Rows of a table. */
gint64 town_count (Town *town, const char *table);
/* A valid ID number: the I-th person born on DAY. */
const char *town_id_number (Town *town, int i, const char *day, bool male);
