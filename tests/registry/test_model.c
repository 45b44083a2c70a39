/* The log against the plainest model of it: random batches, records, complete
 * loads and corrections, then every attribute of every subject at random
 * moments, the collections, and the current tables.  Seeds are fixed. */
#include "harness.h"

enum { PEOPLE = 6, HOMES = 3, BATCHES = 14, STEPS = 60, READS = 40, FIRST_DAY = 18900, DAYS = 60 };

/* One mention of one attribute, as the registry's essay states it. */
typedef struct {
  Subject subject;
  const RegistryAttribute *attribute;
  RegistryState state;
  gint64 integer;
  char text[8];
  RegistryBatchId batch;
  Day from, to;
  int sequence; /* within the batch and the log it went to */
} Mention;

typedef struct {
  gint64 id;
  Subject kept, gone;
  gint64 recorded_at, undone_at; /* 0: it stands */
} Merge;

typedef struct {
  RegistryBatchId id;
  const char *source;
  const RegistryEntity *complete_of;
  RegistryBatchId since; /* the load's first batch */
  gint64 recorded_at;
  bool settles;
} Batch;

typedef struct {
  GRand *random;
  County *county;
  GArray *mentions, *batches, *merges;
  gint64 clock;
} Model;

static int
pick (Model *m, int n)
{
  return g_rand_int_range (m->random, 0, n);
}

/* ---- merges ------------------------------------------------------------ */

/* Whom SUBJECT leads to, as known then. */
static Subject
root_of (const Model *m, Subject subject, gint64 known_at)
{
  for (guint i = 0; i < m->merges->len; i++) {
    const Merge *x = &g_array_index (m->merges, Merge, i);
    if (x->gone == subject && x->recorded_at <= known_at && (!x->undone_at || x->undone_at > known_at))
      return root_of (m, x->kept, known_at);
  }
  return subject;
}

/* ---- writing at random ------------------------------------------------- */

static void
random_value (Model *m, Mention *mention)
{
  static const char *const words[] = { "甲", "乙", "丙丁", "x" };
  const RegistryAttribute *a = mention->attribute;
  mention->state = pick (m, 4) ? REGISTRY_VALUE : REGISTRY_NONE;
  switch (a->kind) {
  case REGISTRY_BOOLEAN: mention->integer = pick (m, 2); break;
  case REGISTRY_REFERENCE: mention->integer = subject_make (a->target, 1 + pick (m, HOMES)); break;
  case REGISTRY_TEXT:
    g_strlcpy (mention->text, a->values ? a->values[pick (m, (int)a->n_values)] : words[pick (m, 4)],
               sizeof mention->text);
    break;
  case REGISTRY_DATE: mention->integer = FIRST_DAY + pick (m, 500); break;
  default: mention->integer = pick (m, 2000);
  }
}

static Subject
random_subject (Model *m)
{
  bool home = pick (m, 4) == 0;
  return subject_make (registry_schema_entity_at (m->county->schema, home),
                       1 + pick (m, home ? HOMES : PEOPLE));
}

/* The place of the next record of BATCH in the log that SUBJECT has now. */
static int
next_sequence (const Model *m, Subject subject, RegistryBatchId batch)
{
  int sequence = 0;
  for (guint i = 0; i < m->mentions->len; i++) {
    const Mention *x = &g_array_index (m->mentions, Mention, i);
    if (x->batch == batch && root_of (m, x->subject, G_MAXINT64) == subject)
      sequence = MAX (sequence, x->sequence + 1);
  }
  return sequence;
}

static void
write_record (Model *m, RegistryWriter *w, RegistryBatchId batch)
{
  Subject named = random_subject (m), subject = root_of (m, named, G_MAXINT64);
  int sequence = next_sequence (m, subject, batch);
  const RegistryEntity *entity = registry_subject_entity (m->county->schema, subject);
  Day from = pick (m, 3) ? FIRST_DAY + pick (m, DAYS) : REGISTRY_EVER;
  Day to = pick (m, 2) ? REGISTRY_FOREVER : MAX (from, FIRST_DAY) + pick (m, 20);
  Mention mentions[32];
  RegistryFact facts[32];
  size_t n = 0;
  for (size_t i = 0; i < entity->n; i++) {
    if (entity->attributes[i].kind == REGISTRY_COLLECTION || pick (m, 3))
      continue;
    mentions[n] = (Mention){ .subject = subject,
                             .attribute = &entity->attributes[i],
                             .batch = batch,
                             .from = from,
                             .to = to,
                             .sequence = sequence };
    random_value (m, &mentions[n]);
    facts[n] = (RegistryFact){ mentions[n].attribute, mentions[n].state, mentions[n].integer,
                               text_of (mentions[n].text) };
    n++;
  }
  GError *error = NULL;
  registry_writer_append (w, batch, named, from, to, facts, n, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < n; i++)
    g_array_append_val (m->mentions, mentions[i]);
  if (n == 0) { /* the subject exists all the same */
    mentions[0] = (Mention){ .subject = subject, .batch = batch, .sequence = sequence };
    g_array_append_val (m->mentions, mentions[0]);
  }
}

static RegistryBatchId
write_batch (Model *m, RegistryWriter *w)
{
  static const char *const sources[] = { "公安局", "卫健局", "退役军人局", "民政局", "人社局" };
  Batch batch = { .source = sources[pick (m, G_N_ELEMENTS (sources))] };
  if (pick (m, 3) == 0)
    batch.complete_of = registry_schema_entity_at (m->county->schema, (size_t)pick (m, 2));
  if (batch.complete_of && m->batches->len && pick (m, 2))
    batch.since = 1 + pick (m, (int)m->batches->len);
  m->clock += pick (m, 6 * 86400);
  batch.recorded_at = m->clock;
  batch.settles = pick (m, 6) == 0;
  GError *error = NULL;
  batch.id = registry_writer_batch (
      w,
      &(RegistryBatch){ .source = batch.source,
                        .actor = "model",
                        .recorded_at = m->clock,
                        .complete_of = batch.complete_of ? batch.complete_of->id : NULL,
                        .complete_since = batch.since,
                        .settles = batch.settles },
      &error);
  g_assert_no_error (error);
  if (!batch.since)
    batch.since = batch.id;
  g_array_append_val (m->batches, batch);
  return batch.id;
}

static bool
is_there (const Model *m, Subject subject)
{
  for (guint i = 0; i < m->mentions->len; i++)
    if (g_array_index (m->mentions, Mention, i).subject == subject)
      return root_of (m, subject, G_MAXINT64) == subject;
  return false;
}

static guint merges_seen, unmerges_seen;

/* Merge two at random, or take a merge back. */
static void
write_merge (Model *m, RegistryWriter *w)
{
  GError *error = NULL;
  Merge *old = m->merges->len ? &g_array_index (m->merges, Merge, pick (m, (int)m->merges->len)) : NULL;
  m->clock += pick (m, 86400);
  if (old && !old->undone_at && pick (m, 2)) {
    g_assert_true (registry_writer_unmerge (w, old->id, "model", "not the same", m->clock, &error));
    g_assert_no_error (error);
    old->undone_at = m->clock;
    unmerges_seen++;
    return;
  }
  Merge merge = { .kept = random_subject (m), .recorded_at = m->clock };
  merge.gone = random_subject (m);
  if (merge.kept == merge.gone || merge.kept >> 56 != merge.gone >> 56 || !is_there (m, merge.kept)
      || !is_there (m, merge.gone))
    return;
  merge.id = registry_writer_merge (w, merge.kept, merge.gone, "model", "the same", m->clock, &error);
  g_assert_no_error (error);
  g_array_append_val (m->merges, merge);
  merges_seen++;
}

/* Some writers hold several batches, and their records interleave. */
static void
write_county (Model *m)
{
  for (int written = 0; written < BATCHES;) {
    RegistryWriter *w = county_writer (m->county);
    int n = 1 + pick (m, 3);
    RegistryBatchId ids[3];
    for (int i = 0; i < n; i++) {
      ids[i] = write_batch (m, w);
      for (int j = pick (m, STEPS / BATCHES * 2); j > 0; j--)
        write_record (m, w, ids[pick (m, i + 1)]);
    }
    written += n;
    for (int i = pick (m, 3); i > 0; i--)
      write_merge (m, w);
    county_commit (w);
  }
}

/* ---- the plainest reading ---------------------------------------------- */

static gint64
recorded_at (const Model *m, RegistryBatchId id)
{
  return g_array_index (m->batches, Batch, id - 1).recorded_at;
}

static bool
is_known (const Model *m, Subject subject, gint64 known_at)
{
  for (guint i = 0; i < m->mentions->len; i++) {
    const Mention *x = &g_array_index (m->mentions, Mention, i);
    if (root_of (m, x->subject, known_at) == subject && recorded_at (m, x->batch) <= known_at)
      return true;
  }
  return false;
}

static RegistryBatchId
last_load (const Model *m, const RegistryEntity *entity, const char *source, gint64 known_at)
{
  RegistryBatchId last = 0;
  for (guint i = 0; i < m->batches->len; i++) {
    const Batch *b = &g_array_index (m->batches, Batch, i);
    if (b->complete_of == entity && g_str_equal (b->source, source) && b->recorded_at <= known_at)
      last = b->since;
  }
  return last;
}

/* Of records at the same place of logs that became one, the kept one's own stands, then the lower number's.
 */
static bool
is_later (const Mention *a, const Mention *b, Subject root)
{
  if (a->batch != b->batch)
    return a->batch > b->batch;
  if (a->from != b->from)
    return a->from > b->from;
  if (a->sequence != b->sequence)
    return a->sequence > b->sequence;
  return b->subject != root && (a->subject == root || a->subject < b->subject);
}

/* Whether X is among what is said of attribute A at AT. */
static bool
counts (const Model *m, const Mention *x, Subject subject, const RegistryAttribute *a, RegistryMoment at)
{
  RegistryBatchId load
      = a->absence == REGISTRY_ABSENT_UNKNOWN ? 0 : last_load (m, a->entity, a->source, at.known_at);
  return root_of (m, x->subject, at.known_at) == subject && x->attribute == a
         && recorded_at (m, x->batch) <= at.known_at && x->from <= at.valid_at && x->to >= at.valid_at
         && x->batch >= load;
}

/* The last word on A at AT, of batch BATCH or, for 0, of all. */
static const Mention *
last_word (const Model *m, Subject subject, const RegistryAttribute *a, RegistryMoment at,
           RegistryBatchId batch)
{
  const Mention *best = NULL;
  for (guint i = 0; i < m->mentions->len; i++) {
    const Mention *x = &g_array_index (m->mentions, Mention, i);
    if (counts (m, x, subject, a, at) && (!batch || x->batch == batch)
        && (!best || is_later (x, best, subject)))
      best = x;
  }
  return best;
}

static const Mention *
winner (const Model *m, Subject subject, const RegistryAttribute *a, RegistryMoment at)
{
  return last_word (m, subject, a, at, 0);
}

static const Batch *
batch_of (const Model *m, const Mention *x)
{
  return &g_array_index (m->batches, Batch, x->batch - 1);
}

static bool
differ (const Model *m, const Mention *x, const Mention *y, gint64 known_at)
{
  if (g_str_equal (batch_of (m, x)->source, batch_of (m, y)->source))
    return false;
  if (x->state != y->state || x->state == REGISTRY_NONE)
    return x->state != y->state;
  if (x->attribute->kind == REGISTRY_REFERENCE)
    return root_of (m, x->integer, known_at) != root_of (m, y->integer, known_at);
  return x->attribute->kind == REGISTRY_TEXT ? !g_str_equal (x->text, y->text) : x->integer != y->integer;
}

/* Whether some batch after X's ended what X contradicts, as registry.h states it. */
static bool
is_settled (const Model *m, const Mention *x, RegistryMoment at)
{
  const RegistryAttribute *a = x->attribute;
  for (RegistryBatchId b = x->batch + 1; b <= m->batches->len; b++) {
    const Mention *later = last_word (m, root_of (m, x->subject, at.known_at), a, at, b);
    if (!later)
      continue;
    if (batch_of (m, later)->settles)
      return true;
    bool responsible = g_str_equal (batch_of (m, later)->source, a->source)
                       && !g_str_equal (batch_of (m, x)->source, a->source);
    for (RegistryBatchId before = 1; responsible && before < b; before++) {
      const Mention *other = last_word (m, root_of (m, x->subject, at.known_at), a, at, before);
      if (other && differ (m, other, x, at.known_at))
        return true;
    }
  }
  return false;
}

static void show_mention (GString *out, const Model *m, const Mention *x, gint64 known_at);

/* What contradicts the winner, the latest first. */
static char *
expected_rivals (const Model *m, Subject subject, const RegistryAttribute *a, RegistryMoment at)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GHashTable) heard = g_hash_table_new (g_str_hash, g_str_equal);
  const Mention *best = winner (m, subject, a, at);
  for (RegistryBatchId b = m->batches->len; best && b >= 1; b--) {
    const Mention *x = last_word (m, subject, a, at, b);
    if (!x || !g_hash_table_add (heard, (gpointer)batch_of (m, x)->source)
        || !differ (m, x, best, at.known_at) || is_settled (m, x, at))
      continue;
    g_string_append_printf (out, "%s%s ", out->len ? "; " : "", batch_of (m, x)->source);
    show_mention (out, m, x, at.known_at);
    g_string_truncate (out, (gsize)(g_strrstr (out->str, " batch ") - out->str));
  }
  return g_string_free (out, FALSE);
}

static void
show_mention (GString *out, const Model *m, const Mention *x, gint64 known_at)
{
  char buffer[DECIMAL_TEXT_MAX];
  if (x->state == REGISTRY_NONE)
    g_string_append (out, "none");
  else
    switch (x->attribute->kind) {
    case REGISTRY_BOOLEAN: g_string_append (out, x->integer ? "true" : "false"); break;
    case REGISTRY_TEXT: g_string_append (out, x->text); break;
    case REGISTRY_DATE: g_string_append (out, civil_format (x->integer, buffer)); break;
    case REGISTRY_REFERENCE:
      g_string_append_printf (out, "%s-%" G_GINT64_FORMAT, x->attribute->target->id,
                              subject_number (root_of (m, x->integer, known_at)));
      break;
    default:
      g_string_append (out, decimal_format (decimal_from_scaled (x->integer, x->attribute->scale), buffer));
    }
  g_string_append_printf (out, " batch %" G_GINT64_FORMAT, x->batch);
}

static char *
expected_fact (const Model *m, Subject subject, const RegistryAttribute *a, RegistryMoment at)
{
  GString *out = g_string_new (NULL);
  const Mention *x = winner (m, subject, a, at);
  RegistryBatchId load = last_load (m, a->entity, a->source, at.known_at);
  if (x)
    show_mention (out, m, x, at.known_at);
  else if (a->absence != REGISTRY_ABSENT_UNKNOWN && load)
    g_string_append_printf (out, "%s batch %" G_GINT64_FORMAT " assumed",
                            a->absence == REGISTRY_ABSENT_NONE ? "none" : a->absence_text, load);
  else
    g_string_append_printf (out, "unknown: %s.%s batch 0", a->entity->zh, a->zh);
  return g_string_free (out, FALSE);
}

/* ---- comparing --------------------------------------------------------- */

static void
compare_subject (const Model *m, Subject subject, RegistryMoment at)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  const RegistryReading *reading = registry_read (m->county->registry, arena, subject, NULL, 0, at, &error);
  subject = root_of (m, subject, at.known_at);
  if (!is_known (m, subject, at.known_at)) {
    g_assert_error (error, FAULT, FAULT_NOT_FOUND);
    return;
  }
  g_assert_no_error (error);
  Subject kept;
  g_assert_true (registry_resolve (m->county->registry, subject, at.known_at, &kept, NULL)
                 && kept == subject);
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *value = county_show (facts[i]->value);
    g_autofree char *got = g_strdup_printf ("%s batch %" G_GINT64_FORMAT "%s", value, facts[i]->batch,
                                            facts[i]->assumed ? " assumed" : "");
    g_autofree char *expected = expected_fact (m, subject, facts[i]->attribute, at);
    g_assert_cmpstr (got, ==, expected);
    g_autofree char *rivals = county_rivals (facts[i]);
    g_autofree char *expected_other = expected_rivals (m, subject, facts[i]->attribute, at);
    g_assert_cmpstr (rivals, ==, expected_other);
  }
}

static void
compare_members (const Model *m, gint64 home, RegistryMoment at)
{
  const RegistryEntity *person = registry_schema_entity (m->county->schema, "person");
  const RegistryAttribute *via = county_attribute (m->county, "person", "home");
  const RegistryAttribute *members = county_attribute (m->county, "home", "members");
  Subject named = subject_make (via->target, home), target = root_of (m, named, at.known_at);
  if (!is_known (m, target, at.known_at))
    return;
  g_autoptr (GString) expected = g_string_new ("[");
  for (int i = 1; i <= PEOPLE; i++) {
    const Mention *x = winner (m, subject_make (person, i), via, at);
    if (x && x->state == REGISTRY_VALUE && root_of (m, x->integer, at.known_at) == target)
      g_string_append_printf (expected, "%s{}", expected->len > 1 ? ", " : "");
  }
  g_string_append (expected, "]");
  if (!last_load (m, person, members->source, at.known_at))
    g_string_assign (expected, "unknown: 户.成员");
  g_autoptr (Arena) arena = arena_new ();
  bool assumed;
  g_autofree char *sources = NULL;
  g_autofree char *got = county_read (m->county, registry_subject_format (arena, m->county->schema, named),
                                      "成员", at.valid_at, at.known_at, &sources, &assumed);
  g_assert_cmpstr (got, ==, expected->str);
}

/* A cell of the current table is the mention that wins on the table's day. */
static void
compare_current (const Model *m, Subject subject, Day day)
{
  const RegistryEntity *entity = registry_subject_entity (m->county->schema, subject);
  g_autoptr (StoreReader) reader = store_reader (registry_store (m->county->registry), NULL);
  for (size_t i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    if (a->kind == REGISTRY_COLLECTION)
      continue;
    g_autofree char *sql = g_strdup_printf (
        "SELECT \"%s\", none_0, (SELECT number FROM catalogue WHERE entity = %d AND id = '%s')"
        " FROM current_%s WHERE id = %" G_GINT64_FORMAT,
        a->id, entity->index, a->id, entity->id, subject_number (subject));
    StoreStatement *row = store_statement (store_reader_db (reader), g_intern_string (sql), NULL);
    const Mention *x = winner (m, subject, a, (RegistryMoment){ day, G_MAXINT64 });
    g_assert_cmpint (store_step (row, NULL), ==, is_known (m, subject, G_MAXINT64) ? STORE_ROW : STORE_DONE);
    if (is_known (m, subject, G_MAXINT64)) {
      g_assert_cmpint (store_integer (row, 1) >> store_integer (row, 2) & 1, ==,
                       x && x->state == REGISTRY_NONE);
      bool value = x && x->state == REGISTRY_VALUE;
      g_assert_true (store_is_null (row, 0) != value);
      if (value && a->kind == REGISTRY_TEXT)
        g_assert_cmpstr (store_text (row, 0).bytes, ==, x->text);
      else if (value)
        g_assert_cmpint (store_integer (row, 0), ==,
                         a->kind == REGISTRY_REFERENCE ? subject_number (root_of (m, x->integer, G_MAXINT64))
                                                       : x->integer);
    }
  }
}

/* The table of conflicts has those of the table's day, in order, and no others. */
static guint
compare_conflicts (const Model *m, Day day)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n = 0;
  guint found = 0;
  RegistryMoment at = { day, G_MAXINT64 };
  const RegistryConflict *last = NULL;
  for (int e = 0; e < 2; e++)
    for (int i = 1; i <= (e ? HOMES : PEOPLE); i++) {
      const RegistryEntity *entity = registry_schema_entity_at (m->county->schema, (size_t)e);
      for (size_t j = 0; j < entity->n; j++) {
        const RegistryAttribute *a = &entity->attributes[j];
        if (a->kind == REGISTRY_COLLECTION)
          continue;
        g_autofree char *rivals = expected_rivals (m, subject_make (entity, i), a, at);
        if (!*rivals)
          continue;
        last = registry_conflicts (m->county->registry, arena, NULL, last, 1, &n, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (n, ==, 1);
        g_assert_true (last->subject == subject_make (entity, i) && last->attribute == a);
        found++;
      }
    }
  registry_conflicts (m->county->registry, arena, NULL, last, 1, &n, &error);
  g_assert_cmpuint (n, ==, 0);
  gint64 all;
  g_assert_true (registry_conflict_count (m->county->registry, &all, &error));
  g_assert_cmpint (all, ==, found);
  return found;
}

static void
compare_counts (const Model *m)
{
  for (size_t e = 0; e < 2; e++) {
    const RegistryEntity *entity = registry_schema_entity_at (m->county->schema, e);
    gint64 n, expected = 0;
    for (int i = 1; i <= PEOPLE; i++)
      expected += is_known (m, subject_make (entity, i), G_MAXINT64);
    g_assert_true (registry_count (m->county->registry, entity, &n, NULL));
    g_assert_cmpint (n, ==, expected);
  }
}

static guint conflicts_seen;

static void
compare_all_current (const Model *m, Day day)
{
  conflicts_seen += compare_conflicts (m, day);
  compare_counts (m);
  for (int i = 1; i <= PEOPLE; i++)
    compare_current (m, subject_make (registry_schema_entity (m->county->schema, "person"), i), day);
  for (int i = 1; i <= HOMES; i++)
    compare_current (m, subject_make (registry_schema_entity (m->county->schema, "home"), i), day);
  GError *error = NULL;
  RegistryVerification found;
  g_assert_true (registry_verify (m->county->registry, NULL, NULL, &found, &error));
  g_assert_cmpstr (found.difference, ==, NULL);
}

static void
test_model (gconstpointer seed)
{
  County county = { 0 };
  county_open (&county, NULL);
  Model m = { .random = g_rand_new_with_seed ((guint32)GPOINTER_TO_INT (seed)),
              .county = &county,
              .mentions = g_array_new (FALSE, FALSE, sizeof (Mention)),
              .batches = g_array_new (FALSE, FALSE, sizeof (Batch)),
              .merges = g_array_new (FALSE, FALSE, sizeof (Merge)),
              .clock = (gint64)FIRST_DAY * 86400 };
  write_county (&m);
  for (int i = 0; i < READS; i++) {
    RegistryMoment at = { FIRST_DAY - 5 + pick (&m, DAYS + 20), G_MAXINT64 };
    if (pick (&m, 2))
      at.known_at = (gint64)FIRST_DAY * 86400 + pick (&m, (int)(m.clock - (gint64)FIRST_DAY * 86400) + 1);
    compare_subject (&m, random_subject (&m), at);
    compare_members (&m, 1 + pick (&m, HOMES), at);
  }
  Day day = (m.clock + 8 * 3600) / 86400;
  compare_all_current (&m, day);
  day += pick (&m, 30);
  GError *error = NULL;
  g_assert_true (registry_refresh (county.registry, day, &error));
  compare_all_current (&m, day);
  g_array_free (m.mentions, TRUE);
  g_array_free (m.batches, TRUE);
  g_array_free (m.merges, TRUE);
  g_rand_free (m.random);
  county_close (&county, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int seed = 1; seed <= 12; seed++) {
    g_autofree char *title = g_strdup_printf ("/registry/model/seed %d", seed);
    g_test_add_data_func (title, GINT_TO_POINTER (seed), test_model);
  }
  int status = g_test_run ();
  g_assert_cmpuint (conflicts_seen, >, 100); /* or nothing was compared */
  g_assert_cmpuint (merges_seen, >, 20);
  g_assert_cmpuint (unmerges_seen, >, 5);
  return status;
}
