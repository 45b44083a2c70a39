#include "reading.h"

/* Figures: numbers that count something, with the relation their words give.
 *
 * A figure is [relation words] number unit [relation words].  Its phrase runs
 * back to the last stop or figure; only there are relation words looked for.
 * Numbers in quotation marks and titles of documents are names. */

enum { PHRASE_MAX = 40 /* characters */, FIGURE_LIST_MAX = 12 };

static Words unit_words
    = { "%",      "‰",      "个百分点", "百分点",   "个基点",   "基点",   "元",         "美元",   "年",
        "个月",   "月",     "个工作日", "工作日",   "个自然日", "自然日", "个自然年度", "个年度", "日",
        "天",     "小时",   "个小时",   "分钟",     "分",       "秒",     "周",         "星期",   "周岁",
        "岁",     "个",     "家",       "人",       "名",       "人次",   "位",         "户",     "次",
        "项",     "件",     "所",       "处",       "座",       "条",     "倍",         "折",     "米",
        "平方米", "立方米", "公里",     "平方公里", "亩",       "公顷",   "吨",         "公斤",   "千克",
        "张",     "套",     "间",       "台",       "辆",       "艘",     "架",         "场",     "批",
        "类",     "门",     "种",       "期",       "学时",     "课时",   "学年",       "学期",   "篇",
        "本",     "支",     "款",       "轮",       "份",       "只",     "头",         "株",     "棵",
        "片",     "块",     "段",       "栋",       "幢",       "层",     "床",         "张床位", "个床位",
        "工位",   "个工位", "标准",     "兆瓦",     "千瓦",     "千瓦时", "度",         "对",     "组",
        "例",     "宗",     "单",       "枚",       "首",       "部",     "卷",         "代",     "个点",
        "标准箱", "届",     "场次",     "㎡",       NULL };
/* Units of time, money and share: a Chinese numeral before them counts. */
static Words measures = { "元", "个月", "个工作日", "个自然日", "工作日", "天", "小时", "分钟", NULL };
static Words multipliers = { "万亿", "千万", "百万", "十万", "亿", "万", "千", "百", NULL };
static Words not_units
    = { "年级", "年期", "分之", "分别", "分类", "分级", "分为", "分档", "分管", "分期", "分步", "年代",
        "年度", "年底", "年末", "年初", "年前", "年来", "年间", "月份", "月底", "月末", "月初", "日前",
        "人民", "人大", "名单", "次序", "项目", "条件", "家庭", "个人", "本市", "本省", "本县", "本级",
        "类别", "级",   "部门", "期间", "人才", "人员", "人均", "代表", "组织", "单位", "对应", "标准化",
        "支持", "户籍", "位置", "场所", "场景", "份额", "段落", NULL };

/* --- relation words ------------------------------------------------------------ */

typedef struct {
  const char *word;
  const char *relation;
  int rank;      /* the higher decides: 不超过 over 最高 over 至 */
  bool adjacent; /* only directly before the number */
} RelationWord;

static const RelationWord before_words[] = {
  { "不低于", "≥", 4, false },   { "不少于", "≥", 4, false },   { "不小于", "≥", 4, false },
  { "不得低于", "≥", 4, false }, { "不得少于", "≥", 4, false }, { "不应少于", "≥", 4, false },
  { "不应低于", "≥", 4, false }, { "不超过", "≤", 4, false },   { "不超出", "≤", 4, false },
  { "不得超过", "≤", 4, false }, { "不应超过", "≤", 4, false }, { "不高于", "≤", 4, false },
  { "不得高于", "≤", 4, false }, { "不多于", "≤", 4, false },   { "不大于", "≤", 4, false },
  { "不长于", "≤", 4, false },   { "控制在", "≤", 4, false },   { "至少", "≥", 3, false },
  { "最低", "≥", 3, false },     { "最少", "≥", 3, false },     { "最高", "up to", 3, false },
  { "最多", "up to", 3, false }, { "最长", "up to", 3, false }, { "最大", "up to", 3, false },
  { "上限", "≤", 3, false },     { "下限", "≥", 3, false },     { "超过", ">", 2, false },
  { "高于", ">", 2, false },     { "大于", ">", 2, false },     { "多于", ">", 2, false },
  { "突破", ">", 2, false },     { "超", ">", 2, true },        { "低于", "<", 2, false },
  { "少于", "<", 2, false },     { "小于", "<", 2, false },     { "不足", "<", 2, false },
  { "未满", "<", 2, false },     { "不满", "<", 2, false },     { "达到", "≥", 1, false },
  { "达", "≥", 1, true },        { "满", "≥", 1, true },        { "至", "up to", 1, true },
  { "到", "up to", 1, true },    { "约", "≈", 1, true },        { "近", "≈", 1, true },
  { "大约", "≈", 1, true },      { "≥", "≥", 4, true },         { "≤", "≤", 4, true },
  { ">", ">", 4, true },         { "<", "<", 4, true },         { "＞", ">", 4, true },
  { "＜", "<", 4, true },
};

static const RelationWord after_words[] = {
  { "及以上", "≥", 3, true }, { "（含）以上", "≥", 3, true }, { "以上", "≥", 3, true },
  { "及以下", "≤", 3, true }, { "以下", "≤", 3, true },       { "以内", "≤", 3, true },
  { "之内", "≤", 3, true },   { "内", "≤", 2, true },         { "左右", "≈", 3, true },
  { "上下", "≈", 3, true },   { "多", ">", 2, true },         { "余", ">", 2, true },
};

/* 最低生活保障 and 最高人民法院 are names, 达到 after 未 is not reached. */
static Words no_relation
    = { "最低生活", "最低工资", "最高人民", "最高等级", "最高信用", "最大限度", "最大程度", "不足部分",
        "满意",     "满足",     "到位",     "超级",     "约束",     "多元",     "多个",     NULL };
/* 压缩至 names a ceiling that is set, 提高至 one that is granted. */
static Words shrinking = { "压缩", "压减", "缩短", "降低", "降", "减少", "下降", "缩减", "控制", NULL };
static Words growing = { "提高", "提升", "增加", "扩大", "延长", "放宽", "上调", "增长", NULL };

/* --- numbers -------------------------------------------------------------------- */

typedef struct {
  size_t from, to;     /* the number */
  size_t end;          /* after its unit */
  bool chinese, share; /* share: 百分之五十 */
  Decimal value;
  size_t multiplier; /* bytes of the unit that scale it: 万 of 万元 */
  bool over;         /* 30余家 */
} Number;

static bool
is_digit_at (Text text, size_t i)
{
  return i < text.len && g_ascii_isdigit (text.bytes[i]);
}

static bool
read_digits (Text text, size_t i, Number *number)
{
  char digits[40];
  size_t n = 0, from = i;
  bool point = false;
  for (; i < text.len && n < sizeof digits - 1; i++) {
    bool group = text.bytes[i] == ',' && is_digit_at (text, i + 1) && is_digit_at (text, i + 2)
                 && is_digit_at (text, i + 3) && !is_digit_at (text, i + 4) && !point;
    bool dot = text.bytes[i] == '.' && !point && is_digit_at (text, i + 1);
    if (!group && !dot && !g_ascii_isdigit (text.bytes[i]))
      break;
    point = point || dot;
    if (!group)
      digits[n++] = text.bytes[i];
  }
  *number = (Number){ .from = from, .to = i };
  return n < 34 && decimal_parse ((Text){ digits, n }, &number->value);
}

static bool
read_numerals (Text text, size_t i, Number *number)
{
  *number = (Number){ .from = i, .to = i + strlen ("半"), .chinese = true };
  if (word_at (text, i, "半"))
    return decimal_parse (TEXT_LITERAL ("0.5"), &number->value);
  if (word_at (text, i, "百分之")) {
    number->share = true;
    i += strlen ("百分之");
  }
  size_t from = i;
  while (char_is_numeral (char_at (text, i)))
    i = char_next (text, i);
  number->to = i;
  gint64 value = i > from && i - from < 60 ? text_chinese_number (text_slice (text, from, i)) : -1;
  number->value = decimal_from_int64 (MAX (value, 0));
  return value >= 0;
}

/* 余 and 多 at I: 30余家, 1万多名 */
static size_t
over_at (Text text, size_t i)
{
  return word_at (text, i, "余") || word_at (text, i, "多") ? strlen ("余") : 0;
}

/* The unit after NUMBER: multiplier, unit, and what it is reckoned by (元/人/日). */
static Text
read_unit (Arena *arena, Text text, Number *number)
{
  size_t over = over_at (text, number->to), from = number->to + over;
  size_t scale = words_at (text, from, multipliers), middle = over_at (text, from + scale),
         base = from + scale + middle;
  size_t n = words_at (text, base, unit_words);
  if (words_at (text, base, not_units) > n)
    n = 0;
  size_t end = base + n, per = 0;
  while (n && char_at (text, end) == '/' && (per = words_at (text, end + 1, unit_words)))
    end += 1 + per;
  if (!n) {
    end = from + scale + (scale ? middle : 0);
    base = end;
  }
  number->end = end > from ? end : number->to;
  number->multiplier = scale;
  number->over = end > from && (over || (scale && middle));
  Text unit = text_slice (text, from, number->end > from ? end : from);
  if (number->over && scale && middle)
    unit = text_of (arena_printf (arena, "%.*s%.*s", (int)scale, text.bytes + from, (int)(end - base),
                                  text.bytes + base));
  return unit;
}

/* --- what is no figure -------------------------------------------------------------- */

/* 2021年, 9月30日, 2027年底, 18时: a point in time, not a length of it. */
static bool
is_date (Text text, const Number *number, Text unit)
{
  gint64 value = 0;
  bool whole = decimal_to_int64 (number->value, &value);
  if (text_equal (unit, TEXT_LITERAL ("年")))
    return whole && value >= 1900 && value < 2100 && !number->chinese;
  if (text_equal (unit, TEXT_LITERAL ("月")))
    return true;
  bool after_month = number->from >= 3 && word_at (text, number->from - 3, "月");
  return text_equal (unit, TEXT_LITERAL ("日")) && after_month;
}

/* --- relations --------------------------------------------------------------------- */

typedef struct {
  const char *relation;
  int rank;
  size_t from, to; /* the slice with the words */
  size_t word_end; /* where the word before the number ends */
} Relation;

/* A numeral counts when its unit measures, or a relation word stands by it (进一步
 * and 统一 do not, even where a bound opens the phrase). */
static bool
numeral_counts (Text text, const Number *number, Text unit, const Relation *relation)
{
  enum { BY = 24 /* bytes */ };
  bool related = relation->rank > 0 && (relation->to > number->end || number->from - relation->from <= BY);
  static Words terms = { "有效期", "有效期为", "为期", "期限", "期限为", NULL };
  if (related || number->share || words_end (text_slice (text, 0, number->from), terms))
    return true;
  if (!words_at (unit, number->multiplier, measures))
    return false;
  static Words plans = { "行动", "计划", "规划", "期", "制", "百", NULL };
  return !words_at (text, number->end, plans);
}

/* Whether a word of before_words may open with C. */
static bool
opens_relation (gunichar c)
{
  static const gunichar first[] = U"不控至最上下超高大多突低少小未达满到约近≥≤><＞＜";
  for (size_t k = 0; first[k]; k++)
    if (first[k] == c)
      return true;
  return false;
}

static void
relation_consider (Text text, size_t i, size_t number, Relation *best)
{
  if (!opens_relation (char_at (text, i)) || words_at (text, i, no_relation))
    return;
  for (size_t k = 0; k < G_N_ELEMENTS (before_words); k++) {
    const RelationWord *word = &before_words[k];
    size_t end = i + strlen (word->word);
    bool decides
        = word->rank > best->rank || (word->rank == best->rank && end == best->word_end); /* 达到 over 到 */
    if (decides && word_at (text, i, word->word) && end <= number && (!word->adjacent || end == number))
      *best = (Relation){ word->relation, word->rank, i, best->to, end };
  }
}

/* 至 and 到 take their sense, and the slice its beginning, from the verb before
 * them: 由5个压缩至3个, 提高比例至15%. */
static void
relation_verb (Text text, size_t phrase, Relation *relation)
{
  bool toward = word_at (text, relation->from, "至") || word_at (text, relation->from, "到");
  if (relation->rank != 1 || !toward)
    return;
  size_t i = relation->from;
  for (int k = 0; k < PHRASE_MAX && i > phrase; k++) {
    i = char_previous (text, i);
    bool shrinks = words_at (text, i, shrinking);
    if (!shrinks && !words_at (text, i, growing))
      continue;
    relation->from = i;
    relation->relation = shrinks ? "≤" : "up to";
    return;
  }
}

static Relation
relation_of (Text text, size_t phrase, const Number *number)
{
  Relation best = { "=", 0, number->from, number->end };
  size_t from = number->from;
  for (int k = 0; k < PHRASE_MAX && from > phrase; k++) {
    from = char_previous (text, from);
    relation_consider (text, from, number->from, &best);
  }
  size_t word = best.from;
  relation_verb (text, phrase, &best);
  size_t verb = best.from < word ? best.from : number->from;
  for (size_t k = 0; k < G_N_ELEMENTS (after_words); k++) {
    const RelationWord *after = &after_words[k];
    if (!word_at (text, number->end, after->word) || words_at (text, number->end, no_relation))
      continue;
    if (after->rank > best.rank)
      best = (Relation){ after->relation, after->rank, best.rank == 1 ? verb : best.from, best.to };
    best.to = MAX (best.to, number->end + strlen (after->word));
    break;
  }
  return best;
}

/* --- reading ------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  const Pairs *pairs;
  GArray *found;
  size_t phrase;   /* where the present phrase begins */
  guint before[8]; /* figures found before the brackets it stands in */
  size_t outer[8]; /* and the phrases around the brackets it stands in */
  guint depth;
  guint listed;      /* figures of the present list: "50万、30万、10万元" */
  Relation relation; /* that of the figure before */
  GArray *waiting;   /* Number: those that still lack a unit */
} Scan;

static void
add_figure (Scan *s, const Number *number, Text unit, Relation relation)
{
  FigureFound found = { .at = number->from };
  found.figure.value = number->value;
  found.figure.has_value = true;
  found.figure.unit = number->share ? "%" : arena_text (s->arena, unit);
  found.figure.relation = relation.relation;
  found.figure.text = arena_text (s->arena, text_slice (s->pairs->text, relation.from, relation.to));
  g_array_append_val (s->found, found);
}

static bool
is_range_mark (gunichar c)
{
  return c == U'—' || c == '-' || c == U'－' || c == '~' || c == U'～' || c == U'–' || c == U'―' || c == U'至'
         || c == U'到';
}

/* Numbers before the one AT in a list without units of their own:
 * "6、18、36个月以上", "最高50万、30万、10万元". */
static void
add_waiting (Scan *s, Text unit, size_t at, Relation *last)
{
  for (guint i = 0; i < s->waiting->len; i++) {
    Number number = g_array_index (s->waiting, Number, i);
    Relation own = { last->relation, 0, number.from, number.end, 0 };
    if (i == 0 && s->relation.from < number.from)
      own.from = s->relation.from;
    add_figure (s, &number, unit, own);
  }
  if (s->waiting->len)
    last->from = at;
  g_array_set_size (s->waiting, 0);
}

/* "10—20%", "3至12个月", "10%到20%": the other end of a range with its UNIT, or to = 0. */
static Number
range_end (Arena *arena, Text text, const Number *number, Text *unit)
{
  Number none = { 0 }, other;
  gunichar mark = char_at (text, number->end);
  size_t next = char_next (text, number->end);
  if (mark == U'—' && char_at (text, next) == U'—')
    next = char_next (text, next);
  if (number->chinese || !is_range_mark (mark) || !is_digit_at (text, next)
      || !read_digits (text, next, &other))
    return none;
  *unit = read_unit (arena, text, &other);
  return unit->len ? other : none;
}

/* A range has the unit of its upper end where its lower end has none. */
static void
add_range (Scan *s, Number low, Text low_unit, Number high, Text high_unit)
{
  Text text = s->pairs->text;
  Text own = low_unit.len ? low_unit : high_unit;
  if (is_date (text, &high, high_unit) || is_date (text, &low, own))
    return;
  add_figure (s, &low, own, (Relation){ "≥", 0, low.from, high.end, 0 });
  add_figure (s, &high, high_unit, (Relation){ "≤", 0, low.from, high.end, 0 });
}

/* Whether the number is the next of a list whose last figure ended right before. */
static bool
continues_list (Scan *s, const Number *number)
{
  size_t comma = char_previous (s->pairs->text, number->from);
  return s->listed > 0 && s->listed < FIGURE_LIST_MAX && number->from > 0
         && (char_at (s->pairs->text, comma) == U'、') && s->relation.to == comma;
}

/* Whether NUMBER is one of a list whose unit stands at its end: "6、18、36个月". */
static bool
awaits_unit (Text text, const Number *number, Text unit)
{
  bool incomplete = !unit.len || unit.len == number->multiplier;
  return incomplete && !number->share && char_at (text, number->end) == U'、'
         && is_digit_at (text, char_next (text, number->end));
}

static bool
counts (Text text, const Number *number, Text unit, const Relation *relation)
{
  if ((!unit.len && !number->share) || is_date (text, number, unit))
    return false;
  bool scale_only = unit.len == number->multiplier && !number->share;
  return !number->chinese || (!scale_only && numeral_counts (text, number, unit, relation));
}

/* Read on from NUMBER; where to go on. */
static size_t
take_number (Scan *s, Number number)
{
  Text text = s->pairs->text, other_unit;
  Text unit = read_unit (s->arena, text, &number);
  Number other = range_end (s->arena, text, &number, &other_unit);
  if (other.to) {
    add_range (s, number, unit, other, other_unit);
    s->listed = 0;
    return other.end;
  }
  bool listed = continues_list (s, &number);
  Relation relation = relation_of (text, s->phrase, &number);
  if (relation.rank == 0 && (listed || number.over))
    relation.relation = number.over ? ">" : s->relation.relation;
  if (awaits_unit (text, &number, unit)) {
    if (relation.rank || !s->waiting->len)
      s->relation = relation;
    g_array_append_val (s->waiting, number);
    return number.end;
  }
  if (!counts (text, &number, unit, &relation)) {
    g_array_set_size (s->waiting, 0);
    return number.end;
  }
  if (!relation.rank && s->waiting->len)
    relation.relation = s->relation.relation;
  add_waiting (s, unit, number.from, &relation);
  add_figure (s, &number, unit, relation);
  s->relation = relation;
  s->listed = listed ? s->listed + 1 : 1;
  s->phrase = relation.to;
  return relation.to;
}

/* "超过省平均水平": a bound that has no number here. */
static size_t
take_mean (Scan *s, size_t i)
{
  static Words places = { "全国", "全省", "全市", "全县", "国家", "省", "市", "县", "", NULL };
  Text text = s->pairs->text;
  if (!opens_relation (char_at (text, i)))
    return 0;
  for (size_t k = 0; k < G_N_ELEMENTS (before_words); k++) {
    const RelationWord *word = &before_words[k];
    if (word->adjacent || word->rank == 3 || !word_at (text, i, word->word))
      continue;
    size_t unit = i + strlen (word->word), mean = unit + words_at (text, unit, places);
    static Words means = { "平均水平", "的平均水平", "平均值", "平均线", NULL };
    size_t n = words_at (text, mean, means);
    if (!n)
      continue;
    Relation relation = { word->relation, word->rank, i, mean + n };
    FigureFound found = { .at = i };
    found.figure.relation = relation.relation;
    found.figure.text = arena_text (s->arena, text_slice (text, i, relation.to));
    g_array_append_val (s->found, found);
    return relation.to;
  }
  return 0;
}

static bool
is_stop (gunichar c)
{
  return c == U'。' || c == U'，' || c == U'；' || c == ',' || c == ';' || c == U'：' || c == ':'
         || c == '\n';
}

/* Letters, 第 and points before a number make it a name: A1, 第5条, 3.2.1, 上半年. */
static bool
is_named_number (Text text, size_t i)
{
  gunichar before = i ? char_at (text, char_previous (text, i)) : 0;
  bool half = char_at (text, i) == U'半' && (before == U'上' || before == U'下' || before == U'每');
  return half || before == U'第' || before == '.' || (before < 128 && g_ascii_isalpha ((char)before));
}

static size_t
step (Scan *s, size_t i)
{
  Text text = s->pairs->text;
  gunichar c = char_at (text, i);
  Number number;
  if (char_is_bracket (c) && s->pairs->partner[i]) {
    if (s->depth < G_N_ELEMENTS (s->outer)) {
      s->outer[s->depth] = s->phrase;
      s->before[s->depth] = s->found->len;
    }
    s->depth++;
    return s->phrase = char_next (text, i);
  }
  if (s->depth && (c == U'）' || c == ')' || c == U'〕' || c == ']')) {
    s->depth--;
    bool plain = s->depth < G_N_ELEMENTS (s->outer) && s->before[s->depth] == s->found->len;
    s->phrase = plain ? s->outer[s->depth] : char_next (text, i);
    return char_next (text, i);
  }
  if (is_stop (c)) {
    s->phrase = char_next (text, i);
    s->depth = c == '\n' ? 0 : s->depth;
    g_array_set_size (s->waiting, 0);
    return s->phrase;
  }
  if (c == U'“' || c == U'‘' || c == '"' || c == U'《' || c == U'〈')
    return pairs_skip (s->pairs, i);
  bool digits = is_digit_at (text, i);
  bool numeral = !digits && (char_is_numeral (c) || c == U'百' || c == U'半');
  if ((digits && read_digits (text, i, &number)) || (numeral && read_numerals (text, i, &number)))
    return is_named_number (text, i) ? number.to : take_number (s, number);
  size_t mean = take_mean (s, i);
  return mean ? mean : char_next (text, i);
}

GArray *
figures_read (Arena *arena, const Pairs *pairs)
{
  Scan s = { .arena = arena, .pairs = pairs };
  s.found = g_array_new (FALSE, TRUE, sizeof (FigureFound));
  s.waiting = g_array_new (FALSE, FALSE, sizeof (Number));
  for (size_t i = 0; i < pairs->text.len;)
    i = step (&s, i);
  g_array_unref (s.waiting);
  return s.found;
}
