/* Any text, put into a small index and searched for: what is put is found by its own words, and
 * what is shown lies within the text. */
#include "fulltext/fulltext.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const FulltextField fields[] = { { "title", 300, true }, { "text", 100, false } };
static const FulltextShape shape = { 2, fields, 0, NULL };

static void
check_snippet (Text text, const FulltextWord *words, size_t n, Arena *arena)
{
  FulltextSnippet s = fulltext_snippet (text, words, n, true, 20, arena);
  g_assert (s.shown.from <= s.shown.to && s.shown.to <= text.len);
  g_assert (text_is_utf8 ((Text){ text.bytes + s.shown.from, s.shown.to - s.shown.from }, NULL));
  for (size_t i = 0; i < s.n; i++)
    g_assert (s.marks[i].from < s.marks[i].to && s.marks[i].from >= (i ? s.marks[i - 1].to : s.shown.from)
              && s.marks[i].to <= s.shown.to);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Fulltext) index = fulltext_new (&shape);
  g_autoptr (Arena) arena = arena_new ();
  size_t half = size / 2;
  Text texts[][2] = { { { (const char *)data, size }, text_of ("电焊工 excel") },
                      { text_of ("电焊工 photoshop"), { (const char *)data, half } } };
  FulltextDocument documents[] = { { .id = 1, .texts = texts[0] }, { .id = 2, .texts = texts[1] } };
  bool all = fulltext_put (index, documents, 1, NULL);
  fulltext_put (index, documents + 1, 1, NULL);
  for (size_t end = half; end <= size; end += MAX (1, size - half)) {
    Text typed = { (const char *)data, end };
    FulltextQuery query = { .limit = 5 };
    query.words = fulltext_words (typed, arena, &query.n_words, NULL);
    if (!query.words)
      continue;
    const FulltextAnswer *answer = fulltext_search (index, &query, arena, NULL);
    g_assert (answer && (!all || end < size || answer->n_found > 0));
    check_snippet (typed, query.words, query.n_words, arena);
  }
  return 0;
}
