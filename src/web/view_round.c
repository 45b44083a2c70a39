/* Rounds in words of the page's language. */
#include "population/population.h"
#include "web/rounds_parts.h"

#include <string.h>

const char *
view_thousandths (const Page *page, gint64 value)
{
  gint64 whole = ABS (value) / 1000, rest = ABS (value) % 1000;
  const char *sign = value < 0 ? "−" : "";
  if (!rest)
    return arena_printf (page->arena, "%s%" G_GINT64_FORMAT, sign, whole);
  char *text = arena_printf (page->arena, "%s%" G_GINT64_FORMAT ".%03d", sign, whole, (int)rest);
  for (size_t n = strlen (text); text[n - 1] == '0'; n--)
    text[n - 1] = '\0';
  return text;
}

/* Of the place that it has, else of its first choice. */
const char *
view_round_key (const Page *page, const RoundModel *m, const DrawsApplication *one, size_t key)
{
  if (!m->round->closed_at || one->standing != DRAWS_STANDING)
    return "—";
  for (size_t c = 0; c < one->n_choices; c++)
    if (one->choices[c].eligible && (one->seat < 0 || (gint32)one->choices[c].unit == one->seat))
      return view_thousandths (page, one->choices[c].keys[key]);
  return one->n_choices ? view_thousandths (page, one->choices[0].keys[key]) : "—";
}

bool
view_round_rest (const RoundModel *m)
{
  bool room = false, rest = false;
  for (size_t u = 0; u < m->round->n_units; u++)
    room = room || m->round->units[u].vacant > 0;
  for (size_t i = 0; i < m->n_applications; i++)
    rest = rest || (m->applications[i].standing == DRAWS_STANDING && m->applications[i].seat < 0);
  return m->round->allocation->places_rest && m->round->drawn_at && room && rest;
}

const char *
view_round_group (const Page *page, const RoundModel *m, const DrawsEffect *group)
{
  const PolicyAllocation *allocation = m->round->allocation;
  if (!group->reserve)
    return message_text (page->arena, page->language, MESSAGE_rounds_effect_everybody, NULL, 0);
  for (size_t i = 0; i < allocation->n_reserves; i++)
    if (g_str_equal (allocation->reserves[i].id, group->reserve))
      return page->language == LANGUAGE_EN ? allocation->reserves[i].name.en
                                           : allocation->reserves[i].name.zh;
  return group->reserve;
}

const char *
view_round_people (const Page *page, gint64 n)
{
  return population_cell (page->arena, population_few (n));
}

const char *
view_note (const Page *page, const PolicyClause *clause, const char *note)
{
  return page->language == LANGUAGE_EN ? policy_clause_label (clause, note) : note;
}

const char *
view_round_step (const Page *page, const char *what)
{
  static const struct {
    const char *begins;
    Message message;
  } steps[] = { { "the file ends", MESSAGE_rounds_step_whole },
                { "rules, applications", MESSAGE_rounds_step_readable },
                { "the list's hash", MESSAGE_rounds_step_list },
                { "the announcement", MESSAGE_rounds_step_announcement },
                { "the secret", MESSAGE_rounds_step_seed },
                { "every ticket", MESSAGE_rounds_step_tickets },
                { "every application", MESSAGE_rounds_step_listed },
                { "the result's", MESSAGE_rounds_step_result },
                { "nobody was refused", MESSAGE_rounds_step_fair },
                { "run again", MESSAGE_rounds_step_again } };
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_has_prefix (what, steps[i].begins))
      return message_text (page->arena, page->language, steps[i].message, NULL, 0);
  return what;
}
