#include "reading.h"

/* The blocks around the body, by GB/T 9704-2012: 7.2 above it (letterhead,
 * number, title, addressees), 7.3.4 to 7.3.7 after it (annex note, signature,
 * date, notes), 7.4 at the foot (copies, print line).  A notice that passes on
 * another document has its signature before that document, so blocks are looked
 * for everywhere. */

static Paragraph *
at (GArray *paragraphs, guint i)
{
  return &g_array_index (paragraphs, Paragraph, i);
}

/* --- names of bodies -------------------------------------------------------- */

static Words body_endings
    = { "政府", "办公室", "办公厅", "局",   "委",         "委员会",   "厅",       "部",   "院",   "办",
        "公司", "中心",   "会",     "处",   "署",         "社",       "支行",     "分行", "银行", "集团",
        "总队", "支队",   "大队",   "所",   "站",         "工会",     "党组",     "中央", "单位", "部门",
        "机构", "乡镇",   "街道",   "企业", "团体",       "高校",     "院校",     "学校", "政协", "人大",
        "总行", "工委",   "组织",   "党委", "人民政府）", "管委会）", "办事处）", NULL };

bool
is_body_name (Text text)
{
  return words_end (text, body_endings);
}

/* The last piece of the name that opens with piece I: "各省、自治区、直辖市人民政府" goes
 * on over 、 until a body is named. */
static guint
name_end (GArray *pieces, guint i)
{
  Text name = g_array_index (pieces, Piece, i).text;
  if (!word_in (name, "各") || is_body_name (name))
    return i;
  for (guint k = i + 1; k < pieces->len && k < i + 8; k++) {
    const Piece *piece = &g_array_index (pieces, Piece, k);
    if (piece->separator != U'、' || word_in (piece->text, "各"))
      break;
    if (is_body_name (units_bare_name (piece->text)))
      return k;
  }
  return i;
}

GArray *
bodies_of (Arena *arena, Text text)
{
  GArray *pieces = pieces_of (arena, text);
  guint n = 0;
  for (guint i = 0; i < pieces->len; i++) {
    Piece piece = g_array_index (pieces, Piece, i);
    guint end = name_end (pieces, i);
    const Text *last = &g_array_index (pieces, Piece, end).text;
    piece.text.len = (size_t)(last->bytes + last->len - piece.text.bytes);
    g_array_index (pieces, Piece, n++) = piece;
    i = end;
  }
  g_array_set_size (pieces, n);
  return pieces;
}

const char *const *
head_bodies (Arena *arena, Text text, size_t *n)
{
  while (text.len && (char_last (text) == U'。' || char_last (text) == U'：' || char_last (text) == ':'))
    text.len = char_previous (text, text.len);
  g_autoptr (GArray) pieces = bodies_of (arena, text);
  const char **names = arena_new0 (arena, const char *, pieces->len + 1);
  for (guint i = 0; i < pieces->len; i++)
    names[i] = arena_text (arena, g_array_index (pieces, Piece, i).text);
  *n = pieces->len;
  return names;
}

/* --- document number ----------------------------------------------------------- */

/* 机关代字〔年份〕序号 (GB/T 9704-2012, 7.2.5): 侯政办〔2021〕81号 */
size_t
document_number_at (Text text, size_t from, char *buffer)
{
  size_t i = from;
  while (i < text.len && i - from < 60 && g_unichar_isalpha (char_at (text, i)))
    i = char_next (text, i);
  Text office = text_slice (text, from, i);
  if (office.len < 3 || !char_is_bracket (char_at (text, i)))
    return 0;
  size_t year = char_next (text, i), end = year;
  while (end < text.len && g_ascii_isdigit (text.bytes[end]))
    end++;
  gunichar close = char_at (text, end);
  if (end - year != 4
      || (close != U'〕' && close != U']' && close != U'］' && close != U'）' && close != ')'
          && close != U'】'))
    return 0;
  size_t serial = char_next (text, end);
  if (word_at (text, serial, "第"))
    serial += strlen ("第");
  size_t last = serial;
  while (last < text.len && g_ascii_isdigit (text.bytes[last]))
    last++;
  if (last == serial || last - serial > 6 || !word_at (text, last, "号"))
    return 0;
  g_snprintf (buffer, CIRCULAR_NUMBER, "%.*s〔%.4s〕%.*s号", (int)office.len, office.bytes, text.bytes + year,
              (int)(last - serial), text.bytes + serial);
  return last + strlen ("号") - from;
}

bool
is_number_line (Text line)
{
  char number[CIRCULAR_NUMBER];
  size_t n = document_number_at (line, 0, number);
  return n && (n == line.len || word_at (line, n, "签发人"));
}

/* The number that TEXT ends with, as when the letterhead stands on its line. */
static bool
number_at_end (Text text, char *buffer)
{
  if (text.len > 200)
    return false;
  static Words before = { "文件", "文号：", "文号:", "字号：", "字号:", NULL };
  for (size_t i = 0; i < text.len; i = char_next (text, i))
    if ((i == 0 || words_end (text_slice (text, 0, i), before))
        && document_number_at (text, i, buffer) == text.len - i)
      return true;
  return false;
}

/* --- above the body -------------------------------------------------------------- */

typedef struct {
  Text letterhead, named_issuer;
  GString *before, *after; /* title lines before and after the number */
  char number[CIRCULAR_NUMBER], date[CIRCULAR_DATE];
} Above;

static bool
looks_like_addressees (Text text)
{
  static Words bodies
      = { "各", "政府", "部门", "单位", "局", "委", "院", "公司", "办", "厅", "街道", "乡", "镇", NULL };
  static Words others
      = { "如下", "以下", "通知", "意见", "附件", "抄送", "联系", "标题", "索引", "。", NULL };
  gunichar end = char_last (text);
  return (end == U'：' || end == ':') && text.len < 1500 && words_in (text, bodies)
         && !words_in (text, others);
}

/* The paragraph after the addressees, or after the title where there are none;
 * ADDRESSEES gets their index, or -1. */
static guint
body_start (GArray *paragraphs, int *addressees)
{
  guint end = 0;
  *addressees = -1;
  for (guint i = 0; i < paragraphs->len && i < 30; i++) {
    const Paragraph *p = at (paragraphs, i);
    if (p->heading.level && p->heading.level != LEVEL_THIRD)
      break;
    if (looks_like_addressees (p->text)) {
      *addressees = (int)i;
      return i + 1;
    }
  }
  while (end < paragraphs->len && end < 30) {
    const Paragraph *p = at (paragraphs, end);
    bool sentence = word_in (p->text, "。") && !char_is_bracket (char_at (p->text, 0));
    if (p->heading.level || sentence || p->text.len > 400 || char_last (p->text) == U'：')
      break;
    end++;
  }
  return end;
}

size_t
page_label_at (Text line)
{
  static Words labels = { "索引号",   "主题分类", "发文机关", "发文机构", "发布机构", "制发机关", "成文日期",
                          "发文日期", "发布日期", "发布时间", "生成日期", "标题",     "名称",     "文号",
                          "发文字号", "有效性",   "主题词",   "来源",     "信息来源", "签发人",   "公开方式",
                          "体裁分类", "组配分类", "生效日期", NULL };
  size_t n = words_at (line, 0, labels);
  gunichar colon = n ? char_at (line, n) : 0;
  return colon == U'：' || colon == ':' ? char_next (line, n) : 0;
}

static bool
read_label (Above *above, Text line)
{
  size_t n = page_label_at (line);
  Text value = text_slice (line, n, line.len);
  if (n && (word_at (line, 0, "发文机关") || word_at (line, 0, "制发机关")))
    above->named_issuer = value;
  else if (n && word_at (line, 0, "成文日期"))
    date_at (value, 0, above->date);
  return n > 0;
}

/* 份号, 密级, 紧急程度 (7.2.1 to 7.2.3), and brackets that tell who passed it when. */
static bool
is_mark (Above *above, Text line)
{
  static Words urgent = { "特急", "加急", "平急", "急件", "机密", "秘密", "绝密", NULL };
  bool digits = true;
  for (size_t i = 0; i < line.len; i++)
    digits = digits && g_ascii_isdigit (line.bytes[i]);
  if (digits || (words_at (line, 0, urgent) && line.len < 30) || word_in (line, "★"))
    return true;
  if (date_at (line, 0, above->date) == line.len)
    return true;
  bool noted = char_is_bracket (char_at (line, 0)) && g_unichar_isdigit (char_at (line, char_next (line, 0)));
  if (noted)
    date_at (line, char_next (line, 0), above->date);
  return noted;
}

static void
read_above_line (Above *above, Text line)
{
  char number[CIRCULAR_NUMBER];
  if (!above->number[0] && is_number_line (line)) {
    document_number_at (line, 0, above->number);
  } else if (!above->number[0] && number_at_end (line, number)) {
    memcpy (above->number, number, sizeof number);
    ptrdiff_t file = text_find (line, "文件", 0);
    if (file > 0)
      above->letterhead = text_slice (line, 0, (size_t)file);
  } else if (text_ends_with (line, "文件") && line.len < 150 && !word_in (line, "关于")) {
    above->letterhead = text_slice (line, 0, line.len - strlen ("文件"));
  } else if (!read_label (above, line) && !is_mark (above, line) && !is_annex_mark (line)) {
    GString *title = above->number[0] ? above->after : above->before;
    if (!memmem (title->str, title->len, line.bytes, line.len))
      g_string_append_len (title, line.bytes, (gssize)line.len);
  }
}

/* --- after the body ----------------------------------------------------------------- */

static void
read_openness (Circular *circular, Paragraph *p)
{
  static Words openings = { "（此件", "(此件", "（本件", "此件", "（", "(", NULL };
  static Words labels = { "公开方式", "公开属性", "公开类别", "信息公开选项", NULL };
  Text text = p->text;
  if (text.len > 120 || !word_in (text, "公开") || circular->openness)
    return;
  size_t label = words_at (text, 0, labels),
         from = label ? char_next (text, label) : words_at (text, 0, openings);
  gunichar end = char_last (text);
  bool bracket = end == U'）' || end == ')';
  static Words kinds = { "主动公开", "依申请公开", "不予公开", "公开发布", NULL };
  bool plain = from && bracket && words_at (text, from, kinds) == char_previous (text, text.len) - from;
  if (!label && !plain && !(from && bracket && word_in (text, "此件")) && !(from && word_in (text, "本件")))
    return;
  Text value = text_slice (text, from, bracket && !label ? char_previous (text, text.len) : text.len);
  circular->openness = arena_text (circular->arena, value);
  p->taken = true;
}

/* 共印50份 is the printer's. */
static void
take_print_count (Paragraph *p)
{
  bool count = text_starts_with (p->text, "共印") || text_starts_with (p->text, "（共印");
  p->taken = p->taken || (count && p->text.len < 60);
}

/* "县人大、县政协办公室" are the offices of both. */
static const char *
with_office (Arena *arena, const char *name, const char *next)
{
  static Words offices = { "政协办公室", "政协办公厅", NULL };
  bool shared = g_str_has_suffix (name, "人大") && words_end (text_of (next), offices);
  return shared ? arena_printf (arena, "%s%s", name, strstr (next, "办公")) : name;
}

static void
read_copies (Circular *circular, Paragraph *p)
{
  static Words labels = { "抄送：", "抄送:", "分送：", "分送:", "抄报：", "抄报:", NULL };
  size_t n = words_at (p->text, 0, labels);
  if (!n)
    return;
  p->taken = true;
  size_t more;
  const char *const *bodies = head_bodies (circular->arena, text_slice (p->text, n, p->text.len), &more);
  const char **all = arena_new0 (circular->arena, const char *, circular->n_copies_to + more + 1);
  for (size_t i = 0; i < circular->n_copies_to; i++)
    all[i] = circular->copies_to[i];
  for (size_t i = 0; i < more; i++)
    all[circular->n_copies_to + i]
        = i + 1 < more ? with_office (circular->arena, bodies[i], bodies[i + 1]) : bodies[i];
  circular->copies_to = all;
  circular->n_copies_to += more;
}

/* 附注 (7.3.6) for whoever has questions: nobody's task. */
static void
read_contact (Paragraph *p)
{
  static Words labels = { "联系人", "联系电话", "联系方式", "（联系人", "(联系人", "（联系电话", NULL };
  p->taken = p->taken || (words_at (p->text, 0, labels) && p->text.len < 300 && !p->heading.level);
}

/* Where the date that ends TEXT begins, or TEXT.len. */
static size_t
date_at_end (Text text, char *date)
{
  for (size_t i = 0; text.len <= 240 && i < text.len; i = char_next (text, i))
    if ((g_ascii_isdigit (text.bytes[i]) || char_is_numeral (char_at (text, i)))
        && date_at (text, i, date) == text.len - i)
      return i;
  return text.len;
}

static void
read_print_line (Circular *circular, GArray *paragraphs, guint i)
{
  Paragraph *p = at (paragraphs, i);
  Text text = p->text;
  if (char_last (text) == U'。')
    text.len = char_previous (text, text.len);
  if (circular->print_line || text.len > 300 || !text_ends_with (text, "印发"))
    return;
  char date[CIRCULAR_DATE];
  text.len -= strlen ("印发");
  size_t from = date_at_end (text, date);
  if (from == text.len)
    return;
  p->taken = true;
  Text office = text_slice (text, 0, from);
  if (from == 0 && i > 0 && !at (paragraphs, i - 1)->taken && is_body_name (at (paragraphs, i - 1)->text)
      && at (paragraphs, i - 1)->text.len < 150) {
    office = at (paragraphs, i - 1)->text;
    at (paragraphs, i - 1)->taken = true;
  }
  circular->print_office = office.len ? arena_text (circular->arena, office) : NULL;
  circular->print_date = arena_text (circular->arena, text_of (date));
  circular->print_line = arena_printf (circular->arena, "%.*s%s%.*s印发", (int)office.len, office.bytes,
                                       office.len ? " " : "", (int)(text.len - from), text.bytes + from);
}

/* "成都市经济和信息化局成都市科学技术局" is two: a name ends and the place's own begins again. */
static const char *
parted_issuers (Arena *arena, Text names)
{
  Text place = names;
  if (text_starts_with (place, "中共"))
    place = text_slice (place, strlen ("中共"), place.len);
  size_t two = char_next (place, char_next (place, 0));
  place = text_slice (place, 0, two);
  GString *out = g_string_new (NULL);
  size_t from = 0;
  for (size_t i = char_next (names, 0); place.len >= 6 && i < names.len; i = char_next (names, i)) {
    bool again = text_starts_with (text_slice (names, i, names.len), "中共")
                 || text_equal (text_slice (names, i, MIN (i + place.len, names.len)), place);
    if (i == from || !again || !is_body_name (text_slice (names, from, i)))
      continue;
    g_string_append_printf (out, "%.*s、", (int)(i - from), names.bytes + from);
    from = i;
  }
  g_string_append_len (out, names.bytes + from, (gssize)(names.len - from));
  const char *issuers = arena_text (arena, text_of (out->str));
  g_string_free (out, TRUE);
  return issuers;
}

/* An order is signed by a person, whose name is no issuer. */
static bool
is_person (Text text)
{
  static Words offices = { "市长", "省长", "县长", "区长", "州长", "主席", "主任", "部长", "局长", NULL };
  return words_at (text, 0, offices) && text.len < 60;
}

/* "…人民政府（盖章）" */
static Text
without_seal (Text name)
{
  static Words seals
      = { "（盖章）", "（代章）", "（印章）", "（公章）", "(盖章)", "(代章)", "(印章)", "(公章)", NULL };
  for (size_t k = 0; seals[k]; k++)
    if (text_ends_with (name, seals[k]))
      return text_slice (name, 0, name.len - strlen (seals[k]));
  return name;
}

static bool
may_sign (const Paragraph *p)
{
  return !p->taken && !p->heading.level && p->text.len <= 180 && !word_in (p->text, "。")
         && !word_in (p->text, "：") && !word_in (p->text, ":") && !char_ends_sentence (char_last (p->text))
         && !text_starts_with (p->text, "附件");
}

/* 署名 and 成文日期 (7.3.5): names above a date, or before it on its line. */
static void
read_signature (Circular *circular, GArray *paragraphs, guint i, guint first)
{
  char date[CIRCULAR_DATE];
  Paragraph *p = at (paragraphs, i);
  size_t from = p->heading.level ? p->text.len : date_at_end (p->text, date);
  Text before = text_slice (p->text, 0, from);
  if (from == p->text.len || (from > 0 && (!may_sign (p) || !is_body_name (without_seal (before)))))
    return;
  guint top = i;
  while (top > first && may_sign (at (paragraphs, top - 1)) && i - top < 12
         && (top == i ? from == 0 : is_body_name (without_seal (at (paragraphs, top - 1)->text))))
    top--;
  if (from == 0 && top == i)
    return;
  g_autoptr (GString) issuers = g_string_new (NULL);
  for (guint k = top; k <= i; k++) {
    Text name = without_seal (k < i ? at (paragraphs, k)->text : before);
    if (name.len && !is_person (name))
      g_string_append_printf (issuers, "%s%s", issuers->len ? "、" : "",
                              parted_issuers (circular->arena, name));
    at (paragraphs, k)->taken = true;
  }
  if (circular->date)
    return;
  circular->date = arena_text (circular->arena, text_of (date));
  if (issuers->len)
    circular->issuer = arena_text (circular->arena, text_of (issuers->str));
}

/* --- annexes (7.3.4) -------------------------------------------------------------- */

/* Where "N." or "N、" stands in TEXT at or after FROM, or TEXT.len. */
static size_t
find_item (Text text, size_t from, unsigned number)
{
  char mark[16];
  size_t n = (size_t)g_snprintf (mark, sizeof mark, "%u", number);
  for (ptrdiff_t i = text_find (text, mark, from); i >= 0; i = text_find (text, mark, (size_t)i + 1)) {
    gunichar before = i ? char_at (text, char_previous (text, (size_t)i)) : 0;
    gunichar dot = char_at (text, (size_t)i + n), after = char_at (text, (size_t)i + n + 1);
    if (!g_unichar_isdigit (before) && (dot == '.' || dot == U'、') && !g_unichar_isdigit (after))
      return (size_t)i;
  }
  return text.len;
}

/* The items of one annex paragraph from number EXPECTED on; the next number. */
static unsigned
read_annex_items (Arena *arena, GPtrArray *annexes, Text text, unsigned expected)
{
  size_t i = find_item (text, 0, expected);
  if (i != 0) {
    g_ptr_array_add (annexes, arena_text (arena, text_trim (text)));
    return 0;
  }
  while (i < text.len) {
    Heading heading = heading_of (text_slice (text, i, text.len));
    size_t next = find_item (text, i + heading.rest, ++expected);
    g_ptr_array_add (annexes, arena_text (arena, text_trim (text_slice (text, i + heading.rest, next))));
    i = next;
  }
  return expected;
}

static void
read_annexes (Circular *circular, GArray *paragraphs, guint first)
{
  static Words labels = { "附件：", "附件:", "附：", "附:", NULL };
  GPtrArray *annexes = g_ptr_array_new ();
  for (guint i = first; i < paragraphs->len; i++) {
    Paragraph *p = at (paragraphs, i);
    size_t label = words_at (p->text, 0, labels);
    if (!label || p->taken)
      continue;
    p->taken = true;
    Text text = text_trim (text_slice (p->text, label, p->text.len));
    unsigned expected = text.len ? read_annex_items (circular->arena, annexes, text, 1) : 1;
    for (guint k = i + 1; expected && k < paragraphs->len; k++) {
      Paragraph *item = at (paragraphs, k);
      Heading heading = heading_of (item->text);
      if (item->taken || heading.level != LEVEL_THIRD || heading.number != expected
          || word_in (item->text, "。"))
        break;
      item->taken = true;
      expected = read_annex_items (circular->arena, annexes, item->text, expected);
    }
    break;
  }
  circular->n_annexes = annexes->len;
  circular->annexes = arena_alloc (circular->arena, sizeof (char *) * (annexes->len + 1));
  if (annexes->len)
    memcpy ((void *)circular->annexes, annexes->pdata, sizeof (char *) * annexes->len);
  g_ptr_array_unref (annexes);
}

/* "附件", "附件1" alone on a line: an annex begins. */
static bool
is_annex_head (Text text)
{
  if (!text_starts_with (text, "附件") || text.len > 24)
    return false;
  for (size_t i = strlen ("附件"); i < text.len; i = char_next (text, i)) {
    gunichar c = char_at (text, i);
    if (!g_unichar_isdigit (c) && !char_is_numeral (c) && c != U'：' && c != ':' && c != '-')
      return false;
  }
  return true;
}

/* The body is the document itself, or, when that has no headings, the first
 * annex that has. */
static Span
body_span (GArray *paragraphs, guint from)
{
  bool headings = false;
  for (guint i = from; i < paragraphs->len; i++) {
    Paragraph *p = at (paragraphs, i);
    headings = headings || (p->heading.level && !p->taken);
    if (p->taken || !is_annex_head (p->text))
      continue;
    if (headings)
      return (Span){ from, i };
    p->taken = true;
  }
  return (Span){ from, paragraphs->len };
}

/* --- all of it ------------------------------------------------------------------------ */

/* 公文种类 (Regulations on the handling of official documents, 2012, article 8) and the
 * names under which plans and rules are passed on. */
bool
is_document_title (Text text)
{
  static Words kinds
      = { "通知", "意见", "决定", "公告", "通告", "办法", "方案", "规定", "细则", "措施",     "要点", "计划",
          "纲要", "规划", "决议", "批复", "函",   "纪要", "条例", "政策", "公报", "报告",     "请示", "议案",
          "通报", "命令", "令",   "分工", "清单", "规程", "规则", "指引", "十条", "若干政策", NULL };
  gunichar end = char_last (text);
  if (end == U'号' && word_in (text, "令第"))
    return true;
  if (end == U'）' || end == ')') { /* …办法（试行） */
    size_t open = char_previous (text, text.len);
    while (open > 0 && char_at (text, open) != U'（' && char_at (text, open) != '(')
      open = char_previous (text, open);
    text.len = open;
  }
  if (char_last (text) == U'》')
    text.len = char_previous (text, text.len);
  return words_end (text, kinds);
}

/* An order has its number in its title and orders what stands below it:
 * 青溪市人民政府令 第12号. */
void
head_order (Circular *circular)
{
  Text title = text_of (circular->title);
  ptrdiff_t mark = text_find (title, "令第", 0);
  if (mark <= 0 || !text_ends_with (title, "号") || circular->document_number || !circular->attached_title)
    return;
  circular->document_number = circular->title;
  circular->title = circular->attached_title;
  circular->attached_title = NULL;
  Text issuer = text_slice (title, 0, (size_t)mark);
  if (is_body_name (issuer))
    circular->issuer = arena_text (circular->arena, issuer);
}

static void
read_above (Circular *circular, GArray *paragraphs, guint end, int addressees)
{
  g_autoptr (GString) before = g_string_new (NULL), after = g_string_new (NULL);
  Above above = { .before = before, .after = after };
  for (guint i = 0; i < end; i++) {
    Paragraph *p = at (paragraphs, i);
    if ((int)i != addressees && !p->taken)
      read_above_line (&above, p->text);
    p->taken = true;
  }
  /* Lines above the number are the letterhead when a title follows it. */
  const char *title = after->len ? after->str : before->str;
  if (after->len && !above.letterhead.len && is_body_name (text_of (before->str)))
    above.letterhead = text_of (before->str);
  circular->title = arena_text (circular->arena, text_of (title));
  if (above.number[0])
    circular->document_number = arena_text (circular->arena, text_of (above.number));
  if (!circular->date && above.date[0])
    circular->date = arena_text (circular->arena, text_of (above.date));
  Text issuer = above.letterhead.len ? above.letterhead : above.named_issuer;
  ptrdiff_t about = text_find (text_of (title), "关于", 0);
  if (!issuer.len && about > 0 && is_body_name (text_slice (text_of (title), 0, (size_t)about)))
    issuer = text_slice (text_of (title), 0, (size_t)about);
  if (!circular->issuer && issuer.len)
    circular->issuer = parted_issuers (circular->arena, issuer);
}

bool
head_read (Circular *circular, GArray *paragraphs, Span *body)
{
  int addressees;
  guint start = body_start (paragraphs, &addressees);
  if (addressees >= 0) {
    Text text = at (paragraphs, (guint)addressees)->text;
    static Words labels = { "主送：", "主送:", NULL };
    size_t label = words_at (text, 0, labels);
    circular->addressees
        = head_bodies (circular->arena, text_slice (text, label, text.len), &circular->n_addressees);
  }
  for (guint i = 0; i < paragraphs->len; i++) {
    read_openness (circular, at (paragraphs, i));
    take_print_count (at (paragraphs, i));
    read_copies (circular, at (paragraphs, i));
    read_contact (at (paragraphs, i));
    read_print_line (circular, paragraphs, i);
  }
  read_annexes (circular, paragraphs, start);
  for (guint i = start; i < paragraphs->len; i++)
    if (!at (paragraphs, i)->taken)
      read_signature (circular, paragraphs, i, start);
  bool signed_ = circular->issuer && circular->date;
  read_above (circular, paragraphs, start, addressees);
  *body = body_span (paragraphs, start);
  return circular->document_number || is_document_title (text_of (circular->title))
         || (signed_ && addressees >= 0);
}
