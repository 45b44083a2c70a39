/* Markets in words of the page's language. */
#include "web/market_parts.h"

#include <string.h>

const char *
view_market_text (const Page *page, MarketText text)
{
  return page->language == LANGUAGE_EN ? text.en : text.zh;
}

const char *
view_concept (const Page *page, const PairsConcept *concept)
{
  return page->language == LANGUAGE_EN ? concept->en : concept->zh;
}

static const char *
concept_name (const Page *page, const Pairs *pairs, const MarketColumn *column, const char *code)
{
  size_t n;
  const PairsConcept *all = pairs_concepts (pairs, column, &n);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (all[i].code, code))
      return view_concept (page, &all[i]);
  return code;
}

const char *
view_market_value (const Page *page, const Pairs *pairs, const PairsValue *value)
{
  size_t n = g_strv_length ((char **)(gsize)value->values);
  const char **names = arena_new0 (page->arena, const char *, n + 1);
  if (!n)
    return "";
  if (value->column->kind == MARKET_TRUTH)
    return message_text (page->arena, page->language,
                         g_str_equal (value->values[0], "true") ? MESSAGE_market_yes : MESSAGE_market_no,
                         NULL, 0);
  for (size_t i = 0; i < n; i++)
    names[i] = value->column->kind == MARKET_CONCEPTS
                   ? concept_name (page, pairs, value->column, value->values[i])
                   : value->values[i];
  return view_list (page, names);
}

/* ---- the form ----------------------------------------------------------------------------- */

bool
view_is_asked (const MarketFormModel *m, const MarketColumn *column)
{
  bool own_day = g_str_equal (column->id, "closes_on") || g_str_equal (column->id, "published_on");
  if (own_day && column->kind == MARKET_DAY)
    return false;
  for (size_t i = 0; i < m->n_read; i++)
    if (m->read[i].column == column)
      return false;
  return true;
}

const char *
view_market_field (const Page *page, const MarketColumn *column)
{
  return arena_printf (page->arena, "v.%s", column->id);
}

static const PairsValue *
said (const MarketField *f)
{
  const PairsEntry *entry = f->form->entry;
  for (size_t i = 0; entry && i < entry->n_values; i++)
    if (entry->values[i].column == f->column)
      return &entry->values[i];
  return NULL;
}

const char *
view_market_said (const Page *page, const MarketField *f)
{
  const char *sent = f->form->form ? web_field (f->form->form, view_market_field (page, f->column)) : NULL;
  const PairsValue *value = said (f);
  if (sent || !value)
    return sent ? sent : "";
  return f->column->kind == MARKET_CONCEPTS ? view_market_value (page, f->form->pairs, value)
         : value->values[0]                 ? value->values[0]
                                            : "";
}

bool
view_market_has (const MarketField *f, const char *code)
{
  g_autofree char *name = g_strconcat ("v.", f->column->id, NULL);
  const WebFields *form = f->form->form;
  const PairsValue *value = said (f);
  if (form && form->n) {
    for (size_t i = 0; i < form->n; i++)
      if (g_str_equal (form->items[i].name, name) && g_str_equal (form->items[i].value, code))
        return true;
    return false;
  }
  return value && g_strv_contains (value->values, code);
}
