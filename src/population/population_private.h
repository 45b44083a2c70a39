/* What the parts of population share. */
#pragma once

#include "population.h"

#include <pthread.h>

enum { ROSTER_DIMENSIONS = 4, CHUNK_ROWS = 256 };

/* ---- roster.c: who is counted, and in which groups ---------------------- */

typedef struct {
  char *id;
  PolicyText name; /* the package's, or ID */
} RosterGroup;

typedef struct {
  const char *id;
  PolicyText name;
  const RegistryAttribute *attribute; /* where it is read from */
  bool age;                           /* a band of the age by ATTRIBUTE */
  GPtrArray *groups;                  /* RosterGroup, by code */
  GHashTable *codes;                  /* its id → code + 1 */
  GArray *of;                         /* guint32: the code of each subject */
} RosterDimension;

/* All subjects of one entity, as they stood when it was made. */
typedef struct {
  const RegistryEntity *entity;
  RegistryScan *scan; /* until the groups are read */
  AuditSet *set;
  GArray *subjects; /* Subject */
  size_t n_dimensions;
  RosterDimension dimensions[ROSTER_DIMENSIONS];
} Roster;

Roster *roster_new (const PopulationOptions *options, const RegistryEntity *entity, GError **error);
void roster_free (Roster *roster);
/* Read the groups, once; the entry about it must be in the log. */
bool roster_group (Roster *roster, const PopulationOptions *options, GError **error);

/* ---- plan.c: what is asked of one clause about one kind ------------------ */

/* A table whose rules are counted; FIRST is the place of its first rule's figures. */
typedef struct {
  const DmnDecision *decision;
  size_t first_rule, first_condition;
} PlanTable;

typedef struct {
  size_t index; /* in the clause */
  const PolicyProvision *provision;
  size_t n_tables, n_rules, n_conditions;
  const PlanTable *tables;
} PlanProvision;

typedef struct {
  size_t index;
  const PolicyTarget *target;
  size_t provision; /* its place among the plan's */
} PlanTarget;

typedef struct {
  const PopulationOptions *options;
  const PolicyClause *clause;
  const RegistryEntity *entity;
  size_t n_provisions, n_targets;
  const PlanProvision *provisions;
  const PlanTarget *targets;
  const FeelPath *paths; /* all that they read of a subject */
  size_t n_paths;
} Plan;

/* What is in force of CLAUSE about ENTITY. */
Plan *plan_new (const PopulationOptions *options, Arena *arena, const PolicyClause *clause,
                const RegistryEntity *entity);

/* ---- figures.c: figures while they grow ----------------------------------- */

typedef struct {
  PopulationCount count;
  gint64 *gave, *failed;                      /* by rule, by condition, as the plan has them */
  GHashTable *needs;                          /* name → gint64 * */
  PopulationCount *groups[ROSTER_DIMENSIONS]; /* by code */
} ProvisionFigures;

typedef struct {
  const Plan *plan;
  const Roster *roster;
  ProvisionFigures *provisions; /* as the plan has them */
  PopulationCount *targets;
} Figures;

Figures *figures_new (const Plan *plan, const Roster *roster);
void figures_free (Figures *figures);
void figures_add (Figures *to, const Figures *from);
void count_add (PopulationCount *to, const PopulationCount *from);
/* Into the result, whose arrays are there. */
void figures_tell (const Figures *figures, Arena *arena, PopulationProvision *provisions,
                   PopulationTarget *targets);

/* ---- chunk.c: the evaluation --------------------------------------------- */

/* One thread's own: what it reads, computes and counts. */
typedef struct {
  const Plan *plan;
  const Roster *roster;
  const AccessRun *people;
  Arena *kept, *arena; /* for the run, for a subject */
  FeelValue parameters, value;
  DmnRun *run;
  PopulationCount *answers; /* of the subject at hand, by provision of the plan */
  Figures *figures;
} Chunker;

Chunker *chunker_new (const Plan *plan, const Roster *roster, const AccessRun *people);
void chunker_free (Chunker *chunker);
/* Subjects FROM to TO of the roster, TO excluded, into the chunker's figures. */
bool chunk_evaluate (Chunker *chunker, size_t from, size_t to, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Roster, roster_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Figures, figures_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Chunker, chunker_free)
