#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 30 };

void
cli_progress_start (CliProgress *bar, const char *label)
{
  *bar = (CliProgress){ .label = label, .started = g_get_monotonic_time (), .shown = -1 };
  bar->terminal = isatty (STDERR_FILENO) == 1;
}

char *
cli_progress_text (const char *label, gint64 done, gint64 total, gint64 elapsed)
{
  done = CLAMP (done, 0, MAX (total, 0));
  int cells = total > 0 ? (int)(done * WIDTH / total) : 0;
  GString *text = g_string_new (label);
  g_string_append (text, " [");
  for (int i = 0; i < WIDTH; i++)
    g_string_append_c (text, i < cells ? '#' : '.');
  g_string_append_printf (text, "] %3d %%", total > 0 ? (int)(done * 100 / total) : 0);
  if (done > 0 && done < total)
    g_string_append_printf (text, ", %" G_GINT64_FORMAT " s left",
                            (elapsed / 1000 * (total - done) / done + 999) / 1000);
  return g_string_free (text, FALSE);
}

void
cli_progress_step (gint64 done, gint64 total, gpointer data)
{
  CliProgress *bar = data;
  gint64 now = g_get_monotonic_time ();
  if (!bar->terminal || now - bar->started < G_USEC_PER_SEC || now - bar->drawn < G_USEC_PER_SEC / 10)
    return;
  int thousandths = total > 0 ? (int)(done * 1000 / total) : 0;
  if (thousandths == bar->shown)
    return;
  bar->drawn = now;
  bar->shown = thousandths;
  g_autofree char *text = cli_progress_text (bar->label, done, total, now - bar->started);
  (void)fprintf (stderr, "\r%s\033[K", text);
  (void)fflush (stderr);
}

void
cli_progress_end (CliProgress *bar)
{
  if (bar->drawn) {
    (void)fputs ("\r\033[K", stderr);
    (void)fflush (stderr);
  }
  bar->drawn = 0;
}
