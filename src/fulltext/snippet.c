#include "fulltext_private.h"

/* ---- what to mark: hits of words in the units of a text ---------------------------------- */

typedef struct {
  gunichar character;
  size_t from, to, n_before; /* N_BEFORE: characters of the text before it */
  bool joined;
  guint64 word;  /* its key; a snippet of long texts does not keep letters */
  guint32 marks; /* bit w: shows word w */
} Shown;

typedef struct {
  GArray *units; /* Shown */
  Arena *arena;
} Page;

enum { BYTES_MAX = FULLTEXT_DOCUMENT_BYTES };

static Page
read_page (Text text, Arena *arena, size_t *n_characters)
{
  Page page = { g_array_new (FALSE, FALSE, sizeof (Shown)), arena };
  Scan scan;
  Unit unit;
  size_t at = 0, n = 0;
  scan_start (&scan, (Text){ text.bytes, MIN (text.len, BYTES_MAX) });
  while (scan_next (&scan, &unit)) {
    for (; at < unit.from; at += (size_t)(g_utf8_next_char (text.bytes + at) - (text.bytes + at)))
      n++;
    Shown shown = { unit.character, unit.from, unit.to, n, unit.joined, 0, 0 };
    if (!unit.character)
      shown.word = key_word (unit.letters);
    g_array_append_val (page.units, shown);
  }
  *n_characters = n + (at < text.len ? text_length ((Text){ text.bytes + at, text.len - at }) : 0);
  return page;
}

static bool
piece_is (const Shown *shown, const Pieces *p, size_t i)
{
  return p->characters[i] ? shown->character == p->characters[i]
                          : !shown->character && shown->word == p->words[i];
}

/* Marks every place where pieces FIRST to FIRST + N - 1 stand side by side; whether there is one. */
static bool
mark_run (Page *page, const Pieces *p, size_t first, size_t n, guint32 bit)
{
  bool any = false;
  Shown *units = &g_array_index (page->units, Shown, 0);
  for (size_t at = 0; at + n <= page->units->len; at++) {
    size_t i = 0;
    while (i < n && piece_is (&units[at + i], p, first + i) && (!i || units[at + i].joined))
      i++;
    for (size_t k = 0; i == n && k < n; k++)
      units[at + k].marks |= bit;
    any |= i == n;
  }
  return any;
}

/* Marks characters that are read as PIECES; a syllable that is only begun shows its first letter. */
static bool
mark_reading (Page *page, const Reading *r, guint32 bit)
{
  bool any = false;
  Shown *units = &g_array_index (page->units, Shown, 0);
  for (size_t at = 0; at + r->n <= page->units->len; at++) {
    size_t i = 0;
    for (bool same = true; i < r->n && same; i += same) {
      guint16 readings[READINGS_MAX];
      size_t n = syllables_of (units[at + i].character, readings);
      same = false;
      for (size_t k = 0; k < n; k++)
        same |= r->pieces[i].syllable == SYLLABLE_NONE
                    ? syllable_initial (readings[k]) == r->pieces[i].initial
                    : readings[k] == r->pieces[i].syllable;
      same = same && (!i || units[at + i].joined);
    }
    for (size_t k = 0; i == r->n && k < r->n; k++)
      units[at + k].marks |= bit;
    any |= i == r->n;
  }
  return any;
}

static void
mark_spelled (Page *page, Text letters, guint32 bit)
{
  Reading readings[READINGS_TYPED_MAX];
  for (int shortened = 0; shortened <= 1; shortened++) {
    bool any = false;
    size_t n = syllables_read (letters, shortened, readings);
    for (size_t i = 0; i < n; i++)
      any |= (readings[i].n > 1 || !shortened) && mark_reading (page, &readings[i], bit);
    if (any)
      return;
  }
}

static void
mark_word (Page *page, Text text, bool spelled, guint32 bit)
{
  Pieces p = query_pieces (text, page->arena);
  if (!p.n || mark_run (page, &p, 0, p.n, bit))
    return;
  if (p.n == 1 && !p.characters[0]) {
    if (spelled)
      mark_spelled (page, p.letters[0], bit);
    return;
  }
  for (size_t i = 0; i < p.n; i++) {
    if (!p.characters[i])
      mark_run (page, &p, i, 1, bit);
    else if (i + 1 < p.n && p.characters[i + 1])
      mark_run (page, &p, i, 2, bit);
  }
}

/* ---- the stretch -------------------------------------------------------------------------- */

/* A little of what stands before is shown as well. */
static size_t
lead (size_t characters)
{
  return characters / 8;
}

/* The marked unit behind which, in a stretch of CHARACTERS, most words are shown, then most marks. */
static size_t
best_start (const Page *page, size_t characters)
{
  const Shown *units = &g_array_index (page->units, Shown, 0);
  size_t best = 0, best_value = 0, marks = 0, per_word[FULLTEXT_WORDS_MAX] = { 0 }, words = 0;
  for (size_t from = 0, to = 0; from < page->units->len; from++) {
    for (;
         to < page->units->len && units[to].n_before < units[from].n_before + characters - lead (characters);
         to++)
      for (guint32 m = units[to].marks; m; m &= m - 1) {
        words += !per_word[g_bit_nth_lsf (m, -1)]++;
        marks++;
      }
    size_t value = words * BYTES_MAX + marks;
    if (value > best_value && units[from].marks) {
      best = from;
      best_value = value;
    }
    for (guint32 m = units[from].marks; m; m &= m - 1) {
      words -= !--per_word[g_bit_nth_lsf (m, -1)];
      marks--;
    }
  }
  return best;
}

/* The stretch of CHARACTERS that begins a little before unit START. */
static FulltextRange
stretch (Text text, const Page *page, size_t start, size_t characters, size_t n_characters)
{
  const Shown *units = &g_array_index (page->units, Shown, 0);
  size_t first = units[start].n_before - MIN (units[start].n_before, lead (characters));
  first = MIN (first, n_characters - characters);
  const char *from = units[start].from + text.bytes;
  for (size_t n = units[start].n_before; n > first; n--)
    from = g_utf8_prev_char (from);
  for (size_t n = units[start].n_before; n < first; n++)
    from = g_utf8_next_char (from);
  const char *to = from, *end = text.bytes + text.len;
  for (size_t n = 0; n < characters && to < end; n++)
    to = g_utf8_next_char (to);
  return (FulltextRange){ (size_t)(from - text.bytes), (size_t)(to - text.bytes) };
}

static FulltextSnippet
collect (const Page *page, FulltextRange shown, Arena *arena)
{
  FulltextRange *marks = arena_new0 (arena, FulltextRange, page->units->len + 1);
  FulltextSnippet snippet = { shown, 0, marks };
  for (size_t i = 0; i < page->units->len; i++) {
    const Shown *u = &g_array_index (page->units, Shown, i);
    if (!u->marks || u->from < shown.from || u->to > shown.to)
      continue;
    if (snippet.n && u->from <= marks[snippet.n - 1].to)
      marks[snippet.n - 1].to = MAX (u->to, marks[snippet.n - 1].to);
    else
      marks[snippet.n++] = (FulltextRange){ u->from, u->to };
  }
  return snippet;
}

FulltextSnippet
fulltext_snippet (Text text, const FulltextWord *words, size_t n_words, bool spelled, size_t characters,
                  Arena *arena)
{
  size_t bad, n_characters;
  if (!text_is_utf8 (text, &bad))
    text.len = bad;
  Page page = read_page (text, arena, &n_characters);
  for (size_t i = 0; i < MIN (n_words, FULLTEXT_WORDS_MAX); i++)
    mark_word (&page, words[i].text, spelled, (guint32)1 << i);
  FulltextRange shown = { 0, text.len };
  if (n_characters > characters && page.units->len)
    shown = stretch (text, &page, best_start (&page, characters), characters, n_characters);
  else if (n_characters > characters)
    shown.to = (size_t)(g_utf8_offset_to_pointer (text.bytes, (glong)characters) - text.bytes);
  FulltextSnippet snippet = collect (&page, shown, arena);
  g_array_unref (page.units);
  return snippet;
}
