#include "fulltext_private.h"

#include <pthread.h>

enum { FIRST = 0x4e00, LAST = 0x9fff, SYLLABLE_LETTERS = 6, SYLLABLES_MAX = 1024 };

static char syllables[SYLLABLES_MAX][SYLLABLE_LETTERS + 2]; /* ascending */
static size_t n_syllables;
static guint16 readings_of[LAST - FIRST + 1][READINGS_MAX]; /* SYLLABLE_NONE: no more */

static int
compare (const void *a, const void *b)
{
  return strcmp (a, b);
}

static size_t
read_spelled (gunichar c, SpellingUnit units[SPELLING_UNITS_MAX], char buffer[SPELLING_SIZE])
{
  /* Behind another character, so that it is not read as a surname. */
  char text[16] = "一";
  size_t len = strlen (text);
  len += (size_t)g_unichar_to_utf8 (c, text + len);
  return spelling_split ((Text){ text, len }, buffer, units) == 2 ? MIN (units[1].n, READINGS_MAX) : 0;
}

/* The place of LETTERS among the syllables; n_syllables when it is none. */
static size_t
find_syllable (Text letters)
{
  char key[SYLLABLE_LETTERS + 2] = "";
  if (letters.len > SYLLABLE_LETTERS)
    return n_syllables;
  memcpy (key, letters.bytes, letters.len);
  const void *found = bsearch (key, syllables, n_syllables, sizeof *syllables, compare);
  return found ? (size_t)((const char (*)[SYLLABLE_LETTERS + 2]) found - syllables) : n_syllables;
}

static void
collect_syllables (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  SpellingUnit units[SPELLING_UNITS_MAX];
  char buffer[SPELLING_SIZE];
  for (gunichar c = FIRST; c <= LAST; c++)
    for (size_t n = read_spelled (c, units, buffer), i = 0; i < n; i++)
      g_hash_table_add (seen,
                        g_strndup (units[1].readings[i].letters.bytes, units[1].readings[i].letters.len));
  GHashTableIter iter;
  gpointer letters;
  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &letters, NULL))
    if (strlen (letters) <= SYLLABLE_LETTERS && n_syllables < SYLLABLES_MAX)
      strcpy (syllables[n_syllables++], letters);
  qsort (syllables, n_syllables, sizeof *syllables, compare);
}

static void
read_characters (void)
{
  SpellingUnit units[SPELLING_UNITS_MAX];
  char buffer[SPELLING_SIZE];
  for (gunichar c = FIRST; c <= LAST; c++) {
    size_t n = read_spelled (c, units, buffer), kept = 0;
    guint16 *readings = readings_of[c - FIRST];
    memset (readings, 0xff, sizeof readings_of[0]);
    for (size_t i = 0; i < n; i++) {
      size_t found = find_syllable (units[1].readings[i].letters);
      if (found < n_syllables)
        readings[kept++] = (guint16)found;
    }
  }
}

static void
make_table (void)
{
  collect_syllables ();
  read_characters ();
}

static void
prepare (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once (&once, make_table);
}

size_t
syllables_of (gunichar character, guint16 readings[READINGS_MAX])
{
  size_t n = 0;
  prepare ();
  if (character < FIRST || character > LAST)
    return 0;
  while (n < READINGS_MAX && readings_of[character - FIRST][n] != SYLLABLE_NONE) {
    readings[n] = readings_of[character - FIRST][n];
    n++;
  }
  return n;
}

char
syllable_initial (unsigned syllable)
{
  return syllables[syllable][0];
}

typedef struct {
  Text letters;
  bool shortened;
  Reading *readings, current;
  size_t n, n_short, tried;
} Search;

static void read_from (Search *s, size_t at);

static void
read_piece (Search *s, size_t at, size_t len, size_t syllable)
{
  bool is_short = syllable == SYLLABLE_NONE;
  s->current.pieces[s->current.n].syllable = (guint16)syllable;
  s->current.pieces[s->current.n++].initial = s->letters.bytes[at];
  s->n_short += is_short;
  read_from (s, at + len);
  s->n_short -= is_short;
  s->current.n--;
}

/* Whether some syllable begins with LETTERS. */
static bool
begins_syllable (Text letters)
{
  size_t from = 0, to = n_syllables;
  while (from < to) {
    size_t middle = (from + to) / 2;
    if (strncmp (syllables[middle], letters.bytes, letters.len) < 0)
      from = middle + 1;
    else
      to = middle;
  }
  return from < n_syllables && strncmp (syllables[from], letters.bytes, letters.len) == 0;
}

static void
read_shortened (Search *s, size_t at, size_t left)
{
  const char *letters = s->letters.bytes + at;
  if (left > 1 && left <= SYLLABLE_LETTERS && find_syllable ((Text){ letters, left }) == n_syllables
      && begins_syllable ((Text){ letters, left }))
    read_piece (s, at, left, SYLLABLE_NONE);
  if (left > 2 && letters[1] == 'h' && strchr ("zcs", letters[0]))
    read_piece (s, at, 2, SYLLABLE_NONE);
  if (begins_syllable ((Text){ letters, 1 }))
    read_piece (s, at, 1, SYLLABLE_NONE);
}

static void
read_from (Search *s, size_t at)
{
  enum { TRIES = 4096 }; /* letters can be read in very many ways that lead nowhere */
  size_t left = s->letters.len - at;
  if (s->n == READINGS_TYPED_MAX || s->tried++ == TRIES)
    return;
  if (!left) {
    if (s->current.n && (s->n_short > 0) == s->shortened)
      s->readings[s->n++] = s->current;
    return;
  }
  if (s->current.n == SYLLABLES_TYPED_MAX)
    return;
  for (size_t len = MIN (left, SYLLABLE_LETTERS); len > 0; len--) {
    size_t found = find_syllable ((Text){ s->letters.bytes + at, len });
    if (found < n_syllables)
      read_piece (s, at, len, found);
  }
  if (s->shortened)
    read_shortened (s, at, left);
}

size_t
syllables_read (Text letters, bool shortened, Reading readings[READINGS_TYPED_MAX])
{
  char typed[UNIT_BYTES];
  Search search = { .shortened = shortened, .readings = readings };
  prepare ();
  if (letters.len > sizeof typed || letters.len > SYLLABLES_TYPED_MAX * SYLLABLE_LETTERS)
    return 0;
  /* ü is typed as v, and written u here. */
  for (size_t i = 0; i < letters.len; i++) {
    if (letters.bytes[i] < 'a' || letters.bytes[i] > 'z')
      return 0;
    bool is_u = letters.bytes[i] == 'v' && i && strchr ("ln", letters.bytes[i - 1]);
    typed[i] = is_u ? 'u' : letters.bytes[i];
  }
  search.letters = (Text){ typed, letters.len };
  read_from (&search, 0);
  return search.n;
}
