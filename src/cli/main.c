#include "cli.h"
#include "keeping.h"

#include <locale.h>
#include <stdio.h>

/* The commands, in the order a newcomer meets them. */
static const struct {
  const char *name;
  int (*run) (int argc, char **argv);
  const char *help;
} commands[] = {
  { "demo", command_demo, "make a synthetic county and serve it" },
  { "serve", command_serve, "serve a county's database" },
  { "circular", command_circular, "read an official document into a task table" },
  { "check", command_check, "check a policy package" },
  { "test", command_test, "run a policy package's examples" },
  { "decide", command_decide, "determine what a subject is entitled to, and why" },
  { "clock", command_clock, "by when something must be done, and day by day why then" },
  { "barriers", command_barriers,
    "whom a single fact keeps out: registration, origin, employer, sex, age …" },
  { "due", command_due, "who is entitled to what a clause gives and does not have it" },
  { "sql", command_sql, "the county and its clauses for a database: SQLite, PostgreSQL, ClickHouse" },
  { "batch", command_batch, "count clauses over the whole county, with reasons and groups" },
  { "reform", command_reform, "what a change of parameters or rules would do, for whom, at what cost" },
  { "allocate", command_allocate,
    "share out places that are too few, by points or lot, so that all can check it" },
  { "match", command_match, "who suits whom: posts for a person, people for a post, and why" },
  { "search", command_search, "find people and bodies, masked, for a purpose" },
  { "eval", command_eval, "evaluate a DMN model or a clause page with a JSON file" },
  { "convert", command_convert, "turn a clause page into DMN 1.5 XML, or back" },
  { "migrate", command_migrate, "bring a database in line with a changed registry.yaml" },
  { "import", command_import, "import a table of facts, with a report" },
  { "duplicates", command_duplicates, "list pairs that look like one person" },
  { "export", command_export, "export facts as a table, for a purpose" },
  { "account", command_account, "who may log in, and as what" },
  { "audit", command_audit, "verify, list and prove who did what with whose data" },
  { "backup", command_backup, "copy a database into one encrypted file, while it is in use" },
  { "restore", command_restore, "restore a backup into a new database" },
  { "verify", command_verify, "check a database's current tables against its log" },
  { "tck", command_tck, "run the cases of the DMN TCK" },
};

static void
print_help (FILE *out)
{
  fputs ("liudong turns a policy circular into running public services.\n\n", out);
  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (out, "  liudong %-10s %s\n", commands[i].name, commands[i].help);
  fputs ("\nliudong COMMAND --help tells its options; liudong --version the version.\n", out);
}

static int
run (int argc, char **argv)
{
  if (argc < 2) {
    print_help (stderr);
    return CLI_USAGE;
  }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help")) {
    print_help (stdout);
    return CLI_DONE;
  }
  if (g_str_equal (argv[1], "--version")) {
    puts ("liudong " LIUDONG_VERSION);
    return CLI_DONE;
  }
  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name))
      return commands[i].run (argc - 1, argv + 1);
  fprintf (stderr, "liudong: there is no command \"%s\"; liudong --help lists them\n", argv[1]);
  return CLI_USAGE;
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "C.UTF-8");
  keeping_start ();
  int status = run (argc, argv);
  bool lost = ferror (stdout);
  if ((fflush (stdout) == 0 && !lost) || status == CLI_SYSTEM)
    return status;
  fputs ("liudong: standard output cannot be written; is the disk full?\n", stderr);
  return CLI_SYSTEM;
}
