/* What the diagram of a clause needs beside its geometry: names, and where they break. */
#include "web/view.h"

#include <string.h>

enum { LINES_MAX = 3, LINE_HEIGHT = 19, COLUMNS = 22 }; /* a Chinese character takes two columns */

const char *
view_box_name (const Page *page, const PolicyClause *clause, const DmnBox *box)
{
  if (box->decision)
    return view_name (page, clause, box->decision->name);
  return view_path (page, clause, text_of (clause->unit->variables[box->variable].name));
}

const char *
view_box_class (const DmnBox *box)
{
  if (!box->decision)
    return "diagram__box--input";
  return box->decision->role == DMN_KNOWLEDGE ? "diagram__box--knowledge" : "";
}

const char *
view_line_class (const DmnBox *from)
{
  if (!from->decision)
    return "diagram__line--input";
  return from->decision->role == DMN_KNOWLEDGE ? "diagram__line--knowledge" : "";
}

/* The end of a line that begins at TEXT: before a blank where there is one, else
 * between two characters. */
static const char *
line_end (const char *text)
{
  const char *blank = NULL, *p = text;
  for (int columns = 0; *p; p = g_utf8_next_char (p)) {
    if (*p == ' ')
      blank = p;
    columns += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
    if (columns > COLUMNS)
      return blank ? blank : p;
  }
  return p;
}

const char *const *
view_box_lines (const Page *page, const char *name)
{
  const char **lines = arena_new0 (page->arena, const char *, LINES_MAX + 1);
  for (int i = 0; i < LINES_MAX && *name; i++) {
    const char *end = line_end (name);
    bool cut = i == LINES_MAX - 1 && *end;
    lines[i] = arena_printf (page->arena, "%.*s%s", (int)(end - name), name, cut ? "…" : "");
    name = *end == ' ' ? end + 1 : end;
  }
  return lines;
}

int
view_box_text_top (const DmnBox *box, const char *const *lines)
{
  int n = (int)g_strv_length ((char **)(gsize)lines);
  return box->y + box->height / 2 - (n - 1) * LINE_HEIGHT / 2 + 5;
}
