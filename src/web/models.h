/* Models: what the handlers put together for the pages.  Everything lives in
 * the request's arena. */
#pragma once

#include "barriers/barriers.h"
#include "draws/draws.h"
#include "due/due.h"
#include "intake/intake.h"
#include "questions/questions.h"
#include "payments/payments.h"
#include "reform/reform.h"
#include "web/view.h"

typedef struct {
  const AgentMandate *mandate;
  const char *number;         /* the other's: "resident-1" */
  const PolicyMatter *matter; /* NULL: every one, or one that there is no more */
  bool holds;                 /* today */
} AgentRow;
typedef struct {
  const char *problem, *done;
  const char *own; /* one's own number, to be told to who gives a mandate */
  Day today;
  const WebFields *form; /* as it was sent */
  const PolicyMatter *const *matters;
  size_t n_matters;
  const AgentRow *given, *received;
  size_t n_given, n_received;
  const char *key;   /* of a form to apply */
  const Case *cases; /* in which one acts for others */
  size_t n_cases;
} AgentsModel;

/* Of a code that was asked for; PROOF NULL: it is none of ours. */
typedef struct {
  const char *code; /* NULL: not asked yet */
  const DecisionProof *proof;
} VerifyModel;

/* The matters of one clause, of those chosen. */
typedef struct {
  const PolicyMatter *const *matters;
  size_t n;
} ServiceGroup;

typedef struct {
  const char *text;          /* part of the name, or NULL */
  const RegistryEntity *who; /* who applies, or NULL */
  const RegistryEntity *const *kinds;
  size_t n_kinds;
  const PolicyMatter *const *matters;
  size_t n;
  const ServiceGroup *groups; /* the same matters */
  size_t n_groups;
} ServicesModel;

typedef struct {
  const PolicyMatter *matter;
  Day day;
  const PolicyMatter *const *bundles; /* that it is a part of */
  size_t n_bundles;
} ServiceModel;

typedef struct {
  const PolicyCircular *circular;
  size_t n_clauses, n_actions, n_executable;
  bool demo; /* there are demo accounts */
} FrontModel;

typedef struct {
  const char *name, *next; /* typed before; where to go on */
  bool failed;
  gint64 minutes; /* to wait, after too many failures */
  const AccessAccount *demo;
  size_t n_demo;
} LoginModel;

typedef struct {
  const char *next;
  bool failed;
  gint64 minutes;
  const char *demo; /* a demo account's code, or NULL */
} CodeModel;

typedef struct {
  const char *next;
  bool failed, must; /* before anything else */
  const char *secret, *uri, *qr;
  unsigned qr_size;
} EnrolModel;

typedef struct {
  const char *const *codes; /* NULL-terminated */
  const char *next;
} RecoveryModel;

typedef enum { OWN_FINE, OWN_WRONG, OWN_WEAK } OwnProblem;
typedef struct {
  const AccessAccount *account;
  OwnProblem problem;
  const char *done; /* what was just done, or NULL */
  bool must;        /* the role needs a second factor */
  int least;        /* characters of a password */
  const AccessSession *sessions;
  size_t n_sessions;
} OwnModel;

typedef struct {
  const char *path, *title, *text;
} HomeLink;
typedef struct {
  const AccessAccount *account;
  const HomeLink *links;
  size_t n_links;
} HomeModel;

typedef struct {
  const char *problem;   /* what was wrong with the form, or NULL */
  const WebFields *form; /* as it was sent */
  const AccessAccount *accounts;
  const char *const *subjects; /* their ids, NULL for staff */
  size_t n_accounts;
  const char *const *departments;
  size_t n_departments;
} AccountsModel;

typedef struct {
  const char *problem, *done;
  const AccessAccount *account;
  bool own;
  const char *subject;
  const char *const *departments;
  size_t n_departments;
} AccountModel;

typedef struct {
  const AccessMandate *mandate;
  const char *name;           /* the other's */
  const PolicyClause *clause; /* NULL: every one */
  bool holds;                 /* today */
} MandateRow;
typedef struct {
  bool failed;
  const char *done;
  Day today;
  const AccessMember *members;
  size_t n_members;
  const PolicyClause *const *clauses;
  size_t n_clauses;
  const MandateRow *given, *received;
  size_t n_given, n_received;
} MandatesModel;

typedef struct {
  const PolicyClause *clause; /* NULL: the closing paragraph */
  const PolicyAction *action;
  const char *lead;
  const char *const *supporting;
} TaskRow;

/* The rows of one clause, which have its title, units and figures in common. */
typedef struct {
  const TaskRow *rows;
  size_t n;
} TaskGroup;

typedef struct {
  const PolicyCircular *circular;
  const char *unit; /* the filter, or NULL */
  int strength;     /* a PolicyStrength, or −1 */
  const char *const *units;
  size_t n_units;
  const TaskRow *rows;
  size_t n_rows;
  const TaskGroup *groups; /* the same rows */
  size_t n_groups;
  const char *csv, *xlsx, *json; /* downloads of the same selection */
} TasksModel;

/* A parameter that may be set otherwise. */
typedef struct {
  const PolicyParameter *parameter;
  const PolicyParameterValue *now; /* NULL: it has no value today */
  const char *value;               /* what stands in the field */
  const char *most, *step;         /* of its slider; NULL: it is no number */
  bool is_truth;
} ReformField;

typedef struct {
  const char *name;
  const ReformCount *count;
  int bars[REFORM_KINDS]; /* of 500 */
} ReformRow;
typedef struct {
  const char *name;
  const ReformRow *rows;
  size_t n;
} ReformRows;
typedef struct {
  const ReformProvision *provision;
  const char *id;
  const ReformRows *dimensions;
  size_t n_dimensions;
  ReformPeriod period;
} ReformShown;

typedef struct {
  const PolicyClause *const *clauses;
  size_t n_clauses;
  const PolicyClause *clause; /* the one asked about, or NULL */
  const ReformField *fields;
  size_t n_fields, n_first; /* so many stand open: what is set otherwise, then the others */
  Day today;
  bool is_asked;                /* something is set otherwise */
  const PolicyParameter *wrong; /* whose value is none, or NULL */
  const char *again, *json;     /* this address; the same for programs */
  const char *package;          /* the first digits of its hash */
  const ReformResult *result;   /* NULL: the county is being read */
  const ReformShown *changed;   /* where somebody's answer or amount changes */
  const ReformProvision *const *same, *const *not_computed;
  size_t n_changed, n_same, n_not_computed, n_by_rows;
} ReformsModel;

/* So many decisions stand open on a clause's page; of more each is a line that opens.  Longer
 * tables and lists than ROWS_OPEN are folded. */
enum { DECISIONS_OPEN = 10, ROWS_OPEN = 8 };

typedef struct {
  const PolicyCircular *circular;
  const PolicyClause *clause;
  const DmnDiagram *const *diagrams; /* of each provision; NULL: the clause has no page of its own yet */
  Day day;                           /* parameters are shown as of it */
  const PolicyParameter *const *parameters;
  size_t n_parameters;
  size_t n_uses;                  /* facts the clause reads */
  const char *const *sources;     /* who gives them; NULL-terminated */
  const PopulationClause *counts; /* NULL: not counted yet */
  Day counted;
  const WebShowcase **showcases; /* of a demo county */
  const char *opener;            /* the demo account that may open them, or NULL */
  size_t n_showcases;
} ClauseModel;

/* An example with the cells as typed, and what comes out. */
typedef struct {
  const PolicyClause *clause;
  const DmnDecision *decision;
  size_t index; /* of the example */
  const DmnExample *example;
  bool changed; /* not the file's own cells any more */
  const DmnExampleResult *results;
  const DmnTrace *trace;
} TryModel;

/* The facts that one clause reads, as chosen. */
typedef struct {
  const PolicyClause *clause;
  const PolicyUse *uses;
  size_t n;
} SharingClause;

typedef struct {
  const char *department, *source; /* who reads, who gives; NULL: any */
  const PolicyClause *clause;      /* NULL: any */
  const char *const *departments, *const *sources;
  size_t n_departments, n_sources;
  const PolicyClause *const *clauses; /* all that read facts */
  size_t n_clauses;
  const SharingClause *groups;
  size_t n_groups, n_facts;
  const char *csv, *json; /* downloads of the same choice */
} SharingModel;

typedef struct {
  const PolicyDetermination *determination;
  const char *about; /* the household or body it is about, when not the subject itself */
  PolicyReasons reasons;
  size_t index;
} SubjectAnswer;

/* Facts that one department recorded since one day. */
typedef struct {
  const char *source, *since;
  size_t n;
  const RegistryProvenance **facts;
} FactGroup;

/* Somebody of a household, as far as the reader may know. */
typedef struct {
  Subject subject;
  const char *name, *role; /* "—" when not on record */
} HouseholdMember;

enum { FEW_ANSWERS = 4 /* so many stand open on a page; of more each is a line that opens */ };

typedef struct SubjectModel {
  const RegistryEntity *entity;
  Subject subject;
  const char *id, *label;
  bool own;                   /* the reader is the subject */
  const char *department;     /* of the reader, when staff */
  const PolicyClause *clause; /* that staff look under; NULL: not chosen yet, or one's own */
  const AccessPermit *permit; /* under that clause */
  Day as_of;
  const SubjectAnswer *answers; /* yes first, then what is open, then the rest */
  size_t n_answers;
  size_t n_yes, n_open;
  const PolicyClause *const *choices; /* clauses that the reader's department answers for */
  size_t n_choices;
  const PolicyClause *const *others; /* clauses about the subject that other departments answer for */
  size_t n_others;
  const RegistryProvenance *const *facts;
  size_t n_facts;
  const RegistryProvenance *const *named; /* what the subject's references lead to, by name */
  size_t n_named;
  HouseholdMember *members; /* of a household */
  size_t n_members;
  FactGroup *stated, *absent, *unrecorded; /* absent: a complete register does not have them */
  size_t n_stated, n_absent, n_unrecorded; /* groups */
  size_t absent_facts, unrecorded_facts;
} SubjectModel;

/* An answer given on the way, and the form's field that carries it. */
typedef struct {
  const Question *question;
  const char *value; /* NULL: none */
  const char *field;
} CheckAnswer;

/* Could I get this? */
typedef struct {
  const PolicyProvision *provision;
  const PolicyMatter *matter; /* that people apply for to get it, or NULL */
  PolicyStatement *stated;    /* with room for one more */
  size_t n_stated;
  const char **passed; /* paths of questions that the person cannot answer; room for one more */
  size_t n_passed;
  const CheckAnswer *answers;
  size_t n_answers;
  const Questions *questions;
  const Question *question; /* the next one; NULL: the answer */
  SubjectAnswer answer;
  SubjectModel subject;
  const char *trouble, *asked, *given; /* what was wrong with the last answer, to what, and it; or NULL */
} CheckModel;

/* A fact on record; NAME: of what it refers to, where that is public. */
typedef struct {
  const RegistryProvenance *fact;
  const char *name;
} DataFact;

/* What is on record in one subject, as the person's own page shows it. */
typedef struct {
  const RegistryEntity *entity;
  const char *id;
  DataFact *stated;
  const RegistryProvenance **absent, **unrecorded;
  size_t n_stated, n_absent, n_unrecorded;
} DataPart;

typedef struct {
  const RegistrySchema *schema;
  const DataPart *parts; /* the person first */
  size_t n_parts;
} DataModel;

typedef struct {
  const RegistrySchema *schema;
  const RightsRequest *requests;
  size_t n;
  gint64 filed;           /* the one just filed, or 0 */
  const char *department; /* of the reader, when staff; NULL: all departments */
  const char *next;
} RequestsModel;

/* A form for a request: what was typed comes back with what was wrong. */
typedef struct {
  RightsKind kind;
  const RegistryAttribute *attribute;
  const char *subject; /* id */
  const RegistryProvenance *fact;
  const RegistryRetention *kept;
  const char *wanted, *since, *reason, *evidence, *key;
  bool none;
  const char *trouble; /* NULL: nothing wrong */
} RequestFormModel;

typedef struct {
  const RightsRequest *request;
  const char *subject;
  const RegistryProvenance *fact; /* now on record */
  const RegistryRetention *kept;
  const char *answer, *key, *trouble;
} RequestModel;

typedef struct {
  gint64 number;
  const char *when, *who, *act, *why, *link, *what; /* LINK and WHAT may be NULL */
  gint64 others;                                    /* other persons in the same entry */
} LogRow;

typedef struct {
  const LogRow *rows;
  size_t n;
  const char *next;
} LogModel;

typedef struct {
  gint64 number;
  bool erased;
  const char *when, *who, *act, *about, *why, *link, *detail; /* ABOUT, LINK and DETAIL may be NULL */
} AuditRow;

typedef struct {
  const AuditState *state;
  const char *signed_at; /* NULL: nothing is signed yet */
  const char *trouble;   /* of the signer, or NULL */
  const char *keys;
  const char *subject, *actor; /* the choice, or NULL */
  int act;                     /* likewise; −1 */
  const AuditRow *rows;
  size_t n;
  const char *next;
} AuditModel;

typedef struct {
  const RegistryConflict *conflict;
  const char *path, *subject;
} ConflictRow;

typedef struct {
  const char *department; /* whose they are; NULL: all */
  const ConflictRow *rows;
  size_t n;
  const char *next; /* address of the next page, or NULL */
} ConflictsModel;

typedef struct {
  RegistryConflict place; /* subject and attribute */
  const char *subject;
  const RegistryProvenance *fact;
  const char *trouble, *reason; /* what is missing in the form; what was typed */
} ConflictModel;

/* A condition that failed, or what is missing, and for how many. */
typedef struct {
  const char *what, *words;
  gint64 n;
} StatisticsReason;

typedef struct {
  const PopulationProvision *figures;
  const StatisticsReason *failed, *missing; /* the most frequent */
  size_t n_failed, n_missing;
  const char *sum; /* NULL: there is none to tell */
} StatisticsProvision;

typedef struct {
  const PolicyClause *const *clauses; /* to choose from */
  size_t n_clauses;
  const PolicyClause *clause;     /* NULL: none is chosen */
  const PopulationClause *counts; /* small numbers hidden; NULL: being counted */
  Day counted;
  const StatisticsProvision *provisions;
  gint64 n_by_columns, n_by_rows; /* how they were computed */
  const char *by_rows;            /* names of those that went row by row */
  const char *csv, *json;
} StatisticsModel;

typedef struct {
  const char *decision, *column; /* NULL: no column */
  const char *href;              /* NULL: a shared decision, which has no page */
} BarrierPlace;

typedef struct {
  const BarriersFinding *finding;
  const char *id, *outcome, *fact, *kind;
  const char *held, *recomputed; /* NULL: nothing */
  const BarrierPlace *places;
  size_t n_places;
  int bar; /* of 1000, as are those of values and townships */
  const int *value_bars, *township_bars;
} BarrierShown;

typedef struct {
  const PolicyClause *clause;
  int n[REGISTRY_SENIORITY + 1]; /* provisions that turn on a kind */
  bool any;
} BarrierClauseRow;

typedef struct {
  const PolicyClause *const *clauses; /* to choose from */
  size_t n_clauses;
  const PolicyClause *clause;  /* NULL: none is chosen, and ROWS tell of all */
  const BarriersClause *found; /* small numbers hidden; NULL: being worked out */
  Day counted;
  const BarrierShown *shown, *others; /* counted, and not */
  size_t n_shown, n_others;
  const BarrierClauseRow *rows;
  size_t n_rows;
  const char *csv, *json;
} BarriersModel;

typedef struct {
  const char *code, *name; /* NULL: no known division */
  gint64 before, estimated, after;
} TownshipRow;

typedef struct {
  Day from, to;
  const TownshipRow *rows;
  size_t n;
  gint64 all_before, all_after;
  const char *csv;
} TownshipsModel;

typedef struct {
  const char *path, *label;
  bool open;
} SearchTab;

typedef struct {
  const char *id, *place; /* PLACE: the township's name, or its code */
  const AccessHit *hit;
} SearchRow;

typedef struct {
  const char *code, *name;
} SearchPlace;

typedef struct {
  const RegistryEntity *entity;
  const SearchTab *tabs;
  size_t n_tabs;
  const char *text, *place; /* as typed, or NULL */
  bool unknown_place;
  bool has_places, has_phone;
  const SearchPlace *townships; /* to choose from */
  size_t n_townships;
  gint64 n_all;
  const AccessHits *hits; /* NULL: nothing has been asked yet */
  const SearchRow *rows;
  const char *after; /* where the next page begins, or NULL */
} SearchModel;

/* ---- tables of a data steward ------------------------------------------- */

typedef struct {
  const RegistrySchema *schema;
  const char *trouble; /* with what was sent; or NULL */
  const char *const *departments;
  size_t n_departments;
  const IntakeRun *runs;
  size_t n;
  const char *next;
} ImportsModel;

typedef struct {
  IntakeRun run;
  const RegistryEntity *entity; /* NULL: the schema has it no more */
  const IntakeProblem *problems;
  size_t n_problems;
  const char *next;
  /* before it is recorded */
  const IntakePlan *plan; /* NULL: it was */
  const char *upload, *source, *valid_from;
  bool complete;
} ImportModel;

typedef struct {
  const RegistrySchema *schema;
  IntakeDecision decision;
  const IntakeCandidate *pairs;
  size_t n;
  const char *next;
} DuplicatesModel;

typedef struct {
  const RegistryAttribute *attribute;
  const RegistryProvenance *a, *b;
} DuplicateRow;

typedef struct {
  const RegistrySchema *schema;
  const RegistryEntity *entity;
  IntakeCandidate pair;
  const char *name_a, *name_b; /* resident-1 */
  const DuplicateRow *rows;
  size_t n;
  const char *trouble, *reason;
} DuplicateModel;

typedef struct {
  size_t n;
  const NoticeItem *items;
  bool unread;      /* any of them */
  const char *next; /* older ones, or NULL */
} NoticesModel;

typedef struct {
  const RegisterEvent *event;
  const char *name, *href;
  const char *closes; /* the day, or NULL */
} EventRow;

typedef struct {
  size_t n;
  const EventRow *rows;
} EventsModel;

typedef struct {
  EventRow row;
  bool may, failed; /* enrol; what was asked does not fit any more */
  const char *key;
} EventModel;

typedef struct {
  size_t n;
  const Register *const *kept;
} RegistersModel;

typedef struct {
  const RegistryAttribute *attribute;
  const char *text;
  bool required;
} RegisterInput;

/* A register, or (of one row) a record of it. */
typedef struct {
  const Register *reg;
  size_t n, n_inputs, n_entries;
  const RegisterRow *rows;
  const RegistryRecord *entries; /* to the one row, the oldest first */
  const RegisterInput *inputs;
  const char *key, *reason, *next, *entered;
  bool failed, open_only;
} RegisterModel;

typedef struct {
  const NoticesChoice *choice;
  bool leaves[NOTICES_WAYS]; /* there is such a way here */
  const char *quiet_from, *quiet_to;
  bool failed;
  const char *done;
} NoticesSettingsModel;

/* Who is due and not served; and what is offered to a person. */
typedef struct {
  const char *done, *key, *path, *next;
  const char *township; /* that was asked for; NULL: everywhere */
  const PolicyProvision **provisions;
  size_t n_provisions;
  const PolicyProvision *provision;
  const DueList *list; /* NULL: nobody has looked yet */
  const DueLine *lines;
  const char **numbers; /* resident-1, of the lines */
  size_t n_lines;
  const DueTownship *townships;
  size_t n_townships;
  const DueOffer *offers;
  size_t n_offers;
} DueModel;

typedef struct {
  const PolicyMatter *matter;
  PaymentsReport report;
} PaymentsRow;

typedef struct {
  const char *done, *key, *month, *next;
  const PaymentsList *lists;
  size_t n_lists;
  const PaymentsRow *rows; /* of the matters that who asks pays for */
  size_t n_rows;
  const PaymentsList *list;
  const PaymentsLine *lines;
  const char **numbers; /* of the payees */
  size_t n_lines;
  bool may_approve;
} PaymentsModel;

typedef struct {
  const PolicyMatter *const *matters; /* monthly ones that who asks pays for */
  size_t n_matters;
  const PolicyMatter *matter; /* NULL: there is none */
  const char *number, *next;
  const PaymentsEntitlement *all;
  const char **payees; /* their numbers */
  size_t n;
} EntitlementsModel;

typedef struct {
  const char *problem, *done;
  const WebFields *form;
  const PaymentsEntitlement *one;
  const char *payee, *month; /* the first that can be turned */
  const PaymentsTurned *history;
  size_t n_history;
  const PaymentsLine *lines;
  size_t n_lines;
  bool may_turn;
} EntitlementModel;

/* Of a payee. */
typedef struct {
  bool failed;
  const char *done, *next;
  const WebFields *form;
  const PaymentsAccount *accounts; /* the one that holds first */
  size_t n_accounts;
  const PaymentsLine *lines;
  size_t n_lines;
} MyPaymentsModel;

/* All rounds, and what a plan may name. */
typedef struct {
  const char *problem, *key;
  const WebFields *form;
  const DrawsRound *rounds;
  size_t n;
  const PolicyAllocation **allocations; /* that who asks may run rounds of */
  size_t n_allocations;
} RoundsModel;

/* Somebody to apply for, and what the clause says of them. */
typedef struct {
  const DrawsFor *whom;
  const char *id; /* "resident-12" */
  const PolicyWeight *weight;
} RoundFor;

typedef struct {
  const DrawsApplication *application;
  const DrawsBetter *better;
  size_t n_better;
} RoundOwn;

typedef struct {
  const char *problem, *done, *key;
  const DrawsRound *round;
  bool office, may_draw;
  const RoundFor *whom;
  size_t n_whom;
  const RoundOwn *own;
  size_t n_own;
  const DrawsApplication *applications; /* NULL: not shown to who asks */
  size_t n_applications;
  size_t n_scores; /* of a jury, that were handed in */
  const DrawsObjection *objections;
  size_t n_objections;
  const DrawsEffect *effect; /* of reserves; none before publication */
  size_t n_effect;
  size_t n_choices; /* that the form has room for */
  bool may_object, may_give_up, may_score;
} RoundModel;

typedef struct {
  const DrawsRound *round;
  const AllocationCheck *checks;
  size_t n;
  bool holds;
} RoundVerifyModel;
