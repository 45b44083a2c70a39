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

bool
queue_may_list (const AccessAccount *who, const char *office, GError **error)
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

/* The statement for FILTER.  Store statements are literals, so the few shapes stand here.  A page is a walk
 * along an index from where the page before ended, however much lies before it or is closed; of those due at
 * one moment it passes over the index entries of the pages before (SQLite compares no rowid as part of a
 * row). */
const char *
queue_sql (const CaseFilter *f)
{
#define SELECT_ROWS "SELECT " ROW_COLUMNS " FROM cases_case WHERE "
#define WAITING                                                                                              \
  " AND stage <= ?4 AND (stage, priority, due, id) > (?5, ?6, ?7, ?3) AND due <= ?8"                         \
  " AND (?9 < 0 OR state = ?9) ORDER BY stage, priority, due, id LIMIT ?2"
#define CLOSED " AND stage = ?4 AND id < ?3 ORDER BY id DESC LIMIT ?2"
  if (f->applicant)
    return SELECT_ROWS "applicant = ?1 AND id < ?3 AND parent = ?4 ORDER BY id DESC LIMIT ?2";
  if (f->parent)
    return SELECT_ROWS "parent = ?1 ORDER BY id LIMIT ?2";
  if (f->township)
    return f->closed ? SELECT_ROWS "office = ?1 AND township = ?11 AND (?10 = '' OR matter = ?10)" CLOSED
                     : SELECT_ROWS "office = ?1 AND township = ?11 AND (?10 = '' OR matter = ?10)" WAITING;
  if (f->closed)
    return f->matter ? SELECT_ROWS "office = ?1 AND matter = ?10" CLOSED : SELECT_ROWS "office = ?1" CLOSED;
  return f->matter ? SELECT_ROWS "office = ?1 AND matter = ?10" WAITING : SELECT_ROWS "office = ?1" WAITING;
#undef CLOSED
#undef WAITING
#undef SELECT_ROWS
}

/* Where a page of what waits begins and ends: only those of one stage, where a filter says so. */
static void
bind_waiting (Cases *cases, StoreStatement *s, const CaseFilter *f)
{
  bool from_start = !f->after.id, to_deliver = f->state && machine_stage (*f->state) == STAGE_TO_DELIVER;
  bool to_decide = f->late || (f->state && !to_deliver);
  store_bind_integer (s, 3, f->after.id);
  store_bind_integer (s, 4, to_decide ? STAGE_TO_DECIDE : STAGE_TO_DELIVER);
  store_bind_integer (s, 5, to_deliver || f->after.to_deliver ? STAGE_TO_DELIVER : STAGE_TO_DECIDE);
  store_bind_integer (s, 6, from_start ? -1 : f->after.priority);
  store_bind_integer (s, 7, from_start ? 0 : f->after.due ? f->after.due : DUE_NEVER);
  store_bind_integer (s, 8, f->late ? civil_minutes (cases_now (cases)) - 1 : DUE_NEVER);
  store_bind_integer (s, 9, f->state ? (gint64)*f->state : -1);
}

void
queue_bind (Cases *cases, StoreStatement *s, const CaseFilter *f)
{
  if (f->applicant || f->parent)
    store_bind_integer (s, 1, f->applicant ? f->applicant : f->parent);
  else
    store_bind_text (s, 1, f->office);
  store_bind_integer (s, 2, (gint64)f->limit);
  if (f->parent && !f->applicant)
    return;
  if (f->applicant || f->closed) {
    store_bind_integer (s, 3, f->after.id ? f->after.id : G_MAXINT64);
    store_bind_integer (s, 4, f->applicant ? f->parent : STAGE_CLOSED);
  } else
    bind_waiting (cases, s, f);
  if ((f->matter || f->township) && !f->applicant)
    store_bind_text (s, 10, f->matter ? f->matter : "");
  if (f->township && !f->applicant)
    store_bind_text (s, 11, f->township);
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
  if (!own && !f.parent && !queue_may_list (who, f.office, error))
    return NULL;
  f.applicant = own ? f.applicant : 0;
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader), queue_sql (&f), error) : NULL;
  if (!s)
    return NULL;
  queue_bind (cases, s, &f);
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
