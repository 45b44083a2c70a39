/* Facts, then pages: every construct of the language that a program may be made of. */
#include "generate.h"

#include <string.h>

/* ---- facts -------------------------------------------------------------------------- */

static const Text kinds[] = { TEXT_LITERAL ("甲类"), TEXT_LITERAL ("乙类"), TEXT_LITERAL ("丙类") };
static const Text sorts[] = { TEXT_LITERAL ("企业"), TEXT_LITERAL ("机关") };

/* Few values, near each other and near the pages' constants. */
static void
fill_row (World *w, GRand *rand, size_t r, bool clean)
{
  w->age[r] = (gint8)g_rand_int_range (rand, 10, 70);
  w->income[r] = g_rand_int_range (rand, 0, 9) * 50050;
  w->works[r] = (guint8)g_rand_int_range (rand, 0, 2);
  w->kind[r] = (gint16)g_rand_int_range (rand, 0, 3);
  w->born[r] = g_rand_int_range (rand, 0, 15000);
  w->since[r] = g_rand_int_range (rand, 17000, 20000);
  w->unit[r] = g_rand_int_range (rand, 0, PLACES);
  for (int c = 0; c < N_COLUMNS && !clean; c++) {
    int state = g_rand_int_range (rand, 0, 8);
    w->unknown[c][r] = state == 0 ? 0xff : 0;
    w->none[c][r] = state == 1 ? 0xff : 0;
  }
  int n = w->unknown[RECORDS][r] || w->none[RECORDS][r] ? 0 : g_rand_int_range (rand, 0, RECORDS_MAX + 1);
  guint32 first = w->offsets[r];
  w->offsets[r + 1] = first + (guint32)n;
  for (guint32 m = first; m < w->offsets[r + 1]; m++) {
    w->records[m] = (gint32)m;
    w->amount[m] = g_rand_int_range (rand, -3, 9) * 10025;
    w->record_kind[m] = (gint8)g_rand_int_range (rand, 0, 3);
    int state = clean ? 9 : g_rand_int_range (rand, 0, 12);
    w->record_unknown[m] = state == 0 ? 0xff : 0;
    w->record_none[m] = state == 1 ? 0xff : 0;
  }
}

World *
world_new (GRand *rand)
{
  World *w = g_new0 (World, 1);
  for (size_t r = 0; r < ROWS; r++)
    fill_row (w, rand, r, r < ROWS / 4);
  for (size_t u = 0; u < PLACES; u++) {
    w->staff[u] = (gint16)g_rand_int_range (rand, 0, 500);
    w->state[u] = (guint8)g_rand_int_range (rand, 0, 2);
    w->sort[u] = (gint8)g_rand_int_range (rand, 0, 2);
    int state = g_rand_int_range (rand, 0, 4);
    w->unit_unknown[u] = state == 0 ? 0xff : 0;
    w->unit_none[u] = state == 1 ? 0xff : 0;
  }
  ColumnsColumn units[] = {
    { TEXT_LITERAL ("人数"), COLUMNS_NUMBER, 2, 0, 0, 500, .has_none = true, .has_unknown = true,
      .values = w->staff, .none = w->unit_none, .unknown = w->unit_unknown },
    { TEXT_LITERAL ("国有"), COLUMNS_BOOLEAN, 1, .values = w->state },
    { TEXT_LITERAL ("类型"), COLUMNS_TEXT, 1, .n_texts = 2, .texts = sorts, .has_unknown = true,
      .values = w->sort, .unknown = w->unit_unknown },
  };
  ColumnsColumn records[] = {
    { TEXT_LITERAL ("金额"), COLUMNS_NUMBER, 4, 2, -100000, 100000, .has_none = true, .has_unknown = true,
      .values = w->amount, .none = w->record_none, .unknown = w->record_unknown },
    { TEXT_LITERAL ("类别"), COLUMNS_TEXT, 1, .n_texts = 3, .texts = kinds, .values = w->record_kind },
  };
  memcpy (w->unit_columns, units, sizeof units);
  memcpy (w->record_columns, records, sizeof records);
  w->units = (ColumnsTable){ TEXT_LITERAL ("单位"), PLACES, 3, w->unit_columns };
  w->records_table = (ColumnsTable){ TEXT_LITERAL ("记录"), w->offsets[ROWS], 2, w->record_columns };
  ColumnsColumn columns[N_COLUMNS] = {
    [AGE] = { TEXT_LITERAL ("年龄"), COLUMNS_NUMBER, 1, 0, 0, 120, .values = w->age },
    [INCOME] = { TEXT_LITERAL ("收入"), COLUMNS_NUMBER, 4, 2, 0, 1000000, .values = w->income },
    [WORKS] = { TEXT_LITERAL ("就业"), COLUMNS_BOOLEAN, 1, .values = w->works },
    [KIND] = { TEXT_LITERAL ("类别"), COLUMNS_TEXT, 2, .n_texts = 3, .texts = kinds, .values = w->kind },
    [BORN] = { TEXT_LITERAL ("出生"), COLUMNS_DATE, 4, 0, 0, 30000, .values = w->born },
    [SINCE] = { TEXT_LITERAL ("登记"), COLUMNS_DATE, 4, 0, 0, 30000, .values = w->since },
    [UNIT] = { TEXT_LITERAL ("单位"), COLUMNS_REFERENCE, 4, .target = &w->units, .values = w->unit },
    [RECORDS] = { TEXT_LITERAL ("记录"), COLUMNS_LIST, 4, .target = &w->records_table, .most = RECORDS_MAX,
                  .values = w->records, .offsets = w->offsets },
  };
  memcpy (w->columns, columns, sizeof columns);
  for (int c = 0; c < N_COLUMNS; c++) {
    w->columns[c].has_unknown = true;
    w->columns[c].has_none = true;
    w->columns[c].unknown = w->unknown[c];
    w->columns[c].none = w->none[c];
  }
  w->residents = (ColumnsTable){ TEXT_LITERAL ("居民"), ROWS, N_COLUMNS, w->columns };
  return w;
}

/* ---- pages ---------------------------------------------------------------------------- */

static int
pick (Page *p, int n)
{
  return g_rand_int_range (p->rand, 0, n);
}

static const char *
choice (Page *p, const char *const *from, int n)
{
  return from[pick (p, n)];
}
#define CHOICE(p, ...)                                                                                       \
  choice (p, (const char *const[]){ __VA_ARGS__ },                                                           \
          (int)(sizeof ((const char *[]){ __VA_ARGS__ }) / sizeof (char *)))

static char *truth (Page *p, int depth);

static char *
two (const char *format, char *a, char *b)
{
  GString *out = g_string_new (NULL);
  for (const char *f = format; *f; f++) {
    if (*f == '@')
      g_string_append (out, a);
    else if (*f == '#')
      g_string_append (out, b);
    else
      g_string_append_c (out, *f);
  }
  g_free (a);
  g_free (b);
  return g_string_free (out, FALSE);
}

/* A list of records, or of contexts that look like some. */
static char *
list (Page *p)
{
  switch (pick (p, 4)) {
  case 0:
    return two ("(if @ then # else [])", truth (p, 0),
                g_strdup (CHOICE (p, "居民.记录", "居民.记录[金额 > 0]")));
  case 1:
    return two (
        "(if @ then 居民.记录[金额 > 0] else #)", truth (p, 0),
        g_strdup (CHOICE (p, "居民.记录[类别 = \"甲类\"]", "居民.记录[类别 = 居民.类别]", "居民.记录")));
  default:
    return g_strdup (
        CHOICE (p, "居民.记录", "居民.记录[金额 > 0]", "居民.记录[类别 = 居民.类别]",
                "(for 次 in 居民.记录 return {金额: 次.金额, 类别: 次.类别})",
                "(for 次 in 居民.记录[金额 > 0] return {金额: 次.金额 - 居民.收入, 类别: 居民.类别})",
                "concatenate(居民.记录[金额 > 0], 居民.记录[类别 = \"甲类\"])",
                "concatenate([{金额: 1, 类别: \"甲类\"}], 居民.记录)",
                "flatten(for 次 in 居民.记录 return if 次.类别 = \"乙类\" then [次] else [])",
                "flatten(for 次 in 居民.记录 return 居民.记录[金额 < 次.金额])",
                "[{金额: 居民.收入, 类别: 居民.类别}, {金额: 18, 类别: \"甲类\"}][金额 > 100]",
                "[{金额: 300.75, 类别: \"乙类\"}, {金额: 18, 类别: \"甲类\"}][类别 = 居民.类别]"));
  }
}

static char *
number_of_list (Page *p)
{
  return two (CHOICE (p, "count(@)", "sum(@.金额)", "max(@.金额)", "min(for 次 in @ return 次.金额)",
                      "覆盖(@)", "count(distinct values(@.类别))", "count(@[金额 > 居民.年龄])",
                      "sum(append(@.金额, 居民.收入))", "sum([0, sum(@.金额)][item != null])", "@[1].金额",
                      "sum(for 甲 in @ return 较大(居民.记录, 甲.金额))",
                      "count([居民.就业, 居民.单位.国有, 居民.收入 > 500][item = true])"),
              list (p), NULL);
}

static char *
number (Page *p, int depth)
{
  if (p->numbers && pick (p, 5) == 0)
    return g_strdup_printf ("数%d", 1 + pick (p, p->numbers));
  if (depth <= 0 || pick (p, 4) == 0)
    return g_strdup (CHOICE (p, "居民.年龄", "居民.收入", "居民.单位.人数", "18", "0", "1001", "0.5",
                             "参数.标准", "参数.率", "参数.缺", "null", "居民.年龄", "居民.收入"));
  switch (pick (p, 15)) {
  case 12:
  case 13: return number_of_list (p);
  case 0: return two ("(@ + #)", number (p, depth - 1), number (p, depth - 1));
  case 1: return two ("(@ - #)", number (p, depth - 1), number (p, depth - 1));
  case 2:
    return two (CHOICE (p, "(@ * #)", "(@ * #)", "(@ / 25 + #)", "(# - @ / 0.5)"), number (p, 0),
                number (p, 0));
  case 3: return two ("min(@, #)", number (p, depth - 1), number (p, depth - 1));
  case 4: return two ("max(@, #)", number (p, depth - 1), number (p, depth - 1));
  case 5: {
    char *inner
        = two (CHOICE (p, "round half up(@ / #, 2)", "round down(@ / #, 1)", "decimal(@ / #, 0)",
                       "round up(@ / #, 2)", "floor(@ / #)", "ceiling(@ / #)", "round half down(@ / #, 3)"),
               number (p, 0), number (p, 0));
    return inner;
  }
  case 6: return two ("round half up(@, 1)", number (p, depth - 1), NULL);
  case 7: {
    char *yes = number (p, depth - 1), *no = number (p, depth - 1);
    char *branches = two ("then @ else #)", yes, no);
    return two ("(if @ #", truth (p, depth - 1), branches);
  }
  case 8:
    return g_strdup (CHOICE (p, "count(居民.记录)", "count(居民.记录[金额 > 0])",
                             "count(居民.记录[类别 = \"甲类\"])", "sum(居民.记录.金额)",
                             "sum(居民.记录[类别 = \"乙类\"].金额)", "max(居民.记录.金额)",
                             "sum(append(for 次 in 居民.记录[金额 > 0] return 次.金额, 0))",
                             "min(for 次 in 居民.记录 return 次.金额 * 2)"));
  case 9:
    return g_strdup (CHOICE (p, "years and months duration(居民.出生, 基准日).years", "居民.登记.year",
                             "居民.登记.month", "(基准日 - 居民.登记).days", "居民.登记.day",
                             "years and months duration(居民.登记, 居民.出生).months"));
  case 10: return two (CHOICE (p, "abs(@)", "-@", "倍(@)"), number (p, depth - 1), NULL);
  case 11:
    return g_strdup (CHOICE (
        p, "string length(居民.类别)", "居民.记录[1].金额", "居民.记录[金额 > 100][1].金额",
        "(if 居民.就业 then {值: 18} else {值: 2}).值",
        "(if 居民.收入 > 1000 then {值: 18} else if 居民.年龄 > 40 then {值: 1} else {值: 1}).值",
        "sum(for i in 1..2 return string length(substring(居民.类别, i, 1)) * [3, 7][i])",
        "floor((基准日 - 居民.登记) / duration(\"P1D\"))", "index of([\"丙类\", \"甲类\"], 居民.类别)[1]",
        "if 居民.类别 = null then 0 else string length(居民.单位.类型)"));
  default: return g_strdup ("居民.年龄");
  }
}

static char *
truth (Page *p, int depth)
{
  if (p->truths && pick (p, 5) == 0)
    return g_strdup_printf ("断%d", 1 + pick (p, p->truths));
  if (depth <= 0 || pick (p, 5) == 0)
    return g_strdup (CHOICE (p, "居民.就业", "居民.单位.国有", "居民.就业 = true", "居民.类别 = \"甲类\"",
                             "居民.单位 = null", "居民.单位.类型 = \"企业\"", "居民.收入 = null",
                             "居民.类别 != null", "居民.登记 <= 基准日"));
  switch (pick (p, 14)) {
  case 0:
  case 1: return two ("(@ and #)", truth (p, depth - 1), truth (p, depth - 1));
  case 2:
  case 3: return two ("(@ or #)", truth (p, depth - 1), truth (p, depth - 1));
  case 4: return two ("not(@)", truth (p, depth - 1), NULL);
  case 5:
  case 6:
    return two (CHOICE (p, "(@ < #)", "(@ <= #)", "(@ > #)", "(@ >= #)", "(@ = #)", "(@ != #)"),
                number (p, depth - 1), number (p, depth - 1));
  case 7: return two ("(@ between 0 and #)", number (p, depth - 1), number (p, 0));
  case 8:
    return g_strdup (CHOICE (p, "居民.类别 in (\"甲类\", \"丙类\")",
                             "list contains([\"乙类\", \"丙类\"], 居民.类别)", "居民.年龄 in [18..45]",
                             "居民.年龄 in (18, 19, [60..70))", "居民.收入 in (> 参数.标准)",
                             "starts with(居民.类别, \"甲\")", "list contains([18, 20, 30], 居民.年龄)"));
  case 9:
    return g_strdup (
        CHOICE (p, "some 次 in 居民.记录 satisfies 次.金额 > 100",
                "every 次 in 居民.记录 satisfies 次.金额 < 居民.收入",
                "some 次 in 居民.记录 satisfies 次.类别 = 居民.类别",
                "some 次 in 居民.记录 satisfies count(居民.记录[金额 >= 次.金额]) = 1",
                "every 甲 in 居民.记录 satisfies some 乙 in 居民.记录 satisfies 乙.金额 > "
                "甲.金额 or 乙.类别 = 居民.类别",
                "list contains(居民.记录.类别, 居民.类别)",
                "list contains(for 次 in 居民.记录 return 次.金额, 居民.收入)",
                "count([{名: 1, 有: 居民.就业}, {名: 2, 有: 居民.单位.国有}][有 = true].名) = 1",
                "[居民.就业, 居民.单位.国有][item != null][1] = true",
                "(if 居民.就业 then [true, false] else [])[居民.单位.人数] = true",
                "(if 居民.就业 then [true, false] else [])[if 居民.就业 then 2 else null] = true",
                "(if 居民.就业 then [] else [true, false])[count(居民.类别)] = null",
                "([true, false, null])[if 居民.类别 = \"甲类\" then 1 else if 居民.类别 = \"乙类\" then -1 "
                "else 7] = true",
                "some 项 in [\"甲类\", \"乙类\"] satisfies 项 = 居民.类别"));
  case 10:
    return g_strdup (
        CHOICE (p, "居民.出生 + duration(\"P18Y\") <= 居民.登记", "居民.登记 + duration(\"P30D\") > 基准日",
                "居民.登记 - duration(\"P1Y6M\") < 居民.出生 + duration(\"P40Y\")",
                "居民.登记 + 参数.月数 * duration(\"P1M\") <= 基准日", "居民.类别 = 居民.单位.类型"));
  case 11: {
    char *branches = two ("then @ else #)", truth (p, depth - 1), truth (p, depth - 1));
    return two ("(if @ #", truth (p, depth - 1), branches);
  }
  default: return two ("(@ >= #)", number (p, depth - 1), g_strdup (CHOICE (p, "18", "参数.标准", "0")));
  }
}

static Section *
section_new (Page *p, const char *name, int n, const char *type)
{
  Section *s = g_new0 (Section, 1);
  s->head = g_string_new (NULL);
  g_string_printf (s->head, "## %s%d: %s\n\n", name, n, type);
  s->rules = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (p->sections, s);
  return s;
}

static const char *
number_test (Page *p)
{
  return CHOICE (p, "-", "-", "< 18", "[18..45]", ">= 参数.标准", "> 1000.5", "null", "not(null)", "0",
                 "not(< 40)", "18, 20, > 60", "< 居民.年龄", "<= 1001", "< 参数.缺", "(0..500]", "< 1000");
}

static const char *
truth_test (Page *p)
{
  return CHOICE (p, "-", "true", "false", "not(true)", "null", "true", "false");
}

/* A table with outputs of TYPE's values. */
static void
table (Page *p, const char *name, int n, bool numeric)
{
  Section *s = section_new (p, name, n, numeric ? "数" : "是否");
  const char *policy
      = numeric ? CHOICE (p, "U", "F", "A", "F", "U", "P", "C+", "C#", "C>") : CHOICE (p, "U", "A", "F", "A");
  int n_inputs = 1 + pick (p, 4), n_rules = 1 + pick (p, 5);
  bool varied = numeric && pick (p, 3) == 0 && strcmp (policy, "P") != 0, is_text[4] = { 0 }, is_number[4];
  g_string_append_printf (s->head, "| %s |", policy);
  for (int i = 0; i < n_inputs; i++) {
    is_text[i] = pick (p, 5) == 0;
    is_number[i] = pick (p, 2);
    g_autofree char *input = is_text[i]     ? g_strdup ("居民.类别")
                             : is_number[i] ? number (p, 1)
                                            : truth (p, 1);
    g_string_append_printf (s->head, " %s |", input);
  }
  g_string_append_printf (s->head, " → %s%d |\n|", name, n);
  for (int i = 0; i < n_inputs + 2; i++)
    g_string_append (s->head, "---|");
  g_string_append_c (s->head, '\n');
  const char *blanks[] = { "", " |", " | |", " | | |", " | | | |" };
  if (strcmp (policy, "P") == 0)
    g_string_append_printf (s->head, "| 允许 |%s 300, 0, 20, 1.5 |\n", blanks[n_inputs]);
  if (pick (p, 3) == 0)
    g_string_append_printf (s->head, "| 默认 |%s %s |\n", blanks[n_inputs], numeric ? "0" : "false");
  for (int r = 0; r < n_rules; r++) {
    GString *row = g_string_new (NULL);
    g_string_printf (row, "| %d |", r + 1);
    for (int i = 0; i < n_inputs; i++)
      g_string_append_printf (row, " %s |",
                              is_text[i]
                                  ? CHOICE (p, "-", "\"甲类\"", "not(\"乙类\")", "\"乙类\", \"丙类\"", "null")
                              : is_number[i] ? number_test (p)
                                             : truth_test (p));
    g_autofree char *output
        = varied ? number (p, 1)
                 : g_strdup (numeric ? CHOICE (p, "300", "0", "20", "1.5") : CHOICE (p, "true", "false"));
    g_string_append_printf (row, " %s |\n", output);
    g_ptr_array_add (s->rules, g_string_free (row, FALSE));
  }
}

void
section_free (gpointer data)
{
  Section *s = data;
  g_string_free (s->head, TRUE);
  g_ptr_array_unref (s->rules);
  g_free (s);
}

Page *
page_new (guint32 seed)
{
  Page *p = g_new0 (Page, 1);
  p->rand = g_rand_new_with_seed (seed);
  p->sections = g_ptr_array_new_with_free_func (section_free);
  int n = 2 + pick (p, 4);
  for (int i = 0; i < n; i++) {
    bool numeric = pick (p, 2);
    const char *name = numeric ? "数" : "断";
    int *count = numeric ? &p->numbers : &p->truths;
    if (pick (p, 5) < 3) {
      table (p, name, *count + 1, numeric);
    } else {
      Section *s = section_new (p, name, *count + 1, numeric ? "数" : "是否");
      g_autofree char *text = numeric ? number (p, 3) : truth (p, 3);
      g_string_append_printf (s->head, "```feel\n%s\n```\n", text);
    }
    (*count)++;
  }
  return p;
}

void
page_free (Page *p)
{
  g_ptr_array_unref (p->sections);
  g_rand_free (p->rand);
  g_free (p);
}

char *
page_text (const Page *p)
{
  GString *out = g_string_new ("## 倍(值: 数): 数\n\n```feel\nif 值 > 100 then 值 else 值 * 2\n```\n\n"
                               "## 较大(列: 列表, 值: 数): 数\n\n```feel\ncount(列[金额 > 值])\n```\n\n"
                               "## 覆盖(列: 列表): 数\n\n```feel\nif count(列) = 0 then 0 else sum(\n"
                               "for i in 1..count(列) return max(0, 列[i].金额 - max(\n"
                               "for j in 1..count(列) return if 列[j].金额 < 列[i].金额 or (列[j].金额 = "
                               "列[i].金额 and j < i) then 列[j].金额 * 0.5 else 0)))\n```\n\n");
  for (guint i = 0; i < p->sections->len; i++) {
    const Section *s = p->sections->pdata[i];
    g_string_append (out, s->head->str);
    for (guint r = 0; r < s->rules->len; r++)
      g_string_append (out, s->rules->pdata[r]);
    g_string_append_c (out, '\n');
  }
  return g_string_free (out, FALSE);
}

/* ---- reading them ------------------------------------------------------------------------ */

static FeelType *
context_type (Arena *arena, const ColumnsTable *table)
{
  FeelMember *members = arena_new0 (arena, FeelMember, table->n_columns);
  for (size_t i = 0; i < table->n_columns; i++) {
    const ColumnsColumn *column = &table->columns[i];
    FeelType *list = arena_new0 (arena, FeelType, 1);
    if (column->kind == COLUMNS_LIST)
      *list = (FeelType){ .kind = FEEL_TYPE_LIST, .element = context_type (arena, column->target) };
    members[i] = (FeelMember){ column->name, column->kind == COLUMNS_BOOLEAN  ? &feel_type_boolean
                                             : column->kind == COLUMNS_NUMBER ? &feel_type_number
                                             : column->kind == COLUMNS_TEXT   ? &feel_type_string
                                             : column->kind == COLUMNS_DATE   ? &feel_type_date
                                             : column->kind == COLUMNS_REFERENCE
                                                 ? context_type (arena, column->target)
                                                 : list };
  }
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_CONTEXT, .n = table->n_columns, .members = members, .closed = true };
  return type;
}

static FeelValue
parameters (Arena *arena)
{
  FeelEntry entries[] = {
    { TEXT_LITERAL ("标准"), feel_number (decimal_from_scaled (15005, 1)) },
    { TEXT_LITERAL ("率"), feel_number (decimal_from_scaled (15, 2)) },
    { TEXT_LITERAL ("月数"), feel_int (6) },
    { TEXT_LITERAL ("缺"), feel_unknown (arena, (FeelNeed){ TEXT_LITERAL ("参数.缺"), NULL }) },
  };
  return feel_context (arena, entries, G_N_ELEMENTS (entries));
}

static bool
read_page (Model *m, const World *world, const char *text)
{
  static DmnVariable variables[3];
  static FeelMember members[4];
  const char *const names[] = { "标准", "率", "月数", "缺" };
  for (int i = 0; i < 4; i++)
    members[i] = (FeelMember){ text_of (names[i]), &feel_type_number };
  static const FeelType type = { .kind = FEEL_TYPE_CONTEXT, .n = 4, .members = members, .closed = true };
  variables[0] = (DmnVariable){ "居民", context_type (m->arena, &world->residents) };
  variables[1] = (DmnVariable){ "参数", &type };
  variables[2] = (DmnVariable){ "基准日", &feel_type_date };
  DmnFaults *faults = dmn_faults_new ();
  DmnClauseSource source = { "页", "page.md", text_of (text), 1, variables, 3, NULL, 0 };
  m->unit = dmn_model_read_clause (m->model, &source, faults);
  bool linked = m->unit && dmn_model_link (m->model, faults);
  dmn_faults_free (faults);
  return linked;
}

bool
model_read (Model *m, const World *world, const char *text)
{
  *m = (Model){ .arena = arena_new (), .model = dmn_model_new () };
  m->constants[0] = (FeelEntry){ TEXT_LITERAL ("参数"), parameters (m->arena) };
  m->constants[1] = (FeelEntry){ TEXT_LITERAL ("基准日"), feel_date (19000) };
  if (!read_page (m, world, text))
    return false;
  m->decisions = arena_new0 (m->arena, const DmnDecision *, m->unit->n_decisions);
  for (size_t i = 0; i < m->unit->n_decisions; i++)
    if (m->unit->decisions[i]->role == DMN_DECISION)
      m->decisions[m->n_decisions++] = m->unit->decisions[i];
  return true;
}

void
model_free (Model *m)
{
  dmn_model_free (m->model);
  arena_free (m->arena);
}
