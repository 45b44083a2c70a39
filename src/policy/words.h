/* An answer and its reasons in words, Chinese or English, as pages and papers tell them:
 * what was asked, what was wanted, what is on record and who says so; and the reasons
 * as a tree, from the answer down to facts and parameters. */
#pragma once

/* What texts are made with; they live in ARENA or as long as the package. */
typedef struct {
  Arena *arena;
  const PolicyPackage *package;
  bool english;
} PolicyWords;

/* A decision's, output's or annotation's name; in English by CLAUSE's own labels. */
const char *policy_words_name (const PolicyWords *w, const PolicyClause *clause, Text name);
/* A path such as 园区.认定级别; in English by the labels of schema and parameters. */
const char *policy_words_path (const PolicyWords *w, const PolicyClause *clause, Text path);
/* A value: numbers grouped, true as 是, null as 无, unknown as 未知. */
const char *policy_words_value (const PolicyWords *w, FeelValue value);
/* "12345.60" as "12,345.60"; anything else is itself. */
const char *policy_group_digits (Arena *arena, const char *number);
/* A fact's value with its unit, or the label of an allowed value. */
const char *policy_words_fact (const PolicyWords *w, const RegistryProvenance *fact);
/* Who recorded FACT and since when it holds, or that it is not on record. */
const char *policy_words_source (const PolicyWords *w, const RegistryProvenance *fact);
/* A unary test of the input PATH, a dash for "-". */
const char *policy_words_test (const PolicyWords *w, const PolicyClause *clause, Text path, Text test);

/* The conditions behind the answer, each input once: of the rule that gave it, or
 * of the rules that are open, or that failed while none held. */
const PolicyCondition *const *policy_conditions (Arena *arena, const PolicyReason *reason, size_t *n);
/* Whether the condition holds and the answer is therefore no. */
bool policy_speaks_against (const PolicyReason *reason, const PolicyCondition *condition);
/* The one fact that CONDITION's value is; NULL: it is computed. */
const RegistryProvenance *policy_fact_itself (Arena *arena, const PolicyCondition *condition);
/* Its path without PROVISION's subject. */
const char *policy_words_condition_label (const PolicyWords *w, const PolicyProvision *provision,
                                          const PolicyCondition *condition);
const char *policy_words_condition_value (const PolicyWords *w, const PolicyCondition *condition);
/* What is asked for, with the number that a name stands for; where the condition speaks
 * AGAINST, its opposite. */
const char *policy_words_wanted (const PolicyWords *w, const PolicyClause *clause,
                                 const PolicyCondition *condition, bool against);
/* A step's value, or that it is withheld (policy_hide_others). */
const char *policy_words_reason_value (const PolicyWords *w, const PolicyReason *reason);
/* The annotations of the rules that gave the answer, or NULL. */
const char *policy_words_note (const PolicyWords *w, const PolicyClause *clause, const PolicyReason *reason);

/* What a value was read or computed from. */
typedef struct {
  const RegistryProvenance *const *facts;
  size_t n_facts;
  const PolicyParameter *const *parameters;
  size_t n_parameters;
} PolicySources;

typedef struct PolicyReasonTree PolicyReasonTree;

/* A condition with what is behind its value: sources, the decision it asks, or both. */
typedef struct {
  const PolicyCondition *condition;
  bool against; /* it holds, and the answer is therefore no */
  PolicySources sources;
  const PolicyReasonTree *below; /* NULL: no other decision, or one that stands further up */
} PolicyReasonNode;

/* A decision with the conditions that bear on it. */
struct PolicyReasonTree {
  const PolicyReason *reason;
  size_t n;
  const PolicyReasonNode *nodes;
  PolicySources sources; /* of the value, where no condition names them */
};

typedef struct {
  PolicyReasonTree trees[2]; /* whether, and how much */
  size_t n_trees;
  const PolicyReasonTree *steps; /* what stands in no tree, nearest first, each by itself */
  size_t n_steps;
} PolicyReasons;

/* The reasons of D; in ARENA. */
PolicyReasons policy_reasons (Arena *arena, const PolicyDetermination *d);
