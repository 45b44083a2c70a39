/* The progress line: what it says, and that it keeps quiet off a terminal. */
#include "support.h"

#include "cli/progress.h"

#include <unistd.h>

static void
says_how_far (void)
{
  static const struct {
    gint64 done, total, elapsed; /* microseconds */
    const char *text;
  } cases[] = {
    { 0, 100, 2000000, "x [..............................]   0 %" },
    { 25, 100, 2000000, "x [#######.......................]  25 %, 6 s left" },
    { 1, 3, 1500000, "x [##########....................]  33 %, 3 s left" },
    { 100, 100, 9000000, "x [##############################] 100 %" },
    { 120, 100, 9000000, "x [##############################] 100 %" }, /* never beyond the end */
    { 5, 0, 9000000, "x [..............................]   0 %" },     /* an unknown total */
    { -5, 10, 9000000, "x [..............................]   0 %" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = cli_progress_text ("x", cases[i].done, cases[i].total, cases[i].elapsed);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
quiet_off_a_terminal (void)
{
  if (g_test_subprocess ()) {
    CliProgress bar;
    cli_progress_start (&bar, "working");
    bar.started -= 5 * G_USEC_PER_SEC;
    for (int i = 0; i <= 10; i++)
      cli_progress_step (i, 10, &bar);
    cli_progress_end (&bar);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0); /* standard error is a pipe there */
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr_unmatched ("*working*");
}

static void
draws_on_a_terminal (void)
{
  if (g_test_subprocess ()) {
    CliProgress bar;
    cli_progress_start (&bar, "working");
    bar.terminal = true;
    cli_progress_step (1, 10, &bar); /* the first second is quiet */
    bar.label = "later";
    bar.started -= 5 * G_USEC_PER_SEC;
    cli_progress_step (5, 10, &bar);
    cli_progress_step (6, 10, &bar); /* too soon after the last */
    cli_progress_end (&bar);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*later *50 %*");
  g_test_trap_assert_stderr_unmatched ("*working*");
  g_test_trap_assert_stderr_unmatched ("*60 %*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/progress/says-how-far", says_how_far);
  g_test_add_func ("/cli/progress/quiet-off-a-terminal", quiet_off_a_terminal);
  g_test_add_func ("/cli/progress/draws-on-a-terminal", draws_on_a_terminal);
  return g_test_run ();
}
