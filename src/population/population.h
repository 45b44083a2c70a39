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
 *   - Facts are read under the clause's purpose: its program is compiled over a view of
 *     the county that has no other columns, after one entry per clause and kind with the
 *     set of those concerned (access_run_new).
 *   - Which group somebody belongs to is read under the right to see statistics,
 *     not under the clause's purpose: it enters counts and is dropped.  The entry's
 *     detail names those attributes.  They are taken as they are on record now,
 *     ages as of the date asked for.
 *   - The result depends neither on the number of threads nor on the way it is computed, but
 *     for the needs: columns may name one for a few more than dmn/, which looks closer.
 *
 * What it refuses: to name anybody.  Who opens a name asks for a permit.  And what
 * goes to pages has small numbers of people told less exactly (population_hide_few).
 *
 * The county's columns (county/) go through programs of columns/, chunk by chunk, and
 * the answers are counted by vector loops.  A provision of which columns/ cannot compile
 * all goes row by row through dmn/, over the same columns, and its result says why.
 *
 * How a call goes
 *
 *     PopulationOptions options = { package, registry, access, who, .as_of = civil_today () };
 *     const PopulationClause *found = population_run (&options, arena, clauses, n, &error);
 *     population_write (w, package, found, n, options.as_of);
 */
#pragma once

#include "county/county.h"
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
  const char *outside;   /* why columns/ does not compute all of it; NULL: it does */
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

/* The two ways to the same figures. */
typedef enum {
  POPULATION_BY_COLUMNS, /* what compiles; the rest row by row */
  POPULATION_BY_ROWS
} PopulationEngine;

/* How a run went: seconds, and provisions with the subjects they were asked for. */
typedef struct {
  double load, log, compute;
  size_t provisions, by_rows; /* in force; of them those that went row by row */
  gint64 answers, answers_by_rows;
  size_t chunks; /* counted, of all clauses and kinds */
} PopulationEffort;

typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  const AccessAccount *who; /* may see statistics, or under the clauses */
  Day as_of;
  PopulationEngine engine;
  const County *county; /* of AS_OF, with the attributes of the clauses and groups; NULL: read for this */
  unsigned threads;     /* 0: 2 */
  RegistryProgress progress; /* from the calling thread: subjects done and in all; may be NULL */
  gpointer data;
  const volatile gint *stop; /* ends early once it is not 0; may be NULL */
  PopulationEffort *effort;  /* how it went; may be NULL */
} PopulationOptions;

/* What a county needs to have for all clauses of PACKAGE and all groups. */
const RegistryAttribute *const *population_attributes (const PolicyPackage *package, Arena *arena, size_t *n);

/* Each of the N CLAUSES over all subjects of its provisions' kinds; one result each, in
 * ARENA, but for what belongs to the package.  FAULT_DENIED, FAULT_SYSTEM; FAULT_CONFLICT
 * when it was stopped. */
const PopulationClause *population_run (const PopulationOptions *options, Arena *arena,
                                        const PolicyClause *const *clauses, size_t n, GError **error);

/* ---- kept -------------------------------------------------------------------- */

/* The figures of each chunk of 2,048 subjects, kept so that after a change only the chunks that it
 * reaches are counted again.  Of one thread at a time.  Some forty bytes per subject for
 * all clauses of a county (population_bytes).
 *
 *     Population *kept = population_new (&options);            // options.county: one that may change
 *     found = population_count (kept, arena, clause, &error);
 *     changes = county_refresh (county, &error);
 *     population_change (kept, changes);
 *     found = population_count (kept, arena, clause, &error);  // what is stale, summed with the rest */
typedef struct Population Population;
/* OPTIONS' county is needed, and outlives it. */
Population *population_new (const PopulationOptions *options);
void population_free (Population *population);
/* As population_run; the log's entry, if anything needs to be counted, is about those in the chunks that do.
 */
const PopulationClause *population_count (Population *population, Arena *arena, const PolicyClause *clause,
                                          GError **error);
/* Takes in CHANGES, the county's last, before anything is counted again. */
void population_change (Population *population, const CountyChanges *changes);
/* Of what is kept. */
size_t population_bytes (const Population *population);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Population, population_free)

/* ---- groups ---------------------------------------------------------------- */

enum { POPULATION_GROUPINGS = 4 };

typedef struct {
  const char *id;
  PolicyText name;
} PopulationGroupName;

/* A way to group the subjects of an entity: by township, park, sex, age band, registration. */
typedef struct {
  const char *id;
  PolicyText name;
  const RegistryAttribute *attribute; /* what it is read from */
  size_t n;
  const PopulationGroupName *groups; /* as in PopulationDimension */
  const guint32 *of;                 /* which of them each subject is in, by the county's row */
} PopulationGrouping;

/* How ENTITY is grouped: id, name and attribute alone, into TO, which has room for
 * POPULATION_GROUPINGS.  Returns how many. */
size_t population_grouped_by (const RegistryEntity *entity, PopulationGrouping *to);
/* The same with the groups of COUNTY's subjects, which has those attributes; ages are on
 * AS_OF.  In ARENA, but for names that belong to the package.  Whoever asks has the right to see
 * statistics, and an entry in the log. */
const PopulationGrouping *population_groupings (const PolicyPackage *package, const County *county,
                                                const RegistryEntity *entity, Day as_of, Arena *arena,
                                                size_t *n);

/* What the log says beside the set of ENTITY's subjects: MARK, where it is one, as true, the day, what
 * groups are made of, and WHO's reason.  JSON in ARENA. */
char *population_detail (Arena *arena, const RegistryEntity *entity, Day as_of, const AccessAccount *who,
                         const char *mark);

/* ---- what may leave ---------------------------------------------------------- */

/* Whether each subject of ENTITY tells of people: what it is called is not public, or, where
 * nothing names it (an enrolment, a spell of work), some attribute is not. */
bool population_of_people (const RegistryEntity *entity);

/* PROVISION as it may leave for pages and files: of people, numbers below POPULATION_LEAST are
 * POPULATION_FEW, and of the others so many POPULATION_HELD that no sum of a row or column
 * tells them; no one's amount can be seen.  This keeps figures from being read off one table;
 * it proves nothing about several.  PROVISION itself where it is not
 * population_of_people. */
const PopulationProvision *population_hide_few (Arena *arena, const PopulationProvision *provision);
/* CLAUSE with every provision so. */
const PopulationClause *population_hide_clause (Arena *arena, const PopulationClause *clause);

/* The same rules for others who count people.  N as it may leave: FEW where it is. */
gint64 population_few (gint64 n);
/* Of N numbers that make up WHOLE, as it is told: holds back the smallest until none is withheld alone, nor
 * WHOLE when all of them are told.  Whether any was. */
bool population_hold (gint64 whole, gint64 **numbers, size_t n);
/* N as a member of a JSON object: null where it is FEW or HELD. */
void population_member (JsonWriter *w, const char *key, gint64 n);
/* N as a table's cell, in ARENA: "1-4" where it is FEW, "" where it is HELD. */
const char *population_cell (Arena *arena, gint64 n);

/* The N clauses as JSON (docs/api/openapi.yaml, Statistics); what is FEW or HELD is null. */
void population_write (JsonWriter *w, const PolicyPackage *package, const PopulationClause *clauses, size_t n,
                       Day as_of);

/* One row per provision and group value, the provision as a whole first. */
enum { POPULATION_COLUMNS = 15 };
extern const char *const population_columns[POPULATION_COLUMNS];
/* As many rows as there are; each has POPULATION_COLUMNS cells: empty where HELD, "1-4" where FEW. */
const char *const *const *population_rows (Arena *arena, const PopulationClause *clause, size_t *n);
