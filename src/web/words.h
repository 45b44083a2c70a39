/* Words: the messages of the page's language, for the files that put views together. */
#pragma once

#include "web/view.h"

#define WORD(page, message) message_text ((page)->arena, (page)->language, (message), NULL, 0)
#define WORDS(page, message, ...)                                                                            \
  message_text ((page)->arena, (page)->language, (message), (HtmlValue[]){ __VA_ARGS__ },                    \
                G_N_ELEMENTS (((HtmlValue[]){ __VA_ARGS__ })))
