/* Words in texts: the text becomes symbols, and from each of them the trie is walked as far as it goes. */
#include "vocabulary/vocabulary_private.h"

#include <string.h>

/* ---- symbols -------------------------------------------------------------------------- */

/* Of a folded character. */
static guint16
symbol_of (const Trie *trie, gunichar c)
{
  if (c >= 'a' && c <= 'z')
    return (guint16)(c - 'a' + 1);
  if (c >= '0' && c <= '9')
    return (guint16)(c - '0' + 27);
  if (c == ' ')
    return SYMBOL_BLANK;
  return (guint16)GPOINTER_TO_UINT (g_hash_table_lookup (trie->symbols, GUINT_TO_POINTER (c)));
}

static bool
is_letter (guint16 symbol)
{
  return symbol != SYMBOL_NONE && symbol <= SYMBOL_LETTERS_LAST;
}

static void
number_characters (Trie *trie, const Word *words, size_t n)
{
  guint next = SYMBOL_BLANK + 1;
  for (size_t w = 0; w < n; w++)
    for (const char *c = words[w].folded; *c; c = g_utf8_next_char (c)) {
      gunichar one = g_utf8_get_char (c);
      if (one >= 0x80 && next < SYMBOL_UNKNOWN && !symbol_of (trie, one))
        g_hash_table_insert (trie->symbols, GUINT_TO_POINTER (one), GUINT_TO_POINTER (next++));
    }
}

/* What texts are mostly made of is folded beforehand: ASCII, punctuation, Chinese characters, full width. */
static void
fold_beforehand (Trie *trie)
{
  static const gunichar ranges[][2]
      = { { 0x1, 0x7f }, { 0x2000, 0x206f }, { 0x3000, 0x303f }, { 0x4e00, 0x9fff }, { 0xff00, 0xffef } };
  gunichar folded[SPELLING_FOLDED_MAX];
  for (size_t c = 0; c < 1 << 16; c++)
    trie->fast[c] = SYMBOL_UNKNOWN;
  for (size_t r = 0; r < G_N_ELEMENTS (ranges); r++)
    for (gunichar c = ranges[r][0]; c <= ranges[r][1]; c++)
      if (spelling_fold_one (c, folded) == 1)
        trie->fast[c] = symbol_of (trie, folded[0]);
}

/* ---- making it ------------------------------------------------------------------------- */

/* The words that a node leads to, and how many of their bytes led there. */
typedef struct {
  guint from, to, depth;
} Span;

static gint
by_bytes (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const Word *const *)a)->folded, (*(const Word *const *)b)->folded);
}

/* The children of the node whose words SPAN are, onto NODES and SPANS. */
static void
add_children (const Trie *trie, const GPtrArray *words, Span span, GArray *nodes, GArray *spans)
{
  for (guint w = span.from, end; w < span.to; w = end) {
    const char *at = ((const Word *)words->pdata[w])->folded + span.depth;
    guint len = (guint)(g_utf8_next_char (at) - at);
    for (end = w + 1; end < span.to; end++)
      if (strncmp (((const Word *)words->pdata[end])->folded + span.depth, at, len) != 0)
        break;
    TrieNode node = { .concept = VOCABULARY_NONE, .symbol = symbol_of (trie, g_utf8_get_char (at)) };
    Span under = { w, end, span.depth + len };
    g_array_append_val (nodes, node);
    g_array_append_val (spans, under);
  }
}

void
trie_make (Vocabulary *v)
{
  Trie *trie = &v->trie;
  size_t n = v->word_firsts[VOCABULARY_KINDS];
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GArray) nodes = g_array_new (FALSE, TRUE, sizeof (TrieNode)),
                     spans = g_array_new (FALSE, FALSE, sizeof (Span));
  Span all = { 0, (guint)n, 0 };
  trie->symbols = g_hash_table_new (NULL, NULL);
  trie->fast = g_new (guint16, 1 << 16);
  number_characters (trie, v->words, n);
  fold_beforehand (trie);
  for (size_t w = 0; w < n; w++)
    g_ptr_array_add (words, &v->words[w]);
  g_ptr_array_sort (words, by_bytes);
  g_array_set_size (nodes, 1);
  g_array_append_val (spans, all);
  for (guint i = 0; i < nodes->len; i++) {
    Span span = g_array_index (spans, Span, i);
    const Word *first = n ? words->pdata[span.from] : NULL;
    guint32 concept = VOCABULARY_NONE, begin = nodes->len;
    if (first && first->len == span.depth) {
      concept = first->concept;
      span.from++;
    }
    add_children (trie, words, span, nodes, spans);
    TrieNode *node = &g_array_index (nodes, TrieNode, i);
    *node = (TrieNode){ begin, nodes->len, concept, node->symbol };
  }
  trie->nodes = arena_copy (v->arena, nodes->data, nodes->len * sizeof (TrieNode));
  trie->roots = arena_new0 (v->arena, guint32, SYMBOL_UNKNOWN);
  for (guint32 c = trie->nodes->first; c < trie->nodes->end; c++)
    trie->roots[trie->nodes[c].symbol] = c;
}

void
trie_clear (Trie *trie)
{
  g_clear_pointer (&trie->symbols, g_hash_table_unref);
  g_clear_pointer (&trie->fast, g_free);
}

/* ---- a text ---------------------------------------------------------------------------- */

/* A text's symbols, each with the byte of the text that it came from. */
typedef struct {
  guint16 *symbols;
  size_t *from;
  size_t n, room;
} Line;

static void
line_add (Line *line, guint16 symbol, size_t from)
{
  if (line->n == line->room) {
    line->room = line->room * 2 + 64;
    line->symbols = g_renew (guint16, line->symbols, line->room);
    line->from = g_renew (size_t, line->from, line->room);
  }
  line->symbols[line->n] = symbol;
  line->from[line->n++] = from;
}

/* The symbol of the character at AT of TEXT in *SYMBOL when it is one that was folded beforehand, and its
 * bytes; else 0.  Three bytes that begin with E1 to EC, EE or EF can only be what they look like. */
static size_t
fast_at (const Trie *trie, Text text, size_t at, guint16 *symbol)
{
  const guint8 *bytes = (const guint8 *)text.bytes + at;
  size_t len = *bytes < 0x80 ? 1 : 3;
  gunichar c = *bytes;
  if (len == 3) {
    if (*bytes < 0xe1 || *bytes > 0xef || *bytes == 0xed || text.len - at < 3 || (bytes[1] & 0xc0) != 0x80
        || (bytes[2] & 0xc0) != 0x80)
      return 0;
    c = (gunichar)(bytes[0] & 0xf) << 12 | (gunichar)(bytes[1] & 0x3f) << 6 | (bytes[2] & 0x3f);
  }
  *symbol = trie->fast[c];
  return *symbol == SYMBOL_UNKNOWN ? 0 : len;
}

static size_t
slow_at (const Trie *trie, Text text, size_t at, Line *line)
{
  gunichar folded[SPELLING_FOLDED_MAX],
      c = g_utf8_get_char_validated (text.bytes + at, (gssize)(text.len - at));
  if (c >= (gunichar)-2)
    return 1;
  size_t n = spelling_fold_one (c, folded);
  for (size_t f = 0; f < n; f++)
    line_add (line, symbol_of (trie, folded[f]), at);
  return (size_t)(g_utf8_next_char (text.bytes + at) - (text.bytes + at));
}

static Line
line_of (const Trie *trie, Text text)
{
  Line line = { 0 };
  for (size_t at = 0, len; at < text.len; at += len) {
    guint16 symbol;
    len = fast_at (trie, text, at, &symbol);
    if (len)
      line_add (&line, symbol, at);
    else
      len = slow_at (trie, text, at, &line);
  }
  return line;
}

static guint32
child_of (const Trie *trie, guint32 node, guint16 symbol)
{
  for (guint32 c = trie->nodes[node].first; c < trie->nodes[node].end; c++)
    if (trie->nodes[c].symbol == symbol)
      return c;
  return 0;
}

/* How many symbols the longest word at AT has, and its concept; 0: none begins there.  Latin words are whole.
 */
static size_t
longest_at (const Trie *trie, const Line *line, size_t at, guint32 *concept)
{
  const guint16 *symbols = line->symbols;
  size_t longest = 0;
  if (at && is_letter (symbols[at]) && is_letter (symbols[at - 1]))
    return 0;
  guint32 node = trie->roots[symbols[at]];
  for (size_t end = at + 1; node; end++) {
    bool within = end < line->n && is_letter (symbols[end - 1]) && is_letter (symbols[end]);
    if (trie->nodes[node].concept != VOCABULARY_NONE && !within) {
      *concept = trie->nodes[node].concept;
      longest = end - at;
    }
    node = end < line->n ? child_of (trie, node, symbols[end]) : 0;
  }
  return longest;
}

const VocabularyMention *
vocabulary_find (const Vocabulary *v, Arena *arena, Text text, size_t *n)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (VocabularyMention));
  Line line = line_of (&v->trie, text);
  for (size_t i = 0; i < line.n;) {
    VocabularyMention mention = { .concept = VOCABULARY_NONE };
    size_t len = longest_at (&v->trie, &line, i, &mention.concept);
    if (len) {
      size_t last = line.from[i + len - 1];
      mention.from = line.from[i];
      mention.len = (size_t)(g_utf8_next_char (text.bytes + last) - text.bytes) - mention.from;
      g_array_append_val (found, mention);
    }
    i += len ? len : 1;
  }
  g_free (line.symbols);
  g_free (line.from);
  *n = found->len;
  return found->len ? arena_copy (arena, found->data, found->len * sizeof (VocabularyMention))
                    : arena_new0 (arena, VocabularyMention, 1);
}
