/* support — what test programs share: where things are, temporary folders,
 * running the binary.  Tests use GLib's g_test; each case is counted. */
#pragma once

#include <glib.h>
#include "base/base.h"

/* A path below the source tree (free with g_free). */
char *support_source (const char *path);
/* The built program, build/liudong. */
char *support_program (void);
/* A path below the acceptance material that lies beside a checkout, or NULL
 * after marking the test as skipped: `g_autofree char *p = support_shared (…);
 * if (!p) return;`.  CI fails when the folder is there and such a test did not run. */
char *support_shared (const char *path);
/* A fresh empty folder, removed with support_remove. */
char *support_folder (void);
void support_remove (const char *folder);
/* Whether this run's stores are databases of a PostgreSQL server: LIUDONG_TEST_STORE
 * is "postgresql", and LIUDONG_TEST_POSTGRES its URL (tests/support/postgres with). */
bool support_on_postgres (void);
/* Where a store called NAME of a test in FOLDER goes: a file there, or a database
 * made empty the first time it is asked for and dropped with the folder.  Free with g_free. */
char *support_store (const char *folder, const char *name);
/* The whole file, asserted readable. */
char *support_read (const char *path, gsize *len);
/* Run ARGV (NULL-terminated; argv[0] "liudong" is the built program) to its
 * end; gives the exit status, and both outputs (either may be NULL). */
int support_run (const char *const *argv, char **out, char **err);
