/* crash — programs killed with -9 in a loop, at moments that a seed chooses.
 *
 * A test runs a few rounds, so that it ends soon; by hand as many as one likes:
 *
 *     LIUDONG_CRASH_ROUNDS=500 LIUDONG_CRASH_SEED=7 meson test -C build crash-county
 */
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support.h"

static inline int
crash_rounds (int otherwise)
{
  const char *rounds = g_getenv ("LIUDONG_CRASH_ROUNDS");
  return rounds ? atoi (rounds) : otherwise;
}

static inline GRand *
crash_random (void)
{
  const char *seed = g_getenv ("LIUDONG_CRASH_SEED");
  return g_rand_new_with_seed (seed ? (guint32)atoi (seed) : 20210930);
}

/* Kill CHILD and wait for it.  True when it was still running. */
static inline bool
crash_kill (pid_t child)
{
  int status;
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFSIGNALED (status);
}

/* Numbers that a child wrote to the pipe FD, added to NUMBERS: all until its end,
 * or, of a pipe that does not block, those that are there. */
static inline void
crash_read_numbers (int fd, GArray *numbers)
{
  gint64 n;
  while (read (fd, &n, sizeof n) == sizeof n)
    g_array_append_val (numbers, n);
}
