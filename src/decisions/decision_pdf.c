/* A decision on paper: the result first, then why, on which facts, by which rule, and
 * where to turn (行政许可法 第38条, 行政复议法 第20条: who is refused is told the reasons
 * and where to ask for review). */
#include "decisions/decisions.h"
#include "paper/paper.h"

#include <string.h>

typedef struct {
  const PolicyPackage *package;
  const Decision *decision;
  const DecisionSeal *seal;
  Paper *paper;
  Arena *arena;
  PolicyWords words;
  GPtrArray *facts, *parameters; /* that the reasons name, each once */
  int heading;
} Sheet;

/* ---- words ----------------------------------------------------------------- */

static const char *
say (const Sheet *s, const char *zh, const char *en)
{
  return s->words.english ? en : zh;
}

static const char *
text_of_policy (const Sheet *s, PolicyText text)
{
  return s->words.english && text.en && *text.en ? text.en : text.zh;
}

/* "2026年11月23日", "23 November 2026", of an instant. */
static const char *
day_words (const Sheet *s, gint64 seconds)
{
  static const char *const months[]
      = { "January", "February", "March",     "April",   "May",      "June",
          "July",    "August",   "September", "October", "November", "December" };
  gint64 year;
  int month, day;
  civil_from_day (civil_day_of (seconds), &year, &month, &day);
  if (s->words.english)
    return arena_printf (s->arena, "%d %s %" G_GINT64_FORMAT, day, months[month - 1], year);
  return arena_printf (s->arena, "%" G_GINT64_FORMAT "年%d月%d日", year, month, day);
}

static const char *
amount_words (const Sheet *s)
{
  const Decision *d = s->decision;
  const char *yuan
      = arena_printf (s->arena, "%" G_GINT64_FORMAT ".%02d", d->amount_fen / 100, (int)(d->amount_fen % 100));
  const char *unit = text_of_policy (s, d->amount_unit);
  return arena_printf (s->arena, "%s %s", policy_group_digits (s->arena, yuan),
                       unit && *unit ? unit : say (s, "元", "yuan"));
}

static void
head (Sheet *s, const char *zh, const char *en)
{
  g_autofree char *number = text_chinese_numeral (++s->heading);
  paper_heading (s->paper, 1,
                 s->words.english ? arena_printf (s->arena, "%d. %s", s->heading, en)
                                  : arena_printf (s->arena, "%s、%s", number, zh));
}

/* ---- the parts -------------------------------------------------------------- */

static void
write_about (Sheet *s)
{
  const Decision *d = s->decision;
  PaperFact facts[6];
  size_t n = 0;
  facts[n++] = (PaperFact){ say (s, "编号", "Number"), d->number };
  facts[n++] = (PaperFact){ say (s, "申请人", "Applicant"), d->applicant };
  if (d->identity)
    facts[n++] = (PaperFact){ say (s, "证件号码", "Identity document"), d->identity };
  if (d->about)
    facts[n++] = (PaperFact){ say (s, "办理对象", "About"), d->about };
  facts[n++] = (PaperFact){ say (s, "事项", "Matter"), text_of_policy (s, d->matter) };
  facts[n++] = (PaperFact){ say (s, "申请日期", "Applied on"), day_words (s, d->applied_at) };
  paper_facts (s->paper, facts, n);
}

static void
write_result (Sheet *s)
{
  const Decision *d = s->decision;
  const char *matter = text_of_policy (s, d->matter);
  head (s, "决定", "Decision");
  paper_paragraph (
      s->paper, d->granted
                    ? arena_printf (s->arena,
                                    say (s, "%s申请办理“%s”，经审查，符合规定，予以同意。",
                                         "%s’s application for “%s” meets the rules and is granted."),
                                    d->applicant, matter)
                    : arena_printf (s->arena,
                                    say (s, "%s申请办理“%s”，经审查，不符合规定，不予同意。",
                                         "%s’s application for “%s” does not meet the rules and is refused."),
                                    d->applicant, matter));
  if (d->granted && d->has_amount)
    paper_paragraph (s->paper,
                     arena_printf (s->arena, say (s, "金额：%s。", "Amount: %s."), amount_words (s)));
}

static void
collect (Sheet *s, const PolicySources *sources)
{
  for (size_t i = 0; i < sources->n_facts; i++)
    if (!g_ptr_array_find (s->facts, sources->facts[i], NULL))
      g_ptr_array_add (s->facts, (gpointer)(gsize)sources->facts[i]);
  for (size_t i = 0; i < sources->n_parameters; i++)
    if (!g_ptr_array_find (s->parameters, sources->parameters[i], NULL))
      g_ptr_array_add (s->parameters, (gpointer)(gsize)sources->parameters[i]);
}

/* "月人均收入：820 元，要求：低于 1,000（低保标准），符合。" */
static const char *
node_words (Sheet *s, const PolicyProvision *provision, const PolicyReasonNode *node, const char *number)
{
  const PolicyCondition *c = node->condition;
  bool met = c->status == DMN_MET && !node->against;
  const char *verdict = c->status == DMN_UNDECIDED ? say (s, "不能确定", "not known")
                        : met                      ? say (s, "符合", "met")
                                                   : say (s, "不符合", "not met");
  return arena_printf (s->arena, say (s, "%s %s：%s。要求：%s。%s。", "%s %s: %s. Wanted: %s. It is %s."),
                       number, policy_words_condition_label (&s->words, provision, c),
                       policy_words_condition_value (&s->words, c),
                       policy_words_wanted (&s->words, provision->clause, c, node->against), verdict);
}

/* The conditions of TREE, numbered below PREFIX, and under each those of the decision that it asks. */
static void
write_tree (Sheet *s, const PolicyProvision *provision, const PolicyReasonTree *tree, const char *prefix)
{
  const char *note = policy_words_note (&s->words, provision->clause, tree->reason);
  if (note)
    paper_paragraph (s->paper, arena_printf (s->arena, say (s, "%s。", "%s."), note));
  collect (s, &tree->sources);
  for (size_t i = 0; i < tree->n; i++) {
    const PolicyReasonNode *node = &tree->nodes[i];
    const char *number = arena_printf (s->arena, "%s%zu.", prefix, i + 1);
    paper_paragraph (s->paper, node_words (s, provision, node, number));
    if (!node->condition->hidden)
      collect (s, &node->sources);
    if (node->below)
      write_tree (s, provision, node->below, number);
  }
}

static void
write_reasons (Sheet *s)
{
  const Decision *d = s->decision;
  const PolicyDetermination *proposed = d->determination;
  head (s, "理由", "Reasons");
  if (proposed) {
    PolicyReasons reasons = policy_reasons (s->arena, proposed);
    for (size_t i = 0; i < reasons.n_trees; i++)
      write_tree (s, proposed->provision, &reasons.trees[i], "");
    if ((proposed->outcome == POLICY_YES) != d->granted)
      paper_paragraph (s->paper,
                       say (s, "本决定与按规则核算的结果不同，由决定人说明理由。",
                            "This decision departs from what the rules come to; who decided says why."));
  }
  if (d->reason && *d->reason)
    paper_paragraph (
        s->paper,
        arena_printf (s->arena, say (s, "决定人说明：%s", "In the words of who decided: %s"), d->reason));
}

static void
write_facts (Sheet *s)
{
  const PaperColumn columns[]
      = { { say (s, "事实", "Fact"), 3 }, { say (s, "内容", "Value"), 3 }, { say (s, "来源", "Source"), 4 } };
  if (!s->facts->len)
    return;
  head (s, "认定的事实和来源", "Facts and where they are from");
  paper_table (s->paper, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < s->facts->len; i++) {
    const RegistryProvenance *fact = s->facts->pdata[i];
    const RegistryAttribute *a = fact->attribute;
    const char *cells[] = { arena_printf (s->arena, say (s, "%s·%s", "%s: %s"),
                                          say (s, a->entity->zh, a->entity->en), say (s, a->zh, a->en)),
                            policy_words_fact (&s->words, fact), policy_words_source (&s->words, fact) };
    paper_row (s->paper, cells);
  }
  paper_table_end (s->paper);
}

static void
write_basis (Sheet *s)
{
  const Decision *d = s->decision;
  const PolicyCircular *circular = policy_circular (s->package);
  head (s, "依据", "Basis");
  if (d->determination) {
    const PolicyClause *clause = d->determination->provision->clause;
    paper_paragraph (s->paper, arena_printf (s->arena, say (s, "%s：%s", "%s: %s"), circular->number,
                                             text_of_policy (s, clause->title)));
  }
  for (size_t i = 0; d->basis && d->basis[i]; i++)
    paper_paragraph (s->paper, d->basis[i]);
  for (guint i = 0; i < s->parameters->len; i++) {
    const PolicyParameter *p = s->parameters->pdata[i];
    const PolicyParameterValue *v = policy_parameter_at (p, d->determination->as_of);
    if (!v || v->confidence == POLICY_MISSING)
      continue;
    const char *value = policy_words_value (&s->words, v->value);
    if (p->unit && *p->unit)
      value = arena_printf (s->arena, "%s %s", value, p->unit);
    paper_paragraph (s->paper,
                     arena_printf (s->arena, say (s, "%s：%s。%s", "%s: %s. %s"), text_of_policy (s, p->name),
                                   value, v->reference ? v->reference : ""));
  }
}

static void
write_appeal (Sheet *s)
{
  const Decision *d = s->decision;
  const char *body = text_of_policy (s, d->appeal_body);
  if (d->appeal_days < 1 || !body || !*body)
    return;
  head (s, "不服本决定的救济途径", "If you do not agree");
  paper_paragraph (
      s->paper,
      arena_printf (s->arena,
                    say (s, "如不服本决定，可以自收到之日起%d日内，向%s申请行政复议。",
                         "If you do not agree, you may ask within %d days of receiving it for review by %s."),
                    d->appeal_days, body));
}

static void
write_seal (Sheet *s, const char *address)
{
  const char *link = arena_printf (s->arena, "%s%s", address, s->seal->code);
  paper_signature (s->paper, s->decision->office, day_words (s, s->decision->decided_at));
  paper_code (s->paper, link,
              say (s, "扫码核对真伪：页面上的编号、日期和摘要应当与本决定一致。",
                   "Scan to verify: number, date and digest on the page must be those of this decision."));
  paper_note (s->paper, arena_printf (s->arena, say (s, "核对网址：%s", "To verify: %s"), link));
  paper_note (s->paper, arena_printf (s->arena, say (s, "摘要：%s", "Digest: %s"),
                                      decision_digest_words (s->arena, s->seal->digest)));
}

bool
decisions_pdf (const PolicyPackage *package, const Decision *decision, const DecisionSeal *seal,
               const char *address, bool english, GString *pdf, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GPtrArray) facts = g_ptr_array_new (), parameters = g_ptr_array_new ();
  Sheet s = { .package = package,
              .decision = decision,
              .seal = seal,
              .arena = arena,
              .facts = facts,
              .parameters = parameters,
              .words = { arena, package, english } };
  const char *title = arena_printf (arena, english ? "%s: decision on %s" : "%s关于%s的决定",
                                    decision->office, text_of_policy (&s, decision->matter));
  PaperAbout about
      = { PAPER_OFFICIAL, title, decision->office, english ? "en" : "zh-CN", seal->issued_at, NULL };
  g_autoptr (Paper) paper = paper_new (&about, pdf, error);
  if (!paper)
    return false;
  s.paper = paper;
  paper_title (paper, title);
  write_about (&s);
  write_result (&s);
  write_reasons (&s);
  write_facts (&s);
  write_basis (&s);
  write_appeal (&s);
  write_seal (&s, address);
  return paper_finish (paper, error);
}
