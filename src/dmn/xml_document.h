/* xml_document — bytes to a libxml2 tree, with what is dangerous refused, and
 * the few words in which the readers walk it. */
#pragma once

#include "dmn_private.h"

#include <libxml/tree.h>

enum { XML_BYTES_MAX = 64 << 20 };

/* NULL with FAULT_INPUT ("ORIGIN:line: …") for what is not well-formed, has a
 * DOCTYPE, is nested deeper than 256, or larger than XML_BYTES_MAX.  No network, no
 * entities, no schemas.  Free with xmlFreeDoc. */
xmlDoc *xml_document_read (Text bytes, const char *origin, GError **error);
/* The file at PATH. */
xmlDoc *xml_document_load (const char *path, GError **error);
/* Whether URI is DMN's namespace in a version that is read. */
bool xml_is_dmn (const xmlChar *uri);

/* The next DMN element at or after NODE among its siblings: extensions, comments
 * and text are passed over. */
xmlNode *xml_element (const XmlReader *r, xmlNode *node);
#define XML_EACH(r, child, parent)                                                                           \
  for (xmlNode *child = xml_element ((r), (parent)->children); child; child = xml_element ((r), child->next))
bool xml_is (const xmlNode *node, const char *name);
/* The first DMN child of that name, or NULL. */
xmlNode *xml_child (const XmlReader *r, xmlNode *parent, const char *name);
/* An attribute's value, a node's text: copied, trimmed; empty when absent (NODE may be NULL). */
Text xml_attribute (const XmlReader *r, xmlNode *node, const char *name);
Text xml_text (const XmlReader *r, xmlNode *node);
unsigned xml_line (xmlNode *node);
/* The text of NODE's <text> child, with its place. */
DmnCell xml_cell (const XmlReader *r, xmlNode *node);
/* A copy of ARRAY's elements, in the arena. */
void *xml_keep (const XmlReader *r, const GArray *array);

/* xml_logic.c: the boxed expression that NODE is; NULL (and a fault) when it is none. */
DmnExpression *xml_read_expression (XmlReader *r, xmlNode *node);
/* The first child of PARENT that is a boxed expression, read; NULL when there is none. */
DmnExpression *xml_read_logic (XmlReader *r, xmlNode *parent);
/* A function definition's parameters and body: what encapsulatedLogic holds as well. */
DmnExpression *xml_read_function (XmlReader *r, xmlNode *node);
