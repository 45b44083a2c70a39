/* policy — a policy package: a folder of plain files that runs.
 *
 *     policy/minhou-2021-81/
 *       circular.yaml        the document: sections, clauses, action items, units
 *       registry.yaml        what facts there are
 *       parameters/NAME.yaml dated values with reference and confidence
 *       calendar/            holidays.csv, office-hours.csv
 *       common/NAME.md       decisions shared by clauses
 *       clauses/NN-*.md      one literate file per clause, 00 for the closing paragraph
 *
 * What it is for: load, check, test; determine one subject under one clause
 * with reasons; say what a clause may read (its purpose).
 *
 * What it promises
 *   - A package that loads is consistent: every name resolves, every file is
 *     read to its end, every fault has file, line and what to do.
 *   - A determination is identified by (package hash, evaluation date, facts
 *     valid at, facts known at) and comes out the same for ever.
 *   - A missing parameter is an answer: "not determined: parameter …".
 *
 * What it refuses: to decide.  It proposes, with reasons; a person decides
 * (Personal Information Protection Law, article 24).
 *
 * How a call goes
 *
 *     g_autoptr (DmnFaults) faults = dmn_faults_new ();
 *     g_autoptr (PolicyPackage) p = policy_load ("policy/minhou-2021-81", faults, &error);
 *     const PolicyProvision *award = policy_provision (policy_clause (p, 15), "main");
 *     const PolicyDetermination *d =
 *       policy_determine (p, permit, arena, award, as_of, moment, &error);
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "dmn/dmn.h"
#include "registry/registry.h"

/* What every clause may read beside its subject: the parameters in force, and the
 * date for which it is asked. */
#define POLICY_PARAMETERS "参数"
#define POLICY_DATE "基准日"

/* A text in both languages; EN falls back to ZH when the file has none. */
typedef struct {
  const char *zh, *en;
} PolicyText;

/* TEXT as a member of a JSON object: {"zh": …, "en": …}. */
void policy_write_text (JsonWriter *w, const char *key, PolicyText text);

/* ---- the document ------------------------------------------------------ */

typedef enum {
  POLICY_BINDING,
  POLICY_PERMITTED,
  POLICY_PILOT,
  POLICY_ENCOURAGED,
  POLICY_ASSISTING
} PolicyStrength;
const char *policy_strength_id (PolicyStrength s); /* "binding" … */

typedef struct {
  const char *id;  /* "15.2" */
  unsigned line;   /* in circular.yaml */
  PolicyText text; /* in our own words */
  PolicyStrength strength;
  const char *const *
      carried_by; /* NULL-terminated: "decision:条款15.县级配套奖励", "service:…", "register:…", "target:…" */
  unsigned carried_line; /* where that is said, in the clause's file; 0: nowhere */
} PolicyAction;

typedef struct {
  const char *text, *value, *unit,
      *relation; /* value: a number as text; empty: "above the mean" names none */
} PolicyFigure;

typedef struct PolicyClause PolicyClause;
typedef struct {
  int number;
  PolicyText title;
  size_t n_clauses;
  const PolicyClause *const *clauses;
} PolicySection;

typedef struct {
  const char *origin;                                     /* the file: …/circular.yaml */
  const char *number, *issuer, *date, *openness, *parent; /* parent: the document it implements */
  PolicyText title;
  PolicyText place;              /* for whom: 闽侯县; the issuer where nothing is said */
  const char *const *addressees; /* NULL-terminated, as are the next */
  const char *const *copies_to;
  const char *const *annexes;
  const char *const *inherited; /* units every clause binds */
  size_t n_sections;
  const PolicySection *sections;
  const char *const *closing_units; /* of the closing paragraph; ids of its actions are 0.1, 0.2 … */
  size_t n_closing_actions;
  const PolicyAction *closing_actions;
} PolicyCircular;

/* ---- parameters -------------------------------------------------------- */

typedef enum { POLICY_CITED, POLICY_DERIVED, POLICY_ASSUMED, POLICY_MISSING } PolicyConfidence;
const char *policy_confidence_id (PolicyConfidence c); /* "cited" … */

typedef struct {
  Day from, to;    /* inclusive; G_MAXINT64: open */
  FeelValue value; /* FEEL_NULL never; missing has FEEL_UNKNOWN */
  const char *value_text;
  const char *reference; /* document and article */
  const char *url;       /* may be NULL */
  PolicyConfidence confidence;
  unsigned line;
} PolicyParameterValue;

typedef struct {
  const char *id, *origin;
  unsigned line;
  PolicyText name; /* zh is the FEEL name: 参数.<zh> */
  PolicyText note; /* why this choice; may be empty */
  const char *unit;
  const char *type_name;
  const FeelType *type;
  const char *checked; /* ISO date last checked */
  size_t n_values;
  const PolicyParameterValue *values; /* ascending */
} PolicyParameter;

/* ---- clauses ----------------------------------------------------------- */

/* Whom a provision's answer serves: its subject, on their own page; or the county, which
 * counts and checks by it (who moved where, whether a policy is at parity). */
typedef enum { POLICY_FOR_SUBJECT, POLICY_FOR_COUNTY } PolicyAudience;
const char *policy_audience_id (PolicyAudience audience); /* "subject", "county" */

/* One thing that a clause gives or decides: about one kind of subject, with one
 * answer.  A clause has as many as its text has provisions that can be decided. */
typedef struct {
  const PolicyClause *clause;
  const char *id; /* stable ASCII, unique in the clause: "match"; "main" when it is the only one */
  unsigned line;  /* in the clause's file */
  const RegistryEntity *subject; /* whom it is about */
  /* Who may ask on behalf of the subject: those whose reference this is (a
   * resident for the household, by resident.household); NULL: the subject itself. */
  const RegistryAttribute *applicant;
  PolicyText outcome;          /* what one gets: 县级配套奖励 */
  const DmnDecision *eligible; /* a boolean decision */
  const DmnDecision *amount;   /* a number, or NULL */
  const DmnDecision
      *unserved;           /* a boolean: entitled, and by the facts without it; NULL: the facts do not tell */
  PolicyText amount_unit;  /* 元/月 */
  PolicyStrength strength; /* only what is binding is a right */
  PolicyAudience audience;
  Day in_force_from, in_force_to;
} PolicyProvision;

/* A fact that handling a clause needs beside its decisions: who it is, how to reach
 * them, and what they would otherwise bring as a paper. */
typedef enum { POLICY_IDENTITY, POLICY_CONTACT, POLICY_MATERIAL } PolicyFieldUse;
const char *policy_field_use_id (PolicyFieldUse use); /* "identity", "contact", "materials" */
typedef struct {
  PolicyFieldUse use;
  const RegistryEntity *root;         /* a provision's subject or applicant */
  FeelPath path;                      /* from the root on */
  const RegistryAttribute *attribute; /* at the path's end */
} PolicyField;

/* How it is known whether a clause is carried out: of all subjects of a provision's
 * kind, how many qualify, which share, or for how much in all. */
typedef enum { POLICY_COUNT, POLICY_SHARE, POLICY_AMOUNT } PolicyMeasure;
const char *policy_measure_id (PolicyMeasure measure); /* "count" … */
typedef struct {
  const char *id;
  PolicyText name;
  const PolicyProvision *provision;
  const DmnDecision *among; /* 是否: only those for whom it is true are looked at; NULL: all */
  PolicyMeasure measure;
  const char *relation;        /* ">=", … to the goal; NULL: no figure is asked for, the trend counts */
  const PolicyParameter *goal; /* NULL likewise */
} PolicyTarget;

/* ---- scarce places ----------------------------------------------------- */

/* How places are shared out (front matter "allocations"): what the clause settles, for a
 * module that runs it.  In deferred acceptance applicants propose down their own lists; in
 * serial dictatorship one ranking of all applicants chooses in turn; a ranking has one
 * list of places and no choices; a lottery has no order at all. */
typedef enum {
  POLICY_DEFERRED_ACCEPTANCE,
  POLICY_SERIAL_DICTATORSHIP,
  POLICY_RANKING,
  POLICY_LOTTERY
} PolicyMethod;
const char *policy_method_id (PolicyMethod method); /* "deferred-acceptance" … */

/* Those who are equal in every priority: drawn by lot, all refused, or all admitted. */
typedef enum { POLICY_TIES_LOTTERY, POLICY_TIES_REJECT_ALL, POLICY_TIES_ADMIT_ALL } PolicyTies;
const char *policy_ties_id (PolicyTies ties); /* "lottery", "reject-all", "admit-all" */

/* A reserve: a least number of members, of whom those admitted on merit count
 * (minimum); a number that stays empty rather than going to others (hard); or places of
 * their own, outside the others (dedicated). */
typedef enum { POLICY_RESERVE_MINIMUM, POLICY_RESERVE_HARD, POLICY_RESERVE_DEDICATED } PolicyReserveKind;
const char *policy_reserve_kind_id (PolicyReserveKind kind); /* "minimum", "hard", "dedicated" */

/* A whole number of places: exactly one of these says it. */
typedef struct {
  const PolicyParameter *parameter;
  const RegistryAttribute *attribute; /* of the place */
  const DmnDecision *decision;        /* about the place */
} PolicyNumber;

typedef struct {
  const char *id;
  PolicyText name;
  PolicyReserveKind kind;
  const DmnDecision *members; /* 是否, about the applicant: belongs to the group */
  PolicyNumber number;
} PolicyReserve;

typedef struct {
  const DmnDecision *decision; /* a number about the applicant (and the place) */
  bool ascending;              /* the lesser comes first */
} PolicyPriority;

/* What jurors give, as facts of the applicant: a mean of all, or without the highest and the lowest where
 * there are three. */
typedef enum { POLICY_SCORES_MEAN, POLICY_SCORES_TRIMMED } PolicyScoring;
typedef struct {
  const RegistryAttribute *score, *jurors; /* numbers of the applicant: what it comes to, and of how many */
  gint64 least, most;                      /* of one juror's score */
  PolicyScoring as;
} PolicyScores;

typedef struct {
  const PolicyClause *clause;
  const char *id; /* unique in the clause */
  unsigned line;
  PolicyText name;
  const RegistryEntity *applicant;
  const RegistryEntity *place; /* what takes in; NULL: all compete for one list */
  PolicyNumber capacity;       /* of a place, or of the list */
  const DmnDecision *eligible;
  PolicyMethod method;
  size_t n_priorities;
  const PolicyPriority *priorities; /* compared in this order */
  PolicyTies ties;
  size_t n_reserves;
  const PolicyReserve *reserves;         /* in the order of their slots */
  const PolicyScores *scores;            /* of a jury; NULL: there is none */
  const PolicyParameter *objection_days; /* days for objections after publication, or NULL */
  bool places_rest; /* "rest: office": who gets none of their choices is placed by the office all the same */
} PolicyAllocation;

/* ---- matters ------------------------------------------------------------ */

/* What people apply for (front matter "matters"), with the elements of the national list of
 * service items (GB/T 39554): who decides, on what basis, how fast, with which papers. */
typedef enum {
  POLICY_PERMIT,
  POLICY_CONFIRMATION,
  POLICY_PAYMENT,
  POLICY_AWARD,
  POLICY_ADJUDICATION,
  POLICY_OTHER_POWER,
  POLICY_PUBLIC_SERVICE
} PolicyMatterKind;
const char *policy_matter_kind_id (PolicyMatterKind kind);  /* "permit" … "service" */
PolicyText policy_matter_kind_name (PolicyMatterKind kind); /* 行政许可 … 公共服务 */

typedef enum { POLICY_COUNTY_LEVEL, POLICY_TOWNSHIP_LEVEL, POLICY_VILLAGE_LEVEL } PolicyLevel;
const char *policy_level_id (PolicyLevel level); /* "county", "township", "village" */

/* Where it can be handed in and done: 通办范围. */
typedef enum {
  POLICY_REACH_COUNTY,
  POLICY_REACH_CITY,
  POLICY_REACH_PROVINCE,
  POLICY_REACH_NATION
} PolicyReach;
const char *policy_reach_id (PolicyReach reach); /* "county", "city", "province", "nation" */

/* Whether what is granted is paid out by the county, and how often. */
typedef enum { POLICY_PAID_NOT, POLICY_PAID_ONCE, POLICY_PAID_MONTHLY } PolicyPayment;
const char *policy_payment_id (PolicyPayment payment); /* "none", "once", "monthly" */

typedef enum {
  POLICY_WORKING_DAYS,
  POLICY_DAYS,
  POLICY_WORKING_HOURS,
  POLICY_MONTHS,
  POLICY_YEARS
} PolicyTimeUnit;
const char *policy_time_unit_id (PolicyTimeUnit unit); /* "working_days" … */

/* A limit of time is a parameter, whose reference and confidence say where it is from. */
typedef struct {
  const PolicyParameter *parameter; /* NULL: none is said */
  PolicyTimeUnit unit;              /* of the parameter: 工作日, 天, 工作小时, 月, 年 */
} PolicyLimit;
/* The number in force at DAY, and its unit; -1 where none is said or its parameter has no value then. */
int policy_limit_at (const PolicyLimit *limit, Day day, PolicyTimeUnit *unit);

typedef enum {
  POLICY_LIMIT_ACCEPTANCE, /* to accept, or to tell all that is missing */
  POLICY_LIMIT_STATUTORY,  /* to decide, by law */
  POLICY_LIMIT_PROMISED,   /* to decide, as promised */
  POLICY_LIMIT_CORRECTION, /* for the applicant, to hand in what was missing */
  POLICY_LIMIT_PUBLICITY,  /* of the public notice before the decision */
  POLICY_LIMIT_OBJECTION,  /* to object to a public notice */
  POLICY_LIMIT_APPEAL,     /* to ask for review of the decision */
} PolicyLimitKind;
#define POLICY_LIMIT_KINDS (POLICY_LIMIT_APPEAL + 1)
const char *policy_limit_id (PolicyLimitKind kind); /* "acceptance" … */

/* A paper.  Where the registry holds what it shows (ATTRIBUTE), nobody is asked for it. */
typedef struct {
  const char *id; /* unique in the matter */
  PolicyText name;
  PolicyText note;            /* may be empty */
  const RegistryEntity *root; /* the provision's subject, or who asks for it; NULL: only the paper shows it */
  FeelPath path;              /* from the root on */
  const RegistryAttribute *attribute; /* at the path's end; NULL likewise */
  const DmnDecision *when;            /* 是否: needed only then; NULL: always */
  bool required;                      /* without it the application is not complete */
} PolicyMaterial;

typedef struct {
  const char *document, *article; /* article may be empty */
} PolicyBasis;

typedef struct PolicyMatter {
  const PolicyClause *clause;
  const char *id;   /* unique in the clause; the provision's where it is about one */
  const char *key;  /* "23/main": clause and id */
  unsigned line;    /* in the clause's file */
  const char *code; /* 实施编码; our own ones begin with POLICY_OWN_CODE */
  PolicyText name;
  PolicyMatterKind kind;
  const PolicyProvision *provision; /* who gets it, and how much */
  size_t n_basis;
  const PolicyBasis *basis;
  PolicyLevel level;
  const char *body; /* 实施主体: the department that decides */
  bool on_the_spot; /* 即办件; otherwise 承诺件 */
  PolicyLimit limits[POLICY_LIMIT_KINDS];
  size_t n_materials;
  const PolicyMaterial *materials;
  int visits; /* times one must come in person */
  gint64 fee_fen;
  PolicyText result; /* what one gets in hand */
  PolicyReach reach;
  bool delegable; /* an agent may apply */
  PolicyPayment payment;
  const DmnDecision *first; /* 是否: those for whom it is true are served first; NULL: nobody is */
  size_t n_parts;           /* a bundle: the matters done by one application */
  const struct PolicyMatter *const *parts;
  PolicyText appeal_body; /* who reviews a decision; empty: not said */
} PolicyMatter;

/* How codes begin that no list of the state gives: "our own". */
#define POLICY_OWN_CODE "自编-"

struct PolicyClause {
  int number;        /* 1 … 24; 0 for the closing paragraph */
  const char *label; /* "十五" */
  PolicyText title;
  const PolicySection *section;
  const char *lead;              /* 县人社局 */
  const char *const *supporting; /* NULL-terminated */
  size_t n_actions;
  const PolicyAction *actions;
  size_t n_figures;
  const PolicyFigure *figures;
  /* The executable page, when there is one: */
  const DmnUnit *unit; /* NULL: not executable yet */
  const char *origin;  /* its file */
  size_t n_provisions;
  const PolicyProvision *provisions; /* in the file's order */
  size_t n_targets;
  const PolicyTarget *targets;
  size_t n_allocations;
  const PolicyAllocation *allocations;
  size_t n_matters;
  const PolicyMatter *matters; /* in the file's order */
  Day examples_at;             /* evaluation date of examples without a 基准日 column */
  PolicyText summary;          /* Markdown, our words */
  size_t n_fields;
  const PolicyField *fields;    /* that its service declares */
  const AccessPurpose *purpose; /* what may be read for its sake; NULL unless executable */
  size_t n_labels;
  const PolicyText *labels; /* English for names and notes used in the file */
};

/* The English label the clause file gives for ZH, or ZH itself. */
const char *policy_clause_label (const PolicyClause *clause, const char *zh);

typedef struct PolicyPackage PolicyPackage;

/* NULL only when the folder cannot be read at all; otherwise look at FAULTS.
 * With errors in FAULTS the package may be inspected but not run. */
PolicyPackage *policy_load (const char *folder, DmnFaults *faults, GError **error);
void policy_free (PolicyPackage *package);

const char *policy_hash (const PolicyPackage *package); /* hex SHA-256 over all files */
const char *policy_folder (const PolicyPackage *package);
/* Every file that the hash is over, in its order, as it was when it was loaded. */
typedef struct {
  const char *name; /* "clauses/23-social-assistance.md" */
  Text content;
} PolicyFile;
const PolicyFile *policy_files (const PolicyPackage *package, size_t *n);
const PolicyCircular *policy_circular (const PolicyPackage *package);
const RegistrySchema *policy_schema (const PolicyPackage *package);
const Workdays *policy_workdays (const PolicyPackage *package);
/* NULL when the package has no divisions.yaml. */
const RegistryDivisions *policy_divisions (const PolicyPackage *package);
const DmnModel *policy_model (const PolicyPackage *package);
/* The numbered clauses in order; PAGES: and the closing paragraph, which may have a
 * page that runs as they have. */
const PolicyClause *const *policy_clauses (const PolicyPackage *package, size_t *n);
const PolicyClause *const *policy_pages (const PolicyPackage *package, size_t *n);
const PolicyClause *policy_clause (const PolicyPackage *package, int number); /* NULL when absent */
const PolicyParameter *const *policy_parameters (const PolicyPackage *package, size_t *n);
const PolicyParameter *policy_parameter (const PolicyPackage *package, const char *zh_or_id);
/* The value in force at D; NULL when none is stated. */
const PolicyParameterValue *policy_parameter_at (const PolicyParameter *p, Day d);
/* TEXT, as a parameter file writes it, as a value of P's type; a 文本 is not copied.  False when it is none.
 */
bool policy_parameter_parse (const PolicyParameter *p, const char *text, FeelValue *value);
/* All parameters at a date as the FEEL context 参数; missing ones are unknown,
 * named 参数.<name>, with the PolicyParameter as host. */
FeelValue policy_parameters_value (const PolicyPackage *package, Arena *arena, Day at);
/* The parameters a decision and all it requires may read. */
const PolicyParameter *const *policy_decision_parameters (const PolicyPackage *package, Arena *arena,
                                                          const DmnDecision *decision, size_t *n);

/* Static checks beyond loading: action items nothing carries out, parameters
 * without value or reference or last checked more than a year before TODAY,
 * clauses without examples; and, where FAULTS has no errors yet, what is wrong with
 * decision tables whatever the facts are (dmn_table_check), and as notes where decisions
 * turn on barriers ("barrier").  What a file accepts
 * with a reason is left out; a reason without a finding is told. */
void policy_check (const PolicyPackage *package, Day today, DmnFaults *faults);

/* Run every example of every unit; COVERAGE (may be NULL) notes what they try. */
const DmnExampleResult *policy_test (const PolicyPackage *package, Arena *arena, DmnCoverage *coverage,
                                     size_t *n);
/* EXAMPLE, one of CLAUSE's own or with other cells: a result per expected head; TRACE (may
 * be NULL) tells how.  Nothing is read or kept. */
const DmnExampleResult *policy_try (const PolicyPackage *package, Arena *arena, const PolicyClause *clause,
                                    const DmnExample *example, const DmnTrace **trace);
/* What the examples leave untried, as warnings, but for what the files accept with a
 * reason: see dmn_coverage_report; and clauses with fewer than 12 examples
 * ("few-examples").  COUNT gets the sums, accepted or not. */
void policy_coverage (const PolicyPackage *package, const DmnCoverage *coverage, DmnFaults *faults,
                      DmnCoverageCount *count);

/* ---- determinations ---------------------------------------------------- */

typedef enum { POLICY_YES, POLICY_NO, POLICY_UNDETERMINED, POLICY_NOT_IN_FORCE } PolicyOutcome;
const char *policy_outcome_id (PolicyOutcome o); /* "yes", "no", "undetermined", "not_in_force" */

/* Something an answer still depends on. */
typedef struct {
  bool is_parameter;
  const char *name;                 /* "居民.月收入" or "参数.低保标准" */
  const RegistryProvenance *fact;   /* facts; NULL for parameters */
  const PolicyParameter *parameter; /* parameters; NULL for facts */
  bool hidden; /* facts of other persons, see policy_hide_others: all of them are one need */
} PolicyNeed;

/* One condition of one rule of one decision, with everything behind its value. */
typedef struct {
  const DmnColumn *input;
  const DmnCell *test;
  DmnStatus status;
  FeelValue value;
  size_t n_facts;
  const RegistryProvenance *const *facts;
  size_t n_parameters;
  const PolicyParameter *const *parameters;
  size_t n_decisions; /* other decisions that the input and the test read */
  const DmnDecision *const *decisions;
  FeelValue
      wanted; /* the value that a test such as ">= 所需天数" compares with; null where it says so itself */
  bool hidden; /* rests on another person's facts: see policy_hide_others */
} PolicyCondition;

typedef struct {
  const DmnRule *rule;
  DmnStatus status;
  bool matched;        /* this rule gave the answer */
  size_t n_conditions; /* without the tests "-" */
  const PolicyCondition *conditions;
} PolicyRuleTrace;

/* One decision on the way to the outcome, in order of completion. */
typedef struct {
  const DmnDecision *decision;
  FeelValue value;
  size_t n_rules;
  const PolicyRuleTrace *rules;
  size_t n_facts; /* facts and parameters read directly */
  const RegistryProvenance *const *facts;
  size_t n_parameters;
  const PolicyParameter *const *parameters;
  bool hidden; /* as above */
} PolicyReason;

typedef struct {
  const PolicyProvision *provision;
  Subject subject;
  RegistryMoment at;
  Day as_of; /* the evaluation date 基准日 */
  PolicyOutcome outcome;
  FeelValue eligible, amount; /* amount: FEEL_NULL when the provision has none or the answer is no */
  size_t n_needs;
  const PolicyNeed *needs;
  size_t n_reasons;
  const PolicyReason *reasons;
  const FeelDiagnostic *diagnostics;
} PolicyDetermination;

/* The provision of CLAUSE called ID; NULL when there is none. */
const PolicyProvision *policy_provision (const PolicyClause *clause, const char *id);
/* The allocation of CLAUSE called ID; NULL when there is none. */
const PolicyAllocation *policy_allocation (const PolicyClause *clause, const char *id);
/* The matter of CLAUSE called ID; NULL when there is none. */
const PolicyMatter *policy_clause_matter (const PolicyClause *clause, const char *id);
/* The matter with KEY, "23/main"; NULL when there is none. */
const PolicyMatter *policy_matter (const PolicyPackage *package, const char *key);
/* All of them, by clause (numbered ones first, then the closing paragraph). */
const PolicyMatter *const *policy_matters (const PolicyPackage *package, size_t *n);
/* Whether some provision of CLAUSE is about subjects of ENTITY, or they may ask for another's sake. */
bool policy_clause_concerns (const PolicyClause *clause, const RegistryEntity *entity);

/* The subject of PERMIT under PROVISION as of AS_OF, with the facts valid and known at
 * AT.  Only facts that its decisions need are read.  NULL with FAULT_USAGE (the provision
 * is about something else), or as access_read: FAULT_DENIED, FAULT_NOT_FOUND, FAULT_SYSTEM. */
const PolicyDetermination *policy_determine (const PolicyPackage *package, const AccessPermit *permit,
                                             Arena *arena, const PolicyProvision *provision, Day as_of,
                                             RegistryMoment at, GError **error);

/* What somebody states where the registry holds nothing. */
typedef struct {
  const char *path; /* as a need's name: "居民.月收入", "户.成员[2].月收入" */
  const char
      *value; /* as registry_fact_parse reads it; NULL: none.  Of a reference "true" or "false": whether there
                 is one; of a collection how many there are, up to POLICY_STATED_MEMBERS_MAX */
} PolicyStatement;
enum { POLICY_STATED_MEMBERS_MAX = 20 };
/* The same with STATED: a fact on record stays what it is, whatever is stated.  PERMIT NULL: of nobody;
 * nothing is read, and what is not stated is unknown.  Beside the faults of policy_determine, FAULT_INPUT for
 * a value that its attribute does not allow. */
const PolicyDetermination *policy_determine_stated (const PolicyPackage *package, const AccessPermit *permit,
                                                    Arena *arena, const PolicyProvision *provision, Day as_of,
                                                    RegistryMoment at, const PolicyStatement *stated,
                                                    size_t n, GError **error);

/* A determination, and whom it is about when that is not who asks: their name, or NULL. */
typedef struct {
  const PolicyDetermination *determination;
  const char *about;
} PolicyAnswer;

/* All that CLAUSE says of the subject of PERMIT, in the file's order, also about what they
 * may ask for another's sake (their household), but where nobody has stated what that is.
 * Facts of one subject are read, and logged, once.  NULL as policy_determine. */
const PolicyAnswer *policy_answers (const PolicyPackage *package, const AccessPermit *permit, Arena *arena,
                                    const PolicyClause *clause, Day as_of, RegistryMoment at, size_t *n,
                                    GError **error);

/* D as VIEWER may read it.  Facts of other persons (subjects of VIEWER's own
 * entity) need their mandate to appear in an explanation (MANDATED: who gave one, see
 * access_mandated): conditions and steps that rest on the others' keep their outcome and
 * lose their value (null, HIDDEN), and what is missing of them is one need without a name. */
const PolicyDetermination *policy_hide_others (const PolicyPackage *package, Arena *arena,
                                               const PolicyDetermination *d, Subject viewer,
                                               const Subject *mandated, size_t n_mandated);

/* The step of D that computed DECISION; NULL when the answer did not need it. */
const PolicyReason *policy_reason_of (const PolicyDetermination *d, const DmnDecision *decision);

/* The determination as JSON (docs/api/openapi.yaml, Determination). */
void policy_write_determination (JsonWriter *w, const PolicyPackage *package, const PolicyDetermination *d,
                                 bool explain);
/* A unary test in words: `>= 25` → 不低于 25; LANGUAGE "zh" or "en". */
char *policy_test_words (Arena *arena, Text test, const char *language);

/* The test that holds where TEST fails: `< 5` for `>= 5`, `"a"` for `not("a")`.  For
 * a no, whose rule says what speaks against it, that is what was wanted.  The same
 * slice or one in ARENA; empty for `-`, which nothing fails. */
Text policy_test_opposite (Arena *arena, Text test);

/* Hand the purposes of all executable clauses down to ACCESS: what their decisions can read
 * (the closure), and what their services declare.  PACKAGE must outlive it. */
void policy_hand_purposes (const PolicyPackage *package, Access *access);
/* access_permit under CLAUSE; FAULT_USAGE also where it is not executable. */
const AccessPermit *policy_permit (Access *access, Arena *arena, const AccessAccount *who,
                                   const PolicyClause *clause, Subject subject, GError **error);

/* The facts PROVISION may read, as attributes, each once: its purpose. */
const RegistryAttribute *const *policy_provision_purpose (const PolicyPackage *package, Arena *arena,
                                                          const PolicyProvision *provision, size_t *n);
/* What the decisions of all pages together may read of anybody, each attribute once. */
const RegistryAttribute *const *policy_attributes (const PolicyPackage *package, Arena *arena, size_t *n);
/* What DECISION, and all it asks, may read of a subject of ROOT. */
const FeelPath *policy_decision_paths (const PolicyPackage *package, Arena *arena, const RegistryEntity *root,
                                       const DmnDecision *decision, size_t *n);
/* The purpose of all of CLAUSE's provisions together. */
const RegistryAttribute *const *policy_clause_purpose (const PolicyPackage *package, Arena *arena,
                                                       const PolicyClause *clause, size_t *n);

/* One fact of a clause's purpose, and why it is in it. */
typedef struct {
  const PolicyClause *clause;
  const RegistryAttribute *attribute; /* its source is who gives it */
  size_t n_decisions;                 /* those that read it themselves */
  const DmnDecision *const *decisions;
  bool declared[POLICY_MATERIAL + 1]; /* by PolicyFieldUse: the service needs it as that */
} PolicyUse;
/* The purpose of CLAUSE with its reasons: its part of the sharing catalogue.  First what its
 * decisions read, in the order of policy_clause_purpose, then what its service declares beside. */
const PolicyUse *policy_clause_uses (const PolicyPackage *package, Arena *arena, const PolicyClause *clause,
                                     size_t *n);
/* Whether DEPARTMENT leads or supports CLAUSE, and so reads its facts. */
bool policy_clause_is_answered_by (const PolicyClause *clause, const char *department);

/* ---- allocations: one applicant, one place --------------------------------- */

typedef struct {
  PolicyOutcome outcome;      /* of the decision that says who may take part */
  const char *const *notes;   /* what its rules say by which it came out so; NULL-terminated, in Chinese:
                                 policy_clause_label has the English */
  const char *const *missing; /* undetermined: what is missing, NULL-terminated */
  const FeelValue *keys;      /* of the priorities, in their order */
  const FeelValue *members;   /* of the reserves: true for who belongs */
} PolicyWeight;
/* What ALLOCATION says of an applicant at a place as of AS_OF, by facts that were read for
 * policy_allocation_paths; NULL: not read, and so unknown.  SCORED: the jury, if there is one, has given its
 * scores; before, they are unknown whatever is on record.  Lives in ARENA. */
const PolicyWeight *policy_weigh (const PolicyPackage *package, Arena *arena,
                                  const PolicyAllocation *allocation, const RegistryReading *applicant,
                                  const RegistryReading *place, Day as_of, bool scored);
/* NUMBER of ALLOCATION at a place (NULL: none): a number, null or unknown. */
FeelValue policy_weigh_number (const PolicyPackage *package, Arena *arena, const PolicyAllocation *allocation,
                               const PolicyNumber *number, const RegistryReading *place, Day as_of);
/* What ALLOCATION's decisions may read of subjects of ROOT, its applicant or its place. */
const FeelPath *policy_allocation_paths (const PolicyPackage *package, Arena *arena,
                                         const PolicyAllocation *allocation, const RegistryEntity *root,
                                         size_t *n);

/* ---- barriers ----------------------------------------------------------- */

/* What turning on a barrier does. */
typedef enum {
  POLICY_REFUSES, /* who gets it, or may take part in sharing out */
  POLICY_LIMITS,  /* how much */
  POLICY_RANKS,   /* who comes first, or has places reserved */
} PolicyEffect;
const char *policy_effect_id (PolicyEffect effect); /* "refuses", "limits", "ranks" */

/* Where a fact is read: a decision, and the column of its table that does so. */
typedef struct {
  const DmnDecision *decision;
  const DmnColumn *column; /* NULL: a test, an output, an expression */
  unsigned line, at;       /* line and column in the decision's file */
} PolicyPlace;

/* A decision that can come out otherwise with a fact that registry.yaml marks as a barrier. */
typedef struct {
  PolicyEffect effect;
  const PolicyProvision *provision; /* one of these two */
  const PolicyAllocation *allocation;
  const DmnDecision *decision;        /* the provision's eligible or amount, an allocation's … */
  const RegistryEntity *root;         /* whom it is about */
  FeelPath path;                      /* from there to the fact: 居民.单位.所有制 */
  const RegistryAttribute *attribute; /* at its end; its barrier says of which kind */
  size_t n_places;
  const PolicyPlace
      *places; /* where it is read, by what is asked first; of what is handed on, where that is */
} PolicyBarrier;
/* Those of CLAUSE, in the file's order: what its provisions for subjects and its allocations turn
 * on (closure analysis: it may, for some facts; whether it does for somebody is another question). */
const PolicyBarrier *policy_clause_barriers (const PolicyPackage *package, Arena *arena,
                                             const PolicyClause *clause, size_t *n);
/* "居民.单位.所有制" */
const char *policy_path_text (Arena *arena, const RegistryEntity *root, const FeelPath *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PolicyPackage, policy_free)

#include "policy/words.h"
