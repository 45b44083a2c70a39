/* Acting: one deed, whole or not at all. */
#include "cases/cases_private.h"

typedef struct {
  Cases *cases;
  Arena *arena;
  const AccessAccount *who;
  gint64 id;
  const CaseDeed *deed;
  StoreOnce once;
  gint64 now;
  CaseRow row;
  const Proposal *proposal; /* to keep with the case; NULL */
  bool in_run;              /* one of many that are decided alike */
  gint64 file;              /* that was looked at */
  size_t n_missing; /* what is asked for: the papers that were refused, then what the deed names … */
  const char **missing, **why; /* … each with the reason, or NULL */
} Acting;

/* ---- checking what is said -------------------------------------------------------- */

static bool
fault_input (GError **error, const char *message)
{
  g_set_error_literal (error, FAULT, FAULT_INPUT, message);
  return false;
}

static bool
check_missing (const Acting *a, GError **error)
{
  if (!a->n_missing)
    return fault_input (error, "name all that is missing, at once (行政许可法 第32条)");
  for (size_t i = 0; i < a->n_missing; i++)
    if (!check_words (a->missing[i], "what is missing", true, error))
      return false;
  return true;
}

static void
add_missing (Acting *a, const char *id, const char *why)
{
  for (size_t i = 0; i < a->n_missing; i++)
    if (g_str_equal (a->missing[i], id))
      return;
  a->missing[a->n_missing] = id;
  a->why[a->n_missing++] = why;
}

/* What the deed needs to know of the papers: every one that was refused is named in a request, and none may
 * be needed where the application is accepted. */
static bool
read_papers (Acting *a, StoreConnection *db, const CaseStep *steps, size_t n, GError **error)
{
  const CaseDeed *deed = a->deed;
  const PolicyMatter *matter = a->row.c.matter;
  size_t n_materials = matter ? matter->n_materials : 0;
  if (deed->action != CASE_ASK_CORRECTION && deed->action != CASE_CHECK_MATERIAL
      && deed->action != CASE_ACCEPT)
    return true;
  CaseMaterial *all = arena_new0 (a->arena, CaseMaterial, n_materials);
  a->missing = arena_new0 (a->arena, const char *, n_materials + deed->n_missing);
  a->why = arena_new0 (a->arena, const char *, n_materials + deed->n_missing);
  if (matter && !materials_read (db, a->arena, &a->row.c, steps, n, all, error))
    return false;
  for (size_t i = 0; i < n_materials; i++) {
    if (all[i].verdict == CASE_PAPER_REFUSED && (deed->action != CASE_ACCEPT || all[i].material->required))
      add_missing (a, all[i].material->id, all[i].why);
    if (g_strcmp0 (deed->material, all[i].material->id) == 0)
      a->file = all[i].file;
  }
  for (size_t i = 0; deed->action == CASE_ASK_CORRECTION && i < deed->n_missing; i++)
    add_missing (a, deed->missing[i], NULL);
  return true;
}

static bool
check_paper (const Acting *a, GError **error)
{
  if (!a->file)
    return fault_input (error, "no file of this material was handed in: name it as missing instead");
  return a->deed->accepted || check_words (a->deed->reason, "why the paper will not do", true, error);
}

static bool
check_complete (const Acting *a, GError **error)
{
  if (!a->n_missing)
    return true;
  g_set_error (error, FAULT, FAULT_INPUT,
               "the paper \"%s\" was refused: ask for it, or accept it before the application",
               a->missing[0]);
  return false;
}

static bool
check_deed (Acting *a, GError **error)
{
  const CaseDeed *deed = a->deed;
  const Case *c = &a->row.c;
  if (!check_words (deed->reason, "the reason", case_needs_reason (deed->action), error))
    return false;
  switch (deed->action) {
  case CASE_ASK_CORRECTION: return check_missing (a, error);
  case CASE_CHECK_MATERIAL: return check_paper (a, error);
  case CASE_ACCEPT: return check_complete (a, error);
  case CASE_TRANSFER: return check_words (deed->office, "the office", true, error);
  case CASE_CORRECT:
    return c->matter && papers_check (c->matter, deed->uploads, deed->n_uploads, error)
           && statements_check (a->cases, c->matter, deed->statements, deed->n_statements, error);
  case CASE_SUBMIT: return fault_input (error, "a case is submitted once");
  default: return true;
  }
}

/* Who departs from what the rules propose says why; so does who grants what they leave open, and
 * who refuses (行政许可法 第38条). */
static bool
check_decision (const Acting *a, GError **error)
{
  const Case *c = &a->row.c;
  const CaseDeed *deed = a->deed;
  if (deed->action != CASE_DECIDE)
    return true;
  bool follows = c->proposed == (deed->grant ? POLICY_YES : POLICY_NO)
                 && (!deed->grant || !deed->has_amount || deed->amount_fen == c->proposed_fen);
  if (deed->has_amount && deed->amount_fen < 0)
    return fault_input (error, "an amount cannot be below zero");
  if (a->in_run && (!follows || c->flagged))
    return fault_input (error, follows ? "a fact was corrected since: decide this one by itself"
                                       : "the rules propose something else: decide this one by itself");
  if ((follows && deed->grant) || text_trim (text_of (deed->reason ? deed->reason : "")).len)
    return true;
  return fault_input (error, follows ? "a refusal needs its reason in words"
                                     : "this departs from what the rules propose: say why");
}

/* What could have been named the first time is not asked for a second time without a reason; a paper that was
 * refused has its own. */
static bool
check_first_request (const Acting *a, const CaseStep *steps, size_t n, GError **error)
{
  bool asked = false, open = false;
  for (size_t i = 0; i < n; i++)
    asked |= steps[i].action == CASE_ASK_CORRECTION;
  for (size_t i = 0; i < a->n_missing; i++)
    open |= !a->why[i];
  asked &= open;
  if (a->deed->action != CASE_ASK_CORRECTION || !asked
      || text_trim (text_of (a->deed->reason ? a->deed->reason : "")).len)
    return true;
  return fault_input (error, "everything is to be named at once (行政许可法 第32条): say why something is "
                             "asked for a second time");
}

static bool
check_state (const Acting *a, StoreConnection *db, const CaseStep *steps, size_t n, GError **error)
{
  const Case *c = &a->row.c;
  const CaseStep *last = &steps[n - 1];
  CaseParty party = CASE_APPLICANT;
  char at[CIVIL_TEXT_MAX];
  bool is_party = party_of (a->cases, db, a->who, c, &party);
  if (a->deed->version && a->deed->version != c->version) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "%s was first: \"%s\" at %s; look at the case as it is now",
                 last->actor, case_action_id (last->action), instant_format (last->at, at));
    return false;
  }
  if (is_party && case_may (c->state, a->deed->action, party))
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT, "case %s is \"%s\" since %s (%s): \"%s\" is not possible now",
               c->number, case_state_id (c->state), instant_format (last->at, at), last->actor,
               case_action_id (a->deed->action));
  return false;
}

/* The limit for an appeal is over; who missed it is told until when it ran. */
static bool
check_appeal (const Acting *a, GError **error)
{
  char day[CIVIL_TEXT_MAX];
  size_t n;
  const Case *c = &a->row.c;
  if (a->deed->action != CASE_APPEAL)
    return true;
  const CaseClock *clocks = cases_clocks (a->cases, a->arena, c, &n, error);
  for (size_t i = 0; clocks && i < n; i++)
    if (clocks[i].kind == POLICY_LIMIT_APPEAL && clocks[i].reading.status == CLOCK_LATE) {
      g_set_error (error, FAULT, FAULT_CONFLICT, "the time to appeal ended on %s",
                   civil_format (clocks[i].reading.due / 1440, day));
      return false;
    }
  return clocks;
}

/* ---- effects ---------------------------------------------------------------------- */

static void
decide (Acting *a)
{
  Case *c = &a->row.c;
  const CaseDeed *deed = a->deed;
  c->outcome = deed->grant ? CASE_GRANTED : CASE_REFUSED;
  c->amount_fen = !deed->grant ? 0 : deed->has_amount ? deed->amount_fen : c->proposed_fen;
  c->decided_by = a->who->name;
  c->decided_at = a->now;
  c->reason = deed->reason && *deed->reason ? deed->reason : NULL;
}

static void
take_effect (Acting *a)
{
  Case *c = &a->row.c;
  const CaseDeed *deed = a->deed;
  switch (deed->action) {
  case CASE_ACCEPT: c->accepted_at = a->now; break;
  case CASE_DECIDE:
  case CASE_SETTLE_APPEAL: decide (a); break;
  case CASE_DECLINE: c->reason = deed->reason; break;
  case CASE_TRANSFER: c->office = deed->office; break;
  case CASE_VISIT: c->visits++; break;
  case CASE_REOPEN:
    c->outcome = CASE_UNDECIDED;
    c->amount_fen = 0;
    break;
  default: break;
  }
  if (deed->reference && *deed->reference)
    c->elsewhere = deed->reference;
}

static void
write_missing (JsonWriter *w, const Acting *a)
{
  json_member_array (w, "missing");
  for (size_t i = 0; i < a->n_missing; i++)
    json_str (w, a->missing[i]);
  json_end_array (w);
  json_member_object (w, "reasons");
  for (size_t i = 0; i < a->n_missing; i++)
    if (a->why[i])
      json_member_str (w, a->missing[i], a->why[i]);
  json_end_object (w);
}

/* What is worth keeping of the deed beside its words. */
static const char *
detail_of (const Acting *a)
{
  const CaseDeed *deed = a->deed;
  GString *out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 0);
  json_begin_object (w);
  if (deed->action == CASE_ASK_CORRECTION)
    write_missing (w, a);
  if (deed->action == CASE_CHECK_MATERIAL) {
    json_member_str (w, "material", deed->material);
    json_member_int (w, "file", a->file);
    json_member_bool (w, "accepted", deed->accepted);
  }
  if (party_is_agent (a->who, a->row.c.applicant))
    json_member_bool (w, "by_agent", true);
  if (deed->action == CASE_TRANSFER)
    json_member_str (w, "office", deed->office);
  if (deed->reference && *deed->reference)
    json_member_str (w, "reference", deed->reference);
  if (deed->action == CASE_DECIDE || deed->action == CASE_SETTLE_APPEAL) {
    json_member_str (w, "outcome", case_outcome_id (a->row.c.outcome));
    json_member_int (w, "amount_fen", a->row.c.amount_fen);
    json_member_str (w, "proposed", policy_outcome_id (a->row.c.proposed));
    json_member_str (w, "package", a->row.c.package_hash);
  }
  json_end_object (w);
  json_writer_free (w);
  const char *detail = arena_text (a->arena, text_of (out->str));
  g_string_free (out, TRUE);
  return g_str_equal (detail, "{}") ? NULL : detail;
}

/* What the applicant is told: for a completion, all that is missing, by name. */
static const char *
told_reason (const Acting *a)
{
  const CaseDeed *deed = a->deed;
  const PolicyMatter *matter = a->row.c.matter;
  if (deed->action != CASE_ASK_CORRECTION)
    return deed->reason;
  g_autoptr (GString) words = g_string_new (NULL);
  for (size_t i = 0; i < a->n_missing; i++) {
    const char *name = a->missing[i];
    for (size_t k = 0; matter && k < matter->n_materials; k++)
      if (g_str_equal (matter->materials[k].id, name))
        name = matter->materials[k].name.zh;
    g_string_append_printf (words, "%s%s", i ? "、" : "", name);
    if (a->why[i])
      g_string_append_printf (words, "（%s）", a->why[i]);
  }
  if (deed->reason && *deed->reason)
    g_string_append_printf (words, "（%s）", deed->reason);
  return arena_text (a->arena, text_of (words->str));
}

static CaseStep
make_step (const Acting *a, CaseState from, size_t n_steps)
{
  return (CaseStep){ .number = (gint64)n_steps + 1,
                     .at = a->now,
                     .action = a->deed->action,
                     .from = from,
                     .to = a->row.c.state,
                     .actor = a->who->name,
                     .role = access_role_name (a->who->role)->id,
                     .department = a->who->department,
                     .reason = a->deed->reason,
                     .detail = detail_of (a) };
}

/* ---- bundles ------------------------------------------------------------------------ */

/* Whether a part of bundle ID is not decided yet. */
static bool
has_open_parts (StoreConnection *db, gint64 id, bool *open, GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT 1 FROM cases_case WHERE parent = ?1 AND is_open = 1 LIMIT 1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  *open = step == STORE_ROW;
  store_reset (s);
  return step != STORE_FAILED;
}

static bool
check_parts (const Acting *a, StoreConnection *db, GError **error)
{
  bool open = false;
  if (a->deed->action != CASE_DECIDE || !a->row.c.matter || !a->row.c.matter->n_parts)
    return true;
  if (!has_open_parts (db, a->row.c.id, &open, error))
    return false;
  if (open)
    g_set_error (error, FAULT, FAULT_CONFLICT, "a part of bundle %s is not decided yet", a->row.c.number);
  return !open;
}

/* What happens to a bundle as a whole happens to its open parts. */
static bool
carry_to_parts (Acting *a, StoreConnection *db, const CaseStep *step, GError **error)
{
  static const guint carried = 1u << CASE_ACCEPT | 1u << CASE_WITHDRAW | 1u << CASE_DECLINE
                               | 1u << CASE_SUSPEND | 1u << CASE_RESUME | 1u << CASE_ASK_CORRECTION
                               | 1u << CASE_CORRECT;
  if (!(carried >> step->action & 1) || !a->row.c.matter || !a->row.c.matter->n_parts)
    return true;
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (CaseRow));
  StoreStatement *s = store_statement (
      db, "SELECT " ROW_COLUMNS " FROM cases_case WHERE parent = ?1 AND is_open = 1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->row.c.id);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    CaseRow part;
    row_read (a->cases, s, a->arena, &part);
    g_array_append_val (parts, part);
  }
  bool ok = next != STORE_FAILED;
  for (guint i = 0; ok && i < parts->len; i++) {
    CaseRow *part = &g_array_index (parts, CaseRow, i);
    size_t n;
    if (part->c.state != step->from)
      continue;
    const CaseStep *steps = steps_read (db, a->arena, part->c.id, &n, error);
    CaseStep same = *step;
    same.number = (gint64)n + 1;
    part->c.accepted_at = step->action == CASE_ACCEPT ? a->now : part->c.accepted_at;
    part->before = a->row.before;
    part->c.state = step->to;
    part->c.version++;
    part->last_at = a->now;
    ok = steps && step_insert (db, part, &same, error) && limits_set (a->cases, db, part, a->now, error)
         && row_update (db, part, error) && tell_step (a->cases, db, a->who, part, &same, error);
  }
  return ok;
}

/* ---- writing ------------------------------------------------------------------------ */

static bool
write_step (Acting *a, StoreConnection *db, size_t n_steps, GError **error)
{
  CaseRow *row = &a->row;
  const CaseDeed *deed = a->deed;
  CaseState from = row->c.state;
  row->c.state = machine_next (from, row->before, deed->action);
  if (machine_rule (deed->action)->to != STAYS)
    row->before = row->c.state == CASE_CORRECTING || row->c.state == CASE_SUSPENDED ? from : row->c.state;
  take_effect (a);
  row->c.version++;
  row->last_at = a->now;
  row->c.escalated &= row->c.state == from;
  CaseStep step = make_step (a, from, n_steps), told = step;
  told.reason = told_reason (a);
  return step_insert (db, row, &step, error)
         && papers_insert (db, a->id, deed->uploads, deed->n_uploads, a->now, error)
         && statements_insert (db, a->id, deed->statements, deed->n_statements, a->now, error)
         && limits_set (a->cases, db, row, a->now, error) && row_update (db, row, error)
         && (deed->action != CASE_DECIDE || figures_keep (db, row, error))
         && (!a->proposal || propose_keep (db, a->id, a->proposal, error))
         && tell_step (a->cases, db, a->who, row, &told, error) && carry_to_parts (a, db, &step, error);
}

/* Everything that can be wrong with the deed, before anything is written. */
static bool
check_all (Acting *a, StoreConnection *db, size_t *n_steps, GError **error)
{
  if (!row_find (a->cases, db, a->arena, a->id, &a->row, error))
    return false;
  const CaseStep *steps = steps_read (db, a->arena, a->id, n_steps, error);
  /* The machine's clock may have been set back: no step is earlier than the one before. */
  a->now = MAX (cases_now (a->cases), a->row.last_at);
  if (a->proposal)
    propose_into (a->cases, a->proposal, &a->row);
  return steps && party_may_act (a->cases, db, a->who, &a->row.c, a->deed->action, error)
         && check_state (a, db, steps, *n_steps, error) && read_papers (a, db, steps, *n_steps, error)
         && check_deed (a, error) && check_decision (a, error)
         && check_first_request (a, steps, *n_steps, error) && check_parts (a, db, error);
}

static bool
write_deed (StoreConnection *db, gpointer data, GError **error)
{
  Acting *a = data;
  gint64 done;
  size_t n;
  if (!store_once_look (db, &a->once, &done, error))
    return false;
  if (done)
    return true;
  return check_all (a, db, &n, error) && write_step (a, db, n, error)
         && store_once_remember (db, &a->once, a->id, a->now, error);
}

bool
act_in_run (Cases *cases, StoreConnection *db, const AccessAccount *who, gint64 id, const CaseDeed *deed,
            gint64 *amount_fen, GError **refused, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) wrong = NULL;
  size_t n;
  Acting a = { .cases = cases, .arena = arena, .who = who, .id = id, .deed = deed, .in_run = true };
  if (!check_all (&a, db, &n, &wrong)) {
    bool broken = g_error_matches (wrong, FAULT, FAULT_SYSTEM);
    g_propagate_error (broken ? error : refused, g_steal_pointer (&wrong));
    return !broken;
  }
  if (!write_step (&a, db, n, error))
    return false;
  *amount_fen = a.row.c.amount_fen;
  return true;
}

/* ---- the call ------------------------------------------------------------------------ */

/* What tells a repetition from something else sent with the same key. */
static const char *
digest (Arena *arena, const CaseDeed *deed)
{
  Digest *all = digest_new ();
  const gint64 numbers[] = { deed->action,     deed->grant,      deed->accepted,
                             deed->has_amount, deed->amount_fen, (gint64)deed->n_missing };
  const char *const texts[] = { deed->reason, deed->office, deed->reference, deed->material };
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    digest_integer (all, numbers[i]);
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    digest_text (all, texts[i]);
  for (size_t i = 0; i < deed->n_missing; i++)
    digest_text (all, deed->missing[i]);
  papers_digest (all, deed->statements, deed->n_statements, deed->uploads, deed->n_uploads);
  return digest_end (all, arena);
}

/* What the rules say now, before a decision and after a completion; the case as it stands is read first. */
static bool
propose_anew (Acting *a, Proposal *proposal, GError **error)
{
  size_t n;
  if (a->deed->action != CASE_CORRECT && a->deed->action != CASE_REOPEN)
    return true;
  const CaseStatement *kept = cases_statements (a->cases, a->arena, &a->row.c, &n, error);
  if (!kept || !a->row.c.matter)
    return kept;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (CaseStatement));
  g_array_append_vals (all, kept, (guint)n);
  g_array_append_vals (all, a->deed->statements, (guint)a->deed->n_statements);
  RegistryMoment at = { civil_day_of (a->now), a->now };
  const AccessAccount *asker = party_asker (a->arena, a->who, a->row.c.applicant);
  if (!propose (a->cases, a->arena, asker, a->row.c.matter, a->row.c.applicant,
                (const CaseStatement *)(gpointer)all->data, all->len, at.valid_at, at, proposal, error))
    return false;
  a->proposal = proposal;
  return true;
}

static bool
read_before (Acting *a, GError **error)
{
  gint64 done;
  g_autoptr (StoreReader) reader = store_reader (a->cases->store, error);
  return reader && store_once_look (store_reader_db (reader), &a->once, &done, error)
         && row_find (a->cases, store_reader_db (reader), a->arena, a->id, &a->row, error)
         && (done
             || party_may_act (a->cases, store_reader_db (reader), a->who, &a->row.c, a->deed->action,
                               error));
}

bool
cases_act (Cases *cases, const AccessAccount *who, gint64 id, const CaseDeed *deed, const char *key,
           GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  if (!who) {
    g_set_error (error, FAULT, FAULT_DENIED, "log in first");
    return false;
  }
  Acting a
      = { .cases = cases,
          .arena = arena,
          .who = who,
          .id = id,
          .deed = deed,
          .once = { who->name, arena_printf (arena, "act/%" G_GINT64_FORMAT, id), key, digest (arena, deed) },
          .now = cases_now (cases) };
  Proposal proposal;
  return read_before (&a, error) && check_appeal (&a, error) && propose_anew (&a, &proposal, error)
         && store_write (cases->store, write_deed, &a, error);
}
