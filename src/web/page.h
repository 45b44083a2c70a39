/* Page: what every compiled template knows besides its own parameters, and the
 * few words that several templates need. */
#pragma once

#include "web/assets.h"
#include "web/request.h"

typedef enum {
  NAV_NONE,
  NAV_CIRCULAR,
  NAV_TASKS,
  NAV_CLAUSES,
  NAV_SERVICES,
  NAV_SHARING,
  NAV_ME,
  NAV_DATA,
  NAV_NOTICES,
  NAV_ROUNDS,
  NAV_JOBS,
  NAV_EVENTS,
  NAV_REGISTERS,
  NAV_STAFF,
  NAV_CASES,
  NAV_DESK,
  NAV_DEPARTMENT,
  NAV_QUEUE,
  NAV_AUDIT,
  NAV_IMPORTS,
  NAV_DUPLICATES,
  NAV_CONFLICTS,
  NAV_TOWNSHIPS,
  NAV_BARRIERS,
  NAV_STATISTICS,
  NAV_REFORMS
} NavigationItem;

typedef struct {
  Arena *arena;
  const PolicyPackage *package;
  Language language;
  const char *title; /* of the document, translated */
  const char *path;
  const char *other_language; /* this page in the other language */
  const AccessAccount *account;
  const char *form_token; /* for forms of a logged-in person, or NULL */
  NavigationItem active;
  size_t unread;      /* messages in the inbox, NOTICES_UNREAD_MAX at most */
  const char *script; /* the address of the page's own script, or NULL; the response says scripts */
} Page;

/* The page of REQUEST, titled TITLE. */
Page web_page (const WebRequest *request, const char *title, NavigationItem active);

/* The address of this page with its query, in LANGUAGE ("en"), or NULL: unsaid. */
const char *web_address (const WebRequest *request, const char *language);

/* The text in the page's language. */
static inline const char *
page_text (const Page *page, PolicyText text)
{
  return page->language == LANGUAGE_EN && text.en && *text.en ? text.en : text.zh;
}

/* The same of two names. */
static inline const char *
page_label (const Page *page, const char *zh, const char *en)
{
  return page_text (page, (PolicyText){ zh, en });
}

/* "zh-CN" where TEXT has no words in the page's language, for the lang attribute; else NULL. */
static inline const char *
page_text_language (const Page *page, PolicyText text)
{
  bool untranslated = !text.en || !*text.en || text.en == text.zh; /* as policy fills it in */
  return page->language != LANGUAGE_ZH && untranslated ? language_tags[LANGUAGE_ZH] : NULL;
}

/* "page" where ITEM is the open one, for aria-current; else NULL. */
static inline const char *
page_current (const Page *page, NavigationItem item)
{
  return page->active == item ? "page" : NULL;
}
