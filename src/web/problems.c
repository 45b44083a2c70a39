#include "web/problems.h"

#include <string.h>

enum { HOLES_MOST = 4 };

/* What is filled in: fields of forms, and other words that faults name. */
static const struct {
  const char *en, *zh;
} words[] = {
  { "title", "标题" },
  { "text", "说明" },
  { "until", "截止日期" },
  { "words", "想说的话" },
  { "contact", "联系方式" },
  { "key", "表单编号" },
  { "occupation", "职业" },
  { "occupations", "想做的职业" },
  { "skills", "技能" },
  { "certificates", "证书" },
  { "places", "乡镇" },
  { "place", "地点" },
  { "kinds", "岗位类别" },
  { "pay", "月薪" },
  { "pay_from", "月薪" },
  { "pay_to", "月薪上限" },
  { "posts", "招聘人数" },
  { "about", "想让单位知道的" },
  { "letter", "想对单位说的话" },
  { "owner", "发布单位" },
  { "times", "时间" },
  { "name", "名称" },
  { "day", "日期" },
  { "from", "开始时间" },
  { "to", "结束时间" },
  { "minutes", "时长" },
  { "picked", "选定的时间" },
  { "first_day", "第一天上班的日期" },
  { "interviewers", "面试官人数" },
  { "the reason", "理由" },
  { "the text", "内容" },
  { "the place of the interview", "面试地点" },
  { "the place", "地点" },
  { "the name", "名称" },
  { "invited", "已邀请" },
  { "applied", "已投递" },
  { "interview", "选面试时间" },
  { "agreed", "面试已约定" },
  { "offered", "有录用意向" },
  { "accepted", "已接受录用" },
  { "hired", "已上班" },
  { "rejected", "未录用" },
  { "declined", "已退出" },
  { "lapsed", "岗位已关闭" },
};

/* The first that fits: what says more stands before what says less.  In the Chinese 1 to 4 in braces are what
 * is filled in. */
static const struct {
  const char *en, *zh;
} sentences[] = {
  /* markets */
  { "an entry keeps its market, side and owner", "已发布的信息不能换市场、换方向、换发布人。" },
  { "this entry is closed; put a new one", "这条信息已经关闭，请另发一条。" },
  { "200 entries are open already: close some first", "已经有200条有效的信息，请先关闭一些。" },
  { "until: a day from today on, a year ahead at most", "有效期从今天起，最长一年。" },
  { "*: \"*\" is none of those there are; choose from the list", "{1}：没有“{2}”，请从列表里选。" },
  { "*: this is read from the registry and cannot be stated", "{1}：这一项来自登记资料，不能自己填。" },
  { "*: no whole number from 0 to 1000000000", "{1}：请填0到1000000000的整数。" },
  { "*: true or false", "{1}：请选“是”或者“否”。" },
  { "*: no date; write 2026-01-31", "{1}：请写成2026-01-31这样的日期。" },
  { "*: one value, not several", "{1}：只能填一个。" },
  { "*: at most 30", "{1}：最多30个。" },
  { "*: no plain text", "{1}：有不能显示的字符。" },
  { "*: markup is not shown; write plain text", "{1}：请写普通文字，不要网页代码。" },
  { "*: no telephone numbers, addresses or links here: the other side sees your contact once they accept",
    "{1}：这里不要写电话、网址和账号，对方接受以后才看得到您的联系方式。" },
  { "*: too long", "{1}：太长了。" },
  { "*: missing", "{1}：还没有填。" },
  { "the two are not of either side of one market", "这两条信息不是同一个市场的两方。" },
  { "one of the two is closed", "其中一条信息已经关闭。" },
  { "you have been introduced already", "你们已经联系过了。" },
  { "the two do not meet the market's conditions", "双方不符合这里的条件，请看“为什么”。" },
  { "this has been answered already, or waits for an answer", "这个邀请已经答复过，或者还在等对方答复。" },
  { "deed is close, ask, accept, decline, agree or disagree", "没有这个操作，请刷新页面再试。" },
  { "side is seekers or offers", "请选要发布的一方。" },
  { "owner=*: there is no such; write organisation-12", "没有“{1}”这个单位。" },
  /* jobs */
  { "fill in your profile first: it is what employers get", "请先填求职意向，单位看到的就是它。" },
  { "fill in your profile first: it is what the employer gets", "请先填求职意向，单位收到的就是它。" },
  { "public-welfare posts are for people recognised as hard to employ, within the clause's term and number "
    "of "
    "placements: the clause's page says what is missing",
    "公益性岗位安排认定的就业困难人员，有期限和次数的限制；还缺什么，条款页面上写着。" },
  { "the clause does not let you apply: you are below the working age, or on record as not seeking work; "
    "saving "
    "your profile puts that right",
    "按条款您现在不能投递：没有到劳动年龄，或者没有求职登记。保存求职意向就会登记。" },
  { "this advertisement takes no applications any more", "这个岗位不再接受投递。" },
  { "you have applied for this already: it is *", "您已经投过这个岗位，现在是“{1}”。" },
  { "you have very many open applications: withdraw some first", "您没有结束的投递太多，请先撤回一些。" },
  { "they were invited or have applied already", "已经邀请过，或者对方已经投递。" },
  { "very many invitations of this post are not answered yet", "这个岗位还有很多邀请没有答复，请等一等。" },
  { "this is not possible now: the application is *", "现在不能这样做：这份投递是“{1}”。" },
  { "there is no job fair *", "没有第{1}号招聘会。" },
  { "there is no application *", "没有第{1}号投递，或者它和您无关。" },
  { "there is no advertisement *", "没有第{1}号岗位，或者它现在不公开。" },
  { "there is no entry *", "没有第{1}号条目，或者它现在不公开。" },
  { "there is no market \"*\"", "没有“{1}”这个对接市场。" },
  { "there is no such application", "没有这个投递，或者它和您无关。" },
  { "there is no such introduction", "没有这次引荐，或者它和您无关。" },
  { "there is no such time at this fair", "这场招聘会没有这个时间，请刷新页面再选。" },
  { "there is no such profile that is shown", "没有这份求职资料，或者本人没有公开它。" },
  { "there is no profile yet", "还没有求职资料，请先填写。" },
  { "this step is the other side's", "这一步由对方来做。" },
  { "this is for the other side to say", "这一步由对方来做。" },
  { "this is for residents, for themselves", "这里由居民本人办理。" },
  { "this is another's entry", "这是别人的条目。" },
  { "an entry is put by its owner, or whom it lets act for it", "条目由本人、本单位，或者受委托的人发布。" },
  { "posts are advertised by the employer's representative, or whom it let act for it in every matter",
    "岗位由单位的法定代表人，或者受单位全权委托的人发布。" },
  { "this is for those with the right \"*\" in a department that answers for the clause",
    "这里由负责本条款的部门中有办理权限的人员办理。" },
  { "the package has no market of jobs (markets/jobs.yaml)", "本县还没有开通岗位匹配。" },
  { "the package has no clause with online employment", "本县还没有开通网上就业。" },
  { "there is no such step", "没有这一步，请刷新页面再试。" },
  { "times are to come, each once and in order", "面试时间要在以后，按先后排，不能重复。" },
  { "propose 1 to 10 times", "请提供1到10个面试时间。" },
  { "there is no such time, or it is past", "没有这个时间，或者已经过了。" },
  { "the first day of work lies within a year from today", "第一天上班的日期要在前后一年以内。" },
  { "this advertisement is closed: post a new one", "这个岗位已经关闭，请重新发布。" },
  { "this advertisement is not held: it was decided already", "这条广告已经核对过了。" },
  { "kinds: there is no \"*\"", "岗位类别：没有“{1}”。" },
  { "places: there is no township \"*\"", "乡镇：没有“{1}”。" },
  { "pay_from: between 0 and 1,000,000 yuan a month", "月薪：请填每月0到1000000元。" },
  { "*: at most *", "{1}：最多{2}个。" },
  { "*: one in a line, none of them empty", "{1}：一行写一个，不要空行。" },
  { "what is looked for is text of at most 200 characters", "搜索的文字最多200个字。" },
  { "so many hits nobody reads: look for less", "结果太多了，请多写几个字再找。" },
  { "the interviews are arranged already", "面试已经排好了。" },
  { "nobody has named a post yet", "还没有人选岗位。" },
  { "a post is named that is not at this fair", "选了不在这场招聘会的岗位。" },
  { "one is named twice", "同一个选了两次。" },
  { "too many are named", "选得太多了。" },
  { "somebody is ranked who has not named this post", "排了没有选这个岗位的人。" },
  { "the fair is full", "这场招聘会的摊位满了。" },
  { "the day is past", "日期已经过了。" },
  { "0 to 20 interviewers", "面试官0到20人。" },
  { "interviews of at least 5 minutes, at most 96 of them between beginning and end",
    "每场面试至少5分钟，从开始到结束最多96场。" },
  { "deed is propose, pick, offer, accept, hire, reject or decline", "没有这个操作，请刷新页面再试。" },
  { "deed is apply, invite, filled, withdraw, remove, stands or return", "没有这个操作，请刷新页面再试。" },
  { "employer=organisation-12: there is no such", "没有这个单位。" },
  { "times: \"*\" is none, as 2026-09-01 09:30", "时间：“{1}”写法不对，请写成2026-09-01 09:30。" },
  /* forms */
  { "* is no text of at most * characters", "{1}：最多{2}个字的普通文字。" },
  { "*: it is missing", "{1}没有带上，请刷新页面再试。" },
  { "* is missing", "还没有填{1}。" },
  { "*=* is no amount in yuan", "{1}：“{2}”不是金额（元）。" },
  { "*=* is no day, as 2026-09-01", "{1}：“{2}”不是日期，请写成2026-09-01。" },
  { "*=* is no number", "{1}：“{2}”不是数字。" },
  { "*=* is no time, as 09:30", "{1}：“{2}”不是时间，请写成09:30。" },
};

typedef struct {
  Text holes[HOLES_MOST];
  size_t n;
} Filled;

/* Whether MESSAGE is PATTERN; what its stars stand for.  A star takes as little as it can. */
static bool
fits (const char *pattern, const char *message, Filled *filled)
{
  for (; *pattern && *pattern != '*'; pattern++, message++)
    if (*pattern != *message)
      return false;
  if (!*pattern)
    return !*message;
  size_t hole = filled->n++;
  for (size_t len = 0; len <= strlen (message); len++) {
    filled->n = hole + 1;
    filled->holes[hole] = (Text){ message, len };
    if (fits (pattern + 1, message + len, filled))
      return true;
  }
  filled->n = hole;
  return false;
}

static const char *
word_zh (Arena *arena, Text word)
{
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    if (text_equal (word, text_of (words[i].en)))
      return words[i].zh;
  return arena_text (arena, word);
}

static const char *
fill (Arena *arena, const char *zh, const Filled *filled)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (; *zh; zh++)
    if (zh[0] == '{' && zh[1] >= '1' && zh[1] < '1' + HOLES_MOST && zh[2] == '}') {
      g_string_append (out, word_zh (arena, filled->holes[zh[1] - '1']));
      zh += 2;
    } else
      g_string_append_c (out, *zh);
  return arena_text (arena, (Text){ out->str, out->len });
}

const char *
problem_zh (Arena *arena, const char *message)
{
  for (size_t i = 0; i < G_N_ELEMENTS (sentences); i++) {
    Filled filled = { .n = 0 };
    if (fits (sentences[i].en, message, &filled))
      return fill (arena, sentences[i].zh, &filled);
  }
  return NULL;
}
