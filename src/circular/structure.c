#include "reading.h"

/* Structure: which headings are sections, which are clauses, and what belongs
 * to each.  The rule stands in circular.h. */

typedef enum { ROLE_TEXT, ROLE_SECTION, ROLE_GROUP, ROLE_CLAUSE } Role;

typedef struct {
  Circular *circular;
  Arena *arena;
  GArray *paragraphs; /* Paragraph, those of the body */
  Role *roles;
  bool *noted;       /* by paragraph: it holds a unit note */
  bool *noted_first; /* and opens with it */
  bool any_note;
  Inheritance inheritance;
  /* what is being read */
  GArray *sections, *clauses; /* CircularSection; CircularClause of the last one */
  GString *body;              /* text of the section outside its clauses */
  const char *group;
  Text section_line;     /* the section's heading where it names units for its clauses */
  GArray *section_notes; /* NoteSpan, in that line; or NULL */
} Reader;

static const Paragraph *
at (const Reader *r, guint i)
{
  return &g_array_index (r->paragraphs, Paragraph, i);
}

static Level
level_at (const Reader *r, guint i)
{
  return at (r, i)->heading.level;
}

/* --- roles ------------------------------------------------------------------ */

/* Where what paragraph I heads ends: the next heading of its level or above. */
static guint
extent (const Reader *r, guint i)
{
  guint end = i + 1;
  while (end < r->paragraphs->len && (!level_at (r, end) || level_at (r, end) > level_at (r, i)))
    end++;
  return end;
}

/* Whether at least half of the "1." in [from, to) name their units. */
static bool
items_are_noted (const Reader *r, guint from, guint to)
{
  guint items = 0, noted = 0;
  bool counted = true;
  for (guint i = from; i < to; i++) {
    if (level_at (r, i) == LEVEL_THIRD) {
      items++;
      counted = false;
    }
    if (!counted && r->noted[i]) {
      noted++;
      counted = true;
    }
  }
  return items > 0 && noted * 2 >= items;
}

static void
set_items (Reader *r, guint from, guint to, Role role)
{
  for (guint i = from; i < to; i++)
    if (level_at (r, i) == LEVEL_THIRD)
      r->roles[i] = role;
}

static void
set_rule_roles (Reader *r)
{
  for (guint i = 0; i < r->paragraphs->len; i++) {
    Level level = level_at (r, i);
    r->roles[i] = level == LEVEL_CHAPTER   ? ROLE_SECTION
                  : level == LEVEL_PART    ? ROLE_GROUP
                  : level == LEVEL_ARTICLE ? ROLE_CLAUSE
                                           : ROLE_TEXT;
  }
}

static void
set_second_roles (Reader *r, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    if (level_at (r, i) == LEVEL_SECOND) {
      guint end = MIN (extent (r, i), to);
      bool group = items_are_noted (r, i + 1, end);
      r->roles[i] = group ? ROLE_GROUP : ROLE_CLAUSE;
      set_items (r, i + 1, end, group ? ROLE_CLAUSE : ROLE_TEXT);
    }
}

/* The headings of a span that opens below level 一、. */
static void
set_lower_roles (Reader *r, guint from, guint to)
{
  guint second = from;
  while (second < to && level_at (r, second) != LEVEL_SECOND)
    second++;
  if (!r->any_note || items_are_noted (r, from, second))
    set_items (r, from, second, ROLE_CLAUSE);
  set_second_roles (r, second, to);
}

static bool
has_role (const Reader *r, Role role)
{
  for (guint i = 0; i < r->paragraphs->len; i++)
    if (r->roles[i] == role)
      return true;
  return false;
}

/* Chapters are sections unless 一、 stands below them. */
static guint
next_top (const Reader *r, guint i, bool firsts)
{
  while (i < r->paragraphs->len && level_at (r, i) != LEVEL_FIRST
         && (firsts || level_at (r, i) != LEVEL_CHAPTER))
    i++;
  return i;
}

static void
set_plan_roles (Reader *r)
{
  guint n = r->paragraphs->len, firsts = 0;
  for (guint i = 0; i < n; i++) {
    firsts += level_at (r, i) == LEVEL_FIRST;
    if (level_at (r, i) == LEVEL_CHAPTER)
      r->roles[i] = ROLE_GROUP;
  }
  guint first = next_top (r, 0, firsts > 0);
  set_lower_roles (r, 0, first);
  for (guint i = first; i < n;) {
    guint end = next_top (r, i + 1, firsts > 0);
    r->roles[i] = ROLE_SECTION;
    set_lower_roles (r, i + 1, end);
    i = end;
  }
  if (!has_role (r, ROLE_CLAUSE))
    for (guint i = 0; i < n; i++)
      if (r->roles[i] == ROLE_SECTION)
        r->roles[i] = ROLE_CLAUSE;
}

static void
set_roles (Reader *r)
{
  guint articles = 0, n = r->paragraphs->len;
  r->roles = arena_new0 (r->arena, Role, n + 1);
  r->noted = arena_new0 (r->arena, bool, n + 1);
  r->noted_first = arena_new0 (r->arena, bool, n + 1);
  for (guint i = 0; i < n; i++) {
    articles += level_at (r, i) == LEVEL_ARTICLE;
    r->noted[i] = units_noted (r->arena, at (r, i)->text, &r->noted_first[i]);
    r->any_note = r->any_note || r->noted[i];
  }
  if (articles >= 2)
    set_rule_roles (r);
  else
    set_plan_roles (r);
}

/* --- one clause ----------------------------------------------------------------- */

/* A clause's text without its unit notes, and where each note stood in it. */
typedef struct {
  Text text;
  GArray *notes;   /* NoteSpan, in the text with notes */
  size_t *at;      /* in the text without */
  const char *raw; /* the notes as written */
} Bare;

static Bare
bare_of (Arena *arena, Text text)
{
  Pairs pairs = pairs_of (arena, text);
  Bare bare = { .notes = units_notes (arena, &pairs) };
  bare.at = arena_new0 (arena, size_t, bare.notes->len + 1);
  g_autoptr (GString) out = g_string_sized_new (text.len), raw = g_string_new (NULL);
  size_t from = 0;
  for (guint k = 0; k <= bare.notes->len; k++) {
    NoteSpan note = { text.len, text.len, 0 };
    if (k < bare.notes->len)
      note = g_array_index (bare.notes, NoteSpan, k);
    if (k > 0 && word_at (text, from, "。"))
      from += strlen ("。");
    g_string_append_len (out, text.bytes + from, (gssize)(MAX (note.from, from) - from));
    if (k < bare.notes->len)
      g_string_append_printf (raw, "%s%.*s", raw->len ? "\n" : "", (int)(note.to - note.from),
                              text.bytes + note.from);
    bare.at[k] = out->len;
    from = MAX (note.to, from);
  }
  bare.text = text_trim (arena_text_copy (arena, (Text){ out->str, out->len }));
  bare.raw = raw->len ? arena_text (arena, text_of (raw->str)) : NULL;
  return bare;
}

enum { TITLE_MAX = 40, TITLE_LINE_MAX = 60 };

/* Where the title of TEXT ends and the text after it begins; 0 when it has none. */
static size_t
title_end (Arena *arena, Text text, size_t *rest)
{
  Pairs pairs = pairs_of (arena, text);
  size_t i = 0;
  while (i < text.len && text.bytes[i] != '\n' && char_at (text, i) != U'。')
    i = pairs_skip (&pairs, i);
  bool line = i == text.len || text.bytes[i] == '\n';
  if (text_length (text_slice (text, 0, i)) > (line ? TITLE_LINE_MAX : TITLE_MAX))
    return 0;
  *rest = char_next (text, i);
  gunichar end = i ? char_at (text, char_previous (text, i)) : 0;
  return end == U'：' || end == ':' ? char_previous (text, i) : i;
}

static void
set_units (Reader *r, CircularClause *clause, Text whole, const Bare *bare, const Pairs *pairs)
{
  clause->units_note = bare->raw;
  clause->units = bare->notes->len
                      ? units_read (r->arena, whole, bare->notes, &r->inheritance, &clause->n_units)
                      : units_in_sentence (r->arena, pairs, &r->inheritance, &clause->n_units);
  if (clause->n_units == 0 && r->section_notes)
    clause->units
        = units_read (r->arena, r->section_line, r->section_notes, &r->inheritance, &clause->n_units);
  clause->n_inherited_units = r->inheritance.names->len;
  const char **names = arena_new0 (r->arena, const char *, clause->n_inherited_units + 1);
  for (size_t i = 0; i < clause->n_inherited_units; i++)
    names[i] = g_ptr_array_index (r->inheritance.names, i);
  clause->inherited_units = names;
}

static void
set_figures (Reader *r, CircularClause *clause, GArray *found, GArray *actions)
{
  CircularFigure *figures = arena_new0 (r->arena, CircularFigure, found->len);
  for (guint i = 0; i < found->len; i++)
    figures[i] = g_array_index (found, FigureFound, i).figure;
  clause->figures = figures;
  clause->n_figures = found->len;
  guint k = 0;
  for (guint i = 0; i < actions->len; i++) {
    ActionFound *action = &g_array_index (actions, ActionFound, i);
    action->action.figures = figures + k;
    while (k < found->len && g_array_index (found, FigureFound, k).at < action->to)
      k++, action->action.n_figures++;
  }
}

static void
set_actions (Reader *r, CircularClause *clause, GArray *found, const Bare *bare, size_t offset)
{
  CircularAction *actions = arena_new0 (r->arena, CircularAction, found->len);
  guint note = 0;
  for (guint i = 0; i < found->len; i++) {
    const ActionFound *action = &g_array_index (found, ActionFound, i);
    while (note + 1 < bare->notes->len && action->from + offset >= bare->at[note])
      note++;
    actions[i] = action->action;
    actions[i].part = bare->notes->len ? g_array_index (bare->notes, NoteSpan, note).part : 1;
  }
  clause->actions = actions;
  clause->n_actions = found->len;
}

/* Fill CLAUSE from WHOLE, its text with title and notes. */
static void
read_clause (Reader *r, CircularClause *clause, Text whole, bool titled)
{
  Bare bare = bare_of (r->arena, whole);
  size_t rest = 0, end = titled ? title_end (r->arena, bare.text, &rest) : 0;
  clause->title = arena_text (r->arena, text_trim (text_slice (bare.text, 0, end)));
  Text text = end ? text_slice (bare.text, rest, bare.text.len) : bare.text;
  if (text_trim (text).len == 0)
    text = bare.text;
  size_t offset = (size_t)(text.bytes - bare.text.bytes);
  Pairs pairs = pairs_of (r->arena, text);
  clause->text = arena_text (r->arena, text_trim (text));
  set_units (r, clause, whole, &bare, &pairs);
  g_autoptr (GArray) figures = figures_read (r->arena, &pairs);
  g_autoptr (GArray) actions = actions_read (r->arena, &pairs);
  set_figures (r, clause, figures, actions);
  set_actions (r, clause, actions, &bare, offset);
  g_array_unref (bare.notes);
}

/* --- the body in order --------------------------------------------------------------- */

/* The paragraphs [from, to), the first without its heading, as one text. */
static Text
joined (const Reader *r, guint from, guint to)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = from; i < to; i++) {
    const Paragraph *p = at (r, i);
    Text text = p->text;
    if (i == from && r->roles[i] != ROLE_TEXT)
      text = text_slice (text, p->heading.rest, text.len);
    g_string_append_printf (out, "%s%.*s", i > from ? "\n" : "", (int)text.len, text.bytes);
  }
  return arena_text_copy (r->arena, (Text){ out->str, out->len });
}

static CircularSection *
last_section (Reader *r)
{
  if (r->sections->len == 0) {
    CircularSection none = { .label = "", .title = "" };
    g_array_append_val (r->sections, none);
  }
  return &g_array_index (r->sections, CircularSection, r->sections->len - 1);
}

static const CircularClause *
read_unnumbered (Reader *r, Text text)
{
  CircularClause *clause = arena_new0 (r->arena, CircularClause, 1);
  clause->label = "";
  read_clause (r, clause, text, false);
  return clause;
}

static void
close_section (Reader *r)
{
  if (r->sections->len == 0 && r->clauses->len == 0 && r->body->len == 0)
    return;
  CircularSection *section = last_section (r);
  if (r->body->len)
    section->body = read_unnumbered (r, arena_text_copy (r->arena, (Text){ r->body->str, r->body->len }));
  g_string_truncate (r->body, 0);
  CircularClause *clauses = arena_new0 (r->arena, CircularClause, r->clauses->len);
  if (r->clauses->len)
    memcpy (clauses, r->clauses->data, r->clauses->len * sizeof *clauses);
  section->clauses = clauses;
  section->n_clauses = r->clauses->len;
  g_array_set_size (r->clauses, 0);
}

/* TEXT, which may be empty, stands in the section outside its clauses. */
static void
add_body (Reader *r, Text text)
{
  text = text_trim (text);
  if (text.len)
    g_string_append_printf (r->body, "%s%.*s", r->body->len ? "\n" : "", (int)text.len, text.bytes);
}

/* Title and further text of a section or a group. */
static const char *
heading_title (Reader *r, Text text, Text *more)
{
  size_t rest = text.len, end = title_end (r->arena, text, &rest);
  *more = text_slice (text, end ? rest : 0, text.len);
  return arena_text (r->arena, text_trim (text_slice (text, 0, end)));
}

static bool
opens_closing (Text text)
{
  static Words ends = { "特此", "以上意见", "请各", "望各", "请结合", "请认真", NULL };
  ptrdiff_t since = text_find (text, "自", 0);
  bool in_force = text_starts_with (text, "本") && since > 0 && since < 60;
  return in_force || words_at (text, 0, ends);
}

static void
forget_section_notes (Reader *r)
{
  g_clear_pointer (&r->section_notes, g_array_unref);
}

/* The title of a heading that names units: "一、扩大供给（县商务局牵头）"; NULL when
 * paragraph I is none.  They answer for the clauses that name nobody. */
static const char *
noted_title (Reader *r, guint i)
{
  const Paragraph *p = at (r, i);
  Text line = text_slice (p->text, p->heading.rest, p->text.len);
  Bare bare = bare_of (r->arena, line);
  bool title = bare.notes->len && bare.text.len && !word_in (bare.text, "。")
               && text_length (bare.text) <= TITLE_LINE_MAX;
  if (!title) {
    g_array_unref (bare.notes);
    return NULL;
  }
  r->section_line = line;
  r->section_notes = bare.notes;
  return arena_text (r->arena, bare.text);
}

static void
open_section (Reader *r, guint from, guint to)
{
  close_section (r);
  forget_section_notes (r);
  const Heading *heading = &at (r, from)->heading;
  CircularSection section = { .number = heading->number, .label = arena_text (r->arena, heading->label) };
  Text more, text = joined (r, from, to);
  const char *noted = noted_title (r, from);
  if (noted)
    more = joined (r, from + 1, to);
  section.title = noted                  ? noted
                  : opens_closing (text) ? "" /* 三、本措施自…施行。 */
                                         : heading_title (r, text, &more);
  if (!*section.title)
    more = text;
  g_array_append_val (r->sections, section);
  r->group = NULL;
  add_body (r, more);
}

static void
open_group (Reader *r, guint from, guint to)
{
  Text more;
  r->group = heading_title (r, joined (r, from, to), &more);
  add_body (r, more);
}

static void
open_clause (Reader *r, guint from, guint to)
{
  const Heading *heading = &at (r, from)->heading;
  CircularClause clause
      = { .number = heading->number, .label = arena_text (r->arena, heading->label), .group = r->group };
  read_clause (r, &clause, joined (r, from, to), heading->level != LEVEL_ARTICLE);
  g_array_append_val (r->clauses, clause);
}

/* What stands before the first heading: sentences are the preamble, lines the
 * title of what a notice passes on. */
static void
read_preamble (Reader *r, guint to)
{
  g_autoptr (GString) preamble = g_string_new (NULL), title = g_string_new (NULL);
  for (guint i = 0; i < to; i++) {
    Text text = at (r, i)->text;
    bool sentence = word_in (text, "。") || word_in (text, "，") || char_ends_sentence (char_last (text));
    sentence = sentence || text.len > 300;
    if (sentence)
      g_string_append_printf (preamble, "%s%.*s", preamble->len ? "\n" : "", (int)text.len, text.bytes);
    else
      g_string_append_len (title, text.bytes, (gssize)text.len);
  }
  if (preamble->len)
    r->circular->preamble = arena_text (r->arena, text_of (preamble->str));
  if (title->len)
    r->circular->attached_title = arena_text (r->arena, text_of (title->str));
}

/* The document that this one carries out: 《title》（number） in the preamble. */
static void
read_parent (Reader *r)
{
  Text text = text_of (r->circular->preamble);
  Pairs pairs = pairs_of (r->arena, text);
  for (size_t i = 0; i < text.len; i = pairs_skip (&pairs, i)) {
    if (char_at (text, i) != U'《' || !pairs.partner[i])
      continue;
    size_t end = pairs_skip (&pairs, i);
    char number[CIRCULAR_NUMBER];
    if (!char_is_bracket (char_at (text, end)) || !document_number_at (text, char_next (text, end), number))
      continue;
    r->circular->parent_title
        = arena_text (r->arena, text_slice (text, char_next (text, i), pairs.partner[i]));
    r->circular->parent_number = arena_text (r->arena, text_of (number));
    return;
  }
}

/* Where the closing begins in the last piece [from, to): after its unit note,
 * or at a sentence that only closings open with. */
static guint
closing_start (const Reader *r, guint from, guint to)
{
  if (r->roles[from] == ROLE_CLAUSE)
    for (guint i = from + 1; i < to; i++)
      if (r->noted[i - 1] && level_at (r, i) == LEVEL_NONE && !r->noted_first[i])
        return i;
  for (guint i = from + 1; i < to; i++)
    if (opens_closing (at (r, i)->text))
      return i;
  return to;
}

static void
read_body (Reader *r)
{
  guint n = r->paragraphs->len, i = 0;
  while (i < n && r->roles[i] == ROLE_TEXT)
    i++;
  read_preamble (r, i);
  while (i < n) {
    guint to = i + 1;
    while (to < n && r->roles[to] == ROLE_TEXT)
      to++;
    guint end = to == n ? closing_start (r, i, to) : to;
    if (r->roles[i] == ROLE_SECTION)
      open_section (r, i, end);
    else if (r->roles[i] == ROLE_GROUP)
      open_group (r, i, end);
    else
      open_clause (r, i, end);
    if (end < to) {
      forget_section_notes (r);
      r->circular->closing = read_unnumbered (r, joined (r, end, to));
    }
    i = to;
  }
  close_section (r);
  forget_section_notes (r);
}

/* 闽侯 of 闽侯县人民政府办公室 */
static Text
place_of (const char *issuer)
{
  static Words levels = { "省", "市", "县", "区", "州", "旗", "盟", NULL };
  Text name = text_of (issuer);
  if (text_starts_with (name, "中共"))
    name = text_slice (name, strlen ("中共"), name.len);
  for (size_t i = 6; i < name.len && i <= 24; i = char_next (name, i))
    if (words_at (name, i, levels))
      return text_slice (name, 0, i);
  return (Text){ "", 0 };
}

/* A table of contents ends where its first heading comes again, as the body's. */
static void
drop_contents (GArray *paragraphs)
{
  for (guint i = 0; i + 2 < paragraphs->len; i++) {
    Paragraph *mark = &g_array_index (paragraphs, Paragraph, i);
    Heading first = g_array_index (paragraphs, Paragraph, i + 1).heading;
    if (mark->heading.level || !text_ends_with (mark->text, "目录") || !first.level)
      continue;
    guint again = i + 2;
    while (again < paragraphs->len) {
      Heading heading = g_array_index (paragraphs, Paragraph, again).heading;
      if (heading.level == first.level && heading.number == first.number)
        break;
      again++;
    }
    if (again == paragraphs->len)
      return;
    mark->text = text_trim (text_slice (mark->text, 0, mark->text.len - strlen ("目录")));
    guint from = mark->text.len ? i + 1 : i;
    g_array_remove_range (paragraphs, from, again - from);
    return;
  }
}

void
structure_read (Circular *circular, GArray *paragraphs, Span body)
{
  Reader r = { .circular = circular, .arena = circular->arena };
  r.paragraphs = g_array_new (FALSE, FALSE, sizeof (Paragraph));
  r.sections = g_array_new (FALSE, FALSE, sizeof (CircularSection));
  r.clauses = g_array_new (FALSE, FALSE, sizeof (CircularClause));
  r.body = g_string_new (NULL);
  r.inheritance = (Inheritance){ g_ptr_array_new (), place_of (circular->issuer) };
  for (guint i = body.from; i < body.to; i++)
    if (!g_array_index (paragraphs, Paragraph, i).taken)
      g_array_append_val (r.paragraphs, g_array_index (paragraphs, Paragraph, i));
  drop_contents (r.paragraphs);
  set_roles (&r);
  read_body (&r);
  read_parent (&r);
  head_order (circular);
  circular->n_sections = r.sections->len;
  CircularSection *sections = arena_new0 (r.arena, CircularSection, r.sections->len);
  if (r.sections->len)
    memcpy (sections, r.sections->data, r.sections->len * sizeof *sections);
  circular->sections = sections;
  g_array_unref (r.paragraphs);
  g_array_unref (r.sections);
  g_array_unref (r.clauses);
  g_ptr_array_unref (r.inheritance.names);
  g_string_free (r.body, TRUE);
}
