/* What a chunk came to, as few bytes: most rules gave nothing there, most groups have nobody.
 *
 * Numbers are written seven bits to a byte, lists of them as gaps and values, 0 at the end.  A
 * group of whom all are answered no is left out: how many it has is known.  Amounts are
 * one number where all are the same. */
#include "population_private.h"

#include <string.h>

/* ---- numbers ------------------------------------------------------------------- */

static void
put (GByteArray *to, guint64 n)
{
  guint8 bytes[10];
  guint len = 0;
  for (; n > 0x7f; n >>= 7)
    bytes[len++] = (guint8)(n | 0x80);
  bytes[len++] = (guint8)n;
  g_byte_array_append (to, bytes, len);
}

static guint64
get (const guint8 **from)
{
  guint64 n = 0;
  for (unsigned shift = 0;; shift += 7) {
    guint8 byte = *(*from)++;
    n |= (guint64)(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return n;
  }
}

static void
put_cells (GByteArray *to, const gint64 *cells, size_t n)
{
  size_t last = 0;
  for (size_t i = 0; i < n; i++)
    if (cells[i]) {
      put (to, i + 1 - last);
      put (to, (guint64)cells[i]);
      last = i + 1;
    }
  put (to, 0);
}

static void
add_cells (const guint8 **from, gint64 *cells)
{
  for (guint64 gap; (gap = get (from)) != 0;) {
    cells += gap;
    cells[-1] += (gint64)get (from);
  }
}

/* ---- counts --------------------------------------------------------------------- */

static void
put_decimal (GByteArray *to, Decimal d)
{
  g_byte_array_append (to, (const guint8 *)&d, sizeof d);
}

static Decimal
get_decimal (const guint8 **from)
{
  Decimal d;
  memcpy (&d, *from, sizeof d);
  *from += sizeof d;
  return d;
}

/* SUBJECTS is the sum of the three. */
static void
put_count (GByteArray *to, const PopulationCount *c)
{
  put (to, (guint64)c->yes);
  put (to, (guint64)c->no);
  put (to, (guint64)c->undetermined);
  put (to, (guint64)c->amounts);
  if (!c->amounts)
    return;
  bool same = decimal_equal (c->least, c->greatest);
  put (to, same);
  put_decimal (to, c->least);
  if (same)
    return;
  put_decimal (to, c->greatest);
  put_decimal (to, c->amount);
}

static PopulationCount
get_count (const guint8 **from)
{
  PopulationCount c = { 0 };
  c.yes = (gint64)get (from);
  c.no = (gint64)get (from);
  c.undetermined = (gint64)get (from);
  c.amounts = (gint64)get (from);
  c.subjects = c.yes + c.no + c.undetermined;
  if (!c.amounts)
    return c;
  bool same = get (from);
  c.least = get_decimal (from);
  c.greatest = same ? c.least : get_decimal (from);
  c.amount = same ? decimal_mul (c.least, decimal_from_int64 (c.amounts)) : get_decimal (from);
  return c;
}

/* ---- chunks --------------------------------------------------------------------- */

static void
put_groups (GByteArray *to, const PopulationCount *groups, size_t n)
{
  size_t last = 0;
  for (size_t g = 0; g < n; g++)
    if (groups[g].yes || groups[g].undetermined) {
      put (to, g + 1 - last);
      put_count (to, &groups[g]);
      last = g + 1;
    }
  put (to, 0);
}

/* SIZES: how many of the chunk are in each group. */
static void
add_groups (const guint8 **from, PopulationCount *groups, const guint16 *sizes, size_t n)
{
  size_t g = 0;
  for (guint64 gap; (gap = get (from)) != 0; g++) {
    for (; gap > 1; gap--, g++)
      groups[g].subjects += sizes[g], groups[g].no += sizes[g];
    PopulationCount count = get_count (from);
    count_add (&groups[g], &count);
  }
  for (; g < n; g++)
    groups[g].subjects += sizes[g], groups[g].no += sizes[g];
}

guint8 *
figures_pack (const Figures *f, size_t *n_bytes)
{
  GByteArray *to = g_byte_array_new ();
  for (size_t i = 0; i < f->plan->n_targets; i++)
    put_count (to, &f->targets[i]);
  for (size_t i = 0; i < f->plan->n_provisions; i++) {
    const ProvisionFigures *p = &f->provisions[i];
    put_count (to, &p->count);
    put_cells (to, p->gave, f->plan->provisions[i].n_rules);
    put_cells (to, p->failed, f->plan->provisions[i].n_conditions);
    put_cells (to, (const gint64 *)(gconstpointer)p->needs->data, p->needs->len);
    put_groups (to, p->groups, f->kind->n_groups);
  }
  *n_bytes = to->len;
  return g_byte_array_free (to, FALSE);
}

void
figures_add_packed (Figures *to, size_t chunk, const guint8 *bytes)
{
  const guint16 *sizes = to->kind->sizes + chunk * to->kind->n_groups;
  for (size_t i = 0; i < to->plan->n_targets; i++) {
    PopulationCount count = get_count (&bytes);
    count_add (&to->targets[i], &count);
  }
  for (size_t i = 0; i < to->plan->n_provisions; i++) {
    ProvisionFigures *p = &to->provisions[i];
    PopulationCount count = get_count (&bytes);
    count_add (&p->count, &count);
    add_cells (&bytes, p->gave);
    add_cells (&bytes, p->failed);
    g_array_set_size (p->needs, MAX (p->needs->len, to->plan->needs->len));
    add_cells (&bytes, (gint64 *)(gpointer)p->needs->data);
    add_groups (&bytes, p->groups, sizes, to->kind->n_groups);
  }
}
