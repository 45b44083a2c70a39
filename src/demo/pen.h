/* The pen: facts of one subject, sorted into the records of their departments.
 *
 * Which attributes the county fills is said once, in DEMO_FIELDS; the schema
 * says which department answers for each, and so which batch a fact goes into. */
#pragma once

#include "demo/demo.h"
#include "fields.h"
#include "life.h"
#include "random.h"
#include "tables.h"

enum { DEMO_FACTS_MAX = 96, DEMO_BATCHES_MAX = 256, DEMO_TEXT_MAX = 1024 };

typedef struct {
  const RegistryAttribute *attribute;
  gint64 unit;    /* stored integers in one: 100 for money */
  gint64 unknown; /* how often nobody has stated it, per 100,000 */
  int batch;      /* in DemoPen.batches */
  bool none, no;  /* absence already says none, false */
} DemoField;

typedef struct {
  const char *source;
  const RegistryEntity *entity;
  const DemoSource *about;
  RegistryBatchId id;
} DemoBatch;

typedef struct {
  const RegistrySchema *schema;
  const DemoSink *sink;
  DemoSummary *summary;
  const RegistryEntity *entities[DEMO_ENTITIES];
  DemoField fields[DEMO_FIELD_COUNT];
  int n_batches;
  DemoBatch batches[DEMO_BATCHES_MAX];
  RegistryBatchId correction; /* the later batch that puts incomes right */
  RegistryBatchId dispute;    /* another department's, which has some incomes otherwise */
  Day correction_from, dispute_from;
  /* the subject being written */
  Subject subject;
  DemoRandom missing;
  bool complete; /* nothing is left out: showcases */
  int n;
  RegistryFact facts[DEMO_FACTS_MAX];
  int batch_of[DEMO_FACTS_MAX];
  bool touched[DEMO_BATCHES_MAX];
  size_t text_used;
  char text[DEMO_TEXT_MAX]; /* of demo_pen_copy */
} DemoPen;

/* Resolve every field in SCHEMA and begin the batches.  FAULT_INPUT when the
 * schema lacks an attribute or the data file a source. */
bool demo_pen_open (DemoPen *pen, const RegistrySchema *schema, const DemoData *data, const DemoSink *sink,
                    DemoSummary *summary, GError **error);

/* The batch of ENTITY's own source, its complete list. */
RegistryBatchId demo_pen_list (DemoPen *pen, const RegistryEntity *entity);
/* The next subject of ENTITY (DEMO_RESIDENT …) from the sink. */
Subject demo_pen_subject (DemoPen *pen, int entity);
/* Begin the facts of SUBJECT; MISSING decides what nobody has stated. */
void demo_pen_begin (DemoPen *pen, Subject subject, DemoRandom missing);
/* Texts must stay until demo_pen_end; an empty text is none.  What follows from
 * absence in a complete load (none, false) is not written. */
void demo_pen_text (DemoPen *pen, int field, Text text);
void demo_pen_string (DemoPen *pen, int field, const char *text);
/* The same for a text that does not stay. */
void demo_pen_copy (DemoPen *pen, int field, const char *text);
/* In the attribute's unit: yuan, months, people. */
void demo_pen_number (DemoPen *pen, int field, gint64 number);
void demo_pen_boolean (DemoPen *pen, int field, gint64 value);
/* In the attribute's last digit: hundredths of a square metre, a ten-thousandth of a rate. */
void demo_pen_scaled (DemoPen *pen, int field, gint64 number);
/* DEMO_UNSTATED, for numbers, booleans and days, writes nothing. */
/* A day, or none for DEMO_NO_DAY. */
void demo_pen_day (DemoPen *pen, int field, Day day);
/* A subject, or none for 0. */
void demo_pen_reference (DemoPen *pen, int field, Subject to);
void demo_pen_none (DemoPen *pen, int field);
/* Any fact of the schema, as it is; its text must stay until demo_pen_end. */
void demo_pen_fact (DemoPen *pen, const RegistryFact *fact);
/* Append one record per department that had something to say. */
bool demo_pen_end (DemoPen *pen, GError **error);
/* Put FIELD of the last subject right: a record in the later batch. */
bool demo_pen_correct (DemoPen *pen, int field, gint64 number, GError **error);
/* Let another department state FIELD otherwise. */
bool demo_pen_dispute (DemoPen *pen, int field, gint64 number, GError **error);
