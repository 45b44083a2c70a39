/* liudong tck: the cases of the DMN TCK, run and counted. */
#include "cli.h"
#include "tck_suite.h"

#include <stdio.h>

typedef struct {
  char *csv;
  int level;
  gboolean verbose;
} Options;

typedef struct {
  unsigned cases, passed, valued, valued_passed; /* valued: something other than null is expected */
  unsigned folders;
  double rates; /* of the folders, summed */
} Count;

static void
add_count (Count *to, const Count *from)
{
  to->cases += from->cases;
  to->passed += from->passed;
  to->valued += from->valued;
  to->valued_passed += from->valued_passed;
  to->folders += from->folders;
  to->rates += from->rates;
}

/* ---- one case ---------------------------------------------------------- */

typedef struct {
  const Options *options;
  FILE *csv;
  const TckFile *file;
  const DmnModel *model;
  const DmnUnit *unit;
  const char *fault; /* why the model was not read */
} Session;

static FeelValue
evaluate (DmnRun *run, const Session *s, const TckCase *test, const TckResult *result)
{
  Text name = text_of (test->invocable ? test->invocable : result->name);
  const DmnDecision *d = s->unit ? dmn_unit_find (s->unit, name) : NULL;
  if (!d)
    return feel_null ();
  if (d->role == DMN_DECISION)
    return dmn_run_decision (run, d);
  FeelValue value = dmn_run_call (run, d, test->inputs);
  /* Of several output decisions, the one that the result is named after. */
  const FeelValue *output = d->role == DMN_SERVICE && value.kind == FEEL_CONTEXT
                                ? feel_context_get (value.context, text_of (result->name))
                                : NULL;
  return output ? *output : value;
}

static char *
describe (FeelValue v)
{
  g_autoptr (GString) out = g_string_new (NULL);
  feel_write (out, v);
  return g_strdup (out->str);
}

static void
print_failure (const Session *s, const TckCase *test, const TckResult *result, FeelValue actual,
               const DmnRun *run)
{
  g_autofree char *expected = describe (result->expected), *got = describe (actual);
  printf ("%s  %s  %s\n    expected %s\n    got      %s\n", s->file->folder, test->id, result->name, expected,
          got);
  if (s->fault)
    printf ("    %s\n", s->fault);
  for (const FeelDiagnostic *d = dmn_run_diagnostics (run); d; d = d->next)
    printf ("    line %u: %s\n", d->line, d->message);
}

static bool
run_case (const Session *s, const TckCase *test, Count *count)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelValue now = dmn_clock (arena);
  DmnInputs inputs = { .values = test->inputs, .now = &now };
  DmnRun *run = dmn_run_new_inputs (s->model, arena, &inputs, DMN_PLAIN);
  bool passed = true, valued = false;
  for (size_t i = 0; i < test->n; i++) {
    FeelValue actual = evaluate (run, s, test, &test->results[i]);
    bool agrees = tck_agrees (test->results[i].expected, actual);
    valued |= test->results[i].expected.kind != FEEL_NULL;
    passed &= agrees;
    if (!agrees && s->options->verbose)
      print_failure (s, test, &test->results[i], actual, run);
  }
  count->cases++;
  count->passed += passed;
  count->valued += valued;
  count->valued_passed += valued && passed;
  return passed;
}

/* ---- files and folders ------------------------------------------------- */

static void
run_file (Session *s, Count *count)
{
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnXmlSource source = { .path = s->file->model };
  s->unit = dmn_model_read_xml (model, &source, faults);
  dmn_model_link (model, faults); /* what is at fault evaluates to null, as many cases want */
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  s->model = model;
  s->fault = n ? list[0].message : NULL;
  for (size_t i = 0; i < s->file->n; i++) {
    const TckCase *test = &s->file->cases[i];
    bool passed = run_case (s, test, count);
    if (s->csv)
      fprintf (s->csv, "\"%s\",\"%s\",\"%s\",\"%s\",\"\"\n", s->file->folder, s->file->file, test->id,
               passed ? "SUCCESS" : "ERROR");
  }
}

/* Which of the levels a folder is of; 0 for those outside. */
static int
level_of (const char *path)
{
  const char *level = strstr (path, "compliance-level-");
  return level ? level[strlen ("compliance-level-")] - '0' : 0;
}

static void
print_row (const char *name, const Count *c)
{
  if (c->cases)
    printf ("%-20s %5u of %5u  %6.2f %%   %5u of %5u  %6.2f %%   %6.2f %% (%u folders)\n", name, c->passed,
            c->cases, 100.0 * c->passed / c->cases, c->valued_passed, c->valued,
            c->valued ? 100.0 * c->valued_passed / c->valued : 100.0, 100.0 * c->rates / c->folders,
            c->folders);
}

static int
print_report (const Count *levels, size_t n)
{
  Count all = { 0 };
  printf ("%-20s %14s  %8s   %14s  %8s   %s\n", "", "all cases", "", "expecting a value", "",
          "mean over folders");
  for (size_t level = 0; level < n; level++) {
    g_autofree char *name = level ? g_strdup_printf ("compliance level %zu", level) : g_strdup ("no level");
    print_row (name, &levels[level]);
    add_count (&all, &levels[level]);
  }
  print_row ("all", &all);
  return all.passed == all.cases ? CLI_DONE : CLI_NO;
}

enum { LEVELS = 4 };

static int
run_suite (const Options *o, const TckFile *files, size_t n, FILE *csv)
{
  Count levels[LEVELS] = { 0 };
  for (size_t i = 0; i < n;) {
    int level = level_of (files[i].path);
    bool wanted = o->level == 0 || o->level == level;
    Count folder = { .folders = 1 };
    size_t first = i;
    for (; i < n && g_str_equal (files[i].folder, files[first].folder); i++) {
      Session s = { .options = o, .csv = csv, .file = &files[i] };
      if (wanted)
        run_file (&s, &folder);
    }
    folder.rates = folder.cases ? (double)folder.passed / folder.cases : 0;
    if (folder.cases)
      add_count (&levels[level > 0 && level < LEVELS ? level : 0], &folder);
  }
  return print_report (levels, LEVELS);
}

static int
run (const Options *o, const char *root)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  const TckFile *files = tck_read (arena, root, &n, &error);
  if (files && n == 0)
    g_set_error (&error, FAULT, FAULT_NOT_FOUND, "%s: there are no test cases below this folder", root);
  if (error)
    return cli_fail ("tck", error);
  FILE *csv = o->csv ? fopen (o->csv, "w") : NULL;
  if (o->csv && !csv)
    return cli_fail ("tck", g_error_new (FAULT, FAULT_SYSTEM, "%s: %s", o->csv, g_strerror (errno)));
  int status = run_suite (o, files, n, csv);
  if (csv && fclose (csv) != 0)
    return cli_fail ("tck", g_error_new (FAULT, FAULT_SYSTEM, "%s: %s", o->csv, g_strerror (errno)));
  return status;
}

int
command_tck (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &o.csv, "write a row per case, in the suite's own format", "OUT" },
    { "level", 0, 0, G_OPTION_ARG_INT, &o.level, "only this compliance level", "N" },
    { "verbose", 0, 0, G_OPTION_ARG_NONE, &o.verbose, "what failed, and why", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "DIR", "Run the cases of the DMN TCK that lie below DIR.", entries, &status))
    status
        = argc == 2
              ? run (&o, argv[1])
              : cli_fail ("tck", g_error_new (FAULT, FAULT_USAGE, "name one folder; see liudong tck --help"));
  g_free (o.csv);
  return status;
}
