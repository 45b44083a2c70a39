/* Serving, shared by `demo` and `serve`. */
#pragma once

#include "cli.h"

/* Open DB with PACKAGE's schema, listen on LISTEN, print the addresses and the
 * demo accounts, wait for a signal.  Returns the exit status. */
int serving_run (const char *command, const char *db, const PolicyPackage *package, const char *listen);
