/* liudong circular: an official document becomes its task table. */
#include "cli.h"

#include "circular/circular.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* One more byte than a circular may have, so that what is larger is refused. */
enum { STDIN_MAX = 64 * 1024 * 1024 + 1 };

static const char *const formats[] = { "json", "csv", "xlsx", "table", NULL };

static Circular *
read_stdin (GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 block[65536];
  ssize_t n = 0;
  while (bytes->len < STDIN_MAX && (n = read (STDIN_FILENO, block, sizeof block)) > 0)
    g_byte_array_append (bytes, block, (guint)n);
  if (n < 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "standard input cannot be read: %s", g_strerror (errno));
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
write_as (const Circular *circular, const char *format, const char *out, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  if (g_str_equal (format, "json"))
    circular_write_json (circular, text);
  else if (g_str_equal (format, "table"))
    circular_write_table (circular, terminal_columns (), text);
  else if (!circular_write_sheet (circular, g_str_equal (format, "csv") ? SHEET_CSV : SHEET_XLSX, text,
                                  error))
    return false;
  return cli_write (out, text->str, text->len, error);
}

/* The format asked for, else the one OUT's name ends in, else what suits the
 * place it goes to.  NULL with an error when it cannot be. */
static const char *
choose_format (const char *asked, const char *out, GError **error)
{
  const char *dot = out ? strrchr (out, '.') : NULL;
  bool terminal = !out && isatty (STDOUT_FILENO);
  const char *format = asked                                       ? asked
                       : dot && g_strv_contains (formats, dot + 1) ? dot + 1
                       : terminal                                  ? "table"
                                                                   : "json";
  if (!g_strv_contains (formats, format))
    g_set_error (error, FAULT, FAULT_USAGE, "--format is json, csv, xlsx or table, not \"%s\"", format);
  else if (terminal && g_str_equal (format, "xlsx"))
    g_set_error (error, FAULT, FAULT_USAGE, "a workbook cannot be shown on a terminal; add --out FILE.xlsx");
  else
    return format;
  return NULL;
}

static int
run (const char *file, const char *asked, const char *out)
{
  GError *error = NULL;
  const char *format = choose_format (asked, out, &error);
  if (!format)
    return cli_fail ("circular", error);
  g_autoptr (Circular) circular
      = g_str_equal (file, "-") ? read_stdin (&error) : circular_read_file (file, &error);
  if (!circular || !write_as (circular, format, out, &error))
    return cli_fail ("circular", error);
  return CLI_DONE;
}

int
command_circular (int argc, char **argv)
{
  g_autofree char *format = NULL, *out = NULL;
  const GOptionEntry entries[] = {
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format,
      "json, csv, xlsx or table (default: as --out FILE is named; table on a terminal, else json)",
      "FORMAT" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "write to FILE instead of standard output", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (!cli_options (&argc, &argv, "FILE",
                    "Read an official document into its task table: who has to do what, how strictly,\n"
                    "with which figures.  FILE is plain text in UTF-8 or GB18030; - is standard input.",
                    entries, &status))
    return status;
  if (argc == 2)
    return run (argv[1], format, out);
  fputs ("liudong circular: name a file, or - for standard input; see liudong circular --help\n", stderr);
  return CLI_USAGE;
}
