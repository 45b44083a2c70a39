/* spelling — makes the table of readings from ICU and readings.txt.
 *
 *     spelling OUT.h readings.txt
 *
 * For every character from U+3400 to U+9FFF: its most usual syllable without tone
 * (ICU, Han-Latin) and its simplified form (ICU, Traditional-Simplified); beside
 * them the other readings of readings.txt, whose head explains it.  Syllables are
 * sorted, so that those which begin alike stand side by side. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { FIRST = 0x3400, LAST = 0x9fff, CHARACTERS = LAST - FIRST + 1, TEXT_MAX = 64 };

typedef struct {
  gunichar character;
  const char *syllable; /* interned */
  gboolean surname;
} Other;

static const char *usual[CHARACTERS]; /* interned */
static guint16 simplified[CHARACTERS];

static void G_GNUC_NORETURN
fail (const char *path, unsigned line, const char *message)
{
  fprintf (stderr, "%s:%u: error: %s\n", path, line, message);
  exit (1);
}

static UTransliterator *
open_transliterator (const char *name)
{
  UErrorCode status = U_ZERO_ERROR;
  UChar id[TEXT_MAX];
  u_charsToUChars (name, id, (int32_t)strlen (name) + 1);
  UTransliterator *transliterator = utrans_openU (id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
  if (U_FAILURE (status))
    fail (name, 0, u_errorName (status));
  return transliterator;
}

/* What becomes of CHARACTER, in UTF-8. */
static void
transliterate (UTransliterator *transliterator, gunichar character, char out[TEXT_MAX])
{
  UErrorCode status = U_ZERO_ERROR;
  UChar text[TEXT_MAX] = { (UChar)character };
  int32_t len = 1, limit = 1;
  utrans_transUChars (transliterator, text, &len, TEXT_MAX, 0, &limit, &status);
  u_strToUTF8 (out, TEXT_MAX, NULL, text, len, &status);
  if (U_FAILURE (status))
    fail ("ICU", character, u_errorName (status));
}

/* "lǜ" → "lu"; NULL when it is no syllable of small letters. */
static const char *
plain_syllable (const char *text)
{
  g_autofree char *apart = g_utf8_normalize (text, -1, G_NORMALIZE_NFD);
  g_autoptr (GString) plain = g_string_new (NULL);
  for (const char *p = apart; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_ismark (c))
      continue;
    if (c > 'z' || !g_ascii_islower ((char)c))
      return NULL;
    g_string_append_c (plain, (char)c);
  }
  return plain->len ? g_intern_string (plain->str) : NULL;
}

static void
ask_icu (void)
{
  UTransliterator *latin = open_transliterator ("Han-Latin"),
                  *simple = open_transliterator ("Traditional-Simplified");
  for (gunichar c = FIRST; c <= LAST; c++) {
    char text[TEXT_MAX];
    transliterate (latin, c, text);
    usual[c - FIRST] = plain_syllable (text);
    transliterate (simple, c, text);
    gunichar other = g_utf8_get_char (text);
    if (other != c && other >= FIRST && other <= LAST && !*g_utf8_next_char (text))
      simplified[c - FIRST] = (guint16)other;
  }
  utrans_close (latin);
  utrans_close (simple);
}

static void
read_line (const char *path, unsigned number, const char *line, GArray *others)
{
  g_auto (GStrv) words = g_strsplit_set (line, " ", -1);
  Other other = { .surname = g_strcmp0 (words[0], "surname") == 0 };
  unsigned n = 0;
  for (char **word = words; *word; word++) {
    if (!**word || word == words)
      continue;
    if (n++ == 0) {
      other.character = g_utf8_get_char (*word);
      if (other.character < FIRST || other.character > LAST || *g_utf8_next_char (*word))
        fail (path, number, "one Chinese character is expected after the first word");
      continue;
    }
    other.syllable = plain_syllable (*word);
    if (!other.syllable)
      fail (path, number, "a syllable is written in small letters without tones");
    if (other.syllable != usual[other.character - FIRST])
      g_array_append_val (others, other);
  }
  if (n < 2 || !(other.surname || g_str_equal (words[0], "name")))
    fail (path, number, "expected: name|surname CHARACTER SYLLABLE …");
}

static int
compare_others (gconstpointer a, gconstpointer b)
{
  const Other *x = a, *y = b;
  return x->character < y->character ? -1 : x->character > y->character;
}

static GArray *
read_others (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  if (!g_file_get_contents (path, &text, NULL, &error))
    fail (path, 0, error->message);
  GArray *others = g_array_new (FALSE, FALSE, sizeof (Other));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (unsigned i = 0; lines[i]; i++)
    if (lines[i][0] && lines[i][0] != '#')
      read_line (path, i + 1, lines[i], others);
  g_array_sort (others, compare_others);
  return others;
}

/* ---- writing ----------------------------------------------------------- */

static int
compare_syllables (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
add_syllable (GHashTable *seen, GPtrArray *all, const char *syllable)
{
  if (syllable && g_hash_table_add (seen, (gpointer)syllable))
    g_ptr_array_add (all, (gpointer)syllable);
}

/* All syllables sorted; their number, from 1, by name. */
static GPtrArray *
collect_syllables (const GArray *others, GHashTable *numbers)
{
  GPtrArray *all = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  for (unsigned i = 0; i < CHARACTERS; i++)
    add_syllable (seen, all, usual[i]);
  for (unsigned i = 0; i < others->len; i++)
    add_syllable (seen, all, g_array_index (others, Other, i).syllable);
  g_ptr_array_sort (all, compare_syllables);
  for (unsigned i = 0; i < all->len; i++)
    g_hash_table_insert (numbers, all->pdata[i], GUINT_TO_POINTER (i + 1));
  return all;
}

static void
write_numbers (FILE *out, const char *name, const guint16 *numbers)
{
  fprintf (out, "static const guint16 %s[] = {", name);
  for (unsigned i = 0; i < CHARACTERS; i++)
    fprintf (out, "%s%u,", i % 24 ? "" : "\n", numbers[i]);
  fprintf (out, "\n};\n");
}

static void
write_usual (FILE *out, GHashTable *numbers)
{
  static guint16 number[CHARACTERS];
  for (unsigned i = 0; i < CHARACTERS; i++)
    number[i] = usual[i] ? (guint16)GPOINTER_TO_UINT (g_hash_table_lookup (numbers, usual[i])) : 0;
  write_numbers (out, "usual", number);
}

/* The place of each syllable among those with its first letter, as a character: spelling.h. */
static void
write_marks (FILE *out, const GPtrArray *all)
{
  fprintf (out, "static const char marks[] = { SPELLING_MARK_NONE,");
  for (unsigned i = 0, place = 0; i < all->len; i++) {
    const char *syllable = all->pdata[i];
    place = i && *(const char *)all->pdata[i - 1] == *syllable ? place + 1 : 0;
    fprintf (out, "%sSPELLING_MARK_FIRST + %u,", i % 8 ? " " : "\n", place);
  }
  fprintf (out, "\n};\n");
}

/* What changes when any reading does. */
static void
write_version (FILE *out, const GArray *others)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  for (unsigned i = 0; i < CHARACTERS; i++)
    g_checksum_update (sum, (const guchar *)(usual[i] ? usual[i] : "-"), -1);
  for (unsigned i = 0; i < others->len; i++) {
    const Other *other = &g_array_index (others, Other, i);
    g_autofree char *line = g_strdup_printf ("%u%s%d", other->character, other->syllable, other->surname);
    g_checksum_update (sum, (const guchar *)line, -1);
  }
  g_checksum_update (sum, (const guchar *)simplified, sizeof simplified);
  fprintf (out, "#define TABLE_VERSION \"%.12s\"\n", g_checksum_get_string (sum));
}

static void
write_table (FILE *out, const GArray *others)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_direct_hash, g_direct_equal);
  g_autoptr (GPtrArray) syllables = collect_syllables (others, numbers);
  fprintf (out, "/* Made by tools/spelling.c. */\nenum { TABLE_FIRST = 0x%x, TABLE_LAST = 0x%x };\n", FIRST,
           LAST);
  fprintf (out, "static const char *const syllables[] = { \"\",\n");
  for (unsigned i = 0; i < syllables->len; i++)
    fprintf (out, "\"%s\",%s", (const char *)syllables->pdata[i], i % 16 == 15 ? "\n" : "");
  fprintf (out, "};\n");
  write_version (out, others);
  write_marks (out, syllables);
  write_usual (out, numbers);
  write_numbers (out, "simplified", simplified);
  fprintf (out, "static const struct { gunichar character; guint16 syllable; bool surname; } others[] = {\n");
  for (unsigned i = 0; i < others->len; i++) {
    const Other *other = &g_array_index (others, Other, i);
    fprintf (out, "{ 0x%x, %u, %d },\n", other->character,
             GPOINTER_TO_UINT (g_hash_table_lookup (numbers, other->syllable)), other->surname);
  }
  fprintf (out, "};\n");
}

int
main (int argc, char **argv)
{
  if (argc != 3)
    fail ("usage", 0, "spelling OUT.h readings.txt");
  ask_icu ();
  g_autoptr (GArray) others = read_others (argv[2]);
  FILE *out = fopen (argv[1], "w");
  if (!out)
    fail (argv[1], 0, "cannot be written");
  write_table (out, others);
  return fclose (out) == 0 ? 0 : 1;
}
