/* The tables. */
#include "vocabulary/vocabulary_private.h"

#include <string.h>

#include "sheet/sheet.h"

enum { COLUMNS_MOST = 12, WORD_MOST = 500 /* bytes */ };

/* What a table's rows have beside code, zh and en. */
typedef struct {
  const char *file;
  VocabularyKind kind;
  const char *columns[COLUMNS_MOST]; /* NULL-terminated, in the file's order */
} Table;

static const Table tables[VOCABULARY_KINDS] = {
  { "occupations.csv",
    VOCABULARY_OCCUPATION,
    { "code", "zh", "en", "parent", "skills", "certificates", "synonyms", "taiwan", "confidence", NULL } },
  { "skills.csv", VOCABULARY_SKILL, { "code", "zh", "en", "synonyms", NULL } },
  { "certificates.csv",
    VOCABULARY_CERTIFICATE,
    { "code", "zh", "en", "law", "includes", "synonyms", "confidence", NULL } },
};

/* What of an occupation's row waits for the other tables. */
typedef struct {
  guint32 concept;
  const char *parent, *ties[TIES];
  const char *path;
  gint64 row;
} Pending;

typedef struct {
  Vocabulary *v;
  GArray *concepts, *pending, *words;
  const char *path;
  gint64 row;
  GError **error;
} Loading;

const char *
vocabulary_kind_id (VocabularyKind kind)
{
  static const char *const ids[] = { "occupation", "skill", "certificate" };
  return ids[kind];
}

static bool fail (const Loading *l, const char *format, ...) G_GNUC_PRINTF (2, 3);

static bool
fail (const Loading *l, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (l->error, FAULT, FAULT_INPUT, "%s: row %" G_GINT64_FORMAT ": %s", l->path, l->row, message);
  return false;
}

/* ---- words ----------------------------------------------------------------------- */

static bool
add_word (Loading *l, guint32 concept, const char *name)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  vocabulary_fold (text_of (name), folded);
  Word word = { .folded = arena_text (l->v->arena, text_of (folded->str)),
                .concept = concept,
                .is_own = name == g_array_index (l->concepts, VocabularyConcept, concept).zh,
                .len = (guint16)folded->len,
                .characters = (guint16)g_utf8_strlen (folded->str, -1) };
  if (!folded->len || folded->len > WORD_MOST)
    return fail (l, "\"%s\" is no word%s", name, folded->len ? ": it is too long" : "");
  gpointer had = g_hash_table_lookup (l->v->by_word, word.folded);
  if (had && GPOINTER_TO_UINT (had) - 1 != concept)
    return fail (l, "\"%s\" stands for %s already: a word leads to one concept", name,
                 g_array_index (l->concepts, VocabularyConcept, GPOINTER_TO_UINT (had) - 1).zh);
  if (had)
    return true;
  g_hash_table_insert (l->v->by_word, (gpointer)word.folded, GUINT_TO_POINTER (concept + 1));
  word_read_aloud (l->v->arena, name, &word);
  g_array_append_val (l->words, word);
  return true;
}

/* CELL's parts between ";", onto WORDS. */
static void
add_parts (Arena *arena, const char *cell, GPtrArray *words)
{
  g_auto (GStrv) parts = g_strsplit (cell, ";", -1);
  for (char **part = parts; *part; part++)
    if (*g_strstrip (*part))
      g_ptr_array_add (words, (gpointer)arena_text (arena, text_of (*part)));
}

/* ---- rows ------------------------------------------------------------------------- */

static const char *
cell_of (const Loading *l, const Table *table, const SheetRow *row, const char *column)
{
  for (size_t c = 0; table->columns[c]; c++)
    if (g_str_equal (table->columns[c], column))
      return c < row->n ? arena_text (l->v->arena, text_trim (row->cells[c])) : "";
  return "";
}

static bool
take_row (Loading *l, const Table *table, const SheetRow *row)
{
  Arena *arena = l->v->arena;
  guint32 index = l->concepts->len;
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  VocabularyConcept concept = { .kind = table->kind,
                                .at = index - (guint32)l->v->firsts[table->kind],
                                .code = cell_of (l, table, row, "code"),
                                .zh = cell_of (l, table, row, "zh"),
                                .en = cell_of (l, table, row, "en"),
                                .law = cell_of (l, table, row, "law"),
                                .confidence = cell_of (l, table, row, "confidence"),
                                .parent = VOCABULARY_NONE };
  if (!*concept.code || !*concept.zh || !*concept.en)
    return fail (l, "code, zh and en must be there");
  if (g_hash_table_contains (l->v->by_code, concept.code))
    return fail (l, "the code %s is there twice", concept.code);
  add_parts (arena, cell_of (l, table, row, "synonyms"), words);
  add_parts (arena, cell_of (l, table, row, "taiwan"), words);
  g_ptr_array_add (words, NULL);
  concept.words = arena_copy (arena, words->pdata, words->len * sizeof (gpointer));
  g_hash_table_insert (l->v->by_code, (gpointer) concept.code, GUINT_TO_POINTER (index + 1));
  g_array_append_val (l->concepts, concept);
  Pending pending = { index,
                      cell_of (l, table, row, "parent"),
                      { [TIE_SKILL] = cell_of (l, table, row, "skills"),
                        [TIE_CERTIFICATE] = cell_of (l, table, row, "certificates"),
                        [TIE_INCLUDED] = cell_of (l, table, row, "includes") },
                      l->path,
                      l->row };
  g_array_append_val (l->pending, pending);
  if (!add_word (l, index, concept.zh))
    return false;
  for (const char *const *word = concept.words; *word; word++)
    if (!add_word (l, index, *word))
      return false;
  return true;
}

static bool
check_heading (const Loading *l, const Table *table, const SheetRow *row)
{
  size_t n = 0;
  while (table->columns[n])
    n++;
  bool same = row->n == n;
  for (size_t c = 0; same && c < n; c++)
    same = text_equal (text_trim (row->cells[c]), text_of (table->columns[c]));
  g_autofree char *all = g_strjoinv (",", (char **)(gsize)table->columns);
  return same || fail (l, "the columns must be %s", all);
}

static bool
read_table (Loading *l, const char *folder, const Table *table)
{
  g_autofree char *path = g_build_filename (folder, table->file, NULL);
  g_autoptr (SheetReader) in = sheet_reader_open (path, NULL, l->error);
  SheetRow row;
  SheetStep step;
  l->path = arena_text (l->v->arena, text_of (path));
  l->v->firsts[table->kind] = l->concepts->len;
  l->v->word_firsts[table->kind] = l->words->len;
  if (!in)
    return false;
  for (bool heading = true; (step = sheet_reader_next (in, &row, l->error)) == SHEET_ROW; heading = false) {
    l->row = row.number;
    if (heading ? !check_heading (l, table, &row) : !take_row (l, table, &row))
      return false;
  }
  return step == SHEET_END;
}

/* ---- what waits for the other tables ------------------------------------------------- */

static bool
find_parent (Loading *l, const Pending *pending)
{
  VocabularyConcept *concepts = (VocabularyConcept *)(void *)l->concepts->data;
  if (!*pending->parent)
    return true;
  guint32 parent = vocabulary_by_code (l->v, text_of (pending->parent));
  if (parent == VOCABULARY_NONE || concepts[parent].kind != VOCABULARY_OCCUPATION)
    return fail (l, "there is no occupation \"%s\" to belong to", pending->parent);
  concepts[pending->concept].parent = parent;
  concepts[parent].is_group = true;
  for (guint32 up = parent, steps = 0; up != VOCABULARY_NONE; up = concepts[up].parent)
    if (up == pending->concept || ++steps > 10)
      return fail (l, "%s belongs to itself", concepts[pending->concept].code);
  return true;
}

/* What stands behind a name's colon, cut off; NULL: nothing does. */
static const char *
cut_mark (char *part)
{
  char *colon = strrchr (part, ':');
  if (colon)
    *colon = '\0';
  return colon ? g_strstrip (colon + 1) : NULL;
}

/* "焊接:3": a skill by its name. */
static bool
find_skill (Loading *l, char *part, VocabularyTie *tie)
{
  guint64 weight = 3;
  const char *mark = cut_mark (part);
  if (mark && !g_ascii_string_to_unsigned (mark, 10, 1, 3, &weight, NULL))
    return fail (l, "%s:%s: a weight is 1, 2 or 3", part, mark);
  *tie = (VocabularyTie){ .concept = vocabulary_by_name (l->v, text_of (part)), .weight = (guint8)weight };
  return true;
}

/* "forklift:law", "tester-title:customary": a certificate by its code, and who asks for it. */
static bool
find_certificate (Loading *l, char *part, VocabularyTie *tie)
{
  const VocabularyConcept *concepts = (const VocabularyConcept *)(const void *)l->concepts->data;
  const char *mark = cut_mark (part);
  bool by_law = g_strcmp0 (mark, "law") == 0;
  *tie = (VocabularyTie){ .concept = vocabulary_by_code (l->v, text_of (part)),
                          .weight = 3,
                          .by_law = by_law };
  if (!by_law && g_strcmp0 (mark, "customary") != 0)
    return fail (l, "%s: say whether it is asked for by law (%s:law) or customary (%s:customary)", part, part,
                 part);
  return !by_law || tie->concept == VOCABULARY_NONE || *concepts[tie->concept].law
         || fail (l, "%s is asked for by law, and its table names none", part);
}

/* "driver-c2": a certificate by its code. */
static bool
find_included (Loading *l, char *part, VocabularyTie *tie)
{
  *tie = (VocabularyTie){ .concept = vocabulary_by_code (l->v, text_of (part)), .weight = 3 };
  return true;
}

static bool
find_ties (Loading *l, const Pending *pending, int t, GArray *ties)
{
  static bool (*const finders[TIES]) (Loading *, char *, VocabularyTie *)
      = { find_skill, find_certificate, find_included };
  VocabularyKind kind = t == TIE_SKILL ? VOCABULARY_SKILL : VOCABULARY_CERTIFICATE;
  const VocabularyConcept *concepts = (const VocabularyConcept *)(const void *)l->concepts->data;
  g_auto (GStrv) parts = g_strsplit (pending->ties[t], ";", -1);
  for (char **part = parts; *part; part++) {
    VocabularyTie tie;
    if (!*g_strstrip (*part))
      continue;
    if (!finders[t](l, *part, &tie))
      return false;
    if (tie.concept == VOCABULARY_NONE || concepts[tie.concept].kind != kind)
      return fail (l, "there is no %s \"%s\"", vocabulary_kind_id (kind), *part);
    if (tie.concept == pending->concept)
      return fail (l, "%s includes itself", *part);
    g_array_append_val (ties, tie);
  }
  return true;
}

/* LIST in the arena; also of none something that is not NULL. */
static void *
kept (const Loading *l, const GArray *list, size_t size)
{
  void *copy = arena_alloc (l->v->arena, MAX (list->len, 1) * size);
  if (list->len)
    memcpy (copy, list->data, list->len * size);
  return copy;
}

static bool
tie_all (Loading *l)
{
  for (int t = 0; t < TIES; t++) {
    g_autoptr (GArray) ties = g_array_new (FALSE, FALSE, sizeof (VocabularyTie));
    l->v->starts[t] = arena_new0 (l->v->arena, guint32, l->concepts->len + 1);
    for (guint i = 0; i < l->pending->len; i++) {
      const Pending *pending = &g_array_index (l->pending, Pending, i);
      l->path = pending->path;
      l->row = pending->row;
      if ((t == 0 && !find_parent (l, pending)) || !find_ties (l, pending, t, ties))
        return false;
      l->v->starts[t][i + 1] = ties->len;
    }
    l->v->ties[t] = kept (l, ties, sizeof (VocabularyTie));
  }
  return true;
}

static void
keep (Loading *l)
{
  Vocabulary *v = l->v;
  v->n = l->concepts->len;
  v->concepts = kept (l, l->concepts, sizeof *v->concepts);
  v->words = kept (l, l->words, sizeof *v->words);
  for (size_t w = 0; w < l->words->len; w++)
    v->longest = MAX (v->longest, MAX (v->words[w].len, strlen (v->words[w].syllables)));
  trie_make (v);
}

Vocabulary *
vocabulary_load (const char *folder, GError **error)
{
  g_autoptr (Vocabulary) v = g_new0 (Vocabulary, 1);
  v->arena = arena_new ();
  v->by_code = g_hash_table_new (g_str_hash, g_str_equal);
  v->by_word = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) concepts = g_array_new (FALSE, FALSE, sizeof (VocabularyConcept)),
                     pending = g_array_new (FALSE, FALSE, sizeof (Pending)),
                     words = g_array_new (FALSE, FALSE, sizeof (Word));
  Loading l = { .v = v, .concepts = concepts, .pending = pending, .words = words, .error = error };
  for (int t = 0; t < VOCABULARY_KINDS; t++)
    if (!read_table (&l, folder, &tables[t]))
      return NULL;
  v->firsts[VOCABULARY_KINDS] = concepts->len;
  v->word_firsts[VOCABULARY_KINDS] = words->len;
  if (!tie_all (&l))
    return NULL;
  keep (&l);
  return g_steal_pointer (&v);
}

void
vocabulary_free (Vocabulary *v)
{
  if (!v)
    return;
  g_hash_table_unref (v->by_code);
  g_hash_table_unref (v->by_word);
  trie_clear (&v->trie);
  arena_free (v->arena);
  g_free (v);
}

/* ---- looking up -------------------------------------------------------------------------- */

const VocabularyConcept *
vocabulary_concepts (const Vocabulary *v, size_t *n)
{
  *n = v->n;
  return v->concepts;
}

const VocabularyConcept *
vocabulary_of_kind (const Vocabulary *v, VocabularyKind kind, size_t *n)
{
  *n = v->firsts[kind + 1] - v->firsts[kind];
  return v->concepts + v->firsts[kind];
}

guint32
vocabulary_by_code (const Vocabulary *v, Text code)
{
  g_autofree char *text = g_strndup (code.bytes, code.len);
  return GPOINTER_TO_UINT (g_hash_table_lookup (v->by_code, text)) - 1;
}

guint32
vocabulary_by_name (const Vocabulary *v, Text name)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  vocabulary_fold (name, folded);
  return GPOINTER_TO_UINT (g_hash_table_lookup (v->by_word, folded->str)) - 1;
}
