/* Where a program can come out otherwise as a date of birth goes up: the cases expected, and within
 * each the same answers for every row, held against every single day. */
#include "support.h"

#include "columns/columns.h"

#include <string.h>

enum { ROWS = 64, LOW = 14000, HIGH = 19000, TODAY = 19000, MOST = 40 };

static const struct {
  const char *what, *page;
  bool all;
  size_t n; /* 0: not told here */
} asked[] = {
  { "a date", "## 成年: 是否\n\n```feel\n居民.出生 + duration(\"P8Y\") <= 基准日\n```\n", true, 2 },
  { "an age",
    "## 年龄: 数\n\n```feel\nyears and months duration(居民.出生, 基准日).years\n```\n\n"
    "## 合适: 是否\n\n| U | 年龄 | 居民.限 | → 合适 |\n|---|---|---|---|\n| 1 | [3..7) | > 2 | true |\n"
    "| 2 | < 3 | - | false |\n| 3 | [3..7) | <= 2 | false |\n| 4 | >= 7 | - | false |\n",
    true, 3 },
  { "an age and a limit of one's own",
    "## 合适: 是否\n\n```feel\nyears and months duration(居民.出生, 基准日).years <= 居民.限\n```\n", true,
    14 },
  { "a function, a list and what others are",
    "## 够(生: 日期, 年: 数): 是否\n\n```feel\n生.year + 年 < 2022\n```\n\n"
    "## 合适: 是否\n\n```feel\n够(居民.出生, 4) and (some 友 in 居民.朋友 satisfies 友.限 > 5) or "
    "居民.出生 = date(\"2010-06-01\") and 居民.限 = 1\n```\n",
    true, 4 },
  { "a fact of few values",
    "## 到期: 日期\n\n```feel\n居民.出生 + (if 居民.类 = \"甲\" then 4 else if 居民.类 = \"乙\" and "
    "居民.干部 = true then 6 "
    "else 9) * duration(\"P1Y\")\n```\n\n## 合适: 是否\n\n```feel\n到期 <= 基准日 and 居民.限 > 2\n```\n",
    true, 4 },
  { "two dates", "## 合适: 是否\n\n```feel\n居民.出生 < 居民.入职 or 居民.出生.year < 2010\n```\n", false,
    2 },
  { "another's", "## 合适: 是否\n\n```feel\n居民.上级.出生.month > 6 and 居民.限 > 3\n```\n", true, 0 },
};

typedef struct {
  gint32 born[ROWS], since[ROWS], chief[ROWS], friends[ROWS * 2];
  gint8 limit[ROWS];
  guint32 offsets[ROWS + 1];
  gint8 class[ROWS], cadre[ROWS];
  guint8 unknown[ROWS];
  guint8 answers[ROWS], before[ROWS];
  ColumnsColumn columns[7], others[7];
  ColumnsTable table, other; /* 居民, and 居民 as a chief */
} Town;

static const Text classes[] = { TEXT_LITERAL ("甲"), TEXT_LITERAL ("乙"), TEXT_LITERAL ("丙") };

static Town *
town_new (gint32 *varied, bool at_chief)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  Town *t = g_new0 (Town, 1);
  for (int r = 0; r < ROWS; r++) {
    t->born[r] = g_rand_int_range (rand, LOW, HIGH + 1);
    t->since[r] = g_rand_int_range (rand, LOW, HIGH + 1);
    t->chief[r] = g_rand_int_range (rand, 0, ROWS);
    t->limit[r] = (gint8)g_rand_int_range (rand, 0, 12);
    t->class[r] = (gint8)g_rand_int_range (rand, 0, 3);
    t->cadre[r] = (gint8)g_rand_int_range (rand, 0, 2);
    t->unknown[r] = g_rand_int_range (rand, 0, 4) ? 0 : 0xff;
    t->offsets[r + 1] = t->offsets[r] + 2;
    t->friends[2 * r] = g_rand_int_range (rand, 0, ROWS);
    t->friends[2 * r + 1] = g_rand_int_range (rand, 0, ROWS);
  }
  const ColumnsColumn born = { .name = TEXT_LITERAL ("出生"),
                               .kind = COLUMNS_DATE,
                               .width = 4,
                               .min = LOW,
                               .max = HIGH,
                               .values = t->born };
  t->columns[0] = born;
  t->columns[1] = born;
  t->columns[1].name = TEXT_LITERAL ("入职");
  t->columns[1].values = t->since;
  t->columns[2] = (ColumnsColumn){
    .name = TEXT_LITERAL ("限"), .kind = COLUMNS_NUMBER, .width = 1, .max = 12, .values = t->limit
  };
  t->columns[3] = (ColumnsColumn){ .name = TEXT_LITERAL ("上级"),
                                   .kind = COLUMNS_REFERENCE,
                                   .width = 4,
                                   .target = &t->other,
                                   .values = t->chief };
  t->columns[4] = (ColumnsColumn){ .name = TEXT_LITERAL ("朋友"),
                                   .kind = COLUMNS_LIST,
                                   .width = 4,
                                   .target = &t->other,
                                   .most = 2,
                                   .values = t->friends,
                                   .offsets = t->offsets };
  t->columns[5] = (ColumnsColumn){ .name = TEXT_LITERAL ("类"),
                                   .kind = COLUMNS_TEXT,
                                   .width = 1,
                                   .n_texts = 3,
                                   .texts = classes,
                                   .values = t->class };
  t->columns[6] = (ColumnsColumn){ .name = TEXT_LITERAL ("干部"),
                                   .kind = COLUMNS_BOOLEAN,
                                   .width = 1,
                                   .values = t->cadre,
                                   .has_unknown = true,
                                   .unknown = t->unknown };
  memcpy (t->others, t->columns, sizeof t->columns);
  t->table = (ColumnsTable){ TEXT_LITERAL ("居民"), ROWS, G_N_ELEMENTS (t->columns), t->columns };
  t->other = (ColumnsTable){ TEXT_LITERAL ("居民"), ROWS, G_N_ELEMENTS (t->others), t->others };
  (at_chief ? t->others : t->columns)[0].values = varied;
  return t;
}

static const FeelType *
resident_type (Arena *arena)
{
  FeelMember *members = arena_new0 (arena, FeelMember, 7);
  FeelType *type = arena_new0 (arena, FeelType, 1), *list = arena_new0 (arena, FeelType, 1);
  members[0] = (FeelMember){ TEXT_LITERAL ("出生"), &feel_type_date };
  members[1] = (FeelMember){ TEXT_LITERAL ("入职"), &feel_type_date };
  members[2] = (FeelMember){ TEXT_LITERAL ("限"), &feel_type_number };
  members[3] = (FeelMember){ TEXT_LITERAL ("上级"), type };
  members[4] = (FeelMember){ TEXT_LITERAL ("朋友"), list };
  members[5] = (FeelMember){ TEXT_LITERAL ("类"), &feel_type_string };
  members[6] = (FeelMember){ TEXT_LITERAL ("干部"), &feel_type_boolean };
  *type = (FeelType){ .kind = FEEL_TYPE_CONTEXT, .n = 7, .members = members, .closed = true };
  *list = (FeelType){ .kind = FEEL_TYPE_LIST, .element = type };
  return type;
}

static const DmnDecision *
read_page (DmnModel *model, Arena *arena, const char *page)
{
  DmnVariable *variables = arena_new0 (arena, DmnVariable, 2);
  variables[0] = (DmnVariable){ "居民", resident_type (arena) };
  variables[1] = (DmnVariable){ "基准日", &feel_type_date };
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnClauseSource source = { .id = "页",
                             .origin = "page.md",
                             .body = text_of (page),
                             .first_line = 1,
                             .variables = variables,
                             .n_variables = 2 };
  const DmnUnit *unit = dmn_model_read_clause (model, &source, faults);
  if (!unit || !dmn_model_link (model, faults)) {
    size_t n;
    g_error ("%s", dmn_faults_list (faults, &n)->message);
  }
  return unit->decisions[unit->n_decisions - 1];
}

static void
take (void *host, const ColumnsChunk *chunk)
{
  Town *t = host;
  memcpy (t->answers, chunk->answers[0].truths, chunk->n);
  for (size_t i = 0; chunk->answers[0].none && i < chunk->n; i++)
    t->answers[i] |= chunk->answers[0].none[i] & 1;
  for (size_t i = 0; chunk->answers[0].unknown && i < chunk->n; i++)
    t->answers[i] |= chunk->answers[0].unknown[i] & 2;
}

/* Every single day: where a case begins is the only place where any row's answer may change. */
static void
test_cases (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data), n, next = 1;
  bool at_chief = g_str_equal (asked[i].what, "another's"), all;
  g_autoptr (Arena) arena = arena_new ();
  gint32 varied[ROWS];
  Town *t = town_new (varied, at_chief);
  DmnModel *model = dmn_model_new ();
  const DmnDecision *decision = read_page (model, arena, asked[i].page);
  FeelEntry today = { TEXT_LITERAL ("基准日"), feel_date (TODAY) };
  ColumnsWorld world = { "居民", &t->table, &today, 1, true };
  g_autoptr (ColumnsProgram) program = columns_compile (&world, &decision, NULL, 1);
  g_assert_cmpstr (columns_program_why (program, 0), ==, NULL);
  const gint64 *cases = columns_program_cases (program, (at_chief ? t->others : t->columns), LOW, HIGH, MOST,
                                               arena, &n, &all);
  g_assert_cmpint (all, ==, asked[i].all);
  g_assert_cmpint (cases[0], ==, LOW);
  if (asked[i].n)
    g_assert_cmpuint (n, ==, asked[i].n);
  for (gint32 day = LOW; day <= HIGH && all; day++) {
    for (int r = 0; r < ROWS; r++)
      varied[r] = day;
    columns_run (program, 1, take, t);
    bool begins = next < n && cases[next] == day;
    next += begins;
    if (day > LOW && !begins)
      g_assert_cmpint (memcmp (t->answers, t->before, sizeof t->answers), ==, 0);
    memcpy (t->before, t->answers, sizeof t->answers);
  }
  g_assert_true (!all || next == n);
  dmn_model_free (model);
  g_free (t);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (asked); i++) {
    g_autofree char *title = g_strdup_printf ("/columns/cases/%s", asked[i].what);
    g_test_add_data_func (title, GSIZE_TO_POINTER (i), test_cases);
  }
  return g_test_run ();
}
