/* HTML: text made safe to stand in a page.  Building pages is the web's work. */
#pragma once

#include <glib.h>
#include "text.h"

/* Append TEXT to OUT so that it reads as itself between tags: & < > are escaped. */
void html_escape_text (GString *out, Text text);
/* As above, also fit for a quoted attribute value: " and ' are escaped too. */
void html_escape_attribute (GString *out, Text text);
