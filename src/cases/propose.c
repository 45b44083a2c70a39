/* What the rules say of a case, and on which facts that rests. */
#include "cases/cases_private.h"

/* The permit for whom PROVISION is about: APPLICANT, or whom their reference leads to. */
static const AccessPermit *
permit_for (Cases *cases, Arena *arena, const AccessAccount *who, const PolicyProvision *provision,
            Subject applicant, RegistryMoment at, GError **error)
{
  const AccessPermit *permit
      = policy_permit (cases->options.access, arena, who, provision->clause, applicant, error);
  const RegistryEntity *entity = registry_subject_entity (policy_schema (cases->options.package), applicant);
  if (!permit || entity == provision->subject)
    return permit;
  const AccessPermit *through = NULL;
  const char *name;
  if (!provision->applicant || provision->applicant->entity != entity) {
    g_set_error (error, FAULT, FAULT_INPUT, "this matter is about a %s, not a %s", provision->subject->en,
                 entity ? entity->en : "subject that there is none of");
    return NULL;
  }
  if (!access_permit_through (permit, arena, provision->applicant, at, &through, &name, error))
    return NULL;
  if (!through)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "no %s is on record for the applicant: ask %s to record it",
                 provision->subject->en, provision->applicant->source);
  return through;
}

const Questions *
cases_questions (Cases *cases, Arena *arena, const AccessAccount *who, const PolicyMatter *matter,
                 Subject applicant, const CaseStatement *statements, size_t n, GError **error)
{
  gint64 now = cases_now (cases);
  RegistryMoment at = { civil_day_of (now), now };
  const AccessPermit *permit
      = permit_for (cases, arena, who, matter->provision, applicant ? applicant : who->subject, at, error);
  QuestionsAsk ask = { .package = cases->options.package,
                       .provision = matter->provision,
                       .permit = permit,
                       .as_of = at.valid_at,
                       .at = at,
                       .stated = statements,
                       .n = n };
  return permit ? questions_of (&ask, arena, error) : NULL;
}

/* Who is served first of MATTER: by the provision of its clause that decides just that; NULL: nobody. */
static const PolicyProvision *
first_by (const PolicyMatter *matter)
{
  const PolicyClause *clause = matter->clause;
  for (size_t i = 0; matter->first && i < clause->n_provisions; i++) {
    const PolicyProvision *p = &clause->provisions[i];
    if (p->eligible == matter->first && p->subject == matter->provision->subject)
      return p;
  }
  return NULL;
}

static bool
is_first (Cases *cases, Arena *arena, const PolicyMatter *matter, const AccessPermit *permit, Day as_of,
          RegistryMoment at)
{
  const PolicyProvision *p = first_by (matter);
  const PolicyDetermination *d
      = p ? policy_determine (cases->options.package, permit, arena, p, as_of, at, NULL) : NULL;
  return d && d->outcome == POLICY_YES;
}

const PolicyProvision *
case_first_by (const Case *c)
{
  return c->priority == 0 && c->matter ? first_by (c->matter) : NULL;
}

bool
propose (Cases *cases, Arena *arena, const AccessAccount *who, const PolicyMatter *matter, Subject applicant,
         const CaseStatement *statements, size_t n, Day as_of, RegistryMoment at, Proposal *proposal,
         GError **error)
{
  const AccessPermit *permit = permit_for (cases, arena, who, matter->provision, applicant, at, error);
  if (!permit)
    return false;
  proposal->subject = access_permit_subject (permit);
  proposal->determination = policy_determine_stated (cases->options.package, permit, arena, matter->provision,
                                                     as_of, at, statements, n, error);
  proposal->first = is_first (cases, arena, matter, permit, as_of, at);
  return proposal->determination
         && name_own_text (arena, permit, matter->provision->subject->township, at, &proposal->township,
                           error);
}

/* Yuan to fen; 0 where there is no sum. */
static gint64
fen_of (FeelValue amount)
{
  gint64 fen = 0;
  Decimal whole
      = amount.kind == FEEL_NUMBER ? decimal_round (amount.number, 2, DECIMAL_ROUND_HALF_UP) : amount.number;
  return amount.kind == FEEL_NUMBER && decimal_to_scaled (whole, 2, &fen) ? fen : 0;
}

void
propose_into (Cases *cases, const Proposal *proposal, CaseRow *row)
{
  const PolicyDetermination *d = proposal->determination;
  row->c.subject = proposal->subject;
  row->c.township = proposal->township ? proposal->township : "";
  row->c.proposed = d->outcome;
  row->c.proposed_fen = fen_of (d->amount);
  row->c.package_hash = policy_hash (cases->options.package);
  row->c.as_of = d->as_of;
  row->c.at = d->at;
  row->c.priority = proposal->first ? 0 : 1;
  row->c.flagged = false;
}

static bool
keep_fact (StoreConnection *db, gint64 id, const RegistryProvenance *fact, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO cases_rests_on (batch, subject, attribute, case_id) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (subject, attribute, case_id) DO UPDATE SET batch = excluded.batch",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, fact->batch);
  store_bind_integer (s, 2, fact->subject);
  store_bind_text (s, 3, fact->attribute->id);
  store_bind_integer (s, 4, id);
  return store_run (s, error);
}

static bool
forget_facts (StoreConnection *db, gint64 id, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM cases_rests_on WHERE case_id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  return store_run (s, error);
}

bool
propose_keep (StoreConnection *db, gint64 id, const Proposal *proposal, GError **error)
{
  const PolicyDetermination *d = proposal->determination;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  bool ok = forget_facts (db, id, error);
  for (size_t i = 0; ok && i < d->n_reasons; i++)
    for (size_t k = 0; ok && k < d->reasons[i].n_facts; k++)
      if (g_hash_table_add (seen, (gpointer)d->reasons[i].facts[k]))
        ok = keep_fact (db, id, d->reasons[i].facts[k], error);
  return ok;
}

const PolicyDetermination *
cases_proposal (Cases *cases, Arena *arena, const AccessAccount *who, const Case *c, bool again,
                GError **error)
{
  size_t n;
  if (party_is_agent (who, c->applicant)) {
    g_set_error_literal (error, FAULT, FAULT_DENIED,
                         "the facts are the applicant's: who acts for them follows the case");
    return NULL;
  }
  const CaseStatement *statements = cases_statements (cases, arena, c, &n, error);
  Proposal proposal;
  if (!statements)
    return NULL;
  Cases then = *cases;
  if (again && !versions_as_of (cases, c->package_hash, &then, error))
    return NULL;
  const PolicyMatter *matter = policy_matter (then.options.package, c->matter_key);
  if (!matter) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "the policy package in use has no matter %s any more",
                 c->matter_key);
    return NULL;
  }
  gint64 now = cases_now (cases);
  RegistryMoment at = again ? c->at : (RegistryMoment){ civil_day_of (now), now };
  return propose (&then, arena, who, matter, c->applicant, statements, n, again ? c->as_of : at.valid_at, at,
                  &proposal, error)
             ? proposal.determination
             : NULL;
}
