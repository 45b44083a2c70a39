#include "web/case_parts.h"

#include "payments/payments.h"

#include "web/upload.h"
#include "web/words.h"

#include <string.h>

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

const Case *
web_case (const WebRequest *request, GError **error)
{
  guint64 id;
  if (g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &id, NULL))
    return cases_case (request->web->cases, request->arena, request->account, (gint64)id, error);
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no case %s", request->captures[0]);
  return NULL;
}

/* ---- what a form says ------------------------------------------------------ */

static const char *
filled (const WebRequest *request, const char *name)
{
  const char *value = web_field (&request->form, name);
  return value && text_trim (text_of (value)).len ? value : NULL;
}

const CaseStatement *
web_case_statements (const WebRequest *request, size_t *n)
{
  CaseStatement *all = arena_new0 (request->arena, CaseStatement, request->form.n);
  *n = 0;
  for (size_t i = 0; i < request->form.n; i++) {
    const WebField *field = &request->form.items[i];
    if (g_str_has_prefix (field->name, "fact.") && text_trim (text_of (field->value)).len)
      all[(*n)++] = (CaseStatement){ field->name + strlen ("fact."), field->value };
  }
  return all;
}

const CaseUpload *
web_case_uploads (const WebRequest *request, size_t *n)
{
  size_t all = 0;
  for (const WebUpload *u = request->upload; u; u = u->next)
    all++;
  CaseUpload *uploads = arena_new0 (request->arena, CaseUpload, all);
  *n = 0;
  for (const WebUpload *u = request->upload; u; u = u->next)
    if (g_str_has_prefix (u->field, "paper."))
      uploads[(*n)++] = (CaseUpload){ u->field + strlen ("paper."), u->name, u->bytes };
  return uploads;
}

static const char *const *
all_fields (const WebRequest *request, const char *name, size_t *n)
{
  const char **all = arena_new0 (request->arena, const char *, request->form.n);
  *n = 0;
  for (size_t i = 0; i < request->form.n; i++)
    if (g_str_equal (request->form.items[i].name, name) && *request->form.items[i].value)
      all[(*n)++] = request->form.items[i].value;
  return all;
}

static bool
read_deed (const WebRequest *request, const char *action, CaseDeed *deed, GError **error)
{
  const char *version = filled (request, "version"), *amount = filled (request, "amount"),
             *outcome = filled (request, "outcome"), *verdict = filled (request, "verdict");
  guint64 seen = 0;
  *deed = (CaseDeed){ .reason = filled (request, "reason"),
                      .office = filled (request, "office"),
                      .reference = filled (request, "reference"),
                      .material = filled (request, "material"),
                      .accepted = g_strcmp0 (verdict, "accepted") == 0,
                      .grant = g_strcmp0 (outcome, "granted") == 0,
                      .has_amount = amount != NULL };
  deed->missing = all_fields (request, "missing", &deed->n_missing);
  deed->statements = web_case_statements (request, &deed->n_statements);
  deed->uploads = web_case_uploads (request, &deed->n_uploads);
  if (!case_action_parse (action, &deed->action))
    g_set_error (error, FAULT, FAULT_USAGE, "action=%s: there is no such action", action ? action : "");
  else if (version && !g_ascii_string_to_unsigned (version, 10, 0, G_MAXINT64, &seen, NULL))
    g_set_error (error, FAULT, FAULT_USAGE, "version=%s is no number", version);
  else if (amount && !payments_yuan_parse (amount, &deed->amount_fen))
    g_set_error (error, FAULT, FAULT_INPUT, "amount=%s is no sum in yuan", amount);
  else if ((deed->action == CASE_DECIDE || deed->action == CASE_SETTLE_APPEAL) && !deed->grant
           && g_strcmp0 (outcome, "refused") != 0)
    g_set_error (error, FAULT, FAULT_INPUT, "outcome=%s: say granted or refused", outcome ? outcome : "");
  else if (deed->action == CASE_CHECK_MATERIAL && !deed->accepted && g_strcmp0 (verdict, "refused") != 0)
    g_set_error (error, FAULT, FAULT_INPUT, "verdict=%s: say accepted or refused", verdict ? verdict : "");
  else {
    deed->version = (gint64)seen;
    return true;
  }
  return false;
}

bool
web_case_act (const WebRequest *request, gint64 id, const char *action, GError **error)
{
  CaseDeed deed;
  return read_deed (request, action, &deed, error)
         && cases_act (request->web->cases, request->account, id, &deed, web_case_key (request), error);
}

const char *
web_case_trouble (const WebRequest *request, const GError *fault, const char **detail)
{
  *detail = NULL;
  if (fault->domain != FAULT)
    return NULL;
  if (fault->code == FAULT_CONFLICT) {
    *detail = fault->message;
    return SAY (request, MESSAGE_cases_trouble_conflict);
  }
  if (fault->code != FAULT_INPUT && fault->code != FAULT_NOT_FOUND)
    return NULL;
  *detail = fault->message;
  return SAY (request, MESSAGE_cases_trouble_input);
}

/* ---- facts and questions ------------------------------------------------------ */

static const char *
shown_answer (const WebRequest *request, const Question *q, const char *value)
{
  Page page = web_page (request, NULL, NAV_CASES);
  if (q->kind == QUESTION_EXISTS)
    return SAY (request, g_str_equal (value, "true") ? MESSAGE_check_yes : MESSAGE_check_no);
  return view_fact_text (&page, q->attribute, value);
}

bool
web_case_question (const WebRequest *request, const PolicyProvision *provision, const char *path,
                   CaseQuestion *q)
{
  const Question *about = question_about (request->web->package, request->arena, provision, path);
  if (!about)
    return false;
  *q = (CaseQuestion){ .question = about, .name = arena_printf (request->arena, "fact.%s", path) };
  q->value = filled (request, q->name);
  q->shown = q->value ? shown_answer (request, about, q->value) : NULL;
  return true;
}

const RegistryProvenance *const *
web_case_facts (const WebRequest *request, const PolicyDetermination *d, size_t *n)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  for (size_t i = 0; i < d->n_reasons; i++)
    for (size_t k = 0; !d->reasons[i].hidden && k < d->reasons[i].n_facts; k++) {
      const RegistryProvenance *fact = d->reasons[i].facts[k];
      bool shown = view_is_recorded (fact) && fact->attribute->kind != REGISTRY_COLLECTION;
      for (guint j = 0; shown && j < all->len; j++) {
        const RegistryProvenance *other = all->pdata[j];
        shown = other->subject != fact->subject || other->attribute != fact->attribute;
      }
      if (shown)
        g_ptr_array_add (all, (gpointer)fact);
    }
  *n = all->len;
  return arena_copy (request->arena, all->pdata, all->len * sizeof (gpointer));
}
