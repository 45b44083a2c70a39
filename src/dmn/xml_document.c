#include "xml_document.h"

#include <errno.h>
#include <libxml/parser.h>
#include <sys/stat.h>

/* ---- parsing ----------------------------------------------------------- */

/* A DOCTYPE brings entities, and those bring other files and endless text. */
static void
refuse_doctype (void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
  xmlParserCtxt *parser = context;
  *(bool *)parser->_private = true;
  xmlStopParser (parser);
}

static void
set_fault (GError **error, const char *origin, const xmlParserCtxt *parser, bool doctype)
{
  const xmlError *last = xmlCtxtGetLastError ((void *)parser);
  int line = last && last->line > 0 ? last->line : 1;
  g_autofree char *message = g_strdup (last && last->message ? last->message : "it cannot be read");
  g_strchomp (message);
  if (doctype)
    g_set_error (error, FAULT, FAULT_INPUT, "%s:1: a DOCTYPE is not read; remove it", origin);
  else
    g_set_error (error, FAULT, FAULT_INPUT, "%s:%d: this is no well-formed XML: %s", origin, line, message);
}

static void
set_too_large (GError **error, const char *origin)
{
  g_set_error (error, FAULT, FAULT_INPUT, "%s:1: a DMN file may have %d MiB at most", origin,
               XML_BYTES_MAX >> 20);
}

xmlDoc *
xml_document_read (Text bytes, const char *origin, GError **error)
{
  if (bytes.len > XML_BYTES_MAX) {
    set_too_large (error, origin);
    return NULL;
  }
  bool doctype = false;
  xmlParserCtxt *parser = xmlNewParserCtxt ();
  parser->_private = &doctype;
  parser->sax->internalSubset = refuse_doctype;
  int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA
                | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES;
  xmlDoc *document = xmlCtxtReadMemory (parser, bytes.bytes, (int)bytes.len, origin, NULL, options);
  if (!document || doctype) {
    set_fault (error, origin, parser, doctype);
    xmlFreeDoc (document);
    document = NULL;
  }
  xmlFreeParserCtxt (parser);
  return document;
}

/* A device or a pipe may never end, so only files are opened: imports name paths. */
static bool
check_file (const char *path, GError **error)
{
  struct stat status;
  if (stat (path, &status) != 0)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s:1: it cannot be opened: %s", path, g_strerror (errno));
  else if (!S_ISREG (status.st_mode))
    g_set_error (error, FAULT, FAULT_INPUT, "%s:1: this is no file", path);
  else if (status.st_size > XML_BYTES_MAX)
    set_too_large (error, path);
  else
    return true;
  return false;
}

xmlDoc *
xml_document_load (const char *path, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize len;
  if (!check_file (path, error) || !g_file_get_contents (path, &bytes, &len, error))
    return NULL;
  return xml_document_read ((Text){ bytes, len }, path, error);
}

bool
xml_is_dmn (const xmlChar *uri)
{
  static const char *const known[] = {
    "http://www.omg.org/spec/DMN/20180521/MODEL/",  /* 1.2 */
    "https://www.omg.org/spec/DMN/20191111/MODEL/", /* 1.3 */
    "https://www.omg.org/spec/DMN/20211108/MODEL/", /* 1.4 */
    "https://www.omg.org/spec/DMN/20230324/MODEL/", /* 1.5 */
  };
  for (size_t i = 0; uri && i < G_N_ELEMENTS (known); i++)
    if (strcmp ((const char *)uri, known[i]) == 0)
      return true;
  return false;
}

/* ---- walking ----------------------------------------------------------- */

xmlNode *
xml_element (const XmlReader *r, xmlNode *node)
{
  while (node
         && !(node->type == XML_ELEMENT_NODE && node->ns
              && strcmp ((const char *)node->ns->href, r->namespace_) == 0))
    node = node->next;
  return node;
}

bool
xml_is (const xmlNode *node, const char *name)
{
  return strcmp ((const char *)node->name, name) == 0;
}

xmlNode *
xml_child (const XmlReader *r, xmlNode *parent, const char *name)
{
  XML_EACH (r, child, parent)
  if (xml_is (child, name))
    return child;
  return NULL;
}

static Text
take (const XmlReader *r, xmlChar *value)
{
  Text text = arena_text_copy (r->model->arena, text_trim (text_of ((const char *)value)));
  xmlFree (value);
  return text;
}

Text
xml_attribute (const XmlReader *r, xmlNode *node, const char *name)
{
  return node ? take (r, xmlGetNoNsProp (node, (const xmlChar *)name)) : TEXT_LITERAL ("");
}

Text
xml_text (const XmlReader *r, xmlNode *node)
{
  return node ? take (r, xmlNodeGetContent (node)) : TEXT_LITERAL ("");
}

unsigned
xml_line (xmlNode *node)
{
  long line = xmlGetLineNo (node);
  return line > 0 ? (unsigned)line : 1;
}

DmnCell
xml_cell (const XmlReader *r, xmlNode *node)
{
  xmlNode *text = node ? xml_child (r, node, "text") : NULL;
  xmlNode *place = text ? text : node;
  return (DmnCell){ .text = xml_text (r, text), .line = place ? xml_line (place) : 0, .column = 1 };
}

void *
xml_keep (const XmlReader *r, const GArray *array)
{
  return dmn_keep (r->model->arena, array->data, array->len * g_array_get_element_size ((GArray *)array));
}
