#include "reading.h"

/* Actions: sentences, and how strictly each binds.
 *
 * A sentence is cut at its commas into phrases.  What governs it is the first
 * phrase that is no condition; what the later ones add stands in the parts. */

/* What stands before a verb and leaves its strength alone. */
static Words adverbs
    = { "进一步", "积极", "密切",   "全面",     "大力",   "逐步", "继续",   "合理",   "有序",   "持续",
        "稳步",   "统一", "重点",   "加快",     "依法",   "依规", "按规定", "按部署", "按要求", "同步",
        "率先",   "适时", "稳妥",   "有针对性", "针对性", "同等", "着力",   "全力",   "切实",   "深入",
        "广泛",   "充分", "及时",   "适当",     "优先",   "联合", "共同",   "高质量", "高水平", "多渠道",
        "主动",   "扎实", "常态化", "分类",     "分级",   "定期", "严格",   "科学",   "务实",   "创新性",
        "地",     "开展", "再",     "并",       "同时",   "还",   "也",     "均",     "都",     "要",
        "应",     "应当", "可以",   NULL };

typedef struct {
  const char *word;
  CircularStrength strength;
} Verb;

static const Verb soft_verbs[] = {
  { "鼓励", CIRCULAR_ENCOURAGED }, { "支持", CIRCULAR_ENCOURAGED },    { "引导", CIRCULAR_ENCOURAGED },
  { "倡导", CIRCULAR_ENCOURAGED }, { "提倡", CIRCULAR_ENCOURAGED },    { "探索", CIRCULAR_PILOT },
  { "试行", CIRCULAR_PILOT },      { "试点", CIRCULAR_PILOT },         { "先行先试", CIRCULAR_PILOT },
  { "允许", CIRCULAR_PERMITTED },  { "可", CIRCULAR_PERMITTED },       { "可以", CIRCULAR_PERMITTED },
  { "准许", CIRCULAR_PERMITTED },  { "配合", CIRCULAR_ASSISTING },     { "争取", CIRCULAR_ASSISTING },
  { "协助", CIRCULAR_ASSISTING },  { "协同配合", CIRCULAR_ASSISTING },
};

/* Verbs that open an imperative. */
static Words firm_verbs
    = { "落实", "确保", "建成",     "推进", "加强", "健全", "建立", "完善", "加大", "深化", "优化",
        "扩大", "提高", "提升",     "推动", "打造", "实施", "发挥", "发展", "构建", "培育", "组织",
        "设立", "保障", "统筹",     "强化", "促进", "做好", "做大", "做强", "推广", "推行", "推出",
        "实行", "制定", "出台",     "编制", "完成", "建设", "畅通", "开辟", "增加", "整合", "搭建",
        "拓展", "补齐", "压减",     "降低", "简化", "规范", "加速", "创新", "聚焦", "聚力", "突出",
        "贯彻", "运用", "用好",     "提供", "给予", "予以", "发放", "公布", "明确", "严禁", "禁止",
        "不得", "必须", "须",       "应",   "要",   "纳入", "保留", "举办", "设置", "坚持", "享受",
        "享有", "关爱", "主动对标", "对标", "负责", "落地", "开放", "成立", "选拔", "引进", "取消",
        "放宽", "清理", "抓好",     "监督", "检查", "汇聚", "集聚", "吸纳", "延长", "缩短", "压缩",
        "免除", "减免", "执行",     "开展", "返还", "奖励", "补助", "补贴", "安排", "建好", NULL };

/* A phrase that opens so, or ends so, sets the scene. */
static Words scene_openings
    = { "对",   "为",       "按",       "按照", "依托", "围绕", "结合", "根据", "通过", "针对",
        "以",   "在",       "经",       "自",   "从",   "凡",   "除",   "其中", "作为", "因",
        "如",   "若",       "依据",     "符合", "面向", "鉴于", "到2",  "截至", "20",   "当",
        "由于", "综合运用", "综合利用", "借助", "立足", "遵循", NULL };
static Words scene_endings
    = { "的",     "时",     "后",   "前提下", "基础上", "情况下", "条件下", "以来", "底",
        "之日起", "过程中", "期间", "月31日", "月30日", "方面",   "要求",   "原则", NULL };
/* 可 in these is no permission. */
static Words not_may = { "可持续", "可达", "可靠",   "可行", "可公开", "可复制", "可信",   "可用",
                         "可研",   "可视", "可操作", "可及", "可比",   "可追溯", "可支配", "可再生",
                         "可预期", "可控", "可推广", "可感", "可得",   "可获得", "可提供", NULL };
static Words before_may = { "许", "认", "不", "尚", "宁", "无", "非", "两", "均认", NULL };
/* 应 in these is no duty. */
static Words not_shall = { "应用", "应急", "应届", "应对", "应收", "应付", "应税",
                           "应缴", "应保", "应变", "应答", "应享", NULL };
static Words before_shall
    = { "相", "供", "适", "对", "响", "反", "效", "呼", "顺", "照", "回", "策", "感", "因", "一", NULL };
/* 要 in these is none either. */
static Words not_must = { "要求", "要素", "要点", "要件", "要闻", "要害", "要是", "要道", NULL };
static Words before_must
    = { "需", "主", "重", "必", "纲", "只", "首", "概", "紧", "摘", "想", "简", "扼", "机", NULL };
/* Words that make a later phrase a duty again, after something softer. */
static Words duty_words = { "给予", "必须", "确保", "不得", "应当", "须", "同等享有", "同等享受", NULL };
static Words duty_openings = { "落实", "确保", "必须", "按部署", "按规定",   "我县", "我市",
                               "我省", "我区", "应",   "严禁",   "有针对性", NULL };

/* Verbs that say what comes of the phrase before. */
static Words result_verbs
    = { "提升", "增加", "促进", "推动", "提高", "形成", "实现", "降低", "保障", "营造", "打造", "激发",
        "增强", "推进", "助力", "缓解", "拓宽", "培育", "发展", "构建", "扩大", "提供", "畅通", NULL };

/* A strength, and how plainly it was said. */
typedef struct {
  CircularStrength strength;
  enum { SAID_SCENE, SAID_NOT, SAID } said;
} Force;

/* A soft verb at I, with what it is about; "全力支持" alone says nothing. */
static size_t
soft_at (Text phrase, size_t i, CircularStrength *strength)
{
  static Words nouns
      = { "试点区", "试点城市", "试点地区", "试点单位", "试点县", "试点项目", "试点经验", "试点任务", NULL };
  size_t best = 0;
  for (size_t k = 0; k < G_N_ELEMENTS (soft_verbs); k++)
    if (word_at (phrase, i, soft_verbs[k].word) && strlen (soft_verbs[k].word) > best) {
      best = strlen (soft_verbs[k].word);
      *strength = soft_verbs[k].strength;
    }
  bool none = words_at (phrase, i, not_may) || words_at (phrase, i, nouns) || i + best >= phrase.len;
  return none ? 0 : best;
}

/* Where the verb of PHRASE may stand: after its adverbs. */
static size_t
after_adverbs (Text phrase)
{
  size_t i = 0, n;
  CircularStrength soft;
  while (!soft_at (phrase, i, &soft) && (n = words_at (phrase, i, adverbs)) && i + n < phrase.len)
    i += n;
  return i;
}

static bool
preceded (Text phrase, size_t i, Words words)
{
  return words_end (text_slice (phrase, 0, i), words);
}

/* The first modal of PHRASE: 可 gives permission, 应, 要 and 须 oblige. */
static bool
find_modal (const Pairs *pairs, size_t from, size_t to, CircularStrength *strength)
{
  for (size_t i = from; i < to; i = pairs_skip (pairs, i)) {
    Text phrase = text_slice (pairs->text, from, to);
    size_t k = i - from;
    bool may
        = (word_at (phrase, k, "可") && !words_at (phrase, k, not_may) && !preceded (phrase, k, before_may))
          || word_at (phrase, k, "允许");
    bool shall = (word_at (phrase, k, "应") && !words_at (phrase, k, not_shall)
                  && !preceded (phrase, k, before_shall))
                 || (word_at (phrase, k, "要") && !words_at (phrase, k, not_must)
                     && !preceded (phrase, k, before_must))
                 || word_at (phrase, k, "必须") || word_at (phrase, k, "不得") || word_at (phrase, k, "不予")
                 || word_at (phrase, k, "须");
    if (may || shall) {
      *strength = may ? CIRCULAR_PERMITTED : CIRCULAR_BINDING;
      return true;
    }
  }
  return false;
}

/* "实施…试点工作", "在…内试点“…”模式" */
static bool
is_pilot (Text phrase)
{
  static Words ends = { "试点", "试点工作", "试点建设", NULL };
  return words_end (phrase, ends) || word_in (phrase, "内试点") || word_in (phrase, "中试点");
}

/* "为创业者提供…", "向人才发放…" */
static bool
gives (Text phrase)
{
  static Words openings = { "为", "向", "对", "给", NULL };
  static Words verbs = { "提供", "发放", "给予", "予以", "设立", "投保", NULL };
  return words_at (phrase, 0, openings) && words_in (phrase, verbs);
}

static Force
force_of (const Pairs *pairs, size_t from, size_t to)
{
  Text phrase = text_slice (pairs->text, from, to);
  CircularStrength strength = CIRCULAR_BINDING;
  size_t verb = after_adverbs (phrase);
  if (soft_at (phrase, verb, &strength))
    return (Force){ strength, SAID };
  if (is_pilot (phrase))
    return (Force){ CIRCULAR_PILOT, SAID };
  if (words_at (phrase, verb, firm_verbs) && !words_at (phrase, verb, scene_openings))
    return (Force){ CIRCULAR_BINDING, SAID };
  bool condition = text_ends_with (phrase, "的");
  if (!condition && find_modal (pairs, from, to, &strength))
    return (Force){ strength, SAID };
  if (!condition && (words_in (phrase, duty_words) || gives (phrase)))
    return (Force){ CIRCULAR_BINDING, SAID };
  if (condition || words_at (phrase, verb, scene_openings) || words_end (phrase, scene_endings))
    return (Force){ CIRCULAR_BINDING, SAID_SCENE };
  return (Force){ CIRCULAR_BINDING, SAID_NOT };
}

/* What phrase [from, to) turns the strength to, coming from NOW.  Whoever is
 * encouraged or permitted may be told more in the same breath ("支持…，建设…"), so only
 * plain words of duty end that; a pilot or a help ends at the next task. */
static CircularStrength
turned (const Pairs *pairs, size_t from, size_t to, CircularStrength now)
{
  Text phrase = text_slice (pairs->text, from, to);
  Force force = force_of (pairs, from, to);
  if (force.said != SAID)
    return now;
  if (force.strength != CIRCULAR_BINDING || now == CIRCULAR_BINDING)
    return force.strength;
  if (words_at (phrase, 0, not_shall))
    return now;
  bool duty = words_at (phrase, 0, duty_openings) || words_in (phrase, duty_words);
  bool own_task = (now == CIRCULAR_PILOT || now == CIRCULAR_ASSISTING)
                  && !words_at (phrase, after_adverbs (phrase), result_verbs);
  return duty || own_task ? CIRCULAR_BINDING : now;
}

/* --- sentences ------------------------------------------------------------------ */

static bool
is_phrase_stop (gunichar c)
{
  return c == U'，' || c == ',' || c == U'；' || c == ';' || c == U'：' || c == ':';
}

typedef struct {
  size_t from, to;
} Phrase;

static GArray *
phrases_of (const Pairs *pairs, size_t from, size_t to)
{
  GArray *phrases = g_array_new (FALSE, FALSE, sizeof (Phrase));
  for (size_t i = from; i <= to; i = i < to ? MIN (pairs_skip (pairs, i), to) : to + 1) {
    if (i < to && !is_phrase_stop (char_at (pairs->text, i)))
      continue;
    Phrase phrase = { from, i };
    if (i > from)
      g_array_append_val (phrases, phrase);
    from = i < to ? char_next (pairs->text, i) : to;
  }
  return phrases;
}

/* Whether a semicolon stands between phrases FROM and TO. */
static bool
ends_clause (const Pairs *pairs, GArray *phrases, guint from, guint to)
{
  for (guint i = from; i < to; i++) {
    gunichar stop = char_at (pairs->text, g_array_index (phrases, Phrase, i).to);
    if (stop == U'；' || stop == ';')
      return true;
  }
  return false;
}

/* The index of the phrase that governs, and its strength.  "困难企业…，可…" has a
 * topic before its modal; 鼓励 has none, so what stands before it is a task. */
static guint
governing (const Pairs *pairs, GArray *phrases, CircularStrength *strength)
{
  guint weak = phrases->len;
  *strength = CIRCULAR_BINDING;
  for (guint i = 0; i < phrases->len; i++) {
    Phrase p = g_array_index (phrases, Phrase, i);
    Force force = force_of (pairs, p.from, p.to);
    bool takes_topic = force.strength == CIRCULAR_BINDING || force.strength == CIRCULAR_PERMITTED;
    bool told = weak < phrases->len && ends_clause (pairs, phrases, weak, i); /* …办结；…的，可延长 */
    if (force.said == SAID && !told && (takes_topic || weak == phrases->len)) {
      *strength = force.strength;
      return i;
    }
    if (force.said == SAID)
      return weak;
    bool whole = force.said == SAID_SCENE && ends_clause (pairs, phrases, i, i + 1)
                 && !text_ends_with (text_slice (pairs->text, p.from, p.to), "的");
    if ((whole || force.said == SAID_NOT) && weak == phrases->len)
      weak = i;
  }
  return weak < phrases->len ? weak : 0;
}

static void
set_parts (Arena *arena, const Pairs *pairs, GArray *phrases, guint first, CircularAction *action)
{
  CircularActionPart *parts = arena_new0 (arena, CircularActionPart, phrases->len + 1);
  size_t from = g_array_index (phrases, Phrase, 0).from, n = 0;
  CircularStrength now = action->strength;
  for (guint i = first + 1; i < phrases->len; i++) {
    Phrase p = g_array_index (phrases, Phrase, i);
    CircularStrength next = turned (pairs, p.from, p.to, now);
    if (next == now)
      continue;
    /* a condition belongs to what it is a condition of */
    while (i > first + 1
           && force_of (pairs, g_array_index (phrases, Phrase, i - 1).from,
                        g_array_index (phrases, Phrase, i - 1).to)
                      .said
                  == SAID_SCENE)
      i--;
    size_t end = g_array_index (phrases, Phrase, i).from;
    Text text = text_slice (pairs->text, from, char_previous (pairs->text, end));
    parts[n++] = (CircularActionPart){ arena_text (arena, text), now };
    from = end;
    now = next;
    while (g_array_index (phrases, Phrase, i).to < p.to)
      i++;
  }
  if (n == 0)
    return;
  Text last = text_slice (pairs->text, from, g_array_index (phrases, Phrase, phrases->len - 1).to);
  parts[n++] = (CircularActionPart){ arena_text (arena, last), now };
  action->parts = parts;
  action->n_parts = n;
}

static void
add_action (Arena *arena, const Pairs *pairs, size_t from, size_t to, size_t end, GArray *found)
{
  Text trimmed = text_trim (text_slice (pairs->text, from, to));
  if (trimmed.len < 6)
    return;
  from = (size_t)(trimmed.bytes - pairs->text.bytes);
  to = from + trimmed.len;
  ActionFound action = { .from = from, .to = end };
  action.action.text = arena_text (arena, text_trim (text_slice (pairs->text, from, end)));
  g_autoptr (GArray) phrases = phrases_of (pairs, from, to);
  if (phrases->len) {
    guint first = governing (pairs, phrases, &action.action.strength);
    set_parts (arena, pairs, phrases, first, &action.action);
  }
  g_array_append_val (found, action);
}

/* "1.信息发布。每日更新…": the title of an item inside a clause asks for nothing. */
static bool
is_item_title (Text text, size_t from, size_t to)
{
  enum { TITLE_MAX = 24 * 3 };
  bool opens = from == 0 || text.bytes[from - 1] == '\n';
  size_t next = char_next (text, to);
  return opens && to - from <= TITLE_MAX && next < text.len && text.bytes[next] != '\n'
         && heading_of (text_slice (text, from, to)).level && !word_in (text_slice (text, from, to), "；");
}

GArray *
actions_read (Arena *arena, const Pairs *pairs)
{
  GArray *found = g_array_new (FALSE, TRUE, sizeof (ActionFound));
  Text text = pairs->text;
  size_t from = 0;
  gunichar before = 0; /* a line that ends in ： or ； goes on */
  for (size_t i = 0; i <= text.len; i = i < text.len ? pairs_skip (pairs, i) : i + 1) {
    gunichar c = char_at (text, i);
    bool stop = c == U'。' || c == U'！' || c == U'？' || (c == '\n' && !is_phrase_stop (before));
    before = c;
    if (i < text.len && !stop)
      continue;
    if (!is_item_title (text, from, i))
      add_action (arena, pairs, from, i, char_next (text, i), found);
    from = char_next (text, i);
  }
  return found;
}
