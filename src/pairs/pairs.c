/* Opening, tables, who may. */
#include "pairs/pairs_private.h"

static const StoreMigration migrations[] = {
  { "pairs", 1,
    "CREATE TABLE pairs_entry (id INTEGER PRIMARY KEY, market TEXT NOT NULL, side INTEGER NOT NULL,"
    " owner INTEGER NOT NULL, owner_name TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,"
    " last_day INTEGER NOT NULL, state INTEGER NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL,"
    " changed_at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX pairs_entry_market ON pairs_entry (market, state, side, id);"
    "CREATE INDEX pairs_entry_owner ON pairs_entry (owner, id);"
    "CREATE TABLE pairs_value (entry INTEGER NOT NULL, field TEXT NOT NULL, position INTEGER NOT NULL,"
    " stated INTEGER NOT NULL, value TEXT, PRIMARY KEY (entry, field, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE pairs_meeting (id INTEGER PRIMARY KEY, market TEXT NOT NULL, asker INTEGER NOT NULL,"
    " asked INTEGER NOT NULL, state INTEGER NOT NULL, words TEXT NOT NULL, asker_contact TEXT NOT NULL,"
    " asked_contact TEXT, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX pairs_meeting_asker ON pairs_meeting (asker, asked);"
    "CREATE INDEX pairs_meeting_asked ON pairs_meeting (asked, asker);"
    "CREATE INDEX pairs_meeting_market ON pairs_meeting (market, state);" },
};

static bool
open_tables (Store *store, GError **error)
{
  g_autoptr (Notices) notices = notices_open (store, error); /* its tables, for who is told */
  return notices && audit_migrate (store, error) && store_once_migrate (store, error)
         && store_migrate (store, migrations, G_N_ELEMENTS (migrations), error);
}

/* The first file that cannot be read is a fault: a market is there whole or the county hears of it. */
static bool
read_markets (Pairs *pairs, GError **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free), kept = g_ptr_array_new ();
  size_t n;
  const Market *const *all = market_read_all (pairs->arena, policy_folder (pairs->options.package),
                                              policy_schema (pairs->options.package), &n, faults);
  if (faults->len)
    return pairs_refuse (error, FAULT_INPUT, faults->pdata[0]);
  for (size_t i = 0; i < n; i++)
    if (!g_str_equal (all[i]->id, "jobs"))
      g_ptr_array_add (kept, (gpointer)all[i]);
  pairs->n_markets = kept->len;
  pairs->markets = arena_copy (pairs->arena, kept->len ? kept->pdata : (gpointer *)&pairs,
                               MAX (kept->len, 1) * sizeof (gpointer));
  return pairs_check_spaces (policy_folder (pairs->options.package), pairs->markets, pairs->n_markets, error);
}

static bool
read_words (Pairs *pairs, GError **error)
{
  const PolicyPackage *package = pairs->options.package;
  g_autofree char *words = g_build_filename (policy_folder (package), "vocabulary", NULL);
  if (g_file_test (words, G_FILE_TEST_IS_DIR) && !(pairs->vocabulary = vocabulary_load (words, error)))
    return false;
  return spaces_open (&pairs->spaces, policy_folder (package), pairs->vocabulary, policy_divisions (package),
                      pairs_today (pairs), error);
}

Pairs *
pairs_open (const PairsOptions *options, GError **error)
{
  g_autoptr (Pairs) pairs = g_new0 (Pairs, 1);
  pairs->options = *options;
  pairs->store = registry_store (options->registry);
  pairs->arena = arena_new ();
  if (!open_tables (pairs->store, error) || !read_markets (pairs, error) || !read_words (pairs, error))
    return NULL;
  return g_steal_pointer (&pairs);
}

void
pairs_free (Pairs *pairs)
{
  if (!pairs)
    return;
  spaces_close (&pairs->spaces);
  if (pairs->vocabulary)
    vocabulary_free (pairs->vocabulary);
  arena_free (pairs->arena);
  g_free (pairs);
}

const Market *const *
pairs_markets (const Pairs *pairs, size_t *n)
{
  *n = pairs->n_markets;
  return pairs->markets;
}

const Market *
pairs_market (const Pairs *pairs, const char *id, GError **error)
{
  for (size_t i = 0; i < pairs->n_markets; i++)
    if (g_str_equal (pairs->markets[i]->id, id))
      return pairs->markets[i];
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no market \"%s\"", id);
  return NULL;
}

const PairsConcept *
pairs_concepts (const Pairs *pairs, const MarketColumn *column, size_t *n)
{
  const Space *space = column->space ? spaces_find (&pairs->spaces, column->space) : NULL;
  *n = space ? space->n : 0;
  return space ? space->concepts : NULL;
}

/* ---- counting -------------------------------------------------------------------------- */

static bool
count_one (StoreConnection *db, const char *sql, const char *market, gint64 from, gint64 to, gint64 day,
           gint64 *n, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  if (!s)
    return false;
  store_bind_text (s, 1, market);
  store_bind_integer (s, 2, from);
  store_bind_integer (s, 3, to);
  store_bind_integer (s, 4, day);
  if (store_step (s, error) != STORE_ROW)
    return false;
  *n = store_integer (s, 0);
  store_reset (s);
  return true;
}

#define MEETINGS                                                                                             \
  "SELECT count(*) FROM pairs_meeting WHERE market = ?1 AND state >= ?2 AND state <= ?3 AND ?4 = ?4"
#define ENTRIES                                                                                              \
  "SELECT count(*) FROM pairs_entry WHERE market = ?1 AND state = 0 AND side >= ?2 AND side <= ?3"           \
  " AND last_day >= ?4"

bool
pairs_count (Pairs *pairs, const char *market, PairsCounts *counts, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (pairs->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  Day today = pairs_today (pairs);
  gint64 agreed_or_not;
  if (!db || !count_one (db, ENTRIES, market, 0, 0, today, &counts->entries[0], error)
      || !count_one (db, ENTRIES, market, 1, 1, today, &counts->entries[1], error)
      || !count_one (db, MEETINGS, market, PAIRS_ASKED, PAIRS_NOT_AGREED, 0, &counts->asked, error)
      || !count_one (db, MEETINGS, market, PAIRS_ACCEPTED, PAIRS_ACCEPTED, 0, &counts->accepted, error)
      || !count_one (db, MEETINGS, market, PAIRS_AGREED, PAIRS_NOT_AGREED, 0, &agreed_or_not, error)
      || !count_one (db, MEETINGS, market, PAIRS_AGREED, PAIRS_AGREED, 0, &counts->agreed, error))
    return false;
  counts->accepted += agreed_or_not;
  return true;
}

/* ---- what all parts need ------------------------------------------------------------------ */

gint64
pairs_now (const Pairs *pairs)
{
  return pairs->options.clock ? pairs->options.clock (pairs->options.clock_data)
                              : g_get_real_time () / G_USEC_PER_SEC;
}

Day
pairs_today (const Pairs *pairs)
{
  return civil_day_of (pairs_now (pairs));
}

bool
pairs_refuse (GError **error, FaultCode code, const char *why)
{
  g_set_error_literal (error, FAULT, (int)code, why);
  return false;
}

void *
pairs_keep (Arena *arena, const GArray *list)
{
  size_t size = g_array_get_element_size ((GArray *)list);
  return list->len ? arena_copy (arena, list->data, list->len * size) : arena_alloc (arena, size);
}

const MarketColumn *
pairs_column (const MarketSideType *type, const char *id)
{
  for (size_t c = 0; c < type->n; c++)
    if (g_str_equal (type->columns[c].id, id))
      return &type->columns[c];
  return NULL;
}

const RegistryEntity *
owner_entity (const Pairs *pairs, const Market *market, MarketSide side)
{
  const RegistrySchema *schema = policy_schema (pairs->options.package);
  const RegistryEntity *resident = registry_schema_entity (schema, "resident");
  return market->sides[side].entity == resident ? resident : registry_schema_entity (schema, "organisation");
}

bool
column_is_read (const MarketColumn *column, const RegistryEntity *owner)
{
  return column->n_reads && column->reads[0]->entity == owner;
}

/* A mandate for every matter takes this in; one for a single matter does not. */
static bool
acts_for (const Pairs *pairs, const AccessAccount *who, Subject owner)
{
  g_autoptr (Arena) arena = arena_new ();
  Day today = pairs_today (pairs);
  size_t n;
  const AgentMandate *all = agents_mandates (pairs->options.agents, arena, who->subject, true, &n, NULL);
  for (size_t i = 0; all && i < n; i++)
    if (all[i].principal == owner && !all[i].matter && !all[i].ended_at && all[i].from <= today
        && all[i].to >= today)
      return true;
  return false;
}

bool
pairs_may_put (Pairs *pairs, const AccessAccount *who, const Market *market, MarketSide side, Subject owner)
{
  const RegistryEntity *entity = registry_subject_entity (policy_schema (pairs->options.package), owner);
  return who && access_may (who, ACCESS_APPLY) && who->subject && entity
         && entity == owner_entity (pairs, market, side)
         && (who->subject == owner
             || (!g_str_equal (entity->id, "resident") && acts_for (pairs, who, owner)));
}

bool
pairs_note (StoreConnection *db, const AccessAccount *who, const char *deed, gint64 id, Subject subject,
            GError **error)
{
  g_autofree char *detail = g_strdup_printf ("{\"market\":%" G_GINT64_FORMAT ",\"deed\":\"%s\"}", id, deed);
  AuditEntry entry = { .act = AUDIT_WRITE,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subject = subject,
                       .purpose = PAIRS_PURPOSE,
                       .detail = detail };
  return audit_append (db, &entry, error) != 0;
}

bool
pairs_run (StoreConnection *db, const char *sql, const gint64 *numbers, int n, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  for (int i = 0; s && i < n; i++)
    store_bind_integer (s, i + 1, numbers[i]);
  return s && store_run (s, error);
}
