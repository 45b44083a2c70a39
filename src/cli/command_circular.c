#include "circular/circular.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gstdio.h>

int command_circular (int argc, char **argv);

/* liudong circular FILE [--format json|csv|xlsx|table] [--out FILE] */

static int
report (const char *file, const GError *error)
{
  const char *message = error->message;
  g_autofree char *prefix = g_strdup_printf ("%s: ", file);
  if (g_str_has_prefix (message, prefix))
    message += strlen (prefix);
  fprintf (stderr, "liudong circular: %s: %s\n", file, message);
  return error->domain == FAULT && error->code != FAULT_SYSTEM ? 2 : 3;
}

static Circular *
read_stdin (GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 block[65536];
  ssize_t n;
  while ((n = read (STDIN_FILENO, block, sizeof block)) > 0 && bytes->len <= 64 * 1024 * 1024)
    g_byte_array_append (bytes, block, (guint)n);
  if (n < 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "standard input: %s", g_strerror (errno));
    return NULL;
  }
  return circular_read_bytes ((const char *)bytes->data, bytes->len, "standard input", error);
}

static int
terminal_columns (void)
{
  struct winsize size = { 0 };
  const char *columns = g_getenv ("COLUMNS");
  if (columns && atoi (columns) > 0)
    return atoi (columns);
  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

static bool
write_all (const char *path, const char *bytes, size_t len, GError **error)
{
  FILE *file = path ? fopen (path, "wb") : stdout;
  bool done = file && fwrite (bytes, 1, len, file) == len && fflush (file) == 0;
  int code = errno;
  if (path && file)
    done = fclose (file) == 0 && done;
  if (!done)
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: %s", path ? path : "standard output", g_strerror (code));
  return done;
}

/* A workbook is a zip that needs a file to be built in. */
static bool
write_xlsx (const Circular *circular, const char *out, GError **error)
{
  if (out)
    return circular_write_xlsx (circular, out, error);
  g_autofree char *path = NULL, *bytes = NULL;
  gsize len = 0;
  int fd = g_file_open_tmp ("liudong-XXXXXX.xlsx", &path, error);
  if (fd < 0)
    return false;
  close (fd);
  bool done = circular_write_xlsx (circular, path, error) && g_file_get_contents (path, &bytes, &len, error)
              && write_all (NULL, bytes, len, error);
  g_unlink (path);
  return done;
}

static bool
write_as (const Circular *circular, const char *format, const char *out, GError **error)
{
  if (strcmp (format, "xlsx") == 0)
    return write_xlsx (circular, out, error);
  g_autoptr (GString) text = g_string_new (NULL);
  if (strcmp (format, "json") == 0)
    circular_write_json (circular, text);
  else if (strcmp (format, "csv") == 0)
    circular_write_csv (circular, text);
  else
    circular_write_table (circular, terminal_columns (), text);
  return write_all (out, text->str, text->len, error);
}

static bool
is_format (const char *format)
{
  static const char *const formats[] = { "json", "csv", "xlsx", "table", NULL };
  return g_strv_contains (formats, format);
}

int
command_circular (int argc, char **argv)
{
  g_autofree char *format = NULL, *out = NULL;
  const GOptionEntry entries[] = {
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format,
      "json, csv, xlsx or table (table on a terminal, else json)", "FORMAT" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Write to FILE instead of standard output", "FILE" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FILE — a circular becomes its task table");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context,
                                    "FILE is plain text in UTF-8 or GB18030; - reads standard input.");
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    fprintf (stderr, "liudong circular: %s; see liudong circular --help\n", error->message);
    return 2;
  }
  if (argc != 2) {
    fprintf (stderr,
             "liudong circular: name one file (or - for standard input); see liudong circular --help\n");
    return 2;
  }
  bool terminal = isatty (STDOUT_FILENO) && !out;
  const char *chosen = format ? format : terminal ? "table" : "json";
  if (!is_format (chosen)) {
    fprintf (stderr, "liudong circular: no format \"%s\"; use json, csv, xlsx or table\n", chosen);
    return 2;
  }
  if (strcmp (chosen, "xlsx") == 0 && terminal) {
    fprintf (stderr, "liudong circular: a workbook cannot be shown on a terminal; add --out FILE.xlsx\n");
    return 2;
  }
  bool from_stdin = strcmp (argv[1], "-") == 0;
  g_autoptr (Circular) circular = from_stdin ? read_stdin (&error) : circular_read_file (argv[1], &error);
  if (!circular)
    return report (from_stdin ? "standard input" : argv[1], error);
  if (!write_as (circular, chosen, out, &error))
    return report (out ? out : "standard output", error);
  return 0;
}
