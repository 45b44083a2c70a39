/* The program under construction: operations over planes, each once, simplified. */
#include "columns_private.h"

#include <string.h>

static guint
key_hash (gconstpointer key)
{
  guint64 hash = 14695981039346656037u;
  const guint8 *bytes = key;
  for (size_t i = 0; i < sizeof (OpKey); i++)
    hash = (hash ^ bytes[i]) * 1099511628211u;
  return (guint)(hash ^ hash >> 32);
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (OpKey)) == 0;
}

static GHashTable *
keys_of (Compiler *c)
{
  if (!c->keys)
    c->keys = g_hash_table_new (key_hash, key_equal);
  return c->keys;
}

int
plane_emit (Compiler *c, OpKey key)
{
  OpKey clean;
  memset (&clean, 0, sizeof clean); /* padding counts in hash and comparison */
  clean.kind = key.kind;
  clean.width = key.width;
  clean.space = MAX (0, key.space); /* what is constant everywhere has the rows' */
  clean.part = key.part;
  clean.a = key.a;
  clean.b = key.b;
  clean.c = key.c;
  clean.x = key.x;
  clean.y = key.y;
  clean.column = key.column;
  clean.table = key.table;
  clean.data = key.data;
  gpointer found;
  if (g_hash_table_lookup_extended (keys_of (c), &clean, NULL, &found))
    return GPOINTER_TO_INT (found);
  const DmnDecision *decision = c->open->len ? c->open->pdata[c->open->len - 1] : NULL;
  Op op = { .key = clean, .decision = decision, .slot = -1, .last = -1 };
  g_array_append_val (c->program->ops, op);
  int number = (int)c->program->ops->len - 1;
  OpKey *kept = arena_copy (c->arena, &clean, sizeof clean);
  g_hash_table_insert (c->keys, kept, GINT_TO_POINTER (number));
  return number;
}

static const OpKey *
key_of (const Compiler *c, int plane)
{
  return &g_array_index (c->program->ops, Op, plane).key;
}

int
plane_width (const Compiler *c, int plane)
{
  return key_of (c, plane)->width;
}

int
plane_space (const Compiler *c, int plane)
{
  return plane <= ALL_OF ? -1 : key_of (c, plane)->space;
}

int
plane_fill (Compiler *c, int space, int width, gint64 x)
{
  return plane_emit (c, (OpKey){ .kind = OP_FILL, .width = width, .space = MAX (0, space), .x = x });
}

int
mask_real (Compiler *c, int space, int mask)
{
  return mask <= ALL_OF ? plane_fill (c, space, 1, mask == ALL_OF ? -1 : 0) : mask;
}

/* ---- masks ---------------------------------------------------------------- */

static int
mask_binary (Compiler *c, OpKind kind, int a, int b)
{
  bool symmetric = kind != OP_AND_NOT;
  if (symmetric && a > b) {
    int swap = a;
    a = b;
    b = swap;
  }
  return plane_emit (c, (OpKey){ .kind = kind, .width = 1, .space = plane_space (c, a), .a = a, .b = b });
}

int
mask_and (Compiler *c, int a, int b)
{
  if (a == NONE_OF || b == NONE_OF)
    return NONE_OF;
  if (a == ALL_OF || a == b)
    return b;
  return b == ALL_OF ? a : mask_binary (c, OP_AND, a, b);
}

int
mask_or (Compiler *c, int a, int b)
{
  if (a == ALL_OF || b == ALL_OF)
    return ALL_OF;
  if (a == NONE_OF || a == b)
    return b;
  return b == NONE_OF ? a : mask_binary (c, OP_OR, a, b);
}

int
mask_not (Compiler *c, int a)
{
  if (a <= ALL_OF)
    return a == NONE_OF ? ALL_OF : NONE_OF;
  if (key_of (c, a)->kind == OP_NOT)
    return key_of (c, a)->a;
  return plane_emit (c, (OpKey){ .kind = OP_NOT, .width = 1, .space = plane_space (c, a), .a = a });
}

int
mask_and_not (Compiler *c, int a, int b)
{
  if (a == NONE_OF || b == ALL_OF || a == b)
    return NONE_OF;
  if (b == NONE_OF)
    return a;
  return a == ALL_OF ? mask_not (c, b) : mask_binary (c, OP_AND_NOT, a, b);
}

int
mask_xor (Compiler *c, int a, int b)
{
  if (a == b)
    return NONE_OF;
  if (a <= ALL_OF)
    return a == NONE_OF ? b : mask_not (c, b);
  if (b <= ALL_OF)
    return b == NONE_OF ? a : mask_not (c, a);
  return mask_binary (c, OP_XOR, a, b);
}

int
mask_choose (Compiler *c, int a, int b, int d)
{
  if (b == d)
    return b;
  return mask_or (c, mask_and (c, a, b), mask_and_not (c, d, a));
}

/* ---- numbers -------------------------------------------------------------- */

/* The operand that KEY's result rises with, or falls, while the other (if any) is constant; −1: none.
 * Rounding, adding months and counting them never turn. */
static int
moving_operand (const Compiler *c, const OpKey *key)
{
  bool a_fixed = key_of (c, key->a)->kind == OP_FILL, b_fixed = key_of (c, key->b)->kind == OP_FILL;
  switch (key->kind) {
  case OP_WIDEN:
  case OP_YEAR: return key->a;
  case OP_DIVIDE: return b_fixed ? key->a : -1;
  case OP_ADD:
  case OP_SUBTRACT:
  case OP_MULTIPLY:
  case OP_LEAST:
  case OP_MOST:
  case OP_ADD_MONTHS:
  case OP_MONTHS_BETWEEN: return b_fixed ? key->a : a_fixed ? key->b : -1;
  default: return -1;
  }
}

/* What KEY makes of VALUE in operand MOVING. */
static gint64
result_at (const Compiler *c, const OpKey *key, int moving, gint64 value)
{
  gint64 a = key->a == moving ? value : key_of (c, key->a)->x,
         b = key->a == moving ? key_of (c, key->b)->x : value, result;
  switch (key->kind) {
  case OP_WIDEN: return value;
  case OP_DIVIDE: kernel_divide (&result, &a, &b, (int)key->x, 1); break;
  case OP_YEAR:
  case OP_ADD_MONTHS:
  case OP_MONTHS_BETWEEN: kernel_date (key->kind, &result, &a, &b, 1); break;
  default: kernel_arithmetic (key->kind, &result, &a, &b, 1);
  }
  return result;
}

/* What PLANE's values lie between, by its column; false where that does not say. */
static bool
bounds_of (const Compiler *c, int plane, gint64 *min, gint64 *max)
{
  const OpKey *key = key_of (c, plane);
  const ColumnsColumn *column = key->column;
  if (key->kind == OP_COLUMN || key->kind == OP_GATHER) {
    bool number = column->kind == COLUMNS_NUMBER || column->kind == COLUMNS_DATE;
    *min = number ? MIN (column->min, 0) : 0; /* 0 is what a gather from nothing gives */
    *max = number ? MAX (column->max, 0) : column->kind == COLUMNS_BOOLEAN ? 1 : (gint64)column->n_texts - 1;
    return key->part == PART_VALUES && (number || column->kind <= COLUMNS_TEXT)
           && MAX (*max, -(*min + 1)) < G_MAXINT64;
  }
  int moving = moving_operand (c, key);
  if (moving < 0 || !bounds_of (c, moving, min, max))
    return false;
  gint64 from = result_at (c, key, moving, *min), to = result_at (c, key, moving, *max);
  *min = MIN (from, to);
  *max = MAX (from, to);
  return true;
}

typedef struct {
  const OpKey *key;
  int moving;
  gint64 min, max; /* of what moves */
  bool falling;
} Motion;

/* The first of what moves whose result is LIMIT or beyond (FALLING: below); MAX + 1: none. */
static gint64
first_at (const Compiler *c, const Motion *m, gint64 limit)
{
  gint64 first = m->min, last = m->max;
  while (first <= last) {
    gint64 middle = first + (last - first) / 2, result = result_at (c, m->key, m->moving, middle);
    if (m->falling ? result <= limit : result >= limit)
      last = middle - 1;
    else
      first = middle + 1;
  }
  return first;
}

/* X … Y of the result as a range of what moves. */
static void
range_back (const Compiler *c, const Motion *m, gint64 *x, gint64 *y)
{
  gint64 enter = m->falling ? *y : *x, leave = m->falling ? *x : *y;
  bool stays = leave == (m->falling ? G_MININT64 : G_MAXINT64);
  *x = first_at (c, m, enter);
  *y = stays ? m->max : first_at (c, m, m->falling ? leave - 1 : leave + 1) - 1;
}

/* Rows where PLANE is X … Y, asked of the column that PLANE is computed from where that is the same
 * question: `birth + 60 years <= today` is `birth <= a day`. */
int
plane_range (Compiler *c, int plane, gint64 x, gint64 y)
{
  Motion m;
  for (; (m.moving = moving_operand (c, key_of (c, plane))) >= 0 && bounds_of (c, m.moving, &m.min, &m.max);
       plane = m.moving) {
    m.key = key_of (c, plane);
    m.falling = result_at (c, m.key, m.moving, m.min) > result_at (c, m.key, m.moving, m.max);
    range_back (c, &m, &x, &y);
  }
  int width = plane_width (c, plane);
  gint64 most = width == 8 ? G_MAXINT64 : ((gint64)1 << (8 * width - 1)) - 1;
  if (bounds_of (c, plane, &m.min, &m.max) && x <= m.min && y >= m.max)
    return ALL_OF;
  x = MAX (x, -most - 1);
  y = MIN (y, most);
  if (x > y)
    return NONE_OF;
  return plane_emit (
      c,
      (OpKey){ .kind = OP_RANGE, .width = 1, .space = plane_space (c, plane), .a = plane, .x = x, .y = y });
}

int
plane_binary (Compiler *c, OpKind kind, int width, int a, int b)
{
  return plane_emit (c, (OpKey){ .kind = kind, .width = width, .space = plane_space (c, a), .a = a, .b = b });
}

int
plane_wide (Compiler *c, int plane)
{
  if (plane_width (c, plane) == 8)
    return plane;
  return plane_emit (c, (OpKey){ .kind = OP_WIDEN, .width = 8, .space = plane_space (c, plane), .a = plane });
}

int
plane_pick (Compiler *c, int space, int mask, gint64 x, int otherwise)
{
  if (mask == NONE_OF)
    return otherwise;
  if (mask == ALL_OF)
    return plane_fill (c, space, 1, x);
  return plane_emit (
      c, (OpKey){ .kind = OP_PICK, .width = 1, .space = MAX (0, space), .a = mask, .b = otherwise, .x = x });
}

int
plane_blend (Compiler *c, int space, int mask, int yes, int no)
{
  if (mask == NONE_OF || yes == no)
    return no;
  if (mask == ALL_OF)
    return yes;
  return plane_emit (
      c, (OpKey){ .kind = OP_BLEND, .width = 8, .space = MAX (0, space), .a = mask, .b = yes, .c = no });
}

/* ---- tables ---------------------------------------------------------------- */

static guint
bytes_hash (gconstpointer bytes)
{
  return text_hash (*(const Text *)bytes);
}

static gboolean
bytes_equal (gconstpointer a, gconstpointer b)
{
  return text_equal (*(const Text *)a, *(const Text *)b);
}

/* The same table asked for twice is one, so that its operations are. */
int
plane_look_up (Compiler *c, int codes, int width, const void *results, size_t n)
{
  enum { CODES = 256 }; /* a row that is none or unknown may have any byte */
  if (!c->tables)
    c->tables = g_hash_table_new (bytes_hash, bytes_equal);
  size_t size = MAX (CODES, n + 1) * (size_t)width;
  char *bytes = arena_alloc (c->program->arena, size);
  memcpy (bytes, results, n * (size_t)width);
  Text table = { bytes, size }, *known = g_hash_table_lookup (c->tables, &table);
  if (!known)
    g_hash_table_add (c->tables, known = arena_copy (c->arena, &table, sizeof table));
  return plane_emit (c, (OpKey){ .kind = OP_LOOK_UP,
                                 .width = width,
                                 .space = plane_space (c, codes),
                                 .a = codes,
                                 .data = known->bytes });
}

/* ---- spaces ---------------------------------------------------------------- */

int
space_new (Compiler *c, int parent)
{
  Space space = { .parent = parent, .members = -1 };
  g_array_append_val (c->program->spaces, space);
  return (int)c->program->spaces->len - 1;
}

static int
space_parent (const Compiler *c, int space)
{
  return g_array_index (c->program->spaces, Space, space).parent;
}

static bool
is_around (const Compiler *c, int space, int inner)
{
  while (inner > space)
    inner = space_parent (c, inner); /* a space is made after the one around it */
  return inner == space;
}

int
plane_spread (Compiler *c, int plane, int space)
{
  if (plane <= ALL_OF || plane_space (c, plane) == space)
    return plane;
  if (!is_around (c, plane_space (c, plane), space))
    return outside (c, "two lists side by side"), NONE_OF;
  const OpKey *key = key_of (c, plane);
  if (key->kind == OP_FILL)
    return plane_fill (c, space, key->width, key->x);
  int width = key->width, around = plane_spread (c, plane, space_parent (c, space));
  return plane_emit (c, (OpKey){ .kind = OP_SPREAD, .width = width, .space = space, .a = around });
}

int
space_join (Compiler *c, int a, int b)
{
  if (a < 0 || b < 0 || a == b)
    return MAX (a, b);
  int inner = MAX (a, b), outer = MIN (a, b); /* a space is made after the one around it */
  for (int s = inner; s >= 0; s = space_parent (c, s))
    if (s == outer)
      return inner;
  outside (c, "two lists side by side");
  return inner;
}

/* ---- where planes live ------------------------------------------------------ */

void
plane_visit_reads (ColumnsProgram *p, int reader, PlaneVisit visit, void *data)
{
  const OpKey *key = &g_array_index (p->ops, Op, reader).key;
  visit (p, key->a, reader, data);
  visit (p, key->b, reader, data);
  visit (p, key->c, reader, data);
  if (key->space > 0)
    visit (p, g_array_index (p->spaces, Space, key->space).members, reader, data);
  if (key->kind != OP_SHARPEN && key->kind != OP_MATTERS)
    return;
  const Sharpen *s = key->data;
  visit (p, s->never, reader, data);
  for (size_t i = 0; i < bytes_of_bits (s->n_rules); i++)
    visit (p, s->left[i], reader, data);
  for (size_t i = 0; i < bytes_of_bits (s->n_inputs); i++)
    visit (p, s->waiting[i], reader, data);
  for (size_t i = 0; !s->constant && i < s->n_candidates; i++) {
    visit (p, s->planes[i], reader, data);
    visit (p, s->none[i], reader, data);
    visit (p, s->unknown[i], reader, data);
  }
}

static void
note_read (ColumnsProgram *p, int plane, int reader, void *unused)
{
  if (plane > ALL_OF && plane != reader)
    g_array_index (p->ops, Op, plane).last = MAX (g_array_index (p->ops, Op, plane).last, reader);
}

void
plane_drop (ColumnsProgram *p)
{
  for (guint i = p->ops->len; i-- > ALL_OF + 1;)
    if (g_array_index (p->ops, Op, i).last >= 0)
      plane_visit_reads (p, (int)i, note_read, NULL);
}

static int
slot_take (ColumnsProgram *p, GArray *free_slots, const OpKey *key)
{
  for (guint i = free_slots->len; i-- > 0;) { /* what was written last is still in the nearest cache */
    int slot = g_array_index (free_slots, int, i);
    const Slot *s = &g_array_index (p->slots, Slot, slot);
    if (s->space == key->space && s->width == key->width) {
      g_array_remove_index (free_slots, i);
      return slot;
    }
  }
  Slot slot = { key->space, key->width };
  g_array_append_val (p->slots, slot);
  return (int)p->slots->len - 1;
}

static void
add_step (ColumnsProgram *p, int number)
{
  const Op *op = &g_array_index (p->ops, Op, number);
  int a = op->key.a;
  Step step = { .kind = (guint8)op->key.kind,
                .width = (guint8)op->key.width,
                .a_width = a < 0 ? 0 : (guint8)g_array_index (p->ops, Op, a).key.width,
                .number = number,
                .space = op->key.space,
                .slot = op->slot,
                .a = a,
                .b = op->key.b,
                .c = op->key.c,
                .x = op->key.x };
  g_array_append_val (p->steps, step);
}

void
plane_place (ColumnsProgram *p)
{
  g_autoptr (GArray) free_slots = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree GArray **ends = g_new0 (GArray *, p->ops->len);
  for (guint i = ALL_OF + 1; i < p->ops->len; i++) {
    Op *op = &g_array_index (p->ops, Op, i);
    if (op->last < 0)
      continue;
    if (op->key.kind != OP_COLUMN)
      op->slot = slot_take (p, free_slots, &op->key);
    add_step (p, (int)i);
    if (op->slot >= 0 && op->last != G_MAXINT) {
      int last = op->last;
      if (!ends[last])
        ends[last] = g_array_new (FALSE, FALSE, sizeof (int));
      g_array_append_val (ends[last], op->slot);
    }
    if (ends[i]) {
      g_array_append_vals (free_slots, ends[i]->data, ends[i]->len);
      g_array_unref (ends[i]);
      ends[i] = NULL;
    }
  }
}
