#include "fulltext_private.h"

enum {
  TYPO_LETTERS_MIN = 4,
  TYPO_LETTERS_MAX = 20,
  TYPO_CHARACTERS_MIN = 3,
  SOME_KEYS_MIN = 3,
  WAYS_MAX = 256
};

static const double syllables_factor = 0.8, initials_factor = 0.4, typo_factor = 0.5, some_factor = 0.5;

/* ---- pieces of a word --------------------------------------------------------------- */

Pieces
query_pieces (Text text, Arena *arena)
{
  Pieces pieces = { arena_new0 (arena, gunichar, text.len + 1), arena_new0 (arena, Text, text.len + 1),
                    arena_new0 (arena, Key, text.len + 1), 0 };
  Scan scan;
  Unit unit;
  scan_start (&scan, text);
  /* Folding may give more units than there are bytes: ㍿ is four characters in three. */
  while (pieces.n < text.len && scan_next (&scan, &unit)) {
    if (unit.character)
      pieces.characters[pieces.n] = unit.character;
    else {
      pieces.letters[pieces.n] = arena_text_copy (arena, unit.letters);
      pieces.words[pieces.n] = key_word (unit.letters);
    }
    pieces.n++;
  }
  return pieces;
}

bool
ways_any (const FulltextWord *word)
{
  Scan scan;
  Unit unit;
  scan_start (&scan, word->text);
  return word->n_meanings || scan_next (&scan, &unit);
}

/* ---- collecting ------------------------------------------------------------------------ */

typedef struct {
  GArray *ways;
  Arena *arena;
  KeyExists exists;
  void *host;
} Ways;

static void
add_way (Ways *w, const Key *keys, size_t n, size_t need, double factor, bool spelled)
{
  Way way = { n, arena_copy (w->arena, keys, n * sizeof *keys), need, factor, spelled };
  if (n && w->ways->len < WAYS_MAX)
    g_array_append_val (w->ways, way);
}

/* The keys of PIECES: words, and the pairs of characters side by side.  One character between words is
 * left out: where more follow it in the text nothing is filed under it alone. */
static size_t
exact_keys (const Pieces *p, Key *keys)
{
  size_t n = 0;
  for (size_t i = 0; i < p->n; i++) {
    if (!p->characters[i])
      keys[n++] = p->words[i];
    else if (i + 1 < p->n && p->characters[i + 1])
      keys[n++] = key_characters (KEY_PAIR, p->characters[i], p->characters[i + 1]);
  }
  if (!n && p->n)
    keys[n++] = key_characters (KEY_CHARACTER, p->characters[0], 0);
  return n;
}

static size_t
unique_keys (Key *keys, size_t n)
{
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    bool known = false;
    for (size_t k = 0; k < kept && !known; k++)
      known = keys[k] == keys[i];
    if (!known)
      keys[kept++] = keys[i];
  }
  return kept;
}

/* The keys of a title that can be read so: pairs of syllables, syllables alone, pairs of first letters. */
static size_t
reading_keys (const Reading *r, Key *keys)
{
  size_t n = 0;
  for (size_t i = 0; i < r->n; i++) {
    bool whole = r->pieces[i].syllable != SYLLABLE_NONE;
    bool next_whole = i + 1 < r->n && r->pieces[i + 1].syllable != SYLLABLE_NONE;
    if (whole && next_whole)
      keys[n++] = key_syllables (KEY_SYLLABLES, r->pieces[i].syllable, r->pieces[i + 1].syllable);
    else if (i + 1 < r->n)
      keys[n++]
          = key_syllables (KEY_INITIALS, (guint8)r->pieces[i].initial, (guint8)r->pieces[i + 1].initial);
    bool in_pair = next_whole || (i && r->pieces[i - 1].syllable != SYLLABLE_NONE);
    if (whole && !in_pair)
      keys[n++] = key_syllables (KEY_SYLLABLE, r->pieces[i].syllable, 0);
  }
  return unique_keys (keys, n);
}

static bool
all_exist (Ways *w, const Key *keys, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!w->exists (w->host, keys[i]))
      return false;
  return true;
}

/* LETTERS as syllables. */
static void
add_readings (Ways *w, Text letters, bool shortened, double factor)
{
  Reading readings[READINGS_TYPED_MAX];
  Key keys[2 * SYLLABLES_TYPED_MAX];
  size_t n = syllables_read (letters, shortened, readings);
  for (size_t i = 0; i < n; i++) {
    size_t n_keys = shortened && readings[i].n < 2 ? 0 : reading_keys (&readings[i], keys);
    if (all_exist (w, keys, n_keys))
      add_way (w, keys, n_keys, n_keys, factor, true);
  }
}

/* ---- typos of letters --------------------------------------------------------------------- */

static void
try_letters (Ways *w, const char *letters, size_t len)
{
  Text text = { letters, len };
  Key key = key_word (text);
  if (w->exists (w->host, key))
    add_way (w, &key, 1, 1, typo_factor, false);
  add_readings (w, text, false, typo_factor);
}

static void
put_letter (Ways *w, Text typed, size_t at, size_t instead, char c)
{
  char letters[TYPO_LETTERS_MAX + 2];
  memcpy (letters, typed.bytes, at);
  letters[at] = c;
  memcpy (letters + at + 1, typed.bytes + at + instead, typed.len - at - instead);
  try_letters (w, letters, typed.len + 1 - instead);
}

/* Every word at distance one, instead of looking through those that there are: the time does not depend on
 * how many these are. */
static void
add_letter_typos (Ways *w, Text typed)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  if (typed.len < TYPO_LETTERS_MIN || typed.len > TYPO_LETTERS_MAX)
    return;
  for (size_t i = 0; i < typed.len; i++)
    if (!g_ascii_isalnum (typed.bytes[i]))
      return;
  for (size_t at = 0; at <= typed.len; at++) {
    char letters[TYPO_LETTERS_MAX];
    memcpy (letters, typed.bytes, typed.len);
    for (const char *c = alphabet; *c; c++) {
      put_letter (w, typed, at, 0, *c);
      if (at < typed.len && *c != typed.bytes[at])
        put_letter (w, typed, at, 1, *c);
    }
    if (at + 1 < typed.len && letters[at] != letters[at + 1]) {
      letters[at] = typed.bytes[at + 1];
      letters[at + 1] = typed.bytes[at];
      try_letters (w, letters, typed.len);
    }
    if (at < typed.len) {
      memcpy (letters, typed.bytes, at);
      memcpy (letters + at, typed.bytes + at + 1, typed.len - at - 1);
      try_letters (w, letters, typed.len - 1);
    }
  }
}

/* ---- typos of characters ------------------------------------------------------------------- */

typedef enum { TYPO_WRONG, TYPO_MANY, TYPO_MISSING } Typo;

/* The keys of CHARACTERS if the one at AT is wrong, too many, or one is missing behind it. */
static size_t
typo_keys (const gunichar *characters, size_t n, size_t at, Typo typo, Key *keys)
{
  size_t n_keys = 0;
  for (size_t i = 0; i + 1 < n; i++) {
    bool touched = typo == TYPO_MISSING ? i == at : i == at || i + 1 == at;
    if (!touched)
      keys[n_keys++] = key_characters (KEY_PAIR, characters[i], characters[i + 1]);
  }
  bool inner = at && at + 1 < n;
  if (typo == TYPO_WRONG && inner)
    keys[n_keys++] = key_characters (KEY_GAP, characters[at - 1], characters[at + 1]);
  if (typo == TYPO_MANY && inner)
    keys[n_keys++] = key_characters (KEY_PAIR, characters[at - 1], characters[at + 1]);
  if (typo == TYPO_MISSING)
    keys[n_keys++] = key_characters (KEY_GAP, characters[at], characters[at + 1]);
  return unique_keys (keys, n_keys);
}

static void
add_character_typos (Ways *w, const Pieces *p)
{
  enum { LONGEST = 32 };
  Key keys[LONGEST + 1];
  if (p->n < TYPO_CHARACTERS_MIN || p->n > LONGEST)
    return;
  for (size_t i = 0; i < p->n; i++)
    if (!p->characters[i])
      return;
  for (size_t at = 0; at < p->n; at++)
    for (Typo typo = TYPO_WRONG; typo <= TYPO_MISSING; typo++) {
      if (typo == TYPO_MISSING && at + 1 == p->n)
        continue;
      size_t n = typo_keys (p->characters, p->n, at, typo, keys);
      if (all_exist (w, keys, n))
        add_way (w, keys, n, n, typo_factor, true);
    }
}

/* ---- step by step ------------------------------------------------------------------------------ */

static void
add_exact (Ways *w, const FulltextWord *word, const Pieces *p, const Key *keys, size_t n)
{
  add_way (w, keys, n, n, 1, false);
  if (p->n == 1 && !p->characters[0])
    add_readings (w, p->letters[0], false, syllables_factor);
  for (size_t i = 0; i < word->n_meanings; i++) {
    Key key = key_make (KEY_CONCEPT, word->meanings[i].concept);
    add_way (w, &key, 1, 1, word->meanings[i].per_cent / 100.0, false);
  }
}

const Way *
ways_of (const FulltextWord *word, int step, KeyExists exists, void *host, Arena *arena, size_t *n)
{
  g_autoptr (GArray) ways = g_array_new (FALSE, FALSE, sizeof (Way));
  Ways w = { ways, arena, exists, host };
  Pieces p = query_pieces (word->text, arena);
  Key *keys = arena_new0 (arena, Key, p.n + 1);
  size_t n_keys = unique_keys (keys, exact_keys (&p, keys));
  bool letters = p.n == 1 && !p.characters[0];
  if (step == STEP_EXACT)
    add_exact (&w, word, &p, keys, n_keys);
  else if (step == STEP_INITIALS && letters)
    add_readings (&w, p.letters[0], true, initials_factor);
  else if (step == STEP_TYPO && letters)
    add_letter_typos (&w, p.letters[0]);
  else if (step == STEP_TYPO)
    add_character_typos (&w, &p);
  else if (step == STEP_SOME && n_keys >= SOME_KEYS_MIN)
    add_way (&w, keys, n_keys, MAX (2, (n_keys + 3) / 4), some_factor, false);
  *n = ways->len;
  return arena_copy (arena, ways->data, ways->len * sizeof (Way));
}

/* ---- words of what was typed ----------------------------------------------------------------------- */

FulltextWord *
fulltext_words (Text typed, Arena *arena, size_t *n, GError **error)
{
  size_t bad;
  *n = 0;
  if (typed.len > FULLTEXT_QUERY_BYTES || !text_is_utf8 (typed, &bad)) {
    g_set_error (error, FAULT, FAULT_USAGE,
                 typed.len > FULLTEXT_QUERY_BYTES
                     ? "what is searched for is longer than %d bytes: use fewer words"
                     : "what is searched for is not UTF-8",
                 FULLTEXT_QUERY_BYTES);
    return NULL;
  }
  FulltextWord *words = arena_new0 (arena, FulltextWord, FULLTEXT_WORDS_MAX);
  Scan scan;
  Unit unit;
  scan_start (&scan, typed);
  while (scan_next (&scan, &unit)) {
    FulltextWord *last = *n ? &words[*n - 1] : NULL;
    size_t start = last ? (size_t)(last->text.bytes - typed.bytes) : 0;
    /* ¼ is folded to two words, which cannot be cut apart. */
    if (last && (unit.joined || unit.from < start + last->text.len)) {
      last->text.len = unit.to - start;
      continue;
    }
    if (*n == FULLTEXT_WORDS_MAX) {
      g_set_error (error, FAULT, FAULT_USAGE, "a search has at most %d words", FULLTEXT_WORDS_MAX);
      return NULL;
    }
    words[(*n)++].text = (Text){ typed.bytes + unit.from, unit.to - unit.from };
  }
  return words;
}
