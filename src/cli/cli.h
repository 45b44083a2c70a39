/* cli — the command line: one file per command, a table of them, and the exit
 * status as a contract.
 *
 *     0 done · 1 the answer is no (a check found faults) · 2 bad usage or input ·
 *     3 the system failed
 *
 * Results go to standard output, everything else to standard error.  A command
 * holds no rule and no SQL: it reads its options, calls a module, and prints.
 *
 * How a command goes
 *
 *     int
 *     command_check (int argc, char **argv)      // argv[0] is "check"
 *     {
 *       …
 *       return error ? cli_fail ("check", error) : CLI_DONE;
 *     }
 *
 * and a row in main.c.
 */
#pragma once

#include "base/base.h"
#include "policy/policy.h"

enum { CLI_DONE = 0, CLI_NO = 1, CLI_USAGE = 2, CLI_SYSTEM = 3 };

/* Print "liudong COMMAND: message" and free ERROR; the status its code asks for. */
int cli_fail (const char *command, GError *error);
/* Parse ARGV by ENTRIES (GOption); the one argument that may be left over, named
 * by ARGUMENT ("" when there is none), stays in ARGV.  SUMMARY goes into --help.
 * False with the status to exit with (--help: 0). */
bool cli_options (int *argc, char ***argv, const char *argument, const char *summary,
                  const GOptionEntry *entries, int *status);
/* RELATIVE below the working directory, else beside the program's build folder.
 * Caller frees. */
char *cli_find (const char *relative);
/* The package at FOLDER (NULL: the county's own), loaded without errors, or
 * NULL after printing every fault; STATUS gets the exit status. */
PolicyPackage *cli_load_package (const char *command, const char *folder, int *status);
/* The folder of the package that the page at PATH lies in, or NULL.  Caller frees. */
char *cli_package_folder (const char *path);
/* The unit that was read from PATH, or NULL. */
const DmnUnit *cli_package_unit (const PolicyPackage *package, const char *path);
/* Those of the clauses NUMBER, or all (CLI_EVERY_CLAUSE), that are executable; NULL with FAULT_USAGE. */
enum { CLI_EVERY_CLAUSE = G_MININT };
const PolicyClause **cli_choose_clauses (const PolicyPackage *package, int number, Arena *arena, size_t *n,
                                         GError **error);
/* To the file OUT, or to standard output when NULL; false with FAULT_SYSTEM. */
bool cli_write (const char *out, const char *bytes, size_t len, GError **error);
/* Faults as "file:line:column: error: message [code]" on OUT. */
void cli_print_faults (FILE *out, DmnFaults *faults);

int command_account (int argc, char **argv);
int command_allocate (int argc, char **argv);
int command_audit (int argc, char **argv);
int command_barriers (int argc, char **argv);
int command_batch (int argc, char **argv);
int command_backup (int argc, char **argv);
int command_check (int argc, char **argv);
int command_circular (int argc, char **argv);
int command_clock (int argc, char **argv);
int command_convert (int argc, char **argv);
int command_decide (int argc, char **argv);
int command_demo (int argc, char **argv);
int command_due (int argc, char **argv);
int command_duplicates (int argc, char **argv);
int command_eval (int argc, char **argv);
int command_export (int argc, char **argv);
int command_import (int argc, char **argv);
int command_match (int argc, char **argv);
int command_migrate (int argc, char **argv);
int command_reform (int argc, char **argv);
int command_restore (int argc, char **argv);
int command_search (int argc, char **argv);
int command_serve (int argc, char **argv);
int command_sql (int argc, char **argv);
int command_tck (int argc, char **argv);
int command_test (int argc, char **argv);
int command_verify (int argc, char **argv);
