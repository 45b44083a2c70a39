#include "feel_private.h"

/* for, some, every and filters. */

/* What an iteration runs over: the items of a list, or the whole numbers or
 * days from one bound to the other, in either direction. */
typedef struct {
  const FeelValue *items; /* NULL for a range */
  FeelKind kind;
  gint64 first;
  int step;
  gint64 n;
} Domain;

static bool
bound_of (FeelValue v, gint64 *bound)
{
  if (v.kind == FEEL_DATE) {
    *bound = v.date;
    return true;
  }
  return v.kind == FEEL_NUMBER && decimal_to_int64 (v.number, bound) && ABS (*bound) < G_MAXINT64 / 4;
}

static bool
domain_of_bounds (FeelValue low, FeelValue high, Domain *domain)
{
  gint64 from, to;
  if (low.kind != high.kind || !bound_of (low, &from) || !bound_of (high, &to))
    return false;
  *domain
      = (Domain){ .kind = low.kind, .first = from, .step = from <= to ? 1 : -1, .n = ABS (to - from) + 1 };
  return true;
}

static bool
domain_of_range (const FeelRange *range, Domain *domain)
{
  if (!domain_of_bounds (range->low, range->high, domain))
    return false;
  if (!range->low_closed) {
    domain->first += domain->step;
    domain->n--;
  }
  if (!range->high_closed)
    domain->n--;
  domain->n = MAX (domain->n, 0);
  return true;
}

/* False with *V set: unknown, or null after a diagnostic. */
static bool
domain_open (const Node *node, const Iterator *it, Frame *frame, FeelValue *v, Domain *domain)
{
  *v = evaluate_node (it->from, frame);
  if (it->to) {
    FeelValue to = evaluate_node (it->to, frame);
    if (is_unknown (*v) || is_unknown (to)) {
      *v = feel_unknown_merge (frame->run->arena, *v, to);
      return false;
    }
    if (domain_of_bounds (*v, to, domain))
      return true;
    *v = fail_at (frame, it->from,
                  "an iteration cannot go from %s to %s; whole numbers or dates can be bounds",
                  kind_with_article (*v), kind_with_article (to));
    return false;
  }
  if (is_unknown (*v))
    return false;
  if (v->kind == FEEL_LIST) {
    *domain = (Domain){ .items = v->list->items, .n = (gint64)v->list->n };
    return true;
  }
  if (v->kind == FEEL_RANGE && domain_of_range (v->range, domain))
    return true;
  if (v->kind == FEEL_NULL || v->kind == FEEL_RANGE) {
    *v = fail_at (frame, it->from, "%s cannot be iterated over", kind_with_article (*v));
    return false;
  }
  FeelValue *single = arena_new0 (frame->run->arena, FeelValue, 1);
  *single = *v;
  *domain = (Domain){ .items = single, .n = 1 };
  return true;
}

static FeelValue
domain_at (const Domain *domain, gint64 i)
{
  if (domain->items)
    return domain->items[i];
  gint64 at = domain->first + i * domain->step;
  return domain->kind == FEEL_DATE ? feel_date (at) : feel_int (at);
}

typedef struct {
  const Node *node;
  Frame *frame;
  ListBuilder list;
  FeelValue verdict; /* of some and every; of for when a list is unknown */
  bool failed;       /* a list was null or the steps are used up */
  bool done;
} Loop;

static void
loop_body (Loop *loop)
{
  const Node *node = loop->node;
  Frame *frame = loop->frame;
  Arena *arena = frame->run->arena;
  if (node->kind == NODE_FOR && node->loop.uses_partial)
    frame->locals[node->loop.partial] = list_end (&loop->list);
  FeelValue v = evaluate_node (node->a, frame);
  switch (node->kind) {
  case NODE_FOR: list_add (&loop->list, v); break;
  case NODE_SOME:
    loop->verdict = operator_or (arena, loop->verdict, v);
    loop->done = feel_is_true (loop->verdict);
    break;
  default: loop->verdict = operator_and (arena, loop->verdict, v); loop->done = feel_is_false (loop->verdict);
  }
}

/* A list that is unknown, or null: its share of the answer. */
static void
loop_without_domain (Loop *loop, FeelValue v)
{
  Arena *arena = loop->frame->run->arena;
  if (loop->node->kind == NODE_SOME)
    loop->verdict = operator_or (arena, loop->verdict, v);
  else if (loop->node->kind == NODE_EVERY)
    loop->verdict = operator_and (arena, loop->verdict, v);
  else if (is_unknown (v))
    loop->verdict = feel_unknown_merge (arena, loop->verdict, v);
  else
    loop->failed = true;
}

static void
loop_over (Loop *loop, size_t level)
{
  const Iterator *it = &loop->node->loop.iterators[level];
  FeelValue v;
  Domain domain;
  if (!domain_open (loop->node, it, loop->frame, &v, &domain)) {
    loop_without_domain (loop, v);
    return;
  }
  for (gint64 i = 0; i < domain.n && !loop->done; i++) {
    if (!evaluate_charge (loop->frame->run, loop->frame->expression, 16)) {
      loop->failed = loop->done = true;
      return;
    }
    loop->frame->locals[it->local] = domain_at (&domain, i);
    if (level + 1 < loop->node->n)
      loop_over (loop, level + 1);
    else
      loop_body (loop);
  }
}

FeelValue
evaluate_loop (const Node *node, Frame *frame)
{
  Loop loop = { .node = node, .frame = frame, .list = { .arena = frame->run->arena } };
  if (node->kind != NODE_FOR)
    loop.verdict = feel_boolean (node->kind == NODE_EVERY);
  loop_over (&loop, 0);
  if (loop.failed)
    return feel_null ();
  if (node->kind == NODE_FOR && !is_unknown (loop.verdict))
    return list_end (&loop.list);
  return loop.verdict;
}

/* ---- filters ---- */

static FeelValue
pick (const Node *node, Frame *frame, const FeelValue *items, size_t n, Decimal position)
{
  gint64 i;
  if (!decimal_to_int64 (position, &i) || i == 0)
    return fail_at (frame, node, "a position is a whole number from 1, or from -1 backwards");
  if (i < 0)
    i += (gint64)n + 1;
  return i >= 1 && (guint64)i <= n ? items[i - 1] : feel_null ();
}

static FeelValue
filter_items (const Node *node, Frame *frame, const FeelValue *items, size_t n)
{
  ListBuilder kept = { .arena = frame->run->arena };
  FeelValue open = feel_null ();
  for (size_t i = 0; i < n; i++) {
    if (!evaluate_charge (frame->run, frame->expression, 4))
      return feel_null ();
    frame->locals[node->local] = items[i];
    FeelValue keep = evaluate_node (node->b, frame);
    if (keep.kind == FEEL_NUMBER && i == 0)
      return pick (node, frame, items, n, keep.number);
    if (feel_is_true (keep))
      list_add (&kept, items[i]);
    else if (is_unknown (keep))
      open = feel_unknown_merge (frame->run->arena, open, keep);
    else if (keep.kind > FEEL_BOOLEAN)
      fail_at (frame, node->b, "a filter is a position or a condition, not %s", kind_with_article (keep));
  }
  return is_unknown (open) ? open : list_end (&kept);
}

FeelValue
evaluate_filter (const Node *node, Frame *frame)
{
  FeelValue list = evaluate_node (node->a, frame);
  if (is_unknown (list))
    return list;
  bool is_list = list.kind == FEEL_LIST;
  const FeelValue *items = is_list ? list.list->items : &list;
  size_t n = is_list ? list.list->n : 1;
  if (node->b->kind == NODE_CONSTANT && node->b->value.kind == FEEL_NUMBER)
    return pick (node, frame, items, n, node->b->value.number);
  if (n == 0 && node->b->type->kind == FEEL_TYPE_NUMBER)
    return feel_null ();
  return filter_items (node, frame, items, n);
}
