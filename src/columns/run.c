/* Running: chunk by chunk, operation by operation, every plane in the cache.
 *
 * Registers are sparse: in a chunk, most planes are *uniform*, one value in every row (nobody
 * there has a disability card, all incomes are unknown).  A plane that is made is looked at
 * once; where the operands show that the next one will be uniform as well, it is made of one
 * row, and taken from the constants that all planes of its value share. */
#include "columns_private.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A space in a chunk. */
typedef struct {
  size_t n, room;
  guint32 *owners; /* of each member: its row of the space around; ascending */
  guint32 *starts; /* of each row of the space around: its first member; only where pairs are made */
} Members;

typedef struct {
  void *bytes;
  size_t room; /* rows */
} Buffer;

/* A uniform plane, shared by all that have its value. */
typedef struct {
  gint64 value; /* its bytes, as they stand in memory */
  int width;    /* 0: no constant yet */
  void *plane;
} Constant;
enum { CONSTANTS = 1024, CONSTANT_BYTES = COLUMNS_CHUNK * 8 };

struct Thread {
  const ColumnsProgram *program;
  unsigned number;
  size_t first, n;
  Buffer *buffers; /* by slot */
  const void **planes;
  guint8 *states;                /* by plane */
  void *bytes[256];              /* the constants of bytes */
  Constant constants[CONSTANTS]; /* the others, hashed */
  size_t n_constants;
  void **memories; /* by operation: SHARPEN's */
  Members *spaces;
  ColumnsAnswer *answers;
  ColumnsReasons *reasons;
};

typedef struct {
  const ColumnsProgram *program;
  const guint8 *wanted; /* by chunk; NULL: all */
  ColumnsTake take;
  void *host;
  atomic_size_t next; /* the first row nobody has taken */
} Job;

const void *
thread_plane (const Thread *thread, int plane)
{
  return thread->planes[plane];
}

static void *
room_for (Thread *t, const Step *step)
{
  Buffer *buffer = &t->buffers[step->slot];
  size_t n = t->spaces[step->space].n;
  if (buffer->room < n) {
    free (buffer->bytes);
    buffer->room = MAX (n + n / 2, (size_t)COLUMNS_CHUNK);
    size_t bytes = (buffer->room * (size_t)step->width + 63) / 64 * 64;
    buffer->bytes = aligned_alloc (64, bytes);
    if (!buffer->bytes)
      g_error ("out of memory");
  }
  return buffer->bytes;
}

static const OpKey *
key_of (const Thread *t, const Step *step)
{
  return &g_array_index (t->program->ops, Op, step->number).key;
}

/* ---- uniform planes ------------------------------------------------------------ */

/* What is known of a plane; nothing of most.  NOWHERE and EVERYWHERE are masks'. */
enum { UNIFORM = 1, NOWHERE = 2, EVERYWHERE = 4 };

/* Of a plane all of whose rows are VALUE. */
static guint8
state_of (const void *value, int width)
{
  guint8 byte = *(const guint8 *)value;
  return width > 1 ? UNIFORM : byte == 0 ? UNIFORM | NOWHERE : byte == 0xff ? UNIFORM | EVERYWHERE : UNIFORM;
}

static guint64
word_at (const guint8 *bytes)
{
  guint64 word;
  memcpy (&word, bytes, sizeof word);
  return word;
}

/* PLANE's state, of N rows. */
static guint8
look (const void *plane, int width, size_t n)
{
  const guint8 *bytes = plane, *middle = bytes + n / 2 * (size_t)width;
  size_t rest = (n - 1) * (size_t)width;
  if (rest >= 2 * sizeof (guint64)) { /* most that are not uniform show it at once */
    guint64 first = word_at (bytes);
    if (first != word_at (bytes + width) || first != word_at (middle)
        || first != word_at (bytes + rest + (size_t)width - sizeof first))
      return 0;
  }
  return memcmp (bytes, bytes + width, rest) == 0 ? state_of (plane, width) : 0;
}

static void
repeat (void *plane, const void *value, int width, size_t n)
{
  for (size_t i = 0; i < n; i++)
    memcpy ((guint8 *)plane + i * (size_t)width, value, (size_t)width);
}

static void *
constant_new (const void *value, int width)
{
  void *plane = aligned_alloc (64, CONSTANT_BYTES);
  if (!plane)
    g_error ("out of memory");
  repeat (plane, value, width, CONSTANT_BYTES / (size_t)width);
  return plane;
}

static const void *
byte_constant (Thread *t, guint8 value)
{
  if (!t->bytes[value])
    t->bytes[value] = constant_new (&value, 1);
  return t->bytes[value];
}

/* The plane of constant VALUE; NULL when there are too many already. */
static const void *
constant_of (Thread *t, const void *value, int width)
{
  if (width == 1)
    return byte_constant (t, *(const guint8 *)value);
  gint64 bytes = 0;
  memcpy (&bytes, value, (size_t)width);
  size_t at = ((guint64)bytes * 8 + (guint64)width) * 0x9E3779B97F4A7C15u >> 54;
  for (; t->constants[at].width; at = (at + 1) % CONSTANTS)
    if (t->constants[at].width == width && t->constants[at].value == bytes)
      return t->constants[at].plane;
  if (t->n_constants == CONSTANTS / 2)
    return NULL;
  t->n_constants++;
  t->constants[at] = (Constant){ bytes, width, constant_new (value, width) };
  return t->constants[at].plane;
}

/* STEP's plane when all of its N rows are VALUE. */
static void
set_uniform (Thread *t, const Step *step, const void *value, size_t n)
{
  bool fits = n * step->width <= CONSTANT_BYTES;
  const void *plane = fits ? constant_of (t, value, step->width) : NULL;
  if (!plane) {
    void *own = room_for (t, step);
    repeat (own, value, step->width, n);
    plane = own;
  }
  t->planes[step->number] = plane;
  t->states[step->number] = state_of (value, step->width);
}

/* STEP's plane where its space has no rows: nothing is read of it but this. */
static void
set_nowhere (Thread *t, const Step *step)
{
  t->planes[step->number] = t->planes[NONE_OF];
  t->states[step->number] = t->states[NONE_OF];
}

/* Which states of one operand settle the result for all rows, whatever the other's; and whether
 * results are uniform so often, of operands that are not, that to look pays. */
static const struct {
  guint8 a, b;
  bool looks;
} kinds[] = {
  [OP_GATHER] = { .looks = true },
  [OP_AND] = { NOWHERE, NOWHERE, true },
  [OP_OR] = { EVERYWHERE, EVERYWHERE, false },
  [OP_AND_NOT] = { NOWHERE, EVERYWHERE, true },
  [OP_RANGE] = { .looks = true },
  [OP_EQUAL] = { .looks = true },
  [OP_LESS] = { .looks = true },
  [OP_LESS_EQUAL] = { .looks = true },
  [OP_PICK] = { EVERYWHERE, 0, false },
  [OP_LOOK_UP] = { .looks = true },
  [OP_PLACE] = { NOWHERE, 0, false },
  [OP_ANY] = { NOWHERE, 0, true },
  [OP_COUNT] = { NOWHERE, 0, false },
  [OP_SUM] = { NOWHERE, 0, false },
  [OP_LEAST_OF] = { NOWHERE, 0, false },
  [OP_MOST_OF] = { NOWHERE, 0, false },
  [OP_FIRST_OF] = { NOWHERE, 0, false },
  [OP_SHARPEN] = { .looks = true },
  [OP_MATTERS] = { 0, NOWHERE, true },
};

/* Whether STEP's operands show that its plane is uniform. */
static bool
is_settled (const Thread *t, const Step *step)
{
  guint8 a = t->states[step->a], b = t->states[step->b], c = t->states[step->c];
  bool by_rows = step->kind < OP_PLACE; /* a row of the result is made of the operands' same row */
  return (kinds[step->kind].a & a) | (kinds[step->kind].b & b) | (a & b & c & UNIFORM & by_rows);
}

/* ---- columns ------------------------------------------------------------------ */

static const void *
part_of (const OpKey *key)
{
  const ColumnsColumn *column = key->column;
  return key->part == PART_VALUES ? column->values : key->part == PART_NONE ? column->none : column->unknown;
}

static void
open_column (Thread *t, const Step *step)
{
  const guint8 *part = part_of (key_of (t, step));
  const void *plane = part ? part + t->first * step->width : t->planes[NONE_OF];
  t->planes[step->number] = plane;
  t->states[step->number] = look (plane, step->width, t->n);
}

static void
gather (Thread *t, const OpKey *key, void *r, size_t n)
{
  const void *part = part_of (key);
  if (!part || !key->table->n_rows)
    memset (r, 0, n * (size_t)key->width);
  else
    kernel_gather (r, key->width, t->planes[key->a], part, n);
}

/* ---- members ------------------------------------------------------------------- */

/* The lists of the rows around a space. */
typedef struct {
  const ColumnsColumn *column;
  const gint32 *rows;   /* they are of; NULL: of those from FIRST on */
  const guint8 *absent; /* which are not there; NULL: none */
  size_t first, n;
} Lists;

/* How many members list I has, and where they begin. */
static inline size_t
list_at (const Lists *lists, size_t i, size_t *from)
{
  const guint32 *offsets = lists->column->offsets + (lists->rows ? (size_t)lists->rows[i] : lists->first + i);
  *from = offsets[0];
  return lists->absent && lists->absent[i] ? 0 : offsets[1] - offsets[0];
}

/* Into OWNERS, with room for one more than there are. */
static void
fill_owners (const Lists *lists, guint32 *owners)
{
  size_t from;
  for (size_t i = 0; i < lists->n; i++) {
    size_t n = list_at (lists, i, &from);
    *owners = (guint32)i; /* of few lists is there a branch: most have one member or none */
    for (size_t k = 1; k < n; k++)
      owners[k] = (guint32)i;
    owners += n;
  }
}

static void
fill_members (const Lists *lists, gint32 *to)
{
  size_t from;
  for (size_t i = 0; i < lists->n; i++)
    for (size_t left = list_at (lists, i, &from); left > 0; left--)
      *to++ = ((const gint32 *)lists->column->values)[from++];
}

static size_t
count_members (const Lists *lists)
{
  size_t n = 0, from;
  for (size_t i = 0; i < lists->n; i++)
    n += list_at (lists, i, &from);
  return n;
}

static void
grow_owners (Members *members)
{
  if (members->room > members->n)
    return;
  members->room = members->n + members->n / 2 + 1;
  members->owners = g_realloc_n (members->owners, members->room, sizeof (guint32));
}

/* The members of every row of the space around, one after the other. */
static void
open_members (Thread *t, const Step *step)
{
  const OpKey *key = key_of (t, step);
  int parent = g_array_index (t->program->spaces, Space, key->space).parent;
  Lists lists = { .column = key->column,
                  .rows = key->a < 0 ? NULL : t->planes[key->a],
                  .absent = t->states[key->b] & NOWHERE ? NULL : t->planes[key->b],
                  .first = t->first,
                  .n = t->spaces[parent].n };
  bool as_they_stand = !lists.rows && !lists.absent;
  const guint32 *offsets = key->column->offsets + t->first;
  Members *members = &t->spaces[key->space];
  members->n = as_they_stand ? offsets[lists.n] - offsets[0] : count_members (&lists);
  t->states[step->number] = 0;
  if (members->n == 0) {
    set_nowhere (t, step);
    return;
  }
  grow_owners (members);
  fill_owners (&lists, members->owners);
  if (as_they_stand) {
    t->planes[step->number] = (const gint32 *)key->column->values + offsets[0];
  } else {
    gint32 *to = room_for (t, step);
    fill_members (&lists, to);
    t->planes[step->number] = to;
  }
}

/* The row of SPACE around row I of INNER. */
static size_t
row_around (const Thread *t, int inner, int space, size_t i)
{
  for (; inner != space; inner = g_array_index (t->program->spaces, Space, inner).parent)
    i = t->spaces[inner].owners[i];
  return i;
}

/* Of every row around SPACE its first member; and their number. */
static const guint32 *
starts_of (Thread *t, int space)
{
  Members *members = &t->spaces[space];
  size_t n_around = t->spaces[g_array_index (t->program->spaces, Space, space).parent].n, m = 0;
  members->starts = g_realloc_n (members->starts, n_around + 1, sizeof (guint32));
  for (size_t i = 0; i <= n_around; i++) {
    while (m < members->n && members->owners[m] < i)
      m++;
    members->starts[i] = (guint32)m;
  }
  return members->starts;
}

/* For every row the members of another space that stand in the same row around both. */
static void
open_pairs (Thread *t, const Step *step)
{
  int around = g_array_index (t->program->spaces, Space, step->space).parent, other = (int)step->x;
  int common = g_array_index (t->program->spaces, Space, other).parent;
  const guint32 *starts = starts_of (t, other);
  Members *members = &t->spaces[step->space];
  size_t n_around = t->spaces[around].n;
  members->n = 0;
  for (size_t i = 0; i < n_around; i++) {
    size_t row = row_around (t, around, common, i);
    members->n += starts[row + 1] - starts[row];
  }
  grow_owners (members);
  gint32 *to = room_for (t, step);
  t->planes[step->number] = to;
  t->states[step->number] = 0;
  guint32 *owner = members->owners;
  for (size_t i = 0; i < n_around; i++) {
    size_t row = row_around (t, around, common, i);
    for (guint32 m = starts[row]; m < starts[row + 1]; m++) {
      *to++ = (gint32)m;
      *owner++ = (guint32)i;
    }
  }
}

/* ---- operations ------------------------------------------------------------------ */

static void
run_members (Thread *t, const Step *step, void *r, size_t n)
{
  const void *a = t->planes[step->a], *b = t->planes[step->b];
  const Members *inner = &t->spaces[g_array_index (t->program->ops, Op, step->a).key.space];
  size_t n_members = t->states[step->a] & NOWHERE ? 0 : inner->n;
  if (step->kind == OP_FIRST_OF)
    kernel_first (r, a, b, inner->owners, n_members, n);
  else if (step->kind == OP_ANY)
    kernel_any (r, a, inner->owners, n_members, n);
  else
    kernel_fold (step->kind, r, a, b, inner->owners, n_members, n);
}

static void
sharpen (Thread *t, const Step *step, void *r, size_t n)
{
  const void *answers = t->planes[step->a], *unknown = t->planes[step->b];
  if (t->states[step->b] & NOWHERE)
    memcpy (r, answers, n);
  else
    sharpen_rows (key_of (t, step)->data, t, answers, unknown, r, n, &t->memories[step->number]);
}

static void
run_rows (Thread *t, const Step *step, void *r, size_t n)
{
  const void *a = t->planes[step->a], *b = t->planes[step->b];
  switch (step->kind) {
  case OP_FILL: kernel_fill (r, step->width, step->x, n); break;
  case OP_GATHER: gather (t, key_of (t, step), r, n); break;
  case OP_AND: kernel_and (r, a, b, n); break;
  case OP_OR: kernel_or (r, a, b, n); break;
  case OP_AND_NOT: kernel_and_not (r, a, b, n); break;
  case OP_XOR: kernel_xor (r, a, b, n); break;
  case OP_NOT: kernel_not (r, a, n); break;
  case OP_RANGE: kernel_range (r, a, step->a_width, step->x, key_of (t, step)->y, n); break;
  case OP_EQUAL:
  case OP_LESS:
  case OP_LESS_EQUAL: kernel_compare (step->kind, r, a, b, n); break;
  case OP_WIDEN: kernel_widen (r, a, step->a_width, n); break;
  case OP_ADD:
  case OP_SUBTRACT:
  case OP_MULTIPLY:
  case OP_LEAST:
  case OP_MOST: kernel_arithmetic (step->kind, r, a, b, n); break;
  case OP_PICK: kernel_pick (r, a, step->x, b, n); break;
  case OP_BLEND: kernel_blend (r, a, b, t->planes[step->c], n); break;
  case OP_BITS: kernel_bits (r, a, b, step->x, n); break;
  case OP_LOOK_UP: kernel_look_up (r, step->width, a, step->a_width, key_of (t, step)->data, n); break;
  case OP_DIVIDE: kernel_divide (r, a, b, (int)step->x, n); break;
  case OP_YEAR:
  case OP_MONTH:
  case OP_DAY:
  case OP_ADD_MONTHS:
  case OP_MONTHS_BETWEEN: kernel_date (step->kind, r, a, b, n); break;
  case OP_SPREAD: kernel_spread (r, step->width, a, t->spaces[step->space].owners, n); break;
  case OP_OTHER: kernel_gather (r, step->width, b, a, n); break;
  case OP_PLACE: kernel_place (r, a, t->spaces[step->space].owners, n); break;
  case OP_BIT: kernel_bit (r, a, (int)step->x, n); break;
  case OP_SHARPEN: sharpen (t, step, r, n); break;
  case OP_MATTERS: matters_rows (key_of (t, step)->data, t, b, r, n, &t->memories[step->number]); break;
  default: run_members (t, step, r, n);
  }
}

/* Over the N rows of its space. */
static void
run_step (Thread *t, const Step *step, size_t n)
{
  alignas (64) guint8 one[64];
  bool settled = is_settled (t, step);
  void *r = settled ? one : room_for (t, step);
  run_rows (t, step, r, settled ? 1 : n);
  if (settled) {
    set_uniform (t, step, one, n);
  } else {
    t->planes[step->number] = r;
    t->states[step->number] = kinds[step->kind].looks ? look (r, step->width, n) : 0;
  }
}

static void
run_chunk (Thread *t)
{
  const Step *steps = (const Step *)(void *)t->program->steps->data;
  for (guint i = 0; i < t->program->steps->len; i++) {
    const Step *step = &steps[i];
    size_t n = t->spaces[step->space].n;
    if (step->kind == OP_COLUMN)
      open_column (t, step);
    else if (step->kind == OP_MEMBERS)
      open_members (t, step);
    else if (step->kind == OP_PAIRS)
      open_pairs (t, step);
    else if (n == 0)
      set_nowhere (t, step);
    else
      run_step (t, step, n);
  }
}

/* ---- what is handed out ------------------------------------------------------------- */

static const void *
handed (const Thread *t, int plane)
{
  return plane < 0 ? NULL : t->planes[plane];
}

static const guint8 *
handed_mask (const Thread *t, int mask)
{
  return mask < 0 || t->states[mask] & NOWHERE ? NULL : t->planes[mask];
}

static void
hand_out (Thread *t)
{
  const ColumnsProgram *p = t->program;
  for (size_t i = 0; i < p->n_answers; i++) {
    const Answer *a = &p->answers[i];
    ColumnsAnswer *to = &t->answers[i];
    to->numbers = handed (t, a->numbers);
    to->truths = handed (t, a->truths);
    to->none = handed_mask (t, a->none);
    to->unknown = handed_mask (t, a->unknown);
    for (size_t k = 0; k < a->n_needs; k++)
      ((const guint8 **)to->missing)[k] = handed (t, a->missing[k]);
  }
  for (guint i = 0; i < p->reasons->len; i++) {
    const Reason *from = &g_array_index (p->reasons, Reason, i);
    ColumnsReasons *to = &t->reasons[i];
    size_t n = from->n_bytes * from->table->n_rules;
    to->rule = handed (t, from->rule);
    to->refused = handed_mask (t, from->refused);
    to->unknown = handed_mask (t, from->unknown);
    for (size_t k = 0; k < n; k++) {
      ((const guint8 **)to->failed)[k] = handed_mask (t, from->failed[k]);
      ((const guint8 **)to->open)[k] = handed_mask (t, from->open[k]);
    }
  }
}

/* ---- threads ------------------------------------------------------------------------- */

static void
thread_open (Thread *t, const ColumnsProgram *p, unsigned number)
{
  *t = (Thread){ .program = p,
                 .number = number,
                 .buffers = g_new0 (Buffer, p->slots->len + 1),
                 .planes = g_new0 (const void *, p->ops->len + 1),
                 .states = g_new0 (guint8, p->ops->len + 1),
                 .memories = g_new0 (void *, p->ops->len + 1),
                 .spaces = g_new0 (Members, p->spaces->len),
                 .answers = g_new0 (ColumnsAnswer, p->n_answers + 1),
                 .reasons = g_new0 (ColumnsReasons, p->reasons->len + 1) };
  for (size_t i = 0; i < p->n_answers; i++)
    t->answers[i].missing = (const guint8 *const *)g_new0 (const guint8 *, p->answers[i].n_needs + 1);
  t->planes[NONE_OF] = byte_constant (t, 0);
  t->planes[ALL_OF] = byte_constant (t, 0xff);
  t->states[NONE_OF] = UNIFORM | NOWHERE;
  t->states[ALL_OF] = UNIFORM | EVERYWHERE;
  for (guint i = 0; i < p->reasons->len; i++) {
    const Reason *from = &g_array_index (p->reasons, Reason, i);
    size_t n = MAX (1, from->n_bytes * from->table->n_rules);
    t->reasons[i] = (ColumnsReasons){ .decision = from->decision,
                                      .table = from->table,
                                      .n_bytes = from->n_bytes,
                                      .failed = (const guint8 *const *)g_new0 (const guint8 *, n),
                                      .open = (const guint8 *const *)g_new0 (const guint8 *, n) };
  }
}

static void
thread_close (Thread *t)
{
  for (guint i = 0; i < t->program->slots->len; i++)
    free (t->buffers[i].bytes);
  for (guint i = 0; i < t->program->spaces->len; i++) {
    g_free (t->spaces[i].owners);
    g_free (t->spaces[i].starts);
  }
  for (size_t i = 0; i < t->program->n_answers; i++)
    g_free ((gpointer)t->answers[i].missing);
  for (guint i = 0; i < t->program->reasons->len; i++) {
    g_free ((gpointer)t->reasons[i].failed);
    g_free ((gpointer)t->reasons[i].open);
  }
  for (guint i = 0; i < t->program->ops->len; i++)
    g_free (t->memories[i]);
  for (size_t i = 0; i < G_N_ELEMENTS (t->bytes); i++)
    free (t->bytes[i]);
  for (size_t i = 0; i < CONSTANTS; i++)
    free (t->constants[i].plane);
  g_free (t->memories);
  g_free (t->buffers);
  g_free (t->planes);
  g_free (t->states);
  g_free (t->spaces);
  g_free (t->answers);
  g_free (t->reasons);
}

typedef struct {
  Job *job;
  unsigned number;
} Worker;

static void *
work (void *data)
{
  Worker *worker = data;
  Job *job = worker->job;
  const ColumnsProgram *p = job->program;
  size_t n_rows = p->table->n_rows, first;
  Thread t;
  thread_open (&t, p, worker->number);
  while ((first = atomic_fetch_add (&job->next, COLUMNS_CHUNK)) < n_rows) {
    if (job->wanted && !job->wanted[first / COLUMNS_CHUNK])
      continue;
    t.first = first;
    t.n = t.spaces[0].n = MIN ((size_t)COLUMNS_CHUNK, n_rows - first);
    run_chunk (&t);
    hand_out (&t);
    ColumnsChunk chunk = { worker->number, first, t.n, p->n_answers, t.answers, p->reasons->len, t.reasons };
    job->take (job->host, &chunk);
  }
  thread_close (&t);
  return NULL;
}

void
columns_run_chunks (const ColumnsProgram *program, unsigned n_threads, const guint8 *wanted, ColumnsTake take,
                    void *host)
{
  enum { THREADS_MAX = 256 };
  Job job = { .program = program, .wanted = wanted, .take = take, .host = host };
  pthread_t threads[THREADS_MAX];
  Worker workers[THREADS_MAX];
  n_threads = CLAMP (n_threads, 1, THREADS_MAX);
  unsigned n = 1;
  for (; n < n_threads; n++) {
    workers[n] = (Worker){ &job, n };
    if (pthread_create (&threads[n], NULL, work, &workers[n]) != 0)
      break; /* fewer do it as well */
  }
  workers[0] = (Worker){ &job, 0 };
  work (&workers[0]);
  while (n-- > 1)
    pthread_join (threads[n], NULL);
}

void
columns_run (const ColumnsProgram *program, unsigned n_threads, ColumnsTake take, void *host)
{
  columns_run_chunks (program, n_threads, NULL, take, host);
}
