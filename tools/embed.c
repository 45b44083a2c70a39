/* embed — a file as an array of bytes.
 *
 *     embed OUT.h NAME FILE
 *
 * makes OUT.h with `static const char NAME[]`, NUL-terminated. */
#include <glib.h>
#include <stdio.h>

int
main (int argc, char **argv)
{
  g_autofree char *bytes = NULL;
  gsize len;
  GError *error = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  if (argc != 4 || !g_file_get_contents (argv[3], &bytes, &len, &error)) {
    fprintf (stderr, "embed: %s\n", error ? error->message : "OUT NAME FILE");
    return 1;
  }
  g_string_append_printf (out, "static const char %s[] = {", argv[2]);
  for (gsize i = 0; i < len; i++)
    g_string_append_printf (out, "%s%d,", i % 20 ? "" : "\n", bytes[i]);
  g_string_append (out, "\n0 };\n");
  if (!g_file_set_contents (argv[1], out->str, (gssize)out->len, &error)) {
    fprintf (stderr, "embed: %s\n", error->message);
    return 1;
  }
  return 0;
}
