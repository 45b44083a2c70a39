/* scratch — a folder to try the program in, as a user would: `liudong` is on the
 * PATH, and the files that scratch.sh makes lie in the working directory.
 *
 *     int
 *     main (int argc, char **argv)
 *     {
 *       g_test_init (&argc, &argv, NULL);
 *       char *folder = scratch_enter ();       // becomes the working directory
 *       …
 *       int status = scratch_shell ("liudong check good >/dev/full", &out, &err);
 *       …
 *       scratch_leave (folder);
 *     }
 */
#pragma once

#include "support.h"

/* A new empty folder, entered. */
char *scratch_enter (void);
/* Fill it: scratch.sh, and the databases that need SQL. */
void scratch_fill (void);
/* Remove and free it. */
void scratch_leave (char *folder);
/* Run LINE with the shell; its exit status and both outputs (free them). */
int scratch_shell (const char *line, char **out, char **err);
/* The cells of TEXT's Markdown table rows that open with a `command`, trimmed, one
 * GStrv each with the line's number as text last. */
GPtrArray *scratch_rows (const char *file, guint columns);
