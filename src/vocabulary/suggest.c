/* What was typed so far. */
#include "vocabulary/vocabulary_private.h"

#include <string.h>

enum { AS_IT_IS, BEGINS, HOLDS, SYLLABLES, INITIALS, ONE_OFF, NOT_AT_ALL };

/* What was typed: folded; of Latin letters alone, also without blanks. */
typedef struct {
  const char *folded, *solid;
  size_t len, characters, solid_len;
  bool is_latin;
} Typed;

/* Whether A of N characters and B of M differ by one: another one, one more or one less. */
static bool
differ_by_one (const char *a, size_t n, const char *b, size_t m)
{
  if (n > m + 1 || m > n + 1 || n < 2 || m < 2)
    return false;
  size_t same = 0;
  while (a[same] && a[same] == b[same])
    same++;
  while (same && (a[same] & 0xC0) == 0x80) /* to the character's first byte */
    same--;
  a += same;
  b += same;
  return strcmp (n >= m && *a ? g_utf8_next_char (a) : a, m >= n && *b ? g_utf8_next_char (b) : b) == 0;
}

/* Whether what is TYPED begins how READINGS ("hui,kuai|ji|") are said: in full, the last broken off
 * anywhere, or with SHORTENED any of them by its first letter. */
static bool
said_so (const char *readings, const char *typed, bool shortened)
{
  if (!*typed || !*readings)
    return !*typed;
  const char *next = strchr (readings, '|') + 1;
  for (const char *one = readings; one < next; one += strcspn (one, ",|") + 1) {
    size_t len = strcspn (one, ",|"), same = 0;
    while (same < len && typed[same] == one[same])
      same++;
    if (!typed[same] || (same == len && said_so (next, typed + len, shortened))
        || (shortened && same && len > 1 && said_so (next, typed + 1, shortened)))
      return true;
  }
  return false;
}

/* How well WORD fits, if better than BEST. */
static int
rank_of (const Word *word, const Typed *typed, int best)
{
  if (word->len >= typed->len) {
    if (strncmp (word->folded, typed->folded, typed->len) == 0)
      return word->len == typed->len ? AS_IT_IS : BEGINS;
    if (best > HOLDS && strstr (word->folded, typed->folded))
      return HOLDS;
  }
  if (best > SYLLABLES && typed->is_latin && said_so (word->readings, typed->solid, false))
    return SYLLABLES;
  if (best > INITIALS && typed->is_latin && said_so (word->readings, typed->solid, true))
    return INITIALS;
  if (best <= ONE_OFF)
    return best;
  return differ_by_one (word->folded, word->characters, typed->folded, typed->characters)
                 || (typed->is_latin
                     && differ_by_one (word->syllables, strlen (word->syllables), typed->solid,
                                       typed->solid_len))
             ? ONE_OFF
             : NOT_AT_ALL;
}

static char *
without_blanks (const char *folded)
{
  GString *solid = g_string_new (folded);
  g_string_replace (solid, " ", "", 0);
  return g_string_free (solid, FALSE);
}

/* Of the N concepts with ranks BEST the first K by rank, into OUT; how many. */
static size_t
take_best (const guint8 *best, size_t n, size_t first, size_t k, guint32 *out)
{
  size_t taken = 0;
  for (int rank = AS_IT_IS; rank < NOT_AT_ALL; rank++)
    for (size_t c = 0; c < n && taken < k; c++)
      if (best[c] == rank)
        out[taken++] = (guint32)(first + c);
  return taken;
}

const guint32 *
vocabulary_suggest (const Vocabulary *v, Arena *arena, Text text, VocabularyKind kind, size_t k, size_t *n)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  size_t first = v->firsts[kind], n_kind = v->firsts[kind + 1] - first;
  guint32 *out = arena_new0 (arena, guint32, MAX (MIN (k, n_kind), 1));
  *n = 0;
  vocabulary_fold (text, folded);
  g_autofree char *solid = without_blanks (folded->str);
  if (!folded->len || strlen (solid) > v->longest + 4) /* no name is that long, and one character more */
    return out;
  Typed typed = { folded->str,    solid,
                  folded->len,    (size_t)g_utf8_strlen (folded->str, -1),
                  strlen (solid), g_str_is_ascii (folded->str) };
  g_autofree guint8 *best = g_malloc (MAX (n_kind, 1));
  memset (best, NOT_AT_ALL, MAX (n_kind, 1));
  for (size_t w = v->word_firsts[kind]; w < v->word_firsts[kind + 1]; w++) {
    const Word *word = &v->words[w];
    guint8 *so_far = &best[word->concept - first];
    if (!v->concepts[word->concept].is_group)
      *so_far = MIN (*so_far, (guint8)rank_of (word, &typed, *so_far));
  }
  *n = take_best (best, n_kind, first, k, out);
  return out;
}
