/* Opening, tables, names, who may. */
#include "draws/draws_private.h"

#include <string.h>

static const StoreMigration migrations[] = {
  { "draws", 1,
    "CREATE TABLE draw_round (id INTEGER PRIMARY KEY, allocation TEXT NOT NULL, title TEXT NOT NULL,"
    " parent INTEGER NOT NULL, state INTEGER NOT NULL, deadline INTEGER NOT NULL,"
    " objection_days INTEGER NOT NULL, objections_until INTEGER NOT NULL, source TEXT NOT NULL,"
    " source_day INTEGER NOT NULL, fallback TEXT NOT NULL, fallback_day INTEGER NOT NULL,"
    " planned_by TEXT NOT NULL, planned_at INTEGER NOT NULL, closed_by TEXT, closed_at INTEGER NOT NULL,"
    " drawn_by TEXT, drawn_at INTEGER NOT NULL, published_at INTEGER NOT NULL, finished_at INTEGER NOT NULL,"
    " reason TEXT, list TEXT, rules TEXT, commitment TEXT, secret TEXT, announcement TEXT, value TEXT, used "
    "TEXT,"
    " used_day INTEGER NOT NULL, seed TEXT, result TEXT, transcript TEXT) STRICT;"
    "CREATE TABLE draw_unit (round INTEGER NOT NULL, position INTEGER NOT NULL, place INTEGER NOT NULL,"
    " name TEXT NOT NULL, capacity INTEGER NOT NULL, reserves TEXT NOT NULL, PRIMARY KEY (round, position)) "
    "STRICT, WITHOUT ROWID;"
    "CREATE TABLE draw_application (id INTEGER PRIMARY KEY, round INTEGER NOT NULL, number TEXT NOT NULL,"
    " applicant INTEGER NOT NULL, filed_by TEXT NOT NULL, reader INTEGER NOT NULL, standing INTEGER NOT NULL,"
    " given_at INTEGER NOT NULL, reason TEXT, seat INTEGER NOT NULL, how INTEGER NOT NULL, traits INTEGER "
    "NOT NULL, ticket TEXT) "
    "STRICT;"
    "CREATE UNIQUE INDEX draw_application_once ON draw_application (round, applicant);"
    "CREATE UNIQUE INDEX draw_application_number ON draw_application (round, number);"
    "CREATE TABLE draw_choice (application INTEGER NOT NULL, position INTEGER NOT NULL, unit INTEGER NOT "
    "NULL,"
    " eligible INTEGER NOT NULL, keys TEXT NOT NULL, note TEXT, PRIMARY KEY (application, position)) STRICT,"
    " WITHOUT ROWID;"
    "CREATE TABLE draw_objection (id INTEGER PRIMARY KEY, round INTEGER NOT NULL, application INTEGER NOT "
    "NULL,"
    " given_by TEXT NOT NULL, given_at INTEGER NOT NULL, text TEXT NOT NULL, answer TEXT, answered_by TEXT,"
    " answered_at INTEGER NOT NULL, upheld INTEGER NOT NULL) STRICT;"
    "CREATE INDEX draw_objection_round ON draw_objection (round, id);" },
  { "draws", 2,
    "CREATE TABLE draw_score (round INTEGER NOT NULL, application INTEGER NOT NULL, juror TEXT NOT NULL,"
    " excused INTEGER NOT NULL, score INTEGER NOT NULL, PRIMARY KEY (round, application, juror)) STRICT,"
    " WITHOUT ROWID;" },
};

Draws *
draws_open (const DrawsOptions *options, GError **error)
{
  Store *store = registry_store (options->registry);
  g_autoptr (Notices) notices = notices_open (store, error); /* its tables, for who is told */
  if (!notices || !audit_migrate (store, error) || !store_once_migrate (store, error)
      || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Draws *draws = g_new0 (Draws, 1);
  *draws = (Draws){ *options, store };
  return draws;
}

void
draws_free (Draws *draws)
{
  g_free (draws);
}

gint64
draws_now (const Draws *draws)
{
  return draws->options.clock ? draws->options.clock (draws->options.clock_data)
                              : g_get_real_time () / G_USEC_PER_SEC;
}

Day
draws_today (const Draws *draws)
{
  return civil_day_of (draws_now (draws));
}

void *
draws_keep (Arena *arena, const GArray *list)
{
  size_t size = g_array_get_element_size ((GArray *)list);
  return list->len ? arena_copy (arena, list->data, list->len * size) : arena_alloc (arena, size);
}

/* ---- who may, and in which words ------------------------------------------------- */

bool
draws_may (const AccessAccount *who, const PolicyAllocation *allocation)
{
  return access_may (who, ACCESS_ALLOCATE)
         && (who->role == ACCESS_OPERATOR
             || policy_clause_is_answered_by (allocation->clause, who->department));
}

bool
draws_check_office (const AccessAccount *who, const PolicyAllocation *allocation, GError **error)
{
  if (allocation && draws_may (who, allocation))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED,
               "rounds are run by those with the right \"%s\" in a department that answers for the clause",
               access_right_name (ACCESS_ALLOCATE)->id);
  return false;
}

bool
draws_refuse (GError **error, FaultCode code, const char *why)
{
  g_set_error_literal (error, FAULT, code, why);
  return false;
}

bool
draws_check_text (const char *text, const char *what, GError **error)
{
  const char *given = text ? text : "";
  if (!g_utf8_validate (given, -1, NULL) || g_utf8_strlen (given, -1) > TEXT_MOST)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is no text of at most %d characters", what, TEXT_MOST);
  else if (!text_trim (text_of (given)).len)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is missing", what);
  else
    return true;
  return false;
}

bool
draws_note (StoreConnection *db, const AccessAccount *who, const char *what, gint64 round, Subject subject,
            GError **error)
{
  g_autofree char *detail = g_strdup_printf ("{\"round\":%" G_GINT64_FORMAT ",\"deed\":\"%s\"}", round, what);
  AuditEntry entry = { .act = AUDIT_WRITE,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subject = subject,
                       .purpose = "allocate",
                       .detail = detail };
  return audit_append (db, &entry, error) != 0;
}

/* ---- names --------------------------------------------------------------------------- */

static const struct {
  const char *id;
  PolicyText name;
} states[DRAWS_STATES] = {
  [DRAWS_PLANNED] = { "planned", { "筹备中", "Being prepared" } },
  [DRAWS_OPEN] = { "open", { "正在报名", "Open for applications" } },
  [DRAWS_CLOSED] = { "closed", { "报名截止，名单已封存", "List closed and sealed" } },
  [DRAWS_DRAWN] = { "drawn", { "已分配，待公示", "Drawn, to be published" } },
  [DRAWS_PUBLISHED] = { "published", { "公示中", "Published, objections run" } },
  [DRAWS_FINAL] = { "final", { "已结束", "Final" } },
  [DRAWS_CANCELLED] = { "cancelled", { "已取消", "Cancelled" } },
};

const char *
draws_state_id (DrawsState state)
{
  return states[state].id;
}

PolicyText
draws_state_name (DrawsState state)
{
  return states[state].name;
}

const char *
draws_standing_id (DrawsStanding standing)
{
  static const char *const ids[] = { "standing", "withdrawn", "struck" };
  return ids[standing];
}

const char *
draws_how_id (DrawsHow how)
{
  static const char *const ids[] = { "none", "run", "office", "waiting-list" };
  return ids[how];
}

const char *
draws_allocation_key (Arena *arena, const PolicyAllocation *allocation)
{
  return arena_printf (arena, "%d/%s", allocation->clause->number, allocation->id);
}

const PolicyAllocation *
draws_allocation (const PolicyPackage *package, const char *key)
{
  char *id = NULL;
  guint64 number = key ? g_ascii_strtoull (key, &id, 10) : 0;
  const PolicyClause *clause
      = id && *id == '/' && number <= G_MAXINT ? policy_clause (package, (int)number) : NULL;
  return clause ? policy_allocation (clause, id + 1) : NULL;
}

bool
draws_needs_lot (const PolicyAllocation *allocation)
{
  return allocation->ties == POLICY_TIES_LOTTERY || allocation->method == POLICY_LOTTERY;
}
