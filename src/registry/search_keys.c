/* The keys of one subject. */
#include "registry/search.h"

#include <stdlib.h>

void
search_keys_clear (SearchKeys *keys)
{
  g_free (keys->bytes.bytes);
  g_free (keys->keys);
  *keys = (SearchKeys){ 0 };
}

/* ---- building ---------------------------------------------------------- */

static void
begin_key (SearchKeys *keys, char kind)
{
  if (keys->n == keys->size) {
    keys->size = MAX (keys->size * 2, 32);
    keys->keys = g_renew (SearchKey, keys->keys, keys->size);
  }
  keys->keys[keys->n++] = (SearchKey){ (guint32)keys->bytes.len, 1 };
  buffer_reserve (&keys->bytes, SPELLING_SIZE * 2);
  keys->bytes.bytes[keys->bytes.len++] = (guint8)kind;
}

static void
put (SearchKeys *keys, Text text)
{
  buffer_reserve (&keys->bytes, text.len);
  memcpy (keys->bytes.bytes + keys->bytes.len, text.bytes, text.len);
  keys->bytes.len += text.len;
  keys->keys[keys->n - 1].len += (guint32)text.len;
}

/* ---- names ------------------------------------------------------------- */

static void
add_text (SearchKeys *keys, char kind, const SpellingUnit *units, size_t n)
{
  begin_key (keys, kind);
  for (size_t i = 0; i < n; i++)
    put (keys, units[i].text);
}

static void
add_letters (SearchKeys *keys, char kind, const SpellingUnit *units, size_t n, const size_t *choices)
{
  begin_key (keys, kind);
  for (size_t i = 0; i < n; i++)
    if (units[i].n)
      put (keys, units[i].readings[choices[i]].letters);
}

/* Of an alphabet but the Latin there are no initials. */
static bool
has_initial (const SpellingUnit *unit)
{
  return unit->n && !(*unit->readings[0].letters.bytes & 0x80);
}

static void
add_initials (SearchKeys *keys, char kind, const SpellingUnit *units, size_t n, const size_t *choices)
{
  begin_key (keys, kind);
  for (size_t i = 0; i < n; i++)
    if (has_initial (&units[i]))
      put (keys, (Text){ units[i].readings[choices[i]].letters.bytes, 1 });
  for (size_t i = 0; i < n; i++)
    if (has_initial (&units[i]))
      put (keys, (Text){ &units[i].readings[choices[i]].mark, 1 });
}

/* Initials of one unit say no more than the first letter of its reading. */
static void
add_reading (SearchKeys *keys, bool whole, const SpellingUnit *units, size_t n, const size_t *choices)
{
  size_t readable = 0, initials = 0;
  for (size_t i = 0; i < n; i++) {
    readable += units[i].n > 0;
    initials += has_initial (&units[i]);
  }
  if (readable > 0)
    add_letters (keys, whole ? 'P' : 'p', units, n, choices);
  if (initials > 1)
    add_initials (keys, whole ? 'I' : 'i', units, n, choices);
}

/* Every way to read the first two characters that are read in several ways; of
 * more, which long names of bodies have, the most usual.  (CHOICES of N is nobody's.) */
static void
add_readings (SearchKeys *keys, bool whole, const SpellingUnit *units, size_t n)
{
  size_t choices[SPELLING_UNITS_MAX + 1] = { 0 }, several[2] = { n, n }, found = 0;
  for (size_t i = 0; i < n && found < G_N_ELEMENTS (several); i++)
    if (units[i].n > 1)
      several[found++] = i;
  size_t n_first = found > 0 ? units[several[0]].n : 1, n_second = found > 1 ? units[several[1]].n : 1;
  for (size_t a = 0; a < n_first; a++)
    for (size_t b = 0; b < n_second; b++) {
      choices[several[0]] = a;
      choices[several[1]] = b;
      add_reading (keys, whole, units, n, choices);
    }
}

static void
add_name (SearchKeys *keys, Text name)
{
  char buffer[SPELLING_SIZE];
  SpellingUnit units[SPELLING_UNITS_MAX];
  size_t n = spelling_split (name, buffer, units), before = keys->n;
  for (size_t i = 0; i < n; i++) {
    add_text (keys, i ? 'n' : 'N', units + i, n - i);
    add_readings (keys, i == 0, units + i, n - i);
  }
  for (size_t i = before; i < keys->n; i++)
    if (keys->bytes.bytes[keys->keys[i].offset] == 'P')
      return;
  begin_key (keys, 'P'); /* who has no name, or none that can be read, comes first in a list */
}

/* ---- numbers ----------------------------------------------------------- */

Text
search_backwards (Text text, size_t max, char *out)
{
  size_t len = 0;
  for (const char *end = text.bytes + text.len; end > text.bytes && max > 0; max--) {
    const char *start = g_utf8_prev_char (end);
    memcpy (out + len, start, (size_t)(end - start));
    len += (size_t)(end - start);
    end = start;
  }
  return (Text){ out, len };
}

static void
add_backwards (SearchKeys *keys, char kind, Text text, size_t max)
{
  char out[SPELLING_SIZE];
  begin_key (keys, kind);
  put (keys, search_backwards (text, max, out));
}

static void
add_number (SearchKeys *keys, Text number)
{
  char buffer[SPELLING_SIZE];
  Text folded = spelling_fold (number, buffer);
  if (!folded.len)
    return;
  begin_key (keys, 'D');
  put (keys, folded);
  add_backwards (keys, 'd', folded, SEARCH_END_MAX);
}

static void
add_phone (SearchKeys *keys, Text phone)
{
  char buffer[SPELLING_SIZE];
  Text folded = spelling_fold (phone, buffer);
  if (folded.len)
    add_backwards (keys, 'T', folded, SPELLING_SIZE);
}

/* ---- together ---------------------------------------------------------- */

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data)
{
  const SearchKey *x = a, *y = b;
  const guint8 *bytes = data;
  int order = memcmp (bytes + x->offset, bytes + y->offset, MIN (x->len, y->len));
  return order ? order : (x->len > y->len) - (x->len < y->len);
}

void
search_keys_make (SearchKeys *keys, const SearchSubject *subject)
{
  keys->n = keys->bytes.len = 0;
  add_name (keys, subject->name);
  add_number (keys, subject->number);
  add_phone (keys, subject->phone);
  qsort_r (keys->keys, keys->n, sizeof *keys->keys, compare_keys, keys->bytes.bytes);
  size_t n = 1;
  for (size_t i = 1; i < keys->n; i++)
    if (compare_keys (&keys->keys[i], &keys->keys[n - 1], keys->bytes.bytes) != 0)
      keys->keys[n++] = keys->keys[i];
  keys->n = n;
}
