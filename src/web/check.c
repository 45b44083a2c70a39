/* Could I get this?  Questions without logging in; what is answered travels in the form and is
 * kept nowhere. */
#include "questions/questions.h"
#include "web/determine.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

#include <string.h>

enum { ANSWERS_MAX = 200 };

/* ---- the form -------------------------------------------------------------------- */

static const PolicyProvision *
find_provision (const WebRequest *request, GError **error)
{
  const PolicyClause *clause = web_find_clause (request, request->captures[0], error);
  const PolicyProvision *provision = clause ? policy_provision (clause, request->captures[1]) : NULL;
  if (clause && (!provision || provision->audience != POLICY_FOR_SUBJECT)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "clause %d gives nobody \"%s\"; /services lists what can be had", clause->number,
                 request->captures[1]);
    return NULL;
  }
  return provision;
}

/* "居民.月收入=3000", or without "=" for none. */
static PolicyStatement
read_statement (Arena *arena, const char *text)
{
  const char *equals = strchr (text, '=');
  if (!equals)
    return (PolicyStatement){ text, NULL };
  return (PolicyStatement){ arena_text (arena, (Text){ text, (size_t)(equals - text) }), equals + 1 };
}

/* Those answered before (field "a"), and those that the person cannot answer ("u"). */
static bool
read_fields (const WebRequest *request, CheckModel *m, GError **error)
{
  const WebFields *form = &request->form;
  PolicyStatement *stated = arena_new0 (request->arena, PolicyStatement, form->n + 1);
  const char **passed = arena_new0 (request->arena, const char *, form->n + 1);
  for (size_t i = 0; i < form->n; i++)
    if (g_str_equal (form->items[i].name, "a"))
      stated[m->n_stated++] = read_statement (request->arena, form->items[i].value);
    else if (g_str_equal (form->items[i].name, "u"))
      passed[m->n_passed++] = form->items[i].value;
  m->stated = stated;
  m->passed = passed;
  if (m->n_stated + m->n_passed <= ANSWERS_MAX)
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "that is more than %d answers: begin again", ANSWERS_MAX);
  return false;
}

/* What a member of "facts" says; false where it is neither a text, a number, true, false nor null. */
static bool
read_fact (const WebRequest *request, CheckModel *m, PolicyStatement *stated, const JsonMember *fact,
           GError **error)
{
  static const char *const words[] = { [JSON_FALSE] = "false", [JSON_TRUE] = "true" };
  JsonKind kind = fact->value->kind;
  const char *path = arena_text (request->arena, fact->key);
  if (!question_about (request->web->package, request->arena, m->provision, path))
    g_set_error (
        error, FAULT, FAULT_INPUT,
        "request body:%u:%u: %s is no fact of this service; \"questions\" of the answer has the paths",
        fact->value->line, fact->value->column, path);
  else if (kind == JSON_ARRAY || kind == JSON_OBJECT)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "request body:%u:%u: %s is a text, a number, true, false or null (none); of several say how "
                 "many there are, and then each: 户.成员[1].月收入",
                 fact->value->line, fact->value->column, path);
  else {
    const char *text = kind == JSON_NUMBER || kind == JSON_STRING
                           ? arena_text (request->arena, fact->value->text)
                       : kind == JSON_NULL ? NULL
                                           : words[kind];
    stated[m->n_stated++] = (PolicyStatement){ path, text };
    return true;
  }
  return false;
}

/* {"facts": {"户.成员": 1, "户.户籍在本县": true}} */
static bool
read_json (const WebRequest *request, CheckModel *m, GError **error)
{
  const JsonValue *body = request->json, *facts = body->kind == JSON_OBJECT ? json_get (body, "facts") : NULL;
  if (!facts || facts->kind != JSON_OBJECT || body->n != 1 || facts->n > ANSWERS_MAX) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "request body: send {\"facts\": {\"PATH\": VALUE}}, with at most %d facts", ANSWERS_MAX);
    return false;
  }
  PolicyStatement *stated = arena_new0 (request->arena, PolicyStatement, facts->n + 1);
  m->stated = stated;
  for (size_t i = 0; i < facts->n; i++)
    if (!read_fact (request, m, stated, &facts->members[i], error))
      return false;
  return true;
}

static bool
is_passed (const CheckModel *m, const char *path)
{
  for (size_t i = 0; i < m->n_passed; i++)
    if (g_str_equal (m->passed[i], path))
      return true;
  return false;
}

/* ---- asking ------------------------------------------------------------------------ */

static const Questions *
ask (const WebRequest *request, CheckModel *m, GError **error)
{
  QuestionsAsk ask = { .package = request->web->package,
                       .provision = m->provision,
                       .as_of = request->today,
                       .at = { request->today, G_MAXINT64 },
                       .stated = m->stated,
                       .n = m->n_stated };
  return questions_of (&ask, request->arena, error);
}

/* The answer just given (fields "path", "answer", "how") joins the others, once it fits. */
static void
take_answer (const WebRequest *request, CheckModel *m)
{
  const char *path = web_field (&request->form, "path"), *answer = web_field (&request->form, "answer"),
             *how = web_field (&request->form, "how");
  g_autoptr (GError) error = NULL;
  if (how && g_str_equal (how, "back")) {
    m->n_stated -= m->n_stated > 0;
    return;
  }
  if (!path || !question_about (request->web->package, request->arena, m->provision, path))
    return;
  if (how && g_str_equal (how, "unknown")) {
    m->passed[m->n_passed++] = path;
    return;
  }
  bool none = how && g_str_equal (how, "none");
  if (!none && (!answer || !*answer)) {
    m->trouble = message_text (request->arena, request->language, MESSAGE_check_empty, NULL, 0);
    m->asked = path;
    return;
  }
  m->stated[m->n_stated++] = (PolicyStatement){ path, none ? NULL : answer };
  if (!ask (request, m, &error)) {
    m->n_stated--;
    m->trouble = message_text (request->arena, request->language, MESSAGE_check_wrong, NULL, 0);
    m->asked = path;
    m->given = answer;
  }
}

/* The next question that the person has not passed over; NULL: the answer stands as far as it can. */
static const Question *
next_question (const WebRequest *request, const CheckModel *m, const Questions *found)
{
  if (m->asked)
    return question_about (request->web->package, request->arena, m->provision, m->asked);
  for (size_t i = 0; i < found->n; i++)
    if (!is_passed (m, found->items[i].path))
      return &found->items[i];
  return NULL;
}

static void
recall_answers (const WebRequest *request, CheckModel *m)
{
  CheckAnswer *answers = arena_new0 (request->arena, CheckAnswer, m->n_stated);
  for (size_t i = 0; i < m->n_stated; i++) {
    const PolicyStatement *s = &m->stated[i];
    const Question *q = question_about (request->web->package, request->arena, m->provision, s->path);
    if (!q)
      continue;
    answers[m->n_answers++]
        = (CheckAnswer){ q, s->value,
                         s->value ? arena_printf (request->arena, "%s=%s", s->path, s->value) : s->path };
  }
  m->answers = answers;
}

static bool
prepare (const WebRequest *request, CheckModel *m, GError **error)
{
  *m = (CheckModel){ .provision = find_provision (request, error) };
  if (!m->provision || !(request->json ? read_json : read_fields) (request, m, error))
    return false;
  m->matter = policy_clause_matter (m->provision->clause, m->provision->id);
  if (!request->api)
    take_answer (request, m);
  const Questions *found = ask (request, m, error);
  if (!found)
    return false;
  m->questions = found;
  m->question = next_question (request, m, found);
  m->answer.determination = found->determination;
  m->answer.reasons = policy_reasons (request->arena, found->determination);
  m->subject.as_of = request->today;
  recall_answers (request, m);
  return true;
}

bool
handle_check (WebRequest *request, WebResponse *response, GError **error)
{
  CheckModel m;
  if (!prepare (request, &m, error))
    return false;
  PolicyText name = m.matter ? m.matter->name : m.provision->outcome;
  Page page = web_page (request, web_text (request, name), NAV_SERVICES);
  page_check (response->body, &page, &m);
  return true;
}

/* ---- for programs ------------------------------------------------------------------- */

static void
write_question (JsonWriter *w, const Question *q)
{
  const RegistryAttribute *a = q->attribute;
  json_begin_object (w);
  json_member_str (w, "path", q->path);
  json_member_str (w, "kind", question_kind_id (q->kind));
  policy_write_text (w, "label", q->label);
  json_member_str (w, "unit", a->unit);
  json_member_str (w, "source", a->source);
  json_member_array (w, "values");
  for (size_t i = 0; i < a->n_values; i++)
    json_str (w, a->values[i]);
  json_end_array (w);
  json_end_object (w);
}

bool
handle_api_check (WebRequest *request, WebResponse *response, GError **error)
{
  CheckModel m;
  if (!prepare (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "questions");
  for (size_t i = 0; i < m.questions->n; i++)
    write_question (w, &m.questions->items[i]);
  json_end_array (w);
  json_key (w, "determination");
  policy_write_determination (w, request->web->package, m.answer.determination, true);
  json_end_object (w);
  return true;
}
