/* The concepts that columns are about: of the package's table, of the words of work, of the divisions. */
#include "pairs/pairs_private.h"

#include "sheet/sheet.h"

#include <string.h>

enum { SPACE, CODE, ZH, EN, PARENT, WORDS, COLUMNS, SIBLINGS = 50, HELD = 80 };
static const char *const columns[COLUMNS] = { "space", "code", "zh", "en", "parent", "words" };

typedef struct {
  Spaces *spaces;
  const char *path;
  gint64 row;
  GArray *concepts; /* of the space that is being read */
  Space *space;
  GError **error;
} Loading;

static bool
fail (const Loading *l, const char *what, const char *which)
{
  g_set_error (l->error, FAULT, FAULT_INPUT, "%s: row %" G_GINT64_FORMAT ": %s \"%s\"", l->path, l->row, what,
               which);
  return false;
}

static void
space_free (gpointer data)
{
  Space *space = data;
  g_hash_table_unref (space->by_word);
  g_free (space);
}

const Space *
spaces_find (const Spaces *spaces, const char *id)
{
  for (guint i = 0; i < spaces->all->len; i++)
    if (g_str_equal (((const Space *)spaces->all->pdata[i])->id, id))
      return spaces->all->pdata[i];
  return NULL;
}

/* "C3670", of the national classification of industries (GB/T 4754). */
static bool
is_industry (const char *word)
{
  return g_ascii_isupper (word[0]) && word[1] && strspn (word + 1, "0123456789") == strlen (word + 1);
}

guint32
space_concept (const Space *space, const char *word)
{
  gpointer found = g_hash_table_lookup (space->by_word, word);
  for (size_t len = strlen (word); !found && is_industry (word) && len > 1; len--) {
    g_autofree char *shorter = g_strndup (word, len - 1);
    found = g_hash_table_lookup (space->by_word, shorter);
  }
  return found ? GPOINTER_TO_UINT (found) - 1 : G_MAXUINT32;
}

/* ---- what is near -------------------------------------------------------------------------------- */

static unsigned
near (const Space *space, guint32 a, guint32 b)
{
  const PairsConcept *x = &space->concepts[a], *y = &space->concepts[b];
  if (x->parent == b || y->parent == a)
    return HELD;
  return x->parent != G_MAXUINT32 && x->parent == y->parent ? SIBLINGS : 0;
}

static void
make_market (Spaces *spaces, Space *space)
{
  guint32 *starts = arena_new0 (spaces->arena, guint32, space->n + 1);
  const char **names = arena_new0 (spaces->arena, const char *, MAX (space->n, 1));
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (MarketNear));
  for (guint32 a = 0; a < space->n; a++) {
    MarketNear itself = { a, 100 };
    names[a] = space->concepts[a].zh;
    g_array_append_val (list, itself);
    for (guint32 b = 0; b < space->n; b++) {
      MarketNear one = { b, a == b ? 0 : (guint8)near (space, a, b) };
      if (one.weight)
        g_array_append_val (list, one);
    }
    starts[a + 1] = list->len;
  }
  space->market = (MarketSpace){ space->id, space->n, names, starts, pairs_keep (spaces->arena, list) };
}

static Space *
add_space (Spaces *spaces, const char *id)
{
  Space *space = g_new0 (Space, 1);
  space->id = id;
  space->by_word = g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (spaces->all, space);
  return space;
}

/* ---- the table --------------------------------------------------------------------------------------- */

static void
end_space (Loading *l)
{
  if (!l->space)
    return;
  l->space->n = l->concepts->len;
  l->space->concepts = pairs_keep (l->spaces->arena, l->concepts);
  make_market (l->spaces, l->space);
  g_array_set_size (l->concepts, 0);
}

static bool
add_word (Loading *l, const char *word)
{
  if (!*word)
    return true;
  if (g_hash_table_contains (l->space->by_word, word))
    return fail (l, "this stands for two things:", word);
  g_hash_table_insert (l->space->by_word, (gpointer)word, GUINT_TO_POINTER (l->concepts->len + 1));
  return true;
}

static bool
take_row (Loading *l, const SheetRow *row)
{
  const char *cells[COLUMNS];
  for (size_t i = 0; i < COLUMNS; i++)
    cells[i] = arena_text (l->spaces->arena, i < row->n ? text_trim (row->cells[i]) : text_of (""));
  if (!*cells[SPACE] || !*cells[CODE] || !*cells[ZH] || !*cells[EN])
    return fail (l, "space, code, zh and en are needed, not", cells[CODE]);
  if (!l->space || !g_str_equal (l->space->id, cells[SPACE])) {
    end_space (l);
    if (spaces_find (l->spaces, cells[SPACE]))
      return fail (l, "the rows of a space stand together:", cells[SPACE]);
    l->space = add_space (l->spaces, cells[SPACE]);
  }
  PairsConcept concept = { cells[CODE], cells[ZH], cells[EN], G_MAXUINT32 };
  if (*cells[PARENT]) {
    gpointer parent = g_hash_table_lookup (l->space->by_word, cells[PARENT]);
    if (!parent)
      return fail (l, "the parent stands further up:", cells[PARENT]);
    concept.parent = GPOINTER_TO_UINT (parent) - 1;
  }
  g_auto (GStrv) words = g_strsplit (cells[WORDS], ";", -1);
  bool taken = add_word (l, cells[CODE]) && (g_str_equal (cells[ZH], cells[CODE]) || add_word (l, cells[ZH]));
  for (char **word = words; taken && *word; word++)
    taken = add_word (l, arena_text (l->spaces->arena, text_trim (text_of (*word))));
  g_array_append_val (l->concepts, concept);
  return taken;
}

static bool
check_heading (Loading *l, const SheetRow *row)
{
  for (size_t i = 0; i < COLUMNS; i++)
    if (i >= row->n || !text_equal (row->cells[i], text_of (columns[i])))
      return fail (l, "the columns must be space, code, zh, en, parent, words; missing is", columns[i]);
  return true;
}

static bool
read_table (Spaces *spaces, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "markets", "spaces.csv", NULL);
  g_autoptr (GArray) concepts = g_array_new (FALSE, FALSE, sizeof (PairsConcept));
  Loading l = { .spaces = spaces, .path = path, .concepts = concepts, .error = error };
  SheetRow row;
  SheetStep step;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return true;
  g_autoptr (SheetReader) in = sheet_reader_open (path, NULL, error);
  if (!in)
    return false;
  for (bool heading = true; (step = sheet_reader_next (in, &row, error)) == SHEET_ROW; heading = false) {
    l.row = row.number;
    if (heading ? !check_heading (&l, &row) : !take_row (&l, &row))
      return false;
  }
  end_space (&l);
  return step == SHEET_END;
}

/* ---- of the vocabulary and the divisions ------------------------------------------------------------------
 */

static void
know (Space *space, const char *word, guint32 concept)
{
  if (*word && !g_hash_table_contains (space->by_word, word))
    g_hash_table_insert (space->by_word, (gpointer)word, GUINT_TO_POINTER (concept + 1));
}

static void
add_kind (Spaces *spaces, const Vocabulary *vocabulary, VocabularyKind kind)
{
  size_t n, n_all;
  const VocabularyConcept *of_kind = vocabulary_of_kind (vocabulary, kind, &n),
                          *all = vocabulary_concepts (vocabulary, &n_all);
  const guint32 *starts;
  const VocabularyTie *ties = vocabulary_neighbours (vocabulary, spaces->arena, kind, &starts);
  Space *space = add_space (spaces, vocabulary_kind_id (kind));
  const char **names = arena_new0 (spaces->arena, const char *, MAX (n, 1));
  MarketNear *list = arena_new0 (spaces->arena, MarketNear, MAX (starts[n], 1));
  space->n = (guint32)n;
  space->concepts = arena_new0 (spaces->arena, PairsConcept, MAX (n, 1));
  for (guint32 i = 0; i < n; i++) {
    const VocabularyConcept *c = &of_kind[i];
    guint32 parent = c->parent == VOCABULARY_NONE ? G_MAXUINT32 : c->parent - (guint32)(of_kind - all);
    space->concepts[i] = (PairsConcept){ c->code, c->zh, c->en, parent };
    names[i] = c->zh;
    know (space, c->code, i);
    know (space, c->zh, i);
    for (const char *const *word = c->words; word && *word; word++)
      know (space, *word, i);
  }
  for (guint32 i = 0; i < starts[n]; i++)
    list[i] = (MarketNear){ ties[i].concept, ties[i].weight };
  space->market = (MarketSpace){ space->id, space->n, names, starts, list };
}

static void
add_townships (Spaces *spaces, const RegistryDivisions *divisions, Day today)
{
  size_t n = 0;
  const RegistryDivision *all
      = divisions ? registry_divisions_at (divisions, spaces->arena, today, &n) : NULL;
  Space *space = add_space (spaces, "township");
  space->n = (guint32)n;
  space->concepts = arena_new0 (spaces->arena, PairsConcept, MAX (n, 1));
  for (guint32 i = 0; i < n; i++) {
    space->concepts[i] = (PairsConcept){ all[i].code, all[i].name, all[i].name, G_MAXUINT32 };
    know (space, all[i].code, i);
    know (space, all[i].name, i);
  }
  make_market (spaces, space);
}

bool
spaces_open (Spaces *spaces, const char *folder, const Vocabulary *vocabulary,
             const RegistryDivisions *divisions, Day today, GError **error)
{
  *spaces = (Spaces){ arena_new (), g_ptr_array_new_with_free_func (space_free) };
  for (int kind = 0; vocabulary && kind < VOCABULARY_KINDS; kind++)
    add_kind (spaces, vocabulary, (VocabularyKind)kind);
  add_townships (spaces, divisions, today);
  if (read_table (spaces, folder, error))
    return true;
  spaces_close (spaces);
  return false;
}

void
spaces_close (Spaces *spaces)
{
  if (!spaces->arena)
    return;
  g_ptr_array_unref (spaces->all);
  arena_free (spaces->arena);
  *spaces = (Spaces){ 0 };
}

/* ---- checking
 * ----------------------------------------------------------------------------------------------- */

static bool
check_market (const Spaces *spaces, const Market *market, GError **error)
{
  static const char *const elsewhere[] = { "occupation", "skill", "certificate", NULL };
  for (int side = 0; side < 2; side++)
    for (size_t c = 0; c < market->sides[side].n; c++) {
      const MarketColumn *column = &market->sides[side].columns[c];
      if (column->kind != MARKET_CONCEPTS || g_strv_contains (elsewhere, column->space)
          || spaces_find (spaces, column->space))
        continue;
      g_set_error (error, FAULT, FAULT_INPUT,
                   "markets/%s.yaml: column %s: markets/spaces.csv has no space \"%s\"", market->id,
                   column->id, column->space);
      return false;
    }
  return true;
}

bool
pairs_check_spaces (const char *folder, const Market *const *markets, size_t n, GError **error)
{
  Spaces spaces;
  if (!spaces_open (&spaces, folder, NULL, NULL, civil_today (), error))
    return false;
  bool whole = true;
  for (size_t i = 0; whole && i < n; i++)
    whole = check_market (&spaces, markets[i], error);
  spaces_close (&spaces);
  return whole;
}
