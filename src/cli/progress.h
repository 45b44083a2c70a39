/* Progress: one line on standard error, only where a person watches it.
 *
 *     CliProgress bar;
 *     cli_progress_start (&bar, "making the county");
 *     …  cli_progress_step (done, total, &bar);     // as often as you like
 *     cli_progress_end (&bar);
 *
 * Nothing is printed when standard error is no terminal, or before a second has
 * passed, so that quick work stays quiet. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  const char *label; /* must stay */
  gint64 started;    /* monotonic microseconds */
  gint64 drawn;      /* when last drawn; 0: never */
  int shown;         /* thousandths last drawn */
  bool terminal;
} CliProgress;

void cli_progress_start (CliProgress *bar, const char *label);
/* DONE of TOTAL (the unit is the caller's); DATA is the CliProgress.  Draws at
 * most ten times a second.  TOTAL 0 is taken as nothing done. */
void cli_progress_step (gint64 done, gint64 total, gpointer data);
/* Wipe the line. */
void cli_progress_end (CliProgress *bar);

/* What step draws at ELAPSED microseconds after the start, without the return
 * and the colour: for tests and other outputs.  Caller frees. */
char *cli_progress_text (const char *label, gint64 done, gint64 total, gint64 elapsed);
