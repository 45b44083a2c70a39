#include "dmn.h"

#include <stdlib.h>

const char *
dmn_severity_id (DmnSeverity severity)
{
  static const char *const ids[] = { "error", "warning", "note" };
  return ids[severity];
}

struct DmnFaults {
  GArray *faults; /* DmnFault */
};

static void
fault_clear (gpointer data)
{
  DmnFault *f = data;
  g_free (f->origin);
  g_free (f->message);
}

DmnFaults *
dmn_faults_new (void)
{
  DmnFaults *faults = g_new0 (DmnFaults, 1);
  faults->faults = g_array_new (FALSE, FALSE, sizeof (DmnFault));
  g_array_set_clear_func (faults->faults, fault_clear);
  return faults;
}

void
dmn_faults_free (DmnFaults *faults)
{
  if (!faults)
    return;
  g_array_unref (faults->faults);
  g_free (faults);
}

void
dmn_faults_add (DmnFaults *faults, DmnSeverity severity, const char *code, const char *origin, unsigned line,
                unsigned column, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  DmnFault fault = { .severity = severity,
                     .code = code,
                     .origin = g_strdup (origin ? origin : ""),
                     .line = line,
                     .column = column,
                     .message = g_strdup_vprintf (format, arguments) };
  va_end (arguments);
  g_array_append_val (faults->faults, fault);
}

/* "origin:12:3: message" → 12, 3 and the message; false when it opens otherwise. */
static bool
split_place (const char *text, const char *origin, unsigned *line, unsigned *column, const char **message)
{
  size_t len = strlen (origin);
  if (strncmp (text, origin, len) != 0 || text[len] != ':')
    return false;
  char *end;
  *line = (unsigned)strtoul (text + len + 1, &end, 10);
  *column = 0;
  if (*end == ':' && g_ascii_isdigit (end[1]))
    *column = (unsigned)strtoul (end + 1, &end, 10);
  if (*end != ':' || *line == 0)
    return false;
  *message = end + 1 + (end[1] == ' ');
  return true;
}

void
dmn_faults_add_error (DmnFaults *faults, const char *code, const char *origin, unsigned line,
                      const GError *error)
{
  unsigned column = 0;
  const char *message = error->message;
  split_place (error->message, origin, &line, &column, &message);
  dmn_faults_add (faults, DMN_ERROR, code, origin, line, column, "%s", message);
}

size_t
dmn_faults_count (const DmnFaults *faults, DmnSeverity severity)
{
  size_t n = 0;
  for (guint i = 0; i < faults->faults->len; i++)
    n += g_array_index (faults->faults, DmnFault, i).severity == severity;
  return n;
}

static int
compare_faults (gconstpointer a, gconstpointer b)
{
  const DmnFault *x = a, *y = b;
  int by_file = strcmp (x->origin, y->origin);
  if (by_file)
    return by_file;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  return x->column < y->column ? -1 : x->column > y->column;
}

const DmnFault *
dmn_faults_list (DmnFaults *faults, size_t *n)
{
  g_array_sort (faults->faults, compare_faults);
  *n = faults->faults->len;
  return (const DmnFault *)(void *)faults->faults->data;
}
