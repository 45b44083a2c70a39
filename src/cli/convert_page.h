/* Pages as files: front matter and body parted, and what DMN's head needs to know
 * of them. */
#pragma once

#include "cli.h"

typedef struct {
  Text front_matter, body; /* without the rules; FRONT_MATTER is empty when there is none */
  unsigned first_line;     /* of the body */
} ConvertSplit;
ConvertSplit convert_split (Text file);

/* A page of a DMN model that belongs to no package.  Its front matter says
 *
 *     model: "Loan approval"
 *     namespace: "https://example.org/loan"
 *     inputs: {"Applicant age": "number"}
 *     ids: {"Applicant age": "_0815"}
 */
bool convert_is_model_page (Text front_matter);
/* Read such front matter: FACTS, and the variables for the body. */
bool convert_read_front (Arena *arena, const char *path, Text front_matter, DmnFacts *facts,
                         DmnClauseSource *source, GError **error);
/* The same for UNIT, a DMN file. */
char *convert_write_front (const DmnUnit *unit);

/* What PACKAGE knows of UNIT: document and clause, responsible units, figures. */
DmnFacts convert_facts (Arena *arena, const PolicyPackage *package, const DmnUnit *unit);
