/* Whom a step concerns: the log, the applicant, the office. */
#include "cases/cases_private.h"

AuditEntry
case_entry (const AccessAccount *who, AuditAct act, const Case *c, const char *detail)
{
  return (AuditEntry){ .act = act,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subject = c ? c->applicant : 0,
                       .purpose = c && c->matter ? c->matter->clause->purpose->id : "cases",
                       .detail = detail };
}

/* What an action tells the applicant, by kind of texts.yaml; NULL: nothing. */
static const char *
kind_for_applicant (const Case *c, CaseAction action)
{
  switch (action) {
  case CASE_SUBMIT: return "case-submitted";
  case CASE_ASK_CORRECTION: return "case-correction";
  case CASE_ACCEPT: return "case-accepted";
  case CASE_DECLINE: return "case-declined";
  case CASE_SUSPEND: return "case-suspended";
  case CASE_RESUME: return "case-resumed";
  case CASE_PUBLISH: return "case-published";
  case CASE_OBJECT: return "case-objection";
  case CASE_DECIDE: return c->outcome == CASE_GRANTED ? "case-granted" : "case-refused";
  case CASE_DELIVER: return "case-delivered";
  case CASE_WITHDRAW: return "case-withdrawn";
  case CASE_APPEAL: return "case-appealed";
  case CASE_SETTLE_APPEAL: return "case-appeal-settled";
  case CASE_REOPEN: return "case-reopened";
  case CASE_TRANSFER: return "case-transferred";
  default: return NULL;
  }
}

enum { WORDS = 6 };

/* The words that a text about a case may use; those that are not known are left out. */
static size_t
case_words (Arena *arena, const Case *c, const char *reason, NoticeWord *words)
{
  char day[CIVIL_TEXT_MAX];
  PolicyText name = c->matter ? c->matter->name : (PolicyText){ c->matter_key, c->matter_key };
  size_t n = 0;
  words[n++] = (NoticeWord){ "number", c->number, NULL };
  words[n++] = (NoticeWord){ "matter", name.zh, name.en };
  words[n++] = (NoticeWord){ "office", c->office, NULL };
  if (c->due)
    words[n++] = (NoticeWord){ "due", arena_text (arena, text_of (civil_format (c->due / 1440, day))), NULL };
  if (reason && *reason)
    words[n++] = (NoticeWord){ "reason", reason, NULL };
  if (c->outcome == CASE_GRANTED && c->amount_fen)
    words[n++] = (NoticeWord){
      "amount",
      arena_printf (arena, "%" G_GINT64_FORMAT ".%02d", c->amount_fen / 100, (int)(c->amount_fen % 100)), NULL
    };
  return n;
}

typedef struct {
  const char *kind, *reason;
  const char *department, *account; /* whom of the staff; both NULL: the applicant */
  const char *key;
  gint64 at;
} News;

static bool
put (StoreConnection *db, const Case *c, const News *news, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  NoticeWord words[WORDS];
  bool to_staff = news->department || news->account;
  Notice notice
      = { .subject = to_staff ? 0 : c->applicant,
          .department = news->department,
          .account = news->account,
          .kind = news->kind,
          .words = words,
          .n_words = case_words (arena, c, news->reason, words),
          .link = arena_printf (arena, "%s/%" G_GINT64_FORMAT, to_staff ? "/desk/cases" : "/cases", c->id),
          .contact = to_staff ? NULL : c->contact,
          .key = news->key,
          .at = news->at };
  return notices_put (db, &notice, error);
}

/* The entry names what was done, never what was said. */
static bool
log_step (StoreConnection *db, const AccessAccount *who, const CaseRow *row, const CaseStep *step,
          GError **error)
{
  g_autofree char *detail = g_strdup_printf (
      "{\"case\":%" G_GINT64_FORMAT ",\"matter\":\"%s\",\"action\":\"%s\",\"state\":\"%s\"}", row->c.id,
      row->c.matter_key, case_action_id (step->action), case_state_id (row->c.state));
  AuditEntry entry = case_entry (who, AUDIT_WRITE, &row->c, detail);
  return audit_append (db, &entry, error);
}

bool
tell_step (Cases *cases, StoreConnection *db, const AccessAccount *who, const CaseRow *row,
           const CaseStep *step, GError **error)
{
  const Case *c = &row->c;
  if (!log_step (db, who, row, step, error))
    return false;
  if (!cases->options.notices || c->parent) /* a bundle is told of as one */
    return true;
  News to_applicant
      = { .kind = kind_for_applicant (c, step->action), .reason = step->reason, .at = step->at };
  if (to_applicant.kind && !put (db, c, &to_applicant, error))
    return false;
  bool for_office = machine_rule (step->action)->party == CASE_APPLICANT;
  News to_office = { .kind = "case-arrived", .department = c->office, .at = step->at };
  return !for_office || put (db, c, &to_office, error);
}

/* To each of the office's heads; where it has none, to all of the office. */
bool
tell_late (Cases *cases, StoreConnection *db, const CaseRow *row, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  News late = { .kind = "case-late", .at = cases_now (cases) };
  size_t n;
  if (!cases->options.notices)
    return true;
  const char *const *heads = access_heads (db, arena, row->c.office, &n, error);
  for (size_t i = 0; heads && i < n; i++) {
    late.account = heads[i];
    if (!put (db, &row->c, &late, error))
      return false;
  }
  late.department = row->c.office;
  return heads && (n || put (db, &row->c, &late, error));
}

/* To the applicant and to the office: it will look at the case again. */
bool
tell_flagged (Cases *cases, StoreConnection *db, const CaseRow *row, GError **error)
{
  News to_applicant = { .kind = "case-flagged", .at = cases_now (cases) }, to_office = to_applicant;
  to_office.department = row->c.office;
  return !cases->options.notices
         || (put (db, &row->c, &to_applicant, error) && put (db, &row->c, &to_office, error));
}

/* Once for each date that it is due. */
bool
tell_soon (Cases *cases, StoreConnection *db, CaseRow *row, GError **error)
{
  g_autofree char *key
      = g_strdup_printf ("case-due-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, row->c.id, row->c.due);
  News soon = { .kind = "case-due", .department = row->c.office, .key = key, .at = cases_now (cases) };
  return !cases->options.notices || put (db, &row->c, &soon, error);
}
