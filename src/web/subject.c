/* What a subject is entitled to: for the person concerned, and for staff. */
#include "web/determine.h"
#include "web/facts.h"
#include "web/handlers.h"
#include "web/pages.h"

#include <string.h>

/* What one gets comes first, rights before options; then what is still open; then the rest. */
static const struct {
  PolicyOutcome outcome;
  int binding; /* 1: rights, 0: options, −1: both */
} ranks[] = { { POLICY_YES, 1 },
              { POLICY_YES, 0 },
              { POLICY_UNDETERMINED, -1 },
              { POLICY_NO, -1 },
              { POLICY_NOT_IN_FORCE, -1 } };

static bool
has_rank (const PolicyDetermination *d, size_t rank)
{
  bool binding = d->provision->strength == POLICY_BINDING;
  return d->outcome == ranks[rank].outcome && (ranks[rank].binding < 0 || ranks[rank].binding == binding);
}

/* ---- answers ----------------------------------------------------------- */

static bool
read_answers (const WebRequest *request, SubjectModel *m, GError **error)
{
  size_t n;
  const PolicyAnswer *found = m->clause
                                  ? web_determine_clause (request, m->permit, m->clause, m->as_of, &n, error)
                                  : web_determine_all (request, m->subject, m->as_of, &n, error);
  if (!found)
    return false;
  SubjectAnswer *answers = arena_new0 (request->arena, SubjectAnswer, n);
  for (size_t rank = 0; rank < G_N_ELEMENTS (ranks); rank++)
    for (size_t i = 0; i < n; i++) {
      if (!has_rank (found[i].determination, rank))
        continue;
      SubjectAnswer *answer = &answers[m->n_answers];
      *answer = (SubjectAnswer){ .determination = found[i].determination,
                                 .about = found[i].about,
                                 .index = m->n_answers++ };
      answer->reasons = policy_reasons (request->arena, answer->determination);
      m->n_yes += ranks[rank].outcome == POLICY_YES;
      m->n_open += ranks[rank].outcome == POLICY_UNDETERMINED;
    }
  m->answers = answers;
  return true;
}

/* The name of the subject, as far as the facts read have it. */
static const char *
label_of (const Page *page, const SubjectModel *m)
{
  for (size_t i = 0; i < m->n_facts; i++)
    if (m->facts[i]->attribute == m->entity->label && m->facts[i]->value.kind == FEEL_STRING)
      return view_plain_fact (page, m->facts[i]);
  return m->id;
}

static void
describe (const WebRequest *request, SubjectModel *m)
{
  m->id = registry_subject_format (request->arena, registry_schema (request->web->registry), m->subject);
  m->department = request->account->department;
  m->choices = web_clauses_about (request, m->entity, false, &m->n_choices);
  m->others = web_clauses_about (request, m->entity, true, &m->n_others);
}

/* Staff say first under which clause they look; until then nothing is read. */
static bool
write_choice (WebRequest *request, WebResponse *response, SubjectModel *m)
{
  describe (request, m);
  Page page = web_page (request, m->id, NAV_STAFF);
  page_purpose (response->body, &page, m);
  return true;
}

static bool
write_subject (WebRequest *request, WebResponse *response, SubjectModel *m, GError **error)
{
  if (!web_as_of (request, &m->as_of, error) || !facts_read (request, m, error)
      || !read_answers (request, m, error))
    return false;
  describe (request, m);
  Page page = web_page (request, NULL, m->own ? NAV_ME : NAV_STAFF);
  m->label = label_of (&page, m);
  page.title
      = m->own ? message_text (request->arena, request->language, MESSAGE_subject_title, NULL, 0) : m->label;
  page_subject (response->body, &page, m);
  return true;
}

bool
handle_me (WebRequest *request, WebResponse *response, GError **error)
{
  if (!request->account->subject) {
    write_home (request, response);
    return true;
  }
  SubjectModel m = { .subject = request->account->subject, .own = true };
  m.entity = registry_subject_entity (registry_schema (request->web->registry), m.subject);
  return write_subject (request, response, &m, error);
}

bool
handle_subject (WebRequest *request, WebResponse *response, GError **error)
{
  SubjectModel m = { 0 };
  m.entity = web_find_subject (request, request->captures[0], &m.subject, error);
  if (!m.entity)
    return false;
  m.own = m.subject == request->account->subject;
  const char *clause = web_field (&request->query, "clause");
  if (!m.own && !clause)
    return write_choice (request, response, &m);
  if (m.own)
    return write_subject (request, response, &m, error);
  m.clause = web_find_clause (request, clause, error);
  m.permit = m.clause ? policy_permit (request->web->access, request->arena, request->account, m.clause,
                                       m.subject, error)
                      : NULL;
  return m.permit && write_subject (request, response, &m, error);
}
