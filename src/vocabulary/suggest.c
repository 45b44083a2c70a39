/* What was typed so far. */
#include "vocabulary/vocabulary_private.h"

#include <string.h>

enum { AS_IT_IS, BEGINS, HOLDS, SYLLABLES, INITIALS, ONE_OFF, NOT_AT_ALL };
enum { OF_A_RANK = 64, NOWHERE = NOT_AT_ALL * OF_A_RANK };

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

/* Where WORD puts its concept: by rank, then the shorter name, then the concept's own before another for it.
 */
static guint16
place_of (const Word *word, const Typed *typed, guint16 so_far)
{
  int rank = rank_of (word, typed, so_far / OF_A_RANK + 1);
  int place = rank * OF_A_RANK + MIN (word->characters, OF_A_RANK / 2 - 1) * 2 + !word->is_own;
  return rank >= NOT_AT_ALL ? so_far : (guint16)MIN (so_far, place);
}

typedef struct {
  guint32 concept;
  guint16 place;
} Placed;

static int
by_place (const void *a, const void *b)
{
  const Placed *x = a, *y = b;
  return x->place != y->place ? x->place - y->place : (x->concept > y->concept) - (x->concept < y->concept);
}

/* Of the N concepts from FIRST at PLACES the first K, into OUT; how many. */
static size_t
take_best (const guint16 *places, size_t n, size_t first, size_t k, guint32 *out)
{
  g_autofree Placed *found = g_new (Placed, n + 1);
  size_t n_found = 0;
  for (size_t c = 0; c < n; c++)
    if (places[c] != NOWHERE)
      found[n_found++] = (Placed){ (guint32)(first + c), places[c] };
  qsort (found, n_found, sizeof *found, by_place);
  for (size_t i = 0; i < MIN (k, n_found); i++)
  out[i] = found[i].concept;
  return MIN (k, n_found);
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
  g_autofree guint16 *places = g_new (guint16, n_kind + 1);
  for (size_t c = 0; c < n_kind; c++)
    places[c] = NOWHERE;
  for (size_t w = v->word_firsts[kind]; w < v->word_firsts[kind + 1]; w++) {
    const Word *word = &v->words[w];
    guint16 *so_far = &places[word->concept - first];
    if (!v->concepts[word->concept].is_group)
      *so_far = place_of (word, &typed, *so_far);
  }
  *n = take_best (places, n_kind, first, k, out);
  return out;
}
