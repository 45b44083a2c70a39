/* Random numbers that are the same on every machine, for ever.
 *
 * SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
 * generators, OOPSLA 2014): a counter and a mixing function, integers only.
 * Each household, firm or school starts its own sequence from (seed, stream,
 * index), so what it becomes depends on nothing made before it. */
#pragma once

#include "base/base.h"

typedef struct {
  guint64 state;
} DemoRandom;

static inline guint64
demo_random_mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* The sequence of INDEX in STREAM (households, firms, …) of SEED. */
static inline DemoRandom
demo_random_at (guint64 seed, guint64 stream, guint64 index)
{
  guint64 s = demo_random_mix (seed + G_GUINT64_CONSTANT (0x9E3779B97F4A7C15));
  s = demo_random_mix (s ^ (stream * G_GUINT64_CONSTANT (0xD1B54A32D192ED03)));
  return (DemoRandom){ demo_random_mix (s ^ (index * G_GUINT64_CONSTANT (0x8CB92BA72F3D8DD7))) };
}

static inline guint64
demo_random_next (DemoRandom *r)
{
  return demo_random_mix (r->state += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15));
}

/* 0 … N−1, N in 1 … 2^32, by multiplication (Lemire, Fast random integer
 * generation in an interval, 2019); the bias is below N / 2^32. */
static inline gint64
demo_random_below (DemoRandom *r, guint64 n)
{
  return (gint64)(((demo_random_next (r) >> 32) * n) >> 32);
}

/* FROM … TO, both included. */
static inline gint64
demo_random_between (DemoRandom *r, gint64 from, gint64 to)
{
  return from + demo_random_below (r, (guint64)(to - from) + 1);
}

/* True N times out of 100,000. */
static inline bool
demo_random_chance (DemoRandom *r, gint64 n)
{
  return demo_random_below (r, 100000) < n;
}
