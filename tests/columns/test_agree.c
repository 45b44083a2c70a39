/* Random pages over random facts: for every row the program and dmn_run give the same
 * answer, and every condition of every table the same state.
 *
 *     COLUMNS_SEED=42 build/tests/columns/test_columns_agree     one page again
 *     COLUMNS_SECONDS=600 …                                      for as long
 */
#include "support.h"

#include "columns/columns.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 180, PLACES = 12, RECORDS_MAX = 4, PAGES = 400, SECONDS = 15 };

/* ---- facts -------------------------------------------------------------------------- */

enum { AGE, INCOME, WORKS, KIND, BORN, SINCE, UNIT, RECORDS, N_COLUMNS };

typedef struct {
  gint8 age[ROWS];
  gint32 income[ROWS];
  guint8 works[ROWS];
  gint16 kind[ROWS];
  gint32 born[ROWS], since[ROWS], unit[ROWS];
  guint32 offsets[ROWS + 1];
  gint32 records[ROWS * RECORDS_MAX];
  guint8 none[N_COLUMNS][ROWS], unknown[N_COLUMNS][ROWS];
  gint16 staff[PLACES];
  guint8 state[PLACES], unit_none[PLACES], unit_unknown[PLACES];
  gint8 sort[PLACES];
  gint32 amount[ROWS * RECORDS_MAX];
  gint8 record_kind[ROWS * RECORDS_MAX];
  guint8 record_none[ROWS * RECORDS_MAX], record_unknown[ROWS * RECORDS_MAX];
  ColumnsColumn columns[N_COLUMNS], unit_columns[3], record_columns[2];
  ColumnsTable residents, units, records_table;
} World;

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

static World *
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

typedef struct {
  GString *head;    /* the heading, and a table's head */
  GPtrArray *rules; /* char *; empty for an expression */
} Section;

typedef struct {
  GRand *rand;
  GPtrArray *sections;
  int truths, numbers; /* decisions made so far of each type: 断1 …, 数1 … */
} Page;

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

static char *
number (Page *p, int depth)
{
  if (p->numbers && pick (p, 5) == 0)
    return g_strdup_printf ("数%d", 1 + pick (p, p->numbers));
  if (depth <= 0 || pick (p, 4) == 0)
    return g_strdup (CHOICE (p, "居民.年龄", "居民.收入", "居民.单位.人数", "18", "0", "1001", "0.5",
                             "参数.标准", "参数.率", "参数.缺", "null", "居民.年龄", "居民.收入"));
  switch (pick (p, 13)) {
  case 0: return two ("(@ + #)", number (p, depth - 1), number (p, depth - 1));
  case 1: return two ("(@ - #)", number (p, depth - 1), number (p, depth - 1));
  case 2: return two ("(@ * #)", number (p, 0), number (p, 0));
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
    return g_strdup (CHOICE (p, "some 次 in 居民.记录 satisfies 次.金额 > 100",
                             "every 次 in 居民.记录 satisfies 次.金额 < 居民.收入",
                             "some 次 in 居民.记录 satisfies 次.类别 = 居民.类别",
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

static void
section_free (gpointer data)
{
  Section *s = data;
  g_string_free (s->head, TRUE);
  g_ptr_array_unref (s->rules);
  g_free (s);
}

static Page *
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

static void
page_free (Page *p)
{
  g_ptr_array_unref (p->sections);
  g_rand_free (p->rand);
  g_free (p);
}

static char *
page_text (const Page *p)
{
  GString *out = g_string_new ("## 倍(值: 数): 数\n\n```feel\nif 值 > 100 then 值 else 值 * 2\n```\n\n");
  for (guint i = 0; i < p->sections->len; i++) {
    const Section *s = p->sections->pdata[i];
    g_string_append (out, s->head->str);
    for (guint r = 0; r < s->rules->len; r++)
      g_string_append (out, s->rules->pdata[r]);
    g_string_append_c (out, '\n');
  }
  return g_string_free (out, FALSE);
}

/* ---- both ways ----------------------------------------------------------------------------- */

typedef struct {
  const World *world;
  Arena *arena;
  DmnModel *model;
  const DmnUnit *unit;
  FeelEntry constants[2];
  const ColumnsProgram *program;
  size_t n_decisions;
  const DmnDecision **decisions;
  const FeelPath **paths;
  size_t *n_paths;
  size_t row, decision;
  GString *problem;
  size_t compared, outside;
} Bench;

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

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  Bench *b = host;
  for (size_t i = 0; i < G_N_ELEMENTS (b->constants); i++)
    if (text_equal (b->constants[i].name, text_of (variable->name)))
      return b->constants[i].value;
  return columns_row_value (&b->world->residents, b->row, "居民", b->paths[b->decision],
                            b->n_paths[b->decision], arena);
}

static bool
prepare (Bench *b, const World *world, const char *text)
{
  static DmnVariable variables[3];
  b->world = world;
  b->arena = arena_new ();
  b->model = dmn_model_new ();
  b->problem = g_string_new (NULL);
  b->constants[0] = (FeelEntry){ TEXT_LITERAL ("参数"), parameters (b->arena) };
  b->constants[1] = (FeelEntry){ TEXT_LITERAL ("基准日"), feel_date (19000) };
  static FeelMember members[4];
  const char *const names[] = { "标准", "率", "月数", "缺" };
  for (int i = 0; i < 4; i++)
    members[i] = (FeelMember){ text_of (names[i]), &feel_type_number };
  static const FeelType type = { .kind = FEEL_TYPE_CONTEXT, .n = 4, .members = members, .closed = true };
  variables[0] = (DmnVariable){ "居民", context_type (b->arena, &world->residents) };
  variables[1] = (DmnVariable){ "参数", &type };
  variables[2] = (DmnVariable){ "基准日", &feel_type_date };
  DmnFaults *faults = dmn_faults_new ();
  DmnClauseSource source = { "页", "page.md", text_of (text), 1, variables, 3, NULL, 0 };
  b->unit = dmn_model_read_clause (b->model, &source, faults);
  bool linked = b->unit && dmn_model_link (b->model, faults);
  dmn_faults_free (faults);
  return linked;
}

static void
prepare_decisions (Bench *b)
{
  b->decisions = arena_new0 (b->arena, const DmnDecision *, b->unit->n_decisions);
  b->paths = arena_new0 (b->arena, const FeelPath *, b->unit->n_decisions);
  b->n_paths = arena_new0 (b->arena, size_t, b->unit->n_decisions);
  for (size_t i = 0; i < b->unit->n_decisions; i++) {
    const DmnDecision *d = b->unit->decisions[i];
    if (d->role != DMN_DECISION)
      continue;
    size_t n;
    const FeelPath *all = dmn_decision_closure (b->model, b->arena, d, &n);
    FeelPath *paths = arena_new0 (b->arena, FeelPath, n);
    size_t at = b->n_decisions++;
    for (size_t k = 0; k < n; k++)
      if (strcmp (dmn_path_variable (d, &all[k]), "居民") == 0)
        paths[b->n_paths[at]++] = all[k];
    b->decisions[at] = d;
    b->paths[at] = paths;
  }
}

static void
note (Bench *b, FeelValue expected, const char *what)
{
  if (b->problem->len)
    return;
  const DmnDecision *d = b->decisions[b->decision];
  FeelValue facts = columns_row_value (&b->world->residents, b->row, "居民", b->paths[b->decision],
                                       b->n_paths[b->decision], b->arena);
  g_string_append_printf (b->problem, "%.*s, row %zu: %s; dmn says ", (int)d->name.len, d->name.bytes, b->row,
                          what);
  feel_write (b->problem, expected);
  g_string_append (b->problem, "; facts ");
  feel_write (b->problem, facts);
  g_string_append_c (b->problem, '\n');
}

static FeelValue
answer_value (Bench *b, const ColumnsAnswer *a, size_t i)
{
  unsigned scale;
  FeelKind kind = columns_program_kind (b->program, b->decision, &scale);
  if (a->unknown && a->unknown[i])
    return feel_unknown (b->arena, (FeelNeed){ 0 });
  if (a->none && a->none[i])
    return feel_null ();
  return kind == FEEL_BOOLEAN ? feel_boolean (a->truths[i])
                              : feel_number (decimal_from_scaled (a->numbers[i], (int)scale));
}

static DmnStatus
condition_of (const ColumnsReasons *r, size_t rule, size_t input, size_t i)
{
  size_t k = rule * r->n_bytes + input / 8;
  guint8 bit = (guint8)(1 << input % 8);
  if (r->failed[k] && r->failed[k][i] & bit)
    return DMN_NOT_MET;
  return r->open[k] && r->open[k][i] & bit ? DMN_UNDECIDED : DMN_MET;
}

static void
compare_trace (Bench *b, const ColumnsChunk *chunk, const DmnTrace *trace, size_t i)
{
  for (; trace; trace = trace->next)
    for (size_t k = 0; k < chunk->n_reasons; k++) {
      const ColumnsReasons *r = &chunk->reasons[k];
      if (r->table != trace->table)
        continue;
      for (size_t rule = 0; rule < trace->n_rules; rule++)
        for (size_t c = 0; c < trace->table->n_inputs; c++)
          if (condition_of (r, rule, c, i) != trace->rules[rule].conditions[c].status) {
            g_autofree char *what = g_strdup_printf (
                "%.*s, rule %zu, input %zu is %s here and %s there", (int)trace->decision->name.len,
                trace->decision->name.bytes, rule + 1, c + 1, dmn_status_id (condition_of (r, rule, c, i)),
                dmn_status_id (trace->rules[rule].conditions[c].status));
            note (b, trace->rules[rule].conditions[c].value, what);
          }
      if (r->rule[i] != 0xff && (r->rule[i] >= trace->n_rules || trace->rules[r->rule[i]].status != DMN_MET))
        note (b, feel_null (), "the rule is not met");
    }
}

static void
take (void *host, const ColumnsChunk *chunk)
{
  Bench *b = host;
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < chunk->n && !b->problem->len; i++)
    for (b->decision = 0; b->decision < b->n_decisions; b->decision++) {
      if (columns_program_why (b->program, b->decision))
        continue;
      arena_reset (arena);
      b->row = chunk->first + i;
      DmnRun *run = dmn_run_new (b->model, arena, bind, b, DMN_TRACE);
      FeelValue expected = dmn_run_decision (run, b->decisions[b->decision]);
      FeelValue got = answer_value (b, &chunk->answers[b->decision], i);
      bool same = expected.kind == got.kind
                  && (expected.kind <= FEEL_UNKNOWN || feel_is_true (feel_equal (arena, expected, got)));
      g_autoptr (GString) text = g_string_new ("columns say ");
      feel_write (text, got);
      if (!same)
        note (b, expected, text->str);
      compare_trace (b, chunk, dmn_run_trace (run), i);
      b->compared++;
    }
}

/* What differs on the page, NULL when nothing does (or it is no page). */
static char *
page_problem (const World *world, const Page *p, size_t *compared, size_t *outside, bool *valid)
{
  Bench b = { 0 };
  g_autofree char *text = page_text (p);
  *valid = prepare (&b, world, text);
  if (*valid) {
    prepare_decisions (&b);
    ColumnsWorld columns = { "居民", &world->residents, b.constants, 2 };
    g_autoptr (ColumnsProgram) program = columns_compile (&columns, b.decisions, b.n_decisions);
    b.program = program;
    columns_run (program, 1, take, &b);
    for (size_t i = 0; i < b.n_decisions; i++) {
      b.outside += columns_program_why (program, i) != NULL;
      if (g_getenv ("COLUMNS_WHY") && columns_program_why (program, i))
        g_test_message ("%s", columns_program_why (program, i));
    }
  }
  *compared += b.compared;
  *outside += b.outside;
  dmn_model_free (b.model);
  arena_free (b.arena);
  char *problem = b.problem->len ? g_strdup (b.problem->str) : NULL;
  g_string_free (b.problem, TRUE);
  return problem;
}

/* Rules taken away one by one, as long as something still differs. */
static void
shrink (const World *world, Page *p)
{
  size_t ignored = 0;
  bool valid;
  for (guint i = 0; i < p->sections->len; i++) {
    Section *s = p->sections->pdata[i];
    for (guint r = s->rules->len; r-- > 0 && s->rules->len > 1;) {
      char *rule = g_strdup (s->rules->pdata[r]);
      g_ptr_array_remove_index (s->rules, r);
      g_autofree char *problem = page_problem (world, p, &ignored, &ignored, &valid);
      if (problem)
        g_free (rule);
      else
        g_ptr_array_insert (s->rules, (int)r, rule);
    }
  }
  while (p->sections->len > 1) { /* the last decisions, when the difference is earlier */
    g_ptr_array_set_free_func (p->sections, NULL);
    Section *last = g_ptr_array_remove_index (p->sections, p->sections->len - 1);
    g_autofree char *problem = page_problem (world, p, &ignored, &ignored, &valid);
    g_ptr_array_set_free_func (p->sections, section_free);
    if (problem) {
      section_free (last);
      continue;
    }
    g_ptr_array_add (p->sections, last);
    break;
  }
}

static void
test_agree (void)
{
  const char *one = g_getenv ("COLUMNS_SEED"), *seconds = g_getenv ("COLUMNS_SECONDS");
  gint64 end = g_get_monotonic_time () + (seconds ? atoi (seconds) : SECONDS) * G_USEC_PER_SEC;
  size_t compared = 0, outside = 0, pages = 0, invalid = 0;
  guint32 first = one ? (guint32)strtoul (one, NULL, 10) : 1, n = one ? 1 : seconds ? 1000000 : PAGES;
  for (guint32 seed = first; seed < first + n && g_get_monotonic_time () < end; seed++, pages++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    World *world = world_new (rand);
    GError *error = NULL;
    g_assert_true (columns_table_check (&world->residents, &error));
    Page *p = page_new (seed);
    bool valid;
    g_autofree char *problem = page_problem (world, p, &compared, &outside, &valid);
    invalid += !valid;
    if (problem) {
      shrink (world, p);
      size_t ignored = 0;
      g_autofree char *shrunk = page_problem (world, p, &ignored, &ignored, &valid), *text = page_text (p);
      g_test_message ("COLUMNS_SEED=%u\n%s\n%s", seed, text, shrunk ? shrunk : problem);
      g_test_fail ();
      end = 0;
    }
    page_free (p);
    g_free (world);
  }
  g_test_message ("%zu pages (%zu that do not compile), %zu answers compared, %zu decisions outside", pages,
                  invalid, compared, outside);
  if (!one)
    g_assert_cmpuint (compared, >, 1000);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/agree", test_agree);
  return g_test_run ();
}
