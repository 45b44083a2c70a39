/* liudong test: run the examples that stand in the clause files. */
#include "cli.h"

#include <stdio.h>

static void
print_text (const DmnExampleResult *results, size_t n, bool verbose)
{
  for (size_t i = 0; i < n; i++) {
    const DmnExampleResult *r = &results[i];
    if (r->passed && !verbose)
      continue;
    printf ("%s:%u: %s: %.*s · %.*s", r->decision->unit->origin, r->example->line,
            r->passed ? "passed" : "FAILED", (int)r->example->name.len, r->example->name.bytes,
            (int)r->decision->name.len, r->decision->name.bytes);
    if (r->passed)
      putchar ('\n');
    else
      printf ("\n    expected %s\n    got      %s\n", r->expected, r->actual);
  }
}

static void
print_json (const DmnExampleResult *results, size_t n)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  json_begin_array (w);
  for (size_t i = 0; i < n; i++) {
    const DmnExampleResult *r = &results[i];
    json_begin_object (w);
    json_member_str (w, "file", r->decision->unit->origin);
    json_member_int (w, "line", r->example->line);
    json_key (w, "example");
    json_text (w, r->example->name);
    json_key (w, "decision");
    json_text (w, r->decision->name);
    json_member_bool (w, "passed", r->passed);
    json_member_str (w, "expected", r->expected);
    json_member_str (w, "actual", r->actual);
    json_end_object (w);
  }
  json_end_array (w);
  json_writer_free (w);
  puts (out->str);
}

/* What the examples leave untried, on standard output, and the sums. */
static bool
print_coverage (const PolicyPackage *package, const DmnCoverage *coverage)
{
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnCoverageCount count;
  policy_coverage (package, coverage, faults, &count);
  cli_print_faults (stdout, faults);
  fflush (stdout);
  fprintf (stderr, "%zu of %zu rules met, %zu of %zu conditions decisive; %zu without a reason\n",
           count.rules_met, count.rules, count.conditions_decisive, count.conditions,
           dmn_faults_count (faults, DMN_WARNING));
  return dmn_faults_count (faults, DMN_WARNING) == 0;
}

int
command_test (int argc, char **argv)
{
  g_autofree char *format = NULL;
  gboolean verbose = FALSE, covered = FALSE;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "text (default) or json", "FORMAT" },
    { "coverage", 0, 0, G_OPTION_ARG_NONE, &covered, "list rules and conditions that no example tries",
      NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "list the examples that passed, too", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (!cli_options (&argc, &argv, "[DIR]",
                    "Run every example of a policy package.  Exit status 1 when one fails, or with\n"
                    "--coverage when something is tried by none and no reason is given.",
                    entries, &status))
    return status;
  if (format && !g_str_equal (format, "text") && !g_str_equal (format, "json"))
    return cli_fail ("test",
                     g_error_new (FAULT, FAULT_USAGE, "--format is text or json, not \"%s\"", format));
  g_autoptr (PolicyPackage) package = cli_load_package ("test", argc > 1 ? argv[1] : NULL, &status);
  if (!package)
    return status;
  g_autoptr (Arena) arena = arena_new ();
  size_t n, passed = 0;
  g_autoptr (DmnCoverage) coverage = covered ? dmn_coverage_new () : NULL;
  const DmnExampleResult *results = policy_test (package, arena, coverage, &n);
  for (size_t i = 0; i < n; i++)
    passed += results[i].passed;
  if (format && g_str_equal (format, "json"))
    print_json (results, n);
  else
    print_text (results, n, verbose);
  fprintf (stderr, "%zu examples passed, %zu failed\n", passed, n - passed);
  bool complete = !coverage || print_coverage (package, coverage);
  return passed == n && complete ? CLI_DONE : CLI_NO;
}
