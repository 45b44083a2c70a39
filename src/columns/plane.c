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

int
plane_range (Compiler *c, int plane, gint64 x, gint64 y)
{
  int width = plane_width (c, plane);
  gint64 most = width == 8 ? G_MAXINT64 : ((gint64)1 << (8 * width - 1)) - 1;
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
  if (key->kind != OP_SHARPEN)
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
  for (guint i = 0; i < free_slots->len; i++) {
    int slot = g_array_index (free_slots, int, i);
    const Slot *s = &g_array_index (p->slots, Slot, slot);
    if (s->space == key->space && s->width == key->width) {
      g_array_remove_index_fast (free_slots, i);
      return slot;
    }
  }
  Slot slot = { key->space, key->width };
  g_array_append_val (p->slots, slot);
  return (int)p->slots->len - 1;
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
