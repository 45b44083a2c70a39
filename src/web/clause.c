/* The clauses, and one clause with everything its file says. */
#include "web/determine.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

bool
handle_clauses (WebRequest *request, WebResponse *response, GError **error)
{
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_clauses_title, NULL, 0), NAV_CLAUSES);
  page_clauses (response->body, &page, policy_circular (request->web->package));
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

bool
handle_clause (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyClause *clause = web_find_clause (request, request->captures[0], error);
  if (!clause)
    return false;
  ClauseModel m
      = { .circular = policy_circular (request->web->package), .clause = clause, .day = request->today };
  m.diagram = clause->unit ? dmn_unit_diagram (request->arena, clause->unit, false) : NULL;
  m.parameters = web_clause_parameters (request, clause, &m.n_parameters);
  read_sources (request, &m);
  Page page = web_page (request, NULL, NAV_CLAUSES);
  page.title = view_clause_title (&page, clause);
  page_clause (response->body, &page, &m);
  return true;
}
