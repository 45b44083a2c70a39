/* Random documents come, are replaced and go; after every few the index answers as a scorer
 * that looks at every document: the same ids in the same order, scores, counts and facets. */
#include "naive.h"
#include "support.h"

#include <math.h>

enum { FIELDS = 3, COLUMNS = 2, IDS = 150, CONCEPTS = 9, ROUNDS = 30, QUERIES = 12 };

/* Characters of one reading each, as they are, as they may be written, and as they are read. */
static const struct {
  const char *plain, *written, *read;
} characters[] = {
  { "电", "電", "dian" }, { "焊", "焊", "han" },  { "工", "工", "gong" }, { "师", "師", "shi" },
  { "福", "福", "fu" },   { "州", "州", "zhou" }, { "机", "機", "ji" },   { "员", "員", "yuan" },
  { "保", "保", "bao" },  { "安", "安", "an" },   { "护", "護", "hu" },   { "学", "學", "xue" },
};
static const struct {
  const char *plain, *written;
} words[] = {
  { "cad", "CAD" }, { "excel", "ＥＸＣＥＬ" }, { "b2", "Ｂ2" }, { "cafe", "Café" }, { "ugnx", "UGNX" }
};

static const FulltextField fields[]
    = { { "title", 300, true }, { "text", 100, false }, { "employer", 50, false } };
static const char *const columns[] = { "township", "kind" };
static const FulltextShape shape = { FIELDS, fields, COLUMNS, columns };

typedef struct {
  NaiveDocument naive;
  GString *texts[FIELDS], *said[FIELDS];
  FulltextConcept concepts[4];
  size_t n_concepts;
  guint16 columns[COLUMNS];
  bool there;
} Document;

typedef struct {
  Fulltext *index;
  Document documents[IDS];
  GRand *random;
} World;

static int
pick (World *w, int n)
{
  return g_rand_int_range (w->random, 0, n);
}

/* A run of N characters, as is said and as it is written. */
static void
write_run (World *w, Document *d, int field, int n)
{
  GString *said = d->said[field], *text = d->texts[field];
  g_autoptr (GString) read = g_string_new (" ");
  g_string_append (said, "|");
  for (int i = 0; i < n; i++) {
    int c = pick (w, G_N_ELEMENTS (characters));
    g_string_append (said, characters[c].plain);
    g_string_append (text, pick (w, 2) ? characters[c].plain : characters[c].written);
    g_string_append_printf (read, "%s ", characters[c].read);
  }
  g_string_append (said, "|");
  if (fields[field].spelled)
    g_string_append_printf (said, "~%s~", read->str);
  d->naive.length[field] += n;
}

static void
write_field (World *w, Document *d, int field)
{
  static const char *const between[] = { " ", "，", "、", "　", "(", "\n", "—" };
  for (int i = pick (w, 6); i > 0; i--) {
    if (pick (w, 4))
      write_run (w, d, field, 1 + pick (w, 6));
    else {
      int k = pick (w, G_N_ELEMENTS (words));
      g_string_append_printf (d->said[field], "< %s >", words[k].plain);
      g_string_append (d->texts[field], pick (w, 2) ? words[k].plain : words[k].written);
      d->naive.length[field]++;
    }
    g_string_append (d->texts[field], between[pick (w, G_N_ELEMENTS (between))]);
  }
}

static void
clear_document (Document *d)
{
  for (int f = 0; f < FIELDS && d->there; f++) {
    g_string_free (d->texts[f], TRUE);
    g_string_free (d->said[f], TRUE);
  }
  d->there = false;
}

static FulltextDocument
make_document (World *w, guint64 id, Text texts[FIELDS])
{
  Document *d = &w->documents[id];
  clear_document (d);
  *d = (Document){ .there = true, .naive.id = id, .n_concepts = (size_t)pick (w, 4) };
  for (int f = 0; f < FIELDS; f++) {
    d->texts[f] = g_string_new (NULL);
    d->said[f] = g_string_new (NULL);
    write_field (w, d, f);
  }
  for (size_t i = 0; i < d->n_concepts; i++) {
    d->concepts[i] = (FulltextConcept){ (guint8)pick (w, FIELDS), (guint32)pick (w, CONCEPTS) };
    g_string_append_printf (d->said[d->concepts[i].field], " #%u ", d->concepts[i].concept);
  }
  for (int f = 0; f < FIELDS; f++) {
    d->naive.said[f] = d->said[f]->str;
    texts[f] = (Text){ d->texts[f]->str, d->texts[f]->len };
  }
  d->columns[0] = (guint16)pick (w, 4);
  d->columns[1] = (guint16)(pick (w, 3) ? 7 : 60000);
  d->naive.columns = d->columns;
  return (FulltextDocument){ id, texts, d->n_concepts, d->concepts, d->columns };
}

static void
put_some (World *w)
{
  GError *error = NULL;
  FulltextDocument some[16];
  Text texts[16][FIELDS];
  size_t n = 1 + (size_t)pick (w, pick (w, 2) ? 16 : 1 + 1);
  guint64 from = (guint64)pick (w, IDS - 16);
  for (size_t i = 0; i < n; i++)
    some[i] = make_document (w, from + i, texts[i]);
  g_assert_true (fulltext_put (w->index, some, n, &error));
  g_assert_no_error (error);
}

static void
remove_some (World *w)
{
  guint64 ids[8];
  size_t there = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++) {
    ids[i] = (guint64)pick (w, IDS);
    there += w->documents[ids[i]].there;
    clear_document (&w->documents[ids[i]]);
  }
  g_assert_cmpuint (fulltext_remove (w->index, ids, G_N_ELEMENTS (ids)), ==, there);
}

/* ---- asking both ------------------------------------------------------------------------ */

static void
add_needle (NaiveWay *way, char *needle)
{
  for (size_t i = 0; i < way->n; i++)
    if (g_str_equal (way->needles[i], needle))
      return;
  way->needles[way->n++] = needle;
  way->need = way->n;
}

/* A run of characters, by its pairs, or as it is read. */
static void
ask_run (World *w, Arena *arena, FulltextWord *word, NaiveWord *naive)
{
  bool spelled = !pick (w, 4);
  size_t n = 2 + (size_t)pick (w, 2);
  NaiveWay *way = &naive->ways[naive->n++];
  GString *typed = g_string_new (NULL);
  for (int i = 0, last = 0; i < (int)n; i++) {
    int c = pick (w, G_N_ELEMENTS (characters));
    g_string_append (typed, spelled ? characters[c].read : characters[c].written);
    if (i && spelled)
      add_needle (way, arena_printf (arena, " %s %s ", characters[last].read, characters[c].read));
    else if (i)
      add_needle (way, arena_printf (arena, "%s%s", characters[last].plain, characters[c].plain));
    last = c;
  }
  way->factor = spelled ? 0.8 : 1;
  word->text = text_of (arena_text (arena, text_of (typed->str)));
  g_string_free (typed, TRUE);
}

static void
ask_word (World *w, Arena *arena, FulltextWord *word, NaiveWord *naive)
{
  *word = (FulltextWord){ { 0 } };
  *naive = (NaiveWord){ 0 };
  switch (pick (w, 4)) {
  case 0: {
    int k = pick (w, G_N_ELEMENTS (words));
    word->text = text_of (words[k].written);
    naive->ways[naive->n++] = (NaiveWay){ 1, 1, { arena_printf (arena, " %s ", words[k].plain) }, 1 };
    break;
  }
  default: ask_run (w, arena, word, naive);
  }
  if (pick (w, 3))
    return;
  FulltextMeaning *meanings = arena_new0 (arena, FulltextMeaning, 2);
  word->meanings = meanings;
  for (word->n_meanings = 0; word->n_meanings < 2; word->n_meanings++) {
    FulltextMeaning m = { (guint32)pick (w, CONCEPTS), (unsigned)pick (w, 2) ? 100 : 40 };
    meanings[word->n_meanings] = m;
    naive->ways[naive->n++]
        = (NaiveWay){ 1, 1, { arena_printf (arena, " #%u ", m.concept) }, m.per_cent / 100.0 };
  }
}

static bool
passes (const FulltextFilter *filters, size_t n, const NaiveDocument *d, int but)
{
  for (size_t i = 0; i < n; i++) {
    const FulltextFilter *f = &filters[i];
    guint16 value = d->columns[f->column];
    bool in = f->n_values ? false : value >= f->least && value <= f->most;
    for (size_t k = 0; k < f->n_values; k++)
      in |= f->values[k] == value;
    if (!in && (int)f->column != but)
      return false;
  }
  return true;
}

static void
compare_facets (const FulltextQuery *query, const FulltextAnswer *answer, const NaiveHit *hits, size_t n)
{
  for (size_t i = 0; i < query->n_facets; i++) {
    const FulltextFacet *facet = &answer->facets[i];
    size_t counted = 0, all = 0;
    for (size_t k = 0; k < facet->n; k++) {
      size_t here = 0;
      for (size_t h = 0; h < n; h++)
        here += hits[h].document->columns[facet->column] == facet->counts[k].value
                && passes (query->filters, query->n_filters, hits[h].document, (int)facet->column);
      g_assert_cmpuint (facet->counts[k].count, ==, here);
      g_assert_true (!k || facet->counts[k - 1].count >= facet->counts[k].count);
      counted += here;
    }
    for (size_t h = 0; h < n; h++)
      all += passes (query->filters, query->n_filters, hits[h].document, (int)facet->column);
    g_assert_cmpuint (counted, ==, all);
  }
}

/* Scores are sums of floats here and of doubles there: near ones may change places. */
static void
compare_hits (const FulltextQuery *query, const FulltextAnswer *answer, const NaiveHit *hits, size_t n)
{
  size_t at = 0, passed = 0;
  for (size_t h = 0; h < n; h++) {
    if (!passes (query->filters, query->n_filters, hits[h].document, -1))
      continue;
    if (passed++ < query->first || at == answer->n_hits)
      continue;
    const FulltextHit *hit = &answer->hits[at++];
    double parts = 0;
    for (size_t f = 0; f < FIELDS; f++)
      parts += hit->parts[f];
    g_assert_cmpfloat (parts, ==, hit->score);
    g_assert_cmpfloat_with_epsilon (hit->score, hits[h].score, 1e-5 * (1 + hits[h].score));
    bool tied = h + 1 < n && hits[h].score - hits[h + 1].score < 1e-4;
    tied |= h && hits[h - 1].score - hits[h].score < 1e-4;
    g_assert_true (tied || hit->id == hits[h].id);
  }
  g_assert_cmpuint (answer->n_found, ==, passed);
  g_assert_cmpuint (answer->n_hits, ==, MIN (query->limit, passed - MIN (passed, query->first)));
}

static void
ask (World *w, Arena *arena, size_t *n_asked)
{
  enum { WORDS = 3 };
  GError *error = NULL;
  FulltextWord asked[WORDS];
  NaiveWord naive[WORDS];
  NaiveDocument there[IDS];
  size_t n_words = (size_t)pick (w, WORDS + 1), n_there = 0, n_hits;
  for (size_t i = 0; i < n_words; i++)
    ask_word (w, arena, &asked[i], &naive[i]);
  static const guint16 some[] = { 0, 2 };
  const FulltextFilter filters[] = { { 0, 2, some, 0, 0 }, { 1, 0, NULL, 7, 100 } };
  const unsigned facets[] = { 1, 0 };
  FulltextQuery query
      = { n_words, asked,  0, (size_t)pick (w, 3),           filters,
          2,       facets, 0, (size_t)(pick (w, 3) ? 0 : 3), (size_t)(pick (w, 2) ? 5 : 500) };
  const FulltextAnswer *answer = fulltext_search (w->index, &query, arena, &error);
  g_assert_no_error (error);
  if (answer->loosened)
    return; /* what the steps after the first find: test_search.c */
  for (size_t i = 0; i < IDS; i++)
    if (w->documents[i].there)
      there[n_there++] = w->documents[i].naive;
  g_assert_cmpuint (fulltext_count (w->index), ==, n_there);
  g_autofree NaiveHit *hits = naive_search (&shape, there, n_there, naive, n_words, &n_hits);
  compare_hits (&query, answer, hits, n_hits);
  compare_facets (&query, answer, hits, n_hits);
  *n_asked += n_words > 0 && n_hits > 0;
}

static void
test_agrees (gconstpointer seed)
{
  World *w = g_new0 (World, 1);
  size_t n_asked = 0;
  w->index = fulltext_new (&shape);
  w->random = g_rand_new_with_seed (GPOINTER_TO_UINT (seed));
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = pick (w, 20); i > 0; i--)
      if (pick (w, 4))
        put_some (w);
      else
        remove_some (w);
    for (int i = 0; i < QUERIES; i++) {
      g_autoptr (Arena) arena = arena_new ();
      ask (w, arena, &n_asked);
    }
  }
  g_assert_cmpuint (n_asked, >, ROUNDS); /* the test sees something */
  for (size_t i = 0; i < IDS; i++)
    clear_document (&w->documents[i]);
  fulltext_free (w->index);
  g_rand_free (w->random);
  g_free (w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint seed = 1; seed <= 4; seed++) {
    g_autofree char *name = g_strdup_printf ("/fulltext/agrees/%u", seed);
    g_test_add_data_func (name, GUINT_TO_POINTER (seed), test_agrees);
  }
  return g_test_run ();
}
