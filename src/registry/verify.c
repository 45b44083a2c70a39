/* Verifying: the log is the truth, and the current tables must be what it folds to. */
#include "registry/registry_private.h"

typedef struct {
  Registry *registry;
  StoreConnection *db;
  RegistryVerification *found;
  RegistryProgress progress;
  gpointer progress_data;
  gint64 total; /* subjects that records speak of */
  Day day;      /* of the current tables */
  Fold fold;
  RegistryBatchId *loads; /* of the entity at hand */
} Check;

static void differ (Check *check, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
differ (Check *check, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  check->found->difference = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

/* ---- one subject ------------------------------------------------------- */

static bool
holds (const Fold *fold, const RegistryAttribute *a, const Cell *cell, StoreStatement *row, int column)
{
  if (cell->state != REGISTRY_VALUE || store_is_null (row, column))
    return (cell->state == REGISTRY_VALUE) != store_is_null (row, column);
  if (a->kind == REGISTRY_TEXT)
    return text_equal (store_text (row, column), fold_text (fold, cell));
  return store_integer (row, column)
         == (a->kind == REGISTRY_REFERENCE ? subject_number (cell->integer) : cell->integer);
}

/* ROW has until, none_0 …, the attributes by number. */
static void
compare_row (Check *check, const EntityTables *tables, gint64 number, StoreStatement *row)
{
  const Fold *fold = &check->fold;
  const char *entity = fold->entity->id;
  Day until = store_is_null (row, 0) ? REGISTRY_FOREVER : store_integer (row, 0);
  if (until != fold->until)
    differ (check, "%s-%" G_GINT64_FORMAT ": the day until which its row holds is another", entity, number);
  for (guint32 i = 0; i < tables->n_numbers && !check->found->difference; i++) {
    const RegistryAttribute *a = tables->by_number[i];
    const Cell *cell = &fold->cells[a->index];
    bool none = store_integer (row, 1 + (int)(i / NONE_BITS)) >> (i % NONE_BITS) & 1;
    if (none != (cell->state == REGISTRY_NONE)
        || !holds (fold, a, cell, row, 1 + (int)tables->n_none + (int)i))
      differ (check, "%s-%" G_GINT64_FORMAT ": %s (%s) is not what its records say", entity, number, a->id,
              a->zh);
  }
}

static bool
check_subject (Check *check, const RegistryEntity *entity, gint64 number, GError **error)
{
  const EntityTables *tables = &check->registry->tables[entity->index];
  fold_start (&check->fold, entity, check->day, check->loads);
  if (!fold_subject (&check->fold, check->db, subject_make (entity, number), G_MAXINT64, NULL, error))
    return false;
  StoreStatement *row = store_statement (check->db, tables->row, error);
  if (!row)
    return false;
  store_bind_integer (row, 1, number);
  StoreStep step = store_step (row, error);
  if (step == STORE_ROW)
    compare_row (check, tables, number, row);
  store_reset (row);
  check->found->records += (gint64)check->fold.n_records;
  check->found->subjects++;
  if (check->fold.n_records == 0 && !check->found->difference)
    differ (check, "%s-%" G_GINT64_FORMAT ": no record speaks of it", entity->id, number);
  if (check->progress && check->found->subjects % 1000 == 0)
    check->progress (check->found->subjects, check->total, check->progress_data);
  return step != STORE_FAILED;
}

/* ---- everybody --------------------------------------------------------- */

/* The first subject after *NUMBER, 0 when there is none. */
static bool
next_subject (Check *check, const RegistryEntity *entity, gint64 *number, GError **error)
{
  StoreStatement *after = store_statement (check->db, check->registry->tables[entity->index].after, error);
  if (!after)
    return false;
  store_bind_integer (after, 1, *number);
  StoreStep step = store_step (after, error);
  *number = step == STORE_ROW ? store_integer (after, 0) : 0;
  store_reset (after);
  return step != STORE_FAILED;
}

static bool
check_entity (Check *check, const RegistryEntity *entity, GError **error)
{
  gint64 number = 0, before = check->found->subjects, counted = 0;
  g_autofree RegistryBatchId *loads = g_new0 (RegistryBatchId, entity->n);
  if (!registry_complete_loads (check->db, check->registry, entity, G_MAXINT64, loads, error)
      || !store_query (check->db, check->registry->tables[entity->index].count, 0, &counted, error))
    return false;
  check->loads = loads;
  for (;;) {
    if (!next_subject (check, entity, &number, error))
      return false;
    if (number == 0 || check->found->difference)
      break;
    if (!check_subject (check, entity, number, error))
      return false;
  }
  if (!check->found->difference && check->found->subjects - before != counted)
    differ (check, "%s: %" G_GINT64_FORMAT " subjects, and the count says %" G_GINT64_FORMAT, entity->id,
            check->found->subjects - before, counted);
  return true;
}

static bool
check_everybody (Check *check, GError **error)
{
  const RegistrySchema *schema = check->registry->schema;
  gint64 strays = 0;
  if (!store_query (check->db, "SELECT coalesce(max(day), 0) FROM registry_day", 0, &check->day, error)
      || !store_query (check->db, "SELECT count(*) FROM (SELECT DISTINCT subject FROM record) AS s", 0,
                       &check->total, error)
      || !store_query (check->db,
                       "SELECT count(*) FROM record r LEFT JOIN batch b ON b.id = r.batch WHERE b.id IS NULL",
                       0, &strays, error))
    return false;
  check->total -= (gint64)merge_size (check->fold.merges);
  if (strays)
    differ (check, "%" G_GINT64_FORMAT " records belong to no batch", strays);
  for (size_t i = 0; i < schema->n && !check->found->difference; i++)
    if (!check_entity (check, &schema->entities[i], error))
      return false;
  if (!check->found->difference && check->found->subjects != check->total)
    differ (check,
            "records speak of %" G_GINT64_FORMAT " subjects, and %" G_GINT64_FORMAT " have a current row",
            check->total, check->found->subjects);
  return true;
}

bool
registry_verify (Registry *registry, RegistryProgress progress, gpointer data, RegistryVerification *found,
                 GError **error)
{
  *found = (RegistryVerification){ 0 };
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  if (!reader)
    return false;
  Check check = { .registry = registry,
                  .db = store_reader_db (reader),
                  .found = found,
                  .progress = progress,
                  .progress_data = data };
  MergeView *merges = merge_view (registry, check.db, G_MAXINT64, error);
  if (!merges)
    return false;
  fold_init (&check.fold, registry);
  check.fold.merges = merges;
  bool ok = check_everybody (&check, error);
  merge_view_unref (merges);
  fold_clear (&check.fold);
  if (!ok)
    g_clear_pointer (&found->difference, g_free);
  return ok;
}
