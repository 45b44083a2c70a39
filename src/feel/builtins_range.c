#include "feel_private.h"

/* Allen's relations between points and ranges, 10.3.4.11 table 78.
 *
 * A bound is compared as the pair (value, side): the first value inside an open
 * start lies just after it, the last one inside an open end just before it.  A
 * point is the range that holds nothing else.  Every row of the table is then a
 * comparison or two of such pairs. */

typedef struct {
  FeelValue value; /* null: beyond everything, on that side */
  int side;        /* −1 just before, 0, 1 just after */
  int infinite;    /* −1, 0, 1 */
} Bound;

typedef struct {
  Bound start, end;
} Ends;

static Ends
ends_of (FeelValue v)
{
  if (v.kind != FEEL_RANGE)
    return (Ends){ { v, 0, 0 }, { v, 0, 0 } };
  const FeelRange *r = v.range;
  return (Ends){ { r->low, r->low_closed ? 0 : 1, r->low.kind == FEEL_NULL ? -1 : 0 },
                 { r->high, r->high_closed ? 0 : -1, r->high.kind == FEEL_NULL ? 1 : 0 } };
}

static bool
order (Bound a, Bound b, int *result)
{
  if (a.infinite || b.infinite) {
    *result = (a.infinite > b.infinite) - (a.infinite < b.infinite);
    return true;
  }
  if (!operator_order (a.value, b.value, result))
    return false;
  if (*result == 0)
    *result = (a.side > b.side) - (a.side < b.side);
  return true;
}

/* Each relation as conditions on the order of bounds of two ranges. */
typedef enum { START1, END1, START2, END2 } Which;
typedef enum { BELOW = 1, EVEN = 2, ABOVE = 4 } Wanted;

typedef struct {
  Which a;
  int wanted;
  Which b;
} Condition;

typedef struct {
  Condition conditions[3];
  int n;
  bool swapped; /* the relation seen from the other side */
} Relation;

static FeelValue
relate (Call *call, const FeelValue *arguments, const Relation *relation)
{
  Ends first = ends_of (arguments[relation->swapped]), second = ends_of (arguments[!relation->swapped]);
  const Bound bounds[]
      = { [START1] = first.start, [END1] = first.end, [START2] = second.start, [END2] = second.end };
  bool holds = true;
  for (int i = 0; i < relation->n; i++) {
    const Condition *c = &relation->conditions[i];
    int result;
    if (!order (bounds[c->a], bounds[c->b], &result))
      return builtin_fail (call, "%s and %s have no order", kind_with_article (bounds[c->a].value),
                           kind_with_article (bounds[c->b].value));
    holds &= (c->wanted & (result < 0 ? BELOW : result > 0 ? ABOVE : EVEN)) != 0;
  }
  return feel_boolean (holds);
}

#define RELATION(function, swap, count, ...)                                                                 \
  static FeelValue function (Call *call, const FeelValue *a)                                                 \
  {                                                                                                          \
    static const Relation relation = { { __VA_ARGS__ }, count, swap };                                       \
    return relate (call, a, &relation);                                                                      \
  }

#define BEFORE                                                                                               \
  {                                                                                                          \
    END1, BELOW, START2                                                                                      \
  }
#define MEETS                                                                                                \
  {                                                                                                          \
    END1, EVEN, START2                                                                                       \
  }
#define OVERLAPS                                                                                             \
  { END1, EVEN | ABOVE, START2 },                                                                            \
  {                                                                                                          \
    START1, BELOW | EVEN, END2                                                                               \
  }
#define OVERLAPS_BEFORE                                                                                      \
  { START1, BELOW, START2 }, { END1, EVEN | ABOVE, START2 },                                                 \
  {                                                                                                          \
    END1, BELOW | EVEN, END2                                                                                 \
  }
#define FINISHES                                                                                             \
  { END1, EVEN, END2 },                                                                                      \
  {                                                                                                          \
    START1, EVEN | ABOVE, START2                                                                             \
  }
#define INCLUDES                                                                                             \
  { START1, BELOW | EVEN, START2 },                                                                          \
  {                                                                                                          \
    END1, EVEN | ABOVE, END2                                                                                 \
  }
#define STARTS                                                                                               \
  { START1, EVEN, START2 },                                                                                  \
  {                                                                                                          \
    END1, BELOW | EVEN, END2                                                                                 \
  }
#define COINCIDES                                                                                            \
  { START1, EVEN, START2 },                                                                                  \
  {                                                                                                          \
    END1, EVEN, END2                                                                                         \
  }

RELATION (call_before, false, 1, BEFORE)
RELATION (call_after, true, 1, BEFORE)
RELATION (call_meets, false, 1, MEETS)
RELATION (call_met_by, true, 1, MEETS)
RELATION (call_overlaps, false, 2, OVERLAPS)
RELATION (call_overlaps_before, false, 3, OVERLAPS_BEFORE)
RELATION (call_overlaps_after, true, 3, OVERLAPS_BEFORE)
RELATION (call_finishes, false, 2, FINISHES)
RELATION (call_finished_by, true, 2, FINISHES)
RELATION (call_includes, false, 2, INCLUDES)
RELATION (call_during, true, 2, INCLUDES)
RELATION (call_starts, false, 2, STARTS)
RELATION (call_started_by, true, 2, STARTS)
RELATION (call_coincides, false, 2, COINCIDES)

/* ---- range (from) ---- */

/* Bounds are literals: a bracket in the text opens the argument of date ("…") and its like. */
static bool
holds_literals_only (Call *call, Text text)
{
  Parser p = { .arena = call->arena, .source = text };
  Token before = lexer_read (&p, 0);
  bool good = true;
  for (Token t = lexer_read (&p, before.end); t.kind != TOKEN_END && good; t = lexer_read (&p, t.end)) {
    bool computed = t.kind == TOKEN_PLUS || t.kind == TOKEN_STAR || t.kind == TOKEN_SLASH
                    || t.kind == TOKEN_POWER || (t.kind == TOKEN_MINUS && before.kind == TOKEN_NUMBER);
    good = !computed && (before.kind != TOKEN_LPAREN || before.start == 0 || t.kind == TOKEN_STRING);
    before = t;
  }
  good = good && !parser_failed (&p);
  g_clear_error (&p.error);
  return good;
}

static FeelValue
call_range (Call *call, const FeelValue *a)
{
  const FeelExpression *e = feel_compile (call->arena, a[0].string, NULL, NULL, NULL);
  if (e && holds_literals_only (call, a[0].string) && e->root->kind == NODE_CONSTANT
      && e->root->value.kind == FEEL_RANGE) {
    const FeelRange *range = e->root->value.range;
    int result;
    if (range->low.kind == FEEL_NULL || range->high.kind == FEEL_NULL
        || (operator_order (range->low, range->high, &result) && result <= 0))
      return e->root->value;
  }
  return builtin_fail (call, "\"%.*s\" is no range; write it as [18..60)", (int)a[0].string.len,
                       a[0].string.bytes);
}

static const FeelType range_type = { .kind = FEEL_TYPE_RANGE, .element = &feel_type_any };

#define K_POINT (K_NUMBER | K_STRING | K_DATE | K_TIME | K_DATE_TIME | K_DAYS | K_MONTHS)
#define ROW(name, function, one, one_kinds, two, two_kinds)                                                  \
  {                                                                                                          \
    name, function, &feel_type_boolean, { { one, one_kinds }, { two, two_kinds } }, 2                        \
  }
#define RANGES(name, function) ROW (name, function, "range1", K_RANGE, "range2", K_RANGE)
#define POINT_IN_RANGE(name, function)                                                                       \
  ROW (name, function, "point", K_POINT | K_RANGE, "range", K_RANGE), RANGES (name, function)
#define RANGE_OF_POINT(name, function)                                                                       \
  ROW (name, function, "range", K_RANGE, "point", K_POINT | K_RANGE), RANGES (name, function)
#define EITHER(name, function)                                                                               \
  ROW (name, function, "point1", K_POINT | K_RANGE, "point2", K_POINT | K_RANGE),                            \
      ROW (name, function, "point", K_POINT, "range", K_RANGE),                                              \
      ROW (name, function, "range", K_RANGE, "point", K_POINT), RANGES (name, function)

const Builtin builtins_range[] = {
  EITHER ("before", call_before),
  EITHER ("after", call_after),
  RANGES ("meets", call_meets),
  RANGES ("met by", call_met_by),
  RANGES ("overlaps", call_overlaps),
  RANGES ("overlaps before", call_overlaps_before),
  RANGES ("overlaps after", call_overlaps_after),
  POINT_IN_RANGE ("finishes", call_finishes),
  RANGE_OF_POINT ("finished by", call_finished_by),
  RANGE_OF_POINT ("includes", call_includes),
  POINT_IN_RANGE ("during", call_during),
  POINT_IN_RANGE ("starts", call_starts),
  RANGE_OF_POINT ("started by", call_started_by),
  ROW ("coincides", call_coincides, "point1", K_POINT | K_RANGE, "point2", K_POINT | K_RANGE),
  RANGES ("coincides", call_coincides),
  { "range", call_range, &range_type, { { "from", K_STRING } }, 1 },
  { 0 },
};
