/* registers — what is recorded without anybody deciding: enrolments, visits, transfers.
 *
 * What it is for: a visit to a left-behind child, a personnel file asked for, sent and
 * received, an apprenticeship, a mentor and who learns from them, a place at an event.  Each becomes a record
 * in the registry, where the clauses that count it find it.  Which registers there are stands in the package
 * (registers.yaml); what a record has stands in registry.yaml.  No register is known by name here.
 *
 *     registers.yaml ──> Register ──┬── registers_enter:  staff of the department, a form by the schema
 *     registry.yaml  ──> entity   ──┴── registers_enrol:  residents themselves, places and a waiting list
 *                                          │
 *                                          v  one StoreWork: record, audit entry, key, notice
 *                                       registry
 *
 * What it promises
 *   - Who, when and why of every record: the batch has department, account, time and reason.
 *   - Nothing is overwritten: a step or a correction is another record on the same subject.
 *   - No more are enrolled than there are places; who waits moves up in the order of asking,
 *     at once when somebody withdraws, and is told.  From the closing day on nothing changes.
 *   - What is sent twice with one key happens once.
 *   - Records are read by the department that keeps them, and every reading is in the log
 *     with whom they are about: of a pair, both.
 *
 * What it refuses: to judge.  Whether an enrolment holds, or for whom a visit is due, is the
 * clauses' to say.
 *
 * How a call goes
 *
 *     g_autoptr (Registers) registers = registers_open (&options, &error);
 *     const Register *visits = registers_find (registers, "visit");
 *     registers_enter (registers, clerk, &entry, key, &error);
 *     registers_enrol (registers, resident, event, REGISTER_ENROL, key, &error);
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "dmn/dmn.h"
#include "notices/notices.h"
#include "policy/policy.h"
#include "registry/registry.h"

enum { REGISTER_TEXT_MAX = 2000 /* code points of a text */, REGISTER_STEPS_MAX = 6 };

typedef struct {
  const char *id;
  const RegistryEntity *entity; /* of its records */
  const PolicyClause *clause;
  const char *department;         /* that keeps it */
  const RegistryAttribute *about; /* a reference */
  const RegistryAttribute *with;  /* of a pair the other one: a reference; NULL: no pair */
  const RegistryAttribute *date;
  size_t n_steps;
  const RegistryAttribute *steps[REGISTER_STEPS_MAX]; /* dates, in order */
  const RegistryAttribute *each; /* a date that every entry may give anew: a meeting; NULL: none */
  const PolicyProvision *due;    /* for whom a record is due; NULL: nobody says */
  /* Where residents enrol by themselves; else NULL. */
  const RegistryAttribute *into;            /* a reference of the record */
  const RegistryAttribute *places, *closes; /* of what it leads to: a number, a date */
} Register;

/* Everything pointed to must outlive it. */
typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  gint64 (*clock) (gpointer data); /* UTC seconds; NULL: the machine's */
  gpointer clock_data;
} RegistersOptions;

typedef struct Registers Registers;
/* Reads registers.yaml (a package without it has none) and brings the tables up to date; notices_open
 * must have been called on the same store.  NULL with FAULT_INPUT (file and line) or FAULT_SYSTEM. */
Registers *registers_open (const RegistersOptions *options, GError **error);
void registers_free (Registers *registers);
/* What is wrong with the registers.yaml of PACKAGE, with its line and what to do, is added to FAULTS; none
 * where the package has no such file, or no registry.yaml that loads. */
void registers_check (const PolicyPackage *package, DmnFaults *faults);

const Register *registers_all (const Registers *registers, size_t *n);
const Register *registers_find (const Registers *registers, const char *id); /* NULL when there is none */
/* The one in which residents enrol into ENTITY; NULL. */
const Register *registers_into (const Registers *registers, const RegistryEntity *entity);
/* Whether WHO keeps it: staff of its department. */
bool register_may_keep (const AccessAccount *who, const Register *reg);

/* ---- records ------------------------------------------------------------------ */

typedef struct {
  const RegistryAttribute *attribute;
  const char *text; /* as registry_fact_parse reads it; NULL or "": nothing is said */
} RegisterField;

typedef struct {
  const Register *reg;
  Subject record; /* 0: a new one */
  size_t n_fields;
  const RegisterField *fields;
  const char *reason; /* why; may be NULL for a new one */
} RegisterEntry;

/* Enter or add to a record.  Its subject; 0 with FAULT_DENIED (not their register; whom it is about is
 * outside the clause's purpose), FAULT_INPUT (a value the schema forbids, one missing that a record needs, a
 * step out of order or in the future, no reason for a change; another entry with this key), FAULT_NOT_FOUND
 * or FAULT_SYSTEM. */
Subject registers_enter (Registers *registers, const AccessAccount *who, const RegisterEntry *entry,
                         const char *key, GError **error);

/* A record as the current tables have it: TEXTS by attribute of the entity, as people write them; NULL
 * where nothing is said, and for collections. */
typedef struct {
  Subject record, about, with; /* 0: nobody any more; WITH: nobody else either */
  const char *const *texts;
  bool open; /* its last step has not happened */
} RegisterRow;

typedef struct {
  bool open_only;
  Subject record; /* this one alone; 0: any */
  gint64 before;  /* numbers below it; 0: from the newest */
  size_t limit;
  bool export; /* it leaves as a file: the log says so */
} RegisterFilter;

/* Every entry to RECORD in the order they came: who, when, why and what.  To be called with what
 * registers_rows has handed out, whose reading the log has.  NULL with FAULT_SYSTEM. */
const RegistryRecord *registers_entries (Registers *registers, Arena *arena, const RegisterRow *row,
                                         size_t *n, GError **error);

/* The newest first; an entry in the log names whom they are about before they are handed out.
 * NULL with FAULT_DENIED, FAULT_SYSTEM; N may be 0. */
const RegisterRow *registers_rows (Registers *registers, Arena *arena, const AccessAccount *who,
                                   const Register *reg, const RegisterFilter *filter, size_t *n,
                                   GError **error);

/* ---- enrolling ------------------------------------------------------------------ */

typedef enum { REGISTER_NONE, REGISTER_WAITING, REGISTER_ENROLLED, REGISTER_WITHDRAWN } RegisterState;
const char *register_state_id (RegisterState state); /* "none", "waiting", "enrolled", "withdrawn" */

/* Something to enrol into, with the place of who asks. */
typedef struct {
  const Register *reg;
  Subject event;
  const char *const *texts;      /* by attribute of its entity, as above */
  gint64 places, taken, waiting; /* PLACES -1: no bound */
  Day closes;                    /* closed from this day on; 0: no day is set */
  bool open;
  RegisterState state;
  gint64 position; /* REGISTER_WAITING: from 1 */
} RegisterEvent;

/* All of them, the latest closing day first; WHO may be NULL.  They are public. */
const RegisterEvent *registers_events (Registers *registers, Arena *arena, const AccessAccount *who,
                                       size_t *n, GError **error);
/* NULL with FAULT_NOT_FOUND. */
const RegisterEvent *registers_event (Registers *registers, Arena *arena, const AccessAccount *who,
                                      Subject event, GError **error);

typedef enum { REGISTER_ENROL, REGISTER_WITHDRAW } RegisterDeed;
/* WHO enrols into EVENT for themselves, or withdraws.  FAULT_DENIED (no resident), FAULT_CONFLICT (closed;
 * enrolled or waiting already; nothing to withdraw), FAULT_NOT_FOUND, FAULT_INPUT (another deed with this
 * key), FAULT_SYSTEM. */
bool registers_enrol (Registers *registers, const AccessAccount *who, Subject event, RegisterDeed deed,
                      const char *key, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Registers, registers_free)
