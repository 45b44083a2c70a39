/* What the parts of policy share. */
#pragma once

#include "policy.h"

/* A page of common/, and for when its examples are asked. */
typedef struct {
  const DmnUnit *unit;
  Day examples_at;
} CommonPage;

struct PolicyPackage {
  Arena *arena;
  char *folder;
  char *hash;
  const PolicyFile *files; /* that it is over */
  size_t n_files;
  DmnFaults *faults; /* borrowed while loading */
  PolicyCircular *circular;
  RegistrySchema *schema;
  Workdays *workdays;
  RegistryDivisions *divisions;
  DmnModel *model;
  GPtrArray *clauses;    /* PolicyClause *, by number */
  GPtrArray *pages;      /* the same, and the closing paragraph */
  GPtrArray *parameters; /* PolicyParameter * */
  FeelType parameters_type;
  const AccessPurpose *purposes;
  size_t n_purposes;
  GPtrArray *pending; /* clause_file.c: what is known before linking */
  GPtrArray *names;   /* PendingName *: likewise */
  GPtrArray *parts;   /* PendingParts *: likewise */
  GPtrArray *matters; /* const PolicyMatter *, by clause */
  GArray *common;     /* CommonPage */
  GArray *accepted;   /* Accepted: findings with a reason */
  GPtrArray *sources; /* char *: file texts, kept because slices point into them */
};

/* One YAML file being read: values go to the package's arena, faults to its list. */
typedef struct {
  PolicyPackage *package;
  YamlFile yaml;
  const char *code; /* of faults: "yaml" or "front-matter" */
} Reading;

/* ---- read.c ---- */

/* Faults with file:line. */
void reading_fault (Reading *r, const yaml_node_t *node, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Whether NODE is a mapping with known keys only (NULL-terminated list). */
bool reading_mapping (Reading *r, yaml_node_t *node, const char *const *known, const char *what);
/* Whether NODE's ID holds small letters, digits and dashes only; a fault if not. */
bool reading_id (Reading *r, const yaml_node_t *node, const char *id);
/* The index of KEY's word among the N WORDS; 0 and a fault that lists them otherwise. */
size_t reading_word (Reading *r, yaml_node_t *mapping, const char *key, const char *const *words, size_t n);
/* A scalar's text; "" and a fault when required and absent or not a scalar. */
const char *reading_text (Reading *r, yaml_node_t *mapping, const char *key, bool required);
/* File line of KEY's value, of the mapping when it is absent. */
unsigned reading_line (Reading *r, yaml_node_t *mapping, const char *key);
/* {zh: …, en: …}, or a plain scalar for both. */
PolicyText reading_both (Reading *r, yaml_node_t *mapping, const char *key, bool required);
/* [a, b] as a NULL-terminated array; empty when absent. */
const char *const *reading_list (Reading *r, yaml_node_t *mapping, const char *key);
bool reading_int (Reading *r, yaml_node_t *mapping, const char *key, int *value);
/* FALLBACK when absent. */
Day reading_day (Reading *r, yaml_node_t *mapping, const char *key, Day fallback);
bool reading_strength (Reading *r, yaml_node_t *mapping, PolicyStrength *strength);
/* SUBJECT, unless NULL or there already. */
void reading_add_subject (GPtrArray *subjects, const RegistryEntity *subject);
/* Items of a sequence under KEY; NULL and 0 when absent. */
size_t reading_items (Reading *r, yaml_node_t *mapping, const char *key, yaml_node_item_t **items);

/* The file's text (kept until the package is freed), NULL after a fault. */
const char *package_read (PolicyPackage *package, const char *relative, gsize *len, bool required);
/* For g_ptr_array_sort. */
int package_compare_names (gconstpointer a, gconstpointer b);
/* Relative paths of FOLDER's files ending in SUFFIX, sorted; none and a fault where
 * there is something else, none where there is nothing. */
GPtrArray *package_files (const PolicyPackage *package, const char *folder, const char *suffix);

/* ---- target_file.c ---- */

/* The front matter's "targets"; the provisions must have been read. */
void targets_read (Reading *r, yaml_node_t *root, PolicyClause *clause);

/* A decision that the front matter names, until the model is linked. */
typedef struct {
  const PolicyClause *clause;
  unsigned line;
  const char *what, *key, *name; /* "allocation homes", "eligible", "可以上门" */
  const DmnDecision **decision;  /* where it goes */
  const FeelType *type;
  const RegistryEntity *subjects[2]; /* what it may start from; NULL: none */
} PendingName;
/* A copy is kept. */
void reading_expect (Reading *r, const PendingName *pending);

/* ---- allocation_file.c ---- */

/* The front matter's "allocations"; their applicants and places go to SUBJECTS, for the
 * file's decisions may start from them. */
void allocations_read (Reading *r, yaml_node_t *root, PolicyClause *clause, GPtrArray *subjects);

/* ---- matter_file.c ---- */

/* The matters that a bundle names, until every file is read. */
typedef struct {
  PolicyMatter *matter;
  const char *const *keys; /* as many as its n_parts */
  unsigned line;
} PendingParts;

/* The front matter's "matters"; the provisions and the service must have been read. */
void matters_read (Reading *r, yaml_node_t *root, PolicyClause *clause);
/* After all files: parts of bundles, and the list of all matters. */
void matters_attach (PolicyPackage *package);

/* ---- accepted.c ---- */

/* A finding that its file gives a reason for. */
typedef struct {
  const char *origin, *code, *decision, *rule; /* rule: its label, or "" for the whole decision */
  unsigned line;
} Accepted;

/* The front matter's "accepted". */
void accepted_read (Reading *r, yaml_node_t *root, const char *origin);
/* FOUND without what is accepted goes to FAULTS; with it, as warnings, what is
 * accepted and was not found, of those whose code is one of CODES (AMONG) or none of them. */
void accepted_filter (const PolicyPackage *package, DmnFaults *found, const char *const *codes, bool among,
                      DmnFaults *faults);

/* ---- checks ---- */

/* Services without a matter, bodies that no clause names, promises longer than the law allows. */
void matters_check (const PolicyPackage *package, Day today, DmnFaults *faults);
/* Where decisions turn on barriers, as notes. */
void barriers_check (const PolicyPackage *package, DmnFaults *faults);
/* What is computed row by row when everybody is counted, as notes. */
void by_rows_check (const PolicyPackage *package, Day today, DmnFaults *faults);

/* ---- the files ---- */

/* "resident.household.name": the entity at the root, whom a provision of CLAUSE is about or who
 * asks for them; then attributes, each but the last a reference or collection.  False where it
 * is no such fact; nothing is said then. */
bool reading_field (Reading *r, const PolicyClause *clause, const char *text, PolicyField *field);

void circular_file_read (PolicyPackage *package);   /* circular.yaml */
void parameter_files_read (PolicyPackage *package); /* parameters/ */
void clause_files_read (PolicyPackage *package);    /* common/ and clauses/ into the model */
void clause_files_attach (PolicyPackage *package);  /* after linking: decisions named in front matter */

/* ---- domain.c ---- */

typedef struct {
  const PolicyPackage *package;
  Arena *arena;
} PolicyDomains;
/* A DmnDomainOf whose host is a PolicyDomains. */
void policy_domain (void *host, const DmnUnit *unit, const FeelPath *path, DmnDomain *domain);
