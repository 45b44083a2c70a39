/* The clauses, and one clause with everything its file says. */
#include "web/counts.h"
#include "web/determine.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

#include <string.h>

bool
handle_clauses (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  policy_clauses (request->web->package, &n);
  const HtmlValue number = html_value_number ((gint64)n);
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_clauses_title__n, &number, 1),
      NAV_CLAUSES);
  page_clauses (response->body, &page, policy_circular (request->web->package),
                policy_clause (request->web->package, 0));
  return true;
}

const PolicyClause *
web_find_clause (const WebRequest *request, const char *text, GError **error)
{
  guint64 number;
  size_t n;
  const PolicyClause *clause = NULL;
  policy_clauses (request->web->package, &n);
  if (g_ascii_string_to_unsigned (text, 10, 0, 999, &number, NULL))
    clause = policy_clause (request->web->package, (int)number);
  if (!clause)
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "the circular has no clause %s; they are numbered 1 to %zu, and 0 is its closing paragraph",
                 text, n);
  return clause;
}

const PolicyClause *const *
web_executable_clauses (const WebRequest *request, size_t *n)
{
  size_t n_pages;
  const PolicyClause *const *pages = policy_pages (request->web->package, &n_pages);
  const PolicyClause **clauses = arena_new0 (request->arena, const PolicyClause *, n_pages);
  *n = 0;
  for (size_t i = 0; i < n_pages; i++)
    if (pages[i]->purpose)
      clauses[(*n)++] = pages[i];
  return clauses;
}

const PolicyClause *
web_find_executable_clause (const WebRequest *request, const char *text, GError **error)
{
  const PolicyClause *clause = web_find_clause (request, text, error);
  if (!clause || clause->purpose)
    return clause;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "clause %d is not executable yet: it has no clause file",
               clause->number);
  return NULL;
}

bool
web_clause_counted (const PolicyClause *clause, const void *found, GError **error)
{
  if (!clause)
    g_set_error (error, FAULT, FAULT_USAGE, "clause=N says which clause's figures are wanted");
  else if (!found)
    g_set_error (error, FAULT, FAULT_CONFLICT, "clause %d is being counted; ask again in a moment",
                 clause->number);
  return found;
}

/* Every parameter that a decision of the clause may read, once. */
const PolicyParameter *const *
web_clause_parameters (const WebRequest *request, const PolicyClause *clause, size_t *n)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  for (size_t d = 0; clause->unit && d < clause->unit->n_decisions; d++) {
    size_t n_here;
    const PolicyParameter *const *here = policy_decision_parameters (request->web->package, request->arena,
                                                                     clause->unit->decisions[d], &n_here);
    for (size_t i = 0; i < n_here; i++)
      if (!g_ptr_array_find (found, here[i], NULL))
        g_ptr_array_add (found, (gpointer)(gsize)here[i]);
  }
  *n = found->len;
  return arena_copy (request->arena, found->pdata, found->len * sizeof (gpointer));
}

/* Who gives the facts that the clause of M reads. */
static void
read_sources (const WebRequest *request, ClauseModel *m)
{
  const PolicyUse *uses = policy_clause_uses (request->web->package, request->arena, m->clause, &m->n_uses);
  const char **sources = arena_new0 (request->arena, const char *, m->n_uses + 1);
  for (size_t i = 0, n = 0; i < m->n_uses; i++)
    if (!g_strv_contains (sources, uses[i].attribute->source))
      sources[n++] = uses[i].attribute->source;
  m->sources = sources;
}

static void
find_showcases (const WebRequest *request, ClauseModel *m)
{
  const WebOptions *web = request->web;
  m->showcases = arena_new0 (request->arena, const WebShowcase *, web->n_showcases);
  for (size_t i = 0; i < web->n_showcases; i++)
    if (web->showcases[i].clause == m->clause->number)
      m->showcases[m->n_showcases++] = &web->showcases[i];
}

/* The first demo account whose department answers for the clause. */
static const char *
find_opener (const WebRequest *request, const PolicyClause *clause)
{
  size_t n = 0;
  g_autoptr (GError) error = NULL;
  const AccessAccount *accounts = access_demo_accounts (request->web->access, request->arena, &n, &error);
  for (size_t i = 0; accounts && i < n; i++)
    if (access_may (&accounts[i], ACCESS_SEE_SUBJECTS) && access_may_name (&accounts[i], clause->purpose))
      return accounts[i].name;
  return NULL;
}

/* What each provision's answer rests on. */
static const DmnDiagram *const *
draw_provisions (const WebRequest *request, const PolicyClause *clause)
{
  const DmnDiagram **diagrams = arena_new0 (request->arena, const DmnDiagram *, clause->n_provisions);
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const DmnDecision *const outcome[] = { clause->provisions[i].eligible, clause->provisions[i].amount };
    diagrams[i] = dmn_decision_diagram (request->arena, outcome, G_N_ELEMENTS (outcome));
  }
  return diagrams;
}

bool
handle_clause (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyClause *clause = web_find_clause (request, request->captures[0], error);
  if (!clause)
    return false;
  ClauseModel m
      = { .circular = policy_circular (request->web->package), .clause = clause, .day = request->today };
  m.diagrams = clause->unit ? draw_provisions (request, clause) : NULL;
  m.parameters = web_clause_parameters (request, clause, &m.n_parameters);
  read_sources (request, &m);
  find_showcases (request, &m);
  m.opener = m.n_showcases ? find_opener (request, clause) : NULL;
  m.counts = web_counts_of (request->counts, clause, request->today, &m.counted);
  Page page = web_page (request, NULL, NAV_CLAUSES);
  page.title = view_clause_title (&page, clause);
  page_clause (response->body, &page, &m);
  return true;
}

/* ---- trying an example -------------------------------------------------- */

enum { CELL_MAX = 4000 /* bytes */ };

static bool
number_in (const WebRequest *request, const char *name, guint64 below, size_t *value)
{
  guint64 number;
  const char *text = web_field (&request->query, name);
  if (!text || !below || !g_ascii_string_to_unsigned (text, 10, 0, below - 1, &number, NULL))
    return false;
  *value = (size_t)number;
  return true;
}

/* The example with what was typed in its cells: v0, v1 … */
static bool
read_cells (const WebRequest *request, TryModel *m, GError **error)
{
  const DmnExample *own = m->example;
  DmnExample *example = arena_copy (request->arena, own, sizeof *own);
  DmnCell *cells = arena_copy (request->arena, own->inputs, own->n_inputs * sizeof (DmnCell));
  for (size_t i = 0; i < own->n_inputs; i++) {
    char name[24];
    g_snprintf (name, sizeof name, "v%zu", i);
    const char *typed = web_field (&request->query, name);
    if (!typed)
      continue;
    if (strlen (typed) > CELL_MAX) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: a value may have %d bytes at most", name, CELL_MAX);
      return false;
    }
    Text text = text_trim (text_of (typed));
    m->changed |= !text_equal (text, own->inputs[i].text);
    cells[i].text = text;
  }
  example->inputs = cells;
  if (m->changed)
    example->expected = NULL;
  m->example = example;
  return true;
}

bool
handle_try (WebRequest *request, WebResponse *response, GError **error)
{
  TryModel m = { .clause = web_find_clause (request, request->captures[0], error) };
  if (!m.clause)
    return false;
  size_t d;
  const DmnUnit *unit = m.clause->unit;
  if (!unit || !number_in (request, "decision", unit->n_decisions, &d)
      || !number_in (request, "example", unit->decisions[d]->n_examples, &m.index)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "clause %d has no such example; its page lists them",
                 m.clause->number);
    return false;
  }
  m.decision = unit->decisions[d];
  m.example = &m.decision->examples[m.index];
  if (!read_cells (request, &m, error))
    return false;
  m.results = policy_try (request->web->package, request->arena, m.clause, m.example, &m.trace);
  Page page = web_page (request, NULL, NAV_CLAUSES);
  page.title = message_text (request->arena, request->language, MESSAGE_try_title, NULL, 0);
  page_try (response->body, &page, &m, d);
  return true;
}
