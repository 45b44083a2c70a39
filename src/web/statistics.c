/* A clause over the whole county: figures, groups and reasons; page, CSV, JSON. */
#include "web/counts.h"
#include "web/determine.h"
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

enum { MOST_REASONS = 8 };

/* ---- reasons -------------------------------------------------------------- */

/* Figures withheld stand where the few do. */
static gint64
rank (gint64 n)
{
  return n < 0 ? 1 : n;
}

static int
compare_reasons (gconstpointer a, gconstpointer b)
{
  gint64 x = rank (((const StatisticsReason *)a)->n), y = rank (((const StatisticsReason *)b)->n);
  return (x < y) - (x > y);
}

/* The first few of LIST, the most frequent first. */
static const StatisticsReason *
most_frequent (Arena *arena, GArray *list, size_t *n)
{
  g_array_sort (list, compare_reasons);
  *n = MIN (list->len, MOST_REASONS);
  return arena_copy (arena, list->data, *n * sizeof (StatisticsReason));
}

/* Whether TABLE says yes or no, so that a condition that fails is one that was wanted. */
static bool
decides (const PopulationTable *table)
{
  for (size_t r = 0; r < table->decision->table->n_rules; r++)
    if (table->rules[r].refuses)
      return true;
  return false;
}

/* A condition that stands in several rules counts once, as often as it failed in one. */
static void
add_failed (GArray *list, StatisticsReason reason)
{
  for (guint i = 0; i < list->len; i++) {
    StatisticsReason *known = &g_array_index (list, StatisticsReason, i);
    if (g_str_equal (known->what, reason.what) && g_str_equal (known->words, reason.words)) {
      if (rank (reason.n) > rank (known->n))
        known->n = reason.n;
      return;
    }
  }
  g_array_append_val (list, reason);
}

static void
find_failed (const Page *page, const PopulationProvision *p, StatisticsProvision *shown)
{
  const PolicyClause *clause = p->provision->clause;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (StatisticsReason));
  for (size_t t = 0; t < p->n_tables; t++) {
    const DmnTable *table = p->tables[t].decision->table;
    for (size_t r = 0; r < table->n_rules && decides (&p->tables[t]); r++) {
      const PopulationRule *rule = &p->tables[t].rules[r];
      for (size_t i = 0; i < table->n_inputs && !rule->refuses; i++)
        if (rule->failed[i]) {
          Text input = table->inputs[i].label;
          add_failed (list, (StatisticsReason){ view_path (page, clause, input),
                                                view_test (page, clause, input, rule->rule->tests[i].text),
                                                rule->failed[i] });
        }
    }
  }
  shown->failed = most_frequent (page->arena, list, &shown->n_failed);
}

static void
find_missing (const Page *page, const PopulationProvision *p, StatisticsProvision *shown)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (StatisticsReason));
  for (size_t i = 0; i < p->n_needs; i++) {
    StatisticsReason reason
        = { view_path (page, p->provision->clause, text_of (p->needs[i].name)),
            message_text (page->arena, page->language,
                          p->needs[i].is_parameter ? MESSAGE_statistics_parameter : MESSAGE_statistics_fact,
                          NULL, 0),
            p->needs[i].n };
    g_array_append_val (list, reason);
  }
  shown->missing = most_frequent (page->arena, list, &shown->n_missing);
}

/* ---- the page -------------------------------------------------------------- */

/* Clauses that can be counted, and the one asked for, if any, with its figures. */
static bool
read_model (const WebRequest *request, StatisticsModel *m, GError **error)
{
  const char *asked = web_field (&request->query, "clause");
  *m = (StatisticsModel){ 0 };
  m->clauses = web_executable_clauses (request, &m->n_clauses);
  if (!asked || !*asked)
    return true;
  m->clause = web_find_executable_clause (request, asked, error);
  if (!m->clause)
    return false;
  m->counts = web_counts_of (request->counts, m->clause, request->today, &m->counted);
  m->csv = arena_printf (request->arena, "/statistics.csv?clause=%d", m->clause->number);
  m->json = arena_printf (request->arena, "/api/v1/statistics?clause=%d", m->clause->number);
  return true;
}

/* What all who qualify get together, if it adds up and is told. */
static const char *
sum_of (const Page *page, const PopulationProvision *p)
{
  const char *sum = p->provision->amount && p->count.yes > 0 ? view_sum (page, p->provision, &p->count) : "—";
  return g_str_equal (sum, "—") ? NULL : sum;
}

/* How each provision was computed, and by name those that columns could not. */
static void
find_ways (const Page *page, StatisticsModel *m)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (size_t i = 0; i < m->clause->n_provisions; i++) {
    const PopulationProvision *p = &m->counts->provisions[i];
    m->n_by_columns += !p->outside;
    m->n_by_rows += p->outside != NULL;
    if (p->outside)
      g_string_append_printf (names, "%s%s", names->len ? page_text (page, (PolicyText){ "、", ", " }) : "",
                              page_text (page, p->provision->outcome));
  }
  m->by_rows = arena_text (page->arena, (Text){ names->str, names->len });
}

bool
handle_statistics (WebRequest *request, WebResponse *response, GError **error)
{
  StatisticsModel m;
  if (!read_model (request, &m, error))
    return false;
  Page page = web_page (request,
                        message_text (request->arena, request->language, MESSAGE_statistics_title, NULL, 0),
                        NAV_STATISTICS);
  size_t n = m.counts ? m.clause->n_provisions : 0;
  StatisticsProvision *shown = arena_new0 (request->arena, StatisticsProvision, n);
  for (size_t i = 0; i < n; i++) {
    shown[i].figures = &m.counts->provisions[i];
    find_failed (&page, shown[i].figures, &shown[i]);
    find_missing (&page, shown[i].figures, &shown[i]);
    shown[i].sum = sum_of (&page, shown[i].figures);
  }
  m.provisions = shown;
  if (m.counts)
    find_ways (&page, &m);
  page_statistics (response->body, &page, &m);
  return true;
}

/* ---- files and programs ------------------------------------------------------ */

/* The figures of the clause that must be named; FAULT_CONFLICT while they are being counted. */
static bool
read_figures (const WebRequest *request, StatisticsModel *m, GError **error)
{
  return read_model (request, m, error) && web_clause_counted (m->clause, m->counts, error);
}

bool
handle_statistics_csv (WebRequest *request, WebResponse *response, GError **error)
{
  StatisticsModel m;
  if (!read_figures (request, &m, error))
    return false;
  size_t n;
  const char *const *const *rows = population_rows (request->arena, m.counts, &n);
  const char *name = arena_printf (request->arena, "statistics-%d", m.clause->number);
  return download_rows (request, response, population_columns, POPULATION_COLUMNS, rows, n, name, error);
}

bool
handle_api_statistics (WebRequest *request, WebResponse *response, GError **error)
{
  StatisticsModel m;
  if (!read_figures (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  population_write (w, request->web->package, m.counts, 1, m.counted);
  return true;
}

/* ---- figures in words ---------------------------------------------------------- */

const char *
view_told (const Page *page, gint64 n)
{
  if (n == POPULATION_HELD)
    return "—";
  if (n != POPULATION_FEW)
    return view_count (page, n);
  HtmlValue most = html_value_number (POPULATION_LEAST - 1);
  return message_text (page->arena, page->language, MESSAGE_statistics_few__n, &most, 1);
}

const char *
view_percent (const Page *page, gint64 n, gint64 of)
{
  if (n < 0 || of <= 0)
    return "";
  gint64 tenths = (n * 1000 + of / 2) / of;
  if (n && !tenths)
    return "<0.1%";
  bool whole = !n || tenths >= 100;
  return whole ? arena_printf (page->arena, "%d%%", (int)((tenths + 5) / 10))
               : arena_printf (page->arena, "%d.%d%%", (int)(tenths / 10), (int)(tenths % 10));
}

int
view_permille (gint64 n, gint64 of)
{
  return n <= 0 || of <= 0 ? 0 : (int)(n * 1000 / of);
}
