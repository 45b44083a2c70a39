/* The words that posts and searches are made of: common names of occupations and skills, put together for
 * this measure, with families of its own; no classification, and nothing of the county's words of work. */
#include "quality_private.h"

/* Names between '|': the first the usual one, then synonyms, words of Taiwan and slang, whether or not the
 * county's words of work have them; then what people say instead of a name, which no table of names has.  A
 * skill's names stand between '/'. */
static const struct {
  const char *names, *said, *skills;
  guint16 family, certificate;
  gint64 pay;
} occupations[] = {
  { "电焊工|焊工|焊接工|電銲技術員|烧焊师傅", "烧电焊的|焊铁门焊架子的",
    "二保焊/气保焊|氩弧焊/亚弧焊|看图纸/识图|气割|打磨/抛光", 1, 1, 7500 },
  { "钣金工|钣金师傅|板金技師", "敲铁皮的|做铁皮柜的", "折弯|剪板|看图纸/识图|激光切割|打磨/抛光", 1, 0,
    6800 },
  { "钳工|装配钳工|組立技術員", "锉零件配零件的|修冲模打孔的",
    "装配/组装|看图纸/识图|钻孔/攻丝|测量工具|打磨/抛光", 1, 0, 6500 },
  { "数控车床操作工|数控车工|CNC操作员|電腦車床技術員", "看电脑车床的|车零件的",
    "数控编程/CNC编程|车削|看图纸/识图|测量工具|刀具选用", 1, 0, 7800 },
  { "电工|维修电工|低压电工|水電師傅|弱电师傅", "拉线接灯的|修电路的",
    "布线/走线|配电柜|PLC/可编程控制器|电路检修|照明安装", 2, 2, 7000 },
  { "机修工|设备维修工|机械维修工|設備維護技術員", "修厂里机器的|保养机器的",
    "液压|PLC/可编程控制器|设备保养|轴承更换|电路检修", 2, 0, 7200 },
  { "制冷工|空调安装维修工|空调师傅|冷氣技師", "装空调加雪种的|修冷库的",
    "空调安装|充氟/加氟|冷库维护|电路检修|登高作业", 2, 3, 7600 },
  { "电梯维修工|电梯维保员|電梯保養員", "修升降梯的|管电梯的", "电梯保养|电路检修|配电柜|登高作业|安全检查",
    2, 4, 8000 },
  { "缝纫工|车缝工|平车工|车位工|縫製人員", "踩衣车的|做衣服车边的",
    "平缝/平车|包缝/拷边|锁眼钉扣|裁片识别|看工艺单", 3, 0, 6000 },
  { "裁剪工|裁床工|裁斷人員", "开布料的|拉布开裁的", "拉布|裁片识别|电剪刀|排料/排版|看工艺单", 3, 0, 6200 },
  { "打版师|制版师|纸样师|打樣師", "出衣服纸样的|画纸样的",
    "排料/排版|服装CAD/ET软件|放码/推档|看工艺单|立体裁剪", 3, 0, 9000 },
  { "服装质检员|服装QC|查衫|品檢員", "看衣服有没有毛病的|查成衣的",
    "验货/检验|尺寸测量|看工艺单|疵点识别|记录报表", 3, 0, 5500 },
  { "会计|财务会计|主办会计|會計人員|账房", "管账的|做账报税的",
    "做账/账务处理|报税/纳税申报|财务软件/用友|成本核算|Excel/表格", 4, 0, 6500 },
  { "出纳|出纳员|收支管理", "管钱跑银行的|管现金的", "现金管理|网银|开票/开发票|Excel/表格|做账/账务处理", 4,
    0, 5000 },
  { "审计员|审计助理|查帳員", "查账的|翻凭证的", "凭证抽查|成本核算|Excel/表格|财务软件/用友|报告撰写", 4, 0,
    7000 },
  { "统计员|数据统计员|报表员", "做报表的|算产量的", "Excel/表格|记录报表|数据核对|财务软件/用友|问卷整理", 4,
    0, 5000 },
  { "行政文员|文员|办公室文员|行政助理|總務", "坐办公室打杂的|写材料管印章的",
    "Excel/表格|公文写作|档案管理|会议安排|接待", 5, 0, 4800 },
  { "人事专员|招聘专员|人资专员|HR", "管招人的|管社保考勤的",
    "招聘面试|社保办理|薪资核算|Excel/表格|档案管理", 5, 0, 5800 },
  { "前台|前台接待|櫃檯", "门口接电话的|接待客人登记的", "接待|电话礼仪|会议安排|登记访客|公文写作", 5, 0,
    4500 },
  { "仓库管理员|仓管|库管员|倉管人員|看仓库", "看仓库的|管货的",
    "盘点|收发货/出入库|叉车/堆高机|仓储系统/WMS|记录报表", 6, 0, 5200 },
  { "叉车司机|叉车工|堆高機手|开叉车", "开小叉的|叉货的", "叉车/堆高机|装卸|收发货/出入库|安全检查|码垛", 6,
    5, 6500 },
  { "货车司机|送货司机|大货司机|貨運駕駛", "跑大车的|拉货跑长途的", "B2驾驶|装卸|路线规划|车辆保养|货物清点",
    6, 6, 8000 },
  { "快递员|派件员|送件|配送員", "送件的|跑快件的", "派件|路线规划|电动车驾驶|客户沟通|货物清点", 6, 0,
    7000 },
  { "厨师|炒锅|中餐厨师|掌勺|廚務人員", "掌勺的|炒大锅菜的", "炒菜|菜单设计|食材验收|备料/切配|厨房管理", 7,
    7, 7500 },
  { "切配工|砧板|配菜|墩子", "切菜的墩子|配菜打荷的", "备料/切配|刀工|食材验收|冷库维护|厨房清洁", 7, 7,
    5500 },
  { "面点师|白案师傅|点心师|烘焙師", "做包子馒头的|揉面的", "和面|发酵|馅料调制|蒸烤|备料/切配", 7, 7, 6800 },
  { "服务员|餐厅服务员|传菜|外場人員", "端盘子的|传菜的", "点餐|摆台|客户沟通|收银|酒水知识", 7, 7, 4500 },
  { "养老护理员|护理员|护工|照顾老人|照顧服務員", "照看老人的|陪老人的",
    "翻身拍背|喂食|测血压/量血压|陪护|康复训练/复健", 8, 0, 6000 },
  { "护士|临床护士|護理師|打针", "打吊针的|打针换药的",
    "静脉输液/打点滴|测血压/量血压|护理记录|急救|无菌操作", 8, 8, 7000 },
  { "育婴师|月嫂|育婴员|带小孩|保母", "带娃的|伺候月子的", "喂养|婴儿洗浴|早教|辅食制作|陪护", 8, 0, 8000 },
  { "药师|执业药师|药剂师|藥劑人員", "药店抓药的|看方子发药的",
    "处方审核|药品陈列|用药指导|库存管理|护理记录", 8, 9, 7500 },
  { "电商运营|网店运营|淘宝运营|開店小編|网上开店", "网上开店做推广的|管网店的",
    "店铺装修|直通车/推广投放|活动策划|数据分析|客户沟通", 9, 0, 7000 },
  { "电商客服|网店客服|售后客服|線上客服", "网上回消息的|回买家旺旺的",
    "客户沟通|打字|退换货处理|订单处理|活动策划", 9, 0, 4800 },
  { "带货主播|直播员|网红主播|直播主", "镜头前卖货的|直播间卖货的",
    "直播话术|产品讲解|活动策划|镜头表现|客户沟通", 9, 0, 8000 },
  { "平面设计师|美工|平面设计|美編|做图", "做图的|画海报的",
    "Photoshop/修图|Illustrator|店铺装修|排版设计|摄影", 9, 0, 6800 },
  { "施工员|工地施工员|现场施工员|工地主任", "管工地的|跑工地带班的",
    "看图纸/识图|进度管理|测量放线|安全检查|施工日志", 10, 10, 8500 },
  { "木工|模板工|装修木工|裝潢師傅", "装木板吊顶的|钉模板的", "支模|吊顶|看图纸/识图|家具安装|测量放线", 10,
    0, 8800 },
  { "泥瓦工|瓦工|贴砖工|泥水匠|土水師傅", "砌墙贴砖的|抹灰的", "贴砖|砌墙|抹灰|看图纸/识图|防水", 10, 0,
    8800 },
  { "造价员|预算员|估價師|算量", "算工程量的|套定额的",
    "套定额|工程量计算/算量|看图纸/识图|Excel/表格|合同管理", 10, 11, 8000 },
  { "保安|门卫|保安员|看门|警衛", "看大门的|夜里看场子的", "巡逻|登记访客|监控值守|消防器材|安全检查", 11, 12,
    4500 },
  { "保洁员|清洁工|保洁阿姨|清潔人員", "扫地擦玻璃的|搞卫生的", "地面清洁|玻璃清洁|垃圾分类|消毒|厨房清洁",
    11, 0, 3800 },
  { "家政服务员|钟点工|家政阿姨|管家", "上门做饭打扫的|钟点阿姨", "地面清洁|做饭|洗衣熨烫|陪护|收纳", 11, 0,
    5500 },
};

/* By their number: those that the law asks for together. */
static const char *const certificates[QUALITY_CERTIFICATES][3] = {
  { NULL },
  { "焊接与热切割作业证" },
  { "低压电工作业证" },
  { "制冷与空调作业证" },
  { "电梯修理作业证" },
  { "叉车证" },
  { "机动车驾驶证B2", "道路货物运输从业资格证" },
  { "健康证" },
  { "护士执业证书" },
  { "执业药师注册证" },
  { "施工员岗位证书" },
  { "造价工程师注册证" },
  { "保安员证" },
};

/* In a ring: a township lies beside those before and behind it. */
const char *const townships[] = { "甘蔗", "白沙", "荆溪", "竹岐", "鸿尾", "上街", "南屿", "南通",
                                  "尚干", "祥谦", "青口", "大湖", "洋里", "廷坪", "小箬" };

const char *const shouts[] = { "急招", "诚聘", "高薪招聘", "长期招", "【包吃住】", "★", "直招" };
const char *const ends[] = { "（五险）", "包吃住", "多名", "-双休", "（附近优先）", "/长白班" };
const char *const filler[]
    = { "公司提供住宿和工作餐",         "年底双薪，节日有礼品",          "有食堂，上下班有班车",
        "试用期一个月，转正交五险一金", "新手可以学，有师傅带",          "公司规模大，订单稳定",
        "做六休一，加班另算",           "要求能吃苦，有责任心，服从安排" };

/* ---- taken apart ------------------------------------------------------------------------ */

enum { OCCUPATIONS = G_N_ELEMENTS (occupations), SKILLS_MAX = 512 };

static struct {
  QualityFacts facts[OCCUPATIONS];
  QualityName skills[SKILLS_MAX];
  size_t n_skills;
} words;

/* TEXT's names, which live as long as the program. */
static QualityName
split_names (const char *text, const char *between)
{
  QualityName name = { { NULL }, 0 };
  g_auto (GStrv) parts = g_strsplit (text, between, -1);
  for (char **p = parts; *p; p++)
    name.names[name.n++] = g_intern_string (*p);
  return name;
}

static guint16
find_skill (const char *text)
{
  QualityName name = split_names (text, "/");
  for (size_t i = 0; i < words.n_skills; i++)
    if (g_str_equal (words.skills[i].names[0], name.names[0]))
      return (guint16)i;
  words.skills[words.n_skills] = name;
  return (guint16)words.n_skills++;
}

static void
prepare (void)
{
  if (words.n_skills)
    return;
  for (size_t i = 0; i < OCCUPATIONS; i++) {
    QualityFacts *facts = &words.facts[i];
    g_auto (GStrv) skills = g_strsplit (occupations[i].skills, "|", -1);
    facts->name = split_names (occupations[i].names, "|");
    facts->said = split_names (occupations[i].said, "|");
    facts->family = occupations[i].family;
    facts->certificate = occupations[i].certificate;
    facts->pay = occupations[i].pay;
    for (char **skill = skills; *skill; skill++)
      facts->skills[facts->n_skills++] = find_skill (*skill);
  }
}

const QualityFacts *
quality_facts (guint16 occupation)
{
  prepare ();
  return &words.facts[occupation];
}

const QualityName *
quality_skill (guint16 skill)
{
  prepare ();
  return &words.skills[skill];
}

size_t
quality_occupations (void)
{
  return OCCUPATIONS;
}

guint16
quality_family (guint16 occupation)
{
  return occupations[occupation].family;
}

const char *
quality_township (guint16 township)
{
  return townships[township];
}

bool
quality_beside (guint16 a, guint16 b)
{
  int apart = (a - b + QUALITY_TOWNS) % QUALITY_TOWNS;
  return apart <= 1 || apart == QUALITY_TOWNS - 1;
}

const char *const *
quality_certificate (guint16 certificate)
{
  return certificates[certificate];
}
