/* What the writers of the two notations share.
 *
 *   write_clause_page.c   a page's blocks, from Markdown or from a DMN file
 *   write_clause.c        those blocks as Markdown
 *   write_clause_feel.c   boxed expressions as FEEL text
 *   write_xml.c           a unit as a DMN file
 *   write_xml_diagram.c   its decision requirements diagram
 *   losses.c              what either way would lose */
#pragma once

#include "dmn_private.h"

#include <libxml/tree.h>
#include <libxml/xmlwriter.h>

/* What DMN has no place for stands in extensionElements under this namespace. */
#define DMN_PAGE_NAMESPACE "urn:liudong:page:1"

/* ---- reading trees as they are ---- */

/* Whether NODE is an element called NAME of the page's own namespace, of the model's. */
bool write_is_own (const xmlNode *node, const char *name);
bool write_is_dmn (const xmlNode *node, const char *name);
/* The first child element of the model called NAME; NULL when there is none, or no PARENT. */
xmlNode *write_child (const xmlNode *parent, const char *name);
/* The page's own attribute or a plain one, content untrimmed; empty when absent. */
Text write_own_attribute (Arena *arena, xmlNode *node, const char *name);
Text write_attribute (Arena *arena, xmlNode *node, const char *name);
Text write_content (Arena *arena, xmlNode *node);
/* The element of UNIT's document that D was read from. */
xmlNode *write_node_of (const DmnUnit *unit, const DmnDecision *d);

/* ---- logic ---- */

/* N rows of one 样例 table, aligned. */
Text write_examples (Arena *arena, const DmnExample *examples, size_t n);

/* The body of a function, else the logic itself; NULL when there is none. */
const DmnExpression *write_body (const DmnDecision *d);
/* Whether a page can hold D's logic; otherwise WHY says why not. */
bool write_can_hold (const DmnDecision *d, const char **why);
/* X as one FEEL expression; false when some part of it is a table or not FEEL. */
bool write_feel (GString *out, const DmnExpression *x);
/* The name a page writes for the type of a DMN file; empty when it has none. */
Text write_type_name (Text type_name);
/* The typeRef for TYPE, "Any" where DMN would need an item definition. */
const char *write_type_ref (const FeelType *type);

/* ---- identifiers ---- */

typedef struct {
  const DmnUnit *unit;
  const DmnFacts *facts;
} WriteIds;
/* "decision_1", or as the facts have it; both live in ARENA. */
const char *write_decision_id (Arena *arena, WriteIds ids, const DmnDecision *d);
const char *write_input_id (Arena *arena, WriteIds ids, size_t variable);

/* The typeRef for the output of D's table; "Any" when it is not to be written. */
const char *write_output_type (const DmnDecision *d, const DmnTable *table);
/* Whether D is a decision that no other one of its unit needs. */
bool write_is_outcome (const DmnDecision *d);

/* Write the DMNDI part for UNIT's inputs and decisions. */
void write_diagram (xmlTextWriter *w, Arena *arena, WriteIds ids);
