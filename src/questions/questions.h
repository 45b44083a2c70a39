/* questions — what is still to ask, and nothing else.
 *
 * What it is for: who applies, or only wants to know whether they could, answers as few
 * questions as the rules allow.  A determination says which facts it still depends on;
 * from these come the questions, the one first that settles most.
 *
 *     facts on record + what was answered ──> determination ──questions_of──> next question ──┐
 *                              ▲                                                              │
 *                              └────────────────────────── answer ◄───────────────────────────┘
 *
 * What it promises
 *   - Only what the registry does not hold and the decision still waits for is asked: when
 *     the outcome and the sum are settled there is no question left.
 *   - Nothing is asked twice: what was answered is known.
 *   - The first question is, of those tried, one whose answers lead to different places, and of
 *     these the one that settles the outcome most often; ties go to the one that the rules ask
 *     first.  What tells nothing by itself waits until the others have settled what they can.
 *   - Parameters are the county's to know, never the applicant's.
 *
 * What it refuses: to store anything.  It works on statements that its caller holds.
 *
 * How a call goes
 *
 *     QuestionsAsk ask = { .package = p, .provision = provision, .as_of = today, .stated = stated, .n = n };
 *     const Questions *q = questions_of (&ask, arena, &error);
 *     if (q->n) show (q->items[0]); else show_outcome (q->determination);
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "policy/policy.h"

typedef enum {
  QUESTION_YES_NO,
  QUESTION_CHOICE, /* one of the attribute's values */
  QUESTION_NUMBER,
  QUESTION_MONEY,
  QUESTION_DATE,
  QUESTION_TEXT,
  QUESTION_EXISTS, /* whether there is one: an employer, a household; "true" or "false" */
  QUESTION_COUNT,  /* how many there are: members, spells of work */
} QuestionKind;
const char *question_kind_id (QuestionKind kind); /* "yes_no" … */

typedef struct {
  const char *path; /* as PolicyStatement.path */
  QuestionKind kind;
  const RegistryAttribute *attribute; /* values, bounds, unit, and the department that usually says */
  PolicyText label;                   /* "第2位成员的月收入" */
} Question;

typedef struct {
  const PolicyPackage *package;
  const PolicyProvision *provision;
  const AccessPermit *permit; /* NULL: nobody's facts are read */
  Day as_of;
  RegistryMoment at;
  const PolicyStatement *stated;
  size_t n;
} QuestionsAsk;

typedef struct {
  const PolicyDetermination *determination; /* as far as it goes */
  size_t n;
  const Question *items; /* the most telling first */
  size_t n_parameters;   /* what the county has not settled, which no answer helps */
  const PolicyNeed *parameters;
} Questions;

/* What is still to ask.  NULL with FAULT_INPUT for an answer that is not allowed, or as
 * policy_determine_stated. */
const Questions *questions_of (const QuestionsAsk *ask, Arena *arena, GError **error);
/* What would be asked about fact PATH of PROVISION's subject: to show an answer again.  NULL where there is
 * none. */
const Question *question_about (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
                                const char *path);
