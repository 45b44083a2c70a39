/* The list read: masked names, townships, rows for a file. */
#include "due/due_private.h"

#include <string.h>

enum { LINES_MOST = 200 };

/* ---- which list ---------------------------------------------------------------------- */

const DueList *
due_list (Due *due, Arena *arena, const AccessAccount *who, const PolicyProvision *provision, GError **error)
{
  g_autoptr (StoreReader) reader
      = due_check (who, provision->clause, error) ? store_reader (due->store, error) : NULL;
  StoreStatement *s
      = reader
            ? store_statement (store_reader_db (reader),
                               "SELECT id, as_of, made_at, made_by, package, looked_at, found,"
                               " undetermined, missing FROM due_list WHERE provision = ?1 AND complete = 1",
                               error)
            : NULL;
  if (!s)
    return NULL;
  DueList *list = arena_new0 (arena, DueList, 1);
  list->provision = provision;
  list->key = due_key (arena, provision);
  store_bind_text (s, 1, list->key);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "nobody has looked yet for who is due %s and not served",
                 provision->outcome.zh);
  if (step != STORE_ROW)
    return NULL;
  list->id = store_integer (s, 0);
  list->as_of = store_integer (s, 1);
  list->made_at = store_integer (s, 2);
  list->made_by = store_string (s, 3, arena);
  list->package_hash = store_string (s, 4, arena);
  list->looked_at = store_integer (s, 5);
  list->found = store_integer (s, 6);
  list->undetermined = store_integer (s, 7);
  list->missing = store_string (s, 8, arena);
  store_reset (s);
  return list;
}

/* ---- lines ------------------------------------------------------------------------------ */

/* A line with its newest offer. */
#define LINES_FROM                                                                                           \
  " FROM due_line l LEFT JOIN due_offer o ON o.id = (SELECT max (n.id) FROM due_offer n"                     \
  " WHERE n.subject = l.subject AND n.provision = ?2) WHERE l.list = ?1"

static void
read_line (const Due *due, StoreStatement *s, Arena *arena, Day today, DueLine *line)
{
  *line = (DueLine){ .subject = store_integer (s, 0), .township = store_string (s, 1, arena), .label = "" };
  line->has_amount = !store_is_null (s, 2);
  line->amount_fen = store_integer (s, 2);
  due_line_offer (due, s, 3, today, line);
}

/* Those that FILTER wants, of subjects after its last; state by state, since whether a declined
 * offer counts depends on the day. */
static bool
read_lines (const Due *due, Arena *arena, const DueList *list, const DueFilter *filter, size_t limit,
            GArray *lines, GError **error)
{
  Day today = civil_day_of (due_now (due));
  g_autoptr (StoreReader) reader = store_reader (due->store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader),
                                  "SELECT l.subject, l.township, l.amount, o.id, o.offered_at, o.state,"
                                  " o.answered_at" LINES_FROM " AND l.subject > ?3 AND (?4 IS NULL OR"
                                  " l.township = ?4) ORDER BY l.subject",
                                  error)
               : NULL;
  if (!s)
    return false;
  store_bind_integer (s, 1, list->id);
  store_bind_text (s, 2, list->key);
  store_bind_integer (s, 3, filter->after);
  store_bind_text (s, 4, filter->township);
  StoreStep step = STORE_DONE;
  while (lines->len < limit && (step = store_step (s, error)) == STORE_ROW) {
    DueLine line;
    read_line (due, s, arena, today, &line);
    if (!filter->state || *filter->state == line.state)
      g_array_append_val (lines, line);
  }
  if (step != STORE_FAILED)
    store_reset (s);
  return step != STORE_FAILED;
}

/* ---- names -------------------------------------------------------------------------------- */

/* Whether the clause's purpose has ATTRIBUTE of its subject. */
static bool
may_read (const PolicyClause *clause, const RegistryAttribute *attribute)
{
  for (size_t r = 0; attribute && r < clause->purpose->n_roots; r++) {
    const AccessRoot *root = &clause->purpose->roots[r];
    for (size_t i = 0; root->entity == attribute->entity && i < root->n_paths; i++)
      if (root->paths[i].n == 1 && text_equal (root->paths[i].members[0], text_of (attribute->zh)))
        return true;
  }
  return false;
}

/* Masked, of a page's subjects; the log names them first. */
static bool
read_labels (Due *due, Arena *arena, const AccessAccount *who, const DueList *list, GArray *lines,
             GError **error)
{
  const PolicyClause *clause = list->provision->clause;
  const RegistryAttribute *label = list->provision->subject->label;
  if (!lines->len || !may_read (clause, label))
    return true;
  Text name = text_of (label->zh);
  FeelPath path = { .n = 1, .members = &name };
  g_autoptr (AuditSet) set = audit_set_new ();
  for (guint i = 0; i < lines->len; i++)
    audit_set_add (set, g_array_index (lines, DueLine, i).subject);
  g_autofree char *detail = g_strdup_printf ("{\"due\":%" G_GINT64_FORMAT ",\"shown\":\"masked\"}", list->id);
  g_autoptr (AccessRun) run = access_run_new (due->options.access, who, clause->purpose->id,
                                              list->provision->subject, &path, 1, set, detail, error);
  RegistryMoment now = { civil_day_of (due_now (due)), G_MAXINT64 };
  for (guint i = 0; run && i < lines->len; i++) {
    DueLine *line = &g_array_index (lines, DueLine, i);
    size_t n;
    const RegistryReading *reading = access_run_read (run, arena, line->subject, now, error);
    const RegistryProvenance *const *facts = reading ? registry_reading_facts (reading, &n) : NULL;
    if (!reading)
      return false;
    if (n && facts[0]->value.kind == FEEL_STRING)
      line->label = access_mask_name (arena, feel_display (arena, facts[0]->value));
  }
  return run != NULL;
}

const DueLine *
due_lines (Due *due, Arena *arena, const AccessAccount *who, const DueList *list, const DueFilter *filter,
           size_t *n, GError **error)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (DueLine));
  size_t limit = MIN (filter->limit ? filter->limit : LINES_MOST, LINES_MOST);
  if (!due_check (who, list->provision->clause, error)
      || !read_lines (due, arena, list, filter, limit, lines, error)
      || !read_labels (due, arena, who, list, lines, error))
    return NULL;
  *n = lines->len;
  return arena_copy (arena, lines->data, lines->len * sizeof (DueLine));
}

const DueTownship *
due_townships (Due *due, Arena *arena, const AccessAccount *who, const DueList *list, size_t *n,
               GError **error)
{
  g_autoptr (GArray) townships = g_array_new (FALSE, FALSE, sizeof (DueTownship));
  g_autoptr (StoreReader) reader
      = due_check (who, list->provision->clause, error) ? store_reader (due->store, error) : NULL;
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT l.township, count (*), CAST (coalesce (sum"
                                                " (l.amount), 0) AS INTEGER), count (o.id)" LINES_FROM
                                                " GROUP BY l.township ORDER BY l.township",
                                                error)
                             : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, list->id);
  store_bind_text (s, 2, list->key);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    DueTownship one
        = { store_string (s, 0, arena), store_integer (s, 1), store_integer (s, 2), store_integer (s, 3) };
    g_array_append_val (townships, one);
  }
  *n = townships->len;
  return step == STORE_DONE ? arena_copy (arena, townships->data, townships->len * sizeof (DueTownship))
                            : NULL;
}

/* ---- a file ---------------------------------------------------------------------------------- */

const char *const due_columns[DUE_COLUMNS] = { "subject", "township", "amount", "state", "offered" };

static const char *const *
row_of (const Due *due, Arena *arena, const DueLine *line)
{
  char day[CIVIL_TEXT_MAX];
  const char **cells = arena_new0 (arena, const char *, DUE_COLUMNS);
  cells[0] = registry_subject_format (arena, registry_schema (due->options.registry), line->subject);
  cells[1] = line->township;
  cells[2] = line->has_amount
                 ? arena_printf (arena, "%s%" G_GINT64_FORMAT ".%02d", line->amount_fen < 0 ? "-" : "",
                                 ABS (line->amount_fen) / 100, (int)(ABS (line->amount_fen) % 100))
                 : "";
  cells[3] = due_state_id (line->state);
  cells[4] = line->offered_at
                 ? arena_text (arena, text_of (civil_format (civil_day_of (line->offered_at), day)))
                 : "";
  return cells;
}

const char *const *const *
due_rows (Due *due, Arena *arena, const AccessAccount *who, const DueList *list, size_t *n, GError **error)
{
  const PolicyClause *clause = list->provision->clause;
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (DueLine));
  if (!due_check (who, clause, error)
      || !read_lines (due, arena, list, &(DueFilter){ 0 }, G_MAXSIZE, lines, error))
    return NULL;
  g_autoptr (AuditSet) set = audit_set_new ();
  const char *const **rows = arena_new0 (arena, const char *const *, lines->len + 1);
  for (guint i = 0; i < lines->len; i++) {
    audit_set_add (set, g_array_index (lines, DueLine, i).subject);
    rows[i] = row_of (due, arena, &g_array_index (lines, DueLine, i));
  }
  const char *detail
      = arena_printf (arena, "{\"due\":%" G_GINT64_FORMAT ",\"rows\":%u}", list->id, lines->len);
  AuditEntry entry = due_entry (who, clause, AUDIT_EXPORT, set, detail);
  *n = lines->len;
  return audit_record (due->store, &entry, error) ? rows : NULL;
}
