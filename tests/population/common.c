#include "common.h"

#include <string.h>

RegistryFact
random_fact (GRand *random, const RegistryAttribute *a, Day day, int others)
{
  static const char *const words[] = { "本县", "350121003", "350121003001", "C3670", "甲" };
  static const int sizes[] = { 3, 100, 10000, 1000000 };
  bool there = g_rand_int_range (random, 0, 8) > 0;
  RegistryFact fact = { .attribute = a, .state = there ? REGISTRY_VALUE : REGISTRY_NONE };
  if (!there)
    return fact;
  switch (a->kind) {
  case REGISTRY_BOOLEAN: fact.integer = g_rand_int_range (random, 0, 2); break;
  case REGISTRY_REFERENCE:
    fact.integer = subject_make (a->target, g_rand_int_range (random, 1, others + 1));
    break;
  case REGISTRY_TEXT:
    fact.text = text_of (a->values ? a->values[g_rand_int_range (random, 0, (gint32)a->n_values)]
                                   : words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))]);
    break;
  case REGISTRY_DATE:
    fact.integer = day + 300 - g_rand_int_range (random, 0, g_rand_boolean (random) ? 1500 : 30000);
    break;
  default:
    fact.integer = g_rand_int_range (random, 0, sizes[g_rand_int_range (random, 0, G_N_ELEMENTS (sizes))]);
  }
  fact.integer = a->has_min ? MAX (fact.integer, a->min) : fact.integer;
  fact.integer = a->has_max ? MIN (fact.integer, a->max) : fact.integer;
  return fact;
}

/* One walk over both: splitting text of megabytes into lines takes minutes under AddressSanitizer. */
void
assert_same (const char *a, const char *b)
{
  const char *in_a = a, *in_b = b; /* the line that i is in */
  size_t line = 1, i = 0;
  for (; a[i] && a[i] == b[i]; i++)
    if (a[i] == '\n') {
      in_a = a + i + 1;
      in_b = b + i + 1;
      line++;
    }
  if (a[i] != b[i])
    g_error ("line %zu: %.*s is not %.*s", line, (int)strcspn (in_a, "\n"), in_a, (int)strcspn (in_b, "\n"),
             in_b);
}

char *
population_text (const PolicyPackage *package, const PopulationClause *found, size_t n, Day as_of)
{
  GString *out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 1);
  population_write (w, package, found, n, as_of);
  json_writer_free (w);
  return g_string_free (out, FALSE);
}
