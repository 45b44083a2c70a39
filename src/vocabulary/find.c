/* Words in texts, and what was typed so far. */
#include "vocabulary/vocabulary_private.h"

#include <string.h>

/* ---- in texts ----------------------------------------------------------------------- */

static bool
is_letter (char c)
{
  return g_ascii_isalnum (c);
}

/* The longest word at AT of FOLDED, and its concept; 0: none begins there.  Latin words are whole words. */
static size_t
longest_at (const Vocabulary *v, const GString *folded, size_t at, char *buffer, guint32 *concept)
{
  const char *from = folded->str + at;
  guint32 two = (guint32)(guint8)from[0] << 8 | (guint8)from[1];
  size_t most = MIN (v->longest, folded->len - at);
  if (!(v->begins[two / 8] >> two % 8 & 1) || (at && is_letter (from[0]) && is_letter (from[-1])))
    return 0;
  memcpy (buffer, from, most);
  for (size_t len = most; len; len--) {
    buffer[len] = '\0';
    if ((from[len] & 0xC0) == 0x80 || (is_letter (from[len - 1]) && is_letter (from[len])))
      continue; /* within a character, or a Latin word */
    gpointer found = g_hash_table_lookup (v->by_word, buffer);
    if (!found)
      continue;
    *concept = GPOINTER_TO_UINT (found) - 1;
    return len;
  }
  return 0;
}

const VocabularyMention *
vocabulary_find (const Vocabulary *v, Arena *arena, Text text, size_t *n)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GArray) at = g_array_new (FALSE, FALSE, sizeof (size_t)),
                     found = g_array_new (FALSE, FALSE, sizeof (VocabularyMention));
  g_autofree char *buffer = g_malloc (v->longest + 1);
  vocabulary_fold (text, folded, at);
  for (size_t i = 0; i < folded->len;) {
    VocabularyMention mention = { .concept = VOCABULARY_NONE };
    size_t len = longest_at (v, folded, i, buffer, &mention.concept);
    if (len) {
      mention.from = g_array_index (at, size_t, i);
      size_t last = g_array_index (at, size_t, i + len - 1);
      mention.len = (size_t)(g_utf8_next_char (text.bytes + last) - text.bytes) - mention.from;
      g_array_append_val (found, mention);
    }
    i += len ? len : 1;
  }
  *n = found->len;
  VocabularyMention *mentions = arena_new0 (arena, VocabularyMention, MAX (found->len, 1));
  if (found->len)
    memcpy (mentions, found->data, found->len * sizeof *mentions);
  return mentions;
}

/* ---- as one types ---------------------------------------------------------------------- */

enum { AS_IT_IS, BEGINS, HOLDS, SYLLABLES, INITIALS, ONE_OFF, NOT_AT_ALL };

/* Whether A and B differ by one character: another one, one more or one less. */
static bool
differ_by_one (const char *a, const char *b)
{
  glong n = g_utf8_strlen (a, -1), m = g_utf8_strlen (b, -1);
  if (n - m > 1 || m - n > 1 || n < 2 || m < 2)
    return false;
  while (*a && *b && g_utf8_get_char (a) == g_utf8_get_char (b)) {
    a = g_utf8_next_char (a);
    b = g_utf8_next_char (b);
  }
  return strcmp (n >= m && *a ? g_utf8_next_char (a) : a, m >= n && *b ? g_utf8_next_char (b) : b) == 0;
}

static int
rank_of (const Word *word, const char *typed, bool is_latin)
{
  if (g_str_equal (word->folded, typed))
    return AS_IT_IS;
  if (g_str_has_prefix (word->folded, typed))
    return BEGINS;
  if (strstr (word->folded, typed))
    return HOLDS;
  if (is_latin && g_str_has_prefix (word->syllables, typed))
    return SYLLABLES;
  if (is_latin && g_str_has_prefix (word->initials, typed))
    return INITIALS;
  return differ_by_one (word->folded, typed) || (is_latin && differ_by_one (word->syllables, typed))
             ? ONE_OFF
             : NOT_AT_ALL;
}

typedef struct {
  guint32 concept;
  int rank;
} Ranked;

static gint
by_rank (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  if (x->rank != y->rank)
    return x->rank - y->rank;
  return (x->concept > y->concept) - (x->concept < y->concept);
}

const guint32 *
vocabulary_suggest (const Vocabulary *v, Arena *arena, Text typed, VocabularyKind kind, size_t k, size_t *n)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GArray) ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));
  g_autofree guint8 *best = g_malloc (MAX (v->n, 1));
  memset (best, NOT_AT_ALL, MAX (v->n, 1));
  vocabulary_fold (typed, folded, NULL);
  g_strstrip (folded->str);
  bool is_latin = g_str_is_ascii (folded->str);
  for (size_t w = 0; *folded->str && w < v->n_words; w++) {
    const VocabularyConcept *concept = &v->concepts[v->words[w].concept];
    if (concept->kind == kind && !concept->is_group)
      best[v->words[w].concept]
          = MIN (best[v->words[w].concept], (guint8)rank_of (&v->words[w], folded->str, is_latin));
  }
  for (guint32 c = 0; c < v->n; c++) {
    Ranked one = { c, best[c] };
    if (best[c] != NOT_AT_ALL)
      g_array_append_val (ranked, one);
  }
  g_array_sort (ranked, by_rank);
  *n = MIN (k, ranked->len);
  guint32 *out = arena_new0 (arena, guint32, MAX (*n, 1));
  for (size_t i = 0; i < *n; i++)
  out[i] = g_array_index (ranked, Ranked, i).concept;
  return out;
}
