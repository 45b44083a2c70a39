/* barriers — whom a single fact keeps out.
 *
 *     clause ──> what its provisions turn on (policy_clause_barriers)
 *                        │  the fact thought otherwise, value by value
 *     county ──> the same decisions ──> answered no, and yes with another value: by value, by township
 *
 * What it is for: a rule that turns on where somebody is registered or comes from, on the kind
 * of employer, sex, age, degree or seniority may keep people out who have all else that it
 * asks for.  How many these are says which rules to look at first, when rules that hinder
 * movement are cleaned up (the circular's closing paragraph).
 *
 * What it promises
 *   - For each provision about subjects and each fact marked as a barrier that it can turn on:
 *     how many are answered no, or cannot be answered, and would be answered yes if that fact
 *     alone were another, all else being as it is.  What follows from the fact is
 *     recomputed or held as registry.yaml says.  Each is counted once, and once more per value
 *     that would do.
 *   - Nothing is guessed: those not determined are counted apart.
 *   - Dates and numbers are tried once per case that the rules make of them
 *     (columns_program_cases); where these are not all cases, `all` is false and the count
 *     is one of *at least*.
 *   - A fact of somebody else (居民.单位.所有制) is varied as the subject sees it: along
 *     that path, for one subject at a time; of a list (户.成员.性别) for all its members
 *     alike.  Nobody else changes, nor does the subject where seen on another path.
 *   - Parity: of those whom a mark of origin (台湾居民) is true of, how many are kept from what they
 *     would get were it false.
 *   - Facts are read under the clause's purpose, after one entry per clause and kind of
 *     subject with the set of those concerned (access_run_new), which says what was
 *     varied.  Townships, and the mark of origin for parity, are read under the right to see statistics.
 *
 * What it refuses: to call a barrier wrong.  Some are what a provision is for, some are law; a
 * number says how many stand before it and nothing of why it is there, and thinking one fact otherwise
 * says nothing of how life would have gone with it.  And to name anybody; barriers_hide tells
 * small numbers less exactly, by population's rule.
 *
 * How a call goes
 *
 *     BarriersOptions options = { package, registry, access, who, .as_of = civil_today () };
 *     const BarriersClause *found = barriers_run (&options, arena, clauses, n, &error);
 *     barriers_write (w, package, found, n, options.as_of);
 */
#pragma once

#include "county/county.h"
#include "policy/policy.h"
#include "population/population.h"

/* Those whom another value would make a yes. */
typedef struct {
  gint64 no;   /* of those answered no */
  gint64 open; /* of those not determined */
} BarriersCount;

/* How it stands, nothing thought otherwise. */
typedef struct {
  gint64 subjects, yes, no, open;
} BarriersStanding;

/* One value, or one case of a date or number. */
typedef struct {
  FeelValue from,
      to;          /* a text or truth: the same twice; a date or number: first and last value of the case */
  PolicyText name; /* 本县, 是, 1964-06-01 to 1985-12-31 */
  BarriersCount count;
} BarriersValue;

typedef struct {
  const char *id; /* the division's code; "" for those without */
  PolicyText name;
  gint64 subjects;
  BarriersCount count;
} BarriersTownship;

/* A fact that something turns on. */
typedef struct {
  const PolicyBarrier *barrier;
  bool counted; /* of what limits amounts and ranks, and what is not in force, there is no count: all below is
                   0 */
  BarriersStanding now;
  BarriersCount count;
  bool all;        /* every value, or case, was tried */
  const char *why; /* why this was computed row by row; NULL: it was not */
  size_t n_values;
  const BarriersValue *values; /* in the schema's order, or ascending */
  size_t n_townships;          /* 0 where the kind has none */
  const BarriersTownship *townships;
} BarriersFinding;

/* Those of a provision's kind whom ORIGIN is true of. */
typedef struct {
  const PolicyProvision *provision;
  const RegistryAttribute *origin;
  BarriersStanding now;
  BarriersCount gap; /* would be answered yes were it false */
} BarriersParity;

typedef struct {
  const PolicyClause *clause;
  size_t n_findings;
  const BarriersFinding *findings; /* as policy_clause_barriers */
  size_t n_parity;
  const BarriersParity *parity; /* provisions that read the origin or what follows from it */
} BarriersClause;

typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  const AccessAccount *who;  /* may see statistics, or under the clauses */
  Day as_of;                 /* facts valid on that day, and rules */
  unsigned threads;          /* 0: 2 */
  RegistryProgress progress; /* from the calling thread: facts done and in all; may be NULL */
  gpointer data;
  const County
      *county; /* of AS_OF, with what the clauses read, townships and marks of origin; NULL: read for this */
  const volatile gint *stop; /* ends early once it is not 0; may be NULL */
} BarriersOptions;

/* Each of the N CLAUSES; one result each, in ARENA, but for what belongs to the package.
 * FAULT_DENIED, FAULT_SYSTEM; FAULT_CONFLICT when it was stopped. */
const BarriersClause *barriers_run (const BarriersOptions *options, Arena *arena,
                                    const PolicyClause *const *clauses, size_t n, GError **error);

/* CLAUSE as it may leave for pages and files: where its subjects are people, small numbers
 * are POPULATION_FEW and others POPULATION_HELD, as population_hide_few does it. */
const BarriersClause *barriers_hide (Arena *arena, const BarriersClause *clause);

/* The N clauses as JSON (docs/api/openapi.yaml, Barriers); what is FEW or HELD is null. */
void barriers_write (JsonWriter *w, const PolicyPackage *package, const BarriersClause *clauses, size_t n,
                     Day as_of);

/* One row per finding, and one per value and township of it; then one per provision for parity. */
enum { BARRIERS_COLUMNS = 15 };
extern const char *const barriers_columns[BARRIERS_COLUMNS];
/* As many rows as there are; each has BARRIERS_COLUMNS cells: empty where HELD, "1-4" where FEW. */
const char *const *const *barriers_rows (Arena *arena, const BarriersClause *clause, size_t *n);
