/* Whether a decision on paper is genuine: for anybody who holds it, without logging in. */
#include "decisions/decisions.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/words.h"

/* What was typed off a paper: blanks and hyphens are of the reader, letters of either case. */
static char *
clean_code (Arena *arena, const char *typed)
{
  char *code = arena_text (arena, text_of (typed)), *to = code;
  for (const char *p = typed; *p; p++)
    if (!g_ascii_isspace (*p) && *p != '-')
      *to++ = g_ascii_tolower (*p);
  *to = '\0';
  return code;
}

/* The proof; NULL without an error when there is none. */
static bool
find_proof (const WebRequest *request, const char *code, const DecisionProof **proof, GError **error)
{
  g_autoptr (GError) local = NULL;
  *proof = decisions_verify (request->web->decisions, request->arena, code, &local);
  if (*proof || g_error_matches (local, FAULT, FAULT_NOT_FOUND))
    return true;
  g_propagate_error (error, g_steal_pointer (&local));
  return false;
}

bool
handle_verify (WebRequest *request, WebResponse *response, GError **error)
{
  const char *typed = request->captures[0] ? request->captures[0] : web_field (&request->query, "code");
  VerifyModel m = { .code = typed && *typed ? clean_code (request->arena, typed) : NULL };
  if (m.code && !find_proof (request, m.code, &m.proof, error))
    return false;
  if (m.code && !m.proof)
    response->status = 404;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_verify_title, NULL, 0), NAV_NONE);
  page_verify (response->body, &page, &m);
  return true;
}

static void
write_moment (JsonWriter *w, const char *key, gint64 seconds)
{
  char buffer[CIVIL_TEXT_MAX];
  json_member_str (w, key, instant_format (seconds, buffer));
}

bool
handle_api_verify (WebRequest *request, WebResponse *response, GError **error)
{
  const DecisionProof *proof
      = decisions_verify (request->web->decisions, request->arena, request->captures[0], error);
  if (!proof)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_str (w, "number", proof->number);
  json_member_str (w, "office", proof->office);
  json_member_object (w, "matter");
  json_member_str (w, "zh", proof->matter.zh);
  json_member_str (w, "en", proof->matter.en);
  json_end_object (w);
  json_member_str (w, "applicant", proof->applicant);
  json_member_bool (w, "granted", proof->granted);
  write_moment (w, "decided_at", proof->decided_at);
  write_moment (w, "issued_at", proof->issued_at);
  json_member_str (w, "digest", proof->digest);
  json_member_bool (w, "replaced", proof->replaced);
  json_end_object (w);
  return true;
}
