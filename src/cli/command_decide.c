/* liudong decide: one subject, one clause or all that concern it, with reasons. */
#include "cli.h"

#include "inquiry.h"

#include <stdio.h>

typedef struct {
  Inquiry asked;
  char *subject, *known_at;
  gboolean explain;
} Options;

typedef struct {
  RegistryMoment at;
  Subject subject;
  bool json;
} Question;

static bool
read_question (Options *o, Question *q, GError **error)
{
  q->at.known_at = G_MAXINT64;
  q->json = g_strcmp0 (o->asked.format, "text") != 0;
  if (!o->asked.db || !o->subject)
    g_set_error (error, FAULT, FAULT_USAGE,
                 "--db DB and --subject ID are needed; a subject is written resident-1");
  else if (!inquiry_check (&o->asked, error))
    return false;
  else if (o->known_at && !instant_parse (text_of (o->known_at), &q->at.known_at))
    g_set_error (error, FAULT, FAULT_USAGE, "--known-at \"%s\" is no instant; write 2026-01-31T08:00:00Z",
                 o->known_at);
  else if (!registry_subject_parse (policy_schema (o->asked.package), text_of (o->subject), &q->subject))
    g_set_error (error, FAULT, FAULT_USAGE,
                 "--subject \"%s\" is no subject; write resident-1, household-1, park-1 …", o->subject);
  q->at.valid_at = o->asked.day;
  return *error == NULL;
}

static void
print_conflicts (const RegistryProvenance *fact, Arena *arena)
{
  for (size_t i = 0; i < fact->n_rivals; i++)
    printf ("    来源不一致: %s，%s 登记的是 %s，%s 登记的是 %s\n", fact->attribute->zh, fact->source,
            feel_display (arena, fact->value), fact->rivals[i].source,
            feel_display (arena, fact->rivals[i].value));
}

static void
print_condition (const PolicyCondition *c, Arena *arena)
{
  static const char *const marks[] = { "✗", "✓", "?" };
  printf ("      %s %.*s: %s (%s)\n", marks[c->status], (int)c->input->label.len, c->input->label.bytes,
          policy_test_words (arena, c->test->text, "zh"),
          c->value.kind == FEEL_UNKNOWN ? "未知" : feel_display (arena, c->value));
  for (size_t i = 0; i < c->n_facts; i++)
    printf ("          %s ← %s\n", c->facts[i]->attribute->zh, c->facts[i]->source);
  for (size_t i = 0; i < c->n_parameters; i++)
    printf ("          参数 %s\n", c->parameters[i]->name.zh);
}

static void
print_text (const PolicyDetermination *d, bool explain)
{
  static const char *const outcomes[] = { "符合", "不符合", "待定", "未生效" };
  g_autoptr (Arena) arena = arena_new ();
  const PolicyClause *clause = d->provision->clause;
  if (*clause->label) /* the closing paragraph has none */
    printf ("（%s）", clause->label);
  printf ("%s: %s — %s", clause->title.zh, d->provision->outcome.zh, outcomes[d->outcome]);
  if (d->amount.kind == FEEL_NUMBER)
    printf (" %s %s", feel_display (arena, d->amount), d->provision->amount_unit.zh);
  putchar ('\n');
  for (size_t i = 0; i < d->n_needs; i++)
    printf ("    还需要: %s\n", d->needs[i].name);
  for (size_t i = 0; i < d->n_reasons; i++)
    for (size_t k = 0; k < d->reasons[i].n_facts; k++)
      print_conflicts (d->reasons[i].facts[k], arena);
  for (size_t i = 0; explain && i < d->n_reasons; i++) {
    const PolicyReason *reason = &d->reasons[i];
    printf ("    %.*s = %s\n", (int)reason->decision->name.len, reason->decision->name.bytes,
            reason->value.kind == FEEL_UNKNOWN ? "待定" : feel_display (arena, reason->value));
    for (size_t r = 0; r < reason->n_rules; r++) {
      const PolicyRuleTrace *rule = &reason->rules[r];
      printf ("      规则 %.*s%s\n", (int)rule->rule->label.len, rule->rule->label.bytes,
              rule->matched ? " ←" : "");
      for (size_t c = 0; c < rule->n_conditions; c++)
        print_condition (&rule->conditions[c], arena);
    }
  }
}

/* All that CLAUSE says of the subject, and of what it may ask for another's sake.  The clause
 * is the purpose, the reader whoever runs this; what was read is in the log before the answer
 * is out. */
static bool
decide_clause (const Options *o, const Question *q, const PolicyClause *clause, Arena *arena, JsonWriter *w,
               GError **error)
{
  const PolicyPackage *package = o->asked.package;
  if (!policy_clause_concerns (clause, registry_subject_entity (policy_schema (package), q->subject)))
    return true;
  size_t n;
  const AccessPermit *permit = policy_permit (
      o->asked.access, arena, access_operator (arena, o->asked.purpose), clause, q->subject, error);
  const PolicyAnswer *answers
      = permit ? policy_answers (package, permit, arena, clause, q->at.valid_at, q->at, &n, error) : NULL;
  for (size_t i = 0; answers && i < n; i++)
    if (q->json)
      policy_write_determination (w, package, answers[i].determination, o->explain);
    else
      print_text (answers[i].determination, o->explain);
  return answers;
}

/* Every clause asked for that concerns the subject. */
static int
decide (const Options *o, const Question *q)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  json_begin_array (w);
  GError *error = NULL;
  size_t n;
  const PolicyClause *const *clauses = policy_pages (o->asked.package, &n);
  for (size_t i = 0; i < n && !error; i++)
    if (o->asked.clause == CLI_EVERY_CLAUSE || clauses[i]->number == o->asked.clause)
      decide_clause (o, q, clauses[i], arena, w, &error);
  json_end_array (w);
  json_writer_free (w);
  if (error)
    return cli_fail ("decide", error);
  if (q->json)
    puts (out->str);
  return CLI_DONE;
}

/* That the clause asked for can be asked about SUBJECT. */
static bool
check_clause (const Options *o, Subject subject, GError **error)
{
  const PolicyPackage *package = o->asked.package;
  const PolicyClause *clause = policy_clause (package, o->asked.clause);
  if (o->asked.clause == CLI_EVERY_CLAUSE)
    return true;
  if (!clause)
    g_set_error (error, FAULT, FAULT_USAGE,
                 "--clause %d: the circular has no such clause; liudong circular lists them",
                 o->asked.clause);
  else if (!clause->n_provisions)
    g_set_error (error, FAULT, FAULT_USAGE, "clause %d is not executable yet: it has no clause file",
                 o->asked.clause);
  else if (!policy_clause_concerns (clause, registry_subject_entity (policy_schema (package), subject)))
    g_set_error (error, FAULT, FAULT_USAGE, "clause %d is about another kind of subject: %s", o->asked.clause,
                 clause->provisions[0].subject->id);
  return *error == NULL;
}

static int
run (Options *o)
{
  int status;
  if (!inquiry_load (&o->asked, "decide", &status))
    return status;
  GError *error = NULL;
  Question q = { 0 };
  if (!read_question (o, &q, &error) || !check_clause (o, q.subject, &error)
      || !inquiry_open (&o->asked, &error))
    return cli_fail ("decide", error);
  return decide (o, &q);
}

int
command_decide (int argc, char **argv)
{
  static const char *const formats[] = { "json", "text", NULL };
  Options o = { .asked = { .formats = formats, .clause = CLI_EVERY_CLAUSE } };
  const GOptionEntry entries[] = {
    INQUIRY_DB (o.asked),
    { "subject", 0, 0, G_OPTION_ARG_STRING, &o.subject, "whom: resident-1, household-1, park-1 …", "ID" },
    { "clause", 0, 0, G_OPTION_ARG_INT, &o.asked.clause,
      "under which clause (default: all that concern the subject)", "N" },
    INQUIRY_AS_OF (o.asked),
    { "known-at", 0, 0, G_OPTION_ARG_STRING, &o.known_at, "with what was recorded by then (default: now)",
      "INSTANT" },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &o.explain, "every rule and condition with its sources", NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &o.asked.format, "json (default) or text", "FORMAT" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.asked.purpose, "why you look, for the log (case number …)",
      "TEXT" },
    INQUIRY_POLICY (o.asked),
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "",
                   "Determine what a subject is entitled to.  Only facts that the clause needs are read.",
                   entries, &status))
    status = run (&o);
  inquiry_clear (&o.asked);
  g_free (o.subject);
  g_free (o.known_at);
  return status;
}
