#include "inquiry.h"

/* "json, csv or table" */
static char *
either (const char *const *words)
{
  GString *out = g_string_new (words[0]);
  for (size_t i = 1; words[i]; i++)
    g_string_append_printf (out, "%s%s", words[i + 1] ? ", " : " or ", words[i]);
  return g_string_free (out, FALSE);
}

bool
inquiry_check (Inquiry *q, GError **error)
{
  q->day = civil_today ();
  if (!q->db)
    g_set_error (error, FAULT, FAULT_USAGE, "--db DB is needed: the county's database");
  else if (q->format && !g_strv_contains (q->formats, q->format)) {
    g_autofree char *words = either (q->formats);
    g_set_error (error, FAULT, FAULT_USAGE, "--format is %s, not \"%s\"", words, q->format);
  } else if (q->as_of && !civil_parse (text_of (q->as_of), &q->day))
    g_set_error (error, FAULT, FAULT_USAGE, "--as-of \"%s\" is no date; write 2026-01-31", q->as_of);
  else if (q->threads < 0 || q->threads > 16)
    g_set_error (error, FAULT, FAULT_USAGE, "--threads is 1 to 16, not %d", q->threads);
  else
    return true;
  return false;
}

bool
inquiry_load (Inquiry *q, const char *command, int *status)
{
  q->package = cli_load_package (command, q->policy, status);
  return q->package;
}

int
inquiry_run (Inquiry *q, const char *command, InquiryStep check, InquiryStep answer)
{
  GError *error = NULL;
  int status;
  if (!inquiry_check (q, &error) || (check && !check (q, &error)))
    return cli_fail (command, error);
  if (!inquiry_load (q, command, &status))
    return status;
  return answer (q, &error) ? CLI_DONE : cli_fail (command, error);
}

bool
inquiry_open (Inquiry *q, GError **error)
{
  q->registry = registry_open (q->db, 0, policy_schema (q->package), error);
  q->access = q->registry ? access_open (q->registry, error) : NULL;
  if (q->access)
    policy_hand_purposes (q->package, q->access);
  return q->access;
}

void
inquiry_clear (Inquiry *q)
{
  g_clear_pointer (&q->access, access_free);
  g_clear_pointer (&q->registry, registry_close);
  g_clear_pointer (&q->package, policy_free);
  char *texts[] = { q->db, q->policy, q->as_of, q->format, q->purpose };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
}

bool
inquiry_write_json (const char *out, JsonWriter *w, GString *text, GError **error)
{
  json_writer_free (w);
  g_string_append_c (text, '\n');
  return cli_write (out, text->str, text->len, error);
}
