/* The markets beside that of jobs: what its pages and its interface share. */
#pragma once

#include "web/view.h"

typedef struct {
  const Market *market;
  PairsCounts counts;
} MarketLine;

typedef struct {
  const MarketLine *lines;
  size_t n;
} MarketsModel;

/* One market, and what the reader has in it. */
typedef struct {
  const Market *market;
  PairsCounts counts;
  const PairsEntry *own;
  size_t n_own;
  bool may_put[2]; /* by side */
} MarketModel;

/* Writing an entry. */
typedef struct {
  const char *problem, *key, *action;
  const Pairs *pairs;
  const WebFields *form; /* what was sent, when it is shown again; or NULL */
  const Market *market;
  MarketSide side;
  const PairsEntry *entry; /* that is changed; NULL: a new one */
  const PairsValue *read;
  size_t n_read;
} MarketFormModel;

/* One column of the form. */
typedef struct {
  const MarketFormModel *form;
  const MarketColumn *column;
} MarketField;

typedef struct {
  const char *problem, *done, *key;
  const Pairs *pairs;
  const Market *market;
  const PairsEntry *entry;
  const PairsMatches *matches; /* the reader's own entry's; NULL: it is another's */
  const PairsMeeting *meetings;
  size_t n_meetings;
} MarketEntryModel;

typedef struct {
  const Market *market;
  const MarketReasons *reasons;
  unsigned words, words_most; /* points beside, for what was written; 0 of 0: they do not count here */
} ViewReasons;

/* What the form says of an entry on SIDE of MARKET; FAULT_INPUT. */
bool market_read_form (const WebRequest *request, const Market *market, MarketSide side, PairsEntry *entry,
                       GError **error);
/* The form's deed to entry ID. */
bool market_act (const WebRequest *request, gint64 id, GError **error);

/* view_market.c */
enum { MARKET_CHOICES = 40 }; /* more concepts than that are typed, not ticked */
const char *view_market_text (const Page *page, MarketText text);
/* "铝铸件、冲压件", "是", "2026-01-31"; "" where nothing is said. */
const char *view_market_value (const Page *page, const Pairs *pairs, const PairsValue *value);
const char *view_concept (const Page *page, const PairsConcept *concept);
/* Whether the form has a field for COLUMN, and its name: "v.products". */
bool view_is_asked (const MarketFormModel *m, const MarketColumn *column);
const char *view_market_field (const Page *page, const MarketColumn *column);
/* What the field has: what was sent, else what the entry says; CODE among it. */
const char *view_market_said (const Page *page, const MarketField *f);
bool view_market_has (const MarketField *f, const char *code);
