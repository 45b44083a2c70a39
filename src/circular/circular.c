#include "reading.h"

enum { FILE_MAX = 64 * 1024 * 1024 };

const char *
circular_strength_name (CircularStrength strength)
{
  static const char *const names[] = { "binding", "permitted", "pilot", "encouraged", "assisting" };
  return names[strength];
}

void
circular_free (Circular *circular)
{
  if (circular)
    arena_free (circular->arena);
}

static bool
has_clause (const Circular *circular)
{
  for (size_t i = 0; i < circular->n_sections; i++)
    if (circular->sections[i].n_clauses)
      return true;
  return false;
}

Circular *
circular_parse (Text text, const char *origin, GError **error)
{
  size_t bad_at = 0;
  if (!text_is_utf8 (text, &bad_at)) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: byte %zu is not UTF-8 text; save the document as UTF-8 plain text", origin, bad_at + 1);
    return NULL;
  }
  if (text_trim (text).len == 0) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: the document is empty; give the text of a circular", origin);
    return NULL;
  }
  if (text.len > FILE_MAX) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: larger than 64 MiB; give one document at a time", origin);
    return NULL;
  }
  Arena *arena = arena_new ();
  g_autoptr (Circular) circular = arena_new0 (arena, Circular, 1);
  circular->arena = arena;
  g_autoptr (GArray) paragraphs = layout_paragraphs (arena, text);
  Span body = { 0 };
  bool official = head_read (circular, paragraphs, &body);
  structure_read (circular, paragraphs, body);
  if (!official) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: not an official document: neither a document number, nor a title such as …通知, nor "
                 "addressees with "
                 "a signature were found; give the document's full text",
                 origin);
    return NULL;
  }
  if (!has_clause (circular)) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: no clause was found (一、, （一）, 1. or 第一条 at the start of a line); give the full "
                 "text with its "
                 "numbering",
                 origin);
    return NULL;
  }
  return g_steal_pointer (&circular);
}

Circular *
circular_read_bytes (const char *bytes, size_t len, const char *origin, GError **error)
{
  g_autofree char *text = text_decode (bytes, len, origin, NULL, error);
  return text ? circular_parse (text_of (text), origin, error) : NULL;
}

static void
set_read_error (const char *path, int code, GError **error)
{
  if (code == G_FILE_ERROR_NOENT || code == G_FILE_ERROR_NOTDIR)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: no such file; check the name", path);
  else if (code == G_FILE_ERROR_ISDIR)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: a folder; name one document in it", path);
  else if (code == G_FILE_ERROR_ACCES)
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: not readable for you; ask its owner", path);
  else
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot be read", path);
}

Circular *
circular_read_file (const char *path, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize len = 0;
  g_autoptr (GError) read_error = NULL;
  if (!g_file_get_contents (path, &bytes, &len, &read_error)) {
    set_read_error (path, read_error->code, error);
    return NULL;
  }
  if (len > FILE_MAX) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: larger than 64 MiB; give one document at a time", path);
    return NULL;
  }
  return circular_read_bytes (bytes, len, path, error);
}
