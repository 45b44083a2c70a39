/* Applying. */
#include "cases/cases_private.h"

typedef struct {
  Cases *cases;
  Arena *arena;
  const AccessAccount *who;
  const CaseApplication *ask;
  StoreOnce once;
  bool by_office;
  gint64 now;
  Proposal proposal;
  size_t n_parts; /* of a bundle */
  Proposal *parts;
  gint64 id;
} Submission;

/* ---- checking ------------------------------------------------------------------ */

static bool
check_contact (const char *contact, GError **error)
{
  if (!contact || (g_utf8_validate (contact, -1, NULL) && strlen (contact) <= 200))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "that is no telephone number or e-mail address");
  return false;
}

static bool
check_ask (Submission *s, Subject applicant, GError **error)
{
  const CaseApplication *ask = s->ask;
  return party_may_apply (s->cases, s->who, ask->matter, applicant, &s->by_office, error)
         && check_contact (ask->contact, error)
         && papers_check (ask->matter, ask->uploads, ask->n_uploads, error)
         && statements_check (s->cases, ask->matter, ask->statements, ask->n_statements, error);
}

static bool
propose_all (Submission *s, Subject applicant, GError **error)
{
  const CaseApplication *ask = s->ask;
  RegistryMoment at = { civil_day_of (s->now), s->now };
  const AccessAccount *asker = party_asker (s->arena, s->who, applicant);
  if (!propose (s->cases, s->arena, asker, ask->matter, applicant, ask->statements, ask->n_statements,
                at.valid_at, at, &s->proposal, error))
    return false;
  s->n_parts = ask->matter->n_parts;
  s->parts = arena_new0 (s->arena, Proposal, s->n_parts);
  for (size_t i = 0; i < s->n_parts; i++)
    if (!propose (s->cases, s->arena, asker, ask->matter->parts[i], applicant, NULL, 0, at.valid_at, at,
                  &s->parts[i], error))
      return false;
  if (!ask->subject || ask->subject == s->proposal.subject)
    return true;
  g_set_error (error, FAULT, FAULT_DENIED,
               "the applicant asks for whom their own record leads to, and nobody else");
  return false;
}

/* One matter, one subject, one open case: a second would only wait for the first. */
static bool
check_none_open (StoreConnection *db, const Submission *s, GError **error)
{
  StoreStatement *q = store_statement (
      db, "SELECT id, opened_at FROM cases_case WHERE subject = ?1 AND matter = ?2 AND is_open = 1", error);
  if (!q)
    return false;
  store_bind_integer (q, 1, s->proposal.subject);
  store_bind_text (q, 2, s->ask->matter->key);
  StoreStep step = store_step (q, error);
  if (step == STORE_ROW) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "case %s about the same is open: follow that one",
                 case_number (s->arena, store_integer (q, 0), store_integer (q, 1)));
    store_reset (q);
  }
  return step == STORE_DONE;
}

/* ---- writing ------------------------------------------------------------------- */

static CaseRow
new_row (const Submission *s, const PolicyMatter *matter, const Proposal *proposal, gint64 id, gint64 parent)
{
  const CaseApplication *ask = s->ask;
  CaseRow row = { .c = { .id = id,
                         .number = case_number (s->arena, id, s->now),
                         .matter = matter,
                         .matter_key = matter->key,
                         .state = CASE_SUBMITTED,
                         .applicant = ask->applicant ? ask->applicant : s->who->subject,
                         .filed_by = s->who->name,
                         .by_office = s->by_office,
                         .contact = ask->contact && *ask->contact ? ask->contact : NULL,
                         .office = ask->office && !parent ? ask->office : matter->body,
                         .parent = parent,
                         .opened_at = s->now,
                         .version = 1 },
                  .before = CASE_SUBMITTED,
                  .last_step = 1,
                  .last_at = s->now };
  propose_into (s->cases, proposal, &row);
  return row;
}

/* What the first step keeps beside who and when. */
static const char *
detail_of (const Submission *s, const Case *c)
{
  bool by_agent = party_is_agent (s->who, c->applicant);
  if (!s->ask->offer)
    return by_agent ? "{\"by_agent\":true}" : NULL;
  return arena_printf (s->arena, "{\"offer\":%" G_GINT64_FORMAT "%s}", s->ask->offer,
                       by_agent ? ",\"by_agent\":true" : "");
}

static bool
write_case (StoreConnection *db, Submission *s, const PolicyMatter *matter, const Proposal *proposal,
            gint64 parent, gint64 *id, GError **error)
{
  const CaseApplication *ask = s->ask;
  if (!store_query (db, "SELECT coalesce(max(id), 0) + 1 FROM cases_case", 1, id, error))
    return false;
  CaseRow row = new_row (s, matter, proposal, *id, parent);
  CaseStep step = { .number = 1,
                    .at = s->now,
                    .action = CASE_SUBMIT,
                    .from = CASE_SUBMITTED,
                    .to = CASE_SUBMITTED,
                    .actor = s->who->name,
                    .role = access_role_name (s->who->role)->id,
                    .department = s->who->department,
                    .detail = detail_of (s, &row.c) };
  return step_insert (db, &row, &step, error) && limits_set (s->cases, db, &row, s->now, error)
         && row_insert (db, &row, error) && propose_keep (db, *id, proposal, error)
         && (parent || papers_insert (db, *id, ask->uploads, ask->n_uploads, s->now, error))
         && (parent || statements_insert (db, *id, ask->statements, ask->n_statements, s->now, error))
         && tell_step (s->cases, db, s->who, &row, &step, error);
}

static bool
write_submission (StoreConnection *db, gpointer data, GError **error)
{
  Submission *s = data;
  if (!store_once_look (db, &s->once, &s->id, error))
    return false;
  if (s->id)
    return true;
  if (!check_none_open (db, s, error) || !write_case (db, s, s->ask->matter, &s->proposal, 0, &s->id, error))
    return false;
  for (size_t i = 0; i < s->n_parts; i++) {
    gint64 part;
    if (!write_case (db, s, s->ask->matter->parts[i], &s->parts[i], s->id, &part, error))
      return false;
  }
  return store_once_remember (db, &s->once, s->id, s->now, error);
}

/* ---- the call -------------------------------------------------------------------- */

/* What tells a repetition from another application. */
static const char *
digest (Arena *arena, const CaseApplication *ask)
{
  Digest *all = digest_new ();
  const char *const texts[] = { ask->matter->key, ask->contact, ask->office };
  digest_integer (all, ask->applicant);
  digest_integer (all, ask->subject);
  digest_integer (all, ask->offer);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    digest_text (all, texts[i]);
  papers_digest (all, ask->statements, ask->n_statements, ask->uploads, ask->n_uploads);
  return digest_end (all, arena);
}

/* A repetition finds its case also where the application could not be made any more. */
static bool
look_before (Submission *s, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (s->cases->store, error);
  return reader && store_once_look (store_reader_db (reader), &s->once, &s->id, error);
}

gint64
cases_submit (Cases *cases, const AccessAccount *who, const CaseApplication *application, const char *key,
              GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  if (!application->matter || !who) {
    g_set_error (error, FAULT, application->matter ? FAULT_DENIED : FAULT_INPUT,
                 application->matter ? "log in to apply"
                                     : "there is no such matter: see the list of services");
    return 0;
  }
  Submission s = { .cases = cases,
                   .arena = arena,
                   .who = who,
                   .ask = application,
                   .once = { who->name, "submit", key, digest (arena, application) },
                   .now = cases_now (cases) };
  Subject applicant = application->applicant ? application->applicant : who->subject;
  if (!look_before (&s, error))
    return 0;
  if (s.id)
    return s.id;
  if (!check_ask (&s, applicant, error) || !propose_all (&s, applicant, error))
    return 0;
  return store_write (cases->store, write_submission, &s, error) ? s.id : 0;
}
