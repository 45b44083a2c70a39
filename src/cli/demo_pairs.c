#include "demo_pairs.h"

#include "pairs/pairs.h"

#include <string.h>

enum {
  DAY_SECONDS = 86400,
  OPEN_DAYS = 90,
  SOON = 30,
  VALUES_MOST = 8,
  TEXTS_MOST = 6,
  TIMES = 3,
  FIRST_ORGANISATION = 3,
  FIRST_PERSON = 16,
  PEOPLE = 40
};

/* What the synthetic firms and people put: columns and what they say, "products=castings;stampings". */
static const struct {
  const char *market;
  MarketSide side;
  const char *title, *says[VALUES_MOST];
  int owner; /* whose record has what it takes; 0: any */
} templates[] = {
  { "supplies",
    MARKET_SEEKERS,
    "采购发动机支架铝铸件",
    { "products=castings", "quantity=5000", "delivery=30", "certificates=iatf16949" } },
  { "supplies",
    MARKET_SEEKERS,
    "采购线束和传感器",
    { "products=wire-harnesses;sensors", "quantity=2000", "delivery=20" } },
  { "supplies",
    MARKET_SEEKERS,
    "采购出口包装纸箱",
    { "products=cartons;pallets", "quantity=10000", "delivery=10" } },
  { "supplies",
    MARKET_SEEKERS,
    "食堂采购本地蔬菜",
    { "products=vegetables;fruit", "quantity=800", "delivery=2" } },
  { "supplies",
    MARKET_OFFERS,
    "供应汽车铝压铸件",
    { "products=castings;machined-parts", "quantity=8000", "delivery=25",
      "certificates=iatf16949;iso9001" } },
  { "supplies",
    MARKET_OFFERS,
    "供应整车线束",
    { "products=wire-harnesses", "quantity=3000", "delivery=15", "certificates=iso9001" } },
  { "supplies",
    MARKET_OFFERS,
    "供应纸箱和托盘",
    { "products=cartons;pallets", "quantity=6000", "delivery=5" } },
  { "supplies",
    MARKET_OFFERS,
    "合作社供应当季蔬菜",
    { "products=vegetables", "quantity=1500", "delivery=1", "certificates=green-food" } },
  { "results",
    MARKET_SEEKERS,
    "想用机器视觉检测铸件表面",
    { "fields=machine-vision;light-alloys", "budget=300000", "maturity=6", "modes=licence;together" } },
  { "results",
    MARKET_SEEKERS,
    "找轻合金涂层技术",
    { "fields=coatings", "budget=500000", "maturity=5", "modes=licence;sale" } },
  { "results",
    MARKET_OFFERS,
    "铝铸件表面缺陷的视觉检测（样例成果）",
    { "fields=machine-vision", "chains=automotive;aluminium", "price=200000", "maturity=7",
      "modes=licence;together", "disclosable=true", "registered_on=2026-06-01" } },
  { "results",
    MARKET_OFFERS,
    "耐磨涂层配方（样例成果）",
    { "fields=coatings", "chains=aluminium", "price=450000", "maturity=6", "modes=licence",
      "disclosable=true", "registered_on=2026-03-01" } },
  { "finance",
    MARKET_SEEKERS,
    "扩建模具车间，需要设备款",
    { "purposes=equipment", "amount=800000", "months=36", "dishonest=false" } },
  { "finance",
    MARKET_SEEKERS,
    "旺季备货周转",
    { "purposes=working-capital", "amount=200000", "months=12", "dishonest=false" } },
  { "finance",
    MARKET_OFFERS,
    "设备分期贷款（样例产品）",
    { "purposes=equipment;premises", "least=100000", "most=3000000", "months=60", "trades=manufacturing" } },
  { "finance",
    MARKET_OFFERS,
    "小微流动资金贷（样例产品）",
    { "purposes=working-capital", "least=10000", "most=500000", "months=24",
      "trades=manufacturing;retail;food" } },
  { "doctors",
    MARKET_SEEKERS,
    "周末可以到村所坐诊",
    { "departments=internal;general-practice", "licensed=true", "years=8", "days=4",
      "townships=350121202;350121203", "sites=1" } },
  { "doctors",
    MARKET_SEEKERS,
    "愿到乡镇开中医门诊",
    { "departments=chinese-medicine;rehabilitation", "licensed=true", "years=12", "days=6",
      "townships=350121101" } },
  { "doctors",
    MARKET_OFFERS,
    "村卫生所每月需要内科医师四天",
    { "departments=internal", "days=4", "years=5" } },
  { "doctors",
    MARKET_OFFERS,
    "卫生院中医科招多点执业医师",
    { "departments=chinese-medicine", "days=8", "years=10" } },
  { "mentors",
    MARKET_SEEKERS,
    "想请教融资和财税",
    { "topics=finance;tax", "trades=software", "languages=mandarin;english" },
    74 },
  { "mentors",
    MARKET_SEEKERS,
    "想做跨境电商，想请教外贸",
    { "topics=export;marketing", "trades=e-commerce", "languages=mandarin" },
    76 },
  { "mentors",
    MARKET_OFFERS,
    "可以讲融资和商业计划",
    { "topics=finance;business-plan", "trades=software;manufacturing", "languages=mandarin", "places=2" } },
  { "mentors",
    MARKET_OFFERS,
    "做外贸二十年，可以带新人",
    { "topics=export;marketing;law", "trades=e-commerce;retail", "languages=mandarin;english", "places=3" } },
  { "apprentices", MARKET_SEEKERS, "想学电工", { "trades=电工", "skills=识图" }, 241 },
  { "apprentices", MARKET_SEEKERS, "想学焊接", { "trades=焊工", "skills=焊接" }, 257 },
  { "apprentices", MARKET_OFFERS, "带电工徒弟", { "skills=识图", "recognised=true", "places=2" }, 157 },
  { "apprentices", MARKET_OFFERS, "带焊工徒弟", { "skills=焊接", "recognised=true", "places=1" }, 156 },
  { "training",
    MARKET_OFFERS,
    "焊工取证班（周末，样例）",
    { "skills=焊接", "certificates=焊接与热切割作业证", "trades=焊工", "places=20",
      "starts_on=SOON" },
    95 },
  { "training",
    MARKET_OFFERS,
    "叉车证培训班（样例）",
    { "skills=叉车驾驶", "certificates=场内专用机动车辆作业证", "trades=叉车司机", "places=15",
      "starts_on=SOON" },
    97 },
  { "training",
    MARKET_OFFERS,
    "低压电工取证班（样例）",
    { "certificates=低压电工作业证", "trades=电工", "places=30", "starts_on=SOON" },
    100 },
  { "training",
    MARKET_OFFERS,
    "养老护理员入门班（样例）",
    { "skills=护理;沟通协调", "trades=养老护理员", "places=25", "starts_on=SOON" },
    97 },
  { "training", MARKET_SEEKERS, "想考焊工证", { "certificates=焊接与热切割作业证", "skills=焊接" }, 41 },
};

typedef struct {
  Pairs *pairs;
  Registry *registry;
  const PolicyPackage *package;
  gint64 clock;
} Story;

static gint64
story_clock (gpointer data)
{
  return ((const Story *)data)->clock;
}

static const MarketColumn *
column (const Market *market, MarketSide side, const char *id, size_t len)
{
  for (size_t c = 0; c < market->sides[side].n; c++)
    if (strlen (market->sides[side].columns[c].id) == len
        && strncmp (market->sides[side].columns[c].id, id, len) == 0)
      return &market->sides[side].columns[c];
  return NULL;
}

/* What SAYS has, but for columns that a county's own markets do not have. */
static void
say (Arena *arena, const Market *market, const char *const *says, Day soon, PairsEntry *entry)
{
  PairsValue *values = arena_new0 (arena, PairsValue, VALUES_MOST);
  char day[CIVIL_TEXT_MAX];
  entry->values = values;
  for (size_t i = 0; i < VALUES_MOST && says[i]; i++) {
    const char *is = strchr (says[i], '=');
    const char **texts = arena_new0 (arena, const char *, TEXTS_MOST + 1);
    PairsValue value
        = { .column = column (market, entry->side, says[i], (size_t)(is - says[i])), .values = texts };
    g_auto (GStrv) parts = g_strsplit (is + 1, ";", TEXTS_MOST);
    for (size_t k = 0; parts[k]; k++)
      texts[k] = arena_text (arena,
                             text_of (g_str_equal (parts[k], "SOON") ? civil_format (soon, day) : parts[k]));
    if (value.column)
      values[entry->n_values++] = value;
  }
}

static Subject
named_owner (const Story *story, const Market *market, MarketSide side, int number)
{
  const RegistrySchema *schema = policy_schema (story->package);
  const RegistryEntity *resident = registry_schema_entity (schema, "resident");
  return subject_make (
      market->sides[side].entity == resident ? resident : registry_schema_entity (schema, "organisation"),
      number);
}

/* The demo's accounts are among the owners: employer (organisation 3), and resident, a village doctor. */
static Subject
owner_of (const Story *story, const Market *market, MarketSide side, int number)
{
  const RegistryEntity *resident = registry_schema_entity (policy_schema (story->package), "resident");
  bool is_person = market->sides[side].entity == resident;
  return named_owner (story, market, side,
                      is_person ? 1 + (number - FIRST_PERSON + PEOPLE) % PEOPLE
                                : FIRST_ORGANISATION + number);
}

/* A small county has not everybody. */
static bool
is_there (const Story *story, Subject owner)
{
  gint64 n;
  const RegistryEntity *entity = registry_subject_entity (policy_schema (story->package), owner);
  return registry_count (story->registry, entity, &n, NULL) && subject_number (owner) <= n;
}

static bool
put (const Story *story, size_t t, int number, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const Market *market = pairs_market (story->pairs, templates[t].market, NULL);
  if (!market)
    return true; /* another county's package */
  PairsEntry entry
      = { .market = templates[t].market,
          .side = templates[t].side,
          .owner = templates[t].owner ? named_owner (story, market, templates[t].side, templates[t].owner)
                                      : owner_of (story, market, templates[t].side, number),
          .title = templates[t].title,
          .text = "演示用的样例信息。",
          .until = civil_day_of (story->clock) + OPEN_DAYS };
  if ((templates[t].owner && number >= (int)G_N_ELEMENTS (templates)) || !is_there (story, entry.owner))
    return true;
  AccessAccount who = { .name = "demo-market", .role = ACCESS_REPRESENTATIVE, .subject = entry.owner };
  if (registry_subject_entity (policy_schema (story->package), entry.owner)
      == registry_schema_entity (policy_schema (story->package), "resident"))
    who.role = ACCESS_RESIDENT;
  say (arena, market, templates[t].says, civil_day_of (story->clock) + SOON, &entry);
  return pairs_put (story->pairs, &who, &entry, arena_printf (arena, "demo-%zu-%d", t, number), error);
}

bool
demo_pairs_add (Registry *registry, const PolicyPackage *package, GError **error)
{
  g_autoptr (Access) access = access_open (registry, error);
  g_autoptr (Agents) agents = access ? agents_open (package, registry, error) : NULL;
  if (!agents)
    return false;
  policy_hand_purposes (package, access);
  Story story = { .registry = registry, .package = package, .clock = (gint64)civil_today () * DAY_SECONDS };
  PairsOptions options = { .package = package,
                           .registry = registry,
                           .access = access,
                           .agents = agents,
                           .clock = story_clock,
                           .clock_data = &story };
  g_autoptr (Pairs) pairs = pairs_open (&options, error);
  bool done = pairs;
  story.pairs = pairs;
  for (int i = 0; done && i < TIMES; i++)
    for (size_t t = 0; done && t < G_N_ELEMENTS (templates); t++)
      done = put (&story, t, i * (int)G_N_ELEMENTS (templates) + (int)t, error);
  return done;
}
