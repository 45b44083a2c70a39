#include "plain.h"

#include <string.h>

typedef struct {
  char *folded;
  size_t len;
  guint32 concept;
} PlainWord;

struct Plain {
  GArray *words;
};

/* TEXT folded; AT (may be NULL) gets for each byte the byte of TEXT that it came from. */
static GString *
fold (Text text, GArray *at)
{
  GString *out = g_string_new (NULL);
  for (size_t i = 0; i < text.len;) {
    gunichar folded[SPELLING_FOLDED_MAX],
        c = g_utf8_get_char_validated (text.bytes + i, (gssize)(text.len - i));
    size_t n = c >= (gunichar)-2 ? 0 : spelling_fold_one (c, folded), before = out->len;
    for (size_t f = 0; f < n; f++)
      g_string_append_unichar (out, folded[f]);
    for (; at && before < out->len; before++)
      g_array_append_val (at, i);
    i += c >= (gunichar)-2 ? 1 : (size_t)(g_utf8_next_char (text.bytes + i) - (text.bytes + i));
  }
  return out;
}

static void
add_word (Plain *plain, guint32 concept, const char *name)
{
  PlainWord word
      = { .folded = g_strstrip (g_string_free (fold (text_of (name), NULL), FALSE)), .concept = concept };
  word.len = strlen (word.folded);
  g_array_append_val (plain->words, word);
}

Plain *
plain_new (const Vocabulary *vocabulary)
{
  Plain *plain = g_new0 (Plain, 1);
  size_t n;
  const VocabularyConcept *concepts = vocabulary_concepts (vocabulary, &n);
  plain->words = g_array_new (FALSE, FALSE, sizeof (PlainWord));
  for (size_t c = 0; c < n; c++) {
    add_word (plain, (guint32)c, concepts[c].zh);
    for (const char *const *word = concepts[c].words; *word; word++)
      add_word (plain, (guint32)c, *word);
  }
  return plain;
}

void
plain_free (Plain *plain)
{
  if (!plain)
    return;
  for (guint w = 0; w < plain->words->len; w++)
    g_free (g_array_index (plain->words, PlainWord, w).folded);
  g_array_unref (plain->words);
  g_free (plain);
}

static const PlainWord *
longest_at (const Plain *plain, const GString *folded, size_t at)
{
  const char *from = folded->str + at;
  const PlainWord *longest = NULL;
  if (at && g_ascii_isalnum (from[0]) && g_ascii_isalnum (from[-1]))
    return NULL;
  for (guint w = 0; w < plain->words->len; w++) {
    const PlainWord *word = &g_array_index (plain->words, PlainWord, w);
    if (word->len <= folded->len - at && memcmp (from, word->folded, word->len) == 0
        && !(g_ascii_isalnum (from[word->len - 1]) && g_ascii_isalnum (from[word->len]))
        && (!longest || word->len > longest->len))
      longest = word;
  }
  return longest;
}

GArray *
plain_find (const Plain *plain, Text text)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (VocabularyMention));
  g_autoptr (GArray) at = g_array_new (FALSE, FALSE, sizeof (size_t));
  g_autoptr (GString) folded = fold (text, at);
  for (size_t i = 0; i < folded->len;) {
    const PlainWord *word = longest_at (plain, folded, i);
    if (!word) {
      i = (size_t)(g_utf8_next_char (folded->str + i) - folded->str);
      continue;
    }
    size_t from = g_array_index (at, size_t, i), last = g_array_index (at, size_t, i + word->len - 1);
    VocabularyMention mention
        = { word->concept, from, (size_t)(g_utf8_next_char (text.bytes + last) - text.bytes) - from };
    g_array_append_val (found, mention);
    i += word->len;
  }
  return found;
}

bool
plain_agrees (const Plain *plain, const Vocabulary *vocabulary, Text text)
{
  g_autoptr (GArray) expected = plain_find (plain, text);
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const VocabularyMention *found = vocabulary_find (vocabulary, arena, text, &n);
  bool same = n == expected->len;
  for (size_t m = 0; same && m < n; m++) {
    const VocabularyMention *one = &g_array_index (expected, VocabularyMention, m);
    same = found[m].concept == one->concept && found[m].from == one->from && found[m].len == one->len;
  }
  return same;
}
