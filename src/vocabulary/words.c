/* Words as they are compared, and as they are said. */
#include "vocabulary/vocabulary_private.h"

void
vocabulary_fold (Text text, GString *out)
{
  g_string_truncate (out, 0);
  for (size_t i = 0; i < text.len;) {
    gunichar folded[SPELLING_FOLDED_MAX],
        c = g_utf8_get_char_validated (text.bytes + i, (gssize)(text.len - i));
    bool is_character = c < (gunichar)-2;
    size_t n = is_character ? spelling_fold_one (c, folded) : 0;
    for (size_t f = 0; f < n; f++)
      if (out->len || folded[f] != ' ')
        g_string_append_unichar (out, folded[f]);
    i += is_character ? (size_t)(g_utf8_next_char (text.bytes + i) - (text.bytes + i)) : 1;
  }
  while (out->len && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
}

void
word_read_aloud (Arena *arena, const char *name, Word *word)
{
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  g_autoptr (GString) syllables = g_string_new (NULL), readings = g_string_new (NULL);
  size_t n = spelling_split (text_of (name), buffer, units);
  for (size_t u = 0; u < n; u++) {
    for (size_t r = 0; r < units[u].n; r++) {
      Text letters = units[u].readings[r].letters;
      if (!r)
        g_string_append_len (syllables, letters.bytes, (gssize)letters.len);
      g_string_append_printf (readings, "%s%.*s", r ? "," : "", (int)letters.len, letters.bytes);
    }
    if (units[u].n)
      g_string_append_c (readings, '|');
  }
  word->syllables = arena_text (arena, (Text){ syllables->str, syllables->len });
  word->readings = arena_text (arena, (Text){ readings->str, readings->len });
}
