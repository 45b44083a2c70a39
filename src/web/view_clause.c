/* What a circular and its clauses say of themselves. */
#include "web/words.h"

#include <string.h>

const char *
view_ordinal (const Page *page, int number)
{
  if (page->language != LANGUAGE_ZH)
    return arena_printf (page->arena, "%d", number);
  g_autofree char *numeral = text_chinese_numeral (number);
  return arena_text (page->arena, text_of (numeral));
}

const char *
view_clause_label (const Page *page, const PolicyClause *clause)
{
  if (clause->number == 0)
    return WORD (page, MESSAGE_clause_closing);
  return WORDS (page, MESSAGE_clause_label__number, html_value_string (view_ordinal (page, clause->number)));
}

const char *
view_clause_title (const Page *page, const PolicyClause *clause)
{
  const char *gap = page->language == LANGUAGE_ZH ? "" : " ";
  return arena_printf (page->arena, "%s%s%s", view_clause_label (page, clause), gap,
                       page_text (page, clause->title));
}

const char *
view_target_measure (const Page *page, const PolicyTarget *target)
{
  const HtmlValue what = html_value_string (page_text (page, target->provision->outcome));
  switch (target->measure) {
  case POLICY_COUNT: return WORDS (page, MESSAGE_target_count__what, what);
  case POLICY_SHARE: return WORDS (page, MESSAGE_target_share__what, what);
  default: return WORDS (page, MESSAGE_target_amount__what, what);
  }
}

const char *
view_target_goal (const Page *page, const PolicyTarget *target)
{
  if (!target->goal)
    return WORD (page, MESSAGE_target_trend);
  const char *test = policy_test_words (page->arena, text_of (target->relation),
                                        page->language == LANGUAGE_ZH ? "zh" : "en");
  return WORDS (page, MESSAGE_target_goal__parameter_test,
                html_value_string (page_text (page, target->goal->name)), html_value_string (test));
}

const char *
view_list (const Page *page, const char *const *texts)
{
  if (!texts || !texts[0])
    return "—";
  g_autofree char *joined = g_strjoinv (page->language == LANGUAGE_ZH ? "、" : ", ", (char **)(gsize)texts);
  return arena_text (page->arena, text_of (joined));
}

const char *
view_figures (const Page *page, const PolicyClause *clause)
{
  if (!clause)
    return "—";
  const char **texts = arena_new0 (page->arena, const char *, clause->n_figures + 1);
  for (size_t i = 0; i < clause->n_figures; i++)
    texts[i] = clause->figures[i].text;
  return view_list (page, texts);
}

/* "decision:条款15.县级配套奖励" → "判定 条款15.县级配套奖励". */
static const char *
carrier (const Page *page, const char *text)
{
  static const struct {
    const char *kind;
    Message message;
  } kinds[] = { { "decision:", MESSAGE_carrier_decision },     { "service:", MESSAGE_carrier_service },
                { "register:", MESSAGE_carrier_register },     { "target:", MESSAGE_carrier_target },
                { "allocation:", MESSAGE_carrier_allocation }, { "market:", MESSAGE_carrier_market },
                { "pathway:", MESSAGE_carrier_pathway } };
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (text, kinds[i].kind))
      return arena_printf (page->arena, "%s %s", WORD (page, kinds[i].message),
                           text + strlen (kinds[i].kind));
  return text;
}

const char *
view_carried_by (const Page *page, const PolicyAction *action)
{
  size_t n = action->carried_by ? g_strv_length ((char **)(gsize)action->carried_by) : 0;
  if (!n)
    return WORD (page, MESSAGE_carrier_none);
  const char **texts = arena_new0 (page->arena, const char *, n + 1);
  for (size_t i = 0; i < n; i++)
    texts[i] = carrier (page, action->carried_by[i]);
  return view_list (page, texts);
}
