#include "reading.h"

/* Layout: a text as a printer, a scanner or a web page left it becomes logical
 * paragraphs.
 *
 * A line that starts a block (heading, 附件：, 抄送：, a date …) always opens a
 * paragraph.  Otherwise a line continues the one before it, unless that one has
 * ended: with a full stop, or, in a title or a heading, by being shorter than a
 * line of this text may be.  How long that is comes from the text itself: most
 * lines of a printed page reach the same margin. */

typedef struct {
  Text text;
  unsigned number;
  int columns, indent;
  bool after_blank, after_page;
} Line;

typedef struct {
  GArray *lines;
  bool blanks_tell;  /* an empty line parts paragraphs (not where every line has one) */
  bool indents_tell; /* a set-in line opens a paragraph */
  bool wrapped;      /* lines reach a common margin */
  int full;          /* a line of so many columns was broken by the margin */
} Page;

/* --- characters ---------------------------------------------------------- */

static gunichar
plain_char (gunichar c)
{
  if ((c >= U'０' && c <= U'９') || (c >= U'Ａ' && c <= U'Ｚ') || (c >= U'ａ' && c <= U'ｚ') || c == U'％'
      || c == U'．')
    return c - 0xFEE0;
  if (c == 0x3000 || c == 0xA0 || c == '\t' || (c >= 0x2000 && c <= 0x200A) || c == 0x202F)
    return ' ';
  if (c == 0x200B || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF || c == 0xAD)
    return 0;
  if (c == '\v' || c == 0x2028 || c == 0x2029 || c == 0x85)
    return '\n';
  return c < 0x20 && c != '\n' && c != '\f' ? 0 : c;
}

/* Width forms, blanks and line ends in one form; an indent of U+3000 counts two. */
static Text
plain_text (Arena *arena, Text text)
{
  char *out = arena_alloc (arena, text.len * 2 + 1);
  size_t n = 0;
  for (size_t i = 0; i < text.len; i = char_next (text, i)) {
    gunichar c = char_at (text, i);
    gunichar plain = plain_char (c);
    if (c == '\r')
      plain = i + 1 < text.len && text.bytes[i + 1] == '\n' ? 0 : '\n';
    if (!plain)
      continue;
    n += (size_t)g_unichar_to_utf8 (plain, out + n);
    if (c == 0x3000)
      out[n++] = ' ';
  }
  return (Text){ out, n };
}

static bool
is_word_char (gunichar c)
{
  return c < 0x2E80 && (g_unichar_isalnum (c) || (c > 0x20 && c < 0x7F && !strchr ("()[]<>\"", (int)c)));
}

/* Blanks stay only between Latin words; "81 号" and "2021 年" lose theirs. */
static Text
squeeze (Arena *arena, Text line)
{
  char *out = arena_alloc (arena, line.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < line.len; i = char_next (line, i)) {
    size_t len = char_next (line, i) - i;
    if (line.bytes[i] != ' ') {
      memcpy (out + n, line.bytes + i, len);
      n += len;
      continue;
    }
    size_t next = i;
    while (next < line.len && line.bytes[next] == ' ')
      next++;
    gunichar before = n ? char_last ((Text){ out, n }) : 0, after = char_at (line, next);
    bool words = is_word_char (before) && is_word_char (after);
    if (words && !(g_unichar_isdigit (before) && g_unichar_isdigit (after)))
      out[n++] = ' ';
    i = next - 1;
  }
  return (Text){ out, n };
}

/* --- lines ----------------------------------------------------------------- */

static bool
is_dash (gunichar c)
{
  return c == '-' || c == U'—' || c == U'–' || c == U'－' || c == U'―' || c == '_' || c == '*' || c == '='
         || c == U'─' || c == U'━';
}

/* — 1 —, -1-, 第1页, 第1页共9页; a ruled line */
static bool
is_page_furniture (Text line)
{
  size_t i = 0;
  bool dashes = false, digits = false;
  for (; i < line.len; i = char_next (line, i)) {
    gunichar c = char_at (line, i);
    if (is_dash (c))
      dashes = true;
    else if (g_unichar_isdigit (c))
      digits = true;
    else if (c != ' ')
      break;
  }
  if (i == line.len)
    return dashes && (digits || line.len >= 9) && line.len <= 400;
  if (!word_at (line, 0, "第") || line.len > 60)
    return false;
  bool page = false;
  for (i = 0; i < line.len; i = char_next (line, i)) {
    gunichar c = char_at (line, i);
    page = page || c == U'页';
    if (!g_unichar_isdigit (c) && !char_is_numeral (c) && c != U'第' && c != U'页' && c != U'共' && c != '/')
      return false;
  }
  return page;
}

static bool
all_digits (Text line)
{
  for (size_t i = 0; i < line.len; i++)
    if (!g_ascii_isdigit (line.bytes[i]))
      return false;
  return line.len > 0 && line.len <= 4;
}

/* A bare number beside a form feed is a page number too. */
static void
drop_page_numbers (GArray *lines)
{
  guint kept = 0;
  for (guint i = 0; i < lines->len; i++) {
    Line line = g_array_index (lines, Line, i);
    bool before_page = i + 1 < lines->len && g_array_index (lines, Line, i + 1).after_page;
    if (all_digits (line.text) && (line.after_page || before_page))
      continue;
    g_array_index (lines, Line, kept++) = line;
  }
  g_array_set_size (lines, kept);
}

static GArray *
lines_of (Arena *arena, Text text)
{
  GArray *lines = g_array_new (FALSE, TRUE, sizeof (Line));
  unsigned number = 1;
  bool blank = false, page = false;
  for (size_t i = 0; i < text.len;) {
    size_t end = i;
    while (end < text.len && text.bytes[end] != '\n' && text.bytes[end] != '\f')
      end++;
    Text raw = text_slice (text, i, end);
    size_t indent = 0;
    while (indent < raw.len && raw.bytes[indent] == ' ')
      indent++;
    Text squeezed = squeeze (arena, text_trim (raw));
    if (squeezed.len == 0)
      blank = true;
    else if (!text_starts_with (squeezed, "# SOURCE:") && !text_starts_with (squeezed, "#SOURCE:")
             && !is_page_furniture (squeezed)) {
      Line line = { squeezed, number, text_columns (squeezed), (int)MIN (indent, 200), blank, page };
      g_array_append_val (lines, line);
      blank = page = false;
    }
    if (end < text.len && text.bytes[end] == '\f')
      page = true;
    else
      number++;
    i = end + 1;
  }
  drop_page_numbers (lines);
  return lines;
}

/* --- what the page is like --------------------------------------------------- */

static const Line *
line_at (const Page *page, guint i)
{
  return &g_array_index (page->lines, Line, i);
}

/* A bracket ends a sentence when it stands after its full stop, as a unit note
 * does, on a line of its own, or opened on an earlier line. */
static bool
bracket_ends_sentence (Text text)
{
  int depth = 0;
  for (size_t i = text.len; i > 0;) {
    i = char_previous (text, i);
    depth += pairs_depth (text_slice (text, i, char_next (text, i)));
    if (depth == 0 && i == 0)
      return !heading_of (text).level;
    if (depth == 0)
      return char_at (text, char_previous (text, i)) == U'。'
             || units_label_at (text, char_next (text, i), NULL);
  }
  return true;
}

static bool
ends_sentence (Text text)
{
  switch (char_last (text)) {
  case U'）':
  case ')':
  case U'〕':
  case ']':
  case U'】':
  case U'］': return bracket_ends_sentence (text);
  case U'”':
  case '"':
  case U'》': return false;
  default: return char_ends_sentence (char_last (text));
  }
}

enum { MARGIN_MIN = 24, MARGIN_MAX = 160, MARGIN_PLAY = 4 };

/* The margin most broken lines reach and few lines exceed, or 0. */
static int
common_margin (const Page *page)
{
  guint count[MARGIN_MAX + 1] = { 0 }, all[MARGIN_MAX + 1] = { 0 }, broken = 0, most = 0;
  for (guint i = 0; i < page->lines->len; i++) {
    int columns = MIN (line_at (page, i)->columns, MARGIN_MAX);
    bool counts = columns >= 12 && !ends_sentence (line_at (page, i)->text);
    all[columns]++;
    count[columns] += counts;
    broken += counts;
  }
  int best = 0;
  guint beyond = all[MARGIN_MAX];
  for (int margin = MARGIN_MAX - 1; margin >= MARGIN_MIN; beyond += all[margin--]) {
    guint n = 0;
    for (int k = 0; k <= MARGIN_PLAY; k++)
      n += count[margin - k];
    if (n > most && beyond * 10 <= page->lines->len) {
      most = n;
      best = margin;
    }
  }
  return most >= 4 && most * 2 >= broken ? best : 0;
}

/* Where lines end anywhere: six tenths of the length that one in ten exceeds;
 * nothing when most lines are whole paragraphs. */
static int
ragged_margin (const Page *page)
{
  guint count[MARGIN_MAX + 1] = { 0 }, broken = 0, n = page->lines->len;
  for (guint i = 0; i < n; i++) {
    count[MIN (line_at (page, i)->columns, MARGIN_MAX)]++;
    broken += i + 1 < n && !ends_sentence (line_at (page, i)->text)
              && !heading_of (line_at (page, i)->text).level
              && !heading_of (line_at (page, i + 1)->text).level;
  }
  if (n < 8 || broken * 5 < n * 2)
    return 0;
  guint seen = 0;
  for (int columns = MARGIN_MAX; columns > 0; columns--)
    if ((seen += count[columns]) * 10 >= n)
      return columns * 6 / 10;
  return 0;
}

static Page
page_of (Arena *arena, Text text)
{
  Page page = { .lines = lines_of (arena, text) };
  guint blanks = 0, indents = 0, n = page.lines->len;
  for (guint i = 0; i < n; i++) {
    blanks += line_at (&page, i)->after_blank;
    indents += line_at (&page, i)->indent >= 2 && line_at (&page, i)->indent <= 8;
  }
  page.blanks_tell = blanks * 10 < n * 6;
  page.indents_tell = indents * 100 > n * 3 && indents * 10 < n * 6;
  int margin = common_margin (&page);
  page.wrapped = margin > 0;
  page.full = margin ? margin - 6 : ragged_margin (&page);
  return page;
}

/* --- blocks ------------------------------------------------------------------- */

static bool
is_date_line (Text line)
{
  char date[CIRCULAR_DATE];
  size_t n = date_at (line, 0, date);
  return n && n == line.len;
}

static bool
is_print_line (Text line)
{
  return line.len < 200 && (text_ends_with (line, "印发") || text_ends_with (line, "印发。"))
         && word_in (line, "年") && word_in (line, "日");
}

/* Lines that stand for themselves, whatever comes before; INSIDE a bracket a
 * label of units is the bracket's own. */
static bool
opens_block (const Page *page, guint i, bool inside)
{
  static Words labels = { "附件：",       "附件:",    "抄送：",   "抄送:",    "抄报：",
                          "抄报:",        "主送：",   "主送:",    "分送：",   "（此件",
                          "(此件",        "（本件",   "公开方式", "公开属性", "公开类别",
                          "信息公开选项", "（联系人", "(联系人",  "联系人：", "特此通知",
                          "特此公告",     NULL };
  Text line = line_at (page, i)->text;
  if (words_at (line, 0, labels) || (!inside && (units_label_at (line, 0, NULL) || other_label_at (line, 0)))
      || is_date_line (line) || is_print_line (line) || is_number_line (line) || page_label_at (line))
    return true;
  if (i + 1 >= page->lines->len || line.len > 120 || word_in (line, "。"))
    return false;
  Text next = line_at (page, i + 1)->text; /* of a signature or a print line */
  char date[CIRCULAR_DATE];
  return is_date_line (next) || (is_print_line (next) && date_at (next, 0, date));
}

bool
is_annex_mark (Text text)
{
  if (!text_starts_with (text, "附件"))
    return false;
  size_t i = strlen ("附件");
  while (i < text.len && (g_ascii_isdigit (text.bytes[i]) || char_is_numeral (char_at (text, i))))
    i = char_next (text, i);
  return i == text.len;
}

/* Lines after which nothing can follow in the same paragraph. */
static bool
closes_block (Text text)
{
  bool openness = text_starts_with (text, "公开") && text_ends_with (text, "公开") && text.len < 60;
  return openness || is_number_line (text) || is_date_line (text) || is_print_line (text)
         || is_annex_mark (text) || text_starts_with (text, "（此件") || text_starts_with (text, "(此件")
         || text_ends_with (text, "文件");
}

/* --- joining -------------------------------------------------------------------- */

typedef struct {
  const Page *page;
  GArray *paragraphs;
  GString *buffer; /* the paragraph so far */
  Paragraph current;
  guint last;                 /* index of the line added last */
  unsigned lines;             /* lines in the buffer */
  int depth;                  /* brackets open in it */
  bool stopped;               /* a sentence has ended in it */
  unsigned seen[LEVEL_COUNT]; /* the last number of each level */
  bool in_body;               /* after the first heading: what is no heading is a sentence */
} Joiner;

static bool
mid_sentence (const Joiner *j)
{
  return j->buffer->len > 0 && (j->stopped || j->buffer->len > 180)
         && !ends_sentence ((Text){ j->buffer->str, j->buffer->len });
}

/* A line may open like a heading by chance, having been broken there: in the
 * middle of a sentence only the next number in turn is believed. */
static Heading
believed_heading (const Joiner *j, Text line)
{
  Heading heading = heading_of (line);
  if (!heading.level)
    return heading;
  unsigned last = j->seen[heading.level];
  bool in_turn = heading.number == last + 1;
  bool plausible = in_turn || heading.number == 1 || heading.level != LEVEL_THIRD;
  bool torn = mid_sentence (j) || j->depth > 0;
  if ((torn && !in_turn) || !plausible)
    heading.level = LEVEL_NONE;
  return heading;
}

/* Whether the lines from I to the next heading end without a full stop: then
 * they are all one heading that was broken. */
static bool
run_is_title (const Joiner *j, guint i)
{
  for (guint n = 0; n < 4 && i < j->page->lines->len; n++, i++) {
    Text line = line_at (j->page, i)->text;
    if (ends_sentence (line) || word_in (line, "。"))
      return false;
    if (i + 1 == j->page->lines->len || heading_of (line_at (j->page, i + 1)->text).level)
      return i + 1 < j->page->lines->len;
  }
  return false;
}

/* Where lines end anywhere, a few characters before the first full stop are the
 * rest of a heading that was broken. */
static bool
heading_goes_on (const Joiner *j, Text so_far, Text next)
{
  enum { REST = 18 * 3, WHOLE = 44 * 3 /* bytes of Chinese characters */ };
  ptrdiff_t stop = text_find (next, "。", 0);
  return j->current.heading.level && j->page->full && !j->page->wrapped && stop >= 0 && stop <= REST
         && so_far.len + (size_t)stop <= WHOLE && !word_in (so_far, "。");
}

/* A title has ended with its kind of document, unless a 的 goes on ("…意见 / 的通知"). */
static bool
title_ended (const Joiner *j, Text so_far, Text next)
{
  static Words going_on = { "的", "》", "（", "(", "〉", "和", "及", "，", "、", NULL };
  static Words stops = { "，", "：", "、", NULL };
  bool title = j->lines <= 4 && !j->current.heading.level && char_last (so_far) != U'》'
               && is_document_title (so_far) && !words_in (so_far, stops);
  return title && !words_at (next, 0, going_on);
}

/* Whether the paragraph so far goes on in line I. */
static bool
continues (const Joiner *j, guint i)
{
  const Line *last = line_at (j->page, j->last), *line = line_at (j->page, i);
  Text so_far = { j->buffer->str, j->buffer->len };
  gunichar end = char_last (so_far);
  if (closes_block (so_far) || title_ended (j, so_far, line->text))
    return false;
  static Words closing = {
    "。", "，", "、", "；", "：", "）", "”", "》", "%", ",", ";", ")", ":", NULL
  }; /* nothing opens with these */
  if (j->depth > 0 || end == U'，' || end == U'、' || end == ',' || words_at (line->text, 0, closing))
    return true;
  bool set_in = j->page->indents_tell && line->indent >= 2;
  bool parted = set_in || (j->page->blanks_tell && line->after_blank);
  int full = j->page->full - (j->lines == 1 ? 4 : 0); /* a first line is set in by two characters */
  bool reaches = j->page->full && last->columns >= full;
  bool hangs = j->page->indents_tell && line->indent == 0 && j->stopped; /* where paragraphs are set in */
  if (ends_sentence (so_far))
    return j->page->wrapped && !parted && (reaches || hangs) && end != U'：' && end != ':';
  bool comma = word_in (so_far, "，") || word_in (so_far, ",");
  bool sentence = j->in_body || comma;
  bool heads = j->current.heading.level && !(j->current.heading.level == LEVEL_ARTICLE && comma);
  bool titled = heads || !sentence || text_starts_with (so_far, "附件");
  if (j->stopped || j->buffer->len > 180 || !titled)
    return true;
  return (reaches && !set_in) || (j->current.heading.level && run_is_title (j, i))
         || heading_goes_on (j, so_far, line->text);
}

/* Whether the break between two Latin letters parted words, not one word: a
 * capital opens a word, a fragment of one or two letters does not stand alone. */
static bool
parts_words (Text before, Text after)
{
  size_t from = before.len, to = 0;
  while (from > 0 && g_ascii_isalpha (before.bytes[from - 1]))
    from--;
  while (to < after.len && g_ascii_isalpha (after.bytes[to]))
    to++;
  if (from == before.len || to == 0 || g_ascii_isupper (before.bytes[before.len - 1]))
    return false;
  return g_ascii_isupper (after.bytes[0]) || (before.len - from > 2 && to > 2);
}

static void
joiner_add (Joiner *j, guint i)
{
  Text line = line_at (j->page, i)->text;
  if (parts_words ((Text){ j->buffer->str, j->buffer->len }, line))
    g_string_append_c (j->buffer, ' ');
  g_string_append_len (j->buffer, line.bytes, (gssize)line.len);
  j->depth = CLAMP (j->depth + pairs_depth (line), 0, 8);
  if (j->lines++ > 40)
    j->depth = 0; /* what is open for so long was never closed */
  j->stopped = j->stopped || word_in (line, "。");
  j->last = i;
}

static void
joiner_flush (Joiner *j, Arena *arena)
{
  if (j->buffer->len) {
    j->current.text = arena_text_copy (arena, (Text){ j->buffer->str, j->buffer->len });
    if (j->current.heading.level)
      j->current.heading = heading_of (j->current.text);
    g_array_append_val (j->paragraphs, j->current);
  }
  g_string_truncate (j->buffer, 0);
  j->current = (Paragraph){ 0 };
  j->depth = 0;
  j->lines = 0;
  j->stopped = false;
}

/* --- headings inside a paragraph --------------------------------------------------- */

/* Where the line ends were lost, the next heading in turn stands after a full
 * stop, a unit note, or the title of the level above. */
static bool
heading_inside (const Paragraph *p, Text text, size_t i, const unsigned seen[LEVEL_COUNT])
{
  Heading heading = heading_of (text_slice (text, i, text.len));
  if (heading.level != LEVEL_FIRST && heading.level != LEVEL_SECOND && heading.level != LEVEL_ARTICLE)
    return false;
  gunichar before = char_at (text, char_previous (text, i));
  bool in_turn = heading.number == seen[heading.level] + 1;
  if (before == U'。' || before == U'：')
    return in_turn
           || (heading.number == 1 && heading.level == LEVEL_SECOND && p->heading.level == LEVEL_FIRST);
  if (heading.level == LEVEL_SECOND && p->heading.level == LEVEL_FIRST)
    return in_turn || heading.number == 1;
  return in_turn && ends_sentence (text_slice (text, i > 600 ? i - 600 : 0, i));
}

static void
split_inside (Arena *arena, GArray *out, Paragraph p, unsigned seen[LEVEL_COUNT])
{
  Text text = p.text;
  Pairs pairs = pairs_of (arena, text);
  size_t from = 0;
  seen[p.heading.level] = p.heading.number;
  for (size_t i = p.heading.rest; i < text.len; i = pairs_skip (&pairs, i)) {
    if (i == 0 || !heading_inside (&p, text, i, seen))
      continue;
    p.text = arena_text_copy (arena, text_slice (text, from, i));
    g_array_append_val (out, p);
    from = i;
    p.heading = heading_of (text_slice (text, i, text.len));
    seen[p.heading.level] = p.heading.number;
    i += p.heading.rest;
    if (i >= text.len)
      break;
  }
  if (from) {
    p.text = arena_text_copy (arena, text_slice (text, from, text.len));
    p.heading = heading_of (p.text);
  }
  g_array_append_val (out, p);
}

static GArray *
split_all (Arena *arena, GArray *paragraphs)
{
  GArray *out = g_array_new (FALSE, TRUE, sizeof (Paragraph));
  unsigned seen[LEVEL_COUNT] = { 0 };
  for (guint i = 0; i < paragraphs->len; i++)
    split_inside (arena, out, g_array_index (paragraphs, Paragraph, i), seen);
  g_array_unref (paragraphs);
  return out;
}

GArray *
layout_paragraphs (Arena *arena, Text text)
{
  Page page = page_of (arena, plain_text (arena, text));
  g_autoptr (GString) buffer = g_string_new (NULL);
  Joiner j = { .page = &page, .paragraphs = g_array_new (FALSE, TRUE, sizeof (Paragraph)), .buffer = buffer };
  for (guint i = 0; i < page.lines->len; i++) {
    Heading heading = believed_heading (&j, line_at (&page, i)->text);
    if (heading.level || opens_block (&page, i, j.depth > 0) || (j.buffer->len && !continues (&j, i)))
      joiner_flush (&j, arena);
    if (j.buffer->len == 0) {
      j.current.line = line_at (&page, i)->number;
      j.current.heading = heading;
      j.seen[heading.level] = heading.number;
      j.in_body = j.in_body || heading.level;
    }
    joiner_add (&j, i);
  }
  joiner_flush (&j, arena);
  g_array_unref (page.lines);
  return split_all (arena, j.paragraphs);
}
