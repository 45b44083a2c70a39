/* liudong allocate: places shared out by a spec, and a transcript drawn again. */
#include "cli.h"

#include "allocation/allocation.h"

#include <stdio.h>

typedef struct {
  char *output, *csv, *verify, *announcement;
  gboolean explain, effect, compare, secret;
} Options;

/* Wishes that the parallel mechanism takes at once, when it is compared with. */
enum { BAND = 2 };

/* ---- a secret ---------------------------------------------------------- */

static int
print_secret (void)
{
  LotteryHash secret, commitment;
  GError *error = NULL;
  char hex[LOTTERY_HEX];
  if (!lottery_secret (&secret, &error))
    return cli_fail ("allocate", error);
  commitment = lottery_commitment (&secret);
  printf ("secret: %s\n", lottery_hex (&secret, hex));
  printf ("commitment: %s\n", lottery_hex (&commitment, hex));
  return CLI_DONE;
}

/* ---- verifying --------------------------------------------------------- */

static bool
read_file (const char *path, char **bytes, gsize *len, GError **error)
{
  g_autoptr (GError) failed = NULL;
  if (g_file_get_contents (path, bytes, len, &failed))
    return true;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s cannot be read: %s", path, failed->message);
  return false;
}

static int
verify (const Options *o)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *bytes = NULL;
  gsize len;
  GError *error = NULL;
  LotteryHash published;
  if (o->announcement && !lottery_from_hex (text_of (o->announcement), &published))
    return cli_fail ("allocate", g_error_new (FAULT, FAULT_USAGE, "--announcement is 64 hexadecimal digits"));
  if (!read_file (o->verify, &bytes, &len, &error))
    return cli_fail ("allocate", error);
  size_t n;
  const AllocationCheck *checks
      = allocation_verify (arena, (Text){ bytes, len }, o->verify, o->announcement ? &published : NULL, &n);
  for (size_t i = 0; i < n; i++)
    if (checks[i].fault)
      printf ("does not hold: %s: %s\n", checks[i].what, checks[i].fault);
    else
      printf ("holds: %s\n", checks[i].what);
  return checks[n - 1].fault ? CLI_NO : CLI_DONE;
}

/* ---- allocating -------------------------------------------------------- */

/* RESULT NULL: the closed list. */
static bool
print_result (const Options *o, const AllocationSpec *spec, const AllocationProblem *problem,
              const AllocationResult *result, const AllocationSiblings *siblings, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const AllocationEffect *effect = NULL;
  const AllocationOther *others = NULL;
  size_t n_others;
  if (o->effect && result && !(effect = allocation_effect (problem, result, arena, error)))
    return false;
  if (o->compare && result
      && !(others = allocation_compare_mechanisms (problem, result, BAND, arena, &n_others, error)))
    return false;
  g_autoptr (GString) text = g_string_new (NULL);
  JsonWriter *w = json_writer_new (text, 2);
  if (effect)
    allocation_write_effect (w, spec, problem, result, effect);
  else if (others)
    allocation_write_comparison (w, spec, others, n_others);
  else
    allocation_write (w, spec, problem, result, siblings, o->explain);
  json_writer_free (w);
  g_string_append_c (text, '\n');
  return cli_write (NULL, text->str, text->len, error);
}

static bool
write_files (const Options *o, const AllocationSpec *spec, const guint8 (*tickets)[LOTTERY_BYTES],
             const AllocationProblem *problem, const AllocationResult *result, GError **error)
{
  AllocationOutcome outcome = { tickets, result->unit_of, result->slots_of };
  g_autoptr (GString) text = g_string_new (NULL);
  if (o->output
      && (!allocation_transcript (spec, &outcome, text, error)
          || !cli_write (o->output, text->str, text->len, error)))
    return false;
  if (!o->csv)
    return true;
  g_autoptr (SheetWriter) out = sheet_writer_create (o->csv, SHEET_CSV, error);
  return out && allocation_write_csv (out, spec, problem, result, error);
}

static bool
allocate (const Options *o, const char *path, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  AllocationSpec *spec = allocation_spec_read (arena, path, error);
  const guint8 (*tickets)[LOTTERY_BYTES] = NULL;
  if (!spec || !allocation_close (spec, error))
    return false;
  if (spec->has_lottery && !spec->is_drawn) {
    if (!o->output && !o->csv && !o->effect && !o->compare)
      return print_result (o, spec, NULL, NULL, NULL, error);
    g_set_error (error, FAULT, FAULT_INPUT, "%s: the list is closed and not drawn: \"reveal\" is missing",
                 path);
    return false;
  }
  if (spec->is_drawn && !allocation_draw (spec, arena, g_get_num_processors (), &tickets, error))
    return false;
  AllocationProblem problem = allocation_spec_problem (spec, arena, tickets);
  const AllocationSiblings *siblings;
  const AllocationResult *result = allocation_spec_run (spec, &problem, &siblings, arena, error);
  return result && write_files (o, spec, tickets, &problem, result, error)
         && print_result (o, spec, &problem, result, siblings, error);
}

int
command_allocate (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &o.output,
      "write the transcript, by which anybody can draw again", "FILE" },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &o.csv, "write who has which place as CSV", "FILE" },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &o.explain,
      "with each refusal: which key decided, and what was needed", NULL },
    { "effect", 0, 0, G_OPTION_ARG_NONE, &o.effect, "print instead who gains and who loses by the reserves",
      NULL },
    { "compare", 0, 0, G_OPTION_ARG_NONE, &o.compare, "print instead what other mechanisms would do", NULL },
    { "verify", 0, 0, G_OPTION_ARG_FILENAME, &o.verify, "draw a transcript again and say what holds",
      "TRANSCRIPT" },
    { "announcement", 0, 0, G_OPTION_ARG_STRING, &o.announcement,
      "with --verify: the announcement as it was published when the list was closed", "HEX" },
    { "secret", 0, 0, G_OPTION_ARG_NONE, &o.secret, "print a fresh secret and its commitment", NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  int status;
  if (!cli_options (
          &argc, &argv, "SPEC.yaml",
          "Shares out places by the rules, applications and lottery of SPEC.yaml (docs/allocation.md).\n"
          "Exit status 1 when a transcript does not hold.",
          entries, &status))
    return status;
  GError *error = NULL;
  const char *path = argc > 1 ? argv[1] : NULL;
  if ((path != NULL) + (o.verify != NULL) + o.secret != 1)
    status = cli_fail ("allocate",
                       g_error_new (FAULT, FAULT_USAGE, "give SPEC.yaml, --verify TRANSCRIPT, or --secret"));
  else if (o.effect && o.compare)
    status = cli_fail ("allocate", g_error_new (FAULT, FAULT_USAGE, "give --effect or --compare, not both"));
  else if (path)
    status = allocate (&o, path, &error) ? CLI_DONE : cli_fail ("allocate", error);
  else
    status = o.verify ? verify (&o) : print_secret ();
  g_free (o.output);
  g_free (o.csv);
  g_free (o.verify);
  g_free (o.announcement);
  return status;
}
