/* Whom one condition keeps out of what a clause gives; page, CSV, JSON. */
#include "web/determine.h"
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

/* ---- words ------------------------------------------------------------------ */

const char *
view_barrier_kind (const Page *page, RegistryBarrierKind kind)
{
  static const Message messages[]
      = { MESSAGE_barriers_hukou, MESSAGE_barriers_origin, MESSAGE_barriers_employer, MESSAGE_barriers_sex,
          MESSAGE_barriers_age,   MESSAGE_barriers_degree, MESSAGE_barriers_seniority };
  return message_text (page->arena, page->language, messages[kind], NULL, 0);
}

static const char *
attribute_words (const Page *page, const RegistryAttribute *a)
{
  return page_label (page, a->zh, a->en);
}

/* The way from the subject to the fact: 单位的所有制; Employer: Ownership. */
static const char *
fact_words (const Page *page, const PolicyBarrier *b)
{
  g_autoptr (GString) words = g_string_new (NULL);
  const RegistryEntity *entity = b->root;
  for (size_t i = 0; i < b->path.n && entity; i++) {
    const RegistryAttribute *a
        = registry_entity_attribute (entity, arena_text (page->arena, b->path.members[i]));
    g_string_append (words, !i ? "" : page->language == LANGUAGE_ZH ? "的" : ": ");
    g_string_append (words, attribute_words (page, a));
    entity = a->target;
  }
  return arena_text (page->arena, (Text){ words->str, words->len });
}

/* "甲、乙"; NULL for none. */
static const char *
held_words (const Page *page, const RegistryBarrier *barrier)
{
  const char **names = arena_new0 (page->arena, const char *, barrier->n_held + 1);
  for (size_t i = 0; i < barrier->n_held; i++)
    names[i] = attribute_words (page, barrier->held[i]);
  return barrier->n_held ? view_list (page, names) : NULL;
}

static const char *
recomputed_words (const Page *page, const RegistryBarrier *barrier)
{
  const char **names = arena_new0 (page->arena, const char *, barrier->n_recomputed + 1);
  for (size_t i = 0; i < barrier->n_recomputed; i++)
    names[i] = attribute_words (page, barrier->recomputed[i].attribute);
  return barrier->n_recomputed ? view_list (page, names) : NULL;
}

/* ---- one finding --------------------------------------------------------------- */

/* A clause's page shows the decisions of its own file. */
static const PolicyClause *
clause_of (const Page *page, const DmnUnit *unit)
{
  size_t n;
  const PolicyClause *const *pages = policy_pages (page->package, &n);
  for (size_t i = 0; i < n; i++)
    if (pages[i]->unit == unit)
      return pages[i];
  return NULL;
}

static BarrierPlace
show_place (const Page *page, const PolicyClause *asked, const PolicyPlace *place)
{
  const PolicyClause *clause = clause_of (page, place->decision->unit);
  const PolicyClause *words = clause ? clause : asked;
  BarrierPlace shown = { .decision = view_name (page, words, place->decision->name) };
  if (place->column)
    shown.column = view_path (page, words, place->column->label);
  if (clause)
    shown.href = arena_printf (page->arena, "/clauses/%d#decision-%u", clause->number, place->decision->line);
  return shown;
}

/* Withheld figures have no bar. */
static int
bar (gint64 n, gint64 most)
{
  return view_permille (MAX (n, 0), most);
}

static void
show_bars (const Page *page, const BarriersFinding *f, BarrierShown *shown)
{
  gint64 most_value = 1, most_township = 1;
  int *values = arena_new0 (page->arena, int, f->n_values),
      *townships = arena_new0 (page->arena, int, f->n_townships);
  for (size_t i = 0; i < f->n_values; i++)
    most_value = MAX (most_value, f->values[i].count.no);
  for (size_t i = 0; i < f->n_townships; i++)
    most_township = MAX (most_township, f->townships[i].count.no);
  for (size_t i = 0; i < f->n_values; i++)
    values[i] = bar (f->values[i].count.no, most_value);
  for (size_t i = 0; i < f->n_townships; i++)
    townships[i] = bar (f->townships[i].count.no, most_township);
  shown->value_bars = values;
  shown->township_bars = townships;
}

static BarrierShown
show_finding (const Page *page, const PolicyClause *clause, const BarriersFinding *f, size_t i)
{
  const PolicyBarrier *b = f->barrier;
  BarrierPlace *places = arena_new0 (page->arena, BarrierPlace, b->n_places);
  BarrierShown shown = { .finding = f, .places = places, .n_places = b->n_places };
  for (size_t k = 0; k < b->n_places; k++)
    places[k] = show_place (page, clause, &b->places[k]);
  shown.id = arena_printf (page->arena, "barrier-%zu", i + 1);
  shown.outcome = page_text (page, b->provision ? b->provision->outcome : b->allocation->name);
  shown.fact = fact_words (page, b);
  shown.kind = view_barrier_kind (page, b->attribute->barrier->kind);
  shown.held = held_words (page, b->attribute->barrier);
  shown.recomputed = recomputed_words (page, b->attribute->barrier);
  show_bars (page, f, &shown);
  return shown;
}

/* Counted ones with the most kept out first; withheld figures stand where the few do. */
static int
compare_shown (gconstpointer a, gconstpointer b)
{
  const BarriersFinding *x = ((const BarrierShown *)a)->finding, *y = ((const BarrierShown *)b)->finding;
  gint64 n = x->count.no < 0 ? 1 : x->count.no, m = y->count.no < 0 ? 1 : y->count.no;
  if (n != m)
    return n < m ? 1 : -1;
  return (x > y) - (x < y);
}

static void
show_findings (const Page *page, BarriersModel *m)
{
  const BarriersClause *found = m->found;
  BarrierShown *shown = arena_new0 (page->arena, BarrierShown, found->n_findings),
               *others = arena_new0 (page->arena, BarrierShown, found->n_findings);
  gint64 most = 1;
  for (size_t i = 0; i < found->n_findings; i++) {
    BarrierShown one = show_finding (page, m->clause, &found->findings[i], i);
    if (found->findings[i].counted)
      shown[m->n_shown++] = one;
    else
      others[m->n_others++] = one;
    most = MAX (most, found->findings[i].count.no);
  }
  for (size_t i = 0; i < m->n_shown; i++)
    shown[i].bar = bar (shown[i].finding->count.no, most);
  if (m->n_shown)
    qsort (shown, m->n_shown, sizeof *shown, compare_shown);
  m->shown = shown;
  m->others = others;
}

/* ---- which clauses turn on what ---------------------------------------------------- */

/* Of CLAUSE, how many provisions and allocations turn on each kind. */
static void
count_kinds (const Page *page, const PolicyClause *clause, BarrierClauseRow *row)
{
  size_t n;
  const PolicyBarrier *barriers = policy_clause_barriers (page->package, page->arena, clause, &n);
  row->clause = clause;
  for (size_t i = 0; i < n; i++) {
    RegistryBarrierKind kind = barriers[i].attribute->barrier->kind;
    bool known = false;
    for (size_t k = 0; k < i; k++)
      known |= barriers[k].attribute->barrier->kind == kind && barriers[k].provision == barriers[i].provision
               && barriers[k].allocation == barriers[i].allocation;
    row->n[kind] += !known;
    row->any = true;
  }
}

static void
show_overview (const Page *page, BarriersModel *m)
{
  BarrierClauseRow *rows = arena_new0 (page->arena, BarrierClauseRow, m->n_clauses);
  for (size_t i = 0; i < m->n_clauses; i++) {
    count_kinds (page, m->clauses[i], &rows[m->n_rows]);
    m->n_rows += rows[m->n_rows].any;
  }
  m->rows = rows;
}

/* ---- what is kept -------------------------------------------------------------------- */

static const void *
find (void *host, Arena *arena, const County *county, const PolicyClause *clause, Day day,
      const volatile gint *stop)
{
  g_autoptr (GError) error = NULL; /* by the next look it may be there */
  const WebOptions *web = host;
  BarriersOptions options = { .package = web->package,
                              .registry = web->registry,
                              .access = web->access,
                              .who = access_operator (arena, "barriers of a clause, for their page"),
                              .as_of = day,
                              .county = county,
                              .stop = stop };
  const BarriersClause *exact = barriers_run (&options, arena, &clause, 1, &error);
  return exact ? barriers_hide (arena, exact) : NULL;
}

WebKept *
web_barriers_new (const WebOptions *web, WebCounty *county)
{
  return web_kept_new (web, county, find, (gpointer)web);
}

const BarriersClause *
web_barriers_of (WebKept *barriers, const PolicyClause *clause, Day today, Day *as_of)
{
  return web_kept_of (barriers, clause, today, as_of);
}

/* ---- the page -------------------------------------------------------------------------- */

static bool
read_model (const WebRequest *request, BarriersModel *m, GError **error)
{
  const char *asked = web_field (&request->query, "clause");
  *m = (BarriersModel){ 0 };
  m->clauses = web_executable_clauses (request, &m->n_clauses);
  if (!asked || !*asked)
    return true;
  m->clause = web_find_executable_clause (request, asked, error);
  if (!m->clause)
    return false;
  m->found = web_barriers_of (request->barriers, m->clause, request->today, &m->counted);
  m->csv = arena_printf (request->arena, "/barriers.csv?clause=%d", m->clause->number);
  m->json = arena_printf (request->arena, "/api/v1/barriers?clause=%d", m->clause->number);
  return true;
}

bool
handle_barriers (WebRequest *request, WebResponse *response, GError **error)
{
  BarriersModel m;
  if (!read_model (request, &m, error))
    return false;
  Page page
      = web_page (request, message_text (request->arena, request->language, MESSAGE_barriers_title, NULL, 0),
                  NAV_BARRIERS);
  if (!m.clause)
    show_overview (&page, &m);
  else if (m.found)
    show_findings (&page, &m);
  page_barriers (response->body, &page, &m);
  return true;
}

/* ---- files and programs --------------------------------------------------------------------- */

/* What the clause that must be named comes to; FAULT_CONFLICT while it is being worked out. */
static bool
read_found (const WebRequest *request, BarriersModel *m, GError **error)
{
  return read_model (request, m, error) && web_clause_counted (m->clause, m->found, error);
}

bool
handle_barriers_csv (WebRequest *request, WebResponse *response, GError **error)
{
  BarriersModel m;
  if (!read_found (request, &m, error))
    return false;
  size_t n;
  const char *const *const *rows = barriers_rows (request->arena, m.found, &n);
  const char *name = arena_printf (request->arena, "barriers-%d", m.clause->number);
  return download_rows (request, response, barriers_columns, BARRIERS_COLUMNS, rows, n, name, error);
}

bool
handle_api_barriers (WebRequest *request, WebResponse *response, GError **error)
{
  BarriersModel m;
  if (!read_found (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  barriers_write (w, request->web->package, m.found, 1, m.counted);
  return true;
}
