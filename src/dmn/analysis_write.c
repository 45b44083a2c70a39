/* A set of a column's classes in the table's own notation: unary tests. */
#include "analysis.h"

typedef struct {
  const Column *column;
  Bits classes;
  GString *out;
} Writer;

static bool
is_in (const Writer *w, size_t piece)
{
  int class_ = w->column->pieces[piece].class_;
  return class_ >= 0 && bits_has (w->classes, (size_t)class_);
}

static bool
is_possible (const Writer *w, size_t piece)
{
  return w->column->pieces[piece].class_ >= 0;
}

static void
add_item (GString *list, const char *item)
{
  if (list->len)
    g_string_append (list, ", ");
  g_string_append (list, item);
}

/* ---- intervals --------------------------------------------------------- */

static bool
follows (const Column *column, const Cut *cut)
{
  FeelKind kind = cut->value.kind;
  return kind == FEEL_BOOLEAN || kind == FEEL_DATE || kind == FEEL_MONTHS_DURATION
         || (kind == FEEL_NUMBER && column->scale >= 0);
}

/* The last value before CUT, of values that follow one another. */
static FeelValue
last_before (const Column *column, const Cut *cut)
{
  switch (cut->value.kind) {
  case FEEL_BOOLEAN: return feel_boolean (false);
  case FEEL_DATE: return feel_date (cut->value.date - 1);
  case FEEL_MONTHS_DURATION: return feel_months (cut->value.months - 1);
  default: return feel_number (decimal_sub (cut->value.number, decimal_from_scaled (1, column->scale)));
  }
}

/* Whether one value lies between the cuts, and which. */
static bool
is_point (const Column *column, const Cut *low, const Cut *high, FeelValue *value)
{
  int order = 1;
  if (low->infinite || high->infinite) {
    bool truth = low->infinite ? high->value.kind == FEEL_BOOLEAN : low->value.kind == FEEL_BOOLEAN;
    *value = feel_boolean (!low->infinite);
    if (truth || !low->infinite || high->infinite || high->value.kind != FEEL_STRING)
      return truth;
    *value = high->value; /* before every text stands nothing, so up to "" is "" */
    return high->after && high->value.string.len == 0;
  }
  *value = low->value;
  if (low->after)
    return false;
  FeelValue last = high->after              ? high->value
                   : follows (column, high) ? last_before (column, high)
                                            : feel_null ();
  return last.kind == low->value.kind && feel_order (low->value, last, &order) && order == 0;
}

static void
write_range (GString *out, const Column *column, const Cut *low, const Cut *high)
{
  bool closed = high->after || (!high->infinite && !low->infinite && follows (column, high));
  FeelValue last = high->infinite || high->after || !closed ? high->value : last_before (column, high);
  if (low->infinite) {
    g_string_append (out, high->after ? "<= " : "< ");
    feel_write (out, high->value);
  } else if (high->infinite) {
    g_string_append (out, low->after ? "> " : ">= ");
    feel_write (out, low->value);
  } else {
    g_string_append (out, low->after ? "(" : "[");
    feel_write (out, low->value);
    g_string_append (out, "..");
    feel_write (out, last);
    g_string_append (out, closed ? "]" : ")");
  }
}

/* Every value of one kind, where the column has others. */
static const char *
kind_test (FeelKind kind)
{
  static const char *const tests[] = { [FEEL_NUMBER] = "? instance of number",
                                       [FEEL_STRING] = "? instance of string",
                                       [FEEL_DATE] = "? instance of date",
                                       [FEEL_TIME] = "? instance of time",
                                       [FEEL_DATE_TIME] = "? instance of date and time",
                                       [FEEL_DAYS_DURATION] = "? instance of days and time duration",
                                       [FEEL_MONTHS_DURATION] = "? instance of years and months duration" };
  return kind < G_N_ELEMENTS (tests) && tests[kind] ? tests[kind] : "not(null)";
}

static void
add_interval (GString *list, const Column *column, FeelKind kind, const Cut *low, const Cut *high)
{
  g_autoptr (GString) item = g_string_new (NULL);
  FeelValue value;
  if (kind != FEEL_BOOLEAN && low->infinite && high->infinite)
    g_string_append (item, kind_test (kind));
  else if (is_point (column, low, high, &value))
    feel_write (item, value);
  else
    write_range (item, column, low, high);
  add_item (list, item->str);
}

/* ---- lists of tests ---------------------------------------------------- */

/* The piece after the run that begins at FROM.  What the input cannot be may stand
 * inside a run of ordered values; texts and truth values are listed one by one. */
static size_t
run_end (const Writer *w, size_t from)
{
  const Piece *pieces = w->column->pieces;
  size_t end = from + 1;
  if (pieces[from].kind == FEEL_BOOLEAN)
    return end;
  for (size_t i = end; i < w->column->n_pieces && pieces[i].kind == pieces[from].kind; i++) {
    if (is_in (w, i))
      end = i + 1;
    else if (is_possible (w, i) || pieces[from].kind == FEEL_STRING)
      break;
  }
  return end;
}

/* No value that the input can take lies beyond the run, so it needs no end. */
static bool
is_outermost (const Writer *w, size_t from, ptrdiff_t step)
{
  const Piece *pieces = w->column->pieces;
  if (pieces[from].kind == FEEL_STRING)
    return false;
  for (size_t i = from + (size_t)step; i < w->column->n_pieces && pieces[i].kind == pieces[from].kind;
       i += (size_t)step)
    if (is_possible (w, i))
      return false;
  return true;
}

/* The set as intervals; returns how many, counting double what reads badly: a kind
 * as a whole, and texts by their order. */
static size_t
write_members (const Writer *w, GString *list)
{
  static const Cut before_all = { .infinite = -1 }, after_all = { .infinite = 1 };
  const Column *column = w->column;
  size_t null = column->n_pieces - 1, n = 0, end;
  for (size_t i = 0; i < null; i = end) {
    end = i + 1;
    if (!is_in (w, i))
      continue;
    end = run_end (w, i);
    Cut low = column->pieces[i].low, high = column->pieces[end - 1].high;
    FeelValue point;
    if (!is_point (column, &low, &high, &point)) {
      low = is_outermost (w, i, -1) ? before_all : low;
      high = is_outermost (w, end - 1, 1) ? after_all : high;
    }
    add_interval (list, column, column->pieces[i].kind, &low, &high);
    bool texts = column->pieces[i].kind == FEEL_STRING && !is_point (column, &low, &high, &point);
    n += texts || (low.infinite && high.infinite) ? 2 : 1;
  }
  if (is_in (w, null)) {
    add_item (list, "null");
    n++;
  }
  return n;
}

/* The rest as `not(…)`, where it is single values; returns how many, 0 where it
 * is not.  Null is unlike every value, so only null itself takes it out. */
static size_t
write_others (const Writer *w, GString *list)
{
  const Column *column = w->column;
  size_t n = 0;
  for (size_t i = 0; i < column->n_pieces; i++) {
    const Piece *piece = &column->pieces[i];
    FeelValue value = feel_null ();
    if (!is_possible (w, i) || is_in (w, i))
      continue;
    if (piece->kind != FEEL_NULL && !is_point (column, &piece->low, &piece->high, &value))
      return 0;
    g_autoptr (GString) item = g_string_new (NULL);
    feel_write (item, value);
    add_item (list, item->str);
    n++;
  }
  return n;
}

static void
write_values (const Writer *w)
{
  g_autoptr (GString) members = g_string_new (NULL), others = g_string_new (NULL);
  size_t n_members = write_members (w, members), n_others = write_others (w, others);
  if (n_others && n_others < n_members)
    g_string_append_printf (w->out, "not(%s)", others->str);
  else
    g_string_append (w->out, members->str);
}

/* ---- boundaries -------------------------------------------------------- */

static void
write_compared (const Writer *w)
{
  static const char *const order[] = { "", "< ", "", "<= ", "> ", NULL, ">= ", NULL };
  int e = (int)w->column->boundary.len;
  const char *text = w->column->boundary.bytes;
  size_t null = w->column->n_pieces - 1;
  unsigned places = 0;
  for (size_t p = 0; p < null; p++)
    places |= is_in (w, p) ? 1u << p : 0;
  bool none = is_in (w, null);
  bool unlike = w->column->notation == COLUMN_ORDER ? places == 5 : places == 2;
  if (places == (1u << null) - 1)
    g_string_append (w->out, "not(null)");
  else if (unlike)
    g_string_append_printf (w->out, !none && is_possible (w, null) ? "not(%.*s, null)" : "not(%.*s)", e,
                            text);
  else if (places)
    g_string_append_printf (w->out, "%s%.*s", w->column->notation == COLUMN_ORDER ? order[places] : "", e,
                            text);
  if (none && !unlike)
    g_string_append (w->out, places ? ", null" : "null");
}

Text
column_write (const Column *column, Bits classes, Arena *arena)
{
  if (bits_equal (classes, column->all))
    return TEXT_LITERAL ("-");
  g_autoptr (GString) out = g_string_new (NULL);
  Writer w = { column, classes, out };
  if (column->notation == COLUMN_VALUES)
    write_values (&w);
  else
    write_compared (&w);
  return arena_text_copy (arena, (Text){ out->str, out->len });
}
