/* Reading: one case, lists, counts. */
#include "cases/cases_private.h"

/* ---- one case ------------------------------------------------------------------------ */

const Case *
cases_case (Cases *cases, Arena *arena, const AccessAccount *who, gint64 id, GError **error)
{
  CaseParty party;
  CaseRow *row = arena_new0 (arena, CaseRow, 1);
  {
    g_autoptr (StoreReader) reader = store_reader (cases->store, error);
    if (!reader || !row_find (cases, store_reader_db (reader), arena, id, row, error))
      return NULL;
  }
  bool may = who && cases_party (cases, who, &row->c, &party);
  if (may && party == CASE_APPLICANT && !party_is_agent (who, row->c.applicant))
    return &row->c;
  g_autofree char *detail = g_strdup_printf ("{\"case\":%" G_GINT64_FORMAT "}", id);
  if (who) {
    AuditEntry entry = case_entry (who, may ? AUDIT_READ : AUDIT_REFUSED, &row->c, detail);
    if (!audit_record (cases->store, &entry, error))
      return NULL;
  }
  if (!may)
    g_set_error (error, FAULT, FAULT_DENIED, "case %" G_GINT64_FORMAT " is for its applicant and its office",
                 id);
  return may ? &row->c : NULL;
}

const CaseStep *
cases_steps (Cases *cases, Arena *arena, const Case *c, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  return reader ? steps_read (store_reader_db (reader), arena, c->id, n, error) : NULL;
}

/* ---- lists --------------------------------------------------------------------------- */

/* Whether WHO may see the queue of OFFICE. */
static bool
may_list (const AccessAccount *who, const char *office, GError **error)
{
  bool own = who && who->department && g_strcmp0 (who->department, office) == 0;
  if (access_may (who, ACCESS_HANDLE_CASES) && own)
    return true;
  if (access_may (who, ACCESS_SUPERVISE_CASES) && (own || who->role == ACCESS_COUNTY_OFFICE))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED, "a queue is for its own office");
  return false;
}

/* Whether WHO has to do with case ID, whose parts are asked for. */
static bool
may_open (Cases *cases, Arena *arena, const AccessAccount *who, gint64 id, GError **error)
{
  CaseRow row;
  CaseParty party;
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  if (!reader || !row_find (cases, store_reader_db (reader), arena, id, &row, error))
    return false;
  if (who && party_of (cases, store_reader_db (reader), who, &row.c, &party))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED, "case %s is for its applicant and its office", row.c.number);
  return false;
}

/* The statement for FILTER.  Store statements are literals, so the few shapes stand here. */
static const char *
queue_sql (const CaseFilter *f)
{
#define SELECT_ROWS "SELECT " ROW_COLUMNS " FROM cases_case WHERE "
#define AFTER                                                                                                \
  " AND (priority > ?2 OR (priority = ?2 AND (due > ?3 OR (due = ?3 AND id > ?4)))) AND due <= ?6"           \
  " AND (?7 < 0 OR state = ?7) AND (?8 = 0 OR parent = ?8) ORDER BY priority, due, id LIMIT ?5"
  if (f->applicant)
    return SELECT_ROWS "applicant = ?1 AND parent = ?8 AND (?4 = 0 OR id < ?4) ORDER BY id DESC LIMIT ?5";
  if (f->parent)
    return SELECT_ROWS "parent = ?8 ORDER BY id LIMIT ?5";
  if (f->closed && f->matter)
    return SELECT_ROWS
        "office = ?1 AND matter = ?9 AND is_open = 0 AND (?4 = 0 OR id < ?4) ORDER BY id DESC LIMIT ?5";
  if (f->closed)
    return SELECT_ROWS "office = ?1 AND is_open = 0 AND (?4 = 0 OR id < ?4) ORDER BY id DESC LIMIT ?5";
  if (f->matter)
    return SELECT_ROWS "office = ?1 AND matter = ?9 AND is_open = 1" AFTER;
  return SELECT_ROWS "office = ?1 AND is_open = 1" AFTER;
#undef AFTER
#undef SELECT_ROWS
}

static void
bind_filter (Cases *cases, StoreStatement *s, const CaseFilter *f)
{
  bool by_id = f->applicant || f->closed;
  bool from_start = !f->after.id;
  if (f->applicant)
    store_bind_integer (s, 1, f->applicant);
  else if (!f->parent)
    store_bind_text (s, 1, f->office);
  if (!by_id && !f->parent) {
    store_bind_integer (s, 2, from_start ? -1 : f->after.priority);
    store_bind_integer (s, 3, from_start ? 0 : f->after.due ? f->after.due : DUE_NEVER);
    store_bind_integer (s, 6, f->late ? civil_minutes (cases_now (cases)) - 1 : DUE_NEVER);
    store_bind_integer (s, 7, f->state ? (gint64)*f->state : -1);
  }
  if (!f->parent)
    store_bind_integer (s, 4, f->after.id);
  store_bind_integer (s, 5, (gint64)f->limit);
  if (!f->closed)
    store_bind_integer (s, 8, f->parent);
  if (f->matter && !f->applicant && !f->parent)
    store_bind_text (s, 9, f->matter);
}

/* Of somebody else's cases those in which WHO acts for them today. */
static void
keep_acted_for (Cases *cases, StoreConnection *db, const AccessAccount *who, GArray *rows)
{
  CaseParty party;
  guint kept = 0;
  for (guint i = 0; i < rows->len; i++) {
    Case c = g_array_index (rows, Case, i);
    if (party_of (cases, db, who, &c, &party))
      g_array_index (rows, Case, kept++) = c;
  }
  g_array_set_size (rows, kept);
}

const Case *
cases_queue (Cases *cases, Arena *arena, const AccessAccount *who, const CaseFilter *filter, size_t *n,
             GError **error)
{
  CaseFilter f = *filter;
  *n = 0;
  f.office = f.office ? f.office : who ? who->department : NULL;
  if (f.parent && !may_open (cases, arena, who, f.parent, error))
    return NULL;
  bool own = f.applicant && who && who->subject; /* an agent's are found below */
  if (!own && !f.parent && !may_list (who, f.office, error))
    return NULL;
  f.applicant = own ? f.applicant : 0;
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader), queue_sql (&f), error) : NULL;
  if (!s)
    return NULL;
  bind_filter (cases, s, &f);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Case));
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    CaseRow row;
    row_read (cases, s, arena, &row);
    g_array_append_val (rows, row.c);
  }
  if (own && who->subject != f.applicant)
    keep_acted_for (cases, store_reader_db (reader), who, rows);
  *n = rows->len;
  return next == STORE_FAILED ? NULL : arena_copy (arena, rows->data, rows->len * sizeof (Case));
}

/* ---- counts -------------------------------------------------------------------------- */

static void
count_row (StoreStatement *s, GPtrArray *counts, GHashTable *by_matter, Arena *arena)
{
  const char *matter = store_string (s, 0, arena);
  CaseCount *count = g_hash_table_lookup (by_matter, matter);
  if (!count) {
    count = arena_new0 (arena, CaseCount, 1);
    count->matter = matter;
    g_hash_table_insert (by_matter, (gpointer)matter, count);
    g_ptr_array_add (counts, count);
  }
  CaseState state = (CaseState)store_integer (s, 1);
  CaseOutcome outcome = (CaseOutcome)store_integer (s, 2);
  gint64 n = store_integer (s, 3);
  count->states[state] += n;
  count->granted += outcome == CASE_GRANTED ? n : 0;
  count->refused += outcome == CASE_REFUSED ? n : 0;
  count->late += store_integer (s, 4);
  count->soon += store_integer (s, 5);
}

const CaseCount *
cases_counts (Cases *cases, Arena *arena, const AccessAccount *who, const char *office, size_t *n,
              GError **error)
{
  *n = 0;
  if (!may_list (who, office, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader),
                                  "SELECT matter, state, outcome, count(*),"
                                  " sum(CASE WHEN is_open = 1 AND due < ?2 THEN 1 ELSE 0 END),"
                                  " sum(CASE WHEN is_open = 1 AND due >= ?2 AND warn_at > 0"
                                  " AND warn_at <= ?2 THEN 1 ELSE 0 END)"
                                  " FROM cases_case WHERE office = ?1 GROUP BY matter, state, outcome"
                                  " ORDER BY matter, state, outcome",
                                  error)
               : NULL;
  if (!s)
    return NULL;
  store_bind_text (s, 1, office);
  store_bind_integer (s, 2, civil_minutes (cases_now (cases)));
  g_autoptr (GPtrArray) counts = g_ptr_array_new ();
  g_autoptr (GHashTable) by_matter = g_hash_table_new (g_str_hash, g_str_equal);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW)
    count_row (s, counts, by_matter, arena);
  CaseCount *all = arena_new0 (arena, CaseCount, counts->len);
  for (guint i = 0; i < counts->len; i++)
    all[i] = *(CaseCount *)counts->pdata[i];
  *n = counts->len;
  return next == STORE_FAILED ? NULL : all;
}
