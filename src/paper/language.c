/* The language of a document stands in its catalog (ISO 32000-1, 14.9.2), where
 * cairo 1.16 cannot write.  It is added as an incremental update (7.5.6): the
 * catalog once more, with /Lang, and a cross-reference section for that object. */
#include "paper_private.h"

#include <string.h>

/* The end of the last KEY of PDF; 0 when there is none.  What is sought stands near the end. */
static gsize
end_of_last (const GString *pdf, const char *key)
{
  gsize len = strlen (key);
  for (gsize i = pdf->len; i >= len; i--)
    if (memcmp (pdf->str + i - len, key, len) == 0)
      return i;
  return 0;
}

/* The number behind the last KEY; 0 when there is none. */
static gint64
number_after (const GString *pdf, const char *key)
{
  gsize end = end_of_last (pdf, key);
  return end ? g_ascii_strtoll (pdf->str + end, NULL, 10) : 0;
}

/* What the dictionary of object NUMBER holds; NULL when it is not found. */
static char *
object_members (const GString *pdf, gint64 number)
{
  g_autofree char *head = g_strdup_printf ("\n%" G_GINT64_FORMAT " 0 obj\n<<", number);
  gsize start = end_of_last (pdf, head);
  const char *end = start ? strstr (pdf->str + start, ">>\nendobj") : NULL;
  return end ? g_strndup (pdf->str + start, (gsize)(end - pdf->str) - start) : NULL;
}

bool
language_append (GString *pdf, const char *language, GError **error)
{
  gint64 root = number_after (pdf, "/Root "), info = number_after (pdf, "/Info ");
  gint64 size = number_after (pdf, "/Size "), xref = number_after (pdf, "\nstartxref\n");
  g_autofree char *catalog = root > 0 ? object_members (pdf, root) : NULL;
  if (!catalog || info <= 0 || size <= 0 || xref <= 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "cairo wrote a PDF without a catalog where 1.16 has it; the "
                 "document's language cannot be added");
    return false;
  }
  gsize object = pdf->len;
  g_string_append_printf (pdf,
                          "%" G_GINT64_FORMAT " 0 obj\n<<%s   /Lang (%s)\n"
                          "   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n",
                          root, catalog, language);
  gsize section = pdf->len;
  g_string_append_printf (pdf,
                          "xref\n%" G_GINT64_FORMAT " 1\n%010" G_GSIZE_FORMAT " 00000 n \n"
                          "trailer\n<< /Size %" G_GINT64_FORMAT "\n   /Root %" G_GINT64_FORMAT " 0 R\n"
                          "   /Info %" G_GINT64_FORMAT " 0 R\n   /Prev %" G_GINT64_FORMAT "\n>>\n"
                          "startxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
                          root, object, size, root, info, xref, section);
  return true;
}
