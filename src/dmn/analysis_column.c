/* A column's values cut into classes that its tests cannot tell apart. */
#include "analysis.h"

/* ---- cuts -------------------------------------------------------------- */

static const Cut before_all = { .infinite = -1 }, after_all = { .infinite = 1 };

static int
cut_order (const Cut *a, const Cut *b)
{
  if (a->infinite || b->infinite)
    return a->infinite - b->infinite;
  int order = 0;
  feel_order (a->value, b->value, &order);
  return order ? order : a->after - b->after;
}

/* Whether values of KIND follow one another: after one is before the next. */
static bool
is_discrete (FeelKind kind, int scale)
{
  return kind == FEEL_BOOLEAN || kind == FEEL_DATE || kind == FEEL_MONTHS_DURATION
         || (kind == FEEL_NUMBER && scale >= 0);
}

/* The next value in STEPS (1 or −1). */
static FeelValue
neighbour (FeelValue v, int scale, int steps)
{
  switch (v.kind) {
  case FEEL_BOOLEAN: return feel_boolean (steps > 0);
  case FEEL_DATE: return feel_date (v.date + steps);
  case FEEL_MONTHS_DURATION: return feel_months (v.months + steps);
  default: return feel_number (decimal_add (v.number, decimal_from_scaled (steps, scale)));
  }
}

/* Of cuts with the same values on either side, one: before the next value. */
static Cut
cut_at (FeelValue v, bool after, int scale)
{
  if (v.kind == FEEL_NUMBER && scale >= 0) {
    FeelValue near
        = feel_number (decimal_round (v.number, scale, after ? DECIMAL_ROUND_FLOOR : DECIMAL_ROUND_CEILING));
    return (Cut){ .value = after ? neighbour (near, scale, 1) : near };
  }
  bool first = (v.kind == FEEL_BOOLEAN && !v.boolean) || (v.kind == FEEL_STRING && v.string.len == 0);
  if (first && !after)
    return before_all;
  if (v.kind == FEEL_BOOLEAN && v.boolean && after)
    return after_all;
  if (after && is_discrete (v.kind, scale))
    return (Cut){ .value = neighbour (v, scale, 1) };
  return (Cut){ .value = v, .after = after };
}

static Cut
low_cut (const FeelInterval *i, int scale)
{
  return i->low.kind == FEEL_NULL ? before_all : cut_at (i->low, !i->low_closed, scale);
}

static Cut
high_cut (const FeelInterval *i, int scale)
{
  return i->high.kind == FEEL_NULL ? after_all : cut_at (i->high, i->high_closed, scale);
}

/* ---- the tests of a column --------------------------------------------- */

typedef struct {
  Column *column;
  Arena *arena;
  const DmnColumn *input;
  const DmnDomain *domain;
  FeelIntervals allowed; /* of the 允许 row */
  bool vague;            /* the 允许 row cannot be read: any class may be missing */
  FeelIntervals given;   /* of the domain's values */
  FeelIntervals bounds;  /* of the domain's least and greatest */
} Reader;

/* Runs of blanks outside strings as one, so that layout makes no difference. */
static Text
fold_blanks (Arena *arena, Text text)
{
  char *out = arena_alloc (arena, text.len + 1);
  size_t n = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.bytes[i];
    bool blank = !quoted && g_ascii_isspace (c);
    if (c == '"' && (i == 0 || text.bytes[i - 1] != '\\'))
      quoted = !quoted;
    if (!blank)
      out[n++] = c;
    else if (n && out[n - 1] != ' ')
      out[n++] = ' ';
  }
  return text_trim ((Text){ out, n });
}

static const Test *
read_test (Reader *r, const DmnCell *cell)
{
  Column *column = r->column;
  char *key = arena_text (r->arena, fold_blanks (r->arena, cell->text));
  Test *test = g_hash_table_lookup (column->by_text, key);
  if (test)
    return test;
  test = &column->tests[column->n_tests++];
  *test = (Test){ .cell = cell, .text = text_of (key) };
  test->exact = cell->expression && feel_test_intervals (cell->expression, r->arena, &test->intervals);
  g_hash_table_insert (column->by_text, key, test);
  return test;
}

static void
read_tests (Reader *r, const DmnTable *table, size_t input, const GPtrArray *more)
{
  Column *column = r->column;
  column->by_text = g_hash_table_new (g_str_hash, g_str_equal);
  column->tests = arena_new0 (r->arena, Test, table->n_rules + more->len);
  column->of_rule = arena_new0 (r->arena, const Test *, table->n_rules);
  for (size_t i = 0; i < table->n_rules; i++)
    column->of_rule[i] = read_test (r, &table->rules[i].tests[input]);
  for (guint i = 0; i < more->len; i++)
    read_test (r, more->pdata[i]);
}

void
column_clear (Column *column)
{
  g_clear_pointer (&column->by_text, g_hash_table_unref);
}

const Test *
column_test (const Column *column, const DmnCell *cell)
{
  g_autoptr (Arena) arena = arena_new ();
  return g_hash_table_lookup (column->by_text, arena_text (arena, fold_blanks (arena, cell->text)));
}

/* ---- what the input can be --------------------------------------------- */

static FeelInterval
interval_of (FeelValue v)
{
  if (v.kind == FEEL_DATE)
    return (FeelInterval){ FEEL_DATE, v, feel_date (v.date + 1), true, false };
  return (FeelInterval){ v.kind, v, v, true, true };
}

static void
read_domain (Reader *r)
{
  const DmnDomain *d = r->domain;
  const DmnCell *allowed = &r->input->allowed;
  r->allowed = r->given = r->bounds = (FeelIntervals){ .all = true };
  if (allowed->expression && !feel_test_intervals (allowed->expression, r->arena, &r->allowed)) {
    r->vague = true;
    r->allowed = (FeelIntervals){ .all = true };
  }
  if (d->values) {
    FeelInterval *points = arena_new0 (r->arena, FeelInterval, d->n_values);
    r->given = (FeelIntervals){ .intervals = points };
    for (size_t i = 0; i < d->n_values; i++)
      if (d->values[i].kind >= FEEL_BOOLEAN && d->values[i].kind <= FEEL_MONTHS_DURATION)
        points[r->given.n++] = interval_of (d->values[i]);
  }
  if (d->min.kind == FEEL_NULL && d->max.kind == FEEL_NULL)
    return;
  FeelInterval *range = arena_new0 (r->arena, FeelInterval, 1);
  *range = (FeelInterval){ .kind = d->min.kind ? d->min.kind : d->max.kind,
                           .low = d->min,
                           .high = d->max,
                           .low_closed = true,
                           .high_closed = true };
  r->bounds = (FeelIntervals){ .n = 1, .intervals = range };
}

/* The kind of value a type has; FEEL_UNKNOWN where it has no order, FEEL_NULL for
 * any. */
static FeelKind
kind_of (const FeelType *type)
{
  static const FeelKind kinds[] = { [FEEL_TYPE_BOOLEAN] = FEEL_BOOLEAN,
                                    [FEEL_TYPE_NUMBER] = FEEL_NUMBER,
                                    [FEEL_TYPE_STRING] = FEEL_STRING,
                                    [FEEL_TYPE_DATE] = FEEL_DATE,
                                    [FEEL_TYPE_TIME] = FEEL_TIME,
                                    [FEEL_TYPE_DATE_TIME] = FEEL_DATE_TIME,
                                    [FEEL_TYPE_DAYS_DURATION] = FEEL_DAYS_DURATION,
                                    [FEEL_TYPE_MONTHS_DURATION] = FEEL_MONTHS_DURATION };
  if (!type || type->kind <= FEEL_TYPE_NULL)
    return FEEL_NULL;
  return type->kind < G_N_ELEMENTS (kinds) ? kinds[type->kind] : FEEL_UNKNOWN;
}

static void
mark_kinds (const FeelIntervals *set, bool *kinds)
{
  for (size_t i = 0; i < set->n; i++)
    kinds[set->intervals[i].kind] = true;
}

/* An input of any type is taken to be of the kinds that its tests name. */
static void
find_kinds (const Reader *r, bool *kinds)
{
  FeelKind kind = kind_of (r->input->expression ? feel_expression_type (r->input->expression) : NULL);
  kinds[kind] = true;
  if (kind == FEEL_NULL) {
    mark_kinds (&r->given, kinds);
    for (size_t t = 0; t < r->column->n_tests; t++)
      mark_kinds (&r->column->tests[t].intervals, kinds);
  }
  bool some = false;
  for (FeelKind k = FEEL_UNKNOWN; k <= FEEL_MONTHS_DURATION; k++)
    some |= kinds[k];
  kinds[FEEL_UNKNOWN] |= !some;
}

/* ---- pieces ------------------------------------------------------------ */

static int
compare_cuts (gconstpointer a, gconstpointer b)
{
  return cut_order (a, b);
}

static void
add_cuts (const Reader *r, const FeelIntervals *set, FeelKind kind, GArray *cuts)
{
  for (size_t i = 0; i < set->n; i++) {
    if (set->intervals[i].kind != kind)
      continue;
    Cut ends[]
        = { low_cut (&set->intervals[i], r->column->scale), high_cut (&set->intervals[i], r->column->scale) };
    for (int e = 0; e < 2; e++)
      if (!ends[e].infinite)
        g_array_append_val (cuts, ends[e]);
  }
}

static void
add_pieces (const Reader *r, FeelKind kind, GArray *pieces)
{
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (Cut));
  add_cuts (r, &r->allowed, kind, cuts);
  add_cuts (r, &r->given, kind, cuts);
  add_cuts (r, &r->bounds, kind, cuts);
  for (size_t t = 0; t < r->column->n_tests; t++)
    add_cuts (r, &r->column->tests[t].intervals, kind, cuts);
  if (kind == FEEL_BOOLEAN)
    g_array_append_val (cuts, ((Cut){ .value = feel_boolean (true) }));
  g_array_sort (cuts, compare_cuts);
  Piece piece = { .kind = kind, .low = before_all };
  for (guint i = 0; i < cuts->len; i++) {
    piece.high = g_array_index (cuts, Cut, i);
    if (cut_order (&piece.low, &piece.high) == 0)
      continue;
    g_array_append_val (pieces, piece);
    piece.low = piece.high;
  }
  piece.high = after_all;
  g_array_append_val (pieces, piece);
}

static void
read_pieces (Reader *r)
{
  Column *column = r->column;
  bool kinds[FEEL_FUNCTION + 1] = { 0 };
  g_autoptr (GArray) pieces = g_array_new (FALSE, TRUE, sizeof (Piece));
  find_kinds (r, kinds);
  if (column->notation == COLUMN_VALUES)
    for (FeelKind kind = FEEL_UNKNOWN; kind <= FEEL_MONTHS_DURATION; kind++) {
      if (kinds[kind])
        add_pieces (r, kind, pieces);
    }
  else
    g_array_set_size (pieces, column->notation == COLUMN_ORDER ? 3 : 2);
  Piece null = { .kind = FEEL_NULL };
  g_array_append_val (pieces, null);
  column->n_pieces = pieces->len;
  column->pieces = arena_new0 (r->arena, Piece, pieces->len);
  memcpy (column->pieces, pieces->data, pieces->len * sizeof (Piece));
}

/* The first piece of KIND that begins at or after CUT. */
static size_t
piece_from (const Column *column, FeelKind kind, const Cut *cut)
{
  size_t low = 0, high = column->n_pieces - 1;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const Piece *p = &column->pieces[middle];
    bool before = p->kind != kind ? p->kind < kind : cut_order (&p->low, cut) < 0;
    if (before)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Adds the pieces that SET holds, null as it says. */
static void
mark_pieces (const Column *column, const FeelIntervals *set, Bits pieces)
{
  if (set->null)
    bits_add (pieces, column->n_pieces - 1);
  for (size_t i = 0; set->all && i + 1 < column->n_pieces; i++)
    bits_add (pieces, i);
  for (size_t i = 0; i < set->n; i++) {
    const FeelInterval *interval = &set->intervals[i];
    Cut low = low_cut (interval, column->scale), high = high_cut (interval, column->scale);
    for (size_t p = piece_from (column, interval->kind, &low);
         p + 1 < column->n_pieces && column->pieces[p].kind == interval->kind
         && cut_order (&column->pieces[p].high, &high) <= 0;
         p++)
      bits_add (pieces, p);
  }
}

ptrdiff_t
column_class (const Column *column, FeelValue value)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelInterval point = interval_of (value);
  FeelIntervals set = { .null = value.kind == FEEL_NULL, .n = value.kind != FEEL_NULL, .intervals = &point };
  Bits pieces = bits_new (arena, column->n_pieces);
  mark_pieces (column, &set, pieces);
  for (size_t p = 0; p < column->n_pieces; p++)
    if (bits_has (pieces, p))
      return column->pieces[p].class_;
  return -1;
}

/* ---- boundaries not known here ----------------------------------------- */

enum { LESS = 1, EQUAL = 2, GREATER = 4 };

/* A test as a comparison with one expression. */
typedef struct {
  unsigned holds; /* LESS, EQUAL, GREATER */
  bool ordered;
  Text boundary;
} Comparison;

/* Whether TEXT is one expression that a value can be compared with: no list of
 * tests, no range, nothing about the input itself. */
static bool
is_boundary (Text text)
{
  int depth = 0;
  bool quoted = false;
  if (text.len == 0 || strchr ("[(]<>=!", text.bytes[0]) || text_starts_with (text, "not("))
    return false;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.bytes[i];
    if (c == '"' && (i == 0 || text.bytes[i - 1] != '\\'))
      quoted = !quoted;
    if (quoted)
      continue;
    depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
    if (c == '?' || (c == ',' && depth == 0) || depth < 0)
      return false;
  }
  return true;
}

static bool
read_comparison (Text text, Comparison *c)
{
  static const struct {
    const char *sign;
    unsigned holds;
    bool ordered;
  } signs[] = { { "<=", LESS | EQUAL, true },     { "<", LESS, true },   { ">=", GREATER | EQUAL, true },
                { ">", GREATER, true },           { "=", EQUAL, false }, { "!=", LESS | GREATER, false },
                { "not(", LESS | GREATER, false } };
  *c = (Comparison){ EQUAL, false, text };
  for (size_t i = 0; i < G_N_ELEMENTS (signs); i++) {
    size_t len = strlen (signs[i].sign);
    if (!text_starts_with (text, signs[i].sign))
      continue;
    size_t close = g_str_equal (signs[i].sign, "not(") && text_ends_with (text, ")");
    *c = (Comparison){ signs[i].holds, signs[i].ordered,
                       text_trim ((Text){ text.bytes + len, text.len - len - close }) };
    break;
  }
  return is_boundary (c->boundary);
}

/* Whether the column is about one expression: every test compares with it, or
 * is about null only. */
static void
find_boundary (Column *column)
{
  Text boundary = { 0 };
  bool ordered = false;
  for (size_t t = 0; t < column->n_tests; t++) {
    const Test *test = &column->tests[t];
    Comparison c;
    if (test->exact ? test->intervals.n > 0 : !read_comparison (test->text, &c))
      return;
    if (test->exact)
      continue;
    if (boundary.len && !text_equal (boundary, c.boundary))
      return;
    boundary = c.boundary;
    ordered |= c.ordered;
  }
  if (!boundary.len)
    return;
  column->notation = ordered ? COLUMN_ORDER : COLUMN_EITHER;
  column->boundary = boundary;
}

/* Whether null is unlike a boundary depends on what that is. */
static void
mark_comparison (const Column *column, const Test *test, Bits may, Bits must)
{
  Comparison c;
  size_t null = column->n_pieces - 1;
  read_comparison (test->text, &c);
  unsigned places[] = { LESS, EQUAL, GREATER };
  if (column->notation == COLUMN_EITHER) {
    places[0] = EQUAL;
    places[1] = LESS;
  }
  for (size_t p = 0; p < null; p++)
    if (c.holds & places[p]) {
      bits_add (may, p);
      bits_add (must, p);
    }
  if (!c.ordered && !(c.holds & EQUAL))
    bits_add (may, null);
}

/* ---- classes ----------------------------------------------------------- */

static void
fill (Bits set, size_t members)
{
  for (size_t i = 0; i < members; i++)
    bits_add (set, i);
}

/* The pieces each test may and must hold for. */
static void
mark_test (const Column *column, const Test *test, Bits may, Bits must)
{
  if (test->exact) {
    mark_pieces (column, &test->intervals, may);
    bits_join (must, may);
  } else if (column->notation != COLUMN_VALUES)
    mark_comparison (column, test, may, must);
  else
    fill (may, column->n_pieces);
}

/* The pieces that the input can be; null stands outside the 允许 row. */
static Bits
possible (const Reader *r)
{
  const Column *column = r->column;
  Bits all = bits_new (r->arena, column->n_pieces);
  const FeelIntervals *sets[] = { &r->allowed, &r->given, &r->bounds };
  fill (all, column->n_pieces - 1);
  if (column->notation == COLUMN_VALUES)
    for (size_t i = 0; i < G_N_ELEMENTS (sets); i++) {
      Bits set = bits_new (r->arena, column->n_pieces);
      mark_pieces (column, sets[i], set);
      bits_both (all, all, set);
    }
  if (r->domain->null)
    bits_add (all, column->n_pieces - 1);
  return all;
}

static guint
signature_hash (gconstpointer data)
{
  const Bits *set = data;
  guint64 hash = 0;
  for (size_t w = 0; w < set->n; w++)
    hash = (hash ^ set->words[w]) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return (guint)(hash >> 32);
}

static gboolean
signature_equal (gconstpointer a, gconstpointer b)
{
  return bits_equal (*(const Bits *)a, *(const Bits *)b);
}

/* Pieces for which the same tests may and must hold are one class. */
static void
read_classes (Reader *r)
{
  Column *column = r->column;
  size_t n_pieces = column->n_pieces, n = column->n_tests;
  Bits *may = arena_new0 (r->arena, Bits, n), *must = arena_new0 (r->arena, Bits, n);
  Bits *signatures = arena_new0 (r->arena, Bits, n_pieces);
  for (size_t p = 0; p < n_pieces; p++)
    signatures[p] = bits_new (r->arena, 2 * n);
  for (size_t t = 0; t < n; t++) {
    may[t] = bits_new (r->arena, n_pieces);
    must[t] = bits_new (r->arena, n_pieces);
    mark_test (column, &column->tests[t], may[t], must[t]);
    for (size_t p = 0; p < n_pieces; p++) {
      if (bits_has (may[t], p))
        bits_add (signatures[p], t);
      if (bits_has (must[t], p))
        bits_add (signatures[p], n + t);
    }
  }
  Bits able = possible (r);
  g_autoptr (GHashTable) classes = g_hash_table_new (signature_hash, signature_equal);
  for (size_t p = 0; p < n_pieces; p++) {
    gpointer class_ = NULL;
    column->pieces[p].class_ = -1;
    if (!bits_has (able, p))
      continue;
    if (!g_hash_table_lookup_extended (classes, &signatures[p], NULL, &class_))
      g_hash_table_insert (classes, &signatures[p], class_ = GSIZE_TO_POINTER (column->n_classes++));
    column->pieces[p].class_ = (int)GPOINTER_TO_SIZE (class_);
  }
  column->all = bits_new (r->arena, column->n_classes);
  fill (column->all, column->n_classes);
  for (size_t t = 0; t < n; t++) {
    Test *test = &column->tests[t];
    test->may = bits_new (r->arena, column->n_classes);
    test->must = bits_new (r->arena, column->n_classes);
    for (size_t p = 0; p < n_pieces; p++) {
      if (bits_has (able, p) && bits_has (may[t], p))
        bits_add (test->may, (size_t)column->pieces[p].class_);
      if (bits_has (able, p) && bits_has (must[t], p))
        bits_add (test->must, (size_t)column->pieces[p].class_);
    }
  }
}

/* Where any class may be impossible, a test is sure only of all or nothing. */
static void
blur (const Column *column)
{
  for (size_t t = 0; t < column->n_tests; t++) {
    Test *test = &column->tests[t];
    bool all = bits_equal (test->must, column->all);
    test->exact &= all || bits_empty (test->may);
    if (!bits_empty (test->may))
      fill (test->may, column->n_classes);
    if (!all)
      memset (test->must.words, 0, test->must.n * sizeof *test->must.words);
  }
}

/* Intervals say nothing of lists and contexts. */
static void
doubt_structures (Reader *r)
{
  if (kind_of (r->input->expression ? feel_expression_type (r->input->expression) : NULL) != FEEL_UNKNOWN)
    return;
  for (size_t t = 0; t < r->column->n_tests; t++) {
    Test *test = &r->column->tests[t];
    bool sure = test->exact && (test->intervals.all || (test->intervals.n == 0 && test->intervals.null));
    if (!sure)
      *test = (Test){ .cell = test->cell, .text = test->text };
  }
}

void
column_read (Column *column, const DmnTable *table, size_t i, const GPtrArray *more, const DmnDomain *domain,
             Arena *arena)
{
  *column = (Column){ .scale = domain->scale };
  Reader r = { .column = column, .arena = arena, .input = &table->inputs[i], .domain = domain };
  read_tests (&r, table, i, more);
  doubt_structures (&r);
  read_domain (&r);
  find_boundary (column);
  read_pieces (&r);
  read_classes (&r);
  if (r.vague)
    blur (column);
}
