/* Subject numbers in order. */
#include "county/county_private.h"

size_t
numbers_place (const gint64 *numbers, size_t from, size_t to, gint64 number)
{
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    if (numbers[middle] < number)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

bool
numbers_have (const GArray *numbers, gint64 number)
{
  const gint64 *all = (const gint64 *)(const void *)numbers->data;
  size_t at = numbers_place (all, 0, numbers->len, number);
  return at < numbers->len && all[at] == number;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

void
numbers_sort (GArray *numbers)
{
  guint kept = 0;
  g_array_sort (numbers, compare);
  for (guint i = 0; i < numbers->len; i++) {
    gint64 number = g_array_index (numbers, gint64, i);
    if (kept == 0 || g_array_index (numbers, gint64, kept - 1) != number)
      g_array_index (numbers, gint64, kept++) = number;
  }
  g_array_set_size (numbers, kept);
}
