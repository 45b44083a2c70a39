/* Any bytes, with the county's words of work: what is found in them is what the plain way finds, and lies
 * within them; what is suggested for them is of the kind that was asked for. */
#include "plain.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { READ_MOST = 4096, BEST = 8 };

static void
check_suggest (const Vocabulary *words, Text typed)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n_all, n;
  const VocabularyConcept *all = vocabulary_concepts (words, &n_all);
  for (int kind = 0; kind < VOCABULARY_KINDS; kind++) {
    const guint32 *best = vocabulary_suggest (words, arena, typed, (VocabularyKind)kind, BEST, &n);
    g_assert (n <= BEST);
    for (size_t i = 0; i < n; i++)
      g_assert (best[i] < n_all && all[best[i]].kind == (VocabularyKind)kind && !all[best[i]].is_group);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static Vocabulary *words;
  static Plain *plain;
  Text text = { (const char *)data, MIN (size, READ_MOST) };
  if (!words) {
    words = vocabulary_load (FUZZ_POLICY "/vocabulary", NULL);
    g_assert (words);
    plain = plain_new (words);
  }
  g_assert (plain_agrees (plain, words, text));
  check_suggest (words, text);
  guint32 concept = vocabulary_by_name (words, text);
  g_assert (concept == VOCABULARY_NONE || vocabulary_concepts (words, &size)[concept].code);
  return 0;
}
