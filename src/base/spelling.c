#include "spelling.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "spelling_table.h"

G_STATIC_ASSERT (SPELLING_MARK_NONE > '9' && SPELLING_MARK_LAST < 'a');

/* ---- folding ----------------------------------------------------------- */

typedef struct {
  char *bytes;
  size_t len;
  bool apart; /* a blank or mark stood before what comes next */
} Folding;

static bool
is_han (gunichar c)
{
  return (c >= TABLE_FIRST && c <= TABLE_LAST) || (c >= 0x20000 && c <= 0x3ffff);
}

static gunichar
simplify (gunichar c)
{
  if (c == 0x3007) /* 〇 is written for 零 */
    return 0x96f6;
  return c >= TABLE_FIRST && c <= TABLE_LAST && simplified[c - TABLE_FIRST] ? simplified[c - TABLE_FIRST] : c;
}

/* Not ASCII and no plain Chinese character: by the Unicode database. */
static size_t
fold_other (gunichar c, gunichar folded[SPELLING_FOLDED_MAX])
{
  UErrorCode status = U_ZERO_ERROR;
  UChar plain[SPELLING_FOLDED_MAX], decomposed[SPELLING_FOLDED_MAX], source[2];
  int32_t len = 0;
  size_t n = 0;
  U16_APPEND_UNSAFE (source, len, c);
  len = unorm2_normalize (unorm2_getNFKCCasefoldInstance (&status), source, len, plain, SPELLING_FOLDED_MAX,
                          &status);
  len = unorm2_normalize (unorm2_getNFDInstance (&status), plain, len, decomposed, SPELLING_FOLDED_MAX,
                          &status);
  if (U_FAILURE (status))
    return 0;
  for (int32_t i = 0; i < len;) {
    UChar32 one;
    U16_NEXT (decomposed, i, len, one);
    if (u_isalnum (one) || one == 0x3007)
      folded[n++] = simplify ((gunichar)one);
    else if (u_charType (one) != U_NON_SPACING_MARK)
      folded[n++] = ' ';
  }
  return n;
}

size_t
spelling_fold_one (gunichar c, gunichar folded[SPELLING_FOLDED_MAX])
{
  if (c >= 0x80 && !(c >= TABLE_FIRST && c <= TABLE_LAST))
    return fold_other (c, folded);
  if (c >= 0x80)
    *folded = simplify (c);
  else
    *folded = g_ascii_isalnum ((char)c) ? (gunichar)g_ascii_tolower ((char)c) : ' ';
  return 1;
}

/* One character, folded already; runs of letters stay apart by one blank. */
static void
put (Folding *f, gunichar c)
{
  if (f->len + 8 > SPELLING_SIZE)
    return;
  char last = f->len ? f->bytes[f->len - 1] : '\0';
  bool run = !is_han (c) && f->len && !is_han (g_utf8_get_char (g_utf8_prev_char (f->bytes + f->len)));
  if (f->apart && run)
    f->bytes[f->len++] = ' ';
  if (c == 'v' && (last == 'l' || last == 'n'))
    c = 'u';
  f->apart = false;
  f->len += (size_t)g_unichar_to_utf8 (c, f->bytes + f->len);
}

static Text
fold (Text text, char *buffer)
{
  Folding f = { .bytes = buffer };
  gunichar folded[SPELLING_FOLDED_MAX];
  for (size_t i = 0; i < text.len;) {
    gunichar c = g_utf8_get_char_validated (text.bytes + i, (gssize)(text.len - i));
    if (c >= 0xfffffffe) /* no UTF-8 */
      break;
    i += (size_t)g_unichar_to_utf8 (c, NULL);
    size_t n = spelling_fold_one (c, folded);
    for (size_t k = 0; k < n; k++)
      if (folded[k] == ' ')
        f.apart = true;
      else
        put (&f, folded[k]);
  }
  return (Text){ buffer, f.len };
}

Text
spelling_fold (Text text, char buffer[SPELLING_SIZE])
{
  Text folded = fold (text, buffer);
  size_t len = 0;
  for (size_t i = 0; i < folded.len; i++)
    if (buffer[i] != ' ')
      buffer[len++] = buffer[i];
  return (Text){ buffer, len };
}

bool
spelling_is_character (gunichar folded)
{
  return is_han (folded);
}

bool
spelling_is_chinese (Text folded)
{
  for (size_t i = 0; i < folded.len; i += (size_t)(g_utf8_next_char (folded.bytes + i) - (folded.bytes + i)))
    if (is_han (g_utf8_get_char (folded.bytes + i)))
      return true;
  return false;
}

/* ---- readings ---------------------------------------------------------- */

static void
add_reading (SpellingUnit *unit, guint16 syllable)
{
  if (syllable && unit->n < SPELLING_READINGS_MAX)
    unit->readings[unit->n++] = (SpellingReading){ text_of (syllables[syllable]), marks[syllable] };
}

/* The place of the first entry of OTHERS that is not before C. */
static size_t
find_others (gunichar c)
{
  size_t from = 0, to = G_N_ELEMENTS (others);
  while (from < to) {
    size_t middle = (from + to) / 2;
    if (others[middle].character < c)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

static void
read_character (SpellingUnit *unit, gunichar c, bool first)
{
  if (c > TABLE_LAST)
    return;
  add_reading (unit, usual[c - TABLE_FIRST]);
  for (size_t i = find_others (c); i < G_N_ELEMENTS (others) && others[i].character == c; i++) {
    bool known = false;
    for (size_t k = 0; k < unit->n; k++)
      known |= text_equal (unit->readings[k].letters, text_of (syllables[others[i].syllable]));
    if (!known && (first || !others[i].surname))
      add_reading (unit, others[i].syllable);
  }
}

size_t
spelling_split (Text name, char buffer[SPELLING_SIZE], SpellingUnit units[SPELLING_UNITS_MAX])
{
  Text folded = fold (name, buffer);
  size_t n = 0;
  for (const char *p = folded.bytes, *end = p + folded.len; p < end && n < SPELLING_UNITS_MAX;) {
    const char *start = p;
    gunichar c = g_utf8_get_char (p);
    SpellingUnit *unit = &units[n++];
    unit->n = 0;
    p = g_utf8_next_char (p);
    if (!is_han (c))
      while (p < end && *p != ' ' && !is_han (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
    unit->text = (Text){ start, (size_t)(p - start) };
    if (is_han (c))
      read_character (unit, c, n == 1);
    else
      unit->readings[unit->n++] = (SpellingReading){ unit->text, SPELLING_MARK_NONE };
    if (p < end && *p == ' ')
      p++;
  }
  return n;
}

/* ---- patterns ---------------------------------------------------------- */

typedef struct {
  Text letters;
  SpellingPattern *patterns;
  size_t n;
  SpellingPattern current;
  unsigned shortened; /* pieces of CURRENT that are */
} Search;

enum { SYLLABLES = G_N_ELEMENTS (syllables), SYLLABLE_MAX = 6 };

/* The first syllable that begins with PREFIX; SYLLABLES when none does. */
static size_t
find_syllable (Text prefix)
{
  size_t from = 1, to = SYLLABLES;
  while (from < to) {
    size_t middle = (from + to) / 2;
    if (strncmp (syllables[middle], prefix.bytes, prefix.len) < 0)
      from = middle + 1;
    else
      to = middle;
  }
  return from < SYLLABLES && strncmp (syllables[from], prefix.bytes, prefix.len) == 0 ? from : SYLLABLES;
}

static bool
is_syllable (Text text)
{
  size_t first = find_syllable (text);
  return first < SYLLABLES && !syllables[first][text.len];
}

/* The marks of the syllables that begin with PREFIX; false when none does. */
static bool
marks_of_prefix (Text prefix, char *from, char *to)
{
  size_t i = find_syllable (prefix);
  if (i == SYLLABLES)
    return false;
  *from = marks[i];
  for (; i < SYLLABLES && strncmp (syllables[i], prefix.bytes, prefix.len) == 0; i++)
    *to = marks[i];
  return true;
}

/* A first letter alone stands for runs of letters as well. */
static bool
set_piece (Search *s, Text prefix, bool whole)
{
  struct SpellingPiece *piece = &s->current.pieces[s->current.n];
  piece->initial = prefix.bytes[0];
  if (!marks_of_prefix (prefix, &piece->from, &piece->to))
    return false;
  if (whole)
    piece->to = piece->from;
  else if (prefix.len == 1)
    piece->from = SPELLING_MARK_NONE;
  return true;
}

static void try_from (Search *s, size_t at);

static void
try_piece (Search *s, size_t at, size_t len, bool shortened)
{
  if (!set_piece (s, (Text){ s->letters.bytes + at, len }, !shortened))
    return;
  s->current.n++;
  s->shortened += shortened;
  try_from (s, at + len);
  s->shortened -= shortened;
  s->current.n--;
}

static void
try_last (Search *s, size_t at)
{
  if (!s->shortened || !set_piece (s, (Text){ s->letters.bytes + at, s->letters.len - at }, false))
    return;
  s->patterns[s->n] = s->current;
  s->patterns[s->n++].n++;
}

static void
try_from (Search *s, size_t at)
{
  const char *letters = s->letters.bytes + at;
  size_t left = s->letters.len - at, pieces = SPELLING_PIECES_MAX - s->current.n;
  if (s->n == SPELLING_PATTERNS_MAX || left > pieces * SYLLABLE_MAX)
    return;
  try_last (s, at);
  for (size_t len = MIN (left - 1, SYLLABLE_MAX); len > 0; len--) {
    if (len > 1 && is_syllable ((Text){ letters, len }))
      try_piece (s, at, len, false);
    if (len == 1 || (len == 2 && letters[1] == 'h' && strchr ("zcs", letters[0])))
      try_piece (s, at, len, true);
  }
}

size_t
spelling_patterns (Text letters, SpellingPattern patterns[SPELLING_PATTERNS_MAX])
{
  Search search = { .letters = letters, .patterns = patterns };
  if (letters.len)
    try_from (&search, 0);
  return search.n;
}

const char *
spelling_version (void)
{
  return TABLE_VERSION;
}
