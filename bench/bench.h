/* What benchmarks share: an answer that must be right, a clock, a median. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Ends the program unless OK: with ERROR's message, or (NULL) that an answer is wrong. */
static inline void
bench_check (bool ok, const GError *error)
{
  if (ok)
    return;
  fprintf (stderr, "%s\n", error ? error->message : "a wrong answer");
  exit (3);
}

/* Seconds of CLOCK: CLOCK_MONOTONIC, or a processor's time. */
static inline double
bench_seconds (clockid_t clock)
{
  struct timespec t;
  clock_gettime (clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline int
bench_by_size (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts TIMES. */
static inline double
bench_median (double *times, size_t n)
{
  qsort (times, n, sizeof *times, bench_by_size);
  return times[n / 2];
}
