/* registry — what is known about whom, by whose record, since when.
 *
 * What it is for: typed facts about subjects (residents, households,
 * organisations, places …) on an append-only record log, with current tables
 * for search and population runs.  The policy package's registry.yaml is the
 * schema; this module loads it, makes the tables from it, and reads subjects
 * as FEEL contexts.
 *
 *     registry.yaml ──> RegistrySchema ──> tables        record log (the truth)
 *                                              ▲                │ folded
 *     registry_writer_append (batch, record) ──┴────────────────┘
 *     registry_read (subject, paths, as of, known at) ──> FeelValue, provenance
 *
 * What it promises
 *   - A fact is a value, none, or unknown.  Absence means what the schema says
 *     for that attribute: `unknown` unless it says `none` or gives a value, and
 *     those two only while a complete load from the named source is current.
 *   - Nothing is overwritten: a correction is a new record (registry_writer_erase aside).  Reading takes
 *     "valid at" (a civil date) and "known at" (an instant).
 *   - Every value read can say its source, batch, and since when.
 *   - Only the paths asked for are read: purpose is the caller's to compute.
 *
 * What it refuses: values outside the schema; an attribute it does not know.
 *
 * The log.  A *batch* has source department, actor, record time, evidence, and
 * whether it is a complete load of an entity from that source.  A *record* is
 * (subject, valid from, valid to, batch, packed changed values).  Within a
 * batch a subject may have several records with different validity.  The value
 * of an attribute valid at V and known at K is that of the record with the
 * latest batch (then the latest valid-from) among records of batches recorded
 * at or before K whose validity covers V and which mention the attribute.
 *
 * Conflicts.  Where the latest statement of another source differs from that value
 * and covers the day, it is a *rival*: the reading gives both, and registry_conflicts
 * lists them.  A conflict ends when the department that answers for the attribute
 * states it anew, when a batch that *settles* states it, when the sources come to
 * agree, or when a complete load of that department supersedes both.
 *
 * How a call goes
 *
 *     g_autoptr (RegistrySchema) schema = registry_schema_load ("…/registry.yaml", &error);
 *     g_autoptr (Registry) registry = registry_open ("county.db", STORE_CREATE, schema, &error);
 *
 *     g_autoptr (RegistryWriter) writer = registry_writer_new (registry, &error);
 *     RegistryBatchId batch = registry_writer_batch (writer, &about_it, &error);
 *     Subject subject = registry_writer_subject (writer, resident);
 *     registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, facts, n, &error);
 *     registry_writer_commit (writer, &error);
 *
 *     RegistryMoment now = { civil_today (), G_MAXINT64 };
 *     const RegistryReading *r = registry_read (registry, arena, subject, paths, n, now, &error);
 *     FeelValue context = registry_reading_value (r);
 */
#pragma once

#include "base/base.h"
#include "feel/feel.h"
#include "store/store.h"

/* ---- schema ------------------------------------------------------------ */

typedef enum {
  REGISTRY_BOOLEAN,
  REGISTRY_NUMBER, /* int64 at SCALE digits after the point */
  REGISTRY_MONEY,  /* yuan at scale 2, stored as fen */
  REGISTRY_TEXT,
  REGISTRY_DATE,
  REGISTRY_REFERENCE, /* to one subject of entity TARGET */
  REGISTRY_COLLECTION /* computed: the TARGET subjects whose reference VIA leads here */
} RegistryKind;

typedef enum { REGISTRY_ABSENT_UNKNOWN, REGISTRY_ABSENT_NONE, REGISTRY_ABSENT_VALUE } RegistryAbsence;

typedef enum { REGISTRY_PUBLIC, REGISTRY_PERSONAL, REGISTRY_SENSITIVE } RegistrySensitivity;

typedef struct RegistryEntity RegistryEntity;
typedef struct RegistryAttribute RegistryAttribute;

/* What a fact sorts people by, where a rule that turns on it may keep them out although
 * they can do nothing about it: the circular's closing paragraph; sex and age are ours. */
typedef enum {
  REGISTRY_HUKOU,
  REGISTRY_ORIGIN,
  REGISTRY_EMPLOYER,
  REGISTRY_SEX,
  REGISTRY_AGE, /* a date of birth */
  REGISTRY_DEGREE,
  REGISTRY_SENIORITY, /* a date since when */
} RegistryBarrierKind;
const char *registry_barrier_id (RegistryBarrierKind kind); /* "hukou" … */

/* A fact of the same subject that follows from the marked one. */
typedef struct {
  const RegistryAttribute *attribute;
  const FeelExpression *rule; /* over the marked one's value alone */
} RegistryRecomputed;

/* The mark: what happens to other facts of the subject when this one is thought otherwise.
 * Those named nowhere do not depend on it. */
typedef struct {
  RegistryBarrierKind kind;
  size_t n_recomputed;
  const RegistryRecomputed *recomputed;
  size_t n_held;
  const RegistryAttribute *const *held; /* depend on it, and stay as they are */
} RegistryBarrier;
/* What RECOMPUTED's attribute is when the marked one is VARIED, a value; in ARENA. */
FeelValue registry_recomputed_value (Arena *arena, const RegistryRecomputed *recomputed, FeelValue varied);

struct RegistryAttribute {
  const RegistryEntity *entity;
  int index;           /* in entity->attributes */
  const char *id;      /* stable ASCII: "monthly_income" */
  const char *zh, *en; /* 月收入, Monthly income */
  RegistryKind kind;
  int scale; /* digits after the point of NUMBER and MONEY */
  bool has_min, has_max;
  gint64 min, max;           /* scaled */
  const char *const *values; /* allowed texts (NULL-terminated) or NULL for any */
  size_t n_values;
  const char *const *values_en; /* English labels of VALUES, same order, or NULL */
  const char *source;           /* the department that answers for it: "县公安局" */
  RegistrySensitivity sensitivity;
  RegistryAbsence absence;
  const char *absence_text;       /* REGISTRY_ABSENT_VALUE: the value as written */
  const RegistryEntity *target;   /* REFERENCE, COLLECTION */
  const RegistryAttribute *via;   /* COLLECTION: the reference of TARGET that leads here */
  const char *unit;               /* "元/月", "月"; may be NULL */
  const RegistryBarrier *barrier; /* NULL: it is none */
};

struct RegistryEntity {
  int index;           /* 0 … 62, stable: the order in registry.yaml; part of subject ids */
  const char *id;      /* "resident" */
  const char *zh, *en; /* 居民, Resident */
  size_t n;
  const RegistryAttribute *attributes;
  const RegistryAttribute *label;           /* the attribute that names a subject to people, or NULL */
  const RegistryAttribute *number;          /* its official number (ID number, credit code), or NULL */
  const RegistryAttribute *const *likeness; /* two that agree in all of these may be one; NULL: none */
  size_t n_likeness;
  /* What else subjects are searched by; each may be NULL. */
  const RegistryAttribute *township;  /* a text, the division code */
  const RegistryAttribute *community; /* a reference to a place */
  const RegistryAttribute *phone;     /* a text */
  const FeelType *type;               /* closed FEEL context with all attributes by Chinese name */
};

typedef struct RegistrySchema RegistrySchema;

/* Load registry.yaml.  Faults name file:line.  The format is documented in
 * docs/registry-format.md.  Free with registry_schema_free. */
RegistrySchema *registry_schema_load (const char *path, GError **error);
/* The same from text; PATH is for messages. */
RegistrySchema *registry_schema_parse (Text source, const char *path, GError **error);
void registry_schema_free (RegistrySchema *schema);
size_t registry_schema_size (const RegistrySchema *schema);
const RegistryEntity *registry_schema_entity_at (const RegistrySchema *schema, size_t i);
/* By ASCII id or Chinese name; NULL when absent. */
const RegistryEntity *registry_schema_entity (const RegistrySchema *schema, const char *name);
const RegistryAttribute *registry_entity_attribute (const RegistryEntity *entity, const char *name);
/* The FEEL type of an attribute's values (a list's type is made in ARENA). */
const FeelType *registry_attribute_type (Arena *arena, const RegistryAttribute *attribute);
/* How long a fact is kept, and which rule says so. */
typedef struct {
  int years;                         /* 0: for ever */
  bool at_least;                     /* the rule names the shortest time only */
  const char *from_zh, *from_en;     /* the event from which the time runs */
  const char *reason_zh, *reason_en; /* document and article */
  const char *url;                   /* may be NULL */
} RegistryRetention;
/* The rule for ATTRIBUTE, or for its entity as a whole; NULL: no rule supplies it. */
const RegistryRetention *registry_retention (const RegistrySchema *schema,
                                             const RegistryAttribute *attribute);
/* The rule for the log of who read what; NULL likewise. */
const RegistryRetention *registry_log_retention (const RegistrySchema *schema);
/* The rule for the texts of notices to people; NULL likewise. */
const RegistryRetention *registry_notices_retention (const RegistrySchema *schema);
/* Hex SHA-256 of the file, for the identity of a determination. */
const char *registry_schema_hash (const RegistrySchema *schema);

/* ---- subjects ---------------------------------------------------------- */

/* A subject id: entity index in the top byte, a number from 1 below it.  Printed
 * as "resident-1" (entity id, dash, number). */
typedef gint64 Subject;
static inline Subject
subject_make (const RegistryEntity *e, gint64 number)
{
  return ((gint64)e->index << 56) | number;
}
static inline gint64
subject_number (Subject s)
{
  return s & (((gint64)1 << 56) - 1);
}
const RegistryEntity *registry_subject_entity (const RegistrySchema *schema, Subject s);
char *registry_subject_format (Arena *arena, const RegistrySchema *schema, Subject s);
/* False when TEXT is no subject id of this schema. */
bool registry_subject_parse (const RegistrySchema *schema, Text text, Subject *s);

/* ---- opening and writing ----------------------------------------------- */

typedef struct Registry Registry;

/* The store's migrations for SCHEMA must have been applied: registry_open opens
 * the file and does that.  FLAGS as in store.h. */
Registry *registry_open (const char *path, StoreFlags flags, const RegistrySchema *schema, GError **error);
void registry_close (Registry *registry);

/* What a new registry.yaml changes in a store, in words. */
typedef enum {
  REGISTRY_CHANGE_ADDED,    /* entity or attribute */
  REGISTRY_CHANGE_ALTERED,  /* names, departments, wider bounds, more values, meaning of absence … */
  REGISTRY_CHANGE_NARROWED, /* bounds or values; no current value stands against it */
  REGISTRY_CHANGE_REFUSED   /* what is stored would be lost or mean something else */
} RegistryChangeKind;

typedef struct {
  RegistryChangeKind kind;
  const char *what;                   /* "resident.degree", "post" */
  const char *text;                   /* "now also allowed: 大专" */
  const RegistryAttribute *attribute; /* NARROWED: of the new schema, else NULL */
} RegistryChange;

/* What registry_open (PATH) with SCHEMA would change; the file is left as it is.
 * None: *n is 0 (a pointer all the same).  NULL with the faults of store_open. */
const RegistryChange *registry_plan (const char *path, const RegistrySchema *schema, Arena *arena, size_t *n,
                                     GError **error);

/* The schemas that the store has had, the oldest first. */
typedef struct {
  gint64 version;
  const char *hash;    /* of registry.yaml */
  gint64 recorded_at;  /* UTC seconds */
  const char *changes; /* a line each, "" for the first */
} RegistryVersion;
const RegistryVersion *registry_history (Registry *registry, Arena *arena, size_t *n, GError **error);
Store *registry_store (Registry *registry);
const RegistrySchema *registry_schema (const Registry *registry);

/* One stored value: absent (not mentioned), none, or a value.  Booleans 0/1,
 * numbers and money scaled, dates as Day, references as Subject; texts by slice. */
typedef enum { REGISTRY_UNSTATED, REGISTRY_NONE, REGISTRY_VALUE } RegistryState;
typedef struct {
  const RegistryAttribute *attribute;
  RegistryState state; /* NONE or VALUE */
  gint64 integer;
  Text text;
} RegistryFact;

/* A fact from text, as imports and people write it: "2500.00", "2021-09-30", "true"
 * or "是", "household-12".  Checked against the schema (FAULT_INPUT names the
 * attribute and what is allowed).  fact->text is TEXT itself. */
bool registry_fact_parse (const RegistrySchema *schema, const RegistryAttribute *attribute, Text text,
                          RegistryFact *fact, GError **error);

/* The same text back; NULL for none. */
char *registry_fact_format (Arena *arena, const RegistrySchema *schema, const RegistryFact *fact);

typedef struct {
  const char *source;      /* department */
  const char *actor;       /* who recorded it: "demo", "clerk-1" */
  const char *evidence;    /* document or file, may be NULL */
  gint64 recorded_at;      /* UTC seconds */
  const char *complete_of; /* entity id when this batch is a complete load from SOURCE, or NULL */
  bool settles;            /* a decision between sources, for the reason in EVIDENCE: see registry_settle */
  gint64 complete_since;   /* the first batch of that load, when it came in several and ends with this one; 0:
                              this one */
} RegistryBatch;

typedef gint64 RegistryBatchId;

/* Bulk or single writing.  A writer batches; nothing is visible before
 * registry_writer_commit, which is durable (of a STORE_BULK registry:
 * store_checkpoint is).  One writer at a time: the next waits, as does every
 * store_write, so a thread must not ask for either while it holds one.
 *
 * A load that comes in several commits is complete with its last batch, which
 * says so and names the first (complete_since): until then nothing is absent by it.
 *
 * Fast when a subject's records come together, new subjects in rising order,
 * and batches that are complete loads begin before the subjects they load. */
typedef struct RegistryWriter RegistryWriter;
RegistryWriter *registry_writer_new (Registry *registry, GError **error);
/* The same inside a StoreWork, so that facts commit together with what else the
 * work writes: registry_writer_commit then ends the writing, the work commits.
 * After a failure the work must fail as well. */
RegistryWriter *registry_writer_join (Registry *registry, StoreConnection *db, GError **error);
/* Drops what was not committed. */
void registry_writer_free (RegistryWriter *writer);
/* 0 with an error on failure; ids grow with each call.  FAULT_INPUT when it is
 * recorded before the last one: what was known then must not change. */
RegistryBatchId registry_writer_batch (RegistryWriter *writer, const RegistryBatch *batch, GError **error);
/* The next free subject of ENTITY. */
Subject registry_writer_subject (RegistryWriter *writer, const RegistryEntity *entity);
/* Append one record and fold it into the current tables.  VALID_FROM/TO: civil
 * days, inclusive; REGISTRY_FOREVER as open end.  Facts are checked against the
 * schema: FAULT_INPUT names the attribute and the bound. */
#define REGISTRY_FOREVER G_MAXINT64
#define REGISTRY_EVER G_MININT64
bool registry_writer_append (RegistryWriter *writer, RegistryBatchId batch, Subject subject, Day valid_from,
                             Day valid_to, const RegistryFact *facts, size_t n, GError **error);
/* Take every value of ATTRIBUTE out of SUBJECT's records: the one exception to "nothing
 * is overwritten", for an erasure that the law orders (Personal Information Protection
 * Law, article 47).  The records stay, and say what else they said.  FAULT_INPUT when
 * SUBJECT is unknown or has no such attribute. */
bool registry_writer_erase (RegistryWriter *writer, Subject subject, const RegistryAttribute *attribute,
                            GError **error);
bool registry_writer_commit (RegistryWriter *writer, GError **error);

/* Two subjects of one entity turn out to be one: from now on GONE is KEPT.  Reading
 * either gives both logs as one, references to GONE lead to KEPT, new records of
 * GONE go to KEPT, and GONE has no current row.  The log is untouched, an audit entry
 * goes with it, and it can be undone; what was recorded in between stays with KEPT.
 * 0 with FAULT_INPUT (no actor or reason, different entities), FAULT_NOT_FOUND,
 * FAULT_CONFLICT (one of them was merged already: merge what it leads to). */
gint64 registry_writer_merge (RegistryWriter *writer, Subject kept, Subject gone, const char *actor,
                              const char *reason, gint64 recorded_at, GError **error);
/* Take merge ID back.  FAULT_NOT_FOUND, FAULT_CONFLICT when it was undone already. */
bool registry_writer_unmerge (RegistryWriter *writer, gint64 id, const char *actor, const char *reason,
                              gint64 recorded_at, GError **error);

/* Asking while writing: what the writer has appended counts already. */

/* Subjects of ENTITY whose current value of the text attribute BY is TEXT, in id
 * order: at most ROOM of them into FOUND; *N is how many. */
bool registry_writer_find (RegistryWriter *writer, const RegistryAttribute *by, Text text, Subject *found,
                           size_t room, size_t *n, GError **error);
/* Other subjects that agree with SUBJECT in every attribute of its entity's likeness. */
bool registry_writer_alike (RegistryWriter *writer, Subject subject, Subject *found, size_t room, size_t *n,
                            GError **error);
/* Whether there is such a subject. */
bool registry_writer_knows (RegistryWriter *writer, Subject subject, bool *known, GError **error);
/* What SOURCE itself says of SUBJECT for DAY: FACTS has one by attribute of the
 * entity, UNSTATED where it says nothing.  Texts are good until the next call. */
bool registry_writer_stated (RegistryWriter *writer, Subject subject, const char *source, Day day,
                             RegistryFact *facts, GError **error);

/* The current tables hold the values valid on one day: the latest on which a
 * batch or merge was recorded, or TODAY of the last call of this.  Facts that begin or
 * end by TODAY are folded in; days gone by change nothing.  Cheap when none do. */
bool registry_refresh (Registry *registry, Day today, GError **error);

/* What registry_verify saw. */
typedef struct {
  gint64 subjects, records;
  char *difference; /* the first, for people; NULL when there is none.  Free with g_free. */
} RegistryVerification;

/* Fold the records of every subject anew and compare with its current row, in one
 * state of the store, without stopping anybody.  PROGRESS (may be NULL) gets subjects
 * done and in all.  True when it could be done: then see FOUND->difference. */
typedef void (*RegistryProgress) (gint64 done, gint64 total, gpointer data);
bool registry_verify (Registry *registry, RegistryProgress progress, gpointer data,
                      RegistryVerification *found, GError **error);

/* For a program that runs over midnight: a thread that asks TODAY (civil_today)
 * every INTERVAL_MS and calls registry_refresh when the day has changed.  Stop it
 * before the registry is closed.  NULL with FAULT_SYSTEM. */
typedef struct RegistryFollower RegistryFollower;
RegistryFollower *registry_follower_start (Registry *registry, Day (*today) (void), unsigned interval_ms,
                                           GError **error);
void registry_follower_stop (RegistryFollower *follower);

/* ---- merges ------------------------------------------------------------ */

typedef struct {
  gint64 id;
  Subject kept, gone;
  gint64 recorded_at; /* UTC seconds */
  const char *actor, *reason;
  gint64 undone_at; /* 0: it stands */
  const char *undone_by, *undone_reason;
} RegistryMerge;

/* The newest first, before merge BEFORE (0: from the newest). */
const RegistryMerge *registry_merges (Registry *registry, Arena *arena, gint64 before, size_t limit,
                                      size_t *n, GError **error);
/* Whom SUBJECT leads to, as known at KNOWN_AT: itself unless it was merged. */
bool registry_resolve (Registry *registry, Subject subject, gint64 known_at, Subject *kept, GError **error);

/* ---- the whole of an entity -------------------------------------------- */

/* One state of the registry, for reading much of it: facts valid on a day, as known
 * when it was made.  Of one thread. */
typedef struct RegistryView RegistryView;
/* VALID_AT REGISTRY_FOREVER: the day of the current tables, the cheapest.  NULL with FAULT_SYSTEM. */
RegistryView *registry_view_new (Registry *registry, Day valid_at, GError **error);
void registry_view_free (RegistryView *view);
/* How far the registry has come: views of one day that stand at one place see the same. */
typedef struct {
  gint64 batch, merge, erasure; /* the last ones */
} RegistryPlace;
bool registry_view_place (RegistryView *view, RegistryPlace *place, GError **error);
/* Somebody whose facts may be others since then. */
typedef struct {
  Subject subject;  /* number 0: every subject of the entity, by a complete load */
  RegistryPlace at; /* what did it last, of each kind; 0: none */
  bool merged;      /* or taken apart: who referred to it may refer to another now */
} RegistryTouch;
/* Everybody touched between SINCE and the view's place, by subject; in ARENA.  NULL with FAULT_SYSTEM. */
const RegistryTouch *registry_view_touched (RegistryView *view, Arena *arena, const RegistryPlace *since,
                                            size_t *n, GError **error);
/* What it means in VIEW that nobody has stated ATTRIBUTE: FACT is NONE, a VALUE (its text
 * the schema's), or UNSTATED where nothing follows.  A collection is a VALUE where it is
 * known, and holds those whose reference leads here. */
bool registry_view_absence (RegistryView *view, const RegistryAttribute *attribute, RegistryFact *fact,
                            GError **error);

/* The highest number of ENTITY's subjects, 0 where there are none. */
bool registry_view_highest (RegistryView *view, const RegistryEntity *entity, gint64 *number, GError **error);

/* How many there are. */
bool registry_view_count (RegistryView *view, const RegistryEntity *entity, gint64 *n, GError **error);

/* The values of every subject of ENTITY, in id order.  Of one thread. */
typedef struct RegistryScan RegistryScan;
/* The current ones, as they stand now. */
RegistryScan *registry_scan_new (Registry *registry, const RegistryEntity *entity, GError **error);
/* Those of VIEW whose numbers are from FIRST to LAST; one scan of an entity at a time, freed
 * before VIEW. */
RegistryScan *registry_view_scan (RegistryView *view, const RegistryEntity *entity, gint64 first, gint64 last,
                                  GError **error);
void registry_scan_free (RegistryScan *scan);
/* From the start again, over the same state. */
void registry_scan_rewind (RegistryScan *scan);
/* The next subject; false at the end, or with an error.  */
bool registry_scan_next (RegistryScan *scan, Subject *subject, GError **error);
/* Of that subject: UNSTATED, NONE or VALUE, its text good until the next subject. */
RegistryFact registry_scan_fact (const RegistryScan *scan, const RegistryAttribute *attribute);

/* Bytes made of the facts of many, kept beside them as a cache: part P is about the
 * subjects with numbers from P * 2,048 + 1 on.  An erasure empties the part of its subject,
 * in the same transaction. */
enum { REGISTRY_PART = 2048 };
typedef struct {
  gint64 part;
  RegistryPlace place; /* of the view that it was made from */
  Text bytes;          /* empty: nothing, or emptied by an erasure */
} RegistryKept;
/* Calls TAKE for each part of ENTITY from FIRST to LAST that was kept under KEY; what it gets
 * is good until it returns.  HEADS: without their bytes. */
typedef void (*RegistryTakeKept) (gpointer data, const RegistryKept *kept);
bool registry_view_kept (RegistryView *view, const RegistryEntity *entity, const char *key, bool heads,
                         gint64 first, gint64 last, RegistryTakeKept take, gpointer data, GError **error);
/* Keep PARTS of ENTITY under KEY, in one transaction; those without bytes, and all that was
 * kept under another key, are forgotten.  Does nothing in a registry opened for reading only. */
bool registry_keep (Registry *registry, const RegistryEntity *entity, const char *key,
                    const RegistryKept *parts, size_t n, GError **error);

/* ---- reading ----------------------------------------------------------- */

typedef struct {
  Day valid_at;
  gint64 known_at; /* UTC seconds; G_MAXINT64: everything known now */
} RegistryMoment;

/* What another source states of the same attribute for the same day, differently. */
typedef struct {
  RegistryState state; /* NONE or VALUE */
  FeelValue value;     /* as RegistryProvenance */
  RegistryBatchId batch;
  const char *source;
  gint64 recorded_at;
  Day valid_from, valid_to;
} RegistryRival;

/* Where a value came from. */
typedef struct {
  const RegistryAttribute *attribute;
  Subject subject;
  RegistryState state;   /* UNSTATED: unknown, or by the schema's absence rule (then ASSUMED is true) */
  bool assumed;          /* the value follows from absence in a complete load */
  RegistryBatchId batch; /* 0 when none */
  const char *source;    /* department of the batch, or the attribute's when none */
  gint64 recorded_at;
  Day valid_from, valid_to;
  Subject target;              /* a REFERENCE with a value: whom it leads to, else 0 */
  FeelValue value;             /* of a reference its subject id, of a collection the list of them */
  const RegistryRival *rivals; /* in conflict with it, the latest first */
  size_t n_rivals;
} RegistryProvenance;

typedef struct RegistryReading RegistryReading; /* lives in the arena given */

/* Read SUBJECT and what the PATHS lead to (FeelPath members are the attributes'
 * Chinese names; the slot is ignored).  The FEEL context has every attribute of
 * the entity that some path names; others are absent.  Unknown facts are
 * FEEL_UNKNOWN with a need named "居民.月收入" (for another member: "户.成员[2].月收入"
 * is written with the path as the clause names it) whose host is a
 * const RegistryProvenance *.  PATHS NULL reads every attribute that the subject
 * itself holds (for its own page), references as subject ids, not followed.
 * A reference without further members is an empty context.  A collection is
 * known while a complete load of its entity from its source is current, and
 * holds those whose reference leads here at AT, by subject id; else unknown.
 * FAULT_NOT_FOUND when there is no such subject. */
const RegistryReading *registry_read (Registry *registry, Arena *arena, Subject subject,
                                      const FeelPath *paths, size_t n_paths, RegistryMoment at,
                                      GError **error);
FeelValue registry_reading_value (const RegistryReading *reading);
/* Every fact read, in order of reading. */
const RegistryProvenance *const *registry_reading_facts (const RegistryReading *reading, size_t *n);
/* The facts behind one path (several for a collection); NULL and 0 when none.
 * Where a reference or collection on the way leads nowhere, that fact instead. */
const RegistryProvenance *const *registry_reading_path (const RegistryReading *reading, Arena *arena,
                                                        const FeelPath *path, size_t *n);

/* ---- the log itself ---------------------------------------------------- */

/* One record with the batch it came in. */
typedef struct {
  RegistryBatchId batch;
  gint64 recorded_at;
  const char *source, *actor, *evidence; /* evidence may be NULL */
  Day valid_from, valid_to;
  size_t n;
  const RegistryFact *facts;
} RegistryRecord;
/* Every record of SUBJECT, in the order in which they came: also what later ones
 * superseded.  NULL with FAULT_SYSTEM; N is 0 where there is no such subject. */
const RegistryRecord *registry_records (Registry *registry, Arena *arena, Subject subject, size_t *n,
                                        GError **error);
/* Who refers to SUBJECT by the reference behind COLLECTION, or ever did; in id order. */
const Subject *registry_referrers (Registry *registry, Arena *arena, Subject subject,
                                   const RegistryAttribute *collection, size_t *n, GError **error);

/* ---- searching --------------------------------------------------------- */

/* What TEXT is looked for in, by what it looks like:
 *   陈依, 依依       part of a name, anywhere in it; traditional characters as well
 *   chenyi, cyy, chenyy   how a name, or its end, is read: syllables, their first
 *                    letters (zh, ch, sh too) or both; the last may be broken off.
 *                    One letter alone: the beginning of a name.
 *   350121, 001X     the official number from its start, or its end: six characters
 *                    at least, fewer are a whole number; or the telephone number:
 *                    whole or its last four digits at least
 * Capitals, full-width letters, tones, blanks and punctuation make no difference
 * in names.  Characters are found by each of their readings, the first one of a
 * name as a surname too; of a name the first 32 characters and words are searched. */
typedef struct {
  const char *text; /* NULL or "": everybody */
  Subject place;    /* a township or community, or 0 for anywhere */
  Subject after;    /* the last hit of the page before, or 0 for the first page */
  size_t limit;     /* 1 … REGISTRY_HITS_MAX */
} RegistrySearch;

enum { REGISTRY_HITS_MAX = 200, REGISTRY_TOTAL_MAX = 1000 };

typedef struct {
  Subject subject;
  const char *label, *number, *phone; /* may be NULL */
  const char *township;               /* its code; may be NULL */
  Subject community;                  /* 0: not known */
} RegistryHit;

typedef enum {
  REGISTRY_TERM_NONE,
  REGISTRY_TERM_NAME,
  REGISTRY_TERM_SPELLING,
  REGISTRY_TERM_NUMBER
} RegistryTerm;
const char *registry_term_id (RegistryTerm term); /* "none", "name", "spelling", "number" */

typedef struct {
  const RegistryHit *hits;
  size_t n;
  bool more;         /* there are others after these */
  size_t total;      /* of all pages; REGISTRY_TOTAL_MAX: so many or more */
  RegistryTerm term; /* what TEXT was taken for */
  bool too_short;    /* fewer digits than are searched for, or nothing but punctuation */
} RegistryHits;

/* Subjects of ENTITY by the current tables: those whose name is or begins with
 * what was asked before those that have it inside, then in alphabetical order
 * (names typed in Chinese: of their characters); the order is the same on every
 * page.  FAULT_INPUT: a PLACE where the entity has none, or that is none; AFTER
 * is not among the hits (any more).  FAULT_SYSTEM. */
const RegistryHits *registry_search (Registry *registry, Arena *arena, const RegistryEntity *entity,
                                     const RegistrySearch *search, GError **error);
/* Number of subjects of ENTITY. */
bool registry_count (Registry *registry, const RegistryEntity *entity, gint64 *n, GError **error);

/* ---- conflicts --------------------------------------------------------- */

/* One attribute of one subject of which sources state different values for the
 * day of the current tables; reading it gives the values. */
typedef struct {
  Subject subject;
  const RegistryAttribute *attribute;
  RegistryBatchId batch; /* of the value that holds */
  gint64 recorded_at;    /* when that was recorded: since then they differ */
} RegistryConflict;

/* A page of them by subject after AFTER (NULL: from the start), at most LIMIT;
 * DEPARTMENT, when not NULL: of attributes that it answers for. */
const RegistryConflict *registry_conflicts (Registry *registry, Arena *arena, const char *department,
                                            const RegistryConflict *after, size_t limit, size_t *n,
                                            GError **error);
/* How many there are in all. */
bool registry_conflict_count (Registry *registry, gint64 *n, GError **error);
/* Decide for what batch CHOSEN states of ATTRIBUTE, one of those in conflict: it is
 * stated again for the time CHOSEN gave, in a batch of its own that settles, with
 * ABOUT's source, actor, record time and reason (evidence, required).  Nothing that
 * was stated is changed.  FAULT_INPUT without a reason; FAULT_NOT_FOUND when CHOSEN
 * states nothing of it today. */
bool registry_settle (Registry *registry, Subject subject, const RegistryAttribute *attribute,
                      RegistryBatchId chosen, const RegistryBatch *about, GError **error);

/* ---- divisions --------------------------------------------------------- */

/* Townships and how they changed: divisions.yaml (docs/divisions-format.md). */
typedef struct RegistryDivisions RegistryDivisions;
/* PATH is for messages.  FAULT_INPUT names file and line. */
RegistryDivisions *registry_divisions_parse (Text source, const char *path, GError **error);
void registry_divisions_free (RegistryDivisions *divisions);

typedef struct {
  const char *code, *name;
  Day from, to;       /* under this name, both days included */
  const char *source; /* the document that made it so */
} RegistryDivision;
/* Those of a DAY, by code; in ARENA, their texts the divisions' own. */
const RegistryDivision *registry_divisions_at (const RegistryDivisions *divisions, Arena *arena, Day day,
                                               size_t *n);
/* NULL when there is no such division on DAY. */
const char *registry_division_name (const RegistryDivisions *divisions, const char *code, Day day);

/* What became of the divisions of day FROM by day TO (not before it): each part of
 * each, with its share of the residents.  Of one division they add up to a million. */
typedef struct {
  const char *from, *to; /* codes */
  gint64 share;          /* millionths; declared, unless it is all */
} RegistryDivisionPart;
const RegistryDivisionPart *registry_divisions_map (const RegistryDivisions *divisions, Arena *arena,
                                                    Day from, Day to, size_t *n);

/* Subjects of ENTITY valid on day AT as known now, by the attribute "township",
 * counted in the divisions of day AS_OF, so that figures of two days compare.  A
 * merge is exact; so is a split for those whose place (a reference to the entity
 * "place") belongs to a part on AS_OF; the others follow the declared share and are
 * marked.  By code; the last, without a code, are those without a known division,
 * if there are any.  Reads the whole log of ENTITY: a second per million or two.
 * FAULT_INPUT when AT is after AS_OF or ENTITY has no township. */
typedef struct {
  const char *code, *name; /* NULL: no known division */
  gint64 n;
  gint64 estimated; /* of N */
} RegistryDivisionCount;
const RegistryDivisionCount *registry_count_divisions (Registry *registry, Arena *arena,
                                                       const RegistryDivisions *divisions,
                                                       const RegistryEntity *entity, Day at, Day as_of,
                                                       size_t *n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RegistryDivisions, registry_divisions_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RegistrySchema, registry_schema_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Registry, registry_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RegistryWriter, registry_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RegistryView, registry_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RegistryScan, registry_scan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RegistryFollower, registry_follower_stop)
