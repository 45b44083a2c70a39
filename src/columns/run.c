/* Running: chunk by chunk, operation by operation, every plane in the cache. */
#include "columns_private.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A space in a chunk. */
typedef struct {
  size_t n, room;
  guint32 *owners; /* of each member: its row of the space around */
  guint32 *starts; /* of each row of the space around: its first member; one more at the end */
  size_t starts_room;
} Members;

typedef struct {
  void *bytes;
  size_t room; /* rows */
} Buffer;

struct Thread {
  const ColumnsProgram *program;
  unsigned number;
  size_t first, n;
  Buffer *buffers; /* by slot */
  const void **planes;
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

/* Masks that are absent, or everywhere. */
static const guint8 nowhere[COLUMNS_CHUNK];

const void *
thread_plane (const Thread *thread, int plane)
{
  return thread->planes[plane];
}

static void *
room_for (Thread *t, const Op *op)
{
  Buffer *buffer = &t->buffers[op->slot];
  size_t n = t->spaces[op->key.space].n;
  if (buffer->room < n) {
    free (buffer->bytes);
    buffer->room = MAX (n + n / 2, (size_t)COLUMNS_CHUNK);
    size_t bytes = (buffer->room * (size_t)op->key.width + 63) / 64 * 64;
    buffer->bytes = aligned_alloc (64, bytes);
    if (!buffer->bytes)
      g_error ("out of memory");
  }
  return buffer->bytes;
}

/* ---- columns ------------------------------------------------------------------ */

static const void *
part_of (const OpKey *key)
{
  const ColumnsColumn *column = key->column;
  return key->part == PART_VALUES ? column->values : key->part == PART_NONE ? column->none : column->unknown;
}

static const void *
column_plane (const Thread *t, const OpKey *key)
{
  const guint8 *part = part_of (key);
  if (key->part != PART_VALUES && !part)
    return nowhere;
  return part + t->first * (size_t)key->width;
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

static void
grow_starts (Members *members, size_t n)
{
  if (members->starts_room >= n)
    return;
  members->starts_room = n + n / 2;
  members->starts = g_realloc_n (members->starts, members->starts_room, sizeof (guint32));
}

static void
grow_owners (Members *members, size_t n)
{
  if (members->room >= n)
    return;
  members->room = n + n / 2;
  members->owners = g_realloc_n (members->owners, members->room, sizeof (guint32));
}

/* The members of every row of the space around, one after the other. */
static void
open_members (Thread *t, const Op *op)
{
  const OpKey *key = &op->key;
  const Space *space = &g_array_index (t->program->spaces, Space, key->space);
  Members *members = &t->spaces[key->space];
  size_t n_around = t->spaces[space->parent].n, n = 0;
  const gint32 *rows = key->a < 0 ? NULL : t->planes[key->a];
  const guint8 *absent = key->b > ALL_OF ? t->planes[key->b] : NULL;
  const guint32 *offsets = key->column->offsets;
  grow_starts (members, n_around + 1);
  for (size_t i = 0; i < n_around; i++) {
    size_t row = rows ? (size_t)rows[i] : t->first + i;
    members->starts[i] = (guint32)n;
    n += absent && absent[i] ? 0 : offsets[row + 1] - offsets[row];
  }
  members->starts[n_around] = (guint32)n;
  members->n = n;
  grow_owners (members, n);
  gint32 *to = room_for (t, op);
  for (size_t i = 0; i < n_around; i++) {
    size_t row = rows ? (size_t)rows[i] : t->first + i, count = members->starts[i + 1] - members->starts[i];
    for (size_t m = 0; m < count; m++) {
      to[members->starts[i] + m] = ((const gint32 *)key->column->values)[offsets[row] + m];
      members->owners[members->starts[i] + m] = (guint32)i;
    }
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

/* For every row the members of another space that stand in the same row around both. */
static void
open_pairs (Thread *t, const Op *op)
{
  const OpKey *key = &op->key;
  int around = g_array_index (t->program->spaces, Space, key->space).parent, other = (int)key->x;
  int common = g_array_index (t->program->spaces, Space, other).parent;
  const guint32 *starts = t->spaces[other].starts;
  Members *members = &t->spaces[key->space];
  size_t n_around = t->spaces[around].n, n = 0;
  grow_starts (members, n_around + 1);
  for (size_t i = 0; i < n_around; i++) {
    size_t row = row_around (t, around, common, i);
    members->starts[i] = (guint32)n;
    n += starts[row + 1] - starts[row];
  }
  members->starts[n_around] = (guint32)n;
  members->n = n;
  grow_owners (members, n);
  gint32 *to = room_for (t, op);
  for (size_t i = 0; i < n_around; i++) {
    gint32 first = (gint32)starts[row_around (t, around, common, i)];
    for (guint32 m = members->starts[i]; m < members->starts[i + 1]; m++) {
      to[m] = first + (gint32)(m - members->starts[i]);
      members->owners[m] = (guint32)i;
    }
  }
}

/* ---- operations ------------------------------------------------------------------ */

/* The space whose rows OP's operands have members in. */
static const Members *
inner_of (const Thread *t, const OpKey *key)
{
  return &t->spaces[g_array_index (t->program->ops, Op, key->a).key.space];
}

static void
run_members (Thread *t, const OpKey *key, void *r, size_t n)
{
  if (key->kind == OP_SPREAD)
    kernel_spread (r, key->width, t->planes[key->a], t->spaces[key->space].owners, n);
  else if (key->kind == OP_OTHER)
    kernel_gather (r, key->width, t->planes[key->b], t->planes[key->a], n);
  else if (key->kind == OP_PLACE)
    kernel_place (r, t->planes[key->a], t->spaces[key->space].owners, n);
  else if (key->kind == OP_FIRST_OF)
    kernel_first (r, t->planes[key->a], t->planes[key->b], inner_of (t, key)->starts, n);
  else if (key->kind == OP_ANY)
    kernel_any (r, t->planes[key->a], inner_of (t, key)->starts, n);
  else
    kernel_fold (key->kind, r, t->planes[key->a], key->kind == OP_COUNT ? NULL : t->planes[key->b],
                 inner_of (t, key)->starts, n);
}

static int
width_of (const Thread *t, int plane)
{
  return g_array_index (t->program->ops, Op, plane).key.width;
}

static void
run_op (Thread *t, size_t number, const OpKey *key, void *r, size_t n)
{
  const void *a = key->a > ALL_OF ? t->planes[key->a] : NULL, *b = key->b > ALL_OF ? t->planes[key->b] : NULL;
  switch (key->kind) {
  case OP_FILL: kernel_fill (r, key->width, key->x, n); break;
  case OP_GATHER: gather (t, key, r, n); break;
  case OP_AND:
  case OP_OR:
  case OP_AND_NOT:
  case OP_XOR:
  case OP_NOT: kernel_mask (key->kind, r, a, b, n); break;
  case OP_RANGE: kernel_range (r, a, width_of (t, key->a), key->x, key->y, n); break;
  case OP_EQUAL:
  case OP_LESS:
  case OP_LESS_EQUAL: kernel_compare (key->kind, r, a, b, n); break;
  case OP_WIDEN: kernel_widen (r, a, width_of (t, key->a), n); break;
  case OP_ADD:
  case OP_SUBTRACT:
  case OP_MULTIPLY:
  case OP_LEAST:
  case OP_MOST: kernel_arithmetic (key->kind, r, a, b, n); break;
  case OP_PICK: kernel_pick (r, a, key->x, b, n); break;
  case OP_BLEND: kernel_blend (r, a, b, t->planes[key->c], n); break;
  case OP_BITS: kernel_bits (r, a, b, key->x, n); break;
  case OP_LOOK_UP: kernel_look_up (r, key->width, a, width_of (t, key->a), key->data, n); break;
  case OP_DIVIDE: kernel_divide (r, a, b, (int)key->x, n); break;
  case OP_YEAR:
  case OP_MONTH:
  case OP_DAY:
  case OP_ADD_MONTHS:
  case OP_MONTHS_BETWEEN: kernel_date (key->kind, r, a, b, n); break;
  case OP_SHARPEN: sharpen_rows (key->data, t, a, b, r, n, &t->memories[number]); break;
  default: run_members (t, key, r, n);
  }
}

static void
run_chunk (Thread *t)
{
  const ColumnsProgram *p = t->program;
  for (guint i = ALL_OF + 1; i < p->ops->len; i++) {
    const Op *op = &g_array_index (p->ops, Op, i);
    if (op->last < 0)
      continue;
    if (op->key.kind == OP_COLUMN) {
      t->planes[i] = column_plane (t, &op->key);
    } else if (op->key.kind == OP_MEMBERS) {
      open_members (t, op);
      t->planes[i] = t->buffers[op->slot].bytes;
    } else if (op->key.kind == OP_PAIRS) {
      open_pairs (t, op);
      t->planes[i] = t->buffers[op->slot].bytes;
    } else {
      void *r = room_for (t, op);
      t->planes[i] = r;
      run_op (t, i, &op->key, r, t->spaces[op->key.space].n);
    }
  }
}

/* ---- what is handed out ------------------------------------------------------------- */

static const void *
handed (const Thread *t, int plane)
{
  return plane < 0 || plane == NONE_OF ? NULL : t->planes[plane];
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
    to->none = handed (t, a->none);
    to->unknown = handed (t, a->unknown);
    for (size_t k = 0; k < a->n_needs; k++)
      ((const guint8 **)to->missing)[k] = handed (t, a->missing[k]);
  }
  for (guint i = 0; i < p->reasons->len; i++) {
    const Reason *from = &g_array_index (p->reasons, Reason, i);
    ColumnsReasons *to = &t->reasons[i];
    size_t n = from->n_bytes * from->table->n_rules;
    to->rule = handed (t, from->rule);
    to->refused = handed (t, from->refused);
    to->unknown = handed (t, from->unknown);
    for (size_t k = 0; k < n; k++) {
      ((const guint8 **)to->failed)[k] = handed (t, from->failed[k]);
      ((const guint8 **)to->open)[k] = handed (t, from->open[k]);
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
                 .memories = g_new0 (void *, p->ops->len + 1),
                 .spaces = g_new0 (Members, p->spaces->len),
                 .answers = g_new0 (ColumnsAnswer, p->n_answers + 1),
                 .reasons = g_new0 (ColumnsReasons, p->reasons->len + 1) };
  for (size_t i = 0; i < p->n_answers; i++)
    t->answers[i].missing = (const guint8 *const *)g_new0 (const guint8 *, p->answers[i].n_needs + 1);
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
  g_free (t->memories);
  g_free (t->buffers);
  g_free (t->planes);
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
