/* The rounded division of the vector loops against long division, for small numbers and for those that
 * doubles cannot hold, close to and at the ties and whole quotients. */
#include "support.h"

#include "columns/columns_private.h"

enum { N = 4096, ROUNDS = 40, MODES = DECIMAL_ROUND_CEILING + 1 };

static gint64 numbers[N], divisors[N], found[N];

/* A / B (0: 1) rounded as MODE, with the rest twice as wide. */
static gint64
long_division (gint64 a, gint64 b, int mode)
{
  b += b == 0;
  gint64 floor = a / b, rest = a % b;
  if (rest && (rest < 0) != (b < 0))
    floor--, rest += b;
  if (!rest)
    return floor;
  __int128 twice = 2 * (__int128)(rest < 0 ? -rest : rest) - (b < 0 ? -(__int128)b : b);
  bool up = twice > 0, negative = floor < 0; /* of the quotient: it is no whole number */
  switch (mode) {
  case DECIMAL_ROUND_HALF_EVEN: up |= twice == 0 && floor & 1; break;
  case DECIMAL_ROUND_HALF_UP: up |= twice == 0 && !negative; break;
  case DECIMAL_ROUND_HALF_DOWN: up |= twice == 0 && negative; break;
  case DECIMAL_ROUND_UP: up = !negative; break;
  case DECIMAL_ROUND_DOWN: up = negative; break;
  case DECIMAL_ROUND_FLOOR: up = false; break;
  default: up = true;
  }
  return floor + up;
}

static gint64
random_number (GRand *rand, int bits)
{
  guint64 word = (guint64)g_rand_int (rand) << 32 | g_rand_int (rand);
  gint64 number = (gint64)(word >> (64 - bits));
  return g_rand_boolean (rand) ? number : -number;
}

static void
test_divide (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (52);
  for (int round = 0; round < ROUNDS; round++) {
    int bits = 2 + round * 60 / ROUNDS; /* one number beyond 52 bits is enough for the slow loop */
    for (int i = 0; i < N; i++) {
      divisors[i] = random_number (rand, 1 + g_rand_int_range (rand, 0, bits));
      gint64 quotient = random_number (rand, bits) / (divisors[i] ? divisors[i] : 1);
      gint64 tie = g_rand_boolean (rand) ? divisors[i] / 2 : 0;
      numbers[i] = quotient * divisors[i] + tie + g_rand_int_range (rand, -1, 2);
    }
    for (int mode = 0; mode < MODES; mode++) {
      kernel_divide (found, numbers, divisors, mode, N);
      for (int i = 0; i < N; i++)
        g_assert_cmpint (found[i], ==, long_division (numbers[i], divisors[i], mode));
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/divide", test_divide);
  return g_test_run ();
}
