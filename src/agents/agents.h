/* agents — who may act for somebody else, in which matter, until when.
 *
 * What it is for: somebody who cannot or would not come themselves lets a person or a
 * body apply for them, answer for them and fetch the result: a daughter for her father,
 * a firm's office for the firm.  民法典 第161条: what an agent does within the mandate
 * binds the person it is done for; 第165条: a mandate says who, in what, how far and how
 * long; 第173条: it ends with its time, and when either takes it back.
 *
 *     principal ──agents_give──> mandate ──agents_find──> may act today, or not
 *                     either ──agents_end──┘
 *
 * What it promises
 *   - A mandate is for one matter that agents may do, or for all such; from a day to a
 *     day; ended at any time by either, at once (for a bundle it is
 *     one for the bundle's parts, as far as agents may do them): agents_find within the transaction of a
 *     deed sees an end that committed before.
 *   - To act is not to see.  A mandate opens no fact: what the registry holds of the
 *     principal is shown to the agent nowhere, and the case alone is theirs to follow.
 *     Letting somebody of the household see facts is another thing (access_give_mandate).
 *   - Giving the same again is one mandate, ending it again is nothing; giving and
 *     ending commit with their entries in the log of the principal.
 *
 * What it refuses: mandates given on by an agent (民法典 第169条 asks for the principal's
 * consent); matters that must be done in person; to say whether a number belongs to
 * somebody called so: the name is the principal's word.
 *
 * How a call goes
 *
 *     g_autoptr (Agents) agents = agents_open (package, registry, &error);
 *     AgentMandate mandate = { .agent = daughter, .agent_name = "陈某", .matter = "23/main", .from = today,
 * .to = end }; gint64 id = agents_give (agents, father, &mandate, &error); if (agents_find (agents, db,
 * daughter, father->subject, "23/main", today, &id, &error) && id) …
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "policy/policy.h"
#include "registry/registry.h"

enum {
  AGENTS_DAYS_MAX = 5 * 366, /* our own choice: no law says how long at most */
  AGENTS_OPEN_MAX = 50,      /* mandates of one principal that have not ended */
  AGENTS_NAME_MAX = 100      /* code points */
};

typedef struct {
  gint64 id;
  Subject principal, agent;
  const char *principal_name, *agent_name; /* as the principal's account and the principal say */
  const char *matter;                      /* its key, "23/main"; NULL: every one that agents may do */
  Day from, to;                            /* inclusive */
  gint64 given_at, ended_at;               /* UTC seconds; 0: not ended */
  bool ended_by_agent;
} AgentMandate;

typedef struct Agents Agents;
/* Brings the tables up to date.  PACKAGE and REGISTRY must outlive it.  NULL with FAULT_SYSTEM. */
Agents *agents_open (const PolicyPackage *package, Registry *registry, GError **error);
void agents_free (Agents *agents);

/* WHO lets MANDATE's agent act for them (id, principal, its name and moments are filled in).  The mandate's
 * id; 0 with FAULT_DENIED (WHO has no record of their own), FAULT_NOT_FOUND (no such agent, no such matter),
 * FAULT_INPUT (oneself; no person or body; no name or too long a one; dates the wrong way round, past or too
 * far; a matter to be done in person), FAULT_CONFLICT (AGENTS_OPEN_MAX) or FAULT_SYSTEM. */
gint64 agents_give (Agents *agents, const AccessAccount *who, const AgentMandate *mandate, GError **error);
/* WHO, its principal or its agent, ends mandate ID; one that has ended stays as it is.  FAULT_NOT_FOUND when
 * it is neither's. */
bool agents_end (Agents *agents, const AccessAccount *who, gint64 id, GError **error);
/* Given by (or, TO_THEM, to) SUBJECT, the newest first, at most 200.  NULL with FAULT_SYSTEM; N may be 0. */
const AgentMandate *agents_mandates (Agents *agents, Arena *arena, Subject subject, bool to_them, size_t *n,
                                     GError **error);

/* The mandate by which WHO may act for PRINCIPAL in MATTER on DAY, into *ID; 0: there is none.  DB is that of
 * the deed's StoreWork, or NULL to ask by itself.  False with FAULT_SYSTEM. */
bool agents_find (Agents *agents, StoreConnection *db, const AccessAccount *who, Subject principal,
                  const char *matter, Day day, gint64 *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Agents, agents_free)
