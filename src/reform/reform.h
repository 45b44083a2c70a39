/* reform — what would change if the rules were others.
 *
 *     parameters set otherwise ─┐            ┌─ who gains, who loses, whose amount rises or falls
 *     another package (draft) ──┼─ affected ─┼─ sums before, after, and of the difference
 *     facts of the county ──────┘ decisions  └─ by township, sex, age, registration
 *
 * What it is for: the effect of a change seen before it is issued.
 *
 * What it promises
 *   - Before and after are what population/ counts under either set of rules, for every
 *     subject of a provision's kind; a test holds both against dmn/ asked one by one.
 *   - Only what the change can reach is computed: provisions whose decisions, or what these
 *     require, read a parameter that is set, or are written otherwise in the draft.  The others
 *     are not listed: nothing changes there.
 *   - Nothing is mutated.  A change is laid over parameters and packages, which stay as they are.
 *   - Nothing is guessed.  Who is undetermined before or after is counted as that; a sum stands
 *     for a year only where the provision's unit says how often it is paid; a provision of the
 *     draft that reads what the registry does not hold is named, not computed.
 *   - One entry in the log per clause and kind of subject, with all of them, before the first
 *     answer is computed (access_run_new).
 *
 * What it refuses: to name anybody; to say how people would behave, or what a change is worth.
 *
 * A *baseline* keeps the answers of today for those provisions that were asked for, a byte
 * and an amount per subject, so that trying one value after another recomputes what is affected
 * alone.  It keeps the log's entry as well: what is tried later rests on it, and reads no more.
 *
 * How a call goes
 *
 *     ReformOptions options = { package, county, access, who, .as_of = civil_today () };
 *     ReformBaseline *baseline = reform_baseline_new (&options);
 *     ReformSetting setting;
 *     reform_setting_read (arena, package, options.as_of, "低保标准占最低工资比例=0.45", &setting, &error);
 *     ReformChange change = { .settings = &setting, .n_settings = 1 };
 *     const ReformResult *r = reform_run (baseline, arena, &change, REFORM_EVERY_CLAUSE, &error);
 *     reform_write (w, r);
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "county/county.h"
#include "policy/policy.h"
#include "population/population.h"

/* ---- a change --------------------------------------------------------------- */

/* A parameter that has another value, or one where it has none.  In the arena it was read to. */
typedef struct {
  const PolicyParameter *parameter;
  FeelValue value;
  const char *text;                   /* as FEEL's value is written for people: "0.45" */
  const PolicyParameterValue *before; /* what is in force on the day; NULL: nothing is stated */
} ReformSetting;

/* "NAME=VALUE": NAME as FEEL or the file calls it (低保标准, dibao_standard), VALUE of the
 * parameter's type, with its unit behind it or without: 900, 900元/月, true, 2026-01-31.
 * FAULT_USAGE: no such parameter, no value of its type, another unit; it says what is wanted. */
bool reform_setting_read (Arena *arena, const PolicyPackage *package, Day as_of, const char *text,
                          ReformSetting *setting, GError **error);

/* Parameters set otherwise, each once; or another package.  DRAFT_ACCESS (needed with DRAFT) is an
 * Access of the same registry with the draft's purposes, under which what it reads beyond today's
 * purpose is logged. */
typedef struct {
  size_t n_settings;
  const ReformSetting *settings;
  const PolicyPackage *draft;
  Access *draft_access;
} ReformChange;

/* The attributes of PACKAGE's schema that decisions of its provisions, and of DRAFT's (may be NULL),
 * read, and those of the groups: what a county for reforms must hold.  What the draft reads and
 * PACKAGE's schema does not have is left out. */
const RegistryAttribute *const *reform_attributes (const PolicyPackage *package, const PolicyPackage *draft,
                                                   Arena *arena, size_t *n);

/* ---- the result -------------------------------------------------------------- */

enum { REFORM_OUTCOMES = POLICY_NOT_IN_FORCE + 1 };

typedef enum {
  REFORM_GAIN, /* not yes → yes; amounts: what they get */
  REFORM_LOSS, /* yes → not yes; amounts: what they got */
  REFORM_RISE, /* yes → yes, and the amount is greater; amounts: by how much */
  REFORM_FALL, /* and it is less */
} ReformKind;
enum { REFORM_KINDS = REFORM_FALL + 1 };
const char *reform_kind_id (ReformKind kind); /* "gains", "losses", "rises", "falls" */

/* Those for whom one thing changes. */
typedef struct {
  gint64 n;                     /* subjects */
  gint64 amounts;               /* those of them whose amount is known */
  Decimal sum, least, greatest; /* of AMOUNTS, in the provision's unit; 0 where there are none */
} ReformEffect;

/* How it stands under one set of rules. */
typedef struct {
  gint64 outcomes[REFORM_OUTCOMES]; /* by PolicyOutcome */
  gint64 amounts, open_amounts;     /* of those who qualify: known, cannot be computed */
  Decimal sum;                      /* of AMOUNTS */
} ReformState;

typedef struct {
  gint64 subjects;
  ReformState before, after;
  gint64 moved[REFORM_OUTCOMES][REFORM_OUTCOMES]; /* from outcome before to outcome after */
  ReformEffect effects[REFORM_KINDS];
  Decimal difference; /* of the sums */
  /* What was told less exactly (reform_hide_few): numbers are POPULATION_FEW or POPULATION_HELD, and */
  bool sums_held, details_held; /* DIFFERENCE and AFTER's sum; LEAST and GREATEST everywhere */
} ReformCount;

typedef struct {
  const char *id; /* "" where it is not on record */
  PolicyText name;
  ReformCount count;
} ReformGroup;

typedef struct {
  const char *id; /* as population/ has them: "township", "sex", "age", "hukou" … */
  PolicyText name;
  size_t n;
  const ReformGroup *groups;
} ReformDimension;

/* How often an amount is paid, as its unit says; of what is no money, or counts for the county, nothing
 * is paid. */
typedef enum { REFORM_NO_MONEY, REFORM_MONTHLY, REFORM_YEARLY, REFORM_ONCE, REFORM_PER_PAYMENT } ReformPeriod;
const char *
reform_period_id (ReformPeriod period); /* NULL for NO_MONEY; "month", "year", "once", "payment" */
ReformPeriod reform_period (const PolicyProvision *provision);
/* SUM for a year; false where the period does not tell. */
bool reform_per_year (ReformPeriod period, Decimal sum, Decimal *year);

typedef struct {
  const PolicyProvision *before, *after; /* NULL: there is none in that package */
  const PolicyProvision *shown;          /* the one that is there; BEFORE where both are */
  size_t n_decisions;
  const DmnDecision *const *decisions; /* those on the way to the answer that read what is set, or are
                                          written otherwise (of the draft, where they are there) */
  const char *why_not;                 /* NULL, or why it was not computed: all counts are 0 */
  const char *row_by_row;              /* NULL, or why it went through dmn/ and not columns/ */
  ReformCount count;
  size_t n_dimensions;
  const ReformDimension *dimensions;
} ReformProvision;

typedef struct {
  const PolicyPackage *package;
  ReformChange change;
  Day as_of;
  size_t n; /* provisions that the change can reach */
  const ReformProvision *provisions;
} ReformResult;

/* ---- asking ------------------------------------------------------------------- */

typedef struct {
  const PolicyPackage *package;
  const County *county;     /* opened for AS_OF with reform_attributes, or more */
  Access *access;           /* with the purposes of PACKAGE */
  const AccessAccount *who; /* may see statistics */
  Day as_of;
  unsigned threads; /* 0: 2 */
} ReformOptions;

/* All of OPTIONS must outlive it.  It may be used by several threads, one of which computes at a time. */
typedef struct ReformBaseline ReformBaseline;
ReformBaseline *reform_baseline_new (const ReformOptions *options);
/* NULL is ignored. */
void reform_baseline_free (ReformBaseline *baseline);
/* What its answers take, in bytes. */
size_t reform_baseline_bytes (ReformBaseline *baseline);

enum { REFORM_EVERY_CLAUSE = G_MININT };
/* What CHANGE does to the provisions of CLAUSE (its number, or all), exactly; in ARENA, but for what belongs
 * to the packages and to the change.  FAULT_DENIED, FAULT_SYSTEM; FAULT_USAGE: there is no such clause, a
 * parameter is set twice. */
const ReformResult *reform_run (ReformBaseline *baseline, Arena *arena, const ReformChange *change,
                                int clause, GError **error);

/* RESULT as it may leave for pages and programs: of people, small numbers are told less exactly.  Numbers
 * that stand today are hidden as population_hide_few does; 1 to 4 who change are FEW, and so many others
 * HELD that no sum or difference of what is told gives them.  Of groups, those who gain, lose, get more or
 * less are told, and after the change those who qualify where that follows; the rest is HELD.  A sum of
 * money stands for POPULATION_LEAST or more of every sort that makes it up, and nobody's own amount is
 * told.  RESULT's provisions about others stay. */
const ReformResult *reform_hide_few (Arena *arena, const ReformResult *result);

/* As JSON (docs/api/openapi.yaml, Reform); what is FEW or HELD is null. */
void reform_write (JsonWriter *w, const ReformResult *result);

/* One row per provision and group value, the provision as a whole first. */
enum { REFORM_COLUMNS = 25 };
extern const char *const reform_columns[REFORM_COLUMNS];
/* As many rows as there are; each has REFORM_COLUMNS cells: empty where HELD, "1-4" where FEW. */
const char *const *const *reform_rows (Arena *arena, const ReformResult *result, size_t *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReformBaseline, reform_baseline_free)
