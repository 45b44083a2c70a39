#include "reading.h"

/* Units: who is responsible.  A note is a bracket, or a line of its own:
 *
 *   （责任单位：县人社局、教育局）        （牵头单位：…；配合单位：…）
 *   （人力资源社会保障部、财政部负责。列第一位者为牵头单位，下同）
 *   （县人社局牵头，县财政局、县教育局配合）   责任单位：县人社局 */

enum { NOTE_MAX = 3000, INHERITED_MAX = 200 };

/* --- the words of a note ---------------------------------------------------- */

static Words lead_words = { "牵头", "主办", "主责", NULL };
static Words support_words = { "配合", "协助", "协同", "协办", "参加", "参与", "支持", NULL };
static Words share_words = {
  "按职责分工负责",   "按职能分工负责", "按照职责分工负责", "按分工负责", "按职责分工落实", "按职责负责",
  "根据职责分工负责", "依职责分工负责", "共同负责",         "分别负责",   "具体负责",       "负责落实",
  "按职责分工",       "按职责落实",     "牵头负责",         "负责",       "落实",           NULL
};

/* --- cleaning names -------------------------------------------------------------- */

static Text
without_ending (Text name, Words words)
{
  for (size_t k = 0; words[k]; k++)
    if (text_ends_with (name, words[k]) && name.len > strlen (words[k]))
      return text_slice (name, 0, name.len - strlen (words[k]));
  return name;
}

Text
units_bare_name (Text name)
{
  static Words tails = { "等有关部门和单位",
                         "等相关部门和单位",
                         "等有关部门及单位",
                         "等有关部门",
                         "等相关部门",
                         "等部门和单位",
                         "等有关单位",
                         "等相关单位",
                         "等单位",
                         "等部门",
                         "等按",
                         "等",
                         NULL };
  static Words heads = { "由", "会同", "以及", "及", "和", "与", NULL };
  name = text_trim (name);
  while (name.len && (char_last (name) == U'。' || char_last (name) == '.' || char_last (name) == U'：'))
    name.len = char_previous (name, name.len);
  Text before;
  do {
    before = name;
    name = without_ending (name, share_words);
    name = without_ending (name, lead_words);
    name = without_ending (name, support_words);
  } while (name.len < before.len);
  name = without_ending (name, tails);
  size_t head = words_at (name, 0, heads);
  if (head && head < name.len)
    name = text_slice (name, head, name.len);
  return text_trim (name);
}

/* --- notes ------------------------------------------------------------------ */

/* What a note says about itself. */
static Words remarks = { "列第一位", "列首位", "排第一位", "排在第一位", "排名第一", "第一位",
                         "下同",     "以下均", "不再",     "另有",       NULL };

/* FIRST up to the remark in it, if any. */
static Text
without_remark (Text first)
{
  for (size_t i = char_next (first, 0); i < first.len; i = char_next (first, i)) {
    gunichar c = char_at (first, i);
    if ((c == U'，' || c == ',' || c == U'；') && words_at (first, char_next (first, i), remarks))
      return text_slice (first, 0, i);
  }
  return first;
}

static bool
is_note (Text inside)
{
  if (inside.len > NOTE_MAX)
    return false;
  if (units_label_at (inside, 0, NULL))
    return true;
  if (other_label_at (inside, 0)) /* （责任领导：…；责任单位：…） */
    for (size_t i = 0; i < inside.len; i = char_next (inside, i))
      if (units_label_at (inside, i, NULL))
        return true;
  static Words duties = { "负责", "牵头", "按职责分工", "按职责分工落实", "负责落实", "按职责落实", NULL };
  size_t stop = 0;
  while (stop < inside.len && char_at (inside, stop) != U'。')
    stop = char_next (inside, stop);
  Text first = without_remark (text_slice (inside, 0, stop));
  if (words_end (first, support_words) || text_ends_with (first, "落实"))
    return words_in (first, duties);
  return words_end (first, duties) && !text_equal (first, units_bare_name (first));
}

/* The note that opens at I, or an empty span.  Without brackets it takes the
 * rest of its line. */
static NoteSpan
note_at (const Pairs *pairs, size_t i, bool line_start)
{
  Text text = pairs->text;
  size_t partner = pairs->partner[i];
  if (partner && char_is_bracket (char_at (text, i))
      && is_note (text_slice (text, char_next (text, i), partner)))
    return (NoteSpan){ i, char_next (text, partner) };
  if (!line_start || !(units_label_at (text, i, NULL) || other_label_at (text, i)))
    return (NoteSpan){ 0, 0 };
  size_t end = i;
  while (end < text.len && text.bytes[end] != '\n')
    end = char_next (text, end);
  return (NoteSpan){ i, end };
}

GArray *
units_notes (Arena *arena, const Pairs *pairs)
{
  GArray *notes = g_array_new (FALSE, FALSE, sizeof (NoteSpan));
  Text text = pairs->text;
  size_t end = 0;
  unsigned part = 0;
  for (size_t i = 0; i < text.len;) {
    gunichar before = i ? char_at (text, char_previous (text, i)) : 0;
    NoteSpan note = note_at (pairs, i, before == 0 || before == '\n' || before == U'。');
    if (note.to) {
      bool beside = text_trim (text_slice (text, end, i)).len == 0;
      note.part = part += part == 0 || !beside;
      end = note.to;
      g_array_append_val (notes, note);
    }
    i = note.to ? note.to : pairs_skip (pairs, i);
  }
  return notes;
}

bool
units_noted (Arena *arena, Text text, bool *first)
{
  Pairs pairs = pairs_of (arena, text);
  g_autoptr (GArray) notes = units_notes (arena, &pairs);
  *first = notes->len > 0 && g_array_index (notes, NoteSpan, 0).from == 0;
  return notes->len > 0;
}

/* --- names and their level ---------------------------------------------------- */

/* 自治区 before 区: the longest comes first. */
static Words levels = { "自治区", "自治州", "省", "市", "县", "区", "州", "旗", "盟", "镇", "乡", NULL };
/* Words that hold a level's character without naming one. */
static Words generic
    = { "市场",   "市政园林", "市政公用", "市政局",   "市容", "城市", "城乡", "乡村", "社区", "区域",
        "区块链", "城区",     "城镇",     "乡镇企业", "县域", "地区", "州际", "旗下", NULL };
/* Institutions that are nobody's department. */
static Words own_endings = { "公司",   "集团",   "支行", "分行", "银行", "大学", "学院", "学校",   "医院",
                             "研究院", "研究所", "街道", "园区", "乡镇", "分局", "海关", "集团）", NULL };
static Words own_beginnings = { "各", "中国", "国家", "全国", "驻", "国网", "其他", "有关", "相关", NULL };
/* Departments of a Party committee. */
static Words party_bodies = { "组织部",
                              "宣传部",
                              "统战部",
                              "政法委",
                              "编办",
                              "网信办",
                              "台办",
                              "台港澳办",
                              "改革办",
                              "党校",
                              "社会工作部",
                              "社工部",
                              "巡察办",
                              "人才办",
                              "农办",
                              "财经办",
                              "外办",
                              "老干部局",
                              "机构编制委员会办公室",
                              "军民融合办",
                              "精神文明办",
                              "文明办",
                              "保密局",
                              "机要局",
                              "档案馆",
                              NULL };

static size_t
level_at (Text name, size_t i)
{
  return words_at (name, i, generic) ? 0 : words_at (name, i, levels);
}

/* 团县委, 甘蔗街道办事处, 闽侯县经济技术开发区管委会 */
static bool
names_a_level (Text name)
{
  for (size_t i = 0; i < name.len;) {
    size_t plain = words_at (name, i, generic);
    if (!plain && (words_at (name, i, levels) || word_at (name, i, "街道")))
      return true;
    i = plain ? i + plain : char_next (name, i);
  }
  return false;
}

static Text
without_bracket (Text name)
{
  size_t i = 0;
  while (i < name.len && !char_is_bracket (char_at (name, i)))
    i = char_next (name, i);
  return i ? text_slice (name, 0, i) : name;
}

static bool
carries_own_level (Text name, Text place)
{
  Text bare = without_bracket (name);
  if (place.len && text_equal (text_slice (name, 0, MIN (place.len, name.len)), place))
    return true;
  return words_at (bare, 0, own_beginnings) || words_end (bare, own_endings) || names_a_level (bare);
}

/* What level prefix the names before have set. */
typedef struct {
  Text level; /* 县 */
  bool party; /* the last name was one of the Party committee's */
} Prefix;

/* NAME with the level it is meant to have; PREFIX follows it. */
static const char *
expanded (Arena *arena, Text name, Prefix *prefix, Text place)
{
  size_t level = level_at (name, 0);
  if (level && level < name.len) {
    prefix->level = text_slice (name, 0, level);
    prefix->party
        = (word_at (name, level, "委") && !word_at (name, level, "委会")) || word_at (name, level, "纪委");
    return arena_text (arena, name);
  }
  if (!prefix->level.len || carries_own_level (name, place))
    return arena_text (arena, name);
  bool party = prefix->party && words_at (name, 0, party_bodies) == without_bracket (name).len;
  prefix->party = party;
  return arena_printf (arena, "%.*s%s%.*s", (int)prefix->level.len, prefix->level.bytes, party ? "委" : "",
                       (int)name.len, name.bytes);
}

/* --- reading one note --------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  GArray *units; /* CircularUnit */
  Inheritance *inheritance;
  Prefix prefix;
  const char *role;
  unsigned part;
  guint first; /* where this note's units begin */
  bool led;    /* its lead has been named */
} NoteReader;

static void
add_unit (NoteReader *r, Text text)
{
  Text bare = units_bare_name (text), plain = without_bracket (bare);
  if (plain.len < bare.len && words_at (bare, char_next (bare, plain.len), remarks))
    bare = plain; /* 县财政局〔排名第一的为牵头单位〕 */
  if (bare.len == 0 || bare.len > 240)
    return;
  const char *name = expanded (r->arena, bare, &r->prefix, r->inheritance->place);
  bool lead = !r->led;
  r->led = true;
  for (guint i = 0; i < r->units->len; i++) {
    CircularUnit *unit = &g_array_index (r->units, CircularUnit, i);
    if (strcmp (unit->name, name) == 0) {
      unit->lead = unit->lead || lead;
      return;
    }
  }
  CircularUnit unit = { .name = name, .role = r->role, .lead = lead, .part = r->part };
  g_array_append_val (r->units, unit);
}

/* "市财政局和各县（市、区）人民政府": 和, 及, 以及 part names only before 各 or 有关. */
static void
add_units (NoteReader *r, Text text)
{
  static Words joints = { "以及", "和各", "及各", "与各", "及有关", "和有关", NULL };
  for (size_t i = char_next (text, 0); i < text.len; i = char_next (text, i)) {
    size_t joint = words_at (text, i, joints);
    Text after = text_slice (text, i, text.len);
    if (joint && is_body_name (text_slice (text, 0, i)) && !text_starts_with (after, "和有关单位")) {
      add_unit (r, text_slice (text, 0, i));
      text = text_slice (text,
                         i + (joint == strlen ("以及") && word_at (text, i, "以及") ? joint : strlen ("和")),
                         text.len);
      i = 0;
    }
  }
  add_unit (r, text);
}

/* "以下均需A、B落实，不再列出": A and B are bound from here on. */
static bool
read_inheritance (NoteReader *r, Text sentence)
{
  static Words verbs = { "均需由", "均须由", "均应由", "均由",   "均需", "均须", "均应",
                         "均涉及", "均要",   "都需",   "都涉及", "还需", NULL };
  static Words ends
      = { "落实", "负责", "配合", "参与", "组织实施", "抓好", "贯彻", "，不再", ",不再", "不再", "。", NULL };
  ptrdiff_t below = text_find (sentence, "以下", 0);
  if (below < 0)
    return false;
  size_t from = (size_t)below, verb = 0;
  while (from < sentence.len && !(verb = words_at (sentence, from, verbs)))
    from = char_next (sentence, from);
  if (!verb)
    return false;
  size_t to = from += verb;
  while (to < sentence.len && !words_at (sentence, to, ends))
    to = char_next (sentence, to);
  size_t n;
  const char *const *names = head_bodies (r->arena, text_slice (sentence, from, to), &n);
  for (size_t i = 0; i < n && r->inheritance->names->len < INHERITED_MAX; i++) {
    const char *name = names[i];
    guint holders = 0;
    for (guint k = r->first; k < r->units->len; k++)
      if (strstr (g_array_index (r->units, CircularUnit, k).name, names[i]) && ++holders == 1)
        name = g_array_index (r->units, CircularUnit, k).name;
    name = holders == 1 ? name : names[i];
    if (!g_ptr_array_find_with_equal_func (r->inheritance->names, name, g_str_equal, NULL))
      g_ptr_array_add (r->inheritance->names, (char *)name);
  }
  return true;
}

/* The office a list of names ends with, as 负责 in "财政部、教育部负责". */
static const char *
role_of (Text list)
{
  if (words_end (list, lead_words))
    return "牵头";
  if (words_end (list, support_words))
    return "配合";
  return "负责";
}

/* One sentence of a note: "牵头单位：A；配合单位：B、C" or "A牵头，B、C配合". */
static void
read_note_sentence (NoteReader *r, Text sentence)
{
  if ((word_at (sentence, 0, "以下") && read_inheritance (r, sentence)) || words_at (sentence, 0, remarks))
    return;
  g_autoptr (GArray) pieces = bodies_of (r->arena, sentence);
  guint open = r->units->len; /* the units whose office stands after them */
  const char *labelled = NULL;
  bool other = false; /* inside 完成时限： and its like */
  for (guint i = 0; i < pieces->len; i++) {
    Text name = g_array_index (pieces, Piece, i).text;
    Text office;
    size_t label = units_label_at (name, 0, &office);
    if (label) {
      labelled = r->role = arena_text (r->arena, office);
      name = text_slice (name, label, name.len);
    }
    if (word_at (name, 0, "以下")) {
      read_inheritance (r, text_slice (sentence, (size_t)(name.bytes - sentence.bytes), sentence.len));
      return;
    }
    other = !label && (other || other_label_at (name, 0));
    if (other || words_at (name, 0, remarks))
      continue;
    add_units (r, name);
    if (labelled || !(words_end (name, lead_words) || words_end (name, support_words)))
      continue;
    for (; open < r->units->len; open++)
      g_array_index (r->units, CircularUnit, open).role = role_of (name);
  }
}

static void
read_note (NoteReader *r, Text note)
{
  Pairs pairs = pairs_of (r->arena, note);
  size_t from = 0;
  r->prefix = (Prefix){ 0 };
  r->role = "负责";
  r->first = r->units->len;
  for (size_t i = 0; i <= note.len; i = i < note.len ? pairs_skip (&pairs, i) : i + 1) {
    if (i < note.len && char_at (note, i) != U'。')
      continue;
    Text sentence = text_trim (text_slice (note, from, i));
    if (sentence.len)
      read_note_sentence (r, sentence);
    from = char_next (note, i);
  }
}

static const CircularUnit *
units_done (NoteReader *r, size_t *n)
{
  CircularUnit *units = arena_new0 (r->arena, CircularUnit, r->units->len);
  if (r->units->len)
    memcpy (units, r->units->data, r->units->len * sizeof *units);
  *n = r->units->len;
  g_array_unref (r->units);
  return units;
}

const CircularUnit *
units_read (Arena *arena, Text text, GArray *notes, Inheritance *inheritance, size_t *n)
{
  NoteReader r = { .arena = arena, .inheritance = inheritance };
  r.units = g_array_new (FALSE, TRUE, sizeof (CircularUnit));
  for (guint k = 0; k < notes->len; k++) {
    NoteSpan span = g_array_index (notes, NoteSpan, k);
    Text note = text_slice (text, span.from, span.to);
    if (char_is_bracket (char_at (note, 0)))
      note = text_slice (note, char_next (note, 0), char_previous (note, note.len));
    r.led = r.led && r.part == span.part;
    r.part = span.part;
    read_note (&r, note);
  }
  return units_done (&r, n);
}

/* --- units in running text -------------------------------------------------------------- */

/* The sentence part from I to the next stop, outside brackets. */
static size_t
phrase_end (const Pairs *pairs, size_t i)
{
  while (i < pairs->text.len) {
    gunichar c = char_at (pairs->text, i);
    if (c == U'，' || c == U'。' || c == U'；' || c == ',' || c == ';' || c == '\n')
      return i;
    i = pairs_skip (pairs, i);
  }
  return i;
}

/* What "由A、B会同C负责…" says: A and B have the duty, C assists. */
typedef struct {
  Text holders, others;
  const char *duty; /* 牵头 or 负责 */
} Charge;

/* The charge that PHRASE opens with.  "由用人单位负责" charges no office. */
static bool
charge_in (Text phrase, Charge *charge)
{
  static const char *const duties[] = { "牵头", "负责" };
  static Words adverbs = { "具体", "共同", "统一", "分别", "按职责", NULL };
  static Words nobody = { "单位", "企业", "机构", "部门", NULL };
  for (size_t k = 0; word_at (phrase, 0, "由") && k < G_N_ELEMENTS (duties); k++) {
    ptrdiff_t at = text_find (phrase, duties[k], 0);
    if (at < 0)
      continue;
    Text names = without_ending (text_slice (phrase, strlen ("由"), (size_t)at), adverbs);
    if (!is_body_name (names) || (k > 0 && words_end (names, nobody)))
      continue;
    ptrdiff_t with = text_find (names, "会同", 0);
    size_t end = with > 0 ? (size_t)with : names.len;
    size_t rest = with > 0 ? end + strlen ("会同") : end;
    *charge = (Charge){ text_slice (names, 0, end), text_slice (names, rest, names.len), duties[k] };
    return true;
  }
  return false;
}

const CircularUnit *
units_in_sentence (Arena *arena, const Pairs *pairs, Inheritance *inheritance, size_t *n)
{
  NoteReader r = { .arena = arena, .inheritance = inheritance, .part = 1 };
  r.units = g_array_new (FALSE, TRUE, sizeof (CircularUnit));
  Text text = pairs->text;
  for (size_t i = 0; i < text.len && r.units->len == 0;) {
    size_t end = phrase_end (pairs, i);
    Charge charge;
    if (charge_in (text_slice (text, i, end), &charge)) {
      r.role = charge.duty;
      read_note_sentence (&r, charge.holders);
      r.role = "配合";
      read_note_sentence (&r, charge.others);
      size_t next = char_next (text, end), stop = phrase_end (pairs, next);
      Text support = text_slice (text, MIN (next, stop), stop);
      if (words_end (support, support_words))
        read_note_sentence (&r, support);
    }
    i = char_next (text, end);
  }
  return units_done (&r, n);
}
