/* The zip of a workbook (ISO/IEC 29500-2), its parts read as XML in pieces.
 *
 * What it guards against: a part that unpacks to far more than a workbook needs
 * (refused by its size, by its ratio and while unpacking), a part that is not as
 * long or not as checked as the zip says (libzip compares the CRC), and a document
 * type declaration, with which a small text can stand for a huge one or for a
 * file of the server (no workbook has one: ISO/IEC 29500-2, 9.1.4). */
#include "sheet/sheet_private.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <zip.h>

enum {
  PIECE = 64 * 1024,
  RATIO_MAX = 400,       /* unpacked against packed … */
  RATIO_FROM = 32 << 20, /* … of parts larger than this */
  PARTS_MAX = 10000,
};

struct Package {
  zip_t *zip;
  char *path;
};

struct PartStream {
  Package *package;
  char *name;
  zip_file_t *file;
  xmlParserCtxtPtr parser;
  PartHandler handler;
  void *data;
  gint64 done, size, max;
  bool stopped; /* by the handler */
  bool doctype;
  char piece[PIECE];
};

Package *
package_open (const char *path, GError **error)
{
  int code = 0;
  zip_t *zip = zip_open (path, ZIP_RDONLY, &code);
  if (!zip) {
    zip_error_t problem;
    zip_error_init_with_code (&problem, code);
    g_set_error (error, FAULT, FAULT_INPUT, "%s: cannot be unpacked (%s): fetch or save the workbook again",
                 path, zip_error_strerror (&problem));
    zip_error_fini (&problem);
    return NULL;
  }
  if (zip_get_num_entries (zip, 0) > PARTS_MAX) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: is no workbook: more than %d parts", path, PARTS_MAX);
    zip_discard (zip);
    return NULL;
  }
  Package *package = g_new0 (Package, 1);
  package->zip = zip;
  package->path = g_strdup (path);
  return package;
}

void
package_close (Package *package)
{
  if (!package)
    return;
  zip_discard (package->zip);
  g_free (package->path);
  g_free (package);
}

const char *
package_path (const Package *package)
{
  return package->path;
}

bool
package_has (Package *package, const char *name)
{
  return zip_name_locate (package->zip, name, 0) >= 0;
}

/* ---- libxml2's side ---------------------------------------------------- */

Text
part_attribute (PartAttributes attributes, const char *name)
{
  for (int i = 0; i < attributes.n; i++) {
    const unsigned char **a = attributes.list + i * 5; /* name, prefix, URI, value, end */
    if (strcmp ((const char *)a[0], name) == 0)
      return (Text){ (const char *)a[3], (size_t)(a[4] - a[3]) };
  }
  return (Text){ NULL, 0 };
}

static void
begin_element (void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_namespaces,
               const xmlChar **namespaces, int n, int n_defaulted, const xmlChar **attributes)
{
  PartStream *s = data;
  s->handler.begin (s->data, (const char *)name, (PartAttributes){ attributes, n });
}

static void
end_element (void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  PartStream *s = data;
  s->handler.end (s->data, (const char *)name);
}

static void
take_text (void *data, const xmlChar *bytes, int len)
{
  PartStream *s = data;
  s->handler.text (s->data, (const char *)bytes, (size_t)len);
}

static void
refuse_doctype (void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
  PartStream *s = data;
  s->doctype = true;
  xmlStopParser (s->parser);
}

static void
ignore_error (void *data, xmlErrorPtr problem)
{
}

static xmlParserCtxtPtr
make_parser (PartStream *s)
{
  xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
                        .startElementNs = begin_element,
                        .endElementNs = end_element,
                        .characters = take_text,
                        .cdataBlock = take_text,
                        .ignorableWhitespace = take_text,
                        .internalSubset = refuse_doctype,
                        .serror = ignore_error };
  xmlParserCtxtPtr parser = xmlCreatePushParserCtxt (&sax, s, NULL, 0, NULL);
  if (!parser)
    g_error ("out of memory");
  xmlCtxtUseOptions (parser, XML_PARSE_NONET | XML_PARSE_NOWARNING);
  return parser;
}

/* ---- streams ----------------------------------------------------------- */

static bool
check_size (PartStream *s, const zip_stat_t *about, GError **error)
{
  bool known = (about->valid & ZIP_STAT_SIZE) && (about->valid & ZIP_STAT_COMP_SIZE);
  if (!known || about->size > (zip_uint64_t)s->max)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: %s unpacks to more than %" G_GINT64_FORMAT " MiB, which no workbook of this kind needs",
                 s->package->path, s->name, s->max >> 20);
  else if (about->size > RATIO_FROM && about->size / RATIO_MAX > about->comp_size)
    g_set_error (
        error, FAULT, FAULT_INPUT,
        "%s: %s unpacks to more than %d times its size: a zip bomb, or rows that say nothing; save the "
        "table as CSV",
        s->package->path, s->name, RATIO_MAX);
  else {
    s->size = (gint64)about->size;
    return true;
  }
  return false;
}

PartStream *
part_stream_open (Package *package, const char *name, gint64 max, const PartHandler *handler, void *data,
                  GError **error)
{
  PartStream *s = g_new0 (PartStream, 1);
  *s = (PartStream){
    .package = package, .name = g_strdup (name), .handler = *handler, .data = data, .max = max
  };
  zip_stat_t about;
  zip_stat_init (&about);
  if (zip_stat (package->zip, name, 0, &about) != 0)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: is no workbook, or a damaged one: %s is missing",
                 package->path, name);
  else if (check_size (s, &about, error)) {
    s->file = zip_fopen (package->zip, name, 0);
    if (s->file) {
      s->parser = make_parser (s);
      return s;
    }
    g_set_error (error, FAULT, FAULT_INPUT, "%s: %s cannot be unpacked (%s): save the workbook again",
                 package->path, name, zip_strerror (package->zip));
  }
  part_stream_free (s);
  return NULL;
}

void
part_stream_free (PartStream *s)
{
  if (!s)
    return;
  if (s->file)
    zip_fclose (s->file);
  if (s->parser) {
    if (s->parser->myDoc)
      xmlFreeDoc (s->parser->myDoc);
    xmlFreeParserCtxt (s->parser);
  }
  g_free (s->name);
  g_free (s);
}

void
part_stream_stop (PartStream *s)
{
  s->stopped = true;
  xmlStopParser (s->parser);
}

static bool
check_parsed (PartStream *s, int code, GError **error)
{
  const xmlError *problem = xmlCtxtGetLastError (s->parser);
  if (s->stopped)
    return true;
  if (s->doctype)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: %s has a document type declaration, which no workbook has: refused", s->package->path,
                 s->name);
  else if (code != XML_ERR_OK && problem && problem->level >= XML_ERR_ERROR) {
    g_autofree char *message = g_strstrip (g_strdup (problem->message ? problem->message : "malformed"));
    g_set_error (error, FAULT, FAULT_INPUT, "%s: %s, line %d: %s; save the workbook again", s->package->path,
                 s->name, problem->line, message);
  } else
    return true;
  return false;
}

SheetStep
part_stream_step (PartStream *s, GError **error)
{
  zip_int64_t n = zip_fread (s->file, s->piece, PIECE);
  if (n < 0 || s->done + n > s->size) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: %s is damaged (%s): fetch or save the workbook again",
                 s->package->path, s->name, n < 0 ? zip_file_strerror (s->file) : "longer than it says");
    return SHEET_FAILED;
  }
  s->done += n;
  xmlSetStructuredErrorFunc (NULL, ignore_error); /* what the decoder says would go to standard error */
  int code = xmlParseChunk (s->parser, s->piece, (int)n, n == 0);
  xmlSetStructuredErrorFunc (NULL, NULL);
  if (!check_parsed (s, code, error))
    return SHEET_FAILED;
  return n == 0 || s->stopped ? SHEET_END : SHEET_ROW;
}

void
part_stream_progress (const PartStream *s, gint64 *done, gint64 *size)
{
  *done = s->done;
  *size = s->size;
}

bool
part_parse (Package *package, const char *name, gint64 max, const PartHandler *handler, void *data,
            GError **error)
{
  PartStream *s = part_stream_open (package, name, max, handler, data, error);
  SheetStep step = s ? SHEET_ROW : SHEET_FAILED;
  while (step == SHEET_ROW)
    step = part_stream_step (s, error);
  part_stream_free (s);
  return step == SHEET_END;
}
