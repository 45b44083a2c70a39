/* population — clauses over everybody: outcomes, reasons, groups.
 *
 *     clauses ─┐                                   ┌─ counts and amounts per provision
 *     subjects ┼─ one log entry per clause and kind ┼─ which rule answered, what failed, what is missing
 *     date ────┘                                   └─ the same counts by township, sex, age, registration
 *
 * What it is for: how many a clause reaches, how many it refuses and why, how
 * many nobody can say of and for want of which fact; for pages, files and
 * departments that look at whole groups.
 *
 * What it promises
 *   - Every subject of a provision's kind is counted once, with the answer that
 *     policy_determine gives; a test holds the two against each other.
 *   - Facts are read under the clause's purpose, after one entry per clause and
 *     kind with the set of those concerned (access_run_new).
 *   - Which group somebody belongs to is read under the right to see statistics,
 *     not under the clause's purpose: it enters counts and is dropped.  The entry's
 *     detail names those attributes.  They are taken as they are on record now,
 *     ages as of the date asked for.
 *   - The result does not depend on the number of threads.
 *
 * What it refuses: to name anybody.  Who opens a name asks for a permit.  And what
 * goes to pages has small numbers of people told less exactly (population_hide_few).
 *
 * Subjects are gone through row by row with dmn/, in chunks that threads share;
 * chunk.c is the place where a chunk is evaluated, and nothing else knows how.
 *
 * How a call goes
 *
 *     PopulationOptions options = { package, registry, access, who, .as_of = civil_today () };
 *     const PopulationClause *found = population_run (&options, arena, clauses, n, &error);
 *     population_write (w, package, found, n, options.as_of);
 */
#pragma once

#include "policy/policy.h"

/* In place of a number in what population_hide_few gave. */
enum {
  POPULATION_FEW = -1,  /* 1 to POPULATION_LEAST - 1 */
  POPULATION_HELD = -2, /* would tell another that is FEW */
  POPULATION_LEAST = 5  /* the smallest number of people that is told */
};

/* How many, and for how much. */
typedef struct {
  gint64 subjects; /* the sum of the three */
  gint64 yes, no, undetermined;
  gint64 amounts,
      open_amounts;        /* of those who qualify: with an amount, with one that cannot be computed yet */
  Decimal amount;          /* in all, in the provision's unit */
  Decimal least, greatest; /* where there are AMOUNTS, */
  bool sum_alone;          /* and unless these two are held */
} PopulationCount;

/* One rule of a table, over all for whom the table was asked. */
typedef struct {
  const DmnRule *rule;
  bool refuses;         /* its output is the literal false */
  gint64 gave;          /* how often it gave the answer */
  const gint64 *failed; /* per input: how often it failed for those answered no */
} PopulationRule;

/* A decision table on the way to the answer: the eligible decision's own, or one it asks. */
typedef struct {
  const DmnDecision *decision;
  const PopulationRule *rules; /* decision->table->n_rules */
} PopulationTable;

/* What was missing for so many of the undetermined. */
typedef struct {
  const char *name; /* "居民.月收入", "户.成员.月收入" (of whichever member), "参数.低保标准" */
  bool is_parameter;
  gint64 n;
} PopulationNeed;

typedef struct {
  const char *id; /* "350121101", "男", "16-24"; "": not on record */
  PolicyText name;
  PopulationCount count;
} PopulationGroup;

typedef struct {
  const char *id; /* "township", "park", "sex", "age", "hukou" */
  PolicyText name;
  size_t n;
  const PopulationGroup *groups; /* ages from young to old, others by id; "" last */
} PopulationDimension;

typedef struct {
  const PolicyProvision *provision;
  PopulationCount count; /* all 0 where it is not in force */
  size_t n_tables;
  const PopulationTable *tables; /* the eligible decision's first, when it is a table */
  size_t n_needs;
  const PopulationNeed *needs; /* the most frequent first */
  size_t n_dimensions;         /* those its kind has */
  const PopulationDimension *dimensions;
} PopulationProvision;

typedef struct {
  const PolicyTarget *target;
  PopulationCount count; /* of those it looks at */
} PopulationTarget;

typedef struct {
  const PolicyClause *clause;
  const PopulationProvision *provisions; /* clause->n_provisions */
  const PopulationTarget *targets;       /* clause->n_targets */
} PopulationClause;

typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  const AccessAccount *who; /* may see statistics, or under the clauses */
  Day as_of;
  unsigned threads;          /* 0: 2 */
  RegistryProgress progress; /* from the calling thread: subjects done and in all; may be NULL */
  gpointer data;
  const volatile gint *stop; /* ends early once it is not 0, with what is counted by then; may be NULL */
} PopulationOptions;

/* Each of the N CLAUSES over all subjects of its provisions' kinds; one result each, in
 * ARENA, but for what belongs to the package.  FAULT_DENIED, FAULT_SYSTEM. */
const PopulationClause *population_run (const PopulationOptions *options, Arena *arena,
                                        const PolicyClause *const *clauses, size_t n, GError **error);

/* PROVISION as it may leave for pages and files: of people, numbers below POPULATION_LEAST are
 * POPULATION_FEW, and of the others so many POPULATION_HELD that no sum of a row or column
 * tells them; no one's amount can be seen.  This keeps figures from being read off one table;
 * it proves nothing about several.  PROVISION itself where it is not about people. */
const PopulationProvision *population_hide_few (Arena *arena, const PopulationProvision *provision);
/* CLAUSE with every provision so. */
const PopulationClause *population_hide_clause (Arena *arena, const PopulationClause *clause);

/* The N clauses as JSON (docs/api/openapi.yaml, Statistics); what is FEW or HELD is null. */
void population_write (JsonWriter *w, const PolicyPackage *package, const PopulationClause *clauses, size_t n,
                       Day as_of);

/* One row per provision and group value, the provision as a whole first. */
enum { POPULATION_COLUMNS = 15 };
extern const char *const population_columns[POPULATION_COLUMNS];
/* As many rows as there are; each has POPULATION_COLUMNS cells: empty where HELD, "1-4" where FEW. */
const char *const *const *population_rows (Arena *arena, const PopulationClause *clause, size_t *n);
